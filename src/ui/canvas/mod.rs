//! The map: base map, the picture of our layers, what answers to the pointer, the tool in hand.

mod beside;
mod cpu_blit;
mod ink;
pub mod laser;
mod loader;
mod map_surround;
mod opening_sign;
mod overlay;
pub mod peek;
pub mod pen_marks;
mod picture;
mod projection;
mod room;
mod shapes;
pub mod snap;
pub mod tiles;
mod tool_input;
pub mod tools;
mod tooltips;

pub use self::overlay::{Overlay, Pane};
pub use self::shapes::{Label, label};
use std::sync::Arc;

use eframe::egui_wgpu::RenderState;
use egui::{DragPanButtons, Event, Pos2, Rect, Response, Stroke, Ui, UiBuilder, vec2};
use geo_types::{Coord, Geometry, Point};
use walkers::{Map, MapMemory, Projector};

use self::beside::{halves, still};
use self::picture::Pictures;
use self::projection::OnDatum;
use self::shapes::outline;
use self::tiles::BaseTiles;
use self::tools::Tool;
use super::action::{Action, DataAction, Drawn, MeetingAction, PictureAsked, ViewAction};
use super::ctx::Ctx;
use super::model::camera;
use super::model::shown::Shown;
use super::theme::color;
use crate::domain::{RecordId, Text};
use crate::geodesy::mercator::metres_per_px;
use crate::map::live::{Ask, Cluster, MarkHit, picture as draw_picture};
use crate::map::tokens::{DARK, LIGHT};
use crate::map::view::View;
use crate::map::{Symbol, layers};
use crate::ui::parts::words::kind_words;

/// The map on the screen: base map, picture of the marks, tool in hand.
#[derive(Default)]
pub struct Canvas {
    memory: MapMemory,
    pictures: Pictures,
    /// Of the district as it was.
    peek_pictures: Pictures,
    pub tiles: BaseTiles,
    pub tool: Option<Box<dyn Tool>>,
    /// Of the map on the screen, points; of two the one that answers to the pointer.
    pub rect: Option<Rect>,
    /// Which map that is.
    pane: Pane,
    /// The part of it that is left for messages.
    pub free: Option<Rect>,
    /// Marks lie on a dark ground: that of the base map, else that of the theme.
    is_on_dark: bool,
    /// When the view moved last, seconds of the window's clock.
    moved_at: f64,
    last_view: Option<View>,
    /// Under the pointer, topmost first, and which of them Tab has chosen.
    hits: Vec<MarkHit>,
    chosen: usize,
    hovered_at: Option<(Pos2, View, u64)>,
    /// When somebody typed last, seconds of the window's clock.
    typed_at: f64,
    /// Points in one place, fanned out by a click.
    fan: Vec<RecordId>,
    fan_at: Option<Coord<f64>>,
    /// The draft as it was kept on disk last.
    kept: Option<serde_json::Value>,
    /// What workspaces draw over the map.
    overlays: &'static [&'static dyn Overlay],
}

/// Zoom levels that one notch of a wheel (50 points of scrolling) changes.
const PER_POINT: f64 = 1.0 / 120.0;
/// How near the pointer must be, points.
const NEAR_POINT: f64 = 14.0;
const NEAR_LINE: f64 = 8.0;
/// Marks nearer to each other than this lie on one another, points.
const COINCIDE: f64 = 4.0;

