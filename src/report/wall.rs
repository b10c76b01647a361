//! What a wall map (挂图作战) says in figures beside the map.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};

pub use super::wall_air::WallAir;
use crate::analysis::decisions::{DecisionStanding, decisions};
use crate::analysis::overview::{Sprint, SprintStage, sprint};
use crate::analysis::standards::{InspectionTally, Rate, rate};
use crate::analysis::{Index, RingOptions, rings};
use crate::domain::{Kind, Lang, OrderState, SiteKind, Text, World};
use crate::map::{Board, BoardFigure, BoardGroup};

/// The figures of a district on a day; `data_time` is when it was changed last, civil time of the
/// office.
pub fn board(
    world: &World,
    air: Option<&WallAir>,
    today: Date,
    data_time: Option<DateTime>,
    lang: Lang,
) -> Board {
    let writer = BoardWriter { world, today, lang };
    let groups = [
        writer.sprint_group(),
        writer.standards(),
        writer.decisions(),
        writer.restrictions(),
        writer.rings(),
        writer.sites(),
        // The map itself has the values: where there is no room for the table, it goes first.
        writer.air(air),
    ];
    let data_time = data_time.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string());
    let data_time = data_time.unwrap_or_else(|| "—".to_owned());
    let day = match lang {
        Lang::Zh => format!("统计日期 {today}"),
        Lang::En => format!("Counted on {today}"),
    };
    let time = match lang {
        Lang::Zh => format!("数据时间 {data_time}"),
        Lang::En => format!("Data as of {data_time}"),
    };
    Board {
        figures: writer.figures(),
        groups: groups.into_iter().filter(|group| !group.rows.is_empty()).collect(),
        notes: vec![day, time],
    }
}

/// The district was changed last at this instant; `None` while it is empty.
pub fn changed_at(world: &World) -> Option<jiff::Timestamp> {
    world.all().map(|record| record.meta.changed_at).max()
}

struct BoardWriter<'w> {
    world: &'w World,
    today: Date,
    lang: Lang,
}

/// Kinds of sites that are judged.
const JUDGED: [(SiteKind, Text); 2] = [
    (SiteKind::Construction, Text::new("工地达标", "Construction sites up to standard")),
    (SiteKind::Restaurant, Text::new("餐饮达标", "Restaurants up to standard")),
];

