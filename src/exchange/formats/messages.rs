//! What several formats find wrong, in both languages.

use crate::domain::{LocalizedText, Text};

/// A line of one position.
pub const SHORT_LINE: Text = Text::new("线至少要有两个点", "a line needs two positions");
/// A ring that encloses nothing.
pub const SHORT_RING: Text =
    Text::new("多边形的每个环至少要有四个点", "a ring needs four positions");
/// Half a position.
pub const LONE_NUMBER: Text =
    Text::new("坐标只有一个数，应有经度和纬度", "a position has only one number");
/// A coordinate that is text.
pub const NOT_A_NUMBER: Text = Text::new("坐标不是数字", "a coordinate is not a number");

/// What `ArcGIS` answers.
pub const ESRI_JSON: Text = Text::new(
    "这是 ESRI JSON（ArcGIS 的查询结果），不是 GeoJSON：请在网址里用 f=geojson 重新下载，或用 QGIS 打开后另存为 GeoJSON",
    "this is ESRI JSON, an answer of ArcGIS, and no GeoJSON: ask for it with f=geojson, or open it in \
     QGIS and save it as GeoJSON",
);
/// What D3 draws.
pub const TOPOJSON: Text = Text::new(
    "这是 TopoJSON，不是 GeoJSON：请用 QGIS 打开后另存为 GeoJSON",
    "this is TopoJSON and no GeoJSON: open it in QGIS and save it as GeoJSON",
);

/// A coordinate as the file has it, which may be of any length.
pub fn no_number(zh: &str, en: &str, text: &str) -> LocalizedText {
    LocalizedText::new(
        format!("{zh}“{text:.40}”不是数字"),
        format!("the {en} `{text:.40}` is not a number"),
    )
}
