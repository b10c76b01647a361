//! What an XLSX says of a sheet beside its cells: merged cells, hidden rows, formulas that were never
//! calculated. calamine streams the cells and knows none of it, so the sheet is read once more, and only
//! where [`super::guard`] has seen that there is something.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use calamine::Dimensions;
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::malformed;
use super::ods::attribute;
use crate::domain::LocalizedText;
use crate::exchange::Error;
use crate::exchange::sheet_rows::{MergedDown, merged_columns};

/// Rows count from 1, columns from 0.
#[derive(Debug, Default)]
pub struct SheetNotes {
    pub merged: Vec<MergedDown>,
    hidden: Vec<u64>,
    pub uncalculated: Vec<(u64, usize)>,
}

/// A sheet with more of them was made by a program, and is told of in part.
const MAX_NOTES: usize = 100_000;

impl SheetNotes {
    /// Of the sheet of this name; nothing where its part is not among the notable ones.
    pub fn of(path: &Path, sheet: &str, notable: &[String]) -> Result<Self, Error> {
        if notable.is_empty() {
            return Ok(Self::default());
        }
        let file = BufReader::new(File::open(path)?);
        let mut zip = ZipArchive::new(file).map_err(|error| malformed("XLSX", &error))?;
        let Some(part) = part_of(&mut zip, sheet)?.filter(|part| notable.contains(part)) else {
            return Ok(Self::default());
        };
        let part = zip.by_name(&part).map_err(|error| malformed("XLSX", &error))?;
        Self::read(BufReader::with_capacity(1 << 16, part))
    }

    fn read(part: impl BufRead) -> Result<Self, Error> {
        let mut notes = Self::default();
        let mut rectangles = Vec::new();
        let mut cell = FormulaCell::default();
        let mut row = 0u64;
        let mut has_cells = true;
        for_each_tag(part, &mut |tag, event| {
            match (tag, event) {
                ("row", TagEvent::Start(attribute)) => {
                    row = attribute("r").and_then(|r| r.parse().ok()).unwrap_or(row + 1);
                    let is_hidden = attribute("hidden").is_some_and(|h| h == "1" || h == "true");
                    has_cells = !is_hidden;
                }
                ("c", TagEvent::Start(attribute)) => {
                    // Only rows that hold something are worth a word.
                    if !has_cells && notes.hidden.len() < MAX_NOTES {
                        notes.hidden.push(row);
                        has_cells = true;
                    }
                    let column =
                        attribute("r").and_then(|r| position(&r)).map(|(_, column)| column);
                    cell = FormulaCell { column, ..FormulaCell::default() };
                }
                ("f", TagEvent::Start(_)) => cell.has_formula = true,
                ("v" | "is", TagEvent::Start(_)) => cell.has_value = true,
                ("c", TagEvent::End) => {
                    if let (Some(column), true, false) =
                        (cell.column, cell.has_formula, cell.has_value)
                        && notes.uncalculated.len() < MAX_NOTES
                    {
                        notes.uncalculated.push((row, column));
                    }
                }
                ("mergeCell", TagEvent::Start(attribute)) if rectangles.len() < MAX_NOTES => {
                    let corners = attribute("ref");
                    let corners = corners.as_deref().and_then(|corners| corners.split_once(':'));
                    rectangles.extend(
                        corners.and_then(|(first, last)| Some((position(first)?, position(last)?))),
                    );
                }
                _ => {}
            }
        })?;
        notes.merged = merged_columns(rectangles.into_iter());
        Ok(notes)
    }

    /// Which rows a person does not see in the spreadsheet.
    pub fn hidden_rows(&self) -> Option<LocalizedText> {
        hidden_words(&self.hidden)
    }
}

/// That rows of a sheet are hidden, and which; `None` where none is.
pub fn hidden_words(rows: &[u64]) -> Option<LocalizedText> {
    const SHOWN: usize = 5;
    let count = rows.len();
    let shown: Vec<String> = rows.iter().take(SHOWN).map(u64::to_string).collect();
    let more = if count > SHOWN { "…" } else { "" };
    let (zh, en) = (shown.join("、") + more, shown.join(", ") + more);
    (count > 0).then(|| {
        LocalizedText::new(
            format!("有 {count} 行被隐藏（第 {zh} 行），也已读取；不需要的请删除后再导入"),
            format!("{count} hidden rows were read like the others (rows {en})"),
        )
    })
}

