//! The marks of the window: the same as on a printed page, without its margin.

use geo_types::Coord;
use tiny_skia::PathBuilder;

use super::boxes::OrientedBox;
use super::composer::{Composer, Lying};
use super::points::{SitePoint, crowd};
use crate::basemap::Datum;
use crate::domain::{Lang, RecordId};
use crate::geodesy::wkb::Bounds;
use crate::map::Error;
use crate::map::drawing::{Batches, Primitive, Stroke, TextStyle};
use crate::map::font::{Fonts, Weight};
use crate::map::layers::has_verdict;
use crate::map::sketch::{Mark, SiteStanding};
use crate::map::tokens::Palette;
use crate::map::view::{At, Frame, Projection, View};

/// Sites that stand so close that only their number is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// Where its bubble stands, WGS-84 degrees.
    pub at: Coord<f64>,
    pub count: usize,
    /// Of these, with a verdict.
    pub inspected: usize,
    /// Of the inspected ones, not up to standard.
    pub failing: usize,
    /// Of its members, WGS-84 degrees.
    pub bounds: Bounds,
    /// The cell in which no site is drawn for itself, WGS-84 degrees.
    pub cell: Bounds,
}

impl Cluster {
    /// Of its bubble, page units: 13–26, growing slowly with the number.
    pub fn radius(&self) -> f64 {
        (11.0 + (self.count as f64).log10() * 4.0).min(26.0)
    }

    /// Whether a site at this place is not drawn, but counted in the bubble.
    pub fn hides(&self, site: Coord<f64>) -> bool {
        let Bounds { min, max } = self.cell;
        (min.x..=max.x).contains(&site.x) && (min.y..=max.y).contains(&site.y)
    }
}

/// What is to be laid out. Lengths are in page units.
pub struct Marks<'a> {
    pub view: View,
    pub width: f64,
    pub height: f64,
    pub datum: Datum,
    pub theme: &'a Palette,
    pub lang: Lang,
    pub has_base: bool,
    pub selected: Option<RecordId>,
    /// No name crosses its edge; `None` where only that of the page cuts.
    pub seen: Option<Frame>,
    /// No name lies there.
    pub covered: Option<Frame>,
    /// Lowest first, each with the number by which it can be asked for again.
    pub marks: &'a mut dyn Iterator<Item = (usize, &'a Mark)>,
    pub mark_of: &'a dyn Fn(usize) -> Option<&'a Mark>,
}

/// Fewer sites on the screen than this are never put together.
const CROWDED: usize = 350;
/// Side of the cells in which sites are put together, page units.
const CELL: f64 = 76.0;
/// So many in a cell are a cluster; fewer still show what they are.
const LEAST: usize = 7;

/// Paths, markers and names, and the clusters among them.
pub fn live_items(ask: Marks<'_>) -> Result<(Lying, Vec<Cluster>), Error> {
    let fonts = Fonts::get()?;
    let frame = Frame::new(0.0, 0.0, ask.width, ask.height);
    let projection = Projection::on(ask.datum, ask.view, frame);
    let mut composer = Composer::new(ask.theme, ask.lang, ask.has_base, projection);
    composer.selected = ask.selected;
    for (index, mark) in ask.marks {
        composer.add(index, mark);
    }
    let (sites, clusters) = clustered(std::mem::take(&mut composer.sites), &projection);
    let crowd = crowd(sites, frame);
    composer.wish_sites(ask.mark_of, &crowd);
    composer.wish_roads();
    let bubbles = Bubbles { clusters: &clusters, projection: &projection, theme: ask.theme, fonts };
    let mut reserved = bubbles.blocks();
    reserved.extend(ask.seen.into_iter().flat_map(edges));
    reserved.extend(ask.covered.map(OrientedBox::of));
    let (items, _) = composer.finish(fonts, &crowd, &reserved, bubbles.items());
    Ok((items, clusters))
}

/// Along the edge of a frame, as thin as a line.
fn edges(Frame { left, top, right, bottom }: Frame) -> [OrientedBox; 4] {
    const THIN: f64 = 0.5;
    let line = |left, top, right, bottom| OrientedBox::of(Frame::new(left, top, right, bottom));
    [
        line(left - THIN, top, left + THIN, bottom),
        line(right - THIN, top, right + THIN, bottom),
        line(left, top - THIN, right, top + THIN),
        line(left, bottom - THIN, right, bottom + THIN),
    ]
}

/// Sites in crowded cells of the screen become clusters; the cells are fixed to the Earth, so that
/// a push of the map does not shuffle them.
fn clustered(sites: Vec<SitePoint>, projection: &Projection) -> (Vec<SitePoint>, Vec<Cluster>) {
    if sites.len() < CROWDED {
        return (sites, Vec::new());
    }
    let origin = projection.page_from_world_px(Coord { x: 0.0, y: 0.0 });
    let shift = At { x: origin.x.rem_euclid(CELL), y: origin.y.rem_euclid(CELL) };
    let columns = (projection.frame.width() / CELL).ceil() as usize + 2;
    let rows = (projection.frame.height() / CELL).ceil() as usize + 2;
    let cell_of = |at: At| {
        let column = ((at.x - shift.x) / CELL).floor() + 1.0;
        let row = ((at.y - shift.y) / CELL).floor() + 1.0;
        (row.max(0.0) as usize).min(rows - 1) * columns
            + (column.max(0.0) as usize).min(columns - 1)
    };
    let mut cells = vec![ClusterCell::default(); columns * rows];
    for site in &sites {
        if let Some(cell) = cells.get_mut(cell_of(site.at)) {
            cell.add(site);
        }
    }
    let is_cluster = |at: At| cells.get(cell_of(at)).is_some_and(|cell| cell.count >= LEAST);
    let left = sites.into_iter().filter(|site| !is_cluster(site.at)).collect();
    let corner = |place: usize| At {
        x: shift.x + ((place % columns) as f64 - 1.0) * CELL,
        y: shift.y + ((place / columns) as f64 - 1.0) * CELL,
    };
    let clusters = cells.iter().enumerate().filter(|(_, cell)| cell.count >= LEAST);
    (left, clusters.map(|(place, cell)| cell.cluster(projection, corner(place))).collect())
}

