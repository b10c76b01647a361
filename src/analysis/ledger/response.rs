//! Who does what in a response: the measure that a line has at the level, against what an inspection saw
//! and what its readings say. What is ordered and what is done stand side by side; nothing here proposes
//! a level.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo_types::Point;
use jiff::civil::DateTime;
use rustc_hash::FxHashMap;

use super::checks::{Look, check_of, ids_of, looked_at, put, with_item};
use crate::analysis::decisions;
use crate::domain::item::{Deed, StepKind, moment, taken};
use crate::domain::{
    Change, Ids, ItemSource, ItemType, Kind, LocalizedText, Record, RecordId, ResponseLevel,
    SiteKind, SixChecks, Stamp, Text, Value, Verdict, World,
};
use crate::geodesy::wkb;

/// A response, with all lines that have a measure at its level.
#[derive(Clone, Debug)]
pub struct ResponseState {
    pub record: Arc<Record>,
    pub level: Option<ResponseLevel>,
    /// Civil time of the office.
    pub begins: Option<DateTime>,
    /// `None` while nobody has lifted it.
    pub ends: Option<DateTime>,
    pub lines: Vec<LineState>,
}

/// A line of production in a response.
#[derive(Clone, Debug)]
pub struct LineState {
    pub measure: Arc<Record>,
    /// The enterprise on the map.
    pub site: Option<Arc<Record>>,
    /// As the list has it.
    pub ordered: String,
    /// 0–1: how much less the line is to run; `None` where the words do not say.
    pub ordered_cut: Option<f64>,
    /// The last inspection.
    pub seen: Option<Seen>,
}

/// What an inspection saw of a line.
#[derive(Clone, Debug)]
pub struct Seen {
    pub look: Look,
    /// What the line did.
    pub actual: String,
    pub checker: String,
}

/// Means of the factor that proves a line, before the response and in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    pub before: f64,
    pub during: f64,
    /// Hours that count.
    pub hours_before: u32,
    pub hours_during: u32,
}

/// Whether a line did what was ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// An inspection saw that it did not.
    NotDone,
    /// Nobody went there, and its readings fall short of what was ordered.
    ReadingsAgainst,
    Unchecked,
    /// Nobody went there, and its readings fall by what was ordered.
    ReadingsFor,
    /// An inspection saw it.
    Done,
}

/// So much less of a cut than was ordered is still taken for it, in parts of one: meters of a plant count
/// its offices too. A default of this program, no rule of anybody.
const TOLERANCE: f64 = 0.10;

/// Below so many hours before it began a mean says nothing.
const FEW_HOURS: u32 = 24;

impl Evidence {
    /// 0–1 of what was before; below 0 where it grew. `None` where little is known.
    pub fn cut(&self) -> Option<f64> {
        let is_known = self.hours_before >= FEW_HOURS && self.hours_during > 0 && self.before > 0.0;
        is_known.then(|| 1.0 - self.during / self.before)
    }
}

impl Outcome {
    /// What did not happen first.
    pub const ALL: [Self; 5] =
        [Self::NotDone, Self::ReadingsAgainst, Self::Unchecked, Self::ReadingsFor, Self::Done];

    /// What a person reads.
    pub const fn label(self) -> Text {
        match self {
            Self::NotDone => Text::new("未落实", "not done"),
            Self::ReadingsAgainst => Text::new("数据不符", "readings against it"),
            Self::Unchecked => Text::new("未查", "not looked at"),
            Self::ReadingsFor => Text::new("数据相符", "readings agree"),
            Self::Done => Text::new("已落实", "done"),
        }
    }

    /// Whether somebody has to go there.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::NotDone | Self::ReadingsAgainst)
    }
}

impl LineState {
    /// An inspection goes before readings.
    pub fn outcome(&self, evidence: Option<&Evidence>) -> Outcome {
        match self.seen.as_ref().and_then(|seen| seen.look.verdict) {
            Some(Verdict::Passed) => return Outcome::Done,
            Some(Verdict::Failed) => return Outcome::NotDone,
            _ => {}
        }
        let cut = evidence.and_then(Evidence::cut);
        match cut.zip(self.ordered_cut) {
            Some((cut, ordered)) if cut + TOLERANCE >= ordered => Outcome::ReadingsFor,
            Some(_) => Outcome::ReadingsAgainst,
            None => Outcome::Unchecked,
        }
    }

    /// The place and the factor whose readings prove it; `None` where no feed gives any.
    pub fn factor(&self) -> Option<(RecordId, &str)> {
        let factor = Some(self.measure.text("factor").trim()).filter(|it| !it.is_empty())?;
        Some((self.site.as_ref()?.id, factor))
    }

