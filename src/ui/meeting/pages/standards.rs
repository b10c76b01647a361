//! The page of the sites that are not up to standard.

use std::sync::Arc;

use egui::{RichText, Ui};

use super::Page;
use super::bars::rates_now_and_then;
use super::bars::{By, rate_ui};
use super::lay::{Part, cell_ui, em, head_ui, parts_ui, row_ui, rows_ui, title_ui};
use crate::analysis::Filter;
use crate::analysis::overview::KINDS;
use crate::analysis::standards::Rate;
use crate::domain::{Kind, Record, SiteKind, Text};
use crate::ui::action::{Action, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::parts::kpi::share_words;
use crate::ui::parts::words::{failing_items_words, filter_words, subkind_words};
use crate::ui::widgets::{empty, note};

/// 工地达标: how many are up to standard, by department and township, and which are not.
pub struct Standards;

impl Page for Standards {
    fn key(&self) -> &'static str {
        "standards"
    }

    fn title(&self) -> Text {
        Text::new("工地达标", "Standards")
    }

    fn ui(&self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let now = &ctx.meeting.overview.now;
        let is_inspected = |kind: &SiteKind| now.rate(*kind).is_some_and(|rate| rate.inspected > 0);
        let kinds: Vec<SiteKind> = KINDS.into_iter().filter(is_inspected).collect();
        if kinds.is_empty() {
            let what = ctx.tell("还没有检查结果", "No site was inspected yet");
            let next = ctx.tell(
                "在点位卡片中填写六个百分百，或导入检查表",
                "Fill in the six items on the card of a site, or import the results",
            );
            empty(ui, what, next);
            return;
        }
        let mut parts: Vec<Part<'_>> = kinds
            .into_iter()
            .map(|kind| -> Part<'_> {
                (0.9, Box::new(move |ui, is_alone| kind_ui(ui, ctx, kind, is_alone)))
            })
            .collect();
        parts.push((1.2, Box::new(|ui, is_alone| failing_ui(ui, ctx, is_alone))));
        parts_ui(ui, "standards", parts);
    }
}

/// One kind of site: all together, by department, by township.
fn kind_ui(ui: &mut Ui, ctx: &Ctx<'_>, kind: SiteKind, is_alone: bool) {
    let all = ctx.meeting.overview.now.rate(kind).cloned().unwrap_or_default();
    let Rate { inspected, up_to_standard: good, count, .. } = all;
    let (label, share) = (ctx.say(kind.label()), share_words(&all));
    let words = ctx.tell(
        format!("{label}达标 {good}/{inspected}（{share}），共 {count} 处"),
        format!("{label}: {good}/{inspected} up to standard ({share}), {count} in all"),
    );
    title_ui(ui, &words);
    let by_department = rates_now_and_then(ctx, kind, By::Department);
    let by_township = rates_now_and_then(ctx, kind, By::Township);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (by, words, rates) in [
        (By::Department, Text::new("按监管部门", "By department"), by_department),
        (By::Township, Text::new("按乡镇街道", "By township"), by_township),
    ] {
        lines.push(Line::Head(ctx.say(words)));
        lines.extend(rates.into_iter().map(|(rate, before)| Line::Rate(by, rate, before)));
    }
    rows_ui(ui, ctx, kind.key(), is_alone, lines.len(), |ui, place| match lines.get(place) {
        Some(Line::Head(words)) => cell_ui(ui, ui.available_width(), note(*words)),
        Some(Line::Rate(by, rate, before)) => {
            rate_ui(ui, ctx, kind, *by, rate, *before);
        }
        None => {}
    });
}

/// Of the list of a kind.
enum Line<'r> {
    Head(&'static str),
    Rate(By, &'r Rate, Option<&'r Rate>),
}

/// The sites that are shown and not up to standard, with whom to call.
fn failing_ui(ui: &mut Ui, ctx: &Ctx<'_>, is_alone: bool) {
    let failing = Arc::clone(&ctx.shown.failing);
    let count = failing.len();
    ui.horizontal_wrapped(|ui| {
        title_ui(ui, &ctx.tell(format!("不达标 {count} 处"), format!("{count} failing")));
        if !ctx.filter.is_empty() {
            ui.label(note(filter_words(ctx, &ctx.filter)));
            if ui.link(ctx.tell("显示全部", "show all")).clicked() {
                ctx.actions.send(Action::Filter(Filter::default()));
            }
        }
    });
    if failing.is_empty() {
        ui.label(note(ctx.tell("筛选范围内没有不达标的点位", "None of those shown fails")));
        return;
    }
    let em = em(ui);
    let widths = widths(ui.available_width(), em);
    let titles = [
        Text::new("名称", "Name"),
        Text::new("不合格项", "What fails"),
        Text::new("责任人", "Person"),
        Text::new("电话", "Phone"),
    ];
    let head: Vec<(f32, &str)> =
        widths.into_iter().zip(titles.map(|title| ctx.say(title))).collect();
    head_ui(ui, &head);
    rows_ui(ui, ctx, "failing", is_alone, count, |ui, place| {
        if let Some(site) = failing.get(place) {
            site_ui(ui, ctx, site, widths);
        }
    });
}

/// Name, items, person, phone.
fn widths(available: f32, em: f32) -> [f32; 4] {
    let (person, phone) = (em * 4.2, em * 7.5);
    let rest = (available - person - phone - 36.0).max(em * 8.0);
    [rest * 0.52, rest * 0.48, person, phone]
}

fn site_ui(ui: &mut Ui, ctx: &Ctx<'_>, site: &Arc<Record>, widths: [f32; 4]) {
    let is_chosen = ctx.selection.contains(&site.id);
    let items = failing_items_words(site, ctx.lang());
    let name = format!("{} {items}", site.name());
    let response = row_ui(ui, ctx, &name, is_chosen, |ui| {
        let [name_width, items_width, person_width, phone_width] = widths;
        cell_ui(ui, name_width, site.name());
        cell_ui(ui, items_width, RichText::new(&items).color(ctx.color(|t| t.act)));
        cell_ui(ui, person_width, site.text("person"));
        cell_ui(ui, phone_width, site.text("phone"));
    });
    if response.hovered() && ctx.hovered != Some(site.id) {
        ctx.actions.view(ViewAction::Hover(Some(site.id)));
    }
    if response.clicked() {
        ctx.actions.send(Action::Select(vec![site.id]));
        if site.geometry.is_some() {
            ctx.actions.view(ViewAction::ShowRecord(site.id));
        }
    }
    let kind = subkind_words(Kind::Site, site.subkind(), ctx.lang());
    response.on_hover_text(format!("{kind} · {} · {}", site.text("township"), site.text("unit")));
}
