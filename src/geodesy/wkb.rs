//! Geometry ↔ bytes: OGC well-known binary, and the GeoPackage header before it.
//!
//! Written little-endian in two dimensions; read in either byte order and with Z and M, which are
//! dropped: the map is flat. See OGC 06-103r4 §8 and OGC 12-128r19 §2.1.3.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

/// Why bytes are no geometry that is read here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WkbError {
    /// They end before what they announce.
    #[error("the geometry ends before it is complete")]
    Truncated,
    /// They do not begin as the GeoPackage standard says.
    #[error("not a GeoPackage geometry: it does not begin with GP")]
    NoMagic,
    /// Curves, surfaces and whatever else is no simple feature; the code as it stands in the bytes.
    #[error("geometry type {0} is not supported")]
    Unsupported(u32),
    /// Collections in collections, deeper than any honest file goes.
    #[error("geometries are nested too deeply")]
    TooDeep,
}

/// Longitude and latitude from lowest to highest, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// South-west corner.
    pub min: Coord<f64>,
    /// North-east corner.
    pub max: Coord<f64>,
}

const WGS84: i32 = 4326;
const MAX_DEPTH: u8 = 8;

/// A GeoPackage blob in SRS 4326. Points carry no envelope, other shapes do.
pub fn to_gpkg(geometry: &Geometry<f64>) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    out.extend_from_slice(b"GP\0");
    let bounds = match geometry {
        Geometry::Point(_) => None,
        other => bounds(other),
    };
    let is_empty = !matches!(geometry, Geometry::Point(_)) && bounds.is_none();
    let flags = 1 | (u8::from(bounds.is_some()) << 1) | (u8::from(is_empty) << 4);
    out.push(flags);
    out.extend_from_slice(&WGS84.to_le_bytes());
    if let Some(Bounds { min, max }) = bounds {
        for value in [min.x, max.x, min.y, max.y] {
            out.extend_from_slice(&value.to_le_bytes());
        }
    }
    write(&mut out, geometry);
    out
}

/// Plain well-known binary, little-endian.
pub fn to_wkb(geometry: &Geometry<f64>) -> Vec<u8> {
    let mut out = Vec::with_capacity(32);
    write(&mut out, geometry);
    out
}

/// The geometry of a GeoPackage blob and the SRS id that it states. `None` if it is empty.
pub fn from_gpkg(blob: &[u8]) -> Result<(Option<Geometry<f64>>, i32), WkbError> {
    let header = blob.get(..8).ok_or(WkbError::Truncated)?;
    let [b'G', b'P', _version, flags, srs @ ..] = header else { return Err(WkbError::NoMagic) };
    let srs: [u8; 4] = srs.try_into().ok().ok_or(WkbError::Truncated)?;
    let srs = if flags & 1 == 1 { i32::from_le_bytes(srs) } else { i32::from_be_bytes(srs) };
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(WkbError::Unsupported(u32::from(other))),
    };
    let body = blob.get(8 + envelope..).ok_or(WkbError::Truncated)?;
    if flags & 0x10 != 0 {
        return Ok((None, srs));
    }
    Ok((from_wkb(body)?, srs))
}

/// Plain well-known binary. `None` for an empty point or an empty collection.
pub fn from_wkb(bytes: &[u8]) -> Result<Option<Geometry<f64>>, WkbError> {
    WkbReader { bytes }.geometry(0)
}

impl Bounds {
    /// The box around both.
    #[must_use]
    pub fn joined_with(self, other: Self) -> Self {
        Self {
            min: Coord { x: self.min.x.min(other.min.x), y: self.min.y.min(other.min.y) },
            max: Coord { x: self.max.x.max(other.max.x), y: self.max.y.max(other.max.y) },
        }
    }

    /// The place halfway between its corners.
    pub fn middle(self) -> Coord<f64> {
        (self.min + self.max) / 2.0
    }

