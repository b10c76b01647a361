//! Turn penalties, where somebody says that turns cost anything.
//!
//! Off by default: a trip then takes what its roads take. A wait is added where a truck turns at a
//! junction, a node of three pieces of road or more; a bend of the road is none. Waits only add to
//! the time of a route, so potentials of the free network stay admissible and searches exact. Turns
//! that nobody may make are restrictions, and the network's.

use std::fmt;
use std::str::FromStr;

use super::graph::{ArcId, Network};
use crate::domain::Localized;
use crate::geodesy::ring::distance_m;

/// Waits in seconds; nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TurnCosts {
    /// Across the oncoming lane, seconds.
    pub left_s: f64,
    /// Seconds.
    pub right_s: f64,
    /// Back on the same road, seconds.
    pub u_turn_s: f64,
}

/// From here on it is a turn, degrees from straight on.
const TURN_DEG: f64 = 45.0;
/// From here on it is a turn back.
const BACK_DEG: f64 = 150.0;
/// A longer wait is a mistake, seconds.
const MAX_S: f64 = 600.0;

/// The directions of all arcs: made once for a network.
#[derive(Clone, Debug, Default)]
pub struct Bearings {
    /// In which an arc begins and ends, degrees from east, anticlockwise.
    of_arc: Vec<[f32; 2]>,
    is_junction: Vec<bool>,
}

/// How a turn goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manoeuvre {
    /// On, at less than 45° to either side.
    Straight,
    /// Across the oncoming lane.
    Left,
    /// To the side on which one drives.
    Right,
    /// Back on the same road.
    Back,
}

/// So far before a junction and behind it the direction of a road is looked at, metres: nearer to it arms
/// are rounded off.
const LOOK_M: f64 = 25.0;

impl Manoeuvre {
    /// Of the turn from one arc into the next.
    pub fn of(network: &Network, from: ArcId, to: ArcId) -> Self {
        let left_deg = bend_deg(network, from, to);
        if to == from.reverse() {
            Self::Back
        } else if left_deg.abs() < TURN_DEG {
            Self::Straight
        } else if left_deg > 0.0 {
            Self::Left
        } else {
            Self::Right
        }
    }
}

/// How far the way from one arc into the next bends to the left, degrees from −180 to 180; as one sees it
/// who looks some metres back and ahead.
pub fn bend_deg(network: &Network, from: ArcId, to: ArcId) -> f64 {
    let looks = |arc: ArcId| {
        let line = network.line_of(&[arc]);
        let mut left_m = LOOK_M;
        let mut far = line.0.first().copied().unwrap_or_default();
        for pair in line.0.windows(2) {
            let [a, b] = pair else { continue };
            let metres = distance_m(*a, *b);
            if metres >= left_m {
                far = *a + (*b - *a) * (left_m / metres.max(1e-9));
                break;
            }
            (far, left_m) = (*b, left_m - metres);
        }
        [line.0.first().copied().unwrap_or_default(), far]
    };
    let [junction, before] = looks(from.reverse());
    let comes = bearing([before, junction].iter());
    let by = f64::from(bearing(looks(to).iter()) - comes);
    (by + 180.0).rem_euclid(360.0) - 180.0
}

/// What a search asks.
#[derive(Clone, Copy, Debug)]
pub struct Turning<'a> {
    /// What each turn costs.
    pub costs: TurnCosts,
    /// Of the same network as the search.
    pub bearings: &'a Bearings,
}

impl TurnCosts {
    /// Whether no turn costs anything.
    pub fn is_off(self) -> bool {
        self == Self::default()
    }
}

impl Bearings {
    /// By the first and last two vertices of each edge.
    pub fn of(network: &Network) -> Self {
        let mut bearings = Self::default();
        for edge in &network.edges {
            let line = network.line(edge);
            let (first, last) = (bearing(line.iter()), bearing(line.iter().rev()));
            // The end of an arc points where the way came to, so it is turned round.
            bearings.of_arc.push([first, last + 180.0]);
            bearings.of_arc.push([last, first + 180.0]);
        }
        bearings.is_junction = network.degrees().iter().map(|degree| *degree > 2).collect();
        bearings
    }

    /// Directions that nobody drew, for networks without places.
    #[cfg(test)]
    pub fn any(network: &Network, mut direction_deg: impl FnMut() -> f32) -> Self {
        let of_arc = (0..network.arcs()).map(|_| [direction_deg(), direction_deg()]).collect();
        Self { of_arc, is_junction: vec![true; network.nodes.len()] }
    }

    /// How far a turn bends to the left, degrees from −180 to 180.
    fn left_deg(&self, from: ArcId, to: ArcId) -> f64 {
        let at = |arc: ArcId, end: usize| self.of_arc.get(arc.index()).map_or(0.0, |of| of[end]);
        let by = f64::from(at(to, 0) - at(from, 1));
        (by + 180.0).rem_euclid(360.0) - 180.0
    }
}

/// The direction in which a line begins.
fn bearing<'a>(mut line: impl Iterator<Item = &'a geo_types::Coord<f64>>) -> f32 {
    let Some(first) = line.next() else { return 0.0 };
    let narrow = first.y.to_radians().cos();
    let next = line.find(|at| *at != first).unwrap_or(first);
    let (east, north) = ((next.x - first.x) * narrow, next.y - first.y);
    north.atan2(east).to_degrees() as f32
}

