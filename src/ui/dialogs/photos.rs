//! The dialog of photos that come back named by the numbers of their items: which goes where, before any
//! is stored.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Button, Key, RichText, ScrollArea, Ui};

use super::Dialog;
use crate::analysis::ledger::Ledger;
use crate::analysis::ledger::returned::{item_of, with_photo};
use crate::domain::item::side_of_new_photo;
use crate::domain::{Change, Localized as _, Record, Text};
use crate::jobs::{Derived, Progress};
use crate::ui::action::{Action, ImportRequest, StoreRequest};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::widgets::{named, note, strong};

/// The photos, and what is known of them.
pub struct PhotosPage {
    photos: Vec<Photo>,
    is_written: Derived<(), Option<bool>>,
    is_writing: bool,
}

struct Photo {
    path: PathBuf,
    item: Option<Arc<Record>>,
    is_taken: bool,
}

impl PhotosPage {
    /// `None` where no name has the number of an item.
    pub fn new(ledger: &Ledger, paths: &[PathBuf]) -> Option<Self> {
        let photo = |path: &PathBuf| {
            let item = item_of(ledger, path).map(|row| Arc::clone(&row.record));
            Photo { path: path.clone(), is_taken: item.is_some(), item }
        };
        let photos: Vec<Photo> = paths.iter().map(photo).collect();
        let is_any = photos.iter().any(|photo| photo.item.is_some());
        is_any.then(|| Self { photos, is_written: Derived::default(), is_writing: false })
    }

    /// Reads them off the window's thread, and has them stored with their items: one undo step.
    fn write(&mut self, ctx: &Ctx<'_>) {
        self.is_writing = true;
        let taken = self.photos.iter().filter(|photo| photo.is_taken);
        let taken: Vec<(PathBuf, Arc<Record>)> = taken
            .filter_map(|photo| Some((photo.path.clone(), Arc::clone(photo.item.as_ref()?))))
            .collect();
        let (world, stamp) = (ctx.world(), ctx.stamp());
        let reply = self.is_written.ask_anew(());
        ctx.actions.work("photos", move |_| {
            let (mut attachments, mut changes): (Vec<(String, Vec<u8>)>, Vec<Change>) =
                Default::default();
            for (path, item) in taken {
                let bytes = match std::fs::read(&path) {
                    Ok(bytes) => bytes,
                    Err(error) => {
                        reply.send(Some(false));
                        let file = path.display();
                        return Action::Say(Toast::act(
                            format!("未能读取 {file}：{}", error.zh()),
                            format!("{file} cannot be read: {error}"),
                        ));
                    }
                };
                let name = file_name(&path);
                let earlier = changes.iter().position(|it| it.subject() == Some(item.id));
                if let Some(earlier) = earlier.and_then(|at| changes.get_mut(at)) {
                    let so_far = earlier.after.clone().unwrap_or(item);
                    earlier.after = Some(Arc::new(with_photo(&so_far, &name, &stamp)));
                } else {
                    let Some(now) = world.get(item.id) else { continue };
                    let newer = with_photo(now, &name, &stamp);
                    changes.push(Change::update(Arc::clone(now), newer));
                }
                attachments.push((name, bytes));
            }
            let edit = crate::domain::Edit::of(changes);
            let edit = crate::analysis::ledger::ready(edit, &world, &stamp);
            let import = ImportRequest {
                changes: Arc::new(edit.changes),
                attachments,
                file: "现场照片".to_owned(),
                stamp,
                progress: Progress::default(),
                reply,
            };
            Action::Keep(StoreRequest::Import(Box::new(import)))
        });
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl Dialog for PhotosPage {
    fn title(&self) -> Text {
        Text::new("按编号归入照片", "Photos by number")
    }

    fn size(&self) -> [f32; 2] {
        [760.0, 480.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        self.is_written.poll();
        match self.is_written.get_mut().take() {
            Some(true) => return false,
            Some(false) => self.is_writing = false,
            None => {}
        }
        let known = self.photos.iter().filter(|photo| photo.item.is_some()).count();
        let unknown = self.photos.len() - known;
        ui.label(strong(ctx.tell(
            format!("{known} 张按编号找到问题，{unknown} 张没有编号"),
            format!("{known} name their item, {unknown} name none"),
        )));
        let room = (ui.available_height() - 44.0).max(100.0);
        let area = ScrollArea::vertical().id_salt("photos").max_height(room).auto_shrink(false);
        area.show(ui, |ui| {
            for photo in &mut self.photos {
                photo_ui(ui, ctx, photo);
            }
        });
        let count = self.photos.iter().filter(|photo| photo.is_taken).count();
        if self.is_writing {
            ui.spinner();
            return true;
        }
        let words = ctx.tell(format!("归入 {count} 张（回车）"), format!("Attach {count} (Enter)"));
        let button = ui.add_enabled(count > 0, Button::new(strong(words)));
        let is_free = ui.memory(|memory| memory.focused().is_none());
        let is_entered = count > 0 && is_free && ui.input(|input| input.key_pressed(Key::Enter));
        if button.clicked() || is_entered {
            self.write(ctx);
        }
        true
    }

    fn may_close(&self) -> bool {
        !self.is_writing
    }
}

fn photo_ui(ui: &mut Ui, ctx: &Ctx<'_>, photo: &mut Photo) {
    let name = file_name(&photo.path);
    ui.horizontal(|ui| {
        let Some(item) = &photo.item else {
            ui.label(RichText::new(&name));
            let words = ctx.tell("没有编号，不归入", "names no item: left out");
            ui.label(note(words).color(ctx.color(|t| t.watch)));
            return;
        };
        let check = ui.checkbox(&mut photo.is_taken, &name);
        named(&check, &name);
        let side = match side_of_new_photo(item) {
            Some("photos_before") => ctx.tell("整改前", "before"),
            Some(_) => ctx.tell("整改后", "after"),
            None => ctx.tell("核查照片", "of the check"),
        };
        let code = item.code().unwrap_or_default();
        let words = format!("→ {code} {} · {side}", item.name());
        ui.add(egui::Label::new(note(words)).truncate());
    });
}
