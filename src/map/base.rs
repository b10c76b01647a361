//! The base map under the sketch: tiles put together into one picture, or drawn in quiet greys.

use std::io::Cursor;

use geo_types::Coord;
use image::{ImageReader, Limits, RgbaImage};

use super::plate::{Item, Picture, Strata, Stroke, cut_line, cut_ring};
use super::tokens::Theme;
use super::view::{At, Frame, Projection};
use crate::basemap::mvt::{Feature, Shape, VectorLayer, decode};
use crate::basemap::{TileFormat, TileSource};
use crate::geodesy::mercator::{TileId, WORLD_PX};

/// What a base map adds to a page.
#[derive(Default)]
pub struct Base {
    pub items: Vec<Item>,
    pub warnings: Vec<String>,
}

/// A page never needs more tiles or pixels than this; at a lower zoom fewer cover it.
const MOST_TILES: u64 = 600;
const MOST_PIXELS: u64 = 64_000_000;
/// Where a tile is missing, so much coarser ones are enlarged in its place.
const COARSER: u8 = 6;
const MOST_TILE_SIDE: u32 = 1024;
/// How far beyond the map shapes are drawn before they are cut, page units.
const BEYOND: f64 = 12.0;

pub fn base(source: &dyn TileSource, projection: &Projection, detail: f64, theme: &Theme) -> Base {
    match source.about().format {
        TileFormat::Mvt => vector(source, projection, theme),
        TileFormat::Png | TileFormat::Jpeg | TileFormat::Webp => raster(source, projection, detail),
    }
}

/// The tiles that cover the map at a zoom.
#[derive(Clone, Copy)]
struct Cover {
    z: u8,
    left: u32,
    top: u32,
    columns: u32,
    rows: u32,
}

impl Cover {
    /// At the wanted zoom or the nearest one that the source has and a page can hold.
    fn of(source: &dyn TileSource, projection: &Projection, wanted: f64, most: u64) -> Self {
        let about = source.about();
        let wanted = wanted.round().clamp(0.0, 30.0) as u8;
        let mut z = wanted.min(about.max_zoom).max(about.min_zoom).min(30);
        loop {
            let cover = Self::at(projection, z);
            let count = u64::from(cover.columns) * u64::from(cover.rows);
            if count <= most || z == 0 {
                return cover;
            }
            z -= 1;
        }
    }

    fn at(projection: &Projection, z: u8) -> Self {
        let side = f64::from(z).exp2();
        let Frame { left, top, right, bottom } = projection.frame;
        let index =
            |world_px: f64| (world_px / WORLD_PX * side).floor().clamp(0.0, side - 1.0) as u32;
        let world = |x: f64, y: f64| projection.world_px_from_page(At { x, y });
        let (first, last) = (world(left, top), world(right, bottom));
        let (left, top) = (index(first.x), index(first.y));
        let (columns, rows) = (index(last.x) - left + 1, index(last.y) - top + 1);
        Self { z, left, top, columns, rows }
    }

    fn tiles(self) -> impl Iterator<Item = TileId> {
        let Self { z, left, top, columns, rows } = self;
        (top..top + rows).flat_map(move |y| (left..left + columns).map(move |x| TileId { z, x, y }))
    }

    /// The upper left corner of a tile on the page.
    fn corner(&self, projection: &Projection, x: u32, y: u32) -> At {
        let size = WORLD_PX / f64::from(self.z).exp2();
        projection.page_from_world_px(Coord { x: f64::from(x) * size, y: f64::from(y) * size })
    }
}

/// Counts what went wrong and says it once.
#[derive(Default)]
struct Faults {
    damaged: usize,
    first: Option<String>,
}

impl Faults {
    fn add(&mut self, what: String) {
        self.damaged += 1;
        self.first.get_or_insert(what);
    }

    fn warnings(self) -> Vec<String> {
        let Self { damaged, first } = self;
        first
            .map(|first| format!("{damaged} tiles of the base map are left out: {first}"))
            .into_iter()
            .collect()
    }
}

/// One picture without seams: tiles put together in their own pixels, then scaled as a whole.
fn raster(source: &dyn TileSource, projection: &Projection, detail: f64) -> Base {
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
    let picture = Picture { rgba: whole.into_raw(), width, height, at, size: end - at };
    let mut warnings = faults.warnings();
    if is_empty {
        warnings.push("the base map has no tiles here".to_owned());
    }
    let items = if is_empty { Vec::new() } else { vec![Item::Picture(picture)] };
    Base { items, warnings }
}

