//! What this seat prefers, where its files lie, who sits here and what time it is.
//!
//! Preferences live in one JSON file outside every district file. With [`clock`] this is the only
//! room below the edge of the program that asks the machine for time, chance or environment.

pub mod clock;
pub mod desktop;
pub mod feeds;
mod office;
mod places;
mod preference;

pub use office::Office;
pub use places::{districts_folder, folder, tiles_folder};
pub use preference::Preference;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use self::feeds::Feeds;
use crate::domain::Lang;
use crate::files;

/// Everything a person sets once. Unknown keys of newer versions are ignored, missing ones get
/// their default, so that an older or newer program still starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "switches that do not depend on each other")]
pub struct Settings {
    pub lang: Lang,
    pub theme: ThemeChoice,
    /// Size of everything, against what the screen asks for.
    pub scale: f32,
    /// Of text on the big screen, against what its height asks for.
    pub big_scale: f32,
    pub reduced_motion: bool,
    /// Whether presenting opens a second window with the speaker's notes.
    pub speaker_window: bool,
    /// Who works here, for the journal; empty for the login name.
    pub actor: String,
    pub last_district: Option<PathBuf>,
    pub base: BaseChoice,
    /// Keys of providers, by provider.
    pub provider_keys: BTreeMap<String, String>,
    /// Providers whose terms were agreed to.
    pub agreed: Vec<String>,
    pub custom_providers: Vec<CustomProvider>,
    /// Whose labels lie on an online base map, by provider; empty for none. Else its own.
    pub labels: BTreeMap<String, String>,
    /// The tile cache may grow to this, MiB.
    pub cache_mib: u64,
    /// Whether what is drawn snaps to what is there.
    pub snaps: bool,
    /// In which system coordinates are shown and copied, as `geodesy::crs` names it.
    pub shown_crs: String,
    /// Whether the overview lies at the corner of the map.
    pub overview: bool,
    /// How each place of the window was left, by its key; one that nobody changed is as it comes.
    pub workspaces: BTreeMap<String, WorkspaceView>,
    /// By district file.
    pub districts: BTreeMap<String, DistrictView>,
    /// Chosen columns of tables, by layer.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Seconds that trucks wait at turns to the left, to the right and back; 0 for none.
    pub turn_costs_s: [f64; 3],
    /// What else the planner takes for granted at this seat.
    pub planner_terms: PlannerTerms,
    /// How columns of files were read before, by the signature of their header.
    pub mappings: BTreeMap<String, serde_json::Value>,
    /// Whether a high value is heard.
    pub sound: AlarmSound,
    /// The wording of orders about high values; `None` for that of the program.
    pub order_template: Option<String>,
}

/// Whether a high value is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmSound {
    Off,
    /// Once an alert.
    #[default]
    Once,
    /// Again and again until somebody has acknowledged.
    UntilAcknowledged,
}

/// What the planner takes for granted where nobody has counted. All are nothing unless somebody says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlannerTerms {
    /// Of those whom a plan keeps from their way, who drive on, 0–1.
    pub not_complying: f64,
    /// … who drive at another hour, 0–1.
    pub shifting: f64,
    /// Below 10 ℃.
    pub is_winter: bool,
    /// Minutes that a truck stands at each recorded queue.
    pub idle_min: f64,
}

impl PlannerTerms {
    /// Shares that are no more than all together, minutes of an hour at most.
    #[must_use]
    pub fn in_bounds(mut self) -> Self {
        let share =
            |share: f64, most: f64| if share.is_finite() { share.clamp(0.0, most) } else { 0.0 };
        self.not_complying = share(self.not_complying, 1.0);
        self.shifting = share(self.shifting, 1.0 - self.not_complying);
        self.idle_min = share(self.idle_min, 60.0);
        self
    }
}

/// Which colours the window has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    #[default]
    Light,
    Dark,
    System,
}

/// What lies under our own layers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaseChoice {
    #[default]
    None,
    /// An archive or a folder of tiles; its datum, `WGS-84` or `GCJ-02`, where the person has said
    /// it.
    File { path: PathBuf, datum: Option<String> },
    /// By id in the table of providers, or the name of a custom one.
    Online(String),
}

/// An online base map that a person has described.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomProvider {
    pub name: String,
    pub url: String,
    /// `WGS-84` or `GCJ-02`.
    pub datum: String,
    pub attribution: String,
}

