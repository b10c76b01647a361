//! Rows that may be a record of the district and may be something else. What becomes of them a
//! person says, row by row or for all; until then nothing is lost: they are new records.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo_types::{Coord, Geometry};

use super::codes::{FAR_APART_M, NameMatch, distance_m, is_serial, match_names};
use super::known::{Identity, centre_of};
use crate::domain::{Kind, LocalizedText, Record, SiteKind, Text};

/// Two things of one name or type this close may be one.
pub const DOUBLE_REACH_M: f64 = 50.0;

/// What becomes of a row that may be a record of the district.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDoubt {
    /// A record of its own; the code that belongs to another is kept beside it.
    #[default]
    New,
    /// It is that record, and what the row says is taken over. A row of another name that only
    /// stands beside one of its type is new all the same, unless it was chosen by itself.
    Same,
    LeaveOut,
}

/// What a person has said of doubtful rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoubtChoices {
    pub all: OnDoubt,
    /// By table, counted from 0 among those that had rows, and row.
    pub rows: BTreeMap<(usize, u64), OnDoubt>,
}

/// Why a row is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DoubtCause {
    /// The code is that of a record with another name.
    CodeOfOtherName,
    /// … of another type.
    CodeOfOtherType,
    /// … kilometres away.
    CodeFarAway,
    /// Same name and type, side by side.
    NameNearby,
    /// Same name, and one of the two has no place.
    NameUnplaced,
    /// Same type, another name, side by side: a street has many restaurants.
    TypeNearby,
}

/// A row beside the record that it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Of the file, as [`crate::exchange::InRow`] counts.
    pub row: u64,
    /// The table it stands in, of [`super::Report::tables`].
    pub table: usize,
    pub name: String,
    /// The name of the record.
    pub known: String,
    /// Empty where the row has none.
    pub code: String,
    pub cause: DoubtCause,
    /// Between the two; `None` where one has no place.
    pub distance_m: Option<u32>,
    /// What became of it in this look.
    pub decided: OnDoubt,
}

/// A record that a row may be, and why that is not sure.
#[derive(Debug)]
pub struct Candidate {
    pub known: Arc<Record>,
    pub cause: DoubtCause,
    pub distance_m: Option<f64>,
}

impl DoubtCause {
    /// Whether the row has the code of the record.
    pub const fn is_about_code(self) -> bool {
        matches!(self, Self::CodeOfOtherName | Self::CodeOfOtherType | Self::CodeFarAway)
    }
}

impl DoubtChoices {
    /// What becomes of a row.
    pub fn of(&self, table: usize, row: u64, cause: DoubtCause) -> OnDoubt {
        match (self.rows.get(&(table, row)), self.all) {
            (Some(chosen), _) => *chosen,
            (None, OnDoubt::Same) if cause == DoubtCause::TypeNearby => OnDoubt::New,
            (None, all) => all,
        }
    }
}

impl Doubt {
    /// One line for a person.
    pub fn words(&self) -> LocalizedText {
        let Self { name, known, code, .. } = self;
        let distance_m = self.distance_m.unwrap_or_default();
        let km = f64::from(distance_m) / 1000.0;
        let (zh, en) = match self.cause {
            DoubtCause::CodeOfOtherName => (
                format!("“{name}”与已有“{known}”编码同为 {code}，名称不同"),
                format!("`{name}` has the code {code} of `{known}`, but another name"),
            ),
            DoubtCause::CodeOfOtherType => (
                format!("“{name}”与已有“{known}”编码同为 {code}，类型不同"),
                format!("`{name}` has the code {code} of `{known}`, but is of another type"),
            ),
            DoubtCause::CodeFarAway => (
                format!("“{name}”与已有“{known}”编码同为 {code}，相距 {km:.1} 公里"),
                format!("`{name}` has the code {code} of `{known}`, {km:.1} km away"),
            ),
            DoubtCause::NameNearby => (
                format!("“{name}”：{distance_m} 米处已有同名的“{known}”"),
                format!("`{name}`: `{known}` of the same name is {distance_m} m away"),
            ),
            DoubtCause::NameUnplaced => (
                format!("“{name}”：已有同名记录，其中一个没有坐标"),
                format!("`{name}`: there is a record of this name; one of the two has no place"),
            ),
            DoubtCause::TypeNearby => (
                format!("“{name}”：{distance_m} 米处已有同类的“{known}”"),
                format!("`{name}`: `{known}` of the same type is {distance_m} m away"),
            ),
        };
        LocalizedText::new(zh, en)
    }
}

/// What [`OnDoubt`] is called.
pub const fn label(choice: OnDoubt) -> Text {
    match choice {
        OnDoubt::New => Text::new("另建新记录", "a new record"),
        OnDoubt::Same => Text::new("就是该记录", "the same record"),
        OnDoubt::LeaveOut => Text::new("不导入", "leave out"),
    }
}

/// Why a row is not the record whose code it has; `None` where nothing speaks against it.
pub fn contradiction(row: &Identity<'_>, known: &Record, code: &str) -> Option<DoubtCause> {
    // Orders name their plan, so another name under its code renames it: they go along, and a name
    // that another plan has is refused.
    if row.kind == Kind::Plan {
        return None;
    }
    let names = match_names(row.name, known.name());
    let distance_m = distance(row.geometry, known);
    let is_far = distance_m.is_some_and(|metres| metres > FAR_APART_M);
    let is_here = distance_m.is_some_and(|metres| metres <= DOUBLE_REACH_M);
    let is_other_type = are_of_two_types(row.site_kind, known);
    if is_serial(code) {
        return match names {
            NameMatch::Different => Some(DoubtCause::CodeOfOtherName),
            _ if is_other_type => Some(DoubtCause::CodeOfOtherType),
            _ if is_far => Some(DoubtCause::CodeFarAway),
            _ => None,
        };
    }
    match names {
        // It was renamed.
        NameMatch::Different if is_here && !is_other_type => None,
        NameMatch::Different => Some(DoubtCause::CodeOfOtherName),
        NameMatch::Unknown if is_other_type => Some(DoubtCause::CodeOfOtherType),
        NameMatch::Unknown if is_far => Some(DoubtCause::CodeFarAway),
        NameMatch::Equal | NameMatch::Alike | NameMatch::Unknown => None,
    }
}

/// Metres between a row and a record; `None` where one has no place.
pub fn distance(row: Option<&Geometry<f64>>, known: &Record) -> Option<f64> {
    let own: Coord<f64> = centre_of(row?)?;
    Some(distance_m(own, centre_of(known.geometry.as_ref()?)?))
}

fn are_of_two_types(site_kind: Option<&str>, known: &Record) -> bool {
    let own = site_kind.and_then(SiteKind::from_key).filter(|kind| *kind != SiteKind::Other);
    let other = SiteKind::of(known).filter(|kind| *kind != SiteKind::Other);
    own.zip(other).is_some_and(|(own, other)| own != other)
}
