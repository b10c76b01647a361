//! Messages that do not stop anybody, and what can be done about them.

use std::path::PathBuf;

use crate::domain::{Localized, LocalizedText, Text};
use crate::store::UndoStack;
use crate::ui::command::Command;

/// A message that does not stop anybody.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    pub id: u64,
    pub tone: Tone,
    pub words: LocalizedText,
    /// What can be done about it: the words of a button and what is behind it.
    pub ways: Vec<(Text, Way)>,
    /// The step of the journal that it tells of.
    pub step: Option<Step>,
    /// It matters no more once another edit has come to the disk.
    pub is_until_next_edit: bool,
}

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Done,
    Watch,
    Act,
}

/// What a button of a message does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    Command(Command),
    /// Takes back the step that the message tells of.
    TakeBack,
    /// Opens a file with whatever the desktop opens it with.
    Open(PathBuf),
    /// Shows a file in its folder.
    ShowInFolder(PathBuf),
}

/// The step that a message tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// On its way to the disk: the last of so many edits that have not been confirmed.
    Awaited(usize),
    /// The revision that it is in the journal.
    Written(u64),
}

impl Toast {
    /// Without a button.
    pub const fn new(tone: Tone, words: LocalizedText) -> Self {
        Self { id: 0, tone, words, ways: Vec::new(), step: None, is_until_next_edit: false }
    }

    /// Something was done.
    pub fn done(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Tone::Done, LocalizedText::new(zh, en))
    }

    /// Something should be looked at; nothing is lost.
    pub fn watch(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Tone::Watch, LocalizedText::new(zh, en))
    }

    /// Something failed and somebody has to act.
    pub fn act(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Tone::Act, LocalizedText::new(zh, en))
    }

    /// The words of an error, as something to act on.
    pub fn failed(error: &impl Localized) -> Self {
        Self::new(Tone::Act, error.localized())
    }

    /// A file was written: `did` what with it, such as 已生成.
    pub fn wrote(did: Text, file: PathBuf) -> Self {
        let path = file.display();
        Self::done(format!("{}：{path}", did.zh), format!("{}: {path}", did.en)).with_file(file)
    }

    /// With a button for what can be done about it.
    #[must_use]
    pub fn with_way(mut self, words: Text, command: Command) -> Self {
        self.ways.push((words, Way::Command(command)));
        self
    }

    /// With a button that takes back the step it tells of. Only for what is said with an edit.
    #[must_use]
    pub fn with_undo(mut self) -> Self {
        self.ways.push((Command::Undo.about().words, Way::TakeBack));
        self
    }

    /// With buttons that open a file and show where it lies.
    #[must_use]
    pub fn with_file(mut self, file: PathBuf) -> Self {
        self.ways.push((Text::new("打开", "Open"), Way::Open(file.clone())));
        self.ways.push((Text::new("打开所在文件夹", "Show in folder"), Way::ShowInFolder(file)));
        self
    }

    /// Goes when the next edit has come to the disk.
    #[must_use]
    pub const fn until_next_edit(mut self) -> Self {
        self.is_until_next_edit = true;
        self
    }

    /// Whether it still says something true of the journal as it is; its undo goes with the moment in
    /// which its step is the last no more.
    pub fn follow(&mut self, steps: &UndoStack) -> bool {
        let Some(Step::Written(revision)) = self.step else { return true };
        if !steps.done.contains(&revision) {
            return false;
        }
        if steps.done.last() != Some(&revision) {
            self.ways.retain(|(_, way)| *way != Way::TakeBack);
        }
        true
    }

    /// One more edit has come to the disk, or was refused; `false` where that was the one that the
    /// message tells of and the disk refused it.
    pub fn confirm(&mut self, steps: &UndoStack, is_refused: bool) -> bool {
        match self.step {
            Some(Step::Awaited(0 | 1)) if is_refused => return false,
            Some(Step::Awaited(0 | 1)) => self.step = steps.done.last().copied().map(Step::Written),
            Some(Step::Awaited(left)) => self.step = Some(Step::Awaited(left - 1)),
            Some(Step::Written(_)) | None => {}
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(done: &[u64]) -> UndoStack {
        UndoStack { done: done.to_vec(), undone: Vec::new() }
    }

    fn has_undo(toast: &Toast) -> bool {
        toast.ways.iter().any(|(_, way)| *way == Way::TakeBack)
    }

    #[test]
    fn the_undo_of_a_message_goes_with_the_next_step_and_the_message_with_its_own() {
        let mut toast = Toast::done("甲", "a").with_undo();
        toast.step = Some(Step::Awaited(2));
        assert!(toast.confirm(&steps(&[7]), false), "the edit before it has come");
        assert_eq!(toast.step, Some(Step::Awaited(1)));
        assert!(toast.confirm(&steps(&[7, 8]), false));
        assert_eq!(toast.step, Some(Step::Written(8)));
        assert!(toast.follow(&steps(&[7, 8])) && has_undo(&toast));
        let mut undone = toast.clone();
        assert!(!undone.follow(&steps(&[7])), "what was taken back is not told of any more");
        assert!(toast.follow(&steps(&[7, 8, 9])) && !has_undo(&toast));
    }

    #[test]
    fn what_the_disk_refused_is_not_said_to_be_done() {
        let mut toast = Toast::done("甲", "a").with_undo();
        toast.step = Some(Step::Awaited(1));
        assert!(!toast.confirm(&steps(&[]), true));
    }
}
