//! With what today is compared: a week ago, the meeting before, a day or an hour.

use egui::{Button, Label, TextEdit, Ui};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::domain::Text;
use crate::settings::clock;
use crate::ui::action::MeetingAction;
use crate::ui::ctx::Ctx;
use crate::ui::model::meetings::Since;
use crate::ui::parts::since::{end_of, when, why_not};
use crate::ui::widgets::{named_text, note};

/// `2026-11-18` is its end, `2026-11-18 10:00` that minute, both in the time of the office.
fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(day) = text.parse::<Date>()
        && !text.contains([' ', 'T'])
    {
        return end_of(day);
    }
    let at: DateTime = text.parse().ok()?;
    clock::office().to_timestamp(at).ok()
}

/// The chooser; what is being typed is kept by the window.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ui.label(note(ctx.tell("与之比较", "Compare with")));
    let since = ctx.meeting.since;
    let fixed = [
        (Since::Week, Text::new("上周", "A week ago")),
        (Since::Meeting, Text::new("上次会议", "Last meeting")),
    ];
    for (choice, words) in fixed {
        if ui.add(Button::selectable(since == choice, ctx.say(words))).clicked() {
            ctx.actions.meeting(MeetingAction::Since(choice));
        }
    }
    let id = ui.scope_id().with("since");
    let known = if let Since::Moment(at) = since { when(at) } else { String::new() };
    let typed = ui.data(|data| data.get_temp::<String>(id));
    let mut text = typed.unwrap_or_else(|| known.clone());
    let hint = ctx.tell("日期 2026-11-18", "day 2026-11-18");
    let field = ui.add(TextEdit::singleline(&mut text).hint_text(hint).desired_width(132.0));
    named_text(&field, ctx.say(Text::new("对比日期", "Day to compare with")), &text);
    if field.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, text.clone()));
    }
    if field.lost_focus() {
        ui.data_mut(|data| data.remove::<String>(id));
        if let Some(at) = read(&text).filter(|_| text != known) {
            ctx.actions.meeting(MeetingAction::Since(Since::Moment(at)));
        }
    }
    if field.has_focus() && !text.trim().is_empty() && read(&text).is_none() {
        let words = ctx.tell("写成 2026-11-18", "as 2026-11-18");
        ui.label(note(words).color(ctx.color(|t| t.watch)));
    } else if let Some(why) = why_not(ctx) {
        // The buttons at the right keep their room; the pointer brings up all of it.
        ui.add(Label::new(note(why)).truncate());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_means_its_end_and_a_minute_itself_in_the_time_of_the_office() {
        let at = |text: &str| text.parse::<Timestamp>().ok();
        assert_eq!(read(" 2026-11-18 "), at("2026-11-18T15:59:59.999999999Z"));
        assert_eq!(read("2026-11-18 10:00"), at("2026-11-18T02:00:00Z"));
        assert_eq!(read("2026-11-18T10:00"), at("2026-11-18T02:00:00Z"));
        assert_eq!(read("上周"), None);
        assert_eq!(read("2026-11-18").map(when).as_deref(), Some("2026-11-18"));
        assert_eq!(read("2026-11-18 10:00").map(when).as_deref(), Some("2026-11-18 10:00"));
    }
}