impl Canvas {
    /// Over which these are drawn, lowest first.
    pub fn under(overlays: &'static [&'static dyn Overlay]) -> Self {
        Self { overlays, ..Self::default() }
    }

    /// Whether a ring of names is open, which Escape closes.
    pub const fn has_fan(&self) -> bool {
        self.fan_at.is_some()
    }

    /// Whether it shows what was asked for last.
    pub fn is_settled(&self) -> bool {
        self.pictures.is_settled() && self.peek_pictures.is_settled() && self.tiles.is_settled()
    }

    /// What it showed is of nothing any more.
    pub fn forget_pictures(&mut self) {
        self.pictures.forget();
    }

    /// Whether the picture that is asked for with this number is on the screen.
    pub fn shows(&self, serial: u64) -> bool {
        self.pictures.serial() == Some(serial) && self.pictures.is_settled()
    }

    /// Paints as a renderer without a GPU can keep up with.
    pub fn use_cpu(&mut self, state: &RenderState) {
        cpu_blit::set_up(state);
        self.pictures.uses_cpu = true;
        self.peek_pictures.uses_cpu = true;
    }

    /// Whether it does.
    pub const fn uses_cpu(&self) -> bool {
        self.pictures.uses_cpu
    }

    /// A picture has come from its job.
    pub fn take_picture(&mut self, context: &egui::Context, drawn: Drawn) {
        let pictures = if drawn.is_then { &mut self.peek_pictures } else { &mut self.pictures };
        pictures.take(context, drawn);
    }

    /// Shows the map, or two of them; `serial` is the number of what it should show.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, serial: u64, is_drawing: bool) {
        self.tiles.begin(ui.ctx(), ctx);
        self.pane = Pane::Only;
        if !self.overlays.iter().any(|overlay| overlay.is_beside(ctx)) {
            return self.pane_ui(ui, ctx, serial, is_drawing);
        }
        let whole = ui.available_rect_before_wrap();
        let [left, right] = halves(whole, ui.pixels_per_point());
        self.before_ui(&mut ui.new_child(UiBuilder::new().max_rect(left)), ctx);
        self.pane = Pane::After;
        self.pane_ui(&mut ui.new_child(UiBuilder::new().max_rect(right)), ctx, serial, is_drawing);
        let middle = f32::midpoint(left.right(), right.left());
        let stroke = Stroke::new(right.left() - left.right(), ctx.color(|t| t.ink));
        ui.painter().vline(middle, whole.y_range(), stroke);
        ui.advance_cursor_after_rect(whole);
    }

    fn pane_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, serial: u64, is_drawing: bool) {
        let rect = ui.available_rect_before_wrap();
        // At first egui does not know how large a scaled window is: ten thousand points, it says.
        self.rect = (ui.ctx().cumulative_pass_nr() > 0).then_some(rect);
        let now = ui.input(|input| input.time);
        let mut view = ctx.camera.view;
        // Every pixel that is painted twice costs a software renderer as much again.
        if self.tiles.is_shown() || !self.pictures.hides(ui.painter(), rect, view, ctx.datum) {
            ui.painter().rect_filled(rect, 0.0, ctx.color(|t| t.ground));
        }
        if self.last_view != Some(view) {
            self.last_view = Some(view);
            self.moved_at = now;
        }
        self.memory.center_at(Point(view.center));
        // Within the bounds of the camera, which are narrower.
        self.memory.set_zoom(view.zoom).ok();
        let buttons = if self.tool.is_some() {
            DragPanButtons::MIDDLE
        } else {
            DragPanButtons::PRIMARY | DragPanButtons::MIDDLE
        };
        let datum = OnDatum(ctx.datum);
        let mut memory = self.memory.clone();
        let mut tiles = std::mem::take(&mut self.tiles);
        let layers: Option<&mut dyn walkers::Tiles> =
            if tiles.is_shown() { Some(&mut tiles) } else { None };
        let map = still(Map::new(layers, &mut memory, Point(view.center)), &datum);
        let map = map.drag_pan_buttons(buttons);
        let response = map.show(ui, |ui, response, projector, _| {
            self.over(ui, ctx, response, projector, view);
        });
        let response = response.response;
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Canvas, true, ctx.say(Text::new("地图", "Map")))
        });
        self.tiles = tiles;
        self.is_on_dark = self.tiles.is_light().map_or(ctx.is_dark, |is_light| !is_light);
        // Inertia would move the map after a click let go of it: a drag ends where the hand ends.
        let dragged = response.dragged_by(egui::PointerButton::Middle)
            || (self.tool.is_none() && response.dragged_by(egui::PointerButton::Primary))
            || (ui.input(|i| i.key_down(egui::Key::Space)) && response.dragged());
        if dragged {
            view = camera::panned(view, response.drag_delta(), ctx.datum);
        }
        view = Self::wheel(ui, &response, view, ctx);
        if view != ctx.camera.view {
            ctx.actions.view(ViewAction::Moved(view));
        }
        self.ask_for_picture(ui, ctx, serial, is_drawing, now);
        self.free = Some(map_surround::ui(ui, ctx, rect, self));
        if peek::is_held(ui.ctx(), ctx) {
            self.ask_for_past(ui, ctx, now);
            peek::sign_ui(ui, ctx, rect, self.peek(ui, ctx).is_some());
        }
    }

    /// The district as it was, while somebody holds the key and its picture is there.
    fn peek<'c>(&self, ui: &Ui, ctx: &Ctx<'c>) -> Option<&'c Arc<Shown>> {
        let peek = ctx.model.peek().filter(|_| peek::is_held(ui.ctx(), ctx))?;
        (self.peek_pictures.serial() == Some(peek.serial)).then_some(peek)
    }

    fn asked(&self, ui: &Ui, ctx: &Ctx<'_>, rect: Rect, serial: u64) -> PictureAsked {
        PictureAsked {
            view: ctx.camera.view,
            serial,
            datum: ctx.datum,
            is_dark: self.is_on_dark,
            pixels_per_point: ui.ctx().pixels_per_point(),
            text_scale: ctx.text_scale(),
            size: [rect.width(), rect.height()],
            has_overview: map_surround::has_overview(ctx, rect),
            is_parted: self.overlays.iter().any(|overlay| overlay.has_lines(ctx)),
        }
    }

    fn ask_for_past(&mut self, ui: &Ui, ctx: &Ctx<'_>, now: f64) {
        peek::ask(ctx);
        let Some((peek, rect)) = ctx.model.peek().zip(self.rect) else { return };
        let asked = self.asked(ui, ctx, rect, peek.serial);
        if self.peek_pictures.wants(&asked, now, self.moved_at, false) {
            start_picture(ctx, asked, self.tiles.is_shown(), Some(peek));
        } else if self.peek_pictures.is_behind(&asked) {
            ui.ctx().request_repaint_after_secs(0.03);
        }
    }

    fn wheel(ui: &Ui, response: &Response, view: View, ctx: &Ctx<'_>) -> View {
        if !response.contains_pointer() {
            return view;
        }
        let (scroll, pinch, at) = ui.input(|input| {
            (
                f64::from(input.smooth_scroll_delta().y),
                f64::from(input.zoom_delta()),
                input.pointer.hover_pos(),
            )
        });
        let by = scroll * PER_POINT + pinch.log2();
        match at {
            Some(at) if by.abs() > 1e-6 => {
                camera::zoomed_at(view, at - response.rect.center(), by, ctx.datum)
            }
            _ => view,
        }
    }

    /// Everything over the base map.
    fn over(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        response: &Response,
        projector: &Projector<'_>,
        view: View,
    ) {
        let over = ui.painter_at(response.rect);
        let peek = self.peek(ui, ctx);
        let pictures = if peek.is_some() { &self.peek_pictures } else { &self.pictures };
        let ground = ctx.color(|t| t.ground);
        pictures.paint(&over, (response.rect, ground), view, ctx.datum);
        for overlay in self.overlays {
            overlay.paint_lines(&over, ctx, response.rect, self.pane);
        }
        pictures.paint_over(&over, response.rect, view, ctx.datum);
        for overlay in self.overlays {
            overlay.paint(&over, ctx, response.rect, self.pane);
        }
        let pointer = response.hover_pos();
        let place = pointer.map(|at| projector.unproject(at.to_vec2()).0);
        if place != ctx.pointer && (place.is_none() || !ctx.camera.is_flying()) {
            ctx.actions.view(ViewAction::Pointer(place));
        }
        if peek.is_some() {
            // What lies under the pointer now was not there then.
            return;
        }
        self.marks(&over, ctx, projector, ui.input(|input| input.time));
        for overlay in self.overlays {
            overlay.windows_ui(ui, ctx, &|place| projector.project(Point(place)).to_pos2());
        }
        if self.tool.is_some() {
            self.tool_ui(ui, ctx, response, projector, &over);
        } else {
            self.pointer_ui(ui, ctx, response, projector, place);
        }
        if self.fan_at.is_some() {
            self.fan_ui(ui, ctx, projector);
        }
    }

    /// Whether somebody types, and has not moved the pointer since.
    fn is_typed_over(&mut self, ui: &Ui) -> bool {
        ui.input(|input| {
            if input.events.iter().any(|event| matches!(event, Event::Text(_) | Event::Ime(_))) {
                self.typed_at = input.time;
            }
            let still_s = f64::from(input.pointer.time_since_last_movement());
            self.typed_at > 0.0 && input.time - self.typed_at <= still_s
        })
    }

    /// What the pointer means while no tool is in hand.
    fn pointer_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        response: &Response,
        projector: &Projector<'_>,
        place: Option<Coord<f64>>,
    ) {
        let (Some(at), Some(place)) = (response.hover_pos(), place) else {
            if !self.hits.is_empty() {
                self.hits.clear();
                self.hovered_at = None;
                ctx.actions.view(ViewAction::Hover(None));
            }
            return;
        };
        let view = ctx.camera.view;
        let is_still = self.hovered_at == Some((at, view, ctx.shown.serial));
        if !is_still && !response.dragged() {
            let metres = metres_per_px(place.y, view.zoom);
            self.hits = ctx.shown.prepared.pick(place, NEAR_LINE * metres, NEAR_POINT * metres);
            self.hits.retain(|hit| !matches!(hit.symbol, Symbol::Area(_)));
            let clusters = self.pictures.clusters();
            self.hits.retain(|hit| !is_in_bubble(ctx, clusters, hit));
            self.chosen = 0;
            self.hovered_at = Some((at, view, ctx.shown.serial));
            ctx.actions.view(ViewAction::Hover(
                self.hit()
                    .filter(|hit| !matches!(hit.symbol, Symbol::Ring { .. }))
                    .map(|hit| hit.id),
            ));
        }
        if !self.hits.is_empty()
            && ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, egui::Key::Tab))
        {
            self.chosen = (self.chosen + 1) % self.hits.len();
        }
        let cluster = self.cluster_at(at, projector, ctx.text_scale()).cloned();
        let lines = self.overlays.iter().map(|overlay| overlay.pick(ctx, response.rect, at));
        let lines: Vec<Option<u32>> = lines.collect();
        if self.is_typed_over(ui) {
            // Who types does not point: a tip would lie over what is found.
        } else if let Some(cluster) = &cluster {
            tooltips::cluster_tip(response, ctx, cluster);
        } else if let Some((overlay, line)) = self.lies_on(&lines) {
            overlay.tip(response, ctx, line);
        } else if let Some(hit) = self.hit() {
            ui.set_cursor_icon(egui::CursorIcon::PointingHand);
            tooltips::tip(response, ctx, hit, self.hits.len());
        }
        if response.clicked() {
            for (overlay, line) in self.overlays.iter().zip(&lines) {
                overlay.clicked(ctx, place, *line);
            }
            let mark = self.mark_under(ctx, place);
            if mark.is_some() || ctx.meeting.bubble.is_some() {
                ctx.actions.meeting(MeetingAction::Bubble(mark));
            }
            match mark {
                Some(mark) => ctx.actions.select(mark),
                None => self.click(ui, ctx, place, cluster),
            }
        }
        if response.secondary_clicked() {
            self.fan_at = None;
        }
    }

    /// A mark of the pen; points under it go first.
    fn mark_under(&self, ctx: &Ctx<'_>, place: Coord<f64>) -> Option<RecordId> {
        let is_free = self.hit().is_none_or(|hit| !layers::is_marker(hit.symbol));
        let mark = pen_marks::mark_at(ctx, place, pen_marks::metres_per_point(ctx, place));
        mark.filter(|_| is_free).map(|mark| mark.id)
    }

    /// The line of an overlay that a tip may be about, of those under the pointer.
    fn lies_on(&self, lines: &[Option<u32>]) -> Option<(&'static dyn Overlay, u32)> {
        let mut pairs = self.overlays.iter().zip(lines);
        let found = pairs.find_map(|(overlay, line)| Some((*overlay, (*line)?)));
        found.filter(|_| self.is_on_line())
    }

    /// Whether nothing but lines lies under the pointer: points go before the roads below them.
    fn is_on_line(&self) -> bool {
        self.hit()
            .is_none_or(|hit| matches!(hit.symbol, Symbol::Road(_) | Symbol::Restriction { .. }))
    }

    fn hit(&self) -> Option<&MarkHit> {
        self.hits.get(self.chosen.min(self.hits.len().saturating_sub(1)))
    }

    /// The bubble under the pointer; control points and other markers are drawn over it.
    fn cluster_at(&self, at: Pos2, projector: &Projector<'_>, text_scale: f32) -> Option<&Cluster> {
        let is_over = |hit: &MarkHit| {
            layers::is_marker(hit.symbol) && !matches!(hit.symbol, Symbol::Site { .. })
        };
        if self.hit().is_some_and(is_over) {
            return None;
        }
        self.pictures.clusters().iter().find(|cluster| {
            let place = projector.project(Point(cluster.at)).to_pos2();
            place.distance(at) <= cluster.radius() as f32 * text_scale
        })
    }

    fn click(&mut self, ui: &Ui, ctx: &Ctx<'_>, place: Coord<f64>, cluster: Option<Cluster>) {
        self.fan_at = None;
        if let Some(cluster) = cluster {
            ctx.actions.view(ViewAction::ShowBounds(cluster.bounds));
            return;
        }
        let is_adding = ui.input(|input| input.modifiers.command || input.modifiers.shift);
        // Only what cannot be told apart on the screen is fanned out.
        let apart_m = COINCIDE * metres_per_px(place.y, ctx.camera.view.zoom);
        let marks = self.hits.iter().filter(|hit| layers::is_marker(hit.symbol));
        let nearest_m = marks.clone().map(|hit| hit.distance_m).fold(f64::MAX, f64::min);
        let points: Vec<RecordId> =
            marks.filter(|hit| hit.distance_m <= nearest_m + apart_m).map(|hit| hit.id).collect();
        match self.hit().copied() {
            Some(_) if points.len() > 1 && self.chosen == 0 && !is_adding => {
                self.fan = points;
                self.fan_at = Some(place);
            }
            Some(MarkHit { symbol: Symbol::Ring { radius_m, .. }, id, .. }) => {
                ctx.actions.send(Action::Select(vec![id]));
                ctx.actions.send(Action::Filter(crate::analysis::Filter {
                    ring: Some((id, radius_m)),
                    ..Default::default()
                }));
            }
            Some(hit) if is_adding => ctx.actions.send(Action::Toggle(hit.id)),
            Some(hit) => ctx.actions.send(Action::Select(vec![hit.id])),
            None if is_adding => {}
            None => ctx.actions.send(Action::Select(Vec::new())),
        }
    }

    /// Coinciding points as a ring of names around their place.
    fn fan_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, projector: &Projector<'_>) {
        let Some(place) = self.fan_at else { return };
        let center = projector.project(Point(place)).to_pos2();
        let mut is_open = true;
        egui::Area::new(egui::Id::unique("fan"))
            .fixed_pos(center + vec2(16.0, 12.0))
            .order(egui::Order::Foreground)
            .show(ui.ctx(), |ui| {
                egui::Frame::popup(ui.style()).show(ui, |ui| {
                    ui.set_max_width(280.0);
                    ui.label(super::widgets::note(ctx.tell(
                        format!("此处有 {} 个点位", self.fan.len()),
                        format!("{} things in this place", self.fan.len()),
                    )));
                    egui::ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
                        for id in &self.fan {
                            let Some(record) = ctx.record(*id) else { continue };
                            let kind = kind_words(ctx, record);
                            let text = (record.name().to_owned(), super::widgets::note(kind));
                            let row =
                                ui.add(egui::Button::selectable(ctx.selection.contains(id), text));
                            if row.hovered() {
                                ctx.actions.view(ViewAction::Hover(Some(*id)));
                            }
                            if row.clicked() {
                                ctx.actions.send(Action::Select(vec![*id]));
                                is_open = false;
                            }
                        }
                    });
                });
            });
        if !is_open || ui.input(|input| input.key_pressed(egui::Key::Escape)) {
            self.fan_at = None;
        }
    }

    /// Selection and hover, over the picture.
    fn marks(&self, painter: &egui::Painter, ctx: &Ctx<'_>, projector: &Projector<'_>, now: f64) {
        let theme = if self.is_on_dark { &DARK } else { &LIGHT };
        let accent = color(theme.accent);
        for id in ctx.selection.iter().take(500) {
            outline(painter, ctx, projector, *id, Stroke::new(2.5, accent), 15.0);
        }
        if let Some(id) = ctx.hovered.filter(|id| !ctx.selection.contains(id)) {
            outline(painter, ctx, projector, id, Stroke::new(2.0, color(theme.ink)), 14.0);
        }
        if let Some((id, since)) = ctx.pulse
            && now - since < 0.7
            && !ctx.settings.reduced_motion
        {
            let share = ((now - since) / 0.7) as f32;
            let stroke = Stroke::new(3.0 * (1.0 - share), accent.gamma_multiply(1.0 - share));
            outline(painter, ctx, projector, id, stroke, 15.0 + 26.0 * share);
            painter.ctx().request_repaint();
        }
    }

    /// Lays the tool down; what it had is kept as a draft already.
    pub fn hold(&mut self, tool: Option<Box<dyn Tool>>) {
        self.kept = None;
        self.tool = tool;
        self.hits.clear();
    }

    fn ask_for_picture(&mut self, ui: &Ui, ctx: &Ctx<'_>, serial: u64, is_drawing: bool, now: f64) {
        let Some(rect) = self.rect else { return };
        let asked = self.asked(ui, ctx, rect, serial);
        let is_in_sight = ctx.district.is_some() || ctx.glimpse.is_some();
        if !is_in_sight || rect.width() < 8.0 || rect.height() < 8.0 {
            return;
        }
        if self.pictures.wants(&asked, now, self.moved_at, is_drawing) {
            start_picture(ctx, asked, self.tiles.is_shown(), None);
        } else if self.pictures.is_behind(&asked) {
            ui.ctx().request_repaint_after_secs(0.03);
        }
    }
}

