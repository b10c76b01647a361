//! What the planner draws over the map: roads by their trucks, the trip that is looked at, the
//! legend. Lines are kept as pixels of the world, so a frame moves those in view and no others.

use egui::{
    Align2, Color32, FontId, Frame, Key, Order, Painter, Pos2, Rect, Response, Shape, Stroke, Ui,
    vec2,
};
use geo_types::Coord;

use super::eye::Eye;
use super::words::{ends, trip_words, who};
use super::{closed, free_way, marks, swipe};
use crate::domain::Text;
use crate::map::view::world_px_from_wgs84;
use crate::network::evaluate::Trip;
use crate::ui::action::PlannerAction;
use crate::ui::canvas::snap::nearest_on;
use crate::ui::canvas::{Overlay, Pane, label};
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
use crate::ui::model::planning::{Beside, Pin};
use crate::ui::parts::words::figure;
use crate::ui::widgets::{icon, named, note, pointer_tip, strong};

/// Narrowest and widest line of a road with trucks, points.
const WIDTHS: [f32; 2] = [2.0, 11.0];
/// How near the pointer must be, points.
const NEAR: f32 = 9.0;
const DASH: f32 = 9.0;
/// What the buttons at the right of the map take, points.
const TOOLS: f32 = 96.0;

/// Whether the map shows how it was before.
fn shows_before(ctx: &egui::Context) -> bool {
    !ctx.egui_wants_keyboard_input()
        && ctx.input(|input| input.key_down(Key::B) && input.modifiers.is_none())
}

/// What of a plan is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// Today alone.
    Before,
    /// The plan alone.
    After,
    /// Where they differ.
    Change,
}

/// Paints today, the plan or where they differ, or today and the plan at either side of a line: where
/// that stands, points.
fn by_sides(
    painter: &Painter,
    ctx: &Ctx<'_>,
    answer: &Answer,
    (rect, pane): (Rect, Pane),
    paint: &dyn Fn(&Painter, Sides),
) -> Option<f32> {
    let is_before = shows_before(painter.ctx());
    if pane != Pane::Only {
        paint(painter, if pane == Pane::Before { Sides::Before } else { Sides::After });
        return None;
    }
    let x = swipe::place(ctx, answer, rect).filter(|_| !is_before);
    match x {
        Some(x) => {
            let [left, right] = swipe::halves(rect, x);
            paint(&painter.with_clip_rect(left), Sides::Before);
            paint(&painter.with_clip_rect(right), Sides::After);
        }
        None if is_before || answer.is_today() => paint(painter, Sides::Before),
        None => paint(painter, Sides::Change),
    }
    x
}

/// The planner's roads, trips and legend.
pub struct OnMap;

impl Overlay for OnMap {
    fn has_lines(&self, ctx: &Ctx<'_>) -> bool {
        ctx.planner.is_looked_at() && ctx.planner.answer.is_some()
    }

    fn is_beside(&self, ctx: &Ctx<'_>) -> bool {
        let has_plan = ctx.planner.answer.as_ref().is_some_and(|it| !it.is_today());
        ctx.planner.is_looked_at() && has_plan && ctx.planner.beside == Beside::Maps
    }

    fn paint_lines(&self, painter: &Painter, ctx: &Ctx<'_>, rect: Rect, pane: Pane) {
        if !ctx.planner.is_looked_at() {
            return;
        }
        let Some(answer) = &*ctx.planner.answer else { return };
        // Beside one trip the rest only tells where it runs.
        let is_one = ctx.planner.trip.is_some_and(|place| answer.trip(place).is_some());
        let strength = if is_one { 0.3 } else { 1.0 };
        let eye = Eye::of(ctx, rect);
        by_sides(painter, ctx, answer, (rect, pane), &|painter, sides| {
            if sides != Sides::Before || answer.is_today() {
                closed::over(painter, ctx, &eye, answer);
            }
            roads(painter, ctx, &eye, answer, sides, strength);
        });
    }

