//! The dialog that gives a plan another name.

use egui::{TextEdit, Ui};

use super::Dialog;
use crate::domain::Text;
use crate::ui::action::{PlanAction, PlannerAction};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named_text, note};

/// Another name for a plan, its orders and its versions.
pub struct RenamePage {
    plan: String,
    name: String,
    is_new: bool,
}

impl RenamePage {
    /// For a plan, by its name.
    pub fn new(plan: &str) -> Self {
        Self { plan: plan.to_owned(), name: plan.to_owned(), is_new: true }
    }
}

impl Dialog for RenamePage {
    fn title(&self) -> Text {
        Text::new("方案改名", "Rename the plan")
    }

    fn size(&self) -> [f32; 2] {
        [420.0, 140.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let edit = ui.add(TextEdit::singleline(&mut self.name).desired_width(380.0));
        named_text(&edit, ctx.say(Text::new("方案名称", "Name of the plan")), &self.name);
        if std::mem::take(&mut self.is_new) {
            edit.request_focus();
        }
        let name = self.name.trim();
        let is_taken = name != self.plan && ctx.planner.plans(&ctx.world()).contains_key(name);
        if is_taken {
            ui.label(note(ctx.tell("已有同名方案", "Another plan has this name")));
        }
        let is_good = !name.is_empty() && !is_taken;
        let words = ctx.say(Text::new("改名", "Rename"));
        let is_entered = edit.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let button = ui.add_enabled(is_good, egui::Button::new(words));
        let is_done = button.clicked() || (is_entered && is_good);
        if !is_done {
            return true;
        }
        if name != self.plan {
            let (plan, name) = (self.plan.clone(), name.to_owned());
            ctx.actions.planner(PlannerAction::Plan(PlanAction::Rename { plan, name }));
        }
        false
    }
}
