//! The speaker's window: the note of this scene, what comes next, the time. It lies on whatever
//! screen the system gives it; where there is no second native window it lies in the first.

use std::sync::{Arc, Mutex, PoisonError};

use egui::{
    Align, Button, CentralPanel, Context, Frame, Key, Label, Layout, Margin, Panel, RichText,
    ScrollArea, Ui, ViewportBuilder, ViewportClass, ViewportId, vec2,
};
use lucide_icons::Icon;

use super::{clock_words, lack_words, wished};
use crate::analysis::scenes::scenes;
use crate::domain::{Lang, Text};
use crate::ui::action::{Actions, MeetingAction, StageAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::stage::Show;
use crate::ui::widgets::{icon, named, note};

/// What the window says: words alone, so that it is drawn without the rest of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cue {
    lang: Lang,
    meeting: String,
    scene: String,
    lacks: String,
    note: String,
    /// Empty at the last scene.
    next: String,
    /// From 1, of how many.
    place: (usize, usize),
    show: Option<Show>,
}

/// The words of the moment, which the window reads whenever it is painted.
#[derive(Clone, Default)]
pub struct Speaker(Arc<Mutex<Cue>>);

fn id() -> ViewportId {
    ViewportId::from_hash_of("speaker")
}

impl Cue {
    /// What the speaker sees now, as words.
    pub fn of(ctx: &Ctx<'_>) -> Self {
        let world = ctx.world();
        let stage = &ctx.meeting.stage;
        let held = ctx.meeting.held_in(&world);
        let scenes = held.map(|held| scenes(&world, held)).unwrap_or_default();
        let place = scenes.iter().position(|scene| Some(scene.id) == ctx.meeting.scene);
        let scene = place.and_then(|place| scenes.get(place));
        let next = scenes.get(place.map_or(0, |place| place + 1));
        Self {
            lang: ctx.lang(),
            meeting: held
                .map_or_else(String::new, |held| crate::ui::parts::words::meeting_words(held)),
            scene: scene.map_or_else(String::new, |scene| scene.name().to_owned()),
            lacks: lack_words(ctx, &stage.lacks),
            note: scene.map_or_else(String::new, |scene| scene.text("note").to_owned()),
            next: next.map_or_else(String::new, |next| next.name().to_owned()),
            place: (place.map_or(0, |place| place + 1), scenes.len()),
            show: stage.show.clone(),
        }
    }
}

impl Speaker {
    /// Says something else from now on.
    pub fn say(&self, cue: Cue, context: &Context) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *known != cue {
            *known = cue;
            drop(known);
            context.request_repaint_of(id());
        }
    }

    /// In every frame in which the window is to be there.
    pub fn ui(&self, context: &Context, lang: Lang, actions: &Actions) {
        let title = Text::new("讲稿", "Speaker").say(lang);
        let builder = ViewportBuilder::default()
            .with_title(title)
            .with_app_id("shapan")
            .with_inner_size([760.0, 520.0])
            .with_min_inner_size([420.0, 320.0]);
        let (cue, actions) = (self.clone(), actions.clone());
        context.show_viewport_deferred(id(), builder, move |ui, class| {
            let cue = cue.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if class == ViewportClass::EmbeddedWindow {
                ui.set_min_size(vec2(420.0, 280.0));
                cue.ui(ui, &actions);
                return;
            }
            listen(ui, &actions);
            let frame = Frame::NONE.fill(ui.visuals().panel_fill).inner_margin(Margin::same(16));
            CentralPanel::default().frame(frame).show(ui, |ui| cue.ui(ui, &actions));
        });
    }
}

/// The keys of a clicker go to the window that has the focus, which may be this one.
fn listen(ui: &Ui, actions: &Actions) {
    let wishes = ui.input_mut(|input| wished(input, true));
    for wish in wishes {
        actions.meeting(MeetingAction::Stage(wish));
    }
    let (closes, leaves) = ui.input(|input| {
        let leaves = input.key_pressed(Key::Escape) || input.key_pressed(Key::F11);
        (input.viewport().close_requested(), leaves)
    });
    if closes {
        actions.meeting(MeetingAction::Stage(StageAction::Speaker(false)));
    }
    if leaves {
        actions.command(crate::ui::command::Command::Big);
    }
}

impl Cue {
    fn say(&self, text: Text) -> &'static str {
        text.say(self.lang)
    }

    fn ui(&self, ui: &mut Ui, actions: &Actions) {
        Panel::bottom("speaker's buttons")
            .frame(Frame::NONE.inner_margin(Margin::symmetric(0, 8)))
            .show(ui, |ui| self.foot_ui(ui, actions));
        let (place, count) = self.place;
        ui.label(note(format!("{}  {place}/{count}", self.meeting)));
        ui.add(Label::new(RichText::new(&self.scene).heading()).wrap());
        if !self.lacks.is_empty() {
            ui.add(Label::new(&self.lacks).wrap());
        }
        ui.add_space(8.0);
        ScrollArea::vertical().id_salt("speaker's note").auto_shrink(false).show(ui, |ui| {
            if self.note.is_empty() {
                ui.label(note(self.say(Text::new("此场景没有讲稿", "No note for this scene"))));
            }
            let size = ui.text_style_height(&egui::TextStyle::Heading);
            ui.add(Label::new(RichText::new(&self.note).size(size)).wrap());
        });
        if let Some(show) = &self.show
            && !show.is_black
        {
            ui.ctx().request_repaint_after_secs(1.0);
        }
    }

    fn foot_ui(&self, ui: &mut Ui, actions: &Actions) {
        let last = Text::new("（最后一个场景）", "(the last scene)");
        let next = if self.next.is_empty() { self.say(last) } else { &self.next };
        let word = self.say(Text::new("下一场景：", "Next: "));
        ui.add(Label::new(format!("{word}{next}")).truncate());
        ui.horizontal(|ui| {
            let is_black = self.show.as_ref().is_some_and(|show| show.is_black);
            let black = if is_black {
                Text::new("恢复画面", "Show again")
            } else {
                Text::new("黑屏", "Black")
            };
            for (mark, words, wish) in [
                (Icon::ChevronLeft, Text::new("上一个", "Back"), StageAction::Step(-1)),
                (Icon::ChevronRight, Text::new("下一个", "Next"), StageAction::Step(1)),
                (Icon::Moon, black, StageAction::Black),
            ] {
                let words = self.say(words);
                let button = ui.add(Button::new((icon(mark), words)));
                named(&button, &format!("{} {words}", self.say(Text::new("讲稿", "Speaker"))));
                if button.clicked() {
                    actions.meeting(MeetingAction::Stage(wish));
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let close = ui.add(Button::new(icon(Icon::X)).frame_when_inactive(false));
                named(&close, self.say(Text::new("关闭讲稿窗口", "Close the speaker's window")));
                if close.clicked() {
                    actions.meeting(MeetingAction::Stage(StageAction::Speaker(false)));
                }
                let Some(show) = &self.show else { return };
                let (all, scene) = (clock_words(show.began), clock_words(show.scene_began));
                let words = self.say(Text::new("本场景", "scene"));
                ui.label(note(format!("{words} {scene}")));
                ui.label(RichText::new(all).heading());
            });
        });
    }
}
