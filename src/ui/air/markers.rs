//! The marker is the reading: value in the colour of its level, the level as bars, how it moved, its
//! age where it is old; wind as arrows; and the key to all that.

use egui::{
    Align2, Area, Color32, FontId, Frame, Order, Painter, Pos2, Rect, Shape, Stroke, Ui, vec2,
};
use geo_types::Coord;
use lucide_icons::Icon;

use crate::analysis::air::wind::Wind;
use crate::analysis::air::{Hour, Level};
use crate::domain::{ControlPointLevel, Kind, Record, RecordId, Text};
use crate::geodesy::ring::destination;
use crate::geodesy::wkb;
use crate::map::view::world_px_from_wgs84;
use crate::ui::action::AirAction;
use crate::ui::canvas::{Overlay, Pane};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::air::Seen;
use crate::ui::parts::air::{
    age_words, change_words, hatch, hour_words, level_color, level_ink, patch_ui, quantity_ui,
    short_name, value_words,
};
use crate::ui::theme;
use crate::ui::widgets::{icon, named};

/// Over the control points of the map.
pub struct OnMap;

/// The layer whose marks become readings.
const LAYER: &str = "control_points";
/// Two marks nearer than this part of their radii together are one.
const APART: f32 = 0.8;

/// One marker.
struct Mark<'a> {
    at: Pos2,
    radius: f32,
    is_micro: bool,
    record: &'a Record,
    /// `None` where nothing was said for days.
    seen: Option<Seen>,
    /// Stations that it stands for.
    count: usize,
}

fn is_shown(ctx: &Ctx<'_>) -> bool {
    ctx.air.hours.is_some() && ctx.layers.iter().any(|layer| layer.key == LAYER && layer.is_shown)
}

impl Overlay for OnMap {
    fn paint(&self, painter: &Painter, ctx: &Ctx<'_>, rect: Rect, _pane: Pane) {
        if !is_shown(ctx) {
            return;
        }
        let world = ctx.world();
        let scale = scale(ctx);
        let marks = marks(ctx, &world, rect, scale);
        sector(painter, ctx, &world, rect, scale);
        winds(painter, ctx, &world, rect, scale, &marks);
        for mark in marks.iter().rev() {
            paint(painter, ctx, mark, scale);
        }
        notes(painter, ctx, &marks, scale);
    }

    fn legend_ui(&self, ui: &Ui, ctx: &Ctx<'_>, rect: Rect, below: f32) -> Option<Rect> {
        // In the plans the legend of roads has this corner.
        if !is_shown(ctx) || ctx.planner.is_looked_at() || rect.height() < 240.0 {
            return None;
        }
        let shown = Area::new(egui::Id::unique("air legend"))
            .fixed_pos(rect.left_top() + vec2(12.0, below))
            .order(Order::Middle)
            .constrain_to(rect)
            .show(ui.ctx(), |ui| {
                Frame::popup(ui.style()).shadow(egui::Shadow::NONE).inner_margin(6).show(
                    ui,
                    |ui| {
                        ui.set_max_width(300.0 * ctx.text_scale().min(1.4));
                        ui.horizontal(|ui| {
                            quantity_ui(ui, ctx, "quantity of the map");
                            ui.label(hour_words(ctx, ctx.air_base()));
                            if !ctx.planner.is_live {
                                let words = ctx.say(Text::new("实时", "Live"));
                                let live = ui.button(words);
                                named(&live, ctx.say(Command::Live.about().words));
                                if live.clicked() {
                                    ctx.actions.air(AirAction::Live);
                                }
                            }
                        });
                        key_ui(ui, ctx);
                    },
                );
            });
        Some(shown.response.rect)
    }
}

/// The six levels with their bars; what else a marker says, on pointing: each line here hides names of
/// the map.
fn key_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let key = ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
        for level in Level::ALL {
            patch_ui(ui, level, ctx.say(short_name(level)));
        }
        ui.label(icon(Icon::CircleQuestionMark).color(ctx.color(|tokens| tokens.muted)));
    });
    key.response.on_hover_text(ctx.tell(
        "下方短杠数=级别；▲▼较上一小时；灰底斜线=过时；×n=相近站合并，显示最高值",
        "bars: level; ▲▼ since the hour before; grey hatched: old; ×n: the worst of n near each other",
    ));
}

fn scale(ctx: &Ctx<'_>) -> f32 {
    ctx.text_scale().clamp(1.0, 2.0)
}

