//! Online base maps that are known: their URL templates, datums, credits and terms of use. How they
//! are fetched is `basemap::online`.

use super::Datum;
use crate::text::{LocalizedText, Text};

/// An online base map. Its URL template holds `{z}`, `{x}`, `{y}` and, where one is needed, `{key}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    pub id: String,
    pub name: LocalizedText,
    pub url: String,
    pub datum: Datum,
    pub attribution: String,
    /// What must be agreed to before use.
    pub terms: LocalizedText,
    pub needs_key: bool,
    pub max_zoom: u8,
    /// Id of the provider whose labels lie on top of it.
    pub overlay: Option<String>,
}

/// The same as constants.
struct ProviderRow {
    id: &'static str,
    name: Text,
    url: &'static str,
    datum: Datum,
    attribution: &'static str,
    terms: Text,
    needs_key: bool,
    max_zoom: u8,
    overlay: Option<&'static str>,
}

/// What all maps of Tianditu have in common.
const TIANDITU: ProviderRow = ProviderRow {
    datum: Datum::Wgs84,
    attribution: "天地图 GS(2024)0568号",
    terms: Text::new(
        "天地图须用本单位申请的密钥（浏览器端或服务器端均可），按其服务条款使用。",
        "Tianditu needs a key of your own office and is used under its terms of service.",
    ),
    needs_key: true,
    max_zoom: 18,
    ..EMPTY
};
/// What all maps of Amap have in common.
const AMAP: ProviderRow = ProviderRow {
    datum: Datum::Gcj02,
    attribution: "© 高德地图",
    terms: Text::new(
        "高德瓦片未公开授权第三方程序直接调用，请先取得许可；坐标系为 GCJ-02，本区数据会自动对准。",
        "Amap has not licensed its tiles for direct use by other programs: obtain permission \
         first. Its datum is GCJ-02; our data are shifted to fit.",
    ),
    max_zoom: 18,
    ..EMPTY
};
const EMPTY: ProviderRow = ProviderRow {
    id: "",
    name: Text::new("", ""),
    url: "",
    datum: Datum::Wgs84,
    attribution: "",
    terms: Text::new("", ""),
    needs_key: false,
    max_zoom: 19,
    overlay: None,
};

/// Tianditu: WMTS in KVP, tile matrix set `w` (Web Mercator, `CGCS2000`). OpenStreetMap: the tile
/// usage policy of operations.osmfoundation.org. Esri: World Imagery of `ArcGIS` Online.
const ROWS: &[ProviderRow] = &[
    ProviderRow {
        id: "tianditu-vec",
        name: Text::new("天地图 矢量", "Tianditu streets"),
        url: "https://t0.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}",
        overlay: Some("tianditu-cva"),
        ..TIANDITU
    },
    ProviderRow {
        id: "tianditu-img",
        name: Text::new("天地图 影像", "Tianditu imagery"),
        url: "https://t0.tianditu.gov.cn/img_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=img&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}",
        overlay: Some("tianditu-cia"),
        ..TIANDITU
    },
    ProviderRow {
        id: "osm",
        name: Text::new("OpenStreetMap", "OpenStreetMap"),
        url: "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        attribution: "© OpenStreetMap contributors",
        terms: Text::new(
            "遵守 OSM 瓦片使用政策：标明来源、缓存、不批量下载。",
            "Under the OSM tile usage policy: attribution, caching, no bulk download.",
        ),
        ..EMPTY
    },
    ProviderRow {
        id: "esri-imagery",
        name: Text::new("Esri 影像", "Esri World Imagery"),
        url: "https://services.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/{z}/{y}/{x}",
        attribution: "Esri, Maxar, Earthstar Geographics",
        terms: Text::new(
            "按 Esri 主协议使用，须标明来源。",
            "Used under the Esri Master Agreement, with attribution.",
        ),
        ..EMPTY
    },
    ProviderRow {
        id: "amap-vec",
        name: Text::new("高德 矢量", "Amap streets"),
        url: "https://webrd01.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}",
        ..AMAP
    },
    ProviderRow {
        id: "amap-img",
        name: Text::new("高德 影像", "Amap imagery"),
        url: "https://webst01.is.autonavi.com/appmaptile?style=6&x={x}&y={y}&z={z}",
        ..AMAP
    },
];

/// Tianditu keeps the names of its maps apart from the maps.
const LABELS: &[ProviderRow] = &[
    ProviderRow {
        id: "tianditu-cva",
        name: Text::new("天地图 矢量注记", "Tianditu street labels"),
        url: "https://t0.tianditu.gov.cn/cva_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=cva&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}",
        ..TIANDITU
    },
    ProviderRow {
        id: "tianditu-cia",
        name: Text::new("天地图 影像注记", "Tianditu imagery labels"),
        url: "https://t0.tianditu.gov.cn/cia_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=cia&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}",
        ..TIANDITU
    },
];

/// In the order in which they are offered.
pub fn all() -> Vec<Provider> {
    ROWS.iter().map(ProviderRow::provider).collect()
}

/// Pictures of labels alone, for the top of a base map.
pub fn labels() -> Vec<Provider> {
    LABELS.iter().map(ProviderRow::provider).collect()
}

impl ProviderRow {
    fn provider(&self) -> Provider {
        Provider {
            id: self.id.to_owned(),
            name: self.name.into(),
            url: self.url.to_owned(),
            datum: self.datum,
            attribution: self.attribution.to_owned(),
            terms: self.terms.into(),
            needs_key: self.needs_key,
            max_zoom: self.max_zoom,
            overlay: self.overlay.map(str::to_owned),
        }
    }
}

impl Provider {
    /// One that a person has described. WMTS templates may say `{TileMatrix}`, `{TileRow}` and
    /// `{TileCol}`.
    pub fn custom(name: &str, url: &str, is_gcj02: bool, attribution: &str) -> Self {
        Self {
            id: name.to_owned(),
            name: LocalizedText::new(name, name),
            url: url.trim().to_owned(),
            datum: if is_gcj02 { Datum::Gcj02 } else { Datum::Wgs84 },
            attribution: attribution.to_owned(),
            terms: LocalizedText::default(),
            needs_key: url.contains("{key}"),
            max_zoom: 20,
            overlay: None,
        }
    }
}
