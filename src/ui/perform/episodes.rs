//! High values: what the program writes by itself, and the steps of people.

use std::sync::Arc;

use egui::Context;
use jiff::SignedDuration;

use crate::analysis::agenda::planned_after;
use crate::analysis::air::Pollutant;
use crate::analysis::episodes::{
    BY_RULE, Episode, Outcome, Rules, Said, Thresholds, outcome, program_changes,
};
use crate::analysis::ledger::make::item_of_finding;
use crate::analysis::ledger::prefix;
use crate::analysis::scenes::{MeetingScene, Sight, scenes};
use crate::domain::episode::{self, Step};
use crate::domain::item::number;
use crate::domain::{AlarmPollutant, Change, Edit, EditKind, Kind, Record, RecordId, Stamp, Value};
use crate::jobs::Same;
use crate::report::dispatch::Order;
use crate::settings::{AlarmSound, clock, desktop};
use crate::ui::action::{Action, EpisodeAction, ViewAction};
use crate::ui::app::App;
use crate::ui::ctx::Ctx;
use crate::ui::episodes::step_words;
use crate::ui::episodes::work::orders_of;
use crate::ui::model::episodes::RowKey;
use crate::ui::model::{Toast, planning};

/// A scene of an alert looks at the rings of its station.
const SCENE_ZOOM: f64 = 14.0;
/// Where it goes on until somebody acknowledges, the bell rings so often, seconds.
const RING_EVERY_S: f64 = 10.0;
/// An alert that comes so long after its hour was missed while nobody watched.
const MISSED_AFTER: SignedDuration = SignedDuration::from_mins(120);

impl App {
    /// What is asked of high values.
    pub(super) fn episodes(&mut self, action: EpisodeAction, context: &Context) {
        match action {
            EpisodeAction::Choose(key) => self.choose_row(Some(key)),
            EpisodeAction::Walk(by) => self.walk(by),
            EpisodeAction::Next => self.next_step(),
            EpisodeAction::Step(id, step) => self.take_steps(id, &[(step, None)]),
            EpisodeAction::Dispatch => self.dispatch(context),
            EpisodeAction::Said(id, said) => self.take_said(id, said),
            EpisodeAction::Sector(sector) => self.model.episodes.sector = sector,
            EpisodeAction::ListAll(all) => self.model.episodes.lists_all = all,
            EpisodeAction::Plume(is_on) => self.model.episodes.has_plume = is_on,
            EpisodeAction::Try(rules) => self.model.episodes.trial = rules.map(|rules| *rules),
            EpisodeAction::Scenes => self.make_scenes(),
            EpisodeAction::Adopt => self.adopt_rules(),
            EpisodeAction::IntoLedger(id, found) => self.enter_in_ledger(id, &found),
        }
    }

    fn choose_row(&mut self, key: Option<RowKey>) {
        if self.model.episodes.chosen != key {
            self.model.episodes.sector = None;
        }
        self.model.episodes.chosen = key;
    }

    fn walk(&mut self, by: i32) {
        let list: Vec<RowKey> = self.model.episode_list().into_iter().map(RowKey::of).collect();
        let now = self.model.episode_row().map(RowKey::of);
        let at = list.iter().position(|key| Some(key) == now.as_ref()).unwrap_or_default();
        let end = i32::try_from(list.len()).unwrap_or(i32::MAX) - 1;
        let to = (i32::try_from(at).unwrap_or_default() + by).clamp(0, end.max(0));
        let key = usize::try_from(to).ok().and_then(|to| list.get(to)).cloned();
        self.choose_row(key);
    }

