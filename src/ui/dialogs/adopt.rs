//! The dialog that puts a plan in force. What adopting changes stands in `network::plan_lifecycle`.

use std::collections::{BTreeMap, BTreeSet};

use egui::{RichText, ScrollArea, Ui};

use super::Dialog;
use crate::domain::{RecordId, Text, World};
use crate::jobs::Derived;
use crate::network::build;
use crate::network::orders::{EdgeIndex, Finder};
use crate::network::plan_lifecycle::{self, Overlap};
use crate::report::notice::{CameraCoverage, NoticeRequest, SignPost, notice_on};
use crate::settings::clock;
use crate::ui::action::{Action, PlanAction, PlannerAction};
use crate::ui::ctx::Ctx;
use crate::ui::parts::words::figure;
use crate::ui::widgets::{note, strong};

/// The page: what a job has found out about the plan, and what a person has chosen of it.
pub struct AdoptPage {
    plan: String,
    found: Derived<(), Option<Found>>,
    revoked: BTreeSet<RecordId>,
    has_cameras: bool,
    has_items: bool,
}

/// What a job has found out about the plan.
struct Found {
    overlaps: Vec<Overlap>,
    /// Entries that no camera sees, each place and direction once.
    cameras: Vec<SignPost>,
    /// Signs of all entries, each place, direction and sign once.
    signs: Vec<SignPost>,
    warnings: usize,
}

impl AdoptPage {
    /// For a plan, by its name.
    pub fn new(plan: &str) -> Self {
        Self {
            plan: plan.to_owned(),
            found: Derived::default(),
            revoked: BTreeSet::new(),
            has_cameras: false,
            has_items: true,
        }
    }

    fn ask(&mut self, ctx: &Ctx<'_>) {
        if self.found.poll()
            && let Some(found) = &*self.found
        {
            let whole = found.overlaps.iter().filter(|overlap| overlap.is_whole);
            self.revoked = whole.map(|overlap| overlap.id).collect();
        }
        let Some(reply) = self.found.ask(()) else { return };
        let (world, plan) = (ctx.world(), self.plan.clone());
        ctx.actions.work("adopt", move |_| {
            reply.send(Some(Found::of(&world, &plan)));
            Action::Nothing
        });
    }

    fn found_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let Some(found) = &*self.found else {
            ui.spinner();
            return;
        };
        cut_off_ui(ui, ctx, &self.plan);
        if found.warnings > 0 {
            let count = found.warnings;
            let words = ctx.tell(
                format!("公告还有 {count} 处待核对，见“公告”页"),
                format!("{count} things on the notice are still to be looked at"),
            );
            ui.label(RichText::new(words).color(ctx.color(|t| t.watch)));
        }
        ui.add_space(6.0);
        if found.overlaps.is_empty() {
            ui.label(note(ctx.tell(
                "这些路段上没有其他生效的措施",
                "No other order is in force on these roads",
            )));
        } else {
            let words = "同路段仍在生效的措施，勾选的同时废止：";
            ui.label(ctx.tell(words, "In force on the same roads; those ticked are revoked:"));
        }
        for overlap in &found.overlaps {
            let mut is_in = self.revoked.contains(&overlap.id);
            let whole = if overlap.is_whole {
                Text::new("路段全部被覆盖", "all its roads")
            } else {
                Text::new("部分路段重叠", "some of its roads")
            };
            let plan = if overlap.plan.is_empty() { "—" } else { &overlap.plan };
            let words = format!("{}（{plan}，{}）", overlap.name, ctx.say(whole));
            if ui.checkbox(&mut is_in, words).changed() {
                if is_in {
                    self.revoked.insert(overlap.id);
                } else {
                    self.revoked.remove(&overlap.id);
                }
            }
        }
        ui.add_space(6.0);
        let count = found.cameras.len();
        if count > 0 {
            let words = ctx.tell(
                format!("为 {count} 处未覆盖的入口建立“拟设”摄像机记录"),
                format!("make records of cameras to be built at {count} uncovered entries"),
            );
            ui.checkbox(&mut self.has_cameras, words);
        }
        let signs = found.signs.len();
        if signs > 0 {
            let words = ctx.tell(
                format!("{signs} 处标志和拟设摄像机转入台账，生效前须到位"),
                format!("{signs} signs, and cameras to be built, become items due before it holds"),
            );
            ui.checkbox(&mut self.has_items, words);
        }
    }
}

