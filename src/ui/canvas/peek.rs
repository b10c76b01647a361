//! While B is held the map shows the district as it was.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Area, Context, Frame, Key, Order, Rect, RichText, Stroke, Ui, vec2};

use crate::analysis::overview::Snapshot;
use crate::analysis::standards::Rate;
use crate::domain::{Lang, RecordId, SiteKind, Text};

use crate::settings::LayerSetting;
use crate::ui::action::MeetingAction;
use crate::ui::ctx::Ctx;
use crate::ui::model::Model;
use crate::ui::model::meetings::{Peek, Then};
use crate::ui::model::shown::{Rest, Shown};
use crate::ui::parts::since;
use crate::ui::theme;
use crate::ui::widgets::note;

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
        if model.peek().is_some() {
            return None;
        }
        Some(Self {
            of: model.shown.serial,
            filter: model.filter.clone(),
            layers: model.layers.clone(),
            lang: model.lang(),
            resting: model.planner.resting(&then.world),
            hides_resting: model.planner.hides_resting,
            marks: model.shown_marks(),
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
        Peek { of: self.of, shown: Arc::new(shown), then: self.then }
    }
}

/// Whether the key is held, where it has this meaning: with a plan open or in a scene it is the
/// planner's.
pub fn is_held(context: &Context, model: &Model) -> bool {
    let has_plan = model.planner.is_staged && !model.planner.plan.is_empty();
    model.meeting.is_open
        && !model.planner.is_open
        && !has_plan
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
                let scale = ctx.text_scale();
                let font = egui::FontId::new(theme::VALUE * scale, theme::bold());
                ui.label(RichText::new(since::words(ctx)).font(font).color(accent));
                match (peek, since::why_not(ctx)) {
                    (Some(_), _) => figures_ui(ui, ctx),
                    (None, Some(why)) => drop(ui.label(why)),
                    (None, None) => {
                        ui.label(note(ctx.tell("正在画当时的地图…", "Drawing the map…")));
                    }
                }
            });
        });
}

type Figure<'a> = &'a dyn Fn(&Snapshot) -> String;

/// The figures of the strip as they were, and as they are.
fn figures_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let overview = &ctx.meeting.overview;
    let Some(before) = overview.before() else { return };
    let share = |of: &Snapshot, kind: SiteKind| {
        let rate = of.rate(kind).map(|rate| (Rate::failing(rate), rate.count));
        let (failing, all) = rate.unwrap_or_default();
        format!("{failing}/{all}")
    };
    let rows: [(Text, Figure<'_>); 5] = [
        (Text::new("工地不达标", "construction sites failing"), &|of| {
            share(of, SiteKind::Construction)
        }),
        (Text::new("餐饮不达标", "restaurants failing"), &|of| {
            share(of, SiteKind::Restaurant)
        }),
        (Text::new("圈内不达标", "failing inside rings"), &|of| {
            of.sites.failing_in_rings.to_string()
        }),
        (Text::new("未完成决定", "open decisions"), &|of| {
            of.decisions.unfinished().to_string()
        }),
        (Text::new("管控措施生效", "restrictions in force"), &|of| {
            of.restrictions_in_force.to_string()
        }),
    ];
    for (name, figure) in rows {
        let (name, then, now) = (ctx.say(name), figure(before), figure(&overview.now));
        ui.label(if then == now {
            ctx.tell(format!("{name} {then}（未变）"), format!("{name} {then} (the same)"))
        } else {
            ctx.tell(format!("{name} {then}（现 {now}）"), format!("{name} {then} (now {now})"))
        });
    }
}
