//! Where it may come from: the sector in words, whether it was so before, and the ranked list.

use egui::{ScrollArea, Sense, TextEdit, Ui};
use geo_types::Coord;

use crate::analysis::air::wind::{CpfSector, Sector};
use crate::analysis::sources::{Candidate, Stability, Terrain, Upwind, footprint};
use crate::domain::episode::{Step, findings};
use crate::domain::{Record, RecordId, Text};
use crate::ui::action::{Action, EpisodeAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::episodes::{RowKey, Sources};
use crate::ui::widgets::{empty, named, named_text, note, open_menu, strong};

/// Shows the sources of the row that is looked at.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let Some(row) = ctx.episode_row() else { return };
    let key = RowKey::of(row);
    let Some(sources) = ctx.episodes.sources.as_ref().filter(|sources| sources.of == key) else {
        let next = if row.place().is_some() {
            String::new()
        } else {
            ctx.tell("全区性事件没有单一来源", "What is of the whole district has no one source")
        };
        return empty(ui, ctx.tell("没有可排查的来源", "No sources to look for"), next);
    };
    let record = ctx.episode_record(row);
    head_ui(ui, ctx, sources);
    if sources.candidates.is_empty() {
        let what = ctx.tell("扇区和圈内没有登记的源", "Nothing is recorded in sector and rings");
        let next = ctx.tell(
            "在图上拖动扇区的边，或先导入工地、企业、餐饮",
            "Drag the edges of the sector on the map, or import sites first",
        );
        return empty(ui, what, next);
    }
    ScrollArea::vertical().id_salt("episodes sources").auto_shrink(false).show(ui, |ui| {
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
        if ctx.episodes.sector.is_some()
            && ui.small_button(ctx.tell("按风复位", "By the wind again")).clicked()
        {
            ctx.actions.send(Action::Episode(EpisodeAction::Sector(None)));
        }
    });
    let (sector, print) = (sector_words(ctx, sources), ctx.say(sources.fingerprint.label()));
    ui.label(note(ctx.tell(format!("{sector}；{print}"), format!("{sector}; {print}"))));
    if let Some((class, _)) = plume_of(sources) {
        let mut is_on = ctx.episodes.has_plume;
        let words = ctx.tell("烟羽范围（示意）", "footprint of the plume (a hint)");
        let tip = ctx.tell(
            format!("高斯烟羽，稳定度{}（按风速和昼夜估），城区 Briggs 参数，图上到中线十分之一处；只示意方向和宽度，不算浓度", class.letter()),
            format!("Gaussian plume of class {} (by wind and hour), Briggs for towns, out to a tenth of the middle; direction and width, no concentration", class.letter()),
        );
        if ui.checkbox(&mut is_on, words).on_hover_text(tip).changed() {
            ctx.actions.send(Action::Episode(EpisodeAction::Plume(is_on)));
        }
    }
    if let Some(words) = cpf_words(ctx, sources) {
        let tip = ctx.tell(
            "条件概率：该风向下浓度高于全部小时第75百分位的小时占比；图上灰色扇叶，只画不少于5小时的风向，半径表示概率，不是距离",
            "conditional probability: the share of hours of a direction above the 75th percentile of all; grey leaves on the map for directions of five hours or more, whose radius is the probability and no distance",
        );
        ui.label(note(words)).on_hover_text(tip);
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

/// From where high hours of the season came most often.
fn cpf_words(ctx: &Ctx<'_>, sources: &Sources) -> Option<String> {
    let cpf = sources.cpf.as_ref()?;
    let known = Sector::all().zip(&cpf.sectors).filter(|(_, of)| !of.is_few());
    let likeliest = known.max_by(|(_, a), (_, b)| {
        let share = |of: &CpfSector| of.probability().unwrap_or_default();
        share(a).total_cmp(&share(b))
    });
    let (sector, of) = likeliest?;
    let (share, n) = (of.probability()?, of.n);
    Some(ctx.tell(
        format!("近季高值多来自{}：{:.0}%（n={n}）", sector.name().zh, share * 100.0),
        format!("high hours of the season: {} {:.0}% (n={n})", sector.name().en, share * 100.0),
    ))
}

/// The footprint of the row's wind; `None` in a calm.
pub fn plume_of(sources: &Sources) -> Option<(Stability, Vec<Coord<f64>>)> {
    footprint(&sources.by_wind, Terrain::Urban, sources.of.hour?)
}

/// Why somebody ruled it out, empty where no reason was given; `None` where nobody did.
pub fn ruled_out(record: &Record, source: RecordId) -> Option<&str> {
    let id = source.to_string();
    let rest = record.words("ruled_out").iter().find_map(|word| word.strip_prefix(&id))?;
    Some(rest.trim())
}

/// Reasons that are given most.
const REASONS: [Text; 4] = [
    Text::new("已停工停产", "at rest"),
    Text::new("不在上风向", "not upwind"),
    Text::new("刚查过，无异常", "looked at just now, in order"),
    Text::new("类型不符", "of another kind"),
];

/// The reason why a source gets no order, to be given or changed.
fn reason_ui(ui: &mut Ui, ctx: &Ctx<'_>, source: &Record, because: &str, send: &dyn Fn(Step)) {
    let shown =
        if because.is_empty() { ctx.tell("原因…", "Why…") } else { because.to_owned() };
    let menu = open_menu(ui, &shown, |ui| {
        for reason in REASONS {
            if ui.button(ctx.say(reason)).clicked() {
                send(Step::RuleOut(source.id, Some(ctx.say(reason).to_owned())));
                ui.close();
            }
        }
        let id = ui.scope_id().with(("why", source.id));
        let mut typed = ui.data_mut(|data| data.get_temp::<String>(id)).unwrap_or_default();
        let hint = ctx.tell("其他原因，回车记下", "another reason, Enter keeps it");
        let edit = ui.add(TextEdit::singleline(&mut typed).hint_text(hint).desired_width(170.0));
        named_text(&edit, ctx.say(Text::new("其他原因", "Another reason")), &typed);
        let is_done = edit.lost_focus() && !typed.trim().is_empty();
        if is_done {
            send(Step::RuleOut(source.id, Some(typed.trim().to_owned())));
            typed.clear();
            ui.close();
        }
        ui.data_mut(|data| data.insert_temp(id, typed));
    });
    let name = ctx.tell("排除原因", "Why it is ruled out");
    named(&menu, &format!("{name} {}", source.name()));
}

/// Something was found here: its name begins what is written of it.
fn found_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Record, source: &Record, send: &dyn Fn(Step)) {
    if findings(record).any(|it| it.contains(source.name())) {
        return;
    }
    let words = ctx.tell("查实", "Found");
    let button = ui.small_button(&words);
    named(&button, &format!("{words} {}", source.name()));
    let tip = ctx.tell("在查实问题里记下这一处", "Notes it under what was found");
    if button.on_hover_text(tip).clicked() {
        let mut all: Vec<&str> = findings(record).collect();
        all.push(source.name());
        send(Step::Found(all.join("；")));
    }
}

fn candidate_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    rank: u32,
    candidate: &Candidate,
    record: Option<&Record>,
) {
    let source = &candidate.record;
    let because = record.and_then(|record| ruled_out(record, source.id));
    let is_out = because.is_some();
    // Whoever points at the words goes to the place; boxes and buttons beside them are their own.
    let link = |ui: &mut Ui, words: egui::RichText| {
        let label = egui::Label::new(words).truncate().selectable(false).sense(Sense::click());
        if ui.add(label).clicked() {
            ctx.actions.select(source.id);
            ctx.actions.view(ViewAction::ShowRecord(source.id));
        }
    };
    ui.horizontal(|ui| {
        if let Some(record) = record {
            let mut is_in = !is_out;
            let tick = ui.checkbox(&mut is_in, "");
            let tip = ctx.tell("不选即排除，不写进调度令", "Unticked ones get no order");
            named(&tick, &format!("{} {}", ctx.tell("交办", "Order"), source.name()));
            if tick.on_hover_text(tip).changed() {
                let because = (!is_in).then(String::new);
                let step = Step::RuleOut(source.id, because);
                ctx.actions.send(Action::Episode(EpisodeAction::Step(record.id, step)));
            }
        }
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let name = format!("{rank}. {}", source.name());
            ui.horizontal(|ui| {
                let label = if is_out { note(name).strikethrough() } else { strong(name) };
                link(ui, label);
                let Some(record) = record else { return };
                let send = |step: Step| {
                    ctx.actions.send(Action::Episode(EpisodeAction::Step(record.id, step)));
                };
                if let Some(because) = because {
                    reason_ui(ui, ctx, source, because, &send);
                } else {
                    found_ui(ui, ctx, record, source, &send);
                }
            });
            let mut words = vec![candidate.reason().say(ctx.lang()).to_owned()];
            let department = source.text("department");
            let owner = candidate.owner();
            let department = if owner.contains(department) { "" } else { department };
            let who = [department, owner.as_str(), source.text("phone")];
            words.extend(who.into_iter().filter(|word| !word.is_empty()).map(str::to_owned));
            link(ui, note(words.join("  ")));
        });
    });
}
