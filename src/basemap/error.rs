//! Why a base map or one of its tiles cannot be shown, in words for a person.

use std::path::PathBuf;

use super::Datum;
use crate::text::{Localized, LocalizedText};

/// Why a base map cannot be used; the path comes last.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a base map is an .mbtiles or a .pmtiles file or a folder of tiles: {0}")]
    UnknownKind(PathBuf),
    #[error(
        "the folder holds no tiles: they lie in it as {{z}}/{{x}}/{{y}}.png, jpg, webp or pbf: {0}"
    )]
    NoTiles(PathBuf),
    #[error("the tiles of the folder are not cut in Web Mercator: cut them so: {0}")]
    NotMercator(PathBuf),
    #[error("the base map cannot be read: {}: {}", .1.localized().en, .0.display())]
    Io(PathBuf, #[source] std::io::Error),
    #[error("the base map is damaged or no tile archive ({0}): {1}")]
    Damaged(&'static str, PathBuf),
    #[error("the base map is PMTiles of version 1 or 2: convert it with `pmtiles convert`: {0}")]
    OldVersion(PathBuf),
    #[error("the base map cannot be read as MBTiles: {}", .0.display())]
    Sqlite(PathBuf, String),
    #[error("tiles of the kind `{0}` cannot be drawn: use png, jpg, webp or pbf: {1}")]
    UnknownFormat(String, PathBuf),
    #[error("tiles packed with {0} cannot be read: pack them with gzip: {1}")]
    UnknownPacking(&'static str, PathBuf),
    #[error(
        "the base map is on the datum {0}: WGS-84 data on it would lie some 500 m wrong; \
         use a base map on WGS-84, CGCS2000 or GCJ-02: {1}"
    )]
    Shifted(&'static str, PathBuf),
    #[error("{name} refuses tiles with status {1}: {2}", name = .0.en)]
    Refused(LocalizedText, u16, &'static str),
    #[error("{name} cannot be reached: look at the network; tiles that were kept are shown", name = .0.en)]
    Unreachable(LocalizedText, String),
    #[error("{name} sends {1} in place of a picture", name = .0.en)]
    NoPicture(LocalizedText, NotPicture),
    #[error(
        "{over} is on {over_datum} and {base} on {base_datum}: they would lie some 500 m apart; \
         use labels on the datum of the base map",
        over = over.en, base = base.en,
        over_datum = over_datum.name(), base_datum = base_datum.name()
    )]
    MixedDatums { base: LocalizedText, base_datum: Datum, over: LocalizedText, over_datum: Datum },
}

/// What a server sends where a picture was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPicture {
    #[error("a web page")]
    WebPage,
    /// JSON, XML or plain words: how it begins.
    #[error("text (`{0}`)")]
    Text(String),
    #[error("more than 8 MB")]
    TooMuch,
    #[error("something else")]
    Other,
}

impl Localized for Error {
    fn zh(&self) -> String {
        match self {
            Self::UnknownKind(path) => {
                format!("底图须为 .mbtiles 或 .pmtiles 文件，或瓦片文件夹：{}", path.display())
            }
            Self::NoTiles(path) => format!(
                "文件夹中没有瓦片：瓦片应按 {{z}}/{{x}}/{{y}}.png（或 jpg、webp、pbf）存放：{}",
                path.display()
            ),
            Self::NotMercator(path) => {
                format!("文件夹中的瓦片不是按 Web 墨卡托切的，请重新切片：{}", path.display())
            }
            Self::Io(path, _) => format!("底图文件无法读取，请核对路径：{}", path.display()),
            Self::Damaged(_, path) | Self::Sqlite(path, _) => {
                format!("底图文件已损坏，或不是瓦片文件：{}", path.display())
            }
            Self::OldVersion(path) => format!(
                "底图是旧版（第 1 或 2 版）PMTiles，请用 pmtiles convert 转成第 3 版：{}",
                path.display()
            ),
            Self::UnknownFormat(_, path) => {
                format!("瓦片格式不支持，请用 png、jpg、webp 或 pbf：{}", path.display())
            }
            Self::UnknownPacking(_, path) => {
                format!("瓦片压缩方式不支持，请用 gzip：{}", path.display())
            }
            Self::Shifted(_, path) => format!(
                "底图为百度坐标系 BD-09，切片方式不同，不能使用；请用 WGS-84、CGCS2000 或 GCJ-02 底图：{}",
                path.display()
            ),
            Self::Refused(LocalizedText { zh, .. }, 401 | 403, _) => {
                format!("{zh}拒绝访问：密钥缺失、错误或未获授权，请在设置中核对")
            }
            Self::Refused(LocalizedText { zh, .. }, 429, _) => {
                format!("{zh}：请求过多，稍后自动再试")
            }
            Self::Refused(LocalizedText { zh, .. }, status, _) => {
                format!("{zh}：服务器返回 {status}，稍后自动再试")
            }
            Self::Unreachable(LocalizedText { zh, .. }, _) => {
                format!("{zh}连接不上：请检查网络；已缓存的瓦片仍可使用")
            }
            Self::NoPicture(LocalizedText { zh, .. }, NotPicture::WebPage) => {
                format!("{zh}返回了网页而不是瓦片：网络可能需要先登录，或地址有误")
            }
            Self::NoPicture(LocalizedText { zh, .. }, NotPicture::Text(text)) => {
                format!("{zh}：服务器返回的不是图片，而是文字“{text}”；请核对地址和密钥")
            }
            Self::NoPicture(LocalizedText { zh, .. }, NotPicture::TooMuch | NotPicture::Other) => {
                format!("{zh}：服务器返回的不是图片，请核对地址")
            }
            Self::MixedDatums { base, base_datum, over, over_datum } => format!(
                "“{}”的坐标基准是 {}，“{}”是 {}，叠在一起会错开约 500 米；\
                 请改用与底图同一基准的注记图层",
                over.zh,
                over_datum.name(),
                base.zh,
                base_datum.name()
            ),
        }
    }
}
