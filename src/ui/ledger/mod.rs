//! The place of the ledger: what is due today as a list to be worked by keys, the page of an item, and
//! who is late.

mod campaign;
mod case;
mod item;
mod list;
mod out;
mod photos;
mod plans;
mod responses;
mod sheets;
mod who;
mod worded;

use std::sync::Arc;

use egui::{Align, Button, Layout, TextEdit, TextStyle, Ui};
use lucide_icons::Icon;

use self::case::CaseForm;
use self::list::List;
use self::photos::Pair;
use self::plans::Plans;
use self::responses::Responses;
use self::who::Who;
use self::worded::worded_button;
use super::action::{Action, LedgerAction};
use super::command::Command;
use super::ctx::Ctx;
use super::model::Model;
use super::model::ledger::LedgerNow;
use super::theme;
use super::widgets::{empty, icon, icon_button, named, named_text, note};
use crate::analysis::ledger::{LedgerFilter, Order, View};
use crate::domain::item::StepKind;
use crate::domain::{Kind, RecordId, Text};

/// The panel below the map.
#[derive(Default)]
pub struct LedgerPanel {
    page: Page,
    filter: LedgerFilter,
    list: List,
    who: Who,
    plans: Plans,
    responses: Responses,
    case: CaseForm,
    photos: Pair,
    is_open: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Today,
    Plans,
    Responses,
    Campaign,
    Who,
}

impl Page {
    const ALL: [Self; 5] = [Self::Today, Self::Plans, Self::Responses, Self::Campaign, Self::Who];

    const fn words(self) -> Text {
        match self {
            Self::Today => Text::new("今日", "Today"),
            Self::Plans => Text::new("检查计划", "Check plans"),
            Self::Responses => Text::new("应急响应", "Responses"),
            Self::Campaign => Text::new("专项行动", "Campaigns"),
            Self::Who => Text::new("谁在拖", "Who is late"),
        }
    }
}

/// Steps beside those of the figure keys.
const OTHERS: [StepKind; 10] = [
    StepKind::Postpone,
    StepKind::Hold,
    StepKind::Resume,
    StepKind::Refute,
    StepKind::Transfer,
    StepKind::Merge,
    StepKind::Void,
    StepKind::Relapse,
    StepKind::Urge,
    StepKind::Supply,
];

