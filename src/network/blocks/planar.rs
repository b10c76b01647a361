//! Lines as a planar graph: cut wherever they cross, with the faces that they enclose.
//!
//! Knows nothing of roads. Meant for a few square kilometres: segments are compared with all that
//! overlap them from west to east.

use std::collections::{BTreeMap, BTreeSet};

use geo_types::Coord;
use rustc_hash::FxHashMap;

use crate::geodesy::local::LocalFrame;

/// Corners that are nearer to each other are one, metres.
const SAME_M: f64 = 0.02;

/// A planar graph: its edges meet in vertices only.
pub struct PlanarGraph {
    corners: Vec<PlanarVertex>,
    /// Of each corner, its neighbours counter-clockwise.
    around: Vec<Vec<u32>>,
}

#[derive(Clone, Copy)]
struct PlanarVertex {
    plane: Coord<f64>,
    /// WGS-84 degrees.
    place: Coord<f64>,
}

/// Corners by their cell, so that one near another is found.
#[derive(Default)]
struct Vertices {
    all: Vec<PlanarVertex>,
    cells: FxHashMap<(i64, i64), Vec<u32>>,
}

impl PlanarGraph {
    /// From lines in WGS-84 degrees, in the plane of a frame.
    pub fn of(lines: &[Vec<Coord<f64>>], frame: &LocalFrame) -> Self {
        let mut corners = Vertices::default();
        let mut segments: Vec<[u32; 2]> = Vec::new();
        for line in lines {
            let numbers: Vec<u32> = line
                .iter()
                .map(|at| {
                    corners.number(PlanarVertex { plane: frame.plane_from_wgs84(*at), place: *at })
                })
                .collect();
            segments.extend(numbers.windows(2).filter_map(|pair| match pair {
                [a, b] if a != b => Some([*a.min(b), *a.max(b)]),
                _ => None,
            }));
        }
        segments.sort_unstable();
        segments.dedup();
        let pieces = cut(&mut corners, &segments);
        let mut around: Vec<Vec<u32>> = vec![Vec::new(); corners.all.len()];
        for [a, b] in pieces {
            for (from, to) in [(a, b), (b, a)] {
                if let Some(list) = around.get_mut(from as usize) {
                    list.push(to);
                }
            }
        }
        let mut plan = Self { corners: corners.all, around: Vec::new() };
        for (number, list) in (0_u32..).zip(&mut around) {
            list.sort_by(|a, b| plan.angle(number, *a).total_cmp(&plan.angle(number, *b)));
        }
        plan.around = around;
        plan
    }

    fn at(&self, corner: u32) -> Coord<f64> {
        self.corners.get(corner as usize).map(|corner| corner.plane).unwrap_or_default()
    }

    fn angle(&self, from: u32, to: u32) -> f64 {
        let along = self.at(to) - self.at(from);
        along.y.atan2(along.x)
    }

    /// Neighbours of a corner, clockwise from one of them, which comes last.
    fn clockwise(&self, corner: u32, from: u32) -> impl Iterator<Item = u32> + '_ {
        let list = self.around.get(corner as usize).map(Vec::as_slice).unwrap_or_default();
        let index = list.iter().position(|known| *known == from).unwrap_or(0);
        (1..=list.len())
            .filter_map(move |step| list.get((index + list.len() - step) % list.len()))
            .copied()
    }

    /// Closed rings of corners that enclose something, counter-clockwise; and, clockwise, what lies
    /// around all of it.
    pub fn faces(&self) -> Vec<Vec<u32>> {
        let mut done: BTreeSet<(u32, u32)> = BTreeSet::new();
        let mut faces = Vec::new();
        for (from, list) in (0_u32..).zip(&self.around) {
            for to in list {
                let mut ring = vec![from];
                let (mut here, mut next) = (from, *to);
                while done.insert((here, next)) {
                    ring.push(next);
                    let turn = self.clockwise(next, here).next().unwrap_or(here);
                    (here, next) = (next, turn);
                }
                if ring.len() > 1 {
                    faces.push(ring);
                }
            }
        }
        faces
    }

    /// The outlines of some faces together, closed, those around them counter-clockwise.
    pub fn outlines(&self, faces: &[&Vec<u32>]) -> Vec<Vec<u32>> {
        let steps = |face: &Vec<u32>| -> Vec<(u32, u32)> {
            let pairs = face.windows(2).filter_map(|pair| match pair {
                [a, b] => Some((*a, *b)),
                _ => None,
            });
            pairs.collect()
        };
        let inside: BTreeSet<(u32, u32)> = faces.iter().flat_map(|face| steps(face)).collect();
        let mut left: BTreeSet<(u32, u32)> =
            inside.iter().filter(|(a, b)| !inside.contains(&(*b, *a))).copied().collect();
        let mut rings = Vec::new();
        while let Some((from, to)) = left.pop_first() {
            let mut ring = vec![from, to];
            let (mut here, mut next) = (from, to);
            while next != from {
                let Some(turn) =
                    self.clockwise(next, here).find(|turn| left.contains(&(next, *turn)))
                else {
                    break;
                };
                left.remove(&(next, turn));
                (here, next) = (next, turn);
                ring.push(next);
            }
            rings.push(ring);
        }
        rings
    }

    /// The vertices of a ring in the plane, metres.
    pub fn plane_of(&self, ring: &[u32]) -> Vec<Coord<f64>> {
        ring.iter().map(|corner| self.at(*corner)).collect()
    }

    /// WGS-84 degrees.
    pub fn places_of(&self, ring: &[u32]) -> Vec<Coord<f64>> {
        ring.iter()
            .filter_map(|corner| self.corners.get(*corner as usize))
            .map(|c| c.place)
            .collect()
    }
}

