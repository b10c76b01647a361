//! User equilibrium: no driver can do better by another route, where roads slow down with their load.
//!
//! Volume-delay t = t₀(1 + 0.15·(v/c)⁴) (Bureau of Public Roads 1964), solved by Frank and Wolfe's
//! method with an exact line search on Beckmann's function. Links are numbers here; roads, trucks and
//! capacities are [`super::congestion`]'s.

/// A link of the network: free-flow time in any unit, and its capacity in vehicles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// At no volume.
    pub free_time: f64,
    /// Infinite where nothing is known: then the link never slows down.
    pub capacity: f64,
    /// Vehicles that are on the link at any rate and choose no route.
    pub preload: f64,
}

/// Volumes on the links, and how far from equilibrium they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Equilibrium {
    /// Vehicles on each link, those who choose; in the order of the links.
    pub volumes: Vec<f64>,
    /// The relative gap: (Σt·v − Σt·v with everybody on the quickest route)/Σt·v.
    pub gap: f64,
    /// Iterations of Frank and Wolfe's method that it took.
    pub rounds: u32,
}

const ALPHA: f64 = 0.15;
const MOST_ROUNDS: u32 = 5000;

impl Link {
    /// Never slowed down.
    pub const fn free(free_time: f64) -> Self {
        Self { free_time, capacity: f64::INFINITY, preload: 0.0 }
    }

    /// Under a volume of those who choose.
    pub fn time(&self, volume: f64) -> f64 {
        if self.capacity.is_finite() {
            let share = (volume + self.preload) / self.capacity;
            self.free_time * (1.0 + ALPHA * share.powi(4))
        } else {
            self.free_time
        }
    }
}

/// Iterates until the relative gap is `most_gap` or less. `load` is the all-or-nothing assignment:
/// for times of the links it returns volumes with everybody on the route that is then quickest;
/// volumes beyond the number of links are carried along and slow nobody down. `tell` gets the gap of
/// each iteration and stops by `false`, which returns `None`.
pub fn user_equilibrium(
    links: &[Link],
    most_gap: f64,
    load: &mut dyn FnMut(&[f64]) -> Vec<f64>,
    tell: &dyn Fn(f64) -> bool,
) -> Option<Equilibrium> {
    let times = |volumes: &[f64]| -> Vec<f64> {
        links.iter().zip(volumes).map(|(link, volume)| link.time(*volume)).collect()
    };
    let free: Vec<f64> = links.iter().map(|link| link.free_time).collect();
    let mut volumes = load(&free);
    let mut balance = Equilibrium { gap: f64::INFINITY, ..Equilibrium::default() };
    for round in 1..=MOST_ROUNDS {
        let now = times(&volumes);
        let best = load(&now);
        let cost = |volumes: &[f64]| -> f64 { volumes.iter().zip(&now).map(|(v, t)| v * t).sum() };
        let total = cost(&volumes);
        balance.gap = if total > 0.0 { (total - cost(&best)) / total } else { 0.0 };
        balance.rounds = round;
        if !tell(balance.gap) {
            return None;
        }
        if balance.gap <= most_gap {
            break;
        }
        let step = line_search(links, &volumes, &best);
        for (volume, best) in volumes.iter_mut().zip(&best) {
            *volume += step * (best - *volume);
        }
    }
    balance.volumes = volumes;
    Some(balance)
}

/// The step at which the slope of Beckmann's function is nil: it only rises, so halves close in.
fn line_search(links: &[Link], from: &[f64], to: &[f64]) -> f64 {
    let slope = |step: f64| -> f64 {
        let all = links.iter().zip(from.iter().zip(to));
        all.map(|(link, (a, b))| (b - a) * link.time(a + step * (b - a))).sum()
    };
    let (mut low, mut high) = (0.0, 1.0);
    if slope(high) <= 0.0 {
        return 1.0;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if slope(middle) > 0.0 { high = middle } else { low = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_is_that_of_the_bureau_of_public_roads() {
        let link = Link { free_time: 1.0, capacity: 1.0, preload: 0.0 };
        for (volume, time) in [
            (0.0, 1.0),
            (0.5, 1.009_375),
            (0.8, 1.06144),
            (1.0, 1.15),
            (1.2, 1.31104),
            (1.5, 1.759_375),
            (2.0, 3.4),
        ] {
            assert!((link.time(volume) - time).abs() < 1e-9);
        }
    }

    #[test]
    fn two_routes_share_the_demand_until_both_take_as_long() {
        let links = [
            Link { free_time: 10.0, capacity: 1000.0, preload: 0.0 },
            Link { free_time: 15.0, capacity: 2000.0, preload: 0.0 },
        ];
        let mut load = |times: &[f64]| {
            if times[0] <= times[1] { vec![3000.0, 0.0] } else { vec![0.0, 3000.0] }
        };
        let balance = user_equilibrium(&links, 1e-9, &mut load, &|_| true).unwrap();
        assert!((balance.volumes[0] - 1408.4237).abs() < 0.01, "{balance:?}");
        assert!((balance.volumes[1] - 1591.5763).abs() < 0.01);
        assert!((links[0].time(balance.volumes[0]) - 15.902_345).abs() < 1e-4);
        assert!((links[1].time(balance.volumes[1]) - 15.902_345).abs() < 1e-4);
    }

    /// 10(1 + 0.15((x + 400)/1000)⁴) = 15(1 + 0.15((y + 100)/2000)⁴) for x + y = 3000: the equation
    /// of the case above for x + 400 and y + 100 with 3500 in sum.
    #[test]
    fn those_who_choose_nothing_slow_the_others_down_and_stay() {
        let links = [
            Link { free_time: 10.0, capacity: 1000.0, preload: 400.0 },
            Link { free_time: 15.0, capacity: 2000.0, preload: 100.0 },
        ];
        let mut load = |times: &[f64]| {
            if times[0] <= times[1] { vec![3000.0, 0.0] } else { vec![0.0, 3000.0] }
        };
        let balance = user_equilibrium(&links, 1e-9, &mut load, &|_| true).unwrap();
        let delay = |free: f64, share: f64| free * (1.0 + 0.15 * share.powi(4));
        let (mut low, mut high) = (0.0, 3500.0);
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            let is_full = delay(10.0, middle / 1000.0) > delay(15.0, (3500.0 - middle) / 2000.0);
            if is_full { high = middle } else { low = middle }
        }
        assert!((balance.volumes[0] + 400.0 - low).abs() < 0.01, "{balance:?} {low}");
        assert!((balance.volumes[1] + 100.0 - (3500.0 - low)).abs() < 0.01);
    }

    #[test]
    fn roads_without_a_known_capacity_never_slow_down() {
        let links = [Link::free(10.0), Link { free_time: 11.0, capacity: 1.0, preload: 0.0 }];
        let mut load = |times: &[f64]| {
            if times[0] <= times[1] { vec![500.0, 0.0] } else { vec![0.0, 500.0] }
        };
        let balance = user_equilibrium(&links, 1e-3, &mut load, &|_| true).unwrap();
        assert_eq!((balance.volumes, balance.gap), (vec![500.0, 0.0], 0.0));
    }
}
