//! Items made of other records, and items handed to who answers for them.

use std::sync::Arc;

use geo_types::{Coord, Geometry, Point};
use jiff::civil::{Date, DateTime, Time};

use super::owners::{Owners, Owning};
use crate::analysis::air::{Hour, Pollutant};
use crate::analysis::decisions::{handle, task};
use crate::domain::item::{Deed, StepKind, moment_text, taken};
use crate::domain::{
    Change, CheckSubject, DecisionState, ItemSource, ItemType, Kind, Record, RecordId, SiteKind,
    Stamp, Value, World, episode,
};
use crate::geodesy::wkb;

/// Nothing is set to an empty text.
fn put(item: &mut Record, key: &str, text: &str) {
    if !text.is_empty() {
        item.set(key, Some(Value::text(text)));
    }
}

/// … nor to no words.
fn put_words(item: &mut Record, key: &str, words: impl IntoIterator<Item = Arc<str>>) {
    let words: Vec<Arc<str>> = words.into_iter().collect();
    if !words.is_empty() {
        item.set(key, Some(Value::Words(words.into())));
    }
}

fn id_text(id: RecordId) -> Arc<str> {
    id.to_string().into()
}

/// An item of a decision of a meeting: registered, linked to it and to what it is about.
pub fn item_of(
    world: &World,
    decision: &Record,
    (id, code): (RecordId, &str),
    at: DateTime,
    stamp: &Stamp,
) -> Record {
    let mut item = Record::new(id, Kind::Item, stamp);
    put(&mut item, "code", code);
    let task = task(decision, at.date(), world);
    put(&mut item, "name", if task.is_empty() { decision.name() } else { &task });
    put(&mut item, "superior_code", decision.code().unwrap_or_default());
    ItemSource::Meeting.put(&mut item);
    put(&mut item, "person", decision.text("person"));
    put(&mut item, "demand", decision.name());
    let owner = Some(decision.text("owner")).filter(|owner| !owner.is_empty());
    put_words(&mut item, "units", owner.map(Into::into));
    if let Some(due) = decision.date("due").and_then(|due| due.tomorrow().ok()) {
        put(&mut item, "due", &moment_text(due.to_datetime(Time::midnight())));
    }
    let about: Vec<&Arc<Record>> =
        decision.linked("records").filter_map(|id| world.get(id)).collect();
    let place = about.iter().find_map(|record| wkb::bounds(record.geometry.as_ref()?));
    item.geometry = place.map(|of| Geometry::Point(Point(of.middle())));
    if let Some(first) = about.first() {
        put(&mut item, "address", first.name());
        put(&mut item, "township", first.text("township"));
    }
    let ids = std::iter::once(decision.id).chain(decision.linked("records"));
    put_words(&mut item, "records", ids.map(id_text));
    let mut deed = Deed::new(StepKind::Register, &stamp.actor, at);
    deed.reason = format!("会议决定 {}", handle(decision));
    taken(&item, &deed, stamp).unwrap_or(item)
}

/// An item of something that was found because of a high value: registered, with the photos of the
/// episode, whoever answers for the source, and the value that led there. Without a source it lies at
/// the station.
pub fn item_of_finding(
    world: &World,
    (of, found, source): (&Record, &str, Option<&Record>),
    (id, code): (RecordId, &str),
    at: DateTime,
    stamp: &Stamp,
) -> Record {
    let mut item = Record::new(id, Kind::Item, stamp);
    let station = of.text("station").parse().ok().and_then(|id: RecordId| world.get(id));
    let station_name = station.map_or("", |it| it.name());
    put(&mut item, "code", code);
    put(&mut item, "name", found);
    ItemSource::Episode.put(&mut item);
    let place = source.or(station.map(AsRef::as_ref));
    let bounds = place.and_then(|it| wkb::bounds(it.geometry.as_ref()?));
    item.geometry = bounds.map(|of| Geometry::Point(Point(of.middle())));
    if let Some(source) = source {
        put(&mut item, "address", source.name());
        for key in ["township", "department", "person", "phone"] {
            put(&mut item, key, source.text(key));
        }
        let unit = Some(source.text("unit")).filter(|unit| !unit.is_empty());
        put_words(&mut item, "units", unit.map(Into::into));
        put_words(&mut item, "types", problem(source).map(|of| of.key().into()));
    } else {
        put(&mut item, "address", &format!("{station_name}周边"));
        put(&mut item, "township", station.map_or("", |it| it.text("township")));
    }
    put(&mut item, "reading", &reading_words(of, station_name));
    let photos: Vec<Arc<str>> = of.attachments().map(Into::into).collect();
    item.set_attachments(photos.clone());
    put_words(&mut item, "photos_before", photos);
    let ids = [Some(of.id), source.map(|it| it.id), station.map(|it| it.id)];
    put_words(&mut item, "records", ids.into_iter().flatten().map(id_text));
    Owners::of(world, at.date()).owning(&item).fill(&mut item);
    let mut deed = Deed::new(StepKind::Register, &stamp.actor, at);
    deed.reason = format!("高值处置 {}", of.name());
    taken(&item, &deed, stamp).unwrap_or(item)
}