    fn next_step(&mut self) {
        let Some(row) = self.model.episode_row() else { return };
        let key = RowKey::of(row);
        let record = self.model.episode_record(row).cloned();
        // The strip calls for another one: Enter goes there first, and takes no step of this one that
        // was meant for that.
        let of_this = record.as_ref().map(|record| record.id);
        if let Some(calls) = self.model.calls_elsewhere(of_this) {
            if let Some(place) = calls.place {
                self.actions.view(ViewAction::ShowRecord(place));
            }
            return self.choose_row(Some(calls));
        }
        let Some(record) = record else { return };
        let (id, next) = (record.id, episode::state(&record).usual());
        let is_high = matches!(next, Some(Step::Close(_)))
            && row.found.as_ref().is_some_and(Episode::is_open);
        // What was acted on stays in view, whatever calls next.
        self.model.episodes.chosen = Some(key);
        match next {
            Some(step) => {
                self.take_steps(id, &[(step, None)]);
                if is_high {
                    self.say(Toast::watch(
                        format!("数值还没有回落，已结案：{}。再高不会另行报警，可恢复", record.name()),
                        format!(
                            "The values have not fallen and it is closed: {}. It will not call again; it can be opened again",
                            record.name()
                        ),
                    ));
                }
            }
            None => self.say(Toast::watch("这一起已经结束", "This one is over")),
        }
    }

    /// One edit of several steps, each at its own moment or now.
    fn take_steps(&mut self, id: RecordId, steps: &[(Step, Option<jiff::Timestamp>)]) {
        let Some(before) = self.model.record(id).cloned() else { return };
        let by = self.model.stamp();
        let mut after: Record = (*before).clone();
        for (step, at) in steps {
            match episode::step(&after, step, at.unwrap_or(by.at), &by) {
                Ok(next) => after = next,
                Err(error) => {
                    self.say(Toast::failed(&error));
                    if steps.len() == 1 {
                        return;
                    }
                }
            }
        }
        if after == *before {
            return;
        }
        // What moves nothing on says itself what it was.
        let is_moved = episode::state(&after) != episode::state(&before);
        let last = steps.last();
        let is_back = matches!(last, Some((Step::Reopen, _)));
        let last = last.map(|(step, _)| step_words(step));
        let state = last.filter(|_| !is_moved || is_back).unwrap_or(episode::state(&after).label());
        let name = after.name().to_owned();
        if self.put(Edit::of(vec![Change::update(before, after)])) {
            self.say_of_edit(
                Toast::done(format!("{}：{name}", state.zh), format!("{}: {name}", state.en))
                    .with_undo(),
            );
        }
    }

    fn take_said(&mut self, id: RecordId, said: Vec<Said>) {
        let Some(record) = self.model.record(id) else { return };
        let alerted = episode::moment(record, "alerted_at");
        let mut steps = Vec::new();
        let mut state = episode::state(record);
        for Said { at, line, step } in said {
            let at = alerted.map_or(at, |alerted| at.max(alerted));
            // A second 收到 changes nothing: it is kept as a line.
            let is_new = match &step {
                Step::Acknowledge => state < crate::domain::EpisodeState::Acknowledged,
                Step::Arrive => state < crate::domain::EpisodeState::OnSite,
                Step::Handle(_) => state < crate::domain::EpisodeState::Handled,
                _ => false,
            };
            if is_new {
                state = match &step {
                    Step::Acknowledge => crate::domain::EpisodeState::Acknowledged,
                    Step::Arrive => crate::domain::EpisodeState::OnSite,
                    _ => crate::domain::EpisodeState::Handled,
                };
                let has_line = matches!(step, Step::Handle(_));
                steps.push((step, Some(at)));
                if !has_line {
                    steps.push((Step::Reply(line), Some(at)));
                }
            } else {
                steps.push((Step::Reply(line), Some(at)));
            }
        }
        self.take_steps(id, &steps);
    }

    /// Something that was found becomes an item of the ledger, about the source whose name it has.
    fn enter_in_ledger(&mut self, id: RecordId, found: &str) {
        let Some(record) = self.model.record(id).cloned() else { return };
        let (world, stamp, at) = (self.model.world(), self.model.stamp(), planning::now());
        let known = self.model.episodes.sources.as_ref();
        let candidates = known.filter(|it| it.of.record == Some(id)).map(|it| &it.candidates);
        let named = candidates.into_iter().flatten().map(|candidate| &candidate.record);
        let named = named.filter(|it| !it.name().is_empty() && found.contains(it.name()));
        let source = named.max_by_key(|it| it.name().len()).cloned();
        let prefix = number::prefix(&world, &prefix(&world));
        let code = number::next(&world, &prefix, at.date()).next().unwrap_or_default();
        let of = (&*record, found, source.as_deref());
        let item = item_of_finding(&world, of, (self.model.ids.next(), &code), at, &stamp);
        let newer = match episode::step(&record, &Step::Register(item.id), stamp.at, &stamp) {
            Ok(newer) => newer,
            Err(error) => return self.say(Toast::failed(&error)),
        };
        let unit = item.words("units").first().map_or("", |unit| &**unit).to_owned();
        let changes = vec![Change::create(item), Change::update(record, newer)];
        if self.put(Edit::of(changes)) {
            let to = if unit.is_empty() { "未定".to_owned() } else { unit.clone() };
            let whom = if unit.is_empty() { "nobody yet".to_owned() } else { unit };
            let said = Toast::done(
                format!("已转入台账 {code}，责任单位 {to}"),
                format!("{code} is in the ledger, with {whom}"),
            );
            self.say_of_edit(said.with_undo());
        }
    }

