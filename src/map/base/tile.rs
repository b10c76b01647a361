//! One tile as pixels, for a window that lays tiles out itself.

use tiny_skia::Pixmap;

use super::{Faults, broken, raster, vector};
use crate::basemap::mvt::decode;
use crate::basemap::{TileFormat, TileSource};
use crate::domain::LocalizedText;
use crate::geodesy::mercator::{TileId, WORLD_PX, lonlat_from_world_px};
use crate::map::pixels::paint_items;
use crate::map::tokens::Palette;
use crate::map::view::{Frame, Projection, View};

/// Side of a vector tile as a picture, pixels.
const SIDE: u32 = 512;

/// A tile as pixels.
#[derive(Debug)]
pub struct TilePixels {
    /// Premultiplied RGBA.
    pub rgba: Vec<u8>,
    pub width: u32,
    pub height: u32,
    /// Why its labels are missing.
    pub lacks: Option<LocalizedText>,
    /// From 0, black, to 1, white; `None` of a tile that is seen through.
    pub brightness: Option<f32>,
}

impl TilePixels {
    fn new(rgba: Vec<u8>, width: u32, height: u32, lacks: Option<LocalizedText>) -> Self {
        let brightness = brightness(&rgba);
        Self { rgba, width, height, lacks, brightness }
    }
}

/// Of a sample of the pixels, by the weights of ITU-R BT.709.
fn brightness(rgba: &[u8]) -> Option<f32> {
    const EVERY: usize = 61;
    let (mut sum, mut count) = (0.0, 0.0);
    for pixel in rgba.chunks_exact(4).step_by(EVERY) {
        if let [red, green, blue, alpha] = *pixel
            && alpha >= 128
        {
            let [red, green, blue] = [red, green, blue].map(f32::from);
            sum += (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255.0;
            count += 1.0;
        }
    }
    (count > 0.0).then(|| sum / count)
}

/// `None` where the source has no such tile; the error is what is wrong with it.
pub fn tile_picture(
    source: &dyn TileSource,
    id: TileId,
    theme: &Palette,
) -> Result<Option<TilePixels>, LocalizedText> {
    match source.about().format {
        TileFormat::Mvt => drawn(source, id, theme),
        TileFormat::Png | TileFormat::Jpeg | TileFormat::Webp => {
            let mut faults = Faults::default();
            let Some(image) = raster::load(source, id, &mut faults) else {
                return faults.first.map_or(Ok(None), Err);
            };
            let (width, height) = image.dimensions();
            let mut rgba = image.into_raw();
            for pixel in rgba.chunks_exact_mut(4) {
                if let [red, green, blue, alpha] = pixel
                    && *alpha < 255
                {
                    for part in [red, green, blue] {
                        *part = (u16::from(*part) * u16::from(*alpha) / 255) as u8;
                    }
                }
            }
            Ok(Some(TilePixels::new(rgba, width, height, faults.labels)))
        }
    }
}

fn drawn(
    source: &dyn TileSource,
    id: TileId,
    theme: &Palette,
) -> Result<Option<TilePixels>, LocalizedText> {
    let Some(bytes) = source.tile(id)? else {
        return Ok(None);
    };
    if let Err(error) = decode(&bytes) {
        return Err(broken(id, &error.to_string()));
    }
    let size = WORLD_PX / f64::from(id.z).exp2();
    let middle = geo_types::Coord { x: f64::from(id.x) + 0.5, y: f64::from(id.y) + 0.5 } * size;
    // The tile's own numbers: whatever datum it is on, it is not shifted here.
    let view = View { center: lonlat_from_world_px(middle), zoom: f64::from(id.z) };
    let projection = Projection::new(view, Frame::new(0.0, 0.0, WORLD_PX, WORLD_PX));
    let base = vector::vector(source, &projection, theme);
    let mut pixmap = Pixmap::new(SIDE, SIDE).ok_or_else(undrawn)?;
    let [red, green, blue, _] = theme.ground.0;
    pixmap.fill(tiny_skia::Color::from_rgba8(red, green, blue, 255));
    let scale = f64::from(SIDE) / WORLD_PX;
    let pixmap = paint_items(&base.items, theme, scale as f32, pixmap)
        .map_err(|error| LocalizedText::new(undrawn().zh, error.to_string()))?;
    Ok(Some(TilePixels::new(pixmap.take(), SIDE, SIDE, None)))
}

fn undrawn() -> LocalizedText {
    LocalizedText::new("内存不足，瓦片画不出来", "a tile cannot be drawn: no memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_as_bright_as_what_is_seen_of_it() {
        let of = |pixel: [u8; 4]| brightness(&pixel.repeat(256 * 256));
        assert_eq!(of([255; 4]), Some(1.0));
        assert_eq!(of([0, 0, 0, 255]), Some(0.0));
        assert!((of([0, 255, 0, 255]).unwrap() - 0.7152).abs() < 1e-3);
        assert_eq!(of([0, 0, 0, 0]), None, "nothing is seen of it");
        let half = [[255; 4].repeat(1000), [0; 4].repeat(3000)].concat();
        assert_eq!(brightness(&half), Some(1.0));
    }
}
