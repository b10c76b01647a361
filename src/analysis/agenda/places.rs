//! Where a template says that the map is looked at.

use std::sync::Arc;

use geo_types::Coord;

use super::AgendaFault;
use crate::analysis::rings::{RingOptions, code_or_name, control_points};
use crate::analysis::scenes::Sight;
use crate::domain::{Kind, LocalizedText, Record, Text, World};
use crate::geodesy::index::box_around;
use crate::geodesy::mercator::{lonlat_from_world_px, world_px_from_lonlat};
use crate::geodesy::wkb::{self, Bounds};

const ALL: Text = Text::new("全区", "all");
const RINGS: Text = Text::new("各圈", "rings");
const RING: Text = Text::new("圈", "ring");
const RECORD: Text = Text::new("对象", "record");

/// The map beside a page on a screen of 1080 lines, points: what is looked at fits into it.
const MAP: [f64; 2] = [1100.0, 760.0];
/// No place is looked at from nearer than this.
const NEAREST: f64 = 17.0;
/// Of a ring, so that its line stands within the map.
const AROUND: f64 = 1.15;

/// `None` shows the whole district.
pub fn view(said: &str, world: &World) -> Result<Option<Sight>, AgendaFault> {
    let said = said.trim();
    let is = |word: Text| said == word.zh || said.eq_ignore_ascii_case(word.en);
    if said.is_empty() || is(ALL) {
        return Ok(None);
    }
    if is(RINGS) {
        let points = control_points(world, &RingOptions::default());
        let rings = points.iter().map(|(point, at)| around(point, *at, None));
        return Ok(rings.reduce(Bounds::joined_with).map(sight));
    }
    if let Some(rest) = after(said, RING) {
        let (named, radius) = rest.rsplit_once(char::is_whitespace).unwrap_or((rest, ""));
        let radius_m: Option<f64> = radius.trim_end_matches(['m', '米']).parse().ok();
        let (point, at) = control_point(if radius_m.is_some() { named } else { rest }, world)?;
        return Ok(Some(sight(around(&point, at, radius_m))));
    }
    if let Some(rest) = after(said, RECORD) {
        return record(rest, world).map(Some);
    }
    place(said).map(Some).ok_or_else(|| AgendaFault::View(said.to_owned()))
}

fn after(said: &str, word: Text) -> Option<&str> {
    let rest = said.strip_prefix(word.zh).or_else(|| said.strip_prefix(word.en))?.trim();
    (!rest.is_empty()).then_some(rest)
}

fn around(point: &Record, at: Coord<f64>, radius_m: Option<f64>) -> Bounds {
    let largest_m = point.radii_m().last().copied().unwrap_or(1000.0);
    box_around(at, radius_m.unwrap_or(largest_m) * AROUND)
}

/// `118.16,39.83,14`: WGS-84 degrees and zoom.
fn place(said: &str) -> Option<Sight> {
    let numbers: Vec<f64> =
        said.split([',', '，']).map(|part| part.trim().parse()).collect::<Result<_, _>>().ok()?;
    let [x, y, zoom] = numbers[..] else { return None };
    let is_on_earth = x.abs() <= 180.0 && y.abs() <= 85.0 && (0.0..=22.0).contains(&zoom);
    is_on_earth.then_some(Sight { center: Coord { x, y }, zoom })
}

/// By code, or by name with or without what stands behind it in brackets.
pub fn control_point(named: &str, world: &World) -> Result<(Arc<Record>, Coord<f64>), AgendaFault> {
    let points =
        control_points(world, &RingOptions { with_stopped: true, ..RingOptions::default() });
    let found = points.iter().find(|(point, _)| is_named(point, named));
    let found = found.map(|(point, at)| (Arc::clone(point), *at));
    found.ok_or_else(|| {
        let known: Vec<&str> = points.iter().map(|(point, _)| code_or_name(point)).collect();
        let known = LocalizedText::new(known.join("、"), known.join(", "));
        AgendaFault::Unknown {
            of: Text::new("控制点", "control point"),
            word: named.to_owned(),
            known,
        }
    })
}

fn is_named(record: &Record, named: &str) -> bool {
    let plain = record.name().split(['(', '（']).next().unwrap_or_default().trim();
    record.code() == Some(named) || record.name() == named || plain == named
}

fn record(named: &str, world: &World) -> Result<Sight, AgendaFault> {
    let kinds = Kind::ALL.into_iter().filter(|kind| kind.has_place());
    let by_code = kinds.clone().find_map(|kind| world.table(kind).by_code(named));
    let by_name =
        || kinds.flat_map(|kind| world.table(kind).iter()).find(|record| is_named(record, named));
    let found = by_code.or_else(by_name);
    let bounds = found.and_then(|record| wkb::bounds(record.geometry.as_ref()?));
    bounds.map(sight).ok_or_else(|| AgendaFault::Unknown {
        of: Text::new("有位置的对象", "record with a place"),
        word: named.to_owned(),
        known: LocalizedText::new("任何对象的编码或名称", "codes and names of records"),
    })
}

fn sight(Bounds { min, max }: Bounds) -> Sight {
    let (a, b) = (world_px_from_lonlat(min), world_px_from_lonlat(max));
    let [width, height] = MAP;
    let (across, down) = ((b.x - a.x).abs(), (b.y - a.y).abs());
    let zoom = (width / across).log2().min((height / down).log2());
    // A point has no extent, and its zoom no end.
    let zoom = if zoom.is_nan() { NEAREST } else { zoom.clamp(0.0, NEAREST) };
    Sight { center: lonlat_from_world_px((a + b) / 2.0), zoom }
}
