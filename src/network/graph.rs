//! The network as a link–node graph: nodes, edges, and arcs, which are edges in one of their two
//! directions. How it is made is [`super::build()`]'s, who may not drive an arc is [`super::route`]'s.

use std::sync::Arc;

use geo_types::{Coord, LineString};

use super::Defect;
use super::csr::Csr;
use crate::domain::truck_rules::TruckRules;
use crate::domain::{RecordId, Validity};
use crate::geodesy::ring::distance_m;

/// Junctions, the pieces of road between them, and what their roads say of themselves.
///
/// # How it works
///
/// Everything is in flat lists, and a number is a place in one of them. A road record is cut into
/// edges wherever it meets another road on its level; an edge knows its road, its two nodes and
/// where its vertices stand in the list of all. An [`ArcId`] is an edge in one direction: twice the
/// number of the edge, and one more against the way it was drawn, so that its edge, its reverse and
/// its place in a list of costs are arithmetic. Arcs that nobody may drive (one-ways) have numbers
/// and costs like others, but stand in no list of a node; [`Network::around`] adds them. Turn
/// restrictions are sorted pairs of arcs, because few turns have one.
///
/// # Limits
///
/// It is of one world and never changed: a district whose roads or gates change gets a new one, in
/// which numbers mean other things; nothing stores them but [`super::cache`], under a key of all that
/// they were made from. 2³¹ edges at most. Times are those of an empty road; who may not drive an
/// edge (mass, height, axles, orders) is asked of the road and of [`super::orders`], not of the graph.
/// Lanes, signals and levels of service are not modelled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// WGS-84 degrees.
    pub nodes: Vec<Coord<f64>>,
    /// What the nodes are joined by; [`ArcId`] names them.
    pub edges: Vec<Edge>,
    /// What the edges are pieces of.
    pub roads: Vec<Road>,
    /// Gaps that were closed, and what looks wrong.
    pub defects: Vec<Defect>,
    /// Vertices of all edges, one after the other.
    pub(super) vertices: Vec<Coord<f64>>,
    /// Arcs that may be driven by somebody, out of each node.
    pub(super) leaving: Csr<ArcId>,
    /// … and into each.
    pub(super) entering: Csr<ArcId>,
    /// Of each arc the node that it leads to: a search asks for nothing else so often.
    pub(super) heads: Vec<u32>,
    /// The nodes of gates that lie at a road, sorted.
    pub(super) gates: Vec<(RecordId, u32)>,
    /// Banned turns, sorted: from one arc into the next.
    pub(super) turn_restrictions: Vec<(ArcId, ArcId)>,
    /// What stands at single places: the edge, and what it says. Sorted by edge.
    pub(super) places: Vec<(u32, Arc<TruckRules>)>,
    /// Roads that stand for others: the other one, then which does. Sorted.
    pub(super) stand_ins: Vec<(u32, u32)>,
    /// Rules of roads that are not understood, `key=value`, and what stands at a junction, where nobody
    /// knows which arm is meant.
    pub(super) unread: Vec<(RecordId, String)>,
}

/// A piece of road between two junctions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// In [`Network::roads`].
    pub road: u32,
    /// The nodes in which it begins and ends, as its road was drawn.
    pub ends: [u32; 2],
    /// Its vertices in the list of all.
    pub(super) vertices: (u32, u32),
    /// Geodesic, metres.
    pub length_m: f32,
    /// At the free speed of trucks on its road, without any wait, milliseconds.
    pub time_ms: u32,
    /// Whether it may be driven as it was drawn, and against that.
    pub is_open: [bool; 2],
}

/// An edge in one of its two directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArcId(pub u32);

