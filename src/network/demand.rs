//! Demand: gates, and the trucks between them, as the records say. The matrix has no zones besides
//! gates; how it is estimated is [`super::counts`]'s.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo_types::{Coord, Geometry};

use super::graph::Network;
use super::truck::{Truck, emission_stage};
use crate::domain::{
    Change, FlowSource, Fuel, Kind, PlateColour, Record, RecordId, Stamp, TruckClass, Value, World,
};

/// A gate is on the network where a junction is this near, metres.
pub const GATE_REACH_M: f64 = 500.0;
/// 国五, where nothing is said.
pub const USUAL_STAGE: u8 = 5;

/// Where trucks begin and end.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// Of the gate's record.
    pub id: RecordId,
    /// Empty where it has none.
    pub code: String,
    /// For people.
    pub name: String,
    /// WGS-84 degrees.
    pub at: Option<Coord<f64>>,
    /// `None` where no road is near.
    pub node: Option<u32>,
    /// The shares of the hours of a day that were counted there; `None` where nobody did.
    pub hourly: Option<[f64; 24]>,
}

/// Trucks a day of one kind from one gate to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Of the flow's record.
    pub id: RecordId,
    /// In the list of gates; `None` where no gate has the code.
    pub from: Option<usize>,
    /// Likewise.
    pub to: Option<usize>,
    /// As the record names the gate: by code, or by name.
    pub from_code: String,
    /// Likewise.
    pub to_code: String,
    /// The truck that stands for all of the flow.
    pub truck: Truck,
    /// Trucks a day.
    pub per_day: f64,
    /// Of them, the share of each hour, on a working day and on another: each sums to 1.
    pub hourly: [[f64; 24]; 2],
    /// The shares were counted or stated, for it or at its gates, not taken from its class.
    pub has_profile: bool,
    /// 实测, else 假设.
    pub is_measured: bool,
}

impl Flow {
    /// The name of the gate that it comes from; its code where there is none.
    pub fn from_words<'a>(&'a self, gates: &'a [Gate]) -> &'a str {
        words(self.from, &self.from_code, gates)
    }

    /// The name of the gate that it goes to; its code where there is none.
    pub fn to_words<'a>(&'a self, gates: &'a [Gate]) -> &'a str {
        words(self.to, &self.to_code, gates)
    }
}

fn words<'a>(gate: Option<usize>, code: &'a str, gates: &'a [Gate]) -> &'a str {
    let gate = gate.and_then(|gate| gates.get(gate)).filter(|gate| !gate.name.is_empty());
    gate.map_or(code, |gate| &gate.name)
}

/// Trucks of each hour on a working day, of heavy ones and of others: assumed, in the shape that
/// counts on trunk roads and in towns have. Steel works send trucks by night too.
const HEAVY_DAY: [f64; 24] = [
    3.2, 3.0, 2.9, 2.9, 3.1, 3.6, 4.1, 4.2, 4.5, 4.8, 5.0, 4.8, 4.2, 4.5, 4.9, 5.0, 4.8, 4.5, 4.3,
    4.2, 4.3, 4.3, 4.0, 3.6,
];
const LIGHT_DAY: [f64; 24] = [
    1.0, 0.8, 0.7, 0.8, 1.3, 2.5, 4.5, 6.2, 7.2, 7.5, 7.3, 6.5, 5.2, 6.2, 7.0, 7.0, 6.6, 6.0, 4.8,
    3.6, 2.8, 2.2, 1.5, 1.2,
];
/// On days off there is less of a morning.
const REST_DAY: [f64; 24] = [
    2.6, 2.3, 2.1, 2.1, 2.3, 2.8, 3.4, 4.0, 4.8, 5.6, 5.8, 5.6, 5.0, 5.2, 5.5, 5.5, 5.3, 5.0, 4.8,
    4.5, 4.2, 3.8, 3.4, 3.0,
];

/// Shares of the hours of a day that sum to 1; `None` of what is no day.
fn shares(weights: &[f64]) -> Option<[f64; 24]> {
    let weights: [f64; 24] = weights.try_into().ok()?;
    let sum: f64 = weights.iter().sum();
    let is_day = weights.iter().all(|weight| *weight >= 0.0) && sum > 0.0 && sum.is_finite();
    is_day.then(|| weights.map(|weight| weight / sum))
}

/// The shares of the hours that a record says were counted.
fn counted(record: &Record) -> Option<[f64; 24]> {
    match record.get("hourly") {
        Some(Value::Reals(counts)) => shares(counts),
        _ => None,
    }
}

/// Shares of the hours of the usual day of a class, working or not.
pub fn usual_day(class: TruckClass) -> [[f64; 24]; 2] {
    let day = if class == TruckClass::Heavy { HEAVY_DAY } else { LIGHT_DAY };
    [day, REST_DAY].map(|day| shares(&day).unwrap_or([1.0 / 24.0; 24]))
}

