//! Road records → network: cut at shared vertices and crossings, gaps closed and reported.

use geo_types::{Coord, Geometry, LineString};
use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use super::demand::GATE_REACH_M;
use super::graph::{Arc, Edge, Network, Road, default_speed_kmh};
use super::grid::Grid;
use crate::domain::{Kind, Record, RecordId, Value, World};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::ring::distance_m;

/// An end that is this near to another road was meant to reach it.
pub const GAP_M: f64 = 5.0;
/// What is nearer than this is the same place.
const SAME_M: f64 = 0.02;

/// Something that was mended, or that somebody should look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Repair {
    pub kind: RepairKind,
    pub at: Coord<f64>,
    pub road: RecordId,
    /// Of a gap; or of the pieces of road of an island together.
    pub length_m: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RepairKind {
    /// An end was joined to a road within [`GAP_M`].
    Gap,
    /// A road that goes on nowhere.
    DeadEnd,
    /// Roads that no other road leads to.
    Island,
}

/// One line of a road, in degrees and in the plane.
struct Chain {
    road: u32,
    level: i32,
    places: Vec<Coord<f64>>,
    plane: Vec<Coord<f64>>,
}

/// A cut of a segment: how far along it, and the node there.
type Cut = (f64, u32);

struct Builder {
    chains: Vec<Chain>,
    /// Of each segment: its chain and its place there.
    segments: Vec<(u32, u32)>,
    first_segment: Vec<u32>,
    grid: Grid,
    nodes: Vec<Coord<f64>>,
    by_place: FxHashMap<(i64, i64), u32>,
    /// Vertices that are nodes, by chain and place.
    at_vertex: FxHashMap<(u32, u32), u32>,
    cuts: FxHashMap<u32, Vec<Cut>>,
    repairs: Vec<Repair>,
}

/// The network of all roads of a district that have a line.
pub fn build(world: &World) -> Network {
    let mut roads = Vec::new();
    let mut chains = Vec::new();
    let records: Vec<&Record> = world.table(Kind::Road).iter().map(|record| &**record).collect();
    let center = middle(&records);
    let frame = LocalFrame::at(center);
    for record in records {
        let lines: Vec<&LineString<f64>> = match &record.geometry {
            Some(Geometry::LineString(line)) => vec![line],
            Some(Geometry::MultiLineString(lines)) => lines.0.iter().collect(),
            _ => continue,
        };
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
    let mut builder = Builder::new(chains);
    builder.share();
    builder.cross();
    builder.close_gaps(&roads, &frame);
    let mut gates = builder.gates(world, &frame);
    gates.sort_unstable();
    let mut network = builder.network(roads);
    network.gates = gates;
    banned_turns(world, &mut network);
    look_over(&mut network);
    network
}

/// The field `no_turns` of a road names where it may not be left for: `code@lon lat`, the code of
/// the other road and the junction, WGS-84 degrees.
fn banned_turns(world: &World, network: &mut Network) {
    let mut banned = Vec::new();
    for record in world.table(Kind::Road).iter() {
        let Some(Value::Words(words)) = record.get("no_turns") else { continue };
        for word in words.iter() {
            let Some((to, at)) = turn(word) else { continue };
            let Some(to) = world.table(Kind::Road).by_code(to).map(|road| road.id) else {
                continue;
            };
            let Some((node, away_m)) = network.nearest_node(at) else { continue };
            if away_m > GAP_M {
                continue;
            }
            let of = |id: RecordId, arc: Arc| {
                let road = network.edge(arc).and_then(|edge| network.road_of(edge));
                road.is_some_and(|road| road.id == id)
            };
            let around: Vec<Arc> = network.leaving(node).to_vec();
            for from in arcs_into(network, node).into_iter().filter(|arc| of(record.id, *arc)) {
                banned.extend(around.iter().filter(|arc| of(to, **arc)).map(|to| (from, *to)));
            }
        }
    }
    banned.sort_unstable();
    banned.dedup();
    network.no_turns = banned;
}

fn turn(word: &str) -> Option<(&str, Coord<f64>)> {
    let (to, at) = word.split_once('@')?;
    let (lon, lat) = at.trim().split_once(' ')?;
    Some((to.trim(), Coord { x: lon.trim().parse().ok()?, y: lat.trim().parse().ok()? }))
}

fn arcs_into(network: &Network, node: u32) -> Vec<Arc> {
    let edges = 0..network.edges.len() as u32;
    let all = edges.flat_map(|edge| [Arc::new(edge, false), Arc::new(edge, true)]);
    all.filter(|arc| network.head(*arc) == node).collect()
}

/// Dead ends and islands: reported, not mended.
fn look_over(network: &mut Network) {
    let mut parent: Vec<u32> = (0..network.nodes.len() as u32).collect();
    let mut degree = vec![0_u32; network.nodes.len()];
    for edge in &network.edges {
        let [a, b] = edge.ends.map(|node| root(&mut parent, node));
        if let Some(slot) = parent.get_mut(a.max(b) as usize) {
            *slot = a.min(b);
        }
        for end in edge.ends {
            if let Some(degree) = degree.get_mut(end as usize) {
                *degree += 1;
            }
        }
    }
    let mut islands: FxHashMap<u32, (f64, u32)> = FxHashMap::default();
    for (number, edge) in (0_u32..).zip(&network.edges) {
        let island = islands.entry(root(&mut parent, edge.ends[0])).or_insert((0.0, number));
        island.0 += f64::from(edge.length_m);
    }
    let mainland = islands.iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0).then(b.0.cmp(a.0)));
    let mainland = mainland.map(|(root, _)| *root);
    let mut repairs = Vec::new();
    let mut say = |kind, edge: &Edge, node: u32, length_m| {
        let road = network.roads.get(edge.road as usize).map(|road| road.id);
        if let (Some(road), Some(at)) = (road, network.nodes.get(node as usize)) {
            repairs.push(Repair { kind, at: *at, road, length_m });
        }
    };
    let mut all: Vec<_> = islands.iter().filter(|(root, _)| Some(**root) != mainland).collect();
    all.sort_by_key(|(root, _)| **root);
    for (_, (length_m, edge)) in all {
        if let Some(edge) = network.edges.get(*edge as usize) {
            say(RepairKind::Island, edge, edge.ends[0], *length_m);
        }
    }
    for edge in &network.edges {
        for end in edge.ends {
            if degree.get(end as usize) == Some(&1) {
                say(RepairKind::DeadEnd, edge, end, f64::from(edge.length_m));
            }
        }
    }
    network.repairs.extend(repairs);
}

