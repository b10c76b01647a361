//! Numbers, days, hours and trucks as notices say them.

use jiff::civil::Date;

use crate::domain::{Fuel, PlateColour, TruckClass};
use crate::network::hours::{HoursRule, hours_rules};
use crate::network::truck::Scope;

const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const STAGES: [&str; 7] = ["国0", "国Ⅰ", "国Ⅱ", "国Ⅲ", "国Ⅳ", "国Ⅴ", "国Ⅵ"];
pub(super) const DAY_MIN: u16 = 24 * 60;

/// 1 → 一, 12 → 十二, 20 → 二十; from 100 on in figures.
pub fn numeral(number: usize) -> String {
    let digit = |of: usize| DIGITS.get(of).copied().unwrap_or_default();
    match (number / 10, number % 10) {
        (0, one) => digit(one).to_owned(),
        (10.., _) => number.to_string(),
        (ten, one) => {
            let tens = if ten == 1 { "" } else { digit(ten) };
            format!("{tens}十{}", if one == 0 { "" } else { digit(one) })
        }
    }
}

/// 2026年12月1日.
pub fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The same of hours as a field holds them; `None` where they cannot be read.
pub fn hours_read(text: &str) -> Option<String> {
    hours_rules(text).map(|_| hours(text))
}

/// 每日7时至19时, 周一至周五22时至次日6时, 全天.
pub fn hours(text: &str) -> String {
    let Some(rules) = hours_rules(text) else {
        return format!("【待填：时间，记录为“{text}”】");
    };
    let open: Vec<String> = rules.iter().filter(|rule| !rule.is_off).map(spell).collect();
    let off: Vec<String> = rules.iter().filter(|rule| rule.is_off).map(days).collect();
    let open = if open.is_empty() { "全天".to_owned() } else { open.join("、") };
    if off.is_empty() { open } else { format!("{open}（{}除外）", off.join("、")) }
}

fn spell(rule: &HoursRule) -> String {
    let is_whole = |time: &(u16, u16)| *time == (0, DAY_MIN);
    let days = days(rule);
    if rule.times.iter().all(is_whole) {
        return format!("{days}全天");
    }
    let times: Vec<String> =
        rule.times.iter().map(|(from, to)| format!("{}至{}", clock(*from), clock(*to))).collect();
    let daily = if rule.weekdays.is_empty() && !rule.on_holidays { "每日" } else { "" };
    format!("{days}{daily}{}", times.join("、"))
}

/// Season and days of the week; nothing for every day.
fn days(rule: &HoursRule) -> String {
    let seasons: Vec<String> = rule.seasons.iter().map(|[from, to]| season(*from, *to)).collect();
    let name = |day: u8| WEEKDAYS.get(usize::from(day)).copied().unwrap_or_default();
    let mut days: Vec<String> = rule
        .weekdays
        .iter()
        .map(|(from, to)| match (from, to) {
            (0, 6) => "每日".to_owned(),
            (from, to) if from == to => name(*from).to_owned(),
            (from, to) => format!("{}至{}", name(*from), name(*to)),
        })
        .collect();
    if rule.on_holidays {
        days.push("法定节假日".to_owned());
    }
    format!("{}{}", seasons.join("、"), days.join("、"))
}

fn season(from: (u8, Option<u8>), to: (u8, Option<u8>)) -> String {
    let words = |(month, day): (u8, Option<u8>)| {
        day.map_or_else(|| format!("{month}月"), |day| format!("{month}月{day}日"))
    };
    if from == to {
        return words(from);
    }
    let next = if to < from { "次年" } else { "" };
    format!("{}至{next}{}", words(from), words(to))
}

pub(super) fn clock(minutes: u16) -> String {
    let (next, minutes) =
        if minutes > DAY_MIN { ("次日", minutes - DAY_MIN) } else { ("", minutes) };
    match (minutes / 60, minutes % 60) {
        (hour, 0) => format!("{next}{hour}时"),
        (hour, minute) => format!("{next}{hour}时{minute}分"),
    }
}

