//! What must be known of a file before its first row: where the nodes of its ways lie.

use geo_types::Geometry;
use rustc_hash::FxHashMap;

use super::element::{Element, ElementKinds, Member, MemberKind, Tags};
use super::places::{Needed, NodePositions};
use super::turns::Turns;
use super::{File, outline, road, site};
use crate::domain::Text;
use crate::domain::truck_rules::{is_obstacle, is_rule_of_a_place};
use crate::exchange::Error;

/// What the tables need and only earlier passes over the file can know.
pub struct ReadPlan {
    pub places: NodePositions,
    /// What stands at nodes of ways: gantries, bollards.
    pub at_nodes: NodeRules,
    /// The nodes of the ways that multipolygons consist of.
    edges: FxHashMap<i64, Vec<i64>>,
    pub turns: Turns,
}

impl ReadPlan {
    /// Finds out, in several passes over the file, which nodes and ways its rows need.
    pub fn of(file: &mut File, has_roads: bool, has_sites: bool) -> Result<Self, Error> {
        let mut edges = if has_sites { edges(file)? } else { FxHashMap::default() };
        let mut turns = if has_roads { Turns::of(file)? } else { Turns::default() };
        let (mut needed, mut held) = (Needed::default(), 0);
        file.each(ElementKinds { ways: true, ..ElementKinds::default() }, &mut |element| {
            let Element::Way(way) = element else { return Ok(()) };
            turns.see(&way);
            let is_edge = edges.contains_key(&way.id);
            let is_row = has_roads && road::class(&way.tags).is_some()
                || has_sites && site::kind(&way.tags).is_some();
            if is_edge || is_row {
                needed.add(&way.nodes)?;
            }
            if let Some(edge) = edges.get_mut(&way.id) {
                held += way.nodes.len();
                *edge = way.nodes;
            }
            if held > MAX_EDGE_NODES {
                return Err(too_many_edges());
            }
            Ok(())
        })?;
        let (places, at_nodes) = located(needed, file)?;
        turns.resolve(&places);
        Ok(Self { places, at_nodes, edges, turns })
    }

    /// The rings of a relation put together, WGS-84 degrees; the error says what is missing.
    pub fn multipolygon(&self, members: &[Member<'_>]) -> Result<Geometry<f64>, Text> {
        let ways = |is_inner: bool| -> Vec<&[i64]> {
            let is_wanted = |member: &&Member<'_>| {
                member.kind == MemberKind::Way && (member.role == "inner") == is_inner
            };
            let members = members.iter().filter(is_wanted);
            members
                .filter_map(|member| self.edges.get(&member.id))
                .map(Vec::as_slice)
                .filter(|way| !way.is_empty())
                .collect()
        };
        outline::multipolygon(&ways(false), &ways(true), &self.places)
    }
}

/// Nodes that the outlines of multipolygons may have in all.
const MAX_EDGE_NODES: usize = 50_000_000;

/// Our kind of site of a multipolygon relation; `None` for routes and whatever else relates.
pub fn kind_of_area(tags: &Tags<'_>) -> Option<&'static str> {
    site::kind(tags).filter(|_| tags.get("type") == Some("multipolygon"))
}

/// The ways of all multipolygons that are sites, still without their nodes.
fn edges(file: &mut File) -> Result<FxHashMap<i64, Vec<i64>>, Error> {
    let mut edges = FxHashMap::default();
    file.each(ElementKinds { relations: true, ..ElementKinds::default() }, &mut |element| {
        if let Element::Relation { members, tags, .. } = element
            && kind_of_area(&tags).is_some()
        {
            let ways = members.iter().filter(|member| member.kind == MemberKind::Way);
            edges.extend(ways.map(|way| (way.id, Vec::new())));
        }
        if edges.len() > MAX_EDGE_NODES / 4 {
            return Err(too_many_edges());
        }
        Ok(())
    })?;
    Ok(edges)
}

/// Nodes come first in most files but not in all, hence a pass of their own.
fn located(needed: Needed, file: &mut File) -> Result<(NodePositions, NodeRules), Error> {
    let mut places = needed.into_places();
    let mut at_nodes = NodeRules::default();
    file.each(ElementKinds { nodes: true, ..ElementKinds::default() }, &mut |element| {
        if let Element::Node { id, at: Some(at), tags } = element {
            places.put(id, at);
            let rules = rules_of(&tags);
            if !rules.is_empty() && places.get(id).is_some() {
                at_nodes.insert(id, rules);
            }
        }
        if at_nodes.len() > MAX_NODE_RULES {
            return Err(Error::hostile(
                "通行限制的节点太多，请先裁出本区范围",
                "too many of its nodes say who may pass: cut out the district first",
            ));
        }
        Ok(())
    })?;
    Ok((places, at_nodes))
}

/// Tags of nodes that say something to trucks, by node.
pub type NodeRules = FxHashMap<i64, Vec<(String, String)>>;

/// A planet has some twenty million barriers.
const MAX_NODE_RULES: usize = 30_000_000;

/// Limits hold wherever they stand; who may pass is a matter of barriers.
fn rules_of(tags: &Tags<'_>) -> Vec<(String, String)> {
    let is_barrier = tags.get("barrier").is_some();
    let all = tags
        .0
        .iter()
        .filter(|(key, _)| is_rule_of_a_place(key) && (is_barrier || key.starts_with("max")));
    // A gate says nothing by itself.
    let all: Vec<(String, String)> =
        all.map(|(key, value)| (key.to_string(), value.trim().to_owned())).collect();
    if all.iter().all(|(key, value)| key == "barrier" && !is_obstacle(value)) {
        return Vec::new();
    }
    all
}

fn too_many_edges() -> Error {
    Error::hostile(
        "多边形关系太大，请先裁出本区范围",
        "its multipolygons are too large: cut out the district first",
    )
}
