//! The `.dbf`: a table of fixed columns.

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8};
use jiff::civil::Date;

use super::malformed;
use crate::exchange::formats::archive::explained;
use crate::exchange::formats::decode::by_label;
use crate::exchange::formats::guess;
use crate::exchange::{Cell, Error};

/// Enough of the texts that are no UTF-8 to know what they are.
const SAMPLE_BYTES: usize = 1 << 16;

/// A column, as its description of 32 bytes in the header has it.
#[derive(Clone, Debug, PartialEq)]
pub struct DbfField {
    pub name: String,
    raw_name: Vec<u8>,
    pub ty: u8,
    pub width: usize,
    pub decimals: u8,
    /// In a record.
    start: usize,
}

/// Reads the records of a `.dbf` one after another.
pub struct Dbf<R> {
    inner: R,
    pub columns: Vec<DbfField>,
    pub count: u32,
    passed: u32,
    record: Vec<u8>,
    /// The language that the header names, 0 for none.
    language: u8,
}

impl<R: Read> Dbf<R> {
    /// Reads the header; names of columns are still bytes.
    pub fn new(mut inner: R) -> Result<Self, Error> {
        let head = exactly(&mut inner, 32)?;
        let at = |index: usize| head.get(index).copied().unwrap_or_default();
        if at(0) & 7 == 4 {
            return Err(malformed(
                ".dbf 是 dBASE 7 格式，无法读取",
                "the .dbf is of dBASE 7, which cannot be read",
            ));
        }
        let count = u32::from_le_bytes([at(4), at(5), at(6), at(7)]);
        let header_bytes = usize::from(u16::from_le_bytes([at(8), at(9)]));
        let record_bytes = usize::from(u16::from_le_bytes([at(10), at(11)]));
        if header_bytes < 33 || record_bytes == 0 {
            return Err(malformed(".dbf 的文件头有误", "the header of the .dbf makes no sense"));
        }
        let descriptions = exactly(&mut inner, header_bytes - 32)?;
        let mut columns = Vec::new();
        let mut start = 1;
        for description in descriptions.chunks_exact(32).take_while(|d| d.first() != Some(&0x0d)) {
            let at = |index: usize| description.get(index).copied().unwrap_or_default();
            let raw_name = description.get(..11).unwrap_or_default();
            let raw_name = raw_name.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
            let name = String::from_utf8_lossy(&raw_name).trim().to_owned();
            let width = usize::from(at(16));
            columns.push(DbfField { name, raw_name, ty: at(11), width, decimals: at(17), start });
            start += width;
        }
        if start > record_bytes {
            return Err(malformed(
                ".dbf 各列之和超过一条记录的长度",
                "the columns of the .dbf are wider than its records",
            ));
        }
        let record = vec![0; record_bytes];
        Ok(Self { inner, columns, count, passed: 0, record, language: at(29) })
    }

