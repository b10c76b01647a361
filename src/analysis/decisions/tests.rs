use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::{Ids, Stamp};

/// A Wednesday.
const TODAY: Date = date(2026, 11, 25);

fn world(names: &[(Kind, &str)]) -> World {
    let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
    let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
    let record = |(kind, name): &(Kind, &str)| {
        let mut record = Record::new(ids.next(), *kind, &stamp);
        record.set("name", Some(Value::text(name)));
        if *kind == Kind::Area {
            record.set("role", Some(Value::Choice("township")));
        }
        record
    };
    names.iter().map(record).collect()
}

fn due(said: &str) -> Option<Date> {
    hear(said, TODAY, &World::default()).due
}

#[test]
fn who_by_when_and_about_what_are_taken_from_a_sentence_as_it_is_said() {
    let world = world(&[(Kind::Site, "A工地(示例)"), (Kind::Road, "邱柳线")]);
    let heard = hear("住建局 周五前 A工地雾炮到位", TODAY, &world);
    assert_eq!(heard.owner.as_deref(), Some("住建局"));
    assert_eq!(heard.due, Some(date(2026, 11, 27)));
    assert_eq!(heard.task, "A工地雾炮到位");
    let names: Vec<&str> = heard.records.iter().map(|id| world.get(*id).unwrap().name()).collect();
    assert_eq!(names, ["A工地(示例)"]);
}

#[test]
fn days_are_understood_as_offices_say_them() {
    for (said, day) in [
        ("今天完成", TODAY),
        ("后天前报", date(2026, 11, 27)),
        ("周五前到位", date(2026, 11, 27)),
        ("周三完成", TODAY),
        // Monday of this week is past.
        ("周一上报", date(2026, 11, 30)),
        ("下周一上报", date(2026, 11, 30)),
        ("下周五前", date(2026, 12, 4)),
        ("本周日前", date(2026, 11, 29)),
        ("月底前", date(2026, 11, 30)),
        ("下月底", date(2026, 12, 31)),
        ("年底前", date(2026, 12, 31)),
        ("12月1日前", date(2026, 12, 1)),
        // January is next year's.
        ("1月5号前", date(2027, 1, 5)),
        ("2027年3月15日", date(2027, 3, 15)),
        ("2026-12-01 前", date(2026, 12, 1)),
        ("12/3 前", date(2026, 12, 3)),
        ("30日前", date(2026, 11, 30)),
        ("5日前", date(2026, 12, 5)),
        ("三天内", date(2026, 11, 28)),
        ("10日内", date(2026, 12, 5)),
        ("一周内", date(2026, 12, 2)),
        ("3个工作日内", date(2026, 11, 30)),
        ("48小时内", date(2026, 11, 27)),
    ] {
        assert_eq!(due(said), Some(day), "{said}");
    }
}

#[test]
fn figures_that_are_no_date_stay_figures() {
    for said in ["15号楼清扫", "3-5台雾炮", "G112 国道湿扫", "500 m 圈内", "13月40日前", "周边保洁"]
    {
        assert_eq!(due(said), None, "{said}");
    }
}

#[test]
fn the_owner_is_who_is_named_first_and_in_full() {
    let world = world(&[(Kind::Area, "太平路街道")]);
    let owner = |said: &str| hear(said, TODAY, &world).owner.unwrap_or_default();
    assert_eq!(owner("环保牵头，住建配合"), "生态环境分局");
    assert_eq!(owner("请城市管理局明天湿扫"), "城管局");
    assert_eq!(owner("太平路街道月底前清完裸土"), "太平路街道");
    assert_eq!(owner("把裸土盖上"), "");
}

#[test]
fn a_name_within_a_longer_one_is_not_meant_and_two_of_one_name_both_are() {
    let world = world(&[
        (Kind::Road, "邱柳线"),
        (Kind::Road, "邱柳线北段"),
        (Kind::Site, "一号工地"),
        (Kind::Site, "一号工地"),
    ]);
    let named = |said: &str| -> Vec<String> {
        let heard = hear(said, TODAY, &world);
        heard.records.iter().map(|id| world.get(*id).unwrap().name().to_owned()).collect()
    };
    assert_eq!(named("邱柳线北段湿扫"), ["邱柳线北段"]);
    assert_eq!(named("一号工地和邱柳线"), ["一号工地", "一号工地", "邱柳线"]);
}

#[test]
fn a_decision_is_judged_by_its_dates() {
    let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
    let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
    let mut judged = |state: &'static str, due: Option<Date>, closed: Option<Date>| {
        let mut decision = Record::new(ids.next(), Kind::Decision, &stamp);
        decision.set("state", Some(Value::Choice(state)));
        decision.set("due", due.map(Value::Date));
        decision.set("closed_on", closed.map(Value::Date));
        standing(&decision, TODAY)
    };
    let (past, today) = (Some(date(2026, 11, 24)), Some(TODAY));
    assert_eq!(judged("待办", past, None), Standing::Overdue);
    assert_eq!(judged("进行中", today, None), Standing::Open);
    assert_eq!(judged("待办", None, None), Standing::Open);
    assert_eq!(judged("完成", past, past), Standing::ClosedOnTime);
    assert_eq!(judged("完成", past, today), Standing::ClosedLate);
    assert_eq!(judged("撤销", past, None), Standing::Dropped);
}

proptest! {
    /// Whatever is typed: no panic, and the date is never one that is past.
    #[test]
    fn any_sentence_is_heard(said in "[周五前月底日号年内天0-9/.\\-住建局 a-z工地一三]{0,24}") {
        let heard = hear(&said, TODAY, &World::default());
        if let Some(due) = heard.due && !said.contains(['年', '-', '/', '.', '本']) {
            prop_assert!(due >= TODAY, "{} {}", said, due);
        }
    }
}
