//! METAR, the hourly report of an airfield (ICAO Annex 3): wind, temperature and pressure of it. Times
//! are UTC; directions are degrees true from where the wind comes.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// What one report says; what it does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metar {
    /// Its four letters, ICAO.
    pub station: String,
    /// Day of the month, hour and minute, UTC.
    pub day: i8,
    pub hour: i8,
    pub minute: i8,
    /// Made without an observer.
    pub is_automatic: bool,
    pub wind: Option<MetarWind>,
    pub temperature_c: Option<f64>,
    pub dew_point_c: Option<f64>,
    /// Reduced to sea level, which is what a station's own is not.
    pub sea_level_hpa: Option<f64>,
}

/// The mean of ten minutes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MetarWind {
    /// `None` of a calm, and of a wind that varies (VRB).
    pub from_deg: Option<f64>,
    pub speed_m_s: f64,
    pub gust_m_s: Option<f64>,
    /// Stronger than the report can say (P49MPS): the speed is a lower bound.
    pub is_at_least: bool,
}

const KNOT_M_S: f64 = 1852.0 / 3600.0;
const INCH_HG_HPA: f64 = 33.863_886;
/// Behind these stands what is expected or remarked, and not what is.
const ENDS: [&str; 4] = ["TEMPO", "BECMG", "NOSIG", "RMK"];

impl Metar {
    /// Reads a line; groups that it does not know it passes over. `None` of what is no report, and of
    /// one that says that there is none (NIL).
    pub fn read(line: &str) -> Option<Self> {
        let line = line.trim().trim_end_matches('=');
        let mut groups = line.split_ascii_whitespace().peekable();
        while groups.next_if(|group| ["METAR", "SPECI", "COR"].contains(group)).is_some() {}
        let station = groups.next().filter(|group| is_station(group))?;
        let (day, hour, minute) = time(groups.next()?)?;
        let mut report = Self { station: station.to_owned(), day, hour, minute, ..Self::default() };
        for group in groups.take_while(|group| !ENDS.contains(group)) {
            match group {
                "NIL" => return None,
                "AUTO" => report.is_automatic = true,
                _ if report.wind.is_none() && is_wind(group) => report.wind = wind(group),
                _ if report.temperature_c.is_none() && report.dew_point_c.is_none() => {
                    report.read_air(group);
                }
                _ => report.read_pressure(group),
            }
        }
        Some(report)
    }

    fn read_air(&mut self, group: &str) {
        let Some((temperature, dew_point)) = group.split_once('/') else {
            return self.read_pressure(group);
        };
        (self.temperature_c, self.dew_point_c) = (degrees(temperature), degrees(dew_point));
    }

    fn read_pressure(&mut self, group: &str) {
        let number = |letter: char| {
            let digits = group.strip_prefix(letter).filter(|digits| is_number(digits, 4))?;
            digits.parse::<f64>().ok()
        };
        let inches = || Some(number('A')? / 100.0 * INCH_HG_HPA);
        self.sea_level_hpa = self.sea_level_hpa.or_else(|| number('Q').or_else(inches));
    }

    /// The instant: the last one of that day and time which is no later than a day after another, such
    /// as when the report arrived. `None` where no month around it has the day.
    pub fn at(&self, arrived: Timestamp) -> Option<Timestamp> {
        let latest = arrived.checked_add(24.hours()).ok()?;
        let today = TimeZone::UTC.to_datetime(arrived).date();
        let instant = |months: i32| {
            let month: Date = today.first_of_month().checked_add(months.months()).ok()?;
            let day = Date::new(month.year(), month.month(), self.day).ok()?;
            let at: DateTime = day.at(self.hour, self.minute, 0, 0);
            TimeZone::UTC.to_timestamp(at).ok()
        };
        [1, 0, -1, -2].into_iter().filter_map(instant).find(|at| *at <= latest)
    }
}

