//! The strip under the figures while a clock runs: what calls, what is next, how long it has.

use egui::{Button, Frame, Margin, Panel, RichText, ScrollArea, Ui};
use lucide_icons::Icon;

use super::words::{
    clock_color, due_words, left_words, span_words, station_words, time_words, value_words,
};
use crate::analysis::episodes::Matched;
use crate::domain::{Text, episode};
use crate::settings::clock;
use crate::ui::action::{Action, EpisodeAction, WindowAction};
use crate::ui::command::{Command, key_text};
use crate::ui::ctx::Ctx;
use crate::ui::model::episodes::RowKey;
use crate::ui::model::workspace::Workspace;
use crate::ui::widgets::{icon, named, strong};

/// Shows it where there is something to show.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let rows = ctx.running_rows();
    if rows.is_empty() {
        return;
    }
    let loud = ctx.loud();
    let scale = ctx.text_scale();
    let fill = if loud.is_empty() { ctx.color(|t| t.panel) } else { ctx.color(|t| t.act) };
    let frame = Frame::NONE.fill(fill).inner_margin(Margin::symmetric(12, 2));
    Panel::top("alarm strip").exact_size(34.0 * scale).frame(frame).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            if !loud.is_empty() {
                let count = loud.len();
                let waits = match count {
                    1 => "1 high value waits".to_owned(),
                    _ => format!("{count} high values wait"),
                };
                let key = |command: Command| command.about().key.map(key_text).unwrap_or_default();
                let (open, next) = (key(Command::HighValues), key(Command::NextStep));
                let looked_at = ctx.episode_row().and_then(|row| Some(row.record.as_ref()?.id));
                let is_elsewhere = ctx.workspace == Workspace::Episodes
                    && ctx.calls_elsewhere(looked_at).is_some();
                let words = if is_elsewhere {
                    ctx.tell(
                        format!("{count} 起高值待签收  {next} 转到"),
                        format!("{waits}  {next} goes there"),
                    )
                } else {
                    ctx.tell(
                        format!("{count} 起高值待签收  {open} 打开，{next} 签收"),
                        format!("{waits}  {open} opens, {next} acknowledges"),
                    )
                };
                ui.label(icon(Icon::Siren).color(ctx.color(|t| t.panel)));
                ui.label(strong(words).color(ctx.color(|t| t.panel)));
            }
            ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
                // What calls stands first.
                let calls = |row: &&Matched| {
                    let id = row.record.as_ref().map(|record| record.id);
                    loud.iter().any(|it| Some(it.id) == id)
                };
                let (first, rest): (Vec<&Matched>, Vec<&Matched>) =
                    rows.into_iter().partition(calls);
                for row in first.into_iter().chain(rest) {
                    chip_ui(ui, ctx, row, !loud.is_empty());
                }
            });
        });
    });
}

/// `实验小学站 PM10 212 18:40 · 到场 10:33`.
fn chip_ui(ui: &mut Ui, ctx: &Ctx<'_>, row: &Matched, is_on_red: bool) {
    let Some(record) = ctx.episode_record(row) else { return };
    let Some(clock) = episode::clock(record) else { return };
    let now = clock::now();
    let color = |color| if is_on_red { ctx.color(|t| t.panel) } else { color };
    let left =
        if clock.is_running() { left_words(clock, now) } else { span_words(clock.elapsed(now)) };
    let next = if episode::is_shelved(record, now) {
        let until = episode::moment(record, "shelved_until").map_or_else(String::new, time_words);
        let by = record.text("shelved_by");
        ctx.tell(format!("搁置至{until} {by}"), format!("shelved until {until} by {by}"))
    } else if let Some((state, at)) = episode::due(record) {
        let is_late = at < now;
        let late = if is_late { ctx.say(Text::new("（已逾）", " (late)")) } else { "" };
        format!("{} {}{late}", due_words(ctx, state), time_words(at))
    } else if row.may_close() {
        ctx.tell("值已回落，可结案", "values are down: close it")
    } else {
        ctx.tell("等数值回落", "waiting for the values")
    };
    let words = format!("{} {}", station_words(ctx, row), value_words(row));
    let button = Button::new((
        RichText::new(&words).color(color(ctx.color(|t| t.ink))),
        strong(&left).color(color(clock_color(ctx, clock, now))),
        RichText::new(&next).small().color(color(ctx.color(|t| t.muted))),
    ));
    let response = ui.add(button.frame_when_inactive(false));
    named(&response, &format!("{words} {next}"));
    let because = record.text("shelved_because");
    let response = if because.is_empty() { response } else { response.on_hover_text(because) };
    if response.clicked() {
        ctx.actions.window(WindowAction::Enter(Workspace::Episodes));
        ctx.actions.send(Action::Episode(EpisodeAction::Choose(RowKey::of(row))));
    }
}
