//! Tags of a way → the columns of a road.

use std::borrow::Cow;

use super::element::{Tags, Way};
use super::units::{height_m, mass_t, speed_kmh};
use crate::domain::{Field, Kind, Value};
use crate::exchange::Cell;

/// Our fields, between them five tags that say more about trucks than we have fields for.
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

/// The cells of [`COLUMNS`].
pub fn cells<'w>(way: &'w Way<'_>, class: &'static str, no_turns: Option<String>) -> Vec<Cell<'w>> {
    let tags = &way.tags;
    let tag = |key| tags.get(key).map_or(Cell::Empty, |value| Cell::Text(value.into()));
    vec![
        Cell::Text(format!("osm:w{}", way.id).into()),
        Cell::Text(name(way, class)),
        tag("ref"),
        Cell::Text(class.into()),
        oneway(tags).map_or(Cell::Empty, |way| Cell::Text(way.into())),
        number("lanes", tags.get("lanes").and_then(|lanes| lanes.parse().ok())),
        number("maxspeed_kmh", tags.get("maxspeed").and_then(speed_kmh)),
        number("max_mass_t", tags.get("maxweight").and_then(mass_t)),
        number("max_height_m", tags.get("maxheight").and_then(height_m)),
        number("max_axles", tags.get("maxaxles").and_then(|axles| axles.parse().ok())),
        tag("hgv"),
        tag("bridge"),
        tag("tunnel"),
        tag("access"),
        tag("surface"),
        no_turns.map_or(Cell::Empty, |turns| Cell::Text(turns.into())),
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
