//! An item of the ledger on its way: 登记→交办→签收→整改→申请核查→核查→复核→销号, and beside it 退回, 延期,
//! 挂账, 误报, 移交, 合并, 作废, 反弹.
//!
//! What was done is a list of steps ([`Step`]) in the record itself; state, dates and what is lacking
//! follow from it ([`path::Path`]). A step is taken by [`deed::taken`], which says what it should have
//! left behind and asks for a reason where that is missing, and [`guard`] lets no edit change the state
//! in another way. Moments are civil time of the office.

pub mod deed;
pub mod guard;
pub mod linked;
pub mod number;
pub mod path;
mod stage;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub use self::deed::{Deed, Refusal, taken};
pub use self::path::{MAIN, Path, StepKind};
pub use self::stage::Stage;
use super::{ItemState, ItemType, Kind, Lack, Record, Text, Value};

/// One thing that was done, as the record keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// A key of [`StepKind`].
    pub step: StepKind,
    /// Who did it: a person, or a unit.
    pub by: String,
    /// Civil time of the office.
    #[serde(with = "crate::domain::as_text")]
    pub at: DateTime,
    /// What was done, found or demanded.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Names among the attachments of the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The due moment that it sets, or when it is looked at again.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "crate::domain::as_text::option"
    )]
    pub due: Option<DateTime>,
    /// A number: of an order, of another item, of the stage of a reminder.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// Why evidence is missing, steps were skipped, or the item left its way.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The state that an outside list says; of [`StepKind::Adopt`] alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Keys of [`Lack`]: what it should have left behind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
    /// Steps of the main way that it passed over, by their keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skips: Vec<StepKind>,
}

impl Step {
    /// Without evidence, number or reason yet.
    pub fn new(step: StepKind, by: &str, at: DateTime) -> Self {
        Self {
            step,
            by: by.to_owned(),
            at,
            text: String::new(),
            files: Vec::new(),
            due: None,
            number: String::new(),
            reason: String::new(),
            state: None,
            lacks: Vec::new(),
            skips: Vec::new(),
        }
    }

    /// What was missing when it was taken.
    pub fn lacks(&self) -> impl Iterator<Item = Lack> {
        self.lacks.iter().filter_map(|key| Lack::from_key(key))
    }
}

/// The steps of an item, oldest first; `None` where the field holds something else.
pub fn steps(item: &Record) -> Option<Vec<Step>> {
    let text = item.text("steps");
    if text.is_empty() { Some(Vec::new()) } else { serde_json::from_str(text).ok() }
}

fn put_steps(item: &mut Record, steps: &[Step]) {
    let text = serde_json::to_string(steps).unwrap_or_default();
    item.set("steps", (!steps.is_empty()).then(|| Value::text(&text)));
}

/// Whether steps follow each other as the way of an item allows, and nobody checks what he mended.
pub fn is_way(all: &[Step]) -> bool {
    let mut path = Path::default();
    for step in all {
        let checks = matches!(step.step, StepKind::Check | StepKind::Review);
        if checks && path.mended_by.as_deref().is_some_and(|by| by.trim() == step.by.trim()) {
            return false;
        }
        match path.then(step) {
            Some(next) => path = next,
            None => return false,
        }
    }
    true
}

/// Gives an item these steps, and the state that follows from them; `false` and nothing done where they
/// are no way.
pub fn put_way(item: &mut Record, all: &[Step]) -> bool {
    let Some(path) = Path::of(all) else { return false };
    put_steps(item, all);
    deed::put_path(item, &path);
    true
}

/// The sides of an item that photos show.
const SIDES: [&str; 2] = ["photos_before", "photos_after"];

/// Of which side a photo is that comes to an item now: what was found until a unit has accepted it, what
/// was mended until a check is asked for; later ones are those of the checks, and of neither.
pub fn side_of_new_photo(item: &Record) -> Option<&'static str> {
    match ItemState::of(item) {
        None | Some(ItemState::Registered) => Some("photos_before"),
        Some(ItemState::HandedOver) if item.words("photos_before").is_empty() => {
            Some("photos_before")
        }
        Some(state) if state.is_with_unit() => Some("photos_after"),
        _ => None,
    }
}

/// Puts an attachment on one side, or on neither.
pub fn put_photo(item: &mut Record, name: &str, side: Option<&str>) {
    for key in SIDES {
        let mut all: Vec<String> = item.words(key).iter().map(|word| (**word).to_owned()).collect();
        all.retain(|known| known != name);
        if side == Some(key) {
            all.push(name.to_owned());
        }
        item.set(key, words(all.iter().map(String::as_str)));
    }
}

/// The photos and papers of an item that no step names yet, and which a step of this kind leaves behind.
pub fn evidence_for(item: &Record, step: StepKind) -> Vec<String> {
    let known: Vec<String> =
        steps(item).unwrap_or_default().into_iter().flat_map(|step| step.files).collect();
    let is_on = |key: &str, name: &str| item.words(key).iter().any(|word| **word == *name);
    let fits = |name: &str| match step {
        StepKind::Register => is_on("photos_before", name),
        StepKind::Mend => is_on("photos_after", name),
        StepKind::Check | StepKind::Review | StepKind::Close | StepKind::Relapse => {
            !SIDES.iter().any(|key| is_on(key, name))
        }
        _ => false,
    };
    let new = item.attachments().filter(|name| !known.iter().any(|known| known == name));
    new.filter(|name| fits(name)).map(str::to_owned).collect()
}

