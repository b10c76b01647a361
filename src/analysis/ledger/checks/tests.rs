use geo_types::{LineString, Point, Polygon};
use jiff::Timestamp;
use jiff::civil::date;

use super::*;
use crate::analysis::ledger::remarks::remarks;
use crate::analysis::ledger::villages::villages;
use crate::domain::item::guard::unlawful;
use crate::domain::{Edit, SiteKind};
use crate::geodesy::ring::destination;

const NOW: DateTime = date(2026, 11, 26).at(10, 0, 0, 0);
const STATION: Coord<f64> = Coord { x: 118.156_2, y: 39.832_2 };

fn seen(verdict: Verdict, found: &str) -> Looked<'_> {
    Looked { verdict, found, house_number: "", coal_kg: None }
}

struct Small {
    ids: Ids,
    world: World,
}

fn stamp() -> Stamp {
    Stamp { actor: "巡查员".into(), at: Timestamp::from_second(1_795_900_000).unwrap() }
}

impl Small {
    /// A national point; a point of a township, which no plan is about.
    fn new() -> Self {
        let ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let mut small = Self { ids, world: World::default() };
        small.put(Kind::ControlPoint, Some(STATION), &[("name", "国控"), ("level", "国控")]);
        let far = destination(STATION, 90.0, 5_000.0);
        small.put(Kind::ControlPoint, Some(far), &[("name", "乡镇站"), ("level", "乡镇")]);
        small
    }

    fn put(&mut self, kind: Kind, at: Option<Coord<f64>>, fields: &[(&str, &str)]) -> Arc<Record> {
        let mut record = Record::new(self.ids.next(), kind, &stamp());
        for (key, text) in fields {
            let field = kind.field(key).unwrap_or_else(|| panic!("{key}"));
            record.set(key, Value::parse(field, text).unwrap());
        }
        record.geometry = at.map(|at| Point(at).into());
        let change = Change::create(record);
        let record = change.after.clone().unwrap();
        self.world.apply(&Edit::of(vec![change])).unwrap();
        record
    }

    fn site(&mut self, kind: SiteKind, name: &str, metres: f64) -> Arc<Record> {
        let at = destination(STATION, 45.0, metres);
        self.put(Kind::Site, Some(at), &[("name", name), ("kind", kind.label().zh)])
    }

    fn plan(&mut self, fields: &[(&str, &str)]) -> Arc<Record> {
        self.put(Kind::CheckPlan, None, fields)
    }

    fn state(&self, plan: &Record) -> PlanState {
        let all = plans(&self.world, NOW.date());
        all.into_iter().find(|state| state.plan.id == plan.id).unwrap()
    }

    fn checked(&mut self, of: &Record, plan: &str, fields: &[(&str, &str)]) {
        let id = of.id.to_string();
        let own = [("name", of.name()), ("plan", plan), ("records", &*id)];
        self.put(Kind::Check, None, &[&own[..], fields].concat());
    }

    fn names(&self, plan: &Record) -> Vec<String> {
        let all = plans(&self.world, NOW.date());
        let own = all.iter().find(|state| state.plan.id == plan.id).unwrap();
        own.targets.iter().map(|target| target.record.name().to_owned()).collect()
    }
}

#[test]
fn buildings_within_500_m_and_restaurants_within_1000_m_of_a_national_point_are_gone_through() {
    let mut small = Small::new();
    small.site(SiteKind::Building, "楼内", 499.0);
    small.site(SiteKind::Sensitive, "学校", 300.0);
    small.site(SiteKind::Building, "楼外", 501.0);
    small.site(SiteKind::Restaurant, "店内", 999.0);
    small.site(SiteKind::Restaurant, "店外", 1001.0);
    // Beside the point of the township alone.
    small.site(SiteKind::Restaurant, "远店", 5_000.0);
    let clean = small.plan(&[
        ("name", "保洁"),
        ("subject", "公共设施周边保洁"),
        ("within_m", "500"),
        ("every_days", "1"),
    ]);
    let fume = small.plan(&[("name", "油烟"), ("subject", "餐饮油烟"), ("within_m", "1000")]);
    assert_eq!(small.names(&clean), ["学校", "楼内"], "the nearest first");
    assert_eq!(small.names(&fume), ["店内"]);
    let all = small.plan(&[("name", "全部餐饮"), ("subject", "餐饮油烟")]);
    assert_eq!(small.names(&all).len(), 3, "without a distance the whole district");
    let over = [("name", "旧"), ("subject", "餐饮油烟"), ("valid_to", "2026-11-25")];
    let over = small.plan(&over);
    assert!(plans(&small.world, NOW.date()).iter().all(|it| it.plan.id != over.id));
}

