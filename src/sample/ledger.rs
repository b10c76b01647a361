//! A month of an invented ledger: items in every state, who answers for what, and the stages of
//! escalation. Days count back from when the sample is made, so that something is always due today.

use std::sync::Arc;

use geo_types::{Geometry, Point};
use jiff::civil::{DateTime, Time};
use jiff::{Span, ToSpan as _};
use serde_json::Value as Json;

use super::checks;
use crate::domain::item::{
    Deed, Stage, StepKind, civil, is_case, moment_text, open_verdicts, taken,
};
use crate::domain::{
    DutyScope, Extra, Ids, ItemSource, ItemType, Kind, Record, SiteKind, SixChecks, Stamp, Value,
};
use crate::geodesy::wkb;

/// What is wrong at a kind of site, who is to mend it, and what is demanded.
const PROBLEMS: [(SiteKind, ItemType, &str, &str, &str); 8] = [
    (
        SiteKind::Construction,
        ItemType::SiteDust,
        "作业面未湿法作业，出入口冲洗设施停用",
        "住建局",
        "雾炮、冲洗设施全部开启",
    ),
    (
        SiteKind::Restaurant,
        ItemType::Fume,
        "油烟净化器停用，后厨排烟可见",
        "城管局",
        "净化器清洗后运行并留存记录",
    ),
    (
        SiteKind::Stockpile,
        ItemType::Stockpile,
        "料堆未苫盖，装卸未喷淋",
        "工信局",
        "料堆全部苫盖，装卸湿法作业",
    ),
    (
        SiteKind::BareGround,
        ItemType::BareGround,
        "裸土未苫盖，约两千平方米",
        "自然资源和规划局",
        "全部苫盖或绿化",
    ),
    (
        SiteKind::AutoRepair,
        ItemType::AutoRepair,
        "露天喷涂，活性炭未更换",
        "交通运输局",
        "停止露天喷涂，更换活性炭",
    ),
    (
        SiteKind::Parking,
        ItemType::Idling,
        "货车集中怠速，场地未硬化",
        "交警大队",
        "引导熄火，场地硬化",
    ),
    (SiteKind::Burning, ItemType::Burning, "发现垃圾焚烧痕迹", "属地乡镇", "清理现场，落实巡查"),
    (
        SiteKind::Enterprise,
        ItemType::Industry,
        "物料转运封闭不严，有可见烟尘",
        "生态环境分局",
        "封闭转运通廊，完善收尘",
    ),
];

const LIMITS: [(&str, i64); 4] = [("立行立改", 0), ("3日内", 3), ("7日内", 7), ("15日内", 15)];
const SOURCES: [ItemSource; 5] = [
    ItemSource::Patrol,
    ItemSource::Episode,
    ItemSource::Hotline,
    ItemSource::Superior,
    ItemSource::Grid,
];
const NO_PHOTO: &str = "示例数据没有照片";

/// How far an item has come: the steps after registering, by a number.
const WAYS: [&[StepKind]; 10] = {
    use StepKind as S;
    [
        &[],
        &[S::HandOver],
        &[S::HandOver, S::Accept],
        &[S::HandOver, S::Accept, S::Mend],
        &[S::HandOver, S::Accept, S::Mend, S::AskCheck],
        &[S::HandOver, S::Accept, S::Mend, S::AskCheck, S::Return],
        &[S::HandOver, S::Accept, S::Mend, S::AskCheck, S::Check],
        &[S::HandOver, S::Accept, S::Mend, S::AskCheck, S::Check, S::Review, S::Close],
        &[S::HandOver, S::Accept, S::Mend, S::AskCheck, S::Check, S::Review, S::Close],
        &[S::HandOver, S::Accept, S::Hold],
    ]
};
const ITEMS: usize = 60;

/// Items at sites of the sample, duties and stages.
pub(super) fn records(known: &[Record], stamp: &Stamp, ids: &mut Ids) -> Vec<Record> {
    let now = civil(stamp.at);
    let sites: Vec<(&Record, SiteKind)> = known
        .iter()
        .filter(|record| record.kind == Kind::Site)
        .filter_map(|site| Some((site, SiteKind::of(site)?)))
        .filter(|(_, kind)| PROBLEMS.iter().any(|(of, ..)| of == kind))
        .collect();
    let mut records = Vec::new();
    if sites.is_empty() {
        return records;
    }
    for number in 0..ITEMS {
        let Some((site, kind)) = sites.get(number * 7 % sites.len()) else { continue };
        records.extend(item(number, site, *kind, now, stamp, ids));
    }
    let duties = duties(known, now, stamp, ids);
    let checks = checks::records(known, &duties, now, stamp, ids);
    records.extend(duties);
    records.extend(stages(stamp, ids));
    records.extend(checks);
    records
}

