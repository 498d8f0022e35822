//! A run into the file, on a thread of its own.

use psim_model::event::EventBatch;

use crate::{Journal, JournalError};

/// Writes a run, tick by tick.
///
/// Dropped without [`RunWriter::finish`], it leaves what was handed over and the run marked as
/// incomplete.
#[derive(Debug)]
pub struct RunWriter(Journal);

/// What closes a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Hash of the stream at the end of each day that has run.
    pub day_hashes: Vec<String>,
    /// Hash of the whole stream.
    pub stream_hash: String,
    /// Whether all ticks that were asked for have run.
    pub is_complete: bool,
}

impl RunWriter {
    /// Returns the id that the run has got.
    pub fn simulation_id(&self) -> &str {
        todo!()
    }

    /// Hands over a tick; `batch` is left with other memory and arbitrary content.
    ///
    /// # Errors
    ///
    /// What went wrong with this or an earlier tick; nothing more is written then, and what was
    /// committed stays.
    pub fn write(&mut self, batch: &mut EventBatch) -> Result<(), JournalError> {
        todo!()
    }

    /// Waits until all is written, closes the run and returns the file.
    pub fn finish(self, seal: Seal) -> Result<Journal, JournalError> {
        todo!()
    }
}
