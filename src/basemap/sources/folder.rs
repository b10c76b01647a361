//! A folder of tiles, `{z}/{x}/{y}.png` and the like. Rows count from the north, as XYZ has it,
//! unless a file beside the tiles or the place of the tiles says otherwise: from the south (TMS), or
//! before the column, `{z}/{y}/{x}`.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::rows::{RowOrder, order_of};
use crate::basemap::{Datum, Error, MOST_TILE_BYTES, SourceInfo, TileFormat, TileSource, gunzip};
use crate::geodesy::mercator::TileId;

/// A folder whose zooms and endings were looked up once.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Endings that a tile may have, the likeliest first.
    endings: Vec<&'static str>,
    order: RowOrder,
    about: SourceInfo,
}

const PICTURES: [(&str, TileFormat); 4] = [
    ("png", TileFormat::Png),
    ("jpg", TileFormat::Jpeg),
    ("jpeg", TileFormat::Jpeg),
    ("webp", TileFormat::Webp),
];
const VECTORS: [(&str, TileFormat); 2] = [("pbf", TileFormat::Mvt), ("mvt", TileFormat::Mvt)];

const MOST_METADATA_BYTES: u64 = 4 << 20;
const MOST_ZOOM: u8 = 30;

impl Folder {
    /// `stated` is the datum that a person has said it is on.
    pub fn open(path: &Path, stated: Option<Datum>) -> Result<Self, Error> {
        let io = |error| Error::Io(path.to_owned(), error);
        let mut zooms = Vec::new();
        let mut found = None;
        for z in numbers(path).map_err(io)? {
            let Some(z) = u8::try_from(z).ok().filter(|z| *z <= MOST_ZOOM) else { continue };
            let Some(ending) = first_ending(&path.join(z.to_string())) else { continue };
            zooms.push(z);
            found = found.or(Some(ending));
        }
        let (Some((ending, format)), Some(min), Some(max)) =
            (found, zooms.first().copied(), zooms.last().copied())
        else {
            return Err(Error::NoTiles(path.to_owned()));
        };
        let words = SideFiles::of(path);
        if words.is_geodetic() {
            return Err(Error::NotMercator(path.to_owned()));
        }
        let mut about =
            SourceInfo::from_metadata(&|key| words.get(key), format, stated).checked(path)?;
        (about.min_zoom, about.max_zoom) = (min, max);
        let family: &[_] = if format == TileFormat::Mvt { &VECTORS } else { &PICTURES };
        let others = family.iter().map(|(other, _)| *other).filter(|other| *other != ending);
        let endings = std::iter::once(ending).chain(others).collect();
        let seen = || order_of(&sample(path, max));
        let order = words.order().or_else(seen).unwrap_or(RowOrder::FromNorth);
        Ok(Self { path: path.to_owned(), endings, order, about })
    }
}

impl TileSource for Folder {
    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Error> {
        let side = 1_u32.checked_shl(u32::from(id.z));
        let Some(upwards) = side.and_then(|side| side.checked_sub(id.y.checked_add(1)?)) else {
            return Ok(None);
        };
        let (first, second) = match self.order {
            RowOrder::FromNorth => (id.x, id.y),
            RowOrder::FromSouth => (id.x, upwards),
            RowOrder::RowFirst => (id.y, id.x),
        };
        let inner = self.path.join(id.z.to_string()).join(first.to_string());
        for ending in &self.endings {
            if let Some(bytes) = read(&inner.join(format!("{second}.{ending}")))? {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    fn about(&self) -> &SourceInfo {
        &self.about
    }
}

/// `None` where there is no such file.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::Io(path.to_owned(), error)),
    };
    let mut bytes = Vec::new();
    file.take(MOST_TILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::Io(path.to_owned(), error))?;
    if bytes.is_empty() || bytes.len() > MOST_TILE_BYTES {
        let what = if bytes.is_empty() { "a tile is empty" } else { "a tile is too large" };
        return Err(Error::Damaged(what, path.to_owned()));
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let damaged = || Error::Damaged("a tile cannot be unpacked", path.to_owned());
        bytes = gunzip(&bytes, MOST_TILE_BYTES).ok_or_else(damaged)?;
    }
    Ok(Some(bytes))
}

/// What files beside the tiles say of them.
struct SideFiles {
    json: serde_json::Value,
    /// `tilemapresource.xml`, which writers of TMS leave.
    xml: String,
}

impl SideFiles {
    fn of(folder: &Path) -> Self {
        let text = |name: &str| {
            let mut bytes = Vec::new();
            let file = File::open(folder.join(name)).ok()?;
            file.take(MOST_METADATA_BYTES).read_to_end(&mut bytes).ok()?;
            Some(bytes)
        };
        let json = text("metadata.json")
            .and_then(|bytes| {
                let bare = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
                serde_json::from_slice(bare).ok()
            })
            .unwrap_or_default();
        let xml = text("tilemapresource.xml")
            .map(|bytes| String::from_utf8_lossy(&bytes).to_lowercase())
            .unwrap_or_default();
        Self { json, xml }
    }

