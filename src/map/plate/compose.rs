//! From a sketch to a plate.

use std::collections::BTreeMap;

use geo::InteriorPoint as _;
use geo_types::{Geometry, LineString, Polygon};
use jiff::civil::Date;

use super::clip::{areas, cut_line, doubled_area, lines};
use super::furniture::Furniture;
use super::labels::{Lettering, Place, Style, Wish};
use super::legend::{Legend, notes};
use super::pen::{Pen, detail};
use super::place::{Block, Room};
use super::points::{Crowd, SitePoint, crowd};
use super::tally::Tally;
use super::walk::{Step, steps, total};
use super::{Item, Layout, Page, Plate, Strata};
use crate::basemap::TileSource;
use crate::domain::{Lang, Text};
use crate::geodesy::wkb::{self, Bounds};
use crate::map::base::{Base, base};
use crate::map::font::{Fonts, Weight};
use crate::map::symbols::Symbol;
use crate::map::tokens::{Rgba, Theme};
use crate::map::view::{At, Frame, Projection, View};
use crate::map::{AreaRole, Error, Ink, Level, Mark, RoadClass, Shape, Sketch, Standing, Tag};

/// What is asked of a printed map.
pub struct Sheet<'a> {
    pub page: Page,
    pub extent: Extent,
    pub title: &'a str,
    pub lang: Lang,
    pub theme: Theme,
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
/// Names of control points come before this, all others after.
const FIRST_OTHER_RANK: u32 = 10;
/// As many names as a 1080p page bears.
const MOST_NAMES: f64 = 120.0;

/// Lays a sketch out on a page.
pub fn compose(sketch: &Sketch, sheet: &Sheet<'_>) -> Result<Plate, Error> {
    let fonts = Fonts::get()?;
    let layout = Layout::of(sheet.page);
    let view = match sheet.extent {
        Extent::Fit(bounds) => View::fitting(bounds, layout.map, AROUND),
        Extent::At(view) => view,
    };
    let projection = Projection::new(view, layout.map);
    let under = sheet.base.map_or_else(Base::default, |source| {
        base(source, &projection, sheet.page.pixels_per_unit(), &sheet.theme)
    });
    let mut composer = Composer::new(sheet, projection);
    for (index, mark) in sketch.marks.iter().enumerate() {
        composer.add(index, mark);
    }
    let mut strata = Strata::default();
    strata.rect(0, sheet.theme.ground, layout.map.grown(BEYOND));
    let mut items: Vec<Item> = strata.into_items().chain(under.items).collect();
    let furniture = Furniture { fonts, theme: &sheet.theme, lang: sheet.lang, layout };
    let tally = composer.finish(sketch, &furniture, fonts, &mut items);
    let credit = sheet.base.map(|source| source.about().credit());
    furniture.foot(credit.as_deref(), &mut items);
    let tag = tally.has(Tag::Example).then(|| EXAMPLE.say(sheet.lang));
    furniture.head(sheet.title, sheet.date, tag, &mut items);
    let legend = Legend { frame: layout.legend, fonts, theme: &sheet.theme, lang: sheet.lang };
    let notes = notes(
        sheet.lang,
        sketch.unlocated,
        tally.has_dots,
        tally.has(Tag::Example),
        tally.has(Tag::Sketched),
    );
    items.extend(legend.draw(&tally.counts, &notes));
    let title = sheet.title.to_owned();
    let warnings = under.warnings;
    Ok(Plate { page: sheet.page, theme: sheet.theme, items, title, warnings })
}

const EXAMPLE: Text = Text::new("示例数据,非真实", "Example data, not real");

/// What of the sketch is visible.
struct Seen {
    counts: Tally,
    tags: Vec<Tag>,
    has_dots: bool,
}

impl Seen {
    fn has(&self, tag: Tag) -> bool {
        self.tags.contains(&tag)
    }
}

struct Composer<'a> {
    sheet: &'a Sheet<'a>,
    projection: Projection,
    clip: Frame,
    /// What may be visible: asked before anything is projected.
    window: Bounds,
    pen: Pen<'a>,
    seen: Seen,
    sites: Vec<SitePoint>,
    cameras: Vec<Item>,
    control_points: Vec<Item>,
    /// Room of the control points, and of what else is not to be covered.
    points: Vec<Block>,
    obstacles: Vec<Block>,
    wishes: Vec<Wish>,
    /// The visible pieces of roads by what is written on them.
    names: BTreeMap<(bool, String), Named>,
}

/// A road in as many pieces as it was recorded in.
struct Named {
    class: RoadClass,
    tag: Option<Tag>,
    pieces: Vec<Vec<At>>,
}

