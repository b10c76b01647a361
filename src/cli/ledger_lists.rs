//! What the district checks by itself, told by `shapan ledger`: plans, responses, campaigns.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use anyhow::bail;
use jiff::civil::DateTime;
use serde_json::{Value as Json, json};

use super::ledger::csv_of;
use super::{Context, Done, Said, journaled, print_json, render};
use crate::analysis::ledger::Ledger;
use crate::analysis::ledger::campaign::{bottom_lines, cases};
use crate::analysis::ledger::checks::{PlanState, Target, plans};
use crate::analysis::ledger::remarks::remarks;
use crate::analysis::ledger::response::{
    Evidence, LineState, Outcome, ResponseState, current, evidence_words, responses,
};
use crate::analysis::ledger::villages::villages;
use crate::domain::item::{moment_text, moment_words, open_verdicts};
use crate::domain::{CheckSubject, EditKind, Lang, RecordId, ResponseLevel, Verdict, World};
use crate::intake::evidence::of_response;
use crate::report::PaperFormat;
use crate::report::block::{Block, PaperTable};
use crate::report::ledger::plan_sheet::{
    household_table, plan_table, plans_table, response_table, village_table,
};
use crate::store::DistrictReader;

/// What was asked for besides.
pub(super) struct Asked<'a> {
    pub district: &'a Path,
    pub is_json: bool,
    pub out: Option<&'a Path>,
    pub with_persons: bool,
    pub context: &'a Context,
}

impl Asked<'_> {
    fn lang(&self) -> Lang {
        self.context.lang
    }

    fn write(
        &self,
        title: &str,
        sheets: Vec<PaperTable>,
        world: &World,
        now: DateTime,
    ) -> anyhow::Result<Done> {
        let Some(target) = self.out else { return Ok(Done::Well) };
        let count: usize = sheets.iter().map(|sheet| sheet.rows.len()).sum();
        let about = format!("{title}　时刻：{}　共 {count} 行", moment_words(now));
        let bytes = if target.extension().is_some_and(|ending| ending == "csv") {
            let Some(sheet) = sheets.last() else { bail!("there is nothing to write") };
            csv_of(sheet)?
        } else {
            let Some(format) = PaperFormat::of(target) else {
                let file = target.display();
                bail!(Said::new(
                    format!("清单可写为 .xlsx、.docx、.pdf、.html、.txt 或 .csv：{file}"),
                    format!("a list is .xlsx, .docx, .pdf, .html, .txt or .csv: {file}"),
                ));
            };
            let mut paper = vec![Block::Title(title.to_owned()), Block::Note(about.clone())];
            paper.extend(sheets.into_iter().map(Block::Table));
            format.bytes(&paper, now.date(), &about)?
        };
        render::put(target, &bytes)?;
        let asked = [title.to_owned()];
        journaled::journal(self.district, EditKind::Export, (target, &asked, world), self.context);
        writeln!(std::io::stdout().lock(), "row {count}")?;
        Ok(Done::Well)
    }
}

/// Ends with 1 where something is late or was not passed.
pub(super) fn say_plans(
    asked: &Asked<'_>,
    world: &World,
    now: DateTime,
    (name, is_by_household): (Option<&str>, bool),
) -> anyhow::Result<Done> {
    let all = plans(world, now.date());
    let Some(name) = name else {
        if asked.out.is_some() {
            return asked.write("检查计划", vec![plans_table(&all)], world, now);
        }
        return say_all(asked, &all);
    };
    let is_called =
        |state: &&PlanState| state.plan.code() == Some(name) || state.plan.name().contains(name);
    let state = all.iter().find(is_called).ok_or_else(|| {
        let known: Vec<&str> = all.iter().map(|state| state.plan.name()).collect();
        let known = known.join("、");
        Said::new(
            format!("现在没有名称含“{name}”的检查计划；有：{known}"),
            format!("there is no plan `{name}` now; there are {known}"),
        )
    })?;
    let is_of_villages = state.subject() == Some(CheckSubject::Villages);
    if asked.out.is_some() {
        let sheets = match (is_of_villages, is_by_household) {
            (true, true) => vec![household_table(world, state, asked.with_persons)],
            (true, false) => vec![village_table(&villages(world, state))],
            _ => vec![plan_table(state, now.date(), asked.with_persons)],
        };
        return asked.write(state.plan.name(), sheets, world, now);
    }
    say_targets(asked, world, state, now)
}

