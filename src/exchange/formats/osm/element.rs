//! Nodes, ways and relations, however they were written.

use std::borrow::Cow;

use geo_types::Coord;

/// WGS-84 in units of 1e-7 degrees, the resolution of the `OpenStreetMap` database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    lon_e7: i32,
    lat_e7: i32,
}

const PER_DEGREE: f64 = 1e7;

impl Position {
    /// `None` for what is not on Earth.
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        let is_on_earth = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
        is_on_earth.then(|| Self {
            lon_e7: (lon * PER_DEGREE).round() as i32,
            lat_e7: (lat * PER_DEGREE).round() as i32,
        })
    }

    /// Longitude and latitude, degrees.
    pub fn coord(self) -> Coord<f64> {
        Coord { x: f64::from(self.lon_e7) / PER_DEGREE, y: f64::from(self.lat_e7) / PER_DEGREE }
    }
}

/// Keys and values. Few per element, so they are searched from end to end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tags<'a>(pub Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl Tags<'_> {
    /// The value of a key, `None` where it is missing or blank.
    pub fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(name, _)| name == key)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// The value of the first of these keys that has one.
    pub fn first(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.get(key))
    }
}

/// What a map file consists of.
#[derive(Clone, Debug, PartialEq)]
pub enum Element<'a> {
    Node { id: i64, at: Option<Position>, tags: Tags<'a> },
    Way(Way<'a>),
    Relation { id: i64, members: Vec<Member<'a>>, tags: Tags<'a> },
}

/// A line or an outline, by the ids of its nodes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way<'a> {
    pub id: i64,
    pub nodes: Vec<i64>,
    /// Where the nodes lie, from files that say it at the way itself; else empty.
    pub places: Vec<Option<Position>>,
    pub tags: Tags<'a>,
}

/// A node or a way in a relation. Other members are left out when a file is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    pub kind: MemberKind,
    pub id: i64,
    /// `outer` and `inner` of a multipolygon; `from`, `via` and `to` of a turn.
    pub role: Cow<'a, str>,
}

/// What a member of a relation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    Node,
    Way,
}

/// The kinds of element that a pass over the file needs; others may be left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct ElementKinds {
    pub nodes: bool,
    pub ways: bool,
    pub relations: bool,
}

/// No way of `OpenStreetMap` has more than 2,000 nodes and no relation more than some ten
/// thousand members; a file that claims far more is there to fill the memory.
pub const MAX_PARTS: usize = 1_000_000;
