//! Imports of rows that bring a geometry.

use serde_json::json;

use super::new;
use crate::domain::World;
use crate::exchange::meaning::*;
use crate::exchange::testing::{run, settings};
use crate::exchange::{Cell, InRow, Sink, StatedCrs};

/// Hands on features as GeoJSON does: each brings its own attributes.
struct Features<F: Fn(&mut dyn Sink) -> Result<(), Stop> + Sync>(&'static str, F);

impl<F: Fn(&mut dyn Sink) -> Result<(), Stop> + Sync> Format for Features<F> {
    fn name(&self) -> &'static str {
        self.0
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn read(&self, _path: &Path, _options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        Ok((self.1)(sink)?)
    }
}

fn point(x: f64, y: f64) -> geo_types::Geometry<f64> {
    geo_types::Geometry::Point(geo_types::Point::new(x, y))
}

#[test]
fn features_may_bring_new_attributes_one_by_one() {
    let features = Features("geojson", |sink| {
        sink.table("", &StatedCrs::Unstated)?;
        for number in 0..2000usize {
            let names = if number == 1500 { "phone".to_owned() } else { format!("a{number}") };
            let name = sink.column("name")?;
            let at = sink.column(&names)?;
            let mut cells = vec![Cell::Empty; at + 1];
            cells[name] = Cell::Text(format!("n{number}").into());
            cells[at] = Cell::Integer(7);
            sink.row(InRow {
                number: number as u64,
                cells: &cells,
                geometry: Some(point(118.1, 39.8)),
            })?;
        }
        Ok(())
    });
    let (changes, report) =
        run(&features, Path::new(""), &settings(Some("wgs84")), &World::default()).unwrap();
    assert_eq!(report.added, 2000);
    let record = |at: usize| changes[at].after.as_ref().unwrap();
    assert_eq!(record(1999).extra.as_ref().unwrap().get("a1999"), Some(&json!(7)));
    assert_eq!((record(1500).text("phone"), &record(1500).extra), ("7", &None));
    let endless = Features("geojson", |sink| {
        sink.table("", &StatedCrs::Unstated)?;
        (0..1_000_000).try_for_each(|number| sink.column(&format!("a{number}")).map(drop))
    });
    let refused = run(&endless, Path::new(""), &settings(None), &World::default());
    assert!(matches!(refused, Err(ImportError::Unreadable(Error::Hostile(_)))), "{refused:?}");
}

#[test]
fn of_openstreetmap_only_the_district_and_buildings_beside_stations_are_taken() {
    let (world, _) = new("layer,name,level,role,lon,lat,wkt\n\
        area,丰润区,,district,,,\"POLYGON ((118 39.7, 118.3 39.7, 118.3 40, 118 40, 118 39.7))\"\n\
        control_point,站,国控,,118.16,39.83,\n");
    let osm = Features("osm", |sink| {
        sink.table("site", &StatedCrs::Wgs84)?;
        let (name, kind) = (sink.column("name")?, sink.column("kind")?);
        for (number, key, x) in [
            (1, "restaurant", 118.2),
            (2, "restaurant", 118.4),
            (3, "building", 118.165),
            (4, "building", 118.2),
        ] {
            let mut cells = vec![Cell::Empty; 2];
            cells[name] = Cell::Text(format!("n{number}").into());
            cells[kind] = Cell::Text(key.into());
            sink.row(InRow { number, cells: &cells, geometry: Some(point(x, 39.83)) })?;
        }
        Ok(())
    });
    let (changes, report) = run(&osm, Path::new(""), &settings(None), &world).unwrap();
    let taken: Vec<u64> = changes
        .iter()
        .filter_map(|change| Some(change.after.as_ref()?.meta.source.as_ref()?.row))
        .collect();
    assert_eq!(taken, [1, 3]);
    assert_eq!((report.read, report.rejected), (2, 0));
    assert_eq!(report.warnings.len(), 2, "{:?}", report.warnings);
}

#[test]
fn a_geometry_and_its_attributes_keep_what_they_say_of_coordinates() {
    let features = Features("geojson", |sink| {
        sink.table("x", &StatedCrs::Epsg(4326))?;
        for name in ["名称", "经度", "lon"] {
            sink.column(name)?;
        }
        let cells = [Cell::Text("甲".into()), Cell::Real(118.2), Cell::Real(118.1)];
        sink.row(InRow { number: 1, cells: &cells, geometry: Some(point(118.1, 39.8)) })
    });
    let (changes, report) =
        run(&features, Path::new(""), &settings(None), &World::default()).unwrap();
    let record = changes[0].after.as_ref().unwrap();
    assert_eq!((&record.geometry, report.crs.as_str()), (&Some(point(118.1, 39.8)), "wgs84"));
    let extra = record.extra.as_ref().unwrap();
    assert_eq!((extra.get("经度"), extra.get("lon")), (Some(&json!(118.2)), None));
}
