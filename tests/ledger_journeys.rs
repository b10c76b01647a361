//! The ledger in the window, by keys alone.

use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::analysis::ledger::View;
use shapan::domain::item::StepKind;
use shapan::domain::{ItemState, Kind, Record};
use shapan::ui::{Action, App, DialogAction, FileAction, LedgerAction, Workspace};

use crate::journeys::{act, count, press, settle, start, type_text};
use crate::support::folder;

fn ledger(home: &std::path::Path) -> Harness<'static, App> {
    let mut window = start(home);
    press(&mut window, Modifiers::NONE, Key::U);
    assert_eq!(window.state().model().workspace, Workspace::Ledger);
    window
}

fn selected(window: &Harness<'_, App>) -> std::sync::Arc<Record> {
    std::sync::Arc::clone(window.state().model().selected().unwrap())
}

fn state(window: &Harness<'_, App>) -> ItemState {
    ItemState::of(&selected(window)).unwrap()
}

/// Chooses a list by its button, as the tab key and Enter would.
fn view(window: &mut Harness<'_, App>, words: &str) {
    let button = window.query_all_by_label_contains(words).next().unwrap();
    button.click();
    settle(window);
}

#[test]
fn the_sample_has_something_in_every_list_of_the_day() {
    let home = folder();
    let window = ledger(home.path());
    let now = window.state().model().ledger.as_ref().unwrap();
    for list in View::ALL {
        // Each is the sample's, whatever the day.
        assert!(now.count(list) > 0 || list == View::Ownerless, "{list:?}");
    }
    window.get_by_label("谁在拖");
}

#[test]
fn a_clerk_hands_over_and_follows_an_item_to_its_check_by_keys() {
    let home = folder();
    let mut window = ledger(home.path());
    view(&mut window, "待交办");
    press(&mut window, Modifiers::NONE, Key::J);
    assert_eq!(state(&window), ItemState::Registered);
    let item = selected(&window).id;
    press(&mut window, Modifiers::NONE, Key::Num1);
    window.get_by_role_and_label(egui::Role::TextInput, "时限").focus();
    settle(&mut window);
    type_text(&mut window, "3日内");
    press(&mut window, Modifiers::NONE, Key::Enter);
    // What nobody said is asked for, and a reason is enough.
    window.query_all_by_label_contains("需写明原因").next().unwrap();
    type_text(&mut window, "现场口头交办");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let now = window.state().model().record(item).unwrap();
    assert_eq!(ItemState::of(now), Some(ItemState::HandedOver));
    assert!(!now.words("units").is_empty(), "filled in from the duties");
    assert!(!now.text("due").is_empty());

    press(&mut window, Modifiers::NONE, Key::Num2);
    let now = window.state().model().record(item).unwrap();
    assert_eq!(ItemState::of(now), Some(ItemState::Accepted));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    let now = window.state().model().record(item).unwrap();
    assert_eq!(ItemState::of(now), Some(ItemState::HandedOver), "one step is one undo");
}

#[test]
fn a_return_needs_a_reason_and_several_items_are_one_undo_step() {
    let home = folder();
    let mut window = ledger(home.path());
    view(&mut window, "待核查");
    press(&mut window, Modifiers::NONE, Key::J);
    assert!(state(&window).awaits_check());
    let item = selected(&window).id;
    press(&mut window, Modifiers::NONE, Key::Num0);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_ne!(state(&window), ItemState::Returned, "without a reason nothing is returned");
    type_text(&mut window, "雾炮未开启");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let now = window.state().model().record(item).unwrap();
    assert_eq!(ItemState::of(now), Some(ItemState::Returned));
}

#[test]
fn enter_opens_the_page_of_an_item_and_escape_closes_it() {
    let home = folder();
    let mut window = ledger(home.path());
    press(&mut window, Modifiers::NONE, Key::J);
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.get_by_label("关闭问题页");
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("关闭问题页").is_none());
    assert_eq!(window.state().model().workspace, Workspace::Ledger, "and no more than that");
}

