//! Photos and papers that are put into a record.

use std::path::Path;
use std::sync::Arc;

use crate::domain::{Change, Edit, RecordId, Stamp};
use crate::exchange::photo;
use crate::store::Store;
use crate::ui::action::{Action, DataAction, NewFile};
use crate::ui::app::App;
use crate::ui::model::Toast;

/// A district file is carried on sticks and sent by mail: a film does not belong in it.
const LARGEST_BYTES: u64 = 64 << 20;

impl App {
    /// Files become attachments of a record, in one undo step; read and stored on the keeper's
    /// thread, so that what was attached first is there first.
    pub(super) fn attach(&mut self, id: RecordId, files: Vec<NewFile>) {
        let stamp = self.model.stamp();
        self.keeper.ask(move |store| {
            let mut names = Vec::new();
            for file in files {
                match keep(store, file, &stamp) {
                    Ok(name) => names.push(name),
                    // What was kept so far is attached; the rest can be tried again.
                    Err(toast) => {
                        return Action::Data(DataAction::Attached(id, names, Some(toast)));
                    }
                }
            }
            Action::Data(DataAction::Attached(id, names, None))
        });
    }

    pub(super) fn attached(&mut self, id: RecordId, names: Vec<String>, problem: Option<Toast>) {
        if let Some(record) = self.model.record(id).cloned() {
            let stamp = self.model.stamp();
            let mut all: Vec<Arc<str>> = record.attachments().map(Into::into).collect();
            let before = all.len();
            for name in names {
                if !all.iter().any(|known| **known == *name) {
                    all.push(name.into());
                }
            }
            if all.len() > before {
                let mut newer = (*record).clone();
                newer.set_attachments(all);
                newer.meta.change(&stamp);
                self.apply(Edit::of(vec![Change::update(record, newer)]));
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

fn keep(store: &mut Store, file: NewFile, stamp: &Stamp) -> Result<String, Toast> {
    let (name, content) = match file {
        NewFile::Path(path) => read(&path)?,
        NewFile::Picture(image) => {
            let name = format!("{}-{}.png", "粘贴", stamp.at.strftime("%Y%m%dT%H%M%SZ"));
            let [width, height] = image.size.map(|side| u32::try_from(side).unwrap_or(0));
            let rgba = image.pixels.iter().flat_map(egui::Color32::to_srgba_unmultiplied).collect();
            let png = photo::png(rgba, width, height).ok_or_else(|| {
                Toast::act("剪贴板里的图片无法读取", "The pasted picture cannot be read")
            })?;
            (name, png)
        }
    };
    store.attach(&name, &content, stamp).map_err(|error| Toast::failed(&error))
}

fn read(path: &Path) -> Result<(String, Vec<u8>), Toast> {
    let file = path.display();
    let failed = |error: &std::io::Error| {
        Toast::act(format!("未能读取 {file}：{error}"), format!("{file} cannot be read: {error}"))
    };
    let size = std::fs::metadata(path).map_err(|error| failed(&error))?.len();
    if size > LARGEST_BYTES {
        return Err(Toast::act(
            format!("{file} 有 {} MB，附件最大 64 MB", size >> 20),
            format!("{file} has {} MB; an attachment has 64 MB at most", size >> 20),
        ));
    }
    let content = std::fs::read(path).map_err(|error| failed(&error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((name, content))
}
