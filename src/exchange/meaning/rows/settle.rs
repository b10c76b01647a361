//! For which record a row is taken, and what it is called.

use std::sync::Arc;

use super::ImportSink;
use crate::domain::{Kind, Record, SiteKind, Text, Value};
use crate::exchange::Cell;
use crate::exchange::meaning::MAX_REJECTIONS;
use crate::exchange::meaning::codes::{self, CodeUse};
use crate::exchange::meaning::columns::FieldMapping;
use crate::exchange::meaning::doubts::{Candidate, Doubt, OnDoubt};
use crate::exchange::meaning::known::{Found, Identity, beside_name};
use crate::exchange::meaning::naming;
use crate::exchange::meaning::place::Refusal;
use crate::exchange::meaning::values::{NAME, SITE_KIND};

/// For which record a row is taken.
pub(super) struct Settled {
    /// `None` for a new one.
    pub before: Option<Arc<Record>>,
    /// Why its code is kept beside it.
    pub unfit: Option<Text>,
    /// An earlier new row has the same code and is the same record.
    pub is_repeated: bool,
}

impl Settled {
    fn of(before: Option<Arc<Record>>, unfit: Option<Text>) -> Self {
        Self { before, unfit, is_repeated: false }
    }
}

impl ImportSink<'_> {
    /// What becomes of a row, for which record it is taken; `None` where it is left out.
    pub(super) fn settle(
        &mut self,
        number: u64,
        row: &Identity<'_>,
        found: Found,
    ) -> Option<Settled> {
        let candidate = match found {
            Found::Same(known) => return Some(Settled::of(Some(known), None)),
            Found::SameWithoutCode(known) => {
                return Some(Settled::of(Some(known), Some(codes::TAKEN)));
            }
            Found::Doubtful(candidate) => candidate,
            Found::New => return Some(self.settle_new(row, None)),
        };
        let table = self.report.tables.len();
        let choice = self.import.doubts.of(table, number, candidate.cause);
        self.note_doubt(number, row, &candidate, choice);
        let is_by_code = candidate.cause.is_about_code();
        match choice {
            OnDoubt::LeaveOut => None,
            OnDoubt::Same => Some(Settled::of(Some(candidate.known), None)),
            OnDoubt::New => Some(self.settle_new(row, is_by_code.then_some(codes::TAKEN))),
        }
    }

    fn settle_new(&mut self, row: &Identity<'_>, unfit: Option<Text>) -> Settled {
        if unfit.is_some() {
            return Settled::of(None, unfit);
        }
        match self.known.claim(row) {
            CodeUse::First => Settled::of(None, None),
            CodeUse::Again => Settled { is_repeated: true, ..Settled::of(None, None) },
            CodeUse::Contested => Settled::of(None, Some(codes::SHARED)),
        }
    }

    fn note_doubt(
        &mut self,
        row: u64,
        identity: &Identity<'_>,
        candidate: &Candidate,
        decided: OnDoubt,
    ) {
        self.report.doubted += 1;
        if self.report.doubts.len() >= MAX_REJECTIONS {
            return;
        }
        self.report.doubts.push(Doubt {
            row,
            table: self.report.tables.len(),
            name: identity.name.to_owned(),
            known: candidate.known.name().to_owned(),
            code: identity.code.unwrap_or_default().to_owned(),
            cause: candidate.cause,
            distance_m: candidate.distance_m.map(|metres| metres.round() as u32),
            decided,
        });
    }

    /// The name of a thing that has none: what is said of it, else file and number. A sheet that has
    /// a column of names is to fill it.
    pub(super) fn made_up_name(
        &mut self,
        number: u64,
        kind: Kind,
        mapping: &FieldMapping,
        cells: &[Cell<'_>],
    ) -> Option<Arc<str>> {
        let has_own_way = matches!(kind, Kind::Road | Kind::Flow);
        let has_names = mapping.fields.iter().any(|(_, field)| *field == NAME);
        if has_own_way || self.is_sheet && has_names {
            return None;
        }
        let said = naming::said(&self.table.columns, cells);
        self.counts.nameless += u64::from(said.is_none());
        self.counts.remarked += u64::from(self.is_sheet && said.is_some());
        Some(said.unwrap_or_else(|| naming::by_number(&self.import.file, number)).into())
    }

    /// Names a record that its row left nameless, or refuses it.
    pub(super) fn name(
        &mut self,
        number: u64,
        record: &mut Record,
        mapping: &FieldMapping,
        cells: &[Cell<'_>],
    ) -> Result<(), Refusal> {
        let has_names = mapping.fields.iter().any(|(_, field)| *field == NAME);
        let mut name = naming::by_fields(record);
        if name.is_none() && record.geometry.is_some() && !(self.is_sheet && has_names) {
            let said = naming::said(&self.table.columns, cells);
            self.counts.nameless += u64::from(said.is_none());
            self.counts.remarked += u64::from(self.is_sheet && said.is_some());
            name = Some(said.unwrap_or_else(|| naming::by_number(&self.import.file, number)));
        }
        let name = name.ok_or_else(|| Refusal::new("name", "", naming::NAMELESS))?;
        record.set("name", Some(Value::text(&name)));
        Ok(())
    }

    /// A record that got its name from what it says may be known by it.
    pub(super) fn known_by_made_name(
        &mut self,
        record: &mut Record,
    ) -> Result<Option<Arc<Record>>, Refusal> {
        if record.code().is_some() {
            return Ok(None);
        }
        let beside = beside_name(record.kind).iter().map(|key| record.get(key).cloned());
        let row = Identity {
            kind: record.kind,
            id: None,
            code: None,
            name: record.name(),
            site_kind: None,
            geometry: record.geometry.as_ref(),
            beside: &beside.collect::<Vec<_>>(),
            file: &self.import.file,
        };
        let Found::Same(known) = self.known.find(&row)? else { return Ok(None) };
        *record = known.overlaid_with(record);
        Ok(Some(known))
    }

    /// The type of a site, where the row or its table says it.
    pub(super) fn stated_site_kind(
        &mut self,
        kind: Kind,
        mapping: &FieldMapping,
        cells: &[Cell<'_>],
    ) -> Option<&'static str> {
        if kind != Kind::Site || !self.known.has_any(kind) {
            return None;
        }
        let column = mapping.fields.iter().find(|(_, field)| *field == SITE_KIND);
        let cell = column.and_then(|(column, _)| cells.get(*column));
        let field = kind.fields().get(usize::from(SITE_KIND))?;
        match cell.map(|cell| self.values.read(kind, SITE_KIND, field, cell)) {
            Some(Ok(Some(Value::Choice(key)))) => Some(key),
            _ => Some(self.table.site_kind_of(cells)).filter(|key| *key != SiteKind::Other.key()),
        }
    }
}