#[test]
fn a_plan_inside_the_ring_road_takes_what_lies_within_it_and_nothing_beside_it() {
    let mut small = Small::new();
    let corner = |turn: f64| destination(STATION, turn, 2_000.0);
    let ring: Vec<Coord<f64>> = [45.0, 135.0, 225.0, 315.0, 45.0].map(corner).to_vec();
    let mut area = Record::new(small.ids.next(), Kind::Area, &stamp());
    area.set("name", Some(Value::text("环线以内")));
    AreaRole::RingRoad.put(&mut area);
    area.geometry = Some(Polygon::new(LineString(ring), vec![]).into());
    small.world.apply(&Edit::of(vec![Change::create(area)])).unwrap();
    small.site(SiteKind::Parking, "内场", 1_500.0);
    small.site(SiteKind::Parking, "外场", 2_500.0);
    small.site(SiteKind::Stockpile, "堆场", 1_000.0);
    let plan = small.plan(&[("name", "停车场"), ("subject", "停车场"), ("inside_ring_road", "是")]);
    assert_eq!(small.names(&plan), ["内场"]);
    // 2500 m to the north-east lie some way outside of the outline, which is 2000 m away there.
    let along = small.plan(&[
        ("name", "沿线"),
        ("subject", "停车场"),
        ("inside_ring_road", "是"),
        ("along_m", "600"),
    ]);
    assert_eq!(small.names(&along), ["内场", "外场"]);
    let own = small.put(
        Kind::Site,
        Some(destination(STATION, 45.0, 100.0)),
        &[("name", "近场"), ("kind", "停车场"), ("disposal", "取缔")],
    );
    assert_eq!(small.names(&plan), ["内场", "近场"]);
    // Legal, to do, handled, closed down, not said.
    assert_eq!(small.state(&plan).disposals, Some([0, 0, 0, 1, 1]));
    small.world.apply(&Edit::of(vec![Change::delete(own)])).unwrap();
    let everywhere = small.plan(&[("name", "全部"), ("subject", "停车场")]);
    assert_eq!(small.names(&everywhere).len(), 2);
}

#[test]
fn what_was_checked_is_due_again_after_the_interval_and_shares_say_of_how_many() {
    let mut small = Small::new();
    let names = ["今早查过", "上周查过", "从未查过", "早就该查"];
    let sites = names.map(|name| small.site(SiteKind::Construction, name, 400.0));
    let fields =
        [("code", "P1"), ("name", "工地"), ("subject", "工地六个百分之百"), ("every_days", "7")];
    let plan = small.plan(&fields);
    // 26 November 2026 is a Thursday.
    for (site, day, verdict) in [
        (&sites[0], "2026-11-26", "不合格"),
        (&sites[1], "2026-11-19", "合格"),
        (&sites[3], "2026-11-10", "合格"),
    ] {
        let id = site.id.to_string();
        small.put(
            Kind::Check,
            None,
            &[
                ("name", site.name()),
                ("plan", "P1"),
                ("records", &id),
                ("checked_on", day),
                ("verdict", verdict),
            ],
        );
    }
    let all = plans(&small.world, NOW.date());
    let state = all.iter().find(|state| state.plan.id == plan.id).unwrap();
    let due: Vec<(String, Date)> =
        state.targets.iter().map(|target| (target.record.name().to_owned(), target.due)).collect();
    let on = |name: &str| due.iter().find(|(of, _)| of == name).unwrap().1;
    assert_eq!(on("今早查过"), date(2026, 12, 3));
    assert_eq!(on("上周查过"), NOW.date());
    assert_eq!(on("从未查过"), NOW.date(), "what nobody has looked at is due now");
    assert_eq!(on("早就该查"), date(2026, 11, 17));
    assert_eq!((state.due, state.done, state.found, state.overdue), (4, 1, 1, 1));
    assert_eq!(state.share(), Some(0.25));
}

