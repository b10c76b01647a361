//! The figures of a district: its days, its month, and the stations and townships beside each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::rank::{Standing, ranks};
use super::target::GoodDays;
use super::{
    CompositeIndex, Day, DistrictHours, Hour, IndexMethod, Period, PeriodAir, StationHours,
    Yardstick, values,
};
use crate::domain::{ControlPointLevel, Kind, RecordId, World};

/// A place, or several together, in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceAir {
    /// `None` of several together.
    pub place: Option<RecordId>,
    pub name: String,
    pub township: String,
    /// How many stations it is made of.
    pub stations: usize,
    /// All days there are hours of, those without a value too.
    pub days: Vec<Day>,
    pub air: PeriodAir,
}

impl PlaceAir {
    fn new(name: &str, hours: &StationHours, period: Period, stations: usize) -> Self {
        let days: Vec<Day> = hours.days().collect();
        let air = PeriodAir::of(period, &days, Yardstick::OfDate);
        let (name, township) = (name.to_owned(), String::new());
        Self { place: None, name, township, stations, days, air }
    }

    /// The index of the period as measured; `None` where one of the six is missing.
    pub fn index(&self, method: IndexMethod) -> Option<CompositeIndex> {
        method.index(&values(&self.air.raw))
    }

    /// The same with the dust deducted; `None` also where no deduction is known.
    pub fn index_dust_deducted(&self, method: IndexMethod) -> Option<CompositeIndex> {
        (self.air.dust_days > 0).then(|| method.index(&values(&self.air.dust_deducted)))?
    }
}

/// What a district's air is, as far as its hours say.
#[derive(Clone, Debug, PartialEq)]
pub struct DistrictFigures {
    /// Stations that count for the district: control points without the micro stations; all where
    /// there are no others.
    pub counted: Vec<RecordId>,
    /// Their mean hour by hour.
    pub mean: StationHours,
    /// The month of the last hour.
    pub period: Period,
    /// The day of the last hour.
    pub through: Date,
    /// That day has not the 20 hours yet that make a mean of it valid: it may still be anything.
    pub is_open: bool,
    /// The mean of [`Self::counted`].
    pub district: PlaceAir,
    /// In the order of their ids.
    pub stations: Vec<PlaceAir>,
    /// Of those that count, by name.
    pub townships: Vec<PlaceAir>,
    /// The same of the month before, where no day of this one is valid yet: at the first of a month
    /// whoever ranks or compares has nothing else.
    pub month_before: Option<Arc<Self>>,
}

impl DistrictFigures {
    /// `None` where there are no hours.
    pub fn of(world: &World, hours: &DistrictHours) -> Option<Self> {
        let last = hours.ends?.1;
        let through = last.day();
        let is_open = last < Hour::of_day(through, 20);
        let period = Period::Month { year: through.year(), month: through.month() };
        let level = |place: &RecordId| {
            world.table(Kind::ControlPoint).get(*place).map(|it| ControlPointLevel::of(it))
        };
        let counts = |place: &&RecordId| {
            level(place).is_some_and(|level| level != Some(ControlPointLevel::Micro))
        };
        let mut counted: Vec<RecordId> = hours.stations.keys().filter(counts).copied().collect();
        if counted.is_empty() {
            counted = hours.stations.keys().copied().collect();
        }
        let mean = hours.mean(&counted)?;
        let mut stations = Vec::with_capacity(hours.stations.len());
        let mut by_township: BTreeMap<String, Vec<RecordId>> = BTreeMap::new();
        for (place, own) in &hours.stations {
            let Some(record) = world.get(*place) else { continue };
            let mut air = PlaceAir::new(record.name(), own, period, 1);
            air.place = Some(*place);
            record.text("township").clone_into(&mut air.township);
            if !air.township.is_empty() && counted.contains(place) {
                by_township.entry(air.township.clone()).or_default().push(*place);
            }
            stations.push(air);
        }
        let townships = by_township
            .iter()
            .filter_map(|(name, of)| Some(PlaceAir::new(name, &hours.mean(of)?, period, of.len())));
        let mut figures = Self {
            district: PlaceAir::new("", &mean, period, counted.len()),
            townships: townships.collect(),
            counted,
            mean,
            period,
            through,
            is_open,
            stations,
            month_before: None,
        };
        figures.month_before = figures.settled_month_before().map(Arc::new);
        Some(figures)
    }

    /// What can be ranked: this month, or the one before while no day of this one is valid.
    pub fn ranked(&self) -> &Self {
        self.month_before.as_deref().unwrap_or(self)
    }

    fn settled_month_before(&self) -> Option<Self> {
        let has_days = |all: &[PlaceAir]| all.iter().any(|place| place.air.days.valid() > 0);
        if has_days(&self.stations) {
            return None;
        }
        let through = self.period.ends().0.yesterday().ok()?;
        let period = Period::Month { year: through.year(), month: through.month() };
        let mut before = Self { period, through, is_open: false, ..self.clone() };
        let all = before.stations.iter_mut().chain(&mut before.townships);
        for place in all.chain([&mut before.district]) {
            place.air = PeriodAir::of(period, &place.days, Yardstick::OfDate);
        }
        has_days(&before.stations).then_some(before)
    }

    /// How many days of the period may still be anything: those after the last hour's day, and that
    /// one while it has too few hours.
    pub fn rest_days(&self) -> u32 {
        let last = self.period.ends().1;
        let to_come = u32::try_from(last.duration_since(self.through).as_hours() / 24).unwrap_or(0);
        to_come + u32::from(self.is_open)
    }

