//! Which arcs an order closes, whom it means and when it holds; towns drawn in a few lines.

use geo_types::Polygon;

use super::*;
use crate::domain::{TruckClass, Value};
use crate::network::testing::{Town, area, at, line, moment};

/// Two streets to the east, 200 m apart, and two to the north across them:
///
/// ```text
///      B    C
///  ----+----+---- D   200 m
///      |    |
///  ----+----+---- A     0 m
///    -100  100
/// ```
fn town() -> Town {
    let mut town = Town::new();
    town.road("A", &[(-300.0, 0.0), (300.0, 0.0)], &[]);
    town.road("B", &[(-100.0, -50.0), (-100.0, 250.0)], &[]);
    town.road("C", &[(100.0, -50.0), (100.0, 250.0)], &[]);
    town.road("D", &[(-300.0, 200.0), (300.0, 200.0)], &[]);
    town
}

/// The last record of a town as an order.
fn order(town: &Town) -> TrafficOrder {
    let network = town.network();
    let index = EdgeIndex::of(&network);
    TrafficOrder::of(town.records.last().unwrap(), &Finder::new(&network, &index))
}

/// Its arcs as `A1>`: road, number of the piece, and whether along the road or against it.
fn arcs(town: &Town) -> String {
    let network = town.network();
    let words = order(town).arcs.into_iter().map(|arc| {
        let edge = network.edge(arc).unwrap();
        let road = &network.road_of(edge).unwrap().name;
        let first = network.edges.iter().position(|other| other.road == edge.road).unwrap();
        format!("{road}{}{}", arc.edge() - first + 1, if arc.is_backward() { '<' } else { '>' })
    });
    words.collect::<Vec<_>>().join(" ")
}

fn closed(kind: &str, shape: impl Into<Geometry<f64>>, more: &[(&str, &str)]) -> String {
    let mut town = town();
    town.order(kind, shape, more);
    arcs(&town)
}

#[test]
fn no_entry_closes_both_directions_of_the_road_under_its_line() {
    assert_eq!(closed("no_entry", line(&[(-100.0, 0.0), (100.0, 0.0)]), &[]), "A2> A2<");
    assert_eq!(
        closed("limited", line(&[(100.0, 4.0), (100.0, 203.0), (-97.0, 203.0)]), &[]),
        "C2> C2< D2> D2<"
    );
}

#[test]
fn a_one_way_closes_the_direction_against_its_line() {
    assert_eq!(closed("one_way", line(&[(-100.0, 0.0), (100.0, 0.0)]), &[]), "A2<");
    assert_eq!(closed("one_way", line(&[(100.0, 0.0), (-100.0, 0.0)]), &[]), "A2>");
}

#[test]
fn a_detour_leads_the_way_of_its_line() {
    assert_eq!(
        closed("detour", line(&[(-100.0, 0.0), (-100.0, 200.0), (100.0, 200.0)]), &[]),
        "B2> D2>"
    );
}

#[test]
fn a_line_round_the_block_knows_its_direction_on_each_side() {
    let round =
        [(0.0, 0.0), (100.0, 0.0), (100.0, 200.0), (-100.0, 200.0), (-100.0, 0.0), (0.0, 0.0)];
    assert_eq!(closed("one_way", line(&round), &[]), "A2< B2> C2< D2>");
}

#[test]
fn side_streets_near_the_line_stay_open() {
    // B and C lie within reach of it where they cross, and so do their ends.
    assert_eq!(
        closed("no_entry", line(&[(-300.0, 0.0), (300.0, 0.0)]), &[]),
        "A1> A1< A2> A2< A3> A3<"
    );
    let mut town = Town::new();
    town.road("A", &[(-300.0, 0.0), (300.0, 0.0)], &[]);
    town.road("fork", &[(0.0, 0.0), (100.0, 10.0), (300.0, 150.0)], &[]);
    town.order("no_entry", line(&[(-300.0, 0.0), (300.0, 0.0)]), &[]);
    assert_eq!(arcs(&town), "A1> A1< A2> A2<");
}

