//! Two maps of one extent: trucks a day on each piece of road today, and under the plan.

use geo_types::{Coord, LineString};

use super::ResultRequest;
use crate::domain::{Kind, Lang, OrderState, World};
use crate::geodesy::wkb::{Bounds, bounds};
use crate::map::{self, Extent, LayerInput, sketch, truck_marks};
use crate::report::block::Picture;
use crate::report::inset::InsetMap;

const LAYERS: [&str; 4] = ["roads", "restrictions", "rings", "control_points"];
/// As wide as the text of a page, millimetres, and dots an inch.
const SIZE_MM: (f64, f64) = (156.0, 106.0);
const DPI: u32 = 220;
/// Around what is shown, as a share of how far it reaches, and at least so many degrees.
const MARGIN: f64 = 0.15;
const LEAST_MARGIN_DEG: f64 = 0.004;
/// Below so many trucks a day nobody drives there.
const NOBODY: f64 = 0.5;

/// Today, then the plan. None where nothing of it has a place.
pub fn pictures(asked: &ResultRequest<'_>) -> Result<Vec<Picture>, map::Error> {
    let Some(around) = around(asked) else { return Ok(Vec::new()) };
    let (before, after) = (&asked.comparison.before, &asked.comparison.after);
    let plan = asked.plan;
    Ok(vec![
        picture(asked, &before.volumes, "现状：货车流量（辆/日）", &|_| false, around)?,
        picture(asked, &after.volumes, "方案：货车流量（辆/日）", &|of| of == plan, around)?,
    ])
}

fn picture(
    asked: &ResultRequest<'_>,
    volumes: &[f64],
    title: &str,
    is_shown: &dyn Fn(&str) -> bool,
    around: Bounds,
) -> Result<Picture, map::Error> {
    let world = shown(asked.world, is_shown);
    let input = LayerInput { world: &world, lang: Lang::Zh };
    let mut sketch = sketch(&input, &|layer| LAYERS.contains(&layer.key()));
    let network = &asked.prepared.network;
    let used = network.edges.iter().zip(volumes).filter(|(_, trucks)| **trucks >= NOBODY);
    let lines = used.map(|(edge, trucks)| (LineString(network.line(edge).to_vec()), *trucks));
    sketch.marks.extend(truck_marks(lines));
    let (date, seal) = (asked.date, asked.world.seal);
    let extent = Extent::Fit(around);
    InsetMap { size_mm: SIZE_MM, dpi: DPI, extent, title, date, seal }.picture(&sketch)
}

/// Roads, control points, orders in force and those that are to be shown beside them.
fn shown(world: &World, is_shown: &dyn Fn(&str) -> bool) -> World {
    let mut shown = World::default();
    for kind in [Kind::Road, Kind::ControlPoint, Kind::Restriction] {
        for record in world.table(kind).iter() {
            let is_order = kind == Kind::Restriction;
            let holds = OrderState::InForce.is_of(record) || is_shown(record.text("plan"));
            if !is_order || holds && !OrderState::Revoked.is_of(record) {
                shown.load(record.clone());
            }
        }
    }
    shown
}

/// The orders of the plan and the roads on which trucks change.
fn around(asked: &ResultRequest<'_>) -> Option<Bounds> {
    let network = &asked.prepared.network;
    let orders = asked.comparison.planned.iter();
    let orders = orders.filter_map(|order| bounds(asked.world.get(order.id)?.geometry.as_ref()?));
    let (before, after) = (&asked.comparison.before, &asked.comparison.after);
    let volumes = before.volumes.iter().zip(&after.volumes);
    let changed = network.edges.iter().zip(volumes);
    let changed = changed.filter(|(_, (before, after))| (*after - *before).abs() >= NOBODY);
    let changed =
        changed.filter_map(|(edge, _)| bounds(&LineString(network.line(edge).to_vec()).into()));
    let Bounds { min, max } = orders.chain(changed).reduce(Bounds::joined_with)?;
    let size = max - min;
    let margin = Coord {
        x: (size.x * MARGIN).max(LEAST_MARGIN_DEG),
        y: (size.y * MARGIN).max(LEAST_MARGIN_DEG),
    };
    Some(Bounds { min: min - margin, max: max + margin })
}
