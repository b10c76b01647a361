//! How the window looks: panels, theme, language, size of its letters.

use egui::Context;

use crate::domain::Lang;
use crate::settings::{Preference, ThemeChoice};
use crate::ui::action::WindowAction;
use crate::ui::app::App;
use crate::ui::ctx::Ctx;
use crate::ui::dialogs::PrintPage;
use crate::ui::model::Toast;
use crate::ui::theme;

/// Of the letters, at each press of a key.
const STEP: f32 = 0.1;
/// A screen of so many points in height, of which the system asks for nothing, has letters that
/// nobody reads at a desk: everything is so much larger there.
const FINE_SCREEN: (f32, f32) = (2000.0, 1.5);

/// Beside the scale that the system asks for, which egui follows by itself.
fn screen_scale(context: &Context) -> f32 {
    let monitor = context.input(|input| input.viewport().monitor_size);
    let height = monitor.map_or(0.0, |size| size.y * context.zoom_factor());
    if height >= FINE_SCREEN.0 { FINE_SCREEN.1 } else { 1.0 }
}

impl App {
    /// What is asked of the window itself.
    pub(super) fn window(&mut self, action: WindowAction, context: &Context) {
        match action {
            WindowAction::Enter(workspace) => self.enter(workspace),
            WindowAction::TurnTo(workspace) => self.turn_to(workspace),
            WindowAction::StepBack => self.step_back(context),
            WindowAction::DockShare(share) => {
                let key = self.model.workspace.about().key;
                self.model.settings.workspace(key).dock_share = share;
                self.mark_unsaved(context);
            }
            WindowAction::Scale(steps) => self.scale(steps, context),
            WindowAction::Panel(panel, is_open) => self.open(panel, is_open, context),
            WindowAction::Fold(panel) => self.fold(panel, context),
            WindowAction::Big => self.big(context),
            WindowAction::Theme => self.turn_theme(context),
            WindowAction::Language => self.turn_language(context),
            WindowAction::Search => self.bar.focus_search(),
            WindowAction::Copy(text) => context.copy_text(text),
            WindowAction::CopyPlace => self.copy_place(context),
            WindowAction::SkipStep(step, is_skipped) => {
                if let Some(view) = self.model.district_view_mut() {
                    view.skipped.retain(|key| key != step);
                    view.skipped.extend(is_skipped.then(|| step.to_owned()));
                    self.mark_unsaved(context);
                }
            }
            WindowAction::CopyMap => self.copy_map(),
            WindowAction::MapDrawn(image) => {
                context.copy_image(*image);
                self.say(Toast::done(
                    "地图图片已复制，可粘贴到微信等程序",
                    "The map is copied as a picture, to be pasted elsewhere",
                ));
            }
            WindowAction::Dismiss(id) => self.model.toasts.retain(|toast| toast.id != id),
            WindowAction::Quit => context.send_viewport_cmd(egui::ViewportCommand::Close),
        }
    }

    /// Puts on theme, sizes and language.
    pub(in crate::ui) fn dress(&mut self, context: &Context) {
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
            context.set_style_of(theme, theme::style(tokens, is_dark, text));
        }
        context.set_zoom_factor(settings.scale * screen_scale(context));
    }

    /// Some window managers forget what a window asks for before it is seen, and then put a title
    /// bar above one that is as high as the screen: its last line would be out of sight.
    fn fill_screen(&mut self, context: &Context) {
        const SEEN_AFTER: u64 = 3;
        if self.fills_screen || context.cumulative_pass_nr() < SEEN_AFTER {
            return;
        }
        self.fills_screen = true;
        if context.input(|input| input.viewport().maximized) == Some(false) {
            context.send_viewport_cmd(egui::ViewportCommand::Maximized(true));
        }
    }

    /// In every frame: letters of the size that the screen asks for.
    pub(in crate::ui) fn follow_screen(&mut self, context: &Context) {
        self.fill_screen(context);
        let height = context.content_rect().height();
        let is_other = (self.model.screen_height - height).abs() > 0.5;
        self.model.screen_height = height;
        let wanted = self.model.settings.scale * screen_scale(context);
        let is_zoomed = (wanted - context.zoom_factor()).abs() > 0.001;
        if is_zoomed || is_other && self.model.is_big {
            self.dress(context);
            self.model.serial += 1;
        }
    }

    /// On the big screen its letters alone, else all of the window.
    fn scale(&mut self, steps: Option<i8>, context: &Context) {
        let settings = &self.model.settings;
        let of_now = if self.model.is_big { settings.big_scale } else { settings.scale };
        let scale = steps.map_or(1.0, |by| ((of_now + f32::from(by) * STEP) * 20.0).round() / 20.0);
        self.model.settings.prefer(if self.model.is_big {
            Preference::BigScale(scale)
        } else {
            Preference::Scale(scale)
        });
        self.model.serial += u64::from(self.model.is_big);
        self.restyle(context);
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
        self.mark_unsaved(context);
    }

    pub(super) fn big(&mut self, context: &Context) {
        self.model.is_big = !self.model.is_big;
        context.send_viewport_cmd(egui::ViewportCommand::Fullscreen(self.model.is_big));
        self.dress(context);
        self.model.serial += 1;
    }

    /// Drawn as it is printed, with title, legend and scale: what it shows is said with it.
    fn copy_map(&mut self) {
        if self.model.district.is_some() {
            let ctx = Ctx { model: &self.model, actions: &self.actions };
            PrintPage::new(&self.model, self.canvas.rect, None).copy(&ctx);
        }
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
}
