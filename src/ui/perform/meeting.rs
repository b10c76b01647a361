//! What is asked of a meeting; its scenes stand in `stage` and `scenes`.

use egui::Context;

use crate::ui::action::MeetingAction;
use crate::ui::app::App;
use crate::ui::canvas::peek::MakePeek;
use crate::ui::model::meetings::Since;
use crate::ui::model::workspace::Workspace;

impl App {
    /// What is asked of the meeting.
    pub(super) fn meeting(&mut self, action: MeetingAction, context: &Context) {
        let meeting = &mut self.model.meeting;
        match action {
            MeetingAction::Page(page) => meeting.page = page,
            MeetingAction::Stage(wish) => self.stage(wish, context),
            MeetingAction::Open(page) => {
                page.clone_into(&mut meeting.page);
                self.enter(Workspace::Meeting);
                self.show_pages();
            }
            MeetingAction::Hold(held) => {
                if meeting.held != held {
                    meeting.scene = None;
                    meeting.stage.place = 0;
                }
                meeting.held = held;
                // The meeting before it is another one.
                if meeting.since == Since::Meeting {
                    meeting.then.forget();
                }
            }
            MeetingAction::Since(since) => {
                if meeting.since != since {
                    meeting.since = since;
                    meeting.then.forget();
                }
            }
            MeetingAction::Bubble(mark) => meeting.bubble = mark,
            MeetingAction::Peek => self.ask(&MakePeek),
            MeetingAction::List(listed) => meeting.listed = listed,
            MeetingAction::Wanted(wanted) => meeting.wanted = wanted,
            MeetingAction::OfLast(is_of_last) => meeting.is_of_last = Some(is_of_last),
            MeetingAction::MoveSelected(state) => self.move_selected(state),
            MeetingAction::Move(ids, state) => self.move_decisions(&ids, state),
        }
    }
}
