//! The big screen: each clock that runs, to be read from across the room.

use egui::{Panel, RichText, ScrollArea, Ui};

use super::words::{
    clock_color, due_words, left_words, span_words, station_words, time_words, value_words,
};
use crate::analysis::episodes::Matched;
use crate::domain::episode;
use crate::settings::clock;
use crate::ui::ctx::Ctx;
use crate::ui::theme;
use crate::ui::widgets::strong;

/// Clocks on one screen: more are counted.
const MOST: usize = 5;

/// Shows it at the right while a clock runs.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, frame: egui::Frame) {
    let rows = ctx.running_rows();
    if rows.is_empty() {
        return;
    }
    let width = (ui.ctx().content_rect().width() * 0.3).max(260.0);
    Panel::right("alarm board").exact_size(width).frame(frame).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            for row in rows.iter().take(MOST) {
                row_ui(ui, ctx, row);
                ui.separator();
            }
            if let Some(more) = rows.len().checked_sub(MOST).filter(|more| *more > 0) {
                ui.label(ctx.tell(format!("另有 {more} 起"), format!("and {more} more")));
            }
        });
    });
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, row: &Matched) {
    let Some(record) = ctx.episode_record(row) else { return };
    let Some(clock) = episode::clock(record) else { return };
    let now = clock::now();
    let size = egui::TextStyle::Heading.resolve(ui.style()).size;
    ui.label(strong(station_words(ctx, row)).size(size));
    ui.horizontal_wrapped(|ui| {
        let words = if clock.is_running() {
            left_words(clock, now)
        } else {
            span_words(clock.elapsed(now))
        };
        let font = egui::FontId::new(size * 2.4, theme::bold());
        ui.label(RichText::new(words).font(font).color(clock_color(ctx, clock, now)));
        ui.label(strong(value_words(row)).size(size * 1.4));
    });
    let state = ctx.say(episode::state(record).label());
    let next = match episode::due(record) {
        Some((due, at)) => format!("{state} → {} {}", due_words(ctx, due), time_words(at)),
        None => state.to_owned(),
    };
    let is_loud = episode::is_loud(record, now);
    let color = ctx.color(if is_loud { |t| t.act } else { |t| t.ink });
    ui.label(strong(next).size(size).color(color));
}
