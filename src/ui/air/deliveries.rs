//! Where the readings come from: every delivery, the last one first, and how one is withdrawn.

use std::sync::Arc;

use egui::{Label, RichText, ScrollArea, Ui, vec2};
use jiff::Timestamp;

use crate::domain::{DeliveryState, Kind, Record, Value};
use crate::ui::action::DialogAction;
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::parts::air::instant_words;
use crate::ui::widgets::{empty, named, note, row_height};

/// Shows the list.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let world = ctx.world();
    let mut all: Vec<&Arc<Record>> = world.table(Kind::Delivery).iter().collect();
    all.sort_by_key(|record| std::cmp::Reverse((record.meta.created_at, record.id)));
    ui.horizontal(|ui| {
        if ui.button(ctx.say(Command::Import.about().words)).clicked() {
            ctx.actions.command(Command::Import);
        }
        if ui.button(ctx.say(Command::Feeds.about().words)).clicked() {
            ctx.actions.command(Command::Feeds);
        }
        ui.label(note(ctx.tell(
            "每次导入为一批，原样保存；导错了就整批撤回，撤回的批次仍留在这里",
            "Each import is a delivery, kept as it came; a mistaken one is withdrawn whole and stays listed",
        )));
    });
    if all.is_empty() {
        let what = ctx.tell("还没有数据批次", "There are no deliveries yet");
        let next = ctx.tell("把数据文件拖到窗口上", "Drop a file of readings on the window");
        return empty(ui, what, next);
    }
    let height = row_height(ui);
    let widths = widths(ui.available_width());
    ui.horizontal(|ui| {
        for (words, width) in heads(ctx).into_iter().zip(widths) {
            cell(ui, width, note(words));
        }
    });
    let area = ScrollArea::vertical().id_salt("deliveries").auto_shrink(false);
    area.show_rows(ui, height, all.len(), |ui, range| {
        for record in all.get(range).into_iter().flatten() {
            ui.horizontal(|ui| {
                ui.set_height(height);
                row_ui(ui, ctx, record, widths);
            });
        }
    });
}

/// Of the columns, points: source and state share what the others and the button leave.
fn widths(all: f32) -> [f32; 7] {
    const OTHERS: f32 = 120.0 + 62.0 + 236.0 + 40.0 + 60.0;
    const BUTTON_AND_GAPS: f32 = 150.0;
    let share = ((all - OTHERS - BUTTON_AND_GAPS) / 2.0).max(60.0);
    [120.0, share, 62.0, 236.0, 40.0, 60.0, share]
}

fn heads(ctx: &Ctx<'_>) -> [String; 7] {
    [
        ctx.tell("到达", "Arrived"),
        ctx.tell("来源", "Source"),
        ctx.tell("格式", "Format"),
        ctx.tell("数据时段（北京时间）", "Of (UTC+8)"),
        ctx.tell("站点", "Places"),
        ctx.tell("值", "Values"),
        ctx.tell("状态", "State"),
    ]
}

fn cell(ui: &mut Ui, width: f32, text: RichText) -> egui::Response {
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(vec2(width, 22.0), layout, |ui| {
        ui.set_width(width);
        ui.add(Label::new(text).truncate())
    })
    .inner
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Record, widths: [f32; 7]) {
    let is_withdrawn = DeliveryState::of(record) == Some(DeliveryState::Withdrawn);
    let number = |key: &str| record.get(key).map_or_else(String::new, Value::to_cell);
    let end = |key: &str| {
        let at: Option<Timestamp> = record.text(key).parse().ok();
        at.map_or_else(String::new, instant_words)
    };
    let state = if is_withdrawn {
        let (by, because) = (record.text("withdrawn_by"), record.text("withdrawn_because"));
        ctx.tell(format!("{by} 撤回：{because}"), format!("withdrawn by {by}: {because}"))
    } else {
        ctx.tell(
            format!("{} 导入", record.meta.created_by),
            format!("brought by {}", record.meta.created_by),
        )
    };
    let texts = [
        instant_words(record.meta.created_at),
        record.name().to_owned(),
        record.text("format").to_owned(),
        format!("{} – {}", end("begins_at"), end("ends_at")),
        number("places"),
        number("values"),
        state,
    ];
    for (text, width) in texts.into_iter().zip(widths) {
        let text = RichText::new(text);
        let text =
            if is_withdrawn { text.strikethrough().color(ctx.color(|t| t.muted)) } else { text };
        let findings = record.words("findings");
        let shown = cell(ui, width, text);
        if !findings.is_empty() {
            shown.on_hover_ui(|ui| {
                for finding in findings {
                    ui.label(note(&**finding));
                }
            });
        }
    }
    if !is_withdrawn {
        let button = ui.button(ctx.tell("撤回…", "Withdraw…"));
        named(
            &button,
            &ctx.tell(format!("撤回 {}", record.name()), format!("withdraw {}", record.name())),
        );
        if button.clicked() {
            ctx.actions.dialog(DialogAction::Withdraw(record.id));
        }
    }
}
