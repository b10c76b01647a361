use jiff::Timestamp;
use jiff::civil::date;

use super::*;
use crate::domain::item::guard::unlawful;
use crate::domain::{Edit, ItemState};

const NOW: DateTime = date(2026, 11, 30).at(10, 0, 0, 0);

fn stamp() -> Stamp {
    Stamp { actor: "督查员".into(), at: Timestamp::from_second(1_796_000_000).unwrap() }
}

struct Small {
    ids: Ids,
    world: World,
}

impl Small {
    fn new() -> Self {
        Self { ids: Ids::new(Timestamp::UNIX_EPOCH, 1), world: World::default() }
    }

    fn put(&mut self, kind: Kind, fields: &[(&str, &str)]) -> Arc<Record> {
        let mut record = Record::new(self.ids.next(), kind, &stamp());
        for (key, text) in fields {
            let field = kind.field(key).unwrap_or_else(|| panic!("{key}"));
            record.set(key, Value::parse(field, text).unwrap());
        }
        if kind == Kind::Site {
            record.geometry = Some(Point::new(118.1, 39.8).into());
        }
        let change = Change::create(record);
        let record = change.after.clone().unwrap();
        self.world.apply(&Edit::of(vec![change])).unwrap();
        record
    }

    fn one(&self) -> ResponseState {
        responses(&self.world).remove(0)
    }
}

fn evidence(before: f64, during: f64) -> Evidence {
    Evidence { before, during, hours_before: 168, hours_during: 12 }
}

#[test]
fn what_words_of_a_measure_cut_is_read_and_what_cannot_be_measured_is_not_guessed() {
    for (words, cut) in [
        ("停产", Some(1.0)),
        ("高炉停产50%（含）以上（以高炉计）", Some(0.5)),
        ("限产30％", Some(0.3)),
        ("负荷降至60%", Some(0.4)),
        ("停止使用", Some(1.0)),
        ("停产1条生产线", None),
        ("自主减排", None),
        ("国四及以下车辆停运", Some(1.0)),
        ("停产200%", None),
        ("", None),
    ] {
        assert_eq!(cut_of(words), cut, "{words}");
    }
}

#[test]
fn lines_have_the_measure_of_the_level_and_firms_are_found_by_code_or_name() {
    let mut small = Small::new();
    let coded = small.put(Kind::Site, &[("name", "甲厂"), ("kind", "企业"), ("code", "9113A")]);
    let named = small.put(Kind::Site, &[("name", "乙厂"), ("kind", "企业")]);
    small.put(
        Kind::ResponseMeasure,
        &[
            ("name", "甲钢铁"),
            ("site", "9113A"),
            ("line", "烧结"),
            ("orange", "停产"),
            ("red", "停产"),
        ],
    );
    small.put(Kind::ResponseMeasure, &[("name", "乙厂"), ("line", "锅炉"), ("orange", "限产20%")]);
    small.put(Kind::ResponseMeasure, &[("name", "丙厂"), ("line", "窑"), ("red", "停产")]);
    let early = [
        ("name", "旧"),
        ("level", "红色"),
        ("begins_at", "2026-11-01T00:00"),
        ("ends_at", "2026-11-03T12:00"),
    ];
    small.put(Kind::Response, &early);
    small.put(
        Kind::Response,
        &[("name", "新"), ("level", "Ⅱ级"), ("begins_at", "2026-11-29T20:00")],
    );
    let all = responses(&small.world);
    let issued: Vec<&str> = all.iter().map(|state| state.record.name()).collect();
    assert_eq!(issued, ["新", "旧"], "the latest first");
    assert!(all[0].holds(NOW) && !all[1].holds(NOW));
    assert_eq!(current(&all, NOW).unwrap().record.name(), "新");
    let lines: Vec<String> = all[0].lines.iter().map(LineState::name).collect();
    assert_eq!(lines, ["甲钢铁 烧结", "乙厂 锅炉"], "the third has no measure at orange");
    assert_eq!(all[0].lines[0].site.as_ref().unwrap().id, coded.id);
    assert_eq!(all[0].lines[1].site.as_ref().unwrap().id, named.id);
    assert_eq!(all[1].lines.len(), 2, "of the red one those that have a measure at red");
}

#[test]
fn an_inspection_goes_before_readings_and_readings_before_nothing() {
    let mut small = Small::new();
    small.put(Kind::ResponseMeasure, &[("name", "甲厂"), ("line", "1#"), ("orange", "限产50%")]);
    let order = [("name", "响应"), ("level", "橙色"), ("begins_at", "2026-11-29T20:00")];
    let response = small.put(Kind::Response, &order);
    let line = small.one().lines.remove(0);
    assert_eq!(line.outcome(None), Outcome::Unchecked);
    assert_eq!(line.outcome(Some(&evidence(800.0, 400.0))), Outcome::ReadingsFor);
    assert_eq!(line.outcome(Some(&evidence(800.0, 480.0))), Outcome::ReadingsFor, "40 of 50 %");
    assert_eq!(line.outcome(Some(&evidence(800.0, 700.0))), Outcome::ReadingsAgainst);
    let few = Evidence { hours_before: 23, ..evidence(800.0, 700.0) };
    assert_eq!(line.outcome(Some(&few)), Outcome::Unchecked, "too few hours say nothing");

    let mut ids = Ids::new(Timestamp::from_second(9).unwrap(), 3);
    let changes = inspected(
        (&response, &line),
        (Verdict::Failed, "两台都在运行"),
        (NOW, "FR-20261130-001"),
        (&stamp(), &mut ids),
    );
    assert_eq!(unlawful(&Edit::of(changes.clone())), None);
    let made: Vec<Arc<Record>> = changes.iter().filter_map(|it| it.after.clone()).collect();
    let (check, item) = (&made[0], &made[1]);
    assert_eq!(ItemState::of(item), Some(ItemState::Registered));
    assert_eq!(ItemSource::of(item), Some(ItemSource::Response));
    assert!(item.name().contains("限产50%") && item.name().contains("两台都在运行"));
    assert!(item.linked("records").any(|id| id == check.id));
    assert!(item.linked("records").any(|id| id == response.id));
    assert!(check.linked("records").any(|id| id == item.id));
    small.world.apply(&Edit::of(changes)).unwrap();
    let state = small.one();
    let proof = BTreeMap::from([(line.measure.id, evidence(800.0, 400.0))]);
    assert_eq!(state.lines[0].outcome(proof.get(&line.measure.id)), Outcome::NotDone);
    assert_eq!(state.counts(&proof), [1, 0, 0, 0, 0]);
    assert_eq!(state.lines[0].seen.as_ref().unwrap().actual, "两台都在运行");

    let passed = inspected(
        (&response, &line),
        (Verdict::Passed, ""),
        (NOW, "FR-20261130-002"),
        (&stamp(), &mut ids),
    );
    assert_eq!(passed.len(), 1, "an inspection alone");
    small.world.apply(&Edit::of(passed)).unwrap();
    assert_eq!(small.one().counts(&proof), [0, 0, 0, 0, 1], "the last inspection counts");
}
