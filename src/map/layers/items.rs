//! Items of the ledger, by what they wait for.

use super::{Layer, LayerInput, LegendRow};
use crate::domain::{ItemState, Kind, Lang, Text};
use crate::map::drawing::{ItemLook, Marker};
use crate::map::sketch::{Sketch, Symbol};

/// Draws [`Kind::Item`].
pub struct ItemLayer;

const KEY: &str = "items";

impl Layer for ItemLayer {
    fn key(&self) -> &'static str {
        KEY
    }

    fn title(&self) -> Text {
        Text::new("问题台账", "Ledger")
    }

    fn kind(&self) -> Kind {
        Kind::Item
    }

    /// A printed map of measures is not about problems.
    fn is_usual(&self) -> bool {
        false
    }

    fn reads(&self) -> Option<&'static [&'static str]> {
        Some(&["name", "state"])
    }

    /// Without names, which are sentences. What is over is drawn first, so that it covers nothing.
    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        let look = |record| {
            let state = ItemState::of(record).unwrap_or(ItemState::Registered);
            match state {
                ItemState::Returned => ItemLook::Returned,
                state if state.awaits_check() || state == ItemState::Reviewed => ItemLook::ToCheck,
                state if state.is_open() => ItemLook::Open,
                _ => ItemLook::Over,
            }
        };
        let all = || input.world.table(Kind::Item).iter();
        let of = |wants_over: bool| {
            all().filter(move |item| (look(item) == ItemLook::Over) == wants_over)
        };
        for item in of(true).chain(of(false)) {
            sketch.record(item, Symbol::Plain { layer: KEY, look: look(item) as u32 }, None);
        }
    }

    fn marker(&self, symbol: Symbol, _lang: Lang) -> Option<(Marker, f32)> {
        Some((Marker::Item(look_of(symbol)), 0.0))
    }

    fn legend(&self) -> (u8, Text) {
        (4, self.title())
    }

    fn row_text(&self, _row: LegendRow, symbol: Symbol, lang: Lang) -> String {
        let text = match look_of(symbol) {
            ItemLook::Open => Text::new("未整改", "to be mended"),
            ItemLook::Returned => Text::new("退回", "returned"),
            ItemLook::ToCheck => Text::new("待核查、复核", "to be checked"),
            ItemLook::Over => Text::new("已销号及其他", "struck off and others"),
        };
        text.say(lang).to_owned()
    }
}

fn look_of(symbol: Symbol) -> ItemLook {
    let look = if let Symbol::Plain { look, .. } = symbol { look } else { 0 };
    let mut all = ItemLook::ALL.into_iter();
    all.find(|known| *known as u32 == look).unwrap_or(ItemLook::Open)
}
