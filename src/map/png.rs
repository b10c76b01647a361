//! A layout as pixels.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};
use tiny_skia::Pixmap;

use super::pixels::{blank, color, paint_items};
use super::{Error, Layout};

/// A page as a PNG file without transparency.
pub fn png_from_layout(layout: &Layout) -> Result<Vec<u8>, Error> {
    let pixmap = pixmap_from_layout(layout)?;
    let mut rgb = Vec::with_capacity(pixmap.data().len() / 4 * 3);
    for pixel in pixmap.data().chunks_exact(4) {
        rgb.extend_from_slice(pixel.get(..3).unwrap_or_default());
    }
    encode(&rgb, pixmap.width(), pixmap.height(), ExtendedColorType::Rgb8)
}

/// A PNG file of straight (not premultiplied) RGBA pixels, row by row from the top.
pub(super) fn encode_rgba(rgba: &[u8], width: u32, height: u32) -> Result<Vec<u8>, Error> {
    encode(rgba, width, height, ExtendedColorType::Rgba8)
}

fn encode(
    bytes: &[u8],
    width: u32,
    height: u32,
    color: ExtendedColorType,
) -> Result<Vec<u8>, Error> {
    let mut png = Vec::with_capacity(1 << 20);
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Paeth);
    encoder.write_image(bytes, width, height, color)?;
    Ok(png)
}

/// The pixels before they are written, opaque everywhere.
pub(super) fn pixmap_from_layout(layout: &Layout) -> Result<Pixmap, Error> {
    let (width, height) = (layout.page.width_px, layout.page.height_px);
    let mut pixmap = blank(width, height)?;
    pixmap.fill(color(layout.theme.panel));
    let scale = layout.page.pixels_per_unit() as f32;
    paint_items(&layout.items, &layout.theme, scale, pixmap)
}
