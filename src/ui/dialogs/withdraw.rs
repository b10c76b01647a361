//! The dialog that withdraws a delivery of readings: why, and what goes with it.

use egui::{Button, RichText, TextEdit, Ui};

use super::Dialog;
use crate::domain::{RecordId, Text, Value};
use crate::store::readings::{repeated_by, withdrawal};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::widgets::{named_text, note, strong};

/// Why a delivery is a mistake.
pub struct WithdrawPage {
    delivery: RecordId,
    reason: String,
    is_new: bool,
}

impl WithdrawPage {
    /// For a delivery that is in force.
    pub const fn new(delivery: RecordId) -> Self {
        Self { delivery, reason: String::new(), is_new: true }
    }
}

impl Dialog for WithdrawPage {
    fn title(&self) -> Text {
        Text::new("撤回数据批次", "Withdraw a delivery")
    }

    fn size(&self) -> [f32; 2] {
        [520.0, 300.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let world = ctx.world();
        let Some(record) = world.get(self.delivery) else { return false };
        ui.label(strong(record.name()));
        let values = record.get("values").map_or_else(String::new, Value::to_cell);
        ui.label(ctx.tell(
            format!("共 {values} 个值，撤回后都不再计入；数据仍保留，随时可撤销（Ctrl+Z）"),
            format!(
                "Its {values} values count no more; they are kept, and undo (Ctrl+Z) takes it back"
            ),
        ));
        let repeated = repeated_by(&world, record);
        if !repeated.is_empty() {
            let names: Vec<&str> = repeated.iter().map(|it| it.name()).collect();
            let names = names.join("、");
            let words = ctx.tell(
                format!("注意：之后的 {names} 与它有重复的行，这些行只存在本批次里，会一起不计；撤回后请把这些文件再导入一次"),
                format!("Note: {names} came later and repeated rows of it, which are stored with it alone and go with it: import these files once more afterwards"),
            );
            ui.label(RichText::new(words).color(ctx.color(|t| t.watch)));
        }
        ui.add_space(6.0);
        let hint = ctx.tell("为什么撤回（必填，记入历史）", "Why (it goes into the history)");
        let edit =
            ui.add(TextEdit::singleline(&mut self.reason).desired_width(480.0).hint_text(hint));
        named_text(&edit, ctx.say(Text::new("撤回原因", "Reason")), &self.reason);
        if std::mem::take(&mut self.is_new) {
            edit.request_focus();
        }
        let reason = self.reason.trim();
        let entered = edit.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let is_asked = ui
            .horizontal(|ui| {
                let words = strong(ctx.tell("撤回", "Withdraw"));
                let button = ui.add_enabled(!reason.is_empty(), Button::new(words));
                ui.label(note(ctx.tell("撤回人", "by")));
                ui.label(ctx.stamp().actor.to_string());
                button.clicked()
            })
            .inner;
        if reason.is_empty() || !(is_asked || entered) {
            return true;
        }
        if let Some(edit) = withdrawal(record, reason, &ctx.stamp()) {
            let name = record.name();
            let said = Toast::done(format!("已撤回 {name}"), format!("withdrawn: {name}"));
            ctx.actions.apply_saying(edit, said.with_undo());
        }
        false
    }
}
