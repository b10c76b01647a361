//! The record that a drawing becomes.

use crate::domain::{Kind, OrderState, Record, Value};
use crate::ui::ctx::Ctx;
use crate::ui::model::drawing::Making;

/// A record that says what it is, and of an order in which plan.
pub fn new_record(making: Making, ctx: &Ctx<'_>) -> Record {
    let stamp = ctx.stamp();
    let id = crate::settings::clock::ids(&stamp).next();
    let Making { kind, choice } = making;
    let mut record = Record::new(id, kind, &stamp);
    let count = ctx.world().table(kind).len() + 1;
    let name = format!(
        "{} {count}",
        ctx.tell(format!("新{}", making.words().zh), format!("New {}", making.words().en))
    );
    record.set("name", Some(Value::text(&name)));
    if let Some((field, choice)) = kind.subkind().zip(choice) {
        record.set(field.key, Some(Value::Choice(choice)));
    }
    if kind == Kind::Restriction {
        OrderState::Draft.put(&mut record);
        if ctx.planner.is_open && !ctx.planner.plan.is_empty() {
            record.set("plan", Some(Value::text(&ctx.planner.plan)));
        }
    }
    record
}

/// Whether an order belongs to the plan that is looked at.
pub(super) fn is_of_chosen_plan(order: &Record, ctx: &Ctx<'_>) -> bool {
    let planner = &ctx.planner;
    order.kind == Kind::Restriction
        && planner.is_open
        && !planner.plan.is_empty()
        && order.text("plan") == planner.plan
}
