//! While B is held the map shows the district as it was.

use std::sync::Arc;

use egui::{Area, Context, Frame, Key, Order, Rect, RichText, Stroke, Ui, vec2};

use crate::analysis::overview::Snapshot;
use crate::analysis::standards::Rate;
use crate::domain::{SiteKind, Text};
use crate::jobs::{Derived, Reply};
use crate::ui::action::{Action, Actions, MeetingAction};
use crate::ui::ctx::Ctx;
use crate::ui::derivation::Derivation;
use crate::ui::model::Model;
use crate::ui::model::meetings::PeekOf;
use crate::ui::model::shown::{Rest, Shown};
use crate::ui::parts::air::seen_words;
use crate::ui::parts::since;
use crate::ui::parts::words::uninspected_words;
use crate::ui::theme;
use crate::ui::widgets::note;

/// The map as it was, with the filter and the layers of now.
pub struct MakePeek;

impl Derivation for MakePeek {
    type Key = PeekOf;
    type Value = Option<Arc<Shown>>;

    const IS_FOLLOWED: bool = false;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.meeting.peek
    }

    fn key(model: &Model) -> Option<PeekOf> {
        model.peek_of()
    }

    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, _: &Actions) -> Action {
        let (filter, layers, lang) = (model.filter.clone(), model.layers.clone(), model.lang());
        let then = &reply.key.then.world;
        let (orders, apart) = (model.planner.resting(then), model.planner.apart(then));
        let (is_hidden, marks) = (model.planner.hides_resting, model.shown_marks());
        let work = move |_: &_| {
            let rest = Rest { orders: &orders, is_hidden, apart: &apart, marks: marks.as_ref() };
            let world = &reply.key.then.world;
            reply.send(Some(Arc::new(Shown::of(world, &filter, &layers, lang, rest))));
            Action::Nothing
        };
        Action::Work("peek", Box::new(work))
    }

    fn take(model: &mut Model) -> bool {
        let has_come = model.meeting.peek.poll();
        if has_come && let Some(shown) = model.meeting.peek.get_mut() {
            model.serial += 1;
            Shown::number(shown, model.serial);
        }
        has_come
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
    let wanted = ctx.peek_of();
    if wanted.is_some() && ctx.meeting.peek.question() != wanted.as_ref() {
        ctx.actions.meeting(MeetingAction::Peek);
    }
}

/// The words over the map, also while the peek is not on the screen yet.
pub fn sign_ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect, is_there: bool) {
    let accent = ctx.color(|t| t.accent);
    if is_there {
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
                air_ui(ui, ctx);
                match (is_there, since::why_not(ctx)) {
                    (true, _) => figures_ui(ui, ctx),
                    (false, Some(why)) => drop(ui.label(why)),
                    (false, None) => {
                        ui.label(note(ctx.tell("正在画当时的地图…", "Drawing the map…")));
                    }
                }
            });
        });
}

/// What the district's air was, and is.
fn air_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let Some(figures) = ctx.air.figures.as_ref() else { return };
    let then = seen_words(ctx, ctx.seen(&figures.mean).filter(|seen| !seen.is_stale));
    let now = seen_words(ctx, ctx.seen_without_looking_back(&figures.mean));
    let of = ctx.air.quantity.symbol();
    ui.label(ctx.tell(format!("{of} {then}（现 {now}）"), format!("{of} {then} (now {now})")));
}

type Figure<'a> = &'a dyn Fn(&Snapshot) -> String;

/// The figures of the bar as they were, and as they are.
fn figures_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let overview = &*ctx.meeting.overview;
    let Some(before) = overview.before() else { return };
    let share = |of: &Snapshot, kind: SiteKind| {
        let tally = of.rate(kind).map(Rate::tally).unwrap_or_default();
        match tally.inspected {
            0 => uninspected_words(ctx, tally.uninspected),
            inspected => format!("{}/{inspected}", tally.failing),
        }
    };
    let rows: [(Text, Figure<'_>); 5] = [
        (Text::new("工地不达标", "construction failing"), &|of| {
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
