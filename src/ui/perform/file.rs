//! Opening, making and backing up districts, and files that come in.

use std::path::{Path, PathBuf};

use egui::Context;
use rfd::FileDialog;

use crate::domain::Lang;
use crate::exchange::formats;
use crate::settings::{self, clock};
use crate::ui::action::{Action, Actions, FileAction, NewFile, Request, StoreRequest, ToolAction};
use crate::ui::app::App;
use crate::ui::base::OpenedBase;
use crate::ui::dialogs::{ActorPage, CannotOpen, ImportJob, ImportPage, RestorePage, Source};
use crate::ui::keeper::{SAMPLE, free_disk};
use crate::ui::model::{District, Opened, Toast, Tone};

impl App {
    /// What is asked of district files.
    pub(super) fn file(&mut self, action: FileAction, context: &Context) {
        match action {
            FileAction::Open(path) => self.open_district(path),
            FileAction::New(path) => self.keeper.ask(Request::New(path)),
            FileAction::Found(path, edit) => {
                self.keeper.ask(Request::Found(path, edit, self.model.stamp()));
            }
            FileAction::AskOpen => self.ask_file("open file", open_district),
            FileAction::AskNew => self.ask_file("open file", new_district),
            FileAction::AskImport if self.model.district.is_none() => {}
            FileAction::AskImport => self.ask_file("open file", import_files),
            FileAction::OpenSample => {
                let folder = settings::districts_folder(&self.model.folder);
                self.begin_opening(folder.join(SAMPLE));
                let stamp = self.model.stamp();
                self.keeper.ask(Request::Sample { folder, stamp });
            }
            FileAction::Opened(opened) => self.opened(*opened, context),
            FileAction::Glimpsed(path, glimpse) => self.glimpsed(path, *glimpse),
            FileAction::GlimpseDrawn(path, drawn) => self.glimpse_drawn(&path, *drawn),
            FileAction::StopOpening => {
                if let Some(opening) = &self.model.opening {
                    opening.progress.cancel();
                }
            }
            FileAction::OpeningStopped(path) => self.end_opening(&path),
            FileAction::NotOpened(path, why) => {
                self.end_opening(&path);
                self.show(Some(Box::new(CannotOpen::new(path, why))));
            }
            FileAction::Damaged(damage) => {
                self.end_opening(&damage.district);
                self.show(Some(Box::new(RestorePage::new(*damage))));
            }
            FileAction::TakeInNow => self.feeding.take_now(),
            FileAction::Dropped(paths) => self.sort_out(paths),
            FileAction::Sorted(drops) => self.dropped(drops, context),
            FileAction::Pasted(text) => {
                self.import(vec![Source::Pasted(text)]);
            }
            FileAction::PastedAs(text, kind) => {
                if let Some(mut job) = ImportJob::new(vec![Source::Pasted(text)]) {
                    job.wishes.kind = Some(kind);
                    job.wishes.recalls = false;
                    let page = ImportPage::new(job, &self.model, &self.actions);
                    self.show(Some(Box::new(page)));
                }
            }
            FileAction::PastedPicture(image) => {
                self.attach_to_selected(vec![NewFile::Picture(image)]);
            }
            FileAction::BringBack(wish) => {
                self.keeper.ask(Request::BringBack(wish, self.model.stamp()));
            }
            FileAction::Backup => self.keeper.ask(StoreRequest::Backup(self.model.stamp())),
        }
    }

