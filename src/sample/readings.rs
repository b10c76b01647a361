//! Sixty days of invented hours of the sample's stations, up to a moment: episodes, a front after each,
//! a dusty day, a source south-east of one station, gaps, a late delivery and one with its columns of
//! ozone swapped. The same for the same moment.

use jiff::Timestamp;

use super::checks::response_begins;
use crate::domain::item::civil;
use crate::domain::reading::{
    Clock, DeliveryHead, Factor, FactorValues, Flag, LabelEnd, LabelRule, ReadingRow, Span,
    WholeDelivery,
};
use crate::domain::{Record, RecordId};

const DAYS: i64 = 60;
const HOURS: i64 = 24 * DAYS;
const HOUR_S: i64 = 3600;
const UTC8_H: i64 = 8;

/// Stations by code, and how their air is to the district's.
const STATIONS: [(&str, f64); 4] =
    [("3576A", 1.0), ("SL-C1", 0.93), ("SL-C2", 1.16), ("SL-C3", 1.05)];
const WEATHER: &str = "SL-W01";

/// Days from the first on which particles peak, how many days on either side, µg/m³ of PM2.5.
const EPISODES: [(f64, f64, f64); 3] = [(9.5, 1.3, 170.0), (32.0, 0.9, 120.0), (54.5, 1.6, 190.0)];
/// The day on which dust blows in, and the one whose ozone columns were swapped.
const DUSTY: i64 = 20;
const SWAPPED: i64 = 40;
/// The day and hours of which one station reported late.
const LATE: (i64, std::ops::Range<i64>) = (58, 2..9);

/// Deliveries for the stations among these records, the oldest first. `until` is when the last hour has
/// ended.
pub fn readings(records: &[Record], until: Timestamp) -> Vec<WholeDelivery> {
    let find = |code: &str| records.iter().find(|it| it.code() == Some(code)).map(|it| it.id);
    let stations: Vec<(RecordId, f64, u64)> = (0..)
        .zip(STATIONS)
        .filter_map(|(number, (code, factor))| Some((find(code)?, factor, number)))
        .collect();
    let end = until.as_second().div_euclid(HOUR_S);
    let first = end - HOURS;
    // Days of the story are those of UTC+8, counted from the first that is whole.
    let mut swapped = named("示例_站点小时值_对调.csv");
    swapped.withdrawn_because = Some("O3 与 O3_24h 两列对调（示例）".to_owned());
    let mut main = named("示例_站点小时值.csv");
    let mut late = named("示例_站点小时值_补传.csv");
    let mut weather = named("示例_气象小时值.csv");
    let mut largest = vec![0.0_f64; stations.len()];
    for hour in first..end {
        let moment = Moment::of(hour, first);
        if let Some(place) = find(WEATHER) {
            weather.rows.push(row(place, hour, moment.weather()));
        }
        for ((place, factor, number), largest) in stations.iter().zip(&mut largest) {
            let values = moment.air(*factor, *number);
            let o3 = values.get(&Factor::O3).unwrap_or(0.0);
            *largest = if moment.label == 1 { o3 } else { largest.max(o3) };
            if moment.day == SWAPPED {
                let mut wrong = values.clone();
                wrong.set(&Factor::O3, *largest);
                swapped.rows.push(row(*place, hour, wrong));
            }
            let is_late = *number == 1 && moment.day == LATE.0 && LATE.1.contains(&moment.label);
            let is_gap = *number == 1 && moment.day == 14 && (9..21).contains(&moment.label);
            if values.is_empty() || is_gap {
                continue;
            }
            let to = if is_late { &mut late } else { &mut main };
            to.rows.push(row(*place, hour, values));
        }
    }
    let power = power(&find, until);
    [swapped, main, late, weather, power]
        .into_iter()
        .filter(|delivery| !delivery.rows.is_empty())
        .collect()
}

/// Firms in the response of the sample, and what share of their power they draw in it.
const POWERED: [(&str, f64); 2] = [("SL-S027", 0.45), ("SL-S031", 0.97)];

