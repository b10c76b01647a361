//! What is closed, on the map: a band along exactly those pieces of road, beside the middle where only
//! one direction of two is closed, with arrows in that direction.

use egui::{Painter, Pos2, Shape, Stroke, Ui, Vec2, vec2};

use super::eye::Eye;
use crate::domain::RecordId;
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
use crate::ui::model::closed::ClosedPiece;

/// Of the band, points.
const WIDTH: f32 = 16.0;
/// So far beside the middle lies the band of one direction, points: trucks keep right.
const ASIDE: f32 = 6.0;
/// Between two arrows, points.
const ARROWS: f32 = 46.0;
const ARROW: f32 = 6.0;

/// Paints the band of each order that holds at the moment; the one that is selected or being drawn is
/// stronger, and shown at any moment.
pub fn over(painter: &Painter, ctx: &Ctx<'_>, eye: &Eye, answer: &Answer) {
    let drawn = answer.asked.draft.as_ref().map(|draft| draft.id);
    let is_meant = |order: RecordId| drawn == Some(order) || ctx.selection.contains(&order);
    let act = ctx.color(|t| t.act);
    let pieces = &answer.closed;
    let mut shapes = Vec::new();
    let is_shown = |piece: &&ClosedPiece| {
        (piece.holds || is_meant(piece.order)) && eye.sees(piece.min, piece.max)
    };
    for piece in pieces.all.iter().filter(is_shown) {
        let line = eye.line(pieces.places(piece).iter().copied());
        let strength = if is_meant(piece.order) { 0.5 } else { 0.26 };
        let band = Stroke::new(WIDTH, act.gamma_multiply(strength));
        let Some(is_backward) = piece.half else {
            shapes.push(Shape::line(line, band));
            continue;
        };
        let mut way = line;
        if is_backward {
            way.reverse();
        }
        let way = beside(&way);
        shapes.push(Shape::line(way.clone(), Stroke::new(0.5 * WIDTH, band.color)));
        if is_meant(piece.order) {
            shapes.extend(arrows(&way, Stroke::new(1.8, act)));
        }
    }
    painter.extend(shapes);
}

/// The line moved to the right of its way.
fn beside(line: &[Pos2]) -> Vec<Pos2> {
    let right = |a: Pos2, b: Pos2| {
        let along = (b - a).normalized();
        // Down the screen is to the right of whoever drives to the right.
        vec2(-along.y, along.x)
    };
    let sides: Vec<Vec2> = line
        .windows(2)
        .filter_map(|w| if let [a, b] = w { Some(right(*a, *b)) } else { None })
        .collect();
    let moved = line.iter().enumerate().map(|(number, at)| {
        let before = number.checked_sub(1).and_then(|before| sides.get(before));
        let sum = [before, sides.get(number)].into_iter().flatten().fold(Vec2::ZERO, |a, b| a + *b);
        *at + sum.normalized() * ASIDE
    });
    moved.collect()
}

/// Arrow heads along a line.
fn arrows(line: &[Pos2], stroke: Stroke) -> Vec<Shape> {
    let mut shapes = Vec::new();
    let mut next = ARROWS / 2.0;
    for pair in line.windows(2) {
        let [a, b] = pair else { continue };
        let (along, length) = ((*b - *a).normalized(), a.distance(*b));
        while next <= length {
            let tip = *a + along * next;
            for side in [vec2(-along.y, along.x), vec2(along.y, -along.x)] {
                let tail = tip - along * ARROW + side * (0.6 * ARROW);
                shapes.push(Shape::line_segment([tail, tip], stroke));
            }
            next += ARROWS;
        }
        next -= length;
    }
    shapes
}

/// What the band means, where there is one.
pub fn legend_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    if answer.closed.all.is_empty() {
        return;
    }
    ui.horizontal(|ui| {
        let (response, painter) = ui.allocate_painter(vec2(34.0, 14.0), egui::Sense::empty());
        let y = response.rect.center().y;
        let stroke = Stroke::new(WIDTH, ctx.color(|t| t.act).gamma_multiply(0.45));
        painter.hline(response.rect.x_range(), y, stroke);
        let has_half = answer.closed.all.iter().any(|piece| piece.half.is_some());
        ui.label(if has_half {
            ctx.tell(
                "禁限的路段；只禁一个方向的偏在该侧",
                "closed; one direction: at its side of the road",
            )
        } else {
            ctx.tell("禁限的路段", "closed to some trucks")
        });
    });
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn the_band_of_one_direction_lies_at_the_right_of_whoever_drives_there() {
        let east = [pos2(0.0, 0.0), pos2(100.0, 0.0)];
        assert!(beside(&east).iter().all(|at| at.y > 4.0), "to the south of the middle");
        let north = [pos2(0.0, 0.0), pos2(0.0, -100.0)];
        assert!(beside(&north).iter().all(|at| at.x > 4.0), "to the east");
    }

    #[test]
    fn arrows_stand_at_even_distances_over_all_vertices() {
        let line = [pos2(0.0, 0.0), pos2(30.0, 0.0), pos2(100.0, 0.0)];
        // At 23 and 69, two strokes each.
        assert_eq!(arrows(&line, Stroke::default()).len(), 4);
    }
}
