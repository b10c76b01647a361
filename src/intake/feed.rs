//! What brings readings by itself: a listener, a watched folder, web services. Each yields files, which
//! come in as any file does, one delivery each.

mod folder;
mod probe;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use self::folder::FolderWatch;
pub use self::probe::test_hj212;
use super::file::{Delivered, IntakeError, SurveyedFile, deliver, kind_of_new, new_station};
use super::hj212::{Devices, Heard, Listener};
use super::spool::{inbox, rescue, waiting};
use super::web::{Reach, WebError, fetch, wait_min};
use crate::domain::reading::{Clock, LabelEnd, LabelRule};
use crate::domain::{
    Change, EditKind, Ids, Localized as _, LocalizedText, Record, RecordId, Stamp, World,
};
use crate::exchange::formats::hj212::Key;
use crate::exchange::readings::{
    FileKind, Overrules, ReadingOptions, StationIndex, Survey, recognise, survey,
};
use crate::jobs::Progress;
use crate::settings::feeds::{Feeds, Hj212Feed, WebFeed, WebForm};
use crate::store::{Size, Store};

/// A file that a feed brought.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub from: Source,
    pub path: PathBuf,
    /// As the journal names it.
    pub name: String,
    pub kind: FileKind,
    pub options: ReadingOptions,
    /// Stations that the district does not know become records; else their rows are left out.
    pub makes_stations: bool,
}

/// Which feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Hj212,
    Folder,
    /// By its place in [`Feeds::web`].
    Web(usize),
}

/// How a feed fares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedSeen {
    /// When it brought something last, and what.
    pub last: Option<(Timestamp, LocalizedText)>,
    /// What goes wrong, until it goes well again.
    pub error: Option<LocalizedText>,
    pub next_at: Option<Timestamp>,
}

/// Feeds that run. It waits for nobody but web services, so it belongs on a thread of its own.
pub struct Running {
    feeds: Feeds,
    inbox: PathBuf,
    reach: Reach,
    listener: Option<Listener>,
    handed_on_at: Option<Timestamp>,
    folder: FolderWatch,
    webs: Vec<WebState>,
    seen: BTreeMap<Source, FeedSeen>,
}

#[derive(Default)]
struct WebState {
    next_at: Option<Timestamp>,
    errors: u32,
}

/// Bytes of packets that are taken in before their time has come.
const MANY_BYTES: u64 = 4 << 20;

impl Running {
    /// Starts what is switched on. What cannot start says why in [`Self::seen`].
    pub fn start(feeds: &Feeds, district: &Path, index: &StationIndex, reach: Reach) -> Self {
        let inbox = inbox(district);
        let mut running = Self {
            folder: FolderWatch::open(&inbox, Path::new(feeds.folder.path.trim())),
            webs: feeds.web.iter().map(|_| WebState::default()).collect(),
            feeds: feeds.clone(),
            inbox,
            reach,
            listener: None,
            handed_on_at: None,
            seen: BTreeMap::new(),
        };
        // What killed listeners left.
        if let Err(error) = rescue(&running.inbox) {
            running.seen_of(Source::Hj212).error = Some(error.localized());
        }
        if feeds.hj212.is_on {
            match running.listen(index) {
                Ok(listener) => running.listener = Some(listener),
                Err(words) => running.seen_of(Source::Hj212).error = Some(words),
            }
        }
        running
    }

    fn listen(&self, index: &StationIndex) -> Result<Listener, LocalizedText> {
        let feed = &self.feeds.hj212;
        let address = address_of(feed)?;
        let mut codes: Vec<String> = index.codes().map(str::to_owned).collect();
        codes.extend(feed.devices.iter().map(|mn| mn.trim().to_lowercase()));
        codes.sort_unstable();
        let knows = move |mn: &str| codes.binary_search(&mn.trim().to_lowercase()).is_ok();
        let keys = keys(&feed.keys)?;
        let devices = Devices { knows: Box::new(knows), keys };
        Listener::start(address, devices, &self.inbox).map_err(|error| {
            let LocalizedText { zh, en } = error.localized();
            LocalizedText::new(format!("不能监听 {address}：{zh}"), format!("{address}: {en}"))
        })
    }

