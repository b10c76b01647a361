//! What an import did, on one screen: what came in, what did not and why, what was assumed, and the
//! one next step. The whole of it is in the JSON.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use crate::domain::{Lang, LocalizedText};
use crate::exchange::formats;
use crate::exchange::meaning::doubts::label;
use crate::exchange::meaning::outline::TableOutline;
use crate::exchange::meaning::{MappingTarget, RefusalGroup, Report};
use crate::exchange::rejected::field_name;

/// Lines of one sort that a screen has room for.
const MOST_LINES: usize = 8;

/// Columns that are named where none was understood.
const MOST_COLUMNS: usize = 12;

/// All of it, for programs.
pub(super) fn row(report: &Report, lang: Lang) -> Json {
    let layers: Vec<&str> = report.layers.iter().map(|kind| kind.key()).collect();
    let rejections: Vec<Json> = report
        .rejections
        .iter()
        .map(|rejected| {
            json!({
                "row": rejected.row,
                "field": rejected.field,
                "value": rejected.value,
                "reason": rejected.reason.say(lang),
            })
        })
        .collect();
    let doubts: Vec<Json> = report
        .doubts
        .iter()
        .map(|doubt| {
            json!({
                "row": doubt.row,
                "question": doubt.words().say(lang),
                "decided": label(doubt.decided).say(lang),
            })
        })
        .collect();
    let read_as: Vec<&str> = report.read_as.iter().map(|said| said.say(lang)).collect();
    let warnings: Vec<&str> = report.warnings.iter().map(|warning| warning.say(lang)).collect();
    json!({
        "file": report.file,
        "format": report.format,
        "layer": layers.join(","),
        "crs": report.crs,
        "read": report.read,
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "unlocated": report.unlocated,
        "rejected": report.rejected,
        "left_out": report.left_out,
        "doubtful": report.doubted,
        "rejections": rejections,
        "doubts": doubts,
        "read_as": read_as,
        "warnings": warnings,
    })
}

/// One screen, for a person.
pub(super) fn tell(out: &mut impl Write, report: &Report, lang: Lang) -> io::Result<()> {
    counts(out, report, lang)?;
    let groups = report.refusals.iter().map(|group| told(group, report, lang));
    lines(out, "×", groups, lang)?;
    let doubts = report.doubts.iter().map(|doubt| {
        let (words, decided) = (doubt.words(), label(doubt.decided));
        let (words, decided) = (words.say(lang), decided.say(lang));
        match lang {
            Lang::Zh => format!("第 {} 行{words} → {decided}", doubt.row),
            Lang::En => format!("row {}: {words} → {decided}", doubt.row),
        }
    });
    lines(out, "?", doubts, lang)?;
    lines(out, "=", report.read_as.iter().map(|said| said.say(lang).to_owned()), lang)?;
    lines(out, "!", report.warnings.iter().map(|warning| warning.say(lang).to_owned()), lang)?;
    if let Some(step) = next_step(report) {
        writeln!(out, "  → {}", step.say(lang))?;
    }
    Ok(())
}

fn counts(out: &mut impl Write, report: &Report, lang: Lang) -> io::Result<()> {
    let layers: Vec<&str> = report.layers.iter().map(|kind| kind.label().say(lang)).collect();
    let layers = layers.join("、");
    let Report {
        file, crs, read, added, updated, unchanged, unlocated, rejected, left_out, ..
    } = report;
    let (left_zh, left_en) = match left_out {
        0 => (String::new(), String::new()),
        left_out => (format!("，不导入 {left_out}"), format!(", left out {left_out}")),
    };
    match lang {
        Lang::Zh => writeln!(
            out,
            "{file} → {layers}（{crs}）：读 {read}，新增 {added}，更新 {updated}，未变 {unchanged}，退回 {rejected}{left_zh}；其中无坐标 {unlocated}"
        ),
        Lang::En => writeln!(
            out,
            "{file} → {layers} ({crs}): read {read}, added {added}, updated {updated}, unchanged {unchanged}, rejected {rejected}{left_en}; unlocated among them {unlocated}"
        ),
    }
}

