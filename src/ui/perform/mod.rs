//! The only place where the app changes: one arm an action.

mod air;
mod attach;
mod data;
mod day;
mod decisions;
mod derived;
mod dialog;
mod drawing;
mod dropped;
mod episodes;
mod file;
mod ledger;
mod meeting;
mod opening;
mod pass;
mod pen;
mod plan_lifecycle;
mod planner;
mod roads;
mod scenes;
mod stage;
mod tool;
mod view;
mod window;
mod workspace;

use egui::Context;

use super::action::Action;
use super::app::App;
use crate::jobs::Progress;

impl App {
    /// Does what an action asks for.
    pub(super) fn perform(&mut self, action: Action, context: &Context) {
        match action {
            Action::Nothing => {}
            Action::All(actions) => self.perform_all(actions, context),
            Action::Command(command) => {
                self.model.recent.retain(|known| *known != command);
                self.model.recent.insert(0, command);
                self.perform(command.action(), context);
            }
            Action::File(action) => self.file(action, context),
            Action::Data(action) => self.data(action, context),
            Action::View(action) => self.view(action, context),
            Action::Planner(action) => self.planner(action),
            Action::Air(action) => self.air(action, context),
            Action::Episode(action) => self.episodes(action, context),
            Action::Meeting(action) => self.meeting(action, context),
            Action::Ledger(action) => self.ledger(action, context),
            Action::Tool(action) => self.tool(action, context),
            Action::Window(action) => self.window(action, context),
            Action::Dialog(action) => self.dialog(action),
            Action::Feeds(seen) => self.model.feeds = seen,
            Action::Select(ids) => self.select(ids, context),
            Action::Toggle(id) => {
                let mut ids = self.model.selection.clone();
                match ids.iter().position(|known| *known == id) {
                    Some(place) => drop(ids.remove(place)),
                    None => ids.push(id),
                }
                self.select(ids, context);
            }
            Action::Filter(filter) => self.model.filter = filter,
            Action::Layers(layers) => {
                self.model.layers = layers;
                self.model.remember_view();
                self.mark_unsaved(context);
            }
            Action::Prefer(preference) => {
                self.model.settings.prefer(preference);
                self.dress(context);
                self.mark_unsaved(context);
            }
            Action::Work(key, work) => self.work(key, work),
            Action::Keep(request) => self.keeper.ask(request),
            Action::Written(reply, is_written) => {
                reply.send(Some(is_written));
            }
            Action::Say(toast) => self.say(toast),
        }
        context.request_repaint();
    }

    fn perform_all(&mut self, actions: Vec<Action>, context: &Context) {
        for action in actions {
            self.perform(action, context);
        }
    }

    /// Starts a job; a newer one under the same key overtakes it.
    pub(super) fn work(
        &mut self,
        key: &'static str,
        work: impl FnOnce(&Progress) -> Action + Send + 'static,
    ) {
        if let Err(error) = self.jobs.start(key, work) {
            self.out_of_threads(&error);
        }
    }

    /// Settings have changed and are written a moment later.
    pub(super) fn mark_unsaved(&mut self, context: &Context) {
        self.unsaved_since = Some(context.input(|input| input.time));
    }
}
