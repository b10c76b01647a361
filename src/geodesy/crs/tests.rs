//! Projections against PROJ, and the ways to write a reference system.

use geo_types::coord;
use proptest::prelude::*;

use super::*;

/// EPSG code, longitude, latitude, easting, northing. Made with pyproj 3.7.2 (PROJ 9.5.1):
/// `Transformer.from_crs(4326, code, always_xy=True).transform(longitude, latitude)`.
#[rustfmt::skip]
const PLACES: &[(u32, f64, f64, f64, f64)] = &[
    (4547, 118.16, 39.83, 856_174.499_131, 4_418_943.331_850),
    (4547, 117.75, 39.54, 822_409.385_777, 4_385_177.255_065),
    (4547, 118.36, 40.07, 871_998.794_694, 4_446_422.305_968),
    (4547, 116.0, 39.5, 672_033.582_277, 4_375_924.399_884),
    (4547, 113.5, 22.5, 448_551.410_229, 2_489_253.219_967),
    (4548, 118.16, 39.83, 599_303.315_297, 4_411_297.335_784),
    (4548, 117.75, 39.54, 564_473.424_788, 4_378_723.776_849),
    (4548, 118.36, 40.07, 616_018.860_548, 4_438_187.960_353),
    (4548, 116.0, 39.5, 413_985.737_441, 4_374_491.590_742),
    (4548, 121.2, 39.0, 863_899.235_856, 4_326_905.983_006),
    (4548, 113.5, 22.5, 139_703.589_709, 2_493_382.193_950),
    (4549, 118.16, 39.83, 342_481.432_982, 4_412_273.760_125),
    (4549, 117.75, 39.54, 306_571.258_442, 4_380_873.663_923),
    (4549, 118.36, 40.07, 360_093.869_018, 4_438_590.617_253),
    (4549, 116.0, 39.5, 155_892.495_136, 4_381_661.299_049),
    (4549, 121.2, 39.0, 603_953.283_055, 4_319_189.116_228),
    (4527, 118.16, 39.83, 39_599_303.315_297, 4_411_297.335_784),
    (4527, 117.75, 39.54, 39_564_473.424_788, 4_378_723.776_849),
    (4509, 118.16, 39.83, 599_303.315_297, 4_411_297.335_784),
    (4509, 117.75, 39.54, 564_473.424_788, 4_378_723.776_849),
    (4498, 118.16, 39.83, 20_599_303.315_297, 4_411_297.335_784),
    (4498, 117.75, 39.54, 20_564_473.424_788, 4_378_723.776_849),
    (32650, 118.16, 39.83, 599_263.593_970, 4_409_532.816_964),
    (32650, 117.75, 39.54, 564_447.635_417, 4_376_972.287_452),
    (32650, 118.36, 40.07, 615_972.453_003, 4_436_412.685_282),
    (32650, 116.0, 39.5, 414_020.143_146, 4_372_741.794_219),
    (32650, 121.2, 39.0, 863_753.676_160, 4_325_175.220_725),
    (32650, 113.5, 22.5, 139_847.708_274, 2_492_384.841_148),
    (32750, 118.16, -39.83, 599_263.593_970, 5_590_467.183_036),
    (32750, 117.75, -39.54, 564_447.635_417, 5_623_027.712_548),
    (3857, 118.16, 39.83, 13_153_511.032_133, 4_841_269.007_905),
    (3857, 117.75, 39.54, 13_107_870.040_908, 4_799_319.776_185),
    (3857, 118.36, 40.07, 13_175_774.930_292, 4_876_119.708_872),
    (3857, 116.0, 39.5, 12_913_060.932_020, 4_793_547.459_105),
    (3857, 121.2, 39.0, 13_491_922.284_145, 4_721_671.572_580),
    (3857, 113.5, 22.5, 12_634_762.205_037, 2_571_663.047_174),
];

/// Degrees that are a tenth of a millimetre here.
const TENTH_MM_DEG: f64 = 1e-9;

fn assert_close(found: Coord<f64>, expected: Coord<f64>, tolerance: f64) {
    let off = found - expected;
    assert!(off.x.abs() < tolerance && off.y.abs() < tolerance, "{found:?} is not {expected:?}");
}

#[test]
fn projected_coordinates_agree_with_proj_in_both_directions() {
    for &(code, longitude, latitude, easting, northing) in PLACES {
        let crs = Crs::from_epsg(code).unwrap();
        let (degrees, metres) =
            (coord! { x: longitude, y: latitude }, coord! { x: easting, y: northing });
        assert_close(crs.from_wgs84(degrees), metres, 1e-4);
        assert_close(crs.to_wgs84(metres), degrees, TENTH_MM_DEG);
    }
}