    /// Days of the period so far, and those to come, which are none that was lost.
    pub fn good_days(&self, place: &PlaceAir) -> GoodDays {
        let (days, rest) = (&place.air.days, self.rest_days());
        let (good, valid) = (days.good(), days.valid());
        let invalid = days.not_available.saturating_sub(rest);
        GoodDays { good, bad: valid - good, invalid, rest }
    }
}

/// Where places stand by the index of one method, small is good; those without an index have no rank.
pub fn standings(places: &[PlaceAir], method: IndexMethod) -> Vec<Option<Standing>> {
    let indices: Vec<Option<f64>> =
        places.iter().map(|place| place.index(method).map(|index| index.value())).collect();
    ranks(&indices, CompositeIndex::DECIMALS)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::{DistrictGathering, Hour, Level, Pollutant};
    use super::*;
    use crate::domain::reading::{FactorValues, ReadingRow, Span};
    use crate::domain::{Ids, Record, Stamp, Value};

    fn world() -> (World, Vec<RecordId>) {
        let stamp = Stamp { actor: "甲".into(), at: "2026-11-03T00:00:00Z".parse().unwrap() };
        let mut ids = Ids::new(stamp.at, 7);
        let mut world = World::default();
        let mut places = Vec::new();
        for (name, level, township) in
            [("一站", "国控", "甲镇"), ("二站", "乡镇", "乙镇"), ("三站", "微站", "乙镇")]
        {
            let mut record = Record::new(ids.next(), Kind::ControlPoint, &stamp);
            record.set("name", Some(Value::text(name)));
            record.set("level", Some(Value::Choice(level)));
            record.set("township", Some(Value::text(township)));
            places.push(record.id);
            world.load(Arc::new(record));
        }
        (world, places)
    }

    #[test]
    fn on_the_first_of_a_month_the_month_before_is_ranked_and_the_good_days_are_those_of_the_new_one()
     {
        let (world, places) = world();
        let (first, last) = (date(2026, 11, 29), date(2026, 12, 1));
        let gathered = |until: u8| {
            let mut gathering = DistrictGathering::of_days(first, last);
            for day in [first, date(2026, 11, 30), last] {
                for label in 1..=(if day == last { until } else { 24 }) {
                    let mut values = FactorValues::default();
                    for pollutant in Pollutant::ALL {
                        values.set(&pollutant.factor(), 30.0);
                    }
                    let start = Hour::of_day(day, label).start();
                    gathering.add(&ReadingRow {
                        place: places[0],
                        span: Span::Hour,
                        start,
                        values,
                    });
                }
            }
            DistrictFigures::of(&world, &gathering.finish()).unwrap()
        };
        let morning = gathered(4);
        assert_eq!(morning.good_days(&morning.district).rest, 31);
        let ranked = morning.ranked();
        assert_eq!(ranked.period, Period::Month { year: 2026, month: 11 });
        assert_eq!((ranked.through, ranked.rest_days()), (date(2026, 11, 30), 0));
        assert_eq!(ranked.stations[0].air.days.valid(), 2);
        assert!(standings(&ranked.stations, IndexMethod::Limits2013)[0].is_some());
        let evening = gathered(22);
        assert_eq!(evening.ranked().period, Period::Month { year: 2026, month: 12 });
    }

    #[test]
    fn a_micro_station_is_ranked_and_counts_for_neither_district_nor_township() {
        let (world, places) = world();
        let (first, last) = (date(2026, 11, 1), date(2026, 11, 2));
        let mut gathering = DistrictGathering::of_days(first, last);
        for (place, pm25) in places.iter().zip([20.0, 40.0, 400.0]) {
            for label in 1..=24 {
                let mut values = FactorValues::default();
                for pollutant in Pollutant::ALL {
                    let value = if pollutant == Pollutant::Pm25 { pm25 } else { 1.0 };
                    values.set(&pollutant.factor(), value);
                }
                let start = Hour::of_day(last, label).start();
                gathering.add(&ReadingRow { place: *place, span: Span::Hour, start, values });
            }
        }
        let figures = DistrictFigures::of(&world, &gathering.finish()).unwrap();
        assert_eq!((figures.counted.len(), figures.stations.len()), (2, 3));
        assert_eq!((figures.through, figures.rest_days()), (last, 28));
        let day = figures.district.days.last().unwrap();
        assert_eq!(day.raw()[Pollutant::Pm25], Some(30.0));
        assert_eq!(figures.district.air.days.of(Level::Excellent), 1);
        let townships: Vec<(&str, Option<f64>)> = figures
            .townships
            .iter()
            .map(|it| (it.name.as_str(), it.air.raw[Pollutant::Pm25].value))
            .collect();
        assert_eq!(townships, [("乙镇", Some(40.0)), ("甲镇", Some(20.0))]);
        let ranks = standings(&figures.stations, IndexMethod::Limits2013);
        let ranks: Vec<usize> = ranks.into_iter().flatten().map(|it| it.rank).collect();
        assert_eq!(ranks, [1, 2, 3]);
        let days = figures.good_days(&figures.district);
        assert_eq!((days.good, days.bad, days.invalid, days.rest), (1, 0, 1, 28));
        // In the morning the day is still to come.
        let mut gathering = DistrictGathering::of_days(first, last);
        let mut values = FactorValues::default();
        values.set(&Pollutant::Pm25.factor(), 20.0);
        let start = Hour::of_day(last, 8).start();
        gathering.add(&ReadingRow { place: places[0], span: Span::Hour, start, values });
        let morning = DistrictFigures::of(&world, &gathering.finish()).unwrap();
        assert_eq!((morning.through, morning.rest_days()), (last, 29));
        assert_eq!(DistrictFigures::of(&world, &DistrictHours::default()), None);
    }
}
