//! What the columns of a table of readings are.

use egui::{ComboBox, Grid, Label, Ui, vec2};

use super::super::import_job::ReadingWishes;
use super::super::reading_look::ReadingLook;
use crate::domain::Text;
use crate::domain::reading::Factor;
use crate::exchange::readings::SurveyedColumn;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named_combo, note};

/// More columns than this nobody goes through by hand.
const MOST_COLUMNS: usize = 60;

/// What a column can be beside a factor, by the words of `ReadingOptions::map`.
const OTHERS: [(&str, Text); 7] = [
    ("skip", Text::new("不用", "not used")),
    ("time", Text::new("时间", "time")),
    ("hour", Text::new("小时", "hour")),
    ("station", Text::new("站点编码", "code of the station")),
    ("name", Text::new("站点名称", "name of the station")),
    ("lon", Text::new("经度", "longitude")),
    ("lat", Text::new("纬度", "latitude")),
];

/// True when a person said that one is something else.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, look: &ReadingLook, wishes: &mut ReadingWishes) -> bool {
    let mut chosen = None;
    if look.is_recalled {
        let words = ctx.tell("沿用上次同样表头的选择", "as the last file with this header");
        ui.label(note(words));
    }
    Grid::new("reading columns").num_columns(3).striped(true).show(ui, |ui| {
        for column in look.survey.columns.iter().take(MOST_COLUMNS) {
            ui.add_sized(vec2(200.0, 22.0), Label::new(column.name.as_str()).truncate());
            ui.add_sized(vec2(180.0, 22.0), Label::new(note(&column.sample)).truncate());
            if let Some(target) = column_ui(ui, ctx, column) {
                chosen = Some((column.name.clone(), target));
            }
            ui.end_row();
        }
    });
    let Some((column, target)) = chosen else { return false };
    wishes.choose_column(&look.options.map, &column, &target);
    true
}

fn words(ctx: &Ctx<'_>, target: &str) -> String {
    let other = OTHERS.iter().find(|(known, _)| *known == target);
    match (other, Factor::known(target)) {
        (Some((_, words)), _) => ctx.say(*words).to_owned(),
        (None, Some(factor)) => format!("{} {}", ctx.say(factor.symbol()), factor.unit()),
        (None, None) => target.to_owned(),
    }
}

fn column_ui(ui: &mut Ui, ctx: &Ctx<'_>, column: &SurveyedColumn) -> Option<String> {
    let target = column.role.as_ref().map_or("skip", |role| role.target());
    let shown = words(ctx, target);
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(("reading column", &column.name))
        .selected_text(&shown)
        .width(170.0)
        .show_ui(ui, |ui| {
            let factors = Factor::COLUMNS;
            let factors = factors.iter().map(Factor::key);
            // A value that has no column here keeps the name that it came with.
            let own = column.name.trim();
            for choice in OTHERS.iter().map(|(key, _)| *key).chain(factors).chain([own]) {
                let is_own = choice == own && Factor::known(own).is_none();
                let words = if is_own {
                    ctx.tell(format!("数值“{own}”"), format!("values of `{own}`"))
                } else {
                    words(ctx, choice)
                };
                if ui.selectable_label(choice == target, words).clicked() {
                    chosen = Some(choice.to_owned());
                    ui.close();
                }
            }
        });
    let name = ctx.tell(format!("{} 是", column.name), format!("{} is", column.name));
    named_combo(&combo.response, &name, &shown);
    chosen.filter(|chosen| chosen != target)
}
