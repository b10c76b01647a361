//! Text of any encoding → UTF-8, for formats that ought to be UTF-8 and often are not.
//!
//! A byte order mark decides; then the bytes: what is UTF-8 throughout, with characters of three bytes
//! or more, is UTF-8 whatever the file declares. Then what it declares holds; where it says nothing, the
//! rest is looked at (`guess`), and refused where it looks like nothing that is known.

use std::io::{self, Read};

use encoding_rs::{
    BIG5, Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
};

use super::archive::{explained, malformed};
use super::guess;
use crate::domain::LocalizedText;
use crate::exchange::Error;

const CHUNK: usize = 1 << 16;

/// What [`sniff`] found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sniffed {
    pub encoding: &'static Encoding,
    format: &'static str,
    /// Nothing in the file said so: the person should be told.
    pub is_guess: bool,
    /// UTF-8 without a byte order mark: the bytes are the text as they stand.
    is_plain: bool,
    /// UTF-32, which `encoding_rs` does not know; true for big-endian.
    utf32: Option<bool>,
}

impl Sniffed {
    /// What a person is told where nothing in the file says its encoding.
    pub fn warning(self) -> Option<LocalizedText> {
        self.is_guess.then(|| guess::read_as(self.encoding))
    }

    /// The text of the same bytes, read again from their beginning, as UTF-8.
    pub fn reader<'a>(self, inner: impl Read + 'a) -> Box<dyn Read + 'a> {
        if self.is_plain {
            Box::new(inner)
        } else if let Some(is_big_endian) = self.utf32 {
            Box::new(Utf32::new(inner, is_big_endian))
        } else {
            Box::new(Utf8Reader::new(inner, self.format, self.encoding))
        }
    }
}

/// Reads the text through, as far as is needed to know its encoding. `declared` is shown the
/// beginning and says which encoding the file itself names. `format` is what an error calls the file.
pub fn sniff(
    mut reader: impl Read,
    format: &'static str,
    declared: impl Fn(&[u8]) -> Option<&'static Encoding>,
) -> Result<Sniffed, Error> {
    let mut chunk = vec![0; CHUNK];
    let mut filled = fill(&mut reader, &mut chunk, 0).map_err(explained)?;
    let head = chunk.get(..filled).unwrap_or_default();
    let plain = Sniffed { encoding: UTF_8, format, is_guess: false, is_plain: true, utf32: None };
    let utf32 = match head {
        [0xff, 0xfe, 0, 0, ..] => Some(false),
        [0, 0, 0xfe, 0xff, ..] => Some(true),
        _ => None,
    };
    if utf32.is_some() {
        return Ok(Sniffed { is_plain: false, utf32, ..plain });
    }
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(Sniffed { encoding, is_plain: false, ..plain });
    }
    let marked = Sniffed { is_plain: false, ..plain };
    match Wide::of(head) {
        Some(Wide::Utf16 { is_big_endian: false }) => {
            return Ok(Sniffed { encoding: UTF_16LE, ..marked });
        }
        Some(Wide::Utf16 { is_big_endian: true }) => {
            return Ok(Sniffed { encoding: UTF_16BE, ..marked });
        }
        Some(Wide::Utf32 { is_big_endian }) => {
            return Ok(Sniffed { utf32: Some(is_big_endian), ..marked });
        }
        None => {}
    }
    let stated = declared(head).filter(|encoding| *encoding != UTF_8);
    let other = |bytes: &[u8]| -> Result<Sniffed, Error> {
        let encoding = stated.or_else(|| guess::encoding(bytes));
        let encoding = encoding.ok_or_else(|| Error::malformed(format, guess::UNKNOWN))?;
        Ok(Sniffed { encoding, is_guess: stated.is_none(), is_plain: false, ..plain })
    };
    // Two-byte characters prove little: 联通 in GB18030 is valid UTF-8 too.
    let mut is_wide = false;
    while filled > 0 {
        let bytes = chunk.get(..filled).unwrap_or_default();
        is_wide |= bytes.iter().any(|byte| *byte >= 0xe0);
        let cut = match std::str::from_utf8(bytes) {
            Ok(_) => 0,
            Err(error) if error.error_len().is_none() => filled - error.valid_up_to(),
            Err(_) => return other(bytes),
        };
        // The beginning of a character whose end is in the next chunk.
        chunk.copy_within(filled - cut..filled, 0);
        filled = fill(&mut reader, &mut chunk, cut).map_err(explained)?;
        if filled == cut && cut > 0 {
            return other(chunk.get(..filled).unwrap_or_default());
        }
    }
    if stated.is_some() && !is_wide { other(&[]) } else { Ok(plain) }
}

