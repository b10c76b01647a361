//! Rows → changes: columns found, values read, datums resolved, same code = same record.

pub mod clues;
mod codes;
mod columns;
mod counts;
mod datum;
mod datum_check;
mod doubles;
pub mod doubts;
mod known;
mod layers;
pub mod marks;
pub mod names;
mod naming;
mod nearby;
pub mod outline;
mod place;
mod plausible;
mod refusals;
mod rows;
mod shape;
mod spans;
mod synonyms;
mod tables;
mod values;
pub mod wind_words;

use std::path::Path;
use std::sync::Arc;

pub use self::codes::BroughtCodes;
pub use self::columns::{MappingTarget, target};
use self::doubts::{Doubt, DoubtChoices};
use self::outline::TableOutline;
pub use self::refusals::RefusalGroup;
use self::rows::ImportSink;
use super::{Error, Format, ReadOptions, Stop};
use crate::domain::{Change, Ids, Kind, Localized, LocalizedText, Stamp, World};
use crate::geodesy::crs::Crs;

/// What the person asked for beside the file.
#[derive(Clone, Debug)]
pub struct Import {
    /// The layer; guessed from the file's tables and columns if not said.
    pub kind: Option<Kind>,
    /// Decides where the file is silent, and contradicts it only with a warning.
    pub crs: Option<Crs>,
    /// `crs` goes before whatever the file claims: somebody knows that the claim is false.
    pub crs_overrules: bool,
    /// Places outside of China and far from the district are taken as they are.
    pub takes_far: bool,
    /// `field=column` pairs that override the guess.
    pub map: Vec<(String, String)>,
    /// What becomes of rows that may be records of the district.
    pub doubts: DoubtChoices,
    /// The codes of the files before it in the same import.
    pub brought: BroughtCodes,
    pub options: ReadOptions,
    /// As the record's source names the file.
    pub file: Arc<str>,
    /// Who imports, and when.
    pub stamp: Stamp,
    /// Gives new records their ids.
    pub ids: Ids,
}

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub file: String,
    /// As [`Format::name`] gives it.
    pub format: &'static str,
    /// The layers that rows went to.
    pub layers: Vec<Kind>,
    /// Empty where no row had a place.
    pub crs: String,
    /// Rows of the file, rejected ones among them.
    pub read: u64,
    /// `read` is the sum of the added, updated, unchanged, rejected and left out ones.
    pub added: u64,
    pub updated: u64,
    /// Rows that say what the district says already.
    pub unchanged: u64,
    /// Those of the taken ones that have no geometry where the layer has one.
    pub unlocated: u64,
    pub rejected: u64,
    /// The first [`MAX_REJECTIONS`] of them, in the order of the file.
    pub rejections: Vec<Rejection>,
    /// The same, one for all that have one cause, the most frequent first.
    pub refusals: Vec<RefusalGroup>,
    /// Rows that may be records of the district; the first [`MAX_REJECTIONS`] of them.
    pub doubts: Vec<Doubt>,
    /// All rows that may be records of the district.
    pub doubted: u64,
    /// Those of them that were left out; they are among the read ones and no others.
    pub left_out: u64,
    /// Words for trucks that were read as another word, a line each.
    pub read_as: Vec<LocalizedText>,
    /// The tables that had rows.
    pub tables: Vec<TableOutline>,
    /// The datum first, then what was counted, then what the format had to say.
    pub warnings: Vec<LocalizedText>,
}

/// A file of a million bad rows must not fill the memory with reasons.
pub const MAX_REJECTIONS: usize = 10_000;

fn unlisted() -> LocalizedText {
    LocalizedText::new(
        format!("退回的行太多，只列出前 {MAX_REJECTIONS} 行"),
        format!("only the first {MAX_REJECTIONS} rejected rows are listed"),
    )
}

