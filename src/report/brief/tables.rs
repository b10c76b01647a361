//! The tables of briefs, each for what a filter lets through.

use std::sync::Arc;

use super::FEW_WORDS;
use super::figures::{percent, share};
use super::sentences::task_of;
use crate::analysis::decisions::DecisionStanding;
use crate::analysis::punctual::Punctual;
use crate::analysis::standards::{FEW, Rate, failing_items};
use crate::domain::{Field, FieldType, Kind, Record, Value, World};
use crate::report::block::{Block, PaperTable};
use crate::report::notice::words::hours;

/// A table before it is known how long it may be.
pub(super) struct TableDraft {
    table: PaperTable,
    /// How many rows there are, where not all of them were made.
    count: Option<usize>,
}

/// A table; `widths` are shares of a hundred.
pub(super) fn sheet(header: &[&str], widths: &[u32], rows: Vec<Vec<String>>) -> TableDraft {
    let header = header.iter().map(|words| (*words).to_owned()).collect();
    let table = PaperTable { header, widths: widths.to_vec(), rows, ..PaperTable::default() };
    TableDraft { table, count: None }
}

impl TableDraft {
    /// Out of so many rows, of which not all were made.
    pub fn of(self, count: usize) -> Self {
        Self { count: Some(count), ..self }
    }

    /// By what its rows were picked, in words.
    pub fn filtered(mut self, filter: &str) -> Self {
        filter.clone_into(&mut self.table.filter);
        self
    }

    /// With what has to be said of it: that there is nothing, or that there is more.
    pub fn blocks(self, most_rows: usize) -> Vec<Block> {
        let Self { mut table, count } = self;
        let count = count.unwrap_or(table.rows.len());
        if table.rows.is_empty() {
            return vec![Block::Paragraph("无。".to_owned())];
        }
        table.rows.truncate(most_rows);
        for (row, cells) in table.rows.iter().enumerate() {
            let few = (0..).zip(cells).filter(|(_, cell)| cell.ends_with(FEW_WORDS));
            table.faint.extend(few.map(|(column, _)| (row, column)));
        }
        let left_out = count.saturating_sub(table.rows.len());
        let has_few = !table.faint.is_empty();
        let mut blocks = vec![Block::Table(table)];
        if has_few {
            blocks.push(Block::Note(format!("样本少：不足{FEW}个，比率仅供参考。")));
        }
        if left_out > 0 {
            blocks.push(Block::Note(format!("另有{left_out}条未列出，见台账或Excel附表。")));
        }
        blocks
    }
}

/// The value of a field as people read it.
pub(super) fn words(record: &Record, key: &str) -> String {
    let field = record.kind.field(key);
    if field.is_some_and(|field| field.ty == FieldType::Hours) {
        // Orders without hours hold all day; of a queue nothing is known then.
        let text = record.text(key);
        let is_unknown = text.is_empty() && record.kind != Kind::Restriction;
        return if is_unknown { String::new() } else { hours(text) };
    }
    choice_words(record, key)
}

/// The value of a field in Chinese.
pub(super) fn choice_words(record: &Record, key: &str) -> String {
    let choices = record.kind.field(key).and_then(Field::choices).unwrap_or_default();
    let value = record.get(key).map(Value::to_cell).unwrap_or_default();
    let known = choices.iter().find(|choice| choice.key == value);
    known.map_or(value, |choice| choice.label.zh.to_owned())
}

/// Decisions with owner, date, state and result; who and when stand in their own columns alone.
pub(super) fn of_decisions(world: &World, all: &[(DecisionStanding, &Arc<Record>)]) -> TableDraft {
    let row = |(standing, decision): &(DecisionStanding, &Arc<Record>)| {
        let text = |key: &str| words(decision, key);
        let standing = standing.label().zh.to_owned();
        vec![task_of(world, decision), text("owner"), text("due"), standing, text("result")]
    };
    let header = ["决定", "责任单位", "时限", "状态", "落实情况"];
    sheet(&header, &[33, 15, 18, 13, 21], all.iter().map(row).collect())
}

