//! What people may do with an episode, in which order, and its clocks.
//!
//! A record of [`Kind::Episode`] goes on by [`step`] alone. The clock of an hour begins at a moment
//! that is written down and ends with another: nothing pauses it, and no state can lose it, because it
//! is computed from the moments and never kept.

use jiff::{SignedDuration, Timestamp};

use super::{ClockStart, EpisodeState, FalseCause, Kind, Record, RecordId, Stamp, Value};
use crate::text::Localized;

/// What is to be done is to be done within this.
pub const HOUR: SignedDuration = SignedDuration::from_mins(60);
/// Whoever acknowledged and then did nothing hears it again after this.
pub const ACKNOWLEDGED_FOR: SignedDuration = SignedDuration::from_mins(15);
/// Nothing is shelved for longer.
pub const SHELVED_AT_MOST: SignedDuration = SignedDuration::from_hours(8);
/// What ended may be opened again within this.
pub const REOPENED_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// From the start of the clock until somebody has acknowledged, is on site, has handled it.
const DUE_MIN: [(EpisodeState, i64); 3] =
    [(EpisodeState::Acknowledged, 10), (EpisodeState::OnSite, 30), (EpisodeState::Handled, 60)];

/// One thing done with an episode.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Acknowledge,
    /// An order went out: its text, and to which department.
    Dispatch {
        order: String,
        department: String,
    },
    Arrive,
    /// What was done; empty where nothing more is said.
    Handle(String),
    Check,
    Close(Closer),
    False(FalseCause),
    Regional,
    Reopen,
    Shelve {
        until: Timestamp,
        because: String,
    },
    Unshelve,
    /// A line that came back, as it was written.
    Reply(String),
    /// A problem that was found; empty where none was.
    Found(String),
    StartFrom(ClockStart),
    /// A source is ruled out, and why; or is not any more.
    RuleOut(RecordId, Option<String>),
    /// What was found is an item of the ledger now.
    Register(RecordId),
}

/// Who closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closer {
    Person,
    /// The second clear reading.
    Rule,
}

/// Why a step is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    #[error("this is no episode")]
    NoEpisode,
    #[error("it is over already: {}", .0.label().en)]
    Over(EpisodeState),
    #[error("it has come further already: {}", .0.label().en)]
    Further(EpisodeState),
    #[error("it has not been handled yet")]
    NotHandled,
    #[error("it is not over")]
    NotOver,
    #[error("it ended more than 24 hours ago")]
    TooLate,
    #[error("shelving takes a reason")]
    NoReason,
    #[error("nothing is shelved for more than 8 hours, nor into the past")]
    ShelvedTooLong,
    #[error("that moment is before the alert, or has not come yet")]
    BadMoment,
}

impl Localized for StepError {
    fn zh(&self) -> String {
        match self {
            Self::NoEpisode => "不是高值处置记录".to_owned(),
            Self::Over(state) => format!("已经结束：{}", state.label().zh),
            Self::Further(state) => format!("已经进行到：{}", state.label().zh),
            Self::NotHandled => "还没有处置反馈，不能核查或结案".to_owned(),
            Self::NotOver => "还没有结束，无需恢复".to_owned(),
            Self::TooLate => "结束已超过24小时，不能恢复".to_owned(),
            Self::NoReason => "搁置需要写明原因".to_owned(),
            Self::ShelvedTooLong => "搁置不得超过8小时，也不得早于现在".to_owned(),
            Self::BadMoment => "时间早于预警，或还没有到".to_owned(),
        }
    }
}

/// A clock that runs from a moment to another, or on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub since: Timestamp,
    pub stopped: Option<Timestamp>,
}

impl Clock {
    /// Never below 0, also where the machine's clock was set back.
    pub fn elapsed(&self, now: Timestamp) -> SignedDuration {
        self.stopped.unwrap_or(now).duration_since(self.since).max(SignedDuration::ZERO)
    }

    /// Below 0 where the hour is over.
    pub fn left(&self, now: Timestamp) -> SignedDuration {
        HOUR.saturating_sub(self.elapsed(now))
    }

    pub const fn is_running(&self) -> bool {
        self.stopped.is_none()
    }
}

