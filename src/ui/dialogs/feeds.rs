//! The dialog of what brings readings by itself: each feed off until it is switched on, with a test, what
//! it brought last, and what goes wrong.

mod web;

use egui::{Checkbox, RichText, ScrollArea, TextEdit, Ui};
use rfd::FileDialog;

use super::Dialog;
use crate::domain::{LocalizedText, Text};
use crate::intake::feed::{Source, test_folder, test_hj212};
use crate::jobs::Derived;
use crate::settings::Preference;
use crate::settings::feeds::{Feeds, WebFeed};
use crate::ui::action::{Action, FileAction};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::Model;
use crate::ui::parts::air::instant_words;
use crate::ui::widgets::{named, named_text, note, strong};

/// What a test found, by the feed that was tested.
type Tested = Option<(Source, Result<LocalizedText, LocalizedText>)>;

/// The page: what is being typed, and what the last test found.
pub struct FeedsPage {
    feeds: Feeds,
    devices: String,
    keys: String,
    tested: Derived<(), Tested>,
    is_testing: Option<Source>,
    chosen: Derived<(), Option<String>>,
}

impl FeedsPage {
    /// With what is set now.
    pub fn of(model: &Model) -> Self {
        let feeds = model.feeds_wish().feeds;
        let keys = feeds.hj212.keys.iter().map(|(mn, key)| format!("{mn}={key}"));
        let keys: Vec<String> = keys.collect();
        Self {
            devices: feeds.hj212.devices.join(" "),
            keys: keys.join(" "),
            feeds,
            tested: Derived::default(),
            is_testing: None,
            chosen: Derived::default(),
        }
    }

