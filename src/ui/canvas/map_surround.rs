//! What lies around the map: scale, datum, attribution, overview, zoom, the draft bar.

use egui::{Align2, Area, FontId, Frame, Order, Rect, Sense, Stroke, TextStyle, Ui, pos2, vec2};
use geo_types::Coord;

use super::room::{OVERVIEW, overview_rect, tool_columns, tools_width};
use super::tools::Tool;
use super::{Canvas, opening_sign};
use crate::basemap::Datum;
use crate::domain::Text;
use crate::geodesy::coordinates::coordinate_text;
use crate::geodesy::mercator::metres_per_px;
use crate::geodesy::wkb::Bounds;
use crate::map::view::world_px_from_wgs84;
use crate::ui::action::{Action, ToolAction, ViewAction};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::drawing::Making;
use crate::ui::parts::words::shown_crs;
use crate::ui::theme::TARGET;
use crate::ui::widgets::{framed, icon, icon_button, named, named_combo, note};

/// Under the bar of the tool in hand at least, points from the top of the map.
const BELOW_BAR: f32 = 68.0;
/// Room for one message of two lines, points.
const MESSAGES: f32 = 72.0;
const TOOL_BAR: &str = "tool bar";

/// Gives back the part of the map that is left for messages.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, rect: Rect, canvas: &Canvas) -> Rect {
    let mut bottom = scale_ui(ui, ctx, rect);
    let tools = buttons_ui(ui, ctx, rect);
    let has_bar = canvas.tool.is_some() || !ctx.drafts.is_empty();
    // As high as it was a frame ago.
    let bar = || ui.ctx().memory(|memory| memory.area_rect(egui::Id::unique(TOOL_BAR)));
    let bar = canvas.tool.as_ref().and_then(|_| bar());
    let bar = bar.map_or(BELOW_BAR, |bar| bar.bottom() - rect.top() + 8.0).max(BELOW_BAR);
    let top = if has_bar { bar } else { 12.0 };
    let mut below_legends = rect.top() + top;
    for overlay in canvas.overlays {
        let legend = overlay.legend_ui(ui, ctx, rect, top);
        below_legends = below_legends.max(legend.map_or(0.0, |legend| legend.bottom() + 8.0));
    }
    if has_overview(ctx, rect) {
        overview_ui(ui, ctx, rect);
    }
    if let Some(tool) = &canvas.tool {
        tool_ui(ui, ctx, (rect, tools), tool.as_ref());
    } else if !ctx.drafts.is_empty() {
        draft_ui(ui, ctx, rect);
    }
    if let Some(place) = ctx.pin {
        pin_ui(ui, ctx, rect, place);
    }
    let problem = ctx.base_problem.as_ref().map(|said| said.say(ctx.lang()));
    if let Some(problem) = problem.or(canvas.pictures.problem.as_deref()) {
        bottom = problem_ui(ui, ctx, rect.with_max_y(bottom), problem);
    }
    if let Some(extent) = ctx.base_elsewhere() {
        bottom = elsewhere_ui(ui, ctx, rect.with_max_y(bottom), extent);
    }
    let is_bare = ctx.known.bounds.is_none() && canvas.tool.is_none();
    if ctx.district.is_some() && !ctx.is_reading() && is_bare {
        start_ui(ui, ctx, rect);
    }
    let top = rect.top() + top;
    opening_sign::ui(ui, ctx, rect, top);
    let right = rect.right() - 12.0 - tools;
    // A legend stays readable under messages, unless the map is too low for both.
    let has_room = bottom - 8.0 - below_legends >= MESSAGES;
    let top = if has_room { below_legends } else { top };
    Rect::from_min_max(pos2(rect.left() + 12.0, top.min(bottom)), pos2(right, bottom - 8.0))
}

