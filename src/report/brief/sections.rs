//! The sections of a brief, one line in [`ALL`] each, and what they are made of. The form of their
//! tables is in `tables`, that of scenes in `scene`.

use std::sync::Arc;

use super::figures::{day, share};
use super::period::meeting_before;
use super::scene::{self, in_plan};
use super::sentences;
use super::tables::{self, RateRow, sheet};
use super::{Desk, Error, air, air_day, atlas, episodes};
use crate::analysis::decisions::{DecisionStanding, decisions};
use crate::analysis::overview::changes;
use crate::analysis::punctual::Punctual;
use crate::analysis::standards::{InspectionTally, rate, rates_of};
use crate::analysis::{
    Filter, Index, Inside, RingOptions, counts, is_not_up_to_standard, punctual, rings,
};
use crate::domain::{Kind, OrderState, Record, RecordId, SiteKind, World};
use crate::map::Extent;
use crate::report::block::Block;

/// What a section is made of, or why it is not.
pub(super) type Blocks = Result<Vec<Block>, Error>;

/// A part of a brief: tables, pictures, sentences.
pub(super) struct Section {
    /// As templates call it.
    pub key: &'static str,
    pub blocks: fn(&Desk<'_>) -> Blocks,
}

/// All sections.
pub(super) const ALL: &[Section] = &[
    Section { key: scene::KEY, blocks: scene::blocks },
    Section { key: "decisions", blocks: |desk| Ok(decisions_of_meeting(desk)) },
    Section { key: "decision_sentences", blocks: |desk| Ok(decision_sentences(desk)) },
    Section { key: "overview", blocks: |desk| Ok(overview(desk)) },
    Section { key: "last_decisions", blocks: |desk| Ok(last_decisions(desk)) },
    Section { key: "air", blocks: |desk| Ok(air::summary(desk)) },
    Section { key: "air_calendar", blocks: air::calendar },
    Section { key: "air_curve", blocks: air::curve },
    Section { key: "air_stations", blocks: |desk| Ok(air::stations(desk)) },
    Section { key: "air_yesterday", blocks: |desk| Ok(air_day::yesterday(desk)) },
    Section { key: "air_today", blocks: |desk| Ok(air_day::today(desk)) },
    Section { key: "judgement", blocks: |desk| Ok(air_day::judgement(desk)) },
    Section { key: "judgement_score", blocks: |desk| Ok(air_day::judgement_score(desk)) },
    Section { key: "advice", blocks: |desk| Ok(air_day::advice(desk)) },
    Section { key: "air_weather", blocks: |desk| Ok(air_day::weather(desk)) },
    Section { key: "rings", blocks: |desk| Ok(everything(|look| rings_of(desk, look))) },
    Section {
        key: "rings_map",
        blocks: |desk| map_of(desk, &[Kind::ControlPoint], &SITE_LAYERS, "控制点与控制圈"),
    },
    Section {
        key: "standards_map",
        blocks: |desk| map_of(desk, &[Kind::Site], &SITE_LAYERS, "工地和餐饮达标情况"),
    },
    Section { key: "townships", blocks: |desk| Ok(townships(desk)) },
    Section { key: "departments", blocks: |desk| Ok(departments(desk)) },
    Section { key: "failing", blocks: |desk| Ok(everything(|look| standards_of(desk, look))) },
    Section {
        key: "traffic_map",
        blocks: |desk| {
            map_of(desk, &[Kind::Restriction, Kind::Congestion], &TRAFFIC_LAYERS, "拥堵与限行措施")
        },
    },
    Section { key: "congestion", blocks: |desk| Ok(congestion(desk)) },
    Section { key: "restrictions", blocks: |desk| Ok(restrictions(desk)) },
    Section { key: "episodes", blocks: |desk| Ok(episodes::of_period(desk)) },
    Section { key: "changes", blocks: |desk| Ok(changes_of(desk)) },
];

/// What of the district is looked at: all of it, or what a scene of the meeting showed.
pub(super) struct SectionScope<'a> {
    pub filter: &'a Filter,
    /// The same in words.
    pub filter_words: String,
    /// Of control points only these, if there are any among them.
    pub records: &'a [RecordId],
    /// With the orders of this plan; of all where it is empty.
    pub plan: &'a str,
}

