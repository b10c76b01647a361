//! Papers of a high value: one order a department (调度令), and the page of evidence when it is over.
//!
//! No order asks anybody to touch a station: within [`SPRAY_CLEAR_M`] of an inlet nobody is asked to
//! spray or to sweep wet, and [`touches_station`] finds words that would.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::block::{Block, PaperTable};
use crate::analysis::air::wind::WindMean;
use crate::analysis::air::{Hour, Pollutant, StationHours, rounding::half_even};
use crate::analysis::episodes::Episode;
use crate::analysis::sources::{Candidate, Fingerprint};
use crate::domain::{Kind, Localized, Record, SiteKind, episode};

/// Nearer to a station nobody sprays, metres: whoever does may be taken to disturb the instruments.
pub const SPRAY_CLEAR_M: f64 = 200.0;
/// Sources that one order names.
const NAMED: usize = 6;
/// After the order: on site, handled.
const ON_SITE: SignedDuration = SignedDuration::from_mins(20);
const HANDLED: SignedDuration = SignedDuration::from_mins(40);

/// What an order is written by; words in braces are put in.
pub const TEMPLATE: &str = "【调度令 第{number}号】{hour}时{station}{pollutant} {value}{unit}{change}，{wind}。请{department}对{sources}{action}，{on_site}前到场、{due}前反馈（收到请回复）。";

/// One order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub number: u32,
    pub department: String,
    pub text: String,
}

/// What orders are made from.
pub struct OrdersOf<'a> {
    pub station: &'a str,
    pub pollutant: Pollutant,
    pub hour: Hour,
    pub value: f64,
    pub before: Option<f64>,
    pub wind: Option<WindMean>,
    pub fingerprint: Fingerprint,
    pub candidates: &'a [Candidate],
    pub template: &'a str,
    /// The number of the first.
    pub first_number: u32,
    pub now: Timestamp,
    pub office: TimeZone,
}

/// Why no order is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the text asks to do something to the station itself: “{0}”; that is an offence")]
    TouchesStation(String),
    #[error("no source is left to be named")]
    NoSource,
}

impl Localized for Refused {
    fn zh(&self) -> String {
        match self {
            Self::TouchesStation(words) => {
                format!("文字涉及对监测站点或采样口动手（“{words}”），干扰监测属违法，未生成")
            }
            Self::NoSource => "没有可交办的污染源：请在来源列表中至少保留一个".to_owned(),
        }
    }
}

/// The sentence that asks to spray, cover, or touch a station or its inlet; `None` where none does.
pub fn touches_station(text: &str) -> Option<&str> {
    const THINGS: [&str; 9] = [
        "采样口",
        "采样头",
        "采样管",
        "站房",
        "监测站点",
        "监测仪",
        "监测设备",
        "站点周边",
        "国控站",
    ];
    const DEEDS: [&str; 12] = [
        "喷",
        "洒水",
        "雾炮",
        "冲洗",
        "遮挡",
        "堵",
        "湿扫",
        "清洗",
        "断电",
        "停机",
        "关停仪器",
        "降尘",
    ];
    const NEVER: [&str; 4] = ["不得", "禁止", "严禁", "不要"];
    let sentences = text.split(['。', '；', ';', '\n']);
    sentences.map(str::trim).find(|sentence| {
        let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
        has(&THINGS) && has(&DEEDS) && !has(&NEVER)
    })
}

fn department(record: &Record) -> String {
    let own = record.text("department");
    if !own.is_empty() {
        return own.to_owned();
    }
    match record.kind {
        Kind::Congestion => "公安交警大队".to_owned(),
        Kind::Sweeping => "城管局".to_owned(),
        _ => {
            let township = record.text("township");
            if township.is_empty() { "属地乡镇街道".to_owned() } else { township.to_owned() }
        }
    }
}

