//! One episode: its two clocks, what was measured, what is done next, and what came back.

use egui::{Button, RichText, ScrollArea, TextEdit, Ui};

use super::findings::Findings;
use super::list::is_answered;
use super::words::{
    clock_color, due_words, left_words, number, span_words, station_words, time_words, value_words,
};
use crate::analysis::episodes::{Episode, FallBack, Matched, Nature, Said, replies};
use crate::domain::episode::{self, Closer, Step};
use crate::domain::{ClockStart, EpisodeState, FalseCause, Record, Text};
use crate::settings::clock;
use crate::ui::action::{Action, EpisodeAction};
use crate::ui::card::attachments::Shelf;
use crate::ui::command::{Command, key_text};
use crate::ui::ctx::Ctx;
use crate::ui::model::episodes::RowKey;
use crate::ui::parts::air::hour_words;
use crate::ui::widgets::{named_combo, named_text, note, open_menu, strong};

/// What is being written here.
#[derive(Default)]
pub struct Detail {
    /// Of which row the rest is.
    of: Option<RowKey>,
    pasted: String,
    /// What was pasted just now has to be seen; and Enter takes it.
    asks_to_nod: bool,
    waits_for_enter: bool,
    findings: Findings,
    because: String,
    photos: Shelf,
}

impl Detail {
    /// Shows the row that is looked at.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let Some(row) = ctx.episode_row() else { return };
        let key = RowKey::of(row);
        if self.of.as_ref() != Some(&key) {
            let findings = Findings::of(ctx.episode_record(row).map(AsRef::as_ref));
            *self = Self { of: Some(key), findings, ..Self::default() };
        }
        ScrollArea::vertical().id_salt("episodes detail").auto_shrink(false).show(ui, |ui| {
            ui.label(strong(format!("{} {}", station_words(ctx, row), value_words(row))));
            if let Some(record) = ctx.episode_record(row) {
                clocks_ui(ui, ctx, row, record);
                values_ui(ui, ctx, row);
                self.steps_ui(ui, ctx, record);
                self.pasted_ui(ui, ctx, record);
                self.findings.ui(ui, ctx, record);
                self.replies_ui(ui, ctx, record);
                self.photos.ui(ui, ctx, record);
            } else {
                let words = row.nature();
                ui.label(ctx.say(words.label()));
                ui.label(note(ctx.say(words.expects())));
                if ctx.is_of_the_sample(row) {
                    ui.label(note(ctx.tell(
                        "这一小时是示例数据：只演示，不报警、不计时",
                        "These hours are invented: they call nobody and no clock runs",
                    )));
                }
                values_ui(ui, ctx, row);
            }
        });
    }

    fn steps_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Record) {
        let state = episode::state(record);
        let send = |step: Step| {
            ctx.actions.send(Action::Episode(EpisodeAction::Step(record.id, step)));
        };
        ui.horizontal_wrapped(|ui| {
            if let Some(next) = state.usual() {
                let words = step_words(&next);
                let key = Command::NextStep.about().key.map(key_text).unwrap_or_default();
                let button = Button::new(strong(format!("{}  {key}", ctx.say(words))));
                if ui.add(button).clicked() {
                    send(next);
                }
                let words = ctx.say(Text::new("调度令", "Orders"));
                let orders = ui.button(words).on_hover_text(ctx.tell(
                    "按部门生成调度令，复制到剪贴板并记入本起  Ctrl+K",
                    "One order a department, onto the clipboard and into the record  Ctrl+K",
                ));
                if orders.clicked() {
                    ctx.actions.command(Command::DispatchOrders);
                }
            }
            if !state.is_over() {
                more_ui(ui, ctx, record, &mut self.because, &send);
            } else if ui.button(ctx.tell("恢复（24小时内）", "Open again (within 24 h)")).clicked()
            {
                send(Step::Reopen);
            }
            super::work::papers_ui(ui, ctx, record);
        });
    }

    fn replies_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Record) {
        for line in record.words("replies").iter().rev().take(4) {
            ui.label(note(&**line));
        }
        let hint = ctx.tell("把群里的回复粘贴到这里", "Paste the answers of the group here");
        let edit = TextEdit::multiline(&mut self.pasted)
            .hint_text(hint)
            .desired_rows(1)
            .desired_width(f32::INFINITY);
        let response = ui.add(edit);
        named_text(
            &response,
            ctx.say(Text::new("群里的回复", "Answers of the group")),
            &self.pasted,
        );
        let was_pasted = ui
            .input(|input| input.events.iter().any(|event| matches!(event, egui::Event::Paste(_))));
        self.asks_to_nod |= response.changed() && was_pasted;
    }

    /// What was pasted, as it is read, for a nod: right below the steps, so that it is in view. Pasted
    /// where nobody writes, it waits for Enter.
    fn pasted_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, record: &Record) {
        if !ui.ctx().egui_wants_keyboard_input() && !episode::state(record).is_over() {
            let pasted = ui.input(|input| {
                input.events.iter().find_map(|event| match event {
                    egui::Event::Paste(text) => Some(text.clone()),
                    _ => None,
                })
            });
            if let Some(text) = pasted.filter(|text| !text.trim().is_empty()) {
                self.pasted = text;
                self.asks_to_nod = true;
                self.waits_for_enter = true;
            }
        }
        if self.pasted.trim().is_empty() {
            return;
        }
        let said = replies(&self.pasted, clock::now(), &clock::office());
        for one in &said {
            ui.label(note(said_words(ctx, one)));
        }
        let words =
            ctx.tell(format!("确认 {} 条", said.len()), format!("Take these {}", said.len()));
        ui.horizontal(|ui| {
            let nod = ui.add_enabled(!said.is_empty(), Button::new(strong(words)));
            if std::mem::take(&mut self.waits_for_enter) {
                nod.request_focus();
            }
            if std::mem::take(&mut self.asks_to_nod) {
                nod.scroll_to_me(None);
            }
            if nod.clicked() {
                nod.surrender_focus();
                ctx.actions.send(Action::Episode(EpisodeAction::Said(record.id, said)));
                self.pasted.clear();
            }
            if ui.button(ctx.tell("不要", "Drop them")).clicked() {
                self.pasted.clear();
            }
        });
    }
}

