//! A click on a road of an area's outline takes it in or leaves it out.

use geo_types::{Coord, Geometry, LineString, MultiLineString};

use super::{Draft, Input, Spot, Tool};
use crate::domain::{RecordId, Text};
use crate::geodesy::local::LocalFrame;
use crate::network::orders::{OutlinePiece, OutlineRoad, with_piece_turned};
use crate::ui::action::{Action, ToolAction};
use crate::ui::card::boundary::{Outline, put};
use crate::ui::ctx::Ctx;

/// How near the pointer must be, points.
const NEAR: f64 = 10.0;

/// Takes roads on the outline of an area in or leaves them out, a click each.
pub struct Boundary {
    order: RecordId,
    outline: Outline,
    /// Pieces that are included, for the map.
    included: Vec<LineString<f64>>,
    note: String,
}

impl Boundary {
    /// For an order of the shape of an area.
    pub fn new(order: RecordId) -> Self {
        Self { order, outline: Outline::default(), included: Vec::new(), note: String::new() }
    }

    /// The piece of outline under the pointer, with its road.
    fn piece(&mut self, spot: Spot, ctx: &Ctx<'_>) -> Option<(OutlineRoad, OutlinePiece)> {
        let order = ctx.record(self.order)?;
        let roads = self.outline.roads(ctx, order);
        let lines = roads.iter().flat_map(|road| &road.pieces).filter(|piece| piece.is_included);
        self.included = lines.map(|piece| LineString(line(ctx, piece.edge))).collect();
        let frame = LocalFrame::at(spot.at);
        let pieces = roads.iter().flat_map(|road| road.pieces.iter().map(move |p| (road, p)));
        let away = pieces.filter_map(|(road, piece)| {
            let away_m = frame.nearest_m(&LineString(line(ctx, piece.edge)).into())?;
            (away_m <= NEAR * spot.metres_per_point).then_some((away_m, road, piece))
        });
        let (_, road, piece) = away.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some((road.clone(), piece.clone()))
    }
}

fn line(ctx: &Ctx<'_>, edge: u32) -> Vec<Coord<f64>> {
    let Some(Ok(prepared)) = ctx.planner.network() else { return Vec::new() };
    let edge = prepared.network.edges.get(edge as usize);
    edge.map(|edge| prepared.network.line(edge).to_vec()).unwrap_or_default()
}

impl Tool for Boundary {
    fn name(&self) -> Text {
        Text::new("边界道路", "Boundary roads")
    }

    fn hint(&self, ctx: &Ctx<'_>) -> String {
        ctx.tell(
            "点击边界上的路段，切换含与不含；蓝线为含。Esc 结束",
            "Click a road on the boundary to take it in or leave it out; blue is in. Esc ends",
        )
    }

    fn on(&mut self, input: Input, ctx: &Ctx<'_>) -> Vec<Action> {
        match input {
            Input::Move(spot) => {
                self.note = match self.piece(spot, ctx) {
                    Some((road, OutlinePiece { is_included: true, .. })) => ctx.tell(
                        format!("{}：含，点击改为不含", road.name),
                        format!("{}: in", road.name),
                    ),
                    Some((road, _)) => ctx.tell(
                        format!("{}：不含，点击改为含", road.name),
                        format!("{}: out", road.name),
                    ),
                    None => String::new(),
                };
            }
            Input::Click(spot) => {
                if let (Some((road, piece)), Some(order)) =
                    (self.piece(spot, ctx), ctx.record(self.order))
                {
                    put(ctx, order, with_piece_turned(order, &road, &piece));
                }
            }
            Input::Finish | Input::Cancel => return vec![Action::Tool(ToolAction::LayDown)],
            _ => {}
        }
        Vec::new()
    }

    fn draft(&self, _ctx: &Ctx<'_>) -> Draft {
        Draft {
            shape: Some(Geometry::from(MultiLineString(self.included.clone()))),
            note: self.note.clone(),
            ..Draft::default()
        }
    }

    fn snaps(&self) -> bool {
        false
    }

    fn unfinished(&self) -> Option<serde_json::Value> {
        None
    }
}