#[test]
fn an_order_off_the_road_closes_nothing() {
    assert_eq!(closed("no_entry", line(&[(-300.0, 60.0), (-120.0, 80.0)]), &[]), "");
    assert_eq!(closed("no_entry", area(&[(0.0, 50.0), (40.0, 50.0), (40.0, 90.0)]), &[]), "");
    assert_eq!(closed("no_entry", Point::new(118.16, 39.83), &[]), "");
    let mut town = town();
    town.add(crate::domain::Kind::Restriction, None, &[("kind", "no_entry")]);
    assert_eq!(arcs(&town), "");
}

#[test]
fn a_road_that_the_line_crosses_at_a_flat_angle_stays_open() {
    let flat = line(&[(-300.0, 120.0), (280.0, -80.0)]);
    assert_eq!(closed("no_entry", flat, &[]), "");
}

/// A road through the middle of a line, turned by so many degrees and cut into pieces by short
/// streets; of its pieces those that the line closes.
fn turned_road(degrees: f64, piece_m: f64, with_main_road: bool) -> String {
    let mut town = Town::new();
    let (sin, cos) = degrees.to_radians().sin_cos();
    let on = |metres: f64| (metres * cos, metres * sin);
    town.road("X", &[on(-10.0 * piece_m), on(10.0 * piece_m)], &[]);
    for k in -9..=9 {
        // Half a piece off, so that a piece lies across the line.
        let (x, y) = on((f64::from(k) + 0.5) * piece_m);
        town.road("s", &[(x, y), (x, y + 90.0)], &[]);
    }
    if with_main_road {
        town.road("M", &[(-400.0, 0.0), (400.0, 0.0)], &[]);
    }
    town.order("no_entry", line(&[(-400.0, 0.0), (400.0, 0.0)]), &[]);
    let arcs = arcs(&town);
    let own = arcs.split(' ').filter(|arc| arc.starts_with('X'));
    own.collect::<Vec<_>>().join(" ")
}

#[test]
fn short_pieces_of_a_road_that_is_crossed_at_a_flat_angle_stay_open() {
    for piece_m in [15.0, 30.0, 44.0, 90.0] {
        for degrees in [9.0, 10.0, 12.0, -10.0] {
            assert_eq!(turned_road(degrees, piece_m, false), "", "{piece_m} m at {degrees}°");
            assert_eq!(turned_road(degrees, piece_m, true), "", "{piece_m} m at {degrees}°");
        }
        // Within the few degrees of a careless hand it is the road that was meant.
        assert!(!turned_road(1.0, piece_m, false).is_empty(), "{piece_m} m");
    }
}

#[test]
fn a_short_fork_beside_the_road_under_the_line_stays_open() {
    let mut town = Town::new();
    town.road("A", &[(-300.0, 0.0), (300.0, 0.0)], &[]);
    town.road("fork", &[(0.0, 0.0), (39.0, 7.0)], &[]);
    town.road("lane", &[(39.0, 7.0), (39.0, 200.0)], &[]);
    town.order("no_entry", line(&[(-300.0, 0.0), (300.0, 0.0)]), &[]);
    assert_eq!(arcs(&town), "A1> A1< A2> A2<");
}

#[test]
fn a_careless_hand_along_short_pieces_closes_them() {
    let mut town = Town::new();
    town.road("A", &[(-300.0, 0.0), (300.0, 0.0)], &[]);
    for k in -6..=6 {
        town.road("s", &[(f64::from(k) * 40.0, 0.0), (f64::from(k) * 40.0, 90.0)], &[]);
    }
    // Vertices beside the road, now to the left and now to the right of it.
    let hand = [(-240.0, 4.0), (-200.0, -4.0), (-160.0, 3.0), (-120.0, -3.0), (-80.0, 4.0)];
    town.order("no_entry", line(&hand), &[]);
    let found = arcs(&town);
    let own: Vec<&str> = found.split(' ').filter(|arc| arc.starts_with('A')).collect();
    assert_eq!(own, ["A2>", "A2<", "A3>", "A3<", "A4>", "A4<", "A5>", "A5<"]);
}

#[test]
fn a_line_that_runs_a_little_past_a_junction_closes_no_more() {
    assert_eq!(closed("no_entry", line(&[(-120.0, 0.0), (125.0, 0.0)]), &[]), "A2> A2<");
}

