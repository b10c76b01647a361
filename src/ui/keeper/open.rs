//! Opening a district, making an empty one, and the sample that comes with the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::disk::last_backup;
use super::seat::Seat;
use super::{failed, room};
use crate::domain::{Change, Edit, EditKind, Localized as _, LocalizedText, Stamp, World};
use crate::sample;
use crate::settings::clock;
use crate::store::restore::{self, DatedCopy, LostEdits};
use crate::store::{self, Store};
use crate::ui::action::{Action, Actions, BringBack, Damage, FileAction, Reading};
use crate::ui::model::{Opened, Toast};

/// After which all of a district is read although its first picture does not stand yet: a window that
/// nobody sees draws none.
const MOST_WAITS: u32 = 1000;
const WAIT: Duration = Duration::from_millis(2);

/// The file of the sample.
pub const SAMPLE: &str = "丰润(示例).gpkg";

/// Puts the district into the keeper's hands. What was open before stays open when this fails, or is
/// called off. What the map needs first of it is sent before all of it is read.
pub fn open(
    path: PathBuf,
    reading: &Reading,
    place: &mut Option<Seat>,
    actions: &Actions,
) -> Action {
    let opened = Store::open_session(&path).and_then(|store| {
        let Some(world) = read(&store, reading, actions)? else { return Ok(None) };
        let entries = Arc::new(store.history()?);
        Ok(Some((store, world, entries)))
    });
    match opened {
        Ok(None) => Action::File(FileAction::OpeningStopped(path)),
        Ok(Some((store, world, entries))) => {
            let last_backup = last_backup(&path);
            let offer = room::offer(&store);
            *place = Some(Seat::new(store, &entries));
            let opened = Box::new(Opened { path, world, entries, last_backup });
            Action::All(vec![Action::File(FileAction::Opened(opened)), offer])
        }
        Err(error) => not_opened(path, &error),
    }
}

fn read(
    store: &Store,
    Reading { glimpse, progress, is_in_sight }: &Reading,
    actions: &Actions,
) -> Result<Option<World>, store::Error> {
    if let Some(wanted) = glimpse {
        // Whatever is wrong is said when all of it is read.
        let first = store.glimpse(wanted, &|_| !progress.is_cancelled()).ok().flatten();
        if let Some(first) = first {
            let path = store.path().to_owned();
            actions.send(Action::File(FileAction::Glimpsed(path, Box::new(first))));
            // Drawing it takes as many processors as reading does, and is waited for.
            for _ in 0..MOST_WAITS {
                if is_in_sight.load(Ordering::Relaxed) || progress.is_cancelled() {
                    break;
                }
                std::thread::sleep(WAIT);
            }
        }
    }
    progress.set(0, store.rows_at_most()?);
    store.load_watched(&|rows| {
        progress.advance(rows);
        !progress.is_cancelled()
    })
}

/// Says why; a damaged district has a way back, which is offered.
fn not_opened(path: PathBuf, error: &store::Error) -> Action {
    let reason = match error {
        store::Error::Damaged { .. } => LocalizedText::new(
            format!("文件已损坏：{}", path.display()),
            format!("The file is damaged: {}", path.display()),
        ),
        store::Error::Journal { revision, .. } => LocalizedText::new(
            format!("第 {revision} 号历史记录无法读取：{}", path.display()),
            format!("Revision {revision} of the journal cannot be read: {}", path.display()),
        ),
        other => return Action::File(FileAction::NotOpened(path, other.localized())),
    };
    // Seconds for large copies: this is the thread that may take them.
    let look = |copy: DatedCopy| {
        let facts = restore::look(&copy.path).ok();
        let looked = facts.map(|facts| {
            let lost = restore::lost_edits(&path, &facts);
            (facts, lost)
        });
        (copy, looked)
    };
    let copies = restore::copies(&path).unwrap_or_default().into_iter().map(look).collect();
    let damage = Damage { district: path, reason, copies };
    Action::File(FileAction::Damaged(Box::new(damage)))
}

