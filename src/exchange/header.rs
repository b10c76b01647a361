//! The header row of a sheet: found below title rows, joined where it is two rows of merged cells.
//! Which names are known is asked of the receiver; what they mean is not decided here. What of the
//! rows below is no record (totals, the header again) stands in `sheet_rows`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::sheet_rows::{MergedDown, SheetRows};
use super::{Cell, Error, InRow, Sink};
use crate::domain::{LocalizedText, printable};

/// Rows among which the header is looked for: banks and platforms put a page of explanations first.
const LOOK_AHEAD: usize = 100;

/// More columns than any spreadsheet has (16,384 in Excel).
const MAX_COLUMNS: usize = 20_000;

/// Takes the rows of a sheet, finds out which is the header, and hands the rest to the sink.
pub struct Headed<'s> {
    sink: &'s mut dyn Sink,
    /// The first rows, until the header is known.
    waiting: Vec<(u64, Vec<Cell<'static>>)>,
    /// Columns announced so far; `None` while rows still wait.
    width: Option<usize>,
    rows: SheetRows,
}

impl<'s> Headed<'s> {
    /// In front of a sink.
    pub fn new(sink: &'s mut dyn Sink) -> Self {
        Self { sink, waiting: Vec::new(), width: None, rows: SheetRows::default() }
    }

    /// Passes a warning on.
    pub fn warn(&mut self, words: LocalizedText) {
        self.sink.warn(words);
    }

    /// Cells that are merged over several rows: what the first holds, all hold. Before the rows.
    pub fn merged_down(&mut self, merged: Vec<MergedDown>) {
        self.rows.merged_down(merged);
    }

    /// One more of them, no later than its first row.
    pub fn merge(&mut self, merged: MergedDown) {
        self.rows.merge(merged);
    }

    /// A formula of which the file has no value. Columns count from 0.
    pub fn uncalculated(&mut self, row: u64, column: usize) {
        self.rows.uncalculated(row, column);
    }

