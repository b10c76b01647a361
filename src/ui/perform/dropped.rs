//! What was dropped on the window: what each file is, and where it goes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use egui::Context;

use crate::settings::BaseChoice;
use crate::store::DistrictReader;
use crate::ui::App;
use crate::ui::action::{Action, FileAction, NewFile};
use crate::ui::dialogs::Source;

/// What was dropped and not looked at yet. A job takes all that is in it, so that one that is
/// overtaken by the next loses nothing.
#[derive(Clone, Default)]
pub struct Inbox(Arc<Mutex<Vec<PathBuf>>>);

/// A dropped file, after a look at what it is.
#[derive(Debug, PartialEq, Eq)]
pub enum Arrival {
    District(PathBuf),
    BaseMap(PathBuf),
    /// It holds no records, but may belong to one.
    Paper(PathBuf),
    Table(PathBuf),
}

const PAPERS: [&str; 11] =
    ["jpg", "jpeg", "png", "webp", "heic", "bmp", "gif", "pdf", "doc", "docx", "mp4"];

/// What lies beside a `.shp` and is read with it.
const BESIDE_SHAPES: [&str; 6] = ["dbf", "shx", "prj", "cpg", "sbn", "sbx"];

impl Inbox {
    fn put(&self, paths: Vec<PathBuf>) {
        // A list of paths is whole whatever befell the thread that held it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(paths);
    }

    fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

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
                    self.perform(
                        Action::Prefer(Box::new(move |settings| settings.base = choice)),
                        context,
                    );
                }
                Arrival::Paper(path) => papers.push(NewFile::Path(path)),
                Arrival::Table(path) => sources.push(Source::File(path)),
            }
        }
        self.import(sources, context);
        if !papers.is_empty() {
            self.attach_to_selected(papers);
        }
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
        "mbtiles" | "pmtiles" => Arrival::BaseMap(path),
        _ if path.is_dir() => Arrival::BaseMap(path),
        "gpkg" if DistrictReader::open(&path).is_ok() => Arrival::District(path),
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
            ]
        );
    }

    #[test]
    fn the_last_of_several_jobs_finds_what_the_earlier_ones_have_left() {
        let inbox = Inbox::default();
        inbox.put(vec!["a".into()]);
        inbox.clone().put(vec!["b".into(), "c".into()]);
        assert_eq!(inbox.take().len(), 3);
        assert!(inbox.take().is_empty());
    }
}
