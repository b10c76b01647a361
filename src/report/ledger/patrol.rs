//! What stands beside an item on a patrol sheet (巡查单): a map of its surroundings, and a QR code that
//! leads a phone there.

use geo_types::{Coord, Geometry};
use jiff::civil::Date;
use qrcodegen::{QrCode, QrCodeEcc};

use super::Error;
use crate::domain::{Kind, Lang, Record, Text, World};
use crate::exchange::photo;
use crate::geodesy::datum::{bd09_from_gcj02, gcj02_from_wgs84};
use crate::geodesy::wkb::{Bounds, bounds};
use crate::map::live::layout_picture;
use crate::map::{self, Extent, LayerInput, sketch};
use crate::report::block::Picture;
use crate::report::inset::InsetMap;

/// Which app a phone opens; each wants places in the datum of its own maps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapLink {
    #[default]
    Amap,
    Tencent,
    Baidu,
    /// RFC 5870, WGS-84: whatever app the phone has for it.
    Geo,
}

impl MapLink {
    /// In the order of lists.
    pub const ALL: [Self; 4] = [Self::Amap, Self::Tencent, Self::Baidu, Self::Geo];

    /// What a person calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::Amap => Text::new("高德地图", "Amap"),
            Self::Tencent => Text::new("腾讯地图", "Tencent"),
            Self::Baidu => Text::new("百度地图", "Baidu"),
            Self::Geo => Text::new("手机自带地图", "the phone's own"),
        }
    }

    /// The word of the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Amap => "amap",
            Self::Tencent => "tencent",
            Self::Baidu => "baidu",
            Self::Geo => "geo",
        }
    }

    /// By its word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|link| link.key() == key || link.label().zh == key)
    }

    /// The address that leads to a place, WGS-84 degrees: lbs.amap.com/api/uri-api,
    /// lbs.qq.com/webApi/uriV1, lbsyun.baidu.com (URI API).
    pub fn url(self, at: Coord<f64>, name: &str) -> String {
        let gcj02 = gcj02_from_wgs84(at);
        let name = escaped(name);
        match self {
            Self::Amap => format!(
                "https://uri.amap.com/marker?position={:.6},{:.6}&name={name}&coordinate=gaode",
                gcj02.x, gcj02.y
            ),
            Self::Tencent => format!(
                "https://apis.map.qq.com/uri/v1/marker?marker=coord:{:.6},{:.6};title:{name}&referer=shapan",
                gcj02.y, gcj02.x
            ),
            Self::Baidu => {
                let bd09 = bd09_from_gcj02(gcj02);
                format!(
                    "https://api.map.baidu.com/marker?location={:.6},{:.6}&title={name}&content={name}&coord_type=bd09ll&output=html&src=shapan",
                    bd09.y, bd09.x
                )
            }
            Self::Geo => format!("geo:{:.6},{:.6}?q={:.6},{:.6}({name})", at.y, at.x, at.y, at.x),
        }
    }
}

/// Letters and figures stay, everything else is percent-encoded (RFC 3986 §2).
fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in text.chars().take(20).collect::<String>().bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").ok();
        }
    }
    out
}

/// The map, millimetres, and dots an inch.
const MAP_MM: (f64, f64) = (104.0, 62.0);
const DPI: u32 = 170;
/// Around an item, degrees: some 400 m.
const AROUND_DEG: Coord<f64> = Coord { x: 0.0046, y: 0.0036 };
/// What is drawn below the item.
const LAYERS: [&str; 5] = ["areas", "roads", "rings", "items", "control_points"];
/// Between map and code, pixels.
const GAP_PX: u32 = 16;

/// Rows from the top, opaque, four bytes a pixel.
struct Pixels {
    rgba: Vec<u8>,
    width: u32,
    height: u32,
}

impl Pixels {
    fn white(width: u32, height: u32) -> Self {
        Self { rgba: vec![255; width as usize * height as usize * 4], width, height }
    }

    /// Puts a picture of the same height with its left edge there.
    fn put(&mut self, other: &Self, left: u32) {
        let (own, from) = (self.width as usize * 4, other.width as usize * 4);
        let rows = self.rgba.chunks_exact_mut(own.max(1)).zip(other.rgba.chunks_exact(from.max(1)));
        for (row, other) in rows {
            let at = left as usize * 4;
            if let Some(part) = row.get_mut(at..at + other.len()) {
                part.copy_from_slice(other);
            }
        }
    }
}

/// Map and code side by side; `None` where the item has no place.
pub fn picture(
    world: &World,
    item: &Record,
    link: MapLink,
    date: Date,
) -> Result<Option<Picture>, Error> {
    let Some(at) = place(item) else { return Ok(None) };
    let unmade = |why: String| Error::Unmade { code: code(item).to_owned(), why };
    let map = map(world, item, at, date).map_err(|error| unmade(error.to_string()))?;
    let url = link.url(at, code(item));
    let qr = qr(&url, map.height).map_err(unmade)?;
    let (width, height) = (map.width + GAP_PX + qr.width, map.height);
    let mut both = Pixels::white(width, height);
    both.put(&map, 0);
    both.put(&qr, map.width + GAP_PX);
    let png = photo::png(both.rgba, width, height);
    let png = png.ok_or_else(|| unmade("the picture has no size".to_owned()))?;
    let words = format!("地图与导航码：{url}");
    Ok(Some(Picture { png, width_px: width, height_px: height, words }))
}

