//! Going from scene to scene: what each shows, and what the seat gets back afterwards.

use std::sync::Arc;

use egui::Context;

use crate::analysis::scenes::{MeetingScene, ShownLayer, lacks, plans, scenes};
use crate::domain::{Kind, Record, RecordId};
use crate::geodesy::wkb::Bounds;
use crate::map::layers::{ALL, by_key};
use crate::map::view::View;
use crate::settings::{LayerSetting, clock};
use crate::ui::action::StageAction;
use crate::ui::app::App;
use crate::ui::meeting::pages;
use crate::ui::meeting::stage::speaker::Cue;
use crate::ui::model::Toast;
use crate::ui::model::planning::now;
use crate::ui::model::stage::{Own, Show};

impl App {
    /// What is asked of the presentation.
    pub(super) fn stage(&mut self, wish: StageAction, context: &Context) {
        match wish {
            StageAction::Go(id) => self.go(id, context),
            StageAction::Step(by) => self.step_scene(by, context),
            StageAction::First => self.step_scene(isize::MIN, context),
            StageAction::Last => self.step_scene(isize::MAX, context),
            StageAction::Black => {
                if let Some(show) = &mut self.model.meeting.stage.show {
                    show.is_black = !show.is_black;
                }
            }
            StageAction::Speaker(is_open) => {
                if let Some(show) = &mut self.model.meeting.stage.show {
                    show.has_speaker = is_open;
                }
            }
            StageAction::Convene(call, planned) => self.convene(&call, &planned, context),
            edit => self.edit_scenes(edit, context),
        }
    }

    /// Ids of the scenes of the meeting that is held, in order.
    pub(super) fn scene_ids(&self) -> Vec<RecordId> {
        let world = self.model.world();
        let held = self.model.meeting.held_in(&world);
        held.map(|held| scenes(&world, held).iter().map(|s| s.id).collect()).unwrap_or_default()
    }

    /// It stops at the first and at the last.
    fn step_scene(&mut self, by: isize, context: &Context) {
        let ids = self.scene_ids();
        let last = ids.len().saturating_sub(1);
        let shown = self.model.meeting.scene;
        let to = match ids.iter().position(|id| Some(*id) == shown) {
            Some(here) => here.saturating_add_signed(by),
            // Nothing is shown yet: on is the first, back the last.
            None if by > 0 => 0_usize.saturating_add_signed(by - 1),
            None if by == isize::MIN => 0,
            None => last,
        };
        let to = to.min(last);
        if let Some(show) = &mut self.model.meeting.stage.show {
            show.is_black = false;
        }
        if let Some(id) = ids.get(to) {
            // At an end nothing moves: a clicker is pressed once too often more often than not.
            if Some(*id) != shown {
                self.go(*id, context);
            }
        }
    }

    /// Everything as the scene says, as far as it is still there.
    pub(super) fn go(&mut self, id: RecordId, context: &Context) {
        let world = self.model.world();
        let Some(record) = world.table(Kind::Scene).get(id) else { return };
        let scene = MeetingScene::of(record);
        self.keep_own();
        let place = self.scene_ids().iter().position(|known| *known == id).unwrap_or_default();
        self.model.layers = self.layers_of(&scene.layers);
        self.model.filter = scene.filter.clone();
        self.model.planner.go_to(scene.moment.unwrap_or_else(now), scene.moment.is_none());
        let is_known = plans(&world).contains(scene.plan.as_str());
        self.choose_plan(if is_known { scene.plan.clone() } else { String::new() });
        let there = scene.records.iter().filter(|id| world.get(**id).is_some());
        self.select(there.copied().collect(), context);
        self.look_at(&scene);
        self.model.meeting.scene = Some(id);
        let stage = &mut self.model.meeting.stage;
        stage.place = place;
        stage.has_moment = scene.moment.is_some() || !scene.plan.is_empty();
        stage.page.clone_from(&scene.page);
        if let Some(show) = &mut stage.show {
            show.scene_began = clock::now();
            show.is_black = false;
        }
        self.turn_page(&scene.page);
        self.find_lacks(record);
        self.model.serial += 1;
    }

    /// The agenda shows the page beside its list; any other tab gives way to it.
    fn turn_page(&mut self, page: &str) {
        let meeting = &mut self.model.meeting;
        let is_agenda = pages::by_key(&meeting.page).is_none();
        if !is_agenda && pages::by_key(page).is_some() {
            page.clone_into(&mut meeting.page);
        }
    }

    fn look_at(&mut self, scene: &MeetingScene) {
        if let Some(sight) = scene.sight {
            self.fly(View { center: sight.center, zoom: sight.zoom });
            return;
        }
        let outline = self.model.known.outline.iter().flatten();
        let places = outline.map(|at| Bounds { min: *at, max: *at });
        match places.reduce(Bounds::joined_with) {
            Some(bounds) => self.fly_to(bounds),
            None => self.show_all(),
        }
    }

