//! The result of the chosen plan: who must drive how much further, and every ring before and after.

use std::sync::Arc;

use egui::{Grid, RichText, ScrollArea, Ui};

use super::words::ends;
use super::{calibration, day_chart, effects, export};
use crate::domain::Text;
use crate::domain::figures::{change_words, figure, signed, spread, spread_percent};
use crate::network::evaluate::{DayParts, DayTotals};
use crate::network::speeds;
use crate::network::totals::{DetourTotal, is_cut_off};
use crate::ui::action::PlannerAction;
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
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
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Arc<Answer>) {
    // On a wide screen the roads find room beside the table, else under the totals.
    let is_wide = ui.available_width() >= WIDE;
    ScrollArea::both().id_salt("plan result").auto_shrink(false).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(300.0);
                if !answer.is_today() {
                    headline_ui(ui, ctx, answer);
                    export::menu_ui(ui, ctx, answer);
                    ui.separator();
                }
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
                ui.add_space(8.0);
                // It is about today, whatever is planned.
                if answer.is_today() {
                    calibration::ui(ui, ctx, answer);
                    ui.add_space(8.0);
                }
                day_chart::ui(ui, ctx, answer);
            });
            if is_wide {
                ui.add_space(24.0);
                ui.vertical(|ui| effects::rising_ui(ui, ctx, answer));
            }
        });
    });
}

/// One line, then three numbers: kilometres in the rings, minutes on the road, who is cut off.
fn headline_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let (before, after) = (&answer.comparison.before, &answer.comparison.after);
    let old = before.inside.truck_km;
    let new = after.bounds(|parts| parts.inside.truck_km);
    let said = change_words(old, new, ctx.lang());
    ui.label(strong(ctx.tell(format!("圈内货车·km {said}"), format!("truck·km in rings {said}"))));
    let hours = signed(answer.total.added_min / 60.0);
    let cut_off = figure(answer.total.cut_off);
    let kilometres = format!("{} → {}", figure(old), spread(new, ctx.lang()));
    for words in [
        ctx.tell(format!("圈内 {kilometres} 货车·km/日"), format!("rings {kilometres} truck·km/d")),
        ctx.tell(format!("路上时间 {hours} 小时/日"), format!("{hours} hours a day on the road")),
        ctx.tell(format!("无路可走 {cut_off} 辆/日"), format!("{cut_off} trucks a day cut off")),
    ] {
        ui.label(words);
    }
}

/// Those who must make way, and those who no longer come through.
#[expect(clippy::too_many_lines, reason = "a page from top to bottom")]
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
    }
    if answer.trips.is_empty() {
        ui.label(strong(ctx.tell("此时无车流改道", "No trip changes at this moment")));
        ui.label(note(ctx.tell(
            "措施可能尚未生效、不在时段内，或没有货车经过。",
            "The orders may not hold now, or no truck comes by.",
        )));
        elsewhen_ui(ui, ctx, answer);
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
    // At the moment; in other hours there may be others, which the total counts too.
    let is_cut = |(place, _): &(usize, &usize)| {
        answer.trip(*place).is_some_and(|(_, before, after)| is_cut_off(before, after))
    };
    for (place, number) in answer.trips.iter().enumerate().filter(is_cut) {
        let Some(flow) = answer.prepared().flows.get(*number) else { continue };
        if ui.link(RichText::new(ends(answer, flow)).color(act)).clicked() {
            ctx.actions.planner(PlannerAction::Trip(Some(place)));
        }
    }
    let here = answer.trips.iter().enumerate().filter(is_cut).count();
    if here < cut_off_flows {
        let others = cut_off_flows - here;
        let time = answer.asked.at.strftime("%H:%M");
        ui.label(note(ctx.tell(
            format!("其中 {others} 股 {time} 可通行，在当日其他时段无路可走"),
            format!("{others} of them have a way at {time}, and none in other hours of the day"),
        )));
    }
    ui.label(note(ctx.tell(
        "～ 之前不计这些车，之后按其持证走现状路线计。",
        "The first figure of two is without these trucks, the second as if they drove today's way \
         with a permit.",
    )));
}

