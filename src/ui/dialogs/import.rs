use std::path::PathBuf;
use std::sync::Arc;

use egui::{ComboBox, RichText, ScrollArea, Ui, vec2};
use geo_types::{Coord, Geometry};

use super::super::action::{Action, Actions};
use super::super::command::Command;
use super::super::ctx::Ctx;
use super::super::model::{Model, Toast};
use super::super::open::refused;
use super::super::perform::{caught_up, write_whole};
use super::super::widgets::{named_combo, note, strong};
use super::Dialog;
use super::datum::{DatumPage, map_ui};
use crate::domain::{Change, EditKind, Kind, Stamp, Text, World};
use crate::exchange::formats::{self, csv};
use crate::exchange::meaning::{self, Import, ImportError, OnDouble, Report};
use crate::exchange::{Options, Stop};
use crate::geodesy::crs::Crs;
use crate::geodesy::wkb;
use crate::jobs::Progress;
use crate::settings::clock;
use crate::store::Size;
use crate::text;

/// Where rows come from.
#[derive(Clone)]
pub enum Source {
    File(PathBuf),
    /// Tab-separated text from Excel, WPS or WeChat.
    Pasted(String),
}

/// Looks at a file before anything is written: what it is, where it lies, what would change.
pub struct ImportPage {
    source: Source,
    kind: Option<Kind>,
    crs: Option<Crs>,
    state: State,
    progress: Progress,
    /// Counted up with each look, so that an overtaken answer is known.
    turn: u64,
}

enum State {
    Looking,
    Failed { words: String, is_datum: bool },
    Ready(Box<Look>),
    Writing,
}

/// What a look at the file brought.
struct Look {
    turn: u64,
    report: Report,
    changes: Arc<Vec<Change>>,
    /// Some places on WGS-84 degrees, as they would be stored.
    places: Vec<Coord<f64>>,
}

/// A look that came to nothing.
struct Failure {
    turn: u64,
    zh: String,
    en: String,
    is_datum: bool,
    /// The places under each datum, where only the datum is missing.
    candidates: Vec<(Crs, Vec<Coord<f64>>)>,
}

/// Places that the preview shows.
const MOST_PLACES: usize = 4000;
pub const SYSTEMS: [(Crs, &str); 4] = [
    (Crs::Wgs84, "WGS-84"),
    (Crs::Gcj02, "GCJ-02（高德、腾讯）"),
    (Crs::Bd09, "BD-09（百度）"),
    (Crs::Cgcs2000, "CGCS2000"),
];

impl ImportPage {
    pub fn new(source: Source, model: &Model, actions: &Actions) -> Self {
        let mut page = Self {
            source,
            kind: None,
            crs: None,
            state: State::Looking,
            progress: Progress::default(),
            turn: 0,
        };
        page.look(&Ctx { model, actions });
        page
    }

    /// The same file again, on a datum that a person has chosen.
    pub fn on(source: Source, kind: Option<Kind>, crs: Crs, ctx: &Ctx<'_>) -> Self {
        let mut page = Self {
            source,
            kind,
            crs: Some(crs),
            state: State::Looking,
            progress: Progress::default(),
            turn: 0,
        };
        page.look(ctx);
        page
    }

    fn file_name(&self) -> String {
        match &self.source {
            Source::File(path) => {
                path.file_name().unwrap_or_default().to_string_lossy().into_owned()
            }
            Source::Pasted(_) => "粘贴.csv".to_owned(),
        }
    }

    fn order(&self, stamp: &Stamp) -> Import {
        Import {
            kind: self.kind,
            crs: self.crs.clone(),
            map: Vec::new(),
            on_double: OnDouble::Tell,
            options: Options::default(),
            file: self.file_name().into(),
            stamp: stamp.clone(),
            ids: clock::ids(stamp),
        }
    }

