//! A day: half hours in which the same orders and rules hold share their routes, and the day is the
//! sum over them, each with the trucks that drive then.

use std::sync::Arc;

use jiff::civil::{DateTime, Time};

use super::behaviour::{Behaviour, Split};
use super::{Evaluation, Prepared, Trip};
use crate::domain::calendar;
use crate::network::demand::Flow;
use crate::network::orders::TrafficOrder;
use crate::network::speeds::is_peak;

/// Half hours of a day.
pub(super) const SLOTS: usize = 48;

/// What holds in a half hour: which orders, and which rules of roads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub orders: Vec<bool>,
    pub roads: Vec<bool>,
}

/// The half hours of a day by what holds in them.
pub(super) struct Slots {
    pub states: Vec<State>,
    /// Of each half hour, its state.
    pub of_slot: Vec<u8>,
    /// Of the moment that is looked at.
    pub cursor: usize,
    pub cursor_slot: usize,
    pub is_workday: bool,
}

/// Which trips are driven when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DayTrips {
    /// Of each half hour, in `routes`.
    of_slot: Vec<u8>,
    is_workday: bool,
    routes: Vec<Arc<Vec<Trip>>>,
    /// Under a plan, what those do whom it keeps from their way of today.
    on: Option<(Behaviour, Box<DayTrips>)>,
}

/// What is driven today and under a plan in some hours of a day, by so many trucks of a flow.
#[derive(Clone, Copy, Debug)]
pub struct DayPair<'a> {
    /// In [`Prepared::flows`].
    pub flow: usize,
    /// Of these hours together.
    pub trucks: f64,
    /// Whether they drive at the speeds of the peak.
    pub is_peak: bool,
    /// Today.
    pub before: &'a Trip,
    /// Under the plan.
    pub after: &'a Trip,
}

impl Slots {
    pub fn of(prepared: &Prepared, orders: &[&TrafficOrder], at: DateTime, plan: &str) -> Self {
        let state = |at: DateTime| State {
            orders: orders.iter().map(|order| order.holds(at)).collect(),
            roads: prepared.access.state(at, plan),
        };
        let mut states: Vec<State> = Vec::new();
        let mut place = |state: State| {
            states.iter().position(|known| *known == state).unwrap_or_else(|| {
                states.push(state);
                states.len() - 1
            })
        };
        let of_slot = (0..SLOTS).map(|slot| {
            let minute = if slot % 2 == 0 { 15 } else { 45 };
            // In its middle, so that what begins with it holds.
            place(state(at.date().at((slot / 2) as i8, minute, 0, 0))) as u8
        });
        let of_slot = of_slot.collect();
        let cursor = place(state(at));
        let half = usize::from(at.minute() >= 30);
        let cursor_slot = usize::from(at.hour().unsigned_abs()) * 2 + half;
        let is_workday = calendar::is_workday(at.date());
        Self { states, of_slot, cursor, cursor_slot, is_workday }
    }

    /// Whether the moment that is looked at lies in the peak.
    pub fn is_peak(&self) -> bool {
        is_peak((self.cursor_slot / 2) as u8, self.is_workday)
    }

    pub fn day(&self, routes: Vec<Arc<Vec<Trip>>>) -> DayTrips {
        let of_slot = self.of_slot.clone();
        DayTrips { of_slot, is_workday: self.is_workday, routes, on: None }
    }
}

/// Half hours in which the same is driven today and under a plan.
pub(super) struct Span {
    /// In the routes of today; the same as under the plan where there is no today.
    pub before: usize,
    pub after: usize,
    pub is_peak: bool,
    slots: Vec<usize>,
}

impl Span {
    /// Of a flow, the trucks of its half hours. All of a day are all of its trucks, to the last bit.
    pub fn trucks(&self, flow: &Flow, is_workday: bool) -> f64 {
        if self.slots.len() == SLOTS {
            return flow.per_day;
        }
        let shares = &flow.hourly[usize::from(!is_workday)];
        let of = |slot: &usize| shares.get(slot / 2).copied().unwrap_or(0.0) / 2.0;
        flow.per_day * self.slots.iter().map(of).sum::<f64>()
    }
}

impl DayTrips {
    /// The trips of a half hour, and their number among those of the day; `None` of an outcome without
    /// a day.
    pub(in crate::network) fn at(&self, slot: usize) -> Option<(usize, &Vec<Trip>)> {
        let number = usize::from(*self.of_slot.get(slot)?);
        Some((number, self.routes.get(number)?))
    }

    pub(super) fn routes(&self, number: usize) -> Option<&Vec<Trip>> {
        self.routes.get(number).map(AsRef::as_ref)
    }

