//! A district on its way from the disk: what was asked of the keeper, how far it is, and what the
//! map shows of it meanwhile. Nothing but the map is made of that.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::shown::Shown;
use crate::geodesy::wkb::Bounds;
use crate::jobs::Progress;

/// What the keeper was asked to open and has not opened yet.
#[derive(Clone)]
pub struct Opening {
    pub path: PathBuf,
    /// Records read, of how many at most; nothing is known of how many before it begins.
    pub progress: Progress,
    /// Told to the keeper, which reads the rest once the first picture stands.
    pub is_in_sight: Arc<AtomicBool>,
}

/// What is on the map of a district of which the rest is being read.
pub struct Glimpsed {
    pub shown: Arc<Shown>,
    /// Where large layers are there only within this box, WGS-84 degrees.
    pub extent: Option<Bounds>,
}
