//! The notice of the chosen plan, as it will print: its head to fill in, its sentences to click,
//! its annexes beside.

mod head;
mod paper;
mod signs;
mod work;

use std::sync::Arc;

use egui::{Button, CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};

use crate::domain::Text;
use crate::network::plan_lifecycle;
use crate::report::notice::{Error, Notice};
use crate::ui::action::PlannerAction;
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::derivation::Derivation as _;
use crate::ui::widgets::empty;

pub use self::work::{MakeNotice, MakeNoticeMap};
pub use crate::ui::model::notice::Drafted;

/// The page: what is being typed, and what is shown of it.
#[derive(Default)]
pub struct NoticePage {
    head: head::Head,
    sheet: paper::Sheet,
    annex: signs::Annex,
    /// Where there is no room for both beside each other.
    shows_annex: bool,
}

/// Head, and annexes beside the text, points.
const HEAD: f32 = 300.0;
const ANNEX: f32 = 620.0;
/// The text is read in lines that are not longer.
const SHEET: f32 = 820.0;
/// With less room than this, text and annexes take turns.
const BOTH: f32 = 1180.0;

impl NoticePage {
    /// Shows the page of the notice of the chosen plan.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        if ctx.planner.plan.is_empty() {
            let words = ctx.tell("先选一个方案", "Choose a plan first");
            empty(ui, words, ctx.tell("公告由方案的措施生成", "A notice is made of its orders"));
            return;
        }
        let is_asked = ctx.planner.notice.question() == MakeNotice::key(ctx).as_ref()
            && ctx.planner.notice_map.question() == MakeNoticeMap::key(ctx).as_ref();
        if !is_asked {
            ctx.actions.planner(PlannerAction::Notice);
        }
        let drafted = ctx.planner.notice.as_ref().filter(|it| it.of.plan == ctx.planner.plan);
        let Some(drafted) = drafted else {
            let next = ctx.tell("可继续看图", "The map stays usable meanwhile");
            empty(ui, ctx.tell("正在拟写公告…", "Writing the notice…"), next);
            return;
        };
        match &drafted.notice {
            Ok(notice) => self.pages_ui(ui, ctx, drafted, notice),
            Err(error) => none_ui(ui, ctx, error),
        }
    }

    fn pages_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, drafted: &Arc<Drafted>, notice: &Notice) {
        let may_edit = plan_lifecycle::state(&ctx.world(), &drafted.of.plan).is_open();
        let plain = Frame::NONE.inner_margin(Margin { right: 12, ..Margin::ZERO });
        let has_room = ui.available_width() >= BOTH;
        Panel::left("notice head").exact_size(HEAD).frame(plain).show(ui, |ui| {
            ScrollArea::vertical().id_salt("notice head").auto_shrink(false).show(ui, |ui| {
                self.head.ui(ui, ctx, drafted, notice, may_edit);
            });
        });
        let beside = Frame::NONE.inner_margin(Margin { left: 12, ..Margin::ZERO });
        if has_room {
            let room = ui.available_width();
            let width = ANNEX.max(room - SHEET).min(room * 0.55);
            Panel::right("notice annex").exact_size(width).frame(beside).show(ui, |ui| {
                self.annex.ui(ui, ctx, drafted, notice);
            });
        }
        CentralPanel::default().frame(beside).show(ui, |ui| {
            if !has_room {
                self.turns_ui(ui, ctx);
            }
            if has_room || !self.shows_annex {
                self.sheet.ui(ui, ctx, &drafted.of.plan, notice, may_edit);
            } else {
                self.annex.ui(ui, ctx, drafted, notice);
            }
        });
    }

    fn turns_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.horizontal(|ui| {
            for (is_annex, words) in
                [(false, Text::new("正文", "Text")), (true, Text::new("附件", "Annexes"))]
            {
                let button = Button::selectable(self.shows_annex == is_annex, ctx.say(words));
                if ui.add(button).clicked() {
                    self.shows_annex = is_annex;
                }
            }
        });
    }
}

/// Why there is no notice, with the next step.
fn none_ui(ui: &mut Ui, ctx: &Ctx<'_>, error: &Error) {
    let (what, next) = match error {
        Error::NoRoads => (
            Text::new("还没有道路", "There are no roads yet"),
            Text::new("公告按路名拟写，请先导入道路", "A notice names roads: import them first"),
        ),
        Error::NoOrders(_) => (
            Text::new("方案的措施都已废止", "All orders of the plan are revoked"),
            Text::new("没有可公告的内容", "There is nothing to announce"),
        ),
        Error::UnknownPlan(_) => (
            Text::new("方案还没有措施", "The plan has no orders yet"),
            Text::new(
                "按 1 禁行、2 单行、3 限行、4 绕行画线",
                "Draw one: 1 no entry, 2 one way, 3 limited, 4 detour",
            ),
        ),
    };
    empty(ui, ctx.say(what), ctx.say(next));
    if *error == Error::NoRoads {
        ui.vertical_centered(|ui| {
            if ui.button(ctx.say(Command::Import.about().words)).clicked() {
                ctx.actions.command(Command::Import);
            }
        });
    }
}
