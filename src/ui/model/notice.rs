//! The notice of a plan and its map, with what they were made of.

use std::sync::Arc;

use egui::TextureHandle;
use jiff::civil::Date;

use super::planning::is_same;
use crate::domain::{Kind, World};
use crate::report::notice::{Error, Notice};

/// What a notice was made of.
#[derive(Clone)]
pub struct Of {
    pub world: Arc<World>,
    pub plan: String,
    /// A paper without a date of its own is of this day, which decides the acts that it cites.
    pub on: Date,
}

/// The notice of a plan, or why there is none.
pub struct Drafted {
    pub of: Of,
    pub notice: Result<Notice, Error>,
    /// The schedule of signs as it prints.
    pub rows: Vec<Vec<String>>,
}

/// Its map, as the window shows it; `None` where there is nothing to draw.
pub struct Mapped {
    pub of: Of,
    pub picture: Option<TextureHandle>,
}

/// What a notice says comes from these, and what its map shows.
const OF_TEXT: [Kind; 6] =
    [Kind::Restriction, Kind::Plan, Kind::LegalBasis, Kind::Road, Kind::Camera, Kind::Area];

const OF_MAP: [Kind; 3] = [Kind::Restriction, Kind::Road, Kind::ControlPoint];

impl Of {
    pub fn is_as(&self, other: &Self) -> bool {
        self.is_same(other, &OF_TEXT)
    }

    pub fn is_on_map_as(&self, other: &Self) -> bool {
        self.is_same(other, &OF_MAP)
    }

    fn is_same(&self, other: &Self, kinds: &[Kind]) -> bool {
        let (one, two) = (&self.world, &other.world);
        (&self.plan, self.on) == (&other.plan, other.on)
            && (Arc::ptr_eq(one, two) || kinds.iter().all(|kind| is_same(one, two, *kind)))
    }
}
