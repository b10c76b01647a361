//! Roses and the polar surface, painted.

use egui::{
    Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Sense, Shape, Stroke, TextStyle, Ui, Vec2,
    pos2, vec2,
};

use super::{Figures, SPEEDS_M_S};
use crate::analysis::air::Level;
use crate::analysis::air::wind::{PolarSurface, Rose, Sector};
use crate::ui::ctx::Ctx;
use crate::ui::parts::air::{level_color, number_words};
use crate::ui::widgets::named;

/// A rose with its classes in words and colours.
pub struct Shown<'r> {
    title: String,
    rose: &'r Rose,
    classes: Vec<(String, Color32)>,
}

fn class_names(edges: &[f64]) -> Vec<String> {
    let mut names = vec![edges.first().map_or_else(String::new, |it| format!("<{it}"))];
    names.extend(edges.windows(2).map(|pair| format!("{}–{}", pair[0], pair[1])));
    names.extend(edges.last().map(|it| format!("≥{it}")));
    names
}

/// How often the wind comes from where, by speed.
pub fn of_wind<'r>(ctx: &Ctx<'_>, made: &'r Figures) -> Shown<'r> {
    let calm = ctx.color(|t| t.calm);
    let tones = [0.35, 0.55, 0.78, 1.0].map(|tone| calm.gamma_multiply(tone));
    let title = ctx.tell("风玫瑰，m/s", "Wind rose, m/s");
    Shown {
        title,
        rose: &made.winds,
        classes: class_names(&SPEEDS_M_S).into_iter().zip(tones).collect(),
    }
}

/// The same by what was measured.
pub fn of_pollution<'r>(ctx: &Ctx<'_>, made: &'r Figures) -> Shown<'r> {
    let colors = Level::ALL.map(level_color);
    let (symbol, unit) = (ctx.air.quantity.symbol(), ctx.air.quantity.unit());
    let of = format!("{symbol} {unit}");
    let of = of.trim_end();
    let title = ctx.tell(format!("污染玫瑰，{of}"), format!("Pollution rose, {of}"));
    Shown {
        title,
        rose: &made.pollution,
        classes: class_names(&made.edges).into_iter().zip(colors).collect(),
    }
}

fn toward(center: Pos2, deg: f64, length: f32) -> Pos2 {
    let (sin, cos) = (deg as f32).to_radians().sin_cos();
    center + vec2(sin, -cos) * length
}

/// Height of a line of text by the size of its font, so that the north is not written over the title.
const LINE: f32 = 1.5;

/// The room of a figure below its title: centre and radius.
fn disc(rect: Rect, line: f32) -> (Pos2, f32) {
    let room = Rect::from_min_max(rect.min + vec2(0.0, line), rect.max - vec2(0.0, line * 1.2));
    (room.center(), (room.width().min(room.height()) / 2.0 - line).max(10.0))
}

fn compass(painter: &Painter, ctx: &Ctx<'_>, center: Pos2, radius: f32, font: &FontId) {
    let (line, muted) = (ctx.color(|t| t.line), ctx.color(|t| t.muted));
    for part in [0.5, 1.0] {
        painter.circle_stroke(center, radius * part, Stroke::new(1.0, line));
    }
    for (at, sector) in Sector::all().enumerate().filter(|(at, _)| at % 4 == 0) {
        let deg = sector.center_deg();
        painter.line_segment([center, toward(center, deg, radius)], Stroke::new(1.0, line));
        let align =
            [Align2::CENTER_BOTTOM, Align2::LEFT_CENTER, Align2::CENTER_TOP, Align2::RIGHT_CENTER]
                [at / 4];
        let words = ctx.say(sector.name());
        painter.text(toward(center, deg, radius + 2.0), align, words, font.clone(), muted);
    }
}

