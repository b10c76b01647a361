//! Rows on their way into a `.dbf`: kept in a temporary file until the widths of all are known.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write};

use super::fields::{ShortNames, StoredField, StoredType, split, stored};
use crate::exchange::{Cell, Error};

/// Fields and bytes of a record that other programs still read.
const MAX_FIELDS: usize = 255;
const MAX_RECORD_BYTES: usize = 65_000;
const MAX_TABLE_BYTES: u64 = (2 << 30) - 1;

/// What a spooled cell is, as a byte before it; behind all but [`EMPTY`](tag::EMPTY) stand the length
/// (`u32`, little endian) and the cell's JSON.
mod tag {
    /// Nothing follows; also what the table cannot hold.
    pub const EMPTY: u8 = b' ';
    /// Text, and dates before the year 0.
    pub const TEXT: u8 = b'C';
    /// A whole number.
    pub const INTEGER: u8 = b'N';
    /// A finite number.
    pub const REAL: u8 = b'F';
    /// Yes or no.
    pub const BOOLEAN: u8 = b'L';
    /// A day of a four-digit year.
    pub const DATE: u8 = b'D';
    /// A list or an object.
    pub const JSON: u8 = b'J';
}

fn tag_of(cell: &Cell<'_>) -> u8 {
    match cell {
        Cell::Text(text) if !text.is_empty() => tag::TEXT,
        Cell::Integer(_) => tag::INTEGER,
        Cell::Real(number) if number.is_finite() => tag::REAL,
        Cell::Boolean(_) => tag::BOOLEAN,
        // The table has four digits for a year.
        Cell::Date(date) if date.year() < 0 => tag::TEXT,
        Cell::Date(_) => tag::DATE,
        Cell::Json(_) => tag::JSON,
        Cell::Empty | Cell::Text(_) | Cell::Real(_) => tag::EMPTY,
    }
}

/// The type of a column of which these tags were seen.
fn type_of(seen: &BTreeSet<u8>) -> StoredType {
    match seen.iter().copied().collect::<Vec<_>>().as_slice() {
        [tag::INTEGER] => StoredType::Integer,
        [tag::REAL] => StoredType::Real,
        [tag::BOOLEAN] => StoredType::Boolean,
        [tag::DATE] => StoredType::Date,
        [] | [tag::TEXT] | [tag::TEXT, tag::DATE] => StoredType::Text,
        _ => StoredType::Json,
    }
}

/// Is given a row as cells, each as the parts that the table holds.
type TakeRow<'a> = dyn FnMut(&[Vec<String>]) -> Result<(), Error> + 'a;

/// The rows so far, and what is known of their columns.
pub struct Spool {
    rows: BufWriter<File>,
    count: u32,
    /// By column, the tags of what is in it.
    seen: Vec<BTreeSet<u8>>,
}

impl Spool {
    /// For rows of so many columns.
    pub fn new(columns: usize) -> Result<Self, Error> {
        let rows = BufWriter::with_capacity(1 << 16, tempfile::tempfile()?);
        Ok(Self { rows, count: 0, seen: vec![BTreeSet::new(); columns] })
    }

