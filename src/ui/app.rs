//! The window: its parts, what is on the screen in which order, and when asked-for things are done.
//! What each action does stands in `perform`.

mod desk;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};

use eframe::egui_wgpu::RenderState;
use egui::{CentralPanel, Frame, Margin, Panel};

use super::action::{Action, Actions, FileAction};
use super::air::{self, AirPanel};
use super::canvas::laser::Laser;
use super::canvas::{Canvas, peek};
use super::card::Card;
use super::ctx::Ctx;
use super::dialogs::Dialog;
use super::episodes::{self, EpisodesPanel};
use super::feeding::Feeding;
use super::inbox::Inbox;
use super::keeper::Keeper;
use super::layers::LayersPanel;
use super::ledger::LedgerPanel;
use super::meeting::stage::screen;
use super::meeting::stage::speaker::Speaker;
use super::meeting::{self, MeetingPanel};
use super::model::{Model, Toast};
use super::parts::since;
use super::planner::{self, Planner};
use super::table::Table;
use super::{bar, keys, theme, toasts, typing};
use crate::domain::Localized as _;
use crate::geodesy::wkb::Bounds;
use crate::jobs::Jobs;
use crate::map::view::world_px_from_wgs84;
use crate::settings::Settings;
use crate::ui::action::DialogAction;

/// The window: what it knows, its parts, and the way in which wishes come in.
pub struct App {
    pub(super) model: Model,
    pub(super) canvas: Canvas,
    pub(super) bar: bar::Bar,
    pub(super) layers: LayersPanel,
    pub(super) card: Card,
    pub(super) table: Table,
    pub(super) planner: Planner,
    pub(super) air: AirPanel,
    pub(super) ledger: LedgerPanel,
    pub(super) episodes: EpisodesPanel,
    pub(super) meeting: MeetingPanel,
    pub(super) laser: Laser,
    pub(super) speaker: Speaker,
    pub(super) dialog: Option<Box<dyn Dialog>>,
    pub(super) actions: Actions,
    pending: Receiver<Action>,
    pub(super) jobs: Jobs<Action>,
    pub(super) keeper: Keeper,
    pub(super) feeding: Feeding,
    /// Settings differ from the file since then, seconds of the window's clock.
    pub(super) unsaved_since: Option<f64>,
    pub(super) toast_count: u64,
    /// Edits that memory has and the disk has not confirmed.
    pub(super) in_flight: usize,
    pub(super) inbox: Inbox,
    /// Keys for a box that was asked for and has not come yet.
    held: typing::Held,
    /// Something had the keyboard in the last frame: Escape takes that from it, and no more.
    had_focus: bool,
    /// Whether high values are heard: no window in a test rings.
    pub(super) rings_aloud: bool,
    /// Whether the window has been asked to fill the screen.
    pub(super) fills_screen: bool,
    /// What the district that was just opened begins with, while the map has no size yet.
    pub(super) opening: Option<Bounds>,
    /// In this frame it was asked to frame what the filter lets through.
    pub(super) hits_asked: Option<u64>,
}

/// Settings are written this long after the last change, seconds.
const SAVE_AFTER_S: f64 = 1.0;

impl App {
    /// A window without a district. `folder` is where settings, cache and drafts of this seat lie, `by`
    /// who sits here, where the command line says it. Fails where the system has no thread left.
    pub fn new(
        context: &egui::Context,
        folder: PathBuf,
        settings: Settings,
        by: Option<String>,
    ) -> std::io::Result<Self> {
        theme::install(context);
        context.options_mut(|options| options.zoom_with_keyboard = false);
        let (sender, pending) = channel();
        let actions = Actions::new(sender, context.clone());
        let waker = context.clone();
        let mut app = Self {
            model: Model::new(folder, settings, by),
            canvas: Canvas::under(&[
                &planner::OnMap,
                &episodes::Behind,
                &air::OnMap,
                &episodes::OnMap,
                &meeting::OnMap,
            ]),
            bar: bar::Bar::default(),
            layers: LayersPanel::default(),
            card: Card::default(),
            table: Table::default(),
            planner: Planner::default(),
            air: AirPanel::default(),
            ledger: LedgerPanel::default(),
            episodes: EpisodesPanel::default(),
            meeting: MeetingPanel::default(),
            laser: Laser::default(),
            speaker: Speaker::default(),
            dialog: None,
            keeper: Keeper::start(actions.clone())?,
            feeding: Feeding::default(),
            actions,
            pending,
            jobs: Jobs::new(move || waker.request_repaint_of(egui::ViewportId::ROOT)),
            unsaved_since: None,
            toast_count: 0,
            in_flight: 0,
            inbox: Inbox::default(),
            held: typing::Held::default(),
            had_focus: false,
            rings_aloud: false,
            fills_screen: false,
            opening: None,
            hits_asked: None,
        };
        app.dress(context);
        Ok(app)
    }

