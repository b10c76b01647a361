//! Where it may come from: the sector in words, whether it was so before, and the ranked list.

use egui::{ScrollArea, Sense, Ui};
use geo_types::Coord;

use crate::analysis::sources::{Candidate, Stability, Terrain, Upwind, footprint};
use crate::domain::episode::Step;
use crate::domain::{Record, RecordId};
use crate::ui::action::{Action, DutyAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::duty::{RowKey, Sources};
use crate::ui::widgets::{empty, named, note, strong};

/// Shows the sources of the row that is looked at.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let Some(row) = ctx.duty_row() else { return };
    let key = RowKey::of(row);
    let Some(sources) = ctx.duty.sources.as_ref().filter(|sources| sources.of == key) else {
        let next = if row.place().is_some() {
            String::new()
        } else {
            ctx.tell("全区性事件没有单一来源", "What is of the whole district has no one source")
        };
        return empty(ui, ctx.tell("没有可排查的来源", "No sources to look for"), next);
    };
    let record = ctx.duty_record(row);
    head_ui(ui, ctx, sources);
    if sources.candidates.is_empty() {
        let what = ctx.tell("扇区和圈内没有登记的源", "Nothing is recorded in sector and rings");
        let next = ctx.tell(
            "在图上拖动扇区的边，或先导入工地、企业、餐饮",
            "Drag the edges of the sector on the map, or import sites first",
        );
        return empty(ui, what, next);
    }
    ScrollArea::vertical().id_salt("duty sources").auto_shrink(false).show(ui, |ui| {
        for (number, candidate) in (1..).zip(&sources.candidates) {
            candidate_ui(ui, ctx, number, candidate, record.map(|record| &**record));
        }
    });
}

/// The sector: by what wind, how wide, how far.
pub fn sector_words(ctx: &Ctx<'_>, sources: &Sources) -> String {
    let Upwind { from_deg, half_deg, reach_m, wind, .. } = sources.upwind;
    let speed = wind.map(|wind| format!("{:.1} m/s", wind.speed_m_s));
    let km = reach_m / 1000.0;
    match (from_deg, speed) {
        (Some(from), Some(speed)) => ctx.tell(
            format!("上风向 {from:.0}°±{half_deg:.0}°，{km:.1} km（风速 {speed}）"),
            format!("upwind {from:.0}° ± {half_deg:.0}°, {km:.1} km (wind {speed})"),
        ),
        (Some(from), None) => ctx.tell(
            format!("手定扇区 {from:.0}°±{half_deg:.0}°，{km:.1} km（当时无风资料）"),
            format!("drawn {from:.0}° ± {half_deg:.0}°, {km:.1} km (no wind then)"),
        ),
        (None, Some(speed)) => ctx.tell(
            format!("风弱（{speed}），全向 {km:.1} km"),
            format!("hardly any wind ({speed}): all around, {km:.1} km"),
        ),
        (None, None) => ctx.tell(
            format!("无风资料，全向 {km:.1} km"),
            format!("no wind measured: all around, {km:.1} km"),
        ),
    }
}

fn head_ui(ui: &mut Ui, ctx: &Ctx<'_>, sources: &Sources) {
    ui.horizontal_wrapped(|ui| {
        ui.label(strong(ctx.tell(
            format!("可能来源 {}", sources.candidates.len()),
            format!("{} possible sources", sources.candidates.len()),
        )));
        ui.label(note(ctx.tell("筛查线索，不是认定", "leads, no findings")));
        if ctx.duty.sector.is_some()
            && ui.small_button(ctx.tell("按风复位", "By the wind again")).clicked()
        {
            ctx.actions.send(Action::Duty(DutyAction::Sector(None)));
        }
    });
    let print = ctx.say(sources.fingerprint.label());
    ui.label(note(format!("{}；{print}", sector_words(ctx, sources))));
    if let Some((class, _)) = plume_of(sources) {
        let mut is_on = ctx.duty.has_plume;
        let words = ctx.tell("烟羽范围（示意）", "footprint of the plume (a hint)");
        let tip = ctx.tell(
            format!("高斯烟羽，稳定度{}（按风速和昼夜估），城区 Briggs 参数，图上到中线十分之一处；只示意方向和宽度，不算浓度", class.letter()),
            format!("Gaussian plume of class {} (by wind and hour), Briggs for towns, out to a tenth of the middle; direction and width, no concentration", class.letter()),
        );
        if ui.checkbox(&mut is_on, words).on_hover_text(tip).changed() {
            ctx.actions.send(Action::Duty(DutyAction::Plume(is_on)));
        }
    }
    let repeat = &sources.repeat;
    if repeat.count > 0 {
        let found: Vec<String> =
            repeat.found.iter().map(|(what, n)| format!("{what}×{n}")).collect();
        let found = if found.is_empty() {
            ctx.tell("均未查实", "nothing was found")
        } else {
            ctx.tell(format!("查实：{}", found.join("、")), format!("found: {}", found.join(", ")))
        };
        ui.label(note(ctx.tell(
            format!("近90天同时段同风向第{}次；{found}", repeat.count + 1),
            format!("number {} at this hour and wind in 90 days; {found}", repeat.count + 1),
        )));
    }
}

/// The footprint of the row's wind; `None` in a calm.
pub fn plume_of(sources: &Sources) -> Option<(Stability, Vec<Coord<f64>>)> {
    footprint(&sources.by_wind, Terrain::Urban, sources.of.hour?)
}

/// Whether somebody ruled it out.
pub fn is_ruled_out(record: &Record, source: RecordId) -> bool {
    let id = source.to_string();
    record.words("ruled_out").iter().any(|word| word.starts_with(&id))
}

fn candidate_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    rank: u32,
    candidate: &Candidate,
    record: Option<&Record>,
) {
    let source = &candidate.record;
    let is_out = record.is_some_and(|record| is_ruled_out(record, source.id));
    let shown = ui.horizontal(|ui| {
        if let Some(record) = record {
            let mut is_in = !is_out;
            let tick = ui.checkbox(&mut is_in, "");
            let tip = ctx.tell("不选即排除，不写进调度令", "Unticked ones get no order");
            named(&tick, &format!("{} {}", ctx.tell("交办", "Order"), source.name()));
            if tick.on_hover_text(tip).changed() {
                let because = (!is_in).then(String::new);
                let step = Step::RuleOut(source.id, because);
                ctx.actions.send(Action::Duty(DutyAction::Step(record.id, step)));
            }
        }
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let name = format!("{rank}. {}", source.name());
            ui.label(if is_out { note(name).strikethrough() } else { strong(name) });
            let mut words = vec![candidate.reason().say(ctx.lang()).to_owned()];
            let department = source.text("department");
            let owner = candidate.owner();
            let who = [department, owner.as_str(), source.text("phone")];
            words.extend(who.into_iter().filter(|word| !word.is_empty()).map(str::to_owned));
            ui.label(note(words.join("  ")));
        });
    });
    let response =
        ui.interact(shown.response.rect, egui::Id::unique(("source", source.id)), Sense::click());
    if response.clicked() {
        ctx.actions.select(source.id);
        ctx.actions.view(ViewAction::ShowRecord(source.id));
    }
}
