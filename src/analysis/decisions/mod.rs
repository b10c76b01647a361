//! What a meeting decides: taken apart as it is said, and judged by its date.
//!
//! `住建局 周五前 A工地雾炮到位` names who, by when, and about what. What is found is a proposal for a
//! person to nod at; nothing is guessed that was not said.

pub(in crate::analysis) mod date;
pub(in crate::analysis) mod owner;
pub mod state;
mod tally;
mod wanted;
pub mod weeks;
pub mod words;

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use self::date::due;
use self::owner::owner;
pub use self::tally::{DecisionTally, by_owner};
pub use self::wanted::DecisionFilter;
use crate::domain::{DecisionState, Kind, Record, RecordId, Stamp, Value, World};

/// What was understood of a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// As it was said, trimmed.
    pub said: String,
    /// Without owner and date.
    pub task: String,
    pub owner: Option<String>,
    /// The last day on which it is on time.
    pub due: Option<Date>,
    /// Records whose names stand in it, in the order in which they are named.
    pub records: Vec<RecordId>,
}

/// How a decision stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DecisionStanding {
    Overdue,
    Open,
    ClosedLate,
    ClosedOnTime,
    Dropped,
}

/// Names of records shorter than this are not looked for: 环线 yes, 路 no.
const LEAST_NAME: usize = 2;
/// So many records are proposed at most.
const MOST_RECORDS: usize = 5;

/// `today` is the day on which it is said.
pub fn hear(said: &str, today: Date, world: &World) -> Heard {
    let said = said.trim();
    let due = due(said, today);
    let owner = owner(said, world);
    let mut spans: Vec<(usize, usize)> = Vec::new();
    spans.extend(due.as_ref().map(|found| found.span));
    spans.extend(owner.as_ref().map(|found| found.span));
    Heard {
        said: said.to_owned(),
        task: without(said, spans),
        owner: owner.map(|found| found.name),
        due: due.map(|found| found.date),
        records: records(said, world),
    }
}

/// What is to be done, of a decision that was said on a day: without owner and date, as far as its
/// fields say both.
pub fn task(decision: &Record, said_on: Date, world: &World) -> String {
    let said = decision.name().trim();
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let by = due(said, said_on).filter(|_| decision.date("due").is_some());
    spans.extend(by.map(|found| found.span));
    let who = owner(said, world).filter(|found| found.name == decision.text("owner"));
    spans.extend(who.map(|found| found.span));
    without(said, spans)
}

impl Heard {
    /// The decision as a record; the meeting may be none.
    pub fn record(&self, id: RecordId, meeting: Option<&Record>, by: &Stamp) -> Record {
        let mut decision = Record::new(id, Kind::Decision, by);
        decision.set("name", Some(Value::text(&self.said)));
        decision.set("owner", self.owner.as_deref().map(Value::text));
        decision.set("due", self.due.map(Value::Date));
        DecisionState::ToDo.put(&mut decision);
        decision.set("meeting", meeting.map(|meeting| Value::text(&handle(meeting))));
        if !self.records.is_empty() {
            let ids: Vec<Arc<str>> = self.records.iter().map(|id| id.to_string().into()).collect();
            decision.set("records", Some(Value::Words(ids.into())));
        }
        decision
    }
}

/// The meeting that is meant by a code, an id or a name.
pub fn meeting<'w>(world: &'w World, named: &str) -> Option<&'w Arc<Record>> {
    let all = world.table(Kind::Meeting);
    let is_named =
        |meeting: &&Arc<Record>| meeting.id.to_string() == named || meeting.name() == named;
    all.by_code(named).or_else(|| all.iter().find(is_named))
}

/// How a record that belongs to another names it: by code, else by id.
pub fn handle(record: &Record) -> Cow<'_, str> {
    record.code().map_or_else(|| record.id.to_string().into(), Into::into)
}

/// Whether a decision, scene or mark is of this meeting.
pub fn belongs(record: &Record, meeting: &Record) -> bool {
    let named = record.text("meeting");
    !named.is_empty() && (meeting.code() == Some(named) || meeting.id.to_string() == named)
}

/// The latest meeting that has begun by a day: what is decided now belongs to it.
pub fn current_meeting(world: &World, today: Date) -> Option<&Arc<Record>> {
    latest_meeting(world, |date| date <= today)
}

/// The latest meeting before a day: that of the meeting that is held, else today.
pub fn last_meeting(world: &World, before: Date) -> Option<&Arc<Record>> {
    latest_meeting(world, |date| date < before)
}

