//! 生成周报、纪要: which paper, by which template, as what file. The paper is written by a job.

mod forecast;
mod templates;
mod work;

use std::path::PathBuf;

use egui::{Button, ComboBox, RichText, Ui};
use jiff::Span;
use jiff::civil::{Date, ISOWeekDate};
use lucide_icons::Icon;

use self::forecast::ForecastForm;
use self::work::{About, BriefJob};
use super::Dialog;
use super::saving::Saving;
use crate::analysis::decisions::{current_meeting, newest_meeting};
use crate::domain::{Kind, LocalizedText, Record, RecordId, Text};
use crate::jobs::Derived;
use crate::report::PaperFormat;
use crate::report::brief::period::Period;
use crate::settings::clock;
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::Model;
use crate::ui::widgets::{icon, named, named_combo, note};

/// What can be written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Paper {
    Weekly,
    Leader,
    Daily,
    Minutes,
}

/// Asks what the paper is about, by which template, in which format.
pub struct BriefPage {
    paper: Paper,
    week: ISOWeekDate,
    day: Date,
    meeting: Option<RecordId>,
    format: PaperFormat,
    /// One of the office's own; `None` for that of the program.
    template: Option<PathBuf>,
    /// What lies in the folder of templates; nothing until a job has looked.
    known: Derived<(), Vec<PathBuf>>,
    /// What is wrong with the chosen template.
    problem: Derived<PathBuf, Option<LocalizedText>>,
    saving: Saving,
    forecast: ForecastForm,
}

const TEMPLATE: Text = Text::new("模板", "Template");
const MEETING: Text = Text::new("会议", "Meeting");
const BUILT_IN: Text = Text::new("内置模板", "built in");

impl BriefPage {
    /// Of the meeting where that mode is open, else of the week.
    pub fn new(model: &Model) -> Self {
        let (world, today) = (model.world(), clock::today());
        let held = model.meeting.held.filter(|id| world.get(*id).is_some());
        let meeting = held
            .or_else(|| current_meeting(&world, today).map(|meeting| meeting.id))
            .or_else(|| newest_meeting(&world).map(|meeting| meeting.id));
        Self {
            paper: if model.meeting.is_open && meeting.is_some() {
                Paper::Minutes
            } else {
                Paper::Weekly
            },
            week: today.iso_week_date(),
            day: today,
            meeting,
            format: PaperFormat::Docx,
            template: None,
            known: Derived::default(),
            problem: Derived::default(),
            saving: Saving::default(),
            forecast: ForecastForm::default(),
        }
    }

