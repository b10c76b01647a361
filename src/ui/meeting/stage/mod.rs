//! Scenes on the big screen: which is shown, what the seat had before, who sees what where.
//!
//! [`screen`] is what the room sees, [`speaker`] the window for who speaks, [`laser`] the dot that
//! follows the mouse; keys of both windows are read by [`wished`].

pub mod laser;
pub mod screen;
pub mod speaker;

use std::sync::Arc;

use egui::{InputState, Key, Modifiers};
use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::analysis::Filter;
use crate::analysis::agenda::{Call, Planned};
use crate::analysis::decisions::current_meeting;
use crate::analysis::scenes::{Lack, scenes};
use crate::domain::{Kind, Record, RecordId, World};
use crate::settings::{LayerSetting, clock};
use crate::ui::ctx::Ctx;

/// Wishes about scenes.
pub enum StageAction {
    Go(RecordId),
    /// So many scenes on, or back.
    Step(isize),
    First,
    Last,
    /// The screen goes black, or comes back.
    Black,
    /// Opens or closes the speaker's window.
    Speaker(bool),
    /// A meeting and its scenes.
    Convene(Box<Call>, Vec<Planned>),
    /// One scene so many places down.
    Move(RecordId, isize),
    Duplicate(RecordId),
    Remove(RecordId),
    Rename(RecordId, String),
    /// A key of the choices of `page`.
    Turn(RecordId, &'static str),
    /// What is seen now becomes the scene.
    Retake(RecordId),
    /// What is seen now becomes a new scene behind the one that is shown.
    Add,
}

/// What is known of the scene that is shown.
#[derive(Default)]
pub struct Stage {
    /// The place of the scene in the meeting, for when it is gone.
    pub place: usize,
    /// A key of the choices of `page`.
    pub page: String,
    /// What it names and the district no longer has.
    pub lacks: Vec<Lack>,
    /// Whether it looks at a moment or a plan.
    pub has_moment: bool,
    /// What this seat had before the first scene was shown.
    pub own: Option<Own>,
    pub show: Option<Show>,
    /// The district of which `lacks` tells.
    pub of: Option<Arc<World>>,
}

/// What scenes change for as long as the meeting is open.
pub struct Own {
    pub layers: Vec<LayerSetting>,
    pub filter: Filter,
    pub plan: String,
    pub at: DateTime,
}

/// While it is presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Show {
    pub began: Timestamp,
    pub scene_began: Timestamp,
    pub is_black: bool,
    pub has_speaker: bool,
}

impl super::Meetings {
    /// The meeting that was chosen; else the latest that has begun, else the next one.
    pub fn held_in<'w>(&self, world: &'w World) -> Option<&'w Arc<Record>> {
        let all = world.table(Kind::Meeting);
        let chosen = self.held.and_then(|id| all.get(id));
        let next = || all.iter().min_by_key(|meeting| (meeting.date("date"), meeting.id));
        chosen.or_else(|| current_meeting(world, clock::today())).or_else(next)
    }
}

impl crate::ui::Model {
    /// Whether the meeting has the whole screen.
    pub fn is_presenting(&self) -> bool {
        self.is_big && self.meeting.is_open && self.meeting.stage.show.is_some()
    }

    /// Whether ←, → and their kin walk through scenes.
    pub fn has_scenes(&self) -> bool {
        let world = self.world();
        self.meeting.is_open
            && self.meeting.held_in(&world).is_some_and(|held| !scenes(&world, held).is_empty())
    }
}

/// `2026-11-27 11月27日会商会`, as lists name a meeting.
pub fn meeting_words(meeting: &Record) -> String {
    let date = meeting.date("date").map(|date| format!("{date} ")).unwrap_or_default();
    format!("{date}{}", meeting.name())
}

/// What the keys of a clicker or a keyboard ask for. Arrows with Alt or Ctrl are other commands.
pub fn wished(input: &mut InputState, is_presenting: bool) -> Vec<StageAction> {
    let mut wishes = Vec::new();
    let keys: [(Key, fn() -> StageAction); 6] = [
        (Key::ArrowRight, || StageAction::Step(1)),
        (Key::PageDown, || StageAction::Step(1)),
        (Key::ArrowLeft, || StageAction::Step(-1)),
        (Key::PageUp, || StageAction::Step(-1)),
        (Key::Home, || StageAction::First),
        (Key::End, || StageAction::Last),
    ];
    let is_plain = |input: &InputState| input.modifiers == Modifiers::NONE;
    if !is_plain(input) {
        return wishes;
    }
    for (key, wish) in keys {
        if input.consume_key(Modifiers::NONE, key) {
            wishes.push(wish());
        }
    }
    if is_presenting && input.consume_key(Modifiers::NONE, Key::Period) {
        wishes.push(StageAction::Black);
    }
    wishes
}

/// What keys ask for in the first window, while nobody types: before the map takes the arrows.
pub fn wished_in(input: &mut InputState, model: &crate::ui::Model) -> Vec<StageAction> {
    if !model.has_scenes() {
        return Vec::new();
    }
    let is_presenting = model.is_presenting();
    let mut wishes = wished(input, is_presenting);
    let is_listed = !is_presenting && model.meeting.page == super::agenda::AGENDA;
    if let Some(scene) = model.meeting.scene.filter(|_| is_listed) {
        for (key, by) in [(Key::ArrowUp, -1), (Key::ArrowDown, 1)] {
            if input.modifiers.alt && input.consume_key(Modifiers::ALT, key) {
                wishes.push(StageAction::Move(scene, by));
            }
        }
    }
    wishes
}

/// What a scene lacks, in words.
pub fn lack_words(ctx: &Ctx<'_>, lacks: &[Lack]) -> String {
    let words = lacks.iter().map(|lack| match lack {
        Lack::Records(count) => ctx.tell(
            format!("{count} 个选中的对象已不存在"),
            format!("{count} selected records are gone"),
        ),
        Lack::Ring => ctx.tell("筛选所用的控制点已不存在", "the control point of its ring is gone"),
        Lack::Plan(plan) => {
            ctx.tell(format!("方案“{plan}”已不存在"), format!("plan “{plan}” is gone"))
        }
        Lack::Layers(keys) => {
            let keys = keys.join("、");
            ctx.tell(format!("没有图层 {keys}"), format!("no layer {keys}"))
        }
        Lack::Page(page) => ctx.tell(format!("没有内容页 {page}"), format!("no page {page}")),
    });
    words.collect::<Vec<_>>().join(ctx.tell("；", "; ").as_str())
}

/// `04:05`, or `1:04:05` after an hour.
pub fn clock_words(since: Timestamp) -> String {
    let seconds = clock::now().duration_since(since).as_secs().max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}
