//! Check plans: what each must look at, from where things lie, and what of it is due.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo_types::{Coord, Geometry};
use jiff::civil::{Date, DateTime};
use jiff::{Span, ToSpan as _};

use crate::analysis::decisions::weeks::monday_of;
use crate::analysis::{RingOptions, control_points, decisions};
use crate::domain::item::{Deed, StepKind, taken};
use crate::domain::{
    AreaRole, Change, CheckSubject, ControlPointLevel, Ids, ItemSource, ItemType, Kind,
    LocalizedText, Record, RecordId, SiteKind, Stamp, Value, Verdict, World,
};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb;

/// Something that a plan looks at.
#[derive(Clone, Debug)]
pub struct Target {
    pub record: Arc<Record>,
    /// From the nearest national or provincial point; `None` where the plan does not ask.
    pub distance_m: Option<f64>,
    /// The last check, and what it said.
    pub last: Option<(Date, Option<Verdict>)>,
    /// The day by which it is to be looked at again: today for what nobody has looked at.
    pub due: Date,
}

/// How far a plan has come in the week of a day, Monday to Sunday.
#[derive(Clone, Debug)]
pub struct PlanState {
    pub plan: Arc<Record>,
    /// What is due first.
    pub targets: Vec<Target>,
    /// Due by the end of this week, those that are done among them.
    pub due: usize,
    pub done: usize,
    /// Of those that were done: failing.
    pub found: usize,
    pub overdue: usize,
}

const EVERY_DAYS: i64 = 7;

impl CheckSubject {
    /// What is wrong where such a check fails.
    pub const fn problem(self) -> ItemType {
        match self {
            Self::Surroundings => ItemType::Surroundings,
            Self::Restaurants => ItemType::Fume,
            Self::Parking => ItemType::Idling,
            Self::Stockpiles => ItemType::Stockpile,
            Self::AutoRepair => ItemType::AutoRepair,
            Self::Construction => ItemType::SiteDust,
            Self::BareGround => ItemType::BareGround,
            Self::Mines | Self::Enterprises => ItemType::Industry,
            Self::Burning => ItemType::Burning,
            Self::Villages => ItemType::LooseCoal,
            Self::Sweeping => ItemType::RoadDust,
        }
    }
}

impl PlanState {
    /// 0–1 of what was due; `None` where nothing was.
    pub fn share(&self) -> Option<f64> {
        (self.due > 0).then(|| self.done as f64 / self.due as f64)
    }
}

/// All plans that hold on a day, in the order of their records.
pub fn plans(world: &World, today: Date) -> Vec<PlanState> {
    let frames = points(world);
    let ring_roads: Vec<&Geometry<f64>> = world
        .table(Kind::Area)
        .iter()
        .filter(|area| AreaRole::RingRoad.is_of(area))
        .filter_map(|area| area.geometry.as_ref())
        .collect();
    let mut checks: BTreeMap<(String, RecordId), (Date, Option<Verdict>)> = BTreeMap::new();
    for check in world.table(Kind::Check).iter() {
        let Some(on) = check.date("checked_on") else { continue };
        let verdict = Verdict::from_key(check.text("verdict"));
        for id in check.linked("records") {
            let key = (check.text("plan").to_owned(), id);
            let last = checks.entry(key).or_insert((on, verdict));
            if on >= last.0 {
                *last = (on, verdict);
            }
        }
    }
    let all = world.table(Kind::CheckPlan).iter();
    let holds = all.filter(|plan| plan.validity().includes(today));
    holds
        .filter_map(|plan| {
            let targets = targets(world, plan, &frames, &ring_roads)?;
            Some(state(plan, targets, &checks, today))
        })
        .collect()
}

/// National and provincial points in operation.
fn points(world: &World) -> Vec<LocalFrame> {
    let is_meant = |point: &Record| {
        matches!(
            ControlPointLevel::of(point),
            Some(ControlPointLevel::National | ControlPointLevel::Provincial)
        )
    };
    let points = control_points(world, &RingOptions::default()).into_iter();
    points.filter(|(point, _)| is_meant(point)).map(|(_, at)| LocalFrame::at(at)).collect()
}

