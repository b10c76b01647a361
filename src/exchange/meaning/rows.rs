//! The receiving end of a format: row by row into changes.

mod duties;
mod items;
mod settle;

use std::borrow::Cow;
use std::sync::Arc;

use geo_types::{Coord, Geometry};
use rustc_hash::FxHashSet;

use super::codes::CodeCell;
use super::columns::FieldMapping;
use super::counts::Counts;
use super::datum::{Datums, Undecided};
use super::datum_check::DatumCheck;
use super::known::{Found, Identity, KnownRecords, unless_moved};
use super::names;
use super::nearby::DistrictExtent;
use super::outline::{MAX_OUTLINES, TableOutline};
use super::place::{self, Refusal, StatedPlace};
use super::plausible::{Beside, Plausible};
use super::refusals::Refusals;
use super::tables::SourceTable;
use super::values::{CODE, Filling, NAME, Values};
use super::{
    Import, ImportError, MAX_REJECTED_BYTES, MAX_REJECTIONS, Rejection, Report, shape, unlisted,
};
use crate::domain::{
    self, Change, Fields, Ids, Kind, LocalizedText, Record, RecordId, SiteKind, Text, Value, World,
};
use crate::exchange::{Cell, Error, Format, InRow, Sink, StatedCrs, Stop, wkt};

/// More than any spreadsheet has, and enough for every attribute that a layer ever had.
const MAX_COLUMNS: usize = 20_000;

/// More columns are not named in one line.
const MAX_UNUSED: usize = 8;

const SAME_ID: Text = Text::new("前面已有一行用了此 id", "an earlier row has the same id");
const UNKNOWN_CRS: Text = Text::new("无法识别的坐标系", "a CRS that is not known here");

const NOTHING: Text = Text::new(
    "没有读到任何内容：文件是空的，或只有表头",
    "nothing was read: the file is empty, or has nothing but a header",
);

const TOO_LARGE: Text = Text::new(
    "退回的行内容太多，退回清单中部分行没有原内容",
    "the rejected rows are too large; the list of them has some without their content",
);

/// The cells and the geometry of a row.
type RowSource<'r, 'c> = (&'r [Cell<'c>], Option<&'r Geometry<f64>>);

type Take<'a> = &'a mut dyn FnMut(Change) -> Result<(), Stop>;

/// Takes the rows of a file and hands on a change for each that says something new.
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
pub struct ImportSink<'a> {
    import: &'a Import,
    /// There is one table and its columns are named at the start, so a wrong `--map` shows at once.
    has_header: bool,
    is_sheet: bool,
    is_osm: bool,
    take: Take<'a>,
    ids: Ids,
    district: DistrictExtent<'a>,
    known: KnownRecords<'a>,
    datums: Datums,
    datum_check: DatumCheck,
    plausible: Plausible,
    beside: Beside,
    values: Values,
    numbers: domain::item::number::Numbers,
    table: SourceTable,
    mapped: FxHashSet<String>,
    /// The row at hand holds several things, and this is not the first: it has no code or id of its
    /// own.
    is_further_part: bool,
    report: Report,
    counts: Counts,
    refusals: Refusals,
    failure: Option<ImportError>,
    from_format: Vec<LocalizedText>,
    /// What the rejected rows that are kept take, and whether all could be kept.
    kept_bytes: usize,
    keeps_all: bool,
}

/// Why a row did not become a change.
enum Skip {
    Refused(Refusal),
    /// Not of this district, and not counted.
    Elsewhere,
    Failed(ImportError),
    Stopped(Stop),
}

impl From<Refusal> for Skip {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

enum RowOutcome {
    Added,
    /// A record that the district has, or that an earlier row brought, takes what it says.
    Updated,
    Unchanged,
    LeftOut,
}

impl Sink for ImportSink<'_> {
    fn table(&mut self, name: &str, crs: &StatedCrs) -> Result<(), Stop> {
        self.end_table();
        self.table = SourceTable::named(name);
        self.datums.begin_table(crs);
        Ok(())
    }

    fn column(&mut self, name: &str) -> Result<usize, Stop> {
        let at = self.table.columns.place(name);
        if at < MAX_COLUMNS {
            return Ok(at);
        }
        let refused = Error::hostile(
            format!("不同的列或属性超过 {MAX_COLUMNS} 个"),
            format!("more than {MAX_COLUMNS} different columns or attributes"),
        );
        self.failure = Some(ImportError::Unreadable(refused));
        Err(Stop)
    }

