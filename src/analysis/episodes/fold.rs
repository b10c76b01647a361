//! One hour after the other: what each says on the ground of those before it, and nothing later.

use super::clearing::Clearing;
use super::grid::Grid;
use super::rules::{Rules, Thresholds};
use super::{Course, Doubt, Episode, Family, Met, Nature};
use crate::analysis::air::{ByPollutant, Edition, Hour, Pollutant};
use crate::domain::RecordId;

/// Of fewer stations a rise is nobody's region.
const REGION_LEAST: usize = 3;
/// Zero for so many hours is doubtful.
const ZERO_H: u16 = 2;
/// Fine above coarse particles for so many hours, by so much and so many times.
const CROSSED_H: u16 = 3;
const CROSSED_BY: f64 = 5.0;
const CROSSED_RATIO: f64 = 1.1;
/// Missing for so many whole hours is more than ninety minutes of silence.
pub(super) const SILENT_H: i32 = 2;

/// What was found until some hour.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    stations: Vec<StationState>,
    regions: [Option<Running>; 2],
}

#[derive(Clone, Debug, Default)]
struct StationState {
    families: [Option<Running>; 2],
    over: ByPollutant<Option<Running>>,
    doubtful: Option<Running>,
    silent: Option<Episode>,
    runs: ByPollutant<Run>,
    crossed_h: u16,
    /// The last hour in which anything was measured.
    spoke: Option<Hour>,
}

/// How long a value has been what it is.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    value: f64,
    hours: u16,
}

/// An episode under way.
#[derive(Clone, Debug)]
struct Running {
    episode: Episode,
    /// One a course.
    clearing: Vec<Clearing>,
    above_h: u16,
}

/// One value with what it is judged against.
#[derive(Clone, Copy)]
struct Seen {
    pollutant: Pollutant,
    value: f64,
    before: Option<f64>,
    neighbours: Option<f64>,
    met: Met,
    rules: Thresholds,
}

impl Seen {
    /// How far it is above what it is judged against, in thresholds.
    fn rise(&self) -> f64 {
        let over = |base: Option<f64>, least: f64| {
            base.map_or(0.0, |base| (self.value - base) / least.max(f64::MIN_POSITIVE))
        };
        over(self.before, self.rules.rise).max(over(self.neighbours, self.rules.excess))
    }
}

/// Everything that folding reads and writes besides the state.
pub(super) struct Fold<'a> {
    pub grid: &'a Grid,
    pub rules: &'a Rules,
    pub thresholds: &'a [ByPollutant<Thresholds>],
    pub done: &'a mut Vec<Episode>,
}

impl State {
    pub fn of(stations: usize) -> Self {
        Self { stations: vec![StationState::default(); stations], regions: [None, None] }
    }

    /// Takes the hour of a row.
    pub fn take(&mut self, row: usize, fold: &mut Fold<'_>) {
        let hour = fold.grid.hour(row);
        let width = fold.grid.stations.len();
        let mut seen: Vec<Vec<Seen>> = vec![Vec::with_capacity(6); width];
        let mut regional = ByPollutant::from_fn(|_| None);
        for pollutant in Pollutant::ALL {
            regional[pollutant] = see(fold, row, pollutant, &mut seen);
        }
        for family in Family::ALL {
            let rose = Pollutant::ALL.into_iter().filter(|it| Family::of(*it) == family);
            let rose: Vec<Seen> = rose.filter_map(|pollutant| regional[pollutant]).collect();
            let now = |pollutant| median_of(fold.grid.row(pollutant, row));
            let slot = &mut self.regions[family as usize];
            run(slot, fold.done, (None, family, hour), &rose, &[], now, fold.rules.persistent_h);
        }
        for (column, (own, seen)) in self.stations.iter_mut().zip(&seen).enumerate() {
            let place = fold.grid.stations[column];
            own.take(place, hour, seen, &regional, fold);
        }
    }

