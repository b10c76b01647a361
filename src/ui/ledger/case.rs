//! 一案三查 on the page of an item: whether it is a case, and the three verdicts.

use std::sync::Arc;

use egui::{Button, TextEdit, Ui};

use crate::domain::item::{VERDICTS, is_case};
use crate::domain::{Change, Edit, Record, RecordId, Value};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::widgets::{named, named_text, note, strong};

/// What is being written of the verdicts of an item.
#[derive(Default)]
pub struct CaseForm {
    /// The item, as it was when its verdicts were read.
    of: Option<(RecordId, [String; VERDICTS.len()])>,
    texts: [String; VERDICTS.len()],
}

impl CaseForm {
    /// Shows the verdicts of a case; of another item how it becomes one.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, item: &Arc<Record>) {
        if !is_case(item) {
            let words = ctx.tell("立为一案三查", "Make it a case");
            let button = ui.add(Button::new(&words).small());
            named(&button, &words);
            let tip = ctx.tell(
                "查企业、查部门监管、查属地：三项结论齐了才能销号",
                "the firm, the department, the township: all three before it is struck off",
            );
            if button.on_hover_text(tip).clicked() {
                let said = Toast::done("已立为一案三查", "It is a case now");
                keep(ctx, item, said, |newer| {
                    newer.set("is_case", Some(Value::Boolean(true)));
                });
            }
            return;
        }
        let known = VERDICTS.map(|(key, _)| item.text(key).to_owned());
        let now = (item.id, known.clone());
        if self.of.as_ref() != Some(&now) {
            self.texts.clone_from(&known);
            self.of = Some(now);
        }
        ui.label(strong(ctx.tell("一案三查", "Case")));
        egui::Grid::new("verdicts").num_columns(2).show(ui, |ui| {
            for ((_, whose), text) in VERDICTS.iter().zip(&mut self.texts) {
                let words = ctx
                    .tell(format!("{}责任结论", whose.zh), format!("verdict on the {}", whose.en));
                let label = note(&words);
                let is_open = text.trim().is_empty();
                ui.label(if is_open { label.color(ctx.color(|t| t.act)) } else { label });
                let hint =
                    ctx.tell("对象、结论、处理、日期；可写“无责”", "whom, what, when; may be 无责");
                let edit = TextEdit::singleline(text).hint_text(hint).desired_width(f32::INFINITY);
                named_text(&ui.add(edit), &words, text);
                ui.end_row();
            }
        });
        let is_changed = self.texts != known;
        let words = ctx.tell("保存三项结论", "Keep the verdicts");
        if ui.add_enabled(is_changed, Button::new(&words).small()).clicked() {
            let texts = self.texts.clone();
            let said = Toast::done("已保存三项结论", "The verdicts are kept");
            keep(ctx, item, said, |newer| {
                newer.set("is_case", Some(Value::Boolean(true)));
                for ((key, _), text) in VERDICTS.iter().zip(&texts) {
                    let text = text.trim();
                    newer.set(key, (!text.is_empty()).then(|| Value::text(text)));
                }
            });
        }
    }
}

fn keep(ctx: &Ctx<'_>, item: &Arc<Record>, said: Toast, write: impl FnOnce(&mut Record)) {
    let mut newer = Record::clone(item);
    write(&mut newer);
    newer.meta.change(&ctx.stamp());
    let change = Change::update(Arc::clone(item), newer);
    ctx.actions.apply_saying(Edit::of(vec![change]), said.with_undo());
}
