//! The air on a map on the wall: a value beside each control point, and the stations in a table.

use std::collections::BTreeMap;

use crate::analysis::air::rounding::half_even;
use crate::analysis::air::{DistrictHours, Hour, Pollutant, Quantity, StationHours};
use crate::domain::{Kind, Lang, RecordId, Text, World};
use crate::map::{BoardGroup, Sketch, Words};

/// What is older than so many hours is no value of now.
const WITHIN_H: i32 = 2;

/// AQI of a station with its level, and PM2.5; each may be missing.
type StationAir = (Option<(f64, Text)>, Option<f64>);

/// The values of one hour, the last that most stations have.
#[derive(Clone, Debug, PartialEq)]
pub struct WallAir {
    hour: Hour,
    stations: BTreeMap<RecordId, StationAir>,
}

impl WallAir {
    /// Of the last hour up to `until`; `None` where no station has said anything for two hours.
    pub fn of(hours: &DistrictHours, until: Hour) -> Option<Self> {
        let hour = hours.ends?.1.min(until);
        if until.since(hour) > WITHIN_H {
            return None;
        }
        let of = |own: &StationHours| {
            let aqi = own.value(Quantity::Aqi, hour);
            let aqi = aqi.map(|valued| (valued.value, valued.level().name()));
            (aqi, own.series(Pollutant::Pm25).get(hour))
        };
        let stations = hours.stations.iter().map(|(place, own)| (*place, of(own)));
        Some(Self { hour, stations: stations.collect() })
    }

    /// Writes the index behind the name of each control point that has one.
    pub fn label(&self, sketch: &mut Sketch, world: &World) {
        for mark in &mut sketch.marks {
            let Some(station) = mark.subject.and_then(|id| world.table(Kind::ControlPoint).get(id))
            else {
                continue;
            };
            let Some((Some((aqi, _)), _)) = self.stations.get(&station.id) else { continue };
            if mark.label == Some(Words::Name) {
                mark.label = Some(Words::Text(format!("{} AQI {aqi:.0}", station.name())));
            }
        }
    }

    /// A row a station: index, level, PM2.5. What has no value says so.
    pub fn group(&self, world: &World, lang: Lang) -> BoardGroup {
        let day = self.hour.day();
        let label = self.hour.label();
        let heading = match lang {
            Lang::Zh => format!("空气（{}月{}日{label}时）", day.month(), day.day()),
            Lang::En => format!("Air, {day} {label} h"),
        };
        let points = world.table(Kind::ControlPoint);
        let rows = self.stations.iter().filter_map(|(place, (aqi, pm25))| {
            let name = points.get(*place)?.name().to_owned();
            let aqi = aqi.map_or_else(
                || Text::new("无数据", "no data").say(lang).to_owned(),
                |(value, level)| format!("AQI {value:.0} {}", level.say(lang)),
            );
            let pm25 = pm25.map_or_else(String::new, |value| {
                let decimals = Pollutant::Pm25.decimals();
                format!("  PM2.5 {:.*}", usize::from(decimals), half_even(value, decimals))
            });
            Some((name, format!("{aqi}{pm25}")))
        });
        BoardGroup { heading, rows: rows.collect() }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::analysis::air::DistrictGathering;
    use crate::domain::reading::{Factor, FactorValues, ReadingRow, Span};
    use crate::domain::{Ids, Record, Stamp, Value};
    use crate::map::{LayerInput, sketch};

    #[test]
    fn the_map_on_the_wall_has_the_value_of_each_station_and_says_who_has_none() {
        let stamp = Stamp { actor: "甲".into(), at: "2026-11-29T00:00:00Z".parse().unwrap() };
        let mut ids = Ids::new(stamp.at, 1);
        let mut world = World::default();
        let day = date(2026, 11, 29);
        let hour = Hour::of_day(day, 10);
        let mut gathering = DistrictGathering::of_days(day, day);
        for (name, lon, values) in [
            ("一站", 118.1, &[(Factor::Pm25, 75.0), (Factor::Pm10, 60.0)][..]),
            ("二站", 118.2, &[]),
        ] {
            let mut record = Record::new(ids.next(), Kind::ControlPoint, &stamp);
            record.set("name", Some(Value::text(name)));
            record.geometry = Some(geo_types::Point::new(lon, 39.8).into());
            let mut put = |hour: Hour, of: &[(Factor, f64)]| {
                let mut values = FactorValues::default();
                for (factor, value) in of {
                    values.set(factor, *value);
                }
                let start = hour.start();
                gathering.add(&ReadingRow { place: record.id, span: Span::Hour, start, values });
            };
            put(hour.plus(-1), &[(Factor::Pm25, 20.0)]);
            put(hour, values);
            world.load(record.into());
        }
        let hours = gathering.finish();
        assert_eq!(WallAir::of(&hours, hour.plus(3)), None, "that is old");
        let air = WallAir::of(&hours, hour.plus(1)).unwrap();
        let group = air.group(&world, Lang::Zh);
        assert_eq!(group.heading, "空气（11月29日10时）");
        let rows: Vec<(&str, &str)> =
            group.rows.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(rows[1], ("二站", "无数据"));
        assert!(rows[0].1.starts_with("AQI ") && rows[0].1.ends_with("PM2.5 75"), "{rows:?}");
        let mut drawn = sketch(&LayerInput { world: &world, lang: Lang::Zh }, &|layer| {
            layer.key() == "control_points"
        });
        air.label(&mut drawn, &world);
        let labels: Vec<String> = drawn
            .marks
            .iter()
            .filter_map(|mark| match mark.label.as_ref()? {
                Words::Text(text) => Some(text.clone()),
                Words::Name => None,
            })
            .collect();
        assert!(labels.len() == 1 && labels[0].starts_with("一站 AQI "), "{labels:?}");
    }
}
