//! What brings readings by itself to a district, each off until somebody switches it on at this seat.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The feeds of a district at this seat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Feeds {
    pub hj212: Hj212Feed,
    pub folder: FolderFeed,
    pub web: Vec<WebFeed>,
}

impl Feeds {
    pub fn any_is_on(&self) -> bool {
        self.hj212.is_on || self.folder.is_on || self.web.iter().any(|feed| feed.is_on)
    }
}

/// A listener for instruments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hj212Feed {
    pub is_on: bool,
    /// Of this machine alone, unless another address is named.
    pub address: String,
    /// MNs that are let in beside those of the district's records.
    pub devices: Vec<String>,
    /// Keys of SM4 by MN, 32 hexadecimal digits.
    pub keys: BTreeMap<String, String>,
    /// How often what came is taken into the district, minutes.
    pub every_min: u32,
}

impl Default for Hj212Feed {
    fn default() -> Self {
        Self {
            is_on: false,
            address: "127.0.0.1:9212".to_owned(),
            devices: Vec::new(),
            keys: BTreeMap::new(),
            every_min: 10,
        }
    }
}

/// A folder whose files are taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FolderFeed {
    pub is_on: bool,
    pub path: String,
}

/// What a service answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebForm {
    /// A list of objects, each a station and time.
    #[default]
    Json,
    OpenMeteo,
    Metar,
}

/// A service that is asked now and then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebFeed {
    pub is_on: bool,
    pub name: String,
    pub form: WebForm,
    /// `{key}` stands for the key.
    pub url: String,
    /// `Name: value` of one header, where the service wants its key there.
    pub header: String,
    pub key: String,
    pub interval_min: u32,
    /// Where the list stands, `data.list`; the first that there is, where not said.
    pub list: String,
    /// What its fields are, `(field, target)`; a target is one of a file's columns.
    pub columns: Vec<(String, String)>,
    /// Its times are UTC, not Beijing time.
    pub is_utc: bool,
    /// The station of an answer that names none.
    pub station: String,
    pub zero_is_missing: bool,
}

impl Default for WebFeed {
    fn default() -> Self {
        Self {
            is_on: false,
            name: String::new(),
            form: WebForm::Json,
            url: String::new(),
            header: String::new(),
            key: String::new(),
            interval_min: 60,
            list: String::new(),
            columns: Vec::new(),
            is_utc: false,
            station: String::new(),
            zero_is_missing: false,
        }
    }
}
