//! What trucks emit: exhaust and road dust, per kilometre. How many kilometres is
//! [`super::evaluate`]'s.
//!
//! Exhaust: 道路机动车大气污染物排放清单编制技术指南（试行）2014, base factors at 30 km/h, 15 ℃, with
//! its speed corrections. 国六 is not in the guideline: `NOx` 0.365 of 国五, the ratio of measured
//! China-VI to China-V heavy trucks (1.420 to 3.894 g/km), PM2.5 as 国五, which is an upper bound.
//! Road dust: AP-42 §13.2.1, E = k·sL^0.91·W^1.02.

use crate::domain::TruckClass;

/// `NOx` of 国零 … 国五, g/km.
const HEAVY_NOX: [f64; 6] = [13.823, 9.589, 7.934, 7.934, 5.554, 4.721];
const MEDIUM_NOX: [f64; 6] = [10.782, 7.479, 6.221, 6.221, 4.354, 3.701];
const LIGHT_NOX: [f64; 6] = [6.758, 5.578, 5.578, 3.765, 2.636, 2.240];
const HEAVY_PM25: [f64; 6] = [1.322, 0.623, 0.502, 0.243, 0.138, 0.027];
const MEDIUM_PM25: [f64; 6] = [1.322, 0.905, 0.273, 0.171, 0.099, 0.020];
const LIGHT_PM25: [f64; 6] = [0.435, 0.269, 0.261, 0.130, 0.058, 0.012];

const SIXTH_NOX: f64 = 0.365;

/// Speeds from which the corrections of a row hold, km/h: the guideline has rows "< 20", "20–30",
/// "30–40", "40–80" and "> 80", so that 20 belongs to the second and 80 to the last but one.
const SPEEDS_KMH: [f64; 5] = [80.0, 40.0, 30.0, 20.0, 0.0];
const NOX_TO_THIRD: [f64; 5] = [0.66, 0.74, 0.93, 1.08, 1.31];
const NOX_FROM_FOURTH: [f64; 5] = [0.28, 0.60, 0.91, 1.12, 1.39];
const PM_TO_THIRD: [f64; 5] = [0.49, 0.71, 0.93, 1.08, 1.22];
const PM_FROM_FOURTH: [f64; 5] = [0.48, 0.65, 0.93, 1.12, 1.36];

/// Real `NOx` hardly fell from 国三 to 国五 in chasing studies, and winters add to a third: the range in
/// which a figure is to be read, as factors of it.
pub const EXHAUST_RANGE: (f64, f64) = (0.7, 1.7);
/// Factors of the guideline for heavy diesel trucks below 10 ℃: `NOx` and PM2.5. Chasing studies found
/// 9 to 29 % more `NOx` in cold winters.
pub const WINTER: (f64, f64) = (1.06, 1.70);
/// What cold adds to `NOx`, as the guideline has it and as it was measured at most.
pub const WINTER_NOX_RANGE: (f64, f64) = (1.06, 1.29);
/// AP-42 quality ratings and measured k2.5 of 0.21–0.23 at Baoding against 0.15.
pub const DUST_RANGE: (f64, f64) = (0.5, 1.5);

/// From the tailpipe of one truck.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exhaust {
    /// `NOx`, g/km.
    pub nox_g_km: f64,
    /// PM2.5, g/km.
    pub pm25_g_km: f64,
}

/// Raised from the road by one vehicle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dust {
    /// PM10, g/km.
    pub pm10_g_km: f64,
    /// PM2.5, g/km.
    pub pm25_g_km: f64,
}

impl Exhaust {
    /// The same below 10 ℃; the guideline has no factor for others than heavy trucks.
    #[must_use]
    pub fn in_winter(self, is_winter: bool, class: TruckClass) -> Self {
        if !is_winter || class != TruckClass::Heavy {
            return self;
        }
        let (nox, pm) = WINTER;
        Self { nox_g_km: self.nox_g_km * nox, pm25_g_km: self.pm25_g_km * pm }
    }
}

/// Of one truck; `stage` 0–6 for 国零–国六. The guideline has no micro trucks: they count as light.
pub fn exhaust(class: TruckClass, stage: u8, speed_kmh: f64) -> Exhaust {
    let (nox, pm25) = match class {
        TruckClass::Heavy => (HEAVY_NOX, HEAVY_PM25),
        TruckClass::Medium => (MEDIUM_NOX, MEDIUM_PM25),
        TruckClass::Light | TruckClass::Micro => (LIGHT_NOX, LIGHT_PM25),
    };
    let at = |table: [f64; 6]| table.get(usize::from(stage.min(5))).copied().unwrap_or_default();
    let sixth = if stage >= 6 { SIXTH_NOX } else { 1.0 };
    let (of_nox, of_pm) = correction(stage, speed_kmh);
    Exhaust { nox_g_km: at(nox) * sixth * of_nox, pm25_g_km: at(pm25) * of_pm }
}

