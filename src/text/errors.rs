use crate::basemap::{Error as BaseError, NotPicture, ProviderName};
use crate::domain::{Lang, LocalizedText};
use crate::exchange::Error as FileError;
use crate::exchange::meaning::ImportError;
use crate::store::Error as StoreError;

/// What went wrong with the district file, and what to do.
pub fn store_error(lang: Lang, error: &StoreError) -> String {
    match lang {
        Lang::En => error.to_string(),
        Lang::Zh => store_error_zh(error),
    }
}

fn store_error_zh(error: &StoreError) -> String {
    match error {
        StoreError::Conflict(conflict) => format!(
            "{}“{}”在此期间已被 {} 修改，本次修改未写入。请重新读取后再改。",
            conflict.kind.label().zh,
            conflict.name,
            if conflict.by.is_empty() { "他人删除或" } else { &conflict.by }
        ),
        StoreError::CodeTaken { kind, code, name, by } => format!(
            "{}编码“{code}”已属于“{name}”（最后由 {by} 修改）。请换一个编码。",
            kind.label().zh
        ),
        StoreError::Missing(path) => format!("找不到文件。请核对路径：{}", path.display()),
        StoreError::Exists(path) => {
            format!("文件已存在，未覆盖。请换一个文件名：{}", path.display())
        }
        StoreError::NotADistrict { path, .. } => format!(
            "这不是沙盘的区域文件。请新建一个区域文件，再把这个文件导入：{}",
            path.display()
        ),
        StoreError::FromTheFuture { path, .. } => {
            format!("该文件由更新版本的软件创建，未打开。请先升级本机软件：{}", path.display())
        }
        StoreError::ReadOnly(path) => {
            format!("文件或所在文件夹为只读。请复制到可写的文件夹后再改：{}", path.display())
        }
        StoreError::Locked(path) => {
            format!("另一程序正在写入该文件，等待超时。请稍后再试：{}", path.display())
        }
        StoreError::DiskFull(path) => {
            format!("磁盘已满，未做任何修改。请清理磁盘后再试：{}", path.display())
        }
        StoreError::NetworkShare { path, filesystem } => format!(
            "文件在网络共享（{filesystem}）上，多机同时写入会损坏数据。请复制到本机磁盘后打开：{}",
            path.display()
        ),
        StoreError::Damaged { path, .. } => {
            format!("文件已损坏。请用最近的备份恢复（见同名 .backups 文件夹）：{}", path.display())
        }
        StoreError::BadBackup(_) => "备份未通过校验，未保留。请检查磁盘后重试。".to_owned(),
        StoreError::Journal { revision, .. } => {
            format!("第 {revision} 号历史记录无法读取。请运行 shapan check 并用备份恢复。")
        }
        StoreError::Io { path, .. } => format!("读写失败：{}", path.display()),
        StoreError::Database(_) => "数据库操作失败，未做任何修改。".to_owned(),
    }
}

/// Why nothing of a file was taken, and what to do.
pub fn import_error(lang: Lang, error: &ImportError) -> String {
    match (lang, error) {
        (Lang::En, ImportError::DatumUnknown { .. }) => format!(
            "{error}. Say it with --crs wgs84|cgcs2000|gcj02|bd09|epsg:N; here a wrong datum is \
             off by more than a 500 m ring, so it is never guessed"
        ),
        (Lang::Zh, ImportError::DatumUnknown { file }) => format!(
            "文件没有说明坐标系，未导入。请用 --crs 指明 wgs84、cgcs2000、gcj02（高德/腾讯）、bd09（百度）\
             或 epsg:4548 等；坐标系弄错会偏 500 米以上，所以不猜：{file}"
        ),
        (Lang::Zh, ImportError::CrsUnknown { file, stated }) => {
            format!("文件的坐标系“{stated}”不认识，未导入。请先转换为 WGS-84 或 CGCS2000：{file}")
        }
        (Lang::Zh, ImportError::NoSuchColumn { file, column }) => {
            format!("文件中没有列“{column}”。请核对 --map：{file}")
        }
        (Lang::Zh, ImportError::Unreadable(error)) => file_error_zh(error),
        _ => error.to_string(),
    }
}

/// Why a file cannot be read or written.
pub fn file_error(lang: Lang, error: &FileError) -> String {
    match lang {
        Lang::En => error.to_string(),
        Lang::Zh => file_error_zh(error),
    }
}

