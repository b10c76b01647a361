//! Responses: what was ordered of each line and what it did, and who did not. They are records of what
//! was issued; nothing is started here.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use egui::{Button, ComboBox, ScrollArea, TextEdit, Ui};
use jiff::civil::DateTime;
use lucide_icons::Icon;

use super::sheets::formats_ui;
use super::worded::worded_button;
use crate::analysis::ledger::response::{
    Evidence, LineState, Outcome, ResponseState, current, evidence_words,
};
use crate::domain::item::{moment_text, moment_words, read_moment};
use crate::domain::{
    Change, Edit, Kind, LocalizedText, Record, RecordId, ResponseLevel, Text, Value, Verdict,
};
use crate::intake::evidence::of_response;
use crate::jobs::{Derived, Same};
use crate::report::ledger::plan_sheet::response_table;
use crate::settings::clock;
use crate::store::DistrictReader;
use crate::ui::action::{Action, LedgerAction, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::ledger::LedgerNow;
use crate::ui::widgets::{empty, icon, named, named_combo, named_text, note, row_height, strong};

/// What the readings say, line by line, or why they could not be read.
type Proof = Result<BTreeMap<RecordId, Evidence>, LocalizedText>;

/// Which response is open, and what is said of the next inspection.
#[derive(Default)]
pub struct Responses {
    chosen: Option<RecordId>,
    /// Only lines that came out so.
    outcome: Option<Outcome>,
    actual: String,
    form: Option<Form>,
    /// Asked for again when records change or a minute goes by.
    evidence: Derived<(PathBuf, RecordId, Same<LedgerNow>), Option<Arc<Proof>>>,
}

/// A response that is written down.
struct Form {
    level: ResponseLevel,
    document: String,
    issued_by: String,
    begins: String,
    reason: String,
}

impl Responses {
    /// Shows the responses, and the lines of the one that is chosen.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, now: &Arc<LedgerNow>) {
        let all = &now.responses;
        ui.horizontal_top(|ui| {
            let height = ui.available_height();
            let down = egui::Layout::top_down(egui::Align::Min);
            ui.allocate_ui_with_layout(egui::vec2(380.0, height), down, |ui| {
                ScrollArea::vertical().id_salt("responses").show(ui, |ui| {
                    self.new_ui(ui, ctx);
                    let shown = self.shown(all, now.now).map(|state| state.record.id);
                    for state in all {
                        if response_ui(ui, ctx, now, state, shown == Some(state.record.id)) {
                            self.chosen = Some(state.record.id);
                            self.outcome = None;
                        }
                    }
                });
            });
            ui.separator();
            ui.vertical(|ui| {
                if let Some(state) = self.shown(all, now.now) {
                    return self.lines_ui(ui, ctx, now, state);
                }
                let what = ctx.tell("还没有应急响应记录", "No response is on record yet");
                let next = ctx.tell(
                    "收到启动通知后在左侧记录文号、级别和时间；各企业措施导入“应急减排清单”",
                    "Write down number, level and time at the left; import the measures of firms",
                );
                empty(ui, what, next);
            });
        });
    }

    fn shown<'a>(&self, all: &'a [ResponseState], now: DateTime) -> Option<&'a ResponseState> {
        let chosen = all.iter().find(|state| Some(state.record.id) == self.chosen);
        chosen.or_else(|| current(all, now))
    }

    /// What was issued, as it is written down.
    #[expect(clippy::too_many_lines, reason = "a form from top to bottom")]
    fn new_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let Some(form) = &mut self.form else {
            if ui.button(ctx.tell("记录响应通知…", "Write down a notice…")).clicked() {
                self.form = Some(Form {
                    level: ResponseLevel::Orange,
                    document: String::new(),
                    issued_by: String::new(),
                    begins: crate::ui::model::planning::now()
                        .strftime("%Y-%m-%d %H:%M")
                        .to_string(),
                    reason: String::new(),
                });
            }
            return;
        };
        let name = ctx.tell("响应级别", "Level");
        egui::Grid::new("response form").num_columns(2).show(ui, |ui| {
            ui.label(note(&name));
            let words = ctx.say(form.level.label());
            let combo = ComboBox::from_id_salt("response level").selected_text(words);
            let shown = combo.show_ui(ui, |ui| {
                for level in ResponseLevel::ALL {
                    ui.selectable_value(&mut form.level, level, ctx.say(level.label()));
                }
            });
            named_combo(&shown.response, &name, words);
            ui.end_row();
            for (words, text) in [
                (Text::new("响应文号", "Document number"), &mut form.document),
                (Text::new("发布单位", "Issued by"), &mut form.issued_by),
                (Text::new("启动时间", "Begins at"), &mut form.begins),
                (Text::new("启动原因", "Reason"), &mut form.reason),
            ] {
                ui.label(note(ctx.say(words)));
                let response = ui.add(TextEdit::singleline(text).desired_width(240.0));
                named_text(&response, ctx.say(words), text);
                ui.end_row();
            }
        });
        let begins = read_moment(&form.begins.trim().replacen(' ', "T", 1));
        let missing =
            if form.document.trim().is_empty() {
                Some(ctx.tell(
                    "请填文号：只记录已发布的响应",
                    "Its number: only what was issued is kept",
                ))
            } else if begins.is_none() {
                Some(ctx.tell("时间应写成 2026-11-29 20:00", "A time is written 2026-11-29 20:00"))
            } else {
                None
            };
        if let Some(words) = &missing {
            ui.label(note(words).color(ctx.color(|t| t.watch)));
        }
        let mut is_over = false;
        ui.horizontal(|ui| {
            let keep = Button::new(ctx.tell("记录", "Keep it"));
            if ui.add_enabled(missing.is_none(), keep).clicked()
                && let Some(begins) = begins
            {
                keep_response(ctx, form, begins);
                is_over = true;
            }
            is_over |= ui.button(ctx.tell("取消", "Cancel")).clicked();
        });
        if is_over {
            self.form = None;
        }
        ui.separator();
    }

    #[expect(clippy::too_many_lines, reason = "a page from top to bottom")]
    fn lines_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        now: &Arc<LedgerNow>,
        state: &ResponseState,
    ) {
        self.ask_evidence(ctx, now, state);
        let none = BTreeMap::new();
        let proof = self.evidence.clone();
        let (evidence, fault) = match proof.as_deref() {
            None => (&none, None),
            Some(Ok(evidence)) => (evidence, None),
            Some(Err(fault)) => (&none, Some(fault)),
        };
        let counts = state.counts(evidence);
        ui.horizontal_wrapped(|ui| {
            ui.label(strong(state.record.name()));
            ui.label(note(state.record.text("document")));
            for (outcome, count) in Outcome::ALL.into_iter().zip(counts) {
                let words = ctx.say(outcome.label());
                let number = note(count.to_string());
                let is_red = outcome.is_bad() && count > 0;
                let number = if is_red { number.color(ctx.color(|t| t.act)) } else { number };
                let is_shown = self.outcome == Some(outcome);
                let button = ui.add(Button::selectable(is_shown, (words, number)));
                named(&button, &format!("{words} {count}"));
                if button.clicked() {
                    self.outcome = (!is_shown).then_some(outcome);
                }
            }
            let words = ctx.tell("导出停限产清单", "Write the list");
            let write = worded_button(ui, Icon::FileDown, &words, false);
            egui::Popup::menu(&write).show(|ui| {
                let title = format!("停限产清单 {}", state.record.text("document"));
                formats_ui(ui, ctx, now, &words, title.trim(), &|| {
                    response_table(state, evidence, false)
                });
            });
            if state.holds(now.now) && state.ends.is_none() {
                let lifted = ui.button(ctx.tell("记录解除", "It was lifted"));
                if lifted.clicked() {
                    lift(ctx, &state.record, now.now);
                }
            }
        });
        ui.horizontal(|ui| {
            let hint = ctx.tell("实际做到什么（如：2号机仍在运行）", "what the line really does");
            let edit = TextEdit::singleline(&mut self.actual).hint_text(hint).desired_width(320.0);
            let response = ui.add(edit);
            named_text(&response, &ctx.tell("实停情况", "What it does"), &self.actual);
            ui.label(note(ctx.tell(
                "先填实停，再点该行的已落实/未落实；未落实转入台账",
                "then press done or not done of its line; not done becomes an item",
            )));
        });
        if let Some(why) = fault {
            let words = ctx.tell(
                format!("读数没有读出，用电和在线佐证未计入：{}", why.zh),
                format!("Readings could not be read, and prove nothing here: {}", why.en),
            );
            ui.label(note(words).color(ctx.color(|t| t.act)));
        }
        if state.lines.is_empty() {
            let what = ctx.tell("清单里没有这一级的措施", "No line has a measure at this level");
            let next = ctx.tell("导入“应急减排清单”", "Import the list of measures");
            return empty(ui, what, next);
        }
        let mut lines: Vec<(Outcome, &LineState)> = state
            .lines
            .iter()
            .map(|line| (line.outcome(evidence.get(&line.measure.id)), line))
            .filter(|(outcome, _)| self.outcome.is_none_or(|wanted| wanted == *outcome))
            .collect();
        lines.sort_by_key(|(outcome, _)| *outcome);
        let area = ScrollArea::both().id_salt("response lines").auto_shrink(false);
        let height = row_height(ui);
        area.show_rows(ui, height, lines.len(), |ui, range| {
            for (outcome, line) in lines.get(range).unwrap_or_default() {
                let proof = evidence.get(&line.measure.id);
                self.line_ui(ui, ctx, state, (*outcome, line), proof);
            }
        });
    }

    fn ask_evidence(&mut self, ctx: &Ctx<'_>, now: &Arc<LedgerNow>, state: &ResponseState) {
        self.evidence.poll();
        let Some(district) = ctx.district.as_ref() else { return };
        let question = (district.path.clone(), state.record.id, Same(Arc::clone(now)));
        let Some(reply) = self.evidence.ask(question) else { return };
        let (world, state, at) = (ctx.world(), state.clone(), now.now);
        ctx.actions.work("readings of a response", move |_| {
            // Read past the keeper, who has other things to do.
            let read = DistrictReader::open(&reply.key.0)
                .and_then(|reader| of_response(&reader.readings(&world)?, &state, at));
            reply.send(Some(Arc::new(read.map_err(LocalizedText::from))));
            Action::Nothing
        });
    }

    fn line_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        state: &ResponseState,
        (outcome, line): (Outcome, &LineState),
        evidence: Option<&Evidence>,
    ) {
        let name = line.name();
        ui.horizontal(|ui| {
            for (verdict, words) in [
                (Verdict::Passed, Text::new("已落实", "done")),
                (Verdict::Failed, Text::new("未落实", "not done")),
            ] {
                let words = ctx.say(words);
                let button = ui.add(Button::new(words).small());
                named(&button, &format!("{words} {name}"));
                if button.clicked() {
                    let actual = std::mem::take(&mut self.actual);
                    let (response, measure) = (state.record.id, line.measure.id);
                    let wish = LedgerAction::Inspected { response, measure, verdict, actual };
                    ctx.actions.send(Action::Ledger(wish));
                }
            }
            let pin = ui.add_enabled(line.site.is_some(), Button::new(icon(Icon::MapPin)).small());
            named(&pin, &ctx.tell(format!("看 {name}"), format!("see {name}")));
            if let Some(site) = line.site.as_ref().filter(|_| pin.clicked()) {
                ctx.actions.view(ViewAction::ShowRecord(site.id));
            }
            let words = note(ctx.say(outcome.label()));
            let words = match outcome {
                it if it.is_bad() => words.color(ctx.color(|t| t.act)),
                Outcome::Unchecked => words.color(ctx.color(|t| t.watch)),
                _ => words,
            };
            ui.label(words);
            ui.label(&name);
            ui.label(note(
                ctx.tell(format!("应：{}", line.ordered), format!("ordered: {}", line.ordered)),
            ));
            if let Some(seen) = &line.seen {
                let on = seen.look.on.strftime("%m-%d");
                let actual = &seen.actual;
                ui.label(note(ctx.tell(
                    format!("实：{actual}（{on} {}）", seen.checker),
                    format!("seen: {actual} ({on} {})", seen.checker),
                )));
            }
            let said = evidence_words(line, evidence);
            if !said.zh.is_empty() {
                ui.label(note(said.say(ctx.lang()).to_owned()));
            }
        });
    }
}

