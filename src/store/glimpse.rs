//! What a map needs first of a large district, before all of it is read: the records of the layers
//! that are shown, of large layers only the fields that their marks are made of, and within the box
//! that is looked at where the R-tree leads to them sooner than reading the whole layer does.
//!
//! These are not the records of the district: nothing but a picture may be made of them.

use rusqlite::Connection;

use super::load::{self, Another, OnRows, RowsOf};
use super::row_names::RowNames;
use super::{Error, schema};
use crate::domain::{Kind, World};
use crate::geodesy::wkb::Bounds;

/// A district with fewer rows is read whole as soon.
const MIN_ROWS: i64 = 30_000;
/// Where fewer rows than one in so many are within the box they are looked up one by one.
const FEW_OF: i64 = 8;

/// What the map shows.
#[derive(Clone, Debug, Default)]
pub struct GlimpseOf {
    /// Its kinds of record, each with the fields that are wanted of large layers; `None` for all.
    pub kinds: Vec<(Kind, Option<Vec<&'static str>>)>,
    /// What it looks at, WGS-84 degrees; `None` where that is not known.
    pub extent: Option<Bounds>,
}

/// Records for one picture.
pub struct Glimpse {
    /// Each record is in one of them; small layers are in the first, whole.
    pub parts: Vec<World>,
    /// Where large layers were read of this box only.
    pub extent: Option<Bounds>,
}

/// `None` where the district is small, or where whoever watches called it off.
pub(super) fn glimpse(
    db: &Connection,
    another: Another<'_>,
    wanted: &GlimpseOf,
    on_rows: OnRows<'_>,
) -> Result<Option<Glimpse>, Error> {
    load::in_read_transaction(db, |db| {
        if rows_at_most(db)? < MIN_ROWS {
            return Ok(None);
        }
        let names = RowNames::of(db)?;
        let (mut lower, mut upper, mut extent) = (Vec::new(), Vec::new(), None);
        for (kind, fields) in &wanted.kinds {
            let last_row = load::last_row(db, *kind)?;
            let is_large = last_row >= MIN_ROWS;
            let fields = fields.as_ref().filter(|_| is_large);
            let fields =
                fields.map(|all| all.iter().filter_map(|key| kind.index_of(key)).collect());
            let near =
                wanted.extent.filter(|_| is_large).map(|extent| (extent, within(*kind, extent)));
            match near {
                Some((of, inside)) if has_few(db, &inside, last_row)? => {
                    extent = Some(of);
                    let condition = format!("WHERE fid IN ({inside})");
                    lower.push(RowsOf { kind: *kind, fields, condition });
                }
                _ => {
                    let (below, above) = load::halves(*kind, fields, last_row);
                    lower.push(below);
                    upper.extend(above);
                }
            }
        }
        let part = |db: &Connection, rows: &[RowsOf]| {
            let mut world = World::default();
            let is_whole =
                load::read_rows(db, rows, &names, on_rows, &mut |record| world.load(record))?;
            Ok(is_whole.then_some(world))
        };
        let second = if upper.is_empty() { None } else { another()? };
        if second.is_none() {
            lower.append(&mut upper);
        }
        let (first, second) = load::beside(second, |db| part(db, &upper), || part(db, &lower))?;
        let parts: Option<Vec<World>> = [Some(first), second].into_iter().flatten().collect();
        Ok(parts.map(|parts| Glimpse { parts, extent }))
    })
}

/// How many rows there are at most in all layers.
pub(super) fn rows_at_most(db: &Connection) -> Result<i64, Error> {
    Kind::ALL.into_iter().map(|kind| load::last_row(db, kind)).sum()
}

/// The rows whose boxes meet one, as SQL.
fn within(kind: Kind, Bounds { min, max }: Bounds) -> String {
    format!(
        "SELECT id FROM {} WHERE minx <= {} AND maxx >= {} AND miny <= {} AND maxy >= {}",
        schema::rtree(kind),
        max.x,
        min.x,
        max.y,
        min.y,
    )
}

fn has_few(db: &Connection, inside: &str, last_row: i64) -> Result<bool, Error> {
    let most = last_row / FEW_OF;
    let sql = format!("SELECT count(*) FROM ({inside} LIMIT {})", most + 1);
    Ok(db.query_row(&sql, [], |row| row.get::<_, i64>(0))? <= most)
}

#[cfg(test)]
mod tests {
    use geo_types::{Coord, Point};
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{Change, Edit, EditKind, Ids, Record, Stamp, Value};
    use crate::store::Store;

