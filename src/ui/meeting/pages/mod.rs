//! What can stand beside the map: in the panel below it, and on the big screen in a scene.

mod air;
mod bars;
mod changes;
mod decide;
mod decisions;
mod lay;
mod ledger;
mod overview;
mod page;
mod rings;
mod standards;
mod townships;
mod traffic;

pub use self::page::Page;

/// In the order of a meeting, behind the agenda.
pub const ALL: &[&dyn Page] = &[
    &overview::Overview,
    &decisions::Decisions,
    &rings::Rings,
    &standards::Standards,
    &traffic::Traffic,
    &townships::Townships,
    &ledger::LedgerTownships,
    &ledger::LedgerWeek,
    &changes::ChangesPage,
    &air::AirWeek,
    &air::AirStations,
    &air::AirTarget,
    &decide::Decide,
];

/// The page with this key; `None` for the map alone.
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