    fn hj212_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let words = ctx
            .tell("HJ 212 监听（只听不发，仅应答 9014）", "HJ 212 listener (answers 9014 alone)");
        ui.add(Checkbox::new(&mut self.feeds.hj212.is_on, strong(words)));
        let mut tests = false;
        let feed = &mut self.feeds.hj212;
        ui.horizontal(|ui| {
            field_ui(ui, &ctx.tell("监听地址", "Address"), &mut feed.address, 220.0);
            let words = ctx.tell("测试", "Test");
            let button = ui.button(&words);
            named(&button, &ctx.tell("测试监听", "Test the listener"));
            if button.clicked() {
                tests = true;
            }
        });
        let is_open =
            !feed.address.trim().starts_with("127.") && !feed.address.trim().starts_with("[::1]");
        if is_open {
            let words = ctx.tell("此地址可被其他机器访问", "Other machines reach this address");
            ui.label(RichText::new(words).color(ctx.color(|t| t.watch)));
        }
        if tests {
            let (feed, running) = (self.typed().hj212, ctx.feeds.address);
            let reply = self.tested.ask_anew(());
            self.is_testing = Some(Source::Hj212);
            ctx.actions.work("test feed", move |_| {
                reply.send(Some((Source::Hj212, test_hj212(&feed, running))));
                Action::Nothing
            });
        }
        self.tested_ui(ui, ctx, Source::Hj212);
        field(ui, &ctx.tell("另外放行的 MN", "Further MNs let in"), &mut self.devices, 420.0);
        ui.label(note(ctx.tell(
            "控制点、气象站、工地的编码或“MN”属性即放行；其他设备只计数，不入库。多个用空格分开",
            "A device is let in whose MN is the code of a record; others are counted and dropped. Separate by blanks",
        )));
        field(ui, &ctx.tell("SM4 密钥", "SM4 keys"), &mut self.keys, 420.0);
        ui.label(note(ctx.tell(
            "写成 MN=32位十六进制；没有密钥的加密报文原样另存，不读取",
            "As MN=32 hexadecimal digits; encrypted packets without a key are kept aside unread",
        )));
        ui.horizontal(|ui| {
            ui.label(note(ctx.tell("每", "Every")));
            let every =
                ui.add(egui::DragValue::new(&mut self.feeds.hj212.every_min).range(1..=1440));
            named(&every, &ctx.tell("入库间隔，分钟", "Minutes between deliveries"));
            ui.label(note(ctx.tell("分钟入库一批", "minutes one delivery")));
        });
        heard_ui(ui, ctx);
        seen_ui(ui, ctx, Source::Hj212);
    }

    fn folder_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let words = ctx.tell("监视文件夹", "Watched folder");
        ui.add(Checkbox::new(&mut self.feeds.folder.is_on, strong(words)));
        ui.horizontal(|ui| {
            field_ui(ui, &ctx.tell("文件夹", "Folder"), &mut self.feeds.folder.path, 380.0);
            if ui.button(ctx.tell("选择…", "Choose…")).clicked() {
                let (actions, reply) = (ctx.actions.clone(), self.chosen.ask_anew(()));
                ctx.actions.work("open file", move |_| {
                    let picked = actions.picked(FileDialog::new(), FileDialog::pick_folder);
                    reply.send(picked.map(|path| path.display().to_string()));
                    Action::Nothing
                });
            }
            if ui.button(ctx.tell("测试", "Test")).clicked() {
                let (path, reply) = (self.feeds.folder.path.clone(), self.tested.ask_anew(()));
                self.is_testing = Some(Source::Folder);
                ctx.actions.work("test feed", move |_| {
                    reply.send(Some((Source::Folder, test_folder(path.trim().as_ref()))));
                    Action::Nothing
                });
            }
        });
        ui.label(note(ctx.tell(
            "放进去的监测数据文件，写完后自动入库一次；改动后再入库。原文件不动",
            "Files of readings that are put there come in once they rest, and again when they change; they stay where they are",
        )));
        self.tested_ui(ui, ctx, Source::Folder);
        seen_ui(ui, ctx, Source::Folder);
    }

    fn tested_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>, source: Source) {
        if self.is_testing == Some(source) {
            let testing = ui.horizontal(|ui| {
                ui.spinner();
                ui.label(note(ctx.tell("正在测试…", "Testing…")));
            });
            // The answer will stand here, which may be below what is in view.
            testing.response.scroll_to_me(None);
        }
        match &*self.tested {
            Some((of, Ok(words))) if *of == source => {
                ui.label(words.say(ctx.lang()));
            }
            Some((of, Err(words))) if *of == source => {
                let words = words.say(ctx.lang());
                ui.label(RichText::new(words).color(ctx.color(|t| t.act)));
            }
            _ => {}
        }
    }

    /// What is typed, as it is kept.
    fn typed(&self) -> Feeds {
        let mut feeds = self.feeds.clone();
        let parts = |text: &str| -> Vec<String> {
            let parts = text.split([' ', ',', '，', ';', '；', '\n', '、']);
            parts.filter(|part| !part.trim().is_empty()).map(|it| it.trim().to_owned()).collect()
        };
        feeds.hj212.devices = parts(&self.devices);
        let pair = |text: &String| {
            let (mn, key) = text.split_once('=')?;
            Some((mn.to_owned(), key.to_owned()))
        };
        feeds.hj212.keys = parts(&self.keys).iter().filter_map(pair).collect();
        feeds
    }
}

impl Dialog for FeedsPage {
    fn title(&self) -> Text {
        Command::Feeds.about().words
    }

