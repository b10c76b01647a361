//! A file that a dialog writes: the dialog stays until it is written, and says why it was not.

use std::path::Path;

use egui::{RichText, Ui};

use crate::domain::LocalizedText;
use crate::jobs::{Derived, Progress};
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::widgets::note;

/// What became of the file.
pub enum Saved {
    /// What is said of it, and what follows from it.
    Written(Toast, Action),
    /// The person has stopped it.
    Stopped(Toast),
    /// It is not all there, for this reason; and what follows from what is.
    Failed(LocalizedText, Action),
}

/// What the dialog knows of it.
#[derive(Default)]
enum State {
    #[default]
    Open,
    Written(LocalizedText),
    Failed(LocalizedText),
}

/// The file of one dialog. Each attempt is a question of its own, numbered.
#[derive(Default)]
pub struct Saving(Derived<u32, State>);

impl Saving {
    /// Asks where, then writes, as a job of this key. Where the dialog is gone by then, a message says
    /// what it would have said.
    pub fn start(
        &mut self,
        ctx: &Ctx<'_>,
        key: &'static str,
        (name, kind): (String, String),
        write: impl FnOnce(&Path, &Progress) -> Saved + Send + 'static,
    ) {
        let actions = ctx.actions.clone();
        self.attempt(ctx, key, move |progress| {
            let target = actions.ask_where_to_save(&name, &kind)?;
            Some(write(&target, progress))
        });
    }

    /// The same where nobody is asked where.
    pub fn write(
        &mut self,
        ctx: &Ctx<'_>,
        key: &'static str,
        write: impl FnOnce(&Progress) -> Saved + Send + 'static,
    ) {
        self.attempt(ctx, key, move |progress| Some(write(progress)));
    }

    /// `None` is no attempt.
    fn attempt(
        &mut self,
        ctx: &Ctx<'_>,
        key: &'static str,
        write: impl FnOnce(&Progress) -> Option<Saved> + Send + 'static,
    ) {
        let number = self.0.question().map_or(0, |number| number + 1);
        let reply = self.0.ask_anew(number);
        ctx.actions.work(key, move |progress| {
            let Some(saved) = write(progress) else {
                reply.send(State::Open);
                return Action::Nothing;
            };
            match saved {
                Saved::Written(toast, then) => {
                    reply.send(State::Written(toast.words.clone()));
                    Action::All(vec![Action::Say(toast), then])
                }
                Saved::Stopped(toast) => {
                    reply.send(State::Open);
                    Action::Say(toast)
                }
                Saved::Failed(said, then) => {
                    let is_heard = reply.send(State::Failed(said.clone()));
                    let toast = Toast::new(crate::ui::model::Tone::Act, said);
                    let said = if is_heard { Action::Nothing } else { Action::Say(toast) };
                    Action::All(vec![said, then])
                }
            }
        });
    }

    /// Takes what has come; whether the file is written.
    pub fn is_written(&mut self) -> bool {
        self.0.poll() && matches!(*self.0, State::Written(_))
    }

    /// Whether an attempt is under way: another one would overtake it.
    pub fn is_busy(&self) -> bool {
        self.0.question().is_some() && !self.0.is_fresh()
    }

    /// Says how the last attempt ended, or that one is under way.
    pub fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        if self.is_busy() {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label(note(ctx.tell("正在写文件…", "Writing the file…")));
            });
            return;
        }
        match &*self.0 {
            State::Open => {}
            State::Written(words) => drop(ui.label(note(words.say(ctx.lang())))),
            State::Failed(why) => {
                ui.label(RichText::new(why.say(ctx.lang())).color(ctx.color(|t| t.act)));
            }
        }
    }
}
