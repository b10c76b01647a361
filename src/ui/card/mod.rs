//! The card of what is selected: every field with its editor, its rings, its history.

pub mod attachments;
pub mod boundary;
mod chips;
mod editor;
mod field;
mod hours;
mod kpis;
pub mod links;
mod order;
mod profile;
mod reason;
mod road;
mod write;

pub use editor::ui as editor_ui;
pub use field::focus_next_field;
pub use links::shown_by_name;
pub use write::write;

use std::sync::Arc;

use egui::{CollapsingHeader, Grid, RichText, ScrollArea, Ui};
use lucide_icons::Icon;

use self::links::RECORDS;
use super::action::{Action, StoreRequest, ViewAction};
use super::command::Command;
use super::ctx::Ctx;
use super::parts::rings::ring_ui;
use super::parts::setup;
use super::parts::words::{kind_words, when};
use super::widgets::{empty, icon, icon_button, named, note, strong};
use crate::domain::{ATTACHMENTS, ControlPointLevel, Kind, Record, RecordId, Text};
use crate::geodesy::coordinates::coordinate_text;
use crate::map::Tag;
use crate::ui::action::WindowAction;
use crate::ui::card::write::write_all;

/// Of an item: shown on its page, step by step.
const STEPS: &str = "steps";

/// What is being typed, and for which record.
#[derive(Default)]
pub struct Card {
    of: Option<(RecordId, jiff::Timestamp)>,
    /// Of each field, as it stands in its editor.
    texts: Vec<String>,
    problems: Vec<Option<String>>,
    pub shelf: attachments::Shelf,
    outline: boundary::Outline,
}

impl Card {
    /// Shows the selected record or records.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        if ctx.selection.len() > 1 {
            self.several_ui(ui, ctx);
            return;
        }
        let Some(record) = ctx.selected().cloned() else {
            overview_ui(ui, ctx);
            return;
        };
        let now = Some((record.id, record.meta.changed_at));
        if self.of != now {
            self.of = now;
            let fields = record.kind.fields();
            self.texts = (0..fields.len())
                .map(|place| editor::text_of(&record, place, ctx.lang()))
                .collect();
            self.problems = vec![None; fields.len()];
        }
        head_ui(ui, ctx, &record);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            if record.kind == Kind::ControlPoint {
                rings_ui(ui, ctx, &record);
            }
            order::detours_ui(ui, ctx, &record);
            road::ui(ui, ctx, &record);
            self.fields_ui(ui, ctx, &record);
            self.outline.ui(ui, ctx, &record);
            self.shelf.ui(ui, ctx, &record);
            extra_ui(ui, ctx, &record);
            history_ui(ui, ctx, &record);
        });
    }

    fn fields_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Arc<Record>) {
        let own = record.text("kind").to_owned();
        let width = (ui.available_width() - 122.0).max(120.0);
        for (place, field) in record.kind.fields().iter().enumerate() {
            if field.key == RECORDS {
                if record.get(RECORDS).is_some() {
                    ui.horizontal_top(|ui| {
                        label_ui(ui, ctx.say(field.label));
                        ui.vertical(|ui| links::records_ui(ui, ctx, record, field));
                    });
                }
                continue;
            }
            let is_elsewhere = field.key == ATTACHMENTS
                || field.key == STEPS
                || !field.is_of(Some(&own)) && record.get(field.key).is_none();
            if is_elsewhere {
                continue;
            }
            let (Some(text), Some(problem)) =
                (self.texts.get_mut(place), self.problems.get_mut(place))
            else {
                continue;
            };
            ui.horizontal_top(|ui| {
                let unit = if field.unit.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", field.unit)
                };
                let label = format!("{}{unit}", ctx.say(field.label));
                label_ui(ui, &label);
                ui.vertical(|ui| {
                    if let Some(typed) = editor::ui(ui, ctx, record, field, text, width) {
                        *problem = write(ctx, record, field, &typed);
                    }
                    if let Some(problem) = problem {
                        ui.label(
                            RichText::new(problem.as_str()).small().color(ctx.color(|t| t.act)),
                        );
                    }
                });
            });
        }
    }

    /// The same field of many records at once: one undo step.
    fn several_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let records: Vec<&Arc<Record>> =
            ctx.selection.iter().filter_map(|id| ctx.record(*id)).collect();
        let count = records.len();
        let words = ctx.tell(format!("已选 {count} 条"), format!("{count} selected"));
        ui.label(RichText::new(words).heading());
        let Some(first) = records.first() else { return };
        let kind = first.kind;
        if records.iter().any(|record| record.kind != kind) {
            empty(
                ui,
                ctx.tell("所选属于不同图层", "These are of different layers"),
                ctx.tell(
                    "批量修改请选同一图层的记录",
                    "Select records of one layer to change them together",
                ),
            );
            return;
        }
        let count = kind.fields().len();
        if self.of.is_some() || self.texts.len() != count {
            self.of = None;
            self.texts = vec![String::new(); count];
            self.problems = vec![None; count];
        }
        ui.label(note(ctx.tell(
            "填写后回车，应用到全部所选（一步撤销）",
            "Enter applies to all of them, as one undo step",
        )));
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            for (place, field) in kind
                .fields()
                .iter()
                .enumerate()
                .filter(|(_, f)| !matches!(f.key, "code" | "name" | RECORDS | ATTACHMENTS))
            {
                let (Some(text), Some(problem)) =
                    (self.texts.get_mut(place), self.problems.get_mut(place))
                else {
                    continue;
                };
                ui.horizontal(|ui| {
                    label_ui(ui, ctx.say(field.label));
                    if let Some(typed) = editor::ui(ui, ctx, first, field, text, 200.0) {
                        *problem = write_all(ctx, &records, field, &typed);
                    }
                });
                if let Some(problem) = problem {
                    ui.label(RichText::new(problem.as_str()).small().color(ctx.color(|t| t.act)));
                }
            }
        });
    }
}

