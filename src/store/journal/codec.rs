//! Changes ↔ bytes: the parts of `shapan_change`.
//!
//! A part is one byte of version and an LZ4 block (with its size before it) of records one after
//! the other. A record names its fields by key, so a part stays readable when fields are added:
//!
//! ```text
//! part    = version:1  lz4(change*)
//! change  = side side                         before, after
//! side    = 0 | 1 record
//! record  = kind:text id:16 geometry:bytes n:varint (key:text value)* extra:bytes meta
//! value   = tag:1 payload
//! meta    = created_at:i64 ms, created_by:text, changed_at:i64 ms, changed_by:text, 0 | 1 file:text row:varint
//! text    = bytes = length:varint, that many bytes; all numbers little-endian
//! ```

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::codec::{self, NoVarint, put_varint};
use crate::domain::{
    Change, Field, FieldType, Fields, Kind, Meta, Record, RecordId, SourceRow, Value,
};
use crate::geodesy::wkb;

const VERSION: u8 = 1;

/// No part that we write comes near it; one that says it does is damaged.
const LARGEST_PART: usize = 256 << 20;

/// Packs changes, so that writing a part costs one pass.
#[derive(Default)]
pub struct Encoder {
    plain: Vec<u8>,
    changes: usize,
}

impl Encoder {
    /// Adds a change behind the others.
    pub fn push(&mut self, change: &Change) {
        for side in [&change.before, &change.after] {
            match side {
                None => self.plain.push(0),
                Some(record) => {
                    self.plain.push(1);
                    put_record(&mut self.plain, record);
                }
            }
        }
        self.changes += 1;
    }

    /// Whether no change was put in.
    pub fn is_empty(&self) -> bool {
        self.changes == 0
    }

    /// Bytes so far, before packing.
    pub fn len(&self) -> usize {
        self.plain.len()
    }

    /// The part; the encoder is empty again.
    pub fn finish(&mut self) -> Vec<u8> {
        let mut part = vec![VERSION];
        part.extend(lz4_flex::compress_prepend_size(&self.plain));
        self.plain.clear();
        self.changes = 0;
        part
    }
}

/// The same bytes for equal records: what a digest is made of.
pub fn record_bytes(record: &Record) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    put_record(&mut out, record);
    out
}

/// The changes of a part, in their order; an error says what is wrong with its bytes.
pub fn decode(part: &[u8]) -> Result<Vec<Change>, String> {
    let (version, packed) = part.split_first().ok_or("the part is empty")?;
    if *version != VERSION {
        return Err(format!("the part is of version {version}"));
    }
    let size = packed.first_chunk::<4>().map_or(0, |size| u32::from_le_bytes(*size) as usize);
    if size > LARGEST_PART {
        return Err(format!("the part claims {size} bytes"));
    }
    let plain = lz4_flex::decompress_size_prepended(packed).map_err(|error| error.to_string())?;
    let mut input = PartReader { bytes: &plain };
    let mut changes = Vec::new();
    while !input.bytes.is_empty() {
        let before = input.side()?;
        changes.push(Change { before, after: input.side()? });
    }
    Ok(changes)
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_record(out: &mut Vec<u8>, record: &Record) {
    put_bytes(out, record.kind.key().as_bytes());
    out.extend_from_slice(record.id.0.as_bytes());
    match &record.geometry {
        Some(geometry) => put_bytes(out, &wkb::to_wkb(geometry)),
        None => out.push(0),
    }
    put_varint(out, record.fields.iter().count() as u64);
    for (field, value) in record.values() {
        put_bytes(out, field.key.as_bytes());
        put_value(out, value);
    }
    match &record.extra {
        // A map of JSON values is always JSON.
        Some(extra) => put_bytes(out, &serde_json::to_vec(&**extra).unwrap_or_default()),
        None => out.push(0),
    }
    let meta = &record.meta;
    out.extend_from_slice(&meta.created_at.as_millisecond().to_le_bytes());
    put_bytes(out, meta.created_by.as_bytes());
    out.extend_from_slice(&meta.changed_at.as_millisecond().to_le_bytes());
    put_bytes(out, meta.changed_by.as_bytes());
    match &meta.source {
        Some(source) => {
            out.push(1);
            put_bytes(out, source.file.as_bytes());
            put_varint(out, source.row);
        }
        None => out.push(0),
    }
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Text(text) => tagged(out, b't', text.as_bytes()),
        Value::Choice(key) => tagged(out, b'c', key.as_bytes()),
        Value::Integer(number) => plain(out, b'i', &number.to_le_bytes()),
        Value::Real(number) => plain(out, b'r', &number.to_le_bytes()),
        Value::Boolean(truth) => plain(out, b'b', &[u8::from(*truth)]),
        Value::Date(date) => tagged(out, b'd', date.to_string().as_bytes()),
        Value::Words(words) => {
            plain(out, b'w', &[]);
            put_varint(out, words.len() as u64);
            words.iter().for_each(|word| put_bytes(out, word.as_bytes()));
        }
        Value::Reals(numbers) => {
            plain(out, b'n', &[]);
            put_varint(out, numbers.len() as u64);
            numbers.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
        }
    }
}

