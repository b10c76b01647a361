//! Drawing an order click by click: waypoints, what is taken back and done again, drafts.

use std::sync::mpsc::channel;

use proptest::prelude::*;

use super::*;
use crate::domain::World;
use crate::geodesy::ring::destination;
use crate::network::compare::prepare_roads;
use crate::settings::Settings;
use crate::ui::action::Actions;

const MIDDLE: Coord<f64> = Coord { x: 118.16, y: 39.83 };

fn model() -> Model {
    Model::new(std::path::PathBuf::new(), Settings::default(), Some("甲".to_owned()))
}

fn actions() -> Actions {
    Actions::new(channel().0, egui::Context::default())
}

/// A street from west to east through the middle.
fn with_street(model: &mut Model) {
    let stamp = model.stamp();
    let mut road = Record::new(crate::settings::clock::ids(&stamp).next(), Kind::Road, &stamp);
    let ends = [place(-2000.0, 0.0), place(2000.0, 0.0)];
    road.geometry = Some(geo_types::LineString(ends.to_vec()).into());
    let world: World = [road].into_iter().collect();
    let network = prepare_roads(&world, &|_, _| true).map(Arc::new);
    *model.planner.prepared.get_mut() = Some(network);
}

fn place(east_m: f64, north_m: f64) -> Coord<f64> {
    destination(destination(MIDDLE, 90.0, east_m), 0.0, north_m)
}

fn spot(east_m: f64, north_m: f64) -> Spot {
    let at = place(east_m, north_m);
    Spot { at, under: at, snap: None, is_free: false, takes_all: false, metres_per_point: 2.0 }
}

fn click(tool: &mut Order, ctx: &Ctx<'_>, east_m: f64, north_m: f64) -> Vec<Action> {
    let spot = tool.snap(spot(east_m, north_m), ctx);
    tool.on(Input::Move(spot), ctx);
    tool.on(Input::Click(spot), ctx)
}

fn flags(tool: &Order) -> Vec<bool> {
    tool.now.waypoints.iter().map(|waypoint| waypoint.is_snapped).collect()
}

#[test]
fn a_click_near_the_road_is_on_it_and_a_click_on_a_waypoint_lets_it_go_and_takes_it_back() {
    let (mut model, actions) = (model(), actions());
    with_street(&mut model);
    let ctx = Ctx { model: &model, actions: &actions };
    let mut tool = Order::new(Form::Line, OrderKind::NoEntry);
    click(&mut tool, &ctx, -500.0, 15.0);
    click(&mut tool, &ctx, 500.0, 400.0);
    assert_eq!(flags(&tool), [true, false], "nothing is near the second");
    assert!(distance_m(tool.now.waypoints[0].at, place(-500.0, 0.0)) < 0.5);
    click(&mut tool, &ctx, -500.0, 0.0);
    assert_eq!(flags(&tool), [false, false]);
    click(&mut tool, &ctx, -500.0, 0.0);
    assert_eq!(flags(&tool), [true, false]);
    let said = click(&mut tool, &ctx, 500.0, 400.0);
    assert!(matches!(said.as_slice(), [Action::Say(_)]), "there is no road to snap to");
    tool.on(Input::Secondary(spot(500.0, 400.0)), &ctx);
    assert_eq!(flags(&tool), [true]);
}

#[test]
fn what_is_drawn_along_a_road_is_bound_to_it_and_says_whether_one_carriageway_is_meant() {
    let (mut model, actions) = (model(), actions());
    with_street(&mut model);
    let ctx = Ctx { model: &model, actions: &actions };
    let mut tool = Order::new(Form::Line, OrderKind::NoEntry);
    click(&mut tool, &ctx, -500.0, 5.0);
    click(&mut tool, &ctx, 500.0, 5.0);
    tool.refresh(&ctx);
    let made = |tool: &Order| tool.made(tool.shape().unwrap(), &ctx);
    let stretches = BoundStretch::of(&made(&tool));
    assert_eq!(stretches.len(), 1);
    assert!(distance_m(stretches[0].places[1], place(0.0, 0.0)) < 1.0);
    assert!(!Carriageways::One.is_of(&made(&tool)), "both by default");
    let last = tool.switches().len() - 1;
    assert_eq!(tool.switches()[last].words.zh, "只封本幅");
    tool.switch(last);
    assert!(Carriageways::One.is_of(&made(&tool)));
    // A free place on the way binds it to nothing.
    click(&mut tool, &ctx, 500.0, 400.0);
    tool.refresh(&ctx);
    assert_eq!(BoundStretch::of(&made(&tool)), []);
}

