//! What the planner knows, and what can be asked of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use geo_types::Coord;
use jiff::Span;
use jiff::civil::DateTime;

use super::answer::{Answer, Memory};
use super::notice::{Drafted, Mapped, NoticeOf};
use super::tables::Tables;
use crate::basemap::Datum;
use crate::domain::{
    Kind, Lang, LocalizedText, OrderState, Record, RecordId, TruckClass, Validity, World,
};
use crate::jobs::Derived;
use crate::network::calibration::PastedCalibration;
use crate::network::compare::{Unready, plans};
use crate::network::congestion::CongestionEffect;
use crate::network::counts::OdEstimate;
use crate::network::evaluate::{Assumptions, Prepared};
use crate::network::free_way::FreeWay;
use crate::network::gates::GateProposal;
use crate::network::orders::holds;
use crate::network::sensitivity::Sensitivity;
use crate::network::survey::Survey;
use crate::network::totals::PlanSummary;
use crate::settings::clock;

/// A road whose trucks are written on the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pin {
    /// In the network.
    pub edge: u32,
    /// WGS-84 degrees.
    pub at: Coord<f64>,
}

/// A way between two places that somebody has clicked, WGS-84 degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WayAsked {
    pub ends: [Coord<f64>; 2],
    pub class: TruckClass,
    /// With a pass for restricted roads.
    pub has_pass: bool,
}

/// What such a way is made from.
#[derive(Clone)]
pub struct WayOf {
    pub answer: Arc<Answer>,
    pub way: WayAsked,
}

impl PartialEq for WayOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.answer, &other.answer) && self.way == other.way
    }
}

/// Pasted counts: the name of each place, and one number a day or 24 an hour.
pub type PlaceCounts = Vec<(String, Vec<f64>)>;

/// Counts that somebody has pasted, and the answer that they are held against.
#[derive(Clone)]
pub struct CountsOf {
    pub answer: Arc<Answer>,
    pub counts: Arc<PlaceCounts>,
}

impl PartialEq for CountsOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.answer, &other.answer) && Arc::ptr_eq(&self.counts, &other.counts)
    }
}

/// What an answer of the planner is made from.
#[derive(Clone)]
pub struct Asked {
    pub world: Arc<World>,
    pub prepared: Arc<Prepared>,
    /// Empty for today.
    pub plan: String,
    /// Local time of the district.
    pub at: DateTime,
    /// On which the lines of the map are drawn.
    pub datum: Datum,
    pub assumed: Assumptions,
    /// An order that is being drawn, as it would be. Never stored.
    pub draft: Option<Arc<Record>>,
}

/// How today and a plan are held against each other on the map.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Beside {
    /// One map shows where they differ.
    #[default]
    Apart,
    /// One map with a line: today at its left, the plan at its right. Where it stands, as a share.
    Line(f32),
    /// Two maps of the same place.
    Maps,
}

/// What decides which orders and roads are not there.
#[derive(Clone, PartialEq)]
struct RestingOf {
    shows_moment: bool,
    is_looked_at: bool,
    at: DateTime,
    plan: String,
    is_beside: bool,
    tables: Tables,
}

