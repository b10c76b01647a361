//! Where the map looks, and what is selected on it.

use std::sync::Arc;

use egui::Context;
use geo_types::Coord;

use crate::analysis::{RingOptions, control_points};
use crate::domain::{Lang, Record, RecordId, World};
use crate::geodesy::index::box_around;
use crate::geodesy::wkb::{self, Bounds};
use crate::map::view::{Frame, View};
use crate::settings::{Bookmark, Panels};
use crate::ui::Action;
use crate::ui::action::ViewAction;
use crate::ui::app::App;
use crate::ui::model::Toast;
use crate::ui::model::camera::{panned, zoomed_at};
use crate::ui::model::workspace::Workspace;

/// Between what is shown and the edge of the map, points.
const AROUND: f64 = 64.0;

impl App {
    /// What is asked of the map and of what it shows.
    pub(super) fn view(&mut self, action: ViewAction, context: &Context) {
        let view = self.model.camera.target();
        let datum = self.model.datum;
        match action {
            ViewAction::Show(view) => self.fly(view),
            ViewAction::ShowBounds(bounds) => self.fly_to(bounds),
            ViewAction::ShowRecord(id) => self.show_record(id, context),
            ViewAction::ShowRing(id, radius_m) => {
                let center =
                    self.model.record(id).and_then(|record| middle(record.geometry.as_ref()));
                if let Some(center) = center {
                    self.fly_to(box_around(center, radius_m * 1.1));
                }
            }
            ViewAction::ShowLayer(key) => {
                if let Some(bounds) = self.model.shown.prepared.bounds_of(&key) {
                    self.fly_to(bounds);
                }
            }
            ViewAction::Center(center) => {
                let now = context.input(|input| input.time);
                self.model.camera.moved(View { center, ..view }, now);
            }
            ViewAction::ShowPlace(center) => {
                self.model.pin = Some(center);
                let zoom = view.zoom.max(15.0);
                self.fly(View { center, zoom });
            }
            ViewAction::Unpin => self.model.pin = None,
            ViewAction::ShowAll => self.show_all(),
            ViewAction::ZoomBy(by) => self.fly(zoomed_at(view, egui::Vec2::ZERO, by, datum)),
            ViewAction::PanBy(by) => self.fly(panned(view, by, datum)),
            ViewAction::Moved(view) => {
                let now = context.input(|input| input.time);
                self.model.camera.moved(view, now);
                self.mark_unsaved(context);
            }
            ViewAction::Back => self.model.camera.back(self.model.settings.reduced_motion),
            ViewAction::Forward => self.model.camera.forward(self.model.settings.reduced_motion),
            ViewAction::ShowSelection => self.show_selection(),
            ViewAction::Bookmark => self.bookmark(context),
            ViewAction::ShowHits => self.hits_asked = Some(context.cumulative_frame_nr()),
            ViewAction::StepRow(by) => self.step_row(by, context),
            ViewAction::FilterToScreen => self.filter_to_screen(context),
            ViewAction::Hover(id) => self.model.hovered = id,
            ViewAction::Pointer(place) => self.model.pointer = place,
            ViewAction::Base(opened) => self.base_opened(*opened),
            ViewAction::BaseProblem(said) => self.model.base_problem = said,
        }
    }

    /// Flies there, or is there at once where this seat wants no motion.
    pub(super) fn fly(&mut self, view: View) {
        self.model.camera.fly(view, self.model.settings.reduced_motion);
    }

    fn frame(&self) -> Frame {
        let size = self.canvas.rect.map_or(egui::vec2(1280.0, 800.0), |rect| rect.size());
        Frame::new(0.0, 0.0, f64::from(size.x), f64::from(size.y))
    }

    /// Shows a box, WGS-84 degrees.
    pub(super) fn fly_to(&mut self, bounds: Bounds) {
        let mut view = View::fitting(bounds, self.frame(), AROUND);
        view.zoom = view.zoom.min(18.0);
        self.fly(view);
    }

    /// Shows the whole district.
    pub(super) fn show_all(&mut self) {
        if let Some(bounds) = self.home_bounds() {
            self.fly_to(bounds);
        }
    }

    /// The rings of the control points are what a leader looks at; without any, everything.
    fn home_bounds(&self) -> Option<Bounds> {
        self.model.shown.prepared.bounds_of("areas").or(self.model.known.bounds)
    }

    /// What a district opens on, as soon as it is known how large the map is.
    pub(in crate::ui) fn show_opening(&mut self) {
        if self.canvas.rect.is_none() {
            return;
        }
        if let Some(bounds) = self.opening.take() {
            self.model.camera.reset(self.model.camera.view);
            self.fly_to(bounds);
            self.model.camera.reset(self.model.camera.target());
        }
    }

