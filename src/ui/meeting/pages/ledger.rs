//! The pages of the ledger: townships by what they mended in time, and what is due this week.

use egui::{Button, RichText, Ui};

use super::Page;
use super::lay::{cell_ui, em, head_ui, row_height, row_ui, rows_ui};
use crate::analysis::ledger::{LedgerFilter, LedgerRow, Measure, Rate, View};
use crate::domain::item::moment_words;
use crate::domain::{RecordId, Text};
use crate::ui::action::{Action, LedgerAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::ledger::{Due, LedgerNow, MONTH_DAYS};
use crate::ui::widgets::{empty, named, note};

/// 台账与乡镇: never ranked by counts, which punish those who look.
pub struct LedgerTownships;

/// 本周到期.
pub struct LedgerWeek;

impl Page for LedgerTownships {
    fn key(&self) -> &'static str {
        "ledger"
    }

    fn title(&self) -> Text {
        Text::new("台账与乡镇", "Ledger and townships")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let Some(now) = ctx.ledger.as_ref() else { return waiting_ui(ui, ctx) };
        let [open, overdue, check] =
            [View::Open, View::Overdue, View::ToCheck].map(|view| now.count(view));
        ui.label(ctx.tell(
            format!("未销号 {open} 件，超期 {overdue} 件，待核查 {check} 件"),
            format!("{open} open, {overdue} overdue, {check} to check"),
        ));
        ui.label(note(ctx.tell(
            format!("近 {MONTH_DAYS} 天按期整改率从低到高；不足 5 件的样本少，排在其后"),
            format!("Share on time of {MONTH_DAYS} days, lowest first; few items stand behind"),
        )));
        if now.townships.is_empty() {
            let what = ctx.tell("近期没有交办的问题", "Nothing was handed over lately");
            return empty(ui, what, ctx.tell("在台账中交办后显示", "Hand items over first"));
        }
        let widths = widths(ui);
        head(ui, ctx, widths);
        rows_ui(ui, ctx, "ledger townships", true, now.townships.len(), |ui, place| {
            if let Some(rate) = now.townships.get(place) {
                township_ui(ui, ctx, now, rate, widths);
            }
        });
    }
}

/// Shown columns behind the bar.
const MEASURES: [Measure; 5] =
    [Measure::Handed, Measure::Closed, Measure::Overdue, Measure::Returned, Measure::Relapsed];

/// Of the name, the bar, its words and each count, points.
fn widths(ui: &Ui) -> [f32; 4] {
    let em = em(ui);
    let is_wide = ui.available_width() > em * 52.0;
    let (name, words, count) =
        if is_wide { (9.0 * em, 9.0 * em, 4.0 * em) } else { (6.0 * em, 7.0 * em, 2.6 * em) };
    let bar = ui.available_width() - name - words - count * MEASURES.len() as f32 - 60.0;
    [name, bar.clamp(0.0, 30.0 * em), words, count]
}

fn head(ui: &mut Ui, ctx: &Ctx<'_>, [name, bar, words, count]: [f32; 4]) {
    let mut columns = vec![
        (name, ctx.say(Text::new("乡镇街道", "Township"))),
        (bar + words + 6.0, ctx.say(Text::new("按期整改率", "On time"))),
    ];
    columns.extend(MEASURES.map(|measure| (count, ctx.say(measure.label()))));
    head_ui(ui, &columns);
}

fn township_ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow, rate: &Rate, widths: [f32; 4]) {
    let [name_w, bar, words_w, count_w] = widths;
    let nobody = ctx.tell("未注明", "not stated");
    let of = if rate.of.is_empty() { nobody.as_str() } else { rate.of.as_str() };
    let n = rate.count(Measure::Judged);
    let share = rate.on_time_share();
    let words =
        share.map_or_else(|| "—".to_owned(), |share| format!("{:.0}% (n={n})", share * 100.0));
    let response = row_ui(ui, ctx, &format!("{of} {words}"), false, |ui| {
        cell_ui(ui, name_w, of);
        if bar > 0.0 {
            let (rect, _) =
                ui.allocate_exact_size(egui::vec2(bar, row_height(ui) * 0.5), egui::Sense::hover());
            let tone = if rate.is_few() { ctx.color(|t| t.line) } else { ctx.color(|t| t.calm) };
            ui.painter().rect_filled(rect, 2.0, ctx.color(|t| t.ground));
            let mut done = rect;
            done.set_width(rect.width() * share.unwrap_or(0.0) as f32);
            ui.painter().rect_filled(done, 2.0, tone);
        }
        let shown = if rate.is_few() { note(&words) } else { RichText::new(&words) };
        cell_ui(ui, words_w, shown);
        for measure in MEASURES {
            count_ui(ui, ctx, now, rate, measure, count_w);
        }
    });
    if response.clicked() {
        list(
            ctx,
            LedgerFilter {
                view: View::All,
                only: Some(rate.items.clone()),
                ..LedgerFilter::default()
            },
        );
    }
}