/// The planner as every panel may read it.
#[expect(clippy::struct_excessive_bools, reason = "switches that do not depend on each other")]
pub struct Planning {
    pub is_open: bool,
    /// A scene of a meeting looks at a plan or a moment: figures and lines are wanted as if the
    /// panel were open.
    pub is_staged: bool,
    /// Empty for today.
    pub plan: String,
    /// The time cursor, local time of the district.
    pub at: DateTime,
    /// Nobody has moved the cursor: what there is of now is looked at.
    pub is_live: bool,
    /// The map shows the moment of the cursor, also while the planner is closed.
    pub is_timed: bool,
    /// A tool in hand draws along roads.
    pub has_road_tool: bool,
    /// The network, also where there are no flows; `None` while it has never been made.
    pub prepared: Derived<Tables, Option<Result<Arc<Prepared>, Unready>>>,
    pub answer: Derived<Asked, Option<Arc<Answer>>>,
    /// Every plan beside the others; the job of `answer` makes them after it.
    pub summaries: Derived<Asked, Vec<PlanSummary>>,
    pub trip: Option<usize>,
    pub pin: Option<Pin>,
    pub sway: Option<LocalizedText>,
    /// The notice that was written last, and its map.
    pub notice: Derived<NoticeOf, Option<Arc<Drafted>>>,
    pub notice_map: Derived<NoticeOf, Option<Arc<Mapped>>>,
    pub balance: Derived<Asked, Option<Arc<CongestionEffect>>>,
    pub survey: Derived<Tables, Option<Arc<Survey>>>,
    /// Gates are being proposed, with sites that send trucks or without.
    pub proposing: Option<bool>,
    /// Codes of proposed gates that are not to be made.
    pub unwanted: BTreeSet<String>,
    /// Flows that counts make likely, not written yet.
    pub estimate: Option<Arc<OdEstimate>>,
    /// Orders that do not hold at the time cursor, while the planner is open.
    pub resting: Arc<BTreeSet<RecordId>>,
    /// Orders that are no part of what the map shows: those of other plans, and beside the map of today
    /// those of the chosen one too, whose closed roads the other side shows.
    pub apart: Arc<BTreeSet<RecordId>>,
    /// Of which state of the planner and the district these are the ones.
    resting_of: Option<RestingOf>,
    pub hides_resting: bool,
    /// Whether today and the plan stand side by side, and how.
    pub beside: Beside,
    /// A way between two places, and what was found of it: `None` within where an end lies on no road.
    pub way_asked: Option<WayAsked>,
    pub way: Derived<WayOf, Option<Arc<Option<FreeWay>>>>,
    /// Pasted counts, one number a day or 24 an hour each, and how they stand beside the model.
    pub counts: Option<Arc<PlaceCounts>>,
    pub held: Derived<CountsOf, Option<Arc<PastedCalibration>>>,
    /// What moves the figures of the plan.
    pub sensitivity: Derived<Asked, Option<Arc<Sensitivity>>>,
    /// What is being drawn now, where it belongs to the chosen plan.
    pub draft: Option<Arc<Record>>,
    /// A ring whose blocks are wanted as soon as there is a network.
    pub blocks: Option<(RecordId, f64)>,
    /// An order for which a detour is wanted as soon as there is an answer.
    pub detour_for: Option<RecordId>,
    /// What the last answers found out, for the next one.
    pub memory: Memory,
}

/// What the network is made from: an edit of anything else leaves it as it is.
pub const OF_NETWORK: [Kind; 4] = [Kind::Road, Kind::ControlPoint, Kind::Gate, Kind::Flow];
/// … and what else an answer rests on besides orders: whom trucks pass or reach, who watches.
const OF_ANSWER: [Kind; 2] = [Kind::Site, Kind::Camera];
/// What a survey is made from.
pub const OF_SURVEY: [Kind; 4] = [Kind::Road, Kind::Gate, Kind::Area, Kind::Site];
/// … and which of them are not there at a moment.
const OF_REST: [Kind; 2] = [Kind::Restriction, Kind::Road];
/// One step of the time cursor, minutes.
const STEP_MIN: i64 = 30;

impl Default for Planning {
    fn default() -> Self {
        Self {
            is_open: false,
            is_staged: false,
            plan: String::new(),
            at: now(),
            is_live: true,
            is_timed: false,
            has_road_tool: false,
            prepared: Derived::default(),
            answer: Derived::default(),
            summaries: Derived::default(),
            trip: None,
            pin: None,
            sway: None,
            notice: Derived::default(),
            notice_map: Derived::default(),
            balance: Derived::default(),
            survey: Derived::default(),
            proposing: None,
            unwanted: BTreeSet::new(),
            estimate: None,
            resting: Arc::default(),
            apart: Arc::default(),
            resting_of: None,
            hides_resting: false,
            beside: Beside::Apart,
            way_asked: None,
            way: Derived::default(),
            counts: None,
            held: Derived::default(),
            sensitivity: Derived::default(),
            draft: None,
            blocks: None,
            detour_for: None,
            memory: Memory::default(),
        }
    }
}

