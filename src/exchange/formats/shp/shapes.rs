//! The `.shp` itself: records of geometry ↔ bytes.

use std::io::{self, Read};

use geo_types::{
    Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

use super::malformed;
use crate::domain::{LocalizedText, Text};
use crate::exchange::Error;
use crate::exchange::formats::archive::explained;
use crate::exchange::formats::messages::{NOT_A_NUMBER, SHORT_LINE, SHORT_RING};

/// Of a `.shp` and of a `.shx`.
pub const HEADER_BYTES: usize = 100;
/// A single geometry may be this long: eight million vertices.
const MAX_RECORD_BYTES: usize = 128 << 20;
/// Holes times outer rings of one record; real ones stay below a million.
const MAX_RING_PAIRS: usize = 20_000_000;

/// A geometry, none, or the reason why it cannot be read.
pub type ShapeResult = Result<Option<Geometry<f64>>, LocalizedText>;

/// Reads the records of a `.shp` one after another.
pub struct ShpReader<R> {
    inner: R,
    /// As the header says, bytes.
    length: u64,
    passed: u64,
    record: Vec<u8>,
    /// Where each record begins, as the `.shx` says; `None` without one.
    index: Option<std::vec::IntoIter<u64>>,
}

impl<R: Read> ShpReader<R> {
    /// Reads the header.
    pub fn new(mut inner: R) -> Result<Self, Error> {
        let mut header = Vec::with_capacity(HEADER_BYTES);
        inner.by_ref().take(HEADER_BYTES as u64).read_to_end(&mut header).map_err(explained)?;
        let mut fields = Bytes(&header);
        let code = fields.be_u32();
        if code != Some(9994) {
            return Err(malformed(".shp 的开头不对", "the .shp does not begin as one"));
        }
        fields.skip(20);
        let length = fields.be_u32().filter(|_| header.len() == HEADER_BYTES);
        let words = length.ok_or_else(|| {
            malformed(".shp 不完整，文件头就断了", "the .shp ends inside of its header")
        })?;
        let length = u64::from(words) * 2;
        Ok(Self { inner, length, passed: HEADER_BYTES as u64, record: Vec::new(), index: None })
    }

    /// Reads only what the index lists, and passes over what lies between. An index that does not
    /// lead onwards is none.
    pub fn follow(&mut self, index: &[u8]) {
        let offset = |entry: &[u8]| Bytes(entry).be_u32().map(|words| u64::from(words) * 2);
        let entries = index.get(HEADER_BYTES..).unwrap_or_default().chunks_exact(8);
        let offsets: Vec<u64> = entries.filter_map(offset).collect();
        let is_onward = offsets.is_sorted_by(|a, b| a + 8 <= *b)
            && offsets.first().is_some_and(|first| *first >= HEADER_BYTES as u64);
        self.index = is_onward.then(|| offsets.into_iter());
    }

    /// `None` at the end.
    pub fn next(&mut self) -> Result<Option<ShapeResult>, Error> {
        if self.passed >= self.length {
            return Ok(None);
        }
        if let Some(index) = &mut self.index {
            let Some(start) = index.next() else { return Ok(None) };
            // A record that is longer than the index thinks is read as it stands.
            let between = start.saturating_sub(self.passed);
            let skipped = io::copy(&mut self.inner.by_ref().take(between), &mut io::sink());
            self.passed += skipped.map_err(explained)?;
        }
        let mut head = [0; 8];
        self.inner.read_exact(&mut head).map_err(|error| self.truncated(error))?;
        let [.., a, b, c, d] = head;
        let bytes = u32::from_be_bytes([a, b, c, d]) as usize * 2;
        if bytes > MAX_RECORD_BYTES {
            return Err(malformed(
                format!("第 {} 字节处的记录自称有 {bytes} 字节", self.passed),
                format!("the record at byte {} claims to be {bytes} bytes long", self.passed),
            ));
        }
        self.record.clear();
        let read = self.inner.by_ref().take(bytes as u64).read_to_end(&mut self.record);
        if read.map_err(explained)? < bytes {
            return Err(self.truncated(io::ErrorKind::UnexpectedEof.into()));
        }
        self.passed += 8 + bytes as u64;
        Ok(Some(shape(&self.record)))
    }

    fn truncated(&self, error: io::Error) -> Error {
        if error.kind() != io::ErrorKind::UnexpectedEof {
            return explained(error);
        }
        malformed(
            format!(".shp 不完整：应有 {} 字节，到第 {} 字节就断了", self.length, self.passed),
            format!(
                "the .shp is truncated: it ends in the record at byte {} of {}",
                self.passed, self.length
            ),
        )
    }
}

/// Numbers at the head of a slice; `None` where it is too short.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn skip(&mut self, count: usize) {
        self.0 = self.0.get(count..).unwrap_or_default();
    }

    fn be_u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_be_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn coord(&mut self) -> Option<Coord<f64>> {
        let x = self.take().map(f64::from_le_bytes)?;
        Some(Coord { x, y: self.take().map(f64::from_le_bytes)? })
    }

    fn coords(&mut self, count: usize) -> Option<Vec<Coord<f64>>> {
        // Refused before memory is taken for more than the bytes left could hold.
        if count.checked_mul(16)? > self.0.len() {
            return None;
        }
        (0..count).map(|_| self.coord()).collect()
    }
}

