//! MBTiles 1.3: a SQLite file; rows count from the south, unless it says or shows otherwise.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::rows::{RowOrder, order_of};
use crate::basemap::{Datum, Error, MOST_TILE_BYTES, SourceInfo, TileFormat, TileSource, gunzip};
use crate::files::sqlite_uri;
use crate::geodesy::mercator::TileId;

/// An archive that is read tile by tile.
pub struct MbTiles {
    path: PathBuf,
    db: Connection,
    /// Against the standard.
    is_from_north: bool,
    about: SourceInfo,
}

impl MbTiles {
    /// Opened as a file that nobody changes: it may lie in a read-only folder.
    pub fn open(path: &Path, stated: Option<Datum>) -> Result<Self, Error> {
        std::fs::File::open(path).map_err(|error| Error::Io(path.to_owned(), error))?;
        let sqlite = |error: rusqlite::Error| Error::Sqlite(path.to_owned(), error.to_string());
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        // `immutable`: no lock, no journal file beside it.
        let uri = sqlite_uri(path, "mode=ro&immutable=1");
        let db = Connection::open_with_flags(uri, flags).map_err(sqlite)?;
        let get = |key: &str| {
            let sql = "SELECT CAST(value AS TEXT) FROM metadata WHERE name = ?1";
            db.query_row(sql, [key], |row| row.get::<_, Option<String>>(0)).ok().flatten()
        };
        let sample: Option<Vec<u8>> = db
            .query_row("SELECT tile_data FROM tiles LIMIT 1", [], |row| row.get(0))
            .optional()
            .map_err(sqlite)?;
        let format = format(get("format").as_deref(), sample.as_deref().unwrap_or_default())
            .map_err(|name| Error::UnknownFormat(name, path.to_owned()))?;
        let mut about = SourceInfo::from_metadata(&get, format, stated).checked(path)?;
        let zooms = "SELECT min(zoom_level), max(zoom_level) FROM tiles";
        let zooms: (Option<u8>, Option<u8>) =
            db.query_row(zooms, [], |row| Ok((row.get(0)?, row.get(1)?))).map_err(sqlite)?;
        if let (Some(min), Some(max)) = zooms {
            (about.min_zoom, about.max_zoom) = (min, max);
        }
        let scheme = get("scheme").map(|scheme| scheme.trim().to_lowercase());
        let is_from_north = match scheme.as_deref() {
            Some("xyz" | "zxy") => true,
            Some("tms") => false,
            _ => looks_from_north(&db, about.max_zoom).map_err(sqlite)?,
        };
        Ok(Self { path: path.to_owned(), db, is_from_north, about })
    }
}

impl TileSource for MbTiles {
    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Error> {
        let side = 1_u32.checked_shl(u32::from(id.z));
        let Some(upwards) = side.and_then(|side| side.checked_sub(id.y.checked_add(1)?)) else {
            return Ok(None);
        };
        let row = if self.is_from_north { id.y } else { upwards };
        let sql = "SELECT tile_data FROM tiles \
                   WHERE zoom_level = ?1 AND tile_column = ?2 AND tile_row = ?3";
        let bytes: Option<Vec<u8>> = self
            .db
            .prepare_cached(sql)
            .and_then(|mut query| query.query_row((id.z, id.x, row), |row| row.get(0)).optional())
            .map_err(|error| Error::Sqlite(self.path.clone(), error.to_string()))?;
        Ok(match bytes {
            Some(bytes) if bytes.starts_with(&[0x1f, 0x8b]) => {
                let damaged = || Error::Damaged("a tile cannot be unpacked", self.path.clone());
                Some(gunzip(&bytes, MOST_TILE_BYTES).ok_or_else(damaged)?)
            }
            bytes => bytes,
        })
    }

    fn about(&self) -> &SourceInfo {
        &self.about
    }
}

