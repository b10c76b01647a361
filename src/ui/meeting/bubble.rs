//! What can be made of a mark of the pen: a small window at the mark itself.

use egui::{Area, Frame, Order, Pos2, ScrollArea, Ui, vec2};
use geo_types::{Coord, Geometry, Point};
use lucide_icons::Icon;

use crate::analysis::decisions::plain;
use crate::analysis::marked::{neighbours, pointed_at};

use crate::domain::{Change, Edit, Kind, Record, RecordId, Text, Value};
use crate::geodesy::shape::{oriented, problem};
use crate::ui::action::{DialogAction, MeetingAction};
use crate::ui::canvas::Overlay;
use crate::ui::canvas::pen_marks::{delete_mark, linked};
use crate::ui::canvas::tools::new_record;
use crate::ui::ctx::Ctx;
use crate::ui::model::drawing::{Form, Making};
use crate::ui::parts::words::subkind_words;
use crate::ui::widgets::{icon, named, note, strong};

/// Beside the mark, points.
const OFF: egui::Vec2 = vec2(14.0, 10.0);

/// The window of the mark that was clicked.
pub struct OnMap;

impl Overlay for OnMap {
    fn windows_ui(&self, ui: &Ui, ctx: &Ctx<'_>, project: &dyn Fn(Coord<f64>) -> Pos2) {
        let Some(mark) = ctx.meeting.bubble.and_then(|id| ctx.record(id)) else { return };
        let Some(place) = mark.geometry.as_ref().and_then(pointed_at) else { return };
        let at = project(place) + OFF;
        if !ui.max_rect().contains(at) {
            return;
        }
        Area::new(egui::Id::unique("mark"))
            .fixed_pos(at)
            .order(Order::Foreground)
            .constrain_to(ui.max_rect())
            .fade_in(false)
            .show(ui.ctx(), |ui| {
                Frame::popup(ui.style()).inner_margin(8).show(ui, |ui| {
                    ui.set_max_width(320.0);
                    head_ui(ui, ctx, mark);
                    actions_ui(ui, ctx, mark);
                    made_ui(ui, ctx, mark);
                });
            });
        if ui.input(|input| input.key_pressed(egui::Key::Escape)) {
            ctx.actions.meeting(MeetingAction::Bubble(None));
        }
    }
}

fn head_ui(ui: &mut Ui, ctx: &Ctx<'_>, mark: &Record) {
    ui.horizontal(|ui| {
        let form = subkind_words(Kind::PenMark, mark.subkind(), ctx.lang());
        if mark.name().is_empty() {
            ui.label(strong(form));
        } else {
            ui.label(strong(mark.name()));
            ui.label(note(form));
        }
        let close = ui.add(egui::Button::new(icon(Icon::X)).frame_when_inactive(false));
        named(&close, ctx.say(Text::new("收起", "Put away")));
        if close.clicked() {
            ctx.actions.meeting(MeetingAction::Bubble(None));
        }
    });
}

fn actions_ui(ui: &mut Ui, ctx: &Ctx<'_>, mark: &std::sync::Arc<Record>) {
    ui.horizontal(|ui| {
        if ui.button(ctx.say(Text::new("记为决定", "Make it a decision"))).clicked() {
            let near = mark.geometry.as_ref().map(|shape| neighbours(shape, &ctx.known.index));
            let near: Vec<RecordId> =
                near.unwrap_or_default().iter().map(|record| record.id).collect();
            let said = plain(mark.name()).to_owned();
            ctx.actions.dialog(DialogAction::DecideOn { mark: mark.id, said, near });
            ctx.actions.meeting(MeetingAction::Bubble(None));
        }
        ui.menu_button(ctx.say(Text::new("记为问题点/工地…", "Make it a site…")), |ui| {
            ScrollArea::vertical().max_height(320.0).show(ui, |ui| makings_ui(ui, ctx, mark));
        });
        if ui.button(ctx.say(Text::new("删除", "Delete"))).clicked() {
            for wish in delete_mark(ctx, mark) {
                ctx.actions.send(wish);
            }
        }
    });
}

