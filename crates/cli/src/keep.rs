//! Keeping a run in a database while it goes.

use psim_journal::{Journal, RunRecord, RunWriter, Seal};
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_view::SummaryFold;

use crate::arguments::RunArguments;
use crate::failure::Failure;
use crate::output;

/// A run on its way into a database, or none.
pub(crate) struct Keeper {
    writer: Option<RunWriter>,
    name: String,
}

impl Keeper {
    /// Claims a place for the run, if it is to be kept.
    pub(crate) fn new(
        arguments: &RunArguments,
        scenario: &CheckedScenario,
        text: &str,
        ticks: u32,
    ) -> Result<Self, Failure> {
        let Some(db) = &arguments.persist else {
            return Ok(Self { writer: None, name: String::new() });
        };
        let path = arguments.scenario.path();
        let mut overrides = arguments.scenario.set.clone();
        overrides.extend(arguments.scenario.seed.map(|seed| format!("rng_seed={seed}")));
        let writer = Journal::create_or_open(db)?.begin(&RunRecord {
            simulation_id: arguments.simulation_id.as_deref(),
            source: &path.to_string_lossy(),
            scenario_text: text,
            scenario,
            overrides: &overrides,
            version: psim_runner::VERSION,
            ticks_asked: ticks,
        })?;
        Ok(Self { writer: Some(writer), name: db.display().to_string() })
    }

    /// Returns whether the run is kept.
    pub(crate) fn keeps(&self) -> bool {
        self.writer.is_some()
    }

    /// Hands a tick over; `batch` is left with other memory and no meaning.
    pub(crate) fn write(&mut self, batch: &mut EventBatch) -> Result<(), Failure> {
        match &mut self.writer {
            Some(writer) => Ok(writer.write(batch)?),
            None => Ok(()),
        }
    }

    /// Waits until all is written and closes the run.
    pub(crate) fn finish(self, summary: &SummaryFold, quiet: bool) -> Result<(), Failure> {
        let Some(writer) = self.writer else { return Ok(()) };
        let id = writer.simulation_id().to_owned();
        let days = summary.days();
        writer.finish(Seal {
            day_hashes: days.iter().map(ToString::to_string).collect(),
            stream_hash: summary.finish().run.stream_hash,
        })?;
        if !quiet {
            output::line(&format!("kept as `{id}` in `{}`", self.name));
        }
        Ok(())
    }
}
