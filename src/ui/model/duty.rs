//! High values in the window: what the rules find, what waits, and what is looked at.

use std::collections::BTreeSet;
use std::sync::Arc;

use geo_types::Coord;
use jiff::{SignedDuration, Timestamp};

use super::Model;
use super::tables::Tables;
use crate::analysis::air::wind::Wind;
use crate::analysis::air::{DistrictHours, Hour, Pollutant};
use crate::analysis::episodes::{
    Episode, FallBack, Family, Matched, Nature, RuleCost, Rules, fall_back,
};
use crate::analysis::sources::{
    Candidate, Fingerprint, Repeat, Upwind, candidates, repeats, wind_before,
};
use crate::domain::{Kind, Record, RecordId, episode};
use crate::geodesy::wkb;
use crate::jobs::{Derived, Same};
use crate::settings::clock;

/// Whom the rules watch, and the rules.
pub const OF_EPISODES: [Kind; 2] = [Kind::ControlPoint, Kind::AlarmRule];
/// What was done.
pub const OF_ROWS: [Kind; 1] = [Kind::Episode];
/// Where it may come from.
pub const OF_SOURCES: [Kind; 5] =
    [Kind::Site, Kind::Congestion, Kind::Sweeping, Kind::ControlPoint, Kind::WeatherStation];
/// Silence is looked for so often, seconds.
const EVERY_S: i64 = 1800;
/// Sources in the list.
const MOST_SOURCES: usize = 60;
/// What is over for longer is no longer in the list, unless somebody asks.
const LISTED_FOR: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Hours, whom and by what, and since when silence is silence.
pub type EpisodesOf = (Same<DistrictHours>, Tables, i64);
/// Episodes and records.
pub type RowsOf = (Same<Vec<Episode>>, Tables);
/// Sources of which row, in which sector, without whom.
pub type SourcesOf = (RowKey, Option<Sector>, Same<DistrictHours>, Tables, Same<Vec<Matched>>);
/// Hours, what was judged, and the rules that are tried.
pub type CostOf = (Same<DistrictHours>, Tables, Same<Vec<Matched>>, String, u32);

/// By which a row is known while others come and go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowKey {
    pub record: Option<RecordId>,
    pub place: Option<RecordId>,
    pub hour: Option<Hour>,
    pub nature: Nature,
    pub family: Option<Family>,
}

/// A sector as a person has drawn it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sector {
    pub from_deg: f64,
    pub half_deg: f64,
    pub reach_m: f64,
}

/// Where a row may come from.
#[derive(Clone, Debug)]
pub struct Sources {
    pub of: RowKey,
    pub upwind: Upwind,
    /// As the wind has it, whoever has drawn it otherwise.
    pub by_wind: Upwind,
    /// Who measured the wind.
    pub wind_from: Option<RecordId>,
    pub fingerprint: Fingerprint,
    pub candidates: Vec<Candidate>,
    pub repeat: Repeat,
    pub fall_back: Option<FallBack>,
}

/// The high values as every panel may read them.
#[derive(Default)]
pub struct Duty {
    pub episodes: Derived<EpisodesOf, Option<Arc<Vec<Episode>>>>,
    /// The newest first.
    pub rows: Derived<RowsOf, Option<Arc<Vec<Matched>>>>,
    pub sources: Derived<SourcesOf, Option<Arc<Sources>>>,
    pub cost: Derived<CostOf, Option<Arc<RuleCost>>>,
    /// The rules of the district; what their version is.
    pub rules: Rules,
    pub chosen: Option<RowKey>,
    pub sector: Option<Sector>,
    /// Also attention, over the limit, and what is long over.
    pub lists_all: bool,
    /// Rules on trial, while their page is open.
    pub trial: Option<Rules>,
    /// Rows for which the program has written what it has to.
    pub written_for: Option<Same<Vec<Matched>>>,
    /// What was missed while the program was closed has been said.
    pub has_told_missed: bool,
    /// The window has been asked to call for this many.
    pub called_for: usize,
}

