//! HJ 212, the packets by which instruments on line report: editions of 2005, 2017 and 2025, as they
//! should be and as they are.
//!
//! A packet is `##`, four digits of length, the segment, four hex digits of checksum, CR LF. No sender
//! keeps to all of it, so whatever can be read is read, and what was odd about it is a [`Note`].
//! [`next_frame`] cuts packets out of bytes; [`Packet::read`] reads a segment; [`answer()`] makes the only
//! answer there is: this side listens, and never commands an instrument.
//!
//! `DataTime` of minutes, hours and days is the start of the period, in UTC+8.

mod answer;
mod crc;
mod data;
mod frame;
mod note;
mod packet;
mod sm4;
#[cfg(test)]
mod tests;

pub use answer::answer;
pub use crc::{Crc, hj_crc, modbus_crc};
pub use data::{Factor, Kind, Span};
pub use frame::{Frame, MAX_FRAME, Step, decrypted, framed, next_frame};
pub use note::Note;
pub use packet::{Edition, Packet, decode, without_password};
pub use sm4::Key;
