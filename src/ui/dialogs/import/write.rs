//! What was shown is what is written; and the rows that were rejected, as a file.

use super::look::Look;
use crate::domain::EditKind;
use crate::exchange::rejected;
use crate::files::write_whole;
use crate::jobs::Progress;
use crate::settings::Settings;
use crate::store::Size;
use crate::ui::action::Action;
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::open::{caught_up, refused};

/// Told to the dialog after memory has followed the file.
pub struct Written(pub bool);

/// One transaction, one undo step, after a dated copy.
pub fn write(look: &Look, file: String, progress: Progress, ctx: &Ctx<'_>) {
    let (changes, stamp) = (std::sync::Arc::clone(&look.changes), ctx.stamp());
    let count = changes.len();
    ctx.actions.send(Action::Keep(Box::new(move |store| {
        let before = store.revision().unwrap_or_default();
        let backed_up = store.backup_dated(&stamp, "import");
        let written = backed_up.and_then(|_| {
            let mut session =
                store.session(&stamp, if count > 20_000 { Size::Many } else { Size::Few })?;
            for (done, change) in changes.iter().enumerate() {
                if done % 1000 == 0 {
                    progress.set(done as u64, count as u64);
                }
                if progress.is_cancelled() {
                    return Ok(false);
                }
                session.write(change)?;
            }
            session.commit(EditKind::Import, Some(file.clone()))?;
            Ok(true)
        });
        let (is_written, outcome) = match written {
            Ok(true) => {
                let toast = Toast::done(
                    format!("已导入 {count} 条：{file}"),
                    format!("{count} records from {file}"),
                );
                let toast = toast.with_way(Command::Undo.about().words, Command::Undo);
                (true, caught_up(store, before, Some(toast)))
            }
            Ok(false) => {
                let toast =
                    Toast::watch("已取消，未写入任何数据", "Cancelled; nothing was written");
                (false, Action::Say(toast))
            }
            Err(error) => (false, refused(store, &error)),
        };
        Action::All(vec![outcome, Action::answer(Box::new(Written(is_written)))])
    })));
}

/// The next file with this header is read in the same way.
pub fn remember(look: &Look, ctx: &Ctx<'_>) {
    let (signature, mapping) = (look.signature.clone(), look.wishes.mapping());
    if signature.is_empty() || ctx.settings.mappings.get(&signature) == mapping.as_ref() {
        return;
    }
    ctx.actions.prefer(move |settings: &mut Settings| {
        match mapping {
            Some(mapping) => settings.mappings.insert(signature, mapping),
            None => settings.mappings.remove(&signature),
        };
    });
}

/// The rejected rows as they stood in the file, for a person to correct and to drop again.
pub fn save_rejected(look: &Look, file: &str, ctx: &Ctx<'_>) {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = stem.strip_suffix("_退回").unwrap_or(stem);
    let name = format!("{stem}_退回.csv");
    let (report, lang) = (std::sync::Arc::clone(&look.report), ctx.lang());
    let actions = ctx.actions.clone();
    ctx.actions.send(Action::Work(
        "export",
        Box::new(move |_| {
            let Some(target) = actions.ask_where_to_save(&name, "CSV") else {
                return Action::Nothing;
            };
            let written = rejected::to_csv(&report, lang)
                .map_err(std::io::Error::other)
                .and_then(|bytes| write_whole(&target, &bytes));
            Action::Say(match written {
                Ok(()) => Toast::done(
                    format!("已保存：{}", target.display()),
                    format!("written: {}", target.display()),
                ),
                Err(error) => {
                    Toast::act(format!("未能保存：{error}"), format!("not written: {error}"))
                }
            })
        }),
    ));
}
