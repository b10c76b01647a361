//! What is kept of a look: how the header was read, and the rows that were rejected, as a file.

use std::sync::Arc;

use super::look::Look;
use crate::domain::Localized as _;
use crate::exchange::meaning::Report;
use crate::exchange::rejected;
use crate::files::write_whole;
use crate::settings::Preference;
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;

/// The next file with this header is read in the same way.
pub fn remember(look: &Look, ctx: &Ctx<'_>) {
    let (signature, mapping) = (look.signature.clone(), look.wishes.mapping());
    if signature.is_empty() || ctx.settings.mappings.get(&signature) == mapping.as_ref() {
        return;
    }
    ctx.actions.prefer(Preference::Mapping { signature, mapping });
}

/// The rejected rows as they stood in the file, for a person to correct and to drop again.
pub fn save_rejected(report: &Arc<Report>, file: &str, ctx: &Ctx<'_>) {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = stem.strip_suffix("_退回").unwrap_or(stem);
    let name = format!("{stem}_退回.csv");
    let (report, lang) = (Arc::clone(report), ctx.lang());
    let actions = ctx.actions.clone();
    ctx.actions.work("export", move |_| {
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
                Toast::act(format!("未能保存：{}", error.zh()), format!("not written: {error}"))
            }
        })
    });
}
