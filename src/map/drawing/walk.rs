//! Along a line on the page: places at equal distances, and where it is straight enough for a
//! name.

use crate::map::view::At;

/// A place on a line and the direction in which it runs there, a unit vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineStep {
    pub at: At,
    pub along: At,
}

impl LineStep {
    /// To the right of the way, seen on the page.
    pub fn right(&self) -> At {
        At { x: -self.along.y, y: self.along.x }
    }
}

fn length(way: At) -> f64 {
    way.x.hypot(way.y)
}

/// The length of a line, page units.
pub fn total(points: &[At]) -> f64 {
    points.iter().zip(points.iter().skip(1)).map(|(from, to)| length(*to - *from)).sum()
}

/// Places every `every` units, the first after `first`.
pub fn steps(points: &[At], first: f64, every: f64) -> Vec<LineStep> {
    let mut out = Vec::new();
    let mut ahead = first;
    for (from, to) in points.iter().zip(points.iter().skip(1)) {
        let way = *to - *from;
        let long = length(way);
        if long == 0.0 {
            continue;
        }
        let along = way / long;
        while ahead <= long {
            out.push(LineStep { at: *from + along * ahead, along });
            ahead += every;
        }
        ahead -= long;
    }
    out
}

/// The middle of the straightest stretches that are `long` units long, best first, with the
/// direction from their beginning to their end. Only stretches that stay within `slack` of their
/// chord are named.
pub fn straight_stretches(points: &[At], long: f64, slack: f64) -> Vec<LineStep> {
    const SAMPLES: usize = 8;
    let every = long / SAMPLES as f64;
    let steps = steps(points, 0.0, every);
    let middle = steps.len() as f64 / 2.0;
    let mut found: Vec<(f64, LineStep)> = Vec::new();
    for (index, window) in steps.windows(SAMPLES + 1).enumerate().step_by(2) {
        let [first, .., last] = window else { continue };
        let chord = last.at - first.at;
        let span = length(chord);
        if span < long * 0.9 {
            continue;
        }
        let along = chord / span;
        let bend = window.iter().map(|step| {
            let from_first = step.at - first.at;
            (from_first.x * along.y - from_first.y * along.x).abs()
        });
        let bend = bend.fold(0.0, f64::max);
        if bend <= slack {
            // Of two straight stretches the one nearer to the middle of the line.
            let from_middle = (index as f64 + SAMPLES as f64 / 2.0 - middle).abs() / (middle + 1.0);
            found.push((bend + from_middle, LineStep { at: first.at + chord / 2.0, along }));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    found.into_iter().map(|(_, step)| step).collect()
}

/// Joins lines that continue one another, as a road that comes in many pieces does.
pub fn joined(mut parts: Vec<Vec<At>>) -> Vec<Vec<At>> {
    let mut out: Vec<Vec<At>> = Vec::new();
    while let Some(mut line) = parts.pop() {
        while let Some(position) = parts.iter().position(|part| continues(&line, part)) {
            let mut part = parts.swap_remove(position);
            if is_near(line.last(), part.last()) {
                part.reverse();
            }
            if is_near(line.last(), part.first()) {
                line.extend(part.into_iter().skip(1));
            } else {
                if is_near(line.first(), part.first()) {
                    part.reverse();
                }
                part.pop();
                part.append(&mut line);
                line = part;
            }
        }
        out.push(line);
    }
    out
}

fn continues(line: &[At], part: &[At]) -> bool {
    let ends = [line.first(), line.last()];
    ends.iter().any(|end| is_near(*end, part.first()) || is_near(*end, part.last()))
}

fn is_near(one: Option<&At>, other: Option<&At>) -> bool {
    one.zip(other).is_some_and(|(one, other)| length(*one - *other) < 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> At {
        At { x, y }
    }

    #[test]
    fn steps_keep_their_distance_around_a_corner() {
        let corner = [at(0.0, 0.0), at(10.0, 0.0), at(10.0, 10.0)];
        let places: Vec<At> = steps(&corner, 4.0, 8.0).iter().map(|step| step.at).collect();
        assert_eq!(places, [at(4.0, 0.0), at(10.0, 2.0), at(10.0, 10.0)]);
    }

    #[test]
    fn a_name_goes_where_the_road_is_straight() {
        let zigzag = (0..20).map(|i| at(f64::from(i) * 5.0, f64::from(i % 2) * 20.0));
        let straight = [at(100.0, 0.0), at(300.0, 0.0)];
        let road: Vec<At> = zigzag.chain(straight).collect();
        let best = straight_stretches(&road, 80.0, 3.0)[0];
        assert!(best.at.x > 130.0 && best.at.x < 280.0 && best.at.y.abs() < 1e-9, "{best:?}");
        assert!(straight_stretches(&road, 400.0, 3.0).is_empty());
    }

    #[test]
    fn pieces_of_a_road_become_one_whatever_their_direction() {
        let pieces = vec![
            vec![at(0.0, 0.0), at(10.0, 0.0)],
            vec![at(20.0, 0.0), at(10.0, 0.0)],
            vec![at(20.0, 0.0), at(30.0, 0.0)],
            vec![at(90.0, 0.0), at(99.0, 0.0)],
        ];
        let mut lengths: Vec<f64> = joined(pieces).iter().map(|line| total(line)).collect();
        lengths.sort_by(f64::total_cmp);
        assert_eq!(lengths, [9.0, 30.0]);
    }
}
