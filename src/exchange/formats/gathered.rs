//! What a reader hands on, kept for tests to look at.

use geo_types::Geometry;

use crate::domain::LocalizedText;
use crate::exchange::testing::in_both;
use crate::exchange::{Cell, InRow, Sink, StatedCrs, Stop};

#[derive(Debug, Default)]
pub struct Gathered {
    pub tables: Vec<GatheredTable>,
    pub warnings: Vec<String>,
    /// Rows after which the receiver has had enough.
    pub stop_after: Option<usize>,
}

#[derive(Debug)]
pub struct GatheredTable {
    pub name: String,
    pub crs: StatedCrs,
    pub columns: Vec<String>,
    pub rows: Vec<GatheredRow>,
    pub rejected: Vec<(u64, String)>,
}

#[derive(Debug)]
pub struct GatheredRow {
    pub number: u64,
    pub cells: Vec<Cell<'static>>,
    pub geometry: Option<Geometry<f64>>,
}

impl Gathered {
    pub fn table(&self, name: &str) -> &GatheredTable {
        self.tables.iter().find(|table| table.name == name).unwrap()
    }

    fn last(&mut self) -> &mut GatheredTable {
        self.tables.last_mut().unwrap()
    }
}

impl GatheredTable {
    pub fn cell(&self, row: &GatheredRow, column: &str) -> Cell<'static> {
        let position = self.columns.iter().position(|name| name == column).unwrap();
        row.cells.get(position).cloned().unwrap_or_default()
    }

    pub fn text(&self, row: &GatheredRow, column: &str) -> String {
        self.cell(row, column).to_text().into_owned()
    }

    /// The row whose `column` reads `text`.
    pub fn row(&self, column: &str, text: &str) -> &GatheredRow {
        self.rows.iter().find(|row| self.text(row, column) == text).unwrap()
    }

    pub fn count(&self, column: &str, text: &str) -> usize {
        self.rows.iter().filter(|row| self.text(row, column) == text).count()
    }
}

impl Sink for Gathered {
    fn table(&mut self, name: &str, crs: &StatedCrs) -> Result<(), Stop> {
        self.tables.push(GatheredTable {
            name: name.to_owned(),
            crs: crs.clone(),
            columns: Vec::new(),
            rows: Vec::new(),
            rejected: Vec::new(),
        });
        Ok(())
    }

    fn column(&mut self, name: &str) -> Result<usize, Stop> {
        let columns = &mut self.last().columns;
        Ok(columns.iter().position(|column| column == name).unwrap_or_else(|| {
            columns.push(name.to_owned());
            columns.len() - 1
        }))
    }

    fn row(&mut self, row: InRow<'_>) -> Result<(), Stop> {
        let cells = row.cells.iter().map(Cell::owned).collect();
        let (number, geometry) = (row.number, row.geometry);
        self.last().rows.push(GatheredRow { number, cells, geometry });
        let rows = self.last().rows.len();
        match self.stop_after {
            Some(enough) if rows >= enough => Err(Stop),
            _ => Ok(()),
        }
    }

    fn reject(&mut self, row: u64, reason: LocalizedText) -> Result<(), Stop> {
        self.last().rejected.push((row, in_both(reason)));
        Ok(())
    }

    fn knows(&self, column: &str) -> bool {
        crate::exchange::meaning::names::is_known(column)
    }

    fn warn(&mut self, words: LocalizedText) {
        self.warnings.push(in_both(words));
    }
}
