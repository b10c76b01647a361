//! A format whose reading can be watched and stopped.

use std::path::Path;

use crate::domain::LocalizedText;
use crate::exchange::{Error, Format, InRow, ReadOptions, Sink, StatedCrs, Stop};
use crate::jobs::Progress;

/// Counts the rows, and stops when the person has had enough: also where no row changes anything.
pub struct WithProgress<'a> {
    pub format: &'a dyn Format,
    pub progress: &'a Progress,
}

impl Format for WithProgress<'_> {
    fn name(&self) -> &'static str {
        self.format.name()
    }

    fn extensions(&self) -> &'static [&'static str] {
        self.format.extensions()
    }

    fn read(&self, path: &Path, options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        let mut counting = Counting { sink, progress: self.progress, rows: 0 };
        self.format.read(path, options, &mut counting)
    }
}

struct Counting<'a> {
    sink: &'a mut dyn Sink,
    progress: &'a Progress,
    rows: u64,
}

impl Counting<'_> {
    fn count(&mut self) -> Result<(), Stop> {
        self.rows += 1;
        // Nobody knows how many there are before the last.
        self.progress.set(self.rows, 0);
        if self.progress.is_cancelled() { Err(Stop) } else { Ok(()) }
    }
}

impl Sink for Counting<'_> {
    fn table(&mut self, name: &str, crs: &StatedCrs) -> Result<(), Stop> {
        self.sink.table(name, crs)
    }

    fn column(&mut self, name: &str) -> Result<usize, Stop> {
        self.sink.column(name)
    }

    fn row(&mut self, row: InRow<'_>) -> Result<(), Stop> {
        self.count()?;
        self.sink.row(row)
    }

    fn reject(&mut self, row: u64, reason: LocalizedText) -> Result<(), Stop> {
        self.count()?;
        self.sink.reject(row, reason)
    }

    fn knows(&self, column: &str) -> bool {
        self.sink.knows(column)
    }

    fn warn(&mut self, words: LocalizedText) {
        self.sink.warn(words);
    }

    fn remark(&mut self, words: &str) {
        self.sink.remark(words);
    }
}
