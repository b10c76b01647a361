//! The layers of the map. All of a layer is in one file: which marks it makes of the district, how
//! they are drawn, how their names are written, its rows of the legend.
//!
//! Where names find room and where the legend stands is none of it: that is [`super::layout`].

mod areas;
mod cameras;
mod congestion;
mod control_points;
mod gates;
mod items;
mod pen_marks;
mod restrictions;
mod rings;
mod roads;
mod sites;
mod swatch;
mod sweeping;
pub mod trucks;
mod weather_stations;

use super::drawing::{LabelStyle, MapPen, Marker};
use super::sketch::{Sketch, Symbol};
use super::tokens::Palette;
use super::view::At;
use crate::domain::{Kind, Lang, Shape, Text, World};

pub use sites::has_verdict;
pub use swatch::Swatch;

/// Lowest first.
pub const ALL: &[&dyn Layer] = &[
    &areas::AreaLayer,
    &roads::RoadLayer,
    &sweeping::SweepingLayer,
    &congestion::CongestionLayer,
    &restrictions::RestrictionLayer,
    &rings::RingLayer,
    &sites::SiteLayer,
    &cameras::CameraLayer,
    &gates::GateLayer,
    &items::ItemLayer,
    &weather_stations::WeatherStationLayer,
    &control_points::ControlPointLayer,
    &pen_marks::PenMarkLayer,
];

/// What a layer makes its marks of.
#[derive(Clone, Copy)]
pub struct LayerInput<'a> {
    pub world: &'a World,
    pub lang: Lang,
}

/// A row of a layer in the legend. Rows of one family that are short stand two side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LegendRow {
    pub family: u8,
    /// What the layer knows it by; smaller ones come first.
    pub look: u32,
}

/// How the names of a layer are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelRule {
    /// Lower ones are written first and keep the others away.
    pub rank: u32,
    pub style: LabelStyle,
    /// From the middle of a line to its name beside it, page units.
    pub off_line: f64,
}

/// One row of the list of layers: one file of this folder, and its line in [`ALL`].
///
/// A layer whose marks mean nothing to anybody else draws [`Symbol::Plain`].
pub trait Layer: Sync {
    /// The word by which a command line or a stored view asks for it.
    fn key(&self) -> &'static str;

    /// For the layer list and the legend.
    fn title(&self) -> Text;

    /// Where its marks come from.
    fn kind(&self) -> Kind;

    /// Whether it is drawn where nobody says which layers are.
    fn is_usual(&self) -> bool {
        true
    }

    /// Whether its marks are the records of its kind: then they are counted and listed by what they
    /// are within it.
    fn shows_records(&self) -> bool {
        true
    }

    /// Whether the list of layers shows what is within it before anybody asks.
    fn is_unfolded(&self) -> bool {
        false
    }

    /// The fields of its records that its marks are made of, beside place, source and further
    /// attributes; `None` where any may be. A layer of many records says them, so that its marks can
    /// be drawn before all of the records is read.
    fn reads(&self) -> Option<&'static [&'static str]> {
        None
    }

    /// Its marks.
    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch);

    /// What stands for all of it in the list of layers.
    fn sample(&self) -> Symbol {
        Symbol::Plain { layer: self.key(), look: 0 }
    }

    /// What a symbol looks like along a line on the page.
    fn line(&self, _symbol: Symbol, _points: &[At], _pen: &mut MapPen<'_>) {}

    /// What it looks like as an area, given by its rings.
    fn area(&self, symbol: Symbol, rings: &[Vec<At>], pen: &mut MapPen<'_>) {
        for ring in rings {
            self.line(symbol, ring, pen);
        }
    }

    /// What it looks like at a point, and how far that is turned clockwise, degrees.
    fn marker(&self, _symbol: Symbol, _lang: Lang) -> Option<(Marker, f32)> {
        None
    }

    /// How its names are written; `None` where they have none, or a way of their own.
    fn label(&self, _symbol: Symbol, _theme: &Palette) -> Option<LabelRule> {
        None
    }

    /// The heading of its rows in the legend, and their place in it: those of the most important
    /// layer come first.
    fn legend(&self) -> (u8, Text) {
        (8, self.title())
    }

    /// The rows of the legend in which a mark is counted.
    fn rows(&self, symbol: Symbol) -> [Option<LegendRow>; 2] {
        let look = if let Symbol::Plain { look, .. } = symbol { look } else { 0 };
        [Some(LegendRow { family: 0, look }), None]
    }

    /// What a row says; the symbol is one that is counted in it.
    fn row_text(&self, _row: LegendRow, _symbol: Symbol, lang: Lang) -> String {
        self.title().say(lang).to_owned()
    }

    /// What stands before a row: a small piece of the map, drawn as on the map.
    fn swatch(&self, _row: LegendRow, symbol: Symbol, swatch: &mut Swatch<'_>) {
        if let Some((marker, turn_deg)) = self.marker(symbol, swatch.lang) {
            swatch.marker(marker, turn_deg);
        } else if self.kind().shape() == Shape::Polygon {
            let rings = [swatch.frame.grown(-1.0).corners().to_vec()];
            swatch.draw(|pen| self.area(symbol, &rings, pen));
        } else {
            let line = swatch.line();
            swatch.draw(|pen| self.line(symbol, &line, pen));
        }
    }
}

