//! Which high values the window has, in which order, and which of them is looked at.

use std::rc::Rc;
use std::sync::Arc;

use geo_types::Coord;
use jiff::SignedDuration;

use super::Model;
use super::episodes::{OF_ROWS, OF_SOURCES, Picked, RowKey, SourcesOf};
use super::tables::Tables;
use crate::analysis::episodes::{Matched, Nature, is_invented};
use crate::domain::{Record, RecordId, episode};
use crate::geodesy::wkb;
use crate::jobs::Same;
use crate::settings::clock;

/// What is over for longer is no longer in the list, unless somebody asks.
const LISTED_FOR: SignedDuration = SignedDuration::from_hours(24 * 7);

impl Model {
    /// All rows, the newest first; none while they are being worked out.
    pub fn episode_rows(&self) -> &[Matched] {
        self.episodes.rows.as_ref().map_or(&[], |rows| rows.as_slice())
    }

    /// The record of a row as it is in the world now: a step is seen at once.
    pub fn episode_record<'r>(&'r self, row: &'r Matched) -> Option<&'r Arc<Record>> {
        let record = row.record.as_ref()?;
        Some(self.record(record.id).unwrap_or(record))
    }

    /// Whether it is of the hours that come with the sample, which call nobody.
    pub fn is_of_the_sample(&self, row: &Matched) -> bool {
        row.hour().is_some_and(|hour| is_invented(&self.world(), hour))
    }

    /// Whether a row waits for somebody.
    pub fn is_live_row(&self, row: &Matched) -> bool {
        match self.episode_record(row) {
            Some(record) => !episode::state(record).is_over(),
            None => {
                row.is_live()
                    && matches!(
                        row.nature(),
                        Nature::Regional | Nature::Suspicious | Nature::NoData
                    )
            }
        }
    }

    /// What panels ask of the rows, picked once for all of them.
    fn picked(&self) -> Rc<Picked> {
        let Some(rows) = (*self.episodes.rows).clone().map(Same) else { return Rc::default() };
        let tables = Tables::of(self.world(), &OF_ROWS);
        let second = clock::now().as_second();
        let of = (rows, tables, second, self.episodes.lists_all, self.episodes.chosen.clone());
        let mut kept = self.episodes.picked.borrow_mut();
        if let Some((known, picked)) = &*kept
            && *known == of
        {
            return Rc::clone(picked);
        }
        let picked = Rc::new(self.pick(&of.0));
        *kept = Some((of, Rc::clone(&picked)));
        picked
    }

    fn pick(&self, rows: &[Matched]) -> Picked {
        let now = clock::now();
        let is_young = |row: &Matched| {
            row.hour().is_some_and(|hour| now.duration_since(hour.start()) < LISTED_FOR)
        };
        let is_minor =
            |row: &Matched| matches!(row.nature(), Nature::Attention | Nature::OverLimit);
        let is_listed = |row: &Matched| {
            self.episodes.lists_all
                || self.is_live_row(row)
                || !is_minor(row) && (is_young(row) || row.record.is_some())
        };
        let is_loud = |row: &Matched| {
            self.episode_record(row).is_some_and(|record| episode::is_loud(record, now))
        };
        let runs: Vec<bool> = rows.iter().map(|row| self.is_running(row)).collect();
        let places = || 0..rows.len();
        let mut list: Vec<usize> = places().filter(|at| is_listed(&rows[*at])).collect();
        list.sort_by_key(|at| !runs[*at]);
        let running: Vec<usize> = places().rev().filter(|at| runs[*at]).collect();
        let loud = running.iter().filter(|at| is_loud(&rows[**at]));
        let loud = loud.filter_map(|at| rows[*at].record.as_ref().map(|it| it.id)).collect();
        let chosen = self.episodes.chosen.as_ref();
        let is_chosen = |at: &&usize| chosen.is_some_and(|chosen| chosen.is_of(&rows[**at]));
        let row = list
            .iter()
            .find(is_chosen)
            .or_else(|| list.iter().find(|at| is_loud(&rows[**at])))
            .or_else(|| list.iter().find(|at| runs[**at]))
            .or_else(|| list.first())
            .copied();
        Picked { list, running, loud, row }
    }

    /// Those that the list has: what waits, and what a week has brought that needed somebody.
    pub fn episode_list(&self) -> Vec<&Matched> {
        let rows = self.episode_rows();
        self.picked().list.iter().filter_map(|at| rows.get(*at)).collect()
    }

    /// Whether the clock of an hour runs for it.
    pub fn is_running(&self, row: &Matched) -> bool {
        self.episode_record(row).is_some_and(|record| !episode::state(record).is_over())
    }

    /// Those whose clock runs, the oldest first.
    pub fn running_rows(&self) -> Vec<&Matched> {
        let rows = self.episode_rows();
        self.picked().running.iter().filter_map(|at| rows.get(*at)).collect()
    }

    /// The one that is looked at: as chosen, else what calls, else what runs, else the newest.
    pub fn episode_row(&self) -> Option<&Matched> {
        self.episode_rows().get(self.picked().row?)
    }

    /// Records that call for somebody now.
    pub fn loud(&self) -> Vec<&Arc<Record>> {
        self.picked().loud.iter().filter_map(|id| self.record(*id)).collect()
    }

    /// The one that calls first, where the one that is looked at does not call itself.
    pub fn calls_elsewhere(&self, looked_at: Option<RecordId>) -> Option<RowKey> {
        let loud: Vec<RecordId> = self.loud().iter().map(|record| record.id).collect();
        if loud.is_empty() || looked_at.is_some_and(|id| loud.contains(&id)) {
            return None;
        }
        let rows = self.running_rows();
        let calls = |row: &&&Matched| row.record.as_ref().is_some_and(|it| loud.contains(&it.id));
        rows.iter().find(calls).map(|row| RowKey::of(row))
    }

    /// Where a place of a row lies, WGS-84 degrees.
    pub fn place_of(&self, place: RecordId) -> Option<Coord<f64>> {
        let bounds = wkb::bounds(self.record(place)?.geometry.as_ref()?)?;
        Some(bounds.middle())
    }

    /// What sources would be made from now; `None` where a row has no place.
    pub fn sources_of(&self) -> Option<SourcesOf> {
        let row = self.episode_row()?;
        self.place_of(row.place()?)?;
        let hours = (*self.air.hours).clone().map(Same)?;
        let rows = (*self.episodes.rows).clone().map(Same)?;
        let tables = Tables::of(self.world(), &OF_SOURCES);
        Some((RowKey::of(row), self.episodes.sector, hours, tables, rows))
    }
}
