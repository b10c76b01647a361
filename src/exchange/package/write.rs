//! A package as bytes: the same content gives the same bytes.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Write as _};

use serde_json::{Map, Value as Json, json};
use zip::ZipWriter;

use super::{
    About, FILES, FORMAT, MANIFEST, Manifest, Member, PackedRecord, RECORDS, VERSION, hex, sha256,
};
use crate::domain::Record;
use crate::exchange::formats::entry_options;
use crate::geodesy::wkb;

/// What goes into a package.
#[derive(Clone, Debug, Default)]
pub struct NewPackage {
    pub about: About,
    pub records: Vec<PackedRecord>,
    /// Attachments by their names.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The file.
pub fn bytes(package: &NewPackage) -> io::Result<Vec<u8>> {
    let mut lines = String::new();
    for packed in &package.records {
        let mut line = record_json(&packed.record);
        let earlier: Vec<Json> = packed.earlier.iter().map(record_json).collect();
        line["earlier"] = Json::from(earlier);
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    let mut members: Vec<(String, &[u8])> = vec![(RECORDS.to_owned(), lines.as_bytes())];
    members.extend(package.files.iter().map(|(name, bytes)| (format!("{FILES}{name}"), &**bytes)));
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        about: package.about.clone(),
        members: members
            .iter()
            .map(|(name, bytes)| Member {
                name: name.clone(),
                bytes: bytes.len() as u64,
                sha256: sha256(bytes),
            })
            .collect(),
    };
    let manifest = serde_json::to_vec_pretty(&manifest)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let all = std::iter::once((MANIFEST.to_owned(), &*manifest)).chain(members);
    for (name, bytes) in all {
        zip.start_file(name, entry_options()).map_err(io::Error::other)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish().map_err(io::Error::other)?.into_inner())
}

fn record_json(record: &Record) -> Json {
    let fields: Map<String, Json> =
        record.values().map(|(field, value)| (field.key.to_owned(), value.to_json())).collect();
    let meta = &record.meta;
    json!({
        "id": record.id.to_string(),
        "layer": record.kind.key(),
        "fields": fields,
        // WGS-84, as ISO 13249-3 writes it, in hexadecimal.
        "wkb": record.geometry.as_ref().map(|geometry| hex(&wkb::to_wkb(geometry))),
        "extra": record.extra.as_deref(),
        "created_at": meta.created_at.to_string(),
        "created_by": &*meta.created_by,
        "changed_at": meta.changed_at.to_string(),
        "changed_by": &*meta.changed_by,
        "source": meta.source.as_ref().map(|of| json!({ "file": &*of.file, "row": of.row })),
    })
}