/// A pin where a place was looked for, with its coordinates and a cross to take it away.
fn pin_ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect, place: Coord<f64>) {
    let view = ctx.camera.view;
    let off = world_px_from_wgs84(place, ctx.datum) - world_px_from_wgs84(view.center, ctx.datum);
    let off = off * view.zoom.exp2();
    let at = rect.center() + vec2(off.x as f32, off.y as f32);
    if !rect.contains(at) {
        return;
    }
    let painter = ui.painter_at(rect);
    let (ink, halo) = (ctx.color(|t| t.accent), ctx.color(|t| t.halo));
    let tip = at - vec2(0.0, 22.0);
    for (width, color) in [(5.0, halo), (2.0, ink)] {
        painter.line_segment([at, tip], Stroke::new(width, color));
    }
    painter.circle(tip, 7.0, ink, Stroke::new(2.0, halo));
    painter.circle_filled(at, 2.5, ink);
    Area::new(egui::Id::unique("pin"))
        .fixed_pos(tip + vec2(12.0, -14.0))
        .order(Order::Middle)
        .constrain_to(rect)
        .show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).inner_margin(4).show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.label(note(coordinate_text(place, &shown_crs(ctx))));
                    let close = egui::Button::new(icon(lucide_icons::Icon::X));
                    let close = ui.add(close.frame_when_inactive(false));
                    named(&close, ctx.say(Text::new("取下图钉", "Take the pin away")));
                    if close.clicked() {
                        ctx.actions.view(ViewAction::Unpin);
                    }
                });
            });
        });
}

/// What goes wrong with the base map, above the scale; gives back where it begins.
fn problem_ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect, problem: &str) -> f32 {
    let (font, ink) = (FontId::proportional(12.0), ctx.color(|t| t.watch));
    let galley = ui.painter().layout(problem.to_owned(), font, ink, rect.width() * 0.5);
    let at = rect.left_bottom() + vec2(12.0, -13.0);
    let frame = Rect::from_min_size(at - vec2(0.0, galley.size().y), galley.size()).expand(5.0);
    ui.painter().rect_filled(frame, 4.0, ctx.color(|t| t.panel));
    ui.painter().galley(frame.min + vec2(5.0, 5.0), galley, ink);
    frame.top()
}

/// The base map shows nothing of the district: says so, and offers the way to it and back; gives back
/// where it begins.
fn elsewhere_ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect, extent: Bounds) -> f32 {
    let area = Area::new(egui::Id::unique("base elsewhere"))
        .pivot(Align2::LEFT_BOTTOM)
        .fixed_pos(rect.left_bottom() + vec2(8.0, -8.0))
        .order(Order::Middle)
        .constrain_to(rect);
    let shown = area.show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(6).show(ui, |ui| {
            ui.set_max_width((rect.width() - 140.0).clamp(180.0, 460.0));
            ui.horizontal_wrapped(|ui| {
                let words =
                    ctx.tell("底图不覆盖本区域", "The base map does not cover the district");
                ui.label(words);
                let there = Text::new("看底图范围", "Show what it covers");
                if ui.button(ctx.say(there)).clicked() {
                    ctx.actions.view(ViewAction::ShowBounds(extent));
                }
                let back = Text::new("回到本区域", "Back to the district");
                if ui.button(ctx.say(back)).clicked() {
                    ctx.actions.command(Command::Home);
                }
            });
        });
    });
    shown.response.rect.top()
}

/// A district that holds nothing yet says how something comes into it.
fn start_ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect) {
    Area::new(egui::Id::unique("start"))
        .pivot(Align2::CENTER_CENTER)
        .fixed_pos(rect.center())
        .order(Order::Middle)
        .constrain_to(rect)
        .show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).inner_margin(16).show(ui, |ui| {
                ui.set_max_width((rect.width() - 160.0).clamp(200.0, 420.0));
                ui.vertical_centered(|ui| {
                    ui.heading(if ctx.world().is_empty() {
                        ctx.tell("这个区域还没有数据", "This district is empty")
                    } else {
                        ctx.tell("图上还没有内容", "Nothing is on the map yet")
                    });
                    ui.label(ctx.tell(
                        "把点位表、道路等文件（Excel、CSV、GeoJSON、KML、Shapefile…）拖到窗口上，\
                         或从 Excel 复制后按 Ctrl+V",
                        "Drop tables of places, roads and so on (Excel, CSV, GeoJSON, KML, \
                         Shapefile…) on the window, or paste rows from Excel with Ctrl+V",
                    ));
                    ui.add_space(6.0);
                    for command in [Command::Import, Command::Setup, Command::Sample] {
                        if ui.button(ctx.say(command.about().words)).clicked() {
                            ctx.actions.command(command);
                        }
                    }
                });
            });
        });
}

