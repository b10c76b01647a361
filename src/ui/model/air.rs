//! What the window knows of the air, and which of it is looked at.

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use super::Model;
use super::tables::Tables;
use crate::analysis::air::{DistrictFigures, DistrictHours, Hour, Moment, Quantity, StationHours};
use crate::domain::{Kind, RecordId};
use crate::jobs::{Derived, Same};
use crate::settings::clock;

/// Hours are read anew when a delivery comes or is withdrawn.
pub const OF_HOURS: [Kind; 1] = [Kind::Delivery];
/// Figures also tell names, levels and townships.
pub const OF_FIGURES: [Kind; 3] = [Kind::ControlPoint, Kind::Site, Kind::WeatherStation];
/// A value whose hour ended longer ago is none of now.
pub const STALE_AFTER: SignedDuration = SignedDuration::from_mins(90);
/// What is older than this is not even shown as old, hours.
const LOOK_BACK_H: i32 = 72;
/// How much of the timeline is seen, days.
pub const SPANS_DAYS: [i32; 3] = [2, 7, 30];

/// What figures are made from; of a district without readings, nothing.
pub type FiguresOf = (Option<Same<DistrictHours>>, Tables);

/// The air as every panel may read it.
pub struct Air {
    /// The hours of the last days; `None` while there are none.
    pub hours: Derived<Tables, Option<Arc<DistrictHours>>>,
    pub figures: Derived<FiguresOf, Option<Arc<DistrictFigures>>>,
    pub quantity: Quantity,
    /// When the cursor goes on by an hour, seconds of the window's clock; `None` while it rests.
    pub plays_at: Option<f64>,
    /// One of [`SPANS_DAYS`].
    pub span_days: i32,
    /// From where high hours come, on the map.
    pub sector: Option<ShownSector>,
}

/// Part of the surroundings of a station, by the direction from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShownSector {
    pub place: RecordId,
    /// Degrees clockwise from north; `from` may lie below 0.
    pub from_deg: f64,
    pub to_deg: f64,
    pub radius_m: f64,
}

impl Default for Air {
    fn default() -> Self {
        Self {
            hours: Derived::default(),
            figures: Derived::default(),
            quantity: Quantity::default(),
            plays_at: None,
            span_days: SPANS_DAYS[1],
            sector: None,
        }
    }
}

/// What a place says at the time cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    pub moment: Moment,
    /// It is no value of the moment that is looked at.
    pub is_stale: bool,
    /// Since its hour ended, against the cursor.
    pub age: SignedDuration,
}

impl Air {
    /// Another district has other air; what is looked at stays.
    pub fn forget_the_district(&mut self) {
        let (quantity, span_days) = (self.quantity, self.span_days);
        *self = Self { quantity, span_days, ..Self::default() };
    }
}

/// The moment of a civil time of the office.
pub fn instant(at: DateTime) -> Timestamp {
    clock::office().to_timestamp(at).unwrap_or(Timestamp::MAX)
}

/// The hour that is over at an instant.
pub fn hour_before(at: Timestamp) -> Hour {
    Hour::containing(at).plus(-1)
}

impl Model {
    /// The instant that the cursor is at: now while it is live, and while somebody looks back over the
    /// map the moment that is looked back to.
    pub fn cursor(&self) -> Timestamp {
        self.meeting.looks_back.unwrap_or_else(|| self.own_cursor())
    }

    fn own_cursor(&self) -> Timestamp {
        if self.planner.is_live { clock::now() } else { instant(self.planner.at) }
    }

    /// Whether what was said last is wanted.
    fn is_air_live(&self) -> bool {
        self.planner.is_live && self.meeting.looks_back.is_none()
    }

    /// What hours say at the cursor, whatever is looked back to.
    pub fn seen_without_looking_back(&self, hours: &StationHours) -> Option<Seen> {
        self.seen_from(hours, self.own_cursor(), self.planner.is_live)
    }

    /// The hour that is over at the cursor.
    pub fn air_hour(&self) -> Hour {
        hour_before(self.cursor())
    }

    /// The hour that a step of the cursor begins from: while it is live, that of the last values.
    pub fn air_base(&self) -> Hour {
        let ends = self.air.hours.as_ref().and_then(|hours| hours.ends);
        let hour = self.air_hour();
        ends.filter(|_| self.is_air_live()).map_or(hour, |(_, last)| last.min(hour))
    }

    /// What hours say at the cursor. Whoever looks back wants what was measured then, and whoever looks
    /// at now what was said last.
    pub fn seen(&self, hours: &StationHours) -> Option<Seen> {
        self.seen_from(hours, self.cursor(), self.is_air_live())
    }

    fn seen_from(&self, hours: &StationHours, at: Timestamp, is_live: bool) -> Option<Seen> {
        let hour = hour_before(at);
        let moment = hours.latest(self.air.quantity, hour, LOOK_BACK_H)?;
        let age = at.duration_since(moment.hour.plus(1).start());
        let is_stale = if is_live { age > STALE_AFTER } else { moment.hour != hour };
        Some(Seen { moment, is_stale, age })
    }

    /// The same of a place; `None` where it has said nothing for days.
    pub fn seen_at(&self, place: RecordId) -> Option<Seen> {
        self.seen(self.air.hours.as_ref()?.stations.get(&place)?)
    }

    /// The place with hours whose card is shown.
    pub fn chosen_station(&self) -> Option<RecordId> {
        let hours = self.air.hours.as_ref()?;
        self.selection.iter().rev().find(|id| hours.stations.contains_key(id)).copied()
    }
}
