//! The data area: factors with their fields, parameters, and the time they are of.

use jiff::ToSpan as _;
use jiff::civil::DateTime;

use super::packet::is_secret;
use super::{Note, Packet};

/// What a packet reports, by its CN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 2011: an instant.
    RealTime,
    /// 2051.
    Minutes,
    /// 2061.
    Hour,
    /// 2031.
    Day,
    /// 2111: the mean of five minutes of a furnace.
    FiveMinutes,
    /// Anything else, answers among them.
    Other,
}

impl Kind {
    pub(super) fn of(cn: &str) -> Self {
        match cn {
            "2011" => Self::RealTime,
            "2051" => Self::Minutes,
            "2061" => Self::Hour,
            "2031" => Self::Day,
            "2111" => Self::FiveMinutes,
            _ => Self::Other,
        }
    }
}

/// A time in UTC+8, its end not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: DateTime,
    /// `None` of an instant, and of minutes: how many these are the packet does not say.
    pub end: Option<DateTime>,
}

impl Span {
    pub(super) fn of(kind: Kind, start: DateTime) -> Option<Self> {
        let end = match kind {
            Kind::RealTime | Kind::Minutes => None,
            Kind::Hour => Some(start.saturating_add(1.hour())),
            Kind::Day => Some(start.saturating_add(1.day())),
            Kind::FiveMinutes => Some(start.saturating_add(5.minutes())),
            Kind::Other => return None,
        };
        Some(Self { start, end })
    }
}

/// What was measured of one code, any code: unknown ones are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor<'t> {
    pub code: &'t str,
    /// Such as `Rtd`, `Avg`, `ZsAvg`, `Flag`, with their values as they came; the field is empty where
    /// the name had none.
    pub fields: Vec<(&'t str, &'t str)>,
}

impl Factor<'_> {
    /// A field's value as it came.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(field))
            .map(|(_, value)| *value)
    }

    /// The measured value: `Avg`, else `Rtd`, else that of a bare name.
    pub fn number(&self) -> Option<f64> {
        ["Avg", "Rtd", ""].iter().find_map(|field| number(self.get(field)?))
    }

    /// The value converted to the reference content of oxygen.
    pub fn converted(&self) -> Option<f64> {
        ["ZsAvg", "ZsRtd"].iter().find_map(|field| number(self.get(field)?))
    }

    /// The data flag: N normal, F stopped, M maintenance, S set by hand, D fault, C calibration, T over
    /// range, B no link; stations of 2005 send digits.
    pub fn flag(&self) -> Option<&str> {
        self.get("Flag").filter(|flag| !flag.is_empty())
    }
}

/// A decimal number and nothing else: no `NaN`, no `inf`.
fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// Names that have no field by right.
const PARAMETERS: [&str; 18] = [
    "DataTime",
    "SystemTime",
    "BeginTime",
    "EndTime",
    "PolId",
    "QnRtn",
    "ExeRtn",
    "OverTime",
    "ReCount",
    "RtdInterval",
    "MinInterval",
    "RestartTime",
    "VaseNo",
    "Ctime",
    "CstartTime",
    "InfoId",
    "SampleTime",
    "CompleteTime",
];
/// Reads what stands between the two `&&`: parts by `;`, fields of one by `,`.
pub(super) fn read<'t>(area: &'t str, packet: &mut Packet<'t>) {
    if area.ends_with(';') {
        packet.notes.push(Note::TrailingSemicolon);
    }
    for part in area.split([';', ',']).map(str::trim).filter(|part| !part.is_empty()) {
        let Some((name, value)) = part.split_once('=') else {
            packet.notes.push(Note::NoValue(part.to_owned()));
            continue;
        };
        let name = name.trim();
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        if is("DataTime") {
            read_time(value, packet);
        } else if PARAMETERS.iter().any(|known| is(known)) {
            packet.parameters.push((name, value));
        } else if !is_secret(name) {
            read_field(name, value, packet);
        }
    }
}

fn read_field<'t>(name: &'t str, value: &'t str, packet: &mut Packet<'t>) {
    let (code, field) = name.rsplit_once('-').unwrap_or((name, ""));
    if field.is_empty() {
        packet.notes.push(Note::BareName(name.to_owned()));
    }
    // Fields of one factor stand together, so it is the last one most often.
    let at = packet.factors.iter().rposition(|factor| factor.code == code);
    let at = at.unwrap_or_else(|| {
        packet.factors.push(Factor { code, fields: Vec::new() });
        packet.factors.len() - 1
    });
    if packet.factors[at].get(field).is_some() {
        packet.notes.push(Note::Twice(name.to_owned()));
    } else {
        packet.factors[at].fields.push((field, value));
    }
}

const SECONDS: usize = 14;
const MILLISECONDS: usize = 17;

fn read_time<'t>(value: &'t str, packet: &mut Packet<'t>) {
    if packet.data_time.is_some() {
        packet.notes.push(Note::Twice("DataTime".to_owned()));
        return;
    }
    packet.data_time = time(value);
    if packet.data_time.is_none() {
        packet.notes.push(Note::TimeUnreadable(value.to_owned()));
    } else if value.len() == MILLISECONDS {
        packet.notes.push(Note::TimeWithMilliseconds);
    }
}

/// `yyyyMMddHHmmss`, with or without three digits of milliseconds, which are dropped.
fn time(value: &str) -> Option<DateTime> {
    let is_time = [SECONDS, MILLISECONDS].contains(&value.len());
    if !is_time || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let two = |at: usize| value[at..at + 2].parse::<i8>().ok();
    let year = value[..4].parse().ok()?;
    DateTime::new(year, two(4)?, two(6)?, two(8)?, two(10)?, two(12)?, 0).ok()
}
