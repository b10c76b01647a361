//! Which decisions are listed.

use std::collections::BTreeSet;

use egui::{Button, ComboBox, TextEdit, Ui};

use super::meant::{is_of_last, last};
use crate::analysis::decisions::{DecisionFilter, DecisionStanding, DecisionTally, by_owner};
use crate::domain::{Kind, RecordId, Text};
use crate::settings::clock;
use crate::ui::action::MeetingAction;
use crate::ui::ctx::Ctx;
use crate::ui::meeting::pages::lay::em;
use crate::ui::widgets::{named_combo, named_text};

const STANDINGS: [DecisionStanding; 5] = [
    DecisionStanding::Overdue,
    DecisionStanding::Open,
    DecisionStanding::ClosedOnTime,
    DecisionStanding::ClosedLate,
    DecisionStanding::Dropped,
];

/// Which decisions are listed: chips with counts, the last meeting or all, owner, meeting, words.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, meant: &DecisionFilter) {
    ui.horizontal_wrapped(|ui| {
        last_ui(ui, ctx);
        chips_ui(ui, ctx, meant);
        owner_ui(ui, ctx);
        if !is_of_last(ctx) {
            meeting_ui(ui, ctx);
        }
        text_ui(ui, ctx);
        rest_ui(ui, ctx);
    });
}

fn choose(ctx: &Ctx<'_>, change: impl FnOnce(&mut DecisionFilter)) {
    let mut wanted = ctx.meeting.wanted.clone();
    change(&mut wanted);
    ctx.actions.meeting(MeetingAction::Wanted(wanted));
}

fn last_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let is_on = is_of_last(ctx);
    let last = last(ctx);
    let words = ctx.say(Text::new("只看上次会议", "Last meeting only"));
    let button = ui.add_enabled(last.is_some(), Button::selectable(is_on, words));
    let none = ctx.tell("今天之前没有会议", "No meeting before today");
    let tip = last.as_ref().map_or(none, |meeting| meeting.name().to_owned());
    if button.on_hover_text(&tip).on_disabled_hover_text(&tip).clicked() {
        ctx.actions.meeting(MeetingAction::OfLast(!is_on));
    }
}

/// How many stand how, of those that all the rest lets through.
fn chips_ui(ui: &mut Ui, ctx: &Ctx<'_>, meant: &DecisionFilter) {
    let others = DecisionFilter { standings: BTreeSet::new(), ..meant.clone() };
    let all = &ctx.meeting.overview.decisions;
    let world = ctx.world();
    let rows = others.pick(&world, all, &clock::office());
    let tally = DecisionTally::of(rows.iter().map(|(how, _)| *how));
    for how in STANDINGS {
        let count = tally.of_standing(how);
        let is_on = meant.standings.contains(&how);
        if count == 0 && !is_on {
            continue;
        }
        let words = format!("{} {count}", ctx.say(how.label()));
        if ui.add(Button::selectable(is_on, words)).clicked() {
            choose(ctx, |wanted| {
                if !wanted.standings.remove(&how) {
                    wanted.standings.insert(how);
                }
            });
        }
    }
}

fn owner_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let any = ctx.tell("全部单位", "every owner");
    let chosen = ctx.meeting.wanted.owner.clone();
    let shown = chosen.clone().unwrap_or_else(|| any.clone());
    let combo = ComboBox::from_id_salt("owner of decisions")
        .selected_text(&shown)
        .width(em(ui) * 8.0)
        .show_ui(ui, |ui| {
            if ui.selectable_label(chosen.is_none(), &any).clicked() {
                choose(ctx, |wanted| wanted.owner = None);
            }
            let all = &ctx.meeting.overview.decisions;
            for (owner, _) in by_owner(all.iter().map(|(how, decision)| (*how, &**decision))) {
                let is_on = chosen.as_ref() == Some(&owner);
                if !owner.is_empty() && ui.selectable_label(is_on, &owner).clicked() {
                    choose(ctx, |wanted| wanted.owner = Some(owner));
                }
            }
        });
    named_combo(&combo.response, ctx.say(Text::new("责任单位", "Owner")), &shown);
}

fn meeting_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let world = ctx.world();
    let any = ctx.tell("全部会议", "every meeting");
    let chosen = ctx.meeting.wanted.meeting;
    let of = |id: RecordId| world.get(id).map(|meeting| meeting.name().to_owned());
    let shown = chosen.and_then(of).unwrap_or_else(|| any.clone());
    let combo = ComboBox::from_id_salt("meeting of decisions")
        .selected_text(&shown)
        .width(em(ui) * 10.0)
        .show_ui(ui, |ui| {
            if ui.selectable_label(chosen.is_none(), &any).clicked() {
                choose(ctx, |wanted| wanted.meeting = None);
            }
            // The latest one is asked for most.
            let mut meetings: Vec<_> = world.table(Kind::Meeting).iter().collect();
            meetings.sort_by_key(|meeting| {
                let date = meeting.get("date").map(crate::domain::Value::to_cell);
                std::cmp::Reverse((date, meeting.id))
            });
            for meeting in meetings {
                let is_on = chosen == Some(meeting.id);
                if ui.selectable_label(is_on, meeting.name()).clicked() {
                    choose(ctx, |wanted| wanted.meeting = Some(meeting.id));
                }
            }
        });
    named_combo(&combo.response, ctx.say(Text::new("会议", "Meeting")), &shown);
}

fn text_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let name = ctx.say(Text::new("在决定中查找", "Find in decisions"));
    let mut text = ctx.meeting.wanted.text.clone();
    let field = TextEdit::singleline(&mut text).hint_text(name).desired_width(em(ui) * 9.0);
    let response = ui.add(field);
    named_text(&response, name, &text);
    if response.changed() {
        choose(ctx, |wanted| wanted.text = text);
    }
}

/// The week that a click in the chart chose, and the way out of everything that was chosen.
fn rest_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    if let Some(monday) = ctx.meeting.wanted.week {
        let day = monday.strftime("%m-%d");
        let words = ctx.tell(format!("{day} 起一周"), format!("week of {day}"));
        if ui.add(Button::selectable(true, words)).clicked() {
            choose(ctx, |wanted| wanted.week = None);
        }
    }
    if !ctx.meeting.wanted.is_empty() && ui.link(ctx.tell("显示全部决定", "show all")).clicked()
    {
        ctx.actions.meeting(MeetingAction::Wanted(DecisionFilter::default()));
    }
}
