//! WGS-84, GCJ-02 and BD-09, as longitude (x) and latitude (y) in degrees.
//!
//! GCJ-02 is the shifted datum that maps in China must show, BD-09 is Baidu's shift on top of it.
//! Both are identity outside of the box `72.004–137.8347 E, 0.8293–55.8271 N`. The formulas are the
//! public reconstruction that `prcoords` and `coordTransform` agree on; around Fengrun GCJ-02 lies
//! 534–579 m to the east-north-east of WGS-84, BD-09 about 1370 m.

use std::f64::consts::PI;

use geo_types::Coord;

/// Semi-major axis of the Krasovsky 1940 ellipsoid, metres, and its squared eccentricity.
const SEMI_MAJOR_M: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

/// Baidu's own scale of the angle: π · 3000 / 180.
const BAIDU_PI: f64 = PI * 3000.0 / 180.0;
const BAIDU_SHIFT: Coord<f64> = Coord { x: 0.0065, y: 0.006 };

/// Where the shift applies. It ends abruptly at this box, as in every implementation in use.
pub fn is_in_china(at: Coord<f64>) -> bool {
    (72.004..=137.8347).contains(&at.x) && (0.8293..=55.8271).contains(&at.y)
}

/// Degrees to degrees; outside of the box of [`is_in_china`] what came in.
pub fn gcj02_from_wgs84(wgs84: Coord<f64>) -> Coord<f64> {
    if is_in_china(wgs84) { shifted(wgs84) } else { wgs84 }
}

/// Inverts the shift by a fixed point: one step leaves 0.3–2 m, three more leave < 1e-7 m.
pub fn wgs84_from_gcj02(gcj02: Coord<f64>) -> Coord<f64> {
    if !is_in_china(gcj02) {
        return gcj02;
    }
    let closer = |guess: Coord<f64>| guess - (shifted(guess) - gcj02);
    let first = closer(gcj02);
    (0..3).fold(first, |guess, _| closer(guess))
}

/// Degrees to degrees; outside of the box of [`is_in_china`] what came in.
pub fn bd09_from_gcj02(gcj02: Coord<f64>) -> Coord<f64> {
    if is_in_china(gcj02) { baidu(gcj02) } else { gcj02 }
}

/// Inverts Baidu's shift by a fixed point to better than 1e-9°; the closed form in common use is
/// 3–10 cm off.
pub fn gcj02_from_bd09(bd09: Coord<f64>) -> Coord<f64> {
    if !is_in_china(bd09) {
        return bd09;
    }
    // The shift varies slowly (its derivative is below 0.02), so each step gains two digits.
    (0..8).fold(bd09 - BAIDU_SHIFT, |guess, _| guess - (baidu(guess) - bd09))
}

/// Degrees to degrees, over GCJ-02.
pub fn bd09_from_wgs84(wgs84: Coord<f64>) -> Coord<f64> {
    bd09_from_gcj02(gcj02_from_wgs84(wgs84))
}

/// Degrees to degrees, over GCJ-02; as exact as its two steps are.
pub fn wgs84_from_bd09(bd09: Coord<f64>) -> Coord<f64> {
    wgs84_from_gcj02(gcj02_from_bd09(bd09))
}

fn shifted(wgs84: Coord<f64>) -> Coord<f64> {
    let (x, y) = (wgs84.x - 105.0, wgs84.y - 35.0);
    let bend = 0.2 * x.abs().sqrt();
    let ripple = 20.0 * (6.0 * PI * x).sin() + 20.0 * (2.0 * PI * x).sin();
    let north_m = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + bend
        + (ripple
            + 20.0 * (PI * y).sin()
            + 40.0 * (PI * y / 3.0).sin()
            + 160.0 * (PI * y / 12.0).sin()
            + 320.0 * (PI * y / 30.0).sin())
            * 2.0
            / 3.0;
    let east_m = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + bend / 2.0
        + (ripple
            + 20.0 * (PI * x).sin()
            + 40.0 * (PI * x / 3.0).sin()
            + 150.0 * (PI * x / 12.0).sin()
            + 300.0 * (PI * x / 30.0).sin())
            * 2.0
            / 3.0;
    let latitude = wgs84.y.to_radians();
    let flattened = 1.0 - ECCENTRICITY_SQUARED * latitude.sin().powi(2);
    let meridian_m = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / flattened.powf(1.5);
    let parallel_m = SEMI_MAJOR_M / flattened.sqrt() * latitude.cos();
    Coord {
        x: wgs84.x + (east_m / parallel_m).to_degrees(),
        y: wgs84.y + (north_m / meridian_m).to_degrees(),
    }
}

