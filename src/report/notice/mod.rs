//! The notice (通告, 公告) of a plan: sentences made from its restrictions.
//!
//! Each sentence knows the record it comes from and a fingerprint of what it was made from, so that
//! one written by hand is kept and flagged once the record says something else. Structure and
//! wording follow 唐政通字〔2018〕4号; what nobody has said is 【待填】, never invented.

mod page;
mod places;
mod signs;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use geo_types::{Geometry, LineString};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use page::{blocks, map};
pub use signs::{Entry, Watch};

use self::places::Places;
use super::law;
use crate::domain::{Kind, Record, RecordId, Said, World};
use crate::geodesy::wkb;
use crate::network::build;
use crate::network::orders::{EdgeIndex, Finder, Order, OrderKind};

/// A line that ends so far from the junction that is named is worth a warning.
const BEYOND_M: f64 = 50.0;

/// What is asked of a notice beside its plan.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    pub plan: &'a str,
    pub form: Form,
    pub issuer: Option<&'a str>,
    /// Of the paper: it decides which acts are cited.
    pub date: Date,
    pub edits: &'a Edits,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// 通告: to those whom it concerns.
    #[default]
    Circular,
    /// 公告: to everybody.
    Announcement,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Title,
    Purpose,
    Restriction,
    Exemption,
    Detour,
    Penalty,
    Force,
    Repeal,
}

/// One sentence of the notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub part: Part,
    /// What it speaks of; `None` where it speaks of all.
    pub record: Option<RecordId>,
    pub generated: String,
    /// What somebody wrote instead.
    pub edited: Option<String>,
    /// Of the words and the geometry from which it was made today.
    pub fingerprint: String,
    /// It was written by hand when the record said something else.
    pub is_stale: bool,
}

/// A sentence written by hand, and the fingerprint of what it was written instead of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    pub text: String,
    pub fingerprint: String,
}

/// By [`Sentence::key`].
pub type Edits = BTreeMap<String, Edited>;

#[derive(Clone, Debug)]
pub struct Notice {
    pub form: Form,
    pub issuer: Option<String>,
    pub date: Date,
    /// In the order of the paper.
    pub sentences: Vec<Sentence>,
    /// Where signs have to stand, and what watches there.
    pub entries: Vec<Entry>,
    /// What has to be looked at before it is signed.
    pub warnings: Vec<Said>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(
        "no restriction belongs to a plan `{0}`; `shapan plan DISTRICT --list` shows what there is"
    )]
    UnknownPlan(String),
    #[error("the plan `{0}` has no order that is not revoked: there is nothing to announce")]
    NoOrders(String),
    #[error(
        "the district has no roads: import some first, as in `shapan import DISTRICT roads.osm.pbf`"
    )]
    NoRoads,
}

/// An order with the record it was read from.
struct Measure<'a> {
    record: &'a Record,
    order: Order,
}

impl Form {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Circular => "通告",
            Self::Announcement => "公告",
        }
    }
}

impl Part {
    const fn key(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Purpose => "purpose",
            Self::Restriction => "restriction",
            Self::Exemption => "exemption",
            Self::Detour => "detour",
            Self::Penalty => "penalty",
            Self::Force => "force",
            Self::Repeal => "repeal",
        }
    }
}

impl Sentence {
    fn new(part: Part, record: Option<&Record>, generated: String) -> Self {
        let shape = record.and_then(|record| record.geometry.as_ref());
        let shape = shape.map(wkb::to_wkb).unwrap_or_default();
        let fingerprint = format!("{:016x}", fnv1a(generated.bytes().chain(shape)));
        let record = record.map(|record| record.id);
        Self { part, record, generated, edited: None, fingerprint, is_stale: false }
    }

    /// Under which an edit of it is kept.
    pub fn key(&self) -> String {
        let part = self.part.key();
        self.record.map_or_else(|| part.to_owned(), |record| format!("{part}:{record}"))
    }

    /// As it will be printed.
    pub fn text(&self) -> &str {
        self.edited.as_deref().unwrap_or(&self.generated)
    }
}

