//! Rows of a sheet, or sentences of a message, as a table of items.

use jiff::civil::Date;

use super::limit::{LimitWords, limit, words};
use crate::analysis::decisions::date::due;
use crate::analysis::decisions::owner::owner;
use crate::domain::calendar::calendar;
use crate::domain::{AreaRole, ItemType, Kind, World};

const HEADS: &str = "问题描述\t类别\t责任单位\t整改时限\t乡镇街道";

/// A table with heads: a sheet as it is, of sentences one row each with what, whom, by when and in
/// which township as far as it is said: `3. 住建局 大庆道西段裸土未苫盖，3日内`.
pub fn table_of(text: &str, world: &World, today: Date) -> String {
    if text.contains('\t') {
        return text.to_owned();
    }
    let areas = world.table(Kind::Area).iter();
    let townships: Vec<&str> =
        areas.filter(|area| AreaRole::Township.is_of(area)).map(|area| area.name()).collect();
    let mut table = HEADS.to_owned();
    for line in text.lines().map(plain).filter(|line| !line.is_empty()) {
        let unit = owner(line, world).map(|found| found.name).unwrap_or_default();
        let township = townships.iter().find(|name| line.contains(**name)).copied();
        let when = time_limit(line, today, words()).unwrap_or_default();
        let township = township.unwrap_or_default();
        // A unit that is only the township stands in its own column.
        let unit = if unit == township { String::new() } else { unit };
        table.push('\n');
        let types: Vec<&str> = types_in(line).map(ItemType::key).collect();
        table.push_str(&[line, &types.join("、"), &unit, when, township].join("\t"));
    }
    table
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

/// Without the number of a list.
fn plain(line: &str) -> &str {
    let line = line.trim();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = rest.len() < line.len();
    let after = rest.strip_prefix(['.', '、', '．', ')', '）']);
    after.filter(|_| is_number).map_or(line, str::trim)
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

    #[test]
    fn a_message_becomes_rows_and_a_sheet_stays_as_it_is() {
        let text = "1、住建局 大庆道西段裸土未苫盖，3日内\n\n2. 城管局：烧烤店油烟直排，立行立改\n路面积尘";
        let table = table_of(text, &World::default(), date(2026, 11, 27));
        let rows: Vec<&str> = table.lines().collect();
        assert_eq!(rows[0], HEADS);
        assert_eq!(rows[1], "住建局 大庆道西段裸土未苫盖，3日内\t裸土\t住建局\t3日内\t");
        assert_eq!(
            rows[2],
            "城管局：烧烤店油烟直排，立行立改\t餐饮油烟、露天烧烤\t城管局\t立行立改\t"
        );
        assert_eq!(rows[3], "路面积尘\t道路扬尘\t\t\t");
        let sheet = "编号\t问题描述\nA\t裸土";
        assert_eq!(table_of(sheet, &World::default(), date(2026, 11, 27)), sheet);
    }
}
