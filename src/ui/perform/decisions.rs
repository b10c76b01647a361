//! Decisions that go from one state to another.

use crate::analysis::decisions::state::moved;
use crate::domain::{Change, DecisionState, Edit, Kind, RecordId, Text};
use crate::settings::clock;
use crate::ui::app::App;
use crate::ui::model::Toast;

impl App {
    /// Puts the selected decisions into a state.
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
        let Text { zh, en } = state.label();
        let said = Toast::done(format!("{count} 条决定：{zh}"), format!("{count} decisions: {en}"));
        self.apply_saying(Edit::of(changes), said.with_undo());
    }
}
