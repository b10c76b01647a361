//! Files of readings in the dialog: what was concluded of one, and how a person overrules that.

mod columns;
mod findings;
mod stations;

use egui::{Button, CollapsingHeader, RichText, ScrollArea, TextEdit, Ui};

use super::choices::{READINGS, kind_ui, part_ui};
use super::import_job::{ImportJob, Wishes};
use super::reading_look::ReadingLook;
use crate::exchange::readings::{Role, Survey};
use crate::ui::ctx::Ctx;
use crate::ui::parts::air::instant_words;
use crate::ui::widgets::{named_text, note, strong};

/// What a person wants of the page in this frame.
pub enum ReadingWish {
    Nothing,
    LookAgain,
    Write,
}

/// The report, and below it the button that writes.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, look: &ReadingLook, job: &mut ImportJob) -> ReadingWish {
    let mut is_changed = false;
    let room_px = (ui.available_height() - 44.0).max(160.0);
    let area = ScrollArea::vertical().id_salt("import readings").max_height(room_px);
    area.auto_shrink([false, false]).show(ui, |ui| {
        is_changed = body_ui(ui, ctx, look, &mut job.wishes);
    });
    let mut wish = if is_changed { ReadingWish::LookAgain } else { ReadingWish::Nothing };
    ui.horizontal(|ui| {
        let rows = look.rows(&job.wishes);
        let words = ctx.tell(format!("导入 {rows} 行数据"), format!("Import {rows} rows"));
        let can_write = rows > 0 && ctx.district.is_some();
        if ui.add_enabled(can_write, Button::new(strong(words))).clicked() {
            wish = ReadingWish::Write;
        }
        ui.label(note(if rows > 0 {
            ctx.tell(
                "写入前自动备份；整批为一步，可撤销，以后也可整批撤回",
                "A dated copy is made first; one undo step, and it can be withdrawn later",
            )
        } else {
            ctx.tell(
                "没有可导入的行：请在上面把站点对上，或新建站点",
                "No row comes in: match its stations above, or make them",
            )
        }));
    });
    wish
}

/// True when the file must be looked at again.
fn body_ui(ui: &mut Ui, ctx: &Ctx<'_>, look: &ReadingLook, wishes: &mut Wishes) -> bool {
    let survey = &*look.survey;
    ui.label(summary(ctx, survey));
    let mut is_changed = false;
    ui.horizontal(|ui| {
        is_changed |= kind_ui(ui, ctx, wishes, ctx.say(READINGS));
        is_changed |= part_ui(ui, ctx, wishes, &look.parts);
    });
    let has_no_station = !survey.columns.is_empty()
        && !survey.columns.iter().any(|column| {
            matches!(column.role, Some(Role::StationCode | Role::StationName | Role::Type))
        });
    if has_no_station {
        is_changed |= station_ui(ui, ctx, wishes);
    }
    ui.add_space(6.0);
    ui.label(strong(ctx.tell("判读与依据", "What was concluded, and why")));
    is_changed |= findings::ui(ui, ctx, survey, &mut wishes.readings);
    ui.add_space(6.0);
    stations::ui(ui, ctx, look, &mut wishes.readings);
    if !survey.columns.is_empty() {
        let words = ctx.tell("各列含义", "What the columns are");
        let is_open = survey.values == 0 || wishes.readings.map.is_some();
        let header = CollapsingHeader::new(strong(words)).id_salt("reading columns");
        header.default_open(is_open).show(ui, |ui| {
            is_changed |= columns::ui(ui, ctx, look, &mut wishes.readings);
        });
    }
    notes_ui(ui, ctx, survey);
    is_changed
}

fn summary(ctx: &Ctx<'_>, survey: &Survey) -> String {
    let Survey { format, rows, values, possible, rejected, .. } = survey;
    let missing =
        if *possible == 0 { 0.0 } else { 100.0 - 100.0 * *values as f64 / *possible as f64 };
    let ends = survey.ends.map_or_else(String::new, |(from, to)| {
        format!("{} – {}", instant_words(from), instant_words(to))
    });
    ctx.tell(
        format!("{format} 文件，{ends}（北京时间）；行 {rows}，值 {values}，缺测 {missing:.1} %，退回 {rejected}"),
        format!("{format} file, {ends} (UTC+8); {rows} rows, {values} values, {missing:.1} % missing, {rejected} rejected"),
    )
}

/// For a file that names no station.
fn station_ui(ui: &mut Ui, ctx: &Ctx<'_>, wishes: &mut Wishes) -> bool {
    let mut is_changed = false;
    ui.horizontal(|ui| {
        let words = ctx.tell("文件未写站点，其站点为", "The file names no station; it is");
        ui.label(note(&words));
        let edit = ui.add(TextEdit::singleline(&mut wishes.readings.station).desired_width(180.0));
        named_text(&edit, &words, &wishes.readings.station);
        is_changed = edit.lost_focus();
        ui.label(note(ctx.tell("编码或名称", "code or name")));
    });
    is_changed
}

/// Rejections that are listed.
const MOST_REJECTIONS: usize = 12;

fn notes_ui(ui: &mut Ui, ctx: &Ctx<'_>, survey: &Survey) {
    for words in &survey.notes {
        let words = format!("! {}", words.say(ctx.lang()));
        ui.label(RichText::new(words).color(ctx.color(|t| t.watch)));
    }
    for (row, reason) in survey.rejections.iter().take(MOST_REJECTIONS) {
        let reason = reason.say(ctx.lang());
        ui.label(note(ctx.tell(format!("第 {row} 行：{reason}"), format!("row {row}: {reason}"))));
    }
    if let Some(more) = survey.rejected.checked_sub(MOST_REJECTIONS as u64).filter(|it| *it > 0) {
        ui.label(note(ctx.tell(format!("另有 {more} 行"), format!("{more} more rows"))));
    }
}
