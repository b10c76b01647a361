//! 待办 → 进行中 → 完成, or 撤销.

use jiff::civil::Date;

use crate::domain::{DecisionState, Record, Stamp, Value};

/// The decision in another state; `None` where it is in that state already. What is done was closed
/// today, what is taken up again was not closed.
pub fn moved(decision: &Record, state: DecisionState, today: Date, by: &Stamp) -> Option<Record> {
    if state.is_of(decision) {
        return None;
    }
    let mut newer = decision.clone();
    state.put(&mut newer);
    let closed_on =
        (state == DecisionState::Done).then(|| decision.date("closed_on").unwrap_or(today));
    newer.set("closed_on", closed_on.map(Value::Date));
    newer.meta.change(by);
    Some(newer)
}
