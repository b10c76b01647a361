//! Boxes on the page, and which places are taken already.

use crate::map::view::{At, Frame};

/// A box that may be turned: the room that a name or a mark takes on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrientedBox {
    pub center: At,
    /// Half of its length and half of its height.
    pub half: At,
    /// The direction of its length, a unit vector.
    pub along: At,
}

/// Which places of the page are taken already.
pub struct Room {
    frame: Frame,
    columns: usize,
    cells: Vec<Vec<u32>>,
    blocks: Vec<OrientedBox>,
}

const CELL: f64 = 48.0;

impl OrientedBox {
    /// A box that is not turned, page units.
    pub const fn upright(center: At, half_width: f64, half_height: f64) -> Self {
        Self { center, half: At { x: half_width, y: half_height }, along: At { x: 1.0, y: 0.0 } }
    }

    /// The box of a frame.
    pub const fn of(frame: Frame) -> Self {
        Self::upright(frame.center(), frame.width() / 2.0, frame.height() / 2.0)
    }

    const fn across(&self) -> At {
        At { x: -self.along.y, y: self.along.x }
    }

    /// In order around the box.
    pub fn corners(&self) -> [At; 4] {
        let (along, across) = (self.along * self.half.x, self.across() * self.half.y);
        [
            self.center - along - across,
            self.center + along - across,
            self.center + along + across,
            self.center - along + across,
        ]
    }

    fn bounds(&self) -> Frame {
        let x = self.along.x.abs() * self.half.x + self.along.y.abs() * self.half.y;
        let y = self.along.y.abs() * self.half.x + self.along.x.abs() * self.half.y;
        let At { x: cx, y: cy } = self.center;
        Frame::new(cx - x, cy - y, cx + x, cy + y)
    }

    /// Two boxes are apart if one of their four directions separates them.
    pub fn overlaps(&self, other: &Self) -> bool {
        let between = other.center - self.center;
        let is_apart = |axis: At| {
            let reach = |block: &Self| {
                block.half.x * dot(block.along, axis).abs()
                    + block.half.y * dot(block.across(), axis).abs()
            };
            dot(between, axis).abs() >= reach(self) + reach(other)
        };
        ![self.along, self.across(), other.along, other.across()].into_iter().any(is_apart)
    }
}

fn dot(one: At, other: At) -> f64 {
    one.x * other.x + one.y * other.y
}

impl Room {
    /// A page of which nothing is taken yet.
    pub fn new(frame: Frame) -> Self {
        let columns = (frame.width() / CELL).ceil().max(1.0) as usize;
        let rows = (frame.height() / CELL).ceil().max(1.0) as usize;
        Self { frame, columns, cells: vec![Vec::new(); columns * rows], blocks: Vec::new() }
    }

    /// With some places taken from the start.
    pub fn with(frame: Frame, blocks: impl Iterator<Item = OrientedBox>) -> Self {
        let mut room = Self::new(frame);
        blocks.for_each(|block| room.take(block));
        room
    }

    /// Whether a box lies inside the page and touches nothing.
    pub fn is_free(&self, block: &OrientedBox) -> bool {
        let bounds = block.bounds();
        let is_inside = bounds.left >= self.frame.left
            && bounds.right <= self.frame.right
            && bounds.top >= self.frame.top
            && bounds.bottom <= self.frame.bottom;
        is_inside && !self.touches(block)
    }

    fn touches(&self, block: &OrientedBox) -> bool {
        self.cells_of(block.bounds()).any(|cell| {
            let taken = self.cells.get(cell).into_iter().flatten();
            taken.filter_map(|index| self.blocks.get(*index as usize)).any(|b| b.overlaps(block))
        })
    }

    /// From now on nothing else finds room there.
    pub fn take(&mut self, block: OrientedBox) {
        let index = u32::try_from(self.blocks.len()).unwrap_or(u32::MAX);
        self.blocks.push(block);
        let cells: Vec<usize> = self.cells_of(block.bounds()).collect();
        for cell in cells {
            if let Some(cell) = self.cells.get_mut(cell) {
                cell.push(index);
            }
        }
    }

    fn cells_of(&self, bounds: Frame) -> impl Iterator<Item = usize> + use<> {
        let index = |length: f64, count: usize| {
            ((length / CELL).floor().max(0.0) as usize).min(count.saturating_sub(1))
        };
        let (columns, rows) = (self.columns, self.cells.len() / self.columns);
        let (left, right) = (
            index(bounds.left - self.frame.left, columns),
            index(bounds.right - self.frame.left, columns),
        );
        let (top, bottom) =
            (index(bounds.top - self.frame.top, rows), index(bounds.bottom - self.frame.top, rows));
        (top..=bottom).flat_map(move |row| (left..=right).map(move |column| row * columns + column))
    }
}

#[cfg(test)]
mod tests {
    use geo::Area as _;
    use geo::{BooleanOps as _, LineString, Polygon};
    use proptest::prelude::*;

    use super::*;

    fn polygon(block: &OrientedBox) -> Polygon<f64> {
        Polygon::new(LineString::from(block.corners().to_vec()), Vec::new())
    }

    fn block() -> impl Strategy<Value = OrientedBox> {
        (0.0..400.0, 0.0..300.0, 1.0..60.0, 1.0..20.0, 0.0..360.0_f64).prop_map(
            |(x, y, long, high, turn)| {
                let (sin, cos) = turn.to_radians().sin_cos();
                OrientedBox {
                    center: At { x, y },
                    half: At { x: long, y: high },
                    along: At { x: cos, y: sin },
                }
            },
        )
    }

    proptest! {
        /// Against the general polygon intersection of another library.
        #[test]
        fn boxes_overlap_when_their_polygons_do(one in block(), other in block()) {
            let shared = polygon(&one).intersection(&polygon(&other)).unsigned_area();
            if shared > 1e-6 {
                prop_assert!(one.overlaps(&other));
            } else if one.overlaps(&other) {
                // Touching within rounding.
                prop_assert!(shared >= 0.0 && polygon(&one).unsigned_area() > 0.0);
                let smaller = OrientedBox { half: one.half * 0.999, ..one };
                let other = OrientedBox { half: other.half * 0.999, ..other };
                prop_assert!(!smaller.overlaps(&other) || shared > 0.0);
            }
        }

        #[test]
        fn nothing_that_was_let_in_overlaps(blocks in proptest::collection::vec(block(), 1..80)) {
            let mut room = Room::new(Frame::new(0.0, 0.0, 400.0, 300.0));
            let mut taken: Vec<OrientedBox> = Vec::new();
            for block in blocks {
                if room.is_free(&block) {
                    prop_assert!(!taken.iter().any(|other| other.overlaps(&block)));
                    room.take(block);
                    taken.push(block);
                }
            }
        }
    }
}