    /// High values are heard from now on.
    pub const fn ring_aloud(&mut self) {
        self.rings_aloud = true;
    }

    /// Paints as what the window is painted with can keep up with.
    pub fn fit_to(&mut self, state: &RenderState) {
        let has_gpu = state.adapter.get_info().device_type != eframe::wgpu::DeviceType::Cpu;
        // Colours go to the screen as they are; another kind of screen would need them changed.
        if !has_gpu && !state.target_format.is_srgb() {
            self.canvas.use_cpu(state);
        }
    }

    /// Of the panels around the map. Without a GPU every pixel that is painted twice counts: the
    /// window has their colour before anything is painted.
    fn panel_color(&self) -> egui::Color32 {
        if self.canvas.uses_cpu() {
            egui::Color32::TRANSPARENT
        } else {
            theme::color(self.model.theme().panel)
        }
    }

    /// Opens what should be open first.
    pub fn begin(&mut self, district: Option<PathBuf>, damaged_settings: Option<PathBuf>) {
        if let Some(aside) = damaged_settings {
            let aside = aside.display();
            self.say(Toast::watch(
                format!("设置文件损坏，已使用默认设置；原文件保留在 {aside}"),
                format!("The settings were damaged and are at their defaults; kept as {aside}"),
            ));
        }
        let last = self.model.settings.last_district.clone().filter(|path| path.exists());
        self.actions.send(Action::File(match district.or(last) {
            Some(path) => FileAction::Open(path),
            None => FileAction::OpenSample,
        }));
    }

    /// What the window knows, for tests and benches.
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// Files are saved into this folder without asking where: nobody could answer a dialog of the
    /// system in a window that is not on a screen.
    pub fn save_without_asking(&mut self, folder: &std::path::Path) {
        self.actions = self.actions.clone().saving_to(folder);
    }

    /// Where what the window shall do is sent.
    pub const fn actions(&self) -> &Actions {
        &self.actions
    }

    /// Where a place (WGS-84 degrees) lies on the screen, points; `None` before the first frame.
    pub fn screen_from_lonlat(&self, place: geo_types::Coord<f64>) -> Option<egui::Pos2> {
        let (rect, view) = (self.canvas.rect?, self.model.camera.view);
        let off = (world_px_from_wgs84(place, self.model.datum)
            - world_px_from_wgs84(view.center, self.model.datum))
            * view.zoom.exp2();
        Some(rect.center() + egui::vec2(off.x as f32, off.y as f32))
    }

    /// Whether nothing is under way: no job, no order to the file, no picture awaited, no key
    /// held back.
    pub fn is_settled(&self) -> bool {
        self.jobs.is_idle()
            && self.keeper.is_idle()
            && self.canvas.is_settled()
            && !self.model.camera.is_flying()
            && !self.held.is_waiting()
    }

    /// Whether the map shows the district that was asked for, as far as it is looked at: all of its
    /// marks there, while the rest may still be read.
    pub fn is_in_sight(&self) -> bool {
        let model = &self.model;
        let has_marks = model.glimpse.is_some() || model.shown.of().is_some();
        has_marks && self.canvas.shows(model.serial) && !model.camera.is_flying()
    }

    /// Performs everything asked for since the last frame.
    pub fn logic(&mut self, context: &egui::Context) {
        match self.jobs.poll() {
            Ok(finished) => finished.into_iter().for_each(|action| self.actions.send(action)),
            Err(error) => self.out_of_threads(&error),
        }
        while let Ok(action) = self.pending.try_recv() {
            self.perform(action, context);
        }
        self.follow_screen(context);
        self.show_opening();
        self.tell_what_is_in_sight();
        self.follow_stage(context);
        let now_s = context.input(|input| input.time);
        if self.model.camera.advance(now_s, self.model.datum) {
            context.request_repaint();
        }
        self.follow_pen();
        self.follow_play(context);
        self.follow_derived(context);
        self.follow_alarms(context);
        self.follow_feeds();
        self.show_hits(context);
        Self::follow_day(context);
        self.save_settings(context);
    }

