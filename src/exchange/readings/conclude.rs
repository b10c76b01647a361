//! What the values say of the labels, units and columns of their file, and what is concluded.

use geo_types::Coord;
use jiff::Timestamp;
use jiff::civil::DateTime;
use rustc_hash::FxHashMap;

use super::FileKind;
use super::raw::{RawReading, RawTime, SourceStation};
use super::time::TimeLabel;
use crate::domain::reading::{Clock, Factor, LabelEnd, LabelRule, Span};
use crate::domain::{Localized as _, LocalizedText};
use crate::exchange::meaning::clues::{
    CoUnit, CoordinateClue, HourLabel, LabelClue, Order, PressureUnit, RunningClue, UnitClue, Zone,
};

/// What a person says of a file, against what is concluded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Overrules {
    pub label: Option<LabelRule>,
    pub span: Option<Span>,
    /// Whether what is called O3 is the running maximum, and the other way round.
    pub ozone_is_swapped: Option<bool>,
    pub co_in_micrograms: Option<bool>,
    pub pressure_in_kilopascals: Option<bool>,
    /// Whether latitude and longitude of its stations are the other way round.
    pub coordinates_are_swapped: Option<bool>,
}

/// How the values of a file are taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    pub label: LabelRule,
    /// Of what has a label.
    pub span: Span,
    pub ozone_is_swapped: bool,
    pub co_in_micrograms: bool,
    pub pressure_in_kilopascals: bool,
}

/// One conclusion: what, and the numbers that it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `label`, `span`, `ozone`, `co`, `pressure`, `coordinates`.
    pub about: &'static str,
    pub conclusion: LocalizedText,
    pub proof: LocalizedText,
    /// A person said otherwise, and so it is done.
    pub is_overruled: bool,
}

/// Hours of a station, to see what its published means are made of.
#[derive(Default)]
struct Past {
    hours: Vec<f64>,
    last: Option<DateTime>,
    o3: f64,
    ozone_maximum: f64,
    ozone_eight_hours: f64,
}

/// Looks at every reading of a file.
#[derive(Default)]
pub struct Evidence {
    label: LabelClue,
    hourly: RunningClue,
    running: RunningClue,
    co: UnitClue,
    pressure: UnitClue,
    /// Seconds between labels of a station, and how often.
    steps: FxHashMap<i64, u64>,
    past: FxHashMap<usize, Past>,
    /// Every label is a midnight; and names a day alone, without a time.
    midnights_only: bool,
    days_only: bool,
    labels: u64,
}

const HOUR_S: i64 = 3600;
const DAY: usize = 24;

impl Evidence {
    pub fn new() -> Self {
        Self { midnights_only: true, days_only: true, ..Self::default() }
    }

    /// Takes the readings in the order of the file.
    pub fn add(&mut self, reading: &RawReading<'_>) {
        let values = reading.values;
        if let Some(value) = values.get(&Factor::Co) {
            self.co.co(value);
        }
        if let Some(value) = values.get(&Factor::Pressure) {
            self.pressure.pressure(value);
        }
        let RawTime::Label(TimeLabel { at, is_date }) = reading.time else { return };
        self.labels += 1;
        self.midnights_only &= at.time() == jiff::civil::Time::midnight();
        self.days_only &= is_date;
        let label = usize::from(at.hour().unsigned_abs());
        let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
        let o3 = number(values.get(&Factor::O3));
        if o3.is_finite() {
            self.label.ozone(label, o3);
        }
        let past = self.past.entry(reading.station).or_default();
        let step = past.last.map(|last| at.duration_since(last).as_secs());
        if let Some(step) = step.filter(|step| *step > 0) {
            *self.steps.entry(step).or_default() += 1;
        }
        let published = reading.published;
        if step == Some(HOUR_S) {
            self.hourly.add(past.o3, o3);
            self.running.add(past.ozone_maximum, published.ozone_maximum);
            if past.ozone_eight_hours.is_finite() && published.ozone_eight_hours.is_finite() {
                self.label.running(label, past.ozone_eight_hours, published.ozone_eight_hours);
            }
        } else {
            past.hours.clear();
        }
        past.hours.push(number(values.get(&Factor::Pm25)));
        if past.hours.len() > DAY + 1 {
            past.hours.remove(0);
        }
        if let (Ok(hours), true) =
            (<&[f64; DAY + 1]>::try_from(&past.hours[..]), published.pm25_day.is_finite())
        {
            self.label.mean(hours, published.pm25_day);
        }
        (past.last, past.o3) = (Some(at), o3);
        (past.ozone_maximum, past.ozone_eight_hours) =
            (published.ozone_maximum, published.ozone_eight_hours);
    }

