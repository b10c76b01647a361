//! The list of items: what is most urgent first, every row painted as it comes into sight.

use std::sync::Arc;

use egui::{Color32, Event, Rect, Response, ScrollArea, Sense, TextStyle, Ui, pos2, vec2};

use crate::analysis::ledger::paste::table_of;
use crate::analysis::ledger::{Decided, LedgerFilter, LedgerRow, Order};
use crate::domain::item::{lacking, moment_words};
use crate::domain::{EscalationColour, ItemState, Kind, RecordId};
use crate::settings::clock;
use crate::ui::action::{Action, FileAction, LedgerAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Model;
use crate::ui::model::ledger::LedgerNow;
use crate::ui::widgets::{empty, named, note, row_height};

/// Which rows there are, and in which order.
#[derive(Default)]
pub struct List {
    /// What they were picked from and by.
    of: Option<(Arc<LedgerNow>, LedgerFilter, Order)>,
    order: Order,
    /// Decisions of meetings, above the items.
    decided: Vec<Decided>,
    /// Places among the rows of the ledger.
    picked: Vec<usize>,
    /// Of the decisions, then of the items.
    ids: Vec<RecordId>,
    /// Where shift extends the selection from.
    anchor: Option<usize>,
    last_selected: Option<RecordId>,
    scroll_to: Option<usize>,
}

/// How wide the column of numbers is, points.
const NUMBER: f32 = 136.0;

/// Each with the order that a click on it asks for.
const COLUMNS: [(&str, &str, Option<Order>); 7] = [
    ("编号", "Number", Some(Order::Number)),
    ("状态", "State", Some(Order::State)),
    ("到期", "Due", Some(Order::Due)),
    ("责任单位", "Unit", Some(Order::Unit)),
    ("点位", "Place", Some(Order::Township)),
    ("问题", "Problem", None),
    ("缺证据", "Lacking", None),
];
/// Of the width that the numbers leave, the share of each column behind them; in a list narrower than
/// [`NARROW`] points, beside the page of an item, three say more than six that are all cut.
const SHARES: [f32; 7] = [0.0, 0.12, 0.2, 0.13, 0.16, 0.26, 0.13];
const NARROW_SHARES: [f32; 7] = [0.0, 0.2, 0.28, 0.0, 0.0, 0.52, 0.0];
const NARROW: f32 = 640.0;

impl List {
    /// Picks anew where ledger, filter or order are others.
    pub fn follow(&mut self, now: &Arc<LedgerNow>, filter: &LedgerFilter) {
        let is_same = self.of.as_ref().is_some_and(|(known, by, order)| {
            Arc::ptr_eq(known, now) && by == filter && *order == self.order
        });
        if is_same {
            return;
        }
        self.picked = filter.pick(&now.ledger, now.now);
        self.order.sort(&now.ledger, &mut self.picked, now.now);
        self.decided = now.decided(filter);
        let rows = self.picked.iter().filter_map(|place| now.ledger.rows.get(*place));
        let decided = self.decided.iter().map(|decided| decided.record.id);
        self.ids = decided.chain(rows.map(LedgerRow::id)).collect();
        self.of = Some((Arc::clone(now), filter.clone(), self.order));
    }

    /// The items that are listed, in their order.
    pub fn ids(&self) -> &[RecordId] {
        self.ids.get(self.decided.len()..).unwrap_or_default()
    }

    /// In which order they are listed.
    pub const fn order(&self) -> Order {
        self.order
    }

    /// Puts them in another order.
    pub const fn put_in(&mut self, order: Order) {
        self.order = order;
    }

    /// The item after or before the selected one.
    pub fn neighbour(&self, model: &Model, by: i64) -> Option<RecordId> {
        let here = model.selection.last().and_then(|id| self.ids.iter().position(|own| own == id));
        let next = match here {
            Some(place) => place.checked_add_signed(isize::try_from(by).ok()?)?,
            None => 0,
        };
        self.ids.get(next).copied()
    }

    /// Shows the list.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow) {
        if self.ids.is_empty() {
            let what = ctx.tell("没有这样的问题", "No item is like that");
            empty(
                ui,
                what,
                ctx.tell("换一个清单，或清除筛选", "Choose another list, or clear the filter"),
            );
            paste(ui, ctx);
            return;
        }
        let selected = ctx.selection.last().copied();
        if selected != self.last_selected {
            self.last_selected = selected;
            self.scroll_to = selected.and_then(|id| self.ids.iter().position(|own| *own == id));
        }
        let height = row_height(ui);
        let width = ui.available_width();
        let columns = spans(width);
        let (head, _) = ui.allocate_exact_size(vec2(width, height * 0.8), Sense::hover());
        for (span, (zh, en, order)) in columns.iter().zip(COLUMNS) {
            self.column_ui(ui, ctx, head, *span, (&ctx.tell(zh, en), order));
        }
        let mut area = ScrollArea::vertical().id_salt("ledger list").auto_shrink(false);
        if let Some(place) = self.scroll_to.take() {
            // In the middle of what is seen.
            let seen = ui.available_height();
            area = area.vertical_scroll_offset((place as f32 * height - seen / 2.0).max(0.0));
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        area.show_rows(ui, height, self.ids.len(), |ui, range| {
            for place in range {
                if let Some(decided) = self.decided.get(place) {
                    let response = decided_ui(ui, ctx, now, decided, height);
                    self.choose(ctx, &response, place);
                    continue;
                }
                let at = self.picked.get(place - self.decided.len());
                if let Some(row) = at.and_then(|at| now.ledger.rows.get(*at)) {
                    let response = row_ui(ui, ctx, now, row, height);
                    self.choose(ctx, &response, place);
                }
            }
        });
        paste(ui, ctx);
    }

    /// The head of a column; a click puts the list in its order, another one back.
    fn column_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        head: Rect,
        (left, right): (f32, f32),
        (words, order): (&str, Option<Order>),
    ) {
        if right <= left {
            return;
        }
        let (muted, ink) = (ctx.color(|t| t.muted), ctx.color(|t| t.ink));
        let Some(order) = order else { return words_in(ui, head, (left, right), words, muted) };
        let is_own = self.order == order;
        let rect = Rect::from_x_y_ranges(head.left() + left..=head.left() + right, head.y_range());
        let response =
            ui.interact(rect, ui.scope_id().with(("ledger head", words)), Sense::click());
        let name = ctx.say(order.label());
        named(&response, name);
        let shown = if is_own { format!("{words} ↑") } else { words.to_owned() };
        let color = if is_own || response.hovered() { ink } else { muted };
        words_in(ui, head, (left, right), &shown, color);
        if response.on_hover_text(name).clicked() {
            self.order = if is_own { Order::Urgency } else { order };
        }
    }

    /// Selects one; with Ctrl one more, with Shift all from the one that was selected last.
    fn choose(&mut self, ctx: &Ctx<'_>, response: &Response, place: usize) {
        let Some(id) = self.ids.get(place).copied() else { return };
        if response.double_clicked() {
            ctx.actions.view(ViewAction::ShowRecord(id));
            ctx.actions.send(Action::Ledger(LedgerAction::Open(true)));
            return;
        }
        if !response.clicked() {
            return;
        }
        let modifiers = response.ctx.input(|input| input.modifiers);
        self.last_selected = Some(id);
        if modifiers.shift {
            let from = self.anchor.unwrap_or(place);
            let range = from.min(place)..=from.max(place);
            let ids = self.ids.get(range).unwrap_or_default().to_vec();
            ctx.actions.send(Action::Select(ids));
        } else if modifiers.command {
            self.anchor = Some(place);
            ctx.actions.send(Action::Toggle(id));
        } else {
            self.anchor = Some(place);
            ctx.actions.send(Action::Select(vec![id]));
        }
    }
}

