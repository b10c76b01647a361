//! Column names as offices write them, and what each may stand for.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::domain::{Kind, Text};
use crate::geodesy::crs::Crs;

/// What a column can be beside a field of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Special {
    /// The id of the record, a UUID.
    Id,
    /// The key or name of a layer.
    Layer,
    /// The CRS of the row.
    Crs,
    /// The geometry as well-known text.
    Wkt,
    /// Longitude or easting.
    Lon,
    /// Latitude or northing.
    Lat,
    /// Both in one cell: `118.16,39.83`.
    Pair,
    /// Minutes and seconds of a longitude whose degrees stand in a column of their own.
    LonMinutes,
    LonSeconds,
    LatMinutes,
    LatSeconds,
}

/// How closely a name fits; the lowest wins a contested field.
pub type Rank = u8;

const KEY: Rank = 0;
const LABEL: Rank = 1;
const ALIAS: Rank = 2;
/// Added where a name fits only without its unit.
const WITHOUT_UNIT: Rank = 3;

/// A field that a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub kind: Kind,
    /// Its place among [`Kind::fields`].
    pub field: u8,
    pub rank: Rank,
}

/// All that a column's name says.
#[derive(Clone, Debug, Default)]
pub struct Meanings {
    pub fields: Vec<Candidate>,
    pub special: Option<(Special, Rank)>,
    /// The datum of the coordinates, where the name states it: `经度(GCJ02)`.
    pub crs: Option<Crs>,
}

/// What 纬度 is often mistyped as; beside a 经度 nothing else is meant.
const MISWRITTEN_LAT: &str = "维度";

/// The first of each is what this program writes itself.
const SPECIALS: &[(Special, &[&str])] = &[
    (Special::Id, &["id"]),
    (Special::Layer, &["layer", "图层"]),
    (Special::Crs, &["crs", "坐标系", "坐标系统", "坐标基准", "datum", "srs", "ovcoordtype"]),
    (Special::Wkt, &["wkt", "geometry", "geom", "the_geom", "wkt_geom", "几何"]),
    (
        Special::Lon,
        &[
            "lon",
            "lng",
            "long",
            "longitude",
            "x",
            "经度",
            "东经",
            "经",
            "x坐标",
            "坐标x",
            "经度坐标",
            "坐标经度",
            "中心经度",
            "横坐标",
            "东坐标",
            "easting",
            "east",
            "point_x",
            "lon_x",
            "coord_x",
            "xcoord",
            "longtitude",
            "longitute",
        ],
    ),
    (
        Special::Lat,
        &[
            "lat",
            "latitude",
            "y",
            "纬度",
            "北纬",
            "纬",
            "y坐标",
            "坐标y",
            "纬度坐标",
            "坐标纬度",
            "中心纬度",
            "纵坐标",
            "北坐标",
            "northing",
            "north",
            "point_y",
            "lat_y",
            "coord_y",
            "ycoord",
            "latitute",
            "lattitude",
            MISWRITTEN_LAT,
        ],
    ),
    (
        Special::Pair,
        &[
            "坐标",
            "经纬度",
            "地理坐标",
            "位置坐标",
            "坐标位置",
            "经纬度坐标",
            "中心坐标",
            "纬经度",
            "coordinates",
            "coordinate",
            "lonlat",
            "lnglat",
            "latlon",
            "latlng",
        ],
    ),
    (Special::LonMinutes, &["lon_minutes"]),
    (Special::LonSeconds, &["lon_seconds"]),
    (Special::LatMinutes, &["lat_minutes"]),
    (Special::LatSeconds, &["lat_seconds"]),
];

/// Ends of names that are longitudes, latitudes or pairs whatever stands in front: 排放口经度,
/// 企业纬度, `site_longitude`, 点位坐标.
const PLACE_ENDS: &[(Special, &[&str])] = &[
    (Special::Pair, &["经纬度", "坐标"]),
    (Special::Lon, &["经度", "东经", "longitude", "_lon", "_lng", "_long"]),
    (Special::Lat, &["纬度", "北纬", "latitude", "_lat"]),
];

