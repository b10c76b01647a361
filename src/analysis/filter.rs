//! Which records are meant: one filter for list, map and export.

mod codec;
pub mod column;
mod imported;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use geo_types::Coord;
use jiff::civil::Date;

use self::column::ColumnFilter;
pub use self::imported::{ImportPart, Imported};
use super::count::is_not_up_to_standard;
use super::measures::is_in_force;
use super::rings::{RingOptions, control_points};
use crate::domain::{Kind, Record, RecordId, World};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb::{self, Bounds};

/// What a record must be to be shown. Everything that is set must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// All of these words must stand somewhere in the record; letter case does not matter.
    pub text: String,
    /// Only these kinds within layers, as [`Record::subkind`] names them; empty for all.
    pub subkinds: BTreeSet<(Kind, String)>,
    pub is_failing: bool,
    pub is_unlocated: bool,
    /// The field `state`.
    pub state: Option<String>,
    pub township: Option<String>,
    pub department: Option<String>,
    /// Only this layer.
    pub kind: Option<Kind>,
    /// Only restrictions that are in force on this day.
    pub in_force_on: Option<Date>,
    /// Inside the largest ring of any control point that is in operation.
    pub in_any_ring: bool,
    /// At most so many metres from a control point.
    pub ring: Option<(RecordId, f64)>,
    /// What is on the screen, WGS-84 degrees.
    pub bounds: Option<Bounds>,
    /// Only what one import brought.
    pub import: Option<Imported>,
    /// By layer and column. Other layers are not asked for it.
    pub columns: BTreeMap<(Kind, String), ColumnFilter>,
}

/// A filter made ready for one world.
pub struct Sieve<'a> {
    filter: &'a Filter,
    words: Vec<String>,
    /// One of these must hold; `None` where no ring is asked for.
    rings: Option<Vec<(LocalFrame, f64)>>,
}

impl Filter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether roads are among what it asks for: else they stay on the map, where they say where the
    /// rest lies.
    pub fn is_about_roads(&self) -> bool {
        let names_roads = self.subkinds.iter().any(|(kind, _)| *kind == Kind::Road);
        self.kind == Some(Kind::Road) || names_roads || !self.text.trim().is_empty()
    }

    /// A ring of a control point that is gone or unplaced lets nothing through.
    pub fn on<'a>(&'a self, world: &World) -> Sieve<'a> {
        let mut rings = None;
        if let Some((id, radius_m)) = self.ring {
            let point = world.table(Kind::ControlPoint).get(id);
            let center = point.and_then(|point| middle(point));
            rings = Some(center.map(|at| (LocalFrame::at(at), radius_m)).into_iter().collect());
        } else if self.in_any_ring {
            let points = control_points(world, &RingOptions::default());
            let largest = |point: &Record| point.radii_m().last().copied().unwrap_or(0.0);
            rings = Some(points.iter().map(|(p, at)| (LocalFrame::at(*at), largest(p))).collect());
        }
        let words = self.text.split_whitespace().map(str::to_lowercase).collect();
        Sieve { filter: self, words, rings }
    }
}

impl Sieve<'_> {
    /// Whether everything that is set holds for a record.
    pub fn lets_through(&self, record: &Record) -> bool {
        let filter = self.filter;
        let wants = |wanted: &Option<String>, key: &str| {
            wanted.as_ref().is_none_or(|wanted| record.text(key) == wanted)
        };
        filter.kind.is_none_or(|kind| kind == record.kind)
            && (filter.subkinds.is_empty()
                || filter.subkinds.contains(&(record.kind, record.subkind().to_owned())))
            && (!filter.is_failing || is_not_up_to_standard(record))
            && (!filter.is_unlocated || record.geometry.is_none() && record.kind.has_place())
            && filter.import.is_none_or(|import| import.has(record))
            && filter.in_force_on.is_none_or(|day| is_in_force(record, day))
            && wants(&filter.state, "state")
            && wants(&filter.township, "township")
            && wants(&filter.department, "department")
            && self.has_cells(record)
            && self.has_words(record)
            && self.is_in_bounds(record)
            && self.is_in_ring(record)
    }

    /// The records of a kind that pass, in the order of the table.
    pub fn pick(&self, world: &World, kind: Kind) -> Vec<Arc<Record>> {
        world.table(kind).iter().filter(|record| self.lets_through(record)).cloned().collect()
    }

    fn has_cells(&self, record: &Record) -> bool {
        let mut columns = self.filter.columns.iter();
        columns.all(|((kind, key), of)| *kind != record.kind || of.lets_through(record, key))
    }

    fn has_words(&self, record: &Record) -> bool {
        let is_in = |word: &String, text: &str| {
            text.contains(word.as_str()) || text.to_lowercase().contains(word.as_str())
        };
        self.words.iter().all(|word| {
            record.values().any(|(field, value)| match value.as_str() {
                Some(text) => {
                    let label = field.choices().and_then(|choices| {
                        choices.iter().find(|choice| choice.key == text).map(|choice| choice.label)
                    });
                    is_in(word, text)
                        || label.is_some_and(|label| is_in(word, label.zh) || is_in(word, label.en))
                }
                None => is_in(word, &value.to_cell()),
            })
        })
    }

    fn is_in_bounds(&self, record: &Record) -> bool {
        let Some(Bounds { min, max }) = self.filter.bounds else { return true };
        record.geometry.as_ref().and_then(wkb::bounds).is_some_and(|of| {
            of.min.x <= max.x && of.max.x >= min.x && of.min.y <= max.y && of.max.y >= min.y
        })
    }

    fn is_in_ring(&self, record: &Record) -> bool {
        let Some(rings) = &self.rings else { return true };
        let Some(geometry) = &record.geometry else { return false };
        rings.iter().any(|(frame, radius_m)| {
            frame.nearest_m(geometry).is_some_and(|distance_m| distance_m <= *radius_m)
        })
    }
}

