//! What somebody expected of a day, held against what was measured.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::{DistrictFigures, Hour, Pollutant};
use crate::domain::{Kind, LocalizedText, Record, Value, World};

/// How a forecast did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Score {
    /// The daily mean lies between both ends, these counted in.
    Within,
    /// So much below or above, µg/m³.
    Below(f64),
    Above(f64),
    /// Written or changed when the day was over: it foretold nothing.
    TooLate,
    /// No valid daily mean, or no range was named.
    Unknown,
}

impl Score {
    /// In a word or two.
    pub fn words(self) -> LocalizedText {
        match self {
            Self::Within => LocalizedText::new("命中", "hit"),
            Self::Below(by) => {
                LocalizedText::new(format!("偏高 {by:.0}"), format!("{by:.0} too high"))
            }
            Self::Above(by) => {
                LocalizedText::new(format!("偏低 {by:.0}"), format!("{by:.0} too low"))
            }
            Self::TooLate => LocalizedText::new("事后填写，不评分", "written afterwards"),
            Self::Unknown => LocalizedText::new("无法评分", "cannot be scored"),
        }
    }
}

/// The range that a forecast names, µg/m³, the lower end first.
pub fn range(forecast: &Record) -> Option<(f64, f64)> {
    let number = |key: &str| forecast.get(key).and_then(Value::as_f64);
    let (from, to) = (number("pm25_from"), number("pm25_to"));
    let (from, to) = (from.or(to)?, to.or(from)?);
    Some((from.min(to), from.max(to)))
}

/// Against the daily mean of PM2.5 of the district, as it is published. Whoever changes a forecast when
/// its day is over is not scored.
pub fn score(forecast: &Record, measured: Option<f64>) -> Score {
    let Some(day) = forecast.date("date") else { return Score::Unknown };
    if forecast.meta.changed_at >= end_of(day) {
        return Score::TooLate;
    }
    match range(forecast).zip(measured) {
        Some(((from, _), mean)) if mean < from => Score::Below(from - mean),
        Some(((_, to), mean)) if mean > to => Score::Above(mean - to),
        Some(_) => Score::Within,
        None => Score::Unknown,
    }
}

fn end_of(day: Date) -> Timestamp {
    Hour::of_day(day, 24).plus(1).start()
}

/// The forecasts of a day, the first first.
pub fn of_day(world: &World, day: Date) -> Vec<&Record> {
    let all = world.table(Kind::Forecast).iter().map(|record| &**record);
    let mut all: Vec<&Record> = all.filter(|record| record.date("date") == Some(day)).collect();
    all.sort_by_key(|record| (record.meta.created_at, record.id));
    all
}

/// The daily mean of PM2.5 of the district, where it is valid.
pub fn measured(figures: &DistrictFigures, day: Date) -> Option<f64> {
    let of = figures.district.days.iter().find(|of| of.date == day)?;
    of.means[Pollutant::Pm25].valid()
}

/// Of the forecasts of so many days before a day: those that hit, of those that could be scored.
pub fn hits(world: &World, figures: &DistrictFigures, before: Date, days: i32) -> (usize, usize) {
    let (mut hit, mut all) = (0, 0);
    for back in 1..=days {
        let day = before.saturating_sub(back.days());
        for forecast in of_day(world, day) {
            match score(forecast, measured(figures, day)) {
                Score::Within => (hit, all) = (hit + 1, all + 1),
                Score::Below(_) | Score::Above(_) => all += 1,
                Score::TooLate | Score::Unknown => {}
            }
        }
    }
    (hit, all)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, Stamp};

    fn forecast(from: Option<f64>, to: Option<f64>, at: &str) -> Record {
        let stamp = Stamp { actor: "张三".into(), at: at.parse().unwrap() };
        let mut record = Record::new(Ids::new(stamp.at, 1).next(), Kind::Forecast, &stamp);
        record.set("date", Some(Value::Date(date(2026, 11, 29))));
        record.set("pm25_from", from.map(Value::Real));
        record.set("pm25_to", to.map(Value::Real));
        record
    }

    #[test]
    fn a_forecast_is_held_against_the_daily_mean_and_one_of_afterwards_is_not() {
        let morning = "2026-11-29T01:00:00Z";
        let of = |measured| score(&forecast(Some(60.0), Some(80.0), morning), measured);
        assert_eq!((of(Some(60.0)), of(Some(80.0))), (Score::Within, Score::Within));
        assert_eq!((of(Some(52.0)), of(Some(91.0))), (Score::Below(8.0), Score::Above(11.0)));
        assert_eq!(of(None), Score::Unknown);
        // The ends may come the other way round, or be one.
        let turned = forecast(Some(80.0), Some(60.0), morning);
        assert_eq!(range(&turned), Some((60.0, 80.0)));
        assert_eq!(score(&forecast(Some(70.0), None, morning), Some(71.0)), Score::Above(1.0));
        assert_eq!(score(&forecast(None, None, morning), Some(71.0)), Score::Unknown);
        // Midnight of UTC+8.
        let last = forecast(Some(60.0), Some(80.0), "2026-11-29T15:59:59Z");
        let late = forecast(Some(60.0), Some(80.0), "2026-11-29T16:00:00Z");
        assert_eq!(score(&last, Some(70.0)), Score::Within);
        assert_eq!(score(&late, Some(70.0)), Score::TooLate);
    }
}