impl RowKey {
    pub fn of(row: &Matched) -> Self {
        Self {
            record: row.record.as_ref().map(|record| record.id),
            place: row.place(),
            hour: row.hour(),
            nature: row.nature(),
            family: row.found.as_ref().and_then(|found| found.family),
        }
    }

    /// Whether it is the same matter: with a record when it has got one.
    fn is_of(&self, row: &Matched) -> bool {
        let other = Self::of(row);
        if self.record.is_some() {
            return self.record == other.record;
        }
        self.place == other.place && self.hour == other.hour && self.nature == other.nature
    }
}

impl Duty {
    /// Another district has other episodes.
    pub fn forget_the_district(&mut self) {
        *self = Self::default();
    }
}

/// The moment of which silence is judged: it goes on by half hours.
pub fn judged_at() -> i64 {
    clock::now().as_second().div_euclid(EVERY_S)
}

/// The end of that half hour's beginning.
pub fn moment_of(judged: i64) -> Timestamp {
    Timestamp::from_second(judged * EVERY_S).unwrap_or(Timestamp::MAX)
}

impl Model {
    /// All rows, the newest first; none while they are being worked out.
    pub fn duty_rows(&self) -> &[Matched] {
        self.duty.rows.as_ref().map_or(&[], |rows| rows.as_slice())
    }

    /// The record of a row as it is in the world now: a step is seen at once.
    pub fn duty_record<'r>(&'r self, row: &'r Matched) -> Option<&'r Arc<Record>> {
        let record = row.record.as_ref()?;
        Some(self.record(record.id).unwrap_or(record))
    }

    /// Whether a row waits for somebody.
    pub fn is_live_row(&self, row: &Matched) -> bool {
        match self.duty_record(row) {
            Some(record) => !episode::state(record).is_over(),
            None => {
                row.is_live()
                    && matches!(
                        row.nature(),
                        Nature::Regional | Nature::Suspicious | Nature::NoData
                    )
            }
        }
    }

    /// Those that the list has: what waits, and what a week has brought that needed somebody.
    pub fn duty_list(&self) -> Vec<&Matched> {
        let now = clock::now();
        let is_young = |row: &Matched| {
            row.hour().is_some_and(|hour| now.duration_since(hour.start()) < LISTED_FOR)
        };
        let is_minor =
            |row: &Matched| matches!(row.nature(), Nature::Attention | Nature::OverLimit);
        let rows = self.duty_rows().iter();
        let has_record = |row: &Matched| row.record.is_some();
        let mut rows: Vec<&Matched> = rows
            .filter(|row| {
                self.duty.lists_all
                    || self.is_live_row(row)
                    || !is_minor(row) && (is_young(row) || has_record(row))
            })
            .collect();
        rows.sort_by_key(|row| !self.is_running(row));
        rows
    }

    /// Whether the clock of an hour runs for it.
    pub fn is_running(&self, row: &Matched) -> bool {
        self.duty_record(row).is_some_and(|record| !episode::state(record).is_over())
    }

    /// Those whose clock runs, the oldest first.
    pub fn running_rows(&self) -> Vec<&Matched> {
        let mut rows: Vec<&Matched> =
            self.duty_rows().iter().filter(|row| self.is_running(row)).collect();
        rows.reverse();
        rows
    }

    /// The one that is looked at: as chosen, else what calls, else what runs, else the newest.
    pub fn duty_row(&self) -> Option<&Matched> {
        let list = self.duty_list();
        let now = clock::now();
        let chosen = self.duty.chosen.as_ref();
        let is_loud = |row: &&&Matched| {
            self.duty_record(row).is_some_and(|record| episode::is_loud(record, now))
        };
        let found = chosen.and_then(|chosen| list.iter().find(|row| chosen.is_of(row)));
        let found = found.or_else(|| list.iter().find(is_loud));
        let found = found.or_else(|| list.iter().find(|row| self.is_running(row)));
        found.or_else(|| list.first()).copied()
    }

