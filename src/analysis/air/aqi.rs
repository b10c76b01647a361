//! The air quality index, by the edition of its date.

use jiff::civil::Date;

use super::rounding::half_even_units;
use super::rule::{AQI_2012, AQI_2026, Rule, SINCE_2026};
use super::{ByPollutant, Level, Pollutant};

/// The standard by which an index is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// HJ 633-2012, for data until 2026-02-28.
    Hj633_2012,
    /// HJ 633-2026, for data since 2026-03-01.
    Hj633_2026,
}

impl Edition {
    /// The one of a day's data.
    pub fn of(day: Date) -> Self {
        if day < SINCE_2026 { Self::Hj633_2012 } else { Self::Hj633_2026 }
    }

    pub const fn rule(self) -> Rule {
        match self {
            Self::Hj633_2012 => AQI_2012,
            Self::Hj633_2026 => AQI_2026,
        }
    }
}

/// By which edition days are judged: each by that of its date, or all by one, so that years can be
/// compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Yardstick {
    #[default]
    OfDate,
    One(Edition),
}

impl Yardstick {
    pub fn edition(self, day: Date) -> Edition {
        match self {
            Self::OfDate => Edition::of(day),
            Self::One(edition) => edition,
        }
    }
}

/// A concentration that has breakpoints of its own. Particles have one row for all averages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    So2Day,
    So2Hour,
    No2Day,
    No2Hour,
    CoDay,
    CoHour,
    O3EightHours,
    O3Hour,
    Pm10,
    Pm25,
}

const IAQI: [u16; 8] = [0, 50, 100, 150, 200, 300, 400, 500];

impl Item {
    /// What the daily report takes: means of 24 h, of ozone the largest mean of 8 h.
    pub const fn of_day(pollutant: Pollutant) -> Self {
        match pollutant {
            Pollutant::Pm25 => Self::Pm25,
            Pollutant::Pm10 => Self::Pm10,
            Pollutant::So2 => Self::So2Day,
            Pollutant::No2 => Self::No2Day,
            Pollutant::Co => Self::CoDay,
            Pollutant::O3 => Self::O3EightHours,
        }
    }

    /// What the report of an hour takes: means of 1 h.
    pub const fn of_hour(pollutant: Pollutant) -> Self {
        match pollutant {
            Pollutant::Pm25 => Self::Pm25,
            Pollutant::Pm10 => Self::Pm10,
            Pollutant::So2 => Self::So2Hour,
            Pollutant::No2 => Self::No2Hour,
            Pollutant::Co => Self::CoHour,
            Pollutant::O3 => Self::O3Hour,
        }
    }

    const fn decimals(self) -> u8 {
        match self {
            Self::CoDay | Self::CoHour => 1,
            _ => 0,
        }
    }

