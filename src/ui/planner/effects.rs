//! What a plan leaves in the air inside and outside the rings, as ranges, and whom it meets.

use egui::{Color32, Grid, RichText, Ui};

use crate::domain::{RecordId, Text, figures};
use crate::map::view::View;
use crate::network::compare::Comparison;
use crate::network::emission::{DUST_RANGE, EXHAUST_RANGE};
use crate::network::evaluate::{DayParts, DayTotals};
use crate::network::idling::{IDLING_RANGE, Idling};
use crate::network::sites::{PASSED_M, RISE, RoadsideSite};
use crate::ui::action::{PlannerAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
use crate::ui::model::planning::Pin;
use crate::ui::parts::words::figure;
use crate::ui::widgets::{named, note, strong};

/// A substance, what it is read from, and the factors between which it lies.
type Row = (Text, fn(&DayTotals) -> f64, (f64, f64));

const ROWS: [Row; 4] = [
    (Text::new("尾气 NOx", "exhaust NOx"), |part| part.nox_g, EXHAUST_RANGE),
    (Text::new("尾气 PM2.5", "exhaust PM2.5"), |part| part.pm25_g, EXHAUST_RANGE),
    (Text::new("扬尘 PM10", "dust PM10"), |part| part.dust_pm10_g, DUST_RANGE),
    (Text::new("扬尘 PM2.5", "dust PM2.5"), |part| part.dust_pm25_g, DUST_RANGE),
];

/// A change below this is none, g/day.
const NOTHING_G: f64 = 0.5;
/// Rows of a list that are shown at once.
const MOST: usize = 8;
/// How near a place is looked at.
const NEAR_ZOOM: f64 = 15.5;

/// `9.6 kg` or `130 g`.
pub fn mass(grams: f64) -> String {
    if grams.abs() >= 1000.0 {
        format!("{} kg", figure(grams.abs() / 1000.0))
    } else {
        format!("{} g", figure(grams.abs()))
    }
}

/// `−9.6 kg`.
fn signed_mass(grams: f64) -> String {
    if grams.abs() < NOTHING_G {
        return "0".to_owned();
    }
    format!("{}{}", if grams < 0.0 { "−" } else { "+" }, mass(grams))
}

/// What helps the rings and harms the district, or the other way round: both are always said.
pub fn net_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let (before, after) = (&answer.comparison.before, &answer.comparison.after);
    for (words, value, _) in ROWS {
        // With and without those who are cut off it must be so.
        let [inside, inside_most] =
            after.bounds(|parts| value(parts.inside)).map(|new| new - value(&before.inside));
        let [all, all_most] =
            after.bounds(|parts| value(parts.all)).map(|new| new - value(&before.all));
        if inside_most * all_most >= 0.0 {
            continue;
        }
        if inside * all >= 0.0 || inside.abs() < NOTHING_G || all.abs() < NOTHING_G {
            continue;
        }
        let what = ctx.say(words);
        let (inside, all) = (signed_mass(inside), signed_mass(all));
        let said = ctx.tell(
            format!("{what}：圈内 {inside}，全区 {all}（每日）"),
            format!("{what}: {inside} in the rings, {all} in all, a day"),
        );
        ui.label(strong(said).color(ctx.color(|t| t.watch)));
    }
}

/// Inside the rings of 1000 m, outside, and together.
pub fn parts_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    type Part = fn(DayParts<'_>) -> &DayTotals;
    let (before, after) = (&answer.comparison.before, &answer.comparison.after);
    let parts: [(Text, Part); 3] = [
        (Text::new("圈内", "inside"), |parts| parts.inside),
        (Text::new("圈外", "outside"), |parts| parts.outside),
        (Text::new("全区", "all"), |parts| parts.all),
    ];
    ui.label(strong(ctx.tell(
        "排放：各 1000 m 圈合计（重叠只计一次）、圈外、全区，每日",
        "Emissions a day in the rings of 1000 m together (each place once), outside, and in all",
    )));
    Grid::new("parts").num_columns(4).spacing([28.0, 4.0]).show(ui, |ui| {
        ui.label("");
        for (words, ..) in parts {
            ui.label(note(ctx.say(words)));
        }
        ui.end_row();
        for (words, value, range) in ROWS {
            ui.label(ctx.say(words));
            for (_, part) in parts {
                let old = value(part(before.parts()));
                let new = after.bounds(|parts| value(part(parts)));
                part_ui(ui, ctx, (old, new), range, answer.is_today());
            }
            ui.end_row();
        }
    });
    idling_ui(ui, ctx, answer);
    let ((low, high), (dust_low, dust_high)) = (EXHAUST_RANGE, DUST_RANGE);
    ui.label(note(ctx.tell(
        format!(
            "括号内为变化量的读数范围：尾气 ×{low}–{high}，扬尘 ×{dust_low}–{dust_high}；\
             只比排放量，不推算浓度。"
        ),
        format!(
            "In brackets the range in which a change is to be read: exhaust ×{low}–{high}, dust \
             ×{dust_low}–{dust_high}. Emissions, not concentrations."
        ),
    )));
}

