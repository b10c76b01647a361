//! The hours of the last months out of a district, for analyses.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::analysis::air::{DistrictGathering, DistrictHours, Hour, Pollutant};
use crate::domain::RecordId;
use crate::domain::reading::{Factor, ReadingRow, Span};
use crate::store::Error;
use crate::store::readings::{ReadingQuery, Readings};

/// So many days are read at least: over these rules are tried and seasons compared.
const DAYS: i64 = 90;
/// A place that said nothing for longer before these days is given up.
const SPOKE_WITHIN_DAYS: i64 = 90;

/// The hours of the month of the last one, up to a day, and of the month before, and of 90 days at
/// least; `None` where there are none. Of ten million readings those of three months are read.
pub fn hours(readings: &Readings<'_>, until: Date) -> Result<Option<DistrictHours>, Error> {
    let Some((first, last)) = readings.ends(Span::Hour)? else { return Ok(None) };
    let (first, last) = (Hour::containing(first).day(), Hour::containing(last).day());
    // What a model says of the days to come is no reading of now.
    let last = if first > until { last } else { last.min(until) };
    let month = last.first_of_month().saturating_sub(1.month());
    let from = month.min(last.saturating_sub((DAYS - 1).days())).max(first);
    let hours = hours_of_days(readings, from, last)?;
    let is_empty = hours.stations.is_empty() && hours.winds.is_empty();
    Ok((!is_empty).then_some(hours))
}

/// The rows of days in which it is said what is deducted of the dust: those of factors without a column.
pub fn deductions(
    readings: &Readings<'_>,
    (from, to): (Timestamp, Timestamp),
    take: &mut dyn FnMut(&ReadingRow),
) -> Result<(), Error> {
    let query = ReadingQuery { span: Span::Day, from, to, places: None, factors: Some(&[]) };
    readings.each(&query, take)
}

/// The hours of these days, and who spoke before them and says nothing now.
pub fn hours_of_days(
    readings: &Readings<'_>,
    from: Date,
    to: Date,
) -> Result<DistrictHours, Error> {
    let (first, end) = (Hour::of_day(from, 1).start(), Hour::of_day(to, 24).plus(1).start());
    let query =
        ReadingQuery { span: Span::Hour, from: first, to: end, places: None, factors: None };
    let mut gathering = DistrictGathering::of_days(from, to);
    readings.each(&query, &mut |row| gathering.add(row))?;
    deductions(readings, (first, end), &mut |row| gathering.deduct(row))?;
    let quiet: Vec<RecordId> =
        readings.places().filter(|place| !gathering.has_air(*place)).collect();
    if !quiet.is_empty() {
        let before = from.saturating_sub(SPOKE_WITHIN_DAYS.days());
        let factors: Vec<Factor> = Pollutant::ALL.iter().map(|it| it.factor()).collect();
        let query = ReadingQuery {
            span: Span::Hour,
            from: Hour::of_day(before, 1).start(),
            to: first,
            places: Some(&quiet),
            factors: Some(&factors),
        };
        readings.each(&query, &mut |row| {
            if factors.iter().any(|factor| row.values.counting(factor).is_some()) {
                gathering.spoke_before(row.place);
            }
        })?;
    }
    Ok(gathering.finish())
}
