//! Segments of a plane in squares: who is near whom. For building a network; what is searched on a
//! finished one is [`super::orders::EdgeIndex`].

use rustc_hash::FxHashMap;

use geo_types::Coord;

/// Metres. Streets of a town are some hundred metres apart.
const SIDE_M: f64 = 120.0;
/// A segment that is longer than a continent is a slip: nobody is near it.
const MOST_STEPS: f64 = 20_000.0;

/// Segments by the cell of a square grid in which they lie.
#[derive(Default)]
pub(super) struct Grid {
    squares: FxHashMap<(i32, i32), Vec<u32>>,
}

impl Grid {
    /// A segment by its number, coordinates in metres.
    pub fn add(&mut self, number: u32, a: Coord<f64>, b: Coord<f64>) {
        for square in along(a, b, 0.0) {
            let list = self.squares.entry(square).or_default();
            if list.last() != Some(&number) {
                list.push(number);
            }
        }
    }

    /// Everything in the squares that a segment comes within reach of, each once.
    pub fn near(&self, a: Coord<f64>, b: Coord<f64>, reach_m: f64, found: &mut Vec<u32>) {
        found.clear();
        for square in along(a, b, reach_m) {
            found.extend(self.squares.get(&square).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
    }
}

/// Long segments are walked, so that they fill the squares they cross and not their box. A square
/// may come several times.
fn along(a: Coord<f64>, b: Coord<f64>, reach_m: f64) -> impl Iterator<Item = (i32, i32)> {
    let steps = ((b.x - a.x).hypot(b.y - a.y) / SIDE_M).ceil().max(1.0);
    // Not a number is not few steps either.
    let steps = if steps <= MOST_STEPS { steps as u32 } else { 0 };
    let at = move |step: u32| a + (b - a) * (f64::from(step) / f64::from(steps));
    (0..steps).flat_map(move |step| squares(at(step), at(step + 1), reach_m))
}

fn squares(a: Coord<f64>, b: Coord<f64>, reach_m: f64) -> impl Iterator<Item = (i32, i32)> {
    let square = |v: f64| (v / SIDE_M).floor() as i32;
    let (x0, x1) = (square(a.x.min(b.x) - reach_m), square(a.x.max(b.x) + reach_m));
    let (y0, y1) = (square(a.y.min(b.y) - reach_m), square(a.y.max(b.y) + reach_m));
    (x0..=x1).flat_map(move |x| (y0..=y1).map(move |y| (x, y)))
}
