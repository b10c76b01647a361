//! Renames, freezes, adopts and deletes plans, and writes their papers. What each step changes
//! stands in `network::plan_lifecycle`.

use std::sync::Arc;

use crate::analysis::ledger;
use crate::analysis::ledger::make::{Needed, item_of_order};
use crate::domain::{
    Change, Edit, Kind, Lang, Localized as _, LocalizedText, PlanState, Record, Stamp, Value, World,
};
use crate::network::plan_lifecycle::{self, EditContext, NameTaken};
use crate::report::law;
use crate::report::notice::{Edited, NoticeRequest, SignPost, kept, notice_on, to_keep};
use crate::settings::clock;
use crate::ui::action::{PaperAction, PlanAction, ToolKind};
use crate::ui::app::App;
use crate::ui::command::Command;
use crate::ui::model::planning::now;
use crate::ui::model::{Toast, Tone};

impl App {
    /// What is asked of a plan as a whole.
    pub(super) fn life(&mut self, action: PlanAction) {
        match action {
            PlanAction::Rename { plan, name } => self.rename_plan(&plan, &name),
            PlanAction::Freeze(plan) => self.freeze_plan(&plan),
            PlanAction::Adopt { plan, revoked, cameras, signs } => {
                let stamp = self.model.stamp();
                let count = revoked.len();
                let mut items = 0;
                let changes = self.changes(|world, by| {
                    let mut built: Vec<Record> =
                        cameras.iter().map(|entry| camera(entry, &stamp, by)).collect();
                    if !signs.is_empty() {
                        let needed = needed(world, &signs, (&cameras, &built));
                        items = needed.len();
                        let made = needed.iter().map(|needed| {
                            item_of_order(needed, &plan, by.ids.next(), now(), &stamp)
                        });
                        let made: Vec<Record> = made.collect();
                        built.extend(made);
                    }
                    plan_lifecycle::adopted(world, &plan, &revoked, built, by)
                });
                let cameras = cameras.len();
                self.put_plan(
                    changes,
                    LocalizedText::new(
                        format!(
                            "已采纳“{plan}”；废止 {count} 条，新设摄像机记录 {cameras} 条，转入台账 {items} 件"
                        ),
                        format!(
                            "“{plan}” is adopted; {count} revoked, {cameras} cameras to build, {items} items"
                        ),
                    ),
                );
            }
            PlanAction::Delete(plan) => {
                let changes = self.changes(|world, _| plan_lifecycle::deleted(world, &plan));
                self.put_plan(
                    changes,
                    LocalizedText::new(format!("已删除“{plan}”"), format!("“{plan}” is deleted")),
                );
                self.choose_plan(String::new());
            }
        }
    }

    /// The head of a paper and its sentences, one step each.
    pub(super) fn paper(&mut self, action: PaperAction) {
        let changes = match action {
            PaperAction::Head { plan, key, value } => self.changes(|world, by| {
                vec![plan_lifecycle::changed_plan(world, &plan, by, |record| {
                    record.set(key, value);
                })]
            }),
            PaperAction::Sentence { plan, key, edited } => self.changes(|world, by| {
                vec![plan_lifecycle::changed_plan(world, &plan, by, |record| {
                    rewrite(record, key, edited);
                })]
            }),
            PaperAction::LoadLaw => self.changes(|_, by| {
                law::records(by.ids, by.stamp).into_iter().map(Change::create).collect()
            }),
        };
        self.apply(Edit::of(changes));
    }

    fn rename_plan(&mut self, plan: &str, name: &str) {
        if self.model.planner.plans(&self.model.world()).contains_key(name) {
            return self.say_taken(&NameTaken(name.to_owned()));
        }
        let changes =
            self.changes(|world, by| plan_lifecycle::renamed(world, plan, name, by.stamp));
        self.put_plan(
            changes,
            LocalizedText::new(format!("已改名为“{name}”"), format!("It is called “{name}” now")),
        );
        // A plan of which nothing is stored yet has nothing that would be followed.
        if self.model.planner.plan == plan {
            self.choose_plan(name.to_owned());
        }
    }

    /// A name is taken by another plan.
    pub(super) fn say_taken(&mut self, refusal: &NameTaken) {
        self.say(Toast::new(Tone::Watch, refusal.localized()));
    }

    /// Why the notice of a plan cannot be final, on the roads as they are prepared; nothing while they
    /// are not, or where there is no notice.
    fn why_not_final(&self, plan: &str) -> Option<LocalizedText> {
        let prepared = self.model.planner.roads()?;
        let asked = NoticeRequest::of(plan, clock::today());
        let world = self.model.world();
        let paper = notice_on(&world, &asked, &prepared.network, &prepared.finder()).ok()?;
        paper.blockers.into_iter().next()
    }

