//! How the hour was kept in a week and a month, and how well the alarms themselves do.

use std::collections::BTreeMap;

use egui::{Grid, ScrollArea, Ui};
use jiff::{SignedDuration, Timestamp};

use crate::analysis::episodes::{AlarmHealth, HourStatistics, alarm_health, by, outcome};
use crate::domain::{Kind, Record, RecordId, Text, episode};
use crate::settings::clock;
use crate::ui::action::{Action, DutyAction};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{empty, note, strong};

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
    ScrollArea::both().id_salt("duty numbers").auto_shrink(false).show(ui, |ui| {
        let words = ctx.tell("把本周高值加入会商会，每起一个场景", "Scenes of this week's alerts for the meeting");
        if ui.button(words).clicked() {
            ctx.actions.send(Action::Duty(DutyAction::Scenes));
        }
        ui.label(note(ctx.tell(
            format!("规则版本 {}；1小时办结率=60分钟内处置反馈÷（预警−误报−区域性），未结的算未办结", ctx.duty.rules.version()),
            format!("rules {}; within the hour: answered in 60 min of alerts neither false nor regional, open ones count as not", ctx.duty.rules.version()),
        )));
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| periods_ui(ui, ctx, &records, now));
            ui.add_space(24.0);
            ui.vertical(|ui| stations_ui(ui, ctx, &records, now));
            ui.add_space(24.0);
            ui.vertical(|ui| health_ui(ui, ctx, &alarm_health(records.iter().copied(), now, 7)));
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
    Grid::new("duty periods").spacing([16.0, 4.0]).show(ui, |ui| {
        for words in [
            Text::new("时段", "Span"),
            Text::new("预警", "Alerts"),
            Text::new("办结率", "In the hour"),
            Text::new("按时/应办", "n"),
            Text::new("中位用时", "Median"),
        ] {
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

fn stations_ui(ui: &mut Ui, ctx: &Ctx<'_>, records: &[&Record], now: Timestamp) {
    ui.label(strong(ctx.tell("近30天按站点、乡镇", "30 days by station and township")));
    let station_of = |record: &Record| {
        let id: Option<RecordId> = record.text("station").parse().ok();
        let station = id.and_then(|id| ctx.record(id));
        station.map_or_else(|| "—".to_owned(), |station| station.name().to_owned())
    };
    let township_of = |record: &Record| {
        let id: Option<RecordId> = record.text("station").parse().ok();
        let station = id.and_then(|id| ctx.record(id));
        let township = station.map_or("", |station| station.text("township"));
        if township.is_empty() { "—".to_owned() } else { township.to_owned() }
    };
    let groups: [BTreeMap<String, HourStatistics>; 2] =
        [by(of_days(records, now, 30), station_of), by(of_days(records, now, 30), township_of)];
    Grid::new("duty stations").spacing([16.0, 4.0]).show(ui, |ui| {
        for group in &groups {
            let mut rows: Vec<(&String, &HourStatistics)> = group.iter().collect();
            rows.sort_by_key(|(_, of)| std::cmp::Reverse(of.alerts));
            for (name, of) in rows.into_iter().take(6) {
                ui.label(name);
                row_ui(ui, ctx, of);
                ui.end_row();
            }
        }
    });
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
        |words: Vec<String>| if words.is_empty() { "—".to_owned() } else { words.join("、") };
    Grid::new("duty health").spacing([16.0, 4.0]).show(ui, |ui| {
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
