//! How large the sheets of an .xls are, before calamine unfolds each into a full rectangle; whether it
//! has a password; which rows are hidden.
//!
//! Two cells in opposite corners make a sheet of four thousand million, in a file of a kilobyte.
//! So the records ([MS-XLS] §2.4) are walked here for what calamine does not tell, out of the container
//! ([MS-CFB]). calamine 0.38.0 bounds this for ODS but not for XLS; no other crate reads XLS.

use std::collections::BTreeMap;

/// Cells of all sheets together, empty ones included. `None` where the container or the records
/// cannot be followed.
pub fn cells(file: &[u8]) -> Option<u64> {
    let container = Container::open(file)?;
    let stream = container.stream("Workbook").or_else(|| container.stream("Book"))?;
    let mut areas: BTreeMap<usize, u64> = BTreeMap::new();
    let mut total = 0u64;
    for record in BiffRecords::at(&stream, 0) {
        match record.ty {
            BOUND_SHEET => {
                let at = usize::try_from(u32_at(record.data, 0)?).ok()?;
                let area = *areas.entry(at).or_insert_with(|| area(&stream, at));
                total = total.saturating_add(area);
            }
            END => break,
            _ => {}
        }
    }
    Some(total)
}

/// The rows that hold something and are not shown, as a spreadsheet counts, by the name of their sheet.
pub fn hidden_rows(file: &[u8]) -> BTreeMap<String, Vec<u64>> {
    let workbook = Container::open(file).and_then(|container| container.stream("Workbook"));
    workbook.map(|stream| hidden_in(&stream)).unwrap_or_default()
}

fn hidden_in(stream: &[u8]) -> BTreeMap<String, Vec<u64>> {
    let globals = BiffRecords::at(stream, 0).take_while(|record| record.ty != END);
    let sheets = globals.filter(|record| record.ty == BOUND_SHEET).filter_map(|record| {
        let at = usize::try_from(u32_at(record.data, 0)?).ok()?;
        Some((sheet_name(record.data)?, hidden_of_sheet(stream, at)))
    });
    sheets.filter(|(_, rows)| !rows.is_empty()).collect()
}

/// [MS-XLS] §2.4.28: behind position and state the length, whether two bytes a character, the text.
fn sheet_name(bound_sheet: &[u8]) -> Option<String> {
    let (length, flags) = (usize::from(*bound_sheet.get(6)?), bound_sheet.get(7)?);
    let text = bound_sheet.get(8..)?;
    if flags & 1 == 0 {
        return Some(text.get(..length)?.iter().map(|byte| char::from(*byte)).collect());
    }
    let units = text.get(..length * 2)?.chunks_exact(2).filter_map(|unit| u16_at(unit, 0));
    Some(String::from_utf16_lossy(&units.collect::<Vec<_>>()))
}

/// [MS-XLS] §2.4.221: row, first column, the one after the last; in the thirteenth byte `fDyZero`.
fn hidden_of_sheet(stream: &[u8], at: usize) -> Vec<u64> {
    const HIDDEN: u8 = 0x20;
    let (mut depth, mut hidden) = (0u32, Vec::new());
    for record in BiffRecords::at(stream, at) {
        match record.ty {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            ROW => {
                let is_hidden = record.data.get(12).is_some_and(|flags| flags & HIDDEN != 0);
                let columns = (u16_at(record.data, 2), u16_at(record.data, 4));
                if is_hidden && columns.0 < columns.1 {
                    hidden.extend(u16_at(record.data, 0).map(|row| u64::from(row) + 1));
                }
            }
            _ => {}
        }
    }
    hidden
}

