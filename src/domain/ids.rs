//! Ids of records, and where new ones come from.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use uuid::Uuid;

/// The stable name of a record: a UUID of version 7 (RFC 9562), never reused.
///
/// Ids made later sort later, so tables ordered by id are in the order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub Uuid);

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for RecordId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(text.trim()).map(Self)
    }
}

/// Makes ids that ascend within one session. Time and chance come in from outside.
#[derive(Clone, Debug)]
pub struct Ids {
    milliseconds: u64,
    /// The 74 bits of a version 7 UUID that are not time; counted up, so ids ascend.
    tail: u128,
}

const TAIL_BITS: u32 = 74;
const LOW_BITS: u32 = 62;

impl Ids {
    /// `seed` should be fresh per session, so that two seats at one moment do not collide.
    pub fn new(at: Timestamp, seed: u128) -> Self {
        let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0) & ((1 << 48) - 1);
        // The top bit stays free, so that counting up cannot overflow within any session.
        Self { milliseconds, tail: seed & ((1 << (TAIL_BITS - 1)) - 1) }
    }

    /// A second source for 2⁴⁰ ids that come before those that this one makes from now on.
    #[must_use]
    pub const fn fork(&mut self) -> Self {
        let fork = Self { milliseconds: self.milliseconds, tail: self.tail };
        self.tail += 1 << 40;
        fork
    }

    /// The next id: it sorts after all that came before it from this source.
    #[expect(clippy::should_implement_trait, reason = "an endless source, not an iterator")]
    pub fn next(&mut self) -> RecordId {
        self.tail += 1;
        let high = u128::from(self.milliseconds) << 80;
        let random_a = (self.tail >> LOW_BITS) & 0xfff;
        let random_b = self.tail & ((1 << LOW_BITS) - 1);
        RecordId(Uuid::from_u128(high | (0x7 << 76) | (random_a << 64) | (0b10 << 62) | random_b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_of_version_seven_and_ascend() {
        let mut ids = Ids::new(Timestamp::from_millisecond(1_700_000_000_000).unwrap(), u128::MAX);
        let made: Vec<RecordId> = (0..1000).map(|_| ids.next()).collect();
        assert!(made.is_sorted());
        assert!(made.iter().all(|id| id.0.get_version_num() == 7));
        assert!(made.iter().all(|id| id.0.get_variant() == uuid::Variant::RFC4122));
    }
}
