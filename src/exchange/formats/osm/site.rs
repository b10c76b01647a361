//! Tags of a node, a closed way or a multipolygon → the columns of a site.

use std::borrow::Cow;

use super::element::Tags;
use super::road::label;
use crate::domain::Kind;
use crate::exchange::Cell;

/// Columns of every row of a site.
pub const COLUMNS: &[&str] = &["code", "name", "kind", "address", "phone"];

/// Our kind of site. Whatever is more than a building is not called one.
///
/// Every building is handed on: the format knows no control points, the receiver keeps those near
/// one.
pub fn kind(tags: &Tags<'_>) -> Option<&'static str> {
    of_amenity(tags).or_else(|| of_ground(tags)).or_else(|| {
        let building = tags.get("building")?;
        (building != "no").then_some("building")
    })
}

fn of_amenity(tags: &Tags<'_>) -> Option<&'static str> {
    match tags.get("amenity") {
        Some("restaurant" | "fast_food" | "food_court" | "cafe") => return Some("restaurant"),
        Some("parking") => return Some("parking"),
        Some("fuel") => return Some("fuel_station"),
        Some("school" | "kindergarten" | "university" | "college" | "hospital" | "clinic") => {
            return Some("sensitive");
        }
        _ => {}
    }
    if matches!(tags.get("place"), Some("village" | "hamlet" | "neighbourhood")) {
        return Some("village");
    }
    let is_garage = matches!(tags.get("shop"), Some("car_repair" | "truck_repair"))
        || matches!(tags.get("craft"), Some("car_repair" | "car_painter"));
    is_garage.then_some("auto_repair")
}

fn of_ground(tags: &Tags<'_>) -> Option<&'static str> {
    match (tags.get("landuse"), tags.get("building")) {
        (Some("construction"), _) | (_, Some("construction")) => Some("construction"),
        (Some("quarry"), _) => Some("mine"),
        _ => None,
    }
}

/// The cells of [`COLUMNS`]; `id` is `n1`, `w1` or `r1`.
pub fn cells<'t>(id: &str, kind: &'static str, tags: &'t Tags<'_>) -> Vec<Cell<'t>> {
    let phone = tags.first(&["phone", "contact:phone"]);
    vec![
        Cell::Text(format!("osm:{id}").into()),
        Cell::Text(name(id, kind, tags)),
        Cell::Text(kind.into()),
        address(tags).map_or(Cell::Empty, Cell::Text),
        phone.map_or(Cell::Empty, |phone| Cell::Text(phone.into())),
    ]
}

/// A record needs a name, so a site without one is called by its brand, else its kind and id.
fn name<'t>(id: &str, kind: &'static str, tags: &'t Tags<'_>) -> Cow<'t, str> {
    match tags.first(&["name:zh", "name", "brand:zh", "brand", "operator:zh", "operator"]) {
        Some(name) => name.into(),
        None => format!("{} {id}", label(Kind::Site, "kind", kind)).into(),
    }
}

/// From large to small, as addresses here are written: 深圳市南山区深南大道9005号.
fn address<'t>(tags: &'t Tags<'_>) -> Option<Cow<'t, str>> {
    if let Some(full) = tags.first(&["addr:full", "addr:full:zh"]) {
        return Some(full.into());
    }
    let street = tags.first(&["addr:street", "addr:place"])?;
    let wider = ["addr:city", "addr:district"].into_iter().filter_map(|key| tags.get(key));
    let parts: Vec<&str> = wider.chain([street]).chain(tags.get("addr:housenumber")).collect();
    Some(parts.join(if street.is_ascii() { " " } else { "" }).into())
}
