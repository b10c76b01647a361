//! What can be asked of the district's file and of files that come in.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::{Edit, Kind, LocalizedText};
use crate::store::Glimpse;
use crate::store::restore::{CopyFacts, DatedCopy, LostEdits};
use crate::ui::model::Opened;
use crate::ui::model::opening::Glimpsed;

/// What is asked of district files.
pub enum FileAction {
    Open(PathBuf),
    /// Makes an empty district.
    New(PathBuf),
    /// Makes a district that begins with an edit, and opens it.
    Found(PathBuf, Edit),
    OpenSample,
    /// Asks the person which district, where the new one goes, or which files to import.
    AskOpen,
    AskNew,
    AskImport,
    /// What the map needs first of a district that is being read.
    Glimpsed(PathBuf, Box<Glimpse>),
    /// The same as marks.
    GlimpseDrawn(PathBuf, Box<Glimpsed>),
    Opened(Box<Opened>),
    /// Nobody wants to wait any longer for the district that is being read.
    StopOpening,
    /// It was not read to its end.
    OpeningStopped(PathBuf),
    /// A file could not be opened or made, for this reason; what was open before still is.
    NotOpened(PathBuf, LocalizedText),
    /// The same, and it has a way back.
    Damaged(Box<Damage>),
    /// Files dropped on the window.
    Dropped(Vec<PathBuf>),
    /// A job has seen what they are.
    Sorted(Vec<Arrival>),
    /// Text from Excel, WPS or WeChat.
    Pasted(String),
    /// The same, where it is clear what it is.
    PastedAs(String, Kind),
    PastedPicture(Arc<egui::ColorImage>),
    Backup,
    /// What the feeds have, whatever its time.
    TakeInNow,
    /// The way back of a damaged district.
    BringBack(BringBack),
}

/// How a damaged district comes back.
pub enum BringBack {
    /// A copy takes its place.
    Copy { district: PathBuf, copy: PathBuf },
    /// What can be read of it goes into a new file beside it.
    Salvage { district: PathBuf },
}

/// A district that cannot be opened because it is damaged, and its copies.
pub struct Damage {
    pub district: PathBuf,
    pub reason: LocalizedText,
    /// The newest first, each as it was found: whole, with what stands in it and what it lacks, or of
    /// no use.
    pub copies: Vec<(DatedCopy, Option<(CopyFacts, LostEdits)>)>,
}

/// A dropped file, after a look at what it is.
#[derive(Debug, PartialEq, Eq)]
pub enum Arrival {
    District(PathBuf),
    BaseMap(PathBuf),
    /// It holds no records, but may belong to one.
    Paper(PathBuf),
    /// What another office packed.
    Package(PathBuf),
    Table(PathBuf),
}
