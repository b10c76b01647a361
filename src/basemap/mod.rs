//! Base maps: tiles as bytes, from archives, folders and the web. How they are drawn is not here but in
//! `map::base` and `ui::canvas`.

pub mod cache;
mod error;
pub mod mvt;
pub mod online;
pub mod providers;
mod sources;

use std::path::Path;

use geo_types::Coord;

use crate::geodesy::mercator::TileId;
use crate::geodesy::wkb::Bounds;

pub use self::error::{Error, NotPicture};
pub use self::sources::{ARCHIVE_ENDINGS, open};

/// Tiles of the XYZ scheme in Web Mercator.
pub trait TileSource {
    /// The bytes of a tile, unpacked. `None` where the source has none.
    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Error>;

    fn about(&self) -> &SourceInfo;

    /// Labels that lie on top of these tiles, on the same datum. Where a tile of them is missing
    /// the one below is shown bare.
    fn overlay(&self) -> Option<&dyn TileSource> {
        None
    }
}

/// What a source says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceInfo {
    pub name: String,
    /// Plain text: markup of web pages is taken out.
    pub attribution: String,
    /// 审图号, the number under which the map was approved for publication.
    pub approval: Option<String>,
    pub datum: Datum,
    pub format: TileFormat,
    pub min_zoom: u8,
    pub max_zoom: u8,
    /// What it says that it covers, longitude/latitude degrees; `None` where it says nothing.
    pub extent: Option<Bounds>,
}

/// On which datum the tiles were cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datum {
    Wgs84,
    Gcj02,
    Bd09,
}

/// How the bytes of a tile are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileFormat {
    Png,
    Jpeg,
    Webp,
    /// Mapbox vector tiles.
    Mvt,
}

/// A tile of more bytes than this is no tile.
pub(crate) const MOST_TILE_BYTES: usize = 32 << 20;

impl Datum {
    /// What the metadata say, or what their maker is known to use: the large Chinese providers
    /// cut all their tiles on GCJ-02, Baidu on BD-09.
    fn from_words(stated: Option<&str>, others: &str) -> Self {
        let words = stated.unwrap_or(others).to_lowercase();
        let has = |names: &[&str]| names.iter().any(|name| words.contains(name));
        if has(&["bd-09", "bd09", "百度", "baidu"]) {
            Self::Bd09
        } else if has(&["gcj-02", "gcj02", "火星坐标", "高德", "autonavi", "amap", "腾讯地图"])
        {
            Self::Gcj02
        } else {
            Self::Wgs84
        }
    }

    /// As [`Datum::name`] writes it.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Wgs84, Self::Gcj02, Self::Bd09].into_iter().find(|datum| datum.name() == name)
    }

    /// As files and people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wgs84 => "WGS-84",
            Self::Gcj02 => "GCJ-02",
            Self::Bd09 => "BD-09",
        }
    }
}

impl SourceInfo {
    /// From the metadata of an archive; `get` finds a value by its key. The datum is what a person
    /// has stated, else what they say.
    fn from_metadata(
        get: &dyn Fn(&str) -> Option<String>,
        format: TileFormat,
        datum: Option<Datum>,
    ) -> Self {
        let first = |keys: &[&str]| keys.iter().find_map(|key| get(key));
        let word = |key: &str| get(key).unwrap_or_default();
        let stated = first(&["datum", "crs", "coordinate_system", "坐标系"]);
        let others = [word("name"), word("description"), word("attribution")].join(" ");
        Self {
            name: word("name"),
            attribution: plain(&word("attribution")),
            approval: first(&["审图号", "approval", "approval_number", "map_approval"]),
            datum: datum.unwrap_or_else(|| Datum::from_words(stated.as_deref(), &others)),
            format,
            min_zoom: 0,
            max_zoom: 22,
            extent: get("bounds").and_then(|stated| extent(&stated)),
        }
    }

