//! What a person says about a file as a whole: sheet, layer, datum.

use egui::{ComboBox, Ui};

use super::import_job::{SYSTEMS, Wishes};
use crate::domain::{Kind, Text};
use crate::geodesy::crs::Crs;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named_combo, note};

/// Which sheet, layer or document; nothing where there is but one. True when it was changed.
pub fn part_ui(ui: &mut Ui, ctx: &Ctx<'_>, wishes: &mut Wishes, parts: &[String]) -> bool {
    if parts.is_empty() {
        return false;
    }
    let words = Text::new("工作表 / 图层", "Sheet or layer");
    let auto = Text::new("自动", "automatic");
    let mut chosen = None;
    ui.label(note(ctx.say(words)));
    let shown = wishes.part.clone().unwrap_or_else(|| ctx.say(auto).to_owned());
    let combo = ComboBox::from_id_salt("import part").selected_text(&shown).width(180.0).show_ui(
        ui,
        |ui| {
            if ui.selectable_label(wishes.part.is_none(), ctx.say(auto)).clicked() {
                chosen = Some(None);
            }
            for part in parts {
                if ui.selectable_label(wishes.part.as_ref() == Some(part), part).clicked() {
                    chosen = Some(Some(part.clone()));
                }
            }
        },
    );
    named_combo(&combo.response, ctx.say(words), &shown);
    match chosen {
        Some(part) if part != wishes.part => {
            wishes.choose_part(part);
            true
        }
        _ => false,
    }
}

/// Rows that become no records.
pub const READINGS: Text = Text::new("监测数据", "Readings of the air");

/// The layer that the rows go to, or that they are readings. True when it was changed.
pub fn kind_ui(ui: &mut Ui, ctx: &Ctx<'_>, wishes: &mut Wishes, guessed: &str) -> bool {
    let words = Text::new("导入为", "Import as");
    ui.label(note(ctx.say(words)));
    let are_readings = wishes.readings.is_meant == Some(true);
    let of_kind = wishes.kind.filter(|_| !are_readings);
    let shown = of_kind.map_or(guessed, |kind| ctx.say(kind.label()));
    let shown = if are_readings { ctx.say(READINGS) } else { shown };
    let (mut chosen, mut chose_readings) = (None, false);
    let combo =
        ComboBox::from_id_salt("import kind").selected_text(shown).width(180.0).show_ui(ui, |ui| {
            chose_readings = ui.selectable_label(are_readings, ctx.say(READINGS)).clicked();
            for kind in Kind::ALL.into_iter().filter(|kind| kind.is_brought()) {
                let label = ctx.say(kind.label());
                if ui.selectable_label(of_kind == Some(kind), label).clicked() {
                    chosen = Some(kind);
                }
            }
        });
    named_combo(&combo.response, ctx.say(words), shown);
    if chose_readings && !are_readings {
        wishes.readings.is_meant = Some(true);
        return true;
    }
    let Some(kind) = chosen.filter(|kind| of_kind != Some(*kind)) else { return false };
    wishes.choose_kind(kind);
    true
}

/// The datum where the file does not say it. `read_as` is what the rows were read as, and the
/// words behind it say why.
pub fn datum_ui(ui: &mut Ui, ctx: &Ctx<'_>, wishes: &mut Wishes, read_as: &str) -> bool {
    let mut chosen = None;
    let mut is_overruled = false;
    ui.horizontal_wrapped(|ui| {
        ui.label(note(ctx.tell("坐标系", "Datum")));
        for (crs, name) in SYSTEMS {
            if ui.selectable_label(wishes.crs.as_ref() == Some(&crs), name).clicked() {
                chosen = Some(crs);
            }
        }
        is_overruled = overrule_ui(ui, ctx, wishes, read_as);
        if !read_as.is_empty() {
            let is_own = wishes.crs.as_ref().map(Crs::name).is_some_and(|name| name == read_as);
            ui.label(note(if is_own {
                ctx.tell(format!("{read_as}：由您指定"), format!("{read_as}: as you said"))
            } else {
                ctx.tell(format!("{read_as}：文件注明"), format!("{read_as}: as the file states"))
            }));
        }
    });
    let Some(crs) = chosen.filter(|crs| wishes.crs.as_ref() != Some(crs)) else {
        return is_overruled;
    };
    wishes.crs = Some(crs);
    true
}

/// Where the file states another datum than the one that was chosen: whether its claim is false.
fn overrule_ui(ui: &mut Ui, ctx: &Ctx<'_>, wishes: &mut Wishes, read_as: &str) -> bool {
    let is_other = wishes.crs.as_ref().is_some_and(|crs| crs.name() != read_as);
    if read_as.is_empty() || !is_other && !wishes.overrules_crs {
        return false;
    }
    let words = ctx.tell("文件注明有误，按所选坐标系读取", "The file is wrong: use the chosen one");
    ui.checkbox(&mut wishes.overrules_crs, words).changed()
}

/// Whether places outside of China or far from the district are taken nevertheless; shown where rows
/// were rejected. True when it was changed.
pub fn far_ui(ui: &mut Ui, ctx: &Ctx<'_>, wishes: &mut Wishes, rejected: u64) -> bool {
    if rejected == 0 && !wishes.takes_far {
        return false;
    }
    let words = ctx.tell(
        "境外和远离本区的坐标没有错，照样导入",
        "Places outside China or far from the district are meant: take them",
    );
    ui.checkbox(&mut wishes.takes_far, words).changed()
}
