//! Web tiles on disk: one SQLite file laid out as MBTiles, with the source of each tile and the time
//! until which it is fresh. Beyond a size the tiles that were not used for longest are deleted.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};

use crate::files::{rename, sqlite_uri};
use crate::geodesy::mercator::TileId;

/// Opened once for all sources; may be asked from several threads.
pub struct TileCache {
    db: Mutex<Connection>,
    most_bytes: u64,
}

/// A tile from the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedTile {
    pub bytes: Vec<u8>,
    /// Seconds since 1970.
    pub expires_s: i64,
    pub etag: Option<String>,
}

impl TileCache {
    /// A damaged file is put aside and begun anew: it holds nothing that cannot be fetched again.
    /// One that is only locked, or whose disk is full, stays where it is.
    pub fn open(path: &Path, most_bytes: u64) -> Result<Self, rusqlite::Error> {
        let db = begin(path).or_else(|error| {
            let damage = [Some(ErrorCode::NotADatabase), Some(ErrorCode::DatabaseCorrupt)];
            if !damage.contains(&error.sqlite_error_code()) {
                return Err(error);
            }
            drop(rename(path, &aside(path)));
            begin(path)
        })?;
        Ok(Self { db: Mutex::new(db), most_bytes })
    }

    /// `None` where it has none, or cannot say.
    pub fn get(&self, source: &str, id: TileId, now_s: i64) -> Option<CachedTile> {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = db
            .prepare_cached("SELECT tile_data, expires, etag FROM tiles WHERE source = ?1 AND zoom_level = ?2 AND tile_column = ?3 AND tile_row = ?4")
            .and_then(|mut query| {
                query.query_row(params![source, id.z, id.x, id.y], |row| {
                    Ok(CachedTile { bytes: row.get(0)?, expires_s: row.get(1)?, etag: row.get(2)? })
                })
                .optional()
            })
            .ok()
            .flatten()?;
        // A use that cannot be written down only makes the tile look older.
        drop(db.execute(
            "UPDATE tiles SET used = ?5 WHERE source = ?1 AND zoom_level = ?2 AND tile_column = ?3 AND tile_row = ?4 AND used < ?5 - 3600",
            params![source, id.z, id.x, id.y, now_s],
        ));
        Some(kept)
    }

    /// Errors are dropped: a full disk means no cache, not no map. `now_s` in seconds since 1970.
    pub fn put(&self, source: &str, id: TileId, kept: &CachedTile, now_s: i64) {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let put = db.execute(
            "INSERT OR REPLACE INTO tiles (source, zoom_level, tile_column, tile_row, tile_data, expires, etag, used) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![source, id.z, id.x, id.y, kept.bytes, kept.expires_s, kept.etag, now_s],
        );
        if put.is_ok() {
            drop(self.shrink(&db));
        }
    }

    fn shrink(&self, db: &Connection) -> Result<(), rusqlite::Error> {
        let size = |db: &Connection| {
            db.query_row("SELECT coalesce(sum(length(tile_data)), 0) FROM tiles", [], |row| {
                row.get::<_, i64>(0)
            })
        };
        // Summing is cheap but not free: one tile in sixteen looks.
        if db.last_insert_rowid() % 16 != 0 && self.most_bytes > 1 << 20 {
            return Ok(());
        }
        while size(db)?.cast_unsigned() > self.most_bytes {
            let gone = db.execute(
                "DELETE FROM tiles WHERE rowid IN (SELECT rowid FROM tiles ORDER BY used LIMIT 64)",
                [],
            )?;
            if gone == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Bytes of all tiles.
    pub fn size(&self) -> u64 {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let sum =
            db.query_row("SELECT coalesce(sum(length(tile_data)), 0) FROM tiles", [], |row| {
                row.get::<_, i64>(0)
            });
        sum.map_or(0, i64::cast_unsigned)
    }

    /// Deletes all tiles and gives the room back to the disk.
    pub fn clear(&self) -> Result<(), rusqlite::Error> {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        db.execute_batch("DELETE FROM tiles; VACUUM")
    }
}

fn begin(path: &Path) -> Result<Connection, rusqlite::Error> {
    let db = Connection::open(sqlite_uri(path, "mode=rwc"))?;
    db.busy_timeout(std::time::Duration::from_secs(2))?;
    db.execute_batch(
        "PRAGMA synchronous = OFF;
         CREATE TABLE IF NOT EXISTS metadata (name TEXT PRIMARY KEY, value TEXT);
         CREATE TABLE IF NOT EXISTS tiles (
             source TEXT NOT NULL, zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL,
             tile_row INTEGER NOT NULL, tile_data BLOB NOT NULL, expires INTEGER NOT NULL,
             etag TEXT, used INTEGER NOT NULL,
             PRIMARY KEY (source, zoom_level, tile_column, tile_row));
         CREATE INDEX IF NOT EXISTS tiles_used ON tiles (used);",
    )?;
    Ok(db)
}

fn aside(path: &Path) -> PathBuf {
    path.with_extension("damaged.mbtiles")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(size: usize) -> CachedTile {
        CachedTile { bytes: vec![7; size], expires_s: 100, etag: Some("a".to_owned()) }
    }

    const TILE: TileId = TileId { z: 3, x: 1, y: 2 };

    #[test]
    fn a_tile_comes_back_for_its_own_source_only_and_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tiles.mbtiles");
        TileCache::open(&path, 1 << 20).unwrap().put("osm", TILE, &kept(10), 1);
        let cache = TileCache::open(&path, 1 << 20).unwrap();
        assert_eq!(cache.get("osm", TILE, 2), Some(kept(10)));
        assert_eq!(cache.get("esri", TILE, 2), None);
        cache.clear().unwrap();
        assert_eq!((cache.get("osm", TILE, 2), cache.size()), (None, 0));
    }

    #[test]
    fn it_never_grows_over_its_bound_and_keeps_what_was_used_last() {
        let folder = tempfile::tempdir().unwrap();
        let cache = TileCache::open(&folder.path().join("t.mbtiles"), 100_000).unwrap();
        for number in 0..500 {
            cache.put("osm", TileId { x: number, ..TILE }, &kept(1000), i64::from(number));
            assert!(cache.size() <= 101_000);
        }
        assert!(cache.get("osm", TileId { x: 499, ..TILE }, 600).is_some());
        assert!(cache.get("osm", TileId { x: 0, ..TILE }, 600).is_none());
    }

    #[test]
    fn a_damaged_cache_is_put_aside_and_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tiles.mbtiles");
        std::fs::write(&path, b"this is no database at all, but long enough to look like one")
            .unwrap();
        let cache = TileCache::open(&path, 1 << 20).unwrap();
        cache.put("osm", TILE, &kept(10), 1);
        assert!(cache.get("osm", TILE, 1).is_some());
        assert!(aside(&path).exists());
    }

    #[test]
    fn a_cache_that_is_only_locked_or_read_only_stays_where_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tiles.mbtiles");
        TileCache::open(&path, 1 << 20).unwrap().put("osm", TILE, &kept(10), 1);
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        assert!(TileCache::open(&path, 1 << 20).is_err());
        drop(other);
        let blocked = folder.path().join("a folder.mbtiles");
        std::fs::create_dir(&blocked).unwrap();
        assert!(TileCache::open(&blocked, 1 << 20).is_err());
        assert!(!aside(&path).exists() && !aside(&blocked).exists() && blocked.is_dir());
        assert!(TileCache::open(&path, 1 << 20).unwrap().get("osm", TILE, 1).is_some());
    }
}
