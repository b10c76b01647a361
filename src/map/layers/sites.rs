use crate::domain::{Kind, Record, SiteKind, Text, Verdict};
use crate::map::{Layer, LayerInput, SiteStanding, Sketch, Symbol, Words};

pub struct Sites;

/// The six items of 六个百分之百.
const SIX_ITEMS: [&str; 6] =
    ["enclosure", "cover", "wash", "hardening", "wet_work", "closed_transport"];

impl Layer for Sites {
    fn key(&self) -> &'static str {
        "sites"
    }

    fn title(&self) -> Text {
        Text::new("污染源与点位", "Sites")
    }

    fn kind(&self) -> Kind {
        Kind::Site
    }

    fn draw(&self, scene: &LayerInput<'_>, sketch: &mut Sketch) {
        for site in scene.world.table(Kind::Site).iter() {
            let kind = SiteKind::of(site).unwrap_or_default();
            let symbol = Symbol::Site { kind, standing: standing(kind, site) };
            sketch.record(site, symbol, Some(Words::Name));
        }
    }
}

/// A construction site fails by any of its six items, a restaurant by its fume test; who has
/// neither verdict has not been inspected. Other kinds have nothing to pass.
fn standing(kind: SiteKind, site: &Record) -> SiteStanding {
    let items: &[&str] = match kind {
        SiteKind::Construction => &SIX_ITEMS,
        SiteKind::Restaurant => &["fume_test_result"],
        _ => return SiteStanding::Plain,
    };
    let has = |verdict: Verdict| items.iter().any(|item| site.text(item) == verdict.key());
    if has(Verdict::Failed) {
        SiteStanding::Failing
    } else if has(Verdict::Passed) || has(Verdict::NotApplicable) {
        SiteStanding::Plain
    } else {
        SiteStanding::Uninspected
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FieldType;
    use crate::map::layout::sample;

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
    fn a_parking_lot_has_nothing_to_fail_by() {
        let record = sample::site("parking", "停车场", &[]);
        assert_eq!(standing(SiteKind::Parking, &record), SiteStanding::Plain);
    }
}
