//! The smallest .xls there can be, made here byte by byte.

use super::collected;
use crate::exchange::formats::workbook::*;
use crate::exchange::testing::file;

fn record(ty: u16, data: &[u8]) -> Vec<u8> {
    let length = data.len() as u16;
    [&ty.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

fn at(row: u16, column: u16) -> Vec<u8> {
    [row, column, 0].into_iter().flat_map(u16::to_le_bytes).collect()
}

fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = (utf16.len() as u16 / 2).to_le_bytes();
    record(0x0204, &[&at(row, column), &length[..], &[1], &utf16].concat())
}

fn number(row: u16, column: u16, number: f64) -> Vec<u8> {
    record(0x0203, &[&at(row, column)[..], &number.to_le_bytes()].concat())
}

fn begin(ty: u16) -> Vec<u8> {
    let words = [0x0600, ty, 0, 0, 0, 0, 0, 0];
    record(0x0809, &words.into_iter().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
}

/// A workbook whose sheets, all of this name, are one and the same stretch of the stream.
fn stream(sheets: usize, cells: &[Vec<u8>]) -> Vec<u8> {
    let globals = |position: u32| {
        let sheet = [&position.to_le_bytes()[..], &[0, 0, 1, 0, b'S']].concat();
        let sheets = record(0x0085, &sheet).repeat(sheets);
        [begin(5), sheets, record(0x000a, &[])].concat()
    };
    let position = globals(0).len() as u32;
    let mut stream = [globals(position), begin(0x10), cells.concat(), record(0x000a, &[])].concat();
    stream.resize(stream.len().max(4096), 0);
    stream
}

/// [MS-CFB]: a header, one sector of the table, one of the directory, then the stream.
fn container(stream: &[u8]) -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    const FREE: u32 = 0xffff_ffff;
    let sectors = stream.len().div_ceil(512) as u32;
    let mut header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    header.resize(24, 0);
    for word in [0x3eu16, 3, 0xfffe, 9, 6, 0, 0, 0] {
        header.extend_from_slice(&word.to_le_bytes());
    }
    for word in [0, 1, 1, 0, 4096, END, 0, END, 0, 0].into_iter().chain([FREE; 108]) {
        header.extend_from_slice(&word.to_le_bytes());
    }
    let chain = (3..2 + sectors).chain([END]);
    let mut table: Vec<u32> = [0xffff_fffd, END].into_iter().chain(chain).collect();
    table.resize(128, FREE);
    let entry = |name: &str, ty: u8, start: u32, length: u32| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let name_bytes = entry.len() as u16 + 2;
        entry.resize(64, 0);
        entry.extend_from_slice(&name_bytes.to_le_bytes());
        entry.extend_from_slice(&[ty, 1]);
        entry.resize(116, 0);
        entry.extend_from_slice(&start.to_le_bytes());
        entry.extend_from_slice(&length.to_le_bytes());
        entry.resize(128, 0);
        entry
    };
    let mut directory = entry("Root Entry", 5, END, 0);
    directory.extend(entry("Workbook", 2, 2, stream.len() as u32));
    directory.resize(512, 0);
    let table: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
    let mut stream = stream.to_vec();
    stream.resize(sectors as usize * 512, 0);
    [header, table, directory, stream].concat()
}

#[test]
fn an_old_workbook_is_read() {
    let cells = [
        label(0, 0, "台账"),
        label(2, 0, "名称"),
        label(2, 1, "经度"),
        label(3, 0, "老王饭店"),
        number(3, 1, 118.25),
    ];
    let (_folder, path) = file("t.xls", &container(&stream(1, &cells)));
    let sink = collected(&XLS, &path, None).unwrap();
    assert_eq!(sink.columns(), ["名称", "经度"]);
    assert_eq!(sink.rows(), [(4, vec![Cell::Text("老王饭店".into()), Cell::Real(118.25)])]);
}

#[test]
fn a_few_cells_that_span_the_whole_sheet_are_refused() {
    let corners = [label(0, 0, "名称"), number(65_535, 65_535, 1.0)];
    let (_folder, path) = file("t.xls", &container(&stream(1, &corners)));
    let refused = collected(&XLS, &path, None);
    assert!(
        matches!(&refused, Err(Error::Hostile(why)) if why.zh.contains("4294967296")),
        "{refused:?}"
    );
    let wide = [label(0, 0, "名称"), number(9_999, 255, 1.0)];
    let (_folder, path) = file("t.xls", &container(&stream(50, &wide)));
    assert!(matches!(collected(&XLS, &path, None), Err(Error::Hostile(_))));
}

#[test]
fn a_container_whose_chains_bite_their_tails_ends() {
    let whole = container(&stream(1, &[label(0, 0, "名称")]));
    for at in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] = if bytes[at] == 2 { 0xff } else { 2 };
        let (_folder, path) = file("t.xls", &bytes);
        drop(collected(&XLS, &path, None));
    }
}
