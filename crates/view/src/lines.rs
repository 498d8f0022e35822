//! A run as lines of JSON, for programs that read along.

mod tick;

use std::io;

use psim_model::event::{EventBatch, EventJson, Names};

use crate::filter::{EventFilter, Sieve};

pub use tick::TickLines;

/// Writes one JSON object a line for each event: `event_type`, `tick`, `day`, `seq`, then the
/// event's fields in order of declaration.
#[derive(Clone, Debug, Default)]
pub struct EventLines {
    names: Names,
    sieve: Sieve,
}

impl EventLines {
    /// Returns the writer before anything happened.
    pub fn new(filter: EventFilter) -> Self {
        Self { names: Names::default(), sieve: Sieve::new(filter) }
    }

    /// Takes in one tick and writes a line for each event of it that passes the filter.
    ///
    /// # Errors
    ///
    /// What `out` says of a write that fails.
    pub fn write(&mut self, batch: &EventBatch, out: &mut impl io::Write) -> io::Result<()> {
        self.names.observe(batch);
        if !self.sieve.shows(batch) {
            return Ok(());
        }
        for (index, event) in batch.events().iter().enumerate() {
            if self.sieve.matches(&self.names, batch, event) {
                serde_json::to_writer(&mut *out, &EventJson { batch, index, names: &self.names })?;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }
}
