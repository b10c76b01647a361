//! PMTiles version 3: one file with a directory of tiles in the order of a Hilbert curve.
//! See github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::basemap::{
    Datum, Error, MOST_TILE_BYTES, SourceInfo, TileFormat, TileSource, box_of, gunzip,
};
use crate::codec;
use crate::geodesy::curve::hilbert;
use crate::geodesy::mercator::TileId;

/// An archive with its root directory in memory; leaf directories are read when they are asked for.
pub struct PmTiles {
    path: PathBuf,
    file: Mutex<File>,
    header: ArchiveHeader,
    root: Vec<DirectoryEntry>,
    about: SourceInfo,
}

#[derive(Clone, Copy, Debug)]
struct ArchiveHeader {
    leaves_at: u64,
    tiles_at: u64,
    inner_compression: Compression,
    tile_compression: Compression,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
}

/// A run of tiles with the same bytes, or a leaf directory (`run` is 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct DirectoryEntry {
    tile: u64,
    at: u64,
    length: u32,
    run: u32,
}

const HEADER: usize = 127;
const MOST_DIRECTORY_BYTES: usize = 64 << 20;
const MOST_METADATA_BYTES: usize = 16 << 20;
/// Root, leaf, and one more for generous writers.
const MOST_DEPTH: u8 = 4;

impl PmTiles {
    /// `stated` is the datum that a person has said it is on.
    pub fn open(path: &Path, stated: Option<Datum>) -> Result<Self, Error> {
        let io = |error| Error::Io(path.to_owned(), error);
        let mut file = File::open(path).map_err(io)?;
        let mut bytes = [0; HEADER];
        file.read_exact(&mut bytes)
            .ok()
            .ok_or_else(|| Error::Damaged("shorter than its header", path.to_owned()))?;
        let fields = HeaderBytes { bytes: &bytes, path };
        let header = fields.header()?;
        let file = Mutex::new(file);
        let format = fields.format()?;
        let metadata = section(&file, path, fields.u64(24), fields.u64(32), MOST_METADATA_BYTES)?;
        let metadata = unpacked(metadata, header.inner_compression, MOST_METADATA_BYTES, path)?;
        let metadata: serde_json::Value = serde_json::from_slice(&metadata).unwrap_or_default();
        let get = |key: &str| metadata.get(key).and_then(|v| v.as_str()).map(str::to_owned);
        let mut about = SourceInfo::from_metadata(&get, format, stated).checked(path)?;
        (about.min_zoom, about.max_zoom) = (fields.u8(100), fields.u8(101).min(30));
        let [west, south, east, north] = [102, 106, 110, 114].map(|at| fields.degrees(at));
        about.extent = box_of(west, south, east, north);
        let root = section(&file, path, fields.u64(8), fields.u64(16), MOST_DIRECTORY_BYTES)?;
        let root = unpacked(root, header.inner_compression, MOST_DIRECTORY_BYTES, path)?;
        let root = directory(&root)
            .ok_or_else(|| Error::Damaged("its root directory is broken", path.to_owned()))?;
        Ok(Self { path: path.to_owned(), file, header, root, about })
    }

    fn leaf(&self, entry: DirectoryEntry) -> Result<Vec<DirectoryEntry>, Error> {
        let at = self.header.leaves_at.saturating_add(entry.at);
        let length = u64::from(entry.length);
        let bytes = section(&self.file, &self.path, at, length, MOST_DIRECTORY_BYTES)?;
        let bytes =
            unpacked(bytes, self.header.inner_compression, MOST_DIRECTORY_BYTES, &self.path)?;
        directory(&bytes)
            .ok_or_else(|| Error::Damaged("a leaf directory is broken", self.path.clone()))
    }
}

impl TileSource for PmTiles {
    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Error> {
        let Some(wanted) = place_of(id) else { return Ok(None) };
        let mut found = find(&self.root, wanted);
        for _ in 0..MOST_DEPTH {
            match found {
                None => return Ok(None),
                Some(entry) if entry.run == 0 => found = find(&self.leaf(entry)?, wanted),
                Some(entry) => {
                    let at = self.header.tiles_at.saturating_add(entry.at);
                    let length = u64::from(entry.length);
                    let bytes = section(&self.file, &self.path, at, length, MOST_TILE_BYTES)?;
                    let compression = self.header.tile_compression;
                    return unpacked(bytes, compression, MOST_TILE_BYTES, &self.path).map(Some);
                }
            }
        }
        Err(Error::Damaged("its directories are nested too deeply", self.path.clone()))
    }

    fn about(&self) -> &SourceInfo {
        &self.about
    }
}

/// The header by the offsets of the specification.
struct HeaderBytes<'a> {
    bytes: &'a [u8; HEADER],
    path: &'a Path,
}

