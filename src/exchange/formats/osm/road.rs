//! Tags of a way → the columns of a road.

use std::borrow::Cow;

use super::element::{Tags, Way};
use super::places::NodePositions;
use super::plan::NodeRules;
use crate::domain::truck_rules::values::{length_m, mass_t, speed_kmh};
use crate::domain::truck_rules::{self, FIELD, is_rule, key_at};
use crate::domain::{Field, Kind, Value};
use crate::exchange::Cell;

/// Our fields, and between them five tags that no field stands for.
pub const COLUMNS: &[&str] = &[
    "code",
    "name",
    "ref",
    "class",
    "oneway",
    "lanes",
    "maxspeed_kmh",
    "max_mass_t",
    "max_height_m",
    "max_axles",
    "hgv",
    "bridge",
    "tunnel",
    "access",
    "surface",
    "no_turns",
    "level",
    "max_rating_t",
    "max_axle_load_t",
    "max_width_m",
    "max_length_m",
    FIELD,
];

/// Our class of a road that motor vehicles use; `None` for paths, squares and plans.
///
/// `unclassified` is the lowest rank of roads between villages, so it goes with `tertiary` (支路,
/// 乡道); links have the class of their road. `road`, a class nobody has found out yet, is left
/// out, as are outlines of squares (`area=yes`).
pub fn class(tags: &Tags<'_>) -> Option<&'static str> {
    if tags.get("area") == Some("yes") {
        return None;
    }
    Some(match tags.get("highway")? {
        "motorway" | "motorway_link" => "motorway",
        "trunk" | "trunk_link" => "trunk",
        "primary" | "primary_link" => "primary",
        "secondary" | "secondary_link" => "secondary",
        "tertiary" | "tertiary_link" | "unclassified" => "tertiary",
        "residential" | "living_street" => "residential",
        "service" => "service",
        "track" => "track",
        _ => return None,
    })
}

/// How a limit of a tag is read.
type ReadLimit = fn(&str) -> Option<f64>;

/// Tags whose plain value has a field, and how it is read.
const PLAIN: [(&str, &str, ReadLimit); 7] = [
    ("maxweight", "max_mass_t", mass_t),
    ("maxheight", "max_height_m", length_m),
    ("maxaxles", "max_axles", |text| text.parse().ok()),
    ("maxweightrating", "max_rating_t", mass_t),
    ("maxaxleload", "max_axle_load_t", mass_t),
    ("maxwidth", "max_width_m", length_m),
    ("maxlength", "max_length_m", length_m),
];

/// The plain limit of a way as its field holds it; nothing where another tag changes it by
/// direction, hour or vehicle: then it stands among the rules.
fn plain_limit(tags: &Tags<'_>, key: &str) -> Cell<'static> {
    let Some((_, field, read)) = PLAIN.iter().find(|(tag, ..)| *tag == key) else {
        return Cell::Empty;
    };
    let is_changed = tags.0.iter().any(|(other, _)| {
        other.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')) && is_rule(other)
    });
    if is_changed { Cell::Empty } else { number(field, tags.get(key).and_then(read)) }
}

/// What a way says to trucks beside its fields, and what stands at its nodes.
pub fn rules(way: &Way<'_>, at_nodes: &NodeRules, places: &NodePositions) -> String {
    let has_field = |key: &str| !matches!(plain_limit(&way.tags, key), Cell::Empty);
    let own = way.tags.0.iter().filter(|(key, _)| is_rule(key) && !has_field(key));
    let mut all: Vec<(String, String)> =
        own.map(|(key, value)| (key.to_string(), value.trim().to_owned())).collect();
    if let Some(layer) = way.tags.get("layer").filter(|layer| layer.parse::<i32>().is_err()) {
        // Told as what is not understood.
        all.push(("layer".to_owned(), layer.to_owned()));
    }
    let mut nodes = way.nodes.clone();
    nodes.sort_unstable();
    nodes.dedup();
    for node in nodes {
        let Some((tags, at)) = at_nodes.get(&node).zip(places.get(node)) else { continue };
        all.extend(tags.iter().map(|(key, value)| (key_at(key, at.coord()), value.clone())));
    }
    // What divides rules stands in none.
    all.retain(|(_, value)| !value.is_empty() && !value.contains([truck_rules::BETWEEN, '\n']));
    truck_rules::text(all.iter().map(|(key, value)| (key.as_str(), value.as_str())))
}

/// The cells of [`COLUMNS`].
pub fn cells<'w>(
    way: &'w Way<'_>,
    class: &'static str,
    no_turns: Option<String>,
    rules: String,
) -> Vec<Cell<'w>> {
    let tags = &way.tags;
    let tag = |key| tags.get(key).map_or(Cell::Empty, |value| Cell::Text(value.into()));
    let text = |text: String| {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) }
    };
    vec![
        Cell::Text(format!("osm:w{}", way.id).into()),
        Cell::Text(name(way, class)),
        tag("ref"),
        Cell::Text(class.into()),
        oneway(tags).map_or(Cell::Empty, |way| Cell::Text(way.into())),
        number("lanes", tags.get("lanes").and_then(|lanes| lanes.parse().ok())),
        number("maxspeed_kmh", tags.get("maxspeed").and_then(speed_kmh)),
        plain_limit(tags, "maxweight"),
        plain_limit(tags, "maxheight"),
        plain_limit(tags, "maxaxles"),
        tag("hgv"),
        tag("bridge"),
        tag("tunnel"),
        tag("access"),
        tag("surface"),
        no_turns.map_or(Cell::Empty, |turns| Cell::Text(turns.into())),
        number(
            "level",
            tags.get("layer").and_then(|layer| layer.parse::<i32>().ok()).map(f64::from),
        ),
        plain_limit(tags, "maxweightrating"),
        plain_limit(tags, "maxaxleload"),
        plain_limit(tags, "maxwidth"),
        plain_limit(tags, "maxlength"),
        text(rules),
    ]
}

