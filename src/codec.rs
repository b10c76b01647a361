//! Encodings that several rooms use: variable-length numbers, protocol buffers, text in markup, a hash.
//! File formats, which say what such numbers and texts mean, live with those who read and write them.

mod markup;
pub mod protobuf;
mod varint;

pub use markup::{Controls, escaped};
pub use varint::{NoVarint, put_varint, unzigzag, varint};

/// FNV-1a, 64 bits: the same on every machine and in every release, which hashers of libraries do not
/// promise. See draft-eastlake-fnv.
pub fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
