//! Giving the free room of the district file back to the disk.

use egui::{Button, Ui};

use super::Dialog;
use crate::domain::Text;
use crate::jobs::{Derived, Progress};
use crate::store::Room;
use crate::ui::action::StoreRequest;
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{note, strong};

/// Says how much of the file is free, and gives it back when asked.
#[derive(Default)]
pub struct CompactPage {
    room: Derived<(), Option<Room>>,
    /// Whether it came to an end, whatever became of it.
    ended: Derived<(), bool>,
    progress: Progress,
}

impl CompactPage {
    fn is_busy(&self) -> bool {
        self.ended.question().is_some() && !self.ended.is_fresh()
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

impl Dialog for CompactPage {
    fn title(&self) -> Text {
        Command::Compact.about().words
    }

    fn size(&self) -> [f32; 2] {
        [480.0, 200.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        self.room.poll();
        self.ended.poll();
        if *self.ended {
            return false;
        }
        if let Some(reply) = self.room.ask(()) {
            ctx.actions.keep(StoreRequest::Room(reply));
        }
        let Some(room) = *self.room else {
            ui.spinner();
            return true;
        };
        let (bytes, free) = (megabytes(room.bytes), megabytes(room.free_bytes));
        ui.label(ctx.tell(
            format!("文件共 {bytes}，其中 {free} 空闲"),
            format!("The file takes {bytes}, of which {free} are free"),
        ));
        ui.label(note(ctx.tell(
            "记录和历史都不会改变；压缩期间磁盘上需要再有一份的空间，修改要等它结束",
            "No record and no step of the history changes. The disk needs room for one more copy \
             while it lasts, and edits wait for its end",
        )));
        ui.add_space(8.0);
        if self.is_busy() {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label(ctx.tell("正在压缩…", "Compacting…"));
                if ui.button(ctx.tell("取消", "Cancel")).clicked() {
                    self.progress.cancel();
                }
            });
            return true;
        }
        let start = Button::new(strong(ctx.tell("开始压缩", "Compact it")));
        if ui.add(start).clicked() {
            self.progress = Progress::default();
            let (progress, reply) = (self.progress.clone(), self.ended.ask_anew(()));
            ctx.actions.keep(StoreRequest::Compact { progress, reply });
        }
        true
    }

    fn may_close(&self) -> bool {
        !self.is_busy()
    }

    fn closed(&mut self) {
        self.progress.cancel();
    }
}
