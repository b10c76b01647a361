//! The system's own dialogs for files, which take as long as the person does: only for jobs.
//!
//! A Linux without a desktop portal has none. Its answer is the same as that of a person who closes
//! the dialog; then the window says what is missing and what can be done.

use std::path::PathBuf;

use rfd::FileDialog;

use super::action::{Action, Actions};
use super::model::Toast;
use crate::files::plain_name;
use crate::settings::{clock, desktop};

/// A portal that is installed and does not run answers at once: no hand closes a dialog as fast as
/// that, milliseconds.
const NO_HAND_MS: i64 = 400;

impl Actions {
    /// What was picked; `None` where the dialog was closed without, or nobody could answer it.
    pub fn picked<T>(&self, dialog: FileDialog, pick: fn(FileDialog) -> Option<T>) -> Option<T> {
        if self.downloads().is_some() {
            return None;
        }
        self.answered(|| pick(dialog), no_dialog_to_open)
    }

    /// Where the person wants it. The list of kinds has one, called `kind`, which is what the ending
    /// of the name says.
    pub fn ask_where_to_save(&self, name: &str, kind: &str) -> Option<PathBuf> {
        // A plan may be called `早/晚高峰`, a file may not.
        let name = plain_name(name);
        if let Some(folder) = self.downloads() {
            return Some(folder.join(name));
        }
        let mut dialog = FileDialog::new().set_file_name(&name);
        if let Some((_, ending)) = name.rsplit_once('.') {
            dialog = dialog.add_filter(kind, &[ending]);
        }
        self.answered(|| dialog.save_file(), no_dialog_to_save)
    }

    fn answered<T>(&self, ask: impl FnOnce() -> Option<T>, missing: fn() -> Toast) -> Option<T> {
        let asked_at = clock::now();
        let answer = ask();
        let after_ms = clock::now().as_millisecond() - asked_at.as_millisecond();
        if answer.is_none() && !was_shown(after_ms, desktop::may_show_dialogs()) {
            self.send(Action::Say(missing()));
        }
        answer
    }
}

/// Whether a dialog that brought nothing after so long was one that a person saw.
const fn was_shown(after_ms: i64, may_show: bool) -> bool {
    may_show && after_ms >= NO_HAND_MS
}

fn no_dialog_to_open() -> Toast {
    Toast::act(
        "系统没有可用的文件选择窗口（需要 xdg-desktop-portal 或 zenity）。可把文件直接拖到窗口上",
        "The system has no dialog for files (it needs xdg-desktop-portal or zenity). Drop the file \
         on the window instead",
    )
}

fn no_dialog_to_save() -> Toast {
    Toast::act(
        "系统没有可用的保存窗口（需要 xdg-desktop-portal 或 zenity），未保存。\
         命令行也能导出和打印，见 shapan --help",
        "Not saved: the system has no dialog for files (it needs xdg-desktop-portal or zenity). \
         The command line exports and prints as well, see shapan --help",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    /// What the window is asked to say after a dialog that answers at once.
    fn said(answer: Option<u8>) -> Vec<Toast> {
        let (sender, receiver) = channel();
        let actions = Actions::new(sender, egui::Context::default());
        assert_eq!(actions.answered(|| answer, no_dialog_to_open), answer);
        let toasts = receiver.try_iter().filter_map(|action| match action {
            Action::Say(toast) => Some(toast),
            _ => None,
        });
        toasts.collect()
    }

    #[test]
    fn a_dialog_that_cannot_be_opened_is_told_of_and_one_that_was_closed_is_not() {
        assert_eq!(said(None), [no_dialog_to_open()]);
        assert_eq!(said(Some(1)), []);
        assert!(was_shown(NO_HAND_MS, true));
        assert!(!was_shown(60_000, false), "a slow machine without a portal");
    }
}
