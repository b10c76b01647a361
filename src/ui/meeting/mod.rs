//! 会商: the meeting in the window.
//!
//! `ui::model::meetings` is what it knows; [`agenda`] the meeting and its scenes; [`stage`] the big screen;
//! [`pages`] holds what can stand beside the map, one file each and one line in its list. While the
//! mode is open the panel below the map shows one page; scenes name theirs by key.

mod agenda;
mod bubble;
pub mod pages;
mod since;
pub mod stage;

use egui::{Align, Button, Layout, Ui};

use super::command::Command;
use super::ctx::Ctx;
use super::widgets::{LOW, beside_tabs, icon, icon_button, named, tabs_width, words_width};
use crate::domain::Text;
use crate::ui::model::meetings::AGENDA;

pub use self::bubble::OnMap;
use super::action::MeetingAction;

/// Of the moment of comparison and of the buttons beside the tabs in the longer language, points.
const BESIDE_TABS: f32 = 700.0;

/// The panel below the map.
#[derive(Default)]
pub struct MeetingPanel {
    agenda: agenda::AgendaPage,
}

impl MeetingPanel {
    /// Shows the panels of the meeting.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        // A page with little on it must not make the panel small for the others.
        ui.set_min_height(ui.available_height());
        if ui.available_height() < LOW {
            let titles = pages::ALL.iter().map(|page| ctx.say(page.title()));
            let width = tabs_width(ui, titles.chain([ctx.say(agenda::TITLE)]));
            beside_tabs(ui, width, |ui| tabs_ui(ui, ctx), |ui| self.page_ui(ui, ctx, false));
            return;
        }
        let titles = pages::ALL.iter().map(|page| page.title()).chain([agenda::TITLE]);
        let between = 2.0 * ui.spacing().button_padding.x + ui.spacing().item_spacing.x;
        let tabs: f32 = titles.map(|title| words_width(ui, ctx.say(title)) + between).sum();
        let is_wide = ui.available_width() >= tabs + BESIDE_TABS;
        if !is_wide {
            ui.horizontal_wrapped(|ui| tabs_ui(ui, ctx));
        }
        self.page_ui(ui, ctx, is_wide);
    }

    /// The page that is chosen, under what all of them share.
    fn page_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, has_tabs: bool) {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                icon_button(ui, ctx, Command::Dock, true);
                icon_button(ui, ctx, Command::Pen, true);
                papers_ui(ui, ctx);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    if has_tabs {
                        tabs_ui(ui, ctx);
                        ui.separator();
                    }
                    since::ui(ui, ctx);
                });
            });
        });
        ui.add_space(2.0);
        match pages::by_key(&ctx.meeting.page) {
            Some(page) => page.ui(ui, ctx),
            None => self.agenda.ui(ui, ctx),
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
    let is_agenda = pages::by_key(&ctx.meeting.page).is_none();
    if ui.add(Button::selectable(is_agenda, ctx.say(agenda::TITLE))).clicked() {
        ctx.actions.meeting(MeetingAction::Page(AGENDA.to_owned()));
    }
    for page in pages::ALL {
        let is_shown = ctx.meeting.page == page.key();
        if ui.add(Button::selectable(is_shown, ctx.say(page.title()))).clicked() {
            ctx.actions.meeting(MeetingAction::Page(page.key().to_owned()));
        }
    }
}
