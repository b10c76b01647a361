//! Items of the ledger that would come in: which are new, which may be known, and where the list says
//! otherwise than the ledger, field by field.

use std::sync::Arc;

use egui::{Button, RichText, ScrollArea, Ui};

use super::look::Look;
use crate::analysis::ledger::incoming::{Incoming, OnTwin, Standing, chosen};
use crate::domain::Change;
use crate::ui::card::shown_by_name;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named, note, strong};

/// Rows that are listed; of more only the figures are told.
const MOST_SHOWN: usize = 200;

/// How many records would be written as it is said now.
pub fn count(look: &Look) -> usize {
    let left_out = look.items.iter().filter(|item| is_left_out(item)).count();
    look.changes.len().saturating_sub(left_out)
}

fn is_left_out(item: &Incoming) -> bool {
    item.standing == Standing::Twin && item.on_twin == OnTwin::LeaveOut
}

/// What is written: the changes that were read, with what a person has said of the items.
pub fn chosen_changes(look: &Look, ctx: &Ctx<'_>) -> Arc<Vec<Change>> {
    if look.items.is_empty() {
        return Arc::clone(&look.changes);
    }
    Arc::new(chosen(&look.changes, &look.items, &ctx.world(), &ctx.stamp()))
}

/// Shows how the items stand, and asks what becomes of those that are not plainly new.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, items: &mut [Incoming]) {
    if items.iter().all(|item| item.standing == Standing::New && item.nth < 2) {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for standing in Standing::ALL {
            let count = items.iter().filter(|item| item.standing == standing).count();
            let words = format!("{} {count}", ctx.say(standing.label()));
            let asks = count > 0 && matches!(standing, Standing::Twin | Standing::Conflict);
            let text = strong(words);
            ui.label(if asks { text.color(ctx.color(|t| t.watch)) } else { text });
            ui.add_space(10.0);
        }
    });
    let has = |items: &[Incoming], of: Standing| items.iter().any(|item| item.standing == of);
    ui.horizontal_wrapped(|ui| {
        if has(items, Standing::Twin) {
            ui.label(note(ctx.tell("疑似重复，全部：", "All that may be known:")));
            for choice in OnTwin::ALL {
                let words = ctx.say(choice.label());
                let button = ui.add(Button::new(words).small());
                named(&button, &ctx.tell(format!("全部{words}"), format!("all {words}")));
                if button.clicked() {
                    for item in items.iter_mut() {
                        item.on_twin = choice;
                    }
                }
            }
        }
        if has(items, Standing::Conflict) {
            ui.label(note(ctx.tell("冲突，全部：", "All conflicts:")));
            for (takes_new, zh, en) in
                [(true, "以表为准", "the list"), (false, "保留原有", "the ledger")]
            {
                let words = ctx.tell(zh, en);
                let button = ui.add(Button::new(&words).small());
                named(&button, &ctx.tell(format!("全部{zh}"), format!("all: {en}")));
                if button.clicked() {
                    let all = items.iter_mut().flat_map(|item| &mut item.conflicts);
                    all.for_each(|conflict| conflict.takes_new = takes_new);
                }
            }
        }
    });
    let listed = items.iter().filter(|item| is_listed(item)).count();
    if listed == 0 {
        return;
    }
    ScrollArea::vertical().id_salt("items that come in").max_height(170.0).show(ui, |ui| {
        for item in items.iter_mut().filter(|item| is_listed(item)).take(MOST_SHOWN) {
            item_ui(ui, ctx, item);
        }
        if listed > MOST_SHOWN {
            let more = listed - MOST_SHOWN;
            ui.label(note(ctx.tell(format!("另有 {more} 行"), format!("{more} more rows"))));
        }
    });
}

/// What a person has something to say about, or should know.
fn is_listed(item: &Incoming) -> bool {
    item.nth > 1 || matches!(item.standing, Standing::Twin | Standing::Conflict)
}

fn item_ui(ui: &mut Ui, ctx: &Ctx<'_>, item: &mut Incoming) {
    let row = item.record.meta.source.as_ref().map_or(0, |source| source.row);
    ui.horizontal_wrapped(|ui| {
        ui.label(note(ctx.tell(format!("第 {row} 行"), format!("row {row}"))));
        ui.add(egui::Label::new(item.record.name()).truncate());
        ui.label(RichText::new(ctx.say(item.standing.label())).color(ctx.color(|t| t.watch)));
        if item.nth > 1 {
            let nth = item.nth;
            let words = format!("此处 90 天内第 {nth} 次");
            ui.label(note(ctx.tell(words, format!("number {nth} here in 90 days"))));
        }
    });
    if item.standing == Standing::Twin {
        ui.horizontal_wrapped(|ui| {
            ui.add_space(16.0);
            if let Some(twin) = item.twins.first() {
                let code = twin.record.code().unwrap_or("—");
                let days = twin.days;
                let off = twin.distance_m.map_or_else(
                    || ctx.tell("同一地点", "same place"),
                    |metres| format!("{metres:.0} m"),
                );
                let words = ctx.tell(
                    format!("可能就是 {code} {}（{off}，{days} 天前）", twin.record.name()),
                    format!("perhaps {code} {} ({off}, {days} d ago)", twin.record.name()),
                );
                ui.label(note(words));
            }
            for choice in OnTwin::ALL {
                let words = ctx.say(choice.label());
                let button = ui.add(Button::selectable(item.on_twin == choice, words));
                let of = ctx.tell(format!("第 {row} 行"), format!("row {row}"));
                named(&button, &format!("{of} {words}"));
                if button.clicked() {
                    item.on_twin = choice;
                }
            }
        });
    }
    let kind = item.record.kind;
    for conflict in &mut item.conflicts {
        ui.horizontal_wrapped(|ui| {
            ui.add_space(16.0);
            let label = ctx.say(conflict.field.label);
            ui.label(note(format!("{label}：")));
            for (takes_new, value, zh, en) in
                [(false, &conflict.known, "原有", "ledger"), (true, &conflict.new, "表中", "list")]
            {
                let shown: String =
                    shown_by_name(ctx, kind, conflict.field, value).chars().take(40).collect();
                let is_chosen = conflict.takes_new == takes_new;
                let words = ctx.tell(format!("{zh} {shown}"), format!("{en}: {shown}"));
                let button = ui.add(Button::selectable(is_chosen, &words));
                let of = ctx.tell(format!("第 {row} 行"), format!("row {row}"));
                named(&button, &format!("{of} {label} {words}"));
                if button.clicked() {
                    conflict.takes_new = takes_new;
                }
            }
        });
    }
}
