//! The row of places to be: word, icon, and how much waits there.

use std::fmt::Write as _;

use egui::{Button, RichText, Ui};

use crate::ui::action::WindowAction;
use crate::ui::command::key_text;
use crate::ui::ctx::Ctx;
use crate::ui::model::workspace::{Badge, Workspace};
use crate::ui::widgets::{icon, named, strong, words_width};

/// Where the words would take more of the window's width than this, icons stand alone.
const WORDS_SHARE: f32 = 0.42;
/// Of a place besides its words: icon, spaces, and the figure of what waits there, points.
const BESIDE: f32 = 48.0;
const FIGURE: f32 = 16.0;

/// Shows one button a place.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let words = |place: Workspace| ctx.say(place.about().command.about().words);
    let places = Workspace::ALL.map(|place| (place, place.badge(ctx)));
    let wide: f32 = places
        .iter()
        .map(|(place, badge)| {
            let figure = if badge.is_some() { FIGURE } else { 0.0 };
            words_width(ui, words(*place)) + BESIDE + figure
        })
        .sum();
    let has_words = wide <= ui.ctx().content_rect().width() * WORDS_SHARE;
    for (place, badge) in places {
        place_ui(ui, ctx, place, badge, has_words);
    }
}

fn place_ui(ui: &mut Ui, ctx: &Ctx<'_>, place: Workspace, badge: Option<Badge>, has_words: bool) {
    let about = place.about().command.about();
    let words = ctx.say(about.words);
    let count = badge.as_ref().map(|badge| badge.count.to_string()).unwrap_or_default();
    let count = strong(count).small().color(ctx.color(|t| t.act));
    let is_here = ctx.workspace == place;
    let name = if is_here { strong(words) } else { RichText::new(words) };
    let mark = icon(about.icon);
    let is_enabled = ctx.district.is_some() || !place.about().has_pages;
    let button = match (has_words, badge.is_some()) {
        (true, true) => Button::selectable(is_here, (mark, name, count)),
        (true, false) => Button::selectable(is_here, (mark, name)),
        (false, true) => Button::selectable(is_here, (mark, count)),
        (false, false) => Button::selectable(is_here, mark),
    };
    let response = ui.add_enabled(is_enabled, button);
    named(&response, words);
    let key = about.key.map(key_text).unwrap_or_default();
    let mut tip = format!("{words}  {key}");
    if let Some(badge) = badge {
        write!(tip, "\n{} {}", badge.count, ctx.say(badge.words)).ok();
    }
    if response.on_hover_text(tip).clicked() {
        // Who is there already gets its pages back below the map, and is never sent away.
        if !is_here || (place.about().has_pages && !ctx.shows_pages()) {
            ctx.actions.window(WindowAction::TurnTo(place));
        }
    }
}
