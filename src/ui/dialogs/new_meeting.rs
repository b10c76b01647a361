//! The dialog that convenes a meeting from a template. The scenes are made by `analysis::agenda`.

use std::path::{Path, PathBuf};

use egui::{Button, Grid, RichText, ScrollArea, TextEdit, Ui};
use jiff::civil::Date;

use super::Dialog;
use crate::analysis::agenda::{Call, MEETING, PlannedScene, agenda};
use crate::domain::{Kind, Localized as _, LocalizedText, SEPARATORS, Text, Value, World};
use crate::files::write_whole;
use crate::jobs::{Derived, Reply};
use crate::map::layers;
use crate::settings::{clock, meeting_template};
use crate::ui::action::{Action, MeetingAction, StageAction};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named, named_text, note, strong};

/// The page: what is being typed, and the template as a job has read it.
pub struct NewMeeting {
    date: String,
    name: String,
    /// A name that nobody has typed follows the date.
    is_own_name: bool,
    chair: String,
    attendees: String,
    /// `None` while it is being read.
    template: Derived<(), Option<Template>>,
    /// A broken template of the office is only left out when somebody says so.
    uses_ours: bool,
    has_focus: bool,
}

/// What the job says of the templates.
struct Template {
    /// The office's own, where it lies.
    path: PathBuf,
    /// `None` where the office has none.
    own: Option<Result<Vec<PlannedScene>, LocalizedText>>,
    ours: Result<Vec<PlannedScene>, LocalizedText>,
    /// What came of writing it down.
    said: Option<LocalizedText>,
}

const DATE: Text = Text::new("日期", "Date");
const NAME: Text = Text::new("名称", "Title");
const CHAIR: Text = Text::new("主持人", "Chair");
const ATTENDEES: Text = Text::new("参会人员", "Attendees");

impl NewMeeting {
    /// For the next meeting, as the last one was.
    pub fn new(ctx: &Ctx<'_>) -> Self {
        let call = Call::next(&ctx.world(), clock::today());
        let mut template = Derived::<(), Option<Template>>::default();
        ask(ctx, template.ask_anew(()), false);
        Self {
            date: call.date.to_string(),
            name: call.name,
            is_own_name: false,
            chair: call.chair,
            attendees: call.attendees.join("、"),
            template,
            uses_ours: false,
            has_focus: false,
        }
    }

    fn fields_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> Option<Date> {
        let mut date = None;
        Grid::new("new meeting").num_columns(2).spacing([16.0, 6.0]).show(ui, |ui| {
            let response = row_ui(ui, ctx.say(DATE), &mut self.date, 140.0);
            if !std::mem::replace(&mut self.has_focus, true) {
                response.request_focus();
            }
            date = read_date(&self.date);
            if response.changed()
                && !self.is_own_name
                && let Some(date) = date
            {
                self.name = Call::named(date);
            }
            self.is_own_name |= row_ui(ui, ctx.say(NAME), &mut self.name, 400.0).changed();
            row_ui(ui, ctx.say(CHAIR), &mut self.chair, 200.0);
            row_ui(ui, ctx.say(ATTENDEES), &mut self.attendees, 400.0);
        });
        if date.is_none() {
            let words = ctx.tell("日期应写成 2026-12-05", "A date is written 2026-12-05");
            ui.label(RichText::new(words).color(ctx.color(|t| t.watch)));
        }
        date
    }

    /// The scenes that will be made, or why they cannot be.
    fn template_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> Option<Vec<PlannedScene>> {
        let Some(template) = &*self.template else {
            ui.label(note(ctx.tell("正在读取议程模板…", "Reading the template…")));
            return None;
        };
        let planned = match &template.own {
            Some(own) if !self.uses_ours => own,
            _ => &template.ours,
        };
        let path = template.path.display().to_string();
        match planned {
            Ok(planned) => {
                let count = planned.len();
                ui.label(strong(ctx.tell(format!("{count} 个场景"), format!("{count} scenes"))));
                for (number, scene) in (1..).zip(planned) {
                    ui.label(format!("{number}  {}", scene.name));
                }
            }
            Err(said) => {
                let color = ctx.color(|t| t.act);
                ui.add(egui::Label::new(RichText::new(said.say(ctx.lang())).color(color)).wrap());
                ui.label(note(ctx.tell("改好后点“重新读取”。", "Mend it, then read it again.")));
            }
        }
        ui.add_space(4.0);
        let planned = planned.clone().ok();
        let has_own = template.own.is_some();
        let said = template.said.clone();
        ui.horizontal_wrapped(|ui| self.own_ui(ui, ctx, has_own));
        let words = if has_own {
            ctx.tell(format!("本单位模板：{path}"), format!("The office's template: {path}"))
        } else {
            ctx.tell("用的是自带模板", "This is the template of the program")
        };
        ui.add(egui::Label::new(note(words)).wrap());
        if let Some(said) = said {
            ui.add(egui::Label::new(note(said.say(ctx.lang()))).wrap());
        }
        planned
    }

