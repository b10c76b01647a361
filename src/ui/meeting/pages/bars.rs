//! Standard rates as bars: one row a group, with how many it is of.

use crate::analysis::overview::Snapshot;
use egui::{CornerRadius, Rect, RichText, Sense, Ui, vec2};
use std::collections::BTreeMap;

use super::lay::{cell_ui, em, row_height, row_ui};
use crate::analysis::Filter;
use crate::analysis::standards::Rate;
use crate::domain::{Kind, SiteKind};
use crate::ui::ctx::Ctx;
use crate::ui::parts::kpi::{arrow, share_words, tone};
use crate::ui::widgets::note;

/// By which field the groups are made, which is also what a click filters by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    Township,
    Department,
}

impl By {
    /// The sites of a kind in a group, as list and map show them. Sites that name no group cannot be
    /// asked for by it: all of the kind are shown.
    pub fn filter(self, site_kind: SiteKind, of: &str) -> Filter {
        let group = (!of.is_empty()).then(|| of.to_owned());
        let filter = Filter {
            subkinds: [(Kind::Site, site_kind.key().to_owned())].into(),
            ..Filter::default()
        };
        match self {
            Self::Township => Filter { township: group, ..filter },
            Self::Department => Filter { department: group, ..filter },
        }
    }
}

/// One group; a click filters to its sites, another one takes the filter away.
pub fn rate_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    site_kind: SiteKind,
    by: By,
    rate: &Rate,
    before: Option<&Rate>,
) -> bool {
    let filter = by.filter(site_kind, &rate.of);
    let is_chosen = ctx.filter == filter;
    let nobody = ctx.tell("未注明", "not stated");
    let of = if rate.of.is_empty() { nobody.as_str() } else { rate.of.as_str() };
    let words = rate_words(ctx, rate);
    let few = ctx.tell("样本少", "few");
    let name = if rate.is_few() && rate.inspected > 0 {
        format!("{of} {words} {few}")
    } else {
        format!("{of} {words}")
    };
    let response = row_ui(ui, ctx, &name, is_chosen, |ui| {
        let em = em(ui);
        let (name_width, words_width, trend_width) = (em * 6.5, em * 6.5, em * 3.6);
        let bar_width =
            (ui.available_width() - name_width - words_width - trend_width - 26.0).max(em);
        cell_ui(ui, name_width, of);
        bar_ui(ui, ctx, bar_width, rate);
        let is_faint = rate.is_few();
        let color = if is_faint { ctx.color(|t| t.muted) } else { ctx.color(|t| t.ink) };
        cell_ui(ui, words_width, RichText::new(&words).color(color));
        if is_faint && rate.inspected > 0 {
            cell_ui(ui, trend_width, note(&few));
        } else if let Some((by_points, is_better)) = moved(rate, before) {
            let text = RichText::new(arrow(by_points)).small().color(tone(ctx, Some(is_better)));
            cell_ui(ui, trend_width, text);
        }
    });
    let response = match before.and_then(|before| before.share().map(|share| (share, before))) {
        Some((share, before)) => response.on_hover_text(ctx.tell(
            format!("当时 {:.0}%（{}）", share * 100.0, before.inspected),
            format!("{:.0}% of {} then", share * 100.0, before.inspected),
        )),
        None => response,
    };
    let is_clicked = response.clicked();
    if is_clicked {
        ctx.actions.list(if is_chosen { Filter::default() } else { filter });
    }
    is_clicked
}

/// `3/6 50%`, of what was inspected; where nothing was, how many wait for it.
pub fn rate_words(ctx: &Ctx<'_>, rate: &Rate) -> String {
    if rate.count == 0 {
        return ctx.tell("无", "none");
    }
    if rate.inspected == 0 {
        let count = rate.count;
        return ctx.tell(format!("未查 {count}"), format!("{count} not seen"));
    }
    format!("{}/{} {}", rate.up_to_standard, rate.inspected, share_words(rate))
}

/// By how many points of a hundred a rate moved; nothing where either says little.
pub fn moved(rate: &Rate, before: Option<&Rate>) -> Option<(i64, bool)> {
    let before = before.filter(|before| !before.is_few())?;
    let by = ((rate.share()? - before.share()?) * 100.0).round() as i64;
    (by != 0).then_some((by, by > 0))
}

/// Shows a rate as a bar, `width` points wide.
pub fn bar_ui(ui: &mut Ui, ctx: &Ctx<'_>, width: f32, rate: &Rate) {
    let height = row_height(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let bar = rect.shrink2(vec2(0.0, height * 0.3));
    let Some(share) = rate.share() else { return };
    let radius = CornerRadius::same(3);
    ui.painter().rect_filled(bar, radius, ctx.color(|t| t.line));
    let filled = Rect::from_min_size(bar.min, vec2(bar.width() * share as f32, bar.height()));
    let color =
        if rate.is_few() { ctx.color(|t| t.muted.faded(0.45)) } else { ctx.color(|t| t.accent) };
    ui.painter().rect_filled(filled, radius, color);
}

/// The rates of a site kind by township or department, each with what it was.
pub fn rates_now_and_then<'c>(
    ctx: &'c Ctx<'_>,
    site_kind: SiteKind,
    by: By,
) -> Vec<(&'c Rate, Option<&'c Rate>)> {
    let overview = &ctx.meeting.overview;
    let rates = |of: &'c Snapshot| match (of.sites.of_kind(site_kind), by) {
        (Some(standards), By::Township) => &standards.by_township[..],
        (Some(standards), By::Department) => &standards.by_department[..],
        (None, _) => &[],
    };
    let before = overview.before().map(rates).unwrap_or_default();
    let before: BTreeMap<&str, &Rate> =
        before.iter().map(|rate| (rate.of.as_str(), rate)).collect();
    let with_before = |now: &'c Rate| (now, before.get(now.of.as_str()).copied());
    rates(&overview.now).iter().map(with_before).collect()
}
