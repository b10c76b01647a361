//! How the decisions of each owner stand.

use std::collections::BTreeSet;

use egui::{RichText, Ui};

use super::meant::meant;
use crate::analysis::decisions::{DecisionFilter, DecisionTally, by_owner};
use crate::analysis::standards::FEW;
use crate::domain::Text;
use crate::settings::clock;
use crate::ui::action::MeetingAction;
use crate::ui::ctx::Ctx;
use crate::ui::meeting::pages::lay::{cell_ui, em, head_ui, row_ui, rows_ui, title_ui};
use crate::ui::widgets::note;

/// Who does what was decided in time; a click lists theirs.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, is_alone: bool) {
    title_ui(ui, ctx.say(Text::new("按责任单位", "By owner")));
    // All that is chosen but the owner: the table is there to choose one.
    let wanted = DecisionFilter { owner: None, standings: BTreeSet::new(), ..meant(ctx) };
    let world = ctx.world();
    let rows = wanted.pick(&world, &ctx.meeting.overview.decisions, &clock::office());
    let owners = by_owner(rows.iter().map(|(how, decision)| (*how, &**decision)));
    let em = em(ui);
    let (count, open, rate) = (em * 2.8, em * 5.0, em * 6.4);
    let name = (ui.available_width() - count - open - rate - 30.0).max(em * 5.0);
    let say = |zh, en| ctx.say(Text::new(zh, en));
    head_ui(
        ui,
        &[
            (name, say("责任单位", "Owner")),
            (count, say("决定", "all")),
            (open, say("未完成", "open")),
            (rate, say("按时完成", "on time")),
        ],
    );
    rows_ui(ui, ctx, "owners", is_alone, owners.len(), |ui, place| {
        if let Some((owner, tally)) = owners.get(place) {
            owner_ui(ui, ctx, owner, tally, [name, count, open, rate]);
        }
    });
}

fn owner_ui(ui: &mut Ui, ctx: &Ctx<'_>, owner: &str, tally: &DecisionTally, widths: [f32; 4]) {
    let nobody = ctx.tell("未定单位", "nobody");
    let of = if owner.is_empty() { nobody.as_str() } else { owner };
    let chosen = ctx.meeting.wanted.owner.as_deref();
    let rate = rate_words(ctx, tally);
    let (overdue, unfinished) = (tally.overdue, tally.unfinished());
    let is_chosen = chosen == Some(owner);
    let response = row_ui(ui, ctx, &format!("{of} {rate}"), is_chosen, |ui| {
        let [name, count, open, rate_width] = widths;
        cell_ui(ui, name, of);
        cell_ui(ui, count, tally.count().to_string());
        if overdue > 0 {
            let words = ctx
                .tell(format!("{unfinished} 逾期{overdue}"), format!("{unfinished} ({overdue})"));
            cell_ui(ui, open, RichText::new(words).color(ctx.color(|t| t.act)));
        } else {
            cell_ui(ui, open, unfinished.to_string());
        }
        let says_little = tally.judged() < FEW;
        cell_ui(ui, rate_width, if says_little { note(&rate) } else { RichText::new(&rate) });
    });
    if response.clicked() && !owner.is_empty() {
        let owner = (!is_chosen).then(|| owner.to_owned());
        let wanted = DecisionFilter { owner, ..ctx.meeting.wanted.clone() };
        ctx.actions.meeting(MeetingAction::Wanted(wanted));
    }
}

/// `3/4 75%`, of those that are judged; where it is of few, it says so.
fn rate_words(ctx: &Ctx<'_>, tally: &DecisionTally) -> String {
    let Some(share) = tally.share_on_time() else { return "—".to_owned() };
    let (good, judged) = (tally.closed_on_time, tally.judged());
    let few = if judged < FEW { ctx.tell(" 样本少", " few") } else { String::new() };
    format!("{good}/{judged} {:.0}%{few}", share * 100.0)
}