fn said_words(ctx: &Ctx<'_>, said: &Said) -> String {
    let what = match said.step {
        Step::Reply(_) => ctx.tell("仅记录", "kept"),
        ref step => ctx.say(step_words(step)).to_owned(),
    };
    let (at, line) = (time_words(said.at), &said.line);
    ctx.tell(format!("{at} → {what}：{line}"), format!("{at} → {what}: {line}"))
}

/// What a button of a step says.
pub const fn step_words(step: &Step) -> Text {
    match step {
        Step::Acknowledge => Text::new("签收", "Acknowledge"),
        Step::Arrive => Text::new("到场", "On site"),
        Step::Handle(_) => Text::new("处置反馈", "Handled"),
        Step::Check => Text::new("核查", "Checked"),
        Step::Close(_) => Text::new("结案", "Close"),
        Step::False(_) => Text::new("误报", "False alarm"),
        Step::Regional => Text::new("区域性", "Regional"),
        Step::Reopen => Text::new("恢复", "Open again"),
        Step::Shelve { .. } => Text::new("搁置", "Shelve"),
        Step::Unshelve => Text::new("取消搁置", "Take off the shelf"),
        Step::Dispatch { .. } => Text::new("交办", "Dispatch"),
        Step::Reply(_) => Text::new("记录", "Reply"),
        Step::Found(_) => Text::new("查实问题", "Found"),
        Step::StartFrom(_) => Text::new("计时起点", "Clock from"),
        Step::RuleOut(..) => Text::new("排除来源", "Rule out"),
        Step::Register(_) => Text::new("转入台账", "Into the ledger"),
    }
}

