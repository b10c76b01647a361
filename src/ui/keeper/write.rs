//! What is written to the district file, and what memory has to learn of it afterwards.

use std::collections::BTreeMap;
use std::path::Path;

use super::disk::{free_disk, last_backup};
use super::room;
use super::seat::Seat;
use crate::analysis::standards::times_failed;
use crate::domain::{
    Change, Edit, EditKind, Kind, Localized as _, LocalizedText, RecordId, Stamp, World,
};
use crate::exchange;
use crate::intake::file::{self, Delivered, IntakeError, SurveyedFile};
use crate::intake::package::with_files;
use crate::store::{Cause, Error, JournalEntry, Size, Store, UndoStack};
use crate::ui::action::{Action, DataAction, DeliverRequest, ImportRequest, Stored};
use crate::ui::model::{Toast, Tone};

/// More changes than this are loaded anew and not told one by one.
const MANY: u64 = 20_000;

/// On the disk, or back to what the file says. Where others wrote since, theirs was written down
/// first, and memory has to learn of it.
pub fn apply(seat: &mut Seat, edit: &Edit, stamp: &Stamp) -> Action {
    let told = seat.told;
    let applied = seat.store.apply(edit, stamp).and_then(|revision| {
        let entries = seat.news()?;
        let (mut edits, world) = if revision.is_none_or(|revision| revision <= told + 1) {
            (Vec::new(), None)
        } else {
            since(&seat.store, told, &entries)?
        };
        // Memory has this one already.
        let mut done = entries.iter().filter(|entry| entry.cause != Cause::Event);
        if let Some(own) = done.position(|entry| Some(entry.revision) == revision)
            && own < edits.len()
        {
            edits.remove(own);
        }
        let (is_ahead, toast) = (false, None);
        Ok(DataAction::Stored(Stored { entries, edits, world, is_ahead, toast }))
    });
    let answer = applied.unwrap_or_else(|error| refusal(seat, &error));
    Action::Data(DataAction::Applied(Box::new(answer)))
}

/// Undoes so many steps; below zero it does them again.
pub fn back(seat: &mut Seat, steps: i64, stamp: &Stamp) -> Action {
    let store = &mut seat.store;
    let was_wasted = room::is_wasted(store);
    let mut last = None;
    for _ in 0..steps.unsigned_abs() {
        let step = if steps > 0 { store.undo(stamp) } else { store.redo(stamp) };
        match step {
            Ok(Some(step)) => last = Some(step),
            Ok(None) => break,
            Err(error) => return refused(seat, &error),
        }
    }
    let Some(step) = last else {
        return Action::Say(Toast::watch("没有可撤销的步骤", "There is nothing to take back"));
    };
    let told = caught_up(seat, Some(back_words(steps, &step.entry.note)));
    // What a large import takes stays in the file when it is taken back.
    let offer = if was_wasted { Action::Nothing } else { room::offer(&seat.store) };
    Action::All(vec![told, offer])
}

fn back_words(steps: i64, note: &str) -> Toast {
    let note: String = note.chars().take(24).collect();
    let count = steps.unsigned_abs();
    match (steps > 0, count) {
        (true, 1) => Toast::done(format!("已撤销：{note}"), format!("taken back: {note}")),
        (false, 1) => Toast::done(format!("已重做：{note}"), format!("done again: {note}")),
        (true, _) => Toast::done(format!("已撤销 {count} 步"), format!("{count} steps taken back")),
        (false, _) => {
            Toast::done(format!("已重做 {count} 步"), format!("{count} steps done again"))
        }
    }
}