    fn paint(&self, painter: &Painter, ctx: &Ctx<'_>, rect: Rect, pane: Pane) {
        if !ctx.planner.is_looked_at() {
            return;
        }
        super::proposals::over(painter, ctx, rect);
        let Some(answer) = &*ctx.planner.answer else { return };
        let eye = Eye::of(ctx, rect);
        let trip = ctx.planner.trip.and_then(|place| answer.trip(place));
        let x = by_sides(painter, ctx, answer, (rect, pane), &|painter, sides| {
            if sides != Sides::Before {
                marks::over(painter, ctx, &eye, answer);
            }
            if let Some((_, before, after)) = trip {
                ways(painter, ctx, &eye, answer, (before, after), sides);
            }
        });
        if let Some(x) = x {
            swipe::over(painter, ctx, rect, x);
        }
        swipe::name_pane(painter, ctx, rect, pane);
        free_way::over(painter, ctx, &eye);
        if let Some(pin) = ctx.planner.pin {
            let at = eye.at(world_px_from_wgs84(pin.at, ctx.datum));
            painter.circle(at, 4.0, ctx.color(|t| t.accent), Stroke::new(1.5, Color32::WHITE));
            let words = road_words(ctx, answer, pin.edge);
            let room = rect.with_max_x(rect.right() - TOOLS);
            label(painter, ctx, at + vec2(12.0, -34.0), &words, room);
        }
    }

    /// The road with trucks under the pointer.
    fn pick(&self, ctx: &Ctx<'_>, rect: Rect, pointer: Pos2) -> Option<u32> {
        if !ctx.planner.is_looked_at() {
            return None;
        }
        let answer = ctx.planner.answer.as_ref()?;
        let eye = Eye::of(ctx, rect);
        let around = Rect::from_center_size(pointer, egui::Vec2::splat(2.0 * NEAR));
        let mut best = (NEAR, None);
        // Roads that lie on top come last.
        for line in &answer.lines.all {
            let frame = Rect::from_min_max(eye.at(line.min), eye.at(line.max));
            if !around.intersects(frame) {
                continue;
            }
            let points = eye.line(answer.lines.places(line).iter().copied());
            let away = points.windows(2).map(|pair| match pair {
                [a, b] => pointer.distance(nearest_on([*a, *b], pointer)),
                _ => f32::INFINITY,
            });
            let away = away.fold(f32::INFINITY, f32::min);
            if away <= best.0 {
                best = (away, Some(line.edge));
            }
        }
        best.1
    }

    /// What the road under the pointer carries.
    fn tip(&self, response: &Response, ctx: &Ctx<'_>, edge: u32) {
        let Some(answer) = &*ctx.planner.answer else { return };
        pointer_tip(response, |ui| {
            ui.label(strong(road_words(ctx, answer, edge)));
            ui.label(note(ctx.tell("点击：标在图上", "Click: keep it on the map")));
        });
    }

    /// What the lines mean, in words, and the trip that is looked at; so far below the top, points.
    fn legend_ui(&self, ui: &Ui, ctx: &Ctx<'_>, rect: Rect, below: f32) -> Option<Rect> {
        if !ctx.planner.is_looked_at() {
            return None;
        }
        let answer = ctx.planner.answer.as_ref()?;
        swipe::handle_ui(ui, ctx, answer, rect);
        let shown = egui::Area::new(egui::Id::unique("plan legend"))
            .fixed_pos(rect.left_top() + vec2(12.0, below))
            .order(Order::Middle)
            .constrain_to(rect)
            .show(ui.ctx(), |ui| {
                Frame::popup(ui.style()).shadow(egui::Shadow::NONE).show(ui, |ui| {
                    ui.set_max_width(330.0);
                    // A way that was asked for stands alone: on a low map there is no room for more.
                    if ctx.planner.way_asked.is_some() {
                        free_way::legend_ui(ui, ctx);
                        return;
                    }
                    rows_ui(ui, ctx, answer);
                    if let Some(place) = ctx.planner.trip {
                        trip_ui(ui, ctx, answer, place);
                    }
                });
            });
        Some(shown.response.rect)
    }

    /// Writes the trucks of a road beside it.
    fn clicked(&self, ctx: &Ctx<'_>, place: Coord<f64>, line: Option<u32>) {
        if ctx.planner.is_looked_at() {
            let pin = line.map(|edge| Pin { edge, at: place });
            ctx.actions.planner(PlannerAction::Pin(pin));
        }
    }
}

