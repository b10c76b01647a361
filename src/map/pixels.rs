//! Things of a page as pixels: for PNG files, for the window and for tiles of a base map.

use std::collections::BTreeMap;

use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, Pixmap, PixmapPaint, PixmapRef, Shader,
    StrokeDash, Transform,
};

use super::Error;
use super::drawing::{HALO_WIDTH, Marker, Primitive, Raster, Stroke, TextRun};
use super::font::Outlines;
use super::tokens::{Palette, Rgba};
use super::view::At;

/// Beyond this a picture would take more memory than an office machine has to spare.
const MOST_MEGAPIXELS: u32 = 120;

/// Whether a picture has a size that can be made: `min` pixels each way at least.
pub(super) fn check_size(width: u32, height: u32, min: u32) -> Result<(), Error> {
    if u64::from(width) * u64::from(height) > u64::from(MOST_MEGAPIXELS) * 1_000_000 {
        return Err(Error::TooLarge { width, height, max: MOST_MEGAPIXELS });
    }
    if width < min || height < min {
        return Err(Error::TooSmall { width, height, min });
    }
    Ok(())
}

/// A transparent picture of so many pixels, premultiplied.
pub(super) fn blank(width: u32, height: u32) -> Result<Pixmap, Error> {
    check_size(width, height, 1)?;
    let too_large = Error::TooLarge { width, height, max: MOST_MEGAPIXELS };
    Pixmap::new(width, height).ok_or(too_large)
}

/// Paints items over what is there; a page unit is `scale` pixels.
pub(super) fn paint_items(
    items: &[Primitive],
    theme: &Palette,
    scale: f32,
    pixmap: Pixmap,
) -> Result<Pixmap, Error> {
    let mut painter = PngPainter {
        theme,
        pixmap,
        scale,
        to_pixels: Transform::from_scale(scale, scale),
        outlines: Outlines::new()?,
        rendered: BTreeMap::new(),
    };
    for item in items {
        painter.item(item);
    }
    Ok(painter.pixmap)
}

struct PngPainter<'a> {
    theme: &'a Palette,
    pixmap: Pixmap,
    scale: f32,
    to_pixels: Transform,
    outlines: Outlines,
    /// Each marker is drawn once.
    rendered: BTreeMap<Marker, Option<Pixmap>>,
}

/// The same colour in the words of the rasterizer.
pub(super) fn color(Rgba([red, green, blue, alpha]): Rgba) -> Color {
    Color::from_rgba8(red, green, blue, alpha)
}

fn paint(of: Rgba) -> Paint<'static> {
    Paint { shader: Shader::SolidColor(color(of)), anti_alias: true, ..Paint::default() }
}

fn pen(stroke: &Stroke) -> tiny_skia::Stroke {
    tiny_skia::Stroke {
        width: stroke.width as f32,
        line_cap: if stroke.is_round { LineCap::Round } else { LineCap::Butt },
        line_join: if stroke.is_round { LineJoin::Round } else { LineJoin::Miter },
        dash: stroke.dash.and_then(|dash| StrokeDash::new(dash.to_vec(), 0.0)),
        ..tiny_skia::Stroke::default()
    }
}

fn draw(
    pixmap: &mut Pixmap,
    path: &Path,
    fill: Option<Rgba>,
    stroke: Option<Stroke>,
    transform: Transform,
) {
    if let Some(fill) = fill {
        pixmap.fill_path(path, &paint(fill), FillRule::Winding, transform, None);
    }
    if let Some(stroke) = stroke {
        pixmap.stroke_path(path, &paint(stroke.color), &pen(&stroke), transform, None);
    }
}

