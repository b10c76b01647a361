//! What the map shows, without any screen: layers turn the world into a [`Sketch`], a [`Layout`]
//! lays the sketch out on a page, and three writers put the same layout into SVG, PNG and PDF.
//!
//! From the ground up: colours ([`tokens`]), places on a page ([`view`]) and letters ([`font`]);
//! `sketch`, marks and their symbols; `drawing`, what a page is drawn with; [`layers`], each with
//! its marks and their looks in one file; `base`, the map under them; [`layout`], a page; the
//! writers; [`live`], the picture of the window.
//!
//! Knows neither window nor database. Coordinates come in as WGS-84 degrees; a layout is in page
//! units: one is a pixel at 1920×1080.

mod base;
pub mod chart;
mod drawing;
pub mod font;
pub mod layers;
pub mod layout;
pub mod live;
mod pdf;
mod pixels;
mod png;
#[cfg(test)]
pub mod sample;
mod sketch;
mod svg;
#[cfg(test)]
mod tests;
pub mod tokens;
pub mod view;

use crate::domain::Localized;

pub use layers::trucks::marks as truck_marks;
pub use layers::{Layer, LayerInput, sketch};
pub use layout::{
    Board, BoardFigure, BoardGroup, Extent, Layout, PageFrames, PageSize, PaperSize, PrintSpec,
    compose, compose_wall,
};
pub use pdf::pdf_from_layout;
pub use png::png_from_layout;
pub use sketch::{Mark, MarkGeometry, SiteStanding, Sketch, Symbol, Tag, Words};
pub use svg::svg_from_layout;

/// Why a page could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a picture of {width}×{height} pixels is too large: {max} million pixels at most")]
    TooLarge { width: u32, height: u32, max: u32 },
    #[error("a picture of {width}×{height} pixels is too small: {min} each way at least")]
    TooSmall { width: u32, height: u32, min: u32 },
    #[error("the picture could not be made")]
    Png(#[from] image::ImageError),
    #[error("the PDF could not be made")]
    Pdf(String),
    #[error("the font inside the program is damaged")]
    Font,
}

impl Localized for Error {
    fn zh(&self) -> String {
        match self {
            Self::TooLarge { width, height, max } => {
                format!("图片 {width}×{height} 像素过大：最多 {max} 百万像素")
            }
            Self::TooSmall { width, height, min } => {
                format!("图片 {width}×{height} 像素过小：每边至少 {min} 像素")
            }
            Self::Png(_) => "图片未能生成".to_owned(),
            Self::Pdf(_) => "PDF 未能生成".to_owned(),
            Self::Font => "程序内置字体已损坏，请重新安装".to_owned(),
        }
    }
}
