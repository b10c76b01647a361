//! The time cursor over the hours of the air: steps, playing, back to now.

use egui::Context;

use crate::analysis::air::{Hour, Level, Quantity};
use crate::analysis::episodes::Nature;
use crate::ui::action::AirAction;
use crate::ui::app::App;
use crate::ui::model::Toast;
use crate::ui::model::planning::now;

/// An hour of the air takes so long when it is played, seconds: a week in half a minute.
const PLAY_STEP_S: f64 = 0.18;
/// Played from now, it begins so many hours before the last values.
const PLAY_BACK_H: i32 = 24;

impl App {
    /// What is asked of the air.
    pub(super) fn air(&mut self, action: AirAction, context: &Context) {
        match action {
            AirAction::Show(quantity) => self.model.air.quantity = quantity,
            AirAction::Next => self.model.air.quantity = self.model.air.quantity.next(),
            AirAction::Go(hour) => {
                self.model.air.plays_at = None;
                self.go_to_hour(hour);
            }
            AirAction::Step(hours) => {
                self.model.air.plays_at = None;
                self.go_to_hour(self.model.air_base().plus(hours));
            }
            AirAction::Play => self.play(context),
            AirAction::Live => self.go_live(),
            AirAction::Span(days) => self.model.air.span_days = days,
            AirAction::Sector(sector) => self.model.air.sector = sector,
        }
    }

    fn go_live(&mut self) {
        self.model.air.plays_at = None;
        self.model.planner.go_to(now(), true);
    }

    /// Not beyond the hours that there are.
    fn go_to_hour(&mut self, hour: Hour) {
        let ends = self.model.air.hours.as_ref().and_then(|hours| hours.ends);
        let Some((first, last)) = ends else {
            self.say(Toast::watch(
                "还没有空气监测数据；请先导入小时值文件",
                "There are no readings yet; import a file of hourly values first",
            ));
            return;
        };
        self.model.planner.go_to(hour.clamp(first, last).end(), false);
    }

    fn play(&mut self, context: &Context) {
        let ends = self.model.air.hours.as_ref().and_then(|hours| hours.ends);
        let Some((_, last)) = ends.filter(|_| self.model.air.plays_at.is_none()) else {
            self.model.air.plays_at = None;
            return;
        };
        let base = self.model.air_base();
        let from =
            if self.model.planner.is_live || base >= last { last.plus(-PLAY_BACK_H) } else { base };
        self.go_to_hour(from);
        let now_s = context.input(|input| input.time);
        self.model.air.plays_at = Some(now_s + PLAY_STEP_S);
    }

    /// In every frame: the next hour, where it plays. It stops where the level of the district is
    /// another than the hour before and where a high value begins, and at the end goes back to now.
    pub(in crate::ui) fn follow_play(&mut self, context: &Context) {
        let Some(at) = self.model.air.plays_at else { return };
        let now_s = context.input(|input| input.time);
        if now_s < at {
            context.request_repaint_after_secs((at - now_s) as f32);
            return;
        }
        let last = self.model.air.hours.as_ref().and_then(|hours| hours.ends).map(|ends| ends.1);
        let (before, hour) = (self.model.air_hour(), self.model.air_hour().plus(1));
        if last.is_none_or(|last| hour > last) {
            self.go_live();
            return;
        }
        self.go_to_hour(hour);
        let turned = self.level_of(before).zip(self.level_of(hour)).is_some_and(|(a, b)| a != b);
        // The last hour is that of now, where playing ends anyway.
        let is_high = last != Some(hour) && self.begins_high(hour);
        self.model.air.plays_at = (!turned && !is_high).then_some(now_s + PLAY_STEP_S);
        context.request_repaint();
    }

    /// Whether somebody was sent for an hour, or should have been.
    fn begins_high(&self, hour: Hour) -> bool {
        let rows = self.model.episode_rows().iter();
        rows.filter(|row| row.nature() == Nature::Dispatch).any(|row| row.hour() == Some(hour))
    }

    /// Of the district, by what is looked at.
    fn level_of(&self, hour: Hour) -> Option<Level> {
        let figures = self.model.air.figures.as_ref()?;
        let quantity: Quantity = self.model.air.quantity;
        figures.mean.value(quantity, hour).map(|valued| valued.level())
    }
}
