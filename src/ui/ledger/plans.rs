//! Check plans: what is due this week, what was done and found, and the list to be gone through.

use std::path::PathBuf;

use egui::{Button, ScrollArea, TextEdit, Ui};
use jiff::civil::DateTime;
use lucide_icons::Icon;

use super::sheets;
use super::worded::worded_button;
use crate::analysis::ledger::checks::{PlanState, Target};
use crate::analysis::ledger::remarks::remarks;
use crate::analysis::ledger::villages::VillageRow;
use crate::analysis::sweeping::{DayWeather, Window, rules, span_words};
use crate::analysis::swept::Swept;
use crate::domain::{CheckSubject, Disposal, Kind, Record, RecordId, Text, Verdict};
use crate::intake::weather::of_day;
use crate::jobs::Derived;
use crate::network::hours::Hours;
use crate::store::DistrictReader;
use crate::ui::action::{Action, CheckSeen, LedgerAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::ledger::LedgerNow;
use crate::ui::widgets::{empty, icon, named, named_text, note, row_height, strong};

/// Which plan is open, and what is said of the next check.
#[derive(Default)]
pub struct Plans {
    chosen: Option<RecordId>,
    found: String,
    house_number: String,
    coal_kg: String,
    /// The weather of an hour's day, by the file that says it.
    weather: Derived<(PathBuf, DateTime), Option<DayWeather>>,
}

impl Plans {
    /// Shows the plans, and the targets of the one that is chosen.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow) {
        // Those that are themselves what is done stand on the page of campaigns.
        let is_own =
            |state: &&PlanState| state.subject().is_none_or(|subject| !subject.is_itself());
        let plans: Vec<&PlanState> = now.plans.iter().filter(is_own).collect();
        let chosen = plans.iter().find(|state| Some(state.plan.id) == self.chosen);
        let Some(chosen) = chosen.or_else(|| plans.first()).copied() else {
            let what = ctx.tell("还没有检查计划", "There is no check plan yet");
            let next = ctx.tell(
                "导入“检查计划”图层：名称、检查对象、距国省控点、检查间隔",
                "Import the layer `check_plan`: name, subject, within_m, every_days",
            );
            return empty(ui, what, next);
        };
        ui.horizontal_top(|ui| {
            let height = ui.available_height();
            let down = egui::Layout::top_down(egui::Align::Min);
            ui.allocate_ui_with_layout(egui::vec2(430.0, height), down, |ui| {
                ScrollArea::vertical().id_salt("check plans").show(ui, |ui| {
                    for state in &plans {
                        let is_chosen = state.plan.id == chosen.plan.id;
                        if plan_ui(ui, ctx, state, is_chosen) {
                            self.chosen = Some(state.plan.id);
                        }
                    }
                });
            });
            ui.separator();
            ui.vertical(|ui| self.targets_ui(ui, ctx, now, chosen));
        });
    }

    fn targets_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow, state: &PlanState) {
        ui.horizontal(|ui| {
            ui.label(strong(state.plan.name()));
            let words = ctx.tell("图上选中", "Select on the map");
            let on_map = worded_button(ui, Icon::Map, &words, false);
            if on_map.clicked() {
                let ids = state.targets.iter().map(|target| target.record.id).collect();
                ctx.actions.send(Action::Select(ids));
            }
            sheets::ui(ui, ctx, now, state);
            let points = state.plan.words("points").iter().map(|point| &**point);
            ui.label(note(points.collect::<Vec<_>>().join("、")));
            let hint = ctx.tell("发现的问题（不合格时转入台账）", "what is wrong, for the ledger");
            let edit = TextEdit::singleline(&mut self.found).hint_text(hint).desired_width(260.0);
            let response = ui.add(edit);
            named_text(&response, &ctx.tell("发现问题", "What is wrong"), &self.found);
            if state.subject() == Some(CheckSubject::Villages) {
                for (text, name, hint) in [
                    (&mut self.house_number, Text::new("门牌", "House number"), "门牌"),
                    (&mut self.coal_kg, Text::new("散煤 kg", "Loose coal, kg"), "kg"),
                ] {
                    let edit = TextEdit::singleline(text).hint_text(hint).desired_width(70.0);
                    named_text(&ui.add(edit), ctx.say(name), text);
                }
            }
        });
        if let Some(rows) = now.villages.get(&state.plan.id) {
            villages_ui(ui, ctx, rows);
        }
        let window = self.window_ui(ui, ctx, now, state);
        if state.targets.is_empty() {
            let what = ctx.tell("范围内没有这类点位", "Nothing of the kind lies there");
            empty(ui, what, ctx.tell("改检查对象或距离", "Change the subject or the distance"));
            return;
        }
        let height = row_height(ui);
        let area = ScrollArea::vertical().id_salt("check targets").auto_shrink(false);
        area.show_rows(ui, height, state.targets.len(), |ui, range| {
            for target in state.targets.get(range).unwrap_or_default() {
                self.target_ui(ui, ctx, now, state, (target, window.as_ref()));
            }
        });
    }

    /// When roads may be swept wet today; of other plans nothing.
    fn window_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        now: &LedgerNow,
        state: &PlanState,
    ) -> Option<Window> {
        if CheckSubject::of(&state.plan) != Some(CheckSubject::Sweeping) {
            return None;
        }
        self.weather.poll();
        let day = now.now.date();
        let hour = day.at(now.now.hour(), 0, 0, 0);
        if let Some(district) = ctx.district.as_ref()
            && let Some(reply) = self.weather.ask((district.path.clone(), hour))
        {
            let world = ctx.world();
            ctx.actions.work("weather of the day", move |_| {
                // Read past the keeper, who has other things to do.
                let read = DistrictReader::open(&reply.key.0)
                    .and_then(|reader| of_day(&reader.readings(&world)?, day));
                reply.send(Some(read.unwrap_or_default()));
                Action::Nothing
            });
        }
        let weather = (*self.weather)?;
        let window = Window::of(day, &weather, rules());
        ui.horizontal_wrapped(|ui| {
            ui.label(strong(window.words().say(ctx.lang())));
            let here = usize::try_from(now.now.hour()).ok().and_then(|hour| weather.get(hour));
            let c = here.and_then(|hour| hour.temperature_c);
            let words = c.map_or_else(
                || ctx.tell("本时无气温数据", "no temperature of this hour"),
                |c| ctx.tell(format!("本时 {c:.1} ℃"), format!("{c:.1} °C in this hour")),
            );
            ui.label(note(words));
            let source = &rules().source;
            ui.label(note(ctx.tell(format!("规则：{source}"), format!("rules: {source}"))));
        });
        Some(window)
    }

    #[expect(clippy::too_many_lines, reason = "a row from left to right")]
    fn target_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        now: &LedgerNow,
        state: &PlanState,
        (target, window): (&Target, Option<&Window>),
    ) {
        let today = now.now.date();
        ui.horizontal(|ui| {
            let verdicts = match state.subject() {
                Some(CheckSubject::Posts) => POST_VERDICTS,
                _ => VERDICTS,
            };
            for (verdict, words) in verdicts {
                let words = ctx.say(words).to_owned();
                let button = ui.add(Button::new(&words).small());
                named(&button, &format!("{words} {}", target.record.name()));
                if button.clicked() {
                    let coal_kg = std::mem::take(&mut self.coal_kg);
                    let seen = CheckSeen {
                        found: std::mem::take(&mut self.found),
                        house_number: std::mem::take(&mut self.house_number).trim().to_owned(),
                        coal_kg: coal_kg.trim().parse().ok(),
                    };
                    let (plan, record) = (state.plan.id, target.record.id);
                    let wish = LedgerAction::Checked { plan, record, verdict, seen };
                    ctx.actions.send(Action::Ledger(wish));
                }
            }
            let pin = ui.add(Button::new(icon(Icon::MapPin)).small());
            named(
                &pin,
                &ctx.tell(
                    format!("看 {}", target.record.name()),
                    format!("see {}", target.record.name()),
                ),
            );
            if pin.clicked() {
                ctx.actions.view(ViewAction::ShowRecord(target.record.id));
            }
            ui.label(target.record.name());
            if let Some(metres) = target.distance_m {
                ui.label(note(format!("{metres:.0} m")));
            }
            let last = target.last.map_or_else(
                || ctx.tell("未查过", "never checked"),
                |look| {
                    let verdict = look.verdict.map_or("", |verdict| ctx.say(verdict.label()));
                    format!("{} {verdict}", look.on.strftime("%m-%d"))
                },
            );
            ui.label(note(last));
            if state.subject() == Some(CheckSubject::Posts) {
                let who = ["person", "phone", "subject"].map(|key| target.record.text(key));
                ui.label(note(who.join(" ")));
            }
            if target.is_stopped {
                let words =
                    ctx.tell("停工整改中，核查合格后方可复工", "stopped until a check is passed");
                ui.label(note(words).color(ctx.color(|t| t.act)));
            }
            for remark in remarks(&state.plan, &target.record, today) {
                let words = note(remark.say(ctx.lang()).to_owned());
                ui.label(words.color(ctx.color(|t| t.watch)));
            }
            if let Some(window) = window {
                outside_ui(ui, ctx, now, &target.record, window);
            }
            if target.record.kind == Kind::Sweeping {
                swept_ui(ui, ctx, now, target);
            }
            let due = target.due.strftime("%m-%d").to_string();
            let words = ctx.tell(format!("应查 {due}"), format!("due {due}"));
            let is_late = target.due < today;
            let color = if is_late { ctx.color(|t| t.act) } else { ctx.color(|t| t.muted) };
            ui.label(note(words).color(color));
        });
    }
}

