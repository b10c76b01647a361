//! A package read whole, or refused by the name of what is wrong in it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;

use serde_json::Value as Json;

use super::{
    FILES, FORMAT, MANIFEST, Manifest, Package, PackedRecord, RECORDS, VERSION, sha256, unhex,
};
use crate::domain::{Extra, Fields, Kind, Localized, Meta, Record, RecordId, SourceRow, Value};
use crate::exchange::Error;
use crate::exchange::formats::{Archive, archive_names, explained};
use crate::files;
use crate::geodesy::wkb;

/// Why a package is refused; nothing of it is taken then.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error(transparent)]
    Archive(#[from] Error),
    #[error("this is no package: it has no {MANIFEST}, or one that is not ours")]
    NoManifest,
    #[error("it was made by a newer program (layout {0}); this one reads up to {VERSION}")]
    TooNew(u32),
    #[error("`{0}` is missing in the package")]
    MissingMember(String),
    #[error("`{0}` is not as it was packed: its SHA-256 is another one")]
    Altered(String),
    #[error("`{0}` is in the package twice")]
    Doubled(String),
    #[error("the name `{0}` leads out of the package")]
    Outside(String),
    #[error("`{0}` is in the package, and its manifest does not know it")]
    Unlisted(String),
    #[error("line {line} of {RECORDS} is no record: {why}")]
    BadRecord { line: usize, why: String },
}

impl Localized for PackageError {
    fn zh(&self) -> String {
        match self {
            Self::Archive(error) => error.zh(),
            Self::NoManifest => format!("这不是沙盘交接包：没有可用的 {MANIFEST}"),
            Self::TooNew(version) => format!("此包由更新的程序生成（版式 {version}），请先升级"),
            Self::MissingMember(name) => format!("包里缺少“{name}”，未导入任何内容"),
            Self::Altered(name) => {
                format!("“{name}”与打包时不一致（SHA-256 不符），未导入任何内容")
            }
            Self::Doubled(name) => format!("包里有两个“{name}”，未导入任何内容"),
            Self::Outside(name) => format!("成员名“{name}”指向包外，未导入任何内容"),
            Self::Unlisted(name) => format!("“{name}”不在包的清单里，未导入任何内容"),
            Self::BadRecord { line, why } => format!("{RECORDS} 第 {line} 行不是记录：{why}"),
        }
    }
}

/// Reads a package and proves all of it.
pub fn read(path: &Path) -> Result<Package, PackageError> {
    let listed = archive_names(path, FORMAT)?;
    check_names(&listed)?;
    let mut archive = Archive::open(path, FORMAT)?;
    let manifest = manifest(&mut archive, &listed)?;
    check_members(&manifest, &listed)?;
    let mut package = Package { about: manifest.about.clone(), ..Package::default() };
    let mut has_records = false;
    for of in &manifest.members {
        let bytes = member(&mut archive, &of.name)?;
        if bytes.len() as u64 != of.bytes || sha256(&bytes) != of.sha256.to_lowercase() {
            return Err(PackageError::Altered(of.name.clone()));
        }
        if of.name == RECORDS {
            package.records = records(&bytes)?;
            has_records = true;
        } else if let Some(name) = of.name.strip_prefix(FILES) {
            package.files.insert(name.to_owned(), bytes);
        } else {
            return Err(PackageError::Unlisted(of.name.clone()));
        }
    }
    if !has_records {
        return Err(PackageError::MissingMember(RECORDS.to_owned()));
    }
    let named = package.records.iter().flat_map(|packed| packed.record.attachments());
    let is_absent = |name: &str| package.about.absent.iter().any(|absent| absent == name);
    let missing =
        named.into_iter().find(|name| !package.files.contains_key(*name) && !is_absent(name));
    match missing {
        Some(name) => Err(PackageError::MissingMember(format!("{FILES}{name}"))),
        None => Ok(package),
    }
}

/// Every name stays within the package, and stands in it once.
fn check_names(listed: &[String]) -> Result<(), PackageError> {
    let mut seen = BTreeSet::new();
    for name in listed {
        if leads_outside(name) {
            return Err(PackageError::Outside(name.clone()));
        }
        // Two names that differ in capitals alone are one file on Windows.
        if !seen.insert(name.to_lowercase()) {
            return Err(PackageError::Doubled(name.clone()));
        }
    }
    Ok(())
}

fn manifest(archive: &mut Archive, listed: &[String]) -> Result<Manifest, PackageError> {
    if !listed.iter().any(|name| name == MANIFEST) {
        return Err(PackageError::NoManifest);
    }
    let manifest = member(archive, MANIFEST)?;
    let manifest: Manifest =
        serde_json::from_slice(&manifest).ok().ok_or(PackageError::NoManifest)?;
    if manifest.format != FORMAT {
        return Err(PackageError::NoManifest);
    }
    if manifest.version > VERSION {
        return Err(PackageError::TooNew(manifest.version));
    }
    Ok(manifest)
}

