//! How the hour was kept in a week and a month, and how well the alarms themselves do.

use std::collections::BTreeMap;

use egui::{Grid, ScrollArea, Ui};
use jiff::{SignedDuration, Timestamp};

use crate::analysis::air::Hour;
use crate::analysis::episodes::{
    AlarmHealth, Ending, HourStatistics, alarm_health, by, by_each, ending, outcome,
};
use crate::domain::{Kind, Record, RecordId, Text, episode};
use crate::settings::clock;
use crate::ui::action::{Action, EpisodeAction};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{empty, note, strong};

type Groups = BTreeMap<String, HourStatistics>;

const ALERTS: Text = Text::new("预警", "Alerts");
const RATE: Text = Text::new("办结率", "In the hour");
const DENOMINATOR: Text = Text::new("按时/应办", "n");
const MEDIAN: Text = Text::new("中位用时", "Median");
/// Of each group.
const MOST_ROWS: usize = 6;

/// Shows the numbers.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let world = ctx.world();
    let records: Vec<&Record> = world.table(Kind::Episode).iter().map(|it| &**it).collect();
    if records.is_empty() {
        let what = ctx.tell("还没有处置过的高值", "No high value has been dispatched yet");
        let next = ctx
            .tell("预警发出后这里统计1小时办结率", "Once one is, this says how the hour was kept");
        return empty(ui, what, next);
    }
    let now = clock::now();
    ScrollArea::both().id_salt("episodes numbers").auto_shrink(false).show(ui, |ui| {
        let words = ctx.tell("把本周高值加入会商会，每起一个场景", "Scenes of this week's alerts for the meeting");
        if ui.button(words).clicked() {
            ctx.actions.send(Action::Episode(EpisodeAction::Scenes));
        }
        ui.label(note(ctx.tell(
            format!("规则版本 {}；1小时办结率=60分钟内处置反馈÷（预警−误报−区域性），未结的算未办结", ctx.episodes.rules.version()),
            format!("rules {}; within the hour: answered in 60 min of alerts neither false nor regional, open ones count as not", ctx.episodes.rules.version()),
        )));
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                periods_ui(ui, ctx, &records, now);
                ui.add_space(6.0);
                health_ui(ui, ctx, &alarm_health(records.iter().copied(), now, 7));
            });
            ui.add_space(24.0);
            ui.vertical(|ui| groups_ui(ui, ctx, &records, now));
            ui.add_space(24.0);
            ui.vertical(|ui| hours_ui(ui, ctx, &records, now));
        });
    });
}

/// Of so many days before now.
fn of_days<'r>(
    records: &'r [&'r Record],
    now: Timestamp,
    days: i64,
) -> impl Iterator<Item = &'r Record> {
    let from = now - SignedDuration::from_hours(24 * days);
    let is_of = move |record: &&Record| {
        episode::moment(record, "alerted_at").is_some_and(|at| from <= at && at <= now)
    };
    records.iter().copied().filter(is_of)
}

fn percent(rate: Option<f64>) -> String {
    rate.map_or_else(|| "—".to_owned(), |rate| format!("{:.1}%", rate * 100.0))
}

fn periods_ui(ui: &mut Ui, ctx: &Ctx<'_>, records: &[&Record], now: Timestamp) {
    ui.label(strong(ctx.tell("1小时办结率", "Within the hour")));
    Grid::new("episodes periods").spacing([16.0, 4.0]).show(ui, |ui| {
        for words in [Text::new("时段", "Span"), ALERTS, RATE, DENOMINATOR, MEDIAN] {
            ui.label(note(ctx.say(words)));
        }
        ui.end_row();
        for (words, days) in [
            (Text::new("近7天", "7 days"), 7),
            (Text::new("近30天", "30 days"), 30),
            (Text::new("近90天", "90 days"), 90),
        ] {
            let of = HourStatistics::of(of_days(records, now, days).map(outcome));
            ui.label(ctx.say(words));
            row_ui(ui, ctx, &of);
            ui.end_row();
        }
    });
}

fn row_ui(ui: &mut Ui, ctx: &Ctx<'_>, of: &HourStatistics) {
    ui.label(of.alerts.to_string());
    let tip = ctx.tell(
        format!(
            "占已反馈 {}，占全部预警 {}",
            percent(of.rate_of_answered()),
            percent(of.rate_of_all())
        ),
        format!(
            "of answered {}, of all alerts {}",
            percent(of.rate_of_answered()),
            percent(of.rate_of_all())
        ),
    );
    ui.label(strong(percent(of.rate()))).on_hover_text(tip);
    ui.label(format!("{}/{}", of.on_time, of.actionable));
    let median = of.median_minutes.map_or_else(
        || "—".to_owned(),
        |it| ctx.tell(format!("{it:.0} 分"), format!("{it:.0} min")),
    );
    ui.label(median);
}

