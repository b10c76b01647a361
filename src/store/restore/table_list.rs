//! The list of tables of a file whose first pages are lost: its leaves are looked for among all pages,
//! and a new root is put over those that are left. Pages, cells and records are laid out as
//! sqlite.org/fileformat2.html says, §1.6 and §2.

/// Behind the header of the file stands that of the first page.
const FILE_HEADER: usize = 100;
const INNER_HEADER: usize = 12;
const LEAF_HEADER: usize = 8;
const INNER: u8 = 0x05;
const LEAF: u8 = 0x0d;

/// Of what the first column of the list speaks.
const ENTRIES: [&[u8]; 4] = [b"table", b"index", b"view", b"trigger"];
/// Type, name, table, root page, SQL.
const COLUMNS: usize = 5;

/// A page of the list that holds entries.
struct Leaf {
    page: u32,
    first: u64,
    last: u64,
}

/// The file with a first page that leads to every leaf of the list which is left; `None` where none is,
/// or more than that page has room for.
pub fn with_new_root(mut bytes: Vec<u8>, page_bytes: usize) -> Option<Vec<u8>> {
    let pages = (1..).zip(bytes.chunks(page_bytes)).skip(1);
    let mut leaves: Vec<Leaf> = pages.filter_map(|(number, page)| leaf(number, page)).collect();
    leaves.sort_by_key(|leaf| leaf.first);
    // A page that was given up may still hold what another holds now.
    let mut end = 0;
    leaves.retain(|leaf| {
        let goes_on = leaf.first > end;
        end = end.max(leaf.last);
        goes_on
    });
    let root = root(&leaves, page_bytes)?;
    bytes.get_mut(FILE_HEADER..page_bytes)?.copy_from_slice(root.get(FILE_HEADER..)?);
    Some(bytes)
}

fn root(leaves: &[Leaf], page_bytes: usize) -> Option<Vec<u8>> {
    let (last, others) = leaves.split_last()?;
    let mut page = vec![0; page_bytes];
    let pointers = FILE_HEADER + INNER_HEADER;
    let mut at = page_bytes;
    for (nth, leaf) in others.iter().enumerate() {
        let mut cell = leaf.page.to_be_bytes().to_vec();
        put_varint(&mut cell, leaf.last);
        at = at.checked_sub(cell.len())?;
        let pointer = pointers + 2 * nth;
        if pointer + 2 > at {
            return None;
        }
        put(&mut page, at, &cell)?;
        put(&mut page, pointer, &u16::try_from(at).ok()?.to_be_bytes())?;
    }
    put(&mut page, FILE_HEADER, &[INNER, 0, 0])?;
    put(&mut page, FILE_HEADER + 3, &u16::try_from(others.len()).ok()?.to_be_bytes())?;
    put(&mut page, FILE_HEADER + 5, &u16::try_from(at).ok()?.to_be_bytes())?;
    put(&mut page, FILE_HEADER + 8, &last.page.to_be_bytes())?;
    Some(page)
}

fn put(page: &mut [u8], at: usize, part: &[u8]) -> Option<()> {
    page.get_mut(at..at + part.len())?.copy_from_slice(part);
    Some(())
}

/// A leaf of the list: every cell of it is an entry, and their numbers rise.
fn leaf(number: u32, page: &[u8]) -> Option<Leaf> {
    if *page.first()? != LEAF {
        return None;
    }
    let count = usize::from(short(page, 3)?);
    let cell = |nth: usize| page.get(usize::from(short(page, LEAF_HEADER + 2 * nth)?)..);
    let rows: Vec<u64> = (0..count).map(|nth| entry(cell(nth)?)).collect::<Option<_>>()?;
    let (first, last) = (*rows.first()?, *rows.last()?);
    rows.is_sorted().then_some(Leaf { page: number, first, last })
}

/// The row number of an entry of the list; `None` of what is no such entry.
fn entry(cell: &[u8]) -> Option<u64> {
    let (_bytes, cell) = varint(cell)?;
    let (row, record) = varint(cell)?;
    let (head_bytes, rest) = varint(record)?;
    let head_bytes = usize::try_from(head_bytes).ok()?;
    let mut head = rest.get(..head_bytes.checked_sub(record.len() - rest.len())?)?;
    let mut types = Vec::with_capacity(COLUMNS);
    while !head.is_empty() {
        let (of_column, more) = varint(head)?;
        types.push(of_column);
        head = more;
    }
    if types.len() != COLUMNS {
        return None;
    }
    // Text of n bytes is of type 13 + 2 n.
    let text_bytes = types.first()?.checked_sub(13).filter(|twice| twice % 2 == 0)? / 2;
    let text = record.get(head_bytes..)?.get(..usize::try_from(text_bytes).ok()?)?;
    ENTRIES.contains(&text).then_some(row)
}

fn short(page: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(page.get(at..at + 2)?.try_into().ok()?))
}

/// Seven bits a byte, the highest first, and all eight of a ninth.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (nth, byte) in bytes.iter().take(9).enumerate() {
        let rest = bytes.get(nth + 1..)?;
        if nth == 8 {
            return Some(((value << 8) | u64::from(*byte), rest));
        }
        value = (value << 7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, rest));
        }
    }
    None
}

/// A number of a row of the list, which is far below what takes nine bytes.
fn put_varint(cell: &mut Vec<u8>, value: u64) {
    let sevens = (64 - value.leading_zeros()).div_ceil(7).clamp(1, 8);
    for nth in (0..sevens).rev() {
        let seven = (value >> (7 * nth)) as u8 & 0x7f;
        cell.push(if nth == 0 { seven } else { seven | 0x80 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_are_read() {
        for value in [0, 1, 127, 128, 300, 16_383, 16_384, (1 << 56) - 1] {
            let mut cell = Vec::new();
            put_varint(&mut cell, value);
            cell.push(9);
            assert_eq!(varint(&cell), Some((value, [9].as_slice())));
        }
        assert_eq!(varint(&[0xff; 9]), Some((u64::MAX, [].as_slice())));
        assert_eq!(varint(&[0x80, 0x80]), None);
    }

    #[test]
    fn a_list_whose_root_is_lost_is_read_by_its_leaves() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let count = |db: &rusqlite::Connection| {
            db.query_row("SELECT count(*), max(rootpage) FROM sqlite_master", [], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
            })
        };
        let db = rusqlite::Connection::open(&path).unwrap();
        for number in 0..200 {
            db.execute_batch(&format!("CREATE TABLE t{number} (a, b, c, d, e)")).unwrap();
            db.execute(&format!("INSERT INTO t{number} VALUES ('row', 'a', 'b', 1, NULL)"), [])
                .unwrap();
        }
        let whole = count(&db).unwrap();
        drop(db);
        let mut bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes[FILE_HEADER], INNER, "the list does not fit its first page");
        let root = bytes[FILE_HEADER..4096].to_vec();
        bytes[FILE_HEADER..4096].fill(0xaa);
        assert!(with_new_root(bytes[..4096].to_vec(), 4096).is_none(), "no leaf is left");
        let mended = with_new_root(bytes, 4096).unwrap();
        assert_eq!(mended[FILE_HEADER], INNER);
        assert_ne!(root, [0xaa; 3996]);
        std::fs::write(&path, mended).unwrap();
        let db = rusqlite::Connection::open(&path).unwrap();
        assert_eq!(count(&db).unwrap(), whole);
        let rows: i64 = db.query_row("SELECT count(*) FROM t199", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1);
    }
}
