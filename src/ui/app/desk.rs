//! The window while nothing is presented: bar, figures, the panels around the map, and below it the
//! dock of the place where one is.

use egui::{
    CentralPanel, CursorIcon, Frame, Margin, Panel, Rangef, Rect, Sense, Stroke, Ui, UiBuilder,
};

use super::App;
use crate::ui::action::{Actions, WindowAction};
use crate::ui::air::timeline;
use crate::ui::ctx::Ctx;
use crate::ui::episodes::{board, strip};
use crate::ui::model::workspace::Workspace;
use crate::ui::{health, kpi_bar, toasts};

/// A window narrower than this has no room for two panels beside the map, points.
const NARROW: f32 = 1000.0;
/// In one narrower than this a card beside a dock comes with what it is about, points.
const NARROW_WITH_DOCK: f32 = 1400.0;
/// What the map keeps beside a dock below it, and what that has at least, points.
const MAP_LEAST: f32 = 180.0;
const DOCK_LEAST: f32 = 140.0;
/// Of the window's height a dock takes no more, unless it is dragged.
const DOCK_SHARE: f32 = 0.4;
/// Of the window's width a panel beside the map takes no more.
const LEFT_SHARE: f32 = 0.19;
const RIGHT_SHARE: f32 = 0.28;
/// Where less is left beside the map the layers give way: nothing of them could be read.
const LAYERS_LEAST: f32 = 280.0;
/// Of what a hand drags to size the dock, points.
const HANDLE: f32 = 8.0;

