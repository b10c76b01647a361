//! The window as pixels: map, card, table and big screen in both themes, painted by whatever
//! Vulkan there is. They lie in `target/pictures` afterwards, to be looked at.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use image::RgbaImage;
use shapan::analysis::agenda;
use shapan::domain::{Kind, Lang};
use shapan::map::tokens::{DARK, LIGHT, Palette as Tokens, Rgba};
use shapan::settings::{Settings, ThemeChoice, clock};
use shapan::ui::{
    Action, App, Command, MeetingAction, PlannerAction, StageAction, ViewAction, WindowAction,
    Workspace,
};

use crate::journeys::settle;
use crate::support::{folder, skipped};

fn window(home: &Path, theme: ThemeChoice) -> Option<Harness<'static, App>> {
    painted_by(home, theme, false)
}

/// `is_fitted` where the window may find out that there is no GPU.
fn painted_by(home: &Path, theme: ThemeChoice, is_fitted: bool) -> Option<Harness<'static, App>> {
    let home = home.to_owned();
    let built = catch_unwind(AssertUnwindSafe(|| {
        Harness::builder().with_size(vec2(1600.0, 900.0)).wgpu().build_eframe(|creation| {
            let settings = Settings { theme, reduced_motion: true, ..Settings::default() };
            let mut app =
                App::new(&creation.egui_ctx, home, settings, Some("李规划".to_owned())).unwrap();
            if is_fitted {
                app.fit_to(creation.wgpu_render_state.as_ref().unwrap());
            }
            app.begin(None, None);
            app
        })
    }));
    let Ok(mut window) = built else {
        skipped("there is no Vulkan driver to paint with");
        return None;
    };
    settle(&mut window);
    Some(window)
}

fn painted(window: &mut Harness<'_, App>, name: &str) -> RgbaImage {
    let picture = window.render().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    picture.save(folder.join(format!("{name}.png"))).unwrap();
    picture
}

/// The share of pixels in a part of the picture (of its width and height) near a colour.
fn share(picture: &RgbaImage, part: [f32; 4], color: Rgba) -> f64 {
    let (width, height) = picture.dimensions();
    let [left, top, right, bottom] = part;
    let x = (left * width as f32) as u32..(right * width as f32) as u32;
    let y = (top * height as f32) as u32..(bottom * height as f32) as u32;
    let total = f64::from(x.len() as u32 * y.len() as u32);
    let is_near = |x: u32, y: u32| {
        let pixel = picture.get_pixel(x, y).0;
        (0..3).all(|part| pixel[part].abs_diff(color.0[part]) <= 6)
    };
    let near = y.flat_map(|y| x.clone().map(move |x| (x, y))).filter(|(x, y)| is_near(*x, *y));
    near.count() as f64 / total
}

/// A picture over a window of one colour.
fn over(picture: &RgbaImage, below: Rgba) -> RgbaImage {
    let mut over = picture.clone();
    for pixel in over.pixels_mut() {
        let left = 255 - u32::from(pixel.0[3]);
        for part in 0..3 {
            // Premultiplied.
            pixel.0[part] += (u32::from(below.0[part]) * left / 255) as u8;
        }
        pixel.0[3] = 255;
    }
    over
}

#[test]
fn a_window_without_a_gpu_shows_the_same() {
    // The strip says how old the readings are: both windows are of one minute.
    clock::pretend(clock::now());
    for (name, theme, tokens) in
        [("light", ThemeChoice::Light, LIGHT), ("dark", ThemeChoice::Dark, DARK)]
    {
        let homes = [folder(), folder()];
        let Some(mut usual) = painted_by(homes[0].path(), theme, false) else { return };
        let Some(mut plain) = painted_by(homes[1].path(), theme, true) else { return };
        alike(&mut usual, &mut plain, tokens, &format!("{name}, at first"));
        let steps: [fn() -> ViewAction; 2] =
            [|| ViewAction::PanBy(vec2(310.0, -170.0)), || ViewAction::ZoomBy(1.0)];
        for step in steps {
            for window in [&mut usual, &mut plain] {
                window.state().actions().send(Action::View(step()));
                window.step();
            }
            // The old picture moved, with bare ground beside it. Scaled it is coarser.
            if matches!(step(), ViewAction::PanBy(_)) {
                alike(&mut usual, &mut plain, tokens, &format!("{name}, moved"));
            }
            settle(&mut usual);
            settle(&mut plain);
            alike(&mut usual, &mut plain, tokens, &format!("{name}, drawn anew"));
        }
        // There the lines of trucks lie between two pictures.
        for window in [&mut usual, &mut plain] {
            window.state().actions().send(Action::Command(Command::Planner));
            settle(window);
            assert!(window.state().model().planner.answer.is_some());
        }
        alike(&mut usual, &mut plain, tokens, &format!("{name}, with lines"));
    }
}

