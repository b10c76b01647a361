//! What the readings of enterprises say of a response: means of the factor that proves a line, before it
//! began and in it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, offset};

use crate::analysis::ledger::response::{Evidence, ResponseState, span_of_readings};
use crate::domain::RecordId;
use crate::domain::reading::{Factor, Span};
use crate::store::Error;
use crate::store::readings::{ReadingQuery, Readings};

/// By the record of the measure; lines without a factor, or without any hour, are not there.
pub fn of_response(
    readings: &Readings<'_>,
    response: &ResponseState,
    now: DateTime,
) -> Result<BTreeMap<RecordId, Evidence>, Error> {
    let mut found = BTreeMap::new();
    let Some((from, begins, to)) = span_of_readings(response, now) else { return Ok(found) };
    let lines: Vec<(RecordId, RecordId, Factor)> = response
        .lines
        .iter()
        .filter_map(|line| {
            let (place, factor) = line.factor()?;
            Some((line.measure.id, place, Factor::named(factor)))
        })
        .collect();
    if lines.is_empty() {
        return Ok(found);
    }
    let mut places: Vec<RecordId> = lines.iter().map(|(_, place, _)| *place).collect();
    places.sort_unstable();
    places.dedup();
    let begins = instant(begins);
    let query = ReadingQuery {
        span: Span::Hour,
        from: instant(from),
        to: instant(to),
        places: Some(&places),
        factors: None,
    };
    // Sum and count before, and in it.
    let mut sums: BTreeMap<RecordId, [(f64, u32); 2]> = BTreeMap::new();
    readings.each(&query, &mut |row| {
        // An hour that the response cuts in two proves neither.
        let side = if row.end() <= begins {
            0
        } else if row.start >= begins {
            1
        } else {
            return;
        };
        for (measure, _, factor) in lines.iter().filter(|(_, place, _)| *place == row.place) {
            if let Some(value) = row.values.counting(factor) {
                let (sum, count) = &mut sums.entry(*measure).or_default()[side];
                *sum += value;
                *count += 1;
            }
        }
    })?;
    for (measure, [before, during]) in sums {
        let mean = |(sum, count): (f64, u32)| if count > 0 { sum / f64::from(count) } else { 0.0 };
        found.insert(
            measure,
            Evidence {
                before: mean(before),
                during: mean(during),
                hours_before: before.1,
                hours_during: during.1,
            },
        );
    }
    Ok(found)
}

/// Civil time of the office is UTC+8 all year.
fn instant(at: DateTime) -> Timestamp {
    TimeZone::fixed(offset(8)).to_timestamp(at).unwrap_or(Timestamp::UNIX_EPOCH)
}
