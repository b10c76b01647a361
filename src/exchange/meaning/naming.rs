//! What a thing is called that has no name.

use super::columns::SourceColumns;
use super::layers::stem;
use super::names::normal;
use crate::domain::{Field, Kind, Record, Text, Value};
use crate::exchange::Cell;

pub const NAMELESS: Text = Text::new("缺少名称", "missing");

/// Columns in which a person writes a word or two about an object instead of a name.
const REMARKS: &[&str] =
    &["cmt", "desc", "description", "备注", "说明", "描述", "label", "标注", "注记", "text"];

const MAX_REMARK_CHARS: usize = 40;

/// A nameless road is called by its number, else by its class; a nameless flow by all that tells it
/// from others; a nameless duty by what it is about and who has it.
pub fn by_fields(record: &Record) -> Option<String> {
    match record.kind {
        Kind::Road if record.text("ref").is_empty() => class_words(record).map(str::to_owned),
        Kind::Road => Some(record.text("ref").to_owned()),
        Kind::Flow => flow_name(record),
        Kind::Duty => duty_name(record),
        _ => None,
    }
}

/// What a row remarks about its object, if it is short enough for a name.
pub fn said(columns: &SourceColumns, cells: &[Cell<'_>]) -> Option<String> {
    let remark = |wanted: &&str| {
        let mut names = columns.all().map(|(name, _)| name);
        let at = names.position(|name| normal(name) == **wanted)?;
        let Cell::Text(text) = cells.get(at)? else { return None };
        let text = text.trim();
        let fits = !text.is_empty()
            && text.chars().count() <= MAX_REMARK_CHARS
            && !text.contains(['\n', '<', '{']);
        fits.then(|| text.to_owned())
    };
    REMARKS.iter().find_map(remark)
}

/// `巡查 3`: the file and the number of the row or feature in it.
pub fn by_number(file: &str, number: u64) -> String {
    format!("{} {number}", stem(file))
}

fn class_words(record: &Record) -> Option<&'static str> {
    let classes = record.kind.field("class").and_then(Field::choices)?;
    let class = classes.iter().find(|choice| choice.key == record.text("class"))?;
    Some(class.label.zh)
}

/// `G1 → G2 重型 国五 6轴`; `None` where it does not say from where to where.
fn flow_name(record: &Record) -> Option<String> {
    let (from, to) = (record.text("from"), record.text("to"));
    if from.is_empty() || to.is_empty() {
        return None;
    }
    let axles = record.get("axles").map(|axles| format!("{}轴", axles.to_cell()));
    let said =
        [class_words(record).map(str::to_owned), Some(record.text("stage").to_owned()), axles];
    let said: Vec<String> = said.into_iter().flatten().filter(|word| !word.is_empty()).collect();
    Some(format!("{from} → {to} {}", said.join(" ")).trim_end().to_owned())
}

/// `甲工地分包 赵区长`, `太平路街道 赵六`; `None` where it does not say about what or whose.
fn duty_name(record: &Record) -> Option<String> {
    let said = |key: &str| Some(record.text(key)).filter(|text| !text.is_empty());
    let types = || match record.get("types")? {
        Value::Words(types) => Some(types.join("、")),
        _ => None,
    };
    let about = ["subject", "township"].into_iter().find_map(said).map(str::to_owned);
    let about = about.or_else(types)?;
    let of_leader = said("leader").map(|leader| format!("{about}分包 {leader}"));
    let who = || ["person", "unit", "department"].into_iter().find_map(said);
    of_leader.or_else(|| Some(format!("{about} {}", who()?)))
}
