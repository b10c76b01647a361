//! The part of the map that goes on paper, as a box between two corners.

use geo_types::{Coord, Rect};
use serde_json::Value as Json;

use super::{Draft, Input, Tool};
use crate::domain::Text;
use crate::geodesy::wkb::Bounds;
use crate::ui::action::{Action, DialogAction, ToolAction};
use crate::ui::ctx::Ctx;

/// A box that is dragged, or given by two clicks.
#[derive(Default)]
pub struct PrintFrame {
    corner: Option<Coord<f64>>,
    other: Option<Coord<f64>>,
}

impl PrintFrame {
    fn bounds(&self) -> Option<Bounds> {
        let (a, b) = (self.corner?, self.other?);
        let bounds = Bounds {
            min: Coord { x: a.x.min(b.x), y: a.y.min(b.y) },
            max: Coord { x: a.x.max(b.x), y: a.y.max(b.y) },
        };
        (bounds.max.x > bounds.min.x && bounds.max.y > bounds.min.y).then_some(bounds)
    }

    fn done(&mut self) -> Vec<Action> {
        let Some(bounds) = self.bounds() else { return Vec::new() };
        vec![Action::Tool(ToolAction::LayDown), Action::Dialog(DialogAction::Print(Some(bounds)))]
    }
}

impl Tool for PrintFrame {
    fn name(&self) -> Text {
        Text::new("打印范围", "Extent to print")
    }

    fn hint(&self, ctx: &Ctx<'_>) -> String {
        ctx.tell("拖出范围，或单击两个角，Esc 退出", "drag a box or click two corners, Esc leaves")
    }

    fn on(&mut self, input: Input, _ctx: &Ctx<'_>) -> Vec<Action> {
        match input {
            Input::Press(spot) => (self.corner, self.other) = (Some(spot.under), None),
            Input::Move(spot) | Input::Drag(spot) if self.corner.is_some() => {
                self.other = Some(spot.under);
            }
            Input::Release(spot) => {
                self.other = Some(spot.under);
                return self.done();
            }
            Input::Click(spot) if self.corner.is_some() => {
                self.other = Some(spot.under);
                return self.done();
            }
            Input::Click(spot) => self.corner = Some(spot.under),
            Input::Cancel if self.corner.is_some() => (self.corner, self.other) = (None, None),
            Input::Cancel => return vec![Action::Tool(ToolAction::LayDown)],
            _ => {}
        }
        Vec::new()
    }

    fn draft(&self, _ctx: &Ctx<'_>) -> Draft {
        let shape = self.bounds().map(|of| Rect::new(of.min, of.max).to_polygon().into());
        Draft { shape, ..Draft::default() }
    }

    fn snaps(&self) -> bool {
        false
    }

    fn unfinished(&self) -> Option<Json> {
        None
    }
}
