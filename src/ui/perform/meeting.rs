//! What is asked of a meeting; its scenes stand in `stage` and `scenes`.

use std::sync::Arc;

use egui::Context;

use crate::settings::clock;
use crate::store::AsOf;
use crate::ui::action::{Action, MeetingAction};
use crate::ui::app::App;
use crate::ui::model::meetings::{Since, Then};
use crate::ui::parts::since;

impl App {
    pub(super) fn meeting(&mut self, action: MeetingAction, context: &Context) {
        let meeting = &mut self.model.meeting;
        match action {
            MeetingAction::Turn => self.turn_meeting(),
            MeetingAction::Page(page) => meeting.page = page,
            MeetingAction::Stage(wish) => self.stage(wish, context),
            MeetingAction::Open(page) => {
                page.clone_into(&mut meeting.page);
                meeting.is_open = true;
                self.model.planner.is_open = false;
            }
            MeetingAction::Hold(held) => {
                if meeting.held != held {
                    meeting.scene = None;
                    meeting.stage.place = 0;
                }
                meeting.held = held;
                // The meeting before it is another one.
                meeting.then_of = meeting.then_of.filter(|of| *of != Since::Meeting);
            }
            MeetingAction::Since(since) => meeting.since = since,
            MeetingAction::Then(of, then) => {
                if meeting.then_of == Some(of) {
                    meeting.then = then;
                    meeting.peek_asked = None;
                }
            }
            MeetingAction::Bubble(mark) => meeting.bubble = mark,
            MeetingAction::Peek => self.ask_peek(),
            MeetingAction::Peeked(peek) => self.peeked(*peek),
            MeetingAction::Compared(compared) => meeting.compared = Some(compared),
            MeetingAction::List(listed) => meeting.listed = listed,
            MeetingAction::Overview(overview) => meeting.overview = Arc::new(*overview),
            MeetingAction::Wanted(wanted) => meeting.wanted = wanted,
            MeetingAction::OfLast(is_of_last) => meeting.is_of_last = Some(is_of_last),
            MeetingAction::MoveSelected(state) => self.move_selected(state),
            MeetingAction::Move(ids, state) => self.move_decisions(&ids, state),
        }
    }

    /// The meeting and the planner share the place of the table.
    pub(super) fn turn_meeting(&mut self) {
        self.model.meeting.is_open = !self.model.meeting.is_open;
        self.model.planner.is_open &= !self.model.meeting.is_open;
    }

    /// Asks for the district as it was, once for each moment that it is compared with, and anew on
    /// another day.
    pub(in crate::ui) fn ask_then(&mut self) {
        let (since, today) = (self.model.meeting.since, clock::today());
        let meeting = &mut self.model.meeting;
        let is_same = meeting.then_of == Some(since);
        if self.model.district.is_none() || is_same && meeting.then_on == Some(today) {
            return;
        }
        meeting.then_on = Some(today);
        if !is_same {
            meeting.then_of = Some(since);
            meeting.then = None;
        }
        let Some(moment) = since::moment(&self.model, since) else { return };
        let now = (*self.model.world()).clone();
        // Edits of this seat that are on their way to the disk are written before this is asked.
        self.keeper.ask(move |store| {
            let of_then = |then| Action::Meeting(MeetingAction::Then(since, then));
            let Ok(world) = store.rewound(now, AsOf::Moment(moment)) else { return of_then(None) };
            let is_known = !world.is_empty();
            of_then(is_known.then(|| Arc::new(Then { moment, world: Arc::new(world) })))
        });
    }
}