#[derive(Clone, Copy)]
struct ClusterCell {
    count: usize,
    inspected: usize,
    failing: usize,
    sum: At,
    min: At,
    max: At,
}

impl Default for ClusterCell {
    fn default() -> Self {
        let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
        Self {
            count: 0,
            inspected: 0,
            failing: 0,
            sum: At::default(),
            min: At { x: high, y: high },
            max: At { x: low, y: low },
        }
    }
}

impl ClusterCell {
    fn add(&mut self, site: &SitePoint) {
        self.count += 1;
        self.inspected += usize::from(has_verdict(site.kind, site.standing));
        self.failing += usize::from(site.standing == SiteStanding::Failing);
        self.sum = self.sum + site.at;
        self.min = At { x: self.min.x.min(site.at.x), y: self.min.y.min(site.at.y) };
        self.max = At { x: self.max.x.max(site.at.x), y: self.max.y.max(site.at.y) };
    }

    /// `corner` is the upper left one of the cell.
    fn cluster(&self, projection: &Projection, corner: At) -> Cluster {
        let bounds = |low: At, high: At| Bounds {
            min: projection.lonlat_from_page(At { x: low.x, y: high.y }),
            max: projection.lonlat_from_page(At { x: high.x, y: low.y }),
        };
        Cluster {
            at: projection.lonlat_from_page(self.sum / self.count as f64),
            count: self.count,
            inspected: self.inspected,
            failing: self.failing,
            bounds: bounds(self.min, self.max),
            cell: bounds(corner, At { x: corner.x + CELL, y: corner.y + CELL }),
        }
    }
}

struct Bubbles<'a> {
    clusters: &'a [Cluster],
    projection: &'a Projection,
    theme: &'a Palette,
    fonts: &'a Fonts,
}

impl Bubbles<'_> {
    /// Names keep clear of them.
    fn blocks(&self) -> Vec<OrientedBox> {
        let block = |cluster: &Cluster| {
            let radius = cluster.radius();
            OrientedBox::upright(self.projection.page_from_lonlat(cluster.at), radius, radius)
        };
        self.clusters.iter().map(block).collect()
    }

    fn items(&self) -> Vec<Primitive> {
        self.clusters.iter().flat_map(|cluster| self.bubble(cluster)).collect()
    }

    /// A disc with the number; an arc of its border is red for the share of the inspected that fails.
    fn bubble(&self, cluster: &Cluster) -> Vec<Primitive> {
        let at = self.projection.page_from_lonlat(cluster.at);
        let radius = cluster.radius();
        let mut items = Vec::new();
        let mut disc = PathBuilder::new();
        disc.push_circle(at.x as f32, at.y as f32, radius as f32);
        let edge = Stroke::solid(self.theme.muted, 1.6);
        items.extend(disc.finish().map(|path| Primitive::Path {
            path,
            fill: Some(self.theme.panel),
            stroke: Some(edge),
        }));
        if cluster.failing > 0 {
            let share = (cluster.failing as f64 / cluster.inspected.max(1) as f64).max(0.06);
            let arc: Vec<At> = (0..=24)
                .map(|step| {
                    let angle = std::f64::consts::TAU * (share * f64::from(step) / 24.0 - 0.25);
                    At { x: at.x + radius * angle.cos(), y: at.y + radius * angle.sin() }
                })
                .collect();
            let mut batches = Batches::default();
            batches.line(0, Stroke::solid(self.theme.act, 4.0), &arc);
            items.extend(batches.into_items());
        }
        let text = short(cluster.count);
        let style = TextStyle { size: 13.0, weight: Weight::Bold };
        let (x, y) = (at.x - style.width(self.fonts, &text) / 2.0, at.y + style.size * 0.37);
        items.push(style.run(self.fonts, &text, At { x, y }, self.theme.ink));
        items
    }
}

/// `1234`, `12.3k`.
fn short(count: usize) -> String {
    if count < 10_000 { count.to_string() } else { format!("{:.0}k", count as f64 / 1000.0) }
}

/// The largest ring of a control point stays bright, everything else is dimmed by a quarter.
pub fn spotlight(view: &Projection, ring: &[Coord<f64>], theme: &Palette) -> Option<Primitive> {
    let mut pen = PathBuilder::new();
    let frame = view.frame;
    let corners = frame.grown(4.0).corners();
    let hole: Vec<At> = ring.iter().map(|place| view.page_from_lonlat(*place)).collect();
    let area: f64 =
        hole.windows(2).map(|w| if let [a, b] = w { a.x * b.y - b.x * a.y } else { 0.0 }).sum();
    let mut draw = |points: &mut dyn Iterator<Item = &At>| {
        for (index, at) in points.enumerate() {
            let (x, y) = (at.x as f32, at.y as f32);
            if index == 0 { pen.move_to(x, y) } else { pen.line_to(x, y) }
        }
        pen.close();
    };
    // Corners run clockwise on the page (positive area with y down); the hole runs the other way.
    draw(&mut corners.iter());
    if area > 0.0 {
        draw(&mut hole.iter().rev());
    } else {
        draw(&mut hole.iter());
    }
    let shade = theme.ground.faded(0.25);
    pen.finish().map(|path| Primitive::Path { path, fill: Some(shade), stroke: None })
}