impl Planning {
    /// The network with its flows, or why there is none; `None` while it has never been made.
    pub fn network(&self) -> Option<Result<&Arc<Prepared>, Unready>> {
        Some(match (*self.prepared).as_ref()? {
            Ok(prepared) if prepared.flows.is_empty() => Err(Unready::NoFlows),
            Ok(prepared) => Ok(prepared),
            Err(reason) => Err(*reason),
        })
    }

    /// The network with its flows, where it is of the roads of this world: while they are others the
    /// one that is known is still of those before.
    pub fn network_of(&self, world: &Arc<World>) -> Option<&Arc<Prepared>> {
        let roads = Tables::of(Arc::clone(world), &OF_NETWORK);
        self.network()?.ok().filter(|_| self.prepared.of() == Some(&roads))
    }

    /// The network also where there are no flows; what lines are drawn on.
    pub fn roads(&self) -> Option<&Arc<Prepared>> {
        (*self.prepared).as_ref()?.as_ref().ok()
    }

    /// Gates that might be made, while they are being proposed.
    pub fn proposals(&self) -> impl Iterator<Item = &GateProposal> {
        let survey = self.survey.as_ref().zip(self.proposing);
        survey.into_iter().flat_map(|(survey, with_generators)| {
            let generators = survey.generators.iter().filter(move |_| with_generators);
            survey.gates.iter().chain(generators)
        })
    }

    /// Whether nobody has taken it off the list.
    pub fn is_wanted(&self, gate: &GateProposal) -> bool {
        !self.unwanted.contains(&gate.code)
    }

    /// Whether the map shows a plan and a moment.
    pub const fn is_looked_at(&self) -> bool {
        self.is_open || self.is_staged
    }

    /// Moves the time cursor.
    pub const fn go_to(&mut self, at: DateTime, is_live: bool) {
        (self.at, self.is_live) = (at, is_live);
    }

    /// Whether what holds at the cursor is told from what rests.
    const fn shows_moment(&self) -> bool {
        self.is_looked_at() || self.is_timed
    }

    /// Orders that do not hold at the time cursor, none while the map shows no moment; and roads that
    /// are not open then, or today.
    pub fn resting(&self, world: &World) -> BTreeSet<RecordId> {
        let orders = world.table(Kind::Restriction).iter().filter(|_| self.shows_moment());
        let resting = orders.filter(|order| !holds(order, self.at)).map(|order| order.id);
        let day = if self.shows_moment() { self.at } else { now() }.date();
        let is_closed = |road: &&Arc<Record>| {
            let days = Validity { from: road.date("opens_on"), to: road.date("closes_on") };
            days != Validity::default() && !days.includes(day)
        };
        let roads = world.table(Kind::Road).iter().filter(is_closed).map(|road| road.id);
        resting.chain(roads).collect()
    }

    /// Orders of plans that are not in force and not looked at now; none while no plan is chosen.
    pub fn apart(&self, world: &World) -> BTreeSet<RecordId> {
        if !self.is_looked_at() || self.plan.is_empty() {
            return BTreeSet::new();
        }
        let is_apart = |order: &&Arc<Record>| {
            let plan = order.text("plan");
            let is_other = plan != self.plan || self.beside != Beside::Apart;
            !plan.is_empty() && is_other && !OrderState::InForce.is_of(order)
        };
        let orders = world.table(Kind::Restriction).iter().filter(is_apart);
        orders.map(|order| order.id).collect()
    }

    /// Looks again which orders and roads are not there, where planner or what is asked are others than
    /// before. The same set stays the same in memory: nothing is drawn anew for it.
    pub fn rest_orders(&mut self, world: &Arc<World>) {
        let of = RestingOf {
            shows_moment: self.shows_moment(),
            is_looked_at: self.is_looked_at(),
            at: self.at,
            plan: self.plan.clone(),
            is_beside: self.beside != Beside::Apart,
            tables: Tables::of(Arc::clone(world), &OF_REST),
        };
        if self.resting_of.as_ref() == Some(&of) {
            return;
        }
        let resting = self.resting(world);
        if resting != *self.resting {
            self.resting = Arc::new(resting);
        }
        let apart = self.apart(world);
        if apart != *self.apart {
            self.apart = Arc::new(apart);
        }
        self.resting_of = Some(of);
    }

