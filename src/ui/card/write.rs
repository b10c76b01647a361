//! Writes what was typed into a field, after it was read: one undo step.

use std::sync::Arc;

use crate::domain::{Change, Edit, Field, Localized as _, Record, Value, item};
use crate::ui::ctx::Ctx;

/// Writes what was typed; the reason in words where it cannot be.
pub fn write(
    ctx: &Ctx<'_>,
    record: &Arc<Record>,
    field: &'static Field,
    typed: &str,
) -> Option<String> {
    write_all(ctx, &[record], field, typed)
}

/// The same for several records, as one edit.
pub fn write_all(
    ctx: &Ctx<'_>,
    records: &[&Arc<Record>],
    field: &'static Field,
    typed: &str,
) -> Option<String> {
    let moment = records
        .first()
        .filter(|record| item::is_moment(record.kind, field.key))
        .and_then(|_| item::typed_moment(field.key, typed));
    let value = match Value::parse(field, moment.as_deref().unwrap_or(typed)) {
        Ok(value) => value,
        Err(error) => return Some(ctx.tell(error.zh(), error.to_string())),
    };
    if field.key == "name" && value.is_none() {
        return Some(ctx.tell("名称不能为空", "a record needs a name"));
    }
    let stamp = ctx.stamp();
    let mut changes = Vec::new();
    for record in records {
        if record.get(field.key) == value.as_ref() {
            continue;
        }
        if field.key == "code"
            && let Some(code) = value.as_ref().and_then(Value::as_str)
            && let Some(other) = ctx.world().table(record.kind).by_code(code)
            && other.id != record.id
        {
            return Some(ctx.tell(
                format!("编码已属于“{}”", other.name()),
                format!("`{}` has this code", other.name()),
            ));
        }
        let mut newer = Record::clone(record);
        newer.set(field.key, value.clone());
        newer.meta.change(&stamp);
        changes.push(Change::update(Arc::clone(record), newer));
    }
    if !changes.is_empty() {
        ctx.actions.apply(Edit::of(changes));
    }
    None
}