impl PngPainter<'_> {
    fn item(&mut self, item: &Primitive) {
        match item {
            Primitive::Raster(picture) => self.picture(picture),
            Primitive::Path { path, fill, stroke } => {
                draw(&mut self.pixmap, path, *fill, *stroke, self.to_pixels);
            }
            Primitive::Marker { marker, at, turn_deg } => self.marker(*marker, *at, *turn_deg),
            Primitive::Text(run) => self.text(run),
        }
    }

    fn marker(&mut self, marker: Marker, at: At, turn_deg: f32) {
        let (x, y) = (at.x as f32 * self.scale, at.y as f32 * self.scale);
        if turn_deg != 0.0 {
            let place = Transform::from_rotate(turn_deg)
                .post_scale(self.scale, self.scale)
                .post_translate(x, y);
            for part in marker.parts(self.theme, &mut self.outlines) {
                draw(&mut self.pixmap, &part.path, part.fill, part.stroke, place);
            }
            return;
        }
        if !self.rendered.contains_key(&marker) {
            let pixels = self.drawn(marker);
            self.rendered.insert(marker, pixels);
        }
        if let Some(Some(pixels)) = self.rendered.get(&marker) {
            // On whole pixels: edges stay crisp.
            let half = (pixels.width() / 2).cast_signed();
            lay(&mut self.pixmap, pixels, x.round() as i32 - half, y.round() as i32 - half);
        }
    }

    /// The marker in the middle of a square of an even number of pixels.
    fn drawn(&mut self, marker: Marker) -> Option<Pixmap> {
        let half = (marker.reach() as f32 * self.scale).ceil() + 2.0;
        let mut pixmap = Pixmap::new(half as u32 * 2, half as u32 * 2)?;
        let place = Transform::from_scale(self.scale, self.scale).post_translate(half, half);
        for part in marker.parts(self.theme, &mut self.outlines) {
            draw(&mut pixmap, &part.path, part.fill, part.stroke, place);
        }
        Some(pixmap)
    }

    fn text(&mut self, run: &TextRun) {
        let line = self.outlines.line(run.weight, &run.text, run.size, run.spacing);
        let Some(line) = line else { return };
        let place = Transform::from_rotate(run.turn_deg as f32)
            .post_translate(run.at.x as f32, run.at.y as f32)
            .post_scale(self.scale, self.scale);
        let halo = run.halo.map(|halo| Stroke::solid(halo, HALO_WIDTH).round());
        draw(&mut self.pixmap, &line, None, halo, place);
        draw(&mut self.pixmap, &line, Some(run.color), None, place);
    }

    fn picture(&mut self, picture: &Raster) {
        // Premultiplied: tiles may have transparent parts.
        let mut bytes = picture.rgba.clone();
        for pixel in bytes.chunks_exact_mut(4) {
            if let [red, green, blue, alpha] = pixel {
                for part in [red, green, blue] {
                    *part = (u16::from(*part) * u16::from(*alpha) / 255) as u8;
                }
            }
        }
        let Some(tiles) = PixmapRef::from_bytes(&bytes, picture.width, picture.height) else {
            return;
        };
        let scale_x = picture.size.x / f64::from(picture.width) * f64::from(self.scale);
        let scale_y = picture.size.y / f64::from(picture.height) * f64::from(self.scale);
        let place = Transform::from_scale(scale_x as f32, scale_y as f32)
            .post_translate(picture.at.x as f32 * self.scale, picture.at.y as f32 * self.scale);
        let paint =
            PixmapPaint { quality: tiny_skia::FilterQuality::Bilinear, ..PixmapPaint::default() };
        self.pixmap.draw_pixmap(0, 0, tiles, &paint, place, None);
    }
}

/// Lays one premultiplied picture over another at whole pixels: source over destination.
fn lay(onto: &mut Pixmap, marker: &Pixmap, left: i32, top: i32) {
    let (width, height) = (onto.width().cast_signed(), onto.height().cast_signed());
    let (long, high) = (marker.width().cast_signed(), marker.height().cast_signed());
    let (first, last) = (left.max(0), (left + long).min(width));
    if first >= last {
        return;
    }
    for y in top.max(0)..(top + high).min(height) {
        let from = ((y - top) * long + (first - left)) as usize * 4;
        let to = (y * width + first) as usize * 4;
        let count = (last - first) as usize * 4;
        let Some(source) = marker.data().get(from..from + count) else { continue };
        let Some(target) = onto.data_mut().get_mut(to..to + count) else { continue };
        for (target, source) in target.chunks_exact_mut(4).zip(source.chunks_exact(4)) {
            let alpha = source.get(3).copied().unwrap_or(0);
            if alpha == 255 {
                target.copy_from_slice(source);
            } else if alpha > 0 {
                for (target, source) in target.iter_mut().zip(source) {
                    let under = u16::from(*target) * (255 - u16::from(alpha)) + 127;
                    *target = source.saturating_add((under / 255) as u8);
                }
            }
        }
    }
}
