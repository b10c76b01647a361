//! The planner: restrictions as plans, what each does to trucks and rings, and where to look.
//!
//! [`work`] is what its jobs compute, [`paint`] what it draws on the map;
//! every other file is one page of the panel below the map.

mod assignment;
mod calibration;
mod closed;
mod day_chart;
mod effects;
mod estimate;
mod export;
mod eye;
mod findings;
mod flows;
mod free_way;
mod marks;
mod notice;
mod paint;
mod plan_lifecycle;
mod plans;
mod proposals;
mod results;
mod roads;
mod sensitivity;
mod stale_alignment;
mod swipe;
mod trips;
mod turning;
mod words;
mod work;

use self::words::{PROPOSE, TODAY, draw_gate};
use egui::{Align, Button, Layout, ProgressBar, RichText, ScrollArea, TextEdit, Ui};
use jiff::civil::{Date, DateTime, Time};
use lucide_icons::Icon;

use super::action::Action;
use super::command::Command;
use super::ctx::Ctx;
use super::model::Toast;
use super::widgets::{
    LOW, beside_tabs, empty, icon, icon_button, named, named_text, note, tabs_width,
};
use crate::domain::{Kind, Text};
use crate::jobs::Jobs;
use crate::network::compare::Unready;
use crate::network::plan_lifecycle::state;

pub use self::work::{MakeAnswer, MakeNetwork, MakeSurvey, make_estimate};
use super::action::{PlannerAction, RoadsAction};
use super::model::planning::now;
pub use assignment::MakeBalance;
pub use calibration::HoldCounts;
pub use flows::take as take_counts;
pub use free_way::MakeWay;
pub use notice::{MakeNotice, MakeNoticeMap};
pub use paint::OnMap;
pub use plans::sway;
pub use sensitivity::MakeSensitivity;

/// The panel: which page is open and what is being typed.
#[derive(Default)]
pub struct Planner {
    page: Page,
    date: String,
    time: String,
    /// The moment of which date and time are the words.
    words_of: Option<DateTime>,
    matrix: flows::Matrix,
    notice: notice::NoticePage,
    waits: turning::Waits,
    roads: roads::Roads,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Results,
    Plans,
    Trips,
    Findings,
    Notice,
    Balance,
    Flows,
    Calibration,
    Roads,
}

/// From this width on plan, moment and state stand in one row, points.
const ONE_ROW: f32 = 1080.0;

impl Planner {
    /// Of the panel at first, points: a paper is read in a taller one than figures.
    pub fn height(&self) -> f32 {
        if self.page == Page::Notice { 460.0 } else { 340.0 }
    }

