//! The two fonts inside the program: how wide a text is, and what its letters look like.
//!
//! Noto Sans SC, cut to GB 2312 and the characters of place names; licence beside the files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

use super::Error;
use crate::domain::LocalizedText;

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

    /// Glyph 0, an empty box, for a character that the font lacks; a blank for one that nobody sees.
    pub fn glyph(&self, c: char) -> u16 {
        let c = if is_unseen(c) { ' ' } else { c };
        self.face.glyph_index(c).map_or(0, |glyph| glyph.0)
    }

    /// How far the next letter stands from this one, in the unit of `size`.
    pub fn advance(&self, c: char, size: f64) -> f64 {
        if is_unseen(c) {
            return 0.0;
        }
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

/// Controls, joiners, marks of direction and of the form of the letter before: they take no room.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// One bit for each character of the first plane that the regular typeface has.
static COVERED: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; 1 << 10];
    let Ok(fonts) = Fonts::get() else { return bits };
    for (at, word) in bits.iter_mut().enumerate() {
        for bit in 0..64 {
            let c = u32::try_from(at * 64 + bit).ok().and_then(char::from_u32);
            if c.is_some_and(|c| fonts.regular.glyph(c) != 0) {
                *word |= 1_u64 << bit;
            }
        }
    }
    bits
});

/// The characters of the texts that went by which map, print and PDF can only draw as empty boxes.
#[derive(Clone, Debug, Default)]
pub struct LackingChars(BTreeSet<char>);

impl LackingChars {
    /// More of them are not told one by one.
    const MOST: usize = 100;

    /// Takes note of what the fonts lack of a text: cheap enough for the names of a million records.
    pub fn look(&mut self, text: &str) {
        if text.is_ascii() || self.0.len() >= Self::MOST {
            return;
        }
        let is_covered = |c: char| {
            let number = c as usize;
            COVERED.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 != 0)
        };
        self.0.extend(text.chars().filter(|c| !is_covered(*c) && !is_unseen(*c)));
    }

    /// Which they are; `None` where all can be drawn.
    pub fn warning(&self) -> Option<LocalizedText> {
        const SHOWN: usize = 12;
        let shown: Vec<String> = self.0.iter().take(SHOWN).map(char::to_string).collect();
        let more = if self.0.len() > SHOWN { "…" } else { "" };
        (!self.0.is_empty()).then(|| {
            LocalizedText::new(
                format!(
                    "名称中有字库没有的字：{}{more}，在地图、打印和 PDF 上显示为空框；表格、Word 和 Excel 不受影响",
                    shown.join("、")
                ),
                format!(
                    "names have characters that map, print and PDF draw as empty boxes: {}{more}; tables, Word and Excel have them",
                    shown.join(", ")
                ),
            )
        })
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
    fn what_no_font_has_is_named_and_what_nobody_sees_takes_no_room() {
        let mut lacking = LackingChars::default();
        lacking.look("浭阳街道\u{200b} PM2.5\u{b}");
        assert_eq!(lacking.warning(), None);
        lacking.look("㙟村😀烧烤\u{fe0f}");
        assert!(lacking.warning().unwrap().zh.contains("：㙟、😀，"), "{:?}", lacking.warning());
        let fonts = Fonts::get().unwrap();
        let width = |text: &str| fonts.width(Weight::Regular, text, 20.0);
        assert!((width("甲\u{b}乙\u{200b}") - width("甲乙")).abs() < 1e-9);
        assert_ne!(fonts.face(Weight::Regular).glyph('\u{b}'), 0, "and is no box");
    }

    #[test]
    fn a_line_of_text_lies_over_its_baseline() {
        let path = Outlines::new().unwrap().line(Weight::Bold, "国 m", 20.0, 0.0).unwrap();
        let bounds = path.bounds();
        assert!(bounds.left() >= 0.0 && bounds.right() < 50.0);
        assert!(bounds.top() < -10.0 && bounds.bottom() < 5.0);
    }
}