/// Petals by share of hours, class over class.
pub fn rose_ui(ui: &mut Ui, ctx: &Ctx<'_>, size: Vec2, shown: &Shown<'_>) {
    let font: FontId = TextStyle::Small.resolve(ui.style());
    let (response, painter) = ui.allocate_painter(size, Sense::hover());
    named(&response, &shown.title);
    let rect = response.rect;
    let (ink, muted) = (ctx.color(|t| t.ink), ctx.color(|t| t.muted));
    painter.text(rect.center_top(), Align2::CENTER_TOP, &shown.title, font.clone(), ink);
    let (center, radius) = disc(rect, font.size * LINE);
    let rose = shown.rose;
    let hours = f64::from(rose.hours().max(1));
    let count =
        |sector: Sector| -> u32 { (0..rose.classes()).map(|it| rose.count(sector, it)).sum() };
    let most = f64::from(Sector::all().map(count).max().unwrap_or(1).max(1));
    compass(&painter, ctx, center, radius, &font);
    let half = 180.0 / Sector::COUNT as f64 * 0.86;
    for sector in Sector::all() {
        let mut inner = 0.0;
        for (class, (_, color)) in shown.classes.iter().enumerate().take(rose.classes()) {
            let share = f64::from(rose.count(sector, class)) / most;
            let outer = inner + share;
            if share > 0.0 {
                let deg = sector.center_deg();
                wedge(&painter, center, radius, (deg - half, deg + half, inner, outer), *color);
            }
            inner = outer;
        }
    }
    let percent = most / hours * 100.0;
    let at = toward(center, 22.5, radius);
    painter.text(at, Align2::LEFT_BOTTOM, format!("{percent:.0}%"), font.clone(), muted);
    let words = ctx.tell(
        format!("n={}，静风 {}，不定 {}", rose.hours(), rose.calm, rose.varying),
        format!("n={}, calm {}, varying {}", rose.hours(), rose.calm, rose.varying),
    );
    key(&painter, ctx, rect, &shown.classes, &words, &font);
}

/// Part of a ring between two directions and two shares of the radius.
fn wedge(
    painter: &Painter,
    center: Pos2,
    radius: f32,
    (from, to, inner, outer): (f64, f64, f64, f64),
    color: Color32,
) {
    let steps = 6;
    let deg = |at: i32| from + (to - from) * f64::from(at) / f64::from(steps);
    let (inner, outer) = (inner as f32 * radius, outer as f32 * radius);
    let mut mesh = Mesh::default();
    for at in 0..=steps {
        mesh.colored_vertex(toward(center, deg(at), inner), color);
        mesh.colored_vertex(toward(center, deg(at), outer), color);
    }
    for at in 0..steps as u32 {
        mesh.add_triangle(2 * at, 2 * at + 1, 2 * at + 2);
        mesh.add_triangle(2 * at + 1, 2 * at + 3, 2 * at + 2);
    }
    painter.add(Shape::mesh(mesh));
}

/// What the colours mean, at the left, and below how many hours there are.
fn key(
    painter: &Painter,
    ctx: &Ctx<'_>,
    rect: Rect,
    classes: &[(String, Color32)],
    words: &str,
    font: &FontId,
) {
    let (ink, muted) = (ctx.color(|t| t.ink), ctx.color(|t| t.muted));
    let step = font.size + 3.0;
    for (at, (name, color)) in classes.iter().enumerate() {
        let corner = pos2(rect.left() + 2.0, rect.top() + step * (at as f32 + 1.2));
        let patch = Rect::from_min_size(corner, vec2(font.size, font.size));
        painter.rect_filled(patch, 2.0, *color);
        let at = pos2(patch.right() + 4.0, patch.center().y);
        painter.text(at, Align2::LEFT_CENTER, name, font.clone(), ink);
    }
    painter.text(rect.center_bottom(), Align2::CENTER_BOTTOM, words, font.clone(), muted);
}

/// From the lowest to the highest value, dark for high: colours of no level.
const RAMP: [Color32; 4] = [
    Color32::from_rgb(0xFD, 0xF0, 0xC2),
    Color32::from_rgb(0xF3, 0xA6, 0x4C),
    Color32::from_rgb(0xC8, 0x3E, 0x2D),
    Color32::from_rgb(0x5A, 0x12, 0x34),
];

fn ramp(share: f64) -> Color32 {
    let place = share.clamp(0.0, 1.0) * (RAMP.len() - 1) as f64;
    let at = (place as usize).min(RAMP.len() - 2);
    RAMP[at].lerp_to_gamma(RAMP[at + 1], (place - at as f64) as f32)
}

