//! OpenStreetMap files in both notations, small, real and damaged.

use std::path::{Path, PathBuf};

use geo::Area as _;
use geo_types::Geometry;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::exchange::testing::{Gathered, GatheredRow};

/// A crossroads, a garage, a courtyard house, a clipped road and what a truck may do there.
const TOWN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  <node id="1" lat="39.83" lon="118.15"/> <node id="2" lat="39.83" lon="118.16"/>
  <node id="3" lat="39.84" lon="118.16"/> <node id="4" lat="39.84" lon="118.15"/>
  <node id="5" lat="39.832" lon="118.152"/> <node id="6" lat="39.832" lon="118.158"/>
  <node id="7" lat="39.838" lon="118.158"/>
  <node id="10" lat="39.8321543" lon="118.1562011">
    <tag k="amenity" v="restaurant"/><tag k="name" v="Hui&#x9999;&amp;"/><tag k="name:zh" v="回香&amp;"/>
    <tag k="addr:city" v="唐山市"/><tag k="addr:street" v="曹雪芹大街"/>
    <tag k="addr:housenumber" v="12号"/><tag k="contact:phone" v="0315-1234567"/>
  </node>
  <node id="11" lat="39.8" lon="118.1"><tag k="amenity" v="fuel"/><tag k="brand" v="中国石化"/></node>
  <node id="12" lat="95" lon="118.1"><tag k="shop" v="car_repair"/></node>
  <node id="13" lat="39.8" lon="118.1" visible="false"><tag k="amenity" v="cafe"/></node>
  <way id="20"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
    <tag k="highway" v="trunk"/><tag k="name" v="京哈线"/><tag k="ref" v="G102"/>
    <tag k="oneway" v="yes"/><tag k="lanes" v="4"/><tag k="maxspeed" v="40 mph"/>
    <tag k="maxweight" v="3500 kg"/><tag k="maxheight" v="4.5 m"/><tag k="hgv" v="no"/></way>
  <way id="21"><nd ref="1"/><nd ref="2"/><nd ref="99"/><nd ref="3"/><nd ref="4"/>
    <tag k="highway" v="unclassified"/><tag k="maxspeed" v="CN:urban"/><tag k="maxheight" v="450"/></way>
  <way id="22"><nd ref="1"/><nd ref="99"/><tag k="highway" v="service"/></way>
  <way id="23"><nd ref="1"/><nd ref="2"/><tag k="highway" v="footway"/></way>
  <way id="24"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
    <tag k="amenity" v="parking"/></way>
  <way id="25"><nd ref="1"/><nd ref="2"/><nd ref="3"/></way>
  <way id="26"><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
  <way id="27"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="5"/></way>
  <way id="28"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="building" v="yes"/></way>
  <relation id="30"><member type="way" ref="25" role="outer"/><member type="way" ref="26" role=""/>
    <member type="way" ref="27" role="inner"/><member type="node" ref="1" role="label"/>
    <tag k="type" v="multipolygon"/><tag k="building" v="construction"/></relation>
</osm>"#;

