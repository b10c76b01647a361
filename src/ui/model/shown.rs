//! What passes the filter, and the sketch of the layers that are shown: made from world, filter and
//! layers by a job.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::analysis::standards::InspectionTally;
use crate::analysis::{Filter, is_not_up_to_standard};
use crate::domain::{Kind, Lang, Record, RecordId, World};
use crate::jobs::Same;
use crate::map::live::{IndexedMarks, LayerSketch};
use crate::map::{LayerInput, Sketch, layers};
use crate::settings::LayerSetting;

/// Made from world, filter and layers.
#[derive(Default)]
pub struct Shown {
    pub revision: u64,
    /// Counted up by the window, which sets it.
    pub serial: u64,
    /// What passes the filter, by kind, in the order of the table.
    pub records: BTreeMap<Kind, Arc<Vec<Arc<Record>>>>,
    pub counts: BTreeMap<Kind, Count>,
    pub subkinds: BTreeMap<(Kind, String), Count>,
    /// The sites among them that are not up to standard.
    pub failing: Arc<Vec<Arc<Record>>>,
    pub prepared: Arc<IndexedMarks>,
}

/// Records of a kind, or of a kind within it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub shown: usize,
    pub total: usize,
    /// Of the shown ones.
    pub inspections: InspectionTally,
}

/// Orders that do not hold at the moment that is looked at, and what is drawn of meetings.
#[derive(Clone, Copy)]
pub struct Rest<'a> {
    pub orders: &'a BTreeSet<RecordId>,
    /// Not even faintly drawn.
    pub is_hidden: bool,
    /// Orders that are not drawn at all.
    pub apart: &'a BTreeSet<RecordId>,
    /// The marks of the pen that are drawn; `None` for all of them.
    pub marks: Option<&'a BTreeSet<RecordId>>,
}

/// What the map and the table show, of what and how.
#[derive(Clone, PartialEq)]
pub struct ShownOf {
    pub world: Same<World>,
    pub filter: Filter,
    pub layers: Vec<LayerSetting>,
    pub lang: Lang,
    pub resting: Same<BTreeSet<RecordId>>,
    pub hides_resting: bool,
    pub apart: Same<BTreeSet<RecordId>>,
    /// The meeting whose marks of the pen are on the map.
    pub marks_of: Option<RecordId>,
}

impl Shown {
    /// Puts the number by which pictures of it are known on what has just come from its job.
    pub fn number(shown: &mut Arc<Self>, serial: u64) {
        if let Some(shown) = Arc::get_mut(shown) {
            shown.serial = serial;
        }
    }

    /// The marks alone of a district of which the rest is being read.
    pub fn of_glimpse(
        parts: &[World],
        settings: &[LayerSetting],
        lang: Lang,
        resting: &BTreeSet<RecordId>,
        hides_resting: bool,
    ) -> Self {
        let drawn = settings.iter().filter(|setting| setting.is_shown).filter_map(|setting| {
            let layer = layers::by_key(&setting.key)?;
            let mut sketch = Sketch::default();
            for world in parts {
                layer.draw(&LayerInput { world, lang }, &mut sketch);
            }
            let can_rest = matches!(layer.kind(), Kind::Restriction | Kind::Road);
            if can_rest && !resting.is_empty() {
                sketch.rest(&|id| resting.contains(&id), hides_resting);
            }
            Some(LayerSketch { key: layer.key(), opacity: setting.opacity, sketch })
        });
        let prepared = Arc::new(IndexedMarks::unindexed(drawn.collect()));
        Self { prepared, ..Self::default() }
    }

    /// Sorts all records by filter and layers, and makes the marks of those that are shown.
    pub fn of(
        world: &World,
        filter: &Filter,
        settings: &[LayerSetting],
        lang: Lang,
        rest: Rest<'_>,
    ) -> Self {
        let mut shown = Self { revision: world.revision, ..Self::default() };
        let sieve = filter.on(world);
        for kind in Kind::ALL {
            let mut count = Count { total: world.table(kind).len(), ..Count::default() };
            let mut records = Vec::new();
            let mut subkinds: BTreeMap<&str, Count> = BTreeMap::new();
            for record in world.table(kind).iter() {
                let sub = subkinds.entry(record.subkind()).or_default();
                sub.total += 1;
                if sieve.lets_through(record) {
                    let inspections = InspectionTally::of(record);
                    for count in [sub, &mut count] {
                        count.shown += 1;
                        count.inspections += inspections;
                    }
                    records.push(Arc::clone(record));
                }
            }
            let subkinds = subkinds.into_iter().map(|(key, count)| ((kind, key.to_owned()), count));
            shown.subkinds.extend(subkinds);
            shown.counts.insert(kind, count);
            shown.records.insert(kind, Arc::new(records));
        }
        let sites = shown.records.get(&Kind::Site).into_iter().flat_map(|sites| sites.iter());
        shown.failing =
            Arc::new(sites.filter(|site| is_not_up_to_standard(site)).cloned().collect());
        shown.prepared = Arc::new(shown.prepared(world, filter, settings, lang, rest));
        shown
    }

