//! Nonparametric wind regression (Henry et al. 2009): the mean concentration over wind direction and
//! speed, weighted by Gaussian kernels. Angles are wrapped both ways.

use std::cmp::Ordering;

use super::{Sample, difference_deg};

/// The widths of the kernels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kernel {
    pub direction_deg: f64,
    pub speed_m_s: f64,
}

impl Default for Kernel {
    /// As openair has them.
    fn default() -> Self {
        Self { direction_deg: 5.0, speed_m_s: 1.5 }
    }
}

/// The cells of a surface: directions from north clockwise, speeds from 0 to the largest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolarGrid {
    pub directions: usize,
    pub speeds: usize,
    pub max_speed_m_s: f64,
}

impl PolarGrid {
    pub fn direction_deg(&self, at: usize) -> f64 {
        at as f64 * 360.0 / self.directions as f64
    }

    /// The middle of a cell.
    pub fn speed_m_s(&self, at: usize) -> f64 {
        (at as f64 + 0.5) * self.max_speed_m_s / self.speeds as f64
    }
}

/// One cell of a surface.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PolarCell {
    /// `None` of fewer than [`PolarSurface::LEAST`] hours near.
    pub value: Option<f64>,
    /// Hours within twice the widths of the kernels.
    pub n: u32,
}

/// The mean concentration over direction and speed of the wind.
#[derive(Clone, Debug, PartialEq)]
pub struct PolarSurface {
    pub grid: PolarGrid,
    cells: Vec<PolarCell>,
    /// Hours without a direction, which are in no cell.
    pub without_direction: u32,
}

impl PolarSurface {
    /// Hours near a cell that has a value.
    pub const LEAST: u32 = 3;

    pub fn cell(&self, direction: usize, speed: usize) -> PolarCell {
        self.cells[speed * self.grid.directions + direction]
    }
}

/// Kernels end here, in widths: beyond, a weight is below 1e-14.
const END: f64 = 8.0;
/// So near, in widths, an hour counts as one that a cell is made of.
const NEAR: f64 = 2.0;

fn gauss(widths: f64) -> f64 {
    (-0.5 * widths * widths).exp()
}

/// The mean at one direction and speed; `None` where no hour has any weight.
pub fn nwr_at(samples: &[Sample], from_deg: f64, speed_m_s: f64, kernel: Kernel) -> Option<f64> {
    let (mut above, mut below) = (0.0, 0.0);
    for sample in samples {
        let Some(deg) = sample.wind.from_deg() else { continue };
        let weight = gauss(difference_deg(from_deg, deg) / kernel.direction_deg)
            * gauss((speed_m_s - sample.wind.speed_m_s()) / kernel.speed_m_s);
        above += weight * sample.concentration;
        below += weight;
    }
    (below > 1e-300).then(|| above / below)
}

/// What an hour weighs over the directions around it, which depends only on how far it is from the
/// nearest one.
struct Stencil {
    from_nearest_deg: f64,
    /// Cells before the nearest one.
    reach: usize,
    /// Weight, and 1 where the hour is near.
    cells: Vec<(f64, u32)>,
}

impl Stencil {
    fn new(from_nearest_deg: f64, directions: usize, width_deg: f64) -> Self {
        let step_deg = 360.0 / directions as f64;
        let reach = ((END * width_deg / step_deg).ceil() as usize).min(directions / 2);
        let cell = |at: usize| {
            let turn_deg = ((at as f64 - reach as f64) * step_deg - from_nearest_deg).abs();
            let widths = turn_deg.min(360.0 - turn_deg) / width_deg;
            (gauss(widths), u32::from(widths <= NEAR))
        };
        let cells = (0..(2 * reach + 1).min(directions)).map(cell).collect();
        Self { from_nearest_deg, reach, cells }
    }
}

/// What hours weigh over the directions of a grid, and how many of them are near.
struct Row {
    above: Vec<f64>,
    below: Vec<f64>,
    near: Vec<u32>,
}

impl Row {
    fn new(cells: usize) -> Self {
        Self { above: vec![0.0; cells], below: vec![0.0; cells], near: vec![0; cells] }
    }