impl App {
    /// Bar, figures, panels around the map.
    pub(super) fn desk_ui(&mut self, ui: &mut Ui, actions: &Actions) {
        let ctx = Ctx { model: &self.model, actions };
        let is_big = self.model.is_big;
        let scale = self.model.text_scale();
        let panel = Frame::NONE.fill(self.panel_color()).inner_margin(Margin::symmetric(12, 8));
        if !is_big {
            Panel::top("bar")
                .exact_size(48.0)
                .frame(panel.inner_margin(Margin::symmetric(12, 0)))
                .show(ui, |ui| self.bar.ui(ui, &ctx));
        }
        Panel::top("strip")
            .exact_size(if is_big { 68.0 * scale } else { 52.0 })
            .frame(panel.inner_margin(Margin::symmetric(12, 4)))
            .show(ui, |ui| kpi_bar::ui(ui, &ctx));
        strip::ui(ui, &ctx);
        let mut dock = None;
        if is_big {
            board::ui(ui, &ctx, panel);
        } else {
            Panel::bottom("health")
                .exact_size(32.0)
                .frame(panel.inner_margin(Margin::symmetric(12, 0)))
                .show(ui, |ui| health::ui(ui, &ctx, &self.jobs));
            self.card_ui(ui, actions, panel);
            dock = self.dock_ui(ui, actions, panel);
            self.layers_ui(ui, actions, panel);
        }
        let ctx = Ctx { model: &self.model, actions };
        if self.model.workspace == Workspace::Air && self.model.air.hours.is_some() {
            Panel::bottom("timeline")
                .exact_size(timeline::HEIGHT * if is_big { scale } else { 1.0 })
                .frame(panel.inner_margin(Margin::symmetric(12, 4)))
                .show(ui, |ui| timeline::ui(ui, &ctx));
        }
        CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
            self.canvas.ui(ui, &ctx, self.model.serial, self.jobs.is_running("picture"));
        });
        if let Some(dock) = dock {
            handle_ui(ui, &ctx, dock);
        }
        toasts::ui(ui, &ctx, self.canvas.free);
        self.dialog_ui(ui, actions);
    }

    /// At the full height of the window: the fields of a card need it more than the dock.
    fn card_ui(&mut self, ui: &mut Ui, actions: &Actions, panel: Frame) {
        let ctx = Ctx { model: &self.model, actions };
        let width = ui.ctx().content_rect().width();
        let panels = self.model.panels();
        // Where there is little room the map comes first, and the card when something is selected.
        let is_narrow = width < if panels.dock { NARROW_WITH_DOCK } else { NARROW };
        if !panels.right || (is_narrow && ctx.selection.is_empty()) {
            return;
        }
        let most = (width * RIGHT_SHARE).clamp(280.0, 560.0);
        Panel::right("card")
            .resizable(true)
            .default_size(360.0)
            .size_range(280.0..=most)
            .frame(panel)
            .show(ui, |ui| within(ui, |ui| self.card.ui(ui, &ctx)));
    }

    fn layers_ui(&mut self, ui: &mut Ui, actions: &Actions, panel: Frame) {
        let ctx = Ctx { model: &self.model, actions };
        if !self.model.panels().left || ui.available_height() < LAYERS_LEAST {
            return;
        }
        let most = (ui.ctx().content_rect().width() * LEFT_SHARE).clamp(220.0, 420.0);
        Panel::left("layers")
            .resizable(true)
            .default_size(280.0)
            .size_range(220.0..=most)
            .frame(panel)
            .show(ui, |ui| within(ui, |ui| self.layers.ui(ui, &ctx)));
    }

    /// The table, or what the place has of its own; gives back where it lies.
    fn dock_ui(&mut self, ui: &mut Ui, actions: &Actions, panel: Frame) -> Option<Rect> {
        let ctx = Ctx { model: &self.model, actions };
        if !self.model.panels().dock {
            return None;
        }
        let window = ui.ctx().content_rect().height();
        let place = if self.model.shows_table() { None } else { Some(self.model.workspace) };
        let usual = match place {
            Some(Workspace::Plans) => self.planner.height(),
            Some(Workspace::Meeting) => 400.0,
            Some(Workspace::Air) => 340.0,
            Some(Workspace::Ledger) => 420.0,
            Some(Workspace::Episodes) => 380.0,
            Some(Workspace::Situation) | None => 320.0,
        };
        let kept = self.model.settings.workspaces.get(self.model.workspace.about().key);
        let dragged = kept.and_then(|view| view.dock_share).map(|share| share * window);
        let most = (ui.available_height() - MAP_LEAST).max(DOCK_LEAST);
        let height = dragged.unwrap_or(usual.min(window * DOCK_SHARE)).clamp(DOCK_LEAST, most);
        let shown =
            Panel::bottom("dock").resizable(false).exact_size(height).frame(panel).show(ui, |ui| {
                match place {
                    Some(Workspace::Plans) => self.planner.ui(ui, &ctx, &self.jobs),
                    Some(Workspace::Meeting) => self.meeting.ui(ui, &ctx),
                    Some(Workspace::Air) => self.air.ui(ui, &ctx),
                    Some(Workspace::Ledger) => self.ledger.ui(ui, &ctx),
                    Some(Workspace::Episodes) => self.episodes.ui(ui, &ctx),
                    Some(Workspace::Situation) | None => self.table.ui(ui, &ctx),
                }
            });
        Some(shown.response.rect)
    }
}

/// Contents that keep to the width of their panel: a panel on the right that is told of more takes
/// its left edge to lie so much further right, and what comes after it lies over the contents.
fn within(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let rect = ui.available_rect_before_wrap();
    contents(&mut ui.new_child(UiBuilder::new().max_rect(rect)));
    ui.advance_cursor_after_rect(rect);
}

/// The edge of the dock, to be dragged; two clicks give it the size that it comes with.
fn handle_ui(ui: &Ui, ctx: &Ctx<'_>, dock: Rect) {
    let rect = Rect::from_x_y_ranges(
        dock.x_range(),
        Rangef::new(dock.top() - HANDLE / 2.0, dock.top() + HANDLE / 2.0),
    );
    let handle = ui.interact(rect, egui::Id::unique("dock edge"), Sense::click_and_drag());
    let handle = handle.on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
    if handle.hovered() || handle.dragged() {
        let stroke = Stroke::new(2.0, ctx.color(|t| t.accent));
        ui.painter().hline(dock.x_range(), dock.top(), stroke);
    }
    if handle.double_clicked() {
        ctx.actions.window(WindowAction::DockShare(None));
    } else if handle.dragged()
        && let Some(at) = handle.interact_pointer_pos()
    {
        let share = (dock.bottom() - at.y) / ui.ctx().content_rect().height();
        ctx.actions.window(WindowAction::DockShare(Some(share.clamp(0.0, 1.0))));
    }
}