    /// Whether they have a place in common.
    pub fn meets(self, other: Self) -> bool {
        self.min.x <= other.max.x
            && other.min.x <= self.max.x
            && self.min.y <= other.max.y
            && other.min.y <= self.max.y
    }
}

/// A collection of one is its member, in memory and in every file we write.
pub fn simplest(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::MultiPoint(mut many) if many.0.len() == 1 => {
            many.0.pop().map_or(Geometry::MultiPoint(many), Geometry::Point)
        }
        Geometry::MultiLineString(mut many) if many.0.len() == 1 => {
            many.0.pop().map_or(Geometry::MultiLineString(many), Geometry::LineString)
        }
        Geometry::MultiPolygon(mut many) if many.0.len() == 1 => {
            many.0.pop().map_or(Geometry::MultiPolygon(many), Geometry::Polygon)
        }
        Geometry::GeometryCollection(mut many) if many.0.len() == 1 => {
            many.0.pop().map_or(Geometry::GeometryCollection(many), simplest)
        }
        Geometry::Line(line) => Geometry::LineString(line.into()),
        Geometry::Rect(rect) => Geometry::Polygon(rect.to_polygon()),
        Geometry::Triangle(triangle) => Geometry::Polygon(triangle.to_polygon()),
        other => other,
    }
}

/// The geometry as a district file gives it back: without parts that have no coordinate, collections
/// within collections taken apart, a collection of one as its member. `None` where nothing is left.
/// What is settled stays as it is.
pub fn settled(geometry: Geometry<f64>) -> Option<Geometry<f64>> {
    if is_settled(&geometry) {
        return Some(geometry);
    }
    let kept = match simplest(geometry) {
        Geometry::Polygon(polygon) => Geometry::Polygon(without_empty_holes(polygon)),
        Geometry::MultiPoint(mut many) => {
            many.0.retain(|point| has_place(*point));
            Geometry::MultiPoint(many)
        }
        Geometry::MultiLineString(mut many) => {
            many.0.retain(|line| !line.0.is_empty());
            Geometry::MultiLineString(many)
        }
        Geometry::MultiPolygon(many) => {
            let parts = many.into_iter().filter(|part| !part.exterior().0.is_empty());
            Geometry::MultiPolygon(parts.map(without_empty_holes).collect())
        }
        Geometry::GeometryCollection(many) => {
            let mut parts = Vec::with_capacity(many.0.len());
            for part in many.0.into_iter().filter_map(settled) {
                match part {
                    Geometry::GeometryCollection(inner) => parts.extend(inner.0),
                    part => parts.push(part),
                }
            }
            Geometry::GeometryCollection(GeometryCollection(parts))
        }
        other => other,
    };
    Some(simplest(kept)).filter(is_settled)
}

/// Whether [`settled`] would leave it as it is.
pub fn is_settled(geometry: &Geometry<f64>) -> bool {
    let is_whole = |polygon: &Polygon<f64>| rings(polygon).all(|ring| !ring.0.is_empty());
    match geometry {
        Geometry::Point(point) => has_place(*point),
        Geometry::LineString(line) => !line.0.is_empty(),
        Geometry::Polygon(polygon) => is_whole(polygon),
        Geometry::MultiPoint(many) => many.0.len() > 1 && many.iter().all(|at| has_place(*at)),
        Geometry::MultiLineString(many) => {
            many.0.len() > 1 && many.iter().all(|line| !line.0.is_empty())
        }
        Geometry::MultiPolygon(many) => many.0.len() > 1 && many.iter().all(is_whole),
        Geometry::GeometryCollection(many) => {
            let is_inner = |part: &Geometry<f64>| {
                !matches!(part, Geometry::GeometryCollection(_)) && is_settled(part)
            };
            many.0.len() > 1 && many.0.iter().all(is_inner)
        }
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => false,
    }
}

/// An empty point is written as two numbers that are none.
fn has_place(point: Point<f64>) -> bool {
    !point.x().is_nan() || !point.y().is_nan()
}

