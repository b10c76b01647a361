//! Journeys on what the window says beside its figures, and on whether what it says stays true.

use std::sync::Arc;

use egui::Key;
use egui::Modifiers;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::domain::{Change, Edit, Kind, Record, SiteKind, Verdict};
use shapan::ui::{Action, App, Command, DataAction, FileAction};

use crate::journeys::{act, count, named, press, screen, settle, start};
use crate::support::{folder, names_in};

fn has(window: &Harness<'_, App>, label: &str) -> bool {
    window.query_all_by_label_contains(label).next().is_some()
}

/// The words of all messages, in Chinese.
fn told(window: &Harness<'_, App>) -> Vec<String> {
    window.state().model().toasts.iter().map(|toast| toast.words.zh.clone()).collect()
}

fn apply(window: &mut Harness<'_, App>, changes: Vec<Change>) {
    act(window, Action::Data(DataAction::Apply(Edit::of(changes))));
}

fn import(window: &mut Harness<'_, App>, name: &str) {
    act(window, Action::File(FileAction::Pasted(format!("名称\t类型\n{name}\t停车场\n"))));
    window.get_by_label("导入 1 条").click();
    settle(window);
    press(window, Modifiers::NONE, Key::Escape);
}

/// The same, until it is told of: messages go by themselves while the window comes to rest.
fn import_until_told(window: &mut Harness<'_, App>, name: &str) {
    act(window, Action::File(FileAction::Pasted(format!("名称\t类型\n{name}\t停车场\n"))));
    let before = count(window, Kind::Site);
    window.get_by_label("导入 1 条").click();
    let began = std::time::Instant::now();
    while count(window, Kind::Site) == before {
        window.step();
        assert!(began.elapsed().as_secs() < 60, "{name} does not come in");
        std::thread::sleep(std::time::Duration::from_millis(4));
    }
}

#[test]
fn shares_count_what_was_inspected_and_nobody_inspected_is_not_nobody_failing() {
    let home = folder();
    let mut window = start(home.path());
    window.get_by_label("工地不达标 6/11 · 未查 1");
    let stamp = window.state().model().stamp();
    let world = window.state().model().world();
    let sites = world.table(Kind::Site).iter().filter(|site| SiteKind::Construction.is_of(site));
    let cleared = sites.map(|site| {
        let mut blank = Record::clone(site);
        for field in site.kind.fields() {
            if site.get(field.key).is_some_and(|v| Verdict::ALL.iter().any(|it| it.value() == *v)) {
                blank.set(field.key, None);
            }
        }
        blank.meta.change(&stamp);
        Change::update(Arc::clone(site), blank)
    });
    let cleared: Vec<Change> = cleared.collect();
    apply(&mut window, cleared);
    assert!(has(&window, "工地不达标 — · 未查 12"));
    assert!(!has(&window, "工地不达标 0"));
}

#[test]
fn a_figure_frames_its_hits_and_opens_the_tab_that_has_the_rows_and_roads_stay() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::NONE, Key::Home);
    let before = window.state().model().camera.view;
    let roads = |window: &Harness<'_, App>| {
        window.state().model().shown.prepared.bounds_of("roads").is_some()
    };
    assert!(roads(&window));
    window.get_by_label("工地不达标 6/11 · 未查 1").click();
    settle(&mut window);
    let after = window.state().model().camera.view;
    assert!(after.zoom > before.zoom, "what was found fills the map: {before:?} {after:?}");
    assert!(roads(&window), "roads say where it lies");
    let rect = window.get_by_label("缩小").rect();
    for site in window.state().model().shown.failing.iter() {
        let Some(geo_types::Geometry::Point(at)) = &site.geometry else { continue };
        let at = screen(&window, at.0);
        assert!(at.x > 280.0 && at.y > 100.0 && at.x < rect.right() + 40.0, "{at:?} {rect:?}");
    }
    window.get_by_label("工地不达标 6/11 · 未查 1").click();
    settle(&mut window);
    let still = window.state().model().camera.view;
    window.get_by_label("未定位 28").click();
    settle(&mut window);
    assert_eq!(window.state().model().camera.view, still, "nothing of it has a place");
    assert!(!has(&window, "没有符合筛选的记录"), "the tab of the areas is open");
    assert!(has(&window, "浭阳街道"));
}

