//! The buttons right of the search box. In a narrow window some of them move into a menu.

use egui::{Button, Popup, Ui};
use lucide_icons::Icon;

use crate::domain::Text;
use crate::ui::command::{Command, Group, key_text};
use crate::ui::ctx::Ctx;
use crate::ui::theme;
use crate::ui::widgets::{icon, icon_button, menu_entry, named, words_width};

/// From the right to the left, as they stand there.
const ALL: [Command; 9] = [
    Command::Big,
    Command::Settings,
    Command::Theme,
    Command::Language,
    Command::Print,
    Command::Import,
    Command::Right,
    Command::Bottom,
    Command::Left,
];
/// What a narrow window puts into a menu, the first first: what is asked for once a year.
const GIVES_WAY: [Command; 8] = [
    Command::Theme,
    Command::Language,
    Command::Print,
    Command::Import,
    Command::Settings,
    Command::Right,
    Command::Left,
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
            match command {
                Command::Language => language_ui(ui, ctx),
                Command::Left => panel_ui(ui, ctx, command, ctx.panels().left),
                Command::Right => panel_ui(ui, ctx, command, ctx.panels().right),
                Command::Bottom => panel_ui(ui, ctx, command, ctx.shows_table()),
                command => drop(icon_button(ui, ctx, command, may(ctx, command))),
            }
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

/// Whether it can be asked for now.
pub fn may(ctx: &Ctx<'_>, command: Command) -> bool {
    use Command as C;
    let needs_none = matches!(command, C::Open | C::New | C::Sample | C::Quit);
    ctx.district.is_some() || needs_none || command.about().group == Group::Window
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
        Command::Bottom => {
            of_words(command) + words_width(ui, icon(command.about().icon)) + spacing.icon_spacing
        }
        command => of_icon(command.about().icon),
    });
    let more = if count > 0 { of_icon(Icon::Ellipsis) } else { 0.0 };
    tools.sum::<f32>() + more
}

fn language_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let response = ui.button(ctx.say(Command::Language.about().words));
    if response.on_hover_text("中文 / English").clicked() {
        ctx.actions.command(Command::Language);
    }
}

/// A panel of the window, which is open or folded; the table has its word.
fn panel_ui(ui: &mut Ui, ctx: &Ctx<'_>, command: Command, is_open: bool) {
    let about = command.about();
    let words = ctx.say(about.words);
    let response = if command == Command::Bottom {
        ui.add(Button::selectable(is_open, (icon(about.icon), words)))
    } else {
        let button = Button::selectable(is_open, icon(about.icon).size(17.0));
        ui.add(button.min_size(egui::Vec2::splat(theme::TARGET)))
    };
    named(&response, words);
    let key = about.key.map(key_text).unwrap_or_default();
    if response.on_hover_text(format!("{words}  {key}")).clicked() {
        ctx.actions.command(command);
    }
}
