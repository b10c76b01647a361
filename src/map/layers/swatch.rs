//! The small piece of the map before a row of the legend or of the list of layers.

use crate::domain::Lang;
use crate::map::drawing::{MapPen, Marker, Primitive, TextStyle};
use crate::map::font::Fonts;
use crate::map::tokens::{Palette, Rgba};
use crate::map::view::{At, Frame};

/// A small frame on the page and what is drawn into it, by the pen that draws the map.
pub struct Swatch<'a> {
    pub frame: Frame,
    pub theme: &'a Palette,
    pub lang: Lang,
    items: Vec<Primitive>,
}

/// Against which roads are drawn: about zoom 13.
const DETAIL: f64 = 0.9;

impl<'a> Swatch<'a> {
    /// An empty one.
    pub const fn new(frame: Frame, theme: &'a Palette, lang: Lang) -> Self {
        Self { frame, theme, lang, items: Vec::new() }
    }

    /// What was drawn, lowest first.
    pub fn into_items(self) -> Vec<Primitive> {
        self.items
    }

    /// A marker in its middle, turned clockwise.
    pub fn marker(&mut self, marker: Marker, turn_deg: f32) {
        self.marker_below(0.0, marker, turn_deg);
    }

    /// A marker so many page units below its middle.
    pub fn marker_below(&mut self, by: f64, marker: Marker, turn_deg: f32) {
        let at = self.frame.center() + At { x: 0.0, y: by };
        self.items.push(Primitive::Marker { marker, at, turn_deg });
    }

    /// Whatever the pen of the map draws.
    pub fn draw(&mut self, draw: impl FnOnce(&mut MapPen<'_>)) {
        let mut pen = MapPen::new(self.theme, DETAIL, false);
        draw(&mut pen);
        self.items.extend(pen.into_items());
    }

    /// From the left to the right through its middle.
    pub const fn line(&self) -> [At; 2] {
        let y = self.frame.center().y;
        [At { x: self.frame.left, y }, At { x: self.frame.right, y }]
    }

    /// A circle in its middle.
    pub fn circle(&self) -> Vec<At> {
        let corner = |turn: u8| {
            let (sin, cos) = (f64::from(turn) * 10.0).to_radians().sin_cos();
            self.frame.center() + At { x: cos, y: sin } * 9.0
        };
        (0..36).map(corner).collect()
    }

    /// A letter in its middle.
    pub fn letter(&mut self, text: &str, of: TextStyle, color: Rgba) {
        let Ok(fonts) = Fonts::get() else { return };
        let left = self.frame.center().x - of.width(fonts, text) / 2.0;
        let at = At { x: left, y: self.frame.center().y + of.size * 0.37 };
        self.items.push(of.run(fonts, text, at, color));
    }
}
