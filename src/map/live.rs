//! The district as the window shows it: marks indexed by place, and a picture of what is in view.
//!
//! The window draws no mark itself. A job asks for a [`picture`] somewhat larger than the screen,
//! and a pan or zoom moves it as a whole; so a frame costs the same for two hundred records and for
//! a million. What lies under the pointer is asked of the index.

use std::collections::BTreeMap;

use geo_types::{Coord, Geometry};
use tiny_skia::{Color, Pixmap, PixmapPaint, Transform};

use super::Error;
use super::drawing::{Batches, Primitive, Stroke, TextRun};
use super::layout::{Lying, Marks, live_items, sample_of, spotlight};
use super::pixels::{blank, paint_items};
use super::sketch::{Mark, Sketch, Symbol};
use super::tokens::{Palette, Rgba};
use super::view::{At, Frame, Projection, View};
use crate::basemap::Datum;
use crate::domain::{Lang, RecordId};
use crate::geodesy::index::BoxIndex;
use crate::geodesy::local::LocalFrame;
use crate::geodesy::ring::ring;
use crate::geodesy::wkb::{self, Bounds};

pub use super::base::{TilePixels, tile_picture};
pub use super::layout::Cluster;

/// The marks of one layer of the tree.
pub struct LayerSketch {
    pub key: &'static str,
    /// 0–1.
    pub opacity: f32,
    pub sketch: Sketch,
}

/// Layers, lowest first, and all their marks by place. Made off the window's thread.
#[derive(Default)]
pub struct IndexedMarks {
    layers: Vec<LayerSketch>,
    index: BoxIndex,
    /// Layer and mark, in the order of the index.
    order: Vec<(u16, u32)>,
    /// There is no index, and each picture looks at every mark.
    is_unindexed: bool,
}

/// What is asked of a picture.
#[derive(Clone, Debug)]
pub struct Ask {
    pub view: View,
    pub width_px: u32,
    pub height_px: u32,
    pub pixels_per_unit: f64,
    /// 1.0; on the big screen 1.6–2.0, for letters and markers alike.
    pub text_scale: f64,
    pub theme: Palette,
    pub lang: Lang,
    /// Of the base map under it.
    pub datum: Datum,
    pub has_base: bool,
    /// What is under everything; `None` where a base map is to be seen through the picture.
    pub ground: Option<Rgba>,
    pub selected: Option<RecordId>,
    /// A place and metres around it; all else is dimmed.
    pub spotlight: Option<(Coord<f64>, f64)>,
    /// What of the picture is seen at first, page units: no name crosses its edge. `None` for all.
    pub seen: Option<Frame>,
    /// What of that lies under something else, so that no name goes there.
    pub covered: Option<Frame>,
    /// Markers and names come as a second picture, so that lines can be painted between the two.
    pub is_parted: bool,
}

/// Premultiplied RGBA over the ground that was asked for, or over nothing.
pub struct MapPicture {
    pub rgba: Vec<u8>,
    /// Markers and names over nothing, of the same size, where they were asked for apart.
    pub over: Option<Vec<u8>>,
    pub width: u32,
    pub height: u32,
    pub clusters: Vec<Cluster>,
}

/// What lies under a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkHit {
    pub id: RecordId,
    pub symbol: Symbol,
    /// To its middle or its line, metres; 0 inside an area.
    pub distance_m: f64,
}

impl IndexedMarks {
    /// Indexes the box of each mark that has a place; takes seconds for a million marks.
    pub fn new(layers: Vec<LayerSketch>) -> Self {
        let mut boxed = Vec::new();
        for (layer, sketch) in layers.iter().enumerate() {
            for (place, mark) in sketch.sketch.marks.iter().enumerate() {
                if let Some(bounds) = mark.geometry().and_then(wkb::bounds) {
                    boxed.push((bounds, (layer as u16, place as u32)));
                }
            }
        }
        let (index, order) = BoxIndex::new(boxed);
        Self { layers, index, order, is_unindexed: false }
    }

    /// For a picture or two: made at once, but each of them looks at every mark, and nothing is
    /// found under the pointer.
    pub fn unindexed(layers: Vec<LayerSketch>) -> Self {
        Self { layers, is_unindexed: true, ..Self::default() }
    }

