//! `fields.json`: what the columns of a written shapefile are called in full and what they hold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::exchange::Cell;

/// Its name in the zip.
pub const FILE_NAME: &str = "fields.json";

/// By the name of the shapefile without its ending.
pub type Shapefiles = BTreeMap<String, StoredFields>;

/// The columns of one shapefile that we wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFields {
    pub layer: String,
    pub fields: Vec<StoredField>,
}

/// One column of ours and where it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredField {
    pub name: String,
    #[serde(rename = "type")]
    pub ty: StoredType,
    /// The columns of the table that hold it: several where a text is longer than 254 bytes.
    pub columns: Vec<String>,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoredType {
    Text,
    Integer,
    Real,
    Boolean,
    Date,
    /// Values of several kinds, each as JSON.
    Json,
}

/// The widest column of text that every program reads.
pub const MAX_WIDTH: usize = 254;

/// A text as the table holds it. One that the blanks behind a cell would change stands as JSON;
/// a text that begins with a quote does too, so that the two are not taken for one another.
pub fn stored(text: &str) -> String {
    let is_plain = !text.starts_with('"')
        && !text.ends_with([' ', '\0'])
        && !text.contains(['\0', '\u{1a}'])
        && (text.len() <= MAX_WIDTH || !text.contains("  "));
    if is_plain {
        return text.to_owned();
    }
    let quoted = serde_json::Value::from(text).to_string();
    quoted.replace("  ", "\\u0020\\u0020")
}

/// The inverse of [`stored`].
pub fn restored(text: &str) -> Cell<'static> {
    let quoted = text.starts_with('"').then(|| serde_json::from_str::<String>(text).ok()).flatten();
    let text = quoted.unwrap_or_else(|| text.to_owned());
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) }
}

/// Cuts a text into columns, between characters and never behind a blank, which would be lost.
pub fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while rest.len() > MAX_WIDTH {
        let mut end = rest.floor_char_boundary(MAX_WIDTH);
        while end > 1 && rest.get(..end).is_some_and(|part| part.ends_with(' ')) {
            end -= 1;
        }
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

/// Names of at most ten bytes, unlike one another whatever their case.
#[derive(Debug, Default)]
pub struct ShortNames(Vec<String>);

impl ShortNames {
    /// A short name for a column, not given before.
    pub fn short(&mut self, name: &str) -> String {
        let clean: String = name.chars().filter(|c| !c.is_control() && *c != ' ').collect();
        let clean = if clean.is_empty() { "field".to_owned() } else { clean };
        let cut = |bytes: usize| clean.split_at(clean.floor_char_boundary(bytes)).0;
        let mut short = cut(10).to_owned();
        let mut nth = 1;
        while self.0.contains(&short.to_lowercase()) {
            let ending = format!("_{nth}");
            short = format!("{}{ending}", cut(10 - ending.len()));
            nth += 1;
        }
        self.0.push(short.to_lowercase());
        short
    }
}
