//! The walk over all that is worked out for the model off this thread.

use egui::Context;

use crate::ui::app::App;
use crate::ui::canvas::peek::MakePeek;
use crate::ui::derivation::{
    CompareStates, CountFailures, CountOverview, Follow, MakeFigures, MakeKnown, MakeLedger,
    MakeShown, NameSteps, ReadHours,
};
use crate::ui::episodes::work::{FindEpisodes, FindSources, MatchRows, TryRules};
use crate::ui::parts::since::FindThen;
use crate::ui::planner::{
    HoldCounts, MakeAnswer, MakeBalance, MakeNetwork, MakeNotice, MakeNoticeMap, MakeSensitivity,
    MakeSurvey, MakeWay,
};

/// What another one is made from stands before it.
const ALL: [&dyn Follow; 24] = [
    &ReadHours,
    &MakeFigures,
    &FindEpisodes,
    &MatchRows,
    &FindSources,
    &TryRules,
    &FindThen,
    &MakeNetwork,
    &MakeAnswer,
    &MakeWay,
    &HoldCounts,
    &MakeSensitivity,
    &MakeBalance,
    &MakeSurvey,
    &MakeNotice,
    &MakeNoticeMap,
    &CompareStates,
    &CountFailures,
    &NameSteps,
    &CountOverview,
    &MakeLedger,
    &MakeKnown,
    &MakeShown,
    &MakePeek,
];

impl App {
    /// Takes the answers that have come, and has those worked out anew that are made from something
    /// else now.
    pub(in crate::ui) fn follow_derived(&mut self, context: &Context) {
        let (tool, world) = (self.canvas.tool.as_ref(), self.model.world());
        self.model.planner.has_road_tool = tool.is_some_and(|tool| tool.needs_roads());
        self.model.planner.rest_orders(&world);
        for derivation in ALL {
            if derivation.take(&mut self.model) {
                context.request_repaint();
            }
            if derivation.is_followed() {
                self.ask(derivation);
            }
        }
        self.let_glimpse_go();
        self.ask_for_blocks();
        self.look_for_detour();
    }

    /// Asks for something of the list now.
    pub(super) fn ask(&mut self, derivation: &dyn Follow) {
        if let Some(work) = derivation.ask(&mut self.model, &self.actions) {
            let context = self.actions.context().clone();
            self.perform(work, &context);
        }
    }
}
