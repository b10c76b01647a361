//! The columns of a file: what each holds, where it goes, and where else it might go.

use egui::{Align, ComboBox, Grid, Label, Layout, RichText, ScrollArea, Ui, vec2};

use crate::domain::{Kind, Text};
use crate::exchange::meaning::names::Special;
use crate::exchange::meaning::outline::{MappedColumn, TableOutline};
use crate::exchange::meaning::{MappingTarget, Report};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named_combo, note, strong};

/// A column and where a person wants it.
pub struct Choice {
    pub kind: Kind,
    pub column: String,
    pub target: MappingTarget,
}

/// More columns than this nobody goes through by hand.
const MOST_COLUMNS: usize = 200;

/// What a column can be beside a field.
const OTHERS: [(MappingTarget, Text); 9] = [
    (MappingTarget::Skip, Text::new("不导入", "left out")),
    (MappingTarget::Extra, Text::new("其他属性", "other attribute")),
    (MappingTarget::Special(Special::Lon), Text::new("经度（东坐标）", "longitude (easting)")),
    (MappingTarget::Special(Special::Lat), Text::new("纬度（北坐标）", "latitude (northing)")),
    (
        MappingTarget::Special(Special::Pair),
        Text::new("坐标（两数一格）", "coordinates in one cell"),
    ),
    (MappingTarget::Special(Special::Wkt), Text::new("几何（WKT）", "geometry (WKT)")),
    (MappingTarget::Special(Special::Crs), Text::new("坐标系", "datum")),
    (MappingTarget::Special(Special::Layer), Text::new("图层", "layer")),
    (MappingTarget::Special(Special::Id), Text::new("记录标识（id）", "id of the record")),
];

/// Answers what a person has chosen in this frame.
pub fn columns_ui(ui: &mut Ui, ctx: &Ctx<'_>, report: &Report, height_px: f32) -> Option<Choice> {
    let mut choice = None;
    ScrollArea::vertical()
        .id_salt("columns")
        .max_height(height_px)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            for (place, table) in report.tables.iter().enumerate() {
                if report.tables.len() > 1 {
                    let kind = ctx.say(table.kind.label());
                    ui.label(strong(format!("{} → {kind}（{}）", table.name, table.rows)));
                }
                Grid::new(("columns", place)).num_columns(3).striped(true).show(ui, |ui| {
                    for column in table.columns.iter().take(MOST_COLUMNS) {
                        choice = row_ui(ui, ctx, place, table, column).or(choice.take());
                        ui.end_row();
                    }
                });
                if let Some(more) = table.columns.len().checked_sub(MOST_COLUMNS + 1) {
                    let more = more + 1;
                    ui.label(note(ctx.tell(
                        format!("另有 {more} 列按识别结果导入"),
                        format!("{more} more columns go where they were guessed to"),
                    )));
                }
            }
        });
    choice
}

fn row_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    place: usize,
    table: &TableOutline,
    column: &MappedColumn,
) -> Option<Choice> {
    cell_ui(ui, 120.0, column.name.as_str().into());
    cell_ui(ui, 160.0, note(column.samples.join("；")));
    let shown = words(ctx, table.kind, column.target);
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(("column", place, &column.name))
        .selected_text(shown)
        .width(150.0)
        .show_ui(ui, |ui| {
            for target in targets(table.kind) {
                let label = words(ctx, table.kind, target);
                if ui.selectable_label(column.target == target, label).clicked() {
                    chosen = Some(target);
                    // Also for who chose without a pointer: the list would lie over the next one.
                    ui.close();
                }
            }
        });
    let name = ctx.tell(format!("{} 导入到", column.name), format!("{} goes to", column.name));
    named_combo(&combo.response, &name, shown);
    let target = chosen.filter(|target| *target != column.target)?;
    Some(Choice { kind: table.kind, column: column.name.clone(), target })
}

/// Cut where the next begins; the whole text comes under the pointer.
fn cell_ui(ui: &mut Ui, width_px: f32, text: RichText) {
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(vec2(width_px, 24.0), layout, |ui| {
        ui.set_width(width_px);
        ui.add(Label::new(text).truncate());
    });
}

fn targets(kind: Kind) -> impl Iterator<Item = MappingTarget> {
    let fields = (0..kind.fields().len()).filter_map(|at| u8::try_from(at).ok());
    OTHERS.into_iter().map(|(target, _)| target).chain(fields.map(MappingTarget::Field))
}

fn words(ctx: &Ctx<'_>, kind: Kind, target: MappingTarget) -> &'static str {
    if let MappingTarget::Field(at) = target {
        return kind.fields().get(usize::from(at)).map_or("", |field| ctx.say(field.label));
    }
    let other = OTHERS.iter().find(|(known, _)| *known == target);
    other.map_or("", |(_, words)| ctx.say(*words))
}
