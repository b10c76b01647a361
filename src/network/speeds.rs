//! How fast trucks drive, by class of road: free, and in the hours of the peak.
//!
//! A road that states no limit is driven at the speed of its class; a stated limit is driven up to
//! what trucks reach on such a road, for nobody drives a truck at 120. In the peak they are slower.

/// Of which the table is, for everybody who is told a time that rests on it.
pub const DATED: &str = "2026-11";

/// Hours of a working day in which the speeds of the peak hold, from their beginning: assumed.
pub const PEAK_HOURS: [u8; 4] = [7, 8, 17, 18];

/// A row of the table, km/h.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruckSpeed {
    /// As the schema writes it: `primary`.
    pub class: &'static str,
    /// Where the road states no limit.
    pub unstated_kmh: f64,
    /// Where it states a higher one.
    pub most_kmh: f64,
    /// In the hours of the peak.
    pub peak_kmh: f64,
}

const fn row(class: &'static str, unstated_kmh: f64, most_kmh: f64, peak_kmh: f64) -> TruckSpeed {
    TruckSpeed { class, unstated_kmh, most_kmh, peak_kmh }
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

/// Whether the speeds of the peak hold in an hour of a working day, or of another.
pub fn is_peak(hour: u8, is_workday: bool) -> bool {
    is_workday && PEAK_HOURS.contains(&hour)
}

/// Of a class; of one that is not in the table, that of a tertiary road.
pub fn of_class(class: &str) -> TruckSpeed {
    let known = TRUCK_SPEEDS.iter().find(|row| row.class == class);
    known.copied().unwrap_or(row("", 30.0, 40.0, 30.0))
}

/// What a truck drives, km/h, free and in the peak; `stated_kmh` below 1 for no limit.
pub fn truck_kmh(class: &str, stated_kmh: f64) -> [f64; 2] {
    let row = of_class(class);
    let free = if stated_kmh >= 1.0 { stated_kmh.min(row.most_kmh) } else { row.unstated_kmh };
    [free, free.min(row.peak_kmh)]
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
}