    fn dispatch(&mut self, context: &Context) {
        let Some(row) = self.model.episode_row().cloned() else { return };
        let Some(record) = self.model.episode_record(&row).cloned() else {
            self.say(Toast::watch("这一项不需要交办", "Nobody is sent for this one"));
            return;
        };
        let ctx = Ctx { model: &self.model, actions: &self.actions };
        match orders_of(&ctx, &row, &record) {
            Ok(orders) => {
                let texts: Vec<&str> = orders.iter().map(|order| order.text.as_str()).collect();
                context.copy_text(texts.join("\n\n"));
                let count = texts.len();
                let step = |order: Order| Step::Dispatch {
                    order: order.text,
                    department: order.department,
                };
                let steps: Vec<_> = orders.into_iter().map(|order| (step(order), None)).collect();
                self.take_steps(record.id, &steps);
                self.say(Toast::done(
                    format!("{count} 份调度令已复制，粘贴到群里即可"),
                    format!("{count} orders are on the clipboard"),
                ));
            }
            Err(error) => self.say(Toast::failed(&error)),
        }
    }

    /// One scene an alert of the last week, behind those of the meeting; those that it has stay.
    fn make_scenes(&mut self) {
        let world = self.model.world();
        let Some(held) = self.model.meeting.held_in(&world).cloned() else {
            self.say(Toast::watch(
                "还没有会商会；先在“会商”中新建",
                "There is no meeting yet; make one under Meeting",
            ));
            return;
        };
        let (stamp, now) = (self.model.stamp(), clock::now());
        let known = scenes(&world, &held);
        let names: Vec<&str> = known.iter().map(|scene| scene.name()).collect();
        let from = now - SignedDuration::from_hours(24 * 7);
        let is_of_week = |record: &&Arc<Record>| {
            let alerted = episode::moment(record, "alerted_at");
            alerted.is_some_and(|at| from <= at && at <= now)
        };
        let mut week: Vec<&Arc<Record>> =
            world.table(Kind::Episode).iter().filter(is_of_week).collect();
        week.sort_by_key(|record| (episode::moment(record, "alerted_at"), record.id));
        let mut position = i64::try_from(known.len()).unwrap_or_default();
        let mut changes = Vec::new();
        for record in week {
            let name = format!("本周高值 {}", record.name());
            if names.contains(&name.as_str()) {
                continue;
            }
            let station: Option<RecordId> = record.text("station").parse().ok();
            let place = station.and_then(|station| self.model.place_of(station));
            let ended =
                episode::moment(record, "begins_at").map(|at| at + SignedDuration::from_hours(1));
            let scene = MeetingScene {
                sight: place.map(|center| Sight { center, zoom: SCENE_ZOOM }),
                moment: ended.map(|at| clock::office().to_datetime(at)),
                records: station.into_iter().collect(),
                ..MeetingScene::default()
            };
            let mut made = planned_after(&held, &name, &scene, self.model.ids.next(), &stamp);
            position += 1;
            made.set("position", Some(Value::Integer(position)));
            made.set("note", Some(Value::text(&told(record))));
            changes.push(Change::create(made));
        }
        let count = changes.len();
        if count == 0 {
            self.say(Toast::watch(
                "近7天没有新的高值可加入会商",
                "No alert of the last seven days is missing there",
            ));
            return;
        }
        let said = Toast::done(
            format!("已在“{}”加入 {count} 个本周高值场景", held.name()),
            format!("{count} scenes are added to “{}”", held.name()),
        );
        self.apply_saying(Edit { kind: EditKind::Batch, changes }, said.with_undo());
    }

