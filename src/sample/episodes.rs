//! What was done about some of the high values of the sample: invented, as its readings are, and says
//! so. The high values themselves are found in the readings by the rules, as everywhere.

use jiff::{SignedDuration, Timestamp};

use crate::analysis::air::{DistrictGathering, Hour};
use crate::analysis::episodes::{Nature, Rules, alert, episodes as found_in, watched};
use crate::domain::episode::{Closer, Step, step};
use crate::domain::reading::WholeDelivery;
use crate::domain::{Extra, FalseCause, Record, Stamp, Value, World};

/// So many of the last have a history.
const HISTORIES: usize = 7;
/// What is younger may still go on.
const OLDER_THAN: SignedDuration = SignedDuration::from_hours(30);
/// After the end of an hour the data arrive, and the alert goes out.
const ARRIVES_MIN: i64 = 22;
const ALERTS_MIN: i64 = 24;

/// Minutes after the alert, and what was done then.
fn story(number: usize) -> Vec<(i64, Step)> {
    let order = || Step::Dispatch {
        order: "【调度令 示例】请住建局检查上风向料场，30分钟内反馈。".to_owned(),
        department: "住建局".to_owned(),
    };
    let yard = || Step::Found("东南侧料场苫盖不到位（示例）".to_owned());
    let handled = |words: &str| Step::Handle(words.to_owned());
    match number % 5 {
        0 => vec![
            (4, Step::Acknowledge),
            (7, order()),
            (19, Step::Arrive),
            (41, handled("已洒水，物料已苫盖（示例）")),
            (41, yard()),
            (96, Step::Check),
            (97, Step::Close(Closer::Person)),
        ],
        1 => vec![
            (12, Step::Acknowledge),
            (15, order()),
            (38, Step::Arrive),
            (74, handled("道路湿扫两遍（示例）")),
            (130, Step::Check),
            (131, Step::Close(Closer::Person)),
        ],
        2 => vec![(9, Step::Acknowledge), (33, Step::False(FalseCause::Instrument))],
        3 => vec![
            (3, Step::Acknowledge),
            (6, order()),
            (22, Step::Arrive),
            (55, handled("装卸作业已停（示例）")),
            (55, yard()),
            (118, Step::Check),
            (119, Step::Close(Closer::Person)),
        ],
        _ => vec![(180, Step::Close(Closer::Rule))],
    }
}

/// Records for some of the high values in the readings of these records, the oldest first.
pub fn episodes(records: &[Record], deliveries: &[WholeDelivery], until: Timestamp) -> Vec<Record> {
    let rows = || {
        let counting = deliveries.iter().filter(|it| it.withdrawn_because.is_none());
        counting.flat_map(|delivery| &delivery.rows)
    };
    let starts = || rows().map(|row| row.start);
    let (Some(first), Some(last)) = (starts().min(), starts().max()) else { return Vec::new() };
    let (first, last) = (Hour::containing(first).day(), Hour::containing(last).day());
    let mut gathering = DistrictGathering::of_days(first, last);
    rows().for_each(|row| gathering.add(row));
    let hours = gathering.finish();
    let mut world = World::default();
    records.iter().cloned().for_each(|record| world.load(record.into()));
    let rules = Rules::default();
    let mut found = found_in(&hours, &watched(&world, &hours), &rules, until);
    found.retain(|it| {
        let age = until.duration_since(it.hour().start());
        it.nature == Nature::Dispatch && !it.is_open() && age > OLDER_THAN
    });
    let skipped = found.len().saturating_sub(HISTORIES);
    let version = rules.version();
    let told = (0..).zip(found.iter().skip(skipped)).filter_map(|(number, it)| {
        let ended = it.hour().plus(1).start();
        let at = |minutes: i64| ended + SignedDuration::from_mins(minutes);
        let by = |minutes: i64| Stamp { actor: "示例".into(), at: at(ALERTS_MIN + minutes) };
        let mut record = alert(it, &world, &version, &by(0))?;
        let name = format!("{}（示例）", record.name());
        record.set("name", Some(Value::text(&name)));
        record.set("arrived_at", Some(Value::text(&at(ARRIVES_MIN).to_string())));
        let mut extra = Extra::new();
        extra.insert("示例".to_owned(), true.into());
        record.extra = Some(extra.into());
        for (minutes, what) in story(number) {
            let by = by(minutes);
            record = step(&record, &what, by.at, &by).ok()?;
        }
        Some(record)
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::episodes::{HourStatistics, outcome};
    use crate::domain::episode;
    use crate::domain::{Ids, Kind};

    #[test]
    fn some_high_values_of_the_sample_have_invented_histories_and_say_so() {
        let at: Timestamp = "2026-11-29T02:31:00Z".parse().unwrap();
        let stamp = Stamp { actor: "示例".into(), at };
        let records = super::super::records(&stamp, &mut Ids::new(at, 1));
        let readings = super::super::readings(&records, at);
        let all = episodes(&records, &readings, at);
        assert!(all.len() >= 5, "{}", all.len());
        assert!(all.iter().all(|it| it.kind == Kind::Episode && it.name().ends_with("（示例）")));
        assert!(all.iter().all(|it| episode::state(it).is_over()));
        let of = HourStatistics::of(all.iter().map(outcome));
        assert!(of.on_time > 0 && of.on_time < of.actionable && of.actionable < of.alerts);
        assert_eq!(episodes(&records, &readings, at), all, "the same every time");
    }
}
