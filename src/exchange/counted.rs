//! Counts of trucks as people have them, pasted from Excel or in a file: flows that were counted, counts of
//! places, or of each hour at a gate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::table::{InRow, Sink, StatedCrs, Stop};
use super::{Error, ReadOptions, formats};
use crate::domain::{FlowSource, Localized, LocalizedText};

/// What a table counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Counted {
    /// A table of flows with a header, 实测 where it says nothing of that: for the import dialog.
    Flows(String),
    /// Name or code of a place, and trucks a day there.
    Counts(Vec<(String, f64)>),
    /// Name or code of a gate, and trucks of each hour of a day there.
    Hourly(Vec<(String, [f64; 24])>),
}

const NAME: [&str; 2] = ["名称", "name"];
const FROM: [&str; 6] = ["起点", "起点编码", "起", "from", "入口", "from_code"];
const TO: [&str; 8] = ["终点", "终点编码", "讫", "止", "讫点", "to", "出口", "to_code"];
const SOURCE: [&str; 4] = ["数据性质", "来源", "性质", "source"];

/// Words above the hours of a table that has a row for each.
const HOUR: [&str; 8] = ["小时", "时间", "时段", "钟点", "hour", "time", "采集时间", "过车时间"];

/// A file in which there are no such counts.
#[derive(Debug, thiserror::Error)]
#[error(
    "no table of counts: a gate with 24 columns of hours, or rows of gate, hour and trucks, are wanted"
)]
pub struct NoCounts;

impl Localized for NoCounts {
    fn zh(&self) -> String {
        "没有找到计数表：应为 卡口＋24 个小时列，或 卡口、时间、辆数 三列".to_owned()
    }
}

/// Places that have trucks in some hours and none in others, which count as none whether or not somebody
/// counted; with how many those are: `G112 南口（4 小时）`.
pub fn empty_hours(told: &[(String, [f64; 24])]) -> Vec<LocalizedText> {
    let gaps = told.iter().filter_map(|(name, hours)| {
        let count = hours.iter().filter(|trucks| **trucks <= 0.0).count();
        let words =
            LocalizedText::new(format!("{name}（{count} 小时）"), format!("{name} ({count} h)"));
        (count > 0).then_some(words)
    });
    gaps.collect()
}

/// The first sheet of a file; `None` where it is no table, or counts nothing.
pub fn read_file(path: &Path, options: &ReadOptions) -> Result<Option<Counted>, Error> {
    let format = formats::of_file(path)?;
    if !format.is_sheet() {
        return Ok(None);
    }
    let mut sheet = Sheet::default();
    match format.read(path, options, &mut sheet) {
        Ok(()) => {}
        // A second table begins: the first is all that is wanted.
        Err(Error::Stopped) if sheet.is_over => {}
        Err(error) => return Err(error),
    }
    Ok(counted(&sheet.text))
}

/// The rows of the first table as text, cells apart by tabs.
#[derive(Default)]
struct Sheet {
    text: String,
    header: Vec<String>,
    has_rows: bool,
    is_over: bool,
}

impl Sink for Sheet {
    fn table(&mut self, _name: &str, _crs: &StatedCrs) -> Result<(), Stop> {
        self.is_over = self.has_rows;
        if self.is_over {
            return Err(Stop);
        }
        self.header.clear();
        Ok(())
    }

    fn column(&mut self, name: &str) -> Result<usize, Stop> {
        self.header.push(name.to_owned());
        Ok(self.header.len() - 1)
    }

    fn row(&mut self, row: InRow<'_>) -> Result<(), Stop> {
        let clean = |cell: &str| cell.replace(['\t', '\n', '\r'], " ").trim().to_owned();
        if !self.has_rows {
            self.has_rows = true;
            let header: Vec<String> = self.header.iter().map(|name| clean(name)).collect();
            self.text = header.join("\t") + "\n";
        }
        let cells: Vec<String> = row.cells.iter().map(|cell| clean(&cell.to_text())).collect();
        self.text.push_str(&cells.join("\t"));
        self.text.push('\n');
        Ok(())
    }

    fn reject(&mut self, _row: u64, _reason: LocalizedText) -> Result<(), Stop> {
        Ok(())
    }

    fn knows(&self, column: &str) -> bool {
        let words = HOUR.iter().chain(&NAME).chain(&FROM).chain(&TO).chain(&SOURCE);
        let is_word = |word: &&str| column.eq_ignore_ascii_case(word);
        words.copied().chain(["卡口", "关口", "地点", "卡口名称"]).any(|word| is_word(&word))
            || number(column).is_none() && hour_of(column).is_some()
    }

    fn warn(&mut self, _words: LocalizedText) {}
}