fn say_all(asked: &Asked<'_>, all: &[PlanState]) -> anyhow::Result<Done> {
    let mut out = std::io::stdout().lock();
    if asked.is_json {
        print_json(&mut out, &all.iter().map(plan_json).collect::<Vec<_>>())?;
    } else {
        for state in all {
            let lang = asked.lang();
            let subject = state.subject().map_or("", |subject| subject.label().say(lang));
            let share =
                state.share().map_or_else(|| "—".to_owned(), |it| format!("{:.0}%", it * 100.0));
            let PlanState { due, done, found, overdue, .. } = state;
            let words = match lang {
                Lang::Zh => format!("应查 {due}\t已查 {done}\t发现 {found}\t超期 {overdue}"),
                Lang::En => format!("due {due}\tdone {done}\tfound {found}\tlate {overdue}"),
            };
            writeln!(out, "{}\t{subject}\t{words}\t{share}", state.plan.name())?;
        }
    }
    let has_findings = all.iter().any(|state| state.overdue > 0);
    Ok(if has_findings { Done::WithFindings } else { Done::Well })
}

fn plan_json(state: &PlanState) -> Json {
    json!({
        "id": state.plan.id.to_string(),
        "code": state.plan.code(),
        "name": state.plan.name(),
        "subject": state.plan.text("subject"),
        "unit": state.plan.text("unit"),
        "person": state.plan.text("person"),
        "targets": state.targets.len(),
        "due": state.due,
        "done": state.done,
        "found": state.found,
        "overdue": state.overdue,
        "share": state.share(),
        "looks": state.looks,
        "disposals": state.disposals,
        "answered_share": state.answered_share().filter(|_| state.subject() == Some(CheckSubject::Posts)),
    })
}

fn target_json(state: &PlanState, target: &Target, now: DateTime) -> Json {
    json!({
        "id": target.record.id.to_string(),
        "code": target.record.code(),
        "name": target.record.name(),
        "distance_m": target.distance_m.map(f64::round),
        "last": target.last.map(|look| look.on.to_string()),
        "verdict": target.last.and_then(|look| look.verdict).map(Verdict::key),
        "due": target.due.to_string(),
        "is_stopped": target.is_stopped,
        "remarks": remarks(&state.plan, &target.record, now.date())
            .into_iter().map(|words| words.zh).collect::<Vec<_>>(),
    })
}

fn say_targets(
    asked: &Asked<'_>,
    world: &World,
    state: &PlanState,
    now: DateTime,
) -> anyhow::Result<Done> {
    let mut out = std::io::stdout().lock();
    let by_village =
        (state.subject() == Some(CheckSubject::Villages)).then(|| villages(world, state));
    if asked.is_json {
        let mut answer = plan_json(state);
        let targets = state.targets.iter().map(|target| target_json(state, target, now));
        answer["rows"] = targets.collect();
        if let Some(rows) = by_village {
            let rows = rows.iter().map(|row| {
                json!({
                    "village": row.village.name(),
                    "households": row.households,
                    "checked": row.checked,
                    "found": row.found,
                    "coal_kg": row.coal_kg,
                    "stoves_removed": row.stoves_removed,
                })
            });
            answer["villages"] = rows.collect();
        }
        print_json(&mut out, &answer)?;
    } else {
        let sheet = match by_village {
            Some(rows) => village_table(&rows),
            None => plan_table(state, now.date(), asked.with_persons),
        };
        writeln!(out, "{}", sheet.header.join("\t"))?;
        for row in sheet.rows {
            writeln!(out, "{}", row.join("\t"))?;
        }
    }
    Ok(if state.overdue > 0 || state.failed > 0 { Done::WithFindings } else { Done::Well })
}

