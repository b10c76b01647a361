//! One file per kind of tile archive.

mod mbtiles;
mod pmtiles;

use std::path::Path;

use super::{Error, TileSource};

/// Opens a tile archive by the ending of its name.
pub fn open(path: &Path) -> Result<Box<dyn TileSource>, Error> {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    match ending.as_deref() {
        Some("mbtiles") => Ok(Box::new(mbtiles::MbTiles::open(path)?)),
        Some("pmtiles") => Ok(Box::new(pmtiles::PmTiles::open(path)?)),
        _ => Err(Error::UnknownKind(path.to_owned())),
    }
}
