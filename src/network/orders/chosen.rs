//! Of roads that lie side by side or one above the other, those that a line means.
//!
//! A line that was led along roads lies on them to the centimetre, and means them and no neighbour:
//! not the flyover above, not a side road, not the other carriageway. A line from elsewhere means
//! the nearest road on each stretch; where two are as near, the one on the ground, and what has a
//! direction that which may be driven along it. The other carriageway of a divided road is looked
//! for by itself.

use geo_types::{Geometry, LineString, MultiLineString, Polygon};

use super::{AlignedEdge, BoundStretch, Finder, Match, ON_LINE_M, stretches, turn_shape};
use crate::domain::{Carriageways, OrderKind, Record};
use crate::geodesy::shape::{oriented, problem};
use crate::network::graph::{ArcId, Edge, Network, Road};

/// An edge that is nowhere farther from the line lies under it: metres.
const EXACT_M: f64 = 0.5;
/// Two roads whose distances to the line differ by less are as near: metres.
const AS_NEAR_M: f64 = 3.0;
/// The carriageways of a road lie at most so far from each other, metres.
const APART_M: f64 = 45.0;
/// A road along an outline for less is one that it only passes, metres.
const BESIDE_M: f64 = 80.0;

impl Match {
    pub(super) const fn aligned(&self) -> AlignedEdge {
        AlignedEdge {
            edge: self.edge,
            at_m: f64::midpoint(self.from_m, self.to_m),
            goes_along: self.goes_along,
        }
    }

    fn is_exact(&self) -> bool {
        let [_, most_m] = self.away_m;
        most_m <= EXACT_M
    }
}

/// Whether an edge may be driven only one way, and then whether that is the way of the line.
fn drives_along(edge: &Edge, goes_along: bool) -> Option<bool> {
    match edge.is_open {
        [true, false] => Some(goes_along),
        [false, true] => Some(!goes_along),
        _ => None,
    }
}

/// What has better neighbours is left out. Pieces that follow each other are no neighbours.
pub(super) fn best(network: &Network, all: Vec<Match>, has_direction: bool) -> Vec<Match> {
    let edge = |found: &Match| network.edges.get(found.edge as usize);
    let level = |found: &Match| {
        edge(found).and_then(|edge| network.road_of(edge)).map_or(0, |road| road.level.abs())
    };
    let is_against = |found: &Match| {
        has_direction && edge(found).and_then(|e| drives_along(e, found.goes_along)) == Some(false)
    };

    let is_better = |one: &Match, other: &Match| {
        if one.is_exact() != other.is_exact() {
            return one.is_exact();
        }
        if is_against(one) != is_against(other) {
            return is_against(other);
        }
        let by_m = other.away_m[0] - one.away_m[0];
        if by_m.abs() > AS_NEAR_M {
            return by_m > 0.0;
        }
        level(one) < level(other)
    };
    // Most of its stretch belongs to better ones, piece by piece.
    let is_left = |found: &Match| {
        let better = all.iter().filter(|other| {
            other.edge != found.edge
                && other.is_most
                && !other.runs_off()
                && is_better(other, found)
        });
        let taken_m: f64 = better.map(|other| found.shared_m(other)).sum();
        found.runs_off() || taken_m <= 0.5 * (found.to_m - found.from_m)
    };
    let keep: Vec<bool> = all.iter().map(is_left).collect();
    all.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(found, _)| found).collect()
}