/// The manifest names what is in the package, no more and no less.
fn check_members(manifest: &Manifest, listed: &[String]) -> Result<(), PackageError> {
    let mut known = BTreeSet::from([MANIFEST]);
    for of in &manifest.members {
        if leads_outside(&of.name) {
            return Err(PackageError::Outside(of.name.clone()));
        }
        if !known.insert(&of.name) {
            return Err(PackageError::Doubled(of.name.clone()));
        }
        if !listed.contains(&of.name) {
            return Err(PackageError::MissingMember(of.name.clone()));
        }
    }
    if let Some(name) = listed.iter().find(|name| !known.contains(name.as_str())) {
        return Err(PackageError::Unlisted(name.clone()));
    }
    Ok(())
}

/// A path, or a name that some system takes for one.
fn leads_outside(name: &str) -> bool {
    let own = name.strip_prefix(FILES).unwrap_or(name);
    own.is_empty() || files::plain_name(own) != own
}

fn member(archive: &mut Archive, name: &str) -> Result<Vec<u8>, PackageError> {
    let mut bytes = Vec::new();
    match archive.reader(name)?.read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        // What does not unpack by its own checksum is altered too.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(PackageError::Altered(name.to_owned()))
        }
        Err(error) => Err(explained(error).into()),
    }
}

fn records(bytes: &[u8]) -> Result<Vec<PackedRecord>, PackageError> {
    let bad =
        |line: usize, why: &dyn ToString| PackageError::BadRecord { line, why: why.to_string() };
    let text = std::str::from_utf8(bytes).map_err(|error| bad(1, &error))?;
    let mut all = Vec::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let json: Json = serde_json::from_str(text).map_err(|error| bad(line, &error))?;
        let own = record(&json).map_err(|why| bad(line, &why))?;
        let earlier = json.get("earlier").and_then(Json::as_array);
        let earlier: Result<Vec<Record>, String> =
            earlier.into_iter().flatten().map(record).collect();
        all.push(PackedRecord { record: own, earlier: earlier.map_err(|why| bad(line, &why))? });
    }
    let ids: BTreeMap<RecordId, usize> =
        all.iter().enumerate().map(|(at, packed)| (packed.record.id, at)).collect();
    if ids.len() < all.len() {
        return Err(bad(all.len(), &"a record stands in it twice"));
    }
    Ok(all)
}

fn record(json: &Json) -> Result<Record, String> {
    let text = |key: &str| json.get(key).and_then(Json::as_str).ok_or(format!("no `{key}`"));
    let id: RecordId = text("id")?.parse().ok().ok_or("`id` is no UUID")?;
    let kind = Kind::from_str(text("layer")?).map_err(|error| error.to_string())?;
    let at = |key: &str| text(key)?.parse().ok().ok_or_else(|| format!("`{key}` is no time"));
    let source = json.get("source").filter(|source| !source.is_null()).map(|source| {
        let file = source.get("file").and_then(Json::as_str).unwrap_or_default();
        let row = source.get("row").and_then(Json::as_u64).unwrap_or_default();
        SourceRow { file: file.into(), row }
    });
    let meta = Meta {
        created_at: at("created_at")?,
        created_by: text("created_by")?.into(),
        changed_at: at("changed_at")?,
        changed_by: text("changed_by")?.into(),
        source,
    };
    let geometry = match json.get("wkb").and_then(Json::as_str) {
        None => None,
        Some(text) => {
            let bytes = unhex(text).ok_or("`wkb` is not hexadecimal")?;
            wkb::from_wkb(&bytes).map_err(|error| format!("`wkb`: {error}"))?
        }
    };
    if let Some(problem) = geometry.as_ref().and_then(|own| kind.shape().problem(own)) {
        return Err(format!("`wkb`: {}", problem.en));
    }
    let mut extra: Extra = json.get("extra").and_then(Json::as_object).cloned().unwrap_or_default();
    let mut record = Record { id, kind, geometry, fields: Fields::default(), extra: None, meta };
    let fields = json.get("fields").and_then(Json::as_object).ok_or("no `fields`")?;
    for (key, value) in fields {
        let Some(field) = kind.field(key) else {
            // Of a newer program: kept as it came.
            extra.insert(key.clone(), value.clone());
            continue;
        };
        let value = Value::from_json(field, value).map_err(|why| format!("`{key}`: {why}"))?;
        record.set(key, value);
    }
    record.extra = (!extra.is_empty()).then(|| Arc::new(extra));
    Ok(record)
}
