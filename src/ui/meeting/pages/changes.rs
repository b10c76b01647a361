//! The page of what changed since then. It is found out by `analysis::changes`.

use std::sync::Arc;

use egui::{Button, RichText, ScrollArea, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::Page;
use crate::analysis::changes::{ChangeKind, ChangedRecord, Difference};
use crate::domain::{Change, Edit, Kind, Record, Text};
use crate::geodesy::wkb;
use crate::ui::action::{Action, MeetingAction, ViewAction};
use crate::ui::card::shown_by_name;
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::compared::{Compared, Listed, PAGE};
use crate::ui::parts::since;
use crate::ui::parts::words::when;
use crate::ui::widgets::{empty, named, note, strong};

/// 本期变化: what is new, changed and gone since then, by layer.
pub struct ChangesPage;

impl Page for ChangesPage {
    fn key(&self) -> &'static str {
        PAGE
    }

    fn title(&self) -> Text {
        Text::new("对比", "Changes")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        if let Some(why) = since::why_not(ctx) {
            let next = ctx.tell(
                "在上方换一个对比时间；数据每次修改都会留下记录",
                "Choose another moment above; every change of the data is recorded",
            );
            empty(ui, why, next);
            return;
        }
        let is_of_now = ctx.meeting.compared.of() == ctx.compared_states().as_ref();
        let Some(compared) = ctx.meeting.compared.as_ref().filter(|_| is_of_now) else {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label(ctx.tell("正在对比…", "Comparing…"));
            });
            return;
        };
        let listed = ctx.meeting.listed;
        chips_ui(ui, ctx, compared, listed);
        ui.add_space(4.0);
        if compared.count(listed) == 0 {
            let since = since::words(ctx);
            let what = ctx
                .tell(format!("与{since}相比没有变化"), format!("Nothing has changed ({since})"));
            empty(ui, what, "");
            return;
        }
        rows_ui(ui, ctx, compared, listed);
    }
}

const HEADS: [Text; 5] = [
    Text::new("变化", "Change"),
    Text::new("图层", "Layer"),
    Text::new("名称", "Name"),
    Text::new("内容（之前 → 现在）", "What (before → now)"),
    Text::new("谁，何时", "Who, when"),
];

const fn sign(what: ChangeKind) -> (&'static str, Text) {
    match what {
        ChangeKind::New => ("▲", Text::new("新增", "new")),
        ChangeKind::Changed => ("●", Text::new("修改", "changed")),
        ChangeKind::Gone => ("▼", Text::new("减少", "gone")),
    }
}

fn tone(ctx: &Ctx<'_>, what: ChangeKind) -> egui::Color32 {
    match what {
        ChangeKind::New => ctx.color(|t| t.accent),
        ChangeKind::Changed => ctx.color(|t| t.calm),
        ChangeKind::Gone => ctx.color(|t| t.watch),
    }
}

/// How many of what, by fate and by layer; each lists its rows.
fn chips_ui(ui: &mut Ui, ctx: &Ctx<'_>, compared: &Compared, listed: Listed) {
    let list = |listed| ctx.actions.meeting(MeetingAction::List(listed));
    ui.horizontal_wrapped(|ui| {
        ui.label(strong(since::words(ctx)));
        for what in ChangeKind::ALL {
            let (mark, words) = sign(what);
            let count = compared.changes.count(listed.kind, what);
            let text = format!("{mark} {} {count}", ctx.say(words));
            let is_on = listed.what == Some(what);
            let chip = Button::selectable(is_on, RichText::new(text).color(tone(ctx, what)));
            if ui.add(chip).clicked() {
                list(Listed { what: (!is_on).then_some(what), ..listed });
            }
        }
        ui.separator();
        for kind in compared.changes.kinds() {
            let counts = ChangeKind::ALL.map(|what| compared.changes.count(Some(kind), what));
            let parts = ChangeKind::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0);
            let counts: Vec<String> =
                parts.map(|(what, count)| format!("{}{count}", sign(what).0)).collect();
            let text = format!("{} {}", ctx.say(kind.label()), counts.join(" "));
            let is_on = listed.kind == Some(kind);
            if ui.add(Button::selectable(is_on, text)).clicked() {
                list(Listed { kind: (!is_on).then_some(kind), ..listed });
            }
        }
        ui.separator();
        let plans = ctx.say(Text::new("方案前后与方案之间的对比", "Compare plans"));
        if ui.link(plans).clicked() {
            ctx.actions.command(Command::Planner);
        }
    });
}

