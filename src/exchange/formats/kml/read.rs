//! KML and KMZ → rows: one a placemark.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use geo_types::{
    Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

use super::html::text_of;
use super::labels::{HeldPlacemark, Labels};
use crate::domain::{LocalizedText, Text};
use crate::exchange::formats::archive::Archive;
use crate::exchange::formats::columns::DiscoveredColumns;
use crate::exchange::formats::decode::{Sniffed, declared_by_xml, sniff};
use crate::exchange::formats::messages::{LONE_NUMBER, SHORT_LINE, SHORT_RING, no_number};
use crate::exchange::formats::xml::{XmlElement, XmlReader, begins_with};
use crate::exchange::{Cell, Error, Sink, StatedCrs};

const FORMAT: &str = "KML";

const LINKS: Text =
    Text::new("指向文件之外的链接未读取", "links to what is not in the file are not followed");
const LABELS: Text = Text::new(
    "多边形自带的标注点未单独成行",
    "points that only label their polygon make no rows of their own",
);

/// Documents of a KMZ that are read, linked ones among them.
const MAX_DOCUMENTS: usize = 2000;

const NO_BOUNDARY: Text = Text::new("多边形没有外边界", "a polygon has no outer boundary");
const EMPTY_POINT: Text = Text::new("点没有坐标", "a point has no coordinates");

/// Streams the placemarks of a KML, or of one document of a KMZ, into the sink.
pub fn read(path: &Path, document: Option<&str>, sink: &mut dyn Sink) -> Result<(), Error> {
    if !is_zipped(path)? {
        let sniffed = sniff(File::open(path)?, FORMAT, declared_by_xml)?;
        let mut way = Way::new(sink);
        read_text(sniffed, File::open(path)?, &mut way)?;
        way.finish();
        return Ok(());
    }
    let mut archive = Archive::open(path, "KMZ")?;
    let documents = documents_of(&archive);
    let name = match document {
        Some(wanted) if !documents.iter().any(|name| name == wanted) => {
            let (layer, known) = (wanted.to_owned(), documents.join(", "));
            return Err(Error::NoSuchLayer { layer, known });
        }
        Some(wanted) => wanted.to_owned(),
        None => main_document(&documents).ok_or_else(|| {
            Error::malformed("KMZ", Text::new("其中没有 .kml 文件", "there is no .kml in it"))
        })?,
    };
    let mut way = Way::new(sink);
    let mut next = 0;
    way.documents.push(name);
    while let Some(name) = way.documents.get(next).cloned() {
        next += 1;
        let sniffed = sniff(archive.reader(&name)?, FORMAT, declared_by_xml)?;
        let mut again = Archive::open(path, "KMZ")?;
        way.links.clear();
        read_text(sniffed, again.reader(&name)?, &mut way)?;
        if document.is_none() {
            way.follow(&name, archive.names());
        }
    }
    let others: Vec<&str> = documents
        .iter()
        .filter(|name| document.is_none() && !way.documents.contains(name))
        .map(String::as_str)
        .collect();
    if !others.is_empty() {
        let (read_zh, read_en) = (way.documents.join("、"), way.documents.join(", "));
        let (zh, en) = (others.join("、"), others.join(", "));
        way.sink.warn(LocalizedText::new(
            format!("只读取了 {read_zh}，压缩包内未读取：{zh}"),
            format!("only {read_en} was read; not read: {en}"),
        ));
    }
    way.finish();
    Ok(())
}

/// What goes on from one document of a KMZ to the next.
struct Way<'a> {
    sink: &'a mut dyn Sink,
    /// Of the last placemark.
    number: u64,
    has_table: bool,
    has_labels: bool,
    labels: Labels,
    has_foreign_links: bool,
    /// Where the document at hand points to.
    links: Vec<String>,
    /// Entries of the archive that have been or will be read.
    documents: Vec<String>,
}

impl<'a> Way<'a> {
    fn new(sink: &'a mut dyn Sink) -> Self {
        Self {
            sink,
            number: 0,
            has_table: false,
            has_labels: false,
            labels: Labels::default(),
            has_foreign_links: false,
            links: Vec::new(),
            documents: Vec::new(),
        }
    }

