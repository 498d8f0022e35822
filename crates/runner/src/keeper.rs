//! Keeping a run in a database while it goes.

use std::path::Path;

use psim_journal::{Journal, JournalError, RunRecord, RunWriter, Seal};
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_view::SummaryFold;

use crate::VERSION;

/// Where a run is kept, and what is kept of it beside its events.
#[derive(Clone, Copy, Debug)]
pub struct KeepOptions<'a> {
    /// The database file; made if there is none.
    pub db: &'a Path,
    /// The id that the run shall have, if not one of its own.
    pub simulation_id: Option<&'a str>,
    /// Where the scenario comes from.
    pub source: &'a str,
    /// The scenario as it was read.
    pub text: &'a str,
    /// What was changed on the way from the text to the scenario.
    pub overrides: &'a [String],
}

/// A run on its way into a database.
#[derive(Debug)]
pub struct Keeper {
    writer: RunWriter,
}

impl Keeper {
    /// Claims a place for a run of so many ticks.
    pub fn begin(
        options: KeepOptions<'_>,
        scenario: &CheckedScenario,
        ticks: u32,
    ) -> Result<Self, JournalError> {
        let writer = Journal::create_or_open(options.db)?.begin(&RunRecord {
            simulation_id: options.simulation_id,
            source: options.source,
            scenario_text: options.text,
            scenario,
            overrides: options.overrides,
            version: VERSION,
            ticks_asked: ticks,
        })?;
        Ok(Self { writer })
    }

    /// Hands a tick over; `batch` is left with other memory and no meaning.
    pub fn write(&mut self, batch: &mut EventBatch) -> Result<(), JournalError> {
        self.writer.write(batch)
    }

    /// Waits until all is written and closes the run, of which `summary` has seen every tick;
    /// returns its id.
    pub fn finish(self, summary: &SummaryFold) -> Result<String, JournalError> {
        let id = self.writer.simulation_id().to_owned();
        let days = summary.days();
        self.writer.finish(Seal {
            day_hashes: days.iter().map(ToString::to_string).collect(),
            stream_hash: summary.finish().run.stream_hash,
        })?;
        Ok(id)
    }
}
