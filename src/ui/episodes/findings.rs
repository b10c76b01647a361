//! What was found where people went, and its way into the ledger.

use egui::{TextEdit, Ui};

use crate::domain::episode::{Step, findings};
use crate::domain::{ItemState, Kind, Record, RecordId, Text};
use crate::ui::action::{Action, EpisodeAction, WindowAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::workspace::Workspace;
use crate::ui::widgets::{named, named_text, note};

/// What is being written of it.
#[derive(Default)]
pub struct Findings {
    /// What the record said when writing began.
    known: String,
    text: String,
}

impl Findings {
    /// Of a record that is looked at from now on.
    pub fn of(record: Option<&Record>) -> Self {
        let text = record.map_or_else(String::new, |it| it.text("found").to_owned());
        Self { known: text.clone(), text }
    }

    /// The line to write in, and a row a finding.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Record) {
        let said = record.text("found");
        if self.known != said {
            *self = Self::of(Some(record));
        }
        ui.horizontal(|ui| {
            let label = ctx.say(Text::new("查实问题", "Found"));
            ui.label(note(label));
            let hint = ctx.tell(
                "没有可留空；几个问题用；隔开，回车记下",
                "empty if nothing; a semicolon between several, Enter keeps it",
            );
            let width = ui.available_width().min(340.0);
            let edit = TextEdit::singleline(&mut self.text).hint_text(hint).desired_width(width);
            let response = ui.add(edit);
            named_text(&response, label, &self.text);
            if response.lost_focus() && self.text.trim() != said {
                let step = Step::Found(self.text.trim().to_owned());
                ctx.actions.send(Action::Episode(EpisodeAction::Step(record.id, step)));
            }
        });
        for finding in findings(record) {
            finding_ui(ui, ctx, record, finding);
        }
    }
}

fn finding_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Record, finding: &str) {
    ui.horizontal(|ui| {
        let items = record.linked("records").filter_map(|id: RecordId| ctx.record(id));
        let mut items = items.filter(|item| item.kind == Kind::Item && item.name() == finding);
        if let Some(item) = items.next() {
            let state = ItemState::of(item).map_or("", |state| ctx.say(state.label()));
            let code = item.code().unwrap_or_default();
            let words = ctx.tell(format!("台账 {code} {state}"), format!("item {code} {state}"));
            if ui.link(words).clicked() {
                ctx.actions.window(WindowAction::Enter(Workspace::Ledger));
                ctx.actions.select(item.id);
            }
        } else {
            let words = ctx.tell("转入台账", "Into the ledger");
            let button = ui.button(&words);
            named(&button, &format!("{words} {finding}"));
            let tip = ctx.tell(
                "登记为一件问题：地点、照片、责任人和读数已填好",
                "Registers it as an item, with place, photos, owner and value",
            );
            if button.on_hover_text(tip).clicked() {
                let wish = EpisodeAction::IntoLedger(record.id, finding.to_owned());
                ctx.actions.send(Action::Episode(wish));
            }
        }
        ui.add(egui::Label::new(finding).truncate());
    });
}
