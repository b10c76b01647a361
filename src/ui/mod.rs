//! The window: the only room that knows egui and walkers.
//!
//! One frame: [`App::logic`] performs what was asked for since the last frame, then [`App::ui`]
//! shows the outcome. Widgets never change anything: they send an [`Action`]. The district file
//! belongs to a thread of its own (`keeper`); the marks of the map are drawn into a picture by a
//! job (`canvas::picture`); so a frame reads no disk and draws no mark.

mod action;
mod air;
mod app;
mod bar;
mod base;
mod canvas;
mod card;
mod command;
mod ctx;
mod derivation;
mod dialogs;
mod episodes;
mod feeding;
mod files;
mod health;
mod inbox;
mod keeper;
mod keys;
mod kpi_bar;
mod layers;
mod ledger;
mod meeting;
mod model;
mod parts;
mod perform;
mod planner;
mod table;
mod theme;
mod toasts;
mod typing;
mod widgets;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use eframe::egui_wgpu::RenderState;
use eframe::wgpu::DeviceLostReason;

pub use action::{
    Action, Actions, AirAction, DataAction, DialogAction, FileAction, LedgerAction, MeetingAction,
    PlannerAction, StageAction, ViewAction, WindowAction,
};
pub use app::App;
pub use command::{Command, Group};
pub use ctx::Ctx;
pub use model::Model;
pub use model::meetings::Since;
pub use model::planning::Beside;
pub use model::workspace::Workspace;

use crate::domain::Lang;
use crate::settings::{self, Settings, desktop};

const ICON: &[u8] = include_bytes!("../../assets/icon/shapan.png");

/// What the command line says about the window.
pub struct Start {
    /// Else the last district, at first the sample.
    pub district: Option<PathBuf>,
    pub lang: Option<Lang>,
    pub by: Option<String>,
}

/// Opens the window and comes back when it is closed. Where the graphics driver fails, before or after
/// the first frame, the program starts again with another way to the screen: what was done is in the
/// file, and what was being drawn is kept as a draft.
pub fn run(start: Start) -> ExitCode {
    let Some(folder) = settings::folder() else {
        return failed(
            "没有可存放数据的文件夹，请设置 HOME。 No folder for data is known; set HOME.",
        );
    };
    let trouble = Trouble::default();
    let window = AssertUnwindSafe(|| open(start, folder, trouble.clone()));
    let ran = catch_unwind(window);
    let why = match ran {
        Ok(Ok(())) if trouble.way().is_none() => return ExitCode::SUCCESS,
        Ok(Err(eframe::Error::Wgpu(error))) => error.to_string(),
        Ok(Err(error)) => return failed(&no_window(&error.to_string())),
        // A fault of our own has said what it is; another driver would not mend it.
        Err(fault) if trouble.has_begun() && trouble.way().is_none() => resume_unwind(fault),
        _ => "the graphics driver failed".to_owned(),
    };
    let again = desktop::graphics_left(trouble.way()).map(|ways| desktop::start_again(&ways));
    match again {
        Some(Ok(status)) => {
            u8::try_from(status.code().unwrap_or(2)).map_or(ExitCode::from(2), ExitCode::from)
        }
        Some(Err(error)) => failed(&no_window(&error.to_string())),
        None => failed(&no_window(&why)),
    }
}

fn no_window(why: &str) -> String {
    format!(
        "窗口打不开：{why}\n请更新显卡驱动后再试。没有显示器时可用命令行，见 shapan --help。\n\
         The window cannot be opened. Update the driver of the graphics card; without a display use \
         the commands: shapan --help."
    )
}

/// What became of the way to the screen.
#[derive(Clone, Default)]
struct Trouble {
    began: Arc<OnceLock<()>>,
    /// Which has failed while the window was open, as `WGPU_BACKEND` names it.
    failed: Arc<OnceLock<&'static str>>,
}

impl Trouble {
    fn way(&self) -> Option<&'static str> {
        self.failed.get().copied()
    }

    fn has_begun(&self) -> bool {
        self.began.get().is_some()
    }

    /// From now on a device that is lost, or does not do what it should, closes the window.
    fn watch(&self, state: &RenderState, context: &egui::Context) {
        self.began.get_or_init(|| ());
        let way = state.adapter.get_info().backend.to_str();
        let has_failed = {
            let (trouble, context) = (self.clone(), context.clone());
            move || {
                // The first failure has the window closed; those that follow from it add nothing.
                if trouble.failed.set(way).is_ok() {
                    context.send_viewport_cmd(egui::ViewportCommand::Close);
                    context.request_repaint();
                }
            }
        };
        let lost = has_failed.clone();
        state.device.set_device_lost_callback(move |reason, _| {
            if reason != DeviceLostReason::Destroyed {
                lost();
            }
        });
        state.device.on_uncaptured_error(Arc::new(move |_| has_failed()));
    }
}

fn open(start: Start, folder: PathBuf, trouble: Trouble) -> eframe::Result {
    let (mut settings, damaged) = Settings::load(&folder);
    if let Some(lang) = start.lang {
        settings.lang = lang;
    }
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("沙盘 Shapan")
        .with_app_id("shapan")
        .with_inner_size([1600.0, 900.0])
        .with_min_inner_size([960.0, 600.0])
        .with_maximized(true);
    if let Ok(icon) = eframe::icon_data::from_png_bytes(ICON) {
        viewport = viewport.with_icon(icon);
    }
    let options = eframe::NativeOptions {
        viewport,
        // Costs a software renderer a tenth of every frame, and nothing here has gradients.
        dithering: false,
        ..eframe::NativeOptions::default()
    };
    eframe::run_native(
        "shapan",
        options,
        Box::new(move |creation| {
            let mut app = App::new(&creation.egui_ctx, folder, settings, start.by)?;
            if let Some(state) = &creation.wgpu_render_state {
                trouble.watch(state, &creation.egui_ctx);
                app.fit_to(state);
                app.ring_aloud();
            }
            app.begin(start.district, damaged);
            Ok(Box::new(app))
        }),
    )
}

/// In a window of the system too, where there is one: after a double click nobody sees a terminal.
fn failed(words: &str) -> ExitCode {
    use std::io::Write as _;
    // Nobody is left to tell when standard error itself is gone.
    drop(writeln!(std::io::stderr(), "shapan: {words}"));
    if cfg!(windows) {
        let said = rfd::MessageDialog::new().set_title("沙盘 Shapan").set_description(words);
        said.set_level(rfd::MessageLevel::Error).show();
    }
    ExitCode::from(2)
}
