//! Which base maps there are, and what to say when one fails.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::ctx::Ctx;
use crate::basemap::cache::Cache;
use crate::basemap::online::{Online, Reach};
use crate::basemap::providers::{self, Provider};
use crate::basemap::{Error, TileSource};
use crate::domain::{Lang, Said, Text};
use crate::geodesy::mercator::TileId;
use crate::settings::{self, BaseChoice, Settings, clock};

/// What a base map's own thread needs to know.
pub struct Opener {
    folder: PathBuf,
    settings: Settings,
}

/// Of a whole request to a tile server.
const TIMEOUT: Duration = Duration::from_secs(12);

impl Opener {
    pub fn of(ctx: &Ctx<'_>) -> Self {
        Self { folder: ctx.folder.clone(), settings: ctx.settings.clone() }
    }

    pub fn open(&self, choice: &BaseChoice) -> Result<Box<dyn TileSource>, Said> {
        match choice {
            BaseChoice::None => Err(Said::new("未选底图", "no base map is chosen")),
            BaseChoice::File { path, .. } => super::canvas::tiles::open_file(path),
            BaseChoice::Online(id) => self.online(id).map(|online| Box::new(online) as Box<_>),
        }
    }

    /// A provider whose terms were agreed to and whose key is there.
    pub fn online(&self, id: &str) -> Result<Online, Said> {
        let provider = provider(&self.settings, id).ok_or_else(|| {
            Said::new(format!("没有此在线底图：{id}"), format!("there is no such base map: {id}"))
        })?;
        if !provider.terms_zh.is_empty() && !self.settings.agreed.iter().any(|known| known == id) {
            return Err(Said::new(
                format!("使用{}前请在设置中同意其条款", provider.name_zh),
                format!("agree to the terms of {} in the settings first", provider.name_en),
            ));
        }
        let key = self.settings.provider_keys.get(id).cloned().unwrap_or_default();
        if provider.needs_key && key.trim().is_empty() {
            return Err(Said::new(
                format!("{}需要密钥：请在设置中填写", provider.name_zh),
                format!("{} needs a key: enter it in the settings", provider.name_en),
            ));
        }
        let reach = Reach {
            timeout: TIMEOUT,
            proxy: settings::proxy(),
            cache: self.cache(),
            now: Arc::new(|| clock::now().as_second()),
        };
        Ok(Online::new(provider, &key, reach))
    }

    /// Without one the map works too.
    pub fn cache(&self) -> Option<Arc<Cache>> {
        let path = self.folder.join("tiles.mbtiles");
        Cache::open(&path, self.settings.cache_mib << 20).ok().map(Arc::new)
    }
}

/// By id, or the name of one that a person has described.
pub fn provider(settings: &Settings, id: &str) -> Option<Provider> {
    let custom = settings.custom_providers.iter().map(|custom| {
        let is_gcj02 = custom.datum == "GCJ-02";
        Provider::custom(&custom.name, &custom.url, is_gcj02, &custom.attribution)
    });
    providers::all().into_iter().chain(custom).find(|provider| provider.id == id)
}

/// One tile of Fengrun, past the cache, with how long it took: for the Test button.
pub fn tested(opener: &Opener, id: &str) -> Said {
    let tile = TileId { z: 12, x: 3392, y: 1551 };
    let began = clock::now();
    match opener
        .online(id)
        .and_then(|online| online.probe(tile).map_err(|error| file_words(&error)))
    {
        Ok(0) => Said::new(
            "服务器没有此处的瓦片，请核对地址",
            "the server has no tile here: check the address",
        ),
        Ok(bytes) => {
            let took = clock::now().as_millisecond() - began.as_millisecond();
            Said::new(
                format!("可用：{} KB，{took} 毫秒", bytes.div_ceil(1024)),
                format!("works: {} KB in {took} ms", bytes.div_ceil(1024)),
            )
        }
        Err(said) => said,
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
    Said::new(crate::text::basemap_error(Lang::Zh, error), error.to_string())
}

pub fn provider_name(ctx: &Ctx<'_>, id: &str) -> String {
    provider(&ctx.settings, id)
        .map_or_else(|| id.to_owned(), |provider| name(&provider, ctx.lang()))
}

pub fn name(provider: &Provider, lang: Lang) -> String {
    if lang == Lang::Zh { provider.name_zh.clone() } else { provider.name_en.clone() }
}

pub const NONE: Text = Text::new("无底图", "No base map");
