//! The paper says what the map does, whoever drew it from wherever: directions, sides of areas, ends.

use geo_types::{Coord, Geometry, LineString, Polygon};
use proptest::prelude::*;

use super::tests::{Town, at, block, line, says, words};
use super::*;
use crate::domain::Value;

const CORNERS: [(f64, f64); 4] = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];

/// The sentence of an area in a town whose four roads are cut by lanes.
fn said_of(outline: Geometry<f64>) -> String {
    let mut town = Town::new();
    for k in 1..5 {
        let along = f64::from(k) * 0.2;
        town.add(Kind::Road, "", Some(line(&[(along, -0.3), (along, 0.3)])), &[]);
        town.add(Kind::Road, "", Some(line(&[(0.7, along), (1.3, along)])), &[]);
    }
    town.order("no_entry", outline, &[("boundary_except", words(&["东外环"]))]);
    town.says(NoticePart::Restriction).join("")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn turning_reversing_or_drawing_an_outline_anew_changes_no_word(
        pieces in 1_usize..7,
        begin in any::<prop::sample::Index>(),
        is_reversed in any::<bool>(),
        sway in prop::collection::vec((-1.5_f64..1.5, -1.5_f64..1.5), 30),
    ) {
        let expected = said_of(block(&[CORNERS[0], CORNERS[1], CORNERS[2], CORNERS[3], CORNERS[0]]));
        prop_assert!(
            expected.starts_with("北环路（不含）—东外环（含）—G102国道（不含）—西外环（不含）合围区域"),
            "{}", expected
        );
        let mut ring: Vec<Coord<f64>> = Vec::new();
        for side in 0..4 {
            let ((x, y), (to_x, to_y)) = (CORNERS[side], CORNERS[(side + 1) % 4]);
            for piece in 0..pieces {
                let share = piece as f64 / pieces as f64;
                // By a metre or two, as a hand draws.
                let (east_m, north_m) = sway[ring.len()];
                let place = at((x + (to_x - x) * share, y + (to_y - y) * share));
                ring.push(place + Coord { x: east_m / 85_600.0, y: north_m / 111_000.0 });
            }
        }
        let begin = begin.index(ring.len());
        ring.rotate_left(begin);
        if is_reversed {
            ring.reverse();
        }
        ring.push(ring[0]);
        let outline = Polygon::new(LineString(ring), Vec::new());
        prop_assert_eq!(said_of(outline.into()), expected);
    }
}

/// G102 as two carriageways of one way each.
fn divided(more: &[(&str, Value)]) -> Vec<String> {
    let mut town = Town::new();
    let sides = [[(-1.0, 3.0), (2.0, 3.0)], [(2.0, 3.02), (-1.0, 3.02)]];
    for places in &sides {
        let more = [("oneway", Value::Choice("forward")), ("class", Value::Choice("trunk"))];
        town.add(Kind::Road, "南环路", Some(line(places)), &more);
    }
    town.order("no_entry", line(&sides[0]), more);
    town.says(NoticePart::Restriction)
}

#[test]
fn where_one_carriageway_is_closed_the_direction_is_said() {
    let one = divided(&[("carriageways", Value::Choice("one"))]).join("");
    assert!(one.contains("段）由西向东方向，每日"), "{one}");
    let both = divided(&[]).join("");
    assert!(!both.contains("方向"), "{both}");
}

#[test]
fn what_words_cannot_say_keeps_a_notice_from_being_final() {
    let blockers = |shape: Geometry<f64>| {
        let mut town = Town::new();
        town.order("no_entry", shape, &[]);
        town.notice().blockers.len()
    };
    assert_eq!(blockers(block(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)])), 0);
    assert_eq!(blockers(block(&[(0.0, 0.0), (1.0, 0.0), (0.5, 0.6), (0.0, 0.0)])), 1);
    assert_eq!(blockers(block(&[(5.0, 5.0), (6.0, 5.0), (5.5, 6.0), (5.0, 5.0)])), 1);
    assert_eq!(blockers(line(&[(0.0, 0.0), (1.0, 0.0)])), 0);
    assert_eq!(blockers(line(&[(5.0, 5.0), (6.0, 5.0)])), 1);
}

