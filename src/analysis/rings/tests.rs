//! What lies in rings, against GeographicLib by brute force.

use geo_types::{Geometry, LineString, Point, Polygon};
use geographiclib_rs::{Geodesic, InverseGeodesic as _};
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::analysis::counts;
use crate::domain::{Fields, Ids, Meta, Value};
use crate::geodesy::ring::destination;

const CENTER: Coord<f64> = Coord { x: 118.1562, y: 39.8322 };

fn offset(azimuth_deg: f64, distance_m: f64) -> Coord<f64> {
    destination(CENTER, azimuth_deg, distance_m)
}

fn record(ids: &mut Ids, kind: Kind, fields: &[(&str, &str)], at: Option<Geometry<f64>>) -> Record {
    let meta = Meta {
        created_at: Timestamp::UNIX_EPOCH,
        created_by: "test".into(),
        changed_at: Timestamp::UNIX_EPOCH,
        changed_by: "test".into(),
        source: None,
    };
    let fields_of = fields;
    let mut record =
        Record { id: ids.next(), kind, geometry: at, fields: Fields::default(), extra: None, meta };
    for (key, text) in fields_of {
        record.set(key, Value::parse(kind.field(key).unwrap(), text).unwrap());
    }
    record
}

type Member<'a> = (Kind, &'a [(&'a str, &'a str)], Option<Geometry<f64>>);

fn world(members: Vec<Member<'_>>) -> World {
    let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
    members.into_iter().map(|(kind, fields, at)| record(&mut ids, kind, fields, at)).collect()
}

fn station(code: &'static str) -> &'static [(&'static str, &'static str)] {
    match code {
        "A" => &[("code", "A"), ("name", "A")],
        "B" => &[("code", "B"), ("name", "B"), ("radii_m", "300")],
        _ => &[("name", "Z"), ("state", "停运")],
    }
}

fn asked(world: &World, options: &RingOptions) -> Vec<String> {
    let index = Index::of(world);
    let tell = |row: &Inside<'_>| {
        let length = row.length_m.map(|length_m| format!(" {length_m:.1}")).unwrap_or_default();
        let (ring, name) = (code_or_name(row.control_point), row.record.name());
        format!("{ring} {} {name} {:.1}{length}", row.radius_m, row.distance_m)
    };
    rings(world, &index, options).iter().map(tell).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "records have a geometry or none")]
fn at(place: Coord<f64>) -> Option<Geometry<f64>> {
    Some(Point(place).into())
}

#[test]
fn a_ring_lists_what_is_in_it_by_layer_and_distance_and_not_its_own_control_point() {
    let road = LineString(vec![offset(270.0, 5000.0), offset(90.0, 5000.0)]);
    let yard = (0..4).map(|k| offset(45.0 + 90.0 * f64::from(k), 300.0)).collect();
    let world = world(vec![
        (Kind::Site, &[("name", "far")], at(offset(10.0, 1000.1))),
        (Kind::Site, &[("name", "rim")], at(offset(10.0, 999.999))),
        (Kind::Site, &[("name", "near")], at(offset(80.0, 20.04))),
        (Kind::Site, &[("name", "yard")], Some(Polygon::new(LineString(yard), vec![]).into())),
        (Kind::Road, &[("name", "road")], Some(road.into())),
        (Kind::Site, &[("name", "nowhere")], None),
        (Kind::ControlPoint, station("B"), at(offset(0.0, 700.0))),
        (Kind::ControlPoint, station("A"), at(CENTER)),
    ]);
    assert_eq!(
        asked(&world, &RingOptions::default()),
        [
            "A 500 yard 0.0",
            "A 500 near 20.0",
            "A 500 road 0.0 1000.0",
            "A 1000 B 700.0",
            "A 1000 yard 0.0",
            "A 1000 near 20.0",
            "A 1000 rim 1000.0",
            "A 1000 road 0.0 2000.0",
        ]
        .map(str::to_owned)
    );
    let unlocated: usize = Index::of(&world).unlocated().map(|(_, count)| count).sum();
    assert_eq!(unlocated, 1);
}

