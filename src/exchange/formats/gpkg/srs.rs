//! Rows of `gpkg_spatial_ref_sys` ↔ what coordinates mean.

use crate::exchange::StatedCrs;
use crate::geodesy::crs::Crs;

/// A row of the table. `definition` is well-known text as of OGC 01-009.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Srs {
    pub id: i32,
    pub name: String,
    pub organization: String,
    pub code: i32,
    pub definition: String,
    pub description: String,
}

/// Ids for the shifted datums of Chinese web maps, which no register lists.
const GCJ02: i32 = 100_002;
const BD09: i32 = 100_009;

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
        of_epsg(4326),
    ]
}

/// The row for a coordinate system that a layer is written in.
pub fn of(crs: &Crs) -> Srs {
    match (crs, crs.epsg().and_then(|code| i32::try_from(code).ok())) {
        (Crs::Gcj02, _) => {
            shifted(GCJ02, "GCJ-02", "Chinese web maps: WGS 84 shifted by some 500 m")
        }
        (Crs::Bd09, _) => shifted(BD09, "BD-09", "Baidu maps: GCJ-02 shifted by some 700 m"),
        (_, Some(code)) => of_epsg(code),
        (crs, None) => {
            let [cartesian, geographic, _] = required();
            if crs.is_projected() { cartesian } else { geographic }
        }
    }
}

fn shifted(id: i32, name: &str, description: &str) -> Srs {
    Srs {
        id,
        name: name.to_owned(),
        organization: "NONE".to_owned(),
        code: id,
        definition: geographic(name, name, &spheroid("WGS 84", "298.257223563", 7030), None),
        description: description.to_owned(),
    }
}

fn of_epsg(code: i32) -> Srs {
    let (name, definition) = match code {
        4326 => ("WGS 84".to_owned(), wgs84()),
        4490 => ("China Geodetic Coordinate System 2000".to_owned(), cgcs2000()),
        _ => projected(code).unwrap_or((format!("EPSG:{code}"), "undefined".to_owned())),
    };
    let units = if matches!(code, 4326 | 4490) {
        "longitude and latitude in degrees"
    } else {
        "easting and northing in metres"
    };
    Srs {
        id: code,
        name,
        organization: "EPSG".to_owned(),
        code,
        definition,
        description: units.to_owned(),
    }
}

/// Name and definition of the systems that [`Crs`] knows, by the numbers of the EPSG register.
fn projected(code: i32) -> Option<(String, String)> {
    let zoned = |first_meridian, width, first_zone, first_code, has_zone| {
        let index = code - first_code;
        let (meridian, zone) = (first_meridian + width * index, first_zone + index);
        let kind = if width == 3 { "3-degree Gauss-Kruger" } else { "Gauss-Kruger" };
        let (place, easting) = if has_zone {
            (format!("zone {zone}"), 500_000 + 1_000_000 * zone)
        } else {
            (format!("CM {meridian}E"), 500_000)
        };
        let name = format!("CGCS2000 / {kind} {place}");
        let definition = transverse_mercator(&name, &cgcs2000(), meridian, "1", easting, 0, code);
        (name, definition)
    };
    let utm = |zone: i32, hemisphere: char, northing| {
        let name = format!("WGS 84 / UTM zone {zone}{hemisphere}");
        let meridian = 6 * zone - 183;
        let definition =
            transverse_mercator(&name, &wgs84(), meridian, "0.9996", 500_000, northing, code);
        (name, definition)
    };
    Some(match code {
        4491..=4501 => zoned(75, 6, 13, 4491, true),
        4502..=4512 => zoned(75, 6, 13, 4502, false),
        4513..=4533 => zoned(75, 3, 25, 4513, true),
        4534..=4554 => zoned(75, 3, 25, 4534, false),
        32_601..=32_660 => utm(code - 32_600, 'N', 0),
        32_701..=32_760 => utm(code - 32_700, 'S', 10_000_000),
        3857 => web_mercator(),
        _ => return None,
    })
}

fn wgs84() -> String {
    geographic("WGS 84", "WGS_1984", &spheroid("WGS 84", "298.257223563", 7030), Some((4326, 6326)))
}

fn cgcs2000() -> String {
    let spheroid = spheroid("CGCS2000", "298.257222101", 1024);
    let name = "China Geodetic Coordinate System 2000";
    geographic(name, "China_2000", &spheroid, Some((4490, 1043)))
}

