//! Campaigns over the ledger: 三条底线, and the cases of 一案三查. 六督六查 is a group of the rates, standing
//! rules (制度) and tasks of a sprint are check plans that are themselves what is done.

use jiff::civil::DateTime;

use super::checks::PlanState;
use super::row::{Ledger, LedgerRow};
use crate::domain::item::{day_of_due, is_case, open_verdicts};
use crate::domain::{CheckSubject, ItemSource, ItemState, Record, RecordId, Text};

/// One of the three lines below which nobody goes, as a share with what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BottomLine {
    pub label: Text,
    /// What is counted, and of what.
    pub meaning: Text,
    pub kept: usize,
    pub of: usize,
    /// Items that stand behind those that were not kept.
    pub items: Vec<RecordId>,
}

impl BottomLine {
    /// 0–1; `None` where there was nothing to keep.
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.kept as f64 / self.of as f64)
    }
}

/// How many days the second and third line look back.
const DAYS: i64 = 30;

/// 严督严查, 即查即改, 超常问责.
pub fn bottom_lines(ledger: &Ledger, plans: &[PlanState], now: DateTime) -> [BottomLine; 3] {
    let first = now.date().checked_sub(jiff::Span::new().days(DAYS - 1)).unwrap_or(now.date());
    let is_nothing = |row: &LedgerRow| {
        matches!(row.state, ItemState::Refuted | ItemState::Merged | ItemState::Void)
    };
    let is_recent = |row: &LedgerRow| row.found.is_some_and(|at| at.date() >= first);
    let recent = ledger.rows.iter().filter(|row| !is_nothing(row) && is_recent(row));
    let recent: Vec<&LedgerRow> = recent.collect();
    [strict(&recent, plans), at_once(&recent), sanctions(ledger, now)]
}

fn strict(recent: &[&LedgerRow], plans: &[PlanState]) -> BottomLine {
    let checks = plans.iter().filter(|plan| plan.subject() != Some(CheckSubject::Tasks));
    let (due, done) = checks.fold((0, 0), |(due, done), plan| (due + plan.due, done + plan.done));
    let by_plans =
        recent.iter().filter(|row| ItemSource::of(&row.record) == Some(ItemSource::Plan));
    BottomLine {
        label: Text::new("严督严查", "strict checks"),
        meaning: Text::new(
            "各检查计划本周已查/应查；点开为近30天检查发现的问题",
            "checks of this week done, of those due; opens what checks found in 30 days",
        ),
        kept: done,
        of: due,
        items: by_plans.map(|row| row.id()).collect(),
    }
}

/// On the day on which it was found, and with an account of it.
fn at_once(recent: &[&LedgerRow]) -> BottomLine {
    let is_at_once = |row: &LedgerRow| {
        let mended = row.mended.filter(|_| !row.state.is_with_unit()).map(day_of_due);
        mended.is_some()
            && mended == row.found.map(DateTime::date)
            && !row.record.text("measure").is_empty()
    };
    let others = recent.iter().filter(|row| !is_at_once(row)).map(|row| row.id());
    let items: Vec<RecordId> = others.collect();
    BottomLine {
        label: Text::new("即查即改", "mended at once"),
        meaning: Text::new(
            "近30天发现的问题中，当日整改并写明整改情况的/全部；点开为其余",
            "of what was found in 30 days, mended on that day with an account; opens the others",
        ),
        kept: recent.len() - items.len(),
        of: recent.len(),
        items,
    }
}

fn sanctions(ledger: &Ledger, now: DateTime) -> BottomLine {
    let worst = ledger.stages.all().last().map(|stage| &stage.name);
    let is_at_worst = |row: &LedgerRow| {
        let reached = ledger.stages.reached(row, now).map(|stage| &stage.name);
        reached.is_some() && reached == worst
    };
    let is_said = |item: &Record| {
        if is_case(item) {
            open_verdicts(item).is_empty()
        } else {
            !item.text("accountability").is_empty()
        }
    };
    let wanted = ledger.rows.iter().filter(|row| is_at_worst(row) || is_case(&row.record));
    let of = wanted.clone().count();
    let items: Vec<RecordId> =
        wanted.filter(|row| !is_said(&row.record)).map(LedgerRow::id).collect();
    BottomLine {
        label: Text::new("超常问责", "sanctions"),
        meaning: Text::new(
            "一案三查案件和到问责建议一级的问题中，已有三项结论或处理的/全部；点开为其余",
            "of cases and items at the last stage, those with a result; opens the others",
        ),
        kept: of - items.len(),
        of,
        items,
    }
}

/// 一案三查: all cases, those that lack a verdict first.
pub fn cases(ledger: &Ledger) -> Vec<&LedgerRow> {
    let mut cases: Vec<&LedgerRow> =
        ledger.rows.iter().filter(|row| is_case(&row.record)).collect();
    cases.sort_by_key(|row| open_verdicts(&row.record).is_empty());
    cases
}
