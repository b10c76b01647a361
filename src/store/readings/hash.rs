//! What stands for the readings of a delivery: a SHA-256 over its rows, which its record keeps, so
//! that the hash of the journal covers them.
//!
//! ```text
//! sha256 = SHA-256("shapan readings 1" row*)     in the order of the numbers of rows
//! row    = place:16 time:i64 version:u16 factors:u16 value:f64* others:text flags:text
//! text   = length:u32 bytes
//! ```
//!
//! `place` is the id of the record, `time` span and start as in the row's number, `factors` has a bit
//! for each of the columns that has a value, `others` and `flags` are as stored. Numbers are
//! little-endian.

use rusqlite::Row;
use rusqlite::types::ValueRef;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Fid, PLACE_BITS, VERSION_BITS};
use crate::domain::hex;
use crate::domain::reading::COLUMNS;

const SALT: &[u8] = b"shapan readings 1";

/// Over the rows so far.
#[derive(Clone)]
pub(super) struct RowsHash(Sha256);

impl Default for RowsHash {
    fn default() -> Self {
        Self(Sha256::new_with_prefix(SALT))
    }
}

impl RowsHash {
    /// Adds the next row, with the columns of [`super::row::columns`].
    pub(super) fn add(&mut self, place: Uuid, row: &Row<'_>) -> rusqlite::Result<()> {
        let mut bytes = [0_u8; 28 + 8 * COLUMNS];
        let fid: i64 = row.get(0)?;
        let version = u16::try_from(Fid(fid).version()).unwrap_or_default();
        let mut length = 28;
        let mut factors = 0_u16;
        for at in 0..COLUMNS {
            let value = match row.get_ref(2 + at)? {
                ValueRef::Real(value) => value,
                ValueRef::Integer(value) => value as f64,
                ValueRef::Null => continue,
                // No program of ours writes it: it gives another hash.
                ValueRef::Text(_) | ValueRef::Blob(_) => f64::INFINITY,
            };
            factors |= 1 << at;
            if let Some(slot) = bytes.get_mut(length..length + 8) {
                slot.copy_from_slice(&value.to_le_bytes());
            }
            length += 8;
        }
        let head = [
            &place.into_bytes()[..],
            &(fid >> (PLACE_BITS + VERSION_BITS)).to_le_bytes(),
            &version.to_le_bytes(),
            &factors.to_le_bytes(),
        ];
        bytes.iter_mut().zip(head.concat()).for_each(|(slot, byte)| *slot = byte);
        self.0.update(bytes.get(..length).unwrap_or_default());
        for at in [2 + COLUMNS, 3 + COLUMNS] {
            let text = row.get_ref(at)?.as_bytes_or_null()?.unwrap_or_default();
            self.0.update(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
            self.0.update(text);
        }
        Ok(())
    }

    /// In hexadecimal.
    pub(super) fn finish(self) -> String {
        hex(&self.0.finalize().into())
    }
}
