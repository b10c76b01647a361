//! The base map under the sketch: tiles put together into one picture, or drawn in quiet greys.

mod raster;
mod tile;
mod vector;

pub use tile::{TilePixels, tile_picture};

use geo_types::Coord;

use super::drawing::Primitive;
use super::tokens::Palette;
use super::view::{At, Frame, Projection};
use crate::basemap::{TileFormat, TileSource};
use crate::domain::{LocalizedText, Text};
use crate::geodesy::mercator::{TileId, WORLD_PX};

/// What a base map adds to a page.
#[derive(Default)]
pub struct Base {
    pub items: Vec<Primitive>,
    pub warnings: Vec<LocalizedText>,
}

/// A page never needs more tiles than this; at a lower zoom fewer cover it.
const MOST_TILES: u64 = 600;

/// What a source shows in a frame: pictures at `detail` pixels a page unit, or vector tiles in the
/// colours of a theme. A tile that cannot be read is a warning.
pub fn base(
    source: &dyn TileSource,
    projection: &Projection,
    detail: f64,
    theme: &Palette,
) -> Base {
    match source.about().format {
        TileFormat::Mvt => vector::vector(source, projection, theme),
        TileFormat::Png | TileFormat::Jpeg | TileFormat::Webp => {
            raster::raster(source, projection, detail)
        }
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
    first: Option<LocalizedText>,
    /// Why labels are missing from tiles that are there.
    labels: Option<LocalizedText>,
}

impl Faults {
    fn add(&mut self, what: LocalizedText) {
        self.damaged += 1;
        self.first.get_or_insert(what);
    }

    fn warnings(self) -> Vec<LocalizedText> {
        let Self { damaged, first, labels } = self;
        let labels = labels.map(|LocalizedText { zh, en }| {
            LocalizedText::new(format!("底图缺少注记：{zh}"), format!("labels are missing: {en}"))
        });
        let first = first.map(|LocalizedText { zh, en }| {
            LocalizedText::new(
                format!("底图有 {damaged} 张瓦片未画出：{zh}"),
                format!("{damaged} tiles of the base map are left out: {en}"),
            )
        });
        first.into_iter().chain(labels).collect()
    }
}

const NO_TILES: Text = Text::new("此处没有底图瓦片", "the base map has no tiles here");

fn broken(id: TileId, what: &str) -> LocalizedText {
    let TileId { z, x, y } = id;
    LocalizedText::new(
        format!("瓦片 {z}/{x}/{y} 已损坏"),
        format!("tile {z}/{x}/{y} is broken: {what}"),
    )
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::RgbaImage;

    use super::*;
    use crate::basemap::{Datum, Error, SourceInfo};
    use crate::map::drawing::Raster;
    use crate::map::tokens::LIGHT;
    use crate::map::view::View;

    /// Grey tiles over the world, a broken one in the north-west at zoom 1, none at zoom 2.
    struct Grey(SourceInfo);

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

        fn about(&self) -> &SourceInfo {
            &self.0
        }
    }

    fn grey(max_zoom: u8) -> Grey {
        Grey(SourceInfo {
            name: "grey".to_owned(),
            attribution: String::new(),
            approval: None,
            datum: Datum::Wgs84,
            format: TileFormat::Png,
            min_zoom: 1,
            max_zoom,
            extent: None,
        })
    }

    fn drawn(source: &Grey, lon: f64, zoom: f64) -> Base {
        let view = View { center: Coord { x: lon, y: 0.0 }, zoom };
        let projection = Projection::new(view, Frame::new(0.0, 0.0, 500.0, 500.0));
        base(source, &projection, 1.0, &LIGHT)
    }

    /// A base map with labels that are half transparent red, or that fail.
    struct Labelled(Grey, Labels);

    struct Labels(SourceInfo, Option<Vec<u8>>);

    impl TileSource for Labelled {
        fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Error> {
            self.0.tile(id)
        }

        fn about(&self) -> &SourceInfo {
            self.0.about()
        }

        fn overlay(&self) -> Option<&dyn TileSource> {
            Some(&self.1)
        }
    }

    impl TileSource for Labels {
        fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Error> {
            let name = || LocalizedText::new("注记", "labels");
            let refused = || Error::Refused(name(), 403, "forbidden");
            if id.x == 0 { Err(refused()) } else { Ok(self.1.clone()) }
        }

        fn about(&self) -> &SourceInfo {
            &self.0
        }
    }

    #[test]
    fn labels_lie_on_the_tile_and_a_tile_of_them_that_is_missing_leaves_it_bare() {
        let mut red = Cursor::new(Vec::new());
        RgbaImage::from_pixel(128, 128, image::Rgba([190, 90, 90, 127]))
            .write_to(&mut red, image::ImageFormat::Png)
            .unwrap();
        let id = |x| TileId { z: 3, x, y: 3 };
        for (labels, expected, is_whole) in [
            (Some(red.into_inner()), [140, 90, 90, 255], true),
            (Some(b"broken".to_vec()), [90, 90, 90, 255], false),
            (None, [90, 90, 90, 255], true),
        ] {
            let source = Labelled(grey(4), Labels(grey(4).0, labels));
            let pixel = |x| {
                let tile = tile_picture(&source, id(x), &LIGHT).unwrap().unwrap();
                assert_eq!(tile.width, 256);
                (tile.rgba.first_chunk::<4>().copied().unwrap(), tile.lacks)
            };
            let (found, lacks) = pixel(1);
            assert_eq!(lacks.is_none(), is_whole);
            let off = found.iter().zip(expected).map(|(a, b)| a.abs_diff(b)).max();
            assert!(off.unwrap() <= 1, "{found:?}");
            let (found, lacks) = pixel(0);
            assert_eq!(found, [90, 90, 90, 255], "the server of the labels refuses");
            assert!(lacks.unwrap().zh.contains("拒绝访问"));
        }
    }

    #[test]
    fn what_is_wrong_with_a_tile_is_said_in_both_languages() {
        let broken = TileId { z: 1, x: 0, y: 0 };
        let said = tile_picture(&grey(1), broken, &LIGHT).unwrap_err();
        assert_eq!(said.zh, "瓦片 1/0/0 已损坏");
        assert_eq!(said.en, "tile 1/0/0 is broken: no picture");
    }

    fn picture(base: &Base) -> &Raster {
        match base.items.first() {
            Some(Primitive::Raster(picture)) => picture,
            _ => panic!("no picture"),
        }
    }

    #[test]
    fn a_truncated_tile_is_a_hole_and_one_warning() {
        let base = drawn(&grey(1), 0.0, 1.0);
        assert_eq!(base.warnings.len(), 1);
        assert!(
            base.warnings[0].en.contains("1/0/0") && base.warnings[0].zh.contains("1/0/0"),
            "{:?}",
            base.warnings
        );
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
