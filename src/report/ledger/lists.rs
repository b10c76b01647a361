//! Lists of an office that are not a row an item: what is counted of the items, and firms with their
//! measures in the columns in which cities publish them.

use std::collections::{BTreeMap, BTreeSet};

use super::sheet::{SheetLayout, SheetOptions, extra, masked_name, masked_phone, width};
use crate::analysis::ledger::LedgerRow;
use crate::domain::item::types;
use crate::domain::{Field, ItemState, ItemType, Kind, Lang, Record, SiteKind, World};
use crate::exchange::meaning::names::{meanings, normal};
use crate::report::block::PaperTable;

/// What the rows of a layout are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SheetRows {
    #[default]
    Items,
    /// What was handed over to each unit, by type of pollution.
    HandedByUnit,
    /// What each unit has done and has not.
    DoneByUnit,
    /// 绩效评级名单: enterprises.
    Enterprises,
    /// 应急减排清单: lines of enterprises with what they do at each level.
    Measures,
    /// 分包责任表: who answers for what.
    Duties,
}

/// Why a table of counts may say more than the ledger has; stands below it.
pub const SUMS: &str = "一件涉及多个类型或多个单位的各计一次，各列、各行之和可大于件数。";

/// A table whose rows are no items; `None` where they are.
pub fn table(
    layout: &SheetLayout,
    world: &World,
    rows: &[&LedgerRow],
    options: SheetOptions,
) -> Option<PaperTable> {
    let cells = match layout.rows {
        SheetRows::Items => return None,
        SheetRows::HandedByUnit => handed(&layout.heads, rows),
        SheetRows::DoneByUnit => done(rows),
        SheetRows::Enterprises => {
            let all = world.table(Kind::Site).iter().map(|site| &**site);
            let of = all.filter(|site| SiteKind::of(site) == Some(SiteKind::Enterprise));
            records(&layout.heads, of, options)
        }
        SheetRows::Measures => {
            let all = world.table(Kind::ResponseMeasure).iter().map(|it| &**it);
            records(&layout.heads, all, options)
        }
        SheetRows::Duties => {
            let all = world.table(Kind::Duty).iter().map(|it| &**it);
            records(&layout.heads, all, options)
        }
    };
    Some(PaperTable {
        widths: layout.heads.iter().map(|head| width(head)).collect(),
        header: layout.heads.clone(),
        rows: cells,
        ..PaperTable::default()
    })
}

/// The units of an item; its township where it names none.
fn units(row: &LedgerRow) -> Vec<String> {
    let units: Vec<String> = row.record.words("units").iter().map(ToString::to_string).collect();
    match (units.is_empty(), row.record.text("township")) {
        (false, _) => units,
        (true, "") => vec!["（未填）".to_owned()],
        (true, township) => vec![township.to_owned()],
    }
}

/// As inspections count: our types are all of the air, others go by the word that the list brought.
fn pollution<'h>(row: &LedgerRow, heads: &'h [String]) -> BTreeSet<&'h str> {
    let own = types(&row.record);
    let brought = ["污染类型", "问题类型", "问题类别", "类别"].map(|head| extra(&row.record, head));
    let named = |head: &&String| brought.iter().any(|word| word.contains(head.as_str()));
    let mut all: BTreeSet<&str> =
        heads.iter().filter(|head| *head != "其他").filter(named).map(|head| &**head).collect();
    if own.iter().any(|of| *of != ItemType::Other) {
        all.extend(heads.iter().find(|head| *head == "大气").map(|head| &**head));
    }
    if all.is_empty() {
        all.extend(heads.iter().find(|head| *head == "其他").map(|head| &**head));
    }
    all
}

fn handed(heads: &[String], rows: &[&LedgerRow]) -> Vec<Vec<String>> {
    let kinds = heads.get(2..).unwrap_or_default();
    let handed: Vec<&LedgerRow> = rows
        .iter()
        .filter(|row| row.handed.is_some() || row.state != ItemState::Registered)
        .copied()
        .collect();
    let mut counts: BTreeMap<String, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
    let (mut of_all, mut total) = (BTreeMap::new(), 0);
    for row in handed {
        let of = pollution(row, kinds);
        total += 1;
        for kind in &of {
            *of_all.entry(*kind).or_insert(0) += 1;
        }
        for unit in units(row) {
            let (count, by_kind) = counts.entry(unit).or_default();
            *count += 1;
            for kind in &of {
                *by_kind.entry(*kind).or_insert(0) += 1;
            }
        }
    }
    let line = |name: String, count: usize, by_kind: &BTreeMap<&str, usize>| {
        let kinds = kinds.iter().map(|kind| by_kind.get(&**kind).copied().unwrap_or(0));
        [name, count.to_string()].into_iter().chain(kinds.map(|it| it.to_string())).collect()
    };
    let mut table: Vec<Vec<String>> =
        counts.iter().map(|(unit, (count, kinds))| line(unit.clone(), *count, kinds)).collect();
    table.push(line("合计（件）".to_owned(), total, &of_all));
    table
}