impl<'a> Composer<'a> {
    fn new(sheet: &'a Sheet<'a>, projection: Projection) -> Self {
        let pen = Pen {
            theme: &sheet.theme,
            detail: detail(projection.view.zoom),
            has_base: sheet.base.is_some(),
            strata: Strata::default(),
        };
        Self {
            sheet,
            projection,
            clip: projection.frame.grown(BEYOND),
            window: projection.bounds(BEYOND),
            pen,
            seen: Seen { counts: Tally::default(), tags: Vec::new(), has_dots: false },
            sites: Vec::new(),
            cameras: Vec::new(),
            control_points: Vec::new(),
            points: Vec::new(),
            obstacles: Vec::new(),
            wishes: Vec::new(),
            names: BTreeMap::new(),
        }
    }

    fn add(&mut self, index: usize, mark: &Mark) {
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
            self.seen.counts.count(mark.ink);
            self.seen.tags.extend(mark.tag.filter(|tag| !self.seen.tags.contains(tag)));
        }
    }

    fn may_be_seen(&self, geometry: &Geometry<f64>) -> bool {
        let Bounds { min, max } = self.window;
        wkb::bounds(geometry).is_some_and(|of| {
            of.min.x <= max.x && of.max.x >= min.x && of.min.y <= max.y && of.max.y >= min.y
        })
    }

    fn add_point(&mut self, index: usize, mark: &Mark, at: At) -> bool {
        if !self.projection.frame.contains(at) {
            return false;
        }
        match mark.ink {
            Ink::Site { kind, standing } => {
                self.sites.push(SitePoint { at, kind, standing, mark: index });
            }
            Ink::Camera { direction_deg } => {
                let symbol = Symbol::Camera { has_direction: direction_deg.is_some() };
                let turn_deg = direction_deg.unwrap_or(0.0);
                self.cameras.push(Item::Stamp { symbol, at, turn_deg });
                self.obstacles.push(Block::upright(at, 5.0, 5.0));
            }
            Ink::ControlPoint { level, is_running } => {
                let symbol = Symbol::control_point(level, is_running, self.sheet.lang);
                self.control_points.push(Item::Stamp { symbol, at, turn_deg: 0.0 });
                let reach = symbol.reach();
                self.points.push(Block::upright(at, reach, reach));
                let rank = if level == Level::Micro { 30 } else { level as u32 };
                let size = if level == Level::Micro { 13.0 } else { 16.5 };
                let style = style(size, Weight::Bold, self.sheet.theme.ink);
                let place = if level == Level::Micro {
                    Place::Beside(vec![at], reach)
                } else {
                    Place::Around(at, reach)
                };
                self.wish(rank, mark, style, place);
            }
            _ => {}
        }
        true
    }

    fn add_line(&mut self, mark: &Mark, geometry: &Geometry<f64>) -> bool {
        let parts = lines(geometry, &self.projection, self.clip);
        let mut visible = Vec::new();
        for part in &parts {
            self.pen.line(mark.ink, part);
            cut_line(part, self.projection.frame, &mut visible);
        }
        let theme = &self.sheet.theme;
        match mark.ink {
            Ink::Road(class) => self.name_road(class, mark, parts),
            Ink::Restriction { .. } => {
                let style = style(13.5, Weight::Bold, restriction_color(theme, mark.ink));
                self.wish(20, mark, style, Place::BesideLine(anchors(&visible), 9.0));
                self.keep_clear(&visible);
            }
            Ink::Congestion { .. } => {
                let style = style(12.5, Weight::Regular, theme.ink);
                self.wish(60, mark, style, Place::BesideLine(anchors(&visible), 10.0));
                self.keep_clear(&visible);
            }
            _ => {}
        }
        !visible.is_empty()
    }

    /// Nothing is written over these lines.
    fn keep_clear(&mut self, lines: &[Vec<At>]) {
        let step = |line: &Vec<At>| steps(line, 0.0, 10.0);
        let block =
            |step: Step| Block { center: step.at, half: At { x: 5.0, y: 6.0 }, along: step.along };
        self.obstacles.extend(lines.iter().flat_map(step).map(block));
    }

    fn name_road(&mut self, class: RoadClass, mark: &Mark, parts: Vec<Vec<At>>) {
        let Shape::Recorded(record) = &mark.shape else { return };
        let number =
            record.text("ref").split([';', '/', ',', '、']).next().unwrap_or_default().trim();
        let mut add = |is_plaque: bool, text: &str, pieces: Vec<Vec<At>>| {
            if !text.is_empty() {
                let named = self.names.entry((is_plaque, text.to_owned()));
                let named = named.or_insert(Named { class, tag: mark.tag, pieces: Vec::new() });
                named.class = named.class.min(class);
                named.pieces.extend(pieces);
            }
        };
        add(true, number, parts.clone());
        // 102国道 is what G102 says already.
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let is_said = !number.is_empty()
            && (number == mark.words() || digits(number) == digits(mark.words()));
        if !is_said {
            add(false, mark.words(), parts);
        }
    }

    fn add_area(&mut self, index: usize, mark: &Mark, geometry: &Geometry<f64>) -> bool {
        let parts = areas(geometry, &self.projection, self.clip);
        for rings in &parts {
            self.pen.area(mark.ink, rings);
        }
        let Some(largest) = parts.iter().max_by(|one, other| size(one).total_cmp(&size(other)))
        else {
            return false;
        };
        let theme = &self.sheet.theme;
        match mark.ink {
            Ink::Ring { radius_m, .. } => {
                let style = style(14.0, Weight::Bold, theme.accent);
                let places = self.on_ring(geometry);
                // Of two rings the inner one is the one that matters most.
                self.wish(10 + (radius_m / 1000.0) as u32, mark, style, Place::On(places));
            }
            Ink::Site { kind, standing } => {
                let at = inner_point(largest).filter(|at| self.projection.frame.contains(*at));
                let site = at.map(|at| SitePoint { at, kind, standing, mark: index });
                self.sites.extend(site);
            }
            Ink::Restriction { .. } => {
                let style = style(13.5, Weight::Bold, restriction_color(theme, mark.ink));
                let places = inner_point(largest).into_iter().collect();
                self.wish(20, mark, style, Place::On(places));
            }
            Ink::Area(role) => self.name_area(role, mark, largest),
            _ => {}
        }
        true
    }

    fn name_area(&mut self, role: AreaRole, mark: &Mark, rings: &[Vec<At>]) {
        // The district is named in the title; a corner of a township needs no name.
        if role == AreaRole::District || size(rings) < 9_000.0 {
            return;
        }
        let Some(at) = inner_point(rings) else { return };
        let spacing = if self.sheet.lang == Lang::Zh { 4.0 } else { 1.0 };
        let style = Style { spacing, ..style(14.0, Weight::Regular, self.sheet.theme.muted) };
        let places = if role == AreaRole::RingRoad { near_corners(rings, at) } else { around(at) };
        self.wish(50, mark, style, Place::On(places));
    }

    /// Places on a ring for its radius: at the upper right first, then on along it.
    fn on_ring(&self, geometry: &Geometry<f64>) -> Vec<At> {
        const AZIMUTHS: [usize; 12] = [45, 55, 35, 65, 25, 75, 15, 315, 330, 300, 135, 225];
        let Geometry::Polygon(ring) = geometry else { return Vec::new() };
        let vertices = &ring.exterior().0;
        let count = vertices.len().saturating_sub(1);
        let vertex = |azimuth: usize| vertices.get(count * azimuth / 360);
        let places = AZIMUTHS.into_iter().filter_map(vertex);
        places.map(|place| self.projection.page_from_lonlat(*place)).collect()
    }

    fn wish(&mut self, rank: u32, mark: &Mark, style: Style, place: Place) {
        let text = mark.words();
        if !text.is_empty() {
            self.wishes.push(Wish { rank, text: text.to_owned(), tag: mark.tag, style, place });
        }
    }

    /// Puts everything on the page in its order: lines and areas, symbols, names, margin.
    fn finish(
        mut self,
        sketch: &Sketch,
        furniture: &Furniture<'_>,
        fonts: &Fonts,
        items: &mut Vec<Item>,
    ) -> Seen {
        let frame = self.projection.frame;
        let crowd = crowd(std::mem::take(&mut self.sites), frame);
        self.seen.has_dots = crowd.has_dots;
        self.wish_sites(sketch, &crowd);
        self.wish_roads();
        let corners = furniture.corners(&self.projection);
        let names = self.write(fonts, &corners, &crowd);
        items.extend(self.pen.strata.into_items());
        items.extend(crowd.items);
        items.extend(self.cameras);
        items.extend(self.control_points);
        items.extend(names);
        if self.sheet.is_internal {
            furniture.watermark(items);
        }
        furniture.margin(self.sheet.page, items);
        furniture.scale(&self.projection, items);
        furniture.north(items);
        self.seen
    }

    fn wish_sites(&mut self, sketch: &Sketch, crowd: &Crowd) {
        for site in &crowd.full {
            if let Some(mark) = sketch.marks.get(site.mark) {
                let rank = if site.standing == Standing::Failing { 80 } else { 90 };
                let style = style(12.5, Weight::Regular, self.sheet.theme.ink);
                self.wish(rank, mark, style, Place::Beside(vec![site.at], 10.0));
            }
        }
    }

    /// Control points are always named: theirs may cover the edge of another mark, not its
    /// middle. All other names keep clear of every mark.
    fn write(&mut self, fonts: &Fonts, corners: &[Block], crowd: &Crowd) -> Vec<Item> {
        let frame = self.projection.frame;
        let most = MOST_NAMES * frame.width() * frame.height() / (1600.0 * 980.0);
        let lettering = Lettering {
            fonts,
            theme: &self.sheet.theme,
            lang: self.sheet.lang,
            most: most.round() as usize,
        };
        let (first, others) = std::mem::take(&mut self.wishes)
            .into_iter()
            .partition(|wish: &Wish| wish.rank < FIRST_OTHER_RANK);
        let full = |half: f64| crowd.full.iter().map(move |s| Block::upright(s.at, half, half));
        let mut room = Room::new(frame);
        self.points.iter().chain(corners).copied().chain(full(4.0)).for_each(|b| room.take(b));
        let first = lettering.write(first, &mut room);
        let mut room = Room::new(frame);
        let dots = crowd.items.iter().filter_map(|item| match item {
            Item::Stamp { symbol: Symbol::Dot(_), at, .. } => Some(Block::upright(*at, 2.5, 2.5)),
            _ => None,
        });
        let marks = self.points.iter().chain(&self.obstacles).chain(corners).copied();
        marks.chain(first.blocks).chain(full(9.5)).chain(dots).for_each(|b| room.take(b));
        let others = lettering.write(others, &mut room);
        first.items.into_iter().chain(others.items).collect()
    }

    fn wish_roads(&mut self) {
        let theme = &self.sheet.theme;
        for ((is_plaque, text), Named { class, tag, pieces }) in std::mem::take(&mut self.names) {
            let rank = class as u32 + if is_plaque { 40 } else { 65 };
            let style = if is_plaque {
                Style { is_plaque, ..style(12.0, Weight::Bold, theme.ink) }
            } else {
                style(
                    if class <= RoadClass::Secondary { 13.5 } else { 12.5 },
                    Weight::Regular,
                    theme.ink.faded(0.86),
                )
            };
            let place = if is_plaque { Place::OnLine(pieces) } else { Place::Along(pieces) };
            let tag = if is_plaque { None } else { tag };
            self.wishes.push(Wish { rank, text, tag, style, place });
        }
    }
}