/// Heights and measures are passed over.
fn shape(record: &[u8]) -> ShapeResult {
    let short = Text::new("图形数据不完整", "the record is shorter than what it announces");
    let mut bytes = Bytes(record);
    let ty = bytes.u32().ok_or(short)?;
    let geometry = match ty {
        0 => return Ok(None),
        1 | 11 | 21 => Point(bytes.coord().ok_or(short)?).into(),
        8 | 18 | 28 => {
            bytes.skip(32);
            let count = bytes.u32().ok_or(short)?;
            let points = bytes.coords(count as usize).ok_or(short)?;
            MultiPoint(points.into_iter().map(Point).collect()).into()
        }
        3 | 13 | 23 => lines(parts(&mut bytes).ok_or(short)?)?,
        5 | 15 | 25 => areas(parts(&mut bytes).ok_or(short)?)?,
        31 => {
            let solid = "multipatches, which are solids, cannot be read";
            return Err(LocalizedText::new("三维体（multipatch）无法读取", solid));
        }
        other => {
            let unknown = format!("there is no shape type {other}");
            return Err(LocalizedText::new(format!("没有 {other} 这种图形类型"), unknown));
        }
    };
    let mut is_finite = true;
    crate::geodesy::wkb::each_coord(&geometry, &mut |at| {
        is_finite &= at.x.is_finite() && at.y.is_finite();
    });
    if is_finite { Ok(Some(geometry)) } else { Err(NOT_A_NUMBER.into()) }
}

fn parts(bytes: &mut Bytes<'_>) -> Option<Vec<Vec<Coord<f64>>>> {
    bytes.skip(32);
    let (part_count, point_count) = (bytes.u32()? as usize, bytes.u32()? as usize);
    if part_count.checked_mul(4)? > bytes.0.len() {
        return None;
    }
    let starts: Vec<usize> =
        (0..part_count).map(|_| bytes.u32().map(|at| at as usize)).collect::<Option<_>>()?;
    let points = bytes.coords(point_count)?;
    let ends = starts.iter().skip(1).copied().chain([points.len()]);
    starts.iter().zip(ends).map(|(start, end)| Some(points.get(*start..end)?.to_vec())).collect()
}

fn lines(parts: Vec<Vec<Coord<f64>>>) -> Result<Geometry<f64>, LocalizedText> {
    let mut lines: Vec<LineString<f64>> =
        parts.into_iter().filter(|part| part.len() > 1).map(LineString).collect();
    match lines.len() {
        0 => Err(SHORT_LINE.into()),
        1 => lines.pop().map(Geometry::from).ok_or_else(LocalizedText::default),
        _ => Ok(MultiLineString(lines).into()),
    }
}