    fn get(&self, key: &str) -> Option<String> {
        self.json.get(key)?.as_str().map(str::to_owned)
    }

    /// `metadata.json` knows it better: some writers leave `tilemapresource.xml` beside XYZ too.
    fn order(&self) -> Option<RowOrder> {
        match self.get("scheme").map(|scheme| scheme.trim().to_lowercase()).as_deref() {
            Some("tms") => Some(RowOrder::FromSouth),
            Some("xyz") => Some(RowOrder::FromNorth),
            _ => (!self.xml.is_empty()).then_some(RowOrder::FromSouth),
        }
    }

    /// Cut in degrees, or in the pixels of one picture: such tiles do not lie where XYZ has them.
    fn is_geodetic(&self) -> bool {
        let profile = self.xml.split("profile=").nth(1).map(|rest| rest.get(1..).unwrap_or(rest));
        profile.is_some_and(|profile| {
            let end = profile.find(['"', '\'']).unwrap_or(profile.len());
            !profile.get(..end).is_some_and(|name| name.contains("mercator"))
        })
    }
}

/// Of the folders in it that are called by a number, in order.
fn numbers(folder: &Path) -> std::io::Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        // `007` is not how a tile is asked for.
        let number = name
            .to_str()
            .and_then(|name| name.parse::<u32>().ok().filter(|number| number.to_string() == name));
        found.extend(number);
    }
    found.sort_unstable();
    Ok(found)
}

/// Some tiles of a zoom, from its first and its last folder.
fn sample(path: &Path, zoom: u8) -> Vec<(u8, u32, u32)> {
    let folder = path.join(zoom.to_string());
    let firsts = numbers(&folder).unwrap_or_default();
    let ends = [firsts.first(), firsts.last()].into_iter().flatten();
    let seconds = |first: u32| {
        let entries = std::fs::read_dir(folder.join(first.to_string())).into_iter().flatten();
        entries.filter_map(move |entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            Some((zoom, first, name.split_once('.')?.0.parse().ok()?))
        })
    };
    ends.flat_map(|first| seconds(*first).take(64)).collect()
}

