//! Charts that stand still: how they look, and that a hand does not move them.

use egui::{FontId, TextStyle, Ui};
use egui_plot::{AxisHints, Plot};

use crate::ui::ctx::Ctx;

/// A chart with axes in small letters; `of_x` and `of_y` say how they are labelled.
pub fn still<'a>(
    name: &str,
    ui: &Ui,
    ctx: &Ctx<'_>,
    of_x: impl FnOnce(AxisHints<'a>) -> AxisHints<'a>,
    of_y: impl FnOnce(AxisHints<'a>) -> AxisHints<'a>,
) -> Plot<'a> {
    let font: FontId = TextStyle::Small.resolve(ui.style());
    let muted = ctx.color(|t| t.muted);
    let axis = |hints: AxisHints<'a>| hints.tick_label_font(font.clone()).tick_label_color(muted);
    Plot::new(name)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show_background(false)
        .show_grid([false, true])
        .grid_color(ctx.color(|t| t.line))
        .custom_x_axes(vec![of_x(axis(AxisHints::new_x()))])
        .custom_y_axes(vec![of_y(axis(AxisHints::new_y()))])
}
