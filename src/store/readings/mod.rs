//! Readings in the file: dense rows beside the records, of which none is ever changed.
//!
//! `shapan_reading` has a row a place, span and version; its only key is `Fid`, which orders rows by
//! span, then time, then place, then version. So what comes in hour by hour is written at the end,
//! the last days of all stations lie together, and there is no index. A value of six pollutants takes
//! 8 bytes (integers; CO with a decimal) to 14 bytes (all of them with decimals) of the file.
//!
//! A row is written once and never touched. Which of the versions of an hour counts follows from the
//! records of [`crate::domain::Kind::Delivery`]: the last one whose delivery is there and in force,
//! factor by factor. So a delivery comes and is withdrawn, undone and done again as the one change of a record that it
//! is to the journal, the past ([`super::AsOf`]) has the readings that it had, and the hash of the
//! journal covers the readings through `sha256` of that record (`hash`). What says nothing new is
//! not stored again.
//!
//! [`crate::store::Session::delivery`] writes, [`Readings`] reads.

mod hash;
mod read;
mod row;
mod salvage;
mod tables;
mod verify;
mod write;

use jiff::Timestamp;

pub use read::{LatestReadings, ReadingQuery, ReadingVersion, Readings};
pub(super) use salvage::salvage;
pub(super) use tables::{create_view, stand_in};
pub(super) use verify::check;
pub use write::{Delivering, Put, repeated_by, withdrawal};
pub(super) use write::{is_withdrawal, withdrawal_note};

use crate::domain::reading::Span;

/// Bits of a [`Fid`] from its lower end: version, place, start, span.
const VERSION_BITS: u32 = 12;
const PLACE_BITS: u32 = 14;
const START_BITS: u32 = 33;

/// Most places that a file has readings of.
const MAX_PLACES: i64 = (1 << PLACE_BITS) - 1;
/// The last version that an hour can have.
const LAST_VERSION: i64 = (1 << VERSION_BITS) - 1;

/// The number of a row: span, start, place and version in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fid(i64);

impl Fid {
    /// The first version. `None` before 1970 and after 2242.
    fn first(span: Span, start: Timestamp, place: i64) -> Option<Self> {
        let start = start.as_second();
        let is_within = (0..1 << START_BITS).contains(&start) && (0..=MAX_PLACES).contains(&place);
        let time = i64::from(span.number()) << START_BITS | start;
        is_within.then_some(Self((time << PLACE_BITS | place) << VERSION_BITS))
    }

    /// Every row of a span that starts in `from..to` lies in this range, its end not counted.
    fn range(span: Span, from: Timestamp, to: Timestamp) -> (i64, i64) {
        let clamped = |at: Timestamp| at.as_second().clamp(0, 1 << START_BITS);
        let fid = |at: Timestamp| {
            let time = (i64::from(span.number()) << START_BITS) + clamped(at);
            time << (PLACE_BITS + VERSION_BITS)
        };
        (fid(from), fid(to))
    }

    /// The row of the first version of the same place and span.
    const fn first_version(self) -> Self {
        Self(self.0 & !LAST_VERSION)
    }

    /// That of the last one that there can be.
    const fn last_version(self) -> Self {
        Self(self.0 | LAST_VERSION)
    }

    const fn version(self) -> i64 {
        self.0 & LAST_VERSION
    }

    const fn place(self) -> i64 {
        self.0 >> VERSION_BITS & MAX_PLACES
    }

    fn start(self) -> Timestamp {
        let seconds = self.0 >> (PLACE_BITS + VERSION_BITS) & ((1 << START_BITS) - 1);
        Timestamp::from_second(seconds).unwrap_or_default()
    }

    /// `None` for a number that no version of this program wrote.
    fn span(self) -> Option<Span> {
        let number = self.0 >> (START_BITS + PLACE_BITS + VERSION_BITS);
        Span::of_number(u8::try_from(number).ok()?)
    }
}

#[cfg(test)]
mod tests;