pub(super) fn invented(kind: Kind, stamp: &Stamp, ids: &mut Ids) -> Record {
    let mut record = Record::new(ids.next(), kind, stamp);
    let mut extra = Extra::new();
    extra.insert("示例".to_owned(), Json::Bool(true));
    record.extra = Some(Arc::new(extra));
    record
}

pub(super) fn put(record: &mut Record, key: &str, text: &str) {
    if !text.is_empty() {
        record.set(key, Some(Value::text(text)));
    }
}

fn item(
    number: usize,
    site: &Record,
    kind: SiteKind,
    now: DateTime,
    stamp: &Stamp,
    ids: &mut Ids,
) -> Option<Record> {
    let (_, of, problem, unit, demand) = PROBLEMS.iter().find(|(known, ..)| *known == kind)?;
    let back = i64::try_from(29 - number * 29 / ITEMS).ok()?;
    let found = now.date().checked_sub(Span::new().days(back)).ok()?;
    let found = found.at(i8::try_from(8 + number % 9).ok()?, 10, 0, 0).min(now);
    let mut item = invented(Kind::Item, stamp, ids);
    let code = format!("FR-{}-{:03}", found.date().strftime("%Y%m%d"), number + 1);
    put(&mut item, "code", &code);
    put(&mut item, "name", &format!("{problem}(示例)"));
    SOURCES.get(number % SOURCES.len())?.put(&mut item);
    if number % SOURCES.len() == 3 {
        put(
            &mut item,
            "superior_code",
            &format!("X2HE{}{:04}", found.date().strftime("%Y%m%d"), number),
        );
    }
    let place = site.name().split(['(', '（']).next().unwrap_or_default();
    put(&mut item, "address", place);
    put(&mut item, "township", site.text("township"));
    item.set("types", Some(Value::Words([of.key().into()].into())));
    put(&mut item, "reading", "巡查记录(示例)");
    put(&mut item, "leader", if number.is_multiple_of(3) { "张示例" } else { "王示例" });
    put(&mut item, "department", unit);
    if number.is_multiple_of(2) {
        SixChecks::ALL.get(number / 2 % SixChecks::ALL.len())?.put(&mut item);
    }
    // Some are cases, one in two of them with all that it needs.
    if kind == SiteKind::Enterprise {
        item.set("is_case", Some(Value::Boolean(true)));
        put(&mut item, "case_firm", "责令改正，立案查处(示例)");
        if number.is_multiple_of(2) {
            put(&mut item, "case_department", "约谈监管责任人(示例)");
            put(&mut item, "case_township", "无责(示例)");
        }
    }
    let bounds = wkb::bounds(site.geometry.as_ref()?)?;
    // Some wait for a place on the map.
    item.geometry = (number % 13 != 5).then_some(Geometry::Point(Point(bounds.middle())));
    if number % 17 == 16 {
        // That of the first item, which was struck off long ago.
        let first = now.date().checked_sub(Span::new().days(29)).ok()?;
        put(&mut item, "relapse_of", &format!("FR-{}-001", first.strftime("%Y%m%d")));
    }
    let id: Arc<str> = site.id.to_string().into();
    item.set("records", Some(Value::Words([id].into())));
    let way = WAYS.get(if back > 20 { 7 } else { number % WAYS.len() })?;
    Some(walked(item, (number, unit, demand), way, (found, now), stamp))
}

