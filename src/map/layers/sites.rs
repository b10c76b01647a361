//! Sites, by kind and by what their last inspection says. Which of a crowd shrink to dots is said in
//! `map::layout`.

use super::{LabelRule, Layer, LayerInput, LegendRow, Swatch};
use crate::domain::{Kind, Lang, Record, SiteKind, Text, Verdict};
use crate::map::drawing::{LabelStyle, MapPen, Marker, Stroke};
use crate::map::font::Weight;
use crate::map::sketch::{SiteStanding, Sketch, Symbol, Words};
use crate::map::tokens::Palette;
use crate::map::view::At;

/// Draws [`Kind::Site`].
pub struct SiteLayer;

/// The six items of 六个百分之百.
const SIX_ITEMS: [&str; 6] =
    ["enclosure", "cover", "wash", "hardening", "wet_work", "closed_transport"];
/// What a mark is made of: name, kind and the items that are inspected, of any kind.
const FIELDS: [&str; 9] = [
    "name",
    "kind",
    "enclosure",
    "cover",
    "wash",
    "hardening",
    "wet_work",
    "closed_transport",
    "fume_test_result",
];
/// Families of rows in the legend.
const KIND: u8 = 0;
const STANDING: u8 = 1;

impl Layer for SiteLayer {
    fn key(&self) -> &'static str {
        "sites"
    }

    fn title(&self) -> Text {
        Text::new("污染源与点位", "Sites")
    }

    fn kind(&self) -> Kind {
        Kind::Site
    }

    fn is_unfolded(&self) -> bool {
        true
    }

    fn reads(&self) -> Option<&'static [&'static str]> {
        Some(&FIELDS)
    }

    fn draw(&self, input: &LayerInput<'_>, sketch: &mut Sketch) {
        for site in input.world.table(Kind::Site).iter() {
            let kind = SiteKind::of(site).unwrap_or_default();
            let symbol = Symbol::Site { kind, standing: standing(kind, site) };
            sketch.record(site, symbol, Some(Words::Name));
        }
    }

    fn sample(&self) -> Symbol {
        Symbol::Site { kind: SiteKind::Other, standing: SiteStanding::Plain }
    }

    fn line(&self, symbol: Symbol, points: &[At], pen: &mut MapPen<'_>) {
        self.area(symbol, &[points.to_vec()], pen);
    }

    fn area(&self, symbol: Symbol, rings: &[Vec<At>], pen: &mut MapPen<'_>) {
        let (_, standing) = parts(symbol);
        let is_failing = standing == SiteStanding::Failing;
        let color = if is_failing { pen.theme.act } else { pen.theme.ink };
        let edge = Stroke::solid(color, 1.2);
        let edge =
            if standing == SiteStanding::Uninspected { edge.dashed(&[4.0, 3.0]) } else { edge };
        pen.area(0, Some(color.faded(0.12)), None, rings);
        pen.area(1, None, Some(edge), rings);
    }

    fn marker(&self, symbol: Symbol, _lang: Lang) -> Option<(Marker, f32)> {
        let (kind, standing) = parts(symbol);
        Some((Marker::Site(kind, standing), 0.0))
    }

    /// Whoever fails is named before the others.
    fn label(&self, symbol: Symbol, theme: &Palette) -> Option<LabelRule> {
        let rank = if parts(symbol).1 == SiteStanding::Failing { 80 } else { 90 };
        let style = LabelStyle::new(12.5, Weight::Regular, theme.ink);
        Some(LabelRule { rank, style, off_line: 0.0 })
    }

    fn legend(&self) -> (u8, Text) {
        (5, self.title())
    }

    fn rows(&self, symbol: Symbol) -> [Option<LegendRow>; 2] {
        let (kind, standing) = parts(symbol);
        let row = |family, look| Some(LegendRow { family, look });
        let has_row = standing != SiteStanding::Plain;
        [row(KIND, kind as u32), if has_row { row(STANDING, standing as u32) } else { None }]
    }

    fn row_text(&self, row: LegendRow, symbol: Symbol, lang: Lang) -> String {
        let text = match (row.family, parts(symbol)) {
            (STANDING, (_, SiteStanding::Failing)) => Text::new("不合格", "not up to standard"),
            (STANDING, _) => Text::new("未查", "not inspected"),
            (_, (kind, _)) => kind.label(),
        };
        text.say(lang).to_owned()
    }

    fn swatch(&self, row: LegendRow, symbol: Symbol, swatch: &mut Swatch<'_>) {
        let (kind, standing) = parts(symbol);
        let marker = match row.family {
            STANDING => Marker::Site(SiteKind::Construction, standing),
            _ => Marker::Site(kind, SiteStanding::Plain),
        };
        swatch.marker(marker, 0.0);
    }
}

