//! From a sketch to a layout.

use std::collections::BTreeMap;

use geo_types::Geometry;
use jiff::civil::Date;

use super::board::{Board, BoardPainter};
use super::boxes::{OrientedBox, Room};
use super::labels::{LabelWish, Lettering};
use super::legend::{Legend, notes};
use super::map_surround::MapSurround;
use super::names::RoadLabel;
use super::pen::{MapPen, PEN_MARKS, RINGS, detail};
use super::points::{Crowd, SitePoint, crowd};
use super::tally::Tally;
use super::{Batches, Layout, PageFrames, PageSize, Primitive};
use crate::basemap::{Datum, TileSource};
use crate::domain::{Lang, RecordId, Text};
use crate::geodesy::wkb::{self, Bounds};
use crate::map::base::{Base, base};
use crate::map::font::Fonts;
use crate::map::tokens::Palette;
use crate::map::view::{Frame, Projection, View};
use crate::map::{Error, Mark, Sketch, Tag};

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
    pub base: Option<&'a dyn TileSource>,
}

/// Which part of the Earth is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent {
    /// All of a box of longitudes and latitudes, with a margin.
    Fit(Bounds),
    At(View),
}

/// Shapes are cut this far outside the map, under the margin.
const BEYOND: f64 = 14.0;
/// Between what is to be fitted and the edge of the map.
const AROUND: f64 = 36.0;
/// Names of control points and rings come before this, all others after.
const FIRST_OTHER_RANK: u32 = 20;
/// As many names as a 1080p page bears.
const MOST_NAMES: f64 = 120.0;

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
    };
    let datum = sheet.base.map_or(Datum::Wgs84, |source| source.about().datum);
    let projection = Projection::on(datum, view, layout.map);
    let under = sheet.base.map_or_else(Base::default, |source| {
        base(source, &projection, sheet.page.pixels_per_unit(), &sheet.theme)
    });
    let mut composer = Composer::new(sheet, projection);
    for (index, mark) in sketch.marks.iter().enumerate() {
        composer.add(index, mark);
    }
    let mut batches = Batches::default();
    batches.rect(0, sheet.theme.ground, layout.map.grown(BEYOND));
    let mut items: Vec<Primitive> = batches.into_items().chain(under.items).collect();
    let surround = MapSurround { fonts, theme: &sheet.theme, lang: sheet.lang, layout };
    let tally = composer.finish(sketch, &surround, fonts, &mut items);
    let credit = sheet.base.map(|source| source.about().credit());
    surround.foot(credit.as_deref(), &mut items);
    let tag = tally.has(Tag::Example).then(|| EXAMPLE.say(sheet.lang));
    surround.head(sheet.title, sheet.date, tag, &mut items);
    let legend = Legend { frame: layout.legend, fonts, theme: &sheet.theme, lang: sheet.lang };
    let notes = notes(
        sheet.lang,
        sketch.unlocated,
        tally.has_dots,
        tally.has(Tag::Example),
        tally.has(Tag::Sketched),
    );
    items.extend(legend.draw(&tally.counts, &notes));
    let hand = BoardPainter { frame: layout.board, fonts, theme: &sheet.theme, lang: sheet.lang };
    items.extend(board.into_iter().flat_map(|board| hand.draw(board)));
    let title = sheet.title.to_owned();
    let warnings = under.warnings;
    Ok(Layout { page: sheet.page, theme: sheet.theme, items, title, warnings })
}

const EXAMPLE: Text = Text::new("示例数据,非真实", "Example data, not real");

/// What of the sketch is visible.
pub(super) struct Visible {
    counts: Tally,
    tags: Vec<Tag>,
    has_dots: bool,
}

impl Visible {
    fn has(&self, tag: Tag) -> bool {
        self.tags.contains(&tag)
    }
}

/// A page while the marks of a sketch are put on it, one after the other.
pub(super) struct Composer<'a> {
    pub(super) sheet: &'a PrintSpec<'a>,
    pub(super) projection: Projection,
    pub(super) clip: Frame,
    /// What may be visible: asked before anything is projected.
    pub(super) window: Bounds,
    pub(super) pen: MapPen<'a>,
    pub(super) seen: Visible,
    pub(super) sites: Vec<SitePoint>,
    pub(super) cameras: Vec<Primitive>,
    pub(super) control_points: Vec<Primitive>,
    /// By hand.
    pub(super) written: Vec<Primitive>,
    /// Room of the control points, and of what else is not to be covered.
    pub(super) points: Vec<OrientedBox>,
    pub(super) obstacles: Vec<OrientedBox>,
    pub(super) wishes: Vec<LabelWish>,
    /// The visible pieces of roads by what is written on them.
    pub(super) names: BTreeMap<(bool, String), RoadLabel>,
    /// Its name comes before all others.
    pub(super) selected: Option<RecordId>,
}

