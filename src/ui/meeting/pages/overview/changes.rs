//! What changed, in one line a layer, with the way to its page.

use egui::Ui;

use crate::domain::Text;
use crate::ui::action::MeetingAction;
use crate::ui::ctx::Ctx;
use crate::ui::meeting::pages::lay::title_ui;
use crate::ui::model::compared::PAGE;
use crate::ui::parts::kpi::compared_with;
use crate::ui::widgets::note;

/// How much of each layer is another than it was; the page of changes tells which.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let Some(with) = compared_with(ctx) else { return };
    title_ui(ui, &ctx.tell(format!("变化（{with}）"), format!("Changes, {with}")));
    let changes = &ctx.meeting.overview.changes;
    if changes.is_empty() {
        ui.label(note(ctx.tell("没有变化", "nothing changed")));
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for changed in changes {
            ui.label(ctx.say(changed.kind.label()));
            let mut parts = Vec::new();
            for (count, words) in [
                (changed.created, Text::new("新增", "new")),
                (changed.updated, Text::new("修改", "changed")),
                (changed.deleted, Text::new("删除", "deleted")),
            ] {
                if count > 0 {
                    let words = ctx.say(words);
                    parts.push(ctx.tell(format!("{words} {count}"), format!("{count} {words}")));
                }
            }
            ui.label(note(parts.join(" ")));
            ui.add_space(8.0);
        }
        if ui.link(ctx.tell("逐条查看", "one by one")).clicked() {
            ctx.actions.meeting(MeetingAction::Open(PAGE));
        }
    });
}
