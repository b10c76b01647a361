//! The coordinate reference systems that files come in, and the way from each to WGS-84.
//!
//! Numbers are always taken as longitude or easting first, whatever axis order EPSG prescribes:
//! that is what the files hold. CGCS2000 is taken as equal to WGS-84, from which it differs by
//! centimetres; systems on other datums (Beijing 1954, Xian 1980, local grids) are refused, for
//! their shift is not public and can reach 150 m.

use std::fmt;
use std::str::FromStr;

use geo_types::Coord;

use super::datum;
use super::projection::{self, Ellipsoid, TransverseMercator};

/// What the numbers in a file mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Crs {
    /// Longitude and latitude on WGS-84, degrees.
    Wgs84,
    /// Taken as equal to WGS-84: they differ by centimetres.
    Cgcs2000,
    /// Longitude and latitude with the shift that maps in China must show, degrees.
    Gcj02,
    /// Longitude and latitude with Baidu's shift on top of it, degrees.
    Bd09,
    /// EPSG:3857.
    WebMercator,
    /// Gauss–Krüger, UTM and their like, on WGS-84 or CGCS2000.
    TransverseMercator(TransverseMercator),
}

/// Why a name stands for no coordinate system here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrsError {
    /// Neither a name nor an EPSG code of those that are known here.
    #[error(
        "`{0}` is no coordinate system known here; known are wgs84, cgcs2000, gcj02, bd09 and epsg: \
         4326, 4490, 4491–4554 (CGCS2000 Gauss–Krüger, 4548 = around 117°, 4527 = the same with zone \
         prefix 39), 3857, 32601–32660 and 32701–32760 (UTM)"
    )]
    Unknown(String),
    /// A name or code on a datum whose way to WGS-84 is not public.
    #[error(
        "`{0}` is on the datum Beijing 1954 or Xian 1980, whose shift to WGS-84 is not public and \
         can reach 150 m: have the data transformed to CGCS2000 first"
    )]
    UnknownShift(String),
}

impl Crs {
    /// `None` for a code that is not known here.
    pub fn from_epsg(code: u32) -> Option<Self> {
        Some(match code {
            4326 | 4979 => Self::Wgs84,
            4490 | 4480 => Self::Cgcs2000,
            3857 | 3785 | 900_913 | 102_100 | 102_113 => Self::WebMercator,
            // 6-degree zones 13–23 around 75°–135°, first with the zone before the easting.
            4491..=4501 => gauss_kruger(75 + 6 * (code - 4491), Some(13 + code - 4491)),
            4502..=4512 => gauss_kruger(75 + 6 * (code - 4502), None),
            // 3-degree zones 25–45 around 75°–135°, likewise.
            4513..=4533 => gauss_kruger(75 + 3 * (code - 4513), Some(25 + code - 4513)),
            4534..=4554 => gauss_kruger(75 + 3 * (code - 4534), None),
            32601..=32660 => utm(code - 32600, 0.0),
            32701..=32760 => utm(code - 32700, 10_000_000.0),
            _ => return None,
        })
    }

    /// The EPSG code where there is one. The 3-degree zone is named where the 6-degree zone around
    /// the same meridian is the same projection.
    pub fn epsg(&self) -> Option<u32> {
        match self {
            Self::Wgs84 => Some(4326),
            Self::Cgcs2000 => Some(4490),
            Self::WebMercator => Some(3857),
            Self::Gcj02 | Self::Bd09 => None,
            Self::TransverseMercator(_) => [4513..=4554, 4491..=4512, 32601..=32660, 32701..=32760]
                .into_iter()
                .flatten()
                .find(|code| Self::from_epsg(*code).as_ref() == Some(self)),
        }
    }

