//! The result report of the chosen plan, written in a job.

use std::path::Path;
use std::sync::Arc;

use egui::Ui;
use jiff::civil::Date;
use lucide_icons::Icon;

use crate::domain::{EditKind, LocalizedText, Text};
use crate::files::write_whole;
use crate::report::PaperFormat;
use crate::report::result::{ResultRequest, blocks};
use crate::settings::clock;
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::answer::Answer;
use crate::ui::widgets::{icon, named, note};

/// As it is offered here: a report is signed on paper or reckoned with.
const FORMATS: [PaperFormat; 3] = [PaperFormat::Docx, PaperFormat::Pdf, PaperFormat::Xlsx];

/// A button that offers the files that a report can be.
pub fn menu_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Arc<Answer>) {
    let words = ctx.say(Text::new("导出评估报告", "Export a report"));
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
