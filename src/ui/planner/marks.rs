//! What a plan does to single places, on the map: who is cut off, who is passed, where nobody looks.

use egui::{
    Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, Vec2, vec2,
};
use geo_types::Coord;
use lucide_icons::Icon;

use super::eye::Eye;
use crate::domain::Text;
use crate::map::view::world_px_from_wgs84;
use crate::network::lint::LintRule;
use crate::ui::canvas::label;
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;

const RADIUS: f32 = 8.0;
/// From this zoom on names stand beside the marks.
const NAMES_ZOOM: f64 = 12.5;

/// Shapes differ, so that a print without colour tells the marks apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// A cross in a circle.
    CutOff,
    /// A triangle.
    Passed,
    /// A camera that is off, in a square.
    Unwatched,
}

/// A mark, its place, and the name that stands beside it.
struct Placed<'a> {
    mark: Mark,
    at: Coord<f64>,
    name: &'a str,
}

fn placed(answer: &Answer) -> impl Iterator<Item = Placed<'_>> {
    let comparison = &answer.comparison;
    let unwatched = comparison.findings.iter().filter(|finding| finding.rule == LintRule::NoCamera);
    let unwatched = unwatched.filter_map(|finding| Some((Mark::Unwatched, finding.at?, "")));
    let passed = comparison.passed.iter().map(|passed| &passed.site);
    let passed = passed.map(|site| (Mark::Passed, site.at, &*site.name));
    let cut_off = comparison.cut_off.iter().map(|site| (Mark::CutOff, site.at, &*site.name));
    unwatched.chain(passed).chain(cut_off).map(|(mark, at, name)| Placed { mark, at, name })
}

/// Paints marks of findings and places over the map; names only from near.
pub fn over(painter: &Painter, ctx: &Ctx<'_>, eye: &Eye, answer: &Answer) {
    let has_names = ctx.camera.view.zoom >= NAMES_ZOOM;
    for Placed { mark, at, name } in placed(answer) {
        let at = eye.at(world_px_from_wgs84(at, ctx.datum));
        if !painter.clip_rect().expand(RADIUS).contains(at) {
            continue;
        }
        draw(painter, ctx, mark, at);
        if has_names && !name.is_empty() {
            label(painter, ctx, at + vec2(RADIUS + 4.0, -12.0), name);
        }
    }
}

fn color(ctx: &Ctx<'_>, mark: Mark) -> Color32 {
    if mark == Mark::Passed { ctx.color(|t| t.watch) } else { ctx.color(|t| t.act) }
}

fn draw(painter: &Painter, ctx: &Ctx<'_>, mark: Mark, at: Pos2) {
    let (color, panel) = (color(ctx, mark), ctx.color(|t| t.panel));
    match mark {
        Mark::CutOff => {
            painter.circle(at, RADIUS, color, Stroke::new(2.0, panel));
            let arm = RADIUS * 0.45;
            for (x, y) in [(arm, arm), (arm, -arm)] {
                let ends = [at + vec2(x, y), at - vec2(x, y)];
                painter.line_segment(ends, Stroke::new(2.5, panel));
            }
        }
        Mark::Passed => {
            let corners = [(0.0, -1.0), (0.95, 0.75), (-0.95, 0.75)];
            let corners = corners.map(|(x, y)| at + vec2(x, y) * RADIUS * 1.1).to_vec();
            painter.add(Shape::convex_polygon(corners, color, Stroke::new(2.0, panel)));
        }
        Mark::Unwatched => {
            let square = Rect::from_center_size(at, Vec2::splat(2.0 * RADIUS));
            let edge = Stroke::new(1.5, color);
            painter.rect(square, 0.0, panel, edge, StrokeKind::Middle);
            let font = FontId::proportional(1.5 * RADIUS);
            painter.text(at, Align2::CENTER_CENTER, Icon::CameraOff.unicode(), font, color);
        }
    }
}

/// What the marks mean, where there are any.
pub fn legend_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    for (mark, words) in [
        (Mark::CutOff, Text::new("重型货车无法到达", "heavy trucks cannot reach it")),
        (Mark::Passed, Text::new("新增货车途经", "newly passed by trucks")),
        (Mark::Unwatched, Text::new("禁限路段入口无抓拍", "an entry without a camera")),
    ] {
        if !placed(answer).any(|placed| placed.mark == mark) {
            continue;
        }
        ui.horizontal(|ui| {
            let size = vec2(34.0, 2.0 * RADIUS + 4.0);
            let (response, painter) = ui.allocate_painter(size, egui::Sense::empty());
            draw(&painter, ctx, mark, response.rect.center());
            ui.label(ctx.say(words));
        });
    }
}