    /// Shows the page that is open.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, jobs: &Jobs<Action>) {
        // A page with little on it must not make the panel small for the others.
        ui.set_min_height(ui.available_height());
        let (pages, here, mut picked) = (pages(ctx), self.page, None);
        if ui.available_height() < LOW {
            self.low_ui(ui, ctx, jobs, &pages, &mut picked);
        } else {
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    icon_button(ui, ctx, Command::Dock, true);
                    self.moment_ui(ui, ctx);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| tabs_ui(ui, ctx));
                });
            });
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    self.state_ui(ui, ctx, jobs);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        pages_ui(ui, &pages, here, &mut picked);
                    });
                });
            });
            ui.add_space(2.0);
            self.page_ui(ui, ctx, jobs);
        }
        self.page = picked.unwrap_or(self.page);
    }

    /// With the pages in a column at the left.
    fn low_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        jobs: &Jobs<Action>,
        pages: &[(Page, String)],
        picked: &mut Option<Page>,
    ) {
        let here = self.page;
        let width = tabs_width(ui, pages.iter().map(|(_, words)| words.as_str()));
        let tabs = |ui: &mut Ui| pages_ui(ui, pages, here, picked);
        beside_tabs(ui, width, tabs, |ui| {
            let is_one_row = ui.available_width() >= ONE_ROW;
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    icon_button(ui, ctx, Command::Dock, true);
                    if is_one_row {
                        self.moment_ui(ui, ctx);
                        self.state_ui(ui, ctx, jobs);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| tabs_ui(ui, ctx));
                });
            });
            if !is_one_row {
                ui.horizontal(|ui| {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        self.moment_ui(ui, ctx);
                        self.state_ui(ui, ctx, jobs);
                    });
                });
            }
            self.page_ui(ui, ctx, jobs);
        });
    }

    /// What the figures rest on, and what is under way.
    fn state_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, jobs: &Jobs<Action>) {
        words::badge_ui(ui, ctx);
        self.waits.ui(ui, ctx);
        words::draft_ui(ui, ctx);
        busy_ui(ui, ctx, jobs);
    }

    fn page_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, jobs: &Jobs<Action>) {
        let estimate = ctx.planner.estimate.clone();
        match (self.page, estimate) {
            (Page::Flows, Some(estimate)) => return estimate::ui(ui, ctx, &estimate),
            (Page::Flows, None) if ctx.planner.proposing.is_some() => {
                return proposals::ui(ui, ctx);
            }
            (Page::Flows, None) => return self.matrix.ui(ui, ctx),
            (Page::Roads, _) => return self.roads.ui(ui, ctx),
            _ => {}
        }
        if self.page == Page::Notice {
            self.notice.ui(ui, ctx);
            return;
        }
        if let Some(reason) = ctx.planner.why_not() {
            self.unready_ui(ui, ctx, reason);
            return;
        }
        let Some(answer) = (*ctx.planner.answer).clone() else {
            let words = ctx.tell("正在准备路网…", "Preparing the road network…");
            empty(ui, words, ctx.tell("可继续看图", "The map stays usable meanwhile"));
            return;
        };
        match self.page {
            Page::Results => results::ui(ui, ctx, &answer),
            Page::Plans => plans::ui(ui, ctx, &answer, jobs),
            Page::Calibration => {
                // What was estimated stands beside the flows.
                if calibration::page_ui(ui, ctx, &answer) {
                    self.page = Page::Flows;
                }
            }
            Page::Trips => trips::ui(ui, ctx, &answer),
            Page::Balance => assignment::ui(ui, ctx, &answer, jobs),
            Page::Findings | Page::Notice | Page::Flows | Page::Roads => {
                findings::ui(ui, ctx, &answer);
            }
        }
    }

    /// The time cursor, from the right: now, later, time, date, earlier. What comes and goes stands at
    /// the left of it, so that no box moves under the pointer.
    fn moment_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let at = ctx.planner.at;
        if self.words_of != Some(at) {
            self.words_of = Some(at);
            self.date = at.date().to_string();
            self.time = at.strftime("%H:%M").to_string();
        }
        if ui.button(ctx.say(Text::new("现在", "Now"))).clicked() {
            ctx.actions.planner(PlannerAction::At(now()));
        }
        icon_button(ui, ctx, Command::Later, true);
        let time = ui.add(TextEdit::singleline(&mut self.time).desired_width(56.0));
        named_text(&time, ctx.say(Text::new("时刻", "Time")), &self.time);
        let date = ui.add(TextEdit::singleline(&mut self.date).desired_width(100.0));
        named_text(&date, ctx.say(Text::new("日期", "Date")), &self.date);
        icon_button(ui, ctx, Command::Earlier, true);
        resting_ui(ui, ctx);
        if !time.lost_focus() && !date.lost_focus() {
            return;
        }
        let typed = self.date.trim().parse::<Date>().ok().zip(moment(&self.time));
        if let Some((date, time)) = typed {
            ctx.actions.planner(PlannerAction::At(date.to_datetime(time)));
        } else {
            self.words_of = None;
            ctx.actions.send(Action::Say(Toast::watch(
                "日期应写成 2026-12-05，时刻应写成 10:00",
                "A date is written 2026-12-05, a time 10:00",
            )));
        }
    }

    /// Why there is nothing to show, with the next step.
    fn unready_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, reason: Unready) {
        let (what, next) = match reason {
            Unready::NoRoads => (
                Text::new("还没有道路", "There are no roads yet"),
                Text::new(
                    "导入 OpenStreetMap 道路（.osm.pbf 或 .osm），或按 7 画道路",
                    "Import roads from OpenStreetMap (.osm.pbf or .osm), or draw them with 7",
                ),
            ),
            Unready::NoFlows => (
                Text::new("还没有货车流量", "There are no truck flows yet"),
                Text::new(
                    "导入车流表，或先画关口，再到“货车流量”页填写",
                    "Import a table of flows, or draw gates and fill in the flows page",
                ),
            ),
            Unready::Stopped => (
                Text::new("路网准备已取消", "The preparation was cancelled"),
                Text::new("可重新准备", "It can be begun anew"),
            ),
        };
        empty(ui, ctx.say(what), ctx.say(next));
        ui.vertical_centered(|ui| match reason {
            Unready::Stopped => {
                if ui.button(ctx.say(Text::new("重新准备", "Prepare again"))).clicked() {
                    ctx.actions.planner(PlannerAction::Again);
                }
            }
            Unready::NoRoads | Unready::NoFlows => {
                if ui.button(ctx.say(Command::Import.about().words)).clicked() {
                    ctx.actions.command(Command::Import);
                }
                if reason == Unready::NoFlows {
                    if ui.button(ctx.say(Text::new("画关口", "Draw a gate"))).clicked() {
                        draw_gate(ctx);
                    }
                    if ui.button(ctx.say(PROPOSE)).clicked() {
                        self.page = Page::Flows;
                        ctx.actions.roads(RoadsAction::Propose(Some(false)));
                    }
                    if ui.button(ctx.say(Text::new("填写流量", "Fill in flows"))).clicked() {
                        self.page = Page::Flows;
                    }
                }
            }
        });
    }
}

