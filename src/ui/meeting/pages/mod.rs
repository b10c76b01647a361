//! What can stand beside the map: in the panel below it, and on the big screen in a scene.

mod changes;
mod decide;
mod decisions;
mod rings;
mod traffic;

use egui::Ui;

use super::super::ctx::Ctx;
use crate::domain::Text;

/// One page; one file here and one line in [`ALL`].
pub trait Page: Sync {
    /// As scenes store it: a key of the choices of `page`.
    fn key(&self) -> &'static str;

    fn title(&self) -> Text;

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>);
}

pub const ALL: &[&dyn Page] = &[
    &decisions::Decisions,
    &rings::Rings,
    &traffic::Traffic,
    &changes::ChangesPage,
    &decide::Decide,
];

pub fn by_key(key: &str) -> Option<&'static dyn Page> {
    ALL.iter().find(|page| page.key() == key).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Field, Kind};

    #[test]
    fn every_page_is_one_that_a_scene_can_name() {
        let choices = Kind::Scene.field("page").and_then(Field::choices).unwrap();
        for page in ALL {
            assert!(choices.iter().any(|choice| choice.key == page.key()), "{}", page.key());
        }
    }
}
