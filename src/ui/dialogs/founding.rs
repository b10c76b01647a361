//! A district of one's own: which one, by name, and where its file goes; then what it still lacks.

use egui::{Button, ComboBox, Grid, TextEdit, Ui};

use super::Dialog;
use crate::domain::Text;
use crate::domain::divisions::{below, named};
use crate::ui::action::{Action, FileAction};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::parts::setup;
use crate::ui::widgets::{named_combo, named_text, note};

/// Which district: province, city and county, as far as they are chosen.
pub struct FoundingPage {
    /// Of province, city and county; empty where none is chosen.
    codes: [String; 3],
    /// Of the file, without its ending.
    name: String,
    has_townships: bool,
}

const LEVELS: [Text; 3] =
    [Text::new("省", "Province"), Text::new("市", "City"), Text::new("区县", "District or county")];

impl FoundingPage {
    /// Nothing is chosen yet.
    pub fn new() -> Self {
        Self { codes: Default::default(), name: String::new(), has_townships: true }
    }

    /// The last one that is chosen.
    fn code(&self) -> &str {
        self.codes.iter().rev().find(|code| !code.is_empty()).map_or("", String::as_str)
    }

    fn level_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, level: usize) {
        let above = level.checked_sub(1).map(|above| self.codes.get(above).cloned());
        let above = above.map(Option::unwrap_or_default);
        let words = LEVELS.get(level).map_or("", |words| ctx.say(*words));
        ui.label(note(words));
        let Some(chosen) = self.codes.get_mut(level) else { return };
        let shown = named(chosen).map_or_else(|| ctx.tell("请选择", "choose"), |it| it.name.into());
        let before = chosen.clone();
        let may = above.as_ref().is_none_or(|above| !above.is_empty());
        ui.add_enabled_ui(may, |ui| {
            let combo = ComboBox::from_id_salt(("division", level)).width(260.0);
            let combo = combo.selected_text(&shown).show_ui(ui, |ui| {
                for division in below(&above.unwrap_or_default()) {
                    let code = division.code.to_string();
                    ui.selectable_value(chosen, code, division.name);
                }
            });
            named_combo(&combo.response, words, &shown);
        });
        ui.end_row();
        if *chosen != before {
            self.codes.iter_mut().skip(level + 1).for_each(String::clear);
            self.name = named(self.code()).map_or("", |division| division.name).to_owned();
        }
    }

    /// Asks where the file goes, and makes it with what was chosen.
    fn found(&self, ctx: &Ctx<'_>) {
        let edit = setup::first_edit(ctx, self.code(), self.has_townships);
        let (actions, name) = (ctx.actions.clone(), format!("{}.gpkg", self.name.trim()));
        ctx.actions.work("open file", move |_| {
            let path = actions.ask_where_to_save(&name, "GeoPackage");
            path.map_or(Action::Nothing, |path| Action::File(FileAction::Found(path, edit)))
        });
    }
}

impl Dialog for FoundingPage {
    fn title(&self) -> Text {
        Command::New.about().words
    }

    fn size(&self) -> [f32; 2] {
        [480.0, 320.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        ui.label(ctx.tell(
            "选择区县，以其名称和乡镇街道名录开始；也可以跳过，从空文件开始",
            "Choose the district to begin with its name and townships, or begin with an empty file",
        ));
        ui.add_space(6.0);
        Grid::new("founding").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
            for level in 0..LEVELS.len() {
                self.level_ui(ui, ctx, level);
            }
            let words = ctx.say(Text::new("文件名", "Name of the file"));
            ui.label(note(words));
            let edit = ui.add(TextEdit::singleline(&mut self.name).desired_width(260.0));
            named_text(&edit, words, &self.name);
            ui.end_row();
        });
        let count = below(self.code()).count();
        if self.code().len() == 6 && count > 0 {
            let words = ctx.tell(
                format!("同时建立 {count} 个乡镇街道（先无边界）"),
                format!("with its {count} townships, their outlines to follow"),
            );
            ui.checkbox(&mut self.has_townships, words);
        }
        ui.add_space(8.0);
        let mut stays = true;
        ui.horizontal(|ui| {
            let may = self.code().len() >= 4 && !self.name.trim().is_empty();
            let words = ctx.say(Text::new("选择位置并新建…", "Choose a place and make it…"));
            if ui.add_enabled(may, Button::new(words)).clicked() {
                self.found(ctx);
                stays = false;
            }
            let words = ctx.say(Text::new("跳过，建空文件…", "Skip: an empty file…"));
            if ui.button(words).clicked() {
                ctx.actions.send(Action::File(FileAction::AskNew));
                stays = false;
            }
        });
        stays
    }
}

/// What the district still lacks, with all that was skipped.
pub struct SetupPage;

impl Dialog for SetupPage {
    fn title(&self) -> Text {
        Command::Setup.about().words
    }

    fn size(&self) -> [f32; 2] {
        [520.0, 380.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        if ctx.is_reading() {
            ui.label(note(ctx.tell("正在读取…", "Reading…")));
            return true;
        }
        ui.label(ctx.tell(
            "每一步都可以跳过，以后再做；未完成的留在概况卡片上",
            "Any step can be skipped and done later; what is left stands on the overview",
        ));
        ui.add_space(6.0);
        setup::all_ui(ui, ctx);
        let is_done = setup::is_finished(ctx);
        let words =
            if is_done { Text::new("完成", "Done") } else { Text::new("以后再做", "Later") };
        !ui.button(ctx.say(words)).clicked()
    }
}