fn spheroid(name: &str, inverse_flattening: &str, code: i32) -> String {
    format!(r#"SPHEROID["{name}",6378137,{inverse_flattening},{}]"#, authority(code))
}

fn authority(code: i32) -> String {
    format!(r#"AUTHORITY["EPSG","{code}"]"#)
}

/// `codes` are those of the system and of its datum.
fn geographic(name: &str, datum: &str, spheroid: &str, codes: Option<(i32, i32)>) -> String {
    let code =
        |code: Option<i32>| code.map(|code| format!(",{}", authority(code))).unwrap_or_default();
    let of_datum = code(codes.map(|(_, datum)| datum));
    let own = code(codes.map(|(own, _)| own));
    let (greenwich, degree) = (authority(8901), authority(9122));
    format!(
        r#"GEOGCS["{name}",DATUM["{datum}",{spheroid}{of_datum}],PRIMEM["Greenwich",0,{greenwich}],UNIT["degree",0.0174532925199433,{degree}]{own}]"#
    )
}

fn transverse_mercator(
    name: &str,
    geographic: &str,
    central_meridian_deg: i32,
    scale: &str,
    easting_m: i32,
    northing_m: i32,
    code: i32,
) -> String {
    let (metre, own) = (authority(9001), authority(code));
    format!(
        r#"PROJCS["{name}",{geographic},PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{central_meridian_deg}],PARAMETER["scale_factor",{scale}],PARAMETER["false_easting",{easting_m}],PARAMETER["false_northing",{northing_m}],UNIT["metre",1,{metre}],{own}]"#
    )
}

fn web_mercator() -> (String, String) {
    let name = "WGS 84 / Pseudo-Mercator".to_owned();
    let (geographic, metre, own) = (wgs84(), authority(9001), authority(3857));
    let definition = format!(
        r#"PROJCS["{name}",{geographic},PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1,{metre}],{own}]"#
    );
    (name, definition)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `gdalsrsinfo -o wkt1 --single-line EPSG:4548` of GDAL 3.6.2, without the axes, which
    /// GeoPackage fixes itself: easting or longitude first.
    #[test]
    fn definitions_are_those_of_the_register() {
        let cgcs2000 = r#"GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]"#;
        let around_117 = r#"PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",117],PARAMETER["scale_factor",1]"#;
        let metre = r#"PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]]"#;
        assert_eq!(
            of_epsg(4548).definition,
            format!(
                r#"PROJCS["CGCS2000 / 3-degree Gauss-Kruger CM 117E",{cgcs2000},{around_117},PARAMETER["false_easting",500000],{metre},AUTHORITY["EPSG","4548"]]"#
            )
        );
        assert_eq!(
            of_epsg(4527).definition,
            format!(
                r#"PROJCS["CGCS2000 / 3-degree Gauss-Kruger zone 39",{cgcs2000},{around_117},PARAMETER["false_easting",39500000],{metre},AUTHORITY["EPSG","4527"]]"#
            )
        );
        assert_eq!(of_epsg(4491).name, "CGCS2000 / Gauss-Kruger zone 13");
        assert_eq!(of_epsg(32650).name, "WGS 84 / UTM zone 50N");
        assert!(of_epsg(32650).definition.contains(r#"PARAMETER["central_meridian",117]"#));
    }

    #[test]
    fn what_is_written_states_itself_again() {
        assert_eq!(stated(&of(&Crs::Wgs84)), StatedCrs::Wgs84);
        assert_eq!(stated(&of(&Crs::Cgcs2000)), StatedCrs::Epsg(4490));
        assert_eq!(stated(&of_epsg(4548)), StatedCrs::Epsg(4548));
        for (crs, name) in [(Crs::Gcj02, "GEOGCS[\"GCJ-02\""), (Crs::Bd09, "GEOGCS[\"BD-09\"")] {
            let StatedCrs::Wkt(definition) = stated(&of(&crs)) else { unreachable!() };
            assert!(definition.starts_with(name), "{definition}");
        }
        let [cartesian, geographic, _] = required();
        assert_eq!(
            (stated(&cartesian), stated(&geographic)),
            (StatedCrs::Unstated, StatedCrs::Unstated)
        );
    }
}
