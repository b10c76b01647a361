//! Road records → network: cut at shared vertices and crossings, gaps closed and reported.
//!
//! Lines are looked at in the gnomonic plane of the district's middle, in metres; what lies within
//! [`SAME_M`] of each other is one place. What a record says is read in `facts`, restricted turns in
//! `turns`, defects are found in `defects`; how records are repaired is [`super::repair`]'s.

mod defects;
mod facts;
mod hash_inputs;
mod plane;
mod rules;
#[cfg(test)]
mod tests;
mod turns;

use geo_types::{Coord, Geometry, LineString};
use rustc_hash::FxHashMap;

pub use self::defects::{Defect, DefectKind};
use self::facts::{facts, is_for_all, level};
pub(super) use self::hash_inputs::hash_inputs;
use self::plane::meetings;
pub(super) use self::rules::place_rules;
pub(super) use self::turns::{named, turn};
use super::components::{join, root};
use super::demand::GATE_REACH_M;
use super::graph::{Edge, Network, Road};
use super::grid::Grid;
use crate::domain::{Kind, Record, RecordId, World};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::plane::nearest;
use crate::geodesy::ring::distance_m;

/// An end that is this near to another road was meant to reach it.
pub const GAP_M: f64 = 5.0;
/// What is nearer than this is the same place.
const SAME_M: f64 = 0.02;
/// An end is no gap to what its own road leads to within so many metres: a bend, or a short stub.
const OWN_WAY_M: f64 = 4.0 * GAP_M;

/// One line of a road, in degrees and in the plane.
struct Chain {
    road: u32,
    level: i32,
    places: Vec<Coord<f64>>,
    plane: Vec<Coord<f64>>,
}

/// A place where some line has a vertex.
#[derive(Clone, Copy, Default)]
struct SharedPlace {
    vertices: u32,
    /// Of the first line there.
    level: i32,
    /// Some line ends there.
    has_end: bool,
    /// Lines of several levels have it.
    is_stacked: bool,
}

/// A cut of a segment: how far along it, and the node there.
type Cut = (f64, u32);

struct NetworkBuilder {
    chains: Vec<Chain>,
    /// Of each segment: its chain and its place there.
    segments: Vec<(u32, u32)>,
    first_segment: Vec<u32>,
    grid: Grid,
    nodes: Vec<Coord<f64>>,
    /// Nodes that turned out to be one: the smallest of them is its own parent.
    parents: Vec<u32>,
    /// By place and level.
    by_place: FxHashMap<(i64, i64, i32), u32>,
    /// Vertices that are nodes, by chain and place.
    at_vertex: FxHashMap<(u32, u32), u32>,
    cuts: FxHashMap<u32, Vec<Cut>>,
    defects: Vec<Defect>,
}

/// The network of all roads of a district that have a line.
pub fn build(world: &World) -> Network {
    let mut roads = Vec::new();
    let mut chains = Vec::new();
    let records: Vec<&Record> = world.table(Kind::Road).iter().map(|record| &**record).collect();
    let frame = LocalFrame::at(middle(&records));
    for record in records {
        let Some(lines) = lines_of(record) else { continue };
        let (road, level) = (roads.len() as u32, level(record));
        roads.push(facts(record));
        for line in lines {
            let mut places = line.0.clone();
            places.dedup();
            if places.len() > 1 {
                let plane = places.iter().map(|at| frame.plane_from_wgs84(*at)).collect();
                chains.push(Chain { road, level, places, plane });
            }
        }
    }
    let mut builder = NetworkBuilder::new(chains);
    builder.share();
    builder.cross();
    builder.close_gaps(&roads);
    let gates = builder.gates(world, &frame);
    builder.join_cuts();
    let mut network = builder.network(roads, gates);
    network.turn_restrictions = turns::banned(world, &network);
    place_rules(&mut network);
    defects::look_over(&mut network);
    network
}

