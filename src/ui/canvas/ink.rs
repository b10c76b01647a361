//! What the pen draws, until the picture shows it.

use egui::{Align2, FontId, Painter, Pos2, Shape, Stroke, Ui, pos2};
use geo_types::{Coord, Point};
use walkers::Projector;

use super::tools::{Input, PenStroke, Tool};
use crate::domain::{PenForm, Text};

use crate::ui::ctx::Ctx;
use crate::ui::theme::{bold, color};
use crate::ui::widgets::named_text;

/// Of a line, and of what is written, as on the page, page units.
const WIDTH: f32 = 4.0;
const HALO: f32 = 3.0;
const SIZE: f32 = 22.0;
const HEAD: [f32; 2] = [20.0, 10.0];

/// Strokes that a picture of this number does not show yet.
pub fn paint(
    painter: &Painter,
    ctx: &Ctx<'_>,
    projector: &Projector<'_>,
    strokes: &[PenStroke],
    drawn: Option<u64>,
) {
    let scale = ctx.text_scale();
    let is_waiting = |stroke: &&PenStroke| {
        stroke.until.is_none_or(|until| drawn.is_none_or(|drawn| drawn <= until))
    };
    for stroke in strokes.iter().filter(is_waiting) {
        let ink = color(stroke.tone.color(ctx.theme()));
        let halo = ctx.color(|t| t.halo);
        let place = |at: &Coord<f64>| projector.project(Point(*at)).to_pos2();
        let mut points: Vec<Pos2> = stroke.line.iter().map(place).collect();
        match stroke.form {
            PenForm::Text => {
                let Some(at) = points.first() else { continue };
                let font = FontId::new(SIZE * scale, bold());
                painter.text(*at, Align2::LEFT_CENTER, &stroke.text, font, ink);
                continue;
            }
            PenForm::Arrow => head(painter, &mut points, ink, scale),
            PenForm::Freehand | PenForm::Circle => {}
        }
        painter.add(Shape::line(points.clone(), Stroke::new((WIDTH + HALO) * scale, halo)));
        painter.add(Shape::line(points, Stroke::new(WIDTH * scale, ink)));
    }
}

/// The line then ends within the head.
fn head(painter: &Painter, points: &mut [Pos2], ink: egui::Color32, scale: f32) {
    let [.., from, tip] = points else { return };
    let way = *tip - *from;
    if way.length() < 1.0 {
        return;
    }
    let [long, half] = HEAD.map(|side| side * scale);
    let along = way.normalized();
    let (neck, right) = (*tip - along * long, along.rot90() * half);
    let corners = vec![*tip, neck + right, neck - right];
    painter.add(Shape::convex_polygon(corners, ink, Stroke::NONE));
    *tip -= along * long.min(way.length()) * 0.8;
}

/// The line in which words are written on the map; what it says to the tool.
pub fn writing_ui(
    ui: &Ui,
    ctx: &Ctx<'_>,
    projector: &Projector<'_>,
    tool: &mut dyn Tool,
) -> Option<Input> {
    let (at, written) = tool.writing()?;
    let mut text = written.to_owned();
    let place = projector.project(Point(at)).to_pos2();
    let font = FontId::new(SIZE * ctx.text_scale(), bold());
    let high = font.size * 1.3 + 8.0;
    let id = egui::Id::unique("writing on the map");
    let mut said = None;
    egui::Area::new(id)
        .fixed_pos(pos2(place.x - 8.0, place.y - high / 2.0))
        .order(egui::Order::Foreground)
        .fade_in(false)
        .show(ui.ctx(), |ui| {
            let edit = egui::TextEdit::singleline(&mut text)
                .font(font)
                .hint_text(ctx.tell("写在图上", "Write on the map"))
                .desired_width(260.0 * ctx.text_scale());
            let response = ui.add(edit);
            named_text(&response, ctx.say(Text::new("图上文字", "Words on the map")), &text);
            let (enters, leaves) = ui.input(|input| {
                (input.key_pressed(egui::Key::Enter), input.key_pressed(egui::Key::Escape))
            });
            if response.lost_focus() && (enters || leaves) {
                said = Some(if enters { Input::Finish } else { Input::Cancel });
            } else if ui.memory(|memory| memory.focused().is_none()) {
                response.request_focus();
            }
            if response.changed() {
                tool.write(text);
            }
        });
    said
}
