//! What a road says to trucks, as tags of OpenStreetMap: who may drive it, how heavy and how large
//! they may be, in which direction and when. One grammar for maps that come in and for roads that are
//! drawn.
//!
//! Rules of <https://wiki.openstreetmap.org/wiki/Key:access>, `Conditional_restrictions` and
//! `Key:maxweight`. A key that names trucks goes before one that names all vehicles, a condition that
//! holds before what is always so, and of conditions the last. `goods=no` keeps every truck off, as
//! mappers here mean it, unless `hgv` says otherwise. What is not understood keeps nobody off, and is
//! told ([`TruckRules::unread`]). Words are read in [`values`]; what the field
//! `truck_rules` of a road looks like is said at [`TruckRules::of`].

mod conditions;
#[cfg(test)]
mod tests;
pub mod values;

use geo_types::Coord;
use serde_json::Value as Json;

use self::conditions::clauses;
pub use self::conditions::{Bound, Condition};
use super::{Record, Value};

/// Who may drive a road.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Open,
    /// Only who begins or ends there: `destination`, `delivery`, `customers`.
    Destination,
    /// Nobody: `no`, `private`, and what is for others only.
    Closed,
}

/// What of a truck is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Of the truck as it drives, t.
    Mass,
    /// Permitted total mass, t.
    Rating,
    /// Of the heaviest axle, t.
    AxleLoad,
    /// Metres.
    Height,
    /// Metres.
    Width,
    /// Metres.
    Length,
    /// Number of axles.
    Axles,
}

/// A truck as rules of roads see it, in the units of [`Measure`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// As it drives, t.
    pub mass_t: f64,
    /// Permitted, t.
    pub rating_t: f64,
    /// Of the heaviest axle, t.
    pub axle_load_t: f64,
    /// Metres.
    pub height_m: f64,
    /// Metres.
    pub width_m: f64,
    /// Metres.
    pub length_m: f64,
    /// All of them.
    pub axles: f64,
}

/// A value, and under which condition it holds; always where there is none.
#[derive(Clone, Debug, PartialEq)]
struct Ruled<T> {
    value: T,
    when: Option<Condition>,
}

/// Of each direction, along the line and against it, rules of which the first that holds decides.
type Rows<T> = [Vec<Ruled<T>>; 2];

/// A limit; `None` where it is said that there is none.
#[derive(Clone, Debug, PartialEq)]
struct Limit {
    measure: Measure,
    /// Of clearances: what stands there, beside what a sign says.
    is_physical: bool,
    rows: Rows<Option<f64>>,
}

/// What a road, or a place on it, says to trucks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TruckRules {
    /// Of trucks above 3.5 t, and of lighter ones.
    access: [Rows<Access>; 2],
    limits: Vec<Limit>,
    /// At single places of the road (WGS-84 degrees): a gantry, a bollard.
    pub placed: Vec<(Coord<f64>, Self)>,
    /// `key=value` of what is not understood.
    pub unread: Vec<String>,
}

/// Above so much a truck is `hgv`, else `goods`, t.
const HGV_FROM_T: f64 = 3.5;
/// The most special first.
const KEYS: [&str; 5] = ["hgv", "goods", "motor_vehicle", "vehicle", "access"];
const LIMITS: [(&str, Measure); 7] = [
    ("maxweight", Measure::Mass),
    ("maxweightrating", Measure::Rating),
    ("maxaxleload", Measure::AxleLoad),
    ("maxheight", Measure::Height),
    ("maxwidth", Measure::Width),
    ("maxlength", Measure::Length),
    ("maxaxles", Measure::Axles),
];
/// Fields of a road that say one of them. Mass, height and number of axles have fields that are known
/// to more than rules.
const FIELDS: [(&str, Measure); 4] = [
    ("max_rating_t", Measure::Rating),
    ("max_axle_load_t", Measure::AxleLoad),
    ("max_width_m", Measure::Width),
    ("max_length_m", Measure::Length),
];
/// Obstacles that no truck passes, unless their tags let it.
const OBSTACLES: [&str; 12] = [
    "bollard",
    "block",
    "cycle_barrier",
    "jersey_barrier",
    "debris",
    "log",
    "planter",
    "stile",
    "turnstile",
    "kissing_gate",
    "motorcycle_barrier",
    "chain",
];
/// A key with its value.
pub type Tag = (String, String);

