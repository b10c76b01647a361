//! The coordinate reference systems that files come in, and the way from each to WGS-84.

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
}
impl std::str::FromStr for Crs {
    type Err = std::fmt::Error;
    fn from_str(text: &str) -> Result<Self, std::fmt::Error> {
        match text {
            "wgs84" => Ok(Self::Wgs84),
            _ => Err(std::fmt::Error),
        }
    }
}