/// Where a record is on the screen.
fn on_screen(ctx: &Ctx<'_>, record: &Record, rect: Rect) -> Option<Pos2> {
    let bounds = wkb::bounds(record.geometry.as_ref()?)?;
    let place = bounds.middle();
    let view = ctx.camera.view;
    let off = world_px_from_wgs84(place, ctx.datum) - world_px_from_wgs84(view.center, ctx.datum);
    let off = off * view.zoom.exp2();
    let at = rect.center() + vec2(off.x as f32, off.y as f32);
    rect.expand(24.0).contains(at).then_some(at)
}

/// Of a value that counts now; what is old or missing is none.
fn rank(seen: Option<Seen>) -> u16 {
    let fresh = seen.filter(|seen| !seen.is_stale);
    fresh.and_then(|seen| seen.moment.valued).map_or(0, |valued| valued.index + 1)
}

/// Those in view, the most important first; those that would lie on each other are one, which shows
/// the worst of them.
fn marks<'a>(
    ctx: &Ctx<'_>,
    world: &'a crate::domain::World,
    rect: Rect,
    scale: f32,
) -> Vec<Mark<'a>> {
    let Some(hours) = ctx.air.hours.as_ref() else { return Vec::new() };
    let mut all: Vec<Mark<'a>> = Vec::new();
    for (place, own) in &hours.stations {
        let Some(record) = world.get(*place) else { continue };
        let Some(at) = on_screen(ctx, record, rect) else { continue };
        let level =
            (record.kind == Kind::ControlPoint).then(|| ControlPointLevel::of(record)).flatten();
        let is_micro = record.kind == Kind::Site || level == Some(ControlPointLevel::Micro);
        let radius = if is_micro { 11.5 } else { 16.0 } * scale;
        all.push(Mark { at, radius, is_micro, record, seen: ctx.seen(own), count: 1 });
    }
    let chosen = |mark: &Mark<'_>| ctx.selection.contains(&mark.record.id);
    all.sort_by_key(|mark| {
        (!chosen(mark), mark.is_micro, std::cmp::Reverse(rank(mark.seen)), mark.record.id)
    });
    let mut placed: Vec<Mark<'a>> = Vec::new();
    for mark in all {
        let near = |other: &&mut Mark<'_>| {
            other.at.distance(mark.at) < (other.radius + mark.radius) * APART
        };
        match placed.iter_mut().find(near) {
            Some(other) => {
                other.count += 1;
                if rank(mark.seen) > rank(other.seen) {
                    other.seen = mark.seen;
                }
            }
            None => placed.push(mark),
        }
    }
    placed
}

/// A hexagon standing on its tip, as the mark of a control point is.
fn hexagon(at: Pos2, radius: f32) -> Vec<Pos2> {
    let corner = |number: u8| {
        let (sin, cos) = (f32::from(number) * 60.0).to_radians().sin_cos();
        at + vec2(radius * sin, -radius * cos)
    };
    (0..6).map(corner).collect()
}

fn paint(painter: &Painter, ctx: &Ctx<'_>, mark: &Mark<'_>, scale: f32) {
    let (ink, muted, halo) = (ctx.color(|t| t.ink), ctx.color(|t| t.muted), ctx.color(|t| t.halo));
    let fresh = mark.seen.filter(|seen| !seen.is_stale);
    let level = fresh.and_then(|seen| seen.moment.valued).map(|valued| valued.level());
    let shape = hexagon(mark.at, mark.radius);
    painter.add(Shape::convex_polygon(hexagon(mark.at, mark.radius + 2.0), halo, Stroke::NONE));
    let (fill, letters) = level.map_or_else(
        || (ctx.color(|t| t.line), muted),
        |level| (level_color(level), level_ink(level)),
    );
    painter.add(Shape::convex_polygon(shape.clone(), fill, Stroke::NONE));
    let is_old = fresh.is_none();
    if is_old {
        for line in hatch(&shape, 5.0 * scale) {
            painter.line_segment(line, Stroke::new(1.0, muted));
        }
    }
    let edge = Stroke::new(1.5 * scale, if is_old { muted } else { ink });
    painter.add(Shape::closed_line(shape, edge));
    if let Some(seen) = mark.seen {
        let words = value_words(ctx.air.quantity, seen.moment.valued);
        let radius_pt = if mark.is_micro { 10.5 } else { 13.0 };
        let size = if words.chars().count() > 3 { radius_pt - 1.5 } else { radius_pt } * scale;
        let font = FontId::new(size, theme::bold());
        let galley = painter.layout_no_wrap(words, font, letters);
        let at = mark.at - galley.size() / 2.0;
        if is_old {
            let ground = Rect::from_min_size(at, galley.size()).shrink2(vec2(-1.0, 2.0));
            painter.rect_filled(ground, 2.0, fill);
        }
        painter.galley(at, galley, letters);
    }
    if let Some(level) = level {
        bars(painter, mark, level, (ink, halo), scale);
    }
    if mark.count > 1 {
        let font = FontId::new(11.0 * scale, theme::bold());
        let at = mark.at + vec2(mark.radius * 0.62, -mark.radius * 0.78);
        written(painter, at, Align2::LEFT_CENTER, &format!("×{}", mark.count), (font, ink, halo));
    }
}