fn tagged(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    out.push(tag);
    put_bytes(out, bytes);
}

fn plain(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    out.push(tag);
    out.extend_from_slice(bytes);
}

struct PartReader<'a> {
    bytes: &'a [u8],
}

impl<'a> PartReader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (head, rest) = self.bytes.split_at_checked(count).ok_or("the part ends early")?;
        self.bytes = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (head, rest) = self.bytes.split_first_chunk::<N>().ok_or("the part ends early")?;
        self.bytes = rest;
        Ok(*head)
    }

    fn byte(&mut self) -> Result<u8, String> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn varint(&mut self) -> Result<u64, String> {
        codec::varint(&mut self.bytes).map_err(|no| match no {
            NoVarint::Truncated => "the part ends early".to_owned(),
            NoVarint::TooLong => "a number is too long".to_owned(),
        })
    }

    fn bytes(&mut self) -> Result<&'a [u8], String> {
        let count = usize::try_from(self.varint()?).map_err(|error| error.to_string())?;
        self.take(count)
    }

    fn text(&mut self) -> Result<&'a str, String> {
        std::str::from_utf8(self.bytes()?).map_err(|error| error.to_string())
    }

    /// A count of members of at least one byte each.
    fn count(&mut self) -> Result<usize, String> {
        let count = usize::try_from(self.varint()?).map_err(|error| error.to_string())?;
        if count > self.bytes.len() { Err("the part ends early".to_owned()) } else { Ok(count) }
    }

    fn side(&mut self) -> Result<Option<Arc<Record>>, String> {
        match self.byte()? {
            0 => Ok(None),
            _ => self.record().map(Arc::new).map(Some),
        }
    }

    fn record(&mut self) -> Result<Record, String> {
        let kind: Kind =
            self.text()?.parse().map_err(|error: crate::domain::UnknownKind| error.to_string())?;
        let id = RecordId(Uuid::from_bytes(self.array::<16>()?));
        let geometry = match self.bytes()? {
            [] => None,
            // Parts of older programs hold geometry as it was handed in.
            bytes => {
                wkb::from_wkb(bytes).map_err(|error| error.to_string())?.and_then(wkb::settled)
            }
        };
        let mut fields = Fields::default();
        for _ in 0..self.count()? {
            let key = self.text()?;
            let index = kind.index_of(key).ok_or_else(|| format!("{kind} has no field {key}"))?;
            let field = kind.field(key).ok_or_else(|| format!("{kind} has no field {key}"))?;
            fields.set(index, Some(self.value(field)?));
        }
        let extra = match self.bytes()? {
            [] => None,
            bytes => Some(Arc::new(serde_json::from_slice(bytes).map_err(|e| e.to_string())?)),
        };
        Ok(Record { id, kind, geometry, fields, extra, meta: self.meta()? })
    }

    fn value(&mut self, field: &'static Field) -> Result<Value, String> {
        Ok(match self.byte()? {
            b't' => Value::text(self.text()?),
            b'c' => choice(field, self.text()?),
            b'i' => Value::Integer(i64::from_le_bytes(self.array()?)),
            b'r' => Value::Real(f64::from_le_bytes(self.array()?)),
            b'b' => Value::Boolean(self.byte()? != 0),
            b'd' => Value::Date(self.text()?.parse::<Date>().map_err(|error| error.to_string())?),
            b'w' => {
                let count = self.count()?;
                let words = (0..count).map(|_| self.text().map(Arc::from));
                Value::Words(words.collect::<Result<_, String>>()?)
            }
            b'n' => {
                let count = self.count()?;
                let numbers = (0..count).map(|_| self.array().map(f64::from_le_bytes));
                Value::Reals(numbers.collect::<Result<_, String>>()?)
            }
            tag => return Err(format!("a value has the unknown tag {tag}")),
        })
    }

    fn instant(&mut self) -> Result<Timestamp, String> {
        Timestamp::from_millisecond(i64::from_le_bytes(self.array()?)).map_err(|e| e.to_string())
    }

    fn meta(&mut self) -> Result<Meta, String> {
        Ok(Meta {
            created_at: self.instant()?,
            created_by: self.text()?.into(),
            changed_at: self.instant()?,
            changed_by: self.text()?.into(),
            source: match self.byte()? {
                0 => None,
                _ => Some(SourceRow { file: self.text()?.into(), row: self.varint()? }),
            },
        })
    }
}

/// A choice that the table of fields no longer knows stays readable as text.
fn choice(field: &'static Field, key: &str) -> Value {
    let FieldType::Choice(choices) = field.ty else { return Value::text(key) };
    let known = choices.iter().find(|choice| choice.key == key);
    known.map_or_else(|| Value::text(key), |choice| Value::Choice(choice.key))
}
