//! Bytes → text. A file says which encoding it has by its bytes alone.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use csv::ByteRecord;
use encoding_rs::{CoderResult, GB18030, UTF_16BE, UTF_16LE};

use crate::domain::{LocalizedText, Text};
use crate::exchange::formats::decode::{Utf32, Wide};
use crate::exchange::formats::guess;
use crate::exchange::{Cell, Error};

const SAMPLE_BYTES: u64 = 1 << 16;

/// A file, opened and looked at.
pub struct CsvInput {
    pub source: Box<dyn Read>,
    pub delimiter: u8,
    pub has_crlf: bool,
    encoding: Encoding,
    /// Bytes of 0 at the beginning of the file, which are no part of any text.
    zeros: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    /// Nothing but ASCII so far, or too little else to tell.
    Open,
    Utf8,
    /// Of two bytes a character, guessed.
    Other(&'static encoding_rs::Encoding),
}

/// What is not UTF-8 as a whole.
struct Unknown;

impl CsvInput {
    /// Looks at the beginning of a file; refuses what is no text.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let mut file = File::open(path)?;
        let mut sample = Vec::new();
        Read::by_ref(&mut file).take(SAMPLE_BYTES).read_to_end(&mut sample)?;
        let wrong = |zh: &str, en: &str| {
            let (zh, en) = (format!("内容其实是{zh}"), format!("it is {en} by its content"));
            Err(Error::malformed("CSV", LocalizedText::new(zh, en)))
        };
        match sample.as_slice() {
            [b'P', b'K', 3, 4, ..] => {
                wrong("压缩包，可能是 .xlsx 工作簿", "a zip archive, perhaps an .xlsx workbook,")
            }
            [0xd0, 0xcf, 0x11, 0xe0, ..] => wrong(" .xls 工作簿", "an .xls workbook"),
            [b'S', b'Q', b'L', b'i', b't', b'e', ..] => wrong("数据库", "a database"),
            [0xff, 0xfe, 0, 0, rest @ ..] => {
                Self::transcoded(Utf32::new(Cursor::new(rest.to_vec()).chain(file), false))
            }
            [0, 0, 0xfe, 0xff, rest @ ..] => {
                Self::transcoded(Utf32::new(Cursor::new(rest.to_vec()).chain(file), true))
            }
            [0xff, 0xfe, rest @ ..] => Self::transcoded(Utf16::new(UTF_16LE, rest, file)),
            [0xfe, 0xff, rest @ ..] => Self::transcoded(Utf16::new(UTF_16BE, rest, file)),
            [0xef, 0xbb, 0xbf, rest @ ..] => Ok(Self::new(rest, file, Encoding::Utf8)),
            sample if sample.contains(&0) => match Wide::of(sample) {
                Some(Wide::Utf16 { is_big_endian }) => {
                    let encoding = if is_big_endian { UTF_16BE } else { UTF_16LE };
                    Self::transcoded(Utf16::new(encoding, sample, file))
                }
                Some(Wide::Utf32 { is_big_endian }) => {
                    let text = Cursor::new(sample.to_vec()).chain(file);
                    Self::transcoded(Utf32::new(text, is_big_endian))
                }
                None if !has_few_zeros(sample) => wrong("二进制数据", "binary"),
                None => Self::of_text(sample, file),
            },
            sample if is_web_page(sample) => Err(Error::Other { format: "CSV", is: WEB_PAGE }),
            sample => Self::of_text(sample, file),
        }
    }

    fn of_text(sample: &[u8], rest: impl Read + 'static) -> Result<Self, Error> {
        match encoding(sample) {
            Ok(encoding) => Ok(Self::new(sample, rest, encoding)),
            Err(Unknown) => Err(Error::malformed("CSV", guess::UNKNOWN)),
        }
    }

    fn new(sample: &[u8], rest: impl Read + 'static, encoding: Encoding) -> Self {
        Self {
            delimiter: delimiter(sample),
            has_crlf: sample.windows(2).any(|pair| pair == b"\r\n"),
            encoding,
            zeros: zeros_in(sample),
            source: Box::new(Cursor::new(sample.to_vec()).chain(rest)),
        }
    }

    fn transcoded(mut text: impl Read + 'static) -> Result<Self, Error> {
        let mut sample = Vec::new();
        Read::by_ref(&mut text).take(SAMPLE_BYTES).read_to_end(&mut sample)?;
        Ok(Self::new(&sample, text, Encoding::Utf8))
    }
}

const WEB_PAGE: Text =
    Text::new("网页（可能是下载失败的提示页）", "a web page, perhaps of a download that failed");

