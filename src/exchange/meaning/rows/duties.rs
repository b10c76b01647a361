//! Rows that say who answers for what.

use super::ImportSink;
use crate::domain::{DutyScope, Kind, Record};

impl ImportSink<'_> {
    /// Lists of offices seldom say how far a duty goes: it is about what it names, the narrowest first.
    /// Without that it would be one for the whole district.
    pub(super) fn scope(&self, record: &mut Record) {
        if record.get("scope").is_some() {
            return;
        }
        let subject = record.text("subject");
        let points = self.known.world().table(Kind::ControlPoint);
        let is_point = |name: &str| points.iter().any(|point| point.name() == name);
        let scope = match () {
            () if is_point(subject) => DutyScope::Ring,
            () if !subject.is_empty() => DutyScope::Place,
            () if !record.text("township").is_empty() => DutyScope::Township,
            () if record.get("types").is_some() => DutyScope::Type,
            () => DutyScope::District,
        };
        scope.put(record);
    }
}
