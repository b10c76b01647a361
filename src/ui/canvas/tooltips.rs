//! What the map says of what lies under the pointer.

use egui::text::{LayoutJob, TextFormat};
use egui::{Label, Response, TextStyle, Ui};

use crate::analysis::{Count, Options, counts, rings};
use crate::domain::{Kind, Lang, Record, RecordId, Text, World};
use crate::map::Ink;
use crate::map::live::{Cluster, Hit};
use crate::ui::ctx::Ctx;
use crate::ui::meeting::stage::laser;
use crate::ui::widgets::{note, pointer_tip, strong};

/// How wide a tip may be, points; on the big screen also this share of it.
const WIDEST: f32 = 340.0;
const BIG_SHARE: [f32; 2] = [1.0 / 3.0, 1.0 / 2.0];
/// What the frame of a tip takes on both sides together, points.
const TIP_FRAME: f32 = 20.0;

pub fn tip(response: &Response, ctx: &Ctx<'_>, hit: &Hit, count: usize) {
    let Some(record) = ctx.record(hit.id) else { return };
    if ctx.is_presenting() && laser::is_held(&response.ctx) {
        return;
    }
    pointer_tip(response, |ui| {
        let screen = ui.ctx().content_rect();
        let [wide, high] = BIG_SHARE;
        let third = screen.width() * wide - TIP_FRAME;
        ui.set_max_width(if ctx.is_big { third.min(WIDEST) } else { WIDEST });
        if let Ink::Ring { radius_m, .. } = hit.ink {
            if ctx.is_big {
                big_ring_ui(ui, ctx, record, radius_m, screen.height() * high - TIP_FRAME);
                return;
            }
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
    let own = subkind_words(record.kind, record.subkind(), ctx.lang());
    let township = record.text("township");
    if township.is_empty() { own } else { format!("{own} · {township}") }
}

/// The label of a subkind, or of the layer where it has none.
pub fn subkind_words(kind: Kind, key: &str, lang: Lang) -> String {
    let choices = kind.subkind().and_then(crate::domain::Field::choices).unwrap_or_default();
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

/// Lines of one kind and several departments as one.
pub fn by_kind(lines: Vec<Line>) -> Vec<Line> {
    let mut merged: Vec<Line> = Vec::new();
    for line in lines {
        match merged.last_mut().filter(|it| (it.kind, &it.subkind) == (line.kind, &line.subkind)) {
            Some(sum) => {
                sum.count += line.count;
                sum.failing += line.failing;
                sum.length_m = match (sum.length_m, line.length_m) {
                    (Some(one), Some(other)) => Some(one + other),
                    (one, other) => one.or(other),
                };
            }
            None => merged.push(line),
        }
    }
    merged
}

/// `工地 3 不达标 1`; of roads their length.
pub fn line_job(ui: &Ui, ctx: &Ctx<'_>, line: &Line) -> LayoutJob {
    let what = subkind_words(line.kind, &line.subkind, ctx.lang());
    let words = match line.length_m {
        Some(m) => format!("{what} {:.1} km", m / 1000.0),
        None => format!("{what} {}", line.count),
    };
    let mut text = LayoutJob::default();
    let format = |color| TextFormat::simple(TextStyle::Body.resolve(ui.style()), color);
    text.append(&words, 0.0, format(ctx.color(|t| t.ink)));
    if line.failing > 0 {
        let words =
            ctx.tell(format!("不达标 {}", line.failing), format!("{} failing", line.failing));
        text.append(&words, 6.0, format(ctx.color(|t| t.act)));
    }
    text
}

/// Kinds that a tip on the big screen lists: more would cover what it is about.
const MOST_BIG: usize = 8;

/// The contents of a ring in letters for the whole room, so high at most: what is not up to standard
/// first, and how much there is besides.
fn big_ring_ui(ui: &mut Ui, ctx: &Ctx<'_>, point: &Record, radius_m: f64, most_height: f32) {
    let mut lines = by_kind(contents(ctx, point.id, radius_m));
    lines.sort_by_key(|line| std::cmp::Reverse(line.failing));
    ui.add(Label::new(strong(format!("{} · {radius_m} m", point.name()))).truncate());
    let row = ui.text_style_height(&TextStyle::Body) + ui.spacing().item_spacing.y;
    // The head takes one of them.
    let room = ((most_height / row).floor() as usize).saturating_sub(1).clamp(2, MOST_BIG + 1);
    let shown = if lines.len() > room { room - 1 } else { lines.len() };
    for line in lines.iter().take(shown) {
        ui.add(Label::new(line_job(ui, ctx, line)).truncate());
    }
    let more = lines.len() - shown;
    if more > 0 {
        ui.label(note(ctx.tell(format!("…另有 {more} 类"), format!("…and {more} more kinds"))));
    } else if lines.is_empty() {
        ui.label(note(ctx.say(NOTHING_INSIDE)));
    }
}

const NOTHING_INSIDE: Text = Text::new("圈内没有登记的点位", "Nothing is recorded inside");

/// The contents of a ring as a small table.
pub fn ring_ui(ui: &mut Ui, ctx: &Ctx<'_>, id: RecordId, radius_m: f64) {
    let lines = contents(ctx, id, radius_m);
    if lines.is_empty() {
        ui.label(note(ctx.say(NOTHING_INSIDE)));
        return;
    }
    egui::Grid::new(("ring", id, radius_m as i64)).num_columns(4).spacing([12.0, 2.0]).show(
        ui,
        |ui| {
            for line in &lines {
                ui.label(subkind_words(line.kind, &line.subkind, ctx.lang()));
                ui.label(strong(line.count.to_string()));
                let length = line.length_m.map(|m| format!("{:.1} km", m / 1000.0));
                let mut whose = vec![line.department.clone()];
                whose.extend(length);
                whose.retain(|words| !words.is_empty());
                ui.label(note(whose.join(" · ")));
                if line.failing > 0 {
                    let words = ctx.tell(
                        format!("不达标 {}", line.failing),
                        format!("{} failing", line.failing),
                    );
                    ui.label(egui::RichText::new(words).small().color(ctx.color(|t| t.act)));
                }
                ui.end_row();
            }
        },
    );
}