/// Nine days of hourly power, kWh, that falls, or does not, when the response begins.
fn power(find: &dyn Fn(&str) -> Option<RecordId>, until: Timestamp) -> WholeDelivery {
    let mut power = named("示例_企业用电小时值.csv");
    let end = until.as_second().div_euclid(HOUR_S);
    let begins = response_begins(civil(until));
    for hour in end - 9 * 24..end {
        let start = Timestamp::from_second(hour * HOUR_S).unwrap_or(Timestamp::UNIX_EPOCH);
        for (number, (code, share)) in (0_u64..).zip(POWERED) {
            let Some(place) = find(code) else { continue };
            let share = if civil(start) >= begins { share } else { 1.0 };
            let kwh = 820.0 * share * (0.96 + 0.08 * chance([hour.cast_unsigned(), number, 7]));
            let mut values = FactorValues::default();
            values.set(&Factor::named("用电量"), (kwh * 10.0).round() / 10.0);
            power.rows.push(row(place, hour, values));
        }
    }
    power
}

fn named(source: &str) -> WholeDelivery {
    let head = DeliveryHead {
        source: source.to_owned(),
        format: "示例".to_owned(),
        label: Some(LabelRule { end: LabelEnd::End, clock: Clock::Utc8 }),
        findings: vec!["虚构数据，仅供演示 invented".to_owned()],
        map: Vec::new(),
    };
    WholeDelivery { head, ..WholeDelivery::default() }
}

fn row(place: RecordId, hour: i64, values: FactorValues) -> ReadingRow {
    let start = Timestamp::from_second(hour * HOUR_S).unwrap_or(Timestamp::UNIX_EPOCH);
    ReadingRow { place, span: Span::Hour, start, values }
}

