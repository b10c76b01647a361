//! The road network: how large it is, what is wrong with it, what its roads leave open.

use egui::{Button, RichText, ScrollArea, Ui};
use geo_types::Coord;
use lucide_icons::Icon;

use super::state::RoadsAction;
use super::words::figure;
use crate::domain::{Edit, Text};
use crate::map::view::View;
use crate::network::RepairKind;
use crate::network::repair::{Mend, changes};
use crate::network::survey::{Survey, Wrong};
use crate::ui::action::{Action, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{empty, icon, named, note, strong};

/// Which list is open.
pub struct Roads {
    kind: RepairKind,
}

impl Default for Roads {
    fn default() -> Self {
        Self { kind: RepairKind::Gap }
    }
}

/// So near that the ends of two roads are seen apart.
const ZOOM: f64 = 19.0;
const ROW: f32 = 26.0;

const LISTS: [(RepairKind, Text); 3] = [
    (RepairKind::Gap, Text::new("断口", "Gaps")),
    (RepairKind::Island, Text::new("孤岛", "Islands")),
    (RepairKind::DeadEnd, Text::new("断头路", "Dead ends")),
];

impl Roads {
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ask(ctx);
        let Some(survey) = ctx.planner.survey.clone() else {
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
            let mends: Vec<Mend> =
                survey.of_kind(self.kind).filter_map(|wrong| wrong.mend).collect();
            if !mends.is_empty() {
                ui.separator();
                let words = ctx.say(Text::new("全部接上", "Join all"));
                let tip = ctx.tell(
                    format!("改动 {} 处，一步撤销", mends.len()),
                    format!("{} places, one undo step", mends.len()),
                );
                if ui.button(words).on_hover_text(tip).clicked() {
                    write(ctx, &mends);
                }
            }
        });
        ui.label(note(ctx.say(about(self.kind))));
        let wrongs: Vec<&Wrong> = survey.of_kind(self.kind).collect();
        if wrongs.is_empty() {
            empty(ui, ctx.tell("没有", "None"), "");
            return;
        }
        let scroll = ScrollArea::vertical().id_salt("wrong roads").auto_shrink(false);
        scroll.show_rows(ui, ROW, wrongs.len(), |ui, rows| {
            for wrong in wrongs.get(rows).unwrap_or_default() {
                ui.horizontal(|ui| {
                    ui.set_height(ROW - ui.spacing().item_spacing.y);
                    row_ui(ui, ctx, wrong);
                });
            }
        });
    }
}

/// Wishes for a survey of the roads as they are now.
pub fn ask(ctx: &Ctx<'_>) {
    if ctx.planner.wants_survey(&ctx.world()) {
        ctx.actions.roads(RoadsAction::Survey);
    }
}

const fn about(kind: RepairKind) -> Text {
    match kind {
        RepairKind::Gap => Text::new(
            "端点离另一条路不到 5 m：计算时已当作相连；接上即写入道路图形",
            "Ends within 5 m of a road: taken as joined already; joining writes it into the road",
        ),
        RepairKind::Island => Text::new(
            "与其余道路不相连，货车到不了；50 m 内可补一段连接道",
            "No other road leads there; within 50 m a short road can be added",
        ),
        RepairKind::DeadEnd => Text::new(
            "道路在此中断：多为尽端路，也可能少画了一段",
            "Roads that go on nowhere: mostly rightly so, but something may be missing",
        ),
    }
}

/// Figures, and what roads do not say.
fn size_ui(ui: &mut Ui, ctx: &Ctx<'_>, survey: &Survey) {
    let (km, bans) = (figure(survey.length_km), survey.turn_bans);
    ui.label(strong(ctx.tell(format!("路网 {km} km"), format!("{km} km of roads"))));
    let (nodes, edges) = (figure(survey.nodes as f64), figure(survey.edges as f64));
    ui.label(ctx.tell(
        format!("{nodes} 个路口，{edges} 段道路"),
        format!("{nodes} junctions, {edges} pieces of road"),
    ));
    ui.label(ctx.tell(format!("禁止转向 {bans} 处"), format!("{bans} banned turns")));
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
    ui.label(note(ctx.tell(
        "未填的按默认：无等级当支路，无限速按等级，无车道数不计拥堵",
        "Defaults stand for these: tertiary, the speed of the class, no congestion",
    )));
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, wrong: &Wrong) {
    let words = words(ctx, wrong);
    let look = ui.button(icon(Icon::LocateFixed));
    let tip = ctx.say(Text::new("在图上看", "Show it on the map"));
    named(&look, &format!("{tip}：{words}"));
    if look.on_hover_text(tip).clicked() {
        ctx.actions.send(Action::Select(vec![wrong.repair.road]));
        show(ctx, wrong.repair.at);
    }
    let Some(mend) = wrong.mend else {
        ui.label(words);
        if wrong.repair.kind == RepairKind::Island {
            let words = ctx.tell(
                "50 m 内没有可接的路：补画道路，或确认不需要后删除",
                "no road within 50 m: draw the missing one, or delete these",
            );
            ui.label(RichText::new(words).small().color(ctx.color(|t| t.watch)));
        }
        return;
    };
    let fix = match mend {
        Mend::Reach { .. } => Text::new("接上", "Join"),
        Mend::Connect { .. } => Text::new("连到最近道路", "Connect"),
    };
    let button = ui.button(ctx.say(fix));
    named(&button, &format!("{}：{words}", ctx.say(fix)));
    if button.clicked() {
        show(ctx, wrong.repair.at);
        write(ctx, &[mend]);
    }
    ui.label(words);
    if let Mend::Connect { .. } = mend {
        let metres = mend.length_m();
        ui.label(note(ctx.tell(format!("补 {metres:.1} m"), format!("by {metres:.1} m"))));
    }
}

fn words(ctx: &Ctx<'_>, wrong: &Wrong) -> String {
    let name = &wrong.name;
    let metres = wrong.repair.length_m;
    match wrong.repair.kind {
        RepairKind::Gap => {
            ctx.tell(format!("{name} 差 {metres:.1} m"), format!("{name}, {metres:.1} m short"))
        }
        RepairKind::Island => {
            let metres = figure(metres);
            ctx.tell(format!("{name} 等，共 {metres} m"), format!("{name} and more, {metres} m"))
        }
        RepairKind::DeadEnd => {
            let metres = figure(metres);
            ctx.tell(format!("{name} 末段 {metres} m"), format!("{name}, last piece {metres} m"))
        }
    }
}

fn show(ctx: &Ctx<'_>, at: Coord<f64>) {
    ctx.actions.view(ViewAction::Show(View { center: at, zoom: ZOOM }));
}

/// One undo step.
fn write(ctx: &Ctx<'_>, mends: &[Mend]) {
    let stamp = ctx.stamp();
    let mut ids = crate::settings::clock::ids(&stamp);
    let changes = changes(&ctx.world(), mends, &stamp, &mut ids);
    if !changes.is_empty() {
        ctx.actions.apply(Edit::of(changes));
    }
}