/// Whether a password is needed: the package of a newer workbook is encrypted as a whole
/// ([MS-OFFCRYPTO] §2.3), the records of an older one after a record that says so.
pub fn is_encrypted(file: &[u8]) -> bool {
    let Some(container) = Container::open(file) else { return false };
    if container.stream("EncryptedPackage").is_some() {
        return true;
    }
    let Some(stream) = container.stream("Workbook").or_else(|| container.stream("Book")) else {
        return false;
    };
    let mut records = BiffRecords::at(&stream, 0).take_while(|record| record.ty != END);
    records.any(|record| record.ty == FILE_PASS)
}

const FILE_PASS: u16 = 0x002f;
const END: u16 = 0x000a;
const BEGIN: u16 = 0x0809;
const BOUND_SHEET: u16 = 0x0085;
const ROW: u16 = 0x0208;
const MULTIPLE_RK: u16 = 0x00bd;
const FORMULA: u16 = 0x0006;
const CELLS: &[u16] = &[0x0203, 0x0204, 0x00d6, 0x0205, 0x027e, 0x00fd, MULTIPLE_RK, FORMULA];

/// The rectangle around all cells of a sheet; formulas take a second one.
fn area(stream: &[u8], at: usize) -> u64 {
    let (mut rows, mut columns) = ((u64::MAX, 0), (u64::MAX, 0));
    let (mut depth, mut has_formula) = (0u32, false);
    for record in BiffRecords::at(stream, at) {
        match record.ty {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            ty if CELLS.contains(&ty) => {
                let (Some(row), Some(column)) = (u16_at(record.data, 0), u16_at(record.data, 2))
                else {
                    continue;
                };
                let more = if ty == MULTIPLE_RK { record.data.len() / 6 } else { 0 };
                has_formula |= ty == FORMULA;
                let (row, column) = (u64::from(row), u64::from(column));
                rows = (rows.0.min(row), rows.1.max(row));
                columns = (columns.0.min(column), columns.1.max(column + more as u64));
            }
            _ => {}
        }
    }
    if rows.0 > rows.1 {
        return 0;
    }
    (rows.1 - rows.0 + 1) * (columns.1 - columns.0 + 1) * (1 + u64::from(has_formula))
}

struct BiffRecord<'s> {
    ty: u16,
    data: &'s [u8],
}

struct BiffRecords<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> BiffRecords<'s> {
    fn at(stream: &'s [u8], at: usize) -> Self {
        Self { stream, at }
    }
}

impl<'s> Iterator for BiffRecords<'s> {
    type Item = BiffRecord<'s>;

    fn next(&mut self) -> Option<BiffRecord<'s>> {
        let ty = u16_at(self.stream, self.at)?;
        let length = usize::from(u16_at(self.stream, self.at.checked_add(2)?)?);
        let start = self.at.checked_add(4)?;
        let data = self.stream.get(start..start.checked_add(length)?)?;
        self.at = start + length;
        Some(BiffRecord { ty, data })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A compound file: sectors chained by a table, and a directory of streams.
struct Container<'f> {
    file: &'f [u8],
    sector: usize,
    table: Vec<u32>,
    directory: Vec<u8>,
}

/// From here on, sector numbers are marks: end of chain, free, and the like.
const LAST_SECTOR: u32 = 0xffff_fff9;

/// Streams shorter than this lie in sectors of 64 bytes inside the first directory entry's stream.
const MINI_STREAM_BELOW: usize = 4096;
const MINI_SECTOR: usize = 64;
const ENTRY: usize = 128;