    /// As a report names it: `wgs84`, `gcj02`, `epsg:4548`. [`Crs::from_str`] reads all but `tmerc`.
    pub fn name(&self) -> String {
        match self {
            Self::Wgs84 => "wgs84".to_owned(),
            Self::Cgcs2000 => "cgcs2000".to_owned(),
            Self::Gcj02 => "gcj02".to_owned(),
            Self::Bd09 => "bd09".to_owned(),
            Self::WebMercator => "epsg:3857".to_owned(),
            Self::TransverseMercator(tm) => match self.epsg() {
                Some(code) => format!("epsg:{code}"),
                None => format!(
                    "tmerc lon_0={} lat_0={} k={} x_0={} y_0={}",
                    tm.central_meridian_deg,
                    tm.latitude_of_origin_deg,
                    tm.scale,
                    tm.false_easting_m,
                    tm.false_northing_m
                ),
            },
        }
    }

    /// Whether the numbers are metres rather than degrees.
    pub const fn is_projected(&self) -> bool {
        matches!(self, Self::WebMercator | Self::TransverseMercator(_))
    }

    /// From the file's own numbers (longitude or easting first) to WGS-84 degrees.
    pub fn to_wgs84(&self, at: Coord<f64>) -> Coord<f64> {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => at,
            Self::Gcj02 => datum::wgs84_from_gcj02(at),
            Self::Bd09 => datum::wgs84_from_bd09(at),
            Self::WebMercator => projection::wgs84_from_web_mercator(at),
            Self::TransverseMercator(tm) => tm.degrees(at),
        }
    }

    /// From WGS-84 degrees to the numbers of a file, longitude or easting first.
    pub fn from_wgs84(&self, at: Coord<f64>) -> Coord<f64> {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => at,
            Self::Gcj02 => datum::gcj02_from_wgs84(at),
            Self::Bd09 => datum::bd09_from_wgs84(at),
            Self::WebMercator => projection::web_mercator_from_wgs84(at),
            Self::TransverseMercator(tm) => tm.metres(at),
        }
    }

    /// Systems that such an easting is rather from, likeliest first, where it cannot be from this
    /// one: its zone is missing from the number, or is in it and should not be.
    pub fn zone_fault(&self, easting_m: f64) -> Option<Vec<Self>> {
        /// Far beyond the edge of any zone, and far below the distance to the next zone's number.
        const HALF_ZONE_M: f64 = 450_000.0;
        let Self::TransverseMercator(own) = self else { return None };
        if (easting_m - own.false_easting_m).abs() <= HALF_ZONE_M {
            return None;
        }
        let bare = TransverseMercator { false_easting_m: 500_000.0, ..*own };
        let is_bare = (easting_m - bare.false_easting_m).abs() <= HALF_ZONE_M;
        let bare = Self::TransverseMercator(bare);
        Some(if is_bare { vec![bare] } else { Self::gauss_kruger_hint(easting_m) })
    }

    /// The datum that a text names, as titles, file names and heads do: `经度(GCJ02)`,
    /// `奥维导出(火星坐标)`. `gps` is no statement: here people call every pair of numbers so.
    pub fn mentioned_in(text: &str) -> Option<Self> {
        const WORDS: &[(&str, Crs)] = &[
            ("gcj-02", Crs::Gcj02),
            ("gcj02", Crs::Gcj02),
            ("gcj_02", Crs::Gcj02),
            ("火星坐标", Crs::Gcj02),
            ("高德坐标", Crs::Gcj02),
            ("腾讯坐标", Crs::Gcj02),
            ("bd-09", Crs::Bd09),
            ("bd09", Crs::Bd09),
            ("bd_09", Crs::Bd09),
            ("百度坐标", Crs::Bd09),
            ("wgs-84", Crs::Wgs84),
            ("wgs84", Crs::Wgs84),
            ("wgs_84", Crs::Wgs84),
            ("cgcs2000", Crs::Cgcs2000),
            ("国家2000", Crs::Cgcs2000),
            ("2000国家大地", Crs::Cgcs2000),
        ];
        let text = text.to_lowercase();
        WORDS.iter().find(|(word, _)| text.contains(word)).map(|(_, crs)| crs.clone())
    }

    /// The Gauss–Krüger zones that such an easting may be from, likeliest first; empty where it is
    /// none. Eight digits begin with the zone; six leave the central meridian open.
    pub fn gauss_kruger_hint(easting_m: f64) -> Vec<Self> {
        let zone = (easting_m / 1e6).floor();
        let codes: &[u32] = match zone {
            13.0..=23.0 => &[4491 + zone as u32 - 13],
            25.0..=45.0 => &[4513 + zone as u32 - 25],
            0.0 if easting_m >= 100_000.0 => &[4548, 4549, 4547],
            _ => &[],
        };
        codes.iter().filter_map(|code| Self::from_epsg(*code)).collect()
    }
}