/// `None` where a text counts nothing.
pub fn counted(text: &str) -> Option<Counted> {
    let rows: Vec<Vec<&str>> = text.lines().map(cells).filter(|row| row.len() > 1).collect();
    let first = rows.first()?;
    let has_header = !first.iter().any(|cell| number(cell).is_some());
    let body = rows.get(usize::from(has_header)..)?;
    if body.is_empty() {
        return None;
    }
    let hourly: Vec<(String, [f64; 24])> = rows.iter().filter_map(|row| hours(row)).collect();
    if !hourly.is_empty() {
        return Some(Counted::Hourly(hourly));
    }
    if let Some(hourly) = row_by_hour(first, has_header, body) {
        return Some(Counted::Hourly(hourly));
    }
    if first.len() == 2 {
        let counts = body.iter().filter_map(|row| match row.as_slice() {
            [name, count] => Some(((*name).to_owned(), number(count)?)),
            _ => None,
        });
        let counts: Vec<(String, f64)> = counts.collect();
        return (!counts.is_empty()).then_some(Counted::Counts(counts));
    }
    let header: Vec<&str> = if has_header {
        first.clone()
    } else {
        match first.len() {
            3 => vec!["起点", "终点", "日货车量"],
            4 => vec!["起点", "终点", "车型", "日货车量"],
            _ => return None,
        }
    };
    flows(&header, body).map(Counted::Flows)
}

/// A place and the counts of the 24 hours from midnight on; a sum of the day may follow. The numbers of
/// the hours themselves, as a header has them, are no counts.
fn hours(row: &[&str]) -> Option<(String, [f64; 24])> {
    let (name, rest) = row.split_first()?;
    if !(24..=25).contains(&rest.len()) || name.is_empty() || number(name).is_some() {
        return None;
    }
    let counts: Vec<f64> = rest.iter().take(24).map(|cell| number(cell)).collect::<Option<_>>()?;
    let is_header = counts
        .iter()
        .enumerate()
        .all(|(hour, count)| (count - hour as f64).abs() < 1e-9)
        || counts.iter().enumerate().all(|(hour, count)| (count - hour as f64 - 1.0).abs() < 1e-9);
    let counts: [f64; 24] = counts.try_into().ok()?;
    (!is_header && counts.iter().sum::<f64>() > 0.0).then(|| ((*name).to_owned(), counts))
}

/// Rows of a gate, an hour and its trucks, of one day or of several, of which it is the mean. Without a
/// header the hours must look like such: `07:00`, `7时`.
fn row_by_hour(
    first: &[&str],
    has_header: bool,
    body: &[Vec<&str>],
) -> Option<Vec<(String, [f64; 24])>> {
    if first.len() != 3 {
        return None;
    }
    let says_so = has_header
        && first.iter().any(|cell| HOUR.iter().any(|word| cell.eq_ignore_ascii_case(word)));
    let mut gates: BTreeMap<String, (BTreeSet<String>, [f64; 24])> = BTreeMap::new();
    for row in body {
        let [name, time, count] = row.as_slice() else { continue };
        let is_bare = number(time).is_some();
        let (day, hour) = hour_of(time).filter(|_| says_so || !is_bare)?;
        let (days, hours) = gates.entry((*name).to_owned()).or_default();
        days.insert(day);
        *hours.get_mut(hour)? += number(count)?;
    }
    let means = gates.into_iter().map(|(name, (days, hours))| {
        let days = days.len().max(1) as f64;
        (name, hours.map(|trucks| trucks / days))
    });
    let means: Vec<(String, [f64; 24])> = means.collect();
    let has_counts = means.iter().any(|(_, hours)| hours.iter().sum::<f64>() > 0.0);
    (has_counts && !means.is_empty()).then_some(means)
}

/// The day, as it stands there, and the hour that begins at a time: `2026-11-20 07:00`, `07:00-08:00`,
/// `7时`, `7`.
fn hour_of(text: &str) -> Option<(String, usize)> {
    let text = text.trim().replace('T', " ");
    let (day, time) = match text.split_once(' ') {
        Some((day, time)) => (day.to_owned(), time.trim().to_owned()),
        None => (String::new(), text),
    };
    let begins = time.split(['-', '–', '—', '~', '～', '至']).next()?;
    let digits = begins.split([':', '：', '时', '点']).next()?.trim();
    let hour: usize = digits.parse().ok()?;
    let is_day = day.is_empty() || day.contains(['-', '/', '年', '.']);
    (hour < 24 && digits.len() <= 2 && is_day).then_some((day, hour))
}

/// The table with a name and the kind of figure in every row.
fn flows(header: &[&str], rows: &[Vec<&str>]) -> Option<String> {
    let column = |names: &[&str]| {
        header.iter().position(|cell| names.iter().any(|name| cell.eq_ignore_ascii_case(name)))
    };
    let (from, to) = (column(&FROM)?, column(&TO)?);
    let (has_name, has_source) = (column(&NAME).is_some(), column(&SOURCE).is_some());
    let mut table = String::new();
    let mut line = |cells: &[&str], name: &str, source: &str| {
        table.push_str(&cells.join("\t"));
        for (is_there, cell) in [(has_name, name), (has_source, source)] {
            if !is_there {
                table.push('\t');
                table.push_str(cell);
            }
        }
        table.push('\n');
    };
    line(header, "名称", "数据性质");
    for row in rows {
        // Cells that are missing at the end must not shift those that follow.
        let mut row = row.clone();
        row.resize(header.len(), "");
        let name = format!("{} → {}", row.get(from)?, row.get(to)?);
        line(&row, &name, FlowSource::Measured.key());
    }
    Some(table)
}

