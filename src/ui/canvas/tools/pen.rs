//! The pen of a meeting: lines, arrows, circles and words, each mark kept as soon as it is drawn.
//!
//! A stroke is made by dragging and thinned before it is kept. A click on a mark says what can be
//! made of it, the secondary button deletes it, Escape lays the pen down.

use egui::Key;
use geo::SimplifyIdx as _;
use geo_types::{Coord, Geometry, LineString, Point};
use serde_json::Value as Json;

use super::{Draft, Input, PenStroke, Spot, Switch, Tool};
use crate::domain::{PenForm, PenTone, Text};
use crate::geodesy::ring::{distance_m, ring};
use crate::map::view::world_px_from_wgs84;
use crate::ui::action::{Action, DataAction, MeetingAction, ToolAction};
use crate::ui::canvas::pen_marks::{delete_mark, mark_at, new_mark};
use crate::ui::ctx::Ctx;
use crate::ui::model::drawing::PenChoice;

/// Draws and writes on the map in a meeting.
pub struct Pen {
    now: PenChoice,
    /// Places of the stroke that is being drawn, as the hand moved.
    stroke: Vec<Coord<f64>>,
    /// What is being written, and where.
    writing: Option<(Coord<f64>, String)>,
    /// Kept, but perhaps not in the picture yet.
    fresh: Vec<PenStroke>,
}

/// A kept line runs at most this far from where the hand was, points of the screen.
const TOLERANCE: f64 = 1.0;
/// Strokes shorter than this are a slip of the hand, points of the screen.
const LEAST: f64 = 6.0;
/// A hand does not draw more than this in one stroke.
const MOST_PLACES: usize = 20_000;
/// So many kept strokes may wait for the picture.
const MOST_FRESH: usize = 12;

const FORMS: [(Option<PenForm>, Text, Key); 5] = [
    (Some(PenForm::Freehand), Text::new("手绘", "Freehand"), Key::F),
    (Some(PenForm::Arrow), Text::new("箭头", "Arrow"), Key::A),
    (Some(PenForm::Circle), Text::new("圈", "Circle"), Key::C),
    (Some(PenForm::Text), Text::new("文字", "Text"), Key::T),
    (None, Text::new("橡皮", "Eraser"), Key::X),
];

const TONES: [(PenTone, Text); 4] = [
    (PenTone::Act, Text::new("红", "Red")),
    (PenTone::Watch, Text::new("橙", "Amber")),
    (PenTone::Calm, Text::new("蓝", "Blue")),
    (PenTone::Ink, Text::new("黑", "Black")),
];

impl Pen {
    /// With the form and tone that were used last.
    pub const fn new(now: PenChoice) -> Self {
        Self { now, stroke: Vec::new(), writing: None, fresh: Vec::new() }
    }

    fn erase(spot: Spot, ctx: &Ctx<'_>) -> Vec<Action> {
        mark_at(ctx, spot.under, spot.metres_per_point)
            .map(|mark| delete_mark(ctx, &mark))
            .unwrap_or_default()
    }

    fn goes_on_to(&self, spot: Spot) -> bool {
        let is_moved = self.stroke.last().is_some_and(|last| *last != spot.under);
        is_moved && self.stroke.len() < MOST_PLACES
    }

    fn drag(&mut self, spot: Spot, ctx: &Ctx<'_>) -> Vec<Action> {
        match self.now.form {
            None => return Self::erase(spot, ctx),
            Some(PenForm::Freehand) if self.goes_on_to(spot) => self.stroke.push(spot.under),
            Some(PenForm::Arrow | PenForm::Circle) if !self.stroke.is_empty() => {
                self.stroke.truncate(1);
                self.stroke.push(spot.under);
            }
            _ => {}
        }
        Vec::new()
    }

    /// The stroke becomes a mark, if it is long enough to have been meant.
    fn release(&mut self, ctx: &Ctx<'_>) -> Vec<Action> {
        let stroke = std::mem::take(&mut self.stroke);
        let Some(form) = self.now.form else { return Vec::new() };
        let scale = ctx.camera.view.zoom.exp2();
        let screen: Vec<Coord<f64>> =
            stroke.iter().map(|at| world_px_from_wgs84(*at, ctx.datum) * scale).collect();
        if extent(&screen) < LEAST {
            return Vec::new();
        }
        let geometry: Geometry<f64> = match (form, &stroke[..]) {
            (PenForm::Freehand, _) => {
                let places = kept(&screen).into_iter();
                let line: LineString<f64> =
                    places.filter_map(|place| stroke.get(place).copied()).collect();
                line.into()
            }
            (PenForm::Arrow, [from, to, ..]) => LineString(vec![*from, *to]).into(),
            (PenForm::Circle, [center, edge, ..]) => {
                ring(*center, distance_m(*center, *edge)).into()
            }
            _ => return Vec::new(),
        };
        // As the hand drew it, until the picture shows the curve that was kept.
        let line = if form == PenForm::Freehand { stroke } else { places(&geometry) };
        self.keep(form, geometry, (line, ""), ctx)
    }

