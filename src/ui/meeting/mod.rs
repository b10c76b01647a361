//! 会商: the meeting in the window.
//!
//! [`state`] is what it knows; [`pages`] holds what can stand beside the map, one file each and one
//! line in its list. While the mode is open the panel below the map shows one page; scenes name
//! theirs by key.

pub mod pages;
mod state;

use egui::{Align, Button, Layout, Ui};
use lucide_icons::Icon;

use super::command::Command;
use super::ctx::Ctx;
use super::widgets::{icon, named};
use crate::domain::Text;

pub use state::{MeetingAction, Meetings, Since, Then};

/// The panel below the map.
#[derive(Default)]
pub struct MeetingPanel;

impl MeetingPanel {
    #[expect(clippy::unused_self, reason = "what is being typed will be kept here")]
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        // A page with little on it must not make the panel small for the others.
        ui.set_min_height(ui.available_height());
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let close = ui.add(Button::new(icon(Icon::X)).frame_when_inactive(false));
                named(&close, ctx.say(Text::new("关闭会商", "Close the meeting")));
                if close.clicked() {
                    ctx.actions.command(Command::Meeting);
                }
                papers_ui(ui, ctx);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| tabs_ui(ui, ctx));
            });
        });
        ui.add_space(2.0);
        if let Some(page) = pages::by_key(&ctx.meeting.page) {
            page.ui(ui, ctx);
        }
    }
}

/// What is taken home.
fn papers_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let about = Command::Brief.about();
    let words = ctx.say(Text::new("生成纪要", "Write the minutes"));
    let button = ui.add(Button::new((icon(about.icon), words)));
    named(&button, words);
    if button.clicked() {
        ctx.actions.command(Command::Brief);
    }
}

fn tabs_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    for page in pages::ALL {
        let is_shown = ctx.meeting.page == page.key();
        if ui.add(Button::selectable(is_shown, ctx.say(page.title()))).clicked() {
            ctx.actions.meeting(MeetingAction::Page(page.key().to_owned()));
        }
    }
}