    /// What this seat had before the first scene.
    fn keep_own(&mut self) {
        let model = &mut self.model;
        if model.meeting.stage.own.is_none() {
            model.meeting.stage.own = Some(Own {
                layers: model.layers.clone(),
                filter: model.filter.clone(),
                plan: model.planner.plan.clone(),
                at: model.planner.at,
                is_live: model.planner.is_live,
            });
        }
    }

    /// Those that the scene names, in its order, over those that it hides; without any, the seat's.
    fn layers_of(&self, shown: &[ShownLayer]) -> Vec<LayerSetting> {
        let own = self.model.meeting.stage.own.as_ref().map_or(&self.model.layers, |o| &o.layers);
        let setting = |layer: &ShownLayer| {
            let is_known = by_key(&layer.key).is_some();
            is_known.then(|| LayerSetting {
                key: layer.key.clone(),
                is_shown: true,
                opacity: layer.opacity,
            })
        };
        let named: Vec<LayerSetting> = shown.iter().filter_map(setting).collect();
        if named.is_empty() {
            return own.clone();
        }
        let is_hidden = |layer: &&LayerSetting| named.iter().all(|known| known.key != layer.key);
        let hidden = own.iter().filter(is_hidden).cloned();
        let hidden = hidden.map(|layer| LayerSetting { is_shown: false, ..layer });
        hidden.chain(named.iter().cloned()).collect()
    }

    fn find_lacks(&mut self, scene: &Arc<Record>) {
        let layers: Vec<&str> = ALL.iter().map(|layer| layer.key()).collect();
        let pages: Vec<&str> = pages::ALL.iter().map(|page| page.key()).collect();
        let world = self.model.world();
        let stage = &mut self.model.meeting.stage;
        stage.lacks = lacks(scene, &world, &layers, &pages);
        stage.of = Some(world);
    }

    /// In every frame: begins and ends with the big screen, follows what others do to the meeting.
    pub(in crate::ui) fn follow_stage(&mut self, context: &Context) {
        let is_open = self.model.meeting.is_open && self.model.district.is_some();
        let (scene, stage) = (self.model.meeting.scene, &self.model.meeting.stage);
        let page = if stage.show.is_some() { &stage.page } else { &self.model.meeting.page };
        let shows_plan = scene.is_some() && (stage.has_moment || stage.page == "traffic");
        self.model.planner.is_staged = is_open && (shows_plan || page == "traffic");
        if !is_open {
            self.leave_stage();
            return;
        }
        self.follow_scenes(context);
        let world = self.model.world();
        let has_meeting = self.model.meeting.held_in(&world).is_some();
        let presents = self.model.is_big && has_meeting;
        if presents != self.model.meeting.stage.show.is_some() {
            self.turn_show(presents, context);
        }
        if presents {
            let ctx = crate::ui::ctx::Ctx { model: &self.model, actions: &self.actions };
            self.speaker.say(Cue::of(&ctx), context);
            // The time that is used is shown by the second.
            context.request_repaint_after_secs(1.0);
        }
    }

    fn turn_show(&mut self, presents: bool, context: &Context) {
        if !presents {
            self.model.meeting.stage.show = None;
            self.model.serial += 1;
            return;
        }
        let (began, has_speaker) = (clock::now(), self.model.settings.speaker_window);
        self.model.meeting.stage.show =
            Some(Show { began, scene_began: began, is_black: false, has_speaker });
        if self.model.meeting.scene.is_none() {
            self.step_scene(1, context);
        }
    }

    /// A scene that somebody else deleted gives way to the one that took its place.
    fn follow_scenes(&mut self, context: &Context) {
        let Some(id) = self.model.meeting.scene else { return };
        let world = self.model.world();
        let is_same =
            self.model.meeting.stage.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, &world));
        if is_same {
            return;
        }
        let ids = self.scene_ids();
        if let Some(place) = ids.iter().position(|known| *known == id) {
            self.model.meeting.stage.place = place;
            if let Some(scene) = world.get(id) {
                scene.text("page").clone_into(&mut self.model.meeting.stage.page);
                self.find_lacks(scene);
            }
            return;
        }
        let place = self.model.meeting.stage.place.min(ids.len().saturating_sub(1));
        self.model.meeting.scene = None;
        self.model.meeting.stage.of = Some(world);
        match ids.get(place) {
            Some(next) => self.go(*next, context),
            None => self.model.meeting.stage.page.clear(),
        }
        self.say(Toast::watch(
            "场景已被删除，显示下一个",
            "The scene was deleted; this is the next",
        ));
    }

    /// Layers and filter as they were before the meeting.
    pub(super) fn leave_stage(&mut self) {
        self.model.meeting.stage.show = None;
        let Some(own) = self.model.meeting.stage.own.take() else { return };
        self.model.layers = own.layers;
        self.model.filter = own.filter;
        // Whoever goes on to the planner from a scene goes on with its plan.
        if !self.model.planner.is_open {
            self.choose_plan(own.plan);
            self.model.planner.go_to(own.at, own.is_live);
        }
        self.model.meeting.scene = None;
        let stage = &mut self.model.meeting.stage;
        stage.has_moment = false;
        stage.lacks.clear();
        self.model.serial += 1;
    }
}