    /// Records that call for somebody now.
    pub fn loud(&self) -> Vec<&Arc<Record>> {
        let now = clock::now();
        let running = self.running_rows();
        let records = running.into_iter().filter_map(|row| self.duty_record(row));
        records.filter(|record| episode::is_loud(record, now)).collect()
    }

    /// Where a place of a row lies, WGS-84 degrees.
    pub fn place_of(&self, place: RecordId) -> Option<Coord<f64>> {
        let bounds = wkb::bounds(self.record(place)?.geometry.as_ref()?)?;
        Some((bounds.min + bounds.max) / 2.0)
    }

    /// What sources would be made from now; `None` where a row has no place.
    pub fn sources_of(&self) -> Option<SourcesOf> {
        let row = self.duty_row()?;
        self.place_of(row.place()?)?;
        let hours = (*self.air.hours).clone().map(Same)?;
        let rows = (*self.duty.rows).clone().map(Same)?;
        let tables = Tables::of(self.world(), &OF_SOURCES);
        Some((RowKey::of(row), self.duty.sector, hours, tables, rows))
    }
}

/// Works the sources of a row out.
pub fn sources(of: &SourcesOf, index: &crate::analysis::Index, rules: &Rules) -> Option<Sources> {
    let (key, drawn, hours, tables, rows) = of;
    let (place, hour) = (key.place?, key.hour?);
    let world = &tables.world;
    let bounds = wkb::bounds(world.get(place)?.geometry.as_ref()?)?;
    let center = (bounds.min + bounds.max) / 2.0;
    let measured = wind_before(hours, world, center, hour);
    let winds: &[Wind] = measured.as_ref().map_or(&[], |(_, winds)| winds);
    let by_wind = Upwind::of(center, winds);
    let upwind = drawn.map_or(by_wind, |sector| Upwind {
        from_deg: Some(sector.from_deg),
        half_deg: sector.half_deg,
        reach_m: sector.reach_m,
        ..by_wind
    });
    let own = hours.stations.get(&place)?;
    let row = rows.iter().find(|row| key.is_of(row))?;
    let lead = lead(row);
    let fingerprint = Fingerprint::of(lead, &own.hour(hour), hour);
    let station = place.to_string();
    let of_station: Vec<&Record> = rows
        .iter()
        .filter_map(|row| row.record.as_deref())
        .filter(|record| record.text("station") == station)
        .collect();
    let from_deg_in = |hour| {
        let (_, winds) = wind_before(hours, world, center, hour)?;
        Upwind::of(center, &winds).from_deg
    };
    let repeat = repeats(of_station.iter().copied(), hour, by_wind.from_deg, from_deg_in);
    let found_before: BTreeSet<String> = of_station
        .iter()
        .flat_map(|record| record.text("found").split(['、', '，', ' ']))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let candidates = candidates(index, &upwind, fingerprint, &found_before, MOST_SOURCES);
    let fall_back = fall_back(own.series(lead), &rules.at(place)[lead], hour);
    let wind_from = measured.map(|(place, _)| place);
    let of = key.clone();
    Some(Sources { of, upwind, by_wind, wind_from, fingerprint, candidates, repeat, fall_back })
}

/// The pollutant of a row: that of the alert, else the first that was found.
pub fn lead(row: &Matched) -> Pollutant {
    let of_record = row.record.as_ref().and_then(|record| {
        let symbol = record.text("pollutant").to_owned();
        Pollutant::ALL.into_iter().find(|it| it.symbol() == symbol)
    });
    let of_found = || row.found.as_ref().and_then(Episode::lead).map(|course| course.pollutant);
    of_record.or_else(of_found).unwrap_or(Pollutant::Pm10)
}
