//! Logs of HJ 212 packets.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use jiff::civil::DateTime;
use jiff::tz::Offset;
use rustc_hash::{FxHashMap, FxHashSet};

use super::raw::{Published, RawReading, RawSink, RawTime, SourceStation};
use super::time::TimeLabel;
use crate::domain::reading::{Factor, FactorValues, Flag, Span};
use crate::domain::{Localized, LocalizedText};
use crate::exchange::formats::hj212::{Crc, Frame, Kind, Packet, Step, decode, next_frame};
use crate::exchange::{Error, Stop};

/// Different things to be said; a log of garbage must not fill the memory.
const MOST_NOTES: usize = 100;
/// Read at a time.
const CHUNK: usize = 1 << 16;

/// What is known of the packets of one log.
#[derive(Default)]
pub struct PacketReader {
    /// Packets that were sent again keep their identity.
    seen: FxHashSet<(String, String, String, u32)>,
    /// Of what is split into several packets, of which only the first says its time: by MN and QN.
    split: FxHashMap<(String, String), DateTime>,
    notes: BTreeMap<String, (LocalizedText, u64)>,
    encrypted: u64,
    repeated: u64,
    others: u64,
}

/// Reads every packet of a file.
pub fn read(path: &Path, sink: &mut dyn RawSink) -> Result<Result<(), Stop>, Error> {
    let mut file = File::open(path)?;
    let mut reader = PacketReader::default();
    let mut waiting: Vec<u8> = Vec::new();
    let mut chunk = vec![0; CHUNK];
    let mut number = 0;
    loop {
        let read = file.read(&mut chunk)?;
        waiting.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let is_last = read == 0;
        let mut used = 0;
        loop {
            let rest = waiting.get(used..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            match next_frame(rest, is_last) {
                Step::Frame { frame, used: of_frame, .. } => {
                    number += 1;
                    if let Err(stop) = reader.frame(&frame, number, sink) {
                        return Ok(Err(stop));
                    }
                    used += of_frame.max(1);
                }
                Step::More { noise } => {
                    used += noise;
                    break;
                }
            }
        }
        waiting.drain(..used.min(waiting.len()));
        if is_last {
            break;
        }
    }
    reader.say(sink);
    Ok(Ok(()))
}

impl PacketReader {
    /// Hands on what one packet measured.
    pub fn frame(
        &mut self,
        frame: &Frame<'_>,
        row: u64,
        sink: &mut dyn RawSink,
    ) -> Result<(), Stop> {
        self.remember(frame.notes.iter().map(Localized::localized));
        if frame.is_encrypted() {
            self.encrypted += 1;
            return Ok(());
        }
        if frame.crc == Crc::Wrong {
            let reason = LocalizedText::new("校验码不符".to_owned(), "wrong checksum".to_owned());
            sink.reject(row, reason);
            return Ok(());
        }
        let (text, note) = decode(frame.segment);
        self.remember(note.iter().map(Localized::localized));
        let packet = Packet::read(&text);
        self.remember(packet.notes.iter().map(Localized::localized));
        if let Some((mn, qn, cn, pno)) = packet.identity()
            && !self.seen.insert((mn.to_owned(), qn.to_owned(), cn.to_owned(), pno))
        {
            self.repeated += 1;
            return Ok(());
        }
        let span = match packet.kind() {
            Kind::RealTime => Some(Span::Instant),
            // How many these are the packet does not say: its label is one as of a table.
            Kind::Minutes => None,
            Kind::Hour => Some(Span::Hour),
            Kind::Day => Some(Span::Day),
            Kind::FiveMinutes => Some(Span::Minute5),
            Kind::Other => {
                self.others += 1;
                return Ok(());
            }
        };
        let start = self.time(&packet).and_then(|at| Offset::constant(8).to_timestamp(at).ok());
        let (Some(start), Some(mn)) = (start, packet.mn) else {
            let reason = LocalizedText::new(
                "没有 DataTime 或 MN".to_owned(),
                "no DataTime or no MN".to_owned(),
            );
            sink.reject(row, reason);
            return Ok(());
        };
        let values = values(&packet);
        if values.is_empty() {
            return Ok(());
        }
        let station = sink.station(&SourceStation { code: mn.to_owned(), ..Default::default() });
        let at = Offset::constant(8).to_datetime(start);
        let label = RawTime::Label(TimeLabel { at, is_date: false });
        let time = span.map_or(label, |span| RawTime::Exact { start, span });
        let published = Published::default();
        sink.reading(&RawReading { row, station, time, values: &values, published })
    }

    /// When it is of: as it says, or as the first part of it said.
    fn time(&mut self, packet: &Packet<'_>) -> Option<DateTime> {
        const MOST: usize = 4096;
        let part = packet.pnum.filter(|parts| *parts > 1).and(packet.mn).zip(packet.qn);
        let Some((mn, qn)) = part else { return packet.data_time };
        let key = (mn.to_owned(), qn.to_owned());
        if let Some(at) = packet.data_time {
            if self.split.len() >= MOST {
                self.split.clear();
            }
            self.split.insert(key, at);
            return Some(at);
        }
        self.split.get(&key).copied()
    }

    fn remember(&mut self, notes: impl Iterator<Item = LocalizedText>) {
        for note in notes {
            if self.notes.len() >= MOST_NOTES && !self.notes.contains_key(&note.en) {
                continue;
            }
            self.notes.entry(note.en.clone()).or_insert((note, 0)).1 += 1;
        }
    }

    /// Says what was odd, each once, with how often.
    pub fn say(&mut self, sink: &mut dyn RawSink) {
        for (note, count) in std::mem::take(&mut self.notes).into_values() {
            sink.note(LocalizedText::new(
                format!("{}（{count} 个报文）", note.zh),
                format!("{} ({count} packets)", note.en),
            ));
        }
        let counts = [
            (self.encrypted, "个报文加密（SM4），未读取", "packets are encrypted and not read"),
            (self.repeated, "个报文为重发，只取一次", "packets were sent again and count once"),
            (self.others, "个报文不是数据", "packets are no data"),
        ];
        for (count, zh, en) in counts.into_iter().filter(|(count, ..)| *count > 0) {
            sink.note(LocalizedText::new(format!("{count} {zh}"), format!("{count} {en}")));
        }
    }
}

fn values(packet: &Packet<'_>) -> FactorValues {
    let mut values = FactorValues::default();
    for of in &packet.factors {
        let factor = Factor::named(of.code);
        if let Some(value) = of.number() {
            values.set(&factor, value);
        }
        if let Some(flag) = of.flag() {
            values.flag(&factor, Flag::new(flag));
        }
        // A value of its own.
        if let Some(value) = of.converted() {
            values.set(&Factor::Other(format!("{}-Zs", of.code).into()), value);
        }
    }
    values
}
