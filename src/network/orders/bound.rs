//! The stretches of road that an order was led along while it was drawn, as its record keeps them: so
//! it is bound to roads, not to whatever lies near its line. Of an area these are the roads on its
//! outline; what lies inside is looked for.
//!
//! A stretch is a road with three places on it (linear referencing), not a number of an edge: a new
//! crossing cuts a road into other edges and leaves it the same road. Places are looked for on the
//! road alone, so a flyover above it is never meant. Where the road is gone, or no longer leads by its
//! places, or somebody gave the order another line, the record is bound to nothing, and its line is
//! looked for by nearness as of any other.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use geo_types::{Coord, Geometry, LineString};

use super::{AlignedEdge, ENOUGH_M, Finder};
use crate::domain::{Record, RecordId, Value};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::plane;
use crate::geodesy::ring::distance_m;
use crate::network::graph::{ArcId, Network};

const FIELD: &str = "edges";
/// A road that was redrawn by more is another one, metres.
const MOVED_M: f64 = 50.0;
/// Of two places on one road as near as this the one that fits is meant, metres: where a road in a
/// circle comes back to its beginning.
const AS_NEAR_M: f64 = 0.5;
/// The places of a stretch lie on the line that it was stored with to so many metres.
const OWN_M: f64 = 1.0;
/// A shorter stretch is a corner, metres.
const SHORTEST_M: f64 = 0.1;

/// A stretch of one road, in the order in which the line goes. WGS-84 degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundStretch {
    /// Of the road's record.
    pub road: RecordId,
    /// Where it begins, a place about halfway, and where it ends.
    pub places: [Coord<f64>; 3],
}

/// A stretch on the network of now.
struct Found {
    edges: Range<u32>,
    /// From which metre of the road to which, as the line goes.
    from_m: f64,
    to_m: f64,
}

impl BoundStretch {
    /// `ROAD lon lat lon lat lon lat`, to a centimetre.
    pub fn text(&self) -> String {
        let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
        let places = self.places.map(|at| format!(" {} {}", round(at.x), round(at.y)));
        format!("{}{}", self.road, places.concat())
    }

    /// As [`Self::text`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let road = words.next()?.parse().ok()?;
        let mut number = || words.next()?.parse::<f64>().ok().filter(|number| number.is_finite());
        let mut place = || Some(Coord { x: number()?, y: number()? });
        let places = [place()?, place()?, place()?];
        words.next().is_none().then_some(Self { road, places })
    }

    /// Of an order; none where it was drawn without, or where one of them cannot be read.
    pub fn of(order: &Record) -> Vec<Self> {
        let all = order.words(FIELD).iter().map(|word| Self::parse(word));
        all.collect::<Option<_>>().unwrap_or_default()
    }

    /// Puts them into a record in place of those that it has.
    pub fn put(order: &mut Record, stretches: &[Self]) {
        let words = stretches.iter().map(|stretch| stretch.text().into());
        let value = (!stretches.is_empty()).then(|| Value::Words(words.collect()));
        order.set(FIELD, value);
    }
}

/// The stretches of a way from a place on its first arc to a place on its last one.
pub fn stretches(
    network: &Network,
    from: Coord<f64>,
    arcs: &[ArcId],
    to: Coord<f64>,
) -> Vec<BoundStretch> {
    let goes_on = |a: &ArcId, b: &ArcId| {
        let road = |arc: &ArcId| network.edge(*arc).map(|edge| edge.road);
        let next =
            if a.is_backward() { b.edge() + 1 == a.edge() } else { a.edge() + 1 == b.edge() };
        road(a) == road(b) && a.is_backward() == b.is_backward() && next
    };
    let mut all = Vec::new();
    let runs = arcs.chunk_by(goes_on);
    let count = runs.clone().count();
    for (number, run) in runs.enumerate() {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let node = |node: u32| network.nodes.get(node as usize).copied().unwrap_or_default();
        let begin = if number == 0 { from } else { node(network.tail(*first)) };
        let end = if number + 1 == count { to } else { node(network.head(*last)) };
        let Some(road) = network.edge(*first).and_then(|edge| network.road_of(edge)) else {
            continue;
        };
        let line = part(&network.line_of(run).0, begin, end);
        let length_m = |line: &[Coord<f64>]| -> f64 {
            line.windows(2).map(|w| if let [a, b] = w { distance_m(*a, *b) } else { 0.0 }).sum()
        };
        if length_m(&line) < SHORTEST_M {
            continue;
        }
        let Some(middle) = super::samples(&line, 2).get(1).copied() else { continue };
        all.push(BoundStretch { road: road.id, places: [begin, middle, end] });
    }
    all
}

