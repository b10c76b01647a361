//! What the map says of what lies under the pointer.

use egui::{Response, Ui};

use super::super::ctx::Ctx;
use super::super::widgets::{note, pointer_tip, strong};
use crate::analysis::{Count, Options, counts, rings, subkind};
use crate::domain::{Kind, Lang, Record, RecordId, World};
use crate::map::Ink;
use crate::map::live::{Cluster, Hit};

pub fn tip(response: &Response, ctx: &Ctx<'_>, hit: &Hit, count: usize) {
    let Some(record) = ctx.record(hit.id) else { return };
    pointer_tip(response, |ui| {
        ui.set_max_width(340.0);
        if let Ink::Ring { radius_m, .. } = hit.ink {
            ui.label(strong(format!("{} · {radius_m} m", record.name())));
            ring_ui(ui, ctx, hit.id, radius_m);
            ui.label(note(ctx.tell("点击：列出圈内全部", "Click: list what lies inside")));
            return;
        }
        ui.label(strong(record.name()));
        ui.label(note(kind_words(ctx, record)));
        for key in ["unit", "person", "leader", "squad"] {
            let text = record.text(key);
            if !text.is_empty()
                && let Some(field) = record.kind.field(key)
            {
                ui.label(note(format!("{} {text}", ctx.say(field.label))));
            }
        }
        if count > 1 {
            ui.label(note(ctx.tell(
                format!("此处共 {count} 项，Tab 切换"),
                format!("{count} things here: Tab"),
            )));
        }
    });
}

pub fn cluster_tip(response: &Response, ctx: &Ctx<'_>, cluster: &Cluster) {
    pointer_tip(response, |ui| {
        ui.label(strong(
            ctx.tell(format!("{} 个点位", cluster.count), format!("{} sites", cluster.count)),
        ));
        if cluster.failing > 0 {
            let words = ctx.tell(
                format!("不达标 {}", cluster.failing),
                format!("{} failing", cluster.failing),
            );
            ui.label(egui::RichText::new(words).color(ctx.color(|t| t.act)));
        }
        ui.label(note(ctx.tell("点击：放大", "Click: zoom in")));
    });
}

/// `工地 · 太平路街道`, as lists name what a record is.
pub fn kind_words(ctx: &Ctx<'_>, record: &Record) -> String {
    let own = subkind_words(record.kind, subkind(record), ctx.lang());
    let township = record.text("township");
    if township.is_empty() { own } else { format!("{own} · {township}") }
}

/// The label of a subkind, or of the layer where it has none.
pub fn subkind_words(kind: Kind, key: &str, lang: Lang) -> String {
    let field = match kind {
        Kind::ControlPoint => "level",
        Kind::Site | Kind::Restriction => "kind",
        Kind::Road | Kind::Flow => "class",
        Kind::Congestion => "cause",
        Kind::Sweeping => "method",
        Kind::Area | Kind::Gate | Kind::LegalBasis => "role",
        Kind::Plan | Kind::Meeting | Kind::Decision => "state",
        Kind::Scene => "page",
        Kind::PenMark => "form",
        Kind::Camera | Kind::Sprint => "",
    };
    let choices = kind.field(field).and_then(crate::domain::Field::choices).unwrap_or_default();
    let label = choices.iter().find(|choice| choice.key == key).map(|choice| choice.label);
    label.unwrap_or_else(|| kind.label()).say(lang).to_owned()
}

/// One line of a ring's contents.
pub struct Line {
    pub kind: Kind,
    pub subkind: String,
    pub department: String,
    pub count: usize,
    pub failing: usize,
    pub length_m: Option<f64>,
}

/// What lies in one ring, by kind and department.
pub fn contents(ctx: &Ctx<'_>, id: RecordId, radius_m: f64) -> Vec<Line> {
    // A world of this one control point: its ring alone is asked for.
    let Some(point) = ctx.record(id) else { return Vec::new() };
    let mut world = World::default();
    world.load(std::sync::Arc::clone(point));
    let kinds = vec![
        Kind::Site,
        Kind::Road,
        Kind::Congestion,
        Kind::Sweeping,
        Kind::Restriction,
        Kind::Camera,
    ];
    let options = Options { radii_m: vec![radius_m], kinds, with_stopped: true };
    let rows = rings(&world, &ctx.known.index, &options);
    counts(&rows).iter().map(line).collect()
}

fn line(count: &Count<'_>) -> Line {
    Line {
        kind: count.layer,
        subkind: count.kind.to_owned(),
        department: count.department.to_owned(),
        count: count.count,
        failing: count.not_up_to_standard,
        length_m: count.length_m,
    }
}

/// The contents of a ring as a small table.
pub fn ring_ui(ui: &mut Ui, ctx: &Ctx<'_>, id: RecordId, radius_m: f64) {
    let lines = contents(ctx, id, radius_m);
    if lines.is_empty() {
        ui.label(note(ctx.tell("圈内没有登记的点位", "Nothing is recorded inside")));
        return;
    }
    egui::Grid::new(("ring", id, radius_m as i64)).num_columns(3).spacing([12.0, 2.0]).show(
        ui,
        |ui| {
            for line in &lines {
                ui.label(subkind_words(line.kind, &line.subkind, ctx.lang()));
                let length =
                    line.length_m.map(|m| format!(" {:.1} km", m / 1000.0)).unwrap_or_default();
                ui.label(strong(format!("{}{length}", line.count)));
                if line.failing > 0 {
                    let words = ctx.tell(
                        format!("不达标 {}", line.failing),
                        format!("{} failing", line.failing),
                    );
                    ui.label(egui::RichText::new(words).small().color(ctx.color(|t| t.act)));
                } else {
                    ui.label(note(&line.department));
                }
                ui.end_row();
            }
        },
    );
}
