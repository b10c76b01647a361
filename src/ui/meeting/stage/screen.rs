//! What the room sees: the meeting and the scene above the map, the scene's page beside it, what is
//! selected in a corner, nothing else.

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align, Align2, Area, Button, Color32, Frame, Id, Label, LayerId, Layout, Margin, Order, Rect,
    RichText, Sense, Stroke, TextStyle, Ui, UiBuilder, pos2, vec2,
};
use lucide_icons::Icon;

use super::{clock_words, lack_words};
use crate::analysis::scenes::scenes;
use crate::domain::{ATTACHMENTS, Record, Text, Value, Verdict};
use crate::ui::action::{MeetingAction, StageAction};
use crate::ui::card;
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::meeting::pages;
use crate::ui::parts::words::{filter_words, kind_words};
use crate::ui::widgets::{icon, named, note, strong};

/// Fields of a record that a compact card has room for.
const MOST_FIELDS: usize = 7;
/// Height of the head for text of size 1, points.
pub const HEAD: f32 = 62.0;

/// Meeting, date and scene, large.
pub fn head_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let world = ctx.world();
    let Some(held) = ctx.meeting.held_in(&world) else { return };
    let scenes = scenes(&world, held);
    let place = scenes.iter().position(|scene| Some(scene.id) == ctx.meeting.scene);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        buttons_ui(ui, ctx, place, scenes.len());
        if let Some(show) = &ctx.meeting.stage.show {
            let (all, scene) = (clock_words(show.began), clock_words(show.scene_began));
            ui.label(note(ctx.tell(
                format!("用时 {all} · 本场景 {scene}"),
                format!("used {all} · scene {scene}"),
            )));
        }
        ui.with_layout(Layout::top_down(Align::LEFT), |ui| {
            ui.horizontal(|ui| {
                let district = ctx.district.as_ref().map_or("", |district| &district.name);
                let words = crate::ui::parts::words::meeting_words(held);
                ui.label(
                    RichText::new(format!("{district}  {words}")).color(ctx.color(|t| t.muted)),
                );
                filter_ui(ui, ctx);
            });
            ui.horizontal(|ui| {
                let none = ctx.tell("还没有场景", "No scene yet");
                let scene = place.and_then(|place| scenes.get(place));
                let title = scene.map_or(none, |scene| scene.name().to_owned());
                ui.add(Label::new(RichText::new(title).heading()).truncate());
                let lacks = lack_words(ctx, &ctx.meeting.stage.lacks);
                if !lacks.is_empty() {
                    let color = ctx.color(|t| t.watch);
                    ui.label(icon(Icon::TriangleAlert).color(color));
                    ui.add(Label::new(RichText::new(lacks).color(color)).truncate());
                }
            });
        });
    });
}

/// For whoever has no clicker: back, place, on.
fn buttons_ui(ui: &mut Ui, ctx: &Ctx<'_>, place: Option<usize>, count: usize) {
    let leave = ui.add(Button::new(icon(Icon::X)).frame_when_inactive(false));
    named(&leave, ctx.say(Text::new("结束放映", "Stop presenting")));
    if leave.clicked() {
        ctx.actions.command(Command::Big);
    }
    let has_speaker = ctx.meeting.stage.show.as_ref().is_some_and(|show| show.has_speaker);
    let speaker = Button::new(icon(Icon::NotebookText)).selected(has_speaker);
    let speaker = ui.add(speaker.frame_when_inactive(false));
    let words = ctx.say(Text::new("讲稿窗口", "Speaker's window"));
    named(&speaker, words);
    if speaker.on_hover_text(format!("{words}  N")).clicked() {
        ctx.actions.meeting(MeetingAction::Stage(StageAction::Speaker(!has_speaker)));
    }
    let step = |ui: &mut Ui, mark: Icon, words: Text, by: isize, may: bool| {
        let button = ui.add_enabled(may, Button::new(icon(mark)).frame_when_inactive(false));
        named(&button, ctx.say(words));
        if button.clicked() {
            ctx.actions.meeting(MeetingAction::Stage(StageAction::Step(by)));
        }
    };
    let number = place.map_or(0, |place| place + 1);
    step(ui, Icon::ChevronRight, Text::new("下一场景", "Next scene"), 1, number < count);
    ui.label(strong(format!("{number}/{count}")));
    step(ui, Icon::ChevronLeft, Text::new("上一场景", "Previous scene"), -1, number > 1);
}

/// What is filtered now, and how to get out of it.
fn filter_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    if ctx.filter.is_empty() {
        return;
    }
    let words = format!("{} {}", Icon::FunnelX.unicode(), filter_words(ctx, &ctx.filter));
    let button = Button::new(RichText::new(words).small().color(ctx.color(|t| t.accent)));
    let tip = ctx.say(Text::new("清除筛选", "Clear the filter"));
    if ui.add(button).on_hover_text(tip).clicked() {
        ctx.actions.command(Command::ClearFilter);
    }
}

