//! Tags as mappers write them, each with what a truck may do then.

use super::*;
use crate::domain::truck_rules::values::{length_m, mass_t};

/// 31 t on four axles, 4 m high.
const HEAVY: Measures = Measures {
    mass_t: 31.0,
    rating_t: 31.0,
    axle_load_t: 10.0,
    height_m: 4.0,
    width_m: 2.55,
    length_m: 12.0,
    axles: 4.0,
};
const VAN: Measures = Measures {
    mass_t: 1.8,
    rating_t: 1.8,
    axle_load_t: 1.0,
    height_m: 2.0,
    width_m: 1.6,
    length_m: 3.5,
    axles: 2.0,
};

fn rules(text: &str) -> TruckRules {
    let tags: Vec<(String, String)> = text
        .split(BETWEEN)
        .filter_map(|rule| rule.split_once('='))
        .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
        .collect();
    TruckRules::read(&tags)
}

/// Along the road and against it, at an hour that `07:00-19:00` holds.
fn told(text: &str, truck: &Measures) -> [Access; 2] {
    let rules = rules(text);
    assert_eq!(rules.unread, Vec::<String>::new(), "{text}");
    [false, true].map(|back| rules.access(truck, back, &|hours| hours == "07:00-19:00"))
}

use Access::{Closed, Destination, Open};

#[test]
fn who_may_drive_is_told_by_the_key_that_names_trucks_first() {
    for (text, heavy, van) in [
        ("hgv=no", Closed, Open),
        ("goods=no", Closed, Closed),
        ("goods=designated | motor_vehicle=no", Closed, Open),
        ("access=no", Closed, Closed),
        ("access=private", Closed, Closed),
        ("motor_vehicle=no", Closed, Closed),
        ("vehicle=no", Closed, Closed),
        ("hgv=destination", Destination, Open),
        ("hgv=delivery", Destination, Open),
        ("access=no | hgv=designated", Open, Closed),
        ("access=bus | motor_vehicle=yes", Open, Open),
        ("hgv=no | access=yes", Closed, Open),
        ("foot=no", Open, Open),
    ] {
        let rules = rules(text);
        let now = |truck| rules.access(truck, false, &|_| true);
        assert_eq!((now(&HEAVY), now(&VAN)), (heavy, van), "{text}");
    }
}

#[test]
fn a_direction_is_closed_alone() {
    assert_eq!(told("hgv:forward=no", &HEAVY), [Closed, Open]);
    assert_eq!(told("hgv:backward=no | access=destination", &HEAVY), [Destination, Closed]);
    assert_eq!(told("maxheight:backward=3.5", &HEAVY), [Open, Closed]);
}

#[test]
fn limits_are_those_of_what_is_measured() {
    for (text, is_closed) in [
        ("maxweight=10", true),
        ("maxweight=31", false),
        ("maxweight=10 | maxweight:hgv=40", false),
        ("maxweightrating=12吨", true),
        ("maxaxleload=10 T", false),
        ("maxaxleload=9,5", true),
        ("maxheight=2.2 m", true),
        ("maxheight=none", false),
        ("maxheight=4.2 | maxheight:physical=3.9", true),
        ("maxwidth=2.3米", true),
        ("maxlength=1200 cm", false),
        ("maxaxles=3轴", true),
    ] {
        let now = rules(text).access(&HEAVY, false, &|_| true);
        assert_eq!(now, if is_closed { Closed } else { Open }, "{text}");
    }
}

#[test]
fn a_condition_holds_at_its_hours_and_for_its_trucks() {
    let at_day = |text: &str| told(text, &HEAVY)[0];
    assert_eq!(at_day("hgv:conditional=no @ (07:00-19:00)"), Closed);
    assert_eq!(at_day("hgv:conditional=no @ (22:00-06:00)"), Open);
    assert_eq!(at_day("hgv=no | hgv:conditional=yes @ (07:00-19:00)"), Open);
    assert_eq!(at_day("access=no | hgv:conditional=destination @ (07:00-19:00)"), Destination);
    assert_eq!(at_day("hgv:conditional=no @ (07:00-19:00 AND weight>35)"), Open);
    assert_eq!(at_day("hgv:conditional=no @ weight>=31"), Closed);
    assert_eq!(at_day("maxweight=40 | maxweight:conditional=10 @ (07:00-19:00)"), Closed);
    assert_eq!(at_day("maxweight=10 | maxweight:conditional=none @ (07:00-19:00)"), Open);
    // Of conditions the last that holds.
    assert_eq!(at_day("hgv:conditional=no @ (weight>3); yes @ (07:00-19:00)"), Open);
    assert_eq!(rules("hgv:conditional=no @ (07:00-19:00; weight)").unread.len(), 1);
}

#[test]
fn what_is_not_understood_is_told_and_keeps_nobody_off() {
    for text in [
        "hgv=perhaps",
        "maxweight=ca. 10",
        "maxweight=1,200",
        "maxheight=0",
        "hgv:conditional=no @ (wet)",
        "hgv:conditional=no",
        "maxheight@here=2",
    ] {
        let rules = rules(text);
        assert_eq!(rules.unread, [text], "{text}");
        assert_eq!(rules.access(&HEAVY, false, &|_| true), Open, "{text}");
    }
}

#[test]
fn what_stands_at_a_place_is_kept_apart() {
    let rules = rules("maxheight@118.16 39.83=2.2 | barrier@118.17 39.83=bollard | hgv=yes");
    assert_eq!(rules.access(&HEAVY, false, &|_| true), Open);
    let placed: Vec<_> = rules
        .placed
        .iter()
        .map(|(at, rules)| (at.x, rules.access(&HEAVY, true, &|_| true)))
        .collect();
    assert_eq!(placed, [(118.16, Closed), (118.17, Closed)]);
    let gate = TruckRules::read(&[("barrier".to_owned(), "lift_gate".to_owned())]);
    assert!(gate.is_idle());
}

#[test]
fn masses_and_lengths_are_read_as_people_write_them() {
    for text in ["10吨", "10 T", "10,0", "10 t", "１０吨", "10000 kg", "10"] {
        assert_eq!(mass_t(text), Some(10.0), "{text}");
    }
    assert_eq!((mass_t("12,5"), mass_t("3.5 t")), (Some(12.5), Some(3.5)));
    assert_eq!((length_m("2.2 m"), length_m("2,2米")), (Some(2.2), Some(2.2)));
}
