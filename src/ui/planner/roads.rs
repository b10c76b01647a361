//! The road network: how large it is, what is found with it, what its roads leave open.

use egui::{Button, RichText, ScrollArea, Ui};
use geo_types::Coord;
use lucide_icons::Icon;

use super::work::MakeSurvey;
use crate::domain::{Edit, Text};
use crate::map::view::View;
use crate::network::DefectKind;
use crate::network::repair::{Repair, changes};
use crate::network::speeds;
use crate::network::survey::{Survey, SurveyedDefect};
use crate::ui::action::{Action, DialogAction, RoadsAction, ViewAction};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::derivation::Derivation as _;
use crate::ui::parts::words::figure;
use crate::ui::widgets::{empty, icon, named, note, strong};

/// Which list is open.
pub struct Roads {
    kind: DefectKind,
}

impl Default for Roads {
    fn default() -> Self {
        Self { kind: DefectKind::Gap }
    }
}

/// So near that the ends of two roads are seen apart.
const ZOOM: f64 = 19.0;
const ROW: f32 = 26.0;
/// Rules that are not understood, of which so many are shown.
const MOST_UNREAD: usize = 8;

const LISTS: [(DefectKind, Text); 3] = [
    (DefectKind::Gap, Text::new("断口", "Gaps")),
    (DefectKind::Island, Text::new("孤岛", "Islands")),
    (DefectKind::DeadEnd, Text::new("断头路", "Dead ends")),
];

impl Roads {
    /// Shows the network: how large it is, its defects, what is proposed.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ask(ctx);
        let Some(survey) = (*ctx.planner.survey).clone() else {
            let words = ctx.tell("正在检查路网…", "Looking the network over…");
            empty(ui, words, ctx.tell("可继续看图", "The map stays usable meanwhile"));
            return;
        };
        if survey.edges == 0 {
            empty(
                ui,
                ctx.tell("还没有道路", "There are no roads yet"),
                ctx.tell(
                    "导入 OpenStreetMap 道路（.osm.pbf 或 .osm），或按 7 画道路",
                    "Import roads from OpenStreetMap (.osm.pbf or .osm), or draw them with 7",
                ),
            );
            return;
        }
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(270.0);
                size_ui(ui, ctx, &survey);
            });
            ui.add_space(16.0);
            ui.vertical(|ui| self.lists_ui(ui, ctx, &survey));
        });
    }

    fn lists_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, survey: &Survey) {
        ui.horizontal(|ui| {
            for (kind, words) in LISTS {
                let words = format!("{} {}", ctx.say(words), survey.of_kind(kind).count());
                if ui.add(Button::selectable(self.kind == kind, words)).clicked() {
                    self.kind = kind;
                }
            }
            let repairs: Vec<Repair> =
                survey.of_kind(self.kind).filter_map(|found| found.repair).collect();
            if !repairs.is_empty() {
                ui.separator();
                let words = ctx.say(Text::new("全部接上", "Join all"));
                let tip = ctx.tell(
                    format!("改动 {} 处，一步撤销", repairs.len()),
                    format!("{} places, one undo step", repairs.len()),
                );
                if ui.button(words).on_hover_text(tip).clicked() {
                    write(ctx, &repairs);
                }
            }
        });
        ui.label(note(ctx.say(about(self.kind))));
        let defects: Vec<&SurveyedDefect> = survey.of_kind(self.kind).collect();
        if defects.is_empty() {
            empty(ui, ctx.tell("没有", "None"), "");
            return;
        }
        let scroll = ScrollArea::vertical().id_salt("found roads").auto_shrink(false);
        scroll.show_rows(ui, ROW, defects.len(), |ui, rows| {
            for found in defects.get(rows).unwrap_or_default() {
                ui.horizontal(|ui| {
                    ui.set_height(ROW - ui.spacing().item_spacing.y);
                    row_ui(ui, ctx, found);
                });
            }
        });
    }
}

/// Wishes for a survey of the roads as they are now.
pub fn ask(ctx: &Ctx<'_>) {
    if ctx.planner.survey.question() != MakeSurvey::key(ctx).as_ref() {
        ctx.actions.roads(RoadsAction::Survey);
    }
}

const fn about(kind: DefectKind) -> Text {
    match kind {
        DefectKind::Gap => Text::new(
            "端点离另一条路不到 5 m：计算时已当作相连；接上即写入道路图形",
            "Ends within 5 m of a road: taken as joined already; joining writes it into the road",
        ),
        DefectKind::Island => Text::new(
            "与其余道路不相连，货车到不了；50 m 内可补一段连接道",
            "No other road leads there; within 50 m a short road can be added",
        ),
        DefectKind::DeadEnd => Text::new(
            "道路在此中断：多为尽端路，也可能少画了一段",
            "Roads that go on nowhere: mostly rightly so, but something may be missing",
        ),
    }
}