/// What a road record says that matters to trucks. Limits are 0 where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Road {
    /// Of the road's record.
    pub id: RecordId,
    /// Of the record; empty where it has none.
    pub code: String,
    /// Of the record; empty where it has none.
    pub name: String,
    /// `G112`; empty where it has none.
    pub reference: String,
    /// As the schema writes it: `primary`.
    pub class: &'static str,
    /// The stated limit, else what trucks drive on its class, km/h.
    pub speed_kmh: f64,
    /// What trucks drive, free and in the peak, km/h ([`super::speeds`]).
    pub truck_kmh: [f64; 2],
    /// Of both directions together; 0 where nobody has said.
    pub lanes: u8,
    /// Total mass that it bears, t.
    pub max_mass_t: f64,
    /// Clearance, m.
    pub max_height_m: f64,
    /// Axles that may drive it.
    pub max_axles: i64,
    /// Whether it may be driven as it was drawn, and against that.
    pub is_open: [bool; 2],
    /// The plan to which it belongs, in which alone it is there; empty for none.
    pub plan: String,
    /// The days on which it is open.
    pub days: Validity,
    /// The road, by code or id, that is not there while it is; empty for none.
    pub stands_for: String,
    /// 1 on a bridge over the ground, −1 below it.
    pub level: i32,
    /// What else it says to trucks; `None` for nothing.
    pub rules: Option<Arc<TruckRules>>,
}

impl Road {
    /// Its name, else its number; empty where it has neither.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { &self.reference } else { &self.name }
    }
}

impl ArcId {
    /// The arc along an edge, as its road was drawn, or against that.
    pub const fn new(edge: u32, is_backward: bool) -> Self {
        Self(edge << 1 | is_backward as u32)
    }

    /// Its edge, in [`Network::edges`].
    pub const fn edge(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether it runs against how its road was drawn.
    pub const fn is_backward(self) -> bool {
        self.0 & 1 == 1
    }

    /// The same edge the other way.
    #[must_use]
    pub const fn reverse(self) -> Self {
        Self(self.0 ^ 1)
    }

    /// Its place in lists that have an item for each arc.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Network {
    /// How many arcs there are: two an edge, whether they may be driven or not.
    pub fn arcs(&self) -> usize {
        self.edges.len() * 2
    }

    /// `None` of an arc that is not there.
    pub fn edge(&self, arc: ArcId) -> Option<&Edge> {
        self.edges.get(arc.edge())
    }

    /// `None` only of an edge of another network.
    pub fn road_of(&self, edge: &Edge) -> Option<&Road> {
        self.roads.get(edge.road as usize)
    }

    /// The edges of a road, by its record, as it was drawn; none of one that is not there. Roads are
    /// in the order of their ids, and their edges in that of the roads.
    pub fn edges_of(&self, road: RecordId) -> std::ops::Range<u32> {
        let Ok(road) = self.roads.binary_search_by_key(&road, |road| road.id) else { return 0..0 };
        let first = self.edges.partition_point(|edge| (edge.road as usize) < road);
        let last = self.edges.partition_point(|edge| edge.road as usize <= road);
        first as u32..last as u32
    }

    /// The node that an arc leaves.
    pub fn tail(&self, arc: ArcId) -> u32 {
        self.head(arc.reverse())
    }

    /// The node that it leads to.
    pub fn head(&self, arc: ArcId) -> u32 {
        let by_edge =
            || self.edge(arc).map_or(0, |edge| edge.ends[usize::from(!arc.is_backward())]);
        self.heads.get(arc.index()).copied().unwrap_or_else(by_edge)
    }

    /// Arcs that may be driven by somebody, out of a node.
    pub fn leaving(&self, node: u32) -> &[ArcId] {
        self.leaving.of(node as usize)
    }

    /// Arcs that may be driven by somebody, into a node.
    pub fn entering(&self, node: u32) -> &[ArcId] {
        self.entering.of(node as usize)
    }

    /// Arcs out of a node, also those that may only be driven towards it.
    pub fn around(&self, node: u32) -> impl Iterator<Item = ArcId> + '_ {
        let back = self.entering(node).iter().map(|arc| arc.reverse());
        self.leaving(node).iter().copied().chain(back.filter(|arc| !self.is_open(*arc)))
    }

    /// How many edges end at each node; one that begins and ends there counts twice.
    pub fn degrees(&self) -> Vec<u32> {
        let mut degrees = vec![0_u32; self.nodes.len()];
        for end in self.edges.iter().flat_map(|edge| edge.ends) {
            if let Some(degree) = degrees.get_mut(end as usize) {
                *degree += 1;
            }
        }
        degrees
    }