const VERDICTS: [(Verdict, Text); 2] =
    [(Verdict::Passed, Text::new("合格", "pass")), (Verdict::Failed, Text::new("不合格", "fail"))];

/// A check of a post is a call.
const POST_VERDICTS: [(Verdict, Text); 2] = [
    (Verdict::Passed, Text::new("已接听", "answered")),
    (Verdict::Failed, Text::new("未接听", "not answered")),
];

/// Households by village.
fn villages_ui(ui: &mut Ui, ctx: &Ctx<'_>, rows: &[VillageRow]) {
    ui.horizontal_wrapped(|ui| {
        for row in rows {
            let VillageRow { checked, found, coal_kg, .. } = row;
            let of = row.households.map_or_else(|| "?".to_owned(), |count| count.to_string());
            let name = row.village.name();
            let words = ctx.tell(
                format!("{name}：查 {checked}/{of} 户，有散煤 {found} 户，清缴 {coal_kg:.0} kg"),
                format!("{name}: {checked} of {of} households, coal in {found}, {coal_kg:.0} kg"),
            );
            let words = note(words);
            let words = if *found > 0 { words.color(ctx.color(|t| t.act)) } else { words };
            ui.label(words);
        }
    });
}

/// The planned hours of a stretch of road, and what of them lies outside of the window.
fn outside_ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow, road: &Record, window: &Window) {
    let text = road.text("windows");
    if text.is_empty() {
        ui.label(note(ctx.tell("未填作业时段", "no planned hours")));
        return;
    }
    ui.label(note(ctx.tell(format!("计划 {text}"), format!("planned {text}"))));
    let Ok(hours) = Hours::parse(text) else {
        ui.label(note(ctx.tell("时段读不懂", "its hours are not understood")));
        return;
    };
    let planned = |at: DateTime| hours.holds(at);
    for (stretch, ban) in window.outside(now.now.date(), road, &planned) {
        let words = format!("{} {}", span_words(&stretch), ctx.say(ban.label()));
        ui.label(note(words).color(ctx.color(|t| t.watch)));
    }
}

