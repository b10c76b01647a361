//! From a sketch to a layout.

use geo_types::Coord;
use jiff::civil::Date;

use super::board::{Board, BoardPainter};
use super::composer::{BEYOND, Composer};
use super::legend::{Legend, notes};
use super::map_surround::MapSurround;
use super::page::PageSize;
use super::points::crowd;
use super::{Layout, PageFrames};
use crate::basemap::{Datum, TileSource};
use crate::domain::{Lang, Seal, Text};
use crate::geodesy::mercator::metres_per_px;
use crate::geodesy::wkb::Bounds;
use crate::map::Error;
use crate::map::base::{Base, base};
use crate::map::drawing::{Batches, Primitive};
use crate::map::font::Fonts;
use crate::map::sketch::{Sketch, Tag};
use crate::map::tokens::Palette;
use crate::map::view::{Projection, View};

/// What is asked of a printed map.
pub struct PrintSpec<'a> {
    pub page: PageSize,
    pub extent: Extent,
    pub title: &'a str,
    pub lang: Lang,
    pub theme: Palette,
    /// Written on the map: nothing here knows what day it is.
    pub date: Date,
    /// 内部使用.
    pub is_internal: bool,
    /// Of the district that is drawn, at the foot.
    pub seal: Option<Seal>,
    pub base: Option<&'a dyn TileSource>,
}

/// Which part of the Earth is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent {
    /// All of a box of longitudes and latitudes, with a margin.
    Fit(Bounds),
    At(View),
    /// One to so much on paper, true at the latitude of the middle (WGS-84 degrees).
    Scale {
        center: Coord<f64>,
        denominator: u32,
    },
}

/// Between what is to be fitted and the edge of the map.
const AROUND: f64 = 36.0;

/// Lays a sketch out on a page.
pub fn compose(sketch: &Sketch, sheet: &PrintSpec<'_>) -> Result<Layout, Error> {
    compose_wall(sketch, sheet, None)
}

/// The same with statistics beside the map.
pub fn compose_wall(
    sketch: &Sketch,
    sheet: &PrintSpec<'_>,
    board: Option<&Board>,
) -> Result<Layout, Error> {
    let fonts = Fonts::get()?;
    let layout = match board {
        Some(_) => PageFrames::with_board(sheet.page),
        None => PageFrames::of(sheet.page),
    };
    let view = match sheet.extent {
        Extent::Fit(bounds) => View::fitting(bounds, layout.map, AROUND),
        Extent::At(view) => view,
        Extent::Scale { center, denominator } => {
            let metres_per_unit = f64::from(denominator) * sheet.page.paper_metres_per_unit();
            View { center, zoom: (metres_per_px(center.y, 0.0) / metres_per_unit).log2() }
        }
    };
    let ratio = match sheet.extent {
        Extent::Scale { denominator, .. } => Some(denominator),
        Extent::Fit(_) | Extent::At(_) => None,
    };
    let datum = sheet.base.map_or(Datum::Wgs84, |source| source.about().datum);
    let projection = Projection::on(datum, view, layout.map);
    let under = sheet.base.map_or_else(Base::default, |source| {
        base(source, &projection, sheet.page.pixels_per_unit(), &sheet.theme)
    });
    let mut composer = Composer::new(&sheet.theme, sheet.lang, sheet.base.is_some(), projection);
    for (index, mark) in sketch.marks.iter().enumerate() {
        composer.add(index, mark);
    }
    let crowd = crowd(std::mem::take(&mut composer.sites), layout.map);
    composer.wish_sites(&|mark| sketch.marks.get(mark), &crowd);
    composer.wish_roads();
    let mut batches = Batches::default();
    batches.rect(0, sheet.theme.ground, layout.map.grown(BEYOND));
    let mut items: Vec<Primitive> = batches.into_items().chain(under.items).collect();
    let surround = MapSurround { fonts, theme: &sheet.theme, lang: sheet.lang, layout };
    let reserved = surround.corners(&projection, ratio);
    let (marks, visible) = composer.finish(fonts, &crowd, &reserved, Vec::new());
    items.extend(marks.into_items());
    if sheet.is_internal {
        surround.watermark(&mut items);
    }
    surround.margin(sheet.page, &mut items);
    surround.scale(&projection, ratio, &mut items);
    surround.north(&mut items);
    let credit = sheet.base.map(|source| source.about().credit());
    surround.foot(credit.as_deref(), sheet.seal, &mut items);
    let tag = visible.has(Tag::Example).then(|| EXAMPLE.say(sheet.lang));
    surround.head(sheet.title, sheet.date, tag, &mut items);
    let legend = Legend { frame: layout.legend, fonts, theme: &sheet.theme, lang: sheet.lang };
    let notes = notes(
        sheet.lang,
        sketch.unlocated,
        visible.has_dots,
        visible.has(Tag::Example),
        visible.has(Tag::Sketched),
    );
    items.extend(legend.draw(&visible.counts, &notes));
    let hand = BoardPainter { frame: layout.board, fonts, theme: &sheet.theme, lang: sheet.lang };
    items.extend(board.into_iter().flat_map(|board| hand.draw(board)));
    let title = sheet.title.to_owned();
    let warnings = under.warnings;
    Ok(Layout { page: sheet.page, theme: sheet.theme, items, title, warnings })
}

const EXAMPLE: Text = Text::new("示例数据,非真实", "Example data, not real");
