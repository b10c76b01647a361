//! The seal of a district: which row of the journal a state follows from, and the hash of that row.
//! How the hash is made is `store`'s affair.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::Localized;

/// Hexadecimal digits of a hash that stand on paper: 48 bits, which nobody meets by chance.
const SHORT: usize = 12;

/// A row of the journal by its number and its hash, which stands for all rows up to it. Whoever keeps
/// it elsewhere notices when one of them is changed, removed or forged later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The number of the row.
    pub revision: u64,
    /// SHA-256 over the row and, through the row before, over every row up to it.
    pub hash: [u8; 32],
    /// The state holds more than the row says: changes of other programs that are not journaled yet,
    /// or an edit on its way to the disk.
    pub is_ahead: bool,
}

impl Seal {
    /// As papers show it: `r17-3fa9c2d1e0b7`, with `+` behind it where the state is ahead of the row.
    pub fn short(&self) -> String {
        let hash: String = hex(&self.hash).chars().take(SHORT).collect();
        self.with(&hash)
    }

    fn with(&self, hash: &str) -> String {
        let ahead = if self.is_ahead { "+" } else { "" };
        format!("r{}-{hash}{ahead}", self.revision)
    }
}

/// `r17-` and all 64 digits.
impl Display for Seal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with(&hex(&self.hash)))
    }
}

/// A hash as it is written: 64 digits, lower case.
pub fn hex(hash: &[u8; 32]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    hash.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A seal that was kept elsewhere, as somebody types it: whole, or as it stands on a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSeal {
    /// `None` where only the hash was given.
    pub revision: Option<u64>,
    /// The first digits of the hash, lower case; at least as many as stand on paper.
    digits: String,
}

/// What was typed is no seal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no seal as in r17-3fa9c2d1e0b7, as `shapan seal` and papers show it")]
pub struct NoSeal(pub String);

impl Localized for NoSeal {
    fn zh(&self) -> String {
        format!(
            "“{}”不是存证码。存证码形如 r17-3fa9c2d1e0b7，见 shapan seal 的输出或纸面页脚。",
            self.0
        )
    }
}

impl FromStr for KeptSeal {
    type Err = NoSeal;

    /// `r17-3fa9c2d1e0b7`, the same with all digits, or the digits alone; a `+` at the end is what a
    /// paper says of its own content and is left out.
    fn from_str(text: &str) -> Result<Self, NoSeal> {
        let wrong = || NoSeal(text.to_owned());
        let plain = text.trim().trim_end_matches('+').to_ascii_lowercase();
        let (revision, digits) = match plain.strip_prefix('r') {
            Some(rest) => {
                let (number, digits) = rest.split_once(['-', ':']).ok_or_else(wrong)?;
                (Some(number.parse().map_err(|_not| wrong())?), digits)
            }
            None => (None, plain.as_str()),
        };
        let is_hash = (SHORT..=64).contains(&digits.len())
            && digits.chars().all(|digit| digit.is_ascii_hexdigit());
        is_hash.then(|| Self { revision, digits: digits.to_owned() }).ok_or_else(wrong)
    }
}

impl KeptSeal {
    /// Whether a row has the hash that was kept.
    pub fn is_of(&self, hash: &[u8; 32]) -> bool {
        hex(hash).starts_with(&self.digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(is_ahead: bool) -> Seal {
        let mut hash = [0xab; 32];
        hash[31] = 0x0c;
        Seal { revision: 17, hash, is_ahead }
    }

    #[test]
    fn what_stands_on_paper_is_found_again_whole_or_short() {
        let own = seal(false);
        assert_eq!(own.short(), "r17-abababababab");
        assert_eq!(seal(true).short(), "r17-abababababab+");
        for text in [own.short(), own.to_string(), seal(true).short(), "ABABABABABAB".to_owned()] {
            let kept: KeptSeal = text.parse().unwrap();
            assert!(kept.is_of(&own.hash), "{text}");
            assert!(!kept.is_of(&[0xac; 32]), "{text}");
        }
        assert_eq!(own.short().parse::<KeptSeal>().unwrap().revision, Some(17));
        let mut other = own.hash;
        other[31] = 0x0d;
        assert!(!own.to_string().parse::<KeptSeal>().unwrap().is_of(&other), "the last digit");
    }

    #[test]
    fn what_is_no_seal_is_refused() {
        for text in ["", "r17", "r17-abc", "x17-abababababab", "r17-ababababababx", "ababababab"] {
            assert_eq!(text.parse::<KeptSeal>(), Err(NoSeal(text.to_owned())), "{text}");
        }
    }
}
