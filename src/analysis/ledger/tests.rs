//! Small ledgers.

use std::sync::Arc;

use geo_types::{Geometry, Point};
use jiff::civil::{DateTime, date};
use jiff::{Timestamp, ToSpan as _};

use super::*;
use crate::domain::item::{Deed, StepKind, taken};
use crate::domain::{
    Change, DutyScope, EscalationColour, Ids, ItemState, ItemType, Lack, Record, Value,
};

const NOW: DateTime = date(2026, 11, 29).at(10, 0, 0, 0);

struct Small {
    ids: Ids,
    records: Vec<Record>,
}

fn stamp() -> Stamp {
    Stamp { actor: "台账员".into(), at: Timestamp::UNIX_EPOCH }
}

impl Small {
    fn new() -> Self {
        Self { ids: Ids::new(Timestamp::UNIX_EPOCH, 1), records: Vec::new() }
    }

    fn record(&mut self, kind: Kind, fields: &[(&str, &str)]) -> Record {
        let mut record = Record::new(self.ids.next(), kind, &stamp());
        for (key, text) in fields {
            let field = kind.field(key).unwrap_or_else(|| panic!("{key}"));
            record.set(key, Value::parse(field, text).unwrap());
        }
        record
    }

    /// Handed over to a unit so many hours ago, due so many hours from then, after these further steps.
    fn item(&mut self, unit: &str, ago_h: i64, due_h: i64, steps: &[StepKind]) -> &mut Record {
        let number = self.records.len() + 1;
        let code = format!("FR-20261101-{number:03}");
        let fields =
            [("code", &*code), ("name", "裸土未苫盖"), ("types", "裸土"), ("township", "甲镇")];
        let mut item = self.record(Kind::Item, &fields);
        let at = NOW.checked_sub(ago_h.hours()).unwrap();
        let all = [StepKind::Register, StepKind::HandOver];
        for (place, step) in all.into_iter().chain(steps.iter().copied()).enumerate() {
            let mut deed = Deed::new(step, unit, at);
            if place > 2 {
                deed.at = at.checked_add(i64::try_from(place).unwrap().hours()).unwrap().min(NOW);
            }
            if matches!(step, StepKind::Check | StepKind::Review) {
                deed.by = "王工".to_owned();
            }
            deed.units = vec![unit.to_owned()];
            deed.due = (step == StepKind::HandOver).then(|| at.checked_add(due_h.hours()).unwrap());
            deed.reason = "试".to_owned();
            item = taken(&item, &deed, &stamp()).unwrap();
        }
        self.records.push(item);
        self.records.last_mut().unwrap()
    }

    fn ledger(&self) -> Ledger {
        Ledger::of(&self.world())
    }

    fn world(&self) -> World {
        self.records.iter().cloned().collect()
    }
}

fn at(item: &mut Record, lon: f64) {
    item.geometry = Some(Geometry::Point(Point::new(lon, 39.83)));
}

#[test]
fn each_item_stands_in_the_lists_that_wait_for_somebody() {
    let mut small = Small::new();
    small.item("住建局", 100, 48, &[]);
    small.item("住建局", 20, 24, &[]);
    small.item("住建局", 20, 240, &[]);
    small.item("城管局", 30, 48, &[StepKind::Accept, StepKind::Mend, StepKind::AskCheck]);
    let new = small.record(Kind::Item, &[("code", "N"), ("name", "新")]);
    small.records.push(new);
    let ledger = small.ledger();
    let count = |view: View| {
        let counts = LedgerFilter::counts(&ledger, NOW);
        counts[View::ALL.iter().position(|known| *known == view).unwrap()]
    };
    assert_eq!((count(View::All), count(View::Open), count(View::Overdue)), (5, 5, 1));
    assert_eq!((count(View::Due), count(View::ToCheck), count(View::New)), (1, 1, 1));
    assert_eq!((count(View::Ownerless), count(View::Unplaced)), (1, 5));
    let filter = LedgerFilter { unit: Some("城管局".to_owned()), ..LedgerFilter::default() };
    assert_eq!(filter.pick(&ledger, NOW).len(), 1);
    let filter = LedgerFilter { text: "苫盖 002".to_owned(), ..LedgerFilter::default() };
    assert_eq!(filter.pick(&ledger, NOW).len(), 1);
    assert_eq!(ledger.rows[0].record.code(), Some("FR-20261101-001"), "the most urgent first");
    assert_eq!(ledger.rows[0].days_late(NOW), 3);
}