    /// Links that name an entry, as they stand or from the folder of the document.
    fn follow(&mut self, from: &str, names: &[String]) {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in std::mem::take(&mut self.links) {
            let link = link.trim_start_matches("./").replace('\\', "/");
            let beside = format!("{folder}/{link}");
            let found = names.iter().find(|name| **name == link || **name == beside);
            match found {
                Some(name) if self.documents.contains(name) => {}
                Some(name) if self.documents.len() < MAX_DOCUMENTS => {
                    self.documents.push(name.clone());
                }
                _ => self.has_foreign_links = true,
            }
        }
    }

    fn finish(self) {
        if self.has_foreign_links || !self.links.is_empty() {
            self.sink.warn(LINKS.into());
        }
        if self.has_labels {
            self.sink.warn(LABELS.into());
        }
        if let Some(warning) = self.labels.warning() {
            self.sink.warn(warning);
        }
    }
}

/// A file of less than two bytes is left to the XML reader to complain about.
fn is_zipped(path: &Path) -> Result<bool, Error> {
    let mut magic = [0; 2];
    Ok(File::open(path)?.read_exact(&mut magic).is_ok() && magic == *b"PK")
}

/// The documents of a KMZ; none of a plain KML.
pub fn documents(path: &Path) -> Result<Vec<String>, Error> {
    if !is_zipped(path)? {
        return Ok(Vec::new());
    }
    Ok(documents_of(&Archive::open(path, "KMZ")?))
}

fn documents_of(archive: &Archive) -> Vec<String> {
    archive.names().iter().filter(|name| is_kml(name)).cloned().collect()
}

fn is_kml(name: &str) -> bool {
    name.to_lowercase().ends_with(".kml") && !name.starts_with("__MACOSX/")
}

/// By custom `doc.kml`; by the specification the first `.kml`.
fn main_document(documents: &[String]) -> Option<String> {
    let doc = documents.iter().find(|name| name.as_str() == "doc.kml");
    doc.or_else(|| documents.first()).cloned()
}

fn read_text(sniffed: Sniffed, inner: impl Read, way: &mut Way<'_>) -> Result<(), Error> {
    if let Some(warning) = sniffed.warning() {
        way.sink.warn(warning);
    }
    let mut reader = KmlReader {
        xml: XmlReader::new(sniffed.reader(inner), FORMAT),
        way,
        columns: DiscoveredColumns::default(),
        problem: None,
    };
    let root = reader.xml.child()?.unwrap_or_default();
    let is_placemark = root.name == "Placemark";
    if !is_placemark && root.name != "kml" && root.name != "Document" && root.name != "Folder" {
        return Err(Error::malformed(FORMAT, begins_with(&root.name, "kml")));
    }
    if !std::mem::replace(&mut reader.way.has_table, true) {
        reader.way.sink.table("", &StatedCrs::Wgs84)?;
    }
    let place = FolderPath::default();
    if is_placemark { reader.placemark(&place) } else { reader.container(&place) }?;
    let left = reader.way.labels.settle();
    reader.hand_on(&left)
}

/// Where a placemark stands.
#[derive(Clone, Debug, Default)]
struct FolderPath {
    /// The names of the folders around it, outermost first.
    folders: Vec<String>,
    /// The layer that our writer put on the folder.
    layer: Option<String>,
    /// The datum that Ovital states, of a folder or of a placemark.
    datum: Option<String>,
}

impl FolderPath {
    /// The folders that have names, outermost first.
    fn folder(&self) -> Option<String> {
        let named = self.folders.iter().map(String::as_str).filter(|name| !name.is_empty());
        Some(named.collect::<Vec<_>>().join("/")).filter(|path| !path.is_empty())
    }
}

struct KmlReader<'a, 'w, R> {
    xml: XmlReader<R>,
    way: &'a mut Way<'w>,
    columns: DiscoveredColumns,
    /// Why the placemark at hand has no geometry that could be read.
    problem: Option<LocalizedText>,
}

