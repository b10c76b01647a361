//! What a file is by its first bytes, how large a zip truly is, and which of its sheets have more than
//! cells.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use zip::ZipArchive;

use super::malformed;
use crate::exchange::Error;

/// What the first bytes of a file say it is.
#[derive(Debug, PartialEq, Eq)]
pub enum FileSignature {
    Zip,
    /// The container of .xls, and of workbooks with a password.
    CompoundFile,
    /// XML or HTML: what platforms call .xls.
    Markup,
    /// Text in columns, which they call .xls too.
    Text,
    Other,
}

/// Looks at the first bytes.
pub fn content(path: &Path) -> Result<FileSignature, Error> {
    const SAMPLE_BYTES: u64 = 4096;
    let mut start = Vec::new();
    File::open(path)?.take(SAMPLE_BYTES).read_to_end(&mut start)?;
    let first = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start).trim_ascii_start();
    Ok(match start.as_slice() {
        [b'P', b'K', 3, 4, ..] => FileSignature::Zip,
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => FileSignature::CompoundFile,
        _ if first.starts_with(b"<") => FileSignature::Markup,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => FileSignature::Text,
        text if !text.is_empty() && !text.contains(&0) && text.contains(&b'\t') => {
            FileSignature::Text
        }
        _ => FileSignature::Other,
    })
}

const MAX_ENTRIES: usize = 10_000;

/// How much may come out of a zip.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "the unit belongs to the name")]
pub struct ZipLimits {
    /// Sheets are streamed, so they cost time and no memory. A full sheet of 20 columns has
    /// about 1 GB.
    pub streamed_bytes: u64,
    /// Everything else is held in memory: strings, styles, relations.
    pub held_bytes: u64,
    /// A stretch without any tag is one text, held in memory even while streaming.
    pub text_bytes: usize,
}

/// What no honest workbook needs.
pub const LIMITS: ZipLimits =
    ZipLimits { streamed_bytes: 2 << 30, held_bytes: 128 << 20, text_bytes: 32 << 20 };

const CHUNK_BYTES: usize = 1 << 16;

/// Unpacks every entry once and throws it away, counting: what an entry declares about its own
/// size may be a lie. Refuses bombs, document types (and with them entity bombs), and tables of
/// strings that announce more than they hold. The answer names the sheets with merged cells, hidden rows
/// or formulas.
pub fn check_zip(
    path: &Path,
    format: &'static str,
    limits: ZipLimits,
) -> Result<Vec<String>, Error> {
    let file = BufReader::new(File::open(path)?);
    let mut zip = ZipArchive::new(file).map_err(|error| malformed(format, &error))?;
    if zip.len() > MAX_ENTRIES {
        let count = zip.len();
        return Err(Error::hostile(
            format!("工作簿由 {count} 个部分组成，太多"),
            format!("a workbook with {count} parts"),
        ));
    }
    let (mut streamed, mut held) = (0, 0);
    let mut notable = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).map_err(|error| malformed(format, &error))?;
        let name = entry.name().map_err(|error| malformed(format, &error))?.into_owned();
        let is_streamed = name.contains("worksheets/") || name == "content.xml";
        let (sum, limit) = if is_streamed {
            (&mut streamed, limits.streamed_bytes)
        } else {
            (&mut held, limits.held_bytes)
        };
        let is_sheet = name.contains("worksheets/");
        let mut checked = PartCheck { is_sheet, ..PartCheck::default() };
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            let count = entry.read(&mut chunk).map_err(|error| malformed(format, &error))?;
            let Some(bytes) = chunk.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            *sum += count as u64;
            if *sum > limit {
                let most_mb = limit >> 20;
                return Err(Error::hostile(
                    format!("到“{name}”为止解压后已超过 {most_mb} MB"),
                    format!("`{name}` brings the unpacked size to more than {most_mb} MB"),
                ));
            }
            checked.take(bytes, &name, limits.text_bytes)?;
        }
        checked.finish(&name)?;
        if checked.is_notable {
            notable.push(name);
        }
    }
    Ok(notable)
}

/// Watches the bytes of one part go by.
#[derive(Default)]
struct PartCheck {
    total: u64,
    without_tag: usize,
    announced_strings: u64,
    is_sheet: bool,
    is_notable: bool,
    /// The end of the chunk before, in which a tag may have begun.
    tail: Vec<u8>,
}

impl PartCheck {
    fn take(&mut self, bytes: &[u8], name: &str, text_bytes: usize) -> Result<(), Error> {
        if self.total == 0 {
            self.look_at_start(bytes, name)?;
        }
        self.total += bytes.len() as u64;
        if self.is_sheet && !self.is_notable {
            self.look_for_more(bytes);
        }
        self.without_tag = if bytes.contains(&b'<') { 0 } else { self.without_tag + bytes.len() };
        // Pictures have no tags and are never read.
        let is_xml = is_xml(name);
        if is_xml && self.without_tag > text_bytes {
            let most_mb = text_bytes >> 20;
            return Err(Error::hostile(
                format!("“{name}”中有一段文字超过 {most_mb} MB"),
                format!("`{name}` holds a text of more than {most_mb} MB"),
            ));
        }
        Ok(())
    }

    /// Merged cells, hidden rows, formulas.
    fn look_for_more(&mut self, bytes: &[u8]) {
        const LONGEST_TAG: usize = 256;
        let is_more = |tag: &[u8]| {
            tag.starts_with(b"mergeCell ")
                || tag.starts_with(b"f>")
                || tag.starts_with(b"f ")
                || tag.starts_with(b"f/")
                || tag.starts_with(b"row ") && tag.windows(8).any(|word| word == b" hidden=")
        };
        let start = bytes.len().saturating_sub(LONGEST_TAG);
        self.tail.extend_from_slice(bytes.get(..LONGEST_TAG).unwrap_or(bytes));
        self.is_notable = bytes.split(|byte| *byte == b'<').any(is_more)
            || self.tail.split(|byte| *byte == b'<').any(is_more);
        self.tail = bytes.get(start..).unwrap_or_default().to_vec();
    }

    fn look_at_start(&mut self, bytes: &[u8], name: &str) -> Result<(), Error> {
        let start = String::from_utf8_lossy(bytes);
        if is_xml(name) && (start.contains("<!DOCTYPE") || start.contains("<!ENTITY")) {
            return Err(Error::hostile(
                format!("“{name}”声明了文档类型（DOCTYPE）"),
                format!("`{name}` declares a document type"),
            ));
        }
        // calamine reserves room for as many strings as this attribute says.
        if let Some((_, rest)) = start.split_once("uniqueCount=") {
            let digits: String = rest
                .trim_start_matches(['"', '\''])
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            self.announced_strings =
                digits.parse().unwrap_or(if digits.is_empty() { 0 } else { u64::MAX });
        }
        Ok(())
    }

    fn finish(&self, name: &str) -> Result<(), Error> {
        // The shortest string is `<si/>`.
        if self.announced_strings > self.total / 5 {
            let (texts, bytes) = (self.announced_strings, self.total);
            return Err(Error::hostile(
                format!("“{name}”自称在 {bytes} 字节里有 {texts} 段文字"),
                format!("`{name}` announces {texts} strings in {bytes} bytes"),
            ));
        }
        Ok(())
    }
}

fn is_xml(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".xml", ".rels", ".vml"].iter().any(|ending| name.ends_with(ending))
}