    /// `甲钢铁 1号烧结机`.
    pub fn name(&self) -> String {
        line_name(&self.measure)
    }
}

fn line_name(measure: &Record) -> String {
    format!("{} {}", measure.name(), measure.text("line")).trim().to_owned()
}

impl ResponseState {
    /// Whether it holds at a moment.
    pub fn holds(&self, now: DateTime) -> bool {
        let has_begun = self.begins.is_some_and(|begins| begins <= now);
        has_begun && self.ends.is_none_or(|ends| now < ends)
    }

    /// How many lines came out how, in the order of [`Outcome::ALL`].
    pub fn counts(&self, evidence: &BTreeMap<RecordId, Evidence>) -> [usize; Outcome::ALL.len()] {
        let mut counts = [0; Outcome::ALL.len()];
        for line in &self.lines {
            let outcome = line.outcome(evidence.get(&line.measure.id));
            for (known, count) in Outcome::ALL.into_iter().zip(&mut counts) {
                *count += usize::from(known == outcome);
            }
        }
        counts
    }
}

impl ResponseLevel {
    /// The field of a measure that says what is done at it.
    pub const fn measure_key(self) -> &'static str {
        match self {
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
            Self::Local => "local",
        }
    }
}

/// All responses, the latest first.
pub fn responses(world: &World) -> Vec<ResponseState> {
    let enterprises = Enterprises::of(world);
    let mut all_seen: BTreeMap<(String, String), Seen> = BTreeMap::new();
    for check in world.table(Kind::Check).iter() {
        let Some(on) = check.date("checked_on") else { continue };
        let look = Look { id: check.id, on, verdict: Verdict::from_key(check.text("verdict")) };
        for of in looked_at(check) {
            let text = |key: &str| check.text(key).to_owned();
            let seen = Seen { look, actual: text("found"), checker: text("checker") };
            let key = (text("plan"), of);
            if all_seen.get(&key).is_none_or(|known| known.look.on <= on) {
                all_seen.insert(key, seen);
            }
        }
    }
    let state = |record: &Arc<Record>| {
        let level = ResponseLevel::of(record);
        let handle = decisions::handle(record).into_owned();
        let seen = |measure: &Record| {
            let by = |of: String| all_seen.get(&(handle.clone(), of));
            let (by_id, by_name) = (by(measure.id.to_string()), by(line_name(measure)));
            by_id.into_iter().chain(by_name).max_by_key(|seen| seen.look.on).cloned()
        };
        let line = |measure: &Arc<Record>| {
            let ordered = measure.text(level?.measure_key()).trim();
            (!ordered.is_empty()).then(|| LineState {
                measure: Arc::clone(measure),
                site: enterprises.of_measure(measure).cloned(),
                ordered: ordered.to_owned(),
                ordered_cut: cut_of(ordered),
                seen: seen(measure),
            })
        };
        ResponseState {
            level,
            begins: moment(record, "begins_at"),
            ends: moment(record, "ends_at"),
            lines: world.table(Kind::ResponseMeasure).iter().filter_map(line).collect(),
            record: Arc::clone(record),
        }
    };
    let mut all: Vec<ResponseState> = world.table(Kind::Response).iter().map(state).collect();
    all.sort_by_key(|response| std::cmp::Reverse((response.begins, response.record.id)));
    all
}

/// Sites by what a list calls them.
struct Enterprises<'w> {
    world: &'w World,
    by_name: FxHashMap<&'w str, &'w Arc<Record>>,
}

impl<'w> Enterprises<'w> {
    fn of(world: &'w World) -> Self {
        let sites = world.table(Kind::Site).iter();
        let own = sites.filter(|site| SiteKind::Enterprise.is_of(site));
        Self { world, by_name: own.map(|site| (site.name(), site)).collect() }
    }

    fn of_measure(&self, measure: &Record) -> Option<&'w Arc<Record>> {
        let stated = measure.text("site");
        let sites = self.world.table(Kind::Site);
        let by_code = || sites.by_code(stated).filter(|_| !stated.is_empty());
        let by_id = || stated.parse().ok().and_then(|id| sites.get(id));
        by_code().or_else(by_id).or_else(|| self.by_name.get(measure.name()).copied())
    }
}

