//! The figures that a leader asks for; each opens its rows.

use egui::scroll_area::ScrollBarVisibility;
use egui::{Button, RichText, Sense, Ui, UiBuilder};

use super::action::{Action, ViewAction};
use super::ctx::Ctx;
use super::model::Panel;
use super::widgets::note;
use crate::analysis::Filter;
use crate::domain::{Kind, Text};
use crate::map::SiteKind;

/// One figure: its value, what it counts, its tone, and the filter that lists it.
struct Figure {
    value: String,
    words: String,
    is_act: bool,
    filter: Filter,
}

pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ui.horizontal_centered(|ui| {
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
                for figure in figures(ctx) {
                    figure_ui(ui, ctx, figure);
                    ui.add_space(12.0);
                }
                if !ctx.filter.is_empty() {
                    filter_ui(ui, ctx);
                }
            });
    });
}

fn figures(ctx: &Ctx<'_>) -> Vec<Figure> {
    let total = |kind: Kind| ctx.known.totals.get(&kind).copied().unwrap_or_default();
    let only = |kind: SiteKind| Filter {
        subkinds: [(Kind::Site, kind.key().to_owned())].into(),
        ..Filter::default()
    };
    let sites = &ctx.known.standing;
    let mut figures = vec![
        plain(
            total(Kind::ControlPoint).0,
            ctx.say(Text::new("控制点", "control points")),
            only_kind(Kind::ControlPoint),
        ),
        Figure {
            value: format!("{}/{}", sites.construction_failing, sites.construction),
            words: ctx.say(Text::new("工地不达标", "construction sites failing")).to_owned(),
            is_act: sites.construction_failing > 0,
            filter: Filter { is_failing: true, ..only(SiteKind::Construction) },
        },
        Figure {
            value: format!("{}/{}", sites.restaurants_failing, sites.restaurants),
            words: ctx.say(Text::new("餐饮不达标", "restaurants failing")).to_owned(),
            is_act: sites.restaurants_failing > 0,
            filter: Filter { is_failing: true, ..only(SiteKind::Restaurant) },
        },
        Figure {
            value: sites.failing_in_rings.to_string(),
            words: ctx.say(Text::new("圈内不达标", "failing inside rings")).to_owned(),
            is_act: sites.failing_in_rings > 0,
            filter: Filter { is_failing: true, in_any_ring: true, ..Filter::default() },
        },
        plain(
            total(Kind::Restriction).0,
            ctx.say(Text::new("管控措施", "restrictions")),
            only_kind(Kind::Restriction),
        ),
    ];
    let unplaced: usize = ctx.known.totals.values().map(|(_, unplaced)| unplaced).sum();
    if unplaced > 0 {
        figures.push(plain(
            unplaced,
            ctx.say(Text::new("未定位", "without a place")),
            Filter { is_unlocated: true, ..Filter::default() },
        ));
    }
    figures
}

fn only_kind(kind: Kind) -> Filter {
    Filter { kind: Some(kind), ..Filter::default() }
}

fn plain(value: usize, words: &str, filter: Filter) -> Figure {
    Figure { value: value.to_string(), words: words.to_owned(), is_act: false, filter }
}

fn figure_ui(ui: &mut Ui, ctx: &Ctx<'_>, figure: Figure) {
    let is_active = ctx.filter == figure.filter;
    let name = format!("{} {}", figure.words, figure.value);
    let response = ui
        .scope_builder(UiBuilder::new().sense(Sense::click()), |ui| {
            ui.horizontal_centered(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                let color = if figure.is_act {
                    ctx.color(|t| t.act)
                } else if is_active {
                    ctx.color(|t| t.accent)
                } else {
                    ctx.color(|t| t.ink)
                };
                let value =
                    RichText::new(&figure.value).text_style(egui::TextStyle::Name("value".into()));
                ui.label(value.color(color));
                ui.label(RichText::new(&figure.words).color(ctx.color(|t| t.muted)));
            });
        })
        .response
        .on_hover_cursor(egui::CursorIcon::PointingHand);
    super::widgets::named(&response, &name);
    if is_active || response.hovered() || response.has_focus() {
        let under = response.rect.shrink2(egui::vec2(0.0, 2.0));
        let stroke = egui::Stroke::new(2.0, ctx.color(|t| t.accent));
        ui.painter().hline(under.x_range(), under.max.y, stroke);
    }
    let opens = response.clicked()
        || (response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)));
    if opens {
        let filter = if is_active { Filter::default() } else { figure.filter };
        ctx.actions.send(Action::Filter(filter));
        if !is_active {
            ctx.actions.send(Action::Panel(Panel::Bottom, true));
        }
    }
}

/// What is filtered now, and how to get out of it.
fn filter_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let words = super::layers::filter_words(ctx, &ctx.filter);
    let text = format!("{} {words}", lucide_icons::Icon::FunnelX.unicode());
    let button = Button::new(RichText::new(text).color(ctx.color(|t| t.accent)));
    let tip = ctx.say(Text::new("清除筛选", "Clear the filter"));
    if ui.add(button).on_hover_text(tip).clicked() {
        ctx.actions.command(super::Command::ClearFilter);
    }
    if let Some((id, radius_m)) = ctx.filter.ring
        && ui.button(ctx.say(Text::new("缩放到圈", "Zoom to the ring"))).clicked()
    {
        ctx.actions.view(ViewAction::ShowRing(id, radius_m));
    }
    let shown: usize = ctx.shown.counts.values().map(|count| count.shown).sum();
    ui.label(note(ctx.tell(format!("{shown} 条"), format!("{shown} records"))));
}