fn written(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn read(name: &str, bytes: &[u8]) -> Result<Gathered, Error> {
    let (_folder, path) = written(name, bytes);
    let mut gathered = Gathered::default();
    Osm.read(&path, &ReadOptions::default(), &mut gathered)?;
    Ok(gathered)
}

#[test]
fn a_road_keeps_its_class_direction_and_limits() {
    let town = read("town.osm", TOWN.as_bytes()).unwrap();
    let roads = town.table("road");
    assert_eq!(roads.crs, StatedCrs::Wgs84);
    let trunk = roads.row("code", "osm:w20");
    assert_eq!(trunk.number, 20);
    let cells = ["name", "ref", "class", "oneway", "hgv"].map(|key| roads.text(trunk, key));
    assert_eq!(cells, ["京哈线", "G102", "trunk", "forward", "no"]);
    assert_eq!(roads.cell(trunk, "lanes"), Cell::Integer(4));
    assert_eq!(roads.cell(trunk, "max_mass_t"), Cell::Real(3.5));
    assert_eq!(roads.cell(trunk, "max_height_m"), Cell::Real(4.5));
    let Cell::Real(speed_kmh) = roads.cell(trunk, "maxspeed_kmh") else { unreachable!() };
    assert!((speed_kmh - 64.373_76).abs() < 1e-9);
    let Some(Geometry::LineString(line)) = &trunk.geometry else { unreachable!() };
    assert_eq!(line.0.first(), Some(&geo_types::coord! { x: 118.15, y: 39.83 }));
}

#[test]
fn a_clipped_road_keeps_the_parts_that_are_there() {
    let town = read("town.osm", TOWN.as_bytes()).unwrap();
    let roads = town.table("road");
    let clipped = roads.row("code", "osm:w21");
    assert_eq!(roads.text(clipped, "class"), "tertiary");
    assert_eq!(roads.text(clipped, "name"), "支路 w21");
    assert_eq!(roads.text(clipped, "oneway"), "no");
    for left_out in ["maxspeed_kmh", "max_height_m"] {
        assert_eq!(roads.cell(clipped, left_out), Cell::Empty);
    }
    let Some(Geometry::MultiLineString(parts)) = &clipped.geometry else { unreachable!() };
    assert_eq!(parts.0.len(), 2);
    assert_eq!(roads.rejected, [(22, "fewer than two of its nodes are in the file".to_owned())]);
    assert_eq!(roads.rows.len(), 2);
}

#[test]
fn sites_come_from_nodes_closed_ways_and_multipolygons() {
    let town = read("town.osm", TOWN.as_bytes()).unwrap();
    let sites = town.table("site");
    let restaurant = sites.row("code", "osm:n10");
    let cells = ["name", "kind", "address", "phone"].map(|key| sites.text(restaurant, key));
    assert_eq!(cells, ["回香&", "restaurant", "唐山市曹雪芹大街12号", "0315-1234567"]);
    assert_eq!(
        restaurant.geometry,
        Some(geo_types::point! { x: 118.156_201_1, y: 39.832_154_3 }.into())
    );
    assert_eq!(sites.text(sites.row("code", "osm:n11"), "name"), "中国石化");
    assert_eq!(sites.text(sites.row("code", "osm:w24"), "name"), "停车场 w24");
    let house = sites.row("code", "osm:r30");
    assert_eq!(sites.text(house, "kind"), "construction");
    let Some(Geometry::Polygon(outline)) = &house.geometry else { unreachable!() };
    assert_eq!((outline.exterior().0.len(), outline.interiors().len()), (5, 1));
    assert!((outline.unsigned_area() - (1e-4 - 1.8e-5)).abs() < 1e-9);
    let reasons: Vec<_> = sites.rejected.iter().map(|(row, _)| *row).collect();
    assert_eq!(reasons, [12, 28]);
}

#[test]
fn one_of_the_two_tables_may_be_asked_for() {
    let (_folder, path) = written("town.osm", TOWN.as_bytes());
    let mut gathered = Gathered::default();
    let only =
        |layer: &str| ReadOptions { layer: Some(layer.to_owned()), ..ReadOptions::default() };
    Osm.read(&path, &only("site"), &mut gathered).unwrap();
    let names: Vec<_> = gathered.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["site"]);
    let refused = Osm.read(&path, &only("trees"), &mut gathered);
    assert!(matches!(refused, Err(Error::NoSuchLayer { known, .. }) if known == "road, site"));
}

#[test]
fn a_receiver_that_has_had_enough_stops_the_reading() {
    let (_folder, path) = written("town.osm", TOWN.as_bytes());
    let mut gathered = Gathered { stop_after: Some(1), ..Gathered::default() };
    let stopped = Osm.read(&path, &ReadOptions::default(), &mut gathered);
    assert!(matches!(stopped, Err(Error::Stopped)));
    assert_eq!(gathered.table("road").rows.len(), 1);
}

/// A message field by field; numbers and bytes as the wire wants them.
mod message {
    pub fn varint(mut number: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while number > 0x7f {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
        bytes
    }

    pub fn number(field: u64, value: u64) -> Vec<u8> {
        [varint(field << 3), varint(value)].concat()
    }

    pub fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
        [varint(field << 3 | 2), varint(value.len() as u64), value.to_vec()].concat()
    }

    pub fn zigzag(value: i64) -> u64 {
        ((value << 1) ^ (value >> 63)).cast_unsigned()
    }