    const FIELDS: [&str; 2] = ["name", "kind"];

    fn all(_: u64) -> bool {
        true
    }

    fn wanted(extent: Option<Bounds>) -> GlimpseOf {
        let kinds = vec![(Kind::Site, Some(FIELDS.to_vec())), (Kind::ControlPoint, None)];
        GlimpseOf { kinds, extent }
    }

    /// So many sites in a row to the east, a thousandth of a degree apart, and one control point.
    fn district(folder: &std::path::Path, sites: u32) -> Store {
        let stamp = Stamp { actor: "a".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(stamp.at, 1);
        let mut records: Vec<Record> = (0..sites)
            .map(|number| {
                let mut site = Record::new(ids.next(), Kind::Site, &stamp);
                site.geometry = Some(Point::new(118.0 + f64::from(number) * 1e-3, 39.0).into());
                site.set("name", Some(Value::text(&format!("点位{number}"))));
                site.set("kind", Some(Value::Choice("parking")));
                site.set("person", Some(Value::text("王")));
                site
            })
            .collect();
        let mut point = Record::new(ids.next(), Kind::ControlPoint, &stamp);
        point.set("name", Some(Value::text("控制点")));
        records.push(point);
        let edit = Edit {
            kind: EditKind::Import,
            changes: records.into_iter().map(Change::create).collect(),
        };
        Store::create_with(&folder.join("a.gpkg"), &edit, &stamp).unwrap()
    }

    #[test]
    fn a_small_district_has_no_glimpse() {
        let folder = tempfile::tempdir().unwrap();
        let store = district(folder.path(), 50);
        assert!(store.glimpse(&wanted(None), &all).unwrap().is_none());
    }

    #[test]
    fn a_glimpse_has_every_record_of_the_layers_once_with_the_wanted_fields() {
        let folder = tempfile::tempdir().unwrap();
        let store = district(folder.path(), 30_000);
        let glimpse = store.glimpse(&wanted(None), &all).unwrap().unwrap();
        let whole = store.load().unwrap();
        assert_eq!((glimpse.parts.len(), glimpse.extent), (2, None));
        let mut sites: Vec<_> =
            glimpse.parts.iter().flat_map(|part| part.table(Kind::Site).iter()).collect();
        sites.sort_by_key(|site| site.id);
        assert_eq!(sites.len(), 30_000);
        for (seen, real) in sites.into_iter().zip(whole.table(Kind::Site).iter()) {
            assert_eq!((seen.id, &seen.geometry), (real.id, &real.geometry));
            assert_eq!((seen.name(), seen.subkind()), (real.name(), "parking"));
            assert_eq!(seen.get("person"), None);
        }
        let points = glimpse.parts.first().unwrap().table(Kind::ControlPoint);
        let point = whole.table(Kind::ControlPoint).iter().next();
        assert_eq!(points.iter().next(), point, "small layers come whole");
    }

    #[test]
    fn within_a_small_box_only_what_meets_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = district(folder.path(), 30_000);
        let extent =
            Bounds { min: Coord { x: 118.9995, y: 38.0 }, max: Coord { x: 119.0995, y: 40.0 } };
        let glimpse = store.glimpse(&wanted(Some(extent)), &all).unwrap().unwrap();
        assert_eq!(glimpse.extent, Some(extent));
        let mut names: Vec<_> = glimpse
            .parts
            .iter()
            .flat_map(|part| part.table(Kind::Site).iter())
            .map(|site| site.name().to_owned())
            .collect();
        names.sort();
        let expected: Vec<_> = (1000..1100).map(|number| format!("点位{number}")).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn reading_counts_every_row_and_stops_when_it_is_called_off() {
        use std::sync::atomic::{AtomicU64, Ordering};
        let folder = tempfile::tempdir().unwrap();
        let store = district(folder.path(), 30_000);
        let read = AtomicU64::new(0);
        let count = |rows| {
            read.fetch_add(rows, Ordering::Relaxed);
            true
        };
        let world = store.load_watched(&count).unwrap().unwrap();
        assert_eq!((world.len(), read.into_inner()), (30_001, 30_001));
        assert_eq!(store.rows_at_most().unwrap(), 30_001);
        assert!(store.load_watched(&|_| false).unwrap().is_none());
    }
}
