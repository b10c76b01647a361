//! The tool in hand: what the pointer and the keys say to it, and what it shows of its draft.

use egui::{Align2, Color32, FontId, Painter, Pos2, Response, Shape, Stroke, Ui, vec2};
use geo_types::{Coord, Geometry, Point};
use walkers::Projector;

use super::shapes::lines_of;
use super::tools::{Draft, Input, Spot, Tool};
use super::{Canvas, ink, label, snap};
use crate::ui::action::{Action, PlannerAction, ToolAction};
use crate::ui::ctx::Ctx;
use crate::ui::typing::types;

const DASH: f32 = 9.0;
/// Of a waypoint with its number, points.
const NUMBERED: f32 = 8.5;

impl Canvas {
    /// Feeds pointer and keys to the tool in hand, and paints its draft.
    pub(super) fn tool_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        response: &Response,
        projector: &Projector<'_>,
        painter: &Painter,
    ) {
        let Some(tool) = &mut self.tool else { return };
        ui.set_cursor_icon(egui::CursorIcon::Crosshair);
        let spot = spot(ui, ctx, response, projector, tool.as_ref());
        let mut wishes = Vec::new();
        // A drag is known only some points after it began: what it takes lies where it began.
        let origin = ui.input(|input| input.pointer.press_origin());
        let pressed = origin.map(|at| spot_at(ui, ctx, projector, tool.as_ref(), at));
        let mut inputs = inputs(ui, response, spot, pressed.or(spot));
        if tool.takes_every_move() {
            inputs = with_every_move(ui, ctx, projector, tool.as_ref(), inputs);
        }
        inputs.extend(ink::writing_ui(ui, ctx, projector, tool.as_mut()));
        for input in inputs {
            wishes.extend(tool.on(input, ctx));
        }
        wishes.extend(switched(ui, tool.as_ref()));
        if let Some(spot) = spot {
            snap::mark(painter, ctx, projector, spot);
        }
        let live = tool.live(ctx);
        if !is_same(live.as_ref(), ctx.planner.draft.as_ref()) {
            ctx.actions.planner(PlannerAction::Draft(live));
        }
        let draft = tool.draft(ctx);
        paint_draft(painter, ctx, projector, &draft, spot);
        ink::paint(painter, ctx, projector, &draft.pen, self.pictures.serial());
        let unfinished = tool.unfinished();
        if unfinished != self.kept {
            self.kept.clone_from(&unfinished);
            ctx.actions.send(Action::Tool(ToolAction::KeepDraft(unfinished)));
        }
        for wish in wishes {
            ctx.actions.send(wish);
        }
    }
}

/// A slow screen shows few frames of a quick hand: between two of them it was in more places.
fn with_every_move(
    ui: &Ui,
    ctx: &Ctx<'_>,
    projector: &Projector<'_>,
    tool: &dyn Tool,
    inputs: Vec<Input>,
) -> Vec<Input> {
    let moves: Vec<Pos2> = ui.input(|input| {
        let moved = input.events.iter().filter_map(|event| match event {
            egui::Event::PointerMoved(at) => Some(*at),
            _ => None,
        });
        moved.collect()
    });
    let all = inputs.into_iter().flat_map(|input| {
        let between = if matches!(input, Input::Drag(_)) { &moves[..] } else { &[] };
        let drags = between.iter().map(|at| Input::Drag(spot_at(ui, ctx, projector, tool, *at)));
        drags.chain(std::iter::once(input)).collect::<Vec<_>>()
    });
    all.collect()
}

/// Switches of the tool by their keys.
fn switched(ui: &Ui, tool: &dyn Tool) -> Vec<Action> {
    if types(ui.ctx()) {
        return Vec::new();
    }
    let keys = tool.switches().into_iter().enumerate().filter_map(|(n, s)| Some((n, s.key?)));
    ui.input(|input| {
        let is_alone = input.modifiers.is_none();
        let pressed = keys.filter(|(_, key)| is_alone && input.key_pressed(*key));
        pressed.map(|(number, _)| Action::Tool(ToolAction::Switch(number))).collect()
    })
}

