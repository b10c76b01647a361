//! 附表: which records a figure counts.

use std::sync::Arc;

use super::figures::{CountedRecords, Figures};
use super::sentences::task_of;
use super::tables::{choice_words, sheet, words};
use super::{BriefRequest, names};
use crate::analysis::decisions::standing;
use crate::analysis::standards::{failing_items, is_inspected};
use crate::domain::{Kind, Record};
use crate::report::block::{Block, Span, list_name};

/// Where the lists stand.
pub(super) const LINE: &str = "{lists}";

/// The lists that the sentences of a paper lead to, numbered as they come.
pub(super) struct Lists {
    are_wanted: bool,
    /// Keys of the sections that the paper has.
    sections: Vec<&'static str>,
    /// Keys of figures; the first is list 1.
    used: Vec<&'static str>,
}

impl Lists {
    /// `sections` are the keys of those that the paper has.
    pub const fn new(are_wanted: bool, sections: Vec<&'static str>) -> Self {
        Self { are_wanted, sections, used: Vec::new() }
    }

    /// The number of the list behind a figure, if it counts anything.
    fn number(&mut self, key: &'static str, counted: Option<&CountedRecords<'_>>) -> Option<u32> {
        let is_there = |counted: &CountedRecords<'_>| {
            counted.sections.iter().any(|of| self.sections.contains(of))
        };
        let has_list = counted.is_some_and(|of| !of.records.is_empty() && !is_there(of));
        if !self.are_wanted || !has_list {
            return None;
        }
        let place = self.used.iter().position(|used| *used == key).unwrap_or_else(|| {
            self.used.push(key);
            self.used.len() - 1
        });
        u32::try_from(place + 1).ok()
    }

    /// A line with its figures; what is counted leads to its list, which is named at the end.
    pub fn sentence(&mut self, line: &str, figures: &Figures<'_>) -> Block {
        let (mut parts, mut rest) = (Vec::new(), line);
        let mut meant: Vec<u32> = Vec::new();
        for name in names(line) {
            let Some((before, behind)) = rest.split_once(&format!("{{{name}}}")) else { continue };
            rest = behind;
            let Some(figure) = figures.iter().find(|figure| figure.key == name) else { continue };
            parts.push(Span { words: before.to_owned(), list: None });
            let list = self.number(figure.key, figure.counted.as_ref());
            meant.extend(list.filter(|list| !meant.contains(list)));
            parts.push(Span { words: figure.words.clone(), list });
        }
        if meant.is_empty() {
            let words: String = parts.iter().map(|part| part.words.as_str()).collect();
            return Block::Paragraph(words + rest);
        }
        let mut stops = ["。", "：", "；"].into_iter();
        let stop = stops.find(|stop| rest.ends_with(stop)).unwrap_or_default();
        let rest = rest.strip_suffix(stop).unwrap_or(rest);
        let plain = |words: String| Span { words, list: None };
        parts.push(plain(format!("{rest}（见")));
        for (place, list) in meant.into_iter().enumerate() {
            parts.extend((place > 0).then(|| plain("、".to_owned())));
            parts.push(Span { words: list_name(list), list: Some(list) });
        }
        parts.push(plain(format!("）{stop}")));
        parts.retain(|part| !part.words.is_empty());
        Block::Sentence(parts)
    }

    /// All lists that were led to, in the order of their numbers.
    pub fn blocks(&self, figures: &Figures<'_>, asked: &BriefRequest<'_>) -> Vec<Block> {
        let mut blocks = Vec::new();
        if !self.used.is_empty() {
            blocks.push(Block::Annex("附表：数字所指的记录".to_owned()));
        }
        for (number, key) in (1..).zip(&self.used) {
            let figure = figures.iter().find(|figure| figure.key == *key);
            let Some(counted) = figure.and_then(|figure| figure.counted.as_ref()) else { continue };
            let count = counted.records.len();
            blocks.push(Block::List(number, format!("{}（{count}条）", counted.title)));
            blocks.extend(list(&counted.records, asked));
        }
        blocks
    }
}

fn list(records: &[&Arc<Record>], asked: &BriefRequest<'_>) -> Vec<Block> {
    let kind = records.first().map(|record| record.kind);
    let (header, widths): (&[&str], &[u32]) = match kind {
        Some(Kind::Decision) => (&["决定", "责任单位", "时限", "状态"], &[50, 18, 18, 14]),
        Some(Kind::Restriction) => (&["措施", "类型", "方案", "时段"], &[36, 12, 28, 24]),
        _ => (&["名称", "乡镇街道", "监管部门", "责任人", "检查结果"], &[31, 16, 14, 11, 28]),
    };
    // Whatever is cut off is not made first.
    let shown = records.iter().take(asked.most_rows.saturating_add(1));
    let rows = shown.map(|record| row(record, asked)).collect();
    sheet(header, widths, rows).of(records.len()).blocks(asked.most_rows)
}

fn row(record: &Record, asked: &BriefRequest<'_>) -> Vec<String> {
    let text = |key: &str| words(record, key);
    let name = record.name().to_owned();
    match record.kind {
        Kind::Decision => {
            let standing = standing(record, asked.until).label().zh.to_owned();
            vec![task_of(asked.now, record), text("owner"), text("due"), standing]
        }
        Kind::Restriction => {
            vec![name, choice_words(record, "kind"), text("plan"), text("hours")]
        }
        _ => {
            let failing: Vec<&str> = failing_items(record).map(|item| item.label.zh).collect();
            let result = if !failing.is_empty() {
                format!("{}不合格", failing.join("、"))
            } else if is_inspected(record) {
                "达标".to_owned()
            } else {
                "未查".to_owned()
            };
            vec![name, text("township"), text("department"), text("person"), result]
        }
    }
}
