//! What a cell of the code column is worth. A code is weak evidence: people number rows 1…n in every
//! list, fill in 无 where there is none, and let a spreadsheet round away its last digits.

use std::hash::{Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

use geo_types::Coord;
use rustc_hash::{FxHashMap, FxHasher};

use super::names::half_width;
use super::nearby::offset_m;
use crate::domain::{Kind, Text, digits_lost, is_nothing};

/// Two places farther apart than this are not one, whatever number both have. A datum named wrong
/// moves a place by 1.4 km at most.
pub const FAR_APART_M: f64 = 2000.0;

/// What a code column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeCell {
    /// Nothing, or a word for it.
    Nothing,
    Code(Arc<str>),
    /// Kept beside the field: what it says identifies nothing.
    Unfit(Text),
}

const ROUNDED: Text = Text::new(
    "表格软件已丢失编码的末几位数字，不能作编码；请将该列设为文本格式后重新填写",
    "the spreadsheet lost the last digits, so it is no code; make the column text and fill it in again",
);
/// The code belongs to somebody else.
pub const TAKEN: Text = Text::new(
    "此编码已属于另一条记录（名称、类型或位置不同），未作编码",
    "the code belongs to another record, which differs in name, kind or place",
);
/// Rows of one file share the code.
pub const SHARED: Text = Text::new(
    "文件中不同的对象用了同一个编码，不能作编码",
    "different things in the file have the same code",
);

impl CodeCell {
    /// Of the text in the column of codes.
    pub fn of(text: Arc<str>) -> Self {
        if is_nothing(&text) || text.bytes().all(|byte| byte == b'0') {
            return Self::Nothing;
        }
        if digits_lost(&text) { Self::Unfit(ROUNDED) } else { Self::Code(text) }
    }

    /// What may be looked up.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Code(code) => Some(code),
            Self::Nothing | Self::Unfit(_) => None,
        }
    }
}

/// A number in a list, and no name for a thing: `7`, `003`, `A12`.
pub fn is_serial(code: &str) -> bool {
    let length = code.chars().count();
    length < 6 || length == 6 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// How two names go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameMatch {
    /// One of them is missing.
    Unknown,
    Equal,
    /// One is part of the other: 老王饭店, 老王饭店（丰润店）.
    Alike,
    Different,
}

/// Compares two names but for blanks, width and brackets.
pub fn match_names(one: &str, other: &str) -> NameMatch {
    if one == other {
        return if one.is_empty() { NameMatch::Unknown } else { NameMatch::Equal };
    }
    let (one, other) = (plain(one), plain(other));
    if one.is_empty() || other.is_empty() {
        return NameMatch::Unknown;
    }
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    match short == long {
        true => NameMatch::Equal,
        false if short.chars().count() >= 2 && long.contains(short.as_str()) => NameMatch::Alike,
        false => NameMatch::Different,
    }
}

fn plain(name: &str) -> String {
    plain_chars(name).collect()
}

fn plain_chars(name: &str) -> impl Iterator<Item = char> {
    let shown = name.chars().map(half_width).filter(|c| !c.is_whitespace());
    shown.filter(|c| !matches!(c, '(' | ')' | '·' | '-')).flat_map(char::to_lowercase)
}

/// Metres between two places, WGS-84 degrees.
pub fn distance_m(one: Coord<f64>, other: Coord<f64>) -> f64 {
    let (east_m, north_m) = offset_m(one, other);
    east_m.hypot(north_m)
}

/// The codes that the rows of an import have brought so far, file after file: two rows of one code
/// are one record only where they agree about it.
#[derive(Clone, Debug, Default)]
pub struct BroughtCodes(Arc<Mutex<FxHashMap<u64, Brought>>>);

/// The codes of one file while it is read.
pub type CodesInHand = FxHashMap<u64, Brought>;

/// What is remembered of the first row with a code: 16 bytes, for there may be a million.
#[derive(Clone, Copy, Debug)]
pub struct Brought {
    /// 0 for none.
    name: u64,
    /// WGS-84 degrees, some metres exact; NaN for none.
    at: (f32, f32),
}