    /// Records of all thresholds that differ from the usual ones; those that do no more go.
    fn adopt_rules(&mut self) {
        let Some(trial) = self.model.episodes.trial.clone() else { return };
        let world = self.model.world();
        let stamp = self.model.stamp();
        let mut changes = Vec::new();
        let mut known: Vec<Arc<Record>> = world.table(Kind::AlarmRule).iter().cloned().collect();
        for (station, pollutant, thresholds) in unusual(&trial) {
            let station_text = station.map(|it| it.to_string()).unwrap_or_default();
            let of = alarm_pollutant(pollutant);
            let at = known.iter().position(|it| it.text("station") == station_text && of.is_of(it));
            let before = at.map(|at| known.remove(at));
            let mut after = before
                .as_deref()
                .cloned()
                .unwrap_or_else(|| Record::new(self.model.ids.next(), Kind::AlarmRule, &stamp));
            after.meta.change(&stamp);
            let place = station.and_then(|it| world.get(it)).map_or("全部站点", |it| it.name());
            after.set("name", Some(Value::text(&format!("{} {place}", pollutant.symbol()))));
            after.set("station", station.map(|_| Value::text(&station_text)));
            of.put(&mut after);
            put_thresholds(&mut after, &thresholds);
            changes.push(match before {
                Some(before) => Change::update(before, after),
                None => Change::create(after),
            });
        }
        let district = known.iter().position(|it| AlarmPollutant::of(it).is_none());
        let district = district.map(|at| known.remove(at));
        let mut after = district
            .as_deref()
            .cloned()
            .unwrap_or_else(|| Record::new(self.model.ids.next(), Kind::AlarmRule, &stamp));
        after.meta.change(&stamp);
        after.set("name", Some(Value::text("区域性判定")));
        after.set("regional_share", Some(Value::Real(trial.regional_share)));
        after.set("spray_clear_m", Some(Value::Real(trial.spray_clear_m)));
        match district {
            Some(before) if before.says_the_same_as(&after) => {}
            Some(before) => changes.push(Change::update(before, after)),
            None if is_usual(&trial) => {}
            None => changes.push(Change::create(after)),
        }
        changes.extend(known.into_iter().map(Change::delete));
        self.model.episodes.trial = None;
        if changes.is_empty() {
            return;
        }
        let version = Rules::version(&trial);
        let said = Toast::done(
            format!("规则已采用，版本 {version}"),
            format!("the rules hold, version {version}"),
        );
        self.apply_saying(Edit { kind: EditKind::Batch, changes }, said.with_undo());
    }

    /// Writes alerts and ends once for each state of the rows, and calls for whoever sits here.
    pub(in crate::ui) fn follow_alarms(&mut self, context: &Context) {
        let running = !self.model.running_rows().is_empty();
        if running {
            context.request_repaint_after_secs(1.0);
        }
        self.call(context);
        let rows = &self.model.episodes.rows;
        let Some(rows) = (**rows).clone().filter(|_| rows.is_fresh()) else { return };
        let rows = Same(rows);
        if self.in_flight > 0 || self.model.episodes.written_for.as_ref() == Some(&rows) {
            return;
        }
        let world = self.model.world();
        let now = clock::now();
        let version = self.model.episodes.rules.version();
        let changes = program_changes(&rows, &world, &version, now);
        self.model.episodes.written_for = Some(rows);
        if changes.is_empty() {
            return;
        }
        let alerts: Vec<Arc<Record>> = changes
            .iter()
            .filter(|change| change.before.is_none())
            .filter_map(|change| change.after.clone())
            .collect();
        let stamp = Stamp { actor: BY_RULE.into(), at: now };
        if self.put_by(Edit { kind: EditKind::Alarm, changes }, stamp) {
            self.tell_missed(&alerts, now);
        }
    }