    fn clear(&mut self) {
        self.above.fill(0.0);
        self.below.fill(0.0);
        self.near.fill(0);
    }

    /// Spreads one hour over the directions around the one that it is nearest to.
    fn spread(&mut self, middle: usize, stencil: &Stencil, concentration: f64) {
        let count = self.below.len();
        let mut at = (middle + count - stencil.reach) % count;
        for (weight, is_near) in &stencil.cells {
            self.above[at] += weight * concentration;
            self.below[at] += weight;
            self.near[at] += is_near;
            at = if at + 1 == count { 0 } else { at + 1 };
        }
    }

    /// Adds another row with a weight, `from` the place of the first cell here.
    fn add(&mut self, from: usize, row: &Self, weight: f64, is_near: bool) {
        let to = from + row.below.len();
        for (sum, value) in self.above[from..to].iter_mut().zip(&row.above) {
            *sum += weight * value;
        }
        for (sum, value) in self.below[from..to].iter_mut().zip(&row.below) {
            *sum += weight * value;
        }
        if is_near {
            for (sum, value) in self.near[from..to].iter_mut().zip(&row.near) {
                *sum += value;
            }
        }
    }
}

/// An hour by what it is spread by.
struct Placed {
    speed_m_s: f64,
    /// The nearest direction of the grid, and from there.
    direction: usize,
    from_nearest_deg: f64,
    concentration: f64,
}

impl Placed {
    fn new(sample: &Sample, grid: PolarGrid) -> Option<Self> {
        let from_deg = sample.wind.from_deg().filter(|_| grid.directions > 0)?;
        let step_deg = 360.0 / grid.directions as f64;
        let nearest = (from_deg / step_deg).round();
        Some(Self {
            speed_m_s: sample.wind.speed_m_s(),
            direction: nearest as usize,
            from_nearest_deg: from_deg - nearest * step_deg,
            concentration: sample.concentration,
        })
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let by_speed = self.speed_m_s.total_cmp(&other.speed_m_s);
        by_speed.then(self.from_nearest_deg.total_cmp(&other.from_nearest_deg))
    }
}

