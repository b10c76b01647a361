use geo_types::{Coord, LineString, Polygon};
use geographiclib_rs::{DirectGeodesic as _, Geodesic};

use crate::domain::{Kind, Lang, Text};
use crate::map::{Ink, Layer, Mark, Scene, Shape, Sketch, Words};

/// The control rings: 500 m, 1000 m, or what the point says.
pub struct Rings;

/// At this number a 1000 m ring is at most 0.15 m short between two vertices.
const VERTICES: u32 = 180;

impl Layer for Rings {
    fn key(&self) -> &'static str {
        "rings"
    }

    fn title(&self) -> Text {
        Text::new("管控圈", "Control rings")
    }

    fn kind(&self) -> Kind {
        Kind::ControlPoint
    }

    /// Large ones first, so that the fills deepen towards the point.
    fn draw(&self, scene: &Scene<'_>, sketch: &mut Sketch) {
        let earth = Geodesic::wgs84();
        for point in scene.world.table(Kind::ControlPoint).iter() {
            let Some(center) = point.geometry.as_ref().and_then(super::control_points::position)
            else {
                continue;
            };
            let radii = point.radii_m();
            for (rank, radius_m) in radii.iter().copied().enumerate().rev() {
                sketch.marks.push(Mark {
                    shape: Shape::Drawn(ring(&earth, center, radius_m).into()),
                    ink: Ink::Ring { radius_m, is_first: rank == 0 },
                    subject: Some(point.id),
                    label: Some(Words::Text(radius_text(radius_m, scene.lang))),
                    tag: None,
                });
            }
        }
    }
}

/// A geodesic circle on WGS-84: vertices clockwise from north, each `radius_m` away.
fn ring(earth: &Geodesic, center: Coord<f64>, radius_m: f64) -> Polygon<f64> {
    let vertex = |step: u32| {
        let azimuth = 360.0 * f64::from(step % VERTICES) / f64::from(VERTICES);
        let (lat, lon): (f64, f64) = earth.direct(center.y, center.x, azimuth, radius_m);
        Coord { x: lon, y: lat }
    };
    Polygon::new(LineString((0..=VERTICES).map(vertex).collect()), Vec::new())
}

/// The same in both languages: `500 m`.
fn radius_text(radius_m: f64, _lang: Lang) -> String {
    format!("{} m", (radius_m * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use geographiclib_rs::InverseGeodesic as _;

    use super::*;

    #[test]
    fn every_vertex_of_a_ring_is_its_radius_away() {
        let earth = Geodesic::wgs84();
        let center = Coord { x: 118.1562, y: 39.8322 };
        for vertex in ring(&earth, center, 1000.0).exterior().coords() {
            let distance_m: f64 = earth.inverse(center.y, center.x, vertex.y, vertex.x);
            assert!((distance_m - 1000.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_radius_reads_as_people_say_it() {
        assert_eq!(radius_text(500.0, Lang::Zh), "500 m");
        assert_eq!(radius_text(333.33, Lang::En), "333.3 m");
    }
}