    /// Takes the cells of a row, in the order of the columns.
    pub fn add(&mut self, cells: &[Cell<'_>]) -> Result<(), Error> {
        for (nth, seen) in self.seen.iter_mut().enumerate() {
            let cell = cells.get(nth).unwrap_or(&Cell::Empty);
            let tag = tag_of(cell);
            self.rows.write_all(&[tag])?;
            if tag != tag::EMPTY {
                seen.insert(tag);
                let text = cell.to_json_text();
                let length = u32::try_from(text.len()).map_err(|error| too_wide(&error))?;
                self.rows.write_all(&length.to_le_bytes())?;
                self.rows.write_all(text.as_bytes())?;
            }
        }
        self.count = self.count.checked_add(1).ok_or_else(|| too_wide(&"too many rows"))?;
        Ok(())
    }

    /// Writes the table; gives the columns as `fields.json` has them.
    pub fn write(
        mut self,
        names: &[String],
        out: &mut impl Write,
    ) -> Result<Vec<StoredField>, Error> {
        self.rows.flush()?;
        let types: Vec<StoredType> = self.seen.iter().map(type_of).collect();
        let widths = self.widths(&types)?;
        let mut short_names = ShortNames::default();
        let fields: Vec<StoredField> = names
            .iter()
            .zip(&types)
            .zip(&widths)
            .map(|((name, ty), parts)| StoredField {
                name: name.clone(),
                ty: *ty,
                columns: parts.iter().map(|_| short_names.short(name)).collect(),
            })
            .collect();
        self.header(&fields, &widths, out)?;
        self.each_row(&types, &mut |cells| {
            out.write_all(b" ")?;
            for (parts, widths) in cells.iter().zip(&widths) {
                for (nth, Width { bytes, .. }) in widths.iter().enumerate() {
                    let part = parts.get(nth).map_or("", String::as_str);
                    out.write_all(part.as_bytes())?;
                    write!(out, "{:1$}", "", bytes.saturating_sub(part.len()))?;
                }
            }
            Ok(())
        })?;
        out.write_all(&[0x1a])?;
        Ok(fields)
    }

    fn header(
        &self,
        fields: &[StoredField],
        widths: &[Vec<Width>],
        out: &mut impl Write,
    ) -> Result<(), Error> {
        let field_count: usize = widths.iter().map(Vec::len).sum();
        let record_bytes = 1 + widths.iter().flatten().map(|width| width.bytes).sum::<usize>();
        let table_bytes = record_bytes as u64 * u64::from(self.count);
        if field_count > MAX_FIELDS
            || record_bytes > MAX_RECORD_BYTES
            || table_bytes > MAX_TABLE_BYTES
        {
            return Err(too_wide(&format!("{field_count} columns of {record_bytes} bytes")));
        }
        let header_bytes = 32 * (field_count + 1) + 1;
        // dBASE III without memo, of a day that is always the same.
        out.write_all(&[3, 80, 1, 1])?;
        out.write_all(&self.count.to_le_bytes())?;
        out.write_all(&(header_bytes as u16).to_le_bytes())?;
        out.write_all(&(record_bytes as u16).to_le_bytes())?;
        out.write_all(&[0; 20])?;
        for (field, widths) in fields.iter().zip(widths) {
            for (name, width) in field.columns.iter().zip(widths) {
                let ty = match field.ty {
                    StoredType::Text | StoredType::Json => b'C',
                    StoredType::Integer | StoredType::Real => b'N',
                    StoredType::Boolean => b'L',
                    StoredType::Date => b'D',
                };
                let mut description = [0; 32];
                for (to, from) in description.iter_mut().zip(name.bytes()) {
                    *to = from;
                }
                if let Some(tail) = description.get_mut(11..18) {
                    tail.copy_from_slice(&[ty, 0, 0, 0, 0, width.bytes as u8, width.decimals]);
                }
                out.write_all(&description)?;
            }
        }
        out.write_all(&[0x0d])?;
        Ok(())
    }

    /// How wide each part of each column must be.
    fn widths(&mut self, types: &[StoredType]) -> Result<Vec<Vec<Width>>, Error> {
        let mut widths: Vec<Vec<Width>> = types.iter().map(|ty| vec![Width::least(*ty)]).collect();
        self.each_row(types, &mut |cells| {
            for (parts, widths) in cells.iter().zip(&mut widths) {
                if widths.len() < parts.len() {
                    widths.resize(parts.len(), Width { bytes: 1, decimals: 0 });
                }
                for (part, width) in parts.iter().zip(widths) {
                    width.hold(part);
                }
            }
            Ok(())
        })?;
        for (widths, ty) in widths.iter_mut().zip(types) {
            for width in widths.iter_mut().filter(|_| *ty != StoredType::Real) {
                width.decimals = 0;
            }
        }
        Ok(widths)
    }

    /// Reads the rows again, each cell as the parts that the table will hold.
    fn each_row(&mut self, types: &[StoredType], take: &mut TakeRow<'_>) -> Result<(), Error> {
        let file = self.rows.get_mut();
        file.seek(SeekFrom::Start(0))?;
        let mut rows = BufReader::with_capacity(1 << 16, file);
        for _ in 0..self.count {
            let mut cells = Vec::with_capacity(types.len());
            for ty in types {
                cells.push(parts(*ty, kept(&mut rows)?));
            }
            take(&cells)?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug)]
struct Width {
    bytes: usize,
    decimals: u8,
}

impl Width {
    fn least(ty: StoredType) -> Self {
        match ty {
            StoredType::Date => Self { bytes: 8, decimals: 0 },
            // A column of reals must show decimals, or it would be read as one of integers.
            StoredType::Real => Self { bytes: 3, decimals: 1 },
            _ => Self { bytes: 1, decimals: 0 },
        }
    }

    fn hold(&mut self, part: &str) {
        self.bytes = self.bytes.max(part.len());
        let decimals = part.split_once('.').map_or(0, |(_, digits)| digits.len().min(15) as u8);
        self.decimals = self.decimals.max(decimals);
    }
}

/// The tag and the text of one cell.
fn kept(rows: &mut impl Read) -> io::Result<(u8, String)> {
    let mut tag = [0];
    rows.read_exact(&mut tag)?;
    let [tag] = tag;
    if tag == tag::EMPTY {
        return Ok((tag, String::new()));
    }
    let mut length = [0; 4];
    rows.read_exact(&mut length)?;
    let mut text = String::new();
    rows.take(u64::from(u32::from_le_bytes(length))).read_to_string(&mut text)?;
    Ok((tag, text))
}

fn parts(ty: StoredType, (tag, text): (u8, String)) -> Vec<String> {
    if tag == tag::EMPTY {
        return Vec::new();
    }
    let text = match (ty, tag) {
        (StoredType::Json, tag::TEXT | tag::DATE) => serde_json::Value::from(text).to_string(),
        (StoredType::Text, _) => stored(&text),
        (StoredType::Date, _) => text.replace('-', ""),
        (StoredType::Boolean, _) => text.chars().take(1).collect::<String>().to_uppercase(),
        (StoredType::Json | StoredType::Integer | StoredType::Real, _) => text,
    };
    // Blanks between the tokens of JSON are none, so these stand inside of a text.
    let text = if ty == StoredType::Json { text.replace("  ", "\\u0020\\u0020") } else { text };
    split(&text).into_iter().map(str::to_owned).collect()
}

fn too_wide(what: &dyn std::fmt::Display) -> Error {
    Error::unwritable(
        "Shapefile 装不下这么多内容，请改用 GeoPackage 或 GeoJSON",
        format!("a shapefile cannot hold so much ({what}): write a GeoPackage or GeoJSON"),
    )
}
