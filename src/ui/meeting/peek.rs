//! While B is held the map shows the district as it was.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Area, Context, Frame, Key, Order, Rect, RichText, Stroke, Ui, vec2};

use super::super::ctx::Ctx;
use super::super::derive::{Rest, Shown, Standing};
use super::super::model::Model;
use super::super::theme;
use super::super::widgets::note;
use super::{MeetingAction, Then, since};
use crate::domain::{Kind, Lang, RecordId};
use crate::settings::LayerSetting;

/// The map as it was, with the figures of that day. Made once, and kept while nothing else is shown.
pub struct Peek {
    pub then: Arc<Then>,
    /// The number of what was shown when it was asked for.
    pub of: u64,
    pub shown: Arc<Shown>,
    pub standing: Standing,
    pub restrictions: usize,
}

/// Everything a peek is made from, for a thread of its own.
pub struct Wish {
    pub then: Arc<Then>,
    of: u64,
    filter: crate::analysis::Filter,
    layers: Vec<LayerSetting>,
    lang: Lang,
    resting: BTreeSet<RecordId>,
    hides_resting: bool,
    marks: Option<BTreeSet<RecordId>>,
}

impl Wish {
    /// `None` where it is not known how the district was, or where the answer is there.
    pub fn of(model: &Model) -> Option<Self> {
        let then = model.meeting.then.clone()?;
        if model.meeting.peek.as_ref().is_some_and(|peek| peek.is_fresh(model)) {
            return None;
        }
        Some(Self {
            of: model.shown.serial,
            filter: model.filter.clone(),
            layers: model.layers.clone(),
            lang: model.lang(),
            resting: model.planner.resting(&then.world),
            hides_resting: model.planner.hides_resting,
            marks: super::pen::shown_marks(model),
            then,
        })
    }

    /// What tells one question from another.
    pub fn key(&self) -> (usize, u64) {
        (Arc::as_ptr(&self.then) as usize, self.of)
    }

    pub fn peek(self) -> Peek {
        let rest = Rest {
            orders: &self.resting,
            is_hidden: self.hides_resting,
            marks: self.marks.as_ref(),
        };
        let world = &self.then.world;
        let shown = Shown::of(world, &self.filter, &self.layers, self.lang, rest);
        Peek {
            of: self.of,
            standing: Standing::of(world),
            restrictions: world.table(Kind::Restriction).len(),
            shown: Arc::new(shown),
            then: self.then,
        }
    }
}

impl Peek {
    pub fn is_fresh(&self, model: &Model) -> bool {
        self.of == model.shown.serial
            && model.meeting.then.as_ref().is_some_and(|then| Arc::ptr_eq(then, &self.then))
    }
}

/// Whether the key is held, where it has this meaning: with a plan open it is the planner's.
pub fn is_held(context: &Context, model: &Model) -> bool {
    model.meeting.is_open
        && !model.planner.is_open
        && !context.egui_wants_keyboard_input()
        && context.input(|input| input.key_down(Key::B) && input.modifiers.is_none())
}

/// Asks for what is not there yet.
pub fn ask(ctx: &Ctx<'_>) {
    if Wish::of(ctx).is_some() {
        ctx.actions.meeting(MeetingAction::Peek);
    }
}

/// The words over the map; `None` for the peek while it is not on the screen yet.
pub fn sign_ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect, peek: Option<&Peek>) {
    let accent = ctx.color(|t| t.accent);
    if peek.is_some() {
        let edge = Stroke::new(4.0, accent);
        ui.painter_at(rect).rect_stroke(rect, 0.0, edge, egui::StrokeKind::Inside);
    }
    Area::new(egui::Id::unique("as it was"))
        .fixed_pos(rect.left_top() + vec2(16.0, 16.0))
        .order(Order::Foreground)
        .interactable(false)
        .fade_in(false)
        .show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
                let scale = if ctx.is_big { ctx.settings.big_scale } else { 1.0 };
                let font = egui::FontId::new(theme::VALUE * scale, theme::bold());
                ui.label(RichText::new(since::words(ctx)).font(font).color(accent));
                match (peek, since::why_not(ctx)) {
                    (Some(peek), _) => figures_ui(ui, ctx, peek),
                    (None, Some(why)) => drop(ui.label(why)),
                    (None, None) => {
                        ui.label(note(ctx.tell("正在画当时的地图…", "Drawing the map…")));
                    }
                }
            });
        });
}

/// The figures of the strip as they were, and as they are.
fn figures_ui(ui: &mut Ui, ctx: &Ctx<'_>, peek: &Peek) {
    let (then, now) = (&peek.standing, &ctx.known.standing);
    let share = |failing: usize, all: usize| format!("{failing}/{all}");
    let orders = ctx.known.totals.get(&Kind::Restriction).map_or(0, |(count, _)| *count);
    let rows = [
        (
            ctx.tell("工地不达标", "construction sites failing"),
            share(then.construction_failing, then.construction),
            share(now.construction_failing, now.construction),
        ),
        (
            ctx.tell("餐饮不达标", "restaurants failing"),
            share(then.restaurants_failing, then.restaurants),
            share(now.restaurants_failing, now.restaurants),
        ),
        (
            ctx.tell("圈内不达标", "failing inside rings"),
            then.failing_in_rings.to_string(),
            now.failing_in_rings.to_string(),
        ),
        (ctx.tell("管控措施", "restrictions"), peek.restrictions.to_string(), orders.to_string()),
    ];
    for (name, then, now) in rows {
        let words = if then == now {
            ctx.tell(format!("{name} {then}（未变）"), format!("{name} {then} (the same)"))
        } else {
            ctx.tell(format!("{name} {then}（现 {now}）"), format!("{name} {then} (now {now})"))
        };
        ui.label(words);
    }
}
