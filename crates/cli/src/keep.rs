//! Keeping a run, if that was asked for.

use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_runner::{KeepOptions, Keeper};
use psim_view::SummaryFold;

use crate::arguments::RunArguments;
use crate::failure::Failure;
use crate::output;

/// A run on its way into a database, or none.
pub(crate) struct Keeping {
    keeper: Option<Keeper>,
    name: String,
}

impl Keeping {
    /// Claims a place for the run, if it is to be kept.
    pub(crate) fn new(
        arguments: &RunArguments,
        scenario: &CheckedScenario,
        text: &str,
        ticks: u32,
    ) -> Result<Self, Failure> {
        let Some(db) = &arguments.persist else {
            return Ok(Self { keeper: None, name: String::new() });
        };
        let path = arguments.scenario.path();
        let mut overrides = arguments.scenario.set.clone();
        overrides.extend(arguments.scenario.seed.map(|seed| format!("rng_seed={seed}")));
        let policies = arguments.scenario.policy.iter();
        overrides.extend(policies.map(|policy| format!("--policy {policy}")));
        let options = KeepOptions {
            db,
            simulation_id: arguments.simulation_id.as_deref(),
            source: &path.to_string_lossy(),
            text,
            overrides: &overrides,
        };
        let keeper = Keeper::begin(options, scenario, ticks)?;
        Ok(Self { keeper: Some(keeper), name: db.display().to_string() })
    }

    /// Returns whether the run is kept.
    pub(crate) fn keeps(&self) -> bool {
        self.keeper.is_some()
    }

    /// Hands a tick over; `batch` is left with other memory and no meaning.
    pub(crate) fn write(&mut self, batch: &mut EventBatch) -> Result<(), Failure> {
        match &mut self.keeper {
            Some(keeper) => Ok(keeper.write(batch)?),
            None => Ok(()),
        }
    }

    /// Waits until all is written and closes the run.
    pub(crate) fn finish(self, summary: &SummaryFold, quiet: bool) -> Result<(), Failure> {
        let Some(keeper) = self.keeper else { return Ok(()) };
        let id = keeper.finish(summary)?;
        if !quiet {
            output::line(&format!("kept as `{id}` in `{}`", self.name));
        }
        Ok(())
    }
}