/// What the records of a network's roads say, in its order.
pub(super) fn roads(world: &World) -> Vec<Road> {
    let records = world.table(Kind::Road).iter();
    records.filter(|record| lines_of(record).is_some()).map(|record| facts(record)).collect()
}

/// `None` where a record is no line, and so no road on the network.
fn lines_of(record: &Record) -> Option<Vec<&LineString<f64>>> {
    match &record.geometry {
        Some(Geometry::LineString(line)) => Some(vec![line]),
        Some(Geometry::MultiLineString(lines)) => Some(lines.0.iter().collect()),
        _ => None,
    }
}

/// Whether a road is neither bridge nor tunnel, so that what is drawn to it meets it.
pub(super) fn is_on_the_ground(road: &Record) -> bool {
    level(road) == 0
}

/// The median of where roads begin: one road at the other end of the world does not move it.
fn middle(records: &[&Record]) -> Coord<f64> {
    let firsts: Vec<Coord<f64>> = records
        .iter()
        .filter_map(|record| crate::geodesy::wkb::bounds(record.geometry.as_ref()?))
        .map(|bounds| bounds.min)
        .collect();
    let median = |of: fn(&Coord<f64>) -> f64| {
        let mut values: Vec<f64> = firsts.iter().map(of).collect();
        let half = values.len() / 2;
        (!values.is_empty()).then(|| *values.select_nth_unstable_by(half, f64::total_cmp).1)
    };
    Coord { x: median(|at| at.x).unwrap_or_default(), y: median(|at| at.y).unwrap_or_default() }
}

impl NetworkBuilder {
    fn new(chains: Vec<Chain>) -> Self {
        let mut builder = Self {
            segments: Vec::new(),
            first_segment: Vec::new(),
            grid: Grid::default(),
            nodes: Vec::new(),
            parents: Vec::new(),
            by_place: FxHashMap::default(),
            at_vertex: FxHashMap::default(),
            cuts: FxHashMap::default(),
            defects: Vec::new(),
            chains,
        };
        for (number, chain) in (0_u32..).zip(&builder.chains) {
            builder.first_segment.push(builder.segments.len() as u32);
            for (vertex, pair) in (0_u32..).zip(chain.plane.windows(2)) {
                if let [a, b] = pair {
                    builder.grid.add(builder.segments.len() as u32, *a, *b);
                    builder.segments.push((number, vertex));
                }
            }
        }
        builder
    }

    fn ends_of(&self, segment: u32) -> Option<(u32, u32, [Coord<f64>; 2])> {
        let (chain, vertex) = *self.segments.get(segment as usize)?;
        let vertices = &self.chains.get(chain as usize)?.plane;
        let at = |vertex: u32| vertices.get(vertex as usize).copied();
        Some((chain, vertex, [at(vertex)?, at(vertex + 1)?]))
    }

    /// The node at a place on a level; the same for places that differ by less than a centimetre.
    fn node(&mut self, at: Coord<f64>, level: i32) -> u32 {
        let key = ((at.x * 1e7).round() as i64, (at.y * 1e7).round() as i64, level);
        let (nodes, parents) = (&mut self.nodes, &mut self.parents);
        *self.by_place.entry(key).or_insert_with(|| {
            parents.push(nodes.len() as u32);
            nodes.push(at);
            nodes.len() as u32 - 1
        })
    }

