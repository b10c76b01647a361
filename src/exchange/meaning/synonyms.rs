//! Words of a file that were read as another word of the program: 国六b as 国六. Which trucks an order
//! means and which drive rests on them, so whoever imports is shown each of them.

use std::collections::BTreeMap;

use crate::domain::{Choice, Field, Kind, Lang, LocalizedText, SEPARATORS, Value, printable};
use crate::exchange::Cell;

/// A word longer than this stands in no table.
const MAX_WORD_BYTES: usize = 64;

/// Counts them.
#[derive(Debug, Default)]
pub struct Synonyms {
    /// Rows that have a word, by the field's words and what the file says.
    rows: BTreeMap<(&'static str, String), SynonymUse>,
}

#[derive(Debug)]
struct SynonymUse {
    field: &'static Field,
    read: Value,
    rows: u64,
}

/// Whether a field says which trucks are meant.
pub fn tells_trucks(kind: Kind, field: &Field) -> bool {
    match kind {
        Kind::Restriction => ["classes", "stages", "fuels", "plates"].contains(&field.key),
        Kind::Flow => ["class", "stage", "fuel", "plate"].contains(&field.key),
        _ => false,
    }
}

impl Synonyms {
    /// A cell that was read into `field`.
    pub fn note(&mut self, field: &'static Field, cell: &Cell<'_>) {
        let text = cell.to_text();
        for word in printable(&text).split(SEPARATORS).map(str::trim) {
            if word.len() > MAX_WORD_BYTES {
                continue;
            }
            let choices = field.choices().unwrap_or_default();
            let is_own = |choice: &&Choice| {
                choice.key == word
                    || choice.label.zh == word
                    || choice.label.en.eq_ignore_ascii_case(word)
            };
            if choices.iter().any(|choice| is_own(&choice)) {
                continue;
            }
            let Ok(Some(read)) = Value::parse(field, word) else { continue };
            let known = self.rows.entry((field.key, word.to_owned()));
            known.or_insert(SynonymUse { field, read, rows: 0 }).rows += 1;
        }
    }

    /// A line a word.
    pub fn lines(&self) -> Vec<LocalizedText> {
        let lines = self.rows.iter().map(|((_, word), SynonymUse { field, read, rows })| {
            let (zh, en) = (read.shown(field, Lang::Zh), read.shown(field, Lang::En));
            let label = field.label;
            LocalizedText::new(
                format!("{}：“{word}”按“{zh}”读入（{rows} 行）", label.zh),
                format!("{}: `{word}` was read as `{en}` (rows: {rows})", label.en),
            )
        });
        lines.collect()
    }
}