    fn tell_missed(&mut self, alerts: &[Arc<Record>], now: jiff::Timestamp) {
        let ended = |record: &Arc<Record>| {
            let begins = episode::moment(record, "begins_at")?;
            Some(begins + SignedDuration::from_hours(1))
        };
        let missed: Vec<jiff::Timestamp> = alerts
            .iter()
            .filter_map(ended)
            .filter(|at| now.duration_since(*at) > MISSED_AFTER)
            .collect();
        let Some(first) = missed.iter().min() else { return };
        let since = clock::office().to_datetime(*first).strftime("%m-%d %H:%M").to_string();
        let count = missed.len();
        self.say(Toast::act(
            format!("无人值守期间有 {count} 起高值，最早 {since}；已列入“高值”，计时从现在起"),
            format!("{count} high values came while nobody watched, the first at {since}; their clocks begin now"),
        ));
    }

    /// The taskbar calls once for each that is new, and the bell as often as this seat wants it.
    fn call(&mut self, context: &Context) {
        let count = self.model.loud().len();
        let is_new = count > self.model.episodes.called_for;
        if is_new {
            let attention = egui::UserAttentionType::Critical;
            context.send_viewport_cmd(egui::ViewportCommand::RequestUserAttention(attention));
        }
        self.model.episodes.called_for = count;
        let now_s = context.input(|input| input.time);
        let rang_at = self.model.episodes.rang_at;
        let is_again = count > 0 && rang_at.is_none_or(|at| now_s - at >= RING_EVERY_S);
        let rings = match self.model.settings.sound {
            AlarmSound::Off => false,
            AlarmSound::Once => is_new,
            AlarmSound::UntilAcknowledged => is_new || is_again,
        };
        if !rings {
            return;
        }
        self.model.episodes.rang_at = Some(now_s);
        self.model.episodes.rings += 1;
        if self.rings_aloud {
            self.work("bell", |_| {
                // A desktop without any sound still has the strip and the taskbar.
                desktop::ring().ok();
                Action::Nothing
            });
        }
    }
}

/// Whether what holds for the whole district is as it comes.
fn is_usual(rules: &Rules) -> bool {
    let of = |rules: &Rules| [rules.regional_share, rules.spray_clear_m].map(f64::to_bits);
    of(rules) == of(&Rules::default())
}

/// For the speaker: how it went, in one line.
fn told(record: &Record) -> String {
    let minutes = match outcome(record) {
        Outcome::Answered { minutes } => format!("处置用时 {minutes:.0} 分钟"),
        Outcome::Unanswered => "无处置反馈".to_owned(),
        Outcome::False => "误报".to_owned(),
        Outcome::Regional => "区域性".to_owned(),
    };
    let found = record.text("found");
    let found = if found.is_empty() { "未查实问题" } else { found };
    format!("{}，{minutes}，{found}", episode::state(record).label().zh)
}

const fn alarm_pollutant(pollutant: Pollutant) -> AlarmPollutant {
    match pollutant {
        Pollutant::Pm25 => AlarmPollutant::Pm25,
        Pollutant::Pm10 => AlarmPollutant::Pm10,
        Pollutant::So2 => AlarmPollutant::So2,
        Pollutant::No2 => AlarmPollutant::No2,
        Pollutant::Co => AlarmPollutant::Co,
        Pollutant::O3 => AlarmPollutant::O3,
    }
}

/// The thresholds that differ: of all stations from the usual ones, of one station from those of all.
fn unusual(rules: &Rules) -> Vec<(Option<RecordId>, Pollutant, Thresholds)> {
    let mut unusual = Vec::new();
    for pollutant in Pollutant::ALL {
        let all = rules.all[pollutant];
        if all != Thresholds::usual(pollutant) {
            unusual.push((None, pollutant, all));
        }
        for (station, own) in &rules.stations {
            if own[pollutant] != all {
                unusual.push((Some(*station), pollutant, own[pollutant]));
            }
        }
    }
    unusual
}

fn put_thresholds(record: &mut Record, thresholds: &Thresholds) {
    for (key, value) in [
        ("rise", thresholds.rise),
        ("rise_ratio", thresholds.rise_ratio),
        ("excess", thresholds.excess),
        ("excess_ratio", thresholds.excess_ratio),
        ("limit_clears", thresholds.limit_clears),
        ("rise_left", thresholds.rise_left),
    ] {
        record.set(key, Some(Value::Real(value)));
    }
    record.set("limit", thresholds.limit.map(Value::Real));
}
