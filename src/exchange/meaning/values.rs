//! Cells → the fields of a record; what no field can hold stays beside them as it came.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde_json::{Number, Value as Json};

use super::codes::CodeCell;
use super::columns::{FieldMapping, SourceColumns};
use super::known::beside_name;
use super::place::{Refusal, goes_on};
use super::spans;
use super::synonyms::{Synonyms, tells_trucks};
use crate::domain::{
    DateReading, Field, FieldType, Kind, Localized as _, LocalizedText, Record, SiteKind, Text,
    Value, ValueError, digits_lost, is_nothing, is_undecided, printable, read_date,
};
use crate::exchange::Cell;

/// Every kind begins with these two.
pub const CODE: u8 = 0;
/// The position of the field `name` in every kind.
pub const NAME: u8 = 1;

/// The position of `kind` among the fields of a site.
pub const SITE_KIND: u8 = 2;

/// Words that repeat from row to row are read once; a column with more different ones is no list
/// of words.
const MAX_WORDS: usize = 4096;

/// Nothing longer is worth remembering.
const MAX_WORD_BYTES: usize = 96;

type ReadValue = Result<Option<Value>, ValueError>;

/// Reads cells, and collects what it could not read.
#[derive(Debug, Default)]
pub struct Values {
    words: FxHashMap<(Kind, u8), FxHashMap<Box<str>, ReadValue>>,
    complaints: BTreeMap<String, Complaint>,
    synonyms: Synonyms,
}

#[derive(Debug)]
struct Complaint {
    count: u64,
    reason: LocalizedText,
    /// Rows, and what they hold.
    examples: Vec<(u64, String)>,
}

const NO_SITE_KIND: Text =
    Text::new("不是已知的点位类型，按“其他”录入", "no kind of site, taken as other");

const ROUNDED: Text = Text::new(
    "表格软件已丢失号码的末几位数字；请将该列设为文本格式后重新填写",
    "the spreadsheet lost the last digits; make the column text and fill it in again",
);

const MAX_EXAMPLES: usize = 3;

/// A row on its way into a record.
#[derive(Clone, Copy, Debug)]
pub struct Filling<'r, 'c> {
    pub number: u64,
    pub cells: &'r [Cell<'c>],
    pub columns: &'r SourceColumns,
    pub mapping: &'r FieldMapping,
    /// The kind of a new site whose row names none.
    pub site_kind: &'static str,
    /// The column whose cell served as the record's id, not as its code.
    pub id_column: Option<usize>,
    /// Read already, to find out which record this is.
    pub code: &'r CodeCell,
    pub name: Option<&'r Arc<str>>,
}

impl Filling<'_, '_> {
    /// Columns that turn out to be something else in this row than their names say.
    fn idle(&self) -> impl Iterator<Item = usize> {
        let is_code = |at: &usize| self.mapping.fields.iter().any(|(column, _)| column == at);
        let id = self.mapping.id.filter(|at| self.id_column != Some(*at) && !is_code(at));
        let is_layer = |at: &usize| {
            self.cells.get(*at).is_some_and(|cell| cell.to_text().parse::<Kind>().is_ok())
        };
        let layer = self.mapping.layer.filter(|at| !is_layer(at));
        let wkt = self.mapping.wkt.and_then(|at| self.cells.get(at));
        let is_whole = wkt.is_none_or(|cell| cell.is_empty() || !goes_on(&cell.to_text()));
        let rest = self.mapping.wkt_rest.iter().copied().filter(move |_| is_whole);
        id.into_iter().chain(layer).chain(rest)
    }
}

