//! Which items are meant: what a clerk opens in the morning, and what is asked beside.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use super::row::{Ledger, LedgerRow};
use super::side_by_side;
use crate::domain::{ItemState, RecordId, Text};

/// One of the lists of the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// Whatever waits for somebody.
    #[default]
    Open,
    /// To be handed over.
    New,
    Due,
    /// Monday to Sunday.
    Week,
    Overdue,
    ToCheck,
    Returned,
    Relapsed,
    Lacking,
    Ownerless,
    /// Without a place on the map.
    Unplaced,
    Closed,
    All,
}

impl View {
    /// In the order of the page.
    pub const ALL: [Self; 13] = [
        Self::Open,
        Self::Due,
        Self::Week,
        Self::Overdue,
        Self::ToCheck,
        Self::Returned,
        Self::Relapsed,
        Self::Lacking,
        Self::Ownerless,
        Self::New,
        Self::Unplaced,
        Self::Closed,
        Self::All,
    ];

    /// What a person calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::Open => Text::new("未销号", "open"),
            Self::New => Text::new("待交办", "to hand over"),
            Self::Due => Text::new("今日到期", "due today"),
            Self::Week => Text::new("本周到期", "due this week"),
            Self::Overdue => Text::new("超期", "overdue"),
            Self::ToCheck => Text::new("待核查", "to check"),
            Self::Returned => Text::new("退回", "returned"),
            Self::Relapsed => Text::new("反弹", "relapsed"),
            Self::Lacking => Text::new("缺证据", "lacking evidence"),
            Self::Ownerless => Text::new("无责任人", "nobody's"),
            Self::Unplaced => Text::new("待定位", "unplaced"),
            Self::Closed => Text::new("已销号", "struck off"),
            Self::All => Text::new("全部", "all"),
        }
    }

    /// The word of the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::New => "new",
            Self::Due => "today",
            Self::Week => "week",
            Self::Overdue => "overdue",
            Self::ToCheck => "check",
            Self::Returned => "returned",
            Self::Relapsed => "relapsed",
            Self::Lacking => "lacking",
            Self::Ownerless => "nobody",
            Self::Unplaced => "unplaced",
            Self::Closed => "closed",
            Self::All => "all",
        }
    }

    /// Whether something must be done about what stands in it.
    pub const fn is_urgent(self) -> bool {
        matches!(self, Self::Due | Self::Overdue | Self::Returned | Self::Relapsed | Self::Lacking)
    }

    /// By its word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.key() == key || view.label().zh == key)
    }

    /// Whether an item stands in it now.
    pub fn has(self, row: &LedgerRow, now: DateTime) -> bool {
        let is_open = row.state.is_open();
        match self {
            Self::Open => is_open,
            Self::New => row.state == ItemState::Registered,
            Self::Due => row.is_due_today(now),
            Self::Week => row.is_due_this_week(now),
            Self::Overdue => row.is_overdue(now),
            Self::ToCheck => row.state.awaits_check(),
            Self::Returned => row.state == ItemState::Returned,
            Self::Relapsed => is_open && row.is_relapse,
            Self::Lacking => row.lacks,
            Self::Ownerless => row.is_ownerless(),
            Self::Unplaced => is_open && !row.is_placed,
            Self::Closed => row.state == ItemState::Closed,
            Self::All => true,
        }
    }
}

/// What an item must be to be listed. Everything that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerFilter {
    pub view: View,
    pub unit: Option<String>,
    pub township: Option<String>,
    pub leader: Option<String>,
    pub department: Option<String>,
    /// A key of the types.
    pub item_type: Option<String>,
    /// All of these words must stand in the item; letter case does not matter.
    pub text: String,
    /// Only these, as a number that was clicked counted them.
    pub only: Option<Vec<RecordId>>,
}

impl LedgerFilter {
    /// Everything that is in the ledger.
    pub fn all() -> Self {
        Self { view: View::All, ..Self::default() }
    }

    /// The rows of a ledger that are meant, by their places.
    pub fn pick(&self, ledger: &Ledger, now: DateTime) -> Vec<usize> {
        let words: Vec<Sought> = self.text.split_whitespace().map(Sought::of).collect();
        let only: Option<BTreeSet<RecordId>> =
            self.only.as_ref().map(|ids| ids.iter().copied().collect());
        let is = |wanted: &Option<String>, row: &LedgerRow, key: &str| {
            wanted.as_deref().is_none_or(|wanted| row.record.text(key) == wanted)
        };
        let has = |wanted: &Option<String>, row: &LedgerRow, key: &str| {
            wanted
                .as_deref()
                .is_none_or(|wanted| row.record.words(key).iter().any(|word| &**word == wanted))
        };
        let is_meant = |row: &LedgerRow| {
            self.view.has(row, now)
                && only.as_ref().is_none_or(|only| only.contains(&row.id()))
                && has(&self.unit, row, "units")
                && has(&self.item_type, row, "types")
                && is(&self.township, row, "township")
                && is(&self.leader, row, "leader")
                && is(&self.department, row, "department")
                && words.iter().all(|word| word.is_said_by(row))
        };
        let places: Vec<usize> = (0..ledger.rows.len()).collect();
        side_by_side(&places, |place| {
            ledger.rows.get(*place).filter(|row| is_meant(row)).map(|_| *place)
        })
    }

    /// How many items stand in each view now, whatever else is asked.
    pub fn counts(ledger: &Ledger, now: DateTime) -> [usize; View::ALL.len()] {
        let mut counts = [0; View::ALL.len()];
        for row in &ledger.rows {
            for (view, count) in View::ALL.into_iter().zip(&mut counts) {
                *count += usize::from(view.has(row, now));
            }
        }
        counts
    }

    /// In words, for the head of what is written from it.
    pub fn words(&self) -> String {
        let mut parts = vec![self.view.label().zh.to_owned()];
        for (name, value) in [
            ("责任单位", &self.unit),
            ("乡镇街道", &self.township),
            ("分包领导", &self.leader),
            ("监管部门", &self.department),
            ("类别", &self.item_type),
        ] {
            parts.extend(value.as_ref().map(|value| format!("{name}：{value}")));
        }
        if !self.text.trim().is_empty() {
            parts.push(format!("含“{}”", self.text.trim()));
        }
        parts.join("，")
    }
}

const SEARCHED: [&str; 9] = [
    "code",
    "superior_code",
    "name",
    "address",
    "township",
    "person",
    "leader",
    "order_code",
    "note",
];

/// A word that an item must say.
struct Sought {
    /// In lower case.
    word: String,
    /// Whether it has letters of two cases, as Chinese has none.
    is_cased: bool,
}

impl Sought {
    fn of(word: &str) -> Self {
        let word = word.to_lowercase();
        let is_cased = word.chars().any(char::is_lowercase);
        Self { word, is_cased }
    }

    fn is_said_by(&self, row: &LedgerRow) -> bool {
        let is_in = |text: &str| {
            text.contains(&self.word)
                || (self.is_cased
                    && text.contains(char::is_uppercase)
                    && text.to_lowercase().contains(&self.word))
        };
        let is_among = |key: &str| row.record.words(key).iter().any(|word| is_in(word));
        SEARCHED.iter().any(|key| is_in(row.record.text(key)))
            || is_among("units")
            || is_among("types")
    }
}
