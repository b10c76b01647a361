//! The roads on the outline of an area, which of them its order includes, and how its record says
//! otherwise.

use std::sync::Arc;

use geo_types::Coord;

use super::{Finder, ON_LINE_M};
use crate::domain::{Record, Value};
use crate::geodesy::coordinates::lon_lat;
use crate::geodesy::local::LocalFrame;

const EXCEPT: &str = "boundary_except";

/// One road on an outline: all of its pieces there.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlineRoad {
    /// Empty where the road has none.
    pub name: String,
    /// By which exceptions name it: its name, number and code.
    words: Vec<String>,
    /// Its pieces on the outline.
    pub pieces: Vec<OutlinePiece>,
}

/// A piece of road on an outline.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlinePiece {
    /// In [`crate::network::Network::edges`].
    pub edge: u32,
    /// Whether the order closes it.
    pub is_included: bool,
    /// In its middle, WGS-84 degrees: by this an exception names it alone.
    pub middle: Coord<f64>,
}

impl OutlineRoad {
    /// `None` where some of its pieces are included and some are not.
    pub fn is_included(&self) -> Option<bool> {
        let first = self.pieces.first()?.is_included;
        self.pieces.iter().all(|piece| piece.is_included == first).then_some(first)
    }
}

/// The roads on the outline of an order for an area, by name; none for a line.
pub fn outline_roads(finder: &Finder<'_>, order: &Record) -> Vec<OutlineRoad> {
    let network = finder.network;
    let mut roads: Vec<OutlineRoad> = Vec::new();
    for (number, is_included) in finder.boundary(order) {
        let Some(edge) = network.edges.get(number as usize) else { continue };
        let Some(road) = network.road_of(edge) else { continue };
        let words = [&road.name, &road.reference, &road.code];
        let words: Vec<String> =
            words.into_iter().filter(|word| !word.is_empty()).cloned().collect();
        let piece = OutlinePiece { edge: number, is_included, middle: middle(network.line(edge)) };
        match roads.iter_mut().find(|known| known.words == words) {
            Some(known) => known.pieces.push(piece),
            None => roads.push(OutlineRoad { name: road.name.clone(), words, pieces: vec![piece] }),
        }
    }
    roads.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.words.cmp(&b.words)));
    roads
}

/// The exceptions with which all of a road is included, or none of it.
pub fn with_road(order: &Record, road: &OutlineRoad, includes: bool) -> Option<Value> {
    let mut words = exceptions_but(order, road);
    if includes != is_boundary_included(order) {
        words.extend(road.words.first().cloned());
    }
    list(words)
}

/// The exceptions with which one piece is the other way round.
pub fn with_piece_turned(
    order: &Record,
    road: &OutlineRoad,
    piece: &OutlinePiece,
) -> Option<Value> {
    let includes = !piece.is_included;
    // What was said of the road as a whole is said of its other pieces one by one.
    let mut words = exceptions_but(order, road);
    let is_usual = is_boundary_included(order);
    for other in &road.pieces {
        let is_included = if other.edge == piece.edge { includes } else { other.is_included };
        if is_included != is_usual {
            words.push(format!("{:.6} {:.6}", other.middle.x, other.middle.y));
        }
    }
    list(words)
}

fn list(words: Vec<String>) -> Option<Value> {
    let words: Vec<Arc<str>> = words.into_iter().map(Into::into).collect();
    (!words.is_empty()).then(|| Value::Words(words.into()))
}

fn is_boundary_included(order: &Record) -> bool {
    order.get("boundary_included") == Some(&Value::Boolean(true))
}

/// The exceptions of an order without those that name a road or a piece of it.
fn exceptions_but(order: &Record, road: &OutlineRoad) -> Vec<String> {
    let is_other = |word: &&Arc<str>| {
        !road.words.iter().any(|own| **own == ***word) && !is_piece_of(road, word)
    };
    order.words(EXCEPT).iter().filter(is_other).map(ToString::to_string).collect()
}

