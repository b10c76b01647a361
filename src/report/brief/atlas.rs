//! The maps of a paper, by the printer of every other map. Each layer is drawn once; a map takes
//! of it what it shows.

use std::cell::OnceCell;

use jiff::civil::Date;

use crate::domain::{Kind, Lang, World};
use crate::geodesy::wkb::{Bounds, bounds};
use crate::map::view::View;
use crate::map::{self, Extent, Layer, LayerInput, Mark, PageFrames, PageSize, Sketch, layers};
use crate::report::block::Picture;
use crate::report::inset::InsetMap;

/// As wide as the text of a page, millimetres, and dots an inch.
const SIZE_MM: (f64, f64) = (156.0, 106.0);
const DPI: u32 = 240;
/// How wide a map is in the window, points: a scene's zoom is that of such a map.
const WINDOW: f64 = 1320.0;

/// The layers of a district, each drawn once for all pictures of a paper.
pub(super) struct Atlas<'a> {
    world: &'a World,
    /// In the order of `layers::ALL`.
    layers: Vec<OnceCell<Sketch>>,
}

impl<'a> Atlas<'a> {
    /// Of one district; its marks are made when they are first asked for.
    pub fn of(world: &'a World) -> Self {
        Self { world, layers: layers::ALL.iter().map(|_| OnceCell::new()).collect() }
    }

    /// These layers, lowest first, and of their marks those that are wanted.
    pub fn sketch(&self, keys: &[&str], is_shown: &dyn Fn(&dyn Layer, &Mark) -> bool) -> Sketch {
        let mut sketch = Sketch::default();
        for key in keys {
            let Some(place) = layers::ALL.iter().position(|layer| layer.key() == *key) else {
                continue;
            };
            let Some((layer, drawn)) = layers::ALL.get(place).zip(self.layers.get(place)) else {
                continue;
            };
            let drawn = drawn.get_or_init(|| {
                let mut sketch = Sketch::default();
                layer.draw(&LayerInput { world: self.world, lang: Lang::Zh }, &mut sketch);
                sketch
            });
            sketch.unlocated += drawn.unlocated;
            let marks = drawn.marks.iter().filter(|mark| is_shown(*layer, mark));
            sketch.marks.extend(marks.cloned());
        }
        sketch
    }

    /// Around the records of one kind, with room for the 1000 m ring of a point at the edge;
    /// `None` where none has a place.
    pub fn around(&self, kind: Kind) -> Option<Bounds> {
        let records = self.world.table(kind).iter();
        let shapes = records.filter_map(|record| bounds(record.geometry.as_ref()?));
        let Bounds { min, max } = shapes.reduce(Bounds::joined_with)?;
        let margin = geo_types::Coord { x: 0.014, y: 0.011 };
        Some(Bounds { min: min - margin, max: max + margin })
    }
}

/// A map with its title, as a PNG for the paper.
pub(super) fn picture(
    sketch: &Sketch,
    title: &str,
    extent: Extent,
    date: Date,
) -> Result<Picture, map::Error> {
    InsetMap { size_mm: SIZE_MM, dpi: DPI, extent, title, date, seal: None }.picture(sketch)
}

/// The same piece of the Earth that a view of the window shows.
pub(super) fn from_window(view: View) -> Result<Extent, map::Error> {
    let map = PageFrames::of(PageSize::inset(SIZE_MM.0, SIZE_MM.1, DPI)?).map;
    let zoom = view.zoom + (map.width() / WINDOW).log2();
    Ok(Extent::At(View { zoom: zoom.max(0.0), ..view }))
}
