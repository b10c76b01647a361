//! `OpenStreetMap`: roads, and sites of the kinds that matter for the air.
//!
//! The file is read several times instead of being held: first for the ways of multipolygons
//! and the turns that are banned, then for the nodes of all ways, then for their positions, then once
//! a table. The map is WGS-84 also in China.
//!
//! The crate `osmpbf` 0.3.8 reads PBF too, at the cost of `protobuf`, `rayon` and `memmap2`. It
//! parses a block into a tree of messages whose number nothing bounds, and ends the tags of an
//! element without a word where a text is not UTF-8. `osmpbfreader` 0.19.1 holds the objects of the
//! file. Neither reads `.osm`.

mod block;
mod element;
mod outline;
mod pbf;
mod places;
mod plan;
mod road;
mod site;
#[cfg(test)]
mod tests;
mod turns;
mod unread;
mod xml;

use std::path::Path;

use geo_types::{Geometry, Point};

use self::element::{Element, ElementKinds, Position, Tags};
use self::plan::ReadPlan;
use self::unread::Unread;
use crate::domain::Text;
use crate::exchange::{Cell, Error, Format, InRow, ReadOptions, Sink, StatedCrs};

/// Read only: two tables, `road` and `site`.
pub struct Osm;

const TABLES: [&str; 2] = ["road", "site"];

const NO_LINE: Text =
    Text::new("文件中只有不到两个节点，连不成线", "fewer than two of its nodes are in the file");
const NO_PLACE: Text = Text::new("没有有效的位置", "it has no position on Earth");

impl Format for Osm {
    fn name(&self) -> &'static str {
        "osm"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["osm.pbf", "pbf", "osm", "osm.xml"]
    }

    /// Table `road`, then table `site`; [`ReadOptions::layer`] names one of them.
    fn read(&self, path: &Path, options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        let layer = options.layer.as_deref();
        if let Some(layer) = layer.filter(|layer| !TABLES.contains(layer)) {
            let known = TABLES.join(", ");
            return Err(Error::NoSuchLayer { layer: layer.to_owned(), known });
        }
        let [has_roads, has_sites] = TABLES.map(|table| layer.is_none_or(|layer| layer == table));
        let mut file = File::open(path)?;
        let plan = ReadPlan::of(&mut file, has_roads, has_sites)?;
        if has_roads {
            roads(&mut file, &plan, sink)?;
        }
        if has_sites {
            sites(&mut file, &plan, sink)?;
        }
        Ok(())
    }
}

/// The same elements in either notation.
enum File {
    Pbf(pbf::Pbf),
    Xml(xml::XmlFile),
}

impl File {
    fn open(path: &Path) -> Result<Self, Error> {
        let is_pbf = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pbf"));
        if is_pbf {
            pbf::Pbf::open(path).map(Self::Pbf)
        } else {
            xml::XmlFile::open(path).map(Self::Xml)
        }
    }

    fn each(
        &mut self,
        wanted: ElementKinds,
        visit: &mut dyn FnMut(Element<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match self {
            Self::Pbf(file) => file.each(wanted, visit),
            Self::Xml(file) => file.each(wanted, visit),
        }
    }
}

fn roads(file: &mut File, plan: &ReadPlan, sink: &mut dyn Sink) -> Result<(), Error> {
    let slots = begin("road", road::COLUMNS, sink)?;
    let mut unread = Unread::default();
    file.each(ElementKinds { ways: true, ..ElementKinds::default() }, &mut |element| {
        let Element::Way(way) = element else { return Ok(()) };
        let Some(class) = road::class(&way.tags) else { return Ok(()) };
        match outline::line(&way, &plan.places) {
            Some(line) => {
                let rules = road::rules(&way, &plan.at_nodes, &plan.places);
                unread.look(&rules);
                let no_turns = plan.turns.cell(way.id, &plan.places);
                slots.row(way.id, road::cells(&way, class, no_turns, rules), line, sink)
            }
            None => reject(way.id, NO_LINE, sink),
        }
    })?;
    if let Some(words) = unread.warning() {
        sink.warn(words);
    }
    plan.turns.refused().iter().try_for_each(|(relation, why)| reject(*relation, *why, sink))
}

fn sites(file: &mut File, plan: &ReadPlan, sink: &mut dyn Sink) -> Result<(), Error> {
    let slots = begin("site", site::COLUMNS, sink)?;
    file.each(ElementKinds { nodes: true, ways: true, relations: true }, &mut |element| {
        match element {
            Element::Node { id, at, tags } => node(id, at, &tags, &slots, sink),
            Element::Way(way) => {
                let Some(kind) = site::kind(&way.tags) else { return Ok(()) };
                let cells = site::cells(&format!("w{}", way.id), kind, &way.tags);
                slots.row_or_reason(way.id, cells, outline::area(&way, &plan.places), sink)
            }
            Element::Relation { id, members, tags } => {
                let Some(kind) = plan::kind_of_area(&tags) else { return Ok(()) };
                let cells = site::cells(&format!("r{id}"), kind, &tags);
                slots.row_or_reason(id, cells, plan.multipolygon(&members), sink)
            }
        }
    })
}

fn node(
    id: i64,
    at: Option<Position>,
    tags: &Tags<'_>,
    slots: &OsmColumns,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    // A building drawn as a node is a guess of some import, not an outline to keep clean.
    let Some(kind) = site::kind(tags).filter(|kind| *kind != "building") else { return Ok(()) };
    let place = at.map(|at| Point(at.coord()).into()).ok_or(NO_PLACE);
    slots.row_or_reason(id, site::cells(&format!("n{id}"), kind, tags), place, sink)
}

/// Where the receiver wants the cells of each column.
struct OsmColumns(Vec<usize>);

fn begin(table: &str, columns: &[&str], sink: &mut dyn Sink) -> Result<OsmColumns, Error> {
    sink.table(table, &StatedCrs::Wgs84)?;
    let slots = columns.iter().map(|column| sink.column(column)).collect::<Result<_, _>>()?;
    Ok(OsmColumns(slots))
}

impl OsmColumns {
    fn row(
        &self,
        id: i64,
        cells: Vec<Cell<'_>>,
        geometry: Geometry<f64>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let mut placed = vec![Cell::Empty; self.0.iter().max().map_or(0, |last| last + 1)];
        for (slot, cell) in self.0.iter().zip(cells) {
            if let Some(place) = placed.get_mut(*slot) {
                *place = cell;
            }
        }
        let row = InRow { number: id.unsigned_abs(), cells: &placed, geometry: Some(geometry) };
        Ok(sink.row(row)?)
    }

    fn row_or_reason(
        &self,
        id: i64,
        cells: Vec<Cell<'_>>,
        geometry: Result<Geometry<f64>, Text>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        match geometry {
            Ok(geometry) => self.row(id, cells, geometry, sink),
            Err(reason) => reject(id, reason, sink),
        }
    }
}

fn reject(id: i64, reason: Text, sink: &mut dyn Sink) -> Result<(), Error> {
    Ok(sink.reject(id.unsigned_abs(), reason.into())?)
}