/// A round length of at most 140 points, with the datum and who made the base map; gives back where
/// it begins.
fn scale_ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect) -> f32 {
    let size = if ctx.is_big { 22.0 } else { 12.0 };
    let metres = metres_per_px(ctx.camera.view.center.y, ctx.camera.view.zoom);
    let most = 140.0 * metres;
    let power = 10_f64.powf(most.log10().floor());
    let length =
        [5.0, 2.0, 1.0].into_iter().map(|n| n * power).find(|n| *n <= most).unwrap_or(power);
    let width = (length / metres) as f32;
    let ink = ctx.color(|t| t.ink);
    let painter = ui.painter_at(rect);
    let base = rect.left_bottom() + vec2(16.0, -16.0);
    let halo = ctx.color(|t| t.halo);
    let text =
        if length >= 1000.0 { format!("{} km", length / 1000.0) } else { format!("{length} m") };
    let datum = match ctx.datum {
        Datum::Gcj02 => ctx.tell("GCJ-02 底图", "GCJ-02 base map"),
        Datum::Wgs84 | Datum::Bd09 => "WGS-84".to_owned(),
    };
    let words = [text, datum, ctx.base_credit.clone()]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join("  ·  ");
    let galley = painter.layout_no_wrap(words, FontId::proportional(size), ink);
    let frame = Rect::from_min_max(
        pos2(base.x - 6.0, base.y - galley.size().y - 10.0),
        pos2(base.x + galley.size().x.max(width) + 6.0, base.y + 5.0),
    );
    painter.rect_filled(frame, 4.0, halo);
    painter.galley(pos2(base.x, base.y - galley.size().y - 7.0), galley, ink);
    let stroke = Stroke::new(2.0, ink);
    painter.line_segment([base, base + vec2(width, 0.0)], stroke);
    for x in [0.0, width] {
        painter.line_segment([base + vec2(x, 0.0), base + vec2(x, -5.0)], stroke);
    }
    frame.top()
}

/// The tools of the map, in as many columns as its height asks for: none is cut. Gives back how wide
/// they are, points.
fn buttons_ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect) -> f32 {
    if ctx.is_big {
        return 0.0;
    }
    let buttons = buttons(ctx);
    let columns = tool_columns(rect.height(), buttons.len());
    let rows = buttons.len().div_ceil(columns);
    Area::new(egui::Id::unique("map buttons"))
        .pivot(Align2::RIGHT_TOP)
        .fixed_pos(rect.right_top() + vec2(-12.0, 12.0))
        .order(Order::Middle)
        .show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).inner_margin(2).shadow(egui::Shadow::NONE).show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
                ui.horizontal_top(|ui| {
                    for column in buttons.chunks(rows) {
                        ui.vertical(|ui| {
                            for (command, is_enabled) in column {
                                icon_button(ui, ctx, *command, *is_enabled);
                            }
                        });
                    }
                });
            });
        });
    tools_width(rect.height(), buttons.len())
}

fn buttons(ctx: &Ctx<'_>) -> Vec<(Command, bool)> {
    let is_open = ctx.district.is_some();
    let is_one = ctx.selected().is_some_and(|record| record.geometry.is_some());
    let mut buttons = vec![
        (Command::ZoomIn, true),
        (Command::ZoomOut, true),
        (Command::Home, true),
        (Command::ViewBack, ctx.camera.can_go_back()),
        (Command::ViewForward, ctx.camera.can_go_forward()),
        (Command::Bookmark, is_open),
        (Command::Select, is_open),
        (Command::DrawPoint, is_open),
        (Command::DrawLine, is_open),
        (Command::DrawArea, is_open),
        (Command::Measure, is_open),
        (Command::EditShape, is_one),
    ];
    if ctx.meeting.is_open {
        buttons.push((Command::Pen, is_open));
    }
    buttons
}