const fn style(size: f64, weight: Weight, color: Rgba) -> Style {
    Style { size, weight, color, spacing: 0.0, is_plaque: false }
}

fn restriction_color(theme: &Theme, ink: Ink) -> Rgba {
    use crate::map::RestrictionKind::{Detour, Limited, NoEntry, OneWay};
    match ink {
        Ink::Restriction { kind: NoEntry, .. } => theme.act,
        Ink::Restriction { kind: Limited, .. } => theme.watch,
        Ink::Restriction { kind: OneWay | Detour, .. } => theme.calm,
        _ => theme.ink,
    }
}

/// Half-way along each line, then at its quarters.
fn anchors(lines: &[Vec<At>]) -> Vec<Step> {
    let at = |share: f64| {
        lines.iter().flat_map(move |line| steps(line, total(line) * share, f64::INFINITY))
    };
    [0.5, 0.25, 0.75].into_iter().flat_map(at).collect()
}

/// A place and others near it.
fn around(at: At) -> Vec<At> {
    const OFF: [(f64, f64); 9] = [
        (0.0, 0.0),
        (0.0, -28.0),
        (0.0, 28.0),
        (0.0, -64.0),
        (0.0, 64.0),
        (-80.0, 0.0),
        (80.0, 0.0),
        (0.0, -130.0),
        (0.0, 130.0),
    ];
    OFF.into_iter().map(|(x, y)| at + At { x, y }).collect()
}

/// A little inside the corners of an outline, the upper left first.
fn near_corners(rings: &[Vec<At>], middle: At) -> Vec<At> {
    let mut corners: Vec<At> = rings.first().cloned().unwrap_or_default();
    corners.sort_by(|one, other| (one.x + one.y).total_cmp(&(other.x + other.y)));
    let inward = |corner: At| {
        let way = middle - corner;
        corner + way * (64.0 / way.x.hypot(way.y).max(64.0))
    };
    corners.into_iter().take(12).map(inward).collect()
}

/// Twice the area of the outer ring.
fn size(rings: &[Vec<At>]) -> f64 {
    rings.first().map_or(0.0, |ring| doubled_area(ring).abs())
}

/// A point inside, well away from the edge where there is room.
fn inner_point(rings: &[Vec<At>]) -> Option<At> {
    let mut rings = rings.iter().map(|ring| LineString(ring.clone()));
    let polygon = Polygon::new(rings.next()?, rings.collect());
    polygon.interior_point().map(|point| point.0)
}
