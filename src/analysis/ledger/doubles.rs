//! What may be the same problem twice, and how often a place has had one.

use std::sync::Arc;

use geo_types::{Coord, Geometry};
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use rustc_hash::FxHashMap;

use super::row::{Ledger, LedgerRow};
use crate::domain::item::{civil, types};
use crate::domain::{ItemType, Record, RecordId};
use crate::geodesy::local::LocalFrame;

/// Two items of one type are perhaps one within these.
pub const SAME_WITHIN_M: f64 = 50.0;
pub const SAME_WITHIN_DAYS: i64 = 30;
/// A place has a problem again within these.
pub const AGAIN_WITHIN_DAYS: i64 = 90;
/// No degree of longitude or latitude is shorter here, metres: a box around a place by it is large
/// enough up to 60° of latitude.
const LEAST_DEGREE_M: f64 = 55_000.0;

/// Where and what a problem is that is about to be written down.
#[derive(Clone, Debug)]
pub struct At {
    pub place: Option<Coord<f64>>,
    pub address: String,
    /// The problem in words.
    pub name: String,
    pub types: Vec<ItemType>,
    pub found: DateTime,
    /// Itself is not asked about.
    pub id: Option<RecordId>,
}

/// An item that may be the same.
#[derive(Clone, Debug)]
pub struct Twin {
    pub record: Arc<Record>,
    /// `None` where one of the two has no place, and the words of the place are the same.
    pub distance_m: Option<f64>,
    pub days: i64,
}

/// What a ledger knows of a place.
#[derive(Clone, Debug, Default)]
pub struct Doubles {
    /// Likely the same, the nearest first.
    pub twins: Vec<Twin>,
    /// The how-manieth this one is here within 90 days, itself counted.
    pub nth: usize,
}

/// How another problem is known to be near.
#[derive(Clone, Copy)]
enum Nearness {
    Metres(f64),
    /// By the words of the place.
    SameWords,
}

impl At {
    /// Of an item.
    pub fn of(item: &Record, now: DateTime) -> Self {
        Self {
            place: point(item),
            address: item.text("address").trim().to_owned(),
            name: item.name().trim().to_owned(),
            types: types(item),
            found: crate::domain::item::moment(item, "found_at").unwrap_or(now),
            id: Some(item.id),
        }
    }

    /// How near a row is, where it is near at all.
    fn nearness(&self, frame: Option<&LocalFrame>, row: &LedgerRow) -> Option<Nearness> {
        let other = point(&row.record);
        if let (Some(own), Some(other), Some(frame)) = (self.place, other, frame) {
            let reach = SAME_WITHIN_M / LEAST_DEGREE_M;
            let is_far = (own.x - other.x).abs() > reach || (own.y - other.y).abs() > reach;
            if is_far {
                return None;
            }
            let distance_m = frame.distance_m(other);
            return (distance_m <= SAME_WITHIN_M).then_some(Nearness::Metres(distance_m));
        }
        let is_same_place =
            !self.address.is_empty() && row.record.text("address").trim() == self.address;
        // Where neither says a place in words, the same words of the problem are the same problem.
        let is_same_name = self.address.is_empty()
            && !self.name.is_empty()
            && row.record.name().trim() == self.name;
        (is_same_place || is_same_name).then_some(Nearness::SameWords)
    }
}

impl Doubles {
    /// What a ledger knows about a place and type. Rows that were found after it do not count.
    pub fn of(ledger: &Ledger, at: &At) -> Self {
        Self::among(ledger.rows.iter(), at)
    }

