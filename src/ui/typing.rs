//! What is typed after a box was asked for and before it has the focus.
//!
//! A box is asked for in one frame, comes in the next and takes text in the one after: on a slow
//! machine a hand has typed half a word by then. Its keys are held back here, dead as shortcuts,
//! and given to the box as soon as it has the focus.

use egui::{Event, Id, InputState, KeyboardShortcut};

use super::command::{Command, is_of_panels};

/// Commands that put a box under the hands.
const OPENERS: [Command; 3] = [Command::Search, Command::Decide, Command::Palette];

/// Frames after which nothing takes the focus any more: from then on keys are keys again.
const PATIENCE: u8 = 5;

/// Keeps for the rest of a frame whether its keys are for a box. One that Enter closes has lost the
/// keyboard by the time that the map asks.
pub fn begin_frame(context: &egui::Context) {
    let types = context.egui_wants_keyboard_input();
    context.data_mut(|data| data.insert_temp(Id::unique("frame types"), types));
}

/// Whether the keys of this frame are for a box, or were when it began.
pub fn types(context: &egui::Context) -> bool {
    let began = context.data(|data| data.get_temp(Id::unique("frame types")));
    context.egui_wants_keyboard_input() || began.unwrap_or(false)
}

/// Keys that wait for a box; nothing while none was asked for.
#[derive(Default)]
pub struct Held(Option<Waiting>);

struct Waiting {
    opener: Command,
    /// What had the focus when the box was asked for.
    from: Option<Id>,
    frames: u8,
    events: Vec<Event>,
}

impl Held {
    /// Whether keys wait for a box that is not there yet.
    pub const fn is_waiting(&self) -> bool {
        self.0.is_some()
    }

    /// Call it first in a frame: takes away what is not for anybody yet, and gives back what was
    /// taken when the box has the focus. What was meant for a box that does not come is dropped: it
    /// must not be taken for shortcuts.
    pub fn hold(&mut self, ui: &egui::Ui, search: Id) {
        let focused = ui.ctx().memory(egui::Memory::focused);
        let Some(waiting) = &mut self.0 else { return };
        let is_there = waiting.opener == Command::Search && focused == Some(search);
        let has_come = focused.is_some() && (focused != waiting.from || is_there);
        waiting.frames += 1;
        if has_come {
            let held = std::mem::take(&mut waiting.events);
            ui.input_mut(|input| input.events.splice(0..0, held).for_each(drop));
        }
        if has_come || waiting.frames > PATIENCE {
            self.0 = None;
            return;
        }
        waiting.events.extend(ui.input_mut(|input| split_off_typed(input, 0)));
        ui.ctx().request_repaint();
    }

    /// Begins to hold what follows the key that asks for a box, if there is one in this frame.
    /// `types` says whether the keys before it are text of a box that has the focus now.
    pub fn begin(&mut self, ui: &egui::Ui, types: bool) {
        let from = ui.ctx().memory(egui::Memory::focused);
        let found = ui.input_mut(|input| {
            let opener = |event: &Event| OPENERS.into_iter().find(|of| is_key_of(event, *of));
            let mut all = input.events.iter().enumerate();
            let (place, opener) = all.find_map(|(place, event)| Some((place, opener(event)?)))?;
            let events = split_off_typed(input, place + 1);
            if !types {
                // Letters before it were shortcuts: the box must not find their text.
                input.events.retain(|event| !matches!(event, Event::Text(_)));
            }
            Some((opener, events))
        });
        if let Some((opener, events)) = found {
            self.0 = Some(Waiting { opener, from, frames: 0, events });
            ui.ctx().request_repaint();
        }
    }
}

fn is_key_of(event: &Event, command: Command) -> bool {
    let Some(KeyboardShortcut { modifiers: wanted, logical_key }) = command.about().key else {
        return false;
    };
    matches!(event, Event::Key { key, pressed: true, modifiers, .. }
        if *key == logical_key && modifiers.matches_logically(wanted))
}

/// Keys and text from a place on, in their order; pointer and window events stay.
fn split_off_typed(input: &mut InputState, from: usize) -> Vec<Event> {
    let later = input.events.split_off(from);
    let (typed, other): (Vec<Event>, Vec<Event>) = later.into_iter().partition(is_typed);
    input.events.extend(other);
    typed
}

/// Escape and Enter too: they belong to the box that was asked for. Keys of panels are nobody's text.
fn is_typed(event: &Event) -> bool {
    match event {
        Event::Text(_) | Event::Paste(_) | Event::Ime(_) => true,
        Event::Key { key, pressed, .. } => *pressed && !is_of_panels(*key),
        _ => false,
    }
}