fn done(rows: &[&LedgerRow]) -> Vec<Vec<String>> {
    let is_counted = |row: &&&LedgerRow| {
        !matches!(row.state, ItemState::Refuted | ItemState::Merged | ItemState::Void)
    };
    let is_done = |row: &LedgerRow| {
        row.state.awaits_check() || matches!(row.state, ItemState::Reviewed | ItemState::Closed)
    };
    let counted: Vec<&LedgerRow> = rows.iter().filter(is_counted).copied().collect();
    let mut by_unit: BTreeMap<String, Vec<&LedgerRow>> = BTreeMap::new();
    for row in &counted {
        for unit in units(row) {
            by_unit.entry(unit).or_default().push(row);
        }
    }
    let line = |name: &str, rows: &[&LedgerRow], says_which: bool| {
        let open: Vec<&&LedgerRow> = rows.iter().filter(|row| !is_done(row)).collect();
        let which = open.iter().filter_map(|row| row.record.code());
        vec![
            name.to_owned(),
            rows.len().to_string(),
            (rows.len() - open.len()).to_string(),
            open.len().to_string(),
            if says_which { which.collect::<Vec<_>>().join("、") } else { String::new() },
        ]
    };
    let mut table: Vec<Vec<String>> =
        by_unit.iter().map(|(unit, rows)| line(unit, rows, true)).collect();
    table.push(line("合计（件）", &counted, false));
    table
}

/// Records in the columns of their list: fields by their names, other columns as they were brought. A
/// field that two columns name stands in the first.
fn records<'r>(
    heads: &[String],
    all: impl Iterator<Item = &'r Record>,
    options: SheetOptions,
) -> Vec<Vec<String>> {
    let row = |(place, record): (usize, &'r Record)| {
        let mut shown: BTreeSet<&str> = BTreeSet::new();
        let cell = |head: &String| {
            let field = field_of(record.kind, head).filter(|field| shown.insert(field.key));
            cell(record, (head, field), place + 1, options)
        };
        heads.iter().map(cell).collect()
    };
    all.enumerate().map(row).collect()
}

fn cell(
    record: &Record,
    (head, field): (&str, Option<&Field>),
    number: usize,
    options: SheetOptions,
) -> String {
    match normal(head).as_str() {
        "序号" => return number.to_string(),
        "起止日期" => return days(record),
        _ => {}
    }
    let Some(field) = field.filter(|field| record.get(field.key).is_some()) else {
        let words = extra(record, head);
        let is_of_person = PERSONS.iter().any(|end| head.ends_with(end));
        return if is_of_person { masked(words, masked_name, options) } else { words };
    };
    let words = record.get(field.key).map_or_else(String::new, |it| it.shown(field, Lang::Zh));
    match field.key {
        "phone" => masked(words, masked_phone, options),
        "person" | "department_person" => masked(words, masked_name, options),
        _ => words,
    }
}

/// Columns without a field of their own in which people stand.
const PERSONS: [&str; 3] = ["员", "责任人", "联系人"];

fn masked(words: String, mask: fn(&str) -> String, options: SheetOptions) -> String {
    if options.with_persons { words } else { mask(&words) }
}

/// `2026-10-01至2027-03-31`, `2026-10-01起`.
fn days(record: &Record) -> String {
    match (record.date("valid_from"), record.date("valid_to")) {
        (Some(from), Some(to)) => format!("{from}至{to}"),
        (Some(from), None) => format!("{from}起"),
        (None, Some(to)) => format!("至{to}止"),
        (None, None) => String::new(),
    }
}

fn field_of(kind: Kind, head: &str) -> Option<&'static Field> {
    let found = meanings(head).fields;
    let own = found.iter().filter(|candidate| candidate.kind == kind);
    let best = own.min_by_key(|candidate| candidate.rank).filter(|candidate| candidate.rank < 6)?;
    kind.fields().get(usize::from(best.field))
}