/// What is asked of whoever answers for it. Nothing wet near the station.
fn action(candidate: &Candidate) -> &'static str {
    let is_near = candidate.distance_m < SPRAY_CLEAR_M;
    match (candidate.record.kind, SiteKind::of(&candidate.record)) {
        (Kind::Congestion, _) => "疏导货车、清理怠速",
        (Kind::Sweeping, _) if is_near => "人工清扫（距站点200米内不洒水）",
        (Kind::Sweeping, _) => "湿扫",
        (_, Some(SiteKind::Construction)) => "检查苫盖和装卸，暂停土方作业",
        (_, Some(SiteKind::Stockpile | SiteKind::BareGround | SiteKind::Mine)) => {
            "检查苫盖，暂停装卸"
        }
        (_, Some(SiteKind::Restaurant)) => "检查油烟净化设施",
        (_, Some(SiteKind::Burning)) => "立即扑灭并守住",
        (_, Some(SiteKind::AutoRepair | SiteKind::FuelStation)) => "检查挥发性有机物收集",
        (_, Some(SiteKind::Parking)) => "劝离怠速车辆",
        (_, Some(SiteKind::Boiler | SiteKind::Enterprise)) => "核查治理设施和减排措施",
        _ => "现场核查",
    }
}

/// `风向西北 2.1 米/秒`, or that there was none.
pub fn wind_words(wind: Option<WindMean>) -> String {
    const NAMES: [&str; 8] = ["北", "东北", "东", "东南", "南", "西南", "西", "西北"];
    let Some(wind) = wind else { return "无风向资料".to_owned() };
    match wind.vector_from_deg.filter(|_| wind.speed_m_s >= 0.3) {
        Some(from) => {
            let at = ((from + 22.5).rem_euclid(360.0) / 45.0) as usize % 8;
            format!("风向{} {:.1}米/秒", NAMES[at], wind.speed_m_s)
        }
        None => "静风".to_owned(),
    }
}

/// One order a department, those with the likeliest source first.
pub fn orders(of: &OrdersOf<'_>) -> Result<Vec<Order>, Refused> {
    if let Some(words) = touches_station(of.template) {
        return Err(Refused::TouchesStation(words.to_owned()));
    }
    let mut order: Vec<String> = Vec::new();
    let mut groups: BTreeMap<String, Vec<&Candidate>> = BTreeMap::new();
    for candidate in of.candidates {
        let department = department(&candidate.record);
        if !order.contains(&department) {
            order.push(department.clone());
        }
        groups.entry(department).or_default().push(candidate);
    }
    let mut all = Vec::new();
    for (number, department) in (of.first_number..).zip(order) {
        let Some(candidates) = groups.get(&department) else { continue };
        let text = written(of, number, &department, candidates);
        if let Some(words) = touches_station(&text) {
            return Err(Refused::TouchesStation(words.to_owned()));
        }
        all.push(Order { number, department, text });
    }
    if all.is_empty() { Err(Refused::NoSource) } else { Ok(all) }
}

fn written(of: &OrdersOf<'_>, number: u32, department: &str, candidates: &[&Candidate]) -> String {
    let mut actions: Vec<&str> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for candidate in candidates.iter().take(NAMED) {
        let action = action(candidate);
        if !actions.contains(&action) {
            actions.push(action);
        }
        let name = candidate.record.name();
        let metres = (candidate.distance_m / 10.0).round() * 10.0;
        let side = if candidate.is_upwind { "上风向" } else { "" };
        names.push(format!("{side}{name}（{metres:.0}米）"));
    }
    let more = candidates.len().saturating_sub(NAMED);
    let mut sources = names.join("、");
    if more > 0 {
        sources = format!("{sources}等{}处", candidates.len());
    }
    let decimals = usize::from(of.pollutant.decimals());
    let shown = |value: f64| format!("{:.*}", decimals, half_even(value, of.pollutant.decimals()));
    let change = of.before.map_or_else(String::new, |before| {
        let up = of.value - before;
        format!("，较上时{}{}", if up < 0.0 { "−" } else { "+" }, shown(up.abs()))
    });
    let time = |after| of.office.to_datetime(of.now + after).strftime("%H:%M").to_string();
    of.template
        .replace("{number}", &number.to_string())
        .replace("{hour}", &of.hour.label().to_string())
        .replace("{station}", of.station)
        .replace("{pollutant}", of.pollutant.symbol())
        .replace("{value}", &shown(of.value))
        .replace("{unit}", if of.pollutant == Pollutant::Co { "毫克" } else { "微克" })
        .replace("{change}", &change)
        .replace("{wind}", &wind_words(of.wind))
        .replace("{department}", department)
        .replace("{sources}", &sources)
        .replace("{action}", &actions.join("；"))
        .replace("{on_site}", &time(ON_SITE))
        .replace("{due}", &time(HANDLED))
}

