//! The figures that a leader asks for; each opens its rows.

use egui::scroll_area::ScrollBarVisibility;
use egui::{Align, Button, Layout, RichText, TextStyle, Ui, vec2};

use super::action::ViewAction;
use super::ctx::Ctx;
use super::parts::kpi::{Kpi, Opens, button_ui, kpis};
use super::widgets::{note, words_width};
use crate::analysis::Filter;
use crate::domain::Text;

/// Shows the strip of figures over the map.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        // Always in sight: figures are scrolled where there are many, the way out of a filter is not.
        if !ctx.filter.is_empty() {
            filter_ui(ui, ctx);
            ui.add_space(8.0);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| figures_ui(ui, ctx));
    });
}

fn figures_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    if ctx.is_big {
        let name = ctx.district.as_ref().map_or("", |district| &district.name);
        ui.label(RichText::new(name).heading());
        ui.add_space(24.0);
    }
    // Figures that find no room are scrolled: none is cut without a way to it.
    egui::ScrollArea::horizontal()
        .scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden)
        .auto_shrink(false)
        .show(ui, |ui| {
            let counted: Vec<Kpi> = kpis(ctx).into_iter().chain(unplaced(ctx)).collect();
            if counted.is_empty() && ctx.is_reading() {
                ui.label(note(ctx.tell("读完后统计…", "Counted once it is read…")));
            }
            // In letters for the whole room, and on the screens of offices, all figures find room
            // beside each other only with their words below.
            let width: f32 = counted.iter().map(|kpi| line_width(ui, kpi)).sum();
            let is_stacked = ctx.is_big || width > ui.available_width();
            for kpi in &counted {
                figure_ui(ui, ctx, kpi, is_stacked);
                ui.add_space(BETWEEN);
            }
        });
}

/// What still has to be put on the map, while there is any.
fn unplaced(ctx: &Ctx<'_>) -> Option<Kpi> {
    let unplaced: usize = ctx.known.totals.values().map(|(_, unplaced)| unplaced).sum();
    (unplaced > 0).then(|| Kpi {
        value: unplaced.to_string(),
        words: ctx.say(Text::new("未定位", "without a place")),
        aside: String::new(),
        note: String::new(),
        trend: None,
        is_act: false,
        opens: Opens::Rows(Filter { is_unlocated: true, ..Filter::default() }),
    })
}

/// Points between figures, and between a figure and its words.
const BETWEEN: f32 = 12.0;
const BESIDE: f32 = 6.0;

/// How wide a figure is with its words beside it, points.
fn line_width(ui: &Ui, kpi: &Kpi) -> f32 {
    let value = RichText::new(&kpi.value).text_style(value_style());
    let trend = kpi.trend.as_ref().map_or(0.0, |trend| BESIDE + words_width(ui, trend.words()));
    let words = words_width(ui, format!("{}{}", kpi.words, kpi.aside));
    let between = BETWEEN + ui.spacing().item_spacing.x;
    words_width(ui, value) + BESIDE + words + trend + between
}

fn figure_ui(ui: &mut Ui, ctx: &Ctx<'_>, kpi: &Kpi, is_stacked: bool) {
    button_ui(ui, ctx, kpi, &kpi.name(), |ui| {
        if is_stacked {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing = vec2(BESIDE, 0.0);
                ui.spacing_mut().interact_size.y = 0.0;
                // The strip of an office's screen is lower than two lines of the large letters.
                let style = if ctx.is_big { value_style() } else { TextStyle::Heading };
                ui.horizontal(|ui| value_ui(ui, ctx, kpi, style));
                ui.horizontal(|ui| words_ui(ui, ctx, kpi, &TextStyle::Small));
            });
        } else {
            ui.horizontal_centered(|ui| {
                ui.spacing_mut().item_spacing.x = BESIDE;
                value_ui(ui, ctx, kpi, value_style());
                words_ui(ui, ctx, kpi, &TextStyle::Body);
            });
        }
    });
}

fn value_style() -> TextStyle {
    TextStyle::Name("value".into())
}

fn value_ui(ui: &mut Ui, ctx: &Ctx<'_>, kpi: &Kpi, style: TextStyle) {
    let value = RichText::new(&kpi.value).text_style(style);
    ui.label(value.color(kpi.color(ctx)));
}

fn words_ui(ui: &mut Ui, ctx: &Ctx<'_>, kpi: &Kpi, style: &TextStyle) {
    let words = format!("{}{}", kpi.words, kpi.aside);
    ui.label(RichText::new(words).text_style(style.clone()).color(ctx.color(|t| t.muted)));
    if let Some(trend) = &kpi.trend {
        ui.label(trend.text(ctx).text_style(style.clone()));
    }
}

/// Room of the words of a filter, points; the rest of them is under the pointer.
const WIDEST_FILTER: f32 = 360.0;

/// What is filtered now, and how to get out of it.
fn filter_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let words = super::parts::words::filter_words(ctx, &ctx.filter);
    let text = format!("{} {words}", lucide_icons::Icon::FunnelX.unicode());
    let room = words_width(ui, text.as_str()) + 2.0 * ui.spacing().button_padding.x;
    let button = Button::new(RichText::new(text).color(ctx.color(|t| t.accent))).truncate();
    let tip = ctx.tell(format!("清除筛选：{words}"), format!("Clear the filter: {words}"));
    let size = vec2(room.min(WIDEST_FILTER), ui.spacing().interact_size.y);
    if ui.add_sized(size, button).on_hover_text(tip).clicked() {
        ctx.actions.command(super::command::Command::ClearFilter);
    }
    if let Some((id, radius_m)) = ctx.filter.ring
        && ui.button(ctx.say(Text::new("缩放到圈", "Zoom to the ring"))).clicked()
    {
        ctx.actions.view(ViewAction::ShowRing(id, radius_m));
    }
    let shown: usize = ctx.shown.counts.values().map(|count| count.shown).sum();
    if ctx.shown.of().is_some() {
        ui.label(note(ctx.tell(format!("{shown} 条"), format!("{shown} records"))));
    }
}
