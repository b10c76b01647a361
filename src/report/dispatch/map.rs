//! The map of the page of evidence: the station with its rings, the sector, and what was looked at.

use std::sync::Arc;

use geo_types::{Geometry, LineString};

use crate::analysis::sources::{ALWAYS_M, Candidate, Upwind};
use crate::domain::{Kind, Lang, PenForm, PenTone, Record, World};
use crate::geodesy::ring::destination;
use crate::geodesy::wkb::Bounds;
use crate::map::{self, Extent, LayerInput, Mark, MarkGeometry, Symbol, Words, sketch};
use crate::report::block::Picture;
use crate::report::inset::InsetMap;

const LAYERS: [&str; 8] =
    ["areas", "roads", "sweeping", "congestion", "rings", "sites", "items", "control_points"];
/// As wide as the text of a page, millimetres, and dots an inch.
const SIZE_MM: (f64, f64) = (156.0, 92.0);
const DPI: u32 = 200;

/// The sector as it was looked at, on a map of a page. Draws for a while: for jobs.
pub fn sector_map(
    world: &World,
    station: &Arc<Record>,
    upwind: &Upwind,
    candidates: &[Candidate],
    day: jiff::civil::Date,
) -> Result<Picture, map::Error> {
    let mut shown = World::default();
    for kind in [Kind::Road, Kind::Area] {
        for record in world.table(kind).iter() {
            shown.load(Arc::clone(record));
        }
    }
    shown.load(Arc::clone(station));
    for candidate in candidates {
        shown.load(Arc::clone(&candidate.record));
    }
    let mut sketch =
        sketch(&LayerInput { world: &shown, lang: Lang::Zh }, &|layer: &dyn map::Layer| {
            LAYERS.contains(&layer.key())
        });
    let mut outline = upwind.outline();
    outline.extend(outline.first().copied());
    let label = if upwind.is_all_around() { "排查范围" } else { "上风向扇区" };
    sketch.marks.push(Mark {
        shape: MarkGeometry::Drawn(Geometry::LineString(LineString::new(outline))),
        symbol: Symbol::Pen { form: PenForm::Circle, tone: PenTone::Act },
        subject: None,
        label: Some(Words::Text(label.to_owned())),
        tag: None,
    });
    let reach_m = upwind.reach_m.max(ALWAYS_M[1]);
    let at = |bearing| destination(upwind.center, bearing, reach_m);
    let (min, max) = (at(225.0), at(45.0));
    let (west, south) = (at(270.0), at(180.0));
    let min = geo_types::Coord { x: min.x.min(west.x), y: min.y.min(south.y) };
    let max = geo_types::Coord { x: max.x.max(at(90.0).x), y: max.y.max(at(0.0).y) };
    let title = format!("{} 来源排查示意图", station.name());
    let extent = Extent::Fit(Bounds { min, max });
    InsetMap { size_mm: SIZE_MM, dpi: DPI, extent, title: &title, date: day, seal: None }
        .picture(&sketch)
}
