//! Which decisions are meant, and how one stands, in words.

use std::sync::Arc;

use egui::RichText;
use jiff::civil::Date;

use crate::analysis::decisions::{DecisionFilter, DecisionStanding, last_meeting};
use crate::domain::Record;
use crate::ui::ctx::Ctx;

/// A decision, judged.
pub type Row = (DecisionStanding, Arc<Record>);

/// Whether only the decisions of the last meeting are meant: on the big screen unless told otherwise.
pub fn is_of_last(ctx: &Ctx<'_>) -> bool {
    ctx.meeting.is_of_last.unwrap_or(ctx.is_big)
}

/// The meeting before the one that is held, else before today.
pub fn last(ctx: &Ctx<'_>) -> Option<Arc<Record>> {
    let held = ctx.meeting.held.and_then(|id| ctx.record(id));
    let day = held.and_then(|meeting| meeting.date("date"));
    last_meeting(&ctx.world(), day.unwrap_or_else(|| today(ctx))).cloned()
}

/// The day by which decisions are judged.
pub fn today(ctx: &Ctx<'_>) -> Date {
    ctx.meeting.overview.today
}

/// What was chosen, with the last meeting in place of another where that is meant.
pub fn meant(ctx: &Ctx<'_>) -> DecisionFilter {
    let mut wanted = ctx.meeting.wanted.clone();
    if is_of_last(ctx)
        && let Some(last) = last(ctx)
    {
        wanted.meeting = Some(last.id);
    }
    wanted
}

/// Colour never stands alone: the words say the same.
pub fn standing_words(ctx: &Ctx<'_>, standing: DecisionStanding) -> RichText {
    let color = match standing {
        DecisionStanding::Overdue => ctx.color(|t| t.act),
        DecisionStanding::Open => ctx.color(|t| t.watch),
        DecisionStanding::ClosedLate | DecisionStanding::Dropped => ctx.color(|t| t.muted),
        DecisionStanding::ClosedOnTime => ctx.color(|t| t.accent),
    };
    RichText::new(ctx.say(standing.label())).color(color)
}