/// How much less a line is to run, 0–1: `停产50%（以高炉计）` is 0.5, `停产` 1, `自主减排` nothing that can
/// be measured.
pub fn cut_of(ordered: &str) -> Option<f64> {
    let plain = ordered.replace('％', "%");
    if let Some((before, _)) = plain.split_once('%') {
        let head = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let share: f64 = before.strip_prefix(head)?.parse().ok()?;
        // 降至 says what is left, not what is cut.
        let cut = if head.ends_with('至') { 100.0 - share } else { share };
        return (0.0..=100.0).contains(&cut).then_some(cut / 100.0);
    }
    let stops = ["停产", "停止", "停用", "全停", "停运"].iter().any(|word| plain.contains(word));
    // 停产1条 of several says nothing of this line's meter.
    let is_part = plain.contains('条') || plain.contains("部分");
    (stops && !is_part).then_some(1.0)
}

/// What the readings of a line say, in words.
pub fn evidence_words(line: &LineState, evidence: Option<&Evidence>) -> LocalizedText {
    let Some((_, factor)) = line.factor() else { return LocalizedText::default() };
    let Some(evidence) = evidence else {
        return LocalizedText::new(format!("{factor} 无数据"), format!("no readings of {factor}"));
    };
    let Evidence { before, during, hours_before, hours_during } = evidence;
    let Some(cut) = evidence.cut() else {
        return LocalizedText::new(
            format!("{factor} 时数不足（前 {hours_before} h，期间 {hours_during} h）"),
            format!("too few hours of {factor} ({hours_before} before, {hours_during} since)"),
        );
    };
    let (zh, en) = if cut >= 0.0 { ("降", "less") } else { ("升", "more") };
    let share = cut.abs() * 100.0;
    LocalizedText::new(
        format!("{factor} {before:.1}→{during:.1}，{zh} {share:.0}%（n={hours_during} h）"),
        format!("{factor} {before:.1}→{during:.1}, {share:.0}% {en} (n={hours_during} h)"),
    )
}

/// An inspection of a line in a response, and the item that comes of one that was not passed, linked both
/// ways.
pub fn inspected(
    (response, line): (&Record, &LineState),
    (verdict, actual): (Verdict, &str),
    (at, code): (DateTime, &str),
    (stamp, ids): (&Stamp, &mut Ids),
) -> Vec<Change> {
    let name = line.name();
    let check = check_of((response, &name), (verdict, actual), at.date(), (stamp, ids));
    let item = (verdict == Verdict::Failed).then(|| {
        let mut item = Record::new(ids.next(), Kind::Item, stamp);
        put(&mut item, "code", code);
        let seen = if actual.is_empty() { "现场未落实" } else { actual };
        put(&mut item, "name", &format!("{name} 停限产不落实：应“{}”，{seen}", line.ordered));
        ItemSource::Response.put(&mut item);
        SixChecks::Emitters.put(&mut item);
        put(&mut item, "note", response.text("document"));
        put(&mut item, "address", line.measure.name());
        item.set("types", Some(Value::Words([ItemType::Industry.key().into()].into())));
        put(&mut item, "demand", &line.ordered);
        put(&mut item, "time_limit", "立行立改");
        let own = line.site.as_deref().unwrap_or(&line.measure);
        // What the site says goes before the list.
        put(&mut item, "township", line.measure.text("township"));
        put(&mut item, "township", own.text("township"));
        put(&mut item, "department", own.text("department"));
        let bounds = own.geometry.as_ref().and_then(wkb::bounds);
        item.geometry = bounds.map(|bounds| Point(bounds.middle()).into());
        let of = [Some(response.id), Some(line.measure.id), line.site.as_ref().map(|it| it.id)];
        item.set("records", Some(ids_of(of.into_iter().flatten().chain([check.id]))));
        let mut deed = Deed::new(StepKind::Register, &stamp.actor, at);
        deed.reason = format!("应急响应 {}", decisions::handle(response));
        taken(&item, &deed, stamp).unwrap_or(item)
    });
    with_item(check, line.measure.id, item)
}

/// The response that held on a day at last; for lists that name none.
pub fn current(all: &[ResponseState], now: DateTime) -> Option<&ResponseState> {
    all.iter().find(|response| response.holds(now)).or_else(|| all.first())
}

/// The first and last hour of which readings are asked: a week before it began, until it ended or now.
pub fn span_of_readings(
    response: &ResponseState,
    now: DateTime,
) -> Option<(DateTime, DateTime, DateTime)> {
    let begins = response.begins?;
    let before = begins.checked_sub(jiff::Span::new().days(7)).ok()?;
    Some((before, begins, response.ends.unwrap_or(now).min(now)))
}

#[cfg(test)]
mod tests;
