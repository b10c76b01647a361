//! A table on its way in: its columns, the layers its rows go to, and the mapping for each.

use std::borrow::Cow;
use std::sync::Arc;

use geo_types::Geometry;

use super::columns::{FieldMapping, SourceColumns};
use super::layers::Placing;
use super::outline::{MappedColumn, Samples, TableOutline};
use super::place::Refusal;
use super::{Import, layers, shape};
use crate::domain::{Kind, SiteKind};
use crate::exchange::{Cell, ResultLayer};

/// A table while its rows come in.
#[derive(Debug, Default)]
pub struct SourceTable {
    pub columns: SourceColumns,
    /// The kind of sites whose rows name none.
    site_kind: &'static str,
    /// The column of folders, if there is one.
    folder: Option<usize>,
    name: String,
    /// For rows whose place stands in columns, and for rows that bring a geometry.
    mappings: [[Option<Arc<FieldMapping>>; 2]; Kind::ALL.len()],
    by_name: Option<Kind>,
    /// By what the row says of its place; decided when a row of the sort comes.
    #[expect(clippy::option_option, reason = "undecided is not the same as no layer")]
    by_columns: [Option<Option<Kind>>; Placing::COUNT],
    /// Of the first polygon: outlines of townships are one layer, however small one of them is.
    by_polygon: Option<Kind>,
    /// Of the last geometry; a feature without one is of the same sort.
    last: Option<Placing>,
    /// The number of columns that all this was decided for.
    decided_for: Option<usize>,
    decisions: usize,
    pub samples: Samples,
    /// Of the first row, and whether it brought a geometry.
    first: Option<(Kind, bool)>,
}

/// What a reader of KML calls the folders of a placemark.
const FOLDER: &str = "folder";

/// A file whose columns still change their meaning after so many rows is not read for its sense.
const MAX_DECISIONS: usize = 64;

impl SourceTable {
    /// A table of which no column is known yet.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Whether all columns seen so far have a mapping.
    pub fn is_current(&self) -> bool {
        self.decided_for == Some(self.columns.len())
    }

    /// Decides again what the columns mean. New columns that mean nothing to any layer, which in a
    /// GeoJSON may come with every feature, only join the attributes.
    pub fn renew(&mut self, file: &str, map: &[(String, String)]) {
        self.folder = self.columns.exactly(FOLDER);
        let decided_for = self.decided_for.replace(self.columns.len()).unwrap_or(0);
        let is_settled = self.decisions >= MAX_DECISIONS;
        if decided_for > 0 && (is_settled || self.columns.are_plain(decided_for, map)) {
            let mappings = self.mappings.iter_mut().flatten().flatten();
            mappings.for_each(|mapping| {
                Arc::make_mut(mapping).extras.extend(decided_for..self.columns.len());
            });
            return;
        }
        self.decisions += 1;
        self.mappings = Default::default();
        self.by_name = layers::named(&self.name, file);
        self.by_columns = Default::default();
        self.site_kind =
            layers::site_kind(&self.name, file, &self.columns).unwrap_or(SiteKind::Other.key());
    }

    /// Which column fills which field of a kind.
    pub fn mapping(
        &mut self,
        kind: Kind,
        has_geometry: bool,
        map: &[(String, String)],
    ) -> Arc<FieldMapping> {
        let new = || {
            let mut mapping = FieldMapping::new(&self.columns, kind, map);
            if has_geometry {
                mapping.keep_places(&self.columns);
            }
            Arc::new(mapping)
        };
        let slots = self.mappings.get_mut(kind as usize);
        match slots.and_then(|slots| slots.get_mut(usize::from(has_geometry))) {
            Some(slot) => Arc::clone(slot.get_or_insert_with(new)),
            None => new(),
        }
    }

