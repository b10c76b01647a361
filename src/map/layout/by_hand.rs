//! Words written by hand with the pen of a meeting: they stand where they were written.

use super::boxes::OrientedBox;
use super::composer::Composer;
use crate::domain::PenTone;
use crate::map::drawing::{Primitive, TextRun, TextStyle};
use crate::map::font::{Fonts, Weight};
use crate::map::view::At;

const STYLE: TextStyle = TextStyle { size: 22.0, weight: Weight::Bold };

impl Composer<'_> {
    /// Words that begin at a place and stand in its middle; no name moves them away.
    pub(super) fn write_by_hand(&mut self, fonts: &Fonts, tone: PenTone, text: &str, at: At) {
        let start = At { x: at.x, y: at.y + STYLE.size * 0.37 };
        let run = STYLE.line(fonts, text, start, tone.color(self.theme));
        let middle = At { x: at.x + run.width / 2.0, y: at.y };
        self.obstacles.push(OrientedBox::upright(middle, run.width / 2.0 + 3.0, STYLE.size * 0.6));
        self.written.push(Primitive::Text(TextRun { halo: Some(self.theme.halo), ..run }));
    }
}