/// Where nothing changes at the moment: a moment of the same day at which something does, or the first
/// day of the plan.
pub fn elsewhen_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let of_day = answer.first_change.map(|time| {
        let hour = time.strftime("%H:%M");
        let words = ctx.tell(
            format!("看当日开始改道的 {hour}"),
            format!("Look at {hour}, when trips begin to change"),
        );
        (answer.asked.at.date().to_datetime(time), words)
    });
    let first = answer.comparison.planned.iter().filter_map(|order| order.days.from).min();
    let first = first.filter(|first| *first > answer.asked.at.date()).map(|first| {
        let words = ctx.tell(
            format!("看生效首日 {first} 10:00"),
            format!("Look at its first day, {first} 10:00"),
        );
        (first.at(10, 0, 0, 0), words)
    });
    if let Some((at, words)) = of_day.or(first)
        && ui.button(words).clicked()
    {
        ctx.actions.planner(PlannerAction::At(at));
    }
}

fn rings_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let (before, after) = (&answer.comparison.before, &answer.comparison.after);
    let today = before.parts();
    let rings = answer.prepared().rings.iter().enumerate();
    let rows =
        rings.map(|(number, ring)| (format!("{} {} m", ring.name, ring.radius_m), Some(number)));
    let all = (ctx.tell("全路网", "whole network"), None);
    let day = answer.asked.at.date();
    let is_workday = before.day.is_workday();
    let kind = if is_workday {
        ctx.tell("工作日", "working day")
    } else {
        ctx.tell("休息日", "day off")
    };
    let (dated, time) = (speeds::dated(), answer.asked.at.strftime("%H:%M"));
    ui.label(note(ctx.tell(
        format!("{day} {kind} 全日合计（逐时车流 × 该时生效的措施；货车车速表 {dated}）；图上线宽也是全日，禁限路段、车流和检查是 {time} 的"),
        format!("Sums of {day}, a {kind}: trucks of each hour under the orders of that hour (truck speeds of {dated}); so are the widths on the map, while closed roads, trips and checks are those of {time}"),
    )));
    let mut folded = 0;
    Grid::new("rings").num_columns(7).spacing([16.0, 4.0]).show(ui, |ui| {
        ui.label(note(ctx.tell("控制圈", "Ring")));
        for (words, _) in COLUMNS {
            ui.label(note(ctx.say(words)));
        }
        ui.end_row();
        for (name, ring) in rows.chain([all]) {
            let of = |value: fn(&DayTotals) -> f64| {
                move |parts: DayParts<'_>| match ring {
                    Some(ring) => parts.rings.get(ring).map_or(0.0, value),
                    None => value(parts.all),
                }
            };
            let is_empty = COLUMNS.iter().all(|(_, value)| {
                of(*value)(today) < 0.05 && after.bounds(of(*value)).iter().all(|new| *new < 0.05)
            });
            if is_empty && ring.is_some() {
                folded += 1;
                continue;
            }
            ui.label(&name);
            for (words, value) in COLUMNS {
                let (old, new) = (of(value)(today), after.bounds(of(value)));
                cell_ui(ui, ctx, (&name, ctx.say(words)), old, new, answer.is_today());
            }
            ui.end_row();
        }
    });
    if folded > 0 {
        ui.label(note(ctx.tell(
            format!("另有 {folded} 个圈没有货车"),
            format!("and {folded} rings without a truck"),
        )));
    }
}

/// Whether there may be more than today, by more than a change that is none.
fn is_worse(before: f64, most: f64) -> bool {
    most - before >= 0.05
}

/// `920 → 0  −100 %`; what is less is calm, what is more must be looked at.
fn cell_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    (ring, what): (&str, &str),
    before: f64,
    after: [f64; 2],
    is_today: bool,
) {
    let change = spread_percent(before, after, ctx.lang()).filter(|_| !is_today);
    let Some(change) = change else {
        let text = RichText::new(figure(before));
        ui.label(if before < 0.05 { text.weak() } else { text });
        return;
    };
    let [_, most] = after;
    let color = if is_worse(before, most) { ctx.color(|t| t.act) } else { ctx.color(|t| t.accent) };
    let words = format!("{} → {}", figure(before), spread(after, ctx.lang()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_today_at_the_worst_is_no_worse() {
        assert!(!is_worse(3770.0, 3_770.000_000_1));
        assert!(!is_worse(3770.0, 3292.0) && is_worse(3770.0, 3770.4));
    }
}