/// The same on every machine and in every release, which hashers of libraries do not promise.
fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The notice of a plan as it stands.
pub fn notice(world: &World, asked: &Asked<'_>) -> Result<Notice, Error> {
    let restrictions = || world.table(Kind::Restriction).iter();
    if !restrictions().any(|record| record.text("plan") == asked.plan) || asked.plan.is_empty() {
        return Err(Error::UnknownPlan(asked.plan.to_owned()));
    }
    let network = build(world);
    if network.edges.is_empty() {
        return Err(Error::NoRoads);
    }
    let index = EdgeIndex::of(&network);
    let finder = Finder::new(&network, &index);
    let is_live = |record: &&Record| record.text("state") != "废止";
    let measure = |record| Measure { record, order: Order::of(record, &finder) };
    let (mut planned, others): (Vec<_>, Vec<_>) = restrictions()
        .map(AsRef::as_ref)
        .filter(is_live)
        .map(measure)
        .partition(|measure| measure.order.plan == asked.plan);
    if planned.is_empty() {
        return Err(Error::NoOrders(asked.plan.to_owned()));
    }
    planned.sort_by_key(|measure| (!is_area(measure.record), measure.order.id));
    let (detours, closing): (Vec<_>, Vec<_>) =
        planned.into_iter().partition(|measure| measure.order.kind == OrderKind::Detour);
    let places = Places::new(&network, &finder);
    let draft = Draft { world, asked, places, closing, detours };
    let mut sentences = draft.sentences();
    let mut warnings = draft.warnings(&others);
    warnings.extend(lay_over(&mut sentences, asked.edits));
    Ok(Notice {
        form: asked.form,
        issuer: asked.issuer.map(str::to_owned),
        date: asked.date,
        sentences,
        entries: signs::entries(world, &draft.places, &draft.closing, !draft.detours.is_empty()),
        warnings,
    })
}

/// Puts what was written by hand in its place, and says what no longer fits.
fn lay_over(sentences: &mut [Sentence], edits: &Edits) -> Vec<Said> {
    let mut left: BTreeMap<&String, &Edited> = edits.iter().collect();
    let mut warnings = Vec::new();
    for sentence in sentences {
        let Some(edit) = left.remove(&sentence.key()) else { continue };
        sentence.edited = Some(edit.text.clone());
        sentence.is_stale = edit.fingerprint != sentence.fingerprint;
        if sentence.is_stale {
            let (text, now) = (&edit.text, &sentence.generated);
            warnings.push(Said::new(
                format!("手工改过的句子与图上不再一致，请核对：“{text}”；现在应为：“{now}”"),
                format!("written by hand, but the map says something else now: “{text}” / “{now}”"),
            ));
        }
    }
    warnings.extend(left.into_iter().map(|(key, edit)| {
        Said::new(
            format!("手工改过的句子所说的措施已不在方案中（{key}）：“{}”", edit.text),
            format!("a sentence written by hand belongs to nothing here ({key}): “{}”", edit.text),
        )
    }));
    warnings
}

fn is_area(record: &Record) -> bool {
    matches!(record.geometry, Some(Geometry::Polygon(_) | Geometry::MultiPolygon(_)))
}

fn lines(record: &Record) -> &[LineString<f64>] {
    match &record.geometry {
        Some(Geometry::LineString(line)) => std::slice::from_ref(line),
        Some(Geometry::MultiLineString(lines)) => &lines.0,
        _ => &[],
    }
}

/// Everything that sentences are made of.
struct Draft<'a> {
    world: &'a World,
    asked: &'a Asked<'a>,
    places: Places<'a>,
    closing: Vec<Measure<'a>>,
    detours: Vec<Measure<'a>>,
}

