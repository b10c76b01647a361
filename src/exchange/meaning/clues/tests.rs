use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::domain::Localized;

const END: Stamp = Stamp { label: HourLabel::End, zone: Zone::Utc8 };

/// Days of ozone at one station with its running maximum of 8 h means, labelled as a stamp says.
fn gathered(stamp: Stamp, days: usize) -> LabelClue {
    let mut clue = LabelClue::default();
    let mut running = f64::NAN;
    for start in 0..24 * days {
        let of_day = start % 24;
        let turn = (of_day as f64 - 15.0) / 24.0 * std::f64::consts::TAU;
        let hour = 90.0 + 70.0 * turn.cos();
        let before = running;
        running = if of_day == 0 { hour } else { before.max(hour) };
        let offset = if stamp.zone == Zone::Utc { 16 } else { 0 };
        let label = start + offset + usize::from(stamp.label == HourLabel::End);
        clue.running(label, before, running);
        clue.ozone(label, hour);
    }
    clue
}

#[test]
fn a_running_maximum_shows_where_a_day_begins() {
    for (label, zone) in [
        (HourLabel::End, Zone::Utc8),
        (HourLabel::Start, Zone::Utc8),
        (HourLabel::End, Zone::Utc),
        (HourLabel::Start, Zone::Utc),
    ] {
        let stamp = Stamp { label, zone };
        let clue = gathered(stamp, 20);
        assert_eq!(clue.verdict(), Some(stamp), "{clue}");
        assert_eq!(clue.zone(), Some(zone), "{clue}");
    }
}

#[test]
fn few_days_and_contradictions_show_nothing() {
    assert_eq!(gathered(END, 5).verdict(), None);
    let mut clue = gathered(END, 20);
    for label in 0..24 {
        for _ in 0..100 {
            clue.ozone(label, if label == 7 { 150.0 } else { 50.0 });
        }
    }
    assert_eq!((clue.zone(), clue.verdict()), (Some(Zone::Utc), None));
    assert_eq!(LabelClue::default().verdict(), None);
}

#[test]
fn a_24_hour_mean_tells_only_where_its_two_readings_differ() {
    let mut clue = LabelClue::default();
    let mut hours = [10.0; 25];
    clue.mean(&hours, 10.0);
    assert_eq!(clue.means(), (0, 0, 0));
    hours[24] = 250.0;
    clue.mean(&hours, 20.0);
    clue.mean(&hours, 10.0);
    clue.mean(&hours, 99.0);
    assert_eq!(clue.means(), (3, 1, 1));
    hours[3] = f64::NAN;
    clue.mean(&hours, 20.0);
    assert_eq!(clue.means(), (3, 1, 1));
}

#[test]
fn a_running_maximum_seldom_falls() {
    let wave = |hour: u32| (12.0 - f64::from(hour % 24)).abs();
    let (mut hourly, mut running) = (RunningClue::default(), RunningClue::default());
    for hour in 24..24 * 8 {
        let maximum =
            |hour: u32| (hour - 23..=hour).map(wave).fold(0.0, f64::max) + f64::from(hour / 96);
        hourly.add(wave(hour - 1), wave(hour));
        if hour > 24 {
            running.add(maximum(hour - 1), maximum(hour));
        }
    }
    assert_eq!(hourly.verdict(), Some(Column::Hourly), "{hourly}");
    assert_eq!(running.verdict(), Some(Column::RunningMaximum), "{running}");
    assert!(RunningClue::are_swapped(&running, &hourly));
    assert!(!RunningClue::are_swapped(&hourly, &running));
    assert_eq!(RunningClue { pairs: 99, drops: 0 }.verdict(), None);
    assert_eq!(RunningClue { pairs: 200, drops: 50 }.verdict(), None);
}

#[test]
fn units_show_by_the_size_of_values() {
    let co = |values: &[f64]| {
        let mut clue = UnitClue::default();
        for value in values {
            clue.co(*value);
        }
        clue.co_unit()
    };
    assert_eq!(co(&[0.3; 20]), Some(CoUnit::MilligramsPerM3));
    assert_eq!(co(&[300.0; 20]), Some(CoUnit::MicrogramsPerM3));
    assert_eq!(co(&[300.0; 9]), None, "nine values are too few");
    assert_eq!(co(&[[0.3; 10], [300.0; 10]].concat()), None);
    assert_eq!(co(&[0.0; 20]), None, "a zero has no unit");
    let pressure = |value: f64| {
        let mut clue = UnitClue::default();
        (0..20).for_each(|_| clue.pressure(value));
        clue.pressure_unit()
    };
    assert_eq!(pressure(101.3), Some(PressureUnit::Kilopascals));
    assert_eq!(pressure(1002.0), Some(PressureUnit::Hectopascals));
    assert_eq!(pressure(101_300.0), None);
}

