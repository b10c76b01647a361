//! The rows of a sheet below its header, as people make them: merged cells are filled down, totals, the
//! header again and signatures are no records, and a formula that shows an error is an empty cell. All
//! of it is said.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Cell;
use crate::domain::{LocalizedText, is_nothing};

/// What spreadsheets show where a formula has no value.
const ERRORS: &[&str] = &[
    "#N/A",
    "#VALUE!",
    "#REF!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
];

const TOTALS: &[&str] = &["合计", "小计", "总计", "共计", "累计"];

/// What stands below a table: who filled it in, and notes.
const FOOTERS: &[&str] = &[
    "填表",
    "填报",
    "制表",
    "审核",
    "审批",
    "负责人签字",
    "单位负责人",
    "统计人",
    "备注",
    "注",
    "说明",
];

/// Cells of one column that are one cell over several rows, as a spreadsheet counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergedDown {
    /// From 0.
    pub column: usize,
    pub first_row: u64,
    pub last_row: u64,
}

/// Watches the rows go by.
#[derive(Debug, Default)]
pub struct SheetRows {
    names: Vec<String>,
    /// The header row as it stands, to know it when it comes again.
    header: Vec<String>,
    /// Ascending by first row; what has not begun yet lies behind `begun`.
    merged: Vec<MergedDown>,
    begun: usize,
    /// Merged cells that go on, with what they hold.
    filling: Vec<(MergedDown, Cell<'static>)>,
    totals: RowList,
    headers: RowList,
    footers: RowList,
    errors: BTreeMap<(usize, &'static str), RowList>,
    uncalculated: BTreeMap<usize, RowList>,
}

/// How many rows, and the first of them.
#[derive(Debug, Default)]
struct RowList {
    count: u64,
    first: Vec<u64>,
}

impl RowList {
    fn add(&mut self, row: u64) {
        const SHOWN: usize = 5;
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(row);
        }
    }

    fn joined(&self, comma: &str) -> String {
        let more = if self.count > self.first.len() as u64 { "…" } else { "" };
        self.first.iter().map(u64::to_string).collect::<Vec<_>>().join(comma) + more
    }
}

impl SheetRows {
    /// In any order.
    pub fn merged_down(&mut self, mut merged: Vec<MergedDown>) {
        merged.sort_unstable_by_key(|merged| (merged.first_row, merged.column));
        self.merged = merged;
    }

    /// In the order of their first rows.
    pub fn merge(&mut self, merged: MergedDown) {
        self.merged.push(merged);
    }

    /// A formula without a value.
    pub fn uncalculated(&mut self, row: u64, column: usize) {
        self.uncalculated.entry(column).or_default().add(row);
    }

    /// The header is known: names of the columns, and the last of its rows as it stands.
    pub fn begin(&mut self, names: &[String], row: &[Cow<'_, str>]) {
        self.names = names.to_vec();
        self.header = row.iter().map(|cell| cell.trim().to_owned()).collect();
    }

    /// The cells of a record; `None` where the row is none.
    pub fn record<'r, 'c>(&mut self, row: u64, cells: &'r [Cell<'c>]) -> Option<Cow<'r, [Cell<'c>]>>
    where
        'r: 'c,
    {
        if is_total(cells) {
            self.totals.add(row);
            return None;
        }
        if self.is_header(cells) {
            self.headers.add(row);
            return None;
        }
        if is_footer(cells, self.names.len()) {
            self.footers.add(row);
            return None;
        }
        let mut cells = Cow::Borrowed(cells);
        let is_error = |cell: &Cell<'_>| matches!(cell, Cell::Text(text) if text.starts_with('#'));
        if cells.iter().any(is_error) {
            self.clear_errors(row, cells.to_mut());
        }
        if self.begun < self.merged.len() || !self.filling.is_empty() {
            self.fill_down(row, &mut cells);
        }
        Some(cells)
    }