fn targets(
    world: &World,
    plan: &Record,
    frames: &[LocalFrame],
    ring_roads: &[&Geometry<f64>],
) -> Option<Vec<(Arc<Record>, Option<f64>)>> {
    let subject = CheckSubject::of(plan)?;
    let within_m = plan.get("within_m").and_then(Value::as_f64);
    let is_inside = plan.get("inside_ring_road") == Some(&Value::Boolean(true));
    let roads = (subject == CheckSubject::Sweeping).then(|| world.table(Kind::Sweeping).iter());
    let sites = world
        .table(Kind::Site)
        .iter()
        .filter(|site| subject.sites().iter().any(|kind| kind.is_of(site)))
        .chain(roads.into_iter().flatten());
    let near = |site: &Arc<Record>| {
        let geometry = site.geometry.as_ref();
        let distances = frames.iter().filter_map(|frame| frame.nearest_m(geometry?));
        let distance_m = distances.min_by(f64::total_cmp);
        if within_m.is_some_and(|within| distance_m.is_none_or(|distance| distance > within)) {
            return None;
        }
        if is_inside {
            let at = middle(geometry?)?;
            let frame = LocalFrame::at(at);
            let inside = |road: &&&Geometry<f64>| frame.nearest_m(road).is_some_and(|m| m <= 0.0);
            ring_roads.iter().find(inside)?;
        }
        Some((Arc::clone(site), within_m.and(distance_m)))
    };
    Some(sites.filter_map(near).collect())
}

fn middle(geometry: &Geometry<f64>) -> Option<Coord<f64>> {
    let bounds = wkb::bounds(geometry)?;
    Some(bounds.middle())
}

fn state(
    plan: &Arc<Record>,
    targets: Vec<(Arc<Record>, Option<f64>)>,
    checks: &BTreeMap<(String, RecordId), (Date, Option<Verdict>)>,
    today: Date,
) -> PlanState {
    let every = match plan.get("every_days") {
        Some(Value::Integer(days)) => *days,
        _ => EVERY_DAYS,
    };
    let monday = monday_of(today);
    let sunday = monday.checked_add(6.days()).unwrap_or(today);
    let handle = decisions::handle(plan).into_owned();
    let mut state = PlanState {
        plan: Arc::clone(plan),
        targets: Vec::new(),
        due: 0,
        done: 0,
        found: 0,
        overdue: 0,
    };
    for (record, distance_m) in targets {
        let last = checks.get(&(handle.clone(), record.id)).copied();
        let again = last.and_then(|(on, _)| on.checked_add(Span::new().days(every)).ok());
        let due = again.unwrap_or(today);
        let is_done = last.is_some_and(|(on, _)| (monday..=sunday).contains(&on));
        state.due += usize::from(is_done || due <= sunday);
        state.done += usize::from(is_done);
        state.overdue += usize::from(!is_done && due < today);
        let has_failed = last.is_some_and(|(_, verdict)| verdict == Some(Verdict::Failed));
        state.found += usize::from(is_done && has_failed);
        state.targets.push(Target { record, distance_m, last, due });
    }
    state.targets.sort_by(|a, b| {
        let key = |target: &Target| target.distance_m.unwrap_or(f64::INFINITY);
        a.due.cmp(&b.due).then(key(a).total_cmp(&key(b))).then(a.record.id.cmp(&b.record.id))
    });
    state
}

/// A fume test is to be done again after so many days.
const FUME_TEST_DAYS: i64 = 365;

/// What is to be known of a target before anybody goes there: whether it is visited at all without a
/// complaint, and what fails without a look.
pub fn remarks(target: &Record, today: Date) -> Vec<LocalizedText> {
    let mut remarks = Vec::new();
    if let Some(until) = target.date("positive_until").filter(|until| *until >= today) {
        remarks.push(LocalizedText::new(
            format!("正面清单（至 {until}）：以非现场检查为主，有投诉方可现场检查"),
            format!("on the positive list until {until}: no routine visit"),
        ));
    }
    if SiteKind::of(target) != Some(SiteKind::Restaurant) {
        return remarks;
    }
    if matches!(target.text("purifier").trim(), "无" | "没有" | "未安装") {
        remarks.push(LocalizedText::new(
            "无油烟净化器，按超标计",
            "no purifier: it counts as failing",
        ));
    }
    if Verdict::from_key(target.text("fume_test_result")) == Some(Verdict::Failed) {
        remarks.push(LocalizedText::new("油烟检测不合格", "its fume test failed"));
    }
    let again = target.date("fume_test_on");
    let again = again.and_then(|on| on.checked_add(Span::new().days(FUME_TEST_DAYS)).ok());
    if let Some(again) = again.filter(|again| *again < today) {
        remarks.push(LocalizedText::new(
            format!("油烟检测应于 {again} 前重做"),
            format!("a fume test was due by {again}"),
        ));
    }
    remarks
}

