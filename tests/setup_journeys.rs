//! From nothing to a district of one's own: its name, and what it still lacks.

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::domain::{AreaRole, Kind};
use shapan::ui::{Action, App, Command};

use crate::journeys::{act, click, press, settle, start};
use crate::support::folder;

fn choose(window: &mut Harness<'_, App>, from: &str, name: &str) {
    window.get_by_role_and_label(egui::Role::ComboBox, from).click();
    settle(window);
    window.get_by_label(name).click();
    settle(window);
}

/// On the card, and where the map is still empty as a button too.
fn has_list(window: &Harness<'_, App>) -> bool {
    window.query_all_by_label("建区清单").next().is_some()
}

fn press_button(window: &mut Harness<'_, App>, words: &str) {
    window.get_by_label(words).click();
    settle(window);
}

#[test]
fn a_district_begins_with_its_name_and_townships_and_says_what_it_lacks_until_that_is_there() {
    let home = folder();
    let mut window = start(home.path());
    assert!(!has_list(&window), "the sample lacks nothing");
    let out = home.path().join("out");
    std::fs::create_dir(&out).unwrap();
    window.state_mut().save_without_asking(&out);

    press(&mut window, Modifiers::COMMAND, Key::N);
    choose(&mut window, "省", "河北省");
    choose(&mut window, "市", "唐山市");
    choose(&mut window, "区县", "丰润区");
    window.get_by_label_contains("23 个乡镇街道");
    press_button(&mut window, "选择位置并新建…");
    let model = window.state().model();
    let district = model.district.as_ref().unwrap();
    assert_eq!(district.path, out.join("丰润区.gpkg"));
    assert!(district.steps.done.is_empty(), "what it begins with is no step to undo");
    let world = model.world();
    let of =
        |role: AreaRole| world.table(Kind::Area).iter().filter(move |it| role.is_of(it)).count();
    assert_eq!((of(AreaRole::District), of(AreaRole::Township)), (1, 23));
    assert!(has_list(&window));
    window.get_by_label("1/5");

    // The outline is drawn for the district that is on record.
    let before = world.table(Kind::Area).len();
    window.get_all_by_label("在图上画").next().unwrap().click();
    settle(&mut window);
    let map = window.ctx.content_rect().center();
    for (x, y) in [(-180.0, -60.0), (60.0, -60.0), (60.0, 120.0)] {
        click(&mut window, map + egui::vec2(x, y));
    }
    press(&mut window, Modifiers::NONE, Key::Enter);
    let world = window.state().model().world();
    let mut areas = world.table(Kind::Area).iter();
    assert_eq!(world.table(Kind::Area).len(), before);
    let district = areas.find(|area| AreaRole::District.is_of(area)).unwrap();
    assert!(district.geometry.is_some() && district.code() == Some("130208"));

    // The rest is skipped, one by one, which lasts; and can be taken up again.
    act(&mut window, Action::Select(Vec::new()));
    window.get_by_label("2/5");
    for step in ["道路", "污染源与点位", "控制点"] {
        press_button(&mut window, &format!("跳过: {step}"));
    }
    assert!(!has_list(&window));
    let settings = window.state().model().settings.clone();
    let path = out.join("丰润区.gpkg").display().to_string();
    assert_eq!(settings.districts[&path].skipped, ["roads", "sites", "control_points"]);
    act(&mut window, Action::Command(Command::Setup));
    press_button(&mut window, "不再跳过: 道路");
    press_button(&mut window, "以后再做");
    assert!(has_list(&window));
}

#[test]
fn townships_that_were_left_out_are_entered_later_as_one_step() {
    let home = folder();
    let mut window = start(home.path());
    let out = home.path().join("out");
    std::fs::create_dir(&out).unwrap();
    window.state_mut().save_without_asking(&out);
    press(&mut window, Modifiers::COMMAND, Key::N);
    choose(&mut window, "省", "河北省");
    choose(&mut window, "市", "唐山市");
    choose(&mut window, "区县", "丰润区");
    window.get_by_label_contains("23 个乡镇街道").click();
    settle(&mut window);
    press_button(&mut window, "选择位置并新建…");
    let count = |window: &Harness<'_, App>| window.state().model().world().table(Kind::Area).len();
    assert_eq!(count(&window), 1);
    press_button(&mut window, "按名录建立 23 个");
    assert_eq!(count(&window), 24);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window), 1);
}

#[test]
fn townships_without_an_outline_are_sketched_from_points_count_for_nothing_and_go_by_one_undo() {
    let home = folder();
    let mut window = start(home.path());
    let figures = |window: &Harness<'_, App>| {
        let townships = &window.state().model().meeting.overview.townships;
        townships.iter().map(|it| (it.name.clone(), it.contents.sites)).collect::<Vec<_>>()
    };
    let sketches = |window: &Harness<'_, App>| {
        let world = window.state().model().world();
        let areas = world.table(Kind::Area).iter();
        let sketches = areas.filter(|area| AreaRole::TownshipSketch.is_of(area));
        sketches.map(|area| area.name().to_owned()).collect::<Vec<_>>()
    };
    let before = figures(&window);
    act(&mut window, Action::Command(Command::Setup));
    press_button(&mut window, "按点位画示意范围");
    let drawn = sketches(&window);
    assert!(drawn.len() >= 2, "{drawn:?}");
    assert!(drawn.iter().all(|name| name.ends_with("（示意）")), "{drawn:?}");
    assert_eq!(figures(&window), before);
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(sketches(&window).is_empty());
}
