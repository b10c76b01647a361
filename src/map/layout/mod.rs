//! A sketch laid out on a page: paths, markers and lines of text in page units, lowest first.
//!
//! All that needs thought happens here, once: projection, clipping, widths, ornaments, where
//! names go, legend and margin. A writer only repeats it in its own language.

mod batches;
mod board;
mod boxes;
mod clip;
mod compose;
mod frames;
mod hatch;
mod labels;
mod legend;
mod live;
mod map_surround;
mod marks;
mod names;
mod page;
mod pen;
mod pen_marks;
mod points;
#[cfg(test)]
pub mod sample;
mod tally;
mod walk;

use tiny_skia::Path;

use super::font::Weight;
use super::markers::Marker;
use super::tokens::{Palette, Rgba};
use super::view::At;
use crate::domain::LocalizedText;

pub use batches::Batches;
pub use board::{Board, BoardFigure, BoardGroup};
pub use clip::{cut_line, cut_ring};
pub use compose::{Extent, PrintSpec, compose, compose_wall};
pub use frames::PageFrames;
pub use legend::sample_of;
pub use live::{Cluster, Marks, live_items, spotlight};
pub use page::{PageSize, PaperSize, blank};

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

pub enum Primitive {
    Picture(Raster),
    /// Fills follow the non-zero rule.
    Path {
        path: Path,
        fill: Option<Rgba>,
        stroke: Option<Stroke>,
    },
    Marker {
        marker: Marker,
        at: At,
        /// Clockwise.
        turn_deg: f32,
    },
    Text(TextRun),
}

/// Pixels of the base map, opaque red, green, blue, opacity.
pub struct Raster {
    pub rgba: Vec<u8>,
    pub width: u32,
    pub height: u32,
    /// Upper left corner and size on the page.
    pub at: At,
    pub size: At,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    pub color: Rgba,
    pub width: f64,
    /// Lengths of strokes and gaps; `None` for a solid line.
    pub dash: Option<&'static [f32]>,
    pub is_round: bool,
}

/// One line of text.
#[derive(Clone, Debug)]
pub struct TextRun {
    pub text: String,
    /// Where the baseline begins.
    pub at: At,
    pub size: f64,
    pub weight: Weight,
    pub color: Rgba,
    /// Drawn around the letters.
    pub halo: Option<Rgba>,
    /// Clockwise around `at`.
    pub turn_deg: f64,
    /// Between letters, beyond what the font says.
    pub spacing: f64,
    /// From `at` along the baseline.
    pub width: f64,
}

impl Stroke {
    pub const fn solid(color: Rgba, width: f64) -> Self {
        Self { color, width, dash: None, is_round: false }
    }

    #[must_use]
    pub const fn dashed(mut self, dash: &'static [f32]) -> Self {
        self.dash = Some(dash);
        self
    }

    #[must_use]
    pub const fn round(mut self) -> Self {
        self.is_round = true;
        self
    }
}

/// How thick the halo of a text is: on each side of a letter half of it shows.
pub const HALO_WIDTH: f64 = 3.6;