    /// Where instruments reach it; `None` while it does not listen.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listener.as_ref().map(Listener::address)
    }

    /// What the listener heard.
    pub fn heard(&self) -> Option<Heard> {
        self.listener.as_ref().map(|listener| listener.status().heard())
    }

    /// How each feed fares.
    pub const fn seen(&self) -> &BTreeMap<Source, FeedSeen> {
        &self.seen
    }

    fn seen_of(&mut self, source: Source) -> &mut FeedSeen {
        self.seen.entry(source).or_default()
    }

    /// What is to be taken in now. `all_now`: whatever its time.
    pub fn poll(&mut self, now: Timestamp, all_now: bool) -> Vec<Arrived> {
        let mut arrived = self.packets(now, all_now);
        if self.feeds.folder.is_on {
            match self.folder.look(now, all_now) {
                Ok(files) => {
                    self.seen_of(Source::Folder).error = None;
                    arrived.extend(files);
                }
                Err(error) => self.seen_of(Source::Folder).error = Some(error.localized()),
            }
        }
        for at in 0..self.feeds.web.len() {
            arrived.extend(self.web(at, now, all_now));
        }
        arrived
    }

    fn packets(&mut self, now: Timestamp, all_now: bool) -> Vec<Arrived> {
        if let Some(listener) = &self.listener {
            let every = SignedDuration::from_mins(i64::from(self.feeds.hj212.every_min.max(1)));
            let is_time = self.handed_on_at.is_none_or(|at| now.duration_since(at) >= every);
            if all_now || is_time || listener.spooled() > MANY_BYTES {
                self.handed_on_at = Some(now);
                if let Err(error) = listener.hand_on() {
                    self.seen_of(Source::Hj212).error = Some(error.localized());
                }
            }
        }
        // What an earlier listener left is taken in also where none listens now.
        let waiting = waiting(&self.inbox).unwrap_or_default();
        let packets = waiting.into_iter().map(|path| Arrived {
            from: Source::Hj212,
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            path,
            kind: FileKind::Hj212,
            options: ReadingOptions { arrived: now, ..ReadingOptions::default() },
            makes_stations: true,
        });
        packets.collect()
    }

    fn web(&mut self, at: usize, now: Timestamp, all_now: bool) -> Option<Arrived> {
        let feed = self.feeds.web.get(at).filter(|feed| feed.is_on)?.clone();
        let state = self.webs.get_mut(at)?;
        if state.next_at.is_some_and(|next| now < next) && !all_now {
            return None;
        }
        let fetched = asked(&feed, &self.reach, &self.inbox.join(format!("web-{at}.answer")));
        state.errors = if fetched.is_ok() { 0 } else { state.errors.saturating_add(1) };
        let wait = SignedDuration::from_mins(wait_min(feed.interval_min, state.errors).into());
        let next_at = now.checked_add(wait).ok();
        state.next_at = next_at;
        let seen = self.seen_of(Source::Web(at));
        seen.next_at = next_at;
        match fetched {
            Ok((path, kind)) => Some(Arrived {
                from: Source::Web(at),
                path,
                name: web_name(&feed),
                kind,
                options: web_options(&feed, now),
                makes_stations: feed.form != WebForm::Json,
            }),
            Err(words) => {
                seen.error = Some(words);
                None
            }
        }
    }

    /// Says what became of a file: it is not needed any more, and comes again only where it failed by
    /// what may pass.
    pub fn done(
        &mut self,
        arrived: &Arrived,
        outcome: &Result<Delivered, IntakeError>,
        now: Timestamp,
    ) {
        let is_ours = arrived.from != Source::Folder;
        // What the district refuses now it may take later; a file that cannot be read stays so.
        let is_to_stay = matches!(outcome, Err(IntakeError::Unwritten(_)));
        if arrived.from == Source::Folder && !is_to_stay {
            self.folder.done(&arrived.path);
        }
        if is_ours && !is_to_stay {
            if outcome.is_err() && arrived.from == Source::Hj212 {
                drop(crate::files::rename(&arrived.path, &arrived.path.with_extension("unread")));
            } else {
                drop(crate::files::remove(&arrived.path));
            }
        }
        let seen = self.seen_of(arrived.from);
        match outcome {
            Ok(delivered) => {
                seen.error = None;
                seen.last = Some((now, delivered_words(&arrived.name, *delivered)));
            }
            Err(error) => {
                let LocalizedText { zh, en } = error.localized();
                let name = &arrived.name;
                let words = LocalizedText::new(format!("{name}：{zh}"), format!("{name}: {en}"));
                seen.error = Some(words);
            }
        }
    }
}