/// Whether orders that do not hold at the time cursor are seen, and how many there are.
fn resting_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let is_order = |id: &&crate::domain::RecordId| {
        ctx.record(**id).is_some_and(|record| record.kind == Kind::Restriction)
    };
    let count = ctx.planner.resting.iter().filter(is_order).count();
    if count == 0 {
        return;
    }
    let hides = ctx.planner.hides_resting;
    let button = ui.button((
        icon(if hides { Icon::EyeOff } else { Icon::Eye }),
        note(ctx.tell(format!("未生效 {count}"), format!("{count} at rest"))),
    ));
    named(&button, ctx.say(Text::new("此刻未生效的措施", "Orders that do not hold now")));
    let tip = if hides {
        ctx.tell("此刻不在日期或时段内的措施已隐藏；点击淡显", "hidden now; click to show faintly")
    } else {
        ctx.tell(
            "此刻不在日期或时段内的措施以灰色虚线显示；点击隐藏",
            "Orders out of their dates or hours are dashed grey; click to hide them",
        )
    };
    if button.on_hover_text(tip).clicked() {
        ctx.actions.planner(PlannerAction::HideResting(!hides));
    }
}

/// The pages with their words, and how much is on those where that says something.
fn pages(ctx: &Ctx<'_>) -> [(Page, String); 9] {
    let (mut trips, mut findings) = (String::new(), String::new());
    if let Some(answer) = &*ctx.planner.answer {
        trips = format!(" {}", answer.trips.len());
        let count = answer.comparison.findings.len() + answer.drifts.len();
        findings = format!(" {count}");
    }
    let changed = if ctx.planner.plan.is_empty() {
        Text::new("穿圈车流", "Trips through rings")
    } else {
        Text::new("变化的车流", "Trips that change")
    };
    [
        (Page::Results, Text::new("结果", "Result"), String::new()),
        (Page::Plans, Text::new("方案对比", "Side by side"), String::new()),
        (Page::Trips, changed, trips),
        (Page::Findings, Text::new("检查", "Checks"), findings),
        (Page::Notice, Text::new("公告", "Notice"), String::new()),
        (Page::Balance, Text::new("拥堵均衡", "Balance"), String::new()),
        (Page::Flows, Text::new("货车流量", "Truck flows"), String::new()),
        (Page::Calibration, Text::new("校核", "Calibration"), String::new()),
        (Page::Roads, Text::new("路网", "Roads"), String::new()),
    ]
    .map(|(page, words, count)| (page, format!("{}{count}", ctx.say(words))))
}