#[test]
fn enter_opens_a_decision_that_is_selected_and_its_figures_say_what_to_do() {
    let home = folder();
    let mut window = ledger(home.path());
    press(&mut window, Modifiers::NONE, Key::J);
    let decision = selected(&window);
    assert_eq!(decision.kind, Kind::Decision);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(selected(&window).id, decision.id, "the one that is selected, no other");
    window.get_by_label("转入台账，按步骤办理并核查");
    press(&mut window, Modifiers::NONE, Key::Num3);
    window.query_all_by_label_contains("请先按 1 转入台账").next().unwrap();
}

#[test]
fn what_comes_again_is_a_new_item_by_keys_and_one_undo_step() {
    let home = folder();
    let mut window = ledger(home.path());
    view(&mut window, "已销号");
    press(&mut window, Modifiers::NONE, Key::J);
    let old = selected(&window).id;
    let before = count(&window, Kind::Item);
    act(&mut window, Action::Ledger(LedgerAction::Ask(StepKind::Relapse)));
    type_text(&mut window, "再次冒烟");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(count(&window, Kind::Item), before + 1);
    let world = window.state().model().world();
    let code = world.get(old).unwrap().code().unwrap();
    let new = world.table(Kind::Item).iter().find(|item| item.name() == "再次冒烟").unwrap();
    assert_eq!(new.text("relapse_of"), code);
    assert!(new.linked("records").any(|id| id == old) && new.geometry.is_some());
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.get_by_label(&format!("反弹为 {}", new.code().unwrap()));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Item), before);
}

#[test]
fn a_step_that_is_refused_puts_the_cursor_where_the_fault_is() {
    let home = folder();
    let mut window = ledger(home.path());
    view(&mut window, "待核查");
    press(&mut window, Modifiers::NONE, Key::J);
    press(&mut window, Modifiers::NONE, Key::Num3);
    window.get_by_role_and_label(egui::Role::TextInput, "时间").focus();
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::A);
    type_text(&mut window, "昨天");
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.query_all_by_label_contains("时间应写成").next().unwrap();
    assert!(window.get_by_role_and_label(egui::Role::TextInput, "时间").is_focused());
}

#[test]
fn every_number_of_who_is_late_opens_its_items() {
    let home = folder();
    let mut window = ledger(home.path());
    window.get_by_label("谁在拖").click();
    settle(&mut window);
    window.get_by_label("责任单位").click();
    settle(&mut window);
    window.query_all_by_label_contains("住建局 交办 ").next().unwrap().click();
    settle(&mut window);
    window.get_by_label("清除台账筛选");
}

#[test]
fn a_decision_becomes_an_item_that_is_linked_both_ways() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::NONE, Key::M);
    let before = count(&window, Kind::Item);
    let decision = {
        let world = window.state().model().world();
        world.table(Kind::Decision).iter().next().unwrap().id
    };
    act(&mut window, Action::Ledger(LedgerAction::OfDecisions(vec![decision])));
    assert_eq!(count(&window, Kind::Item), before + 1);
    let item = selected(&window);
    assert_eq!(item.kind, Kind::Item);
    assert!(item.linked("records").any(|id| id == decision));
    let model = window.state().model();
    assert!(model.record(decision).unwrap().linked("records").any(|id| id == item.id));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Item), before);
}

fn paste(window: &mut Harness<'_, App>, text: &str) {
    window.event(Event::Paste(text.to_owned()));
    settle(window);
}

