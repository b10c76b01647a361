//! Ten million hourly values in memory to daily AQI, composite index and rank of 300 stations;
//! nonparametric wind regression of four years of hours; and what a step of the time cursor computes.

mod dice;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use shapan::analysis::air::wind::{Kernel, PolarGrid, Sample, Wind, nwr};
use shapan::analysis::air::{
    Aqi, CompositeIndex, Day, Edition, Hour, IndexMethod, Period, PeriodAir, Pollutant,
    StationHours, Yardstick, normal_band, rank, values,
};

use self::dice::Dice;

const FIRST: Date = date(2025, 10, 1);
/// 300 stations, 6 pollutants and 232 days of 24 h are 10,022,400 values, a fiftieth of them missing.
const STATIONS: u64 = 300;
const DAYS: i32 = 232;
const HOURS: u64 = 35_000;

/// Values as a store hands them out: by station, pollutant and hour.
fn readings(station: u64) -> impl Iterator<Item = (Pollutant, Hour, f64)> {
    let mut dice = Dice(station);
    let first = Hour::of_day(FIRST, 1);
    Pollutant::ALL.into_iter().flat_map(move |pollutant| {
        let mut of_pollutant = Dice(dice.roll(u64::MAX));
        (0..DAYS * 24).filter_map(move |hour| {
            let is_there = of_pollutant.roll(50) > 0;
            let value = of_pollutant.roll(160) as f64;
            let value = if pollutant == Pollutant::Co { value / 100.0 } else { value };
            is_there.then(|| (pollutant, first.plus(hour), value))
        })
    })
}

/// The ranks of all stations, and how many days had an index.
fn ranked(stations: &[Vec<(Pollutant, Hour, f64)>]) -> (usize, u32) {
    let last = FIRST.saturating_add((DAYS - 1).days());
    let period = Period::Days { from: FIRST, to: last };
    let mut hours = StationHours::of_days(FIRST, last);
    let mut indices = Vec::with_capacity(stations.len());
    let mut valid_days = 0;
    for station in stations {
        hours.clear();
        for (pollutant, hour, value) in station {
            hours.put(*pollutant, *hour, *value);
        }
        let days: Vec<Day> = hours.days().collect();
        let air = PeriodAir::of(period, &days, Yardstick::OfDate);
        valid_days += air.days.valid();
        let index = IndexMethod::Limits2013.index(&values(&air.raw));
        indices.push(index.map(|index| index.value()));
    }
    let ranks = rank::ranks(&indices, CompositeIndex::DECIMALS);
    (ranks.into_iter().flatten().map(|standing| standing.rank).sum(), valid_days)
}

fn days_index_rank(criterion: &mut Criterion) {
    let stations: Vec<Vec<_>> = (0..STATIONS).map(|station| readings(station).collect()).collect();
    let count: usize = stations.iter().map(Vec::len).sum();
    criterion.bench_function(&format!("days, index and rank of {count} values"), |bencher| {
        bencher.iter(|| ranked(black_box(&stations)));
    });
}

/// Whole degrees and tenths of m/s, as instruments give them.
fn wind_regression(criterion: &mut Criterion) {
    let mut dice = Dice(1);
    let mut samples = Vec::new();
    for _ in 0..HOURS {
        let speed_m_s = (dice.roll(70) + dice.roll(70)) as f64 / 10.0;
        let wind = Wind::new(Some(dice.roll(360) as f64), speed_m_s);
        let concentration = dice.roll(300) as f64;
        samples.extend(wind.map(|wind| Sample { wind, concentration }));
    }
    let grid = PolarGrid { directions: 180, speeds: 40, max_speed_m_s: 14.0 };
    criterion.bench_function("wind regression of 35,000 hours on 40 × 180 cells", |bencher| {
        bencher.iter(|| nwr(black_box(&samples), grid, Kernel::default()));
    });
}

/// What markers need when the time cursor steps: index and normal bands of 300 stations.
fn step_of_the_cursor(criterion: &mut Criterion) {
    let last = FIRST.saturating_add((DAYS - 1).days());
    let stations: Vec<StationHours> = (0..STATIONS)
        .map(|station| {
            let mut hours = StationHours::of_days(FIRST, last);
            for (pollutant, hour, value) in readings(station) {
                hours.put(pollutant, hour, value);
            }
            hours
        })
        .collect();
    let hour = Hour::of_day(last, 9);
    criterion.bench_function("index and normal bands of 300 stations at one hour", |bencher| {
        bencher.iter(|| {
            let bands = |station: &StationHours| {
                Pollutant::ALL.map(|of| normal_band(station.series(of), hour).map(|band| band.p90))
            };
            let index = |station: &StationHours| {
                Aqi::of_hour(Edition::of(last), &station.hour(hour)).value()
            };
            let markers: Vec<_> =
                black_box(&stations).iter().map(|one| (index(one), bands(one))).collect();
            markers.len()
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(8));
    targets = days_index_rank, wind_regression, step_of_the_cursor
}
criterion_main!(benches);
