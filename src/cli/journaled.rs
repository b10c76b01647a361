//! What goes out of a district is journaled: who, when, what, by which filter, of which state.

use std::io::Write as _;
use std::path::Path;

use super::Context;
use crate::domain::{EditKind, Lang, Localized as _, World};
use crate::settings::clock;
use crate::store::{Store, event_note};

/// Journals that a file was written, after it was. Where the district cannot be written to, because
/// it is read-only or on a share, the file stays written, and that no journal tells of it is said.
pub(super) fn journal(
    district: &Path,
    kind: EditKind,
    (target, asked, world): (&Path, &[String], &World),
    context: &Context,
) {
    let stamp = clock::stamp(context.by.as_deref());
    let note = event_note(target, asked, world.seal);
    let journaled = Store::open(district).and_then(|mut store| store.event(kind, &note, &stamp));
    let Err(error) = journaled else { return };
    let words = match context.lang {
        Lang::Zh => format!("已写出，但未能记入历史：{}", error.zh()),
        Lang::En => format!("written, but not journaled: {error}"),
    };
    // Nobody is left to tell when standard error itself is gone.
    drop(writeln!(std::io::stderr().lock(), "warning: {words}"));
}