/// Which parts of the window are open.
#[expect(clippy::struct_excessive_bools, reason = "each part is open or not")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Panels {
    /// Of the layers.
    pub left: bool,
    /// Of the card.
    pub right: bool,
    /// Below the map.
    pub dock: bool,
    /// In the dock lies the table, and not what the place has of its own.
    pub is_table: bool,
}

/// How a place of the window was left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkspaceView {
    /// `None` while nobody has opened or folded a panel.
    pub panels: Option<Panels>,
    /// The share of the window's height that the dock was dragged to, 0–1.
    pub dock_share: Option<f32>,
    /// Lowest first; empty while nobody has chosen.
    pub layers: Vec<LayerSetting>,
    /// The kind whose rows the table shows, by its key.
    pub table: Option<String>,
}

/// Where a district was left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DistrictView {
    /// Longitude, latitude (WGS-84 degrees) and zoom.
    pub view: Option<(f64, f64, f64)>,
    pub bookmarks: Vec<Bookmark>,
    /// Steps of setting it up that nobody wants to be reminded of, by key.
    pub skipped: Vec<String>,
    /// Indices of other cities, as they were pasted for a rank among them.
    pub others: String,
    /// What brings readings to it while it is open here.
    pub feeds: Feeds,
}

/// How a layer of the map was left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerSetting {
    pub key: String,
    pub is_shown: bool,
    /// 0–1.
    pub opacity: f32,
}

/// A place on the map with a name: longitude, latitude (WGS-84 degrees) and zoom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bookmark {
    pub name: String,
    pub view: (f64, f64, f64),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lang: Lang::Zh,
            theme: ThemeChoice::Light,
            scale: 1.0,
            big_scale: 1.0,
            reduced_motion: false,
            speaker_window: false,
            actor: String::new(),
            last_district: None,
            base: BaseChoice::None,
            provider_keys: BTreeMap::new(),
            agreed: Vec::new(),
            custom_providers: Vec::new(),
            labels: BTreeMap::new(),
            cache_mib: 512,
            snaps: true,
            shown_crs: "wgs84".to_owned(),
            overview: true,
            workspaces: BTreeMap::new(),
            districts: BTreeMap::new(),
            columns: BTreeMap::new(),
            turn_costs_s: [0.0; 3],
            planner_terms: PlannerTerms::default(),
            mappings: BTreeMap::new(),
            sound: AlarmSound::default(),
            order_template: None,
        }
    }
}

const FILE: &str = "settings.json";

/// Least and most of [`Settings::scale`].
pub const SCALES: (f32, f32) = (0.8, 2.5);
/// Least and most of [`Settings::big_scale`].
pub const BIG_SCALES: (f32, f32) = (0.5, 1.5);

impl Settings {
    /// The settings of a folder. A damaged file is put aside and the defaults are used; the second
    /// value is then the file it was put aside as.
    pub fn load(folder: &Path) -> (Self, Option<PathBuf>) {
        let path = folder.join(FILE);
        let Ok(text) = std::fs::read(&path) else { return (Self::default(), None) };
        if let Ok(settings) = serde_json::from_slice::<Self>(&text) {
            return (settings.in_bounds().found_in(folder), None);
        }
        let aside = folder.join("settings.damaged.json");
        drop(files::rename(&path, &aside));
        (Self::default(), Some(aside))
    }

    /// After a crash the old or the new file is there. It holds keys of providers, so nobody else may
    /// read it.
    pub fn save(&self, folder: &Path) -> std::io::Result<()> {
        let kept = serde_json::to_vec_pretty(&self.clone().kept_in(folder).with_text_paths())?;
        files::write_private(&folder.join(FILE), &kept)
    }

    /// What lies on a stick beside the program is named by the way from there: the stick has another
    /// letter at the next machine.
    fn kept_in(self, folder: &Path) -> Self {
        let Some(root) = places::portable_root(folder) else { return self };
        self.with_paths(|path| path.strip_prefix(&root).map_or(path.clone(), Path::to_owned))
    }

    /// JSON is text: a path that is none cannot be kept, and the next start begins without it.
    fn with_text_paths(mut self) -> Self {
        self.last_district = self.last_district.filter(|path| path.to_str().is_some());
        if matches!(&self.base, BaseChoice::File { path, .. } if path.to_str().is_none()) {
            self.base = BaseChoice::default();
        }
        self
    }

    fn found_in(self, folder: &Path) -> Self {
        let Some(root) = places::portable_root(folder) else { return self };
        self.with_paths(|path| root.join(path))
    }