/// Rings that run like the largest one are outer ones (clockwise by the white paper, but some
/// programs turn all of them), the others are holes of the smallest outer ring around them. Outer
/// rings are given counter-clockwise, as OGC and GeoJSON have them.
fn areas(parts: Vec<Vec<Coord<f64>>>) -> Result<Geometry<f64>, LocalizedText> {
    let rings = parts.into_iter().filter(|ring| ring.len() > 2);
    let rings: Vec<_> = rings.map(|ring| (signed_area(&ring), ring)).collect();
    let largest = rings.iter().map(|(area, _)| *area).max_by(|a, b| a.abs().total_cmp(&b.abs()));
    let sign = largest.unwrap_or_default();
    let (outer, holes): (Vec<_>, Vec<_>) =
        rings.into_iter().partition(|(area, _)| area * sign >= 0.0);
    if outer.len().saturating_mul(holes.len()) > MAX_RING_PAIRS {
        return Err(LocalizedText::new("多边形的环过多", "it has too many rings"));
    }
    let boxes: Vec<_> = outer.iter().map(|(_, ring)| span(ring)).collect();
    let mut inner: Vec<Vec<LineString<f64>>> = vec![Vec::new(); outer.len()];
    let mut orphans = Vec::new();
    for (_, hole) in holes {
        let home = home(&hole, &outer, &boxes);
        match home.and_then(|at| inner.get_mut(at)) {
            Some(holes) => holes.push(turned(hole, false)),
            None => orphans.push(Polygon::new(turned(hole, true), Vec::new())),
        }
    }
    let areas = outer.into_iter().zip(inner);
    let mut areas: Vec<Polygon<f64>> =
        areas.map(|((_, ring), holes)| Polygon::new(turned(ring, true), holes)).collect();
    areas.extend(orphans);
    match areas.len() {
        0 => Err(SHORT_RING.into()),
        1 => areas.pop().map(Geometry::from).ok_or_else(LocalizedText::default),
        _ => Ok(MultiPolygon(areas).into()),
    }
}

type Box2 = (Coord<f64>, Coord<f64>);

/// The smallest outer ring that holds a hole.
fn home(hole: &[Coord<f64>], outer: &[(f64, Vec<Coord<f64>>)], boxes: &[Box2]) -> Option<usize> {
    if outer.len() == 1 {
        return Some(0);
    }
    let (low, high) = span(hole);
    let around = outer.iter().zip(boxes).enumerate().filter(|(_, ((_, ring), (from, to)))| {
        from.x <= low.x
            && from.y <= low.y
            && high.x <= to.x
            && high.y <= to.y
            // A hole may touch its outer ring in a vertex, so one vertex inside is enough.
            && hole.iter().any(|at| is_inside(*at, ring))
    });
    around
        .min_by(|(_, ((a, _), _)), (_, ((b, _), _))| a.abs().total_cmp(&b.abs()))
        .map(|(at, _)| at)
}

fn span(ring: &[Coord<f64>]) -> Box2 {
    let start = ring.first().copied().unwrap_or_default();
    ring.iter().fold((start, start), |(low, high), at| {
        (
            Coord { x: low.x.min(at.x), y: low.y.min(at.y) },
            Coord { x: high.x.max(at.x), y: high.y.max(at.y) },
        )
    })
}

/// By the crossings of a ray to the east.
fn is_inside(at: Coord<f64>, ring: &[Coord<f64>]) -> bool {
    let edges = ring.iter().zip(ring.iter().cycle().skip(1));
    let crossings = edges.filter(|(a, b)| {
        (a.y > at.y) != (b.y > at.y) && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x)
    });
    crossings.count() % 2 == 1
}

/// Positive where the ring runs counter-clockwise. Measured from its first vertex, for far from
/// the origin the products would eat up the digits.
pub fn signed_area(ring: &[Coord<f64>]) -> f64 {
    let start = ring.first().copied().unwrap_or_default();
    let edges = ring.iter().zip(ring.iter().cycle().skip(1));
    let doubled: f64 = edges
        .map(|(a, b)| (a.x - start.x) * (b.y - start.y) - (b.x - start.x) * (a.y - start.y))
        .sum();
    doubled / 2.0
}

/// The ring in the direction that is asked for.
pub fn turned(mut ring: Vec<Coord<f64>>, is_counter_clockwise: bool) -> LineString<f64> {
    let area = signed_area(&ring);
    if (area > 0.0) != is_counter_clockwise && area != 0.0 {
        ring.reverse();
    }
    LineString(ring)
}
