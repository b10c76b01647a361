//! The dialog of the table of truck speeds: a row a class of road, the hours of the peak, of when it is
//! and where it comes from.

use egui::{DragValue, Grid, RichText, TextEdit, Ui};

use super::Dialog;
use crate::domain::{RoadClass, Text};
use crate::network::speeds::{BadSpeeds, OwnSpeeds, TruckSpeed, TruckSpeeds, table};
use crate::ui::action::PlannerAction;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named_text, note};

/// What is being typed.
pub struct SpeedsPage {
    rows: Vec<TruckSpeed>,
    peak: String,
    dated: String,
    source: String,
}

/// Hours as a person writes them, `7,8,17,18`; `None` for what are none.
fn hours(text: &str) -> Option<Vec<u8>> {
    let parts = text.split([',', '，', '、', ' ']).map(str::trim).filter(|part| !part.is_empty());
    let hours: Vec<u8> = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
    hours.iter().all(|hour| *hour <= 23).then_some(hours)
}

impl SpeedsPage {
    /// Of the table that holds.
    pub fn new() -> Self {
        let table = table();
        let mut rows = table.rows.clone();
        rows.sort_by_key(|row| RoadClass::from_key(&row.class));
        // What the program says of its own table is said anew by whoever changes it.
        let (dated, source) = table.dated.split_once(' ').unwrap_or((&table.dated, ""));
        let peak: Vec<String> = table.peak_hours.iter().map(ToString::to_string).collect();
        let (dated, source) = (dated.to_owned(), source.to_owned());
        Self { rows, peak: peak.join(","), dated, source }
    }

    /// As the office keeps it: rows and hours that are those of the program are left out.
    fn own(&self) -> Option<OwnSpeeds> {
        let shipped = TruckSpeeds::shipped();
        let peak_hours = hours(&self.peak)?;
        let is_new = |row: &&TruckSpeed| !shipped.rows.contains(row);
        Some(OwnSpeeds {
            dated: self.dated.trim().to_owned(),
            source: self.source.trim().to_owned(),
            rows: self.rows.iter().filter(is_new).cloned().collect(),
            peak_hours: if peak_hours == shipped.peak_hours { Vec::new() } else { peak_hours },
        })
    }

    fn rows_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let shipped = TruckSpeeds::shipped();
        Grid::new("truck speeds").num_columns(4).spacing([18.0, 6.0]).show(ui, |ui| {
            for words in [
                Text::new("道路等级", "Class"),
                Text::new("未标限速时", "no limit stated"),
                Text::new("限速更高时至多", "at most"),
                Text::new("高峰", "in the peak"),
            ] {
                ui.label(note(ctx.say(words)));
            }
            ui.end_row();
            for row in &mut self.rows {
                let class = RoadClass::from_key(&row.class).unwrap_or_default();
                let words = ctx.say(class.label());
                let is_own = !shipped.rows.contains(row);
                let text = RichText::new(words);
                ui.label(if is_own { text.color(ctx.color(|t| t.watch)) } else { text });
                for (what, value) in [
                    (Text::new("未标限速", "no limit"), &mut row.unstated_kmh),
                    (Text::new("至多", "at most"), &mut row.most_kmh),
                    (Text::new("高峰", "peak"), &mut row.peak_kmh),
                ] {
                    let drag = DragValue::new(value).range(1.0..=120.0).speed(0.5).max_decimals(0);
                    let value = ui.add(drag.suffix(" km/h"));
                    crate::ui::widgets::named(&value, &format!("{words} {}", ctx.say(what)));
                }
                ui.end_row();
            }
        });
    }
}

impl Dialog for SpeedsPage {
    fn title(&self) -> Text {
        Text::new("货车车速表", "Truck speeds")
    }

    fn size(&self) -> [f32; 2] {
        [600.0, 480.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        ui.label(note(ctx.tell(
            "货车实际车速，不是限速；改动后重算全部用时、路线和排放，结果页写明表的日期",
            "What trucks drive, not what is posted: every time, way and gram is computed anew, and \
             results name the date of the table",
        )));
        ui.add_space(6.0);
        self.rows_ui(ui, ctx);
        ui.add_space(8.0);
        for (words, hint, text) in [
            (Text::new("高峰小时（工作日）", "Hours of the peak"), "7,8,17,18", &mut self.peak),
            (Text::new("表的日期", "Of when it is"), "2027-01", &mut self.dated),
            (Text::new("来源", "Source"), "浮动车实测", &mut self.source),
        ] {
            ui.horizontal(|ui| {
                let words = ctx.say(words);
                ui.add_sized([150.0, 24.0], egui::Label::new(words));
                let edit = ui.add(TextEdit::singleline(text).hint_text(hint).desired_width(260.0));
                named_text(&edit, words, text);
            });
        }
        let own = self.own();
        let said = match &own {
            None => {
                Some(ctx.tell("高峰小时应为 0 到 23，用逗号分开", "hours are 0 to 23, with commas"))
            }
            Some(own) => TruckSpeeds::shipped()
                .with(own.clone())
                .err()
                .map(|BadSpeeds(why)| ctx.say(why).to_owned()),
        };
        if let Some(said) = &said {
            ui.label(RichText::new(said).color(ctx.color(|t| t.act)));
        }
        ui.add_space(8.0);
        let mut is_open = true;
        ui.horizontal(|ui| {
            let save = egui::Button::new(ctx.say(Text::new("保存并重算", "Keep and compute anew")));
            if ui.add_enabled(said.is_none(), save).clicked()
                && let Some(own) = own
            {
                ctx.actions.planner(PlannerAction::Speeds(Box::new(own)));
                is_open = false;
            }
            if ui.button(ctx.say(Text::new("恢复程序自带", "As it came"))).clicked() {
                ctx.actions.planner(PlannerAction::Speeds(Box::default()));
                is_open = false;
            }
        });
        is_open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them_and_what_is_none_is_refused() {
        assert_eq!(hours("7,8，17、18"), Some(vec![7, 8, 17, 18]));
        assert_eq!((hours("24"), hours("早晚"), hours("")), (None, None, Some(Vec::new())));
    }

    #[test]
    fn only_what_is_other_than_the_table_of_the_program_is_kept() {
        let mut page = SpeedsPage::new();
        assert_eq!(page.own().unwrap().rows, []);
        page.rows[0].peak_kmh += 1.0;
        let own = page.own().unwrap();
        assert_eq!((own.rows.len(), own.peak_hours), (1, Vec::new()));
    }
}