/// 0–1, the same for the same numbers: the finaliser of `SplitMix64` (Steele, Lea and Flood 2014).
fn chance(seed: [u64; 3]) -> f64 {
    let mut z = seed.into_iter().fold(0x9e37_79b9_7f4a_7c15, |z: u64, part| {
        (z ^ part).wrapping_mul(0xbf58_476d_1ce4_e5b9).rotate_left(23)
    });
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// One hour of the story.
struct Moment {
    hour: u64,
    /// From 0, and the label 1–24 within it, both of UTC+8.
    day: i64,
    label: i64,
    /// Days since the first, whole and part.
    at: f64,
}

impl Moment {
    fn of(hour: i64, first: i64) -> Self {
        let day = |hour: i64| (hour + UTC8_H).div_euclid(24);
        Self {
            hour: hour.cast_unsigned(),
            day: day(hour) - day(first),
            label: (hour + UTC8_H).rem_euclid(24) + 1,
            at: (hour - first) as f64 / 24.0,
        }
    }

    /// 1 in the warmest hour, −1 before sunrise.
    fn sun(&self) -> f64 {
        ((self.label as f64 - 15.0) / 24.0 * std::f64::consts::TAU).cos()
    }

    /// How much of an episode's peak there is, µg/m³, and whether its front has just come.
    fn episode(&self) -> (f64, bool) {
        let bump = |(peak, width, height): (f64, f64, f64)| {
            // It builds up slowly and ends at once.
            let width = if self.at > peak { width * 0.45 } else { width };
            height * (-((self.at - peak) / width).powi(2)).exp()
        };
        let is_front = EPISODES
            .iter()
            .any(|(peak, width, _)| (0.4..1.3).contains(&((self.at - peak) / (width * 0.9))));
        (EPISODES.into_iter().map(bump).sum(), is_front)
    }

    /// Degrees from where it comes, m/s.
    fn wind(&self) -> (f64, f64) {
        let noise = chance([self.hour, 90, 0]);
        let (episode, is_front) = self.episode();
        if is_front {
            return (300.0 + 40.0 * noise, 4.5 + 3.0 * chance([self.hour, 91, 0]));
        }
        // Sea breeze by day, off the hills by night.
        let by_day = self.sun() > 0.2;
        let direction = if by_day { 165.0 } else { 50.0 } + 90.0 * (noise - 0.5);
        let still = 1.0 / (1.0 + episode / 60.0);
        let speed = (if by_day { 2.8 } else { 1.3 } + chance([self.hour, 91, 0])) * still;
        (direction.rem_euclid(360.0), speed)
    }

    fn weather(&self) -> FactorValues {
        let (from, speed) = self.wind();
        let season = 14.0 - self.at * 0.3;
        let mut values = FactorValues::default();
        let tenths = |value: f64| (value * 10.0).round() / 10.0;
        let noise = chance([self.hour, 92, 0]) - 0.5;
        let humidity: f64 = 55.0 - 18.0 * self.sun() + self.episode().0 / 8.0 + 8.0 * noise;
        values.set(&Factor::WindSpeed, tenths(speed));
        // Below this a vane does not turn.
        if speed >= 0.3 {
            values.set(&Factor::WindDirection, from.round());
        }
        values.set(&Factor::Temperature, tenths(season + 5.5 * self.sun() + noise));
        values.set(&Factor::Humidity, humidity.clamp(12.0, 98.0).round());
        values.set(&Factor::Pressure, tenths(1020.0 + 6.0 * (self.at / 3.0).sin() + noise));
        let rains = self.day == 26 && self.label > 14;
        values.set(&Factor::Precipitation, if rains { tenths(2.0 * (noise + 0.5)) } else { 0.0 });
        values
    }

    fn air(&self, factor: f64, station: u64) -> FactorValues {
        let mut values = FactorValues::default();
        let noise = |of: u64| chance([self.hour, station, of]);
        let (episode, is_front) = self.episode();
        let (from, speed) = self.wind();
        let clean = if is_front { 0.35 } else { 1.0 };
        let slow = 10.0 * (self.at * 0.9).sin() + 6.0 * (self.at * 2.3).cos();
        let fine = (30.0 + slow - 6.0 * self.sun() + episode) * factor * clean;
        let fine = (fine * (0.9 + 0.2 * noise(1))).max(4.0);
        let is_rush = [7, 8, 9, 18, 19, 20].contains(&self.label);
        // A yard south-east of the third station works while a weak wind blows from there.
        let is_downwind = station == 2 && (110.0..190.0).contains(&from) && speed < 3.2;
        let dust = if self.day == DUSTY { 260.0 * (0.6 + 0.4 * self.sun()) } else { 0.0 };
        let coarse =
            fine * 1.5 + 14.0 + dust + if is_downwind { 55.0 + 40.0 * noise(2) } else { 0.0 };
        let no2 = 24.0 + 0.12 * episode + if is_rush { 22.0 } else { 0.0 } - 8.0 * self.sun();
        let o3 = 62.0 * (self.sun() + 0.45).max(0.05) + 18.0 * noise(6) + 6.0;
        let hour_values = [
            (Factor::Pm25, fine.round()),
            (Factor::Pm10, coarse.round()),
            (Factor::So2, (7.0 + fine * 0.06 + 2.0 * noise(3)).round()),
            (Factor::No2, ((no2 + 6.0 * noise(4)) * clean).max(3.0).round()),
            (Factor::Co, ((0.5 + fine / 110.0 + 0.1 * noise(5)) * 10.0).round() / 10.0),
            (Factor::O3, o3.round()),
        ];
        for (of, (factor, value)) in (10..).zip(hour_values) {
            let is_missing = noise(of) < 0.015
                // An analyser that was away for two days.
                || station == 3 && factor == Factor::No2 && (44..46).contains(&self.day);
            if !is_missing {
                values.set(&factor, value);
            }
        }
        if station == 3 && self.day == 47 && (10..13).contains(&self.label) {
            values.flag(&Factor::Pm10, Flag::new("C"));
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Ids, Stamp};

    fn deliveries() -> Vec<WholeDelivery> {
        let at = "2026-11-29T02:31:00Z".parse().unwrap();
        let stamp = Stamp { actor: "示例".into(), at };
        let records = super::super::records(&stamp, &mut Ids::new(at, 1));
        readings(&records, at)
    }

    #[test]
    fn sixty_days_have_episodes_gaps_and_odd_deliveries_and_say_that_they_are_invented() {
        let all = deliveries();
        assert_eq!(all.len(), 5);
        assert!(all.iter().all(|delivery| delivery.head.source.starts_with("示例")));
        assert!(all[0].withdrawn_because.is_some());
        let [swapped, main, late, weather, _power] = &all[..] else { panic!("{}", all.len()) };
        assert_eq!((swapped.rows.len(), late.rows.len(), weather.rows.len()), (4 * 24, 7, 1440));
        let expected = 4 * 1440 - 7 - 12;
        assert!(main.rows.len() <= expected && main.rows.len() > expected - 10);
        let pm = |row: &ReadingRow| row.values.get(&Factor::Pm25);
        let highest = main.rows.iter().filter_map(pm).fold(0.0, f64::max);
        assert!((150.0..400.0).contains(&highest), "{highest}");
        let last = main.rows.last().unwrap();
        assert_eq!(last.end().to_string(), "2026-11-29T02:00:00Z");
        assert_eq!(deliveries(), all, "the same every time");
    }
}