/// `实验小学站 PM10 212 µg/m³ 11月29日 10时`.
fn reading_words(of: &Record, station: &str) -> String {
    let Some(value) = of.get("value").and_then(Value::as_f64) else { return String::new() };
    let symbol = of.text("pollutant");
    let pollutant = Pollutant::ALL.into_iter().find(|it| it.symbol() == symbol);
    let unit = pollutant.map_or("", Pollutant::unit);
    let hour = episode::moment(of, "begins_at").map(Hour::containing);
    let when = hour.map_or_else(String::new, |hour| {
        let day = hour.day();
        format!(" {}月{}日 {}时", day.month(), day.day(), hour.label())
    });
    format!("{station} {symbol} {value} {unit}{when}")
}

/// What is usually wrong at a source.
fn problem(source: &Record) -> Option<ItemType> {
    match source.kind {
        Kind::Site => {
            let kind = SiteKind::of(source)?;
            let subjects = CheckSubject::ALL.into_iter();
            subjects.filter(|it| it.sites().contains(&kind)).map(CheckSubject::problem).next()
        }
        Kind::Congestion => Some(ItemType::Idling),
        Kind::Sweeping => Some(ItemType::RoadDust),
        Kind::Restriction => Some(ItemType::MuckTruck),
        _ => None,
    }
}

/// What has to stand at a road before an order holds there.
#[derive(Clone, Debug, PartialEq)]
pub struct Needed {
    /// In words: 设置标志, 建设卡口.
    pub what: String,
    pub place: String,
    /// WGS-84 degrees.
    pub at: Coord<f64>,
    /// Of what it is: the order, a camera that is to be built.
    pub records: Vec<RecordId>,
    /// The first day on which the order holds: it is there by the evening before.
    pub from: Option<Date>,
}

/// An item of something that an order needs: a sign or a camera. Its number it gets when it is stored.
pub fn item_of_order(
    needed: &Needed,
    plan: &str,
    id: RecordId,
    at: DateTime,
    stamp: &Stamp,
) -> Record {
    let mut item = Record::new(id, Kind::Item, stamp);
    put(&mut item, "name", &format!("{}：{}", needed.what, needed.place));
    put(&mut item, "address", &needed.place);
    put(&mut item, "demand", &needed.what);
    put(&mut item, "found_at", &moment_text(at));
    put(&mut item, "found_by", &stamp.actor);
    // What is wanted is written in the order: no photo shows that it is not there yet.
    put(&mut item, "reading", &format!("管控方案“{plan}”"));
    ItemSource::Restriction.put(&mut item);
    put_words(&mut item, "types", [ItemType::Other.key().into()]);
    item.geometry = Some(Geometry::Point(Point(needed.at)));
    if let Some(from) = needed.from {
        put(&mut item, "due", &moment_text(from.to_datetime(Time::midnight())));
        put(&mut item, "time_limit", &format!("{}前", from.strftime("%Y-%m-%d")));
    }
    put_words(&mut item, "records", needed.records.iter().copied().map(id_text));
    let mut deed = Deed::new(StepKind::Register, &stamp.actor, at);
    deed.reason = format!("采纳方案 {plan}");
    taken(&item, &deed, stamp).unwrap_or(item)
}

