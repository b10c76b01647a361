//! Modelled against counted trucks, station by station.

use std::sync::Arc;

use egui::{Grid, RichText, ScrollArea, Ui};

use crate::domain::{RecordId, Text};
use crate::exchange::counted::{Counted, counted};
use crate::jobs::{Derived, Reply};
use crate::network::calibration::{MET_GEH, PastedCalibration, StationFit, WANTED_SHARE};
use crate::ui::action::{Action, Actions, PlannerAction, RoadsAction};
use crate::ui::ctx::Ctx;
use crate::ui::derivation::Derivation;
use crate::ui::model::answer::Answer;
use crate::ui::model::planning::CountsOf;
use crate::ui::model::{Model, Toast};
use crate::ui::parts::words::figure;
use crate::ui::widgets::{note, strong};

/// Pasted counts beside the model.
pub struct HoldCounts;

impl Derivation for HoldCounts {
    type Key = CountsOf;
    type Value = Option<Arc<PastedCalibration>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.planner.held
    }

    fn key(model: &Model) -> Option<CountsOf> {
        let counts = Arc::clone(model.planner.counts.as_ref()?);
        let answer = Arc::clone(model.planner.answer.as_ref().as_ref()?);
        Some(CountsOf { answer, counts })
    }

    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, _: &Actions) -> Action {
        let work = move |_: &_| {
            let CountsOf { answer, counts } = &reply.key;
            let before = &answer.comparison.before;
            let (world, prepared) = (&answer.asked.world, answer.prepared());
            reply.send(Some(Arc::new(PastedCalibration::of(world, prepared, before, counts))));
            Action::Nothing
        };
        Action::Work("counts", Box::new(work))
    }
}

/// The page: counts of the records, and counts that are pasted here; whether flows are to be estimated
/// from these.
pub fn page_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) -> bool {
    paste(ui, ctx);
    let mut estimates = false;
    ScrollArea::both().id_salt("calibration").auto_shrink(false).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| self::ui(ui, ctx, answer));
            ui.add_space(28.0);
            ui.vertical(|ui| estimates = pasted_ui(ui, ctx));
        });
    });
    estimates
}

/// Rows from Excel over the page: places with the trucks of a day, or of its hours.
fn paste(ui: &Ui, ctx: &Ctx<'_>) {
    if ui.ctx().egui_wants_keyboard_input() || !ui.rect_contains_pointer(ui.max_rect()) {
        return;
    }
    let texts = ui.input(|input| {
        let pasted = input.events.iter().filter_map(|event| match event {
            egui::Event::Paste(text) => Some(text.clone()),
            _ => None,
        });
        pasted.collect::<Vec<_>>()
    });
    for text in texts {
        let counts = match counted(&text) {
            Some(Counted::Counts(counts)) => {
                counts.into_iter().map(|(name, count)| (name, vec![count])).collect()
            }
            Some(Counted::Hourly(counts)) => {
                counts.into_iter().map(|(name, hours)| (name, hours.to_vec())).collect()
            }
            Some(Counted::Flows(_)) | None => Vec::new(),
        };
        if counts.is_empty() {
            ctx.actions.send(Action::Say(Toast::watch(
                "粘贴的应是 地点、每日辆数，或 地点、24 个小时的辆数",
                "Paste rows of place, trucks a day; or of place and the trucks of 24 hours",
            )));
        } else {
            ctx.actions.planner(PlannerAction::Counts(counts));
        }
    }
}

fn pasted_ui(ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
    let mut estimates = false;
    ui.label(strong(ctx.tell("粘贴的计数（不写入）", "Pasted counts (nothing is written)")));
    let Some(counts) = &ctx.planner.counts else {
        ui.label(note(ctx.tell(
            "从 Excel 复制 地点、每日辆数，或 地点、24 个小时的辆数，在此页按 Ctrl+V；\
             地点为关口、摄像机、拥堵点或道路的名称或编码",
            "Copy place and trucks a day, or place and the trucks of 24 hours, and press Ctrl+V here; \
             a place is a gate, camera, queue or road by name or code",
        )));
        return false;
    };
    ui.horizontal(|ui| {
        if ui
            .button(ctx.say(Text::new("由这些计数估算车流", "Estimate flows from these")))
            .clicked()
        {
            let sums = counts.iter().map(|(name, counts)| (name.clone(), counts.iter().sum()));
            ctx.actions.roads(RoadsAction::Estimate(Some(sums.collect())));
            estimates = true;
        }
        if ui.button(ctx.say(Text::new("清除", "Clear"))).clicked() {
            ctx.actions.planner(PlannerAction::Counts(Vec::new()));
        }
    });
    let Some(held) = ctx.planner.held.as_ref() else { return estimates };
    fits_ui(ui, ctx, held);
    for (name, why) in &held.unused {
        let why = ctx.say(*why);
        ui.label(note(ctx.tell(format!("{name}：{why}"), format!("{name}: {why}"))));
    }
    if let Some(share) = held.met_share() {
        let (share, wanted) = (share * 100.0, WANTED_SHARE * 100.0);
        ui.label(note(ctx.tell(
            format!("GEH 小于 {MET_GEH:.0} 的地点占 {share:.0} %（宜达到 {wanted:.0} %）"),
            format!(
                "GEH below {MET_GEH:.0} at {share:.0} % of the places; {wanted:.0} % are wanted"
            ),
        )));
    }
    estimates
}

