//! What leaves the page of decisions: a message to copy, a table to save.

use egui::Ui;
use lucide_icons::Icon;

use super::meant::{Row, today};
use crate::analysis::decisions::words::{due, message};
use crate::analysis::decisions::{DecisionFilter, meeting};
use crate::domain::{EditKind, LocalizedText, Record, Text, Value};
use crate::files::write_whole;
use crate::report::block::{Block, PaperTable};
use crate::report::xlsx;
use crate::ui::action::{Action, WindowAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::widgets::{icon, named};

/// What is listed, to send and to take along.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, rows: &[&Row], wanted: &DecisionFilter) {
    let title = title(ctx, wanted);
    ui.add_space(12.0);
    let words = ctx.tell("复制为文字", "Copy as text");
    let copy = ui.button((icon(Icon::Copy), words.as_str()));
    named(&copy, &words);
    let tip = ctx.tell("粘贴到微信群或通知里", "To paste into a message");
    if copy.on_hover_text(tip).clicked() {
        ctx.actions.window(WindowAction::Copy(message(rows, &title, today(ctx), ctx.lang())));
        let count = rows.len();
        ctx.actions.send(Action::Say(Toast::done(
            format!("已复制 {count} 条决定"),
            format!("{count} decisions copied"),
        )));
    }
    let words = ctx.tell("导出所列…", "Export these…");
    let export = ui.button((icon(Icon::FileDown), words.as_str()));
    named(&export, &words);
    let tip =
        ctx.tell("Excel 表，表头写明筛选条件", "As an Excel sheet that says what was filtered");
    if export.on_hover_text(tip).clicked() {
        let blocks = vec![
            Block::Title(title),
            Block::Paragraph(ctx.tell(
                format!("筛选：{}", filter_words(ctx, wanted)),
                format!("filter: {}", filter_words(ctx, wanted)),
            )),
            Block::Heading(ctx.tell("决定", "Decisions")),
            Block::Table(table(ctx, rows)),
        ];
        save(ctx, blocks);
    }
}

fn title(ctx: &Ctx<'_>, wanted: &DecisionFilter) -> String {
    let day = today(ctx);
    let of = wanted.meeting.and_then(|id| ctx.record(id)).map(|meeting| meeting.name().to_owned());
    let of = of.unwrap_or_else(|| ctx.tell("会商会", "Meetings"));
    ctx.tell(format!("{of} 决定落实情况（{day}）"), format!("{of}: decisions on {day}"))
}

/// What was chosen, for the head of a file.
fn filter_words(ctx: &Ctx<'_>, wanted: &DecisionFilter) -> String {
    let mut words: Vec<String> =
        wanted.standings.iter().map(|how| ctx.say(how.label()).to_owned()).collect();
    words.extend(wanted.owner.clone());
    words.extend(wanted.meeting.and_then(|id| Some(ctx.record(id)?.name().to_owned())));
    words.extend(
        wanted.week.map(|monday| ctx.tell(format!("{monday} 起一周"), format!("week of {monday}"))),
    );
    if !wanted.text.trim().is_empty() {
        words.push(format!("“{}”", wanted.text.trim()));
    }
    if words.is_empty() { ctx.tell("全部", "all") } else { words.join(" · ") }
}

fn table(ctx: &Ctx<'_>, rows: &[&Row]) -> PaperTable {
    let header = [
        ("决定", "Decision"),
        ("责任单位", "Owner"),
        ("责任人", "Person"),
        ("时限", "Due"),
        ("落实", "Standing"),
        ("期限情况", "Days"),
        ("完成日期", "Closed on"),
        ("落实情况", "Result"),
        ("会议", "Meeting"),
    ];
    let world = ctx.world();
    let line = |row: &&Row| {
        let (how, decision): (_, &Record) = (row.0, &row.1);
        let cell = |key: &str| decision.get(key).map(Value::to_cell).unwrap_or_default();
        let of = meeting(&world, decision.text("meeting")).map_or("", |meeting| meeting.name());
        vec![
            decision.name().to_owned(),
            cell("owner"),
            cell("person"),
            cell("due"),
            ctx.say(how.label()).to_owned(),
            due(decision, how, today(ctx)).say(ctx.lang()).to_owned(),
            cell("closed_on"),
            cell("result"),
            of.to_owned(),
        ]
    };
    PaperTable {
        header: header.map(|(zh, en)| ctx.tell(zh, en)).to_vec(),
        widths: vec![30, 12, 8, 10, 8, 9, 10, 20, 14],
        rows: rows.iter().map(line).collect(),
        ..PaperTable::default()
    }
}

fn save(ctx: &Ctx<'_>, blocks: Vec<Block>) {
    let name =
        ctx.tell(format!("决定落实_{}.xlsx", today(ctx)), format!("decisions_{}.xlsx", today(ctx)));
    let (actions, outgoing) = (ctx.actions.clone(), ctx.outgoing());
    let work = move |_: &_| {
        let Some(target) = actions.ask_where_to_save(&name, "Excel / WPS") else {
            return Action::Nothing;
        };
        let bytes = xlsx::bytes(&blocks, "")
            .map_err(|error| LocalizedText::new("表格未能生成", error.to_string()));
        let file = target.display();
        let written = bytes.and_then(|bytes| Ok(write_whole(&target, &bytes)?));
        match written {
            Ok(()) => {
                let said = Toast::wrote(Text::new("已导出", "written"), target.clone());
                let asked = ["decisions".to_owned()];
                let went_out = outgoing.written(EditKind::Export, &target, &asked);
                Action::All(vec![Action::Say(said), went_out])
            }
            Err(LocalizedText { zh, en }) => Action::Say(Toast::act(
                format!("导出失败：{file}（{zh}）"),
                format!("Not written: {file}: {en}"),
            )),
        }
    };
    ctx.actions.work("export", work);
}
