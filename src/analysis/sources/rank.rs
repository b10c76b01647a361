//! What lies upwind and in the rings, the likeliest first, each with the reason for its rank.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, DateTime};

use super::{Fingerprint, Upwind};
use crate::analysis::swept::Swept;
use crate::analysis::{Index, is_in_force, is_not_up_to_standard};
use crate::domain::{ItemState, Kind, LocalizedText, Record, RecordId, SiteKind, World};
use crate::geodesy::local::LocalFrame;
use crate::geodesy::wkb;

const KINDS: [Kind; 5] =
    [Kind::Site, Kind::Congestion, Kind::Sweeping, Kind::Item, Kind::Restriction];
/// As far as a source is still as likely as 1/e of one at the station, metres.
const FADES_M: f64 = 1000.0;
/// What is beside the sector but in a ring keeps this much.
const BESIDE: f64 = 0.12;

/// A possible source.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "reasons that do not depend on each other")]
pub struct Candidate {
    pub record: Arc<Record>,
    /// To its nearest point.
    pub distance_m: f64,
    /// From the station to its middle.
    pub bearing_deg: f64,
    /// For the order alone: no probability.
    pub score: f64,
    /// Within the sector, and not merely in a ring.
    pub is_upwind: bool,
    is_fitting: bool,
    state: Activity,
    is_failing: bool,
    /// Named in what was found before.
    is_known: bool,
    /// Numbers of open items of the ledger about it.
    open_items: Vec<String>,
    /// Of a stretch that has to be swept: whether it was.
    swept: Option<Swept>,
}

/// What is known of sources beside their own records.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Names about which something was found in earlier episodes of the station.
    pub found: BTreeSet<String>,
    /// Open items of the ledger by the record that they are about, by number.
    pub open_items: BTreeMap<RecordId, Vec<String>>,
    /// On which restrictions are asked whether they are in force.
    pub day: Option<Date>,
    /// Stretches that have to be swept: whether they were when the value rose.
    pub swept: BTreeMap<RecordId, Swept>,
}

impl Past {
    /// Of the items of a district.
    pub fn of<'r>(
        found: BTreeSet<String>,
        items: impl Iterator<Item = &'r Arc<Record>>,
        day: Date,
    ) -> Self {
        let mut open_items: BTreeMap<RecordId, Vec<String>> = BTreeMap::new();
        for item in items.filter(|item| is_open(item)) {
            for about in item.linked("records") {
                let number = item.code().unwrap_or_else(|| item.name()).to_owned();
                open_items.entry(about).or_default().push(number);
            }
        }
        Self { found, open_items, day: Some(day), ..Self::default() }
    }

    /// With what was swept of a district up to a moment, civil time of the office.
    #[must_use]
    pub fn with_roads(mut self, world: &World, until: DateTime) -> Self {
        self.swept = Swept::of_all(world, until);
        self
    }

    /// Whether a record is looked at at all.
    fn concerns(&self, record: &Record) -> bool {
        match record.kind {
            Kind::Item => is_open(record),
            Kind::Restriction => self.day.is_some_and(|day| is_in_force(record, day)),
            _ => {
                let kind = SiteKind::of(record);
                !matches!(kind, Some(SiteKind::Sensitive | SiteKind::Building))
            }
        }
    }
}