fn lines(
    out: &mut impl Write,
    mark: &str,
    lines: impl ExactSizeIterator<Item = String>,
    lang: Lang,
) -> io::Result<()> {
    let more = lines.len().saturating_sub(MOST_LINES);
    for line in lines.take(MOST_LINES) {
        writeln!(out, "  {mark} {line}")?;
    }
    match (more, lang) {
        (0, _) => Ok(()),
        (more, Lang::Zh) => writeln!(out, "  {mark} 另有 {more} 条，--json 可列出全部"),
        (more, Lang::En) => writeln!(out, "  {mark} {more} more; --json lists all"),
    }
}

/// The rejected rows of one cause in a line. The Chinese reason names the field itself.
fn told(group: &RefusalGroup, report: &Report, lang: Lang) -> String {
    let RefusalGroup { count, field, reason, examples, .. } = group;
    let reason = reason.say(lang);
    let known = formats::ALL.iter().find(|known| known.name() == report.format);
    let is_sheet = known.is_some_and(|known| known.is_sheet());
    let value = |value: &str| match (value.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("（{value}）"),
        (false, Lang::En) => format!(" `{value}`"),
    };
    if let (1, [(row, text)]) = (*count, examples.as_slice()) {
        let value = value(text);
        return match (lang, is_sheet) {
            (Lang::En, _) => format!("{row} {field}{value}: {reason}"),
            (Lang::Zh, true) => format!("第 {row} 行：{reason}{value}"),
            (Lang::Zh, false) => format!("要素 {row}：{reason}{value}"),
        };
    }
    let shown: Vec<String> =
        examples.iter().map(|(row, text)| format!("{row}{}", value(text))).collect();
    let more = if *count > examples.len() as u64 { "…" } else { "" };
    let field = field_name(report.tables.first(), field, lang);
    match lang {
        Lang::Zh => {
            let unit = if is_sheet { "行" } else { "个要素" };
            format!("{count} {unit}：{reason}（{}{more}）", shown.join("、"))
        }
        Lang::En => format!("{count} rows, {field}: {reason} ({}{more})", shown.join(", ")),
    }
}

/// What to do first; `None` where nothing is left to do.
fn next_step(report: &Report) -> Option<LocalizedText> {
    let is_nothing_in = report.read > 0 && report.rejected == report.read;
    if report.read == 0 {
        return Some(LocalizedText::new(
            "文件中没有可导入的内容：请确认文件、工作表（--sheet）是否选对",
            "there is nothing in the file to import: is it the right one, and the right --sheet?",
        ));
    }
    let nameless = report.refusals.first().is_some_and(|group| group.field == "name");
    if is_nothing_in && nameless {
        let columns = report.tables.first().map(free_columns).unwrap_or_default();
        return Some(LocalizedText::new(
            format!("没有认出名称列。请指明：--map name=列名；文件的列：{}", columns.join("、")),
            format!(
                "no column of names was found: say --map name=COLUMN; the columns are {}",
                columns.join(", ")
            ),
        ));
    }
    if report.rejected > 0 {
        return Some(LocalizedText::new(
            "按上面的原因改好退回的行，再导入同一文件：已导入的不会重复",
            "correct the rejected rows and import the file again: what came in will not double",
        ));
    }
    (report.doubted > 0).then(|| {
        LocalizedText::new(
            format!("有 {} 行可能就是已有记录：确认后用 --doubtful same（更新）或 leave-out（不导入）重新导入；先用 undo 撤销这一次", report.doubted),
            format!("{} rows may be known records: if so, undo this import and say --doubtful same or leave-out", report.doubted),
        )
    })
}

/// Columns that became no field.
fn free_columns(table: &TableOutline) -> Vec<&str> {
    let free = table.columns.iter().filter(|column| column.target == MappingTarget::Extra);
    free.map(|column| column.name.as_str()).take(MOST_COLUMNS).collect()
}
