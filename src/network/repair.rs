//! How defects of a network are repaired in its road records: ends led on, islands connected. Finding
//! defects is [`super::build()`]'s.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo_types::{Coord, Geometry, LineString};

use super::build::{Defect, DefectKind, is_on_the_ground};
use super::components::Components;
use super::graph::Network;
use super::orders::EdgeIndex;
use crate::domain::{Change, Ids, Kind, Record, RecordId, Stamp, Value, World};
use crate::geodesy::index::box_around;
use crate::geodesy::local::LocalFrame;
use crate::geodesy::plane::nearest;
use crate::geodesy::ring::distance_m;

/// An island that lies this near to the rest was meant to belong to it, metres.
pub const ISLAND_REACH_M: f64 = 50.0;
/// Two places that differ by less are one, degrees: a centimetre.
const SAME_DEG: f64 = 1e-7;

/// What is written into road records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Repair {
    /// The end of a road is led on to what it was meant to reach.
    Reach {
        /// Whose end it is.
        road: RecordId,
        /// The end as it was drawn, WGS-84 degrees.
        from: Coord<f64>,
        /// Where it is led, WGS-84 degrees.
        to: Coord<f64>,
    },
    /// A short road between an island and the rest, of the class of the island's road.
    Connect {
        /// The road of the island, whose class the short one takes.
        road: RecordId,
        /// A junction of the island, WGS-84 degrees.
        from: Coord<f64>,
        /// The nearest place of the mainland, WGS-84 degrees.
        to: Coord<f64>,
    },
}

impl Repair {
    /// Of the road that it adds, metres.
    pub fn length_m(&self) -> f64 {
        let (Self::Reach { from, to, .. } | Self::Connect { from, to, .. }) = self;
        distance_m(*from, *to)
    }
}

/// How to repair each of the defects of a network, in their order; `None` where somebody has to look.
pub fn repairs(world: &World, network: &Network) -> Vec<Option<Repair>> {
    let islands = Islands::of(world, network);
    let repair_of = |defect: &Defect| match defect.kind {
        DefectKind::Gap => {
            Some(Repair::Reach { road: defect.road, from: defect.at, to: defect.to })
        }
        DefectKind::Island => islands.connection(defect),
        DefectKind::DeadEnd => None,
    };
    network.defects.iter().map(repair_of).collect()
}

/// One change a record, however many of its ends are led on.
pub fn changes(world: &World, repairs: &[Repair], stamp: &Stamp, ids: &mut Ids) -> Vec<Change> {
    let mut longer: BTreeMap<RecordId, Record> = BTreeMap::new();
    let mut changes = Vec::new();
    for repair in repairs {
        match *repair {
            Repair::Reach { road, from, to } => {
                let Some(known) = world.get(road) else { continue };
                let record = longer.entry(road).or_insert_with(|| Record::clone(known));
                lead_on(record, from, to);
            }
            Repair::Connect { road, from, to } => {
                let Some(island) = world.get(road) else { continue };
                changes.push(Change::create(connection(island, from, to, ids, stamp)));
            }
        }
    }
    for (id, mut record) in longer {
        let Some(known) = world.get(id).filter(|known| known.geometry != record.geometry) else {
            continue;
        };
        record.meta.change(stamp);
        changes.push(Change::update(Arc::clone(known), record));
    }
    changes
}

fn lead_on(record: &mut Record, from: Coord<f64>, to: Coord<f64>) {
    let lines: &mut [LineString<f64>] = match &mut record.geometry {
        Some(Geometry::LineString(line)) => std::slice::from_mut(line),
        Some(Geometry::MultiLineString(lines)) => &mut lines.0,
        _ => return,
    };
    let is_here = |at: Option<&Coord<f64>>| {
        at.is_some_and(|at| (at.x - from.x).abs() < SAME_DEG && (at.y - from.y).abs() < SAME_DEG)
    };
    for line in lines {
        if is_here(line.0.last()) {
            return line.0.push(to);
        }
        if is_here(line.0.first()) {
            return line.0.insert(0, to);
        }
    }
}

fn connection(
    island: &Record,
    from: Coord<f64>,
    to: Coord<f64>,
    ids: &mut Ids,
    stamp: &Stamp,
) -> Record {
    let mut record = Record::new(ids.next(), Kind::Road, stamp);
    record.geometry = Some(LineString(vec![from, to]).into());
    record.set("name", Some(Value::text(&format!("连接道（{}）", island.name()))));
    record.set("class", island.get("class").cloned());
    record
}

/// A network by its components, to join islands to the mainland.
struct Islands<'a> {
    world: &'a World,
    network: &'a Network,
    index: EdgeIndex,
    components: Components,
    mainland: Option<u32>,
}

impl<'a> Islands<'a> {
    fn of(world: &'a World, network: &'a Network) -> Self {
        let components = Components::of(network);
        let mainland = components.mainland(network);
        Self { world, network, index: EdgeIndex::of(network), components, mainland }
    }

