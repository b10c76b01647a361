//! The map on paper and on the clipboard, and what exports say of the filter.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::analysis::Filter;
use shapan::domain::EditKind;
use shapan::ui::{Action, App, Command};

use crate::journeys::{act, press, settle, start};
use crate::support::folder;

const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

fn click(window: &mut Harness<'_, App>, words: &str) {
    window.get_by_label(words).click();
    settle(window);
}

fn drag(window: &mut Harness<'_, App>, from: Pos2, to: Pos2) {
    let mut button = |at, pressed| {
        window.event(Event::PointerMoved(at));
        window.step();
        let modifiers = Modifiers::NONE;
        let button = PointerButton::Primary;
        window.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        window.step();
    };
    button(from, true);
    button(from.lerp(to, 0.5), true);
    button(to, false);
    settle(window);
}

#[test]
fn the_map_is_copied_as_a_picture_by_key() {
    let home = folder();
    let mut window = start(home.path());
    window.key_press_modifiers(CTRL_SHIFT, Key::C);
    let mut copied = None;
    let began = std::time::Instant::now();
    while copied.is_none() && began.elapsed().as_secs() < 30 {
        window.step();
        copied =
            window.output().platform_output.commands.iter().find_map(|command| match command {
                egui::OutputCommand::CopyImage(image) => Some(image.size),
                _ => None,
            });
        std::thread::sleep(std::time::Duration::from_millis(3));
    }
    assert_eq!(copied, Some([1920, 1080]));
    settle(&mut window);
    window.get_by_label_contains("地图图片已复制");
}

#[test]
fn an_extent_drawn_on_the_map_goes_on_paper_at_a_round_scale_and_to_the_printer() {
    let home = folder();
    let mut window = start(home.path());
    let out = home.path().join("out");
    std::fs::create_dir(&out).unwrap();
    window.state_mut().save_without_asking(&out);
    act(&mut window, Action::Command(Command::Print));
    click(&mut window, "在图上画范围");
    assert!(window.query_by_label("PDF…").is_none(), "the map is free to be drawn on");
    let (from, to) = (pos2(500.0, 300.0), pos2(700.0, 420.0));
    let view = window.state().model().camera.view;
    drag(&mut window, from, to);
    window.get_by_label("按屏幕");
    assert_eq!(window.state().model().camera.view, view, "drawing moves no map");

    click(&mut window, "A1");
    window.get_by_role_and_label(egui::Role::ComboBox, "比例尺").click();
    settle(&mut window);
    click(&mut window, "1:50000");
    click(&mut window, "SVG…");
    let svg = std::fs::read_dir(&out).unwrap().next().unwrap().unwrap().path();
    let svg = std::fs::read_to_string(svg).unwrap();
    assert!(svg.contains("1:50,000"), "the paper says its scale");

    click(&mut window, "打印…");
    let printed = std::fs::read_dir(home.path().join("print")).unwrap().next().unwrap().unwrap();
    assert!(std::fs::read(printed.path()).unwrap().starts_with(b"%PDF"));
    let district = window.state().model().district.as_ref().unwrap();
    let papers = district.entries.iter().filter(|entry| entry.kind == EditKind::Paper).count();
    assert_eq!(papers, 2, "both went out of the district");
}

#[test]
fn every_export_says_what_was_filtered() {
    let home = folder();
    let mut window = start(home.path());
    let out = home.path().join("out");
    std::fs::create_dir(&out).unwrap();
    window.state_mut().save_without_asking(&out);
    act(&mut window, Action::Filter(Filter { is_failing: true, ..Filter::default() }));
    let read = |ending: &str| {
        let files = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
        let mut files = files.filter(|path| path.to_string_lossy().ends_with(ending));
        files.next().map(|path| std::fs::read(path).unwrap()).unwrap_or_default()
    };
    for (choice, ending) in [
        ("CSV 表格", "_筛选.txt"),
        ("GeoJSON", ".geojson"),
        ("KML（", ".kml"),
        ("GeoPackage", ".gpkg"),
    ] {
        press(&mut window, Modifiers::COMMAND, Key::E);
        let label = window.query_all_by_label_contains(choice).next().unwrap();
        label.click();
        settle(&mut window);
        click(&mut window, "选择位置并导出…");
        let file = read(ending);
        let has_words = file.windows("不达标".len()).any(|part| part == "不达标".as_bytes());
        assert!(has_words, "{choice}: {} bytes", file.len());
    }
}

#[test]
fn the_sample_begins_without_a_step_to_undo_and_an_edit_is_one() {
    let home = folder();
    let mut window = start(home.path());
    let done = |window: &Harness<'_, App>| {
        window.state().model().district.as_ref().unwrap().steps.done.clone()
    };
    assert!(done(&window).is_empty());
    let records = window.state().model().world().len();
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(window.state().model().world().len(), records, "nothing was taken back");
}