/// A row for each place, the worst first.
fn fits_ui(ui: &mut Ui, ctx: &Ctx<'_>, held: &PastedCalibration) {
    Grid::new("pasted counts").num_columns(5).spacing([20.0, 4.0]).show(ui, |ui| {
        for words in [
            Text::new("地点", "Place"),
            Text::new("计数 辆/时", "counted /h"),
            Text::new("模型 辆/时", "modelled /h"),
            Text::new("GEH", "GEH"),
            Text::new("相符的小时", "hours met"),
        ] {
            ui.label(note(ctx.say(words)));
        }
        ui.end_row();
        for fit in &held.fits {
            link_ui(ui, ctx, fit.record, &fit.name);
            let [counted, modelled] = fit.means();
            ui.label(figure(counted));
            ui.label(figure(modelled));
            let geh = format!("{:.1}", fit.geh());
            ui.label(if fit.geh() < MET_GEH {
                RichText::new(geh)
            } else {
                strong(geh).color(ctx.color(|t| t.act))
            });
            let hours = fit.hours.len();
            ui.label(if hours > 1 { format!("{}/{hours}", fit.met()) } else { "—".to_owned() });
            ui.end_row();
        }
    });
}

/// The table, the worst station first, and how many are met.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    let calibration = &answer.calibration;
    ui.label(strong(ctx.tell(
        "校核：现状模型与货车计数（计数时段内平均，辆/时）",
        "Calibration: today's model beside counts, mean of the counted hours, trucks/h",
    )));
    let Some(share) = calibration.met_share() else {
        ui.label(note(ctx.tell(
            "没有可用的计数：给拥堵怠速记录填写时段和货车流量",
            "No counts: give congestion records hours and trucks an hour",
        )));
        unused_ui(ui, ctx, answer);
        return;
    };
    Grid::new("calibration").num_columns(5).spacing([20.0, 4.0]).show(ui, |ui| {
        for words in [
            Text::new("计数点", "Station"),
            Text::new("小时数", "hours"),
            Text::new("计数", "counted"),
            Text::new("模型", "modelled"),
            Text::new("GEH", "GEH"),
        ] {
            ui.label(note(ctx.say(words)));
        }
        ui.end_row();
        for fit in &calibration.stations {
            let StationFit { record, name, hours, counted, modelled } = fit;
            link_ui(ui, ctx, *record, name);
            ui.label(figure(*hours));
            ui.label(figure(*counted));
            ui.label(figure(*modelled));
            let geh = format!("{:.1}", fit.geh());
            ui.label(if fit.is_met() {
                RichText::new(geh)
            } else {
                strong(geh).color(ctx.color(|t| t.act))
            });
            ui.end_row();
        }
    });
    unused_ui(ui, ctx, answer);
    let (share, wanted) = (share * 100.0, WANTED_SHARE * 100.0);
    ui.label(note(ctx.tell(
        format!(
            "GEH = √(2(模型−计数)²/(模型+计数))；小于 {MET_GEH:.0} 为相符，占 {share:.0} %（宜达到 {wanted:.0} %）"
        ),
        format!(
            "GEH = √(2(m−c)²/(m+c)); met below {MET_GEH:.0}: {share:.0} % of the stations, {wanted:.0} % are wanted"
        ),
    )));
}

/// What cannot be held against the model, and why.
fn unused_ui(ui: &mut Ui, ctx: &Ctx<'_>, answer: &Answer) {
    for (name, why) in &answer.calibration.unused {
        let why = ctx.say(*why);
        ui.label(note(ctx.tell(format!("{name}：{why}"), format!("{name}: {why}"))));
    }
}

fn link_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: RecordId, name: &str) {
    if ui.link(name).clicked() {
        ctx.actions.send(Action::Select(vec![record]));
    }
}