fn makings_ui(ui: &mut Ui, ctx: &Ctx<'_>, mark: &std::sync::Arc<Record>) {
    let Some(geometry) = &mark.geometry else { return };
    let mut last = None;
    for (making, shape) in makings(geometry) {
        if last != Some(making.kind) {
            ui.label(note(ctx.say(making.kind.label())));
            last = Some(making.kind);
        }
        let words = ctx.say(making.words());
        let button = ui.add(egui::Button::new(words).frame_when_inactive(false));
        named(&button, &ctx.tell(format!("记为{words}"), format!("make it: {words}")));
        if button.clicked() {
            make(ctx, mark, making, shape);
            ui.close();
        }
    }
}

/// What a mark can become, sites first, each with the shape that it takes of the mark.
fn makings(geometry: &Geometry<f64>) -> Vec<(Making, Geometry<f64>)> {
    let form = match geometry {
        Geometry::LineString(_) => Form::Line,
        Geometry::Polygon(_) => Form::Area,
        _ => Form::Point,
    };
    let own = oriented(geometry.clone());
    let middle = pointed_at(geometry).map(|at| Geometry::from(Point(at)));
    let mut all: Vec<(Making, Geometry<f64>)> = Vec::new();
    for making in Making::all(Form::Point).into_iter().chain(Making::all(form)) {
        let takes = |shape: &Geometry<f64>| making.kind.shape().takes(shape);
        let shape = Some(own.clone()).filter(|own| takes(own) && problem(own).is_none());
        let shape = shape.or_else(|| middle.clone().filter(takes));
        if let Some(shape) = shape.filter(|_| all.iter().all(|(known, _)| *known != making)) {
            all.push((making, shape));
        }
    }
    all
}

/// The record and the link to it, in one step.
fn make(ctx: &Ctx<'_>, mark: &std::sync::Arc<Record>, making: Making, shape: Geometry<f64>) {
    let mut record = new_record(making, ctx);
    let name = plain(mark.name());
    if !name.is_empty() {
        record.set("name", Some(Value::text(name)));
    }
    record.geometry = Some(shape);
    let id = record.id;
    let link = linked(mark, id, &ctx.stamp());
    ctx.actions.apply(Edit::of(vec![Change::create(record), link]));
    ctx.actions.meeting(MeetingAction::Bubble(None));
    ctx.actions.select(id);
}

/// What came of it already.
fn made_ui(ui: &mut Ui, ctx: &Ctx<'_>, mark: &Record) {
    for record in mark.linked("records").filter_map(|id| ctx.record(id)) {
        let kind = record.kind.label().say(ctx.lang());
        let words = ctx.tell(
            format!("已记为{kind}：{}", record.name()),
            format!("made: {} ({kind})", record.name()),
        );
        if ui.link(words).clicked() {
            ctx.actions.select(record.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, wkt};

    use super::*;
    use crate::geodesy::ring::ring;

    fn shape_of(geometry: &Geometry<f64>, kind: Kind) -> Option<Geometry<f64>> {
        let found = makings(geometry).into_iter().find(|(making, _)| making.kind == kind);
        found.map(|(_, shape)| shape)
    }

    #[test]
    fn a_kind_takes_the_shape_of_a_mark_where_it_can_and_else_its_place() {
        let center = Coord { x: 118.16, y: 39.83 };
        let circle = Geometry::from(ring(center, 300.0));
        assert!(matches!(shape_of(&circle, Kind::Site), Some(Geometry::Polygon(_))));
        let Some(Geometry::Point(middle)) = shape_of(&circle, Kind::Camera) else {
            panic!("a camera stands in a point")
        };
        assert!((middle.0 - center).x.abs() < 1e-6 && (middle.0 - center).y.abs() < 1e-6);
        let arrow = Geometry::from(LineString::from(vec![(118.15, 39.82), (118.16, 39.83)]));
        let head: Geometry<f64> = wkt!(POINT(118.16 39.83)).into();
        assert_eq!(shape_of(&arrow, Kind::Site), Some(head.clone()));
        assert_eq!(shape_of(&arrow, Kind::Congestion), Some(arrow.clone()));
        assert_eq!(shape_of(&arrow, Kind::Area), None);
        assert_eq!(shape_of(&head, Kind::Road), None);
    }

    #[test]
    fn no_making_is_offered_twice_and_sites_come_first() {
        let circle = Geometry::from(ring(Coord { x: 118.16, y: 39.83 }, 300.0));
        let all = makings(&circle);
        assert_eq!(all[0].0.kind, Kind::Site);
        for (place, (making, _)) in all.iter().enumerate() {
            assert!(all[place + 1..].iter().all(|(other, _)| other != making), "{making:?}");
        }
    }
}