    /// All that goes on, as it is now.
    pub fn open(&self) -> impl Iterator<Item = Episode> {
        let regions = self.regions.iter().flatten().map(|running| running.episode.clone());
        let stations = self.stations.iter().flat_map(|own| {
            let families = own.families.iter().flatten();
            let over = own.over.iter().filter_map(|(_, running)| running.as_ref());
            let running = families.chain(over).chain(&own.doubtful);
            running.map(|running| running.episode.clone()).chain(own.silent.clone())
        });
        regions.chain(stations)
    }

    /// Of each station the last hour in which anything was measured.
    pub fn spoke(&self) -> impl Iterator<Item = Option<Hour>> {
        self.stations.iter().map(|own| own.spoke)
    }
}

/// Judges the values of one pollutant. Gives the rise of the region, where most stations jumped at
/// once: then nobody's jump counts.
fn see(fold: &Fold<'_>, row: usize, pollutant: Pollutant, seen: &mut [Vec<Seen>]) -> Option<Seen> {
    let now = fold.grid.row(pollutant, row);
    let before = row.checked_sub(1).map(|row| fold.grid.row(pollutant, row));
    let mut sorted: Vec<f64> = now.iter().copied().filter(|value| is_measured(*value)).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (mut judged, mut jumped) = (0_usize, 0_usize);
    for (column, value) in now.iter().copied().enumerate().filter(|(_, value)| !value.is_nan()) {
        let rules = fold.thresholds[column][pollutant];
        if value < 0.0 {
            let (before, neighbours, met) = (None, None, Met::default());
            seen[column].push(Seen { pollutant, value, before, neighbours, met, rules });
            continue;
        }
        let before = before.map(|row| row[column]).filter(|value| is_measured(*value));
        let neighbours = median_without(&sorted, value);
        let jump = before.is_some_and(|before| {
            value - before >= rules.rise && value >= rules.rise_ratio * before
        });
        let above = neighbours.is_some_and(|median| {
            value - median >= rules.excess && value >= rules.excess_ratio * median
        });
        judged += usize::from(before.is_some());
        jumped += usize::from(jump);
        let met = Met { jump, above };
        seen[column].push(Seen { pollutant, value, before, neighbours, met, rules });
    }
    let is_regional =
        judged >= REGION_LEAST && jumped as f64 >= fold.rules.regional_share * judged as f64;
    if !is_regional {
        return None;
    }
    let before = before.and_then(median_of);
    let met = Met { jump: true, above: false };
    let value = median_of(now)?;
    let rules = fold.rules.all[pollutant];
    Some(Seen { pollutant, value, before, neighbours: None, met, rules })
}

impl StationState {
    fn take(
        &mut self,
        place: RecordId,
        hour: Hour,
        seen: &[Seen],
        regional: &ByPollutant<Option<Seen>>,
        fold: &mut Fold<'_>,
    ) {
        self.silence(place, hour, !seen.is_empty(), fold.done);
        let doubts = self.doubts(seen);
        // What is below zero is no value: it neither fires nor clears.
        let measured: Vec<Seen> = seen.iter().filter(|it| it.value >= 0.0).copied().collect();
        let doubtful: Vec<Seen> =
            seen.iter().filter(|it| doubts[it.pollutant].is_some()).copied().collect();
        let doubt = doubtful.first().and_then(|it| doubts[it.pollutant]);
        self.doubt(place, hour, (&doubtful, doubt), seen, fold.done);
        let find = |pollutant| measured.iter().find(|it| it.pollutant == pollutant);
        for family in Family::ALL {
            let mut fired: Vec<Seen> = Vec::new();
            let mut all: Vec<Seen> = Vec::new();
            for it in measured.iter().filter(|it| Family::of(it.pollutant) == family) {
                let mut it = *it;
                // A rise of the whole region is nobody's own.
                it.met.jump &= regional[it.pollutant].is_none();
                all.push(it);
                if it.met.any() && doubts[it.pollutant].is_none() {
                    fired.push(it);
                }
            }
            let now = |pollutant| find(pollutant).map(|it| it.value);
            let slot = &mut self.families[family as usize];
            let of = (Some(place), family, hour);
            run(slot, fold.done, of, &fired, &all, now, fold.rules.persistent_h);
        }
        let edition = Edition::of(hour.day());
        for it in &measured {
            let limit = it.rules.limit(it.pollutant, edition);
            self.over_limit(place, hour, it, limit, fold.done);
        }
    }

