//! Rows of `gpkg_spatial_ref_sys` ↔ what coordinates mean.

use crate::exchange::StatedCrs;
use crate::geodesy::crs::Crs;

/// A row of the table. `definition` is well-known text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Srs {
    pub id: i32,
    pub name: String,
    pub organization: String,
    pub code: i32,
    pub definition: String,
    pub description: String,
}

/// Ids for what no register lists: the shifted datums of Chinese web maps, and projections of
/// somebody's own.
const GCJ02: i32 = 100_002;
const BD09: i32 = 100_009;
const UNLISTED: i32 = 100_100;

/// What a row of somebody's file states.
///
/// A row without an EPSG code is handed on as its definition: the receiver knows the names of the
/// shifted datums.
pub fn stated(srs: &Srs) -> StatedCrs {
    if srs.id == 4326 {
        return StatedCrs::Wgs84;
    }
    match (srs.organization.to_ascii_uppercase().as_str(), u32::try_from(srs.code)) {
        ("EPSG", Ok(4326)) => StatedCrs::Wgs84,
        ("EPSG", Ok(code)) if code > 0 => StatedCrs::Epsg(code),
        _ if srs.id <= 0 || matches!(srs.definition.trim(), "" | "undefined") => {
            StatedCrs::Unstated
        }
        _ => StatedCrs::Wkt(srs.definition.clone()),
    }
}

/// The three rows that every file must have (OGC 12-128r19, requirement 11).
pub fn required() -> [Srs; 3] {
    let undefined = |id, name: &str, what: &str| Srs {
        id,
        name: name.to_owned(),
        organization: "NONE".to_owned(),
        code: id,
        definition: "undefined".to_owned(),
        description: format!("undefined {what} coordinate reference system"),
    };
    [
        undefined(-1, "Undefined cartesian SRS", "cartesian"),
        undefined(0, "Undefined geographic SRS", "geographic"),
        of(&Crs::Wgs84),
    ]
}

/// The row for a coordinate system that a layer is written in.
pub fn of(crs: &Crs) -> Srs {
    let (name, description) = match crs {
        Crs::Wgs84 => ("WGS 84", "longitude and latitude in degrees"),
        Crs::Cgcs2000 => ("CGCS2000", "longitude and latitude in degrees"),
        Crs::Gcj02 => ("GCJ-02", "degrees of Chinese web maps: WGS 84 shifted by some 500 m"),
        Crs::Bd09 => ("BD-09", "degrees of Baidu maps: GCJ-02 shifted by some 700 m"),
        _ => ("", "easting and northing in metres"),
    };
    let code = crs.epsg().and_then(|code| i32::try_from(code).ok());
    let id = code.unwrap_or(match crs {
        Crs::Gcj02 => GCJ02,
        Crs::Bd09 => BD09,
        _ => UNLISTED,
    });
    Srs {
        id,
        name: if name.is_empty() { crs.name().to_uppercase() } else { name.to_owned() },
        organization: if code.is_some() { "EPSG" } else { "NONE" }.to_owned(),
        code: id,
        definition: crs.to_wkt(),
        description: description.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(crs: &Crs) -> Option<Crs> {
        match stated(&of(crs)) {
            StatedCrs::Unstated => None,
            StatedCrs::Wgs84 => Some(Crs::Wgs84),
            StatedCrs::Epsg(code) => Crs::from_epsg(code),
            StatedCrs::Wkt(definition) => Crs::from_wkt(&definition),
        }
    }

    #[test]
    fn what_is_written_states_itself_again() {
        for name in ["wgs84", "cgcs2000", "gcj02", "bd09", "epsg:4548", "epsg:4527", "epsg:32650"] {
            let crs: Crs = name.parse().unwrap();
            assert_eq!(read_back(&crs), Some(crs), "{name}");
        }
    }

    #[test]
    fn rows_that_define_nothing_state_nothing() {
        let [cartesian, geographic, wgs84] = required();
        assert_eq!((cartesian.id, geographic.id, wgs84.id), (-1, 0, 4326));
        let stated = [cartesian, geographic, wgs84].map(|srs| stated(&srs));
        assert_eq!(stated, [StatedCrs::Unstated, StatedCrs::Unstated, StatedCrs::Wgs84]);
        let nameless = Srs { id: 77, definition: " ".to_owned(), ..of(&Crs::Gcj02) };
        assert_eq!(super::stated(&nameless), StatedCrs::Unstated);
    }
}