/// What trucks leave while they stand at queues, apart from the exhaust of driving.
fn idling_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let minutes = answer.asked.assumed.idle_min;
    if minutes <= 0.0 {
        return;
    }
    let [before, after] = &answer.idling;
    let ((low, high), places) = (IDLING_RANGE, before.places);
    if places == 0 {
        ui.label(note(ctx.tell(
            "怠速：没有在路上且当日有时段的拥堵怠速记录",
            "Idling: no recorded queue lies on a road with hours on this day",
        )));
        return;
    }
    let of = |value: fn(&Idling) -> f64| {
        let (old, new) = (value(before), value(after));
        if answer.is_today() {
            return mass(old);
        }
        let change = new - old;
        format!(
            "{} → {} ({} … {})",
            mass(old),
            mass(new),
            signed_mass(change * low),
            signed_mass(change * high)
        )
    };
    let (nox, pm) = (of(|idling| idling.nox_g), of(|idling| idling.pm25_g));
    let (inside_nox, inside_pm) =
        (of(|idling| idling.inside_nox_g), of(|idling| idling.inside_pm25_g));
    ui.label(ctx.tell(
        format!("怠速（{places} 处，每车 {minutes} 分钟，假设）：全区 NOx {nox}，PM2.5 {pm}；圈内 NOx {inside_nox}，PM2.5 {inside_pm}"),
        format!("Idling ({places} queues, {minutes} min a truck, assumed): NOx {nox}, PM2.5 {pm}; in the rings NOx {inside_nox}, PM2.5 {inside_pm}"),
    ));
    ui.label(note(ctx.tell(
        format!("33.8 g NOx、1.1 g PM2.5 每车小时（美国 2008 年车队，待核对）；变化量按 ×{low}–{high} 读，不计入上表"),
        format!("33.8 g NOx and 1.1 g PM2.5 a truck hour (fleet of the USA of 2008); changes to be read ×{low}–{high}; not in the table above"),
    )));
}

/// `11.3 → 1.7 kg` and the change with its range.
fn part_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    (before, [after, most]): (f64, [f64; 2]),
    range: (f64, f64),
    today: bool,
) {
    let (change, least) = (after - before, most - before);
    if today || change.abs().max(least.abs()) < NOTHING_G {
        let (low, high) = (mass(before * range.0), mass(before * range.1));
        ui.label(mass(before)).on_hover_text(figures::range(&low, &high, ctx.lang()));
        return;
    }
    let color = if least < NOTHING_G { ctx.color(|t| t.accent) } else { ctx.color(|t| t.act) };
    // The smallest and the largest change that factors and those who are cut off allow.
    let ends = [change * range.0, change * range.1, least * range.0, least * range.1];
    let low = signed_mass(ends.iter().copied().fold(f64::INFINITY, f64::min));
    let high = signed_mass(ends.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    let bounds = figures::range(&low, &high, ctx.lang());
    let now = figures::range(&mass(after), &mass(most), ctx.lang());
    let by = figures::range(&signed_mass(change), &signed_mass(least), ctx.lang());
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(format!("{} → {now}", mass(before)));
        ui.label(strong(by).color(color));
        ui.label(note(ctx.tell(format!("（{bounds}）"), format!("({bounds})"))));
    });
}