    /// Concentrations at [`IAQI`], in µg/m³, of CO in 0.1 mg/m³ (table 3 of HJ 633-2026). Where the
    /// row is shorter, the index stays at its end: 1 h SO2 at 200, 8 h ozone at 300.
    const fn breakpoints(self, edition: Edition) -> &'static [i64] {
        match self {
            Self::So2Day => &[0, 50, 150, 475, 800, 1600, 2100, 2620],
            Self::So2Hour => &[0, 150, 500, 650, 800],
            Self::No2Day => &[0, 40, 80, 180, 280, 565, 750, 940],
            Self::No2Hour => &[0, 100, 200, 700, 1200, 2340, 3090, 3840],
            Self::CoDay => &[0, 20, 40, 140, 240, 360, 480, 600],
            Self::CoHour => &[0, 50, 100, 350, 600, 900, 1200, 1500],
            Self::O3EightHours => &[0, 100, 160, 215, 265, 800],
            Self::O3Hour => &[0, 160, 200, 300, 400, 800, 1000, 1200],
            Self::Pm10 => match edition {
                Edition::Hj633_2012 => &[0, 50, 150, 250, 350, 420, 500, 600],
                Edition::Hj633_2026 => &[0, 50, 120, 250, 350, 420, 500, 600],
            },
            Self::Pm25 => match edition {
                Edition::Hj633_2012 => &[0, 35, 75, 115, 150, 250, 350, 500],
                Edition::Hj633_2026 => &[0, 35, 60, 115, 150, 250, 350, 500],
            },
        }
    }

    /// The concentration at which an index of [`IAQI`] ends, in the pollutant's unit; `None` of another
    /// index, and where the row is shorter.
    pub(in crate::analysis) fn value_at(self, edition: Edition, index: u16) -> Option<f64> {
        let at = IAQI.iter().position(|end| *end == index)?;
        let units = *self.breakpoints(edition).get(at)? as f64;
        Some(units / 10_f64.powi(i32::from(self.decimals())))
    }

    /// The individual index of a concentration in the pollutant's unit: the concentration is rounded
    /// half to even, the index up. In integers, since 2.2 mg/m³ of CO is 55 and no 56. `None` below 0
    /// and of what is no number.
    ///
    /// HJ 633-2012 says that SO2 above 800 µg/m³ in an hour and ozone above that in 8 hours have no
    /// index of their own; both editions have the same number here, and [`Aqi::of_day`] takes the hour
    /// of ozone too.
    pub fn iaqi(self, edition: Edition, concentration: f64) -> Option<u16> {
        if !(concentration.is_finite() && concentration >= 0.0) {
            return None;
        }
        let rounded = half_even_units(concentration, self.decimals());
        let ends = self.breakpoints(edition);
        let above = ends.iter().position(|end| rounded <= *end).unwrap_or(ends.len());
        if above == 0 || above == ends.len() {
            return Some(IAQI[above.saturating_sub(1)]);
        }
        let (low, high) = (ends[above - 1], ends[above]);
        let (from, to) = (i64::from(IAQI[above - 1]), i64::from(IAQI[above]));
        let share = (to - from) * (rounded - low);
        Some((from + (share + high - low - 1) / (high - low)) as u16)
    }
}

/// The index of one hour or day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aqi {
    pub edition: Edition,
    /// `None` where it was not measured.
    pub each: ByPollutant<Option<u16>>,
}

/// Above this the worst of what was measured is published, whatever is missing.
const PUBLISHED_ABOVE: u16 = 100;
/// Up to this there is no primary pollutant.
const NO_PRIMARY: u16 = 50;

impl Aqi {
    /// Of the six means of an hour, as the national platform does it in both editions.
    pub fn of_hour(edition: Edition, means: &ByPollutant<Option<f64>>) -> Self {
        let index =
            |pollutant: Pollutant, mean: Option<f64>| Item::of_hour(pollutant).iaqi(edition, mean?);
        Self { edition, each: means.map(index) }
    }

    /// Of the six daily values, ozone's being MDA8. The edition of 2012 counts the largest hour of
    /// ozone too, that of 2026 does not.
    pub fn of_day(
        edition: Edition,
        means: &ByPollutant<Option<f64>>,
        ozone_max_hour: Option<f64>,
    ) -> Self {
        let index =
            |pollutant: Pollutant, mean: Option<f64>| Item::of_day(pollutant).iaqi(edition, mean?);
        let mut each = means.map(index);
        if edition == Edition::Hj633_2012 {
            let hour = ozone_max_hour.and_then(|hour| Item::O3Hour.iaqi(edition, hour));
            each[Pollutant::O3] = each[Pollutant::O3].max(hour);
        }
        Self { edition, each }
    }

    /// The largest index of what was measured, 1–500; `None` where nothing was.
    pub fn worst(&self) -> Option<u16> {
        self.each.iter().filter_map(|(_, index)| *index).max().map(|worst| worst.max(1))
    }

