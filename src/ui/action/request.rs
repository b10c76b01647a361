//! What is asked of the thread that owns the district file, one arm a thing. How each is done stands in
//! `ui::keeper`; nothing here touches a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use egui::TextureHandle;
use jiff::Timestamp;
use jiff::civil::Date;
use tempfile::TempDir;

use super::file::BringBack;
use super::{Action, NewFile};
use crate::analysis::air::DistrictHours;
use crate::domain::{
    Change, Edit, EditKind, Ids, LocalizedText, Record, RecordId, Seal, Stamp, World,
};
use crate::exchange::photo::Facts;
use crate::exchange::readings::{ReadingOptions, Survey};
use crate::intake::feed::Arrived;
use crate::intake::file::{Delivered, FileMark, IntakeError};
use crate::jobs::{Progress, Reply, Same};
use crate::store::{GlimpseOf, JournalEntry, Room, event_note};
use crate::ui::model;
use crate::ui::model::meetings::{Then, ThenOf};
use crate::ui::model::tables::Tables;

/// What the keeper is asked to do.
#[expect(clippy::large_enum_variant, reason = "a request is sent once and never stored")]
pub enum Request {
    /// Opens a district in place of the one that is open, which stays where this fails.
    Open(PathBuf, Reading),
    /// Makes an empty district and opens it.
    New(PathBuf),
    /// The same for one that begins with an edit.
    Found(PathBuf, Edit, Stamp),
    /// Opens the sample of a folder, making it first where it is not there.
    Sample { folder: PathBuf, stamp: Stamp },
    /// The way back of a damaged district, which is opened then.
    BringBack(BringBack, Stamp),
    /// Something of the open district; nothing happens while none is open.
    District(StoreRequest),
}

/// How a district is read.
#[derive(Clone, Default)]
pub struct Reading {
    /// What the map needs first of a large one; `None` where nothing is shown before it is read.
    pub glimpse: Option<GlimpseOf>,
    /// Counts the records, and can be told to stop.
    pub progress: Progress,
    /// Set by the window once the first picture stands.
    pub is_in_sight: Arc<AtomicBool>,
}

/// What is asked of the open district.
#[expect(clippy::large_enum_variant, reason = "a request is sent once and never stored")]
pub enum StoreRequest {
    /// Memory has it already.
    Apply { edit: Edit, stamp: Stamp },
    /// Undoes so many steps; below zero it does them again.
    Back { steps: i64, stamp: Stamp },
    /// Memory has lost its way: the whole file, as it is now.
    Reload,
    /// A dated copy beside the file.
    Backup(Stamp),
    /// How much of the file is free; `None` where it cannot be told.
    Room(Reply<(), Option<Room>>),
    /// Gives the free room of the file back to the disk; the reply says that it has ended.
    Compact { progress: Progress, reply: Reply<(), bool> },
    /// One edit, after a dated copy; the reply says whether it was written.
    Import(Box<ImportRequest>),
    /// A file of readings, with the stations that it brings: one delivery and one edit, after a dated
    /// copy; the reply says whether it was written.
    Deliver(Box<DeliverRequest>),
    /// A file that a feed brought; nothing is said of it but to whoever asked.
    TakeIn {
        arrived: Box<Arrived>,
        world: Arc<World>,
        stamp: Stamp,
        ids: Ids,
        reply: Reply<(), Option<TakenIn>>,
    },
    /// The district as it was at a moment, from `now` back.
    AsOf { now: World, moment: Timestamp, reply: Reply<ThenOf, Option<Arc<Then>>> },
    /// The versions of a record, for its dialog.
    History(RecordId),
    /// Of which layers the last steps are.
    StepKinds(Reply<Same<Vec<JournalEntry>>, model::StepKinds>),
    /// How often the record of the reply has come to fail; `None` where the journal is too long to be
    /// read for that.
    Failures(Reply<(RecordId, Timestamp), Option<usize>>),
    /// The hours of the last days until today.
    Hours(Reply<Tables, Option<Arc<DistrictHours>>>, Date),
    /// Stores files as attachments, and names them in the record.
    Attach { record: RecordId, files: Vec<NewFile>, stamp: Stamp },
    /// A picture of the attachment that the reply names, decoded by a job under this key.
    Look { job: &'static str, longest_px: u32, reply: Reply<String, Option<Looked>> },
    /// Writes an attachment where a person says; `kind` is its word in the dialog of the system.
    SaveAttachment { name: String, kind: String, outgoing: Outgoing },
    /// Journals that something went out of a district, also when another has been opened since.
    Event { district: PathBuf, kind: EditKind, note: String, stamp: Stamp },
}

/// Of which district and state something goes out, and who asked for it.
#[derive(Clone)]
pub struct Outgoing {
    pub district: PathBuf,
    pub seal: Option<Seal>,
    pub stamp: Stamp,
}

impl Outgoing {
    /// Journals that it was written to a file: what was asked, by which filter.
    pub fn written(&self, kind: EditKind, target: &Path, asked: &[String]) -> Action {
        Action::Keep(StoreRequest::Event {
            district: self.district.clone(),
            kind,
            note: event_note(target, asked, self.seal),
            stamp: self.stamp.clone(),
        })
    }
}

/// What was looked at and is to be written.
pub struct ImportRequest {
    pub changes: Arc<Vec<Change>>,
    /// Attachments that the changes name, stored before them.
    pub attachments: Vec<(String, Vec<u8>)>,
    /// The name of the file, for the journal.
    pub file: String,
    pub stamp: Stamp,
    pub progress: Progress,
    pub reply: Reply<(), Option<bool>>,
}

/// What became of a file that a feed brought.
pub type TakenIn = Result<Delivered, IntakeError>;

/// A file of readings that was looked at and is to be written.
pub struct DeliverRequest {
    pub path: PathBuf,
    /// Of the file, for the journal.
    pub name: String,
    pub survey: Arc<Survey>,
    pub options: Arc<ReadingOptions>,
    /// Records of stations that the district did not know.
    pub made: Vec<Record>,
    /// By the number of a station in the survey.
    pub records: Vec<Option<RecordId>>,
    /// The file as it was looked at.
    pub mark: Option<FileMark>,
    /// Where what was pasted lies until it is written.
    pub pasted: Option<Arc<TempDir>>,
    pub stamp: Stamp,
    pub ids: Ids,
    pub progress: Progress,
    pub reply: Reply<(), Option<bool>>,
}

/// What became of the wish to see an attachment: a picture, or why there is none, and what the camera
/// says in either case.
pub type Looked = Result<(TextureHandle, Facts), (LocalizedText, Facts)>;

impl From<StoreRequest> for Request {
    fn from(request: StoreRequest) -> Self {
        Self::District(request)
    }
}
