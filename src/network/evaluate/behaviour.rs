//! What trucks do that a plan keeps from their way of today: they take another one, unless a share of
//! them is said to drive on, or to come at an hour at which nobody stops them.
//!
//! Both shares are assumptions and nothing by default. Of a flow that is kept out in some hours of the
//! day, so many trucks drive today's way in the same hours (they do not comply), and so many drive it in
//! those hours in which it is open, in the proportions of these hours (they shift in time). Whom the ban
//! leaves no hour cannot shift. Orders in force are taken as kept: what is counted today has their
//! compliance in it.

use std::fmt;
use std::str::FromStr;

use super::day::{DayTrips, Span};
use super::{Prepared, Trip};
use crate::domain::Localized;

/// Shares of those who are kept from their way, 0–1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Behaviour {
    /// Who drive on as today.
    pub not_complying: f64,
    /// Who drive today's way at another hour.
    pub shifting: f64,
}

/// Shares that nobody can read, or that are more than all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` are no shares: write not-complying=10,shifting=5, in percent, together 100 at most")]
pub struct BadBehaviour(String);

impl Localized for BadBehaviour {
    fn zh(&self) -> String {
        format!(
            "“{}”不是比例：请写作 not-complying=10,shifting=5（百分数，合计不超过 100）",
            self.0
        )
    }
}

impl Behaviour {
    /// Whether all comply, in the same hours.
    pub fn is_off(self) -> bool {
        self.not_complying <= 0.0 && self.shifting <= 0.0
    }

    /// Both shares so many times as large, no more than all together.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        let all = (self.not_complying + self.shifting) * factor;
        let factor = if all > 1.0 { factor / all } else { factor };
        Self { not_complying: self.not_complying * factor, shifting: self.shifting * factor }
    }
}

impl fmt::Display for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| (share * 1000.0).round() / 10.0;
        let Self { not_complying, shifting } = *self;
        write!(f, "not-complying={},shifting={}", percent(not_complying), percent(shifting))
    }
}

impl FromStr for Behaviour {
    type Err = BadBehaviour;

    fn from_str(text: &str) -> Result<Self, BadBehaviour> {
        let bad = || BadBehaviour(text.to_owned());
        let mut read = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (key, number) = part.split_once('=').ok_or_else(bad)?;
            let number = number.trim().trim_end_matches(['%', '％']).trim();
            let percent = number.parse::<f64>().ok().filter(|n| (0.0..=100.0).contains(n));
            let share = percent.ok_or_else(bad)? / 100.0;
            match key.trim() {
                "not-complying" => read.not_complying = share,
                "shifting" => read.shifting = share,
                _ => return Err(bad()),
            }
        }
        if read.not_complying + read.shifting > 1.0 + 1e-9 {
            return Err(bad());
        }
        Ok(read)
    }
}

/// A part of the trucks of a flow in some hours, and what it drives.
pub(super) type Part<'a> = (&'a Trip, f64);

/// How the flows of a day split.
pub(super) struct Split {
    of: Behaviour,
    /// Of each flow, by how much more drive in the hours in which its way is open; `None` where there
    /// are none, so that nobody can shift.
    more: Vec<Option<f64>>,
}

/// Whether a trip of today is kept from its way: what is open is never slower under a plan.
fn is_kept_out(old: &Trip, new: &Trip) -> bool {
    let time = |trip: &Trip| trip.route.as_ref().map(|route| route.time_ms);
    time(old).is_some_and(|old| time(new).is_none_or(|new| new > old))
}

impl Split {
    /// Of a day under a plan, beside today.
    pub fn of(prepared: &Prepared, spans: &[Span], day: &DayTrips) -> Self {
        let (of, today) = day.behaviour();
        let Some(today) = today.filter(|_| !of.is_off()) else {
            return Self { of: Behaviour::default(), more: Vec::new() };
        };
        let mut sums = vec![[0.0_f64; 2]; prepared.flows.len()];
        for span in spans {
            let (Some(old), Some(new)) = (today.routes(span.before), day.routes(span.after)) else {
                continue;
            };
            for ((flow, sum), (old, new)) in
                prepared.flows.iter().zip(&mut sums).zip(old.iter().zip(new))
            {
                let kept_out = usize::from(is_kept_out(old, new));
                if let Some(sum) = sum.get_mut(kept_out) {
                    *sum += span.trucks(flow, day.is_workday());
                }
            }
        }
        let more = sums
            .into_iter()
            .map(|[free, kept_out]| (free > 0.0).then(|| 1.0 + of.shifting * kept_out / free));
        Self { of, more: more.collect() }
    }

    /// What so many trucks of a flow drive, whose trips of today and under the plan these are.
    pub fn parts<'a>(
        &self,
        flow: usize,
        old: Option<&'a Trip>,
        new: &'a Trip,
        trucks: f64,
    ) -> [Option<Part<'a>>; 2] {
        let (Some(old), Some(more)) = (old, self.more.get(flow)) else {
            return [Some((new, trucks)), None];
        };
        if !is_kept_out(old, new) {
            return [Some((new, trucks * more.unwrap_or(1.0))), None];
        }
        let away = self.of.not_complying + more.map_or(0.0, |_| self.of.shifting);
        let left = (1.0 - away).max(0.0);
        [Some((new, trucks * left)), Some((old, trucks * self.of.not_complying))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_written_in_percent_and_are_no_more_than_all() {
        let read: Behaviour = "not-complying=10, shifting=5%".parse().unwrap();
        assert_eq!(read, Behaviour { not_complying: 0.1, shifting: 0.05 });
        assert_eq!(read.to_string().parse(), Ok(read));
        assert_eq!("".parse(), Ok(Behaviour::default()));
        for bad in ["not-complying=70,shifting=40", "shifting", "shifting=-1", "left=3"] {
            assert!(bad.parse::<Behaviour>().is_err(), "{bad}");
        }
        let twice = Behaviour { not_complying: 0.5, shifting: 0.3 }.times(2.0);
        assert!((twice.shifting - 0.375).abs() < 1e-12, "{twice:?}");
    }
}
