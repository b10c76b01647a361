//! When something that fired is over: it fires on one reading and clears on two.

/// So many clear readings in a row end an episode.
pub const CLEAR_READINGS: u8 = 2;

/// Counts clear readings in a row. A missing reading neither counts nor begins anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clearing(u8);

impl Clearing {
    /// Takes a reading; whether it was the one that ends.
    pub const fn take(&mut self, is_clear: Option<bool>) -> bool {
        match is_clear {
            Some(true) => self.0 = self.0.saturating_add(1),
            Some(false) => self.0 = 0,
            None => return false,
        }
        self.0 >= CLEAR_READINGS
    }

    pub const fn readings(self) -> u8 {
        self.0
    }
}