    fn size(&self) -> [f32; 2] {
        [760.0, 640.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        if self.tested.poll() {
            self.is_testing = None;
        }
        if self.chosen.poll()
            && let Some(path) = self.chosen.get_mut().take()
        {
            self.feeds.folder.path = path;
        }
        let Some(district) = &ctx.district else { return false };
        let room = (ui.available_height() - 44.0).max(120.0);
        let area = ScrollArea::vertical().id_salt("feeds").max_height(room);
        area.auto_shrink([false, false]).show(ui, |ui| {
            self.hj212_ui(ui, ctx);
            ui.separator();
            self.folder_ui(ui, ctx);
            ui.separator();
            self.webs_ui(ui, ctx);
        });
        ui.horizontal(|ui| {
            let typed = self.typed();
            let is_other = typed != ctx.feeds_wish().feeds;
            let save = egui::Button::new(strong(ctx.tell("保存并生效", "Save and apply")));
            if ui.add_enabled(is_other, save).clicked() {
                let district = district.path.display().to_string();
                ctx.actions.prefer(Preference::Feeds { district, feeds: Box::new(typed) });
            }
            let now = egui::Button::new(ctx.tell("立即入库", "Take in now"));
            if ui.add_enabled(ctx.feeds_wish().feeds.any_is_on(), now).clicked() {
                ctx.actions.send(Action::File(FileAction::TakeInNow));
            }
            ui.label(note(ctx.tell(
                "只对本机、本区域文件；窗口开着时运行。自动来的批次不占撤销步骤，可整批撤回",
                "For this district at this seat, while the window is open. Such deliveries are no undo steps; they can be withdrawn",
            )));
        });
        true
    }
}

/// What the listener has heard so far, and from whom it takes nothing.
fn heard_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let Some(heard) = &ctx.feeds.heard else { return };
    let address = ctx.feeds.address.map_or_else(String::new, |it| it.to_string());
    let last = heard.last_at.map_or_else(|| "—".to_owned(), instant_words);
    ui.label(ctx.tell(
        format!(
            "正在监听 {address}：连接 {}，报文 {}，待入库或已入库 {}，另存 {}，重发 {}，非本区 {}，校验错 {}，加密 {}，最近 {last}",
            heard.connections, heard.packets, heard.kept, heard.aside, heard.repeated, heard.foreign, heard.wrong, heard.encrypted
        ),
        format!(
            "Listening on {address}: {} connections, {} packets, {} kept, {} aside, {} repeated, {} of strangers, {} wrong, {} encrypted, last {last}",
            heard.connections, heard.packets, heard.kept, heard.aside, heard.repeated, heard.foreign, heard.wrong, heard.encrypted
        ),
    ));
    let strangers = heard.devices.iter().filter(|(_, it)| !it.is_let_in).take(8);
    let strangers: Vec<&str> = strangers.map(|(mn, _)| mn.as_str()).collect();
    if !strangers.is_empty() {
        let names = strangers.join("、");
        ui.label(note(ctx.tell(format!("未放行：{names}"), format!("not let in: {names}"))));
    }
    for (words, count) in heard.notes.values().take(6) {
        ui.label(note(format!("{} ×{count}", words.say(ctx.lang()))));
    }
    if let Some(problem) = &heard.problem {
        let words = problem.say(ctx.lang());
        ui.label(RichText::new(words).color(ctx.color(|t| t.act)));
    }
}

/// What a feed brought last, and what goes wrong.
fn seen_ui(ui: &mut Ui, ctx: &Ctx<'_>, source: Source) {
    let Some(seen) = ctx.feeds.seen.get(&source) else { return };
    if let Some((at, words)) = &seen.last {
        let (at, words) = (instant_words(*at), words.say(ctx.lang()));
        ui.label(ctx.tell(format!("最近入库 {at}：{words}"), format!("last {at}: {words}")));
    }
    if let Some(next) = seen.next_at {
        let next = instant_words(next);
        ui.label(note(ctx.tell(format!("下次 {next}"), format!("next {next}"))));
    }
    if let Some(error) = &seen.error {
        let words = error.say(ctx.lang());
        ui.label(RichText::new(words).color(ctx.color(|t| t.act)));
    }
}

fn field(ui: &mut Ui, label: &str, text: &mut String, width: f32) {
    ui.horizontal(|ui| field_ui(ui, label, text, width));
}

fn field_ui(ui: &mut Ui, label: &str, text: &mut String, width: f32) {
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(egui::vec2(110.0, 24.0), layout, |ui| {
        ui.set_min_width(110.0);
        ui.label(note(label));
    });
    let edit = ui.add(TextEdit::singleline(text).desired_width(width));
    named_text(&edit, label, text);
}

/// A service of a form, as it comes.
fn new_web(name: String) -> WebFeed {
    WebFeed { name, ..WebFeed::default() }
}
