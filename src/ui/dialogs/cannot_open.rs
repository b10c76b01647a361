//! A district file that could not be opened: why, and what can be done instead.

use std::path::{Path, PathBuf};

use egui::{Button, RichText, Ui};

use super::Dialog;
use crate::domain::{Localized as _, LocalizedText, Text};
use crate::jobs::{Derived, Reply};
use crate::settings::clock;
use crate::store::restore::{DatedCopy, newest_good};
use crate::ui::action::{Action, FileAction};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::parts::words::when;
use crate::ui::widgets::{note, strong};

/// Says why, and offers another file, the newest copy that opens, the sample and a new one.
pub struct CannotOpen {
    path: PathBuf,
    why: LocalizedText,
    /// Of the file that it is the page of.
    copy: Derived<PathBuf, Found>,
}

/// What a look at the dated copies brought.
#[derive(Default)]
enum Found {
    #[default]
    Looking,
    None,
    /// With how many records it has.
    Copy(DatedCopy, u64),
}

impl CannotOpen {
    /// Of a file, with the words of the error.
    pub fn new(path: PathBuf, why: LocalizedText) -> Self {
        Self { path, why, copy: Derived::default() }
    }

    fn copy_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        self.copy.poll();
        if let Some(reply) = self.copy.ask(self.path.clone()) {
            ctx.actions.work("copies", move |_| look(&reply));
        }
        match &*self.copy {
            Found::Looking => {
                ui.horizontal(|ui| {
                    ui.spinner();
                    ui.label(note(ctx.tell("正在查看备份…", "Looking at the copies…")));
                });
                false
            }
            Found::None => {
                ui.label(note(
                    ctx.tell("旁边没有可用的备份", "There is no copy beside it that opens"),
                ));
                false
            }
            Found::Copy(copy, count) => {
                let at = when(copy.made_at);
                let words = ctx.tell(
                    format!("打开最近的完好备份（{at}，{count} 条）"),
                    format!("Open the newest good copy ({at}, {count} records)"),
                );
                let is_asked = ui.add(Button::new(strong(words))).clicked();
                ui.label(note(ctx.tell(
                    "备份先另存为旁边的新文件再打开，原文件和备份都不动",
                    "It is copied to a new file beside it first: file and copy stay as they are",
                )));
                if is_asked {
                    let (copy, district) = (copy.path.clone(), self.path.clone());
                    ctx.actions.work("open file", move |_| opened_copy(&copy, &district));
                }
                is_asked
            }
        }
    }
}

impl Dialog for CannotOpen {
    fn title(&self) -> Text {
        Text::new("文件打不开", "The file does not open")
    }

    fn size(&self) -> [f32; 2] {
        [520.0, 300.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        ui.label(RichText::new(file).heading());
        ui.add(egui::Label::new(self.why.say(ctx.lang())).wrap());
        ui.add_space(12.0);
        let mut is_done = self.copy_ui(ui, ctx);
        ui.add_space(8.0);
        is_done |= ways_ui(ui, ctx);
        !is_done
    }
}

/// What can be opened instead; whether the page is done with.
pub fn ways_ui(ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
    let mut is_done = false;
    ui.horizontal_wrapped(|ui| {
        for (words, command) in [
            (Text::new("打开其他文件…", "Open another file…"), Command::Open),
            (Text::new("打开示例", "Open the sample"), Command::Sample),
            (Text::new("新建区域…", "A new district…"), Command::New),
        ] {
            if ui.button(ctx.say(words)).clicked() {
                ctx.actions.command(command);
                is_done |= command == Command::Sample;
            }
        }
    });
    is_done
}

/// The newest copy that is whole.
fn look(reply: &Reply<PathBuf, Found>) -> Action {
    let good = newest_good(&reply.key).ok().flatten();
    reply.send(good.map_or(Found::None, |(copy, facts)| Found::Copy(copy, facts.record_count())));
    Action::Nothing
}

/// A copy of the copy, beside the file that does not open, and opens it.
fn opened_copy(copy: &Path, district: &Path) -> Action {
    let stem = district.file_stem().unwrap_or_default().to_string_lossy();
    let now = clock::now().to_zoned_datetime(clock::office()).strftime("%Y%m%d-%H%M%S");
    let target = district.with_file_name(format!("{stem}-备份恢复-{now}.gpkg"));
    match std::fs::copy(copy, &target) {
        Ok(_) => Action::File(FileAction::Open(target)),
        Err(error) => {
            let file = target.display();
            Action::Say(Toast::act(
                format!("备份未能复制到 {file}：{}", error.zh()),
                format!("The copy could not be written to {file}: {error}"),
            ))
        }
    }
}
