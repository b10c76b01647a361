//! The dialog that takes in a package of another office: what is new, what they changed, and where both
//! did, field by field.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Button, Checkbox, Key, RichText, ScrollArea, Ui};

use super::Dialog;
use crate::analysis::handover::{Part, Received, Side, Standing};
use crate::domain::{LocalizedText, Record, Text};
use crate::intake::package::{LookedAt, look};
use crate::jobs::{Derived, Progress};
use crate::store::DistrictReader;
use crate::ui::action::{Action, ImportRequest, StoreRequest};
use crate::ui::card::shown_by_name;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named, note, strong};

/// One package.
pub struct PackagePage {
    path: PathBuf,
    looked: Derived<(), Option<Result<LookedAt, LocalizedText>>>,
    state: State,
    is_written: Derived<(), Option<bool>>,
}

enum State {
    Looking,
    Failed(LocalizedText),
    Ready(Box<LookedAt>),
    Writing,
}

impl PackagePage {
    /// Begins to look at a package against the open district.
    pub fn new(ctx: &Ctx<'_>, path: PathBuf) -> Self {
        let mut page = Self {
            path,
            looked: Derived::default(),
            state: State::Looking,
            is_written: Derived::default(),
        };
        page.look(ctx);
        page
    }

    fn look(&mut self, ctx: &Ctx<'_>) {
        self.state = State::Looking;
        let reply = self.looked.ask_anew(());
        let district = ctx.district.as_ref().map(|district| district.path.clone());
        let (path, world) = (self.path.clone(), ctx.world());
        ctx.actions.work("package", move |_| {
            let looked = |district: &Path| -> Result<LookedAt, LocalizedText> {
                // Read past the keeper, who has other things to do.
                let reader = DistrictReader::open(district)?;
                Ok(look(&path, &world, &reader)?)
            };
            reply.send(district.as_deref().map(looked));
            Action::Nothing
        });
    }

    fn heed(&mut self, ctx: &Ctx<'_>) -> bool {
        self.looked.poll();
        self.is_written.poll();
        match self.looked.get_mut().take() {
            Some(Ok(looked)) => self.state = State::Ready(Box::new(looked)),
            Some(Err(why)) => self.state = State::Failed(why),
            None => {}
        }
        match self.is_written.get_mut().take() {
            Some(true) => return false,
            // The district may be another than the one that was looked at.
            Some(false) => self.look(ctx),
            None => {}
        }
        true
    }