    fn freeze_plan(&mut self, plan: &str) {
        if let Some(why) = self.why_not_final(plan) {
            let LocalizedText { zh, en } = why;
            return self.say(Toast::watch(format!("未定稿：{zh}"), format!("Not frozen: {en}")));
        }
        let word = if self.model.lang() == Lang::Zh { "定稿" } else { "version " };
        let name = plan_lifecycle::version_name(&self.model.world(), plan, word);
        let changes = self.changes(|world, by| plan_lifecycle::frozen(world, plan, &name, by));
        self.put_plan(
            changes,
            LocalizedText::new(
                format!("已定稿为“{name}”；“{plan}”仍可修改"),
                format!("Frozen as “{name}”; “{plan}” can still be changed"),
            ),
        );
        self.choose_plan(name);
    }

    /// Makes changes of a plan, with ids and a stamp of now.
    pub(super) fn changes(
        &self,
        make: impl FnOnce(&World, &mut EditContext<'_>) -> Vec<Change>,
    ) -> Vec<Change> {
        let (world, stamp) = (self.model.world(), self.model.stamp());
        let mut ids = clock::ids(&stamp);
        let seal = self.model.seal();
        make(&world, &mut EditContext { stamp: &stamp, ids: &mut ids, today: clock::today(), seal })
    }

    /// What is done with a plan as a whole is no change of what is frozen.
    fn put_plan(&mut self, changes: Vec<Change>, said: LocalizedText) {
        let said = Toast::new(Tone::Done, said);
        if changes.is_empty() {
            self.say(said);
            return;
        }
        let (world, stamp) = (self.model.world(), self.model.stamp());
        if self.put(ledger::ready(Edit::of(changes), &world, &stamp)) {
            self.say_of_edit(said.with_undo());
        }
    }

    /// Says that a plan is frozen, and the way on from there.
    pub(super) fn refuse(&mut self, plan: String) {
        let state = plan_lifecycle::state(&self.model.world(), &plan).label();
        let toast = Toast::watch(
            format!("“{plan}”已{}，不能修改；可复制为新方案再改", state.zh),
            format!("“{plan}” is {}: duplicate it to change it", state.en),
        );
        // A plan is copied where it is chosen.
        self.choose_plan(plan);
        let way = if self.model.planner.is_open { Command::NewPlan } else { Command::Planner };
        self.say(toast.with_way(way.about().words, way));
    }

    /// The plan for which a tool may not be taken in hand: what it made would be refused.
    pub(super) fn closed_to(&self, tool: &ToolKind) -> Option<String> {
        let world = self.model.world();
        let plan = match tool {
            ToolKind::Order(_) if self.model.planner.is_open => self.model.planner.plan.clone(),
            ToolKind::Shape => {
                let order = self.model.selected().filter(|it| it.kind == Kind::Restriction)?;
                order.text("plan").to_owned()
            }
            _ => return None,
        };
        let is_closed =
            matches!(plan_lifecycle::state(&world, &plan), PlanState::Frozen | PlanState::Adopted);
        is_closed.then_some(plan)
    }
}

/// Puts a sentence by hand into the record of a plan, or takes it out.
fn rewrite(record: &mut Record, key: String, edited: Option<Edited>) {
    let (mut edits, _) = kept(Some(record));
    match edited {
        Some(edited) => drop(edits.insert(key, edited)),
        None => drop(edits.remove(&key)),
    }
    record.set("sentences", to_keep(&edits));
}

/// A camera to be built where no other sees who comes.
/// Signs, and cameras that are to be built, as what has to be there before the orders hold.
fn needed(
    world: &World,
    signs: &[SignPost],
    (cameras, built): (&[SignPost], &[Record]),
) -> Vec<Needed> {
    let from = |entry: &SignPost| world.get(entry.record)?.date("valid_from");
    let sign = |entry: &SignPost| Needed {
        what: if entry.plate.is_empty() {
            format!("设置“{}”标志", entry.sign)
        } else {
            format!("设置“{}”标志（{}）", entry.sign, entry.plate)
        },
        place: entry.place.clone(),
        at: entry.at,
        records: vec![entry.record],
        from: from(entry),
    };
    let camera = |(entry, camera): (&SignPost, &Record)| Needed {
        what: "建设卡口摄像机".to_owned(),
        place: entry.place.clone(),
        at: entry.at,
        records: vec![entry.record, camera.id],
        from: from(entry),
    };
    signs.iter().map(sign).chain(cameras.iter().zip(built).map(camera)).collect()
}

fn camera(entry: &SignPost, stamp: &Stamp, by: &mut EditContext<'_>) -> Record {
    let mut record = Record::new(by.ids.next(), Kind::Camera, stamp);
    record.geometry = Some(geo_types::Point(entry.at).into());
    let name: Arc<str> = format!("拟设 {}", entry.place).into();
    record.set("name", Some(Value::Text(name)));
    record.set("direction_deg", Some(Value::Real(entry.from_deg.round())));
    record
}
