//! Bans of single turns at a junction, as somebody draws them: the change of the record of the road that
//! is left. How they are read is the network's. A ban names two roads and a junction: where a road runs
//! through it, it holds for each of its arms.

use std::sync::Arc;

use geo_types::Coord;

use super::build::{named, turn};
use super::graph::{ArcId, Network};
use crate::domain::{Change, Kind, Record, Stamp, Text, Value, World};
use crate::geodesy::ring::distance_m;

const FIELD: &str = "no_turns";
/// A word means the junction at which its place lies to so many metres.
const SAME_M: f64 = 5.0;

/// Why a turn cannot be banned.
pub const ONE_ROAD: Text = Text::new(
    "两段属于同一条道路：只能禁止掉头",
    "both are one road: only turning back on it can be banned",
);

/// The change that bans a turn from one arc into the next, or lifts the ban that is there; whether it
/// is banned then.
pub fn toggled(
    world: &World,
    network: &Network,
    (from, into): (ArcId, ArcId),
    stamp: &Stamp,
) -> Result<(Change, bool), Text> {
    let gone = Text::new("道路已不存在", "the road is gone");
    let record = |arc: ArcId| -> Option<&Arc<Record>> {
        let road = network.road_of(network.edge(arc)?)?;
        world.table(Kind::Road).get(road.id)
    };
    let (Some(left), Some(entered)) = (record(from), record(into)) else { return Err(gone) };
    if left.id == entered.id && into != from.reverse() {
        return Err(ONE_ROAD);
    }
    let at = network.nodes.get(network.head(from) as usize).copied().unwrap_or_default();
    let is_it = |word: &Arc<str>| {
        let Some((road, place)) = turn(word) else { return false };
        named(world, road) == Some(entered.id) && distance_m(place, at) <= SAME_M
    };
    let words = left.words(FIELD);
    let is_banned = words.iter().any(is_it);
    let mut words: Vec<Arc<str>> = words.iter().filter(|word| !is_it(word)).cloned().collect();
    if !is_banned {
        words.push(word(entered, at).into());
    }
    let mut newer = Record::clone(left);
    newer.set(FIELD, (!words.is_empty()).then(|| Value::Words(words.into())));
    newer.meta.change(stamp);
    Ok((Change::update(Arc::clone(left), newer), !is_banned))
}

/// `code@lon lat`; a road without a code goes by its id.
fn word(road: &Record, at: Coord<f64>) -> String {
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
    let name = road.code().map_or_else(|| road.id.to_string(), str::to_owned);
    format!("{name}@{} {}", round(at.x), round(at.y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Edit;
    use crate::network::testing::Town;

    #[test]
    fn a_turn_is_banned_and_allowed_again_and_only_that_turn() {
        let mut town = Town::new();
        town.road("W", &[(-500.0, 0.0), (0.0, 0.0)], &[]);
        town.road("E", &[(0.0, 0.0), (500.0, 0.0)], &[]);
        // Without a code.
        town.roads("N", &[&[(0.0, 0.0), (0.0, 500.0)]]);
        town.records[2].set("code", None);
        let mut world = town.world();
        let stamp = Stamp { actor: "甲".into(), at: jiff::Timestamp::UNIX_EPOCH };
        let turn = (ArcId::new(0, false), ArcId::new(2, false));
        for is_banned in [true, false] {
            let network = super::super::build(&world);
            let (change, is_now) = toggled(&world, &network, turn, &stamp).unwrap();
            assert_eq!(is_now, is_banned);
            world.apply(&Edit::of(vec![change])).unwrap();
            let network = super::super::build(&world);
            assert_eq!(network.is_turn_restricted(turn.0, turn.1), is_banned);
            assert_eq!(network.turn_restriction_count(), usize::from(is_banned));
        }
        assert!(world.table(Kind::Road).iter().all(|road| road.get(FIELD).is_none()));
    }

    #[test]
    fn straight_on_along_one_road_is_no_turn_that_can_be_banned() {
        let mut town = Town::new();
        town.road("S", &[(-500.0, 0.0), (500.0, 0.0)], &[]);
        town.road("N", &[(0.0, 0.0), (0.0, 500.0)], &[]);
        let (world, network) = (town.world(), town.network());
        let stamp = Stamp { actor: "甲".into(), at: jiff::Timestamp::UNIX_EPOCH };
        let along = (ArcId::new(0, false), ArcId::new(1, false));
        assert_eq!(toggled(&world, &network, along, &stamp).unwrap_err(), ONE_ROAD);
        let back = (ArcId::new(0, false), ArcId::new(0, true));
        assert!(toggled(&world, &network, back, &stamp).unwrap().1);
    }
}
