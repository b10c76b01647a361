//! What would come in, counted; a figure opens to the rows that it counts.

use egui::{Button, Label, Popup, RichText, ScrollArea, Ui};

use super::look::Look;
use crate::domain::{Change, Text};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named, note, strong};

/// Positions in [`Look::changes`] of the rows behind each figure.
#[derive(Default)]
pub struct Counted {
    pub added: Vec<u32>,
    pub updated: Vec<u32>,
    pub unlocated: Vec<u32>,
}

impl Counted {
    /// Of changes in the order of the file.
    pub fn of(changes: &[Change]) -> Self {
        let mut counted = Self::default();
        for (place, change) in (0..).zip(changes) {
            let list =
                if change.before.is_some() { &mut counted.updated } else { &mut counted.added };
            list.push(place);
            let after = change.after.as_ref();
            if after.is_some_and(|it| it.geometry.is_none() && it.kind.has_place()) {
                counted.unlocated.push(place);
            }
        }
        counted
    }
}

/// Shows the figures of a look.
pub fn counts_ui(ui: &mut Ui, ctx: &Ctx<'_>, look: &Look) {
    let report = &*look.report;
    let counted = &look.counted;
    ui.horizontal_wrapped(|ui| {
        for (words, count, rows) in [
            (Text::new("新增", "new"), report.added, counted.added.as_slice()),
            (Text::new("更新已有", "change known ones"), report.updated, &counted.updated),
            (Text::new("与已有相同", "same as known"), report.unchanged, &[]),
            (Text::new("未定位", "unplaced"), report.unlocated, &counted.unlocated),
            (Text::new("退回", "rejected"), report.rejected, &[]),
            (Text::new("待确认", "in doubt"), report.doubted, &[]),
        ] {
            figure_ui(ui, ctx, look, words, count, rows);
            ui.add_space(10.0);
        }
    });
}

fn figure_ui(ui: &mut Ui, ctx: &Ctx<'_>, look: &Look, words: Text, count: u64, rows: &[u32]) {
    let is_act = words.en == "rejected" && count > 0;
    let value = strong(count.to_string()).size(18.0);
    let value = if is_act { value.color(ctx.color(|t| t.act)) } else { value };
    if rows.is_empty() {
        ui.label(value);
    } else {
        let button = ui.add(Button::new(value.underline()).frame_when_inactive(false));
        named(&button, &format!("{} {count}", ctx.say(words)));
        let button = button.on_hover_text(ctx.tell("看这些行", "See these rows"));
        Popup::menu(&button).close_behavior(CLOSE).show(|ui| rows_ui(ui, ctx, look, rows));
    }
    ui.label(note(ctx.say(words)));
}

/// A click in the list leaves it open: its rows are looked at one by one.
const CLOSE: egui::PopupCloseBehavior = egui::PopupCloseBehavior::CloseOnClickOutside;

fn rows_ui(ui: &mut Ui, ctx: &Ctx<'_>, look: &Look, rows: &[u32]) {
    ui.set_width(460.0);
    let height = ui.text_style_height(&egui::TextStyle::Body);
    ScrollArea::vertical().max_height(260.0).show_rows(ui, height, rows.len(), |ui, shown| {
        for place in rows.get(shown).unwrap_or_default() {
            let change = look.changes.get(*place as usize);
            if let Some(record) = change.and_then(|change| change.after.as_ref()) {
                row_ui(ui, ctx, record);
            }
        }
    });
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &crate::domain::Record) {
    let kind = ctx.say(record.kind.label());
    let row = record.meta.source.as_ref().map_or(0, |source| source.row);
    let name = record.name();
    let place = match &record.geometry {
        None if record.kind.has_place() => ctx.tell(" · 未定位", " · unplaced"),
        _ => String::new(),
    };
    let words = ctx.tell(
        format!("第 {row} 行 {name} · {kind}{place}"),
        format!("row {row} {name} · {kind}{place}"),
    );
    ui.add(Label::new(RichText::new(words)).truncate()).on_hover_ui(|ui| {
        for (field, value) in record.values() {
            let (label, shown) = (ctx.say(field.label), value.shown(field, ctx.lang()));
            ui.label(note(format!("{label}：{shown}")));
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{Ids, Kind, Record, Stamp};

    #[test]
    fn each_figure_knows_its_rows() {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let stamp = Stamp { actor: "王工".into(), at };
        let mut ids = Ids::new(at, 1);
        let mut made = |kind, place: Option<(f64, f64)>| {
            let geometry = place.map(|at| geo_types::Point::from(at).into());
            Arc::new(Record { geometry, ..Record::new(ids.next(), kind, &stamp) })
        };
        let placed = made(Kind::Site, Some((118.1, 39.8)));
        let changes = [
            Change { before: None, after: Some(Arc::clone(&placed)) },
            Change { before: Some(placed), after: Some(made(Kind::Site, None)) },
            Change { before: None, after: Some(made(Kind::Meeting, None)) },
        ];
        let counted = Counted::of(&changes);
        assert_eq!(counted.added, [0, 2]);
        assert_eq!(counted.updated, [1]);
        assert_eq!(counted.unlocated, [1], "a meeting lies nowhere");
    }
}