/// From where to where each column goes, points from the left; nothing has no room.
fn spans(width: f32) -> [(f32, f32); 7] {
    let mut left = 14.0;
    let room = width - left - NUMBER - 8.0;
    let shares = if width < NARROW { NARROW_SHARES } else { SHARES };
    // A number is read whole; the other columns share what is left.
    let mut widths = shares.map(|share| share * room);
    widths[0] = NUMBER;
    widths.map(|own| {
        let from = left;
        left += own;
        (from, left - 8.0)
    })
}

/// Words on one line of a cell of a row, cut where they do not fit.
fn words_in(ui: &Ui, row: Rect, (left, right): (f32, f32), words: &str, color: Color32) {
    if right <= left {
        return;
    }
    let cell = Rect::from_x_y_ranges(row.left() + left..=row.left() + right, row.y_range());
    let font = TextStyle::Body.resolve(ui.style());
    let mut job = egui::text::LayoutJob::simple_singleline(words.to_owned(), font, color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(cell.width());
    let galley = ui.ctx().fonts_mut(|fonts| fonts.layout_job(job));
    let at = pos2(cell.left(), cell.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, color);
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow, row: &LedgerRow, height: f32) -> Response {
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    let item = &row.record;
    let code = item.code().unwrap_or("—");
    named(&response, &format!("{code} {}", item.name()));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let is_chosen = ctx.selection.contains(&row.id());
    let fill = if is_chosen {
        ui.visuals().selection.bg_fill
    } else if response.hovered() || ctx.hovered == Some(row.id()) {
        ctx.color(|t| t.ground)
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, 4.0, fill);
    if response.hovered() && ctx.hovered != Some(row.id()) {
        ctx.actions.view(ViewAction::Hover(Some(row.id())));
    }
    stage_ui(ui, ctx, now, row, rect);
    let (ink, muted) = (ctx.color(|t| t.ink), ctx.color(|t| t.muted));
    let act = ctx.color(|t| t.act);
    let is_late = row.is_overdue(now.now);
    let state = match row.state {
        ItemState::Returned => act,
        state if state.is_open() => ink,
        _ => muted,
    };
    let units: Vec<&str> = item.words("units").iter().map(|unit| &**unit).collect();
    let lacks: Vec<&str> = lacking(item).iter().map(|lack| lack.label().say(ctx.lang())).collect();
    let cells: [(&str, Color32); 7] = [
        (code, muted),
        (ctx.say(row.state.label()), state),
        (&due_words(ctx, row, now), if is_late { act } else { ink }),
        (&units.join("、"), if units.is_empty() { act } else { ink }),
        (item.text("address"), ink),
        (item.name(), ink),
        (&lacks.join("、"), act),
    ];
    for (span, (words, color)) in spans(width).into_iter().zip(cells) {
        words_in(ui, rect, span, words, color);
    }
    response
}

/// A decision of a meeting as a row, with the button that makes an item of it.
fn decided_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    now: &LedgerNow,
    decided: &Decided,
    height: f32,
) -> Response {
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    let record = &decided.record;
    let what = ctx.tell("会议决定", "decision");
    named(&response, &format!("{what} {}", record.name()));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let fill = if ctx.selection.contains(&record.id) {
        ui.visuals().selection.bg_fill
    } else if response.hovered() {
        ctx.color(|t| t.ground)
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, 4.0, fill);
    let (ink, muted) = (ctx.color(|t| t.ink), ctx.color(|t| t.muted));
    let is_late = decided.is_overdue(now.now);
    let due = if is_late { ctx.color(|t| t.act) } else { ink };
    let cells: [(&str, Color32); 6] = [
        (record.code().unwrap_or(&what), muted),
        (ctx.say(decided.state.label()), ink),
        (&decided_due(ctx, decided, now), due),
        (record.text("owner"), ink),
        (&what, muted),
        (record.name(), ink),
    ];
    let spans = spans(width);
    for (span, (words, color)) in spans.into_iter().zip(cells) {
        words_in(ui, rect, span, words, color);
    }
    if width < NARROW {
        // The page beside the list has the button.
        return response;
    }
    let words = ctx.tell("转入台账", "to the ledger");
    let at = Rect::from_min_max(pos2(rect.right() - 84.0, rect.top() + 2.0), rect.max);
    let button = egui::Button::new(egui::RichText::new(&words).small());
    let button = ui.put(at, button.wrap_mode(egui::TextWrapMode::Extend));
    named(&button, &format!("{words} {}", record.name()));
    if button.clicked() {
        ctx.actions.send(Action::Ledger(LedgerAction::OfDecisions(vec![record.id])));
    }
    response
}