const SITE_LAYERS: [&str; 5] = ["areas", "roads", "rings", "sites", "control_points"];
const TRAFFIC_LAYERS: [&str; 7] =
    ["areas", "roads", "congestion", "restrictions", "rings", "cameras", "control_points"];

/// Kinds of sites that are judged, as the tables call them.
const JUDGED: [(SiteKind, &str); 3] = [
    (SiteKind::Construction, "工地"),
    (SiteKind::Restaurant, "餐饮"),
    (SiteKind::Parking, "停车场"),
];

fn everything<R>(show: impl FnOnce(&SectionScope<'_>) -> R) -> R {
    let filter = Filter::default();
    show(&SectionScope { filter: &filter, filter_words: String::new(), records: &[], plan: "" })
}

/// Of the meeting; of all meetings where the paper is about none.
pub(super) fn decisions_of_meeting(desk: &Desk<'_>) -> Vec<Block> {
    let all = decisions(desk.asked.now, desk.asked.meeting, desk.asked.until);
    tables::of_decisions(desk.asked.now, &all).blocks(desk.asked.most_rows)
}

/// The same, each as a sentence of its own.
fn decision_sentences(desk: &Desk<'_>) -> Vec<Block> {
    let asked = desk.asked;
    let mut all = decisions(asked.now, asked.meeting, asked.until);
    all.sort_by_key(|(_, decision)| {
        (decision.date("due").is_none(), decision.date("due"), decision.id)
    });
    if all.is_empty() {
        return vec![Block::Paragraph("无。".to_owned())];
    }
    let sentence = |(number, (_, decision)): (usize, &(DecisionStanding, &Arc<Record>))| {
        Block::Paragraph(format!("{number}. {}。", sentences::of_decision(asked.now, decision)))
    };
    (1..).zip(&all).map(sentence).collect()
}

/// What the meeting before decided and what of older ones is still open, judged.
pub(super) fn last_decisions(desk: &Desk<'_>) -> Vec<Block> {
    let asked = desk.asked;
    let Some(meeting) = asked.meeting else { return decisions_of_meeting(desk) };
    let last = meeting_before(asked.now, meeting);
    let of_this: Vec<RecordId> =
        decisions(asked.now, Some(meeting), asked.until).iter().map(|(_, d)| d.id).collect();
    let of_last: Vec<RecordId> = last
        .map(|last| decisions(asked.now, Some(last), asked.until))
        .unwrap_or_default()
        .iter()
        .map(|(_, decision)| decision.id)
        .collect();
    let mut all = decisions(asked.now, None, asked.until);
    all.retain(|(standing, decision)| {
        let is_open = matches!(standing, DecisionStanding::Open | DecisionStanding::Overdue);
        of_last.contains(&decision.id) || (is_open && !of_this.contains(&decision.id))
    });
    tables::of_decisions(asked.now, &all).blocks(asked.most_rows)
}

fn map_of(desk: &Desk<'_>, around: &[Kind], layers: &[&str], title: &str) -> Blocks {
    let Some(bounds) = around.iter().find_map(|kind| desk.atlas.around(*kind)) else {
        return Ok(Vec::new());
    };
    let sketch = desk.atlas.sketch(layers, &|_, _| true);
    let picture = atlas::picture(&sketch, title, Extent::Fit(bounds), desk.asked.until)?;
    Ok(vec![Block::Picture(picture)])
}

/// A row a ring: how many of each kind, and how many of them are not up to standard.
pub(super) fn rings_of(desk: &Desk<'_>, look: &SectionScope<'_>) -> Vec<Block> {
    const KINDS: [(SiteKind, &str); 5] = [
        (SiteKind::Construction, "工地"),
        (SiteKind::Restaurant, "餐饮"),
        (SiteKind::Enterprise, "企业"),
        (SiteKind::Parking, "停车场"),
        (SiteKind::Stockpile, "堆场"),
    ];
    let world = desk.asked.now;
    let options = RingOptions { kinds: vec![Kind::Site], ..RingOptions::default() };
    let index = desk.index.get_or_init(|| Index::of_kinds(world, &options.kinds));
    let sieve = look.filter.on(world);
    let is_point = |id: &RecordId| world.get(*id).is_some_and(|r| r.kind == Kind::ControlPoint);
    let has_points = look.records.iter().any(is_point);
    let is_meant = |row: &Inside<'_>| {
        (!has_points || look.records.contains(&row.control_point.id))
            && sieve.lets_through(row.record)
    };
    let inside: Vec<Inside<'_>> =
        rings(world, index, &options).into_iter().filter(is_meant).collect();
    let mut rows: Vec<(String, [(usize, InspectionTally); KINDS.len()])> = Vec::new();
    for count in counts(&inside) {
        let ring = format!("{} {} m", count.control_point.name(), count.radius_m);
        if rows.last().is_none_or(|(known, _)| *known != ring) {
            rows.push((ring, Default::default()));
        }
        let place = KINDS.iter().position(|(kind, _)| kind.key() == count.kind);
        let cell = rows.last_mut().zip(place).and_then(|((_, cells), at)| cells.get_mut(at));
        if let Some((all, inspections)) = cell {
            *all += count.count;
            *inspections += count.inspections;
        }
    }
    let cell = |(all, of): (usize, InspectionTally)| match (of.failing, of.inspected) {
        (0, 0) if of.uninspected > 0 => format!("{all}（均未查）"),
        (0, _) => all.to_string(),
        (failing, inspected) => format!("{all}（不达标{failing}/{inspected}）"),
    };
    let rows = rows
        .into_iter()
        .map(|(ring, cells)| std::iter::once(ring).chain(cells.into_iter().map(cell)).collect());
    let kinds = KINDS.map(|(_, words)| words);
    let header: Vec<&str> = std::iter::once("控制圈").chain(kinds).collect();
    let table = sheet(&header, &[30, 18, 18, 12, 12, 10], rows.collect());
    table.filtered(&look.filter_words).blocks(desk.asked.most_rows)
}