/// Ends of names that call a thing or say where it is: 商户名称, `StationName`, 工程地址.
const FIELD_ENDS: &[(&str, &[&str])] =
    &[("name", &["名称", "name"]), ("address", &["地址", "地点"])];

/// Ends that look like those and are none.
const NOT_NAMES: &[&str] = &["filename", "username", "layername", "surname", "rename", "曾用名称"];

/// Names of datums inside the name of a column. `gps` is no statement: here people call every
/// pair of numbers so.
const DATUMS: &[(&str, Option<Crs>)] = &[
    ("gcj-02", Some(Crs::Gcj02)),
    ("gcj02", Some(Crs::Gcj02)),
    ("gcj", Some(Crs::Gcj02)),
    ("火星", Some(Crs::Gcj02)),
    ("高德", Some(Crs::Gcj02)),
    ("腾讯", Some(Crs::Gcj02)),
    ("bd-09", Some(Crs::Bd09)),
    ("bd09", Some(Crs::Bd09)),
    ("百度", Some(Crs::Bd09)),
    ("wgs-84", Some(Crs::Wgs84)),
    ("wgs84", Some(Crs::Wgs84)),
    ("cgcs2000", Some(Crs::Cgcs2000)),
    ("国家2000", Some(Crs::Cgcs2000)),
    ("gps", None),
];

/// Words in column names that only lists of air stations use.
const STATION_WORDS: &[&str] = &["监测点", "站点", "控制点", "站名"];

/// What we write beside a rejected row: where it stood, and what was wrong with what.
pub const REJECTION_COLUMNS: [Text; 4] = [
    Text::new("退回行", "rejected_row"),
    Text::new("退回列", "rejected_column"),
    Text::new("退回内容", "rejected_value"),
    Text::new("退回原因", "rejected_reason"),
];

static FIELDS: LazyLock<FxHashMap<String, Vec<Candidate>>> = LazyLock::new(|| {
    let mut names: FxHashMap<String, Vec<Candidate>> = FxHashMap::default();
    for kind in Kind::ALL.into_iter().filter(|kind| kind.is_brought()) {
        for (field, index) in kind.fields().iter().zip(0..) {
            let spellings = [(field.key, KEY), (field.label.zh, LABEL), (field.label.en, LABEL)]
                .into_iter()
                .chain(field.also.iter().map(|name| (*name, ALIAS)));
            for (name, rank) in spellings {
                let candidates = names.entry(normal(name)).or_default();
                if !candidates.iter().any(|known| known.kind == kind && known.field == index) {
                    candidates.push(Candidate { kind, field: index, rank });
                }
            }
        }
    }
    names
});

static PLACES: LazyLock<FxHashMap<&'static str, (Special, Rank)>> = LazyLock::new(|| {
    let names = SPECIALS.iter().flat_map(|(special, names)| {
        let ranks = [KEY].into_iter().chain(std::iter::repeat(ALIAS));
        names.iter().zip(ranks).map(move |(name, rank)| (*name, (*special, rank)))
    });
    names.collect()
});

/// One spelling for all: half-width, lower case, no blanks, no `100%` before the six items.
pub fn normal(name: &str) -> String {
    let plain: String = name.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    let mut plain = plain.to_lowercase();
    for prefix in ["100%", "百分之百", "百分百"] {
        if plain.len() > prefix.len() && plain.contains(prefix) {
            plain = plain.replace(prefix, "");
        }
    }
    plain.trim_matches(|c| matches!(c, '*' | ':' | '\u{feff}')).to_owned()
}

/// Full-width forms of ASCII (U+FF01 to U+FF5E) and the Chinese brackets.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '【' | '〔' | '[' => '(',
        '】' | '〕' | ']' => ')',
        c => c,
    }
}

/// `半径(m)` → `半径`; `None` without brackets at the end.
fn without_unit(name: &str) -> Option<&str> {
    let (stem, _) = name.strip_suffix(')')?.rsplit_once('(')?;
    (!stem.is_empty()).then_some(stem)
}