    /// A job could not be started.
    pub(super) fn out_of_threads(&mut self, error: &std::io::Error) {
        self.say(Toast::act(
            format!("系统资源不足，操作未进行：{}", error.zh()),
            format!("The system has no thread left: {error}"),
        ));
    }

    /// Shows a message, unless the same one stands there already; the oldest gives way.
    pub(super) fn say(&mut self, mut toast: Toast) {
        // What tells of a step takes the place of the same words of an earlier one.
        let is_same = |known: &Toast| known.words == toast.words;
        if toast.step.is_some() {
            self.model.toasts.retain(|known| !is_same(known));
        } else if self.model.toasts.iter().any(is_same) {
            return;
        }
        self.toast_count += 1;
        toast.id = self.toast_count;
        self.model.toasts.push(toast);
        if self.model.toasts.len() > 4 {
            self.model.toasts.remove(0);
        }
    }

    /// Feeds follow the district, its records and the settings.
    fn follow_feeds(&mut self) {
        let Some(district) = &self.model.district else { return };
        let at = (district.path.as_path(), &district.world);
        if let Err(error) = self.feeding.follow(at, &self.model.feeds_wish(), &self.actions) {
            self.out_of_threads(&error);
        }
    }

    fn save_settings(&mut self, context: &egui::Context) {
        let Some(since) = self.unsaved_since else { return };
        let now = context.input(|input| input.time);
        if now - since < SAVE_AFTER_S {
            context.request_repaint_after_secs((SAVE_AFTER_S - (now - since)) as f32 + 0.01);
            return;
        }
        self.unsaved_since = None;
        let (settings, folder) = (self.model.settings.clone(), self.model.folder.clone());
        self.work("settings", move |_| match settings.save(&folder) {
            Ok(()) => Action::Nothing,
            Err(error) => Action::Say(Toast::watch(
                format!("设置未能保存：{}", error.zh()),
                format!("The settings could not be saved: {error}"),
            )),
        });
    }

    /// Draws the window.
    pub fn ui(&mut self, ui: &mut egui::Ui) {
        self.listen(ui);
        // The air knows hours from before the district was kept, so that it needs no state of then.
        let since = self.model.meeting.since;
        let looks_back = peek::is_held(ui.ctx(), &self.model);
        self.model.meeting.looks_back =
            looks_back.then(|| since::moment(&self.model, since)).flatten();
        // Says which colour lies below, for what fades into it, and paints nothing.
        let below = Frame::NONE.fill(theme::color(self.model.theme().panel));
        let below = egui::UiStackInfo::default().with_frame(below);
        ui.scope_builder(egui::UiBuilder::new().ui_stack_info(below), |ui| {
            let actions = self.actions.clone();
            if self.model.is_presenting() {
                self.stage_ui(ui, &actions);
            } else {
                self.desk_ui(ui, &actions);
            }
        });
    }

