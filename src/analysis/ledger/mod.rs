//! The ledger as it is worked with: what is due today, who answers for it, what happens next, what
//! may be the same problem twice, and who is late.

pub mod campaign;
pub mod checks;
pub mod decided;
pub mod doubles;
pub mod escalation;
pub mod incoming;
pub mod limit;
pub mod make;
pub mod order;
pub mod owners;
pub mod paste;
pub mod rates;
pub mod remarks;
pub mod response;
pub mod returned;
pub mod row;
pub mod view;
pub mod villages;

pub use self::decided::{Decided, decided};
pub use self::doubles::{At, Doubles, Twin};
pub use self::escalation::{Stage, Stages};
pub use self::limit::{Limit, LimitWord, LimitWords, limit};
pub use self::order::Order;
pub use self::owners::{Owners, Owning};
pub use self::rates::{Group, Measure, Rate, rates};
pub use self::row::{Ledger, LedgerRow};
pub use self::view::{LedgerFilter, View};

use std::panic::resume_unwind;
use std::thread;

use super::search::pinyin_key;
use crate::domain::item::{civil, guard};
use crate::domain::{AreaRole, Edit, Kind, Stamp, World};

/// How an office that has no number yet begins its numbers: by the letters of its district, FR for
/// 丰润区.
pub fn prefix(world: &World) -> String {
    let mut areas = world.table(Kind::Area).iter();
    let name = areas.find(|area| AreaRole::District.is_of(area)).map(|area| area.name());
    let stem = name.map_or("", |name| name.trim_end_matches(['区', '县', '市']));
    // Before the sound of a character stands a mark.
    let letter = |c: char| pinyin_key(&c.to_string()).chars().find(char::is_ascii_alphanumeric);
    let letters: String = stem.chars().filter_map(letter).take(4).collect();
    let is_plain = letters.chars().all(|c| c.is_ascii_alphabetic());
    if is_plain { letters.to_uppercase() } else { String::new() }
}

/// Fewer items are not worth a thread.
const LEAST_SHARE: usize = 4096;

/// What comes of each of many items, in their order, with all cores: reading items waits for memory
/// more than for anything else.
fn side_by_side<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> Option<R> + Sync) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(8);
    let share = all.len().div_ceil(workers).max(LEAST_SHARE);
    let of_share = &|share: &[T]| share.iter().filter_map(&work).collect::<Vec<R>>();
    let (own, others) = all.split_at(share.min(all.len()));
    thread::scope(|scope| {
        let others: Vec<_> =
            others.chunks(share).map(|items| scope.spawn(move || of_share(items))).collect();
        let mut done = of_share(own);
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    })
}

/// An edit as it is stored: new items have numbers and are registered, and what an item has got by now
/// is lacking no more.
pub fn ready(edit: Edit, world: &World, stamp: &Stamp) -> Edit {
    let is_of_items =
        |change: &crate::domain::Change| change.record().is_some_and(|r| r.kind == Kind::Item);
    if !edit.changes.iter().any(is_of_items) {
        return edit;
    }
    let at = civil(stamp.at);
    guard::settled(guard::numbered(edit, world, &prefix(world), at), &stamp.actor, at)
}

#[cfg(test)]
mod tests;