impl BoardWriter<'_> {
    const fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        Text::new(zh, en).say(self.lang)
    }

    fn group(&self, zh: &'static str, en: &'static str, rows: Vec<(String, String)>) -> BoardGroup {
        BoardGroup { heading: self.say(zh, en).to_owned(), rows }
    }

    fn figures(&self) -> Vec<BoardFigure> {
        let figure = |value: String, zh, en, is_urgent| BoardFigure {
            value,
            label: self.say(zh, en).to_owned(),
            is_urgent,
        };
        let overdue = self.count(DecisionStanding::Overdue);
        let open = overdue + self.count(DecisionStanding::Open);
        let share = rate(self.world, SiteKind::Construction).share();
        let share = share.map_or_else(|| "—".to_owned(), |share| format!("{:.1}%", share * 100.0));
        let mut figures = vec![
            figure(share, "工地达标率", "Sites up to standard", false),
            figure(self.in_force().to_string(), "生效管控措施", "Restrictions in force", false),
            figure(open.to_string(), "未完成决定", "Open decisions", false),
            figure(overdue.to_string(), "其中逾期", "of them overdue", overdue > 0),
        ];
        if let Some((sprint, day, left)) = self.sprint() {
            let (zh, en) = ("攻坚行动第几天", "Day of the sprint");
            figures.push(figure(format!("{day}/{}", sprint.length_days()), zh, en, false));
            figures.push(figure(left.to_string(), "剩余天数", "Days left", left <= 3));
        }
        figures
    }

    /// The sprint of today, which day it is, and how many are left.
    fn sprint(&self) -> Option<(Sprint, i64, i64)> {
        let sprint = sprint(self.world, self.today)?;
        let SprintStage::Running { day, days_left } = sprint.stage else { return None };
        Some((sprint, day, days_left))
    }

    fn air(&self, air: Option<&WallAir>) -> BoardGroup {
        let none = || self.group("空气", "Air", Vec::new());
        air.map_or_else(none, |air| air.group(self.world, self.lang))
    }

    fn sprint_group(&self) -> BoardGroup {
        let rows = self.sprint().into_iter().flat_map(|(sprint, ..)| {
            let span = format!("{} ~ {}", sprint.begins, sprint.ends);
            let rows = [
                (self.say("起止", "From, to"), span),
                (self.say("目标", "Target"), sprint.target),
                (self.say("负责人", "Leader"), sprint.leader),
            ];
            rows.into_iter().filter(|(_, value)| !value.is_empty())
        });
        let rows = rows.map(|(words, value)| (words.to_owned(), value));
        self.group("攻坚行动", "Sprint", rows.collect())
    }

    fn standards(&self) -> BoardGroup {
        let row = |(kind, words): (SiteKind, Text)| {
            let Rate { inspected, up_to_standard, .. } = rate(self.world, kind);
            let value = match inspected {
                0 => self.say("未查", "not inspected").to_owned(),
                _ => format!("{up_to_standard}/{inspected}"),
            };
            (words.say(self.lang).to_owned(), value)
        };
        self.group("达标情况（达标/已查）", "Up to standard / inspected", JUDGED.map(row).to_vec())
    }

    fn count(&self, wanted: DecisionStanding) -> usize {
        let all = decisions(self.world, None, self.today);
        all.iter().filter(|(standing, _)| *standing == wanted).count()
    }

    fn decisions(&self) -> BoardGroup {
        const ROWS: [(DecisionStanding, Text); 4] = [
            (DecisionStanding::Overdue, Text::new("逾期", "Overdue")),
            (DecisionStanding::Open, Text::new("未到期", "Open, not yet due")),
            (DecisionStanding::ClosedOnTime, Text::new("按时完成", "Done on time")),
            (DecisionStanding::ClosedLate, Text::new("逾期完成", "Done late")),
        ];
        let rows = ROWS.map(|(standing, words)| {
            (words.say(self.lang).to_owned(), self.count(standing).to_string())
        });
        let has_any = !self.world.table(Kind::Decision).is_empty();
        self.group("会商决定", "Decisions", if has_any { rows.to_vec() } else { Vec::new() })
    }

    fn in_force(&self) -> usize {
        let orders = self.world.table(Kind::Restriction).iter();
        orders.filter(|order| OrderState::InForce.is_of(order)).count()
    }

    /// By state, in the order of the field's choices.
    fn restrictions(&self) -> BoardGroup {
        let rows = OrderState::ALL.into_iter().filter_map(|state| {
            let orders = self.world.table(Kind::Restriction).iter();
            let count = orders.filter(|order| state.is_of(order)).count();
            (count > 0).then(|| (state.label().say(self.lang).to_owned(), count.to_string()))
        });
        self.group("管控措施", "Restrictions", rows.collect())
    }

    /// What lies in each ring, and how much of it is not up to standard.
    fn rings(&self) -> BoardGroup {
        let options = RingOptions { kinds: vec![Kind::Site], ..RingOptions::default() };
        let index = Index::of_kinds(self.world, &options.kinds);
        let mut rows: Vec<(String, usize, InspectionTally)> = Vec::new();
        for inside in rings(self.world, &index, &options) {
            let ring = format!("{} {} m", inside.control_point.name(), inside.radius_m);
            if rows.last().is_none_or(|(known, ..)| *known != ring) {
                rows.push((ring, 0, InspectionTally::default()));
            }
            if let Some((_, all, inspections)) = rows.last_mut() {
                *all += 1;
                inspections.add(inside.record);
            }
        }
        let row = |(ring, all, of): (String, usize, InspectionTally)| {
            let InspectionTally { failing, inspected, uninspected } = of;
            let value = match (self.lang, failing, inspected) {
                (Lang::Zh, 0, 0) if uninspected > 0 => format!("{all}，均未查"),
                (Lang::En, 0, 0) if uninspected > 0 => format!("{all}, none inspected"),
                (_, 0, _) => all.to_string(),
                (Lang::Zh, ..) => format!("{all}，不达标 {failing}/{inspected}"),
                (Lang::En, ..) => format!("{all}, {failing}/{inspected} failing"),
            };
            (ring, value)
        };
        self.group("控制圈内点位", "Sites inside rings", rows.into_iter().map(row).collect())
    }

    fn sites(&self) -> BoardGroup {
        let mut counts: BTreeMap<SiteKind, usize> = BTreeMap::new();
        for kind in self.world.table(Kind::Site).iter().filter_map(|site| SiteKind::of(site)) {
            *counts.entry(kind).or_default() += 1;
        }
        let rows = counts
            .into_iter()
            .map(|(kind, count)| (kind.label().say(self.lang).to_owned(), count.to_string()));
        self.group("全区污染源与点位", "All sites", rows.collect())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, Stamp};

    fn sample() -> World {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let stamp = Stamp { actor: "示例".into(), at };
        crate::sample::records(&stamp, &mut Ids::new(at, 1)).into_iter().collect()
    }

    #[test]
    fn the_board_says_what_the_district_says_in_both_languages() {
        let world = sample();
        let board = board(
            &world,
            None,
            date(2026, 11, 25),
            Some(date(2026, 11, 25).at(10, 5, 0, 0)),
            Lang::Zh,
        );
        let figure = |label: &str| {
            let found = board.figures.iter().find(|figure| figure.label == label);
            found.map(|figure| (figure.value.as_str(), figure.is_urgent))
        };
        // Five of eleven sites; the 13th of 28 days from 13 November.
        assert_eq!(figure("工地达标率"), Some(("45.5%", false)));
        assert_eq!(figure("攻坚行动第几天"), Some(("13/28", false)));
        assert_eq!(figure("剩余天数"), Some(("15", false)));
        assert_eq!(figure("其中逾期"), Some(("1", true)));
        assert!(board.notes.contains(&"数据时间 2026-11-25 10:05".to_owned()));
        let rows = |heading: &str| {
            board.groups.iter().find(|group| group.heading == heading).unwrap().rows.clone()
        };
        let sites: usize =
            rows("全区污染源与点位").iter().map(|(_, count)| count.parse::<usize>().unwrap()).sum();
        assert_eq!(sites, world.table(Kind::Site).len());
        assert!(rows("控制圈内点位").iter().any(|(ring, _)| ring == "丰润区政府 1000 m"));
        let english = super::board(&world, None, date(2026, 11, 25), None, Lang::En);
        assert_eq!(english.figures.len(), board.figures.len());
        let headings = english.groups.iter().map(|group| group.heading.as_str());
        assert!(headings.clone().all(str::is_ascii), "{headings:?}");
    }

    #[test]
    fn an_empty_district_and_a_day_without_a_sprint_have_a_board_too() {
        let board = board(&World::default(), None, date(2026, 11, 25), None, Lang::Zh);
        assert_eq!(board.figures.len(), 4);
        assert!(changed_at(&World::default()).is_none());
        let after = super::board(&sample(), None, date(2027, 1, 1), None, Lang::Zh);
        assert!(after.figures.iter().all(|figure| figure.label != "剩余天数"));
    }
}
