//! The dialog of what an office keeps for itself: holidays with the days that are moved, year by year,
//! and what the words of its time limits mean. Both hold at once, for due moments, restrictions and
//! sweeping alike, and stand in `office.json` beside the settings.

use std::path::{Path, PathBuf};

use egui::{Button, Grid, RichText, ScrollArea, TextEdit, Ui};

use super::Dialog;
use crate::analysis::ledger::limit::{self, LimitWord, LimitWords, Meaning};
use crate::domain::calendar::{self, Calendar, HolidayYear};
use crate::domain::{Localized as _, LocalizedText, Text};
use crate::settings::Office;
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::planning::now;
use crate::ui::widgets::{named_text, note, strong};

/// What is being typed.
pub struct OfficePage {
    folder: PathBuf,
    /// What the file held: the rest of it is kept.
    office: Result<Office, String>,
    years: Vec<YearRow>,
    limits: Vec<LimitRow>,
    /// A time limit to be tried.
    trial: String,
}

struct YearRow {
    year: i16,
    source: String,
    off: String,
    worked: String,
}

#[derive(Default)]
struct LimitRow {
    words: String,
    meaning: String,
}

impl OfficePage {
    /// With what holds now. A file that cannot be read is not written over.
    pub fn of(folder: &Path) -> Self {
        let office = Office::load(folder).map_err(|error| error.to_string());
        let year = |year: &HolidayYear| YearRow {
            year: year.year,
            source: year.source.clone(),
            off: year.off_words(),
            worked: year.worked_words(),
        };
        let mut limits: Vec<LimitRow> = limit::words()
            .rows()
            .iter()
            .map(|row| LimitRow { words: row.words.clone(), meaning: row.meaning.words() })
            .collect();
        limits.sort_by(|a, b| a.meaning.cmp(&b.meaning).then_with(|| a.words.cmp(&b.words)));
        Self {
            folder: folder.to_owned(),
            office,
            years: calendar::calendar().years().iter().map(year).collect(),
            limits,
            trial: "5个工作日内".to_owned(),
        }
    }

    /// The years as they are typed, or which is wrong and why.
    fn years(&self) -> Result<Vec<HolidayYear>, LocalizedText> {
        let read = |row: &YearRow| {
            HolidayYear::read(row.year, &row.source, &row.off, &row.worked).map_err(|fault| {
                let year = row.year;
                LocalizedText::new(format!("{year} 年：{}", fault.zh()), format!("{year}: {fault}"))
            })
        };
        self.years.iter().map(read).collect()
    }

    /// The rows as they are typed; those without words are left out.
    fn limits(&self) -> Result<Vec<LimitWord>, LocalizedText> {
        let rows = self.limits.iter().filter(|row| !row.words.trim().is_empty());
        let read = |row: &LimitRow| {
            let words = row.words.trim().to_owned();
            match Meaning::read(&row.meaning) {
                Some(meaning) => Ok(LimitWord { words, meaning }),
                None => Err(LocalizedText::new(
                    format!("“{words}”：应写成 3天、2小时、11月15日前、每30天 或 复工"),
                    format!("`{words}`: write 3天, 2小时, 11月15日前, 每30天 or 复工"),
                )),
            }
        };
        rows.map(read).collect()
    }

