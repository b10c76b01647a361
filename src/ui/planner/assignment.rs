//! Flows in balance where roads slow down with their load: on demand, because it takes its time.

use std::sync::Arc;

use egui::{Grid, ProgressBar, RichText, ScrollArea, Ui};

use crate::domain::Text;
use crate::jobs::{Derived, Jobs, Progress, Reply};
use crate::map::view::View;
use crate::network::congestion::{CongestionEffect, LoadedNetwork, PEAK_SHARE, congestion};
use crate::network::evaluate::Assumptions;
use crate::network::orders::TrafficOrder;
use crate::ui::action::{Action, Actions, PlannerAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::derivation::Derivation;
use crate::ui::model::Model;
use crate::ui::model::answer::Answer;
use crate::ui::model::planning::{Asked, Pin};
use crate::ui::parts::words::{figure, range, signed};
use crate::ui::widgets::{empty, named, note, strong};

/// Flows in balance, for the plan that is looked at.
pub struct MakeBalance;

/// Under which the job runs.
const JOB: &str = "balance";
/// How near a road is looked at.
const NEAR_ZOOM: f64 = 15.5;
const MOST: usize = 8;
/// Of one thousand, so that a share is told in whole numbers.
const WHOLE: f64 = 1000.0;

impl Derivation for MakeBalance {
    type Key = Asked;
    type Value = Option<Arc<CongestionEffect>>;

    const IS_FOLLOWED: bool = false;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.planner.balance
    }

    fn key(model: &Model) -> Option<Asked> {
        Some(model.planner.answer.as_ref()?.asked.clone())
    }

    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, _: &Actions) -> Action {
        let Some(answer) = (*model.planner.answer).clone() else { return Action::Nothing };
        let work = move |progress: &Progress| {
            // Who has stopped it asks again by the button.
            if let Some(found) = balanced(&answer, progress) {
                reply.send(Some(Arc::new(found)));
            }
            Action::Nothing
        };
        Action::Work(JOB, Box::new(work))
    }
}

fn balanced(answer: &Answer, progress: &Progress) -> Option<CongestionEffect> {
    let comparison = &answer.comparison;
    let before: Vec<&TrafficOrder> = comparison.in_force.iter().map(AsRef::as_ref).collect();
    let after = comparison.together();
    let Asked { at, assumed, .. } = answer.asked;
    let plan = answer.asked.plan.as_str();
    let tell = |share: f64| {
        progress.set((share * WHOLE) as u64, WHOLE as u64);
        !progress.is_cancelled()
    };
    congestion(answer.prepared(), (&before, &after), (at, plan), assumed, &tell)
}

/// Shows the flows in equilibrium, or the button that computes them.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer, jobs: &Jobs<Action>) {
    let is_known = ctx.planner.balance.of() == Some(&answer.asked);
    let known = ctx.planner.balance.as_ref().filter(|_| is_known);
    ui.horizontal(|ui| {
        if let Some(progress) = jobs.progress(JOB) {
            let share = progress.share().unwrap_or(0.0);
            ui.add(ProgressBar::new(share).desired_width(200.0).show_percentage());
            if ui.button(ctx.say(Text::new("取消计算", "Stop"))).clicked() {
                progress.cancel();
            }
            return;
        }
        let words = if known.is_some() {
            Text::new("重新计算", "Compute again")
        } else {
            Text::new("计算拥堵均衡", "Balance the flows")
        };
        if ui.button(ctx.say(words)).clicked() {
            ctx.actions.planner(PlannerAction::Balance);
        }
        if known.is_none() && ctx.planner.balance.is_some() {
            ui.label(note(ctx.tell("方案或时刻已变", "The plan or the moment has changed")));
        }
    });
    let Some(found) = known else {
        let what = ctx.tell("尚未计算", "Not computed yet");
        let next = ctx.tell(
            "其他各页按限速、不计拥堵；这里按道路通行能力让车流分摊，直到没有一辆车换路能更快",
            "Other pages know no queues; here flows spread until nobody is quicker by another way",
        );
        empty(ui, what, next);
        return;
    };
    ScrollArea::both().id_salt("balance").auto_shrink(false).show(ui, |ui| {
        found_ui(ui, ctx, answer, found);
    });
}

/// Points from which on two lists of roads find room beside the figures.
const WIDE: f32 = 1080.0;

fn found_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer, found: &CongestionEffect) {
    let CongestionEffect { before, after, most, share_with_lanes } = found;
    let known = share_with_lanes * 100.0;
    ui.label(strong(ctx.tell(
        format!("车道数已知：路网长度的 {known:.0} %；其余按道路等级假设"),
        format!(
            "Lanes are known of {known:.0} % of the roads; the others have those of their class"
        ),
    )));
    let lists = |ui: &mut Ui| {
        fullest_ui(ui, ctx, answer, before, Text::new("现状最满的道路", "Fullest roads today"));
        if !answer.is_today() {
            ui.add_space(if ui.layout().is_horizontal() { 32.0 } else { 8.0 });
            let title = Text::new("方案下最满的道路", "Fullest roads under the plan");
            fullest_ui(ui, ctx, answer, after, title);
        }
    };
    // Both lists beside the figures, or one above the other where there is no room for two.
    let is_wide = ui.available_width() >= WIDE;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| hours_ui(ui, ctx, (before, after, most.as_ref()), answer));
        ui.add_space(32.0);
        if is_wide {
            lists(ui);
        } else {
            ui.vertical(lists);
        }
    });
}

