//! The page of an item: what is next, what it may be twice, its photos before and after, and what was
//! done step by step.

use egui::{Button, RichText, ScrollArea, Ui};
use lucide_icons::Icon;

use super::case::CaseForm;
use super::list::{decided_due, due_words, stage_words};
use super::photos::Pair;
use crate::analysis::ledger::{At, Doubles};
use crate::domain::item::{StepKind, lacking, linked, moment_words, steps};
use crate::domain::{Record, RecordId, Text};
use crate::ui::action::{Action, LedgerAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::ledger::LedgerNow;
use crate::ui::widgets::{icon, named, note, strong};

/// Shows the page.
pub fn ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    now: &LedgerNow,
    id: RecordId,
    (pair, case): (&mut Pair, &mut CaseForm),
) {
    let Some(row) = now.ledger.row(id) else {
        return decision_ui(ui, ctx, now, id);
    };
    let item = &row.record;
    ui.horizontal(|ui| {
        ui.label(strong(item.code().unwrap_or("—")));
        ui.label(ctx.say(row.state.label()));
        ui.label(note(due_words(ctx, row, now)));
        close_ui(ui, ctx);
    });
    ScrollArea::vertical().id_salt("item page").auto_shrink(false).show(ui, |ui| {
        ui.add(egui::Label::new(item.name()).wrap());
        if let Some(words) = stage_words(ctx, now, row) {
            ui.label(words);
        }
        lacks_ui(ui, ctx, item);
        owners_ui(ui, ctx, item);
        links_ui(ui, ctx, item);
        twins_ui(ui, ctx, now, item);
        case.ui(ui, ctx, item);
        pair.ui(ui, ctx, item);
        steps_ui(ui, ctx, item);
    });
}

fn close_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let close = ui.add(Button::new(icon(Icon::X)).small());
    named(&close, &ctx.tell("关闭问题页", "Close the item"));
    if close.clicked() {
        ctx.actions.send(Action::Ledger(LedgerAction::Open(false)));
    }
}

/// A decision, which has no steps until it is an item.
fn decision_ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow, id: RecordId) {
    let Some(decided) = now.decided.iter().find(|decided| decided.record.id == id) else { return };
    let record = &decided.record;
    ui.horizontal(|ui| {
        ui.label(strong(ctx.tell("会议决定", "Decision")));
        ui.label(ctx.say(decided.state.label()));
        ui.label(note(decided_due(ctx, decided, now)));
        close_ui(ui, ctx);
    });
    ui.add(egui::Label::new(record.name()).wrap());
    let who = [record.text("owner"), record.text("person")];
    ui.label(note(who.join("  ")));
    ui.horizontal_wrapped(|ui| {
        let words = ctx.tell("转入台账，按步骤办理并核查", "Make it an item, to be checked");
        if ui.button(words).clicked() {
            ctx.actions.send(Action::Ledger(LedgerAction::OfDecisions(vec![id])));
        }
    });
}

fn lacks_ui(ui: &mut Ui, ctx: &Ctx<'_>, item: &Record) {
    let lacks: Vec<&str> = lacking(item).iter().map(|lack| lack.label().say(ctx.lang())).collect();
    if lacks.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        let words = format!("{} {}", Icon::TriangleAlert.unicode(), lacks.join("、"));
        ui.label(RichText::new(words).color(ctx.color(|t| t.act)));
        if ui.button(ctx.tell("补证", "supply")).clicked() {
            ctx.actions.send(Action::Ledger(LedgerAction::Ask(StepKind::Supply)));
        }
    });
}

fn owners_ui(ui: &mut Ui, ctx: &Ctx<'_>, item: &Record) {
    let units: Vec<&str> = item.words("units").iter().map(|unit| &**unit).collect();
    let mut parts = vec![units.join("、"), item.text("person").to_owned()];
    let leader = item.text("leader");
    if !leader.is_empty() {
        parts.push(ctx.tell(format!("分包 {leader}"), format!("leader {leader}")));
    }
    parts.retain(|part| !part.is_empty());
    if !parts.is_empty() {
        ui.label(note(parts.join("  ")));
    }
}

/// The other items that steps name: of which it is a relapse, which one is its own, into which it went.
fn links_ui(ui: &mut Ui, ctx: &Ctx<'_>, item: &Record) {
    let again =
        steps(item).unwrap_or_default().into_iter().filter(|it| it.step == StepKind::Relapse);
    let again = again.map(|step| (Text::new("反弹为", "came again as"), step.number));
    let own = [
        (Text::new("反弹自", "a relapse of"), item.text("relapse_of").to_owned()),
        (Text::new("并入", "went into"), item.text("merged_into").to_owned()),
    ];
    for (words, number) in own.into_iter().chain(again).filter(|(_, number)| !number.is_empty()) {
        let words = format!("{} {number}", ctx.say(words));
        let Some(other) = linked::numbered(&ctx.world(), &number) else {
            ui.label(note(words));
            continue;
        };
        if ui.link(words).clicked() {
            ctx.actions.send(Action::Select(vec![other.id]));
            ctx.actions.view(ViewAction::ShowRecord(other.id));
        }
    }
}

/// What may be the same problem, and how often there was one here.
fn twins_ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow, item: &Record) {
    let doubles = Doubles::of(&now.ledger, &At::of(item, now.now));
    if doubles.nth > 1 {
        let nth = doubles.nth;
        let words =
            ctx.tell(format!("此处 90 天内第 {nth} 次"), format!("number {nth} here in 90 days"));
        ui.label(RichText::new(words).color(ctx.color(|t| t.watch)));
    }
    for twin in doubles.twins.iter().take(3) {
        let code = twin.record.code().unwrap_or("—");
        let off = twin
            .distance_m
            .map_or_else(|| ctx.tell("同一地点", "same place"), |metres| format!("{metres:.0} m"));
        let days = twin.days;
        let words = ctx.tell(
            format!("疑似重复 {code}（{off}，{days} 天前）"),
            format!("perhaps {code} ({off}, {days} d ago)"),
        );
        if ui.link(words).clicked() {
            ctx.actions.send(Action::Select(vec![twin.record.id]));
            ctx.actions.view(ViewAction::ShowRecord(twin.record.id));
        }
    }
}

/// The last step first.
fn steps_ui(ui: &mut Ui, ctx: &Ctx<'_>, item: &Record) {
    ui.add_space(4.0);
    let Some(steps) = steps(item) else {
        let words = ctx.tell("办理记录读不懂", "The steps cannot be read");
        ui.label(RichText::new(words).color(ctx.color(|t| t.act)));
        return;
    };
    for step in steps.iter().rev() {
        ui.horizontal_wrapped(|ui| {
            ui.label(strong(ctx.say(step.step.label())));
            ui.label(note(format!("{}  {}", step.by, moment_words(step.at))));
            for words in [&step.text, &step.number] {
                if !words.is_empty() {
                    ui.label(words);
                }
            }
            if !step.reason.is_empty() {
                let words =
                    ctx.tell(format!("原因：{}", step.reason), format!("because: {}", step.reason));
                ui.label(RichText::new(words).color(ctx.color(|t| t.watch)));
            }
            let lacks: Vec<&str> = step.lacks().map(|lack| lack.label().say(ctx.lang())).collect();
            if !lacks.is_empty() {
                ui.label(RichText::new(lacks.join("、")).color(ctx.color(|t| t.act)));
            }
        });
    }
}
