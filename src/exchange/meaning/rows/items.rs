//! Rows that are items of the ledger, and rows that nobody brings.

use std::sync::Arc;

use super::ImportSink;
use crate::domain::{Kind, LocalizedText, Record, Value, item};
use crate::exchange::Cell;
use crate::exchange::meaning::columns::FieldMapping;
use crate::exchange::meaning::values::CODE;

impl ImportSink<'_> {
    /// Says once that rows of a layer stay where they are.
    pub(super) fn pass_over(&mut self, kind: Kind) {
        let words = LocalizedText::new(
            format!("图层“{}”由程序生成，不导入", kind.label().zh),
            format!("the layer `{kind}` is made by the program and was passed over"),
        );
        if !self.from_format.contains(&words) {
            self.from_format.push(words);
        }
    }

    /// The own number of the item that a row without one speaks of again.
    pub(super) fn known_item(
        &mut self,
        mapping: &FieldMapping,
        cells: &[Cell<'_>],
        name: &str,
    ) -> Option<Arc<str>> {
        let field = Kind::Item.index_of("superior_code")?;
        let superior = self.text(Kind::Item, field, mapping, cells, None).unwrap_or_default();
        self.known.item_code(&superior, name, &self.import.file)
    }

    /// What rows of a layer leave to the program to say.
    pub(super) fn complete(&mut self, before: Option<&Record>, record: &mut Record) {
        match record.kind {
            Kind::Item => self.adopt(before, record),
            Kind::Duty => self.scope(record),
            _ => {}
        }
    }

    /// An item comes with the state that its list says, and gets a number of this office.
    fn adopt(&mut self, before: Option<&Record>, record: &mut Record) {
        let at = item::civil(self.import.stamp.at);
        if record.code().is_none() {
            let code = self.numbers.next(self.known.world(), at.date());
            record.fields.set(CODE, Some(Value::text(&code)));
        }
        let file = &self.import.file;
        let reason = format!("来自 {file}");
        item::guard::adopted(before, record, &self.import.stamp.actor, at, &reason);
    }
}