/// What a field is called, left of its editor.
fn label_ui(ui: &mut Ui, words: &str) {
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(egui::vec2(104.0, 26.0), layout, |ui| {
        ui.set_min_size(egui::vec2(104.0, 26.0));
        ui.add(egui::Label::new(note(words)).truncate());
    });
}

fn head_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Arc<Record>) {
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let close = ui.add(egui::Button::new(icon(Icon::X)).frame_when_inactive(false));
            named(&close, ctx.say(Text::new("关闭卡片", "Close the card")));
            if close.clicked() {
                ctx.actions.send(Action::Select(Vec::new()));
            }
            icon_button(ui, ctx, Command::Delete, true);
            icon_button(ui, ctx, Command::EditShape, record.geometry.is_some());
            icon_button(ui, ctx, Command::ZoomToSelection, record.geometry.is_some());
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.add(egui::Label::new(RichText::new(record.name()).heading()).truncate());
            });
        });
    });
    ui.horizontal(|ui| {
        ui.label(note(format!("{} · {}", ctx.say(record.kind.label()), kind_words(ctx, record))));
        if let Some(tag) = Tag::of(record) {
            ui.label(note(ctx.say(tag.text())).background_color(ctx.color(|t| t.ground)));
        }
    });
    reason::ui(ui, ctx, record);
    match &record.geometry {
        Some(geo_types::Geometry::Point(point)) => {
            ui.label(note(coordinate_text(point.0, &super::parts::words::shown_crs(ctx))));
        }
        None if record.kind.has_place() => {
            ui.horizontal(|ui| {
                ui.label(
                    RichText::new(ctx.tell("尚未定位", "No place yet"))
                        .small()
                        .color(ctx.color(|t| t.watch)),
                );
                if ui.small_button(ctx.tell("在图上标出", "Place it on the map")).clicked() {
                    ctx.actions.command(Command::DrawPoint);
                }
            });
        }
        _ => {}
    }
    ui.add_space(4.0);
}

/// Both rings with what lies in them; a click filters list and map.
fn rings_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Arc<Record>) {
    for radius_m in record.radii_m() {
        CollapsingHeader::new(strong(format!("{radius_m} m")))
            .id_salt(("ring", radius_m as i64))
            .default_open(true)
            .show(ui, |ui| {
                ring_ui(ui, ctx, record.id, radius_m);
                ui.horizontal_wrapped(|ui| {
                    if ui.small_button(ctx.tell("列出圈内", "List these")).clicked() {
                        ctx.actions.send(Action::Filter(crate::analysis::Filter {
                            ring: Some((record.id, radius_m)),
                            ..Default::default()
                        }));
                        ctx.actions.window(WindowAction::Panel(super::model::Panel::Bottom, true));
                    }
                    if ui.small_button(ctx.tell("缩放到圈", "Zoom to it")).clicked() {
                        ctx.actions.view(ViewAction::ShowRing(record.id, radius_m));
                    }
                    order::blocks_ui(ui, ctx, record, radius_m);
                });
            });
    }
    ui.separator();
}