/// An instant as the office's clock shows it: UTC+8 all year since 1991.
pub fn civil(at: Timestamp) -> DateTime {
    let at = at.to_zoned_datetime(TimeZone::fixed(jiff::tz::offset(8)));
    at.date().at(at.hour(), at.minute(), 0, 0)
}

/// A moment of a field: `2026-11-23T10:00`, or a day, as an outside list has it.
pub fn moment(item: &Record, key: &str) -> Option<DateTime> {
    read_moment(item.text(key))
}

/// The same of a text. A day alone is its beginning.
pub fn read_moment(text: &str) -> Option<DateTime> {
    let text = text.trim();
    if let Ok(at) = text.parse::<DateTime>() {
        return Some(at);
    }
    match super::read_date(text) {
        super::DateReading::Day(day) => Some(day.at(0, 0, 0, 0)),
        _ => None,
    }
}

/// As fields hold it: to the minute.
pub fn moment_text(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// As people read it: midnight is the end of the day before.
pub fn moment_words(at: DateTime) -> String {
    if at.time() == Time::midnight()
        && let Ok(day) = at.date().yesterday()
    {
        return format!("{} 24:00", day.strftime("%Y-%m-%d"));
    }
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// What a person types for a moment, as fields hold it: `2026-11-16 24:00`, `2026-11-17 9:30`; of a due
/// moment a day alone lasts to its end. `None` of other words, which stay as they are typed.
pub fn typed_moment(key: &str, typed: &str) -> Option<String> {
    let typed = typed.trim();
    let day_of = |text: &str| match super::read_date(text.trim()) {
        super::DateReading::Day(day) => Some(day),
        _ => None,
    };
    let end_of = |day: Date| Some(moment_text(day.tomorrow().ok()?.at(0, 0, 0, 0)));
    if let Some(day) = typed.strip_suffix("24:00") {
        return end_of(day_of(day)?);
    }
    if let Some((day, time)) = typed.split_once([' ', 'T']) {
        let (hour, minute) = time.trim().split_once([':', '：'])?;
        let time = Time::new(hour.parse().ok()?, minute.get(..2)?.parse().ok()?, 0, 0).ok()?;
        return Some(moment_text(day_of(day)?.to_datetime(time)));
    }
    end_of(day_of(typed)?).filter(|_| key == "due")
}

/// The last day of what is due then: midnight belongs to the day before.
pub fn day_of_due(due: DateTime) -> Date {
    let is_midnight = due.time() == Time::midnight();
    if is_midnight { due.date().yesterday().unwrap_or(due.date()) } else { due.date() }
}

/// When an item is due, as its field says; a day alone, as lists have it, lasts to its end.
pub fn due_said(item: &Record) -> Option<DateTime> {
    let text = item.text("due");
    if text.contains(':') {
        return read_moment(text);
    }
    read_moment(&typed_moment("due", text)?)
}

/// The types of an item, in the order of lists.
pub fn types(record: &Record) -> Vec<ItemType> {
    record.words("types").iter().filter_map(|key| ItemType::from_key(key)).collect()
}

/// 一案三查: the fields of the three verdicts, with whose responsibility each is.
pub const VERDICTS: [(&str, Text); 3] = [
    ("case_firm", Text::new("企业", "firm")),
    ("case_department", Text::new("部门", "department")),
    ("case_township", Text::new("属地", "township")),
];

/// Whether an item is a case: it says so, or one of the three is said.
pub fn is_case(item: &Record) -> bool {
    let is_said = |(key, _): &(&str, Text)| !item.text(key).trim().is_empty();
    item.get("is_case") == Some(&Value::Boolean(true)) || VERDICTS.iter().any(is_said)
}

/// Of whom a case says nothing yet.
pub fn open_verdicts(item: &Record) -> Vec<Text> {
    let is_open = |(key, _): &&(&str, Text)| item.text(key).trim().is_empty();
    VERDICTS.iter().filter(is_open).map(|(_, whose)| *whose).collect()
}

/// What is lacking of an item now.
pub fn lacking(item: &Record) -> Vec<Lack> {
    item.words("lacking").iter().filter_map(|key| Lack::from_key(key)).collect()
}

/// Words of a list field.
pub(crate) fn words<'a>(of: impl IntoIterator<Item = &'a str>) -> Option<Value> {
    let words: Vec<Arc<str>> = of.into_iter().map(Arc::from).collect();
    (!words.is_empty()).then(|| Value::Words(words.into()))
}

impl ItemState {
    /// Whether somebody still has to do something about it.
    pub const fn is_open(self) -> bool {
        !matches!(
            self,
            Self::Closed | Self::Refuted | Self::Transferred | Self::Merged | Self::Void
        )
    }

    /// Whether a unit has it: handed over and not yet said to be mended.
    pub const fn is_with_unit(self) -> bool {
        matches!(self, Self::HandedOver | Self::Accepted | Self::Mending | Self::Returned)
    }

    /// Whether it waits for a check.
    pub const fn awaits_check(self) -> bool {
        matches!(self, Self::CheckAsked | Self::Checked)
    }
}

/// Whether a field of an item is a moment, to be shown as [`moment_words`].
pub fn is_moment(kind: Kind, key: &str) -> bool {
    match kind {
        Kind::Item => key == "due" || key.ends_with("_at"),
        Kind::Response => key.ends_with("_at"),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