fn baidu(gcj02: Coord<f64>) -> Coord<f64> {
    let radius = gcj02.x.hypot(gcj02.y) + 0.00002 * (gcj02.y * BAIDU_PI).sin();
    let angle = gcj02.y.atan2(gcj02.x) + 0.000_003 * (gcj02.x * BAIDU_PI).cos();
    Coord { x: radius * angle.cos(), y: radius * angle.sin() } + BAIDU_SHIFT
}

#[cfg(test)]
mod tests {
    use geo_types::coord;
    use proptest::prelude::*;

    use super::*;

    /// WGS-84, GCJ-02 and BD-09 of the same places, agreed on by prcoords 1.0.2 and coordTransform
    /// 0.2.1, nine decimals.
    const PLACES: [[(f64, f64); 3]; 6] = [
        [(118.16, 39.83), (118.166_363_428, 39.831_371_176), (118.172_877_769, 39.837_301_294)],
        [(118.1, 39.95), (118.106_499_357, 39.951_444_241), (118.112_969_305, 39.957_506_046)],
        [(118.2, 39.7), (118.206_232_117, 39.701_285_72), (118.212_603_553, 39.707_616_337)],
        [(117.95, 39.8), (117.956_144_432, 39.801_113_477), (117.962_510_517, 39.807_454_444)],
        [(118.18, 39.63), (118.186_278_529, 39.631_308_122), (118.192_707_94, 39.637_581_386)],
        [
            (116.391_305, 39.905_527),
            (116.397_545_933, 39.906_928_192),
            (116.403_920_485, 39.913_272_204),
        ],
    ];

    fn assert_close(found: Coord<f64>, expected: Coord<f64>, tolerance_deg: f64) {
        let off = found - expected;
        assert!(
            off.x.abs() <= tolerance_deg && off.y.abs() <= tolerance_deg,
            "{found:?} is not {expected:?}"
        );
    }

    #[test]
    fn the_three_datums_agree_with_published_implementations() {
        for place in PLACES {
            let [wgs84, gcj02, bd09] = place.map(Coord::from);
            assert_close(gcj02_from_wgs84(wgs84), gcj02, 1e-9);
            assert_close(bd09_from_gcj02(gcj02_from_wgs84(wgs84)), bd09, 1e-9);
            assert_close(bd09_from_wgs84(wgs84), bd09, 1e-9);
            assert_close(wgs84_from_gcj02(gcj02), wgs84, 1e-9);
            assert_close(gcj02_from_bd09(bd09), gcj02, 2e-9);
            assert_close(wgs84_from_bd09(bd09), wgs84, 2e-9);
        }
    }

    #[test]
    fn the_shift_at_fengrun_is_larger_than_the_inner_ring() {
        let shift =
            gcj02_from_wgs84(coord! { x: 118.16, y: 39.83 }) - coord! { x: 118.16, y: 39.83 };
        let off_m = (shift.x * 85_605.243).hypot(shift.y * 111_031.367);
        assert!((off_m - 565.61).abs() < 0.1, "{off_m} m");
    }

    #[test]
    fn nothing_is_shifted_out_of_china() {
        let monaco = coord! { x: 7.42, y: 43.74 };
        for shift in [gcj02_from_wgs84, wgs84_from_gcj02, bd09_from_wgs84, wgs84_from_bd09] {
            assert_eq!(shift(monaco), monaco);
        }
    }

    proptest! {
        #[test]
        fn a_shift_taken_back_is_no_shift(x in 117.75..118.37, y in 39.54..40.07) {
            let at = coord! { x: x, y: y };
            // 1e-12° are 1e-7 m, which a longitude in an f64 can just express (1.4e-14°).
            assert_close(wgs84_from_gcj02(gcj02_from_wgs84(at)), at, 1e-12);
            assert_close(gcj02_from_bd09(bd09_from_gcj02(at)), at, 1e-12);
            assert_close(wgs84_from_bd09(bd09_from_wgs84(at)), at, 2e-12);
        }

        #[test]
        fn out_of_the_box_every_number_stays_what_it_is(x in any::<f64>(), y in any::<f64>()) {
            let at = coord! { x: x, y: y };
            prop_assume!(!is_in_china(at));
            let same = wgs84_from_bd09(gcj02_from_wgs84(at));
            prop_assert_eq!((same.x.to_bits(), same.y.to_bits()), (x.to_bits(), y.to_bits()));
        }
    }
}
