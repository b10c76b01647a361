//! The end of an import: what came in, layer by layer, what did not and why, and the way to the rows.

use std::sync::Arc;

use egui::{Align, Button, Grid, Layout, RichText, ScrollArea, Ui};
use jiff::Timestamp;

use super::Wish;
use super::look::Look;
use super::rejections::rejections_ui;
use crate::analysis::{Filter, ImportPart, Imported};
use crate::domain::{Kind, Text, World};
use crate::exchange::meaning::Report;
use crate::ui::action::WindowAction;
use crate::ui::ctx::Ctx;
use crate::ui::model::Panel;
use crate::ui::widgets::{named, note, strong};

/// A file that was written.
pub struct Written {
    file: String,
    /// Of the records that came in.
    at: Timestamp,
    report: Arc<Report>,
}

/// All files of an import that were written.
#[derive(Default)]
pub struct WrittenFiles {
    files: Vec<Written>,
    /// What the district has of each, and the world that says so: steps are taken back and done again.
    came_in: Vec<Vec<CameIn>>,
    counted_in: Option<Arc<World>>,
}

/// What a layer has of a file.
#[derive(Debug, PartialEq, Eq)]
struct CameIn {
    kind: Kind,
    added: usize,
    updated: usize,
    unlocated: usize,
}

impl WrittenFiles {
    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// One more.
    pub fn push(&mut self, file: String, look: &Look) {
        self.files.push(Written { file, at: look.at, report: Arc::clone(&look.report) });
        self.counted_in = None;
    }

    fn count(&mut self, world: &Arc<World>) {
        if self.counted_in.as_ref().is_some_and(|counted| Arc::ptr_eq(counted, world)) {
            return;
        }
        self.came_in = self.files.iter().map(|file| came_in(world, file.at)).collect();
        self.counted_in = Some(Arc::clone(world));
    }

    /// Shows what became of each file.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> Wish {
        self.count(&ctx.world());
        let mut wish = Wish::Nothing;
        let room_px = (ui.available_height() - 44.0).max(160.0);
        let area = ScrollArea::vertical().id_salt("written").max_height(room_px);
        area.auto_shrink([false, true]).show(ui, |ui| {
            for (place, (file, came_in)) in self.files.iter().zip(&self.came_in).enumerate() {
                if place > 0 {
                    ui.separator();
                }
                ui.push_id(("written", place), |ui| {
                    if file_ui(ui, ctx, file, came_in) {
                        wish = Wish::Close;
                    }
                });
            }
        });
        ui.horizontal(|ui| {
            if ui.button(ctx.tell("完成", "Done")).clicked() {
                wish = Wish::Close;
            }
            ui.label(note(ctx.tell(
                "点数字即在表和地图中列出这些记录",
                "click a figure to list its records in the table and on the map",
            )));
        });
        wish
    }
}

/// What a world has of the import of a moment, by layer.
fn came_in(world: &World, at: Timestamp) -> Vec<CameIn> {
    let all = Imported { at, part: ImportPart::All };
    let added = Imported { at, part: ImportPart::Added };
    let of = |kind: Kind| {
        let mut counted = CameIn { kind, added: 0, updated: 0, unlocated: 0 };
        for record in world.table(kind).iter().filter(|record| all.has(record)) {
            let is_added = added.has(record);
            counted.added += usize::from(is_added);
            counted.updated += usize::from(!is_added);
            let is_unlocated = record.geometry.is_none() && kind.has_place();
            counted.unlocated += usize::from(is_unlocated);
        }
        (counted.added + counted.updated > 0).then_some(counted)
    };
    Kind::ALL.into_iter().filter_map(of).collect()
}