/// A row that was left out, for the person to repair in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// As [`crate::exchange::InRow`] counts.
    pub row: u64,
    /// The key of the field or a name of [`names`]; empty for the row as a whole.
    pub field: String,
    /// The text at fault, shortened.
    pub value: String,
    pub reason: LocalizedText,
    /// The table it stood in, of [`Report::tables`].
    pub table: usize,
    /// The row as it stood in the file. Empty where it could not be read, and where all rejected
    /// rows together are too large to be kept.
    pub cells: Vec<String>,
    /// The geometry that came with it, as WKT in the CRS of the file.
    pub wkt: Option<String>,
}

/// What rejected rows may take in memory, all together.
const MAX_REJECTED_BYTES: usize = 64 << 20;

impl Rejection {
    /// A cell of megabytes is recognised by its beginning.
    fn clip(&mut self) {
        const MAX_SHOWN_CHARS: usize = 200;
        for text in [&mut self.value, &mut self.reason.zh, &mut self.reason.en] {
            if let Some((end, _)) = text.char_indices().nth(MAX_SHOWN_CHARS) {
                text.truncate(end);
            }
        }
    }
}

/// Why nothing of a file was taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Unreadable(#[from] Error),
    #[error("{file} does not say which datum its coordinates are in")]
    DatumUnknown { file: String },
    #[error("{file} states a coordinate system that is not known here: {stated}")]
    CrsUnknown { file: String, stated: String },
    #[error("{file} has no column `{column}`")]
    NoSuchColumn { file: String, column: String },
    #[error("there is no field `{field}` to map a column to")]
    NoSuchField { field: String },
    #[error("the receiver of the changes stopped")]
    Stopped(Stop),
}

impl Localized for ImportError {
    fn zh(&self) -> String {
        match self {
            Self::DatumUnknown { file } => format!(
                "文件没有说明坐标系，未导入。请用 --crs 指明 wgs84、cgcs2000、gcj02（高德/腾讯）、bd09（百度）\
                 或 epsg:4548 等；坐标系弄错会偏 500 米以上，所以不猜：{file}"
            ),
            Self::CrsUnknown { file, stated } => {
                format!(
                    "文件的坐标系“{stated}”不认识，未导入。请先转换为 WGS-84 或 CGCS2000：{file}"
                )
            }
            Self::NoSuchColumn { file, column } => {
                format!("文件中没有列“{column}”。请核对 --map：{file}")
            }
            Self::Unreadable(error) => error.zh(),
            Self::NoSuchField { .. } | Self::Stopped(_) => self.to_string(),
        }
    }

    fn localized(&self) -> LocalizedText {
        let en = match self {
            Self::DatumUnknown { .. } => format!(
                "{self}. Say it with --crs wgs84|cgcs2000|gcj02|bd09|epsg:N; here a wrong datum is \
                 off by more than a 500 m ring, so it is never guessed"
            ),
            _ => self.to_string(),
        };
        LocalizedText::new(self.zh(), en)
    }
}

/// Reads a file against `world` and hands on one change a row that says something new.
///
/// A change without `before` may carry a code that an earlier row of the same import had, and then
/// speaks of the same thing: whoever stores it sees to it that it stays the same record.
pub fn import(
    format: &dyn Format,
    path: &Path,
    import: &Import,
    world: &World,
    take: &mut dyn FnMut(Change) -> Result<(), Stop>,
) -> Result<Report, ImportError> {
    if let Some((field, _)) = import.map.iter().find(|(field, _)| !is_field(import.kind, field)) {
        return Err(ImportError::NoSuchField { field: field.clone() });
    }
    let mut rows = ImportSink::new(format, import, world, take);
    match format.read(path, &import.options, &mut rows) {
        Ok(()) => rows.finish(),
        Err(Error::Stopped) => Err(rows.failure().unwrap_or(ImportError::Stopped(Stop))),
        Err(error) => Err(error.into()),
    }
}

/// Whether a `--map` names a field at all.
fn is_field(kind: Option<Kind>, name: &str) -> bool {
    match kind {
        Some(kind) => target(kind, name).is_some(),
        None => Kind::ALL.into_iter().any(|kind| target(kind, name).is_some()),
    }
}

#[cfg(test)]
mod tests;