    /// Ends, and vertices that several lines of one level have, are nodes. A road that ends at a place
    /// meets whatever has a vertex there: so a bridge goes on as the road before it. Lines that only
    /// pass each other on different levels do not meet, not even where they have a vertex in common.
    fn share(&mut self) {
        let key = |at: &Coord<f64>| ((at.x * 1e7).round() as i64, (at.y * 1e7).round() as i64);
        // How many vertices there, on which level the first is, and whether any line ends or is on
        // another level.
        let mut places: FxHashMap<(i64, i64), SharedPlace> = FxHashMap::default();
        for chain in &self.chains {
            let last = chain.places.len() - 1;
            for (vertex, at) in chain.places.iter().enumerate() {
                let new = SharedPlace { level: chain.level, ..SharedPlace::default() };
                let place = places.entry(key(at)).or_insert(new);
                place.vertices += 1;
                place.has_end |= vertex == 0 || vertex == last;
                place.is_stacked |= place.level != chain.level;
            }
        }
        let mut found = Vec::new();
        for (number, chain) in (0_u32..).zip(&self.chains) {
            for (vertex, at) in (0_u32..).zip(&chain.places) {
                let Some(place) = places.get(&key(at)) else { continue };
                if place.has_end || place.vertices > 1 {
                    found.push((number, vertex, *at, chain.level, *place));
                }
            }
        }
        let mut joined: FxHashMap<(i64, i64), u32> = FxHashMap::default();
        for (number, vertex, at, level, place) in found {
            let node = self.node(at, level);
            self.at_vertex.insert((number, vertex), node);
            if place.is_stacked && place.has_end {
                let first = *joined.entry(key(&at)).or_insert(node);
                join(&mut self.parents, first, node);
            }
        }
    }

    /// Where lines of one level cross without a vertex in common, there is a junction too.
    fn cross(&mut self) {
        let mut near = Vec::new();
        for segment in 0..self.segments.len() as u32 {
            let Some((chain, vertex, one)) = self.ends_of(segment) else { continue };
            self.grid.near(one[0], one[1], SAME_M, &mut near);
            for other in near.iter().copied().filter(|other| *other > segment) {
                let Some((chain2, vertex2, two)) = self.ends_of(other) else { continue };
                let is_next = chain == chain2 && vertex.abs_diff(vertex2) <= 1;
                if is_next || self.level_of(chain) != self.level_of(chain2) {
                    continue;
                }
                for (along, along2) in meetings(one, two) {
                    self.meet((segment, along), (other, along2));
                }
            }
        }
    }

    fn level_of(&self, chain: u32) -> i32 {
        self.chains.get(chain as usize).map_or(0, |chain| chain.level)
    }

    fn meet(&mut self, one: (u32, f64), two: (u32, f64)) {
        let at = self.place_on(one.0, one.1);
        let (here, there) = (self.vertex_near(one), self.vertex_near(two));
        let node = match (here, there) {
            // Neighbours on one line, nearer to each other than we can tell places apart.
            (Some(here), Some(there)) if here.0 == there.0 && here.1.abs_diff(there.1) <= 1 => {
                return;
            }
            (Some(here), Some(there)) => {
                let (here, there) = (self.node_at_vertex(here), self.node_at_vertex(there));
                return join(&mut self.parents, here, there);
            }
            (Some(vertex), None) | (None, Some(vertex)) => self.node_at_vertex(vertex),
            (None, None) => {
                let level = self.segments.get(one.0 as usize).map_or(0, |(c, _)| self.level_of(*c));
                self.node(at, level)
            }
        };
        for ((segment, along), vertex) in [(one, here), (two, there)] {
            if vertex.is_none() {
                self.cut(segment, along, node);
            }
        }
    }

    fn cut(&mut self, segment: u32, along: f64, node: u32) {
        self.cuts.entry(segment).or_default().push((along, node));
    }

    fn node_at_vertex(&mut self, (chain, vertex): (u32, u32)) -> u32 {
        if let Some(node) = self.at_vertex.get(&(chain, vertex)) {
            return *node;
        }
        let line = self.chains.get(chain as usize);
        let at = line.and_then(|line| line.places.get(vertex as usize)).copied();
        let node = self.node(at.unwrap_or_default(), self.level_of(chain));
        self.at_vertex.insert((chain, vertex), node);
        node
    }

    /// The vertex at which a place on a segment lies, if it lies at one.
    fn vertex_near(&self, (segment, along): (u32, f64)) -> Option<(u32, u32)> {
        let (chain, vertex, [a, b]) = self.ends_of(segment)?;
        let length = (b.x - a.x).hypot(b.y - a.y);
        if along * length < SAME_M {
            Some((chain, vertex))
        } else if (1.0 - along) * length < SAME_M {
            Some((chain, vertex + 1))
        } else {
            None
        }
    }

