//! Which sheets of a workbook are read, and what XLS and XLSX have in common because calamine opens
//! both. How cells are read stands with each format.

use std::fmt::Display;
use std::io::{Read, Seek};

use calamine::{Reader, SheetVisible};

use super::malformed;
use super::panics::contained;
use crate::domain::{Kind, LocalizedText, Text};
use crate::exchange::{Error, Sink};

/// A parser of other people's files should not panic, but if it does, this is a bad file and not a
/// bad program.
pub fn opened<B, E: Display>(
    format: &'static str,
    open: impl FnOnce() -> Result<B, E>,
) -> Result<B, Error> {
    let Ok(opened) = contained(open) else {
        return Err(Error::malformed(
            format,
            Text::new("内容让读取程序出错", "it breaks the reader"),
        ));
    };
    opened.map_err(|error| malformed(format, &error))
}

/// The sheets of a workbook by name, in their order.
pub fn names<S: Read + Seek, B: Reader<S>>(book: &B) -> Vec<String> {
    book.sheets_metadata().iter().map(|sheet| sheet.name.clone()).collect()
}

/// Reads the sheet of a name, and says whether it had rows.
type ReadSheet<'a, B> = &'a mut dyn FnMut(&mut B, &str, &mut dyn Sink) -> Result<bool, Error>;

/// Reads the sheets of [`choose`]. `read_sheet` is given the name of one and says whether it had
/// rows.
pub fn read_chosen<S: Read + Seek, B: Reader<S>>(
    book: &mut B,
    wanted: Option<&str>,
    sink: &mut dyn Sink,
    read_sheet: ReadSheet<'_, B>,
) -> Result<(), Error> {
    let names = names(book);
    let metadata = book.sheets_metadata().iter();
    let visible: Vec<bool> = metadata.map(|sheet| sheet.visible == SheetVisible::Visible).collect();
    let choice = choose(&names, &visible, wanted)?;
    for at in choice.sheets.iter().copied() {
        let Some(name) = names.get(at) else { continue };
        let has_rows = read_sheet(book, name, sink)?;
        if has_rows && visible.get(at) == Some(&false) {
            sink.warn(LocalizedText::new(
                format!("工作表“{name}”是隐藏的，也已读取"),
                format!("sheet `{name}` is hidden and was read all the same"),
            ));
        }
        if has_rows && choice.is_first_only {
            tell_of_others(at, &names, &visible, wanted.is_some(), sink);
            break;
        }
    }
    Ok(())
}

/// Which sheets to read, in order, and whether to stop at the first that has rows.
#[derive(Debug, PartialEq, Eq)]
pub struct SheetChoice {
    pub sheets: Vec<usize>,
    pub is_first_only: bool,
}

/// What the person said, by name or number from 1; else the sheets that are called like layers,
/// as an export of ours has them; else the first visible one with rows.
pub fn choose(
    names: &[String],
    visible: &[bool],
    sheet: Option<&str>,
) -> Result<SheetChoice, Error> {
    let Some(wanted) = sheet.map(str::trim) else {
        let all = 0..names.len();
        let layers: Vec<usize> = all
            .clone()
            .filter(|at| names.get(*at).is_some_and(|name| name.parse::<Kind>().is_ok()))
            .collect();
        if !layers.is_empty() {
            return Ok(SheetChoice { sheets: layers, is_first_only: false });
        }
        let shown = all.filter(|at| visible.get(*at).copied().unwrap_or(true)).collect();
        return Ok(SheetChoice { sheets: shown, is_first_only: true });
    };
    let by_name = names.iter().position(|name| name.trim() == wanted);
    let by_number = || wanted.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < names.len());
    match by_name.or_else(by_number) {
        Some(at) => Ok(SheetChoice { sheets: vec![at], is_first_only: true }),
        None => Err(Error::NoSuchSheet { sheet: wanted.to_owned(), known: names.join(", ") }),
    }
}

/// Of several sheets nobody has chosen one, so it is said which was read.
pub fn tell_of_others(
    read: usize,
    names: &[String],
    visible: &[bool],
    is_chosen: bool,
    sink: &mut dyn Sink,
) {
    if is_chosen || names.len() < 2 {
        return;
    }
    let others = |hidden: &str, comma: &str| {
        let others = names.iter().zip(visible).enumerate().filter(|(at, _)| *at != read);
        let listed = others.map(
            |(_, (name, is_visible))| {
                if *is_visible { name.clone() } else { format!("{name}{hidden}") }
            },
        );
        listed.collect::<Vec<_>>().join(comma)
    };
    let read = names.get(read).map_or("", String::as_str);
    let (zh, en) = (others("（隐藏）", "、"), others(" (hidden)", ", "));
    sink.warn(LocalizedText::new(
        format!("只读取了工作表“{read}”，未读取：{zh}（命令行用 --sheet 选择）"),
        format!("only sheet `{read}` was read, not {en}; another is chosen with --sheet"),
    ));
}