#[test]
fn a_line_on_a_part_of_an_edge_closes_the_edge() {
    // The larger part, a smaller but long one, and all there is of a short line.
    assert_eq!(closed("no_entry", line(&[(-280.0, 0.0), (-150.0, 0.0)]), &[]), "A1> A1<");
    assert_eq!(closed("no_entry", line(&[(-280.0, 0.0), (-210.0, 0.0)]), &[]), "A1> A1<");
    assert_eq!(closed("one_way", line(&[(-220.0, 0.0), (-250.0, 0.0)]), &[]), "A1>");
    assert_eq!(closed("no_entry", line(&[(-100.0, 0.0), (170.0, 0.0)]), &[]), "A2> A2< A3> A3<");
}

#[test]
fn a_long_line_along_a_curved_road_finds_all_of_it() {
    let mut town = Town::new();
    let curve = |from: u32, to: u32, off_m: f64| -> Vec<(f64, f64)> {
        (from..=to)
            .map(|k| {
                let (sin, cos) = (f64::from(k) * 0.05).sin_cos();
                ((3000.0 + off_m) * cos, (3000.0 + off_m) * sin)
            })
            .collect()
    };
    town.road("ring", &curve(0, 60, 0.0), &[]);
    for k in [10.0_f64, 30.0, 47.3] {
        let (sin, cos) = (k * 0.05).sin_cos();
        let across = [(2700.0 * cos, 2700.0 * sin), (3300.0 * cos, 3300.0 * sin)];
        town.road(&format!("across {k}"), &across, &[]);
    }
    town.order("one_way", line(&curve(0, 60, 4.0)), &[]);
    assert_eq!(arcs(&town), "ring1< ring2< ring3< ring4<");
}

const BLOCK: [(f64, f64); 4] = [(-100.0, 0.0), (100.0, 0.0), (100.0, 200.0), (-100.0, 200.0)];

#[test]
fn an_area_closes_what_lies_inside_and_its_outline_only_where_that_is_included() {
    let inner = |more: &[(&str, &str)]| {
        let mut town = town();
        town.road("inner", &[(0.0, 0.0), (0.0, 120.0)], &[]);
        town.order("no_entry", area(&BLOCK), more);
        arcs(&town)
    };
    assert_eq!(inner(&[]), "inner1> inner1<");
    assert_eq!(inner(&[("boundary_included", "否")]), "inner1> inner1<");
    assert_eq!(
        inner(&[("boundary_included", "是")]),
        "A2> A2< A3> A3< B2> B2< C2> C2< D2> D2< inner1> inner1<"
    );
}

#[test]
fn an_area_closes_a_long_road_that_leads_through_it() {
    // 60 m of a street of 200 m; the middle of the street lies outside.
    let corners = [(-90.0, -30.0), (-30.0, -30.0), (-30.0, 30.0), (-90.0, 30.0)];
    assert_eq!(closed("no_entry", area(&corners), &[]), "A2> A2<");
    let touched = [(-90.0, -30.0), (-75.0, -30.0), (-75.0, 30.0), (-90.0, 30.0)];
    assert_eq!(closed("no_entry", area(&touched), &[]), "");
}

#[test]
fn what_lies_in_the_hole_of_an_area_stays_open() {
    let outer = [(-400.0, -100.0), (400.0, -100.0), (400.0, 300.0), (-400.0, 300.0)];
    let hole = [(-90.0, -20.0), (310.0, -20.0), (310.0, 20.0), (-90.0, 20.0), (-90.0, -20.0)];
    let with_hole = Polygon::new(area(&outer).exterior().clone(), vec![line(&hole)]);
    let all = closed("no_entry", with_hole, &[]);
    assert!(all.contains("A1>") && !all.contains("A3>") && all.contains("D3>"), "{all}");
}

#[test]
fn a_direction_means_nothing_in_an_area() {
    assert_eq!(closed("one_way", area(&BLOCK), &[("boundary_included", "是")]), "");
}

#[test]
fn an_area_whose_outline_crosses_itself_does_no_harm() {
    let tie = [(-300.0, -50.0), (300.0, 250.0), (300.0, -50.0), (-300.0, 250.0)];
    let all = closed("no_entry", area(&tie), &[]);
    assert!(all.contains("A3>") && all.contains("A1>") && !all.contains("A2>"), "{all}");
}

