//! 待办 → 进行中 → 完成, or 撤销.

use jiff::civil::Date;

use crate::domain::{Record, Stamp, Value};

/// The keys of the choices of `state` that a person can put a decision into.
pub const STATES: [&str; 4] = ["待办", "进行中", "完成", "撤销"];

/// The decision in another state; `None` where it is in that state already. What is done was closed
/// today, what is taken up again was not closed.
pub fn moved(decision: &Record, state: &'static str, today: Date, by: &Stamp) -> Option<Record> {
    if decision.text("state") == state {
        return None;
    }
    let mut newer = decision.clone();
    newer.set("state", Some(Value::Choice(state)));
    let closed_on = (state == "完成").then(|| decision.date("closed_on").unwrap_or(today));
    newer.set("closed_on", closed_on.map(Value::Date));
    newer.meta.change(by);
    Some(newer)
}

/// The state that comes next; `None` after the last.
pub fn next(decision: &Record) -> Option<&'static str> {
    match decision.text("state") {
        "进行中" => Some("完成"),
        "完成" | "撤销" => None,
        _ => Some("进行中"),
    }
}