/// A share, greyed by its words where it rests on few.
fn of_few(words: String, is_few: bool) -> String {
    if is_few { words + FEW_WORDS } else { words }
}

/// Kind of site, how it stands now, and in the period before.
pub(super) type RateRow<'a> = (&'a str, Rate, Option<Rate>);

/// Rates with what they were before.
pub(super) fn of_rates(of: &str, rates: &[RateRow<'_>]) -> TableDraft {
    let row = |(what, rate, before): &RateRow<'_>| {
        vec![
            named(&rate.of),
            (*what).to_owned(),
            rate.count.to_string(),
            rate.inspected.to_string(),
            rate.up_to_standard.to_string(),
            of_few(share(rate), rate.is_few() && rate.inspected > 0),
            before.as_ref().map_or_else(|| "—".to_owned(), share),
        ]
    };
    let header = [of, "类型", "在册", "已查", "达标", "达标率", "上期"];
    sheet(&header, &[26, 12, 10, 10, 10, 20, 12], rates.iter().map(row).collect())
}

/// How punctual those are who have something to do.
pub(super) fn of_punctual(of: &str, rows: &[Punctual]) -> TableDraft {
    let row = |row: &Punctual| {
        let share = row.share().map_or_else(|| "无数据".to_owned(), percent);
        let counts = [row.count(), row.open, row.overdue, row.on_time, row.late];
        let counts = counts.map(|count| count.to_string());
        std::iter::once(named(&row.of))
            .chain(counts)
            .chain([of_few(share, row.is_few() && row.due() > 0)])
            .collect()
    };
    let header = [of, "决定", "未到期", "逾期", "按时完成", "逾期完成", "按时率"];
    sheet(&header, &[26, 10, 11, 10, 12, 12, 19], rows.iter().map(row).collect())
}

fn named(of: &str) -> String {
    if of.is_empty() { "未填".to_owned() } else { of.to_owned() }
}

/// Sites with an item that is 不合格, and which; in the order of township and name.
pub(super) fn of_failing<'a>(sites: impl Iterator<Item = &'a Arc<Record>>) -> TableDraft {
    let mut failing: Vec<_> = sites.collect();
    failing.sort_by_key(|site| (site.text("township"), site.name(), site.id));
    let row = |site: &&Arc<Record>| {
        let items: Vec<&str> = failing_items(site).map(|field| field.label.zh).collect();
        vec![
            site.name().to_owned(),
            words(site, "kind"),
            site.text("township").to_owned(),
            items.join("、"),
            site.text("department").to_owned(),
            site.text("person").to_owned(),
        ]
    };
    let header = ["不达标点位", "类型", "乡镇街道", "不合格项", "监管部门", "责任人"];
    sheet(&header, &[28, 10, 17, 23, 12, 10], failing.iter().map(row).collect())
}

/// Places where trucks queue.
pub(super) fn of_congestion<'a>(all: impl Iterator<Item = &'a Arc<Record>>) -> TableDraft {
    let keys = ["cause", "hours", "severity", "trucks_per_hour"];
    let row = |record: &Arc<Record>| {
        let texts = keys.map(|key| words(record, key));
        std::iter::once(record.name().to_owned()).chain(texts).collect()
    };
    let header = ["拥堵怠速", "成因", "时段", "程度", "货车 辆/小时"];
    sheet(&header, &[36, 12, 26, 10, 16], all.map(row).collect())
}

/// Orders with plan, days and hours.
pub(super) fn of_restrictions<'a>(all: impl Iterator<Item = &'a Arc<Record>>) -> TableDraft {
    let row = |record: &Arc<Record>| {
        let text = |key: &str| words(record, key);
        let dates = [text("valid_from"), text("valid_to")].join("至");
        let (kind, plan, hours) = (text("kind"), text("plan"), text("hours"));
        vec![record.name().to_owned(), kind, plan, hours, dates, text("state")]
    };
    let header = ["措施", "类型", "方案", "时段", "起止日期", "状态"];
    sheet(&header, &[28, 9, 20, 16, 18, 9], all.map(row).collect())
}
