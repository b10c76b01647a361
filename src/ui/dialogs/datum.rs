//! A file that does not say its datum: the same places on each, for a person to choose.

use egui::{Sense, Stroke, Ui, vec2};
use geo_types::{Coord, Geometry};

use super::Dialog;
use super::import::{ImportJob, ImportPage, SYSTEMS, Source};
use super::leaving::{Answer, ask_ui};
use crate::domain::{Kind, Text};
use crate::geodesy::crs::Crs;
use crate::geodesy::mercator::world_px_from_lonlat;
use crate::ui::action::DialogAction;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{framed, named, note, strong};

/// The same places under each datum, side by side over our own roads: one of them lies right.
pub struct DatumPage {
    job: ImportJob,
    candidates: Vec<(Crs, Vec<Coord<f64>>)>,
    /// Somebody wants to close it while files wait: it asks.
    is_asking: bool,
    next: Option<Box<dyn Dialog>>,
}

impl DatumPage {
    /// For a file, with its places under each datum, WGS-84 degrees.
    pub const fn new(job: ImportJob, candidates: Vec<(Crs, Vec<Coord<f64>>)>) -> Self {
        Self { job, candidates, is_asking: false, next: None }
    }

    /// The next file, without this one.
    fn skip(&mut self, ctx: &Ctx<'_>) {
        let mut job = self.job.hand_over();
        if job.advance() {
            self.next = Some(Box::new(ImportPage::new(job, ctx.model, ctx.actions)));
        } else {
            ctx.actions.dialog(DialogAction::Close(self.title()));
        }
    }
}

impl Dialog for DatumPage {
    fn title(&self) -> Text {
        Text::new("选择坐标系", "Choose the datum")
    }

    fn size(&self) -> [f32; 2] {
        [980.0, 480.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        match self.is_asking.then(|| ask_ui(ui, ctx, self.job.left())).flatten() {
            Some(Answer::GiveUp) => return false,
            Some(Answer::GoOn) => self.is_asking = false,
            None => {}
        }
        ui.horizontal(|ui| {
            ui.label(strong(self.job.source.name()));
            let (at, of) = (self.job.at, self.job.of());
            if of > 1 {
                ui.label(note(ctx.tell(format!("文件 {at} / {of}"), format!("file {at} / {of}"))));
                if ui.button(ctx.tell("跳过此文件", "Skip this file")).clicked() {
                    self.skip(ctx);
                }
            }
            if ui.button(ctx.tell("核对各列…", "Check the columns…")).clicked() {
                let mut job = self.job.hand_over();
                job.wishes.checks_columns = true;
                self.next = Some(Box::new(ImportPage::new(job, ctx.model, ctx.actions)));
            }
        });
        ui.label(ctx.tell("文件没有说明坐标系。相差约 560 米，请点选落在道路、地块上的那一张：", "The file does not say its datum; they differ by some 560 m. Click the one on which the points lie right:"));
        // As high as a small screen lets it be: the rest of the page takes some 200 points.
        let height = (ui.ctx().content_rect().height() - 240.0).clamp(160.0, 320.0);
        let width = ui.available_width() / self.candidates.len().max(1) as f32 - 10.0;
        let mut chosen = None;
        ui.horizontal(|ui| {
            for (crs, places) in &self.candidates {
                ui.vertical(|ui| {
                    let name =
                        SYSTEMS.iter().find(|(known, _)| known == crs).map_or("", |(_, name)| name);
                    if ui.button(strong(name)).clicked() {
                        chosen = Some(crs.clone());
                    }
                    if map_ui(ui, ctx, places, vec2(width, height)).clicked() {
                        chosen = Some(crs.clone());
                    }
                });
            }
        });
        ui.label(note(ctx.tell("不确定时请问数据的提供者；高德、腾讯、奥维取的点多为 GCJ-02，GPS 与测绘多为 WGS-84 或 CGCS2000", "When in doubt ask who made it: points taken on Amap or Tencent are GCJ-02, GPS and surveys are WGS-84 or CGCS2000")));
        let Some(crs) = chosen else { return true };
        let mut job = self.job.hand_over();
        job.wishes.crs = Some(crs);
        self.next = Some(Box::new(ImportPage::new(job, ctx.model, ctx.actions)));
        true
    }

    fn next(&mut self) -> Option<Box<dyn Dialog>> {
        self.next.take()
    }

    fn queue(&mut self, sources: Vec<Source>) -> Vec<Source> {
        self.job.add(sources);
        Vec::new()
    }

    fn may_leave(&mut self) -> bool {
        let is_last = self.job.left() == 1;
        self.is_asking = !is_last;
        is_last
    }
}

/// Places over the roads and outline of the district, as large as they are.
pub fn map_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    places: &[Coord<f64>],
    size: egui::Vec2,
) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let painter = ui.painter_at(rect);
    framed(&painter, ctx, rect, 4.0, ctx.color(|t| t.ground));
    named(&response, ctx.say(Text::new("预览图", "Preview map")));
    let Some(first) = places.first() else { return response };
    let (mut min, mut max) = (*first, *first);
    for at in places {
        min = Coord { x: min.x.min(at.x), y: min.y.min(at.y) };
        max = Coord { x: max.x.max(at.x), y: max.y.max(at.y) };
    }
    // At least a kilometre around, so that 560 m can be seen.
    let pad = Coord { x: 0.006, y: 0.005 };
    let (min, max) = (min - pad, max + pad);
    let (low, high) = (
        world_px_from_lonlat(Coord { x: min.x, y: max.y }),
        world_px_from_lonlat(Coord { x: max.x, y: min.y }),
    );
    let scale = (f64::from(rect.width()) / (high.x - low.x))
        .min(f64::from(rect.height()) / (high.y - low.y));
    let middle = (low + high) / 2.0;
    let place = |at: Coord<f64>| {
        let off = (world_px_from_lonlat(at) - middle) * scale;
        rect.center() + vec2(off.x as f32, off.y as f32)
    };
    for road in ctx.world().table(Kind::Road).iter().take(3000) {
        if let Some(Geometry::LineString(line)) = &road.geometry {
            painter.line(
                line.0.iter().map(|at| place(*at)).collect(),
                Stroke::new(1.5, ctx.color(|t| t.muted)),
            );
        }
    }
    for ring in &ctx.known.outline {
        painter.line(
            ring.iter().map(|at| place(*at)).collect(),
            Stroke::new(1.0, ctx.color(|t| t.line)),
        );
    }
    for at in places {
        painter.circle(
            place(*at),
            3.0,
            ctx.color(|t| t.accent),
            Stroke::new(1.0, ctx.color(|t| t.panel)),
        );
    }
    response
}