#[test]
fn what_is_to_be_known_before_a_visit_is_said_and_a_list_that_is_over_binds_nobody() {
    let mut small = Small::new();
    let plan = small.plan(&[("name", "油烟"), ("subject", "餐饮油烟"), ("every_days", "30")]);
    let firm = |small: &mut Small, until: &str| {
        let fields = [("name", "厂"), ("kind", "企业"), ("positive_until", until)];
        small.put(Kind::Site, Some(STATION), &fields)
    };
    let listed = firm(&mut small, "2027-01-01");
    assert!(remarks(&plan, &listed, NOW.date())[0].zh.contains("非现场检查为主"));
    assert!(remarks(&plan, &firm(&mut small, "2026-11-25"), NOW.date()).is_empty());
    let fields = [
        ("name", "店"),
        ("kind", "餐饮"),
        ("purifier", "无"),
        ("fume_test_on", "2025-11-20"),
        ("fume_test_result", "不合格"),
    ];
    let shop = small.put(Kind::Site, Some(STATION), &fields);
    let words: Vec<String> =
        remarks(&plan, &shop, NOW.date()).into_iter().map(|it| it.zh).collect();
    let all = ["无油烟净化器，按超标计", "油烟检测不合格", "油烟检测应于 2026-11-20 前重做"];
    assert_eq!(words, all);
}

#[test]
fn a_check_that_fails_becomes_an_item_at_the_place_linked_both_ways_and_a_passed_one_none() {
    let mut small = Small::new();
    let site = small.site(SiteKind::Construction, "一号工地", 400.0);
    let plan = small.plan(&[("name", "工地"), ("subject", "工地六个百分之百")]);
    let mut ids = Ids::new(Timestamp::from_second(9).unwrap(), 3);
    let failed = checked(
        &plan,
        &site,
        &seen(Verdict::Failed, "雾炮未开启"),
        (NOW, "FR-20261126-001"),
        (&stamp(), &mut ids),
    );
    let records: Vec<&Arc<Record>> =
        failed.iter().filter_map(|change| change.after.as_ref()).collect();
    let (check, item) = (records[0], records[1]);
    assert_eq!((item.name(), item.text("address")), ("雾炮未开启", "一号工地"));
    assert_eq!(ItemState::of(item), Some(ItemState::Registered));
    assert!(item.linked("records").any(|id| id == check.id));
    assert!(item.linked("records").any(|id| id == site.id));
    assert!(check.linked("records").any(|id| id == item.id));
    assert_eq!(item.geometry, site.geometry);
    assert_eq!(unlawful(&Edit::of(failed.clone())), None);
    small.world.apply(&Edit::of(failed.clone())).unwrap();
    let state = &plans(&small.world, NOW.date())[0];
    assert_eq!((state.done, state.found), (1, 1));
    let passed = checked(
        &plan,
        &site,
        &seen(Verdict::Passed, ""),
        (NOW, "FR-20261126-002"),
        (&stamp(), &mut ids),
    );
    assert_eq!(passed.len(), 1, "a check alone");
}

#[test]
fn fume_is_held_to_the_limit_of_the_plan_for_its_size_else_to_the_national_one() {
    let mut small = Small::new();
    let national = small.plan(&[("name", "国标"), ("subject", "餐饮油烟"), ("every_days", "30")]);
    let own = small.plan(&[
        ("name", "地标"),
        ("subject", "餐饮油烟"),
        ("every_days", "30"),
        ("fume_limits", "1.5、1.2、1.0"),
        ("standard", "本地标准"),
    ]);
    let mut shop = |stoves: &str, mg: &str| {
        let fields = [("name", "店"), ("kind", "餐饮"), ("fume_mg", mg), ("stoves", stoves)];
        small.put(Kind::Site, Some(STATION), &fields)
    };
    let said = |plan: &Record, shop: &Record| remarks(plan, shop, NOW.date()).len();
    // GB 18483-2001: 2.0 whatever the size; small below 3 stoves, medium below 6.
    let (small_shop, medium, large) = (shop("2", "1.4"), shop("3", "1.4"), shop("6", "1.1"));
    assert_eq!([&small_shop, &medium, &large].map(|it| said(&national, it)), [0, 0, 0]);
    assert_eq!([&small_shop, &medium, &large].map(|it| said(&own, it)), [0, 1, 1]);
    let words = remarks(&own, &large, NOW.date()).remove(0).zh;
    assert_eq!(words, "油烟 1.1 mg/m³，超过 1 mg/m³（大型，本地标准）");
    assert_eq!(said(&national, &shop("9", "2.1")), 1);
    let fields = [("name", "店"), ("kind", "餐饮"), ("purifier_cleaned_on", "2026-10-26")];
    let dirty = small.put(Kind::Site, Some(STATION), &fields);
    let words = remarks(&national, &dirty, NOW.date()).remove(0).zh;
    assert_eq!(words, "净化器应于 2026-11-25 前清洗");
}

