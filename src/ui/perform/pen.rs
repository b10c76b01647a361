//! The pen, and the district as it was: what is asked for while a meeting is held.

use std::sync::Arc;

use crate::analysis::changes::Changes;
use crate::domain::World;
use crate::ui::Model;
use crate::ui::action::{Action, MeetingAction};
use crate::ui::app::App;
use crate::ui::canvas::peek;
use crate::ui::canvas::tools::Pen;
use crate::ui::command::Command;
use crate::ui::model::compared::Compared;
use crate::ui::model::meetings::{Peek, Then};
use crate::ui::model::{Toast, compared};

impl App {
    /// Takes the pen in hand, or lays it down.
    pub(super) fn take_pen(&mut self) {
        if self.canvas.tool.as_ref().is_some_and(|tool| tool.pen().is_some()) {
            self.hold(None);
        } else if self.model.meeting.is_open {
            let pen = Pen::new(self.model.meeting.pen);
            self.hold(Some(Box::new(pen)));
        } else {
            self.say(
                Toast::watch(
                    "画笔在会商中使用：先按 M 打开会商，再按 P",
                    "The pen is for meetings: M opens the meeting, then P",
                )
                .with_way(Command::Meeting.about().words, Command::Meeting),
            );
        }
    }

    /// Marks are on the map while their meeting is held, and the pen is in hand no longer.
    pub(in crate::ui) fn follow_marks(&mut self) {
        if let Some(pen) = self.canvas.tool.as_ref().and_then(|tool| tool.pen()) {
            self.model.meeting.pen = pen;
        }
        let wanted = self.model.marks_wanted();
        if wanted != self.model.meeting.marks_of {
            self.model.meeting.marks_of = wanted;
            self.derive_shown();
        }
        let is_out = !self.model.meeting.is_open;
        if is_out && self.canvas.tool.as_ref().is_some_and(|tool| tool.is_of_meeting()) {
            self.hold(None);
        }
    }

    /// The map as it was, once for each thing that it may show.
    pub(super) fn ask_peek(&mut self) {
        let Some(wish) = peek::Wish::of(&self.model) else { return };
        if self.model.meeting.peek_asked == Some(wish.key()) {
            return;
        }
        self.model.meeting.peek_asked = Some(wish.key());
        self.work("peek", move |_| Action::Meeting(MeetingAction::Peeked(Box::new(wish.peek()))));
    }

    pub(super) fn peeked(&mut self, mut peek: Peek) {
        self.serial += 1;
        if let Some(shown) = Arc::get_mut(&mut peek.shown) {
            shown.serial = self.serial;
        }
        self.model.meeting.peek = Some(Arc::new(peek));
    }

    /// What changed since then, while its page is open.
    pub(in crate::ui) fn ask_changes(&mut self) {
        let Some((then, now)) = question(&self.model) else { return };
        self.model.meeting.compare_asked = Some((Arc::clone(&then), Arc::clone(&now)));
        self.work("changes", move |progress| {
            match Changes::between(&then.world, &now, &|| progress.is_cancelled()) {
                Some(changes) => {
                    let compared = Compared { then, now, changes };
                    Action::Meeting(MeetingAction::Compared(Arc::new(compared)))
                }
                None => Action::Nothing,
            }
        });
    }
}

/// The states that should be compared now, where they are not and nobody does it.
fn question(model: &Model) -> Option<(Arc<Then>, Arc<World>)> {
    let meeting = &model.meeting;
    if !meeting.is_open || meeting.page != compared::PAGE {
        return None;
    }
    let (then, now) = (meeting.then.clone()?, model.world());
    let is_asked = meeting.compare_asked.as_ref().is_some_and(|(known_then, known_now)| {
        Arc::ptr_eq(known_then, &then) && Arc::ptr_eq(known_now, &now)
    });
    (!is_asked).then_some((then, now))
}
