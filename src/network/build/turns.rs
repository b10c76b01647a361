//! Turn restrictions. The field `no_turns` of a road names where it may not be left for:
//! `code@lon lat`, the code (or the id) of the other road and the junction, WGS-84 degrees. A road that
//! names itself may not be turned round on there.

use geo_types::Coord;
use rustc_hash::FxHashMap;

use super::GAP_M;
use crate::domain::{Kind, RecordId, Value, World};
use crate::geodesy::coordinates::lon_lat;
use crate::geodesy::ring::distance_m;
use crate::network::graph::{ArcId, Network};

/// Degrees; larger than [`GAP_M`] up to 60° north and south.
const SIDE_DEG: f64 = 1e-4;

/// Nodes by square.
struct Nodes(FxHashMap<(i64, i64), Vec<u32>>);

/// The banned turns of all roads, sorted.
pub(super) fn banned(world: &World, network: &Network) -> Vec<(ArcId, ArcId)> {
    let mut banned = Vec::new();
    let mut lookup: Option<Nodes> = None;
    for record in world.table(Kind::Road).iter() {
        let Some(Value::Words(words)) = record.get("no_turns") else { continue };
        let nodes = lookup.get_or_insert_with(|| Nodes::of(network));
        for word in words.iter() {
            let Some((to, at)) = turn(word) else { continue };
            let Some(to) = named(world, to) else { continue };
            let Some(node) = nodes.nearest(network, at) else { continue };
            let of = |id: RecordId, arc: ArcId| {
                let road = network.edge(arc).and_then(|edge| network.road_of(edge));
                road.is_some_and(|road| road.id == id)
            };
            for from in network.entering(node).iter().filter(|arc| of(record.id, **arc)) {
                let into = network.leaving(node).iter().filter(|arc| of(to, **arc));
                // Of a road onto itself only the turn back is meant, not the way straight on.
                let is_meant = |next: &ArcId| to != record.id || *next == from.reverse();
                banned.extend(into.filter(|next| is_meant(next)).map(|next| (*from, *next)));
            }
        }
    }
    banned.sort_unstable();
    banned.dedup();
    banned
}

/// The road that may not be turned into, and where (WGS-84 degrees), from a word of `no_turns`.
pub(in crate::network) fn turn(word: &str) -> Option<(&str, Coord<f64>)> {
    let (to, at) = word.rsplit_once('@')?;
    Some((to.trim(), lon_lat(at)?))
}

/// The road of a code, else of an id.
pub(in crate::network) fn named(world: &World, code_or_id: &str) -> Option<RecordId> {
    let table = world.table(Kind::Road);
    let by_id = || table.get(code_or_id.parse().ok()?);
    table.by_code(code_or_id).or_else(by_id).map(|road| road.id)
}

fn square(at: Coord<f64>) -> (i64, i64) {
    ((at.x / SIDE_DEG).floor() as i64, (at.y / SIDE_DEG).floor() as i64)
}

impl Nodes {
    fn of(network: &Network) -> Self {
        let mut squares: FxHashMap<(i64, i64), Vec<u32>> = FxHashMap::default();
        for (node, at) in (0_u32..).zip(&network.nodes) {
            squares.entry(square(*at)).or_default().push(node);
        }
        Self(squares)
    }

    fn nearest(&self, network: &Network, at: Coord<f64>) -> Option<u32> {
        let (x, y) = square(at);
        let around = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y)));
        let near = around.filter_map(|square| self.0.get(&square)).flatten();
        let away = near
            .filter_map(|node| Some((distance_m(*network.nodes.get(*node as usize)?, at), *node)));
        let nearest = away.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))?;
        (nearest.0 <= GAP_M).then_some(nearest.1)
    }
}