fn rows_ui(ui: &mut Ui, ctx: &Ctx<'_>, compared: &Compared, listed: Listed) {
    ScrollArea::horizontal().show(ui, |ui| {
        TableBuilder::new(ui)
            .striped(true)
            .sense(Sense::click())
            .column(Column::exact(84.0))
            .column(Column::exact(120.0))
            .column(Column::exact(220.0).clip(true))
            .column(Column::remainder().at_least(260.0).clip(true))
            .column(Column::exact(170.0).clip(true))
            .column(Column::exact(72.0))
            .header(24.0, |mut header| {
                for words in HEADS {
                    header.col(|ui| drop(ui.label(note(ctx.say(words)))));
                }
            })
            .body(|body| {
                body.rows(28.0, compared.count(listed), |mut row| {
                    let Some(known) = compared.row(listed, row.index()) else { return };
                    let Some(record) = known.record() else { return };
                    row.set_selected(ctx.selection.contains(&record.id));
                    row_ui(&mut row, ctx, known, record);
                    let response = row.response();
                    let name = format!("{} {}", ctx.say(sign(known.what()).1), record.name());
                    named(&response, &name);
                    if response.clicked() {
                        open(ctx, known, record);
                    }
                });
            });
    });
}

fn row_ui(
    row: &mut egui_extras::TableRow<'_, '_>,
    ctx: &Ctx<'_>,
    known: &ChangedRecord,
    record: &Arc<Record>,
) {
    let what = known.what();
    row.col(|ui| {
        let (mark, words) = sign(what);
        let text = format!("{mark} {}", ctx.say(words));
        ui.label(RichText::new(text).color(tone(ctx, what)));
    });
    row.col(|ui| drop(ui.label(note(ctx.say(record.kind.label())))));
    row.col(|ui| drop(ui.label(name(ctx, record))));
    row.col(|ui| {
        let words = told(ctx, known);
        ui.label(&words).on_hover_text(words.replace('；', "\n"));
    });
    row.col(|ui| {
        // Who took away what is gone stands in the history, not in the record as it was.
        let meta = &record.meta;
        let words = match what {
            ChangeKind::Gone => String::new(),
            _ => format!("{} {}", meta.changed_by, when(meta.changed_at)),
        };
        ui.label(note(words));
    });
    row.col(|ui| {
        let restore = Text::new("恢复", "Restore");
        if what == ChangeKind::Gone {
            let button = ui.button(ctx.say(restore));
            named(&button, &format!("{} {}", ctx.say(restore), record.name()));
            if button.clicked() {
                ctx.actions.apply(Edit::of(vec![Change {
                    before: None,
                    after: Some(Arc::clone(record)),
                }]));
            }
        }
    });
}

fn name(ctx: &Ctx<'_>, record: &Record) -> String {
    match record.name() {
        "" => {
            record.code().map_or_else(|| ctx.tell("（无名称）", "(without a name)"), str::to_owned)
        }
        name => name.to_owned(),
    }
}

/// What stands otherwise, or what a record that is new or gone says of itself.
fn told(ctx: &Ctx<'_>, row: &ChangedRecord) -> String {
    let parts: Vec<String> = if row.what() == ChangeKind::Changed {
        row.differences().iter().map(|difference| difference_words(ctx, row, difference)).collect()
    } else {
        let Some(record) = row.record() else { return String::new() };
        let said = record.values().filter(|(field, _)| !matches!(field.key, "code" | "name"));
        said.map(|(field, value)| {
            format!("{} {}", ctx.say(field.label), shown_by_name(ctx, record.kind, field, value))
        })
        .collect()
    };
    parts.join("；")
}

fn difference_words(ctx: &Ctx<'_>, row: &ChangedRecord, difference: &Difference<'_>) -> String {
    match difference {
        Difference::Field { field, before, after } => {
            let value = |value: Option<&crate::domain::Value>| {
                let words = row
                    .record()
                    .zip(value)
                    .map(|(record, value)| shown_by_name(ctx, record.kind, field, value));
                words.unwrap_or_else(|| "—".to_owned())
            };
            format!("{}：{} → {}", ctx.say(field.label), value(*before), value(*after))
        }
        Difference::Place { moved_m: Some(moved_m) } if *moved_m >= 1.0 => {
            ctx.tell(format!("位置：移动 {moved_m:.0} m"), format!("place: moved {moved_m:.0} m"))
        }
        Difference::Place { .. } => ctx.tell("位置或形状：已改", "place or shape: changed"),
        Difference::Extra => ctx.tell("其他属性：已改", "other attributes: changed"),
    }
}

/// A record that is there is selected; of one that is gone the map shows where it was.
fn open(ctx: &Ctx<'_>, row: &ChangedRecord, record: &Arc<Record>) {
    if row.what() != ChangeKind::Gone {
        ctx.actions.send(Action::Select(vec![record.id]));
        if record.kind.has_place() || record.kind == Kind::PenMark {
            ctx.actions.view(ViewAction::ShowRecord(record.id));
        }
    } else if let Some(bounds) = record.geometry.as_ref().and_then(wkb::bounds) {
        ctx.actions.view(ViewAction::ShowBounds(bounds));
    }
}
