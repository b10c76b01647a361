//! What the map says of what lies under the pointer.

use egui::{Label, Response, TextStyle, Ui};

use super::laser;
use crate::domain::Record;
use crate::map::Symbol;
use crate::map::live::{Cluster, MarkHit};
use crate::ui::ctx::Ctx;
use crate::ui::parts::rings::{by_kind, contents, line_job, nothing_inside, ring_ui};
use crate::ui::parts::words::kind_words;
use crate::ui::widgets::{note, pointer_tip, strong};

/// How wide a tip may be, points; on the big screen also this share of it.
const WIDEST: f32 = 340.0;
const BIG_SHARE: [f32; 2] = [1.0 / 3.0, 1.0 / 2.0];
/// In a map lower than this all that lies in a ring would cover what stands below the map, points.
const LOW_MAP: f32 = 480.0;
/// What the frame of a tip takes on both sides together, points.
const TIP_FRAME: f32 = 20.0;

/// Says what is under the pointer; `count` things lie there.
pub fn tip(response: &Response, ctx: &Ctx<'_>, hit: &MarkHit, count: usize) {
    let Some(record) = ctx.record(hit.id) else { return };
    if ctx.is_presenting() && laser::is_held(&response.ctx) {
        return;
    }
    pointer_tip(response, |ui| {
        let screen = ui.ctx().content_rect();
        let [wide, high] = BIG_SHARE;
        let third = screen.width() * wide - TIP_FRAME;
        ui.set_max_width(if ctx.is_big { third.min(WIDEST) } else { WIDEST });
        if let Symbol::Ring { radius_m, .. } = hit.symbol {
            let map_height = response.rect.height();
            if ctx.is_big || map_height < LOW_MAP {
                let most = if ctx.is_big { screen.height() * high } else { map_height / 2.0 };
                big_ring_ui(ui, ctx, record, radius_m, most - TIP_FRAME);
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

/// Says what is in a cluster.
pub fn cluster_tip(response: &Response, ctx: &Ctx<'_>, cluster: &Cluster) {
    pointer_tip(response, |ui| {
        ui.label(strong(
            ctx.tell(format!("{} 个点位", cluster.count), format!("{} sites", cluster.count)),
        ));
        if cluster.failing > 0 {
            let words = ctx.tell(
                format!("不达标 {}/{}", cluster.failing, cluster.inspected),
                format!("{}/{} failing", cluster.failing, cluster.inspected),
            );
            ui.label(egui::RichText::new(words).color(ctx.color(|t| t.act)));
        }
        ui.label(note(ctx.tell("点击：放大", "Click: zoom in")));
    });
}

/// Kinds that a tip on the big screen lists: more would cover what it is about.
const MOST_BIG: usize = 8;

/// The contents of a ring in letters for the whole room, so high at most: what is not up to standard
/// first, and how much there is besides.
fn big_ring_ui(ui: &mut Ui, ctx: &Ctx<'_>, point: &Record, radius_m: f64, most_height: f32) {
    let mut lines = by_kind(contents(ctx, point.id, radius_m));
    lines.sort_by_key(|line| std::cmp::Reverse(line.inspections.failing));
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
        ui.label(note(nothing_inside(ctx)));
    }
}