/// `超期 3 天`, `今天`, `11-30`.
pub fn decided_due(ctx: &Ctx<'_>, decided: &Decided, now: &LedgerNow) -> String {
    let Some(due) = decided.due else { return ctx.tell("无时限", "no limit") };
    if decided.is_overdue(now.now) {
        let days = decided.days_late(now.now);
        return ctx.tell(format!("超期 {days} 天"), format!("{days} d late"));
    }
    if decided.is_due_today(now.now) {
        return ctx.tell("今天 24:00", "today 24:00");
    }
    due.strftime("%m-%d 24:00").to_string()
}

/// A bar at the left in the colour of the stage, as high as the stage is grave, so that it is told
/// without its colour too.
fn stage_ui(ui: &Ui, ctx: &Ctx<'_>, now: &LedgerNow, row: &LedgerRow, rect: Rect) {
    let Some(stage) = now.ledger.stages.reached(row, now.now) else { return };
    let (color, share) = match stage.colour {
        EscalationColour::Blue => (ctx.color(|t| t.calm), 0.25),
        EscalationColour::Yellow => (ctx.color(|t| t.watch), 0.45),
        EscalationColour::Orange => (ctx.color(|t| t.watch), 0.7),
        EscalationColour::Red => (ctx.color(|t| t.act), 1.0),
    };
    let height = rect.height() * 0.8 * share;
    let bar = Rect::from_min_size(
        pos2(rect.left() + 3.0, rect.bottom() - rect.height() * 0.1 - height),
        vec2(4.0, height),
    );
    ui.painter().rect_filled(bar, 1.0, color);
}

