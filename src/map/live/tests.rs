//! Tests of the picture of the window: what is drawn into it, and what is hit at a place.

use std::sync::Arc;

use geo_types::Point;
use proptest::prelude::*;

use super::*;
use crate::domain::{Fields, Ids, Kind, Meta, Record, Value, World};
use crate::geodesy::ring::destination;
use crate::map::tokens::LIGHT;
use crate::map::{LayerInput, layers};

const HERE: Coord<f64> = Coord { x: 118.1622, y: 39.8326 };

fn record(ids: &mut Ids, kind: Kind, at: Coord<f64>, fields: &[(&str, Value)]) -> Record {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let meta = Meta {
        created_at: now,
        created_by: "a".into(),
        changed_at: now,
        changed_by: "a".into(),
        source: None,
    };
    let geometry = Some(Point(at).into());
    let id = ids.next();
    let mut record = Record { id, kind, geometry, fields: Fields::default(), extra: None, meta };
    for (key, value) in fields {
        record.set(key, Some(value.clone()));
    }
    record
}

fn site(ids: &mut Ids, at: Coord<f64>, is_failing: bool) -> Record {
    let wash = if is_failing { "不合格" } else { "合格" };
    let fields = [("kind", Value::Choice("construction")), ("wash", Value::Choice(wash))];
    record(ids, Kind::Site, at, &fields)
}

fn prepared(records: Vec<Record>, opacity: f32) -> IndexedMarks {
    let world: World = records.into_iter().collect();
    let scene = LayerInput { world: &world, lang: Lang::Zh };
    let sketch = |layer: &&'static dyn crate::map::Layer| {
        let mut sketch = Sketch::default();
        layer.draw(&scene, &mut sketch);
        LayerSketch { key: layer.key(), opacity, sketch }
    };
    IndexedMarks::new(layers::ALL.iter().map(sketch).collect())
}

fn ask() -> Ask {
    Ask {
        view: View { center: HERE, zoom: 14.0 },
        width_px: 400,
        height_px: 300,
        pixels_per_unit: 1.0,
        text_scale: 1.0,
        theme: LIGHT,
        lang: Lang::Zh,
        datum: Datum::Wgs84,
        has_base: true,
        ground: None,
        selected: None,
        spotlight: None,
        seen: None,
        covered: None,
        is_parted: false,
    }
}

fn drawn(prepared: &IndexedMarks, ask: &Ask) -> MapPicture {
    picture(prepared, ask, &|| false).unwrap().unwrap()
}

/// Where ink is, the middle of it in pixels, and the strongest of it.
fn ink(picture: &MapPicture) -> Option<(f64, f64, u8)> {
    let (mut x, mut y, mut count, mut most) = (0.0, 0.0, 0.0, 0);
    for (place, pixel) in picture.rgba.chunks_exact(4).enumerate() {
        if pixel[3] > 0 {
            x += f64::from(place as u32 % picture.width);
            y += f64::from(place as u32 / picture.width);
            count += 1.0;
            most = most.max(pixel[3]);
        }
    }
    (count > 0.0).then(|| (x / count, y / count, most))
}

/// A site with a name of eight characters, so many metres east of the middle.
fn named_site(east_m: f64) -> Record {
    let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
    let mut one = site(&mut ids, destination(HERE, 90.0, east_m), false);
    one.set("name", Some(Value::text("城东新区建设工地")));
    one
}

#[test]
fn no_name_crosses_the_edge_of_what_is_seen() {
    let one = prepared(vec![named_site(400.0)], 1.0);
    let is_inked = |ask: &Ask, column: u32| {
        let picture = drawn(&one, ask);
        let pixels = picture.rgba.chunks_exact(4).enumerate();
        let mut inked = pixels.filter(|(_, pixel)| pixel[3] > 0);
        inked.any(|(place, _)| place as u32 % picture.width == column)
    };
    // The mark stands at 255 of 400; its name goes to the right where nothing is in the way.
    let edge = 300;
    assert!(is_inked(&ask(), edge));
    let seen = Some(Frame::new(20.0, 20.0, f64::from(edge), 280.0));
    let fenced = Ask { seen, ..ask() };
    assert!(!is_inked(&fenced, edge));
    assert!(is_inked(&fenced, 255) && is_inked(&fenced, 200), "it stands on the other side");
}