#[test]
fn a_time_limit_of_an_outside_list_is_due_by_its_words() {
    let mut small = Small::new();
    let fields =
        [("name", "裸土"), ("time_limit", "3日内"), ("handed_at", "2026-11-24"), ("state", "交办")];
    let item = small.record(Kind::Item, &fields);
    small.records.push(item);
    let row = &small.ledger().rows[0];
    assert_eq!(row.due, Some(date(2026, 11, 28).at(0, 0, 0, 0)));
    assert!(row.is_overdue(NOW));
}

#[test]
fn what_happens_next_stands_on_the_item_before_it_happens() {
    let mut small = Small::new();
    small.item("住建局", 10, 48, &[]);
    let ledger = small.ledger();
    let row = &ledger.rows[0];
    assert_eq!(ledger.stages.reached(row, NOW), None);
    let (stage, when) = ledger.stages.next(row, NOW).unwrap();
    assert_eq!((stage.name.as_str(), when), ("提醒", NOW.checked_add(14.hours()).unwrap()));
    let later = NOW.checked_add(39.hours()).unwrap();
    assert_eq!(ledger.stages.reached(row, later).unwrap().name, "催办");
    assert_eq!(ledger.stages.next(row, later).unwrap().0.name, "督办");
    let late = NOW.checked_add(300.hours()).unwrap();
    assert_eq!(ledger.stages.reached(row, late).unwrap().colour, EscalationColour::Red);
    assert_eq!(ledger.stages.next(row, late), None);
    // A second return is grave however early it is.
    let way = [
        StepKind::Accept,
        StepKind::Mend,
        StepKind::AskCheck,
        StepKind::Return,
        StepKind::Mend,
        StepKind::AskCheck,
        StepKind::Return,
    ];
    let mut small = Small::new();
    small.item("住建局", 12, 400, &way);
    let ledger = small.ledger();
    assert_eq!(ledger.stages.reached(&ledger.rows[0], NOW).unwrap().name, "提级");
}

#[test]
fn the_stages_of_a_district_take_the_place_of_those_that_come_with_the_program() {
    let mut small = Small::new();
    let own = [("name", "电话催"), ("colour", "黄"), ("after_due_h", "-2")];
    let own = small.record(Kind::Escalation, &own);
    small.records.push(own);
    small.item("住建局", 10, 11, &[]);
    let ledger = small.ledger();
    assert_eq!(ledger.stages.all().len(), 1);
    assert_eq!(ledger.stages.reached(&ledger.rows[0], NOW).unwrap().name, "电话催");
}

#[test]
fn the_narrowest_duty_in_force_answers_and_says_why() {
    let mut small = Small::new();
    let whole = [("name", "兜底"), ("scope", "全区"), ("unit", "大气办"), ("phone", "3120000")];
    let of_type = [("name", "裸土归口"), ("scope", "类别"), ("types", "裸土"), ("unit", "资规局")];
    let town =
        [("name", "甲镇分包"), ("scope", "乡镇"), ("subject", "甲镇"), ("leader", "张副区长")];
    let place =
        [("name", "大庆道包段"), ("scope", "点位"), ("subject", "大庆道"), ("person", "李四")];
    let old = [
        ("name", "旧"),
        ("scope", "点位"),
        ("subject", "大庆道"),
        ("unit", "旧单位"),
        ("valid_to", "2026-10-01"),
    ];
    for fields in [&whole[..], &of_type, &town, &place, &old] {
        let duty = small.record(Kind::Duty, fields);
        small.records.push(duty);
    }
    let world = small.world();
    let owners = Owners::of(&world, NOW.date());
    let fields =
        [("name", "裸土"), ("types", "裸土"), ("township", "甲镇"), ("address", "大庆道西段")];
    let item = small.record(Kind::Item, &fields);
    let owning = owners.owning(&item);
    assert_eq!((&*owning.person, &*owning.leader), ("李四", "张副区长"));
    assert_eq!((&*owning.unit, &*owning.phone), ("资规局", "3120000"));
    assert_eq!(owning.why[0].zh, "点位“大庆道”：大庆道包段");
    assert_eq!(owning.why.len(), 4);
    let mut known = item.clone();
    known.set("person", Some(Value::text("赵六")));
    owning.fill(&mut known);
    assert_eq!(known.text("person"), "赵六", "what a person wrote stays");
    assert_eq!(known.words("units").len(), 1);
    assert_eq!(DutyScope::ALL[0], DutyScope::Place);
}

