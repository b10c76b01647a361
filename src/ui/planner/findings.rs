//! What should be looked at before a plan is signed: each with its place and, where there is one,
//! a way to mend it.

use std::sync::Arc;

use egui::{RichText, ScrollArea, Ui};
use geo_types::Point;
use lucide_icons::Icon;

use crate::domain::{Change, Edit, Kind, OrderState, Record, Text, Value};
use crate::map::view::View;
use crate::network::lint::{LintFinding, LintRule, MUST_BE_EXEMPT};
use crate::network::orders::BoundStretch;
use crate::network::truck::canonical_tag;
use crate::settings::clock;
use crate::ui::action::{Action, PlannerAction, ViewAction};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::answer::Answer;
use crate::ui::widgets::{empty, icon, named};

/// Lists what should be looked at before the plan is signed.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    if answer.comparison.findings.is_empty() && answer.drifts.is_empty() {
        empty(
            ui,
            ctx.tell("没有发现问题", "Nothing was found"),
            ctx.tell("检查随方案和时刻更新", "The checks follow the plan and the moment"),
        );
        return;
    }
    ScrollArea::vertical().id_salt("findings").auto_shrink(false).show(ui, |ui| {
        super::stale_alignment::ui(ui, ctx, &answer.drifts);
        for finding in &answer.comparison.findings {
            ui.horizontal(|ui| row_ui(ui, ctx, answer, finding));
        }
    });
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer, finding: &LintFinding) {
    let must_act = matches!(
        finding.rule,
        LintRule::Unreachable
            | LintRule::PlaceUnreachable
            | LintRule::Exemption
            | LintRule::DetourClosed
            | LintRule::DetourLimit
            | LintRule::Contradiction
    );
    let (mark, color) = if must_act {
        (Icon::CircleAlert, ctx.color(|t| t.act))
    } else {
        (Icon::TriangleAlert, ctx.color(|t| t.watch))
    };
    ui.label(icon(mark).color(color));
    let words = finding.words.say(ctx.lang());
    let look = ui.link(RichText::new(words).color(ctx.color(|t| t.ink)));
    let tip = ctx.say(Text::new("在图上看", "Show it on the map"));
    if look.on_hover_text(tip).clicked() {
        show(ctx, answer, finding);
    }
    let Some(fix) = fix_words(ctx, finding) else { return };
    let button = ui.small_button(ctx.say(fix));
    named(&button, &format!("{}: {words}", ctx.say(fix)));
    if button.clicked() {
        mend(ctx, finding);
    }
}

/// How near a place is looked at.
const NEAR_ZOOM: f64 = 16.0;

/// Flies to the trip, to the place, or to the record.
fn show(ctx: &Ctx<'_>, answer: &Answer, finding: &LintFinding) {
    let is_flow = |number: &usize| {
        answer.prepared().flows.get(*number).is_some_and(|flow| flow.id == finding.record)
    };
    if let Some(place) = answer.trips.iter().position(is_flow) {
        ctx.actions.planner(PlannerAction::Trip(Some(place)));
        return;
    }
    ctx.actions.select(finding.record);
    if let Some(center) = finding.at {
        ctx.actions.view(ViewAction::Show(View { center, zoom: NEAR_ZOOM }));
    } else if ctx.record(finding.record).is_some_and(|record| record.geometry.is_some()) {
        ctx.actions.view(ViewAction::ShowRecord(finding.record));
    }
}

const fn fix_of(rule: LintRule) -> Option<Text> {
    match rule {
        LintRule::Exemption => Some(Text::new("补上豁免", "Add the exemptions")),
        LintRule::OffRoad
        | LintRule::Beside
        | LintRule::OneSide
        | LintRule::DetourClosed
        | LintRule::DetourLimit
        | LintRule::OneWayPair => Some(Text::new("改形状", "Edit the shape")),
        LintRule::Overlap | LintRule::Contradiction => {
            Some(Text::new("选中另一条", "Select the other"))
        }
        LintRule::Unreachable => Some(Text::new("选中措施", "Select the order")),
        LintRule::PlaceUnreachable => {
            Some(Text::new("豁免持通行证车辆", "Exempt trucks with a pass"))
        }
        LintRule::Hours | LintRule::Dates | LintRule::FlowNowhere => {
            Some(Text::new("打开卡片", "Open the card"))
        }
        LintRule::NoCamera | LintRule::NextCamera => {
            Some(Text::new("新建抓拍点", "Add the camera"))
        }
        LintRule::Nearness => Some(Text::new("确认取用", "Take these roads")),
        LintRule::OtherRing => None,
    }
}

fn fix_words(ctx: &Ctx<'_>, finding: &LintFinding) -> Option<Text> {
    if replaced(ctx, finding).is_some() {
        return Some(Text::new("视为废止", "Stands for it"));
    }
    let fix = fix_of(finding.rule)?;
    let is_possible = match finding.rule {
        LintRule::Overlap | LintRule::Contradiction | LintRule::Unreachable => {
            finding.other.is_some_and(|other| ctx.record(other).is_some())
        }
        LintRule::NoCamera | LintRule::NextCamera => finding.direction_deg.is_some(),
        _ => true,
    };
    is_possible.then_some(fix)
}