fn root(parent: &mut [u32], of: u32) -> u32 {
    let mut at = of;
    while let Some(up) = parent.get(at as usize).copied().filter(|up| *up != at) {
        let above = parent.get(up as usize).copied().unwrap_or(up);
        if let Some(slot) = parent.get_mut(at as usize) {
            *slot = above;
        }
        at = up;
    }
    at
}

fn middle(records: &[&Record]) -> Coord<f64> {
    let boxes = records.iter().filter_map(|r| crate::geodesy::wkb::bounds(r.geometry.as_ref()?));
    let all = boxes.reduce(crate::geodesy::wkb::Bounds::joined_with);
    all.map_or(Coord { x: 0.0, y: 0.0 }, |all| (all.min + all.max) / 2.0)
}

fn facts(record: &Record) -> Road {
    let real = |key: &str| match record.get(key) {
        Some(Value::Real(number)) => *number,
        Some(Value::Integer(number)) => *number as f64,
        _ => 0.0,
    };
    let class = match record.get("class") {
        Some(Value::Choice(class)) => class,
        _ => "tertiary",
    };
    let stated = real("maxspeed_kmh");
    Road {
        id: record.id,
        name: record.name().to_owned(),
        reference: record.text("ref").to_owned(),
        class,
        speed_kmh: if stated >= 1.0 { stated } else { default_speed_kmh(class) },
        lanes: real("lanes").clamp(0.0, 32.0) as u8,
        max_mass_t: real("max_mass_t"),
        max_height_m: real("max_height_m"),
        max_axles: real("max_axles") as i64,
        is_open: match record.text("oneway") {
            "forward" => [true, false],
            "backward" => [false, true],
            _ => [true, true],
        },
    }
}

