//! The bar on top: district, search, undo and redo with their names, and what there is besides.

mod places;
mod tools;

use egui::{
    Align, AtomExt as _, Button, Key, Layout, Popup, PopupCloseBehavior, RichText, ScrollArea,
    TextEdit, Ui,
};
use lucide_icons::Icon;

use self::tools::Tools;
use super::action::{Action, ViewAction};
use super::command::{Command, Group};
use super::ctx::Ctx;
use super::model::District;
use super::theme;
use super::widgets::{icon, icon_button, menu_entry, named, note, strong, words_width};
use crate::analysis::search::SearchHit;
use crate::domain::Text;
use crate::geodesy::coordinates::{CoordinateReading, readings};
use crate::store::JournalEntry;
use crate::ui::parts::words::step_name;

/// The bar on top, with what is typed into its search box.
#[derive(Default)]
pub struct Bar {
    search: Search,
}

#[derive(Default)]
struct Search {
    text: String,
    /// Of the text, and the revision that was searched.
    asked: Option<(String, u64)>,
    found: Vec<SearchHit>,
    places: Vec<CoordinateReading>,
    chosen: usize,
    /// Whether the list was stepped through by keys just now.
    is_stepped: bool,
    wants_focus: bool,
}

const MOST_FOUND: usize = 12;
const SEARCH: Text = Text::new(
    "搜索名称、编码、路名、人员、拼音首字母或坐标",
    "Name, code, road, person, pinyin initials or coordinates",
);
const READING: Text =
    Text::new("正在读取，读完后可查找", "The district is being read: it can be searched then");
const NOTHING: Text = Text::new(
    "没有找到。可试拼音首字母（如 ql）或坐标（118.16,39.83）",
    "Nothing found. Try pinyin initials (ql) or coordinates (118.16,39.83)",
);

/// How wide what is found is listed at least, points.
const LIST_WIDTH: f32 = 340.0;
/// How wide the search box is at least and at most, points.
const SEARCH_WIDTHS: [f32; 2] = [170.0, 560.0];
/// Of the search box and the space beside it, points.
const SEARCH_FRAME: f32 = 20.0;
/// The share of the window's width that the name of the district may take.
const NAME_SHARE: f32 = 0.16;
/// In a window narrower than this the steps are icons alone, points.
const NARROW: f32 = 1400.0;

/// Of the search box.
pub fn search_id() -> egui::Id {
    egui::Id::unique("search box")
}

impl Bar {
    /// The search box takes the keyboard in the next frame.
    pub const fn focus_search(&mut self) {
        self.search.wants_focus = true;
    }

    /// Shows the whole bar.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.horizontal_centered(|ui| {
            district_ui(ui, ctx);
            places::ui(ui, ctx);
            ui.separator();
            steps_ui(ui, ctx);
            let [least, most] = SEARCH_WIDTHS;
            let room = ui.available_width() - SEARCH_FRAME;
            let tools = Tools::that_fit(ui, ctx, room - least);
            self.search.ui(ui, ctx, (room - tools.width).clamp(least, most));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| tools.ui(ui, ctx));
        });
    }
}

fn district_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let name = ctx.district.as_ref().map_or(ctx.say(Text::new("沙盘", "Shapan")), |d| &d.name);
    let title =
        RichText::new(format!("{name} ")).font(egui::FontId::new(theme::NAME, theme::bold()));
    let most = ui.ctx().content_rect().width() * NAME_SHARE;
    let is_cut = words_width(ui, title.clone()) > most;
    let title = title.atom_max_width(most);
    let button = Button::new((title, icon(Icon::ChevronDown).weak())).frame_when_inactive(false);
    let response = ui.add(button);
    named(&response, ctx.say(Text::new("文件菜单", "File menu")));
    let response = if is_cut { response.on_hover_text(name) } else { response };
    Popup::menu(&response).show(|ui| menu_ui(ui, ctx));
}

/// Every command there is: those of files at once, the others by group.
fn menu_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ui.set_min_width(230.0);
    for command in Command::of(Group::File) {
        menu_entry(ui, ctx, command, tools::may(ctx, command));
        if matches!(command, Command::Sample | Command::Compact | Command::History) {
            ui.separator();
        }
    }
    ui.separator();
    for group in Group::ALL.into_iter().filter(|group| *group != Group::File) {
        ui.menu_button(ctx.say(group.title()), |ui| {
            ui.set_min_width(230.0);
            for command in Command::of(group) {
                menu_entry(ui, ctx, command, tools::may(ctx, command));
            }
        });
    }
}

fn steps_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let (mut done, mut undone) = (None, None);
    if let Some(district) = &ctx.district {
        done = district.steps.done.last().and_then(|revision| district.entry(*revision));
        undone = district.steps.undone.last().and_then(|revision| district.entry(*revision));
    }
    let count = ctx.district.as_ref().map_or(0, |d| d.steps.done.len());
    step_button(ui, ctx, Command::Undo, done, count);
    let count = ctx.district.as_ref().map_or(0, |d| d.steps.undone.len());
    step_button(ui, ctx, Command::Redo, undone, count);
    icon_button(ui, ctx, Command::History, ctx.district.is_some());
}

