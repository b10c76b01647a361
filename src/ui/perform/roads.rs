//! Surveys the roads, proposes gates and estimates flows, in jobs.

use std::sync::Arc;

use crate::ui::action::RoadsAction;
use crate::ui::app::App;
use crate::ui::planner::{MakeSurvey, make_estimate};

impl App {
    /// What is asked of the network and its flows.
    pub(super) fn roads(&mut self, action: RoadsAction) {
        let planner = &mut self.model.planner;
        match action {
            RoadsAction::Estimate(told) => {
                let (world, at) = (self.model.world(), self.model.planner.at);
                let assumed = self.model.assumed();
                self.work("estimate", move |_| make_estimate(&world, told.as_deref(), at, assumed));
            }
            RoadsAction::Estimated(estimate) => planner.estimate = Some(Arc::from(estimate)),
            RoadsAction::DropEstimate => planner.estimate = None,
            RoadsAction::Survey => self.ask(&MakeSurvey),
            RoadsAction::Propose(with_generators) => {
                planner.proposing = with_generators;
                if with_generators.is_none() {
                    planner.unwanted.clear();
                }
            }
            RoadsAction::Want(code, is_wanted) => {
                if is_wanted {
                    planner.unwanted.remove(&code);
                } else {
                    planner.unwanted.insert(code);
                }
            }
        }
    }
}
