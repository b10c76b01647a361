//! The dialog of what this seat prefers; base maps stand in `base_maps`.

use egui::{RichText, ScrollArea, Slider, TextEdit, Ui};
use rfd::FileDialog;

use super::Dialog;
use super::base_maps::BaseMaps;
use crate::basemap::ARCHIVE_ENDINGS;
use crate::domain::{Lang, Text};
use crate::settings::{BaseChoice, Preference, SCALES, ThemeChoice};
use crate::ui::action::{Action, Actions, DialogAction};
use crate::ui::base;
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::Model;
use crate::ui::widgets::{named_text, note, strong};

/// The page: what is being typed or dragged.
pub struct SettingsPage {
    actor: String,
    scale: f32,
    base_maps: BaseMaps,
}

impl SettingsPage {
    /// With what is set now.
    pub fn of(model: &Model) -> Self {
        Self {
            actor: model.settings.actor.clone(),
            scale: model.settings.scale,
            base_maps: BaseMaps::default(),
        }
    }

    fn person_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        row(ui, ctx.tell("姓名", "Your name"), |ui| {
            let edit = ui.add(
                TextEdit::singleline(&mut self.actor).hint_text(ctx.stamp().actor.to_string()),
            );
            let name = ctx.tell("姓名", "Your name");
            named_text(&edit, &name, &self.actor);
            if edit.lost_focus() && self.actor != ctx.settings.actor {
                let actor = self.actor.trim().to_owned();
                ctx.actions.prefer(Preference::Actor(actor));
            }
            ui.label(note(ctx.tell("记入历史", "for the history")));
        });
        row(ui, ctx.tell("语言", "Language"), |ui| {
            for (lang, words) in [(Lang::Zh, "中文"), (Lang::En, "English")] {
                if ui.selectable_label(ctx.lang() == lang, words).clicked() {
                    ctx.actions.prefer(Preference::Lang(lang));
                }
            }
        });
        row(ui, ctx.tell("明暗", "Theme"), |ui| {
            let themes = [
                (ThemeChoice::Light, Text::new("明", "Light")),
                (ThemeChoice::Dark, Text::new("暗", "Dark")),
                (ThemeChoice::System, Text::new("随系统", "As the system")),
            ];
            for (theme, words) in themes {
                if ui.selectable_label(ctx.settings.theme == theme, ctx.say(words)).clicked() {
                    ctx.actions.prefer(Preference::Theme(theme));
                }
            }
        });
        row(ui, ctx.tell("界面大小", "Size of everything"), |ui| {
            let slider = ui.add(
                Slider::new(&mut self.scale, SCALES.0..=SCALES.1)
                    .step_by(0.05)
                    .custom_formatter(|n, _| format!("{:.0} %", n * 100.0)),
            );
            // Only when it is let go: else the slider would run away under the pointer.
            if slider.drag_stopped() || slider.lost_focus() {
                ctx.actions.prefer(Preference::Scale(self.scale));
            }
        });
        comfort_ui(ui, ctx);
    }
}

impl Dialog for SettingsPage {
    fn title(&self) -> Text {
        Command::Settings.about().words
    }

    fn size(&self) -> [f32; 2] {
        [620.0, 560.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            self.person_ui(ui, ctx);
            row(ui, ctx.tell("监测数据", "Readings"), |ui| {
                let words = ctx.say(Command::Feeds.about().words);
                if ui.add_enabled(ctx.district.is_some(), egui::Button::new(words)).clicked() {
                    ctx.actions.command(Command::Feeds);
                }
            });
            row(ui, ctx.tell("单位日历与时限", "Office calendar"), |ui| {
                let words = ctx.tell("节假日、调休、时限用语…", "Holidays and time limits…");
                if ui.button(words).clicked() {
                    ctx.actions.dialog(DialogAction::Office);
                }
            });
            ui.separator();
            base_ui(ui, ctx);
            self.base_maps.ui(ui, ctx);
        });
        true
    }
}

fn comfort_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    row(ui, ctx.tell("减少动画", "Less motion"), |ui| {
        let mut is_on = ctx.settings.reduced_motion;
        if ui.checkbox(&mut is_on, ctx.tell("视图切换不飞行", "views change at once")).changed()
        {
            ctx.actions.prefer(Preference::ReducedMotion(is_on));
        }
    });
    row(ui, ctx.tell("讲稿窗口", "Speaker's window"), |ui| {
        let mut is_on = ctx.settings.speaker_window;
        let words = ctx.tell("放映会商时在另一窗口打开", "opens when a meeting is presented");
        if ui.checkbox(&mut is_on, words).changed() {
            ctx.actions.prefer(Preference::SpeakerWindow(is_on));
        }
    });
    row(ui, ctx.tell("概览图", "Overview"), |ui| {
        let mut is_on = ctx.settings.overview;
        if ui
            .checkbox(
                &mut is_on,
                ctx.tell("显示在地图右下角", "shown at the lower right of the map"),
            )
            .changed()
        {
            ctx.actions.prefer(Preference::Overview(is_on));
        }
    });
}

/// One setting: what it is called, and what changes it.
pub(super) fn row(ui: &mut Ui, label: String, add: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(egui::vec2(110.0, 28.0), layout, |ui| {
            ui.set_min_width(110.0);
            ui.label(note(label));
        });
        add(ui);
    });
}

fn base_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ui.label(strong(ctx.tell("底图", "Base map")));
    row(ui, ctx.tell("离线", "Offline"), |ui| {
        let is_none = ctx.settings.base == BaseChoice::None;
        if ui.selectable_label(is_none, ctx.say(base::NONE)).clicked() {
            ctx.actions.prefer(Preference::Base(BaseChoice::None));
        }
        if let BaseChoice::File { .. } = &ctx.settings.base {
            let name = crate::ui::parts::words::base_name(ctx);
            ui.label(strong(name));
        }
        let file = ctx.tell("选择文件…", "Choose a file…");
        let folder = ctx.tell("选择文件夹…", "Choose a folder…");
        for (words, is_folder) in [(file, false), (folder, true)] {
            if ui.button(words).clicked() {
                let (lang, actions) = (ctx.lang(), ctx.actions.clone());
                ctx.actions.work("open file", move |_| choose_base(&actions, lang, is_folder));
            }
        }
    });
    ui.label(note(ctx.tell(
        "支持 .mbtiles、.pmtiles（栅格或矢量）和按 {z}/{x}/{y} 存放瓦片的文件夹，也可直接拖到窗口上。GCJ-02 底图上，本区数据会自动对准；文件未说明坐标基准时，可在图层面板中指定。",
        "MBTiles and PMTiles, raster or vector, and folders of tiles as {z}/{x}/{y}; dropping one on the window does the same. On a GCJ-02 base map our data are shifted to fit; where a file does not say its datum, state it in the layers panel.",
    )));
    if let Some(problem) = &ctx.base_problem {
        ui.label(RichText::new(problem.say(ctx.lang())).color(ctx.color(|t| t.watch)));
    }
}

fn choose_base(actions: &Actions, lang: Lang, is_folder: bool) -> Action {
    let title = if lang == Lang::Zh { "选择底图" } else { "Choose a base map" };
    let dialog = FileDialog::new().set_title(title);
    let picked = if is_folder {
        actions.picked(dialog, FileDialog::pick_folder)
    } else {
        let dialog = dialog.add_filter("MBTiles, PMTiles", ARCHIVE_ENDINGS);
        actions.picked(dialog, FileDialog::pick_file)
    };
    picked.map_or(Action::Nothing, |path| {
        Action::Prefer(Preference::Base(BaseChoice::File { path, datum: None }))
    })
}
