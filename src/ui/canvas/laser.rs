//! A dot that follows the mouse while D is held, with a short trail: seen across the room, and of
//! no colour that means something on the map.

use std::collections::VecDeque;

use egui::{Id, Key, LayerId, Order, Pos2, Ui};

use crate::ui::ctx::Ctx;

/// How long a place stays in the trail, seconds.
const STAYS_S: f64 = 0.35;
/// Of the dot where letters are of size 1, points: it grows with them.
const RADIUS: f32 = 9.0;

/// The dot with which a speaker points, and its trail.
#[derive(Default)]
pub struct Laser {
    /// When the mouse was there, seconds of the window's clock.
    trail: VecDeque<(f64, Pos2)>,
}

/// Whether somebody points with it: what lies under the dot then keeps its words to itself.
pub fn is_held(context: &egui::Context) -> bool {
    let types = context.egui_wants_keyboard_input();
    context.input(|input| input.key_down(Key::D) && input.modifiers.is_none()) && !types
}

impl Laser {
    /// Paints the dot while its key is held.
    pub fn ui(&mut self, ui: &Ui, ctx: &Ctx<'_>) {
        let (now, at) = ui.input(|input| (input.time, input.pointer.latest_pos()));
        if is_held(ui.ctx())
            && let Some(at) = at
        {
            if self.trail.back().is_none_or(|(_, last)| *last != at) {
                self.trail.push_back((now, at));
            }
        } else {
            self.trail.clear();
        }
        while self.trail.len() > 1 && self.trail.front().is_some_and(|(t, _)| now - t > STAYS_S) {
            self.trail.pop_front();
        }
        let Some((_, at)) = self.trail.back().copied() else { return };
        let layer = LayerId::new(Order::Debug, Id::unique("laser"));
        let painter = ui.ctx().layer_painter(layer);
        let radius = RADIUS * ctx.text_scale();
        let (accent, halo) = (ctx.color(|t| t.accent), ctx.color(|t| t.halo));
        if !ctx.settings.reduced_motion {
            for (since, at) in &self.trail {
                let left = (1.0 - (now - since) / STAYS_S).clamp(0.0, 1.0) as f32;
                let color = accent.gamma_multiply(0.5 * left);
                painter.circle_filled(*at, radius * (0.3 + 0.6 * left), color);
            }
        }
        for (reach, color) in [
            (2.8, accent.gamma_multiply(0.22)),
            (2.1, accent.gamma_multiply(0.35)),
            // Seen on a light ground and on a dark one.
            (1.5, ctx.color(|t| t.ink)),
            (1.35, halo),
            (1.0, accent),
        ] {
            painter.circle_filled(at, radius * reach, color);
        }
        if self.trail.len() > 1 {
            ui.ctx().request_repaint();
        }
    }
}