    fn is_header(&self, cells: &[Cell<'_>]) -> bool {
        let Some(first) = self.header.iter().position(|name| !name.is_empty()) else {
            return false;
        };
        let is_same = |(cell, name): (&Cell<'_>, &String)| match cell {
            Cell::Text(text) => text.trim() == name,
            cell => cell.is_empty() && name.is_empty(),
        };
        let wanted =
            self.header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        wanted > 1
            && cells.get(first).zip(self.header.get(first)).is_some_and(is_same)
            && cells.len() == wanted
            && cells.iter().zip(&self.header).all(is_same)
    }

    fn clear_errors(&mut self, row: u64, cells: &mut [Cell<'_>]) {
        for (column, cell) in cells.iter_mut().enumerate() {
            let Cell::Text(text) = cell else { continue };
            let text = text.trim();
            if let Some(error) = ERRORS.iter().find(|error| text.eq_ignore_ascii_case(error)) {
                self.errors.entry((column, error)).or_default().add(row);
                *cell = Cell::Empty;
            }
        }
    }

    fn fill_down(&mut self, row: u64, cells: &mut Cow<'_, [Cell<'_>]>) {
        self.filling.retain(|(merged, _)| merged.last_row >= row);
        while let Some(merged) = self.merged.get(self.begun).filter(|next| next.first_row <= row) {
            self.begun += 1;
            let held = cells.get(merged.column).filter(|cell| !cell.is_empty());
            if let (true, Some(held)) = (merged.first_row == row, held) {
                self.filling.push((*merged, held.owned()));
            }
        }
        for (merged, held) in &self.filling {
            if cells.get(merged.column).is_none_or(Cell::is_empty) {
                let cells = cells.to_mut();
                if cells.len() <= merged.column {
                    cells.resize(merged.column + 1, Cell::Empty);
                }
                if let Some(cell) = cells.get_mut(merged.column) {
                    *cell = held.clone();
                }
            }
        }
    }

    /// What a person should know of the sheet, once all its rows are in.
    pub fn warnings(&self) -> Vec<LocalizedText> {
        let mut warnings = Vec::new();
        let lists = [
            (&self.totals, "是小计、合计，未导入", "are totals and were left out"),
            (&self.headers, "重复了表头，已略过", "are the header again and were passed over"),
            (
                &self.footers,
                "是落款或附注，未导入",
                "are signatures or notes below the table and were left out",
            ),
        ];
        for (rows, zh, en) in lists.into_iter().filter(|(rows, _, _)| rows.count > 0) {
            warnings.push(LocalizedText::new(
                format!("第 {} 行{zh}", rows.joined("、")),
                format!("rows {} {en}", rows.joined(", ")),
            ));
        }
        for ((column, error), rows) in &self.errors {
            let (name, count) = (self.name(*column), rows.count);
            warnings.push(LocalizedText::new(
                format!(
                    "“{name}”列有 {count} 个单元格的公式显示 {error}（第 {} 行），按空白处理",
                    rows.joined("、")
                ),
                format!(
                    "`{name}`: {count} cells show {error} and were taken as empty (rows {})",
                    rows.joined(", ")
                ),
            ));
        }
        for (column, rows) in &self.uncalculated {
            let (name, count) = (self.name(*column), rows.count);
            warnings.push(LocalizedText::new(
                format!(
                    "“{name}”列有 {count} 个公式从未计算，没有值（第 {} 行），按空白处理；请在 Excel 或 WPS 中打开并保存后再导入",
                    rows.joined("、")
                ),
                format!(
                    "`{name}`: {count} formulas were never calculated and have no value (rows {}); open the file in a spreadsheet and save it",
                    rows.joined(", ")
                ),
            ));
        }
        warnings
    }

    fn name(&self, column: usize) -> String {
        self.names.get(column).cloned().unwrap_or_else(|| format!("column_{}", column + 1))
    }
}

fn texts<'r>(cells: &'r [Cell<'_>]) -> impl Iterator<Item = &'r str> {
    let filled = cells.iter().filter(|cell| !cell.is_empty());
    filled.map(|cell| if let Cell::Text(text) = cell { text.trim() } else { "" })
}

/// 小计 or 合计 in front, and nothing but numbers beside it: 3家, 共4家, 12.5, —.
fn is_total(cells: &[Cell<'_>]) -> bool {
    const MAX_CHARS: usize = 20;
    let is_word = |text: &str| {
        let text = text.trim_end_matches([':', '：', '）', ')']);
        text.ends_with('计') && text.chars().count() <= MAX_CHARS && {
            let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            TOTALS.iter().any(|word| text.ends_with(word))
        }
    };
    let is_number = |text: &str| {
        let count = text.trim_start_matches(['总', '合', '共', '计', '约', '：', ':', ' ']);
        is_nothing(text) || count.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut firsts = texts(cells).take(3);
    firsts.any(is_word) && texts(cells).all(|text| is_word(text) || is_number(text))
}

/// 填表人：… below the table.
fn is_footer(cells: &[Cell<'_>], width: usize) -> bool {
    let Some(first) = texts(cells).next().filter(|text| text.contains([':', '：'])) else {
        return false;
    };
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    FOOTERS.iter().any(|word| first.starts_with(word)) && filled <= width.div_ceil(2).max(1)
}

/// Distinct columns of rectangles of merged cells that go over several rows.
pub fn merged_columns(
    rectangles: impl Iterator<Item = ((u64, usize), (u64, usize))>,
) -> Vec<MergedDown> {
    let tall = rectangles.filter(|((first, _), (last, _))| last > first);
    // Only the first column of a rectangle holds anything.
    let columns: BTreeSet<(u64, usize, u64)> =
        tall.map(|((first, column), (last, _))| (first, column, last)).collect();
    let merged = columns.into_iter();
    merged.map(|(first_row, column, last_row)| MergedDown { column, first_row, last_row }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(texts: &[&'static str]) -> Vec<Cell<'static>> {
        let cell = |text: &&'static str| match text.parse::<f64>() {
            _ if text.is_empty() => Cell::Empty,
            Ok(number) => Cell::Real(number),
            Err(_) => Cell::Text((*text).into()),
        };
        texts.iter().map(cell).collect()
    }

    fn rows() -> SheetRows {
        let mut rows = SheetRows::default();
        let header = ["乡镇", "名称", "经度", "纬度", "责任人"];
        rows.begin(&header.map(str::to_owned), &header.map(Cow::Borrowed));
        rows
    }

    #[test]
    fn totals_the_header_again_and_signatures_are_no_records() {
        let mut rows = rows();
        for (number, texts) in [
            (6, &["虚构一镇小计", "3家"][..]),
            (7, &["乡镇", "名称", "经度", "纬度", "责任人"]),
            (10, &["合　计", "5家"]),
            (10, &["合计", "共4家", "/", "-"]),
            (11, &["填表人：某甲", "", "审核人：某乙", "", "2026年11月3日"]),
        ] {
            let cells = row(texts);
            assert!(rows.record(number, &cells).is_none(), "{number}");
        }
        for texts in
            [&["一镇", "老王小计", "118.1", "39.8"][..], &["", "会计学校"], &["名称", "名称"]]
        {
            let cells = row(texts);
            assert!(rows.record(20, &cells).is_some(), "{texts:?}");
        }
        let warnings: Vec<String> = rows.warnings().into_iter().map(|words| words.zh).collect();
        assert_eq!(
            warnings,
            [
                "第 6、10、10 行是小计、合计，未导入",
                "第 7 行重复了表头，已略过",
                "第 11 行是落款或附注，未导入"
            ]
        );
    }

    #[test]
    fn a_merged_cell_is_filled_down_to_its_last_row_and_not_further() {
        let mut rows = rows();
        rows.merged_down(merged_columns([((3, 0), (5, 0)), ((1, 0), (1, 4))].into_iter()));
        let mut town = |number: u64, texts: &[&'static str]| {
            let cells = row(texts);
            rows.record(number, &cells).unwrap()[0].to_text().into_owned()
        };
        assert_eq!(town(3, &["一镇", "甲"]), "一镇");
        assert_eq!(town(4, &["", "乙"]), "一镇");
        assert_eq!(town(5, &["二镇", "丙"]), "二镇", "what is written stands");
        assert_eq!(town(6, &["", "丁"]), "");
    }

    #[test]
    fn a_formula_that_shows_an_error_is_empty_and_said() {
        let mut rows = rows();
        let cells = row(&["一镇", "#N/A", "#value!", "#1楼"]);
        let read = rows.record(2, &cells).unwrap();
        assert!(read[1].is_empty() && read[2].is_empty());
        assert_eq!(read[3], Cell::Text("#1楼".into()));
        rows.uncalculated(3, 2);
        let warnings: Vec<String> = rows.warnings().into_iter().map(|words| words.zh).collect();
        assert!(
            warnings[0].starts_with("“名称”列有 1 个单元格的公式显示 #N/A（第 2 行）"),
            "{warnings:?}"
        );
        assert!(warnings[2].starts_with("“经度”列有 1 个公式从未计算"), "{warnings:?}");
    }
}
