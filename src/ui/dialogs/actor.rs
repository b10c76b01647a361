//! Who sits here: asked once, where neither the command line, the settings nor the system knows.

use egui::{Button, Key, TextEdit, Ui};

use super::Dialog;
use crate::domain::Text;
use crate::settings::Preference;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named_text, note};

/// Asks for a name, which stands beside every change from then on.
#[derive(Default)]
pub struct ActorPage {
    name: String,
    has_focus: bool,
}

impl Dialog for ActorPage {
    fn title(&self) -> Text {
        Text::new("您是哪位？", "Who are you?")
    }

    fn size(&self) -> [f32; 2] {
        [360.0, 150.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        ui.label(note(ctx.tell(
            "每处修改都记下是谁改的。只问这一次，以后可在设置中更改",
            "Every change says who made it. Asked once; the settings can change it later",
        )));
        let name = ctx.say(Text::new("姓名", "Name"));
        let edit = TextEdit::singleline(&mut self.name).hint_text(name);
        let response = ui.add(edit.desired_width(f32::INFINITY));
        named_text(&response, name, &self.name);
        if !std::mem::replace(&mut self.has_focus, true) {
            response.request_focus();
        }
        let is_entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let may = !self.name.trim().is_empty();
        let button = ui.add_enabled(may, Button::new(ctx.tell("确定", "OK")));
        if may && (button.clicked() || is_entered) {
            ctx.actions.prefer(Preference::Actor(self.name.trim().to_owned()));
            return false;
        }
        true
    }
}
