//! Where a row is: numbers and texts in cells → a geometry in WGS-84.

use std::borrow::Cow;

use geo::MapCoords as _;
use geo_types::{Coord, Geometry, Point};

use super::columns::FieldMapping;
use super::nearby::{FAR_M, offset_m};
use crate::domain::{LocalizedText, Text};
use crate::exchange::Cell;
use crate::exchange::wkt;
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
const NOT_TWO_NUMBERS: Text = Text::new("坐标不是两个数字", "not two numbers");
const NOT_A_NUMBER: Text = Text::new("坐标不是数字", "not a number");
const NULL_ISLAND: Text =
    Text::new("坐标为 0, 0，等于没有坐标", "0, 0 is no position, only an empty one");
const SWAPPED: Text = Text::new("经纬度似乎写反了", "longitude and latitude look swapped");
const OFF_EARTH: Text = Text::new("超出经纬度的范围", "off the Earth");
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
            let (x, y) = (degrees("lon", lon)?, degrees("lat", lat)?);
            return Ok(StatedPlace::Position(Coord { x, y }));
        }
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

fn degrees(field: &'static str, cell: &Cell<'_>) -> Result<f64, Refusal> {
    let number = match cell {
        Cell::Real(number) => Some(*number),
        Cell::Integer(number) => Some(*number as f64),
        Cell::Text(text) => angle(text),
        _ => None,
    };
    number.filter(|number| number.is_finite()).ok_or_else(|| {
        let zh = if field == "lon" { "经度不是数字" } else { "纬度不是数字" };
        Refusal::new(field, clipped(&cell.to_text()), Text::new(zh, NOT_A_NUMBER.en))
    })
}

fn clipped(text: &str) -> String {
    text.chars().take(80).collect()
}

/// `118.16`, `１１８.１６`, `118°9'36"`, `东经118度9分36秒`, `E118.16`.
pub fn angle(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let plain: String = text.chars().map(super::names::half_width).collect();
    let plain = plain.trim();
    if let Ok(number) = plain.parse() {
        return Some(number);
    }
    let is_mark = |c: char| matches!(c, 'E' | 'e' | 'N' | 'n' | '东' | '北' | '经' | '纬' | ' ');
    let plain = plain.trim_matches(is_mark);
    let marks = ['°', '度', '\'', '′', '’', '分', '"', '″', '”', '秒', ' '];
    let parts: Vec<&str> = plain.split(marks).filter(|part| !part.is_empty()).collect();
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let sexagesimal = |text: &str| number(text).filter(|part| (0.0..60.0).contains(part));
    let (degrees, fraction) = match parts.as_slice() {
        [degrees] => (*degrees, 0.0),
        [degrees, minutes] => (*degrees, sexagesimal(minutes)? / 60.0),
        [degrees, minutes, seconds] => {
            (*degrees, sexagesimal(minutes)? / 60.0 + sexagesimal(seconds)? / 3600.0)
        }
        _ => return None,
    };
    let degrees = number(degrees)?;
    Some(if degrees.is_sign_negative() { degrees - fraction } else { degrees + fraction })
}

/// Two numbers in one cell. A latitude is at most 90, so where only one order is possible the
/// order is no question.
fn pair(text: &str) -> Result<StatedPlace<'static>, Refusal> {
    let refusal = || Refusal::new("coordinates", clipped(text), NOT_TWO_NUMBERS);
    let plain: String = text.chars().map(super::names::half_width).collect();
    let plain = plain.trim().trim_matches(|c| matches!(c, '(' | ')'));
    let mut parts: Vec<&str> =
        plain.split([',', ';', '、', '|', '/']).map(str::trim).filter(|p| !p.is_empty()).collect();
    if let [only] = parts.as_slice() {
        parts = only.split_whitespace().collect();
    }
    let [first, second] = parts.as_slice() else { return Err(refusal()) };
    let number = |text: &str| angle(text).filter(|number| number.is_finite());
    let (first, second) = (number(first).ok_or_else(refusal)?, number(second).ok_or_else(refusal)?);
    let is_latitude_first = first.abs() <= 90.0 && second.abs() > 90.0 && second.abs() <= 180.0;
    let (x, y) = if is_latitude_first { (second, first) } else { (first, second) };
    Ok(StatedPlace::Position(Coord { x, y }))
}

