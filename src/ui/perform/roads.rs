//! Surveys the roads, proposes gates and estimates flows, in jobs.

use std::sync::Arc;

use crate::ui::action::RoadsAction;
use crate::ui::app::App;
use crate::ui::planner::{make_estimate, make_survey};

impl App {
    pub(super) fn roads(&mut self, action: RoadsAction) {
        let planner = &mut self.model.planner;
        match action {
            RoadsAction::Estimate(told) => {
                let (world, at) = (self.model.world(), self.model.planner.at);
                let assumed = self.assumed();
                self.work("estimate", move |_| make_estimate(&world, told.as_deref(), at, assumed));
            }
            RoadsAction::Estimated(estimate) => planner.estimate = Some(Arc::from(estimate)),
            RoadsAction::DropEstimate => planner.estimate = None,
            RoadsAction::Survey => self.survey(),
            RoadsAction::Surveyed(world, survey) => {
                let known = planner.survey_of.as_ref();
                if known.is_some_and(|known| Arc::ptr_eq(known, &world)) {
                    planner.survey = Some(Arc::from(survey));
                }
            }
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

    fn survey(&mut self) {
        let world = self.model.world();
        if self.model.planner.wants_survey(&world) {
            self.model.planner.survey_of = Some(Arc::clone(&world));
            self.work("survey", move |_| make_survey(world));
        }
    }
}
