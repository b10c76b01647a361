//! How figures, trips and what they rest on are put into words.

use egui::{RichText, Ui};

use crate::domain::{GateRole, Kind, Lang, Text};
use crate::network::demand::Flow;
use crate::network::emission::{DUST_RANGE, EXHAUST_RANGE};
use crate::network::evaluate::{Assumptions, Behaviour};
use crate::network::speeds;
use crate::network::turning::TurnCosts;
use crate::ui::action::{ToolAction, ToolKind};
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
use crate::ui::model::drawing::{Form, Making};
use crate::ui::parts::words::{figure, subkind_words};

/// The button that proposes gates.
pub const PROPOSE: Text = Text::new("建议关口", "Propose gates");
/// The plan that is none.
pub const TODAY: Text = Text::new("现状", "Today");

/// `原 9.4 km → 11.2 km，+4 分钟`, or that there is no way any more.
pub fn trip_words(answer: &Answer, place: usize, lang: Lang) -> String {
    let Some((_, before, after)) = answer.trip(place) else { return String::new() };
    let is_zh = lang == Lang::Zh;
    match (before.km_and_min(), after.km_and_min()) {
        (Some((km, min)), Some(_)) if answer.is_today() => {
            let min = minutes(min);
            if is_zh {
                format!("{km:.1} km，{min} 分钟")
            } else {
                format!("{km:.1} km, {min} min")
            }
        }
        (Some((km, min)), Some((km_after, min_after))) => {
            let added = minutes(min_after - min);
            let sign = if min_after < min { "" } else { "+" };
            if is_zh {
                format!("原 {km:.1} km → {km_after:.1} km，{sign}{added} 分钟")
            } else {
                format!("{km:.1} km → {km_after:.1} km, {sign}{added} min")
            }
        }
        (Some((km, _)), None) if is_zh => format!("原 {km:.1} km → 无法到达"),
        (Some((km, _)), None) => format!("{km:.1} km → cut off"),
        (None, _) if is_zh => "现状就没有可走的路".to_owned(),
        (None, _) => "no way today".to_owned(),
    }
}

/// Whole minutes, but not nothing where there is something.
fn minutes(min: f64) -> String {
    if min.abs() < 9.95 { format!("{min:.1}") } else { format!("{min:.0}") }
}

/// `G112 南口 → G112 北口`.
pub fn ends(answer: &Answer, flow: &Flow) -> String {
    let gates = &answer.prepared().gates;
    format!("{} → {}", flow.from_words(gates), flow.to_words(gates))
}

/// `重型 · 410 辆/日`.
pub fn who(ctx: &Ctx<'_>, flow: &Flow) -> String {
    let class = subkind_words(Kind::Flow, flow.truck.class.key(), ctx.lang());
    let count = figure(flow.per_day);
    ctx.tell(format!("{class} · {count} 辆/日"), format!("{class} · {count} a day"))
}

/// 假设 or 实测: no figure of the planner is shown without it.
pub fn badge_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let Some(answer) = &*ctx.planner.answer else { return };
    let share = answer.measured * 100.0;
    let words = if share >= 99.95 {
        ctx.tell("流量：实测", "flows: measured")
    } else if share <= 0.05 {
        ctx.tell("流量：假设", "flows: assumed")
    } else {
        ctx.tell(format!("流量：实测 {share:.0} %"), format!("flows: {share:.0} % measured"))
    };
    let color = if share >= 99.95 { ctx.color(|t| t.accent) } else { ctx.color(|t| t.watch) };
    let label = RichText::new(words).small().color(color).background_color(ctx.color(|t| t.ground));
    ui.label(label).on_hover_text(assumptions(ctx));
}

/// 草图: the figures are of a line that is being drawn.
pub fn draft_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    if !ctx.planner.answer.as_ref().is_some_and(|answer| answer.is_draft()) {
        return;
    }
    let words = ctx.tell("草图：含正在画的线，未保存", "draft: with the line that is being drawn");
    let (ink, ground) = (ctx.color(|t| t.accent), ctx.color(|t| t.ground));
    let tip = ctx.tell(
        "回车后归入方案；按 Esc 恢复原来的数值。“方案对比”不含草图。",
        "Enter puts it into the plan, Esc brings the figures back. “Side by side” is without it.",
    );
    ui.label(RichText::new(words).small().color(ink).background_color(ground)).on_hover_text(tip);
}

