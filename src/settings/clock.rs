//! Time, random ids and the name of the user: the one place that asks the machine for them.

use std::cell::Cell;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::{Ids, Stamp};

thread_local! {
    static PRETENDED: Cell<Option<Timestamp>> = const { Cell::new(None) };
}

/// For tests of what midnight does: from now on [`now`] gives this time, on this thread alone.
pub fn pretend(now: Timestamp) {
    PRETENDED.set(Some(now));
}

/// Now, to the millisecond that the file keeps.
#[expect(clippy::disallowed_methods, reason = "this is the edge where time comes in")]
pub fn now() -> Timestamp {
    let now = PRETENDED.get().unwrap_or_else(Timestamp::now);
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// The date on the wall in the office.
pub fn today() -> Date {
    now().to_zoned_datetime(office()).date()
}

/// Asia/Shanghai: UTC+8 all year since 1991.
pub fn office() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

/// `--by`, else the name that the operating system knows.
pub fn stamp(by: Option<&str>) -> Stamp {
    let known = || by.map(str::to_owned).or_else(known_actor);
    let actor = known().unwrap_or_else(|| "未署名".to_owned());
    Stamp { actor: actor.into(), at: now() }
}

/// The name that the operating system knows.
pub fn known_actor() -> Option<String> {
    let names = ["SHAPAN_BY", "USER", "USERNAME", "LOGNAME"];
    names.into_iter().filter_map(|name| std::env::var(name).ok()).find(|name| !name.is_empty())
}

/// A source of ids from this moment on, different on every call.
pub fn ids(stamp: &Stamp) -> Ids {
    // The standard library seeds its hashers from the operating system's random source.
    let random = || u128::from(RandomState::new().build_hasher().finish());
    Ids::new(stamp.at, random() << 64 | random())
}