/// `超期 3 天`, `今天 18:00`, `11-30 24:00`.
pub fn due_words(ctx: &Ctx<'_>, row: &LedgerRow, now: &LedgerNow) -> String {
    if let Some(day) = row.next_review(now.now).filter(|_| row.state.is_open()) {
        let day = day.strftime("%m-%d");
        return ctx.tell(format!("{day} 回看"), format!("look again {day}"));
    }
    let Some(due) = row.due else {
        return if row.state.is_open() { ctx.tell("无时限", "no limit") } else { String::new() };
    };
    if row.is_overdue(now.now) {
        let hours = now.now.duration_since(due).as_hours();
        return if hours < 24 {
            ctx.tell(format!("超期 {hours} 小时"), format!("{hours} h late"))
        } else {
            let days = row.days_late(now.now);
            ctx.tell(format!("超期 {days} 天"), format!("{days} d late"))
        };
    }
    let words = moment_words(due);
    let short = words.get(5..).unwrap_or(&words);
    if row.is_due_today(now.now) {
        let hour = words.get(11..).unwrap_or_default();
        return ctx.tell(format!("今天 {hour}"), format!("today {hour}"));
    }
    short.to_owned()
}

/// Rows of a sheet that are pasted here are items.
fn paste(ui: &Ui, ctx: &Ctx<'_>) {
    if ui.ctx().egui_wants_keyboard_input() {
        return;
    }
    let events = ui.input(|input| input.events.clone());
    for event in events {
        if let Event::Paste(text) = event
            && !text.trim().is_empty()
        {
            let world = ctx.world();
            let table = table_of(&text, &world, clock::today());
            ctx.actions.send(Action::File(FileAction::PastedAs(table, Kind::Item)));
        }
    }
}

/// So that a person knows what the bar at the left means.
pub fn stage_words(ctx: &Ctx<'_>, now: &LedgerNow, row: &LedgerRow) -> Option<egui::RichText> {
    let reached = now.ledger.stages.reached(row, now.now);
    let next = now.ledger.stages.next(row, now.now);
    let reached = reached.map(|stage| {
        let by_time = row.due.and_then(|due| stage.at(due)).is_some_and(|at| at <= now.now);
        let why = match (by_time, stage.returns.is_some_and(|count| row.returns >= count)) {
            (true, _) => String::new(),
            (_, true) => ctx.tell(
                format!("（退回 {} 次）", row.returns),
                format!(" (returned {} times)", row.returns),
            ),
            _ => ctx.tell("（反弹）", " (a relapse)"),
        };
        ctx.tell(format!("已到：{}{why}", stage.name), format!("reached: {}{why}", stage.name))
    });
    let next = next.map(|(stage, at)| {
        let when = moment_words(at);
        ctx.tell(
            format!("下一步：{when} {}（{}）", stage.name, stage.action),
            format!("next: {when} {} ({})", stage.name, stage.action),
        )
    });
    let words: Vec<String> = reached.into_iter().chain(next).collect();
    (!words.is_empty()).then(|| note(words.join("  ")))
}