#[test]
fn what_fails_stands_in_the_table_at_the_head_of_the_card_and_in_the_list_to_choose_from() {
    let home = folder();
    let mut window = start(home.path());
    let world = window.state().model().world();
    let fails = |site: &&Arc<Record>| {
        site.text("wash") == "不合格"
            && site.geometry.is_some()
            && SiteKind::Construction.is_of(site)
    };
    let site = Arc::clone(world.table(Kind::Site).iter().find(fails).unwrap());
    act(&mut window, Action::Select(vec![site.id]));
    press(&mut window, Modifiers::NONE, Key::F10);
    assert!(has(&window, "不合格项"));

    // It is mended, and fails again: the second time.
    for verdict in [Verdict::Passed, Verdict::Failed] {
        let now = named(&window, Kind::Site, site.name());
        let mut newer = Record::clone(&now);
        newer.set("wash", Some(verdict.value()));
        for other in ["enclosure", "cover", "hardening", "wet_work", "closed_transport"] {
            newer.set(other, Some(Verdict::Passed.value()));
        }
        newer.meta.change(&window.state().model().stamp());
        apply(&mut window, vec![Change::update(now, newer)]);
    }
    assert!(has(&window, "车辆冲洗 不合格"));
    assert!(has(&window, "第2次"));
}

#[test]
fn an_old_message_never_takes_back_another_step() {
    let home = folder();
    let mut window = start(home.path());
    let before = count(&window, Kind::Site);
    import_until_told(&mut window, "甲停车场");
    import_until_told(&mut window, "乙停车场");
    assert_eq!(count(&window, Kind::Site), before + 2);
    let with_undo = |window: &Harness<'_, App>| {
        let toasts = window.state().model().toasts.iter();
        toasts.filter(|toast| !toast.ways.is_empty()).count()
    };
    assert_eq!(
        with_undo(&window),
        1,
        "only the last import can be taken back: {:?}",
        told(&window)
    );
    // Taken back by its key, it is not told of any more, and the first one is not offered again by
    // what was said of the second.
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(
        !told(&window).iter().any(|words| words.contains("已导入 1 条") && words.contains('乙'))
    );
    assert_eq!(count(&window, Kind::Site), before + 1);
    // The report of the import has the keyboard.
    press(&mut window, Modifiers::NONE, Key::Escape);
    // The record of another seat's hand is not touched by a deletion that is taken back.
    let site = named(&window, Kind::Site, "甲停车场");
    act(&mut window, Action::Select(vec![site.id]));
    press(&mut window, Modifiers::NONE, Key::Delete);
    assert_eq!(count(&window, Kind::Site), before);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Site), before + 1);
    assert!(!told(&window).iter().any(|words| words.contains("已删除")), "{:?}", told(&window));
}

#[test]
fn the_figures_at_the_foot_are_of_now() {
    let home = folder();
    let mut window = start(home.path());
    assert!(has(&window, "尚无备份"));
    import(&mut window, "甲停车场");
    assert!(!has(&window, "尚无备份"), "an import makes a dated copy first");
    assert!(window.state().model().last_backup.is_some());
}

#[test]
fn a_dialog_whose_file_could_not_be_written_stays_and_says_why() {
    let home = folder();
    let mut window = start(home.path());
    let gone = home.path().join("没有这个文件夹");
    window.state_mut().save_without_asking(&gone);
    act(&mut window, Action::Command(Command::Export));
    window.get_by_label("选择位置并导出…").click();
    settle(&mut window);
    assert!(has(&window, "选择位置并导出…"), "what was chosen is not lost");
    assert!(has(&window, "导出失败"));
    std::fs::create_dir(&gone).unwrap();
    window.get_by_label("选择位置并导出…").click();
    settle(&mut window);
    assert!(!has(&window, "选择位置并导出…"));
    assert_eq!(names_in(&gone).len(), 1);
    assert!(has(&window, "打开所在文件夹"), "{:?}", told(&window));
}