/// What a placemark says, by name.
pub type Cells = Vec<(String, Cell<'static>)>;

impl<R: Read> KmlReader<'_, '_, R> {
    /// `kml`, `Document` or `Folder`, whose start was just passed.
    fn container(&mut self, place: &FolderPath) -> Result<(), Error> {
        let mut place = place.clone();
        let depth = place.folders.len();
        while let Some(element) = self.xml.child()? {
            match element.name.as_str() {
                "Document" => {
                    self.container(&FolderPath { folders: Vec::new(), ..place.clone() })?;
                }
                "Folder" => {
                    let mut inner = place.clone();
                    inner.layer =
                        element.attribute("shapan:layer").map(str::to_owned).or(inner.layer);
                    // The slot for its name, which comes as a child.
                    inner.folders.push(String::new());
                    self.container(&inner)?;
                }
                "name" => {
                    let name = self.xml.text()?;
                    self.way.sink.remark(&name);
                    if let Some(slot) =
                        depth.checked_sub(1).and_then(|at| place.folders.get_mut(at))
                    {
                        name.trim().clone_into(slot);
                    }
                }
                "Placemark" => self.placemark(&place)?,
                "OvCoordType" => place.datum = Some(self.xml.text()?),
                "NetworkLink" => self.link()?,
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }

    /// Where a `NetworkLink` points to.
    fn link(&mut self) -> Result<(), Error> {
        while let Some(element) = self.xml.child()? {
            match element.name.as_str() {
                "Link" | "Url" => self.link()?,
                "href" => {
                    let href = self.xml.text()?;
                    self.way.links.push(href.trim().to_owned());
                }
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }

    fn placemark(&mut self, place: &FolderPath) -> Result<(), Error> {
        self.way.number += 1;
        let mut cells = Cells::new();
        if let Some(layer) = &place.layer {
            cells.push(("layer".to_owned(), text(layer.clone())));
        } else if let Some(folder) = place.folder() {
            cells.push(("folder".to_owned(), text(folder)));
        }
        let mut shapes = Vec::new();
        let mut datum = place.datum.clone();
        while let Some(element) = self.xml.child()? {
            match element.name.as_str() {
                "OvCoordType" => datum = Some(self.xml.text()?),
                "description" => {
                    let words = self.xml.text()?;
                    let words = text_of(words.trim()).into_owned();
                    if !words.is_empty() {
                        cells.push((element.name, text(words)));
                    }
                }
                "name" | "address" | "phoneNumber" => {
                    let words = self.xml.text()?;
                    if !words.trim().is_empty() {
                        cells.push((element.name, text(words.trim().to_owned())));
                    }
                }
                "ExtendedData" => self.extended_data(&mut cells)?,
                _ => shapes.extend(self.geometry(&element)?),
            }
        }
        if let Some(datum) = datum {
            cells.push(("OvCoordType".to_owned(), text(datum.trim().to_owned())));
        }
        if let Some(reason) = self.problem.take() {
            return Ok(self.way.sink.reject(self.way.number, reason)?);
        }
        let placemark = HeldPlacemark { number: self.way.number, cells, shapes };
        // What we wrote ourselves has no labels.
        if place.layer.is_some() {
            return self.rows(&placemark);
        }
        let ready = self.way.labels.pass(placemark);
        self.hand_on(&ready)
    }

    fn hand_on(&mut self, placemarks: &[HeldPlacemark]) -> Result<(), Error> {
        placemarks.iter().try_for_each(|placemark| self.rows(placemark))
    }

    /// A placemark of several kinds of geometry is a row a geometry.
    fn rows(&mut self, placemark: &HeldPlacemark) -> Result<(), Error> {
        let shapes = placemark.shapes.iter().cloned().map(Some);
        let shapes: Vec<_> = if shapes.len() == 0 { vec![None] } else { shapes.collect() };
        for shape in shapes {
            let cells = placemark.cells.iter().map(|(name, cell)| (name, cell.clone()));
            self.columns.row(self.way.sink, placemark.number, cells, shape)?;
        }
        Ok(())
    }

    fn extended_data(&mut self, cells: &mut Cells) -> Result<(), Error> {
        while let Some(element) = self.xml.child()? {
            match element.name.as_str() {
                "Data" => {
                    let mut value = String::new();
                    while let Some(child) = self.xml.child()? {
                        match child.name.as_str() {
                            "value" => value = self.xml.text()?,
                            _ => self.xml.skip()?,
                        }
                    }
                    let is_json = element.attribute("shapan:type") == Some("json");
                    push(cells, &element, value, is_json);
                }
                "SchemaData" => self.extended_data(cells)?,
                "SimpleData" => {
                    let value = self.xml.text()?;
                    push(cells, &element, value, false);
                }
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }

    /// The geometry that begins with `element`, several where a `MultiGeometry` mixes kinds. What
    /// is no geometry is skipped, what is a wrong one leaves a problem.
    fn geometry(&mut self, element: &XmlElement) -> Result<Vec<Geometry<f64>>, Error> {
        let found = match element.name.as_str() {
            "Point" => self.positions()?.and_then(point),
            "LineString" | "LinearRing" => self.positions()?.and_then(line).map(Geometry::from),
            "Track" => self.track()?.and_then(line).map(Geometry::from),
            "Polygon" => return self.polygon(),
            // The last are no KML, but some programs write them.
            "MultiGeometry" | "MultiTrack" | "MultiPoint" | "MultiLineString" | "MultiPolygon" => {
                let mut members = Vec::new();
                while let Some(child) = self.xml.child()? {
                    members.extend(self.geometry(&child)?);
                }
                self.way.has_labels |= drop_label(&mut members);
                return Ok(gathered(members));
            }
            _ => {
                self.xml.skip()?;
                return Ok(Vec::new());
            }
        };
        Ok(self.good(found).into_iter().collect())
    }

    fn good<T>(&mut self, found: Result<T, LocalizedText>) -> Option<T> {
        found.map_err(|reason| self.problem = Some(reason)).ok()
    }

    /// The `coordinates` of a point, a line or a ring.
    fn positions(&mut self) -> Result<Result<Vec<Coord<f64>>, LocalizedText>, Error> {
        let mut positions =
            Err(LocalizedText::new("图形没有坐标", "a geometry has no coordinates"));
        while let Some(child) = self.xml.child()? {
            match child.name.as_str() {
                "coordinates" => positions = tuples(&self.xml.text()?),
                _ => self.xml.skip()?,
            }
        }
        Ok(positions)
    }

    fn polygon(&mut self) -> Result<Vec<Geometry<f64>>, Error> {
        let (mut outer, mut inner) = (Vec::new(), Vec::new());
        while let Some(child) = self.xml.child()? {
            match child.name.as_str() {
                "outerBoundaryIs" => self.rings(&mut outer)?,
                "innerBoundaryIs" => self.rings(&mut inner)?,
                _ => self.xml.skip()?,
            }
        }
        let exterior = outer.pop().ok_or_else(|| NO_BOUNDARY.into());
        if self.problem.is_some() {
            return Ok(Vec::new());
        }
        let exterior = self.good(exterior);
        Ok(exterior.map(|exterior| Polygon::new(exterior, inner).into()).into_iter().collect())
    }

    /// The rings of a boundary: one, though some tools put all holes into one.
    fn rings(&mut self, rings: &mut Vec<LineString<f64>>) -> Result<(), Error> {
        while let Some(child) = self.xml.child()? {
            if child.name == "LinearRing" {
                let found = self.positions()?.and_then(ring);
                rings.extend(self.good(found));
            } else {
                self.xml.skip()?;
            }
        }
        Ok(())
    }

    /// `gx:Track`: one `gx:coord` a vertex, its numbers apart by spaces.
    fn track(&mut self) -> Result<Result<Vec<Coord<f64>>, LocalizedText>, Error> {
        let mut positions: Result<Vec<_>, LocalizedText> = Ok(Vec::new());
        while let Some(child) = self.xml.child()? {
            if child.name != "coord" {
                self.xml.skip()?;
                continue;
            }
            let text = self.xml.text()?;
            positions = positions.and_then(|mut positions| {
                positions.push(position(text.split_whitespace())?);
                Ok(positions)
            });
        }
        Ok(positions)
    }
}

fn text(words: String) -> Cell<'static> {
    Cell::Text(words.into())
}

fn push(cells: &mut Cells, element: &XmlElement, value: String, is_json: bool) {
    let Some(name) = element.attribute("name").map(str::trim).filter(|name| !name.is_empty())
    else {
        return;
    };
    let cell = if is_json { Cell::from_json(&value) } else { None };
    if cell.is_some() || !value.is_empty() {
        cells.push((name.to_owned(), cell.unwrap_or_else(|| text(value))));
    }
}

/// One point beside nothing but polygons says where their name is written.
fn drop_label(members: &mut Vec<Geometry<f64>>) -> bool {
    let is_point = |member: &Geometry<f64>| matches!(member, Geometry::Point(_));
    let is_area =
        |member: &Geometry<f64>| matches!(member, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
    let points = members.iter().filter(|member| is_point(member)).count();
    let areas = members.iter().filter(|member| is_area(member)).count();
    let is_label = points == 1 && areas > 0 && points + areas == members.len();
    if is_label {
        members.retain(|member| !is_point(member));
    }
    is_label
}

/// Parts of one kind as one geometry, otherwise all of them.
fn gathered(members: Vec<Geometry<f64>>) -> Vec<Geometry<f64>> {
    let all = |is: fn(&Geometry<f64>) -> bool| !members.is_empty() && members.iter().all(is);
    if all(|member| matches!(member, Geometry::Point(_))) {
        let points: Vec<Point<f64>> =
            members.into_iter().filter_map(|member| member.try_into().ok()).collect();
        match points.as_slice() {
            [point] => vec![(*point).into()],
            _ => vec![MultiPoint(points).into()],
        }
    } else if all(|member| matches!(member, Geometry::LineString(_))) {
        let lines = members.into_iter().filter_map(|member| member.try_into().ok());
        vec![MultiLineString(lines.collect()).into()]
    } else if all(|member| matches!(member, Geometry::Polygon(_))) {
        let areas = members.into_iter().filter_map(|member| member.try_into().ok());
        vec![MultiPolygon(areas.collect()).into()]
    } else {
        members
    }
}

fn point(positions: Vec<Coord<f64>>) -> Result<Geometry<f64>, LocalizedText> {
    let first = positions.into_iter().next().ok_or(EMPTY_POINT)?;
    Ok(Point(first).into())
}

fn line(positions: Vec<Coord<f64>>) -> Result<LineString<f64>, LocalizedText> {
    if positions.len() < 2 {
        return Err(SHORT_LINE.into());
    }
    Ok(LineString(positions))
}

fn ring(positions: Vec<Coord<f64>>) -> Result<LineString<f64>, LocalizedText> {
    if positions.len() < 3 {
        return Err(SHORT_RING.into());
    }
    Ok(LineString(positions))
}

/// `lon,lat[,height]` apart by spaces. Spaces behind commas, which do not belong there, are borne.
fn tuples(text: &str) -> Result<Vec<Coord<f64>>, LocalizedText> {
    let mut positions = Vec::new();
    let mut tuple = String::new();
    for word in text.split_whitespace() {
        if !tuple.is_empty() && !tuple.ends_with(',') && !word.starts_with(',') {
            positions.push(position(tuple.split(','))?);
            tuple.clear();
        }
        tuple.push_str(word);
    }
    if !tuple.is_empty() {
        positions.push(position(tuple.trim_end_matches(',').split(','))?);
    }
    Ok(positions)
}

fn position<'a>(mut numbers: impl Iterator<Item = &'a str>) -> Result<Coord<f64>, LocalizedText> {
    let mut number = || {
        let text = numbers.next().ok_or(LONE_NUMBER)?;
        let number: Option<f64> = text.trim().parse().ok();
        number
            .filter(|number| number.is_finite())
            .ok_or_else(|| no_number("坐标", "coordinate", text))
    };
    Ok(Coord { x: number()?, y: number()? })
}
