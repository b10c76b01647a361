//! A paper as PDF: A4 pages with text that can be selected and searched, tables whose header comes
//! again on each page, pictures as wide as the text.
//!
//! `lay` breaks lines and pages and knows no PDF; the rest writes what it laid.

mod lay;
mod lines;

use std::collections::BTreeMap;

use krilla::annotation::{LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Data, Document};

use self::lay::{PAGE_PT, PageItem, lay};
use super::block::{Block, CellTone};
use crate::domain::Localized;
use crate::map::font::{Fonts, Weight};
use crate::map::tokens::{LIGHT, Rgba};

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the font inside the program is damaged")]
    Font,
    #[error("the PDF could not be made")]
    Pdf(String),
}

impl Localized for Error {
    fn zh(&self) -> String {
        match self {
            Self::Font => "程序内置字体已损坏，请重新安装".to_owned(),
            Self::Pdf(_) => "PDF 未能生成".to_owned(),
        }
    }
}

fn color(Rgba([red, green, blue, _]): Rgba) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

struct PaperPainter {
    fonts: &'static Fonts,
    regular: Font,
    bold: Font,
}

/// The file: A4, with contents and links. The same blocks give the same bytes.
pub fn bytes(blocks: &[Block]) -> Result<Vec<u8>, Error> {
    let fonts = Fonts::get().map_err(|_damaged| Error::Font)?;
    let font = |weight| Font::new(Data::from(fonts.face(weight).data), 0).ok_or(Error::Font);
    let pen = PaperPainter { fonts, regular: font(Weight::Regular)?, bold: font(Weight::Bold)? };
    let title = blocks.iter().find_map(|block| match block {
        Block::Title(words) => Some(words.clone()),
        _ => None,
    });
    let mut document = Document::new();
    let about = Metadata::new().creator("shapan".to_owned());
    document.set_metadata(about.title(title.unwrap_or_default()));
    let pages = lay(blocks, fonts);
    document.set_outline(outline(&pages));
    let lists = lists(&pages);
    for page in pages {
        let settings = PageSettings::from_wh(PAGE_PT.0 as f32, PAGE_PT.1 as f32)
            .ok_or_else(|| Error::Pdf("a page of no size".to_owned()))?;
        let mut sheet = document.start_page_with(settings);
        let links: Vec<LinkAnnotation> =
            page.iter().filter_map(|item| link(item, &lists)).collect();
        let mut surface = sheet.surface();
        for item in page {
            pen.item(&mut surface, item)?;
        }
        surface.finish();
        for link in links {
            sheet.add_annotation(link.into());
        }
        sheet.finish();
    }
    document.finish().map_err(|error| Error::Pdf(format!("{error:?}")))
}

/// How many pages the file has.
pub fn page_count(blocks: &[Block]) -> Result<usize, Error> {
    let fonts = Fonts::get().map_err(|_damaged| Error::Font)?;
    Ok(lay(blocks, fonts).len())
}

fn place(page: usize, y: f64) -> XyzDestination {
    XyzDestination::new(page, Point::from_xy(0.0, (y - 12.0) as f32))
}

/// Headings, and below each the subheadings that follow it.
fn outline(pages: &[Vec<PageItem<'_>>]) -> Outline {
    let mut nodes: Vec<OutlineNode> = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        for item in page {
            let PageItem::Anchor { y, words, is_inner, .. } = item else { continue };
            let node = OutlineNode::new(words.clone(), place(number, *y));
            match nodes.last_mut() {
                Some(above) if *is_inner => above.push_child(node),
                _ => nodes.push(node),
            }
        }
    }
    let mut outline = Outline::new();
    for node in nodes {
        outline.push_child(node);
    }
    outline
}

/// Where each list begins.
fn lists(pages: &[Vec<PageItem<'_>>]) -> BTreeMap<u32, XyzDestination> {
    let mut lists = BTreeMap::new();
    for (number, page) in pages.iter().enumerate() {
        for item in page {
            if let PageItem::Anchor { y, list: Some(list), .. } = item {
                lists.insert(*list, place(number, *y));
            }
        }
    }
    lists
}

fn link(item: &PageItem<'_>, lists: &BTreeMap<u32, XyzDestination>) -> Option<LinkAnnotation> {
    let PageItem::Link { x, y, width, size, list } = item else { return None };
    let (left, top) = (*x as f32, (*y - *size) as f32);
    let area = Rect::from_xywh(left, top, *width as f32, (*size * 1.3) as f32)?;
    Some(LinkAnnotation::new(area, Target::Destination(lists.get(list)?.clone().into())))
}

impl PaperPainter {
    fn item(&self, surface: &mut Surface<'_>, item: PageItem<'_>) -> Result<(), Error> {
        match item {
            PageItem::Text { x, y, size, weight, tone, words } => {
                let of = match tone {
                    CellTone::Plain => LIGHT.ink,
                    CellTone::Faint => LIGHT.muted,
                    CellTone::Act => LIGHT.act,
                };
                self.text(surface, (x, y), (size, weight, color(of)), &words);
            }
            PageItem::Rule { from, to, width } => {
                rule(surface, from, to, width, color(LIGHT.muted));
            }
            // Underlined, so that a reader sees where it is worth to press.
            PageItem::Link { x, y, width, .. } => {
                let (from, to) = ((x, y + 2.2), (x + width, y + 2.2));
                rule(surface, from, to, 0.6, color(LIGHT.calm));
            }
            PageItem::Anchor { .. } => {}
            PageItem::Picture { x, y, width, height, png } => {
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
        (size, weight, color): (f64, Weight, rgb::Color),
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
        surface.set_fill(Some(Fill { paint: color.into(), ..Fill::default() }));
        let at = Point::from_xy(at.0 as f32, at.1 as f32);
        surface.draw_glyphs(at, &glyphs, font, words, size as f32, false);
    }
}

fn rule(
    surface: &mut Surface<'_>,
    from: (f64, f64),
    to: (f64, f64),
    width: f64,
    color: rgb::Color,
) {
    let mut path = PathBuilder::new();
    path.move_to(from.0 as f32, from.1 as f32);
    path.line_to(to.0 as f32, to.1 as f32);
    let Some(path) = path.finish() else { return };
    surface.set_fill(None);
    let paint = color.into();
    surface.set_stroke(Some(Stroke { paint, width: width as f32, ..Stroke::default() }));
    surface.draw_path(&path);
}
