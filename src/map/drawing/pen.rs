//! The pen that layers draw lines and areas with. How the marks of a layer look is said in its own
//! file under `map::layers`.

use super::batches::Batches;
use super::primitive::Primitive;
use super::stroke::Stroke;
use super::walk::{LineStep, steps};
use crate::map::tokens::{Palette, Rgba};
use crate::map::view::At;

/// Draws lines and areas of one layer after the other, in page units.
///
/// Heights count within a layer, from 0 to [`MapPen::HEIGHTS`]; higher ones lie over lower ones,
/// and any of a layer over all of the layers below it.
pub struct MapPen<'a> {
    pub theme: &'a Palette,
    /// How wide roads are at this zoom, against zoom 13½.
    pub detail: f64,
    /// A base map shows what would otherwise be paper.
    pub has_base: bool,
    batches: Batches,
    base: u16,
}

/// How wide roads are drawn at a Web Mercator zoom.
pub fn detail(zoom: f64) -> f64 {
    ((zoom - 13.5) * 0.4).exp2().clamp(0.4, 1.8)
}

impl<'a> MapPen<'a> {
    /// So many heights has a layer.
    pub const HEIGHTS: u16 = 20;

    /// For the lowest layer.
    pub fn new(theme: &'a Palette, detail: f64, has_base: bool) -> Self {
        Self { theme, detail, has_base, batches: Batches::default(), base: 0 }
    }

    /// What is drawn from now on belongs to the layer at this place, counted from the lowest.
    pub const fn go_to_layer(&mut self, place: u16) {
        self.base = place * Self::HEIGHTS;
    }

    /// A line.
    pub fn line(&mut self, height: u16, stroke: Stroke, points: &[At]) {
        self.batches.line(self.base + height, stroke, points);
    }

    /// A closed shape; holes run the other way round.
    pub fn area(
        &mut self,
        height: u16,
        fill: Option<Rgba>,
        stroke: Option<Stroke>,
        rings: &[Vec<At>],
    ) {
        self.batches.area(self.base + height, fill, stroke, rings);
    }

    /// Across a line, from one distance on its right to another.
    pub fn bar(&mut self, height: u16, stroke: Stroke, step: LineStep, from: f64, to: f64) {
        let right = step.right();
        self.line(height, stroke, &[step.at + right * from, step.at + right * to]);
    }

    /// Heads of arrows along a line.
    pub fn arrows(&mut self, height: u16, color: Rgba, points: &[At]) {
        for step in steps(points, 20.0, 40.0) {
            self.arrow(height, color, step);
        }
    }

    /// The head of an arrow at a place on a line.
    pub fn arrow(&mut self, height: u16, color: Rgba, step: LineStep) {
        let (back, right) = (step.at - step.along * 6.0, step.right() * 6.0);
        let head = vec![step.at + step.along * 6.0, back + right, back - right];
        self.area(height, Some(color.over(self.theme.panel)), None, &[head]);
    }

    /// Takes away what belongs to the layer at a place or over it, lowest first.
    pub fn lift(&mut self, place: u16) -> Vec<Primitive> {
        self.batches.lift(place * Self::HEIGHTS)
    }

    /// All that was drawn, lowest first.
    pub fn into_items(self) -> impl Iterator<Item = Primitive> {
        self.batches.into_items()
    }
}