    fn opened(&mut self, opened: Opened, context: &Context) {
        let path = opened.path.clone();
        self.model.remember_view();
        self.keeper.turn_to(&path);
        self.card.shelf.clear();
        self.model.opening = None;
        self.model.pin = None;
        // What went wrong with another district matters no more.
        self.model.toasts.retain(|toast| toast.tone != Tone::Act && toast.step.is_none());
        self.model.last_backup = opened.last_backup;
        self.model.district = Some(District::new(opened));
        self.model.known.forget();
        let is_in_sight = self.model.glimpse.is_some();
        if !is_in_sight {
            self.model.shown.forget();
        }
        self.model.selection.clear();
        self.model.planner.forget_the_district();
        self.model.air.forget_the_district();
        self.model.episodes.forget_the_district();
        self.model.meeting.forget_the_district();
        self.model.filter = crate::analysis::Filter::default();
        self.canvas.hold(None);
        self.model.drafts.clear();
        self.model.settings.last_district = Some(path.clone());
        let kept = self.kept_view(&path);
        // A scene of the other district may have shown layers of its own.
        let workspace = self.model.workspace;
        let view = self.model.settings.workspaces.get(workspace.about().key);
        self.model.layers = workspace.merged(view.map_or(&[], |view| &view.layers));
        self.opening = None;
        // Whoever has moved the map meanwhile stays where it is.
        if !is_in_sight {
            self.look_first_at(kept, std::slice::from_ref(&*self.model.world()));
        }
        if let Some(district) = &self.model.district {
            context.send_viewport_cmd(egui::ViewportCommand::Title(district.title()));
        }
        self.mark_unsaved(context);
        if path.to_str().is_none() {
            self.say(Toast::watch(
                "文件名或文件夹名不是有效的文字（UTF-8），下次启动找不到它。请改名后重新打开",
                "The name of the file or of its folder is no text (UTF-8), so the next start will \
                 not find it. Rename it and open it again",
            ));
        }
        let is_known = self.model.by.is_some() || !self.model.settings.actor.is_empty();
        if !is_known && clock::known_actor().is_none() && self.dialog.is_none() {
            self.show(Some(Box::new(ActorPage::default())));
        }
        let (folder, draft) = (path.clone(), draft_file(&self.model.folder, &path));
        self.work("disk", move |_| free_disk(&folder));
        self.work("draft", move |_| match std::fs::read(&draft) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_or(Action::Nothing, |draft| Action::Tool(ToolAction::DraftFound(draft))),
            Err(_) => Action::Nothing,
        });
    }

    /// The system's own dialog, which may stay open as long as it likes.
    fn ask_file(&mut self, key: &'static str, ask: fn(&Actions, Lang, FileDialog) -> Action) {
        let (lang, actions) = (self.model.lang(), self.actions.clone());
        let seat = self.model.folder.clone();
        self.work(key, move |_| {
            let districts = settings::districts_folder(&seat);
            let dialog = FileDialog::new();
            // Without a place of their own the dialog begins where the last one ended.
            let is_place = districts != seat && districts.is_dir();
            ask(&actions, lang, if is_place { dialog.set_directory(districts) } else { dialog })
        });
    }

    /// Files are looked at one after the other; those that come meanwhile wait behind.
    pub(super) fn import(&mut self, sources: Vec<Source>) {
        let sources = match &mut self.dialog {
            Some(dialog) => dialog.queue(sources),
            None => sources,
        };
        if let Some(job) = ImportJob::new(sources) {
            let page = ImportPage::new(job, &self.model, &self.actions);
            self.show(Some(Box::new(page)));
        }
    }

    /// A base map was opened, or could not be.
    pub(super) fn base_opened(&mut self, opened: OpenedBase) {
        let Some(about) = self.canvas.tiles.opened(opened) else { return };
        // Without a base map nothing is shifted.
        self.model.datum = crate::basemap::Datum::Wgs84;
        self.model.base_credit.clear();
        self.model.base_extent = None;
        self.model.base_problem = None;
        match about {
            Ok(None) => {}
            Ok(Some(about)) => {
                self.model.datum = about.datum;
                self.model.base_extent = about.extent;
                self.model.base_credit = about.credit();
            }
            Err(said) => {
                self.model.base_problem = Some(said.clone());
                self.say(Toast::new(Tone::Watch, said));
            }
        }
        self.model.serial += 1;
    }
}

fn open_district(actions: &Actions, lang: Lang, dialog: FileDialog) -> Action {
    let title = if lang == Lang::Zh { "打开区域文件" } else { "Open a district" };
    let dialog = dialog.set_title(title).add_filter("GeoPackage", &["gpkg"]);
    let path = actions.picked(dialog, FileDialog::pick_file);
    path.map_or(Action::Nothing, |path| Action::File(FileAction::Open(path)))
}

fn new_district(actions: &Actions, lang: Lang, dialog: FileDialog) -> Action {
    let (title, name) = if lang == Lang::Zh {
        ("新建区域文件", "新区域.gpkg")
    } else {
        ("New district", "district.gpkg")
    };
    let dialog = dialog.set_title(title).add_filter("GeoPackage", &["gpkg"]);
    let path = actions.picked(dialog.set_file_name(name), FileDialog::save_file);
    path.map_or(Action::Nothing, |path| Action::File(FileAction::New(path)))
}

fn import_files(actions: &Actions, lang: Lang, dialog: FileDialog) -> Action {
    let title = if lang == Lang::Zh { "导入数据" } else { "Import data" };
    // A dialog tells files by what stands behind their last dot.
    let endings = formats::ALL.iter().flat_map(|format| format.extensions());
    let endings = endings.copied().chain([crate::exchange::package::ENDING]);
    let endings: Vec<&str> = endings.filter(|ending| !ending.contains('.')).collect();
    let dialog = dialog.set_title(title).add_filter("*", &endings);
    let paths = actions.picked(dialog, FileDialog::pick_files);
    paths.map_or(Action::Nothing, |paths| Action::File(FileAction::Dropped(paths)))
}

/// Where the unfinished work on a district is kept: beside the settings, not in the district.
pub fn draft_file(folder: &Path, district: &Path) -> PathBuf {
    let hash = crate::codec::fnv1a(district.display().to_string().bytes());
    folder.join(format!("draft-{hash:016x}.json"))
}
