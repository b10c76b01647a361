//! Tiles from the web, by way of the cache. Whatever a server does, the answer is a tile, no tile,
//! or a typed error; waits and sizes are bounded. Which servers there are is `basemap::providers`.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::cache::{CachedTile, TileCache};
use super::providers::Provider;
use super::{Error, NotPicture, SourceInfo, TileFormat, TileSource};
use crate::geodesy::mercator::TileId;
use crate::text::LocalizedText;

/// Seconds since 1970, from whoever has a clock.
pub type Now = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Tiles of one provider, with labels of another on top where they are wanted.
pub struct Online {
    provider: Provider,
    key: String,
    about: SourceInfo,
    agent: ureq::Agent,
    cache: Option<Arc<TileCache>>,
    now: Now,
    /// No request before this time: the server has said no.
    quiet_until_s: AtomicI64,
    over: Option<Box<Self>>,
}

/// How a web source is asked.
pub struct RequestOptions {
    /// For a whole request.
    pub timeout: Duration,
    pub proxy: Option<String>,
    pub cache: Option<Arc<TileCache>>,
    pub now: Now,
}

/// A web tile of more bytes than this is no tile.
const MOST_BYTES: u64 = 8 << 20;
/// Without a word of the server a tile is fresh for a week, as the OSM policy asks.
const FRESH_S: i64 = 7 * 24 * 3600;
/// After a refusal nothing is asked for so long.
const QUIET_S: i64 = 60;
const MOST_REDIRECTS: u32 = 5;
/// As the OSM tile usage policy asks, with the name of the program and its version.
const USER_AGENT: &str =
    concat!("shapan/", env!("CARGO_PKG_VERSION"), " (district air-quality map)");

impl Online {
    /// Asks nothing yet. A `key` is needed where the provider's URL has `{key}`.
    pub fn new(provider: Provider, key: &str, reach: RequestOptions) -> Self {
        let proxy = reach.proxy.and_then(|proxy| ureq::Proxy::new(&proxy).ok());
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(reach.timeout))
            .max_redirects(MOST_REDIRECTS)
            .http_status_as_error(false)
            .user_agent(USER_AGENT)
            .proxy(proxy)
            .build()
            .new_agent();
        let about = SourceInfo {
            name: provider.name.zh.clone(),
            attribution: provider.attribution.clone(),
            approval: None,
            datum: provider.datum,
            format: TileFormat::Png,
            min_zoom: 1,
            max_zoom: provider.max_zoom,
            extent: None,
        };
        Self {
            provider,
            key: key.trim().to_owned(),
            about,
            agent,
            cache: reach.cache,
            now: reach.now,
            quiet_until_s: AtomicI64::new(0),
            over: None,
        }
    }

    /// With labels on top. One view has one datum: labels on another are refused.
    pub fn with_labels(mut self, over: Self) -> Result<Self, Error> {
        let (base_datum, over_datum) = (self.about.datum, over.about.datum);
        if base_datum != over_datum {
            return Err(Error::MixedDatums {
                base: self.name(),
                base_datum,
                over: over.name(),
                over_datum,
            });
        }
        let credit = &over.about.attribution;
        if !self.about.attribution.contains(credit.as_str()) {
            let credits = [self.about.attribution.as_str(), credit].join(" ");
            credits.trim().clone_into(&mut self.about.attribution);
        }
        self.over = Some(Box::new(over));
        Ok(self)
    }

    fn url(&self, id: TileId) -> String {
        let (z, x, y) = (id.z.to_string(), id.x.to_string(), id.y.to_string());
        let upwards = (1_u64 << id.z).saturating_sub(u64::from(id.y) + 1).to_string();
        let mut url = self.provider.url.clone();
        for (name, value) in [
            ("{z}", &z),
            ("{x}", &x),
            ("{y}", &y),
            ("{-y}", &upwards),
            ("{TileMatrix}", &z),
            ("{TileCol}", &x),
            ("{TileRow}", &y),
            ("{key}", &self.key),
        ] {
            url = url.replace(name, value);
        }
        url
    }

    /// Past the cache, for a test of the provider: how many bytes came.
    pub fn probe(&self, id: TileId) -> Result<usize, Error> {
        self.quiet_until_s.store(0, Ordering::Relaxed);
        Ok(self.fetch(id, None)?.map_or(0, |kept| kept.bytes.len()))
    }

    /// `None` where the server has no such tile.
    fn fetch(&self, id: TileId, known: Option<&CachedTile>) -> Result<Option<CachedTile>, Error> {
        let now = (self.now)();
        let mut request = self.agent.get(self.url(id));
        if let Some(etag) = known.and_then(|kept| kept.etag.as_deref()) {
            request = request.header("If-None-Match", etag);
        }
        let mut response = request.call().map_err(|error| self.failed(&error))?;
        let status = response.status().as_u16();
        let word = |name: &str| {
            response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned)
        };
        let expires_s =
            now + word("cache-control").and_then(|text| max_age(&text)).unwrap_or(FRESH_S);
        match status {
            200 => {}
            304 if known.is_some() => {
                return Ok(known.map(|kept| CachedTile { expires_s, ..kept.clone() }));
            }
            204 | 404 => return Ok(None),
            _ => {
                let asked = word("retry-after").and_then(|text| retry_after_s(&text, now));
                let is_no = matches!(status, 401 | 403 | 429);
                if let Some(after_s) = asked.or_else(|| is_no.then_some(QUIET_S)) {
                    self.quiet_until_s.store(now + after_s.clamp(1, 3600), Ordering::Relaxed);
                }
                return Err(self.refused(status));
            }
        }
        let etag = word("etag");
        let mut bytes = Vec::new();
        let read = response.body_mut().as_reader().take(MOST_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|error| Error::Unreachable(self.name(), error.to_string()))?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(Error::NoPicture(self.name(), NotPicture::TooMuch));
        }
        if !is_picture(&bytes) {
            return Err(Error::NoPicture(self.name(), sent(&bytes)));
        }
        Ok(Some(CachedTile { bytes, expires_s, etag }))
    }

    fn name(&self) -> LocalizedText {
        self.provider.name.clone()
    }

    const fn refused_words(status: u16) -> &'static str {
        match status {
            401 => "no or a wrong key",
            403 => "forbidden: the key or its use is not allowed",
            429 => "too many requests",
            500..=599 => "the server is broken",
            _ => "refused",
        }
    }

    fn refused(&self, status: u16) -> Error {
        Error::Refused(self.name(), status, Self::refused_words(status))
    }

    fn failed(&self, error: &ureq::Error) -> Error {
        let now = (self.now)();
        self.quiet_until_s.store(now + 10, Ordering::Relaxed);
        Error::Unreachable(self.name(), error.to_string())
    }
}