impl Values {
    /// Sets what the row says. Empty cells leave what is there. Refuses an order of which it is not
    /// known whom, when or how long it concerns.
    #[expect(clippy::too_many_lines, reason = "one column of a row after the other")]
    pub fn fill(&mut self, record: &mut Record, row: &Filling<'_, '_>) -> Result<(), Refusal> {
        if record.kind == Kind::Site {
            self.fill_site_kind(record, row);
        }
        let site_kind = match record.fields.get(SITE_KIND) {
            Some(Value::Choice(key)) if record.kind == Kind::Site => Some(*key),
            _ => None,
        };
        let fields = record.kind.fields();
        for (column, index) in &row.mapping.fields {
            let is_done = record.kind == Kind::Site && *index == SITE_KIND;
            if is_done || row.id_column == Some(*column) {
                continue;
            }
            let (Some(cell), Some(field)) =
                (row.cells.get(*column), fields.get(usize::from(*index)))
            else {
                continue;
            };
            if cell.is_empty() {
                continue;
            }
            let name = row.columns.name(*column);
            if *index == CODE {
                self.fill_code(record, row, name, cell);
                continue;
            }
            if !field.is_of(site_kind) {
                put_extra(record, name, cell);
                continue;
            }
            let read = match (*index, row.name) {
                (NAME, Some(text)) => Ok(Some(Value::Text(Arc::clone(text)))),
                _ => self.read(record.kind, *index, field, cell),
            };
            match read {
                Ok(None) => {}
                Ok(value) => {
                    // A list goes back to its office in the words that it came with.
                    if record.kind == Kind::Item && is_other_word(field, value.as_ref(), cell) {
                        put_extra(record, name, cell);
                    } else {
                        drop_extra(record, name);
                    }
                    record.fields.set(*index, value);
                    if tells_trucks(record.kind, field) {
                        self.synonyms.note(field, cell);
                    }
                }
                Err(reason) => {
                    if let Some(refusal) = refusal(record.kind, field, cell, &reason) {
                        return Err(refusal);
                    }
                    if reason == ValueError::DateAndRemark
                        && let DateReading::DayAndMore(day) = read_date(&cell.to_text())
                    {
                        record.fields.set(*index, Some(Value::Date(day)));
                    }
                    put_extra(record, name, cell);
                    self.complain(name, row.number, cell, reason.localized());
                }
            }
        }
        for column in row.mapping.extras.iter().copied().chain(row.idle()) {
            if let Some(cell) = row.cells.get(column).filter(|cell| !cell.is_empty()) {
                let name = row.mapping.extra_name(row.columns, column);
                if matches!(record.kind, Kind::Restriction | Kind::Duty) && spans::is_head(name) {
                    fill_days(record, name, cell)?;
                    continue;
                }
                put_extra(record, name, cell);
                if let Cell::Text(text) = cell
                    && digits_lost(text)
                    && is_of_numbers(name)
                {
                    self.complain(name, row.number, cell, ROUNDED.into());
                }
            }
        }
        Ok(())
    }

    fn fill_code(
        &mut self,
        record: &mut Record,
        row: &Filling<'_, '_>,
        name: &str,
        cell: &Cell<'_>,
    ) {
        match row.code {
            CodeCell::Nothing => {}
            CodeCell::Code(code) => {
                record.fields.set(CODE, Some(Value::Text(Arc::clone(code))));
                drop_extra(record, name);
            }
            CodeCell::Unfit(reason) => {
                put_extra(record, name, cell);
                self.complain(name, row.number, cell, (*reason).into());
            }
        }
    }

    fn fill_site_kind(&mut self, record: &mut Record, row: &Filling<'_, '_>) {
        let column = row.mapping.fields.iter().find(|(_, index)| *index == SITE_KIND);
        let cell = column.and_then(|(column, _)| Some((*column, row.cells.get(*column)?)));
        let is_new = record.fields.get(SITE_KIND).is_none();
        let field = Kind::Site.fields().get(usize::from(SITE_KIND));
        let (Some((column, cell)), Some(field)) =
            (cell.filter(|(_, cell)| !cell.is_empty()), field)
        else {
            if is_new {
                record.fields.set(SITE_KIND, Some(Value::Choice(row.site_kind)));
            }
            return;
        };
        let name = row.columns.name(column);
        match self.read(Kind::Site, SITE_KIND, field, cell) {
            Ok(None) => {}
            Ok(kind) => {
                record.fields.set(SITE_KIND, kind);
                drop_extra(record, name);
            }
            Err(_) => {
                if is_new {
                    record.fields.set(SITE_KIND, Some(SiteKind::Other.value()));
                }
                put_extra(record, name, cell);
                self.complain(name, row.number, cell, NO_SITE_KIND.into());
            }
        }
    }

