//! The result of the chosen plan: who must drive how much further, and every ring before and after.

use egui::{Grid, RichText, ScrollArea, Ui};

use super::effects;
use super::words::ends;
use crate::domain::Text;
use crate::network::evaluate::DayTotals;
use crate::network::totals::DetourTotal;
use crate::ui::action::PlannerAction;
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
use crate::ui::parts::words::{figure, percent, signed};
use crate::ui::widgets::{note, strong};

type Column = (Text, fn(&DayTotals) -> f64);

/// Figures of a ring, as the bar shows them.
const COLUMNS: [Column; 6] = [
    (Text::new("货车 辆/日", "trucks/d"), |ring| ring.trucks),
    (Text::new("货车·km/日", "truck·km/d"), |ring| ring.truck_km),
    (Text::new("尾气 NOx g/日", "exhaust NOx g/d"), |ring| ring.nox_g),
    (Text::new("尾气 PM2.5 g/日", "exhaust PM2.5 g/d"), |ring| ring.pm25_g),
    (Text::new("扬尘 PM10 g/日", "dust PM10 g/d"), |ring| ring.dust_pm10_g),
    (Text::new("扬尘 PM2.5 g/日", "dust PM2.5 g/d"), |ring| ring.dust_pm25_g),
];

/// Points from which on the table of rings leaves room beside it.
const WIDE: f32 = 1840.0;

/// Shows what a plan does to rings, time, detours and emissions.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    // On a wide screen the roads find room beside the table, else under the totals.
    let is_wide = ui.available_width() >= WIDE;
    ScrollArea::both().id_salt("plan result").auto_shrink(false).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(300.0);
                total_ui(ui, ctx, answer);
                if !answer.is_today() {
                    effects::net_ui(ui, ctx, answer);
                    effects::cut_off_ui(ui, ctx, answer);
                    effects::passed_ui(ui, ctx, answer);
                }
                if !is_wide {
                    effects::rising_ui(ui, ctx, answer);
                }
            });
            ui.add_space(16.0);
            ui.vertical(|ui| {
                // It is the rings that one looks at first.
                rings_ui(ui, ctx, answer);
                ui.add_space(8.0);
                effects::parts_ui(ui, ctx, answer);
            });
            if is_wide {
                ui.add_space(24.0);
                ui.vertical(|ui| effects::rising_ui(ui, ctx, answer));
            }
        });
    });
}

/// Those who must make way, and those who no longer come through.
fn total_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    if answer.is_today() {
        ui.label(strong(ctx.tell("现状", "Today")));
        ui.label(note(ctx.tell(
            "图上道路按货车量由白到红。选方案，或按 1 禁行、2 单行、3 限行、4 绕行画线。",
            "Roads go from white to red with their trucks. Choose a plan, or draw one: 1 no entry, \
             2 one way, 3 limited, 4 detour.",
        )));
        return;
    }
    let DetourTotal { trucks, added_km, added_min, cut_off_flows, cut_off } = answer.total;
    if trucks > 0.0 {
        let (count, km, min) =
            (figure(trucks), signed(added_km / trucks), signed(added_min / trucks));
        ui.label(strong(ctx.tell(
            format!("改道 {count} 辆/日：每车 {km} km，{min} 分钟"),
            format!("{count} trucks a day change way: {km} km, {min} min each"),
        )));
        let (km, hours) = (signed(added_km), signed(added_min / 60.0));
        ui.label(ctx.tell(
            format!("合计 {km} km/日，{hours} 小时/日"),
            format!("together {km} km and {hours} hours a day"),
        ));
    } else if cut_off_flows == 0 {
        ui.label(strong(ctx.tell("此时无车流改道", "No trip changes at this moment")));
        ui.label(note(ctx.tell(
            "措施可能尚未生效、不在时段内，或没有货车经过。",
            "The orders may not hold now, or no truck comes by.",
        )));
    }
    if cut_off_flows == 0 {
        return;
    }
    let act = ctx.color(|t| t.act);
    let count = figure(cut_off);
    let words = ctx.tell(
        format!("无法到达 {cut_off_flows} 股，{count} 辆/日"),
        format!("{cut_off_flows} flows cut off, {count} trucks a day"),
    );
    ui.label(strong(words).color(act));
    for (place, number) in answer.trips.iter().enumerate().take(cut_off_flows) {
        let Some(flow) = answer.prepared().flows.get(*number) else { continue };
        if ui.link(RichText::new(ends(answer, flow)).color(act)).clicked() {
            ctx.actions.planner(PlannerAction::Trip(Some(place)));
        }
    }
    ui.label(note(ctx.tell(
        "这些车的里程不再计入方案一侧，降幅因此偏大。",
        "Their kilometres are missing from the plan's side: the fall looks larger than it is.",
    )));
}

fn rings_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let (before, after) = (&answer.comparison.before, &answer.comparison.after);
    let rings = answer.prepared().rings.iter();
    let pairs = before.rings.iter().zip(&after.rings);
    let rows = rings.zip(pairs).map(|(ring, (before, after))| {
        (format!("{} {} m", ring.name, ring.radius_m), before, after)
    });
    let all = ctx.tell("全路网", "whole network");
    Grid::new("rings").num_columns(7).spacing([16.0, 4.0]).show(ui, |ui| {
        ui.label(note(ctx.tell("控制圈", "Ring")));
        for (words, _) in COLUMNS {
            ui.label(note(ctx.say(words)));
        }
        ui.end_row();
        for (name, before, after) in rows.chain([(all, &before.all, &after.all)]) {
            ui.label(&name);
            for (words, value) in COLUMNS {
                let is_today = answer.is_today();
                cell_ui(ui, ctx, (&name, ctx.say(words)), value(before), value(after), is_today);
            }
            ui.end_row();
        }
    });
}

/// `920 → 0  −100 %`; what is less is calm, what is more must be looked at.
fn cell_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    (ring, what): (&str, &str),
    before: f64,
    after: f64,
    is_today: bool,
) {
    let change = percent(before, after, ctx.lang()).filter(|_| !is_today);
    let Some(change) = change else {
        let text = RichText::new(figure(before));
        ui.label(if before < 0.05 { text.weak() } else { text });
        return;
    };
    let color = if after < before { ctx.color(|t| t.accent) } else { ctx.color(|t| t.act) };
    let words = format!("{} → {}", figure(before), figure(after));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(&words);
        ui.label(strong(&change).color(color));
    })
    .response
    .on_hover_text(ctx.tell(
        format!("{ring} · {what}\n{words}（{change}）"),
        format!("{ring} · {what}\n{words} ({change})"),
    ));
}
