//! Which base maps there are, and what to say when one fails.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::model::Model;
use crate::basemap::cache::TileCache;
use crate::basemap::online::{Online, RequestOptions};
use crate::basemap::providers::{self, Provider};
use crate::basemap::{self, Datum, Error, SourceInfo, TileSource};
use crate::domain::{LocalizedText, Text};
use crate::geodesy::mercator::TileId;
use crate::settings::{self, BaseChoice, CustomProvider, Settings, clock};

/// What a base map's own threads need to know.
pub struct Opener {
    folder: PathBuf,
    settings: Settings,
}

/// Everything in the settings that decides what the base map is: when any of it changes, the base
/// map is opened anew.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chosen {
    pub base: BaseChoice,
    labels: Option<String>,
    ways: Vec<Way>,
}

/// How a provider is reached.
#[derive(Clone, Debug, PartialEq)]
struct Way {
    custom: Option<CustomProvider>,
    key: String,
    is_agreed: bool,
}

/// A base map that is open.
pub enum Source {
    /// Read by one thread, which is as fast as the disk.
    Disk(Box<dyn TileSource>),
    /// Several tiles may be asked for at once.
    Web(Arc<Online>),
}

/// What opening a base map came to; `None` where there is to be none.
pub struct OpenedBase {
    pub chosen: Chosen,
    pub about: Result<Option<SourceInfo>, LocalizedText>,
}

/// Of a whole request to a tile server.
const TIMEOUT: Duration = Duration::from_secs(12);

impl Chosen {
    /// What settings say of the base map that is chosen.
    pub fn of(settings: &Settings) -> Self {
        let base = settings.base.clone();
        let BaseChoice::Online(id) = &settings.base else {
            return Self { base, ..Self::default() };
        };
        let labels = settings.labels.get(id).cloned();
        let way = |id: &String| Way {
            custom: settings.custom_providers.iter().find(|custom| custom.name == *id).cloned(),
            key: settings.provider_keys.get(id).cloned().unwrap_or_default(),
            is_agreed: settings.agreed.contains(id),
        };
        Self { base, ways: std::iter::once(id).chain(&labels).map(way).collect(), labels }
    }
}

impl Source {
    /// What it says of itself.
    pub fn about(&self) -> &SourceInfo {
        match self {
            Self::Disk(source) => source.about(),
            Self::Web(source) => source.about(),
        }
    }
}

impl Opener {
    /// With a copy of the settings, for a job.
    pub fn of(model: &Model) -> Self {
        Self { folder: model.folder.clone(), settings: model.settings.clone() }
    }

    /// Opens a base map, from the disk or from the web; the error says why not.
    pub fn open(&self, choice: &BaseChoice) -> Result<Source, LocalizedText> {
        match choice {
            BaseChoice::None => Err(LocalizedText::new("未选底图", "no base map is chosen")),
            BaseChoice::File { path, datum } => {
                let stated = datum.as_deref().and_then(Datum::named);
                let opened = basemap::open(path, stated);
                Ok(Source::Disk(opened?))
            }
            BaseChoice::Online(id) => self.labelled(id).map(|online| Source::Web(Arc::new(online))),
        }
    }

    /// With the labels that belong on it.
    fn labelled(&self, id: &str) -> Result<Online, LocalizedText> {
        let base = self.online(id)?;
        let Some(over) = provider(&self.settings, id).and_then(|base| base.overlay) else {
            return Ok(base);
        };
        let labels = self.reached(&over, Some(id))?;
        Ok(base.with_labels(labels)?)
    }

    /// A provider whose terms were agreed to and whose key is there.
    pub fn online(&self, id: &str) -> Result<Online, LocalizedText> {
        self.reached(id, None)
    }

    /// Labels of the same maker as the base map below are used under its terms and with its key.
    fn reached(&self, id: &str, below: Option<&str>) -> Result<Online, LocalizedText> {
        let known = |id: &str| provider(&self.settings, id);
        let provider = known(id).ok_or_else(|| {
            LocalizedText::new(
                format!("没有此在线底图：{id}"),
                format!("there is no such base map: {id}"),
            )
        })?;
        let below = below.filter(|id| known(id).is_some_and(|base| base.terms == provider.terms));
        let has_agreed = |id: &str| self.settings.agreed.iter().any(|known| known == id);
        if !provider.terms.zh.is_empty() && below.is_none() && !has_agreed(id) {
            return Err(LocalizedText::new(
                format!("使用{}前请在设置中同意其条款", provider.name.zh),
                format!("agree to the terms of {} in the settings first", provider.name.en),
            ));
        }
        let key_of = |id: &str| {
            self.settings.provider_keys.get(id).filter(|key| !key.trim().is_empty()).cloned()
        };
        let key = key_of(id).or_else(|| key_of(below?)).unwrap_or_default();
        if provider.needs_key && key.is_empty() {
            return Err(LocalizedText::new(
                format!("{}需要密钥：请在设置中填写", provider.name.zh),
                format!("{} needs a key: enter it in the settings", provider.name.en),
            ));
        }
        let reach = RequestOptions {
            timeout: TIMEOUT,
            proxy: settings::proxy(),
            cache: self.cache(),
            now: Arc::new(|| clock::now().as_second()),
        };
        Ok(Online::new(provider, &key, reach))
    }