    /// Whether no layer has a mark with a place.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty() && !self.is_unindexed
    }

    fn mark(&self, (layer, place): (u16, u32)) -> Option<&Mark> {
        self.layers.get(usize::from(layer))?.sketch.marks.get(place as usize)
    }

    /// The box around a layer's marks; `None` where it shows none.
    pub fn bounds_of(&self, key: &str) -> Option<Bounds> {
        let layer = self.layers.iter().find(|layer| layer.key == key)?;
        let boxes = layer.sketch.marks.iter().filter_map(|mark| wkb::bounds(mark.geometry()?));
        boxes.reduce(Bounds::joined_with)
    }

    /// What lies at most so many metres from a place, the nearest of the topmost kind first:
    /// points, sites as areas, lines and outlines, then the rings and areas it lies in, districts
    /// last. Points may be a little farther, and areas so small that their symbol covers them.
    pub fn pick(&self, at: Coord<f64>, line_m: f64, point_m: f64) -> Vec<MarkHit> {
        let frame = LocalFrame::at(at);
        let reach = crate::geodesy::index::box_around(at, point_m.max(line_m));
        let mut hits: BTreeMap<(u8, u64, usize), MarkHit> = BTreeMap::new();
        self.index.search(reach, &mut |position| {
            let Some(mark) = self.order.get(position).and_then(|key| self.mark(*key)) else {
                return;
            };
            let (Some(id), Some(geometry)) = (mark.subject, mark.geometry()) else { return };
            let is_point = matches!(geometry, Geometry::Point(_) | Geometry::MultiPoint(_));
            let Some(distance_m) = frame.nearest_m(geometry) else { return };
            let is_symbol = is_point || is_small_site(mark, geometry, point_m);
            if distance_m > if is_symbol { point_m } else { line_m } {
                return;
            }
            let is_area = matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
            let is_inside = is_area && !is_near_outline(&frame, geometry, line_m);
            // A circle of the pen is a line around what it means.
            if is_inside && matches!(mark.symbol, Symbol::Pen { .. }) {
                return;
            }
            let rank = match (mark.symbol, is_point) {
                (Symbol::ControlPoint { .. }, _) => 0,
                (_, true) => 1,
                (Symbol::Site { .. }, _) => 2,
                (Symbol::Area(_), _) => 6,
                (Symbol::Ring { .. }, _) if is_inside => 4,
                _ if is_inside => 5,
                _ => 3,
            };
            // Among rings the smallest is the nearest.
            let order =
                if let Symbol::Ring { radius_m, .. } = mark.symbol { radius_m } else { distance_m };
            hits.insert(
                (rank, (order * 1000.0) as u64, position),
                MarkHit { id, symbol: mark.symbol, distance_m },
            );
        });
        let mut hits: Vec<MarkHit> = hits.into_values().collect();
        let mut seen = std::collections::BTreeSet::new();
        hits.retain(|hit| matches!(hit.symbol, Symbol::Ring { .. }) || seen.insert(hit.id));
        hits
    }

    /// Marks that may be in a box, lowest layer first.
    fn within(&self, bounds: Bounds, layers: &dyn Fn(&LayerSketch) -> bool) -> Vec<(u16, u32)> {
        let mut found = Vec::new();
        if self.is_unindexed {
            let wanted = (0_u16..).zip(&self.layers).filter(|(_, layer)| layers(layer));
            found.extend(wanted.flat_map(|(at, layer)| {
                (0_u32..).zip(&layer.sketch.marks).map(move |(mark, _)| (at, mark))
            }));
            return found;
        }
        self.index.search(bounds, &mut |position| {
            if let Some(key) = self.order.get(position)
                && self.layers.get(usize::from(key.0)).is_some_and(layers)
            {
                found.push(*key);
            }
        });
        found.sort_unstable();
        found
    }
}

/// Whether a site is drawn as its pictogram, which hides its outline.
fn is_small_site(mark: &Mark, geometry: &Geometry<f64>, point_m: f64) -> bool {
    matches!(mark.symbol, Symbol::Site { .. })
        && wkb::bounds(geometry).is_some_and(|Bounds { min, max }| {
            let middle = (min + max) / 2.0;
            let around = crate::geodesy::index::box_around(middle, point_m);
            max.x - min.x <= around.max.x - around.min.x
                && max.y - min.y <= around.max.y - around.min.y
        })
}

