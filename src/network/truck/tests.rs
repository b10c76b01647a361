//! Whom the scope of an order covers, and whom its exemptions let through.

use super::*;

fn tagged(tag: &str) -> Truck {
    Truck::of(TruckClass::Heavy, 5, 4).with(vec![tag.to_owned()], None, None)
}

#[test]
fn an_order_means_the_trucks_that_meet_all_it_states() {
    let scope = Scope {
        classes: vec![TruckClass::Heavy, TruckClass::Medium],
        min_axles: 3,
        stages: vec![3, 4],
        exemptions: vec!["民生".to_owned()],
        ..Scope::default()
    };
    let old = Truck::of(TruckClass::Heavy, 5, 4);
    assert!(scope.covers(&old));
    assert!(!scope.covers(&Truck { stage: 6, ..old.clone() }));
    assert!(!scope.covers(&Truck { axles: 2, ..old.clone() }));
    assert!(!scope.covers(&Truck { class: TruckClass::Light, ..old.clone() }));
    assert!(!scope.covers(&Truck { tags: vec!["民生".to_owned()], ..old }));
    assert!(Scope::default().covers(&Truck::of(TruckClass::Micro, 0, 6)));
}

#[test]
fn an_order_for_yellow_plates_or_diesel_leaves_the_others_alone() {
    let heavy = Truck::of(TruckClass::Heavy, 0, 5);
    let light = Truck::of(TruckClass::Light, 0, 5);
    let yellow = Scope { plates: vec![PlateColour::Yellow], ..Scope::default() };
    assert!(yellow.covers(&heavy) && !yellow.covers(&light));
    let gas = heavy.clone().with(Vec::new(), Some(Fuel::Gas), None);
    let diesel = Scope { fuels: vec![Fuel::Diesel], ..Scope::default() };
    assert!(diesel.covers(&heavy) && diesel.covers(&light) && !diesel.covers(&gas));
    assert_eq!(gas.plate, PlateColour::Yellow);
}

#[test]
fn an_order_for_dump_trucks_means_no_other() {
    let scope =
        Scope { tags: vec!["渣土车".to_owned(), "商砼车".to_owned()], ..Scope::default() };
    assert!(scope.covers(&tagged("渣土车")) && scope.covers(&tagged("商砼车")));
    assert!(
        !scope.covers(&tagged("危化品车")) && !scope.covers(&Truck::of(TruckClass::Heavy, 0, 5))
    );
}

#[test]
fn an_electric_truck_needs_no_tag_to_be_of_new_energy() {
    let scope = Scope { exemptions: vec!["新能源货车".to_owned()], ..Scope::default() };
    let heavy = Truck::of(TruckClass::Heavy, 0, 5);
    assert!(scope.covers(&heavy));
    for electric in [
        heavy.clone().with(Vec::new(), Some(Fuel::Electric), None),
        heavy.clone().with(Vec::new(), None, Some(PlateColour::Green)),
        tagged("新能源"),
    ] {
        assert!(!scope.covers(&electric));
        assert_eq!((electric.fuel, electric.plate), (Fuel::Electric, PlateColour::Green));
    }
}

#[test]
fn vehicles_are_exempt_by_whichever_of_their_words() {
    let of = |words: &[&str]| Scope {
        exemptions: words.iter().map(|word| (*word).to_owned()).collect(),
        ..Scope::default()
    };
    let sample = of(&["警车", "消防车", "工程救险车", "绿色通道运输车", "邮政车"]);
    assert!(sample.exempts("应急") && sample.exempts("绿色通道") && !sample.exempts("民生"));
    assert!(!sample.covers(&tagged("救护车")) && !sample.covers(&tagged("鲜活农产品")));
    assert!(!sample.covers(&tagged("邮政车")) && sample.covers(&tagged("渣土车")));
    assert!(!of(&["应急"]).covers(&tagged("消防车")));
    assert!(!of(&["鲜活农产品"]).exempts("应急"));
}