#[derive(Clone, Copy, Debug, Default)]
struct FormulaCell {
    column: Option<usize>,
    has_formula: bool,
    has_value: bool,
}

/// A tag as it goes by, with the way to its attributes.
enum TagEvent<'t> {
    Start(&'t dyn Fn(&str) -> Option<String>),
    End,
}

fn for_each_tag(part: impl BufRead, see: &mut dyn FnMut(&str, TagEvent<'_>)) -> Result<(), Error> {
    let mut reader = Reader::from_reader(part);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| malformed("XLSX", &error))? {
            Event::Start(tag) => {
                see(tag.local_name().as_ref(), TagEvent::Start(&|name| attribute(&tag, name)));
            }
            Event::End(tag) => see(tag.local_name().as_ref(), TagEvent::End),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The name of a sheet's part, by way of the relations of the workbook.
fn part_of(zip: &mut ZipArchive<BufReader<File>>, sheet: &str) -> Result<Option<String>, Error> {
    let mut relation = None;
    if let Ok(part) = zip.by_name("xl/workbook.xml") {
        for_each_tag(BufReader::new(part), &mut |tag, event| {
            if let ("sheet", TagEvent::Start(attribute)) = (tag, event)
                && attribute("name").as_deref() == Some(sheet)
            {
                relation = attribute("r:id");
            }
        })?;
    }
    let mut target = None;
    if let (Some(relation), Ok(part)) = (relation, zip.by_name("xl/_rels/workbook.xml.rels")) {
        for_each_tag(BufReader::new(part), &mut |tag, event| {
            if let ("Relationship", TagEvent::Start(attribute)) = (tag, event)
                && attribute("Id").as_deref() == Some(relation.as_str())
            {
                target = attribute("Target");
            }
        })?;
    }
    let part = |target: String| match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{target}"),
    };
    Ok(target.map(part))
}

/// `B3` → row 3, column 1.
fn position(reference: &str) -> Option<(u64, usize)> {
    let reference = reference.replace('$', "");
    let at = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = reference.split_at(at);
    let column = letters.bytes().try_fold(0usize, |sum, letter| {
        let digit =
            letter.is_ascii_alphabetic().then(|| usize::from(letter.to_ascii_uppercase() - b'A'));
        sum.checked_mul(26)?.checked_add(digit? + 1)
    })?;
    Some((row.parse().ok()?, column.checked_sub(1)?))
}

/// The corners of a rectangle as calamine counts it, from 0.
pub fn corners(rectangle: &Dimensions) -> ((u64, usize), (u64, usize)) {
    let corner = |(row, column): (u32, u32)| (u64::from(row) + 1, column as usize);
    (corner(rectangle.start), corner(rectangle.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_says_what_is_merged_hidden_and_not_calculated() {
        let sheet = r#"<worksheet><sheetData>
            <row r="2"><c r="A2"><f>1+1</f></c><c r="B2"><f>1</f><v>1</v></c><c r="C2" t="inlineStr"><f>x</f><is><t>a</t></is></c></row>
            <row r="3" hidden="1"><c r="AA3"><v>1</v></c><c r="AB3"><v>1</v></c></row><row r="4" hidden="1"/>
            </sheetData><mergeCells><mergeCell ref="A3:A5"/><mergeCell ref="B1:E1"/></mergeCells></worksheet>"#;
        let notes = SheetNotes::read(sheet.as_bytes()).unwrap();
        assert_eq!((notes.hidden, notes.uncalculated), (vec![3], vec![(2, 0)]));
        assert_eq!(notes.merged, [MergedDown { column: 0, first_row: 3, last_row: 5 }]);
        assert_eq!(
            (position("AA3"), position("$B$12"), position("7")),
            (Some((3, 26)), Some((12, 1)), None)
        );
    }
}
