//! What is seen of the window on the screens of an office.

use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shapan::domain::Kind;
use shapan::ui::{Action, App};

use crate::journeys::{named, settle, start};
use crate::support::folder;

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().actions().send(action);
    window.run_steps(3);
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
            labels.map(|node| node.rect()).any(|rect| {
                card.contains_rect(rect) && rect.bottom() < 680.0 && rect.top() > 100.0
            })
        });
        assert!(fields.count() >= 8, "{key:?}");
        send(&mut window, Action::Select(Vec::new()));
    }
}
