//! Lines and areas put together by height and style before they are painted.

use geo_types::Coord;
use tiny_skia::PathBuilder;

use super::primitive::Primitive;
use super::stroke::Stroke;
use crate::map::tokens::Rgba;
use crate::map::view::{At, Frame};

/// Collects lines and areas by height and style, so that ten thousand roads become a few paths.
///
/// What is drawn in one style covers itself without adding up: crossings of translucent lines
/// look like one line.
#[derive(Default)]
pub struct Batches {
    batches: Vec<Batch>,
}

struct Batch {
    height: u16,
    fill: Option<Rgba>,
    stroke: Option<Stroke>,
    pen: PathBuilder,
}

/// Opaque paths of more verbs than this are continued in another: painting one path takes more
/// than its share of time as it grows.
const LONG: usize = 3000;

impl Batches {
    /// The pen for a style at a height; higher ones are drawn later.
    fn pen(
        &mut self,
        height: u16,
        fill: Option<Rgba>,
        stroke: Option<Stroke>,
    ) -> Option<&mut PathBuilder> {
        let is_opaque = fill.is_none_or(Rgba::is_opaque)
            && stroke.is_none_or(|stroke| stroke.color.is_opaque());
        let is_it = |batch: &Batch| {
            batch.height == height
                && batch.fill == fill
                && batch.stroke == stroke
                && !(is_opaque && batch.pen.len() > LONG)
        };
        let position = self.batches.iter().position(is_it).unwrap_or_else(|| {
            self.batches.push(Batch { height, fill, stroke, pen: PathBuilder::new() });
            self.batches.len() - 1
        });
        self.batches.get_mut(position).map(|batch| &mut batch.pen)
    }

    /// A line on the page.
    pub fn line(&mut self, height: u16, stroke: Stroke, points: &[At]) {
        if let Some(pen) = self.pen(height, None, Some(stroke)) {
            draw(pen, points);
        }
    }

    /// A closed shape; holes run the other way round.
    pub fn area(
        &mut self,
        height: u16,
        fill: Option<Rgba>,
        stroke: Option<Stroke>,
        rings: &[Vec<At>],
    ) {
        if let Some(pen) = self.pen(height, fill, stroke) {
            for ring in rings.iter().filter(|ring| ring.len() > 2) {
                draw(pen, ring);
                pen.close();
            }
        }
    }

    /// A filled box.
    pub fn rect(&mut self, height: u16, fill: Rgba, frame: Frame) {
        self.area(height, Some(fill), None, &[frame.corners().to_vec()]);
    }

    /// Takes away what lies at a height or over it, lowest first.
    pub fn lift(&mut self, height: u16) -> Vec<Primitive> {
        let (low, high) = std::mem::take(&mut self.batches)
            .into_iter()
            .partition(|batch: &Batch| batch.height < height);
        self.batches = low;
        Self { batches: high }.into_items().collect()
    }

    /// Lowest first; equal heights in the order of their first use.
    pub fn into_items(mut self) -> impl Iterator<Item = Primitive> {
        self.batches.sort_by_key(|batch| batch.height);
        self.batches.into_iter().filter_map(|batch| {
            let path = batch.pen.finish()?;
            Some(Primitive::Path { path, fill: batch.fill, stroke: batch.stroke })
        })
    }
}

fn draw(pen: &mut PathBuilder, points: &[At]) {
    for (index, &Coord { x, y }) in points.iter().enumerate() {
        if index == 0 {
            pen.move_to(x as f32, y as f32);
        } else {
            pen.line_to(x as f32, y as f32);
        }
    }
}
