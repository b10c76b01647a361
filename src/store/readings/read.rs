//! Readings out of the file: what counts of a span of time, the latest values, the versions of one.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::write::{number_of, places};
use super::{Fid, row};
use crate::domain::reading::{Factor, FactorValues, ReadingRow, Span};
use crate::domain::{DeliveryState, Kind, RecordId, World};
use crate::store::{DistrictReader, Error, Store};

/// Which readings are asked for.
#[derive(Clone, Copy, Debug)]
pub struct ReadingQuery<'q> {
    pub span: Span,
    /// Spans that start at this instant or later, …
    pub from: Timestamp,
    /// … and before this one.
    pub to: Timestamp,
    /// Only of these; `None` asks for every place.
    pub places: Option<&'q [RecordId]>,
    /// Of the factors that have a column only these, of the others each; `None` asks for all. Whoever
    /// asks for few waits less, because most of the time goes into columns.
    pub factors: Option<&'q [Factor]>,
}

/// The last two values of a place, factor by factor side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct LatestReadings {
    pub now: ReadingRow,
    /// Of the span just before it, if that has any.
    pub before: Option<FactorValues>,
}

/// One version of what a place said of a span.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingVersion {
    /// 0 is the first that came.
    pub version: u16,
    /// The record of its delivery.
    pub delivery: RecordId,
    /// Whether that is there and not withdrawn.
    pub is_in_force: bool,
    pub values: FactorValues,
}

/// The readings of a district as a world has them in force: with the world of the past, those of the
/// past. Making one reads a line a delivery and a line a place, and no reading.
pub struct Readings<'d> {
    db: &'d Connection,
    /// By the number of a delivery.
    in_force: Vec<bool>,
    deliveries: FxHashMap<i64, RecordId>,
    places: FxHashMap<i64, RecordId>,
}

/// Above this many places at a time the rows of all are looked through.
const FEW_PLACES: usize = 8;