#[test]
fn rows_pasted_from_excel_are_new_doubles_or_in_conflict_and_come_in_as_one_step() {
    let home = folder();
    let mut window = ledger(home.path());
    let before = count(&window, Kind::Item);
    let known = {
        let now = window.state().model().ledger.as_ref().unwrap();
        let has_words = |record: &Record| {
            !record.text("address").is_empty() && !record.text("person").is_empty()
        };
        let row = now.ledger.rows.iter().find(|row| row.state.is_open() && has_words(&row.record));
        std::sync::Arc::clone(&row.unwrap().record)
    };
    let types: Vec<&str> = known.words("types").iter().map(|of| &**of).collect();
    let (code, address, types) = (known.code().unwrap(), known.text("address"), types.join("、"));
    let rows = [
        "编号\t问题描述\t类别\t点位/地址\t责任人".to_owned(),
        format!("{code}\t{}\t{types}\t{address}\t新来的人", known.name()),
        format!("\t又见同类问题\t{types}\t{address}\t"),
        "\t新村口垃圾焚烧一处\t秸秆垃圾焚烧\t新村口\t".to_owned(),
    ];
    paste(&mut window, &rows.join("\n"));
    for words in ["新增 1", "疑似重复 1", "冲突 1"] {
        window.get_by_label(words);
    }
    window.query_all_by_label_contains("此处 90 天内第").next().unwrap();
    // The known person stays, the double stays out.
    window.get_by_label_contains("责任人 原有").click();
    settle(&mut window);
    window.get_by_label("第 3 行 不导入").click();
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(count(&window, Kind::Item), before, "nothing is written before it is said");

    paste(&mut window, &rows.join("\n"));
    window.get_by_label("第 3 行 不导入").click();
    settle(&mut window);
    window.get_by_label_contains("责任人 原有").click();
    settle(&mut window);
    window.get_by_label("导入 2 条");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(count(&window, Kind::Item), before + 1);
    let now = window.state().model().record(known.id).unwrap();
    assert_eq!(now.text("person"), known.text("person"));
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Item), before, "one undo step");
}

#[test]
fn sentences_of_a_message_become_items_by_two_keys() {
    let home = folder();
    let mut window = ledger(home.path());
    let before = count(&window, Kind::Item);
    paste(
        &mut window,
        "1. 住建局 大庆道东段裸土未苫盖，3日内\n2. 城管局：新市场烧烤店油烟直排，立行立改",
    );
    window.query_all_by_label("新增 2").next().unwrap();
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(count(&window, Kind::Item), before + 2);
    let world = window.state().model().world();
    let item = world.table(Kind::Item).iter().find(|item| item.name().contains("大庆道东段"));
    let item = item.unwrap();
    assert_eq!(item.text("time_limit"), "3日内");
    assert_eq!((&*item.words("units")[0], &*item.words("types")[0]), ("住建局", "裸土"));
    assert!(!item.text("code").is_empty());
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Item), before);
}

#[test]
fn a_click_on_a_head_orders_the_list_and_another_one_puts_it_back() {
    let home = folder();
    let mut window = ledger(home.path());
    press(&mut window, Modifiers::NONE, Key::J);
    let urgent = selected(&window).id;
    window.get_by_label("按编号").click();
    settle(&mut window);
    act(&mut window, Action::Select(Vec::new()));
    press(&mut window, Modifiers::NONE, Key::J);
    let codes: Vec<String> = {
        let world = window.state().model().world();
        let codes = world.table(Kind::Item).iter().filter_map(|item| item.code());
        codes.map(str::to_owned).collect()
    };
    let first = selected(&window);
    let is_open = |code: &&String| {
        let world = window.state().model().world();
        ItemState::of(world.table(Kind::Item).by_code(code).unwrap()).unwrap().is_open()
    };
    if first.kind == Kind::Item {
        assert_eq!(first.code(), codes.iter().filter(is_open).min().map(String::as_str));
    }
    window.query_all_by_label("按编号").next().unwrap().click();
    settle(&mut window);
    act(&mut window, Action::Select(Vec::new()));
    press(&mut window, Modifiers::NONE, Key::J);
    assert_eq!(selected(&window).id, urgent);
}

#[test]
fn a_decision_stands_in_the_list_and_the_key_of_handing_over_makes_an_item_of_it() {
    let home = folder();
    let mut window = ledger(home.path());
    let before = count(&window, Kind::Item);
    press(&mut window, Modifiers::NONE, Key::J);
    assert_eq!(selected(&window).kind, Kind::Decision, "decisions stand above the items");
    let decision = selected(&window).id;
    press(&mut window, Modifiers::NONE, Key::Num1);
    assert_eq!(count(&window, Kind::Item), before + 1);
    assert!(selected(&window).linked("records").any(|id| id == decision));
    let now = window.state().model().ledger.as_ref().unwrap();
    assert!(now.decided.iter().all(|decided| decided.record.id != decision));
}