    fn over_limit(
        &mut self,
        place: RecordId,
        hour: Hour,
        it: &Seen,
        limit: f64,
        done: &mut Vec<Episode>,
    ) {
        let clears_below = it.rules.limit_clears * limit;
        let slot = &mut self.over[it.pollutant];
        if slot.is_none() && it.value >= limit {
            let mut course = course(hour, it);
            course.clears_at = clears_below;
            *slot = Some(Running::of(Nature::OverLimit, Some(place), hour, vec![course]));
        } else if let Some(running) = slot {
            running.step(hour, 0, Some((it.value, it.value < clears_below)));
            close(slot, hour, done);
        }
    }

    /// Why each value is doubtful, where it is.
    fn doubts(&mut self, seen: &[Seen]) -> ByPollutant<Option<Doubt>> {
        let mut doubts = ByPollutant::from_fn(|_| None);
        for it in seen {
            let run = &mut self.runs[it.pollutant];
            #[expect(clippy::float_cmp, reason = "a stuck instrument repeats the very same value")]
            let is_same = run.hours > 0 && run.value == it.value;
            run.hours = if is_same { run.hours.saturating_add(1) } else { 1 };
            run.value = it.value;
            let is_flat = it.rules.flat_h.is_some_and(|least| run.hours >= least);
            doubts[it.pollutant] = if it.value < 0.0 {
                Some(Doubt::Negative)
            } else if it.value == 0.0 && run.hours >= ZERO_H {
                Some(Doubt::Zero)
            } else if is_flat && it.value > it.rules.flat_above {
                Some(Doubt::Flat)
            } else {
                None
            };
        }
        let find = |pollutant| seen.iter().find(|it| it.pollutant == pollutant);
        if let (Some(fine), Some(coarse)) = (find(Pollutant::Pm25), find(Pollutant::Pm10))
            && fine.value.min(coarse.value) >= 0.0
        {
            let is_crossed =
                fine.value - coarse.value > CROSSED_BY && fine.value > CROSSED_RATIO * coarse.value;
            self.crossed_h = if is_crossed { self.crossed_h.saturating_add(1) } else { 0 };
            if self.crossed_h >= CROSSED_H {
                doubts[Pollutant::Pm25] = Some(Doubt::FineAboveCoarse);
                doubts[Pollutant::Pm10] = Some(Doubt::FineAboveCoarse);
            }
        }
        doubts
    }

    fn doubt(
        &mut self,
        place: RecordId,
        hour: Hour,
        (doubtful, doubt): (&[Seen], Option<Doubt>),
        seen: &[Seen],
        done: &mut Vec<Episode>,
    ) {
        let slot = &mut self.doubtful;
        if slot.is_none() {
            if doubtful.is_empty() {
                return;
            }
            let courses = doubtful.iter().map(|it| course(hour, it)).collect();
            let mut running = Running::of(Nature::Suspicious, Some(place), hour, courses);
            running.episode.doubt = doubt;
            *slot = Some(running);
            return;
        }
        let Some(running) = slot else { return };
        for it in doubtful {
            if running.place_of(it.pollutant).is_none() {
                running.attach(course(hour, it));
            }
        }
        for it in seen {
            if let Some(at) = running.place_of(it.pollutant) {
                let is_clear = doubtful.iter().all(|other| other.pollutant != it.pollutant);
                running.step(hour, at, Some((it.value, is_clear)));
            }
        }
        close(slot, hour, done);
    }

