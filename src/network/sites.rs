//! Schools, hospitals, villages and works beside the roads: whom trucks pass, and whom they reach.
//! By straight distance from the line of a road; doors and drives are not known.

use geo_types::{Coord, Geometry, LineString};

use super::access::Closure;
use super::accessibility::Accessibility;
use super::csr::Csr;
use super::evaluate::{DayPair, Evaluation, Prepared, day_trips};
use super::orders::samples;
use crate::domain::{Kind, Record, RecordId, SiteKind, World};
use crate::geodesy::index::box_around;
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb::bounds;

/// Trucks pass a school or a village where the line of their road comes this near, metres: a
/// proposal of this program.
pub const PASSED_M: f64 = 50.0;
/// Who is passed already is passed anew where trucks grow by more than this share: a proposal too.
pub const RISE: f64 = 0.5;
/// A works or a village is served by the nearest road, if it is no farther than this, metres …
pub const SERVED_M: f64 = 300.0;
/// … and by others that are at most this much farther.
const BESIDE_M: f64 = 30.0;
/// Between two looks along a road past an area, metres.
const STEP_M: f64 = 15.0;
/// Trucks a day below which there are none.
const SOME: f64 = 0.5;

const PASSED: [SiteKind; 2] = [SiteKind::Sensitive, SiteKind::Village];
const SERVED: [SiteKind; 4] =
    [SiteKind::Enterprise, SiteKind::Village, SiteKind::Parking, SiteKind::Stockpile];

/// A school, hospital, village or works that roads pass or serve.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadsideSite {
    /// Of its record.
    pub id: RecordId,
    /// For people.
    pub name: String,
    /// What it is.
    pub kind: SiteKind,
    /// WGS-84 degrees.
    pub at: Coord<f64>,
}

/// Sites that trucks must not come by, or must reach, on one network.
#[derive(Clone, Debug, Default)]
pub struct RoadsideSites {
    /// In the order of their table; numbers of sites are places in it.
    pub all: Vec<RoadsideSite>,
    /// Of each edge, the sites that it passes.
    passed: Csr<u32>,
    /// Of each site, the edges that serve it.
    served: Csr<u32>,
}

/// A site that more trucks pass under a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PassedSite {
    /// Which.
    pub site: RoadsideSite,
    /// Trucks a day.
    pub before: f64,
    /// Trucks a day under the plan.
    pub after: f64,
}

impl RoadsideSites {
    /// Looks for the edges near each site, by straight distance.
    pub fn of(world: &World, prepared: &Prepared) -> Self {
        let (mut all, mut passed, mut served) = (Vec::new(), Vec::new(), Vec::new());
        for record in world.table(Kind::Site).iter() {
            let Some((site, shape)) = site(record) else { continue };
            let number = all.len() as u32;
            let near = near(prepared, shape, PASSED_M.max(2.0 * BESIDE_M));
            if PASSED.contains(&site.kind) {
                let is_passed = |(away_m, _): &&(f64, u32)| *away_m <= PASSED_M;
                passed.extend(near.iter().filter(is_passed).map(|(_, edge)| (*edge, number)));
            }
            if SERVED.contains(&site.kind) {
                let by = serving(prepared, shape, near);
                served.extend(by.into_iter().map(|edge| (number, edge)));
            }
            all.push(site);
        }
        let passed = Csr::new(prepared.network.edges.len(), passed.into_iter());
        let served = Csr::new(all.len(), served.into_iter());
        Self { all, passed, served }
    }

    /// Sites that trucks pass under a plan and not today, or by more than [`RISE`] more of them; those
    /// with most trucks first.
    pub fn newly_passed(
        &self,
        prepared: &Prepared,
        before: &Evaluation,
        after: &Evaluation,
    ) -> Vec<PassedSite> {
        let (before, after) = (self.trucks(prepared, before), self.trucks(prepared, after));
        let sites = self.all.iter().zip(before.into_iter().zip(after));
        let is_new = |before: f64, after: f64| after >= SOME && after > before * (1.0 + RISE);
        let mut found: Vec<PassedSite> = sites
            .filter(|(_, (before, after))| is_new(*before, *after))
            .map(|(site, (before, after))| PassedSite { site: site.clone(), before, after })
            .collect();
        found.sort_by(|a, b| b.after.total_cmp(&a.after).then(a.site.id.cmp(&b.site.id)));
        found
    }

