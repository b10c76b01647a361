//! Looks at a file before anything is written: what it is, where it lies, what would change.

mod choices;
mod columns;
mod counts;
mod doubts;
mod import_job;
mod import_progress;
mod items;
mod look;
mod reading_look;
mod readings;
mod rejections;
mod write;
mod written;

use std::path::PathBuf;
use std::sync::Arc;

use egui::{Button, ProgressBar, RichText, ScrollArea, Ui, vec2};
use geo_types::Coord;

use self::choices::{datum_ui, far_ui, kind_ui, part_ui};
use self::counts::counts_ui;
use self::import_job::Wishes;
pub use self::import_job::{ImportJob, SYSTEMS, Source};
use self::look::{Failure, Look, Seen, Task, look};
use self::reading_look::ReadingLook;
use self::readings::ReadingWish;
use self::written::WrittenFiles;
use super::Dialog;
use super::datum::{DatumPage, map_ui};
use super::leaving::{Answer, ask_ui};
use crate::domain::Text;
use crate::exchange::meaning::Report;
use crate::geodesy::crs::Crs;
use crate::jobs::{Derived, Progress};
use crate::ui::action::{Action, Actions, DialogAction, ImportRequest, StoreRequest};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::Model;
use crate::ui::widgets::{note, strong};

/// What was seen, or why nothing was.
type LookResult = Result<Seen, Box<Failure>>;

/// Shows what an import would do, and does it.
pub struct ImportPage {
    job: ImportJob,
    state: State,
    progress: Progress,
    looked: Derived<(), Option<LookResult>>,
    /// Whether what was shown has been written.
    is_written: Derived<(), Option<bool>>,
    /// The files that were written, whose report is shown when no file is left.
    written: WrittenFiles,
    /// The district that the look was taken against: another may be opened meanwhile.
    district: Option<PathBuf>,
    /// Somebody wants to close it while files wait: it asks.
    is_asking: bool,
    /// A file that does not say its datum is asked about there.
    next: Option<Box<dyn Dialog>>,
}

enum State {
    Looking,
    Failed(Box<Failed>),
    Ready(Box<Look>),
    Readings(Box<ReadingLook>),
    /// Of records with what was shown of them.
    Writing(Option<Box<Look>>),
    /// Nothing is left to do but to look at what came in.
    Done,
}

/// A file that could not be read as it is, and what a person may change.
struct Failed {
    words: String,
    is_datum: bool,
    parts: Vec<String>,
    /// With the columns, where only the datum is missing.
    report: Option<Arc<Report>>,
    candidates: Vec<(Crs, Vec<Coord<f64>>)>,
}

/// What a person wants of the page in this frame.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Nothing,
    LookAgain,
    /// The columns are right; on to the datum.
    AskDatum,
    Write,
    /// Leaves this file out and goes on to the next.
    Skip,
    Close,
}

impl ImportPage {
    /// Begins to look at the first file.
    pub fn new(job: ImportJob, model: &Model, actions: &Actions) -> Self {
        let mut page = Self {
            job,
            state: State::Looking,
            progress: Progress::default(),
            looked: Derived::default(),
            is_written: Derived::default(),
            written: WrittenFiles::default(),
            district: None,
            is_asking: false,
            next: None,
        };
        page.look(&Ctx { model, actions });
        page
    }

    /// Reads everything against the world, off the window's thread, and writes nothing.
    fn look(&mut self, ctx: &Ctx<'_>) {
        self.progress.cancel();
        self.progress = Progress::default();
        self.state = State::Looking;
        self.is_asking = false;
        self.district = ctx.district.as_ref().map(|district| district.path.clone());
        let task = Task {
            source: self.job.source.clone(),
            wishes: self.job.wishes.clone(),
            stamp: ctx.stamp(),
            world: ctx.world(),
            known: ctx.settings.mappings.clone(),
            progress: self.progress.clone(),
        };
        let reply = self.looked.ask_anew(());
        ctx.actions.work("look", move |_| {
            reply.send(Some(look(task)));
            Action::Nothing
        });
    }