impl<'a> Composer<'a> {
    pub(super) fn new(sheet: &'a PrintSpec<'a>, projection: Projection) -> Self {
        let pen = MapPen {
            theme: &sheet.theme,
            detail: detail(projection.view.zoom),
            has_base: sheet.base.is_some(),
            batches: Batches::default(),
        };
        Self {
            sheet,
            projection,
            clip: projection.frame.grown(BEYOND),
            window: projection.bounds(BEYOND),
            pen,
            seen: Visible { counts: Tally::default(), tags: Vec::new(), has_dots: false },
            sites: Vec::new(),
            cameras: Vec::new(),
            control_points: Vec::new(),
            written: Vec::new(),
            points: Vec::new(),
            obstacles: Vec::new(),
            wishes: Vec::new(),
            names: BTreeMap::new(),
            selected: None,
        }
    }

    pub(super) fn add(&mut self, index: usize, mark: &Mark) {
        let Some(geometry) = mark.geometry() else { return };
        let is_seen = match geometry {
            Geometry::Point(point) => {
                self.add_point(index, mark, self.projection.page_from_lonlat(point.0))
            }
            Geometry::MultiPoint(points) => points.0.first().is_some_and(|point| {
                self.add_point(index, mark, self.projection.page_from_lonlat(point.0))
            }),
            Geometry::Polygon(_) | Geometry::MultiPolygon(_) => {
                self.may_be_seen(geometry) && self.add_area(index, mark, geometry)
            }
            _ => self.may_be_seen(geometry) && self.add_line(mark, geometry),
        };
        if is_seen {
            self.seen.counts.count(mark.symbol);
            self.seen.tags.extend(mark.tag.filter(|tag| !self.seen.tags.contains(tag)));
        }
    }

    fn may_be_seen(&self, geometry: &Geometry<f64>) -> bool {
        let Bounds { min, max } = self.window;
        wkb::bounds(geometry).is_some_and(|of| {
            of.min.x <= max.x && of.max.x >= min.x && of.min.y <= max.y && of.max.y >= min.y
        })
    }

    /// Puts everything on the page in its order: lines and areas, markers, names, margin.
    fn finish(
        mut self,
        sketch: &Sketch,
        surround: &MapSurround<'_>,
        fonts: &Fonts,
        items: &mut Vec<Primitive>,
    ) -> Visible {
        let frame = self.projection.frame;
        let crowd = crowd(std::mem::take(&mut self.sites), frame);
        self.seen.has_dots = !crowd.dots.is_empty();
        self.wish_sites(&|mark| sketch.marks.get(mark), &crowd);
        self.wish_roads();
        let corners = surround.corners(&self.projection);
        let names = self.write(fonts, &corners, &crowd);
        let by_hand = self.pen.batches.lift(PEN_MARKS);
        // Rings stay visible in any crowd of dots.
        let (low, high) = self.pen.batches.split(RINGS);
        items.extend(low);
        items.extend(crowd.dot_items());
        items.extend(high);
        items.extend(crowd.full_items());
        items.extend(self.cameras);
        items.extend(self.control_points);
        items.extend(names);
        items.extend(by_hand);
        items.extend(self.written);
        if self.sheet.is_internal {
            surround.watermark(items);
        }
        surround.margin(self.sheet.page, items);
        surround.scale(&self.projection, items);
        surround.north(items);
        self.seen
    }

    /// Control points and rings are always named: clear of the middle of other marks where that
    /// can be, over them where it cannot. All other names keep clear of every mark.
    pub(super) fn write(
        &mut self,
        fonts: &Fonts,
        corners: &[OrientedBox],
        crowd: &Crowd,
    ) -> Vec<Primitive> {
        let frame = self.projection.frame;
        let most = MOST_NAMES * frame.width() * frame.height() / (1600.0 * 980.0);
        let lettering = Lettering {
            fonts,
            theme: &self.sheet.theme,
            lang: self.sheet.lang,
            most: most.round() as usize,
        };
        let (needed, wanted) = std::mem::take(&mut self.wishes)
            .into_iter()
            .partition(|wish: &LabelWish| wish.rank < FIRST_OTHER_RANK);
        let full =
            |half: f64| crowd.full.iter().map(move |s| OrientedBox::upright(s.at, half, half));
        let fixed = || self.points.iter().chain(corners).copied();
        let marks = || fixed().chain(self.obstacles.iter().copied()).chain(full(9.5));
        let clear = lettering.write(needed, &mut Room::with(frame, marks()));
        let known = || fixed().chain(clear.blocks.iter().copied());
        let close = lettering.write(clear.left, &mut Room::with(frame, known().chain(full(4.0))));
        let known = || known().chain(close.blocks.iter().copied());
        let forced = lettering.write(close.left, &mut Room::with(frame, known()));
        let dots = crowd.dots.iter().map(|(_, at)| OrientedBox::upright(*at, 2.5, 2.5));
        let names = known().chain(forced.blocks);
        let others =
            lettering.write(wanted, &mut Room::with(frame, marks().chain(dots).chain(names)));
        [others.items, forced.items, close.items, clear.items].into_iter().flatten().collect()
    }
}