/// As many short bars under the mark as its level is: one is the best.
fn bars(
    painter: &Painter,
    mark: &Mark<'_>,
    level: Level,
    (ink, halo): (Color32, Color32),
    scale: f32,
) {
    let count = level as u8 + 1;
    let (width, step) = (2.4 * scale, 4.0 * scale);
    let left = mark.at.x - step * f32::from(count - 1) / 2.0;
    let top = mark.at.y + mark.radius + 2.0 * scale;
    let ground = Rect::from_min_max(
        egui::pos2(left - width, top - 1.0),
        egui::pos2(left + step * f32::from(count - 1) + width, top + 5.0 * scale),
    );
    painter.rect_filled(ground, 2.0, halo);
    for number in 0..count {
        let x = left + step * f32::from(number);
        painter.vline(x, top..=top + 4.0 * scale, Stroke::new(width, ink));
    }
}

/// How it moved and how old it is, where there is room for it.
fn notes(painter: &Painter, ctx: &Ctx<'_>, marks: &[Mark<'_>], scale: f32) {
    let (ink, muted, halo) = (ctx.color(|t| t.ink), ctx.color(|t| t.muted), ctx.color(|t| t.halo));
    let mut taken: Vec<Rect> = marks
        .iter()
        .map(|mark| Rect::from_center_size(mark.at, egui::Vec2::splat(mark.radius * 2.0)))
        .collect();
    for mark in marks {
        let words = match mark.seen {
            None => ctx.tell("无数据", "no data"),
            Some(seen) if seen.is_stale => age_words(ctx, seen.age),
            Some(seen) => match seen.moment.change {
                Some(change) => change_words(ctx.air.quantity, change),
                None => continue,
            },
        };
        let is_old = mark.seen.is_none_or(|seen| seen.is_stale);
        let font = FontId::proportional(11.0 * scale);
        let color = if is_old { muted } else { ink };
        let galley = painter.layout_no_wrap(words, font, color);
        let top = mark.at.y + mark.radius + if is_old { 2.0 } else { 8.0 } * scale;
        let at = egui::pos2(mark.at.x - galley.size().x / 2.0, top);
        let frame = Rect::from_min_size(at, galley.size()).expand(1.0);
        if taken.iter().any(|other| other.intersects(frame)) {
            continue;
        }
        painter.rect_filled(frame, 2.0, halo);
        painter.galley(at, galley, color);
        taken.push(frame);
    }
}

fn written(
    painter: &Painter,
    at: Pos2,
    align: Align2,
    words: &str,
    (font, color, halo): (FontId, Color32, Color32),
) {
    let galley = painter.layout_no_wrap(words.to_owned(), font, color);
    let frame = align.anchor_size(at, galley.size());
    painter.rect_filled(frame.expand(1.0), 2.0, halo);
    painter.galley(frame.min, galley, color);
}

/// The wind at the cursor: of the hour, and while it is live also of the hour before, since weather
/// comes later than air.
fn wind_at(ctx: &Ctx<'_>, place: RecordId, hour: Hour) -> Option<Wind> {
    let winds = ctx.air.hours.as_ref()?.winds.get(&place)?;
    let before = || winds.get(hour.plus(-1)).filter(|_| ctx.planner.is_live);
    winds.get(hour).or_else(before)
}