#[test]
fn a_latitude_of_118_degrees_is_a_longitude() {
    let verdict = |pairs: &[(f64, f64)]| {
        let mut clue = CoordinateClue::default();
        for (latitude, longitude) in pairs {
            clue.add(*latitude, *longitude);
        }
        clue.verdict()
    };
    assert_eq!(verdict(&[(39.83, 118.16)]), Some(Order::AsNamed));
    assert_eq!(verdict(&[(118.16, 39.83), (116.4, 39.9)]), Some(Order::Swapped));
    assert_eq!(verdict(&[(118.16, 39.83), (39.9, 116.4)]), None);
    assert_eq!(verdict(&[(0.0, 0.0)]), None);
    assert_eq!(verdict(&[]), None);
}

#[test]
fn every_clue_says_its_numbers_in_both_languages() {
    let clues: [&dyn Localized; 4] = [
        &gathered(END, 20),
        &RunningClue { pairs: 3, drops: 1 },
        &UnitClue { values: 3, small: 1, large: 2 },
        &CoordinateClue { pairs: 3, as_named: 1, swapped: 2 },
    ];
    for clue in clues {
        let words = clue.localized();
        assert!(words.zh.chars().any(|c| c > '\u{4e00}') && words.en.is_ascii(), "{words:?}");
    }
}

proptest! {
    /// No coordinates of the country are taken for swapped ones.
    #[test]
    fn a_place_in_china_is_one_in_one_order_only(
        latitude in 3.0_f64..54.0,
        longitude in 73.0_f64..136.0,
    ) {
        let mut clue = CoordinateClue::default();
        clue.add(latitude, longitude);
        prop_assert_eq!(clue.verdict(), Some(Order::AsNamed));
        let mut clue = CoordinateClue::default();
        clue.add(longitude, latitude);
        prop_assert_eq!(clue.verdict(), Some(Order::Swapped));
    }
}

/// Type, then station, then values by label: of days in a row.
type Files = BTreeMap<String, BTreeMap<String, Vec<Option<f64>>>>;

fn read(folder: &Path, days: [&str; 2]) -> Option<Files> {
    let mut found = Files::new();
    for (day, name) in days.into_iter().enumerate() {
        let text = std::fs::read_to_string(folder.join(format!("china_sites_{name}.csv"))).ok()?;
        let mut lines = text.lines();
        let stations: Vec<&str> = lines.next()?.split(',').skip(3).collect();
        for line in lines {
            let mut cells = line.split(',').skip(1);
            let label: usize = cells.next()?.parse().ok()?;
            let of_kind = found.entry(cells.next()?.to_owned()).or_default();
            for (station, cell) in stations.iter().zip(cells) {
                let values = of_kind.entry((*station).to_owned()).or_insert_with(|| vec![None; 48]);
                values[24 * day + label] = cell.parse().ok();
            }
        }
    }
    Some(found)
}

/// Values of a kind by station; stations that only one file has are there too.
fn pairs<'f>(files: &'f Files, kind: &str) -> impl Iterator<Item = (usize, f64, f64)> + use<'f> {
    files[kind].values().flat_map(|values| {
        (1..values.len()).filter_map(|at| Some((at % 24, values[at - 1]?, values[at]?)))
    })
}

#[test]
fn files_of_the_national_platform_show_what_is_known_of_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/air");
    let Some(files) = read(&folder, ["20230120", "20230121"]) else {
        eprintln!("skipped: {} has no china_sites files", folder.display());
        return;
    };
    let mut label = LabelClue::default();
    pairs(&files, "O3_8h_24h").for_each(|(at, before, value)| label.running(at, before, value));
    for values in files["O3"].values() {
        for (at, value) in values.iter().enumerate() {
            label.ozone(at, value.unwrap_or(f64::NAN));
        }
    }
    for (station, hours) in &files["PM2.5"] {
        for (at, published) in files["PM2.5_24h"][station].iter().enumerate().skip(24) {
            let Some(published) = published else { continue };
            let window = std::array::from_fn(|back| hours[at - 24 + back].unwrap_or(f64::NAN));
            label.mean(&window, *published);
        }
    }
    let (first, drops, all) = label.day_begins().unwrap();
    assert_eq!(first, 1, "{label}");
    assert!(drops > 3000 && all - drops < 600, "{label}");
    let (means, own, before) = label.means();
    assert!(means > 10_000 && f64::from(own) > 0.99 * f64::from(means), "{label}");
    assert!(f64::from(before) < 0.01 * f64::from(means), "{label}");
    assert_eq!((label.zone(), label.verdict()), (Some(Zone::Utc8), Some(END)), "{label}");
    let running = |kind: &str| {
        let mut clue = RunningClue::default();
        pairs(&files, kind).for_each(|(_, before, value)| clue.add(before, value));
        clue
    };
    let (hourly, maximum) = (running("O3"), running("O3_24h"));
    assert_eq!(hourly.verdict(), Some(Column::Hourly), "{hourly}");
    assert_eq!(maximum.verdict(), Some(Column::RunningMaximum), "{maximum}");
    let mut co = UnitClue::default();
    files["CO"].values().flatten().flatten().for_each(|value| co.co(*value));
    assert_eq!(co.co_unit(), Some(CoUnit::MilligramsPerM3), "{co}");
}