impl Turning<'_> {
    /// The wait at the node between two arcs, milliseconds.
    pub fn wait_ms(&self, network: &Network, from: ArcId, to: ArcId) -> u32 {
        let left_deg = self.bearings.left_deg(from, to);
        let is_back = to == from.reverse() || left_deg.abs() >= BACK_DEG;
        let is_junction = self.bearings.is_junction.get(network.head(from) as usize);
        let wait_s = if is_back {
            self.costs.u_turn_s
        } else if is_junction != Some(&true) || left_deg.abs() < TURN_DEG {
            0.0
        } else if left_deg > 0.0 {
            self.costs.left_s
        } else {
            self.costs.right_s
        };
        (wait_s * 1000.0).round() as u32
    }
}

/// What was written is no set of waits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no wait at turns, in seconds, as in `left=20,right=5,u=60`")]
pub struct BadTurnCosts(String);

impl Localized for BadTurnCosts {
    fn zh(&self) -> String {
        format!("“{}”不是转弯等待时间；请按秒写，如 left=20,right=5,u=60，每项 0–{MAX_S}", self.0)
    }
}

impl FromStr for TurnCosts {
    type Err = BadTurnCosts;

    fn from_str(text: &str) -> Result<Self, BadTurnCosts> {
        let mut costs = Self::default();
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let wrong = || BadTurnCosts(text.to_owned());
            let (turn, seconds) = part.split_once('=').ok_or_else(wrong)?;
            let seconds: f64 = seconds.trim().parse().ok().ok_or_else(wrong)?;
            if !(0.0..=MAX_S).contains(&seconds) {
                return Err(wrong());
            }
            match turn.trim() {
                "left" => costs.left_s = seconds,
                "right" => costs.right_s = seconds,
                "u" | "u_turn" | "back" => costs.u_turn_s = seconds,
                _ => return Err(wrong()),
            }
        }
        Ok(costs)
    }
}

impl fmt::Display for TurnCosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "left={},right={},u={}", self.left_s, self.right_s, self.u_turn_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::testing::Town;

    /// A crossroads whose south arm bends, as arcs that lead to the middle and away from it.
    fn waits(costs: &str) -> Vec<u32> {
        let mut town = Town::new();
        town.road("W", &[(-100.0, 0.0), (0.0, 0.0)], &[]);
        town.road("N", &[(0.0, 0.0), (0.0, 100.0)], &[]);
        town.road("E", &[(0.0, 0.0), (100.0, 0.0)], &[]);
        town.road("S", &[(0.0, 0.0), (0.0, -50.0), (60.0, -50.0)], &[]);
        let network = town.network();
        let bearings = Bearings::of(&network);
        let turning = Turning { costs: costs.parse().unwrap(), bearings: &bearings };
        let from = ArcId::new(0, false);
        let to = [ArcId::new(1, false), ArcId::new(2, false), ArcId::new(3, false), from.reverse()];
        to.iter().map(|to| turning.wait_ms(&network, from, *to)).collect()
    }

    #[test]
    fn left_and_right_wait_as_said_straight_on_does_not_and_back_is_a_turn_of_its_own() {
        assert_eq!(waits("left=20,right=5,u=60"), [20_000, 0, 5_000, 60_000]);
        assert_eq!(waits(""), [0, 0, 0, 0]);
    }

    #[test]
    fn a_turn_is_called_by_the_side_to_which_the_road_leads_some_metres_on() {
        let mut town = Town::new();
        town.road("S", &[(0.0, -100.0), (0.0, 0.0)], &[]);
        // Rounded off: it leaves to the north, and is a right turn all the same.
        town.road("E", &[(0.0, 0.0), (1.0, 3.0), (100.0, 3.0)], &[]);
        town.road("W", &[(0.0, 0.0), (-100.0, 0.0)], &[]);
        town.road("N", &[(0.0, 0.0), (30.0, 100.0)], &[]);
        let network = town.network();
        let from = ArcId::new(0, false);
        let into = [1, 2, 3].map(|edge| ArcId::new(edge, false));
        let named = into.map(|into| Manoeuvre::of(&network, from, into));
        assert_eq!(named, [Manoeuvre::Right, Manoeuvre::Left, Manoeuvre::Straight]);
        assert_eq!(Manoeuvre::of(&network, from, from.reverse()), Manoeuvre::Back);
    }

    #[test]
    fn a_bend_of_the_road_is_no_turn() {
        let mut town = Town::new();
        town.road("A", &[(-100.0, 0.0), (0.0, 0.0)], &[]);
        town.road("B", &[(0.0, 0.0), (0.0, 100.0)], &[]);
        let network = town.network();
        let bearings = Bearings::of(&network);
        let turning = Turning { costs: "left=20".parse().unwrap(), bearings: &bearings };
        assert_eq!(turning.wait_ms(&network, ArcId::new(0, false), ArcId::new(1, false)), 0);
    }

    #[test]
    fn nonsense_is_no_wait() {
        for text in ["left", "left=x", "up=3", "left=-1", "left=9999"] {
            assert!(text.parse::<TurnCosts>().is_err(), "{text}");
        }
        assert!(TurnCosts::default().is_off());
    }
}
