//! What the invented district checks by itself: plans with their checks, posts, villages, standing rules and
//! tasks, and a response with the measures of its firms.

use std::sync::Arc;

use jiff::Span;
use jiff::civil::DateTime;

use super::ledger::{invented, put};
use crate::domain::item::moment_text;
use crate::domain::{
    CheckSubject, Ids, Kind, Record, RecordId, ResponseLevel, SiteKind, Stamp, Value, Verdict,
};

/// `known` are the records of the sample's files.
pub(super) fn records(
    known: &[Record],
    duties: &[Record],
    now: DateTime,
    stamp: &Stamp,
    ids: &mut Ids,
) -> Vec<Record> {
    let mut records = plans(known, now, stamp, ids);
    records.extend(own(now, stamp, ids));
    records.extend(villages(known, now, stamp, ids));
    records.extend(response(known, now, stamp, ids));
    records.extend(posts(duties, now, stamp, ids));
    records
}

fn day(now: DateTime, back: i64) -> Value {
    Value::Date(now.date().checked_sub(Span::new().days(back)).unwrap_or(now.date()))
}

fn plan(
    code: &str,
    name: &str,
    subject: CheckSubject,
    every: i64,
    stamp: &Stamp,
    ids: &mut Ids,
) -> Record {
    let mut plan = invented(Kind::CheckPlan, stamp, ids);
    put(&mut plan, "code", code);
    put(&mut plan, "name", &format!("{name}(示例)"));
    subject.put(&mut plan);
    plan.set("every_days", Some(Value::Integer(every)));
    plan
}

fn check(
    (code, name): (&str, &str),
    plan: &Record,
    of: RecordId,
    (on, verdict): (Value, Verdict),
    (stamp, ids): (&Stamp, &mut Ids),
) -> Record {
    let mut check = invented(Kind::Check, stamp, ids);
    put(&mut check, "code", code);
    let name = name.split(['(', '（']).next().unwrap_or_default();
    put(&mut check, "name", &format!("{name}(示例)"));
    put(&mut check, "plan", plan.code().unwrap_or_default());
    check.set("checked_on", Some(on));
    check.set("verdict", Some(verdict.value()));
    put(&mut check, "checker", "陈示例");
    let id: Arc<str> = of.to_string().into();
    check.set("records", Some(Value::Words([id].into())));
    check
}

/// Thirteen standing rules, each with how often and when it was last kept, days ago; none yet of one.
const SYSTEMS: [(&str, &str, i64, Option<i64>); 13] = [
    ("每日调度制度", "区大气办", 1, Some(0)),
    ("每周分析研判制度", "区大气办", 7, Some(3)),
    ("每周会商制度", "区大气办", 7, Some(4)),
    ("高值提醒制度", "监控中心", 1, Some(0)),
    ("一小时处置制度", "监控中心", 1, Some(1)),
    ("台账销号制度", "区大气办", 7, Some(2)),
    ("交办督办制度", "督查室", 7, Some(9)),
    ("核查复核制度", "督查室", 7, Some(5)),
    ("一案三查制度", "纪委", 30, Some(12)),
    ("六督六查制度", "督查室", 7, Some(6)),
    ("分包包联制度", "区委办", 30, Some(20)),
    ("值班值守制度", "区大气办", 1, Some(0)),
    ("问责建议制度", "纪委", 30, None),
];

/// Tasks of a sprint: whose, due in so many days, done or not.
const TASKS: [(&str, &str, i64, bool); 4] = [
    ("国控点周边一公里拉网排查", "区大气办", 2, true),
    ("裸土全部苫盖", "自然资源和规划局", 5, false),
    ("重型车绕行标志到位", "交警大队", -1, false),
    ("餐饮净化器集中清洗", "城管局", 9, false),
];