#[test]
fn a_building_site_that_fails_stands_still_until_a_check_is_passed() {
    let mut small = Small::new();
    let site = small.site(SiteKind::Construction, "一号工地", 400.0);
    let fields = [("code", "P1"), ("name", "工地"), ("subject", "工地六个百分之百")];
    let plan = small.plan(&fields);
    let mut ids = Ids::new(Timestamp::from_second(9).unwrap(), 3);
    let failed = checked(
        &plan,
        &site,
        &seen(Verdict::Failed, "裸土未苫盖"),
        (NOW, "FR-20261126-001"),
        (&stamp(), &mut ids),
    );
    small.world.apply(&Edit::of(failed.clone())).unwrap();
    let item = failed[1].after.clone().unwrap();
    assert_eq!(item.text("time_limit"), "停工整改");
    assert!(small.state(&plan).targets[0].is_stopped);
    let mut now = item;
    for step in [StepKind::HandOver, StepKind::Mend, StepKind::AskCheck] {
        let mut deed = Deed::new(step, "施工方", NOW);
        deed.reason = "现场".to_owned();
        let newer = Arc::new(taken(&now, &deed, &stamp()).unwrap());
        let change = Change::update(now, Record::clone(&newer));
        small.world.apply(&Edit::of(vec![change])).unwrap();
        now = small.world.get(newer.id).unwrap().clone();
        assert!(small.state(&plan).targets[0].is_stopped, "mended is not checked: {step:?}");
    }
    let mut deed = Deed::new(StepKind::Check, "核查员", NOW);
    deed.text = "六项合格".to_owned();
    let newer = taken(&now, &deed, &stamp()).unwrap();
    small.world.apply(&Edit::of(vec![Change::update(now, newer)])).unwrap();
    assert!(!small.state(&plan).targets[0].is_stopped);
}

#[test]
fn posts_that_must_be_manned_are_called_and_the_share_that_answers_says_of_how_many() {
    let mut small = Small::new();
    let duty = |small: &mut Small, name: &str, manned: &str, to: &str| {
        let fields = [("name", name), ("scope", "点位"), ("is_manned", manned), ("valid_to", to)];
        small.put(Kind::Duty, None, &fields)
    };
    let first = duty(&mut small, "二级网格员甲", "是", "2026-12-31");
    let second = duty(&mut small, "驻厂监督员乙", "是", "2026-12-31");
    duty(&mut small, "分包领导", "否", "2026-12-31");
    duty(&mut small, "离任网格员", "是", "2026-11-25");
    let fields = [("code", "V"), ("name", "拨测"), ("subject", "岗位值守"), ("every_days", "1")];
    let plan = small.plan(&fields);
    assert_eq!(small.names(&plan).len(), 2, "manned, and in office");
    // 23 November 2026 is a Monday; the Sunday before is another week.
    for (of, on, verdict) in [
        (&first, "2026-11-22", "不合格"),
        (&first, "2026-11-24", "合格"),
        (&first, "2026-11-25", "合格"),
        (&second, "2026-11-25", "不合格"),
    ] {
        small.checked(of, "V", &[("checked_on", on), ("verdict", verdict)]);
    }
    let state = small.state(&plan);
    assert_eq!((state.looks, state.failed), (3, 1));
    let share = state.answered_share().unwrap();
    assert!((share - 2.0 / 3.0).abs() < 1e-12);
    let mut ids = Ids::new(Timestamp::from_second(9).unwrap(), 3);
    let missed = checked(
        &plan,
        &second,
        &seen(Verdict::Failed, ""),
        (NOW, "FR-20261126-001"),
        (&stamp(), &mut ids),
    );
    let item = missed[1].after.clone().unwrap();
    assert_eq!((item.name(), SixChecks::of(&item)), ("拨测无人接听", Some(SixChecks::Moments)));
}