    /// The layer that the row goes to; rows of results go to none, unless somebody wants records of them.
    pub fn record_kind(
        &mut self,
        import: &Import,
        cells: &[Cell<'_>],
        geometry: Option<&Geometry<f64>>,
    ) -> Result<Kind, Refusal> {
        let kind = self.kind(import, cells, geometry);
        let Some(result) = self.result(import, cells) else { return Ok(kind) };
        // Its rows are listed among those of the table.
        self.seen(kind, geometry.is_some());
        Err(Refusal::new("", "", result.refusal()))
    }

    fn result(&mut self, import: &Import, cells: &[Cell<'_>]) -> Option<ResultLayer> {
        if import.kind.is_some() {
            return None;
        }
        let mapping = self.mapping(Kind::Site, false, &import.map);
        let said = mapping.layer.and_then(|column| cells.get(column)).map(Cell::to_text);
        said.and_then(|said| ResultLayer::named(&said)).or_else(|| ResultLayer::named(&self.name))
    }

    /// The person, the row's `layer` cell, the name of the table or file, the columns, the
    /// geometry: the first that says it decides.
    fn kind(
        &mut self,
        import: &Import,
        cells: &[Cell<'_>],
        geometry: Option<&Geometry<f64>>,
    ) -> Kind {
        if let Some(kind) = import.kind {
            return kind;
        }
        let mapping = self.mapping(Kind::Site, false, &import.map);
        let said = mapping.layer.and_then(|column| cells.get(column)?.to_text().parse().ok());
        if let Some(said) = said.or_else(|| self.by_folder(cells, geometry)) {
            return said;
        }
        let placing = match geometry {
            Some(geometry) => Placing::of(geometry),
            None => self.last.unwrap_or_else(|| placing_of(&mapping)),
        };
        self.last = geometry.map(Placing::of).or(self.last);
        // A sheet of ours has columns for places in every layer.
        let by_name = self.by_name.filter(|kind| geometry.is_none() || kind.has_place());
        by_name.or_else(|| self.by_columns(placing, cells)).unwrap_or_else(|| {
            let new = || layers::by_geometry(geometry, &self.columns);
            if placing == Placing::Polygon {
                *self.by_polygon.get_or_insert_with(new)
            } else {
                new()
            }
        })
    }

    fn by_columns(&mut self, placing: Placing, cells: &[Cell<'_>]) -> Option<Kind> {
        let slot = self.by_columns.get_mut(placing as usize)?;
        *slot.get_or_insert_with(|| layers::by_columns(&self.columns, placing, cells))
    }

    /// The folders of a KML, innermost first, are mostly called after what is in them.
    fn folders<'c>(&self, cells: &'c [Cell<'_>]) -> Option<Cow<'c, str>> {
        cells.get(self.folder?).map(Cell::to_text).filter(|path| !path.is_empty())
    }

    fn by_folder(&self, cells: &[Cell<'_>], geometry: Option<&Geometry<f64>>) -> Option<Kind> {
        let (folders, geometry) = (self.folders(cells)?, geometry?);
        let mut kinds = folders.rsplit('/').filter_map(|name| name.parse::<Kind>().ok());
        kinds.find(|kind| shape::takes(*kind, geometry))
    }

    /// The kind of a site whose row names none: after its folder, else after the table.
    pub fn site_kind_of(&self, cells: &[Cell<'_>]) -> &'static str {
        let folders = self.folders(cells);
        let by_folder = folders.and_then(|path| path.rsplit('/').find_map(layers::site_kind_in));
        by_folder.unwrap_or(self.site_kind)
    }

    /// The first row decides as what the table is shown.
    pub fn seen(&mut self, kind: Kind, has_geometry: bool) {
        self.first.get_or_insert((kind, has_geometry));
    }

    /// What became of the columns; `None` where there was no row.
    pub fn outline(&mut self, map: &[(String, String)]) -> Option<TableOutline> {
        let (kind, has_geometry) = self.first?;
        let mapping = self.mapping(kind, has_geometry, map);
        let column = |(at, name): (usize, &str)| MappedColumn {
            name: name.to_owned(),
            samples: self.samples.of(at),
            target: mapping.target(at),
        };
        let columns = self.columns.all().map(|(name, _)| name).enumerate().map(column).collect();
        let (name, rows) = (self.name.clone(), self.samples.rows);
        Some(TableOutline { name, kind, rows, columns, has_geometry })
    }
}

/// What the columns say of where the rows lie.
fn placing_of(mapping: &FieldMapping) -> Placing {
    if mapping.wkt.is_some() {
        Placing::Unknown
    } else if mapping.pair.is_some() || mapping.lon.is_some() && mapping.lat.is_some() {
        Placing::Position
    } else {
        Placing::Nowhere
    }
}
