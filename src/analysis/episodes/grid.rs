//! Values of many stations over the same hours, an hour beside the next.

use std::ops::Range;

use crate::analysis::air::{ByPollutant, DistrictHours, Hour, Pollutant};
use crate::domain::RecordId;

/// NaN where there is no value.
#[derive(Clone, Debug)]
pub struct Grid {
    pub stations: Vec<RecordId>,
    first: Hour,
    hours: usize,
    /// An hour after the other, in each all stations.
    values: ByPollutant<Vec<f64>>,
}

impl Grid {
    /// Without values.
    pub fn empty(stations: Vec<RecordId>, hours: Range<Hour>) -> Self {
        let count = usize::try_from(hours.end.since(hours.start)).unwrap_or_default();
        let room = stations.len() * count;
        let values = ByPollutant::from_fn(|_| vec![f64::NAN; room]);
        Self { stations, first: hours.start, hours: count, values }
    }

    /// Of some stations of a district.
    pub fn of(hours: &DistrictHours, stations: Vec<RecordId>) -> Self {
        let spans = stations.iter().filter_map(|station| hours.stations.get(station));
        let spans = spans.map(|station| station.series(Pollutant::Pm25).hours());
        let span = spans.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
        let start = Hour::containing(jiff::Timestamp::UNIX_EPOCH);
        let mut grid = Self::empty(stations, span.unwrap_or(start..start));
        for (column, station) in grid.stations.clone().into_iter().enumerate() {
            let Some(own) = hours.stations.get(&station) else { continue };
            for pollutant in Pollutant::ALL {
                for (hour, value) in own.series(pollutant).iter() {
                    if let Some(at) = grid.row_of(hour) {
                        let place = at * grid.stations.len() + column;
                        grid.values[pollutant][place] = value;
                    }
                }
            }
        }
        grid
    }

    pub const fn hours(&self) -> usize {
        self.hours
    }

    pub fn hour(&self, row: usize) -> Hour {
        self.first.plus(i32::try_from(row).unwrap_or(i32::MAX))
    }

    pub fn row_of(&self, hour: Hour) -> Option<usize> {
        usize::try_from(hour.since(self.first)).ok().filter(|row| *row < self.hours)
    }

    /// Whether that changed anything.
    pub fn put(&mut self, column: usize, pollutant: Pollutant, row: usize, value: f64) -> bool {
        let Some(slot) = self.values[pollutant].get_mut(row * self.stations.len() + column) else {
            return false;
        };
        #[expect(clippy::float_cmp, reason = "any other value is a change")]
        let is_same = *slot == value || slot.is_nan() && value.is_nan();
        *slot = value;
        !is_same
    }

    /// Of all stations in an hour.
    pub fn row(&self, pollutant: Pollutant, row: usize) -> &[f64] {
        let width = self.stations.len();
        self.values[pollutant].get(row * width..(row + 1) * width).unwrap_or_default()
    }
}
