//! The line between the waypoints of a draft. A leg is looked for once, so that a drag costs the
//! two legs that it moves.

use std::sync::Arc;

use geo_types::{Coord, Geometry, LineString, Polygon};

use crate::geodesy::ring::distance_m;
use crate::geodesy::shape::oriented;
use crate::network::evaluate::Prepared;
use crate::network::orders::BoundStretch;
use crate::network::snap_route::{
    Leg, LegKind, RoadUse, Waypoint, apart, bound_by, joined, leg, length_m,
};
use crate::ui::model::drawing::Form;

/// The line along the roads, leg by leg, so that a moved waypoint costs two legs.
#[derive(Default)]
pub struct Path {
    roads: Option<Arc<Prepared>>,
    rule: Option<RoadUse>,
    /// Between the waypoints; of an area, the last one leads back to the first.
    legs: Vec<Known>,
    /// On to the pointer, and of an area back from there.
    more: Vec<Known>,
}

#[derive(Clone)]
struct Known {
    ends: [Waypoint; 2],
    leg: Leg,
}

impl Path {
    /// Follows waypoints and pointer; only legs whose ends have moved are searched again.
    pub fn update(
        &mut self,
        waypoints: &[Waypoint],
        pointer: Option<Waypoint>,
        (is_area, rule): (bool, RoadUse),
        roads: Option<&Arc<Prepared>>,
    ) {
        let is_same = match (&self.roads, roads) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        if !is_same || self.rule != Some(rule) {
            *self = Self { roads: roads.cloned(), rule: Some(rule), ..Self::default() };
        }
        let closes = is_area && waypoints.len() > 2;
        let next = waypoints.iter().skip(1).chain(waypoints.first().filter(|_| closes));
        let ends: Vec<[Waypoint; 2]> = waypoints.iter().zip(next).map(|(a, b)| [*a, *b]).collect();
        let legs = self.found(&ends, rule);
        let more: Vec<[Waypoint; 2]> = match (pointer, waypoints) {
            (Some(pointer), [first, .., last]) if is_area => {
                vec![[*last, pointer], [pointer, *first]]
            }
            (Some(pointer), [.., last]) => vec![[*last, pointer]],
            _ => Vec::new(),
        };
        self.more = self.found(&more, rule);
        self.legs = legs;
    }

    fn found(&self, ends: &[[Waypoint; 2]], rule: RoadUse) -> Vec<Known> {
        let find = |ends: &[Waypoint; 2]| {
            let known = self.legs.iter().chain(&self.more).find(|known| known.ends == *ends);
            let leg = known.map_or_else(|| self.leg(*ends, rule), |known| known.leg.clone());
            Known { ends: *ends, leg }
        };
        ends.iter().map(find).collect()
    }

    fn leg(&self, [from, to]: [Waypoint; 2], rule: RoadUse) -> Leg {
        if let Some(roads) = &self.roads {
            leg(roads, from, to, rule)
        } else {
            let (line, kind) = (vec![from.at, to.at], LegKind::Straight);
            Leg { line, kind, stretches: Vec::new() }
        }
    }

    /// Of the waypoints alone.
    pub fn shape(&self, form: Form) -> Option<Geometry<f64>> {
        made(form, self.legs.iter())
    }

    /// With the pointer as the next waypoint.
    pub fn shown(&self, form: Form) -> Option<Geometry<f64>> {
        if self.more.is_empty() {
            return None;
        }
        // The leg that closes an area is no longer one when it goes on to the pointer.
        let closing = usize::from(form == Form::Area && self.legs.len() > 2);
        let legs = self.legs.iter().take(self.legs.len() - closing);
        made(form, legs.chain(&self.more))
    }

    /// Half way along each leg.
    pub fn middles(&self) -> Vec<Coord<f64>> {
        self.legs.iter().filter_map(|known| middle(&known.leg.line)).collect()
    }

    /// Waypoints after which there is no way by road.
    pub fn apart(&self) -> Vec<usize> {
        let legs: Vec<Leg> = self.legs.iter().map(|known| known.leg.clone()).collect();
        apart(&legs)
    }

    /// The roads that the line of the waypoints leads along; none where a part of it was not led.
    pub fn stretches(&self) -> Vec<BoundStretch> {
        bound_by(self.legs.iter().map(|known| &known.leg))
    }

    /// The kinds of all legs that are shown.
    pub fn kinds(&self) -> impl Iterator<Item = LegKind> {
        self.legs.iter().chain(&self.more).map(|known| known.leg.kind)
    }
}

fn made<'a>(form: Form, legs: impl Iterator<Item = &'a Known>) -> Option<Geometry<f64>> {
    let lines: Vec<&[Coord<f64>]> = legs.map(|known| known.leg.line.as_slice()).collect();
    if form == Form::Area && lines.len() > 2 {
        let ring = joined(lines.into_iter(), true);
        return (ring.len() > 3)
            .then(|| oriented(Polygon::new(LineString(ring), Vec::new()).into()));
    }
    let line = joined(lines.into_iter(), false);
    (line.len() > 1).then(|| LineString(line).into())
}

/// Half way along a line.
fn middle(line: &[Coord<f64>]) -> Option<Coord<f64>> {
    let mut left_m = length_m(line) / 2.0;
    for pair in line.windows(2) {
        let [a, b] = pair else { continue };
        let metres = distance_m(*a, *b);
        if metres >= left_m {
            let share = if metres > 0.0 { left_m / metres } else { 0.0 };
            return Some(*a + (*b - *a) * share);
        }
        left_m -= metres;
    }
    line.last().copied()
}
