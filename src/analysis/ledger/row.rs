//! Items as rows: what lists, counts and rates ask of them, read once from the records.

use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use rustc_hash::FxHashMap;

use super::escalation::Stages;
use super::limit::{self, LimitWords};
use super::owners::Owners;
use super::side_by_side;
use crate::domain::calendar;
use crate::domain::item::{day_of_due, due_said, moment};
use crate::domain::{ItemState, Kind, Record, RecordId, Value, World};

/// What is asked of an item. Moments are civil time of the office.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
pub struct LedgerRow {
    pub record: Arc<Record>,
    pub state: ItemState,
    /// When its time is over; of one on hold, when it is looked at again.
    pub due: Option<DateTime>,
    pub found: Option<DateTime>,
    pub handed: Option<DateTime>,
    pub accepted: Option<DateTime>,
    pub mended: Option<DateTime>,
    pub closed: Option<DateTime>,
    /// It has no due moment and is looked at again every so many days, as 长期坚持 says.
    pub review_days: Option<u16>,
    pub returns: u32,
    pub is_relapse: bool,
    pub lacks: bool,
    /// Whether units are named that answer for it.
    pub has_unit: bool,
    pub is_placed: bool,
}

/// All items of a district, those that are open first: by due moment, then by number.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub rows: Vec<LedgerRow>,
    pub stages: Stages,
    places: FxHashMap<RecordId, usize>,
}

impl LedgerRow {
    /// Of an item.
    pub fn of(record: &Arc<Record>, words: &LimitWords) -> Self {
        let count = |key: &str| match record.get(key) {
            Some(Value::Integer(count)) => u32::try_from(*count).unwrap_or(0),
            _ => 0,
        };
        let due = due_of(record, words);
        Self {
            state: ItemState::of(record).unwrap_or(ItemState::Registered),
            due,
            // A limit is read once more only where it gave no due moment.
            review_days: if due.is_none() { review_days_of(record, words) } else { None },
            found: moment(record, "found_at"),
            handed: moment(record, "handed_at"),
            accepted: moment(record, "accepted_at"),
            mended: moment(record, "mended_at"),
            closed: moment(record, "closed_at"),
            returns: count("returns"),
            is_relapse: !record.text("relapse_of").is_empty(),
            lacks: !record.words("lacking").is_empty(),
            has_unit: !record.words("units").is_empty(),
            is_placed: record.geometry.is_some(),
            record: Arc::clone(record),
        }
    }

    /// Which record it is.
    pub fn id(&self) -> RecordId {
        self.record.id
    }

    /// Whether its time is over and it is not mended, or what is on hold was to be looked at.
    pub fn is_overdue(&self, now: DateTime) -> bool {
        let waits = self.state.is_with_unit()
            || matches!(self.state, ItemState::OnHold | ItemState::Registered);
        waits && self.due.is_some_and(|due| due < now)
    }

    /// Whether it is due by the end of this day and not yet overdue, or to be looked at again today.
    pub fn is_due_today(&self, now: DateTime) -> bool {
        let waits = self.state.is_with_unit() || self.state == ItemState::OnHold;
        let is_due = |due: DateTime| due >= now && day_of_due(due) == now.date();
        waits && (self.due.is_some_and(is_due) || self.next_review(now) == Some(now.date()))
    }

    /// When it is looked at again: every so many days since it was handed over.
    pub fn next_review(&self, now: DateTime) -> Option<Date> {
        let days = i64::from(self.review_days?.max(1));
        let from = self.handed.or(self.found)?.date();
        let past = i64::from(from.until(now.date()).ok()?.get_days());
        let rounds = past.max(1).div_euclid(days) + i64::from(past.max(1) % days > 0);
        from.checked_add((rounds * days).days()).ok()
    }

    /// Whether it is due in this week, Monday to Sunday, and nobody says yet that it is mended.
    pub fn is_due_this_week(&self, now: DateTime) -> bool {
        let waits = self.state.is_with_unit() || self.state == ItemState::OnHold;
        let day = self.due.map(day_of_due).or_else(|| self.next_review(now));
        waits && day.is_some_and(|day| super::decided::is_in_week_of(day, now))
    }

    /// Nobody answers for it.
    pub fn is_ownerless(&self) -> bool {
        self.state.is_open() && !self.has_unit
    }

