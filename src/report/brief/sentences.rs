//! Sentences that say a week, a meeting and a decision: what whoever reads one line shall know.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::BriefRequest;
use super::figures::{day, percent};
use super::period::meeting_before;
use crate::analysis::decisions::words::due;
use crate::analysis::decisions::{DecisionStanding, decisions, meeting, task};
use crate::analysis::overview::SiteFigures;
use crate::analysis::scenes::scenes;
use crate::analysis::standards::{InspectionTally, failing_items, rate};
use crate::domain::{Kind, OrderState, Record, SiteKind, World};

/// So many are named in a sentence.
const NAMED: usize = 3;

/// The period in one sentence.
pub(super) fn summary(asked: &BriefRequest<'_>) -> String {
    let now = rate(asked.now, SiteKind::Construction);
    let InspectionTally { failing, inspected, uninspected } = now.tally();
    let sites = match now.share() {
        None if uninspected == 0 => "没有登记工地".to_owned(),
        None => format!("{uninspected}处工地均未检查"),
        Some(share) => {
            let moved = asked.then.and_then(|then| rate(then, SiteKind::Construction).share());
            let moved = moved.map_or_else(String::new, |before| moved_words(before, share));
            let blank = match uninspected {
                0 => String::new(),
                count => format!("，另有{count}处未查"),
            };
            let share = percent(share);
            format!("工地达标率{share}（已查{inspected}处、不达标{failing}处{blank}）{moved}")
        }
    };
    let standing = decisions(asked.now, None, asked.until);
    let count = |wanted: DecisionStanding| {
        standing.iter().filter(|(standing, _)| *standing == wanted).count()
    };
    let overdue = count(DecisionStanding::Overdue);
    let open = overdue + count(DecisionStanding::Open);
    let decided = match (open, overdue) {
        (0, _) => "决定事项没有未完成的".to_owned(),
        (open, 0) => format!("决定事项{open}项未完成、均未到期"),
        (open, overdue) => format!("决定事项{open}项未完成、其中{overdue}项逾期"),
    };
    let orders = asked.now.table(Kind::Restriction).iter();
    let in_force = orders.filter(|order| OrderState::InForce.is_of(order)).count();
    let period = if asked.is_week() { "本周" } else { "本期" };
    format!("{period}{sites}；{decided}；生效的管控措施{in_force}项。")
}

/// `，比上期上升3.2个百分点`.
fn moved_words(before: f64, now: f64) -> String {
    let points = ((now - before) * 1000.0).round() / 10.0;
    if points > 0.0 {
        format!("，比上期上升{points}个百分点")
    } else if points < 0.0 {
        format!("，比上期下降{}个百分点", -points)
    } else {
        "，与上期持平".to_owned()
    }
}

/// The meeting in one sentence; a dash where the paper is about none.
pub(super) fn of_meeting(asked: &BriefRequest<'_>) -> String {
    let Some(held) = asked.meeting else { return "—".to_owned() };
    let looked_back = match meeting_before(asked.now, held) {
        None => String::new(),
        Some(last) => {
            let standing = decisions(asked.now, Some(last), asked.until);
            let count = |wanted: DecisionStanding| {
                standing.iter().filter(|(standing, _)| *standing == wanted).count()
            };
            let all = standing.len();
            let (good, overdue) =
                (count(DecisionStanding::ClosedOnTime), count(DecisionStanding::Overdue));
            format!("检查了上次会议{all}项决定（按时完成{good}项、逾期未完成{overdue}项），")
        }
    };
    let count = scenes(asked.now, held).len();
    let topics = if count == 0 { String::new() } else { format!("会商了{count}个议题，") };
    let decided = decisions(asked.now, Some(held), asked.until);
    let first = decided.iter().filter_map(|(_, decision)| decision.date("due")).min();
    let first = first.map_or_else(String::new, |first| format!("，最早于{}到期", day(first)));
    let decided = match decided.len() {
        0 => "没有作出决定".to_owned(),
        count => format!("作出决定{count}项{first}"),
    };
    let held =
        held.date("date").map_or_else(|| "本次会议".to_owned(), |on| format!("{}会议", day(on)));
    format!("{held}{looked_back}{topics}{decided}。")
}

/// Where most fail, and by what.
pub(super) fn worst(asked: &BriefRequest<'_>) -> String {
    let townships = SiteFigures::of(asked.now).townships;
    let mut places: Vec<(usize, &str)> = townships
        .iter()
        .map(|(name, of)| (of.inspections.failing, name.as_str()))
        .filter(|(failing, _)| *failing > 0)
        .collect();
    if places.is_empty() {
        return "已查点位中没有不达标的。".to_owned();
    }
    places.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let named = |(failing, name): &(usize, &str)| {
        let name = if name.is_empty() { "未注明乡镇的" } else { name };
        format!("{name}{failing}处")
    };
    let places: Vec<String> = places.iter().take(NAMED).map(named).collect();
    let mut items: BTreeMap<&str, usize> = BTreeMap::new();
    for site in asked.now.table(Kind::Site).iter() {
        for item in failing_items(site) {
            *items.entry(item.label.zh).or_default() += 1;
        }
    }
    let mut items: Vec<(&str, usize)> = items.into_iter().collect();
    items.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let items: Vec<String> =
        items.iter().take(NAMED).map(|(item, count)| format!("{item}{count}处")).collect();
    format!("不达标较多的是{}；主要问题是{}。", places.join("、"), items.join("、"))
}

/// What is to be done next: the overdue ones first, then by their day.
pub(super) fn next_due(asked: &BriefRequest<'_>) -> String {
    let mut open = decisions(asked.now, None, asked.until);
    open.retain(|(standing, _)| {
        matches!(standing, DecisionStanding::Overdue | DecisionStanding::Open)
    });
    if open.is_empty() {
        return "没有待落实的决定。".to_owned();
    }
    open.sort_by_key(|(_, decision)| {
        (decision.date("due").is_none(), decision.date("due"), decision.id)
    });
    let words = |(standing, of): &(DecisionStanding, &Arc<Record>)| {
        let off = due(of, *standing, asked.until).zh;
        format!("{}（{off}）", of_decision(asked.now, of))
    };
    let words: Vec<String> = open.iter().take(NAMED).map(words).collect();
    let more = open.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!("；另有{more}项") };
    format!("下一步：{}{more}。", words.join("；"))
}

/// `住建局于2026年12月1日前落实：浭水花园工地雾炮到位`: who, by which day, what; each once.
pub(super) fn of_decision(world: &World, decision: &Record) -> String {
    let what = task_of(world, decision);
    let owner = decision.text("owner");
    match decision.date("due") {
        Some(by) => format!("{owner}于{}前落实：{what}", day(by)),
        None if owner.is_empty() => what,
        None => format!("{owner}落实：{what}"),
    }
}

/// What is to be done, without who and when. 周五前 is meant from the day of the meeting, or from the day
/// on which it was written down.
pub(super) fn task_of(world: &World, decision: &Record) -> String {
    let held = meeting(world, decision.text("meeting")).and_then(|held| held.date("date"));
    let said_on = held.unwrap_or_else(|| day_of(decision.meta.created_at));
    let what = task(decision, said_on, world);
    if what.is_empty() { decision.name().to_owned() } else { what }
}

/// The day on the wall in the office, which has kept one time since 1991.
fn day_of(at: Timestamp) -> Date {
    at.to_zoned_datetime(TimeZone::fixed(jiff::tz::offset(8))).date()
}