    /// Whether it is a working day.
    pub const fn is_workday(&self) -> bool {
        self.is_workday
    }

    /// Some of those whom it keeps from their way drive on as on this day.
    pub(super) fn drive_on(&mut self, behaviour: Behaviour, today: &Self) {
        if !behaviour.is_off() {
            self.on = Some((behaviour, Box::new(Self { on: None, ..today.clone() })));
        }
    }

    /// What those do whom it keeps from their way, and the day of which that is.
    pub(super) fn behaviour(&self) -> (Behaviour, Option<&Self>) {
        match &self.on {
            Some((behaviour, today)) => (*behaviour, Some(today)),
            None => (Behaviour::default(), None),
        }
    }

    /// Half hours by what is driven in them, beside those of another outcome of the same day.
    pub(super) fn spans(&self, before: Option<&Self>) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for (slot, after) in self.of_slot.iter().enumerate() {
            let after = usize::from(*after);
            let old = before.and_then(|day| day.of_slot.get(slot));
            let old = old.map_or(after, |old| usize::from(*old));
            let is_peak = is_peak((slot / 2) as u8, self.is_workday);
            let is_same =
                |span: &&mut Span| (span.before, span.after, span.is_peak) == (old, after, is_peak);
            match spans.iter_mut().find(is_same) {
                Some(span) => span.slots.push(slot),
                None => spans.push(Span { before: old, after, is_peak, slots: vec![slot] }),
            }
        }
        spans
    }

    /// Of a flow, what each hour has of the trips of a span.
    pub(super) fn hours_of(
        span: &Span,
        flow: &Flow,
        is_workday: bool,
    ) -> impl Iterator<Item = (usize, f64)> {
        let shares = flow.hourly[usize::from(!is_workday)];
        let per_day = flow.per_day;
        let slots = span.slots.clone();
        slots.into_iter().map(move |slot| {
            let share = shares.get(slot / 2).copied().unwrap_or(0.0) / 2.0;
            (slot / 2, per_day * share)
        })
    }
}

/// What every flow drives today and under a plan, over the day of both.
pub fn day_pairs<'a>(
    prepared: &'a Prepared,
    before: &'a Evaluation,
    after: &'a Evaluation,
) -> Vec<DayPair<'a>> {
    pairs(prepared, &before.day, &after.day)
}

fn pairs<'a>(
    prepared: &'a Prepared,
    before: &'a DayTrips,
    after: &'a DayTrips,
) -> Vec<DayPair<'a>> {
    let mut pairs = Vec::new();
    let spans = after.spans(Some(before));
    let split = Split::of(prepared, &spans, after);
    for span in spans {
        let (Some(old), Some(new)) = (before.routes(span.before), after.routes(span.after)) else {
            continue;
        };
        for (number, (flow, (old, new))) in
            prepared.flows.iter().zip(old.iter().zip(new)).enumerate()
        {
            let trucks = span.trucks(flow, after.is_workday);
            let parts = split.parts(number, Some(old), new, trucks);
            pairs.extend(parts.into_iter().flatten().map(|(driven, trucks)| DayPair {
                flow: number,
                trucks,
                is_peak: span.is_peak,
                before: old,
                after: driven,
            }));
        }
    }
    pairs
}

/// When on its day some flow first drives another way under a plan than today, or has none any more.
pub fn first_change(before: &Evaluation, after: &Evaluation) -> Option<Time> {
    let arcs = |trip: &Trip| trip.route.as_ref().map(|route| route.arcs.clone());
    let differs = |slot: &usize| {
        let (Some((_, old)), Some((_, new))) = (before.day.at(*slot), after.day.at(*slot)) else {
            return false;
        };
        old.iter().zip(new).any(|(old, new)| arcs(old) != arcs(new))
    };
    let slot = (0..SLOTS).find(differs)?;
    Time::new((slot / 2) as i8, if slot % 2 == 0 { 0 } else { 30 }, 0, 0).ok()
}

/// What every flow drives over the day of an outcome.
pub fn day_trips<'a>(prepared: &'a Prepared, outcome: &'a Evaluation) -> Vec<DayPair<'a>> {
    let today = outcome.day.on.as_ref().map_or(&outcome.day, |(_, today)| today);
    pairs(prepared, today, &outcome.day)
}

impl Trip {
    /// Kilometres and minutes of its way, free or in the peak; `None` where there is no way.
    pub fn km_and_min_in(&self, is_peak: bool) -> Option<(f64, f64)> {
        let (km, min) = self.km_and_min()?;
        Some((km, if is_peak { f64::from(self.peak_ms) / 60_000.0 } else { min }))
    }
}
