//! Photos before and after, side by side, with what the camera says of time and place held against the
//! item and its steps.

use egui::{Button, Image, RichText, Sense, Ui, vec2};
use jiff::civil::DateTime;
use lucide_icons::Icon;

use crate::domain::item::moment;
use crate::domain::{Record, RecordId, Text};
use crate::exchange::photo::Facts;
use crate::jobs::Derived;
use crate::ui::action::{Action, DialogAction, LedgerAction, Looked, StoreRequest};
use crate::ui::card::attachments::facts_ui;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{icon, named, note, strong};

/// The two sides of an item.
#[derive(Default)]
pub struct Pair {
    of: Option<RecordId>,
    before: Slot,
    after: Slot,
}

/// One side: which of its photos is shown.
#[derive(Default)]
struct Slot {
    /// Back from the latest.
    back: usize,
    shown: Derived<String, Option<Looked>>,
}

/// Enough for half of a page.
const LONGEST_PX: u32 = 800;

/// A side of the pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

impl Side {
    const fn key(self) -> &'static str {
        match self {
            Self::Before => "photos_before",
            Self::After => "photos_after",
        }
    }

    const fn label(self) -> Text {
        match self {
            Self::Before => Text::new("整改前", "before"),
            Self::After => Text::new("整改后", "after"),
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Before => Self::After,
            Self::After => Self::Before,
        }
    }

    const fn job(self) -> &'static str {
        match self {
            Self::Before => "photo before",
            Self::After => "photo after",
        }
    }
}

impl Pair {
    /// Shows both sides.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, item: &Record) {
        if self.of != Some(item.id) {
            *self = Self { of: Some(item.id), ..Self::default() };
        }
        let width = (ui.available_width() - 16.0) / 2.0;
        ui.horizontal_top(|ui| {
            for (side, slot) in [(Side::Before, &mut self.before), (Side::After, &mut self.after)] {
                let down = egui::Layout::top_down(egui::Align::Min);
                ui.allocate_ui_with_layout(vec2(width, 0.0), down, |ui| {
                    ui.set_width(width);
                    slot.ui(ui, ctx, item, side);
                });
            }
        });
        if item.words("photos_before").is_empty() || item.words("photos_after").is_empty() {
            ui.label(note(ctx.tell(
                "把照片拖到窗口上，或复制后按 Ctrl+V：交办前放入整改前，交办后放入整改后",
                "Drop a photo or paste it with Ctrl+V: before handing over it shows the problem, then the mending",
            )));
        }
    }
}

impl Slot {
    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, item: &Record, side: Side) {
        let names = item.words(side.key());
        let label = ctx.say(side.label());
        let Some(last) = names.len().checked_sub(1) else {
            ui.label(strong(label));
            ui.label(note(ctx.tell(format!("{label}：无"), format!("{label}: none"))));
            return;
        };
        self.back = self.back.min(last);
        let Some(name) = names.get(last - self.back) else { return };
        ui.horizontal(|ui| {
            ui.label(strong(label));
            if names.len() > 1 {
                self.turn_ui(ui, ctx, (label, last));
            }
            swap_ui(ui, ctx, item, (side, &**name));
        });
        self.shown.poll();
        if self.shown.question().is_none_or(|asked| **asked != **name)
            && self.shown.of().is_none_or(|shown| **shown != **name)
        {
            let reply = self.shown.ask_anew((**name).to_owned());
            let (job, longest_px) = (side.job(), LONGEST_PX);
            ctx.actions.keep(StoreRequest::Look { job, longest_px, reply });
        }
        let is_own = self.shown.of().is_some_and(|shown| **shown == **name);
        match (*self.shown).as_ref().filter(|_| is_own) {
            None => {
                ui.spinner();
            }
            Some(Ok((texture, facts))) => {
                let width = ui.available_width();
                let bounds = vec2(width, width * 0.66);
                let picture = Image::from_texture(texture).max_size(bounds).sense(Sense::click());
                let response = ui.add(picture);
                named(&response, &format!("{label} {name}"));
                if response.on_hover_text(ctx.tell("点击放大", "Click to see it large")).clicked()
                {
                    let open = DialogAction::Attachment(item.id, (**name).to_owned());
                    ctx.actions.dialog(open);
                }
                facts_ui(ui, ctx, item, facts);
                timing_ui(ui, ctx, item, (side, facts));
            }
            Some(Err((said, facts))) => {
                ui.label(note(said.say(ctx.lang())));
                facts_ui(ui, ctx, item, facts);
                timing_ui(ui, ctx, item, (side, facts));
            }
        }
    }

    /// To the photo before and after the one that is shown.
    fn turn_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, (label, last): (&str, usize)) {
        let place = last - self.back + 1;
        for (by, of, zh, en) in [
            (1, Icon::ChevronLeft, "上一张", "previous"),
            (-1, Icon::ChevronRight, "下一张", "next"),
        ] {
            let to = self.back.checked_add_signed(by).filter(|to| *to <= last);
            let button = ui.add_enabled(to.is_some(), Button::new(icon(of)).small());
            named(&button, &format!("{label} {}", ctx.tell(zh, en)));
            if let (true, Some(to)) = (button.clicked(), to) {
                self.back = to;
            }
        }
        ui.label(note(format!("{place}/{}", last + 1)));
    }
}

