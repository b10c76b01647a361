//! The segment of a packet: keys with values, then the data area.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::GB18030;
use jiff::civil::DateTime;

use super::Note;
use super::data::{self, Factor, Kind, Span};

/// The edition that bits 2–7 of Flag name. Senders get it wrong, so that it is a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    Hj212_2005,
    Hj212_2017,
    Hj212_2025,
}

/// A password: sent back in an answer, shown nowhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Password<'t>(pub(super) &'t str);

impl fmt::Debug for Password<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// One packet, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packet<'t> {
    /// Which request or report it is, `yyyyMMddHHmmssSSS`: one that is sent again keeps it.
    pub qn: Option<&'t str>,
    /// Of which system, as text: a station of fine particles may send that of volatile ones.
    pub st: Option<&'t str>,
    /// What kind of packet, see [`Packet::kind`].
    pub cn: Option<&'t str>,
    /// Which device, in any characters.
    pub mn: Option<&'t str>,
    pub flag: Option<u8>,
    /// Of how many packets it is which one, from 1.
    pub pnum: Option<u32>,
    pub pno: Option<u32>,
    /// Data that come late (RF=1, edition of 2025).
    pub is_late: bool,
    pub(super) password: Option<Password<'t>>,
    /// Other keys of the head.
    pub others: Vec<(&'t str, &'t str)>,
    /// `DataTime` in UTC+8.
    pub data_time: Option<DateTime>,
    /// What stands in the data area beside factors: `BeginTime`, `QnRtn`, ….
    pub parameters: Vec<(&'t str, &'t str)>,
    /// In the order in which they came.
    pub factors: Vec<Factor<'t>>,
    pub notes: Vec<Note>,
}

/// What the data area begins with.
const AREA: &str = "CP=&&";
const ORDER: [&str; 9] = ["QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO", "RF"];

impl<'t> Packet<'t> {
    /// Reads the text of a segment ([`decode`]). Nothing in it is refused: what cannot be read is a
    /// note.
    pub fn read(text: &'t str) -> Self {
        let mut packet = Self::default();
        let (head, area) = match text.split_once(AREA) {
            Some((head, area)) => (head, Some(area)),
            None => (text.trim_end_matches('&'), None),
        };
        packet.read_head(head);
        match area {
            None => packet.notes.push(Note::NoCp),
            Some(area) => {
                let closed = area.strip_suffix("&&");
                if closed.is_none() {
                    packet.notes.push(Note::CpNotClosed);
                }
                data::read(closed.unwrap_or(area), &mut packet);
            }
        }
        packet.note_what_is_odd();
        packet
    }