/// The mean over direction and speed; a cell of too few hours is left out.
#[expect(clippy::too_many_lines, reason = "a figure from the ground up")]
pub fn polar_ui(ui: &mut Ui, ctx: &Ctx<'_>, size: Vec2, polar: &PolarSurface) {
    let font: FontId = TextStyle::Small.resolve(ui.style());
    let (response, painter) = ui.allocate_painter(size, Sense::hover());
    let title =
        ctx.tell("来向图：半径是风速，不是距离", "By wind: the radius is speed, no distance");
    named(&response, &title);
    let rect = response.rect;
    let ink = ctx.color(|t| t.ink);
    painter.text(rect.center_top(), Align2::CENTER_TOP, &title, font.clone(), ink);
    let (center, radius) = disc(rect, font.size * LINE);
    compass(&painter, ctx, center, radius, &font);
    let grid = polar.grid;
    let cells = (0..grid.speeds).flat_map(|s| (0..grid.directions).map(move |d| (d, s)));
    let values = cells.clone().filter_map(|(d, s)| polar.cell(d, s).value);
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let half = 180.0 / grid.directions as f64;
    let mut mesh = Mesh::default();
    for (direction, speed) in cells {
        let Some(value) = polar.cell(direction, speed).value else { continue };
        let color = ramp((value - low) / (high - low).max(1e-9));
        let deg = grid.direction_deg(direction);
        let inner = speed as f32 / grid.speeds as f32 * radius;
        let outer = (speed as f32 + 1.05) / grid.speeds as f32 * radius;
        let first = mesh.vertices.len() as u32;
        for (deg, length) in
            [(deg - half, inner), (deg + half, inner), (deg + half, outer), (deg - half, outer)]
        {
            mesh.colored_vertex(toward(center, deg, length), color);
        }
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first, first + 2, first + 3);
    }
    painter.add(Shape::mesh(mesh));
    for part in [0.5, 1.0_f32] {
        let speed = grid.max_speed_m_s * f64::from(part);
        let at = toward(center, 135.0, radius * part);
        let words = painter.layout_no_wrap(format!("{speed:.1} m/s"), font.clone(), ink);
        let behind = Rect::from_min_size(at, words.size()).expand2(vec2(2.0, 0.0));
        painter.rect_filled(behind, 2.0, ctx.color(|t| t.panel).gamma_multiply(0.8));
        painter.galley(at, words, ink);
    }
    let quantity = ctx.air.quantity;
    let classes: Vec<(String, Color32)> = if low.is_finite() {
        [1.0, 2.0 / 3.0, 1.0 / 3.0, 0.0]
            .map(|share| (number_words(quantity, low + (high - low) * share), ramp(share)))
            .to_vec()
    } else {
        Vec::new()
    };
    let least = PolarSurface::LEAST;
    let without = polar.without_direction;
    let words = ctx.tell(
        format!("少于 {least} 小时的格不画；无风向 {without} 小时"),
        format!(
            "cells of fewer than {least} hours are left out; {without} hours without a direction"
        ),
    );
    key(&painter, ctx, rect, &classes, &words, &font);
    let hovered = response.hover_pos().map(|at| at - center);
    let Some(off) = hovered.filter(|off| off.length() < radius) else { return };
    response.on_hover_text_at_pointer(cell_words(ctx, polar, off, radius));
}

/// What the cell at this offset from the centre says.
fn cell_words(ctx: &Ctx<'_>, polar: &PolarSurface, off: Vec2, radius: f32) -> String {
    let (grid, quantity) = (polar.grid, ctx.air.quantity);
    let deg = f64::from(off.x.atan2(-off.y).to_degrees()).rem_euclid(360.0);
    let direction = (deg / (360.0 / grid.directions as f64)).round() as usize % grid.directions;
    let speed = ((off.length() / radius * grid.speeds as f32) as usize).min(grid.speeds - 1);
    let cell = polar.cell(direction, speed);
    let value = cell.value.map_or_else(
        || ctx.tell("小时太少", "too few hours"),
        |value| format!("{} {}", number_words(quantity, value), quantity.unit()),
    );
    let at = grid.speed_m_s(speed);
    let n = cell.n;
    ctx.tell(
        format!("{deg:.0}° {at:.1} m/s：{value}（n={n}）"),
        format!("{deg:.0}° {at:.1} m/s: {value} (n={n})"),
    )
}
