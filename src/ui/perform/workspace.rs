//! Going from place to place, and one step back at a time.

use egui::Context;

use crate::analysis::Filter;
use crate::analysis::episodes::Matched;
use crate::ui::action::{Action, MeetingAction, ViewAction};
use crate::ui::app::App;
use crate::ui::canvas::tools::Input;
use crate::ui::ctx::Ctx;
use crate::ui::model::Panel;
use crate::ui::model::planning::now;
use crate::ui::model::workspace::Workspace;

/// Around the station of a high value this is shown at first, metres.
const AROUND_M: f64 = 2000.0;

impl App {
    /// Goes to a place: its layers, panels and table are as they were left there.
    pub(super) fn enter(&mut self, workspace: Workspace) {
        let has_district = self.model.district.is_some();
        if workspace == self.model.workspace || (workspace.about().has_pages && !has_district) {
            return;
        }
        let planner = &mut self.model.planner;
        planner.is_open = workspace == Workspace::Plans;
        (planner.pin, planner.proposing, planner.estimate) = (None, None, None);
        // The roads may have been asked for by a drawing before.
        planner.is_timed = workspace == Workspace::Air;
        if planner.is_open && planner.is_live && planner.answer.question().is_none() {
            planner.at = now();
        }
        if self.model.workspace == Workspace::Meeting {
            self.model.meeting.is_open = false;
            self.leave_stage();
        }
        self.model.remember_view();
        self.model.workspace = workspace;
        self.model.meeting.is_open = workspace == Workspace::Meeting;
        if workspace == Workspace::Episodes {
            self.show_running();
        }
        let kept = self.model.settings.workspaces.get(workspace.about().key);
        self.model.layers = workspace.merged(kept.map_or(&[], |view| &view.layers));
        let context = self.actions.context().clone();
        self.mark_unsaved(&context);
    }

    /// Whoever comes because of a high value sees its station with what lies around it.
    fn show_running(&mut self) {
        let row = self.model.episode_row().filter(|row| self.model.is_running(row));
        if let Some(place) = row.and_then(Matched::place) {
            self.actions.view(ViewAction::ShowRing(place, AROUND_M));
        }
    }

    /// To a place; there already, to its own pages, and from these back to the situation.
    pub(super) fn turn_to(&mut self, workspace: Workspace) {
        if workspace != self.model.workspace {
            self.enter(workspace);
        } else if workspace.about().has_pages && !self.model.shows_pages() {
            self.show_pages();
        } else {
            self.enter(Workspace::Situation);
        }
    }

    /// What the place has of its own below the map.
    pub(super) fn show_pages(&mut self) {
        let panels = self.model.panels();
        self.model.set_panels(crate::settings::Panels { dock: true, is_table: false, ..panels });
        let context = self.actions.context().clone();
        self.mark_unsaved(&context);
    }

    /// Opens a panel or folds it away. Below the map the table and the pages of the place take turns.
    pub(super) fn fold(&mut self, panel: Panel, context: &Context) {
        let panels = self.model.panels();
        let (shows_table, has_pages) =
            (self.model.shows_table(), self.model.workspace.about().has_pages);
        match panel {
            Panel::Left => self.open(panel, !panels.left, context),
            Panel::Right => self.open(panel, !panels.right, context),
            Panel::Dock => self.open(panel, !panels.dock, context),
            Panel::Bottom if shows_table && has_pages => self.show_pages(),
            Panel::Bottom => self.open(panel, !shows_table, context),
        }
    }

    /// Opens a panel, or folds it away.
    pub(super) fn open(&mut self, panel: Panel, is_open: bool, context: &Context) {
        let mut panels = self.model.panels();
        match panel {
            Panel::Left => panels.left = is_open,
            Panel::Right => panels.right = is_open,
            Panel::Dock => panels.dock = is_open,
            Panel::Bottom => {
                panels.dock = is_open;
                panels.is_table |= is_open;
            }
        }
        self.model.set_panels(panels);
        self.mark_unsaved(context);
    }

    /// Undoes the last thing that was begun or opened, and no more than that.
    pub(super) fn step_back(&mut self, context: &Context) {
        if let Some(tool) = &mut self.canvas.tool {
            let ctx = Ctx { model: &self.model, actions: &self.actions };
            let wishes = tool.on(Input::Cancel, &ctx);
            for wish in wishes {
                self.actions.send(wish);
            }
        } else if self.model.meeting.bubble.is_some() {
            self.perform(Action::Meeting(MeetingAction::Bubble(None)), context);
        } else if self.model.is_presenting() {
            self.big(context);
        } else if self.model.workspace == Workspace::Ledger && self.ledger.is_open() {
            self.ledger.open(false);
        } else if !self.model.filter.is_empty() {
            self.perform(Action::Filter(Filter::default()), context);
        } else if !self.model.selection.is_empty() {
            self.select(Vec::new(), context);
        } else if self.model.is_big {
            self.big(context);
        } else if self.model.panels().dock {
            self.open(Panel::Dock, false, context);
        }
    }
}
