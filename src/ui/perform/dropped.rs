//! What was dropped on the window: what each file is, and where it goes.

use std::path::{Path, PathBuf};

use egui::Context;

use crate::basemap::ARCHIVE_ENDINGS;
use crate::exchange::package::ENDING;
use crate::settings::{BaseChoice, Preference};
use crate::store::DistrictReader;
use crate::ui::action::{Action, Arrival, DialogAction, FileAction, NewFile};
use crate::ui::app::App;
use crate::ui::dialogs::{PhotosPage, Source};
use crate::ui::model::workspace::Workspace;

const PAPERS: [&str; 11] =
    ["jpg", "jpeg", "png", "webp", "heic", "bmp", "gif", "pdf", "doc", "docx", "mp4"];

/// What lies beside a `.shp` and is read with it.
const BESIDE_SHAPES: [&str; 6] = ["dbf", "shx", "prj", "cpg", "sbn", "sbx"];

impl App {
    /// Off the window's thread: a share that does not answer takes its time over every question.
    pub(super) fn sort_out(&mut self, paths: Vec<PathBuf>) {
        self.inbox.put(paths);
        let (inbox, actions) = (self.inbox.clone(), self.actions.clone());
        self.work("dropped", move |_| {
            // Sent and not returned: the answer of a job that is overtaken would be dropped.
            let drops = sorted(inbox.take());
            actions.send(Action::File(FileAction::Sorted(drops)));
            Action::Nothing
        });
    }

    /// A district is opened, tiles become the base map, photos belong to the selected record, and
    /// anything else is looked at for import.
    pub(super) fn dropped(&mut self, drops: Vec<Arrival>, context: &Context) {
        let (mut papers, mut sources) = (Vec::new(), Vec::new());
        for drop in drops {
            match drop {
                Arrival::District(path) => {
                    self.perform(Action::File(FileAction::Open(path)), context);
                }
                Arrival::BaseMap(path) => {
                    let choice = BaseChoice::File { path, datum: None };
                    self.perform(Action::Prefer(Preference::Base(choice)), context);
                }
                Arrival::Paper(path) => papers.push(NewFile::Path(path)),
                Arrival::Package(path) => self.dialog(DialogAction::Package(path)),
                Arrival::Table(path) => sources.push(Source::File(path)),
            }
        }
        self.import(sources);
        if self.model.workspace == Workspace::Ledger && self.photos_by_number(&papers) {
            return;
        }
        if !papers.is_empty() {
            // Where high values are looked at photos belong to the one that is looked at.
            let of_episodes = Some(()).filter(|()| self.model.workspace == Workspace::Episodes);
            let record = of_episodes.and_then(|()| self.model.episode_row()?.record.as_ref());
            match record.map(|record| record.id) {
                Some(id) => self.attach(id, papers),
                None => self.attach_to_selected(papers),
            }
        }
    }
}

impl App {
    /// Photos whose names have numbers of items go to these, after a look at them.
    fn photos_by_number(&mut self, papers: &[NewFile]) -> bool {
        let path = |file: &NewFile| match file {
            NewFile::Path(path) => Some(path.clone()),
            NewFile::Picture(_) => None,
        };
        let paths: Vec<PathBuf> = papers.iter().filter_map(path).collect();
        let now = self.model.ledger.as_ref();
        let Some(page) = now.and_then(|now| PhotosPage::new(&now.ledger, &paths)) else {
            return false;
        };
        self.show(Some(Box::new(page)));
        true
    }
}

/// In the order in which they came; what is read together with another file is left out.
fn sorted(paths: Vec<PathBuf>) -> Vec<Arrival> {
    let shapes: Vec<PathBuf> = paths.iter().filter(|path| is_shape(path)).cloned().collect();
    paths.into_iter().filter_map(|path| seen(path, &shapes)).collect()
}

fn seen(path: PathBuf, shapes: &[PathBuf]) -> Option<Arrival> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    Some(match ending.as_str() {
        ending if ARCHIVE_ENDINGS.contains(&ending) => Arrival::BaseMap(path),
        _ if path.is_dir() => Arrival::BaseMap(path),
        "gpkg" if DistrictReader::open(&path).is_ok() => Arrival::District(path),
        ENDING => Arrival::Package(path),
        ending if PAPERS.contains(&ending) => Arrival::Paper(path),
        ending if BESIDE_SHAPES.contains(&ending) && is_beside(&path, shapes) => return None,
        _ => Arrival::Table(path),
    })
}

fn is_shape(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("shp"))
}

fn is_beside(path: &Path, shapes: &[PathBuf]) -> bool {
    shapes.iter().any(|shape| shape.with_extension("") == path.with_extension(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn each_file_is_told_by_what_it_is_and_the_parts_of_a_shapefile_are_one() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        drop(Store::create(&at("district.gpkg")).unwrap());
        std::fs::write(at("other.gpkg"), "no district").unwrap();
        std::fs::create_dir(at("tiles")).unwrap();
        let names = [
            "a.shp",
            "a.dbf",
            "b.dbf",
            "tiles",
            "x.PMTILES",
            "district.gpkg",
            "other.gpkg",
            "p.HEIC",
            "交接.shapan",
        ];
        let sorted = sorted(names.iter().map(|name| at(name)).collect());
        assert_eq!(
            sorted,
            [
                Arrival::Table(at("a.shp")),
                Arrival::Table(at("b.dbf")),
                Arrival::BaseMap(at("tiles")),
                Arrival::BaseMap(at("x.PMTILES")),
                Arrival::District(at("district.gpkg")),
                Arrival::Table(at("other.gpkg")),
                Arrival::Paper(at("p.HEIC")),
                Arrival::Package(at("交接.shapan")),
            ]
        );
    }
}
