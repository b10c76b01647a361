use crate::domain::{ControlPointState, Kind, Lang, Text};
use crate::geodesy::ring::ring;
use crate::map::{Layer, LayerInput, Mark, MarkGeometry, Sketch, Symbol, Words};

/// The control rings: 500 m, 1000 m, or what the point says.
pub struct Rings;

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

    /// Large ones first, so that the fills deepen towards the point. A point that is out of
    /// operation controls nothing: it keeps its mark and loses its rings, as in `shapan rings`.
    fn draw(&self, scene: &LayerInput<'_>, sketch: &mut Sketch) {
        let points = scene.world.table(Kind::ControlPoint).iter();
        for point in points.filter(|point| !ControlPointState::Stopped.is_of(point)) {
            let Some(center) = point.geometry.as_ref().and_then(super::control_points::position)
            else {
                continue;
            };
            let radii = point.radii_m();
            for (rank, radius_m) in radii.iter().copied().enumerate().rev() {
                sketch.marks.push(Mark {
                    shape: MarkGeometry::Drawn(ring(center, radius_m).into()),
                    symbol: Symbol::Ring { radius_m, is_first: rank == 0 },
                    subject: Some(point.id),
                    label: Some(Words::Text(radius_text(radius_m, scene.lang))),
                    tag: None,
                });
            }
        }
    }
}

/// The same in both languages: `500 m`.
fn radius_text(radius_m: f64, _lang: Lang) -> String {
    format!("{} m", (radius_m * 10.0).round() / 10.0)
}