/// Lines of others go between the two, so laid on each other they must be what one picture shows.
#[test]
fn a_picture_in_two_parts_shows_what_one_picture_shows_with_its_names_in_the_upper() {
    let one = prepared(vec![named_site(400.0)], 1.0);
    let ground = Some(Rgba([240, 240, 236, 255]));
    let whole = drawn(&one, &Ask { ground, ..ask() });
    let parted = drawn(&one, &Ask { ground, is_parted: true, ..ask() });
    assert!(whole.over.is_none());
    let over = parted.over.unwrap();
    assert!(over.chunks_exact(4).any(|pixel| pixel[3] == 255), "the marker and its name");
    assert!(parted.rgba.chunks_exact(4).all(|pixel| pixel == [240, 240, 236, 255]));
    let alpha = |place: usize| over[place / 4 * 4 + 3];
    for (place, (below, above)) in parted.rgba.iter().zip(&over).enumerate() {
        let laid = i32::from(*above) + i32::from(*below) * (255 - i32::from(alpha(place))) / 255;
        let off = (laid - i32::from(whole.rgba[place])).abs();
        assert!(off <= 2, "byte {place}: {laid} and {}", whole.rgba[place]);
    }
}

#[test]
fn no_name_lies_under_what_covers_a_part_of_the_picture() {
    let one = prepared(vec![named_site(400.0)], 1.0);
    let covered = Frame::new(290.0, 100.0, 400.0, 200.0);
    let inked_there = |ask: &Ask| {
        let picture = drawn(&one, ask);
        let pixels = picture.rgba.chunks_exact(4).enumerate();
        let is_there = |place: usize| {
            let (x, y) = (place as u32 % picture.width, place as u32 / picture.width);
            (295..400).contains(&x) && (105..195).contains(&y)
        };
        pixels.filter(|(place, pixel)| pixel[3] > 0 && is_there(*place)).count()
    };
    assert!(inked_there(&ask()) > 0);
    assert_eq!(inked_there(&Ask { covered: Some(covered), ..ask() }), 0);
}

#[test]
fn marks_without_an_index_make_the_same_picture_and_nothing_is_found_under_the_pointer() {
    let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
    let place = |turn: f64| destination(HERE, turn * 30.0, 100.0 + turn * 40.0);
    let sites: Vec<Record> =
        (0..12).map(|turn| site(&mut ids, place(f64::from(turn)), turn % 3 == 0)).collect();
    let world: World = sites.iter().cloned().collect();
    let indexed = prepared(sites, 1.0);
    let scene = LayerInput { world: &world, lang: Lang::Zh };
    let layers = layers::ALL.iter().map(|layer| {
        let mut sketch = Sketch::default();
        layer.draw(&scene, &mut sketch);
        LayerSketch { key: layer.key(), opacity: 1.0, sketch }
    });
    let bare = IndexedMarks::unindexed(layers.collect());
    assert!(!bare.is_empty());
    assert_eq!(drawn(&bare, &ask()).rgba, drawn(&indexed, &ask()).rgba);
    assert!(!indexed.pick(place(3.0), 10.0, 20.0).is_empty());
    assert!(bare.pick(place(3.0), 10.0, 20.0).is_empty());
}

#[test]
fn an_empty_world_gives_an_empty_picture_over_a_base_map() {
    let nothing = prepared(Vec::new(), 1.0);
    assert!(nothing.is_empty());
    assert_eq!(ink(&drawn(&nothing, &ask())), None);
}