/// The surface over a grid. Hours of one speed are spread over the directions once and then over the
/// speeds. Instruments give few speeds and whole degrees, so that a weight is seldom worked out anew.
pub fn nwr(samples: &[Sample], grid: PolarGrid, kernel: Kernel) -> PolarSurface {
    let mut hours: Vec<Placed> =
        samples.iter().filter_map(|sample| Placed::new(sample, grid)).collect();
    hours.sort_unstable_by(Placed::cmp);
    let mut all = Row::new(grid.directions * grid.speeds);
    let mut row = Row::new(grid.directions);
    let mut stencil = Stencil::new(0.0, grid.directions, kernel.direction_deg);
    for group in hours.chunk_by(|a, b| a.speed_m_s.total_cmp(&b.speed_m_s).is_eq()) {
        row.clear();
        for hour in group {
            if hour.from_nearest_deg.total_cmp(&stencil.from_nearest_deg).is_ne() {
                let from_nearest_deg = hour.from_nearest_deg;
                stencil = Stencil::new(from_nearest_deg, grid.directions, kernel.direction_deg);
            }
            row.spread(hour.direction, &stencil, hour.concentration);
        }
        for at in 0..grid.speeds {
            let widths = (grid.speed_m_s(at) - group[0].speed_m_s) / kernel.speed_m_s;
            if widths.abs() <= END {
                all.add(at * grid.directions, &row, gauss(widths), widths.abs() <= NEAR);
            }
        }
    }
    let cell = |((above, below), n): ((&f64, &f64), &u32)| PolarCell {
        value: (*n >= PolarSurface::LEAST).then(|| above / below),
        n: *n,
    };
    PolarSurface {
        grid,
        cells: all.above.iter().zip(&all.below).zip(&all.near).map(cell).collect(),
        without_direction: (samples.len() - hours.len()) as u32,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::testing::{fixture, near};
    use super::super::Wind;
    use super::*;

    fn sample(from_deg: f64, speed_m_s: f64, concentration: f64) -> Sample {
        Sample { wind: Wind::new(Some(from_deg), speed_m_s).unwrap(), concentration }
    }

    #[test]
    fn means_are_those_of_kernels_wrapped_both_ways() {
        let fixture = &fixture()["nwr"];
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let rows = |key: &str| -> Vec<[f64; 3]> {
            let rows = fixture[key].as_array().unwrap().iter();
            rows.map(|row| [0, 1, 2].map(|at| number(&row[at]))).collect()
        };
        let samples: Vec<Sample> =
            rows("obs_wd_ws_c").into_iter().map(|[d, s, c]| sample(d, s, c)).collect();
        for (key, direction_deg) in [("expect_gauss", 5.0), ("expect_gauss_sigma15", 15.0)] {
            let kernel = Kernel { direction_deg, ..Kernel::default() };
            for [deg, speed, expected] in rows(key) {
                near(nwr_at(&samples, deg, speed, kernel).unwrap(), expected, 1e-6);
            }
        }
        assert_eq!(nwr_at(&[], 0.0, 2.0, Kernel::default()), None);
    }

    #[test]
    fn an_hour_at_359_degrees_counts_for_north_as_one_at_1_degree_does() {
        let hours = [sample(359.0, 2.0, 10.0), sample(1.0, 2.0, 30.0)];
        near(nwr_at(&hours, 0.0, 2.0, Kernel::default()).unwrap(), 20.0, 1e-9);
        let grid = PolarGrid { directions: 180, speeds: 4, max_speed_m_s: 4.0 };
        let surface = nwr(&hours, grid, Kernel::default());
        assert_eq!(surface.cell(0, 1), PolarCell { value: None, n: 2 }, "two hours are too few");
        let hours = [hours[0], hours[1], sample(0.0, 2.0, 20.0)];
        let surface = nwr(&hours, grid, Kernel::default());
        near(surface.cell(0, 1).value.unwrap(), 20.0, 1e-9);
        assert_eq!(surface.cell(90, 1), PolarCell::default());
    }

    #[test]
    fn calm_hours_are_in_no_cell() {
        let grid = PolarGrid { directions: 36, speeds: 4, max_speed_m_s: 4.0 };
        let surface = nwr(&[sample(10.0, 0.1, 10.0)], grid, Kernel::default());
        assert_eq!(surface.without_direction, 1);
        let none = PolarGrid { directions: 0, speeds: 0, max_speed_m_s: 4.0 };
        assert_eq!(nwr(&[sample(10.0, 2.0, 10.0)], none, Kernel::default()).cells, []);
        assert!((0..36).all(|at| surface.cell(at, 0).n == 0));
    }

    proptest! {
        #[test]
        fn every_cell_of_a_surface_is_the_mean_at_its_middle(
            hours in prop::collection::vec((0.0_f64..360.0, 3_u32..80, 0.0_f64..300.0), 1..60),
            direction_deg in 3.0_f64..40.0,
        ) {
            let samples: Vec<Sample> = hours
                .iter()
                .map(|(deg, tenths, c)| sample(*deg, f64::from(*tenths) / 10.0, *c))
                .collect();
            let kernel = Kernel { direction_deg, speed_m_s: 1.5 };
            let grid = PolarGrid { directions: 36, speeds: 5, max_speed_m_s: 8.0 };
            let surface = nwr(&samples, grid, kernel);
            for (direction, speed) in (0..36).flat_map(|d| (0..5).map(move |s| (d, s))) {
                let cell = surface.cell(direction, speed);
                let (deg, at) = (grid.direction_deg(direction), grid.speed_m_s(speed));
                let is_near = |sample: &&Sample| {
                    let turn = difference_deg(deg, sample.wind.from_deg().unwrap());
                    turn.abs() <= 2.0 * direction_deg
                        && (at - sample.wind.speed_m_s()).abs() <= 2.0 * 1.5
                };
                prop_assert_eq!(cell.n as usize, samples.iter().filter(is_near).count());
                if let Some(value) = cell.value {
                    let expected = nwr_at(&samples, deg, at, kernel).unwrap();
                    prop_assert!((value - expected).abs() < 1e-6, "{} {}", value, expected);
                }
            }
        }
    }
}
