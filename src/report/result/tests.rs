//! The report of the sample's plan: what stands first, both bounds, who is worse off.

use geo_types::{LineString, Polygon};
use jiff::Timestamp;
use jiff::civil::date;

use super::*;
use crate::domain::{Ids, Record, Stamp, Value};
use crate::network::compare::{Planner, prepare};
use crate::report::PaperFormat;
use crate::report::block::Picture;

const PLAN: &str = "秋冬季货车绕行方案(示例)";

fn stamp() -> Stamp {
    Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH }
}

fn sample() -> Vec<Record> {
    crate::sample::records(&stamp(), &mut Ids::new(Timestamp::UNIX_EPOCH, 1))
}

/// The report of a world on the first morning of its plan.
fn report(records: Vec<Record>) -> Vec<Block> {
    let world: World = records.into_iter().collect();
    let prepared = prepare(&world, &|_, _| true).unwrap();
    let (at, assumed) = (date(2026, 12, 1).at(10, 0, 0, 0), Assumptions::default());
    let comparison = Planner::default().compare(&prepared, &world, PLAN, at, assumed);
    let asked = ResultRequest {
        world: &world,
        prepared: &prepared,
        comparison: &comparison,
        plan: PLAN,
        at,
        assumed,
        date: date(2026, 11, 25),
        most_rows: 60,
    };
    let blocks = blocks(&asked).unwrap();
    for format in PaperFormat::ALL {
        assert!(!format.bytes(&blocks, asked.date, &asked.about()).unwrap().is_empty());
    }
    blocks
}

/// What stands under a heading or subheading, until the next one.
fn under<'a>(blocks: &'a [Block], heading: &str) -> &'a [Block] {
    let is_head = |block: &Block| matches!(block, Block::Heading(_) | Block::Subheading(_));
    let is_it = |block: &Block| match block {
        Block::Heading(words) | Block::Subheading(words) => words.contains(heading),
        _ => false,
    };
    let first = blocks.iter().position(is_it).unwrap() + 1;
    let count = blocks[first..].iter().position(is_head).unwrap_or(blocks.len() - first);
    &blocks[first..first + count]
}

fn rows<'a>(blocks: &'a [Block], heading: &str) -> Vec<&'a Vec<String>> {
    let tables = under(blocks, heading).iter().filter_map(|block| match block {
        Block::Table(table) => Some(&table.rows),
        _ => None,
    });
    tables.flatten().collect()
}

#[test]
fn one_line_and_three_numbers_with_both_ends_stand_before_everything_else() {
    let blocks = report(sample());
    assert_eq!(blocks[0], Block::Title(format!("{PLAN}效果评估报告")));
    let Block::Paragraph(line) = &blocks[3] else { panic!("{:?}", blocks[3]) };
    assert!(line.starts_with("控制圈内货车行驶里程减少 ") && line.contains('～'), "{line}");
    assert!(line.contains("辆货车无路可走"), "{line}");
    let numbers = rows(&blocks, "结论");
    assert_eq!(numbers.len(), 3);
    assert!(numbers[0][2].contains('～') && numbers[0][3].contains('～'), "{:?}", numbers[0]);
    assert!(numbers[2][2].ends_with("～0") && numbers[2][3] == "2股车流", "{:?}", numbers[2]);
    let pictures: Vec<&Picture> = blocks
        .iter()
        .filter_map(|block| if let Block::Picture(it) = block { Some(it) } else { None })
        .collect();
    assert_eq!(pictures.len(), 2);
    assert_ne!(pictures[0].png, pictures[1].png, "the trucks go another way");
    // Rings without a truck are counted, not listed.
    let rings = rows(&blocks, "控制圈");
    assert!(rings.iter().any(|row| row[0] == "丰润区政府 1000 m" && row[1].contains('～')));
    assert!(rings.iter().all(|row| row[1..].iter().any(|cell| cell != "0")), "{rings:?}");
    let said = rows(&blocks, "假设");
    let of = |what: &str| said.iter().find(|row| row[0] == what).unwrap()[1].clone();
    assert!(of("道路扬尘").contains("积尘1克/平方米"), "{}", of("道路扬尘"));
    assert!(of("货车车速").contains(crate::network::speeds::dated()));
}

#[test]
fn a_township_that_gets_more_trucks_is_named_and_one_that_gets_fewer_is_not() {
    let none = report(sample());
    let words = Block::Paragraph("未导入乡镇街道边界，不能按乡镇统计。".to_owned());
    assert_eq!(under(&none, "乡镇街道"), [words]);

    let mut records = sample();
    let world: World = records.iter().cloned().collect();
    let prepared = prepare(&world, &|_, _| true).unwrap();
    let at = date(2026, 12, 1).at(10, 0, 0, 0);
    let found = Planner::default().compare(&prepared, &world, PLAN, at, Assumptions::default());
    let gain = |edge: u32| found.after.volumes[edge as usize] - found.before.volumes[edge as usize];
    let mut edges: Vec<u32> = (0..prepared.network.edges.len() as u32).collect();
    edges.sort_by(|a, b| gain(*a).total_cmp(&gain(*b)));
    let (less, more) = (edges[0], edges[edges.len() - 1]);
    assert!(gain(less) < -100.0 && gain(more) > 100.0);
    for (code, edge) in [("130208100", more), ("130208001", less)] {
        let at = prepared.network.middle_of(edge).unwrap();
        let corner = |east: f64, north: f64| (at.x + east * 0.0005, at.y + north * 0.0005);
        let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
        let ring = LineString::from(corners.map(|(east, north)| corner(east, north)).to_vec());
        let area = records.iter_mut().find(|record| record.code() == Some(code)).unwrap();
        area.geometry = Some(Polygon::new(ring, Vec::new()).into());
    }
    let blocks = report(records);
    let worse = rows(&blocks, "乡镇街道");
    let names: Vec<&str> = worse.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, ["丰润镇"]);
}

#[test]
fn a_plan_that_changes_nothing_says_so_and_lists_nobody() {
    let mut records = sample();
    for order in records.iter_mut().filter(|record| record.kind == Kind::Restriction) {
        // Over before it begins.
        order.set("valid_to", Some(Value::Date(date(2026, 11, 30))));
    }
    let blocks = report(records);
    let Block::Paragraph(line) = &blocks[3] else { panic!("{:?}", blocks[3]) };
    assert_eq!(line, "控制圈内货车行驶里程不变；没有货车改道。");
    assert_eq!(rows(&blocks, "结论")[2][1..3], ["0".to_owned(), "0".to_owned()]);
    assert_eq!(under(&blocks, "不能到达"), [Block::Paragraph("无。".to_owned())]);
}