/// A picture of one colour, as a file.
fn photo(folder: &std::path::Path, name: &str) -> std::path::PathBuf {
    let png = shapan::exchange::photo::png(vec![200; 8 * 6 * 4], 8, 6).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, png).unwrap();
    path
}

#[test]
fn photos_that_come_back_named_by_number_go_to_their_items_after_a_look() {
    let home = folder();
    let mut window = ledger(home.path());
    let (mending, new) = {
        let now = window.state().model().ledger.as_ref().unwrap();
        let of = |state: ItemState| {
            let row = now.ledger.rows.iter().find(|row| row.state == state).unwrap();
            (row.id(), row.record.code().unwrap().to_owned())
        };
        (of(ItemState::Accepted), of(ItemState::Registered))
    };
    let before = window.state().model().record(mending.0).unwrap().attachments().count();
    let names =
        [format!("{}.png", mending.1), format!("{}_2.png", mending.1), format!("{}.png", new.1)];
    let mut paths: Vec<_> = names.iter().map(|name| photo(home.path(), name)).collect();
    paths.push(photo(home.path(), "微信图片.png"));
    act(&mut window, Action::File(FileAction::Dropped(paths)));
    window.get_by_label_contains("3 张按编号找到问题，1 张没有编号");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let photos = |window: &Harness<'_, App>, id, key: &str| {
        let item = window.state().model().record(id).unwrap();
        item.words(key).iter().filter(|name| name.starts_with("FR-")).count()
    };
    assert_eq!(photos(&window, mending.0, "photos_after"), 2);
    assert_eq!(photos(&window, new.0, "photos_before"), 1);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(window.state().model().record(mending.0).unwrap().attachments().count(), before);
    assert_eq!(photos(&window, new.0, "photos_before"), 0, "all of them are one undo step");
}

#[test]
fn a_pasted_photo_is_the_evidence_of_the_step_that_waits_for_it_and_both_sides_are_seen() {
    let home = folder();
    let mut window = ledger(home.path());
    let item = {
        let now = window.state().model().ledger.as_ref().unwrap();
        let row = now.ledger.rows.iter().find(|row| {
            row.state == ItemState::Accepted && row.record.words("photos_after").is_empty()
        });
        row.unwrap().id()
    };
    act(&mut window, Action::Select(vec![item]));
    press(&mut window, Modifiers::NONE, Key::Num2);
    window.query_all_by_label_contains("复制后按 Ctrl+V").next().unwrap();
    let image = egui::ColorImage::filled([8, 6], egui::Color32::GRAY);
    window.event(Event::PasteImage(std::sync::Arc::new(image)));
    settle(&mut window);
    window.query_all_by_label_contains("照片：粘贴-").next().unwrap();
    type_text(&mut window, "已全部苫盖");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let now = window.state().model().record(item).unwrap();
    assert_eq!(ItemState::of(now), Some(ItemState::Mending), "it needs no reason: nothing lacks");
    let steps = shapan::domain::item::steps(now).unwrap();
    assert_eq!(steps.last().unwrap().files.len(), 1);
    assert_eq!(now.words("photos_after").len(), 1);
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.query_all_by_label_contains("整改后 粘贴-").next().unwrap();
    window.get_by_label("整改后 改为整改前").click();
    settle(&mut window);
    let now = window.state().model().record(item).unwrap();
    assert!(now.words("photos_after").is_empty(), "it was put on the other side");
}

