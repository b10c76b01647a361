//! Papers of a high value: one order a department (调度令), and the page of evidence when it is over.
//!
//! No order asks anybody to touch a station: near an inlet, as far as the rules of the district say,
//! nobody is asked to spray or to sweep wet, and [`touches_station`] finds words that would.

mod evidence;
mod map;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub use self::evidence::{EvidenceOf, evidence};
pub use self::map::sector_map;
use super::block::Block;
use crate::analysis::air::wind::WindMean;
use crate::analysis::air::{Hour, Pollutant, rounding::half_even};
use crate::analysis::sources::{Candidate, Fingerprint};
use crate::domain::{Kind, Localized, Record, SiteKind};

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
    /// Nearer to the station nobody is asked to spray, metres.
    pub spray_clear_m: f64,
    /// The number of the first.
    pub first_number: u32,
    pub now: Timestamp,
    pub office: TimeZone,
}

/// Why no order is written.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refused {
    #[error("the text asks to do something to the station itself: “{0}”; that is an offence")]
    TouchesStation(String),
    #[error("no source is left to be named")]
    NoSource,
    #[error("the wording of orders lacks {{{0}}}")]
    Lacks(&'static str),
    #[error("the wording of orders has {{{0}}}, which nothing is put in for")]
    Unknown(String),
    #[error("within {1:.0} m of the station nobody sprays or washes: “{0}”")]
    SpraysNear(String, f64),
}

