//! Where signs have to stand, and which camera watches there.
//!
//! Names of signs are those of GB 5768.2. An entry is a junction at which a truck could come from
//! another road into one that is closed to it.

use std::collections::BTreeSet;

use geo_types::Coord;

use super::places::{NO_NAME, PlaceNames};
use super::{RecordedOrder, is_area, words};
use crate::domain::{OrderKind, RecordId, World};
use crate::network::ArcId;
pub use crate::network::entries::CameraCoverage;
use crate::network::entries::{self, PlacedCameras, azimuth_deg, heading};
use crate::network::orders::TrafficOrder;
use crate::network::truck::Scope;
use crate::network::turning::Manoeuvre;

/// One place for a sign.
#[derive(Clone, Debug, PartialEq)]
pub struct SignPost {
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
    pub watch: CameraCoverage,
}

/// Where trucks meet each closing order, with the sign there and the camera that sees it.
pub(super) fn entries(
    world: &World,
    places: &PlaceNames<'_>,
    closing: &[RecordedOrder<'_>],
    has_detour: bool,
) -> Vec<SignPost> {
    let mut found = Vec::new();
    let cameras = PlacedCameras::of(world);
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
                let end = ClosureEnd { places, measure, closed: &closed, arc, is_allowed };
                for from in end.incoming() {
                    let Some(entry) = end.entry(from, &cameras, item, &plate, has_detour) else {
                        continue;
                    };
                    if seen.insert((from, entry.sign.clone())) {
                        found.push(entry);
                    }
                }
            }
        }
        let end = |arc| ClosureEnd { places, measure, closed: &closed, arc, is_allowed: false };
        found.extend(measure.order.arcs.iter().filter_map(|arc| end(*arc).exit(item, &plate)));
        let turns = measure.order.turns.iter();
        found.extend(turns.filter_map(|turn| {
            let words = places.turn(*turn)?;
            let entries::EntryPoint { at, before, .. } =
                entries::EntryPoint::of(places.network, turn.0, turn.1)?;
            Some(SignPost {
                item,
                place: format!("{}（{}驶入）", words.junction, words.comes),
                record: measure.order.id,
                at,
                from_deg: azimuth_deg(at, before),
                sign: turn_sign(words.how).to_owned(),
                plate: plate.clone(),
                watch: cameras.watch(at, before),
            })
        }));
    }
    found
}

/// Where a closed arc begins. Of a one-way road also where the allowed one does.
struct ClosureEnd<'a> {
    places: &'a PlaceNames<'a>,
    measure: &'a RecordedOrder<'a>,
    closed: &'a BTreeSet<u32>,
    arc: ArcId,
    is_allowed: bool,
}

impl ClosureEnd<'_> {
    fn node(&self) -> u32 {
        self.places.network.tail(self.arc)
    }

    /// Arcs by which somebody comes here from outside; none where the closed one is closed anyway.
    fn incoming(&self) -> Vec<ArcId> {
        if self.is_allowed && !self.is_end() {
            return Vec::new();
        }
        entries::incoming(self.places.network, self.closed, self.arc)
    }

    /// Whether the closed road ends here.
    fn is_end(&self) -> bool {
        let around = self.places.around(self.node());
        around.iter().filter(|edge| self.closed.contains(edge)).count() == 1
    }

    fn entry(
        &self,
        from: ArcId,
        cameras: &PlacedCameras<'_>,
        item: usize,
        plate: &str,
        has_detour: bool,
    ) -> Option<SignPost> {
        let network = self.places.network;
        let entries::EntryPoint { at, before, .. } =
            entries::EntryPoint::of(network, from, self.arc)?;
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
        let watch = cameras.watch(at, before);
        let from_deg = azimuth_deg(at, before);
        let (record, plate) = (self.measure.order.id, plate.to_owned());
        Some(SignPost { item, place: words, record, at, from_deg, sign, plate, watch })
    }

    /// Where a truck leaves what is closed: out of an area by any road, from a road where it goes on.
    fn exit(&self, item: usize, plate: &str) -> Option<SignPost> {
        let network = self.places.network;
        let RecordedOrder { record, order } = self.measure;
        if order.kind == OrderKind::OneWay || !network.is_open(self.arc) {
            return None;
        }
        let own = self.places.label(self.arc.edge() as u32);
        let label = |arc: &ArcId| self.places.label(arc.edge() as u32);
        let node = network.head(self.arc);
        let mut on = network.leaving(node).iter().filter(|arc| {
            !self.closed.contains(&(arc.edge() as u32)) && (is_area(record) || label(arc) == own)
        });
        let entries::EntryPoint { at, before, .. } =
            entries::EntryPoint::of(network, self.arc, *on.next()?)?;
        let name = if own.is_empty() { NO_NAME.to_owned() } else { own.clone() };
        let way = heading(before, at);
        let words = match self.places.crossing(node, &own, None) {
            Some(crossing) => format!("{name}与{crossing}交叉口（{way}驶出）"),
            None => format!("{name}（{way}驶出）"),
        };
        let what = prohibition(order);
        let sign = if is_area(record) {
            format!("区域禁止解除（{what}）")
        } else {
            format!("解除{what}")
        };
        Some(SignPost {
            item,
            place: words,
            record: order.id,
            at,
            from_deg: azimuth_deg(at, before),
            sign,
            plate: plate.to_owned(),
            watch: CameraCoverage::NotNeeded,
        })
    }

    fn sign(&self) -> String {
        let RecordedOrder { record, order } = self.measure;
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

/// Whom it means is said by the plate below.
const fn turn_sign(how: Manoeuvre) -> &'static str {
    match how {
        Manoeuvre::Left => "禁止载货汽车左转",
        Manoeuvre::Right => "禁止载货汽车右转",
        Manoeuvre::Straight => "禁止直行",
        Manoeuvre::Back => "禁止掉头",
    }
}

/// A limit of mass alone has a sign of its own.
fn prohibition(order: &TrafficOrder) -> String {
    let scope = &order.scope;
    let rest = Scope { min_mass_t: 0.0, exemptions: Vec::new(), ..scope.clone() };
    if scope.min_mass_t > 0.0 && rest == Scope::default() {
        format!("限制质量（{}t）", scope.min_mass_t)
    } else {
        "禁止载货汽车驶入".to_owned()
    }
}

fn plate(measure: &RecordedOrder<'_>) -> String {
    let hours = words::hours(measure.record.text("hours"));
    format!("{hours}；{}", words::trucks(&measure.order.scope))
}
