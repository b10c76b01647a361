//! GPX 1.0 and 1.1 from phones and hand-held receivers: waypoints, routes and tracks, read only.
//!
//! WGS-84 by definition. The crate `gpx` 0.10.0 holds the whole file and gives up all of it at the
//! first point without a valid position; here a bad one is rejected alone.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use geo_types::{Coord, Geometry, LineString, MultiLineString, Point};

use super::columns::DiscoveredColumns;
use super::decode::{declared_by_xml, sniff};
use super::messages::no_number;
use super::xml::{XmlElement, XmlNode, XmlReader, begins_with};
use crate::domain::LocalizedText;
use crate::exchange::{Cell, Error, Format, ReadOptions, Sink, StatedCrs};

/// Read only: each waypoint, route and track is a row.
pub struct Gpx;

impl Format for Gpx {
    fn name(&self) -> &'static str {
        "gpx"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["gpx"]
    }

    fn read(&self, path: &Path, _: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        let sniffed = sniff(File::open(path)?, "GPX", declared_by_xml)?;
        if let Some(warning) = sniffed.warning() {
            sink.warn(warning);
        }
        let mut xml = XmlReader::new(sniffed.reader(File::open(path)?), "GPX");
        let root = xml.child()?.unwrap_or_default();
        if root.name != "gpx" {
            return Err(Error::malformed("GPX", begins_with(&root.name, "gpx")));
        }
        sink.table("", &StatedCrs::Wgs84)?;
        let mut columns = DiscoveredColumns::default();
        let mut number = 0;
        while let Some(element) = xml.child()? {
            let mut feature = GpxFeature::default();
            match element.name.as_str() {
                "wpt" => {
                    feature.children(&mut xml, None)?;
                    feature.geometry = position(&element).map(|at| Point(at).into());
                }
                "rte" => {
                    feature.children(&mut xml, Some("rtept"))?;
                    feature.finish_lines();
                }
                "trk" => {
                    feature.children(&mut xml, Some("trkseg"))?;
                    feature.finish_lines();
                }
                _ => {
                    xml.skip()?;
                    continue;
                }
            }
            number += 1;
            match feature.geometry {
                Ok(geometry) => columns.row(sink, number, feature.cells, Some(geometry))?,
                Err(reason) => sink.reject(number, reason)?,
            }
        }
        Ok(())
    }
}

/// A waypoint, a route or a track while it is read.
struct GpxFeature {
    cells: Vec<(String, Cell<'static>)>,
    lines: Vec<Vec<Coord<f64>>>,
    /// Why a point of a line is none.
    problem: Option<LocalizedText>,
    geometry: Result<Geometry<f64>, LocalizedText>,
}

impl Default for GpxFeature {
    fn default() -> Self {
        Self { cells: Vec::new(), lines: Vec::new(), problem: None, geometry: Err(pointless()) }
    }
}

fn pointless() -> LocalizedText {
    LocalizedText::new("没有任何点", "it has no points")
}

impl GpxFeature {
    /// Texts become cells, `part`s become vertices.
    fn children(
        &mut self,
        xml: &mut XmlReader<impl Read>,
        part: Option<&str>,
    ) -> Result<(), Error> {
        let mut problem = None;
        while let Some(child) = xml.child()? {
            match child.name.as_str() {
                name if Some(name) == part && name == "rtept" => {
                    self.add(&child, &mut problem);
                    self.route_between(xml, &mut problem)?;
                }
                name if Some(name) == part => {
                    self.lines.push(Vec::new());
                    while let Some(point) = xml.child()? {
                        xml.skip()?;
                        if point.name == "trkpt" {
                            self.add(&point, &mut problem);
                        }
                    }
                }
                "name" | "desc" | "cmt" | "src" | "sym" | "type" | "ele" | "time" => {
                    let text = xml.text()?;
                    if !text.trim().is_empty() {
                        let cell = Cell::Text(text.trim().to_owned().into());
                        self.cells.push((child.name, cell));
                    }
                }
                _ => xml.skip()?,
            }
        }
        self.name_by_remark();
        self.problem = problem;
        Ok(())
    }

    /// Garmin keeps the road between two points of a route in an extension of the first.
    fn route_between(
        &mut self,
        xml: &mut XmlReader<impl Read>,
        problem: &mut Option<LocalizedText>,
    ) -> Result<(), Error> {
        let mut depth = 0_usize;
        loop {
            match xml.next()? {
                XmlNode::Start(element) => {
                    depth += 1;
                    if element.name == "rpt" {
                        self.add(&element, problem);
                    }
                }
                XmlNode::End if depth == 0 => return Ok(()),
                XmlNode::End => depth -= 1,
                XmlNode::Eof => return Ok(()),
                XmlNode::Text(_) => {}
            }
        }
    }

    /// Phones write what a point is into its comment and leave the name empty.
    fn name_by_remark(&mut self) {
        let cell = |name: &str| self.cells.iter().find(|(known, _)| known == name);
        if cell("name").is_some() {
            return;
        }
        let Some((_, Cell::Text(words))) = cell("cmt").or_else(|| cell("desc")) else { return };
        let first: String = words.lines().next().unwrap_or_default().chars().take(60).collect();
        if !first.trim().is_empty() {
            self.cells.insert(0, ("name".to_owned(), Cell::Text(first.trim().to_owned().into())));
        }
    }

    fn add(&mut self, point: &XmlElement, problem: &mut Option<LocalizedText>) {
        if self.lines.is_empty() {
            self.lines.push(Vec::new());
        }
        match position(point) {
            Ok(at) => self.lines.last_mut().into_iter().for_each(|line| line.push(at)),
            Err(reason) => *problem = Some(reason),
        }
    }