impl TileSource for Online {
    /// A tile that is no longer fresh is better than none: it is shown while the server is away.
    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Error> {
        let now = (self.now)();
        let known = self.cache.as_ref().and_then(|cache| cache.get(&self.provider.url, id, now));
        if let Some(kept) = &known
            && (kept.expires_s > now || self.quiet_until_s.load(Ordering::Relaxed) > now)
        {
            return Ok(Some(kept.bytes.clone()));
        }
        if self.quiet_until_s.load(Ordering::Relaxed) > now {
            return Err(Error::Unreachable(self.name(), "asked again later".to_owned()));
        }
        match self.fetch(id, known.as_ref()) {
            Ok(Some(kept)) => {
                if let Some(cache) = self.cache.as_ref().filter(|_| kept.expires_s > now) {
                    cache.put(&self.provider.url, id, &kept, now);
                }
                Ok(Some(kept.bytes))
            }
            Ok(None) => Ok(None),
            Err(error) => known.map_or(Err(error), |kept| Ok(Some(kept.bytes))),
        }
    }

    fn about(&self) -> &SourceInfo {
        &self.about
    }

    fn overlay(&self) -> Option<&dyn TileSource> {
        self.over.as_deref().map(|over| over as _)
    }
}

/// Seconds from now; servers say it as a number or as a date.
fn retry_after_s(text: &str, now_s: i64) -> Option<i64> {
    let date = || {
        let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
        let at = parser.parse_timestamp(text.trim()).ok()?;
        Some(at.as_second().saturating_sub(now_s))
    };
    text.trim().parse().ok().or_else(date)
}

/// What came in place of a picture, by its first bytes.
fn sent(bytes: &[u8]) -> NotPicture {
    const MOST_BYTES: usize = 2048;
    const MOST_LETTERS: usize = 60;
    let start = bytes.get(..MOST_BYTES).unwrap_or(bytes);
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let text = String::from_utf8_lossy(start);
    let lower = text.trim_start().to_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return NotPicture::WebPage;
    }
    // The last letter may be cut; anywhere else a byte that is no letter means that this is no text.
    let body = text.trim_end_matches(char::REPLACEMENT_CHARACTER);
    let is_letter =
        |c: char| c.is_whitespace() || !(c.is_control() || c == char::REPLACEMENT_CHARACTER);
    if body.trim().is_empty() || !body.chars().all(is_letter) {
        return NotPicture::Other;
    }
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    NotPicture::Text(line.chars().take(MOST_LETTERS).collect())
}

/// Seconds of `max-age`; 0 for `no-store` and `no-cache`, `None` where nothing is said.
fn max_age(cache_control: &str) -> Option<i64> {
    let words = cache_control.to_lowercase();
    if words.contains("no-store") || words.contains("no-cache") {
        return Some(0);
    }
    let value =
        words.split(',').find_map(|word| word.trim().strip_prefix("max-age=")?.parse::<i64>().ok());
    value.map(|seconds| seconds.clamp(0, 365 * 24 * 3600))
}

/// PNG, JPEG or WebP by its first bytes.
fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        || bytes.starts_with(&[0xff, 0xd8, 0xff])
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
}

#[cfg(test)]
mod tests;