/// Plans that are themselves what is done.
fn own(now: DateTime, stamp: &Stamp, ids: &mut Ids) -> Vec<Record> {
    let mut records = Vec::new();
    for (place, (name, unit, every, last)) in SYSTEMS.into_iter().enumerate() {
        let code = format!("SL-Z{:02}", place + 1);
        let mut plan = plan(&code, name, CheckSubject::Systems, every, stamp, ids);
        put(&mut plan, "unit", unit);
        put(&mut plan, "person", "赵示例");
        if let Some(back) = last {
            let said = (day(now, back), Verdict::Passed);
            records.push(check((&format!("{code}-1"), name), &plan, plan.id, said, (stamp, ids)));
        }
        records.push(plan);
    }
    for (place, (name, unit, within, is_done)) in TASKS.into_iter().enumerate() {
        let code = format!("SL-G{:02}", place + 1);
        let mut plan = plan(&code, name, CheckSubject::Tasks, 1, stamp, ids);
        put(&mut plan, "unit", unit);
        plan.set("valid_from", Some(day(now, 12)));
        plan.set("valid_to", Some(day(now, -within)));
        if is_done {
            let said = (day(now, 1), Verdict::Passed);
            records.push(check((&format!("{code}-1"), name), &plan, plan.id, said, (stamp, ids)));
        }
        records.push(plan);
    }
    records
}

/// Households of two villages: house number, kg of loose coal.
fn villages(known: &[Record], now: DateTime, stamp: &Stamp, ids: &mut Ids) -> Vec<Record> {
    let plan = plan("SL-J07", "双代散煤入户", CheckSubject::Villages, 15, stamp, ids);
    let of_village = known.iter().filter(|site| SiteKind::Village.is_of(site));
    let mut records = Vec::new();
    for (place, village) in of_village.enumerate() {
        for house in 1..=5_u8 {
            let kg = if house == 3 { 150.0 } else { 0.0 };
            let verdict = if kg > 0.0 { Verdict::Failed } else { Verdict::Passed };
            let back = i64::from(house);
            let code = format!("SL-J07-{place}{house}");
            let said = (day(now, back), verdict);
            let mut check = check((&code, village.name()), &plan, village.id, said, (stamp, ids));
            put(&mut check, "house_number", &format!("{house}号"));
            put(&mut check, "heating", if house % 2 == 0 { "电" } else { "气" });
            check.set("coal_kg", Some(Value::Real(kg)));
            check.set("stove_removed", Some(Value::Boolean(house != 3)));
            records.push(check);
        }
    }
    records.push(plan);
    records
}

/// Of the firms of the sample by their codes: line, measures at yellow, orange and red, the factor that
/// proves it.
const MEASURES: [(&str, &str, [&str; 3], &str); 5] = [
    ("SL-S027", "加热炉1#", ["限产20%", "限产50%", "停产"], "用电量"),
    ("SL-S027", "加热炉2#", ["限产20%", "停产", "停产"], ""),
    ("SL-S031", "冲天炉", ["停产50%", "停产", "停产"], "用电量"),
    ("SL-S028", "搅拌线", ["", "停产", "停产"], ""),
    ("SL-S034", "锅炉", ["自主减排", "自主减排", "自主减排"], ""),
];

/// When the response of the sample began: the evening before.
pub(super) fn response_begins(now: DateTime) -> DateTime {
    now.date().yesterday().unwrap_or(now.date()).at(20, 0, 0, 0)
}

fn response(known: &[Record], now: DateTime, stamp: &Stamp, ids: &mut Ids) -> Vec<Record> {
    let mut records = Vec::new();
    let begins = response_begins(now);
    let mut response = invented(Kind::Response, stamp, ids);
    put(&mut response, "code", "SL-X01");
    put(&mut response, "name", "橙色(Ⅱ级)响应(示例)");
    ResponseLevel::Orange.put(&mut response);
    put(&mut response, "document", "示例〔2026〕3号");
    put(&mut response, "issued_by", "区大气办(示例)");
    put(&mut response, "begins_at", &moment_text(begins));
    put(&mut response, "reason", "预测日AQI>200持续48小时以上(示例)");
    for (place, (of, line, measures, factor)) in MEASURES.into_iter().enumerate() {
        let mut measure = invented(Kind::ResponseMeasure, stamp, ids);
        put(&mut measure, "code", &format!("SL-M{:02}", place + 1));
        let name = known.iter().find(|site| site.code() == Some(of)).map_or("", Record::name);
        put(&mut measure, "name", name);
        put(&mut measure, "line", line);
        put(&mut measure, "site", of);
        for (key, words) in ["yellow", "orange", "red"].into_iter().zip(measures) {
            put(&mut measure, key, words);
        }
        put(&mut measure, "factor", factor);
        put(&mut measure, "person", "厂长示例");
        if place == 1 || place == 3 {
            let verdict = if place == 1 { Verdict::Passed } else { Verdict::Failed };
            let code = format!("SL-X01-{place}");
            let said = (Value::Date(now.date()), verdict);
            let mut seen = check((&code, name), &response, measure.id, said, (stamp, ids));
            put(&mut seen, "found", if place == 1 { "已停炉" } else { "搅拌线仍在运行" });
            records.push(seen);
        }
        records.push(measure);
    }
    records.push(response);
    records
}