#[test]
fn holidays_and_time_limits_are_edited_checked_and_hold_at_once() {
    let home = folder();
    let mut window = ledger(home.path());
    act(&mut window, Action::Dialog(DialogAction::Office));
    window.get_by_label("加 2027 年").click();
    settle(&mut window);
    window.query_all_by_label_contains("2027 年：请写明文号").next().unwrap();
    let write = |window: &mut Harness<'_, App>, name: &str, text: &str| {
        window.get_by_role_and_label(egui::Role::TextInput, name).focus();
        settle(window);
        type_text(window, text);
    };
    write(&mut window, "2027 文号", "本区通知");
    write(&mut window, "2027 放假", "1.1-1.3");
    write(&mut window, "2027 上班", "1.4");
    window.query_all_by_label_contains("不是周末").next().unwrap();
    press(&mut window, Modifiers::NONE, Key::Backspace);
    write(&mut window, "2027 上班", "9");
    window.get_by_label("保存并生效").click();
    settle(&mut window);
    let office = shapan::settings::Office::load(home.path()).unwrap();
    assert_eq!((office.holidays.len(), office.holidays[0].year), (1, 2027), "only what is its own");
    assert!(office.limits.is_empty());
    assert!(shapan::domain::calendar::is_workday(jiff::civil::date(2027, 1, 9)));
}

#[test]
fn the_meeting_sees_townships_by_what_came_in_time_and_each_number_opens_its_items() {
    let home = folder();
    let mut window = start(home.path());
    press(&mut window, Modifiers::NONE, Key::M);
    window.get_by_role_and_label(egui::Role::Button, "本周到期").click();
    settle(&mut window);
    window.query_all_by_label_contains("条决定").next().unwrap();
    window.get_by_role_and_label(egui::Role::Button, "台账与乡镇").click();
    settle(&mut window);
    window.query_all_by_label_contains("近 30 天按期整改率从低到高").next().unwrap();
    window.query_all_by_label_contains(" 交办 ").next().unwrap().click();
    settle(&mut window);
    assert_eq!(window.state().model().workspace, Workspace::Ledger);
    window.get_by_label("清除台账筛选");
}

#[test]
fn the_plan_of_sweeping_says_when_roads_may_be_swept_wet() {
    let home = folder();
    let mut window = ledger(home.path());
    window.get_by_label("检查计划").click();
    settle(&mut window);
    window.get_by_label("清扫洒水(示例)").scroll_to_me();
    settle(&mut window);
    window.get_by_label("清扫洒水(示例)").click();
    settle(&mut window);
    window.query_all_by_label_contains("湿法作业").next().unwrap();
    window.query_all_by_label_contains("计划 ").next().unwrap();
}

fn page(window: &mut Harness<'_, App>, words: &str) {
    window.get_by_label(words).click();
    settle(window);
}

#[test]
fn a_response_says_line_by_line_who_did_what_and_who_did_not_becomes_an_item() {
    let home = folder();
    let mut window = ledger(home.path());
    page(&mut window, "应急响应");
    // Two were looked at, the meters of two say something, of one nobody knows.
    for words in ["未落实 1", "数据不符 1", "未查 1", "数据相符 1", "已落实 1"] {
        window.get_by_label(words);
    }
    let before = count(&window, Kind::Item);
    window.get_by_role_and_label(egui::Role::TextInput, "实停情况").focus();
    settle(&mut window);
    type_text(&mut window, "仍在出铁");
    window.query_all_by_label_contains("未落实 铸造厂").next().unwrap().click();
    settle(&mut window);
    assert_eq!(count(&window, Kind::Item), before + 1);
    {
        let world = window.state().model().world();
        let of = |item: &&std::sync::Arc<Record>| item.name().contains("仍在出铁");
        let item = world.table(Kind::Item).iter().find(of).unwrap();
        assert_eq!(item.text("source"), "应急响应");
        assert!(item.geometry.is_some() && !item.text("code").is_empty());
    }
    window.get_by_label("未落实 2");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window, Kind::Item), before, "one undo step");
    window.get_by_label("未落实 1");
    // The list by what came out.
    window.get_by_label("数据相符 1").click();
    settle(&mut window);
    assert_eq!(window.query_all_by_label_contains("已落实 轧钢厂").count(), 1);
    assert_eq!(window.query_all_by_label_contains("已落实 铸造厂").count(), 0);
}

