//! Demand: gates, and the trucks between them, as the records say. The matrix has no zones besides
//! gates; how it is estimated is [`super::counts`]'s.

use geo_types::{Coord, Geometry};

use super::graph::Network;
use super::truck::{Truck, emission_stage};
use crate::domain::{
    FlowSource, Fuel, Kind, PlateColour, Record, RecordId, TruckClass, Value, World,
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
    Flow {
        id: record.id,
        from: gate(from),
        to: gate(to),
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
