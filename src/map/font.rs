//! The two fonts inside the program: how wide a text is, and what its letters look like.
//!
//! Noto Sans SC, cut to GB 2312 and the characters of place names; licence beside the files.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

use super::Error;

#[expect(clippy::large_include_file, reason = "one program file that prints Chinese anywhere")]
static REGULAR: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC-Regular.gb2312plus.ttf");
#[expect(clippy::large_include_file, reason = "one program file that prints Chinese anywhere")]
static BOLD: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC-Bold.gb2312plus.ttf");

static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(|| {
    Some(Fonts { regular: Typeface::parse(REGULAR)?, bold: Typeface::parse(BOLD)? })
});

/// Regular for text, bold for headings and what stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Regular,
    Bold,
}

/// Both typefaces, read once for the program.
pub struct Fonts {
    regular: Typeface,
    bold: Typeface,
}

/// One font file of the program, read.
pub struct Typeface {
    pub data: &'static [u8],
    face: Face<'static>,
    per_em: f64,
}

impl Fonts {
    /// The program's fonts; an error where the files inside it cannot be read.
    pub fn get() -> Result<&'static Self, Error> {
        FONTS.as_ref().ok_or(Error::Font)
    }

    /// The typeface of a weight.
    pub const fn face(&self, weight: Weight) -> &Typeface {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// In the unit of `size`, the height of the letters' box.
    pub fn width(&self, weight: Weight, text: &str, size: f64) -> f64 {
        text.chars().map(|c| self.face(weight).advance(c, size)).sum()
    }
}

impl Typeface {
    fn parse(data: &'static [u8]) -> Option<Self> {
        let face = Face::parse(data, 0).ok()?;
        let per_em = f64::from(face.units_per_em());
        Some(Self { data, face, per_em })
    }

    /// Glyph 0, an empty box, for a character that the font lacks.
    pub fn glyph(&self, c: char) -> u16 {
        self.face.glyph_index(c).map_or(0, |glyph| glyph.0)
    }

    /// How far the next letter stands from this one, in the unit of `size`.
    pub fn advance(&self, c: char, size: f64) -> f64 {
        let advance = self.face.glyph_hor_advance(GlyphId(self.glyph(c))).unwrap_or(0);
        f64::from(advance) / self.per_em * size
    }

    /// Whether every character can be shown.
    pub fn covers(&self, text: &str) -> bool {
        text.chars().all(|c| self.glyph(c) != 0)
    }

    /// Font units to the height of the letters' box: what [`Self::outline`] is measured in.
    pub const fn units_per_em(&self) -> f64 {
        self.per_em
    }

    /// The outline of a glyph in font units, y up. `None` for a blank.
    pub fn outline(&self, glyph: u16) -> Option<Path> {
        let mut pen = OutlinePen(PathBuilder::new());
        self.face.outline_glyph(GlyphId(glyph), &mut pen)?;
        pen.0.finish()
    }
}

/// Remembers outlines while a page is drawn: a map repeats few characters often.
pub struct Outlines {
    fonts: &'static Fonts,
    known: BTreeMap<(Weight, u16), Option<Path>>,
}

impl Outlines {
    /// With no outline remembered yet; an error as [`Fonts::get`].
    pub fn new() -> Result<Self, Error> {
        Ok(Self { fonts: Fonts::get()?, known: BTreeMap::new() })
    }

    /// A line of text as one path: baseline from the origin to the right, y down.
    pub fn line(&mut self, weight: Weight, text: &str, size: f64, spacing: f64) -> Option<Path> {
        let face = self.fonts.face(weight);
        let scale = (size / face.units_per_em()) as f32;
        let mut line = PathBuilder::new();
        let mut x = 0.0;
        for c in text.chars() {
            let glyph = face.glyph(c);
            let outline = self.known.entry((weight, glyph)).or_insert_with(|| face.outline(glyph));
            let place = tiny_skia::Transform::from_row(scale, 0.0, 0.0, -scale, x as f32, 0.0);
            if let Some(path) = outline.clone().and_then(|path| path.transform(place)) {
                line.push_path(&path);
            }
            x += face.advance(c, size) + spacing;
        }
        line.finish()
    }
}

struct OutlinePen(PathBuilder);

impl OutlineBuilder for OutlinePen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_is_as_wide_as_it_is_high() {
        let fonts = Fonts::get().unwrap();
        for weight in [Weight::Regular, Weight::Bold] {
            assert!((fonts.width(weight, "丰润", 20.0) - 40.0).abs() < 1e-9);
            assert!(fonts.width(weight, "ii", 20.0) < fonts.width(weight, "WW", 20.0));
        }
    }

    #[test]
    fn the_river_that_gb2312_lacks_can_be_written() {
        let fonts = Fonts::get().unwrap();
        assert!(fonts.face(Weight::Regular).covers("浭阳街道 PM2.5 500 m ×±°"));
        assert!(!fonts.face(Weight::Regular).covers("₂"));
    }

    #[test]
    fn a_line_of_text_lies_over_its_baseline() {
        let path = Outlines::new().unwrap().line(Weight::Bold, "国 m", 20.0, 0.0).unwrap();
        let bounds = path.bounds();
        assert!(bounds.left() >= 0.0 && bounds.right() < 50.0);
        assert!(bounds.top() < -10.0 && bounds.bottom() < 5.0);
    }
}