#[test]
fn a_response_is_written_down_with_its_number_and_never_without() {
    let home = folder();
    let mut window = ledger(home.path());
    page(&mut window, "应急响应");
    let before = count(&window, Kind::Response);
    page(&mut window, "记录响应通知…");
    window.query_all_by_label_contains("请填文号").next().unwrap();
    page(&mut window, "记录");
    assert_eq!(count(&window, Kind::Response), before);
    window.get_by_role_and_label(egui::Role::TextInput, "响应文号").focus();
    settle(&mut window);
    type_text(&mut window, "丰气领办〔2026〕4号");
    page(&mut window, "记录");
    assert_eq!(count(&window, Kind::Response), before + 1);
    let world = window.state().model().world();
    let kept = world.table(Kind::Response).iter().find(|it| it.text("document").contains("4号"));
    assert!(!kept.unwrap().text("begins_at").is_empty());
}

#[test]
fn rules_are_kept_with_a_click_and_every_bottom_line_opens_its_items() {
    let home = folder();
    let mut window = ledger(home.path());
    page(&mut window, "专项行动");
    let before = count(&window, Kind::Check);
    let rule = window.query_all_by_label_contains("已落实 问责建议制度").next().unwrap();
    rule.scroll_to_me();
    settle(&mut window);
    window.query_all_by_label_contains("已落实 问责建议制度").next().unwrap().click();
    settle(&mut window);
    assert_eq!(count(&window, Kind::Check), before + 1);
    {
        let world = window.state().model().world();
        let mut plans = world.table(Kind::CheckPlan).iter();
        let plan = plans.find(|it| it.name().contains("问责建议制度")).unwrap();
        let checks = world.table(Kind::Check).iter();
        let own = checks.filter(|check| check.linked("records").any(|id| id == plan.id));
        assert_eq!(own.count(), 1, "none was there, one is");
    }
    let line = window.query_all_by_label_contains("即查即改 ").next().unwrap();
    line.scroll_to_me();
    settle(&mut window);
    window.query_all_by_label_contains("即查即改 ").next().unwrap().click();
    settle(&mut window);
    window.get_by_label("清除台账筛选");
}

#[test]
fn the_three_verdicts_of_a_case_are_written_on_its_page() {
    let home = folder();
    let mut window = ledger(home.path());
    let item = {
        let now = window.state().model().ledger.as_ref().unwrap();
        let is_plain = |row: &&shapan::analysis::ledger::LedgerRow| {
            row.state.is_open() && !shapan::domain::item::is_case(&row.record)
        };
        now.ledger.rows.iter().find(is_plain).unwrap().id()
    };
    act(&mut window, Action::Select(vec![item]));
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.get_by_label("立为一案三查").scroll_to_me();
    settle(&mut window);
    page(&mut window, "立为一案三查");
    for (whose, verdict) in [("企业", "立案处罚"), ("部门", "约谈"), ("属地", "无责")]
    {
        let name = format!("{whose}责任结论");
        window.get_by_role_and_label(egui::Role::TextInput, &name).focus();
        settle(&mut window);
        type_text(&mut window, verdict);
    }
    window.get_by_label("保存三项结论").scroll_to_me();
    settle(&mut window);
    page(&mut window, "保存三项结论");
    let now = window.state().model().record(item).unwrap();
    let verdicts = ["case_firm", "case_department", "case_township"].map(|key| now.text(key));
    assert_eq!(verdicts, ["立案处罚", "约谈", "无责"]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    let now = window.state().model().record(item).unwrap();
    assert!(now.text("case_firm").is_empty(), "all three are one undo step");
}

#[test]
fn plans_show_households_by_village_and_which_posts_answered() {
    let home = folder();
    let mut window = ledger(home.path());
    page(&mut window, "检查计划");
    for (plan, words) in [
        ("双代散煤入户(示例)", "东关村(示例)：查 5/? 户，有散煤 1 户，清缴 150 kg"),
        ("岗位值守拨测(示例)", "接听 "),
    ] {
        window.get_by_label(plan).scroll_to_me();
        settle(&mut window);
        page(&mut window, plan);
        window.query_all_by_label_contains(words).next().unwrap();
    }
    let before = count(&window, Kind::Item);
    window.query_all_by_label_contains("未接听 二级网格员").next().unwrap().click();
    settle(&mut window);
    assert_eq!(count(&window, Kind::Item), before + 1);
}