/// Takes the datum out of a name: `经度(gcj02)` → GCJ-02 and `经度`.
fn split_datum(name: &str) -> Option<(Option<Crs>, String)> {
    let (word, crs) = DATUMS.iter().find(|(word, _)| name.contains(word))?;
    let rest = name.replacen(word, "", 1);
    let rest = without_unit(&rest).map_or_else(|| rest.clone(), str::to_owned);
    let rest = rest.trim_matches(|c| matches!(c, '_' | '-' | '(' | ')')).to_owned();
    Some((crs.clone(), rest))
}

/// Added where only the end of a name fits.
const BY_END: Rank = 6;

/// What a column of this name may be, to any kind.
pub fn meanings(name: &str) -> Meanings {
    let name = normal(name);
    let mut found = Meanings {
        fields: FIELDS.get(&name).cloned().unwrap_or_default(),
        special: PLACES.get(name.as_str()).copied(),
        crs: None,
    };
    if found.special.is_none()
        && let Some((crs, rest)) = split_datum(&name)
        && let Some((special @ (Special::Lon | Special::Lat | Special::Pair), rank)) =
            PLACES.get(rest.as_str()).copied().or_else(|| place_by_end(&rest))
    {
        found.special = Some((special, rank + 1));
        found.crs = crs;
    }
    if found.special.is_none() {
        found.special = part_of_angle(&name).or_else(|| axis_in_brackets(&name));
    }
    if let Some(stem) = without_unit(&name) {
        add_fields(&mut found.fields, stem, WITHOUT_UNIT);
        let special = PLACES.get(stem).map(|(special, rank)| (*special, rank + WITHOUT_UNIT));
        found.special = found.special.or(special);
    }
    if found.fields.is_empty() && found.special.is_none() {
        let stem = without_unit(&name).unwrap_or(&name);
        found.special = place_by_end(stem);
        if found.special.is_none() {
            add_by_end(&mut found.fields, stem);
        }
    }
    found
}

/// `坐标(经度)`, `E(东经)`: what stands in brackets behind a word for both, or behind a letter.
fn axis_in_brackets(name: &str) -> Option<(Special, Rank)> {
    let (stem, axis) = name.strip_suffix(')')?.rsplit_once('(')?;
    let is_letter = stem.len() == 1;
    let is_pair = is_letter
        || PLACE_ENDS.iter().any(|(special, ends)| {
            *special == Special::Pair && ends.iter().any(|end| stem.ends_with(end))
        });
    let found = PLACES.get(axis).copied().or_else(|| place_by_end(axis))?;
    (is_pair && matches!(found.0, Special::Lon | Special::Lat)).then_some(found)
}

/// What longitudes and latitudes are called for short, by their initials and by their sound. Alone,
/// and beside a column with a whole name, such a word means nothing.
const ABBREVIATED: [[&str; 2]; 5] =
    [["jd", "wd"], ["jingdu", "weidu"], ["dongjing", "beiwei"], ["j", "w"], ["e", "n"]];

/// The two columns that an abbreviated pair stands over.
pub fn abbreviated<'n>(names: impl Iterator<Item = &'n str>) -> Option<[usize; 2]> {
    let bare = |name: &str| {
        let name = normal(name);
        without_unit(&name).unwrap_or(&name).trim_end_matches('°').to_owned()
    };
    let names: Vec<String> = names.map(bare).collect();
    ABBREVIATED.iter().find_map(|pair| {
        let [lon, lat] = pair.map(|wanted| names.iter().position(|name| name == wanted));
        Some([lon?, lat?])
    })
}

/// Whether the column is taken for latitudes only beside one of longitudes.
pub fn is_miswritten_lat(name: &str) -> bool {
    without_unit(&normal(name)).unwrap_or(&normal(name)) == MISWRITTEN_LAT
}

/// Of a head that is no more than 度, 分 or 秒, as heads under a merged 经度 are: which of the three.
pub fn bare_part(name: &str) -> Option<usize> {
    let name = normal(name);
    // The second of a name is numbered.
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    ["度°", "分'′", "秒\"″"].iter().position(|signs| {
        let mut chars = bare.trim_matches(['(', ')']).chars();
        chars.next().is_some_and(|c| signs.contains(c)) && chars.next().is_none()
    })
}

