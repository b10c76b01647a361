//! The way of one truck between two places that were clicked: its job, its lines, what it says.

use std::sync::Arc;

use egui::{Align2, FontId, Painter, Shape, Stroke, Ui};
use lucide_icons::Icon;

use super::eye::Eye;
use crate::domain::{Kind, Text};
use crate::jobs::{Derived, Reply};
use crate::map::view::world_px_from_wgs84;
use crate::network::free_way::{FreeWay, PlacedWay, REACH_M, free_way};
use crate::network::truck::{PASS, Truck};
use crate::ui::action::{Action, Actions, PlannerAction};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::derivation::Derivation;
use crate::ui::model::Model;
use crate::ui::model::planning::WayOf;
use crate::ui::parts::words::subkind_words;
use crate::ui::widgets::{icon, named, note, strong};

/// The way that was asked for.
pub struct MakeWay;

const DASH: f32 = 9.0;

impl Derivation for MakeWay {
    type Key = WayOf;
    type Value = Option<Arc<Option<FreeWay>>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.planner.way
    }

    fn key(model: &Model) -> Option<WayOf> {
        let way = model.planner.way_asked?;
        let answer = Arc::clone(model.planner.answer.as_ref().as_ref()?);
        Some(WayOf { answer, way })
    }

    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, _: &Actions) -> Action {
        let work = move |_: &_| {
            let WayOf { answer, way } = &reply.key;
            let tags = if way.has_pass { vec![PASS.to_owned()] } else { Vec::new() };
            let truck = Truck::of(way.class, 0, 5).with(tags, None, None);
            let asked = &answer.asked;
            let when = (asked.at, asked.plan.as_str(), asked.assumed.turn_costs);
            let found = free_way(&asked.prepared, &answer.comparison, way.ends, &truck, when);
            reply.send(Some(Arc::new(found)));
            Action::Nothing
        };
        Action::Work("way", Box::new(work))
    }
}

/// The lines of the way, with its ends.
pub fn over(painter: &Painter, ctx: &Ctx<'_>, eye: &Eye) {
    let Some(asked) = ctx.planner.way_asked else { return };
    let found = ctx.planner.way.as_ref().and_then(|found| found.as_ref().as_ref());
    let line = |way: Option<&PlacedWay>| {
        let places = way?.line.0.iter().map(|at| world_px_from_wgs84(*at, ctx.datum));
        Some(eye.line(places))
    };
    let halo = Stroke::new(8.0, ctx.color(|t| t.halo));
    let before = line(found.and_then(|found| found.before.as_ref()));
    let after = line(found.and_then(|found| found.after.as_ref()));
    for points in [&before, &after].into_iter().flatten() {
        painter.add(Shape::line(points.clone(), halo));
    }
    if let Some(points) = after {
        painter.add(Shape::line(points, Stroke::new(4.5, ctx.color(|t| t.calm))));
    }
    if let Some(points) = before {
        let stroke = Stroke::new(3.0, ctx.color(|t| t.act));
        painter.extend(Shape::dashed_line(&points, stroke, DASH, DASH * 0.6));
    }
    for (end, letter) in asked.ends.iter().zip(["A", "B"]) {
        let at = eye.at(world_px_from_wgs84(*end, ctx.datum));
        painter.circle(at, 11.0, ctx.color(|t| t.ink), Stroke::new(2.0, ctx.color(|t| t.panel)));
        let font = FontId::new(13.0, crate::ui::theme::bold());
        painter.text(at, Align2::CENTER_CENTER, letter, font, ctx.color(|t| t.panel));
    }
}

/// What it says.
pub fn legend_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let Some(asked) = ctx.planner.way_asked else { return };
    ui.horizontal(|ui| {
        let class = subkind_words(Kind::Flow, asked.class.key(), ctx.lang());
        let pass = if asked.has_pass { ctx.tell("（持证）", " (pass)") } else { String::new() };
        ui.label(strong(format!("A → B · {class}{pass}")));
        let close = ui.button(icon(Icon::X));
        named(&close, ctx.say(Text::new("收起路线", "Leave this way")));
        if close.clicked() {
            ctx.actions.planner(PlannerAction::Way(None));
        }
    });
    let Some(found) = ctx.planner.way.as_ref() else {
        ui.label(note(ctx.tell("正在计算…", "computing…")));
        return;
    };
    let Some(FreeWay { before, after }) = found.as_ref() else {
        ui.label(ctx.tell(
            format!("起点或终点 {REACH_M:.0} m 内没有道路"),
            format!("one of the ends lies on no road within {REACH_M:.0} m"),
        ));
        return;
    };
    let said = |way: &Option<PlacedWay>| match way {
        Some(way) => {
            let (km, min) = (way.length_m / 1000.0, f64::from(way.time_ms) / 60_000.0);
            ctx.tell(format!("{km:.1} km，{min:.0} 分钟"), format!("{km:.1} km, {min:.0} min"))
        }
        None => ctx.tell("无路可走", "no way"),
    };
    let today = ctx.say(super::words::TODAY);
    ui.label(format!("{today} {}", said(before)));
    if ctx.planner.plan.is_empty() {
        return;
    }
    let plan = ctx.say(Text::new("方案", "Plan"));
    let more = before.as_ref().zip(after.as_ref()).map(|(before, after)| {
        let km = (after.length_m - before.length_m) / 1000.0;
        let min = (f64::from(after.time_ms) - f64::from(before.time_ms)) / 60_000.0;
        ctx.tell(
            format!("（{km:+.1} km，{min:+.0} 分钟）"),
            format!(" ({km:+.1} km, {min:+.0} min)"),
        )
    });
    ui.label(format!("{plan} {}{}", said(after), more.unwrap_or_default()));
    ui.label(note(ctx.tell("红虚线：现状；蓝实线：方案", "red dashed: today; blue: the plan")));
}

/// The button that takes the tool.
pub fn button_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let words = ctx.say(Command::FreeWay.about().words);
    let tip = ctx.tell(
        "点起点和终点，选车型，看现状与方案各怎么走、多多少",
        "Click two places and choose a truck: its way today and under the plan",
    );
    if ui.button(words).on_hover_text(tip).clicked() {
        ctx.actions.command(Command::FreeWay);
    }
}
