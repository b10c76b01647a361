//! What writers repeat in their own language: pictures, paths, markers and lines of text.

use tiny_skia::Path;

use super::markers::Marker;
use super::stroke::Stroke;
use crate::map::font::{Fonts, Weight};
use crate::map::tokens::Rgba;
use crate::map::view::At;

/// One thing on a page; lengths in page units.
pub enum Primitive {
    /// Tiles of a base map.
    Raster(Raster),
    /// Fills follow the non-zero rule.
    Path { path: Path, fill: Option<Rgba>, stroke: Option<Stroke> },
    /// A marker with its middle at a place, turned clockwise.
    Marker { marker: Marker, at: At, turn_deg: f32 },
    /// A line of text.
    Text(TextRun),
}

/// Pixels of the base map, straight (not premultiplied) RGBA.
pub struct Raster {
    pub rgba: Vec<u8>,
    pub width: u32,
    pub height: u32,
    /// Upper left corner and size on the page.
    pub at: At,
    pub size: At,
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

/// How thick the halo of a text is: on each side of a letter half of it shows.
pub const HALO_WIDTH: f64 = 3.6;

/// Size (page units) and weight of letters.
#[derive(Clone, Copy, Debug)]
pub struct TextStyle {
    pub size: f64,
    pub weight: Weight,
}

impl TextStyle {
    /// Of a page.
    pub const TITLE: Self = Self { size: 26.0, weight: Weight::Bold };
    /// Of a group in legend and statistics.
    pub const HEADING: Self = Self { size: 15.0, weight: Weight::Bold };
    /// Of rows in legend and statistics.
    pub const BODY: Self = Self { size: 14.0, weight: Weight::Regular };
    /// Of notes and the foot of a page.
    pub const NOTE: Self = Self { size: 12.5, weight: Weight::Regular };

    /// Of a text in this style, page units.
    pub fn width(self, fonts: &Fonts, text: &str) -> f64 {
        fonts.width(self.weight, text, self.size)
    }

    /// An upright line of text whose baseline begins at a place.
    pub fn line(self, fonts: &Fonts, text: &str, at: At, color: Rgba) -> TextRun {
        TextRun {
            width: self.width(fonts, text),
            text: text.to_owned(),
            at,
            size: self.size,
            weight: self.weight,
            color,
            halo: None,
            turn_deg: 0.0,
            spacing: 0.0,
        }
    }

    /// The same as a thing on a page.
    pub fn run(self, fonts: &Fonts, text: &str, at: At, color: Rgba) -> Primitive {
        Primitive::Text(self.line(fonts, text, at, color))
    }
}

/// How a name on the map is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelStyle {
    pub size: f64,
    pub weight: Weight,
    pub color: Rgba,
    /// Between letters, beyond what the font says.
    pub spacing: f64,
    /// In a small frame, as road numbers are.
    pub is_plaque: bool,
}

impl LabelStyle {
    /// Without a frame, letters set as the font says.
    pub const fn new(size: f64, weight: Weight, color: Rgba) -> Self {
        Self { size, weight, color, spacing: 0.0, is_plaque: false }
    }
}
