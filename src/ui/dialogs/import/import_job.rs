//! What is to be imported and what a person has said about it: all that goes on from one look at a
//! file to the next, and from file to file.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::domain::{Kind, Stamp};
use crate::exchange::ReadOptions;
use crate::exchange::meaning::doubts::DoubtChoices;
use crate::exchange::meaning::outline::signature;
use crate::exchange::meaning::{BroughtCodes, Import, MappingTarget, target};
use crate::exchange::readings::{Match, Overrules};
use crate::geodesy::crs::Crs;
use crate::settings::clock;

/// The systems that a person may say the places are in.
pub const SYSTEMS: [(Crs, &str); 4] = [
    (Crs::Wgs84, "WGS-84"),
    (Crs::Gcj02, "GCJ-02（高德、腾讯）"),
    (Crs::Bd09, "BD-09（百度）"),
    (Crs::Cgcs2000, "CGCS2000"),
];

/// Where rows come from.
#[derive(Clone)]
pub enum Source {
    File(PathBuf),
    /// Tab-separated text from Excel, WPS or WeChat.
    Pasted(String),
}

impl Source {
    /// As the journal names it.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Self::Pasted(_) => "粘贴.csv".to_owned(),
        }
    }
}

/// What a person has said about a file.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "answers that do not depend on each other")]
pub struct Wishes {
    pub kind: Option<Kind>,
    pub crs: Option<Crs>,
    /// The datum goes before what the file claims.
    pub overrules_crs: bool,
    /// Places outside of China and far from the district are taken as they are.
    pub takes_far: bool,
    /// `field=column` pairs against the guess.
    pub map: Vec<(String, String)>,
    /// Sheet, layer or document.
    pub part: Option<String>,
    /// What becomes of rows that may be known records.
    pub doubts: DoubtChoices,
    /// The columns are shown before the datum is asked about.
    pub checks_columns: bool,
    /// Nobody has said anything about the columns yet, so what was said last time holds.
    pub recalls: bool,
    /// It did hold.
    pub is_recalled: bool,
    pub readings: ReadingWishes,
}

/// What a person has said about a file of readings.
#[derive(Clone, Debug, Default)]
pub struct ReadingWishes {
    /// Whether it is one, against what stands in it.
    pub is_meant: Option<bool>,
    pub overrules: Overrules,
    /// What its columns are, `(column, target)`; `None` while nobody has said anything, and what was
    /// said of a file like this holds.
    pub map: Option<Vec<(String, String)>>,
    /// The station of a file that names none, by code or name.
    pub station: String,
    pub zero_is_missing: Option<bool>,
    /// What becomes of stations against what comes of itself, by their number in the file.
    pub stations: BTreeMap<usize, StationWish>,
}

/// What becomes of a station of a file of readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StationWish {
    /// The record that it was found to be.
    AsFound,
    New(Kind),
    LeaveOut,
}

impl ReadingWishes {
    /// What becomes of a station: what a person said, else the record that was found; an unknown one is
    /// left out.
    pub fn of(&self, number: usize, found: Match) -> StationWish {
        let usual = match found {
            Match::Unknown => StationWish::LeaveOut,
            _ => StationWish::AsFound,
        };
        self.stations.get(&number).copied().unwrap_or(usual)
    }

    /// A column is something else; the station of each row may be another then.
    pub fn choose_column(&mut self, known: &[(String, String)], column: &str, target: &str) {
        let map = self.map.get_or_insert_with(|| known.to_vec());
        map.retain(|(other, _)| other != column);
        map.push((column.to_owned(), target.to_owned()));
        self.stations.clear();
    }
}

/// How the columns of a header were read, for the next file that has the same.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// The key of the layer, where a person chose it.
    pub kind: Option<String>,
    pub map: Vec<(String, String)>,
}

/// Files to import: one at a time, the others wait.
#[derive(Clone)]
pub struct ImportJob {
    pub source: Source,
    pub wishes: Wishes,
    waiting: VecDeque<Source>,
    /// Of the files that came, this one, counted from 1.
    pub at: usize,
}

impl ImportJob {
    /// `None` without a file.
    pub fn new(sources: Vec<Source>) -> Option<Self> {
        let mut waiting = VecDeque::from(sources);
        let source = waiting.pop_front()?;
        Some(Self { source, wishes: Wishes::new(), waiting, at: 1 })
    }

    /// Further files, behind those that wait.
    pub fn add(&mut self, sources: Vec<Source>) {
        self.waiting.extend(sources);
    }

    /// How many files came in all.
    pub fn of(&self) -> usize {
        self.at + self.waiting.len()
    }

    /// How many are not imported yet, this one among them.
    pub fn left(&self) -> usize {
        1 + self.waiting.len()
    }

    /// For the dialog that takes the place of this one, which has nothing left to ask about.
    pub fn hand_over(&mut self) -> Self {
        let taken = self.clone();
        self.waiting.clear();
        taken
    }

    /// Goes on to the next file; `false` after the last.
    pub fn advance(&mut self) -> bool {
        let Some(next) = self.waiting.pop_front() else { return false };
        self.source = next;
        self.at += 1;
        self.wishes = Wishes::new();
        true
    }
}

impl Wishes {
    fn new() -> Self {
        Self { recalls: true, ..Self::default() }
    }

    /// The order of the import, with ids and stamp of now.
    pub fn order(&self, file: String, stamp: &Stamp) -> Import {
        Import {
            kind: self.kind,
            crs: self.crs.clone(),
            crs_overrules: self.overrules_crs,
            takes_far: self.takes_far,
            map: self.map.clone(),
            doubts: self.doubts.clone(),
            brought: BroughtCodes::default(),
            options: self.options(),
            file: file.into(),
            stamp: stamp.clone(),
            ids: clock::ids(stamp),
        }
    }