    fn about_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.horizontal(|ui| {
            for (paper, words) in [
                (Paper::Weekly, Text::new("会商周报", "weekly brief")),
                (Paper::Leader, Text::new("给领导（一页）", "one page for leaders")),
                (Paper::Daily, Text::new("日调度单", "sheet of the day")),
            ] {
                if ui.radio(self.paper == paper, ctx.say(words)).clicked() {
                    self.paper = paper;
                }
            }
            match self.paper {
                Paper::Weekly | Paper::Leader => self.week_ui(ui, ctx),
                Paper::Daily => self.day_ui(ui, ctx),
                Paper::Minutes => {}
            }
        });
        ui.horizontal(|ui| {
            let has_meeting = self.meeting.is_some();
            let minutes = egui::RadioButton::new(
                self.paper == Paper::Minutes,
                ctx.tell("会议纪要", "minutes"),
            );
            if ui.add_enabled(has_meeting, minutes).clicked() {
                self.paper = Paper::Minutes;
            }
            if !has_meeting {
                ui.label(note(ctx.tell("还没有会议", "there is no meeting yet")));
            } else if self.paper == Paper::Minutes {
                self.meeting_ui(ui, ctx);
            }
        });
    }

    /// A week at a time, to this week.
    fn week_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let today = clock::today();
        let step = |weeks: i64| {
            let day = self.week.date().checked_add(Span::new().weeks(weeks)).ok()?;
            Some(day.iso_week_date())
        };
        let (earlier, later) = (step(-1), step(1));
        let is_past = later.is_some_and(|week| Period::of_week(week, today).is_some());
        let button = |ui: &mut Ui, mark: Icon, is_enabled: bool, name: Text| {
            let response = ui.add_enabled(is_enabled, Button::new(icon(mark)));
            named(&response, ctx.say(name));
            response.clicked()
        };
        let back = Text::new("前一周", "The week before");
        if button(ui, Icon::ChevronLeft, earlier.is_some(), back) {
            self.week = earlier.unwrap_or(self.week);
        }
        let (year, number) = (self.week.year(), self.week.week());
        if let Some(Period { from, until }) = Period::of_week(self.week, today) {
            ui.label(format!("{year}-W{number:02}  {from} ~ {until}"));
        }
        if button(ui, Icon::ChevronRight, is_past, Text::new("后一周", "The week after")) {
            self.week = later.unwrap_or(self.week);
        }
    }

    /// A day at a time, to today.
    fn day_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let today = clock::today();
        let step = |days: i64| self.day.checked_add(Span::new().days(days)).ok();
        let (earlier, later) = (step(-1), step(1).filter(|day| *day <= today));
        let back = ui.add_enabled(earlier.is_some(), Button::new(icon(Icon::ChevronLeft)));
        named(&back, ctx.say(Text::new("前一天", "The day before")));
        ui.label(self.day.to_string());
        let on = ui.add_enabled(later.is_some(), Button::new(icon(Icon::ChevronRight)));
        named(&on, ctx.say(Text::new("后一天", "The day after")));
        if back.clicked() {
            self.day = earlier.unwrap_or(self.day);
        } else if on.clicked() {
            self.day = later.unwrap_or(self.day);
        }
    }

    fn meeting_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let world = ctx.world();
        let mut meetings: Vec<_> = world.table(Kind::Meeting).iter().collect();
        meetings.sort_by_key(|meeting| std::cmp::Reverse((meeting.date("date"), meeting.id)));
        let words = |meeting: &Record| {
            let day = meeting.date("date").map(|day| day.to_string()).unwrap_or_default();
            format!("{day}  {}", meeting.name())
        };
        let chosen = self.meeting.and_then(|id| world.get(id)).map(|meeting| words(meeting));
        let chosen = chosen.unwrap_or_default();
        let combo = ComboBox::from_id_salt("meeting").selected_text(&chosen).width(380.0);
        let response = combo.show_ui(ui, |ui| {
            for meeting in meetings {
                let is_chosen = self.meeting == Some(meeting.id);
                if ui.selectable_label(is_chosen, words(meeting)).clicked() {
                    self.meeting = Some(meeting.id);
                }
            }
        });
        named_combo(&response.response, ctx.say(MEETING), &chosen);
    }

    fn template_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let name = |template: Option<&PathBuf>| match template {
            Some(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            None => ctx.say(BUILT_IN).to_owned(),
        };
        let chosen = name(self.template.as_ref());
        let own = self.known.clone();
        ui.horizontal(|ui| {
            let combo = ComboBox::from_id_salt("template").selected_text(&chosen).width(260.0);
            let response = combo.show_ui(ui, |ui| {
                for choice in std::iter::once(None).chain(own.into_iter().map(Some)) {
                    let words = name(choice.as_ref());
                    if ui.selectable_label(self.template == choice, words).clicked() {
                        self.choose(choice, ctx);
                    }
                }
            });
            named_combo(&response.response, ctx.say(TEMPLATE), &chosen);
            let write = ctx.tell("写出内置模板供修改", "Write the built-in ones to edit");
            if ui.button(write).clicked() {
                templates::write(ctx, self.known.ask_anew(()));
            }
        });
        let folder = templates::folder(ctx.model);
        ui.label(note(ctx.tell(
            format!("自己的模板放在：{}", folder.display()),
            format!("Templates of your own go to: {}", folder.display()),
        )));
        if let Some(problem) = &*self.problem {
            ui.label(RichText::new(problem.say(ctx.lang())).color(ctx.color(|t| t.act)));
        }
    }

    /// It is looked at before a paper is asked of it.
    fn choose(&mut self, template: Option<PathBuf>, ctx: &Ctx<'_>) {
        self.problem.forget();
        if let Some(path) = &template {
            templates::check(ctx, self.problem.ask_anew(path.clone()));
        }
        self.template = template;
    }

    fn format_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        for format in PaperFormat::ALL {
            let words = format!("{}  .{}", ctx.say(format.words()), format.ending());
            if ui.radio(self.format == format, words).clicked() {
                self.format = format;
            }
        }
    }

    fn start(&mut self, ctx: &Ctx<'_>) {
        let Some(district) = &ctx.district else { return };
        let about = match (self.paper, self.meeting) {
            (Paper::Minutes, Some(meeting)) => About::Meeting(meeting),
            (Paper::Leader, _) => About::Leader(self.week),
            (Paper::Daily, _) => About::Day(self.day),
            _ => About::Week(self.week),
        };
        let job = BriefJob {
            outgoing: ctx.outgoing(),
            world: ctx.sealed_world(),
            district: district.path.clone(),
            about,
            template: self.template.clone(),
            format: self.format,
        };
        let name = format!("{}.{}", job.name(&district.name), self.format.ending());
        let kind = ctx.say(self.format.words()).to_owned();
        self.saving
            .start(ctx, "brief", (name, kind), move |target, progress| job.write(target, progress));
    }
}

impl Dialog for BriefPage {
    fn title(&self) -> Text {
        Command::Brief.about().words
    }

    fn size(&self) -> [f32; 2] {
        [640.0, 430.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        self.problem.poll();
        self.known.poll();
        if let Some(reply) = self.known.ask(()) {
            templates::list(ctx, reply);
        }
        let most = (ui.ctx().content_rect().height() - 160.0).max(160.0);
        egui::ScrollArea::vertical().max_height(most).show(ui, |ui| {
            self.about_ui(ui, ctx);
            if self.paper == Paper::Daily {
                self.forecast.ui(ui, ctx, self.day);
            }
            ui.add_space(8.0);
            ui.label(note(ctx.say(TEMPLATE)));
            self.template_ui(ui, ctx);
            ui.add_space(8.0);
            ui.label(note(ctx.tell("格式", "Format")));
            self.format_ui(ui, ctx);
        });
        ui.add_space(12.0);
        let words = ctx.tell("选择位置并生成…", "Choose a place and write…");
        let is_written = self.saving.is_written();
        self.saving.ui(ui, ctx);
        let may = self.problem.is_none() && ctx.district.is_some() && !self.saving.is_busy();
        if ui.add_enabled(may, Button::new(words)).clicked() {
            self.start(ctx);
        }
        !is_written
    }
}
