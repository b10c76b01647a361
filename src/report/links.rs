//! What a plan does to each piece of road, as a layer for any format that files go out in.

use geo_types::{Geometry, LineString};
use jiff::civil::DateTime;

use crate::domain::Kind;
use crate::exchange::{Cell, OutColumn, OutLayer, OutRow};
use crate::geodesy::crs::Crs;
use crate::network::compare::Comparison;
use crate::network::congestion::capacity_pcu_day;
use crate::network::evaluate::{Assumptions, Prepared};

/// Passenger cars for which a heavy truck stands (CJJ 37-2012).
const TRUCK_PCU: f64 = 2.5;
/// Below so many trucks a day nobody drives there.
const NOBODY: f64 = 0.05;

const COLUMNS: [&str; 10] = [
    "道路",
    "路线编号",
    "等级",
    "长度_m",
    "现状_辆日",
    "方案_辆日",
    "变化_辆日",
    "现状_饱和度",
    "方案_饱和度",
    "时刻",
];

/// The pieces of road that trucks use today or under the plan, with trucks of the day of both
/// directions, and v/c where lanes are known: trucks as 2.5 cars, and the cars that are assumed to drive
/// where trucks drive today.
pub fn layer<'a>(
    prepared: &'a Prepared,
    comparison: &'a Comparison,
    (at, assumed): (DateTime, Assumptions),
    crs: &'a Crs,
) -> OutLayer<'a> {
    let network = &prepared.network;
    let volumes = comparison.before.volumes.iter().zip(&comparison.after.volumes);
    let used = network
        .edges
        .iter()
        .zip(volumes)
        .filter(|(_, (before, after))| before.max(**after) >= NOBODY);
    let rows = used.map(move |(edge, (before, after))| {
        let road = network.road_of(edge);
        let text = |text: &str| {
            if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned().into()) }
        };
        let directions = if edge.is_open == [true, true] { 2.0 } else { 1.0 };
        let capacity = capacity_pcu_day(network, edge) * directions;
        let share = |trucks: f64| {
            let volume = trucks * TRUCK_PCU + before * assumed.cars_per_truck;
            if capacity.is_finite() { Cell::Real(round(volume / capacity)) } else { Cell::Empty }
        };
        let places = network.line(edge).iter().map(|at| crs.from_wgs84(*at)).collect();
        OutRow {
            cells: vec![
                text(road.map_or("", |road| &road.name)),
                text(road.map_or("", |road| &road.reference)),
                text(road.map_or("", |road| road.class)),
                Cell::Real(f64::from(edge.length_m).round()),
                Cell::Real(round(*before)),
                Cell::Real(round(*after)),
                Cell::Real(round(after - before)),
                share(*before),
                share(*after),
                Cell::Text(at.to_string().into()),
            ],
            geometry: Some(Geometry::LineString(LineString(places))),
        }
    });
    let columns = COLUMNS.map(|name| OutColumn { name: name.to_owned(), field: None });
    OutLayer {
        kind: Kind::Road,
        crs,
        columns: columns.to_vec(),
        filter: String::new(),
        rows: Box::new(rows),
    }
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