fn assumptions(ctx: &Ctx<'_>) -> String {
    let assumed =
        ctx.planner.answer.as_ref().map_or_else(Assumptions::default, |a| a.asked.assumed);
    let Assumptions { silt_g_m2, cars_per_truck, car_mass_t, turn_costs, .. } = assumed;
    let Assumptions { behaviour, is_winter, idle_min, .. } = assumed;
    let (turns, who) = (turns_words(ctx, turn_costs), behaviour_words(ctx, behaviour));
    let cold = cold_words(ctx, is_winter, idle_min);
    let dated = speeds::dated();
    let (exhaust_low, exhaust_high) = EXHAUST_RANGE;
    let (dust_low, dust_high) = DUST_RANGE;
    ctx.tell(
        format!(
            "每股车流全部走最快的合法路线（按货车车速表 {dated} 的自由流车速，高峰只改变用时和排放，不计拥堵）；\
             全日为逐时车流之和，未给分时量的按车型假设；没有可走的路的车流给出两端：不计，或持证走现状路线。{turns}{who}\n\
             尾气：2014 年道路机动车清单指南系数，读数范围 ×{exhaust_low}–{exhaust_high}。{cold}\n\
             道路扬尘：AP-42，积尘 {silt_g_m2} g/m²，每辆货车伴随 {cars_per_truck:.1} 辆小客车\
             （{car_mass_t} t），按现状货车推算，方案中小客车仍在原路，货车驶离后平均车重随之重算；\
             读数范围 ×{dust_low}–{dust_high}。"
        ),
        format!(
            "All trucks of a flow take the quickest legal way at the free speeds of the truck table of \
             {dated}; the peak changes times and exhaust alone; no queues. A day is the sum of its \
             hours, by the usual hours of a class where none are stated. Those who are cut off count \
             twice: not at all, or by today's way with a permit. {turns} {who}\n\
             Exhaust: factors of the 2014 guideline, to be read ×{exhaust_low}–{exhaust_high}. {cold}\n\
             Road dust: AP-42, silt {silt_g_m2} g/m², {cars_per_truck:.1} cars of {car_mass_t} t \
             with each truck of today, which stay where they are under a plan while the mean mass \
             follows the trucks; to be read ×{dust_low}–{dust_high}."
        ),
    )
}

/// What turns cost.
fn turns_words(ctx: &Ctx<'_>, turn_costs: TurnCosts) -> String {
    if turn_costs.is_off() {
        ctx.tell("路口转向不计等待。", "Turns cost nothing.")
    } else {
        let TurnCosts { left_s, right_s, u_turn_s } = turn_costs;
        ctx.tell(
            format!(
                "路口转向等待（假设）：左转 {left_s} 秒，右转 {right_s} 秒，掉头 {u_turn_s} 秒。"
            ),
            format!(
                "Waits at turns, assumed: left {left_s} s, right {right_s} s, back {u_turn_s} s."
            ),
        )
    }
}

/// What those do who must make way.
fn behaviour_words(ctx: &Ctx<'_>, behaviour: Behaviour) -> String {
    if behaviour.is_off() {
        ctx.tell(
            "受限货车全部遵守、都不改时段（假设）。",
            "All who must make way comply, at the same hours (assumed).",
        )
    } else {
        let percent = |share: f64| (share * 1000.0).round() / 10.0;
        let (stay, shift) = (percent(behaviour.not_complying), percent(behaviour.shifting));
        ctx.tell(
            format!("受限货车中 {stay} % 不遵守、{shift} % 改在不限时段走原路（假设）。"),
            format!(
                "Of those who must make way {stay} % do not comply and {shift} % drive at open hours \
                 (assumed)."
            ),
        )
    }
}

/// Whether winter and idling are counted.
fn cold_words(ctx: &Ctx<'_>, is_winter: bool, idle_min: f64) -> String {
    match (is_winter, idle_min > 0.0) {
        (false, false) => ctx.tell("冬季低温、怠速：不计。", "Winter and idling are not counted."),
        (true, false) => ctx.tell("计冬季低温；怠速不计。", "With winter; idling is not counted."),
        (false, true) => ctx.tell(
            format!("怠速另列：每处 {idle_min} 分钟；冬季不计。"),
            format!("Idling is told apart: {idle_min} min a queue; without winter."),
        ),
        (true, true) => ctx.tell(
            format!("计冬季低温；怠速另列：每处 {idle_min} 分钟。"),
            format!("With winter; idling is told apart: {idle_min} min a queue."),
        ),
    }
}

/// Begins to draw a gate.
pub fn draw_gate(ctx: &Ctx<'_>) {
    let making = Making { kind: Kind::Gate, choice: Some(GateRole::Gate.key()) };
    ctx.actions.tool(ToolAction::Take(ToolKind::Draw(Form::Point, Some(making))));
}