fn is_near_outline(frame: &LocalFrame, area: &Geometry<f64>, line_m: f64) -> bool {
    let is_near = |polygon: &geo_types::Polygon<f64>| {
        let outline = Geometry::LineString(polygon.exterior().clone());
        frame.nearest_m(&outline).is_some_and(|distance_m| distance_m <= line_m)
    };
    match area {
        Geometry::Polygon(polygon) => is_near(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().any(is_near),
        _ => false,
    }
}

/// What a symbol looks like, `width` × `height` units, `scale` pixels to the unit; premultiplied RGBA
/// over nothing.
pub fn swatch(
    symbol: Symbol,
    theme: &Palette,
    lang: Lang,
    [width, height]: [u32; 2],
    scale: u32,
) -> Result<Vec<u8>, Error> {
    let (width_px, height_px) = (width * scale, height * scale);
    let pixmap = blank(width_px, height_px)?;
    let frame = Frame::new(1.0, 1.0, f64::from(width) - 2.0, f64::from(height) - 2.0);
    let items = sample_of(symbol, frame, theme, lang);
    Ok(paint_items(&items, theme, scale as f32, pixmap)?.take())
}

/// Draws what is in view. `None` when it was called off meanwhile.
pub fn picture(
    prepared: &IndexedMarks,
    ask: &Ask,
    is_cancelled: &dyn Fn() -> bool,
) -> Result<Option<MapPicture>, Error> {
    let (width, height) = (ask.width_px, ask.height_px);
    let mut pixmap = blank(width, height)?;
    if let Some(Rgba([r, g, b, _])) = ask.ground {
        pixmap.fill(Color::from_rgba8(r, g, b, 255));
    }
    let page = Viewport::of(ask);
    let mut clusters = Vec::new();
    pixmap = page.paint(&page.under(), pixmap)?;
    let is_faded = |layer: &LayerSketch| layer.opacity < 0.995;
    for faded in prepared.layers.iter().filter(|layer| is_faded(layer)) {
        if is_cancelled() {
            return Ok(None);
        }
        let own = blank(width, height)?;
        let (items, more) = page.items(prepared, &|layer| layer.key == faded.key)?;
        clusters.extend(more);
        let items: Vec<Primitive> = items.into_items().collect();
        let own = page.paint(&items, own)?;
        let paint =
            PixmapPaint { opacity: faded.opacity.clamp(0.0, 1.0), ..PixmapPaint::default() };
        pixmap.draw_pixmap(0, 0, own.as_ref(), &paint, Transform::identity(), None);
    }
    if is_cancelled() {
        return Ok(None);
    }
    let (Lying { mut under, over }, more) = page.items(prepared, &|layer| !is_faded(layer))?;
    clusters.extend(more);
    if let Some((center, radius_m)) = ask.spotlight {
        let outline = ring(center, radius_m);
        let shade = spotlight(&page.projection, &outline.exterior().0, &ask.theme);
        // Under the names and markers, over lines and areas.
        let first = under.iter().position(|item| !matches!(item, Primitive::Path { .. }));
        if let Some(shade) = shade {
            under.insert(first.unwrap_or(under.len()), shade);
        }
    }
    if is_cancelled() {
        return Ok(None);
    }
    pixmap = page.paint(&under, pixmap)?;
    let over = if ask.is_parted {
        Some(page.paint(&over, blank(width, height)?)?.take())
    } else {
        pixmap = page.paint(&over, pixmap)?;
        None
    };
    Ok(Some(MapPicture { rgba: pixmap.take(), over, width, height, clusters }))
}

/// A printed page as premultiplied RGBA, width and height: for a preview.
pub fn layout_picture(layout: &super::layout::Layout) -> Result<(Vec<u8>, u32, u32), Error> {
    let pixmap = super::png::pixmap_from_layout(layout)?;
    let (width, height) = (pixmap.width(), pixmap.height());
    Ok((pixmap.take(), width, height))
}

struct Viewport<'a> {
    ask: &'a Ask,
    projection: Projection,
    scale: f64,
}

impl<'a> Viewport<'a> {
    /// Larger letters are fewer page units on the same screen.
    fn of(ask: &'a Ask) -> Self {
        let scale = ask.pixels_per_unit * ask.text_scale;
        let (width, height) = (f64::from(ask.width_px) / scale, f64::from(ask.height_px) / scale);
        let view = View { zoom: ask.view.zoom - ask.text_scale.log2(), ..ask.view };
        let projection = Projection::on(ask.datum, view, Frame::new(0.0, 0.0, width, height));
        Self { ask, projection, scale }
    }