fn gauss_kruger(central_meridian_deg: u32, zone: Option<u32>) -> Crs {
    Crs::TransverseMercator(TransverseMercator {
        ellipsoid: &projection::CGCS2000,
        central_meridian_deg: f64::from(central_meridian_deg),
        latitude_of_origin_deg: 0.0,
        scale: 1.0,
        false_easting_m: 500_000.0 + 1e6 * f64::from(zone.unwrap_or(0)),
        false_northing_m: 0.0,
    })
}

fn utm(zone: u32, false_northing_m: f64) -> Crs {
    Crs::TransverseMercator(TransverseMercator {
        ellipsoid: &projection::WGS84,
        central_meridian_deg: 6.0 * f64::from(zone) - 183.0,
        latitude_of_origin_deg: 0.0,
        scale: 0.9996,
        false_easting_m: 500_000.0,
        false_northing_m,
    })
}

/// EPSG codes on Beijing 1954, New Beijing and Xian 1980.
fn is_of_unknown_shift(code: u32) -> bool {
    matches!(code, 2327..=2390 | 2401..=2442 | 4214 | 4555 | 4568..=4589 | 4610 | 4652..=4656
        | 4766..=4800 | 4812 | 4822 | 21_413..=21_423 | 21_453..=21_463 | 21_473..=21_483)
}

/// The code in `epsg:4548`, `EPSG::4548`, `urn:ogc:def:crs:EPSG:9.9:4548`,
/// `http://www.opengis.net/def/crs/EPSG/0/4548` and plain `4548`, in lower case.
fn epsg_code(name: &str) -> Option<u32> {
    let digits = name.rsplit([':', '/']).next()?;
    let before = name.strip_suffix(digits)?;
    (before.is_empty() || before.contains("epsg")).then(|| digits.parse().ok()).flatten()
}

impl FromStr for Crs {
    type Err = CrsError;

    fn from_str(text: &str) -> Result<Self, CrsError> {
        let name = text.trim().to_lowercase();
        if let Some(code) = epsg_code(&name) {
            return match Self::from_epsg(code) {
                Some(crs) => Ok(crs),
                None if is_of_unknown_shift(code) => Err(CrsError::UnknownShift(text.to_owned())),
                None => Err(CrsError::Unknown(text.to_owned())),
            };
        }
        let plain: String = name
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '_' | '/' | '坐' | '标' | '系'))
            .collect();
        match plain.as_str() {
            "wgs84" | "wgs1984" | "gps" | "crs84" => Ok(Self::Wgs84),
            "cgcs2000" | "国家2000" | "2000国家大地" | "大地2000" | "国家大地2000" => {
                Ok(Self::Cgcs2000)
            }
            "gcj02" | "gcj" | "火星" | "国测局" | "高德" | "腾讯" => Ok(Self::Gcj02),
            "bd09" | "bd09ll" | "百度" => Ok(Self::Bd09),
            "webmercator" => Ok(Self::WebMercator),
            "xian80" | "xian1980" | "西安80" | "beijing54" | "beijing1954" | "北京54" => {
                Err(CrsError::UnknownShift(text.to_owned()))
            }
            urn if urn.contains("ogc") && urn.ends_with("crs84") => Ok(Self::Wgs84),
            _ => Err(CrsError::Unknown(text.to_owned())),
        }
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl Crs {
    /// The ellipsoid under the numbers; that of WGS-84 for the shifted datums.
    pub const fn ellipsoid(&self) -> &'static Ellipsoid {
        match self {
            Self::Cgcs2000 => &projection::CGCS2000,
            Self::TransverseMercator(tm) => tm.ellipsoid,
            Self::Wgs84 | Self::Gcj02 | Self::Bd09 | Self::WebMercator => &projection::WGS84,
        }
    }
}

#[cfg(test)]
mod tests;
