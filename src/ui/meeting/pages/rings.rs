//! The page of what lies in the rings of the control points.

use std::sync::Arc;

use egui::{AtomExt as _, Button, Id, Label, RichText, ScrollArea, Ui};

use super::Page;
use crate::analysis::standards::InspectionTally;
use crate::analysis::{Filter, RingOptions, control_points, is_not_up_to_standard};
use crate::domain::{Kind, RecordId, Text};
use crate::ui::action::{Action, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::known::Known;
use crate::ui::parts::rings::{Line, by_kind, contents, failing_color, line_job};
use crate::ui::parts::words::{failing_words, kind_words};
use crate::ui::widgets::{empty, named, note, strong};

/// 控制圈: what lies in each ring, by kind, and what of it is not up to standard.
pub struct Rings;

/// One ring of one control point.
struct Ring {
    point: RecordId,
    name: String,
    radius_m: f64,
    /// By kind, departments together.
    lines: Vec<Line>,
}

/// All rings, for as long as the district is as it is: a large one is not asked in every frame.
#[derive(Clone)]
struct CachedRings {
    of: Arc<Known>,
    rings: Arc<Vec<Ring>>,
}

/// Records of a ring that are listed; more are on the map.
const MOST: usize = 60;

impl Page for Rings {
    fn key(&self) -> &'static str {
        "rings"
    }

    fn title(&self) -> Text {
        Text::new("控制圈", "Control rings")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let rings = cached(ui, ctx);
        if rings.is_empty() {
            let next = ctx.tell("按 5 画控制点，或导入", "Draw one with 5, or import them");
            empty(ui, ctx.tell("还没有控制点", "There are no control points yet"), next);
            return;
        }
        ScrollArea::vertical().id_salt("rings page").auto_shrink(false).show(ui, |ui| {
            for rings in rings.chunk_by(|one, other| one.point == other.point) {
                point_ui(ui, ctx, rings);
                ui.add_space(10.0);
            }
        });
    }
}

fn cached(ui: &Ui, ctx: &Ctx<'_>) -> Arc<Vec<Ring>> {
    let id = Id::unique("rings page");
    let cached: Option<CachedRings> = ui.data(|data| data.get_temp(id));
    if let Some(cached) = cached.filter(|cached| Arc::ptr_eq(&cached.of, &ctx.known)) {
        return cached.rings;
    }
    let rings = Arc::new(all(ctx));
    let cached = CachedRings { of: Arc::clone(&ctx.known), rings: Arc::clone(&rings) };
    ui.data_mut(|data| data.insert_temp(id, cached));
    rings
}

fn all(ctx: &Ctx<'_>) -> Vec<Ring> {
    let world = ctx.world();
    let points = control_points(&world, &RingOptions::default());
    let rings = points.iter().flat_map(|(point, _)| {
        point.radii_m().into_iter().map(|radius_m| Ring {
            point: point.id,
            name: point.name().to_owned(),
            radius_m,
            lines: by_kind(contents(ctx, point.id, radius_m)),
        })
    });
    rings.collect()
}

fn point_ui(ui: &mut Ui, ctx: &Ctx<'_>, rings: &[Ring]) {
    let Some(first) = rings.first() else { return };
    let squad = ctx.record(first.point).map_or("", |point| point.text("squad"));
    // What is wider than the board would push the rows below it out of sight too.
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(&first.name).heading());
        ui.label(note(squad));
    });
    for ring in rings {
        ring_ui(ui, ctx, ring);
    }
}

fn ring_ui(ui: &mut Ui, ctx: &Ctx<'_>, ring: &Ring) {
    let asked = Filter { ring: Some((ring.point, ring.radius_m)), ..Filter::default() };
    let mut tally = InspectionTally::default();
    ring.lines.iter().for_each(|line| tally += line.inspections);
    let failing = tally.failing;
    let is_on = ctx.filter.ring == asked.ring;
    ui.horizontal(|ui| {
        let words = format!("{} m", ring.radius_m);
        let button = ui.add(Button::selectable(is_on && !ctx.filter.is_failing, strong(&words)));
        named(&button, &format!("{} {words}", ring.name));
        if button.clicked() {
            ask(ctx, &asked, is_on && !ctx.filter.is_failing, ring);
        }
        let Some(words) = failing_words(ctx, tally) else { return };
        let tone = failing_color(ctx, tally);
        let is_failing = is_on && ctx.filter.is_failing;
        let button = Button::selectable(is_failing, RichText::new(&words).color(tone));
        let button = ui.add_enabled(failing > 0, button);
        named(&button, &format!("{} {} m {words}", ring.name, ring.radius_m));
        if button.clicked() {
            ask(ctx, &Filter { is_failing: true, ..asked }, is_failing, ring);
        }
    });
    ui.horizontal_wrapped(|ui| {
        for line in &ring.lines {
            line_ui(ui, ctx, line);
        }
    });
    if is_on {
        list_ui(ui, ctx);
    }
}

/// A line stays together at the end of a row.
fn line_ui(ui: &mut Ui, ctx: &Ctx<'_>, line: &Line) {
    ui.add(Label::new(line_job(ui, ctx, line)).extend());
    ui.add_space(8.0);
}

/// The filter of a ring; asked for again it is taken away.
fn ask(ctx: &Ctx<'_>, filter: &Filter, is_on: bool, ring: &Ring) {
    if is_on {
        ctx.actions.send(Action::Filter(Filter::default()));
        return;
    }
    ctx.actions.send(Action::Filter(filter.clone()));
    ctx.actions.view(ViewAction::ShowRing(ring.point, ring.radius_m));
}

/// What the filter lets through, the failing first; a click goes there.
fn list_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let kinds = [Kind::Site, Kind::Congestion, Kind::Restriction];
    let all = kinds.iter().filter_map(|kind| ctx.shown.records.get(kind));
    let mut records: Vec<_> = all.flat_map(|records| records.iter()).collect();
    records.sort_by_key(|record| !is_not_up_to_standard(record));
    let count = records.len();
    for record in records.into_iter().take(MOST) {
        let mut name = RichText::new(record.name());
        if is_not_up_to_standard(record) {
            name = name.color(ctx.color(|t| t.act));
        }
        let name = name.atom_shrink(true);
        let is_selected = ctx.selection.contains(&record.id);
        let row = Button::selectable(is_selected, (name, note(kind_words(ctx, record)))).truncate();
        let row = ui.add(row);
        named(&row, record.name());
        if row.hovered() && ctx.hovered != Some(record.id) {
            ctx.actions.view(ViewAction::Hover(Some(record.id)));
        }
        if row.clicked() {
            ctx.actions.select(record.id);
            ctx.actions.view(ViewAction::ShowRecord(record.id));
        }
    }
    if count > MOST {
        let more = count - MOST;
        ui.add(Label::new(note(ctx.tell(format!("另有 {more} 项"), format!("and {more} more")))));
    }
}
