//! 议程: the meeting that is held, its scenes in order, and the page of the one that is shown.

use std::sync::Arc;

use egui::{AtomExt as _, Button, ComboBox, Key, Label, RichText, ScrollArea, Sense, TextEdit, Ui};
use lucide_icons::Icon;

use super::stage::{lack_words, screen};
use crate::analysis::scenes::scenes;
use crate::domain::{Field, Kind, Record, RecordId, Text};
use crate::ui::action::{DialogAction, MeetingAction, StageAction};
use crate::ui::command::{Command, key_text};
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::{meeting_words, subkind_words};
use crate::ui::widgets::{empty, icon, named, named_combo, named_text, note, strong};

/// The title of the panel.
pub const TITLE: Text = Text::new("议程", "Agenda");

const SCENES_WIDTH: f32 = 560.0;

/// What is being typed.
#[derive(Default)]
pub struct AgendaPage {
    renaming: Option<Renaming>,
}

struct Renaming {
    scene: RecordId,
    name: String,
    is_new: bool,
}

impl AgendaPage {
    /// Lists the scenes of the meeting, to be gone to, moved and changed.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let world = ctx.world();
        let Some(held) = ctx.meeting.held_in(&world) else {
            empty(
                ui,
                ctx.tell("还没有会议", "There is no meeting yet"),
                ctx.tell("“新会商”按模板建好全部场景", "A new one makes all its scenes at once"),
            );
            ui.vertical_centered(|ui| new_ui(ui, ctx));
            return;
        };
        let scenes = scenes(&world, held);
        let shown = scenes.iter().find(|scene| Some(scene.id) == ctx.meeting.scene);
        ui.horizontal(|ui| meeting_ui(ui, ctx, held));
        ui.add_space(4.0);
        let height = ui.available_height();
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(SCENES_WIDTH.min(ui.available_width() * 0.6));
                ui.set_height(height);
                ui.horizontal_wrapped(|ui| self.tools_ui(ui, ctx, shown.map(|scene| &***scene)));
                ui.add_space(2.0);
                if scenes.is_empty() {
                    let words = ctx.tell("此会议还没有场景", "This meeting has no scene yet");
                    empty(ui, words, ctx.tell("添加当前视图", "Add what the map shows now"));
                }
                let list = ScrollArea::vertical().id_salt("scenes").auto_shrink(false);
                list.show(ui, |ui| {
                    for (place, scene) in scenes.iter().enumerate() {
                        self.scene_ui(ui, ctx, place + 1, scene);
                    }
                });
            });
            ui.separator();
            ui.vertical(|ui| {
                ui.set_height(height);
                shown_ui(ui, ctx, shown.map(|scene| &***scene));
            });
        });
    }

    /// What can be done with the scene that is shown.
    fn tools_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, shown: Option<&Record>) {
        let words = ctx.say(Text::new("添加当前视图为场景", "Add this view as a scene"));
        let add = ui.button((icon(Icon::Plus), words));
        named(&add, words);
        if add.clicked() {
            ctx.actions.meeting(MeetingAction::Stage(StageAction::Add));
        }
        let Some(scene) = shown else { return };
        let id = scene.id;
        let words = ctx.say(Text::new("更新为当前视图", "Take this view"));
        let tip = ctx.tell(
            "视图、图层、筛选、时刻、选中对象和方案存入此场景",
            "View, layers, filter, moment, selection and plan become the scene's",
        );
        let take = ui.button((icon(Icon::Camera), words));
        named(&take, words);
        if take.on_hover_text(tip).clicked() {
            ctx.actions.meeting(MeetingAction::Stage(StageAction::Retake(id)));
        }
        for (mark, words, wish) in [
            (Icon::ChevronUp, Text::new("上移", "Move up"), StageAction::Move(id, -1)),
            (Icon::ChevronDown, Text::new("下移", "Move down"), StageAction::Move(id, 1)),
            (Icon::Copy, Text::new("复制场景", "Duplicate"), StageAction::Duplicate(id)),
            (Icon::Trash2, Text::new("删除场景", "Delete"), StageAction::Remove(id)),
        ] {
            let button = ui.button(icon(mark));
            named(&button, ctx.say(words));
            let key = match wish {
                StageAction::Move(_, by) if by < 0 => "  Alt+↑",
                StageAction::Move(..) => "  Alt+↓",
                _ => "",
            };
            if button.on_hover_text(format!("{}{key}", ctx.say(words))).clicked() {
                ctx.actions.meeting(MeetingAction::Stage(wish));
            }
        }
        let words = ctx.say(Text::new("改名", "Rename"));
        let rename = ui.button(icon(Icon::Pencil));
        named(&rename, words);
        if rename.on_hover_text(words).clicked() {
            let name = scene.name().to_owned();
            self.renaming = Some(Renaming { scene: id, name, is_new: true });
        }
        page_ui(ui, ctx, scene);
        let words = ctx.say(Text::new("编辑讲稿", "Edit the note"));
        let edit = ui.button(icon(Icon::NotebookPen));
        named(&edit, words);
        if edit.on_hover_text(words).clicked() {
            ctx.actions.select(id);
        }
    }

    /// Number, title, page and the beginning of the note.
    fn scene_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, number: usize, scene: &Arc<Record>) {
        let is_shown = Some(scene.id) == ctx.meeting.scene;
        if let Some(renaming) = self.renaming.as_mut().filter(|it| it.scene == scene.id) {
            let is_done = renaming.ui(ui, ctx);
            if is_done {
                self.renaming = None;
            }
            return;
        }
        let page = subkind_words(Kind::Scene, scene.text("page"), ctx.lang());
        let page = if scene.text("page").is_empty() { String::new() } else { page };
        let said = scene.text("note").lines().next().unwrap_or_default();
        // What does not fit is cut from the note.
        let said = note(said).atom_shrink(true);
        let words = (strong(number.to_string()), scene.name(), note(page), said);
        let row = Button::selectable(is_shown, words).truncate();
        let row = row.min_size(egui::vec2(ui.available_width(), 28.0));
        let response = ui.add(row.sense(Sense::click()));
        named(&response, &format!("{number} {}", scene.name()));
        if response.double_clicked() {
            let name = scene.name().to_owned();
            self.renaming = Some(Renaming { scene: scene.id, name, is_new: true });
        } else if response.clicked() {
            ctx.actions.meeting(MeetingAction::Stage(StageAction::Go(scene.id)));
        }
    }
}