    fn place_on(&self, segment: u32, along: f64) -> Coord<f64> {
        let Some((chain, vertex, _)) = self.ends_of(segment) else { return Coord::default() };
        self.chains.get(chain as usize).map_or(Coord::default(), |c| c.place_on(vertex, along))
    }

    /// Ends that nothing else reaches, but that lie within [`GAP_M`] of a road on their level. Both
    /// must be roads that are open to traffic: ramps of car parks and farm tracks end where they end.
    fn close_gaps(&mut self, roads: &[Road]) {
        let mut uses: FxHashMap<u32, u32> = FxHashMap::default();
        let cuts = self.cuts.values().flatten().map(|(_, node)| node);
        for node in self.at_vertex.values().chain(cuts) {
            *uses.entry(root(&mut self.parents, *node)).or_default() += 1;
        }
        for number in 0..self.chains.len() as u32 {
            let Some(chain) = self.chains.get(number as usize) else { continue };
            let last = chain.places.len() as u32 - 1;
            let road = roads.get(chain.road as usize).filter(|road| is_for_all(road));
            let Some(road) = road.map(|road| road.id) else { continue };
            for vertex in [0, last] {
                let Some(end) = self.at_vertex.get(&(number, vertex)).copied() else { continue };
                let node = root(&mut self.parents, end);
                if uses.get(&node).is_some_and(|uses| *uses > 1) {
                    continue;
                }
                if let Some((length_m, to)) = self.close_gap((number, vertex), end, roads) {
                    let at = self.nodes.get(end as usize).copied().unwrap_or_default();
                    self.defects.push(Defect { kind: DefectKind::Gap, at, to, road, length_m });
                    // The other end, where there is one, is no gap any more either.
                    uses.insert(root(&mut self.parents, end), 2);
                }
            }
        }
    }

    /// Joins an end to the nearest road; how far it was, and where.
    fn close_gap(
        &mut self,
        (number, vertex): (u32, u32),
        node: u32,
        roads: &[Road],
    ) -> Option<(f64, Coord<f64>)> {
        let chain = self.chains.get(number as usize)?;
        let (at, level) = (*chain.plane.get(vertex as usize)?, chain.level);
        let own_way = chain.own_way(vertex);
        let junctions = self.junctions_near_end(number, vertex);
        let may = |segment: u32, along: f64| {
            let Some((other, begin, ends)) = self.ends_of(segment) else { return false };
            let Some(line) = self.chains.get(other as usize) else { return false };
            let foot = ends[0] + (ends[1] - ends[0]) * along;
            // A bridge is not reached by what ends under it.
            line.level == level
                && roads.get(line.road as usize).is_some_and(is_for_all)
                && !(other == number && own_way.contains(&begin))
                && !junctions.iter().any(|at| (at.x - foot.x).hypot(at.y - foot.y) <= GAP_M)
        };
        let (away_m, segment, along) = self.nearest_segment(at, GAP_M, may)?;
        let mut to = self.place_on(segment, along);
        match self.vertex_near((segment, along)) {
            Some(vertex) => {
                let known = self.node_at_vertex(vertex);
                to = self.nodes.get(known as usize).copied().unwrap_or(to);
                join(&mut self.parents, node, known);
            }
            None => self.cut(segment, along, node),
        }
        Some((away_m, to))
    }

    /// Junctions that a line has within [`OWN_WAY_M`] of one of its ends, in the plane.
    fn junctions_near_end(&self, number: u32, end: u32) -> Vec<Coord<f64>> {
        let Some(chain) = self.chains.get(number as usize) else { return Vec::new() };
        let segments = chain.own_way(end);
        let first = self.first_segment.get(number as usize).copied().unwrap_or(0);
        let vertices = (segments.start..=segments.end)
            .filter(|vertex| *vertex != end && self.at_vertex.contains_key(&(number, *vertex)))
            .filter_map(|vertex| chain.plane.get(vertex as usize).copied());
        let mut found: Vec<Coord<f64>> = vertices.collect();
        for segment in segments {
            let Some((_, _, [a, b])) = self.ends_of(first + segment) else { continue };
            let cuts = self.cuts.get(&(first + segment)).into_iter().flatten();
            found.extend(cuts.map(|(along, _)| a + (b - a) * *along));
        }
        found
    }

