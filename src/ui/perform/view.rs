use egui::Context;
use geo_types::Coord;

use crate::domain::{OrderKind, Record, RecordId};
use crate::geodesy::index::box_around;
use crate::geodesy::wkb::{self, Bounds};
use crate::map::view::{Frame, View};
use crate::settings::Bookmark;
use crate::ui::App;
use crate::ui::action::{Action, ViewAction};
use crate::ui::canvas::camera::{panned, zoomed_at};
use crate::ui::canvas::tools::{Draw, Form, Making, Measure, Tool, drawing, editing, from_draft};
use crate::ui::command::Command;
use crate::ui::dialogs;
use crate::ui::model::{Model, Toast};

/// Between what is shown and the edge of the map, points.
const AROUND: f64 = 64.0;

impl App {
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
        }
    }

    pub(super) fn fly(&mut self, view: View) {
        self.model.camera.fly(view, self.model.settings.reduced_motion);
    }

    fn frame(&self) -> Frame {
        let size = self.canvas.rect.map_or(egui::vec2(1280.0, 800.0), |rect| rect.size());
        Frame::new(0.0, 0.0, f64::from(size.x), f64::from(size.y))
    }

    pub(super) fn fly_to(&mut self, bounds: Bounds) {
        let mut view = View::fitting(bounds, self.frame(), AROUND);
        view.zoom = view.zoom.min(18.0);
        self.fly(view);
    }

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

    pub(super) fn opening_bounds(&self) -> Option<Bounds> {
        let world = self.model.world();
        let points = crate::analysis::control_points(&world, &crate::analysis::Options::default());
        let ring = |(point, at): &(&std::sync::Arc<Record>, Coord<f64>)| {
            box_around(*at, point.radii_m().last().copied().unwrap_or(1000.0))
        };
        let rings = points.iter().map(ring).reduce(Bounds::joined_with);
        rings.or_else(|| {
            let boxes = world.all().filter_map(|record| wkb::bounds(record.geometry.as_ref()?));
            boxes.reduce(Bounds::joined_with)
        })
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

    pub(super) fn select(&mut self, ids: Vec<RecordId>, context: &Context) {
        if ids.len() == 1 && !self.model.is_big {
            self.model.settings.panels.right = true;
        }
        if let Some(id) = ids.last() {
            self.model.pulse = Some((*id, context.input(|input| input.time)));
        }
        if self.model.selection != ids {
            self.model.selection = ids;
            self.serial += 1;
        }
    }

    /// The next or previous row of the table, on the map too: it moves only where it must.
    pub(super) fn step_row(&mut self, by: i64, context: &Context) {
        let Some(id) = self.table.neighbour(&self.model, by) else { return };
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

    pub(super) fn view_command(&mut self, command: Command, context: &Context) {
        match command {
            Command::ZoomIn => self.view(ViewAction::ZoomBy(1.0), context),
            Command::ZoomOut => self.view(ViewAction::ZoomBy(-1.0), context),
            Command::Home => self.show_all(),
            Command::ViewBack => self.view(ViewAction::Back, context),
            Command::ViewForward => self.view(ViewAction::Forward, context),
            Command::ZoomToSelection => {
                let boxes = self
                    .model
                    .selection
                    .iter()
                    .filter_map(|id| wkb::bounds(self.model.record(*id)?.geometry.as_ref()?));
                if let Some(bounds) = boxes.reduce(Bounds::joined_with) {
                    self.fly_to(bounds);
                }
            }
            _ => self.bookmark(context),
        }
    }

    fn bookmark(&mut self, context: &Context) {
        let View { center, zoom } = self.model.camera.target();
        let Some(place) = self.model.district_view_mut() else { return };
        let name = format!("视图 {}", place.bookmarks.len() + 1);
        place.bookmarks.push(Bookmark { name: name.clone(), view: (center.x, center.y, zoom) });
        self.mark_unsaved(context);
        self.model.settings.panels.left = true;
        self.say(Toast::done(
            format!("已收藏“{name}”，在图层面板下方"),
            format!("bookmarked “{name}”, below the layers"),
        ));
    }

    pub(super) fn tool_command(&mut self, command: Command) {
        if self.model.district.is_none() {
            return;
        }
        if let Some(plan) = self.closed_to(command) {
            self.refuse(plan);
            return;
        }
        let tool: Option<Box<dyn Tool>> = match command {
            Command::Pen => return self.take_pen(),
            Command::DrawPoint => match self.model.selected_unplaced() {
                Some(record) => Some(Box::new(Draw::place_of(record))),
                None => self.drawing(Form::Point),
            },
            Command::DrawLine => self.drawing(Form::Line),
            Command::DrawArea => self.drawing(Form::Area),
            Command::DrawNoEntry => Some(self.ordering(OrderKind::NoEntry)),
            Command::DrawOneWay => Some(self.ordering(OrderKind::OneWay)),
            Command::DrawLimited => Some(self.ordering(OrderKind::Limited)),
            Command::DrawDetour => Some(self.ordering(OrderKind::Detour)),
            Command::RingBlocks => return self.blocks_of_chosen_ring(),
            Command::Measure => Some(Box::new(Measure::default())),
            Command::EditShape => {
                let edit = self.model.selected().and_then(editing);
                if edit.is_none() {
                    self.say(Toast::watch(
                        "请先选中一个有位置的记录",
                        "Select a record with a place first",
                    ));
                    return;
                }
                edit
            }
            _ => None,
        };
        self.actions.send(Action::Hold(tool));
    }

    #[expect(clippy::unnecessary_wraps, reason = "one of several tools, of which some are none")]
    fn drawing(&self, form: Form) -> Option<Box<dyn Tool>> {
        let last = self.model.last_made.iter().find(|(known, _)| *known == form);
        Some(drawing(form, last.map(|(_, making)| *making)))
    }

    /// What the drawing is to become; the next one of its form begins so.
    pub(super) fn make(&mut self, making: Making) {
        self.change_hands(making);
        let Some(tool) = &mut self.canvas.tool else { return };
        tool.make(making);
        for form in [Form::Point, Form::Line, Form::Area] {
            if Making::all(form) == tool.makings() {
                self.model.last_made.retain(|(known, _)| *known != form);
                self.model.last_made.push((form, making));
            }
        }
    }

    /// Takes up the draft where it was left.
    pub(super) fn recover_draft(&mut self) {
        let Some(draft) = self.model.draft.take() else { return };
        match from_draft(&draft, &self.model) {
            Some(tool) => self.actions.send(Action::Hold(Some(tool))),
            None => self.say(Toast::watch(
                "草图无法恢复：它所属的记录已不存在",
                "The draft cannot be taken up: its record is gone",
            )),
        }
    }

    /// On the disk at every click; gone from it when it became something.
    pub(super) fn keep_draft(&mut self, draft: Option<serde_json::Value>) {
        // While a tool is in hand its draft is not something to recover.
        self.model.draft = if self.canvas.tool.is_some() { None } else { draft.clone() };
        let Some(district) = &self.model.district else { return };
        let place = super::file::draft_file(&self.model.folder, &district.path);
        self.work("draft", move |_| {
            let kept = match &draft {
                Some(draft) => crate::files::write_private(&place, draft.to_string().as_bytes()),
                None => std::fs::remove_file(&place).or_else(|error| {
                    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
                }),
            };
            match kept {
                Ok(()) => Action::Nothing,
                Err(error) => Action::Say(Toast::watch(
                    format!("草图未能保存：{error}"),
                    format!("The draft could not be kept: {error}"),
                )),
            }
        });
    }

    pub(super) fn open_dialog(&mut self, command: Command) {
        let dialog: Box<dyn dialogs::Dialog> = match command {
            Command::History => Box::new(dialogs::History),
            Command::Decide | Command::Brief if self.model.district.is_none() => return,
            Command::Brief => Box::new(dialogs::BriefPage::new(&self.model)),
            Command::Decide => Box::new(dialogs::DecisionPage::default()),
            Command::Settings => Box::new(dialogs::SettingsPage::of(&self.model)),
            _ => Box::new(dialogs::Keys),
        };
        self.show(Some(dialog));
    }
}

fn middle(geometry: Option<&geo_types::Geometry<f64>>) -> Option<Coord<f64>> {
    let bounds = wkb::bounds(geometry?)?;
    Some((bounds.min + bounds.max) / 2.0)
}

impl Model {
    /// Keeps where this district is looked at, for the next start.
    pub fn remember_view(&mut self) {
        let View { center, zoom } = self.camera.target();
        // What a scene shows is the meeting's; this seat's own layers come back after it.
        let own = self.meeting.stage.own.as_ref().map_or(&self.layers, |own| &own.layers);
        let layers = own.clone();
        if let Some(place) = self.district_view_mut() {
            place.view = Some((center.x, center.y, zoom));
            place.layers = layers;
        }
    }

    /// A selected record that waits for a place.
    pub fn selected_unplaced(&self) -> Option<&Record> {
        self.selected().filter(|record| record.geometry.is_none()).map(|record| &**record)
    }
}