impl HeaderBytes<'_> {
    fn u8(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    fn u64(&self, at: usize) -> u64 {
        let bytes = self.bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u64::from_le_bytes)
    }

    /// Stored as ten-millionths.
    fn degrees(&self, at: usize) -> f64 {
        let bytes = self.bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        f64::from(bytes.map_or(0, i32::from_le_bytes)) / 1e7
    }

    fn header(&self) -> Result<ArchiveHeader, Error> {
        if self.bytes.starts_with(b"PM\x02\x00") || self.bytes.starts_with(b"PM\x01\x00") {
            return Err(Error::OldVersion(self.path.to_owned()));
        }
        if !self.bytes.starts_with(b"PMTiles") {
            return Err(Error::Damaged("it does not begin with PMTiles", self.path.to_owned()));
        }
        if self.u8(7) != 3 {
            return Err(Error::Damaged("not version 3 of PMTiles", self.path.to_owned()));
        }
        Ok(ArchiveHeader {
            leaves_at: self.u64(40),
            tiles_at: self.u64(56),
            inner_compression: self.compression(97)?,
            tile_compression: self.compression(98)?,
        })
    }

    fn compression(&self, at: usize) -> Result<Compression, Error> {
        let refused = |name| Err(Error::UnknownPacking(name, self.path.to_owned()));
        match self.u8(at) {
            0 | 1 => Ok(Compression::None),
            2 => Ok(Compression::Gzip),
            3 => refused("brotli"),
            4 => refused("zstd"),
            _ => refused("an unknown method"),
        }
    }

    fn format(&self) -> Result<TileFormat, Error> {
        match self.u8(99) {
            1 => Ok(TileFormat::Mvt),
            2 => Ok(TileFormat::Png),
            3 => Ok(TileFormat::Jpeg),
            4 => Ok(TileFormat::Webp),
            other => Err(Error::UnknownFormat(format!("number {other}"), self.path.to_owned())),
        }
    }
}

/// Bytes of the file, refused before memory is taken for more than there may be.
fn section(
    file: &Mutex<File>,
    path: &Path,
    at: u64,
    length: u64,
    most: usize,
) -> Result<Vec<u8>, Error> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > most {
        return Err(Error::Damaged("a part is larger than it can be", path.to_owned()));
    }
    let mut bytes = vec![0; length];
    let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    file.seek(SeekFrom::Start(at))
        .and_then(|_| file.read_exact(&mut bytes))
        .ok()
        .ok_or_else(|| Error::Damaged("it ends before it is complete", path.to_owned()))?;
    Ok(bytes)
}

fn unpacked(
    bytes: Vec<u8>,
    compression: Compression,
    most: usize,
    path: &Path,
) -> Result<Vec<u8>, Error> {
    match compression {
        Compression::None => Ok(bytes),
        Compression::Gzip => gunzip(&bytes, most)
            .ok_or_else(|| Error::Damaged("a part cannot be unpacked", path.to_owned())),
    }
}

/// Four columns of variable-length numbers: ids (as differences), runs, lengths, offsets.
fn directory(bytes: &[u8]) -> Option<Vec<DirectoryEntry>> {
    let mut rest = bytes;
    let mut varint = || codec::varint(&mut rest).ok();
    let count = usize::try_from(varint()?).ok()?;
    // Each entry takes four bytes at least.
    if count > bytes.len() / 4 + 1 {
        return None;
    }
    let mut entries = Vec::with_capacity(count);
    let mut tile = 0_u64;
    for _ in 0..count {
        tile = tile.checked_add(varint()?)?;
        entries.push(DirectoryEntry { tile, at: 0, length: 0, run: 0 });
    }
    for entry in &mut entries {
        entry.run = u32::try_from(varint()?).ok()?;
    }
    for entry in &mut entries {
        entry.length = u32::try_from(varint()?).ok()?;
    }
    let mut next = None;
    for entry in &mut entries {
        // 0: directly behind the entry before.
        entry.at = match varint()? {
            0 => next?,
            at => at - 1,
        };
        next = entry.at.checked_add(u64::from(entry.length));
    }
    Some(entries)
}

fn find(entries: &[DirectoryEntry], wanted: u64) -> Option<DirectoryEntry> {
    let after = entries.partition_point(|entry| entry.tile <= wanted);
    let entry = *entries.get(after.checked_sub(1)?)?;
    (entry.run == 0 || wanted - entry.tile < u64::from(entry.run)).then_some(entry)
}

/// The place of a tile in the order of the archive: all smaller zooms first, then along the curve of
/// its own. `None` beyond the map.
fn place_of(id: TileId) -> Option<u64> {
    let is_there = id.z <= 31 && id.x >> id.z == 0 && id.y >> id.z == 0;
    let smaller = || (0..id.z).map(|z| 1_u64 << (2 * z)).sum::<u64>();
    is_there.then(|| smaller() + hilbert(id.z, id.x, id.y))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_curve_is_that_of_the_specification() {
        // The examples of the spec, and its first rows.
        let place = |z, x, y| place_of(TileId { z, x, y }).unwrap();
        assert_eq!(place(0, 0, 0), 0);
        assert_eq!([place(1, 0, 0), place(1, 0, 1), place(1, 1, 1), place(1, 1, 0)], [1, 2, 3, 4]);
        assert_eq!(place(2, 0, 0), 5);
        assert_eq!(place(12, 3423, 1763), 19_078_479);
        assert!(place_of(TileId { z: 1, x: 2, y: 0 }).is_none());
    }

    #[test]
    fn every_tile_of_a_zoom_has_its_own_place() {
        let mut places: Vec<u64> = (0..16)
            .flat_map(|x| (0..16).map(move |y| place_of(TileId { z: 4, x, y }).unwrap()))
            .collect();
        places.sort_unstable();
        let first = 1 + 4 + 16 + 64;
        assert_eq!(places, (first..first + 256).collect::<Vec<u64>>());
    }

    #[test]
    fn a_run_stands_for_several_tiles() {
        let entry = |tile, run| DirectoryEntry { tile, at: 0, length: 1, run };
        let entries = [entry(5, 3), entry(20, 1)];
        assert_eq!(find(&entries, 7), Some(entries[0]));
        assert_eq!((find(&entries, 8), find(&entries, 4)), (None, None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_directory_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(directory(&bytes).is_none_or(|entries| entries.len() <= bytes.len()));
        }
    }
}
