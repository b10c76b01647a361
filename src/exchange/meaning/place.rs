//! Where a row is: numbers and texts in cells → a geometry in WGS-84.

use std::borrow::Cow;

use geo::MapCoords as _;
use geo_types::{Coord, Geometry, Point};

use super::columns::FieldMapping;
use super::plausible::{Plausible, metres_need_a_crs};
use crate::domain::{Kind, LocalizedText, Text};
use crate::exchange::Cell;
use crate::exchange::wkt;
use crate::geodesy::angle::{AngleFault, Axis, angle, place};
use crate::geodesy::crs::Crs;
use crate::geodesy::wkb;

/// Why a row is left out, and which cell is to blame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub field: &'static str,
    pub value: String,
    pub reason: LocalizedText,
}

impl Refusal {
    /// With the field, its value and the reason.
    pub fn new(
        field: &'static str,
        value: impl Into<String>,
        reason: impl Into<LocalizedText>,
    ) -> Self {
        Self { field, value: value.into(), reason: reason.into() }
    }
}

const NOT_WKT: Text = Text::new("不是 WKT 写法的图形", "not a geometry in WKT");
const NO_LONGITUDE: Text = Text::new("有纬度，缺少经度", "missing, but the row has a latitude");
const NO_LATITUDE: Text = Text::new("有经度，缺少纬度", "missing, but the row has a longitude");
const NOT_A_NUMBER: Text = Text::new("坐标不是数字", "not a number");
const NULL_ISLAND: Text =
    Text::new("坐标为 0, 0，等于没有坐标", "0, 0 is no position, only an empty one");
pub const SWAPPED: Text = Text::new("经纬度似乎写反了", "longitude and latitude look swapped");
pub const OFF_EARTH: Text = Text::new("超出经纬度的范围", "off the Earth");
const EMPTY: Text = Text::new("图形是空的", "empty");

/// What a row says about its place, in the file's own numbers.
#[derive(Debug, PartialEq)]
pub enum StatedPlace<'g> {
    Nothing,
    Position(Coord<f64>),
    Shape {
        geometry: Cow<'g, Geometry<f64>>,
        /// As an EWKT states it.
        epsg: Option<u32>,
    },
}

/// How offices write that a cell is empty on purpose.
const DASHES: &[&str] = &["/", "-", "--", "—", "——", "无", "\\"];

fn cell<'c, 'r>(cells: &'c [Cell<'r>], column: Option<usize>) -> Option<&'c Cell<'r>> {
    let cell = cells.get(column?)?;
    let is_dash = matches!(cell, Cell::Text(text) if DASHES.contains(&text.trim()));
    (!cell.is_empty() && !is_dash).then_some(cell)
}

/// Reads the place columns of a row: WKT first, then two numbers, then a pair in one cell.
pub fn written(
    mapping: &FieldMapping,
    cells: &[Cell<'_>],
) -> Result<StatedPlace<'static>, Refusal> {
    if let Some(text) = cell(cells, mapping.wkt) {
        let mut text = text.to_text();
        if goes_on(&text) {
            for cell in mapping.wkt_rest.iter().filter_map(|column| cells.get(*column)) {
                text.to_mut().push_str(&cell.to_text());
            }
        }
        let unreadable = || Refusal::new("wkt", clipped(&text), NOT_WKT);
        let (epsg, geometry) = wkt::from_wkt(&text).ok_or_else(unreadable)?;
        return Ok(StatedPlace::Shape { geometry: Cow::Owned(geometry), epsg });
    }
    match (cell(cells, mapping.lon), cell(cells, mapping.lat)) {
        (Some(lon), Some(lat)) => {
            let x = whole(cells, "lon", lon, mapping.lon_parts)?;
            let y = whole(cells, "lat", lat, mapping.lat_parts)?;
            return Ok(StatedPlace::Position(Coord { x, y }));
        }
        // 经度 above both numbers in one cell.
        (Some(lon), None) if place(&lon.to_text()).is_ok() => return pair(&lon.to_text()),
        (Some(lon), None) => {
            degrees("lon", lon)?;
            return Err(Refusal::new("lat", "", NO_LATITUDE));
        }
        (None, Some(lat)) => {
            degrees("lat", lat)?;
            return Err(Refusal::new("lon", "", NO_LONGITUDE));
        }
        (None, None) => {}
    }
    cell(cells, mapping.pair).map_or(Ok(StatedPlace::Nothing), |both| pair(&both.to_text()))
}