fn is_open(item: &Record) -> bool {
    ItemState::of(item).is_none_or(ItemState::is_open)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Activity {
    Works,
    Rests,
    Unknown,
}

impl Activity {
    fn of(record: &Record) -> Self {
        let state = record.text("state");
        let has = |words: &[&str]| words.iter().any(|word| state.contains(word));
        if has(&["停", "完工", "竣工", "关闭", "拆除", "未开工"]) {
            Self::Rests
        } else if has(&["在施", "施工", "在产", "生产", "营业", "运行", "在建", "在用", "正常"])
        {
            Self::Works
        } else {
            Self::Unknown
        }
    }

    /// Dust lies on a road until it is swept.
    const fn of_road(swept: Swept) -> Self {
        match swept {
            Swept::NotToday(_) | Swept::Failed => Self::Works,
            Swept::Today(_) | Swept::Passed => Self::Rests,
            Swept::Unreadable | Swept::Unknown => Self::Unknown,
        }
    }

    const fn weight(self) -> f64 {
        match self {
            Self::Works => 1.0,
            Self::Unknown => 0.7,
            Self::Rests => 0.2,
        }
    }
}

impl Candidate {
    /// Who answers for it: the unit and person, or the department.
    pub fn owner(&self) -> String {
        let unit = self.record.words("units").first().map_or("", |unit| &**unit);
        let words = [self.record.text("unit"), unit, self.record.text("person")];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        words.join(" ")
    }

    /// Why it stands where it does, in one line.
    pub fn reason(&self) -> LocalizedText {
        let wind = self.bearing_words();
        let distance = format!("{:.0} m", self.distance_m);
        let mut zh = vec![distance.clone(), wind.zh];
        let mut en = vec![distance, wind.en];
        let mut say = |is_so: bool, words: (&str, &str)| {
            if is_so {
                zh.push(words.0.to_owned());
                en.push(words.1.to_owned());
            }
        };
        say(self.is_fitting, ("类型相符", "fits"));
        let is_road = self.swept.is_some();
        say(!is_road && self.state == Activity::Works, ("在施在产", "at work"));
        say(!is_road && self.state == Activity::Rests, ("停工停产", "at rest"));
        say(self.is_failing, ("检查不合格", "failed its inspection"));
        say(self.is_known, ("曾被查实", "found before"));
        say(self.record.kind == Kind::Item, ("台账未销号", "open in the ledger"));
        say(self.record.kind == Kind::Restriction, ("管控中，查闯限", "restricted: check trucks"));
        if let Some(swept) = self.swept {
            let words = swept.words();
            zh.push(words.zh);
            en.push(words.en);
        }
        if !self.open_items.is_empty() {
            let numbers = self.open_items.join("、");
            zh.push(format!("未销号 {numbers}"));
            en.push(format!("open items {}", self.open_items.join(", ")));
        }
        LocalizedText::new(zh.join("·"), en.join(" · "))
    }

    fn bearing_words(&self) -> LocalizedText {
        const ZH: [&str; 8] = ["北", "东北", "东", "东南", "南", "西南", "西", "西北"];
        const EN: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
        let at = ((self.bearing_deg + 22.5).rem_euclid(360.0) / 45.0) as usize % 8;
        if self.is_upwind {
            LocalizedText::new(format!("上风向{}", ZH[at]), format!("upwind {}", EN[at]))
        } else {
            LocalizedText::new(format!("圈内{}", ZH[at]), format!("in the ring, {}", EN[at]))
        }
    }
}

/// The likeliest, no more than so many.
pub fn candidates(
    index: &Index,
    upwind: &Upwind,
    fingerprint: Fingerprint,
    past: &Past,
    most: usize,
) -> Vec<Candidate> {
    let frame = LocalFrame::at(upwind.center);
    let mut found: Vec<Candidate> = Vec::new();
    let reach_m = upwind.reach_m.max(super::ALWAYS_M[1]);
    index.near(&frame, reach_m, &KINDS, &mut |near, _| {
        let record = near.record;
        if !past.concerns(record) {
            return;
        }
        let Some(bounds) = record.geometry.as_ref().and_then(wkb::bounds) else { return };
        let at = frame.plane_from_wgs84(bounds.middle());
        let bearing_deg = at.x.atan2(at.y).to_degrees().rem_euclid(360.0);
        if !upwind.holds(near.distance_m, bearing_deg) {
            return;
        }
        let off = upwind.off_deg(bearing_deg);
        let is_upwind = off <= upwind.half_deg && near.distance_m <= upwind.reach_m;
        let turned = (-0.5 * (off / upwind.half_deg).powi(2)).exp().max(BESIDE);
        let weight = fingerprint.weight(record);
        let swept = past.swept.get(&record.id).copied();
        let state = swept.map_or_else(|| Activity::of(record), Activity::of_road);
        let is_failing = is_not_up_to_standard(record);
        let is_known = past.found.contains(record.name());
        let open_items = past.open_items.get(&record.id).cloned().unwrap_or_default();
        let more = |is_so: bool| if is_so { 1.5 } else { 1.0 };
        let score = weight
            * state.weight()
            * more(is_failing || swept == Some(Swept::Failed))
            * more(is_known)
            * more(!open_items.is_empty())
            * (-near.distance_m / FADES_M).exp()
            * turned;
        found.push(Candidate {
            record: Arc::clone(record),
            distance_m: near.distance_m,
            bearing_deg,
            score,
            is_upwind,
            is_fitting: weight >= 0.7,
            state,
            is_failing,
            is_known,
            open_items,
            swept,
        });
    });
    let order = |a: &Candidate, b: &Candidate| {
        b.score.total_cmp(&a.score).then_with(|| a.record.id.cmp(&b.record.id))
    };
    if found.len() > most && most > 0 {
        found.select_nth_unstable_by(most - 1, order);
    }
    found.truncate(most);
    found.sort_by(order);
    found
}

#[cfg(test)]
mod tests {
    use geo_types::{Coord, Point};
    use jiff::Timestamp;

    use super::*;
    use crate::analysis::air::wind::Wind;
    use crate::domain::{Ids, Stamp, Value, World};
    use crate::geodesy::ring::destination;

    const STATION: Coord<f64> = Coord { x: 118.16, y: 39.83 };

    fn world(sites: &[(&str, &'static str, f64, f64, &str)]) -> World {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(stamp.at, 1);
        let mut world = World::default();
        for (name, kind, bearing, distance_m, state) in sites {
            let mut record = Record::new(ids.next(), Kind::Site, &stamp);
            record.set("name", Some(Value::text(name)));
            record.set("kind", Some(Value::Choice(kind)));
            if !state.is_empty() {
                record.set("state", Some(Value::text(state)));
            }
            record.geometry = Some(Point(destination(STATION, *bearing, *distance_m)).into());
            world.load(record.into());
        }
        world
    }

    fn names(world: &World, from_deg: f64, speed: f64) -> Vec<String> {
        let wind = Wind::new(Some(from_deg), speed).unwrap();
        let upwind = Upwind::of(STATION, &[wind]);
        let index = Index::of(world);
        let found = candidates(&index, &upwind, Fingerprint::Dust, &Past::default(), 50);
        found.iter().map(|it| it.record.name().to_owned()).collect()
    }

    #[test]
    fn what_is_upwind_near_fits_and_works_stands_first() {
        let world = world(&[
            ("上风工地", "construction", 90.0, 800.0, "在施"),
            ("上风停工", "construction", 92.0, 780.0, "停工"),
            ("上风餐馆", "restaurant", 90.0, 600.0, "营业"),
            ("下风工地", "construction", 270.0, 500.0, "在施"),
            ("远处工地", "construction", 90.0, 3000.0, "在施"),
            ("下风远处", "construction", 270.0, 1500.0, "在施"),
            ("学校", "sensitive", 90.0, 300.0, ""),
        ]);
        let found = names(&world, 90.0, 2.2);
        assert_eq!(found[0], "上风工地");
        let missing = |name: &str| !found.iter().any(|it| it == name);
        assert!(missing("下风远处") && missing("学校"), "{found:?}");
        assert!(!missing("下风工地"), "within a ring everything is looked at");
        let place = |name: &str| found.iter().position(|it| it == name).unwrap();
        assert!(place("上风停工") < place("下风工地"), "{found:?}");
    }

    #[test]
    fn the_reason_is_one_line_and_says_where() {
        let world = world(&[("甲工地", "construction", 90.0, 800.0, "在施")]);
        let upwind = Upwind::of(STATION, &[Wind::new(Some(90.0), 2.0).unwrap()]);
        let past = Past { found: BTreeSet::from(["甲工地".to_owned()]), ..Past::default() };
        let found = candidates(&Index::of(&world), &upwind, Fingerprint::Dust, &past, 5);
        assert_eq!(found[0].reason().zh, "800 m·上风向东·类型相符·在施在产·曾被查实");
    }

    #[test]
    fn open_items_and_restrictions_in_force_are_looked_at_and_closed_ones_are_not() {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(stamp.at, 3);
        let mut world = world(&[
            ("甲工地", "construction", 90.0, 800.0, "在施"),
            ("乙工地", "construction", 90.0, 820.0, "在施"),
        ]);
        let about = world.table(Kind::Site).iter().find(|it| it.name() == "乙工地").unwrap().id;
        let mut put = |kind: Kind, name: &str, fields: &[(&str, Value)]| {
            let mut record = Record::new(ids.next(), kind, &stamp);
            record.set("name", Some(Value::text(name)));
            for (key, value) in fields {
                record.set(key, Some(value.clone()));
            }
            record.geometry = Some(Point(destination(STATION, 92.0, 700.0)).into());
            world.load(record.into());
        };
        let linked = Value::Words([about.to_string().as_str().into()].into());
        let number = |text: &str| Value::text(text);
        let open = ItemState::Mending.value();
        let closed = ItemState::Closed.value();
        put(Kind::Item, "堆土", &[("code", number("丰-1")), ("records", linked), ("state", open)]);
        put(Kind::Item, "已改", &[("code", number("丰-2")), ("state", closed)]);
        let day = jiff::civil::date(2026, 11, 29);
        put(Kind::Restriction, "禁行", &[("state", crate::domain::OrderState::InForce.value())]);
        put(Kind::Restriction, "草案", &[]);
        let past = Past::of(BTreeSet::new(), world.table(Kind::Item).iter(), day);
        let wind = Wind::new(Some(90.0), 2.0).unwrap();
        let upwind = Upwind::of(STATION, &[wind]);
        let found = candidates(&Index::of(&world), &upwind, Fingerprint::Dust, &past, 50);
        let names: Vec<&str> = found.iter().map(|it| it.record.name()).collect();
        assert_eq!(names[0], "乙工地", "what is open there lifts it: {names:?}");
        assert!(found[0].reason().zh.ends_with("未销号 丰-1"), "{}", found[0].reason().zh);
        assert!(names.contains(&"堆土") && names.contains(&"禁行"), "{names:?}");
        assert!(!names.contains(&"已改") && !names.contains(&"草案"), "{names:?}");
    }

    #[test]
    fn a_road_that_was_not_swept_that_day_stands_before_one_that_was_and_says_so() {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(stamp.at, 3);
        let mut world = World::default();
        for (name, bearing, log) in [
            ("已扫路", 90.0, "2026-11-29 06:20"),
            ("无记录路", 91.0, ""),
            ("未扫路", 92.0, "2026-11-28 16:40"),
        ] {
            let mut road = Record::new(ids.next(), Kind::Sweeping, &stamp);
            road.set("name", Some(Value::text(name)));
            road.set("swept", (!log.is_empty()).then(|| Value::text(log)));
            let ends = [700.0, 800.0].map(|metres| destination(STATION, bearing, metres));
            road.geometry = Some(geo_types::LineString::from(ends.to_vec()).into());
            world.load(road.into());
        }
        let upwind = Upwind::of(STATION, &[Wind::new(Some(90.0), 2.0).unwrap()]);
        let until = jiff::civil::date(2026, 11, 29).at(10, 0, 0, 0);
        let past = Past::default().with_roads(&world, until);
        let found = candidates(&Index::of(&world), &upwind, Fingerprint::Dust, &past, 50);
        let told: Vec<(&str, String)> =
            found.iter().map(|it| (it.record.name(), it.reason().zh)).collect();
        assert_eq!(told[0].0, "未扫路", "{told:?}");
        assert!(told[0].1.ends_with("当日未清扫（末次 11-28）"), "{told:?}");
        assert!(told[1].1.ends_with("无作业记录") && told[1].0 == "无记录路", "{told:?}");
        assert!(told[2].1.ends_with("当日已清扫 06:20"), "{told:?}");
    }
}