/// Whether a stretch was swept today, as far as its log and the plan's checks say.
fn swept_ui(ui: &mut Ui, ctx: &Ctx<'_>, now: &LedgerNow, target: &Target) {
    let today = target.last.filter(|look| look.on == now.now.date());
    let swept = Swept::of(&target.record, today.and_then(|look| look.verdict), now.now);
    let words = note(swept.words().say(ctx.lang()).to_owned());
    ui.label(if swept.is_missing() { words.color(ctx.color(|t| t.watch)) } else { words });
}

/// A plan as a row; whether it was clicked.
fn plan_ui(ui: &mut Ui, ctx: &Ctx<'_>, state: &PlanState, is_chosen: bool) -> bool {
    let name = state.plan.name();
    let subject = CheckSubject::of(&state.plan).map_or("", |subject| ctx.say(subject.label()));
    let share = state
        .share()
        .map_or_else(|| "—".to_owned(), |share| format!("{:.0}% (n={})", share * 100.0, state.due));
    let PlanState { due, done, found, overdue, looks, .. } = state;
    let mut words = ctx.tell(
        format!("本周应查 {due}，已查 {done}，发现 {found}，超期 {overdue}，完成 {share}"),
        format!("due {due}, done {done}, found {found}, late {overdue}, {share}"),
    );
    let answered = state.answered_share().filter(|_| state.subject() == Some(CheckSubject::Posts));
    if let Some(answered) = answered {
        let share = answered * 100.0;
        words.push_str(&ctx.tell(
            format!("，接听 {share:.0}% (n={looks})"),
            format!(", answered {share:.0}% (n={looks})"),
        ));
    }
    if let Some(counts) = state.disposals {
        let labels = Disposal::ALL.map(Disposal::label);
        let all = labels.into_iter().chain([Text::new("处置未填", "not said")]).zip(counts);
        for (label, count) in all.filter(|(_, count)| *count > 0) {
            words.push_str(
                &ctx.tell(format!("，{} {count}", label.zh), format!(", {count} {}", label.en)),
            );
        }
    }
    let button = ui.add(Button::selectable(is_chosen, (strong(name), note(subject))));
    named(&button, name);
    let text = note(words);
    let text = if *overdue > 0 { text.color(ctx.color(|t| t.act)) } else { text };
    ui.label(text);
    button.clicked()
}