fn step_button(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    command: Command,
    step: Option<&JournalEntry>,
    count: usize,
) {
    let about = command.about();
    let words = ctx.say(about.words);
    let shown = if ui.ctx().content_rect().width() < NARROW { "" } else { words };
    let label = if count > 0 {
        format!("{} {shown}({count})", about.icon.unicode())
    } else {
        format!("{} {shown}", about.icon.unicode())
    };
    let button = Button::new(label).frame_when_inactive(false);
    let response = ui.add_enabled(step.is_some(), button);
    let name =
        step.map_or_else(|| words.to_owned(), |step| format!("{words}: {}", step_name(ctx, step)));
    named(&response, words);
    if response.on_hover_text(name).clicked() {
        ctx.actions.command(command);
    }
}

impl Search {
    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, width: f32) {
        let hint = format!("{} {}", Icon::Search.unicode(), ctx.say(SEARCH));
        let edit = TextEdit::singleline(&mut self.text).id(search_id()).hint_text(hint);
        let edit = edit.desired_width(width);
        let response = ui.add(edit);
        let name = ctx.say(Command::Search.about().words);
        super::widgets::named_text(&response, name, &self.text);
        if std::mem::take(&mut self.wants_focus) {
            response.request_focus();
        }
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
            self.text.clear();
        }
        self.look(ctx);
        let count = self.places.len() + self.found.len();
        let is_typing = response.has_focus() || response.lost_focus();
        if is_typing && count > 0 {
            let (up, down, enter) = ui.input(|input| {
                (
                    input.key_pressed(Key::ArrowUp),
                    input.key_pressed(Key::ArrowDown),
                    input.key_pressed(Key::Enter),
                )
            });
            self.is_stepped = up || down;
            self.chosen = match (up, down) {
                (true, _) => (self.chosen + count - 1) % count,
                (_, true) => (self.chosen + 1) % count,
                _ => self.chosen.min(count - 1),
            };
            if enter {
                self.go(self.chosen, ctx);
                response.surrender_focus();
                return;
            }
        }
        let is_open = response.has_focus() && !self.text.trim().is_empty();
        Popup::from_response(&response)
            .open(is_open)
            .close_behavior(PopupCloseBehavior::IgnoreClicks)
            .show(|ui| {
                ui.set_width(response.rect.width().max(LIST_WIDTH));
                // Taller it would lie over the box that is typed in.
                let room = ui.ctx().content_rect().bottom() - response.rect.bottom() - 32.0;
                ScrollArea::vertical().max_height(room).show(ui, |ui| self.list_ui(ui, ctx));
            });
    }

    fn look(&mut self, ctx: &Ctx<'_>) {
        let now = (self.text.clone(), ctx.known.revision);
        if self.asked.as_ref() == Some(&now) {
            return;
        }
        self.found = ctx.known.search.search(&self.text, MOST_FOUND);
        self.places = readings(&self.text);
        self.chosen = 0;
        self.asked = Some(now);
    }

    fn list_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        if self.found.is_empty() && self.places.is_empty() {
            ui.label(note(ctx.say(if ctx.is_reading() { READING } else { NOTHING })));
        }
        let mut picked = None;
        for (row, place) in self.places.iter().enumerate() {
            let text = format!("{} {}", Icon::Crosshair.unicode(), place.words);
            if ui.add(Button::selectable(row == self.chosen, text)).clicked() {
                picked = Some(row);
            }
        }
        for (row, found) in (self.places.len()..).zip(&self.found) {
            let Some(record) = ctx.record(found.id) else { continue };
            let kind = record.kind.label().say(ctx.lang());
            let matched = if found.matched == record.name() { "" } else { &found.matched };
            let text = (strong(record.name()), note(format!("{kind} {matched}")));
            let button = Button::selectable(row == self.chosen, text).truncate();
            let response = ui.add(button);
            if self.is_stepped && row == self.chosen {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                picked = Some(row);
            }
            if response.hovered() {
                ctx.actions.view(ViewAction::Hover(Some(found.id)));
            }
        }
        if let Some(row) = picked {
            self.go(row, ctx);
        }
    }

    fn go(&mut self, row: usize, ctx: &Ctx<'_>) {
        if let Some(place) = self.places.get(row) {
            ctx.actions.view(ViewAction::ShowPlace(place.wgs84));
        } else if let Some(found) = self.found.get(row - self.places.len()) {
            ctx.actions.send(Action::Select(vec![found.id]));
            ctx.actions.view(ViewAction::ShowRecord(found.id));
        }
        self.text.clear();
    }
}

impl District {
    /// For the title of the window.
    pub fn title(&self) -> String {
        format!("{} · 沙盘", self.name)
    }
}