/// An order over street A that says these things.
fn saying(more: &[(&str, &str)]) -> TrafficOrder {
    let mut town = town();
    town.order("limited", line(&[(-300.0, 0.0), (300.0, 0.0)]), more);
    order(&town)
}

#[test]
fn an_order_keeps_out_the_trucks_that_it_means() {
    let truck = |class, axles, stage| Truck::of(class, axles, stage);
    let heavy = saying(&[("classes", "heavy"), ("min_axles", "4")]);
    assert!(heavy.closes(&truck(TruckClass::Heavy, 4, 5)));
    assert!(!heavy.closes(&truck(TruckClass::Heavy, 3, 5)));
    assert!(!heavy.closes(&truck(TruckClass::Medium, 4, 5)));
    let old = saying(&[("stages", "国三;国四")]);
    assert!(
        old.closes(&truck(TruckClass::Light, 2, 4)) && !old.closes(&truck(TruckClass::Light, 2, 5))
    );
    let mass = saying(&[("min_mass_t", "12")]);
    assert!(
        mass.closes(&truck(TruckClass::Heavy, 0, 5))
            && !mass.closes(&truck(TruckClass::Medium, 0, 5))
    );
    let exempt = saying(&[("exemptions", "民生;新能源")]);
    let of_the_people = Truck { tags: vec!["民生".to_owned()], ..truck(TruckClass::Heavy, 4, 5) };
    assert!(exempt.closes(&truck(TruckClass::Heavy, 4, 5)) && !exempt.closes(&of_the_people));
}

#[test]
fn a_detour_keeps_nobody_out() {
    let mut town = town();
    town.order("detour", line(&[(-300.0, 0.0), (300.0, 0.0)]), &[]);
    assert!(!order(&town).closes(&Truck::of(TruckClass::Heavy, 4, 0)));
}

#[test]
fn an_order_holds_on_its_first_and_last_day_and_not_outside() {
    let order = saying(&[("valid_from", "2026-11-23"), ("valid_to", "2026-11-24")]);
    let holds = |text| order.holds(moment(text));
    assert!(!holds("2026-11-22T23:59:59") && holds("2026-11-23T00:00:00"));
    assert!(holds("2026-11-24T23:59:59") && !holds("2026-11-25T00:00:00"));
    assert!(saying(&[]).holds(moment("1999-01-01T00:00:00")));
}

#[test]
fn five_to_seven_is_before_the_hours_and_five_past_is_within() {
    let order = saying(&[("hours", "07:00-19:00")]);
    assert!(!order.holds(moment("2026-11-23T06:55:00")));
    assert!(order.holds(moment("2026-11-23T07:05:00")));
}

#[test]
fn hours_over_midnight_hold_on_both_sides_of_it() {
    let order = saying(&[("hours", "22:00-06:00")]);
    assert!(order.holds(moment("2026-11-23T23:30:00")));
    assert!(order.holds(moment("2026-11-24T05:30:00")));
    assert!(!order.holds(moment("2026-11-24T06:00:00")));
}

#[test]
fn hours_that_cannot_be_read_hold_always_and_are_told() {
    let order = saying(&[("hours", "早晚高峰")]);
    assert!(order.holds(moment("2026-11-23T03:00:00")));
    assert_eq!(order.bad_hours.unwrap().text, "早晚高峰");
}

/// The block, and a street that belongs to its outline with two pieces.
fn outline(more: &[(&str, &str)]) -> String {
    closed("no_entry", area(&BLOCK), more)
}

#[test]
fn a_road_of_the_outline_is_turned_round_by_its_name_number_or_code() {
    let included = ("boundary_included", "是");
    assert_eq!(outline(&[included, ("boundary_except", "A")]), "B2> B2< C2> C2< D2> D2<");
    assert_eq!(outline(&[("boundary_except", "A;D")]), "A2> A2< D2> D2<");
    assert_eq!(outline(&[included, ("boundary_except", "nobody")]), outline(&[included]));
    let mut town = town();
    town.records[0].set("ref", Some(Value::text("G112;S8")));
    town.order("no_entry", area(&BLOCK), &[("boundary_except", "S8")]);
    assert_eq!(arcs(&town), "A2> A2<");
}