#[test]
fn the_table_is_ordered_by_pinyin() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::NONE, Key::F10);
    window.get_by_label("筛选 名称").click();
    settle(&mut window);
    window.get_by_label("升序").click();
    settle(&mut window);
    let mut names: Vec<String> = window
        .state()
        .model()
        .world()
        .table(Kind::Site)
        .iter()
        .map(|site| site.name().to_owned())
        .collect();
    names.sort_by_key(|name| shapan::analysis::search::pinyin_key(name));
    let first = window.get_all_by_label(&names[0]).map(|node| node.rect().top());
    let third = window.get_all_by_label(&names[2]).map(|node| node.rect().top());
    let (first, third) = (first.fold(f32::MIN, f32::max), third.fold(f32::MIN, f32::max));
    assert!(first < third, "{names:?}");
}

#[test]
fn a_column_is_filtered_by_its_values_grouped_and_summed_and_the_map_and_the_export_follow() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::NONE, Key::F10);
    window.get_by_label("筛选 乡镇街道").click();
    settle(&mut window);
    window.get_by_label("仅 浭阳街道").click();
    settle(&mut window);
    let model = window.state().model();
    let sites = &model.shown.records[&Kind::Site];
    assert!(!sites.is_empty() && sites.iter().all(|site| site.text("township") == "浭阳街道"));
    assert!(model.shown.counts[&Kind::Road].shown > 0, "other layers are not asked for it");
    let count = sites.len();
    window.get_by_label("按此分组").click();
    settle(&mut window);
    assert!(has(&window, &format!("浭阳街道  {count} 条")));
    window.state_mut().save_without_asking(home.path());
    act(&mut window, Action::Command(Command::Export));
    assert!(has(&window, "乡镇街道：浭阳街道"));
}

#[test]
fn a_file_that_does_not_open_says_so_in_the_middle_and_offers_its_newest_good_copy() {
    let home = folder();
    let mut window = start(home.path());
    let path = home.path().join("甲区.gpkg");
    drop(shapan::store::Store::create(&path).unwrap());
    act(&mut window, Action::File(FileAction::Open(path.clone())));
    import(&mut window, "甲停车场");
    act(&mut window, Action::Command(Command::Backup));
    act(&mut window, Action::Command(Command::Sample));
    std::fs::write(&path, b"no district").unwrap();
    act(&mut window, Action::File(FileAction::Open(path.clone())));
    assert!(has(&window, "文件已损坏"));
    assert!(!has(&window, "正在打开…"));
    assert!(has(&window, "打开其他文件…") && has(&window, "新建区域…"));
    window.query_all_by_label("恢复这一份").next().unwrap().click();
    settle(&mut window);
    assert_eq!(window.state().model().district.as_ref().unwrap().path, path);
    assert_eq!(count(&window, Kind::Site), 1);
    let aside = names_in(home.path()).into_iter().find(|name| name.starts_with("甲区.aside-"));
    let kept = std::fs::read(home.path().join(aside.unwrap())).unwrap();
    assert_eq!(kept, b"no district", "what was there stays");
    assert!(!has(&window, "恢复损坏的文件"));

    let gone = home.path().join("不在.gpkg");
    act(&mut window, Action::File(FileAction::Open(gone)));
    assert!(has(&window, "文件打不开") && has(&window, "旁边没有可用的备份"));
    assert!(has(&window, "打开其他文件…"));
}

#[test]
fn a_place_that_was_looked_for_has_a_pin_until_it_is_taken_away() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::COMMAND, Key::F);
    crate::journeys::type_text(&mut window, "118.1622,39.8326");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.state().model().pin.is_some());
    window.get_by_label("取下图钉").click();
    settle(&mut window);
    assert!(window.state().model().pin.is_none());
}
