//! Waits at turns, and what else is taken for granted where nobody has counted: settings that change
//! figures, so they stand beside them.

use egui::{DragValue, Popup, PopupCloseBehavior, RichText, Ui};

use crate::domain::Text;
use crate::network::turning::TurnCosts;
use crate::settings::{PlannerTerms, Preference};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::note;

/// What is being set.
#[derive(Default)]
pub struct Waits {
    typed_s: [f64; 3],
    typed: PlannerTerms,
    /// The settings of which these are the figures.
    of: (TurnCosts, PlannerTerms),
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
        let (set_s, set) = (ctx.settings.turn_costs_s, ctx.settings.planner_terms);
        if self.of != (costs(set_s), set) {
            self.of = (costs(set_s), set);
            (self.typed_s, self.typed) = (set_s, set);
        }
        let said = format!("{}{}", words(ctx, set_s), term_words(ctx, set));
        let text = RichText::new(said).small();
        let is_off = costs(set_s).is_off() && set == PlannerTerms::default();
        let text = if is_off { text } else { text.color(ctx.color(|t| t.watch)) };
        let button = ui.button(text).on_hover_text(ctx.tell(
            "假设：转向等待、不遵守与改时段出行的比例、冬季、怠速；改变全部结果，默认都不计",
            "Assumptions: waits at turns, shares that do not comply or shift in time, winter, idling; \
             they change every figure, and are nothing by default",
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
        let are_terms_set = self.terms_ui(ui, ctx);
        ui.label(note(ctx.tell("假设值，默认都不计", "assumed; none by default")));
        if is_set {
            ctx.actions.prefer(Preference::TurnCosts(self.typed_s));
        }
        if are_terms_set {
            self.typed = self.typed.in_bounds();
            ctx.actions.prefer(Preference::PlannerTerms(self.typed));
        }
        self.of = (costs(self.typed_s), self.typed);
    }

    /// Shares, winter and idling; whether one was changed.
    fn terms_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let mut is_set = false;
        ui.separator();
        let PlannerTerms { not_complying, shifting, is_winter, idle_min } = &mut self.typed;
        for (words, tip, share) in [
            (
                Text::new("不遵守", "not complying"),
                Text::new(
                    "受限货车中仍按原路行驶的比例",
                    "of those who must make way, who drive on as today",
                ),
                not_complying,
            ),
            (
                Text::new("改时段", "another hour"),
                Text::new(
                    "受限货车中改在不限时段按原路行驶的比例；全天禁行时无效",
                    "of those who must make way, who drive as today in open hours, where there are any",
                ),
                shifting,
            ),
        ] {
            ui.horizontal(|ui| {
                let label = ui.add_sized([64.0, 24.0], egui::Label::new(ctx.say(words)));
                let mut percent = (*share * 1000.0).round() / 10.0;
                let value = DragValue::new(&mut percent).range(0.0..=100.0).speed(0.5);
                let value = ui.add(value.max_decimals(1).suffix(" %")).labelled_by(label.id);
                *share = percent / 100.0;
                is_set |= value.drag_stopped() || (value.changed() && !value.dragged());
                value.on_hover_text(ctx.say(tip));
            });
        }
        ui.separator();
        let words = ctx.tell("冬季（低于 10 ℃）", "winter (below 10 ℃)");
        let tip = ctx.tell(
            "重型柴油车尾气 NOx ×1.06（实测多 9–29 %）、PM2.5 ×1.70",
            "exhaust of heavy diesel trucks: NOx ×1.06 (9–29 % more as measured), PM2.5 ×1.70",
        );
        is_set |= ui.checkbox(is_winter, words).on_hover_text(tip).changed();
        ui.horizontal(|ui| {
            let label =
                ui.add_sized([64.0, 24.0], egui::Label::new(ctx.tell("每处怠速", "idling")));
            let value = DragValue::new(idle_min).range(0.0..=60.0).speed(0.25).max_decimals(1);
            let value = ui.add(value.suffix(ctx.tell(" 分钟", " min"))).labelled_by(label.id);
            is_set |= value.drag_stopped() || (value.changed() && !value.dragged());
            value.on_hover_text(ctx.tell(
                "在拥堵怠速记录的时段内，每辆经过的货车停在那里多久",
                "how long each truck stands at a recorded queue in its hours",
            ));
        });
        is_set
    }
}

/// What of it is not nothing.
fn term_words(ctx: &Ctx<'_>, set: PlannerTerms) -> String {
    let PlannerTerms { not_complying, shifting, is_winter, idle_min } = set;
    let percent = |share: f64| (share * 1000.0).round() / 10.0;
    let mut words = String::new();
    if not_complying > 0.0 {
        let share = percent(not_complying);
        words += &ctx.tell(format!(" · 不遵守 {share} %"), format!(" · {share} % do not comply"));
    }
    if shifting > 0.0 {
        let share = percent(shifting);
        words += &ctx.tell(format!(" · 改时段 {share} %"), format!(" · {share} % at another hour"));
    }
    if is_winter {
        words += &ctx.tell(" · 冬季", " · winter");
    }
    if idle_min > 0.0 {
        words += &ctx.tell(format!(" · 怠速 {idle_min} 分"), format!(" · idling {idle_min} min"));
    }
    words
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
