//! Tiles that are pictures.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{ImageReader, Limits, RgbaImage};

use super::{Base, Cover, Faults, MOST_TILES, NO_TILES, broken};
use crate::basemap::TileSource;
use crate::geodesy::mercator::TileId;
use crate::map::drawing::{Primitive, Raster};
use crate::map::view::Projection;

/// Of all tiles of a page together.
const MOST_PIXELS: u64 = 64_000_000;
const MOST_TILE_SIDE: u32 = 1024;
/// Where a tile is missing, so much coarser ones are enlarged in its place.
const COARSER: u8 = 6;

/// One picture without seams: tiles put together in their own pixels, then scaled as a whole.
pub fn raster(source: &dyn TileSource, projection: &Projection, detail: f64) -> Base {
    let mut faults = Faults::default();
    let wanted = projection.view.zoom + detail.log2();
    let probe = Cover::of(source, projection, wanted, MOST_TILES);
    let side =
        probe.tiles().find_map(|id| load(source, id, &mut faults)).map_or(256, |i| i.width());
    faults = Faults::default();
    let most = MOST_TILES.min(MOST_PIXELS / u64::from(side * side).max(1));
    let wanted = wanted - f64::from(side / 256).max(1.0).log2();
    let cover = Cover::of(source, projection, wanted, most);
    let mut whole = RgbaImage::new(cover.columns * side, cover.rows * side);
    let mut is_empty = true;
    for id in cover.tiles() {
        let Some(tile) = nearest(source, id, side, &mut faults) else { continue };
        let (x, y) = ((id.x - cover.left) * side, (id.y - cover.top) * side);
        image::imageops::replace(&mut whole, &tile, i64::from(x), i64::from(y));
        is_empty = false;
    }
    let at = cover.corner(projection, cover.left, cover.top);
    let end = cover.corner(projection, cover.left + cover.columns, cover.top + cover.rows);
    let (width, height) = whole.dimensions();
    let picture = Raster { rgba: whole.into_raw(), width, height, at, size: end - at };
    let mut warnings = faults.warnings();
    if is_empty {
        warnings.push(NO_TILES.into());
    }
    let items = if is_empty { Vec::new() } else { vec![Primitive::Raster(picture)] };
    Base { items, warnings }
}

/// A tile, or its part of a coarser one, in the size that all have.
fn nearest(
    source: &dyn TileSource,
    id: TileId,
    side: u32,
    faults: &mut Faults,
) -> Option<RgbaImage> {
    let scaled = |tile: &RgbaImage| image::imageops::resize(tile, side, side, FilterType::Triangle);
    for up in 0..=COARSER.min(id.z) {
        let parent = TileId { z: id.z - up, x: id.x >> up, y: id.y >> up };
        let before = faults.damaged;
        if let Some(tile) = load(source, parent, faults) {
            if up == 0 && tile.dimensions() == (side, side) {
                return Some(tile);
            }
            let part = (tile.width() >> up).max(1);
            let (x, y) = ((id.x - (parent.x << up)) * part, (id.y - (parent.y << up)) * part);
            let part = image::imageops::crop_imm(&tile, x, y, part, part).to_image();
            return Some(scaled(&part));
        }
        if faults.damaged > before {
            return None;
        }
    }
    None
}

/// A tile as pixels, with its labels; a broken one becomes a hole and a fault.
pub(super) fn load(source: &dyn TileSource, id: TileId, faults: &mut Faults) -> Option<RgbaImage> {
    let bytes = match source.tile(id) {
        Ok(bytes) => bytes?,
        Err(error) => {
            faults.add(error.into());
            return None;
        }
    };
    let Some(mut image) = decoded(bytes) else {
        faults.add(broken(id, "no picture"));
        return None;
    };
    if let Some(labels) = labels(source, id, faults) {
        let (width, height) = image.dimensions();
        let labels = if labels.dimensions() == (width, height) {
            labels
        } else {
            image::imageops::resize(&labels, width, height, FilterType::Triangle)
        };
        image::imageops::overlay(&mut image, &labels, 0, 0);
    }
    Some(image)
}

/// A map without some of its names is better than a hole.
fn labels(source: &dyn TileSource, id: TileId, faults: &mut Faults) -> Option<RgbaImage> {
    let over = source.overlay()?;
    let about = over.about();
    if !(about.min_zoom..=about.max_zoom).contains(&id.z) {
        return None;
    }
    let labels = match over.tile(id) {
        Ok(bytes) => decoded(bytes?),
        Err(error) => {
            faults.labels.get_or_insert(error.into());
            return None;
        }
    };
    if labels.is_none() {
        faults.labels.get_or_insert(broken(id, "no picture"));
    }
    labels
}

fn decoded(bytes: Vec<u8>) -> Option<RgbaImage> {
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) =
        (Some(MOST_TILE_SIDE), Some(MOST_TILE_SIDE));
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    reader.limits(limits);
    reader.decode().ok().map(image::DynamicImage::into_rgba8)
}
