use jiff::civil::date;

use super::*;
use crate::domain::{Ids, Kind, Stamp, Value};
use crate::report::block::Table;
use crate::report::{html, pdf, plain, xlsx};

fn sample() -> World {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let stamp = Stamp { actor: "示例".into(), at };
    crate::sample::records(&stamp, &mut Ids::new(at, 1)).into_iter().collect()
}

fn asked<'a>(now: &'a World, then: Option<&'a World>) -> Asked<'a> {
    let (from, until) = (date(2026, 11, 23), date(2026, 11, 29));
    Asked { now, then, meeting: None, from, until, most_rows: 60 }
}

fn paper(template: &str, asked: &Asked<'_>) -> Vec<Block> {
    blocks(template, asked, &|_, _| true).unwrap()
}

fn tables(blocks: &[Block]) -> Vec<&Table> {
    let mut tables = Vec::new();
    for block in blocks {
        if let Block::Table(table) = block {
            tables.push(table);
        }
    }
    tables
}

#[test]
fn the_brief_of_the_sample_says_what_the_district_says() {
    let world = sample();
    let paper = paper(WEEKLY, &asked(&world, None));
    let text = plain::text(&paper);
    assert!(text.starts_with("丰润区"), "{text}");
    assert!(text.contains("大气污染防治会商周报\n\n（2026年11月23日至2026年11月29日）"), "{text}");
    // One of two decisions was due on the 24th.
    assert!(text.contains("未完成决定2项，其中逾期1项"), "{text}");
    assert!(text.contains("在册工地12处"), "{text}");
    assert!(text.contains("丰润区政府 1000 m\t"), "{text}");
    assert!(text.contains("东外环重型货车禁行草案(示例)\t禁行"), "{text}");
    assert!(text.contains("\t每日7时至19时\t2026-12-01至2027-03-15\t草案"), "{text}");
    assert_eq!(paper.iter().filter(|block| matches!(block, Block::Picture(_))).count(), 3);
}

#[test]
fn a_group_of_few_says_so_and_the_period_before_stands_beside_it() {
    let before = sample();
    let mut now = before.clone();
    let bad = before.table(Kind::Site).iter().find(|site| {
        site.text("kind") == "construction" && crate::analysis::is_not_up_to_standard(site)
    });
    let bad = std::sync::Arc::clone(bad.unwrap());
    let mut good = Record::clone(&bad);
    for (field, _) in bad.values().filter(|(_, value)| **value == Value::Choice("不合格")) {
        good.set(field.key, Some(Value::Choice("合格")));
    }
    let edit = crate::domain::Edit::of(vec![crate::domain::Change::update(bad.clone(), good)]);
    now.apply(&edit).unwrap();
    let template = "{townships}\n{changes}\n达标率{rate}（上期{rate_before}）";
    let paper = paper(template, &asked(&now, Some(&before)));
    let [townships, changes] = tables(&paper)[..] else { panic!("two tables") };
    let row = townships.rows.iter().find(|row| row[0] == bad.text("township")).unwrap();
    // Three of seven before, four now.
    assert_eq!(row[2..], ["7", "7", "4", "57.1%", "42.9%"].map(str::to_owned));
    let few = townships.rows.iter().find(|row| row[3] == "1").unwrap();
    assert!(few[5].contains("样本少"), "{few:?}");
    assert_eq!(changes.rows, [["污染源与点位", "0", "1", "0"].map(str::to_owned).to_vec()]);
    let Some(Block::Paragraph(rates)) = paper.last() else { panic!("a paragraph") };
    // Eleven of twelve sites were inspected.
    assert_eq!(rates, "达标率54.5%（上期45.5%）");
}

#[test]
fn what_a_template_asks_for_and_nobody_knows_is_said_with_its_line() {
    let world = sample();
    let template = "# 标题\n\n本周{unknown}处";
    let error = blocks(template, &asked(&world, None), &|_, _| true).unwrap_err();
    let said = error.to_string();
    assert!(said.contains("line 3") && said.contains("{unknown}"), "{said}");
    assert!(said.contains("rings_map"), "{said}");
}

#[test]
fn it_can_be_stopped() {
    let world = sample();
    let stopped = blocks(WEEKLY, &asked(&world, None), &|done, _| done < 3);
    assert!(matches!(stopped, Err(Error::Stopped)));
}

#[test]
fn an_empty_district_has_a_brief_too_and_every_writer_takes_it() {
    let world = World::default();
    let paper = paper(WEEKLY, &asked(&world, None));
    assert!(plain::text(&paper).contains("在册工地0处"));
    assert!(pdf::bytes(&paper).unwrap().starts_with(b"%PDF"));
    assert!(html::text(&paper).contains("<h1>"));
    assert!(xlsx::bytes(&paper, "").unwrap().starts_with(b"PK"));
    assert!(xlsx::bytes(&[], "").unwrap().starts_with(b"PK"));
    assert!(pdf::bytes(&[]).unwrap().starts_with(b"%PDF"));
}

#[test]
fn the_same_brief_is_the_same_bytes() {
    let world = sample();
    let paper = paper("# 周报\n{townships}\n{rings_map}", &asked(&world, None));
    assert_eq!(xlsx::bytes(&paper, "").unwrap(), xlsx::bytes(&paper, "").unwrap());
    assert_eq!(pdf::bytes(&paper).unwrap(), pdf::bytes(&paper).unwrap());
}
