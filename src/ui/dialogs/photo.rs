//! The dialog that shows an attachment, large. The small ones stand in `card::attachments`.

use egui::{Rect, Sense, TextureHandle, Ui, Vec2, pos2, vec2};

use super::Dialog;
use crate::domain::{Change, Edit, Record, RecordId, Text};
use crate::exchange::photo::Facts;
use crate::jobs::Derived;
use crate::ui::action::{Looked, StoreRequest};
use crate::ui::card::attachments::facts_ui;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{empty, note};

/// The page: the attachment that is shown, and how it lies in its frame.
pub struct PhotoPage {
    of: RecordId,
    name: String,
    shown: Derived<String, Option<Looked>>,
    /// Of the picture that fits its frame.
    zoom: f32,
    /// Of its middle from that of the frame, points.
    off: Vec2,
}

const LONGEST_PX: u32 = 4096;
const MOST_ZOOM: f32 = 20.0;

impl PhotoPage {
    /// Of an attachment of a record, by its name.
    pub fn new(of: RecordId, name: &str) -> Self {
        Self { of, name: name.to_owned(), shown: Derived::default(), zoom: 1.0, off: Vec2::ZERO }
    }

    fn go(&mut self, names: &[String], by: isize) {
        let Some(here) = names.iter().position(|name| *name == self.name) else { return };
        let next = here.checked_add_signed(by).and_then(|next| names.get(next));
        if let Some(next) = next {
            *self = Self::new(self.of, next);
        }
    }

    /// `false` where this attachment was removed.
    fn head_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Record, names: &[String]) -> bool {
        let mut stays = true;
        let here = names.iter().position(|name| *name == self.name).unwrap_or(0);
        ui.horizontal(|ui| {
            let back = ui.add_enabled(here > 0, egui::Button::new(ctx.tell("上一个", "Previous")));
            let on = ui
                .add_enabled(here + 1 < names.len(), egui::Button::new(ctx.tell("下一个", "Next")));
            ui.label(note(format!("{} / {}", here + 1, names.len())));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui.button(ctx.tell("从记录移除", "Remove from the record")).clicked() {
                    detach(ctx, record, &self.name);
                    stays = false;
                }
                if ui.button(ctx.tell("另存为…", "Save as…")).clicked() {
                    save(ctx, &self.name);
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add(egui::Label::new(self.name.as_str()).truncate());
                });
            });
            let keys = ui.input(|input| {
                (input.key_pressed(egui::Key::ArrowLeft), input.key_pressed(egui::Key::ArrowRight))
            });
            if back.clicked() || keys.0 {
                self.go(names, -1);
            } else if on.clicked() || keys.1 {
                self.go(names, 1);
            }
        });
        stays
    }

    fn picture_ui(&mut self, ui: &mut Ui, texture: &TextureHandle) {
        let size = ui.available_size().max(vec2(200.0, 200.0));
        let (frame, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
        let sides = texture.size_vec2();
        let fit = (frame.width() / sides.x).min(frame.height() / sides.y);
        if response.double_clicked() {
            self.zoom = if self.zoom > 1.01 { 1.0 } else { (1.0 / fit).max(2.0) };
            self.off = Vec2::ZERO;
        }
        if let Some(at) = response.hover_pos() {
            let turn = ui.input(|input| input.smooth_scroll_delta().y);
            let zoom = (self.zoom * (turn * 0.004).exp()).clamp(1.0, MOST_ZOOM);
            // What lies under the pointer stays there.
            let from = at - frame.center();
            self.off = from - (from - self.off) * (zoom / self.zoom);
            self.zoom = zoom;
        }
        self.off += response.drag_delta();
        let shown = sides * fit * self.zoom;
        let room = ((shown - frame.size()) / 2.0).max(Vec2::ZERO);
        self.off = self.off.clamp(-room, room);
        let rect = Rect::from_center_size(frame.center() + self.off, shown);
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter_at(frame).image(texture.id(), rect, whole, egui::Color32::WHITE);
        crate::ui::widgets::named(&response, &self.name);
    }
}

impl Dialog for PhotoPage {
    fn title(&self) -> Text {
        Text::new("附件", "Attachment")
    }

    fn size(&self) -> [f32; 2] {
        [1080.0, 720.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let Some(record) = ctx.record(self.of).cloned() else { return false };
        let names: Vec<String> = record.attachments().map(str::to_owned).collect();
        if !names.contains(&self.name) {
            return false;
        }
        self.shown.poll();
        if let Some(reply) = self.shown.ask(self.name.clone()) {
            let (job, longest_px) = ("photo", LONGEST_PX);
            ctx.actions.keep(StoreRequest::Look { job, longest_px, reply });
        }
        let stays = self.head_ui(ui, ctx, &record, &names);
        match (*self.shown).clone() {
            None => {
                ui.spinner();
                ui.allocate_space(ui.available_size());
            }
            Some(Err((said, facts))) => {
                if facts != Facts::default() {
                    ui.horizontal_wrapped(|ui| facts_ui(ui, ctx, &record, &facts));
                }
                let title = Text::new("不能预览", "No preview");
                empty(ui, ctx.say(title), said.say(ctx.lang()).to_owned());
            }
            Some(Ok((texture, facts))) => {
                ui.horizontal_wrapped(|ui| facts_ui(ui, ctx, &record, &facts));
                self.picture_ui(ui, &texture);
            }
        }
        stays
    }
}

/// The record no longer names it; the bytes stay, so that an undo shows it again.
fn detach(ctx: &Ctx<'_>, record: &Record, name: &str) {
    let stamp = ctx.stamp();
    let mut newer = record.clone();
    newer.set_attachments(
        record.attachments().filter(|known| *known != name).map(Into::into).collect(),
    );
    newer.meta.change(&stamp);
    if let Some(record) = ctx.record(record.id) {
        ctx.actions.apply(Edit::of(vec![Change::update(record.clone(), newer)]));
    }
}

fn save(ctx: &Ctx<'_>, name: &str) {
    let (name, kind) = (name.to_owned(), ctx.tell("附件", "Attachment"));
    ctx.actions.keep(StoreRequest::SaveAttachment { name, kind, outgoing: ctx.outgoing() });
}