    fn years_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.label(strong(ctx.tell("节假日与调休", "Holidays and moved days of work")));
        let heads = [("年", "Year"), ("文号", "Notice"), ("放假", "Off"), ("调休上班", "Worked")];
        Grid::new("holiday years").num_columns(4).spacing([8.0, 4.0]).show(ui, |ui| {
            for (zh, en) in heads {
                ui.label(note(ctx.tell(zh, en)));
            }
            ui.end_row();
            for row in &mut self.years {
                ui.label(row.year.to_string());
                for (text, width, zh, en) in [
                    (&mut row.source, 170.0, "文号", "notice"),
                    (&mut row.off, 330.0, "放假", "off"),
                    (&mut row.worked, 170.0, "上班", "worked"),
                ] {
                    let response = ui.add(TextEdit::singleline(text).desired_width(width));
                    let name = format!("{} {}", row.year, ctx.tell(zh, en));
                    named_text(&response, &name, text);
                }
                ui.end_row();
            }
        });
        let next = self.years.iter().map(|row| row.year).max().unwrap_or(2023) + 1;
        let words = ctx.tell(format!("加 {next} 年"), format!("Add {next}"));
        if ui.button(words).clicked() {
            let (source, off, worked) = Default::default();
            self.years.push(YearRow { year: next, source, off, worked });
        }
        ui.label(note(ctx.tell(
            "放假写成 1.1-1.3、2.15-2.23，调休写成 1.4、2.14；没有列出的年份只按周末计",
            "Off as 1.1-1.3、2.15-2.23, worked as 1.4、2.14; of other years weekends alone count",
        )));
    }

    fn limits_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.label(strong(ctx.tell("时限用语", "Words of time limits")));
        Grid::new("limit words").num_columns(4).spacing([8.0, 4.0]).show(ui, |ui| {
            for (place, row) in self.limits.iter_mut().enumerate() {
                for (text, width, zh, en) in [
                    (&mut row.words, 170.0, "用语", "words"),
                    (&mut row.meaning, 110.0, "含义", "meaning"),
                ] {
                    let response = ui.add(TextEdit::singleline(text).desired_width(width));
                    let name = format!("{} {}", ctx.tell(zh, en), place + 1);
                    named_text(&response, &name, text);
                }
                if place % 2 == 1 {
                    ui.end_row();
                }
            }
        });
        if ui.button(ctx.tell("加一条", "Add one")).clicked() {
            self.limits.push(LimitRow::default());
        }
        ui.horizontal(|ui| {
            ui.label(note(ctx.tell("试读", "Try")));
            let response = ui.add(TextEdit::singleline(&mut self.trial).desired_width(200.0));
            named_text(&response, &ctx.tell("试读时限", "Try a time limit"), &self.trial);
            if let (Ok(years), Ok(limits)) = (self.years(), self.limits()) {
                let calendar = Calendar::shipped().with(years);
                let words = LimitWords::default().with(limits);
                let read = limit::limit(&self.trial, now(), &calendar, &words).unwrap_or_default();
                ui.label(note(read.words().say(ctx.lang())));
            }
        });
    }

    /// Writes the file and lets both tables hold from now on.
    fn save(&self, ctx: &Ctx<'_>, years: Vec<HolidayYear>, limits: Vec<LimitWord>) {
        let Ok(office) = &self.office else { return };
        let shipped = Calendar::shipped();
        let own_years: Vec<HolidayYear> =
            years.into_iter().filter(|year| !shipped.years().contains(year)).collect();
        let known = LimitWords::default();
        let own_limits: Vec<LimitWord> =
            limits.into_iter().filter(|row| !known.rows().contains(row)).collect();
        let json = |row: &LimitWord| serde_json::to_value(row).unwrap_or_default();
        let newer = Office {
            holidays: own_years.clone(),
            limits: own_limits.iter().map(json).collect(),
            ..office.clone()
        };
        let folder = self.folder.clone();
        ctx.actions.work("office", move |_| match newer.save(&folder) {
            Ok(()) => {
                calendar::install(own_years);
                limit::install(own_limits);
                Action::Say(Toast::done(
                    "单位日历与时限已保存",
                    "The tables of the office are saved",
                ))
            }
            Err(error) => Action::Say(Toast::act(
                format!("未能保存：{}", error.zh()),
                format!("not saved: {error}"),
            )),
        });
    }
}

impl Dialog for OfficePage {
    fn title(&self) -> Text {
        Text::new("单位日历与时限", "Calendar and time limits")
    }

    fn size(&self) -> [f32; 2] {
        [800.0, 600.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        if let Err(why) = &self.office {
            let file = Office::file(&self.folder);
            let file = file.display();
            let words = ctx.tell(
                format!("{file} 读不懂，不能在此修改：{why}"),
                format!("{file} cannot be read and is not written over: {why}"),
            );
            ui.label(RichText::new(words).color(ctx.color(|t| t.act)));
            return true;
        }
        let room = (ui.available_height() - 70.0).max(120.0);
        ScrollArea::vertical().max_height(room).auto_shrink(false).show(ui, |ui| {
            self.years_ui(ui, ctx);
            ui.separator();
            self.limits_ui(ui, ctx);
        });
        let read = self.years().and_then(|years| Ok((years, self.limits()?)));
        if let Err(why) = &read {
            ui.label(RichText::new(why.say(ctx.lang())).color(ctx.color(|t| t.act)));
        }
        let save = Button::new(strong(ctx.tell("保存并生效", "Save")));
        let is_asked = ui.add_enabled(read.is_ok(), save).clicked();
        match read {
            Ok((years, limits)) if is_asked => {
                self.save(ctx, years, limits);
                false
            }
            _ => true,
        }
    }
}
