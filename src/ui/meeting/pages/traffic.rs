//! The page of what a plan does to trucks, as the planner has answered it.

use egui::{AtomExt as _, Button, Grid, Label, RichText, ScrollArea, Ui};

use super::Page;
use crate::analysis::scenes::plans;

use crate::domain::{Kind, Record, Text, Value};
use crate::network::compare::Unready;
use crate::ui::action::{PlannerAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
use crate::ui::parts::words::{figure, percent, subkind_words};
use crate::ui::widgets::{empty, named, note, strong};

/// 拥堵与限行: where trucks stand, and what the chosen plan does about them.
pub struct Traffic;

impl Page for Traffic {
    fn key(&self) -> &'static str {
        "traffic"
    }

    fn title(&self) -> Text {
        Text::new("拥堵与限行", "Traffic and restrictions")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ScrollArea::vertical().id_salt("traffic page").auto_shrink(false).show(ui, |ui| {
            plans_ui(ui, ctx);
            match (ctx.planner.why_not(), &*ctx.planner.answer) {
                (Some(reason), _) => unready_ui(ui, ctx, reason),
                (None, Some(answer)) if ctx.planner.is_fresh() => answer_ui(ui, ctx, answer),
                _ => drop(ui.label(note(ctx.tell("正在计算货车…", "Computing the trucks…")))),
            }
            ui.add_space(12.0);
            congestion_ui(ui, ctx);
        });
    }
}

/// Which plan is looked at, and when.
fn plans_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let world = ctx.world();
    ui.horizontal_wrapped(|ui| {
        let today = ctx.tell("现状", "Today");
        let all = std::iter::once(("", today.as_str()));
        for (plan, words) in all.chain(plans(&world).into_iter().map(|plan| (plan, plan))) {
            let is_chosen = ctx.planner.plan == plan;
            if ui.add(Button::selectable(is_chosen, words)).clicked() {
                ctx.actions.planner(PlannerAction::Choose(plan.to_owned()));
            }
        }
        ui.label(note(ctx.planner.at.strftime("%m-%d %H:%M").to_string()));
    });
}

fn unready_ui(ui: &mut Ui, ctx: &Ctx<'_>, reason: Unready) {
    let (what, next) = match reason {
        Unready::NoRoads => ("还没有道路", "There are no roads yet"),
        Unready::NoFlows => ("还没有货车流量", "There are no truck flows yet"),
        Unready::Stopped => ("路网准备已取消", "The preparation was cancelled"),
    };
    let way = ctx.tell("在“方案”（G）里补上", "The plans (G) say what to do");
    empty(ui, ctx.tell(what, next), way);
}

/// The key figures: truck kilometres a day in each ring, before and after.
fn answer_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let is_today = answer.is_today();
    let (before, after) = (&answer.comparison.before, &answer.comparison.after);
    let rings = answer.asked.prepared.rings.iter().zip(before.rings.iter().zip(&after.rings));
    let rows = rings.map(|(ring, (before, after))| {
        (format!("{} {} m", ring.name, ring.radius_m), before.truck_km, after.truck_km)
    });
    let all = ctx.tell("各 1000 m 圈合计", "all 1000 m rings");
    let all = std::iter::once((all, before.inside.truck_km, after.inside.truck_km));
    ui.label(note(ctx.tell("圈内货车里程，车·km/日", "truck·km a day inside the rings")));
    Grid::new("traffic rings").num_columns(3).spacing([16.0, 4.0]).show(ui, |ui| {
        for (name, before, after) in all.chain(rows) {
            ui.label(&name);
            let words = if is_today {
                figure(before)
            } else {
                format!("{} → {}", figure(before), figure(after))
            };
            ui.label(strong(words));
            let change = percent(before, after, ctx.lang()).filter(|_| !is_today);
            ui.label(change.unwrap_or_default());
            ui.end_row();
        }
    });
    let total = answer.total;
    if is_today {
        ui.label(note(ctx.tell("选一个方案，看前后对比", "Choose a plan to see before and after")));
    } else if total.trucks > 0.0 {
        let (count, km) = (figure(total.trucks), figure(total.added_km / total.trucks));
        ui.label(ctx.tell(
            format!("改道 {count} 辆/日，每车多行 {km} km"),
            format!("{count} trucks a day change way, {km} km more each"),
        ));
    }
    if !is_today && total.cut_off_flows > 0 {
        let count = figure(total.cut_off);
        let words =
            ctx.tell(format!("无法到达 {count} 辆/日"), format!("{count} trucks a day cut off"));
        ui.label(RichText::new(words).color(ctx.color(|t| t.act)));
    }
}

/// Every congested road, the one of most trucks first; a click goes there.
fn congestion_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let world = ctx.world();
    let mut roads: Vec<_> = world.table(Kind::Congestion).iter().collect();
    let trucks = |road: &Record| road.get("trucks_per_hour").and_then(Value::as_f64).unwrap_or(0.0);
    roads.sort_by(|a, b| trucks(b).total_cmp(&trucks(a)).then(a.id.cmp(&b.id)));
    let count = roads.len();
    ui.label(note(ctx.tell(format!("拥堵怠速 {count} 处"), format!("{count} congested places"))));
    for road in roads {
        let hours = road.text("hours");
        let cause = subkind_words(Kind::Congestion, road.subkind(), ctx.lang());
        let per_hour = figure(trucks(road));
        let words = ctx.tell(format!("{per_hour} 辆/时"), format!("{per_hour}/h"));
        let severity = road.get("severity").map(Value::to_cell).unwrap_or_default();
        let severity = ctx.tell(format!("程度 {severity}"), format!("severity {severity}"));
        let is_selected = ctx.selection.contains(&road.id);
        let name = RichText::new(road.name()).atom_shrink(true);
        let row = ui.add(Button::selectable(is_selected, (strong(words), name)).truncate());
        named(&row, road.name());
        ui.add(Label::new(note(format!("{severity}  {cause}  {hours}"))).truncate());
        if row.clicked() {
            ctx.actions.select(road.id);
            ctx.actions.view(ViewAction::ShowRecord(road.id));
        }
    }
}