/// The ending of a tile in the first column of a zoom that has one.
fn first_ending(zoom: &Path) -> Option<(&'static str, TileFormat)> {
    let columns = numbers(zoom).ok()?;
    columns.into_iter().find_map(|column| {
        let entries = std::fs::read_dir(zoom.join(column.to_string())).ok()?;
        let endings: Vec<String> = entries
            .filter_map(|entry| {
                let name = entry.ok()?.file_name().into_string().ok()?;
                let (row, ending) = name.split_once('.')?;
                row.parse::<u32>().ok()?;
                Some(ending.to_owned())
            })
            .collect();
        let known = PICTURES.iter().chain(&VECTORS);
        known.copied().find(|(ending, _)| endings.iter().any(|found| found == ending))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        folder
    }

    fn open(folder: &tempfile::TempDir) -> Result<Folder, Error> {
        Folder::open(folder.path(), None)
    }

    fn tile(source: &Folder, z: u8, x: u32, y: u32) -> Option<Vec<u8>> {
        source.tile(TileId { z, x, y }).unwrap()
    }

    #[test]
    fn zooms_come_from_the_folders_that_hold_tiles_and_rows_count_from_the_north() {
        let folder = folder(&[
            ("2/1/0.png", b"north"),
            ("2/1/3.jpg", b"south"),
            ("11/7/9.png", b"fine"),
            ("15/4/readme.txt", b"no tile"),
            ("openlayers.html", b"<html>"),
        ]);
        let source = open(&folder).unwrap();
        assert_eq!((source.about.min_zoom, source.about.max_zoom), (2, 11));
        assert_eq!(tile(&source, 2, 1, 0).as_deref(), Some(&b"north"[..]));
        assert_eq!(tile(&source, 2, 1, 3).as_deref(), Some(&b"south"[..]), "another ending");
        assert_eq!(source.about.datum, Datum::Wgs84);
    }

    #[test]
    fn a_tile_that_is_not_there_is_none() {
        let folder = folder(&[("2/1/0.png", b"north")]);
        let source = open(&folder).unwrap();
        for (z, x, y) in [(2, 1, 1), (2, 3, 0), (9, 0, 0), (2, 1, 4), (31, 0, u32::MAX)] {
            assert_eq!(tile(&source, z, x, y), None, "{z}/{x}/{y}");
        }
    }

    #[test]
    fn a_broken_tile_is_an_error_and_the_others_are_shown() {
        let folder = folder(&[
            ("2/1/0.pbf", b"\x1f\x8bnot gzip"),
            ("2/1/1.pbf", b""),
            ("2/1/2.pbf", b"fine"),
        ]);
        std::fs::create_dir(folder.path().join("2/1/3.pbf")).unwrap();
        let source = open(&folder).unwrap();
        assert_eq!(source.about.format, TileFormat::Mvt);
        let told = |y| source.tile(TileId { z: 2, x: 1, y });
        for y in [0, 1] {
            assert!(matches!(told(y), Err(Error::Damaged(..))), "{y}");
        }
        assert!(matches!(told(3), Err(Error::Io(..))));
        assert_eq!(told(2).unwrap().as_deref(), Some(&b"fine"[..]));
    }

    #[test]
    fn rows_count_from_the_south_where_the_folder_says_so() {
        let tiles: [(&str, &[u8]); 1] = [("2/1/3.png", b"north")];
        let tms: &[u8] = br#"<TileMap><TileSets profile="mercator"></TileSets></TileMap>"#;
        for (beside, is_tms) in [
            (vec![("tilemapresource.xml", tms)], true),
            (vec![("metadata.json", &br#"{"scheme":"tms"}"#[..])], true),
            (vec![("tilemapresource.xml", tms), ("metadata.json", br#"{"scheme":"xyz"}"#)], false),
            (vec![("metadata.json", b"{ broken")], false),
        ] {
            let folder = folder(&[&tiles[..], &beside].concat());
            let source = open(&folder).unwrap();
            assert_eq!(tile(&source, 2, 1, 0).is_some(), is_tms, "{beside:?}");
            assert_eq!(tile(&source, 2, 1, 3).is_some(), !is_tms, "{beside:?}");
        }
    }

    #[test]
    fn rows_before_columns_and_rows_from_the_south_are_seen_by_where_they_lie() {
        for name in ["14/13569/6212.png", "14/13569/10171.png", "14/6212/13569.png"] {
            let folder = folder(&[(name, b"here")]);
            let source = open(&folder).unwrap();
            assert!(tile(&source, 14, 13_569, 6_212).is_some(), "{name}");
        }
    }

    #[test]
    fn the_datum_is_that_of_the_metadata_or_of_the_person() {
        let stated =
            |words: &str| folder(&[("2/1/3.png", b"x"), ("metadata.json", words.as_bytes())]);
        let gcj02 = stated("\u{feff}{\"datum\":\"GCJ-02\",\"attribution\":\"© 高德地图\"}");
        let about = open(&gcj02).unwrap().about;
        assert_eq!((about.datum, about.credit().as_str()), (Datum::Gcj02, "© 高德地图"));
        let corrected = Folder::open(gcj02.path(), Some(Datum::Wgs84)).unwrap();
        assert_eq!(corrected.about.datum, Datum::Wgs84);
        let bd09 = stated(r#"{"datum":"BD-09"}"#);
        assert!(matches!(open(&bd09), Err(Error::Shifted(..))));
    }

    #[test]
    fn a_folder_without_tiles_or_with_tiles_in_degrees_is_refused() {
        for files in [&[][..], &[("photos/2024/1.png", &b"x"[..])], &[("3/1/cover.png", b"x")]] {
            assert!(matches!(open(&folder(files)), Err(Error::NoTiles(_))), "{files:?}");
        }
        let xml: &[u8] = br#"<TileSets profile="geodetic">"#;
        let degrees = folder(&[("2/1/3.png", b"x"), ("tilemapresource.xml", xml)]);
        assert!(matches!(open(&degrees), Err(Error::NotMercator(_))));
    }
}
