//! A set of the codes that an import has brought, in a few bytes each. It only suspects repetitions:
//! `store::session` decides.

use std::hash::Hasher as _;

use rustc_hash::{FxHashSet, FxHasher};

const SHARD_BITS: u32 = 12;

/// 44-bit digests. A text is taken for known by mistake about once in ten million, and never the
/// reverse. Shards grow one at a time, so growing needs no second copy of all.
#[derive(Debug)]
pub struct SeenCodes {
    shards: Vec<FxHashSet<u32>>,
}

impl Default for SeenCodes {
    fn default() -> Self {
        Self { shards: vec![FxHashSet::default(); 1 << SHARD_BITS] }
    }
}

impl SeenCodes {
    /// Whether the bytes were perhaps here before; now they were.
    pub fn has(&mut self, bytes: &[u8]) -> bool {
        let mut hasher = FxHasher::default();
        hasher.write(bytes);
        // FxHash leaves its best bits at the top and its weakest at the bottom.
        let digest = hasher.finish().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let shard = (digest >> (64 - SHARD_BITS)) as usize;
        let rest = (digest >> (32 - SHARD_BITS)) as u32;
        self.shards.get_mut(shard).is_some_and(|known| !known.insert(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_from_its_second_time_on() {
        let mut seen = SeenCodes::default();
        let codes: Vec<String> = (0..100_000).map(|number| format!("S{number:06}")).collect();
        assert_eq!(codes.iter().filter(|code| seen.has(code.as_bytes())).count(), 0);
        assert!(codes.iter().all(|code| seen.has(code.as_bytes())));
    }
}
