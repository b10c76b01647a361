//! What a kept network was made from, as one number.

use std::hash::{DefaultHasher, Hasher};

use crate::domain::World;
use crate::network::build;

/// Counted up whenever the same roads make another network than before, or it is written otherwise.
/// A test knows what a network was when this was counted up last.
const FORMAT: u32 = 2;

/// Stands for roads and gates and for the program that made a network of them: what the store keeps
/// a network under (`store::CacheKey`). The same for two worlds only where [`build()`] makes the same
/// network of both: of two that differ once in 2¹²⁸ by chance. Another program, or one by another
/// compiler, may say another one.
pub fn key(world: &World) -> [u8; 16] {
    let mut both = Both::default();
    both.write_u32(FORMAT);
    both.write(env!("CARGO_PKG_VERSION").as_bytes());
    build::hash_inputs(world, &mut both);
    both.key()
}

/// Two `SipHash`es of the same, one of which began with another word.
struct Both([DefaultHasher; 2]);

impl Default for Both {
    fn default() -> Self {
        let mut both = [DefaultHasher::new(), DefaultHasher::new()];
        both[1].write_u64(u64::MAX);
        Self(both)
    }
}

impl Hasher for Both {
    fn write(&mut self, bytes: &[u8]) {
        self.0.iter_mut().for_each(|one| one.write(bytes));
    }

    fn write_u64(&mut self, number: u64) {
        self.0.iter_mut().for_each(|one| one.write_u64(number));
    }

    fn finish(&self) -> u64 {
        self.0[0].finish()
    }
}

impl Both {
    fn key(&self) -> [u8; 16] {
        let [one, other] = [&self.0[0], &self.0[1]].map(|one| one.finish().to_le_bytes());
        let mut key = [0; 16];
        for (slot, byte) in key.iter_mut().zip(one.into_iter().chain(other)) {
            *slot = byte;
        }
        key
    }
}