    fn write(&mut self, ctx: &Ctx<'_>) {
        self.progress = Progress::default();
        if let State::Readings(look) = &self.state {
            let reply = self.is_written.ask_anew(());
            let request = look.request(&self.job, ctx, self.progress.clone(), reply);
            ctx.actions.keep(StoreRequest::Deliver(Box::new(request)));
            self.state = State::Writing(None);
            return;
        }
        let State::Ready(ready) = std::mem::replace(&mut self.state, State::Looking) else {
            return;
        };
        write::remember(&ready, ctx);
        let import = ImportRequest {
            changes: items::chosen_changes(&ready, ctx),
            attachments: Vec::new(),
            file: self.job.source.name(),
            stamp: ctx.stamp(),
            progress: self.progress.clone(),
            reply: self.is_written.ask_anew(()),
        };
        // What was shown is what is written.
        ctx.actions.keep(StoreRequest::Import(Box::new(import)));
        self.state = State::Writing(Some(ready));
    }

    /// On to the next file, or out.
    fn advance(&mut self, ctx: &Ctx<'_>) {
        if self.job.advance() {
            self.look(ctx);
        } else if !self.written.is_empty() {
            self.state = State::Done;
        } else {
            self.progress.cancel();
            ctx.actions.dialog(DialogAction::Close(self.title()));
        }
    }

    fn heed_answers(&mut self, ctx: &Ctx<'_>) {
        self.looked.poll();
        self.is_written.poll();
        match self.looked.get_mut().take() {
            Some(Ok(Seen::Records(look))) => {
                self.job.wishes = look.wishes.clone();
                self.state = State::Ready(look);
            }
            Some(Ok(Seen::Readings(look))) => {
                self.job.wishes = look.wishes.clone();
                self.state = State::Readings(look);
            }
            Some(Err(failure)) => self.failed(*failure, ctx),
            None => {}
        }
        match self.is_written.get_mut().take() {
            Some(true) => {
                if let State::Writing(Some(look)) = &self.state {
                    self.written.push(self.job.source.name(), look);
                }
                self.advance(ctx);
            }
            // The world may be another than the one that was looked at.
            Some(false) => self.look(ctx),
            None => {}
        }
    }

    fn failed(&mut self, failure: Failure, ctx: &Ctx<'_>) {
        let is_clear = failure.is_clear();
        self.job.wishes = failure.wishes;
        // Whoever has been at the columns goes on when they are right.
        self.job.wishes.checks_columns |= failure.is_datum && !is_clear;
        self.state = State::Failed(Box::new(Failed {
            words: ctx.tell(failure.zh, failure.en),
            is_datum: failure.is_datum,
            parts: failure.parts,
            report: failure.report,
            candidates: failure.candidates,
        }));
        if failure.is_datum && !self.job.wishes.checks_columns {
            self.ask_datum();
        }
    }

    const fn is_writing(&self) -> bool {
        matches!(self.state, State::Writing(_))
    }

    fn ask_datum(&mut self) {
        let State::Failed(failed) = &mut self.state else { return };
        let candidates = std::mem::take(&mut failed.candidates);
        self.next = Some(Box::new(DatumPage::new(self.job.hand_over(), candidates)));
    }

    fn head_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) -> Wish {
        let mut wish = Wish::Nothing;
        ui.horizontal(|ui| {
            ui.label(strong(self.job.source.name()));
            let (at, of) = (self.job.at, self.job.of());
            if of > 1 {
                ui.label(note(ctx.tell(format!("文件 {at} / {of}"), format!("file {at} / {of}"))));
                let is_free = !self.is_writing();
                let skip = Button::new(ctx.tell("跳过此文件", "Skip this file"));
                if ui.add_enabled(is_free, skip).clicked() {
                    wish = Wish::Skip;
                }
            }
        });
        wish
    }

    fn waiting_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) -> Wish {
        let is_writing = self.is_writing();
        let mut wish = Wish::Nothing;
        ui.horizontal(|ui| {
            ui.spinner();
            ui.label(if is_writing {
                ctx.tell("正在写入…", "Writing…")
            } else {
                let rows = self.progress.done();
                ctx.tell(format!("正在读取…（已读 {rows} 行）"), format!("Reading… ({rows} rows)"))
            });
            if ui.button(ctx.tell("取消", "Cancel")).clicked() {
                self.progress.cancel();
                // What is being written answers by itself that it was given up.
                wish = if is_writing { Wish::Nothing } else { Wish::Close };
            }
        });
        if let Some(share) = self.progress.share() {
            ui.add(ProgressBar::new(share));
        }
        wish
    }
}