impl Vertices {
    fn number(&mut self, corner: PlanarVertex) -> u32 {
        let cell = |metres: f64| (metres / SAME_M).floor() as i64;
        let (x, y) = (cell(corner.plane.x), cell(corner.plane.y));
        for near in (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y))) {
            for known in self.cells.get(&near).into_iter().flatten() {
                let off = self.plane(*known) - corner.plane;
                if off.x.hypot(off.y) <= SAME_M {
                    return *known;
                }
            }
        }
        let number = self.all.len() as u32;
        self.all.push(corner);
        self.cells.entry((x, y)).or_default().push(number);
        number
    }

    fn plane(&self, number: u32) -> Coord<f64> {
        self.all.get(number as usize).map(|corner| corner.plane).unwrap_or_default()
    }
}

/// Segments cut where another one crosses them or ends on them.
fn cut(corners: &mut Vertices, segments: &[[u32; 2]]) -> BTreeSet<[u32; 2]> {
    let mut cuts: BTreeMap<usize, Vec<(f64, u32)>> = BTreeMap::new();
    let reach = |segment: &[u32; 2], corners: &Vertices| {
        let [a, b] = segment.map(|corner| corners.plane(corner));
        (a.x.min(b.x) - SAME_M, a.x.max(b.x) + SAME_M)
    };
    let mut order: Vec<usize> = (0..segments.len()).collect();
    let lows: Vec<(f64, f64)> = segments.iter().map(|s| reach(s, corners)).collect();
    let low = |number: usize| lows.get(number).map_or(0.0, |(low, _)| *low);
    order.sort_by(|a, b| low(*a).total_cmp(&low(*b)).then(a.cmp(b)));
    for (index, one) in order.iter().enumerate() {
        let high = lows.get(*one).map_or(0.0, |(_, high)| *high);
        for other in order.iter().skip(index + 1).take_while(|other| low(**other) <= high) {
            let (Some(a), Some(b)) = (segments.get(*one), segments.get(*other)) else { continue };
            if let Some((along_one, along_other)) = crossing(corners, *a, *b) {
                let [from, to] = a.map(|corner| corners.all.get(corner as usize).copied());
                let (Some(from), Some(to)) = (from, to) else { continue };
                let corner = corners.number(PlanarVertex {
                    plane: from.plane + (to.plane - from.plane) * along_one,
                    place: from.place + (to.place - from.place) * along_one,
                });
                cuts.entry(*one).or_default().push((along_one, corner));
                cuts.entry(*other).or_default().push((along_other, corner));
            }
        }
    }
    let mut pieces = BTreeSet::new();
    for (number, [a, b]) in segments.iter().enumerate() {
        let mut stops = cuts.remove(&number).unwrap_or_default();
        stops.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let all =
            std::iter::once(*a).chain(stops.into_iter().map(|(_, corner)| corner)).chain([*b]);
        let all: Vec<u32> = all.collect();
        for pair in all.windows(2) {
            if let [a, b] = pair
                && a != b
            {
                pieces.insert([*a.min(b), *a.max(b)]);
            }
        }
    }
    pieces
}

/// How far along two segments they meet, as shares of them; `None` where they do not, or have an
/// end in common.
fn crossing(corners: &Vertices, one: [u32; 2], other: [u32; 2]) -> Option<(f64, f64)> {
    if one.iter().any(|corner| other.contains(corner)) {
        return None;
    }
    let ([a, b], [c, d]) =
        (one.map(|corner| corners.plane(corner)), other.map(|corner| corners.plane(corner)));
    let (low, high) = (a.y.min(b.y) - SAME_M, a.y.max(b.y) + SAME_M);
    if c.y.max(d.y) < low || c.y.min(d.y) > high {
        return None;
    }
    let (along, across, off) = (b - a, d - c, c - a);
    let turn = along.x * across.y - along.y * across.x;
    let (one_m, other_m) = (along.x.hypot(along.y), across.x.hypot(across.y));
    if turn.abs() <= 1e-9 * one_m * other_m {
        return None;
    }
    let along_one = (off.x * across.y - off.y * across.x) / turn;
    let along_other = (off.x * along.y - off.y * along.x) / turn;
    let is_on = |share: f64, length_m: f64| {
        let slack = SAME_M / length_m;
        (-slack..=1.0 + slack).contains(&share)
    };
    (is_on(along_one, one_m) && is_on(along_other, other_m))
        .then(|| (along_one.clamp(0.0, 1.0), along_other.clamp(0.0, 1.0)))
}
