//! The columns of the table and what their cells show.

use crate::analysis::FAILING_ITEMS;
use crate::domain::{Field, FieldType, Kind, Record, Text};
use crate::ui::card::shown_by_name;
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::{failing_items_words, value_words};

/// What inspections found wrong: no field of the file, but a column like any other.
pub static FAILING: Field = Field {
    key: FAILING_ITEMS,
    ty: FieldType::Text,
    unit: "",
    label: Text::new("不合格项", "What fails"),
    also: &[],
    of: &[],
};

/// Columns that are shown until others are chosen.
const FIRST_COLUMNS: usize = 10;

/// The fields of a layer and what else its table shows.
pub fn all(kind: Kind) -> Vec<&'static Field> {
    // Steps of an item are read on its page.
    let is_column = |field: &&'static Field| field.key != "steps";
    let mut columns: Vec<&'static Field> = kind.fields().iter().filter(is_column).collect();
    if kind == Kind::Site {
        // Behind code and name.
        columns.insert(2, &FAILING);
    }
    columns
}

/// The ones that are shown.
pub fn shown(ctx: &Ctx<'_>, kind: Kind) -> Vec<&'static Field> {
    let all = all(kind);
    match ctx.settings.columns.get(kind.key()).filter(|chosen| !chosen.is_empty()) {
        Some(chosen) => {
            all.into_iter().filter(|field| chosen.iter().any(|key| key == field.key)).collect()
        }
        None => all.into_iter().take(FIRST_COLUMNS).collect(),
    }
}

/// What a cell shows.
pub fn words(ctx: &Ctx<'_>, record: &Record, field: &'static Field) -> String {
    if field.key == FAILING.key {
        return failing_items_words(record, ctx.lang());
    }
    let value = record.get(field.key);
    value.map(|value| shown_by_name(ctx, record.kind, field, value)).unwrap_or_default()
}

/// A row as it is copied: codes stay codes, so that it can be pasted back.
pub fn line(record: &Record, columns: &[&'static Field], ctx: &Ctx<'_>) -> String {
    let mut cells: Vec<String> = columns
        .iter()
        .map(|field| {
            let text = if field.key == FAILING.key {
                failing_items_words(record, ctx.lang())
            } else {
                let value = record.get(field.key);
                value.map(|value| value_words(field, value, ctx.lang())).unwrap_or_default()
            };
            text.replace(['\t', '\n', '\r'], " ")
        })
        .collect();
    match &record.geometry {
        Some(geo_types::Geometry::Point(point)) => {
            cells.push(format!("{:.6}", point.x()));
            cells.push(format!("{:.6}", point.y()));
        }
        _ => cells.extend([String::new(), String::new()]),
    }
    cells.join("\t") + "\n"
}
