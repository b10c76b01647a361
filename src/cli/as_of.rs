//! `--as-of`: the district as it was, read from its journal.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::domain::World;
use crate::settings::clock;
use crate::store::{AsOf, DistrictReader};

/// What the command line says: `2026-11-20` (its evening), `2026-11-20T10:00` (local time of the
/// district), an instant with its offset, or `r17`, a revision of `shapan history`.
pub(crate) fn parse(text: &str) -> Result<AsOf, String> {
    let revision = text.strip_prefix('r').and_then(|number| number.parse().ok());
    if let Some(revision) = revision {
        return Ok(AsOf::Revision(revision));
    }
    let local = |at: DateTime| clock::office().to_timestamp(at).ok();
    let day = |day: Date| local(day.at(23, 59, 59, 999_999_999));
    let instant = text.parse::<Timestamp>().ok();
    let at = instant
        .or_else(|| text.contains(['T', ' ', ':']).then(|| text.parse().ok().and_then(local))?)
        .or_else(|| text.parse().ok().and_then(day));
    at.map(AsOf::Moment).ok_or_else(|| {
        format!("`{text}` is no 2026-11-20, no 2026-11-20T10:00 and no revision as in r17")
    })
}

/// A district, and the day that a paper about it carries; that of today where nothing is asked.
pub(crate) fn load(district: &Path, as_of: Option<AsOf>) -> anyhow::Result<(World, Date)> {
    let reader = DistrictReader::open(district)?;
    let Some(as_of) = as_of else { return Ok((reader.load()?, clock::today())) };
    let at = moment(&reader, as_of)?;
    let world = reader.load_as_of(as_of)?;
    let at = at.to_zoned_datetime(clock::office());
    let shown = at.strftime("%Y-%m-%d %H:%M");
    let revision = world.revision;
    writeln!(
        std::io::stderr().lock(),
        "截至 {shown}，第 {revision} 号修改（as of {shown}, revision {revision}）"
    )?;
    Ok((world, at.date()))
}

/// The instant that is meant: of a revision that of its edit.
fn moment(reader: &DistrictReader, as_of: AsOf) -> anyhow::Result<Timestamp> {
    let entries = reader.history()?;
    Ok(match as_of {
        AsOf::Moment(at) => at,
        AsOf::Revision(0) => entries.first().context("the district has no history yet")?.at,
        AsOf::Revision(revision) => {
            let Some(entry) = entries.iter().find(|entry| entry.revision == revision) else {
                bail!("there is no revision {revision}; `shapan history` lists them");
            };
            entry.at
        }
    })
}

/// The day on which the district is looked at.
pub(crate) fn day(reader: &DistrictReader, as_of: Option<AsOf>) -> anyhow::Result<Date> {
    let Some(as_of) = as_of else { return Ok(clock::today()) };
    Ok(moment(reader, as_of)?.to_zoned_datetime(clock::office()).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_means_its_evening_a_time_that_of_the_office_and_r17_a_revision() {
        let at = |text: &str| AsOf::Moment(text.parse().unwrap());
        assert_eq!(parse("2026-11-20T10:00"), Ok(at("2026-11-20T02:00:00Z")));
        assert_eq!(parse("2026-11-20T10:00:00+09:00"), Ok(at("2026-11-20T01:00:00Z")));
        assert_eq!(parse("2026-11-20"), Ok(at("2026-11-20T15:59:59.999999999Z")));
        assert_eq!(parse("r17"), Ok(AsOf::Revision(17)));
        assert!(parse("上周").is_err() && parse("rx").is_err());
    }
}
