//! The question before files that wait are given up.

use egui::{Frame, Margin, Stroke, Ui};

use crate::ui::ctx::Ctx;
use crate::ui::widgets::strong;

/// What a person answers when files are still waiting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    GoOn,
    GiveUp,
}

/// Files that were not imported yet are not dropped without a word.
pub fn ask_ui(ui: &mut Ui, ctx: &Ctx<'_>, left: usize) -> Option<Answer> {
    let mut answer = None;
    let frame = Frame::NONE
        .stroke(Stroke::new(1.0, ctx.color(|t| t.watch)))
        .corner_radius(6)
        .inner_margin(Margin::symmetric(12, 8));
    frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(strong(ctx.tell(
                format!("还有 {left} 个文件未导入"),
                format!("{left} files are not imported yet"),
            )));
            if ui.button(ctx.tell("继续导入", "Go on")).clicked() {
                answer = Some(Answer::GoOn);
            }
            if ui.button(ctx.tell("全部放弃", "Give all of them up")).clicked() {
                answer = Some(Answer::GiveUp);
            }
        });
    });
    ui.add_space(4.0);
    answer
}
