//! How a line is drawn.

use crate::map::tokens::Rgba;

/// Lengths in page units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    pub color: Rgba,
    pub width: f64,
    /// Lengths of strokes and gaps; `None` for a solid line.
    pub dash: Option<&'static [f32]>,
    /// Of ends and corners.
    pub is_round: bool,
}

impl Stroke {
    /// With square ends.
    pub const fn solid(color: Rgba, width: f64) -> Self {
        Self { color, width, dash: None, is_round: false }
    }

    /// The same with strokes and gaps of these lengths.
    #[must_use]
    pub const fn dashed(mut self, dash: &'static [f32]) -> Self {
        self.dash = Some(dash);
        self
    }

    /// The same with round ends and corners.
    #[must_use]
    pub const fn round(mut self) -> Self {
        self.is_round = true;
        self
    }
}
