//! The picture of our own layers: drawn in the background, moved by the hand as one texture.
//!
//! A frame while panning costs one textured rectangle however many records there are, on a GPU or
//! without one. When the map rests, or the picture no longer covers it, a new one is drawn.

use std::sync::Arc;

use egui::{ColorImage, Rect, TextureHandle, TextureOptions, pos2, vec2};

use super::{cpu_blit, room};
use crate::basemap::Datum;
use crate::map::live::{Ask, Cluster};
use crate::map::view::{Frame, View, world_px_from_wgs84};
use crate::ui::action::{Drawn, Painted, PictureAsked};

/// The picture that is shown, and the one that is awaited.
#[derive(Default)]
pub struct Pictures {
    shown: Option<Held>,
    wanted: Option<PictureAsked>,
    /// When it was asked for, seconds of the window's clock.
    asked_at: f64,
    pub problem: Option<String>,
    /// Without a GPU a pixel for a pixel is painted in a fraction of the time; a picture that is
    /// being zoomed looks coarse until the next one is there.
    pub uses_cpu: bool,
}

enum Pixels {
    Texture(TextureHandle),
    Image(Arc<ColorImage>),
}

struct Held {
    pixels: Pixels,
    /// Markers and names, where lines go between.
    over: Option<Pixels>,
    asked: PictureAsked,
    /// Points at the asked zoom.
    size: egui::Vec2,
    clusters: Arc<[Cluster]>,
    is_opaque: bool,
}

/// How much more than the screen is drawn on each side, so that a small push shows no bare edge.
pub const MARGIN: f32 = 0.12;
/// As many tools as there ever are at the right edge of the map, which cover what lies below them.
const MOST_TOOLS: usize = 13;
/// The hand rests when the view has not changed for so long, seconds.
const REST_S: f64 = 0.08;
/// While it moves and the edge is bare, a new picture is drawn no oftener than this, seconds.
const WHILE_MOVING_S: f64 = 0.4;

impl Pictures {
    /// Whether a picture should be drawn now; marks it as asked for.
    pub fn wants(
        &mut self,
        now: &PictureAsked,
        time_s: f64,
        moved_at_s: f64,
        is_busy: bool,
    ) -> bool {
        let is_wanted = self.is_due(now, time_s, moved_at_s, is_busy);
        if is_wanted {
            self.wanted = Some(now.clone());
            self.asked_at = time_s;
        }
        is_wanted
    }

    fn is_due(&self, now: &PictureAsked, time_s: f64, moved_at_s: f64, is_busy: bool) -> bool {
        let have = self.wanted.as_ref().or_else(|| self.shown.as_ref().map(|held| &held.asked));
        let Some(have) = have else { return true };
        if have == now {
            return false;
        }
        let is_same_but_view = PictureAsked { view: now.view, ..have.clone() } == *now;
        if !is_same_but_view {
            return !is_busy || time_s - self.asked_at >= REST_S;
        }
        // Without a GPU the drawing and the moving share the same cores: the hand comes first.
        let is_bare = !covers(have, now) && !is_busy && time_s - self.asked_at >= WHILE_MOVING_S;
        is_bare || time_s - moved_at_s >= REST_S
    }