fn pages_ui(ui: &mut Ui, pages: &[(Page, String)], here: Page, picked: &mut Option<Page>) {
    for (page, words) in pages {
        if ui.add(Button::selectable(*page == here, words)).clicked() {
            *picked = Some(*page);
        }
    }
}

fn moment(text: &str) -> Option<Time> {
    let text = text.trim().replace('：', ":");
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn tabs_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let world = ctx.world();
    let plans = ctx.planner.plans(&world);
    let add = Command::NewPlan.about();
    ScrollArea::horizontal().id_salt("plan tabs").show(ui, |ui| {
        ui.horizontal(|ui| {
            let is_today = ctx.planner.plan.is_empty();
            if ui.add(Button::selectable(is_today, ctx.say(TODAY))).clicked() {
                ctx.actions.planner(PlannerAction::Choose(String::new()));
            }
            for (name, orders) in &plans {
                let is_chosen = *name == ctx.planner.plan;
                let state = state(&world, name);
                let tab = ui.add(Button::selectable(
                    is_chosen,
                    (
                        RichText::new(name),
                        note(orders.to_string()),
                        plan_lifecycle::state_words(ctx, state),
                    ),
                ));
                named(&tab, name);
                let tip = ctx.tell(format!("{orders} 条措施"), format!("{orders} orders"));
                if tab.on_hover_text(tip).clicked() {
                    ctx.actions.planner(PlannerAction::Choose(name.clone()));
                }
            }
            let words = ctx.say(Text::new("新方案", "New plan"));
            let new = ui.button((icon(Icon::Plus), words));
            named(&new, words);
            let tip = ctx
                .tell("空方案，从画第一条措施开始", "Empty: it begins with the first order drawn");
            if new.on_hover_text(tip).clicked() {
                ctx.actions.planner(PlannerAction::Begin);
            }
            let chosen = &ctx.planner.plan;
            if !is_today {
                let words = ctx.say(add.words);
                let copy = ui.button(icon(Icon::CopyPlus));
                named(&copy, words);
                if copy.on_hover_text(format!("{words}  Ctrl+D")).clicked() {
                    ctx.actions.command(Command::NewPlan);
                }
            }
            if let Some(orders) = plans.get(chosen) {
                plan_lifecycle::menu_ui(ui, ctx, chosen, state(&world, chosen), *orders > 0);
            }
        });
    });
}

/// What is under way, and a way to stop it.
fn busy_ui(ui: &mut Ui, ctx: &Ctx<'_>, jobs: &Jobs<Action>) {
    if let Some(progress) = jobs.progress("network") {
        if ui.small_button(ctx.say(Text::new("取消准备", "Stop preparing"))).clicked() {
            progress.cancel();
        }
        let words = ctx.say(Text::new("准备路网", "preparing roads"));
        match progress.share() {
            Some(share) => drop(ui.add(ProgressBar::new(share).desired_width(140.0).text(words))),
            None => drop(ui.label(note(words))),
        }
    } else if !ctx.planner.is_fresh() && ctx.planner.answer.is_some() {
        ui.label(note(ctx.tell("正在计算…", "computing…")));
    }
}