/// The marks of some layers, lowest first whatever the order in which they are asked for.
pub fn sketch(input: &LayerInput<'_>, is_shown: &dyn Fn(&dyn Layer) -> bool) -> Sketch {
    let mut sketch = Sketch::default();
    for layer in ALL.iter().filter(|layer| is_shown(**layer)) {
        layer.draw(input, &mut sketch);
    }
    sketch
}

/// By exact key.
pub fn by_key(key: &str) -> Option<&'static dyn Layer> {
    ALL.iter().find(|layer| layer.key() == key).copied()
}

/// The one whose marks are the records of a kind.
pub fn of_kind(kind: Kind) -> Option<&'static dyn Layer> {
    ALL.iter().find(|layer| layer.shows_records() && layer.kind() == kind).copied()
}

/// The place in [`ALL`] of the layer with a key; that of the topmost where there is none.
pub fn place_of(key: &str) -> u16 {
    let place = ALL.iter().position(|layer| layer.key() == key);
    place.unwrap_or(ALL.len() - 1) as u16
}

/// The layer of a place; that of the paper alone behind all of [`ALL`].
pub fn at(place: u16) -> Option<&'static dyn Layer> {
    let behind: &[&'static dyn Layer] = &[&trucks::TruckLayer];
    ALL.iter().chain(behind).nth(usize::from(place)).copied()
}

/// The layer that draws a symbol, and its place in [`ALL`], or behind it where it is of paper alone.
pub fn of(symbol: Symbol) -> (u16, &'static dyn Layer) {
    if symbol.layer() == trucks::KEY {
        return (ALL.len() as u16, &trucks::TruckLayer);
    }
    let place = place_of(symbol.layer());
    (place, ALL.get(usize::from(place)).copied().unwrap_or(&areas::AreaLayer))
}

/// Whether a symbol stands at a point: such marks go before lines and areas when one is pointed at.
pub fn is_marker(symbol: Symbol) -> bool {
    of(symbol).1.marker(symbol, Lang::Zh).is_some()
}

/// Draws a line on the page as the layer of its symbol does.
pub fn draw_line(symbol: Symbol, points: &[At], pen: &mut MapPen<'_>) {
    let (place, layer) = of(symbol);
    pen.go_to_layer(place);
    layer.line(symbol, points, pen);
}

/// Draws an area on the page as the layer of its symbol does.
pub fn draw_area(symbol: Symbol, rings: &[Vec<At>], pen: &mut MapPen<'_>) {
    let (place, layer) = of(symbol);
    pen.go_to_layer(place);
    layer.area(symbol, rings, pen);
}

/// Keys and titles, lowest first, for whoever names layers in a text.
pub fn names() -> Vec<(&'static str, Text)> {
    ALL.iter().map(|layer| (layer.key(), layer.title())).collect()
}

/// By key, by the key of the record kind, or by title in either language; a plural `s` and case
/// are forgiven.
pub fn by_name(name: &str) -> Option<&'static dyn Layer> {
    let name = name.trim().to_lowercase();
    let is_called = |word: &str| {
        let word = word.to_lowercase();
        name == word
            || name.strip_suffix('s') == Some(&word)
            || word.strip_suffix('s') == Some(&name)
    };
    let title = |layer: &&&dyn Layer| is_called(layer.title().zh) || is_called(layer.title().en);
    ALL.iter()
        .find(|layer| is_called(layer.key()) || title(layer))
        .or_else(|| ALL.iter().find(|l| l.shows_records() && is_called(l.kind().key())))
        .copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::map::sample;

    #[test]
    fn keys_and_titles_are_unique_in_both_languages() {
        let words = |word: fn(&&dyn Layer) -> &'static str| {
            ALL.iter().map(word).collect::<BTreeSet<_>>().len()
        };
        assert_eq!(words(|layer| layer.key()), ALL.len());
        assert_eq!(words(|layer| layer.title().zh), ALL.len());
        assert_eq!(words(|layer| layer.title().en), ALL.len());
    }

    #[test]
    fn every_layer_draws_the_sample_in_both_languages() {
        let world = sample::world();
        for lang in [Lang::Zh, Lang::En] {
            for layer in ALL {
                let mut sketch = Sketch::default();
                layer.draw(&LayerInput { world: &world, lang }, &mut sketch);
                assert!(!sketch.marks.is_empty(), "{} draws nothing", layer.key());
                let is_own = |mark: &crate::map::Mark| mark.symbol.layer() == layer.key();
                assert!(sketch.marks.iter().all(is_own), "{}", layer.key());
                assert_eq!(layer.sample().layer(), layer.key());
            }
        }
    }

    #[test]
    fn every_layer_stays_calm_before_an_empty_world() {
        let world = World::default();
        for layer in ALL {
            let mut sketch = Sketch::default();
            layer.draw(&LayerInput { world: &world, lang: Lang::Zh }, &mut sketch);
            assert!(sketch.marks.is_empty(), "{}", layer.key());
        }
    }

    #[test]
    fn a_layer_answers_to_its_key_its_kind_and_its_titles() {
        for name in ["sites", "site", "污染源与点位", "Sites", " site "] {
            assert_eq!(by_name(name).unwrap().key(), "sites", "{name}");
        }
        assert_eq!(by_name("control_point").unwrap().key(), "control_points");
        assert_eq!(by_name("area").unwrap().key(), "areas");
        assert!(by_name("nothing").is_none());
    }
}
