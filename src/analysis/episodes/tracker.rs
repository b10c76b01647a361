//! Hours of a district as they come, and the episodes in them.

use jiff::{SignedDuration, Timestamp};

use super::fold::{Fold, State, silent};
use super::grid::Grid;
use super::rules::{Rules, Thresholds};
use super::{Episode, Nature};
use crate::analysis::air::{ByPollutant, DistrictHours, Hour, Pollutant};
use crate::domain::RecordId;

/// A state is kept every so many hours, from which a late hour is told anew.
const KEPT_EVERY: usize = 24;
/// Silence is no data after this.
const SILENT_AFTER: SignedDuration = SignedDuration::from_mins(90);

/// Readings of fixed stations over a fixed span, in whatever order they come. What it answers depends
/// on the readings and not on their order.
#[derive(Clone, Debug)]
pub struct Tracker {
    grid: Grid,
    rules: Rules,
    thresholds: Vec<ByPollutant<Thresholds>>,
    /// Row, state before it, and how many were over by then.
    kept: Vec<(usize, State, usize)>,
    state: State,
    done: Vec<Episode>,
    /// The next row to be told.
    next: usize,
}

impl Tracker {
    /// Without readings.
    pub fn empty(stations: Vec<RecordId>, hours: std::ops::Range<Hour>, rules: Rules) -> Self {
        Self::over(Grid::empty(stations, hours), rules)
    }

    /// With the readings of some stations.
    pub fn of(hours: &DistrictHours, stations: &[RecordId], rules: Rules) -> Self {
        Self::over(Grid::of(hours, stations.to_vec()), rules)
    }

    fn over(grid: Grid, rules: Rules) -> Self {
        let thresholds = grid.stations.iter().map(|station| *rules.at(*station)).collect();
        let state = State::of(grid.stations.len());
        Self { grid, rules, thresholds, kept: Vec::new(), state, done: Vec::new(), next: 0 }
    }

    /// Takes a reading, a later one of the same hour in its place, or takes one out (`None`). False,
    /// and nothing happens, where the station or the hour is none of these.
    pub fn put(
        &mut self,
        place: RecordId,
        pollutant: Pollutant,
        hour: Hour,
        value: Option<f64>,
    ) -> bool {
        let column = self.grid.stations.iter().position(|station| *station == place);
        let (Some(column), Some(row)) = (column, self.grid.row_of(hour)) else { return false };
        let value = value.filter(|value| value.is_finite()).unwrap_or(f64::NAN);
        if self.grid.put(column, pollutant, row, value) && row < self.next {
            self.rewind(row);
        }
        true
    }

    /// Back to a state that knows nothing of a row.
    fn rewind(&mut self, row: usize) {
        while self.kept.last().is_some_and(|(kept, ..)| *kept > row) {
            self.kept.pop();
        }
        let (next, state, done) =
            self.kept.pop().unwrap_or_else(|| (0, State::of(self.grid.stations.len()), 0));
        self.next = next;
        self.state = state;
        self.done.truncate(done);
    }

    /// All episodes until a moment, the oldest first: those that go on are as they stand then.
    pub fn episodes(&mut self, now: Timestamp) -> Vec<Episode> {
        let until = Hour::containing(now).plus(-1);
        let rows = match self.grid.row_of(until) {
            Some(row) => row + 1,
            None if self.grid.hours() > 0 && until < self.grid.hour(0) => 0,
            None => self.grid.hours(),
        };
        if rows < self.next {
            self.rewind(rows);
        }
        while self.next < rows {
            if self.next.is_multiple_of(KEPT_EVERY) {
                self.kept.push((self.next, self.state.clone(), self.done.len()));
            }
            let mut fold = Fold {
                grid: &self.grid,
                rules: &self.rules,
                thresholds: &self.thresholds,
                done: &mut self.done,
            };
            self.state.take(self.next, &mut fold);
            self.next += 1;
        }
        let mut all: Vec<Episode> = self.done.iter().cloned().chain(self.state.open()).collect();
        self.silences(now, until, &mut all);
        all.sort_by_key(|it| (it.first, it.place, it.nature, it.family, lead(it)));
        all
    }

    /// Silence until now, also beyond the last row; where most stations are silent it is one matter.
    fn silences(&self, now: Timestamp, until: Hour, all: &mut Vec<Episode>) {
        let is_silence = |it: &Episode| it.nature == Nature::NoData && it.is_open();
        let mut open: Vec<Episode> = Vec::new();
        for (place, spoke) in self.grid.stations.iter().zip(self.state.spoke()) {
            // Whoever never spoke is silent since the first hour that is looked at.
            let since = spoke.map_or_else(|| self.grid.hour(0), |spoke| spoke.plus(1));
            if self.grid.hours() > 0 && now.duration_since(since.start()) > SILENT_AFTER {
                open.push(silent(*place, since, until.max(since)));
            }
        }
        all.retain(|it| !is_silence(it));
        let watched = self.grid.stations.len() as f64;
        let is_all = open.len() >= 2 && open.len() as f64 >= self.rules.regional_share * watched;
        if is_all {
            let since = open.iter().map(|it| it.first).min();
            open.truncate(1);
            for it in &mut open {
                it.place = None;
                it.first = since.unwrap_or(it.first);
            }
        }
        all.extend(open);
    }
}

fn lead(it: &Episode) -> Option<Pollutant> {
    it.lead().map(|course| course.pollutant)
}

/// All episodes of some stations of a district until a moment.
pub fn episodes(
    hours: &DistrictHours,
    stations: &[RecordId],
    rules: &Rules,
    now: Timestamp,
) -> Vec<Episode> {
    Tracker::of(hours, stations, rules.clone()).episodes(now)
}