    /// Gates stand at the nearest place of the nearest road, which is cut there.
    fn gates(&mut self, world: &World, frame: &LocalFrame) -> Vec<(RecordId, u32)> {
        let mut found = Vec::new();
        for record in world.table(Kind::Gate).iter() {
            let Some(Geometry::Point(point)) = &record.geometry else { continue };
            let Some((_, segment, along)) =
                self.nearest_segment(frame.plane_from_wgs84(point.0), GATE_REACH_M, |_, _| true)
            else {
                continue;
            };
            let node = if let Some(vertex) = self.vertex_near((segment, along)) {
                self.node_at_vertex(vertex)
            } else {
                let level = self.ends_of(segment).map_or(0, |(chain, ..)| self.level_of(chain));
                let node = self.node(self.place_on(segment, along), level);
                self.cut(segment, along, node);
                node
            };
            found.push((record.id, node));
        }
        found
    }

    /// How far away it is, the segment, and how far along it; of those that `may` be.
    fn nearest_segment(
        &self,
        at: Coord<f64>,
        reach_m: f64,
        may: impl Fn(u32, f64) -> bool,
    ) -> Option<(f64, u32, f64)> {
        let mut near = Vec::new();
        self.grid.near(at, at, reach_m, &mut near);
        let mut best: Option<(f64, u32, f64)> = None;
        for segment in near {
            let Some((_, _, [a, b])) = self.ends_of(segment) else { continue };
            let (along, away_m) = nearest(a, b, at);
            let is_nearer = best.is_none_or(|(least, ..)| away_m < least);
            if away_m <= reach_m && is_nearer && may(segment, along) {
                best = Some((away_m, segment, along));
            }
        }
        best
    }

    /// Cuts of a segment that are one place are one node, whoever made them.
    fn join_cuts(&mut self) {
        let mut segments: Vec<u32> = self.cuts.keys().copied().collect();
        segments.sort_unstable();
        for segment in segments {
            let Some((_, _, [a, b])) = self.ends_of(segment) else { continue };
            let length_m = (b.x - a.x).hypot(b.y - a.y);
            let Some(mut list) = self.cuts.remove(&segment) else { continue };
            list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            for pair in list.windows(2) {
                if let [one, other] = pair
                    && (other.0 - one.0) * length_m < SAME_M
                {
                    join(&mut self.parents, one.1, other.1);
                }
            }
            self.cuts.insert(segment, list);
        }
    }

    fn network(mut self, roads: Vec<Road>, gates: Vec<(RecordId, u32)>) -> Network {
        let mut network = Network { roads, ..Network::default() };
        let all = 0..self.nodes.len() as u32;
        let is_now: Vec<u32> = all.map(|node| root(&mut self.parents, node)).collect();
        let is_now = |node: u32| is_now.get(node as usize).copied().unwrap_or(node);
        for (number, chain) in (0_u32..).zip(&self.chains) {
            self.pieces(number, chain, &is_now, &mut network);
        }
        let gates = gates.into_iter().map(|(gate, node)| (gate, is_now(node)));
        network.gates = gates.collect();
        network.gates.sort_unstable();
        self.number_nodes(&mut network);
        network.defects = self.defects;
        network.connect();
        network
    }