#[test]
fn on_a_gcj02_base_map_a_site_is_drawn_560_metres_away_from_where_wgs84_has_it() {
    let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
    let one = prepared(vec![site(&mut ids, destination(HERE, 0.0, 5.0), false)], 1.0);
    let here = ask();
    let plain = ink(&drawn(&one, &here)).unwrap();
    // The view is centred on the same place: on either datum the mark stands in the middle.
    let shifted = ink(&drawn(&one, &Ask { datum: Datum::Gcj02, ..here.clone() })).unwrap();
    assert!((plain.0 - shifted.0).hypot(plain.1 - shifted.1) < 1.5, "{plain:?} {shifted:?}");
    // And the pixels of the world differ by what the datums differ.
    let at = |datum| Projection::on(datum, here.view, Frame::new(0.0, 0.0, 400.0, 300.0));
    let (a, b) = (at(Datum::Wgs84), at(Datum::Gcj02));
    let px = |p: &Projection| p.world_px_from_page(p.page_from_lonlat(HERE));
    let off = (px(&a) - px(&b)) * 14_f64.exp2();
    let off_m = off.x.hypot(off.y) * crate::geodesy::mercator::metres_per_px(HERE.y, 14.0);
    assert!((530.0..580.0).contains(&off_m), "{off_m}");
}

#[test]
fn a_faded_layer_is_fainter() {
    let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
    let one = site(&mut ids, HERE, false);
    let full = ink(&drawn(&prepared(vec![one.clone()], 1.0), &ask())).unwrap();
    let faint = ink(&drawn(&prepared(vec![one], 0.4), &ask())).unwrap();
    assert!(full.2 > 250 && (90..=110).contains(&faint.2), "{full:?} {faint:?}");
}

#[test]
fn with_a_ground_nothing_is_seen_through() {
    let ground = LIGHT.ground;
    let nothing = IndexedMarks::new(Vec::new());
    let drawn = picture(&nothing, &Ask { ground: Some(ground), ..ask() }, &|| false);
    let rgba = drawn.unwrap().unwrap().rgba;
    assert!(rgba.chunks_exact(4).all(|pixel| pixel[..3] == ground.0[..3] && pixel[3] == 255));
}

#[test]
fn what_was_called_off_gives_no_picture() {
    let nothing = prepared(Vec::new(), 1.0);
    assert!(picture(&nothing, &ask(), &|| true).unwrap().is_none());
}

#[test]
fn the_control_point_comes_before_the_site_and_the_ring_it_lies_in_after() {
    let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
    let level = [("name", Value::text("站")), ("level", Value::Choice("国控"))];
    let point = record(&mut ids, Kind::ControlPoint, HERE, &level);
    let near = site(&mut ids, destination(HERE, 90.0, 8.0), false);
    let far = site(&mut ids, destination(HERE, 90.0, 300.0), false);
    let (point_id, near_id) = (point.id, near.id);
    let prepared = prepared(vec![point, near, far], 1.0);
    let hits = prepared.pick(HERE, 10.0, 20.0);
    let told: Vec<(RecordId, bool)> =
        hits.iter().map(|hit| (hit.id, matches!(hit.symbol, Symbol::Ring { .. }))).collect();
    assert_eq!(told, [(point_id, false), (near_id, false), (point_id, true), (point_id, true)]);
    let radii: Vec<f64> = hits
        .iter()
        .filter_map(|hit| {
            if let Symbol::Ring { radius_m, .. } = hit.symbol { Some(radius_m) } else { None }
        })
        .collect();
    assert_eq!(radii, [500.0, 1000.0], "the smaller ring is the nearer one");
}

