//! Packets cut out of bytes: of a connection or of a log, with whatever stands between them.

use super::sm4::Key;
use super::{Crc, Note};

/// Bytes of the longest packet that is read. A segment has 1024 at most, encrypted some five times as
/// many.
pub const MAX_FRAME: usize = 8192;

const MARK: &[u8] = b"##";
const LENGTH_DIGITS: usize = 4;
const HEAD: usize = MARK.len() + LENGTH_DIGITS;
const CRC_DIGITS: usize = 4;
/// Before an encrypted data area.
const CIPHER: &[u8] = b"CP=&&{0x";
const AREA: &[u8] = b"CP=&&";
const AREA_END: &[u8] = b"&&";

/// One packet, its segment as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame<'b> {
    pub segment: &'b [u8],
    pub stated_length: usize,
    pub stated_crc: u16,
    pub crc: Crc,
    pub notes: Vec<Note>,
}

impl Frame<'_> {
    /// Whether the data area is encrypted, by SM4 as HJ 212-2025 has it.
    pub fn is_encrypted(&self) -> bool {
        self.crc == Crc::Unchecked
    }
}

/// What some bytes begin with. `noise` are bytes before it that belong to no packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'b> {
    /// A packet, and how many bytes are done with.
    Frame { noise: usize, frame: Frame<'b>, used: usize },
    /// No whole packet: drop the noise, and come again with more bytes after the rest.
    More { noise: usize },
}

/// The first packet. At the end of a log or a connection nothing comes after `bytes`, and a packet
/// without a line end is whole.
pub fn next_frame(bytes: &[u8], is_end: bool) -> Step<'_> {
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], MARK).map(|at| from + at) {
        match frame_at(&bytes[at..], is_end) {
            Cut::Frame { frame, used } => return Step::Frame { noise: at, frame, used: at + used },
            Cut::More => return Step::More { noise: at },
            Cut::Not => from = at + 1,
        }
    }
    // The last byte may be half of a mark.
    let is_half = !is_end && bytes.last() == Some(&b'#');
    Step::More { noise: bytes.len() - usize::from(is_half) }
}

/// A packet around a segment, as HJ 212 has it.
pub fn framed(segment: &[u8]) -> Vec<u8> {
    let mut bytes = format!("##{:04}", segment.len()).into_bytes();
    bytes.extend_from_slice(segment);
    bytes.extend_from_slice(format!("{:04X}\r\n", super::hj_crc(segment)).as_bytes());
    bytes
}

/// The segment of an encrypted packet in plain text, and what its checksum says of it: a wrong key
/// makes a wrong checksum. `None` where the cipher text is not as HJ 212-2025 writes it.
pub fn decrypted(frame: &Frame<'_>, key: &Key) -> Option<(Vec<u8>, Crc)> {
    let start = find(frame.segment, CIPHER)? + AREA.len();
    let (head, area) = frame.segment.split_at(start);
    let close = area.iter().position(|byte| *byte == b'}')?;
    let cipher = area[1..close].split(|byte| *byte == b',').map(|text| {
        let digits = std::str::from_utf8(text.trim_ascii()).ok()?.strip_prefix("0x")?;
        u8::from_str_radix(digits, 16).ok()
    });
    let mut cipher: Vec<u8> = cipher.collect::<Option<_>>()?;
    let (blocks, rest) = cipher.as_chunks_mut::<16>();
    if !rest.is_empty() {
        return None;
    }
    for block in blocks {
        *block = key.decrypt(*block);
    }
    let mut plain = head.to_vec();
    plain.extend_from_slice(&cipher);
    plain.extend_from_slice(&area[close + 1..]);
    let crc = Crc::of(&plain, frame.stated_crc);
    Some((plain, crc))
}

enum Cut<'b> {
    Frame {
        frame: Frame<'b>,
        used: usize,
    },
    /// It may become one.
    More,
    Not,
}