/// Between the rules of a road in one text.
pub const BETWEEN: char = '|';
/// The field of a road that holds them.
pub const FIELD: &str = "truck_rules";

/// A key in its parts: `hgv:forward:conditional`.
#[derive(Clone, Copy)]
struct Key<'k> {
    base: &'k str,
    is_hgv: bool,
    is_physical: bool,
    is_conditional: bool,
    direction: Option<usize>,
}

impl<'k> Key<'k> {
    /// `None` for a key that says nothing to trucks.
    fn of(key: &'k str) -> Option<Self> {
        let mut parts = key.split(':');
        let base = parts.next()?;
        let is_limit = LIMITS.iter().any(|(limit, _)| *limit == base);
        if !is_limit && !KEYS.contains(&base) && base != "barrier" {
            return None;
        }
        let plain = Self {
            base,
            is_hgv: false,
            is_physical: false,
            is_conditional: false,
            direction: None,
        };
        parts.try_fold(plain, |key, part| match part {
            "hgv" if is_limit => Some(Self { is_hgv: true, ..key }),
            "physical" if is_limit => Some(Self { is_physical: true, ..key }),
            "conditional" => Some(Self { is_conditional: true, ..key }),
            "forward" => Some(Self { direction: Some(0), ..key }),
            "backward" => Some(Self { direction: Some(1), ..key }),
            _ => None,
        })
    }
}

/// Whether a tag of a way says something to trucks.
pub fn is_rule(key: &str) -> bool {
    Key::of(key).is_some_and(|key| key.base != "barrier")
}

/// Whether a tag of a node says something to trucks that pass it.
pub fn is_rule_of_a_place(key: &str) -> bool {
    Key::of(key).is_some()
}

/// Whether no truck passes a barrier of this kind, unless its tags let it.
pub fn is_obstacle(barrier: &str) -> bool {
    OBSTACLES.contains(&barrier)
}

/// The rules of a road in one text, as its field holds them.
pub fn text<'t>(rules: impl Iterator<Item = (&'t str, &'t str)>) -> String {
    let rules: Vec<String> = rules.map(|(key, value)| format!("{key}={value}")).collect();
    rules.join(" | ")
}

/// The key of a rule that holds at one place of a road, WGS-84 degrees: `maxheight@118.16 39.83`.
pub fn key_at(key: &str, at: Coord<f64>) -> String {
    format!("{key}@{:.7} {:.7}", at.x, at.y)
}

impl TruckRules {
    /// What the record of a road says beside its own fields of limits; `None` where it says nothing.
    ///
    /// The field `truck_rules` holds tags: `hgv=no | maxweight:conditional=10 @ (07:00-19:00)`; a key
    /// with a place, `maxheight@118.16 39.83=2.2`, holds for who passes there. `truck_access` goes
    /// before all of them. Tags that came as attributes without a field are rules too.
    pub fn of(road: &Record) -> Option<Self> {
        let mut tags: Vec<(String, String)> = Vec::new();
        let written = road.text(FIELD);
        for rule in written.split([BETWEEN, '\n']).map(str::trim).filter(|rule| !rule.is_empty()) {
            match rule.split_once('=') {
                Some((key, value)) => tags.push((key.trim().to_owned(), value.trim().to_owned())),
                None => tags.push((String::new(), rule.to_owned())),
            }
        }
        for (key, value) in road.extra.iter().flat_map(|extra| extra.iter()) {
            let is_known = tags.iter().any(|(known, _)| known == key);
            if is_rule(key) && !is_known {
                let value = match value {
                    Json::String(text) => text.trim().to_owned(),
                    Json::Null => continue,
                    other => other.to_string(),
                };
                tags.extend((!value.is_empty()).then(|| (key.clone(), value)));
            }
        }
        let own = match road.get("truck_access") {
            Some(Value::Choice(word)) => values::access(word),
            _ => None,
        };
        let limits = FIELDS.iter().filter_map(|(key, measure)| match road.get(key) {
            Some(Value::Real(most)) if *most > 0.0 => Some((*measure, *most)),
            _ => None,
        });
        let limits: Vec<(Measure, f64)> = limits.collect();
        if tags.is_empty() && own.is_none() && limits.is_empty() {
            return None;
        }
        let mut rules = Self::read(&tags);
        rules.limits.extend(limits.into_iter().map(|(measure, most)| {
            let row = Ruled { value: Some(most), when: None };
            let rows = [vec![row.clone()], vec![row]];
            Limit { measure, is_physical: false, rows }
        }));
        if let Some(access) = own {
            for rows in rules.access.iter_mut().flatten() {
                *rows = vec![Ruled { value: access, when: None }];
            }
        }
        Some(rules)
    }

