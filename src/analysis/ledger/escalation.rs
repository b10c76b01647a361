//! 提醒 → 催办 → 督办 → 提级 → 问责建议: which stage an item has reached, and which comes next and when.
//!
//! The stages are records of the district, so that an office makes its own; the ones here hold where a
//! district has none.

use jiff::ToSpan as _;
use jiff::civil::DateTime;

use super::row::LedgerRow;
use crate::domain::{EscalationColour, Kind, Record, Value, World};

/// One stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    pub name: String,
    pub colour: EscalationColour,
    /// Behind the due moment, hours; below zero before it.
    pub after_due_h: f64,
    /// Reached too by so many returns, or by a relapse.
    pub returns: Option<u32>,
    pub on_relapse: bool,
    pub action: String,
    pub signatory: String,
    /// The document that goes out; empty for none.
    pub document: String,
}

/// All stages of a district, the mildest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Stages(Vec<Stage>);

type Shipped = (
    &'static str,
    EscalationColour,
    f64,
    Option<u32>,
    bool,
    &'static str,
    &'static str,
    &'static str,
);

const SHIPPED: [Shipped; 5] = [
    ("提醒", EscalationColour::Blue, -24.0, None, false, "电话或群内提醒责任单位", "区大气办", ""),
    (
        "催办",
        EscalationColour::Yellow,
        0.0,
        Some(1),
        false,
        "发提示函，要求当日反馈",
        "区大气办",
        "提示函",
    ),
    (
        "督办",
        EscalationColour::Orange,
        24.0,
        None,
        false,
        "发督办单，抄送分包领导",
        "区大气办主任",
        "督办单",
    ),
    (
        "提级",
        EscalationColour::Red,
        72.0,
        Some(2),
        true,
        "提级督办，抄送督查室",
        "分管副区长",
        "督办单",
    ),
    (
        "问责建议",
        EscalationColour::Red,
        168.0,
        Some(3),
        false,
        "起草问责建议，报区领导",
        "区领导",
        "问责建议",
    ),
];

impl Default for Stages {
    fn default() -> Self {
        let stage =
            |(name, colour, after_due_h, returns, on_relapse, action, by, document): Shipped| {
                Stage {
                    name: name.to_owned(),
                    colour,
                    after_due_h,
                    returns,
                    on_relapse,
                    action: action.to_owned(),
                    signatory: by.to_owned(),
                    document: document.to_owned(),
                }
            };
        Self(SHIPPED.into_iter().map(stage).collect())
    }
}

impl Stage {
    fn of(record: &Record) -> Option<Self> {
        let returns = match record.get("returns") {
            Some(Value::Integer(count)) => u32::try_from(*count).ok(),
            _ => None,
        };
        Some(Self {
            name: record.name().to_owned(),
            colour: EscalationColour::of(record).unwrap_or(EscalationColour::Yellow),
            after_due_h: record.get("after_due_h")?.as_f64()?,
            returns,
            on_relapse: record.get("on_relapse") == Some(&Value::Boolean(true)),
            action: record.text("action").to_owned(),
            signatory: record.text("signatory").to_owned(),
            document: record.text("document").to_owned(),
        })
    }

    /// When an item of this due moment reaches it by time alone.
    fn at(&self, due: DateTime) -> Option<DateTime> {
        due.checked_add(((self.after_due_h * 60.0).round() as i64).minutes()).ok()
    }
}

impl Stages {
    /// Of a district.
    pub fn of(world: &World) -> Self {
        let mut own: Vec<Stage> =
            world.table(Kind::Escalation).iter().filter_map(|record| Stage::of(record)).collect();
        own.sort_by(|a, b| a.after_due_h.total_cmp(&b.after_due_h));
        if own.is_empty() { Self::default() } else { Self(own) }
    }

    /// The mildest first.
    pub fn all(&self) -> &[Stage] {
        &self.0
    }

    /// The stage that an item has reached; `None` while it is in time, and where no unit has it.
    pub fn reached(&self, row: &LedgerRow, now: DateTime) -> Option<&Stage> {
        self.reached_place(row, now).and_then(|place| self.0.get(place))
    }

    fn reached_place(&self, row: &LedgerRow, now: DateTime) -> Option<usize> {
        if !row.state.is_with_unit() {
            return None;
        }
        self.0.iter().rposition(|stage| {
            let by_time = row.due.and_then(|due| stage.at(due)).is_some_and(|at| at <= now);
            let by_returns = stage.returns.is_some_and(|count| row.returns >= count);
            by_time || by_returns || stage.on_relapse && row.is_relapse
        })
    }

    /// The next stage, and when it is reached if nothing is done.
    pub fn next(&self, row: &LedgerRow, now: DateTime) -> Option<(&Stage, DateTime)> {
        if !row.state.is_with_unit() {
            return None;
        }
        let due = row.due?;
        let from = self.reached_place(row, now).map_or(0, |place| place + 1);
        let later = self.0.iter().skip(from);
        later.filter_map(|stage| Some((stage, stage.at(due)?))).find(|(_, at)| *at > now)
    }
}