fn without_empty_holes(polygon: Polygon<f64>) -> Polygon<f64> {
    let (exterior, mut holes) = polygon.into_inner();
    holes.retain(|hole| !hole.0.is_empty());
    Polygon::new(exterior, holes)
}

/// `None` where there is no coordinate at all.
pub fn bounds(geometry: &Geometry<f64>) -> Option<Bounds> {
    let mut bounds: Option<Bounds> = None;
    each_coord(geometry, &mut |at| {
        let here = Bounds { min: at, max: at };
        bounds = Some(bounds.map_or(here, |bounds| bounds.joined_with(here)));
    });
    bounds
}

/// Visits every vertex in the order in which it is stored.
pub fn each_coord(geometry: &Geometry<f64>, visit: &mut dyn FnMut(Coord<f64>)) {
    match geometry {
        Geometry::Point(point) => visit(point.0),
        Geometry::Line(line) => [line.start, line.end].into_iter().for_each(visit),
        Geometry::LineString(line) => line.0.iter().copied().for_each(visit),
        Geometry::Polygon(polygon) => {
            rings(polygon).for_each(|ring| ring.0.iter().copied().for_each(&mut *visit));
        }
        Geometry::MultiPoint(points) => points.0.iter().for_each(|point| visit(point.0)),
        Geometry::MultiLineString(lines) => {
            lines.0.iter().for_each(|line| line.0.iter().copied().for_each(&mut *visit));
        }
        Geometry::MultiPolygon(polygons) => polygons
            .0
            .iter()
            .flat_map(rings)
            .for_each(|ring| ring.0.iter().copied().for_each(&mut *visit)),
        Geometry::GeometryCollection(members) => {
            members.0.iter().for_each(|member| each_coord(member, visit));
        }
        Geometry::Rect(rect) => [rect.min(), rect.max()].into_iter().for_each(visit),
        Geometry::Triangle(triangle) => triangle.to_array().into_iter().for_each(visit),
    }
}

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

fn write(out: &mut Vec<u8>, geometry: &Geometry<f64>) {
    match geometry {
        Geometry::Point(point) => {
            head(out, 1);
            coord(out, point.0);
        }
        Geometry::LineString(line) => {
            head(out, 2);
            coords(out, &line.0);
        }
        Geometry::Polygon(polygon) => {
            head(out, 3);
            let is_empty = polygon.exterior().0.is_empty();
            let kept = || rings(polygon).filter(|ring| !is_empty && !ring.0.is_empty());
            count(out, kept().count());
            kept().for_each(|ring| coords(out, &ring.0));
        }
        Geometry::MultiPoint(points) => {
            many(out, 4, points.0.iter().map(|point| Geometry::Point(*point)));
        }
        Geometry::MultiLineString(lines) => {
            many(out, 5, lines.0.iter().map(|line| Geometry::LineString(line.clone())));
        }
        Geometry::MultiPolygon(polygons) => {
            many(out, 6, polygons.0.iter().map(|polygon| Geometry::Polygon(polygon.clone())));
        }
        Geometry::GeometryCollection(members) => many(out, 7, members.0.iter().cloned()),
        Geometry::Line(line) => {
            write(out, &Geometry::LineString(LineString(vec![line.start, line.end])));
        }
        Geometry::Rect(rect) => write(out, &Geometry::Polygon(rect.to_polygon())),
        Geometry::Triangle(triangle) => write(out, &Geometry::Polygon(triangle.to_polygon())),
    }
}

fn many(out: &mut Vec<u8>, code: u32, members: impl ExactSizeIterator<Item = Geometry<f64>>) {
    head(out, code);
    count(out, members.len());
    members.for_each(|member| write(out, &member));
}

fn head(out: &mut Vec<u8>, code: u32) {
    out.push(1);
    out.extend_from_slice(&code.to_le_bytes());
}

