//! Fields that name another record by code or id: a person reads and chooses its name, the file and
//! what is copied keep the code or id.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

use egui::{Button, ComboBox, Ui};
use lucide_icons::Icon;

use super::write::write;
use crate::analysis::decisions::{belongs, handle};
use crate::domain::{Field, Kind, OrderKind, Record, RecordId, Value, World};
use crate::ui::action::{Action, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::{meeting_words, value_words};
use crate::ui::widgets::{icon, named, named_combo, note};

/// The field of a record that names others by id, several.
pub const RECORDS: &str = "records";

/// Of a kind the field, and the kind of the record that it names.
const LINKS: [(Kind, &str, Kind); 8] = [
    (Kind::Decision, "meeting", Kind::Meeting),
    (Kind::Scene, "meeting", Kind::Meeting),
    (Kind::PenMark, "meeting", Kind::Meeting),
    (Kind::PenMark, "scene", Kind::Scene),
    (Kind::Restriction, "detour_of", Kind::Restriction),
    (Kind::Flow, "from", Kind::Gate),
    (Kind::Flow, "to", Kind::Gate),
    (Kind::Episode, "station", Kind::ControlPoint),
];

/// What a field names one of; `None` where it names no record.
pub fn target(kind: Kind, key: &str) -> Option<Kind> {
    let link = LINKS.iter().find(|(of, field, _)| (*of, *field) == (kind, key));
    link.map(|(_, _, to)| *to)
}

/// The record that is named: by code, by id; gates by name too.
fn found<'w>(world: &'w World, to: Kind, named: &str) -> Option<&'w Arc<Record>> {
    let all = world.table(to);
    let by_name = || all.iter().find(|gate| to == Kind::Gate && gate.name() == named);
    let by_id = || named.parse().ok().and_then(|id| all.get(id));
    all.by_code(named).or_else(by_id).or_else(by_name)
}

/// How it is written into the field.
fn written(record: &Record) -> Cow<'_, str> {
    let is_bare_gate = record.kind == Kind::Gate && record.code().is_none();
    if is_bare_gate { record.name().into() } else { handle(record) }
}

/// A meeting with its date, all else by name.
fn words(record: &Record) -> String {
    match (record.kind, record.name()) {
        (Kind::Meeting, _) => meeting_words(record),
        (_, "") => handle(record).into_owned(),
        (_, name) => name.to_owned(),
    }
}

/// A value as a person reads it, other records by name. An id that leads nowhere is said to; what is
/// no id stays as somebody wrote it.
pub fn shown_by_name(ctx: &Ctx<'_>, kind: Kind, field: &Field, value: &Value) -> String {
    match (target(kind, field.key), value) {
        (Some(to), Value::Text(named)) => words_of(ctx, to, named),
        (None, Value::Words(ids)) if field.key == RECORDS => {
            let world = ctx.world();
            let record = |id: &Arc<str>| id.parse().ok().and_then(|id| world.get(id));
            let names = ids.iter().map(|id| record(id).map_or_else(|| gone(ctx), |it| words(it)));
            names.collect::<Vec<_>>().join("、")
        }
        // An id, and behind it why.
        (None, Value::Words(ids)) if field.key == "ruled_out" => {
            let world = ctx.world();
            let name = |word: &Arc<str>| {
                let (id, because) = word.split_once(' ').unwrap_or((word, ""));
                let record = id.parse().ok().and_then(|id| world.get(id));
                let name = record.map_or_else(|| gone(ctx), |it| words(it));
                if because.is_empty() { name } else { format!("{name}（{because}）") }
            };
            ids.iter().map(name).collect::<Vec<_>>().join("、")
        }
        _ => value_words(field, value, ctx.lang()),
    }
}

fn words_of(ctx: &Ctx<'_>, to: Kind, named: &str) -> String {
    match found(&ctx.world(), to, named) {
        Some(record) => words(record),
        None if named.parse::<RecordId>().is_ok() => gone(ctx),
        None => named.to_owned(),
    }
}

fn gone(ctx: &Ctx<'_>) -> String {
    ctx.tell("已删除的记录", "a deleted record")
}

/// What can be chosen, in the order of a list: what is written, and what a person reads.
pub fn choices(ctx: &Ctx<'_>, of: &Record, to: Kind) -> Vec<(String, String)> {
    let world = ctx.world();
    let mut records: Vec<&Arc<Record>> = world.table(to).iter().collect();
    match to {
        Kind::Meeting => {
            records.sort_by_key(|meeting| Reverse((meeting.date("date"), meeting.id)));
        }
        Kind::Scene => {
            let meeting = found(&world, Kind::Meeting, of.text("meeting"));
            records.retain(|scene| meeting.is_none_or(|meeting| belongs(scene, meeting)));
        }
        Kind::Restriction => records.retain(|order| {
            !OrderKind::Detour.is_of(order) && order.text("plan") == of.text("plan")
        }),
        _ => {}
    }
    records.iter().map(|record| (written(record).into_owned(), words(record))).collect()
}

/// The list to choose from; `text` is what is written. What was chosen.
pub fn ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    (of, field, to): (&Record, &Field, Kind),
    text: &mut String,
    width: f32,
) -> Option<String> {
    let mut picked = None;
    let chosen = words_of(ctx, to, text);
    let combo = ComboBox::from_id_salt((of.id, field.key)).selected_text(&chosen).width(width);
    let response = combo.truncate().show_ui(ui, |ui| {
        let none = (String::new(), "—".to_owned());
        for (written, words) in std::iter::once(none).chain(choices(ctx, of, to)) {
            if ui.selectable_label(*text == written, words).clicked() {
                picked = Some(written);
            }
        }
    });
    named_combo(&response.response, ctx.say(field.label), &chosen);
    if let Some(picked) = &picked {
        text.clone_from(picked);
    }
    picked
}

/// The records that this one is about: a click goes there, the cross behind a name lets it go.
pub fn records_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Arc<Record>, field: &'static Field) {
    let Some(Value::Words(ids)) = record.get(RECORDS) else {
        ui.label(note(ctx.tell("没有关联的记录", "none")));
        return;
    };
    for (place, text) in ids.iter().enumerate() {
        let known = text.parse().ok().and_then(|id| ctx.record(id));
        let name = known.map_or_else(|| gone(ctx), |known| words(known));
        // A long name must not make the card wider, nor the map beside it smaller.
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            match known {
                Some(known) if ui.link(&name).clicked() => {
                    ctx.actions.send(Action::Select(vec![known.id]));
                    ctx.actions.view(ViewAction::ShowRecord(known.id));
                }
                Some(_) => {}
                None => drop(ui.label(note(&name))),
            }
            let cross = Button::new(icon(Icon::X).small()).frame_when_inactive(false).small();
            let cross = ui.add(cross);
            named(&cross, &ctx.tell(format!("取消关联 {name}"), format!("Unlink {name}")));
            if cross.clicked() {
                let rest = ids.iter().enumerate().filter(|(other, _)| *other != place);
                let rest: Vec<&str> = rest.map(|(_, id)| &**id).collect();
                write(ctx, record, field, &rest.join(";"));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FieldType;

    #[test]
    fn every_field_that_names_a_record_is_one_of_its_kind_and_holds_text() {
        for (kind, key, _) in LINKS {
            assert_eq!(kind.field(key).map(|field| field.ty), Some(FieldType::Text), "{key}");
        }
        assert_eq!(target(Kind::Decision, "meeting"), Some(Kind::Meeting));
        assert_eq!(target(Kind::Site, "name"), None);
    }
}
