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
use crate::ui::canvas::Label;
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
    let room = painter.clip_rect();
    let on_screen = placed(answer)
        .map(|placed| (placed.mark, eye.at(world_px_from_wgs84(placed.at, ctx.datum)), placed.name))
        .filter(|(_, at, _)| room.expand(RADIUS).contains(*at));
    let mut named = Vec::new();
    for (mark, at, name) in on_screen {
        draw(painter, ctx, mark, at);
        if !name.is_empty() {
            named.push((at, name));
        }
    }
    if ctx.camera.view.zoom < NAMES_ZOOM {
        return;
    }
    let mut taken: Vec<Rect> = named
        .iter()
        .map(|(at, _)| Rect::from_center_size(*at, Vec2::splat(2.0 * RADIUS)))
        .collect();
    // The last are the worst: who cannot be reached is named before who is passed.
    for (at, name) in named.into_iter().rev() {
        let label = Label::new(painter, ctx, name);
        if let Some(frame) = free_beside(at, label.size(), room, &taken) {
            label.paint(painter, ctx, frame.min);
            taken.push(frame);
        }
    }
}

/// Room for a name at the right, left, above or below a mark; `None` where others stand everywhere.
fn free_beside(at: Pos2, size: Vec2, room: Rect, taken: &[Rect]) -> Option<Rect> {
    const GAP: f32 = RADIUS + 2.0;
    let Vec2 { x, y } = size;
    [vec2(GAP, -y / 2.0), vec2(-GAP - x, -y / 2.0), vec2(-x / 2.0, -GAP - y), vec2(-x / 2.0, GAP)]
        .map(|off| Rect::from_min_size(at + off, size))
        .into_iter()
        .find(|frame| {
            room.contains_rect(*frame) && !taken.iter().any(|other| other.intersects(*frame))
        })
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

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn no_name_stands_on_another_and_one_without_room_is_left_out() {
        let room = Rect::from_min_max(pos2(0.0, 0.0), pos2(400.0, 200.0));
        let size = vec2(120.0, 26.0);
        let first = free_beside(pos2(100.0, 100.0), size, room, &[]).unwrap();
        assert!(first.left() > 100.0, "at the right where that is free: {first:?}");
        let second = free_beside(pos2(160.0, 110.0), size, room, &[first]).unwrap();
        assert!(!second.intersects(first) && room.contains_rect(second));
        // At the right edge the name goes to the left.
        assert!(free_beside(pos2(390.0, 100.0), size, room, &[]).unwrap().right() < 390.0);
        assert_eq!(free_beside(pos2(100.0, 100.0), size, room, &[room]), None);
    }
}