#[test]
fn standing_rules_come_again_and_a_task_is_done_once_and_stays_while_it_is_late() {
    let mut small = Small::new();
    let rule = small.plan(&[
        ("code", "Z1"),
        ("name", "每周研判制度"),
        ("subject", "制度落实"),
        ("every_days", "7"),
        ("person", "张三"),
    ]);
    let task = |small: &mut Small, code: &str, to: &str| {
        let fields = [("code", code), ("name", code), ("subject", "攻坚任务"), ("valid_to", to)];
        small.plan(&fields)
    };
    let late = task(&mut small, "G1", "2026-11-20");
    let done = task(&mut small, "G2", "2026-11-20");
    let open = task(&mut small, "G3", "2026-12-10");
    small.checked(&rule, "Z1", &[("checked_on", "2026-11-12"), ("verdict", "合格")]);
    small.checked(&done, "G2", &[("checked_on", "2026-11-10"), ("verdict", "合格")]);
    small.checked(&open, "G3", &[("checked_on", "2026-11-10"), ("verdict", "不合格")]);
    let state = small.state(&rule);
    assert_eq!(state.targets[0].record.id, rule.id, "it is itself what is done");
    assert_eq!(state.targets[0].due, date(2026, 11, 19));
    assert_eq!((state.done, state.overdue), (0, 1));
    let late = small.state(&late);
    assert_eq!((late.targets[0].due, late.overdue), (date(2026, 11, 20), 1));
    let all = plans(&small.world, NOW.date());
    assert!(all.iter().all(|state| state.plan.id != done.id), "done and over");
    let open = small.state(&open);
    assert_eq!((open.done, open.overdue), (0, 0), "what was not passed is not done");
    small.checked(&late.plan, "G1", &[("checked_on", "2026-11-26"), ("verdict", "合格")]);
    let all = plans(&small.world, NOW.date());
    assert!(all.iter().all(|state| state.plan.id != late.plan.id));
}

#[test]
fn villages_count_households_by_house_number_without_names_from_sheets_and_from_the_window() {
    let mut small = Small::new();
    let here = small.put(
        Kind::Site,
        Some(STATION),
        &[("name", "东村"), ("kind", "村庄"), ("households", "40")],
    );
    small.put(Kind::Site, Some(STATION), &[("name", "西村"), ("kind", "村庄")]);
    let fields =
        [("code", "S"), ("name", "散煤"), ("subject", "双代散煤"), ("valid_from", "2026-11-01")];
    let plan = small.plan(&fields);
    let house = |small: &mut Small, number: &str, on: &str, kg: &str| {
        let fields = [
            ("house_number", number),
            ("checked_on", on),
            ("verdict", "合格"),
            ("coal_kg", kg),
            ("stove_removed", "是"),
        ];
        small.checked(&here, "S", &fields);
    };
    house(&mut small, "1", "2026-10-30", "500");
    house(&mut small, "1", "2026-11-02", "100");
    house(&mut small, "1", "2026-11-20", "0");
    house(&mut small, "2", "2026-11-03", "50");
    // Of a sheet that was filled in: no ids.
    let sheet = [
        ("name", "西村"),
        ("plan", "S"),
        ("house_number", "7"),
        ("checked_on", "2026-11-05"),
        ("verdict", "不合格"),
    ];
    small.put(Kind::Check, None, &sheet);
    let rows = villages(&small.world, &small.state(&plan));
    let row = |name: &str| rows.iter().find(|row| row.village.name() == name).unwrap().clone();
    let east = row("东村");
    assert_eq!((east.households, east.checked, east.found), (Some(40), 2, 1), "1 is clean by now");
    assert!((east.coal_kg - 150.0).abs() < 1e-9, "what was taken away, since the plan began");
    assert_eq!(east.stoves_removed, 2);
    let west = row("西村");
    assert_eq!((west.households, west.checked, west.found), (None, 1, 1));
}