    /// The big screen of a meeting, and the speaker's window.
    fn stage_ui(&mut self, ui: &mut egui::Ui, actions: &Actions) {
        let ctx = Ctx { model: &self.model, actions };
        let panel = Frame::NONE.fill(self.panel_color()).inner_margin(Margin::symmetric(16, 8));
        Panel::top("stage head")
            .exact_size(screen::HEAD * self.model.text_scale())
            .frame(panel.inner_margin(Margin::symmetric(16, 4)))
            .show(ui, |ui| screen::head_ui(ui, &ctx));
        if let Some(page) = screen::page(&ctx) {
            Panel::right("board")
                .exact_size(ui.ctx().content_rect().width() / 3.0)
                .frame(panel)
                .show(ui, |ui| screen::board_ui(ui, &ctx, page));
        }
        CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
            self.canvas.ui(ui, &ctx, self.model.serial, self.jobs.is_running("picture"));
        });
        if let Some(map) = self.canvas.rect {
            screen::card_ui(ui, &ctx, map);
        }
        toasts::ui(ui, &ctx, self.canvas.free);
        self.laser.ui(ui, &ctx);
        let show = self.model.meeting.stage.show.as_ref();
        if show.is_some_and(|show| show.is_black) {
            screen::black_ui(ui, &ctx);
        }
        if show.is_some_and(|show| show.has_speaker) {
            self.speaker.ui(ui.ctx(), self.model.lang(), actions);
        }
        self.dialog_ui(ui, actions);
    }

    /// Whether Escape is nobody's but the window's: what is open closes first.
    fn may_step_back(&self, ui: &egui::Ui) -> bool {
        self.dialog.is_none()
            && self.canvas.tool.is_none()
            && !self.canvas.has_fan()
            && self.model.meeting.bubble.is_none()
            && !self.had_focus
            && !has_popup(ui.ctx())
    }

    /// Keys, dropped files, and a theme that something else has changed.
    fn listen(&mut self, ui: &egui::Ui) {
        let wanted = if self.model.is_dark { egui::Theme::Dark } else { egui::Theme::Light };
        if ui.ctx().theme() != wanted {
            self.dress(ui.ctx());
        }
        let free = keys::Free {
            is_without_dialog: self.dialog.is_none(),
            may_step_back: self.may_step_back(ui),
        };
        keys::listen(ui, &self.model, free, &self.actions, &mut self.held);
        self.had_focus = ui.ctx().memory(egui::Memory::focused).is_some();
        let dropped: Vec<PathBuf> = ui.input(|input| {
            input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect()
        });
        if !dropped.is_empty() {
            self.actions.send(Action::File(FileAction::Dropped(dropped)));
        }
        let pasted: Vec<_> = ui.input(|input| {
            let pictures = input.events.iter().filter_map(|event| match event {
                egui::Event::PasteImage(image) => Some(std::sync::Arc::clone(image)),
                _ => None,
            });
            pictures.collect()
        });
        for image in pasted {
            self.actions.send(Action::File(FileAction::PastedPicture(image)));
        }
    }

    fn dialog_ui(&mut self, ui: &egui::Ui, actions: &Actions) {
        let Some(dialog) = &mut self.dialog else { return };
        let ctx = Ctx { model: &self.model, actions };
        let screen = ui.ctx().content_rect();
        let [width, height] = dialog.size();
        let size = egui::vec2(width.min(screen.width() - 48.0), height.min(screen.height() - 80.0));
        let mut is_open = true;
        let mut stays = true;
        // Escape then closes the list and not what a person has chosen in the dialog so far.
        let has_list = egui::Popup::is_any_open(ui.ctx());
        let shown = egui::Window::new(ctx.say(dialog.title()))
            .id(egui::Id::unique(("dialog", dialog.title().zh)))
            .open(&mut is_open)
            .collapsible(false)
            .default_size(size)
            .max_size(screen.size() - egui::vec2(24.0, 40.0))
            .default_pos(screen.center() - size / 2.0 - egui::vec2(0.0, 20.0))
            .show(ui.ctx(), |ui| stays = dialog.ui(ui, &ctx));
        // No message covers it.
        if let Some(shown) = shown.filter(|_| !has_list && !ctx.toasts.is_empty()) {
            ui.ctx().move_to_top(shown.response.layer_id);
        }
        let next = dialog.next();
        let wants_out = ui.input(|input| input.key_pressed(egui::Key::Escape))
            && !ui.ctx().egui_wants_keyboard_input()
            && !has_list
            || !is_open;
        if !stays || (wants_out && dialog.may_close() && dialog.may_leave()) {
            actions.dialog(DialogAction::Close(dialog.title()));
        }
        if next.is_some() {
            self.show(next);
        }
    }
}

/// Whether something lies over the window that Escape closes: messages go by themselves.
fn has_popup(context: &egui::Context) -> bool {
    let is_popup =
        |layer: &egui::LayerId| layer.order == egui::Order::Foreground && layer.id != toasts::id();
    context.memory(|memory| memory.areas().visible_layer_ids().iter().any(is_popup))
}

impl eframe::App for App {
    fn logic(&mut self, context: &egui::Context, _frame: &mut eframe::Frame) {
        App::logic(self, context);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        App::ui(self, ui);
    }

    fn on_exit(&mut self) {
        self.model.remember_view();
        // The window is going: what fails now can only be told to nobody.
        drop(self.model.settings.save(&self.model.folder));
        if let Some(dialog) = &mut self.dialog {
            dialog.closed();
        }
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        theme::color(self.model.theme().panel).to_normalized_gamma_f32()
    }
}
