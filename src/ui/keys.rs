//! Keys to commands. Single letters and figures are dead while somebody types, and everything is
//! dead while an input method composes.

use egui::{Event, ImeEvent, Key};

use super::action::{Action, Actions, PlannerAction, ViewAction};
use super::command::Command;
use super::model::Model;
use super::typing::Held;

/// Sends the command of each key that is pressed, unless somebody types or a dialog has the keyboard.
pub fn listen(ui: &egui::Ui, model: &Model, has_dialog: bool, actions: &Actions, held: &mut Held) {
    held.hold(ui, super::bar::search_id());
    let types = ui.ctx().egui_wants_keyboard_input();
    let composes = ui.input(|input| {
        input.events.iter().any(
            |event| matches!(event, Event::Ime(ImeEvent::Preedit { text, .. }) if !text.is_empty()),
        )
    });
    if composes {
        return;
    }
    let is_idle = ui.input(|input| {
        !input.events.iter().any(|event| matches!(event, Event::Key { pressed: true, .. }))
    });
    if is_idle {
        return;
    }
    held.begin(ui, types);
    // Arrows choose in a list that is open.
    let has_list = egui::Popup::is_any_open(ui.ctx());
    let (mut hit, mut pushes) = (Vec::new(), Vec::new());
    ui.input_mut(|input| {
        if !types && !has_dialog && !has_list {
            pushes.extend(scenes(input, model));
        }
        // Longer combinations first: Ctrl+Shift+Z must not be taken for Ctrl+Z.
        let mut commands: Vec<Command> = Command::ALL.to_vec();
        commands.sort_by_key(|command| {
            std::cmp::Reverse(command.about().key.map_or(0, |key| held_down(key.modifiers)))
        });
        for command in commands {
            let Some(key) = command.about().key else { continue };
            let is_dead = (types && (command.is_single_key() || is_of_text(command)))
                || (has_dialog && command.is_single_key())
                || (is_of_decisions(command) && !model.meeting.is_open);
            if !is_dead && input.consume_shortcut(&key) {
                hit.push(command);
            }
        }
        let redo = egui::KeyboardShortcut::new(
            egui::Modifiers::COMMAND.plus(egui::Modifiers::SHIFT),
            Key::Z,
        );
        if !types && input.consume_shortcut(&redo) {
            hit.push(Command::Redo);
        }
        if !types
            && input
                .consume_shortcut(&egui::KeyboardShortcut::new(egui::Modifiers::NONE, Key::Equals))
        {
            hit.push(Command::ZoomIn);
        }
        if !types && !has_dialog && !has_list {
            pushes.extend(arrows(input, model));
        }
    });
    // Sending wakes the window, which must not happen while its input is held.
    for push in pushes {
        actions.send(push);
    }
    // Each command once a frame, however often its key repeats.
    hit.dedup();
    for command in hit {
        actions.send(Action::Command(command));
    }
}

fn held_down(modifiers: egui::Modifiers) -> u8 {
    u8::from(modifiers.alt)
        + u8::from(modifiers.command || modifiers.ctrl)
        + u8::from(modifiers.shift)
}

/// What these keys do in a text field is the field's own business.
const fn is_of_text(command: Command) -> bool {
    matches!(command, Command::Undo | Command::Redo) || is_of_decisions(command)
}

const fn is_of_decisions(command: Command) -> bool {
    matches!(command, Command::StartDecision | Command::CloseDecision | Command::DropDecision)
}

/// Keys that walk through a meeting go before those that move the map.
fn scenes(input: &mut egui::InputState, model: &Model) -> Vec<Action> {
    let wishes = super::meeting::stage::wished_in(input, model);
    wishes.into_iter().map(|wish| Action::Meeting(wish.into())).collect()
}

/// How far an arrow key pushes the map, points.
const STEP: f32 = 120.0;

fn arrows(input: &mut egui::InputState, model: &Model) -> Vec<Action> {
    let mut pushes = Vec::new();
    if model.district.is_none() {
        return pushes;
    }
    for (key, x, y) in [
        (Key::ArrowLeft, STEP, 0.0),
        (Key::ArrowRight, -STEP, 0.0),
        (Key::ArrowUp, 0.0, STEP),
        (Key::ArrowDown, 0.0, -STEP),
    ] {
        if !input.consume_key(egui::Modifiers::NONE, key) {
            continue;
        }
        // With trips to look at, sideways goes from one to the next.
        pushes.push(if y == 0.0 && model.planner.has_trips() {
            let by = if key == Key::ArrowRight { 1 } else { -1 };
            Action::Planner(PlannerAction::StepTrip(by))
        } else {
            Action::View(ViewAction::PanBy(egui::vec2(x, y)))
        });
    }
    pushes
}
