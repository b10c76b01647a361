//! What leaves the ledger: papers for the selected items or for all that are listed, one a unit, and the
//! list itself in the columns of an office.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Popup, Ui};
use jiff::ToSpan as _;
use lucide_icons::Icon;

use super::worded::worded_button;
use crate::analysis::ledger::{LedgerFilter, LedgerRow};
use crate::domain::item::{Deed, moment_words};
use crate::domain::{EditKind, LocalizedText, RecordId, Text, World};
use crate::exchange::package::{About, ENDING};
use crate::files::write_whole;
use crate::intake::package::pack;
use crate::report::PaperFormat;
use crate::report::block::Block;
use crate::report::brief::template::text;
use crate::report::ledger::sheet::{Cells, SheetLayout, SheetOptions, table};
use crate::report::ledger::{LedgerPaper, MapLink, PaperRequest, blocks, numbers, picture};
use crate::settings::ledger_template;
use crate::store::DistrictReader;
use crate::ui::action::{Action, LedgerAction, Outgoing};
use crate::ui::ctx::Ctx;
use crate::ui::model::ledger::LedgerNow;
use crate::ui::model::{Toast, Tone};

/// Everything a file is made from.
struct Job {
    world: Arc<World>,
    now: Arc<LedgerNow>,
    items: Vec<RecordId>,
    district: PathBuf,
    templates: PathBuf,
    by: String,
    outgoing: Outgoing,
    /// What the codes of a patrol sheet open.
    link: MapLink,
    /// How far a bulletin looks back, today among them.
    days: i64,
}

/// What the two menus are called.
pub const MENUS: [Text; 2] =
    [Text::new("文书", "Papers"), Text::new("导出台账", "Export the ledger")];

/// Of a bulletin: a week, a month.
const SPANS: [i64; 2] = [7, 30];

/// The menus of papers and lists.
pub fn ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    now: &Arc<LedgerNow>,
    (listed, by): (&[RecordId], &LedgerFilter),
    has_words: bool,
) {
    let [papers, sheets] = MENUS.map(|words| ctx.say(words));
    let papers = worded_button(ui, Icon::FileText, papers, has_words);
    Popup::menu(&papers).show(|ui| {
        for paper in LedgerPaper::ALL {
            if paper == LedgerPaper::Patrol {
                patrol_ui(ui, ctx, now, listed);
                continue;
            }
            let spans: &[i64] = if paper == LedgerPaper::Bulletin { &SPANS } else { &SPANS[..1] };
            for days in spans.iter().copied() {
                ui.horizontal(|ui| {
                    for format in [PaperFormat::Docx, PaperFormat::Pdf] {
                        let label = ctx.say(paper.label());
                        let name = match format {
                            PaperFormat::Docx if spans.len() > 1 => ctx.tell(
                                format!("{label}（近{days}天） Word"),
                                format!("{label}, {days} days: Word"),
                            ),
                            PaperFormat::Docx => format!("{label} Word"),
                            _ => "PDF".to_owned(),
                        };
                        if ui.button(name).clicked() {
                            let job = Job { days, ..Job::of(ctx, now, listed) };
                            send(ctx, job, paper, format);
                            ui.close();
                        }
                    }
                });
            }
        }
    });
    let sheets = worded_button(ui, Icon::FileDown, sheets, has_words);
    Popup::menu(&sheets).show(|ui| {
        for layout in SheetLayout::shipped() {
            if ui.button(&layout.name).clicked() {
                // A list as it stands, whatever is selected of it.
                let job = Job { items: listed.to_vec(), ..Job::of(ctx, now, listed) };
                save_sheet(ctx, job, layout, by.words());
                ui.close();
            }
        }
        ui.separator();
        let words = ctx.tell("打包交接（.shapan，含照片）", "Pack for another office (.shapan)");
        if ui.button(words).clicked() {
            save_package(ctx, Job::of(ctx, now, listed), by.words());
            ui.close();
        }
    });
}

/// A patrol sheet, by what its codes open.
fn patrol_ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &Arc<LedgerNow>, listed: &[RecordId]) {
    let label = ctx.say(LedgerPaper::Patrol.label());
    ui.menu_button(
        ctx.tell(format!("{label}（扫码导航）"), format!("{label} with codes")),
        |ui| {
            for link in MapLink::ALL {
                ui.horizontal(|ui| {
                    for format in [PaperFormat::Docx, PaperFormat::Pdf] {
                        let name = match format {
                            PaperFormat::Docx => format!("{} Word", ctx.say(link.label())),
                            _ => "PDF".to_owned(),
                        };
                        if ui.button(name).clicked() {
                            let job = Job { link, ..Job::of(ctx, now, listed) };
                            send(ctx, job, LedgerPaper::Patrol, format);
                            ui.close();
                        }
                    }
                });
            }
        },
    );
}