/// One transaction, one undo step, after a dated copy. The reply is sent after memory has followed
/// the file.
pub fn import(seat: &mut Seat, import: ImportRequest) -> Action {
    let store = &mut seat.store;
    let ImportRequest { changes, attachments, file, stamp, progress, reply } = import;
    let count = changes.len();
    let backed_up = store.backup_dated(&stamp, "import");
    let written = backed_up.and_then(|_| {
        let named;
        let changes = if attachments.is_empty() {
            &*changes
        } else {
            named = with_files(store, &changes, &attachments, &stamp)?;
            &named
        };
        let size = if count as u64 > MANY { Size::Many } else { Size::Few };
        let mut session = store.session(&stamp, size)?;
        for (done, change) in changes.iter().enumerate() {
            if done % 1000 == 0 {
                progress.set(done as u64, count as u64);
            }
            if progress.is_cancelled() {
                return Ok(false);
            }
            session.write(change)?;
        }
        let outcome = session.commit(EditKind::Import, Some(file.clone()));
        store.settled(outcome, &stamp)?;
        Ok(true)
    });
    let is_written = matches!(written, Ok(true));
    let outcome = match written {
        Ok(true) => {
            let toast = Toast::done(
                format!("已导入 {count} 条：{file}"),
                format!("{count} records from {file}"),
            );
            caught_up(seat, Some(toast.with_undo()))
        }
        Ok(false) => {
            Action::Say(Toast::watch("已取消，未写入任何数据", "Cancelled; nothing was written"))
        }
        Err(error) => refused(seat, &error),
    };
    // The copy was made whatever came of the import.
    let backed_up = Action::Data(DataAction::BackedUp(last_backup(seat.store.path())));
    let free = free_disk(seat.store.path());
    Action::All(vec![outcome, backed_up, free, Action::Written(reply, is_written)])
}

/// A file of readings as one delivery, with the stations that it brings: one transaction, one undo step,
/// after a dated copy. The reply is sent after memory has followed the file.
pub fn deliver(seat: &mut Seat, request: DeliverRequest) -> Action {
    let backed_up = seat.store.backup_dated(&request.stamp, "import").map_err(IntakeError::from);
    let written = backed_up.and_then(|_| store_delivery(&mut seat.store, &request));
    let is_written = written.is_ok();
    let outcome = match written {
        Ok(said) => caught_up(seat, Some(said)),
        Err(IntakeError::Unreadable(exchange::Error::Stopped)) => {
            Action::Say(Toast::watch("已取消，未写入任何数据", "Cancelled; nothing was written"))
        }
        Err(IntakeError::Unwritten(error)) => refused(seat, &error),
        Err(error) => Action::Say(Toast::new(Tone::Act, error.localized())),
    };
    let backed_up = Action::Data(DataAction::BackedUp(last_backup(seat.store.path())));
    let free = free_disk(seat.store.path());
    Action::All(vec![outcome, backed_up, free, Action::Written(request.reply, is_written)])
}

fn store_delivery(store: &mut Store, request: &DeliverRequest) -> Result<Toast, IntakeError> {
    let DeliverRequest { stamp, name, progress, .. } = request;
    let mut ids = request.ids.clone();
    let mut session = store.session(stamp, Size::Few)?;
    for record in &request.made {
        session.write(&Change::create(record.clone()))?;
    }
    let file = SurveyedFile {
        path: &request.path,
        name,
        survey: &request.survey,
        options: &request.options,
        records: &request.records,
        mark: request.mark,
    };
    let done = file::deliver(file, &mut session, (stamp, &mut ids), progress)?;
    let outcome = session.commit(EditKind::Deliver, Some(name.clone()));
    store.settled(outcome, stamp)?;
    let Delivered { new, versions, same, refused } = done;
    if new + versions == 0 && request.made.is_empty() {
        return Ok(Toast::watch(
            format!("{name}：{same} 行都已有，没有新增"),
            format!("{name}: all {same} rows are known, nothing is new"),
        ));
    }
    let toast = Toast::done(
        format!("已导入 {name}：新增 {new} 行，新版本 {versions}，已有 {same}，退回 {refused}"),
        format!(
            "{name}: {new} rows new, {versions} new versions, {same} known, {refused} rejected"
        ),
    );
    Ok(toast.with_undo())
}

