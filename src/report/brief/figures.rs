//! Figures that a template may name within a sentence, each with the records that it counts.

use std::sync::Arc;

use super::BriefRequest;
use super::period::meeting_before;
use super::sentences;
use crate::analysis::decisions::{DecisionStanding, decisions};
use crate::analysis::is_not_up_to_standard;
use crate::analysis::standards::{Rate, is_inspected, rate};
use crate::domain::{Kind, OrderState, Record, SiteKind, Value};

/// A figure that a template may name.
pub(super) struct TemplateFigure<'a> {
    /// As templates call it.
    pub key: &'static str,
    pub words: String,
    /// What is counted; `None` where nothing is.
    pub counted: Option<CountedRecords<'a>>,
}

/// The records behind a figure.
pub(super) struct CountedRecords<'a> {
    pub title: &'static str,
    pub records: Vec<&'a Arc<Record>>,
    /// Sections that are the list: where a paper has one of them, it needs no other.
    pub sections: &'static [&'static str],
}

/// What a template may name in a sentence.
pub(super) type Figures<'a> = Vec<TemplateFigure<'a>>;

fn said(key: &'static str, words: impl Into<String>) -> TemplateFigure<'static> {
    TemplateFigure { key, words: words.into(), counted: None }
}

/// So many, which is said and not listed: a register is no appendix.
fn number<'a>(
    key: &'static str,
    records: impl Iterator<Item = &'a Arc<Record>>,
) -> TemplateFigure<'static> {
    said(key, records.count().to_string())
}

fn count<'a>(
    key: &'static str,
    title: &'static str,
    records: impl Iterator<Item = &'a Arc<Record>>,
) -> TemplateFigure<'a> {
    let records: Vec<_> = records.collect();
    let words = records.len().to_string();
    TemplateFigure { key, words, counted: Some(CountedRecords { title, records, sections: &[] }) }
}

/// All figures of a brief.
pub(super) fn of<'a>(asked: &BriefRequest<'a>) -> Figures<'a> {
    [about(asked), of_decisions(asked), of_last_meeting(asked), of_sites(asked)]
        .into_iter()
        .flatten()
        .collect()
}

/// Who, where and when.
fn about<'a>(asked: &BriefRequest<'a>) -> Figures<'a> {
    let of_meeting = |key: &str| {
        let said = asked.meeting.and_then(|meeting| meeting.get(key)).map(Value::to_cell);
        said.filter(|said| !said.is_empty()).unwrap_or_else(|| "—".to_owned())
    };
    let held = asked.meeting.and_then(|meeting| meeting.date("date"));
    vec![
        said("district", asked.district()),
        said("from", day(asked.from)),
        said("until", day(asked.until)),
        said("week", asked.until.iso_week_date().week().to_string()),
        said("meeting", of_meeting("name")),
        said("date", held.map_or_else(|| "—".to_owned(), day)),
        said("chair", of_meeting("chair")),
        said("venue", of_meeting("venue")),
        said("attendees", of_meeting("attendees").replace(';', "、")),
        said("summary", sentences::summary(asked)),
        said("meeting_summary", sentences::of_meeting(asked)),
        said("worst", sentences::worst(asked)),
        said("next_due", sentences::next_due(asked)),
    ]
}

fn of_decisions<'a>(asked: &BriefRequest<'a>) -> Figures<'a> {
    let BriefRequest { now, meeting, until, .. } = *asked;
    let standing = decisions(now, meeting, until);
    let with = |wanted: &'static [DecisionStanding]| {
        let all = standing.iter().filter(|(known, _)| wanted.contains(known));
        all.map(|(_, decision)| *decision)
    };
    let in_force =
        now.table(Kind::Restriction).iter().filter(|order| OrderState::InForce.is_of(order));
    let open = with(&[DecisionStanding::Overdue, DecisionStanding::Open]);
    let mut decided = count("decided", "决定事项", standing.iter().map(|(_, d)| *d));
    if let Some(counted) = &mut decided.counted {
        counted.sections = &["decisions", "decision_sentences"];
    }
    vec![
        decided,
        count("open", "未完成的决定", open),
        count("overdue", "逾期的决定", with(&[DecisionStanding::Overdue])),
        count("in_force", "生效的管控措施", in_force),
    ]
}

/// What the meeting before decided, and how that stands.
fn of_last_meeting<'a>(asked: &BriefRequest<'a>) -> Figures<'a> {
    let last = asked.meeting.and_then(|meeting| meeting_before(asked.now, meeting));
    let standing = last.map(|last| decisions(asked.now, Some(last), asked.until));
    let standing = standing.unwrap_or_default();
    let with = |wanted: &'static [DecisionStanding]| {
        let all = standing.iter().filter(|(known, _)| wanted.contains(known));
        all.map(|(_, decision)| *decision)
    };
    let all = standing.iter().map(|(_, decision)| *decision);
    let open = with(&[DecisionStanding::Overdue, DecisionStanding::Open]);
    vec![
        said("last_meeting", last.map_or("—", Record::name)),
        count("last_decided", "上次会议的决定", all),
        count("last_on_time", "上次会议决定中按时完成的", with(&[DecisionStanding::ClosedOnTime])),
        count("last_late", "上次会议决定中逾期完成的", with(&[DecisionStanding::ClosedLate])),
        count("last_open", "上次会议决定中未完成的", open),
        count("last_overdue", "上次会议决定中逾期的", with(&[DecisionStanding::Overdue])),
    ]
}

fn of_sites<'a>(asked: &BriefRequest<'a>) -> Figures<'a> {
    let BriefRequest { now, then, .. } = *asked;
    let of = |kind: SiteKind| now.table(Kind::Site).iter().filter(move |site| kind.is_of(site));
    let inspected = |kind| of(kind).filter(|site| is_inspected(site));
    let good = |site: &&Arc<Record>| !is_not_up_to_standard(site);
    let before = then.map(|then| rate(then, SiteKind::Construction));
    let mut failing = count(
        "failing_sites",
        "不达标工地",
        of(SiteKind::Construction).filter(|site| is_not_up_to_standard(site)),
    );
    if let Some(counted) = &mut failing.counted {
        counted.sections = &["failing"];
    }
    vec![
        number("sites", of(SiteKind::Construction)),
        number("inspected", inspected(SiteKind::Construction)),
        number("up_to_standard", inspected(SiteKind::Construction).filter(good)),
        failing,
        number("uninspected", of(SiteKind::Construction).filter(|site| !is_inspected(site))),
        said("rate", share(&rate(now, SiteKind::Construction))),
        said("rate_before", before.as_ref().map_or_else(|| "无数据".to_owned(), share)),
        number("restaurants", of(SiteKind::Restaurant)),
        number("restaurants_inspected", inspected(SiteKind::Restaurant)),
        said("restaurants_rate", share(&rate(now, SiteKind::Restaurant))),
        number("parking", of(SiteKind::Parking)),
        said("parking_rate", share(&rate(now, SiteKind::Parking))),
    ]
}

/// A text with its figures in their places.
pub(super) fn filled(line: &str, figures: &Figures<'_>) -> String {
    let mut text = line.to_owned();
    for TemplateFigure { key, words, .. } in figures {
        text = text.replace(&format!("{{{key}}}"), words);
    }
    text
}

/// `2026年11月27日`
pub(super) fn day(date: jiff::civil::Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// In per cent; 无数据 where nothing was judged.
pub(super) fn share(rate: &Rate) -> String {
    rate.share().map_or_else(|| "无数据".to_owned(), percent)
}

/// `12.5%`
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}