/// Whether a WKT was cut off at the end of its cell.
pub fn goes_on(wkt: &str) -> bool {
    !wkt.trim_end().ends_with(')')
}

/// The axis that a column is taken for.
fn axis_of(field: &str) -> Axis {
    if field == "lon" { Axis::Lon } else { Axis::Lat }
}

fn degrees(field: &'static str, cell: &Cell<'_>) -> Result<f64, Refusal> {
    let number = match cell {
        Cell::Real(number) => *number,
        Cell::Integer(number) => *number as f64,
        other => {
            let text = other.to_text();
            let read = angle(&text);
            let read = read.map_err(|fault| Refusal::new(field, clipped(&text), words(&fault)))?;
            if read.axis.is_some_and(|axis| axis != axis_of(field)) {
                return Err(Refusal::new(field, clipped(&text), SWAPPED));
            }
            read.degrees
        }
    };
    if number.is_finite() {
        return Ok(number);
    }
    Err(Refusal::new(field, clipped(&cell.to_text()), NOT_A_NUMBER))
}

/// Degrees with the minutes and seconds of other columns, where there are such.
fn whole(
    cells: &[Cell<'_>],
    field: &'static str,
    degree: &Cell<'_>,
    parts: [Option<usize>; 2],
) -> Result<f64, Refusal> {
    let degrees = degrees(field, degree)?;
    let mut fraction = 0.0;
    for (part, share) in parts.into_iter().zip([60.0, 3600.0]) {
        let Some(part) = cell(cells, part) else { continue };
        let value = self::degrees(field, part)?;
        if !(0.0..60.0).contains(&value) {
            let fault = AngleFault::Sixty(part.to_text().into_owned());
            return Err(Refusal::new(field, clipped(&part.to_text()), words(&fault)));
        }
        fraction += value / share;
    }
    if fraction > 0.0 && degrees.fract() != 0.0 {
        return Err(Refusal::new(field, clipped(&degree.to_text()), words(&AngleFault::Form)));
    }
    Ok(if degrees.is_sign_negative() { degrees - fraction } else { degrees + fraction })
}

fn clipped(text: &str) -> String {
    text.chars().take(80).collect()
}

/// What is wrong with a coordinate that could not be read.
fn words(fault: &AngleFault) -> LocalizedText {
    match fault {
        AngleFault::Empty => LocalizedText::new("坐标里没有数字", "there is no number in it"),
        AngleFault::Unknown(what) => LocalizedText::new(
            format!("坐标不是数字：看不懂其中的“{what}”"),
            format!("not a number: `{what}` has no place in a coordinate"),
        ),
        AngleFault::Sixty(what) => LocalizedText::new(
            format!("坐标的分、秒应小于 60：{what}"),
            format!("minutes and seconds are below 60, not {what}"),
        ),
        AngleFault::Form => LocalizedText::new(
            "看不懂坐标的写法，请写成 118.16 或 118°9′36″",
            "not written as a coordinate is: write 118.16 or 118°9′36″",
        ),
        AngleFault::Count(1) => {
            LocalizedText::new("坐标不是两个数字，只有一个", "not two numbers: there is one")
        }
        AngleFault::Count(count) => LocalizedText::new(
            format!("坐标不是一个地点：其中有 {count} 个数字"),
            format!("not one place: there are {count} numbers"),
        ),
    }
}

/// Two numbers in one cell, or a geometry as well-known text.
fn pair(text: &str) -> Result<StatedPlace<'static>, Refusal> {
    match place(text) {
        Ok((x, y)) => Ok(StatedPlace::Position(Coord { x, y })),
        Err(fault) => match wkt::from_wkt(text) {
            Some((epsg, geometry)) => {
                Ok(StatedPlace::Shape { geometry: Cow::Owned(geometry), epsg })
            }
            None => Err(Refusal::new("coordinates", clipped(text), words(&fault))),
        },
    }
}

