//! Figures of a line that is being drawn: its length, its length in each ring that it touches, and
//! how far the nearest control point is.

use geo_types::{Coord, Geometry, LineString};

use crate::domain::{ControlPointState, Kind, LocalizedText, Record, RecordId};
use crate::geodesy::gnomonic::GnomonicShape;
use crate::geodesy::local::LocalFrame;
use crate::geodesy::ring::distance_m;
use crate::geodesy::shape::problem;
use crate::ui::ctx::Ctx;

/// More rings than this are not told at the pointer.
const MOST_RINGS: usize = 4;

/// The ring that is asked about: that of the filter, else the widest of the selected control point.
pub fn chosen_ring(ctx: &Ctx<'_>) -> Option<(RecordId, Coord<f64>, f64)> {
    if let Some((id, radius_m)) = ctx.filter.ring {
        return Some((id, place(ctx.record(id)?)?, radius_m));
    }
    let point = ctx.selected().filter(|record| record.kind == Kind::ControlPoint)?;
    Some((point.id, place(point)?, point.radii_m().last().copied()?))
}

fn place(record: &Record) -> Option<Coord<f64>> {
    match &record.geometry {
        Some(Geometry::Point(point)) => Some(point.0),
        _ => None,
    }
}

/// `本段 2.3 km，距实验小学站 640 m（1000 m 圈内 1.1 km）`.
pub fn note(ctx: &Ctx<'_>, shape: Option<&Geometry<f64>>, pointer: Coord<f64>) -> String {
    let mut parts = Vec::new();
    let line = match shape {
        Some(Geometry::LineString(line)) => Some(line.clone()),
        Some(Geometry::Polygon(polygon)) => {
            parts.push(area_text(polygon.exterior().0.split_last().map_or(&[], |(_, open)| open)));
            Some(polygon.exterior().clone())
        }
        _ => None,
    };
    if let Some(line) = &line {
        let length = length_text(length_m(&line.0));
        parts.push(ctx.tell(format!("本段 {length}"), length));
    }
    let nearest = nearest_point(ctx, pointer);
    let of_nearest = nearest.as_ref().map_or("", |(name, _)| name);
    let inside = line.map(|line| inside(ctx, &line, of_nearest)).unwrap_or_default();
    if let Some((name, away_m)) = &nearest {
        let away = length_text(*away_m);
        parts.push(ctx.tell(format!("距{name} {away}"), format!("{away} from {name}")));
    }
    let words = parts.join(&ctx.tell("，", ", "));
    match inside.join(&ctx.tell("，", ", ")) {
        inside if inside.is_empty() => words,
        inside => ctx.tell(format!("{words}（{inside}）"), format!("{words} ({inside})")),
    }
}

/// The rings that a line touches, those of the nearest control point without its name.
fn inside(ctx: &Ctx<'_>, line: &LineString<f64>, nearest: &str) -> Vec<String> {
    let shape: Geometry<f64> = line.clone().into();
    let mut flat = GnomonicShape::default();
    let mut rings: Vec<(bool, f64, String)> = Vec::new();
    let world = ctx.world();
    for point in world.table(Kind::ControlPoint).iter() {
        let Some(at) = place(point).filter(|_| !ControlPointState::Stopped.is_of(point)) else {
            continue;
        };
        flat.show(&LocalFrame::at(at), &shape);
        for radius_m in point.radii_m() {
            let metres = flat.length_within_m(radius_m);
            if metres < 1.0 {
                continue;
            }
            let is_nearest = point.name() == nearest;
            let name = if is_nearest { String::new() } else { format!("{} ", point.name()) };
            let length = length_text(metres);
            let words = ctx.tell(
                format!("{name}{radius_m} m 圈内 {length}"),
                format!("{length} in the {name}{radius_m} m ring"),
            );
            rings.push((!is_nearest, radius_m, words));
        }
    }
    rings.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then_with(|| a.2.cmp(&b.2)));
    rings.into_iter().take(MOST_RINGS).map(|(.., words)| words).collect()
}

/// Geodesic, metres.
pub fn length_m(places: &[Coord<f64>]) -> f64 {
    places.windows(2).map(|pair| if let [a, b] = pair { distance_m(*a, *b) } else { 0.0 }).sum()
}

/// Metres, and kilometres from one on.
pub fn length_text(length_m: f64) -> String {
    if length_m >= 1000.0 {
        format!("{:.2} km", length_m / 1000.0)
    } else {
        format!("{length_m:.0} m")
    }
}

/// The control point that is nearest, and how far it is, metres.
pub(super) fn nearest_point(ctx: &Ctx<'_>, at: Coord<f64>) -> Option<(String, f64)> {
    let world = ctx.world();
    let points = world.table(Kind::ControlPoint).iter().filter_map(|point| match &point.geometry {
        Some(Geometry::Point(place)) => Some((point.name().to_owned(), distance_m(place.0, at))),
        _ => None,
    });
    points.min_by(|a, b| a.1.total_cmp(&b.1))
}

/// `12.3 ha`, `1.25 km²`.
pub fn area_text(places: &[Coord<f64>]) -> String {
    let area_m2 = area_m2(places);
    if area_m2 >= 1e6 {
        format!("{:.2} km²", area_m2 / 1e6)
    } else if area_m2 >= 1e4 {
        format!("{:.2} ha", area_m2 / 1e4)
    } else {
        format!("{area_m2:.0} m²")
    }
}

/// Of a simple polygon, in the plane around its first corner: exact to 0.01 % within 20 km.
fn area_m2(places: &[Coord<f64>]) -> f64 {
    let Some(first) = places.first() else { return 0.0 };
    let frame = LocalFrame::at(*first);
    let plane: Vec<Coord<f64>> = places.iter().map(|at| frame.plane_from_wgs84(*at)).collect();
    let doubled: f64 =
        plane.iter().zip(plane.iter().cycle().skip(1)).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
    (doubled / 2.0).abs()
}

/// What is wrong with a shape that was drawn, in both languages; `None` where nothing is.
pub fn shape_problem(geometry: &Geometry<f64>) -> Option<LocalizedText> {
    let reason = problem(geometry)?;
    let has = |word: &str| reason.contains(word);
    let zh = if has("self-intersect") || has("self intersect") {
        "边线自相交"
    } else if has("finite") {
        "坐标不是数字"
    } else if has("points") {
        "顶点太少"
    } else if has("intersect") || has("contained") {
        "内外边线相交"
    } else {
        "不是有效的图形"
    };
    Some(LocalizedText::new(zh, reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geodesy::ring::ring;

    #[test]
    fn a_ring_of_500_metres_encloses_785_thousand_square_metres() {
        let circle = ring(Coord { x: 118.1622, y: 39.8326 }, 500.0).exterior().0.clone();
        let area = area_m2(&circle[..circle.len() - 1]);
        let expected = std::f64::consts::PI * 500.0 * 500.0;
        assert!((area / expected - 1.0).abs() < 2e-3, "{area}");
    }
}