fn cells(line: &str) -> Vec<&str> {
    let separator = if line.contains('\t') { '\t' } else { ',' };
    line.split(separator).map(str::trim).collect()
}

fn number(cell: &str) -> Option<f64> {
    let number: f64 = cell.replace(',', "").parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_header_are_from_to_class_and_trucks_and_were_measured() {
        let Some(Counted::Flows(table)) = counted("西口\t东口\t重型\t410\n东口\t西口\t重型\t380\n")
        else {
            unreachable!()
        };
        let rows: Vec<&str> = table.lines().collect();
        assert_eq!(rows[0], "起点\t终点\t车型\t日货车量\t名称\t数据性质");
        assert_eq!(rows[1], "西口\t东口\t重型\t410\t西口 → 东口\t实测");
        assert_eq!(rows.len(), 3);
    }

    #[test]
    fn a_header_is_kept_and_says_itself_what_the_figures_are() {
        let text = "from\tto\tclass\taxles\ttrucks_per_day\tsource\nW\tE\theavy\t5\t410\t假设\n";
        let Some(Counted::Flows(table)) = counted(text) else { unreachable!() };
        assert!(table.lines().nth(1).unwrap().ends_with("假设\tW → E"), "{table}");
    }

    #[test]
    fn a_place_with_24_numbers_is_the_count_of_its_hours_and_the_header_is_none() {
        let hours = |from: u32| (from..from + 24).map(|n| n.to_string()).collect::<Vec<_>>();
        let text = format!(
            "关口\t{}\n西口\t{}\t1212\n东口\t{}\n",
            hours(0).join("\t"),
            hours(39).join("\t"),
            hours(5).join("\t")
        );
        let Some(Counted::Hourly(found)) = counted(&text) else { unreachable!() };
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["西口", "东口"]);
        assert!((found[0].1[23] - 62.0).abs() < 1e-9);
    }

    #[test]
    fn rows_of_gate_hour_and_trucks_are_the_mean_of_their_days() {
        let text = "卡口\t采集时间\t货车数\n西口\t2026-11-19 07:00:00\t30\n\
                    西口\t2026-11-20 07:00:00\t50\n西口\t2026-11-20 23:00:00\t8\n\
                    东口\t2026-11-20 00:00:00\t5\n";
        let Some(Counted::Hourly(found)) = counted(text) else { unreachable!() };
        let [(east, _), (west, hours)] = &found[..] else { panic!("{found:?}") };
        assert_eq!([east.as_str(), west.as_str()], ["东口", "西口"]);
        assert!((hours[7] - 40.0).abs() < 1e-9 && (hours[23] - 4.0).abs() < 1e-9);
        // Without a header only what looks like an hour is one.
        let told = counted("西口\t7时\t39\n西口\t8时\t41\n");
        assert!(matches!(told, Some(Counted::Hourly(_))), "{told:?}");
        assert!(!matches!(counted("西口\t7\t39\n西口\t8\t41\n"), Some(Counted::Hourly(_))));
    }

    #[test]
    fn hours_without_a_truck_are_told_since_nobody_may_have_counted() {
        let mut hours = [5.0; 24];
        assert!(empty_hours(&[("西口".to_owned(), hours)]).is_empty());
        hours[20..].fill(0.0);
        let told = empty_hours(&[("西口".to_owned(), hours)]);
        assert_eq!((told.len(), told[0].zh.as_str()), (1, "西口（4 小时）"));
    }

    #[test]
    fn a_sheet_of_a_file_counts_like_what_is_pasted_and_no_sheet_counts_nothing() {
        let hours: Vec<String> = (0..24).map(|hour| format!("{hour}时")).collect();
        let counts = vec!["12"; 24].join(",");
        let text = format!("十一月卡口流量\n卡口,{}\n西口,{counts}\n", hours.join(","));
        let (_folder, path) = crate::exchange::testing::file("counts.csv", text.as_bytes());
        let Some(Counted::Hourly(found)) = read_file(&path, &ReadOptions::default()).unwrap()
        else {
            unreachable!()
        };
        assert_eq!(found, [("西口".to_owned(), [12.0; 24])]);
        let text = "名称,类型\n甲,乙\n".as_bytes();
        let (_other, other) = crate::exchange::testing::file("names.csv", text);
        assert_eq!(read_file(&other, &ReadOptions::default()).unwrap(), None);
    }

    #[test]
    fn two_columns_are_counts_of_places() {
        let counts = vec![("G102 西口".to_owned(), 1200.0), ("燕山路".to_owned(), 95.0)];
        let text = "卡口\t辆/日\nG102 西口\t1,200\n燕山路\t95\n合计\t\n";
        assert_eq!(counted(text), Some(Counted::Counts(counts)));
    }

    #[test]
    fn a_sentence_is_neither() {
        assert_eq!(counted("今天的车不少"), None);
        assert_eq!(counted("起点\t终点\t日货车量\n"), None);
        assert_eq!(counted("a\tb\tc\td\te\tf\n1\t2\t3\t4\t5\t6\n"), None);
    }
}
