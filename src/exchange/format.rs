//! What every file format does, what it may be told, and how it fails.

use std::path::{Path, PathBuf};

use super::table::{OutLayers, Sink, Stop};
use crate::domain::{Kind, Localized, LocalizedText, Text};
use crate::geodesy::crs::Crs;

/// A file format: bytes ↔ rows. Stateless: one value serves every file.
pub trait Format: Sync {
    /// As a report names it: `csv`, `geojson`.
    fn name(&self) -> &'static str;

    /// Endings of file names without the dot, lower case; the longest match decides (`osm.pbf`).
    fn extensions(&self) -> &'static [&'static str];

    /// Streams the rows of a file into `sink`; the file is opened for reading only.
    fn read(&self, path: &Path, options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error>;

    /// The sheets, layers or documents of a file, of which [`ReadOptions`] can name one. Empty where the
    /// format has but one.
    fn parts(&self, _path: &Path) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    /// Whether a row is a line of a sheet, which a person counts from the top; else it is a feature.
    fn is_sheet(&self) -> bool {
        false
    }

    /// What the export dialog offers; empty where the format is only read.
    fn exports(&self) -> &'static [ExportChoice] {
        &[]
    }

    /// Writes layers to a new file at `path`; formats that are only read say so.
    fn write(&self, _path: &Path, _layers: &mut OutLayers<'_>) -> Result<(), Error> {
        Err(Error::only_read(self.name()))
    }
}

/// A way to export: the ending of the file without the dot, for whom it is, and the CRS that their
/// program works in.
pub type ExportChoice = (&'static str, Text, Crs);

/// What a reader may need to be told.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The sheet of a workbook, by name or by number from 1; the first with rows if not said.
    pub sheet: Option<String>,
    /// The layer of a file with several.
    pub layer: Option<String>,
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the receiver stopped the reading")]
    Stopped,
    #[error("{}", .0.localized().en)]
    Io(#[from] std::io::Error),
    #[error("no format here reads `{0}`")]
    UnknownFormat(String),
    #[error("not a {format} file: {}", .reason.en)]
    Malformed { format: &'static str, reason: LocalizedText },
    #[error("there is no sheet `{sheet}`; the sheets are {known}")]
    NoSuchSheet { sheet: String, known: String },
    #[error("there is no layer `{layer}`; the layers are {known}")]
    NoSuchLayer { layer: String, known: String },
    #[error("refused: {}", .0.en)]
    Hostile(LocalizedText),
    #[error(
        "protected by a password: open the file in a spreadsheet, save it without, and import that"
    )]
    Protected,
    #[error("not a {format} file: it is {}", .is.en)]
    Other { format: &'static str, is: Text },
    #[error("{0} belongs to the shapefile but is missing")]
    MissingPart(PathBuf),
    #[error("{}", .0.en)]
    Unwritable(LocalizedText),
    /// A file of another kind, by its name, and what to do with it.
    #[error("{en}", en = .0.en)]
    Foreign(Text),
    #[error("the disk refused it: {}", .0.localized().en)]
    NotWritten(std::io::Error),
    #[error(
        "`{column}` of {kind} `{record}` has {chars} characters, and a cell of Excel holds 32767: shorten it, or write another format"
    )]
    TooLong { kind: Kind, record: String, column: String, chars: usize },
}

impl Localized for Error {
    fn zh(&self) -> String {
        match self {
            Self::Io(error) => error.zh(),
            Self::UnknownFormat(ending) => format!("不认识此类文件：{ending}"),
            Self::Malformed { format, reason } => {
                format!("文件不是完好的 {format} 文件：{}，未导入", reason.zh)
            }
            Self::NoSuchSheet { sheet, known } => format!("没有工作表“{sheet}”，现有：{known}"),
            Self::NoSuchLayer { layer, known } => format!("没有图层“{layer}”，现有：{known}"),
            Self::Hostile(reason) => {
                format!("文件内容异常，为安全起见拒绝读取：{}", reason.zh)
            }
            Self::Protected => {
                "文件有密码保护，无法读取。请在 Excel 或 WPS 中打开，取消密码后另存，再导入"
                    .to_owned()
            }
            Self::Other { format, is } => format!("文件不是 {format} 文件，而是{}，未导入", is.zh),
            Self::MissingPart(path) => format!("缺少配套文件：{}", path.display()),
            Self::NotWritten(error) => format!("磁盘拒绝写入：{}", error.zh()),
            Self::TooLong { kind, record, column, chars } => format!(
                "{}“{record}”的“{column}”有 {chars} 个字符，Excel 一格最多 32767 个。请缩短后再导出，或改用其他格式。",
                kind.label().zh
            ),
            Self::Unwritable(reason) => reason.zh.clone(),
            Self::Foreign(what) => what.zh.to_owned(),
            Self::Stopped => "已停止".to_owned(),
        }
    }
}