    /// Whole days that it is over its time; of a mended one, that it was.
    pub fn days_late(&self, now: DateTime) -> i64 {
        let until = self.mended.filter(|_| !self.state.is_with_unit()).unwrap_or(now);
        let late = self.due.filter(|due| *due < until).map(|due| until.duration_since(due));
        late.map_or(0, |late| (late.as_hours() + 23) / 24)
    }

    /// Whether it is known if it came in time, and whether it did: mended before it was due.
    pub fn is_on_time(&self, now: DateTime) -> Option<bool> {
        let due = self.due?;
        self.handed?;
        match self.mended.filter(|_| !self.state.is_with_unit()) {
            Some(mended) => Some(mended <= due),
            None if due < now && self.state.is_with_unit() => Some(false),
            None => None,
        }
    }

    /// From handing over to mending, hours.
    pub fn hours_taken(&self) -> Option<f64> {
        let taken = self.mended?.duration_since(self.handed?);
        (taken.as_secs() >= 0).then(|| taken.as_secs_f64() / 3600.0)
    }
}

/// When an item is due: what the record says, else what the words of its time limit mean from when it
/// was handed over.
pub fn due_of(item: &Record, words: &LimitWords) -> Option<DateTime> {
    due_said(item).or_else(|| {
        let text = item.text("time_limit");
        // Lists of duties call it 完成时间: 7月底前, 持续开展.
        let is_limit = text.is_empty() && moment(item, "mended_at").is_none();
        let text = if is_limit { item.text("mended_at") } else { text };
        if text.is_empty() {
            return None;
        }
        let from = moment(item, "handed_at").or_else(|| moment(item, "found_at"))?;
        limit::limit(text, from, calendar::calendar(), words)?.last()
    })
}

/// Every how many days an item without a due moment is looked at: as it says, else as its limit means.
fn review_days_of(item: &Record, words: &LimitWords) -> Option<u16> {
    if let Some(Value::Integer(days)) = item.get("review_days") {
        return u16::try_from(*days).ok();
    }
    let text = [item.text("time_limit"), item.text("mended_at")];
    let text = text.into_iter().find(|text| !text.is_empty())?;
    let from = moment(item, "handed_at").or_else(|| moment(item, "found_at"))?;
    limit::limit(text, from, calendar::calendar(), words)?.review_days
}

impl Ledger {
    /// Of a district.
    pub fn of(world: &World) -> Self {
        let items: Vec<&Arc<Record>> = world.table(Kind::Item).iter().collect();
        let words = limit::words();
        let read = |item: &&Arc<Record>| Some(LedgerRow::of(item, words));
        let mut rows: Vec<LedgerRow> = side_by_side(&items, read);
        rows.sort_by_cached_key(|row| {
            let due = row.due.unwrap_or(DateTime::MAX);
            (!row.state.is_open(), due, std::cmp::Reverse(row.record.code().map(str::to_owned)))
        });
        let places = rows.iter().enumerate().map(|(place, row)| (row.id(), place)).collect();
        Self { rows, stages: Stages::of(world), places }
    }

    /// As it would be handed over: where a registered item names no unit, who answers for it stands in it.
    #[must_use]
    pub fn with_owners(&self, owners: &Owners<'_>) -> Self {
        let words = limit::words();
        let mut all = self.clone();
        let is_open =
            |row: &&mut LedgerRow| row.state == ItemState::Registered && row.is_ownerless();
        for row in all.rows.iter_mut().filter(is_open) {
            let mut item = Record::clone(&row.record);
            owners.owning(&item).fill(&mut item);
            *row = LedgerRow::of(&Arc::new(item), words);
        }
        all
    }

    /// Some of its rows, with the same stages.
    #[must_use]
    pub fn only(&self, places: &[usize]) -> Self {
        let rows = places.iter().filter_map(|place| self.rows.get(*place)).cloned();
        let rows: Vec<LedgerRow> = rows.collect();
        let places = rows.iter().enumerate().map(|(place, row)| (row.id(), place)).collect();
        Self { rows, stages: self.stages.clone(), places }
    }

    /// The row of an item.
    pub fn row(&self, id: RecordId) -> Option<&LedgerRow> {
        self.rows.get(*self.places.get(&id)?)
    }
}