/// The orders as a paper.
pub fn order_paper(orders: &[Order], signed: &str) -> Vec<Block> {
    let mut blocks = vec![Block::Title("高值处置调度令".to_owned())];
    for order in orders {
        blocks.push(Block::Heading(format!("第{}号  {}", order.number, order.department)));
        blocks.push(Block::Paragraph(order.text.clone()));
    }
    blocks.push(Block::Signature(signed.to_owned()));
    blocks
}

/// What the page of evidence is made from.
pub struct EvidenceOf<'a> {
    pub record: &'a Record,
    pub found: Option<&'a Episode>,
    pub station: &'a str,
    pub hours: Option<&'a StationHours>,
    pub wind: Option<WindMean>,
    pub candidates: &'a [Candidate],
    /// How often such a rise is gone by itself, in words.
    pub fall_back: &'a str,
    pub office: TimeZone,
    pub now: Timestamp,
}

/// Hours of values before the alert, and at most after it.
const HOURS_BEFORE: i32 = 3;
const HOURS_AFTER: i32 = 12;

/// One page: what was measured, what was done when, how long it took, by which rules.
pub fn evidence(of: &EvidenceOf<'_>) -> Vec<Block> {
    let record = of.record;
    let time = |at: Timestamp| of.office.to_datetime(at).strftime("%m-%d %H:%M").to_string();
    let clock = episode::clock(record);
    let minutes = clock.map_or(0, |clock| clock.elapsed(of.now).as_secs() / 60);
    let state = episode::state(record);
    let is_answered = episode::moment(record, "handled_at").is_some();
    let took = if is_answered {
        format!(
            "处置反馈用时 {minutes} 分钟（{}）",
            if minutes <= 60 { "1小时内" } else { "超过1小时" }
        )
    } else {
        format!("尚无处置反馈，已计时 {minutes} 分钟")
    };
    let start = crate::domain::ClockStart::of(record).map_or("预警发出", |it| it.label().zh);
    let mut blocks = vec![
        Block::Title("高值处置记录".to_owned()),
        Block::Number(record.name().to_owned()),
        Block::Paragraph(format!(
            "{}，状态：{}。{took}，计时起点：{start}。{}。",
            of.station,
            state.label().zh,
            wind_words(of.wind)
        )),
        Block::Heading("一、数值".to_owned()),
    ];
    blocks.extend(values(of));
    if let Some(lead) = of.found.and_then(Episode::lead) {
        blocks.push(Block::Paragraph(format!(
            "解除线 {:.0}；{}",
            lead.clears_at,
            of.found.and_then(|it| it.ended).map_or_else(
                || "数值尚未连续两小时低于解除线".to_owned(),
                |hour| format!("{}起连续两小时低于解除线", time(hour.plus(-1).start()))
            )
        )));
    }
    if !of.fall_back.is_empty() {
        blocks.push(Block::Note(of.fall_back.to_owned()));
    }
    blocks.push(Block::Heading("二、过程".to_owned()));
    blocks.push(Block::Table(steps(record, &time)));
    let lines = record.words("orders").iter().chain(record.words("replies"));
    blocks.extend(lines.map(|line| Block::Paragraph(line.to_string())));
    let found = record.text("found");
    if !found.is_empty() {
        blocks.push(Block::Paragraph(format!("查实问题：{found}")));
    }
    blocks.push(Block::Heading("三、来源排查（筛查线索，不是认定）".to_owned()));
    blocks.push(Block::Table(sources(of.candidates)));
    let photos: Vec<&str> = record.attachments().collect();
    if !photos.is_empty() {
        blocks.push(Block::Paragraph(format!("附件：{}", photos.join("、"))));
    }
    blocks.push(Block::Note(format!(
        "规则版本 {}；小时值为实时数据，未经审核。生成于 {}",
        record.text("rules"),
        time(of.now)
    )));
    blocks
}

