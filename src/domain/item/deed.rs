//! Taking a step: what it leaves in the record, what it should have left, and when it is refused.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use super::path::usual_next;
use super::{Path, Step, StepKind, moment_text, put_steps, steps, words};
use crate::domain::{ItemState, Lack, Localized, LocalizedText, Record, Stamp, Value};

/// A step that somebody wishes to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    pub step: StepKind,
    /// Who did it; of 核查 and 复核 nobody who mended it.
    pub by: String,
    /// Civil time of the office.
    pub at: DateTime,
    /// What was demanded, done, found; on what ground it is struck off.
    pub text: String,
    /// Names of attachments that the record has or gets with it.
    pub files: Vec<String>,
    /// Of 交办 and 延期: when it is due. Of 挂账: when it is looked at again.
    pub due: Option<DateTime>,
    /// The words of the time limit.
    pub time_limit: String,
    /// Of a limit without an end, as 长期坚持: it is looked at again every so many days.
    pub review_days: Option<u16>,
    /// Of 交办: to whom. Empty leaves what the record says.
    pub units: Vec<String>,
    pub person: String,
    /// Of 交办 the order, of 合并 the item it goes into, of 反弹 the new item, of 催办 the stage.
    pub number: String,
    pub reason: String,
}

impl Deed {
    /// Of which nothing is said but who and when.
    pub fn new(step: StepKind, by: &str, at: DateTime) -> Self {
        Self {
            step,
            by: by.to_owned(),
            at,
            text: String::new(),
            files: Vec::new(),
            due: None,
            time_limit: String::new(),
            review_days: None,
            units: Vec::new(),
            person: String::new(),
            number: String::new(),
            reason: String::new(),
        }
    }
}

/// Why a step is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the steps of this item cannot be read; nothing was changed")]
    Unreadable,
    #[error("`{}` does not follow `{}`{}", .step.label().en, state_words(*.state).en, next_words(*.state).en)]
    NotFrom { state: Option<ItemState>, step: StepKind },
    #[error("say who did it")]
    Nobody,
    #[error("who mended it does not check it: {0}")]
    SameHands(String),
    #[error("it cannot have been before {0}, when the last step was taken")]
    BeforeLast(String),
    #[error("a reason is needed: {}", needs_words(.lacks, .skips).en)]
    NeedsReason { lacks: Vec<Lack>, skips: Vec<StepKind> },
    #[error("say when it is due then")]
    NeedsDue,
    #[error("say the number of the other item")]
    NeedsNumber,
    #[error("there is no item `{0}`; say the number of one that is in the ledger")]
    NoSuchItem(String),
    #[error("an item goes into another one, not into itself")]
    Itself,
}

fn state_words(state: Option<ItemState>) -> LocalizedText {
    state.map_or_else(|| LocalizedText::new("未登记", "nothing"), |state| state.label().into())
}

/// What can be done instead.
fn next_words(state: Option<ItemState>) -> LocalizedText {
    usual_next(state).map_or_else(LocalizedText::default, |next| {
        let next = next.label();
        LocalizedText::new(
            format!("；下一步是“{}”", next.zh),
            format!("; `{}` comes next", next.en),
        )
    })
}

fn needs_words(lacks: &[Lack], skips: &[StepKind]) -> LocalizedText {
    let lacks = lacks.iter().filter(|lack| **lack != Lack::Skipped).map(|lack| lack.label());
    let labels: Vec<_> = lacks.collect();
    let mut zh: Vec<String> = labels.iter().map(|label| label.zh.to_owned()).collect();
    let mut en: Vec<String> = labels.iter().map(|label| label.en.to_owned()).collect();
    if !skips.is_empty() {
        let of = |words: fn(&StepKind) -> &'static str, sep: &str| {
            skips.iter().map(words).collect::<Vec<_>>().join(sep)
        };
        zh.push(format!("跳过{}", of(|step| step.label().zh, "、")));
        en.push(format!("passes over {}", of(|step| step.label().en, ", ")));
    }
    if zh.is_empty() {
        return LocalizedText::new("此步必须说明原因", "this step always has one");
    }
    LocalizedText::new(zh.join("，"), en.join(", "))
}

impl Localized for Refusal {
    fn zh(&self) -> String {
        match self {
            Self::Unreadable => "此问题的办理记录读不懂，未作改动".to_owned(),
            Self::NotFrom { state, step } => {
                let next = next_words(*state).zh;
                format!("“{}”状态下不能“{}”{next}", state_words(*state).zh, step.label().zh)
            }
            Self::Nobody => "请写明是谁做的".to_owned(),
            Self::SameHands(name) => format!("整改人不能核查自己的整改：{name}"),
            Self::BeforeLast(at) => format!("时间不能早于上一步（{at}）"),
            Self::NeedsReason { lacks, skips } => {
                format!("需写明原因：{}", needs_words(lacks, skips).zh)
            }
            Self::NeedsDue => "请写明新的时限".to_owned(),
            Self::NeedsNumber => "请写明另一问题的编号".to_owned(),
            Self::NoSuchItem(number) => format!("台账里没有编号“{number}”，请核对后重写"),
            Self::Itself => "另一问题不能是它自己，请写别的编号".to_owned(),
        }
    }
}

