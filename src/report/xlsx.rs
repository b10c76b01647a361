//! The tables of a paper as a workbook: a sheet each, named after what stands above it.
//!
//! Figures, shares and dates are written as such, so that the office can go on reckoning.

use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::block::{Block, CellTone, PaperTable, list_name, plain};
use crate::domain::printable;

/// As Excel numbers paper.
const A4: u8 = 9;
/// Excel takes no longer name.
const LONGEST_NAME: usize = 31;
/// Characters across all columns of a table.
const WIDTH: f64 = 120.0;
/// Title, about, filter, an empty row.
const HEADER: u32 = 4;
/// Behind a share of which little can be said: [`super::brief::FEW_WORDS`].
const FEW: &str = super::brief::FEW_WORDS;

/// Every sheet says above its table what paper it is of, what district and time (`about`), and by
/// what its rows were picked.
pub fn bytes(blocks: &[Block], about: &str) -> Result<Vec<u8>, XlsxError> {
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
            Block::Number(words) | Block::Paragraph(words) if heading.is_empty() => {
                above.push(words.clone());
            }
            Block::Sentence(parts) if heading.is_empty() => above.push(plain(parts)),
            Block::Heading(words) | Block::Subheading(words) | Block::Annex(words) => {
                heading.clone_from(words);
            }
            Block::List(number, words) => heading = format!("{} {words}", list_name(*number)),
            Block::Table(table) => {
                let name = free(&heading, table, &names);
                let sheet = book.add_worksheet();
                sheet.set_name(&name)?;
                head(sheet, &above.join(" "), about, table)?;
                rows(sheet, table)?;
                names.push(name);
            }
            _ => {}
        }
    }
    if names.is_empty() {
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, &*printable(&above.join(" ")))?;
        sheet.write_string(1, 0, &*printable(about))?;
    }
    book.save_to_buffer()
}

fn head(
    sheet: &mut Worksheet,
    above: &str,
    about: &str,
    table: &PaperTable,
) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(14);
    let muted = Format::new().set_font_color(Color::RGB(0x0064_6b78));
    let header = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color(Color::RGB(0x00f6_f4ef))
        .set_border_bottom(FormatBorder::Medium);
    sheet.write_string_with_format(0, 0, &*printable(above), &title)?;
    sheet.write_string_with_format(1, 0, &*printable(about), &muted)?;
    let filter = if table.filter.is_empty() { "无（全部）" } else { &table.filter };
    sheet.write_string_with_format(2, 0, format!("筛选：{}", printable(filter)), &muted)?;
    let all: u32 = table.widths.iter().sum();
    for ((column, words), width) in (0..).zip(&table.header).zip(&table.widths) {
        sheet.write_string_with_format(HEADER, column, &*printable(words), &header)?;
        sheet.set_column_width(column, WIDTH * f64::from(*width) / f64::from(all.max(1)))?;
    }
    sheet.set_freeze_panes(HEADER + 1, 0)?;
    sheet.set_repeat_rows(HEADER, HEADER)?;
    sheet.set_paper_size(A4);
    sheet.set_landscape();
    sheet.set_header("&R&9&A");
    sheet.set_footer("&C&9第 &P 页，共 &N 页");
    sheet.set_print_fit_to_pages(1, 0);
    let last = (table.header.len().max(1) - 1) as u16;
    sheet.autofilter(HEADER, 0, HEADER + table.rows.len() as u32, last)?;
    Ok(())
}

/// What a cell holds, told from its words.
#[derive(Debug, PartialEq)]
enum CellContent {
    Number(f64),
    /// 0–1, and whether it rests on few.
    Share(f64, bool),
    Date(Date),
    Words,
}

impl CellContent {
    fn of(cell: &str) -> Self {
        // A figure, not a code with a leading zero.
        if let Ok(number) = cell.parse::<f64>()
            && number.is_finite()
            && number.to_string() == cell
        {
            return Self::Number(number);
        }
        let (share, is_few) = cell.strip_suffix(FEW).map_or((cell, false), |share| (share, true));
        if let Some(Ok(percent)) = share.strip_suffix('%').map(str::parse::<f64>) {
            return Self::Share(percent / 100.0, is_few);
        }
        cell.parse::<Date>().ok().filter(|_| cell.len() == 10).map_or(Self::Words, Self::Date)
    }
}

