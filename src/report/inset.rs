//! A map as a figure of a paper: how all of them look, and how they become pictures.

use jiff::civil::Date;

use super::block::Picture;
use crate::domain::{Lang, Seal};
use crate::map::{
    self, Extent, Layout, PageSize, PrintSpec, Sketch, compose, png_from_layout, tokens,
};

/// A map within a page, in Chinese and light as papers are.
pub(super) struct InsetMap<'a> {
    pub size_mm: (f64, f64),
    pub dpi: u32,
    pub extent: Extent,
    pub title: &'a str,
    pub date: Date,
    pub seal: Option<Seal>,
}

impl InsetMap<'_> {
    /// The marks laid out on it.
    pub fn layout(&self, sketch: &Sketch) -> Result<Layout, map::Error> {
        let sheet = PrintSpec {
            page: PageSize::inset(self.size_mm.0, self.size_mm.1, self.dpi)?,
            extent: self.extent,
            title: self.title,
            lang: Lang::Zh,
            theme: tokens::LIGHT,
            date: self.date,
            is_internal: true,
            seal: self.seal,
            base: None,
        };
        compose(sketch, &sheet)
    }

    /// The same as a picture for the paper.
    pub fn picture(&self, sketch: &Sketch) -> Result<Picture, map::Error> {
        picture(&self.layout(sketch)?, format!("地图：{}", self.title))
    }
}

/// A page as a picture, with the words that stand for it.
pub(super) fn picture(layout: &Layout, words: String) -> Result<Picture, map::Error> {
    Ok(Picture {
        png: png_from_layout(layout)?,
        width_px: layout.page.width_px,
        height_px: layout.page.height_px,
        words,
    })
}