fn values(of: &EvidenceOf<'_>) -> Option<Block> {
    let hours = of.hours?;
    let at = Hour::containing(episode::moment(of.record, "begins_at")?);
    let last = of.found.map_or(at.plus(2), |found| found.last).min(at.plus(HOURS_AFTER));
    let mut table = PaperTable {
        header: std::iter::once("小时".to_owned())
            .chain(Pollutant::ALL.map(|it| it.symbol().to_owned()))
            .collect(),
        widths: vec![2, 1, 1, 1, 1, 1, 1],
        ..PaperTable::default()
    };
    let mut hour = at.plus(-HOURS_BEFORE);
    while hour <= last {
        let values = hours.hour(hour);
        let cell = |it: Pollutant| {
            values[it].map_or_else(
                || "—".to_owned(),
                |value| {
                    format!("{:.*}", usize::from(it.decimals()), half_even(value, it.decimals()))
                },
            )
        };
        let name = format!("{} {}时", hour.day().strftime("%m-%d"), hour.label());
        table.rows.push(std::iter::once(name).chain(Pollutant::ALL.map(cell)).collect());
        hour = hour.plus(1);
    }
    Some(Block::Table(table))
}

fn steps(record: &Record, time: &dyn Fn(Timestamp) -> String) -> PaperTable {
    let since = episode::clock(record).map(|clock| clock.since);
    let rows = [
        ("数据到达", "arrived_at", ""),
        ("预警发出", "alerted_at", ""),
        ("签收", "acknowledged_at", "acknowledged_by"),
        ("交办", "dispatched_at", ""),
        ("到场", "on_site_at", ""),
        ("处置反馈", "handled_at", ""),
        ("核查", "checked_at", ""),
        ("结束", "closed_at", "closed_by"),
    ];
    let row = |(name, key, by): (&str, &str, &str)| {
        let at = episode::moment(record, key)?;
        let minutes = since.map(|since| at.duration_since(since).as_secs().div_euclid(60));
        let after = minutes.map_or_else(String::new, |minutes| format!("{minutes:+} 分"));
        Some(vec![name.to_owned(), time(at), after, record.text(by).to_owned()])
    };
    PaperTable {
        header: ["步骤", "时间", "距起点", "何人"].map(str::to_owned).into(),
        widths: vec![2, 3, 2, 2],
        rows: rows.into_iter().filter_map(row).collect(),
        ..PaperTable::default()
    }
}