/// A tile, or its part of a coarser one, in the size that all have.
fn nearest(
    source: &dyn TileSource,
    id: TileId,
    side: u32,
    faults: &mut Faults,
) -> Option<RgbaImage> {
    let scaled = |tile: &RgbaImage| {
        let filter = image::imageops::FilterType::Triangle;
        image::imageops::resize(tile, side, side, filter)
    };
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

/// A tile as pixels; a broken one becomes a hole and a fault.
fn load(source: &dyn TileSource, id: TileId, faults: &mut Faults) -> Option<RgbaImage> {
    let bytes = match source.tile(id) {
        Ok(bytes) => bytes?,
        Err(error) => {
            faults.add(error.to_string());
            return None;
        }
    };
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) =
        (Some(MOST_TILE_SIDE), Some(MOST_TILE_SIDE));
    let image =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok().and_then(|mut r| {
            r.limits(limits);
            r.decode().ok()
        });
    if image.is_none() {
        faults.add(format!("tile {}/{}/{} is no picture", id.z, id.x, id.y));
    }
    image.map(image::DynamicImage::into_rgba8)
}

fn vector(source: &dyn TileSource, projection: &Projection, theme: &Theme) -> Base {
    let mut faults = Faults::default();
    let cover = Cover::of(source, projection, projection.view.zoom.floor(), MOST_TILES);
    let mut strata = Strata::default();
    let widen = ((projection.view.zoom - 14.0) * 0.4).exp2().clamp(0.5, 2.2);
    let mut is_empty = true;
    for id in cover.tiles() {
        let layers = match source.tile(id) {
            Ok(None) => continue,
            Ok(Some(bytes)) => decode(&bytes).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match layers {
            Ok(layers) => {
                is_empty = false;
                let corner = cover.corner(projection, id.x, id.y);
                let size = cover.corner(projection, id.x + 1, id.y).x - corner.x;
                let tile =
                    Tile { corner, size, frame: projection.frame.grown(BEYOND), theme, widen };
                for layer in &layers {
                    tile.draw(layer, &mut strata);
                }
            }
            Err(what) => faults.add(format!("tile {}/{}/{}: {what}", id.z, id.x, id.y)),
        }
    }
    let mut warnings = faults.warnings();
    if is_empty {
        warnings.push("the base map has no tiles here".to_owned());
    }
    Base { items: strata.into_items().collect(), warnings }
}

/// Where a vector tile lies on the page.
struct Tile<'a> {
    corner: At,
    size: f64,
    frame: Frame,
    theme: &'a Theme,
    widen: f64,
}

/// Fills at the bottom, then edges, then what lies between the edges.
const FILL: u16 = 0;
const EDGE: u16 = 4;
const ROAD: u16 = 6;
const BORDER: u16 = 12;

impl Tile<'_> {
    /// Layer names of `Protomaps` and of `OpenMapTiles`.
    fn draw(&self, layer: &VectorLayer, strata: &mut Strata) {
        for feature in &layer.features {
            match layer.name.as_str() {
                "water" | "waterway" | "physical_line" => self.water(layer, feature, strata),
                "landuse" | "landcover" | "natural" | "park" if is_green(&feature.class) => {
                    self.fill(layer, feature, FILL, self.theme.green, strata);
                }
                "buildings" | "building" => {
                    self.fill(layer, feature, FILL + 3, self.theme.built, strata);
                }
                "roads" | "transportation" | "transit" => self.road(layer, feature, strata),
                "boundaries" | "boundary" => {
                    let stroke = Stroke::solid(self.theme.muted.faded(0.5), 1.0);
                    self.line(layer, feature, BORDER, stroke.dashed(&[6.0, 3.0]), strata);
                }
                _ => {}
            }
        }
    }

    fn water(&self, layer: &VectorLayer, feature: &Feature, strata: &mut Strata) {
        self.fill(layer, feature, FILL + 1, self.theme.water, strata);
        let width = if feature.class == "river" { 2.2 } else { 1.0 };
        let stroke = Stroke::solid(self.theme.water, width * self.widen).round();
        self.line(layer, feature, FILL + 2, stroke, strata);
    }

    fn road(&self, layer: &VectorLayer, feature: &Feature, strata: &mut Strata) {
        let (rank, width) = match feature.class.as_str() {
            "highway" | "motorway" | "trunk" => (4, 5.0),
            "major_road" | "primary" | "secondary" => (3, 3.6),
            "medium_road" | "tertiary" => (2, 2.8),
            "minor_road" | "minor" | "residential" | "unclassified" => (1, 1.9),
            "rail" => {
                let stroke = Stroke::solid(self.theme.muted.faded(0.45), 1.2).dashed(&[7.0, 2.0]);
                return self.line(layer, feature, BORDER - 1, stroke, strata);
            }
            "path" | "track" | "service" | "other" => {
                let stroke = Stroke::solid(self.theme.line, 0.8 * self.widen);
                return self.line(layer, feature, EDGE, stroke, strata);
            }
            _ => return,
        };
        let width = width * self.widen;
        let edge = Stroke::solid(self.theme.line, width + 1.2).round();
        self.line(layer, feature, EDGE + 1, edge, strata);
        let inside = Stroke::solid(self.theme.road_minor, width).round();
        self.line(layer, feature, ROAD + rank, inside, strata);
    }

    fn placed(&self, layer: &VectorLayer, part: &[(i32, i32)]) -> Vec<At> {
        let scale = self.size / f64::from(layer.extent);
        part.iter()
            .map(|(x, y)| self.corner + At { x: f64::from(*x), y: f64::from(*y) } * scale)
            .collect()
    }

    fn fill(
        &self,
        layer: &VectorLayer,
        feature: &Feature,
        height: u16,
        color: super::tokens::Rgba,
        strata: &mut Strata,
    ) {
        if feature.shape == Shape::Polygon {
            let parts = feature.parts.iter();
            let rings: Vec<Vec<At>> =
                parts.map(|part| cut_ring(&self.placed(layer, part), self.frame)).collect();
            strata.area(height, Some(color), None, &rings);
        }
    }

    fn line(
        &self,
        layer: &VectorLayer,
        feature: &Feature,
        height: u16,
        stroke: Stroke,
        strata: &mut Strata,
    ) {
        if feature.shape == Shape::Line {
            let mut pieces = Vec::new();
            for part in &feature.parts {
                cut_line(&self.placed(layer, part), self.frame, &mut pieces);
            }
            for piece in &pieces {
                strata.line(height, stroke, piece);
            }
        }
    }
}

