//! Who is late: by township, unit, department or leader. Every number opens its items; shares of few
//! are faint.

use std::sync::Arc;

use egui::{Button, RichText, ScrollArea, Ui};
use jiff::civil::Date;

use crate::analysis::ledger::{Group, LedgerFilter, LedgerRow, Measure, Rate, View, rates};
use crate::domain::{RecordId, Text};
use crate::ui::ctx::Ctx;
use crate::ui::model::ledger::LedgerNow;
use crate::ui::widgets::{empty, named, note, strong};

/// By whom, and over which days.
#[derive(Default)]
pub struct Who {
    group: Group,
    span: Span,
    /// Made of this ledger.
    of: Option<(Arc<LedgerNow>, Group, Span)>,
    rates: Vec<Rate>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Span {
    #[default]
    All,
    Week,
    Month,
}

impl Span {
    const ALL: [Self; 3] = [Self::All, Self::Week, Self::Month];

    const fn words(self) -> Text {
        match self {
            Self::All => Text::new("全部", "All"),
            Self::Week => Text::new("近7天", "7 days"),
            Self::Month => Text::new("近30天", "30 days"),
        }
    }

    fn between(self, today: Date) -> Option<(Date, Date)> {
        let days = match self {
            Self::All => return None,
            Self::Week => 6,
            Self::Month => 29,
        };
        Some((today.checked_sub(jiff::Span::new().days(days)).ok()?, today))
    }
}

impl Who {
    /// Shows the table; gives back what a number that was clicked stands for.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, now: &Arc<LedgerNow>) -> Option<LedgerFilter> {
        ui.horizontal(|ui| {
            for group in Group::ALL {
                let tab = Button::selectable(self.group == group, ctx.say(group.label()));
                if ui.add(tab).clicked() {
                    self.group = group;
                }
            }
            ui.separator();
            for span in Span::ALL {
                let tab = Button::selectable(self.span == span, ctx.say(span.words()));
                if ui.add(tab).clicked() {
                    self.span = span;
                }
            }
            if self.group.counts_several() {
                ui.label(note(ctx.tell(
                    "一件涉及多个的，各计一次：各行之和大于件数",
                    "an item of several counts for each: the sum exceeds the items",
                )));
            } else {
                ui.label(note(ctx.tell(
                    "按按期整改率排；应按期不足 5 件的不作比较",
                    "by share on time; fewer than 5 are not compared",
                )));
            }
        });
        let is_same = self.of.as_ref().is_some_and(|(known, group, span)| {
            Arc::ptr_eq(known, now) && *group == self.group && *span == self.span
        });
        if !is_same {
            let between = self.span.between(now.now.date());
            self.rates = rates(&now.ledger, self.group, between, now.now);
            self.of = Some((Arc::clone(now), self.group, self.span));
        }
        if self.rates.is_empty() {
            let what = ctx.tell("这段时间没有问题", "There is no item of these days");
            empty(ui, what, ctx.tell("换一段时间", "Choose other days"));
            return None;
        }
        self.table_ui(ui, ctx, now)
    }

    fn table_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow) -> Option<LedgerFilter> {
        let mut clicked: Option<Vec<RecordId>> = None;
        ScrollArea::both().id_salt("who is late").auto_shrink(false).show(ui, |ui| {
            egui::Grid::new("who rows").spacing([16.0, 4.0]).show(ui, |ui| {
                ui.label(note(ctx.say(self.group.label())));
                ui.label(note(ctx.tell("按期整改率", "On time")));
                for measure in Measure::ALL {
                    ui.label(note(ctx.say(measure.label())));
                }
                ui.label(note(ctx.tell("用时中位 h", "Median h")));
                ui.label(note(ctx.tell("反弹率", "Relapse")));
                ui.end_row();
                for rate in &self.rates {
                    if let Some(ids) = row_ui(ui, ctx, now, rate) {
                        clicked = Some(ids);
                    }
                    ui.end_row();
                }
            });
        });
        let only = clicked?;
        Some(LedgerFilter { view: View::All, only: Some(only), ..LedgerFilter::default() })
    }
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow, rate: &Rate) -> Option<Vec<RecordId>> {
    let name =
        if rate.of.is_empty() { ctx.tell("（未填）", "(nobody)") } else { rate.of.clone() };
    ui.label(strong(&name));
    let n = rate.count(Measure::Judged);
    let share = rate
        .on_time_share()
        .map_or_else(|| "—".to_owned(), |share| format!("{:.0}% (n={n})", share * 100.0));
    let share = RichText::new(share);
    let share = if rate.is_few() { share.color(ctx.color(|t| t.muted)) } else { share };
    let cell = ui.label(share);
    if rate.is_few() {
        cell.on_hover_text(ctx.tell("样本少，不作比较", "too few to compare"));
    }
    let mut clicked = None;
    for measure in Measure::ALL {
        let count = rate.count(measure);
        let is_bad = count > 0 && matches!(measure, Measure::Overdue | Measure::Returned);
        let words = RichText::new(count.to_string());
        let words = if is_bad { words.color(ctx.color(|t| t.act)) } else { words };
        let button = ui.add_enabled(count > 0, Button::new(words).frame(false));
        named(&button, &format!("{name} {} {count}", ctx.say(measure.label())));
        if button.clicked() {
            let rows = rate.items.iter().filter_map(|id| now.ledger.row(*id));
            clicked =
                Some(rows.filter(|row| measure.has(row, now.now)).map(LedgerRow::id).collect());
        }
    }
    ui.label(rate.median_h.map_or_else(String::new, |hours| format!("{hours:.1}")));
    ui.label(rate.relapse_share.map_or_else(String::new, |it| format!("{:.0}%", it * 100.0)));
    clicked
}