impl Finder<'_> {
    /// Whether the line of an order closes one carriageway of a divided road and leaves the other
    /// one open: then, whether the closed one is driven along the line.
    pub fn one_side(&self, line: &LineString<f64>, order: &Record) -> Option<bool> {
        if !Carriageways::One.is_of(order) {
            return None;
        }
        let (line, chosen) = self.meant(order, line, false);
        let first = chosen.iter().find_map(|step| {
            drives_along(self.network.edges.get(step.edge as usize)?, step.goes_along)
        });
        first.filter(|_| !self.other_sides(&line, &chosen).is_empty())
    }

    /// The carriageway beside those that an order closes, driven the other way and left open by its arcs
    /// (sorted): in [`Network::edges`]. Roads of another class and name are no carriageways of it.
    pub fn open_opposite(&self, order: &Record, arcs: &[ArcId]) -> Option<u32> {
        let network = self.network;
        let is_closed = |number: u32| {
            [false, true].iter().any(|back| {
                let arc = ArcId::new(number, *back);
                network.is_open(arc) && arcs.binary_search(&arc).is_ok()
            })
        };
        let is_named = |a: &str, b: &str| !a.is_empty() && a == b;
        let is_like = |side: &Road, road: &Road| {
            side.level == road.level
                && (side.class == road.class
                    || is_named(&side.name, &road.name)
                    || is_named(&side.reference, &road.reference))
        };
        lines_of(order).iter().find_map(|line| {
            let (line, chosen) = self.meant(order, line, false);
            let (beside, length_m) = self.driven_back(&line, &chosen, &is_like);
            let least_m = BESIDE_M.min(0.5 * length_m);
            let is_long = |found: &&Match| {
                let edge_m = network.edges.get(found.edge as usize).map_or(0.0, |it| it.length_m);
                found.to_m - found.from_m >= least_m.min(0.5 * f64::from(edge_m))
            };
            let mut opposite = beside.iter().filter(is_long);
            opposite.find(|found| !is_closed(found.edge)).map(|found| found.edge)
        })
    }

    /// Roads that an order closes by nearness alone, as somebody has to confirm: its line, or the outline of
    /// its area, does not lie on them. By edge, none of what was led along roads.
    pub fn taken_by_nearness(&self, order: &Record) -> Vec<u32> {
        let mut taken = Vec::new();
        if OrderKind::NoTurn.is_of(order) {
            return self.turned_by_nearness(order);
        }
        if self.is_bound(order) {
            return taken;
        }
        let mut take = |line: &LineString<f64>, chosen: Vec<AlignedEdge>| {
            let exact: Vec<u32> = (self.matches(line, ON_LINE_M).0.iter())
                .filter(|found| found.is_exact())
                .map(|found| found.edge)
                .collect();
            let edges = chosen.into_iter().map(|step| step.edge);
            taken.extend(edges.filter(|edge| !exact.contains(edge)));
        };
        for line in lines_of(order) {
            take(line, self.chosen(line, true, false));
        }
        for line in order.geometry.iter().flat_map(super::boundary::outlines) {
            let on = self.on(&line, false);
            take(&line, on);
        }
        taken.sort_unstable();
        taken.dedup();
        taken
    }

    /// The lines of an order along the roads that it takes, from junction to junction, with the roads
    /// to which it then is bound (none where it falls apart); `None` where it takes none.
    pub fn led_along(&self, order: &Record) -> Option<(Geometry<f64>, Vec<BoundStretch>)> {
        if OrderKind::NoTurn.is_of(order) {
            let (from, into) = *self.turns(order).first()?;
            let (line, bound) = turn_shape(self.network, from, into);
            return Some((line.into(), bound));
        }
        if let Some(Geometry::Polygon(area)) = &order.geometry {
            return self.led_around(area);
        }
        let lines = lines_of(order);
        let mut ways: Vec<Vec<ArcId>> = Vec::new();
        let kind = OrderKind::of(order).unwrap_or(OrderKind::NoEntry);
        let has_direction = matches!(kind, OrderKind::OneWay | OrderKind::Detour);
        for line in lines {
            let mut steps = self.chosen(line, true, has_direction);
            steps.sort_by(|a, b| a.at_m.total_cmp(&b.at_m).then(a.edge.cmp(&b.edge)));
            let arcs = steps.iter().map(|step| ArcId::new(step.edge, !step.goes_along));
            let mut run: Vec<ArcId> = Vec::new();
            for arc in arcs {
                let goes_on = run
                    .last()
                    .is_none_or(|last| self.network.head(*last) == self.network.tail(arc));
                if !goes_on {
                    ways.push(std::mem::take(&mut run));
                }
                run.push(arc);
            }
            if !run.is_empty() {
                ways.push(run);
            }
        }
        let mut led: Vec<LineString<f64>> =
            ways.iter().map(|way| self.network.line_of(way)).collect();
        if led.len() > 1 {
            return Some((MultiLineString(led).into(), Vec::new()));
        }
        let (line, way) = led.pop().zip(ways.pop())?;
        let ends = line.0.first().copied().zip(line.0.last().copied());
        let bound = ends.map(|(from, to)| stretches(self.network, from, &way, to));
        Some((line.into(), bound.unwrap_or_default()))
    }

    /// The same of an area whose outline comes along roads all the way round.
    fn led_around(&self, area: &Polygon<f64>) -> Option<(Geometry<f64>, Vec<BoundStretch>)> {
        let network = self.network;
        let mut steps = self.on(area.exterior(), false);
        steps.sort_by(|a, b| a.at_m.total_cmp(&b.at_m).then(a.edge.cmp(&b.edge)));
        let arcs: Vec<ArcId> =
            steps.iter().map(|step| ArcId::new(step.edge, !step.goes_along)).collect();
        let next = arcs.iter().cycle().skip(1);
        let goes_round = arcs.iter().zip(next).all(|(a, b)| network.head(*a) == network.tail(*b));
        if arcs.is_empty() || !goes_round || !area.interiors().is_empty() {
            return None;
        }
        let ring = network.line_of(&arcs);
        let begin = *ring.0.first()?;
        let bound = stretches(network, begin, &arcs, begin);
        let shape = oriented(Polygon::new(ring, Vec::new()).into());
        problem(&shape).is_none().then_some((shape, bound))
    }

    /// Roads beside which the outline of an area runs without lying on them, with how far away they
    /// are, metres: then it is chance whether they lie inside.
    pub fn beside_outline(&self, order: &Record) -> Vec<(u32, f64)> {
        let mut found = Vec::new();
        if self.is_bound(order) {
            return found;
        }
        for line in order.geometry.iter().flat_map(super::boundary::outlines) {
            let (on, _) = self.matches(&line, ON_LINE_M);
            let on = best(self.network, on, false);
            let (near, _) = self.matches(&line, APART_M);
            for road in near.iter().filter(|road| road.is_most && !road.runs_off()) {
                let on = on.iter().filter(|on| on.is_most || on.edge == road.edge);
                let taken_m: f64 = on.map(|on| road.shared_m(on)).sum();
                let length_m = road.to_m - road.from_m;
                if length_m >= BESIDE_M && taken_m <= 0.5 * length_m {
                    found.push((road.edge, road.away_m[0]));
                }
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        found.dedup_by_key(|(edge, _)| *edge);
        found
    }

    /// The other carriageways of the one-way edges that a line means: of the same name or number, on
    /// the same level, driven the other way, beside them. Sorted.
    pub(super) fn other_sides(&self, line: &LineString<f64>, chosen: &[AlignedEdge]) -> Vec<u32> {
        let (beside, _) = self.driven_back(line, chosen, &is_same);
        let is_chosen = |edge: u32| chosen.iter().any(|step| step.edge == edge);
        beside.iter().map(|found| found.edge).filter(|edge| !is_chosen(*edge)).collect()
    }

    /// One-way roads beside the one-way edges that a line means, driven the other way, of those that
    /// are like one of them; and the length of the line, metres.
    fn driven_back(
        &self,
        line: &LineString<f64>,
        chosen: &[AlignedEdge],
        is_like: &dyn Fn(&Road, &Road) -> bool,
    ) -> (Vec<Match>, f64) {
        let side = |number: u32, goes_along: bool| {
            let edge = self.network.edges.get(number as usize)?;
            Some((self.network.road_of(edge)?, drives_along(edge, goes_along)?))
        };
        let sides: Vec<(&Road, bool)> =
            chosen.iter().filter_map(|step| side(step.edge, step.goes_along)).collect();
        if sides.is_empty() {
            return (Vec::new(), 0.0);
        }
        let (mut all, length_m) = self.matches(line, APART_M);
        all.retain(|found| {
            found.is_most
                && !found.runs_off()
                && side(found.edge, found.goes_along).is_some_and(|(road, along)| {
                    sides.iter().any(|(side, is_along)| *is_along != along && is_like(side, road))
                })
        });
        (all, length_m)
    }
}

fn lines_of(order: &Record) -> &[LineString<f64>] {
    match &order.geometry {
        Some(Geometry::LineString(line)) => std::slice::from_ref(line),
        Some(Geometry::MultiLineString(lines)) => &lines.0,
        _ => &[],
    }
}

/// Whether two one-way roads are the sides of one road.
fn is_same(one: &Road, other: &Road) -> bool {
    let is_named = |a: &str, b: &str| !a.is_empty() && a == b;
    let has_word = |road: &Road| !road.reference.is_empty() || !is_made_up(&road.name);
    one.level == other.level
        && one.class == other.class
        && (is_named(&one.name, &other.name)
            || is_named(&one.reference, &other.reference)
            || (!has_word(one) && !has_word(other)))
}

/// The import calls a road without a name by its class and its way, `支路 w231`.
fn is_made_up(name: &str) -> bool {
    let way = name.rsplit_once(' ').and_then(|(_, last)| last.strip_prefix('w'));
    name.is_empty()
        || way.is_some_and(|way| !way.is_empty() && way.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::Kind;
    use crate::network::orders::{EdgeIndex, TrafficOrder};
    use crate::network::testing::{Town, line};

    /// A divided trunk road from west (south side) to east and back, 20 m apart, a flyover above its
    /// south side, a side road 8 m beside it, and a ramp that leaves it.
    fn town() -> Town {
        let mut town = Town::new();
        let trunk = [("class", "trunk"), ("oneway", "forward")];
        let name = [("name", "G102")];
        town.road(
            "east",
            &[(-400.0, 0.0), (0.0, 0.0), (400.0, 0.0)],
            &[&trunk[..], &name].concat(),
        );
        town.road("west", &[(400.0, 20.0), (-400.0, 20.0)], &[&trunk[..], &name].concat());
        town.road("flyover", &[(-400.0, 2.0), (400.0, 2.0)], &[("class", "trunk"), ("level", "1")]);
        town.road("side", &[(-400.0, -8.0), (400.0, -8.0)], &[]);
        town.road("ramp", &[(0.0, 0.0), (120.0, -6.0), (200.0, -60.0)], &[("oneway", "forward")]);
        town
    }

    /// Codes of the roads that the last record closes, those of which one direction stays open with
    /// its arrow.
    fn closed(town: &Town) -> Vec<String> {
        let network = town.network();
        let index = EdgeIndex::of(&network);
        let order = TrafficOrder::of(town.records.last().unwrap(), &Finder::new(&network, &index));
        let is_driven = |arc: &&ArcId| network.is_open(**arc);
        let mut told = BTreeSet::new();
        for arc in order.arcs.iter().filter(is_driven) {
            let code = &network.road_of(network.edge(*arc).unwrap()).unwrap().code;
            let other = arc.reverse();
            let is_half = network.is_open(other) && !order.arcs.contains(&other);
            told.insert(format!("{code}{}", if is_half { "<" } else { "" }));
        }
        told.into_iter().collect()
    }

    fn drawn(kind: &str, places: &[(f64, f64)], more: &[(&str, &str)]) -> Vec<String> {
        let mut town = town();
        town.order(kind, line(places), more);
        closed(&town)
    }

    const ON_EAST: [(f64, f64); 2] = [(-400.0, 0.0), (400.0, 0.0)];

    #[test]
    fn a_line_on_one_carriageway_closes_both_and_no_neighbour() {
        assert_eq!(drawn("no_entry", &ON_EAST, &[]), ["east", "west"]);
        assert_eq!(drawn("no_entry", &ON_EAST, &[("carriageways", "one")]), ["east"]);
        let back = [(400.0, 20.0), (-400.0, 20.0)];
        assert_eq!(drawn("limited", &back, &[("carriageways", "one")]), ["west"]);
        assert_eq!(drawn("no_entry", &[(-400.0, 2.0), (400.0, 2.0)], &[]), ["flyover"]);
        assert_eq!(drawn("no_entry", &[(-400.0, -8.0), (400.0, -8.0)], &[]), ["side"]);
    }

    #[test]
    fn a_line_from_elsewhere_means_the_nearest_road_and_of_two_as_near_that_on_the_ground() {
        assert_eq!(drawn("no_entry", &[(-400.0, 1.2), (400.0, 1.2)], &[]), ["east", "west"]);
        assert_eq!(drawn("no_entry", &[(-400.0, 22.0), (400.0, 22.0)], &[]), ["east", "west"]);
        let one = [("carriageways", "one")];
        assert_eq!(drawn("no_entry", &[(-400.0, 23.0), (400.0, 23.0)], &one), ["west"]);
    }

    #[test]
    fn a_one_way_on_one_carriageway_closes_nothing_that_the_other_may_drive() {
        for places in [ON_EAST, [(-400.0, 1.2), (400.0, 1.2)], [(-400.0, 10.0), (400.0, 10.0)]] {
            let closed = drawn("one_way", &places, &[]);
            assert!(!closed.contains(&"west".to_owned()), "{places:?}: {closed:?}");
        }
    }

    #[test]
    fn an_outline_that_runs_beside_a_road_is_told_and_one_on_it_is_not() {
        use crate::network::testing::area;
        let mut town = Town::new();
        let corners = [(0.0, 0.0), (600.0, 0.0), (600.0, 600.0), (0.0, 600.0), (0.0, 0.0)];
        for (code, pair) in ["S", "E", "N", "W"].iter().zip(corners.windows(2)) {
            town.road(code, pair, &[]);
        }
        town.road("alley", &[(0.0, 35.0), (600.0, 35.0)], &[]);
        let network = town.network();
        let index = EdgeIndex::of(&network);
        let finder = Finder::new(&network, &index);
        let beside = |corners: &[(f64, f64)]| {
            let mut town = Town::new();
            town.order("no_entry", area(corners), &[]);
            let found = finder.beside_outline(town.records.last().unwrap());
            found.iter().map(|(edge, _)| network.name_of(*edge).to_owned()).collect::<BTreeSet<_>>()
        };
        assert_eq!(beside(&corners), BTreeSet::new());
        let off = [(0.0, -20.0), (600.0, -20.0), (600.0, 600.0), (0.0, 600.0), (0.0, -20.0)];
        assert_eq!(beside(&off), BTreeSet::from(["S".to_owned()]));
    }

    #[test]
    fn the_outline_of_an_area_from_a_file_is_confirmed_like_a_line() {
        use crate::network::testing::area;
        let corners = [(0.0, 0.0), (600.0, 0.0), (600.0, 600.0), (0.0, 600.0), (0.0, 0.0)];
        let mut town = Town::new();
        for (code, pair) in ["S", "E", "N", "W"].iter().zip(corners.windows(2)) {
            town.road(code, pair, &[]);
        }
        town.order("no_entry", area(&corners.map(|(x, y)| (x + 2.0, y - 3.0))), &[]);
        let network = town.network();
        let index = EdgeIndex::of(&network);
        let finder = Finder::new(&network, &index);
        let mut order = town.records.last().unwrap().clone();
        assert_eq!(finder.taken_by_nearness(&order), [0, 1, 2, 3]);
        let (shape, bound) = finder.led_along(&order).unwrap();
        order.geometry = Some(shape);
        BoundStretch::put(&mut order, &bound);
        assert!(finder.is_bound(&order) && finder.taken_by_nearness(&order).is_empty());
        assert_eq!(finder.boundary(&order).len(), 4);
        // One side of it follows no road: nothing to lead it along.
        town.order("no_entry", area(&[(0.0, 0.0), (600.0, 0.0), (300.0, 500.0), (0.0, 0.0)]), &[]);
        assert!(finder.led_along(town.records.last().unwrap()).is_none());
    }

    #[test]
    fn what_was_taken_by_nearness_is_told_until_the_line_is_led_along_it() {
        let mut town = town();
        town.order("no_entry", line(&[(-400.0, 1.2), (400.0, 1.2)]), &[]);
        let network = town.network();
        let index = EdgeIndex::of(&network);
        let finder = Finder::new(&network, &index);
        let mut order = town.records.last().unwrap().clone();
        assert_eq!(order.kind, Kind::Restriction);
        let before = TrafficOrder::of(&order, &finder).arcs;
        assert!(!finder.taken_by_nearness(&order).is_empty());
        let (shape, stretches) = finder.led_along(&order).unwrap();
        order.geometry = Some(shape);
        BoundStretch::put(&mut order, &stretches);
        assert!(finder.is_bound(&order));
        assert!(finder.taken_by_nearness(&order).is_empty());
        assert_eq!(TrafficOrder::of(&order, &finder).arcs, before);
    }
}
