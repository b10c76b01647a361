//! Wishes of the planner's widgets, and answers of its jobs.

use std::sync::Arc;

use jiff::civil::DateTime;

use crate::domain::{LocalizedText, Record, RecordId, Value};
use crate::exchange::counted::Counted;
use crate::network::blocks::RingBlocks;
use crate::network::counts::OdEstimate;
use crate::network::detour::Detour;
use crate::network::speeds::OwnSpeeds;
use crate::report::notice::{Edited, SignPost};
use crate::ui::model::planning::{Beside, Pin, WayAsked};

/// Wishes of the planner's widgets, and answers of its jobs.
pub enum PlannerAction {
    /// The chosen plan once more, under another name.
    Duplicate,
    /// A plan without an order, under a name that is free.
    Begin,
    /// So many half hours later.
    StepTime(i64),
    /// An empty name is today.
    Choose(String),
    At(DateTime),
    /// Makes the network anew.
    Again,
    /// The trip that is shown, by its place in the list.
    Trip(Option<usize>),
    StepTrip(i64),
    Pin(Option<Pin>),
    /// Whether other flows would order the plans otherwise.
    Sway,
    /// Writes the notice of the chosen plan and draws its map, where they are not of now.
    Notice,
    /// Something of the chosen plan's paper.
    Paper(PaperAction),
    /// Something with a plan as a whole.
    Plan(PlanAction),
    /// Flows in balance where roads slow down with their load.
    Balance,
    /// What moves the figures of the plan.
    Sensitivity,
    /// Counts to hold against the model: trucks of a day, or of its 24 hours, by name; none for none.
    Counts(Vec<(String, Vec<f64>)>),
    Roads(RoadsAction),
    /// The way of a truck between two places; `None` for none any more.
    Way(Option<WayAsked>),
    /// Keeps a table of truck speeds for this office.
    Speeds(Box<OwnSpeeds>),
    /// It is kept, and holds from now on.
    SpeedsKept(Box<OwnSpeeds>),
    /// A file of counts was read, or why not.
    Counted(Box<Result<Counted, LocalizedText>>),
    /// Whether today and the plan stand side by side, and how.
    Beside(Beside),
    /// Whether orders that do not hold now are left out of the map.
    HideResting(bool),
    /// Exempts trucks with a pass, so that a site that is cut off is reached.
    ExemptPasses(RecordId),
    /// The order that is being drawn, as it would be.
    Draft(Option<Arc<Record>>),
    /// Draws a detour for an order, as the best way of those whom it displaces.
    Detour(RecordId),
    Proposed(RecordId, Option<Box<Detour>>),
    /// An area of the blocks in a ring of a control point, metres.
    Blocks(RecordId, f64),
    /// The same of the ring that is chosen.
    BlocksOfChosenRing,
    BlocksFound(RecordId, f64, Option<Box<RingBlocks>>),
}

/// Of roads, gates and flows, whatever the plan.
pub enum RoadsAction {
    /// Looks the roads over.
    Survey,
    /// Shows gates that might be made, and whether with sites that send trucks.
    Propose(Option<bool>),
    /// Whether a proposed gate, by its code, is to be made.
    Want(String, bool),
    /// Estimates flows from counts: of congestion records, or of places by name.
    Estimate(Option<Vec<(String, f64)>>),
    Estimated(Box<OdEstimate>),
    DropEstimate,
}

/// What is said of the paper of a plan.
pub enum PaperAction {
    /// A field of the plan's record.
    Head { plan: String, key: &'static str, value: Option<Value> },
    /// A sentence written by hand; `None` goes back to the generated one.
    Sentence { plan: String, key: String, edited: Option<Edited> },
    /// Writes the built-in legal bases as records.
    LoadLaw,
}

/// What can be done with a plan as a whole.
pub enum PlanAction {
    Rename {
        plan: String,
        name: String,
    },
    Freeze(String),
    Adopt {
        plan: String,
        revoked: Vec<RecordId>,
        cameras: Vec<SignPost>,
        /// Signs that become items of the ledger, as do the cameras then.
        signs: Vec<SignPost>,
    },
    Delete(String),
}
