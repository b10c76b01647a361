//! What lies in a ring of a control point, as a list and as a table.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, TextStyle, Ui};

use super::words::{failing_words, subkind_words};
use crate::analysis::standards::InspectionTally;
use crate::analysis::{RingCount, RingOptions, counts, rings};
use crate::domain::{Kind, RecordId, Text, World};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{note, strong, words_width};

/// One line of a ring's contents.
pub struct Line {
    pub kind: Kind,
    pub subkind: String,
    pub department: String,
    pub count: usize,
    pub inspections: InspectionTally,
    pub length_m: Option<f64>,
}

/// What lies in one ring, by kind and department.
pub fn contents(ctx: &Ctx<'_>, id: RecordId, radius_m: f64) -> Vec<Line> {
    // A world of this one control point: its ring alone is asked for.
    let Some(point) = ctx.record(id) else { return Vec::new() };
    let mut world = World::default();
    world.load(std::sync::Arc::clone(point));
    let kinds = vec![
        Kind::Site,
        Kind::Road,
        Kind::Congestion,
        Kind::Sweeping,
        Kind::Restriction,
        Kind::Camera,
    ];
    let options = RingOptions { radii_m: vec![radius_m], kinds, with_stopped: true };
    let rows = rings(&world, &ctx.known.index, &options);
    counts(&rows).iter().map(line).collect()
}

fn line(count: &RingCount<'_>) -> Line {
    Line {
        kind: count.layer,
        subkind: count.kind.to_owned(),
        department: count.department.to_owned(),
        count: count.count,
        inspections: count.inspections,
        length_m: count.length_m,
    }
}

/// Lines of one kind and several departments as one.
pub fn by_kind(lines: Vec<Line>) -> Vec<Line> {
    let mut merged: Vec<Line> = Vec::new();
    for line in lines {
        match merged.last_mut().filter(|it| (it.kind, &it.subkind) == (line.kind, &line.subkind)) {
            Some(sum) => {
                sum.count += line.count;
                sum.inspections += line.inspections;
                sum.length_m = match (sum.length_m, line.length_m) {
                    (Some(one), Some(other)) => Some(one + other),
                    (one, other) => one.or(other),
                };
            }
            None => merged.push(line),
        }
    }
    merged
}

/// `工地 3 不达标 1/2 · 未查 1`; of roads their length.
pub fn line_job(ui: &Ui, ctx: &Ctx<'_>, line: &Line) -> LayoutJob {
    let what = subkind_words(line.kind, &line.subkind, ctx.lang());
    let words = match line.length_m {
        Some(m) => format!("{what} {:.1} km", m / 1000.0),
        None => format!("{what} {}", line.count),
    };
    let mut text = LayoutJob::default();
    let format = |color| TextFormat::simple(TextStyle::Body.resolve(ui.style()), color);
    text.append(&words, 0.0, format(ctx.color(|t| t.ink)));
    if let Some(words) = failing_words(ctx, line.inspections) {
        text.append(&words, 6.0, format(failing_color(ctx, line.inspections)));
    }
    text
}

/// Red only where something fails: what was not inspected is neither good nor bad.
pub fn failing_color(ctx: &Ctx<'_>, tally: InspectionTally) -> Color32 {
    if tally.failing > 0 { ctx.color(|t| t.act) } else { ctx.color(|t| t.muted) }
}

/// Said of an empty ring.
pub fn nothing_inside(ctx: &Ctx<'_>) -> &'static str {
    ctx.say(if ctx.is_reading() {
        Text::new("正在读取…", "Reading…")
    } else {
        Text::new("圈内没有登记的点位", "Nothing is recorded inside")
    })
}

/// Of the table on one line a row, points.
fn width(ui: &Ui, ctx: &Ctx<'_>, lines: &[Line]) -> f32 {
    let widest = |words: &dyn Fn(&Line) -> Option<String>| {
        let widths = lines.iter().filter_map(words).map(|words| words_width(ui, words));
        widths.fold(0.0, f32::max)
    };
    let kind = widest(&|line| Some(subkind_words(line.kind, &line.subkind, ctx.lang())));
    let whose = widest(&|line| Some(line.department.clone()));
    let failing = widest(&|line| failing_words(ctx, line.inspections));
    kind + whose + failing + 60.0
}

/// The contents of a ring as a small table.
pub fn ring_ui(ui: &mut Ui, ctx: &Ctx<'_>, id: RecordId, radius_m: f64) {
    let lines = contents(ctx, id, radius_m);
    if lines.is_empty() {
        ui.label(note(nothing_inside(ctx)));
        return;
    }
    // Where one line has no room for both, what fails stands below who answers for it.
    let is_stacked = ui.available_width() < width(ui, ctx, &lines);
    egui::Grid::new(("ring", id, radius_m as i64)).num_columns(4).spacing([12.0, 2.0]).show(
        ui,
        |ui| {
            for line in &lines {
                ui.label(subkind_words(line.kind, &line.subkind, ctx.lang()));
                ui.label(strong(line.count.to_string()));
                let length = line.length_m.map(|m| format!("{:.1} km", m / 1000.0));
                let mut whose = vec![line.department.clone()];
                whose.extend(length);
                whose.retain(|words| !words.is_empty());
                let whose = note(whose.join(" · "));
                let failing = failing_words(ctx, line.inspections).map(|words| {
                    let color = failing_color(ctx, line.inspections);
                    egui::RichText::new(words).small().color(color)
                });
                if let Some(failing) = failing.clone().filter(|_| is_stacked) {
                    ui.vertical(|ui| {
                        ui.label(whose);
                        ui.label(failing);
                    });
                } else {
                    ui.label(whose);
                    failing.map(|failing| ui.label(failing));
                }
                ui.end_row();
            }
        },
    );
}