    fn with_paths(mut self, to: impl Fn(&PathBuf) -> PathBuf) -> Self {
        self.last_district = self.last_district.as_ref().map(&to);
        if let BaseChoice::File { path, .. } = &mut self.base {
            *path = to(path);
        }
        let named = |name: String| to(&name.into()).display().to_string();
        let districts = std::mem::take(&mut self.districts).into_iter();
        self.districts = districts.map(|(name, view)| (named(name), view)).collect();
        self
    }

    fn in_bounds(mut self) -> Self {
        let within = |value: f32, min: f32, max: f32| {
            if value.is_finite() { value.clamp(min, max) } else { min }
        };
        self.scale = within(self.scale, SCALES.0, SCALES.1);
        self.big_scale = within(self.big_scale, BIG_SCALES.0, BIG_SCALES.1);
        for view in self.workspaces.values_mut() {
            view.dock_share = view.dock_share.filter(|share| (0.0..=1.0).contains(share));
        }
        self.cache_mib = self.cache_mib.clamp(16, 64 << 10);
        let is_a_wait = |seconds: &f64| (0.0..=600.0).contains(seconds);
        self.turn_costs_s = self.turn_costs_s.map(|s| if is_a_wait(&s) { s } else { 0.0 });
        self.planner_terms = self.planner_terms.in_bounds();
        self
    }
}

/// Where the agenda of meetings lies that this office has made its own.
pub fn meeting_template(folder: &Path) -> PathBuf {
    folder.join("templates").join("meeting.md")
}

/// Where the template of a paper of the ledger lies that this office has made its own, by its key.
pub fn ledger_template(folder: &Path, key: &str) -> PathBuf {
    folder.join("templates").join("ledger").join(format!("{key}.md"))
}

/// The proxy that the environment names for web requests.
pub fn proxy() -> Option<String> {
    ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_were_saved() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            lang: Lang::En,
            base: BaseChoice::Online("osm".to_owned()),
            scale: 1.5,
            ..Settings::default()
        };
        settings.save(folder.path()).unwrap();
        assert_eq!(Settings::load(folder.path()), (settings, None));
    }

    #[test]
    fn what_lies_on_a_stick_is_found_when_the_stick_is_elsewhere() {
        let stick = |root: &Path| (root.join("data"), root.join("丰润.gpkg"));
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for root in [&here, &there] {
            std::fs::create_dir(root.path().join("data")).unwrap();
            std::fs::write(root.path().join("portable.txt"), "").unwrap();
        }
        let settings = |root: &Path| {
            let (_, district) = stick(root);
            let elsewhere = PathBuf::from(if cfg!(windows) { r"Q:\底图" } else { "/底图" });
            let view = DistrictView { view: Some((118.0, 39.8, 12.0)), ..DistrictView::default() };
            Settings {
                districts: [(district.display().to_string(), view)].into(),
                last_district: Some(district),
                base: BaseChoice::File { path: elsewhere, datum: None },
                ..Settings::default()
            }
        };
        settings(here.path()).save(&stick(here.path()).0).unwrap();
        let from = |root: &tempfile::TempDir| stick(root.path()).0.join(FILE);
        std::fs::copy(from(&here), from(&there)).unwrap();
        assert_eq!(Settings::load(&stick(there.path()).0).0, settings(there.path()));
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_is_left_out_and_everything_else_is_kept() {
        use std::os::unix::ffi::OsStringExt as _;
        let folder = tempfile::tempdir().unwrap();
        let odd = PathBuf::from(std::ffi::OsString::from_vec(b"/a\xff.gpkg".to_vec()));
        let base = BaseChoice::File { path: odd.clone(), datum: None };
        let settings =
            Settings { lang: Lang::En, last_district: Some(odd), base, ..Settings::default() };
        settings.save(folder.path()).unwrap();
        let kept = Settings { lang: Lang::En, ..Settings::default() };
        assert_eq!(Settings::load(folder.path()), (kept, None));
    }

    #[test]
    fn a_damaged_file_is_put_aside_and_nothing_of_it_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), b"{ broken").unwrap();
        let (settings, aside) = Settings::load(folder.path());
        assert_eq!(settings, Settings::default());
        assert_eq!(std::fs::read(aside.unwrap()).unwrap(), b"{ broken");
    }

    #[test]
    fn a_file_of_another_version_still_gives_what_it_says() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), r#"{"lang":"en","scale":9.0,"new":1}"#).unwrap();
        let (settings, _) = Settings::load(folder.path());
        assert_eq!((settings.lang, settings.scale), (Lang::En, SCALES.1));
    }
}
