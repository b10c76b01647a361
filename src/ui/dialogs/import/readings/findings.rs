//! What was concluded of labels, units and columns, each with its proof and with what else it could be.

use egui::{ComboBox, Grid, Label, RichText, Ui};

use super::super::import_job::ReadingWishes;
use crate::domain::Text;
use crate::domain::reading::{LabelRule, Span};
use crate::exchange::readings::{FileKind, Finding, Overrules, Survey};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named_combo, note};

/// True when a person overruled one, or took that back.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, survey: &Survey, wishes: &mut ReadingWishes) -> bool {
    let mut is_changed = false;
    if survey.findings.is_empty() {
        let words = ctx.tell("文件自己写明时段和单位", "The file states times and units itself");
        ui.label(note(words));
    }
    Grid::new("findings").num_columns(2).spacing([14.0, 6.0]).show(ui, |ui| {
        for finding in &survey.findings {
            is_changed |= finding_ui(ui, ctx, finding, &mut wishes.overrules);
            ui.end_row();
        }
    });
    if matches!(survey.kind, FileKind::Table | FileKind::JsonObjects) {
        let mut is_missing = wishes.zero_is_missing.unwrap_or(false);
        let words = ctx.tell("0 表示缺测", "0 means that there is no value");
        if ui.checkbox(&mut is_missing, words).changed() {
            wishes.zero_is_missing = Some(is_missing);
            is_changed = true;
        }
    }
    is_changed
}

fn finding_ui(ui: &mut Ui, ctx: &Ctx<'_>, finding: &Finding, said: &mut Overrules) -> bool {
    let is_changed = overrule_ui(ui, ctx, finding, said);
    ui.vertical(|ui| {
        let conclusion = RichText::new(finding.conclusion.say(ctx.lang()));
        ui.label(if finding.is_overruled {
            let words = ctx.tell("（与数据显示的不同）", " (against what the values show)");
            let text = format!("{}{words}", conclusion.text());
            RichText::new(text).color(ctx.color(|t| t.watch))
        } else {
            conclusion
        });
        ui.add(Label::new(note(finding.proof.say(ctx.lang()))).wrap());
    });
    is_changed
}

fn about(finding: &Finding) -> Text {
    match finding.about {
        "label" => Text::new("时间标签", "Time label"),
        "span" => Text::new("数据时段", "Length of time"),
        "ozone" => Text::new("O3 两列", "The columns of O3"),
        "co" => Text::new("CO 单位", "Unit of CO"),
        "pressure" => Text::new("气压单位", "Unit of pressure"),
        _ => Text::new("经纬度", "Coordinates"),
    }
}

fn overrule_ui(ui: &mut Ui, ctx: &Ctx<'_>, finding: &Finding, said: &mut Overrules) -> bool {
    let name = ctx.say(about(finding));
    let yes_no = |no: Text, yes: Text| vec![(Some(false), no), (Some(true), yes)];
    match finding.about {
        "label" => {
            let rules = LabelRule::ALL.map(|rule| (Some(rule), rule.words())).to_vec();
            pick_ui(ui, ctx, name, &mut said.label, rules)
        }
        "span" => {
            let spans = Span::ALL.map(|span| (Some(span), span.label())).to_vec();
            pick_ui(ui, ctx, name, &mut said.span, spans)
        }
        "ozone" => {
            let all = yes_no(Text::new("未对调", "as headed"), Text::new("对调了", "swapped"));
            pick_ui(ui, ctx, name, &mut said.ozone_is_swapped, all)
        }
        "co" => {
            let all = yes_no(Text::new("mg/m³", "mg/m³"), Text::new("µg/m³", "µg/m³"));
            pick_ui(ui, ctx, name, &mut said.co_in_micrograms, all)
        }
        "pressure" => {
            let all = yes_no(Text::new("hPa", "hPa"), Text::new("kPa", "kPa"));
            pick_ui(ui, ctx, name, &mut said.pressure_in_kilopascals, all)
        }
        _ => {
            let all = yes_no(Text::new("照文件", "as they stand"), Text::new("写反了", "swapped"));
            pick_ui(ui, ctx, name, &mut said.coordinates_are_swapped, all)
        }
    }
}

/// A list whose first entry leaves it to what the values show.
fn pick_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    name: &str,
    said: &mut Option<T>,
    choices: Vec<(Option<T>, Text)>,
) -> bool {
    let auto = (None, Text::new("按数据判断", "as the values show"));
    let mut all = vec![auto];
    all.extend(choices);
    let shown = all.iter().find(|(it, _)| it == said).map_or(auto.1, |(_, words)| *words);
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(("overrule", name))
        .selected_text(ctx.say(shown))
        .width(150.0)
        .show_ui(ui, |ui| {
            for (it, words) in &all {
                if ui.selectable_label(it == said, ctx.say(*words)).clicked() {
                    chosen = Some(*it);
                }
            }
        });
    named_combo(&combo.response, name, ctx.say(shown));
    match chosen.filter(|chosen| chosen != said) {
        Some(chosen) => {
            *said = chosen;
            true
        }
        None => false,
    }
}
