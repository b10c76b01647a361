//! Numbers of seven bits a byte, lowest first, as protocol buffers, PMTiles and our journal have
//! them. No crate serves: `unsigned-varint` and `leb128` have other errors than "cut off" and "too
//! long", or read through `io::Read`; it is a page.

/// Why bytes do not begin with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoVarint {
    /// They end within it.
    Truncated,
    /// It goes on after ten bytes.
    TooLong,
}

/// The number that `bytes` begin with, which it is taken off. Bits beyond 64 are dropped.
#[inline]
pub fn varint(bytes: &mut &[u8]) -> Result<u64, NoVarint> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first().ok_or(NoVarint::Truncated)?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(NoVarint::TooLong)
}

/// Adds a number behind `out`: one byte below 128, ten at most.
pub fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The signed number that was folded so that small negative ones are small: 0, -1, 1, -2, …
#[inline]
pub const fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_that_is_cut_off_or_too_long_is_none() {
        assert_eq!(varint(&mut &[0xff, 0x80][..]), Err(NoVarint::Truncated));
        assert_eq!(varint(&mut &[0x80; 11][..]), Err(NoVarint::TooLong));
        assert_eq!([0, 1, 2, 3].map(unzigzag), [0, -1, 1, -2]);
    }

    proptest! {
        #[test]
        fn numbers_are_read_as_they_were_written(number: u64) {
            let mut bytes = vec![];
            put_varint(&mut bytes, number);
            bytes.push(7);
            let mut rest = &bytes[..];
            prop_assert_eq!(varint(&mut rest), Ok(number));
            prop_assert_eq!(rest, [7]);
        }
    }
}
