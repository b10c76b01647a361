//! Where signs have to stand, and which camera watches there.
//!
//! Names of signs are those of GB 5768.2. An entry is a junction at which a truck could come from
//! another road into one that is closed to it.

use std::collections::BTreeSet;

use geo_types::{Coord, Geometry};

use super::places::{NO_NAME, Places, azimuth_deg, heading};
use super::{Measure, is_area, words};
use crate::domain::{Kind, Record, RecordId, Value, World};
use crate::geodesy::ring::distance_m;
use crate::network::Arc;
use crate::network::orders::{Order, OrderKind};

/// A camera sees an entry when it stands as near as this.
const CAMERA_REACH_M: f64 = 50.0;
/// … and looks, within so much, at the place so far before the entry: at whoever comes.
const VIEW_DEG: f64 = 60.0;
const BEFORE_M: f64 = 30.0;

/// One place for a sign.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Which restriction of the notice, from 1.
    pub item: usize,
    pub place: String,
    /// Of the order.
    pub record: RecordId,
    /// WGS-84 degrees.
    pub at: Coord<f64>,
    /// Where trucks come from, degrees clockwise from north: a camera looks there.
    pub from_deg: f64,
    pub sign: String,
    /// 辅助标志: hours and trucks.
    pub plate: String,
    pub watch: Watch,
}

/// Whether a camera watches an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watch {
    By(String),
    /// There is one, but nobody wrote down where it looks.
    UnknownDirection(String),
    Nobody,
}

impl Watch {
    /// The camera.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::By(name) | Self::UnknownDirection(name) => Some(name),
            Self::Nobody => None,
        }
    }

    pub fn words(&self) -> String {
        match self {
            Self::By(name) => format!("已覆盖：{name}"),
            Self::UnknownDirection(name) => format!("{name}（朝向待填）"),
            Self::Nobody => "未覆盖，需新设".to_owned(),
        }
    }

    /// Whether it is known to look there.
    pub const fn is_sure(&self) -> bool {
        matches!(self, Self::By(_))
    }
}

pub(super) fn entries(
    world: &World,
    places: &Places<'_>,
    closing: &[Measure<'_>],
    has_detour: bool,
) -> Vec<Entry> {
    let mut found = Vec::new();
    for (item, measure) in (1..).zip(closing) {
        let plate = plate(measure);
        let closed: BTreeSet<u32> =
            measure.order.arcs.iter().map(|arc| arc.edge() as u32).collect();
        let mut seen = BTreeSet::new();
        for arc in &measure.order.arcs {
            let ways = [(*arc, false), (arc.reverse(), true)];
            let is_one_way = measure.order.kind == OrderKind::OneWay;
            for (arc, is_allowed) in ways.into_iter().filter(|(_, allowed)| is_one_way || !allowed)
            {
                let gate = Gate { places, measure, closed: &closed, arc, is_allowed };
                for from in gate.incoming() {
                    let Some(entry) = gate.entry(from, world, item, &plate, has_detour) else {
                        continue;
                    };
                    if seen.insert((from, entry.sign.clone())) {
                        found.push(entry);
                    }
                }
            }
        }
    }
    found
}

/// Where a closed arc begins. Of a one-way road also where the allowed one does.
struct Gate<'a> {
    places: &'a Places<'a>,
    measure: &'a Measure<'a>,
    closed: &'a BTreeSet<u32>,
    arc: Arc,
    is_allowed: bool,
}

