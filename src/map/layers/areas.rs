//! The district's outline, townships, the inside of the ring road, grid cells.

use super::{Layer, LayerInput, LegendRow};
use crate::domain::{AreaRole, Kind, Lang, Text};
use crate::map::drawing::{MapPen, Stroke};
use crate::map::sketch::{Sketch, Symbol, Words};
use crate::map::view::At;

/// Draws [`Kind::Area`].
pub struct AreaLayer;

impl Layer for AreaLayer {
    fn key(&self) -> &'static str {
        "areas"
    }

    fn title(&self) -> Text {
        Text::new("区域", "Areas")
    }

    fn kind(&self) -> Kind {
        Kind::Area
    }

    /// The largest first, so that a township is not hidden under its district.
    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        let largest_first = [
            AreaRole::District,
            AreaRole::TownshipSketch,
            AreaRole::Township,
            AreaRole::Grid,
            AreaRole::RingRoad,
        ];
        for role in largest_first {
            for area in input.world.table(Kind::Area).iter() {
                if AreaRole::of(area).unwrap_or(AreaRole::Township) == role {
                    sketch.record(area, Symbol::Area(role), label(role));
                }
            }
        }
    }

    fn sample(&self) -> Symbol {
        Symbol::Area(AreaRole::Township)
    }

    fn line(&self, symbol: Symbol, points: &[At], pen: &mut MapPen<'_>) {
        self.area(symbol, &[points.to_vec()], pen);
    }

    fn area(&self, symbol: Symbol, rings: &[Vec<At>], pen: &mut MapPen<'_>) {
        let (muted, ink) = (pen.theme.muted, pen.theme.ink);
        let (height, fill, stroke) = match symbol {
            Symbol::Area(AreaRole::District) => {
                let paper = (!pen.has_base).then_some(pen.theme.panel.faded(0.72));
                let band = Stroke::solid(muted.faded(0.13), 9.0).round();
                pen.area(1, None, Some(band), rings);
                (0, paper, Stroke::solid(muted, 1.5).dashed(&[12.0, 3.0, 2.5, 3.0]))
            }
            // Dots and a tint, so that nobody takes a guess for a border.
            Symbol::Area(AreaRole::TownshipSketch) => {
                let dots = Stroke::solid(muted.faded(0.5), 1.2).dashed(&[1.5, 4.0]);
                (1, Some(muted.faded(0.05)), dots)
            }
            Symbol::Area(AreaRole::Grid) => (3, None, Stroke::solid(muted.faded(0.35), 0.8)),
            Symbol::Area(AreaRole::RingRoad) => {
                (4, Some(ink.faded(0.03)), Stroke::solid(ink.faded(0.5), 2.0).dashed(&[16.0, 5.0]))
            }
            _ => (2, None, Stroke::solid(muted.faded(0.55), 1.0).dashed(&[6.0, 4.0])),
        };
        pen.area(height, fill, None, rings);
        pen.area(8, None, Some(stroke), rings);
    }

    fn legend(&self) -> (u8, Text) {
        (10, self.title())
    }

    fn rows(&self, symbol: Symbol) -> [Option<LegendRow>; 2] {
        [Some(LegendRow { family: 0, look: role_of(symbol) as u32 }), None]
    }

    fn row_text(&self, _row: LegendRow, symbol: Symbol, lang: Lang) -> String {
        role_of(symbol).label().say(lang).to_owned()
    }
}

const fn role_of(symbol: Symbol) -> AreaRole {
    if let Symbol::Area(role) = symbol { role } else { AreaRole::Township }
}

/// Grid cells are many and their names are numbers: the lines say enough.
fn label(role: AreaRole) -> Option<Words> {
    (role != AreaRole::Grid).then_some(Words::Name)
}