    /// From tags, of which those with a place in their key hold there.
    pub fn read(tags: &[(String, String)]) -> Self {
        let mut rules = Self::default();
        let mut placed: Vec<(Coord<f64>, Vec<Tag>)> = Vec::new();
        let mut own: Vec<(&str, &str)> = Vec::new();
        for (key, value) in tags {
            match key.split_once('@') {
                None => own.push((key, value)),
                Some((key, place)) => match crate::geodesy::coordinates::lon_lat(place) {
                    Some(at) => {
                        let tag = (key.to_owned(), value.clone());
                        match placed.iter_mut().find(|(known, _)| *known == at) {
                            Some((_, tags)) => tags.push(tag),
                            None => placed.push((at, vec![tag])),
                        }
                    }
                    None => rules.unread.push(format!("{key}@{place}={value}")),
                },
            }
        }
        for direction in 0..2 {
            rules.read_access(&own, direction);
            rules.read_limits(&own, direction);
        }
        rules
            .unread
            .extend(own.iter().filter(|(key, _)| Key::of(key).is_none()).map(|(k, v)| said(k, v)));
        rules.unread.sort_unstable();
        rules.unread.dedup();
        rules.placed = placed.into_iter().map(|(at, tags)| (at, Self::read(&tags))).collect();
        rules
    }

    fn read_access(&mut self, tags: &[(&str, &str)], direction: usize) {
        for is_light in [false, true] {
            let mut rows = Vec::new();
            let keys = KEYS.iter().filter(|key| !(is_light && **key == "hgv"));
            for base in keys {
                for is_directed in [true, false] {
                    let of = |is_conditional: bool| {
                        tags.iter().filter(move |(key, _)| {
                            Key::of(key).is_some_and(|key| {
                                key.base == *base
                                    && key.is_conditional == is_conditional
                                    && key.direction == is_directed.then_some(direction)
                            })
                        })
                    };
                    // That vans may come says nothing of heavy trucks; that they may not, does.
                    let counts =
                        |access: Access| is_light || *base != "goods" || access != Access::Open;
                    for (key, value) in of(true) {
                        match clauses(value, values::access) {
                            Some(all) => {
                                let all = all.into_iter().rev();
                                rows.extend(
                                    all.filter(|(access, _)| counts(*access))
                                        .map(|(value, when)| Ruled { value, when: Some(when) }),
                                );
                            }
                            None => self.unread.push(said(key, value)),
                        }
                    }
                    for (key, value) in of(false) {
                        match values::access(value) {
                            Some(access) if counts(access) => {
                                rows.push(Ruled { value: access, when: None });
                            }
                            Some(_) => {}
                            None => self.unread.push(said(key, value)),
                        }
                    }
                }
            }
            let obstacle = tags.iter().find(|(key, _)| *key == "barrier");
            if obstacle.is_some_and(|(_, kind)| is_obstacle(kind)) {
                rows.push(Ruled { value: Access::Closed, when: None });
            }
            if let Some(slot) =
                self.access.get_mut(usize::from(is_light)).and_then(|all| all.get_mut(direction))
            {
                *slot = rows;
            }
        }
    }