/// Text of two or four bytes a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wide {
    Utf16 { is_big_endian: bool },
    Utf32 { is_big_endian: bool },
}

impl Wide {
    /// What bytes without a byte order mark are, where they are lines of text of this sort: each unit
    /// is a character that a text may have, and some end a line. What has bytes of 0 and is neither is
    /// no text.
    pub fn of(sample: &[u8]) -> Option<Self> {
        if !sample.contains(&0) {
            return None;
        }
        let utf32 = [false, true].map(|is_big_endian| Self::Utf32 { is_big_endian });
        let utf16 = [false, true].map(|is_big_endian| Self::Utf16 { is_big_endian });
        let wide = utf32.into_iter().chain(utf16);
        // In the wrong order of bytes, letters are Chinese characters.
        let told = wide.filter_map(|wide| Some((wide.line_ends_in(sample)?, wide)));
        told.filter(|(ends, _)| *ends > 0).max_by_key(|(ends, _)| *ends).map(|(_, wide)| wide)
    }

    /// How many characters end a line; `None` where others than a few are no characters of a text.
    fn line_ends_in(self, sample: &[u8]) -> Option<usize> {
        match self {
            Self::Utf32 { is_big_endian } => {
                let of = if is_big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
                let units =
                    sample.chunks_exact(4).map(|unit| of(unit.try_into().unwrap_or_default()));
                line_ends_among(units.map(char::from_u32))
            }
            Self::Utf16 { is_big_endian } => {
                let of = if is_big_endian { u16::from_be_bytes } else { u16::from_le_bytes };
                let units =
                    sample.chunks_exact(2).map(|unit| of(unit.try_into().unwrap_or_default()));
                let mut units: Vec<u16> = units.collect();
                // The sample may end between the halves of a character.
                units.pop_if(|unit| (0xd800..0xdc00).contains(unit));
                line_ends_among(char::decode_utf16(units).map(Result::ok))
            }
        }
    }
}

