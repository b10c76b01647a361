//! Tile archives on disk, one file a kind.

mod folder;
mod mbtiles;
mod pmtiles;
mod rows;

use std::path::Path;

use super::{Datum, Error, TileSource};
use crate::files::refuse_pipe;

/// Endings of tile archives, lower case.
pub const ARCHIVE_ENDINGS: &[&str] = &["mbtiles", "pmtiles"];

/// Opens a folder of tiles, or a tile archive by the ending of its name. What a person states of
/// its datum counts for more than what it says itself.
pub fn open(path: &Path, stated: Option<Datum>) -> Result<Box<dyn TileSource>, Error> {
    if path.is_dir() {
        return Ok(Box::new(folder::Folder::open(path, stated)?));
    }
    refuse_pipe(path).map_err(|error| Error::Io(path.to_owned(), error))?;
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    match ending.as_deref() {
        Some("mbtiles") => Ok(Box::new(mbtiles::MbTiles::open(path, stated)?)),
        Some("pmtiles") => Ok(Box::new(pmtiles::PmTiles::open(path, stated)?)),
        _ => Err(Error::UnknownKind(path.to_owned())),
    }
}