    /// What is concluded: what a person says, else what the values show, else what is usual (`usual`).
    pub fn conclude(
        &self,
        (usual, usual_span): (LabelRule, Span),
        said: Overrules,
    ) -> (Reading, Vec<Finding>) {
        let mut findings = Vec::new();
        let span = self.span(usual_span, said, &mut findings);
        // A date is the day, which begins with it.
        let usual =
            if span == Span::Day { LabelRule { end: LabelEnd::Start, ..usual } } else { usual };
        let label = self.label(usual, span, said, &mut findings);
        let ozone_is_swapped = self.ozone(said, &mut findings);
        let co_in_micrograms = unit(
            "co",
            &self.co,
            self.co.co_unit().map(|unit| unit == CoUnit::MicrogramsPerM3),
            said.co_in_micrograms,
            [
                ("CO 以 mg/m³ 计", "CO is in mg/m³"),
                ("CO 以 µg/m³ 计，已换算", "CO is in µg/m³ and converted"),
            ],
            &mut findings,
        );
        let pressure_in_kilopascals = unit(
            "pressure",
            &self.pressure,
            self.pressure.pressure_unit().map(|unit| unit == PressureUnit::Kilopascals),
            said.pressure_in_kilopascals,
            [
                ("气压以 hPa 计", "pressure is in hPa"),
                ("气压以 kPa 计，已换算", "pressure is in kPa and converted"),
            ],
            &mut findings,
        );
        let reading =
            Reading { label, span, ozone_is_swapped, co_in_micrograms, pressure_in_kilopascals };
        (reading, findings)
    }

    fn label(
        &self,
        usual: LabelRule,
        span: Span,
        said: Overrules,
        findings: &mut Vec<Finding>,
    ) -> LabelRule {
        if self.labels == 0 {
            return usual;
        }
        let shown = self.label.verdict().map(|stamp| LabelRule {
            end: if stamp.label == HourLabel::Start { LabelEnd::Start } else { LabelEnd::End },
            clock: if stamp.zone == Zone::Utc { Clock::Utc } else { Clock::Utc8 },
        });
        let shown = shown.filter(|_| span == Span::Hour);
        let concluded = shown.unwrap_or(usual);
        let rule = said.label.unwrap_or(concluded);
        let words = rule.words();
        let why = if said.label.is_some() {
            ("（人工指定）", " (said by a person)")
        } else if shown.is_some() {
            ("", "")
        } else {
            ("（数据不足以判断，按惯例）", " (too little to tell: the usual rule)")
        };
        let proof = self.label.localized();
        findings.push(Finding {
            about: "label",
            conclusion: LocalizedText::new(
                format!("时间标签为{}{}", words.zh, why.0),
                format!("labels are the {}{}", words.en, why.1),
            ),
            proof,
            is_overruled: said.label.is_some_and(|rule| rule != concluded),
        });
        rule
    }

    fn span(&self, usual_span: Span, said: Overrules, findings: &mut Vec<Finding>) -> Span {
        if self.labels == 0 {
            return said.span.unwrap_or(usual_span);
        }
        let usual = self.steps.iter().max_by_key(|(step, count)| (**count, -**step));
        let all: u64 = self.steps.values().sum();
        let concluded = match usual {
            // One midnight alone, with its time written, is an hour as any other.
            Some((step, _)) if self.midnights_only && step % 86_400 == 0 => Span::Day,
            None if self.days_only => Span::Day,
            // A step that no span has is that of an instrument which reports now and then.
            Some((step, count)) if count * 2 > all => {
                Span::of_seconds(*step).unwrap_or(Span::Instant)
            }
            Some(_) => Span::Instant,
            None => usual_span,
        };
        let span = said.span.unwrap_or(concluded);
        let label = span.label();
        let proof = match usual {
            Some((step, count)) => LocalizedText::new(
                format!("同站相邻标签 {all} 对，其中 {count} 对相隔 {} 分钟", step / 60),
                format!(
                    "of {all} pairs of labels of a station {count} are {} min apart",
                    step / 60
                ),
            ),
            None => {
                LocalizedText::new("每站只有一个标签".to_owned(), "one label a station".to_owned())
            }
        };
        findings.push(Finding {
            about: "span",
            conclusion: LocalizedText::new(
                format!("数据时段为{}", label.zh),
                format!("values are of: {}", label.en),
            ),
            proof,
            is_overruled: said.span.is_some_and(|span| span != concluded),
        });
        span
    }

