//! What leaders ask first: the figures of a district now and then, its sprint, who answers for what,
//! what was decided week by week.
//!
//! Two passes over the sites: meant for a job, whose answer pages read.

mod changes;
mod sites;
mod sprint;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use self::changes::{LayerChanges, changes};
pub use self::sites::{Contents, KINDS, KindStandards, RingSummary, SiteFigures};
pub use self::sprint::{Sprint, SprintStage, sprint};
use super::decisions::weeks::{DecisionWeek, weeks};
use super::decisions::{DecisionStanding, DecisionTally, decisions};
use super::measures::is_in_force;
use super::standards::Rate;
use crate::domain::{AreaRole, Kind, Record, RecordId, SiteKind, World};

/// So many weeks of decisions are told.
const WEEKS: u32 = 8;

/// A district as leaders look at it.
#[derive(Clone, Debug)]
pub struct Overview {
    pub today: Date,
    pub now: Arc<Snapshot>,
    /// What it is compared with, and as of when.
    pub then: Option<(Timestamp, Arc<Snapshot>)>,
    pub sprint: Option<Sprint>,
    pub townships: Vec<Township>,
    /// Overdue first.
    pub decisions: Vec<(DecisionStanding, Arc<Record>)>,
    /// Oldest first; the last is the present one.
    pub weeks: Vec<DecisionWeek>,
    /// Since then; empty where nothing is known of then.
    pub changes: Vec<LayerChanges>,
}

/// The figures of a district on a day.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub sites: SiteFigures,
    pub decisions: DecisionTally,
    pub restrictions_in_force: usize,
}

/// A township, who answers for it, and what lies in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Township {
    /// Empty for sites that name none.
    pub name: String,
    /// Its area, where the district has one.
    pub area: Option<RecordId>,
    pub leader: String,
    pub contents: Contents,
    pub construction: Rate,
    pub restaurants: Rate,
}

impl Default for Overview {
    /// Of no district.
    fn default() -> Self {
        let today = Date::default();
        Self {
            today,
            now: Arc::default(),
            then: None,
            sprint: None,
            townships: Vec::new(),
            decisions: Vec::new(),
            weeks: Vec::new(),
            changes: Vec::new(),
        }
    }
}

impl Overview {
    /// `then` is the district as it was at a moment, with the figures of that day where they are
    /// known; `office` says which day a moment is on.
    pub fn of(
        world: &World,
        then: Option<(Timestamp, &World, Option<Arc<Snapshot>>)>,
        today: Date,
        office: &TimeZone,
    ) -> Self {
        let decisions = decisions(world, None, today);
        let now = Snapshot::of(world, today);
        let changes = then.as_ref().map(|(_, then, _)| changes(world, then)).unwrap_or_default();
        let then = then.map(|(at, world, known)| {
            let day = at.to_zoned_datetime(office.clone()).date();
            (at, known.unwrap_or_else(|| Arc::new(Snapshot::of(world, day))))
        });
        Self {
            today,
            then,
            sprint: sprint(world, today),
            townships: townships(world, &now.sites),
            decisions: decisions.into_iter().map(|(how, of)| (how, Arc::clone(of))).collect(),
            weeks: weeks(world, today, office, WEEKS),
            changes,
            now: Arc::new(now),
        }
    }

    /// The figures then, where anything is known of then.
    pub fn before(&self) -> Option<&Snapshot> {
        self.then.as_ref().map(|(_, snapshot)| &**snapshot)
    }
}

impl Snapshot {
    /// Counted anew: two passes over the sites.
    pub fn of(world: &World, day: Date) -> Self {
        let standings = decisions(world, None, day).into_iter().map(|(standing, _)| standing);
        let orders = world.table(Kind::Restriction).iter();
        Self {
            sites: SiteFigures::of(world),
            decisions: DecisionTally::of(standings),
            restrictions_in_force: orders.filter(|order| is_in_force(order, day)).count(),
        }
    }

    /// `None` for a kind that is not among [`KINDS`].
    pub fn rate(&self, site_kind: SiteKind) -> Option<&Rate> {
        self.sites.of_kind(site_kind).map(|standards| &standards.all)
    }
}

/// Townships that have an area in the order of their codes, then those that only sites name, last
/// what names none.
fn townships(world: &World, sites: &SiteFigures) -> Vec<Township> {
    let areas = world.table(Kind::Area).iter().filter(|area| AreaRole::Township.is_of(area));
    let mut areas: Vec<&Arc<Record>> = areas.collect();
    areas.sort_by_key(|area| (area.code().unwrap_or_default().to_owned(), area.id));
    let rates = |site_kind: SiteKind| -> BTreeMap<&str, &Rate> {
        let of_kind = sites.of_kind(site_kind);
        let rates = of_kind.into_iter().flat_map(|standards| &standards.by_township);
        rates.map(|rate| (rate.of.as_str(), rate)).collect()
    };
    let (construction, restaurants) = (rates(SiteKind::Construction), rates(SiteKind::Restaurant));
    let mut found: Vec<Township> = Vec::new();
    let township = |name: &str, area: Option<&Record>| {
        let rate = |rates: &BTreeMap<&str, &Rate>| {
            let known = rates.get(name).map(|rate| Rate::clone(rate));
            known.unwrap_or_else(|| Rate { of: name.to_owned(), ..Rate::default() })
        };
        Township {
            name: name.to_owned(),
            area: area.map(|area| area.id),
            leader: area.map_or("", |area| area.text("leader")).to_owned(),
            contents: sites.townships.get(name).copied().unwrap_or_default(),
            construction: rate(&construction),
            restaurants: rate(&restaurants),
        }
    };
    for area in areas {
        if found.iter().all(|known| known.name != area.name()) {
            found.push(township(area.name(), Some(area)));
        }
    }
    let has_area = |name: &str| found.iter().any(|known| known.name == name);
    let others: Vec<&str> =
        sites.townships.keys().map(String::as_str).filter(|name| !has_area(name)).collect();
    // The empty name comes first among them.
    let (none, named): (Vec<&str>, Vec<&str>) =
        others.into_iter().partition(|name| name.is_empty());
    found.extend(named.into_iter().chain(none).map(|name| township(name, None)));
    found
}

#[cfg(test)]
mod tests;