/// True when its rows are gone to, so that the dialog is in their way.
fn file_ui(ui: &mut Ui, ctx: &Ctx<'_>, file: &Written, came_in: &[CameIn]) -> bool {
    ui.horizontal(|ui| {
        ui.label(strong(file.file.as_str()));
        if came_in.is_empty() && file.report.added + file.report.updated > 0 {
            ui.label(note(ctx.tell("已撤销", "taken back")));
        }
    });
    let mut goes = false;
    Grid::new("came in").num_columns(4).striped(true).min_col_width(90.0).show(ui, |ui| {
        for counted in came_in {
            ui.label(ctx.say(counted.kind.label()));
            for (words, count, part, is_unlocated) in [
                (Text::new("新增", "new"), counted.added, ImportPart::Added, false),
                (Text::new("更新", "changed"), counted.updated, ImportPart::Updated, false),
                (Text::new("未定位", "unplaced"), counted.unlocated, ImportPart::All, true),
            ] {
                let import = Some(Imported { at: file.at, part });
                let kind = Some(counted.kind);
                let filter = Filter { is_unlocated, kind, import, ..Filter::default() };
                goes |= figure_ui(ui, ctx, words, count, filter);
            }
            ui.end_row();
        }
    });
    let report = &file.report;
    let (unchanged, left_out) = (report.unchanged, report.left_out);
    if unchanged + left_out > 0 {
        ui.label(note(ctx.tell(
            format!("与已有相同 {unchanged} 行，按选择不导入 {left_out} 行"),
            format!("{unchanged} rows as known, {left_out} left out as chosen"),
        )));
    }
    read_as_ui(ui, ctx, report);
    for warning in &report.warnings {
        let words = format!("! {}", warning.say(ctx.lang()));
        ui.label(RichText::new(words).color(ctx.color(|t| t.watch)));
    }
    if report.rejected > 0 {
        let rejected = report.rejected;
        let words = ctx.tell(
            format!("退回 {rejected} 行，没有写入："),
            format!("{rejected} rows were rejected and not written:"),
        );
        ui.label(RichText::new(words).color(ctx.color(|t| t.act)));
        rejections_ui(ui, ctx, report, &file.file);
    }
    goes
}

/// Words for trucks that were read as another word.
pub fn read_as_ui(ui: &mut Ui, ctx: &Ctx<'_>, report: &Report) {
    for said in &report.read_as {
        ui.label(note(format!("= {}", said.say(ctx.lang()))));
    }
}

/// A figure that goes to its records; true when it was clicked.
fn figure_ui(ui: &mut Ui, ctx: &Ctx<'_>, words: Text, count: usize, filter: Filter) -> bool {
    let words = ctx.say(words);
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        if count == 0 {
            ui.label(note(format!("{words} 0")));
            return false;
        }
        let button = ui.add(Button::new(strong(format!("{words} {count}"))));
        named(&button, &format!("{words} {count}"));
        let is_clicked = button.clicked();
        if is_clicked {
            ctx.actions.list(filter);
            ctx.actions.window(WindowAction::Panel(Panel::Bottom, true));
        }
        is_clicked
    })
    .inner
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Ids, Record, Stamp};

    #[test]
    fn what_came_in_is_counted_by_layer_from_the_district_itself() {
        let stamp =
            |second| Stamp { actor: "王工".into(), at: Timestamp::from_second(second).unwrap() };
        let (earlier, now) = (stamp(1), stamp(2));
        let mut ids = Ids::new(now.at, 1);
        let mut made = |kind, stamp: &Stamp| Record::new(ids.next(), kind, stamp);
        let mut updated = made(Kind::Site, &earlier);
        updated.meta.change(&now);
        updated.geometry = Some(geo_types::Point::new(118.1, 39.8).into());
        let world: World = [
            made(Kind::Site, &now),
            updated,
            made(Kind::Site, &earlier),
            made(Kind::Meeting, &now),
        ]
        .into_iter()
        .collect();
        let site = CameIn { kind: Kind::Site, added: 1, updated: 1, unlocated: 1 };
        let meeting = CameIn { kind: Kind::Meeting, added: 1, updated: 0, unlocated: 0 };
        let counted = came_in(&world, now.at);
        assert_eq!(counted.len(), 2);
        assert!(counted.contains(&site) && counted.contains(&meeting), "{counted:?}");
        assert!(came_in(&world, stamp(3).at).is_empty());
    }
}
