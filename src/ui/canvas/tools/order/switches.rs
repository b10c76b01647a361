//! The switches of the tool that draws orders: line or area, the whole road, one carriageway.

use super::{Order, Step};
use crate::domain::Text;
use crate::network::snap_route::RoadUse;
use crate::ui::canvas::tools::Switch;
use crate::ui::model::drawing::Form;

/// What a switch turns.
pub(super) enum Turn {
    Form(Form),
    /// The whole road at a click.
    Whole,
    /// One carriageway of a divided road, instead of both.
    OneSide,
}

impl Order {
    /// The switches in their order, with what each turns.
    pub(super) fn turns(&self) -> Vec<(Turn, Switch)> {
        let mut turns = Vec::new();
        if self.of.is_none() && self.rule() == RoadUse::Any {
            for (form, words) in
                [(Form::Line, Text::new("线", "Line")), (Form::Area, Text::new("面", "Area"))]
            {
                let is_on = self.form == form && !self.takes_all;
                turns.push((Turn::Form(form), Switch::new(words, is_on)));
            }
        }
        if self.grows {
            let words = Text::new("整条路", "Whole road");
            turns.push((Turn::Whole, Switch::new(words, self.takes_all)));
        }
        if self.has_sides() {
            let words = Text::new("只封本幅", "This carriageway only");
            turns.push((Turn::OneSide, Switch::new(words, self.is_one_side)));
        }
        turns
    }

    /// Turns the switch of this number.
    pub(super) fn turn(&mut self, number: usize) {
        let Some((turn, _)) = self.turns().into_iter().nth(number) else { return };
        match turn {
            Turn::Form(form) => {
                self.takes_all = false;
                let is_area = form == Form::Area;
                if self.now.is_area != is_area {
                    self.step();
                    let waypoints = self.now.waypoints.clone();
                    self.take(Step { waypoints, is_area });
                }
            }
            Turn::Whole => self.takes_all = !self.takes_all,
            Turn::OneSide => self.is_one_side = !self.is_one_side,
        }
        self.road = None;
    }

    /// Whether it may close one carriageway of a divided road or both.
    pub(super) fn has_sides(&self) -> bool {
        self.form == Form::Line && self.rule() == RoadUse::Any
    }
}
