//! Sentences taken apart as offices say them; decisions judged by their dates.

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
    assert_eq!(judged("待办", past, None), DecisionStanding::Overdue);
    assert_eq!(judged("进行中", today, None), DecisionStanding::Open);
    assert_eq!(judged("待办", None, None), DecisionStanding::Open);
    assert_eq!(judged("完成", past, past), DecisionStanding::ClosedOnTime);
    assert_eq!(judged("完成", past, today), DecisionStanding::ClosedLate);
    assert_eq!(judged("撤销", past, None), DecisionStanding::Dropped);
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

fn decision(number: u128, owner: &str, state: &'static str, days: [Option<Date>; 2]) -> Record {
    let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
    let id = Ids::new(Timestamp::UNIX_EPOCH, number).next();
    let mut decision = Record::new(id, Kind::Decision, &stamp);
    decision.set("name", Some(Value::text("雾炮到位")));
    decision.set("owner", Some(Value::text(owner)));
    decision.set("state", Some(Value::Choice(state)));
    let [due, closed] = days;
    decision.set("due", due.map(Value::Date));
    decision.set("closed_on", closed.map(Value::Date));
    decision
}

#[test]
fn owners_are_judged_by_what_was_due_or_closed_and_those_with_most_overdue_come_first() {
    let (early, late) = (Some(date(2026, 11, 20)), Some(date(2026, 11, 24)));
    let all = [
        decision(1, "住建局", "完成", [late, early]),
        decision(2, "住建局", "完成", [early, late]),
        decision(3, "住建局", "待办", [Some(date(2026, 12, 1)), None]),
        decision(4, "城管局", "进行中", [late, None]),
        decision(5, "", "撤销", [early, None]),
    ];
    let owners = by_owner(all.iter().map(|decision| (standing(decision, TODAY), decision)));
    let names: Vec<&str> = owners.iter().map(|(owner, _)| owner.as_str()).collect();
    assert_eq!(names, ["城管局", "住建局", ""]);
    assert_eq!((owners[0].1.judged(), owners[0].1.share_on_time()), (1, Some(0.0)));
    // One in time, one late; the third is not due yet and says nothing.
    assert_eq!((owners[1].1.judged(), owners[1].1.share_on_time()), (2, Some(0.5)));
    assert_eq!((owners[2].1.count(), owners[2].1.share_on_time()), (1, None));
}

#[test]
fn what_is_done_is_closed_today_and_what_is_taken_up_again_is_not() {
    let by = Stamp { actor: "乙".into(), at: Timestamp::UNIX_EPOCH };
    let open = decision(1, "住建局", "待办", [None, None]);
    assert!(state::moved(&open, DecisionState::ToDo, TODAY, &by).is_none(), "it is so already");
    let done = state::moved(&open, DecisionState::Done, TODAY, &by).unwrap();
    assert_eq!(done.get("closed_on"), Some(&Value::Date(TODAY)));
    assert_eq!(&*done.meta.changed_by, "乙");
    let again = state::moved(&done, DecisionState::UnderWay, TODAY, &by).unwrap();
    assert_eq!((again.get("closed_on"), again.text("state")), (None, "进行中"));
}

#[test]
fn weeks_count_what_was_taken_and_closed_in_them_and_what_was_open_when_they_ended() {
    let office = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let by = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
    // A Friday two weeks ago.
    let mut meeting = Record::new(Ids::new(by.at, 90).next(), Kind::Meeting, &by);
    meeting.set("code", Some(Value::text("M1")));
    meeting.set("date", Some(Value::Date(date(2026, 11, 13))));
    let of_meeting = |mut decision: Record| {
        decision.set("meeting", Some(Value::text("M1")));
        decision
    };
    let world: World = [
        meeting,
        // Closed on the Sunday, in time.
        of_meeting(decision(1, "甲", "完成", [Some(date(2026, 11, 15)), Some(date(2026, 11, 15))])),
        // Closed on the Monday after, a day late.
        of_meeting(decision(2, "甲", "完成", [Some(date(2026, 11, 15)), Some(date(2026, 11, 16))])),
        of_meeting(decision(3, "乙", "待办", [None, None])),
    ]
    .into_iter()
    .collect();
    let weeks = weeks::weeks(&world, TODAY, &office, 3);
    let told: Vec<_> = weeks
        .iter()
        .map(|w| (w.monday, w.taken, w.closed_on_time, w.closed_late, w.open))
        .collect();
    assert_eq!(
        told,
        [
            (date(2026, 11, 9), 3, 1, 0, 2),
            (date(2026, 11, 16), 0, 0, 1, 1),
            (date(2026, 11, 23), 0, 0, 0, 1),
        ]
    );
    let all: Vec<_> = decisions(&world, None, TODAY)
        .into_iter()
        .map(|(how, decision)| (how, Arc::clone(decision)))
        .collect();
    let count = |wanted: DecisionFilter| wanted.pick(&world, &all, &office).len();
    let week = |monday| count(DecisionFilter { week: Some(monday), ..DecisionFilter::default() });
    assert_eq!([week(date(2026, 11, 2)), week(date(2026, 11, 16))], [0, 2]);
    assert_eq!(count(DecisionFilter { owner: Some("乙".into()), ..DecisionFilter::default() }), 1);
    assert_eq!(count(DecisionFilter { text: "雾炮 甲".into(), ..DecisionFilter::default() }), 2);
    let meeting = world.table(Kind::Meeting).iter().next().map(|meeting| meeting.id);
    assert_eq!(count(DecisionFilter { meeting, ..DecisionFilter::default() }), 3);
    let open =
        DecisionFilter { standings: [DecisionStanding::Open].into(), ..DecisionFilter::default() };
    assert_eq!(count(open), 1);
}

#[test]
fn the_last_meeting_is_that_before_the_one_that_is_held() {
    let by = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
    let mut ids = Ids::new(by.at, 1);
    let mut meeting = |day: Date| {
        let mut meeting = Record::new(ids.next(), Kind::Meeting, &by);
        meeting.set("date", Some(Value::Date(day)));
        meeting
    };
    let (first, today) = (meeting(date(2026, 11, 18)), meeting(TODAY));
    let id = first.id;
    let world: World = [first, today].into_iter().collect();
    assert_eq!(last_meeting(&world, TODAY).unwrap().id, id, "today's is held");
    assert!(last_meeting(&world, date(2026, 11, 18)).is_none());
}