    fn keep(
        &mut self,
        form: PenForm,
        geometry: Geometry<f64>,
        (line, text): (Vec<Coord<f64>>, &str),
        ctx: &Ctx<'_>,
    ) -> Vec<Action> {
        self.fresh.push(PenStroke {
            form,
            tone: self.now.tone,
            line,
            text: text.to_owned(),
            until: Some(ctx.shown.serial),
        });
        let many = self.fresh.len().saturating_sub(MOST_FRESH);
        self.fresh.drain(..many);
        let edit = new_mark(ctx, form, self.now.tone, geometry, text);
        vec![Action::Data(DataAction::Apply(edit))]
    }

    /// What was written becomes a mark.
    fn write_down(&mut self, ctx: &Ctx<'_>) -> Vec<Action> {
        let Some((at, text)) = self.writing.take() else { return Vec::new() };
        let text = text.trim();
        if text.is_empty() {
            return Vec::new();
        }
        self.keep(PenForm::Text, Point(at).into(), (vec![at], text), ctx)
    }

    fn click(&mut self, spot: Spot, ctx: &Ctx<'_>) -> Vec<Action> {
        if self.writing.is_some() {
            return self.write_down(ctx);
        }
        match self.now.form {
            None => Self::erase(spot, ctx),
            Some(PenForm::Text) => {
                self.writing = Some((spot.under, String::new()));
                Vec::new()
            }
            Some(_) => {
                let mark = mark_at(ctx, spot.under, spot.metres_per_point).map(|mark| mark.id);
                vec![Action::Meeting(MeetingAction::Bubble(mark))]
            }
        }
    }

    fn cancel(&mut self, ctx: &Ctx<'_>) -> Vec<Action> {
        if self.writing.take().is_some() {
            return Vec::new();
        }
        if !std::mem::take(&mut self.stroke).is_empty() {
            return Vec::new();
        }
        if ctx.meeting.bubble.is_some() {
            return vec![Action::Meeting(MeetingAction::Bubble(None))];
        }
        vec![Action::Tool(ToolAction::LayDown)]
    }
}

/// The longer side of the box around places.
fn extent(places: &[Coord<f64>]) -> f64 {
    let span = |axis: fn(&Coord<f64>) -> f64| {
        let values = places.iter().map(axis);
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        high - low
    };
    span(|at| at.x).max(span(|at| at.y))
}

/// Which places of a stroke on the screen say enough of it (Douglas–Peucker).
fn kept(screen: &[Coord<f64>]) -> Vec<usize> {
    LineString(screen.to_vec()).simplify_idx(TOLERANCE)
}

fn places(geometry: &Geometry<f64>) -> Vec<Coord<f64>> {
    match geometry {
        Geometry::Point(point) => vec![point.0],
        Geometry::LineString(line) => line.0.clone(),
        Geometry::Polygon(circle) => circle.exterior().0.clone(),
        _ => Vec::new(),
    }
}

impl Tool for Pen {
    fn name(&self) -> Text {
        Text::new("画笔", "Pen")
    }

    fn hint(&self, ctx: &Ctx<'_>) -> String {
        let what = match self.now.form {
            Some(PenForm::Freehand) => ctx.tell("按住拖动即画", "drag to draw"),
            Some(PenForm::Arrow) => ctx.tell("从尾拖到头", "drag from tail to head"),
            Some(PenForm::Circle) => ctx.tell("从圆心拖到边", "drag from the middle to the edge"),
            Some(PenForm::Text) => ctx.tell("单击后输入，回车完成", "click, type, Enter keeps it"),
            None => ctx.tell("单击或拖过标注即删", "click marks or drag over them"),
        };
        if ctx.meeting.held_in(&ctx.world()).is_none() {
            return ctx.tell(
                format!("{what}；还没有会商，第一笔同时新建今天的会商"),
                format!("{what}; the first mark makes a meeting of today"),
            );
        }
        ctx.tell(format!("{what}，右键删除，Esc 结束"), format!("{what}, Esc ends"))
    }