    fn write(&mut self, ctx: &Ctx<'_>) {
        let State::Ready(looked) = std::mem::replace(&mut self.state, State::Looking) else {
            return;
        };
        let stamp = ctx.stamp();
        match looked.taken(&ctx.world(), &stamp) {
            Ok(taken) => {
                let import = ImportRequest {
                    changes: Arc::new(taken.changes),
                    attachments: taken.files,
                    file: file_name(&self.path),
                    stamp,
                    progress: Progress::default(),
                    reply: self.is_written.ask_anew(()),
                };
                ctx.actions.keep(StoreRequest::Import(Box::new(import)));
                self.state = State::Writing;
            }
            Err(why) => self.state = State::Failed(why.into()),
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl Dialog for PackagePage {
    fn title(&self) -> Text {
        Text::new("接收交接包", "Take in a package")
    }

    fn size(&self) -> [f32; 2] {
        [860.0, 600.0]
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        if !self.heed(ctx) {
            return false;
        }
        ui.label(strong(file_name(&self.path)));
        match &mut self.state {
            State::Looking => {
                ui.spinner();
                ui.label(ctx.tell("正在核对清单与校验值…", "Proving its members…"));
            }
            State::Failed(why) => {
                ui.label(RichText::new(why.say(ctx.lang())).color(ctx.color(|t| t.act)));
                ui.label(note(
                    ctx.tell("请对方重新打包发送", "Ask who sent it to pack and send it once more"),
                ));
            }
            State::Writing => {
                ui.spinner();
                ui.label(ctx.tell("正在写入…", "Writing…"));
            }
            State::Ready(looked) => {
                if ready_ui(ui, ctx, looked) {
                    self.write(ctx);
                }
            }
        }
        true
    }

    fn may_close(&self) -> bool {
        !matches!(self.state, State::Writing)
    }
}

/// `true` where it is to be written.
fn ready_ui(ui: &mut Ui, ctx: &Ctx<'_>, looked: &mut LookedAt) -> bool {
    let about = &looked.about;
    let when: String = about.made_at.chars().take(16).collect();
    let from = [&*about.made_by, &*about.district, &*when.replace('T', " "), &*about.chosen];
    let from: Vec<&str> = from.into_iter().filter(|word| !word.is_empty()).collect();
    ui.label(note(from.join(" · ")));
    if !about.note.is_empty() {
        ui.label(about.note.as_str());
    }
    if !about.absent.is_empty() {
        let names = about.absent.join("、");
        let words = format!("打包时缺少附件：{names}");
        let words = ctx.tell(words, format!("not packed: {names}"));
        ui.label(RichText::new(words).color(ctx.color(|t| t.watch)));
    }
    ui.horizontal_wrapped(|ui| {
        for standing in Standing::ALL {
            let count = looked.records.iter().filter(|it| it.standing == standing).count();
            let words = strong(format!("{} {count}", ctx.say(standing.label())));
            let asks = standing == Standing::Conflict && count > 0;
            ui.label(if asks { words.color(ctx.color(|t| t.watch)) } else { words });
            ui.add_space(10.0);
        }
        if looked.records.iter().any(|it| it.standing == Standing::Conflict) {
            for (side, zh, en) in [
                (Side::Ours, "全部保留本地", "all ours"),
                (Side::Theirs, "全部用对方", "all theirs"),
            ] {
                if ui.small_button(ctx.tell(zh, en)).clicked() {
                    looked.records.iter_mut().for_each(|it| it.settle(side));
                }
            }
        }
    });
    let room = (ui.available_height() - 44.0).max(120.0);
    let area = ScrollArea::vertical().id_salt("package").max_height(room).auto_shrink(false);
    area.show(ui, |ui| {
        for received in &mut looked.records {
            received_ui(ui, ctx, received);
        }
    });
    let stamp = ctx.stamp();
    let count = looked.records.iter().filter(|it| it.change(&stamp).is_some()).count();
    let mut is_asked = false;
    ui.horizontal(|ui| {
        let words =
            ctx.tell(format!("写入 {count} 件（回车）"), format!("Take in {count} (Enter)"));
        let button = ui.add_enabled(count > 0, Button::new(strong(words)));
        let is_free = ui.memory(|memory| memory.focused().is_none());
        let is_entered = count > 0 && is_free && ui.input(|input| input.key_pressed(Key::Enter));
        is_asked = button.clicked() || is_entered;
        ui.label(note(ctx.tell(
            "写入前自动备份；整包为一步，可撤销",
            "A dated copy is made first; all of it is one undo step",
        )));
    });
    is_asked
}

fn received_ui(ui: &mut Ui, ctx: &Ctx<'_>, received: &mut Received) {
    let code = received.theirs.code().unwrap_or("—").to_owned();
    let is_known = received.standing == Standing::Known;
    ui.horizontal_wrapped(|ui| {
        let words = format!("{code}  {}", received.theirs.name());
        let check = ui.add_enabled(!is_known, Checkbox::new(&mut received.is_taken, &words));
        named(&check, &words);
        let standing = note(ctx.say(received.standing.label()));
        let asks = received.standing == Standing::Conflict;
        ui.label(if asks { standing.color(ctx.color(|t| t.watch)) } else { standing });
        if received.has_taken_code {
            let words = ctx.tell(
                "编号已用，另编新号，原号记为上级编号",
                "its number is taken here: it gets another one",
            );
            ui.label(note(words).color(ctx.color(|t| t.watch)));
        }
    });
    let Some(ours) = received.ours.clone() else { return };
    let theirs = Arc::clone(&received.theirs);
    for of in &mut received.parts {
        ui.horizontal_wrapped(|ui| {
            ui.add_space(24.0);
            let label = ctx.say(of.part.label());
            ui.label(note(format!("{label}：")));
            let (own, other) = (shown(ctx, of.part, &ours), shown(ctx, of.part, &theirs));
            if !of.is_conflict {
                ui.label(format!("{own} → {other}"));
                return;
            }
            for (side, zh, en, value) in
                [(Side::Ours, "本地", "ours", own), (Side::Theirs, "对方", "theirs", other)]
            {
                let words = ctx.tell(format!("{zh} {value}"), format!("{en}: {value}"));
                let may = side == Side::Ours || of.can_take;
                let button = ui.add_enabled(may, Button::selectable(of.side == side, &words));
                named(&button, &format!("{code} {label} {words}"));
                let why = ctx.tell(
                    "本地的状态之后不能再办对方的步骤",
                    "their steps cannot follow the state that it has here",
                );
                if button.on_disabled_hover_text(why).clicked() {
                    of.side = side;
                }
            }
        });
    }
}

fn shown(ctx: &Ctx<'_>, part: Part, record: &Record) -> String {
    let words = match (part, part.shown(record)) {
        (Part::Field(field), Some(value)) => shown_by_name(ctx, record.kind, field, &value),
        (_, Some(value)) => value.to_cell(),
        (Part::Place, None) => record
            .geometry
            .as_ref()
            .map_or_else(|| ctx.tell("未定位", "no place"), |_| ctx.tell("已定位", "placed")),
        (_, None) => "—".to_owned(),
    };
    words.chars().take(48).collect()
}
