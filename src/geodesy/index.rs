//! A packed R-tree over boxes: built once, searched often.
//!
//! Boxes are sorted along a Hilbert curve and packed sixteen to a node (Kamel and Faloutsos 1993),
//! and whoever asks keeps things in the same order, so one search reads memory nearly in order.
//! Boxes are kept as `f32`, rounded outwards: a search may find what lies a metre outside, never
//! miss what lies inside. Longitudes are plain numbers: a box does not reach across the date line.

use geo_types::Coord;

use super::curve::hilbert;
use super::local::{E2, EQUATORIAL_RADIUS_M};
use super::wkb::Bounds;

const NODE: usize = 16;

/// An R-tree of boxes in degrees. It knows its things by number: their place in the list that
/// [`BoxIndex::new`] gives back.
#[derive(Clone, Debug, Default)]
pub struct BoxIndex {
    /// Leaves first, then the boxes around each sixteen of them, and so on up to the root.
    boxes: Vec<Box32>,
    /// Where each level begins in `boxes`.
    levels: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Box32 {
    min: [f32; 2],
    max: [f32; 2],
}

impl BoxIndex {
    /// The index and the things in its order. What has no finite box is left out.
    pub fn new<T>(things: Vec<(Bounds, T)>) -> (Self, Vec<T>) {
        let mut things = things;
        things.retain(|(bounds, _)| {
            [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y].iter().all(|v| v.is_finite())
        });
        let all = things.iter().map(|(bounds, _)| *bounds).reduce(Bounds::joined_with);
        if let Some(all) = all {
            things.sort_by_cached_key(|(bounds, _)| hilbert_key(*bounds, all));
        }
        let mut boxes = Vec::with_capacity(things.len() + things.len() / (NODE - 1) + 1);
        let mut order = Vec::with_capacity(things.len());
        for (bounds, thing) in things {
            boxes.push(Box32::of(bounds));
            order.push(thing);
        }
        let levels = pack(&mut boxes);
        boxes.shrink_to_fit();
        (Self { boxes, levels }, order)
    }

    /// Calls with the position of each thing whose box meets the wanted one, ascending.
    pub fn search(&self, wanted: Bounds, visit: &mut impl FnMut(usize)) {
        let wanted = Box32::of(wanted);
        let Some(top) = self.levels.len().checked_sub(1) else { return };
        self.descend(top, 0, &wanted, visit);
    }

    /// Whether there is no box in it.
    pub fn is_empty(&self) -> bool {
        self.boxes.is_empty()
    }

    /// Memory of the index itself, bytes.
    pub fn bytes(&self) -> usize {
        self.boxes.capacity() * size_of::<Box32>()
    }

    fn descend(&self, level: usize, node: usize, wanted: &Box32, visit: &mut impl FnMut(usize)) {
        let start = self.levels.get(level).copied().unwrap_or(0);
        let end = self.levels.get(level + 1).copied().unwrap_or(self.boxes.len());
        let first = start + node * NODE;
        let children = self.boxes.get(first..(first + NODE).min(end)).unwrap_or_default();
        for (child, boxed) in children.iter().enumerate() {
            if boxed.meets(wanted) {
                match level.checked_sub(1) {
                    Some(below) => self.descend(below, node * NODE + child, wanted, visit),
                    None => visit(node * NODE + child),
                }
            }
        }
    }
}

/// A box that holds the circle of a radius in metres; it may be a little larger.
pub fn box_around(center: Coord<f64>, radius_m: f64) -> Bounds {
    // The smallest radius of curvature, that of the meridian at the equator: a(1 − e²).
    let lat = (radius_m / (EQUATORIAL_RADIUS_M * (1.0 - E2))).to_degrees() * 1.000_001;
    let nearest_pole = center.y.abs() + lat;
    let lon = if nearest_pole < 89.0 {
        let parallel_m = EQUATORIAL_RADIUS_M * nearest_pole.to_radians().cos();
        (radius_m / parallel_m).to_degrees().min(360.0)
    } else {
        360.0
    };
    Bounds {
        min: Coord { x: center.x - lon, y: center.y - lat },
        max: Coord { x: center.x + lon, y: center.y + lat },
    }
}

/// The box of geodesic edges, which run nearer the pole than their ends do.
///
/// An edge of Δλ rises by at most Δλ²·sin 2φ/16 over the parallel of its ends.
pub fn box_of_edges(bounds: Bounds, longest_lon: f64) -> Bounds {
    let rise = if longest_lon < 60.0 {
        (1.2 / 16.0) * longest_lon * longest_lon.to_radians()
    } else {
        90.0
    };
    Bounds {
        min: Coord { x: bounds.min.x, y: bounds.min.y - rise },
        max: Coord { x: bounds.max.x, y: bounds.max.y + rise },
    }
}

impl Box32 {
    const NONE: Self = Self { min: [f32::INFINITY; 2], max: [f32::NEG_INFINITY; 2] };

    fn of(bounds: Bounds) -> Self {
        Self {
            min: [bounds.min.x, bounds.min.y].map(|value| (value as f32).next_down()),
            max: [bounds.max.x, bounds.max.y].map(|value| (value as f32).next_up()),
        }
    }

    fn with(self, other: &Self) -> Self {
        let ([west, south], [east, north]) = (self.min, self.max);
        let ([w, s], [e, n]) = (other.min, other.max);
        Self { min: [west.min(w), south.min(s)], max: [east.max(e), north.max(n)] }
    }