fn sources(candidates: &[Candidate]) -> PaperTable {
    let row = |candidate: &Candidate| {
        vec![
            candidate.record.name().to_owned(),
            candidate.reason().zh,
            department(&candidate.record),
            candidate.owner(),
            candidate.record.text("phone").to_owned(),
        ]
    };
    PaperTable {
        header: ["对象", "依据", "部门", "责任人", "电话"].map(str::to_owned).into(),
        widths: vec![3, 4, 2, 2, 2],
        rows: candidates.iter().take(10).map(row).collect(),
        ..PaperTable::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use geo_types::{Coord, Point};
    use jiff::civil::date;

    use super::*;
    use crate::analysis::Index;
    use crate::analysis::air::wind::Wind;
    use crate::analysis::sources::{Upwind, candidates};
    use crate::domain::{Ids, Stamp, Value, World};
    use crate::geodesy::ring::destination;

    const STATION: Coord<f64> = Coord { x: 118.16, y: 39.83 };

    fn found(sites: &[(&str, &'static str, f64, &str)]) -> (Upwind, Vec<Candidate>) {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(stamp.at, 1);
        let mut world = World::default();
        for (name, kind, distance_m, department) in sites {
            let of = if *kind == "湿扫" { Kind::Sweeping } else { Kind::Site };
            let mut record = Record::new(ids.next(), of, &stamp);
            record.set("name", Some(Value::text(name)));
            record.set(if of == Kind::Site { "kind" } else { "method" }, Some(Value::Choice(kind)));
            record.set("department", Some(Value::text(department)));
            record.geometry = Some(Point(destination(STATION, 315.0, *distance_m)).into());
            world.load(record.into());
        }
        let upwind = Upwind::of(STATION, &[Wind::new(Some(315.0), 2.1).unwrap()]);
        let index = Index::of(&world);
        let all = candidates(&index, &upwind, Fingerprint::Dust, &BTreeSet::new(), 20);
        (upwind, all)
    }

    fn of<'a>(upwind: &Upwind, candidates: &'a [Candidate], template: &'a str) -> OrdersOf<'a> {
        OrdersOf {
            station: "实验小学站",
            pollutant: Pollutant::Pm10,
            hour: Hour::of_day(date(2026, 11, 29), 10),
            value: 212.0,
            before: Some(148.0),
            wind: upwind.wind,
            fingerprint: Fingerprint::Dust,
            candidates,
            template,
            first_number: 3,
            now: "2026-11-29T02:05:00Z".parse().unwrap(),
            office: TimeZone::fixed(jiff::tz::offset(8)),
        }
    }

    #[test]
    fn each_department_gets_one_numbered_order_in_the_office_s_words() {
        let (upwind, all) = found(&[
            ("A工地", "construction", 420.0, "住建局"),
            ("B工地", "construction", 600.0, "住建局"),
            ("C餐馆", "restaurant", 700.0, "城管局"),
        ]);
        let orders = orders(&of(&upwind, &all, TEMPLATE)).unwrap();
        assert_eq!(orders.len(), 2);
        assert_eq!(
            orders[0].text,
            "【调度令 第3号】10时实验小学站PM10 212微克，较上时+64，风向西北 2.1米/秒。请住建局对上风向A工地（420米）、上风向B工地（600米）检查苫盖和装卸，暂停土方作业，10:25前到场、10:45前反馈（收到请回复）。"
        );
        assert_eq!((orders[1].number, orders[1].department.as_str()), (4, "城管局"));
        let none = super::orders(&of(&upwind, &[], TEMPLATE));
        assert_eq!(none, Err(Refused::NoSource));
    }

    #[test]
    fn nobody_is_asked_to_touch_a_station_or_to_spray_near_its_inlet() {
        let (upwind, all) = found(&[("站前路", "湿扫", 150.0, "")]);
        let near = &orders(&of(&upwind, &all, TEMPLATE)).unwrap()[0].text;
        assert!(near.contains("不洒水") && !near.contains("湿扫"), "{near}");
        let (upwind, all) = found(&[("远路", "湿扫", 300.0, "")]);
        let far = &orders(&of(&upwind, &all, TEMPLATE)).unwrap()[0];
        assert!(far.text.contains("湿扫") && far.department == "城管局", "{far:?}");
        let bad = "请{department}在站点周边雾炮降尘。";
        let refused = orders(&of(&upwind, &all, bad));
        assert!(matches!(refused, Err(Refused::TouchesStation(_))));
        assert_eq!(touches_station("采样口附近严禁喷淋"), None);
        assert_eq!(touches_station("请对采样口喷雾；其余照旧"), Some("请对采样口喷雾"));
    }
}
