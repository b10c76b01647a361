//! Trucks on each piece of road, for the maps of a paper: no layer of records, so it stands in no
//! list of layers and nobody can hide it.

use geo_types::LineString;

use super::{Layer, LayerInput, LegendRow, place_of};
use crate::domain::{Kind, Lang, Text};
use crate::map::drawing::{MapPen, Stroke};
use crate::map::sketch::{Mark, MarkGeometry, Sketch, Symbol};
use crate::map::view::At;

/// The key of [`TruckLayer`].
pub const KEY: &str = "trucks";

/// From so many trucks a day on a line has the look of the same place; below the second the first.
const FROM_PER_DAY: [f64; 4] = [0.0, 100.0, 500.0, 1000.0];
const WIDTHS: [f64; 4] = [2.5, 4.5, 6.5, 9.0];

/// Draws what [`marks`] makes.
pub struct TruckLayer;

/// Lines with the trucks that use them in a day; those of most trucks last, over the others.
pub fn marks(lines: impl IntoIterator<Item = (LineString<f64>, f64)>) -> Vec<Mark> {
    let mut lines: Vec<_> = lines.into_iter().collect();
    lines.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mark = |(line, per_day): (LineString<f64>, f64)| Mark {
        shape: MarkGeometry::Drawn(line.into()),
        symbol: Symbol::Plain { layer: KEY, look: look(per_day) as u32 },
        subject: None,
        label: None,
        tag: None,
    };
    lines.into_iter().map(mark).collect()
}

fn look(per_day: f64) -> usize {
    FROM_PER_DAY.iter().rposition(|from| per_day >= *from).unwrap_or(0)
}

const fn look_of(symbol: Symbol) -> usize {
    if let Symbol::Plain { look, .. } = symbol { look as usize } else { 0 }
}

impl Layer for TruckLayer {
    fn key(&self) -> &'static str {
        KEY
    }

    fn title(&self) -> Text {
        Text::new("货车 辆/日", "Trucks a day")
    }

    fn kind(&self) -> Kind {
        Kind::Road
    }

    fn shows_records(&self) -> bool {
        false
    }

    /// Its marks are no records: see [`marks`].
    fn draw(&self, _input: &LayerInput<'_>, _sketch: &mut Sketch) {}

    /// Over the roads, below the orders on them.
    fn line(&self, symbol: Symbol, points: &[At], pen: &mut MapPen<'_>) {
        let look = look_of(symbol);
        let color = match look {
            0 => pen.theme.muted,
            1 => pen.theme.calm,
            2 => pen.theme.watch,
            _ => pen.theme.act,
        };
        let width = WIDTHS.get(look).copied().unwrap_or_default();
        pen.go_to_layer(place_of("congestion"));
        pen.line(look as u16, Stroke::solid(color.faded(0.85), width).round(), points);
    }

    fn legend(&self) -> (u8, Text) {
        (4, self.title())
    }

    fn row_text(&self, row: LegendRow, _symbol: Symbol, lang: Lang) -> String {
        let look = row.look as usize;
        let from = FROM_PER_DAY.get(look).copied().unwrap_or_default();
        match (FROM_PER_DAY.get(look + 1), lang) {
            (Some(to), Lang::Zh) => format!("{from}～{to} 辆/日"),
            (Some(to), Lang::En) => format!("{from} to {to} a day"),
            (None, Lang::Zh) => format!("{from} 辆/日以上"),
            (None, Lang::En) => format!("{from} a day or more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::layers;

    #[test]
    fn lines_are_graded_by_their_trucks_and_the_fullest_are_drawn_last() {
        let line = || LineString::from(vec![(118.1, 39.8), (118.2, 39.8)]);
        let marks = marks([(line(), 1000.0), (line(), 99.9), (line(), 500.0), (line(), 100.0)]);
        let looks: Vec<usize> = marks.iter().map(|mark| look_of(mark.symbol)).collect();
        assert_eq!(looks, [0, 1, 2, 3]);
        let rows: Vec<String> = marks
            .iter()
            .map(|mark| {
                let (_, layer) = layers::of(mark.symbol);
                let row = layer.rows(mark.symbol)[0].unwrap();
                layer.row_text(row, mark.symbol, Lang::Zh)
            })
            .collect();
        assert_eq!(rows, ["0～100 辆/日", "100～500 辆/日", "500～1000 辆/日", "1000 辆/日以上"]);
    }
}