/// 悬挂黄色号牌、3轴（含）以上、国Ⅲ及以下排放标准的重型柴油载货汽车; 国Ⅲ及以下排放标准的渣土车 where
/// only such vehicles are meant.
pub fn trucks(scope: &Scope) -> String {
    let mut limits = Vec::new();
    limits.extend(plates(&scope.plates));
    if scope.min_axles > 0 {
        limits.push(format!("{}轴（含）以上", scope.min_axles));
    }
    if scope.min_mass_t > 0.0 {
        limits.push(format!("总质量{}吨（含）以上", scope.min_mass_t));
    }
    limits.extend(stages(&scope.stages));
    let is_vehicle =
        |tag: &&String| ["车", "车辆", "机械", "拖拉机"].iter().any(|end| tag.ends_with(end));
    let (vehicles, others): (Vec<&String>, Vec<&String>) = scope.tags.iter().partition(is_vehicle);
    limits.extend(others.into_iter().cloned());
    let of = if limits.is_empty() { "" } else { "的" };
    let (classes, fuels) = (classes(&scope.classes), fuels(&scope.fuels));
    let vehicles: Vec<&str> = vehicles.into_iter().map(String::as_str).collect();
    let vehicles =
        if vehicles.is_empty() { "载货汽车".to_owned() } else { vehicles.join("、") };
    format!("{}{of}{classes}{fuels}{vehicles}", limits.join("、"))
}

/// The words of those that are meant, in the order of `all`; nothing where all are.
fn meant<T: Copy + PartialEq>(all: &[T], wanted: &[T], word: fn(T) -> &'static str) -> String {
    let meant: Vec<&str> =
        all.iter().filter(|one| wanted.contains(one)).map(|one| word(*one)).collect();
    if meant.len() == all.len() { String::new() } else { meant.join("、") }
}

fn plates(wanted: &[PlateColour]) -> Option<String> {
    let words = meant(&PlateColour::ALL, wanted, |plate| match plate {
        PlateColour::Yellow => "黄色",
        PlateColour::Blue => "蓝色",
        PlateColour::Green => "新能源",
    });
    (!words.is_empty()).then(|| format!("悬挂{words}号牌"))
}

fn fuels(wanted: &[Fuel]) -> String {
    meant(&Fuel::ALL, wanted, |fuel| match fuel {
        Fuel::Diesel => "柴油",
        Fuel::Petrol => "汽油",
        Fuel::Gas => "燃气",
        Fuel::Electric => "新能源",
    })
}

fn classes(wanted: &[TruckClass]) -> String {
    meant(&TruckClass::ALL, wanted, |class| match class {
        TruckClass::Micro => "微型",
        TruckClass::Light => "轻型",
        TruckClass::Medium => "中型",
        TruckClass::Heavy => "重型",
    })
}

/// Nothing where all stages are meant.
fn stages(wanted: &[u8]) -> Option<String> {
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let name = |stage: u8| STAGES.get(usize::from(stage)).copied().unwrap_or_default();
    let (first, last) = (*wanted.first()?, *wanted.last()?);
    let is_run = usize::from(last - first) + 1 == wanted.len();
    let words = match (first, last) {
        (0, 6) if is_run => return None,
        (0, last) if is_run && last > 0 => format!("{}及以下", name(last)),
        (first, 6) if is_run && first < 6 => format!("{}及以上", name(first)),
        _ => wanted.iter().map(|stage| name(*stage)).collect::<Vec<_>>().join("、"),
    };
    Some(format!("{words}排放标准"))
}

