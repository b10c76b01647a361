//! Vector tiles in quiet greys.

use super::{Base, Cover, Faults, MOST_TILES, NO_TILES, broken};
use crate::basemap::TileSource;
use crate::basemap::mvt::{VectorFeature, VectorLayer, VectorShape, decode};
use crate::map::drawing::{Batches, Stroke, cut_line, cut_ring};
use crate::map::tokens::{Palette, Rgba};
use crate::map::view::{At, Frame, Projection};

/// How far beyond the map shapes are drawn before they are cut, page units.
const BEYOND: f64 = 12.0;

/// All vector tiles in view, shapes of one look drawn together.
pub fn vector(source: &dyn TileSource, projection: &Projection, theme: &Palette) -> Base {
    let mut faults = Faults::default();
    let cover = Cover::of(source, projection, projection.view.zoom.floor(), MOST_TILES);
    let mut batches = Batches::default();
    let widen = ((projection.view.zoom - 14.0) * 0.4).exp2().clamp(0.5, 2.2);
    let mut is_empty = true;
    for id in cover.tiles() {
        let bytes = match source.tile(id) {
            Ok(None) => continue,
            Ok(Some(bytes)) => bytes,
            Err(error) => {
                faults.add(error.into());
                continue;
            }
        };
        match decode(&bytes) {
            Ok(layers) => {
                is_empty = false;
                let corner = cover.corner(projection, id.x, id.y);
                let size = cover.corner(projection, id.x + 1, id.y).x - corner.x;
                let tile =
                    Tile { corner, size, frame: projection.frame.grown(BEYOND), theme, widen };
                for layer in &layers {
                    tile.draw(layer, &mut batches);
                }
            }
            Err(error) => faults.add(broken(id, &error.to_string())),
        }
    }
    let mut warnings = faults.warnings();
    if is_empty {
        warnings.push(NO_TILES.into());
    }
    Base { items: batches.into_items().collect(), warnings }
}

/// Where a vector tile lies on the page.
struct Tile<'a> {
    corner: At,
    size: f64,
    frame: Frame,
    theme: &'a Palette,
    widen: f64,
}

/// Fills at the bottom, then edges, then what lies between the edges.
const FILL: u16 = 0;
const EDGE: u16 = 4;
const ROAD: u16 = 6;
const BORDER: u16 = 12;

impl Tile<'_> {
    /// Layer names of `Protomaps` and of `OpenMapTiles`.
    fn draw(&self, layer: &VectorLayer, batches: &mut Batches) {
        for feature in &layer.features {
            match layer.name.as_str() {
                "water" | "waterway" | "physical_line" => self.water(layer, feature, batches),
                "landuse" | "landcover" | "natural" | "park" if is_green(&feature.class) => {
                    self.fill(layer, feature, FILL, self.theme.green, batches);
                }
                "buildings" | "building" => {
                    self.fill(layer, feature, FILL + 3, self.theme.built, batches);
                }
                "roads" | "transportation" | "transit" => self.road(layer, feature, batches),
                "boundaries" | "boundary" => {
                    let stroke = Stroke::solid(self.theme.muted.faded(0.5), 1.0);
                    self.line(layer, feature, BORDER, stroke.dashed(&[6.0, 3.0]), batches);
                }
                _ => {}
            }
        }
    }

    fn water(&self, layer: &VectorLayer, feature: &VectorFeature, batches: &mut Batches) {
        self.fill(layer, feature, FILL + 1, self.theme.water, batches);
        let width = if feature.class == "river" { 2.2 } else { 1.0 };
        let stroke = Stroke::solid(self.theme.water, width * self.widen).round();
        self.line(layer, feature, FILL + 2, stroke, batches);
    }

    fn road(&self, layer: &VectorLayer, feature: &VectorFeature, batches: &mut Batches) {
        let (rank, width) = match feature.class.as_str() {
            "highway" | "motorway" | "trunk" => (4, 5.0),
            "major_road" | "primary" | "secondary" => (3, 3.6),
            "medium_road" | "tertiary" => (2, 2.8),
            "minor_road" | "minor" | "residential" | "unclassified" => (1, 1.9),
            "rail" => {
                let stroke = Stroke::solid(self.theme.muted.faded(0.45), 1.2).dashed(&[7.0, 2.0]);
                return self.line(layer, feature, BORDER - 1, stroke, batches);
            }
            "path" | "track" | "service" | "other" => {
                let stroke = Stroke::solid(self.theme.line, 0.8 * self.widen);
                return self.line(layer, feature, EDGE, stroke, batches);
            }
            _ => return,
        };
        let width = width * self.widen;
        let edge = Stroke::solid(self.theme.line, width + 1.2).round();
        self.line(layer, feature, EDGE + 1, edge, batches);
        let inside = Stroke::solid(self.theme.road_minor, width).round();
        self.line(layer, feature, ROAD + rank, inside, batches);
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
        feature: &VectorFeature,
        height: u16,
        color: Rgba,
        batches: &mut Batches,
    ) {
        if feature.shape == VectorShape::Polygon {
            let parts = feature.parts.iter();
            let rings: Vec<Vec<At>> =
                parts.map(|part| cut_ring(&self.placed(layer, part), self.frame)).collect();
            batches.area(height, Some(color), None, &rings);
        }
    }

    fn line(
        &self,
        layer: &VectorLayer,
        feature: &VectorFeature,
        height: u16,
        stroke: Stroke,
        batches: &mut Batches,
    ) {
        if feature.shape == VectorShape::Line {
            let mut pieces = Vec::new();
            for part in &feature.parts {
                cut_line(&self.placed(layer, part), self.frame, &mut pieces);
            }
            for piece in &pieces {
                batches.line(height, stroke, piece);
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
