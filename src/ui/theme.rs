//! Fonts, sizes and colours of the window, all from the one table of tokens.

use std::sync::Arc;

use egui::{
    Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow, Stroke,
    Style, TextStyle, Visuals, vec2,
};

use crate::map::font::{Fonts, Weight};
use crate::map::tokens::{DARK, LIGHT, Palette, Rgba};

/// Size of letters of what is said beside, points.
pub const NOTE: f32 = 12.0;
/// Size of most letters, points.
pub const BODY: f32 = 14.0;
/// Size of letters of names, points.
pub const NAME: f32 = 16.0;
/// Size of letters of headings, points.
pub const HEADING: f32 = 20.0;
/// Size of the figures that leaders look at, points.
pub const VALUE: f32 = 30.0;

/// What a finger or a hurried hand hits.
pub const TARGET: f32 = 32.0;

/// A colour of the map as one of egui.
pub fn color(rgba: Rgba) -> Color32 {
    let [red, green, blue, alpha] = rgba.0;
    Color32::from_rgba_unmultiplied(red, green, blue, alpha)
}

/// The family of the bold font.
pub fn bold() -> FontFamily {
    FontFamily::Name("bold".into())
}

/// Our Chinese fonts and the icons; for characters beyond them egui asks the system.
pub fn install_fonts(context: &egui::Context) {
    let mut fonts = FontDefinitions::empty();
    let mut add = |name: &str, data: &'static [u8]| {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(data)));
    };
    if let Ok(ours) = Fonts::get() {
        add("regular", ours.face(Weight::Regular).data);
        add("bold", ours.face(Weight::Bold).data);
    }
    add("icons", lucide_icons::LUCIDE_FONT_BYTES);
    let stack = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.insert(family, stack(&["regular", "icons"]));
    }
    fonts.families.insert(bold(), stack(&["bold", "regular", "icons"]));
    context.set_fonts(fonts);
}

/// Gives egui our fonts and both styles, light and dark.
pub fn install(context: &egui::Context) {
    install_fonts(context);
    context.set_style_of(egui::Theme::Light, style(&LIGHT, false, 1.0));
    context.set_style_of(egui::Theme::Dark, style(&DARK, true, 1.0));
}

/// `text` is 1.0, or 1.6–2.0 on the big screen.
pub fn style(theme: &Palette, is_dark: bool, text: f32) -> Style {
    let mut style = Style { visuals: visuals(theme, is_dark), ..Style::default() };
    let font = |size: f32| FontId::new(size * text, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Small, font(NOTE)),
        (TextStyle::Body, font(BODY)),
        (TextStyle::Button, font(BODY)),
        (TextStyle::Monospace, font(BODY)),
        (TextStyle::Heading, FontId::new(HEADING * text, bold())),
        (TextStyle::Name("name".into()), font(NAME)),
        (TextStyle::Name("value".into()), FontId::new(VALUE * text, bold())),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 4.0);
    spacing.button_padding = vec2(8.0, 4.0);
    spacing.interact_size = vec2(40.0, 26.0);
    spacing.window_margin = Margin::same(16);
    spacing.menu_margin = Margin::same(8);
    spacing.icon_width = 16.0;
    spacing.icon_width_inner = 9.0;
    spacing.scroll.bar_width = 8.0;
    spacing.tooltip_width = 360.0;
    style.interaction.tooltip_delay = 0.25;
    style.interaction.selectable_labels = false;
    style.animation_time = 0.08;
    style
}

fn visuals(theme: &Palette, is_dark: bool) -> Visuals {
    let mut visuals = if is_dark { Visuals::dark() } else { Visuals::light() };
    let [ink, muted, line, panel, ground, accent] =
        [theme.ink, theme.muted, theme.line, theme.panel, theme.ground, theme.accent].map(color);
    let hairline = Stroke::new(1.0, line);
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(muted);
    visuals.panel_fill = panel;
    visuals.window_fill = panel;
    visuals.window_stroke = hairline;
    visuals.window_corner_radius = CornerRadius::same(6);
    visuals.menu_corner_radius = CornerRadius::same(6);
    let shadow = Shadow {
        offset: [0, 4],
        blur: 18,
        spread: 0,
        color: Color32::from_black_alpha(if is_dark { 120 } else { 36 }),
    };
    visuals.window_shadow = shadow;
    visuals.popup_shadow = shadow;
    visuals.extreme_bg_color = ground;
    visuals.faint_bg_color = ground;
    visuals.code_bg_color = ground;
    visuals.hyperlink_color = color(theme.calm);
    visuals.warn_fg_color = color(theme.watch);
    visuals.error_fg_color = color(theme.act);
    visuals.selection.bg_fill = color(theme.accent.faded(if is_dark { 0.30 } else { 0.18 }));
    visuals.selection.stroke = Stroke::new(1.0, accent);
    visuals.striped = false;
    let widgets = &mut visuals.widgets;
    let hover = color(theme.ink.faded(0.07).over(theme.panel));
    let press = color(theme.ink.faded(0.13).over(theme.panel));
    let rest = color(theme.ink.faded(0.04).over(theme.panel));
    for (state, fill, edge) in [
        (&mut widgets.noninteractive, panel, hairline),
        (&mut widgets.inactive, rest, Stroke::new(1.0, line)),
        (&mut widgets.hovered, hover, Stroke::new(1.0, muted)),
        (&mut widgets.active, press, Stroke::new(1.5, accent)),
        (&mut widgets.open, hover, Stroke::new(1.0, muted)),
    ] {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.bg_stroke = edge;
        state.fg_stroke = Stroke::new(1.2, ink);
        state.corner_radius = CornerRadius::same(4);
        state.expansion = 0.0;
    }
    visuals
}