#[test]
fn who_needs_a_pass_reads_how_to_get_it_and_who_needs_a_way_round_that_it_is_to_be_filled_in() {
    let mut town = Town::new();
    let shape = line(&[(0.0, 0.0), (1.0, 0.0)]);
    town.order("no_entry", shape, &[("exemptions", words(&["应急", "通行证"]))]);
    let notice = town.notice();
    assert!(says(&notice, NoticePart::Permit).join("").contains("办理通行证：【待填："));
    assert!(says(&notice, NoticePart::Detour).join("").contains("【待填：绕行路线"));

    let mut some = Town::new();
    let with_pass = words(&["应急", "绿色通道", "持通行证的民生保供车"]);
    some.order("no_entry", line(&[(0.0, 0.0), (1.0, 0.0)]), &[("exemptions", with_pass)]);
    assert_eq!(says(&some.notice(), NoticePart::Permit).len(), 1, "only some who have one");

    let mut free = Town::new();
    free.order("one_way", line(&[(0.0, 0.0), (1.0, 0.0)]), &[]);
    let notice = free.notice();
    assert_eq!(
        says(&notice, NoticePart::Permit).len() + says(&notice, NoticePart::Detour).len(),
        0
    );
}

#[test]
fn signs_say_where_a_restriction_ends() {
    let mut town = Town::new();
    town.order("no_entry", line(&[(0.0, 0.0), (1.0, 0.0)]), &[]);
    let notice = town.notice();
    let ends: Vec<&SignPost> =
        notice.entries.iter().filter(|entry| entry.sign.starts_with("解除")).collect();
    // To the east and to the west, where the road goes on.
    assert_eq!(ends.len(), 2, "{ends:?}");
    assert!(ends.iter().all(|end| end.watch == CameraCoverage::NotNeeded));
    assert!(
        ends.iter().any(|end| end.place == "G102国道与东外环交叉口（由西向东驶出）"),
        "{ends:?}"
    );
}

#[test]
fn an_end_where_nothing_crosses_is_measured_from_the_next_crossing() {
    let mut town = Town::new();
    town.order("no_entry", line(&[(1.0, 0.0), (2.0, 0.0)]), &[]);
    let said = town.says(NoticePart::Restriction).join("");
    assert!(said.starts_with("G102国道（东外环—东外环以东1000米段），"), "{said}");
}

#[test]
fn a_stretch_between_two_crossings_of_one_ring_road_says_which_is_which() {
    let mut town = Town::new();
    // A ring road of one name that crosses a street of its own twice.
    let ring = [(3.0, 0.0), (3.0, 1.0), (4.0, 1.0), (4.0, 0.0)];
    town.add(Kind::Road, "北外环", Some(line(&ring)), &[]);
    town.add(Kind::Road, "丰润大街", Some(line(&[(3.0, 0.5), (4.0, 0.5)])), &[]);
    town.order("no_entry", line(&[(3.0, 0.5), (4.0, 0.5)]), &[]);
    let said = town.says(NoticePart::Restriction).join("");
    assert!(said.starts_with("丰润大街（北外环西侧路口—北外环东侧路口段），"), "{said}");
}

#[test]
fn the_last_night_ends_on_paper_when_it_ends_on_the_map() {
    let mut town = Town::new();
    let to = || ("valid_to", Value::Date(jiff::civil::date(2026, 12, 3)));
    let along = || line(&[(0.0, 0.0), (1.0, 0.0)]);
    let night = ("hours", Value::text("22:00-06:00"));
    town.order("no_entry", along(), &[to(), night.clone()]);
    assert_eq!(
        town.says(NoticePart::Force),
        ["本通告自2026年12月1日起施行，至2026年12月3日止（12月3日22时起的时段至次日6时止）。"]
    );
    // With each order where they do not end together; hours of one day need no more words.
    town.order("no_entry", line(&[(0.0, 1.0), (1.0, 1.0)]), &[]);
    let said = town.says(NoticePart::Restriction).join("");
    assert!(said.contains("至2026年12月3日止（12月3日22时起的时段至次日6时止），"), "{said}");
    let mut by_day = Town::new();
    by_day.order("no_entry", along(), &[to()]);
    let said = by_day.says(NoticePart::Force).join("");
    assert!(said.ends_with("至2026年12月3日止。"), "{said}");
}

#[test]
fn a_road_of_one_way_says_its_direction_once() {
    let one_way = ("kind", Value::Choice("one_way"));
    let said = divided(&[("carriageways", Value::Choice("one")), one_way]).join("");
    assert_eq!(said.matches("由西向东").count(), 1, "{said}");
}