    fn silence(&mut self, place: RecordId, hour: Hour, speaks: bool, done: &mut Vec<Episode>) {
        if speaks {
            self.spoke = Some(hour);
            if let Some(mut episode) = self.silent.take() {
                episode.ended = Some(hour);
                episode.last = hour;
                done.push(episode);
            }
            return;
        }
        let Some(spoke) = self.spoke else { return };
        if let Some(episode) = &mut self.silent {
            episode.last = hour;
        } else if hour.since(spoke) >= SILENT_H {
            self.silent = Some(silent(place, spoke.plus(1), hour));
        }
    }
}

/// Of a station that says nothing.
pub(super) const fn silent(place: RecordId, first: Hour, last: Hour) -> Episode {
    Episode {
        nature: Nature::NoData,
        place: Some(place),
        family: None,
        first,
        dispatched: None,
        last,
        ended: None,
        courses: Vec::new(),
        is_persistent: false,
        doubt: None,
    }
}

fn course(hour: Hour, it: &Seen) -> Course {
    Course {
        pollutant: it.pollutant,
        fired: hour,
        value: it.value,
        before: it.before,
        neighbours: it.neighbours,
        met: it.met,
        peak: (hour, it.value),
        latest: (hour, it.value),
        clears_at: clears_at(it, None),
        clear: 0,
    }
}

/// Where an hour is clear: part of the rise is gone, or the neighbours are as high.
fn clears_at(it: &Seen, of: Option<&Course>) -> f64 {
    let (value, before, neighbours) =
        of.map_or((it.value, it.before, it.neighbours), |c| (c.value, c.before, c.neighbours));
    let base = before.filter(|before| *before < value).or(neighbours).unwrap_or(value);
    let own = base + it.rules.rise_left * (value - base);
    let near = it.neighbours.map_or(0.0, |median| it.rules.near_neighbours * median);
    own.max(near)
}

/// One hour of what may be an episode of a family. `fired` begins or goes on with it, `all` are the
/// values of the hour with what they are judged against, `now` those without.
fn run(
    slot: &mut Option<Running>,
    done: &mut Vec<Episode>,
    (place, family, hour): (Option<RecordId>, Family, Hour),
    fired: &[Seen],
    all: &[Seen],
    now: impl Fn(Pollutant) -> Option<f64>,
    persistent_h: u16,
) {
    let is_sent = place.is_some() && fired.iter().any(|it| it.met.both());
    let nature = match place {
        None => Nature::Regional,
        Some(_) if is_sent => Nature::Dispatch,
        Some(_) => Nature::Attention,
    };
    if slot.is_none() {
        if fired.is_empty() {
            return;
        }
        let mut fired = fired.to_vec();
        // What is both goes before what is only one; of these what rose most against its threshold.
        fired.sort_by(|a, b| {
            b.met.both().cmp(&a.met.both()).then_with(|| b.rise().total_cmp(&a.rise()))
        });
        let courses = fired.iter().map(|it| course(hour, it)).collect();
        let mut running = Running::of(nature, place, hour, courses);
        running.episode.family = Some(family);
        *slot = Some(running);
    } else if let Some(running) = slot {
        for it in fired {
            match running.place_of(it.pollutant) {
                None => running.attach(course(hour, it)),
                Some(at) => {
                    let met = &mut running.episode.courses[at].met;
                    met.jump |= it.met.jump;
                    met.above |= it.met.above;
                }
            }
        }
        for at in 0..running.episode.courses.len() {
            let pollutant = running.episode.courses[at].pollutant;
            if let Some(it) = all.iter().find(|it| it.pollutant == pollutant) {
                let level = clears_at(it, Some(&running.episode.courses[at]));
                running.episode.courses[at].clears_at = level;
            }
            let has_fired = fired.iter().any(|it| it.pollutant == pollutant);
            let level = running.episode.courses[at].clears_at;
            let reading = now(pollutant).map(|value| (value, !has_fired && value <= level));
            running.step(hour, at, reading);
        }
        if nature == Nature::Dispatch {
            running.episode.nature = Nature::Dispatch;
        }
    }
    let Some(running) = slot else { return };
    if is_sent {
        running.episode.dispatched.get_or_insert(hour);
    }
    let is_above = fired.iter().any(|it| it.met.above);
    let was_seen = all.iter().any(|it| running.place_of(it.pollutant).is_some());
    if was_seen {
        running.above_h = if is_above { running.above_h.saturating_add(1) } else { 0 };
    }
    running.episode.is_persistent |= running.above_h >= persistent_h;
    close(slot, hour, done);
}

