//! The result of the chosen plan as a report or as data, written in a job.

use std::path::Path;
use std::sync::Arc;

use egui::Ui;
use jiff::civil::Date;
use lucide_icons::Icon;

use crate::domain::{EditKind, Localized as _, LocalizedText, Text};
use crate::exchange::formats;
use crate::exchange::write::replace;
use crate::files::write_whole;
use crate::geodesy::crs::Crs;
use crate::report::result::{ResultRequest, blocks};
use crate::report::{PaperFormat, links};
use crate::settings::clock;
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::answer::Answer;
use crate::ui::widgets::{icon, named, note};

/// As it is offered here: a report is signed on paper or reckoned with.
const FORMATS: [PaperFormat; 3] = [PaperFormat::Docx, PaperFormat::Pdf, PaperFormat::Xlsx];

/// The figures as a layer of other programs.
const DATA: [&str; 3] = ["xlsx", "geojson", "gpkg"];
const DATA_WORDS: Text = Text::new("路段流量和路线", "roads and ways");

/// A button that offers the files that a report can be.
pub fn menu_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Arc<Answer>) {
    let words = ctx.say(Text::new("导出结果", "Export the result"));
    // What is being drawn belongs to no plan yet.
    if answer.is_draft() {
        return;
    }
    let button = ui.menu_button((icon(Icon::FileText), words), |ui| {
        for format in FORMATS {
            let line = format!("{}  {}", format.ending(), ctx.say(format.words()));
            if ui.button(line).clicked() {
                export(ctx, Arc::clone(answer), format);
                ui.close();
            }
        }
        ui.label(note(ctx.tell(
            "一句话、三个数、前后对照图、受影响者、核对事项、假设",
            "one line, three numbers, two maps, who is worse off, checks, assumptions",
        )));
        ui.separator();
        for ending in DATA {
            let line = format!("{ending}  {}", ctx.say(DATA_WORDS));
            if ui.button(line).clicked() {
                export_data(ctx, Arc::clone(answer), ending);
                ui.close();
            }
        }
        ui.label(note(ctx.tell(
            "每段路的现状、方案、变化、饱和度；每股车流的前后路线；核对事项",
            "each road before, after, change, v/c; the ways of each flow; the checks",
        )));
    });
    named(&button.response, words);
}

/// Asks where, then writes.
fn export(ctx: &Ctx<'_>, answer: Arc<Answer>, format: PaperFormat) {
    let actions = ctx.actions.clone();
    let what = ctx.tell("评估报告", "report");
    let plan = answer.asked.plan.clone();
    let name = format!("{plan} {what}.{}", format.ending());
    let outgoing = ctx.outgoing();
    let date = clock::today();
    ctx.actions.work("export", move |_| {
        let Some(target) = actions.ask_where_to_save(&name, &what) else {
            return Action::Nothing;
        };
        let file = target.display();
        match write(&target, &answer, format, date) {
            Ok(()) => {
                let said = Toast::wrote(Text::new("已导出", "written"), target.clone());
                let asked = [format!("plan {plan} --report")];
                let went_out = outgoing.written(EditKind::Paper, &target, &asked);
                Action::All(vec![Action::Say(said), went_out])
            }
            Err(LocalizedText { zh, en }) => Action::Say(Toast::act(
                format!("导出失败，原文件未动：{file}（{zh}）"),
                format!("not written, the old file is as it was: {file}: {en}"),
            )),
        }
    });
}

/// The figures themselves, for other programs: asks where, then writes.
fn export_data(ctx: &Ctx<'_>, answer: Arc<Answer>, ending: &'static str) {
    let actions = ctx.actions.clone();
    let what = ctx.say(DATA_WORDS).to_owned();
    let plan = answer.asked.plan.clone();
    let name = format!("{plan} {what}.{ending}");
    let outgoing = ctx.outgoing();
    ctx.actions.work("export", move |_| {
        let Some(target) = actions.ask_where_to_save(&name, &what) else {
            return Action::Nothing;
        };
        let (at, assumed) = (answer.asked.at, answer.asked.assumed);
        let crs = Crs::Wgs84;
        let layers = links::layers(answer.prepared(), &answer.comparison, (at, assumed), &crs);
        let written = formats::by_name(&target).and_then(|format| replace(&target, format, layers));
        let file = target.display();
        match written {
            Ok(()) => {
                let said = Toast::wrote(Text::new("已导出", "written"), target.clone());
                let asked = [format!("plan {plan} --links")];
                let went_out = outgoing.written(EditKind::Export, &target, &asked);
                Action::All(vec![Action::Say(said), went_out])
            }
            Err(error) => {
                let LocalizedText { zh, en } = error.localized();
                Action::Say(Toast::act(
                    format!("导出失败，原文件未动：{file}（{zh}）"),
                    format!("not written, the old file is as it was: {file}: {en}"),
                ))
            }
        }
    });
}

fn write(
    target: &Path,
    answer: &Answer,
    format: PaperFormat,
    date: Date,
) -> Result<(), LocalizedText> {
    let asked = ResultRequest {
        world: &answer.asked.world,
        prepared: answer.prepared(),
        comparison: &answer.comparison,
        plan: &answer.asked.plan,
        at: answer.asked.at,
        assumed: answer.asked.assumed,
        date,
        most_rows: format.most_rows(),
    };
    let paper = blocks(&asked)?;
    write_whole(target, &format.bytes(&paper, date, &asked.about())?)?;
    Ok(())
}
