//! From the window to the paper: which one, by which template, as what file.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use shapan::domain::Kind;
use shapan::settings::clock;
use shapan::ui::{Action, Command};

use crate::journeys::{act, press, settle, start};
use crate::planner_journeys::{click, reach};
use crate::support::folder;

#[test]
fn a_clerk_writes_the_minutes_then_changes_the_template_and_writes_the_week() {
    let home = folder();
    let mut window = start(home.path());
    let out = home.path().join("out");
    std::fs::create_dir(&out).unwrap();
    window.state_mut().save_without_asking(&out);

    // From the meeting, the minutes of that meeting are what is offered.
    press(&mut window, Modifiers::NONE, Key::M);
    click(&mut window, "生成纪要");
    reach(&mut window, "纯文本  .txt");
    click(&mut window, "选择位置并生成…");
    let minutes = out.join("第一次会商会(示例)纪要.txt");
    let text = std::fs::read_to_string(&minutes).unwrap();
    assert!(text.contains("会商会议纪要") && text.contains("控制点与控制圈(示例)"), "{text}");
    assert!(!text.contains("先看500米圈内"), "the speaker's note is for the speaker: {text}");
    assert!(window.query_all_by_label_contains("已生成：").next().is_some());

    // The office's own template: written out, damaged, refused in words, put right, used.
    press(&mut window, Modifiers::NONE, Key::M);
    act(&mut window, Action::Command(Command::Brief));
    click(&mut window, "写出内置模板供修改");
    let templates = home.path().join("templates");
    let own = templates.join("会商周报.md");
    assert!(std::fs::read_to_string(&own).unwrap().contains("{rings_map}"));
    std::fs::write(&own, "# 简报\n\n本周{weather}").unwrap();
    click(&mut window, "写出内置模板供修改");
    assert!(window.query_all_by_label_contains("没有覆盖").next().is_some());
    assert!(std::fs::read_to_string(&own).unwrap().contains("{weather}"));
    let choose = |window: &mut egui_kittest::Harness<'_, shapan::ui::App>, name: &str| {
        window.get_by_role_and_label(egui::Role::ComboBox, "模板").click();
        settle(window);
        let entries = window.get_all_by_role_and_label(egui::Role::Button, name);
        entries.last().unwrap().click();
        settle(window);
    };
    choose(&mut window, "会商周报.md");
    assert!(window.query_all_by_label_contains("模板第 3 行").next().is_some());
    std::fs::write(&own, "# 简报\n\n工地{sites}处").unwrap();
    choose(&mut window, "内置模板");
    choose(&mut window, "会商周报.md");
    assert!(window.query_all_by_label_contains("模板第 3 行").next().is_none());
    reach(&mut window, "纯文本  .txt");
    click(&mut window, "选择位置并生成…");
    let week = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    let week = week.into_iter().find(|path| path.to_string_lossy().contains("会商周报")).unwrap();
    let text = std::fs::read_to_string(week).unwrap();
    assert!(text.starts_with("简报\n\n工地12处\n") && text.contains("存证码 r1-"), "{text}");

    // Both went out of the district, of the same state, and undo is not about that.
    let district = window.state().model().district.as_ref().unwrap();
    let events: Vec<&str> = district.entries[1..].iter().map(|entry| entry.note.as_str()).collect();
    let is_told = |event: &str, what: &str| event.contains(what) && event.contains(" · r1-");
    assert!(events.len() == 2 && is_told(events[0], "minutes 第一次会商会(示例)"), "{events:?}");
    assert!(is_told(events[1], "brief 2"), "{events:?}");
    assert!(district.steps.done.is_empty(), "nor about what the sample begins with");
}

#[test]
fn a_wall_map_is_printed_with_its_statistics() {
    let home = folder();
    let mut window = start(home.path());
    let out = home.path().join("out");
    std::fs::create_dir(&out).unwrap();
    window.state_mut().save_without_asking(&out);
    act(&mut window, Action::Command(Command::Print));
    click(&mut window, "统计栏");
    click(&mut window, "SVG…");
    let file = std::fs::read_dir(&out).unwrap().next().unwrap().unwrap().path();
    let svg = std::fs::read_to_string(file).unwrap();
    for words in ["工地达标率", "未完成决定", "控制圈内点位", "丰润区政府 500 m", "数据时间"]
    {
        assert!(svg.contains(words), "{words}");
    }
}

#[test]
fn a_forecast_is_written_with_the_sheet_of_the_day_and_scored_the_day_after() {
    let home = folder();
    clock::pretend("2026-11-28T01:10:00Z".parse().unwrap());
    let mut window = start(home.path());
    let out = home.path().join("out");
    std::fs::create_dir(&out).unwrap();
    act(&mut window, Action::Command(Command::Brief));
    click(&mut window, "日调度单");
    let mut fill = |label: &str, text: &str| {
        window.get_by_role_and_label(egui::Role::TextInput, label).focus();
        settle(&mut window);
        window.event(egui::Event::Text(text.to_owned()));
        settle(&mut window);
    };
    fill("依据", "静稳，西南风1级");
    fill("管控建议", "住建局停土方，20时前");
    let drag = window.get_by_label("PM2.5 上限");
    drag.click();
    settle(&mut window);
    window.event(egui::Event::Text("500".to_owned()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "记下研判");
    let world = window.state().model().world();
    let forecast = world.table(Kind::Forecast).iter().next().unwrap();
    assert_eq!(forecast.text("advice"), "住建局停土方，20时前");
    assert_eq!(shapan::analysis::air::forecast::range(forecast), Some((0.0, 500.0)));
    reach(&mut window, "纯文本  .txt");
    window.state_mut().save_without_asking(&out);
    click(&mut window, "选择位置并生成…");
    let sheet = |day: &str| {
        let all = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
        let of = all.into_iter().find(|path| path.to_string_lossy().contains(day)).unwrap();
        std::fs::read_to_string(of).unwrap()
    };
    let text = sheet("日调度2026-11-28");
    assert!(text.contains("李规划（11月28日 9:10）：PM2.5 0–500 µg/m³；依据：静稳"), "{text}");
    assert!(text.contains("住建局停土方，20时前（李规划）"), "{text}");
    // The day after it is held against what was measured: of that day the sample has too few hours.
    clock::pretend("2026-11-29T01:10:00Z".parse().unwrap());
    act(&mut window, Action::Command(Command::Brief));
    click(&mut window, "日调度单");
    reach(&mut window, "纯文本  .txt");
    click(&mut window, "选择位置并生成…");
    let text = sheet("日调度2026-11-29");
    assert!(text.contains("李规划") && text.contains("无法评分"), "{text}");
    assert!(text.contains("尚无研判"), "of today there is none yet: {text}");
}