/// 1 at exactly 30 km/h, the speed of the base factors.
fn correction(stage: u8, speed_kmh: f64) -> (f64, f64) {
    if (speed_kmh - 30.0).abs() < 0.5 {
        return (1.0, 1.0);
    }
    let is_in = |(row, from): (usize, &f64)| speed_kmh > *from || (row > 0 && speed_kmh >= *from);
    let row = SPEEDS_KMH.iter().enumerate().position(is_in).unwrap_or(4);
    let (nox, pm) =
        if stage <= 3 { (NOX_TO_THIRD, PM_TO_THIRD) } else { (NOX_FROM_FOURTH, PM_FROM_FOURTH) };
    let at = |table: [f64; 5]| table.get(row).copied().unwrap_or(1.0);
    (at(nox), at(pm))
}

/// Of one vehicle of a stream whose mean mass is `mean_mass_t`, on a dry road with `silt_g_m2`.
pub fn dust(silt_g_m2: f64, mean_mass_t: f64) -> Dust {
    let shape = silt_g_m2.powf(0.91) * mean_mass_t.powf(1.02);
    Dust { pm10_g_km: 0.62 * shape, pm25_g_km: 0.15 * shape }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, by: f64) {
        assert!((a - b).abs() < by, "{a} is not {b}");
    }

    #[test]
    #[expect(clippy::approx_constant, reason = "a figure of the table, not half of pi")]
    fn road_dust_is_that_of_ap42() {
        for (silt, mass, pm25, pm10) in [
            (1.0, 1.0, 0.15, 0.62),
            (1.0, 10.0, 1.5707, 6.4922),
            (0.5, 5.0, 0.4122, 1.7037),
            (2.0, 20.0, 5.9852, 24.7389),
        ] {
            let dust = dust(silt, mass);
            near(dust.pm25_g_km, pm25, 5e-5);
            near(dust.pm10_g_km, pm10, 5e-5);
        }
    }

    #[test]
    fn exhaust_is_that_of_the_guideline_at_its_speed() {
        near(exhaust(TruckClass::Heavy, 5, 30.0).nox_g_km, 4.721, 1e-12);
        near(exhaust(TruckClass::Light, 3, 30.0).pm25_g_km, 0.130, 1e-12);
        near(exhaust(TruckClass::Heavy, 6, 30.0).nox_g_km, 1.72, 0.005);
        near(exhaust(TruckClass::Heavy, 4, 50.0).nox_g_km, 5.554 * 0.60, 1e-9);
        near(exhaust(TruckClass::Heavy, 3, 10.0).pm25_g_km, 0.243 * 1.22, 1e-9);
    }

    #[test]
    fn below_ten_degrees_a_heavy_truck_leaves_more_and_a_light_one_has_no_factor() {
        let of = |class| exhaust(class, 5, 30.0).in_winter(true, class);
        near(of(TruckClass::Heavy).nox_g_km, 4.721 * 1.06, 1e-9);
        near(of(TruckClass::Heavy).pm25_g_km, 0.027 * 1.70, 1e-9);
        near(of(TruckClass::Light).nox_g_km, 2.240, 1e-9);
    }

    #[test]
    fn a_speed_between_two_rows_belongs_to_the_row_that_the_guideline_names() {
        let factor = |speed_kmh| exhaust(TruckClass::Heavy, 4, speed_kmh).nox_g_km / 5.554;
        for (speed_kmh, expected) in
            [(19.9, 1.39), (20.0, 1.12), (30.0, 1.0), (40.0, 0.60), (80.0, 0.60), (80.1, 0.28)]
        {
            near(factor(speed_kmh), expected, 1e-9);
        }
    }

    /// The worked example: 1.8 km in the ring, 8,000 cars and 1,200 heavy trucks a day of 国三 to 国五,
    /// a ban that removes 85 %, detours of 6.3 km in place of 4.0 km.
    #[test]
    fn the_worked_example_of_a_ban_comes_out() {
        let mean = |of: fn(Exhaust) -> f64| {
            let shares = [(3, 0.1), (4, 0.2), (5, 0.7)];
            shares
                .iter()
                .map(|(stage, share)| share * of(exhaust(TruckClass::Heavy, *stage, 30.0)))
                .sum::<f64>()
        };
        let (nox, pm25) = (mean(|e| e.nox_g_km), mean(|e| e.pm25_g_km));
        near(nox, 5.2089, 5e-5);
        near(pm25, 0.0708, 5e-5);
        near(1200.0 * 1.8 * nox / 1000.0, 11.251, 5e-4);
        near(180.0 * 1.8 * nox / 1000.0, 1.688, 5e-4);
        near(1200.0 * 1.8 * pm25 / 1000.0, 0.1529, 5e-5);
        near(1020.0 * 2.3 * nox / 1000.0, 12.220, 5e-4);
        for (trucks, mass, pm10, fine) in
            [(1200.0, 3.9130, 41.287, 9.989), (180.0, 1.9071, 17.636, 4.267)]
        {
            let all = 8000.0 + trucks;
            let mean_mass = (8000.0 * 1.5 + trucks * 20.0) / all;
            near(mean_mass, mass, 5e-5);
            let dust = dust(1.0, mean_mass);
            near(all * 1.8 * dust.pm10_g_km / 1000.0, pm10, 5e-4);
            near(all * 1.8 * dust.pm25_g_km / 1000.0, fine, 5e-4);
        }
    }
}