/// Puts a photo on the other side.
fn swap_ui(ui: &mut Ui, ctx: &Ctx<'_>, item: &Record, (side, name): (Side, &str)) {
    let (label, other) = (ctx.say(side.label()), ctx.say(side.other().label()));
    let swap = ui.add(Button::new(icon(Icon::ArrowLeftRight)).small());
    let words = ctx.tell(format!("改为{other}"), format!("it shows {other}"));
    named(&swap, &format!("{label} {words}"));
    if swap.on_hover_text(words).clicked() {
        let to = side.other().key();
        let wish = LedgerAction::PutPhoto { item: item.id, name: name.to_owned(), to };
        ctx.actions.send(Action::Ledger(wish));
    }
}

fn timing_ui(ui: &mut Ui, ctx: &Ctx<'_>, item: &Record, (side, facts): (Side, &Facts)) {
    let Some(wrong) = facts.taken_at.and_then(|at| mistimed(item, side, at)) else { return };
    ui.label(RichText::new(ctx.say(wrong)).small().color(ctx.color(|t| t.act)));
}

/// What is wrong about when a photo was taken.
fn mistimed(item: &Record, side: Side, at: DateTime) -> Option<Text> {
    let is_after = |key: &str| moment(item, key).is_some_and(|step| at > step);
    let is_before = |key: &str| moment(item, key).is_some_and(|step| at < step);
    match side {
        Side::Before if is_after("mended_at") => {
            Some(Text::new("拍摄晚于整改完成，不是整改前", "taken after the mending"))
        }
        Side::After if is_before("found_at") => {
            Some(Text::new("拍摄早于发现时间，不是整改后", "taken before it was found"))
        }
        Side::After if is_before("handed_at") => {
            Some(Text::new("拍摄早于交办，请核对", "taken before it was handed over"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, Kind, Stamp, Value};

    #[test]
    fn a_photo_that_does_not_fit_the_steps_is_pointed_out() {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut item = Record::new(Ids::new(Timestamp::UNIX_EPOCH, 1).next(), Kind::Item, &stamp);
        for (key, text) in [
            ("found_at", "2026-11-20T09:00"),
            ("handed_at", "2026-11-20T12:00"),
            ("mended_at", "2026-11-22T12:00"),
        ] {
            item.set(key, Some(Value::text(text)));
        }
        let at = |day, hour| date(2026, 11, day).at(hour, 0, 0, 0);
        let wrong = |side, at| mistimed(&item, side, at).map_or("", |words| words.zh);
        assert_eq!(wrong(Side::Before, at(20, 8)), "");
        assert!(wrong(Side::Before, at(23, 8)).contains("晚于整改完成"));
        assert_eq!(wrong(Side::After, at(22, 11)), "");
        assert!(wrong(Side::After, at(19, 8)).contains("早于发现时间"));
        assert!(wrong(Side::After, at(20, 11)).contains("早于交办"));
    }
}
