//! Modelled against counted trucks, station by station.

use egui::{Grid, RichText, Ui};

use crate::domain::{RecordId, Text};
use crate::network::calibration::{MET_GEH, StationFit, WANTED_SHARE};
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::model::answer::Answer;
use crate::ui::parts::words::figure;
use crate::ui::widgets::{note, strong};

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
