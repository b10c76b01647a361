//! The network as somebody looks it over: how large it is, its defects with their repairs, what its
//! roads do not say, and where its gates might be. Needs no flow, and prepares nothing for a plan.

use std::collections::BTreeMap;

use super::build::{Defect, DefectKind, build};
use super::gates::{GateProposal, gates, generators};
use super::graph::Network;
use super::repair::{Repair, repairs};
use crate::domain::{Kind, Record, RecordId, Text, World};

/// What is said of a network as a whole.
pub struct Survey {
    /// Junctions, dead ends and places where a road changes.
    pub nodes: usize,
    /// Pieces of road between them.
    pub edges: usize,
    /// Of all edges, km.
    pub length_km: f64,
    /// Turns from one piece of road into another.
    pub turn_restrictions: usize,
    /// What looks wrong.
    pub defects: Vec<SurveyedDefect>,
    /// What roads do not say.
    pub silent: Vec<MissingField>,
    /// What they say to trucks and is not understood: it bars nobody.
    pub unread: Vec<UnreadRule>,
    /// Gates that might be there.
    pub gates: Vec<GateProposal>,
    /// Sites that might send trucks.
    pub generators: Vec<GateProposal>,
}

/// A defect, and how to repair it where there is a way.
#[derive(Clone, Debug)]
pub struct SurveyedDefect {
    /// What is wrong.
    pub defect: Defect,
    /// Of the road.
    pub name: String,
    /// How it is repaired; `None` where somebody has to look.
    pub repair: Option<Repair>,
}

/// Roads that do not say something, for which a default stands.
pub struct MissingField {
    /// What they do not say, for people.
    pub what: Text,
    /// Those that do not say it.
    pub roads: Vec<RecordId>,
}

/// A rule of roads that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadRule {
    /// `key=value`; `@lon lat` of what stands at a junction, where nobody knows which arm is meant.
    pub words: String,
    /// Those that say it.
    pub roads: Vec<RecordId>,
}

/// The rules that a network does not understand, those of most roads first.
pub fn unread(network: &Network) -> Vec<UnreadRule> {
    let mut by_words: BTreeMap<&str, Vec<RecordId>> = BTreeMap::new();
    for (road, words) in network.unread() {
        by_words.entry(words).or_default().push(*road);
    }
    let mut all: Vec<UnreadRule> = by_words
        .into_iter()
        .map(|(words, mut roads)| {
            roads.sort_unstable();
            roads.dedup();
            UnreadRule { words: words.to_owned(), roads }
        })
        .collect();
    all.sort_by(|a, b| b.roads.len().cmp(&a.roads.len()).then_with(|| a.words.cmp(&b.words)));
    all
}

const FIELDS: [(&str, Text); 3] = [
    ("class", Text::new("没有等级", "without a class")),
    ("lanes", Text::new("没有车道数", "without lanes")),
    ("maxspeed_kmh", Text::new("没有限速", "without a speed limit")),
];

/// Builds the network anew: seconds for a city.
pub fn survey(world: &World) -> Survey {
    let network = build(world);
    let repairs = repairs(world, &network);
    let name = |road: RecordId| world.get(road).map_or("", |road| road.name()).to_owned();
    let defects = network.defects.iter().zip(repairs).map(|(defect, repair)| SurveyedDefect {
        name: name(defect.road),
        defect: defect.clone(),
        repair,
    });
    let silent = FIELDS.into_iter().map(|(key, what)| {
        let roads = world.table(Kind::Road).iter().filter(|road| is_silent(road, key));
        MissingField { what, roads: roads.map(|road| road.id).collect() }
    });
    Survey {
        nodes: network.nodes.len(),
        edges: network.edges.len(),
        length_km: network.edges.iter().map(|edge| f64::from(edge.length_m)).sum::<f64>() / 1000.0,
        turn_restrictions: network.turn_restriction_count(),
        defects: defects.collect(),
        silent: silent.collect(),
        unread: unread(&network),
        gates: gates(world, &network),
        generators: generators(world, &network),
    }
}

fn is_silent(road: &Record, key: &str) -> bool {
    road.geometry.is_some() && road.get(key).is_none()
}

impl Survey {
    /// The defects of one kind, in their order.
    pub fn of_kind(&self, kind: DefectKind) -> impl Iterator<Item = &SurveyedDefect> {
        self.defects.iter().filter(move |found| found.defect.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::testing::Town;

    #[test]
    fn a_survey_counts_what_roads_leave_open() {
        let mut town = Town::new();
        town.road("A", &[(0.0, 0.0), (1000.0, 0.0)], &[("class", "primary"), ("lanes", "4")]);
        town.road("B", &[(500.0, 3.0), (500.0, 500.0)], &[]);
        let survey = survey(&town.world());
        let counts: Vec<usize> = survey.silent.iter().map(|silent| silent.roads.len()).collect();
        assert_eq!(counts, [1, 1, 0]);
        assert_eq!(survey.of_kind(DefectKind::Gap).count(), 1);
        assert_eq!(survey.of_kind(DefectKind::DeadEnd).count(), 3);
        assert!((survey.length_km - 1.497).abs() < 0.005, "{}", survey.length_km);
    }
}