/// Whether a row may use its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeUse {
    First,
    /// An earlier row has it and may be the same.
    Again,
    /// An earlier row has it and is something else.
    Contested,
}

impl BroughtCodes {
    /// Takes the codes in hand; they must be given back.
    pub fn take(&self) -> CodesInHand {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// For the next file of the same import.
    pub fn give_back(&self, codes: CodesInHand) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = codes;
    }
}

/// Remembers the code of a new row, or compares it with the row that had it first.
pub fn claim(
    codes: &mut CodesInHand,
    kind: Kind,
    code: &str,
    name: &str,
    at: Option<Coord<f64>>,
) -> CodeUse {
    let name = if name.is_empty() { 0 } else { hash_name(name) };
    let key = hash(kind as u8, code);
    let Some(first) = codes.get(&key) else {
        let at = at.map_or((f32::NAN, f32::NAN), |at| (at.x as f32, at.y as f32));
        codes.insert(key, Brought { name, at });
        return CodeUse::First;
    };
    let is_other_name = first.name != 0 && name != 0 && first.name != name;
    let first_at = Coord { x: f64::from(first.at.0), y: f64::from(first.at.1) };
    let apart_m = at.map_or(f64::NAN, |at| distance_m(first_at, at));
    let is_far = is_serial(code) && apart_m > FAR_APART_M;
    if is_other_name || is_far { CodeUse::Contested } else { CodeUse::Again }
}

/// Equal for names that are equal but for blanks, width and brackets; never 0.
fn hash_name(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    for c in plain_chars(name) {
        hasher.write_u32(c.into());
    }
    hasher.finish().max(1)
}

fn hash(kind: u8, text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    (kind, text).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_and_rounded_numbers_are_no_codes() {
        for text in ["无", "/", "-", "待补", "0", "暂无", "N/A", "n/a", "——", "000"] {
            assert_eq!(CodeCell::of(text.into()), CodeCell::Nothing, "{text}");
        }
        for text in ["1.30208E+14", "1.3e14", "130208000000001000", "13020800000000100"] {
            assert_eq!(CodeCell::of(text.into()), CodeCell::Unfit(ROUNDED), "{text}");
        }
        for text in ["1", "007", "130208000000001", "91130208MA0ABCDE00", "S-1", "2E5"] {
            assert_eq!(CodeCell::of(text.into()).code(), Some(text));
        }
    }

    #[test]
    fn names_are_compared_but_for_width_and_brackets() {
        assert_eq!(match_names("甲饭店", "甲 饭店"), NameMatch::Equal);
        assert_eq!(match_names("Ｋ１（东）", "k1(东)"), NameMatch::Equal);
        assert_eq!(match_names("老王饭店", "老王饭店（丰润店）"), NameMatch::Alike);
        assert_eq!(match_names("甲", "甲工地"), NameMatch::Different, "one letter says little");
        assert_eq!(match_names("甲饭店", "某小区"), NameMatch::Different);
        assert_eq!(match_names("", "某小区"), NameMatch::Unknown);
    }

    #[test]
    fn of_two_rows_with_one_code_the_second_must_agree_with_the_first() {
        let mut codes = CodesInHand::default();
        let at = |x: f64| Some(Coord { x, y: 39.8 });
        let mut claim =
            |code: &str, name: &str, x: f64| claim(&mut codes, Kind::Site, code, name, at(x));
        assert_eq!(claim("1", "甲", 118.1), CodeUse::First);
        assert_eq!(claim("1", "甲", 118.1001), CodeUse::Again);
        assert_eq!(claim("1", "", 118.1), CodeUse::Again);
        assert_eq!(claim("1", "乙", 118.1), CodeUse::Contested);
        assert_eq!(claim("1", "甲", 118.2), CodeUse::Contested);
        assert_eq!(claim("130208001", "甲", 118.1), CodeUse::First);
        assert_eq!(claim("130208001", "甲", 118.2), CodeUse::Again, "it was moved");
    }
}
