//! Encodings that several rooms use: variable-length numbers, protocol buffers, text in markup.
//! File formats, which say what such numbers and texts mean, live with those who read and write them.

mod markup;
pub mod protobuf;
mod varint;

pub use markup::{Controls, escaped};
pub use varint::{NoVarint, put_varint, unzigzag, varint};
