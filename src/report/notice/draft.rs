//! The sentences of a notice, from its orders.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::boundary::AreaBoundary;
use super::places::PlaceNames;
use super::{NoticeHead, NoticePart, OFF_JUNCTION, RecordedOrder, Sentence, is_area, lines, words};
use crate::domain::{AreaRole, BasisRole, Kind, OrderKind, Record, Validity, World};
use crate::network::hours::hours_rules;
use crate::network::orders::TrafficOrder;
use crate::network::truck::{PASS, Scope};
use crate::report::law::{self, Basis};

/// Everything that sentences are made of.
pub struct NoticeDraft<'a> {
    pub world: &'a World,
    pub head: &'a NoticeHead,
    /// Of the paper.
    pub date: Date,
    pub bases: &'a [Basis],
    pub places: PlaceNames<'a>,
    pub closing: Vec<RecordedOrder<'a>>,
    pub detours: Vec<RecordedOrder<'a>>,
}

impl NoticeDraft<'_> {
    /// All sentences, in the order of the paper.
    pub fn sentences(&self) -> Vec<Sentence> {
        let plain = |part, words| Sentence::new(part, None, words);
        let mut all = vec![
            plain(NoticePart::Title, self.title()),
            plain(NoticePart::Purpose, self.purpose()),
        ];
        all.extend(self.closing.iter().map(|measure| {
            Sentence::new(NoticePart::Restriction, Some(measure.record), self.restriction(measure))
        }));
        all.extend(self.exemptions());
        all.extend(self.permit().map(|words| plain(NoticePart::Permit, words)));
        if self.detours.is_empty() && self.closes_roads() {
            let words = "受限车辆绕行路线：【待填：绕行路线；无须绕行的，写明理由】。";
            all.push(plain(NoticePart::Detour, words.to_owned()));
        }
        all.extend(self.detours.iter().map(|measure| {
            Sentence::new(NoticePart::Detour, Some(measure.record), self.detour(measure))
        }));
        all.push(plain(NoticePart::Penalty, self.penalty()));
        all.push(plain(NoticePart::Force, self.force()));
        all.push(plain(NoticePart::Repeal, self.repeal()));
        all
    }

    fn title(&self) -> String {
        let word = self.head.form.key();
        let (areas, roads): (Vec<_>, Vec<_>) =
            self.closing.iter().partition(|measure| is_area(measure.record));
        let all = |kind| self.closing.iter().all(|measure| measure.order.kind == kind);
        if !self.closing.is_empty() && all(OrderKind::NoTurn) {
            return format!("关于{}部分路口禁止载货汽车转向的{word}", self.district());
        }
        let subject = match (areas.is_empty(), roads.is_empty()) {
            (true, true) => return format!("关于{}载货汽车绕行路线的{word}", self.district()),
            (false, false) => "部分区域和道路",
            (false, true) => "部分区域",
            (true, false) => "部分道路",
        };
        let action = if all(OrderKind::OneWay) {
            "实行单向通行"
        } else if all(OrderKind::NoEntry) {
            "禁止载货汽车通行"
        } else {
            "限制载货汽车通行"
        };
        format!("关于{}{subject}{action}的{word}", self.district())
    }

    /// Where it holds: the name of the district.
    fn district(&self) -> String {
        let mut areas = self.world.table(Kind::Area).iter();
        let district = areas.find(|area| AreaRole::District.is_of(area) && !area.name().is_empty());
        district.map_or_else(|| "【待填：地名】".to_owned(), |area| area.name().to_owned())
    }

    /// Whether trucks are kept from anywhere, so that they need another way.
    fn closes_roads(&self) -> bool {
        self.closing.iter().any(|measure| measure.order.kind != OrderKind::OneWay)
    }

    /// How a pass is got, where any order lets those in who have one.
    fn permit(&self) -> Option<String> {
        // Also where the pass is one of several conditions, as in 持通行证的民生保供车.
        let asks = |scope: &Scope| {
            scope.exempts(PASS) || scope.exemptions.iter().any(|word| word.contains(PASS))
        };
        let is_asked = self.closing.iter().any(|measure| asks(&measure.order.scope));
        let said = self.head.permit.as_deref();
        let how =
            said.map_or("【待填：办理机关、条件、时限和方式】", |words| words);
        is_asked.then(|| format!("确需通行的车辆，应当事先办理通行证：{how}。"))
    }

    fn purpose(&self) -> String {
        let basis = law::words(self.bases, BasisRole::Purpose, self.date, &self.adcode());
        format!(
            "为改善环境空气质量，减少载货汽车尾气排放和道路扬尘污染，保障道路交通安全畅通，根据{basis}\
             等有关规定，现将有关事项{}如下：",
            self.head.form.key()
        )
    }

    fn adcode(&self) -> String {
        let mut areas = self.world.table(Kind::Area).iter();
        let district = areas.find(|area| AreaRole::District.is_of(area));
        district.and_then(|area| area.code()).unwrap_or_default().to_owned()
    }

    /// Place, dates, hours, trucks.
    fn restriction(&self, measure: &RecordedOrder<'_>) -> String {
        let RecordedOrder { record, order } = measure;
        if order.kind == OrderKind::NoTurn {
            return self.no_turn(measure);
        }
        let Some(place) = self.place(record) else {
            return format!("【待填：“{}”不在任何道路上，请沿道路重画】", order.name);
        };
        let dates = if self.common_dates().is_some() { String::new() } else { dates(measure) };
        // Of a road of one way the rule says the direction.
        let is_one_way = order.kind == OrderKind::OneWay;
        let way = if is_one_way { String::new() } else { self.one_side(record) };
        let place = format!("{place}{way}");
        let hours = words::hours(record.text("hours"));
        let trucks = words::trucks(&order.scope);
        let rule = match order.kind {
            OrderKind::NoEntry | OrderKind::Detour | OrderKind::NoTurn => {
                format!("{hours}禁止{trucks}通行")
            }
            OrderKind::Limited => format!("{hours}限制{trucks}通行"),
            OrderKind::OneWay => {
                let way = lines(record).first().and_then(PlaceNames::line_heading);
                let way = way.unwrap_or_else(|| "【待填：方向】".to_owned());
                format!("{hours}对{trucks}实行{way}单向通行")
            }
        };
        format!("{place}，{dates}{rule}。")
    }

    /// Junction, dates, hours, trucks, and from which arm into which.
    fn no_turn(&self, measure: &RecordedOrder<'_>) -> String {
        let RecordedOrder { record, order } = measure;
        let Some(turn) = order.turns.iter().find_map(|turn| self.places.turn(*turn)) else {
            return format!("【待填：“{}”{OFF_JUNCTION}，请在路口重画】", order.name);
        };
        let dates = if self.common_dates().is_some() { String::new() } else { dates(measure) };
        let hours = words::hours(record.text("hours"));
        let trucks = words::trucks(&order.scope);
        format!("{}，{dates}{hours}禁止{trucks}{}。", turn.junction, turn.way)
    }

    /// `由西向东方向` where one carriageway is closed and the other one is open.
    fn one_side(&self, record: &Record) -> String {
        let way = lines(record).iter().find_map(|line| {
            let is_along = self.places.finder().one_side(line, record)?;
            let mut line = line.clone();
            if !is_along {
                line.0.reverse();
            }
            PlaceNames::line_heading(&line)
        });
        way.map_or_else(String::new, |way| format!("{way}方向"))
    }

    fn place(&self, record: &Record) -> Option<String> {
        if is_area(record) {
            let boundary = AreaBoundary::of(record, self.places.finder());
            let areas = self.places.areas(record.geometry.as_ref()?, &boundary);
            return Some(format!("{}内的所有道路", areas.join("、")));
        }
        let found: Vec<String> =
            lines(record).iter().filter_map(|line| self.places.stretches(record, line)).collect();
        (!found.is_empty()).then(|| found.join("、"))
    }

    /// One sentence for all where all exempt the same.
    fn exemptions(&self) -> Vec<Sentence> {
        let said = |measure: &RecordedOrder<'_>| {
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
            return vec![Sentence::new(NoticePart::Exemption, None, sentence)];
        }
        let each = all.iter().zip(&self.closing).enumerate().map(|(number, (words, measure))| {
            let number = words::numeral(number + 1);
            let sentence = format!("不受第一条第（{number}）项措施限制的车辆：{words}。");
            Sentence::new(NoticePart::Exemption, Some(measure.record), sentence)
        });
        each.collect()
    }

    /// Road by road, and around what.
    fn detour(&self, RecordedOrder { record, .. }: &RecordedOrder<'_>) -> String {
        let ways: Vec<String> =
            lines(record).iter().filter_map(|line| self.places.chain(record, line)).collect();
        if ways.is_empty() {
            return format!("【待填：绕行线“{}”不在任何道路上，请沿道路重画】", record.name());
        }
        let who = match self.around(record) {
            Some(item) => format!("受第一条第（{}）项措施限制的车辆", words::numeral(item)),
            None => "受限车辆".to_owned(),
        };
        format!("{who}可经{}绕行。", ways.join("，或经"))
    }

    /// The number of the order around which a detour leads; `None` where there is but one.
    fn around(&self, detour: &Record) -> Option<usize> {
        let of = detour.text("detour_of");
        let is_it = |measure: &RecordedOrder<'_>| {
            let record = measure.record;
            !of.is_empty() && (record.code() == Some(of) || record.id.to_string() == of)
        };
        let place = self.closing.iter().position(is_it)?;
        (self.closing.len() > 1).then_some(place + 1)
    }

    fn penalty(&self) -> String {
        let basis = law::words(self.bases, BasisRole::Penalty, self.date, &self.adcode());
        let word = self.head.form.key();
        format!(
            "违反本{word}规定的，由公安机关交通管理部门依照{basis}的规定予以处罚。\
             【待填：罚款数额和记分】"
        )
    }

    fn force(&self) -> String {
        let word = self.head.form.key();
        let of = |date: Option<Date>| date.map_or("【待填：施行日期】".to_owned(), words::day);
        match self.common_dates() {
            Some(Validity { from, to: None }) => format!("本{word}自{}起施行。", of(from)),
            Some(Validity { from, to: Some(to) }) => {
                let closing = if self.closing.is_empty() { &self.detours } else { &self.closing };
                let night = last_night(closing.iter().map(|measure| measure.record), to);
                format!("本{word}自{}起施行，至{}止{night}。", of(from), words::day(to))
            }
            None => {
                let first = self.orders().filter_map(|order| order.days.from).min();
                format!("本{word}自{}起施行，各项措施的起止日期见第一条。", of(first))
            }
        }
    }

    fn repeal(&self) -> String {
        let word = self.head.form.key();
        let papers = if self.head.supersedes.is_empty() {
            "【待填：被废止文件的名称和文号】".to_owned()
        } else {
            self.head.supersedes.iter().map(|paper| quoted(paper)).collect::<Vec<_>>().join("、")
        };
        format!("{papers}自本{word}施行之日起废止。")
    }

    /// Those that close, then detours.
    pub fn orders(&self) -> impl Iterator<Item = &TrafficOrder> {
        self.closing.iter().chain(&self.detours).map(|measure| &measure.order)
    }

    /// `None` where the closing orders do not all begin and end together.
    fn common_dates(&self) -> Option<Validity> {
        let all = if self.closing.is_empty() { &self.detours } else { &self.closing };
        let mut dates = all.iter().map(|measure| measure.order.days);
        let first = dates.next()?;
        dates.all(|other| other == first).then_some(first)
    }
}

