//! The mean of several winds.

use super::Wind;

/// What several winds are together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WindMean {
    /// The mean of the speeds.
    pub speed_m_s: f64,
    /// The length of the mean vector, in which a calm is 0 and a varying wind is not.
    pub vector_speed_m_s: f64,
    /// Its direction; `None` where winds cancel and where there is none.
    pub vector_from_deg: Option<f64>,
    /// The direction of the mean of unit vectors, each wind counting alike.
    pub unit_from_deg: Option<f64>,
    /// The length of that mean: 1 of one direction, 0 of none.
    pub steadiness: f64,
    /// Winds, the calm ones and those that vary among them.
    pub n: u32,
    pub calm: u32,
    pub varying: u32,
}

/// A mean vector shorter than this part of the winds has no direction but that of rounding.
const CANCELLED: f64 = 1e-9;

/// The mean; `None` of no wind. Arithmetic means of directions are wrong, and none is taken.
pub fn wind_mean(winds: impl IntoIterator<Item = Wind>) -> Option<WindMean> {
    let (mut n, mut calm, mut directed, mut sum) = (0_u32, 0_u32, 0_u32, 0.0);
    let (mut vector, mut unit) = ((0.0, 0.0), (0.0, 0.0));
    for wind in winds {
        n += 1;
        calm += u32::from(wind.is_calm());
        sum += wind.speed_m_s();
        if let Some(from_deg) = wind.from_deg() {
            directed += 1;
            let (east, north) = from_deg.to_radians().sin_cos();
            vector = (vector.0 + wind.speed_m_s() * east, vector.1 + wind.speed_m_s() * north);
            unit = (unit.0 + east, unit.1 + north);
        }
    }
    let direction = |(east, north): (f64, f64), of: f64| {
        let is_cancelled = f64::hypot(east, north) <= CANCELLED * of;
        (!is_cancelled).then(|| super::turned(east.atan2(north).to_degrees()))
    };
    let over = |length: f64, count: u32| if count == 0 { 0.0 } else { length / f64::from(count) };
    (n > 0).then(|| WindMean {
        speed_m_s: over(sum, n),
        vector_speed_m_s: over(f64::hypot(vector.0, vector.1), directed + calm),
        vector_from_deg: direction(vector, sum),
        unit_from_deg: direction(unit, f64::from(directed)),
        steadiness: over(f64::hypot(unit.0, unit.1), directed),
        n,
        calm,
        varying: n - directed - calm,
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{fixture, near};
    use super::*;

    fn mean(winds: &[(f64, f64)]) -> WindMean {
        let winds = winds.iter().map(|(deg, speed)| Wind::new(Some(*deg), *speed).unwrap());
        wind_mean(winds).unwrap()
    }

    #[test]
    fn vectors_weigh_by_speed_and_unit_vectors_do_not() {
        let found = mean(&[(350.0, 3.0), (10.0, 2.0), (340.0, 4.0), (30.0, 1.0)]);
        near(found.vector_speed_m_s, 2.401_373, 1e-6);
        near(found.vector_from_deg.unwrap(), 353.773_947, 1e-6);
        near(found.unit_from_deg.unwrap(), 2.396_160, 1e-6);
        near(found.steadiness, 0.944_659, 1e-6);
        near(found.speed_m_s, 2.5, 1e-12);
        let fixture = &fixture()["vector_wind"];
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let winds = fixture["obs_wd_ws"].as_array().unwrap().iter();
        let winds: Vec<_> = winds.map(|wind| (number(&wind[0]), number(&wind[1]))).collect();
        let found = mean(&winds);
        near(found.vector_speed_m_s, number(&fixture["vec_speed"]), 1e-6);
        near(found.vector_from_deg.unwrap(), number(&fixture["vec_dir"]), 1e-6);
        near(found.unit_from_deg.unwrap(), number(&fixture["unit_dir"]), 1e-6);
        near(found.steadiness, number(&fixture["R"]), 1e-6);
    }

    #[test]
    fn winds_that_cancel_have_no_direction() {
        let found = mean(&[(90.0, 2.0), (270.0, 2.0)]);
        near(found.vector_speed_m_s, 0.0, 1e-12);
        assert_eq!((found.vector_from_deg, found.unit_from_deg), (None, None));
    }

    #[test]
    fn calms_and_varying_winds_are_counted_apart() {
        let winds = [(Some(90.0), 2.0), (Some(270.0), 0.1), (None, 1.0)];
        let winds = winds.map(|(deg, speed)| Wind::new(deg, speed).unwrap());
        let found = wind_mean(winds).unwrap();
        assert_eq!((found.n, found.calm, found.varying), (3, 1, 1));
        near(found.vector_from_deg.unwrap(), 90.0, 1e-9);
        near(found.vector_speed_m_s, 1.0, 1e-12);
        let calm = wind_mean([Wind::new(None, 0.0).unwrap()]).unwrap();
        assert_eq!((calm.vector_from_deg, calm.steadiness), (None, 0.0));
        assert_eq!(wind_mean([]), None);
    }
}