#[test]
fn the_rim_belongs_to_the_ring() {
    let place = offset(33.0, 640.0);
    let distance_m = LocalFrame::at(CENTER).distance_m(place);
    let world = world(vec![
        (Kind::ControlPoint, station("A"), at(CENTER)),
        (Kind::Site, &[("name", "rim")], at(place)),
    ]);
    let with = |radius_m: f64| RingOptions { radii_m: vec![radius_m], ..RingOptions::default() };
    assert_eq!(asked(&world, &with(distance_m)).len(), 1);
    assert!(asked(&world, &with(distance_m.next_down())).is_empty());
}

#[test]
fn given_radii_and_layers_stand_in_for_the_control_points_own() {
    let world = world(vec![
        (Kind::ControlPoint, station("B"), at(CENTER)),
        (Kind::Site, &[("name", "site")], at(offset(10.0, 90.0))),
        (Kind::Camera, &[("name", "camera")], at(offset(10.0, 95.0))),
    ]);
    let options = RingOptions {
        radii_m: vec![200.0, 100.0, 100.0],
        kinds: vec![Kind::Camera],
        with_stopped: false,
    };
    assert_eq!(asked(&world, &options), ["B 100 camera 95.0", "B 200 camera 95.0"]);
}

#[test]
fn a_stopped_control_point_has_rings_only_when_asked_for() {
    let world = world(vec![
        (Kind::ControlPoint, station("stopped"), at(CENTER)),
        (Kind::Site, &[("name", "site")], at(offset(10.0, 600.0))),
    ]);
    assert!(asked(&world, &RingOptions::default()).is_empty());
    let options = RingOptions { with_stopped: true, ..RingOptions::default() };
    assert_eq!(asked(&world, &options), ["Z 1000 site 600.0"]);
}

#[test]
fn the_index_follows_the_world() {
    let mut world = world(vec![(Kind::ControlPoint, station("A"), at(CENTER))]);
    let mut index = Index::of(&world);
    let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 99);
    let site = record(&mut ids, Kind::Site, &[("name", "new")], at(offset(5.0, 5.0)));
    world.apply(&crate::domain::Edit::of(vec![crate::domain::Change::create(site)])).unwrap();
    assert!(rings(&world, &index, &RingOptions::default()).is_empty());
    index.update(&world);
    assert_eq!(rings(&world, &index, &RingOptions::default()).len(), 2);
}

#[test]
fn counts_are_per_kind_and_department_with_what_is_not_up_to_standard() {
    let road = LineString(vec![offset(0.0, 100.0), offset(0.0, 300.0)]);
    let world = world(vec![
        (Kind::ControlPoint, station("B"), at(CENTER)),
        (
            Kind::Site,
            &[("name", "a"), ("kind", "工地"), ("department", "住建"), ("cover", "不合格")],
            at(offset(0.0, 10.0)),
        ),
        (
            Kind::Site,
            &[("name", "b"), ("kind", "工地"), ("department", "住建"), ("cover", "合格")],
            at(offset(0.0, 20.0)),
        ),
        (Kind::Site, &[("name", "c"), ("kind", "餐饮")], at(offset(0.0, 30.0))),
        (Kind::Road, &[("name", "d"), ("class", "primary")], Some(road.clone().into())),
        (Kind::Road, &[("name", "e"), ("class", "primary")], Some(road.into())),
    ]);
    let index = Index::of(&world);
    let rows = rings(&world, &index, &RingOptions::default());
    let told: Vec<String> = counts(&rows)
        .iter()
        .map(|count| {
            let length = count.length_m.map(|length_m| format!(" {length_m:.1}"));
            let (kind, department) = (count.kind, count.department);
            let (all, bad) = (count.count, count.inspections.failing);
            format!("{} {kind} {department} {all} {bad}{}", count.layer, length.unwrap_or_default())
        })
        .collect();
    assert_eq!(
        told,
        ["site construction 住建 2 1", "site restaurant  1 0", "road primary  2 0 400.0"]
    );
}

#[test]
fn coordinates_that_are_no_numbers_are_in_no_ring() {
    let broken = LineString(vec![Coord { x: f64::NAN, y: f64::NAN }; 2]);
    let world = world(vec![
        (Kind::ControlPoint, station("A"), at(CENTER)),
        (Kind::Site, &[("name", "a")], at(Coord { x: f64::NAN, y: 39.8 })),
        (Kind::Site, &[("name", "b")], at(Coord { x: 118.1562, y: f64::INFINITY })),
        (Kind::Road, &[("name", "c")], Some(broken.into())),
    ]);
    assert!(asked(&world, &RingOptions::default()).is_empty());
    let unlocated: usize = Index::of(&world).unlocated().map(|(_, count)| count).sum();
    assert_eq!(unlocated, 3);
}

