//! Rows that may be known records: what becomes of each, or of all of them.

use egui::{ComboBox, ScrollArea, Ui};

use crate::domain::Text;
use crate::exchange::meaning::Report;
use crate::exchange::meaning::doubts::{Doubt, DoubtChoices, OnDoubt, label};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named_combo, note};

const MOST_SHOWN: usize = 50;
const ALL: [OnDoubt; 3] = [OnDoubt::New, OnDoubt::Same, OnDoubt::LeaveOut];

/// True when something was chosen.
pub fn doubts_ui(ui: &mut Ui, ctx: &Ctx<'_>, report: &Report, choices: &mut DoubtChoices) -> bool {
    let mut is_changed = false;
    ui.horizontal_wrapped(|ui| {
        let count = report.doubted;
        ui.label(ctx.tell(
            format!("有 {count} 行可能就是已有记录，全部："),
            format!("{count} rows may be known records; all of them are"),
        ));
        for choice in ALL {
            let is_chosen = choices.rows.is_empty() && choices.all == choice;
            if ui.selectable_label(is_chosen, ctx.say(label(choice))).clicked() && !is_chosen {
                *choices = DoubtChoices { all: choice, ..DoubtChoices::default() };
                is_changed = true;
            }
        }
    });
    ScrollArea::vertical().id_salt("doubts").max_height(96.0).show(ui, |ui| {
        for doubt in report.doubts.iter().take(MOST_SHOWN) {
            if let Some(choice) = doubt_ui(ui, ctx, doubt) {
                choices.rows.insert((doubt.table, doubt.row), choice);
                is_changed = true;
            }
        }
        if let Some(more) = report.doubts.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
            ui.label(note(ctx.tell(format!("另有 {more} 行"), format!("{more} more rows"))));
        }
    });
    is_changed
}

fn doubt_ui(ui: &mut Ui, ctx: &Ctx<'_>, doubt: &Doubt) -> Option<OnDoubt> {
    let mut chosen = None;
    ui.horizontal(|ui| {
        let row = doubt.row;
        let name = ctx.tell(format!("第 {row} 行"), format!("row {row}"));
        let shown = ctx.say(label(doubt.decided));
        let combo = ComboBox::from_id_salt(("doubt", doubt.table, row))
            .selected_text(shown)
            .width(110.0)
            .show_ui(ui, |ui| {
                for choice in ALL {
                    let words: Text = label(choice);
                    if ui.selectable_label(doubt.decided == choice, ctx.say(words)).clicked() {
                        chosen = Some(choice);
                    }
                }
            });
        named_combo(&combo.response, &name, shown);
        ui.label(note(format!("{name} {}", doubt.words().say(ctx.lang()))));
    });
    chosen.filter(|choice| *choice != doubt.decided)
}
