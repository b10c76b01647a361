//! How departments and townships stand.

use egui::{Align, Button, Layout, RichText, Ui, vec2};

use crate::analysis::Filter;
use crate::analysis::overview::{Contents, RingSummary, Township};
use crate::domain::{Kind, Text};
use crate::ui::action::{Action, MeetingAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::meeting::pages::lay::{cell_ui, em, row_ui, rows_ui, title_ui};
use crate::ui::parts::words::{failing_words, kind_words};
use crate::ui::widgets::{named, note};

/// Who answers for which control point and which township, and what lies in each.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, is_alone: bool) {
    title_ui(ui, ctx.say(Text::new("责任分工", "Who answers for what")));
    let overview = &ctx.meeting.overview;
    let (rings, townships) = (&overview.now.sites.rings, &overview.townships);
    let mut lines: Vec<Line<'_>> = Vec::new();
    if !rings.is_empty() {
        lines.push(Line::Head(ctx.say(Text::new(
            "控制点 → 专班 · 分包领导；最大圈内",
            "control point → squad · leader; in its largest ring",
        ))));
        lines.extend(rings.iter().map(Line::Ring));
    }
    if !townships.is_empty() {
        lines.push(Line::Head(ctx.say(Text::new("乡镇街道 → 分包领导", "township → leader"))));
        lines.extend(townships.iter().map(Line::Township));
    }
    if lines.is_empty() {
        ui.label(note(ctx.tell(
            "导入控制点和乡镇后显示包联领导与专班",
            "Import control points and townships to see who leads them",
        )));
    }
    rows_ui(ui, ctx, "who", is_alone, lines.len(), |ui, place| match lines.get(place) {
        Some(Line::Head(words)) => cell_ui(ui, ui.available_width(), note(*words)),
        Some(Line::Ring(ring)) => ring_ui(ui, ctx, ring),
        Some(Line::Township(township)) => township_ui(ui, ctx, township),
        None => {}
    });
}

/// Of the list.
enum Line<'o> {
    Head(&'static str),
    Ring(&'o RingSummary),
    Township(&'o Township),
}

fn ring_ui(ui: &mut Ui, ctx: &Ctx<'_>, ring: &RingSummary) {
    let point = &ring.control_point;
    let who = [point.text("squad"), point.text("leader")];
    let who: Vec<&str> = who.into_iter().filter(|text| !text.is_empty()).collect();
    let filter = ring.radius_m.map(|radius_m| Filter {
        ring: Some((point.id, radius_m)),
        is_failing: true,
        kind: Some(Kind::Site),
        ..Filter::default()
    });
    let name = format!("{} {}", point.name(), who.join(" "));
    let is_chosen = ctx.selection.contains(&point.id);
    let response = row_ui(ui, ctx, &name, is_chosen, |ui| {
        row_cells_ui(ui, ctx, point.name(), &who, ring.inside, filter);
    });
    let response = response.on_hover_text(kind_words(ctx, point));
    if response.clicked() {
        ctx.actions.send(Action::Select(vec![point.id]));
        if ring.radius_m.is_some() {
            ctx.actions.view(ViewAction::ShowRecord(point.id));
        }
    }
}

fn township_ui(ui: &mut Ui, ctx: &Ctx<'_>, township: &Township) {
    let nobody = ctx.tell("未注明乡镇", "no township stated");
    let of = if township.name.is_empty() { nobody.as_str() } else { township.name.as_str() };
    let leader: Vec<&str> =
        Some(township.leader.as_str()).into_iter().filter(|text| !text.is_empty()).collect();
    let filter = (!township.name.is_empty()).then(|| Filter {
        township: Some(township.name.clone()),
        is_failing: true,
        kind: Some(Kind::Site),
        ..Filter::default()
    });
    let is_chosen = township.area.is_some_and(|area| ctx.selection.contains(&area));
    let name = format!("{of} {}", leader.join(" "));
    let response = row_ui(ui, ctx, name.trim(), is_chosen, |ui| {
        row_cells_ui(ui, ctx, of, &leader, township.contents, filter);
    });
    if let Some(area) = township.area.filter(|_| response.clicked()) {
        ctx.actions.send(Action::Select(vec![area]));
        if ctx.record(area).is_some_and(|area| area.geometry.is_some()) {
            ctx.actions.view(ViewAction::ShowRecord(area));
        }
    }
}

/// What, who, how many sites, and how many of them fail, which is a button to list them.
fn row_cells_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    of: &str,
    who: &[&str],
    inside: Contents,
    filter: Option<Filter>,
) {
    let em = em(ui);
    let (count_width, failing_width) = (em * 3.6, em * 9.6);
    let rest = (ui.available_width() - count_width - failing_width - 30.0).max(em * 6.0);
    cell_ui(ui, rest * 0.46, of);
    let who = if who.is_empty() {
        note(ctx.tell("未填写", "not filled in"))
    } else {
        RichText::new(who.join(" · "))
    };
    cell_ui(ui, rest * 0.54, who);
    let sites = inside.sites;
    cell_ui(ui, count_width, note(ctx.tell(format!("{sites} 处"), format!("{sites} sites"))));
    let words = failing_words(ctx, inside.inspections).unwrap_or_default();
    let Some(filter) = filter.filter(|_| inside.inspections.failing > 0) else {
        cell_ui(ui, failing_width, note(words));
        return;
    };
    let text = RichText::new(&words).color(ctx.color(|t| t.act));
    let size = vec2(failing_width, ui.available_height());
    let layout = Layout::left_to_right(Align::Center);
    let button = Button::new(text).frame_when_inactive(false).truncate();
    let button = ui.allocate_ui_with_layout(size, layout, |ui| ui.add(button)).inner;
    named(&button, &words);
    let button = button.on_hover_text(&words);
    if button.clicked() {
        ctx.actions.list(filter);
        ctx.actions.meeting(MeetingAction::Open("standards"));
    }
}