fn is_piece_of(road: &OutlineRoad, word: &str) -> bool {
    let near = |piece: &OutlinePiece, at: Coord<f64>| {
        LocalFrame::at(piece.middle).distance_m(at) <= ON_LINE_M
    };
    lon_lat(word).is_some_and(|at| road.pieces.iter().any(|piece| near(piece, at)))
}

fn middle(line: &[Coord<f64>]) -> Coord<f64> {
    super::samples(line, 2).get(1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Kind;
    use crate::network::Network;
    use crate::network::orders::EdgeIndex;
    use crate::network::testing::{Town, area};

    /// A block of four streets, of which the north one is crossed in its middle, with an area on it.
    fn block(more: &[(&str, &str)]) -> Town {
        let mut town = Town::new();
        for (code, from, to) in [
            ("南街", (0.0, 0.0), (400.0, 0.0)),
            ("北街", (0.0, 400.0), (400.0, 400.0)),
            ("西街", (0.0, 0.0), (0.0, 400.0)),
            ("东街", (400.0, 0.0), (400.0, 400.0)),
            ("中街", (200.0, 400.0), (200.0, 700.0)),
        ] {
            town.road(code, &[from, to], &[]);
        }
        let corners = [(0.0, 0.0), (400.0, 0.0), (400.0, 400.0), (0.0, 400.0), (0.0, 0.0)];
        town.order("no_entry", area(&corners), more);
        town
    }

    fn told(town: &Town, order: &Record) -> Vec<(String, Option<bool>, usize)> {
        let network = town.network();
        let index = EdgeIndex::of(&network);
        let roads = outline_roads(&Finder::new(&network, &index), order);
        roads
            .iter()
            .map(|road| (road.name.clone(), road.is_included(), road.pieces.len()))
            .collect()
    }

    fn order(town: &Town) -> Record {
        town.records.iter().find(|record| record.kind == Kind::Restriction).unwrap().clone()
    }

    #[test]
    fn the_streets_around_a_block_are_on_its_outline_with_all_their_pieces() {
        let town = block(&[("boundary_included", "是"), ("boundary_except", "西街")]);
        let mut roads = told(&town, &order(&town));
        roads.sort();
        let expected =
            [("东街", true, 1), ("北街", true, 2), ("南街", true, 1), ("西街", false, 1)];
        assert_eq!(roads.len(), 4);
        for (name, is_included, pieces) in expected {
            assert!(roads.contains(&(name.to_owned(), Some(is_included), pieces)), "{name}");
        }
    }

    fn north_street(network: &Network, order: &Record) -> OutlineRoad {
        let index = EdgeIndex::of(network);
        let roads = outline_roads(&Finder::new(network, &index), order);
        roads.into_iter().find(|road| road.name == "北街").unwrap()
    }

    #[test]
    fn a_road_is_taken_out_by_its_name_and_in_again() {
        let town = block(&[("boundary_included", "是")]);
        let (network, mut order) = (town.network(), order(&town));
        let road = |order: &Record| north_street(&network, order);
        let out = with_road(&order, &road(&order), false);
        order.set(EXCEPT, out);
        assert_eq!(order.get(EXCEPT).unwrap().to_cell(), "北街");
        assert_eq!(road(&order).is_included(), Some(false));
        let back = with_road(&order, &road(&order), true);
        assert_eq!(back, None);
    }

    #[test]
    fn one_piece_is_turned_by_a_place_on_it_and_the_rest_of_its_road_stays() {
        let town = block(&[("boundary_except", "北街")]);
        let (network, mut order) = (town.network(), order(&town));
        let road = |order: &Record| north_street(&network, order);
        let before = road(&order);
        assert_eq!(before.is_included(), Some(true));
        let turned = with_piece_turned(&order, &before, &before.pieces[0]);
        order.set(EXCEPT, turned);
        let after = road(&order);
        let included: Vec<bool> = after.pieces.iter().map(|piece| piece.is_included).collect();
        assert_eq!((included, after.is_included()), (vec![false, true], None));
        let again = with_piece_turned(&order, &after, &after.pieces[0]);
        order.set(EXCEPT, again);
        assert_eq!(road(&order).is_included(), Some(true));
    }
}
