//! Files that people drop on the program and that hold no rows it can read: what they are, and what to
//! do with them.

use super::messages::{ESRI_JSON, TOPOJSON};
use crate::domain::Text;

const VIA_QGIS: &str = "请用 QGIS 打开，另存为 GeoPackage（.gpkg）后再导入";

/// Endings, and words for the person.
const KINDS: &[(&[&str], Text)] = &[
    (
        &["dwg", "dxf", "dgn"],
        Text::new(
            "这是 CAD 图纸：请在 CAD 中核对坐标系，另存为 DXF，再用 QGIS 转成 GeoPackage（.gpkg）后导入",
            "this is a CAD drawing: check its coordinate system, save it as DXF, and convert it to a \
             GeoPackage with QGIS",
        ),
    ),
    (&["topojson"], TOPOJSON),
    (&["esrijson"], ESRI_JSON),
    (
        &["mbtiles", "pmtiles"],
        Text::new(
            "这是底图瓦片，不是记录：请在 设置 → 底图 中打开",
            "these are tiles of a base map and no records: open them as a base map in the settings",
        ),
    ),
    (
        &["tif", "tiff", "img", "ecw", "jp2"],
        Text::new(
            "这是影像，不是记录：请用 QGIS 切成瓦片（.mbtiles），再作为底图打开",
            "this is an image and no records: cut it into tiles (.mbtiles) with QGIS for a base map",
        ),
    ),
    (
        &["rar", "7z", "tar", "gz", "tgz"],
        Text::new("这是压缩包：请先解压，再导入里面的文件", "this is an archive: unpack it first"),
    ),
    (
        &["doc", "docx", "wps", "pdf", "ppt", "pptx"],
        Text::new(
            "这是文档：请把其中的表格复制到 Excel，另存为 .xlsx 后再导入",
            "this is a document: copy its table into a spreadsheet and import that",
        ),
    ),
    (
        &["ovobj", "ovjsn", "ovsn"],
        Text::new(
            "请在奥维地图中另存为 .ovkml 或 .kml 后再导入",
            "save it as .ovkml or .kml in Ovital's map",
        ),
    ),
    (
        &["jpg", "jpeg", "png", "heic", "bmp", "gif"],
        Text::new(
            "这是图片，不是表格：照片请加到记录的附件里",
            "this is a picture and no table: add photos to the attachments of a record",
        ),
    ),
    (
        &[
            "topojson", "e00", "tab", "mif", "mid", "map", "gdb", "mdb", "fgb", "gml", "sqlite",
            "qgz", "qgs", "mxd", "lpk",
        ],
        Text::new(VIA_QGIS, "open it in QGIS and save it as a GeoPackage (.gpkg)"),
    ),
    (
        &["dbf", "shx", "prj", "cpg"],
        Text::new(
            "这是 shapefile 的配套文件：请选择同名的 .shp，或把几个文件一起压缩成 .zip",
            "this belongs to a shapefile: choose the .shp of the same name, or zip them together",
        ),
    ),
    (
        &["et", "ett", "xlsb", "numbers"],
        Text::new("请在表格软件中另存为 .xlsx 后再导入", "save it as .xlsx in its own program"),
    ),
];

/// By the ending of a name in lower case; `None` where nothing is known of it.
pub fn named(name: &str) -> Option<Text> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending)?;
    KINDS.iter().find(|(endings, _)| endings.contains(&ending)).map(|(_, words)| *words)
}