fn groups_ui(ui: &mut Ui, ctx: &Ctx<'_>, records: &[&Record], now: Timestamp) {
    let station = |record: &Record| {
        let id: Option<RecordId> = record.text("station").parse().ok();
        id.and_then(|id| ctx.record(id))
    };
    let or_dash = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
    let name_of = |record: &Record| or_dash(station(record).map_or("", |it| it.name()));
    let township_of =
        |record: &Record| or_dash(station(record).map_or("", |it| it.text("township")));
    let departments_of = |record: &Record| -> Vec<String> {
        let all = record.words("departments");
        if all.is_empty() {
            vec![ctx.tell("未交办", "no order")]
        } else {
            all.iter().map(ToString::to_string).collect()
        }
    };
    let month = || of_days(records, now, 30);
    let groups: [(Text, Groups); 3] = [
        (Text::new("站点", "Station"), by(month(), name_of)),
        (Text::new("乡镇", "Township"), by(month(), township_of)),
        (Text::new("交办部门", "Department"), by_each(month(), departments_of)),
    ];
    ui.label(strong(ctx.tell("近30天", "30 days")));
    for (words, group) in groups {
        let mut rows: Vec<(String, HourStatistics)> = group.into_iter().collect();
        rows.sort_by_key(|(_, of)| std::cmp::Reverse(of.alerts));
        rows.truncate(MOST_ROWS);
        group_ui(ui, ctx, words, &rows);
    }
}

/// How many alerts of the last 30 days began in which hour, and what came of them.
fn hours_ui(ui: &mut Ui, ctx: &Ctx<'_>, records: &[&Record], now: Timestamp) {
    let hour_of = |record: &Record| {
        let begins = episode::moment(record, "begins_at");
        begins.map_or(0, |at| Hour::containing(at).label())
    };
    let hours = by(of_days(records, now, 30), hour_of).into_iter();
    let words = |hour: u8| ctx.tell(format!("{hour}时"), format!("{hour} h"));
    let rows: Vec<(String, HourStatistics)> = hours.map(|(hour, of)| (words(hour), of)).collect();
    group_ui(ui, ctx, Text::new("时次", "Hour"), &rows);
    let mut endings: BTreeMap<Ending, usize> = BTreeMap::new();
    for record in of_days(records, now, 30) {
        *endings.entry(ending(record)).or_default() += 1;
    }
    let all: usize = endings.values().sum();
    Grid::new("episode endings").spacing([16.0, 4.0]).show(ui, |ui| {
        ui.label(note(ctx.say(Text::new("结果和原因", "What came of it"))));
        ui.label(note(ctx.tell(format!("占 {all} 起"), format!("of {all}"))));
        ui.end_row();
        for (ending, count) in endings {
            ui.label(ctx.say(ending.label()));
            ui.label(format!("{count}  {:.0}%", count as f64 / all.max(1) as f64 * 100.0));
            ui.end_row();
        }
    });
}

fn group_ui(ui: &mut Ui, ctx: &Ctx<'_>, words: Text, rows: &[(String, HourStatistics)]) {
    Grid::new(("episodes by", words.en)).spacing([16.0, 4.0]).show(ui, |ui| {
        for head in [words, ALERTS, RATE, DENOMINATOR, MEDIAN] {
            ui.label(note(ctx.say(head)));
        }
        ui.end_row();
        for (name, of) in rows {
            ui.label(name);
            row_ui(ui, ctx, of);
            ui.end_row();
        }
    });
    ui.add_space(6.0);
}

fn health_ui(ui: &mut Ui, ctx: &Ctx<'_>, health: &AlarmHealth) {
    ui.label(strong(ctx.tell("本周预警健康度", "Health of the alarms, 7 days")));
    let name = |station: &str| {
        let record = station.parse().ok().and_then(|id: RecordId| ctx.record(id));
        record.map_or_else(|| "—".to_owned(), |record| record.name().to_owned())
    };
    let worst: Vec<String> =
        health.worst.iter().map(|(station, n)| format!("{} {n}", name(station))).collect();
    let causes: Vec<String> = health
        .false_by_cause
        .iter()
        .map(|(cause, n)| format!("{} {n}", ctx.say(cause.label())))
        .collect();
    let dash =
        |words: Vec<String>| if words.is_empty() { "—".to_owned() } else { words.join("\n") };
    Grid::new("episodes health").spacing([16.0, 4.0]).show(ui, |ui| {
        for (words, value) in [
            (
                Text::new("预警/天（上限 2×站数）", "alerts a day"),
                format!("{:.1}", health.per_day()),
            ),
            (Text::new("最多的站", "most of them"), dash(worst)),
            (Text::new("反复（24小时内≥3次）", "chattering"), health.chattering.to_string()),
            (Text::new("滞留（>24小时未结）", "stale, over 24 h"), health.stale.to_string()),
            (Text::new("搁置中", "shelved now"), health.shelved.to_string()),
            (Text::new("无人处置即结束", "never acted on"), health.never_acted.to_string()),
            (Text::new("误报原因", "false, by cause"), dash(causes)),
        ] {
            ui.label(note(ctx.say(words)));
            ui.label(value);
            ui.end_row();
        }
    });
}
