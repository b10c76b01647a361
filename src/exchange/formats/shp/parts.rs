//! The files of a shapefile, in a folder or in a zip.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::malformed;
use crate::exchange::Error;
use crate::exchange::formats::archive::{Archive, Limits, explained};

/// A table of blanks shrinks without end, so it is not the ratio that bounds a shapefile but the
/// 2 GB that its own format allows.
const LIMITS: Limits = Limits { total_bytes: 2 << 30, ratio: 2000, ..Limits::DEFAULT };
/// Each shapefile opens the archive anew.
const MAX_SHAPEFILES: usize = 200;
/// `.prj`, `.cpg` and `fields.json` are short.
const MAX_TEXT_BYTES: u64 = 4 << 20;

/// One shapefile.
#[derive(Clone, Debug)]
pub struct ComponentFiles {
    path: PathBuf,
    /// The name up to the last dot; in a zip with its folders.
    stem: String,
    is_zipped: bool,
}

/// All shapefiles of a file, by name.
pub fn all(path: &Path) -> Result<Vec<ComponentFiles>, Error> {
    let mut magic = [0; 2];
    let is_zipped = File::open(path)?.read_exact(&mut magic).is_ok() && magic == *b"PK";
    if !is_zipped {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(vec![ComponentFiles { path: path.to_owned(), stem, is_zipped }]);
    }
    let archive = Archive::open_within(path, "zip", LIMITS)?;
    let is_shown = |name: &&String| !name.starts_with("__MACOSX/") && !name.contains("/._");
    let mut stems: Vec<String> = archive
        .names()
        .iter()
        .filter(is_shown)
        .filter(|name| name.to_lowercase().ends_with(".shp"))
        .filter_map(|name| Some(name.get(..name.len() - 4)?.to_owned()))
        .collect();
    stems.sort();
    if stems.is_empty() {
        let has_zip = archive.names().iter().any(|name| name.to_lowercase().ends_with(".zip"));
        return Err(if has_zip {
            malformed(
                "压缩包里还有一个压缩包，没有打开：请先解压外层",
                "the zip holds another zip, which is not opened: unpack the outer one",
            )
        } else {
            malformed("压缩包里没有 .shp 文件", "there is no .shp in the zip")
        });
    }
    if stems.len() > MAX_SHAPEFILES {
        return Err(Error::hostile(
            format!("其中有超过 {MAX_SHAPEFILES} 个 Shapefile"),
            format!("there are more than {MAX_SHAPEFILES} shapefiles"),
        ));
    }
    let parts =
        stems.into_iter().map(|stem| ComponentFiles { path: path.to_owned(), stem, is_zipped });
    Ok(parts.collect())
}

impl ComponentFiles {
    /// What a person calls it.
    pub fn name(&self) -> &str {
        self.stem.rsplit('/').next().unwrap_or(&self.stem)
    }

    /// The path that an error names.
    pub fn path(&self, extension: &str) -> PathBuf {
        let name = format!("{}.{extension}", self.stem);
        if self.is_zipped { self.path.join(name) } else { self.path.with_file_name(name) }
    }

    /// Opens one part and hands it to `take`; `false` where there is none.
    pub fn with(
        &self,
        extension: &str,
        take: &mut dyn FnMut(&mut dyn Read) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        self.with_named(&format!("{}.{extension}", self.stem), take)
    }

    fn with_named(
        &self,
        wanted: &str,
        take: &mut dyn FnMut(&mut dyn Read) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        if self.is_zipped {
            let mut archive = Archive::open_within(&self.path, "zip", LIMITS)?;
            let mut names = archive.names().iter();
            let Some(name) = names.find(|name| name.to_lowercase() == wanted.to_lowercase()) else {
                return Ok(false);
            };
            let name = name.clone();
            let mut reader = BufReader::with_capacity(1 << 16, archive.reader(&name)?);
            take(&mut reader)?;
            return Ok(true);
        }
        let exact = self.path.with_file_name(wanted);
        let loud = exact
            .with_extension(exact.extension().unwrap_or_default().to_string_lossy().to_uppercase());
        let Some(path) = [exact, loud].into_iter().find(|path| path.is_file()) else {
            return Ok(false);
        };
        take(&mut BufReader::with_capacity(1 << 16, File::open(path)?))?;
        Ok(true)
    }

    /// A short part as text; empty where there is none.
    pub fn text(&self, extension: &str) -> Result<String, Error> {
        self.text_named(&format!("{}.{extension}", self.stem))
    }

    /// A file that stands beside all shapefiles.
    pub fn text_beside(&self, name: &str) -> Result<String, Error> {
        let folder = self.stem.rsplit_once('/').filter(|_| self.is_zipped);
        self.text_named(&folder.map_or_else(|| name.to_owned(), |(at, _)| format!("{at}/{name}")))
    }

    fn text_named(&self, name: &str) -> Result<String, Error> {
        let mut bytes = Vec::new();
        self.with_named(name, &mut |reader| {
            reader.take(MAX_TEXT_BYTES).read_to_end(&mut bytes).map_err(explained)?;
            Ok(())
        })?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.trim_start_matches('\u{feff}').trim().to_owned())
    }
}
