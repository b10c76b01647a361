//! The planner: restrictions as plans, what each does to trucks and rings, and where to look.
//!
//! [`state`] is what it knows, [`work`] what its jobs compute, [`paint()`] what it draws on the map;
//! every other file is one page of the panel below the map.

mod drift;
mod findings;
mod flows;
mod paint;
mod plans;
mod results;
mod state;
mod trips;
mod words;
mod work;

use egui::{Align, Button, Layout, ProgressBar, RichText, ScrollArea, TextEdit, Ui};
use jiff::civil::{Date, DateTime, Time};
use lucide_icons::Icon;

use super::action::Action;
use super::canvas::tools::{Draw, Form, Making};
use super::command::Command;
use super::ctx::Ctx;
use super::model::Toast;
use super::widgets::{empty, icon, icon_button, named, named_text, note};
use crate::domain::{Kind, Text};
use crate::jobs::Jobs;
use crate::network::compare::Unready;

pub use paint::{legend_ui, over as paint, pick, tip};
pub use plans::sway;
pub use state::{Pin, PlannerAction, Planning, free_name, now};
pub use work::{make_answer, make_network};

/// The panel: which page is open and what is being typed.
#[derive(Default)]
pub struct Planner {
    page: Page,
    date: String,
    time: String,
    /// The moment of which date and time are the words.
    words_of: Option<DateTime>,
    matrix: flows::Matrix,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Results,
    Plans,
    Trips,
    Findings,
    Flows,
}

const TODAY: Text = Text::new("现状", "Today");

impl Planner {
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, jobs: &Jobs<Action>) {
        // A page with little on it must not make the panel small for the others.
        ui.set_min_height(ui.available_height());
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let close = ui.add(Button::new(icon(Icon::X)).frame_when_inactive(false));
                named(&close, ctx.say(Text::new("关闭方案", "Close the plans")));
                if close.clicked() {
                    ctx.actions.command(Command::Planner);
                }
                self.moment_ui(ui, ctx);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| tabs_ui(ui, ctx));
            });
        });
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                words::badge_ui(ui, ctx);
                words::draft_ui(ui, ctx);
                busy_ui(ui, ctx, jobs);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| self.pages_ui(ui, ctx));
            });
        });
        ui.add_space(2.0);
        if self.page == Page::Flows {
            self.matrix.ui(ui, ctx);
            return;
        }
        if let Some(reason) = ctx.planner.why_not() {
            self.unready_ui(ui, ctx, reason);
            return;
        }
        let Some(answer) = ctx.planner.answer.clone() else {
            let words = ctx.tell("正在准备路网…", "Preparing the road network…");
            empty(ui, words, ctx.tell("可继续看图", "The map stays usable meanwhile"));
            return;
        };
        match self.page {
            Page::Results => results::ui(ui, ctx, &answer),
            Page::Plans => plans::ui(ui, ctx, &answer),
            Page::Trips => trips::ui(ui, ctx, &answer),
            Page::Findings | Page::Flows => findings::ui(ui, ctx, &answer),
        }
    }

    fn pages_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let (mut trips, mut findings) = (String::new(), String::new());
        if let Some(answer) = &ctx.planner.answer {
            trips = format!(" {}", answer.trips.len());
            let count = answer.comparison.findings.len() + answer.drifts.len();
            findings = format!(" {count}");
        }
        let changed = if ctx.planner.plan.is_empty() {
            Text::new("穿圈车流", "Trips through rings")
        } else {
            Text::new("变化的车流", "Trips that change")
        };
        for (page, words, count) in [
            (Page::Results, Text::new("结果", "Result"), String::new()),
            (Page::Plans, Text::new("方案对比", "Side by side"), String::new()),
            (Page::Trips, changed, trips),
            (Page::Findings, Text::new("检查", "Checks"), findings),
            (Page::Flows, Text::new("货车流量", "Truck flows"), String::new()),
        ] {
            let words = format!("{}{count}", ctx.say(words));
            if ui.add(Button::selectable(self.page == page, words)).clicked() {
                self.page = page;
            }
        }
    }

    /// The time cursor, from the right: now, later, time, date, earlier.
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
                    if ui.button(ctx.say(Text::new("填写流量", "Fill in flows"))).clicked() {
                        self.page = Page::Flows;
                    }
                }
            }
        });
    }
}

fn moment(text: &str) -> Option<Time> {
    let text = text.trim().replace('：', ":");
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn draw_gate(ctx: &Ctx<'_>) {
    let making = Making { kind: Kind::Gate, choice: Some("gate") };
    ctx.actions.send(Action::Hold(Some(Box::new(Draw::new(Form::Point, Some(making))))));
}

fn tabs_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let plans = ctx.planner.plans(&ctx.world());
    let add = Command::NewPlan.about();
    ScrollArea::horizontal().id_salt("plan tabs").show(ui, |ui| {
        ui.horizontal(|ui| {
            let is_today = ctx.planner.plan.is_empty();
            if ui.add(Button::selectable(is_today, ctx.say(TODAY))).clicked() {
                ctx.actions.planner(PlannerAction::Choose(String::new()));
            }
            for (name, orders) in &plans {
                let is_chosen = *name == ctx.planner.plan;
                let tab = ui.add(Button::selectable(
                    is_chosen,
                    (RichText::new(name), note(orders.to_string())),
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
            if new.on_hover_text(format!("{}  Ctrl+D", ctx.say(add.words))).clicked() {
                ctx.actions.command(Command::NewPlan);
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
