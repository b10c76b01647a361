//! What the card of a road offers while a plan is looked at: the road as it will be in that plan, with
//! another class, limit or number of lanes.

use std::sync::Arc;

use egui::Ui;

use crate::domain::{Change, Edit, Kind, Meta, Record, Text, Value};
use crate::network::plan_lifecycle::state;
use crate::settings::clock;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named, note};

const WORDS: Text = Text::new("在本方案中改等级、限速", "Change it in this plan");

/// Offers the copy of a road that stands for it in the chosen plan, or says for which road one stands.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, road: &Arc<Record>) {
    if road.kind != Kind::Road {
        return;
    }
    let plan = &ctx.planner.plan;
    if !road.text("plan").is_empty() {
        let (of, stands_for) = (road.text("plan"), road.text("stands_for"));
        ui.label(note(if stands_for.is_empty() {
            ctx.tell(format!("只在方案“{of}”中有这条路"), format!("there in the plan “{of}” alone"))
        } else {
            ctx.tell(
                format!("在方案“{of}”中代替原路；改等级、限速、车道、限重即可比较"),
                format!("stands for its road in the plan “{of}”: change class, limits or lanes"),
            )
        }));
        return;
    }
    if !ctx.planner.is_open || plan.is_empty() || !state(&ctx.world(), plan).is_open() {
        return;
    }
    let button = ui.small_button(ctx.say(WORDS));
    named(&button, ctx.say(WORDS));
    let tip = ctx.tell(
        "复制为本方案的道路，代替这一条；改它的等级、限速、限重，与现状比较",
        "A copy of it belongs to the plan and stands for it there: change its class and limits",
    );
    if button.on_hover_text(tip).clicked() {
        stand_in(ctx, road, plan);
    }
}

/// One undo step; a copy that is there already is selected instead.
fn stand_in(ctx: &Ctx<'_>, road: &Arc<Record>, plan: &str) {
    let world = ctx.world();
    let id = road.id.to_string();
    let known = world.table(Kind::Road).iter().find(|other| {
        other.text("plan") == plan
            && [id.as_str(), road.code().unwrap_or(&id)].contains(&other.text("stands_for"))
    });
    if let Some(known) = known {
        return ctx.actions.select(known.id);
    }
    let stamp = ctx.stamp();
    let mut copy =
        Record { id: clock::ids(&stamp).next(), meta: Meta::by(&stamp), ..Record::clone(road) };
    copy.set("code", None);
    copy.set("plan", Some(Value::text(plan)));
    copy.set("stands_for", Some(Value::text(&id)));
    let id = copy.id;
    ctx.actions.apply(Edit::of(vec![Change::create(copy)]));
    ctx.actions.select(id);
}