impl<'d> Readings<'d> {
    fn of(db: &'d Connection, world: &World) -> Result<Self, Error> {
        let known = world.table(Kind::Delivery);
        let mut deliveries = FxHashMap::default();
        let mut in_force = Vec::new();
        let mut query = db.prepare_cached("SELECT id, record FROM shapan_delivery ORDER BY id")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            let Ok(id) = row.get_ref(1)?.as_str().unwrap_or_default().parse() else { continue };
            let record = known.get(id);
            let counts =
                record.is_some_and(|it| DeliveryState::of(it) != Some(DeliveryState::Withdrawn));
            let at = usize::try_from(number).unwrap_or_default();
            in_force.resize(at + 1, false);
            in_force[at] = counts;
            deliveries.insert(number, id);
        }
        Ok(Self { db, in_force, deliveries, places: places(db)? })
    }

    fn counts(&self, delivery: i64) -> bool {
        usize::try_from(delivery).ok().and_then(|at| self.in_force.get(at)) == Some(&true)
    }

    /// Records that have ever had readings.
    pub fn places(&self) -> impl Iterator<Item = RecordId> {
        self.places.values().copied()
    }

    /// The first and the last start of this span that there is of any place, counting or not.
    pub fn ends(&self, span: Span) -> Result<Option<(Timestamp, Timestamp)>, Error> {
        let (from, to) = Fid::range(span, Timestamp::UNIX_EPOCH, Timestamp::MAX);
        // Two questions: SQLite looks up either end alone at once, and both together one by one.
        let ask = |end: &str| {
            let sql = format!("SELECT {end}(fid) FROM shapan_reading WHERE fid >= ?1 AND fid < ?2");
            let fid: Option<i64> =
                self.db.prepare_cached(&sql)?.query_row([from, to], |row| row.get(0))?;
            Ok::<_, Error>(fid.map(|fid| Fid(fid).start()))
        };
        Ok(ask("min")?.zip(ask("max")?))
    }

    /// What counts, in the order of time, then of places. Ten million values take about a second.
    pub fn each(
        &self,
        query: &ReadingQuery<'_>,
        visit: &mut dyn FnMut(&ReadingRow),
    ) -> Result<(), Error> {
        let wanted: Option<Vec<i64>> = query.places.map(|ids| {
            let mut wanted: Vec<i64> = self
                .places
                .iter()
                .filter(|(_, id)| ids.contains(id))
                .map(|(number, _)| *number)
                .collect();
            wanted.sort_unstable();
            wanted
        });
        match wanted {
            Some(wanted) if wanted.is_empty() => Ok(()),
            Some(wanted) if wanted.len() <= FEW_PLACES && query.span.seconds() >= 3600 => {
                self.each_of_few(query, &wanted, visit)
            }
            wanted => {
                let (from, to) = Fid::range(query.span, query.from, query.to);
                let is_wanted =
                    |place| wanted.as_ref().is_none_or(|all| all.binary_search(&place).is_ok());
                self.each_between((from, to), query, &is_wanted, visit)
            }
        }
    }

    /// Looks up every hour or day of every place: of a few places that is quicker than to look
    /// through the rows of all.
    fn each_of_few(
        &self,
        query: &ReadingQuery<'_>,
        places: &[i64],
        visit: &mut dyn FnMut(&ReadingRow),
    ) -> Result<(), Error> {
        let Some((first, last)) = self.ends(query.span)? else { return Ok(()) };
        // Hours start at full hours; days where midnight is, which their first start says.
        let step = query.span.seconds();
        let phase = first.as_second().rem_euclid(step);
        let from = query.from.max(first).as_second();
        let mut at = from + (phase - from).rem_euclid(step);
        while at < query.to.as_second() && at <= last.as_second() {
            let start = Timestamp::from_second(at).unwrap_or(Timestamp::MAX);
            for place in places {
                if let Some(fid) = Fid::first(query.span, start, *place) {
                    let end = fid.last_version().0 + 1;
                    self.each_between((fid.0, end), query, &|_| true, visit)?;
                }
            }
            at += step;
        }
        Ok(())
    }

    fn each_between(
        &self,
        (from, to): (i64, i64),
        query: &ReadingQuery<'_>,
        is_wanted: &dyn Fn(i64) -> bool,
        visit: &mut dyn FnMut(&ReadingRow),
    ) -> Result<(), Error> {
        let factors: Vec<Factor> = query.factors.map_or_else(
            || Factor::COLUMNS.to_vec(),
            |only| only.iter().filter(|factor| factor.column().is_some()).cloned().collect(),
        );
        let span = query.span;
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {} FROM shapan_reading WHERE fid >= ?1 AND fid < ?2",
            row::columns_of(&factors)
        ))?;
        let mut rows = statement.query([from, to])?;
        let nowhere = RecordId(uuid::Uuid::nil());
        let (start, values) = (Timestamp::UNIX_EPOCH, FactorValues::default());
        let mut laid = ReadingRow { place: nowhere, span, start, values };
        let mut current: Option<Fid> = None;
        while let Some(row) = rows.next()? {
            let fid = Fid(row.get(0)?);
            let key = fid.first_version();
            if current.is_some_and(|current| current != key) {
                if !laid.values.is_empty() {
                    visit(&laid);
                }
                current = None;
            }
            if !self.counts(row.get(1)?) || !is_wanted(fid.place()) {
                continue;
            }
            if current.is_none() {
                let Some(place) = self.places.get(&fid.place()) else { continue };
                laid.values.clear();
                (laid.place, laid.start) = (*place, fid.start());
                current = Some(key);
            }
            row::lay_of(row, &factors, &mut laid.values)?;
        }
        if current.is_some() && !laid.values.is_empty() {
            visit(&laid);
        }
        Ok(())
    }

    /// What each place said last of a span that starts before `at`, no longer than `within` ago, and
    /// of the span before that. In the order of places' ids.
    pub fn latest(
        &self,
        span: Span,
        at: Timestamp,
        within: SignedDuration,
    ) -> Result<Vec<LatestReadings>, Error> {
        let from = at.checked_sub(within).unwrap_or(Timestamp::UNIX_EPOCH);
        let query = ReadingQuery { span, from, to: at, places: None, factors: None };
        let mut latest: FxHashMap<RecordId, LatestReadings> = FxHashMap::default();
        self.each(&query, &mut |row| {
            let before = latest.remove(&row.place).map(|last| last.now);
            let before = before
                .filter(|last| last.end() == row.start || span.seconds() == 0)
                .map(|last| last.values);
            latest.insert(row.place, LatestReadings { now: row.clone(), before });
        })?;
        let mut latest: Vec<LatestReadings> = latest.into_values().collect();
        latest.sort_by_key(|of_place| of_place.now.place);
        Ok(latest)
    }

    /// Everything that was ever said of a place and a span, the first first.
    pub fn versions(
        &self,
        place: RecordId,
        span: Span,
        start: Timestamp,
    ) -> Result<Vec<ReadingVersion>, Error> {
        let number = self.places.iter().find(|(_, id)| **id == place).map(|(number, _)| *number);
        let Some(fid) = number.and_then(|number| Fid::first(span, start, number)) else {
            return Ok(Vec::new());
        };
        let mut query = self.db.prepare_cached(&format!(
            "SELECT {} FROM shapan_reading WHERE fid BETWEEN ?1 AND ?2",
            row::columns()
        ))?;
        let mut rows = query.query([fid.0, fid.last_version().0])?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            let delivery: i64 = row.get(1)?;
            let Some(id) = self.deliveries.get(&delivery) else { continue };
            let mut values = FactorValues::default();
            row::lay(row, &mut values)?;
            versions.push(ReadingVersion {
                version: u16::try_from(Fid(row.get(0)?).version()).unwrap_or(u16::MAX),
                delivery: *id,
                is_in_force: self.counts(delivery),
                values,
            });
        }
        Ok(versions)
    }

    /// Whether the file has the readings of a delivery.
    pub fn has(&self, delivery: RecordId) -> Result<bool, Error> {
        Ok(number_of(self.db, delivery)?.is_some())
    }
}

impl DistrictReader {
    /// The readings as `world`, which is this district now or as it was, has them in force.
    pub fn readings(&self, world: &World) -> Result<Readings<'_>, Error> {
        Readings::of(&self.open.db, world).map_err(|error| error.at(&self.path))
    }
}

impl Store {
    /// The readings as `world`, which is this district now or as it was, has them in force.
    pub fn readings(&self, world: &World) -> Result<Readings<'_>, Error> {
        Readings::of(&self.db, world).map_err(|error| error.at(self.path()))
    }
}
