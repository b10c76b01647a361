//! The only place where the app changes: one arm an action.

mod attach;
mod data;
mod day;
mod dialog;
mod drawing;
mod dropped;
mod file;
mod meeting;
mod overview;
mod pass;
mod pen;
mod plan_lifecycle;
mod planner;
mod roads;
mod scenes;
mod stage;
mod tool;
mod view;

use egui::Context;

use super::action::{Action, MeetingAction};
use super::app::App;
use super::command::Command;
use super::model::{Panel, Toast};
use crate::analysis::Filter;
use crate::domain::{Change, DecisionState, Edit, Lang};
use crate::jobs::Progress;
use crate::map::view::Frame;
use crate::settings::ThemeChoice;

impl App {
    pub(super) fn perform(&mut self, action: Action, context: &Context) {
        match action {
            Action::Nothing => {}
            Action::All(actions) => self.perform_all(actions, context),
            Action::Command(command) => self.command(command, context),
            Action::File(action) => self.file(action, context),
            Action::Data(action) => self.data(action, context),
            Action::View(action) => self.view(action, context),
            Action::Planner(action) => self.planner(action),
            Action::Meeting(action) => self.meeting(action, context),
            Action::Tool(action) => self.tool(action),
            Action::Dialog(action) => self.dialog(action),
            Action::Select(ids) => self.select(ids, context),
            Action::Toggle(id) => {
                let mut ids = self.model.selection.clone();
                match ids.iter().position(|known| *known == id) {
                    Some(place) => drop(ids.remove(place)),
                    None => ids.push(id),
                }
                self.select(ids, context);
            }
            Action::Hover(id) => self.model.hovered = id,
            Action::Pointer(place) => self.model.pointer = place,
            Action::Filter(filter) => {
                self.model.filter = filter;
                self.derive_shown();
            }
            Action::Layers(layers) => {
                self.model.layers = layers;
                self.derive_shown();
                self.model.remember_view();
                self.mark_unsaved(context);
            }
            Action::Panel(panel, is_open) => {
                // The table, the planner and the meeting share one place.
                self.model.planner.is_open &= panel != Panel::Bottom;
                self.model.meeting.is_open &= panel != Panel::Bottom;
                *self.panel(panel) = is_open;
                self.mark_unsaved(context);
            }
            Action::Prefer(change) => {
                change(&mut self.model.settings);
                self.dress(context);
                self.derive_shown();
                self.mark_unsaved(context);
            }
            Action::Work(key, work) => self.work(key, work),
            Action::Keep(ask) => self.keeper.ask(ask),
            Action::Copy(text) => context.copy_text(text),
            Action::Say(toast) => self.say(toast),
            Action::Dismiss(id) => self.model.toasts.retain(|toast| toast.id != id),
            Action::Base(opened) => self.base_opened(*opened),
            Action::BaseProblem(said) => self.model.base_problem = said,
            Action::Quit => context.send_viewport_cmd(egui::ViewportCommand::Close),
        }
        context.request_repaint();
    }

    fn perform_all(&mut self, actions: Vec<Action>, context: &Context) {
        for action in actions {
            self.perform(action, context);
        }
    }

    pub(super) fn work(
        &mut self,
        key: &'static str,
        work: impl FnOnce(&Progress) -> Action + Send + 'static,
    ) {
        if let Err(error) = self.jobs.start(key, work) {
            self.out_of_threads(&error);
        }
    }

    const fn panel(&mut self, panel: Panel) -> &mut bool {
        let panels = &mut self.model.settings.panels;
        match panel {
            Panel::Left => &mut panels.left,
            Panel::Right => &mut panels.right,
            Panel::Bottom => &mut panels.bottom,
        }
    }

    pub(super) fn mark_unsaved(&mut self, context: &Context) {
        self.unsaved_since = Some(context.input(|input| input.time));
    }

    /// Puts on theme, sizes and language.
    pub(super) fn dress(&mut self, context: &Context) {
        let settings = &self.model.settings;
        let preference = match settings.theme {
            ThemeChoice::Light => egui::ThemePreference::Light,
            ThemeChoice::Dark => egui::ThemePreference::Dark,
            ThemeChoice::System => egui::ThemePreference::System,
        };
        context.set_theme(preference);
        self.model.is_dark = match settings.theme {
            ThemeChoice::Light => false,
            ThemeChoice::Dark => true,
            ThemeChoice::System => context.system_theme() == Some(egui::Theme::Dark),
        };
        let text = self.model.text_scale();
        for (theme, is_dark) in [(egui::Theme::Light, false), (egui::Theme::Dark, true)] {
            let tokens =
                if is_dark { &crate::map::tokens::DARK } else { &crate::map::tokens::LIGHT };
            context.set_style_of(theme, super::theme::style(tokens, is_dark, text));
        }
        context.set_zoom_factor(settings.scale);
    }

