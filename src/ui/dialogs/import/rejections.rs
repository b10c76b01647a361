//! The rows that did not come in: a line a cause, which opens to its rows.

use std::sync::Arc;

use egui::{CollapsingHeader, Label, ScrollArea, Ui};

use super::write;
use crate::exchange::meaning::{RefusalGroup, Rejection, Report};
use crate::exchange::rejected::field_name;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::note;

/// Causes, and rows of one cause, that are shown; the list that can be saved has all.
const MOST_CAUSES: usize = 50;
const MOST_ROWS: usize = 200;

/// With a button that saves the list.
pub fn rejections_ui(ui: &mut Ui, ctx: &Ctx<'_>, report: &Arc<Report>, file: &str) {
    ScrollArea::vertical().id_salt("rejections").max_height(90.0).show(ui, |ui| {
        for (place, group) in report.refusals.iter().take(MOST_CAUSES).enumerate() {
            group_ui(ui, ctx, report, group, place);
        }
    });
    ui.horizontal(|ui| {
        if ui.button(ctx.tell("下载退回清单…", "Save the rejected rows…")).clicked() {
            write::save_rejected(report, file, ctx);
        }
        ui.label(note(ctx.tell(
            "含原内容与原因；改好后再拖入即可",
            "with their content and the reason; correct them and drop the file again",
        )));
    });
}

fn group_ui(ui: &mut Ui, ctx: &Ctx<'_>, report: &Report, group: &RefusalGroup, place: usize) {
    let rows: Vec<&Rejection> =
        group.listed.iter().filter_map(|at| report.rejections.get(*at)).collect();
    if let (1, [only]) = (group.count, rows.as_slice()) {
        row_ui(ui, ctx, report, only);
        return;
    }
    let (count, reason) = (group.count, group.reason.say(ctx.lang()));
    let field = field_name(report.tables.first(), &group.field, ctx.lang());
    let words = ctx
        .tell(format!("{count} 行 {field}：{reason}"), format!("{count} rows, {field}: {reason}"));
    CollapsingHeader::new(words).id_salt(("cause", place)).show(ui, |ui| {
        for rejection in rows.iter().take(MOST_ROWS) {
            row_ui(ui, ctx, report, rejection);
        }
        if let Some(more) = count.checked_sub(MOST_ROWS as u64).filter(|more| *more > 0) {
            ui.label(note(ctx.tell(format!("另有 {more} 行"), format!("{more} more rows"))));
        }
    });
}

/// Number, reason and what stood in the row, on one line; the whole of it under the pointer.
fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, report: &Report, rejection: &Rejection) {
    let mut words = row_words(ctx, report, rejection);
    if !rejection.cells.is_empty() {
        words = format!("{words} ｜ {}", rejection.cells.join("，"));
    }
    ui.add(Label::new(note(words)).truncate());
}

fn row_words(ctx: &Ctx<'_>, report: &Report, rejection: &Rejection) -> String {
    let (row, reason) = (rejection.row, rejection.reason.say(ctx.lang()));
    let field = field_name(report.tables.get(rejection.table), &rejection.field, ctx.lang());
    let value = &rejection.value;
    ctx.tell(
        format!("第 {row} 行 {field}：{reason} {value}"),
        format!("row {row} {field}: {reason} {value}"),
    )
}