#[test]
fn the_same_type_within_fifty_metres_and_thirty_days_is_perhaps_the_same() {
    // A degree of longitude is 85.6 km here.
    let metre = 1.0 / 85_600.0;
    let mut small = Small::new();
    at(small.item("住建局", 24, 48, &[]), 118.16);
    at(small.item("住建局", 24 * 29, 48, &[]), 118.16 + 45.0 * metre);
    at(small.item("住建局", 24 * 80, 48, &[]), 118.16);
    at(small.item("住建局", 24, 48, &[]), 118.16 + 60.0 * metre);
    at(small.item("住建局", 24, 48, &[]), 118.16);
    small.records[4].set("types", Some(Value::Words(["餐饮油烟".into()].into())));
    for item in &mut small.records {
        let found = item.text("handed_at").to_owned();
        item.set("found_at", Some(Value::text(&found)));
    }
    let ledger = small.ledger();
    let here = At {
        place: Some(geo_types::Coord { x: 118.16, y: 39.83 }),
        address: String::new(),
        name: String::new(),
        types: vec![ItemType::BareGround],
        found: NOW,
        id: None,
    };
    let doubles = Doubles::of(&ledger, &here);
    let codes: Vec<_> = doubles.twins.iter().map(|twin| twin.record.code().unwrap()).collect();
    assert_eq!(codes, ["FR-20261101-001", "FR-20261101-002"]);
    assert_eq!(doubles.nth, 4, "the third here before it within 90 days");
    let elsewhere = At { place: None, address: "大庆道".to_owned(), ..here };
    assert_eq!(Doubles::of(&ledger, &elsewhere).nth, 1);
}

#[test]
fn shares_are_of_what_was_due_and_say_of_how_many() {
    let mut small = Small::new();
    let mended = [StepKind::Accept, StepKind::Mend, StepKind::AskCheck];
    for _ in 0..5 {
        small.item("住建局", 50, 48, &mended);
    }
    small.item("住建局", 100, 48, &[]);
    small.item("城管局", 100, 48, &[]);
    let both = small.item("城管局", 10, 48, &[]);
    both.set("units", Some(Value::Words(["城管局".into(), "住建局".into()].into())));
    let ledger = small.ledger();
    let all = rates(&ledger, Group::Unit, None, NOW);
    assert_eq!(all.iter().map(|rate| &*rate.of).collect::<Vec<_>>(), ["住建局", "城管局"]);
    let first = &all[0];
    assert_eq!((first.count(Measure::Judged), first.count(Measure::OnTime)), (6, 5));
    assert!(!first.is_few() && all[1].is_few());
    assert_eq!(all[1].on_time_share(), Some(0.0), "few, and so not compared: it stands behind");
    assert_eq!(first.median_h, Some(3.0));
    assert_eq!(first.items.len() + all[1].items.len(), 9, "one of two units counts for both");
    let none = rates(&ledger, Group::Unit, Some((date(2020, 1, 1), date(2020, 2, 1))), NOW);
    assert!(none.is_empty());
}

#[test]
fn a_decision_becomes_an_item_with_its_owner_day_and_place() {
    let mut small = Small::new();
    let mut site = small.record(Kind::Site, &[("name", "A工地"), ("township", "甲镇")]);
    at(&mut site, 118.2);
    let fields = [
        ("code", "D1"),
        ("name", "住建局 周五前 A工地雾炮到位"),
        ("owner", "住建局"),
        ("due", "2026-12-04"),
    ];
    let mut decision = small.record(Kind::Decision, &fields);
    decision.set("records", Some(Value::Words([site.id.to_string().into()].into())));
    let id = small.ids.next();
    small.records.extend([site, decision.clone()]);
    let world = small.world();
    let item = make::item_of(&world, &decision, (id, "FR-1"), NOW, &stamp());
    assert_eq!((item.name(), item.text("due")), ("A工地雾炮到位", "2026-12-05T00:00"));
    assert_eq!((item.text("address"), item.text("township")), ("A工地", "甲镇"));
    assert_eq!(ItemState::of(&item), Some(ItemState::Registered));
    assert!(crate::domain::item::lacking(&item).contains(&Lack::PhotoBefore));
    let Change { after, .. } = make::linked_decision(&Arc::new(decision), id, &stamp());
    assert!(after.unwrap().linked("records").any(|known| known == id));
}