    /// Without one the map works too.
    pub fn cache(&self) -> Option<Arc<TileCache>> {
        std::fs::create_dir_all(settings::tiles_folder(&self.folder)).ok()?;
        TileCache::open(&self.cache_file(), self.settings.cache_mib << 20).ok().map(Arc::new)
    }

    /// Bytes; `None` where it cannot be said.
    pub fn cache_size(&self) -> Option<u64> {
        if self.cache_file().exists() { Some(self.cache()?.size()) } else { Some(0) }
    }

    fn cache_file(&self) -> PathBuf {
        settings::tiles_folder(&self.folder).join("tiles.mbtiles")
    }
}

/// By id, or the name of one that a person has described; with the labels of the person's choice.
pub fn provider(settings: &Settings, id: &str) -> Option<Provider> {
    let mut provider = bases(settings)
        .into_iter()
        .chain(providers::labels())
        .find(|provider| provider.id == id)?;
    if let Some(chosen) = settings.labels.get(id) {
        provider.overlay = Some(chosen.clone()).filter(|id| !id.is_empty());
    }
    Some(provider)
}

/// What may lie at the bottom: the known ones, then a person's own.
pub fn bases(settings: &Settings) -> Vec<Provider> {
    let custom = settings.custom_providers.iter().map(|custom| {
        let is_gcj02 = custom.datum == Datum::Gcj02.name();
        Provider::custom(&custom.name, &custom.url, is_gcj02, &custom.attribution)
    });
    providers::all().into_iter().chain(custom).collect()
}

/// What may lie on top of a base map, whatever its datum: labels, then a person's own.
pub fn overlays(settings: &Settings, base: &str) -> Vec<Provider> {
    let is_known = |id: &str| providers::all().iter().any(|known| known.id == id);
    let own = bases(settings).into_iter().filter(|own| own.id != base && !is_known(&own.id));
    providers::labels().into_iter().chain(own).collect()
}

/// Why labels may not lie on a base map.
pub fn refusal(base: &Provider, over: &Provider) -> Option<LocalizedText> {
    (base.datum != over.datum).then(|| {
        let mixed = Error::MixedDatums {
            base: base.name.clone(),
            base_datum: base.datum,
            over: over.name.clone(),
            over_datum: over.datum,
        };
        mixed.into()
    })
}

/// One tile of Fengrun, past the cache, with how long it took: for the Test button.
pub fn tested(opener: &Opener, id: &str) -> LocalizedText {
    let tile = TileId { z: 12, x: 3392, y: 1551 };
    let began = clock::now();
    match opener.online(id).and_then(|online| Ok(online.probe(tile)?)) {
        Ok(0) => LocalizedText::new(
            "服务器没有此处的瓦片，请核对地址",
            "the server has no tile here: check the address",
        ),
        Ok(bytes) => {
            let took = clock::now().as_millisecond() - began.as_millisecond();
            LocalizedText::new(
                format!("可用：{} KB，{took} 毫秒", bytes.div_ceil(1024)),
                format!("works: {} KB in {took} ms", bytes.div_ceil(1024)),
            )
        }
        Err(said) => said,
    }
}

/// A tile failed: said once at the map's edge.
pub fn words(problem: &LocalizedText) -> LocalizedText {
    LocalizedText::new(
        format!("部分底图瓦片不可用：{}", problem.zh),
        format!("Some tiles of the base map cannot be shown: {}", problem.en),
    )
}

/// The name of a web map in the language of the window.
pub fn provider_name(model: &Model, id: &str) -> String {
    provider(&model.settings, id)
        .map_or_else(|| id.to_owned(), |provider| provider.name.say(model.lang()).to_owned())
}

/// The name of the choice of no base map.
pub const NONE: Text = Text::new("无底图", "No base map");