impl EpisodeState {
    /// Nothing more is expected.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::False | Self::Regional)
    }

    /// The step that usually comes next.
    pub const fn usual(self) -> Option<Step> {
        Some(match self {
            Self::Open => Step::Acknowledge,
            Self::Acknowledged => Step::Arrive,
            Self::OnSite => Step::Handle(String::new()),
            Self::Handled => Step::Check,
            Self::Checked => Step::Close(Closer::Person),
            Self::Closed | Self::False | Self::Regional => return None,
        })
    }
}

/// What was found, one problem after the other: they are written with semicolons or lines between.
pub fn findings(record: &Record) -> impl Iterator<Item = &str> {
    let parts = record.text("found").split(['；', ';', '\n']);
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// A moment of a field.
pub fn moment(record: &Record, key: &str) -> Option<Timestamp> {
    record.text(key).parse().ok()
}

fn put(record: &mut Record, key: &str, at: Timestamp) {
    record.set(key, Some(Value::text(&at.to_string())));
}

/// How far it has come; one of which nothing is said is open.
pub fn state(record: &Record) -> EpisodeState {
    EpisodeState::of(record).unwrap_or(EpisodeState::Open)
}

/// The clock of an hour. `None` of what is no episode, or says no moment.
pub fn clock(record: &Record) -> Option<Clock> {
    let alerted = moment(record, "alerted_at")?;
    let since = match ClockStart::of(record) {
        Some(ClockStart::Arrived) => moment(record, "arrived_at"),
        Some(ClockStart::Dispatched) => moment(record, "dispatched_at"),
        Some(ClockStart::Alerted) | None => None,
    };
    let handled = moment(record, "handled_at");
    let ended = moment(record, "closed_at").filter(|_| state(record).is_over());
    Some(Clock { since: since.unwrap_or(alerted), stopped: handled.or(ended) })
}

/// Whether somebody has to be called now: nobody has acknowledged, or did and then did nothing.
pub fn is_loud(record: &Record, now: Timestamp) -> bool {
    if is_shelved(record, now) {
        return false;
    }
    match state(record) {
        EpisodeState::Open => true,
        EpisodeState::Acknowledged => moment(record, "heard_at")
            .is_none_or(|heard| now.duration_since(heard) >= ACKNOWLEDGED_FOR),
        _ => false,
    }
}

/// Whether it is laid aside for a while.
pub fn is_shelved(record: &Record, now: Timestamp) -> bool {
    let until = moment(record, "shelved_until");
    until.is_some_and(|until| now < until) && !state(record).is_over()
}

/// What is due next, and when.
pub fn due(record: &Record) -> Option<(EpisodeState, Timestamp)> {
    let (now, since) = (state(record), clock(record)?.since);
    let (next, minutes) = DUE_MIN.into_iter().find(|(next, _)| now < *next && !now.is_over())?;
    Some((next, since + SignedDuration::from_mins(minutes)))
}

/// The record after a step that `by` takes, at a moment that may lie before (a reply tells when it
/// was). Nothing of what the rule found is ever changed.
pub fn step(record: &Record, step: &Step, at: Timestamp, by: &Stamp) -> Result<Record, StepError> {
    if record.kind != Kind::Episode {
        return Err(StepError::NoEpisode);
    }
    let alerted = moment(record, "alerted_at").unwrap_or(at);
    if at > by.at.max(alerted) || at < alerted {
        return Err(StepError::BadMoment);
    }
    let mut next = record.clone();
    next.meta.change(by);
    let now = state(record);
    match step {
        Step::Reopen => return reopened(next, now, by),
        Step::Found(what) => {
            next.set("found", (!what.is_empty()).then(|| Value::text(what)));
            return Ok(next);
        }
        Step::Reply(line) => {
            add(&mut next, "replies", line);
            return Ok(next);
        }
        Step::Register(item) => {
            add(&mut next, "records", &item.to_string());
            return Ok(next);
        }
        _ if now.is_over() => return Err(StepError::Over(now)),
        _ => {}
    }
    allowed(now, step, by)?;
    forward(&mut next, step, at, by);
    Ok(next)
}

/// Whether a step may be taken from a state that is not over.
fn allowed(now: EpisodeState, step: &Step, by: &Stamp) -> Result<(), StepError> {
    let is_further = match step {
        Step::Acknowledge => now > EpisodeState::Acknowledged,
        Step::Arrive => now >= EpisodeState::OnSite,
        Step::Handle(_) => now >= EpisodeState::Handled,
        Step::Check => now > EpisodeState::Handled,
        _ => false,
    };
    if is_further {
        return Err(StepError::Further(now));
    }
    match step {
        Step::Check | Step::Close(Closer::Person) if now < EpisodeState::Handled => {
            Err(StepError::NotHandled)
        }
        Step::Shelve { because, .. } if because.trim().is_empty() => Err(StepError::NoReason),
        Step::Shelve { until, .. }
            if *until <= by.at || until.duration_since(by.at) > SHELVED_AT_MOST =>
        {
            Err(StepError::ShelvedTooLong)
        }
        _ => Ok(()),
    }
}

fn forward(next: &mut Record, step: &Step, at: Timestamp, by: &Stamp) {
    match step {
        Step::Acknowledge => {
            heard(next, at, by);
            EpisodeState::Acknowledged.put(next);
        }
        Step::Dispatch { order, department } => {
            add(next, "orders", order);
            if !department.is_empty()
                && !next.words("departments").iter().any(|it| **it == **department)
            {
                add(next, "departments", department);
            }
            if moment(next, "dispatched_at").is_none() {
                put(next, "dispatched_at", at);
            }
        }
        Step::Arrive => {
            heard(next, at, by);
            put(next, "on_site_at", at);
            EpisodeState::OnSite.put(next);
        }
        Step::Handle(what) => {
            heard(next, at, by);
            put(next, "handled_at", at);
            if !what.is_empty() {
                add(next, "replies", what);
            }
            EpisodeState::Handled.put(next);
        }
        Step::Check => {
            put(next, "checked_at", at);
            EpisodeState::Checked.put(next);
        }
        Step::Close(_) => end(next, EpisodeState::Closed, at, by),
        Step::False(cause) => {
            cause.put(next);
            end(next, EpisodeState::False, at, by);
        }
        Step::Regional => end(next, EpisodeState::Regional, at, by),
        Step::Shelve { until, because } => {
            put(next, "shelved_until", *until);
            next.set("shelved_by", Some(Value::text(&by.actor)));
            next.set("shelved_because", Some(Value::text(because.trim())));
        }
        Step::Unshelve => {
            next.set("shelved_until", None);
        }
        Step::StartFrom(start) => start.put(next),
        Step::RuleOut(source, because) => {
            let id = source.to_string();
            let kept = next.words("ruled_out").iter().filter(|word| !word.starts_with(&id));
            let mut words: Vec<_> = kept.cloned().collect();
            words.extend(because.as_ref().map(|because| format!("{id} {because}").trim().into()));
            next.set("ruled_out", (!words.is_empty()).then(|| Value::Words(words.into())));
        }
        Step::Reopen | Step::Found(_) | Step::Reply(_) | Step::Register(_) => {}
    }
}

fn heard(next: &mut Record, at: Timestamp, by: &Stamp) {
    if moment(next, "acknowledged_at").is_none() {
        put(next, "acknowledged_at", at);
        next.set("acknowledged_by", Some(Value::text(&by.actor)));
    }
    put(next, "heard_at", at);
}

fn add(next: &mut Record, key: &str, line: &str) {
    let mut words = next.words(key).to_vec();
    words.push(line.into());
    next.set(key, Some(Value::Words(words.into())));
}

fn end(next: &mut Record, state: EpisodeState, at: Timestamp, by: &Stamp) {
    put(next, "closed_at", at);
    next.set("closed_by", Some(Value::text(&by.actor)));
    next.set("shelved_until", None);
    state.put(next);
}

/// Back to where its moments say that it was.
fn reopened(mut next: Record, now: EpisodeState, by: &Stamp) -> Result<Record, StepError> {
    if !now.is_over() {
        return Err(StepError::NotOver);
    }
    let closed = moment(&next, "closed_at");
    if closed.is_some_and(|closed| by.at.duration_since(closed) > REOPENED_WITHIN) {
        return Err(StepError::TooLate);
    }
    let was = [
        ("checked_at", EpisodeState::Checked),
        ("handled_at", EpisodeState::Handled),
        ("on_site_at", EpisodeState::OnSite),
        ("acknowledged_at", EpisodeState::Acknowledged),
    ];
    let was = was.into_iter().find(|(key, _)| moment(&next, key).is_some());
    for key in ["closed_at", "closed_by", "false_cause"] {
        next.set(key, None);
    }
    put(&mut next, "reopened_at", by.at);
    was.map_or(EpisodeState::Open, |(_, state)| state).put(&mut next);
    Ok(next)
}

/// Whether a record may become another at once: what the rule found and when it alerted stays, and
/// nothing that was stamped is moved. A step back is taken by undo, never by hand.
pub fn is_lawful(before: Option<&Record>, after: Option<&Record>) -> bool {
    const FIXED: [&str; 10] = [
        "station",
        "family",
        "pollutant",
        "begins_at",
        "value",
        "before",
        "neighbours",
        "rules",
        "arrived_at",
        "alerted_at",
    ];
    match (before, after) {
        (Some(before), Some(after)) => FIXED.iter().all(|key| before.get(key) == after.get(key)),
        (Some(_), None) => false,
        _ => true,
    }
}

/// Of an episode what is a remark, and may be written by hand.
pub const BY_HAND: [&str; 4] = ["name", "note", "found", super::ATTACHMENTS];

/// Whether somebody may change a record so in a form or a table: of an episode only what is a remark.
pub fn is_by_hand(before: Option<&Record>, after: Option<&Record>) -> bool {
    let is_episode = |record: Option<&Record>| record.is_some_and(|it| it.kind == Kind::Episode);
    if !is_episode(before) && !is_episode(after) {
        return true;
    }
    let (Some(before), Some(after)) = (before, after) else { return false };
    let fields = Kind::Episode.fields().iter().map(|field| field.key);
    before.geometry == after.geometry
        && fields.filter(|key| !BY_HAND.contains(key)).all(|key| before.get(key) == after.get(key))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Ids;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_795_420_800 + minutes * 60).unwrap()
    }

    fn by(minutes: i64) -> Stamp {
        Stamp { actor: "张三".into(), at: at(minutes) }
    }

    fn episode() -> Record {
        let mut ids = Ids::new(at(0), 1);
        let mut record = Record::new(ids.next(), Kind::Episode, &by(0));
        put(&mut record, "alerted_at", at(0));
        EpisodeState::Open.put(&mut record);
        record
    }

    fn done(record: &Record, what: &Step, minutes: i64) -> Record {
        step(record, what, at(minutes), &by(minutes)).unwrap()
    }

    #[test]
    fn the_clock_runs_through_acknowledging_and_stops_with_handling() {
        let open = episode();
        let clock_of = |record: &Record| clock(record).unwrap();
        assert_eq!(clock_of(&open).elapsed(at(7)), SignedDuration::from_mins(7));
        let heard = done(&open, &Step::Acknowledge, 7);
        assert!(clock_of(&heard).is_running() && !is_loud(&heard, at(8)));
        assert_eq!(clock_of(&heard).left(at(61)), SignedDuration::from_mins(-1));
        let handled = done(&heard, &Step::Handle("洒水".to_owned()), 41);
        assert_eq!(clock_of(&handled).elapsed(at(600)), SignedDuration::from_mins(41));
        assert_eq!(clock_of(&open).elapsed(at(-5)), SignedDuration::ZERO, "the clock was set back");
    }

    #[test]
    fn an_acknowledgement_without_a_next_step_is_heard_again_after_15_minutes() {
        let heard = done(&episode(), &Step::Acknowledge, 3);
        assert!(!is_loud(&heard, at(17)) && is_loud(&heard, at(18)));
        let again = done(&heard, &Step::Acknowledge, 19);
        assert!(!is_loud(&again, at(33)));
        assert_eq!(moment(&again, "acknowledged_at"), Some(at(3)), "the first one counts");
        assert!(!is_loud(&done(&heard, &Step::Arrive, 10), at(59)));
    }

    #[test]
    fn closing_beats_acknowledging_and_can_be_taken_back_for_a_day() {
        let closed = done(&episode(), &Step::Close(Closer::Rule), 120);
        let late = step(&closed, &Step::Acknowledge, at(121), &by(121));
        assert_eq!(late, Err(StepError::Over(EpisodeState::Closed)));
        let again = done(&closed, &Step::Reopen, 130);
        assert_eq!((state(&again), moment(&again, "closed_at")), (EpisodeState::Open, None));
        let later = 120 + 24 * 60 + 1;
        assert_eq!(step(&closed, &Step::Reopen, at(later), &by(later)), Err(StepError::TooLate));
    }

    #[test]
    fn a_person_closes_only_what_was_handled() {
        let open = episode();
        let closes = |record: &Record| {
            step(record, &Step::Close(Closer::Person), at(50), &by(50)).map(|it| state(&it))
        };
        assert_eq!(closes(&open), Err(StepError::NotHandled));
        let handled = done(&open, &Step::Handle(String::new()), 40);
        assert_eq!(closes(&handled), Ok(EpisodeState::Closed));
        assert_eq!(step(&open, &Step::Check, at(1), &by(1)), Err(StepError::NotHandled));
    }

    #[test]
    fn shelving_takes_a_reason_and_ends_by_itself() {
        let shelve = |hours: i64, because: &str| {
            let until = at(60 * hours);
            step(&episode(), &Step::Shelve { until, because: because.to_owned() }, at(0), &by(0))
        };
        assert_eq!(shelve(2, " "), Err(StepError::NoReason));
        assert_eq!(shelve(9, "检修"), Err(StepError::ShelvedTooLong));
        let shelved = shelve(8, "站点检修").unwrap();
        assert!(is_shelved(&shelved, at(479)) && !is_loud(&shelved, at(479)));
        assert!(!is_shelved(&shelved, at(480)) && is_loud(&shelved, at(480)));
        assert!(clock(&shelved).unwrap().is_running(), "the clock knows no shelf");
    }

    #[test]
    fn what_is_due_next_follows_the_clock() {
        let open = episode();
        assert_eq!(due(&open), Some((EpisodeState::Acknowledged, at(10))));
        let heard = done(&open, &Step::Acknowledge, 3);
        assert_eq!(due(&heard), Some((EpisodeState::OnSite, at(30))));
        assert_eq!(due(&done(&heard, &Step::Handle(String::new()), 20)), None);
    }

    #[test]
    fn a_reply_may_tell_of_before_but_not_of_before_the_alert_or_of_the_future() {
        let open = episode();
        let told = step(&open, &Step::Arrive, at(12), &by(20)).unwrap();
        assert_eq!(moment(&told, "on_site_at"), Some(at(12)));
        for minutes in [-1, 21] {
            assert_eq!(step(&open, &Step::Arrive, at(minutes), &by(20)), Err(StepError::BadMoment));
        }
    }

    fn any_step() -> impl Strategy<Value = Step> {
        prop_oneof![
            Just(Step::Acknowledge),
            Just(Step::Dispatch { order: "一号".to_owned(), department: "住建局".to_owned() }),
            Just(Step::Arrive),
            Just(Step::Handle(String::new())),
            Just(Step::Check),
            Just(Step::Close(Closer::Person)),
            Just(Step::Close(Closer::Rule)),
            Just(Step::False(FalseCause::Dust)),
            Just(Step::Regional),
            Just(Step::Reopen),
            Just(Step::Unshelve),
            (1_i64..480).prop_map(|minutes| Step::Shelve {
                until: at(minutes),
                because: "检修".to_owned()
            }),
        ]
    }

    proptest! {
        #[test]
        fn no_sequence_of_steps_stops_a_clock_that_nobody_answered_or_loses_one(
            steps in prop::collection::vec((any_step(), 0_i64..30), 0..25),
        ) {
            let mut record = episode();
            let mut minutes = 0;
            for (what, after) in steps {
                minutes += after;
                let before = record.clone();
                if let Ok(next) = step(&record, &what, at(minutes), &by(minutes)) {
                    record = next;
                }
                let clock = clock(&record).unwrap();
                prop_assert_eq!(clock.since, at(0));
                prop_assert!(is_lawful(Some(&before), Some(&record)));
                let now = state(&record);
                let is_answered = moment(&record, "handled_at").is_some();
                prop_assert_eq!(clock.is_running(), !is_answered && !now.is_over());
                if moment(&before, "handled_at").is_some() {
                    prop_assert_eq!(moment(&before, "handled_at"), moment(&record, "handled_at"));
                }
                prop_assert_eq!(now.is_over(), moment(&record, "closed_at").is_some());
                if matches!(now, EpisodeState::Handled | EpisodeState::Checked) {
                    prop_assert!(is_answered);
                }
            }
        }
    }
}