/// Northings of China, 18° to 54° N, in metres. No easting of a Gauss–Krüger zone is among them,
/// neither with the zone number in front nor without.
pub const NORTHINGS_M: std::ops::RangeInclusive<f64> = 1_900_000.0..=6_100_000.0;

/// Chinese survey sheets call the northing X. Puts the easting first; says whether it had to.
pub fn easting_first(crs: &Crs, at: Coord<f64>) -> (Coord<f64>, bool) {
    let is_survey =
        crs.is_projected() && NORTHINGS_M.contains(&at.x) && !NORTHINGS_M.contains(&at.y);
    if is_survey { (Coord { x: at.y, y: at.x }, true) } else { (at, false) }
}

/// A position in WGS-84, or why it cannot be right.
pub fn position(
    crs: &Crs,
    at: Coord<f64>,
    plausible: &Plausible,
) -> Result<Geometry<f64>, Refusal> {
    let written = |at: f64| at.to_string();
    if !at.x.is_finite() || !at.y.is_finite() {
        let value = format!("{}, {}", at.x, at.y);
        return Err(Refusal::new("geometry", value, NOT_A_NUMBER));
    }
    if at.x == 0.0 && at.y == 0.0 {
        return Err(Refusal::new("lon", "0", NULL_ISLAND));
    }
    if !crs.is_projected() {
        if at.x.abs() <= 90.0 && at.y.abs() > 90.0 && at.y.abs() <= 180.0 {
            return Err(Refusal::new("lat", written(at.y), SWAPPED));
        }
        for (field, value, limit) in [("lon", at.x, 180.0), ("lat", at.y, 90.0)] {
            if value.abs() > limit {
                let metres = at.x.abs() > 1000.0 && at.y.abs() > 1000.0;
                let reason = if metres { metres_need_a_crs(at) } else { OFF_EARTH.into() };
                return Err(Refusal::new(field, written(value), reason));
            }
        }
    }
    let wgs84 = crs.to_wgs84(at);
    if !is_on_earth(wgs84) {
        let crs = crs.name();
        let reason = LocalizedText::new(
            format!("按 {crs} 换算后不在地球上，请核对坐标系"),
            format!("off the Earth in {crs}"),
        );
        return Err(Refusal::new("lon", written(at.x), reason));
    }
    if let Some(reason) = plausible.objection(crs, at, wgs84) {
        return Err(Refusal::new("lon", format!("{}, {}", at.x, at.y), reason));
    }
    Ok(Geometry::Point(Point(wgs84)))
}

/// A geometry in WGS-84, or why it cannot be right.
pub fn shape(
    crs: &Crs,
    geometry: &Geometry<f64>,
    plausible: &Plausible,
) -> Result<Geometry<f64>, Refusal> {
    if let Geometry::Point(point) = geometry {
        return position(crs, point.0, plausible);
    }
    let bad = std::cell::Cell::new(None);
    let moved = geometry.map_coords(|at| {
        let wgs84 = crs.to_wgs84(at);
        let is_right = is_on_earth(wgs84) && (crs.is_projected() || is_on_earth(at));
        if !is_right && bad.get().is_none() {
            bad.set(Some(at));
        }
        wgs84
    });
    if let Some(at) = bad.get() {
        let is_swapped = at.x.abs() <= 90.0 && at.y.abs() > 90.0 && at.y.abs() <= 180.0;
        let reason = match (at.x.is_finite() && at.y.is_finite(), is_swapped) {
            (false, _) => NOT_A_NUMBER,
            (true, true) => SWAPPED,
            (true, false) => OFF_EARTH,
        };
        return Err(Refusal::new("geometry", format!("{}, {}", at.x, at.y), reason));
    }
    let Some(bounds) = wkb::bounds(&moved) else {
        return Err(Refusal::new("geometry", wkt::type_name(geometry), EMPTY));
    };
    // Of shapes the middle counts: a road may leave the district.
    let middle = bounds.middle();
    let first = wkb::bounds(geometry).map_or(middle, wkb::Bounds::middle);
    match plausible.objection(crs, first, middle) {
        Some(reason) => Err(Refusal::new("geometry", wkt::type_name(geometry), reason)),
        None => Ok(moved),
    }
}

