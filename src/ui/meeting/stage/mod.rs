//! Scenes on the big screen: which is shown, what the seat had before, who sees what where.
//!
//! [`screen`] is what the room sees, [`speaker`] the window for who speaks; keys of both windows are read by [`wished`].

pub mod screen;
pub mod speaker;

use egui::{InputState, Key, Modifiers};
use jiff::Timestamp;

use crate::analysis::scenes::Lack;
use crate::settings::clock;
use crate::ui::action::StageAction;
use crate::ui::ctx::Ctx;
use crate::ui::model::meetings::AGENDA;

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
pub fn wished_in(input: &mut InputState, model: &crate::ui::model::Model) -> Vec<StageAction> {
    if !model.has_scenes() {
        return Vec::new();
    }
    let is_presenting = model.is_presenting();
    let mut wishes = wished(input, is_presenting);
    // Where one screen has to do, the note is looked at for a moment.
    let show = model.meeting.stage.show.as_ref().filter(|_| is_presenting);
    if let Some(show) = show.filter(|_| input.consume_key(Modifiers::NONE, Key::N)) {
        wishes.push(StageAction::Speaker(!show.has_speaker));
    }
    let is_listed = !is_presenting && model.meeting.page == AGENDA;
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