/// Works and villages that are cut off, in red, and those that are reached with a pass alone.
pub fn cut_off_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let Comparison { cut_off, by_pass, .. } = &answer.comparison;
    let count = cut_off.len();
    let words = ctx.tell(
        format!("重型货车无法到达 {count} 处"),
        format!("{count} places that heavy trucks cannot reach"),
    );
    places_ui(ui, ctx, cut_off, words, ctx.color(|t| t.act));
    let count = by_pass.len();
    let words = ctx.tell(
        format!("须持通行证到达 {count} 处"),
        format!("{count} places that heavy trucks reach with a pass"),
    );
    places_ui(ui, ctx, by_pass, words, ctx.color(|t| t.watch));
}

fn places_ui(ui: &mut Ui, ctx: &Ctx<'_>, places: &[RoadsideSite], words: String, color: Color32) {
    if places.is_empty() {
        return;
    }
    ui.label(strong(words).color(color));
    for site in places.iter().take(MOST) {
        let link = ui.link(RichText::new(&site.name).color(color));
        if link.on_hover_text(ctx.say(site.kind.label())).clicked() {
            fly(ctx, site.id, site.at);
        }
    }
    more_ui(ui, ctx, places.len());
}

/// That a list goes on.
fn more_ui(ui: &mut Ui, ctx: &Ctx<'_>, count: usize) {
    let more = count.saturating_sub(MOST);
    if more > 0 {
        ui.label(note(ctx.tell(format!("另有 {more} 条"), format!("and {more} more"))));
    }
}

/// Schools, hospitals and villages beside the new ways.
pub fn passed_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    if answer.comparison.passed.is_empty() {
        return;
    }
    let (near, rise) = (PASSED_M, RISE * 100.0);
    let tip = ctx.tell(
        format!("距道路线 {near} m 以内；现状没有货车，或货车增加 {rise:.0} % 以上"),
        format!("within {near} m of a road without trucks today, or with {rise:.0} % more"),
    );
    let title = ctx.say(Text::new("新增货车途经", "Newly passed by trucks"));
    ui.label(strong(title)).on_hover_text(tip);
    let all = &answer.comparison.passed;
    for passed in all.iter().take(MOST) {
        let (before, after) = (figure(passed.before), figure(passed.after));
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            if ui.link(&passed.site.name).clicked() {
                fly(ctx, passed.site.id, passed.site.at);
            }
            ui.label(
                ctx.tell(format!("{before} → {after} 辆/日"), format!("{before} → {after} /d")),
            );
        });
    }
    more_ui(ui, ctx, all.len());
}

/// Roads that more trucks use; a click flies there and writes the figure on the map.
pub fn rising_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    if answer.rising.is_empty() {
        return;
    }
    ui.label(strong(ctx.say(Text::new("货车增加的道路", "Roads with more trucks"))));
    let network = &answer.prepared().network;
    for road in answer.rising.iter().take(MOST) {
        let name = match network.name_of(road.edge) {
            "" => ctx.say(Text::new("无名道路", "Road")),
            name => name,
        };
        let (before, after) = (figure(road.before), figure(road.after));
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let link = ui.link(name);
            named(&link, &format!("{name}: {before} → {after}"));
            if link.clicked()
                && let Some(center) = network.middle_of(road.edge)
            {
                ctx.actions.planner(PlannerAction::Pin(Some(Pin { edge: road.edge, at: center })));
                ctx.actions.view(ViewAction::Show(View { center, zoom: NEAR_ZOOM }));
            }
            ui.label(
                ctx.tell(format!("{before} → {after} 辆/日"), format!("{before} → {after} /d")),
            );
        });
    }
    more_ui(ui, ctx, answer.rising.len());
}

fn fly(ctx: &Ctx<'_>, record: RecordId, center: geo_types::Coord<f64>) {
    ctx.actions.select(record);
    ctx.actions.view(ViewAction::Show(View { center, zoom: NEAR_ZOOM }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_are_told_in_kilograms_from_one_on_and_with_their_sign() {
        assert_eq!((mass(11_251.0), mass(130.4)), ("11.3 kg".to_owned(), "130 g".to_owned()));
        assert_eq!(signed_mass(-9564.0), "−9.6 kg");
        assert_eq!(signed_mass(2656.0), "+2.7 kg");
        assert_eq!(signed_mass(0.2), "0");
        assert_eq!((mass(123_400.0), mass(1_477_600.0)), ("123 kg".into(), "1,478 kg".into()));
    }
}