/// The fields that are called `stem`, but for those that are among them already.
fn add_fields(fields: &mut Vec<Candidate>, stem: &str, more: Rank) {
    for known in FIELDS.get(stem).into_iter().flatten() {
        if !fields.iter().any(|own| (own.kind, own.field) == (known.kind, known.field)) {
            fields.push(Candidate { rank: known.rank + more, ..*known });
        }
    }
}

/// `排放口经度`, `经度1`, `site_lon`, `经度值`.
fn place_by_end(name: &str) -> Option<(Special, Rank)> {
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-' | '#'));
    let plain = plain.strip_suffix('值').unwrap_or(plain);
    // Nobody knows what N1 or X2 are.
    if plain != name
        && plain.chars().count() > 1
        && let Some((special, _)) = PLACES.get(plain)
        && matches!(special, Special::Lon | Special::Lat | Special::Pair)
    {
        return Some((*special, BY_END));
    }
    // 东经E, 纬度°N.
    let bare = plain.trim_end_matches(['e', 'n', '°']);
    if bare != plain
        && !bare.is_ascii()
        && let Some((special @ (Special::Lon | Special::Lat), _)) = PLACES.get(bare)
    {
        return Some((*special, BY_END));
    }
    let is_end = |ends: &[&str]| ends.iter().any(|end| plain.ends_with(end));
    let by_end = PLACE_ENDS.iter().find(|(_, ends)| is_end(ends));
    by_end.map(|(special, _)| (*special, BY_END + 1))
}

/// What stands before the word for the axis: columns with the same belong together.
pub fn place_stem(name: &str) -> String {
    let mut stem = normal(name);
    for (_, ends) in PLACE_ENDS {
        for end in *ends {
            stem = stem.replace(end, "");
        }
    }
    stem
}

/// `经度分`, `排放口纬度(秒)`, `东经_度`: a part of an angle that is spread over columns.
fn part_of_angle(name: &str) -> Option<(Special, Rank)> {
    let bare = name.trim_end_matches(')');
    let (at, mark) = bare.char_indices().next_back()?;
    let stem = bare.get(..at)?.trim_end_matches(['(', '_', '-']);
    let (axis, _) = PLACES.get(stem).copied().or_else(|| place_by_end(stem))?;
    let special = match (axis, mark) {
        (Special::Lon | Special::Lat, '度' | '°') => axis,
        (Special::Lon, '分' | '\'' | '′') => Special::LonMinutes,
        (Special::Lon, '秒' | '"' | '″') => Special::LonSeconds,
        (Special::Lat, '分' | '\'' | '′') => Special::LatMinutes,
        (Special::Lat, '秒' | '"' | '″') => Special::LatSeconds,
        _ => return None,
    };
    Some((special, ALIAS))
}

/// `建设单位名称` is the 建设单位; 商户名称 is what the thing itself is called.
fn add_by_end(fields: &mut Vec<Candidate>, name: &str) {
    if NOT_NAMES.iter().any(|end| name.ends_with(end)) {
        return;
    }
    for (key, ends) in FIELD_ENDS {
        let stem = ends.iter().find_map(|end| name.strip_suffix(end));
        let Some(stem) = stem.filter(|stem| !stem.is_empty()) else { continue };
        add_fields(fields, stem.trim_end_matches('_'), BY_END);
        if !fields.is_empty() {
            return;
        }
        for kind in Kind::ALL.into_iter().filter(|kind| kind.is_brought()) {
            let own = kind.fields().iter().zip(0..).find(|(field, _)| field.key == *key);
            fields.extend(own.map(|(_, field)| Candidate { kind, field, rank: BY_END + 1 }));
        }
    }
}

/// Whether a cell with this text may well be the head of a column.
pub fn is_known(name: &str) -> bool {
    let meanings = meanings(name);
    meanings.special.is_some() || !meanings.fields.is_empty()
}

/// Whether only lists of air stations have a column of this name.
pub fn is_of_station(column: &str) -> bool {
    STATION_WORDS.iter().any(|word| column.contains(word))
}

