//! A paper as PDF: A4 pages with text that can be selected and searched, tables whose header comes
//! again on each page, pictures as wide as the text.
//!
//! `lay` breaks lines and pages and knows no PDF; the rest writes what it laid.

mod lay;

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Data, Document};

use self::lay::{Item, PAGE_PT, lay};
use super::block::Block;
use crate::domain::Said;
use crate::map::font::{Fonts, Weight};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the font inside the program is damaged")]
    Font,
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

impl Error {
    /// For a person, in both languages.
    pub fn said(&self) -> Said {
        let zh = match self {
            Self::Font => "程序内置字体已损坏，请重新安装".to_owned(),
            Self::Pdf(reason) => format!("PDF 未能生成（{reason}）"),
        };
        Said::new(zh, self.to_string())
    }
}

struct Pen {
    fonts: &'static Fonts,
    regular: Font,
    bold: Font,
}

pub fn bytes(blocks: &[Block]) -> Result<Vec<u8>, Error> {
    let fonts = Fonts::get().map_err(|_damaged| Error::Font)?;
    let font = |weight| Font::new(Data::from(fonts.face(weight).data), 0).ok_or(Error::Font);
    let pen = Pen { fonts, regular: font(Weight::Regular)?, bold: font(Weight::Bold)? };
    let title = blocks.iter().find_map(|block| match block {
        Block::Title(words) => Some(words.clone()),
        _ => None,
    });
    let mut document = Document::new();
    let about = Metadata::new().creator("shapan".to_owned());
    document.set_metadata(about.title(title.unwrap_or_default()));
    for page in lay(blocks, fonts) {
        let settings = PageSettings::from_wh(PAGE_PT.0 as f32, PAGE_PT.1 as f32)
            .ok_or_else(|| Error::Pdf("a page of no size".to_owned()))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for item in page {
            pen.item(&mut surface, item)?;
        }
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|error| Error::Pdf(format!("{error:?}")))
}

impl Pen {
    fn item(&self, surface: &mut Surface<'_>, item: Item<'_>) -> Result<(), Error> {
        match item {
            Item::Text { x, y, size, weight, words } => {
                self.text(surface, (x, y), size, weight, &words);
            }
            Item::Rule { from, to, width } => rule(surface, from, to, width),
            Item::Picture { x, y, width, height, png } => {
                let image = Image::from_png(Data::from(png.to_vec()), true).map_err(Error::Pdf)?;
                if let Some(size) = Size::from_wh(width as f32, height as f32) {
                    surface.push_transform(&Transform::from_translate(x as f32, y as f32));
                    surface.draw_image(image, size);
                    surface.pop();
                }
            }
        }
        Ok(())
    }

    fn text(
        &self,
        surface: &mut Surface<'_>,
        at: (f64, f64),
        size: f64,
        weight: Weight,
        words: &str,
    ) {
        let face = self.fonts.face(weight);
        let glyph = |(start, c): (usize, char)| {
            let id = GlyphId::new(u32::from(face.glyph(c)));
            let range = start..start + c.len_utf8();
            KrillaGlyph::new(id, face.advance(c, 1.0) as f32, 0.0, 0.0, 0.0, range, None)
        };
        let glyphs: Vec<KrillaGlyph> = words.char_indices().map(glyph).collect();
        let font = match weight {
            Weight::Regular => self.regular.clone(),
            Weight::Bold => self.bold.clone(),
        };
        surface.set_stroke(None);
        surface
            .set_fill(Some(Fill { paint: rgb::Color::new(27, 31, 36).into(), ..Fill::default() }));
        let at = Point::from_xy(at.0 as f32, at.1 as f32);
        surface.draw_glyphs(at, &glyphs, font, words, size as f32, false);
    }
}

fn rule(surface: &mut Surface<'_>, from: (f64, f64), to: (f64, f64), width: f64) {
    let mut path = PathBuilder::new();
    path.move_to(from.0 as f32, from.1 as f32);
    path.line_to(to.0 as f32, to.1 as f32);
    let Some(path) = path.finish() else { return };
    surface.set_fill(None);
    let paint = rgb::Color::new(100, 107, 120).into();
    surface.set_stroke(Some(Stroke { paint, width: width as f32, ..Stroke::default() }));
    surface.draw_path(&path);
}
