//! A run out of the file, tick by tick.

use std::marker::PhantomData;

use psim_model::event::EventBatch;

use crate::JournalError;

/// Reads a run from its first tick to the last one that is in the file.
#[derive(Debug)]
pub struct RunReader<'j>(PhantomData<&'j ()>);

impl RunReader<'_> {
    /// Fills `batch` with the next tick, which may have no events; returns false after the last.
    pub fn next(&mut self, batch: &mut EventBatch) -> Result<bool, JournalError> {
        todo!()
    }
}
