//! Tables of what the district checks by itself, to be printed and filled in: the targets of a plan,
//! villages and households, the lines of a response.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};

use super::sheet::{masked_name, masked_phone};
use crate::analysis::decisions;
use crate::analysis::ledger::checks::{PlanState, Target};
use crate::analysis::ledger::remarks::{fume_limit, remarks};
use crate::analysis::ledger::response::{Evidence, Outcome, ResponseState, evidence_words};
use crate::analysis::ledger::villages::VillageRow;
use crate::domain::item::moment_words;
use crate::domain::{CheckSubject, Kind, Lang, Record, RecordId, Value, World};
use crate::report::block::PaperTable;

fn table(heads: &[(&str, u32)]) -> PaperTable {
    PaperTable {
        header: heads.iter().map(|(head, _)| (*head).to_owned()).collect(),
        widths: heads.iter().map(|(_, width)| *width).collect(),
        ..PaperTable::default()
    }
}

fn share_words(done: usize, of: usize) -> String {
    if of == 0 {
        "—".to_owned()
    } else {
        format!("{:.0}%（n={of}）", 100.0 * done as f64 / of as f64)
    }
}

/// All plans in one table: due this week, done, found, late.
pub fn plans_table(plans: &[PlanState]) -> PaperTable {
    let mut all = table(&[
        ("检查计划", 12),
        ("检查对象", 8),
        ("检查单位", 7),
        ("对象数", 4),
        ("本周应查", 5),
        ("已查", 4),
        ("发现", 4),
        ("超期", 4),
        ("完成率", 7),
        ("接听率", 7),
    ]);
    for (place, state) in plans.iter().enumerate() {
        let subject = state.subject();
        let answered = (subject == Some(CheckSubject::Posts))
            .then(|| share_words(state.looks - state.failed, state.looks));
        all.rows.push(vec![
            state.plan.name().to_owned(),
            subject.map_or_else(String::new, |subject| subject.label().zh.to_owned()),
            state.plan.text("unit").to_owned(),
            state.targets.len().to_string(),
            state.due.to_string(),
            state.done.to_string(),
            state.found.to_string(),
            state.overdue.to_string(),
            share_words(state.done, state.due),
            answered.unwrap_or_default(),
        ]);
        if state.overdue > 0 {
            all.act.push((place, 7));
        }
    }
    all
}

/// What a plan looks at, as a list to be taken along: the last two columns are filled in by hand.
pub fn plan_table(state: &PlanState, today: Date, with_persons: bool) -> PaperTable {
    let own = own_heads(state.subject());
    let mut heads = vec![
        ("序号", 3),
        ("被检查对象", 10),
        ("乡镇街道", 6),
        ("距国省控点m", 5),
        ("责任单位", 8),
        ("责任人", 5),
        ("电话", 7),
    ];
    heads.extend(own.iter().map(|head| (*head, 6)));
    heads.extend([
        ("上次检查", 7),
        ("应查日期", 6),
        ("提示", 12),
        ("检查结果", 6),
        ("发现问题", 10),
    ]);
    let mut sheet = table(&heads);
    for (place, target) in state.targets.iter().enumerate() {
        let record = &target.record;
        let mut row = vec![
            (place + 1).to_string(),
            record.name().to_owned(),
            record.text("township").to_owned(),
            target.distance_m.map_or_else(String::new, |metres| format!("{metres:.0}")),
            record.text("unit").to_owned(),
            masked(record.text("person"), masked_name, with_persons),
            masked(record.text("phone"), masked_phone, with_persons),
        ];
        row.extend(own.iter().map(|head| own_cell(head, &state.plan, record)));
        row.push(last_words(target));
        row.push(target.due.to_string());
        let said: Vec<String> = said_of(state, target, today);
        let column = row.len();
        if !said.is_empty() {
            sheet.act.push((place, column));
        }
        row.push(said.join("；"));
        row.extend([String::new(), String::new()]);
        sheet.rows.push(row);
    }
    sheet
}

fn said_of(state: &PlanState, target: &Target, today: Date) -> Vec<String> {
    let mut said: Vec<String> =
        remarks(&state.plan, &target.record, today).into_iter().map(|words| words.zh).collect();
    if target.is_stopped {
        said.push("停工整改中，核查合格后方可复工".to_owned());
    }
    said
}

fn last_words(target: &Target) -> String {
    target.last.map_or_else(
        || "未查过".to_owned(),
        |look| format!("{} {}", look.on, look.verdict.map_or("", |verdict| verdict.label().zh)),
    )
}

/// Heads that a subject has beside those of all.
fn own_heads(subject: Option<CheckSubject>) -> &'static [&'static str] {
    match subject {
        Some(CheckSubject::Restaurants) => {
            &["灶头数", "油烟净化器", "净化器清洗日期", "油烟检测日期", "油烟浓度", "限值"]
        }
        Some(CheckSubject::Parking | CheckSubject::Stockpiles | CheckSubject::AutoRepair) => {
            &["备案", "状态", "处置结果"]
        }
        Some(CheckSubject::Construction) => {
            &["周边围挡", "物料覆盖", "车辆冲洗", "地面硬化", "湿法作业", "密闭运输"]
        }
        Some(CheckSubject::Enterprises) => &["绩效等级", "正面清单有效期"],
        Some(CheckSubject::Sweeping) => &["作业方式", "每日频次", "作业时段"],
        _ => &[],
    }
}