/// `小时值.csv：新增 24，新版本 0，已有 12`
pub fn delivered_words(name: &str, delivered: Delivered) -> LocalizedText {
    let Delivered { new, versions, same, refused } = delivered;
    LocalizedText::new(
        format!("{name}：新增 {new}，新版本 {versions}，已有 {same}，退回 {refused}"),
        format!("{name}: {new} new, {versions} new versions, {same} known, {refused} rejected"),
    )
}

fn keys(texts: &BTreeMap<String, String>) -> Result<BTreeMap<String, Key>, LocalizedText> {
    let read = |(mn, text): (&String, &String)| {
        let key = key(text).ok_or_else(|| {
            LocalizedText::new(
                format!("{mn} 的 SM4 密钥应为 32 位十六进制数"),
                format!("the SM4 key of {mn} must be 32 hexadecimal digits"),
            )
        })?;
        Ok((mn.trim().to_lowercase(), key))
    };
    texts.iter().map(read).collect()
}

fn key(text: &str) -> Option<Key> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    rest.is_empty().then(|| bytes.try_into().ok().map(Key::new)).flatten()
}

fn web_name(feed: &WebFeed) -> String {
    if feed.name.trim().is_empty() {
        let host = feed.url.split('/').nth(2).unwrap_or_default();
        return host.to_owned();
    }
    feed.name.trim().to_owned()
}

fn web_options(feed: &WebFeed, now: Timestamp) -> ReadingOptions {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let label = feed.is_utc.then_some(LabelRule { end: LabelEnd::End, clock: Clock::Utc });
    ReadingOptions {
        overrules: Overrules { label, ..Overrules::default() },
        map: feed.columns.clone(),
        station: some(&feed.station),
        sheet: None,
        list: some(&feed.list),
        zero_is_missing: feed.zero_is_missing.then_some(true),
        arrived: now,
    }
}

/// Fetches an answer into a file, and says what kind of file it is.
fn asked(feed: &WebFeed, reach: &Reach, into: &Path) -> Result<(PathBuf, FileKind), LocalizedText> {
    let header = feed.header.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
    let bytes = fetch(feed.url.trim(), header, feed.key.trim(), reach)
        .map_err(|error: WebError| error.localized())?;
    let written = std::fs::create_dir_all(crate::files::folder_of(into))
        .and_then(|()| std::fs::write(into, bytes));
    written.map_err(|error| error.localized())?;
    let kind = match feed.form {
        WebForm::OpenMeteo => FileKind::OpenMeteo,
        WebForm::Metar => FileKind::Metar,
        WebForm::Json => match recognise(into).map_err(|error| error.localized())? {
            Some(kind @ (FileKind::OpenAq | FileKind::OpenMeteo)) => kind,
            _ => FileKind::JsonObjects,
        },
    };
    Ok((into.to_owned(), kind))
}

/// A file of a feed as it was surveyed, with the records that its stations are or become.
pub struct SurveyedArrival {
    pub survey: Survey,
    pub made: Vec<Record>,
    pub records: Vec<Option<RecordId>>,
}

