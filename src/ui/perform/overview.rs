//! Counts the overview in a job, and moves decisions on.

use std::sync::Arc;

use crate::analysis::decisions::state::moved;
use crate::analysis::overview::Overview;
use crate::domain::{Change, DecisionState, Edit, Kind, RecordId, Text};
use crate::settings::clock;
use crate::ui::action::{Action, MeetingAction};
use crate::ui::app::App;
use crate::ui::command::Command;
use crate::ui::model::Toast;
use crate::ui::model::meetings::OverviewOf;

impl App {
    /// Asks for the figures of leaders whenever the district is another, or what it is compared with,
    /// or the day.
    pub(in crate::ui) fn ask_overview(&mut self) {
        let Some(district) = &self.model.district else { return };
        let meeting = &mut self.model.meeting;
        let of = OverviewOf {
            world: Arc::clone(&district.world),
            then: meeting.then.clone(),
            today: clock::today(),
        };
        if meeting.overview_of.as_ref().is_some_and(|known| known.is_same(&of)) {
            return;
        }
        let is_same_then = meeting.overview_of.as_ref().is_some_and(|known| {
            known.then.as_ref().zip(of.then.as_ref()).is_some_and(|(a, b)| Arc::ptr_eq(a, b))
        });
        // The past stays as it was: it is counted once.
        let known = meeting.overview.then.as_ref().filter(|_| is_same_then);
        let known = known.map(|(at, snapshot)| (*at, Arc::clone(snapshot)));
        let (world, then, today) = (Arc::clone(&of.world), of.then.clone(), of.today);
        meeting.overview_of = Some(of);
        self.work("overview", move |_| {
            let then = then.as_ref().map(|then| {
                let known = known.filter(|(at, _)| *at == then.moment).map(|(_, known)| known);
                (then.moment, &*then.world, known)
            });
            let overview = Overview::of(&world, then, today, &clock::office());
            Action::Meeting(MeetingAction::Overview(Box::new(overview)))
        });
    }

    pub(super) fn move_selected(&mut self, state: DecisionState) {
        let ids = self.model.selection.clone();
        self.move_decisions(&ids, state);
    }

    /// One undo step, however many they are.
    pub(super) fn move_decisions(&mut self, ids: &[RecordId], state: DecisionState) {
        let (today, stamp) = (clock::today(), self.model.stamp());
        let decisions = ids.iter().filter_map(|id| self.model.record(*id));
        let decisions: Vec<_> =
            decisions.filter(|record| record.kind == Kind::Decision).cloned().collect();
        if decisions.is_empty() {
            self.say(Toast::watch("请先选中决定", "Select a decision first"));
            return;
        }
        let changes = decisions.into_iter().filter_map(|decision| {
            let newer = moved(&decision, state, today, &stamp)?;
            Some(Change::update(decision, newer))
        });
        let changes: Vec<Change> = changes.collect();
        let count = changes.len();
        if count == 0 {
            return;
        }
        self.apply(Edit::of(changes));
        let Text { zh, en } = state.label();
        self.say(
            Toast::done(format!("{count} 条决定：{zh}"), format!("{count} decisions: {en}"))
                .with_way(Command::Undo.about().words, Command::Undo),
        );
    }
}
