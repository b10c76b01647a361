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
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrsError {
    #[error("`{0}` is no coordinate system known here")]
    Unknown(String),
}

impl FromStr for Crs {
    type Err = CrsError;

    fn from_str(text: &str) -> Result<Self, CrsError> {
        match text {
            "wgs84" => Ok(Self::Wgs84),
            "cgcs2000" => Ok(Self::Cgcs2000),
            "gcj02" => Ok(Self::Gcj02),
            "bd09" => Ok(Self::Bd09),
            _ => Err(CrsError::Unknown(text.to_owned())),
        }
    }
}

impl Crs {
    /// As a report names it: `wgs84`, `gcj02`, `epsg:4548`.
    pub fn name(&self) -> String {
        match self {
            Self::Wgs84 => "wgs84".to_owned(),
            Self::Cgcs2000 => "cgcs2000".to_owned(),
            Self::Gcj02 => "gcj02".to_owned(),
            Self::Bd09 => "bd09".to_owned(),
        }
    }

    /// From the file's own numbers (longitude or easting first) to WGS-84 degrees.
    pub fn to_wgs84(&self, at: Coord<f64>) -> Coord<f64> {
        at
    }

    /// From WGS-84 degrees to the numbers of a file, longitude or easting first.
    pub fn from_wgs84(&self, at: Coord<f64>) -> Coord<f64> {
        at
    }

    /// The EPSG code where there is one.
    pub fn epsg(&self) -> Option<u32> {
        match self {
            Self::Wgs84 => Some(4326),
            Self::Cgcs2000 => Some(4490),
            Self::Gcj02 | Self::Bd09 => None,
        }
    }

    /// Whether the numbers are metres rather than degrees.
    pub const fn is_projected(&self) -> bool {
        false
    }
}
