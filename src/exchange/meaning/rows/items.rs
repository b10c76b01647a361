//! Rows that are items of the ledger.

use std::sync::Arc;

use super::ImportSink;
use crate::domain::{Kind, Record, Value, item};
use crate::exchange::Cell;
use crate::exchange::meaning::columns::FieldMapping;
use crate::exchange::meaning::values::CODE;

impl ImportSink<'_> {
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

    /// An item comes with the state that its list says, and gets a number of this office.
    pub(super) fn adopt(&mut self, before: Option<&Record>, record: &mut Record) {
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
