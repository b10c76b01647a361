//! In which order items are listed.

use jiff::civil::DateTime;
use rustc_hash::FxHashMap;

use super::row::{Ledger, LedgerRow};
use crate::analysis::search::pinyin_key;
use crate::domain::Text;

/// By what a list is put in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// What is overdue first, the longest first; then by due moment, what is closed last.
    #[default]
    Urgency,
    Due,
    /// By the stage of escalation, the gravest first.
    Stage,
    State,
    Unit,
    Township,
    Number,
}

impl Order {
    /// In the order of lists.
    pub const ALL: [Self; 7] = [
        Self::Urgency,
        Self::Due,
        Self::Stage,
        Self::State,
        Self::Unit,
        Self::Township,
        Self::Number,
    ];

    /// What a person calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::Urgency => Text::new("超期优先", "Overdue first"),
            Self::Due => Text::new("按到期", "By due moment"),
            Self::Stage => Text::new("按督办级别", "By stage"),
            Self::State => Text::new("按状态", "By state"),
            Self::Unit => Text::new("按责任单位", "By unit"),
            Self::Township => Text::new("按乡镇", "By township"),
            Self::Number => Text::new("按编号", "By number"),
        }
    }

    /// Puts places among the rows of a ledger in order; of equals those stay first that were. Without a
    /// due moment, a unit or a township an item stands behind the others.
    pub fn sort(self, ledger: &Ledger, places: &mut [usize], now: DateTime) {
        let row = |place: &usize| ledger.rows.get(*place);
        match self {
            Self::Urgency => places.sort_by_cached_key(|place| {
                row(place).map(|row| {
                    let due = row.due.unwrap_or(DateTime::MAX);
                    let rank = match () {
                        () if row.is_overdue(now) => 0,
                        () if row.state.is_open() => 1,
                        () => 2,
                    };
                    (rank, due)
                })
            }),
            Self::Due => {
                places.sort_by_key(|place| row(place).map(|r| r.due.unwrap_or(DateTime::MAX)));
            }
            Self::Stage => places.sort_by_cached_key(|place| {
                let stages = ledger.stages.all();
                let reached = row(place).and_then(|row| ledger.stages.reached(row, now));
                let rank = reached.and_then(|of| stages.iter().position(|stage| stage == of));
                std::cmp::Reverse(rank.map_or(0, |rank| rank + 1))
            }),
            Self::State => places.sort_by_key(|place| row(place).map(|row| row.state)),
            Self::Unit => by_words(ledger, places, |row| {
                row.record.words("units").first().map_or("", |unit| &**unit)
            }),
            Self::Township => by_words(ledger, places, |row| row.record.text("township")),
            Self::Number => by_words(ledger, places, |row| row.record.code().unwrap_or_default()),
        }
    }
}

/// By the sound of words, of which many rows have the same: each is spelled once.
fn by_words(ledger: &Ledger, places: &mut [usize], of: impl for<'l> Fn(&'l LedgerRow) -> &'l str) {
    let mut numbers: FxHashMap<&str, usize> = FxHashMap::default();
    let mut said: Vec<&str> = Vec::new();
    let mut rows: Vec<(usize, usize)> = Vec::with_capacity(places.len());
    for place in places.iter() {
        let words = ledger.rows.get(*place).map_or("", &of);
        let number = *numbers.entry(words).or_insert_with(|| {
            said.push(words);
            said.len() - 1
        });
        rows.push((number, *place));
    }
    let mut known: Vec<(bool, String, &str, usize)> = said
        .iter()
        .enumerate()
        .map(|(number, words)| (words.is_empty(), pinyin_key(words), *words, number))
        .collect();
    known.sort_unstable();
    let mut ranks = vec![0; known.len()];
    for (rank, (_, _, _, number)) in known.iter().enumerate() {
        if let Some(of_number) = ranks.get_mut(*number) {
            *of_number = rank;
        }
    }
    rows.sort_by_key(|(number, _)| ranks.get(*number).copied());
    for (place, (_, sorted)) in places.iter_mut().zip(rows) {
        *place = sorted;
    }
}