fn townships(desk: &Desk<'_>) -> Vec<Block> {
    let punctual = punctual::by_township(desk.asked.now, desk.asked.until);
    rates_and_punctual(desk, "township", "决定所涉乡镇街道", &punctual)
}

fn departments(desk: &Desk<'_>) -> Vec<Block> {
    let punctual = punctual::by_owner(desk.asked.now, desk.asked.until);
    rates_and_punctual(desk, "department", "责任单位", &punctual)
}

/// What is up to standard by a field of the sites, then who does in time what was decided.
fn rates_and_punctual(
    desk: &Desk<'_>,
    by: &str,
    heading: &str,
    punctual: &[Punctual],
) -> Vec<Block> {
    let mut blocks = everything(|look| rates_by(desk, by, look));
    if !punctual.is_empty() {
        blocks.extend(tables::of_punctual(heading, punctual).blocks(desk.asked.most_rows));
    }
    blocks
}

/// Construction sites, restaurants and parking, now and in the period before.
pub(super) fn rates_by(desk: &Desk<'_>, by: &str, look: &SectionScope<'_>) -> Vec<Block> {
    let of = |world: &World, kind: SiteKind| {
        let sieve = look.filter.on(world);
        let sites = world.table(Kind::Site).iter().map(AsRef::as_ref);
        let is_meant = |site: &&Record| kind.is_of(site) && sieve.lets_through(site);
        rates_of(sites.filter(is_meant), by)
    };
    let mut rows: Vec<RateRow<'_>> = Vec::new();
    for (kind, what) in JUDGED {
        let before = desk.asked.then.map(|then| of(then, kind)).unwrap_or_default();
        for rate in of(desk.asked.now, kind) {
            let known = before.iter().find(|known| known.of == rate.of).cloned();
            rows.push((what, rate, known));
        }
    }
    let words = if by == "township" { "乡镇街道" } else { "监管部门" };
    tables::of_rates(words, &rows).filtered(&look.filter_words).blocks(desk.asked.most_rows)
}

