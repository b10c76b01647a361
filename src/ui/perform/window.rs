//! How the window looks: panels, theme, language, size of its letters.

use egui::Context;

use crate::domain::Lang;
use crate::settings::ThemeChoice;
use crate::ui::action::WindowAction;
use crate::ui::app::App;
use crate::ui::model::{Panel, Toast};
use crate::ui::theme;

impl App {
    /// What is asked of the window itself.
    pub(super) fn window(&mut self, action: WindowAction, context: &Context) {
        match action {
            WindowAction::Panel(panel, is_open) => {
                // The table, the planner and the meeting share one place.
                self.model.planner.is_open &= panel != Panel::Bottom;
                self.model.meeting.is_open &= panel != Panel::Bottom;
                *self.panel(panel) = is_open;
                self.mark_unsaved(context);
            }
            WindowAction::Fold(panel) => self.fold(panel, context),
            WindowAction::Big => self.big(context),
            WindowAction::Theme => self.turn_theme(context),
            WindowAction::Language => self.turn_language(context),
            WindowAction::Search => self.bar.focus_search(),
            WindowAction::Copy(text) => context.copy_text(text),
            WindowAction::CopyPlace => self.copy_place(context),
            WindowAction::Dismiss(id) => self.model.toasts.retain(|toast| toast.id != id),
            WindowAction::Quit => context.send_viewport_cmd(egui::ViewportCommand::Close),
        }
    }

    const fn panel(&mut self, panel: Panel) -> &mut bool {
        let panels = &mut self.model.settings.panels;
        match panel {
            Panel::Left => &mut panels.left,
            Panel::Right => &mut panels.right,
            Panel::Bottom => &mut panels.bottom,
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
        context.set_zoom_factor(settings.scale);
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

    fn fold(&mut self, panel: Panel, context: &Context) {
        let hides_table =
            panel == Panel::Bottom && (self.model.planner.is_open || self.model.meeting.is_open);
        self.model.planner.is_open &= !hides_table;
        self.model.meeting.is_open &= !hides_table;
        let panel = self.panel(panel);
        *panel = hides_table || !*panel;
        self.mark_unsaved(context);
    }

    fn big(&mut self, context: &Context) {
        self.model.is_big = !self.model.is_big;
        context.send_viewport_cmd(egui::ViewportCommand::Fullscreen(self.model.is_big));
        self.dress(context);
        self.model.serial += 1;
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
