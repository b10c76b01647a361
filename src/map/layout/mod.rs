//! A sketch laid out on a page: paths, markers and lines of text in page units, lowest first.
//!
//! All that needs thought happens here, once: projection, clipping, widths, where names go, legend
//! and margin. How marks look is said by their layers; a writer only repeats the page in its own
//! language.

mod board;
mod boxes;
mod by_hand;
mod compose;
mod composer;
mod frames;
mod labels;
mod legend;
mod legend_counts;
mod live;
mod map_surround;
mod marks;
mod names;
mod page;
mod points;

use super::drawing::Primitive;
use super::tokens::Palette;
use crate::domain::LocalizedText;

pub use board::{Board, BoardFigure, BoardGroup};
pub use compose::{Extent, PrintSpec, compose, compose_wall};
pub use composer::Lying;
pub use frames::PageFrames;
pub use legend_counts::sample_of;
pub use live::{Cluster, Marks, live_items, spotlight};
pub use page::{PageSize, PaperSize};

/// A page, ready to be written.
pub struct Layout {
    pub page: PageSize,
    pub theme: Palette,
    /// Lowest first.
    pub items: Vec<Primitive>,
    pub title: String,
    /// What a person should know: holes in the base map, names left out.
    pub warnings: Vec<LocalizedText>,
}