/// How often a record has come to fail by what is done and not taken back; `None` where the journal
/// holds so much that whoever works would wait for the answer.
pub fn failures(store: &Store, id: RecordId) -> Option<usize> {
    let entries = store.history().ok()?;
    let changes: u64 = entries.iter().map(|it| it.created + it.updated + it.deleted).sum();
    if changes > MANY {
        return None;
    }
    let done = UndoStack::of(&entries).done;
    let mut versions = store.history_of(id).ok()?;
    // What a district was made with is no step, and stands.
    let stands =
        |entry: &JournalEntry| entry.kind == EditKind::Found || done.contains(&entry.revision);
    versions.retain(|version| stands(&version.entry));
    let changes = versions.iter().rev().map(|version| &version.change);
    Some(times_failed(changes.map(|change| (change.before.as_deref(), change.after.as_deref()))))
}

/// Of which layers the last steps are, as far as they are small enough to be read while somebody waits.
pub fn step_kinds(store: &Store, entries: &[JournalEntry]) -> BTreeMap<u64, Vec<Kind>> {
    const STEPS: usize = 200;
    const CHANGES: u64 = 500;
    let last = entries.iter().rev().filter(|it| it.created + it.updated + it.deleted <= CHANGES);
    let own = last.filter(|entry| entry.cause == Cause::Do && entry.kind != EditKind::Import);
    let revisions: Vec<u64> = own.take(STEPS).map(|entry| entry.revision).collect();
    // Without it a step has only its name.
    store.kinds_of(&revisions).unwrap_or_default()
}

/// What went out is out: where the journal could not be written to, that is said.
/// Of a district that has given way to another it is written past the one that is open.
pub fn event(
    place: Option<&mut Seat>,
    district: &Path,
    (kind, note): (EditKind, &str),
    stamp: &Stamp,
) -> Action {
    let journaled = match place.filter(|seat| seat.store.path() == district) {
        Some(seat) => seat.store.event(kind, note, stamp).map(|_| caught_up(seat, None)),
        None => Store::open(district)
            .and_then(|mut store| store.event(kind, note, stamp))
            .map(|_| Action::Nothing),
    };
    match journaled {
        Ok(action) => action,
        Err(error) => {
            let LocalizedText { zh, en } = error.localized();
            Action::Say(Toast::act(
                format!("文件已写出，但未能记入历史：{zh}"),
                format!("the file is written, but not journaled: {en}"),
            ))
        }
    }
}

/// What was done since the window was told last, for the memory to follow.
pub fn caught_up(seat: &mut Seat, toast: Option<Toast>) -> Action {
    let told = seat.told;
    let caught_up = seat.news().and_then(|entries| {
        let (edits, world) = since(&seat.store, told, &entries)?;
        let is_ahead = seat.store.has_external_edits()?;
        Ok(Stored { entries, edits, world, is_ahead, toast })
    });
    caught_up.map_or_else(
        |error| refused(seat, &error),
        |stored| Action::Data(DataAction::Stored(stored)),
    )
}

/// The edits of these entries, which came after a revision; many changes are loaded anew.
pub fn since(
    store: &Store,
    revision: u64,
    entries: &[JournalEntry],
) -> Result<(Vec<Edit>, Option<World>), Error> {
    if entries.iter().map(JournalEntry::count).sum::<u64>() > MANY {
        return Ok((Vec::new(), Some(store.load()?)));
    }
    let mut edits = store.since(revision)?;
    // What was written since is told the next time.
    edits.truncate(entries.iter().filter(|entry| entry.cause != Cause::Event).count());
    Ok((edits, None))
}

/// The file as it is now.
pub fn reloaded(seat: &mut Seat) -> Action {
    match seat.store.load().and_then(|world| Ok((world, seat.news()?))) {
        Ok((world, entries)) => Action::Data(DataAction::Stored(Stored {
            entries,
            edits: Vec::new(),
            is_ahead: world.seal.is_some_and(|seal| seal.is_ahead),
            world: Some(world),
            toast: None,
        })),
        Err(error) => refused(seat, &error),
    }
}

/// The file said no: the window goes back to what the file says.
pub fn refused(seat: &mut Seat, error: &Error) -> Action {
    Action::Data(refusal(seat, error))
}

fn refusal(seat: &mut Seat, error: &Error) -> DataAction {
    let world = seat.store.load().ok();
    let entries = seat.news().unwrap_or_default();
    DataAction::Refused { world, entries, reason: error.localized() }
}