fn own_cell(head: &str, plan: &Record, record: &Record) -> String {
    if head == "限值" {
        let (limit, size, standard) = fume_limit(plan, record);
        return format!("{limit}（{size}，{standard}）");
    }
    let field = record.kind.fields().iter().find(|field| field.label.zh == head);
    field.map_or_else(String::new, |field| cell(record, field.key))
}

fn cell(record: &Record, key: &str) -> String {
    let value = record.kind.field(key).zip(record.get(key));
    value.map_or_else(String::new, |(field, value)| value.shown(field, Lang::Zh))
}

/// A name or phone as it may be written.
fn masked(text: &str, mask: fn(&str) -> String, with_persons: bool) -> String {
    if with_persons { text.to_owned() } else { mask(text) }
}

/// 双代、散煤 by village.
pub fn village_table(rows: &[VillageRow]) -> PaperTable {
    let mut sheet = table(&[
        ("村", 10),
        ("乡镇街道", 8),
        ("应查户数", 6),
        ("已查户数", 6),
        ("查到散煤户数", 7),
        ("清缴散煤kg", 7),
        ("炉灶拆除户数", 7),
        ("完成率", 7),
    ]);
    for (place, row) in rows.iter().enumerate() {
        let of = row.households.and_then(|count| usize::try_from(count).ok());
        sheet.rows.push(vec![
            row.village.name().to_owned(),
            row.village.text("township").to_owned(),
            of.map_or_else(|| "未填".to_owned(), |count| count.to_string()),
            row.checked.to_string(),
            row.found.to_string(),
            format!("{:.0}", row.coal_kg),
            row.stoves_removed.to_string(),
            of.map_or_else(|| "—".to_owned(), |of| share_words(row.checked, of)),
        ]);
        if row.found > 0 {
            sheet.act.push((place, 4));
        }
    }
    sheet
}

/// The households of a plan, a row a check. Names of people are masked unless somebody asks for them.
pub fn household_table(world: &World, state: &PlanState, with_persons: bool) -> PaperTable {
    let mut sheet = table(&[
        ("村", 8),
        ("户主", 5),
        ("门牌", 5),
        ("改造方式", 5),
        ("是否在用", 4),
        ("有无散煤(kg)", 6),
        ("炉灶是否拆除", 5),
        ("处置", 8),
        ("检查人", 5),
        ("检查日期", 6),
    ]);
    let handle = decisions::handle(&state.plan);
    for check in world.table(Kind::Check).iter().filter(|it| it.text("plan") == handle) {
        let kg = check.get("coal_kg").and_then(Value::as_f64);
        let name = |key: &str| masked(check.text(key), masked_name, with_persons);
        sheet.rows.push(vec![
            check.name().to_owned(),
            name("household"),
            check.text("house_number").to_owned(),
            check.text("heating").to_owned(),
            cell(check, "in_use"),
            kg.map_or_else(String::new, |kg| format!("{kg}")),
            cell(check, "stove_removed"),
            check.text("handled").to_owned(),
            name("checker"),
            check.date("checked_on").map_or_else(String::new, |on| on.to_string()),
        ]);
        if kg.is_some_and(|kg| kg > 0.0) {
            sheet.act.push((sheet.rows.len() - 1, 5));
        }
    }
    sheet
}

/// 停限产清单: ordered against actual, line by line, and who did what.
pub fn response_table(
    state: &ResponseState,
    evidence: &BTreeMap<RecordId, Evidence>,
    with_persons: bool,
) -> PaperTable {
    let mut sheet = table(&[
        ("序号", 3),
        ("企业名称", 9),
        ("街乡镇", 6),
        ("响应级别", 6),
        ("启动时间", 7),
        ("解除时间", 7),
        ("生产线", 7),
        ("应停", 10),
        ("实停", 10),
        ("用电/在线佐证", 10),
        ("检查人", 5),
        ("检查日期", 6),
        ("结论", 5),
        ("联系人", 5),
        ("联系方式", 7),
    ]);
    let moment = |at: Option<DateTime>| at.map_or_else(String::new, moment_words);
    let level = state.level.map_or("", |level| level.label().zh);
    let mut lines: Vec<_> = state
        .lines
        .iter()
        .map(|line| (line.outcome(evidence.get(&line.measure.id)), line))
        .collect();
    lines.sort_by_key(|(outcome, _)| *outcome);
    for (place, (outcome, line)) in lines.into_iter().enumerate() {
        let measure = &line.measure;
        let seen = line.seen.as_ref();
        let actual: &str = match seen {
            // Passed without a word: it did what was ordered.
            Some(seen) if seen.actual.is_empty() && outcome == Outcome::Done => &line.ordered,
            Some(seen) => &seen.actual,
            None => "",
        };
        let township = Some(measure.text("township")).filter(|text| !text.is_empty());
        let of_site = || line.site.as_ref().map_or("", |site| site.text("township"));
        sheet.rows.push(vec![
            (place + 1).to_string(),
            measure.name().to_owned(),
            township.unwrap_or_else(of_site).to_owned(),
            level.to_owned(),
            moment(state.begins),
            moment(state.ends),
            measure.text("line").to_owned(),
            line.ordered.clone(),
            actual.to_owned(),
            evidence_words(line, evidence.get(&measure.id)).zh,
            seen.map_or_else(String::new, |seen| masked(&seen.checker, masked_name, with_persons)),
            seen.map_or_else(String::new, |seen| seen.look.on.to_string()),
            outcome.label().zh.to_owned(),
            masked(measure.text("person"), masked_name, with_persons),
            masked(measure.text("phone"), masked_phone, with_persons),
        ]);
        if outcome.is_bad() {
            sheet.act.push((place, 12));
        }
    }
    sheet
}
