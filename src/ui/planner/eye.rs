//! The view of the map as pixels of the world, by which lines of the planner are put on the screen.

use egui::{Pos2, Rect, vec2};
use geo_types::Coord;

use crate::map::view::world_px_from_wgs84;
use crate::ui::ctx::Ctx;

/// The widest line that is drawn, points.
const WIDEST: f32 = 11.0;
/// Vertices nearer than this to the one before are left out, points.
const APART: f32 = 1.5;

/// The view as pixels of the world.
pub struct Eye {
    center: Coord<f64>,
    scale: f64,
    rect: Rect,
}

impl Eye {
    /// Of the map in this rectangle of the screen, points.
    pub fn of(ctx: &Ctx<'_>, rect: Rect) -> Self {
        let view = ctx.camera.view;
        Self { center: world_px_from_wgs84(view.center, ctx.datum), scale: view.zoom.exp2(), rect }
    }

    /// Where a pixel of the world is on the screen, points.
    pub fn at(&self, px: Coord<f64>) -> Pos2 {
        let off = (px - self.center) * self.scale;
        self.rect.center() + vec2(off.x as f32, off.y as f32)
    }

    /// Whether something in a box of pixels of the world may be on the screen.
    pub fn sees(&self, min: Coord<f64>, max: Coord<f64>) -> bool {
        let frame = self.rect.expand(WIDEST);
        frame.intersects(Rect::from_min_max(self.at(min), self.at(max)))
    }

    /// A line on the screen, without vertices that nobody could tell apart.
    pub fn line(&self, places: impl Iterator<Item = Coord<f64>>) -> Vec<Pos2> {
        let mut line: Vec<Pos2> = Vec::new();
        let mut last = None;
        for place in places {
            let at = self.at(place);
            if line.last().is_none_or(|known| known.distance(at) >= APART) {
                line.push(at);
                last = None;
            } else {
                last = Some(at);
            }
        }
        line.extend(last);
        line
    }
}