fn middle(record: &Record) -> Option<Coord<f64>> {
    let bounds = wkb::bounds(record.geometry.as_ref()?)?;
    Some(bounds.middle())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Fields, Ids, Meta, Value};

    fn record(
        ids: &mut Ids,
        kind: Kind,
        fields: &[(&str, Value)],
        at: Option<Coord<f64>>,
    ) -> Record {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let meta = Meta {
            created_at: now,
            created_by: "a".into(),
            changed_at: now,
            changed_by: "a".into(),
            source: None,
        };
        let geometry = at.map(|at| geo_types::Point(at).into());
        let id = ids.next();
        let mut record =
            Record { id, kind, geometry, fields: Fields::default(), extra: None, meta };
        for (key, value) in fields {
            record.set(key, Some(value.clone()));
        }
        record
    }

    fn world() -> (World, RecordId) {
        let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
        let at = |north_m: f64| {
            Some(crate::geodesy::ring::destination(Coord { x: 118.16, y: 39.83 }, 0.0, north_m))
        };
        let point = record(&mut ids, Kind::ControlPoint, &[("name", Value::text("站"))], at(0.0));
        let id = point.id;
        let near = record(
            &mut ids,
            Kind::Site,
            &[
                ("name", Value::text("Alpha工地")),
                ("kind", Value::Choice("construction")),
                ("wash", Value::Choice("不合格")),
                ("township", Value::text("太平路街道")),
            ],
            at(499.0),
        );
        let far = record(
            &mut ids,
            Kind::Site,
            &[("name", Value::text("饭店")), ("kind", Value::Choice("restaurant"))],
            at(501.0),
        );
        let lost = record(&mut ids, Kind::Site, &[("name", Value::text("未定位"))], None);
        ([point, near, far, lost].into_iter().collect(), id)
    }

    fn names(filter: &Filter, world: &World) -> Vec<String> {
        filter.on(world).pick(world, Kind::Site).iter().map(|r| r.name().to_owned()).collect()
    }

    #[test]
    fn an_empty_filter_lets_everything_through() {
        let (world, _) = world();
        assert!(Filter::default().is_empty());
        assert_eq!(names(&Filter::default(), &world).len(), 3);
    }

    #[test]
    fn a_ring_keeps_what_lies_a_metre_inside_and_not_what_lies_a_metre_outside() {
        let (world, id) = world();
        let filter = Filter { ring: Some((id, 500.0)), ..Filter::default() };
        assert_eq!(names(&filter, &world), ["Alpha工地"]);
        let gone = Ids::new(jiff::Timestamp::UNIX_EPOCH, 99).next();
        let filter = Filter { ring: Some((gone, 500.0)), ..Filter::default() };
        assert!(names(&filter, &world).is_empty());
    }

    #[test]
    fn words_are_found_in_any_field_and_by_the_label_of_a_choice() {
        let (world, _) = world();
        let find =
            |text: &str| names(&Filter { text: text.to_owned(), ..Filter::default() }, &world);
        assert_eq!(find("alpha"), ["Alpha工地"]);
        assert_eq!(find("餐饮"), ["饭店"]);
        assert_eq!(find("alpha 太平路"), ["Alpha工地"]);
        assert!(find("alpha 饭店").is_empty());
    }

    #[test]
    fn everything_that_is_set_must_hold() {
        let (world, _) = world();
        let failing = Filter { is_failing: true, ..Filter::default() };
        assert_eq!(names(&failing, &world), ["Alpha工地"]);
        let restaurants = [(Kind::Site, "restaurant".to_owned())].into_iter().collect();
        let both = Filter { subkinds: restaurants, ..failing };
        assert!(names(&both, &world).is_empty());
        let lost = Filter { is_unlocated: true, ..Filter::default() };
        assert_eq!(names(&lost, &world), ["未定位"]);
    }
}