/// Ends that are no answer, the shelf, and where the clock begins.
fn more_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Record, because: &mut String, send: &dyn Fn(Step)) {
    open_menu(ui, ctx.say(Text::new("其他", "Other")), |ui| {
        ui.label(note(ctx.tell("误报原因", "False, because of")));
        for cause in FalseCause::ALL {
            if ui.button(ctx.say(cause.label())).clicked() {
                send(Step::False(cause));
                ui.close();
            }
        }
        ui.separator();
        if ui.button(ctx.tell("区域性，不单独处置", "Regional: nobody is sent")).clicked()
        {
            send(Step::Regional);
            ui.close();
        }
        if episode::state(record) >= EpisodeState::Handled
            && ui.button(ctx.tell("结案", "Close")).clicked()
        {
            send(Step::Close(Closer::Person));
            ui.close();
        }
        ui.separator();
        let now = clock::now();
        if episode::is_shelved(record, now) {
            if ui.button(ctx.tell("取消搁置", "Take off the shelf")).clicked() {
                send(Step::Unshelve);
                ui.close();
            }
        } else {
            let hint = ctx.tell("搁置原因（必填）", "why it is shelved");
            let why = ui.add(TextEdit::singleline(because).hint_text(hint).desired_width(150.0));
            named_text(&why, ctx.say(Text::new("搁置原因", "Why it is shelved")), because);
            for hours in [1, 4, 8] {
                let words = ctx.tell(format!("搁置{hours}小时"), format!("Shelve for {hours} h"));
                if ui.add_enabled(!because.trim().is_empty(), Button::new(words)).clicked() {
                    let until = now + jiff::SignedDuration::from_hours(hours);
                    send(Step::Shelve { until, because: because.clone() });
                    ui.close();
                }
            }
        }
    });
    let start = ClockStart::of(record).unwrap_or(ClockStart::Alerted);
    let label = ctx.say(Text::new("计时起点", "Clock from"));
    let combo = egui::ComboBox::from_id_salt("clock from")
        .selected_text(ctx.say(start.label()))
        .width(90.0)
        .show_ui(ui, |ui| {
            for one in ClockStart::ALL {
                if ui.selectable_label(one == start, ctx.say(one.label())).clicked() {
                    send(Step::StartFrom(one));
                }
            }
        });
    named_combo(&combo.response, label, ctx.say(start.label()));
    combo.response.on_hover_text(label);
}

/// The clock of whoever acts, and that of the value, apart.
fn clocks_ui(ui: &mut Ui, ctx: &Ctx<'_>, row: &Matched, record: &Record) {
    let Some(clock) = episode::clock(record) else { return };
    let now = clock::now();
    ui.horizontal(|ui| {
        let size = egui::TextStyle::Heading.resolve(ui.style()).size * 1.3;
        let (words, color) = if clock.is_running() {
            (left_words(clock, now), clock_color(ctx, clock, now))
        } else if !is_answered(record) {
            ("—".to_owned(), ctx.color(|t| t.muted))
        } else {
            (span_words(clock.elapsed(now)), ctx.color(|t| t.ink))
        };
        ui.label(strong(words).size(size).color(color));
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let state = episode::state(record);
            let what = if !clock.is_running() && !is_answered(record) {
                ctx.tell("无处置反馈", "nobody answered")
            } else if !clock.is_running() {
                ctx.tell("处置用时", "to the answer")
            } else if clock.left(now).is_negative() {
                ctx.tell("已超60分钟", "over the hour")
            } else {
                ctx.tell("距60分钟", "left of the hour")
            };
            ui.label(note(format!("{what}·{}", ctx.say(state.label()))));
            let mut words = Vec::new();
            if let Some((state, at)) = episode::due(record) {
                words.push(format!("{} {}", due_words(ctx, state), time_words(at)));
            }
            let by = record.text("acknowledged_by");
            if !by.is_empty() {
                words.push(ctx.tell(format!("签收人 {by}"), format!("acknowledged by {by}")));
            }
            ui.label(note(words.join(&ctx.tell("，", ", "))));
        });
    });
    ui.label(value_clock_words(ctx, row, record));
    if let Some(words) = fall_back_words(ctx, row) {
        ui.label(note(words));
    }
}

