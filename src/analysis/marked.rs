//! What a mark of the pen is about: the records where it points.

use std::sync::Arc;

use geo_types::{Coord, Geometry};

use super::Index;
use crate::domain::{Kind, Record, RecordId};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::ring::distance_m;
use crate::geodesy::wkb;

/// Around the place that a mark points to, metres.
const AROUND_M: f64 = 250.0;
/// So many records are proposed at most.
const MOST: usize = 5;
/// What a mark may be about, the likeliest first; lines last, because there is always a road.
const KINDS: [Kind; 7] = [
    Kind::Site,
    Kind::ControlPoint,
    Kind::Restriction,
    Kind::Congestion,
    Kind::Camera,
    Kind::Gate,
    Kind::Road,
];

/// The place that a mark points to, WGS-84 degrees: the head of a line, the middle of a circle.
pub fn pointed_at(geometry: &Geometry<f64>) -> Option<Coord<f64>> {
    match geometry {
        Geometry::Point(point) => Some(point.0),
        Geometry::LineString(line) => line.0.last().copied(),
        other => wkb::bounds(other).map(wkb::Bounds::middle),
    }
}

/// Records that a mark is likely about: in its circle, or near where it points. Those without a name
/// could not be told from one another.
pub fn neighbours<'a>(geometry: &Geometry<f64>, index: &'a Index) -> Vec<&'a Arc<Record>> {
    let Some(place) = pointed_at(geometry) else { return Vec::new() };
    let radius_m = match geometry {
        Geometry::Polygon(circle) => {
            let corners = circle.exterior().0.iter();
            corners.map(|corner| distance_m(place, *corner)).fold(0.0, f64::max)
        }
        _ => AROUND_M,
    };
    let mut found: Vec<(usize, u64, RecordId, &Arc<Record>)> = Vec::new();
    index.near(&LocalFrame::at(place), radius_m, &KINDS, &mut |hit, _| {
        let rank = KINDS.iter().position(|kind| *kind == hit.kind).unwrap_or(KINDS.len());
        // Sites and stations alike: the nearer one is meant.
        let rank = if rank < 2 { 0 } else { rank };
        if !hit.record.name().is_empty() {
            let decimetres = (hit.distance_m * 10.0).round() as u64;
            found.push((rank, decimetres, hit.record.id, hit.record));
        }
    });
    found.sort_by_key(|(rank, away, id, _)| (*rank, *away, *id));
    found.into_iter().take(MOST).map(|(.., record)| record).collect()
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, Point};
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{Ids, Stamp, Value, World};
    use crate::geodesy::ring::{destination, ring};

    const HERE: Coord<f64> = Coord { x: 118.16, y: 39.83 };

    fn index(all: &[(Kind, &str, f64)]) -> Index {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(stamp.at, 1);
        let record = |(kind, name, away_m): &(Kind, &str, f64)| {
            let mut record = Record::new(ids.next(), *kind, &stamp);
            record.set("name", (!name.is_empty()).then(|| Value::text(name)));
            let at = destination(HERE, 90.0, *away_m);
            record.geometry = Some(match kind {
                Kind::Road => LineString(vec![at, destination(at, 0.0, 900.0)]).into(),
                _ => Point(at).into(),
            });
            record
        };
        let world: World = all.iter().map(record).collect();
        Index::of(&world)
    }

    fn names(geometry: &Geometry<f64>, index: &Index) -> Vec<String> {
        neighbours(geometry, index).iter().map(|record| record.name().to_owned()).collect()
    }

    #[test]
    fn an_arrow_is_about_what_its_head_points_to_and_roads_come_last() {
        let index = index(&[
            (Kind::Road, "公园道", 5.0),
            (Kind::Site, "远工地", 200.0),
            (Kind::Site, "近工地", 40.0),
            (Kind::ControlPoint, "实验小学站", 90.0),
            (Kind::Site, "", 1.0),
            (Kind::Site, "太远", 260.0),
        ]);
        let tail = destination(HERE, 180.0, 5000.0);
        let arrow = LineString(vec![tail, HERE]).into();
        assert_eq!(names(&arrow, &index), ["近工地", "实验小学站", "远工地", "公园道"]);
        let turned = LineString(vec![HERE, tail]).into();
        assert!(names(&turned, &index).is_empty());
    }

    #[test]
    fn a_circle_is_about_what_lies_in_it_however_large_it_is() {
        let index = index(&[(Kind::Site, "内", 900.0), (Kind::Site, "外", 1100.0)]);
        assert_eq!(names(&ring(HERE, 1000.0).into(), &index), ["内"]);
        assert!(names(&ring(HERE, 100.0).into(), &index).is_empty());
    }
}
