//! Which record of the district a station of a file is.

use geo_types::{Coord, Geometry};
use rustc_hash::FxHashMap;

use super::raw::SourceStation;
use crate::domain::{Kind, Record, RecordId, World};
use crate::geodesy::local::LocalFrame;

/// How a station of a file was found, or that it was not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Match {
    Code(RecordId),
    Name(RecordId),
    /// The nearest record with readings of its own, and how far it is.
    Place(RecordId, f64),
    Unknown,
}

impl Match {
    /// `None` of an unknown one.
    pub const fn record(self) -> Option<RecordId> {
        match self {
            Self::Code(id) | Self::Name(id) | Self::Place(id, _) => Some(id),
            Self::Unknown => None,
        }
    }
}

/// Kinds that have readings.
pub const KINDS: [Kind; 3] = [Kind::ControlPoint, Kind::WeatherStation, Kind::Site];

/// Positions of stations are published to about this, m.
const REACH_M: f64 = 200.0;

/// Records by what a file may call them.
#[derive(Default)]
pub struct StationIndex {
    codes: FxHashMap<String, RecordId>,
    /// `None` where several have the name.
    names: FxHashMap<String, Option<RecordId>>,
    /// With the code of its own that a record has.
    places: Vec<(RecordId, Coord<f64>, Box<str>)>,
    kinds: FxHashMap<RecordId, Kind>,
}

impl StationIndex {
    pub fn of(world: &World) -> Self {
        let mut index = Self::default();
        for kind in KINDS {
            for record in world.table(kind).iter() {
                index.add(record);
            }
        }
        index
    }

    /// One more record, such as one that an earlier file of the same import brought.
    pub fn add(&mut self, record: &Record) {
        self.kinds.insert(record.id, record.kind);
        for code in codes(record) {
            self.codes.entry(code).or_insert(record.id);
        }
        let name = plain(record.name());
        if !name.is_empty() {
            self.names.entry(name).and_modify(|known| *known = None).or_insert(Some(record.id));
        }
        // A site is too large, and there are too many, to be found by its place.
        if let Some(Geometry::Point(point)) = &record.geometry
            && record.kind != Kind::Site
        {
            let code = record.code().unwrap_or_default().trim().into();
            self.places.push((record.id, point.0, code));
        }
    }

    /// Codes and MNs that are known, in lower case.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.keys().map(String::as_str)
    }

    /// By code, then by name, then by place; of one kind alone, where one is given.
    pub fn find(&self, station: &SourceStation, kind: Option<Kind>) -> Match {
        let is_meant = |id: &RecordId| kind.is_none_or(|kind| self.kinds.get(id) == Some(&kind));
        let code = self.codes.get(&station.code.trim().to_lowercase());
        if let Some(id) = code.filter(|id| is_meant(id)) {
            return Match::Code(*id);
        }
        let name = plain(&station.name);
        let named = self.names.get(&name).filter(|_| !name.is_empty()).copied().flatten();
        if let Some(id) = named.filter(is_meant) {
            return Match::Name(id);
        }
        let Some(place) = station.place else { return Match::Unknown };
        let frame = LocalFrame::at(place);
        let distance =
            |(id, at, _): &(RecordId, Coord<f64>, Box<str>)| (*id, frame.distance_m(*at));
        let code = station.code.trim();
        let places = self.places.iter().filter(|(id, _, own)| is_meant(id) && !are_two(code, own));
        let nearest = places.map(distance).min_by(|a, b| a.1.total_cmp(&b.1));
        match nearest {
            Some((id, distance_m)) if distance_m <= REACH_M => Match::Place(id, distance_m),
            _ => Match::Unknown,
        }
    }
}

/// Whether two codes are of one list, which has both, as 3576A and 3577A: then they are two stations,
/// however near each other.
fn are_two(a: &str, b: &str) -> bool {
    let form = |code: &str| -> Vec<u8> {
        code.bytes()
            .map(|byte| match byte {
                b'0'..=b'9' => b'0',
                b'a'..=b'z' | b'A'..=b'Z' => b'A',
                other => other,
            })
            .collect()
    };
    !a.is_empty() && !a.eq_ignore_ascii_case(b) && form(a) == form(b)
}

/// Of several stations of a file that are found to be one record by their place, only the nearest is,
/// and none where another one is by its code or its name.
pub fn one_a_place(found: &mut [Match]) {
    let mut best: FxHashMap<RecordId, (f64, usize)> = FxHashMap::default();
    for (at, found) in found.iter().enumerate() {
        let (id, distance_m) = match *found {
            Match::Code(id) | Match::Name(id) => (id, -1.0),
            Match::Place(id, distance_m) => (id, distance_m),
            Match::Unknown => continue,
        };
        let known = best.entry(id).or_insert((distance_m, at));
        if distance_m < known.0 {
            *known = (distance_m, at);
        }
    }
    for (at, found) in found.iter_mut().enumerate() {
        if let Match::Place(id, _) = *found
            && best.get(&id).is_some_and(|(_, first)| *first != at)
        {
            *found = Match::Unknown;
        }
    }
}

/// The code, the number of a firm's own instruments, and an MN among the attributes that no field stands
/// for.
fn codes(record: &Record) -> Vec<String> {
    let extra = record.extra.iter().flat_map(|extra| extra.iter());
    let numbers = extra.filter(|(key, _)| {
        ["mn", "mn号", "设备编号", "设备编码"].contains(&key.to_lowercase().as_str())
    });
    let numbers = numbers.filter_map(|(_, value)| Some(value.as_str()?.to_owned()));
    let own = [record.code().unwrap_or_default(), record.text("monitoring_id")];
    let own = own.into_iter().filter(|own| !own.trim().is_empty()).map(str::to_owned);
    own.chain(numbers).map(|code| code.trim().to_lowercase()).collect()
}

/// One spelling of a name: without blanks, without what stands in brackets behind it, without 站 at
/// its end.
fn plain(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let end = name.find(['(', '（']).filter(|at| *at > 0).unwrap_or(name.len());
    let name = name.get(..end).unwrap_or_default();
    name.trim_end_matches("监测站").trim_end_matches('站').to_lowercase()
}
