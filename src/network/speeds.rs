//! How fast trucks drive, by class of road: free, and in the hours of the peak.
//!
//! A road that states no limit is driven at the speed of its class; a stated limit is driven up to
//! what trucks reach on such a road, for nobody drives a truck at 120. In the peak they are slower.
//!
//! There is one table: the one that comes with the program, in which an office may put rows and hours
//! of its own, with a date and a source ([`install`], when the program starts and whenever somebody
//! changes it). A kept network knows the speeds that it was made with ([`super::cache`]), so another
//! table makes another network; whoever installs one makes the network anew.

use std::borrow::Cow;
use std::sync::{LazyLock, PoisonError, RwLock};

use serde::{Deserialize, Serialize};

use crate::domain::{RoadClass, Text};

/// Of which the table that comes with the program is.
const SHIPPED_DATE: &str = "2026-11";

/// Hours of a working day in which the speeds of the peak hold, from their beginning: assumed.
pub const PEAK_HOURS: [u8; 4] = [7, 8, 17, 18];

/// A row of the table, km/h.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TruckSpeed {
    /// As the schema writes it: `primary`.
    pub class: Cow<'static, str>,
    /// Where the road states no limit.
    pub unstated_kmh: f64,
    /// Where it states a higher one.
    pub most_kmh: f64,
    /// In the hours of the peak.
    pub peak_kmh: f64,
}

const fn row(class: &'static str, unstated_kmh: f64, most_kmh: f64, peak_kmh: f64) -> TruckSpeed {
    TruckSpeed { class: Cow::Borrowed(class), unstated_kmh, most_kmh, peak_kmh }
}

/// A proposal of this program: below the design speeds of JTG B01-2014 and CJJ 37-2012, and below the
/// 100 km/h that 道路交通安全法实施条例 art. 78 allows trucks on expressways. To be replaced by what is
/// measured.
pub const TRUCK_SPEEDS: [TruckSpeed; 8] = [
    row("motorway", 80.0, 90.0, 75.0),
    row("trunk", 60.0, 70.0, 50.0),
    row("primary", 50.0, 60.0, 40.0),
    row("secondary", 40.0, 50.0, 32.0),
    row("tertiary", 30.0, 40.0, 30.0),
    row("residential", 20.0, 30.0, 20.0),
    row("service", 15.0, 20.0, 15.0),
    row("track", 10.0, 20.0, 10.0),
];

/// What an office puts in the place of what comes with the program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnSpeeds {
    /// Of when it is: `2027-01`.
    pub dated: String,
    /// Where it comes from: a count, a floating-truck study.
    pub source: String,
    /// Rows of classes that are others than those of the program.
    pub rows: Vec<TruckSpeed>,
    /// Hours of a working day from 0 to 23; none for those of the program.
    pub peak_hours: Vec<u8>,
}

/// The table that holds.
#[derive(Clone, Debug, PartialEq)]
pub struct TruckSpeeds {
    /// Of when it is, with its source where an office has its own.
    pub dated: String,
    /// A row a class.
    pub rows: Vec<TruckSpeed>,
    /// Hours of a working day in which the speeds of the peak hold, from their beginning.
    pub peak_hours: Vec<u8>,
}

/// A table of an office that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSpeeds(pub Text);

/// Tables are small and changed a few times in the life of a program, so those that held stay where
/// they are for whoever still reads them.
static INSTALLED: RwLock<Option<&'static TruckSpeeds>> = RwLock::new(None);

/// Puts the rows of an office into the table from now on. Nothing of a table is taken where a part of
/// it is wrong.
pub fn install(own: OwnSpeeds) -> Result<(), BadSpeeds> {
    let table: &'static TruckSpeeds = Box::leak(Box::new(TruckSpeeds::shipped().with(own)?));
    *INSTALLED.write().unwrap_or_else(PoisonError::into_inner) = Some(table);
    Ok(())
}

/// The table that holds.
pub fn table() -> &'static TruckSpeeds {
    static SHIPPED: LazyLock<TruckSpeeds> = LazyLock::new(TruckSpeeds::shipped);
    let installed = *INSTALLED.read().unwrap_or_else(PoisonError::into_inner);
    installed.unwrap_or(&SHIPPED)
}

/// Of when the table is, for everybody who is told a time that rests on it.
pub fn dated() -> &'static str {
    &table().dated
}

impl TruckSpeeds {
    /// As it comes with the program.
    pub fn shipped() -> Self {
        Self {
            dated: SHIPPED_DATE.to_owned(),
            rows: TRUCK_SPEEDS.to_vec(),
            peak_hours: PEAK_HOURS.to_vec(),
        }
    }

