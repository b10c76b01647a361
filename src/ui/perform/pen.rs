//! The pen in hand.

use crate::ui::app::App;
use crate::ui::canvas::tools::Pen;
use crate::ui::command::Command;
use crate::ui::model::Toast;

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

    /// What the pen draws with is kept for the next time; it is laid down when the meeting is.
    pub(in crate::ui) fn follow_pen(&mut self) {
        if let Some(pen) = self.canvas.tool.as_ref().and_then(|tool| tool.pen()) {
            self.model.meeting.pen = pen;
        }
        let is_out = !self.model.meeting.is_open;
        if is_out && self.canvas.tool.as_ref().is_some_and(|tool| tool.is_of_meeting()) {
            self.hold(None);
        }
    }
}
