//! The dialog that writes records to a file. The formats stand in `exchange`.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{ScrollArea, Ui};

use super::Dialog;
use super::saving::{Saved, Saving};
use crate::domain::{EditKind, Kind, Localized, LocalizedText, Record, RecordId, Text, World};
use crate::exchange::attachments::{self, Staged, WrittenAttachments};
use crate::exchange::write::{layers, replace};
use crate::exchange::{ExportChoice, formats};
use crate::geodesy::crs::Crs;
use crate::jobs::Progress;
use crate::store::DistrictReader;
use crate::ui::action::{Action, Outgoing};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::{Model, Toast};
use crate::ui::parts::words::filter_words;
use crate::ui::widgets::note;

/// What, for whom, and on which datum.
pub struct ExportPage {
    kinds: BTreeSet<Kind>,
    format: usize,
    crs: Crs,
    is_filtered: bool,
    with_attachments: bool,
    /// How many there are, and of what it was counted.
    counted: Option<(Counted, usize)>,
    saving: Saving,
}

/// Attachments are counted anew when any of this has changed.
type Counted = (BTreeSet<Kind>, bool, u64, u64);

/// What every format offers, in the order of their list.
fn choices() -> impl Iterator<Item = &'static ExportChoice> {
    formats::ALL.iter().flat_map(|format| format.exports())
}

const SYSTEMS: [(Crs, &str); 4] = [
    (Crs::Wgs84, "WGS-84"),
    (Crs::Cgcs2000, "CGCS2000"),
    (Crs::Gcj02, "GCJ-02（高德、腾讯）"),
    (Crs::Bd09, "BD-09（百度）"),
];

impl ExportPage {
    /// For all layers that have records, as WGS-84.
    pub fn new(model: &Model) -> Self {
        let world = model.world();
        let kinds = Kind::ALL.into_iter().filter(|kind| !world.table(*kind).is_empty()).collect();
        Self {
            kinds,
            format: 0,
            crs: Crs::Wgs84,
            is_filtered: !model.filter.is_empty(),
            with_attachments: false,
            counted: None,
            saving: Saving::default(),
        }
    }

    /// Which records go out; `None` for all of their kinds.
    fn ids(&self, ctx: &Ctx<'_>) -> Option<BTreeSet<RecordId>> {
        let shown = || ctx.shown.records.values().flat_map(|records| records.iter());
        self.is_filtered.then(|| shown().map(|record| record.id).collect())
    }

    fn attachment_count(&mut self, ctx: &Ctx<'_>) -> usize {
        let world = ctx.world();
        let of = (self.kinds.clone(), self.is_filtered, world.revision, ctx.shown.serial);
        match &self.counted {
            Some((known, count)) if *known == of => *count,
            _ => {
                let kinds: Vec<Kind> = self.kinds.iter().copied().collect();
                let count = attachment_names(&world, &kinds, self.ids(ctx).as_ref()).len();
                self.counted = Some((of, count));
                count
            }
        }
    }