/// Puts a copy in the place of a damaged district, or saves what can be read of it beside, and opens
/// what came of it.
pub fn bring_back(
    wish: BringBack,
    stamp: &Stamp,
    place: &mut Option<Seat>,
    actions: &Actions,
) -> Action {
    let (opened, words) = match wish {
        BringBack::Copy { district, copy } => {
            // What is open here would keep its lock on the file.
            if place.as_ref().is_some_and(|seat| seat.store.path() == district) {
                *place = None;
            }
            match restore::restore(&district, &copy, stamp.at) {
                Ok(restored) => (district, restored_words(&restored)),
                Err(error) => return failed(&error),
            }
        }
        BringBack::Salvage { district } => {
            let target = restore::salvage_path(&district, stamp.at);
            match restore::salvage(&district, &target, stamp) {
                Ok(salvaged) => (target, salvaged_words(&salvaged)),
                Err(error) => return failed(&error),
            }
        }
    };
    Action::All(vec![Action::Say(words), open(opened, &Reading::default(), place, actions)])
}

fn restored_words(restored: &restore::Restored) -> Toast {
    let aside =
        restored.put_aside.first().map_or_else(String::new, |path| path.display().to_string());
    match &restored.lost {
        LostEdits::Known(lost) => Toast::done(
            format!("已恢复，{} 次修改不在其中；原文件移到 {aside}", lost.len()),
            format!("restored without {} edits; what was there is at {aside}", lost.len()),
        ),
        LostEdits::OtherHistory | LostEdits::Unreadable => Toast::watch(
            format!("已恢复；丢失了哪些修改无法得知。原文件移到 {aside}"),
            format!("restored; which edits are lost is not known. What was there is at {aside}"),
        ),
    }
}

fn salvaged_words(salvaged: &restore::Salvaged) -> Toast {
    let count: u64 = salvaged.records.iter().map(|(_, count)| count).sum();
    let doubtful = salvaged.doubtful;
    Toast::watch(
        format!("已抢救 {count} 条记录到新文件，其中 {doubtful} 条与历史不一致，请核对"),
        format!("{count} records saved into a new file; {doubtful} are not what the journal says"),
    )
}

/// A new district with what it begins with, and opens it.
pub fn create(
    path: PathBuf,
    first: Option<(&Edit, &Stamp)>,
    place: &mut Option<Seat>,
    actions: &Actions,
) -> Action {
    let created = match first {
        Some((edit, stamp)) => Store::create_with(&path, edit, stamp),
        None => Store::create(&path),
    };
    match created {
        Ok(store) => {
            drop(store);
            open(path, &Reading::default(), place, actions)
        }
        Err(error) => failed(&error),
    }
}

/// The sample of this seat, made where it does not exist yet.
pub fn sample(folder: &Path, stamp: &Stamp, place: &mut Option<Seat>, actions: &Actions) -> Action {
    let path = folder.join(SAMPLE);
    if !path.exists()
        && let Err(error) = make_sample(folder, &path, stamp)
    {
        return not_opened(path, &error);
    }
    open(path, &Reading::default(), place, actions)
}

fn make_sample(folder: &Path, path: &Path, stamp: &Stamp) -> Result<(), store::Error> {
    std::fs::create_dir_all(folder)
        .map_err(|source| store::Error::Io { path: path.to_owned(), source })?;
    let mut ids = clock::ids(stamp);
    let records = sample::records(stamp, &mut ids);
    let readings = sample::readings(&records, stamp.at);
    let episodes = sample::episodes(&records, &readings, stamp.at);
    let changes = records.into_iter().chain(episodes).map(Change::create).collect();
    let edit = Edit { kind: EditKind::Found, changes };
    Store::create_with_readings(path, &edit, &readings, stamp, &mut ids)
}
