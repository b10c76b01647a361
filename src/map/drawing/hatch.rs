//! Hatching of areas.

use std::collections::BTreeMap;
use std::f64::consts::FRAC_1_SQRT_2;

use crate::map::view::At;

/// Parallel lines at 45°, `every` page units apart, inside an area given by its rings.
///
/// Lines of neighbouring areas continue one another. The rings must be of the size of a page.
pub fn hatch(rings: &[Vec<At>], every: f64) -> Vec<[At; 2]> {
    // Across and along the lines: the page turned by 45°.
    let mut crossings: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for ring in rings {
        for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            let (from, to) = (turned(*from), turned(*to));
            let (low, high) = if from.x < to.x { (from, to) } else { (to, from) };
            // Half open, so that a vertex on a line counts once.
            let (first, end) = ((low.x / every).ceil() as i64, (high.x / every).ceil() as i64);
            for index in first..end {
                let share = (index as f64 * every - low.x) / (high.x - low.x);
                crossings.entry(index).or_default().push(low.y + (high.y - low.y) * share);
            }
        }
    }
    let mut lines = Vec::new();
    for (index, mut places) in crossings {
        places.sort_by(f64::total_cmp);
        for pair in places.chunks_exact(2) {
            if let [from, to] = pair {
                let across = index as f64 * every;
                lines.push([back(across, *from), back(across, *to)]);
            }
        }
    }
    lines
}

fn turned(at: At) -> At {
    At { x: (at.x + at.y) * FRAC_1_SQRT_2, y: (at.y - at.x) * FRAC_1_SQRT_2 }
}

fn back(across: f64, along: f64) -> At {
    At { x: (across - along) * FRAC_1_SQRT_2, y: (across + along) * FRAC_1_SQRT_2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(from: f64, to: f64) -> Vec<At> {
        [(from, from), (to, from), (to, to), (from, to)].map(At::from).to_vec()
    }

    fn length(lines: &[[At; 2]]) -> f64 {
        lines.iter().map(|[from, to]| (to.x - from.x).hypot(to.y - from.y)).sum()
    }

    #[test]
    fn lines_a_unit_apart_are_as_long_as_the_area_is_large() {
        assert!((length(&hatch(&[square(0.0, 100.0)], 1.0)) - 10_000.0).abs() < 100.0);
    }

    #[test]
    fn a_hole_stays_empty() {
        let lines = hatch(&[square(0.0, 100.0), square(40.0, 60.0)], 1.0);
        assert!((length(&lines) - 9_600.0).abs() < 100.0);
        for [from, to] in lines {
            let middle = (from + to) / 2.0;
            assert!(!(41.0..59.0).contains(&middle.x) || !(41.0..59.0).contains(&middle.y));
        }
    }
}