impl Renaming {
    /// Whether it is over, by Enter, Escape or a click elsewhere.
    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let field = TextEdit::singleline(&mut self.name).desired_width(f32::INFINITY);
        let response = ui.add(field);
        named_text(&response, ctx.say(Text::new("场景名称", "Name of the scene")), &self.name);
        if std::mem::take(&mut self.is_new) {
            response.request_focus();
            return false;
        }
        if response.lost_focus() {
            let is_left = ui.input(|input| input.key_pressed(Key::Escape));
            let name = self.name.trim().to_owned();
            if !is_left && !name.is_empty() {
                ctx.actions.meeting(MeetingAction::Stage(StageAction::Rename(self.scene, name)));
            }
        }
        !response.has_focus()
    }
}

/// Which meeting, and what can be done with it.
fn meeting_ui(ui: &mut Ui, ctx: &Ctx<'_>, held: &Arc<Record>) {
    let world = ctx.world();
    let mut meetings: Vec<&Arc<Record>> = world.table(Kind::Meeting).iter().collect();
    meetings.sort_by_key(|meeting| std::cmp::Reverse((meeting.date("date"), meeting.id)));
    let chosen = meeting_words(held);
    let combo =
        ComboBox::from_id_salt("meeting").width(300.0).selected_text(&chosen).show_ui(ui, |ui| {
            for meeting in meetings {
                let is_held = meeting.id == held.id;
                if ui.selectable_label(is_held, meeting_words(meeting)).clicked() {
                    ctx.actions.meeting(MeetingAction::Hold(Some(meeting.id)));
                }
            }
        });
    named_combo(&combo.response, ctx.say(Text::new("会议", "Meeting")), &chosen);
    let words = ctx.say(Text::new("编辑会议", "Edit the meeting"));
    let edit = ui.button((icon(Icon::Pencil), words));
    named(&edit, words);
    let tip = ctx.tell("日期、名称、主持人、参会人员，在右侧卡片", "Date, title, chair, attendees");
    if edit.on_hover_text(tip).clicked() {
        ctx.actions.select(held.id);
    }
    new_ui(ui, ctx);
    let big = Command::Big.about();
    let words = ctx.say(Text::new("放映", "Present"));
    let present = ui.button((icon(Icon::Presentation), words));
    named(&present, words);
    let key = big.key.map(key_text).unwrap_or_default();
    if present.on_hover_text(format!("{words}  {key}")).clicked() {
        ctx.actions.command(Command::Big);
    }
    let chair = held.text("chair");
    if !chair.is_empty() {
        ui.label(note(ctx.tell(format!("主持 {chair}"), format!("chair {chair}"))));
    }
}

fn new_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let words = ctx.say(Text::new("新会商", "New meeting"));
    let new = ui.button((icon(Icon::CalendarPlus), words));
    named(&new, words);
    if new.clicked() {
        ctx.actions.dialog(DialogAction::NewMeeting);
    }
}

/// Which page stands beside the map.
fn page_ui(ui: &mut Ui, ctx: &Ctx<'_>, scene: &Record) {
    let choices = Kind::Scene.field("page").and_then(Field::choices).unwrap_or_default();
    let page = scene.text("page");
    let known = choices.iter().find(|choice| choice.key == page);
    let words = known.map_or(Text::new("内容", "Page"), |choice| choice.label);
    let combo =
        ComboBox::from_id_salt("scene page").selected_text(ctx.say(words)).show_ui(ui, |ui| {
            for choice in choices {
                if ui.selectable_label(choice.key == page, ctx.say(choice.label)).clicked() {
                    let turn = StageAction::Turn(scene.id, choice.key);
                    ctx.actions.meeting(MeetingAction::Stage(turn));
                }
            }
        });
    named_combo(&combo.response, ctx.say(Text::new("场景内容", "Page of the scene")), page);
}

/// The page of the scene, as it will stand beside the map on the big screen.
fn shown_ui(ui: &mut Ui, ctx: &Ctx<'_>, shown: Option<&Record>) {
    let Some(scene) = shown else {
        let next = ctx.tell("点一个场景，或按 ← →", "Click a scene, or press ← →");
        empty(ui, ctx.tell("没有显示场景", "No scene is shown"), next);
        return;
    };
    let lacks = lack_words(ctx, &ctx.meeting.stage.lacks);
    if !lacks.is_empty() {
        ui.horizontal(|ui| {
            let color = ctx.color(|t| t.watch);
            ui.label(icon(Icon::TriangleAlert).color(color));
            ui.add(Label::new(RichText::new(lacks).color(color)).wrap());
        });
    }
    if let Some(page) = screen::page(ctx) {
        page.ui(ui, ctx);
        return;
    }
    let said = scene.text("note");
    let alone = ctx.tell("此场景只看地图", "This scene is the map alone");
    ui.add(Label::new(note(if said.is_empty() { &alone } else { said })).wrap());
}
