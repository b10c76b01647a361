//! All commands in one list, found by word, pinyin or key.

use egui::{Button, Key, RichText, ScrollArea, TextEdit, Ui};

use super::Dialog;
use crate::analysis::search::rank_of;
use crate::domain::{Lang, Text};
use crate::ui::command::{Command, key_text};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{icon, named, named_text, note, row_height};

/// What is typed, and which row of what is found Enter takes.
#[derive(Default)]
pub struct Palette {
    typed: String,
    chosen: usize,
    has_focus: bool,
}

/// A match in the words of its group comes after all others.
const OF_GROUP: u32 = 100;

impl Dialog for Palette {
    fn title(&self) -> Text {
        Command::Palette.about().words
    }

    fn size(&self) -> [f32; 2] {
        [560.0, 460.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let hint =
            Text::new("命令、拼音或按键，如 ql、Ctrl+P", "Words, pinyin or a key: print, Ctrl+P");
        let edit = TextEdit::singleline(&mut self.typed).hint_text(ctx.say(hint));
        let edit = ui.add(edit.desired_width(f32::INFINITY));
        named_text(&edit, ctx.say(Text::new("查找命令", "Find a command")), &self.typed);
        if !std::mem::replace(&mut self.has_focus, true) {
            edit.request_focus();
        }
        if edit.changed() {
            self.chosen = 0;
        }
        let found = found(&self.typed, &ctx.recent);
        let (up, down, enter) = ui.input(|input| {
            let pressed = |key| input.key_pressed(key);
            (pressed(Key::ArrowUp), pressed(Key::ArrowDown), pressed(Key::Enter))
        });
        let last = found.len().saturating_sub(1);
        self.chosen = match (up, down) {
            (true, _) => self.chosen.saturating_sub(1),
            (_, true) => (self.chosen + 1).min(last),
            _ => self.chosen.min(last),
        };
        let picked = if enter { found.get(self.chosen).copied() } else { None };
        let picked = picked.or_else(|| self.list_ui(ui, ctx, &found, up || down));
        let Some(command) = picked else { return true };
        ctx.actions.command(command);
        false
    }
}

impl Palette {
    /// The command that was clicked.
    fn list_ui(
        &self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        found: &[Command],
        follows: bool,
    ) -> Option<Command> {
        let mut picked = None;
        if found.is_empty() {
            ui.label(note(ctx.say(Text::new("没有这样的命令", "There is no such command"))));
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            for (row, command) in found.iter().enumerate() {
                let is_chosen = row == self.chosen;
                let response = row_ui(ui, ctx, *command, is_chosen);
                if is_chosen && follows {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    picked = Some(*command);
                }
            }
        });
        picked
    }
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, command: Command, is_chosen: bool) -> egui::Response {
    let about = command.about();
    let words = ctx.say(about.words);
    let group = note(ctx.say(about.group.title()));
    let row = Button::selectable(is_chosen, (icon(about.icon), RichText::new(words), group));
    let row = row.min_size(egui::vec2(ui.available_width(), row_height(ui)));
    let response = ui.add(row.shortcut_text(about.key.map(key_text).unwrap_or_default()));
    named(&response, words);
    response
}

/// The best first; of nothing typed, what was used last.
fn found(typed: &str, recent: &[Command]) -> Vec<Command> {
    let is_listed = |command: &Command| !matches!(command, Command::Palette | Command::StepBack);
    if typed.trim().is_empty() {
        let others = Command::ALL.iter().filter(|command| !recent.contains(command));
        return recent.iter().chain(others).copied().filter(is_listed).collect();
    }
    let ranked = Command::ALL.iter().enumerate();
    let mut ranked: Vec<(u32, usize)> =
        ranked.filter_map(|(place, command)| Some((rank(*command, typed)?, place))).collect();
    ranked.sort_unstable();
    ranked.iter().filter_map(|(_, place)| Command::ALL.get(*place).copied()).collect()
}

fn rank(command: Command, typed: &str) -> Option<u32> {
    let about = command.about();
    let plain = |text: &str| text.to_lowercase().replace(' ', "");
    let key = about.key.map(key_text).unwrap_or_default();
    if !key.is_empty() && plain(&key) == plain(typed) {
        return Some(0);
    }
    let words = [Lang::Zh, Lang::En].map(|lang| rank_of(about.words.say(lang), typed));
    let words = words.into_iter().flatten().min().map(|rank| rank + 1);
    let group = [Lang::Zh, Lang::En].map(|lang| rank_of(about.group.title().say(lang), typed));
    let group = group.into_iter().flatten().min().map(|rank| rank + OF_GROUP);
    let key = plain(&key).starts_with(&plain(typed)).then_some(OF_GROUP / 2);
    words.or(key).or(group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_comes_first_for_its_words_in_both_languages_and_for_its_key() {
        for command in Command::ALL {
            let about = command.about();
            for words in [about.words.zh, about.words.en] {
                assert!(
                    found(words, &[]).first().is_some_and(|first| {
                        let first = first.about().words;
                        first.zh == words || first.en == words
                    }),
                    "{words}"
                );
            }
            let key = key_text(about.key.unwrap());
            assert_eq!(found(&key, &[]).first(), Some(command), "{key}");
        }
    }

    #[test]
    fn initials_and_whole_pinyin_find_a_command() {
        for typed in ["dydt", "dayinditu", "print", "打印"] {
            assert_eq!(found(typed, &[]).first(), Some(&Command::Print), "{typed}");
        }
        assert!(found("zzzzz", &[]).is_empty());
    }

    #[test]
    fn what_was_used_last_comes_first_while_nothing_is_typed() {
        let all = found("", &[Command::Print, Command::Home]);
        assert_eq!(&all[..2], &[Command::Print, Command::Home]);
        assert_eq!(all.len(), Command::ALL.len() - 2, "each once, but those of the list itself");
    }
}