/// The meeting of the latest date, whether it has been or is to come; one without a date only where
/// none has any.
pub fn newest_meeting(world: &World) -> Option<&Arc<Record>> {
    world.table(Kind::Meeting).iter().max_by_key(|meeting| (meeting.date("date"), meeting.id))
}

fn latest_meeting(world: &World, is_meant: impl Fn(Date) -> bool) -> Option<&Arc<Record>> {
    let begun = world.table(Kind::Meeting).iter().filter_map(|meeting| {
        meeting.date("date").filter(|date| is_meant(*date)).map(|date| (date, meeting.id, meeting))
    });
    begun.max_by_key(|(date, id, _)| (*date, *id)).map(|(.., meeting)| meeting)
}

/// The text without some parts of it, and without what only separated them.
fn without(text: &str, mut spans: Vec<(usize, usize)>) -> String {
    spans.sort_unstable();
    let mut rest = String::new();
    let mut at = 0;
    for (from, to) in spans {
        rest.push_str(text.get(at..from).unwrap_or_default());
        rest.push(' ');
        at = at.max(to);
    }
    rest.push_str(text.get(at..).unwrap_or_default());
    let is_edge = |c: char| c.is_whitespace() || "，,。;；:：、".contains(c);
    let parts: Vec<&str> = rest.split_whitespace().map(|part| part.trim_matches(is_edge)).collect();
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The longest name wins where names overlap: 邱柳线北段 is not 邱柳线 too.
fn records(said: &str, world: &World) -> Vec<RecordId> {
    let kinds = Kind::ALL.into_iter().filter(|kind| kind.has_place());
    let all = kinds.flat_map(|kind| world.table(kind).iter());
    let mut found: Vec<(usize, usize, RecordId)> = Vec::new();
    for record in all {
        let names = [plain(record.name()), record.code().unwrap_or_default()];
        let place = |name: &str| {
            let is_name = name.chars().count() >= LEAST_NAME;
            said.find(name).filter(|_| is_name).map(|from| (from, from + name.len(), record.id))
        };
        found.extend(names.into_iter().find_map(place));
    }
    found.sort_by_key(|(from, to, id)| (std::cmp::Reverse(to - from), *from, *id));
    let mut kept: Vec<(usize, usize, RecordId)> = Vec::new();
    for (from, to, id) in found {
        // Two records of one name are both meant; a name within a longer one is not.
        let is_free = kept.iter().all(|(a, b, _)| to <= *a || *b <= from || (from, to) == (*a, *b));
        if is_free && kept.len() < MOST_RECORDS {
            kept.push((from, to, id));
        }
    }
    kept.sort_unstable();
    kept.into_iter().map(|(.., id)| id).collect()
}

/// Without what stands behind it in brackets: nobody says 一号工地(示例).
pub fn plain(name: &str) -> &str {
    name.split(['(', '（']).next().unwrap_or(name).trim()
}

/// How a decision stands on a day. It is on time through the whole of its last day; a closed one
/// without a date of closing counts as closed on time.
pub fn standing(decision: &Record, today: Date) -> DecisionStanding {
    let due = decision.date("due");
    match DecisionState::of(decision) {
        Some(DecisionState::Dropped) => DecisionStanding::Dropped,
        Some(DecisionState::Done) => {
            let is_late =
                due.zip(decision.date("closed_on")).is_some_and(|(due, closed)| closed > due);
            if is_late { DecisionStanding::ClosedLate } else { DecisionStanding::ClosedOnTime }
        }
        _ if due.is_some_and(|due| due < today) => DecisionStanding::Overdue,
        _ => DecisionStanding::Open,
    }
}

/// Decisions of all meetings, or of one by its code or id: what is overdue first, then by date, those
/// without one last.
pub fn decisions<'w>(
    world: &'w World,
    meeting: Option<&Record>,
    today: Date,
) -> Vec<(DecisionStanding, &'w Arc<Record>)> {
    let is_of = |decision: &&Arc<Record>| meeting.is_none_or(|meeting| belongs(decision, meeting));
    let all = world.table(Kind::Decision).iter().filter(is_of);
    let mut all: Vec<_> = all.map(|decision| (standing(decision, today), decision)).collect();
    let due = |decision: &Record| decision.date("due").unwrap_or(Date::MAX);
    all.sort_by_key(|(standing, decision)| (*standing, due(decision), decision.id));
    all
}

#[cfg(test)]
mod tests;
