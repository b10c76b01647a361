//! What is computed from the world off the window's thread: indexes, counts, the sketch.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use geo_types::{Coord, Geometry};

use crate::analysis::Index;
use crate::basemap::Datum;
use crate::domain::{AreaRole, Kind, Lang, Record, World};
use crate::geodesy::wkb::{self, Bounds};
use crate::map::live::swatch;
use crate::map::tokens::{DARK, LIGHT};
use crate::map::view::world_px_from_wgs84;
use crate::map::{Layer, LayerInput, Sketch, Symbol, layers};

/// Made from the world alone.
#[derive(Default)]
pub struct Known {
    pub revision: u64,
    pub index: Index,
    pub search: crate::analysis::search::SearchIndex,
    pub townships: Vec<String>,
    pub departments: Vec<String>,
    pub states: Vec<String>,
    pub bounds: Option<Bounds>,
    /// The outline of the district for the overview, WGS-84.
    pub outline: Vec<Vec<Coord<f64>>>,
    /// The same in pixels of the world at zoom 0, for every frame to draw.
    pub outline_px: Vec<Vec<Coord<f64>>>,
    /// Records in the file, and of these the ones without a place.
    pub totals: BTreeMap<Kind, (usize, usize)>,
    /// How each kind within a layer looks on the map, in the light and in the dark theme.
    pub swatches: BTreeMap<(Kind, String), Swatches>,
    /// How each layer looks, by its key.
    pub layer_swatches: BTreeMap<&'static str, Swatches>,
}

/// A swatch in the light and in the dark theme, premultiplied RGBA.
pub type Swatches = [Arc<[u8]>; 2];

/// Of a swatch: units, and pixels to a unit.
pub const SWATCH: ([u32; 2], u32) = ([26, 24], 2);

/// One record of each kind within a layer is drawn by its layer; what was drawn before is kept.
fn swatches(
    world: &World,
    before: &BTreeMap<(Kind, String), Swatches>,
) -> BTreeMap<(Kind, String), Swatches> {
    let mut examples: BTreeMap<(Kind, String), &Arc<Record>> = BTreeMap::new();
    for kind in Kind::ALL {
        let mut seen = BTreeSet::new();
        for record in world.table(kind).iter().filter(|record| record.geometry.is_some()) {
            if seen.insert(record.subkind()) {
                examples.insert((kind, record.subkind().to_owned()), record);
            }
        }
    }
    let drawn = examples.into_iter().filter_map(|(key, example)| {
        let known = before.get(&key).cloned();
        Some((key, known.or_else(|| drawn_swatch(example))?))
    });
    drawn.collect()
}

/// The whole of a layer never looks different: they are drawn once.
fn layer_swatches(before: &BTreeMap<&'static str, Swatches>) -> BTreeMap<&'static str, Swatches> {
    if !before.is_empty() {
        return before.clone();
    }
    let drawn = |layer: &&dyn Layer| Some((layer.key(), in_both_themes(layer.sample())?));
    layers::ALL.iter().filter_map(drawn).collect()
}

fn drawn_swatch(example: &Arc<Record>) -> Option<Swatches> {
    let mut world = World::default();
    world.load(Arc::clone(example));
    let layer = layers::of_kind(example.kind)?;
    let mut sketch = Sketch::default();
    layer.draw(&LayerInput { world: &world, lang: Lang::Zh }, &mut sketch);
    in_both_themes(sketch.marks.first()?.symbol)
}

fn in_both_themes(symbol: Symbol) -> Option<Swatches> {
    let (size, scale) = SWATCH;
    let of = |theme| swatch(symbol, theme, Lang::Zh, size, scale).ok().map(Arc::from);
    Some([of(&LIGHT)?, of(&DARK)?])
}

/// Corners of an outline that the overview draws, which is not two hundred points wide.
const OUTLINE_POINTS: usize = 200;

impl Known {
    /// Of a world; what has not changed since `before` is taken from there.
    pub fn of(world: &World, before: &Self) -> Self {
        let mut index = before.index.clone();
        if before.revision == 0 {
            index = Index::of(world);
        } else {
            index.update(world);
        }
        let (mut townships, mut departments, mut states) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut bounds: Option<Bounds> = None;
        let mut totals = BTreeMap::new();
        for kind in Kind::ALL {
            let table = world.table(kind);
            let mut unplaced = 0;
            for record in table.iter() {
                collect(&mut townships, record.text("township"));
                collect(&mut departments, record.text("department"));
                collect(&mut states, record.text("state"));
                match record.geometry.as_ref().and_then(wkb::bounds) {
                    Some(of) => bounds = Some(bounds.map_or(of, |all| all.joined_with(of))),
                    None => unplaced += usize::from(kind.has_place()),
                }
            }
            totals.insert(kind, (table.len(), unplaced));
        }
        let list = |set: BTreeSet<&str>| set.into_iter().map(str::to_owned).collect();
        let outline = outline(world);
        Self {
            revision: world.revision,
            search: crate::analysis::search::SearchIndex::of(world),
            townships: list(townships),
            departments: list(departments),
            states: list(states),
            bounds,
            outline_px: outline.iter().map(|ring| in_px(ring)).collect(),
            outline,
            totals,
            swatches: swatches(world, &before.swatches),
            layer_swatches: layer_swatches(&before.layer_swatches),
            index,
        }
    }
}

fn collect<'a>(set: &mut BTreeSet<&'a str>, text: &'a str) {
    if !text.is_empty() {
        set.insert(text);
    }
}

/// The outer rings of areas that are districts, thinned.
fn outline(world: &World) -> Vec<Vec<Coord<f64>>> {
    let districts = world.table(Kind::Area).iter().filter(|area| AreaRole::District.is_of(area));
    let mut rings = Vec::new();
    for area in districts {
        match &area.geometry {
            Some(Geometry::Polygon(polygon)) => rings.push(thinned(&polygon.exterior().0)),
            Some(Geometry::MultiPolygon(polygons)) => {
                rings.extend(polygons.iter().map(|polygon| thinned(&polygon.exterior().0)));
            }
            _ => {}
        }
    }
    rings
}

fn in_px(ring: &[Coord<f64>]) -> Vec<Coord<f64>> {
    ring.iter().map(|at| world_px_from_wgs84(*at, Datum::Wgs84)).collect()
}

fn thinned(ring: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let every = ring.len().div_ceil(OUTLINE_POINTS).max(1);
    let mut thin: Vec<_> = ring.iter().step_by(every).copied().collect();
    thin.extend(ring.last());
    thin
}
