//! Every page of the window at the sizes of an office, in both languages: nothing is cut, and nothing
//! lies over another.

use egui::accesskit::Role;
use egui::epaint::ClippedShape;
use egui::{Key, Modifiers, Rect, Shape, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::domain::{Kind, Lang};
use shapan::ui::{Action, App, Command, LedgerAction, MeetingAction, WindowAction, Workspace};

use crate::journeys::{named, settle, start};
use crate::support::folder;

const SIZES: [(f32, f32); 4] =
    [(1280.0, 720.0), (1366.0, 768.0), (1920.0, 1080.0), (3840.0, 2160.0)];

/// A piece of text as it is painted.
struct Written {
    words: String,
    rect: Rect,
    clip: Rect,
    order: usize,
}

fn collect(shape: &Shape, clip: Rect, order: usize, found: &mut Vec<Written>) {
    match shape {
        Shape::Vec(shapes) => {
            for shape in shapes {
                collect(shape, clip, order, found);
            }
        }
        // What a dialog covers is not to be read.
        Shape::Rect(ground)
            if ground.fill.is_opaque()
                && ground.rect.width() > 200.0
                && ground.rect.height() > 120.0 =>
        {
            let covered = ground.rect.intersect(clip);
            found.retain(|text| !covered.intersects(text.rect.intersect(text.clip)));
        }
        Shape::Text(text) if !text.galley.text().trim().is_empty() => {
            // Of the glyphs, without the room above and below a line.
            let rect = text.galley.mesh_bounds.translate(text.pos.to_vec2());
            let words = text.galley.text().to_owned();
            found.push(Written { words, rect, clip, order });
        }
        _ => {}
    }
}

fn written(window: &Harness<'_, App>) -> Vec<Written> {
    let mut found = Vec::new();
    for (order, ClippedShape { clip_rect, shape, .. }) in window.output().shapes.iter().enumerate()
    {
        collect(shape, *clip_rect, order, &mut found);
    }
    found
}

/// Text that is cut at a side, or by the edge of the window: text that is scrolled may be cut above
/// and below, and what is out of sight is not cut.
fn cut(window: &Harness<'_, App>) -> Vec<String> {
    let screen = window.ctx.content_rect();
    // The figures over the map are scrolled sideways where they find no room: there is a way to each.
    let strip = Rect::from_min_max(pos2(0.0, 48.0), pos2(screen.right(), 100.0));
    let all = written(window);
    let map = window.get_by_role(Role::Canvas).rect();
    let is_cut = |text: &Written| {
        let clip = text.clip.intersect(screen);
        if strip.contains_rect(clip) {
            return false;
        }
        let seen = text.rect.intersect(clip);
        if seen.width() < 1.0 || seen.height() < 1.0 {
            return false;
        }
        // So is the table, whose last column in sight may be seen in part.
        let is_column = clip.top() > map.bottom()
            && clip.width() < 220.0
            && (map.right() - 16.0..map.right()).contains(&clip.right());
        let is_beside =
            text.rect.left() < clip.left() - 1.0 || text.rect.right() > clip.right() + 1.0;
        let is_beyond = !screen.expand(1.0).contains_rect(text.rect);
        !is_column && (is_beside || is_beyond)
    };
    let told = |text: &Written| format!("cut: {:?} {:?} in {:?}", text.words, text.rect, text.clip);
    all.iter().filter(|text| is_cut(text)).map(told).collect()
}

/// Pairs of texts that lie on one another.
fn overlapping(window: &Harness<'_, App>) -> Vec<String> {
    let map = window.get_by_role(Role::Canvas).rect();
    let seen = |text: &Written| text.rect.intersect(text.clip);
    let all = written(window);
    // What stands on the map has a ground of its own; the names of the map are none of the window's.
    let all: Vec<&Written> = all.iter().filter(|text| !map.contains_rect(text.rect)).collect();
    let mut found = Vec::new();
    for (place, one) in all.iter().enumerate() {
        for other in all.iter().skip(place + 1).filter(|other| other.order != one.order) {
            let both = seen(one).intersect(seen(other));
            if both.width() > 2.0 && both.height() > 2.0 {
                found.push(format!("over: {:?} {:?}", one.words, other.words));
            }
        }
    }
    found
}

fn look(window: &mut Harness<'_, App>, page: &str, problems: &mut Vec<String>) {
    window.run_steps(6);
    let found = [cut(window), overlapping(window)].concat();
    let size = window.ctx.content_rect().size();
    let lang = window.state().model().lang();
    let told = found.iter().map(|what| format!("{}×{} {lang:?} {page}: {what}", size.x, size.y));
    problems.extend(told);
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().actions().send(action);
    window.run_steps(3);
}

const MEETING_PAGES: [&str; 14] = [
    "agenda",
    "overview",
    "decisions",
    "rings",
    "standards",
    "traffic",
    "townships",
    "changes",
    "air_week",
    "air_stations",
    "air_target",
    "ledger",
    "due_week",
    "decide",
];
const AIR_PAGES: [(&str, &str); 9] = [
    ("近24小时", "Last 24 hours"),
    ("月历", "Calendar"),
    ("热力图", "Heat map"),
    ("变化规律", "Cycles"),
    ("风与来向", "Wind"),
    ("对比", "Compare"),
    ("排名", "Ranking"),
    ("指数与目标", "Index and target"),
    ("数据来源", "Sources"),
];
const EPISODE_PAGES: [(&str, &str); 3] =
    [("处置", "Episodes"), ("统计", "Statistics"), ("规则", "Rules")];
const LEDGER_PAGES: [(&str, &str); 7] = [
    ("检查计划", "Check plans"),
    ("专项行动", "Campaigns"),
    ("应急响应", "Responses"),
    ("记录响应通知…", "Write down a notice…"),
    ("取消", "Cancel"),
    ("谁在拖", "Who is late"),
    ("今日", "Today"),
];
const PLAN_PAGES: [(&str, &str); 9] = [
    ("结果", "Result"),
    ("方案对比", "Side by side"),
    ("穿圈车流", "Trips through rings"),
    ("检查", "Checks"),
    ("公告", "Notice"),
    ("拥堵均衡", "Balance"),
    ("货车流量", "Truck flows"),
    ("校核", "Calibration"),
    ("路网", "Roads"),
];

const DIALOGS: [Command; 11] = [
    Command::New,
    Command::Setup,
    Command::Feeds,
    Command::Export,
    Command::Print,
    Command::Brief,
    Command::Compact,
    Command::History,
    Command::Palette,
    Command::Keys,
    Command::Settings,
];

/// Goes from tab to tab of the place that is open.
fn look_at_tabs(window: &mut Harness<'_, App>, pages: &[(&str, &str)], problems: &mut Vec<String>) {
    let lang = window.state().model().lang();
    for (zh, en) in pages {
        let words = if lang == Lang::Zh { zh } else { en };
        let tab = window.query_all_by_label_contains(words).find(|node| node.rect().top() > 100.0);
        assert!(tab.is_some(), "{words}");
        tab.unwrap().click_accesskit();
        look(window, words, problems);
    }
}

fn look_at_all(window: &mut Harness<'_, App>, problems: &mut Vec<String>) {
    let enter = |place| Action::Window(WindowAction::Enter(place));
    let records = [
        named(window, Kind::Site, "铸造厂(示例)").id,
        named(window, Kind::ControlPoint, "丰润区政府").id,
    ];
    look(window, "situation", problems);
    send(window, Action::Command(Command::Bottom));
    look(window, "situation with its table", problems);
    for id in records {
        send(window, Action::Select(vec![id]));
        look(window, "situation with a card and its table", problems);
    }
    send(window, Action::Select(Vec::new()));
    send(window, Action::Command(Command::Bottom));
    for dialog in DIALOGS {
        let words = |window: &Harness<'_, App>| -> Vec<String> {
            written(window).into_iter().map(|text| text.words).collect()
        };
        let before = words(window);
        send(window, Action::Command(dialog));
        settle(window);
        assert_ne!(words(window), before, "{dialog:?} does not open");
        look(window, &format!("{dialog:?}"), problems);
        send(window, Action::Command(Command::StepBack));
    }
    send(window, enter(Workspace::Plans));
    settle(window);
    look_at_tabs(window, &PLAN_PAGES, problems);
    send(window, Action::Select(vec![records[0]]));
    look(window, "plans with a card", problems);
    send(window, Action::Select(Vec::new()));
    for (place, pages) in [
        (Workspace::Air, &AIR_PAGES[..]),
        (Workspace::Episodes, &EPISODE_PAGES[..]),
        (Workspace::Ledger, &LEDGER_PAGES[..]),
    ] {
        send(window, enter(place));
        settle(window);
        look_at_tabs(window, pages, problems);
    }
    let item = window.state().model().world().table(Kind::Item).iter().next().unwrap().id;
    send(window, Action::Select(vec![item]));
    send(window, Action::Ledger(LedgerAction::Open(true)));
    look(window, "ledger with an item and its card", problems);
    send(window, Action::Ledger(LedgerAction::Open(false)));
    send(window, Action::Select(Vec::new()));
    send(window, enter(Workspace::Meeting));
    for page in MEETING_PAGES {
        send(window, Action::Meeting(MeetingAction::Page(page.to_owned())));
        look(window, page, problems);
    }
    send(window, Action::Select(vec![records[0]]));
    look(window, "meeting with a card", problems);
    send(window, Action::Select(Vec::new()));
    send(window, enter(Workspace::Situation));
}

