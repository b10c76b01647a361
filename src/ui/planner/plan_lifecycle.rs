//! The life of a plan in the window: its state on the tab, and what can be done with it.

use egui::{Popup, RichText, Ui};
use lucide_icons::Icon;

use crate::domain::{PlanState, Text};
use crate::ui::action::Action;
use crate::ui::action::{DialogAction, PlanAction, PlannerAction};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{icon, menu_entry, named};

/// Shape before colour: a state is told by its icon and its word.
pub const fn state_icon(state: PlanState) -> Icon {
    match state {
        PlanState::Draft => Icon::PencilLine,
        PlanState::Frozen => Icon::Lock,
        PlanState::Adopted => Icon::BadgeCheck,
        PlanState::Dropped => Icon::CircleX,
    }
}

/// `定稿` with its icon.
pub fn state_words(ctx: &Ctx<'_>, state: PlanState) -> RichText {
    let words = format!("{} {}", state_icon(state).unicode(), ctx.say(state.label()));
    let words = RichText::new(words).small();
    match state {
        PlanState::Adopted => words.color(ctx.color(|t| t.accent)),
        PlanState::Frozen => words,
        PlanState::Draft | PlanState::Dropped => words.weak(),
    }
}

/// The menu of the chosen plan.
pub fn menu_ui(ui: &mut Ui, ctx: &Ctx<'_>, plan: &str, state: PlanState, has_orders: bool) {
    let words = ctx.say(Text::new("方案操作", "Do with the plan"));
    let button = ui.button((icon(Icon::Ellipsis), words));
    named(&button, words);
    Popup::menu(&button).show(|ui| entries_ui(ui, ctx, plan, state, has_orders));
}

fn entries_ui(ui: &mut Ui, ctx: &Ctx<'_>, plan: &str, state: PlanState, has_orders: bool) {
    ui.set_min_width(220.0);
    let entry =
        |ui: &mut Ui, mark: Icon, words: Text, is_enabled: bool, action: &dyn Fn() -> Action| {
            let text = format!("{}  {}", mark.unicode(), ctx.say(words));
            let button = ui.add_enabled(is_enabled, egui::Button::new(text));
            named(&button, ctx.say(words));
            if button.clicked() {
                ctx.actions.send(action());
                ui.close();
            }
        };
    let life = |action| Action::Planner(PlannerAction::Plan(action));
    entry(ui, Icon::PencilLine, Text::new("改名…", "Rename…"), true, &|| {
        Action::Dialog(DialogAction::RenamePlan(plan.to_owned()))
    });
    entry(
        ui,
        Icon::Lock,
        Text::new("定稿", "Freeze a version"),
        has_orders && state == PlanState::Draft,
        &|| life(PlanAction::Freeze(plan.to_owned())),
    );
    entry(
        ui,
        Icon::BadgeCheck,
        Text::new("采纳…", "Adopt…"),
        has_orders && state != PlanState::Adopted,
        &|| Action::Dialog(DialogAction::AdoptPlan(plan.to_owned())),
    );
    menu_entry(ui, ctx, Command::NewPlan, true);
    entry(ui, Icon::Trash2, Text::new("删除方案", "Delete the plan"), true, &|| {
        life(PlanAction::Delete(plan.to_owned()))
    });
}
