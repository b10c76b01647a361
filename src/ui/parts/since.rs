//! With which moment today is compared, in words.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::analysis::decisions::last_meeting;
use crate::domain::Text;
use crate::jobs::{Derived, Reply};
use crate::settings::clock;
use crate::ui::action::{Action, Actions, StoreRequest};
use crate::ui::ctx::Ctx;
use crate::ui::derivation::Derivation;
use crate::ui::model::Model;
use crate::ui::model::meetings::{Since, Then, ThenOf};

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The instant that is meant; `None` where there was no meeting before.
pub fn moment(model: &Model, since: Since) -> Option<Timestamp> {
    match since {
        Since::Week => model.stamp().at.checked_sub(WEEK).ok(),
        Since::Moment(moment) => Some(moment),
        Since::Meeting => {
            let world = model.world();
            let day = model.meeting.held_in(&world)?.date("date")?;
            end_of(last_meeting(&world, day)?.date("date")?)
        }
    }
}

/// The district as it was, once for each moment that it is compared with, and anew on another day.
pub struct FindThen;

impl Derivation for FindThen {
    type Key = ThenOf;
    type Value = Option<Arc<Then>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.meeting.then
    }

    fn key(model: &Model) -> Option<ThenOf> {
        model.district.as_ref()?;
        Some(ThenOf { since: model.meeting.since, today: clock::today() })
    }

    /// Edits of this seat that are on their way to the disk are written before this is asked.
    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, _: &Actions) -> Action {
        let Some(moment) = moment(model, reply.key.since) else { return Action::Nothing };
        Action::Keep(StoreRequest::AsOf { now: (*model.world()).clone(), moment, reply })
    }
}

/// The last moment of a day, by the clock of the office.
pub fn end_of(day: Date) -> Option<Timestamp> {
    clock::office().to_timestamp(day.at(23, 59, 59, 999_999_999)).ok()
}

/// `上周 2026-11-18`, as it is written over the map.
pub fn words(ctx: &Ctx<'_>) -> String {
    let since = ctx.meeting.since;
    let then = ctx.meeting.then.as_ref().map(|then| then.moment);
    let name = ctx.say(match since {
        Since::Week => Text::new("上周", "A week ago"),
        Since::Meeting => Text::new("上次会议", "The last meeting"),
        Since::Moment(_) => Text::new("当时", "Then"),
    });
    let Some(at) = then.or_else(|| moment(ctx, since)) else { return name.to_owned() };
    format!("{name} {}", when(at))
}

/// A day is meant as its end, and said without it.
pub fn when(at: Timestamp) -> String {
    let at = at.to_zoned_datetime(clock::office()).datetime();
    let is_evening = (at.hour(), at.minute()) == (23, 59);
    at.strftime(if is_evening { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" }).to_string()
}

/// Why the district as it was then is not there; `None` where it is.
pub fn why_not(ctx: &Ctx<'_>) -> Option<String> {
    if ctx.meeting.then.is_some() {
        return None;
    }
    let Some(at) = moment(ctx, ctx.meeting.since) else {
        return Some(ctx.tell("没有更早的会议", "There was no meeting before"));
    };
    let first = ctx.district.as_ref().and_then(|district| district.entries.first());
    Some(match first {
        Some(first) if first.at > at => {
            let begins = when(first.at);
            ctx.tell(
                format!("记录从 {begins} 开始，没有更早的数据"),
                format!("The records begin at {begins}: nothing is known from before"),
            )
        }
        _ if ctx.meeting.then.is_fresh() => ctx.tell(
            "当时的数据读不出来，请按 F1 查看如何检查文件",
            "The district as it was then cannot be read: check the file",
        ),
        _ => ctx.tell("正在读取当时的数据…", "Reading the district as it was…"),
    })
}
