//! The hours of the last months out of a district, for analyses.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::analysis::air::{DistrictGathering, DistrictHours, Hour};
use crate::domain::reading::Span;
use crate::store::Error;
use crate::store::readings::{ReadingQuery, Readings};

/// The hours of the month of the last one, up to a day, and of the month before; `None` where there
/// are none. Of ten million readings those of two months are read.
pub fn hours(readings: &Readings<'_>, until: Date) -> Result<Option<DistrictHours>, Error> {
    let Some((first, last)) = readings.ends(Span::Hour)? else { return Ok(None) };
    let (first, last) = (Hour::containing(first).day(), Hour::containing(last).day());
    // What a model says of the days to come is no reading of now.
    let last = if first > until { last } else { last.min(until) };
    let from = last.first_of_month().saturating_sub(1.month()).max(first);
    let query = ReadingQuery {
        span: Span::Hour,
        from: Hour::of_day(from, 1).start(),
        to: Hour::of_day(last, 24).plus(1).start(),
        places: None,
        factors: None,
    };
    let mut gathering = DistrictGathering::of_days(from, last);
    readings.each(&query, &mut |row| gathering.add(row))?;
    let hours = gathering.finish();
    let is_empty = hours.stations.is_empty() && hours.winds.is_empty();
    Ok((!is_empty).then_some(hours))
}