/// Whether the district in small stands in the corner of the map.
pub fn has_overview(ctx: &Ctx<'_>, rect: Rect) -> bool {
    let is_wanted = ctx.settings.overview && !ctx.is_presenting();
    is_wanted && !ctx.known.outline.is_empty() && rect.height() > 560.0
}

/// The district in small, and the part of it that is on the screen; a click goes there.
fn overview_ui(ui: &mut Ui, ctx: &Ctx<'_>, rect: Rect) {
    let frame = overview_rect(rect);
    let response = ui.interact(frame, ui.scope_id().with("overview"), Sense::click_and_drag());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::Role::Button,
            true,
            ctx.say(Text::new("概览图", "Overview")),
        )
    });
    let painter = ui.painter_at(frame);
    framed(&painter, ctx, frame, 6.0, ctx.color(|t| t.panel));
    let Some((middle, scale)) = fit(ctx, OVERVIEW) else { return };
    let to_screen = |at: Coord<f64>| {
        let off = (at - middle) * scale;
        frame.center() + vec2(off.x as f32, off.y as f32)
    };
    for ring in &ctx.known.outline_px {
        let points = ring.iter().map(|at| to_screen(*at)).collect();
        painter.line(points, Stroke::new(1.2, ctx.color(|t| t.muted)));
    }
    let half = rect.size() / 2.0;
    let zoom = ctx.camera.view.zoom.exp2();
    let here = world_px_from_wgs84(ctx.camera.view.center, Datum::Wgs84);
    let corner = |sign: f32| {
        let off = (here - middle
            + Coord { x: f64::from(half.x * sign), y: f64::from(half.y * sign) } / zoom)
            * scale;
        frame.center() + vec2(off.x as f32, off.y as f32)
    };
    let window = Rect::from_min_max(corner(-1.0), corner(1.0));
    let shown = Rect::from_center_size(window.center(), window.size().max(vec2(5.0, 5.0)));
    let accent = ctx.color(|t| t.accent);
    painter.rect(
        shown,
        1.0,
        accent.gamma_multiply(0.12),
        Stroke::new(1.5, accent),
        egui::StrokeKind::Middle,
    );
    if let Some(at) = response.interact_pointer_pos() {
        let off = (at - frame.center()) / scale as f32;
        let place = crate::map::view::wgs84_from_world_px(
            middle + Coord { x: f64::from(off.x), y: f64::from(off.y) },
            Datum::Wgs84,
        );
        ctx.actions.view(ViewAction::Center(place));
    }
}

fn bar(ui: &Ui, rect: Rect, id: &str, add: impl FnOnce(&mut Ui)) {
    Area::new(egui::Id::unique(id))
        .pivot(Align2::CENTER_TOP)
        .fixed_pos(rect.center_top() + vec2(0.0, 12.0))
        .order(Order::Middle)
        .show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).shadow(egui::Shadow::NONE).show(ui, add);
        });
}

/// More switches than this take a row of their own where the map is narrower than this, points.
const FEW: usize = 4;
const WIDE: f32 = 900.0;

/// The tool in hand, what it will make, and what to do now. `tools_width` is that of the buttons at the
/// right, points.
fn tool_ui(ui: &Ui, ctx: &Ctx<'_>, (map, tools_width): (Rect, f32), tool: &dyn Tool) {
    let words = format!("{} · {}", ctx.say(tool.name()), tool.hint(ctx));
    let (font, ink) = (TextStyle::Body.resolve(ui.style()), ctx.color(|t| t.accent));
    let width = ui.painter().layout_no_wrap(words.clone(), font, ink).size().x;
    // Where a button or two beside them have no room the words stand above, clear of the buttons.
    let is_long = width > map.width() - 24.0 - 4.0 * TARGET;
    let rect = if is_long { map.with_max_x(map.right() - tools_width) } else { map };
    bar(ui, rect, TOOL_BAR, |ui| {
        let scale = ctx.text_scale();
        let needs_row = tool.switches().len() > FEW && rect.width() < WIDE * scale;
        if is_long {
            ui.set_max_width(rect.width() - 24.0);
            ui.colored_label(ink, words.as_str());
        }
        ui.horizontal(|ui| {
            if !is_long {
                ui.colored_label(ink, words);
            }
            if let Some(now) = tool.making() {
                making_ui(ui, ctx, tool, now);
            }
            if !needs_row {
                switches_ui(ui, ctx, tool);
            }
            if tool.snaps() {
                icon_button(ui, ctx, Command::Snap, true);
            }
            icon_button(ui, ctx, Command::Select, true);
            // What was just put aside can be taken up without laying the tool down.
            if tool.unfinished().is_none() && !ctx.drafts.is_empty() {
                recover_ui(ui, ctx);
            }
        });
        if needs_row {
            ui.horizontal(|ui| switches_ui(ui, ctx, tool));
        }
    });
}