/// The item after a step; the record itself is as it was where the step is refused.
pub fn taken(item: &Record, deed: &Deed, stamp: &Stamp) -> Result<Record, Refusal> {
    let mut known = steps(item).ok_or(Refusal::Unreadable)?;
    let path = Path::of(&known).ok_or(Refusal::Unreadable)?;
    let outcome =
        path.outcome(deed.step).ok_or(Refusal::NotFrom { state: path.state, step: deed.step })?;
    if deed.by.trim().is_empty() {
        return Err(Refusal::Nobody);
    }
    let checks = matches!(deed.step, StepKind::Check | StepKind::Review);
    if checks && path.mended_by.as_deref().is_some_and(|by| by.trim() == deed.by.trim()) {
        return Err(Refusal::SameHands(deed.by.clone()));
    }
    if let Some(last) = known.last().filter(|last| deed.at < last.at) {
        return Err(Refusal::BeforeLast(super::moment_words(last.at)));
    }
    match deed.step {
        StepKind::Postpone if deed.due.is_none() => return Err(Refusal::NeedsDue),
        StepKind::Merge | StepKind::Relapse if deed.number.trim().is_empty() => {
            return Err(Refusal::NeedsNumber);
        }
        _ => {}
    }
    let mut newer = item.clone();
    fill(&mut newer, deed);
    let mut lacks = lacks_after(&newer, deed.step);
    if deed.step == StepKind::Supply {
        lacks = path.lacking.iter().copied().filter(|lack| is_lacking(&newer, *lack)).collect();
    } else if !outcome.skips.is_empty() {
        lacks.push(Lack::Skipped);
    }
    let is_again = deed.step == StepKind::HandOver && path.state != Some(ItemState::Registered);
    let wants = deed.step.always_needs_reason()
        || is_again
        || (deed.step != StepKind::Supply && !lacks.is_empty());
    if wants && deed.reason.trim().is_empty() {
        return Err(Refusal::NeedsReason { lacks, skips: outcome.skips });
    }
    let step = Step {
        step: deed.step,
        by: deed.by.trim().to_owned(),
        at: deed.at,
        text: deed.text.trim().to_owned(),
        files: deed.files.clone(),
        due: deed.due,
        number: deed.number.trim().to_owned(),
        reason: deed.reason.trim().to_owned(),
        state: None,
        lacks: lacks.iter().map(|lack| lack.key().to_owned()).collect(),
        skips: outcome.skips,
    };
    let path = path.then(&step).ok_or(Refusal::Unreadable)?;
    known.push(step);
    put_steps(&mut newer, &known);
    put_path(&mut newer, &path);
    newer.meta.change(stamp);
    Ok(newer)
}

/// State, what lacks and how often it was returned follow from the path.
pub(super) fn put_path(item: &mut Record, path: &Path) {
    if let Some(state) = path.state {
        state.put(item);
    }
    // What the record has by now is lacking no more.
    let lacking: Vec<Lack> =
        path.lacking.iter().copied().filter(|lack| is_lacking(item, *lack)).collect();
    item.set("lacking", words(lacking.iter().map(|lack| lack.key())));
    item.set("returns", (path.returns > 0).then(|| Value::Integer(i64::from(path.returns))));
}

/// What a step says goes into the fields of the record.
fn fill(item: &mut Record, deed: &Deed) {
    let (by, at) = (deed.by.trim(), moment_text(deed.at));
    let text = deed.text.trim();
    let put = |item: &mut Record, key: &str, text: &str| {
        if !text.trim().is_empty() {
            item.set(key, Some(Value::text(text.trim())));
        }
    };
    let keep = |item: &mut Record, key: &str, text: &str| {
        if item.text(key).is_empty() {
            put(item, key, text);
        }
    };
    match deed.step {
        StepKind::Register => {
            keep(item, "found_at", &at);
            keep(item, "found_by", by);
            add(item, "photos_before", &deed.files);
        }
        StepKind::HandOver => {
            if let Some(units) = words(deed.units.iter().map(String::as_str)) {
                item.set("units", Some(units));
            }
            put(item, "person", &deed.person);
            put(item, "order_code", &deed.number);
            put(item, "demand", text);
            put(item, "time_limit", &deed.time_limit);
            put(item, "handed_at", &at);
        }
        StepKind::Accept => put(item, "accepted_at", &at),
        StepKind::Mend => {
            put(item, "measure", text);
            put(item, "mended_at", &at);
            put(item, "mended_by", by);
            add(item, "photos_after", &deed.files);
        }
        StepKind::Check => {
            put(item, "checked_by", by);
            put(item, "checked_at", &at);
            put(item, "finding", text);
        }
        StepKind::Review => {
            put(item, "reviewed_by", by);
            put(item, "reviewed_at", &at);
            put(item, "review", text);
        }
        StepKind::Close => {
            put(item, "closed_at", &at);
            put(item, "closing_basis", text);
        }
        StepKind::Postpone => put(item, "time_limit", &deed.time_limit),
        StepKind::Merge => put(item, "merged_into", &deed.number),
        StepKind::Supply => supply(item, deed),
        _ => {}
    }
    fill_due(item, deed);
    attach(item, &deed.files);
}

