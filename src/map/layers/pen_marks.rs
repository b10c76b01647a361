use crate::domain::{Kind, PenForm, PenTone, Record, Text};
use crate::map::{Layer, LayerInput, Sketch, Symbol, Words};

/// What was drawn with the pen in meetings: of all of them, where nobody takes some away.
pub struct PenMarks;

impl Layer for PenMarks {
    fn key(&self) -> &'static str {
        "pen_marks"
    }

    fn title(&self) -> Text {
        Text::new("会商标注", "Pen marks")
    }

    fn kind(&self) -> Kind {
        Kind::PenMark
    }

    /// They belong to a meeting: on any other map they only stand in the way.
    fn is_usual(&self) -> bool {
        false
    }

    fn draw(&self, scene: &LayerInput<'_>, sketch: &mut Sketch) {
        for mark in scene.world.table(Kind::PenMark).iter() {
            sketch.record(mark, symbol(mark), Some(Words::Name));
        }
    }
}

/// A form that its geometry cannot have is drawn as what it is: a line is a line, a place a word.
fn symbol(mark: &Record) -> Symbol {
    let form = PenForm::of(mark).unwrap_or_default();
    Symbol::Pen { form, tone: PenTone::of(mark).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use geo_types::wkt;

    use super::*;
    use crate::domain::World;
    use crate::map::layout::sample::{ids, record};

    #[test]
    fn a_mark_says_its_form_and_colour_and_one_without_them_is_a_red_line() {
        let line = || Some(wkt!(LINESTRING(118.15 39.83,118.16 39.84)).into());
        let mut ids = ids();
        let arrow = [("name", "从这里绕"), ("form", "arrow"), ("tone", "calm")];
        let world: World = [
            record(&mut ids, Kind::PenMark, &arrow, line()),
            record(&mut ids, Kind::PenMark, &[], line()),
            record(&mut ids, Kind::PenMark, &arrow, None),
        ]
        .into_iter()
        .collect();
        let mut sketch = Sketch::default();
        PenMarks.draw(&LayerInput { world: &world, lang: crate::domain::Lang::Zh }, &mut sketch);
        let inks: Vec<Symbol> = sketch.marks.iter().map(|mark| mark.symbol).collect();
        let symbol = |form, tone| Symbol::Pen { form, tone };
        let red = symbol(PenForm::Freehand, PenTone::Act);
        assert_eq!(inks, [symbol(PenForm::Arrow, PenTone::Calm), red]);
        assert_eq!((sketch.marks[0].words(), sketch.unlocated), ("从这里绕", 1));
    }
}
