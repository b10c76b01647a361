//! Waits at turns: a setting that changes figures, so it stands beside them.

use egui::{DragValue, Popup, PopupCloseBehavior, RichText, Ui};

use crate::domain::Text;
use crate::network::turning::TurnCosts;
use crate::settings::Preference;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::note;

/// What is being set.
#[derive(Default)]
pub struct Waits {
    typed_s: [f64; 3],
    /// The setting of which these are the figures.
    of: TurnCosts,
}

const TURNS: [Text; 3] = [
    Text::new("左转", "left turn"),
    Text::new("右转", "right turn"),
    Text::new("掉头", "turn back"),
];
const MAX_S: f64 = 300.0;

/// The setting of this seat as searches take it.
const fn costs([left_s, right_s, u_turn_s]: [f64; 3]) -> TurnCosts {
    TurnCosts { left_s, right_s, u_turn_s }
}

impl Waits {
    /// Shows the seconds that turns cost, to be changed.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let set_s = ctx.settings.turn_costs_s;
        if self.of != costs(set_s) {
            (self.of, self.typed_s) = (costs(set_s), set_s);
        }
        let text = RichText::new(words(ctx, set_s)).small();
        let text = if costs(set_s).is_off() { text } else { text.color(ctx.color(|t| t.watch)) };
        let button = ui.button(text).on_hover_text(ctx.tell(
            "货车在路口转向要等多久；改变全部结果，现状与方案两侧同样计入",
            "How long trucks wait at turns: changes every figure, today and under the plan alike",
        ));
        Popup::from_toggle_button_response(&button)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| self.popup_ui(ui, ctx));
    }

    fn popup_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let mut is_set = false;
        for (words, seconds) in TURNS.into_iter().zip(&mut self.typed_s) {
            ui.horizontal(|ui| {
                let label = ui.add_sized([64.0, 24.0], egui::Label::new(ctx.say(words)));
                let value = DragValue::new(seconds).range(0.0..=MAX_S).speed(1.0).max_decimals(0);
                let value = ui.add(value.suffix(ctx.tell(" 秒", " s"))).labelled_by(label.id);
                // A figure that is being dragged is none yet.
                is_set |= value.drag_stopped() || (value.changed() && !value.dragged());
            });
        }
        if ui.button(ctx.tell("不计转向等待", "No waits")).clicked() {
            self.typed_s = [0.0; 3];
            is_set = true;
        }
        ui.label(note(ctx.tell("假设值，默认不计", "assumed; none by default")));
        if is_set {
            let typed_s = self.typed_s;
            self.of = costs(typed_s);
            ctx.actions.prefer(Preference::TurnCosts(typed_s));
        }
    }
}

fn words(ctx: &Ctx<'_>, set_s: [f64; 3]) -> String {
    if costs(set_s).is_off() {
        return ctx.tell("转向等待：不计", "turns: no wait");
    }
    let [left_s, right_s, u_turn_s] = set_s;
    ctx.tell(
        format!("转向等待：左 {left_s} 右 {right_s} 掉头 {u_turn_s} 秒"),
        format!("turns: left {left_s}, right {right_s}, back {u_turn_s} s"),
    )
}