    /// With what an office says instead; as it is where that says nothing.
    pub fn with(mut self, own: OwnSpeeds) -> Result<Self, BadSpeeds> {
        let OwnSpeeds { dated, source, rows, peak_hours } = own;
        if rows.is_empty() && peak_hours.is_empty() {
            return Ok(self);
        }
        if dated.trim().is_empty() {
            return Err(BadSpeeds(Text::new("没有写明日期（dated）", "it has no date (dated)")));
        }
        if peak_hours.iter().any(|hour| *hour > 23) {
            let words = Text::new("高峰时段应为 0 到 23", "hours of the peak are 0 to 23");
            return Err(BadSpeeds(words));
        }
        for row in rows {
            if RoadClass::from_key(&row.class).is_none() {
                return Err(BadSpeeds(Text::new("道路等级不认识", "a class of road is unknown")));
            }
            let speeds = [row.unstated_kmh, row.most_kmh, row.peak_kmh];
            if speeds.iter().any(|kmh| !(1.0..=120.0).contains(kmh)) {
                return Err(BadSpeeds(Text::new(
                    "车速应在 1 到 120 km/h 之间",
                    "speeds are 1 to 120 km/h",
                )));
            }
            self.rows.retain(|known| known.class != row.class);
            self.rows.push(row);
        }
        if !peak_hours.is_empty() {
            self.peak_hours = peak_hours;
        }
        let (dated, source) = (dated.trim(), source.trim());
        self.dated = if source.is_empty() { dated.to_owned() } else { format!("{dated} {source}") };
        Ok(self)
    }

    /// Of a class; of one that is not in the table, that of a tertiary road.
    pub fn of_class(&self, class: &str) -> TruckSpeed {
        let of = |class: &str| self.rows.iter().find(|row| row.class == class).cloned();
        of(class).or_else(|| of("tertiary")).unwrap_or_else(|| row("", 30.0, 40.0, 30.0))
    }

    /// What a truck drives, km/h, free and in the peak; `stated_kmh` below 1 for no limit.
    pub fn truck_kmh(&self, class: &str, stated_kmh: f64) -> [f64; 2] {
        let row = self.of_class(class);
        let free = if stated_kmh >= 1.0 { stated_kmh.min(row.most_kmh) } else { row.unstated_kmh };
        [free, free.min(row.peak_kmh)]
    }
}

/// Whether the speeds of the peak hold in an hour of a working day, or of another.
pub fn is_peak(hour: u8, is_workday: bool) -> bool {
    is_workday && table().peak_hours.contains(&hour)
}

/// Of a class, by the table that holds.
pub fn of_class(class: &str) -> TruckSpeed {
    table().of_class(class)
}

/// What a truck drives by the table that holds, km/h, free and in the peak; `stated_kmh` below 1 for
/// no limit.
pub fn truck_kmh(class: &str, stated_kmh: f64) -> [f64; 2] {
    table().truck_kmh(class, stated_kmh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_drives_a_truck_at_the_posted_hundred_and_twenty() {
        let whole = |class, posted| truck_kmh(class, posted).map(|kmh| kmh.round() as i64);
        assert_eq!(whole("motorway", 120.0), [90, 75]);
        assert_eq!(whole("motorway", 0.0), [80, 75]);
        assert_eq!(whole("primary", 30.0), [30, 30]);
        assert_eq!(whole("tertiary", 60.0), [40, 30]);
    }

    fn own(json: &str) -> Result<TruckSpeeds, BadSpeeds> {
        TruckSpeeds::shipped().with(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn an_office_puts_its_own_rows_and_hours_in_the_place_of_those_that_are_there() {
        let table = own(r#"{"dated":"2027-01","source":"浮动车实测","peak_hours":[6,7],
                "rows":[{"class":"primary","unstated_kmh":45,"most_kmh":55,"peak_kmh":25}]}"#)
        .unwrap();
        assert_eq!(table.dated, "2027-01 浮动车实测");
        let whole = |class, posted| table.truck_kmh(class, posted).map(|kmh| kmh.round() as i64);
        assert_eq!((whole("primary", 0.0), whole("primary", 80.0)), ([45, 25], [55, 25]));
        assert_eq!(whole("motorway", 120.0), [90, 75], "other rows stay");
        assert_eq!(table.peak_hours, [6, 7]);
        assert_eq!(own("{}").unwrap(), TruckSpeeds::shipped());
    }

    #[test]
    fn a_table_that_is_wrong_in_one_place_is_refused_whole_with_its_reason() {
        let row = |class: &str, kmh: f64| {
            format!(
                r#"{{"dated":"2027-01","rows":[{{"class":"{class}","unstated_kmh":{kmh},"most_kmh":60,"peak_kmh":30}}]}}"#
            )
        };
        assert!(own(&row("primary", 40.0)).is_ok());
        assert_eq!(own(&row("primary", 0.0)).unwrap_err().0.en, "speeds are 1 to 120 km/h");
        assert_eq!(own(&row("国道", 40.0)).unwrap_err().0.en, "a class of road is unknown");
        let undated = r#"{"peak_hours":[7]}"#;
        assert_eq!(own(undated).unwrap_err().0.en, "it has no date (dated)");
        assert!(own(r#"{"dated":"2027-01","peak_hours":[24]}"#).is_err());
    }
}