/// How long the value is above its line, or was.
fn value_clock_words(ctx: &Ctx<'_>, row: &Matched, record: &Record) -> String {
    let Some(found) = &row.found else {
        return ctx.tell(
            "数据已更正：按现有读数规则不再触发，处置记录保留",
            "Readings were corrected: no rule fires any more; what was done stays",
        );
    };
    let Some(lead) = found.lead() else { return String::new() };
    let pollutant = lead.pollutant;
    let line = number(pollutant, lead.clears_at);
    let since = episode::moment(record, "begins_at").unwrap_or(lead.fired.start());
    if let Some(hour) = found.ended {
        let hours = hour.since(lead.fired);
        let next = if episode::state(record).is_over() { "" } else { "，可结案" };
        return ctx.tell(
            format!("数值：{hours}小时后连续两小时低于解除线 {line}{next}"),
            format!("value: below {line} for two hours, {hours} h after it fired"),
        );
    }
    let hours = clock::now().duration_since(since).as_hours();
    let latest = number(pollutant, lead.latest.1);
    let clear = lead.clear;
    ctx.tell(
        format!("数值：已高 {hours} 小时，现 {latest}，解除线 {line}，达标读数 {clear}/2"),
        format!(
            "value: high for {hours} h, now {latest}, clears at {line}, clear readings {clear}/2"
        ),
    )
}

fn fall_back_words(ctx: &Ctx<'_>, row: &Matched) -> Option<String> {
    let sources = ctx.episodes.sources.as_ref()?;
    let found: FallBack = sources.fall_back.filter(|_| sources.of == RowKey::of(row))?;
    let percent = |at: usize| {
        found.rate(at).map_or_else(|| "—".to_owned(), |it| format!("{:.0}%", it * 100.0))
    };
    let n = found.within[0].0;
    let of = if found.is_of_hour {
        ctx.tell("同时段", "of this hour of the day")
    } else {
        ctx.tell("全部时段", "of all hours")
    };
    Some(ctx.tell(
        format!(
            "自然回落率（本站{of}，n={n}）：1小时{}、2小时{}、3小时{}",
            percent(0),
            percent(1),
            percent(2)
        ),
        format!(
            "gone by itself ({of}, n={n}): {} in 1 h, {} in 2 h, {} in 3 h",
            percent(0),
            percent(1),
            percent(2)
        ),
    ))
}

/// What was measured when it fired, and since.
fn values_ui(ui: &mut Ui, ctx: &Ctx<'_>, row: &Matched) {
    let Some(found) = &row.found else { return };
    for course in &found.courses {
        let pollutant = course.pollutant;
        let shown =
            |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |it| number(pollutant, it));
        let mut rules = Vec::new();
        if course.met.jump {
            rules.push(ctx.tell("环比突升", "jump"));
        }
        if course.met.above {
            rules.push(ctx.tell("高于区域", "above the others"));
        }
        let words = ctx.tell(
            format!(
                "{} {}：{} → {}，他站中位 {}，峰值 {}（{}）",
                hour_words(ctx, course.fired),
                pollutant.symbol(),
                shown(course.before),
                number(pollutant, course.value),
                shown(course.neighbours),
                number(pollutant, course.peak.1),
                rules.join("、"),
            ),
            format!(
                "{} {}: {} → {}, median of others {}, peak {} ({})",
                hour_words(ctx, course.fired),
                pollutant.symbol(),
                shown(course.before),
                number(pollutant, course.value),
                shown(course.neighbours),
                number(pollutant, course.peak.1),
                rules.join(", "),
            ),
        );
        ui.label(RichText::new(words).small());
    }
    let mut more = Vec::new();
    if found.is_persistent {
        more.push(ctx.tell("连续3小时高于区域，升级关注", "above the others for three hours"));
    }
    more.extend(found.doubt.map(|doubt| ctx.say(doubt.label()).to_owned()));
    if found.nature == Nature::Attention && row.record.is_some() {
        more.push(ctx.tell("现有读数只够“关注”", "by the readings of now it is attention only"));
    }
    more.extend(missing_words(ctx, found));
    if !more.is_empty() {
        ui.label(note(more.join(&ctx.tell("；", "; "))));
    }
}

fn missing_words(ctx: &Ctx<'_>, found: &Episode) -> Option<String> {
    if found.nature != Nature::NoData {
        return None;
    }
    let since = hour_words(ctx, found.first);
    Some(ctx.tell(format!("自{since}起无数据"), format!("nothing since {since}")))
}