/// By the corners of what it holds at its finest zoom.
fn looks_from_north(db: &Connection, zoom: u8) -> Result<bool, rusqlite::Error> {
    let sql = "SELECT min(tile_column), min(tile_row), max(tile_column), max(tile_row) FROM tiles \
               WHERE zoom_level = ?1";
    let [west, low, east, high] = db.query_row(sql, [zoom], |row| {
        let number = |at: usize| row.get::<_, Option<u32>>(at).map(Option::unwrap_or_default);
        Ok([number(0)?, number(1)?, number(2)?, number(3)?])
    })?;
    Ok(order_of(&[(zoom, west, low), (zoom, east, high)]) == Some(RowOrder::FromNorth))
}

/// As stated, else as the first bytes show: many archives state nothing.
fn format(stated: Option<&str>, sample: &[u8]) -> Result<TileFormat, String> {
    match stated {
        Some("png") => Ok(TileFormat::Png),
        Some("jpg" | "jpeg") => Ok(TileFormat::Jpeg),
        Some("webp") => Ok(TileFormat::Webp),
        Some("pbf" | "mvt") => Ok(TileFormat::Mvt),
        Some(other) => Err(other.to_owned()),
        None => Ok(match sample {
            [0xff, 0xd8, ..] => TileFormat::Jpeg,
            [b'R', b'I', b'F', b'F', ..] => TileFormat::Webp,
            [0x1f, 0x8b, ..] => TileFormat::Mvt,
            _ => TileFormat::Png,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(metadata: &[(&str, &str)], tiles: &[(u8, u32, u32, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let db = Connection::open(folder.path().join("底 图?.mbtiles")).unwrap();
        db.execute_batch(
            "CREATE TABLE metadata (name TEXT, value TEXT);
             CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB);",
        )
        .unwrap();
        for pair in metadata {
            db.execute("INSERT INTO metadata VALUES (?1, ?2)", *pair).unwrap();
        }
        for tile in tiles {
            db.execute("INSERT INTO tiles VALUES (?1, ?2, ?3, ?4)", *tile).unwrap();
        }
        folder
    }

    fn open(folder: &tempfile::TempDir) -> Result<MbTiles, Error> {
        MbTiles::open(&folder.path().join("底 图?.mbtiles"), None)
    }

    #[test]
    fn rows_are_counted_from_the_north() {
        let folder = archive(&[("format", "png")], &[(2, 1, 3, b"north"), (2, 1, 0, b"south")]);
        let source = open(&folder).unwrap();
        let tile = |y| source.tile(TileId { z: 2, x: 1, y }).unwrap();
        assert_eq!(tile(0).as_deref(), Some(&b"north"[..]));
        assert_eq!(tile(3).as_deref(), Some(&b"south"[..]));
        assert_eq!((tile(2), tile(9)), (None, None));
        assert_eq!((source.about.min_zoom, source.about.max_zoom), (2, 2));
    }

    #[test]
    fn rows_from_the_north_are_believed_where_stated_and_seen_where_not() {
        let north: &[(u8, u32, u32, &[u8])] = &[(14, 13_569, 6_212, b"here")];
        let south: &[(u8, u32, u32, &[u8])] = &[(14, 13_569, 16_383 - 6_212, b"here")];
        for (metadata, tiles, is_here) in [
            (&[("scheme", "xyz")][..], north, true),
            (&[], north, true),
            (&[], south, true),
            (&[("scheme", "tms")], south, true),
            (&[("scheme", "tms")], north, false),
        ] {
            let source = open(&archive(metadata, tiles)).unwrap();
            let found = source.tile(TileId { z: 14, x: 13_569, y: 6_212 }).unwrap();
            assert_eq!(found.is_some(), is_here, "{metadata:?}");
        }
    }

    #[test]
    fn reading_leaves_nothing_beside_the_file() {
        let folder = archive(&[], &[(0, 0, 0, b"x")]);
        let source = open(&folder).unwrap();
        source.tile(TileId { z: 0, x: 0, y: 0 }).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("底 图?.mbtiles"), b"hello").unwrap();
        assert!(matches!(open(&folder), Err(Error::Sqlite(..))));
        let folder = archive(&[("format", "tiff")], &[]);
        assert!(matches!(open(&folder), Err(Error::UnknownFormat(..))));
    }
}
