//! Bans of turns that stand in the records of roads, as maps bring them: how one is lifted. What somebody
//! bans in a plan is an order ([`super::orders`]). How words of roads are read is the network's.

use std::sync::Arc;

use super::build::{named, turn};
use super::graph::{ArcId, Network};
use crate::domain::{Change, Kind, Record, Stamp, Value, World};
use crate::geodesy::ring::distance_m;

const FIELD: &str = "no_turns";
/// A word means the junction at which its place lies to so many metres.
const SAME_M: f64 = 5.0;

/// The change of the road that is left by which a turn is allowed again, with all that the same words ban:
/// they name two roads, so where one of these runs through the junction it is each of its arms. `None`
/// where no road bans it.
pub fn lifted(
    world: &World,
    network: &Network,
    (from, into): (ArcId, ArcId),
    stamp: &Stamp,
) -> Option<Change> {
    let record = |arc: ArcId| -> Option<&Arc<Record>> {
        let road = network.road_of(network.edge(arc)?)?;
        world.table(Kind::Road).get(road.id)
    };
    let (left, entered) = (record(from)?, record(into)?);
    let at = *network.nodes.get(network.head(from) as usize)?;
    let is_it = |word: &Arc<str>| {
        let Some((road, place)) = turn(word) else { return false };
        named(world, road) == Some(entered.id) && distance_m(place, at) <= SAME_M
    };
    let words = left.words(FIELD);
    let kept: Vec<Arc<str>> = words.iter().filter(|word| !is_it(word)).cloned().collect();
    if kept.len() == words.len() {
        return None;
    }
    let mut newer = Record::clone(left);
    newer.set(FIELD, (!kept.is_empty()).then(|| Value::Words(kept.into())));
    newer.meta.change(stamp);
    Some(Change::update(Arc::clone(left), newer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Edit;
    use crate::network::testing::{Town, at};

    #[test]
    fn a_ban_that_stands_in_a_road_is_lifted_and_another_one_stays() {
        let junction = at(0.0, 0.0);
        let told = |road: &str| format!("{road}@{} {}", junction.x, junction.y);
        let mut town = Town::new();
        let bans = [told("E"), told("N")].join(";");
        town.road("W", &[(-500.0, 0.0), (0.0, 0.0)], &[("no_turns", &bans)]);
        town.road("E", &[(0.0, 0.0), (500.0, 0.0)], &[]);
        town.road("N", &[(0.0, 0.0), (0.0, 500.0)], &[]);
        let mut world = town.world();
        let stamp = Stamp { actor: "甲".into(), at: jiff::Timestamp::UNIX_EPOCH };
        let [from, east, north] = [0, 1, 2].map(|edge| ArcId::new(edge, false));
        let network = super::super::build(&world);
        assert!(network.is_turn_restricted(from, east) && network.is_turn_restricted(from, north));
        let change = lifted(&world, &network, (from, north), &stamp).unwrap();
        world.apply(&Edit::of(vec![change])).unwrap();
        let network = super::super::build(&world);
        assert!(network.is_turn_restricted(from, east));
        assert!(!network.is_turn_restricted(from, north));
        assert!(lifted(&world, &network, (from, north), &stamp).is_none(), "no road bans it");
    }
}