#[track_caller]
fn alike<'a>(
    usual: &mut Harness<'a, App>,
    plain: &mut Harness<'a, App>,
    tokens: Tokens,
    when: &str,
) {
    // Without the line at the foot, which tells the minute.
    let [a, b] = [usual, plain].map(|window| {
        let whole = over(&window.render().unwrap(), tokens.panel);
        image::imageops::crop_imm(&whole, 0, 0, whole.width(), whole.height() - 40).to_image()
    });
    let differs = |(a, b): &(&image::Rgba<u8>, &image::Rgba<u8>)| {
        a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > 3)
    };
    let count = a.pixels().zip(b.pixels()).filter(differs).count();
    if count > 0 {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        a.save(folder.join("usual.png")).unwrap();
        b.save(folder.join("plain.png")).unwrap();
    }
    assert_eq!(count, 0, "pixels differ, {when}");
}

/// The middle of the map, clear of panels.
const MAP: [f32; 4] = [0.26, 0.2, 0.62, 0.8];
const CARD: [f32; 4] = [0.79, 0.14, 1.0, 0.9];
const TABLE: [f32; 4] = [0.0, 0.66, 1.0, 0.95];

#[test]
fn map_card_table_and_big_screen_are_painted_in_both_themes() {
    for (name, theme, tokens) in
        [("light", ThemeChoice::Light, LIGHT), ("dark", ThemeChoice::Dark, DARK)]
    {
        let home = folder();
        let Some(mut window) = window(home.path(), theme) else { return };
        let map = painted(&mut window, &format!("map-{name}"));
        check_map(&map, &tokens, name);

        let world = window.state().model().world();
        let failing = world.table(Kind::Site).iter().find(|site| site.text("wash") == "不合格");
        let site = failing.unwrap().id;
        window.state().actions().send(Action::Select(vec![site]));
        window.state().actions().send(Action::View(ViewAction::ShowRecord(site)));
        window.state().actions().send(Action::Command(Command::Bottom));
        settle(&mut window);
        let worked = painted(&mut window, &format!("card-and-table-{name}"));
        // Letters on the panel, in the card and in the table.
        for part in [CARD, TABLE] {
            let (panel, ink) =
                (share(&worked, part, tokens.panel), share(&worked, part, tokens.ink));
            assert!(panel > 0.4, "{name}: {panel}");
            assert!(ink > 0.004, "{name}: {ink}");
        }

        window.state().actions().send(Action::Command(Command::Big));
        settle(&mut window);
        let big = painted(&mut window, &format!("big-{name}"));
        check_map(&big, &tokens, name);
    }
}

/// Something of everything: ink of letters and marks, the red of what fails, the colour of rings.
fn check_map(picture: &RgbaImage, tokens: &Tokens, name: &str) {
    let ink = share(picture, MAP, tokens.ink);
    let act = share(picture, MAP, tokens.act);
    let whole = share(picture, MAP, tokens.panel) + share(picture, MAP, tokens.ground);
    assert!((0.002..0.3).contains(&ink), "{name}: ink {ink}");
    assert!(act > 0.0002, "{name}: red {act}");
    assert!(whole < 0.98, "{name}: the map is empty: {whole}");
}

#[test]
fn a_plan_is_painted_with_its_figures_and_the_roads_that_change() {
    for (name, theme, tokens) in
        [("light", ThemeChoice::Light, LIGHT), ("dark", ThemeChoice::Dark, DARK)]
    {
        let home = folder();
        let Some(mut window) = window(home.path(), theme) else { return };
        let ask = |window: &mut Harness<'_, App>, actions: Vec<Action>| {
            window.state().actions().send(Action::All(actions));
            settle(window);
        };
        let at = "2026-12-05T10:00:00".parse().unwrap();
        let moment = Action::Planner(PlannerAction::At(at));
        ask(&mut window, vec![Action::Command(Command::Planner), moment]);
        painted(&mut window, &format!("planner-today-{name}"));
        let plan = PlannerAction::Choose("秋冬季货车绕行方案(示例)".to_owned());
        ask(&mut window, vec![Action::Planner(plan)]);
        let chosen = painted(&mut window, &format!("planner-plan-{name}"));
        let (more, less) = (share(&chosen, MAP, tokens.act), share(&chosen, MAP, tokens.accent));
        assert!(more > 0.001 && less > 0.001, "{name}: more {more}, less {less}");
        for (page, file) in [
            ("方案对比", "plans"),
            ("变化的车流 ", "trips"),
            ("检查 ", "checks"),
            ("公告", "notice"),
            ("拥堵均衡", "balance"),
            ("货车流量", "flows"),
            ("路网", "roads"),
        ] {
            let tab = window.query_all_by_label_contains(page).next().unwrap();
            tab.click();
            settle(&mut window);
            painted(&mut window, &format!("planner-{file}-{name}"));
        }
        window.get_by_label("结果").click();
        ask(&mut window, vec![Action::Planner(PlannerAction::StepTrip(-1))]);
        painted(&mut window, &format!("planner-trip-{name}"));
        ask(&mut window, vec![Action::Command(Command::Language)]);
        painted(&mut window, &format!("planner-english-{name}"));
    }
}