/// A number that opens what it counts.
fn count_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    now: &LedgerNow,
    rate: &Rate,
    measure: Measure,
    width: f32,
) {
    let count = rate.count(measure);
    let size = egui::vec2(width, row_height(ui));
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_size(size);
        if count == 0 {
            ui.label(note("0"));
            return;
        }
        let is_bad = matches!(measure, Measure::Overdue | Measure::Returned | Measure::Relapsed);
        let words = RichText::new(count.to_string());
        let words = if is_bad { words.color(ctx.color(|t| t.act)) } else { words };
        let button = ui.add(Button::new(words).frame_when_inactive(false));
        named(&button, &format!("{} {} {count}", rate.of, ctx.say(measure.label())));
        if button.clicked() {
            let rows = rate.items.iter().filter_map(|id| now.ledger.row(*id));
            let of: Vec<RecordId> =
                rows.filter(|row| measure.has(row, now.now)).map(LedgerRow::id).collect();
            list(ctx, LedgerFilter { view: View::All, only: Some(of), ..LedgerFilter::default() });
        }
    });
}

/// In the ledger; on the big screen, which is not left for it, on the map.
fn list(ctx: &Ctx<'_>, filter: LedgerFilter) {
    if ctx.is_presenting() {
        ctx.actions.send(Action::Select(filter.only.unwrap_or_default()));
    } else {
        ctx.actions.send(Action::Ledger(LedgerAction::List(filter)));
    }
}

fn waiting_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let words = ctx.tell("正在读取台账…", "Reading the ledger…");
    empty(ui, words, ctx.tell("可继续看图", "The map stays usable meanwhile"));
}

impl Page for LedgerWeek {
    fn key(&self) -> &'static str {
        "due_week"
    }

    fn title(&self) -> Text {
        Text::new("本周到期", "Due this week")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let Some(now) = ctx.ledger.as_ref() else { return waiting_ui(ui, ctx) };
        let of_items = now.week.iter().filter(|due| matches!(due, Due::Item(_))).count();
        let of_decisions = now.week.len() - of_items;
        ui.label(ctx.tell(
            format!("本周到期 {of_items} 件问题、{of_decisions} 条决定"),
            format!("{of_items} items and {of_decisions} decisions are due this week"),
        ));
        if now.week.is_empty() {
            let what = ctx.tell("本周没有到期的事项", "Nothing is due this week");
            return empty(ui, what, ctx.tell("超期的见“台账”", "The ledger has what is overdue"));
        }
        let em = em(ui);
        let widths = [9.0 * em, 8.0 * em, 9.0 * em];
        let rest = (ui.available_width() - widths.iter().sum::<f32>() - 40.0).max(8.0 * em);
        let heads =
            [Text::new("到期", "Due"), Text::new("责任单位", "Unit"), Text::new("编号", "Number")];
        let mut columns: Vec<(f32, &str)> =
            widths.into_iter().zip(heads.map(|head| ctx.say(head))).collect();
        columns.push((rest, ctx.say(Text::new("问题或决定", "Item or decision"))));
        head_ui(ui, &columns);
        rows_ui(ui, ctx, "due this week", true, now.week.len(), |ui, place| {
            if let Some(due) = now.week.get(place) {
                due_ui(ui, ctx, now, *due, (widths, rest));
            }
        });
    }
}

fn due_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    now: &LedgerNow,
    of: Due,
    ([due_w, unit_w, code_w], rest): ([f32; 3], f32),
) {
    let (record, due, unit, is_late) = match of {
        Due::Item(place) => {
            let Some(row) = now.ledger.rows.get(place) else { return };
            let units = row.record.words("units").iter().map(|unit| &**unit);
            let due = row.due.map(moment_words).unwrap_or_default();
            let due = due.get(5..).unwrap_or_default().to_owned();
            (&row.record, due, units.collect::<Vec<_>>().join("、"), row.is_overdue(now.now))
        }
        Due::Decision(place) => {
            let Some(decided) = now.decided.get(place) else { return };
            let due = decided.due.map(|due| due.strftime("%m-%d 24:00").to_string());
            let unit = decided.record.text("owner").to_owned();
            (&decided.record, due.unwrap_or_default(), unit, decided.is_overdue(now.now))
        }
    };
    let code = match of {
        Due::Item(_) => record.code().unwrap_or("—").to_owned(),
        Due::Decision(_) => ctx.tell("会议决定", "decision"),
    };
    let is_chosen = ctx.selection.contains(&record.id);
    let response = row_ui(ui, ctx, &format!("{due} {}", record.name()), is_chosen, |ui| {
        let late = RichText::new(&due);
        cell_ui(ui, due_w, if is_late { late.color(ctx.color(|t| t.act)) } else { late });
        cell_ui(ui, unit_w, &unit);
        cell_ui(ui, code_w, note(&code));
        cell_ui(ui, rest, record.name());
    });
    if response.clicked() {
        ctx.actions.send(Action::Select(vec![record.id]));
        ctx.actions.view(ViewAction::ShowRecord(record.id));
    }
}