/// The item after its steps; one that cannot be taken ends its way.
fn walked(
    item: Record,
    (number, unit, demand): (usize, &str, &str),
    way: &[StepKind],
    (found, now): (DateTime, DateTime),
    stamp: &Stamp,
) -> Record {
    let person = ["李示例", "赵示例", "刘示例"].get(number % 3).copied().unwrap_or_default();
    let mut item = item;
    let mut at = found;
    let all = std::iter::once(&StepKind::Register).chain(way);
    for (place, step) in all.enumerate() {
        let hours = if place == 0 { 0 } else { 2 + (number * 5 + place * 7) % 19 };
        let hours = i64::try_from(hours).unwrap_or(0);
        at = at.checked_add(hours.hours()).unwrap_or(at).min(now);
        let mut deed = Deed::new(*step, "示例", at);
        match step {
            StepKind::HandOver => {
                let (limit, days) = LIMITS.get(number % LIMITS.len()).copied().unwrap_or(LIMITS[0]);
                limit.clone_into(&mut deed.time_limit);
                let day = at.date().checked_add(Span::new().days(days + 1)).unwrap_or(at.date());
                deed.due = Some(day.to_datetime(Time::midnight()));
                deed.units = vec![unit.to_owned()];
                person.clone_into(&mut deed.person);
                deed.number = format!("丰大气交〔{}〕{}号", at.year(), number + 1);
                demand.clone_into(&mut deed.text);
            }
            StepKind::Mend => {
                deed.by = format!("{unit} {person}");
                "已按要求整改".clone_into(&mut deed.text);
                NO_PHOTO.clone_into(&mut deed.reason);
            }
            StepKind::Accept | StepKind::AskCheck => deed.by = format!("{unit} {person}"),
            StepKind::Check => "现场核查通过".clone_into(&mut deed.text),
            StepKind::Review => NO_PHOTO.clone_into(&mut deed.reason),
            StepKind::Close => {
                "核查、复核通过，达到销号标准".clone_into(&mut deed.text);
                if !open_verdicts(&item).is_empty() && is_case(&item) {
                    "属地、部门责任另行调查".clone_into(&mut deed.reason);
                }
            }
            StepKind::Return => "复查时雾炮未开启".clone_into(&mut deed.reason),
            StepKind::Hold => {
                "需列入明年改造计划".clone_into(&mut deed.reason);
                deed.due = at.checked_add(30.days()).ok();
            }
            _ => {}
        }
        match taken(&item, &deed, stamp) {
            Ok(newer) => item = newer,
            Err(_) => break,
        }
    }
    if number % 11 == 3 {
        // Nobody has looked yet when it is due: today in the evening.
        let due = now.date().at(18, 0, 0, 0).max(now);
        put(&mut item, "due", &moment_text(due));
    }
    item
}

fn duties(known: &[Record], now: DateTime, stamp: &Stamp, ids: &mut Ids) -> Vec<Record> {
    let from = now.date().checked_sub(Span::new().days(60)).unwrap_or(now.date());
    let mut records = Vec::new();
    let mut duty = |name: &str, scope: DutyScope, fields: &[(&str, &str)], of: &[ItemType]| {
        let mut duty = invented(Kind::Duty, stamp, ids);
        put(&mut duty, "code", &format!("SL-R{:02}", records.len() + 1));
        put(&mut duty, "name", &format!("{name}(示例)"));
        scope.put(&mut duty);
        for (key, text) in fields {
            put(&mut duty, key, text);
        }
        let types: Vec<Arc<str>> = of.iter().map(|of| of.key().into()).collect();
        if !types.is_empty() {
            duty.set("types", Some(Value::Words(types.into())));
        }
        duty.set("valid_from", Some(Value::Date(from)));
        records.push(duty);
    };
    duty("全区兜底", DutyScope::District, &[("unit", "区大气办"), ("person", "陈示例")], &[]);
    for (_, of, _, unit, _) in PROBLEMS {
        let name = format!("{}归口{unit}", of.label().zh);
        duty(&name, DutyScope::Type, &[("unit", unit), ("department", unit)], &[of]);
    }
    for (township, leader) in
        [("太平路街道", "张示例"), ("燕山路街道", "王示例"), ("浭阳街道", "李示例")]
    {
        let fields = [("subject", township), ("leader", leader), ("person", "网格员示例")];
        duty(&format!("{township}分包"), DutyScope::Township, &fields, &[]);
    }
    for (post, subject) in [("二级网格员", "太平路街道"), ("驻厂监督员", "轧钢厂")]
    {
        let fields = [("subject", subject), ("unit", "区大气办"), ("person", "值班示例")];
        duty(&format!("{post} {subject}"), DutyScope::Place, &fields, &[]);
    }
    if let Some(point) = known.iter().find(|record| record.kind == Kind::ControlPoint) {
        let fields = [("subject", point.name()), ("leader", "区长示例"), ("squad", "站点专班")];
        duty("国控站点专班", DutyScope::Ring, &fields, &[]);
    }
    for post in &mut records {
        let is_manned = post.name().contains("二级网格员") || post.name().contains("驻厂监督员");
        post.set("is_manned", is_manned.then_some(Value::Boolean(true)));
    }
    records
}

fn stages(stamp: &Stamp, ids: &mut Ids) -> Vec<Record> {
    let made = |(place, shipped): (usize, Stage)| {
        let mut stage = invented(Kind::Escalation, stamp, ids);
        put(&mut stage, "code", &format!("SL-E{:02}", place + 1));
        put(&mut stage, "name", &format!("{}(示例)", shipped.name));
        shipped.put(&mut stage);
        stage
    };
    Stage::shipped().into_iter().enumerate().map(made).collect()
}
