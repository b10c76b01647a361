//! The sprint that runs, and how far it is.

use egui::{Align2, CornerRadius, FontId, Rect, RichText, Sense, TextStyle, Ui, pos2, vec2};

use crate::analysis::overview::{Sprint, SprintStage};
use crate::domain::Text;
use crate::ui::action::DialogAction;
use crate::ui::ctx::Ctx;
use crate::ui::meeting::pages::lay::em;
use crate::ui::widgets::{named, note, strong};

const NEW: Text = Text::new("建立攻坚行动…", "Enter a sprint…");

/// Shows the day of the sprint and its target.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let overview = &ctx.meeting.overview;
    let Some(sprint) = &overview.sprint else {
        ui.horizontal_wrapped(|ui| {
            ui.label(note(ctx.tell(
                "还没有攻坚行动：填写起止日期后，这里和指标条显示倒计时",
                "No sprint yet: with its two dates the countdown stands here and in the strip",
            )));
            new_ui(ui, ctx);
        });
        return;
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(strong(&sprint.name));
        ui.label(RichText::new(stage_words(ctx, sprint)).color(ctx.color(|t| t.accent)));
        if matches!(sprint.stage, SprintStage::Over { .. }) {
            new_ui(ui, ctx);
        }
    });
    bar_ui(ui, ctx, sprint);
    ui.horizontal_wrapped(|ui| {
        for (words, text) in [
            (Text::new("目标", "target"), &sprint.target),
            (Text::new("分包领导", "leader"), &sprint.leader),
        ] {
            if !text.is_empty() {
                ui.label(note(ctx.say(words)));
                ui.label(text);
            }
        }
    });
}

fn new_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    if ui.button(ctx.say(NEW)).clicked() {
        ctx.actions.dialog(DialogAction::NewSprint);
    }
}

fn stage_words(ctx: &Ctx<'_>, sprint: &Sprint) -> String {
    let length = sprint.length_days();
    match sprint.stage {
        SprintStage::Before { days } => {
            ctx.tell(format!("{days} 天后开始"), format!("begins in {days} days"))
        }
        SprintStage::Running { day, days_left: 0 } => ctx.tell(
            format!("第 {day}/{length} 天，今天是最后一天"),
            format!("day {day}/{length}, the last one"),
        ),
        SprintStage::Running { day, days_left } => ctx.tell(
            format!("第 {day}/{length} 天，还有 {days_left} 天"),
            format!("day {day}/{length}, {days_left} days left"),
        ),
        SprintStage::Over { days } => {
            ctx.tell(format!("已于 {days} 天前结束"), format!("ended {days} days ago"))
        }
    }
}

/// From its first day to its last, filled as far as it has gone; a click opens its card.
fn bar_ui(ui: &mut Ui, ctx: &Ctx<'_>, sprint: &Sprint) {
    let em = em(ui);
    let size = vec2(ui.available_width(), em * 2.2);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    named(&response, &format!("{} {}", sprint.name, stage_words(ctx, sprint)));
    let bar = Rect::from_min_size(rect.min, vec2(rect.width(), em * 0.7));
    let radius = CornerRadius::same(4);
    let (line, accent) = (ctx.color(|t| t.line), ctx.color(|t| t.accent));
    ui.painter().rect_filled(bar, radius, line);
    let x = bar.left() + bar.width() * sprint.share_gone() as f32;
    let gone = Rect::from_min_max(bar.min, pos2(x, bar.bottom()));
    ui.painter().rect_filled(gone, radius, accent);
    let font: FontId = TextStyle::Small.resolve(ui.style());
    let under = bar.bottom() + 3.0;
    let day = |day: jiff::civil::Date| day.strftime("%m-%d").to_string();
    let muted = ctx.color(|t| t.muted);
    let text = |x: f32, anchor: Align2, words: String, color| {
        ui.painter().text(pos2(x, under), anchor, words, font.clone(), color)
    };
    let from = text(bar.left(), Align2::LEFT_TOP, day(sprint.begins), muted);
    let to = text(bar.right(), Align2::RIGHT_TOP, day(sprint.ends), muted);
    if matches!(sprint.stage, SprintStage::Running { .. }) {
        let words = format!("{} {}", ctx.tell("今天", "today"), day(ctx.meeting.overview.today));
        let half = em * 3.2;
        // Never over the dates at the ends.
        let (low, high) = (from.right() + half, to.left() - half);
        if low <= high {
            text(x.clamp(low, high), Align2::CENTER_TOP, words, ctx.color(|t| t.ink));
        }
    }
    let tip = ctx.tell("打开卡片修改", "Open its card to change it");
    if response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(tip).clicked() {
        ctx.actions.select(sprint.id);
    }
}