    /// Reads everything against the world, off the window's thread, and writes nothing.
    fn look(&mut self, ctx: &Ctx<'_>) {
        self.progress.cancel();
        self.progress = Progress::default();
        self.turn += 1;
        self.state = State::Looking;
        let (turn, source, progress) = (self.turn, self.source.clone(), self.progress.clone());
        let (order, world) = (self.order(&ctx.stamp()), ctx.world());
        ctx.actions.send(Action::Work(
            "look",
            Box::new(move |_| match look(&source, &order, &world, &progress) {
                Ok((report, changes)) => {
                    let places = places_of(&changes);
                    let changes = Arc::new(changes);
                    Action::ForDialog(Box::new(Ok::<Look, Failure>(Look {
                        turn,
                        report,
                        changes,
                        places,
                    })))
                }
                Err(error) => Action::ForDialog(Box::new(Err::<Look, Failure>(failure(
                    turn, &error, &source, &order, &world, &progress,
                )))),
            }),
        ));
    }

    /// What was shown is what is written: one transaction, one undo step, after a dated copy.
    fn write(&mut self, ctx: &Ctx<'_>) {
        let State::Ready(ready) = &self.state else { return };
        let (changes, stamp, note) = (Arc::clone(&ready.changes), ctx.stamp(), self.file_name());
        let (progress, count) = (self.progress.clone(), ready.changes.len());
        self.state = State::Writing;
        ctx.actions.send(Action::Keep(Box::new(move |store| {
            let before = store.revision().unwrap_or_default();
            let backed_up = store.backup_dated(&stamp, "import");
            let written = backed_up.and_then(|_| {
                let mut session =
                    store.session(&stamp, if count > 20_000 { Size::Many } else { Size::Few })?;
                for (done, change) in changes.iter().enumerate() {
                    if done % 1000 == 0 {
                        progress.set(done as u64, count as u64);
                    }
                    if progress.is_cancelled() {
                        return Ok(false);
                    }
                    session.write(change)?;
                }
                session.commit(EditKind::Import, Some(note.clone()))?;
                Ok(true)
            });
            match written {
                Ok(true) => {
                    let toast = Toast::done(
                        format!("已导入 {count} 条：{note}"),
                        format!("{count} records from {note}"),
                    );
                    caught_up(
                        store,
                        before,
                        Some(toast.with_way(Command::Undo.about().words, Command::Undo)),
                    )
                }
                Ok(false) => Action::Say(Toast::watch(
                    "已取消，未写入任何数据",
                    "Cancelled; nothing was written",
                )),
                Err(error) => refused(store, &error),
            }
        })));
    }

    fn datum_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.horizontal_wrapped(|ui| {
            ui.label(note(ctx.tell("坐标系", "Datum")));
            let mut chosen = None;
            for (crs, name) in SYSTEMS {
                if ui.selectable_label(self.crs.as_ref() == Some(&crs), name).clicked() {
                    chosen = Some(crs);
                }
            }
            if let Some(crs) = chosen {
                self.crs = Some(crs);
                self.look(ctx);
            }
        });
    }

    fn kind_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, guessed: &str) {
        ui.horizontal(|ui| {
            ui.label(note(ctx.tell("导入为", "Import as")));
            let shown = self.kind.map_or(guessed, |kind| ctx.say(kind.label()));
            let mut chosen = None;
            let combo = ComboBox::from_id_salt("import kind")
                .selected_text(shown)
                .width(180.0)
                .show_ui(ui, |ui| {
                    for kind in Kind::ALL {
                        if ui
                            .selectable_label(self.kind == Some(kind), ctx.say(kind.label()))
                            .clicked()
                        {
                            chosen = Some(kind);
                        }
                    }
                });
            named_combo(&combo.response, ctx.say(Text::new("导入为", "Import as")), shown);
            if let Some(kind) = chosen {
                self.kind = Some(kind);
                self.look(ctx);
            }
        });
    }
}

fn look(
    source: &Source,
    order: &Import,
    world: &World,
    progress: &Progress,
) -> Result<(Report, Vec<Change>), ImportError> {
    let mut changes = Vec::new();
    let mut take = |change: Change| {
        changes.push(change);
        if changes.len() % 1000 == 0 {
            progress.set(changes.len() as u64, 0);
        }
        if progress.is_cancelled() { Err(Stop) } else { Ok(()) }
    };
    let report = match source {
        Source::File(path) => {
            meaning::import(formats::by_name(path)?, path, order, world, &mut take)?
        }
        Source::Pasted(text) => {
            let folder = tempfile::tempdir().map_err(crate::exchange::Error::Io)?;
            let path = folder.path().join("pasted.csv");
            std::fs::write(&path, text).map_err(crate::exchange::Error::Io)?;
            meaning::import(&csv::Csv, &path, order, world, &mut take)?
        }
    };
    Ok((report, changes))
}