fn roads(
    painter: &Painter,
    ctx: &Ctx<'_>,
    eye: &Eye,
    answer: &Answer,
    sides: Sides,
    strength: f32,
) {
    let [narrow, wide] = WIDTHS;
    let (act, accent, ink) = (ctx.color(|t| t.act), ctx.color(|t| t.accent), ctx.color(|t| t.ink));
    let most = answer.lines.most.max(1.0);
    let width = |trucks: f64| narrow + (wide - narrow) * (trucks / most).sqrt() as f32;
    let mut shapes = Vec::new();
    for line in answer.lines.all.iter().filter(|line| eye.sees(line.min, line.max)) {
        let places = || eye.line(answer.lines.places(line).iter().copied());
        let trucks = match sides {
            Sides::Before => Some(line.before),
            Sides::After => Some(line.after),
            Sides::Change => None,
        };
        if let Some(trucks) = trucks {
            if trucks < 0.5 {
                continue;
            }
            let share = (trucks / most) as f32;
            let color = Color32::WHITE.lerp_to_gamma(act, share);
            let edge = Stroke::new(width(trucks) + 2.0, ink.gamma_multiply(0.55 * strength));
            shapes.push(Shape::line(places(), edge));
            let stroke = Stroke::new(width(trucks), color.gamma_multiply(strength));
            shapes.push(Shape::line(places(), stroke));
        } else if line.is_changed() {
            let color = if line.change() > 0.0 { act } else { accent };
            let stroke = Stroke::new(width(line.change().abs()), color.gamma_multiply(strength));
            if line.change() > 0.0 {
                shapes.push(Shape::line(places(), stroke));
            } else {
                // Less is also told by its shape, for eyes and prints without colour.
                shapes.extend(Shape::dashed_line(&places(), stroke, DASH, DASH * 0.7));
            }
        }
    }
    painter.extend(shapes);
}

/// One trip: dashed as it was, solid as it will be, with its ends.
fn ways(
    painter: &Painter,
    ctx: &Ctx<'_>,
    eye: &Eye,
    answer: &Answer,
    (before, after): (&Trip, &Trip),
    sides: Sides,
) {
    let network = &answer.prepared().network;
    let line = |trip: &Trip| {
        let route = trip.route.as_ref()?;
        let places = network.line_of(&route.arcs).0;
        Some(eye.line(places.into_iter().map(|at| world_px_from_wgs84(at, ctx.datum))))
    };
    let halo = Stroke::new(8.0, ctx.color(|t| t.halo));
    let old = line(before).filter(|_| sides != Sides::After);
    let new = line(after).filter(|_| sides != Sides::Before);
    for points in [&old, &new].into_iter().flatten() {
        painter.add(Shape::line(points.clone(), halo));
    }
    if let Some(points) = &new {
        painter.add(Shape::line(points.clone(), Stroke::new(4.5, ctx.color(|t| t.calm))));
    }
    if let Some(points) = &old {
        let stroke = Stroke::new(3.0, ctx.color(|t| t.act));
        painter.extend(Shape::dashed_line(points, stroke, DASH, DASH * 0.6));
    }
    let ends = old.as_ref().or(new.as_ref());
    let ends = ends.and_then(|points| points.first().zip(points.last()));
    if let Some((from, to)) = ends {
        for (at, letter) in [(from, "A"), (to, "B")] {
            painter.circle(
                *at,
                11.0,
                ctx.color(|t| t.ink),
                Stroke::new(2.0, ctx.color(|t| t.panel)),
            );
            let font = FontId::new(13.0, crate::ui::theme::bold());
            painter.text(*at, Align2::CENTER_CENTER, letter, font, ctx.color(|t| t.panel));
        }
    }
}

