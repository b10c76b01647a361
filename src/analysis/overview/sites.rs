//! All sites of a district, counted in one pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::analysis::code_or_name;
use crate::analysis::rings::{RingOptions, control_points};
use crate::analysis::standards::{InspectionTally, Rate};
use crate::domain::{ControlPointLevel, ControlPointState, Kind, Record, SiteKind, World};
use crate::geodesy::index::box_around;
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb::{self, Bounds};

/// The site kinds whose standards are counted.
pub const KINDS: [SiteKind; 3] = [SiteKind::Construction, SiteKind::Restaurant, SiteKind::Parking];

/// How the sites of one kind are up to standard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindStandards {
    pub all: Rate,
    /// By name; those of none last.
    pub by_department: Vec<Rate>,
    pub by_township: Vec<Rate>,
}

/// What lies in a township.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Of any kind.
    pub sites: usize,
    pub inspections: InspectionTally,
}

/// A control point, who answers for it, and what lies in its largest ring.
#[derive(Clone, Debug)]
pub struct RingSummary {
    pub control_point: Arc<Record>,
    /// The largest; `None` where it has no place.
    pub radius_m: Option<f64>,
    pub inside: Contents,
}

/// How the sites of a district stand.
#[derive(Clone, Debug, Default)]
pub struct SiteFigures {
    /// In the order of [`KINDS`].
    pub standards: [KindStandards; KINDS.len()],
    /// By the township that a site names; empty where it names none.
    pub townships: BTreeMap<String, Contents>,
    /// By level as it is monitored, then by code.
    pub rings: Vec<RingSummary>,
    /// Not up to standard, in the largest ring of any control point in operation.
    pub failing_in_rings: usize,
}

type Groups<'w> = BTreeMap<(bool, &'w str), Rate>;

impl SiteFigures {
    /// One pass over the sites, each measured against the rings whose box it meets.
    pub fn of(world: &World) -> Self {
        let mut groups: [[Groups<'_>; 2]; KINDS.len()] = Default::default();
        let mut sites = Self { rings: rings(world), ..Self::default() };
        let mut townships: BTreeMap<&str, Contents> = BTreeMap::new();
        let around = Around::of(world, &sites.rings);
        for site in world.table(Kind::Site).iter() {
            let inspections = InspectionTally::of(site);
            let township = site.text("township");
            townships.entry(township).or_default().add(inspections);
            let kind = KINDS.iter().position(|kind| kind.is_of(site));
            if let Some((standards, [departments, of_townships])) =
                kind.and_then(|place| sites.standards.get_mut(place).zip(groups.get_mut(place)))
            {
                standards.all.add(site);
                group(departments, site.text("department")).add(site);
                group(of_townships, township).add(site);
            }
            let is_in_operation = around.visit(site, |ring| {
                if let Some(ring) = sites.rings.get_mut(ring) {
                    ring.inside.add(inspections);
                }
            });
            sites.failing_in_rings += if is_in_operation { inspections.failing } else { 0 };
        }
        for (standards, [departments, of_townships]) in sites.standards.iter_mut().zip(groups) {
            standards.by_department = departments.into_values().collect();
            standards.by_township = of_townships.into_values().collect();
        }
        sites.townships = townships.into_iter().map(|(name, of)| (name.to_owned(), of)).collect();
        sites
    }

    /// `None` for a kind that is not among [`KINDS`].
    pub fn of_kind(&self, site_kind: SiteKind) -> Option<&KindStandards> {
        let place = KINDS.iter().position(|kind| *kind == site_kind)?;
        self.standards.get(place)
    }
}

impl Contents {
    fn add(&mut self, inspections: InspectionTally) {
        self.sites += 1;
        self.inspections += inspections;
    }
}

fn group<'g, 'w>(groups: &'g mut Groups<'w>, of: &'w str) -> &'g mut Rate {
    groups
        .entry((of.is_empty(), of))
        .or_insert_with(|| Rate { of: of.to_owned(), ..Rate::default() })
}

fn rings(world: &World) -> Vec<RingSummary> {
    let options = RingOptions { with_stopped: true, ..RingOptions::default() };
    let placed = control_points(world, &options);
    let mut rings: Vec<RingSummary> = world
        .table(Kind::ControlPoint)
        .iter()
        .map(|point| RingSummary {
            control_point: Arc::clone(point),
            radius_m: placed
                .iter()
                .find(|(known, _)| known.id == point.id)
                .and_then(|_| point.radii_m().last().copied()),
            inside: Contents::default(),
        })
        .collect();
    rings.sort_by_cached_key(|ring| {
        let point = &ring.control_point;
        // Those that name no level come last.
        let level = ControlPointLevel::of(point);
        (level.is_none(), level, code_or_name(point).to_owned(), point.id)
    });
    rings
}

/// Where the rings are, so that most sites are measured against none.
struct Around(Vec<(usize, Bounds, LocalFrame, f64, bool)>);

impl Around {
    fn of(world: &World, rings: &[RingSummary]) -> Self {
        let options = RingOptions { with_stopped: true, ..RingOptions::default() };
        let placed = control_points(world, &options).into_iter().filter_map(|(point, at)| {
            let place = rings.iter().position(|ring| ring.control_point.id == point.id)?;
            let radius_m = rings.get(place)?.radius_m?;
            let is_in_operation = !ControlPointState::Stopped.is_of(point);
            Some((place, box_around(at, radius_m), LocalFrame::at(at), radius_m, is_in_operation))
        });
        Self(placed.collect())
    }

    /// Calls with each ring that a site lies in; whether one of them is of a point in operation.
    fn visit(&self, site: &Record, mut found: impl FnMut(usize)) -> bool {
        let Some(geometry) = &site.geometry else { return false };
        let Some(of) = wkb::bounds(geometry) else { return false };
        let mut is_in_any = false;
        for (place, Bounds { min, max }, frame, radius_m, is_in_operation) in &self.0 {
            let is_near =
                of.min.x <= max.x && of.max.x >= min.x && of.min.y <= max.y && of.max.y >= min.y;
            if is_near && frame.nearest_m(geometry).is_some_and(|m| m <= *radius_m) {
                found(*place);
                is_in_any |= is_in_operation;
            }
        }
        is_in_any
    }
}