#[test]
fn numbers_begin_with_the_letters_of_the_district() {
    let mut small = Small::new();
    let area = small.record(Kind::Area, &[("name", "丰润区"), ("role", "区县")]);
    small.records.push(area);
    assert_eq!(prefix(&small.world()), "FR");
    assert_eq!(prefix(&World::default()), "");
    let item = small.record(Kind::Item, &[("name", "裸土")]);
    let edit = ready(Edit::of(vec![Change::create(item)]), &small.world(), &stamp());
    let item = edit.changes[0].after.as_ref().unwrap();
    assert_eq!(item.code(), Some("FR-19700101-001"));
    assert_eq!(ItemState::of(item), Some(ItemState::Registered));
}

#[test]
fn lists_are_put_in_order_and_what_is_overdue_stands_first() {
    let mut small = Small::new();
    // In time, with a far due moment; three days late; closed long ago; in time and due soon.
    small.item("住建局", 24, 400, &[]);
    small.item("城管局", 120, 48, &[]).set("township", Some(Value::text("乙镇")));
    let way = [StepKind::Accept, StepKind::Mend, StepKind::AskCheck, StepKind::Check];
    small.item("安监局", 900, 24, &[&way[..], &[StepKind::Review, StepKind::Close]].concat());
    small.item("住建局", 24, 30, &[]);
    let ledger = small.ledger();
    let codes = |order: Order| {
        let mut places: Vec<usize> = (0..ledger.rows.len()).collect();
        order.sort(&ledger, &mut places, NOW);
        let code = |place: &usize| ledger.rows[*place].record.code().unwrap()[12..].to_owned();
        places.iter().map(code).collect::<Vec<_>>()
    };
    assert_eq!(codes(Order::Urgency), ["002", "004", "001", "003"]);
    assert_eq!(codes(Order::Due), ["003", "002", "004", "001"]);
    assert_eq!(codes(Order::Stage)[0], "002");
    assert_eq!(codes(Order::Unit), ["003", "002", "004", "001"], "by their sound: an, cheng, zhu");
    assert_eq!(codes(Order::Township).last().unwrap(), "002", "jia before yi");
    assert_eq!(codes(Order::Number), ["001", "002", "003", "004"]);
}

#[test]
fn decisions_stand_in_the_lists_of_what_is_due_until_an_item_stands_for_them() {
    let mut small = Small::new();
    let said = |name, due| [("name", name), ("owner", "住建局"), ("due", due), ("state", "待办")];
    for (name, due) in [("甲", "2026-11-29"), ("乙", "2026-11-20"), ("丙", "2026-12-05")] {
        let decision = small.record(Kind::Decision, &said(name, due));
        small.records.push(decision);
    }
    let mut done = small.record(Kind::Decision, &said("丁", "2026-11-29"));
    done.set("state", Some(crate::domain::DecisionState::Done.value()));
    small.records.push(done);
    let item = small.item("住建局", 24, 48, &[]).id;
    let mut linked = small.record(Kind::Decision, &said("戊", "2026-11-29"));
    linked.set("records", Some(Value::Words([item.to_string().into()].into())));
    small.records.push(linked);
    let all = decided(&small.world());
    let names = |view| {
        let filter = LedgerFilter { view, ..LedgerFilter::default() };
        let meant = all.iter().filter(|decided| decided.is_meant(&filter, NOW));
        meant.map(|decided| decided.record.name()).collect::<Vec<_>>()
    };
    assert_eq!(names(View::Open), ["乙", "甲", "丙"]);
    assert_eq!((names(View::Due), names(View::Overdue)), (vec!["甲"], vec!["乙"]));
    // 29 November 2026 is a Sunday.
    assert_eq!(names(View::Week), ["甲"]);
    assert!(names(View::ToCheck).is_empty());
    assert_eq!(all[0].days_late(NOW), 9);
}