/// The page of the scene; `None` where the map stands alone.
pub fn page(ctx: &Ctx<'_>) -> Option<&'static dyn pages::Page> {
    pages::by_key(&ctx.meeting.stage.page)
}

/// Shows a page beside the map on the big screen.
pub fn board_ui(ui: &mut Ui, ctx: &Ctx<'_>, page: &dyn pages::Page) {
    let scene = ctx.meeting.scene.and_then(|id| ctx.record(id));
    let title = ctx.say(page.title());
    // The scene's name stands large above the map: its page need not say it again.
    if !scene.is_some_and(|scene| says_the_same(scene.name(), title)) {
        ui.label(strong(title));
        ui.add_space(4.0);
    }
    // What a page has too wide is cut at the board's edge; it must not push the map aside.
    let board = ui.available_rect_before_wrap();
    let mut inside = ui.new_child(UiBuilder::new().max_rect(board));
    inside.shrink_clip_rect(board);
    page.ui(&mut inside, ctx);
    ui.allocate_rect(board, Sense::hover());
}

/// `控制点与控制圈(示例)` says what the page `控制圈` is.
fn says_the_same(scene: &str, page: &str) -> bool {
    let (scene, page) = (scene.to_lowercase(), page.to_lowercase());
    scene.contains(&page) || (page.contains(&scene) && !scene.is_empty())
}

/// What is selected, in the lower left corner of the map.
pub fn card_ui(ui: &Ui, ctx: &Ctx<'_>, map: Rect) {
    let Some(record) = ctx.selected() else { return };
    Area::new(Id::unique("compact card"))
        // Messages lie in the other corner.
        .pivot(Align2::LEFT_TOP)
        .fixed_pos(pos2(map.left() + 16.0, map.top() + 16.0))
        .order(Order::Middle)
        .constrain_to(map)
        .show(ui.ctx(), |ui| {
            Frame::NONE
                .fill(ctx.color(|t| t.panel))
                .stroke(Stroke::new(1.0, ctx.color(|t| t.line)))
                .corner_radius(6)
                .inner_margin(Margin::symmetric(14, 10))
                .show(ui, |ui| {
                    ui.set_max_width((map.width() * 0.42).max(280.0));
                    record_ui(ui, ctx, record);
                });
        });
}

fn record_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Record) {
    ui.add(Label::new(RichText::new(record.name()).heading()).wrap());
    ui.label(note(format!("{} · {}", ctx.say(record.kind.label()), kind_words(ctx, record))));
    // What stands above, what the room has before it, or what only a program reads.
    let is_said = |key: &str| {
        let is_above = matches!(key, "name" | "kind" | "level" | "township");
        let is_of_meeting = matches!(key, "records" | "meeting" | "scene");
        !is_above && !is_of_meeting && !matches!(key, "code" | "waypoints" | "edges" | ATTACHMENTS)
    };
    let values = record.values().filter(|(field, _)| is_said(field.key)).take(MOST_FIELDS);
    for (field, value) in values {
        let mut words = card::shown_by_name(ctx, record.kind, field, value);
        if matches!(value, Value::Reals(_)) {
            words = words.replace(';', &ctx.tell("、", ", "));
        }
        let is_bad = *value == Verdict::Failed.value();
        let tone = if is_bad { ctx.color(|t| t.act) } else { ctx.color(|t| t.ink) };
        let font = TextStyle::Body.resolve(ui.style());
        let mut text = LayoutJob::default();
        let muted = TextFormat::simple(font.clone(), ctx.color(|t| t.muted));
        text.append(&format!("{} ", ctx.say(field.label)), 0.0, muted);
        let words = format!("{words} {}", field.unit);
        text.append(words.trim_end(), 0.0, TextFormat::simple(font, tone));
        ui.add(Label::new(text).wrap());
    }
}

/// Nothing is seen until somebody goes on.
pub fn black_ui(ui: &Ui, ctx: &Ctx<'_>) {
    let screen = ui.ctx().content_rect();
    let layer = LayerId::new(Order::Tooltip, Id::unique("black"));
    ui.ctx().layer_painter(layer).rect_filled(screen, 0.0, Color32::BLACK);
    // A click anywhere brings the picture back and does nothing else.
    Area::new(Id::unique("black area")).fixed_pos(screen.min).order(Order::Tooltip).show(
        ui.ctx(),
        |ui| {
            let size = vec2(screen.width(), screen.height());
            let response = ui.allocate_response(size, Sense::click());
            named(&response, ctx.say(Text::new("恢复画面", "Show again")));
            if response.clicked() {
                ctx.actions.meeting(MeetingAction::Stage(StageAction::Black));
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_told_apart_only_where_the_name_of_the_scene_does_not_say_it() {
        assert!(says_the_same("控制点与控制圈(示例)", "控制圈"));
        assert!(says_the_same("乡镇", "乡镇") && says_the_same("达标", "工地达标"));
        assert!(says_the_same("Control rings this week", "control rings"));
        assert!(!says_the_same("东部片区", "工地达标") && !says_the_same("", "工地达标"));
    }
}