    fn row(&mut self, row: InRow<'_>) -> Result<(), Stop> {
        if row.geometry.is_none() && row.cells.iter().all(Cell::is_empty) {
            return Ok(());
        }
        if !self.table.is_current() {
            self.map_anew()?;
        }
        self.table.samples.look(row.cells);
        let Some(parts) = row.geometry.as_ref().and_then(shape::parts) else {
            return self.part(row.number, row.cells, row.geometry.as_ref());
        };
        for (nth, part) in parts.iter().enumerate() {
            self.is_further_part = nth > 0;
            let result = self.part(row.number, row.cells, Some(part));
            self.is_further_part = false;
            result?;
        }
        Ok(())
    }

    fn reject(&mut self, row: u64, reason: LocalizedText) -> Result<(), Stop> {
        self.refuse(row, Refusal::new("", "", reason), None);
        Ok(())
    }

    fn knows(&self, column: &str) -> bool {
        names::is_known(column)
    }

    fn warn(&mut self, words: LocalizedText) {
        if self.from_format.len() < MAX_REJECTIONS {
            self.from_format.push(words);
        }
    }

    fn remark(&mut self, words: &str) {
        self.datums.mention(words);
    }
}

impl<'a> ImportSink<'a> {
    /// A row, or one of the things that a row of several holds.
    fn part(
        &mut self,
        number: u64,
        cells: &[Cell<'_>],
        geometry: Option<&Geometry<f64>>,
    ) -> Result<(), Stop> {
        match self.take_row(number, cells, geometry) {
            Ok(outcome) => {
                self.report.read += 1;
                match outcome {
                    RowOutcome::Added => self.report.added += 1,
                    RowOutcome::Updated => self.report.updated += 1,
                    RowOutcome::Unchanged => self.report.unchanged += 1,
                    RowOutcome::LeftOut => self.report.left_out += 1,
                }
                Ok(())
            }
            Err(Skip::Elsewhere) => Ok(()),
            Err(Skip::Refused(refusal)) => {
                self.refuse(number, refusal, Some((cells, geometry)));
                Ok(())
            }
            Err(Skip::Failed(error)) => {
                self.failure = Some(error);
                Err(Stop)
            }
            Err(Skip::Stopped(stop)) => Err(stop),
        }
    }

    /// For a file of this format; changes go to `take`.
    pub fn new(format: &dyn Format, import: &'a Import, world: &'a World, take: Take<'a>) -> Self {
        let is_sheet = format.is_sheet();
        let format = format.name();
        let district = DistrictExtent::of(world);
        let is_osm = format == "osm";
        let mut datums = Datums::new(import.crs.clone(), import.crs_overrules);
        datums.mention(&import.file);
        Self {
            import,
            is_sheet,
            has_header: format == "csv",
            is_osm,
            take,
            ids: import.ids.clone(),
            plausible: Plausible::new(district.centre, import.takes_far, is_osm),
            beside: Beside::default(),
            district,
            known: KnownRecords::new(world, &import.brought),
            datums,
            datum_check: DatumCheck::default(),
            values: Values::default(),
            numbers: domain::item::number::Numbers::default(),
            table: SourceTable::default(),
            mapped: FxHashSet::default(),
            is_further_part: false,
            report: Report { file: import.file.to_string(), format, ..Report::default() },
            counts: Counts::default(),
            refusals: Refusals::default(),
            failure: None,
            from_format: Vec::new(),
            kept_bytes: 0,
            keeps_all: true,
        }
    }

    /// Why the rows stopped, if it was their own doing.
    pub fn failure(&mut self) -> Option<ImportError> {
        self.failure.take()
    }

    /// What became of the file, once all rows are in.
    pub fn finish(mut self) -> Result<Report, ImportError> {
        if self.report.read > 0
            && let Some((_, column)) =
                self.import.map.iter().find(|(_, column)| !self.mapped.contains(column))
        {
            return Err(self.no_such_column(column));
        }
        self.end_table();
        self.known.give_back(&self.import.brought);
        self.report.crs = self.datums.names();
        self.report.refusals = std::mem::take(&mut self.refusals).groups();
        // The datum comes first: everything else can be repaired, a district in the wrong place
        // is believed.
        let option = self.datums.option();
        let suspicion = self.datums.only().and_then(|crs| self.datum_check.warning(crs, option));
        let mut warnings: Vec<LocalizedText> = suspicion.into_iter().collect();
        warnings.extend(self.datums.warnings());
        warnings.extend(self.beside.warning(&self.district));
        warnings.extend(self.unused_places());
        warnings.extend(self.counts.warnings());
        warnings.extend(self.values.warnings());
        let read_as = self.values.read_as();
        warnings.extend(self.from_format);
        if self.report.read == 0 {
            warnings.push(NOTHING.into());
        }
        if self.report.rejected > self.report.rejections.len() as u64 {
            warnings.push(unlisted());
        }
        if !self.keeps_all {
            warnings.push(TOO_LARGE.into());
        }
        self.report.warnings = warnings;
        self.report.read_as = read_as;
        Ok(self.report)
    }

    fn no_such_column(&self, column: &str) -> ImportError {
        ImportError::NoSuchColumn { file: self.import.file.to_string(), column: column.to_owned() }
    }

    fn refuse(&mut self, row: u64, refusal: Refusal, source: Option<RowSource<'_, '_>>) {
        self.report.read += 1;
        self.report.rejected += 1;
        let at = self.report.rejections.len();
        self.refusals.count(row, &refusal, (at < MAX_REJECTIONS).then_some(at));
        if self.report.rejections.len() >= MAX_REJECTIONS {
            return;
        }
        let (cells, wkt) = source.map(|source| self.kept(source)).unwrap_or_default();
        let Refusal { field, value, reason } = refusal;
        let field = field.to_owned();
        let table = self.report.tables.len();
        let mut rejection = Rejection { row, field, value, reason, table, cells, wkt };
        rejection.clip();
        self.report.rejections.push(rejection);
    }

    /// A rejected row as it stands in the file, while there is room for it.
    fn kept(&mut self, (cells, geometry): RowSource<'_, '_>) -> (Vec<String>, Option<String>) {
        let cells: Vec<String> = cells.iter().map(|cell| cell.to_text().into_owned()).collect();
        let wkt = geometry.and_then(wkt::to_wkt);
        let texts = cells.iter().chain(&wkt);
        self.kept_bytes += texts.map(|text| text.len() + size_of::<String>()).sum::<usize>();
        if self.kept_bytes <= MAX_REJECTED_BYTES {
            return (cells, wkt);
        }
        self.keeps_all = false;
        (Vec::new(), None)
    }

    /// What became of the table's columns goes into the report.
    fn end_table(&mut self) {
        if self.report.tables.len() < MAX_OUTLINES {
            self.report.tables.extend(self.table.outline(&self.import.map));
        }
    }

    /// Columns that look like coordinates, of tables whose rows got no place from any.
    fn unused_places(&self) -> Option<LocalizedText> {
        let columns = self.report.tables.iter().flat_map(TableOutline::unused_places);
        let columns: Vec<&str> = columns.take(MAX_UNUSED).collect();
        if columns.is_empty() {
            return None;
        }
        let (zh, en) = (columns.join("、"), columns.join(", "));
        Some(LocalizedText::new(
            format!("列“{zh}”像是坐标，但没有用上；请用 --map lon=列名 --map lat=列名 指明"),
            format!(
                "columns {en} look like coordinates but were not used: --map lon=… --map lat=…"
            ),
        ))
    }

    /// The table has new columns: what they mean is decided again.
    fn map_anew(&mut self) -> Result<(), Stop> {
        for (_, column) in &self.import.map {
            if self.table.columns.position(column).is_some() {
                self.mapped.insert(column.clone());
            } else if self.has_header {
                self.failure = Some(self.no_such_column(column));
                return Err(Stop);
            }
        }
        self.table.renew(&self.import.file, &self.import.map);
        Ok(())
    }

    #[expect(clippy::too_many_lines, reason = "one step of a row after the other")]
    fn take_row(
        &mut self,
        number: u64,
        cells: &[Cell<'_>],
        geometry: Option<&Geometry<f64>>,
    ) -> Result<RowOutcome, Skip> {
        let kind = self.table.record_kind(self.import, cells, geometry)?;
        if !kind.is_brought() {
            self.pass_over(kind);
            return Err(Skip::Elsewhere);
        }
        self.table.seen(kind, geometry.is_some());
        let mapping = self.table.mapping(kind, geometry.is_some(), &self.import.map);
        let written = match geometry {
            Some(geometry) => StatedPlace::Shape { geometry: Cow::Borrowed(geometry), epsg: None },
            None => place::written(&mapping, cells)?,
        };
        let (id, id_column) = mapping.identity(cells);
        let id = id.filter(|_| !self.is_further_part);
        let geometry = self.geometry(kind, &mapping, cells, written)?;
        let code = self.text(kind, CODE, &mapping, cells, id_column);
        let code = code.filter(|_| !self.is_further_part);
        let code_column = mapping.fields.iter().find(|(_, field)| *field == CODE);
        let id_column = match code_column {
            Some((column, _)) if self.is_further_part => Some(*column),
            _ => id_column,
        };
        let mut code = code.map_or(CodeCell::Nothing, CodeCell::of);
        let mut name = self.text(kind, NAME, &mapping, cells, None);
        if name.is_none() && id.is_none() && code.code().is_none() && geometry.is_some() {
            name = self.made_up_name(number, kind, &mapping, cells);
        }
        if kind == Kind::Item && id.is_none() && code.code().is_none() {
            let known = self.known_item(&mapping, cells, name.as_deref().unwrap_or_default());
            code = known.map_or(code, CodeCell::of);
        }
        let row = Identity {
            kind,
            id,
            code: code.code(),
            name: name.as_deref().unwrap_or_default(),
            site_kind: self.stated_site_kind(kind, &mapping, cells),
            geometry: geometry.as_ref(),
            beside: &self.values.beside(kind, &mapping, cells),
            file: &self.import.file,
        };
        let found = self.known.find(&row)?;
        self.check_datum(&row, &found);
        if let (Some(geometry), false) = (row.geometry, self.is_osm) {
            self.beside.look(&self.district, row.name, geometry);
        }
        let Some(settled) = self.settle(number, &row, found) else {
            return Ok(RowOutcome::LeftOut);
        };
        let before = settled.before;
        if let Some(reason) = settled.unfit {
            code = CodeCell::Unfit(reason);
        }
        let mut record = match &before {
            Some(before) => Record::clone(before),
            None => self.new_record(kind, id, mapping.fields.len() + 1)?,
        };
        let filling = Filling {
            number,
            cells,
            columns: &self.table.columns,
            mapping: &mapping,
            site_kind: self.table.site_kind_of(cells),
            id_column,
            code: &code,
            name: name.as_ref(),
        };
        self.values.fill(&mut record, &filling)?;
        if let Some(geometry) = geometry {
            record.geometry = Some(unless_moved(record.geometry.as_ref(), geometry));
        }
        if let (true, Some(name)) = (record.name().trim().is_empty(), name) {
            record.fields.set(NAME, Some(Value::Text(name)));
        }
        let before = match before {
            None if record.name().trim().is_empty() => {
                self.name(number, &mut record, &mapping, cells)?;
                if id.is_none() { self.known_by_made_name(&mut record)? } else { None }
            }
            before => before,
        };
        self.leave_out_far_building(&record)?;
        self.counts.hourless += u64::from(mapping.lacks_hours(kind));
        let is_repeated = settled.is_repeated;
        self.hand_on(number, before, record, is_repeated)
    }

    fn new_record(
        &mut self,
        kind: Kind,
        id: Option<RecordId>,
        fields: usize,
    ) -> Result<Record, Refusal> {
        if let Some(id) = id
            && !self.known.reserve(id)
        {
            return Err(Refusal::new("id", id.to_string(), SAME_ID));
        }
        let stamp = &self.import.stamp;
        let id = id.unwrap_or_else(|| self.ids.next());
        Ok(Record { fields: Fields::with_room(fields), ..Record::new(id, kind, stamp) })
    }

    fn hand_on(
        &mut self,
        number: u64,
        before: Option<Arc<Record>>,
        mut record: Record,
        is_repeated: bool,
    ) -> Result<RowOutcome, Skip> {
        self.complete(before.as_deref(), &mut record);
        if !self.report.layers.contains(&record.kind) {
            self.report.layers.push(record.kind);
        }
        self.report.unlocated += u64::from(record.geometry.is_none() && record.kind.has_place());
        if before.as_ref().is_some_and(|before| before.says_the_same_as(&record)) {
            return Ok(RowOutcome::Unchanged);
        }
        let stamp = &self.import.stamp;
        record.meta.change(stamp);
        record.meta.source =
            Some(domain::SourceRow { file: Arc::clone(&self.import.file), row: number });
        let is_known = before.is_some();
        let change = Change { before, after: Some(Arc::new(record)) };
        if let (true, Some(after)) = (is_known, &change.after) {
            self.known.changed(after);
        }
        let outcome = if is_known || is_repeated { RowOutcome::Updated } else { RowOutcome::Added };
        (self.take)(change).map_err(Skip::Stopped)?;
        Ok(outcome)
    }

    /// A text field of the row, as it will be stored.
    fn text(
        &mut self,
        kind: Kind,
        index: u8,
        mapping: &FieldMapping,
        cells: &[Cell<'_>],
        not: Option<usize>,
    ) -> Option<Arc<str>> {
        let (column, _) = mapping.fields.iter().find(|(_, field)| *field == index)?;
        if not == Some(*column) {
            return None;
        }
        let field = kind.fields().get(usize::from(index))?;
        match self.values.read(kind, index, field, cells.get(*column)?) {
            Ok(Some(Value::Text(text))) => Some(text),
            _ => None,
        }
    }

    fn geometry(
        &mut self,
        kind: Kind,
        mapping: &FieldMapping,
        cells: &[Cell<'_>],
        written: StatedPlace<'_>,
    ) -> Result<Option<Geometry<f64>>, Skip> {
        let word = mapping.crs.and_then(|column| cells.get(column)).map(Cell::to_text);
        let word = word.as_deref().unwrap_or_default();
        if !kind.has_place() && !matches!(written, StatedPlace::Nothing) {
            return Err(Refusal::new("geometry", "", place::placeless(kind)).into());
        }
        let decided = match &written {
            StatedPlace::Nothing => return Ok(None),
            StatedPlace::Shape { epsg: Some(code), .. } => self.datums.of_epsg(*code),
            StatedPlace::Shape { epsg: None, .. } => self.datums.of_row(word, None),
            StatedPlace::Position(_) => self.datums.of_row(word, mapping.stated.as_ref()),
        };
        let crs = match decided {
            Ok(crs) => crs,
            Err(undecided) => return Err(undecided.skip(&self.import.file)),
        };
        let moved = match written {
            StatedPlace::Shape { geometry, .. } => place::shape(crs, &geometry, &self.plausible)?,
            StatedPlace::Position(at) => {
                let is_whole = at.x.fract() == 0.0 && at.y.fract() == 0.0;
                self.counts.whole_degrees += u64::from(is_whole && !crs.is_projected());
                let (at, is_swapped) = place::easting_first(crs, at);
                self.counts.swapped += u64::from(is_swapped);
                place::position(crs, at, &self.plausible)?
            }
            StatedPlace::Nothing => return Ok(None),
        };
        if self.is_osm && !self.district.touches(&moved) {
            self.counts.outside += 1;
            return Err(Skip::Elsewhere);
        }
        let name = wkt::type_name(&moved);
        let fitted =
            shape::fit(kind, moved).map_err(|reason| Refusal::new("geometry", name, reason))?;
        self.counts.repaired += u64::from(fitted.is_repaired);
        Ok(Some(fitted.geometry))
    }

    fn check_datum(&mut self, row: &Identity<'_>, found: &Found) {
        let Some(Geometry::Point(point)) = row.geometry else { return };
        if !self.datum_check.wants_more() {
            return;
        }
        let known = match found {
            Found::Same(known) | Found::SameWithoutCode(known) => self.known.place_before(known.id),
            // Another thing: where it is says nothing of the datum.
            Found::Doubtful(candidate) if candidate.cause.is_about_code() => None,
            Found::Doubtful(_) | Found::New => self.known.place(row.name),
        };
        match known {
            Some(known) => self.datum_check.matched(known, Coord::from(*point)),
            None => self.datum_check.unmatched(),
        }
    }

    fn leave_out_far_building(&mut self, record: &Record) -> Result<(), Skip> {
        if !self.is_osm || record.kind != Kind::Site || !SiteKind::Building.is_of(record) {
            return Ok(());
        }
        let is_near = |at: &Geometry<f64>| self.district.is_beside_a_control_point(at);
        if record.geometry.as_ref().is_some_and(is_near) {
            return Ok(());
        }
        self.counts.far_buildings += 1;
        Err(Skip::Elsewhere)
    }
}

impl Undecided {
    fn skip(self, file: &str) -> Skip {
        let file = file.to_owned();
        match self {
            Self::Unstated => Skip::Failed(ImportError::DatumUnknown { file }),
            Self::Unknown(stated) => Skip::Failed(ImportError::CrsUnknown { file, stated }),
            Self::UnknownInRow(stated) => Skip::Refused(Refusal::new("crs", stated, UNKNOWN_CRS)),
        }
    }
}