    /// Whether figures and lines are of what is chosen now.
    pub fn is_fresh(&self) -> bool {
        self.answer.is_fresh()
    }

    /// Another district has other roads and plans; the moment that is looked at stays.
    pub fn forget_the_district(&mut self) {
        let Self { is_open, at, is_live, is_timed, hides_resting, .. } = *self;
        *self = Self { is_open, at, is_live, is_timed, hides_resting, ..Self::default() };
    }

    /// Another question is asked: figures of the last one are dropped.
    pub fn forget_the_answer(&mut self) {
        (self.trip, self.pin, self.sway) = (None, None, None);
        self.answer.forget();
        self.summaries.forget();
        self.balance.forget();
        self.sensitivity.forget();
    }

    /// Whether there are trips to go through.
    pub fn has_trips(&self) -> bool {
        self.is_open && self.answer.as_ref().is_some_and(|answer| !answer.trips.is_empty())
    }

    /// Why there is no network; `None` where there is one, or it is not known yet.
    pub fn why_not(&self) -> Option<Unready> {
        self.network()?.err()
    }

    /// A step of the time cursor; it stops at the ends of the calendar.
    pub fn stepped(&self, steps: i64) -> DateTime {
        self.at.checked_add(Span::new().minutes(steps * STEP_MIN)).unwrap_or(self.at)
    }

    /// Plans with the number of their orders, and the chosen one even while it has none; also those
    /// of which only their record is left.
    pub fn plans(&self, world: &World) -> BTreeMap<String, usize> {
        let mut plans = plans(world);
        for record in world.table(Kind::Plan).iter().filter(|record| !record.name().is_empty()) {
            plans.entry(record.name().to_owned()).or_default();
        }
        // A plan may have roads alone.
        for plan in self.roads().into_iter().flat_map(|roads| roads.plans_with_roads()) {
            plans.entry(plan.to_owned()).or_default();
        }
        if !self.plan.is_empty() {
            plans.entry(self.plan.clone()).or_default();
        }
        plans
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        let draft = |asked: &Self| asked.draft.as_ref().map(Arc::as_ptr);
        draft(self) == draft(other)
            && self.is_about(other)
            && is_same(&self.world, &other.world, Kind::Restriction)
    }
}

impl Asked {
    /// The same plan at the same moment, whatever is being drawn.
    fn is_about(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.prepared, &other.prepared)
            && self.plan == other.plan
            && self.at == other.at
            && self.datum == other.datum
            && self.assumed == other.assumed
            && OF_ANSWER.iter().all(|kind| is_same(&self.world, &other.world, *kind))
    }

    /// While a line is dragged, an answer to where it was a moment ago is better than none.
    pub fn is_late_draft(&self, answered: &Self) -> bool {
        self.draft.is_some() && answered.draft.is_some() && self.is_about(answered)
    }

    /// The question as if its draft were in the district already.
    #[must_use]
    pub fn drafted(&self) -> Self {
        let Some(draft) = &self.draft else { return self.clone() };
        let mut world = World::clone(&self.world);
        world.load(Arc::clone(draft));
        Self { world: Arc::new(world), ..self.clone() }
    }
}

/// Now, to the minute.
pub fn now() -> DateTime {
    let now = clock::now().to_zoned_datetime(clock::office());
    now.date().at(now.hour(), now.minute(), 0, 0)
}

/// Whether a table is the same in two worlds.
pub fn is_same(one: &World, other: &World, kind: Kind) -> bool {
    one.table(kind).is_same(other.table(kind))
}