impl Localized for Refused {
    fn zh(&self) -> String {
        match self {
            Self::TouchesStation(words) => {
                format!("文字涉及对监测站点或采样口动手（“{words}”），干扰监测属违法，未生成")
            }
            Self::Lacks(name) => format!("调度令措辞缺少 {{{name}}}，未采用"),
            Self::Unknown(name) => format!("调度令措辞中的 {{{name}}} 不是可填的项，未采用"),
            Self::SpraysNear(words, clear_m) => {
                format!("距站点{clear_m:.0}米内不得喷洒冲洗（“{words}”），未生成")
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

/// Words that ask for water or mist; `None` where none do, or where they forbid it. For the wording of
/// an office: names of sources may say anything.
fn sprays(text: &str) -> Option<&str> {
    const DEEDS: [&str; 7] = ["喷", "洒水", "雾炮", "冲洗", "湿扫", "雾化", "水车"];
    const NEVER: [&str; 5] = ["不洒水", "不得", "禁止", "严禁", "不要"];
    let sentences = text.split(['。', '；', ';', '\n', '，', ',']);
    sentences.map(str::trim).find(|sentence| {
        let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
        has(&DEEDS) && !has(&NEVER)
    })
}

/// What an order puts in; without the first ones it is none.
const NAMES: [&str; 13] = [
    "station",
    "department",
    "sources",
    "action",
    "number",
    "hour",
    "pollutant",
    "value",
    "unit",
    "change",
    "wind",
    "on_site",
    "due",
];
const NEEDED: usize = 4;

/// Whether an office may write its orders so: it names what an order needs, nothing that is not put
/// in, and asks nobody to touch a station.
pub fn check_template(template: &str) -> Result<(), Refused> {
    if let Some(words) = touches_station(template) {
        return Err(Refused::TouchesStation(words.to_owned()));
    }
    for piece in template.split('{').skip(1) {
        let name = piece.split('}').next().unwrap_or_default();
        if !NAMES.contains(&name) {
            return Err(Refused::Unknown(name.to_owned()));
        }
    }
    let lacks = NAMES[..NEEDED].iter().find(|name| !template.contains(&format!("{{{name}}}")));
    lacks.map_or(Ok(()), |name| Err(Refused::Lacks(name)))
}

fn department(record: &Record) -> String {
    let own = record.text("department");
    if !own.is_empty() {
        return own.to_owned();
    }
    match record.kind {
        Kind::Congestion | Kind::Restriction => "公安交警大队".to_owned(),
        Kind::Sweeping => "城管局".to_owned(),
        _ => {
            let township = record.text("township");
            if township.is_empty() { "属地乡镇街道".to_owned() } else { township.to_owned() }
        }
    }
}

/// Whether two names mean one department: 住建 and 住建局, 交通 and 交通运输局. The traffic police are
/// none of 公安 alone.
fn is_one_department(a: &str, b: &str) -> bool {
    const ENDS: [&str; 6] = ["分局", "支队", "大队", "局", "委", "办"];
    let stem = |name: &str| {
        let name = name.trim().to_owned();
        let short = ENDS.iter().find_map(|end| name.strip_suffix(end)).map(str::to_owned);
        short.filter(|short| short.chars().count() > 1).unwrap_or(name)
    };
    let (a, b) = (stem(a), stem(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let rest = long.strip_prefix(short.as_str());
    short.chars().count() > 1 && rest.is_some_and(|rest| !rest.contains("交警"))
}

impl Order {
    /// An order as a record keeps it: its number is the one that it was given out under, where its
    /// words say it; else its place among them, from 1.
    pub fn given(place: u32, text: &str, department: &str) -> Self {
        let number = text.split('第').skip(1).find_map(|rest| {
            let (number, _) = rest.split_once('号')?;
            number.trim().parse().ok()
        });
        let number = number.unwrap_or(place);
        Self { number, department: department.to_owned(), text: text.to_owned() }
    }
}

/// What is asked of whoever answers for it.
fn action(candidate: &Candidate) -> &'static str {
    match (candidate.record.kind, SiteKind::of(&candidate.record)) {
        (Kind::Congestion, _) => "疏导货车、清理怠速",
        (Kind::Restriction, _) => "查处闯限货车",
        (Kind::Item, _) => "立即落实整改并反馈",
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
    check_template(of.template)?;
    let mut groups: Vec<(String, Vec<&Candidate>)> = Vec::new();
    for candidate in of.candidates {
        let department = department(&candidate.record);
        match groups.iter_mut().find(|(known, _)| is_one_department(known, &department)) {
            Some((known, candidates)) => {
                // The longer name is the fuller one.
                if department.chars().count() > known.chars().count() {
                    *known = department;
                }
                candidates.push(candidate);
            }
            None => groups.push((department, vec![candidate])),
        }
    }
    let mut all = Vec::new();
    for (number, (department, candidates)) in (of.first_number..).zip(groups) {
        let text = written(of, number, &department, &candidates);
        if let Some(words) = touches_station(&text) {
            return Err(Refused::TouchesStation(words.to_owned()));
        }
        let is_near = candidates.iter().any(|it| it.distance_m < of.spray_clear_m);
        if let Some(words) = sprays(of.template).filter(|_| is_near) {
            return Err(Refused::SpraysNear(words.to_owned(), of.spray_clear_m));
        }
        all.push(Order { number, department, text });
    }
    if all.is_empty() { Err(Refused::NoSource) } else { Ok(all) }
}

fn written(of: &OrdersOf<'_>, number: u32, department: &str, candidates: &[&Candidate]) -> String {
    let mut actions: Vec<String> = Vec::new();
    // An order names its roads together: where one of them is near, none is swept wet.
    let is_dry = candidates.iter().take(NAMED).any(|it| it.distance_m < of.spray_clear_m);
    let mut names: Vec<String> = Vec::new();
    for candidate in candidates.iter().take(NAMED) {
        let action = if is_dry && candidate.record.kind == Kind::Sweeping {
            format!("人工清扫（距站点{:.0}米内不洒水）", of.spray_clear_m)
        } else {
            action(candidate).to_owned()
        };
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

#[cfg(test)]
mod tests {
    use geo_types::{Coord, Point};
    use jiff::civil::date;

    use super::*;
    use crate::analysis::Index;
    use crate::analysis::air::wind::Wind;
    use crate::analysis::sources::{Past, Upwind, candidates};
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
        let all = candidates(&index, &upwind, Fingerprint::Dust, &Past::default(), 20);
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
            spray_clear_m: 200.0,
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
        assert_eq!(Order::given(1, &orders[1].text, "城管局"), orders[1], "as it was given out");
        assert_eq!(Order::given(2, "请城管局湿扫第三大街", "城管局").number, 2);
        let (upwind, all) = found(&[
            ("A工地", "construction", 420.0, "住建"),
            ("B工地", "construction", 600.0, "住建局"),
            ("C修理厂", "auto_repair", 700.0, "交通"),
            ("D停车场", "parking", 800.0, "交通运输局"),
            ("E停车场", "parking", 900.0, "公安"),
            ("F停车场", "parking", 950.0, "公安交警大队"),
        ]);
        let mut names: Vec<String> = super::orders(&of(&upwind, &all, TEMPLATE))
            .unwrap()
            .into_iter()
            .map(|order| order.department)
            .collect();
        names.sort();
        assert_eq!(names, ["交通运输局", "住建局", "公安", "公安交警大队"]);
        let none = super::orders(&of(&upwind, &[], TEMPLATE));
        assert_eq!(none, Err(Refused::NoSource));
    }

    #[test]
    fn the_wording_of_an_office_is_taken_when_it_says_who_where_and_what_and_no_harm() {
        assert_eq!(check_template(TEMPLATE), Ok(()));
        assert_eq!(
            check_template("{station}高值，请{department}检查{sources}"),
            Err(Refused::Lacks("action"))
        );
        let odd = "{station}{department}{sources}{action}{who}";
        assert_eq!(check_template(odd), Err(Refused::Unknown("who".to_owned())));
        let bad = "{station}{department}{sources}{action}，并对站房周边喷雾";
        assert!(matches!(check_template(bad), Err(Refused::TouchesStation(_))));
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
        let (_, near) = found(&[("站前路", "湿扫", 150.0, "")]);
        let wet = "请{department}对{sources}{action}，洒水降尘。{station}";
        let refused = orders(&of(&upwind, &near, wet));
        assert!(matches!(refused, Err(Refused::SpraysNear(..))), "{refused:?}");
        assert!(orders(&of(&upwind, &all, wet)).is_ok(), "300 m away anybody may");
        assert_eq!(touches_station("采样口附近严禁喷淋"), None);
        assert_eq!(touches_station("请对采样口喷雾；其余照旧"), Some("请对采样口喷雾"));
    }
}