/// Roads on different levels do not meet where their lines cross. OpenStreetMap's tags come as
/// attributes that no field stands for.
fn level(record: &Record) -> i32 {
    let Some(extra) = &record.extra else { return 0 };
    let text = |key: &str| match extra.get(key) {
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let is_set = |key: &str| !matches!(text(key).as_str(), "" | "no" | "null");
    match text("layer").parse() {
        Ok(level) => level,
        Err(_) if is_set("bridge") => 1,
        Err(_) if is_set("tunnel") => -1,
        Err(_) => 0,
    }
}

impl Builder {
    fn new(chains: Vec<Chain>) -> Self {
        let mut builder = Self {
            segments: Vec::new(),
            first_segment: Vec::new(),
            grid: Grid::default(),
            nodes: Vec::new(),
            by_place: FxHashMap::default(),
            at_vertex: FxHashMap::default(),
            cuts: FxHashMap::default(),
            repairs: Vec::new(),
            chains,
        };
        for (number, chain) in (0_u32..).zip(&builder.chains) {
            builder.first_segment.push(builder.segments.len() as u32);
            for (place, pair) in (0_u32..).zip(chain.plane.windows(2)) {
                if let [a, b] = pair {
                    builder.grid.add(builder.segments.len() as u32, *a, *b);
                    builder.segments.push((number, place));
                }
            }
        }
        builder
    }

    fn ends_of(&self, segment: u32) -> Option<(u32, u32, [Coord<f64>; 2])> {
        let (chain, place) = *self.segments.get(segment as usize)?;
        let vertices = &self.chains.get(chain as usize)?.plane;
        let at = |place: u32| vertices.get(place as usize).copied();
        Some((chain, place, [at(place)?, at(place + 1)?]))
    }

    /// The node at a place; the same for places that differ by less than a centimetre.
    fn node(&mut self, at: Coord<f64>) -> u32 {
        let key = ((at.x * 1e7).round() as i64, (at.y * 1e7).round() as i64);
        let nodes = &mut self.nodes;
        *self.by_place.entry(key).or_insert_with(|| {
            nodes.push(at);
            nodes.len() as u32 - 1
        })
    }

    /// Ends, and vertices that several lines have, are nodes.
    fn share(&mut self) {
        let key = |at: &Coord<f64>| ((at.x * 1e7).round() as i64, (at.y * 1e7).round() as i64);
        let mut counts: FxHashMap<(i64, i64), u32> = FxHashMap::default();
        for at in self.chains.iter().flat_map(|chain| &chain.places) {
            *counts.entry(key(at)).or_default() += 1;
        }
        let mut found = Vec::new();
        for (number, chain) in (0_u32..).zip(&self.chains) {
            let last = chain.places.len() as u32 - 1;
            for (place, at) in (0_u32..).zip(&chain.places) {
                if place == 0 || place == last || counts.get(&key(at)).is_some_and(|n| *n > 1) {
                    found.push((number, place, *at));
                }
            }
        }
        for (number, place, at) in found {
            let node = self.node(at);
            self.at_vertex.insert((number, place), node);
        }
    }

    /// Where lines of one level cross without a vertex in common, there is a junction too.
    fn cross(&mut self) {
        let mut near = Vec::new();
        for segment in 0..self.segments.len() as u32 {
            let Some((chain, place, one)) = self.ends_of(segment) else { continue };
            self.grid.near(one[0], one[1], 0.0, &mut near);
            for other in near.iter().copied().filter(|other| *other > segment) {
                let Some((chain2, place2, two)) = self.ends_of(other) else { continue };
                let is_next = chain == chain2 && place.abs_diff(place2) <= 1;
                if is_next || self.level_of(chain) != self.level_of(chain2) {
                    continue;
                }
                if let Some((along, along2)) = crossing(one, two) {
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
        // Two vertices that are there already meet because they are nodes, or they are a gap.
        let node = match (here, there) {
            (Some(_), Some(_)) => return,
            (Some(vertex), None) | (None, Some(vertex)) => self.node_at_vertex(vertex),
            (None, None) => self.node(at),
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

    fn node_at_vertex(&mut self, (chain, place): (u32, u32)) -> u32 {
        if let Some(node) = self.at_vertex.get(&(chain, place)) {
            return *node;
        }
        let at = self
            .chains
            .get(chain as usize)
            .and_then(|chain| chain.places.get(place as usize))
            .copied()
            .unwrap_or_default();
        let node = self.node(at);
        self.at_vertex.insert((chain, place), node);
        node
    }

    /// The vertex at which a place on a segment lies, if it lies at one.
    fn vertex_near(&self, (segment, along): (u32, f64)) -> Option<(u32, u32)> {
        let (chain, place, [a, b]) = self.ends_of(segment)?;
        let length = (b.x - a.x).hypot(b.y - a.y);
        if along * length < SAME_M {
            Some((chain, place))
        } else if (1.0 - along) * length < SAME_M {
            Some((chain, place + 1))
        } else {
            None
        }
    }

    fn place_on(&self, segment: u32, along: f64) -> Coord<f64> {
        let Some((chain, place, _)) = self.ends_of(segment) else { return Coord::default() };
        self.chains.get(chain as usize).map_or(Coord::default(), |c| c.place_on(place, along))
    }

    /// Ends that nothing else reaches, but that lie within [`GAP_M`] of a road.
    fn close_gaps(&mut self, roads: &[Road], frame: &LocalFrame) {
        let mut uses: FxHashMap<u32, u32> = FxHashMap::default();
        let cuts = self.cuts.values().flatten().map(|(_, node)| node);
        for node in self.at_vertex.values().chain(cuts) {
            *uses.entry(*node).or_default() += 1;
        }
        for number in 0..self.chains.len() as u32 {
            let Some(chain) = self.chains.get(number as usize) else { continue };
            let last = chain.places.len() as u32 - 1;
            let road = roads.get(chain.road as usize).map(|road| road.id);
            for place in [0, last] {
                let Some(node) = self.at_vertex.get(&(number, place)).copied() else { continue };
                if uses.get(&node).is_some_and(|uses| *uses > 1) {
                    continue;
                }
                if let (Some(length_m), Some(road)) = (self.close_gap(number, place, node), road) {
                    let at = self.nodes.get(node as usize).copied().unwrap_or(frame.center());
                    self.repairs.push(Repair { kind: RepairKind::Gap, at, road, length_m });
                    *uses.entry(node).or_default() += 1;
                }
            }
        }
    }

    /// Joins an end to the nearest road; how far it was.
    fn close_gap(&mut self, number: u32, place: u32, node: u32) -> Option<f64> {
        let at = *self.chains.get(number as usize)?.plane.get(place as usize)?;
        // Its own last piece is where it comes from.
        let (away, segment, along) = self.nearest_segment(at, GAP_M, Some((number, place)))?;
        match self.vertex_near((segment, along)) {
            Some(vertex) => {
                let known = self.node_at_vertex(vertex);
                self.merge(node, known);
            }
            None => self.cut(segment, along, node),
        }
        Some(away)
    }

    /// Gates stand at the nearest place of the nearest road, which is cut there.
    fn gates(&mut self, world: &World, frame: &LocalFrame) -> Vec<(RecordId, u32)> {
        let mut found = Vec::new();
        for record in world.table(Kind::Gate).iter() {
            let Some(Geometry::Point(point)) = &record.geometry else { continue };
            let Some((_, segment, along)) =
                self.nearest_segment(frame.plane_from_wgs84(point.0), GATE_REACH_M, None)
            else {
                continue;
            };
            let node = if let Some(vertex) = self.vertex_near((segment, along)) {
                self.node_at_vertex(vertex)
            } else {
                let node = self.node(self.place_on(segment, along));
                self.cut(segment, along, node);
                node
            };
            found.push((record.id, node));
        }
        found
    }

    /// How far away it is, the segment, and how far along it; `but` is a vertex whose own segments
    /// do not count.
    fn nearest_segment(
        &self,
        at: Coord<f64>,
        reach_m: f64,
        but: Option<(u32, u32)>,
    ) -> Option<(f64, u32, f64)> {
        let mut near = Vec::new();
        self.grid.near(at, at, reach_m, &mut near);
        let mut best: Option<(f64, u32, f64)> = None;
        for segment in near {
            let Some((chain, place, [a, b])) = self.ends_of(segment) else { continue };
            if but.is_some_and(|(own, end)| own == chain && (place == end || place + 1 == end)) {
                continue;
            }
            let (along, away_m) = nearest(a, b, at);
            if away_m <= reach_m && best.is_none_or(|(least, ..)| away_m < least) {
                best = Some((away_m, segment, along));
            }
        }
        best
    }

    /// An end takes the node of the vertex that it lies at.
    fn merge(&mut self, from: u32, to: u32) {
        for node in self.at_vertex.values_mut().filter(|node| **node == from) {
            *node = to;
        }
        for (_, node) in self.cuts.values_mut().flatten().filter(|(_, node)| *node == from) {
            *node = to;
        }
    }

    fn network(mut self, roads: Vec<Road>) -> Network {
        let mut network = Network { roads, ..Network::default() };
        let chains = std::mem::take(&mut self.chains);
        for (number, chain) in (0_u32..).zip(&chains) {
            self.pieces(number, chain, &mut network);
        }
        network.nodes = std::mem::take(&mut self.nodes);
        network.repairs = std::mem::take(&mut self.repairs);
        network.connect();
        network
    }

    fn pieces(&self, number: u32, chain: &Chain, network: &mut Network) {
        let mut open: Vec<Coord<f64>> = Vec::new();
        let mut from: Option<u32> = None;
        let first = self.first_segment.get(number as usize).copied().unwrap_or(0);
        for (place, at) in (0_u32..).zip(&chain.places) {
            open.push(*at);
            if let Some(node) = self.at_vertex.get(&(number, place)) {
                piece(chain, &mut open, &mut from, *node, network);
            }
            if place as usize + 1 >= chain.places.len() {
                continue;
            }
            let mut cuts = self.cuts.get(&(first + place)).cloned().unwrap_or_default();
            cuts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            for (along, node) in cuts {
                open.push(chain.place_on(place, along));
                piece(chain, &mut open, &mut from, node, network);
            }
        }
    }
}

impl Chain {
    /// A share of the segment that begins at a vertex.
    fn place_on(&self, place: u32, along: f64) -> Coord<f64> {
        let at = |place: u32| self.places.get(place as usize).copied().unwrap_or_default();
        at(place) + (at(place + 1) - at(place)) * along
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
        if length_m > 0.0 && (before != node || open.len() > 2) {
            let begin = network.places.len() as u32;
            network.places.append(open);
            network.edges.push(Edge {
                road: chain.road,
                ends: [before, node],
                places: (begin, network.places.len() as u32),
                length_m: length_m as f32,
                time_ms: 0,
                is_open: [true, true],
            });
            if let Some(edge) = network.edges.last_mut()
                && let Some(road) = network.roads.get(chain.road as usize)
            {
                edge.is_open = road.is_open;
                edge.time_ms = time_ms(length_m, road.speed_kmh);
            }
        }
    }
    open.clear();
    open.extend(last);
}

/// Never nothing, so that no way is longer than it costs.
fn time_ms(length_m: f64, speed_kmh: f64) -> u32 {
    (length_m * 3600.0 / speed_kmh).round().clamp(1.0, 1e9) as u32
}

/// Where two segments cross, as shares of each; also where one touches the other.
fn crossing([a, b]: [Coord<f64>; 2], [c, d]: [Coord<f64>; 2]) -> Option<(f64, f64)> {
    let (one, two, off) = (b - a, d - c, c - a);
    let cross = one.x * two.y - one.y * two.x;
    let lengths = one.x.hypot(one.y) * two.x.hypot(two.y);
    if cross.abs() <= 1e-9 * lengths {
        return None;
    }
    let along = (off.x * two.y - off.y * two.x) / cross;
    let along2 = (off.x * one.y - off.y * one.x) / cross;
    let slack = |segment: Coord<f64>| SAME_M / segment.x.hypot(segment.y).max(SAME_M);
    let is_on = |along: f64, slack: f64| (-slack..=1.0 + slack).contains(&along);
    (is_on(along, slack(one)) && is_on(along2, slack(two)))
        .then_some((along.clamp(0.0, 1.0), along2.clamp(0.0, 1.0)))
}

/// The share of a segment that is nearest to a place, and how far it is.
fn nearest(a: Coord<f64>, b: Coord<f64>, at: Coord<f64>) -> (f64, f64) {
    let along = b - a;
    let squared = along.x * along.x + along.y * along.y;
    let off = at - a;
    let share = if squared > 0.0 {
        ((off.x * along.x + off.y * along.y) / squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let foot = a + along * share;
    (share, (at.x - foot.x).hypot(at.y - foot.y))
}