/// Changes by which gates keep what was counted there hour by hour, by name or code; and the names of
/// which there is no gate.
pub fn hourly_counts(
    world: &World,
    told: &[(String, [f64; 24])],
    stamp: &Stamp,
) -> (Vec<Change>, Vec<String>) {
    let table = world.table(Kind::Gate);
    let mut gates: BTreeMap<RecordId, (Arc<Record>, [f64; 24])> = BTreeMap::new();
    let mut unknown = Vec::new();
    for (name, counts) in told {
        let by_name = || table.iter().find(|gate| gate.name() == name);
        match table.by_code(name).or_else(by_name) {
            // A gate that comes twice, once in and once out, has the sum of both.
            Some(gate) => {
                let entry = gates.entry(gate.id);
                let (_, sum) = entry.or_insert_with(|| (Arc::clone(gate), [0.0; 24]));
                sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
            None => unknown.push(name.clone()),
        }
    }
    let changes = gates.into_values().map(|(gate, counts)| {
        let mut newer = Record::clone(&gate);
        newer.set("hourly", Some(Value::Reals(counts.into())));
        newer.meta.change(stamp);
        Change::update(gate, newer)
    });
    (changes.collect(), unknown)
}

/// All gates, with the nodes at which [`super::build()`] has put them.
pub fn gates(world: &World, network: &Network) -> Vec<Gate> {
    let gates = world.table(Kind::Gate).iter().map(|record| {
        let at = match &record.geometry {
            Some(Geometry::Point(point)) => Some(point.0),
            _ => None,
        };
        Gate {
            id: record.id,
            code: record.code().unwrap_or_default().to_owned(),
            name: record.name().to_owned(),
            at,
            node: network.gate_node(record.id),
            hourly: counted(record),
        }
    });
    gates.collect()
}

/// All flows, their ends looked up among the gates by code, else by name.
pub fn flows(world: &World, gates: &[Gate]) -> Vec<Flow> {
    world.table(Kind::Flow).iter().map(|record| flow(record, gates)).collect()
}

fn flow(record: &Record, gates: &[Gate]) -> Flow {
    let gate = |code: &str| {
        let by_code = gates.iter().position(|gate| !code.is_empty() && gate.code == code);
        by_code.or_else(|| gates.iter().position(|gate| !code.is_empty() && gate.name == code))
    };
    let (from, to) = (record.text("from"), record.text("to"));
    let axles = match record.get("axles") {
        Some(Value::Integer(axles)) => u8::try_from(*axles).unwrap_or(0),
        _ => 0,
    };
    // What a flow leaves open is the usual truck of a steel town: heavy, 国五, diesel.
    let class = TruckClass::from_key(record.text("class")).unwrap_or(TruckClass::Heavy);
    let tags = record.words("tags").iter().map(ToString::to_string).collect();
    let (fuel, plate) =
        (Fuel::from_key(record.text("fuel")), PlateColour::from_key(record.text("plate")));
    let usual =
        Truck::of(class, axles, emission_stage(record.text("stage")).unwrap_or(USUAL_STAGE));
    let truck = usual.with(tags, fuel, plate);
    let ends = [gate(from), gate(to)];
    let of_gate = |end: &Option<usize>| gates.get((*end)?)?.hourly;
    // What was counted where it comes in goes before where it goes to.
    let counted = counted(record).or_else(|| ends.iter().find_map(of_gate));
    let [from_gate, to_gate] = ends;
    Flow {
        hourly: counted.map_or_else(|| usual_day(class), |day| [day; 2]),
        has_profile: counted.is_some(),
        id: record.id,
        from: from_gate,
        to: to_gate,
        from_code: from.to_owned(),
        to_code: to.to_owned(),
        truck,
        per_day: match record.get("trucks_per_day") {
            Some(Value::Real(per_day)) => *per_day,
            _ => 0.0,
        },
        is_measured: FlowSource::Measured.is_of(record),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::testing::Town;

    fn at_hour(hour: usize) -> [f64; 24] {
        let mut counts = [0.0; 24];
        counts[hour] = 60.0;
        counts
    }

    #[test]
    fn a_flow_drives_in_the_hours_that_were_counted_at_its_gate_unless_it_states_its_own() {
        let mut town = Town::new();
        town.road("street", &[(-900.0, 0.0), (900.0, 0.0)], &[]);
        town.gate("W", (-900.0, 0.0));
        town.gate("E", (900.0, 0.0));
        town.flow("W", "E", "100", &[]);
        town.flow("E", "W", "100", &[]);
        let own = at_hour(3).map(|count| count.to_string()).join(";");
        town.flow("W", "E", "100", &[("hourly", &own)]);
        let mut world = town.world();
        let stamp = Stamp { actor: "甲".into(), at: jiff::Timestamp::UNIX_EPOCH };
        let told = [
            ("W".to_owned(), at_hour(6)),
            ("W".to_owned(), at_hour(7)),
            ("别处".to_owned(), at_hour(1)),
        ];
        let (changes, unknown) = hourly_counts(&world, &told, &stamp);
        assert_eq!((changes.len(), unknown), (1, vec!["别处".to_owned()]));
        let network = town.network();
        let of = |world: &World| flows(world, &gates(world, &network));
        assert!(of(&world).iter().filter(|flow| flow.has_profile).count() == 1);
        world.apply(&crate::domain::Edit::of(changes)).unwrap();
        let hour = |flow: &Flow, hour: usize| (flow.hourly[0][hour] * 100.0).round() as i32;
        let all = of(&world);
        assert_eq!((hour(&all[0], 6), hour(&all[0], 7)), (50, 50), "in at the gate");
        assert_eq!(hour(&all[1], 6), 50, "out at it");
        assert_eq!((hour(&all[2], 3), hour(&all[2], 6)), (100, 0), "its own goes before");
        assert!(all.iter().all(|flow| flow.has_profile));
    }
}
