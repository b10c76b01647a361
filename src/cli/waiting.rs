//! How far a long command is, for somebody who waits at a terminal.

use std::cell::{Cell, RefCell};
use std::io::{IsTerminal as _, Stderr, Write};

use crate::domain::{Lang, Text};

/// One line, written over again and again, gone at the end. Where standard error is no terminal
/// nothing is said: a log is no place for it.
pub(crate) struct ProgressLine<W: Write> {
    out: RefCell<W>,
    lang: Lang,
    is_watched: bool,
    /// Of what stands there now, columns of the terminal.
    width: Cell<usize>,
}

impl ProgressLine<Stderr> {
    /// On standard error.
    pub fn at_terminal(lang: Lang) -> Self {
        let out = std::io::stderr();
        let is_watched = out.is_terminal();
        Self { out: RefCell::new(out), lang, is_watched, width: Cell::new(0) }
    }
}

impl<W: Write> ProgressLine<W> {
    /// What is being done now.
    pub fn tell(&self, what: Text) {
        self.put(what.say(self.lang));
    }

    /// The same, and which piece of how many it is.
    pub fn count(&self, what: Text, done: u64, total: u64) {
        self.put(&format!("{} {done}/{total}", what.say(self.lang)));
    }

    fn put(&self, words: &str) {
        if !self.is_watched {
            return;
        }
        let width = words.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        let rest = " ".repeat(self.width.replace(width).saturating_sub(width));
        let mut out = self.out.borrow_mut();
        // Who has closed the terminal gets the paper all the same.
        drop(write!(out, "\r{words}{rest}\r").and_then(|()| out.flush()));
    }
}

impl<W: Write> Drop for ProgressLine<W> {
    /// What comes next, an answer or a complaint, begins on an empty line.
    fn drop(&mut self) {
        if self.width.get() > 0 {
            self.put("");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Text = Text::new("正在读取", "reading");
    const WRITE: Text = Text::new("写", "writing");

    fn heard(lang: Lang, is_watched: bool) -> String {
        let mut out = Vec::new();
        let waiting =
            ProgressLine { out: RefCell::new(&mut out), lang, is_watched, width: Cell::new(0) };
        waiting.tell(READ);
        waiting.count(WRITE, 2, 9);
        drop(waiting);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_shorter_line_wipes_what_a_longer_one_left_and_the_last_one_goes() {
        let zh = heard(Lang::Zh, true);
        assert_eq!(zh, format!("\r正在读取\r\r写 2/9{}\r\r{}\r", " ".repeat(2), " ".repeat(6)));
        let en = heard(Lang::En, true);
        assert_eq!(en, format!("\rreading\r\rwriting 2/9\r\r{}\r", " ".repeat(11)));
    }

    #[test]
    fn a_log_hears_nothing() {
        assert_eq!(heard(Lang::Zh, false), "");
    }
}