    /// The same of some rows.
    pub fn among<'l>(rows: impl Iterator<Item = &'l LedgerRow>, at: &At) -> Self {
        let frame = at.place.map(LocalFrame::at);
        let since = |days: i64| at.found.checked_sub(days.days()).unwrap_or(DateTime::MIN);
        let (recent, again) = (since(SAME_WITHIN_DAYS), since(AGAIN_WITHIN_DAYS));
        let mut doubles = Self { twins: Vec::new(), nth: 1 };
        for row in rows {
            if at.id == Some(row.id()) || is_none_of_this(row) {
                continue;
            }
            let found = written(row);
            if found < again || found > at.found {
                continue;
            }
            let Some(near) = at.nearness(frame.as_ref(), row) else { continue };
            let own = types(&row.record);
            let is_untyped = at.types.is_empty() || own.is_empty();
            let is_of_words = matches!(near, Nearness::SameWords) && is_untyped;
            if !is_of_words && !at.types.iter().any(|of| own.contains(of)) {
                continue;
            }
            doubles.nth += 1;
            if found >= recent {
                let distance_m = match near {
                    Nearness::Metres(distance_m) => Some(distance_m),
                    Nearness::SameWords => None,
                };
                let days = at
                    .found
                    .date()
                    .since(found.date())
                    .map_or(0, |span| i64::from(span.get_days()));
                doubles.twins.push(Twin { record: Arc::clone(&row.record), distance_m, days });
            }
        }
        doubles.twins.sort_by(|a, b| {
            let key = |twin: &Twin| twin.distance_m.unwrap_or(f64::INFINITY);
            let by_days = a.days.cmp(&b.days).then(a.record.id.cmp(&b.record.id));
            key(a).total_cmp(&key(b)).then(by_days)
        });
        doubles
    }
}

/// When a problem was found, else handed over, else written down.
fn written(row: &LedgerRow) -> DateTime {
    row.found.or(row.handed).unwrap_or_else(|| civil(row.record.meta.created_at))
}

fn point(item: &Record) -> Option<Coord<f64>> {
    match &item.geometry {
        Some(Geometry::Point(point)) => Some(point.0),
        _ => None,
    }
}

/// The rows of a ledger by where they are and what is said of their place, for many questions.
#[derive(Debug, Default)]
pub struct Places<'l> {
    cells: FxHashMap<(i32, i32), Vec<&'l LedgerRow>>,
    words: FxHashMap<&'l str, Vec<&'l LedgerRow>>,
}

/// A cell is wider than [`SAME_WITHIN_M`] up to 60° of latitude: what is near lies in it or beside it.
const CELL_DEG: f64 = 0.001;

fn cell(at: Coord<f64>) -> (i32, i32) {
    // Degrees in thousandths fit.
    ((at.x / CELL_DEG).floor() as i32, (at.y / CELL_DEG).floor() as i32)
}

impl<'l> Places<'l> {
    /// Of all rows of a ledger.
    pub fn of(ledger: &'l Ledger) -> Self {
        let mut places = Self::default();
        for row in &ledger.rows {
            places.add(row);
        }
        places
    }

    /// One more.
    pub fn add(&mut self, row: &'l LedgerRow) {
        if let Some(at) = point(&row.record) {
            self.cells.entry(cell(at)).or_default().push(row);
        }
        for words in [row.record.text("address").trim(), row.record.name().trim()] {
            if !words.is_empty() {
                self.words.entry(words).or_default().push(row);
            }
        }
    }

    /// What is known of a place: the same as [`Doubles::of`], without a walk over all rows.
    pub fn doubles(&self, at: &At) -> Doubles {
        let mut rows: Vec<&LedgerRow> = Vec::new();
        if let Some(place) = at.place {
            let (x, y) = cell(place);
            let around = (-1..=1).flat_map(|east| (-1..=1).map(move |north| (x + east, y + north)));
            rows.extend(around.filter_map(|cell| self.cells.get(&cell)).flatten());
        }
        for words in [&*at.address, &*at.name] {
            rows.extend(self.words.get(words).into_iter().flatten());
        }
        rows.sort_by_key(|row| row.id());
        rows.dedup_by_key(|row| row.id());
        Doubles::among(rows.into_iter(), at)
    }
}

/// What turned out to be nothing, or is another item already, is no earlier problem here.
const fn is_none_of_this(row: &LedgerRow) -> bool {
    use crate::domain::ItemState;
    matches!(row.state, ItemState::Refuted | ItemState::Merged | ItemState::Void)
}
