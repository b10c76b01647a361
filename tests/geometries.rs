//! Geometry of every type through the file: memory, rows and journal say the same of it, so that an
//! edit can always be taken back and done again.

use std::sync::Arc;

use geo_types::{
    Coord, Geometry, GeometryCollection, Line, LineString, MultiLineString, MultiPoint,
    MultiPolygon, Point, Polygon, Rect, Triangle,
};
use proptest::collection::vec;
use proptest::prelude::*;
use shapan::domain::{Change, Edit, Kind, Record, World};
use shapan::geodesy::wkb;
use shapan::store::{AsOf, DistrictReader, Store};

use crate::support::{folder, ids, record, stamp};

fn coord() -> impl Strategy<Value = Coord<f64>> {
    (-180.0..180.0, -90.0..90.0).prop_map(|(x, y)| Coord { x, y })
}

/// Empty ones too.
fn line() -> impl Strategy<Value = LineString<f64>> {
    vec(coord(), 0..4).prop_map(LineString)
}

fn polygon() -> impl Strategy<Value = Polygon<f64>> {
    (line(), vec(line(), 0..3)).prop_map(|(exterior, holes)| Polygon::new(exterior, holes))
}

fn geometry() -> impl Strategy<Value = Geometry<f64>> {
    let one = prop_oneof![
        coord().prop_map(|at| Point(at).into()),
        (coord(), coord()).prop_map(|(from, to)| Line::new(from, to).into()),
        line().prop_map(Geometry::from),
        polygon().prop_map(Geometry::from),
        vec(coord().prop_map(Point), 0..3).prop_map(|points| MultiPoint(points).into()),
        vec(line(), 0..3).prop_map(|lines| MultiLineString(lines).into()),
        vec(polygon(), 0..3).prop_map(|polygons| MultiPolygon(polygons).into()),
        (coord(), coord()).prop_map(|(one, other)| Rect::new(one, other).into()),
        (coord(), coord(), coord()).prop_map(|(a, b, c)| Triangle::new(a, b, c).into()),
    ];
    one.prop_recursive(12, 24, 3, |inner| {
        vec(inner, 0..4).prop_map(|parts| Geometry::GeometryCollection(GeometryCollection(parts)))
    })
}

fn facts(world: &World) -> Vec<Record> {
    world.all().map(|record| Record::clone(record)).collect()
}

fn with(record: &Record, geometry: Option<&Geometry<f64>>) -> Record {
    Record { geometry: geometry.cloned(), ..record.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn an_edit_of_any_geometry_is_taken_back_and_done_again(
        kind in prop_oneof![Just(Kind::Site), Just(Kind::Road), Just(Kind::Area)],
        first in geometry(),
        second in proptest::option::of(geometry()),
    ) {
        let folder = folder();
        let path = folder.path().join("a.gpkg");
        let by = stamp("张三");
        let plain = record(&mut ids(), kind, "S1", "一号", None);
        // As an edit is made, by whoever does not know how the file keeps it.
        let (one, two) = (with(&plain, Some(&first)), with(&plain, second.as_ref()));
        let kept = |record: &Record| {
            with(&plain, record.geometry.clone().and_then(wkb::settled).as_ref())
        };
        let states = [vec![], vec![kept(&one)], vec![kept(&two)]];
        let edits = [
            Edit::of(vec![Change::create(one.clone())]),
            Edit::of(vec![Change::update(Arc::new(one), two)]),
        ];
        let mut store = Store::create(&path).unwrap();
        let mut seen = World::default();
        for (edit, state) in edits.iter().zip(&states[1..]) {
            store.apply(edit, &by).unwrap();
            seen.apply(edit).unwrap();
            prop_assert_eq!(&facts(&store.load().unwrap()), state);
            prop_assert_eq!(&facts(&seen), state);
        }
        let steps = [(true, 1), (true, 0), (false, 1), (false, 2), (true, 1)];
        for (is_undo, wanted) in steps {
            let before = store.revision().unwrap();
            let step = if is_undo { store.undo(&by) } else { store.redo(&by) };
            prop_assert!(step.unwrap().is_some());
            for edit in store.since(before).unwrap() {
                seen.apply(&edit).unwrap();
            }
            prop_assert_eq!(&facts(&store.load().unwrap()), &states[wanted]);
            prop_assert_eq!(&facts(&seen), &states[wanted]);
        }
        for (revision, state) in (0..).zip(&states) {
            let was = store.load_as_of(AsOf::Revision(revision)).unwrap();
            prop_assert_eq!(&facts(&was), state);
        }
        drop(store);
        let findings = DistrictReader::open(&path).unwrap().check().unwrap();
        // A layer may say that it has no place for such a geometry; the file is sound all the same.
        let of_file = findings.iter().filter(|finding| finding.place != kind.key());
        prop_assert_eq!(of_file.count(), 0, "{:?}", findings);
    }
}