    fn read_head(&mut self, head: &'t str) {
        let mut last = 0;
        for part in head.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let Some((key, value)) = part.split_once('=') else {
                self.notes.push(Note::NoValue(part.to_owned()));
                continue;
            };
            let key = key.trim();
            let at = ORDER.iter().position(|known| known.eq_ignore_ascii_case(key));
            if let Some(at) = at {
                if at < last && !self.notes.contains(&Note::OtherOrder) {
                    self.notes.push(Note::OtherOrder);
                }
                last = at;
            }
            let some = Some(value).filter(|value| !value.is_empty());
            match at.map(|at| ORDER[at]) {
                Some("QN") => self.qn = some,
                Some("ST") => self.st = some,
                Some("CN") => self.cn = some,
                Some("PW") => self.password = some.map(Password),
                Some("MN") => self.mn = some,
                Some("Flag") => self.read_flag(value),
                Some("PNUM") => self.pnum = value.parse().ok(),
                Some("PNO") => self.pno = value.parse().ok(),
                Some("RF") => self.is_late = value == "1",
                _ if is_secret(key) => {}
                _ => self.others.push((key, value)),
            }
        }
    }

    fn read_flag(&mut self, value: &str) {
        self.flag = value.trim().parse().ok();
        if self.flag.is_none() {
            self.notes.push(Note::FlagUnreadable(value.to_owned()));
        }
    }

    fn note_what_is_odd(&mut self) {
        if self.qn.is_none() {
            self.notes.push(Note::NoQn);
        }
        let has_unreadable_flag =
            self.notes.iter().any(|note| matches!(note, Note::FlagUnreadable(_)));
        if self.flag.is_none() && !has_unreadable_flag {
            self.notes.push(Note::NoFlag);
        }
        let is_split = self.flag.is_some_and(|flag| flag & 2 != 0);
        if self.flag.is_some() && is_split != (self.pnum.is_some() && self.pno.is_some()) {
            self.notes.push(Note::SplitUnclear);
        }
        let mn = self.mn.unwrap_or_default();
        let is_new = mn.len() == 24 && mn.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let may_be_2005 = matches!(self.edition(), None | Some(Edition::Hj212_2005));
        if !(is_new || may_be_2005 && mn.len() == 14) {
            self.notes.push(Note::OddMn);
        }
        let measured = self.factors.iter().filter(|factor| factor.number().is_some()).count();
        if measured > 0 && self.factors.iter().all(|factor| factor.flag().is_none()) {
            self.notes.push(Note::Unflagged);
        }
    }

    /// What Flag says; `None` without one and of an edition that is not known.
    pub fn edition(&self) -> Option<Edition> {
        match self.flag? >> 2 {
            0 => Some(Edition::Hj212_2005),
            1 => Some(Edition::Hj212_2017),
            2 => Some(Edition::Hj212_2025),
            _ => None,
        }
    }

    /// Whether the sender waits for an answer.
    pub fn wants_answer(&self) -> bool {
        self.flag.is_some_and(|flag| flag & 1 != 0)
    }

    /// By which a packet that is sent again is known: MN, QN, CN and PNO. `None` without QN or MN.
    pub fn identity(&self) -> Option<(&str, &str, &str, u32)> {
        Some((self.mn?, self.qn?, self.cn.unwrap_or_default(), self.pno.unwrap_or(1)))
    }

    /// What CN says it is.
    pub fn kind(&self) -> Kind {
        self.cn.map_or(Kind::Other, Kind::of)
    }

    /// The time that its values are of; `None` where `DataTime` is missing or of another kind.
    pub fn span(&self) -> Option<Span> {
        Span::of(self.kind(), self.data_time?)
    }
}

/// The text of a segment: UTF-8, else GB 18030. Lengths and checksums are of the bytes.
pub fn decode(segment: &[u8]) -> (Cow<'_, str>, Option<Note>) {
    if let Ok(text) = std::str::from_utf8(segment) {
        return (Cow::Borrowed(text), None);
    }
    let (text, had_errors) = GB18030.decode_without_bom_handling(segment);
    (text, Some(if had_errors { Note::Undecodable } else { Note::Gb18030 }))
}

/// Keys of what is kept and shown nowhere: in the head, and in the data area of a command.
const SECRETS: [&str; 2] = ["PW", "NewPW"];

pub(super) fn is_secret(key: &str) -> bool {
    SECRETS.iter().any(|secret| secret.eq_ignore_ascii_case(key.trim()))
}

/// A segment with stars for its passwords, of their length: so it may be kept and shown.
pub fn without_password(segment: &[u8]) -> Vec<u8> {
    let mut kept = segment.to_vec();
    let area = segment.windows(AREA.len()).position(|window| window == AREA.as_bytes());
    let (head, area) = kept.split_at_mut(area.unwrap_or(segment.len()));
    hide(head, b";");
    hide(area, b";,&");
    kept
}

fn hide(bytes: &mut [u8], between: &[u8]) {
    for part in bytes.split_mut(|byte| between.contains(byte)) {
        let Some(equals) = part.iter().position(|byte| *byte == b'=') else { continue };
        let (key, value) = part.split_at_mut(equals);
        if std::str::from_utf8(key).is_ok_and(is_secret) {
            value[1..].fill(b'*');
        }
    }
}