fn is_green(class: &str) -> bool {
    const GREEN: [&str; 19] = [
        "park",
        "forest",
        "wood",
        "grass",
        "grassland",
        "nature_reserve",
        "cemetery",
        "garden",
        "meadow",
        "pitch",
        "scrub",
        "orchard",
        "vineyard",
        "golf_course",
        "recreation_ground",
        "village_green",
        "allotments",
        "protected_area",
        "national_park",
    ];
    GREEN.contains(&class)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basemap::{About, Datum, Error};
    use crate::map::tokens::LIGHT;
    use crate::map::view::View;

    /// Grey tiles over the world, a broken one in the north-west at zoom 1, none at zoom 2.
    struct Grey(About);

    impl TileSource for Grey {
        fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Error> {
            if id.z == 2 {
                return Ok(None);
            }
            if id.x == 0 && id.y == 0 && id.z == 1 {
                return Ok(Some(b"\x89PNG truncated".to_vec()));
            }
            let mut png = Cursor::new(Vec::new());
            RgbaImage::from_pixel(256, 256, image::Rgba([90, 90, 90, 255]))
                .write_to(&mut png, image::ImageFormat::Png)
                .unwrap();
            Ok(Some(png.into_inner()))
        }

        fn about(&self) -> &About {
            &self.0
        }
    }

    fn grey(max_zoom: u8) -> Grey {
        Grey(About {
            name: "grey".to_owned(),
            attribution: String::new(),
            approval: None,
            datum: Datum::Wgs84,
            format: TileFormat::Png,
            min_zoom: 1,
            max_zoom,
        })
    }

    fn drawn(source: &Grey, lon: f64, zoom: f64) -> Base {
        let view = View { center: Coord { x: lon, y: 0.0 }, zoom };
        let projection = Projection::new(view, Frame::new(0.0, 0.0, 500.0, 500.0));
        base(source, &projection, 1.0, &LIGHT)
    }

    fn picture(base: &Base) -> &Picture {
        match base.items.first() {
            Some(Item::Picture(picture)) => picture,
            _ => panic!("no picture"),
        }
    }

    #[test]
    fn a_truncated_tile_is_a_hole_and_one_warning() {
        let base = drawn(&grey(1), 0.0, 1.0);
        assert_eq!(base.warnings.len(), 1);
        assert!(base.warnings[0].contains("1/0/0"), "{:?}", base.warnings);
        let picture = picture(&base);
        assert_eq!((picture.width, picture.height), (512, 512));
        assert_eq!(picture.rgba[3], 0, "the hole is empty");
        assert_eq!(picture.rgba[4 * 511], 90);
    }

    #[test]
    fn where_a_tile_is_missing_a_coarser_one_is_enlarged() {
        let base = drawn(&grey(2), 120.0, 2.0);
        assert!(base.warnings.is_empty(), "{:?}", base.warnings);
        let picture = picture(&base);
        assert!(picture.rgba.chunks_exact(4).all(|pixel| pixel == [90, 90, 90, 255]));
    }
}