/// Ends it where all of its pollutants have cleared.
fn close(slot: &mut Option<Running>, hour: Hour, done: &mut Vec<Episode>) {
    let is_over = slot.as_ref().is_some_and(|running| {
        running.clearing.iter().all(|it| it.readings() >= super::CLEAR_READINGS)
    });
    if is_over && let Some(mut running) = slot.take() {
        running.episode.ended = Some(hour);
        running.episode.last = hour;
        done.push(running.episode);
    }
}

impl Running {
    fn of(nature: Nature, place: Option<RecordId>, hour: Hour, courses: Vec<Course>) -> Self {
        let clearing = vec![Clearing::default(); courses.len()];
        let family = courses.first().map(|course| Family::of(course.pollutant));
        let episode = Episode {
            nature,
            place,
            family,
            first: hour,
            dispatched: None,
            last: hour,
            ended: None,
            courses,
            is_persistent: false,
            doubt: None,
        };
        Self { episode, clearing, above_h: 0 }
    }

    fn place_of(&self, pollutant: Pollutant) -> Option<usize> {
        self.episode.courses.iter().position(|course| course.pollutant == pollutant)
    }

    fn attach(&mut self, course: Course) {
        self.episode.courses.push(course);
        self.clearing.push(Clearing::default());
    }

    /// One reading of a course; `None` holds.
    fn step(&mut self, hour: Hour, at: usize, reading: Option<(f64, bool)>) {
        let course = &mut self.episode.courses[at];
        self.clearing[at].take(reading.map(|(_, is_clear)| is_clear));
        course.clear = self.clearing[at].readings();
        self.episode.last = hour;
        if let Some((value, _)) = reading {
            course.latest = (hour, value);
            if value > course.peak.1 {
                course.peak = (hour, value);
            }
        }
    }
}

/// Neither missing nor below zero.
fn is_measured(value: f64) -> bool {
    value >= 0.0
}

fn median_of(row: &[f64]) -> Option<f64> {
    let mut values: Vec<f64> = row.iter().copied().filter(|value| is_measured(*value)).collect();
    crate::analysis::air::percentile::percentile(&mut values, 50)
}

/// The median of sorted values without one of them.
fn median_without(sorted: &[f64], value: f64) -> Option<f64> {
    let gone = sorted.partition_point(|other| *other < value);
    let others = sorted.len().checked_sub(1).filter(|others| *others > 0)?;
    let at = |rank: usize| sorted[if rank >= gone { rank + 1 } else { rank }];
    let middle = others / 2;
    Some(if others % 2 == 1 { at(middle) } else { f64::midpoint(at(middle - 1), at(middle)) })
}

/// What a station met, and the median of its neighbours.
#[cfg(test)]
pub(super) type Signal = (Met, Option<f64>);

/// What the values of an hour meet, by station, with the medians of the others, and whether it is a
/// matter of the region.
#[cfg(test)]
pub(super) fn signals(
    fold: &Fold<'_>,
    row: usize,
    pollutant: Pollutant,
) -> (Vec<Option<Signal>>, bool) {
    let mut seen = vec![Vec::new(); fold.grid.stations.len()];
    let regional = see(fold, row, pollutant, &mut seen);
    let of = |own: Vec<Seen>| own.first().map(|it| (it.met, it.neighbours));
    (seen.into_iter().map(of).collect(), regional.is_some())
}