    fn choices_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let world = ctx.world();
        ui.label(note(ctx.tell("图层", "Layers")));
        ui.horizontal_wrapped(|ui| {
            for kind in Kind::ALL.into_iter().filter(|kind| !world.table(*kind).is_empty()) {
                let mut is_in = self.kinds.contains(&kind);
                let count =
                    ctx.shown.counts.get(&kind).map_or(0, |count| {
                        if self.is_filtered { count.shown } else { count.total }
                    });
                if ui.checkbox(&mut is_in, format!("{} {count}", ctx.say(kind.label()))).changed() {
                    if is_in {
                        self.kinds.insert(kind);
                    } else {
                        self.kinds.remove(&kind);
                    }
                }
            }
        });
        if !ctx.filter.is_empty() {
            let words = filter_words(ctx, &ctx.filter);
            ui.checkbox(
                &mut self.is_filtered,
                ctx.tell(
                    format!("只导出筛选结果：{words}"),
                    format!("only what is filtered: {words}"),
                ),
            );
        }
        ui.add_space(8.0);
        ui.label(note(ctx.tell("格式", "Format")));
        for (index, (extension, label, crs)) in choices().enumerate() {
            let words = format!("{}  .{extension}", ctx.say(*label));
            if ui.radio(self.format == index, words).clicked() {
                self.format = index;
                self.crs = crs.clone();
            }
        }
        self.system_ui(ui, ctx);
        let count = self.attachment_count(ctx);
        if count > 0 {
            ui.add_space(8.0);
            ui.checkbox(
                &mut self.with_attachments,
                ctx.tell(
                    format!("同时导出附件 {count} 个，存入旁边的“…_附件”文件夹"),
                    format!("with their {count} attachments, in a folder “…_附件” beside it"),
                ),
            );
        }
    }

    fn system_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.add_space(8.0);
        ui.label(note(ctx.tell("坐标系", "Datum")));
        ui.horizontal_wrapped(|ui| {
            for (crs, name) in SYSTEMS {
                if ui.selectable_label(self.crs == crs, name).clicked() {
                    self.crs = crs;
                }
            }
        });
        if matches!(self.crs, Crs::Gcj02 | Crs::Bd09) {
            ui.label(note(ctx.tell(
                "坐标会偏移 500 米以上，文件名中注明坐标系",
                "Coordinates will be shifted by more than 500 m; the file's name says so",
            )));
        }
    }

    fn has_attachments(&self) -> bool {
        self.counted.as_ref().is_some_and(|(_, count)| *count > 0)
    }

    fn start(&mut self, ctx: &Ctx<'_>) {
        let Some((extension, label, _)) = choices().nth(self.format) else { return };
        let Some(district) = &ctx.district else { return };
        let filter =
            (self.is_filtered && !ctx.filter.is_empty()).then(|| filter_words(ctx, &ctx.filter));
        let job = ExportJob {
            outgoing: ctx.outgoing(),
            filter,
            world: ctx.world(),
            kinds: self.kinds.iter().copied().collect(),
            ids: self.ids(ctx),
            crs: self.crs.clone(),
            district: (self.with_attachments && self.has_attachments())
                .then(|| district.path.clone()),
        };
        let suffix = match self.crs {
            Crs::Gcj02 => "_GCJ02",
            Crs::Bd09 => "_BD09",
            _ => "",
        };
        let name = format!("{}{suffix}.{extension}", district.name);
        let kind = ctx.say(*label).to_owned();
        self.saving.start(ctx, "export", (name, kind), move |target, progress| {
            job.write(target, progress)
        });
    }
}

/// Everything an export is made from, for a thread of its own.
struct ExportJob {
    world: Arc<World>,
    kinds: Vec<Kind>,
    ids: Option<BTreeSet<RecordId>>,
    crs: Crs,
    /// Where the attachments are read from, if they are wanted.
    district: Option<PathBuf>,
    outgoing: Outgoing,
    /// By what the records were picked, in words.
    filter: Option<String>,
}

/// Why an export came to nothing.
enum Failure {
    Cancelled,
    Told(LocalizedText),
    /// The file is written, its attachments are not.
    Bare(io::Error),
}

impl<E: Localized> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Told(error.into())
    }
}

impl ExportJob {
    fn write(&self, target: &Path, progress: &Progress) -> Saved {
        let written = self.try_write(target, progress);
        let is_written = matches!(written, Ok(_) | Err(Failure::Bare(_)));
        let went_out = if is_written { self.went_out(target) } else { Action::Nothing };
        Self::told(target, written, went_out)
    }

    fn told(
        target: &Path,
        written: Result<Option<WrittenAttachments>, Failure>,
        went_out: Action,
    ) -> Saved {
        let file = target.display();
        let attachments = match written {
            Ok(attachments) => attachments,
            Err(Failure::Bare(error)) => {
                return Saved::Failed(
                    LocalizedText::new(
                        format!("已导出：{file}，但附件未能存入旁边的文件夹：{}", error.zh()),
                        format!("Written: {file}, but not its attachments: {error}"),
                    ),
                    went_out,
                );
            }
            Err(Failure::Cancelled) => {
                return Saved::Stopped(Toast::watch("已取消导出", "The export was cancelled"));
            }
            Err(Failure::Told(said)) => {
                return Saved::Failed(
                    LocalizedText::new(
                        format!("导出失败，原文件未动：{file}（{}）。可换个位置再存", said.zh),
                        format!(
                            "Not written, the old file is as it was: {file}: {}. Try another place",
                            said.en
                        ),
                    ),
                    Action::Nothing,
                );
            }
        };
        let said = match attachments {
            None => Toast::wrote(Text::new("已导出", "written"), target.to_owned()),
            Some(WrittenAttachments { count, missing }) if missing.is_empty() => Toast::done(
                format!("已导出：{file}，附件 {count} 个在旁边的文件夹中"),
                format!("written: {file}, with {count} attachments in the folder beside it"),
            )
            .with_file(target.to_owned()),
            Some(WrittenAttachments { count, missing }) => {
                let (lost, first) = (missing.len(), missing.join("、"));
                let first: String = first.chars().take(60).collect();
                Toast::watch(
                    format!(
                        "已导出：{file}，附件 {count} 个；另有 {lost} 个不在区域文件里：{first}"
                    ),
                    format!(
                        "written: {file}, {count} attachments; {lost} are not in the district file: {first}"
                    ),
                )
                .with_file(target.to_owned())
            }
        };
        Saved::Written(said, went_out)
    }