    fn items(
        &self,
        prepared: &IndexedMarks,
        layers: &dyn Fn(&LayerSketch) -> bool,
    ) -> Result<(Lying, Vec<Cluster>), Error> {
        let found = prepared.within(self.projection.bounds(40.0), layers);
        let pack = |(layer, place): (u16, u32)| (usize::from(layer) << 32) | place as usize;
        let unpack = |key: usize| ((key >> 32) as u16, key as u32);
        let mut marks = found.iter().filter_map(|key| Some((pack(*key), prepared.mark(*key)?)));
        live_items(Marks {
            view: self.projection.view,
            width: self.projection.frame.width(),
            height: self.projection.frame.height(),
            datum: self.ask.datum,
            theme: &self.ask.theme,
            lang: self.ask.lang,
            has_base: self.ask.has_base,
            selected: self.ask.selected,
            seen: self.ask.seen,
            covered: self.ask.covered,
            marks: &mut marks,
            mark_of: &|key| prepared.mark(unpack(key)),
        })
    }

    fn paint(&self, items: &[Primitive], pixmap: Pixmap) -> Result<Pixmap, Error> {
        paint_items(items, &self.ask.theme, self.scale as f32, pixmap)
    }

    /// Without a base map a graticule says where on Earth this is.
    fn under(&self) -> Vec<Primitive> {
        if self.ask.has_base { Vec::new() } else { graticule(&self.projection, &self.ask.theme) }
    }
}

/// Steps of a graticule, degrees: 30′, 15′, 10′, 5′, 2′, 1′, 30″ and larger.
const STEPS: [f64; 10] =
    [10.0, 5.0, 1.0, 0.5, 0.25, 1.0 / 6.0, 1.0 / 12.0, 1.0 / 30.0, 1.0 / 60.0, 1.0 / 120.0];
/// At least so many page units between its lines.
const APART: f64 = 170.0;

fn graticule(projection: &Projection, theme: &Palette) -> Vec<Primitive> {
    let bounds = projection.bounds(0.0);
    let per_degree = projection.frame.width() / (bounds.max.x - bounds.min.x).max(1e-9);
    let step =
        STEPS.into_iter().take_while(|step| step * per_degree >= APART).last().unwrap_or(10.0);
    let stroke = Stroke::solid(theme.line, 1.0);
    let mut items = Vec::new();
    let mut batches = Batches::default();
    let count = |min: f64, max: f64| {
        let first = (min / step).ceil() as i64;
        let last = (max / step).floor() as i64;
        (first..=last.min(first + 60)).map(|n| n as f64 * step)
    };
    let frame = projection.frame;
    let mut name = |text: String, at: At| {
        items.push(Primitive::Text(TextRun {
            width: 0.0,
            text,
            at,
            size: 11.0,
            weight: super::font::Weight::Regular,
            color: theme.muted.faded(0.8),
            halo: None,
            turn_deg: 0.0,
            spacing: 0.0,
        }));
    };
    for lon in count(bounds.min.x, bounds.max.x) {
        let x = projection.page_from_lonlat(Coord { x: lon, y: bounds.min.y }).x;
        batches.line(0, stroke, &[At { x, y: frame.top }, At { x, y: frame.bottom }]);
        name(degrees(lon, 'E', 'W'), At { x: x + 4.0, y: frame.height() * 0.14 });
    }
    for lat in count(bounds.min.y, bounds.max.y) {
        let y = projection.page_from_lonlat(Coord { x: bounds.min.x, y: lat }).y;
        batches.line(0, stroke, &[At { x: frame.left, y }, At { x: frame.right, y }]);
        name(degrees(lat, 'N', 'S'), At { x: frame.width() * 0.115, y: y - 4.0 });
    }
    batches.into_items().chain(items).collect()
}

/// `118°10′E`.
fn degrees(value: f64, positive: char, negative: char) -> String {
    let seconds = (value.abs() * 3600.0).round() as i64;
    let (degrees, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let letter = if value < 0.0 { negative } else { positive };
    if rest == 0 {
        format!("{degrees}°{minutes:02}′{letter}")
    } else {
        format!("{degrees}°{minutes:02}′{rest:02}″{letter}")
    }
}

#[cfg(test)]
mod tests;