    fn command(&mut self, command: Command, context: &Context) {
        match command {
            Command::Undo => self.undo(),
            Command::Redo => self.redo(),
            Command::Delete => self.delete(),
            Command::Search => self.bar.focus_search(),
            Command::ClearFilter => self.perform(Action::Filter(Filter::default()), context),
            Command::OnScreen => self.filter_to_screen(context),
            Command::Snap => self.toggle_snap(context),
            Command::Left
            | Command::Layers
            | Command::Right
            | Command::Bottom
            | Command::Big
            | Command::Theme
            | Command::Language => self.look_command(command, context),
            Command::CopyPlace => self.copy_place(context),
            Command::NextRow => self.step_row(1, context),
            Command::PreviousRow => self.step_row(-1, context),
            Command::Open
            | Command::New
            | Command::Sample
            | Command::Import
            | Command::Export
            | Command::Print
            | Command::Backup => self.file_command(command),
            Command::Settings
            | Command::Keys
            | Command::History
            | Command::Decide
            | Command::Brief => self.open_dialog(command),
            Command::Drafts | Command::CloseDraft => self.draft_command(command),
            Command::Planner | Command::NewPlan | Command::Earlier | Command::Later => {
                self.planner_command(command);
            }
            Command::Meeting
            | Command::Overview
            | Command::StartDecision
            | Command::CloseDecision
            | Command::DropDecision => self.meeting_command(command, context),
            Command::Quit => self.perform(Action::Quit, context),
            Command::Select
            | Command::DrawNoEntry
            | Command::DrawOneWay
            | Command::DrawLimited
            | Command::DrawDetour
            | Command::RingBlocks
            | Command::DrawPoint
            | Command::DrawLine
            | Command::DrawArea
            | Command::Measure
            | Command::EditShape
            | Command::Pen => self.tool_command(command),
            Command::Bookmark
            | Command::ZoomIn
            | Command::ZoomOut
            | Command::Home
            | Command::ViewBack
            | Command::ViewForward
            | Command::ZoomToSelection => self.view_command(command, context),
        }
    }

    fn draft_command(&mut self, command: Command) {
        match command {
            Command::Drafts => self.recover_draft(),
            _ => self.keep_draft(None),
        }
    }

    /// How the window looks.
    fn look_command(&mut self, command: Command, context: &Context) {
        match command {
            Command::Right => self.fold(Panel::Right, context),
            Command::Bottom => self.fold(Panel::Bottom, context),
            Command::Big => self.big(context),
            Command::Theme => self.turn_theme(context),
            Command::Language => self.turn_language(context),
            _ => self.fold(Panel::Left, context),
        }
    }

    fn meeting_command(&mut self, command: Command, context: &Context) {
        match command {
            Command::Overview => self.meeting(MeetingAction::Open("overview"), context),
            Command::StartDecision => self.move_selected(DecisionState::UnderWay),
            Command::CloseDecision => self.move_selected(DecisionState::Done),
            Command::DropDecision => self.move_selected(DecisionState::Dropped),
            _ => self.turn_meeting(),
        }
    }

    fn turn_theme(&mut self, context: &Context) {
        let is_dark = self.model.is_dark;
        self.model.settings.theme = if is_dark { ThemeChoice::Light } else { ThemeChoice::Dark };
        self.restyle(context);
    }

    fn turn_language(&mut self, context: &Context) {
        let lang = &mut self.model.settings.lang;
        *lang = if *lang == Lang::Zh { Lang::En } else { Lang::Zh };
        self.restyle(context);
    }

    fn restyle(&mut self, context: &Context) {
        self.dress(context);
        self.derive_shown();
        self.mark_unsaved(context);
    }

    fn toggle_snap(&mut self, context: &Context) {
        let snaps = !self.model.settings.snaps;
        self.model.settings.snaps = snaps;
        self.say(if snaps {
            Toast::done("捕捉已打开", "snapping is on")
        } else {
            Toast::done("捕捉已关闭，按 S 打开", "snapping is off; S turns it on")
        });
        self.mark_unsaved(context);
    }

    fn fold(&mut self, panel: Panel, context: &Context) {
        let hides_table =
            panel == Panel::Bottom && (self.model.planner.is_open || self.model.meeting.is_open);
        self.model.planner.is_open &= !hides_table;
        self.model.meeting.is_open &= !hides_table;
        let panel = self.panel(panel);
        *panel = hides_table || !*panel;
        self.mark_unsaved(context);
    }

    fn big(&mut self, context: &Context) {
        self.model.is_big = !self.model.is_big;
        context.send_viewport_cmd(egui::ViewportCommand::Fullscreen(self.model.is_big));
        self.dress(context);
        self.serial += 1;
    }

    fn copy_place(&mut self, context: &Context) {
        let place = self.model.pointer.unwrap_or(self.model.camera.view.center);
        let crs = self.model.settings.shown_crs.parse().unwrap_or(crate::geodesy::crs::Crs::Wgs84);
        let text = crate::geodesy::coordinates::coordinate_text(place, &crs);
        context.copy_text(text.clone());
        let name = self.model.settings.shown_crs.to_uppercase();
        self.say(Toast::done(
            format!("已复制 {text}（{name}）"),
            format!("copied {text} ({name})"),
        ));
    }

    fn filter_to_screen(&mut self, context: &Context) {
        let mut filter = self.model.filter.clone();
        filter.bounds = if filter.bounds.is_some() { None } else { self.screen_bounds() };
        self.perform(Action::Filter(filter), context);
    }

    /// What the map shows, WGS-84 degrees.
    pub(super) fn screen_bounds(&self) -> Option<crate::geodesy::wkb::Bounds> {
        let rect = self.canvas.rect?;
        let frame = Frame::new(0.0, 0.0, f64::from(rect.width()), f64::from(rect.height()));
        let view = self.model.camera.view;
        Some(crate::map::view::Projection::on(self.model.datum, view, frame).bounds(0.0))
    }

    fn delete(&mut self) {
        let records = self.model.selection.iter().filter_map(|id| self.model.record(*id).cloned());
        let changes: Vec<Change> = records.map(Change::delete).collect();
        let count = changes.len();
        if count > 0 {
            self.apply(Edit::of(changes));
            self.model.selection.clear();
            self.say(
                Toast::done(format!("已删除 {count} 条"), format!("{count} deleted"))
                    .with_way(Command::Undo.about().words, Command::Undo),
            );
        }
    }
}
