//! A row of `shapan_reading` ↔ [`FactorValues`].

use rusqlite::types::ValueRef;
use rusqlite::{Row, Statement};
use serde_json::{Map, Value as Json};

use crate::domain::reading::{COLUMNS, Factor, FactorValues, Flag};
use crate::store::Error;

/// Every column, in the order of the table.
pub(super) fn columns() -> String {
    columns_of(&Factor::COLUMNS)
}

/// The columns of these factors, which must have some, and those of all others and of the marks.
pub(super) fn columns_of(factors: &[Factor]) -> String {
    let factors = factors.iter().map(Factor::key);
    let all: Vec<&str> =
        ["fid", "delivery"].into_iter().chain(factors).chain(["others", "flags"]).collect();
    all.join(", ")
}

/// Where the factors begin among [`columns`].
const FIRST: usize = 2;

/// Binds `fid`, `delivery` and the rest to places 1 and on of an insertion.
pub(super) fn bind(
    statement: &mut Statement<'_>,
    fid: i64,
    delivery: i64,
    values: &FactorValues,
) -> Result<(), Error> {
    statement.clear_bindings();
    statement.raw_bind_parameter(1, fid)?;
    statement.raw_bind_parameter(2, delivery)?;
    for (place, value) in (FIRST + 1..).zip(values.columns()) {
        if !value.is_nan() {
            statement.raw_bind_parameter(place, value)?;
        }
    }
    if !values.others().is_empty() {
        let others: Map<String, Json> = values
            .others()
            .iter()
            .map(|(factor, value)| (factor.key().to_owned(), (*value).into()))
            .collect();
        statement.raw_bind_parameter(FIRST + COLUMNS + 1, Json::Object(others).to_string())?;
    }
    if !values.flags().is_empty() {
        let flags: Map<String, Json> = values
            .flags()
            .iter()
            .map(|(factor, flag)| (factor.key().to_owned(), flag.as_str().into()))
            .collect();
        statement.raw_bind_parameter(FIRST + COLUMNS + 2, Json::Object(flags).to_string())?;
    }
    Ok(())
}

/// Lays the row over what is there already: the values of a later version over those of an earlier.
/// Columns are those of [`columns`].
pub(super) fn lay(row: &Row<'_>, over: &mut FactorValues) -> rusqlite::Result<()> {
    lay_of(row, &Factor::COLUMNS, over)
}

/// As [`lay`], where the columns are those of [`columns_of`] these factors.
pub(super) fn lay_of(
    row: &Row<'_>,
    factors: &[Factor],
    over: &mut FactorValues,
) -> rusqlite::Result<()> {
    let after = FIRST + factors.len();
    let (others, flags) = (row.get_ref(after)?, row.get_ref(after + 1)?);
    let is_plain = matches!((others, flags), (ValueRef::Null, ValueRef::Null));
    if is_plain && over.flags().is_empty() {
        return lay_columns(row, factors, over);
    }
    let mut own = FactorValues::default();
    lay_columns(row, factors, &mut own)?;
    for (name, value) in object(others) {
        if let Some(value) = value.as_f64() {
            own.set(&Factor::Other(name.into()), value);
        }
    }
    for (name, mark) in object(flags) {
        if let Some(mark) = mark.as_str() {
            own.flag(&Factor::named(&name), Flag::new(mark));
        }
    }
    over.overlay(&own);
    Ok(())
}

fn lay_columns(row: &Row<'_>, factors: &[Factor], over: &mut FactorValues) -> rusqlite::Result<()> {
    for (at, factor) in factors.iter().enumerate() {
        match row.get_ref(FIRST + at)? {
            ValueRef::Real(value) => over.set(factor, value),
            ValueRef::Integer(value) => over.set(factor, value as f64),
            _ => {}
        }
    }
    Ok(())
}

fn object(value: ValueRef<'_>) -> Map<String, Json> {
    let text = value.as_bytes().unwrap_or_default();
    serde_json::from_slice(text).unwrap_or_default()
}