#[test]
fn every_gauss_kruger_code_has_its_meridian_and_zone() {
    // As pyproj lists lon_0 and x_0 of EPSG:4491–4554.
    for (code, meridian, easting) in [
        (4491, 75.0, 13_500_000.0),
        (4498, 117.0, 20_500_000.0),
        (4501, 135.0, 23_500_000.0),
        (4502, 75.0, 500_000.0),
        (4509, 117.0, 500_000.0),
        (4512, 135.0, 500_000.0),
        (4513, 75.0, 25_500_000.0),
        (4527, 117.0, 39_500_000.0),
        (4533, 135.0, 45_500_000.0),
        (4534, 75.0, 500_000.0),
        (4547, 114.0, 500_000.0),
        (4548, 117.0, 500_000.0),
        (4549, 120.0, 500_000.0),
        (4554, 135.0, 500_000.0),
        (32650, 117.0, 500_000.0),
    ] {
        let origin = Crs::from_epsg(code).unwrap().from_wgs84(coord! { x: meridian, y: 0.0 });
        assert_close(origin, coord! { x: easting, y: 0.0 }, 1e-6);
    }
    assert!(Crs::from_epsg(4555).is_none() && Crs::from_epsg(32661).is_none());
}

#[test]
fn a_name_is_read_as_people_and_files_write_it() {
    for (text, name) in [
        ("wgs84", "wgs84"),
        ("WGS-84", "wgs84"),
        ("4326", "wgs84"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"),
        ("CGCS2000", "cgcs2000"),
        ("epsg:4490", "cgcs2000"),
        ("国家2000坐标系", "cgcs2000"),
        ("GCJ-02", "gcj02"),
        ("火星坐标", "gcj02"),
        ("bd09", "bd09"),
        ("百度坐标系", "bd09"),
        ("EPSG:4548", "epsg:4548"),
        ("epsg::4527", "epsg:4527"),
        ("urn:ogc:def:crs:EPSG::4547", "epsg:4547"),
        ("http://www.opengis.net/def/crs/EPSG/0/4549", "epsg:4549"),
        ("epsg:900913", "epsg:3857"),
        // The 6-degree zone around 117° is the same projection as the 3-degree one.
        ("epsg:4509", "epsg:4548"),
    ] {
        assert_eq!(text.parse::<Crs>().unwrap().name(), name, "{text}");
        assert_eq!(name.parse::<Crs>().unwrap().name(), name);
    }
}

#[test]
fn what_cannot_be_placed_is_refused_with_the_reason() {
    for text in ["epsg:2362", "EPSG:4214", "Xian80", "北京54坐标系"] {
        assert_eq!(text.parse::<Crs>(), Err(CrsError::UnknownShift(text.to_owned())));
    }
    let error = "唐山独立坐标".parse::<Crs>().unwrap_err();
    assert!(error.to_string().contains("known are wgs84, cgcs2000, gcj02, bd09"), "{error}");
    assert!("epsg:".parse::<Crs>().is_err() && "".parse::<Crs>().is_err());
}

#[test]
fn every_dialect_of_well_known_text_is_read() {
    let fixture = include_str!("../../../tests/fixtures/wkt.tsv");
    let mut read = 0;
    for (code, wkt) in fixture.lines().filter_map(|line| line.split_once('\t')) {
        let expected = Crs::from_epsg(code.parse().unwrap()).unwrap();
        assert_eq!(Crs::from_wkt(wkt), Some(expected.clone()), "{wkt}");
        // Without the code, the parameters say the same.
        let silent = wkt.replace("EPSG", "LOCAL");
        let is_web_mercator_of_gdal = silent.contains("Mercator_1SP");
        assert_eq!(Crs::from_wkt(&silent).is_some(), !is_web_mercator_of_gdal, "{silent}");
        if !is_web_mercator_of_gdal {
            assert_eq!(Crs::from_wkt(&silent), Some(expected), "{silent}");
        }
        read += 1;
    }
    assert_eq!(read, 24);
}

#[test]
fn a_projection_of_ones_own_is_read_from_its_parameters() {
    // An office's grid around 118°, made with pyproj from `+proj=tmerc +lon_0=118 +ellps=GRS80 …`;
    // its numbers for 118.16 E 39.83 N are PROJ's.
    let wkt = r#"PROJCS["unknown",GEOGCS["GCS_unknown",DATUM["D_Unknown_based_on_GRS_1980_ellipsoid",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",-4000000.0],PARAMETER["Central_Meridian",118.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
    let crs = Crs::from_wkt(wkt).unwrap();
    let metres = crs.from_wgs84(coord! { x: 118.16, y: 39.83 });
    assert_close(metres, coord! { x: 513_696.842_149, y: 410_665.669_709 }, 1e-4);
    assert_eq!(crs.name(), "tmerc lon_0=118 lat_0=0 k=1 x_0=500000 y_0=-4000000");
}

#[test]
fn unknown_text_is_not_guessed_at() {
    let xian = r#"GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
    let feet = r#"PROJCS["x",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["Central_Meridian",117.0],UNIT["Foot_US",0.3048006]]"#;
    let deep = "A[".repeat(100_000);
    for wkt in [xian, feet, &deep, "", "GEOGCS[", "GEOGCS[\"WGS 84\"]", "PROJCS[]]", "42"] {
        assert_eq!(Crs::from_wkt(wkt), None, "{wkt:.60}");
    }
}

#[test]
fn what_is_written_as_text_is_read_back() {
    let codes = (4490..=4554).chain([4326, 3857, 32601, 32660, 32701, 32760]);
    let shifted = [Crs::Gcj02, Crs::Bd09];
    for crs in codes.filter_map(Crs::from_epsg).chain(shifted) {
        assert_eq!(Crs::from_wkt(&crs.to_wkt()), Some(crs.clone()), "{}", crs.to_wkt());
    }
}

#[test]
fn an_easting_tells_its_zone() {
    let names = |easting| -> Vec<String> {
        Crs::gauss_kruger_hint(easting).iter().map(Crs::name).collect()
    };
    assert_eq!(names(39_599_303.3), ["epsg:4527"]);
    assert_eq!(names(20_599_303.3), ["epsg:4498"]);
    assert_eq!(names(599_303.3), ["epsg:4548", "epsg:4549", "epsg:4547"]);
    assert!(names(118.16).is_empty() && names(-5e9).is_empty() && names(f64::NAN).is_empty());
}

proptest! {
    #[test]
    fn every_system_takes_back_what_it_gave(code in 4513_u32..=4554, off in -3.0..3.0, latitude in -80.0..80.0) {
        let crs = Crs::from_epsg(code).unwrap();
        let meridian = crs.to_wgs84(crs.from_wgs84(coord! { x: 117.0, y: 0.0 })).x;
        assert_close(coord! { x: meridian, y: 0.0 }, coord! { x: 117.0, y: 0.0 }, TENTH_MM_DEG);
        let central = f64::from(75 + 3 * ((code - 4513) % 21));
        let at = coord! { x: central + off, y: latitude };
        assert_close(crs.to_wgs84(crs.from_wgs84(at)), at, TENTH_MM_DEG);
    }

    #[test]
    fn any_text_ends_in_a_system_or_none(text in "([A-Z]{2,6}[\\[(]|\"[a-zA-Z0-9_ ]{0,8}\"|[0-9.]{1,5}|[,\\])]){0,40}") {
        if let Some(crs) = Crs::from_wkt(&text) {
            prop_assert!(Crs::from_wkt(&crs.to_wkt()).is_some() || crs.epsg().is_none());
        }
    }
}

#[test]
fn an_easting_without_its_zone_is_told_and_placed() {
    let zone39 = Crs::from_epsg(4527).unwrap();
    assert_eq!(zone39.zone_fault(39_600_000.0), None);
    assert_eq!(zone39.zone_fault(600_000.0), Some(vec![Crs::from_epsg(4548).unwrap()]));
    let bare = Crs::from_epsg(4548).unwrap();
    assert_eq!(bare.zone_fault(600_000.0), None);
    assert_eq!(bare.zone_fault(39_600_000.0), Some(vec![zone39]));
    assert_eq!(bare.zone_fault(118.16), Some(Vec::new()));
    assert_eq!(Crs::Wgs84.zone_fault(118.16), None);
}

#[test]
fn a_datum_is_recognised_in_a_title() {
    assert_eq!(Crs::mentioned_in("奥维导出(火星坐标)"), Some(Crs::Gcj02));
    assert_eq!(Crs::mentioned_in("工地_BD09.csv"), Some(Crs::Bd09));
    assert_eq!(Crs::mentioned_in("高德路工地.csv"), None);
}
