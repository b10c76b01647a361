//! How a value that the model holds as [`Derived`] says what it is made from, and how it is worked
//! out off the window's thread; and those that belong to no panel. `ui::perform` has the list of all
//! of them and goes through it in every frame.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::action::{Action, Actions, StoreRequest};
use super::model::air::{FiguresOf, OF_FIGURES, OF_HOURS};
use super::model::compared::{Compared, PAGE, StatesOf};
use super::model::known::Known;
use super::model::ledger::{LedgerNow, OF_LEDGER};
use super::model::meetings::OverviewOf;
use super::model::planning::now;
use super::model::shown::{Rest, Shown, ShownOf};
use super::model::tables::Tables;
use super::model::{Model, StepKinds};
use crate::analysis::air::{DistrictFigures, DistrictHours};
use crate::analysis::changes::Changes;
use crate::analysis::is_not_up_to_standard;
use crate::analysis::overview::Overview;
use crate::domain::{RecordId, World};
use crate::jobs::{Derived, Progress, Reply, Same};
use crate::settings::clock;
use crate::store::JournalEntry;

/// One value of the model that is worked out whenever what it is made from is another.
pub trait Derivation: Sync {
    type Key: Clone + PartialEq;
    type Value: Default;

    /// Whether every frame asks for it; else an action of whoever looks at it does.
    const IS_FOLLOWED: bool = true;

    /// Where the model holds it.
    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value>;

    /// What the answer is to be made from now. `None` while nobody looks at it, and while there is
    /// nothing to make it from: the last answer stays then.
    fn key(model: &Model) -> Option<Self::Key>;

    /// The action that has it worked out, by a job or by the keeper of the file.
    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, actions: &Actions) -> Action;

    /// Takes an answer that has come, with what follows from it in the model; whether there was one.
    fn take(model: &mut Model) -> bool {
        Self::place(model).poll()
    }
}

/// Any [`Derivation`], for the list of them.
pub trait Follow: Sync {
    /// Whether every frame asks for it.
    fn is_followed(&self) -> bool;

    /// As [`Derivation::take`].
    fn take(&self, model: &mut Model) -> bool;

    /// The work, where the answer that is there or on its way is not of the key of now.
    fn ask(&self, model: &mut Model, actions: &Actions) -> Option<Action>;
}

impl<D: Derivation> Follow for D {
    fn is_followed(&self) -> bool {
        D::IS_FOLLOWED
    }

    fn take(&self, model: &mut Model) -> bool {
        D::take(model)
    }

    fn ask(&self, model: &mut Model, actions: &Actions) -> Option<Action> {
        let key = D::key(model)?;
        let reply = D::place(model).ask(key)?;
        Some(D::work(reply, model, actions))
    }
}

/// Indexes and counts of the open district.
pub struct MakeKnown;

impl Derivation for MakeKnown {
    type Key = Same<World>;
    type Value = Arc<Known>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.known
    }

    fn key(model: &Model) -> Option<Self::Key> {
        Some(Same(Arc::clone(&model.district.as_ref()?.world)))
    }

    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, _: &Actions) -> Action {
        let before = Arc::clone(&model.known);
        let work = move |_: &_| {
            reply.send(Arc::new(Known::of(&reply.key, &before)));
            Action::Nothing
        };
        Action::Work("known", Box::new(work))
    }
}

/// What passes the filter, and its sketch.
pub struct MakeShown;

impl Derivation for MakeShown {
    type Key = ShownOf;
    type Value = Arc<Shown>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.shown
    }

    fn key(model: &Model) -> Option<ShownOf> {
        Some(ShownOf {
            world: Same(Arc::clone(&model.district.as_ref()?.world)),
            filter: model.filter.clone(),
            layers: model.layers.clone(),
            lang: model.lang(),
            resting: Same(Arc::clone(&model.planner.resting)),
            hides_resting: model.planner.hides_resting,
            apart: Same(Arc::clone(&model.planner.apart)),
            marks_of: model.marks_wanted(),
        })
    }

    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, _: &Actions) -> Action {
        let marks = model.shown_marks();
        let work = move |_: &_| {
            let of = &reply.key;
            let (orders, marks) = (&**of.resting, marks.as_ref());
            let apart = &**of.apart;
            let rest = Rest { orders, is_hidden: of.hides_resting, apart, marks };
            reply.send(Arc::new(Shown::of(&of.world, &of.filter, &of.layers, of.lang, rest)));
            Action::Nothing
        };
        Action::Work("shown", Box::new(work))
    }

    fn take(model: &mut Model) -> bool {
        let has_come = model.shown.poll();
        if has_come {
            model.serial += 1;
            Shown::number(model.shown.get_mut(), model.serial);
        }
        has_come
    }
}

/// What changed since then, while its page is open.
pub struct CompareStates;