/// Who has no way any more, as far as the plan has been looked at: what it saves is then no one number.
fn cut_off_ui(ui: &mut Ui, ctx: &Ctx<'_>, plan: &str) {
    let Some(answer) = (*ctx.planner.answer).clone().filter(|answer| answer.asked.plan == plan)
    else {
        return;
    };
    let total = answer.total;
    if total.cut_off_flows == 0 {
        return;
    }
    let (flows, trucks) = (total.cut_off_flows, figure(total.cut_off));
    let [least, most] = answer.comparison.after.bounds(|parts| parts.inside.truck_km).map(figure);
    let old = figure(answer.comparison.before.inside.truck_km);
    let words = ctx.tell(
        format!(
            "{flows} 股 {trucks} 辆/日无路可走：圈内货车·km {old} → {least}（不计）或 {most}（持证按现状路线）"
        ),
        format!(
            "{flows} flows, {trucks} trucks a day, are cut off: truck·km in the rings {old} → {least} \
             without them, {most} if they drive today's way with a permit"
        ),
    );
    ui.label(RichText::new(words).color(ctx.color(|t| t.act)));
}

impl Found {
    fn of(world: &World, plan: &str) -> Self {
        let network = build(world);
        let index = EdgeIndex::of(&network);
        let finder = Finder::new(&network, &index);
        let overlaps = plan_lifecycle::overlaps(world, plan, &finder);
        let asked = NoticeRequest::of(plan, clock::today());
        // Without roads there is neither a notice nor an entry.
        let notice = notice_on(world, &asked, &network, &finder).ok();
        let (mut cameras, mut signs) = (BTreeMap::new(), BTreeMap::new());
        for entry in notice.iter().flat_map(|notice| &notice.entries) {
            let place = (entry.at.x.to_bits(), entry.at.y.to_bits(), entry.from_deg as i64);
            signs.entry((place, entry.sign.clone())).or_insert_with(|| entry.clone());
            if entry.watch == CameraCoverage::Nobody {
                cameras.entry(place).or_insert_with(|| entry.clone());
            }
        }
        let cameras = cameras.into_values().collect();
        let signs = signs.into_values().collect();
        let warnings = notice.map_or(0, |notice| notice.warnings.len());
        Self { overlaps, cameras, signs, warnings }
    }
}

impl Dialog for AdoptPage {
    fn title(&self) -> Text {
        Text::new("采纳方案", "Adopt the plan")
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        self.ask(ctx);
        ui.label(strong(&self.plan));
        ui.label(note(ctx.tell(
            "各项措施改为“生效”，在其起止日期和时段内有效；一步可撤销",
            "Its orders come in force, within their dates and hours; one step takes it back",
        )));
        let height = (ui.available_height() - 44.0).max(120.0);
        ScrollArea::vertical().max_height(height).show(ui, |ui| self.found_ui(ui, ctx));
        ui.add_space(8.0);
        let words = ctx.say(Text::new("采纳", "Adopt"));
        let button = ui.add_enabled(self.found.is_some(), egui::Button::new(words));
        if !button.clicked() {
            return true;
        }
        let found = self.found.get_mut().take();
        let (cameras, signs) = found.map(|found| (found.cameras, found.signs)).unwrap_or_default();
        ctx.actions.planner(PlannerAction::Plan(PlanAction::Adopt {
            plan: self.plan.clone(),
            revoked: self.revoked.iter().copied().collect(),
            cameras: if self.has_cameras { cameras } else { Vec::new() },
            signs: if self.has_items { signs } else { Vec::new() },
        }));
        false
    }
}
