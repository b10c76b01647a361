//! High values in the window: what the rules find, what waits, and what is looked at.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;

use super::tables::Tables;
use crate::analysis::air::wind::{Cpf, Sample, Sector as WindSector, Wind, cpf};
use crate::analysis::air::{DistrictHours, Hour, Pollutant};
use crate::analysis::episodes::{
    Episode, FallBack, Family, Matched, Nature, RuleCost, Rules, fall_back,
};
use crate::analysis::sources::{
    Candidate, Fingerprint, Past, Repeat, Upwind, candidates, repeats, wind_before,
};
use crate::domain::{Kind, Record, RecordId};
use crate::geodesy::wkb;
use crate::jobs::{Derived, Same};
use crate::settings::clock;

/// Whom the rules watch, and the rules.
pub const OF_EPISODES: [Kind; 2] = [Kind::ControlPoint, Kind::AlarmRule];
/// What was done.
pub const OF_ROWS: [Kind; 1] = [Kind::Episode];
/// Where it may come from.
pub const OF_SOURCES: [Kind; 8] = [
    Kind::Site,
    Kind::Congestion,
    Kind::Sweeping,
    Kind::Check,
    Kind::Item,
    Kind::Restriction,
    Kind::ControlPoint,
    Kind::WeatherStation,
];
/// Silence is looked for so often, seconds.
const EVERY_S: i64 = 1800;
/// Sources in the list.
const MOST_SOURCES: usize = 60;
/// CPF is of hours above this percentile.
const CPF_PERCENTILE: u8 = 75;

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
    /// From where high hours of the season came, of the same pollutant.
    pub cpf: Option<Cpf>,
}

/// Rows in the order in which panels want them, by their places among all rows.
#[derive(Default)]
pub(super) struct Picked {
    pub list: Vec<usize>,
    pub running: Vec<usize>,
    pub loud: Vec<RecordId>,
    /// The one that is looked at.
    pub row: Option<usize>,
}

/// What [`Picked`] is made from: rows and records, the second, whether all are listed, what is chosen.
pub(super) type PickedOf = (Same<Vec<Matched>>, Tables, i64, bool, Option<RowKey>);

/// The high values as every panel may read them.
#[derive(Default)]
pub struct Episodes {
    pub found: Derived<EpisodesOf, Option<Arc<Vec<Episode>>>>,
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
    /// The footprint of the plume is on the map.
    pub has_plume: bool,
    /// Rules on trial, while their page is open.
    pub trial: Option<Rules>,
    /// Rows for which the program has written what it has to.
    pub written_for: Option<Same<Vec<Matched>>>,
    /// What was missed while the program was closed has been said.
    pub has_told_missed: bool,
    /// The window has been asked to call for this many.
    pub called_for: usize,
    /// When it was heard last, seconds of the window's clock, and how often so far.
    pub rang_at: Option<f64>,
    pub rings: usize,
    /// Made once for all panels of a frame.
    pub(super) picked: RefCell<Option<(PickedOf, Rc<Picked>)>>,
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
    pub(super) fn is_of(&self, row: &Matched) -> bool {
        let other = Self::of(row);
        if self.record.is_some() {
            return self.record == other.record;
        }
        self.place == other.place && self.hour == other.hour && self.nature == other.nature
    }
}

impl Episodes {
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

/// Works the sources of a row out.
pub fn sources(of: &SourcesOf, index: &crate::analysis::Index, rules: &Rules) -> Option<Sources> {
    let (key, drawn, hours, tables, rows) = of;
    let (place, hour) = (key.place?, key.hour?);
    let world = &tables.world;
    let bounds = wkb::bounds(world.get(place)?.geometry.as_ref()?)?;
    let center = bounds.middle();
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
    let until = hour.end();
    let past =
        Past::of(found_before, world.table(Kind::Item).iter(), hour.day()).with_roads(world, until);
    let candidates = candidates(index, &upwind, fingerprint, &past, MOST_SOURCES);
    let fall_back = fall_back(own.series(lead), &rules.at(place)[lead], hour);
    let wind_from = measured.map(|(place, _)| place);
    let winds = wind_from.and_then(|place| hours.winds.get(&place));
    let samples: Vec<Sample> = own
        .series(lead)
        .iter()
        .filter_map(|(hour, concentration)| Some(Sample { wind: winds?.get(hour)?, concentration }))
        .collect();
    let cpf = cpf(&samples, WindSector::COUNT, CPF_PERCENTILE);
    Some(Sources {
        of: key.clone(),
        upwind,
        by_wind,
        wind_from,
        fingerprint,
        candidates,
        repeat,
        fall_back,
        cpf,
    })
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