fn count(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

fn coord(out: &mut Vec<u8>, at: Coord<f64>) {
    out.extend_from_slice(&at.x.to_le_bytes());
    out.extend_from_slice(&at.y.to_le_bytes());
}

fn coords(out: &mut Vec<u8>, line: &[Coord<f64>]) {
    count(out, line.len());
    for at in line {
        coord(out, *at);
    }
}

struct WkbReader<'a> {
    bytes: &'a [u8],
}

/// Byte order and number of values a vertex, both said at the head of each geometry.
#[derive(Clone, Copy)]
struct VertexLayout {
    is_little: bool,
    values: usize,
}

impl WkbReader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], WkbError> {
        let (head, rest) = self.bytes.split_first_chunk::<N>().ok_or(WkbError::Truncated)?;
        self.bytes = rest;
        Ok(*head)
    }

    fn u32(&mut self, is_little: bool) -> Result<u32, WkbError> {
        let bytes = self.take::<4>()?;
        Ok(if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn f64(&mut self, is_little: bool) -> Result<f64, WkbError> {
        let bytes = self.take::<8>()?;
        Ok(if is_little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// A count, refused before memory is taken for more members than the bytes left could hold.
    fn members(&mut self, layout: VertexLayout, least_bytes: usize) -> Result<usize, WkbError> {
        let count = self.u32(layout.is_little)? as usize;
        if count.saturating_mul(least_bytes) > self.bytes.len() {
            return Err(WkbError::Truncated);
        }
        Ok(count)
    }

    fn coord(&mut self, layout: VertexLayout) -> Result<Coord<f64>, WkbError> {
        let x = self.f64(layout.is_little)?;
        let y = self.f64(layout.is_little)?;
        for _ in 2..layout.values {
            self.f64(layout.is_little)?;
        }
        Ok(Coord { x, y })
    }

    fn line(&mut self, layout: VertexLayout) -> Result<LineString<f64>, WkbError> {
        let count = self.members(layout, 8 * layout.values)?;
        (0..count).map(|_| self.coord(layout)).collect::<Result<Vec<_>, _>>().map(LineString)
    }

    fn polygon(&mut self, layout: VertexLayout) -> Result<Polygon<f64>, WkbError> {
        let count = self.members(layout, 4)?;
        let mut rings =
            (0..count).map(|_| self.line(layout)).collect::<Result<Vec<_>, _>>()?.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }

    fn geometry(&mut self, depth: u8) -> Result<Option<Geometry<f64>>, WkbError> {
        if depth > MAX_DEPTH {
            return Err(WkbError::TooDeep);
        }
        let [order] = self.take::<1>()?;
        let is_little = order == 1;
        let code = self.u32(is_little)?;
        // ISO adds 1000 for Z, 2000 for M, 3000 for both; PostGIS sets high bits instead.
        let (base, iso) = ((code & 0xffff) % 1000, (code & 0xffff) / 1000);
        let has_z = iso == 1 || iso == 3 || code & 0x8000_0000 != 0;
        let has_m = iso == 2 || iso == 3 || code & 0x4000_0000 != 0;
        if code & 0x2000_0000 != 0 {
            self.take::<4>()?;
        }
        let layout =
            VertexLayout { is_little, values: 2 + usize::from(has_z) + usize::from(has_m) };
        Ok(match base {
            1 => {
                let at = self.coord(layout)?;
                (!at.x.is_nan() || !at.y.is_nan()).then(|| Point(at).into())
            }
            2 => {
                Some(self.line(layout)?).filter(|line| !line.0.is_empty()).map(Geometry::LineString)
            }
            3 => Some(self.polygon(layout)?)
                .filter(|polygon| !polygon.exterior().0.is_empty())
                .map(Geometry::Polygon),
            4..=7 => self.collection(base, layout, depth)?,
            _ => return Err(WkbError::Unsupported(code)),
        })
    }

    fn collection(
        &mut self,
        base: u32,
        layout: VertexLayout,
        depth: u8,
    ) -> Result<Option<Geometry<f64>>, WkbError> {
        let count = self.members(layout, 5)?;
        let mut members = Vec::with_capacity(count);
        for _ in 0..count {
            members.extend(self.geometry(depth + 1)?);
        }
        if members.is_empty() {
            return Ok(None);
        }
        Ok(Some(match base {
            4 => MultiPoint(members.into_iter().filter_map(|m| Point::try_from(m).ok()).collect())
                .into(),
            5 => MultiLineString(
                members.into_iter().filter_map(|m| LineString::try_from(m).ok()).collect(),
            )
            .into(),
            6 => MultiPolygon(
                members.into_iter().filter_map(|m| Polygon::try_from(m).ok()).collect(),
            )
            .into(),
            _ => Geometry::GeometryCollection(GeometryCollection(members)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{Geometry, line_string, point, polygon};
    use proptest::prelude::*;

    use super::*;

    fn there_and_back(geometry: Geometry<f64>) {
        let (read, srs) = from_gpkg(&to_gpkg(&geometry)).unwrap();
        assert_eq!((read, srs), (Some(geometry), 4326));
    }

    #[test]
    fn what_is_written_reads_back_equal() {
        there_and_back(point! { x: 118.16, y: 39.83 }.into());
        there_and_back(line_string![(x: 1.0, y: 2.0), (x: 3.0, y: 4.0)].into());
        let holed = polygon!(
            exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.), (x: 0., y: 0.)],
            interiors: [[(x: 5., y: 1.), (x: 6., y: 1.), (x: 6., y: 2.), (x: 5., y: 1.)]],
        );
        there_and_back(holed.clone().into());
        there_and_back(MultiPolygon(vec![holed]).into());
        let hollow = Polygon::new(
            LineString::from(vec![(0., 0.), (9., 0.), (9., 9.), (0., 0.)]),
            vec![LineString(Vec::new())],
        );
        let (read, _) = from_gpkg(&to_gpkg(&hollow.clone().into())).unwrap();
        assert_eq!(read, settled(hollow.into()));
    }

    #[test]
    fn a_geometry_is_settled_once() {
        let point = Geometry::Point(point! { x: 1.0, y: 2.0 });
        let collection =
            |parts: Vec<Geometry<f64>>| Geometry::GeometryCollection(GeometryCollection(parts));
        let nowhere = Geometry::Point(Point::new(f64::NAN, f64::NAN));
        let empty = Geometry::LineString(LineString(Vec::new()));
        let line = Geometry::LineString(line_string![(x: 1.0, y: 2.0), (x: 3.0, y: 4.0)]);
        let nested = collection(vec![
            collection(vec![point.clone(), empty.clone()]),
            collection(vec![line.clone(), collection(vec![point.clone(), line.clone()])]),
        ]);
        for (geometry, wanted) in [
            (collection(vec![point.clone()]), Some(point.clone())),
            (collection(vec![nowhere, empty.clone()]), None),
            (MultiLineString(vec![LineString(Vec::new())]).into(), None),
            (Polygon::new(LineString(Vec::new()), Vec::new()).into(), None),
            (empty, None),
            (nested, Some(collection(vec![point.clone(), line.clone(), point, line]))),
        ] {
            let found = settled(geometry);
            assert_eq!(found, wanted);
            assert_eq!(found.clone().and_then(settled), found);
        }
    }

    #[test]
    fn a_count_that_the_bytes_cannot_hold_is_refused_before_memory_is_taken() {
        let mut bytes = vec![1, 2, 0, 0, 0];
        bytes.extend_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(from_wkb(&bytes), Err(WkbError::Truncated));
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_geometry_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(from_wkb(&bytes).is_ok() || from_wkb(&bytes).is_err());
            prop_assert!(from_gpkg(&bytes).is_ok() || from_gpkg(&bytes).is_err());
        }

        #[test]
        fn any_line_reads_back_equal(points in proptest::collection::vec((-180.0..180.0, -90.0..90.0), 1..50)) {
            there_and_back(LineString::from(points).into());
        }
    }
}
