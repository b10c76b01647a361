//! What is deducted of the dust: beside what was measured, and how it is entered.

use egui::{TextEdit, Ui};
use jiff::civil::Date;

use super::ranking::index_words;
use crate::analysis::air::{
    Day, Deduction, DistrictFigures, IndexMethod, PlaceAir, Pollutant, Quantity, rule,
};
use crate::domain::{LocalizedText, Record, Text};
use crate::ui::action::{Action, FileAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::parts::air::number_words;
use crate::ui::widgets::{named_text, note};

/// Of which there can be a deduction.
pub const PARTICLES: [Pollutant; 2] = [Pollutant::Pm10, Pollutant::Pm25];

/// `扣沙 PM10 110，PM2.5 剔除`; `None` of a day of which nothing is deducted.
pub fn day_words(ctx: &Ctx<'_>, day: &Day) -> Option<String> {
    let of = PARTICLES.into_iter().filter_map(|pollutant| {
        let value = match day.dust.get(pollutant)? {
            Deduction::LeftOut => ctx.tell("剔除", "left out"),
            Deduction::To(value) => number_words(Quantity::Of(pollutant), value),
        };
        Some(format!("{} {value}", pollutant.symbol()))
    });
    let of: Vec<String> = of.collect();
    let all = of.join(&ctx.tell("，", ", "));
    (!of.is_empty()).then(|| ctx.tell(format!("扣沙 {all}"), format!("dust deducted: {all}")))
}

/// The deducted value of a period behind the raw one, where a deduction is known: `（扣沙 71）`.
pub fn behind_words(ctx: &Ctx<'_>, place: &PlaceAir, pollutant: Pollutant) -> Option<String> {
    let is_of = place.air.dust_days > 0 && PARTICLES.contains(&pollutant);
    let value = place.air.dust_deducted[pollutant].value.filter(|_| is_of)?;
    let value = number_words(Quantity::Of(pollutant), value);
    Some(ctx.tell(format!("（扣沙 {value}）"), format!(" (dust deducted {value})")))
}

/// What the period is with the dust deducted, beside what was measured; nothing where nothing is.
pub fn period_ui(ui: &mut Ui, ctx: &Ctx<'_>, place: &PlaceAir, method: IndexMethod) {
    if place.air.dust_days == 0 {
        return;
    }
    let index = place.index_dust_deducted(method);
    let shown = |pollutant: Pollutant| {
        let words = |value: Option<f64>| {
            value.map_or_else(|| "—".to_owned(), |it| number_words(Quantity::Of(pollutant), it))
        };
        let (raw, deducted) =
            (place.air.raw[pollutant].value, place.air.dust_deducted[pollutant].value);
        format!("{} {} → {}", pollutant.symbol(), words(raw), words(deducted))
    };
    let (pm10, pm25) = (shown(Pollutant::Pm10), shown(Pollutant::Pm25));
    let (index, days) = (index_words(index.as_ref()), place.air.dust_days);
    let words = ctx.tell(
        format!("扣除沙尘影响：综合指数 {index}；{pm10}；{pm25} µg/m³（{days} 天有扣沙值，优良天数不扣）"),
        format!("Dust deducted: index {index}; {pm10}; {pm25} µg/m³ ({days} days have deductions; good days keep the dust)"),
    );
    let source = rule::DUST.source.say(ctx.lang());
    ui.label(words).on_hover_text(source);
}

/// The line in which a person enters what a day of the station is without the dust.
#[derive(Default)]
pub struct DustEntry {
    day: String,
    pm10: String,
    pm25: String,
}

impl DustEntry {
    /// Shows the line: it goes the way of every file of readings, so that it is looked at before it is
    /// written, kept as a delivery, and withdrawn as one.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures, place: &PlaceAir) {
        let head = Text::new("扣沙值", "Dust deductions");
        egui::CollapsingHeader::new(ctx.say(head)).id_salt("dust deductions").show(ui, |ui| {
            ui.label(note(ctx.tell(
                "导入含“站点、日期、PM10扣沙后、PM2.5扣沙后”列的表，或在此登记一天；写“剔除”表示当日不计入。原值不变，指数两种都列",
                "Import a table with the columns of station, day, pm10_dust_deducted and pm2_5_dust_deducted, or enter a day here; 剔除 leaves the day out. What was measured stays, and both are shown",
            )));
            let world = ctx.world();
            let Some(station) = place.place.and_then(|id| world.get(id)) else {
                ui.label(note(ctx.tell(
                    "扣沙按站登记：先在图上或排名中点一个站",
                    "They are entered by station: click one on the map or in the ranking first",
                )));
                return;
            };
            ui.horizontal(|ui| {
                let example = figures.through.to_string();
                for (text, hint, width, name) in [
                    (&mut self.day, example.as_str(), 96.0, Text::new("扣沙日期", "Day")),
                    (&mut self.pm10, "PM10", 64.0, Text::new("PM10 扣沙后", "PM10 without dust")),
                    (&mut self.pm25, "PM2.5", 64.0, Text::new("PM2.5 扣沙后", "PM2.5 without dust")),
                ] {
                    let edit = TextEdit::singleline(text).hint_text(hint).desired_width(width);
                    let edit = ui.add(edit);
                    named_text(&edit, ctx.say(name), text);
                }
                if ui.button(ctx.tell("登记…", "Enter…")).clicked() {
                    match self.table(station) {
                        Ok(table) => {
                            ctx.actions.send(Action::File(FileAction::Pasted(table)));
                            *self = Self::default();
                        }
                        Err(why) => ctx.actions.send(Action::Say(Toast::watch(why.zh, why.en))),
                    }
                }
            });
        });
    }

    /// As a table of readings.
    fn table(&self, station: &Record) -> Result<String, LocalizedText> {
        let say = |zh: &str, en: &str| LocalizedText::new(zh.to_owned(), en.to_owned());
        let day = self.day.trim().parse::<Date>();
        let day =
            day.map_err(|_fault| say("日期写成 2026-04-01", "write the day as 2026-04-01"))?;
        let mut cells = Vec::new();
        for text in [&self.pm10, &self.pm25] {
            let text = text.trim();
            let is_value = text.parse::<f64>().is_ok_and(|value| (0.0..=10_000.0).contains(&value));
            if !(text.is_empty() || is_value || text == "剔除") {
                let why = "扣沙后浓度写成数字，或“剔除”";
                return Err(say(why, "write a concentration, or 剔除"));
            }
            cells.push(text);
        }
        if cells.iter().all(|text| text.is_empty()) {
            return Err(say("至少填一项扣沙后浓度", "give at least one concentration"));
        }
        let cell = |text: &str| text.replace(['\t', '\n', '"'], " ");
        let (code, name) = (cell(station.code().unwrap_or_default()), cell(station.name()));
        Ok(format!(
            "站点编码\t站点\t日期\tPM10扣沙后\tPM2.5扣沙后\n{code}\t{name}\t{day}\t{}\t{}\n",
            cells[0], cells[1]
        ))
    }
}
