//! The layer tree: what there is, how many, what is shown; it is the key to the map as well.

mod base;

use std::collections::BTreeMap;

use egui::{
    Button, CollapsingHeader, ComboBox, RichText, ScrollArea, Slider, TextEdit, TextureHandle, Ui,
};
use lucide_icons::Icon;

use super::action::{Action, ViewAction};
use super::ctx::Ctx;
use super::model::known::{SWATCH, Swatches};
use super::model::shown::Count;
use super::parts::words::{failing_words, subkind_words};
use super::widgets::{LOW, icon, named, named_combo, note, strong};
use crate::analysis::Filter;
use crate::analysis::standards::InspectionTally;
use crate::domain::{Kind, Text};
use crate::map::layers::{self, Layer};
use crate::map::view::View;
use crate::settings::{LayerSetting, Preference};

/// Of a layer before its name, against that of a kind within it.
const LAYER_SWATCH: f32 = 0.75;

/// The panel on the left: base map, filter, layers and their kinds.
#[derive(Default)]
pub struct LayersPanel {
    text: String,
    opened: Option<String>,
    /// Of layers and of the kinds within them, for light and dark.
    swatches: BTreeMap<(String, bool), TextureHandle>,
}

impl LayersPanel {
    /// Shows the whole panel.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        usual_ui(ui, ctx);
        ui.add_space(4.0);
        let is_low = ui.available_height() < LOW;
        if !is_low {
            ui.add_enabled_ui(ctx.district.is_some(), |ui| self.filter_ui(ui, ctx));
            ui.add_space(6.0);
        }
        // In sight, however many layers there are.
        egui::Panel::bottom("base map").frame(egui::Frame::NONE).show(ui, |ui| base::ui(ui, ctx));
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            // What is on the map before the district is read is not sorted out anew.
            if ctx.district.is_none() {
                ui.disable();
            }
            // Beside the bar that scrolls, which lies over what it scrolls.
            ui.set_max_width(ui.available_width() - 10.0);
            if is_low {
                self.filter_ui(ui, ctx);
                ui.add_space(6.0);
            }
            // The topmost layer comes first, as it does on the map.
            for place in (0..ctx.layers.len()).rev() {
                self.layer_ui(ui, ctx, place);
            }
            bookmarks_ui(ui, ctx);
        });
    }

    fn filter_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        if self.text != ctx.filter.text && !ui.memory(|m| m.focused().is_some()) {
            self.text.clone_from(&ctx.filter.text);
        }
        let hint = format!(
            "{} {}",
            Icon::Funnel.unicode(),
            ctx.tell("筛选：名称、乡镇、人员…", "Filter: name, township, person…")
        );
        let edit = ui
            .add(TextEdit::singleline(&mut self.text).hint_text(hint).desired_width(f32::INFINITY));
        let name = ctx.say(Text::new("筛选", "Filter"));
        super::widgets::named_text(&edit, name, &self.text);
        if edit.changed() {
            ctx.actions
                .send(Action::Filter(Filter { text: self.text.clone(), ..ctx.filter.clone() }));
        }
        ui.horizontal_wrapped(|ui| {
            choose(
                ui,
                ctx,
                "township",
                Text::new("乡镇", "Township"),
                &ctx.known.townships,
                ctx.filter.township.as_ref(),
                |filter, chosen| filter.township = chosen,
            );
            choose(
                ui,
                ctx,
                "department",
                Text::new("部门", "Department"),
                &ctx.known.departments,
                ctx.filter.department.as_ref(),
                |filter, chosen| filter.department = chosen,
            );
            if !ctx.known.states.is_empty() {
                choose(
                    ui,
                    ctx,
                    "state",
                    Text::new("状态", "State"),
                    &ctx.known.states,
                    ctx.filter.state.as_ref(),
                    |filter, chosen| filter.state = chosen,
                );
            }
        });
        toggles_ui(ui, ctx);
    }

    fn layer_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, place: usize) {
        let Some(setting) = ctx.layers.get(place) else { return };
        let Some(layer) = layers::by_key(&setting.key) else { return };
        let title = ctx.say(layer.title());
        let count = ctx.shown.counts.get(&layer.kind()).copied().unwrap_or_default();
        ui.horizontal(|ui| {
            let eye = if setting.is_shown { Icon::Eye } else { Icon::EyeOff };
            let mark = icon(eye).color(if setting.is_shown {
                ctx.color(|t| t.ink)
            } else {
                ctx.color(|t| t.muted)
            });
            let toggle = ui.add(Button::new(mark).frame_when_inactive(false));
            named(&toggle, &format!("{} {title}", ctx.say(Text::new("显示", "Show"))));
            if toggle.clicked() {
                change(ctx, place, |layer| layer.is_shown = !layer.is_shown);
            }
            let pictures = ctx.known.layer_swatches.get(layer.key());
            self.swatch_ui(ui, ctx, layer.key(), pictures, LAYER_SWATCH);
            let is_open = self.opened.as_deref() == Some(layer.key());
            let label =
                if setting.is_shown { RichText::new(title) } else { RichText::new(title).weak() };
            if ui.add(Button::selectable(is_open, label)).clicked() {
                self.opened = if is_open { None } else { Some(layer.key().to_owned()) };
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if layer.shows_records() {
                    let is_known = ctx.shown.of().is_some();
                    ui.label(if is_known { count_text(count) } else { note("…") });
                }
            });
        });
        if self.opened.as_deref() == Some(layer.key()) {
            ui.indent(layer.key(), |ui| {
                options_ui(ui, ctx, place, layer.key());
                self.subkinds_ui(ui, ctx, layer);
            });
        } else if layer.is_unfolded() {
            ui.indent(layer.key(), |ui| self.subkinds_ui(ui, ctx, layer));
        }
    }
}

