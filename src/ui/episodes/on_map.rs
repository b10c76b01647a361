//! Over the map: the ring of an hour around each station whose clock runs, and the sector of what is
//! looked at, whose edges can be dragged.

use egui::{
    Align2, Area, Color32, CursorIcon, FontId, Order, Painter, Pos2, Rect, Sense, Shape, Stroke,
    Ui, vec2,
};
use geo_types::Coord;

use super::sources::plume_of;
use super::words::{clock_color, left_words};
use crate::analysis::air::wind::Sector as WindSector;
use crate::analysis::sources::Upwind;
use crate::domain::episode;
use crate::geodesy::ring::destination;
use crate::map::view::world_px_from_wgs84;
use crate::settings::clock;
use crate::ui::action::{Action, EpisodeAction};
use crate::ui::canvas::{Overlay, Pane};
use crate::ui::ctx::Ctx;
use crate::ui::model::episodes::{Sector, Sources};
use crate::ui::model::workspace::Workspace;
use crate::ui::theme;

/// Over the stations.
pub struct OnMap;

/// Under the stations, whose values are to be read in the midst of it: the sector, where high hours of
/// the season came from, and the footprint of the plume.
pub struct Behind;

/// Of the ring of an hour, points.
const RADIUS: f32 = 27.0;
/// An edge is drawn with so many degrees of a half sector at least.
const LEAST_HALF_DEG: f64 = 5.0;

fn on_screen(ctx: &Ctx<'_>, place: Coord<f64>, rect: Rect) -> Pos2 {
    let view = ctx.camera.view;
    let off = world_px_from_wgs84(place, ctx.datum) - world_px_from_wgs84(view.center, ctx.datum);
    let off = off * view.zoom.exp2();
    rect.center() + vec2(off.x as f32, off.y as f32)
}

impl Overlay for Behind {
    fn paint(&self, painter: &Painter, ctx: &Ctx<'_>, rect: Rect, _pane: Pane) {
        let Some(sources) = ctx.episodes.sources.as_ref() else { return };
        if ctx.workspace != Workspace::Episodes {
            return;
        }
        leaves(painter, ctx, sources, rect);
        sector(painter, ctx, &sources.upwind, rect);
        if ctx.episodes.has_plume
            && let Some((_, outline)) = plume_of(sources)
        {
            let points: Vec<Pos2> = outline.iter().map(|at| on_screen(ctx, *at, rect)).collect();
            let stroke = Stroke::new(1.5, ctx.color(|t| t.ink));
            painter.extend(Shape::dashed_line(&points, stroke, 6.0, 4.0));
        }
    }
}

impl Overlay for OnMap {
    fn paint(&self, painter: &Painter, ctx: &Ctx<'_>, rect: Rect, _pane: Pane) {
        if ctx.workspace == Workspace::Episodes
            && let Some(sources) = ctx.episodes.sources.as_ref()
        {
            for (number, candidate) in (1_u32..).zip(sources.candidates.iter().take(9)) {
                let Some(place) = ctx.place_of(candidate.record.id) else { continue };
                let at = on_screen(ctx, place, rect) + vec2(9.0, -9.0);
                painter.circle_filled(at, 8.0, ctx.color(|t| t.ink));
                let font = FontId::new(11.0, theme::bold());
                let words = u32::to_string(&number);
                painter.text(at, Align2::CENTER_CENTER, words, font, ctx.color(|t| t.panel));
            }
        }
        rings(painter, ctx, rect);
    }

    fn windows_ui(&self, ui: &Ui, ctx: &Ctx<'_>, project: &dyn Fn(Coord<f64>) -> Pos2) {
        let Some(sources) = ctx.episodes.sources.as_ref() else { return };
        if ctx.workspace != Workspace::Episodes {
            return;
        }
        let Upwind { center, from_deg: Some(from_deg), half_deg, reach_m, .. } = sources.upwind
        else {
            return;
        };
        let now = Sector { from_deg, half_deg, reach_m };
        let origin = project(center);
        for (number, side) in [-1.0, 0.0, 1.0].into_iter().enumerate() {
            let bearing = from_deg + side * half_deg;
            let at = project(destination(center, bearing, reach_m));
            let Some(pointer) = handle(ui, ctx, number, at) else { continue };
            let to = pointer - origin;
            let bearing = f64::from(to.x.atan2(-to.y).to_degrees()).rem_euclid(360.0);
            let sector = if side == 0.0 {
                let stretch = f64::from(to.length() / (at - origin).length().max(1.0));
                let reach_m = (reach_m * stretch).clamp(300.0, 10_000.0);
                Sector { from_deg: bearing, reach_m, ..now }
            } else {
                let half_deg = sources.upwind.off_deg(bearing).clamp(LEAST_HALF_DEG, 175.0);
                Sector { half_deg, ..now }
            };
            ctx.actions.send(Action::Episode(EpisodeAction::Sector(Some(sector))));
        }
    }
}