#[test]
fn every_page_is_laid_out_whole_in_both_languages_on_every_usual_screen() {
    let home = folder();
    let mut window = start(home.path());
    window.input_mut().max_texture_side = Some(8192);
    let mut problems = Vec::new();
    for lang in [Lang::Zh, Lang::En] {
        if window.state().model().lang() != lang {
            send(&mut window, Action::Command(Command::Language));
        }
        for (width, height) in SIZES {
            window.set_size(vec2(width, height));
            settle(&mut window);
            look_at_all(&mut window, &mut problems);
        }
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn eight_fields_of_a_card_are_seen_on_a_small_screen_beside_the_pages_of_each_place() {
    let home = folder();
    let mut window = start(home.path());
    window.set_size(vec2(1280.0, 720.0));
    let site = named(&window, Kind::Site, "铸造厂(示例)");
    for key in [Key::W, Key::G, Key::M] {
        window.key_press_modifiers(Modifiers::NONE, key);
        send(&mut window, Action::Select(vec![site.id]));
        settle(&mut window);
        let card = window.ctx.content_rect().with_min_x(900.0);
        let fields = site.kind.fields().iter().filter(|field| {
            let labels = window.query_all_by_label_contains(field.label.zh);
            labels
                .map(|node| node.rect())
                .any(|rect| card.contains_rect(rect) && rect.bottom() < 680.0 && rect.top() > 100.0)
        });
        assert!(fields.count() >= 8, "{key:?}");
        send(&mut window, Action::Select(Vec::new()));
    }
}

#[test]
fn what_is_found_is_listed_below_the_box_that_is_typed_in() {
    let home = folder();
    let mut window = start(home.path());
    for (width, height) in [(1280.0, 400.0), (1280.0, 720.0), (1920.0, 1080.0)] {
        window.set_size(vec2(width, height));
        send(&mut window, Action::Command(Command::Search));
        let field = window.get_by_role_and_label(Role::TextInput, "搜索");
        let (field_left, bottom) = (field.rect().left() - 60.0, field.rect().bottom());
        field.type_text("工地");
        settle(&mut window);
        // Beside the layers, which are called so too.
        let found: Vec<Rect> = window
            .query_all_by_label_contains("污染源与点位")
            .map(|row| row.rect())
            .filter(|row| row.left() > field_left)
            .collect();
        assert!(found.len() > 8, "{found:?}");
        assert!(found.iter().all(|row| row.top() >= bottom), "{found:?} over {bottom}");
        let first = found[0];
        assert!(found.iter().all(|row| (row.height() - first.height()).abs() < 0.5), "{found:?}");
        window.key_press(Key::Escape);
        settle(&mut window);
    }
}

#[test]
fn a_form_that_is_higher_than_its_panel_is_scrolled_and_the_tabs_stay() {
    let home = folder();
    let mut window = start(home.path());
    window.set_size(vec2(1280.0, 720.0));
    send(&mut window, Action::Window(WindowAction::Enter(Workspace::Ledger)));
    settle(&mut window);
    let tabs = |window: &Harness<'_, App>| window.get_by_label("应急响应").rect();
    let before = tabs(&window);
    window.get_by_label("应急响应").click();
    settle(&mut window);
    window.get_by_label("记录响应通知…").click();
    settle(&mut window);
    window.get_by_role_and_label(Role::TextInput, "响应文号");
    assert_eq!(tabs(&window), before);
    let map = window.get_by_role(Role::Canvas).rect();
    assert!(tabs(&window).top() >= map.bottom(), "{:?} under {map:?}", tabs(&window));
}
