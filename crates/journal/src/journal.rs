//! An open run database.

use std::path::{Path, PathBuf};

use psim_model::{CheckedScenario, PaymentNo};
use rusqlite::Connection;

use crate::{
    JournalError, PaymentReader, RunReader, RunRecord, RunWriter, StoredDay, StoredRun,
};

/// An open run database.
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
    /// Opens a file to write runs to; one that does not exist or is empty becomes a run database.
    pub fn create_or_open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        todo!()
    }

    /// Opens an existing file for reading; another process may be writing to it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        todo!()
    }

    /// Opens an existing file to change it: to delete runs, to vacuum, to add the index for traces.
    pub fn open_to_change(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        todo!()
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Claims an id and begins to write a run.
    pub fn begin(self, record: &RunRecord<'_>) -> Result<RunWriter, JournalError> {
        todo!()
    }

    /// Returns all runs, oldest first.
    pub fn runs(&self) -> Result<Vec<StoredRun>, JournalError> {
        todo!()
    }

    /// Returns the run of an id.
    pub fn run(&self, simulation_id: &str) -> Result<StoredRun, JournalError> {
        todo!()
    }

    /// Returns the run of an id, or without one the only run.
    pub fn resolve(&self, simulation_id: Option<&str>) -> Result<StoredRun, JournalError> {
        todo!()
    }

    /// Returns the scenario of a run, as it ran.
    pub fn scenario(&self, run: &StoredRun) -> Result<CheckedScenario, JournalError> {
        todo!()
    }

    /// Returns the text that the scenario of a run was read from.
    pub fn scenario_text(&self, run: &StoredRun) -> Result<String, JournalError> {
        todo!()
    }

    /// Returns the days of a run that are in the file, in order.
    pub fn days(&self, run: &StoredRun) -> Result<Vec<StoredDay>, JournalError> {
        todo!()
    }

    /// Begins to read a run from its first tick.
    pub fn read(&self, run: &StoredRun) -> Result<RunReader<'_>, JournalError> {
        todo!()
    }

    /// Returns the payment of an id: one that was given, or `tx-{number}`.
    pub fn payment(&self, run: &StoredRun, id: &str) -> Result<PaymentNo, JournalError> {
        todo!()
    }

    /// Begins to read the events that name a payment.
    pub fn read_payment(
        &self,
        run: &StoredRun,
        payment: PaymentNo,
    ) -> Result<PaymentReader<'_>, JournalError> {
        todo!()
    }

    /// Adds the index that finds a payment's events without reading the whole run.
    pub fn ensure_trace_index(&mut self) -> Result<(), JournalError> {
        todo!()
    }

    /// Deletes a run; its room is used again by later runs, or given back by [`Journal::vacuum`].
    pub fn delete(&mut self, simulation_id: &str) -> Result<(), JournalError> {
        todo!()
    }

    /// Rewrites the file without the room that deleted runs have left.
    pub fn vacuum(&mut self) -> Result<Vacuumed, JournalError> {
        todo!()
    }
}