/// Where a segment ends, and where what belongs to its packet does.
#[derive(Clone, Copy)]
struct End {
    segment: usize,
    packet: usize,
    is_line: bool,
}

enum Tail {
    End(End),
    More,
    Not,
}

fn frame_at(bytes: &[u8], is_end: bool) -> Cut<'_> {
    let short = if is_end { Cut::Not } else { Cut::More };
    let digits = &bytes[MARK.len()..bytes.len().min(HEAD)];
    if !digits.iter().all(u8::is_ascii_digit) {
        return Cut::Not;
    }
    let Some(body) = bytes.get(HEAD..) else { return short };
    let stated = digits.iter().fold(0, |length, digit| length * 10 + usize::from(digit - b'0'));
    let body = &body[..body.len().min(MAX_FRAME)];
    let by_length = tail(body, stated, is_end);
    if let Tail::End(end) = by_length
        && Crc::of(&body[..end.segment], stated_crc(body, end)).is_right()
    {
        return cut(body, stated, end);
    }
    // A packet that begins before this one ends: the rest of this one never came.
    let next = (0..body.len()).find(|at| is_head(&body[*at..])).unwrap_or(body.len());
    let ends = (0..next).filter(|at| body[*at..].starts_with(AREA_END));
    for at in ends {
        match tail(body, at + AREA_END.len(), is_end) {
            Tail::End(end) => return cut(body, stated, end),
            Tail::More => return Cut::More,
            Tail::Not => {}
        }
    }
    match by_length {
        Tail::End(end) if end.segment < next => cut(body, stated, end),
        _ if next < body.len() || body.len() == MAX_FRAME => Cut::Not,
        _ => short,
    }
}

fn cut(body: &[u8], stated_length: usize, end: End) -> Cut<'_> {
    let segment = &body[..end.segment];
    let stated = stated_crc(body, end);
    let is_encrypted = find(segment, CIPHER).is_some();
    let crc = if is_encrypted { Crc::Unchecked } else { Crc::of(segment, stated) };
    let mut notes = Vec::new();
    // An encrypted packet states the length of its plain text.
    if !is_encrypted && stated_length != segment.len() {
        notes.push(Note::LengthWrong { stated: stated_length, found: segment.len() });
    }
    if body[end.segment..end.segment + CRC_DIGITS].iter().any(u8::is_ascii_lowercase) {
        notes.push(Note::CrcLowerCase);
    }
    if crc == Crc::Modbus {
        notes.push(Note::CrcModbus);
    }
    if !end.is_line {
        notes.push(Note::NoLineEnd);
    }
    let frame = Frame { segment, stated_length, stated_crc: stated, crc, notes };
    Cut::Frame { frame, used: HEAD + end.packet }
}

/// Whether a checksum and the end of a packet stand behind a segment that would end here.
fn tail(body: &[u8], segment: usize, is_end: bool) -> Tail {
    let there = body.get(segment..).unwrap_or_default();
    let digits = &there[..there.len().min(CRC_DIGITS)];
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return Tail::Not;
    }
    let after = segment + CRC_DIGITS;
    let end = |line_end: usize| {
        Tail::End(End { segment, packet: after + line_end, is_line: line_end > 0 })
    };
    match body.get(after..) {
        None | Some([] | b"\r") if !is_end => Tail::More,
        Some([b'\r', b'\n', ..]) => end(2),
        Some([b'\r' | b'\n', ..]) => end(1),
        // What a log writes behind a packet, or the next packet.
        Some([] | [b'#' | b' ' | b'\t' | b'"' | b'\'' | b'<' | 0, ..]) => end(0),
        None | Some(_) => Tail::Not,
    }
}

fn stated_crc(body: &[u8], end: End) -> u16 {
    body[end.segment..end.segment + CRC_DIGITS].iter().fold(0, |crc, digit| {
        let digit = char::from(*digit).to_digit(16).unwrap_or(0);
        (crc << 4) | digit as u16
    })
}

fn is_head(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK)
        && bytes.get(MARK.len()..HEAD).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
