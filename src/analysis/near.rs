//! Which records lie near a place: one R-tree a layer and shape, made from a world.

use std::sync::Arc;

use geo_types::{Coord, Geometry, LineString};

use crate::domain::{Kind, Record, Table, World};
use crate::geodesy::gnomonic::GnomonicShape;
use crate::geodesy::index::{BoxIndex, box_around, box_of_edges};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb::{self, Bounds};

/// The records of a world by place. Holds the records it was made from, not copies of them.
#[derive(Clone, Debug, Default)]
pub struct Index {
    layers: Vec<LayerTrees>,
}

#[derive(Clone, Debug)]
struct LayerTrees {
    kind: Kind,
    /// Of the table that it was made from.
    version: u64,
    unlocated: usize,
    points: PlaceTree,
    shapes: PlaceTree,
}

/// Records in the order of the tree, so that neighbours on the map are neighbours in memory.
#[derive(Clone, Debug, Default)]
struct PlaceTree {
    tree: BoxIndex,
    records: Vec<Arc<Record>>,
    /// Of each point; empty for shapes, which are looked up in their records.
    places: Vec<Coord<f64>>,
}

/// A record near a place.
pub(super) struct Nearby<'a> {
    pub kind: Kind,
    pub record: &'a Arc<Record>,
    pub distance_m: f64,
}

impl Index {
    /// Of all layers.
    pub fn of(world: &World) -> Self {
        Self::of_kinds(world, &Kind::ALL)
    }

    /// Of some layers only; the others are as if empty.
    pub fn of_kinds(world: &World, kinds: &[Kind]) -> Self {
        // What is drawn in a meeting is said of things and is none itself.
        let is_wanted = |kind: &Kind| kinds.contains(kind) && *kind != Kind::PenMark;
        let kinds = Kind::ALL.into_iter().filter(is_wanted);
        Self { layers: kinds.map(|kind| LayerTrees::of(kind, world.table(kind))).collect() }
    }

    /// Makes anew the layers whose tables have changed since.
    pub fn update(&mut self, world: &World) {
        for layer in &mut self.layers {
            let table = world.table(layer.kind);
            if layer.version != table.version || layer.len() != table.len() {
                *layer = LayerTrees::of(layer.kind, table);
            }
        }
    }

    /// Records that have no position, or none that a place on Earth could be, by kind.
    pub fn unlocated(&self) -> impl Iterator<Item = (Kind, usize)> {
        self.layers.iter().map(|layer| (layer.kind, layer.unlocated))
    }

    /// Memory of the index besides the records, bytes.
    pub fn bytes(&self) -> usize {
        let parts = self.layers.iter().flat_map(|layer| [&layer.points, &layer.shapes]);
        parts.map(PlaceTree::bytes).sum()
    }

    /// Calls with each record of these kinds at most `radius_m` from the centre of the frame, in
    /// no particular but always the same order. A shape is still seen in `flat` during the call.
    pub(super) fn near<'a>(
        &'a self,
        frame: &LocalFrame,
        radius_m: f64,
        kinds: &[Kind],
        visit: &mut impl FnMut(Nearby<'a>, Option<&GnomonicShape>),
    ) {
        let wanted = box_around(frame.center(), radius_m);
        let mut flat = GnomonicShape::default();
        for layer in self.layers.iter().filter(|layer| kinds.contains(&layer.kind)) {
            let kind = layer.kind;
            layer.points.tree.search(wanted, &mut |position| {
                let Some((record, place)) = layer.points.at(position) else { return };
                let distance_m = frame.distance_m(place);
                if distance_m <= radius_m {
                    visit(Nearby { kind, record, distance_m }, None);
                }
            });
            layer.shapes.tree.search(wanted, &mut |position| {
                let Some(record) = layer.shapes.records.get(position) else { return };
                let Some(geometry) = &record.geometry else { return };
                flat.show(frame, geometry);
                if let Some(distance_m) = flat.nearest_m()
                    && distance_m <= radius_m
                {
                    visit(Nearby { kind, record, distance_m }, Some(&flat));
                }
            });
        }
    }
}

impl LayerTrees {
    fn of(kind: Kind, table: &Table) -> Self {
        let mut points = Vec::new();
        let mut shapes = Vec::new();
        for record in table.iter() {
            match &record.geometry {
                Some(Geometry::Point(point)) => {
                    points.push((Bounds { min: point.0, max: point.0 }, record));
                }
                Some(shape) => shapes.extend(bounds(shape).map(|bounds| (bounds, record))),
                None => {}
            }
        }
        let points = PlaceTree::of(points, true);
        let shapes = PlaceTree::of(shapes, false);
        let located = points.records.len() + shapes.records.len();
        let unlocated = table.len() - located;
        Self { kind, version: table.version, unlocated, points, shapes }
    }

    fn len(&self) -> usize {
        self.points.records.len() + self.shapes.records.len() + self.unlocated
    }
}

impl PlaceTree {
    fn of(boxed: Vec<(Bounds, &Arc<Record>)>, are_points: bool) -> Self {
        let boxed = boxed
            .into_iter()
            .filter(|(bounds, _)| bounds.min.y >= -90.0 && bounds.max.y <= 90.0)
            .map(|(bounds, record)| (bounds, (bounds.min, record)))
            .collect();
        let (tree, order) = BoxIndex::new(boxed);
        let places =
            if are_points { order.iter().map(|(at, _)| *at).collect() } else { Vec::new() };
        let records = order.into_iter().map(|(_, record)| Arc::clone(record)).collect();
        Self { tree, records, places }
    }

    fn at(&self, position: usize) -> Option<(&Arc<Record>, Coord<f64>)> {
        Some((self.records.get(position)?, *self.places.get(position)?))
    }

    fn bytes(&self) -> usize {
        self.tree.bytes()
            + self.records.capacity() * size_of::<Arc<Record>>()
            + self.places.capacity() * size_of::<Coord<f64>>()
    }
}

/// The box of a shape with geodesic edges.
fn bounds(shape: &Geometry<f64>) -> Option<Bounds> {
    let vertices = wkb::bounds(shape)?;
    let mut longest_lon = 0.0;
    each_line(shape, &mut |line| {
        let edges = line.0.iter().zip(line.0.iter().skip(1));
        longest_lon = edges.map(|(from, to)| (to.x - from.x).abs()).fold(longest_lon, f64::max);
    });
    let Bounds { min, max } = box_of_edges(vertices, longest_lon);
    Some(Bounds {
        min: Coord { x: min.x, y: min.y.max(-90.0) },
        max: Coord { x: max.x, y: max.y.min(90.0) },
    })
}

fn each_line(shape: &Geometry<f64>, visit: &mut dyn FnMut(&LineString<f64>)) {
    match shape {
        Geometry::LineString(line) => visit(line),
        Geometry::Polygon(polygon) => {
            visit(polygon.exterior());
            polygon.interiors().iter().for_each(visit);
        }
        Geometry::MultiLineString(lines) => lines.0.iter().for_each(visit),
        Geometry::MultiPolygon(polygons) => polygons.0.iter().for_each(|polygon| {
            visit(polygon.exterior());
            polygon.interiors().iter().for_each(&mut *visit);
        }),
        Geometry::GeometryCollection(members) => {
            members.0.iter().for_each(|member| each_line(member, visit));
        }
        Geometry::Line(line) => visit(&LineString(vec![line.start, line.end])),
        Geometry::Rect(rect) => visit(rect.to_polygon().exterior()),
        Geometry::Triangle(triangle) => visit(triangle.to_polygon().exterior()),
        Geometry::Point(_) | Geometry::MultiPoint(_) => {}
    }
}
