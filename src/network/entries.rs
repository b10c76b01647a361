//! Where trucks come into closed roads, and which camera watches there.
//!
//! An entry point is an arc by which somebody comes from an open road to one that is closed. Signs at
//! entry points are the notice's, which camera comes next is [`super::lint`]'s.

use std::collections::{BTreeMap, BTreeSet};

use geo_types::{Coord, Geometry};

use super::graph::{ArcId, Network};
use super::orders::TrafficOrder;
use crate::domain::{Kind, LocalizedText, OrderKind, Record, Value, World};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::ring::distance_m;

/// A camera sees an entry when it stands as near as this.
const CAMERA_REACH_M: f64 = 50.0;
/// … and looks, within so much, at the place so far before the entry: at whoever comes.
const VIEW_DEG: f64 = 60.0;
const BEFORE_M: f64 = 30.0;
/// More than the reach of a camera in degrees of longitude up to 60° N.
const NEAR_DEG: f64 = 0.001;

const SIDES: [(&str, &str); 8] = [
    ("北", "north"),
    ("东北", "north-east"),
    ("东", "east"),
    ("东南", "south-east"),
    ("南", "south"),
    ("西南", "south-west"),
    ("西", "west"),
    ("西北", "north-west"),
];

/// One way into closed roads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntryPoint {
    /// By which one comes.
    pub from: ArcId,
    /// The first closed arc; there may be others from the same junction.
    pub into: ArcId,
    /// The junction, WGS-84 degrees.
    pub at: Coord<f64>,
    /// A place on the way to it.
    pub before: Coord<f64>,
}

/// Whether a camera watches an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraCoverage {
    /// The camera of this name looks there.
    By(String),
    /// There is one, but nobody wrote down where it looks.
    UnknownDirection(String),
    /// No camera is near enough.
    Nobody,
    /// Nobody has to watch: a restriction ends there.
    NotNeeded,
}

impl CameraCoverage {
    /// The camera.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::By(name) | Self::UnknownDirection(name) => Some(name),
            Self::Nobody | Self::NotNeeded => None,
        }
    }

    /// For the notice, in Chinese.
    pub fn words(&self) -> String {
        match self {
            Self::By(name) => format!("已覆盖：{name}"),
            Self::UnknownDirection(name) => format!("{name}（朝向待填）"),
            Self::Nobody => "未覆盖，需新设".to_owned(),
            Self::NotNeeded => "—".to_owned(),
        }
    }

    /// Whether it is known to look there.
    pub const fn is_sure(&self) -> bool {
        matches!(self, Self::By(_))
    }
}

/// The cameras of a district, with where they stand and look.
pub struct PlacedCameras<'a>(Vec<(Coord<f64>, Option<f64>, &'a Record)>);

impl<'a> PlacedCameras<'a> {
    /// All cameras that are placed.
    pub fn of(world: &'a World) -> Self {
        let placed = world.table(Kind::Camera).iter().filter_map(|camera| {
            let Some(Geometry::Point(place)) = &camera.geometry else { return None };
            let direction_deg = camera.get("direction_deg").and_then(Value::as_f64);
            Some((place.0, direction_deg, camera.as_ref()))
        });
        Self(placed.collect())
    }

    /// The camera that sees whoever comes from a place to a junction; else one that may.
    pub fn watch(&self, at: Coord<f64>, before: Coord<f64>) -> CameraCoverage {
        let mut best = CameraCoverage::Nobody;
        for (place, direction_deg, camera) in &self.0 {
            let off = *place - at;
            let may_see = off.x.abs() < NEAR_DEG && off.y.abs() < NEAR_DEG;
            if !may_see || distance_m(*place, at) > CAMERA_REACH_M {
                continue;
            }
            match direction_deg {
                Some(direction) if looks_at(*place, *direction, before) => {
                    return CameraCoverage::By(called(camera));
                }
                None if best == CameraCoverage::Nobody => {
                    best = CameraCoverage::UnknownDirection(called(camera));
                }
                _ => {}
            }
        }
        best
    }
}

fn looks_at(from: Coord<f64>, direction_deg: f64, at: Coord<f64>) -> bool {
    let off = (azimuth_deg(from, at) - direction_deg).rem_euclid(360.0);
    off.min(360.0 - off) <= VIEW_DEG
}