fn switches_ui(ui: &mut Ui, ctx: &Ctx<'_>, tool: &dyn Tool) {
    for (number, switch) in tool.switches().into_iter().enumerate() {
        let words = ctx.say(switch.words);
        let text = match switch.tone {
            Some(tone) => {
                let ink = crate::ui::theme::color(tone.color(ctx.theme()));
                egui::RichText::new(format!("● {words}")).color(ink)
            }
            None => egui::RichText::new(words),
        };
        let mut button = ui.add(egui::Button::selectable(switch.is_on, text));
        named(&button, words);
        if let Some(key) = switch.key {
            button = button.on_hover_text(format!("{words}  {}", key.name()));
        }
        if button.clicked() {
            ctx.actions.send(Action::Tool(ToolAction::Switch(number)));
        }
    }
}

fn making_ui(ui: &mut Ui, ctx: &Ctx<'_>, tool: &dyn Tool, now: Making) {
    let name = ctx.say(Text::new("画成", "Draw it as"));
    let chosen = ctx.say(now.words());
    let combo = egui::ComboBox::from_id_salt("making").selected_text(chosen).width(120.0).show_ui(
        ui,
        |ui| {
            let mut last = None;
            for making in tool.makings() {
                if last != Some(making.kind) {
                    ui.label(note(ctx.say(making.kind.label())));
                    last = Some(making.kind);
                }
                if ui.selectable_label(making == now, ctx.say(making.words())).clicked() {
                    ctx.actions.send(Action::Tool(ToolAction::Make(making)));
                }
            }
        },
    );
    named_combo(&combo.response, name, chosen);
}

/// Unfinished work waits until somebody takes it up or throws it away.
fn draft_ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect) {
    bar(ui, rect, "draft bar", |ui| {
        ui.horizontal(|ui| {
            let count = ctx.drafts.len();
            ui.label(if count > 1 {
                ctx.tell(format!("有 {count} 份未完成的草图"), format!("{count} unfinished drafts"))
            } else {
                ctx.tell("有未完成的草图", "There is an unfinished draft")
            });
            recover_ui(ui, ctx);
            if ui.button(note(ctx.say(Command::CloseDraft.about().words))).clicked() {
                ctx.actions.send(Action::Command(Command::CloseDraft));
            }
        });
    });
}

fn recover_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    if ui.button(ctx.say(Command::Drafts.about().words)).clicked() {
        ctx.actions.command(Command::Drafts);
    }
}

/// The middle of the outline, pixels of the world, and how many points one of them takes.
fn fit(ctx: &Ctx<'_>, size: egui::Vec2) -> Option<(Coord<f64>, f64)> {
    let mut places = ctx.known.outline_px.iter().flatten().copied();
    let first = places.next()?;
    let (min, max) = places.fold((first, first), |(min, max), at| {
        (
            Coord { x: min.x.min(at.x), y: min.y.min(at.y) },
            Coord { x: max.x.max(at.x), y: max.y.max(at.y) },
        )
    });
    let across = |room: f32, extent: f64| f64::from(room - 16.0) / extent.max(1e-9);
    let scale = across(size.x, max.x - min.x).min(across(size.y, max.y - min.y));
    Some(((min + max) / 2.0, scale))
}
