//! `shapan air --target`: what the rest of a period must be. Arithmetic, and no forecast.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::analysis::air::target::{
    Bound, DayTarget, GoodDays, MeanTarget, PercentileBudget, Rest,
};
use crate::analysis::air::{Period, Pollutant, StationAir};
use crate::domain::reading::Factor;
use crate::domain::{Lang, LocalizedText};

/// What a period shall be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    /// A mean, of CO the 95th and of ozone the 90th percentile, in the pollutant's unit.
    Statistic(Pollutant, f64),
    GoodDays(u32),
}

/// `PM2.5=40`, `days=22`.
pub(super) fn target(text: &str) -> Result<Target, String> {
    let wrong = || format!("`{text}` is no PM2.5=40 and no days=22");
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    if name == "days" {
        return value.parse().map(Target::GoodDays).map_err(|_not| wrong());
    }
    let factor = Factor::named(name);
    let pollutant =
        Pollutant::ALL.into_iter().find(|it| it.factor() == factor).ok_or_else(wrong)?;
    let value: f64 = value.parse().map_err(|_not| wrong())?;
    if value > 0.0 { Ok(Target::Statistic(pollutant, value)) } else { Err(wrong()) }
}

/// The answers for one station.
pub(super) struct Targets {
    answers: Vec<(Target, Vec<LocalizedText>, u32)>,
}

impl Targets {
    /// Of a period of which `last` is the last day with readings: the days after it are to come.
    pub(super) fn of(targets: &[Target], station: &StationAir, period: Period, last: Date) -> Self {
        let (_, end) = period.ends();
        let rest = u32::try_from(end.duration_since(last).as_hours() / 24).unwrap_or(0);
        let answers = targets.iter().map(|target| {
            let lines = match *target {
                Target::GoodDays(days) => vec![good_days(days, station, rest)],
                Target::Statistic(pollutant, limit) => statistic(pollutant, limit, station, rest),
            };
            (*target, lines, rest)
        });
        Self { answers: answers.collect() }
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = &LocalizedText> {
        self.answers.iter().flat_map(|(_, lines, _)| lines)
    }

    pub(super) fn json(&self, lang: Lang) -> Vec<Json> {
        self.answers
            .iter()
            .map(|(target, lines, rest)| {
                let (of, value) = match *target {
                    Target::GoodDays(days) => ("good_days", f64::from(days)),
                    Target::Statistic(pollutant, value) => (pollutant.symbol(), value),
                };
                let answer: Vec<&str> = lines.iter().map(|line| line.say(lang)).collect();
                json!({ "of": of, "target": value, "rest_days": rest, "answer": answer })
            })
            .collect()
    }
}

fn good_days(days: u32, station: &StationAir, rest: u32) -> LocalizedText {
    let counts = &station.air.days;
    let (good, bad) = (counts.good(), counts.valid() - counts.good());
    let invalid = counts.not_available.saturating_sub(rest);
    let words = GoodDays { good, bad, invalid, rest }.rest(DayTarget::Days(days)).words();
    LocalizedText::new(
        format!("优良 {good}/{days} 天，余 {rest} 天：{}", words.zh),
        format!("{good} of {days} good days, {rest} days left: {}", words.en),
    )
}

fn statistic(
    pollutant: Pollutant,
    limit: f64,
    station: &StationAir,
    rest: u32,
) -> Vec<LocalizedText> {
    let symbol = pollutant.symbol();
    let average = station.air.raw[pollutant];
    let Some(mean) = average.value else {
        return vec![LocalizedText::new(
            format!("{symbol} 没有有效日"),
            format!("no valid day of {symbol}"),
        )];
    };
    let percentile = match pollutant {
        Pollutant::Co => Some(95),
        Pollutant::O3 => Some(90),
        _ => None,
    };
    let Some(p) = percentile else {
        let decimals = pollutant.decimals();
        let target =
            MeanTarget { target: limit, decimals, mean, done_days: average.n, rest_days: rest };
        let both = target.rest_mean();
        let line = |zh: &str, en: &str, rest: Rest| {
            let words = rest.words(1);
            LocalizedText::new(
                format!("{symbol} ≤ {limit}（{zh}）：{}", words.zh),
                format!("{symbol} ≤ {limit} ({en}): {}", words.en),
            )
        };
        return vec![
            line("按均值", "the mean itself", both.exact),
            line("按修约值", "as published", both.rounded),
        ];
    };
    let done: Vec<f64> =
        station.days.iter().filter_map(|day| day.means[pollutant].valid()).collect();
    let bound = Bound { value: limit, is_within: true };
    let budget = PercentileBudget::new(&done, rest, p, bound);
    budget
        .map(|budget| {
            let words = budget.words();
            LocalizedText::new(
                format!("{symbol} 第 {p} 百分位 ≤ {limit}：{}", words.zh),
                format!("{symbol}, percentile {p} ≤ {limit}: {}", words.en),
            )
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_as_they_are_written() {
        assert_eq!(target("PM2.5=40"), Ok(Target::Statistic(Pollutant::Pm25, 40.0)));
        assert_eq!(target("days=22"), Ok(Target::GoodDays(22)));
        for wrong in ["PM2.5", "TSP=3", "PM2.5=-1", "days=x"] {
            assert!(target(wrong).is_err(), "{wrong}");
        }
    }
}