impl Gate<'_> {
    fn node(&self) -> u32 {
        self.places.network.tail(self.arc)
    }

    /// Arcs by which somebody comes here from outside; none where the closed one is closed anyway.
    fn incoming(&self) -> Vec<Arc> {
        let network = self.places.network;
        let is_open = |arc: Arc| {
            network.edge(arc).is_some_and(|edge| edge.is_open[usize::from(arc.is_backward())])
        };
        if !is_open(self.arc) || (self.is_allowed && !self.is_end()) {
            return Vec::new();
        }
        let outside = self.places.around(self.node()).iter().filter(|e| !self.closed.contains(*e));
        outside
            .flat_map(|edge| [Arc::new(*edge, false), Arc::new(*edge, true)])
            .filter(|arc| network.head(*arc) == self.node() && is_open(*arc))
            .collect()
    }

    /// Whether the closed road ends here.
    fn is_end(&self) -> bool {
        let around = self.places.around(self.node());
        around.iter().filter(|edge| self.closed.contains(edge)).count() == 1
    }

    fn entry(
        &self,
        from: Arc,
        world: &World,
        item: usize,
        plate: &str,
        has_detour: bool,
    ) -> Option<Entry> {
        let network = self.places.network;
        let at = *network.nodes.get(self.node() as usize)?;
        let line = network.line_of(&[from]);
        let before = before(&line.0)?;
        let own = self.places.label(self.arc.edge() as u32);
        let other = self.places.label(from.edge() as u32);
        let is_straight = own == other;
        let crossing =
            if is_straight { self.places.crossing(self.node(), &own, None) } else { Some(other) };
        let named = |name: String| if name.is_empty() { NO_NAME.to_owned() } else { name };
        let way = heading(before, at);
        let words = crossing.map_or_else(
            || format!("{}（{way}驶入）", named(own.clone())),
            |crossing| format!("{}与{}交叉口（{way}驶入）", named(own.clone()), named(crossing)),
        );
        let mut sign = self.sign();
        if has_detour && is_straight && !self.is_allowed {
            sign.push_str("、绕行标志（路口前）");
        }
        let watch = watch(world, at, before);
        let from_deg = azimuth_deg(at, before);
        let (record, plate) = (self.measure.order.id, plate.to_owned());
        Some(Entry { item, place: words, record, at, from_deg, sign, plate, watch })
    }

    fn sign(&self) -> String {
        let Measure { record, order } = self.measure;
        if order.kind == OrderKind::OneWay {
            return match (self.is_allowed, self.is_end()) {
                (true, _) => "单行路（直行）",
                (false, true) => "禁止驶入",
                (false, false) => "单行路（向左或向右）",
            }
            .to_owned();
        }
        let sign = prohibition(order);
        if is_area(record) { format!("区域禁止（{sign}）") } else { sign }
    }
}

/// A limit of mass alone has a sign of its own.
fn prohibition(order: &Order) -> String {
    let scope = &order.scope;
    let is_mass_only = scope.classes.is_empty() && scope.stages.is_empty() && scope.min_axles == 0;
    if is_mass_only && scope.min_mass_t > 0.0 {
        format!("限制质量（{}t）", scope.min_mass_t)
    } else {
        "禁止载货汽车驶入".to_owned()
    }
}

fn plate(measure: &Measure<'_>) -> String {
    let hours = words::hours(measure.record.text("hours"));
    format!("{hours}；{}", words::trucks(&measure.order.scope))
}

/// The place so far before the end of a line; its beginning where it is shorter.
fn before(line: &[Coord<f64>]) -> Option<Coord<f64>> {
    let mut left_m = BEFORE_M;
    for pair in line.windows(2).rev() {
        let [from, to] = pair else { continue };
        let length_m = distance_m(*from, *to);
        if length_m >= left_m {
            return Some(*to + (*from - *to) * (left_m / length_m));
        }
        left_m -= length_m;
    }
    line.first().copied()
}

/// The camera that sees it; else one that may.
fn watch(world: &World, at: Coord<f64>, before: Coord<f64>) -> Watch {
    let mut best = Watch::Nobody;
    for camera in world.table(Kind::Camera).iter() {
        let Some(Geometry::Point(place)) = &camera.geometry else { continue };
        if distance_m(place.0, at) > CAMERA_REACH_M {
            continue;
        }
        match camera.get("direction_deg").and_then(Value::as_f64) {
            Some(direction) => {
                let off = (azimuth_deg(place.0, before) - direction).rem_euclid(360.0);
                if off.min(360.0 - off) <= VIEW_DEG {
                    return Watch::By(called(camera));
                }
            }
            None if best == Watch::Nobody => best = Watch::UnknownDirection(called(camera)),
            None => {}
        }
    }
    best
}

fn called(camera: &Record) -> String {
    match (camera.name(), camera.code()) {
        ("", code) => code.unwrap_or("【待填：摄像机名称】").to_owned(),
        (name, _) => name.to_owned(),
    }
}
