//! Rows from Excel pasted over the flows: flows that were counted, or counts of places.

use crate::domain::FlowSource;

/// What was pasted.
#[derive(Debug, PartialEq)]
pub enum Pasted {
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

/// `None` where it is neither.
pub fn pasted(text: &str) -> Option<Pasted> {
    let rows: Vec<Vec<&str>> = text.lines().map(cells).filter(|row| row.len() > 1).collect();
    let first = rows.first()?;
    let has_header = !first.iter().any(|cell| number(cell).is_some());
    let body = rows.get(usize::from(has_header)..)?;
    if body.is_empty() {
        return None;
    }
    let hourly: Vec<(String, [f64; 24])> = rows.iter().filter_map(|row| hours(row)).collect();
    if !hourly.is_empty() {
        return Some(Pasted::Hourly(hourly));
    }
    if first.len() == 2 {
        let counts = body.iter().filter_map(|row| match row.as_slice() {
            [name, count] => Some(((*name).to_owned(), number(count)?)),
            _ => None,
        });
        let counts: Vec<(String, f64)> = counts.collect();
        return (!counts.is_empty()).then_some(Pasted::Counts(counts));
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
    flows(&header, body).map(Pasted::Flows)
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
        let Some(Pasted::Flows(table)) = pasted("西口\t东口\t重型\t410\n东口\t西口\t重型\t380\n")
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
        let Some(Pasted::Flows(table)) = pasted(text) else { unreachable!() };
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
        let Some(Pasted::Hourly(found)) = pasted(&text) else { unreachable!() };
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["西口", "东口"]);
        assert!((found[0].1[23] - 62.0).abs() < 1e-9);
    }

    #[test]
    fn two_columns_are_counts_of_places() {
        let counts = vec![("G102 西口".to_owned(), 1200.0), ("燕山路".to_owned(), 95.0)];
        let text = "卡口\t辆/日\nG102 西口\t1,200\n燕山路\t95\n合计\t\n";
        assert_eq!(pasted(text), Some(Pasted::Counts(counts)));
    }

    #[test]
    fn a_sentence_is_neither() {
        assert_eq!(pasted("今天的车不少"), None);
        assert_eq!(pasted("起点\t终点\t日货车量\n"), None);
        assert_eq!(pasted("a\tb\tc\td\te\tf\n1\t2\t3\t4\t5\t6\n"), None);
    }
}
