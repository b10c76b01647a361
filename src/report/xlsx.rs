//! The tables of a paper as a workbook: a sheet each, named after the heading above it.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};

use super::block::{Block, Table};

/// Excel takes no longer name.
const LONGEST_NAME: usize = 31;
/// Characters across all columns of a table.
const WIDTH: f64 = 110.0;

/// Every sheet says above its table what paper and which period it is of.
pub fn bytes(blocks: &[Block]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same paper gives the same bytes.
    let epoch = ExcelDateTime::from_ymd(1980, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
    let (mut above, mut heading) = (Vec::new(), String::new());
    let mut names: Vec<String> = Vec::new();
    for block in blocks {
        match block {
            Block::Title(words) => above.push(words.clone()),
            // The line below the title is the period.
            Block::Paragraph(words) if heading.is_empty() => above.push(words.clone()),
            Block::Heading(words) | Block::Annex(words) => heading.clone_from(words),
            Block::Table(table) => {
                let name = free(&heading, table, &names);
                sheet(&mut book, &name, &above.join(" "), table)?;
                names.push(name);
            }
            _ => {}
        }
    }
    if names.is_empty() {
        book.add_worksheet().write_string(0, 0, above.join(" "))?;
    }
    book.save_to_buffer()
}

fn sheet(book: &mut Workbook, name: &str, above: &str, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet.write_string_with_format(0, 0, above, &bold)?;
    let all: u32 = table.widths.iter().sum();
    for ((column, words), width) in (0..).zip(&table.header).zip(&table.widths) {
        sheet.write_string_with_format(2, column, words, &bold)?;
        sheet.set_column_width(column, WIDTH * f64::from(*width) / f64::from(all.max(1)))?;
    }
    for (row, cells) in (3..).zip(&table.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell.parse::<f64>() {
                // A figure, not a code with a leading zero.
                Ok(number) if number.is_finite() && number.to_string() == *cell => {
                    sheet.write_number(row, column, number)?;
                }
                _ => {
                    sheet.write_string_with_format(row, column, cell, &wrapped)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(3, 0)?;
    let last = (table.header.len().max(1) - 1) as u16;
    sheet.autofilter(2, 0, 2 + table.rows.len() as u32, last)?;
    Ok(())
}

/// What Excel allows and no sheet has yet: the heading and the first column.
fn free(heading: &str, table: &Table, known: &[String]) -> String {
    let first = table.header.first().map_or("", String::as_str);
    let is_allowed = |c: &char| !"[]:*?/\\'".contains(*c);
    let base: String = format!("{heading} {first}").chars().filter(is_allowed).collect();
    let base = base.trim();
    let name = |number: usize| {
        let tail = if number == 1 { String::new() } else { format!(" {number}") };
        let room = LONGEST_NAME - tail.chars().count();
        format!("{}{tail}", base.chars().take(room).collect::<String>())
    };
    let free = (1..=known.len() + 1).map(name).find(|name| !known.contains(name));
    free.unwrap_or_else(|| name(known.len() + 1))
}