    /// One line as it is, several segments as one geometry. A segment of one point is a receiver
    /// switched on and off, not a line; where there is nothing else it is a place.
    fn finish_lines(&mut self) {
        if let Some(problem) = self.problem.take() {
            self.geometry = Err(problem);
            return;
        }
        let first = self.lines.iter().flatten().next().copied();
        let lines = std::mem::take(&mut self.lines).into_iter();
        let mut lines: Vec<LineString<f64>> =
            lines.filter(|line| line.len() > 1).map(LineString).collect();
        match lines.len() {
            0 => self.geometry = first.map(|at| Point(at).into()).ok_or_else(pointless),
            1 => self.geometry = lines.pop().map(Geometry::from).ok_or_else(LocalizedText::default),
            _ => self.geometry = Ok(MultiLineString(lines).into()),
        }
    }
}

fn position(element: &XmlElement) -> Result<Coord<f64>, LocalizedText> {
    let number = |zh: &str, name: &str| {
        let text = element.attribute(name).unwrap_or_default();
        let number: Option<f64> = text.trim().parse().ok();
        number.filter(|number| number.is_finite()).ok_or_else(|| no_number(zh, name, text))
    };
    Ok(Coord { x: number("经度", "lon")?, y: number("纬度", "lat")? })
}

#[cfg(test)]
mod tests {
    use geo_types::point;
    use proptest::prelude::*;

    use super::*;
    use crate::exchange::formats::round_trip::{Collected, read_bytes};

    fn read(text: impl AsRef<[u8]>) -> Result<Collected, Error> {
        read_bytes(&Gpx, ".gpx", text)
    }

    const WALK: &str = r#"<?xml version="1.0"?>
        <gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
          <metadata><name>巡查</name></metadata>
          <wpt lat="39.83" lon="118.16"><ele>31.5</ele><name>焚烧点 &amp; 灰</name><extensions><a/></extensions></wpt>
          <wpt lat="north" lon="118.16"><name>坏</name></wpt>
          <rte><name>路线</name><rtept lat="1" lon="2"><name>a</name></rtept><rtept lat="3" lon="4"/></rte>
          <trk><name>轨迹</name><trkseg><trkpt lat="1" lon="2"><time>2026-01-01T00:00:00Z</time></trkpt><trkpt lat="3" lon="4"/></trkseg>
            <trkseg><trkpt lat="5" lon="6"/></trkseg>
            <trkseg><trkpt lat="5" lon="6"/><trkpt lat="7" lon="8"/></trkseg></trk>
          <trk><name>空</name></trk>
        </gpx>"#;

    #[test]
    fn waypoints_routes_and_tracks_are_rows() {
        let read = read(WALK).unwrap();
        assert_eq!(read.tables, [(String::new(), StatedCrs::Wgs84)]);
        let names: Vec<String> = read.rows.iter().map(|row| row.text("name")).collect();
        assert_eq!(names, ["焚烧点 & 灰", "路线", "轨迹"]);
        assert_eq!(read.rows[0].geometry, Some(point!(x: 118.16, y: 39.83).into()));
        assert_eq!(read.rows[0].text("ele"), "31.5");
        let line = |points: [(f64, f64); 2]| LineString::from(points.to_vec());
        assert_eq!(read.rows[1].geometry, Some(line([(2., 1.), (4., 3.)]).into()));
        let segments = vec![line([(2., 1.), (4., 3.)]), line([(6., 5.), (8., 7.)])];
        assert_eq!(read.rows[2].geometry, Some(MultiLineString(segments).into()));
        let rejected: Vec<u64> = read.rejected.iter().map(|(number, _)| *number).collect();
        assert_eq!(rejected, [2, 5]);
    }

    #[test]
    fn the_road_between_points_of_a_route_and_a_track_of_one_point_are_kept() {
        let text = r#"<gpx xmlns:gpxx="g"><rte><rtept lat="1" lon="2"><extensions><gpxx:RoutePointExtension><gpxx:rpt lat="3" lon="4"/></gpxx:RoutePointExtension></extensions></rtept><rtept lat="5" lon="6"/></rte>
            <trk><cmt>黑烟
            很大</cmt><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>"#;
        let read = read(text).unwrap();
        let line = LineString::from(vec![(2., 1.), (4., 3.), (6., 5.)]);
        assert_eq!(read.rows[0].geometry, Some(line.into()));
        assert_eq!(read.rows[1].geometry, Some(point!(x: 2., y: 1.).into()));
        assert_eq!(read.rows[1].text("name"), "黑烟");
    }

    #[test]
    fn what_is_no_gpx_is_refused() {
        for text in ["", "<kml/>", "<gpx>", "{}", "<gpx><wpt></gpx>"] {
            assert!(matches!(read(text), Err(Error::Malformed { .. })), "{text}");
        }
        let bomb =
            r#"<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><gpx>&b;</gpx>"#;
        assert!(matches!(read(bomb), Err(Error::Hostile(_))));
        let deep = format!("<gpx>{}", "<a>".repeat(100_000));
        assert!(matches!(read(deep), Err(Error::Hostile(_))));
    }

    proptest! {
        #[test]
        fn a_damaged_file_ends_in_rows_or_an_error(at in 0..WALK.len(), byte in any::<u8>(), length in 0..2 * WALK.len()) {
            let mut bytes = WALK.as_bytes().to_vec();
            bytes[at] = byte;
            bytes.truncate(length);
            if let Ok(read) = read(&bytes) {
                prop_assert!(read.rows.len() + read.rejected.len() <= 5);
            }
        }
    }
}
