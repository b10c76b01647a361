//! How far each figure of the plan moves when one assumption is another: on demand, below the plans.

use std::sync::Arc;

use egui::{Grid, Ui};

use crate::domain::Text;
use crate::jobs::{Derived, Jobs, Progress, Reply};
use crate::network::sensitivity::{FIGURES, Sensitivity, sensitivity};
use crate::ui::action::{Action, Actions, PlannerAction};
use crate::ui::ctx::Ctx;
use crate::ui::derivation::Derivation;
use crate::ui::model::Model;
use crate::ui::model::planning::Asked;
use crate::ui::parts::words::{range, signed};
use crate::ui::widgets::{note, strong};

/// What moves the figures of the plan that is looked at.
pub struct MakeSensitivity;

/// Under which the job runs.
const JOB: &str = "sensitivity";
/// Of one thousand, so that a share is told in whole numbers.
const WHOLE: f64 = 1000.0;

impl Derivation for MakeSensitivity {
    type Key = Asked;
    type Value = Option<Arc<Sensitivity>>;

    const IS_FOLLOWED: bool = false;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.planner.sensitivity
    }

    fn key(model: &Model) -> Option<Asked> {
        Some(model.planner.answer.as_ref()?.asked.clone())
    }

    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, _: &Actions) -> Action {
        let work = move |progress: &Progress| {
            let tell = |share: f64| {
                progress.set((share * WHOLE) as u64, WHOLE as u64);
                !progress.is_cancelled()
            };
            let Asked { prepared, world, plan, at, assumed, .. } = &reply.key;
            let found = sensitivity(prepared, world, (plan, *at), *assumed, &tell);
            if let Some(found) = found {
                reply.send(Some(Arc::new(found)));
            }
            Action::Nothing
        };
        Action::Work(JOB, Box::new(work))
    }
}

/// The table where it is of now.
fn known<'a>(ctx: &'a Ctx<'_>) -> Option<&'a Arc<Sensitivity>> {
    let held = &ctx.planner.sensitivity;
    let asked = ctx.planner.answer.as_ref().map(|answer| &answer.asked);
    held.as_ref().filter(|_| held.of().is_some() && held.of() == asked)
}

/// The button, and how far it is.
pub fn button_ui(ui: &mut Ui, ctx: &Ctx<'_>, jobs: &Jobs<Action>) {
    if ctx.planner.plan.is_empty() {
        return;
    }
    if let Some(progress) = jobs.progress(JOB) {
        let share = progress.share().unwrap_or(0.0);
        ui.add(egui::ProgressBar::new(share).desired_width(160.0).show_percentage());
        if ui.button(ctx.say(Text::new("取消计算", "Stop"))).clicked() {
            progress.cancel();
        }
        return;
    }
    let words = ctx.say(Text::new("各数的敏感性", "What moves each figure"));
    let tip = ctx.tell(
        "逐一改变每个假设，看每个数在多大范围内变动；表在下方",
        "Varies one assumption after the other, and tells below how far each figure moves",
    );
    if ui.button(words).on_hover_text(tip).clicked() {
        ctx.actions.planner(PlannerAction::Sensitivity);
    }
    if known(ctx).is_none() && ctx.planner.sensitivity.is_some() {
        ui.label(note(
            ctx.tell("方案、时刻或假设已变", "plan, moment or assumptions have changed"),
        ));
    }
}

/// The table, where it was asked for.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let known = known(ctx).filter(|_| !ctx.planner.plan.is_empty());
    let Some(found) = known else { return };
    ui.add_space(4.0);
    // In each column the widest is what the figure hangs on.
    let widest = |column: usize| {
        let widths = found.rows.iter().enumerate().filter_map(|(number, row)| {
            let [low, high] = (*row.values.get(column)?)?;
            Some(((high - low).abs(), number))
        });
        widths.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(width, _)| *width > 0.05).map(|(_, n)| n)
    };
    let widest: Vec<Option<usize>> = (0..FIGURES.len()).map(widest).collect();
    Grid::new("sensitivity").num_columns(FIGURES.len() + 1).spacing([18.0, 4.0]).show(ui, |ui| {
        ui.label(note(ctx.tell("较现状的变化量", "changes against today")));
        for words in FIGURES {
            ui.label(note(ctx.say(words)));
        }
        ui.end_row();
        ui.label(strong(ctx.tell("现有假设", "as assumed now")));
        for value in found.base {
            ui.label(strong(signed(value)));
        }
        ui.end_row();
        for (number, row) in found.rows.iter().enumerate() {
            ui.label(row.what.say(ctx.lang()));
            for (value, widest) in row.values.iter().zip(&widest) {
                let Some([low, high]) = value else {
                    ui.label(note("—"));
                    continue;
                };
                let (low, high) = (signed(*low), signed(*high));
                if low == high {
                    ui.label(note(ctx.tell("不变", "the same")));
                    continue;
                }
                let words = range(&low, &high, ctx.lang());
                if *widest == Some(number) {
                    ui.label(strong(words).color(ctx.color(|t| t.watch)));
                } else {
                    ui.label(words);
                }
            }
            ui.end_row();
        }
    });
    ui.label(note(ctx.tell(
        "一次只变一项，其余不变；不计无路可走的车；每列变动最大的加重",
        "One at a time, the rest as it is; without those who are cut off; the widest of each column is strong",
    )));
}
