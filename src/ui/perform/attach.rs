//! Photos and papers that are put into a record.

use std::sync::Arc;

use crate::domain::item::{put_photo, side_of_new_photo};
use crate::domain::{Change, Edit, Kind, RecordId};
use crate::ui::action::{DialogAction, NewFile, StoreRequest};
use crate::ui::app::App;
use crate::ui::model::Toast;
use crate::ui::model::workspace::Workspace;

/// Whether a file is a picture by its name.
fn is_photo(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    matches!(&*ending, "jpg" | "jpeg" | "png" | "webp" | "heic" | "bmp" | "gif")
}

impl App {
    /// Files become attachments of a record, in one undo step; read and stored on the keeper's
    /// thread, so that what was attached first is there first.
    pub(super) fn attach(&mut self, id: RecordId, files: Vec<NewFile>) {
        let stamp = self.model.stamp();
        self.keeper.ask(StoreRequest::Attach { record: id, files, stamp });
    }

    /// Names in the record what now lies in the file; `problem` says what does not.
    pub(super) fn attached(&mut self, id: RecordId, names: Vec<String>, problem: Option<Toast>) {
        if let Some(record) = self.model.record(id).cloned() {
            let stamp = self.model.stamp();
            let mut all: Vec<Arc<str>> = record.attachments().map(Into::into).collect();
            let before = all.len();
            let shown = if let [only] = names.as_slice() { Some(only.clone()) } else { None };
            let side = side_of_new_photo(&record).filter(|_| record.kind == Kind::Item);
            let mut newer = (*record).clone();
            for name in names {
                if !all.iter().any(|known| **known == *name) {
                    if is_photo(&name) && side.is_some() {
                        put_photo(&mut newer, &name, side);
                    }
                    all.push(name.into());
                }
            }
            if all.len() > before {
                newer.set_attachments(all);
                newer.meta.change(&stamp);
                let is_item = record.kind == Kind::Item;
                self.apply(Edit::of(vec![Change::update(record, newer)]));
                // One photo is looked at; of several the card has the list. A step that waits for it as
                // evidence stays, and the page of an item shows it by itself.
                let has_place =
                    self.dialog.is_some() || is_item && self.model.workspace == Workspace::Ledger;
                if has_place && let Some(name) = shown {
                    self.say(Toast::done(format!("已存入：{name}"), format!("stored: {name}")));
                } else if let Some(name) = shown {
                    self.dialog(DialogAction::Attachment(id, name));
                }
            }
        }
        if let Some(toast) = problem {
            self.say(toast);
        }
    }

    /// The one record that a dropped or pasted picture belongs to.
    pub(super) fn attach_to_selected(&mut self, files: Vec<NewFile>) {
        match *self.model.selection.as_slice() {
            [id] => self.attach(id, files),
            _ => self.say(Toast::watch(
                "照片属于哪条记录？请先选中一条，再拖入或粘贴",
                "Select the record that the photo belongs to, then drop or paste it again",
            )),
        }
    }
}
