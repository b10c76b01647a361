//! What the meeting knows, and what can be asked of it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::compared::{Compared, Listed};
use super::drawing::PenChoice;
use super::stage::Stage;
use crate::analysis::decisions::{DecisionFilter, current_meeting};
use crate::analysis::overview::Overview;
use crate::domain::{Kind, Record, RecordId, World};
use crate::settings::clock;
use crate::ui::model::shown::Shown;

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
pub struct OverviewOf {
    pub world: Arc<World>,
    pub then: Option<Arc<Then>>,
    pub today: Date,
}

impl OverviewOf {
    pub fn is_same(&self, other: &Self) -> bool {
        let is_same_then = match (&self.then, &other.then) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        Arc::ptr_eq(&self.world, &other.world) && is_same_then && self.today == other.today
    }
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
    pub then: Option<Arc<Then>>,
    /// What `then` was asked for last, and on which day: a week ago is another one after midnight.
    pub then_of: Option<Since>,
    pub then_on: Option<Date>,
    /// The scene that is shown.
    pub scene: Option<RecordId>,
    /// With what the pen draws when it is taken in hand again.
    pub pen: PenChoice,
    /// The mark whose window is open.
    pub bubble: Option<RecordId>,
    /// The meeting whose marks are on the map.
    pub marks_of: Option<RecordId>,
    /// The map as it was, and what it was asked for last.
    pub peek: Option<Arc<Peek>>,
    pub peek_asked: Option<(usize, u64)>,
    /// What changed since, and of which states that was asked last.
    pub compared: Option<Arc<Compared>>,
    pub compare_asked: Option<(Arc<Then>, Arc<World>)>,
    pub listed: Listed,
    /// Of no district until it was counted.
    pub overview: Arc<Overview>,
    /// What it was asked of last.
    pub overview_of: Option<OverviewOf>,
    pub wanted: DecisionFilter,
    /// Whether only decisions of the last meeting are listed; where nobody said, on the big screen.
    pub is_of_last: Option<bool>,
}

/// The page that is no page of the list: the meeting and its scenes.
pub const AGENDA: &str = "agenda";
/// The key of the layer of the pen.
pub const PEN_LAYER: &str = "pen_marks";

/// The map as it was. Made once, and kept while nothing else is shown.
pub struct Peek {
    pub then: Arc<Then>,
    /// The number of what was shown when it was asked for.
    pub of: u64,
    pub shown: Arc<Shown>,
}

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
            then: None,
            then_of: None,
            then_on: None,
            scene: None,
            pen: PenChoice::default(),
            bubble: None,
            marks_of: None,
            peek: None,
            peek_asked: None,
            compared: None,
            compare_asked: None,
            listed: Listed::default(),
            overview: Arc::default(),
            overview_of: None,
            wanted: DecisionFilter::default(),
            is_of_last: None,
        }
    }
}