    /// What may be published: [`Self::worst`] where all six were measured or where it is above 100,
    /// otherwise nothing, "NA" (HJ 633-2026 §5.3).
    pub fn value(&self) -> Option<u16> {
        let is_whole = self.each.missing().next().is_none();
        self.worst().filter(|worst| is_whole || *worst > PUBLISHED_ABOVE)
    }

    /// The level of [`Self::value`].
    pub fn level(&self) -> Option<Level> {
        self.value().map(Level::of)
    }

    /// The pollutants with the largest index, all of them where several are equal; none up to 50 and
    /// where nothing is published.
    pub fn primary(&self) -> impl Iterator<Item = Pollutant> {
        let worst = self.value().filter(|worst| *worst > NO_PRIMARY);
        self.each
            .iter()
            .filter(move |(_, index)| worst.is_some() && **index == worst)
            .map(|(pollutant, _)| pollutant)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::testing::fixture;
    use super::*;

    const EDITIONS: [(Edition, &str); 2] =
        [(Edition::Hj633_2012, "2012"), (Edition::Hj633_2026, "2026")];
    const ITEMS: [(&str, Item); 10] = [
        ("SO2_24", Item::So2Day),
        ("SO2_1", Item::So2Hour),
        ("NO2_24", Item::No2Day),
        ("NO2_1", Item::No2Hour),
        ("CO_24", Item::CoDay),
        ("CO_1", Item::CoHour),
        ("O3_8", Item::O3EightHours),
        ("O3_1", Item::O3Hour),
        ("PM10", Item::Pm10),
        ("PM25", Item::Pm25),
    ];

    fn item(name: &str) -> Item {
        ITEMS.iter().find(|(other, _)| *other == name).unwrap().1
    }

    #[test]
    fn the_breakpoints_are_those_of_the_standards() {
        let tables = &fixture()["aqi_tables"];
        for ((edition, year), (name, item)) in EDITIONS.iter().flat_map(|e| ITEMS.map(|i| (*e, i)))
        {
            let scale = if item.decimals() == 1 { 10 } else { 1 };
            let row = tables[year][name].as_array().unwrap().iter();
            let row: Vec<i64> = row.map(|end| end.as_i64().unwrap() * scale).collect();
            assert_eq!(item.breakpoints(edition), row, "{year} {name}");
        }
    }

    #[test]
    fn each_of_the_89_cases_has_its_index_in_both_editions() {
        let fixture = fixture();
        let cases = fixture["aqi_cases"].as_array().unwrap();
        assert_eq!(cases.len(), 89);
        for (case, (edition, year)) in cases.iter().flat_map(|case| EDITIONS.map(|e| (case, e))) {
            let index = item(case["item"].as_str().unwrap())
                .iaqi(edition, case["c"].as_f64().unwrap())
                .map(u64::from);
            assert_eq!(index, case[format!("iaqi_{year}")].as_u64(), "{year} {case}");
        }
        for case in fixture["aqi_float_trap"].as_array().unwrap() {
            let index = item(case[0].as_str().unwrap())
                .iaqi(Edition::Hj633_2026, case[1].as_f64().unwrap());
            assert_eq!(index.map(u64::from), case[2].as_u64(), "{case}");
        }
    }

    #[test]
    fn published_hours_have_their_published_index_and_primary_pollutant() {
        for row in fixture()["cnemc_rows_published_2012"].as_array().unwrap() {
            let keys = ["PM25", "PM10", "SO2_1", "NO2_1", "CO_1", "O3_1"];
            let means = ByPollutant::from_fn(|p| row["v"][keys[p as usize]].as_f64());
            let old = Aqi::of_hour(Edition::Hj633_2012, &means);
            assert_eq!(old.value().map(u64::from), row["published_aqi"].as_u64(), "{row}");
            let published = row["published_primary"].as_str().unwrap();
            let named: Vec<_> = old.primary().map(|p| p.name().zh).collect();
            match named.as_slice() {
                [] => assert_eq!(published, "—"),
                all => assert!(all.iter().all(|name| published.starts_with(name)), "{row}"),
            }
            let new = Aqi::of_hour(Edition::Hj633_2026, &means);
            assert_eq!(new.value().map(u64::from), row["aqi_2026"].as_u64(), "{row}");
            let expected = row["primary_2026"].as_array().unwrap();
            let named: Vec<_> = new.primary().map(|p| keys[p as usize]).collect();
            assert_eq!(named, expected.iter().map(|k| k.as_str().unwrap()).collect::<Vec<_>>());
        }
    }

    fn means(values: [Option<f64>; 6]) -> ByPollutant<Option<f64>> {
        ByPollutant::from_fn(|pollutant| values[pollutant as usize])
    }

    #[test]
    fn equal_indices_are_all_primary_and_good_air_has_none() {
        let tie = means([Some(115.0), Some(250.0), Some(0.0), Some(0.0), Some(0.0), Some(0.0)]);
        let tie = Aqi::of_hour(Edition::Hj633_2026, &tie);
        assert_eq!(tie.primary().collect::<Vec<_>>(), [Pollutant::Pm25, Pollutant::Pm10]);
        let good = means([Some(35.0), Some(50.0), Some(0.0), Some(0.0), Some(0.0), Some(0.0)]);
        let good = Aqi::of_hour(Edition::Hj633_2026, &good);
        assert_eq!((good.value(), good.primary().count()), (Some(50), 0));
        let clean = Aqi::of_hour(Edition::Hj633_2026, &means([Some(0.0); 6]));
        assert_eq!(clean.value(), Some(1), "the published range begins at 1");
    }

    #[test]
    fn what_is_incomplete_is_published_only_above_100() {
        let edition = Edition::Hj633_2026;
        let low = Aqi::of_hour(edition, &means([Some(60.0), None, None, None, None, None]));
        assert_eq!((low.worst(), low.value(), low.primary().count()), (Some(100), None, 0));
        let high = Aqi::of_hour(edition, &means([Some(61.0), None, None, None, None, None]));
        assert_eq!((high.value(), high.primary().count()), (Some(101), 1));
        assert_eq!(Aqi::of_hour(edition, &means([None; 6])).worst(), None);
        assert_eq!(Item::Pm25.iaqi(edition, -1.0), None);
        assert_eq!(Item::Pm25.iaqi(edition, f64::NAN), None);
    }

    #[test]
    fn only_the_edition_of_2012_counts_the_largest_hour_of_ozone() {
        let day = means([Some(0.0), Some(0.0), Some(0.0), Some(0.0), Some(0.0), Some(100.0)]);
        let index = |edition| Aqi::of_day(edition, &day, Some(300.0)).value();
        assert_eq!(index(Edition::Hj633_2012), Some(150));
        assert_eq!(index(Edition::Hj633_2026), Some(50));
    }

    #[test]
    fn the_first_of_march_2026_is_the_first_day_of_the_new_edition() {
        assert_eq!(Edition::of(date(2026, 2, 28)), Edition::Hj633_2012);
        assert_eq!(Edition::of(date(2026, 3, 1)), Edition::Hj633_2026);
        let one = Yardstick::One(Edition::Hj633_2012);
        assert_eq!(one.edition(date(2026, 3, 1)), Edition::Hj633_2012);
    }

    proptest! {
        #[test]
        fn more_pollution_is_never_a_smaller_index(
            at in 0_usize..10,
            low in 0.0_f64..2000.0,
            more in 0.0_f64..2000.0,
        ) {
            let (_, item) = ITEMS[at];
            for (edition, _) in EDITIONS {
                let (low, high) = (item.iaqi(edition, low), item.iaqi(edition, low + more));
                prop_assert!(low <= high && high <= Some(500));
            }
        }
    }
}