    fn own_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, has_own: bool) {
        if has_own {
            let words = ctx.tell("改用自带模板", "Take that of the program");
            ui.checkbox(&mut self.uses_ours, words);
            let words = ctx.say(Text::new("重新读取", "Read again"));
            if ui.button(words).clicked() {
                ask(ctx, self.template.ask_anew(()), false);
            }
        } else {
            let words =
                ctx.say(Text::new("写出模板，供本单位修改", "Write the template to edit it"));
            if ui.button(words).clicked() {
                ask(ctx, self.template.ask_anew(()), true);
            }
        }
    }
}

impl Dialog for NewMeeting {
    fn title(&self) -> Text {
        Text::new("新会商", "New meeting")
    }

    fn size(&self) -> [f32; 2] {
        [600.0, 560.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        self.template.poll();
        let date = self.fields_ui(ui, ctx);
        ui.add_space(8.0);
        let mut planned = None;
        ScrollArea::vertical().id_salt("template").max_height(330.0).show(ui, |ui| {
            planned = self.template_ui(ui, ctx);
        });
        ui.add_space(8.0);
        let words = ctx.say(Text::new("建立会议和场景", "Make the meeting"));
        let may = date.is_some() && planned.is_some() && !self.name.trim().is_empty();
        let make = ui.add_enabled(may, Button::new(words));
        named(&make, words);
        let (Some(date), Some(planned)) = (date.filter(|_| make.clicked()), planned) else {
            return true;
        };
        let parts = self.attendees.split(SEPARATORS).map(str::trim);
        let call = Call {
            name: self.name.trim().to_owned(),
            date,
            chair: self.chair.trim().to_owned(),
            attendees: parts.filter(|who| !who.is_empty()).map(str::to_owned).collect(),
            seal: ctx.seal(),
        };
        let convene = StageAction::Convene(Box::new(call), planned);
        ctx.actions.meeting(MeetingAction::Stage(convene));
        false
    }
}

fn row_ui(ui: &mut Ui, name: &str, text: &mut String, width: f32) -> egui::Response {
    ui.label(note(name));
    let response = ui.add(TextEdit::singleline(text).desired_width(width));
    named_text(&response, name, text);
    ui.end_row();
    response
}

/// In any way in which the file takes a date.
fn read_date(text: &str) -> Option<Date> {
    match Value::parse(Kind::Meeting.field("date")?, text).ok()? {
        Some(Value::Date(date)) => Some(date),
        _ => None,
    }
}

/// Reads the template of the office, after writing it where `writes` and there is none.
fn ask(ctx: &Ctx<'_>, reply: Reply<(), Option<Template>>, writes: bool) {
    let (path, world) = (meeting_template(&ctx.folder), ctx.world());
    ctx.actions.work("template", move |_| {
        reply.send(Some(looked(path, &world, writes)));
        Action::Nothing
    });
}

fn looked(path: PathBuf, world: &World, writes: bool) -> Template {
    let said = (writes && !path.exists()).then(|| written(&path));
    let own = match std::fs::read_to_string(&path) {
        Ok(text) => Some(read(&text, world)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(LocalizedText::new(
            format!("模板读不了（应为 UTF-8 文本）：{}", error.zh()),
            format!("The template is no UTF-8 text: {error}"),
        ))),
    };
    Template { own, ours: read(MEETING, world), said, path }
}

fn written(path: &Path) -> LocalizedText {
    let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    match folder.and_then(|()| write_whole(path, MEETING.as_bytes())) {
        Ok(()) => LocalizedText::new("已写出，可用记事本修改。", "Written; any editor changes it."),
        Err(error) => LocalizedText::new(
            format!("未能写出：{}", error.zh()),
            format!("It could not be written: {error}"),
        ),
    }
}

fn read(text: &str, world: &World) -> Result<Vec<PlannedScene>, LocalizedText> {
    Ok(agenda(text, &layers::names(), world)?)
}