impl Dialog for ImportPage {
    fn title(&self) -> Text {
        Command::Import.about().words
    }

    fn size(&self) -> [f32; 2] {
        [1000.0, 700.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        self.heed_answers(ctx);
        let here = ctx.district.as_ref().map(|district| &district.path);
        if here != self.district.as_ref() && !self.is_writing() {
            // What came into the other one is not to be seen in this one.
            if matches!(self.state, State::Done) {
                return false;
            }
            self.look(ctx);
        }
        let answer = self.is_asking.then(|| ask_ui(ui, ctx, self.job.left())).flatten();
        match answer {
            Some(Answer::GiveUp) => return false,
            // Who cancelled the reading and thought better of it has it read again.
            Some(Answer::GoOn) if self.progress.is_cancelled() => self.look(ctx),
            Some(Answer::GoOn) => self.is_asking = false,
            None => {}
        }
        let mut wish = Wish::Nothing;
        if !matches!(self.state, State::Done) {
            wish = self.head_ui(ui, ctx);
        }
        let said = match &mut self.state {
            State::Looking | State::Writing(_) => self.waiting_ui(ui, ctx),
            State::Failed(failed) => failed_ui(ui, ctx, failed, &mut self.job.wishes),
            State::Ready(ready) => ready_ui(ui, ctx, ready, &mut self.job),
            State::Done => self.written.ui(ui, ctx),
            State::Readings(look) => match readings::ui(ui, ctx, look, &mut self.job) {
                ReadingWish::Nothing => Wish::Nothing,
                ReadingWish::LookAgain => Wish::LookAgain,
                ReadingWish::Write => Wish::Write,
            },
        };
        if said != Wish::Nothing {
            wish = said;
        }
        match wish {
            Wish::Nothing => {}
            Wish::LookAgain => self.look(ctx),
            Wish::AskDatum => self.ask_datum(),
            Wish::Write => self.write(ctx),
            Wish::Skip => self.advance(ctx),
            Wish::Close => return !self.may_leave(),
        }
        true
    }

    fn next(&mut self) -> Option<Box<dyn Dialog>> {
        self.next.take()
    }

    fn queue(&mut self, sources: Vec<Source>) -> Vec<Source> {
        // A file that cannot be read keeps no other waiting.
        let is_last = self.job.at == self.job.of();
        if matches!(self.state, State::Failed(_) | State::Done) && is_last {
            return sources;
        }
        self.job.add(sources);
        Vec::new()
    }

    fn may_close(&self) -> bool {
        !self.is_writing()
    }

    fn may_leave(&mut self) -> bool {
        let is_last = self.job.left() == 1;
        self.is_asking = !is_last;
        is_last
    }

    fn closed(&mut self) {
        if self.may_close() {
            self.progress.cancel();
        }
    }
}

/// What went wrong, and below it what a person can say about it: first the columns, then the datum.
fn failed_ui(ui: &mut Ui, ctx: &Ctx<'_>, failed: &Failed, wishes: &mut Wishes) -> Wish {
    ui.label(RichText::new(failed.words.as_str()).color(ctx.color(|t| t.act)));
    let mut is_changed = false;
    ui.horizontal(|ui| {
        is_changed |= part_ui(ui, ctx, wishes, &failed.parts);
        is_changed |= kind_ui(ui, ctx, wishes, ctx.say(Text::new("自动", "guessed")));
    });
    let mut wish = Wish::Nothing;
    if let Some(report) = &failed.report {
        let height_px = (ui.available_height() - 60.0).max(160.0);
        if let Some(choice) = columns::columns_ui(ui, ctx, report, height_px) {
            wishes.choose_target(choice.kind, &choice.column, choice.target);
            is_changed = true;
        }
    }
    if failed.is_datum && !failed.candidates.is_empty() {
        let words = ctx.tell("各列无误，选择坐标系…", "The columns are right: choose the datum…");
        if ui.button(strong(words)).clicked() {
            wish = Wish::AskDatum;
        }
    }
    if is_changed { Wish::LookAgain } else { wish }
}

fn ready_ui(ui: &mut Ui, ctx: &Ctx<'_>, look: &mut Look, job: &mut ImportJob) -> Wish {
    let mut is_changed = false;
    let room_px = (ui.available_height() - 44.0).max(160.0);
    let area = ScrollArea::vertical().id_salt("import").max_height(room_px);
    area.auto_shrink([false, false]).show(ui, |ui| {
        is_changed = body_ui(ui, ctx, look, job, room_px);
    });
    let mut wish = if is_changed { Wish::LookAgain } else { Wish::Nothing };
    ui.horizontal(|ui| {
        let count = items::count(look);
        let words = ctx.tell(format!("导入 {count} 条"), format!("Import {count} records"));
        let can_write = count > 0 && ctx.district.is_some();
        let button = ui.add_enabled(can_write, Button::new(strong(words)));
        // Enter writes what is shown, unless a button or a box has the keyboard.
        let is_free = ui.memory(|memory| memory.focused().is_none());
        let is_entered = is_free && ui.input(|input| input.key_pressed(egui::Key::Enter));
        if button.clicked() || can_write && is_entered {
            wish = Wish::Write;
        }
        ui.label(note(ctx.tell(
            "写入前自动备份；整个导入为一步，可撤销",
            "A dated copy is made first; all of it is one undo step",
        )));
    });
    wish
}

/// True when the file must be looked at again.
fn body_ui(ui: &mut Ui, ctx: &Ctx<'_>, look: &mut Look, job: &mut ImportJob, room_px: f32) -> bool {
    let report = Arc::clone(&look.report);
    let report = &*report;
    let layers: Vec<&str> = report.layers.iter().map(|kind| ctx.say(kind.label())).collect();
    let layers = layers.join("、");
    ui.label(ctx.tell(
        format!("{} 文件，共读 {} 行", report.format, report.read),
        format!("{} file, {} rows", report.format, report.read),
    ));
    let wishes = &mut job.wishes;
    let mut is_changed = false;
    ui.horizontal(|ui| {
        is_changed |= kind_ui(ui, ctx, wishes, &layers);
        is_changed |= part_ui(ui, ctx, wishes, &look.parts);
    });
    is_changed |= datum_ui(ui, ctx, wishes, &report.crs);
    counts_ui(ui, ctx, look);
    written::read_as_ui(ui, ctx, report);
    for warning in &report.warnings {
        ui.label(
            RichText::new(format!("! {}", warning.say(ctx.lang()))).color(ctx.color(|t| t.watch)),
        );
    }
    let has_items = !look.items.is_empty();
    if has_items {
        items::ui(ui, ctx, &mut look.items);
    }
    if report.doubted > 0 && !has_items {
        is_changed |= doubts::doubts_ui(ui, ctx, report, &mut wishes.doubts);
    }
    // What stands above takes some 190 points, a list below its lines and a button.
    let lines = report.rejections.len().min(4) as f32;
    let below_px = if lines > 0.0 { 44.0 + 24.0 * lines } else { 0.0 };
    let height_px = (room_px - 190.0 - below_px).clamp(150.0, 400.0);
    is_changed |= middle_ui(ui, ctx, look, wishes, height_px);
    if !report.rejections.is_empty() {
        rejections::rejections_ui(ui, ctx, &look.report, &job.source.name());
    }
    is_changed | far_ui(ui, ctx, &mut job.wishes, report.rejected)
}

/// The columns beside the map. True when a column shall go elsewhere.
fn middle_ui(ui: &mut Ui, ctx: &Ctx<'_>, look: &Look, wishes: &mut Wishes, height_px: f32) -> bool {
    let mut is_changed = false;
    ui.horizontal(|ui| {
        ui.label(strong(ctx.tell("各列导入到", "Where the columns go")));
        if wishes.is_recalled {
            ui.label(note(ctx.tell("沿用上次同样表头的选择", "as the last file with this header")));
        }
        let is_own = !wishes.map.is_empty() || wishes.is_recalled;
        if is_own && ui.button(ctx.tell("恢复自动识别", "Guess again")).clicked() {
            wishes.forget_columns();
            is_changed = true;
        }
    });
    ui.columns_const(|[left, right]| {
        if let Some(choice) = columns::columns_ui(left, ctx, &look.report, height_px) {
            wishes.choose_target(choice.kind, &choice.column, choice.target);
            is_changed = true;
        }
        let width_px = right.available_width();
        map_ui(right, ctx, &look.places, vec2(width_px, height_px));
    });
    is_changed
}