    /// The base map's line on a printed map.
    pub fn credit(&self) -> String {
        let name = if self.attribution.is_empty() { &self.name } else { &self.attribution };
        match &self.approval {
            Some(number) if !self.attribution.contains(number) => {
                format!("{name} 审图号:{number}").trim().to_owned()
            }
            _ => name.clone(),
        }
    }

    /// Tiles on GCJ-02 are welcome: whoever draws over them shifts the data as they are. Those on
    /// BD-09 are refused, because Baidu cuts them on a grid of its own.
    fn checked(self, path: &Path) -> Result<Self, Error> {
        match self.datum {
            Datum::Wgs84 | Datum::Gcj02 => Ok(self),
            Datum::Bd09 => Err(Error::Shifted(self.datum.name(), path.to_owned())),
        }
    }
}

/// `west,south,east,north`, as MBTiles states it; `None` for a box of no size.
fn extent(stated: &str) -> Option<Bounds> {
    let numbers: Option<Vec<f64>> = stated.split(',').map(|it| it.trim().parse().ok()).collect();
    let [west, south, east, north] = numbers?.try_into().ok()?;
    box_of(west, south, east, north)
}

/// `None` where the sides are no numbers or the wrong way round.
fn box_of(west: f64, south: f64, east: f64, north: f64) -> Option<Bounds> {
    let is_box =
        west < east && south < north && [west, south, east, north].iter().all(|it| it.is_finite());
    is_box.then_some(Bounds { min: Coord { x: west, y: south }, max: Coord { x: east, y: north } })
}

/// Without tags, with the commonest entities read, in one line.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for c in html.chars().take(4096) {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            c if !is_tag => text.push(c),
            _ => {}
        }
    }
    for (entity, c) in [("&copy;", "©"), ("&nbsp;", " "), ("&quot;", "\""), ("&amp;", "&")] {
        text = text.replace(entity, c);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Unpacks gzip, never to more than a tile may have.
pub(crate) fn gunzip(bytes: &[u8], most: usize) -> Option<Vec<u8>> {
    use std::io::Read as _;
    let mut out = Vec::new();
    let limit = u64::try_from(most).ok()? + 1;
    flate2::read::MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut out).ok()?;
    (out.len() <= most).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(pairs: &[(&str, &str)]) -> SourceInfo {
        let get = |key: &str| {
            pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned())
        };
        SourceInfo::from_metadata(&get, TileFormat::Png, None)
    }

    #[test]
    fn a_base_map_on_baidus_datum_is_refused_and_told_why() {
        let path = Path::new("底图.mbtiles");
        for pairs in [[("datum", "BD-09")], [("attribution", "© 百度地图")]] {
            let error = about(&pairs).checked(path).unwrap_err();
            assert!(error.to_string().contains("BD-09"), "{error}");
        }
        let corrected = about(&[("datum", "WGS-84"), ("attribution", "© 百度地图")]);
        assert!(corrected.checked(path).is_ok());
    }

    #[test]
    fn a_base_map_on_gcj02_is_known_as_such_and_taken() {
        for pairs in [[("datum", "GCJ-02")], [("attribution", "© 高德地图")]] {
            let taken = about(&pairs).checked(Path::new("底图.mbtiles")).unwrap();
            assert_eq!(taken.datum, Datum::Gcj02);
        }
    }

    #[test]
    fn a_credit_is_plain_text_with_the_approval_number() {
        let html = "<a href=\"https://x\">&copy; OpenStreetMap</a>  contributors";
        assert_eq!(about(&[("attribution", html)]).credit(), "© OpenStreetMap contributors");
        let tianditu = about(&[("attribution", "天地图"), ("审图号", "GS(2024)0568号")]);
        assert_eq!(tianditu.credit(), "天地图 审图号:GS(2024)0568号");
    }

    #[test]
    fn a_bomb_of_zeros_is_not_unpacked() {
        use std::io::Write as _;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![0; 1 << 20]).unwrap();
        let bomb = packer.finish().unwrap();
        assert!(gunzip(&bomb, 1 << 19).is_none());
        assert_eq!(gunzip(&bomb, 1 << 20).unwrap().len(), 1 << 20);
    }
}