#[test]
fn one_waypoint_is_no_order_yet() {
    let (model, actions) = (model(), actions());
    let ctx = Ctx { model: &model, actions: &actions };
    let mut tool = Order::new(Form::Line, OrderKind::NoEntry);
    click(&mut tool, &ctx, 0.0, 0.0);
    let said = tool.on(Input::Finish, &ctx);
    assert!(matches!(said.as_slice(), [Action::Say(_)]));
}

#[test]
fn a_draft_of_another_tool_is_none_of_an_order() {
    for json in [serde_json::json!(null), serde_json::json!({ "tool": "order", "form": "line" })] {
        assert!(Order::from_json(&json).is_none());
    }
}

/// What a hand may do, in metres around the middle.
#[derive(Clone, Debug)]
enum Deed {
    Click(f64, f64),
    Drag(f64, f64, f64, f64),
    Delete(f64, f64),
    Switch(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let metres = || (-10..10).prop_map(|k| f64::from(k) * 30.0);
    prop_oneof![
        (metres(), metres()).prop_map(|(x, y)| Deed::Click(x, y)),
        (metres(), metres(), metres(), metres()).prop_map(|(a, b, c, d)| Deed::Drag(a, b, c, d)),
        (metres(), metres()).prop_map(|(x, y)| Deed::Delete(x, y)),
        prop_oneof![Just(0_usize), Just(1), Just(3)].prop_map(Deed::Switch),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_taken_back_and_done_again_is_as_it_was_and_a_draft_comes_back(
        deeds in prop::collection::vec(deed(), 1..20), has_roads in any::<bool>(),
    ) {
        let (mut model, actions) = (model(), actions());
        if has_roads {
            with_street(&mut model);
        }
        let ctx = Ctx { model: &model, actions: &actions };
        let mut tool = Order::new(Form::Line, OrderKind::Limited);
        for deed in deeds {
            match deed {
                Deed::Click(x, y) => drop(click(&mut tool, &ctx, x, y)),
                Deed::Drag(a, b, c, d) => {
                    for input in [Input::Press(spot(a, b)), Input::Drag(spot(c, d)), Input::Release(spot(c, d))] {
                        tool.on(input, &ctx);
                    }
                }
                Deed::Delete(x, y) if tool.near(spot(x, y)).is_some() => {
                    drop(tool.on(Input::Secondary(spot(x, y)), &ctx));
                }
                Deed::Delete(..) => {}
                Deed::Switch(number) => {
                    tool.switch(number);
                    // As every frame does.
                    tool.live(&ctx);
                }
            }
        }
        let (now, steps) = (tool.now.clone(), tool.past.len());
        let shape = tool.shape();
        for _ in 0..steps {
            tool.on(Input::Back, &ctx);
        }
        prop_assert!(tool.now.waypoints.is_empty());
        for _ in 0..steps {
            tool.on(Input::Forward, &ctx);
        }
        prop_assert_eq!(&tool.now, &now);
        prop_assert_eq!(tool.shape(), shape);
        let text = tool.to_json().to_string();
        let again = Order::from_json(&serde_json::from_str(&text).unwrap()).unwrap();
        prop_assert_eq!(&again.now, &now);
        prop_assert_eq!((again.form, again.kind), (tool.form, tool.kind));
        prop_assert_eq!(again.is_one_side, tool.is_one_side);
    }
}

/// Crossings of long straight roads, whose pieces end some centimetres beside each other.
#[test]
fn an_area_from_crossing_to_crossing_is_one_that_can_be_kept() {
    let stamp = crate::settings::clock::stamp(Some("甲"));
    let mut ids = crate::settings::clock::ids(&stamp);
    let world: World = crate::sample::records(&stamp, &mut ids).into_iter().collect();
    let prepared = prepare_roads(&world, &|_, _| true).unwrap();
    let corners = [
        (118.135_066_800_626_55, 39.819_704_368_463_85),
        (118.134_897_637_125_36, 39.828_162_303_271_03),
        (118.158_899_064_318_39, 39.826_228_713_450_2),
        (118.159_047_817_408_62, 39.819_203_309_325_26),
    ];
    let waypoints = corners.map(|(x, y)| Waypoint::snapped(Coord { x, y }));
    let mut path = Path::default();
    path.update(&waypoints, None, (true, RoadUse::Any), Some(&Arc::new(prepared)));
    let shape = path.shape(Form::Area).unwrap();
    assert!(figures::shape_problem(&shape).is_none(), "{shape:?}");
}
