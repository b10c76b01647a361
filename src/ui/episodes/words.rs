//! Words of clocks, values and states, the same on list, strip and map.

use egui::Color32;
use jiff::{SignedDuration, Timestamp};

use crate::analysis::air::Pollutant;
use crate::analysis::air::rounding::half_even;
use crate::analysis::episodes::Matched;
use crate::domain::episode::{self, Clock};
use crate::domain::{EpisodeState, Text};
use crate::settings::clock;
use crate::ui::ctx::Ctx;
use crate::ui::model::episodes::lead;

/// `41:20`; from an hour on `1:41:20`, from a day on days.
pub fn span_words(span: SignedDuration) -> String {
    let seconds = span.as_secs().abs();
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match h {
        0 => format!("{m:02}:{s:02}"),
        1..24 => format!("{h}:{m:02}:{s:02}"),
        _ => format!("{} d", h / 24),
    }
}

/// What is left of the hour, or how far beyond it is: `18:40`, `+03:12`.
pub fn left_words(clock: Clock, now: Timestamp) -> String {
    let left = clock.left(now);
    let words = span_words(left);
    if left.is_negative() { format!("+{words}") } else { words }
}

/// Time is running out, or has.
pub fn clock_color(ctx: &Ctx<'_>, clock: Clock, now: Timestamp) -> Color32 {
    let left = clock.left(now);
    if left < SignedDuration::from_mins(15) {
        ctx.color(|t| t.act)
    } else if left < SignedDuration::from_mins(30) {
        ctx.color(|t| t.watch)
    } else {
        ctx.color(|t| t.accent)
    }
}

/// What is due, before its time.
pub fn due_words(ctx: &Ctx<'_>, due: EpisodeState) -> &'static str {
    ctx.say(match due {
        EpisodeState::Acknowledged => Text::new("应签收", "acknowledge by"),
        EpisodeState::OnSite => Text::new("应到场", "on site by"),
        _ => Text::new("应处置反馈", "answer by"),
    })
}

/// `10:03` of the office, with the day where it is another.
pub fn time_words(at: Timestamp) -> String {
    let at = clock::office().to_datetime(at);
    let is_today = at.date() == clock::today();
    at.strftime(if is_today { "%H:%M" } else { "%m-%d %H:%M" }).to_string()
}

pub fn number(pollutant: Pollutant, value: f64) -> String {
    let decimals = pollutant.decimals();
    format!("{:.*}", usize::from(decimals), half_even(value, decimals))
}

/// The name of a row's station.
pub fn station_words(ctx: &Ctx<'_>, row: &Matched) -> String {
    let name = row.place().and_then(|place| ctx.record(place)).map(|record| record.name());
    match name {
        Some(name) if !name.is_empty() => name.to_owned(),
        Some(_) => ctx.tell("无名站", "station"),
        None => ctx.tell("全区", "District"),
    }
}

/// `PM10 212`: as it was when it was alerted, else as it was found.
pub fn value_words(row: &Matched) -> String {
    let pollutant = lead(row);
    let value = row.record.as_ref().and_then(|record| record.get("value")?.as_f64());
    let found = || row.found.as_ref()?.lead().map(|course| course.value);
    value.or_else(found).map_or_else(String::new, |value| {
        format!("{} {}", pollutant.symbol(), number(pollutant, value))
    })
}

/// How it stands, in a word or two.
pub fn state_words(ctx: &Ctx<'_>, row: &Matched) -> String {
    let Some(record) = ctx.episode_record(row) else {
        let nature = ctx.say(row.nature().label());
        return match row.found.as_ref().filter(|found| !found.is_open()) {
            Some(_) => format!("{nature}·{}", ctx.tell("已回落", "over")),
            None => nature.to_owned(),
        };
    };
    let state = episode::state(record);
    ctx.say(state.label()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_shows_minutes_then_hours_then_days() {
        let words = |seconds| span_words(SignedDuration::from_secs(seconds));
        assert_eq!(words(59), "00:59");
        assert_eq!(words(3599), "59:59");
        assert_eq!(words(6000), "1:40:00");
        assert_eq!(words(-200_000), "2 d");
    }
}
