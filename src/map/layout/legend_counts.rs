//! How many marks of each row of the legend are visible.

use std::collections::BTreeMap;

use crate::domain::Lang;
use crate::map::drawing::Primitive;
use crate::map::layers::{self, Layer, LegendRow, Swatch};
use crate::map::sketch::Symbol;
use crate::map::tokens::Palette;
use crate::map::view::Frame;

/// Visible marks by row of the legend.
#[derive(Clone, Debug, Default)]
pub struct LegendCounts {
    counts: BTreeMap<LegendKey, (Symbol, usize)>,
}

/// A row of the legend, in the order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LegendKey {
    rank: u8,
    /// The place of its layer.
    layer: u16,
    row: LegendRow,
}

/// A row, a symbol that is counted in it, and how many there are.
pub type LegendCount = (LegendKey, Symbol, usize);

impl LegendCounts {
    /// Counts one more mark.
    pub fn count(&mut self, symbol: Symbol) {
        let (place, layer) = layers::of(symbol);
        for row in layer.rows(symbol).into_iter().flatten() {
            let key = LegendKey { rank: layer.legend().0, layer: place, row };
            self.counts.entry(key).or_insert((symbol, 0)).1 += 1;
        }
    }

    /// In the order of the legend.
    pub fn iter(&self) -> impl Iterator<Item = LegendCount> {
        self.counts.iter().map(|(key, (symbol, count))| (*key, *symbol, *count))
    }
}

impl LegendKey {
    fn layer(self) -> Option<&'static dyn Layer> {
        layers::at(self.layer)
    }

    /// The heading it stands under.
    pub fn heading(self, lang: Lang) -> &'static str {
        self.layer().map_or("", |layer| layer.legend().1.say(lang))
    }

    /// What it says.
    pub fn text(self, symbol: Symbol, lang: Lang) -> String {
        self.layer().map_or_else(String::new, |layer| layer.row_text(self.row, symbol, lang))
    }

    /// Whether two rows may stand side by side.
    pub fn is_family_of(self, other: Self) -> bool {
        (self.layer, self.row.family) == (other.layer, other.row.family)
    }

    /// What stands before it, in a small frame.
    pub fn swatch(self, symbol: Symbol, swatch: Swatch<'_>) -> Vec<Primitive> {
        let mut swatch = swatch;
        if let Some(layer) = self.layer() {
            layer.swatch(self.row, symbol, &mut swatch);
        }
        swatch.into_items()
    }
}

/// What a symbol looks like, within a small frame: also the key of the window's list of layers.
pub fn sample_of(symbol: Symbol, frame: Frame, theme: &Palette, lang: Lang) -> Vec<Primitive> {
    let (_, layer) = layers::of(symbol);
    let row = layer.rows(symbol).into_iter().flatten().next().unwrap_or_default();
    let mut swatch = Swatch::new(frame, theme, lang);
    layer.swatch(row, symbol, &mut swatch);
    swatch.into_items()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AreaRole, ControlPointLevel, RoadClass, SiteKind};
    use crate::map::sketch::SiteStanding;

    #[test]
    fn a_failing_site_counts_as_its_kind_and_as_failing() {
        let mut counts = LegendCounts::default();
        let kind = SiteKind::Construction;
        counts.count(Symbol::Site { kind, standing: SiteStanding::Failing });
        counts.count(Symbol::Site { kind, standing: SiteStanding::Plain });
        let rows: Vec<(String, usize)> =
            counts.iter().map(|(key, symbol, count)| (key.text(symbol, Lang::Zh), count)).collect();
        assert_eq!(rows, [("工地".to_owned(), 2), ("不合格".to_owned(), 1)]);
    }

    #[test]
    fn rows_are_named_in_the_words_of_the_schema() {
        let text = |symbol: Symbol| {
            let mut counts = LegendCounts::default();
            counts.count(symbol);
            let (key, symbol, _) = counts.iter().next().unwrap();
            (key.text(symbol, Lang::Zh), key.text(symbol, Lang::En))
        };
        let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        assert_eq!(text(Symbol::Road(RoadClass::Trunk)), both("快速路", "trunk"));
        let level = ControlPointLevel::National;
        assert_eq!(
            text(Symbol::ControlPoint { level, is_running: true }),
            both("国控", "national")
        );
        let ring = Symbol::Ring { radius_m: 500.0, is_first: true };
        assert_eq!(text(ring), both("500 m 管控圈", "500 m ring"));
        let inside = Symbol::Area(AreaRole::RingRoad);
        assert_eq!(text(inside), both("环线以内", "inside the ring road"));
    }
}