impl<'f> Container<'f> {
    fn open(file: &'f [u8]) -> Option<Self> {
        let sector = match u16_at(file, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut parts: Vec<u32> = (76..512).step_by(4).filter_map(|at| u32_at(file, at)).collect();
        let mut own = Self { file, sector, table: Vec::new(), directory: Vec::new() };
        // Further parts of the table of tables: the last number of each sector is the next.
        let mut next = u32_at(file, 68)?;
        for _ in 0..=file.len() / sector {
            let Some(bytes) = own.sector_bytes(next).filter(|_| next <= LAST_SECTOR) else { break };
            parts.extend(bytes.chunks_exact(4).filter_map(|number| u32_at(number, 0)));
            next = parts.pop()?;
        }
        let parts = parts.into_iter().filter(|part| *part <= LAST_SECTOR);
        let tables = parts.filter_map(|part| own.sector_bytes(part));
        let numbers = tables.flat_map(|bytes| bytes.chunks_exact(4));
        let table = numbers.filter_map(|number| u32_at(number, 0)).collect();
        own.table = table;
        own.directory = own.chain(u32_at(file, 48)?);
        Some(own)
    }

    fn sector_bytes(&self, number: u32) -> Option<&'f [u8]> {
        let start = usize::try_from(number).ok()?.checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.file.len());
        self.file.get(start..end)
    }

    fn chain(&self, start: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut next = start;
        // A chain that comes back to itself is as long as the file at most.
        for _ in 0..=self.file.len() / self.sector {
            let Some(sector) = self.sector_bytes(next).filter(|_| next <= LAST_SECTOR) else {
                break;
            };
            bytes.extend_from_slice(sector);
            let following = self.table.get(usize::try_from(next).unwrap_or(usize::MAX));
            let Some(following) = following else { break };
            next = *following;
        }
        bytes
    }

    fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.directory.chunks_exact(ENTRY).find(|entry| is_called(entry, name))?;
        let start = u32_at(entry, 116)?;
        let length = usize::try_from(u32_at(entry, 120)?).ok()?;
        if length >= MINI_STREAM_BELOW {
            let mut bytes = self.chain(start);
            bytes.truncate(length);
            return Some(bytes);
        }
        let minis = self.chain(u32_at(&self.directory, 116)?);
        let links = self.chain(u32_at(self.file, 60)?);
        let mut bytes = Vec::new();
        let mut next = usize::try_from(start).ok()?;
        while bytes.len() < length {
            let at = next.checked_mul(MINI_SECTOR)?;
            bytes.extend_from_slice(minis.get(at..at.checked_add(MINI_SECTOR)?.min(minis.len()))?);
            next = usize::try_from(u32_at(&links, next.checked_mul(4)?)?).ok()?;
            if next > LAST_SECTOR as usize {
                break;
            }
        }
        bytes.truncate(length);
        Some(bytes)
    }
}

/// UTF-16 and ASCII: the name is every second byte, up to the first zero.
fn is_called(entry: &[u8], name: &str) -> bool {
    let letters = entry.iter().take(64).step_by(2).copied().take_while(|byte| *byte != 0);
    letters.collect::<Vec<u8>>().eq_ignore_ascii_case(name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(ty: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&ty.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    fn row(number: u16, columns: u16, flags: u8) -> Vec<u8> {
        let head = [number, 0, columns, 255, 0, 0].map(u16::to_le_bytes).concat();
        record(ROW, &[&head[..], &[flags, 1, 15, 0]].concat())
    }

    #[test]
    fn rows_that_are_not_shown_are_told_by_sheet_unless_they_are_empty() {
        let name: Vec<u8> = "台账".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bound = |at: u32| {
            let head = [&at.to_le_bytes()[..], &[0, 0, 2, 1], &name].concat();
            record(BOUND_SHEET, &head)
        };
        let globals = |at| [record(BEGIN, &[0; 16]), bound(at), record(END, &[])].concat();
        let at = u32::try_from(globals(0).len()).unwrap();
        let sheet = [
            record(BEGIN, &[0; 16]),
            row(0, 3, 0),
            row(1, 3, 0x20),
            row(2, 0, 0x20),
            row(3, 3, 0x40),
            record(END, &[]),
            row(4, 3, 0x20),
        ];
        let stream = [globals(at), sheet.concat()].concat();
        assert_eq!(hidden_in(&stream), BTreeMap::from([("台账".to_owned(), vec![2])]));
        assert!(hidden_in(&stream[..stream.len() / 3]).is_empty());
    }
}
