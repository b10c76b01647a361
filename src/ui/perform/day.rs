//! What changes at midnight.

use std::time::Duration;

use egui::Context;
use jiff::Timestamp;

use crate::settings::clock;
use crate::ui::app::App;

/// A machine that slept past midnight sees the new day so much later at most.
const EVERY: Duration = Duration::from_mins(15);

impl App {
    /// Whatever says today, this week or a week ago is asked in every frame; at midnight there is
    /// one, though nobody touches a window that stands open for days.
    pub(in crate::ui) fn follow_day(context: &Context) {
        context.request_repaint_after(until_midnight(clock::now()).min(EVERY));
    }
}

/// In the office, and a moment longer, so that it is another day then.
fn until_midnight(now: Timestamp) -> Duration {
    let office = clock::office();
    let next = now.to_zoned_datetime(office.clone()).date().tomorrow().ok();
    let next = next.and_then(|day| office.to_timestamp(day.at(0, 0, 0, 0)).ok());
    let left = next.and_then(|next| Duration::try_from(next.duration_since(now)).ok());
    left.unwrap_or(EVERY) + Duration::from_millis(20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_drawn_just_after_midnight_of_the_office() {
        let until = |now: &str| until_midnight(now.parse().unwrap()).as_millis();
        assert_eq!(until("2026-11-26T15:59:59.980Z"), 40);
        assert_eq!(until("2026-11-26T16:00:00Z"), 24 * 3_600_000 + 20);
        assert_eq!(until("2026-12-31T04:00:00Z"), 12 * 3_600_000 + 20);
    }
}