/// `自2026年12月1日起至2027年3月15日止`.
fn dates(RecordedOrder { record, order }: &RecordedOrder<'_>) -> String {
    let from = order.days.from.map_or_else(|| "【待填：起始日期】".to_owned(), words::day);
    let to = order.days.to.map(|to| {
        let night = last_night(std::iter::once(*record), to);
        format!("至{}止{night}", words::day(to))
    });
    format!("自{from}起{}，", to.unwrap_or_default())
}

/// When hours over midnight end that begin on the last day, as an order holds them; nothing where there
/// are none: `（12月3日22时起的时段至次日6时止）`.
fn last_night<'a>(orders: impl Iterator<Item = &'a Record>, last: Date) -> String {
    let nights: BTreeSet<(u16, u16)> = orders
        .filter_map(|order| hours_rules(order.text("hours")))
        .flatten()
        .filter(|rule| !rule.is_off)
        .flat_map(|rule| rule.times)
        .filter(|(_, to)| *to > words::DAY_MIN)
        .collect();
    let said: Vec<String> = nights
        .into_iter()
        .map(|(from, to)| format!("{}起的时段至{}止", words::clock(from), words::clock(to)))
        .collect();
    if said.is_empty() {
        return String::new();
    }
    format!("（{}月{}日{}）", last.month(), last.day(), said.join("，"))
}

/// The title of a paper in its brackets, as far as nobody has set them: `《…》（唐政通字〔2018〕4号）`.
fn quoted(paper: &str) -> String {
    if paper.contains('《') { paper.to_owned() } else { format!("《{paper}》") }
}
