//! From asking for a district to having it: what the map shows before all of it is read.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use geo_types::Coord;

use crate::domain::World;
use crate::jobs::Progress;
use crate::map::view::View;
use crate::store::Glimpse;
use crate::ui::action::{Action, FileAction, Reading, Request};
use crate::ui::app::App;
use crate::ui::model::opening::{Glimpsed, Opening};
use crate::ui::model::shown::Shown;

impl App {
    /// Asks for a district. Of one that was asked for before nobody waits any longer.
    pub(super) fn open_district(&mut self, path: PathBuf) {
        let glimpse = self.model.glimpse_of(self.kept_view(&path));
        let opening = self.begin_opening(path.clone());
        let Opening { progress, is_in_sight, .. } = opening;
        self.keeper.ask(Request::Open(path, Reading { glimpse, progress, is_in_sight }));
    }

    pub(super) fn begin_opening(&mut self, path: PathBuf) -> Opening {
        let opening = Opening { path, progress: Progress::default(), is_in_sight: Arc::default() };
        if let Some(before) = self.model.opening.replace(opening.clone()) {
            before.progress.cancel();
        }
        self.forget_glimpse();
        opening
    }

    /// The keeper waits with the rest of a district until its first picture stands.
    pub(in crate::ui) fn tell_what_is_in_sight(&self) {
        if let Some(opening) = &self.model.opening
            && self.is_in_sight()
        {
            opening.is_in_sight.store(true, Ordering::Relaxed);
        }
    }

    /// Where a district was left.
    pub(super) fn kept_view(&self, path: &Path) -> Option<View> {
        let kept = self.model.settings.districts.get(&path.display().to_string());
        let (x, y, zoom) = kept?.view?;
        Some(View { center: Coord { x, y }, zoom })
    }

    /// Nothing more comes of this file.
    pub(super) fn end_opening(&mut self, path: &Path) {
        if self.model.opening.as_ref().is_some_and(|opening| opening.path == path) {
            self.model.opening = None;
            self.forget_glimpse();
        }
    }

    fn forget_glimpse(&mut self) {
        if self.model.district.is_none() && self.model.glimpse.take().is_some() {
            self.model.shown.forget();
            self.model.serial += 1;
            self.canvas.forget_pictures();
        }
    }

    fn awaits(&self, path: &Path) -> bool {
        self.model.district.is_none()
            && self.model.opening.as_ref().is_some_and(|opening| opening.path == path)
    }

    /// The first records of a district have come: the map goes there, and they are drawn.
    pub(super) fn glimpsed(&mut self, path: PathBuf, Glimpse { parts, extent }: Glimpse) {
        if !self.awaits(&path) {
            return;
        }
        self.look_first_at(self.kept_view(&path), &parts);
        let first = Arc::new(parts.first().cloned().unwrap_or_default());
        self.model.planner.rest_orders(&first);
        let (layers, lang) = (self.model.layers.clone(), self.model.lang());
        let resting = Arc::clone(&self.model.planner.resting);
        let hides_resting = self.model.planner.hides_resting;
        self.work("glimpse", move |_| {
            let shown = Shown::of_glimpse(&parts, &layers, lang, &resting, hides_resting);
            let drawn = Glimpsed { shown: Arc::new(shown), extent };
            Action::File(FileAction::GlimpseDrawn(path, Box::new(drawn)))
        });
    }

    /// Where a district was left; else its control points, or all of it.
    pub(super) fn look_first_at(&mut self, kept: Option<View>, worlds: &[World]) {
        self.opening = None;
        if let Some(view) = kept {
            self.model.camera.reset(view);
        } else {
            self.opening = Self::opening_bounds(worlds);
            self.show_opening();
        }
    }

    pub(super) fn glimpse_drawn(&mut self, path: &Path, mut drawn: Glimpsed) {
        if !self.awaits(path) {
            return;
        }
        self.model.serial += 1;
        Shown::number(&mut drawn.shown, self.model.serial);
        *self.model.shown.get_mut() = Arc::clone(&drawn.shown);
        self.model.glimpse = Some(drawn);
    }

    /// Once the marks of the whole are there, those of a part are let go: a million records take a
    /// while, so that a job does it.
    pub(super) fn let_glimpse_go(&mut self) {
        if self.model.district.is_some()
            && self.model.shown.of().is_some()
            && let Some(glimpse) = self.model.glimpse.take()
        {
            self.work("glimpse", move |_| {
                drop(glimpse);
                Action::Nothing
            });
        }
    }
}
