//! Bans of single turns: from the arm of a junction by which one comes into the arm by which one goes on,
//! and from no other, also where a road runs through.

use geo_types::{Coord, Geometry, LineString};

use super::bound::is_of;
use super::{BoundStretch, Finder, stretches};
use crate::domain::Record;
use crate::geodesy::ring::distance_m;
use crate::network::graph::{ArcId, Network};
use crate::network::turning::bend_deg;

/// So much of either arm belongs to the line of a ban, metres.
const ARM_M: f64 = 40.0;

impl Finder<'_> {
    /// The turns that an order bans, sorted: the one between the two stretches to which it is bound, also
    /// on roads that stand for theirs; else where its line bends most at a junction. None where it comes
    /// by no junction.
    pub fn turns(&self, order: &Record) -> Vec<(ArcId, ArcId)> {
        let Some(Geometry::LineString(line)) = &order.geometry else { return Vec::new() };
        let mut turns = self.bound_turns(order, line);
        if turns.is_empty() {
            turns.extend(self.turn_along(line));
        }
        turns.sort_unstable();
        turns.dedup();
        turns
    }

    /// The pieces of road that a ban takes although it is bound to none: somebody has to confirm them.
    pub(super) fn turned_by_nearness(&self, order: &Record) -> Vec<u32> {
        let Some(Geometry::LineString(line)) = &order.geometry else { return Vec::new() };
        if !self.bound_turns(order, line).is_empty() {
            return Vec::new();
        }
        let turn = self.turn_along(line).into_iter();
        turn.flat_map(|(from, into)| [from.edge() as u32, into.edge() as u32]).collect()
    }

    fn bound_turns(&self, order: &Record, line: &LineString<f64>) -> Vec<(ArcId, ArcId)> {
        let all = BoundStretch::of(order);
        let [from, into] = all.as_slice() else { return Vec::new() };
        if !is_of(&all, line) {
            return Vec::new();
        }
        let mut turns = Vec::new();
        for before in self.with_stand_ins(*from) {
            for after in self.with_stand_ins(*into) {
                let steps = |stretch| self.steps_on(&[stretch]);
                let (Some(before), Some(after)) = (steps(before), steps(after)) else { continue };
                let (Some(last), Some(first)) = (before.last(), after.first()) else { continue };
                let from = ArcId::new(last.edge, !last.goes_along);
                let into = ArcId::new(first.edge, !first.goes_along);
                if self.network.head(from) == self.network.tail(into) {
                    turns.push((from, into));
                }
            }
        }
        turns
    }

    fn turn_along(&self, line: &LineString<f64>) -> Option<(ArcId, ArcId)> {
        let network = self.network;
        let mut steps = self.chosen(line, true, true);
        steps.sort_by(|a, b| a.at_m.total_cmp(&b.at_m).then(a.edge.cmp(&b.edge)));
        let arcs: Vec<ArcId> =
            steps.iter().map(|step| ArcId::new(step.edge, !step.goes_along)).collect();
        let turns = arcs.windows(2).filter_map(|w| {
            let [from, into] = *w else { return None };
            let node = network.head(from);
            let is_turn = node == network.tail(into) && network.around(node).count() > 2;
            is_turn.then_some((from, into))
        });
        let bend = |(from, into): &(ArcId, ArcId)| bend_deg(network, *from, *into).abs();
        turns.max_by(|a, b| bend(a).total_cmp(&bend(b)))
    }
}

/// The line of a ban, from one arm over the junction into the other, WGS-84 degrees, and the two stretches
/// to which it is bound.
pub fn turn_shape(
    network: &Network,
    from: ArcId,
    into: ArcId,
) -> (LineString<f64>, Vec<BoundStretch>) {
    let arm = |arc: ArcId| first_m(&network.line_of(&[arc]).0);
    let (mut before, after) = (arm(from.reverse()), arm(into));
    before.reverse();
    let bound = |arc: ArcId, line: &[Coord<f64>]| {
        let ends = line.first().copied().zip(line.last().copied());
        ends.map(|(begin, end)| stretches(network, begin, &[arc], end)).unwrap_or_default()
    };
    let stretches = [bound(from, &before), bound(into, &after)].concat();
    before.extend(after.into_iter().skip(1));
    (LineString(before), stretches)
}

