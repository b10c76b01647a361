//! The page of the townships, side by side.

use egui::{Button, RichText, Ui};

use super::Page;
use super::bars::{bar_ui, moved, rate_words};
use super::lay::{cell_ui, em, head_ui, row_ui, rows_ui};
use crate::analysis::Filter;
use crate::analysis::overview::Township;
use crate::analysis::standards::{InspectionTally, Rate};
use crate::domain::{Kind, SiteKind, Text};
use crate::ui::action::MeetingAction;
use crate::ui::ctx::Ctx;
use crate::ui::parts::kpi::{arrow, tone};
use crate::ui::widgets::{empty, named, note};

/// 乡镇: side by side by what can be compared, the rate of what was inspected.
pub struct Townships;

impl Page for Townships {
    fn key(&self) -> &'static str {
        "townships"
    }

    fn title(&self) -> Text {
        Text::new("乡镇", "Townships")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let mut townships: Vec<&Township> = ctx.meeting.overview.townships.iter().collect();
        if townships.is_empty() {
            let what = ctx.tell("还没有乡镇", "There are no townships yet");
            let next = "导入乡镇边界，或在点位中填写所属乡镇";
            empty(ui, what, ctx.tell(next, "Import their areas, or say of sites where they lie"));
            return;
        }
        ui.label(note(ctx.tell(
            "按工地达标率从低到高；检查不足 5 处的样本少，排在其后；单击筛选列表和地图",
            "Lowest construction rate first; then those with fewer than 5 inspected; click to filter",
        )));
        townships
            .sort_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal));
        let widths = Widths::of(ui);
        widths.head_ui(ui, ctx);
        rows_ui(ui, ctx, "townships", true, townships.len(), |ui, place| {
            if let Some(township) = townships.get(place) {
                township_ui(ui, ctx, township, &widths);
            }
        });
    }
}

/// Rates that say something first, the lowest of them at the top; what was not inspected last.
fn rank(township: &Township) -> (u8, f64) {
    let rate = &township.construction;
    match rate.share() {
        Some(share) if !rate.is_few() => (0, share),
        Some(share) => (1, share),
        None if township.contents.sites > 0 => (2, 0.0),
        None => (3, 0.0),
    }
}

/// Of the columns, points.
struct Widths {
    name: f32,
    leader: f32,
    bar: f32,
    rate: f32,
    trend: f32,
    failing: f32,
}

impl Widths {
    fn of(ui: &Ui) -> Self {
        let em = em(ui);
        let is_wide = ui.available_width() > em * 60.0;
        // On a board there is room for the rates alone: grey says there that they are of few.
        let [name, leader, rate, trend, failing] =
            if is_wide { [9.0, 8.0, 6.5, 3.6, 6.0] } else { [5.6, 0.0, 5.2, 0.0, 3.0] }
                .map(|width| width * em);
        let rest = ui.available_width() - name - leader - rate * 2.0 - trend * 2.0 - failing;
        let bar = (rest / 2.0 - 30.0).max(0.0);
        Self { name, leader, bar, rate, trend, failing }
    }

    fn head_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let say = |zh, en| ctx.say(Text::new(zh, en));
        let mut columns = vec![(self.name, say("乡镇街道", "Township"))];
        if self.leader > 0.0 {
            columns.push((self.leader, say("分包领导", "Leader")));
        }
        let of_rate = self.bar + self.rate + self.trend + if self.trend > 0.0 { 12.0 } else { 6.0 };
        columns.push((of_rate, say("工地达标", "Construction up to standard")));
        columns.push((of_rate, say("餐饮达标", "Restaurants up to standard")));
        columns.push((self.failing, say("不达标", "Failing")));
        head_ui(ui, &columns);
    }
}

fn township_ui(ui: &mut Ui, ctx: &Ctx<'_>, township: &Township, widths: &Widths) {
    let nobody = ctx.tell("未注明", "not stated");
    let of = if township.name.is_empty() { nobody.as_str() } else { township.name.as_str() };
    let filter = Filter {
        kind: Some(Kind::Site),
        township: (!township.name.is_empty()).then(|| township.name.clone()),
        ..Filter::default()
    };
    let is_chosen = ctx.filter == filter;
    let (construction, restaurants) = (&township.construction, &township.restaurants);
    let name = format!("{of} {} {}", rate_words(ctx, construction), rate_words(ctx, restaurants));
    let response = row_ui(ui, ctx, &name, is_chosen, |ui| {
        cell_ui(ui, widths.name, of);
        if widths.leader > 0.0 {
            let leader = township.leader.as_str();
            let blank = ctx.tell("未填写", "not filled in");
            cell_ui(ui, widths.leader, if leader.is_empty() { note(blank) } else { leader.into() });
        }
        rate_cells_ui(ui, ctx, SiteKind::Construction, construction, widths);
        rate_cells_ui(ui, ctx, SiteKind::Restaurant, restaurants, widths);
        failing_ui(ui, ctx, township, &filter);
    });
    if response.clicked() && !township.name.is_empty() {
        ctx.actions.list(if is_chosen { Filter::default() } else { filter });
    }
}

fn rate_cells_ui(ui: &mut Ui, ctx: &Ctx<'_>, kind: SiteKind, rate: &Rate, widths: &Widths) {
    if widths.bar > 0.0 {
        bar_ui(ui, ctx, widths.bar, rate);
    }
    let words = rate_words(ctx, rate);
    cell_ui(ui, widths.rate, if rate.is_few() { note(words) } else { words.into() });
    if widths.trend < 1.0 {
        return;
    }
    let before = ctx.meeting.overview.before().and_then(|before| {
        let rates = &before.sites.of_kind(kind)?.by_township;
        rates.iter().find(|known| known.of == rate.of)
    });
    let trend = if rate.is_few() && rate.inspected > 0 {
        note(ctx.tell("样本少", "few"))
    } else {
        moved(rate, before).map_or_else(
            || note(""),
            |(by, is_better)| RichText::new(arrow(by)).small().color(tone(ctx, Some(is_better))),
        )
    };
    cell_ui(ui, widths.trend, trend);
}

/// How many sites of any kind fail there: a button that lists them.
fn failing_ui(ui: &mut Ui, ctx: &Ctx<'_>, township: &Township, filter: &Filter) {
    let InspectionTally { failing, inspected, .. } = township.contents.inspections;
    if failing == 0 {
        ui.label(note(if inspected == 0 { "—" } else { "0" }));
        return;
    }
    let words = ctx.tell(format!("不达标 {failing}"), format!("{failing} failing"));
    let text = RichText::new(failing.to_string()).color(ctx.color(|t| t.act));
    let button = ui.add(Button::new(text).frame_when_inactive(false));
    named(&button, &format!("{} {words}", township.name));
    if button.clicked() {
        ctx.actions.list(Filter { is_failing: true, ..filter.clone() });
        ctx.actions.meeting(MeetingAction::Open("standards"));
    }
}