/// Figures, and what roads do not say.
fn size_ui(ui: &mut Ui, ctx: &Ctx<'_>, survey: &Survey) {
    let (km, bans) = (figure(survey.length_km), survey.turn_restrictions);
    ui.label(strong(ctx.tell(format!("路网 {km} km"), format!("{km} km of roads"))));
    let (nodes, edges) = (figure(survey.nodes as f64), figure(survey.edges as f64));
    ui.label(ctx.tell(
        format!("{nodes} 个路口，{edges} 段道路"),
        format!("{nodes} junctions, {edges} pieces of road"),
    ));
    ui.horizontal(|ui| {
        ui.label(ctx.tell(format!("禁止转向 {bans} 处"), format!("{bans} banned turns")));
        if ui.small_button(ctx.say(Command::BanTurns.about().words)).clicked() {
            ctx.actions.command(Command::BanTurns);
        }
    });
    ui.add_space(6.0);
    for silent in survey.silent.iter().filter(|silent| !silent.roads.is_empty()) {
        let count = silent.roads.len();
        let words = ctx.tell(
            format!("{} {count} 条", silent.what.zh),
            format!("{count} roads {}", silent.what.en),
        );
        let tip = ctx.tell("选中这些道路，可批量填写", "Select them, to fill them in together");
        if ui.link(words).on_hover_text(tip).clicked() {
            ctx.actions.send(Action::Select(silent.roads.clone()));
        }
    }
    unread_ui(ui, ctx, survey);
    let words = ctx.say(Text::new("货车车速表…", "Truck speeds…"));
    let tip = ctx.tell(
        format!("现用 {} 版：按道路等级和高峰时段改车速", speeds::dated()),
        format!("of {} now: speeds by class of road and hours of the peak", speeds::dated()),
    );
    if ui.button(words).on_hover_text(tip).clicked() {
        ctx.actions.send(Action::Dialog(DialogAction::TruckSpeeds));
    }
    ui.label(note(ctx.tell(
        "未填的按默认：无等级当支路，无限速按等级，无车道数按等级",
        "Defaults stand for these: tertiary, speed and lanes of the class",
    )));
}

/// Rules that bar nobody because nobody understands them.
fn unread_ui(ui: &mut Ui, ctx: &Ctx<'_>, survey: &Survey) {
    for rule in survey.unread.iter().take(MOST_UNREAD) {
        let (words, count) = (&rule.words, rule.roads.len());
        let said = ctx.tell(
            format!("读不懂 {words}：{count} 条"),
            format!("not understood: {words} ({count} roads)"),
        );
        let tip = ctx.tell(
            "此规定未计入，不拦任何货车；点击选中这些道路，改正“货车通行规定”",
            "It bars nobody. Select these roads to mend their rules for trucks",
        );
        let link = ui.link(RichText::new(said).color(ctx.color(|t| t.watch)));
        if link.on_hover_text(tip).clicked() {
            ctx.actions.send(Action::Select(rule.roads.clone()));
        }
    }
    let more = survey.unread.len().saturating_sub(MOST_UNREAD);
    if more > 0 {
        ui.label(note(ctx.tell(format!("另有 {more} 种"), format!("and {more} more"))));
    }
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, found: &SurveyedDefect) {
    let words = words(ctx, found);
    let look = ui.button(icon(Icon::LocateFixed));
    let tip = ctx.say(Text::new("在图上看", "Show it on the map"));
    named(&look, &format!("{tip}：{words}"));
    if look.on_hover_text(tip).clicked() {
        ctx.actions.send(Action::Select(vec![found.defect.road]));
        show(ctx, found.defect.at);
    }
    let Some(repair) = found.repair else {
        ui.label(words);
        if found.defect.kind == DefectKind::Island {
            let words = ctx.tell(
                "50 m 内没有可接的路：补画道路，或确认不需要后删除",
                "no road within 50 m: draw the missing one, or delete these",
            );
            ui.label(RichText::new(words).small().color(ctx.color(|t| t.watch)));
        }
        return;
    };
    let fix = match repair {
        Repair::Reach { .. } => Text::new("接上", "Join"),
        Repair::Connect { .. } => Text::new("连到最近道路", "Connect"),
    };
    let button = ui.button(ctx.say(fix));
    named(&button, &format!("{}：{words}", ctx.say(fix)));
    if button.clicked() {
        show(ctx, found.defect.at);
        write(ctx, &[repair]);
    }
    ui.label(words);
    if let Repair::Connect { .. } = repair {
        let metres = repair.length_m();
        ui.label(note(ctx.tell(format!("补 {metres:.1} m"), format!("by {metres:.1} m"))));
    }
}

fn words(ctx: &Ctx<'_>, found: &SurveyedDefect) -> String {
    let name = &found.name;
    let metres = found.defect.length_m;
    match found.defect.kind {
        DefectKind::Gap => {
            ctx.tell(format!("{name} 差 {metres:.1} m"), format!("{name}, {metres:.1} m short"))
        }
        DefectKind::Island => {
            let metres = figure(metres);
            ctx.tell(format!("{name} 等，共 {metres} m"), format!("{name} and more, {metres} m"))
        }
        DefectKind::DeadEnd => {
            let metres = figure(metres);
            ctx.tell(format!("{name} 末段 {metres} m"), format!("{name}, last piece {metres} m"))
        }
    }
}

fn show(ctx: &Ctx<'_>, at: Coord<f64>) {
    ctx.actions.view(ViewAction::Show(View { center: at, zoom: ZOOM }));
}

/// One undo step.
fn write(ctx: &Ctx<'_>, repairs: &[Repair]) {
    let stamp = ctx.stamp();
    let mut ids = crate::settings::clock::ids(&stamp);
    let changes = changes(&ctx.world(), repairs, &stamp, &mut ids);
    if !changes.is_empty() {
        ctx.actions.apply(Edit::of(changes));
    }
}