/// From where high hours come: a part of a ring around its station, in metres.
fn sector(painter: &Painter, ctx: &Ctx<'_>, world: &crate::domain::World, rect: Rect, scale: f32) {
    const STEPS: u32 = 16;
    let Some(sector) = ctx.air.sector else { return };
    let Some(bounds) = world.get(sector.place).and_then(|it| wkb::bounds(it.geometry.as_ref()?))
    else {
        return;
    };
    let center = bounds.middle();
    let project = |place: Coord<f64>| {
        let view = ctx.camera.view;
        let off =
            world_px_from_wgs84(place, ctx.datum) - world_px_from_wgs84(view.center, ctx.datum);
        let off = off * view.zoom.exp2();
        rect.center() + vec2(off.x as f32, off.y as f32)
    };
    let wide = sector.to_deg - sector.from_deg;
    let arc = (0..=STEPS).map(|step| {
        let deg = sector.from_deg + wide * f64::from(step) / f64::from(STEPS);
        project(destination(center, deg, sector.radius_m))
    });
    let mut outline = vec![project(center)];
    outline.extend(arc);
    let act = ctx.color(|t| t.act);
    painter.add(Shape::convex_polygon(outline.clone(), act.gamma_multiply(0.12), Stroke::NONE));
    painter.add(Shape::closed_line(outline, Stroke::new(2.0 * scale, act)));
    let middle = f64::midpoint(sector.from_deg, sector.to_deg);
    let at = project(destination(center, middle, sector.radius_m));
    let km = sector.radius_m / 1000.0;
    let words = ctx.tell(
        format!("高值来向 {:.0}°，{km:.1} 公里", middle.rem_euclid(360.0)),
        format!("high hours from {:.0}°, {km:.1} km", middle.rem_euclid(360.0)),
    );
    let font = FontId::proportional(12.0 * scale);
    let (ink, halo) = (ctx.color(|t| t.ink), ctx.color(|t| t.halo));
    written(painter, at, Align2::CENTER_CENTER, &words, (font, ink, halo));
}

/// Arrows that fly with the wind: through weather stations, and away from stations that measure it.
fn winds(
    painter: &Painter,
    ctx: &Ctx<'_>,
    world: &crate::domain::World,
    rect: Rect,
    scale: f32,
    marks: &[Mark<'_>],
) {
    let Some(hours) = ctx.air.hours.as_ref() else { return };
    let hour = ctx.air_hour();
    let (ink, halo, muted) = (ctx.color(|t| t.ink), ctx.color(|t| t.halo), ctx.color(|t| t.muted));
    for place in hours.winds.keys() {
        let Some(record) = world.get(*place) else { continue };
        let Some(at) = on_screen(ctx, record, rect) else { continue };
        let wind = wind_at(ctx, *place, hour);
        let to = wind.and_then(|wind| wind.from_deg()).map(|from| {
            let (sin, cos) = ((from + 180.0) as f32).to_radians().sin_cos();
            vec2(sin, -cos)
        });
        if let Some(mark) = marks.iter().find(|mark| mark.record.id == *place) {
            if let Some(to) = to {
                let from = mark.at + to * (mark.radius + 1.0);
                arrow(painter, [from, from + to * 15.0 * scale], (ink, halo), scale);
            }
            continue;
        }
        painter.circle(at, 12.0 * scale, ctx.color(|t| t.panel), Stroke::new(1.2, ink));
        if let Some(to) = to {
            let arm = to * 15.0 * scale;
            arrow(painter, [at - arm, at + arm], (ink, halo), scale);
        }
        let font = FontId::proportional(11.0 * scale);
        let side = at + vec2(17.0 * scale, 0.0);
        let (words, color) = match wind {
            Some(wind) if wind.is_calm() => (ctx.tell("静风", "calm"), ink),
            Some(wind) => (format!("{:.1} m/s", wind.speed_m_s()), ink),
            None => (ctx.tell("无数据", "no data"), muted),
        };
        written(painter, side, Align2::LEFT_CENTER, &words, (font, color, halo));
    }
}

fn arrow(painter: &Painter, [from, to]: [Pos2; 2], (ink, halo): (Color32, Color32), scale: f32) {
    let along = (to - from).normalized();
    let across = along.rot90();
    let neck = to - along * 6.0 * scale;
    painter.line_segment([from, to], Stroke::new(4.5 * scale, halo));
    painter.line_segment([from, neck], Stroke::new(2.0 * scale, ink));
    let head = vec![to, neck + across * 4.0 * scale, neck - across * 4.0 * scale];
    painter.add(Shape::convex_polygon(head, ink, Stroke::new(1.0, halo)));
}
