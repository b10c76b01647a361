//! Rows of a sheet, or sentences of a message, as a table of items.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::limit::{LimitWords, limit, words};
use crate::analysis::decisions::date::due;
use crate::analysis::decisions::owner::owner;
use crate::domain::calendar::calendar;
use crate::domain::{AreaRole, ItemType, Kind, World};

const HEADS: &str = "问题描述\t点位/地址\t类别\t责任单位\t整改时限\t乡镇街道";

/// A table with heads: a sheet as it is, of sentences one row each with what, where, whom, by when and in
/// which township as far as it is said: `3. 住建局 大庆道西段裸土未苫盖，3日内`. A line that only leads
/// to the others is no problem; a unit that it names is theirs.
pub fn table_of(text: &str, world: &World, today: Date) -> String {
    if text.contains('\t') {
        return text.to_owned();
    }
    let areas = world.table(Kind::Area).iter();
    let townships: Vec<&str> =
        areas.filter(|area| AreaRole::Township.is_of(area)).map(|area| area.name()).collect();
    let places = places(world);
    let lines: Vec<(bool, &str)> =
        text.lines().map(plain).filter(|(_, line)| !line.is_empty()).collect();
    let first = lines.iter().position(|(is_numbered, _)| *is_numbered).unwrap_or(0);
    let leads = |(at, (is_numbered, line)): (usize, &(bool, &str))| {
        !is_numbered && (at < first || line.ends_with(['：', ':']))
    };
    let is_head: Vec<bool> = lines.iter().enumerate().map(leads).collect();
    let has_rows = is_head.contains(&false);
    let unit_of = |line: &str| owner(line, world).map(|found| found.name).unwrap_or_default();
    let mut table = HEADS.to_owned();
    let mut unit_of_all = String::new();
    for ((_, line), is_head) in lines.into_iter().zip(is_head) {
        if is_head && has_rows {
            unit_of_all = unit_of(line);
            continue;
        }
        let unit = Some(unit_of(line)).filter(|unit| !unit.is_empty());
        let unit = unit.unwrap_or_else(|| unit_of_all.clone());
        let township = townships.iter().find(|name| line.contains(**name)).copied();
        let when = time_limit(line, today, words()).unwrap_or_default();
        let township = township.unwrap_or_default();
        // A unit that is only the township stands in its own column.
        let unit = if unit == township { String::new() } else { unit };
        let place = places.iter().filter(|name| line.contains(**name));
        let place = place.max_by_key(|name| name.len()).copied().unwrap_or_default();
        table.push('\n');
        let types: Vec<&str> = types_in(line).map(ItemType::key).collect();
        table.push_str(&[line, place, &types.join("、"), &unit, when, township].join("\t"));
    }
    table
}

/// What a message may call a place: sites by their names, and where the ledger had problems before.
fn places(world: &World) -> BTreeSet<&str> {
    let sites = world.table(Kind::Site).iter().map(|site| site.name());
    let known = world.table(Kind::Item).iter().map(|item| item.text("address"));
    let bare = |name| without_mark(name).trim();
    let is_type = |name: &str| types_in(name).any(|of| of.label().zh == name);
    sites.chain(known).map(bare).filter(|it| it.chars().count() > 1 && !is_type(it)).collect()
}

/// A name without what stands in brackets behind it.
fn without_mark(name: &str) -> &str {
    name.split(['(', '（']).next().unwrap_or(name)
}

/// Words that name an office as often as a problem.
const NO_TYPES: [&str; 3] = ["大气", "工业", "其他"];

/// The types whose names, or other words for them, stand in a sentence.
fn types_in(line: &str) -> impl Iterator<Item = ItemType> {
    ItemType::ALL.into_iter().filter(move |of| {
        let choice = of.choice();
        let words = std::iter::once(choice.label.zh).chain(choice.also.iter().copied());
        *of != ItemType::Other
            && words.into_iter().any(|word| !NO_TYPES.contains(&word) && line.contains(word))
    })
}

/// Without the number of a list; whether it had one.
fn plain(line: &str) -> (bool, &str) {
    let line = line.trim();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = rest.len() < line.len();
    let after = rest.strip_prefix(['.', '、', '．', ')', '）']).filter(|_| is_number);
    after.map_or((false, line), |after| (true, after.trim()))
}

/// The part of a sentence that says by when.
fn time_limit<'t>(line: &'t str, today: Date, words: &LimitWords) -> Option<&'t str> {
    let now = today.at(0, 0, 0, 0);
    let mut parts = line.split([',', '，', '。', ';', '；', ' ']).map(str::trim);
    let whole = parts.find(|part| limit(part, now, calendar(), words).is_some());
    whole.filter(|part| part.chars().count() <= 14).or_else(|| {
        let found = due(line, today)?;
        line.get(found.span.0..found.span.1)
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, Record, Stamp, Value};

    #[test]
    fn a_message_becomes_rows_and_a_sheet_stays_as_it_is() {
        let text = "1、住建局 大庆道西段裸土未苫盖，3日内\n\n2. 城管局：烧烤店油烟直排，立行立改\n路面积尘";
        let table = table_of(text, &World::default(), date(2026, 11, 27));
        let rows: Vec<&str> = table.lines().collect();
        assert_eq!(rows[0], HEADS);
        assert_eq!(rows[1], "住建局 大庆道西段裸土未苫盖，3日内\t\t裸土\t住建局\t3日内\t");
        assert_eq!(
            rows[2],
            "城管局：烧烤店油烟直排，立行立改\t\t餐饮油烟、露天烧烤\t城管局\t立行立改\t"
        );
        assert_eq!(rows[3], "路面积尘\t\t道路扬尘\t\t\t");
        let sheet = "编号\t问题描述\nA\t裸土";
        assert_eq!(table_of(sheet, &World::default(), date(2026, 11, 27)), sheet);
    }

    #[test]
    fn a_line_that_leads_to_others_is_no_problem_and_a_known_place_is_named() {
        let stamp = Stamp { actor: "台账员".into(), at: jiff::Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(jiff::Timestamp::UNIX_EPOCH, 1);
        let mut site = Record::new(ids.next(), Kind::Site, &stamp);
        site.set("name", Some(Value::text("农家院(示例)")));
        let world: World = [site].into_iter().collect();
        let text = "【巡查】12月1日发现：\n1、农家院油烟净化器停用\n2、路面积尘\n";
        let table = table_of(text, &world, date(2026, 12, 1));
        let rows: Vec<&str> = table.lines().collect();
        assert_eq!(rows.len(), 3, "{table}");
        assert!(rows[1].starts_with("农家院油烟净化器停用\t农家院\t餐饮油烟\t"), "{table}");
        let of_unit = table_of("住建局：\n裸土未苫盖\n城管局：\n烧烤", &world, date(2026, 12, 1));
        let units: Vec<&str> =
            of_unit.lines().skip(1).filter_map(|row| row.split('\t').nth(3)).collect();
        assert_eq!(units, ["住建局", "城管局"], "{of_unit}");
        let alone = table_of("住建局：", &world, date(2026, 12, 1));
        assert_eq!(alone.lines().count(), 2, "what stands alone is not lost");
    }
}
