//! Attachments of the district file: stored, looked at, written out again.

use std::path::Path;

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::domain::{EditKind, Localized as _, LocalizedText, RecordId, Stamp, Text};
use crate::exchange::photo::{self, Facts, PhotoPreview};
use crate::files::{read_named, write_whole};
use crate::jobs::Reply;
use crate::settings::clock;
use crate::store::Store;
use crate::ui::action::{Action, Actions, DataAction, Looked, NewFile, Outgoing};
use crate::ui::model::Toast;

/// A district file is carried on sticks and sent by mail: a film does not belong in it.
const LARGEST_BYTES: u64 = 64 << 20;

/// What could be stored before something failed is attached; the rest can be tried again.
pub fn attach(store: &mut Store, id: RecordId, files: Vec<NewFile>, stamp: &Stamp) -> Action {
    let mut names = Vec::new();
    for file in files {
        match keep(store, file, stamp) {
            Ok(name) => names.push(name),
            Err(toast) => return Action::Data(DataAction::Attached(id, names, Some(toast))),
        }
    }
    Action::Data(DataAction::Attached(id, names, None))
}

fn keep(store: &mut Store, file: NewFile, stamp: &Stamp) -> Result<String, Toast> {
    let (name, content) = match file {
        NewFile::Path(path) => read(&path)?,
        NewFile::Picture(image) => {
            // As the clock of the office shows it.
            let at = clock::office().to_datetime(stamp.at);
            let name = format!("{}-{}.png", "粘贴", at.strftime("%Y%m%d-%H%M%S"));
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
        Toast::act(
            format!("未能读取 {file}：{}", error.zh()),
            format!("{file} cannot be read: {error}"),
        )
    };
    let size = std::fs::metadata(path).map_err(|error| failed(&error))?.len();
    if size > LARGEST_BYTES {
        return Err(Toast::act(
            format!("{file} 有 {} MB，附件最大 64 MB", size >> 20),
            format!("{file} has {} MB; an attachment has 64 MB at most", size >> 20),
        ));
    }
    let content = read_named(path).map_err(|error| failed(&error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((name, content))
}

/// Its bytes are read here and decoded by a job: a large photo would keep the file waiting.
pub fn look(
    store: &Store,
    job: &'static str,
    longest_px: u32,
    reply: Reply<String, Option<Looked>>,
    actions: &Actions,
) -> Action {
    let (found, context) = (store.attachment(&reply.key), actions.context().clone());
    let decode = move |_: &_| {
        let bare = |said| (said, Facts::default());
        let looked = match found {
            Ok(Some(found)) => photo::look(&found.content, longest_px)
                .map(|look| (texture(&context, &look), look.facts))
                .map_err(|error| (error.into(), photo::facts(&found.content))),
            Ok(None) => Err(bare(LocalizedText::new(
                "文件里没有这个附件（可能来自另一个区域文件）",
                "not in this file; it may lie in another district's",
            ))),
            Err(error) => Err(bare(error.into())),
        };
        reply.send(Some(looked));
        Action::Nothing
    };
    Action::Work(job, Box::new(decode))
}

fn texture(context: &Context, look: &PhotoPreview) -> TextureHandle {
    let size = [look.width as usize, look.height as usize];
    let image = ColorImage::from_rgba_unmultiplied(size, &look.rgba);
    context.load_texture("attachment", image, TextureOptions::LINEAR)
}

/// Where a person says, by a job: the dialog of the system may stay open as long as it likes.
pub fn save(
    store: &Store,
    name: String,
    kind: String,
    outgoing: Outgoing,
    actions: &Actions,
) -> Action {
    let Ok(Some(found)) = store.attachment(&name) else {
        return Action::Say(Toast::act("文件里没有这个附件", "It is not in this file"));
    };
    let actions = actions.clone();
    let save = move |_: &_| {
        let Some(target) = actions.ask_where_to_save(&name, &kind) else {
            return Action::Nothing;
        };
        let file = target.display();
        match write_whole(&target, &found.content) {
            Ok(()) => {
                let said = Toast::wrote(Text::new("已保存", "saved"), target.clone());
                let asked = [format!("attachment {name}")];
                let went_out = outgoing.written(EditKind::Export, &target, &asked);
                Action::All(vec![Action::Say(said), went_out])
            }
            Err(error) => Action::Say(Toast::act(
                format!("未能保存：{file}（{}）", error.zh()),
                format!("not saved: {file}: {error}"),
            )),
        }
    };
    Action::Work("open file", Box::new(save))
}