/// Every site with an item that is 不合格.
pub(super) fn standards_of(desk: &Desk<'_>, look: &SectionScope<'_>) -> Vec<Block> {
    let sieve = look.filter.on(desk.asked.now);
    let sites = desk.asked.now.table(Kind::Site).iter();
    let failing = sites.filter(|site| is_not_up_to_standard(site) && sieve.lets_through(site));
    tables::of_failing(failing).filtered(&look.filter_words).blocks(desk.asked.most_rows)
}

fn congestion(desk: &Desk<'_>) -> Vec<Block> {
    let all = desk.asked.now.table(Kind::Congestion).iter();
    tables::of_congestion(all).blocks(desk.asked.most_rows)
}

fn restrictions(desk: &Desk<'_>) -> Vec<Block> {
    let all = desk.asked.now.table(Kind::Restriction).iter();
    let live = all.filter(|record| !OrderState::Revoked.is_of(record));
    tables::of_restrictions(live).blocks(desk.asked.most_rows)
}

/// Queues and orders together, as a scene shows them.
pub(super) fn traffic_of(desk: &Desk<'_>, look: &SectionScope<'_>) -> Vec<Block> {
    let world = desk.asked.now;
    let sieve = look.filter.on(world);
    let most = desk.asked.most_rows;
    let queues = world.table(Kind::Congestion).iter().filter(|queue| sieve.lets_through(queue));
    let mut blocks = tables::of_congestion(queues).filtered(&look.filter_words).blocks(most);
    let is_meant = |order: &&Arc<Record>| {
        !OrderState::Revoked.is_of(order) && in_plan(order, look.plan) && sieve.lets_through(order)
    };
    let orders = world.table(Kind::Restriction).iter().filter(is_meant);
    let plan = (!look.plan.is_empty()).then(|| format!("方案：{}", look.plan));
    let filter = Some(look.filter_words.clone()).filter(|words| !words.is_empty());
    let words: Vec<String> = filter.into_iter().chain(plan).collect();
    blocks.extend(tables::of_restrictions(orders).filtered(&words.join(" · ")).blocks(most));
    blocks
}

/// The figures that a leader asks for first, now and in the period before.
pub(super) fn overview(desk: &Desk<'_>) -> Vec<Block> {
    let standing = |world: &World, wanted: &[DecisionStanding]| {
        let all = decisions(world, None, desk.asked.until);
        all.iter().filter(|(known, _)| wanted.contains(known)).count().to_string()
    };
    let in_force = |world: &World| {
        let orders = world.table(Kind::Restriction).iter();
        orders.filter(|order| OrderState::InForce.is_of(order)).count().to_string()
    };
    let of = |world: &World| {
        [
            share(&rate(world, SiteKind::Construction)),
            share(&rate(world, SiteKind::Restaurant)),
            standing(world, &[DecisionStanding::Open, DecisionStanding::Overdue]),
            standing(world, &[DecisionStanding::Overdue]),
            in_force(world),
        ]
    };
    let now = of(desk.asked.now);
    let before = desk.asked.then.map_or_else(|| [(); 5].map(|()| "—".to_owned()), of);
    let names = ["工地达标率", "餐饮达标率", "未完成决定", "其中逾期", "生效管控措施"];
    let rows = names.into_iter().zip(now).zip(before);
    let rows = rows.map(|((name, now), before)| vec![name.to_owned(), now, before]).collect();
    sheet(&["指标", "本期", "上期"], &[40, 30, 30], rows).blocks(desk.asked.most_rows)
}

/// By layer: what is new, changed and gone since the period before.
pub(super) fn changes_of(desk: &Desk<'_>) -> Vec<Block> {
    let asked = desk.asked;
    let Some(then) = asked.then else {
        return vec![Block::Paragraph(format!("{}之前没有记录。", day(asked.from)))];
    };
    let rows = changes(asked.now, then).into_iter().map(|changed| {
        let counts = [changed.created, changed.updated, changed.deleted];
        let label = changed.kind.label().zh.to_owned();
        std::iter::once(label).chain(counts.map(|count| count.to_string())).collect()
    });
    let table = sheet(&["图层", "新增", "修改", "删除"], &[40, 20, 20, 20], rows.collect());
    table.blocks(asked.most_rows)
}
