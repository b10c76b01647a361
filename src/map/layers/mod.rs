//! The layers of the map, one file each.

mod areas;
mod cameras;
mod congestion;
mod control_points;
mod gates;
mod pen_marks;
mod restrictions;
mod rings;
mod roads;
mod sites;
mod sweeping;

use super::Layer;

/// Lowest first.
pub const ALL: &[&dyn Layer] = &[
    &areas::Areas,
    &roads::Roads,
    &sweeping::Sweeping,
    &congestion::Congestion,
    &restrictions::Restrictions,
    &rings::Rings,
    &sites::Sites,
    &cameras::Cameras,
    &gates::Gates,
    &control_points::ControlPoints,
    &pen_marks::PenMarks,
];

/// Keys and titles, lowest first, for whoever names layers in a text.
pub fn names() -> Vec<(&'static str, crate::domain::Text)> {
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
        .or_else(|| ALL.iter().rev().find(|layer| is_called(layer.kind().key())))
        .copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::{Lang, World};
    use crate::map::layout::sample;
    use crate::map::{LayerInput, Sketch};

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