fn file_error_zh(error: &FileError) -> String {
    match error {
        FileError::Io(_) => format!("文件无法读取：{error}"),
        FileError::UnknownFormat(ending) => format!("不认识此类文件：{ending}"),
        FileError::Malformed { format, reason } => {
            format!("文件不是完好的 {format} 文件（{reason}），未导入。")
        }
        FileError::NoSuchSheet { sheet, known } => format!("没有工作表“{sheet}”，现有：{known}"),
        FileError::NoSuchLayer { layer, known } => format!("没有图层“{layer}”，现有：{known}"),
        FileError::Hostile(reason) => format!("文件内容异常，为安全起见拒绝读取：{reason}"),
        FileError::MissingPart(path) => format!("缺少配套文件：{}", path.display()),
        FileError::Unwritable(reason) => format!("此格式不能这样写出（{reason}）"),
        FileError::Stopped => "已停止".to_owned(),
    }
}

/// Why a base map or one of its tiles cannot be shown, and what to do.
pub fn basemap_error(lang: Lang, error: &BaseError) -> String {
    if lang == Lang::En {
        return error.to_string();
    }
    match error {
        BaseError::UnknownKind(path) => {
            format!("底图须为 .mbtiles 或 .pmtiles 文件，或瓦片文件夹：{}", path.display())
        }
        BaseError::NoTiles(path) => format!(
            "文件夹中没有瓦片：瓦片应按 {{z}}/{{x}}/{{y}}.png（或 jpg、webp、pbf）存放：{}",
            path.display()
        ),
        BaseError::NotMercator(path) => {
            format!("文件夹中的瓦片不是按 Web 墨卡托切的，请重新切片：{}", path.display())
        }
        BaseError::Io(path, _) => format!("底图文件无法读取，请核对路径：{}", path.display()),
        BaseError::Damaged(_, path) | BaseError::Sqlite(path, _) => {
            format!("底图文件已损坏，或不是瓦片文件：{}", path.display())
        }
        BaseError::UnknownFormat(_, path) => {
            format!("瓦片格式不支持，请用 png、jpg、webp 或 pbf：{}", path.display())
        }
        BaseError::UnknownPacking(_, path) => {
            format!("瓦片压缩方式不支持，请用 gzip：{}", path.display())
        }
        BaseError::Shifted(_, path) => format!(
            "底图为百度坐标系 BD-09，切片方式不同，不能使用；请用 WGS-84、CGCS2000 或 GCJ-02 底图：{}",
            path.display()
        ),
        BaseError::Refused(ProviderName { zh, .. }, 401 | 403, _) => {
            format!("{zh}拒绝访问：密钥缺失、错误或未获授权，请在设置中核对")
        }
        BaseError::Refused(ProviderName { zh, .. }, 429, _) => {
            format!("{zh}：请求过多，稍后自动再试")
        }
        BaseError::Refused(ProviderName { zh, .. }, status, _) => {
            format!("{zh}：服务器返回 {status}，稍后自动再试")
        }
        BaseError::Unreachable(ProviderName { zh, .. }, _) => {
            format!("{zh}连接不上：请检查网络；已缓存的瓦片仍可使用")
        }
        BaseError::NoPicture(ProviderName { zh, .. }, NotPicture::WebPage) => {
            format!("{zh}返回了网页而不是瓦片：网络可能需要先登录，或地址有误")
        }
        BaseError::NoPicture(ProviderName { zh, .. }, NotPicture::Text(text)) => {
            format!("{zh}：服务器返回的不是图片，而是文字“{text}”；请核对地址和密钥")
        }
        BaseError::NoPicture(ProviderName { zh, .. }, NotPicture::TooMuch | NotPicture::Other) => {
            format!("{zh}：服务器返回的不是图片，请核对地址")
        }
        BaseError::MixedDatums { base, base_datum, over, over_datum } => format!(
            "“{}”的坐标基准是 {}，“{}”是 {}，叠在一起会错开约 500 米；\
             请改用与底图同一基准的注记图层",
            over.zh,
            over_datum.name(),
            base.zh,
            base_datum.name()
        ),
    }
}

/// The same in both languages, for whoever does not know yet who will read it.
pub fn basemap_said(error: &BaseError) -> LocalizedText {
    LocalizedText::new(basemap_error(Lang::Zh, error), basemap_error(Lang::En, error))
}