    /// A picture has come from its job and is shown; or the job says why there is none.
    pub fn take(&mut self, context: &egui::Context, drawn: Drawn) {
        match drawn.picture {
            Ok(Painted { image, over, clusters }) => {
                let [width, height] = image.size.map(|side| side as f32);
                let pixels = |image: ColorImage, name: &str| {
                    if self.uses_cpu {
                        Pixels::Image(Arc::new(image))
                    } else {
                        let filter = TextureOptions::LINEAR;
                        Pixels::Texture(context.load_texture(name, image, filter))
                    }
                };
                self.shown = Some(Held {
                    pixels: pixels(image, "own layers"),
                    over: over.map(|image| pixels(image, "names")),
                    size: vec2(width, height) / drawn.asked.pixels_per_point,
                    clusters,
                    is_opaque: drawn.is_opaque,
                    asked: drawn.asked,
                });
                self.problem = None;
            }
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// As if nothing had ever been drawn.
    pub fn forget(&mut self) {
        (self.shown, self.wanted) = (None, None);
    }

    /// What is on the screen is what was asked for last.
    pub fn is_settled(&self) -> bool {
        match (&self.shown, &self.wanted) {
            (Some(shown), Some(wanted)) => shown.asked == *wanted,
            (_, wanted) => wanted.is_none(),
        }
    }

    /// The screen shows something else than what is asked for and not yet awaited.
    pub fn is_behind(&self, now: &PictureAsked) -> bool {
        let have = self.wanted.as_ref().or_else(|| self.shown.as_ref().map(|held| &held.asked));
        have != Some(now)
    }

    /// Of what is shown, the number with which it was asked for.
    pub fn serial(&self) -> Option<u64> {
        self.shown.as_ref().map(|held| held.asked.serial)
    }

    /// The clusters of the picture that is shown.
    pub fn clusters(&self) -> &[Cluster] {
        self.shown.as_ref().map_or(&[], |held| &held.clusters)
    }

    /// Where the picture lies on the screen now; `None` where there is none for this datum: one for
    /// another would lie 560 m off.
    fn place(&self, painter: &egui::Painter, rect: Rect, view: View, datum: Datum) -> Option<Rect> {
        let held = self.shown.as_ref().filter(|held| held.asked.datum == datum)?;
        let scale = (view.zoom - held.asked.view.zoom).exp2();
        let off = (world_px_from_wgs84(held.asked.view.center, datum)
            - world_px_from_wgs84(view.center, datum))
            * view.zoom.exp2();
        let center = rect.center() + vec2(off.x as f32, off.y as f32);
        let place = Rect::from_center_size(center, held.size * scale as f32);
        // Unscaled pixels are put on pixels: so letters stay crisp.
        Some(if (scale - 1.0).abs() < 1e-9 { snapped(place, painter) } else { place })
    }

    /// Whether nothing under the picture is seen.
    pub fn hides(&self, painter: &egui::Painter, rect: Rect, view: View, datum: Datum) -> bool {
        let Some(held) = self.shown.as_ref().filter(|held| held.is_opaque) else { return false };
        let is_cpu = matches!(held.pixels, Pixels::Image(_));
        self.place(painter, rect, view, datum)
            .is_some_and(|place| is_cpu || place.contains_rect(rect))
    }

    /// `ground` is what lies beside a picture through which nothing is seen.
    pub fn paint(
        &self,
        painter: &egui::Painter,
        (rect, ground): (Rect, egui::Color32),
        view: View,
        datum: Datum,
    ) {
        let (Some(held), Some(place)) = (&self.shown, self.place(painter, rect, view, datum))
        else {
            return;
        };
        let ground = held.is_opaque.then_some(ground);
        held.pixels.paint(painter, rect, place, cpu_blit::Sheet::Under(ground));
    }

    /// Markers and names over what was painted since, where they are apart.
    pub fn paint_over(&self, painter: &egui::Painter, rect: Rect, view: View, datum: Datum) {
        let over = self.shown.as_ref().and_then(|held| held.over.as_ref());
        if let Some((over, place)) = over.zip(self.place(painter, rect, view, datum)) {
            over.paint(painter, rect, place, cpu_blit::Sheet::Over);
        }
    }
}

impl Pixels {
    fn paint(&self, painter: &egui::Painter, rect: Rect, place: Rect, sheet: cpu_blit::Sheet) {
        match self {
            Self::Texture(texture) => {
                let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                painter.image(texture.id(), place, uv, egui::Color32::WHITE);
            }
            Self::Image(picture) => cpu_blit::paint(painter, rect, place, picture, sheet),
        }
    }
}

fn snapped(place: Rect, painter: &egui::Painter) -> Rect {
    let per_point = painter.pixels_per_point();
    let round = |value: f32| (value * per_point).round() / per_point;
    Rect::from_min_size(pos2(round(place.min.x), round(place.min.y)), place.size())
}

fn covers(have: &PictureAsked, now: &PictureAsked) -> bool {
    let scale = (now.view.zoom - have.view.zoom).exp2();
    if !(0.7..=1.5).contains(&scale) {
        return false;
    }
    let off = (world_px_from_wgs84(have.view.center, now.datum)
        - world_px_from_wgs84(now.view.center, now.datum))
        * now.view.zoom.exp2();
    let reach = |size: f32| f64::from(size) * (f64::from(MARGIN) * scale + (scale - 1.0) / 2.0);
    off.x.abs() <= reach(now.size[0]) && off.y.abs() <= reach(now.size[1])
}

impl PictureAsked {
    /// Pixels of the picture that is to be drawn.
    pub fn pixels(&self) -> (u32, u32) {
        let [width, height] = self.size.map(|side| {
            (side * (1.0 + 2.0 * MARGIN) * self.pixels_per_point).ceil().clamp(1.0, 8192.0) as u32
        });
        (width, height)
    }

    /// The parts of the question that follow from this.
    pub fn fill(&self, ask: &mut Ask) {
        (ask.width_px, ask.height_px) = self.pixels();
        ask.view = self.view;
        ask.datum = self.datum;
        ask.pixels_per_unit = f64::from(self.pixels_per_point);
        ask.text_scale = f64::from(self.text_scale);
        let [width, height] = self.size.map(|side| side / self.text_scale);
        let (left, top) = (width * MARGIN, height * MARGIN);
        // On the big screen there are none.
        let tools = if self.text_scale > 1.0 { 0.0 } else { room::tools_width(height, MOST_TOOLS) };
        let [left, top, right, bottom] =
            [left, top, left + width - tools, top + height].map(f64::from);
        ask.seen = Some(Frame::new(left, top, right, bottom));
        ask.covered = self.has_overview.then(|| {
            let map = Rect::from_min_size(pos2(0.0, 0.0), self.size.into());
            let corner = room::overview_rect(map);
            let [x0, y0, x1, y1] = [corner.left(), corner.top(), corner.right(), corner.bottom()]
                .map(|side| f64::from(side / self.text_scale));
            Frame::new(left + x0, top + y0, left + x1, top + y1)
        });
    }
}
