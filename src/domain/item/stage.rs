//! A stage of escalation, as a record and as the program ships it.

use jiff::ToSpan as _;
use jiff::civil::DateTime;

use crate::domain::{EscalationColour, Record, Value};

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

impl Stage {
    /// Those that hold where a district has none, the mildest first.
    pub fn shipped() -> [Self; 5] {
        SHIPPED.map(|(name, colour, after_due_h, returns, on_relapse, action, by, document)| Self {
            name: name.to_owned(),
            colour,
            after_due_h,
            returns,
            on_relapse,
            action: action.to_owned(),
            signatory: by.to_owned(),
            document: document.to_owned(),
        })
    }

    /// Of its record; `None` where that does not say when it is reached.
    pub fn of(record: &Record) -> Option<Self> {
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

    /// Into a record, all but its name.
    pub fn put(&self, record: &mut Record) {
        self.colour.put(record);
        record.set("after_due_h", Some(Value::Real(self.after_due_h)));
        record.set("returns", self.returns.map(|count| Value::Integer(count.into())));
        record.set("on_relapse", self.on_relapse.then_some(Value::Boolean(true)));
        for (key, words) in
            [("action", &self.action), ("signatory", &self.signatory), ("document", &self.document)]
        {
            record.set(key, Some(Value::text(words)).filter(|_| !words.is_empty()));
        }
    }

    /// When an item of this due moment reaches it by time alone.
    pub fn at(&self, due: DateTime) -> Option<DateTime> {
        due.checked_add(((self.after_due_h * 60.0).round() as i64).minutes()).ok()
    }
}