/// Ends with 1 where some line did not do what was ordered, or its readings say so.
pub(super) fn say_response(
    asked: &Asked<'_>,
    world: &World,
    now: DateTime,
    name: &str,
) -> anyhow::Result<Done> {
    let all = responses(world);
    let is_called = |state: &&ResponseState| {
        let record = &state.record;
        record.text("document") == name
            || record.code() == Some(name)
            || record.name().contains(name)
    };
    let found = if name.is_empty() { current(&all, now) } else { all.iter().find(is_called) };
    let Some(state) = found else {
        if name.is_empty() {
            bail!(Said::new(
                "还没有响应记录；在窗口“台账·应急响应”里记录响应通知，或用 apply 建立",
                "no response is on record; record one in the window, or by `shapan apply`",
            ));
        }
        let known: Vec<&str> = all.iter().map(|state| state.record.name()).collect();
        let known = known.join("、");
        bail!(Said::new(
            format!("没有名称或文号为“{name}”的响应；有：{known}"),
            format!("there is no response `{name}`; there are {known}"),
        ));
    };
    let reader = DistrictReader::open(asked.district)?;
    let evidence = of_response(&reader.readings(world)?, state, now)?;
    if asked.out.is_some() {
        let title = format!("停限产清单 {}", state.record.text("document"));
        let sheet = response_table(state, &evidence, asked.with_persons);
        return asked.write(title.trim(), vec![sheet], world, now);
    }
    let counts = state.counts(&evidence);
    let mut out = std::io::stdout().lock();
    if asked.is_json {
        print_json(&mut out, &response_json(state, &evidence, now))?;
    } else {
        let lang = asked.lang();
        let level = state.level.map_or("", |level| level.label().say(lang));
        let moment = |at: Option<DateTime>| at.map_or_else(|| "—".to_owned(), moment_words);
        let record = &state.record;
        let (begins, ends) = (moment(state.begins), moment(state.ends));
        writeln!(out, "{}\t{}\t{level}\t{begins}\t{ends}", record.name(), record.text("document"))?;
        for (outcome, count) in Outcome::ALL.into_iter().zip(counts) {
            writeln!(out, "{} {count}", outcome.label().say(lang))?;
        }
        for line in &state.lines {
            let evidence = evidence.get(&line.measure.id);
            let actual = line.seen.as_ref().map_or("", |seen| &seen.actual);
            let outcome = line.outcome(evidence).label().say(lang);
            let words = evidence_words(line, evidence);
            writeln!(
                out,
                "{outcome}\t{}\t{}\t{actual}\t{}",
                line.name(),
                line.ordered,
                words.say(lang)
            )?;
        }
    }
    let bad = Outcome::ALL.into_iter().zip(counts).any(|(it, count)| it.is_bad() && count > 0);
    Ok(if bad { Done::WithFindings } else { Done::Well })
}

fn response_json(
    state: &ResponseState,
    evidence: &BTreeMap<RecordId, Evidence>,
    now: DateTime,
) -> Json {
    let line = |line: &LineState| {
        let own = evidence.get(&line.measure.id);
        json!({
            "enterprise": line.measure.name(),
            "line": line.measure.text("line"),
            "ordered": line.ordered,
            "ordered_cut": line.ordered_cut,
            "actual": line.seen.as_ref().map(|seen| seen.actual.clone()),
            "outcome": line.outcome(own).label().en,
            "readings": own.map(|own| json!({
                "before": own.before,
                "during": own.during,
                "hours_before": own.hours_before,
                "hours_during": own.hours_during,
                "cut": own.cut(),
            })),
        })
    };
    json!({
        "id": state.record.id.to_string(),
        "name": state.record.name(),
        "document": state.record.text("document"),
        "level": state.level.map(ResponseLevel::key),
        "begins": state.begins.map(moment_text),
        "ends": state.ends.map(moment_text),
        "is_in_force": state.holds(now),
        "lines": state.lines.iter().map(line).collect::<Vec<_>>(),
    })
}