    fn ozone(&self, said: Overrules, findings: &mut Vec<Finding>) -> bool {
        let concluded = RunningClue::are_swapped(&self.hourly, &self.running);
        let swapped = said.ozone_is_swapped.unwrap_or(concluded);
        if self.hourly.pairs == 0 && self.running.pairs == 0 && said.ozone_is_swapped.is_none() {
            return false;
        }
        let (hourly, running) = (self.hourly.localized(), self.running.localized());
        let (zh, en) = if swapped {
            (
                "O3 与其 24 小时最大值两列对调，已换回",
                "O3 and its running maximum are swapped and put right",
            )
        } else {
            ("O3 为小时值", "O3 is hourly")
        };
        findings.push(Finding {
            about: "ozone",
            conclusion: LocalizedText::new(zh.to_owned(), en.to_owned()),
            proof: LocalizedText::new(
                format!("O3：{}；O3_24h：{}", hourly.zh, running.zh),
                format!("O3: {}; O3_24h: {}", hourly.en, running.en),
            ),
            is_overruled: said.ozone_is_swapped.is_some_and(|said| said != concluded),
        });
        swapped
    }
}

/// Exchanges latitude and longitude of stations where they lie in China only so, or where a person says
/// so; what is concluded.
pub fn put_coordinates_right(
    stations: &mut [SourceStation],
    said: Option<bool>,
) -> Option<Finding> {
    let mut clue = CoordinateClue::default();
    for place in stations.iter().filter_map(|station| station.place) {
        clue.add(place.y, place.x);
    }
    let concluded = clue.verdict() == Some(Order::Swapped);
    let are_swapped = said.unwrap_or(concluded);
    if !are_swapped && !concluded {
        return None;
    }
    let (zh, en) = if are_swapped {
        for place in stations.iter_mut().filter_map(|station| station.place.as_mut()) {
            *place = Coord { x: place.y, y: place.x };
        }
        (
            "站点经纬度写反，已换回",
            "latitude and longitude of the stations are swapped and put right",
        )
    } else {
        ("站点经纬度照文件取用", "latitude and longitude of the stations are taken as they stand")
    };
    Some(Finding {
        about: "coordinates",
        conclusion: LocalizedText::new(zh.to_owned(), en.to_owned()),
        proof: clue.localized(),
        is_overruled: are_swapped != concluded,
    })
}

fn unit(
    about: &'static str,
    clue: &UnitClue,
    shown: Option<bool>,
    said: Option<bool>,
    words: [(&str, &str); 2],
    findings: &mut Vec<Finding>,
) -> bool {
    let concluded = shown.unwrap_or(false);
    let is_other = said.unwrap_or(concluded);
    if clue.values == 0 {
        return is_other;
    }
    let (zh, en) = words[usize::from(is_other)];
    findings.push(Finding {
        about,
        conclusion: LocalizedText::new(zh.to_owned(), en.to_owned()),
        proof: clue.localized(),
        is_overruled: said.is_some_and(|said| said != concluded),
    });
    is_other
}

/// What is usual of the labels of a kind of file.
pub const fn usual(kind: FileKind) -> (LabelRule, Span) {
    let (end, span) = match kind {
        // Packets say of minutes alone not how many they are.
        FileKind::Hj212 => (LabelEnd::Start, Span::Minute10),
        _ => (LabelEnd::End, Span::Hour),
    };
    (LabelRule { end, clock: Clock::Utc8 }, span)
}

/// Of a file with concentrations below 0: how many, and the row of the first.
pub fn below_zero(count: u64, row: u64) -> LocalizedText {
    LocalizedText::new(
        format!("{count} 个浓度为负（首见第 {row} 行），照存，不计入均值"),
        format!("{count} concentrations are below 0 (first in row {row}): kept, and in no mean"),
    )
}

/// Of a file whose last moment has not been yet.
pub fn still_to_come(last: Timestamp) -> LocalizedText {
    let last = jiff::tz::Offset::constant(8).to_datetime(last).strftime("%Y-%m-%d %H:%M");
    LocalizedText::new(
        format!("最晚到 {last} 北京时间，还没有到：请核对时间列、时区，或文件本身"),
        format!("it goes to {last} UTC+8, which is still to come: check times, zone and file"),
    )
}