const SCREENS: [(u32, u32); 4] = [(1280, 720), (1366, 768), (1920, 1080), (3840, 2160)];
const PLACES: [Workspace; 6] = [
    Workspace::Situation,
    Workspace::Air,
    Workspace::Episodes,
    Workspace::Plans,
    Workspace::Ledger,
    Workspace::Meeting,
];

#[test]
fn every_place_is_painted_on_every_usual_screen_in_both_themes_and_languages() {
    for (name, theme, lang, tokens) in [
        ("light-zh", ThemeChoice::Light, Lang::Zh, LIGHT),
        ("dark-en", ThemeChoice::Dark, Lang::En, DARK),
    ] {
        let home = folder();
        let Some(mut window) = window(home.path(), theme) else { return };
        window.input_mut().max_texture_side = Some(8192);
        if window.state().model().lang() != lang {
            window.state().actions().send(Action::Command(Command::Language));
        }
        for (width, height) in SCREENS {
            window.set_size(vec2(width as f32, height as f32));
            // Letters of the same size take a smaller share of a larger screen.
            let words = 0.002 * f64::from(1280 * 720) / f64::from(width * height);
            for place in PLACES {
                window.state().actions().send(Action::Window(WindowAction::Enter(place)));
                settle(&mut window);
                let file = format!("{width}-{place:?}-{name}").to_lowercase();
                let picture = painted(&mut window, &file);
                assert_eq!(picture.dimensions(), (width, height), "{file}");
                // The row of places, and the map or the page below it.
                for part in [[0.0, 0.0, 1.0, 0.05], [0.0, 0.1, 1.0, 1.0]] {
                    let [panel, ink, muted, ground] =
                        [tokens.panel, tokens.ink, tokens.muted, tokens.ground]
                            .map(|color| share(&picture, part, color));
                    assert!(panel > 0.1, "{file}: {panel}");
                    assert!(ink + muted > words, "{file}: {ink} {muted}");
                    assert!(panel + ground < 0.995, "{file}: nothing is shown");
                }
            }
        }
    }
}

/// The head of the big screen, and the board at the right third.
const HEAD: [f32; 4] = [0.0, 0.0, 0.5, 0.11];
const BOARD: [f32; 4] = [0.68, 0.13, 1.0, 0.9];

#[test]
fn scenes_are_painted_on_the_big_screen_with_head_map_and_board() {
    for (name, theme, tokens) in
        [("light", ThemeChoice::Light, LIGHT), ("dark", ThemeChoice::Dark, DARK)]
    {
        let home = folder();
        let Some(mut window) = window(home.path(), theme) else { return };
        let world = window.state().model().world();
        let names = shapan::map::layers::names();
        let planned = agenda::agenda(agenda::MEETING, &names, &world).unwrap();
        let call = agenda::Call::next(&world, jiff::civil::date(2026, 11, 25));
        let stage = |wish| Action::Meeting(MeetingAction::Stage(wish));
        let begin = vec![
            Action::Command(Command::Meeting),
            stage(StageAction::Convene(Box::new(call), planned)),
            Action::Command(Command::Big),
        ];
        window.state().actions().send(Action::All(begin));
        settle(&mut window);
        // The speaker's window lies in this one, for want of another.
        window.state().actions().send(stage(StageAction::Speaker(false)));
        let scenes = [(4, "rings"), (2, "traffic"), (4, "decide")];
        let count = if name == "light" { scenes.len() } else { 1 };
        for (step, scene) in scenes.into_iter().take(count) {
            window.state().actions().send(stage(StageAction::Step(step)));
            settle(&mut window);
            assert_eq!(window.state().model().meeting.stage.page, scene);
            let picture = painted(&mut window, &format!("scene-{scene}-{name}"));
            check_map(&picture, &tokens, name);
            for part in [HEAD, BOARD] {
                let panel = share(&picture, part, tokens.panel);
                // A page on which nobody has written yet has only notes.
                let words = [tokens.ink, tokens.muted].map(|ink| share(&picture, part, ink));
                let words: f64 = words.iter().sum();
                assert!(panel > 0.4, "{name} {scene}: {panel}");
                assert!(words > 0.0015, "{name} {scene}: {words}");
            }
        }
    }
}
