//! What the district file takes of the disk, and giving back what it does not need.

use super::disk::free_disk;
use crate::domain::Text;
use crate::jobs::Progress;
use crate::store::{Error, Room, Store};
use crate::ui::action::Action;
use crate::ui::command::Command;
use crate::ui::model::Toast;

/// Compacts the file, unless it is cancelled, and says what became of it.
pub fn compact(store: &mut Store, progress: &Progress) -> Action {
    match compacted(store, progress) {
        Ok(Some((before, after))) => {
            let (before, after) = (before.bytes as f64 / 1e6, after.bytes as f64 / 1e6);
            let said = Toast::done(
                format!("已压缩：{before:.1} MB → {after:.1} MB"),
                format!("compacted: {before:.1} MB → {after:.1} MB"),
            );
            Action::All(vec![Action::Say(said), free_disk(store.path())])
        }
        Ok(None) => Action::Say(Toast::watch(
            "已取消压缩，文件没有改动",
            "Cancelled; the file is as it was",
        )),
        Err(error) => Action::Say(Toast::failed(&error)),
    }
}

/// The room before and after; `None` where it was cancelled.
fn compacted(store: &mut Store, progress: &Progress) -> Result<Option<(Room, Room)>, Error> {
    let before = store.room()?;
    let asked = progress.clone();
    let is_done = store.compact(move || !asked.is_cancelled())?;
    Ok(if is_done { Some((before, store.room()?)) } else { None })
}

/// Whether compacting is worth a person's while. What cannot be told is no reason to speak.
pub fn is_wasted(store: &Store) -> bool {
    store.room().is_ok_and(Room::is_worth_compacting)
}

/// Offers to compact a file of which half is free; nothing where it is not.
pub fn offer(store: &Store) -> Action {
    let Some(room) = store.room().ok().filter(|room| room.is_worth_compacting()) else {
        return Action::Nothing;
    };
    let free = room.free_bytes as f64 / 1e6;
    let said = Toast::watch(
        format!("区域文件中有 {free:.0} MB 空闲，可以压缩"),
        format!("{free:.0} MB of the district file are free and can be given back"),
    );
    Action::Say(said.with_way(Text::new("压缩…", "Compact…"), Command::Compact))
}