/// The short words of an order as a notice spells them out; any other word stays as it is.
pub fn exempt(word: &str) -> &str {
    match word {
        "应急" => "执行紧急任务的警车、消防车、救护车、工程救险车",
        "绿色通道" => "整车合法装载运输鲜活农产品的车辆",
        "新能源" => "新能源货车",
        "民生" => "民生保障车辆",
        "通行证" => "持有效通行证的车辆",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_in_chinese() {
        let said: Vec<String> = [1, 10, 12, 20, 34, 100].into_iter().map(numeral).collect();
        assert_eq!(said, ["一", "十", "十二", "二十", "三十四", "100"]);
    }

    #[test]
    fn hours_become_words_and_a_night_ends_on_the_next_day() {
        for (text, words) in [
            ("", "全天"),
            ("24/7", "全天"),
            ("00:00-24:00", "全天"),
            ("07:00-19:00", "每日7时至19时"),
            ("Mo-Su 07:30-24:00", "每日7时30分至24时"),
            ("22:00-06:00", "每日22时至次日6时"),
            ("Mo-Fr 07:00-09:00,17:00-19:00", "周一至周五7时至9时、17时至19时"),
            ("Mo-Fr 07:00-19:00; Sa 09:00-12:00", "周一至周五7时至19时、周六9时至12时"),
            ("Sa,Su", "周六、周日全天"),
            ("Mo-Fr 07:00-19:00; PH off", "周一至周五7时至19时（法定节假日除外）"),
            ("Nov 15-Mar 15 06:00-21:00", "11月15日至次年3月15日每日6时至21时"),
            ("Jun-Aug 06:00-21:00", "6月至8月每日6时至21时"),
        ] {
            assert_eq!(hours(text), words, "{text}");
        }
    }

    #[test]
    fn hours_that_no_words_are_known_for_are_left_to_be_filled_in() {
        for text in ["sunrise-sunset", "早晚高峰", "2026 Dec 01 07:00-19:00"] {
            assert_eq!(hours(text), format!("【待填：时间，记录为“{text}”】"));
        }
    }

    #[test]
    fn trucks_are_named_by_all_that_an_order_states() {
        let scope = |classes: &[TruckClass], min_axles, min_mass_t, stages: &[u8]| Scope {
            classes: classes.to_vec(),
            min_axles,
            min_mass_t,
            stages: stages.to_vec(),
            ..Scope::default()
        };
        let all = [0, 1, 2, 3, 4, 5, 6];
        for (scope, words) in [
            (scope(&[], 0, 0.0, &[]), "载货汽车"),
            (scope(&TruckClass::ALL, 0, 0.0, &all), "载货汽车"),
            (scope(&[TruckClass::Heavy, TruckClass::Medium], 0, 0.0, &[]), "中型、重型载货汽车"),
            (
                scope(&[TruckClass::Heavy], 3, 0.0, &[3, 2, 1, 0]),
                "3轴（含）以上、国Ⅲ及以下排放标准的重型载货汽车",
            ),
            (scope(&[], 0, 4.5, &[3, 4]), "总质量4.5吨（含）以上、国Ⅲ、国Ⅳ排放标准的载货汽车"),
            (scope(&[], 0, 0.0, &[5, 6]), "国Ⅴ及以上排放标准的载货汽车"),
        ] {
            assert_eq!(trucks(&scope), words);
        }
    }

    #[test]
    fn plates_fuels_and_single_vehicles_are_named_where_not_all_are_meant() {
        let yellow = Scope { plates: vec![PlateColour::Yellow], ..Scope::default() };
        assert_eq!(trucks(&yellow), "悬挂黄色号牌的载货汽车");
        let diesel = Scope {
            classes: vec![TruckClass::Medium, TruckClass::Heavy],
            min_axles: 3,
            fuels: vec![Fuel::Diesel],
            ..yellow
        };
        assert_eq!(trucks(&diesel), "悬挂黄色号牌、3轴（含）以上的中型、重型柴油载货汽车");
        let dump = Scope {
            tags: vec!["渣土车".to_owned(), "商砼车".to_owned()],
            fuels: Fuel::ALL.to_vec(),
            plates: PlateColour::ALL.to_vec(),
            ..Scope::default()
        };
        assert_eq!(trucks(&dump), "渣土车、商砼车");
        let foreign = Scope {
            tags: vec!["外地号牌".to_owned(), "渣土车".to_owned()],
            classes: vec![TruckClass::Heavy],
            ..Scope::default()
        };
        assert_eq!(trucks(&foreign), "外地号牌的重型渣土车");
    }
}
