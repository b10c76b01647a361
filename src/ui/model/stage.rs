//! What is known of the scene that is shown, and what the seat had before it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::analysis::Filter;
use crate::analysis::scenes::Lack;
use crate::domain::World;
use crate::settings::LayerSetting;

/// What is known of the scene that is shown.
#[derive(Default)]
pub struct Stage {
    /// The place of the scene in the meeting, for when it is gone.
    pub place: usize,
    /// A key of the choices of `page`.
    pub page: String,
    /// What it names and the district no longer has.
    pub lacks: Vec<Lack>,
    /// Whether it looks at a moment or a plan.
    pub has_moment: bool,
    /// What this seat had before the first scene was shown.
    pub own: Option<Own>,
    pub show: Option<Show>,
    /// The district of which `lacks` tells.
    pub of: Option<Arc<World>>,
}

/// What scenes change for as long as the meeting is open.
pub struct Own {
    pub layers: Vec<LayerSetting>,
    pub filter: Filter,
    pub plan: String,
    pub at: DateTime,
    pub is_live: bool,
}

/// While it is presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Show {
    pub began: Timestamp,
    pub scene_began: Timestamp,
    pub is_black: bool,
    pub has_speaker: bool,
}
