//! The line at the foot: where the pointer is, how fresh the data are, and what is under way.

use egui::{Align, Layout, ProgressBar, Ui};

use super::action::Action;
use super::command::Command;
use super::ctx::Ctx;
use super::model::District;
use super::parts::words::when;
use super::widgets::{named_combo, note};
use crate::domain::Text;
use crate::geodesy::coordinates::coordinate_text;
use crate::jobs::Jobs;
use crate::settings::Preference;
use crate::ui::parts::words::shown_crs;

/// Shows the line at the foot.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, jobs: &Jobs<Action>) {
    ui.horizontal_centered(|ui| {
        place_ui(ui, ctx);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            state_ui(ui, ctx);
            work_ui(ui, ctx, jobs);
        });
    });
}

const SYSTEMS: [(&str, &str); 4] =
    [("wgs84", "WGS-84"), ("cgcs2000", "CGCS2000"), ("gcj02", "GCJ-02"), ("bd09", "BD-09")];

/// Coordinates in the datum of choice, with copy.
fn place_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let crs = shown_crs(ctx);
    let place = ctx.pointer.unwrap_or(ctx.camera.view.center);
    let text = coordinate_text(place, &crs);
    ui.add_sized([190.0, 20.0], egui::Label::new(note(text)));
    let shown = SYSTEMS.iter().find(|(key, _)| *key == ctx.settings.shown_crs);
    let name = shown.map_or("WGS-84", |(_, name)| name);
    let combo = egui::ComboBox::from_id_salt("datum")
        .selected_text(note(name))
        .width(92.0)
        .show_ui(ui, |ui| {
            for (key, name) in SYSTEMS {
                if ui.selectable_label(key == ctx.settings.shown_crs, name).clicked() {
                    ctx.actions.prefer(Preference::ShownCrs(key));
                }
            }
        });
    named_combo(&combo.response, ctx.say(Text::new("坐标系", "Datum")), name);
    super::widgets::icon_button(ui, ctx, Command::CopyPlace, true);
}

fn state_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    const LOW: u64 = 500 << 20;
    if let Some(free) = ctx.free_disk {
        let text = if free < LOW {
            ctx.tell(
                format!("磁盘仅剩 {} MB", free >> 20),
                format!("disk: only {} MB left", free >> 20),
            )
        } else {
            ctx.tell("磁盘 正常", "disk fine")
        };
        let is_low = free < LOW;
        ui.label(if is_low { note(text).color(ctx.color(|t| t.act)) } else { note(text) });
        dot(ui);
    }
    let backup = match ctx.last_backup {
        Some(at) => ctx.tell(format!("备份 {}", when(at)), format!("backup {}", when(at))),
        None => ctx.tell("尚无备份", "no backup yet"),
    };
    if ui
        .add(egui::Button::new(note(backup)).frame_when_inactive(false))
        .on_hover_text(ctx.say(Command::Backup.about().words))
        .clicked()
    {
        ctx.actions.command(Command::Backup);
    }
    dot(ui);
    ui.label(note(ctx.tell(
        format!("底图 {}", super::parts::words::base_name(ctx)),
        format!("base map {}", super::parts::words::base_name(ctx)),
    )));
    dot(ui);
    if let Some(at) = ctx.district.as_ref().and_then(District::changed_at) {
        ui.label(note(ctx.tell(format!("数据 {}", when(at)), format!("data {}", when(at)))));
    }
}

fn dot(ui: &mut Ui) {
    ui.label(note("·"));
}

const LONG: [(&str, Text); 7] = [
    ("dropped", Text::new("正在查看拖入的文件", "looking at the files")),
    ("import", Text::new("正在导入", "importing")),
    ("export", Text::new("正在导出", "exporting")),
    ("print", Text::new("正在打印", "printing")),
    ("brief", Text::new("正在生成文件", "writing the paper")),
    ("network", Text::new("正在准备路网", "preparing roads")),
    ("known", Text::new("正在整理", "working")),
];

fn work_ui(ui: &mut Ui, ctx: &Ctx<'_>, jobs: &Jobs<Action>) {
    for (key, words) in LONG {
        let Some(progress) = jobs.progress(key) else { continue };
        if let Some(share) = progress.share() {
            ui.add(ProgressBar::new(share).desired_width(120.0).text(ctx.say(words)));
            if ui.small_button(ctx.say(Text::new("取消", "Cancel"))).clicked() {
                progress.cancel();
            }
        } else {
            ui.label(note(ctx.say(words)));
            ui.spinner();
        }
    }
}