fn toggles_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ui.horizontal_wrapped(|ui| {
        let toggles = [
            (Text::new("不达标", "Failing"), ctx.filter.is_failing),
            (Text::new("圈内", "In rings"), ctx.filter.in_any_ring),
            (Text::new("屏幕内", "On screen"), ctx.filter.bounds.is_some()),
        ];
        for (place, (words, is_on)) in toggles.into_iter().enumerate() {
            if ui.add(Button::selectable(is_on, ctx.say(words))).clicked() {
                let mut filter = ctx.filter.clone();
                match place {
                    0 => filter.is_failing = !is_on,
                    1 => filter.in_any_ring = !is_on,
                    _ => {
                        ctx.actions.command(super::command::Command::OnScreen);
                        continue;
                    }
                }
                ctx.actions.send(Action::Filter(filter));
            }
        }
    });
}

/// Back to the layers that this place comes with, once others are shown.
fn usual_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let usual = ctx.workspace.usual_layers();
    let place = ctx.say(ctx.workspace.about().command.about().words);
    ui.horizontal(|ui| {
        ui.label(strong(ctx.tell(format!("{place} · 图层"), format!("{place} · layers"))));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let reset = Button::new(icon(Icon::RotateCcw)).frame_when_inactive(false);
            let reset = ui.add_enabled(ctx.layers != usual, reset);
            let words = ctx.say(Text::new("恢复默认图层", "Layers as they come"));
            named(&reset, words);
            if reset.on_hover_text(words).clicked() {
                ctx.actions.send(Action::Layers(usual));
            }
        });
    });
}

fn change(ctx: &Ctx<'_>, place: usize, how: impl FnOnce(&mut LayerSetting)) {
    let mut layers = ctx.layers.clone();
    if let Some(layer) = layers.get_mut(place) {
        how(layer);
    }
    ctx.actions.send(Action::Layers(layers));
}

fn options_ui(ui: &mut Ui, ctx: &Ctx<'_>, place: usize, key: &str) {
    ui.horizontal(|ui| {
        let mut opacity = ctx.layers.get(place).map_or(1.0, |layer| layer.opacity);
        let slider = Slider::new(&mut opacity, 0.1..=1.0)
            .show_value(false)
            .text(ctx.say(Text::new("不透明度", "Opacity")));
        if ui.add(slider).changed() {
            change(ctx, place, |layer| layer.opacity = opacity);
        }
    });
    ui.horizontal(|ui| {
        let buttons = [
            (Icon::ArrowUp, Text::new("上移", "Raise"), place + 1 < ctx.layers.len()),
            (Icon::ArrowDown, Text::new("下移", "Lower"), place > 0),
        ];
        for (number, (mark, words, can)) in buttons.into_iter().enumerate() {
            let response = ui.add_enabled(can, Button::new(icon(mark)));
            named(&response, ctx.say(words));
            if response.on_hover_text(ctx.say(words)).clicked() {
                let mut layers = ctx.layers.clone();
                layers.swap(place, if number == 0 { place + 1 } else { place - 1 });
                ctx.actions.send(Action::Layers(layers));
            }
        }
        if ui.button(ctx.say(Text::new("缩放到图层", "Zoom to layer"))).clicked() {
            ctx.actions.view(ViewAction::ShowLayer(key.to_owned()));
        }
    });
}