fn called(camera: &Record) -> String {
    match (camera.name(), camera.code()) {
        ("", code) => code.unwrap_or("【待填：摄像机名称】").to_owned(),
        (name, _) => name.to_owned(),
    }
}

impl EntryPoint {
    /// `None` where one of the arcs is none of the network.
    pub fn of(network: &Network, from: ArcId, into: ArcId) -> Option<Self> {
        let at = *network.nodes.get(network.tail(into) as usize)?;
        let before = before(&network.line_of(&[from]).0)?;
        Some(Self { from, into, at, before })
    }

    /// Where a camera at the junction looks that watches it, degrees clockwise from north.
    pub fn direction_deg(&self) -> f64 {
        azimuth_deg(self.at, self.before)
    }

    /// Whether a camera at the junction of another entry that looks at that one sees this one too.
    pub fn is_seen_from(&self, other: &Self) -> bool {
        let off = self.at - other.at;
        off.x.abs() < NEAR_DEG
            && off.y.abs() < NEAR_DEG
            && distance_m(self.at, other.at) <= CAMERA_REACH_M
            && looks_at(other.at, other.direction_deg(), self.before)
    }

    /// `丰润大街与北外环交叉口（由西向东驶入）`.
    pub fn words(&self, network: &Network) -> LocalizedText {
        let named = |edge: usize| match network.name_of(edge as u32) {
            "" => None,
            name => Some(name),
        };
        let own = named(self.into.edge());
        let node = network.tail(self.into);
        let around = network.leaving(node).iter().chain(network.entering(node));
        let others = std::iter::once(&self.from).chain(around);
        let crossing = others.filter_map(|arc| named(arc.edge())).find(|name| Some(*name) != own);
        let way = heading(self.before, self.at);
        let side = side(self.at, self.before).1;
        let (zh, en) = (own.unwrap_or("无名道路"), own.unwrap_or("a road"));
        match crossing {
            Some(crossing) => LocalizedText::new(
                format!("{zh}与{crossing}交叉口（{way}驶入）"),
                format!("{en} at {crossing} (from the {side})"),
            ),
            None => {
                LocalizedText::new(format!("{zh}（{way}驶入）"), format!("{en} (from the {side})"))
            }
        }
    }
}

/// Ways into the roads that orders close to somebody, by the arc by which one comes. From one closed
/// road into another nobody comes in.
pub fn entries(network: &Network, orders: &[&TrafficOrder]) -> Vec<EntryPoint> {
    let closing = || orders.iter().filter(|order| order.kind != OrderKind::Detour);
    let closed: BTreeSet<u32> =
        closing().flat_map(|order| &order.arcs).map(|arc| arc.edge() as u32).collect();
    let mut found: BTreeMap<ArcId, EntryPoint> = BTreeMap::new();
    for arc in closing().flat_map(|order| &order.arcs) {
        for from in incoming(network, &closed, *arc) {
            if let Some(entry) = EntryPoint::of(network, from, *arc) {
                found.entry(from).or_insert(entry);
            }
        }
    }
    found.into_values().collect()
}

/// Arcs by which somebody comes from outside to where an arc begins; none where nobody may drive it
/// anyway.
pub fn incoming(network: &Network, closed: &BTreeSet<u32>, arc: ArcId) -> Vec<ArcId> {
    if !network.is_open(arc) {
        return Vec::new();
    }
    let all = network.entering(network.tail(arc)).iter().copied();
    all.filter(|from| !closed.contains(&(from.edge() as u32))).collect()
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

/// Azimuth in degrees clockwise from north.
pub fn azimuth_deg(from: Coord<f64>, to: Coord<f64>) -> f64 {
    let Coord { x, y } = LocalFrame::at(from).plane_from_wgs84(to);
    x.atan2(y).to_degrees().rem_euclid(360.0)
}

/// The side of the compass to which a place lies, in Chinese and English.
pub fn side(from: Coord<f64>, to: Coord<f64>) -> (&'static str, &'static str) {
    let sector = (azimuth_deg(from, to) / 45.0).round() as usize % SIDES.len();
    SIDES.get(sector).copied().unwrap_or_default()
}

/// `由西向东` for a truck that goes from one place to another.
pub fn heading(from: Coord<f64>, to: Coord<f64>) -> String {
    format!("由{}向{}", side(to, from).0, side(from, to).0)
}
