//! Keys to commands. Single letters and figures are dead while somebody types, and everything is
//! dead while an input method composes.

use egui::{Event, ImeEvent, Key, Modifiers};

use super::action::{Action, Actions, LedgerAction, PlannerAction, ViewAction};
use super::command::Command;
use super::model::Model;
use super::model::workspace::Workspace;
use super::typing::{Held, begin_frame};

/// What keys are for in this frame.
#[derive(Clone, Copy)]
pub struct Free {
    /// No dialog has the keyboard.
    pub is_without_dialog: bool,
    /// Escape closes nothing else.
    pub may_step_back: bool,
}

/// Sends the command of each key that is pressed, unless somebody types or a dialog has the keyboard.
pub fn listen(ui: &egui::Ui, model: &Model, free: Free, actions: &Actions, held: &mut Held) {
    begin_frame(ui.ctx());
    let has_dialog = !free.is_without_dialog;
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
            pushes.extend(of_ledger(input, model));
        }
        hit.extend(commands(input, model, free, types));
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

/// The commands whose keys are pressed; takes those keys from the input.
fn commands(input: &mut egui::InputState, model: &Model, free: Free, types: bool) -> Vec<Command> {
    let has_dialog = !free.is_without_dialog;
    let mut hit = Vec::new();
    // Longer combinations first: Ctrl+Shift+Z must not be taken for Ctrl+Z.
    let mut commands: Vec<Command> = Command::ALL.to_vec();
    commands.sort_by_key(|command| {
        std::cmp::Reverse(command.about().key.map_or(0, |key| held_down(key.modifiers)))
    });
    for command in commands {
        let Some(key) = command.about().key else { continue };
        let is_dead = (types && (command.is_single_key() || is_of_text(command)))
            || (has_dialog && command.is_single_key())
            || (command == Command::StepBack && !free.may_step_back)
            || (is_of_decisions(command) && !model.meeting.is_open)
            || (is_of_episodes(command) && !(model.workspace == Workspace::Episodes && free.may_step_back))
            // With a tool in hand, or a button that has the keyboard, the space bar is theirs.
            || (command == Command::Play && !free.may_step_back);
        if !is_dead && input.consume_shortcut(&key) {
            // Where somebody waits for orders the key of all commands writes them.
            let has_orders = command == Command::Palette && gives_orders(model);
            hit.push(if has_orders { Command::DispatchOrders } else { command });
        }
    }
    for (modifiers, key, command) in ALSO {
        let shortcut = egui::KeyboardShortcut::new(modifiers, key);
        let is_dead = types && (modifiers.is_none() || is_of_text(command));
        if !is_dead && input.consume_shortcut(&shortcut) {
            hit.push(command);
        }
    }
    hit
}

/// Other keys for the same.
const ALSO: [(Modifiers, Key, Command); 4] = [
    (Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::Z, Command::Redo),
    (Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::P, Command::Palette),
    (Modifiers::COMMAND, Key::Plus, Command::Larger),
    (Modifiers::NONE, Key::Equals, Command::ZoomIn),
];

fn held_down(modifiers: Modifiers) -> u8 {
    u8::from(modifiers.alt)
        + u8::from(modifiers.command || modifiers.ctrl)
        + u8::from(modifiers.shift)
}

/// What these keys do in a text field is the field's own business.
const fn is_of_text(command: Command) -> bool {
    matches!(command, Command::Undo | Command::Redo) || is_of_decisions(command)
}

const fn is_of_episodes(command: Command) -> bool {
    matches!(
        command,
        Command::NextStep
            | Command::DispatchOrders
            | Command::NextEpisode
            | Command::PreviousEpisode
    )
}

fn gives_orders(model: &Model) -> bool {
    let is_there = model.workspace == Workspace::Episodes && model.shows_pages();
    is_there && model.episode_row().is_some_and(|row| model.is_running(row))
}

const fn is_of_decisions(command: Command) -> bool {
    matches!(command, Command::StartDecision | Command::CloseDecision | Command::DropDecision)
}

/// Keys that walk through a meeting go before those that move the map.
fn scenes(input: &mut egui::InputState, model: &Model) -> Vec<Action> {
    let wishes = super::meeting::stage::wished_in(input, model);
    wishes.into_iter().map(|wish| Action::Meeting(wish.into())).collect()
}

/// In the list of the ledger figures are steps, and Enter opens the page of an item.
fn of_ledger(input: &mut egui::InputState, model: &Model) -> Vec<Action> {
    const STEPS: [(Key, u8); 6] = [
        (Key::Num1, 1),
        (Key::Num2, 2),
        (Key::Num3, 3),
        (Key::Num4, 4),
        (Key::Num5, 5),
        (Key::Num0, 0),
    ];
    let mut wishes = Vec::new();
    if model.workspace != Workspace::Ledger || !model.shows_pages() || model.district.is_none() {
        return wishes;
    }
    for (key, step) in STEPS {
        if input.consume_key(Modifiers::NONE, key) {
            wishes.push(Action::Ledger(LedgerAction::Key(step)));
        }
    }
    if input.consume_key(Modifiers::NONE, Key::Enter) {
        wishes.push(Action::Ledger(LedgerAction::Open(true)));
    }
    wishes
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
        if !input.consume_key(Modifiers::NONE, key) {
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