fn is_web_page(sample: &[u8]) -> bool {
    let start = sample.trim_ascii_start();
    let start = start.get(..start.len().min(14)).unwrap_or_default().to_ascii_lowercase();
    start.starts_with(b"<!doctype html") || start.starts_with(b"<html")
}

fn zeros_in(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == 0).count() - 1
}

/// Whether a text is a text but for some bytes of 0, which a program has left in it: what is binary
/// has many, and other characters that control something.
fn has_few_zeros(sample: &[u8]) -> bool {
    let is_control = |byte: &&u8| **byte < b' ' && !matches!(**byte, b'\t' | b'\n' | b'\r');
    let controls = sample.iter().filter(is_control).count();
    let zeros = zeros_in(sample);
    controls * 20 <= sample.len() && controls - zeros <= zeros
}

/// The encoding that more of the lines are in.
fn encoding(sample: &[u8]) -> Result<Encoding, Unknown> {
    let (mut utf8, mut other) = (0u32, Vec::new());
    let mut others = 0;
    for line in sample.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        match std::str::from_utf8(line) {
            Ok(_) => utf8 += u32::from(has_chinese(line)),
            // The sample may end in the middle of a character.
            Err(error) if error.error_len().is_none() => {}
            Err(_) => {
                others += 1;
                other.extend_from_slice(line);
                other.push(b'\n');
            }
        }
    }
    match (utf8, others) {
        (0, 0) => Ok(Encoding::Open),
        (utf8, others) if utf8 >= others => Ok(Encoding::Utf8),
        _ => guess::encoding(&other).map(Encoding::Other).ok_or(Unknown),
    }
}

/// Whether valid UTF-8 holds characters of three bytes or more, as Chinese is. Two-byte ones prove
/// little: 联通 in GB18030 is valid UTF-8 too.
fn has_chinese(utf8: &[u8]) -> bool {
    utf8.iter().any(|byte| *byte >= 0xe0)
}

/// Of comma, semicolon and tab the one that most lines have, then the one that is most frequent.
fn delimiter(sample: &[u8]) -> u8 {
    if let Some([delimiter @ (b',' | b';' | b'\t'), b'\r' | b'\n', ..]) =
        sample.strip_prefix(b"sep=")
    {
        return *delimiter;
    }
    let candidates = [b',', b';', b'\t'];
    let mut lines_with = [0u32; 3];
    let mut total = [0u32; 3];
    let (mut lines, mut is_quoted, mut here) = (0, false, [0u32; 3]);
    for byte in sample.iter().copied().chain([b'\n']) {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if !is_quoted => {
                for ((with, total), here) in lines_with.iter_mut().zip(&mut total).zip(&mut here) {
                    *with += u32::from(*here > 0);
                    *total += std::mem::take(here);
                }
                lines += 1;
                if lines > 100 {
                    break;
                }
            }
            byte if !is_quoted => {
                for (candidate, here) in candidates.iter().zip(&mut here) {
                    *here += u32::from(*candidate == byte);
                }
            }
            _ => {}
        }
    }
    let scores = candidates.into_iter().zip(lines_with).zip(total);
    // The comma comes last, so that it wins a draw.
    let best = scores.rev().max_by_key(|((_, with), total)| (*with, *total));
    best.map_or(b',', |((delimiter, _), _)| delimiter)
}

/// Turns records into cells, one encoding for the whole file unless it is mixed.
pub struct Decoder {
    encoding: Encoding,
    mixed: u64,
    first_mixed: u64,
    broken: u64,
    first_broken: u64,
    zeros: usize,
}

impl Decoder {
    /// For the encoding of a file.
    pub fn new(input: &CsvInput) -> Self {
        let (encoding, zeros) = (input.encoding, input.zeros);
        Self { encoding, mixed: 0, first_mixed: 0, broken: 0, first_broken: 0, zeros }
    }