fn fill_due(item: &mut Record, deed: &Deed) {
    if let Some(due) = deed.due {
        item.set("due", Some(Value::text(&moment_text(due))));
        item.set("review_days", None);
    } else if let Some(days) = deed.review_days {
        item.set("review_days", Some(Value::Integer(days.into())));
        // What is on hold is due when it is looked at again; what a unit has never is.
        let again = deed.at.date().checked_add(i64::from(days).days()).and_then(Date::tomorrow);
        let again = again.ok().filter(|_| deed.step == StepKind::Hold);
        item.set("due", again.map(|day| Value::text(&moment_text(day.at(0, 0, 0, 0)))));
    }
}

/// Files that the record does not have yet become attachments of it.
fn attach(item: &mut Record, files: &[String]) {
    let all: Vec<String> = item.attachments().map(str::to_owned).collect();
    let new: Vec<String> = files.iter().filter(|name| !all.contains(name)).cloned().collect();
    if !new.is_empty() {
        item.set_attachments(all.iter().chain(&new).map(|name| name.as_str().into()).collect());
    }
}

/// Photos that come later stand where they were lacking: after the mending once there is one.
fn supply(item: &mut Record, deed: &Deed) {
    let is_mended = !item.text("mended_at").is_empty();
    let lacks_before = item.words("photos_before").is_empty();
    let key = if is_mended && (!lacks_before || deed.number == "photos_after") {
        "photos_after"
    } else {
        "photos_before"
    };
    add(item, key, &deed.files);
}

fn add(item: &mut Record, key: &str, files: &[String]) {
    let known: Vec<String> = item.words(key).iter().map(|name| (**name).to_owned()).collect();
    let new = files.iter().filter(|name| !known.contains(name));
    let all: Vec<&str> = known.iter().chain(new).map(String::as_str).collect();
    if !all.is_empty() {
        item.set(key, words(all));
    }
}

/// What a step should have left behind, and is not in the record after it.
pub(super) fn lacks_after(item: &Record, step: StepKind) -> Vec<Lack> {
    let wanted: &[Lack] = match step {
        StepKind::Register => &[Lack::Place, Lack::Type, Lack::PhotoBefore],
        StepKind::HandOver => {
            &[Lack::OrderNumber, Lack::Unit, Lack::Person, Lack::Due, Lack::Demand]
        }
        StepKind::Mend => &[Lack::Measure, Lack::PhotoAfter],
        StepKind::Check => &[Lack::Finding],
        StepKind::Review => &[Lack::VisitPhoto],
        StepKind::Close => &[Lack::ClosingBasis, Lack::CaseVerdicts],
        _ => &[],
    };
    wanted.iter().copied().filter(|lack| is_lacking(item, *lack)).collect()
}

/// Whether something is still not there.
pub(super) fn is_lacking(item: &Record, lack: Lack) -> bool {
    let is_empty = |key: &str| item.get(key).is_none();
    match lack {
        Lack::Place => item.geometry.is_none() && is_empty("address"),
        Lack::Type => is_empty("types"),
        Lack::PhotoBefore => is_empty("photos_before") && is_empty("reading"),
        Lack::OrderNumber => is_empty("order_code"),
        Lack::Unit => is_empty("units"),
        Lack::Person => is_empty("person"),
        Lack::Due => is_empty("due") && is_empty("review_days"),
        Lack::Demand => is_empty("demand"),
        Lack::Measure => is_empty("measure"),
        Lack::PhotoAfter => is_empty("photos_after"),
        Lack::Finding => is_empty("finding"),
        // A photo or a paper beyond those of the mending.
        Lack::VisitPhoto => {
            let own = item.words("photos_before").len() + item.words("photos_after").len();
            item.attachments().count() <= own
        }
        Lack::ClosingBasis => is_empty("closing_basis"),
        Lack::CaseVerdicts => super::is_case(item) && !super::open_verdicts(item).is_empty(),
        Lack::Skipped => true,
    }
}