    pub fn deltas(field: u64, values: &[i64]) -> Vec<u8> {
        let before = std::iter::once(&0).chain(values);
        let packed = values.iter().zip(before).flat_map(|(v, last)| varint(zigzag(v - last)));
        bytes(field, &packed.collect::<Vec<_>>())
    }

    pub fn packed(field: u64, values: &[u64]) -> Vec<u8> {
        bytes(field, &values.iter().flat_map(|value| varint(*value)).collect::<Vec<_>>())
    }
}

fn blob(kind: &str, body: &[u8], is_packed: bool) -> Vec<u8> {
    use std::io::Write as _;
    let body = if is_packed {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(body).unwrap();
        message::bytes(3, &zlib.finish().unwrap())
    } else {
        message::bytes(1, body)
    };
    let head = [message::bytes(1, kind.as_bytes()), message::number(3, body.len() as u64)].concat();
    let length = u32::try_from(head.len()).unwrap().to_be_bytes();
    [length.to_vec(), head, body].concat()
}

fn header(feature: &str) -> Vec<u8> {
    blob("OSMHeader", &message::bytes(4, feature.as_bytes()), false)
}

/// Three dense nodes (the second a restaurant), a plain one, a road and a relation of both.
fn small_pbf(is_packed: bool) -> Vec<u8> {
    use message::{bytes, deltas, number, packed, zigzag};
    let texts = ["", "amenity", "restaurant", "name", "回香", "highway", "residential", "outer"];
    let table: Vec<u8> = texts.iter().flat_map(|text| bytes(1, text.as_bytes())).collect();
    let dense = [
        deltas(1, &[1, 2, 3]),
        deltas(8, &[398_300_000, 398_310_000, 398_320_000]),
        deltas(9, &[1_181_500_000, 1_181_510_000, 1_181_520_000]),
        packed(10, &[0, 1, 2, 3, 4, 0, 0]),
    ];
    let node =
        [number(1, zigzag(4)), number(8, zigzag(398_400_000)), number(9, zigzag(1_181_600_000))];
    let way = [number(1, 7), packed(2, &[5, 3]), packed(3, &[6, 4]), deltas(8, &[1, 2, 3, 4])];
    // Member types beyond those that exist must not end the reading.
    let relation = [number(1, 8), packed(8, &[7, 7]), deltas(9, &[7, 4]), packed(10, &[1, 9])];
    let group = [
        bytes(2, &dense.concat()),
        bytes(1, &node.concat()),
        bytes(3, &way.concat()),
        bytes(4, &relation.concat()),
    ];
    let block = [bytes(1, &table), bytes(2, &group.concat())].concat();
    [header("OsmSchema-V0.6"), blob("OSMData", &block, is_packed)].concat()
}

#[test]
fn a_pbf_says_the_same_as_the_xml_of_its_elements() {
    for is_packed in [true, false] {
        let map = read("small.osm.pbf", &small_pbf(is_packed)).unwrap();
        let roads = map.table("road");
        let road = roads.row("code", "osm:w7");
        assert_eq!(roads.text(road, "name"), "回香");
        let Some(Geometry::LineString(line)) = &road.geometry else { unreachable!() };
        assert_eq!(line.0.last(), Some(&geo_types::coord! { x: 118.16, y: 39.84 }));
        let sites = map.table("site");
        let site = sites.row("code", "osm:n2");
        assert_eq!(site.geometry, Some(geo_types::point! { x: 118.151, y: 39.831 }.into()));
        assert_eq!((roads.rows.len(), sites.rows.len()), (1, 1));
    }
}

fn refusal(name: &str, bytes: &[u8]) -> String {
    read(name, bytes).unwrap_err().to_string()
}

#[test]
fn files_that_are_no_map_are_refused_with_a_reason() {
    let whole = small_pbf(true);
    assert!(refusal("a.pbf", b"PK\x03\x04 a zip").contains("not a OpenStreetMap PBF file"));
    assert!(refusal("a.pbf", b"").contains("no OSM header"));
    assert!(refusal("a.pbf", &whole[..whole.len() - 3]).contains("middle of a blob"));
    assert!(refusal("a.pbf", &header("HistoricalInformation")).contains("HistoricalInformation"));
    assert!(refusal("a.osm", b"").contains("no elements"));
    assert!(refusal("a.osm", b"<gpx/>").contains("root element"));
    assert!(refusal("a.osm", b"<osm><node id='1'>").contains("ends before"));
    assert!(
        refusal("a.osm", b"<osm><node id='1'></way></osm>").contains("not a OpenStreetMap XML")
    );
    assert!(refusal("a.osm", b"<osm><way/></osm>").contains("has no id"));
    let entities = br#"<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><osm/>"#;
    assert!(refusal("a.osm", entities).contains("DOCTYPE"));
    let undefined = br#"<osm><node id="1" lat="&b;"/></osm>"#;
    assert!(refusal("a.osm", undefined).contains("not a OpenStreetMap XML"));
}