impl LedgerPanel {
    /// Shows the page that is open.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.set_min_height(ui.available_height());
        let Some(now) = ctx.ledger.as_ref() else {
            let words = ctx.tell("正在读取台账…", "Reading the ledger…");
            return empty(ui, words, ctx.tell("可继续看图", "The map stays usable meanwhile"));
        };
        self.head_ui(ui, ctx, now);
        let is_bare = now.ledger.rows.is_empty() && now.decided.is_empty();
        if is_bare && matches!(self.page, Page::Today | Page::Who) {
            let what = ctx.tell("台账还没有问题", "The ledger has no item yet");
            let next = ctx.tell(
                "导入台账文件，或从 Excel 复制后在此按 Ctrl+V；会商决定可一键转入",
                "Import a list, paste rows from Excel with Ctrl+V, or turn decisions into items",
            );
            return empty(ui, what, next);
        }
        match self.page {
            Page::Today => self.today_ui(ui, ctx, now),
            Page::Plans => self.plans.ui(ui, ctx, now),
            Page::Responses => self.responses.ui(ui, ctx, now),
            Page::Campaign => {
                if let Some(filter) = campaign::ui(ui, ctx, now) {
                    self.list(filter);
                }
            }
            Page::Who => {
                if let Some(filter) = self.who.ui(ui, ctx, now) {
                    self.list(filter);
                }
            }
        }
    }

    fn head_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, now: &Arc<LedgerNow>) {
        let room = self.room(ui, ctx);
        let has_words = room == Room::All;
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                icon_button(ui, ctx, Command::Dock, true);
                self.search_ui(ui, ctx);
                self.order_ui(ui, ctx, has_words);
                out::ui(ui, ctx, now, (self.list.ids(), &self.filter), has_words);
                steps_ui(ui, ctx, room);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    for page in Page::ALL {
                        let tab = Button::selectable(page == self.page, ctx.say(page.words()));
                        if ui.add(tab).clicked() {
                            self.page = page;
                        }
                    }
                });
            });
        });
        if self.page == Page::Today {
            ui.horizontal_wrapped(|ui| self.views_ui(ui, ctx, now));
        }
    }

    /// How much of the words of this language has room beside the tabs.
    fn room(&self, ui: &Ui, ctx: &Ctx<'_>) -> Room {
        let font = TextStyle::Button.resolve(ui.style());
        let (spacing, color) = (ui.spacing(), ui.visuals().text_color());
        let around = 2.0 * spacing.button_padding.x + spacing.item_spacing.x;
        // An icon is as wide as a letter of Chinese, and a gap follows.
        let icon = font.size + spacing.icon_spacing;
        let width = |words: &str| {
            ui.painter().layout_no_wrap(words.to_owned(), font.clone(), color).size().x
        };
        let buttons = |words: &[&str]| -> f32 { words.iter().map(|it| width(it) + around).sum() };
        let tabs = buttons(&Page::ALL.map(|page| ctx.say(page.words())));
        let more = if self.has_more() { icon + buttons(&[&self.more_words()]) } else { 0.0 };
        let fixed = tabs + SEARCH + around + more + theme::TARGET + around;
        let menus = [out::MENUS[0], out::MENUS[1], self.list.order().label(), MORE_STEPS];
        let icons = 4.0 * (icon + around);
        let steps = 6.0 * icon + buttons(&STEPS.map(|(_, words)| ctx.say(words)));
        let left = ui.available_width() - fixed - icons - steps;
        let words: f32 = menus.iter().map(|words| width(ctx.say(*words))).sum();
        match left {
            left if left >= words => Room::All,
            left if left >= 0.0 => Room::Steps,
            _ => Room::Nothing,
        }
    }

    /// The lists, each with how much stands in it.
    fn views_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow) {
        for view in View::ALL {
            let (words, count) = (ctx.say(view.label()), now.count(view));
            let filter = LedgerFilter { view, ..LedgerFilter::default() };
            let decided = now.decided.iter().filter(|it| it.is_meant(&filter, now.now)).count();
            let count = count + decided;
            let is_shown = self.page == Page::Today && self.filter.view == view;
            let number = note(count.to_string());
            let number = if view.is_urgent() && count > 0 {
                number.color(ctx.color(|t| t.act))
            } else {
                number
            };
            let button = ui.add(Button::selectable(is_shown, (words, number)));
            named(&button, &format!("{words} {count}"));
            if button.clicked() {
                self.page = Page::Today;
                self.filter = LedgerFilter { view, only: None, ..self.filter.clone() };
            }
        }
    }

    fn search_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let hint = ctx.tell("编号、单位、点位、问题", "number, unit, place, problem");
        let name = ctx.tell("筛选台账", "Filter the ledger");
        let edit =
            TextEdit::singleline(&mut self.filter.text).hint_text(hint).desired_width(SEARCH);
        let response = ui.add(edit);
        named_text(&response, &name, &self.filter.text);
        if self.has_more() {
            let clear = ui.button((icon(Icon::X), self.more_words()));
            named(&clear, &ctx.tell("清除台账筛选", "Clear the filter of the ledger"));
            if clear.clicked() {
                self.filter = LedgerFilter { view: self.filter.view, ..LedgerFilter::default() };
            }
        }
    }

    /// In which order the list is.
    fn order_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, has_words: bool) {
        let words = ctx.say(self.list.order().label());
        let button = worded_button(ui, Icon::ArrowDownWideNarrow, words, has_words);
        egui::Popup::menu(&button).show(|ui| {
            for order in Order::ALL {
                let is_own = order == self.list.order();
                if ui.add(Button::selectable(is_own, ctx.say(order.label()))).clicked() {
                    self.list.put_in(order);
                    ui.close();
                }
            }
        });
    }

    fn has_more(&self) -> bool {
        let plain = LedgerFilter {
            view: self.filter.view,
            text: self.filter.text.clone(),
            ..LedgerFilter::default()
        };
        self.filter != plain
    }

    fn more_words(&self) -> String {
        let of = &self.filter;
        let named = [&of.unit, &of.township, &of.leader, &of.department, &of.item_type];
        let mut words: Vec<String> = named.into_iter().flatten().cloned().collect();
        words.extend(of.only.as_ref().map(|only| format!("{} 件", only.len())));
        words.join(" ")
    }

    fn today_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, now: &Arc<LedgerNow>) {
        self.list.follow(now, &self.filter);
        let item = Self::shown(ctx);
        let Some(item) = item.filter(|_| self.is_open) else {
            return self.list.ui(ui, ctx, now);
        };
        let (width, height) = (ui.available_width(), ui.available_height());
        let page = (width * 0.42).clamp(340.0, 720.0);
        let down = Layout::top_down(Align::Min);
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(egui::vec2(width - page - 14.0, height), down, |ui| {
                self.list.ui(ui, ctx, now);
            });
            ui.separator();
            ui.allocate_ui_with_layout(egui::vec2(page - 14.0, height), down, |ui| {
                item::ui(ui, ctx, now, item, (&mut self.photos, &mut self.case));
            });
        });
    }

    fn shown(ctx: &Ctx<'_>) -> Option<RecordId> {
        let last = ctx.selection.last().copied()?;
        let record = ctx.record(last)?;
        matches!(record.kind, Kind::Item | Kind::Decision).then_some(last)
    }

    /// Lists other items.
    pub fn list(&mut self, filter: LedgerFilter) {
        self.page = Page::Today;
        self.filter = filter;
    }

    /// Opens the page of the selected item beside the list, or closes it.
    pub const fn open(&mut self, is_open: bool) {
        self.is_open = is_open;
    }

    /// Whether the page of an item is open.
    pub const fn is_open(&self) -> bool {
        self.is_open
    }

    /// The item after or before the selected one, in the list as it is shown.
    pub fn neighbour(&self, model: &Model, by: i64) -> Option<RecordId> {
        self.list.neighbour(model, by)
    }
}