fn is_on_earth(at: Coord<f64>) -> bool {
    at.x.abs() <= 180.0 && at.y.abs() <= 90.0
}

/// Why a row with a place cannot go to a layer without places.
pub fn placeless(kind: Kind) -> LocalizedText {
    LocalizedText::new(
        format!("“{}”图层没有位置，不能放带坐标的行；请用 --as 指定别的图层", kind.label().zh),
        format!("a {kind} lies nowhere, but the row has a place; say another layer with --as"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cell_may_hold_a_pair_or_a_geometry() {
        let here = Ok(StatedPlace::Position(Coord { x: 118.16, y: 39.83 }));
        assert_eq!(pair("经度：118.16 纬度：39.83"), here);
        let point = pair("POINT(118.16 39.83)").unwrap();
        assert!(matches!(point, StatedPlace::Shape { .. }), "{point:?}");
        let reason = |text: &str| pair(text).unwrap_err().reason;
        assert_eq!(reason("118.16").en, "not two numbers: there is one");
        assert!(reason("118.16，39.83；118.17，39.84").zh.contains("4 个数字"));
        assert!(reason("见附件").zh.contains("看不懂其中的“见”"));
    }

    #[test]
    fn a_column_that_holds_the_other_axis_is_swapped() {
        let text = Cell::Text("39°30′N".into());
        assert_eq!(degrees("lat", &text), Ok(39.5));
        assert_eq!(degrees("lon", &text).unwrap_err().reason, SWAPPED.into());
    }

    #[test]
    fn a_position_that_cannot_be_right_is_refused_with_the_reason() {
        let plausible = Plausible::around(Coord { x: 118.16, y: 39.83 });
        let reason = |x: f64, y: f64| {
            position(&Crs::Wgs84, Coord { x, y }, &plausible).unwrap_err().reason.en
        };
        assert_eq!(reason(39.83, 118.16), "longitude and latitude look swapped");
        assert_eq!(reason(218.16, 39.83), "off the Earth");
        assert_eq!(reason(0.0, 0.0), "0, 0 is no position, only an empty one");
        assert!(reason(113.3, 23.1).contains("km from the district"));
        assert!(reason(500_000.0, 4_410_000.0).contains("--crs epsg"));
        assert!(position(&Crs::Wgs84, Coord { x: 118.2, y: 39.8 }, &plausible).is_ok());
    }

    #[test]
    fn a_northing_called_x_is_put_second() {
        let crs = Crs::from_epsg(4548).unwrap();
        let survey = Coord { x: 4_411_000.0, y: 599_000.0 };
        assert_eq!(easting_first(&crs, survey), (Coord { x: 599_000.0, y: 4_411_000.0 }, true));
        let zoned = Coord { x: 4_411_000.0, y: 39_599_000.0 };
        assert!(easting_first(&crs, zoned).1);
        let usual = Coord { x: 599_000.0, y: 4_411_000.0 };
        assert_eq!(easting_first(&crs, usual), (usual, false));
        assert!(!easting_first(&Crs::Wgs84, survey).1);
    }

    proptest! {
        #[test]
        fn no_text_brings_it_down(text in ".{0,30}") {
            drop((angle(&text), pair(&text)));
        }
    }
}