    /// From the junction of an island that lies nearest to the mainland.
    fn connection(&self, island: &Defect) -> Option<Repair> {
        let Self { world, network, components, .. } = self;
        let component = components.of_node(network.nearest_node(island.at)?.0)?;
        let road_of = |node: u32| {
            let mut edges = network.edges.iter();
            let edge = edges.find(|edge| edge.ends.contains(&node))?;
            network.road_of(edge).map(|road| road.id)
        };
        let is_on_island = |node: u32| components.of_node(node) == Some(component);
        let nodes = (0_u32..).zip(&network.nodes).filter(|(node, _)| is_on_island(*node));
        let near = nodes.filter_map(|(node, at)| {
            let (away_m, to) = self.foot(*at)?;
            Some((away_m, node, *at, to))
        });
        let (_, node, from, to) = near.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))?;
        let road = road_of(node)?;
        world.get(road).filter(|road| is_on_the_ground(road))?;
        Some(Repair::Connect { road, from, to })
    }

    /// The nearest place of the mainland on the ground, and how far it is, metres.
    fn foot(&self, at: Coord<f64>) -> Option<(f64, Coord<f64>)> {
        let Self { world, network, .. } = self;
        let frame = LocalFrame::at(at);
        let mut best: Option<(f64, Coord<f64>)> = None;
        self.index.search(box_around(at, ISLAND_REACH_M), &mut |number| {
            let Some(edge) = network.edges.get(number as usize) else { return };
            let road = network.road_of(edge).and_then(|road| world.get(road.id));
            let component = self.components.of_node(edge.ends[0]);
            let is_mainland = self.mainland.is_some() && component == self.mainland;
            if !is_mainland || !road.is_some_and(|road| is_on_the_ground(road)) {
                return;
            }
            for pair in network.line(edge).windows(2) {
                let [a, b] = *pair else { continue };
                let [from, to] = [a, b].map(|at| frame.plane_from_wgs84(at));
                let (along, away_m) = nearest(from, to, Coord::default());
                if away_m <= ISLAND_REACH_M && best.is_none_or(|(least_m, _)| away_m < least_m) {
                    best = Some((away_m, a + (b - a) * along));
                }
            }
        });
        best
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Edit;
    use crate::network::build;
    use crate::network::testing::Town;

    fn stamp() -> Stamp {
        Stamp { actor: "王工".into(), at: Timestamp::UNIX_EPOCH }
    }

    /// The network after everything that can be repaired was.
    fn repaired(town: &Town) -> (Network, usize) {
        let mut world = town.world();
        let network = build(&world);
        let repairs: Vec<Repair> = repairs(&world, &network).into_iter().flatten().collect();
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1 << 60);
        let changes = changes(&world, &repairs, &stamp(), &mut ids);
        let count = changes.len();
        world.apply(&Edit::of(changes)).unwrap();
        (build(&world), count)
    }

    fn count(network: &Network, kind: DefectKind) -> usize {
        network.defects.iter().filter(|defect| defect.kind == kind).count()
    }

    #[test]
    fn an_end_that_missed_a_road_reaches_it_afterwards() {
        let mut town = Town::new();
        town.road("A", &[(-100.0, 0.0), (100.0, 0.0)], &[]);
        town.road("B", &[(30.0, 4.0), (30.0, 90.0)], &[]);
        let before = town.network();
        assert_eq!(count(&before, DefectKind::Gap), 1);
        let (after, changed) = repaired(&town);
        assert_eq!((count(&after, DefectKind::Gap), changed), (0, 1));
        assert_eq!((after.nodes.len(), after.edges.len()), (before.nodes.len(), 3));
        let metres = |network: &Network| -> f64 {
            network.edges.iter().map(|edge| f64::from(edge.length_m)).sum()
        };
        assert!((metres(&after) - metres(&before) - 4.0).abs() < 0.05);
    }

    #[test]
    fn a_road_that_misses_at_both_ends_is_one_change() {
        let mut town = Town::new();
        town.road("A", &[(-100.0, 0.0), (100.0, 0.0)], &[]);
        town.road("B", &[(-100.0, 80.0), (100.0, 80.0)], &[]);
        town.road("C", &[(0.0, 3.0), (0.0, 77.0)], &[]);
        let (after, changed) = repaired(&town);
        assert_eq!((count(&after, DefectKind::Gap), changed, after.edges.len()), (0, 1, 5));
    }

    #[test]
    fn an_island_within_fifty_metres_is_connected_by_a_short_road_and_a_farther_one_is_not() {
        for (away_m, is_connected) in [(40.0, true), (60.0, false)] {
            let mut town = Town::new();
            town.road("A", &[(-300.0, 0.0), (300.0, 0.0)], &[]);
            town.road("B", &[(0.0, away_m), (0.0, 200.0)], &[("class", "secondary")]);
            let (after, _) = repaired(&town);
            assert_eq!(count(&after, DefectKind::Island), usize::from(!is_connected));
            let classes = after.roads.iter().filter(|road| road.class == "secondary").count();
            assert_eq!(classes, 1 + usize::from(is_connected));
        }
    }

    #[test]
    fn a_bridge_is_not_connected_to_what_lies_under_it() {
        let mut town = Town::new();
        town.road("A", &[(-300.0, 0.0), (300.0, 0.0)], &[]);
        town.road("B", &[(0.0, -30.0), (0.0, 30.0)], &[]);
        town.extra("bridge", "yes");
        assert_eq!(count(&town.network(), DefectKind::Island), 1);
        let (after, changed) = repaired(&town);
        assert_eq!((count(&after, DefectKind::Island), changed), (1, 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        /// Side roads that leave a straight one but miss it by up to the width of a gap.
        #[test]
        fn no_gap_is_left_once_all_are_closed(
            sides in prop::collection::vec((1..30_i32, 0.1..4.8_f64, any::<bool>()), 1..12),
        ) {
            let mut town = Town::new();
            town.road("main", &[(0.0, 0.0), (1000.0, 0.0)], &[]);
            for (number, (place, gap_m, is_north)) in sides.iter().enumerate() {
                let (east_m, side) = (f64::from(*place) * 30.0, if *is_north { 1.0 } else { -1.0 });
                let ends = [(east_m, gap_m * side), (east_m + 5.0, 150.0 * side)];
                town.road(&format!("R{number}"), &ends, &[]);
            }
            let (after, _) = repaired(&town);
            prop_assert_eq!(count(&after, DefectKind::Gap), 0);
            prop_assert_eq!(count(&after, DefectKind::Island), 0);
        }
    }
}
