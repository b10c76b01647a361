//! Lists of what the district checks by itself, written to a file: a plan, its villages and households,
//! the lines of a response.

use egui::{Popup, Ui};
use lucide_icons::Icon;

use super::out::exported;
use super::worded::worded_button;
use crate::analysis::ledger::checks::PlanState;
use crate::domain::item::moment_words;
use crate::domain::{CheckSubject, LocalizedText};
use crate::files::write_whole;
use crate::report::PaperFormat;
use crate::report::block::{Block, PaperTable};
use crate::report::ledger::plan_sheet::{household_table, plan_table, village_table};
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::model::ledger::LedgerNow;

/// The menu of what a plan can be written as. Names and phones are masked.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow, state: &PlanState) {
    let button =
        worded_button(ui, Icon::FileDown, &ctx.tell("导出检查表", "Write the list"), false);
    Popup::menu(&button).show(|ui| {
        let name = state.plan.name();
        let is_of_villages = state.subject() == Some(CheckSubject::Villages);
        if is_of_villages {
            let rows = now.villages.get(&state.plan.id).map(Vec::as_slice).unwrap_or_default();
            let words = ctx.tell("按村汇总", "by village");
            formats_ui(ui, ctx, now, &words, name, &|| village_table(rows));
            let words = ctx.tell("逐户（户主隐去）", "by household, names masked");
            let world = ctx.world();
            formats_ui(ui, ctx, now, &words, name, &|| household_table(&world, state, false));
        }
        let words = ctx.tell("检查表", "list");
        let today = now.now.date();
        formats_ui(ui, ctx, now, &words, name, &|| plan_table(state, today, false));
    });
}

/// A row of formats; the table is made when one is chosen.
pub fn formats_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    now: &LedgerNow,
    words: &str,
    title: &str,
    table: &dyn Fn() -> PaperTable,
) {
    ui.horizontal(|ui| {
        ui.label(words);
        for format in [PaperFormat::Xlsx, PaperFormat::Docx, PaperFormat::Pdf] {
            let name = match format {
                PaperFormat::Xlsx => "Excel",
                PaperFormat::Docx => "Word",
                _ => "PDF",
            };
            if ui.button(name).clicked() {
                save(ctx, now, title, table(), format);
                ui.close();
            }
        }
    });
}

fn save(ctx: &Ctx<'_>, now: &LedgerNow, title: &str, table: PaperTable, format: PaperFormat) {
    let today = now.now.date();
    let file = crate::files::plain_name(&format!("{title}{today}.{}", format.ending()));
    let kind = ctx.say(format.words()).to_owned();
    let when = moment_words(now.now);
    let about = format!("{title}　时刻：{when}　共 {} 行", table.rows.len());
    let title = title.to_owned();
    let (actions, outgoing) = (ctx.actions.clone(), ctx.outgoing());
    ctx.actions.work("list of a plan", move |_| {
        let Some(target) = actions.ask_where_to_save(&file, &kind) else { return Action::Nothing };
        let paper = [Block::Title(title.clone()), Block::Note(about.clone()), Block::Table(table)];
        let written = format
            .bytes(&paper, today, &about)
            .map_err(LocalizedText::from)
            .and_then(|bytes| write_whole(&target, &bytes).map_err(LocalizedText::from));
        exported(&outgoing, &[title], target, written)
    });
}
