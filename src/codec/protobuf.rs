//! Protocol buffer messages, read in place without a copy: what PBF files and vector tiles are made
//! of. No crate serves: `prost` and `quick-protobuf` read into types, and take memory as a message
//! claims it.
//!
//! See <https://protobuf.dev/programming-guides/encoding>. Nothing here takes memory, so a
//! message that claims a billion members costs no more than its bytes.

use std::borrow::Cow;

use super::{NoVarint, unzigzag, varint};

/// What is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub Cow<'static, str>);

impl Malformed {
    /// With a reason that is known beforehand.
    pub const fn new(reason: &'static str) -> Self {
        Self(Cow::Borrowed(reason))
    }
}

const TRUNCATED: Malformed = Malformed::new("a message ends before it is complete");

impl From<NoVarint> for Malformed {
    fn from(no: NoVarint) -> Self {
        match no {
            NoVarint::Truncated => TRUNCATED,
            NoVarint::TooLong => Self::new("a number is longer than 64 bits"),
        }
    }
}

/// One value of a field, as the wire tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireValue<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// Four or eight bytes: no field that we read has them, so they are only stepped over.
    Fixed,
}

impl<'a> WireValue<'a> {
    /// A string, a message or a packed list.
    pub fn bytes(self) -> Result<&'a [u8], Malformed> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(Malformed::new("a field holds a number where bytes are due")),
        }
    }

    /// Any unsigned number, an enum or a truth value.
    pub fn number(self) -> Result<u64, Malformed> {
        match self {
            Self::Number(number) => Ok(number),
            _ => Err(Malformed::new("a field holds bytes where a number is due")),
        }
    }

    /// `sint32` and `sint64`: small negative numbers take few bytes.
    pub fn signed(self) -> Result<i64, Malformed> {
        self.number().map(unzigzag)
    }

    /// A string; an error where it is no UTF-8.
    pub fn text(self) -> Result<&'a str, Malformed> {
        str::from_utf8(self.bytes()?).map_err(|error| Malformed(format!("text: {error}").into()))
    }
}

/// The fields of a message with their numbers, in the order in which they were written.
pub struct FieldIter<'a> {
    rest: &'a [u8],
}

/// The fields of a message.
pub const fn fields(message: &[u8]) -> FieldIter<'_> {
    FieldIter { rest: message }
}

impl<'a> Iterator for FieldIter<'a> {
    type Item = Result<(u64, WireValue<'a>), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

impl<'a> FieldIter<'a> {
    fn field(&mut self) -> Result<(u64, WireValue<'a>), Malformed> {
        let key = varint(&mut self.rest)?;
        let value = match key & 7 {
            0 => WireValue::Number(varint(&mut self.rest)?),
            1 => self.take(8).map(|_| WireValue::Fixed)?,
            2 => {
                let length = varint(&mut self.rest)?;
                WireValue::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| WireValue::Fixed)?,
            _ => return Err(Malformed::new("a field is of an unknown type")),
        };
        Ok((key >> 3, value))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(length).ok().ok_or(TRUNCATED)?;
        let (head, rest) = self.rest.split_at_checked(length).ok_or(TRUNCATED)?;
        self.rest = rest;
        Ok(head)
    }
}

/// The members of a packed list of numbers.
#[derive(Default)]
pub struct Packed<'a> {
    rest: &'a [u8],
}

/// The members of a packed list.
pub const fn packed(bytes: &[u8]) -> Packed<'_> {
    Packed { rest: bytes }
}

impl Iterator for Packed<'_> {
    type Item = Result<u64, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let number = varint(&mut self.rest).map_err(Malformed::from);
        if number.is_err() {
            self.rest = &[];
        }
        Some(number)
    }
}

impl<'a> Packed<'a> {
    /// Members that are written as the difference from the one before.
    ///
    /// A sum that leaves 64 bits wraps: such a file is nonsense, not dangerous.
    pub fn deltas(self) -> impl Iterator<Item = Result<i64, Malformed>> + 'a {
        let mut last = 0_i64;
        self.map(move |delta| {
            last = last.wrapping_add(unzigzag(delta?));
            Ok(last)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The examples of the protocol buffer documentation.
    #[test]
    fn numbers_and_texts_are_read_as_the_encoding_guide_writes_them() {
        let read: Vec<_> = fields(b"\x08\x96\x01\x12\x07testing").map(Result::unwrap).collect();
        assert_eq!(read, [(1, WireValue::Number(150)), (2, WireValue::Bytes(b"testing"))]);
        let signs: Vec<_> = [0_u64, 1, 2, 3, 0xffff_ffff]
            .into_iter()
            .map(|n| WireValue::Number(n).signed())
            .collect();
        assert_eq!(signs, [Ok(0), Ok(-1), Ok(1), Ok(-2), Ok(-2_147_483_648)]);
    }

    #[test]
    fn a_length_beyond_the_message_is_refused() {
        assert_eq!(fields(b"\x12\x07test").next(), Some(Err(TRUNCATED)));
        assert_eq!(fields(b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01").count(), 1);
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(fields(&bytes).count() <= bytes.len());
            prop_assert!(packed(&bytes).deltas().count() <= bytes.len());
        }
    }
}