    /// Rows without any content are passed over.
    pub fn row(&mut self, number: u64, cells: &[Cell<'_>]) -> Result<(), Error> {
        let used = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        let Some(cells) = cells.get(..used).filter(|cells| !cells.is_empty()) else {
            return Ok(());
        };
        if self.width.is_some() {
            return self.hand_on(number, cells);
        }
        if used > MAX_COLUMNS {
            return Err(too_wide(used));
        }
        self.waiting.push((number, cells.iter().map(Cell::owned).collect()));
        if self.waiting.len() == LOOK_AHEAD { self.decide() } else { Ok(()) }
    }

    /// Whether the sheet had any row.
    pub fn finish(mut self) -> Result<bool, Error> {
        if self.width.is_none() && !self.waiting.is_empty() {
            self.decide()?;
        }
        for warning in self.rows.warnings() {
            self.sink.warn(warning);
        }
        Ok(self.width.is_some())
    }

    fn decide(&mut self) -> Result<(), Error> {
        let waiting = std::mem::take(&mut self.waiting);
        let texts: Vec<Vec<Cow<'_, str>>> =
            waiting.iter().map(|(_, cells)| cells.iter().map(head_text).collect()).collect();
        let header = find(&texts, &|name| self.sink.knows(name));
        for name in &header.names {
            self.sink.column(name)?;
        }
        self.width = Some(header.names.len());
        let above = header.first_row.min(texts.len());
        for line in texts.iter().take(above) {
            self.sink.remark(&line.join(" "));
        }
        let own = header.first_row.checked_sub(1).and_then(|at| texts.get(at));
        self.rows.begin(&header.names, own.map(Vec::as_slice).unwrap_or_default());
        for (number, cells) in waiting.iter().skip(header.first_row) {
            self.hand_on(*number, cells)?;
        }
        Ok(())
    }

    fn hand_on(&mut self, number: u64, cells: &[Cell<'_>]) -> Result<(), Error> {
        let Some(cells) = self.rows.record(number, cells) else { return Ok(()) };
        let width = self.width.unwrap_or(0);
        if cells.len() > width {
            if cells.len() > MAX_COLUMNS {
                return Err(too_wide(cells.len()));
            }
            for nameless in width..cells.len() {
                self.sink.column(&format!("column_{}", nameless + 1))?;
            }
            self.width = Some(cells.len());
        }
        Ok(self.sink.row(InRow { number, cells: &cells, geometry: None })?)
    }
}

/// A cell as it may be the name of a column: without what no document may hold.
fn head_text<'c>(cell: &'c Cell<'_>) -> Cow<'c, str> {
    let text = cell.to_text();
    match printable(&text) {
        Cow::Owned(cleaned) => Cow::Owned(cleaned),
        Cow::Borrowed(_) => text,
    }
}

fn too_wide(columns: usize) -> Error {
    Error::hostile(
        format!("一行有 {columns} 列，任何表格都不超过 {MAX_COLUMNS} 列"),
        format!("a row has {columns} columns, {MAX_COLUMNS} are enough for any sheet"),
    )
}

/// Whether the receiver has a use for a column of this name.
type Knows<'a> = &'a dyn Fn(&str) -> bool;

#[derive(Debug, PartialEq)]
struct SheetHeader {
    /// One a column, all different.
    names: Vec<String>,
    /// The first row of data.
    first_row: usize,
}

/// The row that has most of the names we know; without any, the first that is no title.
fn find(rows: &[Vec<Cow<'_, str>>], knows: Knows<'_>) -> SheetHeader {
    let mut scores = rows.iter().map(|row| known(row, knows)).collect::<Vec<_>>();
    // A row of data may hold words that are also column names, but hardly without a number beside.
    let numbers = |row: &Vec<Cow<'_, str>>| row.iter().any(|cell| is_number(cell));
    let is_plain = |(row, score): (&Vec<Cow<'_, str>>, &usize)| *score > 0 && !numbers(row);
    if rows.iter().zip(&scores).any(is_plain) {
        for (score, row) in scores.iter_mut().zip(rows) {
            *score = if numbers(row) { 0 } else { *score };
        }
    }
    let best = scores.iter().copied().max().unwrap_or(0);
    let chosen = if best > 0 {
        scores.iter().position(|score| *score == best)
    } else {
        rows.iter().position(|row| filled(row) > 1)
    };
    let chosen = chosen.unwrap_or(0);
    let empty = Vec::new();
    let row = rows.get(chosen).unwrap_or(&empty);
    if let Some(below) = rows.get(chosen + 1)
        && is_second_half(row, below, knows)
    {
        return SheetHeader { names: distinct(&join(row, below, knows)), first_row: chosen + 2 };
    }
    let above = chosen.checked_sub(1).and_then(|above| rows.get(above));
    let names = match above {
        Some(above) if is_first_half(above, row) => join(above, row, knows),
        _ => row.iter().map(ToString::to_string).collect(),
    };
    SheetHeader { names: distinct(&names), first_row: chosen + 1 }
}

fn known(row: &[Cow<'_, str>], knows: Knows<'_>) -> usize {
    // Flags repeat, names of columns do not: Y, Y, N, Y.
    let cells = row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    cells.collect::<BTreeSet<_>>().into_iter().filter(|cell| knows(cell)).count()
}

fn filled(row: &[Cow<'_, str>]) -> usize {
    row.iter().filter(|cell| !cell.trim().is_empty()).count()
}

fn is_number(cell: &str) -> bool {
    cell.trim().parse::<f64>().is_ok()
}

/// 坐标 above 经度 and 纬度: the lower row names what the upper leaves open.
fn is_second_half(upper: &[Cow<'_, str>], lower: &[Cow<'_, str>], knows: Knows<'_>) -> bool {
    let fills_a_gap = lower.iter().enumerate().any(|(at, cell)| {
        !cell.trim().is_empty() && upper.get(at).is_none_or(|above| above.trim().is_empty())
    });
    let is_known = || known(lower, knows) > 0 || makes_names(upper, lower, knows);
    fills_a_gap && !lower.iter().any(|cell| is_number(cell)) && is_known()
}

/// 经度 above 度, 分 and 秒: the lower cells are names only together with the upper.
fn makes_names(upper: &[Cow<'_, str>], lower: &[Cow<'_, str>], knows: Knows<'_>) -> bool {
    let joined = join(upper, lower, knows);
    let is_new = |(at, name): (usize, &String)| {
        let own = lower.get(at).is_some_and(|cell| !cell.trim().is_empty());
        own && knows(name)
    };
    joined.iter().enumerate().any(is_new)
}

/// 序号 above nothing, 坐标 above 经度 and 纬度. A line such as 填报单位：… is none.
fn is_first_half(upper: &[Cow<'_, str>], lower: &[Cow<'_, str>]) -> bool {
    let fills_a_gap = upper.iter().enumerate().any(|(at, cell)| {
        !cell.trim().is_empty() && lower.get(at).is_none_or(|below| below.trim().is_empty())
    });
    let is_prose = |cell: &Cow<'_, str>| is_number(cell) || cell.contains([':', '：']);
    fills_a_gap && filled(upper) > 1 && !upper.iter().any(is_prose)
}

/// The lower name where there is one and we know it or nothing stands above; else both.
fn join(upper: &[Cow<'_, str>], lower: &[Cow<'_, str>], knows: Knows<'_>) -> Vec<String> {
    let mut group = String::new();
    (0..upper.len().max(lower.len()))
        .map(|at| {
            let text = |row: &[Cow<'_, str>]| row.get(at).map_or("", |cell| cell.trim()).to_owned();
            let (above, below) = (text(upper), text(lower));
            if !above.is_empty() {
                group.clone_from(&above);
            }
            if below.is_empty() {
                above
            } else if knows(&below) || group.is_empty() {
                below
            } else {
                format!("{group}{below}")
            }
        })
        .collect()
}

/// Nameless columns get a number, repeated names a suffix.
fn distinct(names: &[String]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut out = Vec::with_capacity(names.len());
    for (name, number) in names.iter().zip(1..) {
        let name = name.trim();
        let base = if name.is_empty() { format!("column_{number}") } else { name.to_owned() };
        let mut unique = base.clone();
        if !taken.insert(unique.clone()) {
            // The position is unique, so this ends at once however often a name is repeated.
            unique = format!("{base}_{number}");
            while !taken.insert(unique.clone()) {
                unique.push('_');
            }
        }
        out.push(unique);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::meaning::names;

    fn header(rows: &[&[&str]]) -> (Vec<String>, usize) {
        let rows: Vec<Vec<Cow<'_, str>>> =
            rows.iter().map(|row| row.iter().map(|cell| Cow::Borrowed(*cell)).collect()).collect();
        let found = find(&rows, &names::is_known);
        (found.names, found.first_row)
    }

    #[test]
    fn title_rows_above_the_header_are_passed_over() {
        let (names, first) = header(&[
            &["2026年丰润区餐饮单位台账"],
            &["填报单位：生态环境分局", "", "2026年11月"],
            &["序号", "名称", "经度", "纬度"],
            &["1", "老王饭店", "118.16", "39.83"],
        ]);
        assert_eq!(names, ["序号", "名称", "经度", "纬度"]);
        assert_eq!(first, 3);
    }

    #[test]
    fn two_rows_of_merged_cells_are_one_header() {
        let (names, first) = header(&[
            &["序号", "名称", "坐标", "", "联系人"],
            &["", "", "经度", "纬度", ""],
            &["1", "甲", "118.1", "39.8", "王"],
        ]);
        assert_eq!(names, ["序号", "名称", "经度", "纬度", "联系人"]);
        assert_eq!(first, 2);
        let (names, first) = header(&[
            &["基本信息", "", "六个百分之百", "", "备注"],
            &["名称", "地址", "围挡", "抽查", ""],
            &["甲", "丰润镇", "合格", "是", ""],
        ]);
        assert_eq!(names, ["名称", "地址", "围挡", "六个百分之百抽查", "备注"]);
        assert_eq!(first, 2);
    }

    #[test]
    fn parts_of_an_angle_below_its_name_are_a_header() {
        let (names, first) = header(&[
            &["企业名称", "经度", "", "", "纬度", "", ""],
            &["", "度", "分", "秒", "度", "分", "秒"],
            &["甲", "118", "9", "36", "39", "49", "48"],
        ]);
        assert_eq!(names, ["企业名称", "经度度", "经度分", "经度秒", "纬度度", "纬度分", "纬度秒"]);
        assert_eq!(first, 2);
    }

    #[test]
    fn a_row_of_data_is_no_second_header() {
        let (names, first) =
            header(&[&["名称", "地址", "备注"], &["名称", "丰润镇", "餐饮"], &["乙", "x", "y"]]);
        assert_eq!(names, ["名称", "地址", "备注"]);
        assert_eq!(first, 1);
    }

    #[test]
    fn what_no_document_may_hold_is_in_no_name_of_a_column() {
        let cell = Cell::Text("负责\u{b}人\0".into());
        assert_eq!(head_text(&cell), "负责人");
    }

    #[test]
    fn nameless_and_repeated_columns_stay_apart() {
        let (names, _) = header(&[&["名称", "", "备注", "备注", "备注_4"]]);
        assert_eq!(names, ["名称", "column_2", "备注", "备注_4", "备注_4_5"]);
    }

    #[test]
    fn a_row_of_flags_is_no_header() {
        let (names, first) = header(&[
            &["名称", "经度", "纬度", "洒水达标", "雾炮开启", "车辆登记", "夜间巡查"],
            &["甲示例", "118.101", "39.801", "Y", "Y", "Y", "Y"],
            &["乙示例", "118.102", "39.802", "Y", "N", "Y", "X"],
        ]);
        assert_eq!((names[0].as_str(), first), ("名称", 1));
        let (names, first) = header(&[&["甲", "乙", "丙"], &["Y", "N", "X"]]);
        assert_eq!((names[0].as_str(), first), ("Y", 2), "nothing tells them from X and Y");
    }

    #[test]
    fn without_a_known_name_the_first_row_with_two_cells_is_the_header() {
        let (names, first) = header(&[&["标题"], &["甲方", "乙方"], &["1", "2"]]);
        assert_eq!(names, ["甲方", "乙方"]);
        assert_eq!(first, 2);
    }
}
