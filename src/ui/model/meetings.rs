//! What the meeting knows, and what can be asked of it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::compared::{Compared, Listed, StatesOf};
use super::drawing::PenChoice;
use super::shown::Shown;
use super::stage::Stage;
use crate::analysis::decisions::{DecisionFilter, current_meeting};
use crate::analysis::overview::Overview;
use crate::domain::{Kind, Record, RecordId, World};
use crate::jobs::{Derived, Same};
use crate::settings::clock;

/// With which state of the district the present one is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Since {
    /// Seven days ago.
    #[default]
    Week,
    /// The end of the day of the meeting before the one that is held.
    Meeting,
    Moment(Timestamp),
}

/// What the overview is made from.
#[derive(Clone, PartialEq)]
pub struct OverviewOf {
    pub world: Same<World>,
    pub then: Option<Same<Then>>,
    pub today: Date,
}

/// What `then` is asked of: a week ago is another one after midnight.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ThenOf {
    pub since: Since,
    pub today: Date,
}

/// What a peek is made from: the district as it was, and the number of what is shown.
#[derive(Clone, PartialEq)]
pub struct PeekOf {
    pub then: Same<Then>,
    pub shown: u64,
}

/// The district as it was.
pub struct Then {
    pub moment: Timestamp,
    pub world: Arc<World>,
}

/// The meeting as every panel may read it.
pub struct Meetings {
    pub is_open: bool,
    /// A key of `pages::ALL`, or that of the agenda.
    pub page: String,
    /// What is known of the scene that is shown.
    pub stage: Stage,
    /// The meeting that was chosen; else `analysis::decisions::current_meeting` says which.
    pub held: Option<RecordId>,
    pub since: Since,
    /// `None` while it is not known, or where there is nothing to know.
    pub then: Derived<ThenOf, Option<Arc<Then>>>,
    /// The scene that is shown.
    pub scene: Option<RecordId>,
    /// With what the pen draws when it is taken in hand again.
    pub pen: PenChoice,
    /// The mark whose window is open.
    pub bubble: Option<RecordId>,
    /// The map as it was.
    pub peek: Derived<PeekOf, Option<Arc<Shown>>>,
    /// The moment that the map shows while somebody holds the key for that.
    pub looks_back: Option<Timestamp>,
    /// What changed since.
    pub compared: Derived<StatesOf, Option<Arc<Compared>>>,
    pub listed: Listed,
    /// Of no district until it was counted.
    pub overview: Derived<OverviewOf, Arc<Overview>>,
    pub wanted: DecisionFilter,
    /// Whether only decisions of the last meeting are listed; where nobody said, on the big screen.
    pub is_of_last: Option<bool>,
}

/// The page that is no page of the list: the meeting and its scenes.
pub const AGENDA: &str = "agenda";
/// The key of the layer of the pen.
pub const PEN_LAYER: &str = "pen_marks";

impl Meetings {
    /// The meeting that was chosen; else the latest that has begun, else the next one.
    pub fn held_in<'w>(&self, world: &'w World) -> Option<&'w Arc<Record>> {
        let all = world.table(Kind::Meeting);
        let chosen = self.held.and_then(|id| all.get(id));
        let next = || all.iter().min_by_key(|meeting| (meeting.date("date"), meeting.id));
        chosen.or_else(|| current_meeting(world, clock::today())).or_else(next)
    }

    /// Another district is open.
    pub fn forget_the_district(&mut self) {
        *self =
            Self { is_open: self.is_open, page: std::mem::take(&mut self.page), ..Self::default() };
    }
}

impl Default for Meetings {
    fn default() -> Self {
        Self {
            is_open: false,
            page: AGENDA.to_owned(),
            stage: Stage::default(),
            held: None,
            since: Since::default(),
            then: Derived::default(),
            scene: None,
            pen: PenChoice::default(),
            bubble: None,
            peek: Derived::default(),
            looks_back: None,
            compared: Derived::default(),
            listed: Listed::default(),
            overview: Derived::default(),
            wanted: DecisionFilter::default(),
            is_of_last: None,
        }
    }
}