    /// Trucks a day that pass each site, each truck once.
    fn trucks(&self, prepared: &Prepared, outcome: &Evaluation) -> Vec<f64> {
        let mut trucks = vec![0.0; self.all.len()];
        for DayPair { trucks: driven, after: trip, .. } in day_trips(prepared, outcome) {
            let arcs = trip.route.iter().flat_map(|route| &route.arcs);
            let mut passed: Vec<u32> =
                arcs.flat_map(|arc| self.passed.of(arc.edge())).copied().collect();
            passed.sort_unstable();
            passed.dedup();
            for site in passed {
                if let Some(trucks) = trucks.get_mut(site as usize) {
                    *trucks += driven;
                }
            }
        }
        trucks
    }

    /// Whether trucks come to each site and away again; never for those that no road serves.
    pub(super) fn reached(
        &self,
        reach: &Accessibility,
        closure: &Closure,
        prepared: &Prepared,
    ) -> Vec<bool> {
        let is_reached = |site: usize| {
            let mut edges = self.served.of(site).iter();
            edges.any(|edge| reach.serves(&prepared.network, closure, *edge))
        };
        (0..self.all.len()).map(is_reached).collect()
    }
}

fn site(record: &Record) -> Option<(RoadsideSite, &Geometry<f64>)> {
    let kind =
        SiteKind::of(record).filter(|kind| PASSED.contains(kind) || SERVED.contains(kind))?;
    let shape = record.geometry.as_ref()?;
    let around = bounds(shape)?;
    let at = around.middle();
    Some((RoadsideSite { id: record.id, name: record.name().to_owned(), kind, at }, shape))
}

/// Edges within so many metres of a site, and how far they are.
fn near(prepared: &Prepared, shape: &Geometry<f64>, reach_m: f64) -> Vec<(f64, u32)> {
    let Some(around) = bounds(shape) else { return Vec::new() };
    let wanted = box_around(around.min, reach_m).joined_with(box_around(around.max, reach_m));
    let frame = LocalFrame::at(around.middle());
    let mut found = Vec::new();
    prepared.index().search(wanted, &mut |edge| {
        let away_m = away_m(prepared, shape, &frame, edge);
        if away_m <= reach_m {
            found.push((away_m, edge));
        }
    });
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    found
}

fn away_m(prepared: &Prepared, shape: &Geometry<f64>, frame: &LocalFrame, edge: u32) -> f64 {
    let network = &prepared.network;
    let Some(edge) = network.edges.get(edge as usize) else { return f64::INFINITY };
    let line = network.line(edge);
    if matches!(shape, Geometry::Point(_)) {
        return frame.nearest_m(&LineString(line.to_vec()).into()).unwrap_or(f64::INFINITY);
    }
    let parts = (f64::from(edge.length_m) / STEP_M).ceil().clamp(1.0, 1000.0) as usize;
    let places = samples(line, parts).into_iter();
    places.filter_map(|at| LocalFrame::at(at).nearest_m(shape)).fold(f64::INFINITY, f64::min)
}

/// The nearest road of a site, and those beside it.
fn serving(prepared: &Prepared, shape: &Geometry<f64>, mut by: Vec<(f64, u32)>) -> Vec<u32> {
    let is_complete = by.first().is_some_and(|(away_m, _)| *away_m <= BESIDE_M);
    if !is_complete {
        by = near(prepared, shape, SERVED_M + BESIDE_M);
    }
    let Some((nearest_m, _)) = by.first().copied().filter(|(away_m, _)| *away_m <= SERVED_M) else {
        return Vec::new();
    };
    let is_beside = |(away_m, _): &&(f64, u32)| *away_m <= nearest_m + BESIDE_M;
    by.iter().filter(is_beside).map(|(_, edge)| *edge).collect()
}

#[cfg(test)]
mod tests;
