//! Papers of the sample.

use jiff::Timestamp;

use super::sheet::{SheetLayout, masked_name, masked_phone};
use super::*;
use crate::analysis::ledger::{LedgerFilter, View};
use crate::domain::item::civil;
use crate::domain::{Ids, Stamp};
use crate::report::plain;

fn sample() -> (World, DateTime) {
    let at: Timestamp = "2026-11-29T02:30:00Z".parse().unwrap();
    let stamp = Stamp { actor: "示例".into(), at };
    let records = crate::sample::records(&stamp, &mut Ids::new(at, 1));
    (records.into_iter().collect(), civil(at))
}

#[test]
fn every_template_that_comes_with_the_program_makes_a_paper_of_the_sample() {
    let (world, now) = sample();
    let ledger = Ledger::of(&world);
    let filter = LedgerFilter { view: View::Overdue, ..LedgerFilter::default() };
    let items: Vec<&LedgerRow> =
        filter.pick(&ledger, now).into_iter().take(3).map(|place| &ledger.rows[place]).collect();
    assert!(!items.is_empty());
    for paper in LedgerPaper::ALL {
        let number = next_number(&world, paper, 2026);
        let request = PaperRequest {
            world: &world,
            ledger: &ledger,
            items: items.clone(),
            unit: "住建局",
            number: &number,
            now,
            answer_by: now,
            between: (paper == LedgerPaper::Bulletin).then_some((now.date(), now.date())),
            picture: &|_| None,
            link: MapLink::default(),
        };
        let text = plain::text(&blocks(paper.template(), &request).unwrap());
        assert!(!text.contains('{') && !text.contains('}'), "{paper:?}: {text}");
        assert!(paper.series().is_none() || text.contains("丰大气"), "{paper:?}: {text}");
    }
}

#[test]
fn no_number_of_a_paper_is_given_twice() {
    let (world, now) = sample();
    let next = next_number(&world, LedgerPaper::Order, now.year());
    // The sample has orders of this year up to the 60th.
    assert!(next.starts_with("丰大气交〔2026〕"), "{next}");
    let taken = world.table(Kind::Item).iter().any(|item| item.text("order_code") == next);
    assert!(!taken, "{next}");
    let two: Vec<String> = numbers(&world, LedgerPaper::Urge, 2026).take(2).collect();
    assert_eq!(two, ["丰大气督〔2026〕1号", "丰大气督〔2026〕2号"]);
    assert_eq!(next_number(&world, LedgerPaper::Case, 2026), "");
}

#[test]
fn a_template_that_asks_for_what_nobody_knows_names_the_line() {
    let (world, now) = sample();
    let ledger = Ledger::of(&world);
    let request = PaperRequest {
        world: &world,
        ledger: &ledger,
        items: vec![&ledger.rows[0]],
        unit: "",
        number: "",
        now,
        answer_by: now,
        between: None,
        picture: &|_| None,
        link: MapLink::default(),
    };
    let unknown = blocks("# 标题\n{单位}\n{没有的}\n", &request);
    assert_eq!(unknown, Err(Error::UnknownName { line: 3, name: "没有的".to_owned() }));
    let none = PaperRequest { items: Vec::new(), ..request };
    assert_eq!(blocks("# 标题", &none), Err(Error::NoItem));
}

#[test]
fn what_lacks_evidence_stands_in_red_in_every_paper() {
    let (world, now) = sample();
    let ledger = Ledger::of(&world);
    let lacking: Vec<&LedgerRow> = ledger.rows.iter().filter(|row| row.lacks).take(2).collect();
    assert_eq!(lacking.len(), 2);
    for paper in LedgerPaper::ALL {
        if matches!(paper, LedgerPaper::Bulletin) {
            continue;
        }
        let request = PaperRequest {
            world: &world,
            ledger: &ledger,
            items: lacking.clone(),
            unit: "住建局",
            number: "1",
            now,
            answer_by: now,
            between: None,
            picture: &|_| None,
            link: MapLink::default(),
        };
        let blocks = blocks(paper.template(), &request).unwrap();
        let red = blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(
                table
                    .act
                    .iter()
                    .filter(|(row, column)| table.rows[*row][*column].contains("缺整改后照片")),
            ),
            _ => None,
        });
        assert!(red.flatten().count() >= 2, "{paper:?}");
    }
}

#[test]
fn names_and_phones_are_hidden_and_units_are_not() {
    assert_eq!(masked_phone("13812340000"), "138****0000");
    assert_eq!(masked_name("李四"), "李*");
    assert_eq!(masked_name("欧阳建国"), "欧***");
    assert_eq!(masked_name("住建局"), "住建局");
    assert_eq!(masked_name("住建局 李四"), "住建局 李*");
    assert_eq!(SheetLayout::read("自", "甲,乙\n丙").unwrap().heads, ["甲", "乙", "丙"]);
    assert_eq!(SheetLayout::read("空", " \n"), None);
}