/// A cell may hold what Word leaves of Shift+Enter, but no text is full of it, and none has a character
/// that is no character.
fn line_ends_among(chars: impl Iterator<Item = Option<char>>) -> Option<usize> {
    let (mut all, mut ends, mut controls) = (0_usize, 0, 0);
    for c in chars {
        let c = c?;
        all += 1;
        ends += usize::from(matches!(c, '\n' | '\r'));
        controls += usize::from(c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
    }
    (controls * 50 <= all).then_some(ends)
}

/// Fills the chunk from `start` on; returns where the bytes end.
fn fill(reader: &mut impl Read, chunk: &mut [u8], start: usize) -> io::Result<usize> {
    let mut end = start;
    while let Some(space) = chunk.get_mut(end..).filter(|space| !space.is_empty()) {
        match reader.read(space) {
            Ok(0) => break,
            Ok(count) => end += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(end)
}

/// Gives the text of `inner` as UTF-8 without a byte order mark. Bytes that are no characters of
/// the encoding are an error, for what they stood for cannot be known.
struct Utf8Reader<R> {
    inner: R,
    decoder: Option<Decoder>,
    format: &'static str,
    encoding: &'static Encoding,
    raw: Vec<u8>,
    text: String,
    given: usize,
}

impl<R: Read> Utf8Reader<R> {
    fn new(inner: R, format: &'static str, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            format,
            decoder: Some(encoding.new_decoder_with_bom_removal()),
            encoding,
            raw: vec![0; CHUNK],
            text: String::with_capacity(3 * CHUNK),
            given: 0,
        }
    }

    fn decode(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        let count = fill(&mut self.inner, &mut self.raw, 0)?;
        let is_last = count < self.raw.len();
        let bytes = self.raw.get(..count).unwrap_or_default();
        let length = decoder.max_utf8_buffer_length_without_replacement(count).unwrap_or(4 * CHUNK);
        self.text.clear();
        self.text.reserve(length);
        self.given = 0;
        let (result, _) =
            decoder.decode_to_string_without_replacement(bytes, &mut self.text, is_last);
        if let DecoderResult::Malformed(..) = result {
            let name = guess::name(self.encoding);
            return Err(malformed(
                self.format,
                LocalizedText::new(
                    format!("有的文字既不是 UTF-8，也不是 {}。请另存为 UTF-8 后再导入", name.zh),
                    format!("some of its text is neither UTF-8 nor {}: save it as UTF-8", name.en),
                ),
            ));
        }
        if is_last {
            self.decoder = None;
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && self.decoder.is_some() {
            self.decode()?;
        }
        let mut rest = self.text.as_bytes().get(self.given..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.given += count;
        Ok(count)
    }
}

/// UTF-32 on its way to UTF-8. What is no character becomes U+FFFD.
pub struct Utf32<R> {
    inner: R,
    is_big_endian: bool,
    /// Bytes that are no whole character yet.
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    is_over: bool,
}

impl<R: Read> Utf32<R> {
    /// A byte order mark in front is left out.
    pub fn new(inner: R, is_big_endian: bool) -> Self {
        Self { inner, is_big_endian, raw: Vec::new(), text: Vec::new(), given: 0, is_over: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let kept = self.raw.len();
        self.raw.resize(kept + CHUNK, 0);
        let end = fill(&mut self.inner, &mut self.raw, kept)?;
        self.is_over = end < self.raw.len();
        self.raw.truncate(end);
        self.text.clear();
        self.given = 0;
        let mut units = self.raw.chunks_exact(4);
        for unit in &mut units {
            let unit = unit.try_into().unwrap_or_default();
            let number = if self.is_big_endian {
                u32::from_be_bytes(unit)
            } else {
                u32::from_le_bytes(unit)
            };
            if number != 0xfeff {
                let c = char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER);
                self.text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        self.raw = units.remainder().to_vec();
        Ok(())
    }
}

impl<R: Read> Read for Utf32<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.is_over {
            self.refill()?;
        }
        let mut rest = self.text.get(self.given..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.given += count;
        Ok(count)
    }
}

/// As files name encodings, code pages by number too: `UTF-8`, `936`, `GBK`, `ANSI 1252`, `OEM 936`,
/// `ISO 88591`.
pub fn by_label(label: &str) -> Option<&'static Encoding> {
    let label = label.lines().next().unwrap_or_default().trim().to_lowercase();
    let digits: String = label.chars().filter(char::is_ascii_digit).collect();
    let by_number = match digits.as_str() {
        "65001" | "8" => return Some(UTF_8),
        "936" | "54936" | "18030" | "2312" | "52936" => return Some(GB18030),
        "950" => return Some(BIG5),
        "1252" | "88591" | "28591" => return Some(WINDOWS_1252),
        "874" | "1250" | "1251" | "1253" | "1254" | "1255" | "1256" | "1257" | "1258" => {
            format!("windows-{digits}")
        }
        "866" => "ibm866".to_owned(),
        "932" => "shift_jis".to_owned(),
        "949" => "euc-kr".to_owned(),
        // 8859-5 as 88595, and as Windows numbers it: 28595.
        digits => match digits.strip_prefix("8859").or_else(|| digits.strip_prefix("2859")) {
            Some(part) if !part.is_empty() => format!("iso-8859-{part}"),
            _ => label,
        },
    };
    Encoding::for_label(by_number.as_bytes())
}

/// The encoding that the first line of an XML file declares.
pub fn declared_by_xml(head: &[u8]) -> Option<&'static Encoding> {
    let line = head.get(..head.len().min(200))?.split(|byte| *byte == b'>').next()?;
    let line = std::str::from_utf8(line).ok()?.trim_start().strip_prefix("<?xml")?;
    let value = line.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let label = value.split(['"', '\'']).nth(1)?;
    by_label(label)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(bytes: &[u8]) -> Result<(String, bool), Error> {
        let sniffed = sniff(bytes, "XML", declared_by_xml)?;
        let mut text = String::new();
        sniffed.reader(bytes).read_to_string(&mut text)?;
        Ok((text, sniffed.is_guess))
    }

    #[test]
    fn a_code_page_is_stated_by_its_number_too() {
        for label in ["936", "cp936", "windows-936", "GB2312", "GB18030"] {
            let mut bytes = format!("<?xml version='1.0' encoding='{label}'?>").into_bytes();
            bytes.extend(GB18030.encode("甲").0.iter());
            let (text, is_guess) = text(&bytes).unwrap();
            assert!(text.ends_with('甲') && !is_guess, "{label}: {text}");
        }
    }

    #[test]
    fn text_of_two_or_four_bytes_a_character_is_known_without_its_mark() {
        let words = "名称,经度\n甲饭店,118.16\n𠀀,1\n";
        let utf16 = |bytes: fn(u16) -> [u8; 2]| words.encode_utf16().flat_map(bytes).collect();
        let utf32 =
            |bytes: fn(u32) -> [u8; 4]| words.chars().flat_map(|c| bytes(c as u32)).collect();
        let encoded: [Vec<u8>; 4] = [
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            utf32(u32::to_le_bytes),
            utf32(u32::to_be_bytes),
        ];
        for bytes in &encoded {
            assert_eq!(text(bytes).unwrap(), (words.to_owned(), false));
        }
        let broken = words.replace("饭店", "饭\u{b}店") + &"乙饭店,118.16\n".repeat(20);
        let bytes: Vec<u8> = broken.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&bytes).unwrap(), (broken, false));
        for bytes in [&b"GIF89a\0\0\x01\0"[..], b"\0\0\0\0", b"name\0,lon\n", b"ASCII,1\n"] {
            assert_eq!(Wide::of(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn chinese_is_read_in_every_encoding_that_offices_use() {
        let word = "浭阳街道";
        assert_eq!(text(word.as_bytes()).unwrap(), (word.to_owned(), false));
        let gb18030 = GB18030.encode(word).0;
        assert_eq!(text(&gb18030).unwrap(), (word.to_owned(), true));
        let marked: Vec<u8> = [0xEF, 0xBB, 0xBF].into_iter().chain(word.bytes()).collect();
        assert_eq!(text(&marked).unwrap(), (word.to_owned(), false));
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(word.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(text(&utf16).unwrap(), (word.to_owned(), false));
        let xml = format!("<?xml version='1.0' encoding='GBK'?><a>{word}</a>");
        assert_eq!(text(&GB18030.encode(&xml).0).unwrap(), (xml.clone(), false));
        assert_eq!(text(xml.as_bytes()).unwrap(), (xml, false), "it says GBK and is UTF-8");
        for is_big_endian in [false, true] {
            let unit = |c: char| {
                if is_big_endian { (c as u32).to_be_bytes() } else { (c as u32).to_le_bytes() }
            };
            let utf32: Vec<u8> = "\u{feff}".chars().chain(word.chars()).flat_map(unit).collect();
            assert_eq!(text(&utf32).unwrap(), (word.to_owned(), false));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_an_error() {
        assert!(text(&[b'a', 0xFF, 0xFF, b'b']).is_err());
        assert!(text(&[b'a', 0xE6]).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn long_texts_survive_wherever_the_chunks_end(word in "[a丰润€😀]{1,40}", times in 1_usize..3000) {
            let long = word.repeat(times);
            prop_assert_eq!(text(long.as_bytes()).unwrap().0, long.clone());
            let encoded = GB18030.encode(&long).0;
            let mut read = String::new();
            Utf8Reader::new(&*encoded, "XML", GB18030).read_to_string(&mut read).unwrap();
            prop_assert_eq!(read, long);
        }
    }
}