impl LayersPanel {
    /// The kinds within a layer; a click shows only this one.
    fn subkinds_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, layer: &dyn Layer) {
        if !layer.shows_records() {
            return;
        }
        for ((kind, key), count) in &ctx.shown.subkinds {
            if *kind == layer.kind() && count.total > 0 {
                ui.horizontal(|ui| {
                    let pictures = ctx.known.swatches.get(&(*kind, key.clone()));
                    self.swatch_ui(ui, ctx, &format!("{kind} {key}"), pictures, 1.0);
                    subkind_ui(ui, ctx, *kind, key, *count);
                });
            }
        }
    }

    /// As the printer draws it, at a share of its size.
    fn swatch_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        id: &str,
        pictures: Option<&Swatches>,
        share: f32,
    ) {
        let ([width, height], scale) = SWATCH;
        let size = egui::vec2(width as f32, height as f32) * share;
        let Some(pictures) = pictures else {
            ui.allocate_exact_size(size, egui::Sense::hover());
            return;
        };
        let texture = self.swatches.entry((id.to_owned(), ctx.is_dark)).or_insert_with(|| {
            let sides = [(width * scale) as usize, (height * scale) as usize];
            let rgba = &pictures[usize::from(ctx.is_dark)];
            let image = egui::ColorImage::from_rgba_premultiplied(sides, rgba);
            ui.ctx().load_texture("swatch", image, egui::TextureOptions::LINEAR)
        });
        ui.add(egui::Image::from_texture((texture.id(), size)));
    }
}

fn subkind_ui(ui: &mut Ui, ctx: &Ctx<'_>, kind: Kind, key: &str, count: Count) {
    let wanted = (kind, key.to_owned());
    let is_only = ctx.filter.subkinds.contains(&wanted);
    let words = subkind_words(kind, key, ctx.lang());
    if ui.add(Button::selectable(is_only, words)).clicked() {
        let mut filter = ctx.filter.clone();
        if !filter.subkinds.remove(&wanted) {
            filter.subkinds.insert(wanted);
        }
        ctx.actions.send(Action::Filter(filter));
    }
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        ui.label(count_text(count));
        let InspectionTally { failing, inspected, .. } = count.inspections;
        if failing > 0 {
            // Names are longer in English; red says what the figures are of.
            let short =
                ctx.tell(format!("不达标 {failing}/{inspected}"), format!("{failing}/{inspected}"));
            let words = RichText::new(short).small().color(ctx.color(|t| t.act));
            let label = ui.label(words);
            if let Some(whole) = failing_words(ctx, count.inspections) {
                label.on_hover_text(whole);
            }
        }
    });
}

fn count_text(count: Count) -> RichText {
    if count.shown == count.total {
        note(count.total.to_string())
    } else {
        note(format!("{}/{}", count.shown, count.total))
    }
}

fn choose(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    id: &str,
    words: Text,
    values: &[String],
    chosen: Option<&String>,
    set: fn(&mut Filter, Option<String>),
) {
    let shown = chosen.cloned().unwrap_or_else(|| ctx.say(words).to_owned());
    let combo = ComboBox::from_id_salt(id).selected_text(&shown).width(96.0).show_ui(ui, |ui| {
        let pick = |ui: &mut Ui, value: Option<String>, label: &str| {
            if ui.selectable_label(chosen == value.as_ref(), label).clicked() {
                let mut filter = ctx.filter.clone();
                set(&mut filter, value);
                ctx.actions.send(Action::Filter(filter));
            }
        };
        pick(ui, None, ctx.say(Text::new("全部", "All")));
        for value in values {
            pick(ui, Some(value.clone()), value);
        }
    });
    named_combo(&combo.response, ctx.say(words), &shown);
}

fn bookmarks_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let bookmarks = ctx.district_view().map(|view| view.bookmarks.as_slice()).unwrap_or_default();
    if bookmarks.is_empty() {
        return;
    }
    ui.add_space(8.0);
    CollapsingHeader::new(ctx.say(Text::new("收藏的视图", "Bookmarks"))).default_open(true).show(
        ui,
        |ui| {
            let path = ctx
                .district
                .as_ref()
                .map(|district| district.path.display().to_string())
                .unwrap_or_default();
            for (place, bookmark) in bookmarks.iter().enumerate() {
                ui.horizontal(|ui| {
                    if ui.add(Button::selectable(false, &bookmark.name)).clicked() {
                        let (x, y, zoom) = bookmark.view;
                        ctx.actions.view(ViewAction::Show(View {
                            center: geo_types::Coord { x, y },
                            zoom,
                        }));
                    }
                    let remove = ui.add(Button::new(icon(Icon::X)).frame_when_inactive(false));
                    named(
                        &remove,
                        &format!("{} {}", ctx.say(Text::new("删除", "Remove")), bookmark.name),
                    );
                    if remove.clicked() {
                        let (district, index) = (path.clone(), place);
                        ctx.actions.prefer(Preference::RemoveBookmark { district, index });
                    }
                });
            }
        },
    );
}