impl Job {
    /// For the selected items; where fewer than two are selected, the one or all that are listed.
    fn of(ctx: &Ctx<'_>, now: &Arc<LedgerNow>, listed: &[RecordId]) -> Self {
        let is_item = |id: &&RecordId| now.ledger.row(**id).is_some();
        let selected: Vec<RecordId> = ctx.selection.iter().filter(is_item).copied().collect();
        let district = ctx.district.as_ref();
        Self {
            world: ctx.sealed_world(),
            now: Arc::clone(now),
            items: if selected.is_empty() { listed.to_vec() } else { selected },
            district: district.map(|district| district.path.clone()).unwrap_or_default(),
            templates: ctx.folder.clone(),
            by: ctx.stamp().actor.to_string(),
            outgoing: ctx.outgoing(),
            link: MapLink::default(),
            days: SPANS[0],
        }
    }

    fn rows(&self) -> Vec<&LedgerRow> {
        self.items.iter().filter_map(|id| self.now.ledger.row(*id)).collect()
    }
}

fn failed(target: &Path, why: &LocalizedText) -> Action {
    let file = target.display();
    Action::Say(Toast::new(
        Tone::Act,
        LocalizedText::new(
            format!("未能生成：{file}（{}）", why.zh),
            format!("Not written: {file}: {}", why.en),
        ),
    ))
}

/// Writes a paper a unit, where it goes to units, and notes its number with the items.
fn send(ctx: &Ctx<'_>, job: Job, paper: LedgerPaper, format: PaperFormat) {
    let name = format!("{}{}.{}", paper.label().zh, job.now.now.date(), format.ending());
    let kind = ctx.say(format.words()).to_owned();
    let actions = ctx.actions.clone();
    ctx.actions.work("ledger paper", move |_| {
        let Some(target) = actions.ask_where_to_save(&name, &kind) else { return Action::Nothing };
        let mut done = Vec::new();
        let mut numbers = numbers(&job.world, paper, job.now.now.year());
        for (unit, rows) in by_unit(&job, paper) {
            let number = numbers.next().unwrap_or_default();
            let own = of_unit(&target, &unit);
            match write(&job, paper, format, (&own, &unit, &number), &rows) {
                Ok(()) => {
                    let what = format!("{} {number}", paper.label().zh);
                    done.push(job.outgoing.written(EditKind::Paper, &own, &[what]));
                    if let Some(step) = paper.step() {
                        let mut deed = Deed::new(step, &job.by, job.now.now);
                        deed.reason = format!("{} {number}", paper.label().zh);
                        deed.number = number;
                        let ids = rows.iter().map(|row| row.id()).collect();
                        done.push(Action::Ledger(LedgerAction::Sent(ids, Box::new(deed))));
                    }
                }
                Err(why) => {
                    done.push(failed(&own, &why));
                    return Action::All(done);
                }
            }
        }
        done.push(Action::Say(Toast::wrote(Text::new("已生成", "written"), target)));
        Action::All(done)
    });
}

/// Orders, reminders and the like go to one unit each.
fn by_unit(job: &Job, paper: LedgerPaper) -> Vec<(String, Vec<&LedgerRow>)> {
    let rows = job.rows();
    let goes_to_unit = paper.step().is_some() || paper == LedgerPaper::Blame;
    let of = |row: &LedgerRow| row.record.words("units").first().map(ToString::to_string);
    let units: BTreeSet<Option<String>> = rows.iter().map(|row| of(row)).collect();
    if !goes_to_unit || units.len() < 2 {
        let unit = units.into_iter().next().flatten().filter(|_| goes_to_unit);
        return vec![(unit.unwrap_or_default(), rows)];
    }
    let of_unit = |unit: Option<String>| {
        let own = rows.iter().filter(|row| of(row) == unit).copied().collect();
        (unit.unwrap_or_else(|| "未定单位".to_owned()), own)
    };
    units.into_iter().map(of_unit).collect()
}

/// `督办单.docx` → `督办单_住建局.docx`.
fn of_unit(target: &Path, unit: &str) -> PathBuf {
    if unit.is_empty() {
        return target.to_owned();
    }
    let stem = target.file_stem().unwrap_or_default().to_string_lossy();
    let ending = target.extension().unwrap_or_default().to_string_lossy();
    let name = crate::files::plain_name(&format!("{stem}_{unit}.{ending}"));
    target.with_file_name(name)
}