    /// Goes to the next record; `Some(false)` where it was deleted, `None` at the end.
    pub fn next(&mut self) -> Result<Option<bool>, Error> {
        if self.passed >= self.count {
            return Ok(None);
        }
        self.inner.read_exact(&mut self.record).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => {
                let (has, of) = (self.passed, self.count);
                malformed(
                    format!(".dbf 不完整：{of} 条记录只有 {has} 条"),
                    format!("the .dbf is truncated: it has {has} of its {of} records"),
                )
            }
            _ => explained(error),
        })?;
        self.passed += 1;
        Ok(Some(self.record.first() != Some(&b'*')))
    }

    /// The bytes of a cell without the blanks behind.
    pub fn raw(&self, column: &DbfField) -> &[u8] {
        let bytes = self.record.get(column.start..column.start + column.width).unwrap_or_default();
        let end = bytes.iter().rposition(|byte| !matches!(byte, b' ' | 0));
        bytes.get(..end.map_or(0, |end| end + 1)).unwrap_or_default()
    }

    /// The encoding that the `.cpg` or the header names.
    pub fn stated_encoding(&self, cpg: &str) -> Option<&'static Encoding> {
        by_label(cpg).or(match self.language {
            0x4d | 0x7a => Some(GB18030),
            0x4f | 0x78 => Some(BIG5),
            _ => None,
        })
    }

    /// Reads the rest through to see whether its texts are UTF-8, and what those look like that are not.
    pub fn sniff(mut self) -> Result<SeenEncoding, Error> {
        let is_utf8 = |bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(_) => true,
            // Cut off in the middle of a character by the width of the column.
            Err(error) => error.error_len().is_none(),
        };
        let mut is_all = self.columns.iter().all(|column| is_utf8(&column.raw_name));
        let (mut wide, mut broken) = (0u64, u64::from(!is_all));
        let mut other: Vec<u8> = Vec::new();
        for column in self.columns.iter().filter(|column| !is_utf8(&column.raw_name)) {
            other.extend_from_slice(&column.raw_name);
            other.push(b'\n');
        }
        while self.next()?.is_some() {
            for column in self.columns.iter().filter(|column| column.ty == b'C') {
                let text = self.raw(column);
                if !is_utf8(text) {
                    broken += 1;
                    if other.len() < SAMPLE_BYTES {
                        other.extend_from_slice(text);
                        other.push(b'\n');
                    }
                } else if text.iter().any(|byte| *byte >= 0xe0) {
                    wide += 1;
                }
            }
            is_all = broken == 0;
        }
        let encoding = match (is_all, wide > 0) {
            (true, true) => Some(UTF_8),
            (true, false) => None,
            (false, _) => guess::encoding(&other),
        };
        let is_unknown = !is_all && encoding.is_none();
        Ok(SeenEncoding { encoding, is_unknown, is_mostly_no_utf8: broken > wide })
    }

    /// Names of columns as text.
    pub fn decode_names(&mut self, encoding: &'static Encoding) {
        for column in &mut self.columns {
            column.name = text(&column.raw_name, encoding).0.trim().to_owned();
        }
    }

    /// What a cell holds, and whether its text was whole.
    pub fn cell(&self, column: &DbfField, encoding: &'static Encoding) -> (Cell<'_>, bool) {
        let raw = self.raw(column);
        let number = || std::str::from_utf8(raw).unwrap_or_default().trim();
        let cell = match column.ty {
            b'N' | b'F' => decimal(number(), column.decimals),
            b'L' => match raw.first() {
                Some(b'T' | b't' | b'Y' | b'y') => Cell::Boolean(true),
                Some(b'F' | b'f' | b'N' | b'n') => Cell::Boolean(false),
                _ => Cell::Empty,
            },
            b'D' => date(number()).map_or(Cell::Empty, Cell::Date),
            b'I' | b'+' => whole(self.whole(column)),
            b'O' => real(self.whole(column)),
            // Memos, pictures and times of day are not in this file or of no use here.
            b'M' | b'G' | b'P' | b'T' | b'@' | b'0' => Cell::Empty,
            _ if raw.is_empty() => Cell::Empty,
            _ => {
                let (text, is_whole) = text(raw, encoding);
                return (Cell::Text(text), is_whole);
            }
        };
        (cell, true)
    }

    /// All bytes of a binary cell.
    fn whole(&self, column: &DbfField) -> &[u8] {
        self.record.get(column.start..column.start + column.width).unwrap_or_default()
    }
}

fn exactly(inner: &mut impl Read, count: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(count);
    let read = inner.take(count as u64).read_to_end(&mut bytes).map_err(explained)?;
    if read < count {
        return Err(malformed(".dbf 不完整，文件头就断了", "the .dbf ends inside of its header"));
    }
    Ok(bytes)
}

fn decimal(text: &str, decimals: u8) -> Cell<'static> {
    if decimals == 0
        && let Ok(number) = text.parse()
    {
        return Cell::Integer(number);
    }
    // Empty, and `****` where a number did not fit, are no numbers.
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Cell::Real(number),
        _ => Cell::Empty,
    }
}

fn whole(bytes: &[u8]) -> Cell<'static> {
    let bytes: Option<[u8; 4]> = bytes.try_into().ok();
    bytes.map_or(Cell::Empty, |bytes| Cell::Integer(i64::from(i32::from_le_bytes(bytes))))
}

fn real(bytes: &[u8]) -> Cell<'static> {
    let bytes: Option<[u8; 8]> = bytes.try_into().ok();
    let number = bytes.map(f64::from_le_bytes).filter(|number| number.is_finite());
    number.map_or(Cell::Empty, Cell::Real)
}

fn date(text: &str) -> Option<Date> {
    let digits = Some(text).filter(|text| text.len() == 8 && text.is_ascii())?;
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A character that the width of the column has cut off is dropped without a word.
fn text<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> (Cow<'a, str>, bool) {
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), true),
            Err(error) if error.error_len().is_none() => {
                let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
                (String::from_utf8_lossy(whole), true)
            }
            Err(_) => {
                let (text, has_errors) = GB18030.decode_without_bom_handling(bytes);
                (text, !has_errors)
            }
        };
    }
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    if !has_errors {
        return (text, true);
    }
    let whole = bytes.get(..bytes.len().saturating_sub(1)).unwrap_or_default();
    let (shorter, has_errors) = encoding.decode_without_bom_handling(whole);
    match std::str::from_utf8(bytes) {
        _ if !has_errors => (shorter, true),
        Ok(text) => (Cow::Borrowed(text), true),
        Err(_) => (text, false),
    }
}

/// What the texts of a table look like.
#[derive(Clone, Copy, Debug)]
pub struct SeenEncoding {
    /// `None` where nothing but ASCII and a few two-byte characters stands in it, which proves nothing.
    pub encoding: Option<&'static Encoding>,
    /// Its texts are in none that is known here.
    pub is_unknown: bool,
    /// More texts are no UTF-8 than are: what is said of it is false, and not one text damaged.
    pub is_mostly_no_utf8: bool,
}
