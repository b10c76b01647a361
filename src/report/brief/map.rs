//! The maps of a brief, by the printer of every other map.

use jiff::civil::Date;

use crate::domain::{Kind, Lang, World};
use crate::geodesy::wkb::{Bounds, bounds};
use crate::map::{
    self, Extent, Layer, Page, Scene, Sheet, compose, png_from_plate, sketch, tokens,
};
use crate::report::block::Picture;

/// For the width of an A4 page at some 200 dots an inch.
const SIZE_PX: (u32, u32) = (1440, 900);

/// These layers of a world around the records of one kind; `None` where none has a place.
pub(super) fn picture(
    world: &World,
    around: Kind,
    layers: &[&str],
    title: &'static str,
    date: Date,
) -> Result<Option<Picture>, map::Error> {
    let shapes = world.table(around).iter().filter_map(|record| bounds(record.geometry.as_ref()?));
    let Some(extent) = shapes.reduce(Bounds::joined_with) else { return Ok(None) };
    let sketch = sketch(&Scene { world, lang: Lang::Zh }, &|layer: &dyn Layer| {
        layers.contains(&layer.key())
    });
    let page = Page::pixels(SIZE_PX.0, SIZE_PX.1)?;
    let sheet = Sheet {
        page,
        extent: Extent::Fit(wider(extent)),
        title,
        lang: Lang::Zh,
        theme: tokens::LIGHT,
        date,
        is_internal: true,
        base: None,
    };
    let plate = compose(&sketch, &sheet)?;
    Ok(Some(Picture {
        png: png_from_plate(&plate)?,
        width_px: page.width_px,
        height_px: page.height_px,
        words: format!("地图：{title}"),
    }))
}

/// So that the 1000 m ring of a point at the edge is on the page.
fn wider(Bounds { min, max }: Bounds) -> Bounds {
    let margin = geo_types::Coord { x: 0.014, y: 0.011 };
    Bounds { min: min - margin, max: max + margin }
}
