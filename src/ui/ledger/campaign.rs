//! Campaigns: 三条底线, the cases of 一案三查, standing rules with who keeps them, and the tasks of a
//! sprint.

use egui::{Button, ScrollArea, Ui};

use crate::analysis::ledger::campaign::BottomLine;
use crate::analysis::ledger::checks::{Look, PlanState};
use crate::analysis::ledger::{LedgerFilter, View};
use crate::domain::item::open_verdicts;
use crate::domain::{CheckSubject, RecordId, Text, Verdict};
use crate::ui::action::{Action, CheckSeen, DialogAction, LedgerAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::ledger::LedgerNow;
use crate::ui::widgets::{named, note, strong};

/// Shows the page; gives back what a number that was clicked stands for.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow) -> Option<LedgerFilter> {
    let mut clicked = None;
    ScrollArea::vertical().id_salt("campaign").auto_shrink(false).show(ui, |ui| {
        for line in &now.bottom_lines {
            if let Some(ids) = line_ui(ui, ctx, line) {
                clicked = Some(ids);
            }
        }
        ui.separator();
        if let Some(ids) = cases_ui(ui, ctx, now) {
            clicked = Some(ids);
        }
        let running = ctx.meeting.overview.sprint.as_ref().map(|sprint| sprint.name.clone());
        for (subject, words) in [
            (CheckSubject::Systems, ctx.tell("制度落实", "Standing rules")),
            (
                CheckSubject::Tasks,
                ctx.tell(
                    format!("攻坚任务 {}", running.clone().unwrap_or_default()),
                    format!("Tasks of the sprint {}", running.unwrap_or_default()),
                ),
            ),
        ] {
            ui.separator();
            standing_ui(ui, ctx, now, subject, words.trim());
        }
    });
    let only = clicked?;
    Some(LedgerFilter { view: View::All, only: Some(only), ..LedgerFilter::default() })
}

fn line_ui(ui: &mut Ui, ctx: &Ctx<'_>, line: &BottomLine) -> Option<Vec<RecordId>> {
    let mut clicked = None;
    ui.horizontal(|ui| {
        let name = ctx.say(line.label);
        ui.label(strong(name));
        let BottomLine { kept, of, items, .. } = line;
        let share = line.share().map_or_else(|| "—".to_owned(), |it| format!("{:.0}%", it * 100.0));
        let words = format!("{share}　{kept}/{of}");
        let button = ui.add_enabled(!items.is_empty(), Button::new(&words));
        named(&button, &format!("{name} {kept}/{of}"));
        if button.clicked() {
            clicked = Some(items.clone());
        }
        ui.label(note(ctx.say(line.meaning)));
    });
    clicked
}

fn cases_ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow) -> Option<Vec<RecordId>> {
    let (count, open) = (now.cases.len(), now.open_cases);
    let mut clicked = None;
    ui.horizontal(|ui| {
        ui.label(strong(ctx.tell("一案三查", "Cases")));
        let words = ctx.tell(
            format!("案件 {count}，三项结论未齐 {open}；缺结论的不能销号，除非写明原因"),
            format!(
                "{count} cases, {open} lack a verdict; those are struck off with a reason alone"
            ),
        );
        let button = ui.add_enabled(count > 0, Button::new(words).frame(false));
        if button.clicked() {
            clicked = Some(now.cases.clone());
        }
    });
    for row in now.cases.iter().take(SHOWN).filter_map(|id| now.ledger.row(*id)) {
        ui.horizontal(|ui| {
            let code = row.record.code().unwrap_or("—");
            let link = ui.link(code);
            if link.clicked() {
                clicked = Some(vec![row.id()]);
                ctx.actions.send(Action::Select(vec![row.id()]));
                ctx.actions.send(Action::Ledger(LedgerAction::Open(true)));
            }
            ui.label(note(ctx.say(row.state.label())));
            ui.label(row.record.name());
            let open: Vec<&str> =
                open_verdicts(&row.record).into_iter().map(|whose| ctx.say(whose)).collect();
            if open.is_empty() {
                ui.label(note(ctx.tell("三项齐", "all three")));
            } else {
                let open = open.join("、");
                let words = ctx.tell(format!("缺 {open} 结论"), format!("no verdict: {open}"));
                ui.label(note(words).color(ctx.color(|t| t.act)));
            }
        });
    }
    clicked
}