fn write(
    job: &Job,
    paper: LedgerPaper,
    format: PaperFormat,
    (target, unit, number): (&Path, &str, &str),
    rows: &[&LedgerRow],
) -> Result<(), LocalizedText> {
    let own = ledger_template(&job.templates, paper.key());
    let template = match std::fs::read(&own) {
        Ok(bytes) => text(&bytes)?,
        Err(_) => paper.template().to_owned(),
    };
    // Photos are read past the keeper, who has other things to do.
    let reader = DistrictReader::open(&job.district)?;
    let photo = |name: &str| picture(&reader.attachment(name).ok()??.content, name);
    let today = job.now.now.date();
    let first = today.checked_sub((job.days - 1).days()).unwrap_or(today);
    let request = PaperRequest {
        world: &job.world,
        ledger: &job.now.ledger,
        items: rows.to_vec(),
        unit,
        number,
        now: job.now.now,
        answer_by: job.now.now.checked_add(24.hours()).unwrap_or(job.now.now),
        between: (paper == LedgerPaper::Bulletin).then_some((first, today)),
        picture: &photo,
        link: job.link,
    };
    let paper = blocks(&template, &request)?;
    let bytes = format.bytes(&paper, today, number)?;
    Ok(write_whole(target, &bytes)?)
}

fn save_sheet(ctx: &Ctx<'_>, job: Job, layout: SheetLayout, filter: String) {
    let name = format!("{}{}.xlsx", layout.name, job.now.now.date());
    let actions = ctx.actions.clone();
    ctx.actions.work("ledger sheet", move |_| {
        let Some(target) = actions.ask_where_to_save(&name, "Excel") else {
            return Action::Nothing;
        };
        let rows = job.rows();
        let options = SheetOptions { with_persons: false, with_sanctions: false };
        let cells = Cells::of(&job.world, &job.now.ledger, job.now.now, options);
        let when = moment_words(job.now.now);
        let about = format!("筛选：{filter}　时刻：{when}　共 {} 条", rows.len());
        let sheet = table(&layout, &rows, &cells, filter.clone());
        let paper = [Block::Title(layout.name.clone()), Block::Table(sheet)];
        let written = PaperFormat::Xlsx
            .bytes(&paper, job.now.now.date(), &about)
            .map_err(LocalizedText::from)
            .and_then(|bytes| write_whole(&target, &bytes).map_err(LocalizedText::from));
        exported(&job.outgoing, &[format!("ledger {}", layout.name), filter], target, written)
    });
}

/// Says that a list was written, and keeps that in the journal; or why it was not.
pub(super) fn exported(
    outgoing: &Outgoing,
    asked: &[String],
    target: PathBuf,
    written: Result<(), LocalizedText>,
) -> Action {
    match written {
        Ok(()) => {
            let went = outgoing.written(EditKind::Export, &target, asked);
            let said = Toast::wrote(Text::new("已导出", "exported"), target);
            Action::All(vec![went, Action::Say(said)])
        }
        Err(why) => failed(&target, &why),
    }
}

/// The selected items, else all that are listed, with their photos, papers and earlier states.
fn save_package(ctx: &Ctx<'_>, job: Job, filter: String) {
    let name = format!("台账{}.{ENDING}", job.now.now.date());
    let actions = ctx.actions.clone();
    let stamp = ctx.stamp();
    ctx.actions.work("ledger package", move |_| {
        let Some(target) = actions.ask_where_to_save(&name, ".shapan") else {
            return Action::Nothing;
        };
        let about = About {
            made_at: stamp.at.to_string(),
            made_by: job.by.clone(),
            district: job.district.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            chosen: filter.clone(),
            ..About::default()
        };
        let packed = || -> Result<(), LocalizedText> {
            let reader = DistrictReader::open(&job.district)?;
            let bytes = pack(&reader, &job.world, &job.items, about)?;
            Ok(write_whole(&target, &bytes)?)
        };
        match packed() {
            Ok(()) => {
                let asked = ["package".to_owned(), filter];
                let went = job.outgoing.written(EditKind::Export, &target, &asked);
                let said = Toast::wrote(Text::new("已打包", "packed"), target);
                Action::All(vec![went, Action::Say(said)])
            }
            Err(why) => failed(&target, &why),
        }
    });
}