    /// Areas, control points and roads stay on the map whatever the filter says: without them nobody
    /// would know where the rest lies, unless it is roads that are asked for. So does what was drawn in the meeting.
    fn prepared(
        &self,
        world: &World,
        filter: &Filter,
        settings: &[LayerSetting],
        lang: Lang,
        rest: Rest<'_>,
    ) -> IndexedMarks {
        let filtered: World;
        let world = if filter.is_empty() {
            world
        } else {
            let mut some = World::default();
            for kind in Kind::ALL {
                let stays = match kind {
                    Kind::Area | Kind::ControlPoint | Kind::PenMark => true,
                    Kind::Road => !filter.is_about_roads(),
                    _ => false,
                };
                if stays {
                    world.table(kind).iter().for_each(|record| some.load(Arc::clone(record)));
                } else {
                    let records = self.records.get(&kind).into_iter().flat_map(|all| all.iter());
                    records.for_each(|record| some.load(Arc::clone(record)));
                }
            }
            filtered = some;
            &filtered
        };
        let scene = LayerInput { world, lang };
        let has_marks = rest.marks.is_some_and(|marks| !marks.is_empty());
        let is_shown = |setting: &&LayerSetting| {
            setting.is_shown || (has_marks && setting.key == super::meetings::PEN_LAYER)
        };
        let sketches = settings.iter().filter(is_shown).filter_map(|setting| {
            let layer = layers::by_key(&setting.key)?;
            let mut sketch = Sketch::default();
            layer.draw(&scene, &mut sketch);
            if matches!(layer.kind(), Kind::Restriction | Kind::Road) && !rest.orders.is_empty() {
                sketch.rest(&|id| rest.orders.contains(&id), rest.is_hidden);
            }
            if layer.kind() == Kind::Restriction && !rest.apart.is_empty() {
                sketch.rest(&|id| rest.apart.contains(&id), true);
            }
            if let Some(marks) = rest.marks {
                sketch.keep_pen_marks(marks);
            }
            Some(LayerSketch { key: layer.key(), opacity: setting.opacity, sketch })
        });
        IndexedMarks::new(sketches.collect())
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{Coord, LineString};

    use super::*;
    use crate::domain::{OrderKind, RoadClass};
    use crate::map::Symbol;
    use crate::settings::clock;

    const AT: Coord<f64> = Coord { x: 118.12, y: 39.80 };

    /// A road, and an order that lies along it.
    fn world() -> (World, [RecordId; 2]) {
        let stamp = clock::stamp(Some("甲"));
        let mut ids = clock::ids(&stamp);
        let mut add = |kind| {
            let mut record = Record::new(ids.next(), kind, &stamp);
            let line = LineString::from(vec![(118.10, 39.80), (118.14, 39.80)]);
            record.geometry = Some(line.into());
            record
        };
        let (road, mut order) = (add(Kind::Road), add(Kind::Restriction));
        OrderKind::NoEntry.put(&mut order);
        let found = [road.id, order.id];
        ([road, order].into_iter().collect(), found)
    }

    fn symbols(world: &World, rest: Rest<'_>) -> Vec<Symbol> {
        let setting =
            |key: &str| LayerSetting { key: key.to_owned(), is_shown: true, opacity: 1.0 };
        let settings = [setting("roads"), setting("restrictions")];
        let (filter, lang) = (Filter::default(), Lang::Zh);
        let shown = Shown::of(world, &filter, &settings, lang, rest);
        shown.prepared.pick(AT, 5.0, 5.0).into_iter().map(|hit| hit.symbol).collect()
    }

    #[test]
    fn a_road_that_is_not_open_is_drawn_as_one_and_an_order_of_another_plan_not_at_all() {
        let none = BTreeSet::new();
        let rest = Rest { orders: &none, is_hidden: false, apart: &none, marks: None };
        let is_order = |symbol: &Symbol| matches!(symbol, Symbol::Restriction { .. });
        let is_open = |symbol: &Symbol| matches!(symbol, Symbol::Road(_));
        let (world, [road, order]) = world();
        let now = symbols(&world, rest);
        assert!(now.iter().any(is_order) && now.iter().any(is_open), "{now:?}");

        let resting = BTreeSet::from([road]);
        let closed = symbols(&world, Rest { orders: &resting, ..rest });
        assert!(closed.contains(&Symbol::planned_road(RoadClass::default())), "{closed:?}");
        assert!(!closed.iter().any(is_open) && closed.iter().any(is_order));

        let apart = BTreeSet::from([order]);
        let other = symbols(&world, Rest { apart: &apart, ..rest });
        assert!(!other.iter().any(is_order) && other.iter().any(is_open), "{other:?}");
    }
}