    /// Only nodes at which an edge ends are kept.
    fn number_nodes(&self, network: &mut Network) {
        const UNUSED: u32 = u32::MAX;
        let mut numbers = vec![UNUSED; self.nodes.len()];
        for end in network.edges.iter().flat_map(|edge| edge.ends) {
            if let Some(number) = numbers.get_mut(end as usize) {
                *number = 0;
            }
        }
        for (number, at) in numbers.iter_mut().zip(&self.nodes) {
            if *number != UNUSED {
                *number = network.nodes.len() as u32;
                network.nodes.push(*at);
            }
        }
        let new = |node: u32| numbers.get(node as usize).copied().unwrap_or(UNUSED);
        for edge in &mut network.edges {
            edge.ends = edge.ends.map(new);
        }
        for (_, node) in &mut network.gates {
            *node = new(*node);
        }
        network.gates.retain(|(_, node)| *node != UNUSED);
    }

    fn pieces(
        &self,
        number: u32,
        chain: &Chain,
        is_now: &dyn Fn(u32) -> u32,
        network: &mut Network,
    ) {
        let mut open: Vec<Coord<f64>> = Vec::new();
        let mut from: Option<u32> = None;
        let first = self.first_segment.get(number as usize).copied().unwrap_or(0);
        for (vertex, at) in (0_u32..).zip(&chain.places) {
            open.push(*at);
            if let Some(node) = self.at_vertex.get(&(number, vertex)) {
                piece(chain, &mut open, &mut from, is_now(*node), network);
            }
            if vertex as usize + 1 >= chain.places.len() {
                continue;
            }
            for (along, node) in self.cuts.get(&(first + vertex)).into_iter().flatten() {
                open.push(chain.place_on(vertex, *along));
                piece(chain, &mut open, &mut from, is_now(*node), network);
            }
        }
    }
}

impl Chain {
    /// Segments that begin within [`OWN_WAY_M`] of one of its ends.
    fn own_way(&self, end: u32) -> std::ops::Range<u32> {
        let segments = self.plane.len() as u32 - 1;
        let length_m = |segment: u32| {
            let at = |vertex: u32| self.plane.get(vertex as usize).copied().unwrap_or_default();
            let along = at(segment + 1) - at(segment);
            along.x.hypot(along.y)
        };
        let (mut gone_m, mut count) = (0.0, 0);
        while count < segments && gone_m <= OWN_WAY_M {
            gone_m += length_m(if end == 0 { count } else { segments - 1 - count });
            count += 1;
        }
        if end == 0 { 0..count } else { segments - count..segments }
    }

    /// A share of the segment that begins at a vertex.
    fn place_on(&self, vertex: u32, along: f64) -> Coord<f64> {
        let at = |vertex: u32| self.places.get(vertex as usize).copied().unwrap_or_default();
        at(vertex) + (at(vertex + 1) - at(vertex)) * along
    }
}

/// Ends a piece at a node and begins the next one there.
fn piece(
    chain: &Chain,
    open: &mut Vec<Coord<f64>>,
    from: &mut Option<u32>,
    node: u32,
    network: &mut Network,
) {
    let last = open.last().copied();
    if let Some(before) = from.replace(node) {
        let length_m: f64 = open
            .windows(2)
            .map(|pair| if let [a, b] = pair { distance_m(*a, *b) } else { 0.0 })
            .sum();
        if before == node && open.len() <= 2 {
            // Two cuts that are one place: the next piece begins at the first of them.
            open.truncate(if length_m > 0.0 { 2 } else { 1 });
            return;
        }
        let road = network.roads.get(chain.road as usize);
        let begin = network.vertices.len() as u32;
        network.edges.push(Edge {
            road: chain.road,
            ends: [before, node],
            vertices: (begin, begin + open.len() as u32),
            length_m: length_m as f32,
            time_ms: time_ms(length_m, road.map_or(30.0, |road| road.truck_kmh[0])),
            is_open: road.map_or([true, true], |road| road.is_open),
        });
        network.vertices.append(open);
    }
    open.clear();
    open.extend(last);
}

/// Never nothing, so that no way is longer than it costs.
pub(super) fn time_ms(length_m: f64, speed_kmh: f64) -> u32 {
    (length_m * 3600.0 / speed_kmh).round().clamp(1.0, 1e9) as u32
}
