//! JSON text cut into values while it is read, so that no more than one feature is in memory.
//!
//! Only brackets and strings are understood here; whether a value is JSON at all, its reader says.

use std::io::Read;

use crate::domain::LocalizedText;
use crate::exchange::Error;
use crate::exchange::formats::archive::explained;

const CHUNK: usize = 1 << 18;
/// A single feature or geometry may be this long: some five million vertices.
const MAX_VALUE_BYTES: usize = 128 << 20;
const MAX_DEPTH: usize = 100;

/// Bytes of JSON, cut into values without reading them.
pub struct Stream<R> {
    inner: R,
    bytes: Vec<u8>,
    /// What stands before is let go when more is read.
    kept: usize,
    at: usize,
    /// How many bytes of the file were let go.
    gone: u64,
    has_ended: bool,
}

impl<R: Read> Stream<R> {
    /// At the first byte.
    pub fn new(inner: R) -> Self {
        Self { inner, bytes: Vec::new(), kept: 0, at: 0, gone: 0, has_ended: false }
    }

    /// The bytes before the current position may be forgotten.
    pub fn release(&mut self) {
        self.kept = self.at;
    }

    /// What was passed since the last release.
    pub fn passed(&self) -> &[u8] {
        self.bytes.get(self.kept..self.at).unwrap_or_default()
    }

    /// The next byte that is no space, not yet passed. `None` at the end.
    pub fn peek(&mut self) -> Result<Option<u8>, Error> {
        loop {
            match self.bytes.get(self.at).copied() {
                // 0x1e separates the records of RFC 8142.
                Some(b' ' | b'\t' | b'\n' | b'\r' | 0x1e) => self.at += 1,
                Some(byte) => return Ok(Some(byte)),
                None => {
                    if !self.more()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Passes `wanted` if it comes next.
    pub fn pass(&mut self, wanted: u8) -> Result<bool, Error> {
        let is_next = self.peek()? == Some(wanted);
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    /// Passes `wanted` or tells where it is missing.
    pub fn demand(&mut self, wanted: u8) -> Result<(), Error> {
        match self.peek()? {
            Some(found) if found == wanted => {
                self.at += 1;
                Ok(())
            }
            Some(found) => {
                let found = char::from(found).escape_default();
                let (at, wanted) = (self.offset(), char::from(wanted));
                Err(malformed(
                    format!("第 {at} 字节处是“{found}”，应为“{wanted}”"),
                    format!("`{found}` stands at byte {at} where `{wanted}` belongs"),
                ))
            }
            None => Err(self.truncated()),
        }
    }

    /// Passes one value and gives its text.
    pub fn value(&mut self) -> Result<&[u8], Error> {
        let first = self.peek()?.ok_or_else(|| self.truncated())?;
        let from = self.at - self.kept;
        match first {
            b'{' | b'[' => self.nested()?,
            b'"' => {
                self.at += 1;
                self.string()?;
            }
            _ => self.scalar()?,
        }
        let passed = self.passed();
        Ok(passed.get(from..).unwrap_or_default())
    }

    /// Passes the rest of a line with its end and gives it.
    pub fn line(&mut self) -> Result<&[u8], Error> {
        self.release();
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            if let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                self.at += end + 1;
                return Ok(self.passed());
            }
            self.at = self.bytes.len();
            if !self.more()? {
                return Ok(self.passed());
            }
        }
    }

    /// Bytes passed so far.
    pub fn offset(&self) -> u64 {
        self.gone + self.at as u64
    }

    fn nested(&mut self) -> Result<(), Error> {
        let mut depth = 0_usize;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(skipped) =
                rest.iter().position(|b| matches!(b, b'"' | b'{' | b'[' | b'}' | b']'))
            else {
                self.at = self.bytes.len();
                self.need_more()?;
                continue;
            };
            let found = rest.get(skipped).copied().unwrap_or_default();
            self.at += skipped + 1;
            match found {
                b'"' => self.string()?,
                b'{' | b'[' => depth += 1,
                _ => depth -= 1,
            }
            if depth == 0 {
                return Ok(());
            }
            if depth > MAX_DEPTH {
                let at = self.offset();
                return Err(Error::hostile(
                    format!("第 {at} 字节处嵌套超过 {MAX_DEPTH} 层"),
                    format!("values are nested more than {MAX_DEPTH} deep at byte {at}"),
                ));
            }
        }
    }

    /// From behind the opening quote to behind the closing one.
    fn string(&mut self) -> Result<(), Error> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            match rest.iter().position(|b| matches!(b, b'"' | b'\\')) {
                Some(skipped) if rest.get(skipped) == Some(&b'"') => {
                    self.at += skipped + 1;
                    return Ok(());
                }
                Some(skipped) if skipped + 1 < rest.len() => self.at += skipped + 2,
                Some(skipped) => {
                    self.at += skipped;
                    self.need_more()?;
                }
                None => {
                    self.at = self.bytes.len();
                    self.need_more()?;
                }
            }
        }
    }

    fn scalar(&mut self) -> Result<(), Error> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let is_end = |b: &u8| matches!(b, b',' | b'}' | b']' | b':') || b.is_ascii_whitespace();
            if let Some(skipped) = rest.iter().position(is_end) {
                // A stray `]` or `:` is a value of one byte, or reading would not go on.
                self.at += skipped.max(1);
                return Ok(());
            }
            self.at = self.bytes.len();
            if !self.more()? {
                return Ok(());
            }
        }
    }

    fn need_more(&mut self) -> Result<(), Error> {
        if self.more()? { Ok(()) } else { Err(self.truncated()) }
    }

    /// Reads on; `false` at the end of the file.
    fn more(&mut self) -> Result<bool, Error> {
        if self.has_ended {
            return Ok(false);
        }
        if self.at - self.kept > MAX_VALUE_BYTES {
            let most_mb = MAX_VALUE_BYTES >> 20;
            return Err(Error::hostile(
                format!("有一个值超过 {most_mb} MB"),
                format!("a single value is longer than {most_mb} MB"),
            ));
        }
        self.bytes.drain(..self.kept);
        self.gone += self.kept as u64;
        self.at -= self.kept;
        self.kept = 0;
        let before = self.bytes.len();
        let wanted = CHUNK.max(before);
        let read = self.inner.by_ref().take(wanted as u64).read_to_end(&mut self.bytes);
        let count = read.map_err(explained)?;
        self.has_ended = count == 0;
        Ok(count > 0)
    }

    fn truncated(&self) -> Error {
        let at = self.offset();
        malformed(
            format!("文件不完整，到第 {at} 字节就断了"),
            format!("the file ends at byte {at} inside of a value"),
        )
    }
}

/// The file is no GeoJSON, for this reason.
pub fn malformed(zh: impl Into<String>, en: impl Into<String>) -> Error {
    Error::malformed("GeoJSON", LocalizedText::new(zh, en))
}