/// `G112 · 货车 920 → 0 辆/日`.
fn road_words(ctx: &Ctx<'_>, answer: &Answer, edge: u32) -> String {
    let network = &answer.prepared().network;
    let road = network.edges.get(edge as usize).and_then(|edge| network.road_of(edge));
    let name =
        road.map_or("", |road| if road.name.is_empty() { &road.reference } else { &road.name });
    let name = if name.is_empty() { ctx.say(Text::new("无名道路", "Road")) } else { name };
    let (before, after) = answer.volumes(edge);
    let trucks = if answer.is_today() {
        figure(before)
    } else {
        format!("{} → {}", figure(before), figure(after))
    };
    ctx.tell(format!("{name} · 货车 {trucks} 辆/日"), format!("{name} · {trucks} trucks a day"))
}

fn rows_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let is_before = shows_before(ui.ctx());
    let moment = answer.asked.at.strftime("%m-%d %H:%M");
    if answer.is_today() || is_before {
        let title = if is_before {
            ctx.tell(format!("实施前 {moment}"), format!("Before, {moment}"))
        } else {
            ctx.tell(format!("现状 {moment}"), format!("Today, {moment}"))
        };
        ui.label(strong(title));
        let most = figure(answer.lines.most);
        let words =
            ctx.tell(format!("白少红多，最多 {most} 辆/日"), format!("white to red, to {most} /d"));
        ui.horizontal(|ui| {
            swipe::scale_ui(ui, ctx);
            ui.label(words);
        });
        return;
    }
    if ctx.planner.beside != Beside::Apart {
        swipe::rows_ui(ui, ctx, answer);
        return;
    }
    let draft = if answer.is_draft() { ctx.tell(" · 草图", " · draft") } else { String::new() };
    ui.label(strong(format!("{}{draft} · {moment}", answer.asked.plan)));
    let more = ctx.tell("实线：货车增加", "solid: more trucks");
    row_ui(ui, ctx, ctx.color(|t| t.act), false, &more);
    let less = ctx.tell("虚线：货车减少", "dashed: fewer trucks");
    row_ui(ui, ctx, ctx.color(|t| t.accent), true, &less);
    closed::legend_ui(ui, ctx, answer);
    marks::legend_ui(ui, ctx, answer);
    let most = figure(answer.lines.most_changed);
    ui.label(note(ctx.tell(
        format!("越宽变化越大，最多 {most} 辆/日；按住 B 看实施前"),
        format!("wider is more, to {most} a day; hold B for before"),
    )));
    swipe::switch_ui(ui, ctx);
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, color: Color32, is_dashed: bool, words: &str) {
    ui.horizontal(|ui| {
        let (response, painter) = ui.allocate_painter(vec2(34.0, 14.0), egui::Sense::empty());
        let y = response.rect.center().y;
        let ends = [response.rect.left_center(), response.rect.right_center()];
        let stroke = Stroke::new(5.0, color);
        if is_dashed {
            painter.extend(Shape::dashed_line(&ends, stroke, 8.0, 5.0));
        } else {
            painter.hline(response.rect.x_range(), y, Stroke::new(7.0, ctx.color(|t| t.line)));
            painter.hline(response.rect.x_range(), y, stroke);
        }
        ui.label(words);
    });
}

fn trip_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer, place: usize) {
    let Some((flow, ..)) = answer.trip(place) else { return };
    ui.separator();
    ui.horizontal(|ui| {
        for (mark, words, by) in [
            (lucide_icons::Icon::ArrowLeft, Text::new("上一股车流", "Previous trip"), -1),
            (lucide_icons::Icon::ArrowRight, Text::new("下一股车流", "Next trip"), 1),
        ] {
            let button = ui.button(icon(mark));
            named(&button, ctx.say(words));
            if button.on_hover_text(ctx.say(words)).clicked() {
                ctx.actions.planner(PlannerAction::StepTrip(by));
            }
        }
        ui.label(note(format!("{} / {}", place + 1, answer.trips.len())));
        let close = ui.button(icon(lucide_icons::Icon::X));
        named(&close, ctx.say(Text::new("收起车流", "Leave this trip")));
        if close.clicked() {
            ctx.actions.planner(PlannerAction::Trip(None));
        }
    });
    ui.label(strong(ends(answer, flow)));
    ui.label(trip_words(answer, place, ctx.lang()));
    ui.label(note(who(ctx, flow)));
    if !answer.is_today() {
        ui.label(note(ctx.tell("红虚线：原路；蓝实线：新路", "red dashed: before; blue: after")));
    }
}
