//! Segments of a plane in squares: who is near whom.

use rustc_hash::FxHashMap;

use geo_types::Coord;

/// Metres. Streets of a town are some hundred metres apart.
const SIDE_M: f64 = 120.0;

#[derive(Default)]
pub(super) struct Grid {
    squares: FxHashMap<(i32, i32), Vec<u32>>,
}

impl Grid {
    pub fn add(&mut self, number: u32, a: Coord<f64>, b: Coord<f64>) {
        // Long segments are walked, so that they fill the squares they cross and not their box.
        let steps = ((b.x - a.x).hypot(b.y - a.y) / SIDE_M).ceil().max(1.0) as u32;
        for step in 0..steps {
            let at = |step: u32| a + (b - a) * (f64::from(step) / f64::from(steps));
            let (from, to) = (at(step), at(step + 1));
            for square in squares(from, to, 0.0) {
                let list = self.squares.entry(square).or_default();
                if list.last() != Some(&number) {
                    list.push(number);
                }
            }
        }
    }

    /// Everything in the squares that the box around two places touches, each once.
    pub fn near(&self, a: Coord<f64>, b: Coord<f64>, reach_m: f64, found: &mut Vec<u32>) {
        found.clear();
        for square in squares(a, b, reach_m) {
            found.extend(self.squares.get(&square).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
    }
}

fn squares(a: Coord<f64>, b: Coord<f64>, reach_m: f64) -> impl Iterator<Item = (i32, i32)> {
    let square = |v: f64| (v / SIDE_M).floor() as i32;
    let (x0, x1) = (square(a.x.min(b.x) - reach_m), square(a.x.max(b.x) + reach_m));
    let (y0, y1) = (square(a.y.min(b.y) - reach_m), square(a.y.max(b.y) + reach_m));
    (x0..=x1).flat_map(move |x| (y0..=y1).map(move |y| (x, y)))
}
