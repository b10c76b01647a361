//! The columns of formats that discover them row by row: GeoJSON, KML, GPX.

use std::collections::HashMap;

use crate::exchange::{Cell, Error, InRow, Sink};
use geo_types::Geometry;

/// A file that names more columns than this is no table of anything.
const MAX_COLUMNS: usize = 4096;

/// Remembers where the sink has put each column, so that a row of the same make as the one before
/// costs no look-up.
#[derive(Debug, Default)]
pub struct DiscoveredColumns {
    positions: HashMap<String, usize>,
    /// The names of the last row in their order.
    recent: Vec<(String, usize)>,
}

impl DiscoveredColumns {
    /// Hands a row of named cells to the sink. Of two cells of one name the later one stands.
    pub fn row<'a, N: AsRef<str>>(
        &mut self,
        sink: &mut dyn Sink,
        number: u64,
        cells: impl IntoIterator<Item = (N, Cell<'a>)>,
        geometry: Option<Geometry<f64>>,
    ) -> Result<(), Error> {
        let mut row: Vec<Cell<'a>> = Vec::with_capacity(self.recent.len());
        for (nth, (name, cell)) in cells.into_iter().enumerate() {
            let position = self.position(sink, nth, name.as_ref())?;
            if row.len() <= position {
                row.resize(position + 1, Cell::Empty);
            }
            if let Some(place) = row.get_mut(position) {
                *place = cell;
            }
        }
        Ok(sink.row(InRow { number, cells: &row, geometry })?)
    }

    fn position(&mut self, sink: &mut dyn Sink, nth: usize, name: &str) -> Result<usize, Error> {
        if let Some((recent, position)) = self.recent.get(nth)
            && recent == name
        {
            return Ok(*position);
        }
        let position = match self.positions.get(name) {
            Some(position) => *position,
            None if self.positions.len() >= MAX_COLUMNS => {
                return Err(Error::hostile(
                    format!("超过 {MAX_COLUMNS} 列"),
                    format!("there are more than {MAX_COLUMNS} columns"),
                ));
            }
            None => {
                let position = sink.column(name)?;
                self.positions.insert(name.to_owned(), position);
                position
            }
        };
        self.recent.truncate(nth);
        self.recent.push((name.to_owned(), position));
        Ok(position)
    }
}