/// The libraries that read a format say in English what they stumbled over; where that was is a number
/// in any language: `（第 3 行第 7 列）`, ` (line 3, column 7)`.
fn place(reason: &str) -> LocalizedText {
    const PLACES: [(&str, &str); 4] =
        [("line", "行"), ("row", "行"), ("column", "列"), ("byte", "字节")];
    let mut words = reason.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut places: Vec<(&str, &str, &str)> = Vec::new();
    let mut last = words.next();
    for word in words {
        let unit = PLACES.iter().find(|(name, _)| last == Some(*name));
        if let Some((name, unit)) = unit.filter(|_| word.bytes().all(|byte| byte.is_ascii_digit()))
            && places.iter().all(|(_, known, _)| known != unit)
        {
            places.push((word, unit, name));
        }
        last = Some(word);
    }
    if places.is_empty() {
        return LocalizedText::default();
    }
    let zh: Vec<String> =
        places.iter().map(|(number, unit, _)| format!("第 {number} {unit}")).collect();
    let en: Vec<String> =
        places.iter().map(|(number, _, name)| format!("{name} {number}")).collect();
    LocalizedText::new(format!("（{}）", zh.concat()), format!(" ({})", en.join(", ")))
}

impl Error {
    /// Of a file that is not of its format, for this reason.
    pub fn malformed(format: &'static str, reason: impl Into<LocalizedText>) -> Self {
        Self::Malformed { format, reason: reason.into() }
    }

    /// The same where a library found it. What it says is for who wrote it; where it was and whether the
    /// file breaks off is said in our words.
    pub fn broken(format: &'static str, found: &dyn std::fmt::Display) -> Self {
        let found = &found.to_string();
        let lower = found.to_lowercase();
        let ends = ["eof", "end of", "ends", "truncated", "unexpected end", "too short"];
        let is_cut = ends.iter().any(|word| lower.contains(word));
        let (zh, en) = if is_cut {
            ("内容不完整，中途断了", "it breaks off")
        } else {
            ("内容有误", "its content is wrong")
        };
        let place = place(found);
        let reason = LocalizedText::new(format!("{zh}{}", place.zh), format!("{en}{}", place.en));
        Self::Malformed { format, reason }
    }

    /// Of a file that would take more than any harmless one.
    pub fn hostile(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Hostile(LocalizedText::new(zh, en))
    }

    /// Of a format that is only read.
    pub fn only_read(format: &str) -> Self {
        Self::unwritable(
            format!("{format} 格式只能读取，不能写出，请换一种格式"),
            format!("{format} files can be read but not written"),
        )
    }

    /// Why a format cannot hold what it was given.
    pub fn unwritable(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Unwritable(LocalizedText::new(zh, en))
    }
}

impl From<Stop> for Error {
    fn from(_: Stop) -> Self {
        Self::Stopped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_library_says_is_worded_in_both_languages() {
        for (found, zh, en) in [
            (
                "expected value at line 3 column 7",
                "内容有误（第 3 行第 7 列）",
                "its content is wrong (line 3, column 7)",
            ),
            (
                "EOF while parsing an object at line 2 column 0",
                "内容不完整，中途断了（第 2 行第 0 列）",
                "it breaks off (line 2, column 0)",
            ),
            ("invalid Zip archive: bad magic", "内容有误", "its content is wrong"),
        ] {
            let error = Error::broken("GeoJSON", &found);
            assert_eq!(error.zh(), format!("文件不是完好的 GeoJSON 文件：{zh}，未导入"));
            assert_eq!(error.to_string(), format!("not a GeoJSON file: {en}"));
        }
    }

    #[test]
    fn why_a_file_is_refused_is_said_in_the_language_of_the_reader() {
        let refused = Error::hostile("网页超过 9 MB", "a page of more than 9 MB");
        assert_eq!(refused.zh(), "文件内容异常，为安全起见拒绝读取：网页超过 9 MB");
        assert_eq!(refused.to_string(), "refused: a page of more than 9 MB");
    }
}
