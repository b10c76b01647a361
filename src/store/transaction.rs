//! A transaction of ours, outside which nothing of it is ever written.
//!
//! After a read error SQLite gives up the whole transaction by itself, also in the middle of a
//! statement: the R-tree then goes on with its own statements, each of which would be committed
//! alone. So every commit is refused but the one that [`Transaction::commit`] makes.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;

use super::Error;

/// A connection that may write. Between the beginning and the commit of a [`Transaction`] it commits
/// nothing.
pub(super) struct Writer {
    db: Connection,
    is_within: Arc<AtomicBool>,
}

impl Writer {
    /// Sets the watch on a connection.
    pub(super) fn new(mut db: Connection) -> Result<Self, Error> {
        let is_within = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&is_within);
        // `true` turns a commit into a rollback.
        db.commit_hook(Some(move || asked.load(Ordering::SeqCst)))?;
        Ok(Self { db, is_within })
    }

    /// Does what stands in no transaction of ours, and breaks it off when `goes_on` says no.
    pub(super) fn interruptible<T>(
        &mut self,
        goes_on: impl Fn() -> bool + Send + 'static,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        /// Steps of SQLite's machine between two questions, which cost nothing beside them.
        const STEPS: i32 = 1_000;
        self.db.progress_handler(STEPS, Some(move || !goes_on()))?;
        let done = work(&self.db);
        self.db.progress_handler(0, None::<fn() -> bool>)?;
        done
    }

    /// The connection without the watch.
    pub(super) fn into_inner(self) -> Connection {
        self.db
    }
}

impl Deref for Writer {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.db
    }
}

/// Rolled back when dropped, unless it was committed.
pub(super) struct Transaction<'a> {
    writer: &'a Writer,
}

impl<'a> Transaction<'a> {
    /// Waits for other writers.
    pub(super) fn begin(writer: &'a Writer) -> Result<Self, Error> {
        writer.execute_batch("BEGIN IMMEDIATE")?;
        writer.is_within.store(true, Ordering::SeqCst);
        Ok(Self { writer })
    }

    /// [`Error::BrokenOff`] where SQLite has given it up: what is written now would be written alone.
    pub(super) fn is_open(&self) -> Result<(), Error> {
        if self.writer.is_autocommit() { Err(Error::BrokenOff) } else { Ok(()) }
    }

    /// On disk when this returns. After an error it may or may not be there: whoever asked has to
    /// look again.
    pub(super) fn commit(self) -> Result<(), Error> {
        self.is_open()?;
        self.writer.is_within.store(false, Ordering::SeqCst);
        self.writer.execute_batch("COMMIT")?;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.writer.is_autocommit() {
            // What made us give up says more than a rollback that the closing of the file does too.
            drop(self.writer.execute_batch("ROLLBACK"));
        }
        self.writer.is_within.store(false, Ordering::SeqCst);
    }
}

/// All that `write` does, or nothing of it.
pub(super) fn within<T>(
    writer: &Writer,
    write: impl FnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    let transaction = Transaction::begin(writer)?;
    let written = write(writer)?;
    transaction.commit()?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_after_the_transaction_was_given_up_writes_nothing() {
        let db = Writer::new(Connection::open_in_memory().unwrap()).unwrap();
        db.execute_batch("CREATE TABLE t (a)").unwrap();
        let transaction = Transaction::begin(&db).unwrap();
        db.execute_batch("INSERT INTO t VALUES (1); ROLLBACK").unwrap();
        assert!(db.execute_batch("INSERT INTO t VALUES (2)").is_err());
        assert!(matches!(transaction.is_open(), Err(Error::BrokenOff)));
        assert!(matches!(transaction.commit(), Err(Error::BrokenOff)));
        let count = || db.query_row("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0));
        assert_eq!(count(), Ok(0));
        within(&db, |db| Ok(db.execute_batch("INSERT INTO t VALUES (3)")?)).unwrap();
        db.execute_batch("INSERT INTO t VALUES (4)").unwrap();
        assert_eq!(count(), Ok(2));
    }
}
