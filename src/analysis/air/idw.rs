//! A surface between stations: an illustration, and no measurement. Whatever shows it carries the
//! name of its rule, 插值示意, and the stations.

/// A value at a place, in metres of one projection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Station {
    pub x_m: f64,
    pub y_m: f64,
    pub value: f64,
}

/// The value at a place by inverse distances to the power `power`; at a station its own. `None`
/// farther than `reach_m` from every station: there is nothing to show.
pub fn idw(stations: &[Station], x_m: f64, y_m: f64, power: f64, reach_m: f64) -> Option<f64> {
    let (mut above, mut below) = (0.0, 0.0);
    let mut nearest_m = f64::INFINITY;
    for station in stations {
        let distance_m = (station.x_m - x_m).hypot(station.y_m - y_m);
        if distance_m == 0.0 {
            return Some(station.value);
        }
        nearest_m = nearest_m.min(distance_m);
        let weight = distance_m.powf(-power);
        above += weight * station.value;
        below += weight;
    }
    (nearest_m <= reach_m).then(|| above / below)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fixture, near};
    use super::*;

    #[test]
    fn between_stations_the_near_ones_weigh_more_and_at_one_it_is_all() {
        let fixture = fixture();
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let stations: Vec<Station> = fixture["idw"]["pts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|at| Station { x_m: number(&at[0]), y_m: number(&at[1]), value: number(&at[2]) })
            .collect();
        for (key, power) in [("expect_p1", 1.0), ("expect_p2", 2.0)] {
            for case in fixture["idw"][key].as_array().unwrap() {
                let value = idw(&stations, number(&case[0]), number(&case[1]), power, 2000.0);
                near(value.unwrap(), number(&case[2]), 1e-6);
            }
        }
    }

    #[test]
    fn beyond_its_reach_there_is_nothing() {
        let station = [Station { x_m: 0.0, y_m: 0.0, value: 50.0 }];
        assert_eq!(idw(&station, 3000.0, 0.0, 2.0, 3000.0), Some(50.0));
        assert_eq!(idw(&station, 3000.1, 0.0, 2.0, 3000.0), None);
        assert_eq!(idw(&[], 0.0, 0.0, 2.0, 3000.0), None);
    }
}