impl Draft<'_> {
    fn sentences(&self) -> Vec<Sentence> {
        let plain = |part, words| Sentence::new(part, None, words);
        let mut all = vec![plain(Part::Title, self.title()), plain(Part::Purpose, self.purpose())];
        all.extend(self.closing.iter().map(|measure| {
            Sentence::new(Part::Restriction, Some(measure.record), self.restriction(measure))
        }));
        all.extend(self.exemptions());
        all.extend(self.detours.iter().map(|measure| {
            Sentence::new(Part::Detour, Some(measure.record), self.detour(measure.record))
        }));
        all.push(plain(Part::Penalty, self.penalty()));
        all.push(plain(Part::Force, self.force()));
        let word = self.asked.form.word();
        let repeal = format!("【待填：被废止文件的名称和文号】自本{word}施行之日起废止。");
        all.push(plain(Part::Repeal, repeal));
        all
    }

    fn title(&self) -> String {
        let word = self.asked.form.word();
        let (areas, roads): (Vec<_>, Vec<_>) =
            self.closing.iter().partition(|measure| is_area(measure.record));
        let subject = match (areas.is_empty(), roads.is_empty()) {
            (true, true) => return format!("关于载货汽车绕行路线的{word}"),
            (false, false) => "部分区域和道路",
            (false, true) => "部分区域",
            (true, false) => "部分道路",
        };
        let all = |kind| self.closing.iter().all(|measure| measure.order.kind == kind);
        let action = if all(OrderKind::OneWay) {
            "实行单向通行"
        } else if all(OrderKind::NoEntry) {
            "禁止载货汽车通行"
        } else {
            "限制载货汽车通行"
        };
        format!("关于{subject}{action}的{word}")
    }

    fn purpose(&self) -> String {
        let basis = law::words(law::Role::Purpose, self.asked.date, &self.adcode());
        format!(
            "为改善环境空气质量，减少载货汽车尾气排放和道路扬尘污染，保障道路交通安全畅通，根据{basis}\
             等有关规定，现将有关事项{}如下：",
            self.asked.form.word()
        )
    }

    fn adcode(&self) -> String {
        let mut areas = self.world.table(Kind::Area).iter();
        let district = areas.find(|area| area.text("role") == "district");
        district.and_then(|area| area.code()).unwrap_or_default().to_owned()
    }

    /// Place, dates, hours, trucks.
    fn restriction(&self, measure: &Measure<'_>) -> String {
        let Measure { record, order } = measure;
        let Some(place) = self.place(record) else {
            return format!("【待填：“{}”不在任何道路上，请沿道路重画】", order.name);
        };
        let dates = if self.common_dates().is_some() { String::new() } else { dates(order) };
        let hours = words::hours(record.text("hours"));
        let trucks = words::trucks(&order.scope);
        let rule = match order.kind {
            OrderKind::NoEntry | OrderKind::Detour => format!("{hours}禁止{trucks}通行"),
            OrderKind::Limited => format!("{hours}限制{trucks}通行"),
            OrderKind::OneWay => {
                let way = lines(record).first().and_then(Places::line_heading);
                let way = way.unwrap_or_else(|| "【待填：方向】".to_owned());
                format!("{hours}对{trucks}实行{way}单向通行")
            }
        };
        format!("{place}，{dates}{rule}。")
    }

    fn place(&self, record: &Record) -> Option<String> {
        if is_area(record) {
            let is_included =
                record.get("boundary_included") == Some(&crate::domain::Value::Boolean(true));
            let areas = self.places.areas(record.geometry.as_ref()?, is_included);
            return Some(format!("{}内的所有道路", areas.join("、")));
        }
        let found: Vec<String> =
            lines(record).iter().filter_map(|line| self.places.stretches(line)).collect();
        (!found.is_empty()).then(|| found.join("、"))
    }

    /// One sentence for all where all exempt the same.
    fn exemptions(&self) -> Vec<Sentence> {
        let said = |measure: &Measure<'_>| {
            let words = measure.order.scope.exemptions.iter().map(|word| words::exempt(word));
            let words: Vec<&str> = words.collect();
            if words.is_empty() {
                "【待填：不受限制的车辆】".to_owned()
            } else {
                words.join("、")
            }
        };
        let all: Vec<String> = self.closing.iter().map(said).collect();
        let Some(first) = all.first() else { return Vec::new() };
        if all.iter().all(|one| one == first) {
            let sentence = format!("下列车辆不受上述措施限制：{first}。");
            return vec![Sentence::new(Part::Exemption, None, sentence)];
        }
        let each = all.iter().zip(&self.closing).enumerate().map(|(number, (words, measure))| {
            let number = words::numeral(number + 1);
            let sentence = format!("不受第一条第（{number}）项措施限制的车辆：{words}。");
            Sentence::new(Part::Exemption, Some(measure.record), sentence)
        });
        each.collect()
    }

    fn detour(&self, record: &Record) -> String {
        let ways: Vec<String> =
            lines(record).iter().filter_map(|line| self.places.chain(line)).collect();
        if ways.is_empty() {
            return format!("【待填：绕行线“{}”不在任何道路上，请沿道路重画】", record.name());
        }
        format!("受限车辆可经{}绕行。", ways.join("，或经"))
    }

    fn penalty(&self) -> String {
        let basis = law::words(law::Role::Penalty, self.asked.date, &self.adcode());
        let word = self.asked.form.word();
        format!(
            "违反本{word}规定的，由公安机关交通管理部门依照{basis}的规定予以处罚。\
             【待填：罚款数额和记分】"
        )
    }

    fn force(&self) -> String {
        let word = self.asked.form.word();
        let of = |date: Option<Date>| date.map_or("【待填：施行日期】".to_owned(), words::day);
        match self.common_dates() {
            Some((from, None)) => format!("本{word}自{}起施行。", of(from)),
            Some((from, Some(to))) => {
                format!("本{word}自{}起施行，至{}止。", of(from), words::day(to))
            }
            None => {
                let first = self.orders().filter_map(|order| order.from).min();
                format!("本{word}自{}起施行，各项措施的起止日期见第一条。", of(first))
            }
        }
    }

    fn orders(&self) -> impl Iterator<Item = &Order> {
        self.closing.iter().chain(&self.detours).map(|measure| &measure.order)
    }

    /// `None` where the closing orders do not all begin and end together.
    fn common_dates(&self) -> Option<(Option<Date>, Option<Date>)> {
        let all = if self.closing.is_empty() { &self.detours } else { &self.closing };
        let mut dates = all.iter().map(|measure| (measure.order.from, measure.order.to));
        let first = dates.next()?;
        dates.all(|other| other == first).then_some(first)
    }

    fn warnings(&self, others: &[Measure<'_>]) -> Vec<Said> {
        let mut found = Vec::new();
        for order in self.orders() {
            let name = &order.name;
            if order.arcs.is_empty() {
                let zh = format!("{name}：不在任何道路上，请沿道路重画");
                found.push(Said::new(zh, format!("{name} lies on no road: draw it along one")));
            }
            if let Some(bad) = &order.bad_hours {
                let zh = format!("{name}：时段无法识别（{}）", bad.text);
                found.push(Said::new(zh, format!("{name}: {bad}")));
            }
            if order.from.is_some_and(|from| from < self.asked.date) {
                let zh = format!("{name}：起始日期早于成文日期");
                found.push(Said::new(zh, format!("{name} begins before the date of the notice")));
            }
        }
        for Measure { record, order } in &self.closing {
            let beyond = lines(record).iter().map(|line| self.places.beyond_m(line));
            let metres = beyond.fold(0.0, f64::max);
            if metres > BEYOND_M {
                let name = &order.name;
                found.push(Said::new(
                    format!("{name}：画线止于路口之间，句中按整段计（相差约{metres:.0}米）"),
                    format!("{name} ends between junctions: named whole, {metres:.0} m apart"),
                ));
            }
        }
        let in_force = others.iter().map(|other| &other.order).filter(|o| o.state == "生效");
        for other in in_force {
            let shares =
                |order: &Order| order.arcs.iter().any(|arc| other.arcs.binary_search(arc).is_ok());
            if self.orders().any(shares) {
                let name = &other.name;
                found.push(Said::new(
                    format!("“{name}”仍在生效且路段重叠，请核对是否在本文中废止"),
                    format!("{name} is in force on the same roads: repeal it here?"),
                ));
            }
        }
        found
    }
}

/// `自2026年12月1日起至2027年3月15日止`.
fn dates(order: &Order) -> String {
    let from = order.from.map_or_else(|| "【待填：起始日期】".to_owned(), words::day);
    let to = order.to.map(|to| format!("至{}止", words::day(to))).unwrap_or_default();
    format!("自{from}起{to}，")
}