/// Attributes that no field stands for: shown as they came.
fn extra_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Record) {
    let Some(extra) = record.extra.as_ref().filter(|extra| !extra.is_empty()) else { return };
    CollapsingHeader::new(ctx.tell("其他属性", "Other attributes")).id_salt("extra").show(
        ui,
        |ui| {
            Grid::new("extra").num_columns(2).show(ui, |ui| {
                for (key, value) in extra.iter() {
                    ui.label(note(key.as_str()));
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    ui.add(egui::Label::new(text).wrap());
                    ui.end_row();
                }
            });
        },
    );
}

/// Who made and changed it; every state can be gone back to.
fn history_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Arc<Record>) {
    let meta = &record.meta;
    ui.add_space(6.0);
    ui.label(note(ctx.tell(
        format!("{} 由 {} 建立", when(meta.created_at), meta.created_by),
        format!("made {} by {}", when(meta.created_at), meta.created_by),
    )));
    if meta.changed_at != meta.created_at {
        ui.label(note(ctx.tell(
            format!("{} 由 {} 修改", when(meta.changed_at), meta.changed_by),
            format!("changed {} by {}", when(meta.changed_at), meta.changed_by),
        )));
    }
    if let Some(source) = &meta.source {
        ui.label(note(ctx.tell(
            format!("来自 {} 第 {} 行", source.file, source.row),
            format!("from {} row {}", source.file, source.row),
        )));
    }
    if ui.small_button(ctx.tell("历史与恢复…", "History…")).clicked() {
        ctx.actions.keep(StoreRequest::History(record.id));
    }
}

/// Without a selection: what there is, and who is responsible for which control point.
/// What there is and what lacks; all of it is scrolled, so that none of it is cut on a low screen.
fn overview_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| whole_ui(ui, ctx));
}

fn whole_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    setup::left_ui(ui, ctx);
    kpis::ui(ui, ctx);
    ui.label(RichText::new(ctx.tell("控制点", "Control points")).heading());
    let world = ctx.world();
    let mut points: Vec<&Arc<Record>> = world.table(Kind::ControlPoint).iter().collect();
    points.sort_by_key(|point| (level_rank(point.text("level")), point.name().to_owned()));
    if points.is_empty() && ctx.district.is_none() {
        if ctx.is_reading() {
            ui.label(note(ctx.tell("正在读取…", "Reading…")));
        }
        return;
    }
    if points.is_empty() {
        empty(
            ui,
            ctx.tell("还没有控制点", "There are no control points yet"),
            ctx.tell(
                "把点位表拖到窗口上导入，或按 Ctrl+I",
                "Drop a table of points on the window, or press Ctrl+I",
            ),
        );
        return;
    }
    for point in points {
        let response = ui.add(egui::Button::selectable(
            false,
            (strong(point.name()), note(kind_words(ctx, point))),
        ));
        if response.hovered() {
            ctx.actions.view(ViewAction::Hover(Some(point.id)));
        }
        if response.clicked() {
            ctx.actions.select(point.id);
            ctx.actions.view(ViewAction::ShowRecord(point.id));
        }
        let who: Vec<String> = ["squad", "leader"]
            .iter()
            .map(|key| point.text(key).to_owned())
            .filter(|text| !text.is_empty())
            .collect();
        if !who.is_empty() {
            ui.indent(point.id, |ui| ui.label(note(who.join(" · "))));
        }
    }
    ui.add_space(12.0);
    ui.label(note(ctx.tell(
        "单击地图上的标记查看卡片；单击控制圈列出圈内点位",
        "Click a mark for its card, a ring for what lies inside",
    )));
}

fn level_rank(level: &str) -> usize {
    ControlPointLevel::from_key(level).map_or(9, |level| level as usize)
}