/// The direction in which traffic may go. Untagged roads are two-way, but for motorways and
/// roundabouts. Lanes that change their direction by the hour (`reversible`) have none to state.
pub fn oneway(tags: &Tags<'_>) -> Option<&'static str> {
    match tags.get("oneway") {
        Some("yes" | "1" | "true") => Some("forward"),
        Some("-1" | "reverse") => Some("backward"),
        Some("no" | "0" | "false") => Some("no"),
        Some(_) => None,
        None => {
            let is_round = matches!(tags.get("junction"), Some("roundabout" | "circular"));
            let is_motorway = tags.get("highway") == Some("motorway");
            Some(if is_round || is_motorway { "forward" } else { "no" })
        }
    }
}

/// A record needs a name, so a road without one is called by its number, else its class and id.
fn name<'w>(way: &'w Way<'_>, class: &'static str) -> Cow<'w, str> {
    match way.tags.first(&["name:zh", "name", "ref"]) {
        Some(name) => name.into(),
        None => format!("{} w{}", label(Kind::Road, "class", class), way.id).into(),
    }
}

/// The Chinese label of a choice.
pub fn label(kind: Kind, field: &str, key: &'static str) -> &'static str {
    let choices = kind.field(field).and_then(Field::choices).unwrap_or_default();
    choices.iter().find(|choice| choice.key == key).map_or(key, |choice| choice.label.zh)
}

/// Mappers' typing errors (a height of 450) must not cost the road: such a limit is left out.
fn number(field: &str, number: Option<f64>) -> Cell<'static> {
    let Some(number) = number else { return Cell::Empty };
    let value = Kind::Road.field(field).map(|field| Value::parse(field, &number.to_string()));
    match value {
        Some(Ok(Some(Value::Integer(number)))) => Cell::Integer(number),
        Some(Ok(Some(Value::Real(number)))) => Cell::Real(number),
        _ => Cell::Empty,
    }
}
