//! What stands at the head and the foot of a notice: what was asked, else what the record of the
//! plan says, else nothing.

use jiff::civil::Date;

use super::{Edits, NoticeRequest};
use crate::domain::{LocalizedText, NoticeForm, Record, Value, World};
use crate::network::plan_lifecycle;

/// Form, number, issuer and date of a notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeHead {
    pub form: NoticeForm,
    /// 唐政通字〔2018〕4号.
    pub number: Option<String>,
    pub issuer: Option<String>,
    /// `None` where nobody has said it: then it is dated today.
    pub dated: Option<Date>,
    /// The papers that it repeals.
    pub supersedes: Vec<String>,
    /// How a pass is got.
    pub permit: Option<String>,
}

impl NoticeHead {
    /// As the record of a plan says it.
    pub fn of(record: Option<&Record>) -> Self {
        let text = |key: &str| {
            let text = record.map(|record| record.text(key)).unwrap_or_default();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let supersedes = record.map_or(&[][..], |record| record.words("supersedes"));
        let supersedes = supersedes.iter().map(ToString::to_string).collect();
        Self {
            form: record.and_then(NoticeForm::of).unwrap_or_default(),
            number: text("number"),
            issuer: text("issuer"),
            dated: record.and_then(|record| record.date("dated")),
            supersedes,
            permit: text("permit"),
        }
    }

    /// What was asked goes before what the record says.
    pub(super) fn asked(world: &World, asked: &NoticeRequest<'_>) -> Self {
        let known = Self::of(plan_lifecycle::record(world, asked.plan).map(AsRef::as_ref));
        Self {
            form: asked.form.unwrap_or(known.form),
            number: asked.number.map(str::to_owned).or(known.number),
            issuer: asked.issuer.map(str::to_owned).or(known.issuer),
            dated: asked.date.or(known.dated),
            supersedes: known.supersedes,
            permit: known.permit,
        }
    }
}

/// The sentences written by hand that a plan's record keeps, and what is wrong with them.
pub fn kept(record: Option<&Record>) -> (Edits, Option<LocalizedText>) {
    let text = record.map(|record| record.text("sentences")).unwrap_or_default();
    if text.is_empty() {
        return (Edits::new(), None);
    }
    match serde_json::from_str(text) {
        Ok(edits) => (edits, None),
        Err(_) => (
            Edits::new(),
            Some(LocalizedText::new(
                "手改语句无法读取，已按自动语句输出",
                "the sentences by hand cannot be read and are left out",
            )),
        ),
    }
}

/// As the field of the record holds them; nothing where there are none.
pub fn to_keep(edits: &Edits) -> Option<Value> {
    let text = serde_json::to_string(edits).ok()?;
    (!edits.is_empty()).then(|| Value::text(&text))
}
