//! The buttons right of the search box. In a narrow window some of them move into a menu.

use egui::{Button, Popup, Ui};
use lucide_icons::Icon;

use crate::domain::Text;
use crate::ui::command::{Command, key_text};
use crate::ui::ctx::Ctx;
use crate::ui::theme;
use crate::ui::widgets::{icon, icon_button, menu_entry, named, words_width};

/// From the right to the left, as they stand there.
const ALL: [Command; 6] = [
    Command::Big,
    Command::Settings,
    Command::Theme,
    Command::Language,
    Command::Print,
    Command::Import,
];
/// The modes of the window, which stay, left of these.
const MODES: [Command; 2] = [Command::Meeting, Command::Planner];
/// What a narrow window puts into a menu, the first first: what is asked for once a year.
const GIVES_WAY: [Command; 6] = [
    Command::Theme,
    Command::Language,
    Command::Print,
    Command::Import,
    Command::Settings,
    Command::Big,
];
const MORE: Text = Text::new("更多", "More");

/// Those that find room, and how wide they are together, points.
pub struct Tools {
    in_menu: &'static [Command],
    pub width: f32,
}

impl Tools {
    /// As many as there is room for.
    pub fn that_fit(ui: &Ui, ctx: &Ctx<'_>, room: f32) -> Self {
        let count = (0..=GIVES_WAY.len()).find(|count| width_without(ui, ctx, *count) <= room);
        let count = count.unwrap_or(GIVES_WAY.len());
        let in_menu = GIVES_WAY.get(..count).unwrap_or_default();
        Self { in_menu, width: width_without(ui, ctx, count) }
    }

    /// Laid out from the right.
    pub fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        if !self.in_menu.is_empty() {
            self.more_ui(ui, ctx);
        }
        for command in ALL.into_iter().filter(|command| !self.in_menu.contains(command)) {
            if command == Command::Language {
                language_ui(ui, ctx);
            } else {
                icon_button(ui, ctx, command, may(ctx, command));
            }
        }
        for command in MODES {
            mode_ui(ui, ctx, command);
        }
    }

    fn more_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let words = ctx.say(MORE);
        let button = Button::new(icon(Icon::Ellipsis).size(17.0)).frame_when_inactive(false);
        let button = ui.add(button.min_size(egui::Vec2::splat(theme::TARGET)));
        named(&button, words);
        Popup::menu(&button).show(|ui| {
            ui.set_min_width(200.0);
            for command in self.in_menu.iter().rev() {
                menu_entry(ui, ctx, *command, may(ctx, *command));
            }
        });
    }
}

fn may(ctx: &Ctx<'_>, command: Command) -> bool {
    ctx.district.is_some() || !matches!(command, Command::Print | Command::Import)
}

/// Of all tools when so many are in the menu.
fn width_without(ui: &Ui, ctx: &Ctx<'_>, count: usize) -> f32 {
    let spacing = ui.spacing();
    let (gap, frame) = (spacing.item_spacing.x, 2.0 * spacing.button_padding.x);
    let of_icon = |mark: Icon| {
        let button = words_width(ui, icon(mark).size(17.0)) + frame;
        button.max(theme::TARGET) + gap
    };
    let of_words = |command: Command| words_width(ui, ctx.say(command.about().words)) + frame + gap;
    let tools = ALL.into_iter().filter(|command| {
        GIVES_WAY.iter().position(|other| other == command).is_none_or(|place| place >= count)
    });
    let tools = tools.map(|command| match command {
        Command::Language => of_words(command),
        command => of_icon(command.about().icon),
    });
    let modes = MODES.map(|mode| {
        words_width(ui, icon(mode.about().icon)) + spacing.icon_spacing + of_words(mode)
    });
    let more = if count > 0 { of_icon(Icon::Ellipsis) } else { 0.0 };
    tools.sum::<f32>() + modes.iter().sum::<f32>() + more
}

fn language_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let response = ui.button(ctx.say(Command::Language.about().words));
    if response.on_hover_text("中文 / English").clicked() {
        ctx.actions.command(Command::Language);
    }
}

/// A mode of the window; pressed again it is left.
fn mode_ui(ui: &mut Ui, ctx: &Ctx<'_>, command: Command) {
    let is_open =
        if command == Command::Meeting { ctx.meeting.is_open } else { ctx.planner.is_open };
    let about = command.about();
    let words = ctx.say(about.words);
    let response = ui.add_enabled(
        ctx.district.is_some(),
        Button::selectable(is_open, (icon(about.icon), words)),
    );
    named(&response, words);
    let key = about.key.map(key_text).unwrap_or_default();
    if response.on_hover_text(format!("{words}  {key}")).clicked() {
        ctx.actions.command(command);
    }
}