fn parts(symbol: Symbol) -> (SiteKind, SiteStanding) {
    if let Symbol::Site { kind, standing } = symbol {
        (kind, standing)
    } else {
        (SiteKind::default(), SiteStanding::Plain)
    }
}

/// What is inspected at a kind of site.
const fn items(kind: SiteKind) -> &'static [&'static str] {
    match kind {
        SiteKind::Construction => &SIX_ITEMS,
        SiteKind::Restaurant => &["fume_test_result"],
        _ => &[],
    }
}

/// Whether an inspection has said something of a site.
pub fn has_verdict(kind: SiteKind, standing: SiteStanding) -> bool {
    !items(kind).is_empty() && standing != SiteStanding::Uninspected
}

/// A construction site fails by any of its six items, a restaurant by its fume test; who has
/// neither verdict has not been inspected. Other kinds have nothing to pass.
fn standing(kind: SiteKind, site: &Record) -> SiteStanding {
    let items = items(kind);
    if items.is_empty() {
        return SiteStanding::Plain;
    }
    let mut standing = SiteStanding::Uninspected;
    for item in items {
        let said = site.text(item);
        if said == Verdict::Failed.key() {
            return SiteStanding::Failing;
        }
        if said == Verdict::Passed.key() || said == Verdict::NotApplicable.key() {
            standing = SiteStanding::Plain;
        }
    }
    standing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FieldType, Fields, Value, World};
    use crate::map::sample;

    #[test]
    fn every_kind_of_the_schema_has_a_mark_of_its_own() {
        let Some(FieldType::Choice(choices)) = Kind::Site.field("kind").map(|field| field.ty)
        else {
            panic!("the kind of a site is a choice")
        };
        let keys: Vec<&str> = choices.iter().map(|choice| choice.key).collect();
        assert_eq!(SiteKind::ALL.map(SiteKind::key).to_vec(), keys);
    }

    #[test]
    fn one_item_not_up_to_standard_makes_a_construction_site_fail() {
        let standing_of = |fields: &[(&str, &str)]| {
            let record = sample::site("construction", "工地", fields);
            standing(SiteKind::Construction, &record)
        };
        assert_eq!(standing_of(&[]), SiteStanding::Uninspected);
        assert_eq!(standing_of(&[("wash", "未查")]), SiteStanding::Uninspected);
        assert_eq!(standing_of(&[("wash", "合格"), ("cover", "未查")]), SiteStanding::Plain);
        assert_eq!(standing_of(&[("wash", "合格"), ("cover", "不合格")]), SiteStanding::Failing);
    }

    #[test]
    fn a_mark_is_made_of_no_other_fields_than_are_said() {
        // Whatever else is known of a site makes no difference.
        let known = |site: &std::sync::Arc<Record>| {
            let mut known = Record::clone(site);
            known.set("person", Some(Value::text("王")));
            known.set("address", Some(Value::text("城关")));
            known
        };
        let world: World = sample::world().table(Kind::Site).iter().map(known).collect();
        let sites = || world.table(Kind::Site).iter();
        let wanted: Vec<u8> = FIELDS.iter().map(|key| Kind::Site.index_of(key).unwrap()).collect();
        let some: World = sites()
            .map(|site| {
                let mut some = Record::clone(site);
                some.fields = Fields::default();
                for index in &wanted {
                    some.fields.set(*index, site.fields.get(*index).cloned());
                }
                some
            })
            .collect();
        let marks = |world: &World| {
            let mut sketch = Sketch::default();
            SiteLayer.draw(&LayerInput { world, lang: Lang::Zh }, &mut sketch);
            let of = |mark: crate::map::Mark| {
                (mark.subject, format!("{:?}", mark.symbol), mark.words().to_owned(), mark.tag)
            };
            sketch.marks.into_iter().map(of).collect::<Vec<_>>()
        };
        assert!(!marks(&world).is_empty());
        assert_eq!(marks(&some), marks(&world));
    }

    #[test]
    fn a_parking_lot_has_nothing_to_fail_by() {
        let record = sample::site("parking", "停车场", &[]);
        assert_eq!(standing(SiteKind::Parking, &record), SiteStanding::Plain);
    }
}