/// Ends with 1 where a case lacks a verdict, or a rule or task is late.
pub(super) fn say_campaign(
    asked: &Asked<'_>,
    world: &World,
    ledger: &Ledger,
    now: DateTime,
) -> anyhow::Result<Done> {
    let all = plans(world, now.date());
    let of = |subject: CheckSubject| {
        let own = all.iter().filter(move |state| state.subject() == Some(subject));
        own.collect::<Vec<_>>()
    };
    let (systems, tasks) = (of(CheckSubject::Systems), of(CheckSubject::Tasks));
    let lines = bottom_lines(ledger, &all, now);
    let cases = cases(ledger);
    let is_open = cases.iter().any(|row| !open_verdicts(&row.record).is_empty());
    let is_late = systems.iter().chain(&tasks).any(|state| state.overdue > 0);
    let done = if is_open || is_late { Done::WithFindings } else { Done::Well };
    let mut out = std::io::stdout().lock();
    if asked.is_json {
        let line = |line: &crate::analysis::ledger::campaign::BottomLine| json!({ "name": line.label.zh, "kept": line.kept, "of": line.of, "share": line.share() });
        let case = |row: &&crate::analysis::ledger::LedgerRow| {
            let open = open_verdicts(&row.record).into_iter().map(|whose| whose.zh);
            json!({
                "code": row.record.code(),
                "name": row.record.name(),
                "state": row.state.key(),
                "open": open.collect::<Vec<_>>(),
            })
        };
        let standing = |state: &&PlanState| standing_json(state);
        let answer = json!({
            "bottom_lines": lines.iter().map(line).collect::<Vec<_>>(),
            "cases": cases.iter().map(case).collect::<Vec<_>>(),
            "systems": systems.iter().map(standing).collect::<Vec<_>>(),
            "tasks": tasks.iter().map(standing).collect::<Vec<_>>(),
        });
        print_json(&mut out, &answer)?;
        return Ok(done);
    }
    let lang = asked.lang();
    for line in &lines {
        let share = line.share().map_or_else(|| "—".to_owned(), |it| format!("{:.0}%", it * 100.0));
        writeln!(out, "{}\t{share}\t{}/{}", line.label.say(lang), line.kept, line.of)?;
    }
    for row in cases {
        let open: Vec<&str> =
            open_verdicts(&row.record).into_iter().map(|it| it.say(lang)).collect();
        let name = row.record.name();
        let code = row.record.code().unwrap_or("—");
        writeln!(out, "{code}\t{}\t{name}\t{}", row.state.label().say(lang), open.join("、"))?;
    }
    for state in systems.iter().chain(&tasks) {
        let last = state.targets.first().and_then(|target| target.last);
        let last = last.map_or_else(|| "—".to_owned(), |look| look.on.to_string());
        let due = state.targets.first().map_or_else(String::new, |target| target.due.to_string());
        let plan = &state.plan;
        writeln!(
            out,
            "{}\t{} {}\t{last}\t{due}",
            plan.name(),
            plan.text("unit"),
            plan.text("person")
        )?;
    }
    Ok(done)
}

fn standing_json(state: &PlanState) -> Json {
    let target = state.targets.first();
    let last = target.and_then(|target| target.last);
    json!({
        "name": state.plan.name(),
        "unit": state.plan.text("unit"),
        "person": state.plan.text("person"),
        "last": last.map(|look| look.on.to_string()),
        "verdict": last.and_then(|look| look.verdict).map(Verdict::key),
        "due": target.map(|target| target.due.to_string()),
        "is_overdue": state.overdue > 0,
    })
}