/// A file that only lacks its datum is read under each, so that a person can see which one fits.
fn failure(
    turn: u64,
    error: &ImportError,
    source: &Source,
    order: &Import,
    world: &World,
    progress: &Progress,
) -> Failure {
    let is_datum = matches!(error, ImportError::DatumUnknown { .. });
    let mut candidates = Vec::new();
    if is_datum {
        for (crs, _) in SYSTEMS.iter().take(3) {
            let order = Import { crs: Some(crs.clone()), ..order.clone() };
            if let Ok((_, changes)) = look(source, &order, world, progress) {
                candidates.push((crs.clone(), places_of(&changes)));
            }
        }
    }
    Failure {
        turn,
        zh: if is_datum {
            "文件没有说明坐标系。请点选落在道路、地块上的那一张图：".to_owned()
        } else {
            text::import_error(crate::domain::Lang::Zh, error)
        },
        en: if is_datum {
            "The file does not say its datum. Click the map on which the points lie right:"
                .to_owned()
        } else {
            text::import_error(crate::domain::Lang::En, error)
        },
        is_datum,
        candidates,
    }
}

fn places_of(changes: &[Change]) -> Vec<Coord<f64>> {
    let every = changes.len().div_ceil(MOST_PLACES).max(1);
    let geometry =
        |change: &Change| change.after.as_ref().and_then(|record| record.geometry.clone());
    changes
        .iter()
        .step_by(every)
        .filter_map(geometry)
        .filter_map(|shape: Geometry<f64>| {
            let bounds = wkb::bounds(&shape)?;
            Some((bounds.min + bounds.max) / 2.0)
        })
        .collect()
}

impl Dialog for ImportPage {
    fn title(&self) -> Text {
        Command::Import.about().words
    }

