//! An open run database, and what can be done to it as a whole.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;

use crate::JournalError;
use crate::error::At;
use crate::open::PATIENCE_BEFORE;
use crate::schema;

/// An open run database.
///
/// The methods are where their subject is: opening in `open`, the list of runs in `runs`, claiming
/// an id in `claim`, reading in `reader` and `trace`.
#[derive(Debug)]
pub struct Journal {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
}

/// What [`Journal::vacuum`] has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vacuumed {
    /// Size of the file before, in bytes.
    pub bytes_before: u64,
    /// Size of the file after, in bytes.
    pub bytes_after: u64,
}

impl Journal {
    /// Adds the index that finds a payment's events without reading the whole run, unless the file
    /// has it. Does not wait for another process that is writing.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be written, or another process is writing it.
    pub fn ensure_trace_index(&mut self) -> Result<(), JournalError> {
        self.wait_for_others(Duration::ZERO)?;
        let outcome = self.connection.execute_batch(&schema::trace_indexes_sql()).at(&self.path);
        self.wait_for_others(PATIENCE_BEFORE)?;
        outcome
    }

    /// Deletes a run; its room is used again by later runs, or given back by [`Journal::vacuum`].
    ///
    /// # Errors
    ///
    /// [`JournalError`]: there is no such run, another process is writing it, or the file cannot be
    /// written.
    pub fn delete(&mut self, simulation_id: &str) -> Result<(), JournalError> {
        let run = self.run(simulation_id)?.run;
        let rows = schema::all_rows_of(run);
        let delete = |connection: &Connection| {
            for table in ["events", "event_payments", "texts"] {
                let sql = format!("DELETE FROM {table} WHERE id >= ?1 AND id < ?2");
                connection.execute(&sql, rows)?;
            }
            let tables = ["days", "agents", "payment_ids", "scenarios", "checkpoints"];
            for table in tables.into_iter().chain(["ancestors", "runs"]) {
                connection.execute(&format!("DELETE FROM {table} WHERE run = ?1"), [run])?;
            }
            Ok(())
        };
        self.in_transaction(delete).at(&self.path)
    }

    /// Rewrites the file without the room that deleted runs have left.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the file cannot be written, or another process is writing it.
    pub fn vacuum(&mut self) -> Result<Vacuumed, JournalError> {
        // The log goes into the file before each measuring; readers may keep it from being cut.
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let size = || {
            self.connection.query_row(checkpoint, [], |_| Ok(())).at(&self.path)?;
            fs::metadata(&self.path).map(|metadata| metadata.len()).at(&self.path)
        };
        let bytes_before = size()?;
        self.connection.execute_batch("VACUUM").at(&self.path)?;
        Ok(Vacuumed { bytes_before, bytes_after: size()? })
    }
}