/// The part of a line between two places on it, of which the first lies near its beginning.
fn part(line: &[Coord<f64>], from: Coord<f64>, to: Coord<f64>) -> Vec<Coord<f64>> {
    let segment = |at: Coord<f64>| {
        let away = line.windows(2).enumerate().filter_map(|(number, pair)| {
            let [a, b] = pair else { return None };
            Some((nearest(*a, *b, at).1, number))
        });
        away.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(0, |(_, number)| number)
    };
    let (first, last) = (segment(from), segment(to));
    let between = line.iter().take(last + 1).skip(first + 1).copied();
    std::iter::once(from).chain(between).chain([to]).collect()
}

/// The share of a segment at which its nearest place lies, and how far that is, metres.
fn nearest(a: Coord<f64>, b: Coord<f64>, at: Coord<f64>) -> (f64, f64) {
    let frame = LocalFrame::at(at);
    let [a, b] = [a, b].map(|at| frame.plane_from_wgs84(at));
    plane::nearest(a, b, Coord::default())
}

impl Finder<'_> {
    /// The pieces of road that the line of an order means, in no order, with the line along them:
    /// those to which it is bound, else those near its line.
    pub(super) fn meant<'l>(
        &self,
        order: &Record,
        line: &'l LineString<f64>,
        has_direction: bool,
    ) -> (Cow<'l, LineString<f64>>, Vec<AlignedEdge>) {
        match self.bound(order) {
            Some(bound) => {
                let arcs = bound.iter().map(|step| ArcId::new(step.edge, !step.goes_along));
                let line = self.network.line_of(&arcs.collect::<Vec<_>>());
                (Cow::Owned(line), bound)
            }
            None => (Cow::Borrowed(line), self.chosen(line, true, has_direction)),
        }
    }

    /// The pieces of road that the line of an order means, in its order.
    pub fn steps_of(&self, order: &Record, line: &LineString<f64>) -> Vec<AlignedEdge> {
        self.bound(order).unwrap_or_else(|| self.steps(line))
    }

    /// Whether an order is bound to roads that are all there.
    pub fn is_bound(&self, order: &Record) -> bool {
        self.bound(order).is_some()
    }

    /// The pieces of road to which an order is bound, in the order of its line or outline; `None` where
    /// it is bound to nothing, or to roads that are no more.
    pub(super) fn bound(&self, order: &Record) -> Option<Vec<AlignedEdge>> {
        let stretches = BoundStretch::of(order);
        let is_own = match &order.geometry {
            Some(Geometry::LineString(line)) => is_of(&stretches, line),
            Some(Geometry::Polygon(area)) => {
                area.interiors().is_empty() && lie_on(&stretches, area.exterior())
            }
            _ => false,
        };
        if stretches.is_empty() || !is_own { None } else { self.steps_on(&stretches) }
    }

    /// A stretch, and the same on each road that stands for its own.
    pub(super) fn with_stand_ins(&self, stretch: BoundStretch) -> Vec<BoundStretch> {
        let road = |number: u32| self.network.roads.get(number as usize).map(|road| road.id);
        let own = self.network.stand_ins.iter().filter(|(of, _)| road(*of) == Some(stretch.road));
        let others = own.filter_map(|(_, by)| Some(BoundStretch { road: road(*by)?, ..stretch }));
        std::iter::once(stretch).chain(others).collect()
    }

    /// The pieces of roads that stand for those to which an order is bound: what closes a road closes
    /// it as it will be too.
    pub(super) fn stand_ins(&self, order: &Record) -> Vec<AlignedEdge> {
        if self.network.stand_ins.is_empty() || !self.is_bound(order) {
            return Vec::new();
        }
        let all = BoundStretch::of(order).into_iter();
        let standing = all.flat_map(|stretch| self.with_stand_ins(stretch).into_iter().skip(1));
        standing.flat_map(|stretch| self.steps_on(&[stretch]).unwrap_or_default()).collect()
    }

    /// The pieces of road of stretches, in their order; `None` where one of them is no more.
    pub(super) fn steps_on(&self, stretches: &[BoundStretch]) -> Option<Vec<AlignedEdge>> {
        let found: Vec<Found> =
            stretches.iter().map(|stretch| self.found(stretch)).collect::<Option<_>>()?;
        let whole_m: f64 = found.iter().map(|found| (found.to_m - found.from_m).abs()).sum();
        // A waypoint in the middle of an edge parts it between two stretches.
        let mut covered: BTreeMap<u32, f64> = BTreeMap::new();
        for found in &found {
            for (edge, [first_m, last_m]) in self.parts(found) {
                *covered.entry(edge).or_default() += last_m - first_m;
            }
        }
        // As much as a line has to lie on an edge to mean it.
        let is_meant = |edge: u32| {
            let covered_m = covered.get(&edge).copied().unwrap_or(0.0);
            covered_m > 0.5 * self.length_m(edge)
                || covered_m >= ENOUGH_M.min(0.5 * whole_m) && covered_m > 0.0
        };
        let mut steps: Vec<AlignedEdge> = Vec::new();
        let mut gone_m = 0.0;
        for found in &found {
            let goes_along = found.to_m > found.from_m;
            let own = self.parts(found).into_iter().filter(|(edge, _)| is_meant(*edge));
            let mut own: Vec<AlignedEdge> = own
                .map(|(edge, [first_m, last_m])| {
                    let along_m = (f64::midpoint(first_m, last_m) - found.from_m).abs();
                    AlignedEdge { edge, at_m: gone_m + along_m, goes_along }
                })
                .collect();
            if !goes_along {
                own.reverse();
            }
            steps.extend(own);
            gone_m += (found.to_m - found.from_m).abs();
        }
        let mut known = std::collections::BTreeSet::new();
        steps.retain(|step| known.insert(step.edge));
        (!steps.is_empty()).then_some(steps)
    }

    /// Of each edge that a stretch touches, from which metre of its road to which.
    fn parts(&self, found: &Found) -> Vec<(u32, [f64; 2])> {
        let (low_m, high_m) = (found.from_m.min(found.to_m), found.from_m.max(found.to_m));
        let mut begin_m = 0.0;
        let all = found.edges.clone().map(|edge| {
            let first_m = begin_m;
            begin_m += self.length_m(edge);
            (edge, [first_m.max(low_m), begin_m.min(high_m)])
        });
        all.filter(|(_, [first_m, last_m])| last_m > first_m).collect()
    }

    fn length_m(&self, edge: u32) -> f64 {
        self.network.edges.get(edge as usize).map_or(0.0, |edge| f64::from(edge.length_m))
    }

    /// A stretch on its road; `None` where that is gone, or is broken between its places.
    fn found(&self, stretch: &BoundStretch) -> Option<Found> {
        let edges = self.network.edges_of(stretch.road);
        let [from, middle, to] = stretch.places;
        let feet = |at| self.feet(edges.clone(), at);
        let (begins, middles, ends) = (feet(from), feet(middle), feet(to));
        let mut best: Option<(f64, f64)> = None;
        for begin in &begins {
            for end in &ends {
                let (low, high) = (begin.min(*end) - OWN_M, begin.max(*end) + OWN_M);
                let holds = middles.iter().any(|middle| (low..=high).contains(middle));
                let is_shorter = best.is_none_or(|(a, b)| (end - begin).abs() < (b - a).abs());
                if holds && is_shorter && self.is_whole(edges.clone(), [*begin, *end]) {
                    best = Some((*begin, *end));
                }
            }
        }
        let (from_m, to_m) = best.filter(|(from_m, to_m)| (to_m - from_m).abs() > SHORTEST_M)?;
        Some(Found { edges, from_m, to_m })
    }

    /// How far along a road its nearest places lie, metres; none where it is far away.
    fn feet(&self, edges: Range<u32>, at: Coord<f64>) -> Vec<f64> {
        let mut found: Vec<(f64, f64)> = Vec::new();
        let mut begin_m = 0.0;
        for number in edges {
            let Some(edge) = self.network.edges.get(number as usize) else { continue };
            let mut gone_m = begin_m;
            let mut best = (f64::INFINITY, gone_m);
            for pair in self.network.line(edge).windows(2) {
                let [a, b] = pair else { continue };
                let (share, away_m) = nearest(*a, *b, at);
                let length_m = distance_m(*a, *b);
                if away_m < best.0 {
                    best = (away_m, gone_m + share.clamp(0.0, 1.0) * length_m);
                }
                gone_m += length_m;
            }
            found.push(best);
            begin_m += f64::from(edge.length_m);
        }
        let least_m = found.iter().map(|(away_m, _)| *away_m).fold(f64::INFINITY, f64::min);
        if least_m > MOVED_M {
            return Vec::new();
        }
        let is_near = |(away_m, _): &(f64, f64)| *away_m <= least_m + AS_NEAR_M;
        found.into_iter().filter(is_near).map(|(_, along_m)| along_m).collect()
    }

    /// Whether the edges of a road follow each other from one of its metres to another.
    fn is_whole(&self, edges: Range<u32>, [from_m, to_m]: [f64; 2]) -> bool {
        let (low_m, high_m) = (from_m.min(to_m), from_m.max(to_m));
        let mut begin_m = 0.0;
        let mut before: Option<u32> = None;
        for number in edges {
            let end_m = begin_m + self.length_m(number);
            let is_in = end_m - SHORTEST_M > low_m && begin_m + SHORTEST_M < high_m;
            begin_m = end_m;
            if !is_in {
                continue;
            }
            let Some(edge) = self.network.edges.get(number as usize) else { return false };
            if before.is_some_and(|node| node != edge.ends[0]) {
                return false;
            }
            before = Some(edge.ends[1]);
        }
        true
    }
}

