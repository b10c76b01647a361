//! Two clicks, and the way of one truck between them, today and under the plan that is looked at.

use geo_types::Coord;

use super::{Draft, Input, Spot, Switch, Tool};
use crate::domain::{Text, TruckClass};
use crate::geodesy::ring::distance_m;
use crate::ui::action::{Action, PlannerAction, ToolAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::planning::WayAsked;

/// Asks for the way of one truck.
pub struct Way {
    ends: Vec<Coord<f64>>,
    class: TruckClass,
    has_pass: bool,
    /// The end in the hand.
    held: Option<usize>,
    /// As it was asked last.
    asked: Option<WayAsked>,
}

/// An end is taken within this, points.
const REACH: f64 = 12.0;
const CLASSES: [TruckClass; 3] = [TruckClass::Heavy, TruckClass::Medium, TruckClass::Light];

impl Way {
    /// From the way that is shown, where one is.
    pub fn of(asked: Option<&WayAsked>) -> Self {
        let known = asked.copied();
        Self {
            ends: known.map(|known| known.ends.to_vec()).unwrap_or_default(),
            class: known.map_or(TruckClass::Heavy, |known| known.class),
            has_pass: known.is_some_and(|known| known.has_pass),
            held: None,
            asked: known,
        }
    }

    fn near(&self, spot: Spot) -> Option<usize> {
        let reach_m = REACH * spot.metres_per_point;
        self.ends.iter().position(|end| distance_m(*end, spot.under) <= reach_m)
    }

    /// Asks where something is another than before.
    fn ask(&mut self, ctx: &Ctx<'_>) {
        let [from, to] = self.ends.as_slice() else { return };
        let (ends, class, has_pass) = ([*from, *to], self.class, self.has_pass);
        let asked = Some(WayAsked { ends, class, has_pass });
        if self.asked != asked {
            self.asked = asked;
            ctx.actions.planner(PlannerAction::Way(asked));
        }
    }
}

impl Tool for Way {
    fn name(&self) -> Text {
        Text::new("两点查路线", "Way between two places")
    }

    fn hint(&self, ctx: &Ctx<'_>) -> String {
        match self.ends.len() {
            0 => ctx.tell("单击起点", "click where it begins"),
            1 => ctx.tell("单击终点", "click where it ends"),
            _ => ctx.tell(
                "拖动两端，或单击另起一条；Esc 结束，路线留在图上",
                "drag the ends, or click to begin anew; Esc ends and the way stays",
            ),
        }
    }

    fn on(&mut self, input: Input, ctx: &Ctx<'_>) -> Vec<Action> {
        match input {
            Input::Press(spot) => self.held = self.near(spot),
            Input::Drag(spot) => {
                if let Some(end) = self.held.and_then(|held| self.ends.get_mut(held)) {
                    *end = spot.under;
                }
            }
            Input::Release(_) => self.held = None,
            Input::Click(spot) if self.near(spot).is_none() => {
                if self.ends.len() > 1 {
                    self.ends.clear();
                }
                self.ends.push(spot.under);
            }
            Input::Back => drop(self.ends.pop()),
            Input::Finish | Input::Cancel | Input::Secondary(_) => {
                return vec![Action::Tool(ToolAction::LayDown)];
            }
            _ => {}
        }
        self.ask(ctx);
        Vec::new()
    }

    fn draft(&self, ctx: &Ctx<'_>) -> Draft {
        let note = if ctx.planner.is_open && ctx.planner.answer.is_none() {
            ctx.tell("路网或车流还未就绪", "the network is not ready yet")
        } else {
            String::new()
        };
        let vertices = self.ends.iter().map(|end| (*end, true)).collect();
        Draft { vertices, note, ..Draft::default() }
    }

    fn snaps(&self) -> bool {
        false
    }

    fn needs_roads(&self) -> bool {
        true
    }

    fn live(&mut self, ctx: &Ctx<'_>) -> Option<std::sync::Arc<crate::domain::Record>> {
        // A switch was turned.
        self.ask(ctx);
        None
    }

    fn switches(&self) -> Vec<Switch> {
        let class = |class: &TruckClass| Switch::new(class.label(), self.class == *class);
        let pass = Switch::new(Text::new("持通行证", "With a pass"), self.has_pass);
        CLASSES.iter().map(class).chain([pass]).collect()
    }

    fn switch(&mut self, number: usize) {
        match CLASSES.get(number) {
            Some(class) => self.class = *class,
            None => self.has_pass = !self.has_pass,
        }
    }

    fn unfinished(&self) -> Option<serde_json::Value> {
        None
    }
}
