//! Two maps of the same place: today at the left, the plan at the right.

use egui::{DragPanButtons, Rect, Stroke, Ui, pos2, vec2};
use geo_types::Point;
use walkers::Map;

use super::Canvas;
use super::overlay::Pane;
use super::projection::OnDatum;
use crate::domain::Text;
use crate::ui::action::ViewAction;
use crate::ui::ctx::Ctx;
use crate::ui::model::camera;

impl Canvas {
    /// The map of today beside the other one, of the same size and at the same place: the same picture
    /// lies on both, and the hand moves both.
    pub(super) fn before_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let rect = ui.max_rect();
        let mut view = ctx.camera.view;
        ui.painter().rect_filled(rect, 0.0, ctx.color(|t| t.ground));
        self.memory.center_at(Point(view.center));
        self.memory.set_zoom(view.zoom).ok();
        let datum = OnDatum(ctx.datum);
        let mut memory = self.memory.clone();
        let mut tiles = std::mem::take(&mut self.tiles);
        let layers: Option<&mut dyn walkers::Tiles> =
            if tiles.is_shown() { Some(&mut tiles) } else { None };
        let map = still(Map::new(layers, &mut memory, Point(view.center)), &datum);
        let response = map.drag_pan_buttons(DragPanButtons::PRIMARY | DragPanButtons::MIDDLE).show(
            ui,
            |ui, response, projector, _| {
                let over = ui.painter_at(response.rect);
                let ground = ctx.color(|t| t.ground);
                self.pictures.paint(&over, (response.rect, ground), view, ctx.datum);
                for overlay in self.overlays {
                    overlay.paint_lines(&over, ctx, response.rect, Pane::Before);
                }
                self.pictures.paint_over(&over, response.rect, view, ctx.datum);
                for overlay in self.overlays {
                    overlay.paint(&over, ctx, response.rect, Pane::Before);
                }
                // Where the pointer is on the other map.
                if let Some(place) = ctx.pointer {
                    let at = projector.project(Point(place)).to_pos2();
                    over.circle_stroke(at, 7.0, Stroke::new(3.0, ctx.color(|t| t.halo)));
                    over.circle_stroke(at, 7.0, Stroke::new(1.5, ctx.color(|t| t.ink)));
                }
            },
        );
        let response = response.response;
        response.widget_info(|| {
            let words = ctx.say(Text::new("现状图", "Map of today"));
            egui::WidgetInfo::labeled(egui::Role::Canvas, true, words)
        });
        self.tiles = tiles;
        if response.dragged() {
            view = camera::panned(view, response.drag_delta(), ctx.datum);
        }
        view = Self::wheel(ui, &response, view, ctx);
        if view != ctx.camera.view {
            ctx.actions.view(ViewAction::Moved(view));
        }
    }
}

/// A map that moves by nobody but the camera.
pub fn still<'a, 'b, 'c>(map: Map<'a, 'b, 'c>, datum: &'a OnDatum) -> Map<'a, 'b, 'c> {
    map.with_projection(datum)
        .zoom_gesture(false)
        .panning(false)
        .double_click_to_zoom(false)
        .double_click_to_zoom_out(false)
}

/// Two maps of the same size in whole pixels, so that one picture lies on both, with a line between.
pub fn halves(whole: Rect, pixels_per_point: f32) -> [Rect; 2] {
    const LINE: f32 = 2.0;
    let width = ((whole.width() - LINE) / 2.0 * pixels_per_point).floor() / pixels_per_point;
    let size = vec2(width, whole.height());
    let right = whole.right() - width;
    let right = (right * pixels_per_point).round() / pixels_per_point;
    [Rect::from_min_size(whole.min, size), Rect::from_min_size(pos2(right, whole.top()), size)]
}