fn code(item: &Record) -> &str {
    item.code().unwrap_or_else(|| item.name())
}

fn place(item: &Record) -> Option<Coord<f64>> {
    match &item.geometry {
        Some(Geometry::Point(point)) => Some(point.0),
        _ => None,
    }
}

fn map(world: &World, item: &Record, at: Coord<f64>, date: Date) -> Result<Pixels, map::Error> {
    let around = Bounds { min: at - AROUND_DEG, max: at + AROUND_DEG };
    // What lies elsewhere is not drawn, and of the ledger this item alone.
    let mut near = World::default();
    for kind in [Kind::Area, Kind::Road, Kind::ControlPoint] {
        for record in world.table(kind).iter() {
            let own = record.geometry.as_ref().and_then(bounds);
            if own.is_some_and(|own| own.meets(around)) || kind == Kind::ControlPoint {
                near.load(std::sync::Arc::clone(record));
            }
        }
    }
    near.load(std::sync::Arc::new(item.clone()));
    let input = LayerInput { world: &near, lang: Lang::Zh };
    let sketch = sketch(&input, &|layer| LAYERS.contains(&layer.key()));
    // The number stands above it.
    let title = Some(item.text("address")).filter(|text| !text.is_empty()).unwrap_or(item.name());
    let extent = Extent::Fit(around);
    let map = InsetMap { size_mm: MAP_MM, dpi: DPI, extent, title, date, seal: None };
    // A page is opaque, so premultiplied pixels are plain ones.
    let (rgba, width, height) = layout_picture(&map.layout(&sketch)?)?;
    Ok(Pixels { rgba, width, height })
}

/// A code with its quiet zone of four modules (ISO/IEC 18004), as large as fits whole pixels.
fn qr(text: &str, side_px: u32) -> Result<Pixels, String> {
    const QUIET: u32 = 4;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|error| error.to_string())?;
    let size = code.size().unsigned_abs();
    let scale = side_px / (size + 2 * QUIET);
    if scale == 0 {
        return Err("the code is larger than its room".to_owned());
    }
    let off = (side_px - scale * size) / 2;
    let mut pixels = Pixels::white(side_px, side_px);
    let dark = |x: u32, y: u32| {
        let module = |at: u32| i32::try_from(at.checked_sub(off)? / scale).ok();
        module(x).zip(module(y)).is_some_and(|(x, y)| code.get_module(x, y))
    };
    for (at, pixel) in (0..).zip(pixels.rgba.chunks_exact_mut(4)) {
        if dark(at % side_px, at / side_px) {
            pixel.copy_from_slice(&[0, 0, 0, 255]);
        }
    }
    Ok(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_place_in_the_datum_of_its_maps() {
        // 天安门, WGS-84; some 550 m away on GCJ-02.
        let at = Coord { x: 116.391_35, y: 39.907_37 };
        let amap = MapLink::Amap.url(at, "FR-20261129-017");
        assert!(amap.starts_with("https://uri.amap.com/marker?position=116.3975"), "{amap}");
        assert!(amap.contains("39.9087") && amap.ends_with("&coordinate=gaode"), "{amap}");
        assert!(MapLink::Geo.url(at, "a b").starts_with("geo:39.907370,116.391350"));
        assert!(MapLink::Geo.url(at, "裸土").ends_with("(%E8%A3%B8%E5%9C%9F)"));
        for link in MapLink::ALL {
            assert_eq!(MapLink::from_key(link.key()), Some(link));
        }
    }

    #[test]
    fn a_code_has_its_quiet_zone_and_the_three_marks_that_a_phone_looks_for() {
        let text = MapLink::Amap.url(Coord { x: 118.15, y: 39.83 }, "FR-20261129-017");
        let side = 420;
        let picture = qr(&text, side).unwrap();
        let is_dark = |x: u32, y: u32| picture.rgba[((y * side + x) * 4) as usize] == 0;
        assert!((0..side).all(|at| !is_dark(at, 0) && !is_dark(0, at) && !is_dark(side - 1, at)));
        // The first dark pixel is the corner of a finder of seven modules: 1:1:3:1:1 along its middle.
        let first = (0..side).find(|at| is_dark(*at, *at)).unwrap();
        let end = (first..side).find(|x| !is_dark(*x, first)).unwrap();
        let module = (end - first) / 7;
        let along: Vec<bool> = (0..7)
            .map(|at| is_dark(first + at * module + module / 2, first + 3 * module + 1))
            .collect();
        assert_eq!(along, [true, false, true, true, true, false, true]);
        let count = (side - 2 * first) / module;
        let last = first + (count - 7) * module;
        assert!(is_dark(last + 1, first + 1) && is_dark(first + 1, last + 1));
        assert!(!is_dark(last + module + 1, last + 1) || !is_dark(last + 1, last + 1));
    }
}