type Row = (Text, fn(&LoadedNetwork) -> f64);

const ROWS: [Row; 2] = [
    (Text::new("均衡 车·小时/日", "balanced, vehicle-hours/d"), |side| side.hours),
    (Text::new("全有全无 车·小时/日", "all or nothing, vehicle-hours/d"), |side| {
        side.hours_all_or_nothing
    }),
];

fn hours_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    (before, after, most): (&LoadedNetwork, &LoadedNetwork, Option<&LoadedNetwork>),
    answer: &Answer,
) {
    let is_today = answer.is_today();
    Grid::new("hours").num_columns(3).spacing([20.0, 4.0]).show(ui, |ui| {
        ui.label("");
        ui.label(note(ctx.say(super::words::TODAY)));
        ui.label(note(if is_today { "" } else { ctx.say(Text::new("方案", "Plan")) }));
        ui.end_row();
        for (words, value) in ROWS {
            ui.label(ctx.say(words));
            ui.label(figure(value(before)));
            if !is_today {
                let said = |side: &LoadedNetwork| {
                    let (now, change) = (figure(value(side)), signed(value(side) - value(before)));
                    ctx.tell(format!("{now}（{change}）"), format!("{now} ({change})"))
                };
                let least = said(after);
                ui.label(match most {
                    Some(most) => range(&least, &said(most), ctx.lang()),
                    None => least,
                });
            }
            ui.end_row();
        }
        ui.label(ctx.say(Text::new("相对差距", "relative gap")));
        for side in [before, after].into_iter().take(if is_today { 1 } else { 2 }) {
            let (gap, rounds) = (side.gap, side.rounds);
            ui.label(ctx.tell(format!("{gap:.4}（{rounds} 轮）"), format!("{gap:.4} ({rounds})")));
        }
        ui.end_row();
    });
    ui.set_max_width(460.0);
    if most.is_some() {
        let trucks = figure(after.cut_off);
        ui.label(note(ctx.tell(
            format!("{trucks} 辆/日无路可走：～ 之前不计，之后按其持证走现状可走的路计"),
            format!("{trucks} trucks a day are cut off: the first figure is without them, the second with them by today's roads with a permit"),
        )));
    }
    ui.label(note(rests_on(ctx, answer)));
}

/// What the balance takes for granted.
fn rests_on(ctx: &Ctx<'_>, answer: &Answer) -> String {
    let Assumptions { cars_per_truck, turn_costs, .. } = answer.asked.assumed;
    let peak = PEAK_SHARE * 100.0;
    let turns = if turn_costs.is_off() {
        Text::new("路口转向不计等待", "turns cost nothing")
    } else {
        Text::new("路口转向等待与其他各页相同", "waits at turns as on the other pages")
    };
    let turns = ctx.say(turns);
    ctx.tell(
        format!(
            "所有货车按高峰小时（占全日 {peak:.0} %，假设）的车速计；通行能力取自 CJJ 37-2012。\
             每辆货车现状路线上另有 {cars_per_truck:.1} 辆小客车（假设），\
             两侧相同、不改道（小客车固定，货车改道）；{turns}。延误 t = t0·(1 + 0.15·(v/c)^4)。"
        ),
        format!(
            "All trucks at the speed of the busiest hour ({peak:.0} % of the day, assumed); \
             capacities of CJJ 37-2012. {cars_per_truck:.1} cars beside each truck where it drives \
             today (assumed), the same on both sides and never rerouted, trucks are; {turns}. \
             t = t0·(1 + 0.15·(v/c)^4)."
        ),
    )
}

fn fullest_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer, side: &LoadedNetwork, title: Text) {
    let network = &answer.prepared().network;
    ui.vertical(|ui| {
        // Beside others a list would break its lines to be narrow; it is scrolled to instead.
        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
        ui.label(strong(ctx.say(title)));
        if side.fullest.is_empty() {
            let words = ctx.tell("没有货车", "No trucks");
            ui.label(note(words));
        }
        for full in side.fullest.iter().take(MOST) {
            let name = match network.name_of(full.edge) {
                "" => ctx.say(Text::new("无名道路", "Road")),
                name => name,
            };
            let trucks = figure(full.trucks);
            let words = format!("v/c {:.2}", full.share);
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                let link = ui.link(name);
                named(&link, &format!("{name}: {words}"));
                if link.clicked()
                    && let Some(center) = network.middle_of(full.edge)
                {
                    let pin = Pin { edge: full.edge, at: center };
                    ctx.actions.planner(PlannerAction::Pin(Some(pin)));
                    ctx.actions.view(ViewAction::Show(View { center, zoom: NEAR_ZOOM }));
                }
                let text = RichText::new(words);
                let is_full = full.share >= 1.0;
                ui.label(if is_full { text.color(ctx.color(|t| t.act)) } else { text });
                ui.label(note(ctx.tell(format!("{trucks} 辆/日"), format!("{trucks} /d"))));
            });
        }
    });
}