impl Derivation for CompareStates {
    type Key = StatesOf;
    type Value = Option<Arc<Compared>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.meeting.compared
    }

    fn key(model: &Model) -> Option<StatesOf> {
        let is_open = model.meeting.is_open && model.meeting.page == PAGE;
        model.compared_states().filter(|_| is_open)
    }

    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, _: &Actions) -> Action {
        let work = move |progress: &Progress| {
            let (then, now) = &reply.key;
            let changes = Changes::between(&then.world, now, &|| progress.is_cancelled());
            // Only who is overtaken is stopped.
            if let Some(changes) = changes {
                reply.send(Some(Arc::new(Compared { changes })));
            }
            Action::Nothing
        };
        Action::Work("changes", Box::new(work))
    }
}

/// Of which layers the last steps are, for their names.
pub struct NameSteps;

impl Derivation for NameSteps {
    type Key = Same<Vec<JournalEntry>>;
    type Value = StepKinds;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.step_kinds
    }

    fn key(model: &Model) -> Option<Self::Key> {
        Some(Same(Arc::clone(&model.district.as_ref()?.entries)))
    }

    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, _: &Actions) -> Action {
        Action::Keep(StoreRequest::StepKinds(reply))
    }
}

/// How often the record on the card has come to fail, where it fails.
pub struct CountFailures;

impl Derivation for CountFailures {
    type Key = (RecordId, Timestamp);
    type Value = Option<usize>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.failures
    }

    fn key(model: &Model) -> Option<Self::Key> {
        let record = model.selected().filter(|record| is_not_up_to_standard(record))?;
        Some((record.id, record.meta.changed_at))
    }

    /// Edits of this seat that are on their way to the disk are written before this is asked.
    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, _: &Actions) -> Action {
        Action::Keep(StoreRequest::Failures(reply))
    }
}

/// The figures of leaders.
pub struct CountOverview;

impl Derivation for CountOverview {
    type Key = OverviewOf;
    type Value = Arc<Overview>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.meeting.overview
    }

    fn key(model: &Model) -> Option<OverviewOf> {
        Some(OverviewOf {
            world: Same(Arc::clone(&model.district.as_ref()?.world)),
            then: (*model.meeting.then).clone().map(Same),
            today: clock::today(),
        })
    }

    /// The past stays as it was: it is counted once.
    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, _: &Actions) -> Action {
        let before = &model.meeting.overview;
        let is_same_then = before.of().is_some_and(|of| of.then == reply.key.then);
        let counted = before.then.as_ref().filter(|_| is_same_then);
        let counted = counted.map(|(_, counted)| Arc::clone(counted));
        let work = move |_: &_| {
            let OverviewOf { world, then, today } = &reply.key;
            let then = then.as_ref().map(|then| (then.moment, &*then.world, counted));
            reply.send(Arc::new(Overview::of(world, then, *today, &clock::office())));
            Action::Nothing
        };
        Action::Work("overview", Box::new(work))
    }
}

/// The ledger of this minute.
pub struct MakeLedger;

impl Derivation for MakeLedger {
    type Key = (Tables, DateTime);
    type Value = Option<Arc<LedgerNow>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.ledger
    }

    fn key(model: &Model) -> Option<Self::Key> {
        Some((Tables::of(Arc::clone(&model.district.as_ref()?.world), &OF_LEDGER), now()))
    }

    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, _: &Actions) -> Action {
        let work = move |_: &_| {
            let (tables, now) = &reply.key;
            reply.send(Some(Arc::new(LedgerNow::of(tables, *now))));
            Action::Nothing
        };
        Action::Work("ledger", Box::new(work))
    }
}

/// The hours of the last days.
pub struct ReadHours;

impl Derivation for ReadHours {
    type Key = Tables;
    type Value = Option<Arc<DistrictHours>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.air.hours
    }

    fn key(model: &Model) -> Option<Tables> {
        Some(Tables::of(Arc::clone(&model.district.as_ref()?.world), &OF_HOURS))
    }

    /// What is on its way to the disk is written before this is asked.
    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, _: &Actions) -> Action {
        Action::Keep(StoreRequest::Hours(reply, clock::today()))
    }
}

/// Days, month and ranks of the stations.
pub struct MakeFigures;

impl Derivation for MakeFigures {
    type Key = FiguresOf;
    type Value = Option<Arc<DistrictFigures>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.air.figures
    }

    fn key(model: &Model) -> Option<FiguresOf> {
        model.air.hours.of()?;
        let hours = (*model.air.hours).clone().map(Same);
        let world = Arc::clone(&model.district.as_ref()?.world);
        Some((hours, Tables::of(world, &OF_FIGURES)))
    }

    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, _: &Actions) -> Action {
        let work = move |_: &_| {
            let (hours, tables) = &reply.key;
            let figures = hours.as_ref().and_then(|it| DistrictFigures::of(&tables.world, it));
            reply.send(figures.map(Arc::new));
            Action::Nothing
        };
        Action::Work("air", Box::new(work))
    }
}