#[test]
fn one_piece_of_the_outline_is_turned_round_by_a_place_on_it() {
    let mut town = town();
    // A road that cuts the south side into two pieces.
    town.road("inner", &[(0.0, -50.0), (0.0, 50.0)], &[]);
    let on = |(east_m, north_m)| {
        let at = at(east_m, north_m);
        format!("{} {}", at.x, at.y)
    };
    let mut said = |words: &str, is_included: &str| {
        let more = [("boundary_except", words), ("boundary_included", is_included)];
        town.order("no_entry", area(&BLOCK), &more);
        let all = arcs(&town);
        town.records.pop();
        all
    };
    let piece = on((50.0, 3.0));
    assert_eq!(said(&piece, "否"), "A3> A3< inner2> inner2<");
    assert_eq!(said(&format!("A;{piece}"), "否"), "A2> A2< inner2> inner2<");
    assert_eq!(
        said(&format!("A;{piece}"), "是"),
        "A3> A3< B2> B2< C2> C2< D2> D2< inner2> inner2<"
    );
    assert_eq!(said(&on((0.0, 400.0)), "否"), "inner2> inner2<");
}

#[test]
fn the_outline_is_told_piece_by_piece_with_whether_it_is_closed() {
    let mut town = town();
    town.order("no_entry", area(&BLOCK), &[("boundary_except", "C")]);
    let network = town.network();
    let index = EdgeIndex::of(&network);
    let boundary = Finder::new(&network, &index).boundary(town.records.last().unwrap());
    let said: Vec<(&str, bool)> =
        boundary.iter().map(|(edge, is_in)| (network.name_of(*edge), *is_in)).collect();
    assert_eq!(said, [("A", false), ("B", false), ("C", true), ("D", false)]);
}

#[test]
fn a_road_that_is_crossed_at_ten_degrees_stays_open_whether_it_goes_on_or_ends_there() {
    let tan = 10_f64.to_radians().tan();
    let across = line(&[(-400.0, -400.0 * tan), (400.0, 400.0 * tan)]);
    for length_m in [120.0, 200.0, 300.0] {
        for first_m in [-length_m / 2.0, 0.0] {
            let mut town = Town::new();
            town.road("A", &[(first_m, 0.0), (first_m + length_m, 0.0)], &[]);
            town.road("B", &[(-400.0, -400.0 * tan), (400.0, 400.0 * tan)], &[]);
            town.order("no_entry", across.clone(), &[]);
            assert!(arcs(&town).starts_with('B'), "{length_m} m from {first_m}: {}", arcs(&town));
        }
    }
}

#[test]
fn a_line_by_a_careless_hand_still_lies_on_its_road() {
    let wild = [(-300.0, 9.0), (-110.0, -7.0), (90.0, 8.0), (290.0, -9.0)];
    let all = closed("no_entry", line(&wild), &[]);
    assert_eq!(all, "A1> A1< A2> A2< A3> A3<");
}

/// What a line of so many metres closes of an isolated road of 40 m, turned by so many degrees, the
/// middle of which it crosses.
fn of_a_lone_road(degrees: f64, line_m: f64) -> String {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let mut town = Town::new();
    town.road("A", &[(-20.0 * cos, -20.0 * sin), (20.0 * cos, 20.0 * sin)], &[]);
    // The rest of the town is elsewhere.
    town.road("B", &[(-300.0, 500.0), (300.0, 500.0)], &[]);
    town.order("no_entry", line(&[(-line_m / 2.0, 0.0), (line_m / 2.0, 0.0)]), &[]);
    arcs(&town)
}

#[test]
fn a_short_road_by_itself_that_a_long_line_only_brushes_stays_open() {
    for degrees in [9.0, 10.0, 11.0, -10.0] {
        for line_m in [100.0, 400.0] {
            assert_eq!(of_a_lone_road(degrees, line_m), "", "{line_m} m at {degrees}°");
        }
        // What was drawn for it alone means it, also by a careless hand.
        assert_eq!(of_a_lone_road(degrees, 50.0), "A1> A1<", "{degrees}°");
    }
    // And so does a line along it, however far it goes on.
    for degrees in [0.0, 4.0, -6.0] {
        assert_eq!(of_a_lone_road(degrees, 400.0), "A1> A1<", "{degrees}°");
    }
}
