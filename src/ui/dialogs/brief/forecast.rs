//! 研判 of a day, written where the sheet of the day is made: what is expected, why, and what is advised.

use std::sync::Arc;

use egui::{DragValue, TextEdit, Ui};
use jiff::civil::Date;

use crate::analysis::air::forecast::{of_day, range};
use crate::domain::{Change, Edit, Kind, Record, RecordId, Text, Value};
use crate::settings::clock;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::widgets::{named, named_text, note};

/// What is being written.
#[derive(Default)]
pub struct ForecastForm {
    /// Of which day and record the rest is.
    of: Option<(Date, Option<RecordId>)>,
    from: f64,
    to: f64,
    texts: [String; 3],
}

const KEYS: [&str; 3] = ["hours", "basis", "advice"];

impl ForecastForm {
    /// The form of the person who sits here: who writes again on the same day changes what was written.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, day: Date) {
        let world = ctx.world();
        let actor = ctx.stamp().actor;
        let own = of_day(&world, day).into_iter().find(|it| it.meta.created_by == actor);
        let key = (day, own.map(|it| it.id));
        if self.of != Some(key) {
            let (from, to) = own.and_then(range).unwrap_or_default();
            let texts = KEYS.map(|key| own.map_or("", |it| it.text(key)).to_owned());
            *self = Self { of: Some(key), from, to, texts };
        }
        ui.horizontal(|ui| {
            ui.label(note(
                ctx.tell(format!("研判（{actor}）PM2.5"), format!("Forecast by {actor}, PM2.5")),
            ));
            for (slot, name) in [
                (&mut self.from, Text::new("PM2.5 下限", "PM2.5 from")),
                (&mut self.to, Text::new("PM2.5 上限", "PM2.5 to")),
            ] {
                let value = DragValue::new(slot).range(0.0..=2000.0).fixed_decimals(0);
                named(&ui.add(value), ctx.say(name));
            }
            ui.label(note("µg/m³"));
        });
        let labels = [
            Text::new("高值时段", "High hours"),
            Text::new("依据", "On what ground"),
            Text::new("管控建议", "Advice"),
        ];
        for (text, label) in self.texts.iter_mut().zip(labels) {
            let hint = ctx.say(label);
            let edit = ui.add(TextEdit::singleline(text).hint_text(hint).desired_width(560.0));
            named_text(&edit, hint, text);
        }
        let has_any = self.to > 0.0 || self.texts.iter().any(|text| !text.trim().is_empty());
        let words = ctx.tell("记下研判", "Keep the forecast");
        if ui.add_enabled(has_any, egui::Button::new(words)).clicked() {
            let own = own.and_then(|own| world.table(Kind::Forecast).get(own.id)).cloned();
            self.keep(ctx, day, own);
        }
    }

    fn keep(&self, ctx: &Ctx<'_>, day: Date, own: Option<Arc<Record>>) {
        let stamp = ctx.stamp();
        let mut newer = match &own {
            Some(own) => Record::clone(own),
            None => Record::new(clock::ids(&stamp).next(), Kind::Forecast, &stamp),
        };
        newer.meta.change(&stamp);
        newer.set("name", Some(Value::text(&format!("{day} {}", stamp.actor))));
        newer.set("date", Some(Value::Date(day)));
        let range = (self.to > 0.0).then_some((self.from, self.to));
        newer.set("pm25_from", range.map(|(from, _)| Value::Real(from)));
        newer.set("pm25_to", range.map(|(_, to)| Value::Real(to)));
        for (key, text) in KEYS.into_iter().zip(&self.texts) {
            newer.set(key, (!text.trim().is_empty()).then(|| Value::text(text.trim())));
        }
        let change = match own {
            Some(own) => Change::update(own, newer),
            None => Change::create(newer),
        };
        let said = Toast::done(
            format!("已记下 {day} 的研判，次日评分"),
            format!("the forecast of {day} is kept; the day after it is scored"),
        );
        ctx.actions.apply_saying(Edit::of(vec![change]), said.with_undo());
    }
}