    fn meets(&self, other: &Self) -> bool {
        let ([west, south], [east, north]) = (self.min, self.max);
        let ([w, s], [e, n]) = (other.min, other.max);
        west <= e && w <= east && south <= n && s <= north
    }
}

/// Adds the upper levels and says where each begins.
fn pack(boxes: &mut Vec<Box32>) -> Vec<usize> {
    let mut levels = Vec::new();
    let mut start = 0;
    while start < boxes.len() {
        levels.push(start);
        let end = boxes.len();
        if end - start <= NODE {
            break;
        }
        for node in (start..end).step_by(NODE) {
            let members = boxes.get(node..(node + NODE).min(end)).unwrap_or_default();
            let parent = members.iter().fold(Box32::NONE, Box32::with);
            boxes.push(parent);
        }
        start = end;
    }
    levels
}

const ORDER: u8 = 16;

/// The place of a box's middle along a curve of 2¹⁶ × 2¹⁶ cells.
fn hilbert_key(bounds: Bounds, all: Bounds) -> u64 {
    let place = |min: f64, max: f64, low: f64, high: f64| {
        let middle = 0.5 * (min + max);
        let share = if high > low { (middle - low) / (high - low) } else { 0.0 };
        (share * f64::from(u16::MAX)) as u32
    };
    hilbert(
        ORDER,
        place(bounds.min.x, bounds.max.x, all.min.x, all.max.x),
        place(bounds.min.y, bounds.max.y, all.min.y, all.max.y),
    )
}

#[cfg(test)]
mod tests {
    use geo_types::Coord;
    use proptest::prelude::*;

    use super::*;
    use crate::geodesy::ring::destination;

    fn bounds(west: f64, south: f64, width: f64, height: f64) -> Bounds {
        Bounds {
            min: Coord { x: west, y: south },
            max: Coord { x: west + width, y: south + height },
        }
    }

    fn found(index: &BoxIndex, wanted: Bounds) -> Vec<usize> {
        let mut found = Vec::new();
        index.search(wanted, &mut |position| found.push(position));
        found
    }

    #[test]
    fn an_empty_index_finds_nothing() {
        let (index, order) = BoxIndex::new::<()>(Vec::new());
        assert!(order.is_empty() && index.is_empty());
        assert!(found(&index, bounds(0.0, 0.0, 1.0, 1.0)).is_empty());
    }

    #[test]
    fn what_has_no_finite_box_is_left_out() {
        let (index, order) = BoxIndex::new(vec![
            (bounds(f64::NAN, 0.0, 1.0, 1.0), "nowhere"),
            (bounds(0.0, 0.0, 1.0, 1.0), "here"),
        ]);
        assert_eq!(order, ["here"]);
        assert_eq!(found(&index, bounds(0.5, 0.5, 0.0, 0.0)), [0]);
    }

    #[test]
    fn the_curve_visits_every_cell_and_never_jumps() {
        let corner: Vec<(u32, u32)> =
            (0..64u32).flat_map(|x| (0..64).map(move |y| (x, y))).collect();
        let mut cells = corner.clone();
        cells.sort_by_key(|(x, y)| hilbert(ORDER, *x, *y));
        let is_step = |pair: &[(u32, u32)]| {
            pair[0].0.abs_diff(pair[1].0) + pair[0].1.abs_diff(pair[1].1) == 1
        };
        assert!(cells.windows(2).all(is_step));
    }

    proptest! {
        #[test]
        fn a_search_finds_whatever_meets_the_box(
            places in proptest::collection::vec((-180.0..180.0, -90.0..90.0, 0.0..5.0, 0.0..5.0), 0..600),
            (west, south, width, height) in (-180.0..180.0, -90.0..90.0, 0.0..60.0, 0.0..60.0),
        ) {
            let things: Vec<(Bounds, usize)> = places
                .iter()
                .enumerate()
                .map(|(k, (x, y, w, h))| (bounds(*x, *y, *w, *h), k))
                .collect();
            let wanted = bounds(west, south, width, height);
            let (index, order) = BoxIndex::new(things.clone());
            let positions = found(&index, wanted);
            prop_assert!(positions.is_sorted());
            let hits: Vec<usize> = positions.iter().map(|position| order[*position]).collect();
            for (boxed, k) in things {
                let meets = boxed.min.x <= wanted.max.x && wanted.min.x <= boxed.max.x
                    && boxed.min.y <= wanted.max.y && wanted.min.y <= boxed.max.y;
                prop_assert!(!meets || hits.contains(&k));
            }
        }

        #[test]
        fn the_box_around_a_circle_holds_it(
            lat in -88.0..88.0, lon in -170.0..170.0, azimuth_deg in 0.0..360.0, radius_m in 1.0..100_000.0,
        ) {
            let center = Coord { x: lon, y: lat };
            let boxed = box_around(center, radius_m);
            let rim = destination(center, azimuth_deg, radius_m);
            let x = center.x + crate::geodesy::local::turn(rim.x - center.x);
            prop_assert!(boxed.min.x <= x && x <= boxed.max.x, "{boxed:?} {rim:?}");
            prop_assert!(boxed.min.y <= rim.y && rim.y <= boxed.max.y, "{boxed:?} {rim:?}");
        }
    }
}