    /// What a row says of the fields that stand beside a name ([`beside_name`]).
    pub fn beside(
        &mut self,
        kind: Kind,
        mapping: &FieldMapping,
        cells: &[Cell<'_>],
    ) -> Vec<Option<Value>> {
        let mut said = Vec::new();
        for key in beside_name(kind) {
            let index = kind.index_of(key);
            let column = mapping.fields.iter().find(|(_, field)| Some(*field) == index);
            let cell = column.and_then(|(column, _)| cells.get(*column));
            let value = match (index, kind.field(key), cell) {
                (Some(index), Some(field), Some(cell)) => self.read(kind, index, field, cell),
                _ => Ok(None),
            };
            said.push(value.ok().flatten());
        }
        said
    }

    /// One cell as a value of a field.
    pub fn read(&mut self, kind: Kind, index: u8, field: &Field, cell: &Cell<'_>) -> ReadValue {
        match (cell, field.ty) {
            (Cell::Empty, _) => Ok(None),
            (Cell::Json(json), _) => Value::from_json(field, json),
            (Cell::Date(date), FieldType::Date) => Ok(Some(Value::Date(*date))),
            (Cell::Boolean(truth), FieldType::Boolean) => Ok(Some(Value::Boolean(*truth))),
            (Cell::Integer(serial), FieldType::Date) if date_of_serial(*serial).is_some() => {
                Ok(date_of_serial(*serial).map(Value::Date))
            }
            (Cell::Real(serial), FieldType::Date) if date_of_serial(*serial as i64).is_some() => {
                Ok(date_of_serial(*serial as i64).map(Value::Date))
            }
            (Cell::Text(text), FieldType::Date) if says_no_end(field, text) => Ok(None),
            (Cell::Text(text), FieldType::Date) if is_serial(text) => {
                Ok(text.trim().parse().ok().and_then(date_of_serial).map(Value::Date))
            }
            (
                Cell::Text(text),
                FieldType::Date
                | FieldType::Hours
                | FieldType::Integer { .. }
                | FieldType::Real { .. }
                | FieldType::Reals { .. },
            ) if is_nothing(text) && !(may_not_be_open(kind, field) && is_undecided(text)) => {
                Ok(None)
            }
            (Cell::Text(text), _) if repeats(field) && text.len() <= MAX_WORD_BYTES => {
                self.word(kind, index, field, text)
            }
            (cell, _) => Value::parse(field, &cell.to_text()),
        }
    }

    fn word(&mut self, kind: Kind, index: u8, field: &Field, text: &str) -> ReadValue {
        let words = self.words.entry((kind, index)).or_default();
        if let Some(reading) = words.get(text) {
            return reading.clone();
        }
        let reading = Value::parse(field, text);
        if words.len() < MAX_WORDS {
            words.insert(text.into(), reading.clone());
        }
        reading
    }

    fn complain(&mut self, column: &str, row: u64, cell: &Cell<'_>, reason: LocalizedText) {
        let complaint = self
            .complaints
            .entry(format!("{column}\0{}", reason.en))
            .or_insert_with(|| Complaint { count: 0, reason, examples: Vec::new() });
        complaint.count += 1;
        if complaint.examples.len() < MAX_EXAMPLES {
            let text: String = cell.to_text().chars().take(40).collect();
            complaint.examples.push((row, text));
        }
    }

    /// One line a word for trucks that was read as another.
    pub fn read_as(&self) -> Vec<LocalizedText> {
        self.synonyms.lines()
    }

    /// One line a column and reason: how many, and the first of them.
    pub fn warnings(&self) -> Vec<LocalizedText> {
        let lines = self.complaints.iter().map(|(column, complaint)| {
            complaint.warning(column.split('\0').next().unwrap_or_default())
        });
        lines.collect()
    }
}

/// Whether a cell says a value of a table in another word than ours: 大气 for 工业.
fn is_other_word(field: &Field, value: Option<&Value>, cell: &Cell<'_>) -> bool {
    // Formats that have lists and truths have them from a program.
    let Cell::Text(text) = cell else { return false };
    let is_ours = |word: &str| {
        let mut all = field.choices().into_iter().flatten();
        all.any(|choice| [choice.key, choice.label.zh, choice.label.en].contains(&word))
    };
    match value {
        Some(Value::Choice(_)) => !is_ours(text.trim()),
        Some(Value::Words(words)) => {
            let parts = text.split(['、', '，', ',', '；', ';', '[', ']', '"']).map(str::trim);
            let is_kept = |part: &str| words.iter().any(|word| **word == *part);
            parts.filter(|part| !part.is_empty()).any(|part| !is_ours(part) && !is_kept(part))
        }
        Some(Value::Boolean(_)) => !["是", "否", "true", "false"].contains(&text.trim()),
        _ => false,
    }
}

impl Complaint {
    fn warning(&self, column: &str) -> LocalizedText {
        let Self { count, reason: LocalizedText { zh, en }, examples } = self;
        let values = if *count == 1 { "value was" } else { "values were" };
        let is_more = *count > examples.len() as u64;
        let listed = |comma: &str, one: fn(&(u64, String)) -> String| {
            let more = is_more.then(|| "…".to_owned());
            examples.iter().map(one).chain(more).collect::<Vec<_>>().join(comma)
        };
        let rows_zh = listed("，", |(row, text)| format!("第 {row} 行：{text}"));
        let rows_en = listed(", ", |(row, text)| format!("row {row}: {text}"));
        LocalizedText::new(
            format!("“{column}”列有 {count} 个值未写入字段，已作为附加属性保留：{zh}（{rows_zh}）"),
            format!("`{column}`: {count} {values} kept beside the field, {en} ({rows_en})"),
        )
    }
}

/// Whether a column holds numbers of which each digit counts, and no quantities.
fn is_of_numbers(column: &str) -> bool {
    ["代码", "编码", "号", "证", "电话", "手机"].iter().any(|word| column.contains(word))
}

fn repeats(field: &Field) -> bool {
    !matches!(field.key, "code" | "name" | "address" | "monitoring_id")
        && !matches!(
            field.ty,
            FieldType::Phone | FieldType::Integer { .. } | FieldType::Real { .. }
        )
}

/// Fields that say whom, when and how long an order concerns. One that cannot be read would leave it
/// wider than it was meant: always, for all trucks.
fn narrows(field: &Field) -> bool {
    const NARROW: &[&str] = &[
        "kind",
        "classes",
        "min_axles",
        "min_mass_t",
        "stages",
        "hours",
        "valid_from",
        "valid_to",
        "fuels",
        "plates",
        "state",
    ];
    NARROW.contains(&field.key)
}

/// Whether it may not be left open where it is still to be decided: an order that ends some day holds
/// until then.
fn may_not_be_open(kind: Kind, field: &Field) -> bool {
    kind == Kind::Restriction && narrows(field) && field.key != "valid_to"
}

/// What may not be left open where it cannot be read; `None` for what may.
fn refusal(
    kind: Kind,
    field: &'static Field,
    cell: &Cell<'_>,
    reason: &ValueError,
) -> Option<Refusal> {
    match kind {
        Kind::Restriction if narrows(field) => Some(too_wide(field, cell, reason)),
        Kind::Flow if tells_truck(field) => Some(other_truck(field, cell, reason)),
        _ => None,
    }
}

/// Whether a field says which truck drives: without it the flow would be one of other trucks.
fn tells_truck(field: &Field) -> bool {
    ["class", "stage", "axles", "fuel", "plate"].contains(&field.key)
}

fn other_truck(field: &'static Field, cell: &Cell<'_>, reason: &ValueError) -> Refusal {
    let LocalizedText { zh, en } = reason.localized();
    let text: String = cell.to_text().chars().take(80).collect();
    let (label_zh, label_en) = (field.label.zh, field.label.en);
    let reason = LocalizedText::new(
        format!("“{label_zh}”读不出来，未导入此条车流，以免按别的车计算：{zh}"),
        format!("{label_en} of a flow cannot be read, and it would count as another truck: {en}"),
    );
    Refusal::new(field.key, text, reason)
}

/// From when to when an order holds, where one column says both. An end that a column of its own says
/// stands.
fn fill_days(record: &mut Record, name: &str, cell: &Cell<'_>) -> Result<(), Refusal> {
    let kind = record.kind;
    let ends = [kind.field("valid_from"), kind.field("valid_to")];
    let [Some(from), Some(to)] = ends else { return Ok(()) };
    let text = cell.to_text();
    if says_no_end(to, &text) || is_nothing(&text) && !is_undecided(&text) {
        return Ok(());
    }
    let Some(days) = spans::read(&text) else {
        return Err(too_wide(from, cell, &ValueError::NotADate));
    };
    for (key, day) in [("valid_from", days.0), ("valid_to", days.1)] {
        if record.get(key).is_none() {
            record.set(key, day.map(Value::Date));
        }
    }
    drop_extra(record, name);
    Ok(())
}

fn too_wide(field: &'static Field, cell: &Cell<'_>, reason: &ValueError) -> Refusal {
    let LocalizedText { zh, en } = reason.localized();
    let text: String = cell.to_text().chars().take(80).collect();
    let (label_zh, label_en) = (field.label.zh, field.label.en);
    let reason = LocalizedText::new(
        format!("“{label_zh}”读不出来，未导入此行，以免范围变大：{zh}"),
        format!(
            "{label_en} cannot be read, and without it this would hold for longer or wider: {en}"
        ),
    );
    Refusal::new(field.key, text, reason)
}

/// 长期: a date of an end that never comes.
fn says_no_end(field: &Field, text: &str) -> bool {
    const NO_END: &[&str] =
        &["长期", "长期有效", "永久", "无期限", "无固定期限", "另行通知", "至另行通知"];
    field.key == "valid_to" && NO_END.contains(&text.trim())
}

fn is_serial(text: &str) -> bool {
    let text = text.trim();
    text.len() == 5 && text.parse().ok().and_then(date_of_serial).is_some()
}

/// Excel's day number, from 1954 to 2119: a date cell that lost its format.
fn date_of_serial(serial: i64) -> Option<Date> {
    if !(20_000..80_000).contains(&serial) {
        return None;
    }
    jiff::civil::date(1899, 12, 30).checked_add(serial.days()).ok()
}

/// Text stays text and numbers stay numbers. A whole number is the same number with and without
/// `.0`, and is kept without.
fn json(cell: &Cell<'_>) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match cell {
        Cell::Empty => Json::Null,
        Cell::Text(text) => Json::from(&*printable(text)),
        Cell::Integer(number) => Json::from(*number),
        Cell::Real(number) if number.fract() == 0.0 && number.abs() < EXACT => {
            Json::from(*number as i64)
        }
        Cell::Real(number) => {
            Number::from_f64(*number).map_or_else(|| Json::from(number.to_string()), Json::Number)
        }
        Cell::Boolean(truth) => Json::from(*truth),
        Cell::Date(date) => Json::from(date.to_string()),
        Cell::Json(json) => json.clone(),
    }
}

fn put_extra(record: &mut Record, name: &str, cell: &Cell<'_>) {
    let (name, mut new) = (&*printable(name), json(cell));
    if let Some(old) = record.extra.as_ref().and_then(|extra| extra.get(name)) {
        // A CSV has only text: what was a number stays one.
        if let (false, Json::String(text)) = (old.is_string(), &new)
            && let Ok(typed) = serde_json::from_str::<Json>(text)
            && std::mem::discriminant(&typed) == std::mem::discriminant(old)
        {
            new = typed;
        }
        if *old == new {
            return;
        }
    }
    Arc::make_mut(record.extra.get_or_insert_default()).insert(name.to_owned(), new);
}

/// A value that could not be read and was kept beside its field is gone once the field has one.
fn drop_extra(record: &mut Record, name: &str) {
    let Some(extra) = &mut record.extra else { return };
    let name = &*printable(name);
    if extra.contains_key(name) {
        Arc::make_mut(extra).shift_remove(name);
        if extra.is_empty() {
            record.extra = None;
        }
    }
}
