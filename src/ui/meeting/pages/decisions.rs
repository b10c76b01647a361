use egui::{RichText, ScrollArea, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::super::super::action::{Action, ViewAction};
use super::super::super::ctx::Ctx;
use super::super::super::widgets::{empty, named, note};
use super::Page;
use crate::analysis::decisions::{Standing, decisions};
use crate::domain::{Text, Value};
use crate::settings::clock;

/// 决定落实: every decision with how it stands, overdue first.
pub struct Decisions;

impl Page for Decisions {
    fn key(&self) -> &'static str {
        "decisions"
    }

    fn title(&self) -> Text {
        Text::new("决定落实", "Decisions")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let world = ctx.world();
        let rows = decisions(&world, None, clock::today());
        if rows.is_empty() {
            let what = ctx.tell("还没有决定", "No decision has been taken yet");
            empty(ui, what, ctx.tell("按 Ctrl+J 记一条决定", "Ctrl+J takes one"));
            return;
        }
        ScrollArea::horizontal().show(ui, |ui| {
            TableBuilder::new(ui)
                .striped(true)
                .sense(Sense::click())
                .column(Column::exact(96.0))
                .column(Column::exact(104.0))
                .column(Column::exact(120.0))
                .column(Column::remainder())
                .body(|body| {
                    body.rows(28.0, rows.len(), |mut row| {
                        let Some((standing, decision)) = rows.get(row.index()) else { return };
                        row.set_selected(ctx.selection.contains(&decision.id));
                        row.col(|ui| drop(ui.label(standing_words(ctx, *standing))));
                        row.col(|ui| {
                            let due = decision.get("due").map(Value::to_cell).unwrap_or_default();
                            ui.label(note(due));
                        });
                        row.col(|ui| drop(ui.label(decision.text("owner"))));
                        row.col(|ui| drop(ui.label(decision.name())));
                        let response = row.response();
                        named(&response, decision.name());
                        if response.clicked() {
                            ctx.actions.send(Action::Select(vec![decision.id]));
                            ctx.actions.view(ViewAction::ShowRecord(decision.id));
                        }
                    });
                });
        });
    }
}

/// Colour never stands alone: the words say the same.
pub fn standing_words(ctx: &Ctx<'_>, standing: Standing) -> RichText {
    let (text, color) = match standing {
        Standing::Overdue => (Text::new("逾期", "overdue"), ctx.color(|t| t.act)),
        Standing::Open => (Text::new("未完成", "open"), ctx.color(|t| t.watch)),
        Standing::ClosedLate => (Text::new("逾期完成", "closed late"), ctx.color(|t| t.muted)),
        Standing::ClosedOnTime => (Text::new("按时完成", "on time"), ctx.color(|t| t.accent)),
        Standing::Dropped => (Text::new("撤销", "dropped"), ctx.color(|t| t.muted)),
    };
    RichText::new(ctx.say(text)).color(color)
}