    /// The rings of the control points, else everything that has a place; WGS-84 degrees.
    pub(super) fn opening_bounds(worlds: &[World]) -> Option<Bounds> {
        let options = RingOptions::default();
        let points = worlds.iter().flat_map(|world| control_points(world, &options));
        let ring = |(point, at): (&Arc<Record>, Coord<f64>)| {
            box_around(at, point.radii_m().last().copied().unwrap_or(1000.0))
        };
        let rings = points.map(ring).reduce(Bounds::joined_with);
        rings.or_else(|| {
            let all = worlds.iter().flat_map(World::all);
            let boxes = all.filter_map(|record| wkb::bounds(record.geometry.as_ref()?));
            boxes.reduce(Bounds::joined_with)
        })
    }

    /// Frames what the filter lets through, as soon as that is known and the map has the size that
    /// the panels leave it.
    pub(in crate::ui) fn show_hits(&mut self, context: &Context) {
        let is_known = self.model.shown.of().is_some_and(|of| of.filter == self.model.filter);
        if !is_known || self.hits_asked.is_none_or(|asked| asked >= context.cumulative_frame_nr()) {
            return;
        }
        self.hits_asked = None;
        let records = self.model.shown.records.values().flat_map(|records| records.iter());
        let boxes = records.filter_map(|record| wkb::bounds(record.geometry.as_ref()?));
        if let Some(bounds) = boxes.reduce(Bounds::joined_with) {
            self.fly_to(bounds);
        }
    }

    fn show_record(&mut self, id: RecordId, context: &Context) {
        let Some(bounds) =
            self.model.record(id).and_then(|record| wkb::bounds(record.geometry.as_ref()?))
        else {
            self.say(Toast::watch(
                "该记录尚未定位。可用“画点”在图上标出。",
                "This record has no place yet: draw a point for it.",
            ));
            return;
        };
        let target = View::fitting(bounds, self.frame(), AROUND * 2.0);
        let zoom = self.model.camera.target().zoom.max(15.0).min(target.zoom.max(11.0));
        self.fly(View { zoom, ..target });
        self.model.pulse = Some((id, context.input(|input| input.time) + 0.35));
    }

    /// Selects records; the last one pulses and stands on the card.
    pub(super) fn select(&mut self, ids: Vec<RecordId>, context: &Context) {
        if ids.len() == 1 && !self.model.is_big {
            self.model.set_panels(Panels { right: true, ..self.model.panels() });
        }
        if let Some(id) = ids.last() {
            self.model.pulse = Some((*id, context.input(|input| input.time)));
        }
        if self.model.selection != ids {
            self.model.selection = ids;
            self.model.serial += 1;
        }
    }

    /// The next or previous row of the table, on the map too: it moves only where it must.
    pub(super) fn step_row(&mut self, by: i64, context: &Context) {
        let is_of_ledger = self.model.workspace == Workspace::Ledger && self.model.shows_pages();
        let next = if is_of_ledger {
            self.ledger.neighbour(&self.model, by)
        } else {
            self.table.neighbour(&self.model, by)
        };
        let Some(id) = next else { return };
        self.select(vec![id], context);
        let center = self.model.record(id).and_then(|record| middle(record.geometry.as_ref()));
        let (Some(center), Some(screen)) = (center, self.screen_bounds()) else { return };
        let is_seen = (screen.min.x..=screen.max.x).contains(&center.x)
            && (screen.min.y..=screen.max.y).contains(&center.y);
        if !is_seen {
            let zoom = self.model.camera.target().zoom;
            self.fly(View { center, zoom });
        }
    }

    fn show_selection(&mut self) {
        let records = self.model.selection.iter().filter_map(|id| self.model.record(*id));
        let boxes = records.filter_map(|record| wkb::bounds(record.geometry.as_ref()?));
        if let Some(bounds) = boxes.reduce(Bounds::joined_with) {
            self.fly_to(bounds);
        }
    }

    fn filter_to_screen(&mut self, context: &Context) {
        let mut filter = self.model.filter.clone();
        filter.bounds = if filter.bounds.is_some() { None } else { self.screen_bounds() };
        self.perform(Action::Filter(filter), context);
    }

    /// What the map shows, WGS-84 degrees.
    pub(super) fn screen_bounds(&self) -> Option<Bounds> {
        let rect = self.canvas.rect?;
        let frame = Frame::new(0.0, 0.0, f64::from(rect.width()), f64::from(rect.height()));
        let view = self.model.camera.view;
        Some(crate::map::view::Projection::on(self.model.datum, view, frame).bounds(0.0))
    }

    fn bookmark(&mut self, context: &Context) {
        let View { center, zoom } = self.model.camera.target();
        let view = if self.model.lang() == Lang::Zh { "视图" } else { "view" };
        let Some(place) = self.model.district_view_mut() else { return };
        let name = format!("{view} {}", place.bookmarks.len() + 1);
        place.bookmarks.push(Bookmark { name: name.clone(), view: (center.x, center.y, zoom) });
        self.mark_unsaved(context);
        self.model.set_panels(Panels { left: true, ..self.model.panels() });
        self.say(Toast::done(
            format!("已收藏“{name}”，在图层面板下方"),
            format!("bookmarked “{name}”, below the layers"),
        ));
    }
}

fn middle(geometry: Option<&geo_types::Geometry<f64>>) -> Option<Coord<f64>> {
    let bounds = wkb::bounds(geometry?)?;
    Some(bounds.middle())
}