/// Looks at a file of a feed.
pub fn look_at(
    arrived: &Arrived,
    world: &World,
    (stamp, ids): (&Stamp, &mut Ids),
) -> Result<SurveyedArrival, IntakeError> {
    let index = StationIndex::of(world);
    let survey = survey(&arrived.path, arrived.kind, &arrived.options, &index, &|| false)?;
    let mut made = Vec::new();
    let mut records = Vec::new();
    for station in &survey.stations {
        let known = station.found.record();
        records.push(known.or_else(|| {
            arrived.makes_stations.then(|| {
                let kind = (arrived.kind, kind_of_new(arrived.kind));
                let record = new_station(station, kind, &arrived.name, (stamp, &mut *ids));
                let id = record.id;
                made.push(record);
                id
            })
        }));
    }
    if survey.rows > 0 && records.iter().all(Option::is_none) {
        return Err(IntakeError::NoStation(survey.stations.len()));
    }
    Ok(SurveyedArrival { survey, made, records })
}

/// Takes a file of a feed into a district, whose records are `world`: one delivery, one edit, and no step
/// of a person to be taken back.
pub fn take_in(
    arrived: &Arrived,
    store: &mut Store,
    world: &World,
    (stamp, ids): (&Stamp, &mut Ids),
) -> Result<Delivered, IntakeError> {
    let looked = look_at(arrived, world, (stamp, &mut *ids))?;
    let mut session = store.session(stamp, Size::Few)?;
    for record in &looked.made {
        session.write(&Change::create(record.clone()))?;
    }
    let file = SurveyedFile {
        path: &arrived.path,
        name: &arrived.name,
        survey: &looked.survey,
        options: &arrived.options,
        records: &looked.records,
        mark: None,
    };
    let delivered = deliver(file, &mut session, (stamp, ids), &Progress::default())?;
    let outcome = session.commit(EditKind::Feed, Some(arrived.name.clone()));
    store.settled(outcome, stamp)?;
    Ok(delivered)
}

/// Asks a service once and says what its answer holds; nothing of it is taken in.
pub fn test_web(
    feed: &WebFeed,
    world: &World,
    reach: &Reach,
    stamp: &Stamp,
) -> Result<LocalizedText, LocalizedText> {
    let folder = tempfile::tempdir().map_err(|error| error.localized())?;
    let (path, kind) = asked(feed, reach, &folder.path().join("answer"))?;
    let options = web_options(feed, stamp.at);
    let index = StationIndex::of(world);
    let survey = survey(&path, kind, &options, &index, &|| false);
    let survey = survey.map_err(|error| error.localized())?;
    let known = survey.stations.iter().filter(|it| it.found.record().is_some()).count();
    let (stations, rows, values) = (survey.stations.len(), survey.rows, survey.values);
    let labels = survey.findings.iter().find(|it| it.about == "label");
    let (zh, en) = labels.map_or_else(Default::default, |it| {
        (format!("；{}", it.conclusion.zh), format!("; {}", it.conclusion.en))
    });
    if values == 0 {
        return Err(LocalizedText::new(
            format!("有应答，但读不出数值：{rows} 行，请指明列表位置和各字段"),
            format!(
                "an answer without values: {rows} rows; say where the list stands and what its fields are"
            ),
        ));
    }
    Ok(LocalizedText::new(
        format!("可用：{stations} 个站点（对上 {known}），{rows} 行，{values} 个值{zh}"),
        format!("works: {stations} stations ({known} known), {rows} rows, {values} values{en}"),
    ))
}

/// Where a listener is to listen.
fn address_of(feed: &Hj212Feed) -> Result<SocketAddr, LocalizedText> {
    feed.address.trim().parse().map_err(|_not| {
        LocalizedText::new(
            format!("监听地址“{}”应为 IP:端口，如 127.0.0.1:9212", feed.address),
            format!("the address `{}` must be IP:port, such as 127.0.0.1:9212", feed.address),
        )
    })
}

/// Looks into a folder once and says what lies there; nothing of it is taken in.
pub fn test_folder(folder: &Path) -> Result<LocalizedText, LocalizedText> {
    let entries = std::fs::read_dir(folder).map_err(|error| error.localized())?;
    let files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file())
        .take(200)
        .collect();
    let known = files.iter().filter(|path| matches!(recognise(path), Ok(Some(_)))).count();
    let all = files.len();
    Ok(LocalizedText::new(
        format!("可用：{all} 个文件，其中 {known} 个是监测数据"),
        format!("works: {all} files, {known} of them readings"),
    ))
}

#[cfg(test)]
mod tests;