/// The least of the distances to 2000 places along each geodesic edge.
fn nearest_by_force_m(center: Coord<f64>, line: &LineString<f64>) -> f64 {
    let geodesic = Geodesic::wgs84();
    let of_edge = |edge: geo_types::Line<f64>| {
        let (from, to) = (edge.start, edge.end);
        let (length_m, azimuth_deg, _, _): (f64, f64, f64, f64) =
            geodesic.inverse(from.y, from.x, to.y, to.x);
        let places = (0..=2000)
            .map(move |k| destination(from, azimuth_deg, length_m * f64::from(k) / 2000.0));
        let distances =
            places.map(|at| -> f64 { geodesic.inverse(center.y, center.x, at.y, at.x) });
        distances.fold(f64::INFINITY, f64::min)
    };
    line.lines().map(of_edge).fold(f64::INFINITY, f64::min)
}

fn line() -> impl Strategy<Value = LineString<f64>> {
    let place = (0.0..360.0, 0.0..8000.0f64).prop_map(|(azimuth, m)| offset(azimuth, m));
    proptest::collection::vec(place, 2..5).prop_map(LineString)
}

#[test]
fn the_innermost_ring_is_the_smallest_one_and_of_equals_the_nearest() {
    let place = |azimuth_deg, distance_m| Some(Point(offset(azimuth_deg, distance_m)).into());
    let world = world(vec![
        (Kind::ControlPoint, station("A"), place(0.0, 0.0)),
        (Kind::ControlPoint, station("B"), place(90.0, 600.0)),
        (Kind::ControlPoint, station("Z"), place(270.0, 700.0)),
        (Kind::Site, &[("name", "both")], place(90.0, 400.0)),
        (Kind::Site, &[("name", "far")], place(270.0, 700.0)),
        (Kind::Site, &[("name", "out")], place(0.0, 1001.0)),
        (Kind::Site, &[("name", "lost")], None),
    ]);
    let ring = |name: &str| {
        let site = world.table(Kind::Site).iter().find(|site| site.name() == name).unwrap();
        let ring = innermost_ring(&world, site, &RingOptions::default());
        ring.map(|(point, radius_m)| (point.name().to_owned(), radius_m))
    };
    assert_eq!(ring("both"), Some(("B".to_owned(), 300.0)), "300 m before 500 m");
    assert_eq!(ring("far"), Some(("A".to_owned(), 1000.0)), "a stopped point has no ring");
    assert_eq!((ring("out"), ring("lost")), (None, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn rings_agree_with_geographiclib_by_brute_force(
        lines in proptest::collection::vec(line(), 1..8),
        radius_m in 100.0..5000.0,
    ) {
        let mut members = vec![(Kind::ControlPoint, station("A"), at(CENTER))];
        members.extend(lines.iter().map(|line| {
            (Kind::Road, &[("name", "road")][..], Some(line.clone().into()))
        }));
        let world = world(members);
        let index = Index::of(&world);
        let options = RingOptions { radii_m: vec![radius_m], ..RingOptions::default() };
        let rows = rings(&world, &index, &options);
        let mut truth: Vec<f64> =
            lines.iter().map(|line| nearest_by_force_m(CENTER, line)).collect();
        truth.sort_by(f64::total_cmp);
        // Places 8 m apart see a near edge from up to 4 m beside its nearest point.
        let slack_m = |truth_m: f64| 0.01 + truth_m.hypot(4.0) - truth_m;
        for (row, truth_m) in rows.iter().zip(&truth) {
            let over_m = truth_m - row.distance_m;
            prop_assert!((-0.01..slack_m(row.distance_m)).contains(&over_m), "{over_m}");
        }
        let (least, most) = (
            truth.iter().filter(|truth_m| **truth_m <= radius_m).count(),
            truth.iter().filter(|truth_m| **truth_m <= radius_m + slack_m(radius_m)).count(),
        );
        prop_assert!((least..=most).contains(&rows.len()));
    }
}
