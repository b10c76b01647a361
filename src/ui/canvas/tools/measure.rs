//! Lengths and areas on the ellipsoid.

use geo_types::{Coord, LineString};
use serde_json::Value as Json;

use super::figures::{area_text, length_m, length_text};
use super::{Draft, Input, Tool};
use crate::domain::Text;
use crate::ui::action::{Action, ToolAction, WindowAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;

/// A line whose length is shown.
#[derive(Default)]
pub struct Measure {
    places: Vec<Coord<f64>>,
    pointer: Option<Coord<f64>>,
}

impl Tool for Measure {
    fn name(&self) -> Text {
        Text::new("测量", "Measure")
    }

    fn hint(&self, ctx: &Ctx<'_>) -> String {
        ctx.tell("单击加点，退格撤一点，Esc 退出", "click to add, Backspace takes back, Esc leaves")
    }

    fn on(&mut self, input: Input, _ctx: &Ctx<'_>) -> Vec<Action> {
        match input {
            Input::Move(spot) => self.pointer = Some(spot.at),
            Input::Click(spot) => self.places.push(spot.at),
            Input::Back => drop(self.places.pop()),
            Input::Cancel if !self.places.is_empty() => self.places.clear(),
            Input::Cancel => return vec![Action::Tool(ToolAction::LayDown)],
            Input::Finish => {
                let text = text(&self.places);
                return vec![
                    Action::Window(WindowAction::Copy(text.clone())),
                    Action::Say(Toast::done(format!("已复制 {text}"), format!("copied {text}"))),
                ];
            }
            _ => {}
        }
        Vec::new()
    }

    fn draft(&self, _ctx: &Ctx<'_>) -> Draft {
        let places: Vec<Coord<f64>> = self.places.iter().copied().chain(self.pointer).collect();
        let shape = (places.len() > 1).then(|| LineString(places.clone()).into());
        let vertices = self.places.iter().map(|at| (*at, false)).collect();
        Draft { shape, vertices, note: text(&places), ..Draft::default() }
    }

    fn unfinished(&self) -> Option<Json> {
        None
    }
}

/// The length, and from three places on the area they enclose.
fn text(places: &[Coord<f64>]) -> String {
    let length = length_text(length_m(places));
    if places.len() < 3 { length } else { format!("{length} · {}", area_text(places)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_said_in_metres_and_then_in_kilometres() {
        let north = |m: f64| crate::geodesy::ring::destination(Coord { x: 118.0, y: 39.8 }, 0.0, m);
        assert_eq!(text(&[north(0.0), north(640.0)]), "640 m");
        assert_eq!(text(&[north(0.0), north(2300.0)]), "2.30 km");
    }
}