fn is_number(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_station(group: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    group.len() == 4 && group.bytes().all(is_letter) && !is_number(group, 4)
}

/// `ddhhmmZ`.
fn time(group: &str) -> Option<(i8, i8, i8)> {
    let digits = group.strip_suffix('Z').filter(|digits| is_number(digits, 6))?;
    let two = |at: usize| digits[at..at + 2].parse::<i8>().ok();
    let (day, hour, minute) = (two(0)?, two(2)?, two(4)?);
    ((1..=31).contains(&day) && hour < 24 && minute < 60).then_some((day, hour, minute))
}

/// A wind has a unit: without one a runway would be one.
fn is_wind(group: &str) -> bool {
    ["MPS", "KT", "KMH"].iter().any(|unit| group.ends_with(unit))
}

/// `dddff`, with gusts, `VRB`, `P49`; `None` where it was not measured.
fn wind(group: &str) -> Option<MetarWind> {
    let (text, unit_m_s) = [("MPS", 1.0), ("KT", KNOT_M_S), ("KMH", 1.0 / 3.6)]
        .into_iter()
        .find_map(|(unit, m_s)| Some((group.strip_suffix(unit)?, m_s)))?;
    let (direction, speeds) = (text.get(..3)?, text.get(3..)?);
    let (speed, gust) = speeds.split_once('G').map_or((speeds, None), |(a, b)| (a, Some(b)));
    let is_at_least = speed.starts_with('P');
    let number = |text: &str| {
        let digits = text.strip_prefix('P').unwrap_or(text);
        let is_speed = is_number(digits, 2) || is_number(digits, 3);
        digits.parse::<f64>().ok().filter(|_| is_speed).map(|speed| speed * unit_m_s)
    };
    let speed_m_s = number(speed)?;
    let from_deg = match direction {
        "VRB" | "///" => None,
        _ if is_number(direction, 3) => direction.parse::<f64>().ok().filter(|deg| *deg <= 360.0),
        _ => return None,
    };
    let is_calm = speed_m_s == 0.0;
    Some(MetarWind {
        from_deg: from_deg.filter(|_| !is_calm),
        speed_m_s,
        gust_m_s: gust.and_then(number),
        is_at_least,
    })
}

/// `M05` is −5.
fn degrees(text: &str) -> Option<f64> {
    let (digits, sign) = text.strip_prefix('M').map_or((text, 1.0), |digits| (digits, -1.0));
    digits.parse::<f64>().ok().filter(|_| is_number(digits, 2)).map(|degrees| sign * degrees)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wind_of(group: &str) -> Option<MetarWind> {
        Metar::read(&format!("METAR ZBSN 291200Z {group} CAVOK M02/M10 Q1028 NOSIG=")).unwrap().wind
    }

    fn blowing(from_deg: Option<f64>, speed_m_s: f64) -> MetarWind {
        MetarWind { from_deg, speed_m_s, gust_m_s: None, is_at_least: false }
    }

    #[test]
    fn a_report_says_wind_temperature_and_pressure() {
        let report = Metar::read(
            "METAR ZBSN 291200Z 31005MPS 280V340 9999 FEW040 M02/M10 Q1028 BECMG 18010MPS 10/05 Q0999=",
        );
        let report = report.unwrap();
        assert_eq!((report.station.as_str(), report.day, report.hour), ("ZBSN", 29, 12));
        assert_eq!(report.wind, Some(blowing(Some(310.0), 5.0)));
        assert_eq!((report.temperature_c, report.dew_point_c), (Some(-2.0), Some(-10.0)));
        assert_eq!(report.sea_level_hpa, Some(1028.0));
    }

    #[test]
    fn calms_and_varying_winds_have_no_direction_and_what_was_not_measured_no_wind() {
        assert_eq!(wind_of("00000MPS"), Some(blowing(None, 0.0)));
        assert_eq!(wind_of("VRB02MPS"), Some(blowing(None, 2.0)));
        assert_eq!(wind_of("/////MPS"), None);
        assert_eq!(wind_of("36010KT"), Some(blowing(Some(360.0), 10.0 * 1852.0 / 3600.0)));
        let strong = MetarWind { is_at_least: true, ..blowing(Some(360.0), 49.0) };
        assert_eq!(wind_of("360P49MPS"), Some(strong));
        let gusts = wind_of("24008G15MPS").unwrap();
        assert_eq!((gusts.speed_m_s, gusts.gust_m_s), (8.0, Some(15.0)));
        assert_eq!(wind_of("R28/1200"), None);
    }

    #[test]
    fn one_odd_group_spoils_no_other() {
        let report =
            Metar::read("SPECI COR KJFK 010005Z AUTO 09004KT 1 1/2SM ???? ///// A2992").unwrap();
        assert!(report.is_automatic && report.wind.is_some() && report.temperature_c.is_none());
        assert!((report.sea_level_hpa.unwrap() - 1013.207).abs() < 1e-3);
        assert_eq!(Metar::read("METAR ZBSN 291200Z NIL="), None);
        assert_eq!(Metar::read("TAF ZBSN 291200Z"), None);
        assert_eq!(Metar::read("ZBSN 321200Z 31005MPS"), None);
        assert_eq!(Metar::read(""), None);
    }

    #[test]
    fn the_month_is_that_of_its_arrival() {
        let at = |report: &str, arrived: &str| {
            Metar::read(report).unwrap().at(arrived.parse().unwrap()).map(|at| at.to_string())
        };
        let noon = "ZBSN 291200Z 31005MPS";
        assert_eq!(at(noon, "2026-11-29T12:20:00Z").unwrap(), "2026-11-29T12:00:00Z");
        assert_eq!(at(noon, "2026-12-01T00:00:00Z").unwrap(), "2026-11-29T12:00:00Z");
        assert_eq!(
            at(noon, "2026-11-29T11:59:00Z").unwrap(),
            "2026-11-29T12:00:00Z",
            "a clock apart"
        );
        assert_eq!(
            at("ZBSN 312300Z 31005MPS", "2027-01-01T00:10:00Z").unwrap(),
            "2026-12-31T23:00:00Z"
        );
        assert_eq!(
            at("ZBSN 311200Z 31005MPS", "2026-12-01T00:00:00Z").unwrap(),
            "2026-10-31T12:00:00Z"
        );
    }

    proptest! {
        #[test]
        fn no_line_whatever_upsets_it(line in "(METAR )?(ZBSN 29120[0-9]Z )?[ -~µ]{0,60}") {
            if let Some(report) = Metar::read(&line) {
                prop_assert!(report.wind.is_none_or(|wind| wind.speed_m_s >= 0.0));
                let _ = report.at(Timestamp::UNIX_EPOCH);
            }
        }
    }
}
