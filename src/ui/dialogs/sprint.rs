//! The dialog that begins a sprint.

use egui::{Button, Grid, RichText, TextEdit, Ui};
use jiff::Span;
use jiff::civil::Date;

use super::Dialog;
use crate::domain::{Change, Edit, Field, Kind, Localized as _, Record, Text, Value};
use crate::settings::clock;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::widgets::{named_text, note};

/// A new sprint: its fields as they are typed.
pub struct SprintPage {
    texts: [String; KEYS.len()],
    is_new: bool,
}

/// The fields that are asked for, in this order.
const KEYS: [&str; 5] = ["name", "begins_on", "ends_on", "target", "leader"];

/// A sprint of four weeks, its first day counted.
const LENGTH_DAYS: i64 = 28;

impl SprintPage {
    /// Four weeks from today, until somebody says otherwise.
    pub fn new(today: Date) -> Self {
        let ends = today.checked_add(Span::new().days(LENGTH_DAYS - 1)).unwrap_or(today);
        let name = format!("{LENGTH_DAYS}天攻坚行动");
        let texts = [name, today.to_string(), ends.to_string(), String::new(), String::new()];
        Self { texts, is_new: true }
    }

    /// What was typed as values; the reason in words where one cannot be read.
    fn values(&self, ctx: &Ctx<'_>) -> Result<Vec<(&'static str, Option<Value>)>, String> {
        let mut values = Vec::new();
        for (key, text) in KEYS.into_iter().zip(&self.texts) {
            let Some(field) = Kind::Sprint.field(key) else { continue };
            let value = Value::parse(field, text).map_err(|error| {
                let label = ctx.say(field.label);
                ctx.tell(format!("{label}：{}", error.zh()), format!("{label}: {error}"))
            })?;
            values.push((key, value));
        }
        let date = |wanted: &str| {
            values.iter().find_map(|(key, value)| match value {
                Some(Value::Date(date)) if *key == wanted => Some(*date),
                _ => None,
            })
        };
        match (date("begins_on"), date("ends_on")) {
            (Some(begins), Some(ends)) if begins <= ends => {}
            (Some(_), Some(_)) => {
                return Err(ctx.tell("结束日期早于开始日期", "It ends before it begins"));
            }
            _ => return Err(ctx.tell("请填写开始和结束日期", "Both dates are needed")),
        }
        if self.texts.first().is_none_or(|name| name.trim().is_empty()) {
            return Err(ctx.tell("请填写名称", "It needs a name"));
        }
        Ok(values)
    }
}

impl Dialog for SprintPage {
    fn title(&self) -> Text {
        Text::new("建立攻坚行动", "Enter a sprint")
    }

    fn size(&self) -> [f32; 2] {
        [460.0, 280.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let mut is_entered = false;
        Grid::new("sprint").num_columns(2).spacing([16.0, 6.0]).show(ui, |ui| {
            for (key, text) in KEYS.into_iter().zip(&mut self.texts) {
                let label = Kind::Sprint.field(key).map(|field: &Field| field.label);
                let label = label.map_or("", |label| ctx.say(label));
                ui.label(note(label));
                let response = ui.add(TextEdit::singleline(text).desired_width(280.0));
                named_text(&response, label, text);
                if std::mem::take(&mut self.is_new) {
                    response.request_focus();
                }
                is_entered |=
                    response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
                ui.end_row();
            }
        });
        let values = self.values(ctx);
        if let Err(problem) = &values {
            ui.label(RichText::new(problem).color(ctx.color(|t| t.watch)));
        }
        ui.add_space(8.0);
        let words = ctx.say(Text::new("建立（回车）", "Enter it (Enter)"));
        let is_clicked = ui.add_enabled(values.is_ok(), Button::new(words)).clicked();
        let Ok(values) = values else { return true };
        if !is_clicked && !is_entered {
            return true;
        }
        keep(ctx, values);
        false
    }
}

fn keep(ctx: &Ctx<'_>, values: Vec<(&'static str, Option<Value>)>) {
    let stamp = ctx.stamp();
    let mut sprint = Record::new(clock::ids(&stamp).next(), Kind::Sprint, &stamp);
    for (key, value) in values {
        sprint.set(key, value);
    }
    let name = sprint.name().to_owned();
    let said = Toast::done(format!("已建立：{name}"), format!("entered: {name}"));
    ctx.actions.apply_saying(Edit::of(vec![Change::create(sprint)]), said.with_undo());
}
