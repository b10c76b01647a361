//! Which base maps there are, and what to say when one fails.

use super::ctx::Ctx;
use crate::basemap::{Error, TileSource};
use crate::domain::{Said, Text};
use crate::settings::BaseChoice;

/// What a base map's own thread needs to know.
pub struct Online;

impl Online {
    pub const fn of(_ctx: &Ctx<'_>) -> Self {
        Self
    }

    pub fn open(&self, choice: &BaseChoice) -> Result<Box<dyn TileSource>, Said> {
        match choice {
            BaseChoice::None => Err(Said::new("未选底图", "no base map is chosen")),
            BaseChoice::File { path, .. } => super::canvas::tiles::open_file(path),
            BaseChoice::Online(id) => Err(Said::new(
                format!("没有此在线底图：{id}"),
                format!("there is no such base map: {id}"),
            )),
        }
    }
}

/// A tile failed: said once at the map's edge.
pub fn words(problem: &str) -> Said {
    Said::new(
        format!("部分底图瓦片不可用：{problem}"),
        format!("Some tiles of the base map cannot be shown: {problem}"),
    )
}

pub fn file_words(error: &Error) -> Said {
    let path = match error {
        Error::UnknownKind(path)
        | Error::Io(path, _)
        | Error::Damaged(_, path)
        | Error::Sqlite(path, _)
        | Error::UnknownFormat(_, path)
        | Error::UnknownPacking(_, path)
        | Error::Shifted(_, path) => path.display(),
    };
    let zh = match error {
        Error::UnknownKind(_) => "底图须为 .mbtiles 或 .pmtiles 文件，或 z/x/y 瓦片文件夹",
        Error::Io(..) => "底图文件无法读取，请核对路径",
        Error::Damaged(..) | Error::Sqlite(..) => "底图文件已损坏，或不是瓦片文件",
        Error::UnknownFormat(..) => "瓦片格式不支持，请用 png、jpg、webp 或 pbf",
        Error::UnknownPacking(..) => "瓦片压缩方式不支持，请用 gzip",
        Error::Shifted(..) => {
            "底图为百度坐标系 BD-09，切片方式不同，不能使用；请用 WGS-84、CGCS2000 或 GCJ-02 底图"
        }
    };
    Said::new(format!("{zh}：{path}"), error.to_string())
}

pub fn provider_name(_ctx: &Ctx<'_>, id: &str) -> String {
    id.to_owned()
}

pub const NONE: Text = Text::new("无底图", "No base map");