/// The order of the plan and the one in force on the same road for which it may stand.
fn replaced<'a>(
    ctx: &'a Ctx<'_>,
    finding: &LintFinding,
) -> Option<(&'a Arc<Record>, &'a Arc<Record>)> {
    let (order, other) = (ctx.record(finding.record)?, ctx.record(finding.other?)?);
    let is_in_force = OrderState::InForce.is_of(other) && other.text("plan") != order.text("plan");
    (finding.rule == LintRule::Overlap && is_in_force).then_some((order, other))
}

/// In its plan the order in force counts as revoked: one undo step.
fn stand_for(ctx: &Ctx<'_>, order: &Arc<Record>, other: &Record) {
    let stamp = ctx.stamp();
    let mut words = order.words("replaces").to_vec();
    words.push(other.code().map_or_else(|| other.id.to_string(), str::to_owned).into());
    let mut newer = Record::clone(order);
    newer.set("replaces", Some(Value::Words(words.into())));
    newer.meta.change(&stamp);
    ctx.actions.apply(Edit::of(vec![Change::update(Arc::clone(order), newer)]));
}

fn mend(ctx: &Ctx<'_>, finding: &LintFinding) {
    if let Some((order, other)) = replaced(ctx, finding) {
        return stand_for(ctx, order, other);
    }
    match finding.rule {
        LintRule::Exemption => {
            if let Some(order) = ctx.record(finding.record) {
                exempt(ctx, order);
            }
        }
        LintRule::PlaceUnreachable => {
            ctx.actions.planner(PlannerAction::ExemptPasses(finding.record));
        }
        LintRule::OffRoad
        | LintRule::Beside
        | LintRule::OneSide
        | LintRule::DetourClosed
        | LintRule::DetourLimit
        | LintRule::OneWayPair => {
            ctx.actions.select(finding.record);
            ctx.actions.view(ViewAction::ShowRecord(finding.record));
            ctx.actions.command(Command::EditShape);
        }
        LintRule::NoCamera | LintRule::NextCamera => add_camera(ctx, finding),
        LintRule::Nearness => confirm(ctx, finding),
        LintRule::Overlap | LintRule::Contradiction | LintRule::Unreachable => {
            if let Some(other) = finding.other {
                ctx.actions.select(other);
                ctx.actions.view(ViewAction::ShowRecord(other));
            }
        }
        _ => ctx.actions.send(Action::Select(vec![finding.record])),
    }
}

/// Adds the vehicles that no order may stop, and keeps what was exempt: one undo step.
fn exempt(ctx: &Ctx<'_>, order: &Arc<Record>) {
    let mut words = order.words("exemptions").to_vec();
    for must in MUST_BE_EXEMPT {
        if !words.iter().any(|known| canonical_tag(known) == must) {
            words.push(must.into());
        }
    }
    let stamp = ctx.stamp();
    let mut newer = Record::clone(order);
    newer.set("exemptions", Some(Value::Words(words.into())));
    newer.meta.change(&stamp);
    ctx.actions.apply(Edit::of(vec![Change::update(Arc::clone(order), newer)]));
}

/// The line of an order is led along the roads that were taken for it: one undo step.
fn confirm(ctx: &Ctx<'_>, finding: &LintFinding) {
    let (Some(order), Some(roads)) = (ctx.record(finding.record), ctx.planner.roads()) else {
        return;
    };
    let Some((shape, stretches)) = roads.finder().led_along(order) else {
        ctx.actions.send(Action::Say(Toast::watch(
            "边界不是全程沿路，无法自动取用：请改形状",
            "Its outline does not come along roads all the way: edit its shape",
        )));
        ctx.actions.select(finding.record);
        ctx.actions.view(ViewAction::ShowRecord(finding.record));
        return ctx.actions.command(Command::EditShape);
    };
    let stamp = ctx.stamp();
    let mut newer = Record::clone(order);
    newer.geometry = Some(shape);
    BoundStretch::put(&mut newer, &stretches);
    newer.meta.change(&stamp);
    ctx.actions.apply(Edit::of(vec![Change::update(Arc::clone(order), newer)]));
}

/// A camera at the junction that looks at whoever comes: one undo step, and it is selected so that
/// its owner and number can be filled in.
fn add_camera(ctx: &Ctx<'_>, finding: &LintFinding) {
    let (Some(at), Some(direction_deg)) = (finding.at, finding.direction_deg) else { return };
    let stamp = ctx.stamp();
    let id = clock::ids(&stamp).next();
    let mut camera = Record::new(id, Kind::Camera, &stamp);
    camera.geometry = Some(Point(at).into());
    // What the finding says of the place is the name until somebody has a better one.
    let words = finding.words.zh.trim_start_matches("建议下一个抓拍点：");
    let place = words.split(['：', '，']).next().unwrap_or_default();
    camera.set("name", Some(Value::text(&format!("拟设抓拍点 {place}"))));
    camera.set("direction_deg", Some(Value::Real((direction_deg * 10.0).round() / 10.0)));
    ctx.actions.apply(Edit::of(vec![Change::create(camera)]));
    ctx.actions.select(id);
}