fn is_same<T>(one: Option<&std::sync::Arc<T>>, other: Option<&std::sync::Arc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => std::sync::Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

fn spot(
    ui: &Ui,
    ctx: &Ctx<'_>,
    response: &Response,
    projector: &Projector<'_>,
    tool: &dyn Tool,
) -> Option<Spot> {
    let at = response.interact_pointer_pos().or_else(|| response.hover_pos())?;
    Some(spot_at(ui, ctx, projector, tool, at))
}

fn spot_at(ui: &Ui, ctx: &Ctx<'_>, projector: &Projector<'_>, tool: &dyn Tool, at: Pos2) -> Spot {
    let (is_free, takes_all) = ui.input(|input| (input.modifiers.shift, input.modifiers.alt));
    let is_free = is_free || !tool.snaps() || !ctx.settings.snaps;
    let spot = snap::spot(ctx, projector, at, is_free);
    tool.snap(Spot { takes_all, ..spot }, ctx)
}

fn inputs(ui: &Ui, response: &Response, spot: Option<Spot>, pressed: Option<Spot>) -> Vec<Input> {
    let mut inputs = Vec::new();
    if let Some(spot) = spot {
        let is_panning = ui.input(|input| input.key_down(egui::Key::Space));
        inputs.push(Input::Move(spot));
        if response.drag_started_by(egui::PointerButton::Primary) && !is_panning {
            inputs.push(Input::Press(pressed.unwrap_or(spot)));
        }
        if response.dragged_by(egui::PointerButton::Primary) && !is_panning {
            inputs.push(Input::Drag(spot));
        }
        if response.drag_stopped_by(egui::PointerButton::Primary) {
            inputs.push(Input::Release(spot));
        }
        if response.clicked() {
            inputs.push(Input::Click(spot));
        }
        if response.secondary_clicked() {
            inputs.push(Input::Secondary(spot));
        }
    }
    if spot.is_none() {
        inputs.push(Input::Leave);
    }
    if types(ui.ctx()) {
        return inputs;
    }
    ui.input(|input| {
        let pressed = |key| input.key_pressed(key);
        inputs.extend(pressed(egui::Key::Enter).then_some(Input::Finish));
        inputs.extend(pressed(egui::Key::Escape).then_some(Input::Cancel));
        inputs.extend(pressed(egui::Key::Backspace).then_some(Input::Back));
    });
    inputs
}

fn paint_draft(
    painter: &Painter,
    ctx: &Ctx<'_>,
    projector: &Projector<'_>,
    draft: &Draft,
    spot: Option<Spot>,
) {
    let project = |at: Coord<f64>| projector.project(Point(at)).to_pos2();
    let on_screen = |line: &[Coord<f64>]| line.iter().map(|at| project(*at)).collect::<Vec<_>>();
    let color = if draft.is_detour { ctx.color(|t| t.calm) } else { ctx.color(|t| t.accent) };
    if let Some(line) = &draft.highlight {
        let halo = Stroke::new(9.0, ctx.color(|t| t.accent).gamma_multiply(0.35));
        painter.add(Shape::line(on_screen(&line.0), halo));
    }
    if let Some(shape) = &draft.shape {
        if let Geometry::Polygon(polygon) = shape {
            painter.add(Shape::Path(egui::epaint::PathShape {
                points: on_screen(&polygon.exterior().0),
                closed: true,
                fill: color.gamma_multiply(0.12),
                stroke: Stroke::NONE.into(),
            }));
        }
        lines_of(shape, &mut |line| {
            if draft.is_detour {
                painter.line(on_screen(line), Stroke::new(7.0, ctx.color(|t| t.halo)));
                let dashes = Stroke::new(4.0, color);
                painter.extend(Shape::dashed_line(&on_screen(line), dashes, DASH, DASH * 0.6));
            } else {
                // Over the roads of the planner, which are wide and of all colours.
                painter.line(on_screen(line), Stroke::new(5.5, ctx.color(|t| t.halo)));
                painter.line(on_screen(line), Stroke::new(2.5, color));
            }
        });
    }
    for middle in &draft.middles {
        painter.circle_filled(project(*middle), 3.5, ctx.color(|t| t.muted));
    }
    for (number, (at, is_snapped)) in (1..).zip(&draft.vertices) {
        waypoint(painter, ctx, project(*at), *is_snapped, draft.is_numbered.then_some(number));
    }
    if let (Some(spot), false) = (spot, draft.note.is_empty()) {
        let at = project(spot.at) + vec2(16.0, 16.0);
        label(painter, ctx, at, &draft.note, painter.clip_rect());
    }
}

/// Red where it is snapped, blue where it is free.
fn waypoint(painter: &Painter, ctx: &Ctx<'_>, at: Pos2, is_snapped: bool, number: Option<usize>) {
    let fill = if is_snapped { ctx.color(|t| t.act) } else { ctx.color(|t| t.calm) };
    let edge = Stroke::new(1.5, Color32::WHITE);
    let Some(number) = number else {
        painter.circle(at, 5.5, fill, edge);
        return;
    };
    painter.circle(at, NUMBERED, fill, edge);
    let font = FontId::new(if number < 100 { 11.0 } else { 8.0 }, crate::ui::theme::bold());
    let ink = if ctx.is_dark { ctx.color(|t| t.ground) } else { Color32::WHITE };
    painter.text(at, Align2::CENTER_CENTER, number.to_string(), font, ink);
}