    fn size(&self) -> [f32; 2] {
        [900.0, 600.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        ui.label(strong(self.file_name()));
        let mut state = std::mem::replace(&mut self.state, State::Looking);
        let turn = self.turn;
        let mut stays = true;
        match &mut state {
            State::Looking | State::Writing => {
                ui.horizontal(|ui| {
                    ui.spinner();
                    let words = if matches!(state, State::Writing) {
                        ctx.tell("正在写入…", "Writing…")
                    } else {
                        ctx.tell("正在读取…", "Reading…")
                    };
                    ui.label(words);
                    if ui.button(ctx.tell("取消", "Cancel")).clicked() {
                        self.progress.cancel();
                        stays = false;
                    }
                });
                if let Some(share) = self.progress.share() {
                    ui.add(egui::ProgressBar::new(share));
                }
            }
            State::Failed { words, is_datum } => {
                ui.label(RichText::new(words.as_str()).color(ctx.color(|t| t.act)));
                if *is_datum {
                    self.datum_ui(ui, ctx);
                } else {
                    self.kind_ui(ui, ctx, ctx.say(Text::new("自动", "guessed")));
                }
            }
            State::Ready(ready) => {
                stays = self.ready_ui(ui, ctx, ready);
            }
        }
        // A new look that was started meanwhile has its own state.
        if self.turn == turn && matches!(self.state, State::Looking) {
            self.state = state;
            if !stays && matches!(self.state, State::Ready(_)) {
                self.write(ctx);
            }
        }
        stays
    }

    fn take(&mut self, answer: Box<dyn std::any::Any + Send>, ctx: &Ctx<'_>) {
        let Ok(answer) = answer.downcast::<Result<Look, Failure>>() else { return };
        match *answer {
            Ok(look) if look.turn == self.turn => self.state = State::Ready(Box::new(look)),
            Err(failure) if failure.turn == self.turn => {
                self.state = State::Failed {
                    words: ctx.tell(failure.zh, failure.en),
                    is_datum: failure.is_datum,
                };
                if failure.is_datum {
                    ctx.actions.send(Action::Dialog(Some(Box::new(DatumPage::new(
                        self.source.clone(),
                        self.kind,
                        failure.candidates,
                    )))));
                }
            }
            _ => {}
        }
    }

    fn closed(&mut self) {
        if !matches!(self.state, State::Writing) {
            self.progress.cancel();
        }
    }
}

impl ImportPage {
    /// `false` when it shall be written, or was given up.
    fn ready_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, look: &Look) -> bool {
        let report = &look.report;
        let layers: Vec<&str> = report.layers.iter().map(|kind| ctx.say(kind.label())).collect();
        ui.label(ctx.tell(
            format!("{} 文件，共读 {} 行，坐标系 {}", report.format, report.read, report.crs),
            format!("{} file, {} rows, datum {}", report.format, report.read, report.crs),
        ));
        self.kind_ui(ui, ctx, &layers.join("、"));
        self.datum_ui(ui, ctx);
        ui.horizontal(|ui| {
            for (words, count, is_act) in [
                (Text::new("新增", "new"), report.added, false),
                (Text::new("更新", "updated"), report.updated, false),
                (Text::new("未变", "unchanged"), report.unchanged, false),
                (Text::new("未定位", "unplaced"), report.unlocated, false),
                (Text::new("退回", "rejected"), report.rejected, report.rejected > 0),
            ] {
                let value = strong(count.to_string()).size(18.0);
                ui.label(if is_act { value.color(ctx.color(|t| t.act)) } else { value });
                ui.label(note(ctx.say(words)));
                ui.add_space(10.0);
            }
        });
        for warning in &report.warnings {
            ui.label(
                RichText::new(format!("! {}", ctx.said(warning))).color(ctx.color(|t| t.watch)),
            );
        }
        let room = vec2(ui.available_width(), (ui.available_height() - 150.0).clamp(120.0, 320.0));
        map_ui(ui, ctx, &look.places, room);
        if !report.rejections.is_empty() {
            self.rejections_ui(ui, ctx, report);
        }
        let mut stays = true;
        ui.horizontal(|ui| {
            let words = ctx.tell(
                format!("导入 {} 条", look.changes.len()),
                format!("Import {} records", look.changes.len()),
            );
            if ui.add_enabled(!look.changes.is_empty(), egui::Button::new(strong(words))).clicked()
            {
                stays = false;
            }
            ui.label(note(ctx.tell(
                "写入前自动备份；整个导入为一步，可撤销",
                "A dated copy is made first; all of it is one undo step",
            )));
        });
        stays
    }

    fn rejections_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>, report: &Report) {
        ScrollArea::vertical().max_height(90.0).show(ui, |ui| {
            for rejection in report.rejections.iter().take(200) {
                ui.label(note(format!(
                    "{} {}: {} {}",
                    ctx.tell("第", "row"),
                    rejection.row,
                    ctx.said(&rejection.reason),
                    rejection.value
                )));
            }
        });
        if ui.button(ctx.tell("下载退回清单…", "Save the rejected rows…")).clicked() {
            let rows: Vec<[String; 4]> = report
                .rejections
                .iter()
                .map(|r| {
                    [
                        r.row.to_string(),
                        r.field.clone(),
                        r.value.clone(),
                        ctx.said(&r.reason).to_owned(),
                    ]
                })
                .collect();
            let name = format!("{}_退回.csv", self.file_name());
            ctx.actions.send(Action::Work(
                "export",
                Box::new(move |_| {
                    let Some(target) = rfd::FileDialog::new().set_file_name(name).save_file()
                    else {
                        return Action::Nothing;
                    };
                    // Excel takes a file for UTF-8 by its mark.
                    let mut text = String::from("\u{feff}行,列,内容,原因\r\n");
                    for row in &rows {
                        let cells: Vec<String> = row
                            .iter()
                            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
                            .collect();
                        text.push_str(&cells.join(","));
                        text.push_str("\r\n");
                    }
                    Action::Say(match write_whole(&target, text.as_bytes()) {
                        Ok(()) => Toast::done(
                            format!("已保存：{}", target.display()),
                            format!("written: {}", target.display()),
                        ),
                        Err(error) => Toast::act(
                            format!("未能保存：{error}"),
                            format!("not written: {error}"),
                        ),
                    })
                }),
            ));
        }
    }
}
