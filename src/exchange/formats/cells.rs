//! Cells ↔ JSON, for formats that keep apart `3` and `"3"` by writing JSON.

use serde_json::Value as Json;

use crate::exchange::table::Cell;

impl Cell<'static> {
    /// `None` where the text is no JSON.
    pub(super) fn from_json(text: &str) -> Option<Self> {
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
    /// Texts and dates as they are, everything else as JSON: reals keep their `.0`.
    pub(super) fn to_json_text(&self) -> String {
        match self {
            Self::Real(number) => Json::from(*number).to_string(),
            other => other.to_text().into_owned(),
        }
    }
}