/// The first metres of an arm.
fn first_m(line: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let mut left_m = ARM_M;
    let mut part: Vec<Coord<f64>> = line.first().copied().into_iter().collect();
    for pair in line.windows(2) {
        let [a, b] = pair else { continue };
        let metres = distance_m(*a, *b);
        if metres >= left_m {
            part.push(*a + (*b - *a) * (left_m / metres.max(1e-9)));
            break;
        }
        part.push(*b);
        left_m -= metres;
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Kind;
    use crate::network::orders::{EdgeIndex, TrafficOrder};
    use crate::network::testing::{Town, line};

    /// A road from south to north through a junction with one from west to east: arcs 0, 2 lead to it
    /// from the south and the west, 1 (edge) goes on to the north, 3 to the east.
    fn crossroads() -> Town {
        let mut town = Town::new();
        town.road("NS", &[(0.0, -300.0), (0.0, 0.0), (0.0, 300.0)], &[]);
        town.road("WE", &[(-300.0, 0.0), (0.0, 0.0), (300.0, 0.0)], &[]);
        town
    }

    const FROM_SOUTH: ArcId = ArcId::new(0, false);
    const TO_EAST: ArcId = ArcId::new(3, false);

    fn turns(town: &Town, network: &Network) -> Vec<(ArcId, ArcId)> {
        let index = EdgeIndex::of(network);
        let order = TrafficOrder::of(town.records.last().unwrap(), &Finder::new(network, &index));
        assert!(order.arcs.is_empty(), "a ban of a turn closes no road");
        order.turns
    }

    /// A ban as the tool draws it.
    fn banned(mut town: Town, from: ArcId, into: ArcId) -> Town {
        let (shape, bound) = turn_shape(&town.network(), from, into);
        town.order("no_turn", shape, &[]);
        BoundStretch::put(town.records.last_mut().unwrap(), &bound);
        town
    }

    #[test]
    fn of_a_road_that_runs_through_only_the_arm_that_was_meant_is_barred() {
        let town = banned(crossroads(), FROM_SOUTH, TO_EAST);
        assert_eq!(turns(&town, &town.network()), [(FROM_SOUTH, TO_EAST)]);
    }

    #[test]
    fn straight_on_and_turning_back_can_be_banned_too() {
        for into in [ArcId::new(1, false), FROM_SOUTH.reverse()] {
            let town = banned(crossroads(), FROM_SOUTH, into);
            assert_eq!(turns(&town, &town.network()), [(FROM_SOUTH, into)]);
        }
    }

    #[test]
    fn a_line_from_a_file_bans_the_turn_where_it_bends_and_asks_for_a_nod() {
        let mut town = crossroads();
        town.road("far", &[(150.0, -100.0), (150.0, 100.0)], &[]);
        town.order("no_turn", line(&[(0.0, -250.0), (0.0, 0.0), (290.0, 0.0)]), &[]);
        let network = town.network();
        let [(from, into)] = turns(&town, &network)[..] else { panic!("one turn") };
        let name = |arc: ArcId| network.name_of(arc.edge() as u32).to_owned();
        assert_eq!([name(from), name(into)], ["NS", "WE"]);
        let index = EdgeIndex::of(&network);
        let finder = Finder::new(&network, &index);
        let mut order = town.records.last().unwrap().clone();
        assert_eq!(order.kind, Kind::Restriction);
        assert_eq!(finder.taken_by_nearness(&order).len(), 2);
        let (shape, bound) = finder.led_along(&order).unwrap();
        order.geometry = Some(shape);
        BoundStretch::put(&mut order, &bound);
        assert!(finder.taken_by_nearness(&order).is_empty());
        assert_eq!(finder.turns(&order), [(from, into)]);
    }

    #[test]
    fn a_crossing_that_is_built_on_an_arm_later_leaves_the_ban_where_it_is() {
        let mut town = banned(crossroads(), FROM_SOUTH, TO_EAST);
        let ban = town.records.pop().unwrap();
        town.road("new", &[(20.0, -100.0), (20.0, 100.0)], &[]);
        town.records.push(ban);
        let network = town.network();
        let [(from, into)] = turns(&town, &network)[..] else { panic!("one turn") };
        let at = network.nodes[network.head(from) as usize];
        assert!(distance_m(at, network.nodes[network.tail(into) as usize]) < 0.01);
        assert!((network.length_m(&[into]) - 20.0).abs() < 0.5, "up to the new crossing");
    }
}
