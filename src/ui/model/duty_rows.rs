//! Which high values the window has, in which order, and which of them is looked at.

use std::sync::Arc;

use geo_types::Coord;
use jiff::SignedDuration;

use super::Model;
use super::duty::{OF_SOURCES, RowKey, SourcesOf};
use super::tables::Tables;
use crate::analysis::episodes::{Matched, Nature};
use crate::domain::{Record, RecordId, episode};
use crate::geodesy::wkb;
use crate::jobs::Same;
use crate::settings::clock;

/// What is over for longer is no longer in the list, unless somebody asks.
const LISTED_FOR: SignedDuration = SignedDuration::from_hours(24 * 7);

impl Model {
    /// All rows, the newest first; none while they are being worked out.
    pub fn duty_rows(&self) -> &[Matched] {
        self.duty.rows.as_ref().map_or(&[], |rows| rows.as_slice())
    }

    /// The record of a row as it is in the world now: a step is seen at once.
    pub fn duty_record<'r>(&'r self, row: &'r Matched) -> Option<&'r Arc<Record>> {
        let record = row.record.as_ref()?;
        Some(self.record(record.id).unwrap_or(record))
    }

    /// Whether a row waits for somebody.
    pub fn is_live_row(&self, row: &Matched) -> bool {
        match self.duty_record(row) {
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

    /// Those that the list has: what waits, and what a week has brought that needed somebody.
    pub fn duty_list(&self) -> Vec<&Matched> {
        let now = clock::now();
        let is_young = |row: &Matched| {
            row.hour().is_some_and(|hour| now.duration_since(hour.start()) < LISTED_FOR)
        };
        let is_minor =
            |row: &Matched| matches!(row.nature(), Nature::Attention | Nature::OverLimit);
        let rows = self.duty_rows().iter();
        let has_record = |row: &Matched| row.record.is_some();
        let mut rows: Vec<&Matched> = rows
            .filter(|row| {
                self.duty.lists_all
                    || self.is_live_row(row)
                    || !is_minor(row) && (is_young(row) || has_record(row))
            })
            .collect();
        rows.sort_by_key(|row| !self.is_running(row));
        rows
    }

    /// Whether the clock of an hour runs for it.
    pub fn is_running(&self, row: &Matched) -> bool {
        self.duty_record(row).is_some_and(|record| !episode::state(record).is_over())
    }

    /// Those whose clock runs, the oldest first.
    pub fn running_rows(&self) -> Vec<&Matched> {
        let mut rows: Vec<&Matched> =
            self.duty_rows().iter().filter(|row| self.is_running(row)).collect();
        rows.reverse();
        rows
    }

    /// The one that is looked at: as chosen, else what calls, else what runs, else the newest.
    pub fn duty_row(&self) -> Option<&Matched> {
        let list = self.duty_list();
        let now = clock::now();
        let chosen = self.duty.chosen.as_ref();
        let is_loud = |row: &&&Matched| {
            self.duty_record(row).is_some_and(|record| episode::is_loud(record, now))
        };
        let found = chosen.and_then(|chosen| list.iter().find(|row| chosen.is_of(row)));
        let found = found.or_else(|| list.iter().find(is_loud));
        let found = found.or_else(|| list.iter().find(|row| self.is_running(row)));
        found.or_else(|| list.first()).copied()
    }

    /// Records that call for somebody now.
    pub fn loud(&self) -> Vec<&Arc<Record>> {
        let now = clock::now();
        let running = self.running_rows();
        let records = running.into_iter().filter_map(|row| self.duty_record(row));
        records.filter(|record| episode::is_loud(record, now)).collect()
    }

    /// Where a place of a row lies, WGS-84 degrees.
    pub fn place_of(&self, place: RecordId) -> Option<Coord<f64>> {
        let bounds = wkb::bounds(self.record(place)?.geometry.as_ref()?)?;
        Some((bounds.min + bounds.max) / 2.0)
    }

    /// What sources would be made from now; `None` where a row has no place.
    pub fn sources_of(&self) -> Option<SourcesOf> {
        let row = self.duty_row()?;
        self.place_of(row.place()?)?;
        let hours = (*self.air.hours).clone().map(Same)?;
        let rows = (*self.duty.rows).clone().map(Same)?;
        let tables = Tables::of(self.world(), &OF_SOURCES);
        Some((RowKey::of(row), self.duty.sector, hours, tables, rows))
    }
}