/// Where a handle is dragged to; two clicks give the sector of the wind.
fn handle(ui: &Ui, ctx: &Ctx<'_>, number: usize, at: Pos2) -> Option<Pos2> {
    if !ui.clip_rect().contains(at) {
        return None;
    }
    let id = egui::Id::unique(("sector handle", number));
    let shown = Area::new(id)
        .order(Order::Middle)
        .constrain(false)
        .fixed_pos(at - vec2(8.0, 8.0))
        .show(ui.ctx(), |ui| {
            let (rect, response) =
                ui.allocate_exact_size(vec2(16.0, 16.0), Sense::click_and_drag());
            let fill = ctx.color(|t| t.panel);
            ui.painter().circle(
                rect.center(),
                6.0,
                fill,
                Stroke::new(2.0, ctx.color(|t| t.accent)),
            );
            response
        });
    let response = shown.inner.on_hover_and_drag_cursor(CursorIcon::Grab);
    if response.double_clicked() {
        ctx.actions.send(Action::Episode(EpisodeAction::Sector(None)));
    }
    response.dragged().then(|| response.interact_pointer_pos()).flatten()
}

/// From where high hours of the season came, behind the sector: the radius is how often, as a share of
/// its reach.
fn leaves(painter: &Painter, ctx: &Ctx<'_>, sources: &Sources, rect: Rect) {
    const STEPS: u8 = 6;
    let Some(cpf) = &sources.cpf else { return };
    let center = sources.upwind.center;
    let muted = ctx.color(|t| t.muted);
    let fill = Color32::from_rgba_unmultiplied(muted.r(), muted.g(), muted.b(), 60);
    for (sector, of) in WindSector::all().zip(&cpf.sectors) {
        let Some(share) = of.probability().filter(|share| *share > 0.0 && !of.is_few()) else {
            continue;
        };
        let width = 360.0 / WindSector::COUNT as f64;
        let from = sector.center_deg() - width / 2.0;
        let arc = (0..=STEPS).map(|step| {
            let bearing = from + width * f64::from(step) / f64::from(STEPS);
            destination(center, bearing, sources.upwind.reach_m * share)
        });
        let outline = std::iter::once(center).chain(arc);
        let points = outline.map(|at| on_screen(ctx, at, rect)).collect();
        painter.add(Shape::convex_polygon(points, fill, Stroke::new(1.0, muted)));
    }
}

fn sector(painter: &Painter, ctx: &Ctx<'_>, upwind: &Upwind, rect: Rect) {
    let outline = upwind.outline();
    let points: Vec<Pos2> = outline.iter().map(|at| on_screen(ctx, *at, rect)).collect();
    let accent = ctx.color(|t| t.accent);
    let fill = Color32::from_rgba_unmultiplied(accent.r(), accent.g(), accent.b(), 26);
    // Another is not convex.
    if upwind.half_deg <= 90.0 || upwind.is_all_around() {
        painter.add(Shape::convex_polygon(points.clone(), fill, Stroke::NONE));
    }
    painter.add(Shape::closed_line(points, Stroke::new(2.0, accent)));
}

/// What is left of each running hour, clockwise from the top.
fn rings(painter: &Painter, ctx: &Ctx<'_>, rect: Rect) {
    let now = clock::now();
    let scale = ctx.text_scale().clamp(1.0, 2.5);
    for row in ctx.running_rows() {
        let Some(place) = row.place().and_then(|place| ctx.place_of(place)) else { continue };
        let Some(clock) = ctx.episode_record(row).and_then(|record| episode::clock(record)) else {
            continue;
        };
        let at = on_screen(ctx, place, rect);
        if !rect.expand(60.0).contains(at) {
            continue;
        }
        let radius = RADIUS * scale;
        painter.circle_stroke(at, radius, Stroke::new(7.0 * scale, ctx.color(|t| t.halo)));
        painter.circle_stroke(at, radius, Stroke::new(4.0 * scale, ctx.color(|t| t.line)));
        let color = clock_color(ctx, clock, now);
        let share = if clock.is_running() {
            (clock.left(now).as_secs_f32() / 3600.0).clamp(0.0, 1.0)
        } else {
            1.0
        };
        // Beyond the hour the whole ring is red.
        let share = if share <= 0.0 { 1.0 } else { share };
        let points: Vec<Pos2> = (0_u8..=48)
            .map(|step| {
                let turn = std::f32::consts::TAU * share * f32::from(step) / 48.0;
                at + radius * vec2(turn.sin(), -turn.cos())
            })
            .collect();
        painter.add(Shape::line(points, Stroke::new(4.0 * scale, color)));
        let words = if clock.is_running() {
            left_words(clock, now)
        } else {
            ctx.tell("已处置", "handled")
        };
        let font = FontId::new(15.0 * scale, theme::bold());
        let galley = painter.layout_no_wrap(words, font, color);
        let top = at + vec2(-galley.size().x / 2.0, -radius - 8.0 * scale - galley.size().y);
        let ground = Rect::from_min_size(top, galley.size()).expand(2.0);
        painter.rect_filled(ground, 3.0, ctx.color(|t| t.halo));
        painter.galley(top, galley, color);
    }
}
