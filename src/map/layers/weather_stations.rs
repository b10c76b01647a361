//! Where the wind is measured, or computed.

use super::{LabelRule, Layer, LayerInput, LegendRow};
use crate::domain::{Kind, Lang, Text, WeatherSource};
use crate::map::drawing::{LabelStyle, Marker};
use crate::map::font::Weight;
use crate::map::sketch::{Sketch, Symbol, Words};
use crate::map::tokens::Palette;

/// Draws [`Kind::WeatherStation`].
pub struct WeatherStationLayer;

const KEY: &str = "weather_stations";

impl Layer for WeatherStationLayer {
    fn key(&self) -> &'static str {
        KEY
    }

    fn title(&self) -> Text {
        Text::new("气象站", "Weather stations")
    }

    fn kind(&self) -> Kind {
        Kind::WeatherStation
    }

    /// A printed map of measures is not about the weather.
    fn is_usual(&self) -> bool {
        false
    }

    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        for station in input.world.table(Kind::WeatherStation).iter() {
            let look = u32::from(WeatherSource::Modelled.is_of(station));
            sketch.record(station, Symbol::Plain { layer: KEY, look }, Some(Words::Name));
        }
    }

    fn marker(&self, symbol: Symbol, _lang: Lang) -> Option<(Marker, f32)> {
        Some((Marker::Weather { is_modelled: is_modelled(symbol) }, 0.0))
    }

    fn label(&self, _symbol: Symbol, theme: &Palette) -> Option<LabelRule> {
        let style = LabelStyle::new(13.0, Weight::Regular, theme.ink);
        Some(LabelRule { rank: 26, style, off_line: 0.0 })
    }

    fn row_text(&self, _row: LegendRow, symbol: Symbol, lang: Lang) -> String {
        let words = if is_modelled(symbol) {
            Text::new("气象模式点", "Point of a weather model")
        } else {
            Text::new("气象站", "Weather station")
        };
        words.say(lang).to_owned()
    }
}

const fn is_modelled(symbol: Symbol) -> bool {
    matches!(symbol, Symbol::Plain { look: 1, .. })
}
