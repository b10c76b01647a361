//! Which record a row is: a code is weak evidence.

use serde_json::json;

use super::super::doubts::{DoubtCause, OnDoubt};
use super::{csv, doubtful, new};
use crate::domain::{Kind, World};
use crate::exchange::testing::settings;

const FIRST: &str =
    "编号,名称,经度,纬度\n1,甲饭店,118.16,39.83\n2,乙饭店,118.161,39.83\n3,丙饭店,118.162,39.83\n";
const SECOND: &str = "编号,项目名称,经度,纬度\n1,某小区,118.17,39.84\n2,某道路,118.171,39.84\n";

fn names(world: &World) -> Vec<&str> {
    let mut names: Vec<&str> = world.all().map(|record| record.name()).collect();
    names.sort_unstable();
    names
}

#[test]
fn two_lists_that_number_their_rows_from_one_are_not_the_same_records() {
    let (world, _) = new(FIRST);
    let wgs84 = settings(Some("wgs84"));
    let (both, report) = csv(SECOND, &wgs84, &world).unwrap();
    assert_eq!((report.added, report.updated, report.doubted), (2, 0, 2));
    assert_eq!(names(&both).len(), 5);
    assert!(report.doubts.iter().all(|doubt| doubt.cause == DoubtCause::CodeOfOtherName));
    assert!(report.warnings.iter().all(|words| !words.en.contains("datum")), "{report:?}");
    let own = both.all().find(|record| record.name() == "某小区").unwrap();
    assert_eq!((own.code(), own.extra.as_ref().unwrap().get("编号")), (None, Some(&json!("1"))));
    // Once they are told apart they stay so.
    let (again, report) = csv(SECOND, &wgs84, &both).unwrap();
    assert_eq!((report.added, report.updated, report.unchanged, again.len()), (0, 0, 2, 5));
    let (_, report) = csv(FIRST, &wgs84, &again).unwrap();
    assert_eq!((report.unchanged, report.doubted), (3, 0));
}

#[test]
fn what_is_in_doubt_is_updated_or_left_out_where_somebody_says_so() {
    let (world, _) = new(FIRST);
    let (same, report) = csv(SECOND, &doubtful(OnDoubt::Same), &world).unwrap();
    assert_eq!((report.updated, names(&same).len()), (2, 3));
    assert!(names(&same).contains(&"某小区"));
    let (left, report) = csv(SECOND, &doubtful(OnDoubt::LeaveOut), &world).unwrap();
    assert_eq!((report.added, report.left_out, left.len()), (0, 2, 3));
}

#[test]
fn a_long_code_outlives_a_new_name_at_its_place_and_a_new_place_under_its_name() {
    let (world, _) = new("编码,名称,经度,纬度\n130208001006,甲饭店,118.16,39.83\n");
    let wgs84 = settings(Some("wgs84"));
    let updated = |text: &str| {
        let (after, report) = csv(text, &wgs84, &world).unwrap();
        assert_eq!((report.updated, report.doubted, after.len()), (1, 0, 1), "{text}");
    };
    updated("编码,名称,经度,纬度\n130208001006,新饭店,118.1601,39.83\n");
    updated("编码,名称,经度,纬度\n130208001006,甲饭店,118.3,39.9\n");
    updated("编码,电话\n130208001006,010-1\n");
    let (after, report) = csv("编码,名称\n130208001006,某小区\n", &wgs84, &world).unwrap();
    assert_eq!((report.added, report.doubted, after.len()), (1, 1, 2));
}

#[test]
fn rounded_codes_and_phones_are_kept_beside_and_their_rows_apart() {
    let text = "编码,名称,经度,纬度,电话\n\
        1.30208E+14,甲虚构饭店,118.16,39.83,1.38E+10\n\
        1.30208E+14,乙虚构饭店,118.17,39.84,1.39E+10\n\
        1.30208E+14,丙虚构饭店,118.18,39.85,1.37E+10\n";
    let (world, report) = new(text);
    assert_eq!((report.added, world.len()), (3, 3));
    assert!(world.all().all(|site| site.code().is_none() && site.text("phone").is_empty()));
    for column in ["编码", "电话"] {
        let is_said = |words: &crate::domain::LocalizedText| {
            words.zh.contains(column) && words.zh.contains("丢失")
        };
        assert!(report.warnings.iter().any(is_said), "{:?}", report.warnings);
    }
    let (_, report) = csv(text, &settings(Some("wgs84")), &world).unwrap();
    assert_eq!(report.unchanged, 3);
}

#[test]
fn one_code_for_different_things_of_a_file_keeps_them_apart() {
    let text = "编码,名称\nK9,甲\nK9,乙\nK9,甲\n无,丙\n无,丁\n0,戊\n";
    let (world, report) = new(text);
    // Whoever stores the third row adds it to the first.
    assert_eq!((report.added, report.updated), (5, 1));
    let coded: Vec<&str> = world.all().filter_map(|record| record.code()).collect();
    assert_eq!(coded, ["K9", "K9"], "the changes of both rows of 甲");
    assert!(report.warnings[0].zh.contains("同一个编码"), "{:?}", report.warnings);
}

#[test]
fn a_name_without_a_place_is_offered_as_the_record_of_that_name() {
    let (world, _) = new("编码,名称\n130208001006,甲饭店\n");
    let placed = "名称,经度,纬度\n甲饭店,118.16,39.83\n";
    let (_, report) = csv(placed, &settings(Some("wgs84")), &world).unwrap();
    assert_eq!((report.added, report.doubts[0].cause), (1, DoubtCause::NameUnplaced));
    let (world, report) = csv(placed, &doubtful(OnDoubt::Same), &world).unwrap();
    assert_eq!((report.updated, world.len()), (1, 1));
    let site = world.table(Kind::Site).by_code("130208001006").unwrap();
    assert!(site.geometry.is_some());
}