fn keep_response(ctx: &Ctx<'_>, form: &Form, begins: DateTime) {
    let stamp = ctx.stamp();
    let mut response = Record::new(clock::ids(&stamp).next(), Kind::Response, &stamp);
    let name = format!("{}响应 {}", form.level.label().zh, begins.date());
    form.level.put(&mut response);
    let begins = moment_text(begins);
    for (key, text) in [
        ("name", &name),
        ("document", &form.document),
        ("issued_by", &form.issued_by),
        ("begins_at", &begins),
        ("reason", &form.reason),
    ] {
        if !text.trim().is_empty() {
            response.set(key, Some(Value::text(text.trim())));
        }
    }
    let said = Toast::done(format!("已记录：{name}"), format!("kept: {name}"));
    ctx.actions.apply_saying(Edit::of(vec![Change::create(response)]), said.with_undo());
}

fn lift(ctx: &Ctx<'_>, response: &Arc<Record>, now: DateTime) {
    let mut newer = Record::clone(response);
    newer.set("ends_at", Some(Value::text(&moment_text(now))));
    newer.meta.change(&ctx.stamp());
    let change = Change::update(Arc::clone(response), newer);
    let said = Toast::done("已记录解除时间", "It is written down when it was lifted");
    ctx.actions.apply_saying(Edit::of(vec![change]), said.with_undo());
}

/// A response as a row; whether it was clicked.
fn response_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    now: &LedgerNow,
    state: &ResponseState,
    is_chosen: bool,
) -> bool {
    let name = state.record.name();
    let level = state.level.map_or("", |level| ctx.say(level.label()));
    let button = ui.add(Button::selectable(is_chosen, (strong(name), note(level))));
    named(&button, name);
    let moment = |at: Option<DateTime>| at.map_or_else(|| "—".to_owned(), moment_words);
    let holds = if state.holds(now.now) {
        ctx.tell("执行中", "in force")
    } else {
        ctx.tell("已解除", "over")
    };
    let from = moment(state.begins);
    let to = moment(state.ends);
    let document = state.record.text("document");
    let words = note(format!("{document}　{from} → {to}　{holds}"));
    let words = if state.holds(now.now) { words.color(ctx.color(|t| t.watch)) } else { words };
    ui.add(egui::Label::new(words).wrap());
    button.clicked()
}