/// Northings of China, 18° to 54° N, in metres. No easting of a Gauss–Krüger zone is among them,
/// neither with the zone number in front nor without.
const NORTHINGS_M: std::ops::RangeInclusive<f64> = 1_900_000.0..=6_100_000.0;

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
    centre: Option<Coord<f64>>,
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
    if let Some(far_km) = far_km(centre, wgs84) {
        let swapped = crs.to_wgs84(Coord { x: at.y, y: at.x });
        let looks_swapped = is_on_earth(swapped) && super::place::far_km(centre, swapped).is_none();
        let reason = far_from_district(far_km, looks_swapped);
        return Err(Refusal::new("lon", format!("{}, {}", at.x, at.y), reason));
    }
    Ok(Geometry::Point(Point(wgs84)))
}

fn far_from_district(far_km: f64, looks_swapped: bool) -> LocalizedText {
    if looks_swapped {
        let Text { zh, en } = SWAPPED;
        return LocalizedText::new(
            format!("距本区 {far_km:.0} 公里，{zh}"),
            format!("{far_km:.0} km from the district; {en}"),
        );
    }
    LocalizedText::new(
        format!("距本区 {far_km:.0} 公里，疑似坐标错误"),
        format!("{far_km:.0} km from the district"),
    )
}

fn metres_need_a_crs(at: Coord<f64>) -> LocalizedText {
    let easting_m = if NORTHINGS_M.contains(&at.x) { at.y } else { at.x };
    let likely = Crs::gauss_kruger_hint(easting_m).iter().map(Crs::name).collect::<Vec<_>>();
    let likely = if likely.is_empty() { vec!["epsg:…".to_owned()] } else { likely };
    let (zh, en) = (likely.join(" 或 "), likely.join(" or "));
    LocalizedText::new(
        format!("坐标的单位似乎是米，请用 --crs {zh} 重新导入"),
        format!("off the Earth in degrees; metres need --crs {en}"),
    )
}

/// A geometry in WGS-84, or why it cannot be right.
pub fn shape(
    crs: &Crs,
    geometry: &Geometry<f64>,
    centre: Option<Coord<f64>>,
) -> Result<Geometry<f64>, Refusal> {
    if let Geometry::Point(point) = geometry {
        return position(crs, point.0, centre);
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
    match far_km(centre, (bounds.min + bounds.max) / 2.0) {
        Some(far_km) => {
            let reason = far_from_district(far_km, false);
            Err(Refusal::new("geometry", wkt::type_name(geometry), reason))
        }
        None => Ok(moved),
    }
}

fn is_on_earth(at: Coord<f64>) -> bool {
    at.x.abs() <= 180.0 && at.y.abs() <= 90.0
}

/// Kilometres from the district, if they are too many.
fn far_km(centre: Option<Coord<f64>>, at: Coord<f64>) -> Option<f64> {
    let (east_m, north_m) = offset_m(centre?, at);
    let distance_m = east_m.hypot(north_m);
    (distance_m > FAR_M).then_some(distance_m / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn angles_are_read_as_people_write_them() {
        let close = |text: &str| (angle(text).unwrap() - 118.16).abs() < 1e-12;
        for text in [
            "118.16",
            " 118.16 ",
            "118°9'36\"",
            "118°9′36″",
            "东经118度9分36秒",
            "E118.16°",
            "１１８．１６",
            "118 9 36",
        ] {
            assert!(close(text), "{text}");
        }
        assert_eq!(angle("-0°30'"), Some(-0.5));
        for text in ["", "abc", "118°61'", "1°2'3\"4", "°"] {
            assert_eq!(angle(text), None, "{text}");
        }
    }

    #[test]
    fn a_pair_in_one_cell_is_read_in_the_only_possible_order() {
        let expected = Ok(StatedPlace::Position(Coord { x: 118.16, y: 39.83 }));
        for text in
            ["118.16,39.83", "118.16，39.83", "39.83, 118.16", "(118.16 39.83)", "118.16;39.83"]
        {
            assert_eq!(pair(text), expected, "{text}");
        }
        assert_eq!(pair("118.16").unwrap_err().reason.en, "not two numbers");
    }

    #[test]
    fn a_position_that_cannot_be_right_is_refused_with_the_reason() {
        let centre = Some(Coord { x: 118.16, y: 39.83 });
        let reason =
            |x: f64, y: f64| position(&Crs::Wgs84, Coord { x, y }, centre).unwrap_err().reason.en;
        assert_eq!(reason(39.83, 118.16), "longitude and latitude look swapped");
        assert_eq!(reason(218.16, 39.83), "off the Earth");
        assert_eq!(reason(0.0, 0.0), "0, 0 is no position, only an empty one");
        assert!(reason(113.3, 23.1).ends_with("km from the district"));
        assert!(reason(500_000.0, 4_410_000.0).contains("--crs epsg"));
        assert!(position(&Crs::Wgs84, Coord { x: 118.2, y: 39.8 }, centre).is_ok());
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
