//! What a district aims at, as its records say.

use jiff::civil::Date;

use crate::domain::{Kind, Record, RecordId, Stamp, Value, World};

/// What is aimed at in a stretch of days, as a record of [`Kind::Sprint`] keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptTarget {
    /// The record, its first and its last day.
    pub record: RecordId,
    pub name: String,
    pub days: (Date, Date),
    pub good_days: Option<u32>,
    /// Mean of PM2.5, µg/m³.
    pub pm25: Option<f64>,
}

/// Fields of the record.
const GOOD_DAYS: &str = "target_good_days";
const PM25: &str = "target_pm2_5";

impl KeptTarget {
    fn of(record: &Record) -> Option<Self> {
        let days = (record.date("begins_on")?, record.date("ends_on")?);
        let good_days = match record.get(GOOD_DAYS) {
            Some(Value::Integer(days)) => u32::try_from(*days).ok(),
            _ => None,
        };
        let pm25 = match record.get(PM25) {
            Some(Value::Real(mean)) => Some(*mean),
            _ => None,
        };
        let name = record.name().to_owned();
        (good_days.is_some() || pm25.is_some()).then_some(Self {
            record: record.id,
            name,
            days,
            good_days,
            pm25,
        })
    }

    /// What is aimed at on a day: of several the shortest stretch, of these the latest.
    pub fn on(world: &World, day: Date) -> Option<Self> {
        let all = world.table(Kind::Sprint).iter().filter_map(|record| Self::of(record));
        let length = |it: &Self| it.days.1.duration_since(it.days.0).as_hours();
        all.filter(|it| (it.days.0..=it.days.1).contains(&day))
            .min_by_key(|it| (length(it), std::cmp::Reverse(it.days.0), it.record))
    }
}

/// A record with these targets: the one that holds on that day, changed, else one of its month.
pub fn keep(
    world: &World,
    day: Date,
    (good_days, pm25): (u32, f64),
    (id, by): (RecordId, &Stamp),
) -> (Option<std::sync::Arc<Record>>, Record) {
    let known = KeptTarget::on(world, day).and_then(|it| world.get(it.record)).cloned();
    let mut record = if let Some(known) = &known {
        let mut record = Record::clone(known);
        record.meta.change(by);
        record
    } else {
        let mut record = Record::new(id, Kind::Sprint, by);
        let name = format!("{}年{}月空气目标", day.year(), day.month());
        record.set("name", Some(Value::text(&name)));
        record.set("begins_on", Some(Value::Date(day.first_of_month())));
        record.set("ends_on", Some(Value::Date(day.last_of_month())));
        record
    };
    record.set(GOOD_DAYS, Some(Value::Integer(i64::from(good_days))));
    record.set(PM25, Some(Value::Real(pm25)));
    (known, record)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;

    use super::*;
    use crate::domain::Ids;

    #[test]
    fn a_target_holds_on_the_days_of_its_record_and_the_shortest_goes_first() {
        let by = Stamp { actor: "甲".into(), at: "2026-11-03T00:00:00Z".parse().unwrap() };
        let mut ids = Ids::new(by.at, 7);
        let mut world = World::default();
        let day = date(2026, 11, 29);
        assert_eq!(KeptTarget::on(&world, day), None);
        let (known, month) = keep(&world, day, (22, 45.0), (ids.next(), &by));
        assert!(known.is_none());
        world.load(Arc::new(month));
        let mut sprint = Record::new(ids.next(), Kind::Sprint, &by);
        sprint.set("begins_on", Some(Value::Date(date(2026, 11, 20))));
        sprint.set("ends_on", Some(Value::Date(date(2026, 12, 17))));
        sprint.set(PM25, Some(Value::Real(60.0)));
        let mut aimless = sprint.clone();
        (aimless.id, aimless.fields) =
            (ids.next(), Record::new(ids.next(), Kind::Sprint, &by).fields);
        world.load(Arc::new(sprint));
        world.load(Arc::new(aimless));
        let found = KeptTarget::on(&world, day).unwrap();
        assert_eq!((found.good_days, found.pm25), (None, Some(60.0)));
        let found = KeptTarget::on(&world, date(2026, 11, 2)).unwrap();
        assert_eq!((found.good_days, found.pm25), (Some(22), Some(45.0)));
        assert_eq!(found.name, "2026年11月空气目标");
        let (known, changed) = keep(&world, date(2026, 11, 2), (23, 44.0), (ids.next(), &by));
        assert_eq!(known.map(|it| it.id), Some(changed.id));
        assert_eq!(KeptTarget::on(&world, date(2026, 12, 30)), None);
    }
}