/// Whether a column is one of ours beside a rejected row: no news when the row comes again.
pub fn is_of_rejection(column: &str) -> bool {
    let column = normal(column);
    REJECTION_COLUMNS.iter().any(|name| column == name.zh || column == name.en)
}

/// The special columns with what `--map` calls each.
pub fn special_keys() -> impl Iterator<Item = (Special, &'static str)> {
    SPECIALS.iter().filter_map(|(special, names)| Some((*special, *names.first()?)))
}

/// What `--map` calls a special column.
pub fn key_of(wanted: Special) -> &'static str {
    special_keys().find(|(special, _)| *special == wanted).map_or("", |(_, key)| key)
}

/// The special column that a person names in `--map`.
pub fn special_called(name: &str) -> Option<Special> {
    PLACES.get(normal(name).as_str()).map(|(special, _)| *special)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn special(name: &str) -> Option<Special> {
        meanings(name).special.map(|(special, _)| special)
    }

    fn field_of(kind: Kind, name: &str) -> Option<&'static str> {
        let meanings = meanings(name);
        let candidate = meanings.fields.iter().find(|known| known.kind == kind)?;
        kind.fields().get(usize::from(candidate.field)).map(|field| field.key)
    }

    #[test]
    fn coordinates_are_found_under_the_names_that_offices_use() {
        for name in ["经度", " Lng ", "LONGITUDE", "ｘ", "经度（°）", "东经", "X坐标", "GPS经度"]
        {
            assert_eq!(special(name), Some(Special::Lon), "{name}");
        }
        for name in ["纬度", "lat", "Latitude(度)", "北坐标", "Y"] {
            assert_eq!(special(name), Some(Special::Lat), "{name}");
        }
        assert_eq!(special("经纬度"), Some(Special::Pair));
        assert_eq!(special("地址"), None);
        for name in ["排放口经度", "经度1", "企业经度(度)", "site_lon", "经度值", "SiteLongitude"]
        {
            assert_eq!(special(name), Some(Special::Lon), "{name}");
        }
        assert_eq!((special("x1"), special("N1")), (None, None));
        for (lon, lat) in [
            ("东经E", "北纬N"),
            ("经度°E", "纬度°N"),
            ("坐标（经度）", "坐标（纬度）"),
            ("longtitude", "lattitude"),
            ("经度", "维度"),
            ("E（东经）", "N（北纬）"),
            ("Y（经度）", "X（纬度）"),
        ] {
            assert_eq!((special(lon), special(lat)), (Some(Special::Lon), Some(Special::Lat)));
        }
        assert_eq!(special("路段(东)"), None);
    }

    #[test]
    fn a_column_name_may_state_the_datum() {
        let datum = |name: &str| meanings(name).crs;
        assert_eq!(datum("经度(GCJ02)"), Some(Crs::Gcj02));
        assert_eq!(datum("bd09_lng"), Some(Crs::Bd09));
        assert_eq!(datum("百度经度"), Some(Crs::Bd09));
        assert_eq!(datum("WGS-84 纬度"), Some(Crs::Wgs84));
        assert_eq!(datum("高德坐标"), Some(Crs::Gcj02));
        assert_eq!(datum("GPS经度"), None);
        assert_eq!(special("bd09_lng"), Some(Special::Lon));
    }

    #[test]
    fn fields_are_found_with_units_brackets_and_percent_prefixes() {
        assert_eq!(field_of(Kind::ControlPoint, "半径（m）"), Some("radii_m"));
        assert_eq!(field_of(Kind::Site, "100%围挡"), Some("enclosure"));
        assert_eq!(field_of(Kind::Site, "施工工地周边百分之百围挡"), Some("enclosure"));
        assert_eq!(field_of(Kind::Site, "乡镇（街道）"), Some("township"));
        assert_eq!(field_of(Kind::Site, "联系\n电话"), Some("phone"));
        assert_eq!(field_of(Kind::Site, "Responsible Unit"), Some("unit"));
        assert_eq!(field_of(Kind::Site, "绿化率"), None);
    }
}
