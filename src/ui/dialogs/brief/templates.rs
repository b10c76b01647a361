//! The office's own templates, in a folder beside the settings of this seat.

use std::path::{Path, PathBuf};

use crate::domain::{Localized as _, LocalizedText};
use crate::files::write_private;
use crate::jobs::Reply;
use crate::report::brief::{LEADER, MINUTES, WEEKLY, proof, template};
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::model::{Model, Toast};

/// By which it is told what lies in the folder.
type Listed = Reply<(), Vec<PathBuf>>;

/// Under these names the built-in ones are written.
const BUILT_IN: [(&str, &str); 3] =
    [("会商周报.md", WEEKLY), ("会议纪要.md", MINUTES), ("给领导一页.md", LEADER)];

/// Where the templates of this seat lie.
pub fn folder(model: &Model) -> PathBuf {
    model.folder.join("templates")
}

/// Looks into that folder off the window's thread.
pub fn list(ctx: &Ctx<'_>, reply: Listed) {
    let folder = folder(ctx.model);
    ctx.actions.work("templates", move |_| {
        reply.send(files(&folder));
        Action::Nothing
    });
}

/// Text files, in the order of their names; none where the folder is not there.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let is_text = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
        matches!(ending.as_deref(), Some("md" | "txt"))
    };
    let mut files: Vec<PathBuf> = paths.filter(is_text).collect();
    files.sort();
    files
}

/// What the office has changed stays as it is.
pub fn write(ctx: &Ctx<'_>, reply: Listed) {
    let folder = folder(ctx.model);
    ctx.actions.work("templates", move |_| {
        let mut count = 0;
        for (name, text) in BUILT_IN {
            let path = folder.join(name);
            if path.exists() {
                continue;
            }
            if let Err(error) = write_private(&path, text.as_bytes()) {
                return Action::Say(Toast::act(
                    format!("模板未能写入：{}（{}）", path.display(), error.zh()),
                    format!("the template was not written: {}: {error}", path.display()),
                ));
            }
            count += 1;
        }
        let place = folder.display();
        let toast = if count == 0 {
            Toast::watch(
                format!("模板已在文件夹中，没有覆盖：{place}"),
                format!("the templates are there already and were left as they are: {place}"),
            )
        } else {
            Toast::done(
                format!("已写入 {count} 个模板，可用记事本修改：{place}"),
                format!("{count} templates written, to be edited in any text editor: {place}"),
            )
        };
        reply.send(files(&folder));
        Action::Say(toast)
    });
}

/// Says what is wrong with a template.
pub fn check(ctx: &Ctx<'_>, reply: Reply<PathBuf, Option<LocalizedText>>) {
    ctx.actions.work("template", move |_| {
        let problem = match std::fs::read(&reply.key) {
            Ok(bytes) => {
                let proven = template::text(&bytes).and_then(|text| proof(&text));
                proven.err().map(Into::into)
            }
            Err(error) => Some(unreadable(&error)),
        };
        reply.send(problem);
        Action::Nothing
    });
}

/// Says that a template cannot be read.
pub fn unreadable(error: &std::io::Error) -> LocalizedText {
    LocalizedText::new(
        format!("模板无法读取：{}", error.zh()),
        format!("the template cannot be read: {error}"),
    )
}
