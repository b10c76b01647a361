//! What can stand beside the map: in the panel below it, and on the big screen in a scene.

mod bars;
mod changes;
mod decide;
mod decisions;
mod lay;
mod overview;
mod rings;
mod standards;
mod townships;
mod traffic;

use std::collections::BTreeMap;

use egui::Ui;

use self::bars::By;
use crate::analysis::overview::Snapshot;
use crate::analysis::standards::Rate;
use crate::domain::{SiteKind, Text};
use crate::ui::ctx::Ctx;

/// One page; one file here and one line in [`ALL`].
pub trait Page: Sync {
    /// As scenes store it: a key of the choices of `page`.
    fn key(&self) -> &'static str;

    fn title(&self) -> Text;

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>);
}

/// In the order of a meeting, behind the agenda.
pub const ALL: &[&dyn Page] = &[
    &overview::Overview,
    &decisions::Decisions,
    &rings::Rings,
    &standards::Standards,
    &traffic::Traffic,
    &townships::Townships,
    &changes::ChangesPage,
    &decide::Decide,
];

pub fn by_key(key: &str) -> Option<&'static dyn Page> {
    ALL.iter().find(|page| page.key() == key).copied()
}

/// The rates of a site kind by township or department, each with what it was.
fn rates_now_and_then<'c>(
    ctx: &'c Ctx<'_>,
    site_kind: SiteKind,
    by: By,
) -> Vec<(&'c Rate, Option<&'c Rate>)> {
    let overview = &ctx.meeting.overview;
    let rates = |of: &'c Snapshot| match (of.sites.of_kind(site_kind), by) {
        (Some(standards), By::Township) => &standards.by_township[..],
        (Some(standards), By::Department) => &standards.by_department[..],
        (None, _) => &[],
    };
    let before = overview.before().map(rates).unwrap_or_default();
    let before: BTreeMap<&str, &Rate> =
        before.iter().map(|rate| (rate.of.as_str(), rate)).collect();
    let with_before = |now: &'c Rate| (now, before.get(now.of.as_str()).copied());
    rates(&overview.now).iter().map(with_before).collect()
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