/// More cases than these are in the list that the number opens.
const SHOWN: usize = 12;

/// Plans that are themselves what is done: whose they are, when last, when again, with what evidence.
fn standing_ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow, subject: CheckSubject, words: &str) {
    let plans: Vec<&PlanState> =
        now.plans.iter().filter(|state| state.subject() == Some(subject)).collect();
    let late = plans.iter().filter(|state| state.overdue > 0).count();
    let count = plans.len();
    ui.horizontal(|ui| {
        ui.label(strong(words));
        let words = ctx.tell(format!("{count} 项，超期 {late}"), format!("{count}, {late} late"));
        let words = note(words);
        ui.label(if late > 0 { words.color(ctx.color(|t| t.act)) } else { words });
    });
    if plans.is_empty() {
        let subject = subject.label();
        ui.label(note(ctx.tell(
            format!("导入“检查计划”图层，检查对象填“{}”", subject.zh),
            format!("Import the layer `check_plan` with the subject `{}`", subject.zh),
        )));
        return;
    }
    egui::Grid::new(("standing", subject.key())).num_columns(6).striped(true).show(ui, |ui| {
        for head in [
            Text::new("名称", "Name"),
            Text::new("责任", "Owner"),
            Text::new("上次", "Last"),
            Text::new("应做", "Due"),
            Text::new("证据", "Evidence"),
            Text::new("", ""),
        ] {
            ui.label(note(ctx.say(head)));
        }
        ui.end_row();
        for state in plans {
            plan_ui(ui, ctx, state);
            ui.end_row();
        }
    });
}

fn plan_ui(ui: &mut Ui, ctx: &Ctx<'_>, state: &PlanState) {
    let plan = &state.plan;
    let target = state.targets.first();
    let last = target.and_then(|target| target.last);
    ui.label(plan.name());
    ui.label(note(format!("{} {}", plan.text("unit"), plan.text("person"))));
    let words = last.map_or_else(
        || ctx.tell("未做过", "never"),
        |look| {
            let verdict = look.verdict.map_or("", |verdict| ctx.say(verdict.label()));
            format!("{} {verdict}", look.on.strftime("%m-%d"))
        },
    );
    ui.label(note(words));
    let due = target.map_or_else(String::new, |target| target.due.strftime("%m-%d").to_string());
    let due = note(due);
    ui.label(if state.overdue > 0 { due.color(ctx.color(|t| t.act)) } else { due });
    evidence_ui(ui, ctx, plan.name(), last);
    ui.horizontal(|ui| {
        for (verdict, words) in [
            (Verdict::Passed, Text::new("已落实", "done")),
            (Verdict::Failed, Text::new("未落实", "not done")),
        ] {
            let words = ctx.say(words);
            let button = ui.add(Button::new(words).small());
            named(&button, &format!("{words} {}", plan.name()));
            if button.clicked() {
                let (plan, record) = (plan.id, plan.id);
                let seen = CheckSeen::default();
                let wish = LedgerAction::Checked { plan, record, verdict, seen };
                ctx.actions.send(Action::Ledger(wish));
            }
        }
    });
}

/// The papers of the last time; where there are none, how they come there.
fn evidence_ui(ui: &mut Ui, ctx: &Ctx<'_>, name: &str, last: Option<Look>) {
    let Some(check) = last.and_then(|look| ctx.record(look.id)) else {
        ui.label(note("—"));
        return;
    };
    let count = check.attachments().count();
    let words = if count > 0 {
        ctx.tell(format!("{count} 份"), format!("{count}"))
    } else {
        ctx.tell("缺证据", "none")
    };
    let text = note(&words);
    let text = if count == 0 { text.color(ctx.color(|t| t.act)) } else { text };
    let button = ui.add(Button::new(text).small());
    named(&button, &ctx.tell(format!("证据 {name}"), format!("evidence of {name}")));
    if !button.clicked() {
        return;
    }
    if let Some(first) = check.attachments().next() {
        ctx.actions.dialog(DialogAction::Attachment(check.id, first.to_owned()));
    } else {
        ctx.actions.select(check.id);
        let said = Toast::watch(
            "已选中这次记录：把照片或文件拖到窗口上，即作为证据",
            "Its last record is selected: drop photos or papers on the window",
        );
        ctx.actions.send(Action::Say(said));
    }
}
