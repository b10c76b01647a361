//! Which decisions are meant: one filter for the page, its copy and its file.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{DecisionStanding, belongs, weeks};
use crate::domain::{Record, RecordId, World};

/// What a decision must be to be listed. Everything that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionFilter {
    /// Empty for all.
    pub standings: BTreeSet<DecisionStanding>,
    pub owner: Option<String>,
    pub meeting: Option<RecordId>,
    /// Taken, closed or left open in the week of this Monday.
    pub week: Option<Date>,
    /// All of these words must stand in the decision; letter case does not matter.
    pub text: String,
}

impl DecisionFilter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Those of a list that are meant, in its order. A meeting that is gone has no decisions.
    pub fn pick<'d>(
        &self,
        world: &World,
        decisions: &'d [(DecisionStanding, Arc<Record>)],
        office: &TimeZone,
    ) -> Vec<&'d (DecisionStanding, Arc<Record>)> {
        let words: Vec<String> = self.text.split_whitespace().map(str::to_lowercase).collect();
        let meeting = self.meeting.map(|id| world.get(id));
        let is_of = |decision: &Record| match meeting {
            None => true,
            Some(meeting) => meeting.is_some_and(|meeting| belongs(decision, meeting)),
        };
        let is_meant = |(standing, decision): &&(DecisionStanding, Arc<Record>)| {
            (self.standings.is_empty() || self.standings.contains(standing))
                && self.owner.as_deref().is_none_or(|owner| decision.text("owner") == owner)
                && is_of(decision)
                && self.week.is_none_or(|monday| weeks::is_of(world, decision, monday, office))
                && words.iter().all(|word| says(decision, word))
        };
        decisions.iter().filter(is_meant).collect()
    }
}

fn says(decision: &Record, word: &str) -> bool {
    decision.values().any(|(_, value)| value.to_cell().to_lowercase().contains(word))
}
