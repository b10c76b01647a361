//! `--where FIELD=VALUE`: which records to take.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::domain::{Field, Kind, Record, RecordId, Value, ValueError, World};

/// Conditions that must all hold. A kind that lacks a field has no records that pass.
#[derive(Debug)]
pub struct WhereFilter {
    conditions: Vec<Condition>,
}

#[derive(Debug)]
struct Condition {
    tests: Vec<(Kind, Test)>,
}

/// What a record of one kind must have; `None` for a field that must not be set.
#[derive(Debug)]
enum Test {
    Id(String),
    Field(u8, Option<Value>),
    Extra(String, String),
    /// The value is none that this kind's field could have.
    Never,
}

/// Why a `--where` cannot be understood.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum FilterError {
    #[error("`{0}` is not of the form FIELD=VALUE")]
    NoEquals(String),
    #[error("there is no field `{field}`; the fields are {known}")]
    UnknownField { field: String, known: String },
    #[error("`{value}` cannot be a value of `{field}`: {reason}")]
    ImpossibleValue { field: String, value: String, reason: ValueError },
}

impl WhereFilter {
    /// From `FIELD=VALUE`, each by key or Chinese name. A field that no kind has may be an extra
    /// attribute of a record of `world`.
    pub fn of(texts: &[String], kinds: &[Kind], world: &World) -> Result<Self, FilterError> {
        let conditions = texts.iter().map(|text| Condition::of(text, kinds, world));
        Ok(Self { conditions: conditions.collect::<Result<_, _>>()? })
    }

    /// Whether records of the kind can pass at all.
    pub fn knows(&self, kind: Kind) -> bool {
        self.conditions.iter().all(|condition| condition.test(kind).is_some())
    }

    /// Whether a record passes all conditions.
    pub fn keeps(&self, record: &Record) -> bool {
        self.conditions
            .iter()
            .all(|condition| condition.test(record.kind).is_some_and(|test| test.holds_for(record)))
    }
}

impl Condition {
    fn of(given: &str, kinds: &[Kind], world: &World) -> Result<Self, FilterError> {
        let (field, value) =
            given.split_once('=').ok_or_else(|| FilterError::NoEquals(given.to_owned()))?;
        let (field, value) = (field.trim(), value.trim());
        let (mut tests, mut reason) = (Vec::new(), None);
        for kind in kinds {
            match Test::of(*kind, field, value, world) {
                Some(Ok(test)) => tests.push((*kind, test)),
                Some(Err(why)) => {
                    tests.push((*kind, Test::Never));
                    reason = Some(why);
                }
                None => {}
            }
        }
        let owned = |text: &str| text.to_owned();
        match reason {
            _ if tests.is_empty() => {
                let known = known_fields(kinds, world);
                Err(FilterError::UnknownField { field: owned(field), known })
            }
            Some(reason) if tests.iter().all(|(_, test)| matches!(test, Test::Never)) => {
                let (field, value) = (owned(field), owned(value));
                Err(FilterError::ImpossibleValue { field, value, reason })
            }
            _ => Ok(Self { tests }),
        }
    }

    fn test(&self, kind: Kind) -> Option<&Test> {
        self.tests.iter().find(|(of, _)| *of == kind).map(|(_, test)| test)
    }
}

impl Test {
    /// `None` where the kind has no such field and no record of it such an attribute.
    fn of(kind: Kind, field: &str, value: &str, world: &World) -> Option<Result<Self, ValueError>> {
        if field == "id" {
            return Some(Ok(Self::Id(value.to_owned())));
        }
        if let Some((index, field)) = named(kind, field) {
            return Some(Value::parse(field, value).map(|value| Self::Field(index, value)));
        }
        let has_extra =
            |record: &Record| record.extra.as_ref().is_some_and(|extra| extra.contains_key(field));
        let is_known = world.table(kind).iter().any(|record| has_extra(record));
        is_known.then(|| Ok(Self::Extra(field.to_owned(), value.to_owned())))
    }

    fn holds_for(&self, record: &Record) -> bool {
        match self {
            Self::Id(id) => id.parse() == Ok::<RecordId, uuid::Error>(record.id),
            Self::Field(index, wanted) => match (record.fields.get(*index), wanted) {
                (None, None) => true,
                (Some(value), Some(wanted)) => has(value, wanted),
                _ => false,
            },
            Self::Extra(name, wanted) => {
                let value = record.extra.as_ref().and_then(|extra| extra.get(name));
                value.map_or(wanted.is_empty(), |value| is_written(value, wanted))
            }
            Self::Never => false,
        }
    }
}

/// A field by key, else by Chinese or English label, else by a spelling that offices use.
fn named(kind: Kind, name: &str) -> Option<(u8, &'static Field)> {
    let find =
        |is_it: &dyn Fn(&Field) -> bool| (0..).zip(kind.fields()).find(|(_, field)| is_it(field));
    find(&|field| field.key == name)
        .or_else(|| find(&|field| field.label.zh == name))
        .or_else(|| find(&|field| field.label.en.eq_ignore_ascii_case(name)))
        .or_else(|| find(&|field| field.also.contains(&name)))
}

/// Equal, or a list with all that is wanted in it.
fn has(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Words(words), Value::Words(wanted)) => {
            wanted.iter().all(|wanted| words.contains(wanted))
        }
        (Value::Reals(numbers), Value::Reals(wanted)) => {
            wanted.iter().all(|wanted| numbers.contains(wanted))
        }
        _ => value == wanted,
    }
}

fn is_written(value: &Json, wanted: &str) -> bool {
    match value {
        Json::Null => wanted.is_empty(),
        Json::String(text) => text.trim() == wanted,
        Json::Number(number) => {
            number.to_string() == wanted
                || wanted.parse().is_ok_and(|w: f64| number.as_f64() == Some(w))
        }
        Json::Bool(truth) => truth.to_string() == wanted,
        Json::Array(members) => members.iter().any(|member| is_written(member, wanted)),
        Json::Object(_) => wanted.parse().is_ok_and(|wanted: Json| wanted == *value),
    }
}

fn known_fields(kinds: &[Kind], world: &World) -> String {
    let mut known = vec!["id"];
    for field in kinds.iter().flat_map(|kind| kind.fields()) {
        if !known.contains(&field.key) {
            known.push(field.key);
        }
    }
    let extras: BTreeSet<&str> = kinds
        .iter()
        .flat_map(|kind| world.table(*kind).iter())
        .filter_map(|record| record.extra.as_ref())
        .flat_map(|extra| extra.keys().map(String::as_str))
        .collect();
    known.into_iter().chain(extras).collect::<Vec<_>>().join(", ")
}
