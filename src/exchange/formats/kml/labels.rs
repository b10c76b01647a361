//! Points that only say where the name of a polygon is written, as placemarks of their own: in some
//! programs each area comes with one. Such a point and its polygon are one thing.

use geo::{CoordsIter, Intersects as _};
use geo_types::{Geometry, Point};
use rustc_hash::FxHashMap;

use super::read::Cells;
use crate::domain::LocalizedText;
use crate::exchange::Cell;

/// A document of more placemarks or vertices than these (some 40 MB) is handed on as it comes.
const MOST_PLACEMARKS: usize = 20_000;
const MOST_VERTICES: usize = 2_000_000;
/// What so many polygons are called is no name of one: every point of it would be held against them all.
const MOST_NAMESAKES: usize = 64;

/// A placemark that was read and not handed on yet.
pub struct HeldPlacemark {
    pub number: u64,
    pub cells: Cells,
    pub shapes: Vec<Geometry<f64>>,
}

/// Holds the placemarks of a document back until all of its polygons are known.
#[derive(Default)]
pub struct Labels {
    held: Vec<HeldPlacemark>,
    vertices: usize,
    is_given_up: bool,
    found: u64,
}

impl Labels {
    /// What is to be handed on now.
    pub fn pass(&mut self, placemark: HeldPlacemark) -> Vec<HeldPlacemark> {
        if self.is_given_up {
            return vec![placemark];
        }
        self.vertices += placemark.shapes.iter().map(CoordsIter::coords_count).sum::<usize>();
        self.held.push(placemark);
        self.is_given_up = self.held.len() > MOST_PLACEMARKS || self.vertices > MOST_VERTICES;
        if self.is_given_up { std::mem::take(&mut self.held) } else { Vec::new() }
    }

    /// The document is over: what is held, but for the labels.
    pub fn settle(&mut self) -> Vec<HeldPlacemark> {
        let held = std::mem::take(&mut self.held);
        (self.vertices, self.is_given_up) = (0, false);
        let is_label = labels(&held);
        self.found += is_label.iter().filter(|is_label| **is_label).count() as u64;
        let all = held.into_iter().zip(is_label);
        all.filter(|(_, is_label)| !is_label).map(|(placemark, _)| placemark).collect()
    }

    /// What became of them.
    pub fn warning(&self) -> Option<LocalizedText> {
        let found = self.found;
        (found > 0).then(|| {
            LocalizedText::new(
                format!("{found} 个点与所在的面同名，只是面的标注，未单独成行"),
                format!(
                    "{found} points have the name of the polygon around them and only label it: they \
                     make no rows of their own"
                ),
            )
        })
    }
}

/// Which of them are labels.
fn labels(held: &[HeldPlacemark]) -> Vec<bool> {
    let mut areas: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (at, placemark) in held.iter().enumerate() {
        if let (Some(name), Some(Geometry::Polygon(_) | Geometry::MultiPolygon(_))) =
            (placemark.name(), placemark.shape())
        {
            areas.entry(name).or_default().push(at);
        }
    }
    let labelled: Vec<Option<usize>> = held
        .iter()
        .map(|point| {
            let areas = areas.get(point.name()?).filter(|all| all.len() <= MOST_NAMESAKES)?;
            point.labelled_by(areas.iter().filter_map(|at| Some((*at, held.get(*at)?))))
        })
        .collect();
    // Two points of one name in one polygon are two things.
    let mut points: FxHashMap<usize, u32> = FxHashMap::default();
    for area in labelled.iter().flatten() {
        *points.entry(*area).or_default() += 1;
    }
    labelled.iter().map(|area| area.is_some_and(|area| points.get(&area) == Some(&1))).collect()
}

impl HeldPlacemark {
    fn name(&self) -> Option<&str> {
        let (_, cell) = self.cells.iter().find(|(name, _)| name == "name")?;
        if let Cell::Text(name) = cell { Some(name) } else { None }
    }

    fn shape(&self) -> Option<&Geometry<f64>> {
        if let [shape] = self.shapes.as_slice() { Some(shape) } else { None }
    }

    /// The one of these polygons of the same name that the point lies in, where it says nothing that
    /// the polygon does not, in the same datum.
    fn labelled_by<'a>(&self, areas: impl Iterator<Item = (usize, &'a Self)>) -> Option<usize> {
        let Some(Geometry::Point(Point(at))) = self.shape() else { return None };
        let mut around =
            areas.filter(|(_, area)| area.shape().is_some_and(|shape| shape.intersects(at)));
        let (Some((found, area)), None) = (around.next(), around.next()) else { return None };
        let mut own = self.cells.iter().filter(|(name, _)| name != "folder");
        let datum = |of: &'a Cells| of.iter().find(|(name, _)| name == "OvCoordType");
        let own_datum = self.cells.iter().find(|(name, _)| name == "OvCoordType");
        let is_plain = own.all(|cell| area.cells.contains(cell)) && own_datum == datum(&area.cells);
        is_plain.then_some(found)
    }
}
