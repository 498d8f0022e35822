//! Keeping a run in a database while it goes.

use std::path::Path;

use psim_engine::Engine;
use psim_journal::{
    Ancestor, CheckpointRecord, Journal, JournalError, RunRecord, RunWriter, Seal, StoredRun,
};
use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Tick};
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

/// What a branch was branched off.
#[derive(Clone, Copy, Debug)]
pub struct BranchOrigin<'a> {
    /// The database of the parent.
    pub journal: &'a Journal,
    /// The parent.
    pub parent: &'a StoredRun,
    /// The first tick that is no longer the parent's.
    pub at: Tick,
    /// What is changed there, as it was asked for.
    pub changes: &'a [String],
}

impl BranchOrigin<'_> {
    /// Returns the branch's ancestors, oldest first, its parent last.
    fn ancestors(&self) -> Result<Vec<Ancestor>, JournalError> {
        let mut ancestors = self.journal.ancestry(self.parent)?;
        ancestors.push(Ancestor {
            simulation_id: self.parent.simulation_id.clone(),
            tick: self.at,
            changes: self.changes.to_vec(),
            scenario: self.journal.scenario(self.parent)?,
        });
        Ok(ancestors)
    }
}

/// A run on its way into a database.
#[derive(Debug)]
pub struct Keeper {
    writer: RunWriter,
}

impl Keeper {
    /// Claims a place for a run of so many ticks.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the database cannot be opened or written, or has a run of this id.
    pub fn begin(
        options: KeepOptions<'_>,
        scenario: &CheckedScenario,
        ticks: u32,
    ) -> Result<Self, JournalError> {
        let journal = Journal::create_or_open(options.db)?;
        Ok(Self { writer: journal.begin(&record(&options, scenario, ticks))? })
    }

    /// Claims a place for a branch, all of whose ticks will be handed over, its parent's first.
    ///
    /// # Errors
    ///
    /// [`JournalError`], as for [`Keeper::begin`]; or the ancestors cannot be read.
    pub fn begin_branch(
        options: KeepOptions<'_>,
        scenario: &CheckedScenario,
        ticks: u32,
        origin: BranchOrigin<'_>,
    ) -> Result<Self, JournalError> {
        let ancestors = origin.ancestors()?;
        let journal = Journal::create_or_open(options.db)?;
        Ok(Self { writer: journal.begin_branch(&record(&options, scenario, ticks), &ancestors)? })
    }

    /// Goes on with a run that was cut off; the next tick that is handed over is the first that is
    /// not in the database.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the database cannot be opened or written, or the run is damaged or being
    /// written.
    pub fn resume(db: &Path, run: &StoredRun) -> Result<Self, JournalError> {
        Ok(Self { writer: Journal::open_to_change(db)?.resume(run)? })
    }

    /// Keeps a checkpoint of the run as it stands after the last tick that was handed over, given
    /// the hash of the stream so far.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: it cannot be written.
    pub fn checkpoint(&mut self, engine: &Engine, stream_hash: String) -> Result<(), JournalError> {
        let checkpoint = engine.checkpoint();
        self.writer.checkpoint(CheckpointRecord {
            tick: checkpoint.tick(),
            events: checkpoint.events(),
            stream_hash,
            state: checkpoint.to_bytes(),
        })
    }

    /// Hands a tick over; `batch` is left with other memory and no meaning.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: what was handed over, now or before, cannot be written.
    pub fn write(&mut self, batch: &mut EventBatch) -> Result<(), JournalError> {
        self.writer.write(batch)
    }

    /// Waits until all is written and closes the run, of which `summary` has seen every tick;
    /// returns its id.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: the last ticks cannot be written.
    pub fn finish(self, summary: &SummaryFold) -> Result<String, JournalError> {
        let id = self.writer.simulation_id().to_owned();
        let days = summary.days();
        self.writer.finish(Seal {
            day_hashes: days.iter().map(ToString::to_string).collect(),
            stream_hash: summary.stream_hash(),
        })?;
        Ok(id)
    }
}

fn record<'a>(
    options: &KeepOptions<'a>,
    scenario: &'a CheckedScenario,
    ticks: u32,
) -> RunRecord<'a> {
    RunRecord {
        simulation_id: options.simulation_id,
        source: options.source,
        scenario_text: options.text,
        scenario,
        overrides: options.overrides,
        version: VERSION,
        ticks_asked: ticks,
    }
}
