//! The same numbers on every run, for the benches.

/// The generator `SplitMix64` (Steele, Lea and Flood 2014), begun with a seed.
pub struct Dice(pub u64);

impl Dice {
    /// In `0..below`.
    pub fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }
}