    /// The cells of a record; `row` is its number, for warnings.
    pub fn cells<'r>(&mut self, record: &'r ByteRecord, row: u64) -> Vec<Cell<'r>> {
        let bytes = record.as_slice();
        if let Encoding::Other(encoding) = self.encoding
            && !bytes.is_ascii()
        {
            return self.other(encoding, record, row);
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            if self.encoding == Encoding::Open && has_chinese(bytes) {
                self.encoding = Encoding::Utf8;
            }
            return utf8(record, text);
        }
        let encoding = guess::encoding(bytes).unwrap_or(GB18030);
        if self.encoding == Encoding::Open {
            self.encoding = Encoding::Other(encoding);
        } else {
            self.count_mixed(row);
        }
        self.other(encoding, record, row)
    }

    fn other<'r>(
        &mut self,
        encoding: &'static encoding_rs::Encoding,
        record: &'r ByteRecord,
        row: u64,
    ) -> Vec<Cell<'r>> {
        let mut is_broken = false;
        let cells: Vec<Cell<'r>> = record
            .iter()
            .map(|field| {
                let (text, had_errors) = encoding.decode_without_bom_handling(field);
                is_broken |= had_errors;
                cell(text)
            })
            .collect();
        if !is_broken {
            return cells;
        }
        if let Ok(text) = std::str::from_utf8(record.as_slice()) {
            self.count_mixed(row);
            return utf8(record, text);
        }
        if self.broken == 0 {
            self.first_broken = row;
        }
        self.broken += 1;
        cells
    }

    fn count_mixed(&mut self, row: u64) {
        if self.mixed == 0 {
            self.first_mixed = row;
        }
        self.mixed += 1;
    }

    /// What was mixed or broken in the whole file.
    pub fn warnings(&self) -> Vec<LocalizedText> {
        let mut warnings = Vec::new();
        let other = match self.encoding {
            // The encoding that nearly all files here are in which are not UTF-8 needs no word.
            Encoding::Other(encoding) if encoding != GB18030 => {
                warnings.push(guess::read_as(encoding));
                encoding
            }
            _ => GB18030,
        };
        if self.zeros > 0 {
            let zeros = self.zeros;
            warnings.push(LocalizedText::new(
                format!("文件中有 {zeros} 个空字符（NUL），已去掉；如有内容缺失，请从原软件重新导出"),
                format!(
                    "the file has {zeros} characters of the number 0, which were taken out: export it again if something is missing"
                ),
            ));
        }
        if self.mixed > 0 {
            let (mixed, first) = (self.mixed, self.first_mixed);
            let name = guess::name(other);
            warnings.push(LocalizedText::new(
                format!(
                    "文件混用 UTF-8 和 {}：{mixed} 行是另一种编码，首见于第 {first} 行",
                    name.zh
                ),
                format!(
                    "the file mixes UTF-8 and {}: {mixed} rows are in the other encoding, the first is row {first}",
                    name.en
                ),
            ));
        }
        if self.broken > 0 {
            let (broken, first) = (self.broken, self.first_broken);
            warnings.push(LocalizedText::new(
                format!("{broken} 行有无法识别的乱码，首见于第 {first} 行，请核对文件"),
                format!(
                    "{broken} rows hold bytes that are text in no encoding, the first is row {first}"
                ),
            ));
        }
        warnings
    }
}

fn utf8<'r>(record: &ByteRecord, text: &'r str) -> Vec<Cell<'r>> {
    let fields = (0..record.len())
        .map(|at| record.range(at).and_then(|range| text.get(range)).unwrap_or_default());
    fields.map(|field| cell(Cow::Borrowed(field))).collect()
}

/// The quotation mark that keeps a spreadsheet from taking text for a formula is no part of it.
fn cell(text: Cow<'_, str>) -> Cell<'_> {
    if text.is_empty() {
        return Cell::Empty;
    }
    if text.starts_with('\'') && super::write::looks_like_formula(&text) {
        return Cell::Text(match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(1..).unwrap_or_default()),
            Cow::Owned(text) => Cow::Owned(text.get(1..).unwrap_or_default().to_owned()),
        });
    }
    Cell::Text(text)
}

/// UTF-16 on its way to UTF-8.
struct Utf16 {
    source: Box<dyn Read>,
    decoder: encoding_rs::Decoder,
    input: Vec<u8>,
    output: Vec<u8>,
    given: usize,
    is_over: bool,
}

impl Utf16 {
    fn new(encoding: &'static encoding_rs::Encoding, start: &[u8], rest: File) -> Self {
        Self {
            source: Box::new(Cursor::new(start.to_vec()).chain(rest)),
            decoder: encoding.new_decoder_without_bom_handling(),
            input: vec![0; 1 << 16],
            output: Vec::new(),
            given: 0,
            is_over: false,
        }
    }

    fn refill(&mut self) -> std::io::Result<()> {
        let count = self.source.read(&mut self.input)?;
        self.is_over = count == 0;
        let read = self.input.get(..count).unwrap_or_default();
        let room = self.decoder.max_utf8_buffer_length(count).unwrap_or(1 << 18);
        self.output.resize(room, 0);
        self.given = 0;
        let (result, _, written, _) =
            self.decoder.decode_to_utf8(read, &mut self.output, self.is_over);
        self.output.truncate(written);
        match result {
            CoderResult::InputEmpty => Ok(()),
            CoderResult::OutputFull => Err(std::io::ErrorKind::InvalidData.into()),
        }
    }
}

impl Read for Utf16 {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.output.len() && !self.is_over {
            self.refill()?;
        }
        let waiting = self.output.get(self.given..).unwrap_or_default();
        let count = waiting.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), waiting.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}