#[test]
fn a_site_that_is_an_area_is_picked_inside_it_before_the_road_through_it_and_the_ring_around_it() {
    let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
    let level = [("name", Value::text("站")), ("level", Value::Choice("国控"))];
    let station = record(&mut ids, Kind::ControlPoint, destination(HERE, 0.0, 200.0), &level);
    let corner = |bearing: f64, away_m: f64| destination(HERE, bearing, away_m);
    let outline = |away_m: f64| {
        let ring: Vec<Coord<f64>> = [45.0, 135.0, 225.0, 315.0, 45.0]
            .into_iter()
            .map(|bearing| corner(bearing, away_m))
            .collect();
        Some(Geometry::from(geo_types::Polygon::new(ring.into(), Vec::new())))
    };
    let mut yard = site(&mut ids, HERE, false);
    yard.geometry = outline(80.0);
    let mut road = record(&mut ids, Kind::Road, HERE, &[("class", Value::Choice("primary"))]);
    let line = geo_types::LineString(vec![corner(270.0, 400.0), corner(90.0, 400.0)]);
    road.geometry = Some(line.into());
    let (yard_id, road_id) = (yard.id, road.id);
    let all = prepared(vec![station, yard.clone(), road], 1.0);
    let hits = all.pick(HERE, 8.0, 14.0);
    assert_eq!(hits[0].id, yard_id, "{hits:?}");
    assert_eq!(hits[1].id, road_id);
    assert!(matches!(hits[2].symbol, Symbol::Ring { .. }));

    // One that its pictogram covers is hit as far as a point is.
    yard.geometry = outline(3.0);
    let small = prepared(vec![yard], 1.0);
    assert_eq!(small.pick(corner(90.0, 12.0), 8.0, 14.0).len(), 1);
}

#[test]
fn a_cluster_hides_its_members_and_nobody_else() {
    let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
    let crowd: Vec<Coord<f64>> = (0..400)
        .map(|n| destination(HERE, f64::from(n) * 47.0, 60.0 + f64::from(n % 20)))
        .collect();
    let alone = destination(HERE, 90.0, 900.0);
    let sites = crowd.iter().map(|at| site(&mut ids, *at, false)).collect::<Vec<_>>();
    let other = site(&mut ids, alone, false);
    let drawn = drawn(&prepared([sites, vec![other]].concat(), 1.0), &ask());
    let hidden = |at: Coord<f64>| drawn.clusters.iter().filter(|it| it.hides(at)).count();
    let inside = crowd.iter().filter(|at| hidden(**at) > 0).count();
    assert_eq!(inside, drawn.clusters.iter().map(|cluster| cluster.count).sum::<usize>());
    assert_eq!(hidden(alone), 0);
}

#[test]
fn nothing_is_picked_where_nothing_is() {
    let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
    let far = prepared(vec![site(&mut ids, destination(HERE, 90.0, 30.0), false)], 1.0);
    assert!(far.pick(HERE, 8.0, 14.0).is_empty());
    assert_eq!(far.pick(HERE, 8.0, 40.0).len(), 1);
}

#[test]
fn larger_letters_show_the_same_ground() {
    let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
    let east = site(&mut ids, destination(HERE, 90.0, 600.0), false);
    let one = prepared(vec![east], 1.0);
    let plain = ink(&drawn(&one, &ask())).unwrap();
    let large = ink(&drawn(&one, &Ask { text_scale: 2.0, ..ask() })).unwrap();
    assert!((plain.0 - large.0).abs() < 1.5 && (plain.1 - large.1).abs() < 1.5);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is put together, nothing is lost and nothing is counted twice.
    #[test]
    fn clusters_hold_what_they_say(
        places in prop::collection::vec((-0.004..0.004_f64, -0.003..0.003_f64, any::<bool>()), 400..900),
    ) {
        let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
        let sites: Vec<Record> = places
            .iter()
            .map(|(x, y, bad)| site(&mut ids, Coord { x: HERE.x + x, y: HERE.y + y }, *bad))
            .collect();
        let all = prepared(sites.clone(), 1.0);
        let clusters = drawn(&all, &ask()).clusters;
        prop_assert!(!clusters.is_empty());
        let together: usize = clusters.iter().map(|cluster| cluster.count).sum();
        prop_assert!(together <= sites.len());
        for cluster in &clusters {
            let inside = |record: &Arc<Record>| {
                let Some(Geometry::Point(at)) = &record.geometry else { return false };
                let (low, high) = (cluster.bounds.min, cluster.bounds.max);
                (low.x - 1e-9..=high.x + 1e-9).contains(&at.x())
                    && (low.y - 1e-9..=high.y + 1e-9).contains(&at.y())
            };
            let world: World = sites.iter().cloned().collect();
            let found = world.table(Kind::Site).iter().filter(|record| inside(record)).count();
            prop_assert!(found >= cluster.count && cluster.failing <= cluster.count);
        }
    }
}