    /// For the journal.
    fn went_out(&self, target: &Path) -> Action {
        let count = |kind: &Kind| {
            let of = self.world.table(*kind).iter();
            of.filter(|record| is_in(self.ids.as_ref(), record)).count()
        };
        let layers = self.kinds.iter().map(|kind| format!("{kind} {}", count(kind)));
        let mut asked = vec![layers.collect::<Vec<_>>().join(", ")];
        asked.extend(self.filter.clone());
        if self.crs != Crs::Wgs84 {
            asked.push(self.crs.to_string());
        }
        if self.district.is_some() {
            asked.push("with attachments".to_owned());
        }
        self.outgoing.written(EditKind::Export, target, &asked)
    }

    fn try_write(
        &self,
        target: &Path,
        progress: &Progress,
    ) -> Result<Option<WrittenAttachments>, Failure> {
        let format = formats::by_name(target)?;
        let staged = self
            .district
            .as_deref()
            .map(|district| self.stage_attachments(district, target, progress));
        let staged = staged.transpose()?;
        let keep = |record: &Record| is_in(self.ids.as_ref(), record);
        let mut layers = layers(&self.world, &self.kinds, &self.crs, &keep);
        for layer in &mut layers {
            layer.filter = self.filter.clone().unwrap_or_default();
        }
        replace(target, format, layers)?;
        staged.map(Staged::place).transpose().map_err(Failure::Bare)
    }

    /// Read past the keeper, whom a thousand photos would hold up.
    fn stage_attachments(
        &self,
        district: &Path,
        target: &Path,
        progress: &Progress,
    ) -> Result<Staged, Failure> {
        let names = attachment_names(&self.world, &self.kinds, self.ids.as_ref());
        let reader = DistrictReader::open(district)?;
        let (mut done, total) = (0, names.len() as u64);
        let mut read = |name: &str| {
            if progress.is_cancelled() {
                return Err(Failure::Cancelled);
            }
            done += 1;
            progress.set(done, total);
            Ok(reader.attachment(name)?.map(|found| found.content))
        };
        attachments::stage(&attachments::folder_of(target), &names, &mut read)
    }
}

fn is_in(ids: Option<&BTreeSet<RecordId>>, record: &Record) -> bool {
    ids.is_none_or(|ids| ids.contains(&record.id))
}

fn attachment_names(
    world: &World,
    kinds: &[Kind],
    ids: Option<&BTreeSet<RecordId>>,
) -> BTreeSet<String> {
    let records = kinds.iter().flat_map(|kind| world.table(*kind).iter());
    attachments::names(records.map(AsRef::as_ref).filter(|record| is_in(ids, record)))
}

impl Dialog for ExportPage {
    fn title(&self) -> Text {
        Command::Export.about().words
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        // At 200 % a small screen has no room for all of it: the button stays in sight.
        let most = (ui.ctx().content_rect().height() - 160.0).max(160.0);
        ScrollArea::vertical().max_height(most).min_scrolled_height(most).show(ui, |ui| {
            self.choices_ui(ui, ctx);
        });
        ui.add_space(12.0);
        let is_written = self.saving.is_written();
        self.saving.ui(ui, ctx);
        let words = ctx.tell("选择位置并导出…", "Choose a place and export…");
        let may = !self.kinds.is_empty() && !self.saving.is_busy();
        if ui.add_enabled(may, egui::Button::new(words)).clicked() {
            self.start(ctx);
        }
        !is_written
    }
}
