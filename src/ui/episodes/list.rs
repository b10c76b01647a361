//! What waits and what was, one row an episode.

use egui::{Color32, RichText, ScrollArea, Sense, Ui, vec2};

use super::words::{clock_color, left_words, span_words, state_words, station_words, value_words};
use crate::analysis::episodes::{Matched, Nature};
use crate::domain::{Record, episode};
use crate::settings::clock;
use crate::ui::action::{Action, EpisodeAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::episodes::RowKey;
use crate::ui::parts::air::hour_words;
use crate::ui::theme;
use crate::ui::widgets::named;

/// Whether attention, limits and what is long over are listed too.
pub fn all_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let mut all = ctx.episodes.lists_all;
    let words = ctx.tell("全部（含关注、超标）", "All, with attention and limits");
    if ui.checkbox(&mut all, words).changed() {
        ctx.actions.send(Action::Episode(EpisodeAction::ListAll(all)));
    }
}

/// Shows the list.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let list = ctx.episode_list();
    let chosen = ctx.episode_row().map(RowKey::of);
    let height = 40.0 * ctx.text_scale();
    ScrollArea::vertical().id_salt("episodes list").auto_shrink(false).show_rows(
        ui,
        height - ui.spacing().item_spacing.y,
        list.len(),
        |ui, rows| {
            for row in list.get(rows).unwrap_or_default() {
                row_ui(ui, ctx, row, chosen.as_ref(), height);
            }
        },
    );
}

/// What its clock says, and how urgently.
fn clock_words(ctx: &Ctx<'_>, row: &Matched) -> (String, Color32) {
    let now = clock::now();
    match ctx.episode_record(row).and_then(|record| episode::clock(record)) {
        Some(clock) if ctx.is_running(row) && clock.is_running() => {
            (left_words(clock, now), clock_color(ctx, clock, now))
        }
        // How long it took says something only of what somebody answered.
        Some(clock) if ctx.episode_record(row).is_some_and(|record| is_answered(record)) => {
            (span_words(clock.elapsed(now)), ctx.color(|t| t.muted))
        }
        _ => (String::new(), ctx.color(|t| t.muted)),
    }
}

/// Whether somebody reported what was done.
pub(super) fn is_answered(record: &Record) -> bool {
    episode::moment(record, "handled_at").is_some()
}

fn bar_color(ctx: &Ctx<'_>, row: &Matched) -> Color32 {
    match row.nature() {
        Nature::Dispatch if ctx.is_running(row) => ctx.color(|t| t.act),
        Nature::Regional | Nature::Suspicious | Nature::NoData if row.is_live() => {
            ctx.color(|t| t.watch)
        }
        _ => ctx.color(|t| t.line),
    }
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, row: &Matched, chosen: Option<&RowKey>, height: f32) {
    let key = RowKey::of(row);
    let is_chosen = chosen == Some(&key);
    let spacing = ui.spacing().item_spacing.y;
    let size = vec2(ui.available_width(), height - spacing);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let (station, value, state) =
        (station_words(ctx, row), value_words(row), state_words(ctx, row));
    named(&response, &format!("{station} {value} {state}"));
    let painter = ui.painter_at(rect);
    if is_chosen || response.hovered() {
        let fill = if is_chosen {
            ui.visuals().selection.bg_fill
        } else {
            ui.visuals().widgets.hovered.weak_bg_fill
        };
        painter.rect_filled(rect, 4.0, fill);
    }
    let (right, color) = clock_words(ctx, row);
    let ink = ctx.color(|t| t.ink);
    let muted = ctx.color(|t| t.muted);
    let body = egui::TextStyle::Body.resolve(ui.style());
    let small = egui::TextStyle::Small.resolve(ui.style());
    let bold = egui::FontId::new(body.size, theme::bold());
    let clock_width = painter.layout_no_wrap(right.clone(), bold.clone(), color).size().x;
    let left = rect.left() + 14.0;
    painter.rect_filled(
        egui::Rect::from_min_size(rect.min + vec2(3.0, 5.0), vec2(4.0, rect.height() - 10.0)),
        2.0,
        bar_color(ctx, row),
    );
    let name = RichText::new(format!("{station} {value}"));
    let name = egui::WidgetText::from(name.color(ink)).into_galley(
        ui,
        Some(egui::TextWrapMode::Truncate),
        rect.width() - 30.0 - clock_width,
        egui::TextStyle::Body,
    );
    painter.galley(egui::pos2(left, rect.top() + 2.0), name, ink);
    painter.text(rect.right_top() + vec2(-6.0, 2.0), egui::Align2::RIGHT_TOP, right, bold, color);
    let hour = row.hour().map_or_else(String::new, |hour| hour_words(ctx, hour));
    let below = format!("{hour}  {state}");
    painter.text(
        egui::pos2(left, rect.bottom() - 2.0),
        egui::Align2::LEFT_BOTTOM,
        below,
        small,
        muted,
    );
    if response.clicked() {
        if let Some(place) = key.place {
            ctx.actions.view(ViewAction::ShowRecord(place));
        }
        ctx.actions.send(Action::Episode(EpisodeAction::Choose(key)));
    }
}