    /// The node of a gate; `None` where no road is near it.
    pub fn gate_node(&self, gate: RecordId) -> Option<u32> {
        let at = self.gates.binary_search_by_key(&gate, |(gate, _)| *gate).ok()?;
        self.gates.get(at).map(|(_, node)| *node)
    }

    /// Whether nobody may turn from one arc into the next.
    pub fn is_turn_restricted(&self, from: ArcId, to: ArcId) -> bool {
        !self.turn_restrictions.is_empty()
            && self.turn_restrictions.binary_search(&(from, to)).is_ok()
    }

    /// How many turns from one piece of road into another are banned.
    pub fn turn_restriction_count(&self) -> usize {
        self.turn_restrictions.len()
    }

    /// What roads say to trucks and is not understood: the road, and its words.
    pub fn unread(&self) -> &[(RecordId, String)] {
        &self.unread
    }

    /// Whether any turn is restricted: without, searches need fewer labels.
    pub fn has_turn_restrictions(&self) -> bool {
        !self.turn_restrictions.is_empty()
    }

    /// The vertices of an edge, as its road was drawn.
    pub fn line(&self, edge: &Edge) -> &[Coord<f64>] {
        self.vertices.get(edge.vertices.0 as usize..edge.vertices.1 as usize).unwrap_or_default()
    }

    /// The line of arcs that follow one another, WGS-84 degrees.
    pub fn line_of(&self, way: &[ArcId]) -> LineString<f64> {
        let mut line: Vec<Coord<f64>> = Vec::new();
        for arc in way {
            let Some(edge) = self.edge(*arc) else { continue };
            let vertices = self.line(edge);
            let skip = usize::from(!line.is_empty());
            if arc.is_backward() {
                line.extend(vertices.iter().rev().skip(skip));
            } else {
                line.extend(vertices.iter().skip(skip));
            }
        }
        LineString(line)
    }

    /// Of a way, metres.
    pub fn length_m(&self, way: &[ArcId]) -> f64 {
        way.iter().filter_map(|arc| self.edge(*arc)).map(|edge| f64::from(edge.length_m)).sum()
    }

    /// The nearest node and how far it is, metres. It looks at all nodes.
    pub fn nearest_node(&self, at: Coord<f64>) -> Option<(u32, f64)> {
        // Degrees are enough to tell which is nearest; only the winner is measured.
        let narrow = at.y.to_radians().cos();
        let away = |node: &Coord<f64>| {
            let (x, y) = ((node.x - at.x) * narrow, node.y - at.y);
            x * x + y * y
        };
        let nearest = (0..).zip(&self.nodes).min_by(|a, b| away(a.1).total_cmp(&away(b.1)));
        nearest.map(|(node, place)| (node, distance_m(*place, at)))
    }

    /// Arcs out of each node, once edges and nodes are complete.
    pub(super) fn connect(&mut self) {
        // An arc along its edge leads to where that ends, the other one to where it begins.
        self.heads = self.edges.iter().flat_map(|edge| [edge.ends[1], edge.ends[0]]).collect();
        let arcs = (0..self.arcs() as u32).map(ArcId).filter(|arc| self.is_open(*arc));
        let leaving = Csr::new(self.nodes.len(), arcs.clone().map(|arc| (self.tail(arc), arc)));
        let entering = Csr::new(self.nodes.len(), arcs.map(|arc| (self.head(arc), arc)));
        (self.leaving, self.entering) = (leaving, entering);
    }

    /// Whether the road may be driven that way by somebody.
    pub fn is_open(&self, arc: ArcId) -> bool {
        self.edge(arc).is_some_and(|edge| edge.is_open[usize::from(arc.is_backward())])
    }

    /// The name of an edge's road, else its number; empty where it has neither.
    pub fn name_of(&self, edge: u32) -> &str {
        let road = self.edges.get(edge as usize).and_then(|edge| self.road_of(edge));
        road.map_or("", Road::label)
    }

    /// About halfway along an edge, by its vertices.
    pub fn middle_of(&self, edge: u32) -> Option<Coord<f64>> {
        let line = self.line(self.edges.get(edge as usize)?);
        match line.len() {
            0 => None,
            2 => Some((*line.first()? + *line.last()?) / 2.0),
            vertices => line.get(vertices / 2).copied(),
        }
    }
}