/// Calls of this week to the posts that must be manned; one was not answered.
fn posts(duties: &[Record], now: DateTime, stamp: &Stamp, ids: &mut Ids) -> Vec<Record> {
    let plan = plan("SL-J08", "岗位值守拨测", CheckSubject::Posts, 1, stamp, ids);
    let manned = duties.iter().filter(|duty| duty.get("is_manned").is_some());
    let mut records = Vec::new();
    for (place, duty) in manned.enumerate() {
        for back in 0..2_i64 {
            let verdict = if place == 1 && back == 0 { Verdict::Failed } else { Verdict::Passed };
            let code = format!("SL-J08-{place}{back}");
            let said = (day(now, back), verdict);
            records.push(check((&code, duty.name()), &plan, duty.id, said, (stamp, ids)));
        }
    }
    records.push(plan);
    records
}

/// Plans of checks, each with a third of what it looks at done this week and one that failed.
fn plans(known: &[Record], now: DateTime, stamp: &Stamp, ids: &mut Ids) -> Vec<Record> {
    let rows = [
        ("国省控点500米公共设施周边保洁", CheckSubject::Surroundings, Some(500.0), 7),
        ("国省控点1000米餐饮油烟", CheckSubject::Restaurants, Some(1000.0), 30),
        ("工地六个百分之百", CheckSubject::Construction, None, 7),
        ("停车场排查", CheckSubject::Parking, None, 30),
        ("裸土巡查", CheckSubject::BareGround, None, 15),
        ("清扫洒水", CheckSubject::Sweeping, None, 1),
    ];
    let mut records = Vec::new();
    for (place, (name, subject, within_m, every)) in rows.into_iter().enumerate() {
        let code = format!("SL-J{:02}", place + 1);
        let mut plan = invented(Kind::CheckPlan, stamp, ids);
        put(&mut plan, "code", &code);
        put(&mut plan, "name", &format!("{name}(示例)"));
        subject.put(&mut plan);
        plan.set("within_m", within_m.map(Value::Real));
        plan.set("every_days", Some(Value::Integer(every)));
        put(&mut plan, "unit", "区大气办");
        records.push(plan);
        let sites = known
            .iter()
            .filter(|record| SiteKind::of(record).is_some_and(|kind| subject.covers(kind)));
        for (number, site) in sites.enumerate().filter(|(number, _)| number % 3 == 0) {
            let mut check = invented(Kind::Check, stamp, ids);
            let back = i64::try_from(number % 6).unwrap_or(0);
            let on = now.date().checked_sub(Span::new().days(back)).unwrap_or(now.date());
            put(&mut check, "code", &format!("{code}-{number:03}"));
            let name = site.name().split(['(', '（']).next().unwrap_or_default();
            put(&mut check, "name", &format!("{name}(示例)"));
            put(&mut check, "plan", &code);
            check.set("checked_on", Some(Value::Date(on)));
            let verdict = if number % 9 == 3 { Verdict::Failed } else { Verdict::Passed };
            check.set("verdict", Some(verdict.value()));
            put(&mut check, "checker", "陈示例");
            let id: Arc<str> = site.id.to_string().into();
            check.set("records", Some(Value::Words([id].into())));
            records.push(check);
        }
    }
    records
}
