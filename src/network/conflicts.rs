//! Conflicts between orders: whether two ever hold for the same truck at the same time. Only then do
//! they overlap or contradict each other; whether they share a road is [`super::lint`]'s.

use jiff::civil::{Date, DateTime, Time};

use super::orders::TrafficOrder;
use super::truck::{NEW_ENERGY, Scope, Truck, canonical_tag};
use crate::domain::{Fuel, PlateColour, TruckClass};

/// Whether two orders hold for one truck at one moment, on the given day or later.
pub fn may_conflict(one: &TrafficOrder, other: &TrafficOrder, today: Date) -> bool {
    overlap_in_scope(&one.scope, &other.scope) && overlap_in_time(one, other, today)
}

/// Whether there is a moment at which both hold, on the given day or later.
pub fn overlap_in_time(one: &TrafficOrder, other: &TrafficOrder, today: Date) -> bool {
    let from = [one.days.from, other.days.from].into_iter().flatten().fold(today, Date::max);
    let to = [one.days.to, other.days.to].into_iter().flatten().min();
    if to.is_some_and(|to| to < from) {
        return false;
    }
    let midnight = |day: Date| day.to_datetime(Time::midnight());
    let end = to.and_then(|to| to.tomorrow().ok()).map_or(DateTime::MAX, midnight);
    one.hours.meet(&other.hours, midnight(from), end)
}

/// Whether some truck is meant by both.
pub fn overlap_in_scope(one: &Scope, other: &Scope) -> bool {
    let axles = one.min_axles.max(other.min_axles);
    // Who has more axles may weigh more; conditions only say how much at least.
    let axles = u8::try_from(axles.clamp(6, i64::from(u8::MAX))).unwrap_or(u8::MAX);
    let is_one = |truck: &Truck| one.covers(truck) && other.covers(truck);
    let tags = tags(one, other);
    TruckClass::ALL.into_iter().any(|class| {
        (0..=6).any(|stage| {
            let usual = Truck::of(class, axles, stage);
            kinds().any(|(fuel, plate)| {
                tags.iter().any(|tags| {
                    let is_new_energy = tags.iter().any(|tag| canonical_tag(tag) == NEW_ENERGY);
                    (!is_new_energy || fuel == Fuel::Electric)
                        && is_one(&usual.clone().with(tags.clone(), Some(fuel), Some(plate)))
                })
            })
        })
    })
}

/// Fuels and plates that go together: green plates are those of new-energy vehicles.
fn kinds() -> impl Iterator<Item = (Fuel, PlateColour)> {
    let pairs = Fuel::ALL.into_iter().flat_map(|fuel| PlateColour::ALL.map(|plate| (fuel, plate)));
    pairs.filter(|(fuel, plate)| *plate != PlateColour::Green || *fuel == Fuel::Electric)
}

/// The fewest tags that a truck needs to be meant by both: one of each that asks for any.
fn tags(one: &Scope, other: &Scope) -> Vec<Vec<String>> {
    let any = |tags: &[String]| -> Vec<Vec<String>> {
        let each = tags.iter().map(|tag| vec![tag.clone()]);
        if tags.is_empty() { vec![Vec::new()] } else { each.collect() }
    };
    let pairs = any(&one.tags)
        .into_iter()
        .flat_map(|own| any(&other.tags).into_iter().map(move |more| [own.clone(), more].concat()));
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Kind, Record};
    use crate::network::orders::{EdgeIndex, Finder};
    use crate::network::testing::{Town, line};

    fn order(fields: &[(&str, &str)]) -> TrafficOrder {
        let mut town = Town::new();
        town.order("no_entry", line(&[(0.0, 0.0), (10.0, 0.0)]), fields);
        let network = town.network();
        let index = EdgeIndex::of(&network);
        let record: &Record = &town.records[0];
        assert_eq!(record.kind, Kind::Restriction);
        TrafficOrder::of(record, &Finder::new(&network, &index))
    }

    fn meet(one: &[(&str, &str)], other: &[(&str, &str)]) -> bool {
        let (one, other) = (order(one), order(other));
        let today = jiff::civil::date(2026, 11, 23);
        let answer = may_conflict(&one, &other, today);
        assert_eq!(may_conflict(&other, &one, today), answer, "the same both ways");
        answer
    }

    #[test]
    fn orders_for_other_trucks_never_meet() {
        for (key, one, other, both) in [
            ("classes", "heavy", "light", "medium;heavy"),
            ("stages", "国三;国四", "国五", "国四;国五"),
            ("fuels", "diesel", "gas", "gas;diesel"),
            ("plates", "yellow", "blue", "blue;yellow"),
        ] {
            assert!(!meet(&[(key, one)], &[(key, other)]), "{key}");
            assert!(meet(&[(key, one)], &[(key, both)]), "{key}");
            assert!(meet(&[(key, one)], &[]), "{key}");
        }
    }

    #[test]
    fn a_mass_that_no_truck_of_the_class_has_is_another_truck() {
        assert!(!meet(&[("classes", "light")], &[("min_mass_t", "12")]));
        assert!(meet(&[("classes", "heavy")], &[("min_mass_t", "45")]));
        assert!(meet(&[("min_axles", "4")], &[("min_mass_t", "45")]));
    }

    #[test]
    fn who_is_exempt_from_one_is_not_meant_by_both() {
        assert!(!meet(&[("tags", "渣土车")], &[("exemptions", "渣土车")]));
        assert!(!meet(&[("fuels", "electric")], &[("exemptions", "新能源汽车")]));
        assert!(!meet(&[("plates", "green")], &[("fuels", "diesel")]));
        assert!(!meet(&[("tags", "新能源")], &[("fuels", "diesel")]));
        // A slag truck may be another one's dangerous goods truck too.
        assert!(meet(&[("tags", "渣土车")], &[("tags", "危化品车")]));
        assert!(meet(&[("tags", "渣土车")], &[("exemptions", "新能源")]));
    }

    #[test]
    fn orders_of_other_days_never_meet() {
        let until = |day: &'static str| [("valid_to", day)];
        let since = |day: &'static str| [("valid_from", day)];
        assert!(!meet(&until("2026-12-14"), &since("2026-12-15")));
        assert!(meet(&until("2026-12-15"), &since("2026-12-15")));
        assert!(!meet(&until("2026-11-22"), &[]), "over already");
    }

    #[test]
    fn orders_of_other_hours_never_meet() {
        for (one, other, expected) in [
            ("07:00-19:00", "19:00-07:00", false),
            ("07:00-19:00", "18:30-20:00", true),
            ("Mo-Fr 07:00-19:00", "Sa-Su 07:00-19:00", false),
            // The night of Friday ends on Saturday.
            ("Fr 22:00-06:00", "Sa 05:00-08:00", true),
            ("Nov 15-Mar 15 07:00-19:00", "Apr 1-Sep 30 07:00-19:00", false),
            ("Nov 15-Mar 15 07:00-19:00", "Mar 1-Sep 30 12:00-14:00", true),
            ("off", "", false),
            ("早晚高峰", "07:00-09:00", true),
        ] {
            assert_eq!(meet(&[("hours", one)], &[("hours", other)]), expected, "{one} {other}");
        }
    }

    #[test]
    fn hours_that_meet_only_on_days_that_do_not_hold_never_meet() {
        let weekdays = [("hours", "Mo-Fr 07:00-19:00"), ("valid_from", "2026-11-28")];
        // A Saturday and a Sunday.
        assert!(!meet(&weekdays, &[("valid_to", "2026-11-29")]));
        assert!(meet(&weekdays, &[("valid_to", "2026-11-30")]));
    }
}
