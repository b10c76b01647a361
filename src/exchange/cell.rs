//! One cell of a table, and how it becomes text or JSON. What a cell means to a record is said
//! elsewhere: this knows no fields.

use std::borrow::Cow;

use jiff::civil::Date;
use serde_json::Value as Json;

/// One cell of a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell<'a> {
    #[default]
    Empty,
    Text(Cow<'a, str>),
    Integer(i64),
    Real(f64),
    Boolean(bool),
    Date(Date),
    /// Lists and objects, from formats that have them.
    Json(Json),
}

impl Cell<'static> {
    /// `None` where the text is no JSON.
    pub fn from_json(text: &str) -> Option<Self> {
        Some(match serde_json::from_str(text).ok()? {
            Json::Null => Self::Empty,
            Json::Bool(truth) => Self::Boolean(truth),
            Json::String(text) => Self::Text(text.into()),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(number), _) => Self::Integer(number),
                (None, Some(real)) if !number.is_u64() => Self::Real(real),
                _ => Self::Json(Json::Number(number)),
            },
            json => Self::Json(json),
        })
    }
}

impl Cell<'_> {
    /// Nothing, or only blanks.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// As a person would type it. Whole reals lose their `.0`, so a code 3 read as a number is 3.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Integer(number) => number.to_string().into(),
            Self::Real(number) => number.to_string().into(),
            Self::Boolean(truth) => truth.to_string().into(),
            Self::Date(date) => date.to_string().into(),
            Self::Json(json) => json.to_string().into(),
        }
    }

    /// Texts and dates as they are, everything else as JSON: reals keep their `.0`.
    pub fn to_json_text(&self) -> String {
        match self {
            Self::Real(number) => Json::from(*number).to_string(),
            other => other.to_text().into_owned(),
        }
    }

    /// One text for formats without lists: `a;b;c` where `Value::parse` reads that back equal,
    /// else compact JSON.
    pub fn flat_text(&self) -> Cow<'_, str> {
        let Self::Json(Json::Array(members)) = self else { return self.to_text() };
        let words: Option<Vec<Cow<'_, str>>> = members.iter().map(word).collect();
        let flat = words.filter(|words| !words.is_empty()).map(|words| words.join(";"));
        flat.filter(|flat| !flat.starts_with('[')).map_or_else(|| self.to_text(), Cow::Owned)
    }

    /// A copy that borrows nothing.
    pub fn owned(&self) -> Cell<'static> {
        match self {
            Self::Empty => Cell::Empty,
            Self::Text(text) => Cell::Text(Cow::Owned(text.to_string())),
            Self::Integer(number) => Cell::Integer(*number),
            Self::Real(number) => Cell::Real(*number),
            Self::Boolean(truth) => Cell::Boolean(*truth),
            Self::Date(date) => Cell::Date(*date),
            Self::Json(json) => Cell::Json(json.clone()),
        }
    }
}

/// A member of a list that needs no quotes.
fn word(json: &Json) -> Option<Cow<'_, str>> {
    match json {
        Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            // Without the `.0` that JSON gives to whole reals.
            Some(real) => Some(real.to_string().into()),
            None => Some(number.to_string().into()),
        },
        Json::String(text) => {
            let is_plain = !text.is_empty()
                && text.trim() == text
                && !text.contains([';', '；', '、', ',', '，', '|', '/']);
            is_plain.then_some(Cow::Borrowed(text))
        }
        Json::Bool(_) | Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Kind, Value};

    #[test]
    fn a_list_is_flat_only_where_it_reads_back_equal() {
        let flat = |json: Json| Cell::Json(json).flat_text().into_owned();
        assert_eq!(flat(json!([500.0, 1000])), "500;1000");
        assert_eq!(flat(json!(["国三", "国四"])), "国三;国四");
        assert_eq!(flat(json!(["a;b", "c"])), r#"["a;b","c"]"#);
        assert_eq!(flat(json!(["[1]"])), r#"["[1]"]"#);
        assert_eq!((flat(json!([])), flat(json!([[1]]))), ("[]".to_owned(), "[[1]]".to_owned()));
        assert_eq!(flat(json!({ "a": 1 })), r#"{"a":1}"#);
        assert_eq!(Cell::Real(3.0).flat_text(), "3");
        let field = Kind::Restriction.field("exemptions").unwrap();
        for words in [json!(["新能源", "急救"]), json!(["a/b"]), json!(["[x"])] {
            let read = Value::parse(field, &flat(words.clone())).unwrap().unwrap();
            assert_eq!(read.to_json(), words);
        }
    }
}