#[test]
fn bombs_are_refused_before_they_fill_the_memory() {
    let bomb = [header("DenseNodes"), blob("OSMData", &vec![0; 40 << 20], true)].concat();
    assert!(refusal("a.pbf", &bomb).contains("32 MiB"));
    let endless = ["<osm><node id=\"", "1".repeat(2 << 20).as_str()].concat();
    assert!(refusal("a.osm", endless.as_bytes()).contains("mebibyte"));
    let deep = ["<osm>", "<a>".repeat(200_000).as_str()].concat();
    assert!(refusal("a.osm", deep.as_bytes()).contains("ends before"));
}

fn real(name: &str) -> Option<Gathered> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/osm").join(name);
    if !path.exists() {
        eprintln!("SKIPPED: {} is not here", path.display());
        return None;
    }
    let mut gathered = Gathered::default();
    Osm.read(&path, &ReadOptions::default(), &mut gathered).unwrap();
    Some(gathered)
}

/// Counted with GDAL 3.6.2: `ogr2ogr -f GPKG s.gpkg shenzhen_osm_bbox.osm`, then `ogrinfo -sql`
/// over `lines` with the highway classes of [`road::class`] (757), and those of them with
/// `"oneway"=>"yes"` or `"-1"` in `other_tags` (330).
#[test]
fn shenzhen_has_the_roads_that_gdal_counts() {
    let Some(map) = real("shenzhen_osm_bbox.osm") else { return };
    let roads = map.table("road");
    assert_eq!(roads.rows.len() + roads.rejected.len(), 757);
    assert_eq!(roads.rejected, []);
    let one_way = roads.count("oneway", "forward") + roads.count("oneway", "backward");
    assert_eq!((one_way, roads.count("oneway", "backward")), (330, 1));
    assert_eq!(roads.count("class", "primary"), 58 + 116);
    assert_eq!(roads.count("class", "tertiary"), 67 + 3 + 46);
}

/// Counted the same way; areas over `multipolygons` with the tags of [`site::kind`].
#[test]
fn monaco_has_the_roads_that_gdal_counts() {
    let Some(map) = real("monaco-latest.osm.pbf") else { return };
    let roads = map.table("road");
    let is_way = |(_, why): &&(u64, String)| !why.contains("turn restriction");
    assert_eq!(roads.rows.len() + roads.rejected.iter().filter(is_way).count(), 952);
    assert_eq!(roads.count("class", "primary"), 296 + 23);
    assert_eq!(roads.count("class", "residential"), 271);
    let sites = map.table("site");
    let is_area = |row: &&GatheredRow| !sites.text(row, "code").starts_with("osm:n");
    assert_eq!(sites.rows.iter().filter(is_area).count(), 1232);
    assert_eq!((sites.count("kind", "restaurant"), sites.count("kind", "sensitive")), (132, 18));
    assert_eq!(sites.rejected, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_pbf_with_any_bytes_changed_is_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        length in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = small_pbf(false);
        for (index, byte) in changes {
            *index.get_mut(&mut bytes) = byte;
        }
        if is_cut {
            bytes.truncate(length.index(bytes.len()));
        }
        let result = read("a.osm.pbf", &bytes);
        prop_assert!(result.is_ok() || !result.unwrap_err().to_string().is_empty());
    }

    #[test]
    fn an_xml_with_any_bytes_changed_is_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = TOWN.as_bytes().to_vec();
        for (index, byte) in changes {
            *index.get_mut(&mut bytes) = byte;
        }
        let result = read("a.osm", &bytes);
        prop_assert!(result.is_ok() || !result.unwrap_err().to_string().is_empty());
    }
}