    fn read_limits(&mut self, tags: &[(&str, &str)], direction: usize) {
        for (base, measure) in LIMITS {
            for is_physical in [false, true] {
                let mut rows = Vec::new();
                let read = |text: &str| values::limit(measure, text);
                // What is said of trucks goes before what is said of all, one direction before both.
                for (is_hgv, is_directed, is_conditional) in
                    [true, false].into_iter().flat_map(|a| {
                        [true, false]
                            .into_iter()
                            .flat_map(move |b| [true, false].map(move |c| (a, b, c)))
                    })
                {
                    for (key, value) in tags.iter().filter(|(key, _)| {
                        Key::of(key).is_some_and(|key| {
                            key.base == base
                                && key.is_hgv == is_hgv
                                && key.is_physical == is_physical
                                && key.is_conditional == is_conditional
                                && key.direction == is_directed.then_some(direction)
                        })
                    }) {
                        if is_conditional {
                            match clauses(value, read) {
                                Some(all) => {
                                    rows.extend(
                                        all.into_iter()
                                            .rev()
                                            .map(|(value, when)| Ruled { value, when: Some(when) }),
                                    );
                                }
                                None => self.unread.push(said(key, value)),
                            }
                        } else {
                            match read(value) {
                                Some(value) => rows.push(Ruled { value, when: None }),
                                None => self.unread.push(said(key, value)),
                            }
                        }
                    }
                }
                if rows.is_empty() {
                    continue;
                }
                let known = self
                    .limits
                    .iter()
                    .position(|limit| limit.measure == measure && limit.is_physical == is_physical);
                let known = known.unwrap_or_else(|| {
                    self.limits.push(Limit { measure, is_physical, rows: Rows::default() });
                    self.limits.len() - 1
                });
                let place = self.limits.get_mut(known);
                if let Some(slot) = place.and_then(|limit| limit.rows.get_mut(direction)) {
                    *slot = rows;
                }
            }
        }
    }

    /// Who may drive that way, for one truck. `holds` says whether hours, as OpenStreetMap writes
    /// them, hold now.
    pub fn access(
        &self,
        truck: &Measures,
        is_backward: bool,
        holds: &dyn Fn(&str) -> bool,
    ) -> Access {
        let passes = self.limits.iter().all(|limit| {
            let most = limit.rows.get(usize::from(is_backward)).and_then(|rows| {
                rows.iter().find(|row| row.holds(truck, holds)).and_then(|row| row.value)
            });
            most.is_none_or(|most| truck.of(limit.measure) <= most)
        });
        if !passes {
            return Access::Closed;
        }
        let rows = self
            .access
            .get(usize::from(truck.rating_t <= HGV_FROM_T))
            .and_then(|all| all.get(usize::from(is_backward)));
        let first = rows.and_then(|rows| rows.iter().find(|row| row.holds(truck, holds)));
        first.map_or(Access::Open, |row| row.value)
    }

    /// All hours that any rule names, those of places among them.
    pub fn hours(&self) -> Vec<&str> {
        let access = self.access.iter().flatten().flatten().map(|row| &row.when);
        let limits = self.limits.iter().flat_map(|limit| &limit.rows).flatten().map(|r| &r.when);
        let own = access.chain(limits).flatten().filter_map(|when| when.hours.as_deref());
        let mut all: Vec<&str> =
            own.chain(self.placed.iter().flat_map(|(_, rules)| rules.hours())).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether it lets every truck pass at any time.
    pub fn is_idle(&self) -> bool {
        let open = |rows: &Vec<Ruled<Access>>| rows.iter().all(|row| row.value == Access::Open);
        self.limits.is_empty() && self.access.iter().flatten().all(open)
    }
}

impl<T> Ruled<T> {
    fn holds(&self, truck: &Measures, holds: &dyn Fn(&str) -> bool) -> bool {
        self.when.as_ref().is_none_or(|when| when.holds(truck, holds))
    }
}

impl Measures {
    /// One of them.
    pub const fn of(&self, measure: Measure) -> f64 {
        match measure {
            Measure::Mass => self.mass_t,
            Measure::Rating => self.rating_t,
            Measure::AxleLoad => self.axle_load_t,
            Measure::Height => self.height_m,
            Measure::Width => self.width_m,
            Measure::Length => self.length_m,
            Measure::Axles => self.axles,
        }
    }
}

fn said(key: &str, value: &str) -> String {
    if key.is_empty() { value.to_owned() } else { format!("{key}={value}") }
}