fn rows(sheet: &mut Worksheet, table: &PaperTable) -> Result<(), XlsxError> {
    for (place, cells) in table.rows.iter().enumerate() {
        let row = HEADER + 1 + place as u32;
        for (column, cell) in cells.iter().enumerate() {
            let mut format = Format::new().set_align(FormatAlign::Top);
            match table.tone(place, column) {
                CellTone::Faint => format = format.set_font_color(Color::RGB(0x0064_6b78)),
                CellTone::Act => format = format.set_font_color(Color::RGB(0x00b4_2318)),
                CellTone::Plain => {}
            }
            write(sheet, (row, column as u16), cell, format)?;
        }
    }
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &str,
    format: Format,
) -> Result<(), XlsxError> {
    match CellContent::of(cell) {
        CellContent::Number(number) => {
            sheet.write_number_with_format(row, column, number, &format)?;
        }
        CellContent::Share(share, is_few) => {
            let shown = if is_few { format!("0.0%\"{FEW}\"") } else { "0.0%".to_owned() };
            sheet.write_number_with_format(row, column, share, &format.set_num_format(shown))?;
        }
        CellContent::Date(date) => {
            let (year, month, day) = (date.year(), date.month(), date.day());
            let at = u16::try_from(year).unwrap_or_default();
            match ExcelDateTime::from_ymd(at, month.unsigned_abs(), day.unsigned_abs()) {
                Ok(at) => {
                    let format = format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left);
                    sheet.write_datetime_with_format(row, column, &at, &format)?;
                }
                // Before 1900 Excel knows no days.
                Err(_) => {
                    sheet.write_string_with_format(row, column, cell, &format)?;
                }
            }
        }
        CellContent::Words => {
            let words = printable(cell);
            sheet.write_string_with_format(row, column, &*words, &format.set_text_wrap())?;
        }
    }
    Ok(())
}

/// What Excel allows and no sheet has yet: the heading without its number, and the first column
/// where several tables stand below one heading.
fn free(heading: &str, table: &PaperTable, known: &[String]) -> String {
    let is_allowed = |c: &char| !"[]:*?/\\'".contains(*c) && !c.is_control();
    let cleaned = |text: &str| text.chars().filter(is_allowed).collect::<String>();
    let numbered = "一二三四五六七八九十（）()、".chars().collect::<Vec<_>>();
    let heading = cleaned(heading.trim_start_matches(&numbered[..])).trim().to_owned();
    let first = table.header.first().map_or("", String::as_str);
    let both = cleaned(&format!("{heading} {first}")).trim().to_owned();
    let alone = if heading.is_empty() { "表" } else { &heading };
    let name = |base: &str, number: usize| {
        let tail = if number == 1 { String::new() } else { format!(" {number}") };
        let room = LONGEST_NAME - tail.chars().count();
        format!("{}{tail}", base.chars().take(room).collect::<String>())
    };
    let wanted = [name(alone, 1), name(&both, 1)].into_iter();
    let mut all = wanted.chain((2..=known.len() + 2).map(|number| name(alone, number)));
    all.find(|name| !known.contains(name)).unwrap_or_else(|| name(alone, known.len() + 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_shares_and_dates_are_such_and_codes_stay_words() {
        assert_eq!(CellContent::of("12"), CellContent::Number(12.0));
        assert_eq!(CellContent::of("007"), CellContent::Words);
        assert_eq!(CellContent::of("57.5%"), CellContent::Share(0.575, false));
        assert_eq!(CellContent::of(&format!("100.0%{FEW}")), CellContent::Share(1.0, true));
        assert_eq!(
            CellContent::of("2026-12-01"),
            CellContent::Date(jiff::civil::date(2026, 12, 1))
        );
        assert_eq!(CellContent::of("2026-12-01至2027-03-15"), CellContent::Words);
        assert_eq!(CellContent::of("无数据"), CellContent::Words);
        assert_eq!(CellContent::of(""), CellContent::Words);
    }

    #[test]
    fn no_two_sheets_have_one_name_and_none_is_too_long_or_forbidden() {
        let header = vec!["乡镇/街道".to_owned()];
        let table = PaperTable { header, ..PaperTable::default() };
        let mut known = Vec::new();
        for _ in 0..5 {
            let name =
                free("三、台账：工地[达标]情况以及其他所有各类点位的达标情况一览", &table, &known);
            assert!(name.chars().count() <= LONGEST_NAME && !known.contains(&name), "{name}");
            assert!(!name.contains(['[', ':', '/']), "{name}");
            known.push(name);
        }
    }
}
