//! What a plan does, as layers for any format that files go out in: each piece of road, the way of each
//! flow today and under the plan, and what should be looked at.

use geo_types::{Geometry, LineString, Point};
use jiff::civil::DateTime;

use crate::domain::Kind;
use crate::exchange::{Cell, OutColumn, OutLayer, OutRow, ResultLayer};
use crate::geodesy::crs::Crs;
use crate::network::compare::Comparison;
use crate::network::congestion::capacity_pcu_day;
use crate::network::evaluate::{Assumptions, Prepared, Trip};

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

const WAYS: [&str; 10] =
    ["名称", "情形", "起点", "终点", "车型", "辆日", "里程_km", "用时_min", "是否改道", "时刻"];
const FINDINGS: [&str; 4] = ["规则", "记录", "事项", "时刻"];

/// Roads, ways and findings of a plan, in this order. The ways and the hours of the findings are those of the
/// moment that is looked at, the volumes those of its day.
pub fn layers<'a>(
    prepared: &'a Prepared,
    comparison: &'a Comparison,
    (at, assumed): (DateTime, Assumptions),
    crs: &'a Crs,
) -> Vec<OutLayer<'a>> {
    vec![
        layer(prepared, comparison, (at, assumed), crs),
        ways(prepared, comparison, at, crs),
        findings(comparison, at, crs),
    ]
}

/// Two rows a flow, today and under the plan; one that has no way has no line.
fn ways<'a>(
    prepared: &'a Prepared,
    comparison: &'a Comparison,
    at: DateTime,
    crs: &'a Crs,
) -> OutLayer<'a> {
    let rows = comparison.trips(prepared).flat_map(move |(flow, before, after)| {
        let arcs = |trip: &Trip| trip.route.as_ref().map(|route| route.arcs.clone());
        let is_changed = arcs(before) != arcs(after);
        let (from, to) = (flow.from_words(&prepared.gates), flow.to_words(&prepared.gates));
        [("现状", before), ("方案", after)].map(|(case, trip)| {
            let number = |value: Option<f64>| {
                value.map_or(Cell::Empty, |value| Cell::Real((value * 100.0).round() / 100.0))
            };
            let km_and_min = trip.km_and_min();
            let line = arcs(trip).filter(|arcs| !arcs.is_empty()).map(|arcs| {
                let line = prepared.network.line_of(&arcs).0;
                Geometry::LineString(line.into_iter().map(|at| crs.from_wgs84(at)).collect())
            });
            let change = match (before.route.is_some(), after.route.is_some()) {
                (true, false) => "无路可走",
                _ if is_changed => "改道",
                _ => "不变",
            };
            OutRow {
                cells: vec![
                    Cell::Text(format!("{from} → {to}").into()),
                    Cell::Text(case.into()),
                    Cell::Text(from.to_owned().into()),
                    Cell::Text(to.to_owned().into()),
                    Cell::Text(flow.truck.class.label().zh.into()),
                    number(Some(flow.per_day)),
                    number(km_and_min.map(|(km, _)| km)),
                    number(km_and_min.map(|(_, min)| min)),
                    Cell::Text(change.into()),
                    Cell::Text(at.to_string().into()),
                ],
                geometry: line,
            }
        })
    });
    // Lines, as roads are: a flow has no place.
    out((Kind::Road, ResultLayer::PLAN_WAYS), &WAYS, crs, Box::new(rows))
}

fn findings<'a>(comparison: &'a Comparison, at: DateTime, crs: &'a Crs) -> OutLayer<'a> {
    let rows = comparison.findings.iter().map(move |finding| OutRow {
        cells: vec![
            Cell::Text(finding.rule.key().into()),
            Cell::Text(finding.record.to_string().into()),
            Cell::Text(finding.words.zh.as_str().into()),
            Cell::Text(at.to_string().into()),
        ],
        geometry: finding.at.map(|at| Point(crs.from_wgs84(at)).into()),
    });
    // Points: an order has none.
    out((Kind::Camera, ResultLayer::PLAN_FINDINGS), &FINDINGS, crs, Box::new(rows))
}

fn out<'a>(
    (kind, result): (Kind, ResultLayer),
    columns: &[&str],
    crs: &'a Crs,
    rows: Box<dyn Iterator<Item = OutRow<'a>> + 'a>,
) -> OutLayer<'a> {
    let columns = columns.iter().map(|name| OutColumn { name: (*name).to_owned(), field: None });
    OutLayer {
        kind,
        result: Some(result),
        crs,
        columns: columns.collect(),
        filter: String::new(),
        rows,
    }
}

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
    out((Kind::Road, ResultLayer::PLAN_ROADS), &COLUMNS, crs, Box::new(rows))
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