/// The steps that have keys, the last one first.
const STEPS: [(u8, Text); 6] = [
    (0, Text::new("退回", "return")),
    (5, Text::new("销号", "strike off")),
    (4, Text::new("复核", "review")),
    (3, Text::new("核查", "check")),
    (2, Text::new("整改", "mend")),
    (1, Text::new("交办", "hand over")),
];
const MORE_STEPS: Text = Text::new("更多步骤", "More steps");
/// Of the box to filter by, points.
const SEARCH: f32 = 150.0;

/// How much of the tools is said in words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    All,
    /// Menus are icons.
    Steps,
    /// Steps are their keys too.
    Nothing,
}

/// The steps that have keys, and the others in a menu.
fn steps_ui(ui: &mut Ui, ctx: &Ctx<'_>, room: Room) {
    let more = worded_button(ui, Icon::Ellipsis, ctx.say(MORE_STEPS), room == Room::All);
    egui::Popup::menu(&more).show(|ui| {
        for step in OTHERS {
            if ui.button(ctx.say(step.label())).clicked() {
                ctx.actions.send(Action::Ledger(LedgerAction::Ask(step)));
                ui.close();
            }
        }
    });
    let is_listed = |id: &RecordId| {
        ctx.record(*id).is_some_and(|it| matches!(it.kind, Kind::Item | Kind::Decision))
    };
    let has_any = ctx.selection.iter().any(is_listed);
    for (key, words) in STEPS {
        let (name, figure) = (ctx.say(words), key.to_string());
        let button = match room {
            Room::Nothing => Button::new(figure),
            _ => Button::new((figure, name)),
        };
        let button = ui.add_enabled(has_any, button.small());
        let name = format!("{key} {name}");
        named(&button, &name);
        let tip = ctx.tell(
            format!("{name}：先用 J/K 选中问题，再按数字键；2 依次为签收、整改、申请核查"),
            format!(
                "{name}: select with J/K, then press the figure; 2 accepts, mends, asks for a check \
                 in turn"
            ),
        );
        if button.on_hover_text(&tip).on_disabled_hover_text(&tip).clicked() {
            ctx.actions.send(Action::Ledger(LedgerAction::Key(key)));
        }
    }
}
