//! The window: the only room that knows egui and walkers.
//!
//! One frame: [`App::logic`] performs what was asked for since the last frame, then [`App::ui`]
//! shows the outcome. Widgets never change anything: they send an [`Action`]. The district file
//! belongs to a thread of its own (`keeper`); the marks of the map are drawn into a picture by a
//! job (`canvas::picture`); so a frame reads no disk and draws no mark.

mod action;
mod app;
mod bar;
mod base;
mod canvas;
mod card;
mod command;
mod ctx;
mod derivation;
mod dialogs;
mod files;
mod health;
mod inbox;
mod keeper;
mod keys;
mod kpi_bar;
mod layers;
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

use std::path::PathBuf;
use std::process::ExitCode;

pub use action::{
    Action, Actions, DataAction, FileAction, MeetingAction, PlannerAction, StageAction, ViewAction,
};
pub use app::App;
pub use command::Command;
pub use ctx::Ctx;
pub use model::Model;
pub use model::meetings::Since;

use crate::domain::Lang;
use crate::settings::{self, Settings};

/// What the command line says about the window.
pub struct Start {
    /// Else the last district, at first the sample.
    pub district: Option<PathBuf>,
    pub lang: Option<Lang>,
    pub by: Option<String>,
}

/// Opens the window and comes back when it is closed.
pub fn run(start: Start) -> ExitCode {
    let Some(folder) = settings::folder() else {
        return failed(
            "没有可存放数据的文件夹，请设置 HOME。 No folder for data is known; set HOME.",
        );
    };
    let (mut settings, damaged) = Settings::load(&folder);
    if let Some(lang) = start.lang {
        settings.lang = lang;
    }
    let viewport = egui::ViewportBuilder::default()
        .with_title("沙盘 Shapan")
        .with_app_id("shapan")
        .with_inner_size([1600.0, 900.0])
        .with_min_inner_size([960.0, 600.0])
        .with_maximized(true);
    let options = eframe::NativeOptions {
        viewport,
        // Costs a software renderer a tenth of every frame, and nothing here has gradients.
        dithering: false,
        ..eframe::NativeOptions::default()
    };
    let ran = eframe::run_native(
        "shapan",
        options,
        Box::new(move |creation| {
            let mut app = App::new(&creation.egui_ctx, folder, settings, start.by)?;
            if let Some(state) = &creation.wgpu_render_state {
                app.fit_to(state);
            }
            app.begin(start.district, damaged);
            Ok(Box::new(app))
        }),
    );
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&format!(
            "窗口打不开：{error}\n没有显示器时可用命令行，见 shapan --help。\n\
             The window cannot be opened. Without a display use the commands: shapan --help."
        )),
    }
}

fn failed(words: &str) -> ExitCode {
    use std::io::Write as _;
    // Nobody is left to tell when standard error itself is gone.
    drop(writeln!(std::io::stderr(), "shapan: {words}"));
    ExitCode::from(2)
}