/// A check of a target, and the item that comes of one that was not passed, linked both ways.
pub fn checked(
    plan: &Record,
    target: &Record,
    (verdict, found): (Verdict, &str),
    (at, code): (DateTime, &str),
    (stamp, ids): (&Stamp, &mut Ids),
) -> Vec<Change> {
    let mut check = Record::new(ids.next(), Kind::Check, stamp);
    let put = |record: &mut Record, key: &str, text: &str| {
        if !text.is_empty() {
            record.set(key, Some(Value::text(text)));
        }
    };
    put(&mut check, "name", target.name());
    put(&mut check, "plan", &decisions::handle(plan));
    check.set("checked_on", Some(Value::Date(at.date())));
    check.set("verdict", Some(verdict.value()));
    put(&mut check, "checker", &stamp.actor);
    put(&mut check, "found", found);
    let mut linked = vec![Arc::from(target.id.to_string())];
    let mut changes = Vec::new();
    if verdict == Verdict::Failed {
        let item = item_of(plan, target, found, (at, code), (stamp, ids), check.id);
        linked.push(item.id.to_string().into());
        changes.push(Change::create(item));
    }
    check.set("records", Some(Value::Words(linked.into())));
    changes.insert(0, Change::create(check));
    changes
}

fn item_of(
    plan: &Record,
    target: &Record,
    found: &str,
    (at, code): (DateTime, &str),
    (stamp, ids): (&Stamp, &mut Ids),
    check: RecordId,
) -> Record {
    let mut item = Record::new(ids.next(), Kind::Item, stamp);
    let put = |item: &mut Record, key: &str, text: &str| {
        if !text.is_empty() {
            item.set(key, Some(Value::text(text)));
        }
    };
    let problem = CheckSubject::of(plan).unwrap_or(CheckSubject::Surroundings).problem();
    let words = format!("{}检查不合格", problem.label().zh);
    put(&mut item, "code", code);
    put(&mut item, "name", if found.is_empty() { &words } else { found });
    ItemSource::Plan.put(&mut item);
    put(&mut item, "address", target.name());
    put(&mut item, "township", target.text("township"));
    put(&mut item, "department", target.text("department"));
    item.set("types", Some(Value::Words([problem.key().into()].into())));
    item.geometry = target.geometry.as_ref().and_then(middle).map(|at| geo_types::Point(at).into());
    let ids = [target.id, check].map(|id| Arc::from(id.to_string()));
    item.set("records", Some(Value::Words(ids.into())));
    let mut deed = Deed::new(StepKind::Register, &stamp.actor, at);
    deed.reason = format!("检查计划 {}", plan.name());
    taken(&item, &deed, stamp).unwrap_or(item)
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, Point, Polygon};
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::domain::item::guard::unlawful;
    use crate::domain::{Edit, ItemState};
    use crate::geodesy::ring::destination;

    const NOW: DateTime = date(2026, 11, 26).at(10, 0, 0, 0);
    const STATION: Coord<f64> = Coord { x: 118.156_2, y: 39.832_2 };

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

        fn put(
            &mut self,
            kind: Kind,
            at: Option<Coord<f64>>,
            fields: &[(&str, &str)],
        ) -> Arc<Record> {
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
        let plan =
            small.plan(&[("name", "停车场"), ("subject", "停车场"), ("inside_ring_road", "是")]);
        assert_eq!(small.names(&plan), ["内场"]);
        let everywhere = small.plan(&[("name", "全部"), ("subject", "停车场")]);
        assert_eq!(small.names(&everywhere).len(), 2);
    }

    #[test]
    fn what_was_checked_is_due_again_after_the_interval_and_shares_say_of_how_many() {
        let mut small = Small::new();
        let names = ["今早查过", "上周查过", "从未查过", "早就该查"];
        let sites = names.map(|name| small.site(SiteKind::Construction, name, 400.0));
        let fields = [
            ("code", "P1"),
            ("name", "工地"),
            ("subject", "工地六个百分之百"),
            ("every_days", "7"),
        ];
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
        let due: Vec<(String, Date)> = state
            .targets
            .iter()
            .map(|target| (target.record.name().to_owned(), target.due))
            .collect();
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
        let firm = |small: &mut Small, until: &str| {
            let fields = [("name", "厂"), ("kind", "企业"), ("positive_until", until)];
            small.put(Kind::Site, Some(STATION), &fields)
        };
        let listed = firm(&mut small, "2027-01-01");
        assert!(remarks(&listed, NOW.date())[0].zh.contains("非现场检查为主"));
        assert!(remarks(&firm(&mut small, "2026-11-25"), NOW.date()).is_empty());
        let fields = [
            ("name", "店"),
            ("kind", "餐饮"),
            ("purifier", "无"),
            ("fume_test_on", "2025-11-20"),
            ("fume_test_result", "不合格"),
        ];
        let shop = small.put(Kind::Site, Some(STATION), &fields);
        let words: Vec<String> = remarks(&shop, NOW.date()).into_iter().map(|it| it.zh).collect();
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
            (Verdict::Failed, "雾炮未开启"),
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
            (Verdict::Passed, ""),
            (NOW, "FR-20261126-002"),
            (&stamp(), &mut ids),
        );
        assert_eq!(passed.len(), 1, "a check alone");
    }
}
