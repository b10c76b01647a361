//! All plans beside today, and whether other flows would put them in another order.

use egui::{Grid, RichText, ScrollArea, Ui};

use super::words::TODAY;
use crate::domain::figures::{range, spread};
use crate::domain::{Lang, LocalizedText, Text};
use crate::jobs::Jobs;
use crate::network::totals::{PlanSummary, Ranking};
use crate::ui::action::{Action, PlannerAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
use crate::ui::parts::words::signed;
use crate::ui::widgets::{note, strong};

/// A figure, without those who are cut off and as if they drove today's way.
type Row = (Text, fn(&PlanSummary) -> [f64; 2]);

const ROWS: [Row; 7] = [
    (Text::new("改道 辆/日", "trucks that change way /d"), |plan| [plan.total.trucks; 2]),
    (Text::new("绕行增加 km/日", "added km/d"), |plan| [plan.total.added_km; 2]),
    (Text::new("绕行增加 小时/日", "added hours/d"), |plan| {
        [plan.total.added_min / 60.0; 2]
    }),
    (Text::new("无法到达 辆/日", "trucks cut off /d"), |plan| [plan.total.cut_off; 2]),
    (Text::new("全路网 NOx g/日", "network NOx g/d"), |plan| plan.all_bounds(|all| all.nox_g)),
    (Text::new("全路网 扬尘 PM10 g/日", "network dust PM10 g/d"), |plan| {
        plan.all_bounds(|all| all.dust_pm10_g)
    }),
    (Text::new("检查问题", "findings"), |plan| [plan.findings as f64; 2]),
];

/// Shows all plans beside today.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer, jobs: &Jobs<Action>) {
    let plans = &*ctx.planner.summaries;
    ui.horizontal(|ui| {
        let words = ctx.say(Text::new("流量 ±20 % 重算", "Rerun with flows ±20 %"));
        let tip = ctx.tell(
            "按各 1000 m 圈货车·km 之和排序，看流量偏差会不会改变方案的先后",
            "Orders the plans by truck·km in the 1000 m rings, and looks whether flows that are \
             off would change it",
        );
        if ui.add_enabled(plans.len() > 1, egui::Button::new(words)).on_hover_text(tip).clicked() {
            ctx.actions.planner(PlannerAction::Sway);
        }
        super::sensitivity::button_ui(ui, ctx, jobs);
        if let Some(said) = &ctx.planner.sway {
            ui.label(said.say(ctx.lang()));
        }
    });
    ScrollArea::both().id_salt("plans").auto_shrink(false).show(ui, |ui| {
        super::sensitivity::ui(ui, ctx);
        Grid::new("plans").num_columns(plans.len() + 1).spacing([24.0, 4.0]).show(ui, |ui| {
            ui.label("");
            for plan in plans {
                let is_chosen = plan.plan == ctx.planner.plan;
                let name = if plan.plan.is_empty() { ctx.say(TODAY) } else { &plan.plan };
                let text = if is_chosen { strong(name) } else { RichText::new(name) };
                ui.label(text);
            }
            ui.end_row();
            row_ui(
                ui,
                ctx,
                ctx.tell("各 1000 m 圈 货车·km/日", "all 1000 m rings, truck·km/d"),
                PlanSummary::outer_bounds,
            );
            for (number, ring) in answer.prepared().rings.iter().enumerate() {
                let name = ctx.tell(
                    format!("{} {} m 货车·km/日", ring.name, ring.radius_m),
                    format!("{} {} m, truck·km/d", ring.name, ring.radius_m),
                );
                row_ui(ui, ctx, name, |plan| plan.ring_bounds(number, |ring| ring.truck_km));
            }
            for (words, value) in ROWS {
                row_ui(ui, ctx, ctx.say(words).to_owned(), value);
            }
        });
    });
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, name: String, value: impl Fn(&PlanSummary) -> [f64; 2]) {
    let all = || ctx.planner.summaries.iter().flat_map(&value);
    // Nothing but zeros is nothing to compare.
    if all().all(|value| value.abs() < 0.05) {
        return;
    }
    ui.label(note(name));
    let [today, _] = ctx.planner.summaries.first().map_or([0.0; 2], &value);
    for plan in &*ctx.planner.summaries {
        let now = value(plan);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.label(spread(now, ctx.lang()));
            let [least, most] = now.map(|now| now - today);
            if least.abs().max(most.abs()) >= 0.05 {
                let (least, most) = (signed(least), signed(most));
                let by = range(&least, &most, ctx.lang());
                ui.label(note(format!("({by})")));
            }
        });
    }
    ui.end_row();
}

/// Whether flows that are a fifth more or less would put the plans in another order.
pub fn sway(plans: &[PlanSummary]) -> LocalizedText {
    let Ranking { order, is_kept, loose } = Ranking::of(plans);
    let names = |lang| {
        let name = |plan: &PlanSummary| {
            if plan.plan.is_empty() { TODAY.say(lang).to_owned() } else { plan.plan.clone() }
        };
        order.iter().filter_map(|at| plans.get(*at)).map(name).collect::<Vec<_>>()
    };
    let (zh, en) = (names(Lang::Zh), names(Lang::En));
    let (together_zh, together_en) = if is_kept {
        ("全部 ×0.8、×1.2：排序不变", "all flows ×0.8 and ×1.2: the same order")
    } else {
        ("全部 ×0.8、×1.2：排序改变", "all flows ×0.8 and ×1.2: another order")
    };
    let (each_zh, each_en) = match loose
        .and_then(|at| Some((zh.get(at)?, zh.get(at + 1)?, en.get(at)?, en.get(at + 1)?)))
    {
        Some((a, b, a_en, b_en)) => (
            format!("各股各自 ±20 %：“{a}”与“{b}”可能对调"),
            format!("each flow ±20 % by itself: “{a_en}” and “{b_en}” may change places"),
        ),
        None => (
            "各股各自 ±20 %：排序也不变".to_owned(),
            "each flow ±20 % by itself: the same order too".to_owned(),
        ),
    };
    LocalizedText::new(
        format!("由少到多 {}；{together_zh}；{each_zh}", zh.join(" < ")),
        format!("least first {}; {together_en}; {each_en}", en.join(" < ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str, outer_km: &[f64]) -> PlanSummary {
        PlanSummary { plan: name.to_owned(), outer_km: outer_km.to_vec(), ..PlanSummary::default() }
    }

    #[test]
    fn plans_that_differ_by_much_keep_their_order_and_those_that_differ_by_little_may_not() {
        let today = plan("", &[100.0, 100.0]);
        let clear = sway(&[today.clone(), plan("甲", &[10.0, 10.0])]);
        assert!(clear.zh.contains("甲 < 现状"), "{}", clear.zh);
        assert!(clear.zh.contains("排序也不变"), "{}", clear.zh);

        let close = sway(&[today, plan("甲", &[10.0, 60.0]), plan("乙", &[60.0, 20.0])]);
        assert!(close.zh.contains("“甲”与“乙”可能对调"), "{}", close.zh);
        assert!(close.zh.contains("×1.2：排序不变"), "{}", close.zh);
    }

    #[test]
    fn a_copy_of_a_plan_does_not_change_places_with_it() {
        let said = sway(&[plan("甲", &[10.0, 60.0]), plan("乙", &[10.0, 60.0])]);
        assert!(said.zh.contains("排序也不变"), "{}", said.zh);
    }
}
