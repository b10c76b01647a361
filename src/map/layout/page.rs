//! How large a page is, in page units, pixels and points.

use crate::map::Error;
use crate::map::pixels::check_size;

/// How large a page is, in three units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageSize {
    /// Page units: all that is drawn is laid out in them. One is a pixel at 1920×1080.
    pub width: f64,
    pub height: f64,
    /// As a picture.
    pub width_px: u32,
    pub height_px: u32,
    /// On paper, points of 1/72 inch.
    pub width_pt: f64,
    pub height_pt: f64,
}

/// Sheets of ISO 216.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperSize {
    A4,
    A3,
    A1,
    A0,
}

/// Notes of 12.5 units are printed in 5.8 points: within a page no more room is to be had.
const INSET_POINTS_PER_UNIT: f64 = 0.46;

impl PaperSize {
    /// Short and long side, millimetres.
    const fn sides_mm(self) -> (f64, f64) {
        match self {
            Self::A4 => (210.0, 297.0),
            Self::A3 => (297.0, 420.0),
            Self::A1 => (594.0, 841.0),
            Self::A0 => (841.0, 1189.0),
        }
    }

    /// Points a page unit: letters on a wall are read from further away than on a desk.
    const fn points_per_unit(self) -> f64 {
        match self {
            Self::A4 => 0.56,
            Self::A3 => 0.64,
            // The same at seven tenths of the distance: 1.4 m.
            Self::A1 => 1.47,
            // From 2 m a character of 10 mm is as large as one of 31 mm from 6 m: a tenth of a
            // degree and more. Names of 14 units and up are.
            Self::A0 => 2.1,
        }
    }
}

impl PageSize {
    /// A picture; one larger than 1920×1080 shows the same, finer. On paper 96 pixels an inch.
    pub fn pixels(width: u32, height: u32) -> Result<Self, Error> {
        let scale = (f64::from(width) / 1920.0).min(f64::from(height) / 1080.0).max(1.0);
        Self {
            width: f64::from(width) / scale,
            height: f64::from(height) / scale,
            width_px: width,
            height_px: height,
            width_pt: f64::from(width) * 0.75,
            height_pt: f64::from(height) * 0.75,
        }
        .checked()
    }

    /// A sheet of paper; `dpi` matters for pictures only.
    pub fn paper(paper: PaperSize, is_tall: bool, dpi: u32) -> Result<Self, Error> {
        let (short, long) = paper.sides_mm();
        let (width, height) = if is_tall { (short, long) } else { (long, short) };
        let points = |mm: f64| mm / 25.4 * 72.0;
        let pixels = |mm: f64| (mm / 25.4 * f64::from(dpi)).round() as u32;
        Self {
            width: points(width) / paper.points_per_unit(),
            height: points(height) / paper.points_per_unit(),
            width_px: pixels(width),
            height_px: pixels(height),
            width_pt: points(width),
            height_pt: points(height),
        }
        .checked()
    }

    /// A picture within the text of a paper: letters as small as a printed map's may be.
    pub fn inset(width_mm: f64, height_mm: f64, dpi: u32) -> Result<Self, Error> {
        let points = |mm: f64| mm / 25.4 * 72.0;
        let pixels = |mm: f64| (mm / 25.4 * f64::from(dpi)).round() as u32;
        Self {
            width: points(width_mm) / INSET_POINTS_PER_UNIT,
            height: points(height_mm) / INSET_POINTS_PER_UNIT,
            width_px: pixels(width_mm),
            height_px: pixels(height_mm),
            width_pt: points(width_mm),
            height_pt: points(height_mm),
        }
        .checked()
    }

    fn checked(self) -> Result<Self, Error> {
        check_size(self.width_px, self.height_px, Self::LEAST_PX)?;
        Ok(self)
    }

    const LEAST_PX: u32 = 200;

    /// How long a page unit is on paper, metres.
    pub fn paper_metres_per_unit(&self) -> f64 {
        self.width_pt / self.width / 72.0 * 0.0254
    }

    /// Pixels a page unit.
    pub fn pixels_per_unit(&self) -> f64 {
        f64::from(self.width_px) / self.width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a4_at_150_dpi_has_the_size_that_printers_know() {
        let page = PageSize::paper(PaperSize::A4, false, 150).unwrap();
        assert_eq!((page.width_px, page.height_px), (1754, 1240));
        assert!((page.width_pt - 841.89).abs() < 0.01 && (page.height_pt - 595.28).abs() < 0.01);
    }

    #[test]
    fn a_4k_picture_is_the_1080p_page_in_finer_pixels() {
        let page = PageSize::pixels(3840, 2160).unwrap();
        assert_eq!((page.width, page.height), (1920.0, 1080.0));
        assert!((page.pixels_per_unit() - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_size_beyond_memory_is_refused() {
        assert!(matches!(PageSize::pixels(100_000, 100_000), Err(Error::TooLarge { .. })));
        assert!(matches!(PageSize::paper(PaperSize::A0, true, 2400), Err(Error::TooLarge { .. })));
        assert!(matches!(PageSize::pixels(10, 1000), Err(Error::TooSmall { .. })));
    }
}