/// Whether stretches were stored with this line: one that was given another since is not bound.
pub(super) fn is_of(stretches: &[BoundStretch], line: &LineString<f64>) -> bool {
    let ends = stretches.first().zip(stretches.last());
    let ends = ends.zip(line.0.first().zip(line.0.last()));
    let is_at = |a: Coord<f64>, b: Coord<f64>| distance_m(a, b) <= OWN_M;
    let begins = ends.is_some_and(|((first, last), (begin, end))| {
        is_at(first.places[0], *begin) && is_at(last.places[2], *end)
    });
    begins && lie_on(stretches, line)
}

/// Whether all places of stretches lie on a line.
fn lie_on(stretches: &[BoundStretch], line: &LineString<f64>) -> bool {
    let whole: Geometry<f64> = line.clone().into();
    let is_on = |at: Coord<f64>| LocalFrame::at(at).nearest_m(&whole).is_some_and(|m| m <= OWN_M);
    stretches.iter().flat_map(|stretch| stretch.places).all(is_on)
}

/// Of the stretches along which an outline was led, those that lie on it: ways into a dead end and back
/// were left out of it. None where one lies on it in part, so that the rest would not be bound.
pub fn on_outline(stretches: Vec<BoundStretch>, outline: &LineString<f64>) -> Vec<BoundStretch> {
    let whole: Geometry<f64> = outline.clone().into();
    let is_on = |stretch: &BoundStretch| {
        let at = stretch.places[1];
        LocalFrame::at(at).nearest_m(&whole).is_some_and(|away_m| away_m <= OWN_M)
    };
    let own: Vec<BoundStretch> = stretches.into_iter().filter(is_on).collect();
    if lie_on(&own, outline) { own } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::Kind;
    use crate::network::compare::prepare_roads;
    use crate::network::evaluate::Prepared;
    use crate::network::orders::TrafficOrder;
    use crate::network::snap_route::{RoadUse, Waypoint, resolve};
    use crate::network::testing::{Town, at};

    fn prepared(town: &Town) -> Prepared {
        prepare_roads(&town.world(), &|_, _| true).unwrap()
    }

    /// An order led along the roads between two places.
    fn drawn(town: &Town, places: &[(f64, f64)]) -> Record {
        let waypoints: Vec<Waypoint> =
            places.iter().map(|(x, y)| Waypoint::snapped(at(*x, *y))).collect();
        let led = resolve(&prepared(town), &waypoints, RoadUse::Any, false);
        let mut made = Town::new();
        made.order("no_entry", led.line, &[]);
        let mut order = made.records.pop().unwrap();
        BoundStretch::put(&mut order, &led.stretches);
        order
    }

    /// Codes of the roads that an order closes, with the kilometres.
    fn closed(town: &Town, order: &Record) -> Vec<(String, i64)> {
        let prepared = prepared(town);
        let network = &prepared.network;
        let found = TrafficOrder::of(order, &prepared.finder());
        let mut all: Vec<(String, i64)> = Vec::new();
        for arc in found.arcs.iter().filter(|arc| !arc.is_backward()) {
            let edge = network.edge(*arc).unwrap();
            let code = network.road_of(edge).unwrap().code.clone();
            let metres = f64::from(edge.length_m).round() as i64;
            match all.iter_mut().find(|(known, _)| *known == code) {
                Some((_, sum)) => *sum += metres,
                None => all.push((code, metres)),
            }
        }
        all.sort();
        all
    }

    /// A road: its code, its places and its fields.
    type Laid<'a> = (&'a str, &'a [(f64, f64)], &'a [(&'a str, &'a str)]);

    fn street(more: &[Laid<'_>]) -> Town {
        let mut town = Town::new();
        town.road("street", &[(-1000.0, 0.0), (1000.0, 0.0)], &[]);
        for (code, places, fields) in more {
            town.road(code, places, fields);
        }
        town
    }

    #[test]
    fn what_was_drawn_on_the_ground_is_not_the_flyover_that_lies_right_above_it() {
        let above: &[(f64, f64)] = &[(-1000.0, 0.0), (1000.0, 0.0)];
        let town = street(&[("flyover", above, &[("level", "1")])]);
        let order = drawn(&town, &[(-800.0, 0.0), (800.0, 0.0)]);
        assert_eq!(closed(&town, &order), [("street".to_owned(), 2000)]);
        let mut up = Town::new();
        up.road("flyover", above, &[("level", "1")]);
        let stretch = BoundStretch::of(&drawn(&up, &[(-800.0, 0.0), (800.0, 0.0)]))[0];
        let flyover = town.records[1].id;
        let mut on_it = order.clone();
        BoundStretch::put(&mut on_it, &[BoundStretch { road: flyover, ..stretch }]);
        assert_eq!(closed(&town, &on_it), [("flyover".to_owned(), 2000)]);
    }

    #[test]
    fn a_crossing_that_is_new_and_a_road_that_was_redrawn_by_metres_stay_what_was_meant() {
        let town = street(&[]);
        let order = drawn(&town, &[(-800.0, 0.0), (800.0, 0.0)]);
        let mut later = Town::new();
        later.road("street", &[(-1000.0, 14.0), (1000.0, 14.0)], &[]);
        later.road("cross", &[(100.0, -300.0), (100.0, 300.0)], &[]);
        later.road("beside", &[(-1000.0, 0.0), (1000.0, 0.0)], &[]);
        assert_eq!(later.records[0].id, town.records[0].id, "the same road, redrawn");
        // The line lies on the road beside now, and the order is bound to its own.
        assert_eq!(closed(&later, &order), [("street".to_owned(), 2000)]);
        let mut gone = Town::new();
        gone.add(Kind::Site, None, &[]);
        gone.road("beside", &[(-1000.0, 0.0), (1000.0, 0.0)], &[]);
        assert_eq!(closed(&gone, &order), [("beside".to_owned(), 2000)], "by nearness then");
    }

    #[test]
    fn an_order_that_was_given_another_line_since_means_that_one() {
        let town = street(&[("other", &[(-1000.0, 400.0), (1000.0, 400.0)], &[])]);
        let mut order = drawn(&town, &[(-800.0, 0.0), (800.0, 0.0)]);
        order.geometry =
            Some(crate::network::testing::line(&[(-800.0, 400.0), (800.0, 400.0)]).into());
        assert_eq!(closed(&town, &order), [("other".to_owned(), 2000)]);
    }

    #[test]
    fn a_waypoint_in_the_middle_of_a_short_piece_leaves_no_hole() {
        let cross = |x: f64| [(x, -80.0), (x, 80.0)];
        let (a, b) = (cross(-30.0), cross(30.0));
        let town = street(&[("a", &a, &[]), ("b", &b, &[])]);
        let order = drawn(&town, &[(-800.0, 0.0), (0.0, 0.0), (800.0, 0.0)]);
        assert_eq!(BoundStretch::of(&order).len(), 2);
        assert_eq!(closed(&town, &order), [("street".to_owned(), 2000)]);
    }

    /// A block of four streets, of which the southern one is redrawn `off_m` to the south, with a street
    /// close to it outside.
    fn block(off_m: f64) -> Town {
        let mut town = Town::new();
        for (code, from, to) in [
            ("S", (-100.0, -off_m), (500.0, -off_m)),
            ("E", (400.0, -100.0), (400.0, 500.0)),
            ("N", (-100.0, 400.0), (500.0, 400.0)),
            ("W", (0.0, -100.0), (0.0, 500.0)),
            ("in", (200.0, 100.0), (200.0, 300.0)),
        ] {
            town.road(code, &[from, to], &[]);
        }
        town
    }

    fn drawn_around(town: &Town, corners: &[(f64, f64)]) -> Record {
        use geo_types::Polygon;
        let waypoints: Vec<Waypoint> =
            corners.iter().map(|(x, y)| Waypoint::snapped(at(*x, *y))).collect();
        let led = resolve(&prepared(town), &waypoints, RoadUse::Any, true);
        let mut made = Town::new();
        let area = crate::geodesy::shape::oriented(Polygon::new(led.line, Vec::new()).into());
        made.order("no_entry", area, &[("boundary_included", "是")]);
        let mut order = made.records.pop().unwrap();
        BoundStretch::put(&mut order, &led.stretches);
        order
    }

    #[test]
    fn an_area_is_bound_to_the_roads_of_its_outline_and_keeps_them_where_one_is_redrawn() {
        let codes = |town: &Town, order: &Record| -> Vec<String> {
            closed(town, order).into_iter().map(|(code, _)| code).collect()
        };
        let corners = [(150.0, 0.0), (400.0, 200.0), (200.0, 400.0), (0.0, 200.0)];
        let order = drawn_around(&block(0.0), &corners);
        assert!(!BoundStretch::of(&order).is_empty());
        let all = ["E", "N", "S", "W", "in"];
        assert_eq!(codes(&block(0.0), &order), all);
        // Farther away than nearness reaches; and another street lies under the outline now.
        let mut moved = block(40.0);
        moved.road("new", &[(10.0, 0.0), (390.0, 0.0)], &[]);
        assert_eq!(moved.records[0].id, block(0.0).records[0].id, "the same road, redrawn");
        let prepared = prepared(&moved);
        let finder = prepared.finder();
        assert!(finder.is_bound(&order));
        let boundary: BTreeSet<String> = (finder.boundary(&order).iter())
            .map(|(edge, _)| prepared.network.name_of(*edge).to_owned())
            .collect();
        assert_eq!(boundary, ["E", "N", "S", "W"].map(str::to_owned).into());
        let mut free = order.clone();
        BoundStretch::put(&mut free, &[]);
        let loose = finder.boundary(&free);
        assert!(loose.iter().any(|(edge, _)| prepared.network.name_of(*edge) == "new"));
    }

    #[test]
    fn a_way_into_a_dead_end_and_back_is_no_part_of_an_outline() {
        let mut town = block(0.0);
        town.road("alley", &[(400.0, 200.0), (600.0, 200.0)], &[]);
        let corners = [(150.0, 0.0), (600.0, 200.0), (200.0, 400.0), (0.0, 200.0)];
        let order = drawn_around(&town, &corners);
        assert!(!BoundStretch::of(&order).is_empty());
        let prepared = prepared(&town);
        let finder = prepared.finder();
        assert!(finder.is_bound(&order));
        let names = finder.boundary(&order);
        assert!(names.iter().all(|(edge, _)| prepared.network.name_of(*edge) != "alley"));
    }

    #[test]
    fn a_road_in_a_circle_is_bound_over_its_beginning() {
        let corners = [(0.0, 0.0), (400.0, 0.0), (400.0, 400.0), (0.0, 400.0), (0.0, 0.0)];
        let mut town = Town::new();
        town.road("ring", &corners, &[]);
        for (code, place) in [("S", (200.0, 0.0)), ("W", (0.0, 200.0)), ("E", (400.0, 200.0))] {
            town.road(code, &[place, (place.0 - 90.0, place.1 - 90.0)], &[]);
        }
        let order = drawn(&town, &[(0.0, 200.0), (200.0, 0.0)]);
        assert_eq!(closed(&town, &order), [("ring".to_owned(), 400)]);
    }

    proptest! {
        #[test]
        fn a_stretch_is_read_as_it_is_written(x in -180.0..180.0_f64, y in -90.0..90.0_f64) {
            let mut town = Town::new();
            let road = town.road("r", &[(0.0, 0.0), (1.0, 0.0)], &[]);
            let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
            let place = Coord { x: round(x), y: round(y) };
            let stretch = BoundStretch { road, places: [place; 3] };
            prop_assert_eq!(BoundStretch::parse(&stretch.text()), Some(stretch));
        }

        /// Wherever the waypoints lie, what is bound is what lies under the line.
        #[test]
        fn bound_edges_are_those_under_the_line(from in -990.0..990.0_f64, to in -990.0..990.0_f64) {
            prop_assume!((from - to).abs() > 120.0);
            let crossings: Vec<(f64, f64)> = (-4..5).map(|k| (f64::from(k) * 220.0, 0.0)).collect();
            let mut town = street(&[]);
            for (number, (x, _)) in crossings.iter().enumerate() {
                town.road(&format!("c{number}"), &[(*x, -80.0), (*x, 80.0)], &[]);
            }
            let order = drawn(&town, &[(from, 0.0), (to, 0.0)]);
            let prepared = prepared(&town);
            let finder = prepared.finder();
            prop_assert!(finder.is_bound(&order));
            let mut free = order.clone();
            BoundStretch::put(&mut free, &[]);
            let of = |order: &Record| TrafficOrder::of(order, &finder).arcs;
            let (bound, near) = (of(&order), of(&free));
            prop_assert!(bound.iter().all(|arc| near.contains(arc)), "{:?} {:?}", bound, near);
            // Nearness reaches some metres beyond the ends of the line.
            for arc in near.iter().filter(|arc| !bound.contains(arc)) {
                let line = prepared.network.line(prepared.network.edge(*arc).unwrap());
                let holds = |x: f64| (line[0].x..=line[line.len() - 1].x).contains(&at(x, 0.0).x);
                prop_assert!(holds(from) || holds(to), "{:?}", arc);
            }
        }
    }
}