/// The decision with its item, and under way where nobody had begun.
pub fn linked_decision(decision: &Arc<Record>, item: RecordId, stamp: &Stamp) -> Change {
    let mut newer = Record::clone(decision);
    let ids = decision.words("records").iter().cloned().chain([item.to_string().into()]);
    let ids: Vec<Arc<str>> = ids.collect();
    newer.set("records", Some(Value::Words(ids.into())));
    if matches!(DecisionState::of(decision), None | Some(DecisionState::ToDo)) {
        DecisionState::UnderWay.put(&mut newer);
    }
    newer.meta.change(stamp);
    Change::update(Arc::clone(decision), newer)
}

/// An item that is handed over, with who answers for it where it says nobody: what the record gets, and
/// the step for it.
pub fn with_owner(item: &Record, deed: &Deed, owners: &Owners<'_>) -> (Record, Deed) {
    owned(item, deed, &owners.owning(item))
}

/// The same where who answers for it is known already.
pub fn owned(item: &Record, deed: &Deed, owning: &Owning) -> (Record, Deed) {
    let mut item = item.clone();
    owning.fill(&mut item);
    let mut deed = deed.clone();
    deed.units = item.words("units").iter().map(|unit| (**unit).to_owned()).collect();
    if deed.person.is_empty() {
        item.text("person").clone_into(&mut deed.person);
    }
    (item, deed)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, ItemState};

    #[test]
    fn a_finding_of_an_episode_is_an_item_with_place_photos_owner_and_value() {
        let stamp =
            Stamp { actor: "值班员".into(), at: "2026-11-29T02:30:00Z".parse().unwrap() };
        let mut ids = Ids::new(stamp.at, 5);
        let mut world = World::default();
        let mut station = Record::new(ids.next(), Kind::ControlPoint, &stamp);
        station.set("name", Some(Value::text("实验小学站")));
        station.geometry = Some(Point::new(118.10, 39.83).into());
        let mut site = Record::new(ids.next(), Kind::Site, &stamp);
        for (key, text) in [("name", "甲工地"), ("department", "住建局"), ("person", "王工")]
        {
            site.set(key, Some(Value::text(text)));
        }
        SiteKind::Construction.put(&mut site);
        site.geometry = Some(Point::new(118.095, 39.834).into());
        let mut of = Record::new(ids.next(), Kind::Episode, &stamp);
        of.set("station", Some(Value::text(&station.id.to_string())));
        of.set("pollutant", Some(Value::text("PM10")));
        of.set("value", Some(Value::Real(212.0)));
        let begins = Hour::of_day(date(2026, 11, 29), 10).start();
        of.set("begins_at", Some(Value::text(&begins.to_string())));
        of.set_attachments(vec!["裸土.jpg".into()]);
        world.load(station.into());
        let site = Arc::new(site);
        world.load(Arc::clone(&site));
        let at = date(2026, 11, 29).at(10, 30, 0, 0);
        let number = (ids.next(), "丰-2026-0001");
        let found = "甲工地：裸土未苫盖";
        let item = item_of_finding(&world, (&of, found, Some(&site)), number, at, &stamp);
        assert_eq!(ItemState::of(&item), Some(ItemState::Registered));
        assert_eq!(ItemSource::of(&item), Some(ItemSource::Episode));
        assert_eq!(item.geometry, Some(Point::new(118.095, 39.834).into()));
        let texts = ["name", "address", "department", "person", "reading"].map(|it| item.text(it));
        let reading = "实验小学站 PM10 212 µg/m³ 11月29日 10时";
        assert_eq!(texts, [found, "甲工地", "住建局", "王工", reading]);
        assert_eq!(item.words("types")[..], [Arc::from(ItemType::SiteDust.key())]);
        assert_eq!(item.words("photos_before")[..], [Arc::from("裸土.jpg")]);
        let linked: Vec<RecordId> = item.linked("records").collect();
        assert_eq!(linked[..2], [of.id, site.id]);
        let bare = item_of_finding(&world, (&of, "道路积尘", None), number, at, &stamp);
        assert_eq!(bare.text("address"), "实验小学站周边", "nobody knows more");
    }
}
