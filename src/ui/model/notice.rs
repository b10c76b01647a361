//! The notice of a plan and its map, with what they were made of.

use egui::TextureHandle;
use jiff::civil::Date;

use super::tables::Tables;
use crate::domain::Kind;
use crate::report::notice::{Error, Notice};

/// What a notice, or its map, is made from.
#[derive(Clone, PartialEq)]
pub struct NoticeOf {
    pub tables: Tables,
    pub plan: String,
    /// A paper without a date of its own is of this day, which decides the acts that it cites.
    pub on: Date,
}

/// The notice of a plan, or why there is none.
pub struct Drafted {
    pub of: NoticeOf,
    pub notice: Result<Notice, Error>,
    /// The schedule of signs as it prints.
    pub rows: Vec<Vec<String>>,
}

/// Its map, as the window shows it; `None` where there is nothing to draw.
pub struct Mapped {
    pub of: NoticeOf,
    pub picture: Option<TextureHandle>,
}

/// What a notice says comes from these, and what its map shows.
pub const OF_TEXT: [Kind; 6] =
    [Kind::Restriction, Kind::Plan, Kind::LegalBasis, Kind::Road, Kind::Camera, Kind::Area];
/// What its map is drawn from.
pub const OF_MAP: [Kind; 3] = [Kind::Restriction, Kind::Road, Kind::ControlPoint];
