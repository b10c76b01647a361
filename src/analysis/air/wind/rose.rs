//! Wind rose and pollution rose: how often the wind comes from where, by speed or by concentration.

use super::{Sector, Wind};

/// Hours by sector and class of a value. Calms are counted apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Rose {
    edges: Vec<f64>,
    /// Sector by sector, class by class.
    counts: Vec<u32>,
    pub calm: u32,
    pub varying: u32,
}

impl Rose {
    /// Without hours; classes lie between ascending edges, below the first and from the last on.
    pub fn new(edges: &[f64]) -> Self {
        let mut edges = edges.to_vec();
        edges.sort_by(f64::total_cmp);
        let counts = vec![0; Sector::COUNT * (edges.len() + 1)];
        Self { edges, counts, calm: 0, varying: 0 }
    }

    pub fn classes(&self) -> usize {
        self.edges.len() + 1
    }

    /// Counts an hour in the class of a value: its speed makes a wind rose, a concentration a pollution
    /// rose. A value on an edge is in the class above.
    pub fn add(&mut self, wind: Wind, value: f64) {
        match Sector::of(wind) {
            None if wind.is_calm() => self.calm += 1,
            None => self.varying += 1,
            Some(sector) => {
                let class = self.edges.partition_point(|edge| *edge <= value);
                let at = sector.index() * self.classes() + class;
                self.counts[at] += 1;
            }
        }
    }

    /// Hours of a sector in a class.
    pub fn count(&self, sector: Sector, class: usize) -> u32 {
        self.counts[sector.index() * self.classes() + class]
    }

    /// All hours, the calm ones and those that vary among them: what shares are of.
    pub fn hours(&self) -> u32 {
        self.counts.iter().sum::<u32>() + self.calm + self.varying
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_hour_is_in_its_sector_and_class_and_a_calm_in_none() {
        let mut rose = Rose::new(&[2.0, 4.0]);
        for (deg, speed) in [(0.0, 1.0), (5.0, 2.0), (90.0, 9.0), (90.0, 0.2)] {
            let wind = Wind::new(Some(deg), speed).unwrap();
            rose.add(wind, speed);
        }
        rose.add(Wind::new(None, 1.0).unwrap(), 1.0);
        let north = Sector::all().next().unwrap();
        let east = Sector::all().nth(4).unwrap();
        let counts = |sector| [0, 1, 2].map(|class| rose.count(sector, class));
        assert_eq!((counts(north), counts(east)), ([1, 1, 0], [0, 0, 1]));
        assert_eq!((rose.calm, rose.varying, rose.hours()), (1, 1, 5));
    }

    proptest! {
        #[test]
        fn every_hour_is_counted_once(
            hours in prop::collection::vec((0.0_f64..360.0, 0.0_f64..12.0), 0..60),
            edges in prop::collection::vec(0.0_f64..12.0, 0..5),
        ) {
            let mut rose = Rose::new(&edges);
            for (deg, speed) in &hours {
                rose.add(Wind::new(Some(*deg), *speed).unwrap(), *speed);
            }
            prop_assert_eq!(rose.hours() as usize, hours.len());
        }
    }
}
