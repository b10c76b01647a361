//! Meetings and their scenes as edits: one undo step each.

use std::sync::Arc;

use egui::Context;
use jiff::SignedDuration;

use crate::analysis::agenda::{
    Call, PlannedScene, added, convened, duplicated, moved, planned_after,
};
use crate::analysis::scenes::{MeetingScene, ShownLayer, Sight};
use crate::domain::{Change, Edit, Kind, Record, RecordId, Value};
use crate::map::view::View;
use crate::settings::clock;
use crate::ui::action::StageAction;
use crate::ui::app::App;
use crate::ui::meeting::pages;
use crate::ui::model::Toast;
use crate::ui::model::planning::now;

/// A time cursor nearer to now than this means now: nobody wants last week's minute back.
const NOW: SignedDuration = SignedDuration::from_mins(60);

impl App {
    /// The meeting and its scenes at once, and it is the one that is held.
    pub(super) fn convene(&mut self, call: &Call, planned: &[PlannedScene], context: &Context) {
        let stamp = self.model.stamp();
        let records = convened(call, planned, &mut clock::ids(&stamp), &stamp);
        let Some(meeting) = records.first().map(|meeting| meeting.id) else { return };
        let count = planned.len();
        let said = Toast::done(
            format!("已建会议“{}”，{count} 个场景", call.name),
            format!("“{}” is made, with {count} scenes", call.name),
        );
        let edit = Edit::of(records.into_iter().map(Change::create).collect());
        self.apply_saying(edit, said.with_undo());
        self.meeting(crate::ui::action::MeetingAction::Hold(Some(meeting)), context);
    }

    /// What is asked of the scenes of the meeting that is held; one edit each.
    pub(super) fn edit_scenes(&mut self, wish: StageAction, context: &Context) {
        let world = self.model.world();
        let Some(held) = self.model.meeting.held_in(&world).cloned() else { return };
        let stamp = self.model.stamp();
        let new = clock::ids(&stamp).next();
        let mut shown = None;
        let changes = match wish {
            StageAction::Move(id, by) => moved(&world, &held, id, by, &stamp),
            StageAction::Duplicate(id) => {
                shown = Some(new);
                duplicated(&world, &held, id, new, &stamp)
            }
            StageAction::Remove(id) => {
                let scene = world.table(Kind::Scene).get(id).cloned();
                scene.map(Change::delete).into_iter().collect()
            }
            StageAction::Rename(id, name) => {
                self.changed(id, |scene| put(scene, "name", Value::text(&name)))
            }
            StageAction::Turn(id, page) => {
                self.changed(id, |scene| put(scene, "page", Value::Choice(page)))
            }
            StageAction::Retake(id) => {
                let seen = self.seen();
                self.changed(id, |scene| {
                    let page = scene.text("page").to_owned();
                    MeetingScene { page, ..seen }.put(scene);
                })
            }
            _ => {
                shown = Some(new);
                let page =
                    Some(&self.model.meeting.page).filter(|page| pages::by_key(page).is_some());
                let scene = MeetingScene { page: page.cloned().unwrap_or_default(), ..self.seen() };
                let name = self.new_name();
                let record = planned_after(&held, &name, &scene, new, &stamp);
                added(&world, &held, self.model.meeting.scene, record, &stamp)
            }
        };
        if changes.is_empty() {
            return;
        }
        self.apply(Edit::of(changes));
        if let Some(id) = shown {
            self.go(id, context);
        }
    }

    /// One scene changed; nothing where it says the same as before.
    fn changed(&self, id: RecordId, change: impl FnOnce(&mut Record)) -> Vec<Change> {
        let world = self.model.world();
        let Some(before) = world.table(Kind::Scene).get(id) else { return Vec::new() };
        let mut after = Record::clone(before);
        change(&mut after);
        if before.says_the_same_as(&after) {
            return Vec::new();
        }
        after.meta.change(&self.model.stamp());
        vec![Change::update(Arc::clone(before), after)]
    }

    /// What the window shows now, as a scene.
    fn seen(&self) -> MeetingScene {
        let model = &self.model;
        let View { center, zoom } = model.camera.target();
        let shown = model.layers.iter().filter(|layer| layer.is_shown);
        let layer = |key: &String, opacity| ShownLayer { key: key.clone(), opacity };
        let at = model.planner.at;
        let is_now = at.duration_since(now()).abs() < NOW;
        // The card may show the meeting or one of its scenes, which no scene is about.
        let is_about = |id: &&RecordId| {
            let kind = model.record(**id).map(|record| record.kind);
            !matches!(kind, None | Some(Kind::Meeting | Kind::Scene))
        };
        MeetingScene {
            page: String::new(),
            sight: Some(Sight { center, zoom }),
            layers: shown.map(|of| layer(&of.key, of.opacity)).collect(),
            filter: model.filter.clone(),
            moment: (!is_now).then_some(at),
            records: model.selection.iter().filter(is_about).copied().collect(),
            plan: model.planner.plan.clone(),
        }
    }

    fn new_name(&self) -> String {
        let number = self.scene_ids().len() + 1;
        match self.model.lang() {
            crate::domain::Lang::Zh => format!("场景 {number}"),
            crate::domain::Lang::En => format!("Scene {number}"),
        }
    }
}

fn put(scene: &mut Record, key: &str, value: Value) {
    scene.set(key, Some(value));
}
