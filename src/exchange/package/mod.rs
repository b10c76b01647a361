//! `.shapan`: some records with their photos and papers, to be handed to another office.
//!
//! A zip of plain files: `manifest.json` names every other member with its size and SHA-256,
//! `records.jsonl` has a record a line with the states that it was in before, and `files/` holds the
//! attachments byte for byte. A package is read whole or refused, and the refusal names the member: one
//! that is missing, altered, doubled, listed nowhere, or whose name leads out of the package.
//! Nothing is ever unpacked to a disk.

mod read;
mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use self::read::{PackageError, read};
pub use self::write::{NewPackage, bytes};
use crate::domain::Record;

/// The ending of such a file.
pub const ENDING: &str = "shapan";
/// The layout that this program writes; it reads no newer one.
const VERSION: u32 = 1;
const MANIFEST: &str = "manifest.json";
const RECORDS: &str = "records.jsonl";
const FILES: &str = "files/";

/// What a package holds, all of it proven.
#[derive(Clone, Debug, Default)]
pub struct Package {
    pub about: About,
    pub records: Vec<PackedRecord>,
    /// Attachments by their names.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Who made a package, when and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// As RFC 3339 has it.
    pub made_at: String,
    pub made_by: String,
    /// The name of the district file.
    pub district: String,
    /// What was chosen, in words.
    pub chosen: String,
    pub note: String,
    /// Attachments that records name and their district file lacks.
    pub absent: Vec<String>,
}

/// A record and the states that it was in before, the latest first.
#[derive(Clone, Debug, PartialEq)]
pub struct PackedRecord {
    pub record: Record,
    pub earlier: Vec<Record>,
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    format: String,
    version: u32,
    #[serde(flatten)]
    about: About,
    members: Vec<Member>,
}

#[derive(Serialize, Deserialize)]
struct Member {
    name: String,
    bytes: u64,
    sha256: String,
}

const FORMAT: &str = "shapan-package";

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").ok();
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let pairs = (0..text.len()).step_by(2).map(|at| text.get(at..at + 2));
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

#[cfg(test)]
mod tests;