    fn on(&mut self, input: Input, ctx: &Ctx<'_>) -> Vec<Action> {
        match input {
            Input::Press(spot) => {
                self.stroke = vec![spot.under];
                let written = self.write_down(ctx);
                if self.now.form.is_none() {
                    return Self::erase(spot, ctx);
                }
                return written;
            }
            Input::Drag(spot) => return self.drag(spot, ctx),
            Input::Release(_) => return self.release(ctx),
            Input::Click(spot) => return self.click(spot, ctx),
            Input::Secondary(spot) => return Self::erase(spot, ctx),
            Input::Finish => return self.write_down(ctx),
            Input::Cancel => return self.cancel(ctx),
            // Nothing is unfinished, so doing again is a matter of the district, as taking back is.
            Input::Forward => return vec![Action::Data(DataAction::Back(-1))],
            Input::Move(_) | Input::Leave | Input::Back => {}
        }
        Vec::new()
    }

    fn draft(&self, _ctx: &Ctx<'_>) -> Draft {
        let mut pen = self.fresh.clone();
        if let (Some(form), [center, .., edge]) = (self.now.form, &self.stroke[..]) {
            let line = match form {
                PenForm::Circle => places(&ring(*center, distance_m(*center, *edge)).into()),
                _ => self.stroke.clone(),
            };
            let tone = self.now.tone;
            pen.push(PenStroke { form, tone, line, text: String::new(), until: None });
        }
        Draft { pen, ..Draft::default() }
    }

    fn snaps(&self) -> bool {
        false
    }

    fn takes_every_move(&self) -> bool {
        true
    }

    fn is_of_meeting(&self) -> bool {
        true
    }

    fn writing(&self) -> Option<(Coord<f64>, &str)> {
        self.writing.as_ref().map(|(at, text)| (*at, text.as_str()))
    }

    fn write(&mut self, text: String) {
        if let Some((_, written)) = &mut self.writing {
            *written = text;
        }
    }

    fn switches(&self) -> Vec<Switch> {
        let forms = FORMS.into_iter().map(|(form, words, key)| Switch {
            key: Some(key),
            ..Switch::new(words, self.now.form == form)
        });
        let tones = TONES.into_iter().map(|(tone, words)| {
            let is_on = self.now.tone == tone && self.now.form.is_some();
            Switch { tone: Some(tone), ..Switch::new(words, is_on) }
        });
        forms.chain(tones).collect()
    }

    fn switch(&mut self, number: usize) {
        if let Some((form, ..)) = FORMS.get(number) {
            self.now.form = *form;
        } else if let Some((tone, _)) = TONES.get(number.saturating_sub(FORMS.len())) {
            self.now.tone = *tone;
            self.now.form = self.now.form.or(Some(PenForm::Freehand));
        }
    }

    fn pen(&self) -> Option<PenChoice> {
        Some(self.now)
    }

    fn unfinished(&self) -> Option<Json> {
        None
    }
}

#[cfg(test)]
mod tests {
    use geo::{Distance as _, Euclidean};
    use geo_types::Line;
    use proptest::prelude::*;

    use super::*;

    /// A hand that wanders: steps of a few points each.
    fn stroke() -> impl Strategy<Value = Vec<Coord<f64>>> {
        proptest::collection::vec((-9.0..9.0_f64, -9.0..9.0_f64), 2..120).prop_map(|steps| {
            let mut at = Coord { x: 4000.0, y: 3000.0 };
            let mut places = vec![at];
            for (x, y) in steps {
                at = at + Coord { x, y };
                places.push(at);
            }
            places
        })
    }

    proptest! {
        #[test]
        fn a_thinned_stroke_stays_within_a_point_of_where_the_hand_was(stroke in stroke()) {
            let kept = kept(&stroke);
            prop_assert_eq!(kept.first(), Some(&0));
            prop_assert_eq!(kept.last(), Some(&(stroke.len() - 1)));
            prop_assert!(kept.is_sorted_by(|one, other| one < other));
            for pair in kept.windows(2) {
                let line = Line::new(stroke[pair[0]], stroke[pair[1]]);
                for place in &stroke[pair[0]..=pair[1]] {
                    let away = Euclidean.distance(&Point(*place), &line);
                    prop_assert!(away <= TOLERANCE + 1e-9, "{} points away", away);
                }
            }
        }
    }

    #[test]
    fn a_straight_stroke_keeps_its_ends_only() {
        let straight: Vec<Coord<f64>> =
            (0..50).map(|step| Coord { x: f64::from(step) * 3.0, y: f64::from(step) }).collect();
        assert_eq!(kept(&straight), [0, 49]);
        assert!((extent(&straight) - 147.0).abs() < 1e-9);
    }
}
