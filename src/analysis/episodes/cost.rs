//! What a setting of the rules would have meant: how often, how much of it regional, how often right.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::matching::matched;
use super::{Nature, Rules, Tracker};
use crate::analysis::air::DistrictHours;
use crate::domain::{EpisodeState, Record, RecordId, episode};

/// Over some days until a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RuleCost {
    pub days: u32,
    pub stations: usize,
    pub dispatches: u32,
    pub regional: u32,
    pub attentions: u32,
    /// Dispatches about which somebody has judged, and those where a problem was found.
    pub judged: u32,
    pub found: u32,
}

impl RuleCost {
    /// Dispatches a day.
    pub fn per_day(&self) -> f64 {
        f64::from(self.dispatches) / f64::from(self.days.max(1))
    }

    /// Regional cards among cards that would have been of somebody; `None` of no card.
    pub fn regional_share(&self) -> Option<f64> {
        let all = self.dispatches + self.regional;
        (all > 0).then(|| f64::from(self.regional) / f64::from(all))
    }

    /// `None` while nobody has judged one.
    pub fn hit_share(&self) -> Option<f64> {
        (self.judged > 0).then(|| f64::from(self.found) / f64::from(self.judged))
    }
}

/// Of so many days before `now`, or as many as there are.
pub fn rule_cost<'r>(
    hours: &DistrictHours,
    stations: &[RecordId],
    rules: &Rules,
    records: impl Iterator<Item = &'r Arc<Record>>,
    (now, days): (Timestamp, u32),
) -> RuleCost {
    let from = now - SignedDuration::from_hours(24 * i64::from(days));
    let first = hours.ends.map_or(now, |(first, _)| first.start()).max(from);
    let span_h = now.duration_since(first).as_hours().max(1);
    let days = u32::try_from((span_h + 23) / 24).unwrap_or(days).min(days);
    let mut episodes = Tracker::of(hours, stations, rules.clone()).episodes(now);
    episodes.retain(|it| it.hour().start() >= from);
    let mut cost = RuleCost { days, stations: stations.len(), ..RuleCost::default() };
    for it in &episodes {
        match it.nature {
            Nature::Dispatch => cost.dispatches += 1,
            Nature::Regional => cost.regional += 1,
            Nature::Attention => cost.attentions += 1,
            Nature::Suspicious | Nature::NoData | Nature::OverLimit => {}
        }
    }
    for row in matched(&episodes, records) {
        let Some(record) = row.record.filter(|_| row.found.is_some()) else { continue };
        let state = episode::state(&record);
        let is_found = !record.text("found").is_empty();
        let is_judged = is_found || matches!(state, EpisodeState::Closed | EpisodeState::False);
        cost.judged += u32::from(is_judged);
        cost.found += u32::from(is_found && is_judged);
    }
    cost
}