    /// What the reader is told.
    pub fn options(&self) -> ReadOptions {
        ReadOptions { sheet: self.part.clone(), layer: self.part.clone() }
    }

    /// Another layer has other fields: what it lacks is guessed again.
    pub fn choose_kind(&mut self, kind: Kind) {
        self.readings.is_meant = Some(false);
        self.kind = Some(kind);
        self.map.retain(|(field, _)| target(kind, field).is_some());
        self.recalls = false;
    }

    /// Another sheet has other columns.
    pub fn choose_part(&mut self, part: Option<String>) {
        let crs = self.crs.take();
        let doubts = DoubtChoices { all: self.doubts.all, ..DoubtChoices::default() };
        let is_meant = self.readings.is_meant;
        let readings = ReadingWishes { is_meant, ..ReadingWishes::default() };
        *self = Self { crs, part, doubts, readings, ..Self::new() };
    }

    /// A field is filled by one column, and a column fills one field.
    pub fn choose_target(&mut self, kind: Kind, column: &str, chosen: MappingTarget) {
        let is_shared = matches!(chosen, MappingTarget::Extra | MappingTarget::Skip);
        let key = chosen.key(kind);
        self.map.retain(|(field, known)| known != column && (is_shared || field != key));
        self.map.push((key.to_owned(), column.to_owned()));
        self.recalls = false;
    }

    /// Layer and columns are guessed again.
    pub fn forget_columns(&mut self) {
        self.map.clear();
        self.kind = None;
        (self.recalls, self.is_recalled) = (false, false);
    }

    /// What was said of a header like this before.
    pub fn recall(&mut self, columns: &[String], known: &BTreeMap<String, Json>) {
        if !self.recalls {
            return;
        }
        self.recalls = false;
        let Some(Ok(mapping)) = known.get(&signature(columns)).cloned().map(Mapping::read) else {
            return;
        };
        self.kind = self.kind.or_else(|| mapping.kind.as_deref()?.parse().ok());
        let kind = self.kind;
        let is_field = |field: &str| match kind {
            Some(kind) => target(kind, field).is_some(),
            None => Kind::ALL.into_iter().any(|kind| target(kind, field).is_some()),
        };
        let fits = |(field, column): &(String, String)| is_field(field) && columns.contains(column);
        self.map = mapping.map.into_iter().filter(fits).collect();
        self.is_recalled = true;
    }

    /// What is worth remembering; `None` where everything was guessed.
    pub fn mapping(&self) -> Option<Json> {
        if self.map.is_empty() && self.kind.is_none() {
            return None;
        }
        let kind = self.kind.map(|kind| kind.key().to_owned());
        serde_json::to_value(Mapping { kind, map: self.map.clone() }).ok()
    }
}

impl Mapping {
    fn read(value: Json) -> serde_json::Result<Self> {
        serde_json::from_value(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_was_said_of_a_header_holds_for_the_next_file_that_has_it() {
        let header = columns(&["甲", "乙", "丙"]);
        let mut said = Wishes::new();
        said.choose_kind(Kind::Site);
        said.choose_target(Kind::Site, "甲", MappingTarget::Skip);
        said.choose_target(Kind::Site, "乙", MappingTarget::Field(1));
        let known = BTreeMap::from([(signature(&header), said.mapping().unwrap())]);

        let mut next = Wishes::new();
        next.recall(&header, &known);
        assert_eq!((next.kind, &next.map), (Some(Kind::Site), &said.map));
        let mut other = Wishes::new();
        other.recall(&columns(&["甲", "乙"]), &known);
        assert!(other.map.is_empty() && !other.is_recalled);
        let mut damaged = Wishes::new();
        damaged.recall(&header, &BTreeMap::from([(signature(&header), Json::from(7))]));
        assert!(damaged.map.is_empty());
    }

    #[test]
    fn a_field_has_one_column_and_a_column_one_field() {
        let mut wishes = Wishes::new();
        wishes.choose_target(Kind::Site, "甲", MappingTarget::Field(1));
        wishes.choose_target(Kind::Site, "乙", MappingTarget::Field(1));
        wishes.choose_target(Kind::Site, "丙", MappingTarget::Skip);
        wishes.choose_target(Kind::Site, "丁", MappingTarget::Skip);
        wishes.choose_target(Kind::Site, "丙", MappingTarget::Extra);
        let pairs: Vec<_> = wishes.map.iter().map(|(f, c)| (f.as_str(), c.as_str())).collect();
        assert_eq!(pairs, [("name", "乙"), ("skip", "丁"), ("extra", "丙")]);
        wishes.choose_kind(Kind::Road);
        assert_eq!(wishes.map.len(), 3, "a road has a name too");
    }

    #[test]
    fn files_come_one_after_the_other_each_without_what_was_said_of_the_last() {
        let file = |name: &str| Source::File(name.into());
        let mut job = ImportJob::new(vec![file("a.csv"), file("b.csv")]).unwrap();
        job.wishes.choose_kind(Kind::Road);
        job.add(vec![file("c.csv")]);
        assert_eq!((job.at, job.of()), (1, 3));
        let mut job = {
            let mut old = job;
            let new = old.hand_over();
            assert_eq!((old.left(), new.left()), (1, 3));
            new
        };
        assert!(job.advance());
        assert_eq!((job.source.name().as_str(), job.at, job.of()), ("b.csv", 2, 3));
        assert_eq!(job.wishes.kind, None);
        assert!(job.advance() && !job.advance());
        assert!(ImportJob::new(Vec::new()).is_none());
    }
}