/// Whether a site is counted in a bubble, and not drawn itself; of one that is an area the outline
/// is drawn.
fn is_in_bubble(ctx: &Ctx<'_>, clusters: &[Cluster], hit: &MarkHit) -> bool {
    let is_site = matches!(hit.symbol, Symbol::Site { .. });
    let record = ctx.record(hit.id).filter(|_| is_site && !clusters.is_empty());
    match record.and_then(|record| record.geometry.as_ref()) {
        Some(Geometry::Point(place)) => clusters.iter().any(|cluster| cluster.hides(place.0)),
        _ => false,
    }
}

fn start_picture(ctx: &Ctx<'_>, asked: PictureAsked, has_base: bool, peek: Option<&Arc<Shown>>) {
    let mut ask = Ask {
        view: asked.view,
        width_px: 0,
        height_px: 0,
        pixels_per_unit: 1.0,
        text_scale: 1.0,
        theme: if asked.is_dark { DARK } else { LIGHT },
        lang: ctx.lang(),
        datum: asked.datum,
        has_base,
        ground: (!has_base).then_some(ctx.theme().ground),
        selected: ctx.selection.last().copied(),
        spotlight: spotlight(ctx),
        seen: None,
        covered: None,
        is_parted: asked.is_parted,
    };
    asked.fill(&mut ask);
    let is_opaque = ask.ground.is_some();
    let shown = peek.unwrap_or(&ctx.shown);
    let prepared = Arc::clone(&shown.prepared);
    let is_then = peek.is_some();
    ctx.actions.work(if is_then { "picture then" } else { "picture" }, move |progress| {
        let picture = match draw_picture(&prepared, &ask, &|| progress.is_cancelled()) {
            Ok(Some(picture)) => Ok(picture.into()),
            Ok(None) => return Action::Nothing,
            Err(error) => Err(error.to_string()),
        };
        let drawn = Drawn { picture, is_opaque, is_then, asked };
        Action::Data(DataAction::Picture(Box::new(drawn)))
    });
}

/// The ring that is asked about stays bright.
fn spotlight(ctx: &Ctx<'_>) -> Option<(Coord<f64>, f64)> {
    let (id, radius_m) = ctx.filter.ring?;
    match ctx.record(id)?.geometry.as_ref()? {
        Geometry::Point(point) => Some((point.0, radius_m)),
        _ => None,
    }
}
