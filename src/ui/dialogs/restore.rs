//! The way back of a damaged district: its copies, what each lacks, and what can be saved.

use std::path::PathBuf;

use egui::{ScrollArea, Ui};

use super::Dialog;
use super::cannot_open::ways_ui;
use crate::domain::Text;
use crate::store::restore::{CopyFacts, DatedCopy, LostEdits};
use crate::ui::action::{Action, BringBack, Damage, FileAction};
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::when;
use crate::ui::widgets::{note, strong};

/// A damaged district and its copies.
pub struct RestorePage {
    damage: Damage,
}

impl RestorePage {
    /// As they were found.
    pub fn new(damage: Damage) -> Self {
        Self { damage }
    }

    /// The copy that was chosen.
    fn copies_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) -> Option<PathBuf> {
        let mut chosen = None;
        for (copy, looked) in &self.damage.copies {
            ui.separator();
            ui.horizontal(|ui| {
                ui.label(strong(when(copy.made_at)));
                if let Some((facts, _)) = looked {
                    ui.label(counts(ctx, facts));
                    let name = ctx.tell("恢复这一份", "Bring this one back");
                    if ui.button(name).on_hover_text(copy.path.display().to_string()).clicked() {
                        chosen = Some(copy.path.clone());
                    }
                } else {
                    ui.label(ctx.tell("这一份也已损坏", "This one is damaged too"));
                }
            });
            if let Some((_, lost)) = looked {
                ui.label(note(lacks(ctx, copy, lost)));
            }
        }
        chosen
    }
}

fn counts(ctx: &Ctx<'_>, facts: &CopyFacts) -> String {
    let (count, revision) = (facts.record_count(), facts.revision());
    ctx.tell(
        format!("{count} 条记录，第 {revision} 号修改，已校验"),
        format!("{count} records, revision {revision}, verified"),
    )
}

fn lacks(ctx: &Ctx<'_>, copy: &DatedCopy, lost: &LostEdits) -> String {
    match lost {
        LostEdits::Known(edits) if edits.is_empty() => {
            ctx.tell("不会丢失任何修改", "No edit would be lost")
        }
        LostEdits::Known(edits) => {
            let latest = edits.last().map_or_else(String::new, |edit| when(edit.at));
            let count = edits.len();
            ctx.tell(
                format!("其后的 {count} 次修改会丢失，最后一次在 {latest}"),
                format!("{count} later edits would be lost, the last of {latest}"),
            )
        }
        LostEdits::OtherHistory => ctx.tell(
            "历史不同，可能是另一个区域的备份",
            "Of another history: perhaps another district",
        ),
        LostEdits::Unreadable => {
            let at = when(copy.made_at);
            ctx.tell(
                format!("{at} 之后的修改会丢失；原文件的历史无法读取"),
                format!("Edits after {at} would be lost; the journal cannot be read"),
            )
        }
    }
}

impl Dialog for RestorePage {
    fn title(&self) -> Text {
        Text::new("恢复损坏的文件", "Bring a damaged file back")
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let district = &self.damage.district;
        ui.label(self.damage.reason.say(ctx.model.lang()));
        ui.label(note(ctx.tell(
            "原文件不会改动：恢复时它连同日志移到带日期的名字下",
            "The file itself is not changed: it is put aside with its log, under a dated name",
        )));
        let mut wish = None;
        ScrollArea::vertical().max_height(ui.available_height() - 80.0).show(ui, |ui| {
            if self.damage.copies.is_empty() {
                ui.label(ctx.tell("没有备份", "There are no copies"));
            }
            if let Some(copy) = self.copies_ui(ui, ctx) {
                wish = Some(BringBack::Copy { district: district.clone(), copy });
            }
        });
        ui.separator();
        let salvage = ctx.tell("抢救能读出的数据到新文件", "Save what can be read into a new file");
        if ui.button(salvage).clicked() {
            wish = Some(BringBack::Salvage { district: district.clone() });
        }
        ui.add_space(8.0);
        let is_done = ways_ui(ui, ctx);
        let Some(wish) = wish else { return !is_done };
        ctx.actions.send(Action::File(FileAction::BringBack(wish)));
        false
    }
}
