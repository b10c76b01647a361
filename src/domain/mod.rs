//! What we talk about: records, their fields, edits and the world they live in.
//!
//! Plain values. No I/O, no SQL, no clock, no randomness.

mod as_text;
pub mod calendar;
mod choice;
pub mod divisions;
mod edit;
pub mod episode;
mod ids;
pub mod item;
mod kinds;
pub mod reading;
mod record;
mod schema;
mod seal;
mod shape;
pub mod truck_rules;
mod value;
mod world;
mod written;

pub use choice::Choice;
pub use edit::{Change, Edit, EditKind, Stamp};
pub use ids::{Ids, RecordId};
pub use kinds::{
    ATTACHMENTS, AlarmPollutant, AreaRole, BasisRole, Carriageways, CheckSubject, ClockStart,
    CongestionCause, ControlPointLevel, ControlPointState, DecisionState, DeliveryState, Disposal,
    DutyScope, EmissionStage, EpisodeFamily, EpisodeState, EscalationColour, FalseCause,
    FlowSource, ForecastLevel, Founded, Fuel, GateRole, ItemSource, ItemState, ItemType, Lack,
    MeetingState, NoticeForm, Oneway, OrderKind, OrderState, PenForm, PenTone, PlanState,
    PlateColour, ResponseLevel, RoadClass, SiteKind, SixChecks, TruckAccess, TruckClass, Verdict,
    WeatherSource,
};
pub use record::{Extra, Fields, Meta, Record, SourceRow, Validity};
pub use schema::{Field, FieldType, Kind, Shape, UnknownKind, json_schema};
pub use seal::{KeptSeal, NoSeal, Seal, hex};
pub use value::{SEPARATORS, Value, ValueError};
pub use world::{Conflict, Table, World};
pub use written::{DateReading, digits_lost, is_nothing, is_undecided, read_date};

pub use crate::text::{Lang, Localized, LocalizedText, Text, figures, json_fault, printable};