/// The first of `方案一`, `方案二`, … that no plan has.
pub fn free_name(known: &BTreeMap<String, usize>, lang: Lang) -> String {
    const FIGURES: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let name = |number: usize| match (lang, FIGURES.get(number)) {
        (Lang::Zh, Some(figure)) => format!("方案{figure}"),
        (Lang::Zh, None) => format!("方案{}", number + 1),
        (Lang::En, _) => format!("Plan {}", number + 1),
    };
    let free = (0..=known.len()).map(name).find(|name| !known.contains_key(name));
    free.unwrap_or_else(|| name(known.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_plan_takes_the_first_name_that_is_free() {
        let mut known = BTreeMap::new();
        assert_eq!(free_name(&known, Lang::Zh), "方案一");
        known.insert("方案一".to_owned(), 2);
        known.insert("秋冬季".to_owned(), 2);
        assert_eq!(free_name(&known, Lang::Zh), "方案二");
        assert_eq!(free_name(&known, Lang::En), "Plan 1");
    }

    #[test]
    fn the_time_cursor_goes_over_midnight_by_half_hours() {
        let planning =
            Planning { at: "2026-12-04T23:45:00".parse().unwrap(), ..Planning::default() };
        assert_eq!(planning.stepped(1), "2026-12-05T00:15:00".parse().unwrap());
        assert_eq!(planning.stepped(-48), "2026-12-03T23:45:00".parse().unwrap());
    }

    #[test]
    fn a_network_of_roads_that_are_no_more_is_none_of_the_roads_of_now() {
        use crate::domain::{Change, Record};
        let stamp = clock::stamp(Some("甲"));
        let mut ids = clock::ids(&stamp);
        let mut world = World::default();
        for record in crate::sample::records(&stamp, &mut ids) {
            world.load(Arc::new(record));
        }
        let before = Arc::new(world.clone());
        let gate = Record::new(ids.next(), Kind::Gate, &stamp);
        world.apply(&crate::domain::Edit::of(vec![Change::create(gate)])).unwrap();
        let now = Arc::new(world);

        let mut planning = Planning::default();
        let ask = |planning: &mut Planning, world: &Arc<World>| {
            planning.prepared.ask(Tables::of(Arc::clone(world), &OF_NETWORK)).unwrap()
        };
        let reply = ask(&mut planning, &before);
        assert!(planning.network_of(&before).is_none());
        let prepared = crate::network::compare::prepare(&before, &|_, _| true).unwrap();
        reply.send(Some(Ok(Arc::new(prepared))));
        assert!(planning.prepared.poll());
        assert!(planning.network_of(&before).is_some());
        let _under_way = ask(&mut planning, &now);
        assert!(planning.network().is_some(), "the last one is shown meanwhile");
        assert!(planning.network_of(&now).is_none());
    }

    #[test]
    fn an_edit_of_a_site_leaves_the_network_and_one_of_a_gate_does_not() {
        use crate::domain::{Change, Edit, Record};
        let mut ids = clock::ids(&clock::stamp(Some("甲")));
        let mut add = |world: &World, kind| {
            let stamp = clock::stamp(Some("甲"));
            let record = Record::new(ids.next(), kind, &stamp);
            let mut world = world.clone();
            world.apply(&Edit::of(vec![Change::create(record)])).unwrap();
            world
        };
        let of = |world: &World| Tables::of(Arc::new(world.clone()), &OF_NETWORK);
        let first = World::default();
        let with_site = add(&first, Kind::Site);
        assert!(of(&first) == of(&with_site));
        assert!(of(&with_site) != of(&add(&with_site, Kind::Gate)));
    }

    #[test]
    fn orders_of_other_plans_are_apart_and_beside_today_those_of_the_chosen_one_too() {
        use crate::domain::{Record, Value};
        let stamp = clock::stamp(Some("甲"));
        let mut ids = clock::ids(&stamp);
        let mut order = |plan: &str, state: Option<OrderState>| {
            let mut order = Record::new(ids.next(), Kind::Restriction, &stamp);
            order.set("plan", Some(Value::text(plan)));
            if let Some(state) = state {
                state.put(&mut order);
            }
            order
        };
        let draft = Some(OrderState::Draft);
        let all = [order("A", draft), order("B", draft), order("B", Some(OrderState::InForce))];
        let [a, b, _] = [all[0].id, all[1].id, all[2].id];
        let world: World = all.into_iter().collect();
        let mut planning = Planning { is_open: true, plan: "A".to_owned(), ..Planning::default() };
        assert_eq!(planning.apart(&world), BTreeSet::from([b]));
        planning.beside = Beside::Maps;
        assert_eq!(planning.apart(&world), BTreeSet::from([a, b]));
        planning.plan.clear();
        assert_eq!(planning.apart(&world), BTreeSet::new());
    }
}
